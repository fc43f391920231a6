package formtest

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/mattn/go-runewidth"
	"golang.org/x/text/encoding/simplifiedchinese"

	"jixiaolint/schema"
	"jixiaolint/schema/export"
	"jixiaolint/schema/grid"
)

// converted are the layouts of the formats that jixiaolint reads but does not write:
// the official workbook or its text, carried over cell by cell.
func converted() []Layout {
	return []Layout{
		{Name: "web page", File: "forms.html", Slow: true, Converted: true, Write: writePage},
		{Name: "side by side", File: "forms.html", Slow: true, Converted: true, Write: writeAbreast},
		{Name: "Word", File: "forms.docx", Slow: true, Converted: true, Write: writeWord},
		{Name: "broken tables", File: "forms.docx", Slow: true, Converted: true, Write: writeBroken},
		{Name: "csv", File: "forms.csv", Converted: true, Write: writeCSV},
		{Name: "aligned", File: "forms.txt", Converted: true, Write: writeAligned(false)},
		{Name: "aligned in a Chinese font", File: "forms.txt", Converted: true, Write: writeAligned(true)},
		{Name: "GB18030", File: "forms.txt", Converted: true, Write: func(_ *rand.Rand, forms []*schema.Form) ([]byte, error) {
			var b bytes.Buffer
			if err := export.TSV(&b, forms); err != nil {
				return nil, err
			}
			return simplifiedchinese.GB18030.NewEncoder().Bytes(b.Bytes())
		}},
	}
}

func writeCSV(_ *rand.Rand, forms []*schema.Form) ([]byte, error) {
	var text, out bytes.Buffer
	if err := export.TSV(&text, forms); err != nil {
		return nil, err
	}
	w := csv.NewWriter(&out)
	for line := range strings.Lines(text.String()) {
		if err := w.Write(strings.Split(strings.TrimRight(line, "\n"), "\t")); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// writeAligned writes a text whose columns are aligned by blanks, as programs print
// tables. In Chinese fonts signs such as ≥ are as wide as Chinese characters.
func writeAligned(chineseFont bool) func(*rand.Rand, []*schema.Form) ([]byte, error) {
	screen := runewidth.NewCondition()
	screen.EastAsianWidth = chineseFont
	return func(_ *rand.Rand, forms []*schema.Form) ([]byte, error) {
		var text bytes.Buffer
		if err := export.TSV(&text, forms); err != nil {
			return nil, err
		}
		var rows [][]string
		var widths []int
		for line := range strings.Lines(text.String()) {
			row := strings.Split(strings.TrimRight(line, "\n"), "\t")
			rows = append(rows, row)
			for i, cell := range row[:len(row)-1] {
				if i == len(widths) {
					widths = append(widths, 0)
				}
				widths[i] = max(widths[i], screen.StringWidth(cell))
			}
		}
		var out strings.Builder
		for _, row := range rows {
			for i, cell := range row {
				out.WriteString(cell)
				if i+1 < len(row) {
					out.WriteString(strings.Repeat(" ", widths[i]+2-screen.StringWidth(cell)))
				}
			}
			out.WriteByte('\n')
		}
		return []byte(out.String()), nil
	}
}

// tables gives the sheets of the official workbook.
func tables(forms []*schema.Form) ([]*grid.Table, error) {
	var b bytes.Buffer
	if err := export.XLSX(&b, forms, export.XLSXOptions{}); err != nil {
		return nil, err
	}
	doc := grid.ReadXLSX(context.Background(), "f.xlsx", b.Bytes(), grid.Limits{})
	if len(doc.Problems) > 0 {
		return nil, fmt.Errorf("the workbook reads with problems: %s", doc.Problems[0].Message.EN)
	}
	return doc.Tables, nil
}

// slot is a place in a table: the beginning of a cell, a part of one that begins
// above, or blank.
type slot struct {
	cell *grid.Cell // nil for a blank place
	// down is set where a merged cell goes on from the row above.
	down bool
}

// slots gives the places of each row from left to right; places covered from the left
// are left out.
func slots(t *grid.Table) [][]slot {
	last, width := 0, width(t)
	at := map[[2]int]slot{}
	for _, r := range t.Rows {
		for _, c := range r.Cells {
			last = max(last, c.Row+c.Rows-1)
			for i := range c.Rows {
				at[[2]int{c.Row + i, c.Col}] = slot{c, i > 0}
			}
		}
	}
	rows := make([][]slot, last)
	for n := range rows {
		for col := 1; col <= width; {
			s := at[[2]int{n + 1, col}]
			rows[n] = append(rows[n], s)
			if s.cell == nil {
				col++
			} else {
				col += s.cell.Cols
			}
		}
	}
	return rows
}

// width gives the number of columns of a table.
func width(t *grid.Table) int {
	n := 0
	for _, r := range t.Rows {
		for _, c := range r.Cells {
			n = max(n, c.Col+c.Cols-1)
		}
	}
	return n
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}

func writePage(_ *rand.Rand, forms []*schema.Form) ([]byte, error) {
	sheets, err := tables(forms)
	if err != nil {
		return nil, err
	}
	var rows [][][]slot
	for _, t := range sheets {
		rows = append(rows, slots(t))
	}
	return page(rows), nil
}

// writeAbreast writes a page on which the forms stand side by side in one table.
func writeAbreast(_ *rand.Rand, forms []*schema.Form) ([]byte, error) {
	sheets, err := tables(forms)
	if err != nil {
		return nil, err
	}
	var all [][]slot
	for i, t := range sheets {
		rows := slots(t)
		for n := len(all); n < len(rows); n++ {
			all = append(all, nil)
			for _, left := range sheets[:i] {
				all[n] = append(all[n], make([]slot, width(left)+1)...)
			}
		}
		for n := range all {
			if n < len(rows) {
				all[n] = append(all[n], rows[n]...)
			} else {
				all[n] = append(all[n], make([]slot, width(t))...)
			}
			all[n] = append(all[n], slot{}) // an empty column between the forms
		}
	}
	return page([][][]slot{all}), nil
}

// page writes tables as a web page.
func page(tables [][][]slot) []byte {
	var b bytes.Buffer
	b.WriteString("<!DOCTYPE html><meta charset=utf-8><title>公开</title>")
	for _, rows := range tables {
		b.WriteString("<table>")
		for _, line := range rows {
			b.WriteString("<tr>")
			for _, s := range line {
				switch {
				case s.cell == nil:
					b.WriteString("<td></td>")
				case !s.down:
					fmt.Fprintf(&b, "<td rowspan=%d colspan=%d>%s</td>", s.cell.Rows, s.cell.Cols, escaped(s.cell.Text))
				}
			}
			b.WriteString("</tr>")
		}
		b.WriteString("</table>")
	}
	return b.Bytes()
}

func writeWord(_ *rand.Rand, forms []*schema.Form) ([]byte, error) {
	sheets, err := tables(forms)
	if err != nil {
		return nil, err
	}
	var rows [][][]slot
	for _, t := range sheets {
		rows = append(rows, slots(t))
	}
	return document(rows)
}

// writeBroken writes a document that breaks each form into tables: before the
// indicators, and once inside of them, with the header repeated or not.
func writeBroken(rng *rand.Rand, forms []*schema.Form) ([]byte, error) {
	sheets, err := tables(forms)
	if err != nil {
		return nil, err
	}
	var parts [][][]slot
	for _, t := range sheets {
		rows := slots(t)
		head := slices.IndexFunc(rows, func(line []slot) bool {
			return slices.ContainsFunc(line, func(s slot) bool { return s.cell != nil && s.cell.Text == "三级指标" })
		})
		end := slices.IndexFunc(rows, func(line []slot) bool { return line[0].cell != nil && line[0].cell.Text == "总分" })
		if head < 0 || end < 0 {
			return nil, fmt.Errorf("the form has no table of indicators")
		}
		parts = append(parts, rows[:head])
		rest := rows[head:]
		at := 2 + rng.IntN(max(end-head-2, 1))
		parts = append(parts, rest[:at])
		next := rest[at:]
		if rng.IntN(2) == 0 {
			next = append([][]slot{rest[0]}, next...)
		}
		parts = append(parts, next)
	}
	return document(parts)
}

// document writes tables as a Word document. A cell merged from above the first row
// of a table is a blank one.
func document(tables [][][]slot) ([]byte, error) {
	var body strings.Builder
	for _, rows := range tables {
		body.WriteString("<w:tbl>")
		begun := map[*grid.Cell]bool{}
		for _, line := range rows {
			body.WriteString("<w:tr>")
			for _, s := range line {
				properties, text := "", ""
				if s.cell != nil {
					properties = fmt.Sprintf(`<w:gridSpan w:val="%d"/>`, s.cell.Cols)
					switch {
					case s.down && begun[s.cell]:
						properties += "<w:vMerge/>"
					case s.cell.Rows > 1:
						properties += `<w:vMerge w:val="restart"/>`
					}
					if begun[s.cell] = true; !s.down {
						text = escaped(s.cell.Text)
					}
				}
				fmt.Fprintf(&body, `<w:tc><w:tcPr>%s</w:tcPr><w:p><w:r><w:t xml:space="preserve">%s</w:t></w:r></w:p></w:tc>`, properties, text)
			}
			body.WriteString("</w:tr>")
		}
		body.WriteString("</w:tbl><w:p/>")
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body.String() + `</w:body></w:document>`},
	} {
		w, err := z.Create(part[0])
		if err != nil {
			return nil, err
		}
		if _, err := w.Write([]byte(part[1])); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
