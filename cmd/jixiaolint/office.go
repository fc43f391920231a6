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

// convertingReader reads what read cannot by converting it with LibreOffice first.
// Files that need no conversion pass through untouched.
func convertingReader(read reader, program string) reader {
	return func(ctx context.Context, name string, data []byte, opts intake.Options) iter.Seq[*schema.Document] {
		format, ok := intake.ConvertTo(name, data, opts)
		if !ok {
			return read(ctx, name, data, opts)
		}
		return func(yield func(*schema.Document) bool) {
			converted, err := convertOffice(ctx, program, name, data, format)
			if err != nil {
				yield(conversionFailed(name, err))
				return
			}
			doc := intake.Read(ctx, name, converted, opts)
			doc.Problems = append(doc.Problems, schema.Problem{
				Rule: schema.RuleConvertedFile, Minor: true,
				At: schema.Field{At: grid.Location{File: name}},
				Message: lang.F("文件由 LibreOffice 转换为 .%[1]s 后读取，下面的位置是转换后文件中的位置",
					"the file was converted to .%[1]s by LibreOffice: places are those of the converted file", format),
			})
			yield(doc)
		}
	}
}

func conversionFailed(name string, err error) *schema.Document {
	return &schema.Document{File: name, Problems: []schema.Problem{{
		Rule: schema.RuleUnreadableFile, At: schema.Field{At: grid.Location{File: name}},
		Message: lang.F("LibreOffice 没有转换成功：%v", "LibreOffice did not convert the file: %v", err),
		Help: lang.T("请用 WPS、Excel 或 Word 打开后另存为 .xlsx 或 .docx 提交",
			"open it with WPS, Excel or Word, save it as .xlsx or .docx and submit that"),
	}}}
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
	cmd := exec.CommandContext(ctx, program, "--headless", "--norestore", "--nolockcheck", "--nodefault", //nolint:gosec // the program is LibreOffice as found on the machine, the arguments are ours
		"-env:UserInstallation=file://"+filepath.ToSlash(filepath.Join(dir, "profile")),
		"--convert-to", format, "--outdir", out, in)
	cmd.WaitDelay = time.Second
	if message, err := cmd.CombinedOutput(); err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("no result after %s: %w", officeTimeout, ctx.Err())
		}
		return nil, fmt.Errorf("%w: %s", err, firstLine(message))
	}
	f, err := os.Open(filepath.Join(out, "form."+format))
	if err != nil {
		return nil, errors.New("no converted file was written")
	}
	defer func() { _ = f.Close() }()
	return readAll(f, 64<<10, grid.DefaultLimits().FileSize)
}

func firstLine(b []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(b)), "\n")
	return line
}
