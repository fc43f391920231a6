package checks_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jixiaolint/checks"
	"jixiaolint/schema"
	"jixiaolint/schema/intake"
)

// fixture reads and checks one file of fixtures, its forms against each other too.
func fixture(t *testing.T, name string) checks.FileReport {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "fixtures", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	report := checks.Run(t.Context(), intake.Read(t.Context(), name, data, intake.Options{}), checks.Options{})
	batch := checks.NewBatch(checks.Options{})
	batch.Add(report)
	for _, r := range batch.Finish() {
		report.Findings = append(report.Findings, r.Findings...)
	}
	return report
}

// TestBrokenFixtures: each broken form has one thing wrong in it, and the rule that it
// is named after finds it at the cell where it was made. Only notes, and the rules
// that speak of what comes with the defect, may say more.
func TestBrokenFixtures(t *testing.T) {
	index, err := os.ReadFile(filepath.Join("..", "fixtures", "broken", ".index.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSuffix(string(index), "\n"), "\n") {
		columns := strings.Split(line, "\t")
		if i == 0 {
			continue
		}
		file, rule, field, also := columns[0], columns[1], columns[2], strings.Split(columns[3], ",")
		t.Run(file, func(t *testing.T) {
			found := false
			for _, f := range fixture(t, "broken/"+file).Findings {
				switch {
				case f.Rule.Name == rule:
					found = found || f.At.At.Path == field
				case f.Severity > checks.Note && !slices.Contains(also, f.Rule.Name):
					t.Errorf("also %s %s at %s: %s", f.Severity, f.Rule.Name, f.At.At.Path, f.Message.ZH)
				}
			}
			if !found {
				t.Errorf("%s is not reported at %q", rule, field)
			}
		})
	}
}

// TestEveryRuleHasFixtures: each rule of the catalogue finds something in some
// fixture, and nothing in the correct forms.
func TestEveryRuleHasFixtures(t *testing.T) {
	fails, root := map[string]bool{}, filepath.Join("..", "fixtures")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil || strings.HasPrefix(d.Name(), ".") || !slices.Contains(intake.Extensions(), filepath.Ext(name)) {
			return err
		}
		for _, f := range fixture(t, filepath.ToSlash(name)).Findings {
			fails[f.Rule.Name] = true
			if strings.HasPrefix(name, "correct") && f.Severity > checks.Off {
				t.Errorf("%s is reported in the correct form %s: %s", f.Rule.Name, name, f.Message.ZH)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// Files are converted by the command alone, which has a test of its own for it.
	fails[schema.RuleConvertedFile] = true
	for _, r := range checks.All() {
		if !fails[r.Name] {
			t.Errorf("no fixture fails %s", r.Name)
		}
	}
}
