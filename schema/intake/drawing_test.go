package intake

import (
	"os"
	"testing"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
)

// TestStoredDrawings protects the reading of PDF on machines without LibreOffice: forms
// printed to PDF and converted by LibreOffice 7.4 read as what was printed. The
// drawings are cut down to what the reader looks at.
func TestStoredDrawings(t *testing.T) {
	for _, tt := range []struct{ drawing, source string }{
		{"5-yiqing.fodg", "../../fixtures/seeds/5-yiqing.xlsx"},
		{"two-in-one-sheet.fodg", "../../fixtures/layouts/two-in-one-sheet.xlsx"}, // cells over a page break
		{"word-two-pages.fodg", "testdata/word-two-pages.json"},                   // landscape, printed by Writer
	} {
		read := func(name string) *schema.Document {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			return Read(t.Context(), name, data, Options{})
		}
		got, want := read("testdata/"+tt.drawing), read(tt.source)
		if got.Format != grid.Drawing || len(got.Problems) > 0 {
			t.Errorf("%s: format %q, problems %+v", tt.drawing, got.Format, got.Problems)
		}
		if a, b := string(schema.Encode(got.Forms)), string(schema.Encode(want.Forms)); a != b {
			t.Errorf("%s: other forms: %s", tt.drawing, firstDifference(a, b))
		}
	}
}
