package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jixiaolint/checks/formtest"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
)

// runJSON runs the command and gives the findings of its JSON report, without what a
// copy changes: the file's name.
func runJSON(t *testing.T, args ...string) []string {
	t.Helper()
	var out, errs bytes.Buffer
	c := &Command{In: bytes.NewReader(nil), Out: &out, Err: &errs, Env: func(string) string { return "" }}
	if status := c.Main(t.Context(), append([]string{"-f", "json", "--level", "note"}, args...)); status > exitProblems || errs.Len() > 0 {
		t.Fatalf("status %d: %s", status, errs.String())
	}
	var report struct{ Findings []map[string]any }
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		t.Fatal(err)
	}
	var findings []string
	for _, f := range report.Findings {
		forget(f)
		b, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		findings = append(findings, string(b))
	}
	return findings
}

// forget removes the names of files from a part of a report.
func forget(v any) {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "file")
		for _, k := range slices.Sorted(maps.Keys(v)) {
			forget(v[k])
		}
	case []any:
		for _, e := range v {
			forget(e)
		}
	}
}

// fixtureFiles gives the shipped files with one of the endings.
func fixtureFiles(t *testing.T, endings ...string) []string {
	t.Helper()
	var files []string
	for _, ending := range endings {
		found, err := filepath.Glob("../../fixtures/*/*" + ending)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, slices.DeleteFunc(found, func(f string) bool { return strings.HasPrefix(filepath.Base(f), ".") })...)
	}
	if len(files) == 0 {
		t.Fatal("no fixtures")
	}
	return files
}

// An annotated workbook is still the submitted form: it is read as before and has the
// same findings in the same cells. So a reviewer may send it back and have it mended.
func TestAnnotatedWorkbookLintsTheSame(t *testing.T) {
	for _, file := range fixtureFiles(t, ".xlsx") {
		dir := t.TempDir()
		before := runJSON(t, "-f", "annotated="+dir, file)
		if strings.Contains(file, "unreadable-file") || strings.Contains(file, "hostile") {
			// There may be nothing that can be written into; a copy there is all the same.
			if _, err := os.Stat(filepath.Join(dir, filepath.Base(file))); err != nil {
				t.Error(err)
			}
			continue
		}
		if after := runJSON(t, filepath.Join(dir, filepath.Base(file))); !slices.Equal(before, after) {
			t.Errorf("%s: the copy has other findings:\n%s\nwant\n%s", file, strings.Join(after, "\n"), strings.Join(before, "\n"))
		}
	}
}

// So is an annotated Word document, however its tables are built.
func TestAnnotatedDocumentLintsTheSame(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	documents := 0
	for _, layout := range formtest.Layouts() {
		if filepath.Ext(layout.File) != ".docx" {
			continue
		}
		for range 4 {
			form := formtest.Draft(rng)
			for range 6 {
				all := formtest.Defects()
				all[rng.IntN(len(all))].Inject(rng, form)
			}
			data, err := layout.Write(rng, []*schema.Form{form, formtest.Draft(rng)})
			if err != nil {
				t.Fatal(err)
			}
			dir, file := t.TempDir(), filepath.Join(t.TempDir(), layout.File)
			if err := os.WriteFile(file, data, 0o600); err != nil {
				t.Fatal(err)
			}
			documents++
			before := runJSON(t, "-f", "annotated="+dir, file)
			if after := runJSON(t, filepath.Join(dir, layout.File)); len(before) == 0 || !slices.Equal(before, after) {
				t.Errorf("%s: the copy has other findings:\n%s\nwant\n%s", layout.Name, strings.Join(after, "\n"), strings.Join(before, "\n"))
			}
		}
	}
	if documents == 0 {
		t.Error("no layout is a Word document")
	}
}

// A form that is no workbook is laid out as one, and what is wrong with it is marked
// there: every finding about a form leads to a cell.
func TestLaidOutFormsAreMarked(t *testing.T) {
	for _, file := range fixtureFiles(t, ".txt", ".tsv", ".json") {
		dir := t.TempDir()
		var out, errs bytes.Buffer
		c := &Command{In: bytes.NewReader(nil), Out: &out, Err: &errs, Env: func(string) string { return "" }}
		c.Main(t.Context(), []string{"--level", "note", "-q", "-f", "annotated=" + dir, file})
		data, err := os.ReadFile(filepath.Join(dir, filepath.Base(file)+".xlsx"))
		if err != nil {
			t.Fatal(err, errs.String())
		}
		doc := grid.ReadXLSX(t.Context(), "a.xlsx", data, grid.Limits{})
		if len(doc.Problems) > 0 || doc.Tables[0].Name != "审核意见" {
			t.Errorf("%s: %v", file, doc.Problems)
		}
		if len(doc.Tables) == 1 {
			continue // no form could be read
		}
		for _, row := range doc.Tables[0].Rows[4:] {
			// A row that was not understood is nowhere in the form.
			if place := row.Cell(3); place != nil && strings.Contains(place.Text, ":") && !strings.Contains(row.Cell(4).Text, "unreadable-") {
				t.Errorf("%s: %s shows nowhere", file, place.Text)
			}
		}
	}
}

// The real LibreOffice opens annotated copies and the summary, and writes them again.
func TestOfficeOpensBooks(t *testing.T) {
	program, err := exec.LookPath(officeProgram)
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	dir := t.TempDir()
	var out, errs bytes.Buffer
	c := &Command{In: bytes.NewReader(nil), Out: &out, Err: &errs, Env: func(string) string { return "" }}
	args := []string{"--level", "note", "-q", "-f", "annotated=" + dir, "-f", "summary=" + filepath.Join(dir, "s.xlsx"), "../../fixtures/seeds/5-yiqing.xlsx"}
	if status := c.Main(t.Context(), args); status != exitProblems {
		t.Fatal(errs.String())
	}
	for name, want := range map[string][]string{
		"5-yiqing.xlsx": {"审核意见", "阿尔山口岸疫情防控专项经费"}, "s.xlsx": {"汇总", "各表", "问题清单"},
	} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		again, err := convertOffice(t.Context(), program, name, data, "xlsx")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		doc := grid.ReadXLSX(t.Context(), name, again, grid.Limits{})
		var sheets []string
		for _, s := range doc.Tables {
			sheets = append(sheets, s.Name)
		}
		if !slices.Equal(sheets, want) || len(doc.Problems) > 0 {
			t.Errorf("%s comes back with sheets %v, problems %v", name, sheets, doc.Problems)
		}
	}
}
