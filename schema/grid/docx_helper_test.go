package grid

import (
	"fmt"
	"strings"
	"testing"
)

// The helpers of this file that have capital letters are for the tests of package
// grid_test, which may import the packages that import this one.

const (
	nsWord   = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	nsStrict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
	nsCompat = "http://schemas.openxmlformats.org/markup-compatibility/2006"
	nsShape  = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
)

// wordXML wraps the content of a body into a document.
func wordXML(body string) string {
	return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" +
		`<w:document xmlns:w="` + nsWord + `" xmlns:mc="` + nsCompat + `" xmlns:wps="` + nsShape + `"><w:body>` + body + `<w:sectPr/></w:body></w:document>`
}

// wordParts makes the parts of a document.
func wordParts(xml string) parts {
	return parts{
		"_rels/.rels":       `<Relationships xmlns="` + nsPkg + `"><Relationship Id="rId1" Type="` + nsRel + `/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml": xml,
	}
}

// WordDocument makes a .docx file of the content of its body.
func WordDocument(t testing.TB, body string) []byte {
	t.Helper()
	return wordParts(wordXML(body)).zip(t)
}

// WordTable writes a table as Word does: cells that are merged over columns have a
// span, cells merged over rows go on in cells of their own in the rows below.
func WordTable(t *Table) string {
	var b strings.Builder
	b.WriteString("<w:tbl><w:tblPr/><w:tblGrid/>")
	eachSlot(t, func() { b.WriteString("<w:tr>") }, func(c *Cell, first bool) {
		merge, text := "", WordParagraphs(c.Text)
		if c.Rows > 1 {
			merge = `<w:vMerge w:val="restart"/>`
		}
		if !first {
			merge, text = "<w:vMerge/>", "<w:p/>"
		}
		fmt.Fprintf(&b, `<w:tc><w:tcPr><w:gridSpan w:val="%d"/>%s</w:tcPr>%s</w:tc>`, c.Cols, merge, text)
	}, func() { b.WriteString("</w:tr>") })
	b.WriteString("</w:tbl>")
	return b.String()
}

// WordParagraphs writes each line of a text as a paragraph.
func WordParagraphs(text string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		b.WriteString(`<w:p><w:r><w:t xml:space="preserve">` + xmlQuoter.Replace(line) + `</w:t></w:r></w:p>`)
	}
	return b.String()
}

// WebTable writes a table as a page does: rows have cells only where no merged cell
// of an earlier row reaches down.
func WebTable(t *Table) string {
	var b strings.Builder
	b.WriteString("<table>\n")
	eachSlot(t, func() { b.WriteString("<tr>\n") }, func(c *Cell, first bool) {
		if first {
			fmt.Fprintf(&b, "  <td colspan=%d rowspan='%d'>%s</td>\n", c.Cols, c.Rows, strings.ReplaceAll(xmlQuoter.Replace(c.Text), "\n", "<br>\n"))
		}
	}, func() { b.WriteString("</tr>\n") })
	b.WriteString("</table>\n")
	return b.String()
}

// eachSlot walks over the grid of a table from its first row to its last, and hands
// out each cell in each row it stands in; first tells the row of its text. Places
// without a cell get a blank one.
func eachSlot(t *Table, begin func(), cell func(c *Cell, first bool), end func()) {
	if len(t.Rows) == 0 {
		return
	}
	type place struct{ row, col int }
	at := map[place]*Cell{}
	width := 0
	for _, r := range t.Rows {
		for _, c := range r.Cells {
			width = max(width, c.Col+c.Cols-1)
			for row := c.Row; row < c.Row+c.Rows; row++ {
				at[place{row, c.Col}] = c
			}
		}
	}
	for row := t.Rows[0].Num; row <= t.Rows[len(t.Rows)-1].Num; row++ {
		begin()
		for col := 1; col <= width; {
			c := at[place{row, col}]
			if c == nil {
				c = &Cell{Row: row, Col: col, Rows: 1, Cols: 1}
			}
			cell(c, c.Row == row)
			col += c.Cols
		}
		end()
	}
}

// dumpTables writes what was read of a document with tables: text around tables as
// "¶", cells with their place in the file, their column and their size.
func dumpTables(d *Document) string {
	var b strings.Builder
	for _, t := range d.Tables {
		fmt.Fprintf(&b, "[%d]\n", t.Number)
		for _, r := range t.Rows {
			if r.Num == 0 {
				fmt.Fprintf(&b, "¶%d", r.Cells[0].Loc.Paragraph)
			} else {
				fmt.Fprintf(&b, "%d:", r.Num)
			}
			for _, c := range r.Cells {
				fmt.Fprintf(&b, " %q", c.Text)
				if r.Num > 0 {
					fmt.Fprintf(&b, "@%d/%d", c.Col, c.Loc.Column)
				}
				if c.Cols > 1 || c.Rows > 1 {
					fmt.Fprintf(&b, " %dx%d", c.Rows, c.Cols)
				}
				if c.Hidden {
					b.WriteString(" hidden")
				}
			}
			b.WriteByte('\n')
		}
	}
	for _, p := range d.Problems {
		fmt.Fprintf(&b, "%s: %s: %s\n", kindName(p.Kind), p.Loc, p.Message.EN)
	}
	return b.String()
}

// checkTables holds what was read to the rules for documents with tables.
func checkTables(t *testing.T, d *Document) {
	t.Helper()
	paragraph, number := 0, 0
	for _, table := range d.Tables {
		if table.Number <= number || !table.Merged {
			t.Fatalf("table %d after %d", table.Number, number)
		}
		number = table.Number
		last := 0
		for _, r := range table.Rows {
			if len(r.Cells) == 0 || r.Num > 0 && r.Num <= last {
				t.Fatalf("row %d after %d, with %d cells", r.Num, last, len(r.Cells))
			}
			last = max(last, r.Num)
			if r.Num == 0 {
				c := r.Cells[0]
				if len(r.Cells) != 1 || c.Col != 1 || c.Row != 0 || c.Loc.Line != 0 || c.Loc.Paragraph <= paragraph || c.Text == "" {
					t.Fatalf("text outside of tables %+v", c)
				}
				paragraph = c.Loc.Paragraph
				continue
			}
			col, place := 0, 0
			for _, c := range r.Cells {
				if c.Col <= col || c.Row != r.Num || c.Rows < 1 || c.Cols < 1 || c.Loc.Table != number || c.Loc.Line != c.Row ||
					c.Loc.Column <= place || (c.Type == Blank) != (c.Text == "") || !validText(c.Text) {
					t.Fatalf("cell %+v after column %d of row %d", c, col, r.Num)
				}
				col, place = c.Col, c.Loc.Column
			}
		}
	}
}

// validText tells whether a text is UTF-8 without space around it.
func validText(s string) bool { return strings.ToValidUTF8(s, "") == s && strings.TrimSpace(s) == s }

// unread gives the messages on what could not be read.
func unread(d *Document) string {
	var b strings.Builder
	for _, p := range d.Problems {
		if p.Kind == Unreadable {
			b.WriteString(p.Message.EN + "\n")
		}
	}
	return b.String()
}
