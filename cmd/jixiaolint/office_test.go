package main

import (
	"archive/zip"
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jixiaolint/schema"
	"jixiaolint/schema/intake"
)

// check runs the command on a file with --convert auto.
func checkConverted(t *testing.T, path string) (status int, out string) {
	t.Helper()
	var buf, errs bytes.Buffer
	c := &Command{In: bytes.NewReader(nil), Out: &buf, Err: &errs, Env: func(string) string { return "" }}
	status = c.Main(t.Context(), []string{"--convert", "auto", "--lang", "en", "--level", "note", path})
	if errs.Len() > 0 {
		t.Fatal(errs.String())
	}
	return status, buf.String()
}

// oldWorkbook writes what begins like an .xls file.
func oldWorkbook(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "表.xls")
	if err := os.WriteFile(path, append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), make([]byte, 600)...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// fakeOffice puts a soffice on the path that runs a shell script; $out is the folder
// for the result.
func fakeOffice(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	text := "#!/bin/sh\nwhile [ $# -gt 1 ]; do [ \"$1\" = --outdir ] && out=$2; shift; done\n" + script + "\n"
	if err := os.WriteFile(filepath.Join(dir, officeProgram), []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// The conversion is called as LibreOffice expects it, its result is checked under the
// submitted name, and the report says that places are those of the converted file.
func TestConvertWithFakeOffice(t *testing.T) {
	fixture, err := filepath.Abs("../../fixtures/seeds/1-kouan.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	fakeOffice(t, `mkdir -p "$out" && cp "`+fixture+`" "$out/form.xlsx"`)
	status, out := checkConverted(t, oldWorkbook(t))
	for _, want := range []string{"converted-file", "表.xls:口岸专项!D8", "fund-sources-sum"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	if status != exitProblems {
		t.Errorf("status %d", status)
	}
}

// Files in an archive are converted too, each under its own name.
func TestConvertInArchive(t *testing.T) {
	fixture, err := filepath.Abs("../../fixtures/seeds/1-kouan.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	fakeOffice(t, `mkdir -p "$out" && cp "`+fixture+`" "$out/form.xlsx"`)
	old, err := os.ReadFile(oldWorkbook(t))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "上报.zip")
	if err := os.WriteFile(path, pack(t, map[string][]byte{"甲/表.xls": old}), 0o600); err != nil {
		t.Fatal(err)
	}
	status, out := checkConverted(t, path)
	for _, want := range []string{"converted-file", "上报.zip!甲/表.xls:口岸专项!D8", "fund-sources-sum"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	if status != exitProblems {
		t.Errorf("status %d", status)
	}
}

// pack makes a zip archive.
func pack(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(files[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// A conversion that fails or writes nothing is a finding in that file, not a failure
// of the run.
func TestConversionFails(t *testing.T) {
	pdf := filepath.Join(t.TempDir(), "表.pdf")
	if err := os.WriteFile(pdf, []byte("%PDF-1.7"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, script, path, want string }{
		{"fails", "echo cannot load >&2; exit 3", oldWorkbook(t), "did not convert the file: exit status 3: cannot load"},
		{"writes nothing", "exit 0", oldWorkbook(t), "LibreOffice Calc or Writer is not installed"},
		{"has no Draw", "echo 'Error: source file could not be loaded' >&2", pdf, "(Debian package libreoffice-draw) is not installed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fakeOffice(t, tt.script)
			status, out := checkConverted(t, tt.path)
			if status != exitProblems || !strings.Contains(out, "unreadable-file") || !strings.Contains(out, tt.want) {
				t.Errorf("status %d:\n%s", status, out)
			}
		})
	}
}

// realOffice gives the path of LibreOffice, and skips the test without it.
func realOffice(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath(officeProgram)
	if err != nil {
		t.Skip("LibreOffice is not installed: the conversion is tested with a fake one and with stored results only")
	}
	if testing.Short() {
		t.Skip("LibreOffice takes seconds to start")
	}
	return program
}

// A form printed to PDF is the form that was printed: the real LibreOffice prints
// workbooks and a page, and what is read back from the PDF is the same canonical
// document, over page breaks too. How text falls on the page depends on the fonts of
// the machine: a form may be refused for it, but not all, and none may read otherwise.
func TestPDFWithRealOffice(t *testing.T) {
	program := realOffice(t)
	if fonts, err := exec.Command("fc-list", ":lang=zh").Output(); err != nil || len(fonts) == 0 {
		t.Skip("the machine has no Chinese fonts to print with")
	}
	read := 0
	page := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(page, []byte(printedPage), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, source := range []string{
		"../../fixtures/seeds/1-kouan.xlsx", "../../fixtures/seeds/5-yiqing.xlsx",
		"../../fixtures/layouts/two-in-one-sheet.xlsx", page,
	} {
		data, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		want := schema.Encode(intake.Read(t.Context(), source, data, intake.Options{}).Forms)
		printed, err := convertOffice(t.Context(), program, source, data, "pdf")
		if err != nil {
			t.Fatal(err)
		}
		format, ok := intake.ConvertTo("a.pdf", printed, intake.Options{})
		if !ok {
			t.Fatalf("%s: the PDF is not converted", source)
		}
		converted, err := convertOffice(t.Context(), program, "a.pdf", printed, format)
		if err != nil {
			t.Fatal(err)
		}
		doc := intake.Read(t.Context(), "a.pdf", converted, intake.Options{})
		if len(doc.Forms) == 0 && len(doc.Problems) == 1 {
			t.Logf("%s is refused: %s", source, doc.Problems[0].Message.EN)
			continue
		}
		read++
		if got := schema.Encode(doc.Forms); !bytes.Equal(got, want) || len(doc.Problems) > 0 {
			t.Errorf("%s reads otherwise from PDF, with problems %v:\n%s", source, doc.Problems, got)
		}
	}
	if read < 3 {
		t.Errorf("only %d forms were read from PDF", read)
	}
}

// printedPage is a small form as a web page with ruled cells.
const printedPage = `<!DOCTYPE html><meta charset=utf-8><style>td { font-size: 8pt }</style>
<table border=1 width=100%><tr><td colspan=6>项目支出绩效自评表</td></tr><tr><td colspan=6>（2022年度）</td></tr><tr><td width=16%>项目名称</td><td colspan=5>口岸专项</td></tr>
<tr><td>主管部门</td><td colspan=2>兴安盟商务口岸局</td><td>实施单位</td><td colspan=2>兴安盟商务口岸局</td></tr>
<tr><td width=16%>项目资金（万元）</td><td width=16%>全年预算数</td><td width=16%>全年执行数</td><td width=16%>分值</td><td width=16%>执行率</td><td width=16%>得分</td></tr>
<tr><td>年度资金总额</td><td>16</td><td>14.77</td><td>10</td><td>92.31%</td><td>9.23</td></tr>
<tr><td>一级指标</td><td>三级指标</td><td>年度指标值</td><td>实际完成值</td><td>分值</td><td>得分</td></tr>
<tr><td rowspan=2>产出指标</td><td>购置办公用品</td><td>≥2批</td><td>8批</td><td>45</td><td>45</td></tr>
<tr><td>口岸工作人员培训</td><td>≥40人次</td><td>46人次</td><td>45</td><td>45</td></tr>
<tr><td colspan=4>总分</td><td>100</td><td>99.23</td></tr></table>`

// The real LibreOffice turns a workbook into the old formats and back, and the forms
// in them are understood as before.
func TestConvertWithRealOffice(t *testing.T) {
	program := realOffice(t)
	data, err := os.ReadFile("../../fixtures/seeds/1-kouan.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"xls", "ods"} {
		old, err := convertOffice(t.Context(), program, "a.xlsx", data, format)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "表."+format)
		if err := os.WriteFile(path, old, 0o600); err != nil {
			t.Fatal(err)
		}
		status, out := checkConverted(t, path)
		if status != exitProblems || !strings.Contains(out, "converted-file") || !strings.Contains(out, "fund-sources-sum") || !strings.Contains(out, "1 form") {
			t.Errorf("%s: status %d:\n%s", format, status, out)
		}
	}
}
