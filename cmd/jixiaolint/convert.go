package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"jixiaolint/schema"
	"jixiaolint/schema/export"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/intake"
	"jixiaolint/schema/lang"
)

// The formats that convert writes, by name and file ending.
var convertFormats = []string{"json", "xlsx", "tsv"}

// convertCommand turns one file into the canonical document or the official layout.
func (inv *invocation) convertCommand() *cobra.Command {
	var output, stdin string
	format, office := newChoice("", convertFormats...), newChoice("never", "auto", "never")
	cmd := &cobra.Command{
		Use:   "convert" + inv.text(" [选项] 路径", " [flags] PATH"),
		Short: inv.text("把一个文件转换成规范 JSON、官方表样的 .xlsx 或 .tsv", "convert one file to canonical JSON, the official layout as .xlsx, or .tsv"),
		Long: inv.text(`读出一个文件中的自评表，写成规范 JSON（默认）、官方表样的 .xlsx 或制表符分隔的
.tsv。不检查对错：填错的数照原样写出。`, `Read the forms of one file and write them as canonical JSON (default), in the
official layout as .xlsx, or as tab-separated .tsv. Nothing is checked or mended:
wrong figures are written as they were filed.`),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("请给出一个要转换的文件", "name one file to convert")
			}
			name := format.value
			if name == "" {
				name = formatOf(output)
			}
			return inv.convert(cmd.Context(), inv.documents(office.value), args[0], stdin, output, name)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&output, "output", "o", "", inv.text("写入 `FILE`，而不是标准输出；格式按扩展名", "write to `FILE` instead of standard output; its ending gives the format"))
	flags.Var(format, "format", inv.text("输出格式 `FORMAT`：json（默认）、xlsx、tsv", "`FORMAT` to write: json (default), xlsx, tsv"))
	flags.StringVar(&stdin, "stdin-filename", stdinName, inv.text("标准输入的文件名 `NAME`，用于识别格式", "`NAME` of standard input, to tell its format"))
	group(flags, groupOutput, "output", "format")
	flags.Var(office, "convert", inv.text(convertFlagZH, convertFlagEN))
	group(flags, groupInput, "stdin-filename", "convert")
	return cmd
}

// formatOf gives the format that an output file's ending stands for.
func formatOf(output string) string {
	ext := strings.TrimPrefix(strings.ToLower(filepath.Ext(output)), ".")
	switch {
	case ext == "txt":
		return "tsv"
	case slices.Contains(convertFormats, ext):
		return ext
	}
	return convertFormats[0]
}

func (inv *invocation) convert(ctx context.Context, read reader, path, stdin, output, format string) error {
	i := item{name: display(path), path: path, stdin: path == stdinPath}
	if i.stdin {
		i.name = stdin
	}
	if output != "" && !i.stdin && key(output) == key(path) {
		return usage("%s 既是输入又是输出", "%s is both input and output", i.name)
	}
	data, err := i.bytes(inv.In, grid.DefaultLimits().FileSize)
	if err != nil {
		return &failure{what: newFinder(stdin, nil, nil).openFailure(path, err)}
	}
	var forms []*schema.Form
	var unread []string
	for doc := range read(ctx, i.name, data, intake.Options{}) {
		if doc.Unconverted && doc.File != i.name {
			unread = append(unread, doc.File)
			continue
		}
		for _, p := range doc.Problems {
			inv.say(lang.F("%[1]s：%[2]s", "%[1]s: %[2]s", p.At.At, p.Message))
			if !p.Minor {
				inv.status = exitProblems
			}
		}
		forms = append(forms, doc.Forms...)
	}
	inv.sayUnread(unread)
	if len(forms) == 0 {
		inv.status = exitProblems
		return nil
	}
	return inv.writeTo(output, false, func(w io.Writer) error { return writeForms(w, forms, format) })
}

func writeForms(w io.Writer, forms []*schema.Form, format string) error {
	switch format {
	case "xlsx":
		return export.XLSX(w, forms, export.XLSXOptions{})
	case "tsv":
		return export.TSV(w, forms)
	}
	_, err := w.Write(schema.Encode(forms))
	return err
}

// writeTo writes to a file, which appears complete or not at all, or to standard
// output. A new file replaces nothing.
func (inv *invocation) writeTo(output string, isNew bool, write func(io.Writer) error) error {
	if output == "" {
		return write(inv.Out)
	}
	f, err := createAtomic(output, inv.unfinished)
	if err != nil {
		return usage("无法写入 %[1]s：%[2]s", "cannot write %[1]s: %[2]s", display(output), cause(err))
	}
	f.exclusive = isNew
	if err := write(f); err != nil {
		f.discard()
		if long, ok := errors.AsType[*export.LongTextError](err); ok {
			return usage("无法写入 %[1]s：单元格 %[2]s 的文字超过 %[3]d 个字符，工作表放不下", "cannot write %[1]s: the text of cell %[2]s is longer than the %[3]d characters that a worksheet cell holds",
				display(output), long.Cell, long.Most)
		}
		return fmt.Errorf("%s: %w", display(output), err)
	}
	if err := f.commit(); errors.Is(err, fs.ErrExist) { // it came while the file was written
		return usage("无法写入 %[1]s：%[2]s", "cannot write %[1]s: %[2]s", display(output), cause(err))
	} else if err != nil {
		return err
	}
	return nil
}

// cause words an error of the file system without the path, which the message names
// itself. What is not worded here is given as the system words it.
func cause(err error) lang.Text {
	for _, known := range []struct {
		err  error
		text lang.Text
	}{
		{fs.ErrNotExist, lang.T("没有这个文件或文件夹", "no such file or folder")},
		{fs.ErrPermission, lang.T("没有权限", "permission denied")},
		{fs.ErrExist, lang.T("已经存在同名文件", "a file of that name exists already")},
		{syscall.EISDIR, lang.T("它是文件夹", "it is a folder")},
		{syscall.ENOTDIR, lang.T("路径中有一段不是文件夹", "part of the path is not a folder")},
		{syscall.EROFS, lang.T("磁盘是只读的", "the disk is read-only")},
		{syscall.ENOSPC, lang.T("磁盘已满", "the disk is full")},
		{syscall.ENAMETOOLONG, lang.T("文件名太长", "the file name is too long")},
		{syscall.EMFILE, lang.T("打开的文件太多", "too many files are open")},
		{syscall.EIO, lang.T("磁盘读写出错", "the disk has an input or output error")},
		{errDashInList, lang.T("清单来自标准输入，其中不能再有 '-'", "it comes from standard input and cannot name '-' again")},
		{errIrregular, lang.T("不是普通文件", "not a regular file")},
	} {
		if errors.Is(err, known.err) {
			return known.text
		}
	}
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return lang.F("系统报告“%v”", "%v", err)
		}
		err = inner
	}
}
