package edit_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jixiaolint/schema/edit"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/intake"
)

var ctx = context.Background()

// read reads a file as its format asks for.
func read(t testing.TB, name string, data []byte) *grid.Document {
	t.Helper()
	format, why := intake.FormatOf(name, data, grid.Limits{})
	if !why.IsZero() {
		t.Fatal(why.EN)
	}
	switch format {
	case grid.XLSX:
		return grid.ReadXLSX(ctx, name, data, grid.Limits{})
	case grid.DOCX:
		return grid.ReadDOCX(ctx, name, data, grid.Limits{})
	case grid.HTML:
		return grid.ReadHTML(ctx, name, data, grid.Limits{})
	default:
		return grid.ReadText(ctx, name, data, grid.Limits{})
	}
}

func cells(doc *grid.Document) []*grid.Cell {
	var all []*grid.Cell
	for _, t := range doc.Tables {
		for _, r := range t.Rows {
			all = append(all, r.Cells...)
		}
	}
	return all
}

// newText gives a text that a correction may put in place of another one.
func newText(rng *rand.Rand, old string) string {
	if i := strings.IndexAny(old, "123456789"); i >= 0 && rng.IntN(4) > 0 {
		return old[:i] + string('1'+(old[i]-'1'+byte(1+rng.IntN(8)))%9) + old[i+1:]
	}
	return []string{"92.31%", "9.23", "12", "优秀", "完成率, 达到 \"95%\" | 以上", "≥95%", "(一)办公用品*2_3"}[rng.IntN(7)]
}

// TestRandomEdits holds that an edit of a shipped form changes the cell that it names and
// no other one, and no other part of a package.
func TestRandomEdits(t *testing.T) {
	made := map[string][2]int{}
	for _, pattern := range []string{"seeds/*", "published/*.tsv", "correct/*", "layouts/*", "broken/*", "hostile/*"} {
		files, err := filepath.Glob("../../fixtures/" + pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, file := range files {
			ext := filepath.Ext(file)
			if !slices.Contains([]string{".xlsx", ".docx", ".txt", ".tsv", ".csv", ".md", ".html"}, ext) {
				continue
			}
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			rng := rand.New(rand.NewPCG(1, uint64(len(data))))
			doc := read(t, file, data)
			all := cells(doc)
			for range 12 {
				if len(all) == 0 {
					break
				}
				c := all[rng.IntN(len(all))]
				to := newText(rng, c.Text)
				out, refused, err := edit.Apply(ctx, file, data, []edit.Edit{{At: c.Loc, From: c.Text, To: to}}, edit.Options{})
				if err != nil {
					t.Errorf("%s %s: %v", file, c.Loc, err)
					continue
				}
				n := made[ext]
				if len(refused) > 0 {
					n[1]++
					t.Logf("%s: %q → %q: %s", c.Loc, c.Text, to, refused[0].Why.EN)
					if !bytes.Equal(out, data) {
						t.Errorf("%s: refused, but changed", c.Loc)
					}
				} else {
					n[0]++
				}
				made[ext] = n
			}
		}
	}
	t.Log(made)
}
