package export

import (
	"io"
	"strings"
	"unicode"

	"jixiaolint/schema"
	"jixiaolint/schema/quantity"
)

// TSV writes forms as tab-separated text, one after the other: the heading, title and
// year on lines of their own, then the table of the official layout row by row. A
// merged cell's text stands in its first cell. Tabs, line breaks and other control
// characters inside a cell become spaces, and a cell that a spreadsheet would run as
// a formula gets an apostrophe before it.
func TSV(w io.Writer, forms []*schema.Form) error {
	var b strings.Builder
	for i, f := range forms {
		if i > 0 {
			b.WriteByte('\n')
		}
		p := lay(f)
		rows := make([][]string, p.rows)
		for i := range p.boxes {
			x := &p.boxes[i]
			row := &rows[x.row-1]
			if *row == nil && !x.part.outside() {
				*row = make([]string, len(p.widths))
			}
			if x.part.outside() {
				*row = []string{plain(x.text) + "\n"}
			} else {
				(*row)[x.col-1] = plain(x.text)
			}
		}
		for _, row := range rows {
			b.WriteString(strings.Join(row, "\t"))
			b.WriteByte('\n')
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// plain gives a text that is one cell of tab-separated text and nothing else.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
	s = strings.TrimSpace(s)
	if !startsFormula(s) {
		return s
	}
	// Forms write targets such as =100%, a lone = where the target is split, and a dash
	// for "not applicable"; all are harmless, and an apostrophe would change what is
	// filed.
	if _, ok := quantity.Sign(s); ok {
		return s
	}
	switch quantity.Parse(s).Kind {
	case quantity.Figure, quantity.Range, quantity.NotApplicable:
		return s
	case quantity.Blank, quantity.Dated, quantity.Words:
	}
	return "'" + s
}
