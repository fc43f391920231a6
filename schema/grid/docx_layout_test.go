package grid_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/layout"
)

// seeds are workbooks with forms as they were filed.
var seeds = []string{"1-kouan", "2-12312", "3-xiaofei", "4-bolanhui", "5-yiqing", "forms"}

// TestFormsFromOtherFormats holds the readers of documents and pages to that of
// workbooks: the same form, with the same merged cells, has to give the same
// canonical document from each.
func TestFormsFromOtherFormats(t *testing.T) {
	for _, name := range seeds {
		data, err := os.ReadFile(filepath.Join("../../fixtures/seeds", name+".xlsx"))
		if err != nil {
			t.Fatal(err)
		}
		book := grid.ReadXLSX(t.Context(), "f", data, grid.Limits{})
		want := recognised(t, book)
		if !strings.Contains(want, `"indicators"`) {
			t.Fatalf("%s: no form read:\n%s", name, want)
		}
		var word, page strings.Builder
		for _, table := range book.Tables {
			for len(table.Rows) > 0 && len(table.Rows[0].Cells) == 1 {
				// Titles stand above the table in documents and pages.
				text := table.Rows[0].Cells[0].Text
				word.WriteString(grid.WordParagraphs(text))
				page.WriteString("<h2>" + text + "</h2>\n")
				table.Rows = table.Rows[1:]
			}
			word.WriteString(grid.WordTable(table) + "<w:p/>")
			page.WriteString(grid.WebTable(table))
		}
		docx := grid.ReadDOCX(t.Context(), "f", grid.WordDocument(t, word.String()), grid.Limits{})
		if got := recognised(t, docx); got != want {
			t.Errorf("%s.docx: %s", name, firstDifference(got, want))
		}
		for kind, source := range map[string]string{
			"plain":  page.String(),
			"framed": "<table width=960><tr><td>首页 &gt; 公开<td>2023-01-01<tr><td colspan=2>" + page.String() + "</table>",
			"untidy": reEndTags.ReplaceAllString(page.String(), ""),
		} {
			d := grid.ReadHTML(t.Context(), "f", []byte("<!DOCTYPE html><meta charset=utf-8><title>公开</title>"+source), grid.Limits{})
			if got := recognised(t, d); got != want {
				t.Errorf("%s.html, %s: %s", name, kind, firstDifference(got, want))
			}
		}
	}
}

// reEndTags are the end tags that a page need not have.
var reEndTags = regexp.MustCompile(`</t[dr]>`)

// recognised gives the canonical documents of the forms found, and the problems.
func recognised(t *testing.T, d *grid.Document) string {
	t.Helper()
	if len(d.Problems) > 0 {
		t.Errorf("%s: %+v", d.Format, d.Problems)
	}
	forms := layout.Recognise(d)
	out := schema.Encode(forms.Forms)
	for _, p := range forms.Problems {
		out = append(out, p.Message.EN+"\n"...)
	}
	return string(out)
}

// firstDifference shows the first line in which two texts differ.
func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			return "line " + strings.Join(g[max(0, i-2):min(i+3, len(g))], "\n") + "\nwant\n" + strings.Join(w[max(0, min(i-2, len(w)-1)):min(i+3, len(w))], "\n")
		}
	}
	return "shorter than it should be"
}
