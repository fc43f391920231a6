package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
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

// A conversion that fails or writes nothing is a finding in that file, not a failure
// of the run.
func TestConversionFails(t *testing.T) {
	for name, script := range map[string]string{"fails": "echo cannot load >&2; exit 3", "writes nothing": "exit 0"} {
		t.Run(name, func(t *testing.T) {
			fakeOffice(t, script)
			status, out := checkConverted(t, oldWorkbook(t))
			if status != exitProblems || !strings.Contains(out, "unreadable-file") || !strings.Contains(out, "did not convert") {
				t.Errorf("status %d:\n%s", status, out)
			}
		})
	}
}

// The real LibreOffice turns a workbook into the old formats and back, and the forms
// in them are understood as before.
func TestConvertWithRealOffice(t *testing.T) {
	program, err := exec.LookPath(officeProgram)
	if err != nil {
		t.Skip("LibreOffice is not installed: the conversion is tested with a fake one only")
	}
	if testing.Short() {
		t.Skip("LibreOffice takes seconds to start")
	}
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
