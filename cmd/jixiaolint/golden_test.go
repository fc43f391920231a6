package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Golden reports over all fixtures: what a user sees for each form, notes included,
// and for the published forms of many regions what was understood of them.
// A change of rule, reader or wording shows as a difference that a human reads;
// go test ./cmd/jixiaolint -update rewrites them.
func TestGoldenReports(t *testing.T) {
	root := filepath.Join("..", "..", "fixtures")
	for _, folder := range []string{"seeds", "published", "correct", "broken", "layouts", "hostile"} {
		entries, err := os.ReadDir(filepath.Join(root, folder))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), ".") {
				continue
			}
			name := folder + "/" + e.Name()
			switch filepath.Ext(name) {
			case ".txt", ".tsv", ".xlsx", ".json", ".ndjson", ".docx", ".html", ".zip":
			default:
				continue
			}
			t.Run(name, func(t *testing.T) {
				t.Chdir(root)
				compareGolden(t, name+".golden", "check", "--level", "note", "--fail-on", "never", name)
				if folder == "published" {
					compareGolden(t, name+".canonical.golden", "convert", name)
				}
			})
		}
	}
}

// The score cards of a form, in both languages.
func TestGoldenScoreCards(t *testing.T) {
	t.Chdir(filepath.Join("..", "..", "fixtures"))
	for _, l := range []string{"zh", "en"} {
		for _, name := range []string{"seeds/1-kouan.xlsx", "seeds/5-yiqing.xlsx"} {
			compareGolden(t, name+".stats."+l+".golden", "check", "--stats", "--level", "error", "--lang", l, name)
		}
	}
}

// compareGolden runs the program and compares what it prints with a file.
func compareGolden(t *testing.T, golden string, args ...string) {
	t.Helper()
	var out, errs bytes.Buffer
	c := &Command{In: bytes.NewReader(nil), Out: &out, Err: &errs, Env: func(string) string { return "" }}
	c.Main(t.Context(), args)
	if errs.Len() > 0 {
		t.Fatalf("standard error: %s", errs.String())
	}
	if *update {
		if err := os.WriteFile(golden, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out.Bytes(), want) {
		t.Errorf("the report differs from %s (go test ./cmd/jixiaolint -update rewrites it):\n%s", golden, out.String())
	}
}
