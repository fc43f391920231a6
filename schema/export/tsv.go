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
// merged cell's text stands in its first cell. A cell with tabs, line breaks, quotes, or
// blanks at its ends stands in quotes, which are doubled inside, so that it reads back
// as it is; other control characters become spaces, and a cell that a spreadsheet would
// run as a formula gets an apostrophe before it.
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
				*row = []string{cell(x.text) + "\n"}
			} else {
				(*row)[x.col-1] = cell(x.text)
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

// cell gives a text that is one cell of tab-separated text and nothing else.
func cell(s string) string {
	s = plain(s)
	if !strings.ContainsAny(s, "\t\n\"\u2028\u2029") && strings.TrimSpace(s) == s {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// plain gives a text without control characters that a spreadsheet does not run.
func plain(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' && r != '\n' {
			return ' '
		}
		return r
	}, s)
	bare := strings.TrimSpace(s)
	if bare == "" {
		return ""
	}
	if !startsFormula(bare) {
		return s
	}
	// Forms write targets such as =100%, a lone = where the target is split, and a dash
	// for "not applicable"; all are harmless, and an apostrophe would change what is
	// filed.
	if _, ok := quantity.Sign(bare); ok {
		return s
	}
	switch quantity.Parse(bare).Kind {
	case quantity.Figure, quantity.Range, quantity.NotApplicable:
		return s
	case quantity.Blank, quantity.Dated, quantity.Words:
	}
	return "'" + s
}
