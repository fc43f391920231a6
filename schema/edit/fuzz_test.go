package edit_test

import (
	"bytes"
	"testing"

	"jixiaolint/schema/edit"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/intake"
)

// FuzzApply holds that no file makes an edit panic or fail, that a refused edit leaves the
// file alone, and that one that is made can be read back.
func FuzzApply(f *testing.F) {
	names := []string{"a.xlsx", "a.docx", "a.html", "a.txt", "a.csv", "a.md", "a.json", "a.ndjson"}
	rows := `<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" s="1"><v>0.9321</v></c><c r="C1"><f>B1*10</f><v>9.3</v></c></row>`
	for i, data := range [][]byte{
		sheetBook(f, rows, `<mergeCells><mergeCell ref="A1:A3"/></mergeCells>`),
		wordDocument(f, splitCell),
		[]byte("<table><tr><td>甲<td><b>93.21%</b></table>"),
		[]byte("甲\t1\t93.21%\n乙\t2\t\"a,b\"\r\n"),
		[]byte("甲,1,\"a,\"\"b\"\n乙,2,3\n"),
		[]byte("| 甲 | 1 | 2 |\n|--|--|--|\n| **乙** | | a\\|b |\n"),
		[]byte(`{"project":"甲","year":2022,"funds":{"header_amount":"16"}}`),
		[]byte("{\"project\":\"甲\"}\n{\"project\":\"乙\"}\n"),
	} {
		for n := range uint8(4) {
			f.Add(uint8(i), data, n, "92.31%")
		}
	}
	limits := grid.Limits{FileSize: 1 << 20, UnzippedSize: 1 << 20, PartSize: 1 << 20, Cells: 2000, Rows: 5000, Columns: 200}
	f.Fuzz(func(t *testing.T, kind uint8, data []byte, which uint8, to string) {
		name := names[int(kind)%len(names)]
		format, why := intake.FormatOf(name, data, limits)
		if !why.IsZero() {
			return
		}
		e := edit.Edit{At: grid.Location{Line: 1, Column: int(which)}, To: to}
		if format != grid.JSON && format != grid.Drawing {
			all := cells(readAs(format, name, data, limits))
			if len(all) == 0 {
				return
			}
			c := all[int(which)%len(all)]
			e.At, e.From = c.Loc, c.Text
		}
		opts := edit.Options{Limits: limits, Formulas: which%2 == 0}
		out, refused, err := edit.Apply(ctx, name, data, []edit.Edit{e}, opts)
		if err != nil {
			t.Fatal(err)
		}
		if len(refused) > 0 || e.From == e.To {
			if !bytes.Equal(out, data) {
				t.Fatal("refused, but changed")
			}
			return
		}
		if format == grid.JSON {
			return
		}
		for _, c := range cells(readAs(format, name, out, limits)) {
			same := c.Loc == e.At
			if format == grid.XLSX {
				same = c.Loc.Sheet == e.At.Sheet && c.Loc.Cell == e.At.Cell
			}
			if same && c.Text != e.To {
				t.Fatalf("%s shows %q, want %q", e.At, c.Text, e.To)
			}
		}
	})
}

// readAs reads a file of a known format.
func readAs(format grid.Format, name string, data []byte, limits grid.Limits) *grid.Document {
	switch format {
	case grid.XLSX:
		return grid.ReadXLSX(ctx, name, data, limits)
	case grid.DOCX:
		return grid.ReadDOCX(ctx, name, data, limits)
	case grid.HTML:
		return grid.ReadHTML(ctx, name, data, limits)
	default:
		return grid.ReadText(ctx, name, data, limits)
	}
}

// FuzzOfficeXML does so for the XML of workbooks and documents, without a package around
// it that hardly any change would leave whole.
func FuzzOfficeXML(f *testing.F) {
	f.Add(false, `<row r="1"><c r="A1"><f t="shared" ref="A1:B1" si="0">A2*2</f><v>2</v></c><c r="B1"><f t="shared" si="0"/><v>4</v></c></row>`, uint8(0), "3")
	f.Add(false, `<row r="1"><c r="A1" t="s"><v>1</v></c><c r="C1" s="1"><v>0.9321</v></c></row><row r="3"/>`, uint8(1), "92.31%")
	f.Add(false, `<row r="2"><c r="A2" t="inlineStr"><is><r><rPr><b/></rPr><t>a</t></r><r><t>b</t></r></is></c></row>`, uint8(0), "ac")
	f.Add(false, `<row r="1"><c r="B1"><f t="array" ref="B1:C1">A1*2</f><v>1</v></c><c r="C1"><v>2</v></c></row>`, uint8(1), "1")
	f.Add(true, splitCell, uint8(1), "执行率92.31%")
	f.Add(true, wordTable(`<w:p><w:r><w:t>一</w:t><w:br/><w:tab/><w:t xml:space="preserve"> 二 </w:t></w:r></w:p><w:p/>`), uint8(1), "一\n三")
	f.Add(true, wordTable(`<w:p><w:pPr><w:rPr><w:b/></w:rPr></w:pPr></w:p>`), uint8(1), "9")
	f.Fuzz(func(t *testing.T, word bool, content string, which uint8, to string) {
		name, data, format := "a.xlsx", sheetBook(t, content, ""), grid.XLSX
		if word {
			name, data, format = "a.docx", wordDocument(t, content), grid.DOCX
		}
		all := cells(readAs(format, name, data, grid.Limits{}))
		e := edit.Edit{At: cellAt("B2"), To: to}
		if len(all) > 0 {
			c := all[int(which)%len(all)]
			e.At, e.From = c.Loc, c.Text
		}
		out, refused, err := edit.Apply(ctx, name, data, []edit.Edit{e}, edit.Options{Formulas: which%2 == 0})
		if err != nil {
			t.Fatal(err)
		}
		if len(refused) > 0 && !bytes.Equal(out, data) {
			t.Fatal("refused, but changed")
		}
		if len(refused) == 0 && e.From != e.To && bytes.Equal(out, data) {
			t.Fatal("neither made nor refused")
		}
	})
}
