package grid

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"

	"jixiaolint/schema/lang"
)

var faultAligned = &fault{lang.T("文本用空格对齐各列，空白单元格已无从辨认，不能可靠地分列。",
	"the columns are aligned by spaces, which hide blank cells, and cannot be told apart reliably"), helpDelimiters}

// alignedField is a field of a line whose columns are made by blanks.
type alignedField struct {
	textField
	at int // the screen column that it starts in
}

// readAligned reads text whose columns are aligned by blanks, as it is copied from a
// page or a terminal. Whether signs such as ≥ are as wide as Chinese characters depends
// on the program: what makes columns counts. Where both widths do, the wrong one tears
// columns apart, as it shifts only what stands behind such a sign: the text is read with
// fewer columns.
func (r *textReader) readAligned(text string) *fault {
	narrow, wide := r.alignedRows(text, 1), r.alignedRows(text, 2)
	switch {
	case narrow == nil && wide == nil:
		return faultAligned
	case wide == nil, narrow != nil && narrow.columns < wide.columns:
		return r.addRows(narrow.rows)
	case narrow == nil, wide.columns < narrow.columns:
		return r.addRows(wide.rows)
	case !narrow.equal(wide):
		return faultAligned
	}
	return r.addRows(narrow.rows)
}

// alignedText is text divided into columns that are told by blanks.
type alignedText struct {
	rows    [][]textField
	columns int
}

// equal reports whether two readings of a text put every field into the same column.
func (t *alignedText) equal(u *alignedText) bool {
	return slices.EqualFunc(t.rows, u.rows, slices.Equal)
}

func (r *textReader) addRows(rows [][]textField) *fault {
	for i, fields := range rows {
		if len(fields) == 0 {
			continue
		}
		r.line = i + 1
		if f := r.row(fields); f != nil {
			return f
		}
	}
	return nil
}

// alignedRows divides text at columns, which are told by where fields start: every
// field of a line with several has to start where fields of another line do, since
// blank cells leave no other trace. It gives nil if one does not, if columns begin too
// close to each other to be different ones, or if a line holds but one field in a later
// column, which may be more text of the cell above.
func (r *textReader) alignedRows(text string, ambiguous int) *alignedText {
	var lines [][]alignedField
	starts := map[int]int{} // lines with several fields that have one there
	begin := 0              // of the line in the text
	for line := range strings.SplitSeq(text, "\n") {
		fields := splitBlanks(line, len(lines)+1, ambiguous)
		for i := range fields {
			fields[i].from += begin
			fields[i].to = fields[i].from + len(fields[i].text)
		}
		begin += len(line) + 1
		lines = append(lines, fields)
		if len(fields) > 1 {
			for _, f := range fields {
				starts[f.at]++
			}
		}
		if len(starts) > mostAligned || len(lines) > r.limits.Rows {
			return nil
		}
	}
	columns := columnNumbers(starts)
	if columns == nil {
		return nil
	}
	rows := make([][]textField, len(lines))
	for i, fields := range lines {
		if len(fields) == 1 {
			if columns[fields[0].at] > 0 {
				return nil
			}
			rows[i] = []textField{fields[0].textField}
			continue
		}
		for _, f := range fields {
			if starts[f.at] < 2 {
				return nil
			}
			for len(rows[i]) < columns[f.at] {
				rows[i] = append(rows[i], textField{line: f.line, column: f.column})
			}
			rows[i] = append(rows[i], f.textField)
		}
	}
	return &alignedText{rows, len(columns)}
}

// mostAligned bounds the columns that are told by blanks; a form has a dozen.
const mostAligned = 64

// columnNumbers numbers the starts of columns from left to right. It gives nil if some
// are closer to each other than a character and the blanks after it: then they are one
// column whose fields are aligned to its right or middle, or are measured wrongly.
func columnNumbers(starts map[int]int) map[int]int {
	const narrowest = 3
	columns, last := map[int]int{}, -narrowest
	for n, at := range slices.Sorted(maps.Keys(starts)) {
		if at-last < narrowest {
			return nil
		}
		columns[at], last = n, at
	}
	return columns
}

// splitBlanks divides a line at runs of blanks that are two columns wide or more, if
// ambiguous characters are that wide.
func splitBlanks(line string, num, ambiguous int) []alignedField {
	var fields []alignedField
	screen, column, gap := 0, 1, 2
	start := 0 // of the last field, in bytes
	for i, c := range line {
		blank := c == ' ' || c == '\u00a0' || c == '\u3000' || c == '\t'
		wide := screenWidth(c, ambiguous)
		if c == '\t' {
			const stop = 8
			wide = max(stop-screen%stop, 2)
		}
		switch {
		case blank:
			gap += wide
		case gap >= 2:
			fields = append(fields, alignedField{textField{line: num, column: column, from: i}, screen})
			start = i
		}
		if !blank {
			gap = 0
			fields[len(fields)-1].text = line[start : i+utf8.RuneLen(c)]
		}
		screen += wide
		column++
	}
	return fields
}

// screenWidth gives the columns of a terminal that a character takes.
func screenWidth(c rune, ambiguous int) int {
	switch width.LookupRune(c).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	case width.EastAsianAmbiguous:
		return ambiguous
	case width.Neutral, width.EastAsianNarrow, width.EastAsianHalfwidth:
	}
	return 1
}
