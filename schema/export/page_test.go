package export_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"jixiaolint/schema/export"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/intake"
)

// Whatever was read of a form, or the cell it was read from, stands in the page, so that every finding
// has a cell to stand beside.
func TestPageShowsEveryField(t *testing.T) {
	var files []string
	for _, pattern := range []string{"seeds/*.xlsx", "seeds/*.json", "published/*.tsv", "layouts/*.xlsx"} {
		found, err := filepath.Glob(filepath.Join("..", "..", "fixtures", pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range intake.Read(context.Background(), file, data, intake.Options{}).Forms {
			shown := map[string]bool{}
			place := func(at grid.Location) string {
				at.Path = ""
				return at.String()
			}
			for _, c := range export.NewPage(f).Cells {
				for _, field := range c.Filed {
					shown[field.At.Path], shown[place(field.At)] = true, true
				}
			}
			for pointer, field := range f.Fields() {
				if field.Present() && field.Filled() && !shown[pointer] && !shown[place(field.At)] {
					t.Errorf("%s: no cell shows %s %q", filepath.Base(file), pointer, field.Text)
				}
			}
		}
	}
}
