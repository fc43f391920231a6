package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReportsReplaceReportsOnly: among the forms of a folder, a report takes the place
// of an earlier one and of nothing that was submitted.
func TestReportsReplaceReportsOnly(t *testing.T) {
	dir := t.TempDir()
	form, err := os.ReadFile("../../fixtures/seeds/5-yiqing.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../fixtures/seeds/forms.txt")
	if err != nil {
		t.Fatal(err)
	}
	const broken = "PK\x03\x04 a workbook that was cut off"
	submitted := map[string]string{"form.xlsx": string(form), "form.txt": string(text), "broken.xlsx": broken, "broken.zip": broken}
	for name, data := range submitted {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	check := func(args ...string) (status int, messages string) {
		var errs bytes.Buffer
		c := &Command{In: bytes.NewReader(nil), Out: &bytes.Buffer{}, Err: &errs, Env: func(string) string { return "" }}
		return c.Main(t.Context(), append(args, "--lang=en", "--level=note", "--fail-on=never", "--stats", dir)), errs.String()
	}
	var reports []string
	for _, r := range []string{
		"text=r.txt", "html=r.html", "summary=r.xlsx", "csv=r.csv", "json=r.json", "ndjson=r.ndjson",
		"sarif=sarif.json", "gitlab=gitlab.json", "rdjson=rd.json", "github=github.txt",
	} {
		format, name, _ := strings.Cut(r, "=")
		reports = append(reports, "-f", format+"="+filepath.Join(dir, name))
	}
	reports = append(reports, "--write-baseline", filepath.Join(dir, "baseline.json"))
	sums := map[string]string{}
	for i := range 2 {
		if status, messages := check(reports...); status != exitClean {
			t.Fatalf("run %d: %d, %s", i+1, status, messages)
		}
		for _, name := range []string{"r.html", "r.json", "r.xlsx"} {
			data := content(t, dir, name)
			if before := sums[name]; before != "" && before != data {
				t.Errorf("%s is another in the second run: reports were checked as forms", name)
			}
			sums[name] = data
		}
	}
	for name, data := range submitted {
		for _, args := range [][]string{{"-f", "html=" + filepath.Join(dir, name)}, {"--write-baseline", filepath.Join(dir, name)}} {
			status, messages := check(args...)
			if status != exitFailure || !strings.Contains(messages, name+" is in a folder to be checked and is no earlier report") {
				t.Errorf("%s: %d, %s", args, status, messages)
			}
			if content(t, dir, name) != data {
				t.Errorf("%s: the form was replaced", args)
			}
		}
	}
}
