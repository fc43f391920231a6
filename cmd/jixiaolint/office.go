package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/intake"
	"jixiaolint/schema/lang"
)

// officeProgram is LibreOffice, which reads the formats that jixiaolint does not.
const officeProgram = "soffice"

// officeTimeout bounds one conversion; a form takes a second or two.
const officeTimeout = 90 * time.Second

// The help of the flag --convert.
const (
	convertFlagZH = "何时用 LibreOffice 转换 .xls、.doc、.pdf 等 `WHEN`：auto、never（默认）"
	convertFlagEN = "`WHEN` LibreOffice converts .xls, .doc, .pdf …: auto, never (default)"
)

// documents gives the reader of files: with auto one that converts first what needs it.
// Without LibreOffice the file's own finding says what to do.
func (inv *invocation) documents(convert string) reader {
	program, err := exec.LookPath(officeProgram)
	if err != nil || convert != "auto" {
		return intake.Documents
	}
	return func(ctx context.Context, name string, data []byte, opts intake.Options) iter.Seq[*schema.Document] {
		opts.Convert = officeConverter(program)
		return intake.Documents(ctx, name, data, opts)
	}
}

// sayUnread names the PDF of folders and archives that were not converted: a finding
// would blame what accompanies forms, silence would lose forms.
func (inv *invocation) sayUnread(names []string) {
	if n := len(names); n > 0 {
		inv.say(lang.F("有 %[1]d 个 PDF 没有读取（装有 LibreOffice 时，加 --convert auto 可以读取）：%[2]s",
			"PDF files that were not read: %[1]d (%[2]s); with LibreOffice on the machine, --convert auto reads them", n, firstOf(names)))
	}
}

// officeConverter converts files with LibreOffice.
func officeConverter(program string) intake.Converter {
	return func(ctx context.Context, name string, data []byte, format string) ([]byte, schema.Problem) {
		converted, err := convertOffice(ctx, program, name, data, format)
		if err != nil {
			return nil, conversionFailed(name, format, err)
		}
		return converted, schema.Problem{
			Rule: schema.RuleConvertedFile, Minor: true,
			At:      schema.Field{At: grid.Location{File: name}},
			Message: convertedMessage(format),
		}
	}
}

// drawing is the format into which PDF is converted.
const drawing = "fodg"

// convertedMessage says how a file was read.
func convertedMessage(format string) lang.Text {
	if format == drawing {
		return lang.T("PDF 由 LibreOffice 转换为绘图后按表格线读取：下面的位置是转换后绘图中的表、行、格，打印时被截掉的文字读不到，请与原文件核对",
			"the PDF was converted to a drawing by LibreOffice and read by its ruling lines: places are tables, rows and cells of that drawing, and text that the printer cut off is missing; compare with the original")
	}
	return lang.F("文件由 LibreOffice 转换为 .%[1]s 后读取，下面的位置是转换后文件中的位置",
		"the file was converted to .%[1]s by LibreOffice: places are those of the converted file", format)
}

// errNothingConverted is what LibreOffice leaves behind when it cannot load a file: it
// says so, ends well and writes nothing.
var errNothingConverted = errors.New("no converted file was written")

func conversionFailed(name, format string, err error) schema.Problem {
	message := lang.F("LibreOffice 没有转换成功：%v", "LibreOffice did not convert the file: %v", err)
	help := lang.T("请用 WPS、Excel 或 Word 打开后另存为 .xlsx 或 .docx 提交",
		"open it with WPS, Excel or Word, save it as .xlsx or .docx and submit that")
	if format == drawing {
		help = lang.T("请提交制作它时所用的原文件（.xlsx 或 .docx）", "submit the file that it was made from (.xlsx or .docx)")
	}
	switch {
	case errors.Is(err, errNothingConverted) && format == drawing:
		message = lang.T("LibreOffice 打不开这份 PDF：文件已损坏或设有密码，或者没有安装 LibreOffice Draw（Debian 软件包 libreoffice-draw）",
			"LibreOffice cannot open the PDF: the file is damaged or has a password, or LibreOffice Draw (Debian package libreoffice-draw) is not installed")
	case errors.Is(err, errNothingConverted):
		message = lang.T("LibreOffice 打不开这个文件：文件已损坏或设有密码，或者缺少 LibreOffice Calc 或 Writer",
			"LibreOffice cannot open the file: it is damaged or has a password, or LibreOffice Calc or Writer is not installed")
	case errors.Is(err, context.DeadlineExceeded):
		message = lang.F("LibreOffice 没有转换成功：%d 秒后仍无结果", "LibreOffice did not convert the file: no result after %d seconds", int(officeTimeout.Seconds()))
	}
	return schema.Problem{
		Rule: schema.RuleUnreadableFile, At: schema.Field{At: grid.Location{File: name}},
		Message: message, Help: help,
	}
}

// convertOffice converts one file in a private temporary folder, under a profile of
// its own, so that neither the user's settings nor another conversion is touched.
func convertOffice(ctx context.Context, program, name string, data []byte, format string) (converted []byte, err error) {
	dir, err := os.MkdirTemp("", "jixiaolint-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	// The file's own name comes from whoever submitted it: only its ending is kept, and
	// that only if it is one of the known ones.
	in := filepath.Join(dir, "form")
	if i := slices.Index(intake.Convertible(), strings.ToLower(filepath.Ext(name))); i >= 0 {
		in += intake.Convertible()[i]
	}
	if err := os.WriteFile(in, data, 0o600); err != nil { //nolint:gosec // the folder is ours, the ending one of a list
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, officeTimeout)
	defer cancel()
	out := filepath.Join(dir, "out")
	args := []string{"--headless", "--norestore", "--nolockcheck", "--nodefault",
		"-env:UserInstallation=file://" + filepath.ToSlash(filepath.Join(dir, "profile"))}
	if format == drawing {
		args = append(args, "--infilter=draw_pdf_import")
	}
	cmd := exec.CommandContext(ctx, program, append(args, "--convert-to", format, "--outdir", out, in)...) //nolint:gosec // the program is LibreOffice as found on the machine, the arguments are ours
	endTogether(cmd)
	cmd.WaitDelay = time.Second
	if message, err := cmd.CombinedOutput(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%w: %s", err, firstLine(message))
	}
	f, err := os.Open(filepath.Join(out, "form."+format)) //nolint:gosec // the folder is ours, the format one of a list
	if err != nil {
		return nil, errNothingConverted
	}
	defer func() { _ = f.Close() }()
	return readAll(f, 64<<10, grid.DefaultLimits().FileSize)
}

func firstLine(b []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(b)), "\n")
	return line
}
