package layout

import (
	"maps"
	"slices"

	"jixiaolint/schema/grid"
)

// Forms and tables are not always one and the same: a sheet may hold forms side by
// side, and a document may break one form into several tables.

// strips splits the lines of a table in which forms stand side by side into those of
// each form, from left to right.
func strips(lines []*line) [][]*line {
	var forms [][]*line
	for len(forms) < mostAbreast-1 {
		left, right := cleave(lines)
		if right == nil {
			break
		}
		forms, lines = append(forms, left), right
	}
	return append(forms, lines)
}

// mostAbreast bounds the forms side by side in a table.
const mostAbreast = 16

// cleave splits off the leftmost of several forms side by side; right is nil if there
// are not several.
func cleave(lines []*line) (left, right []*line) {
	at := cut(lines)
	if at == 0 {
		return lines, nil
	}
	for _, l := range lines {
		a, b := &line{row: l.row}, &line{row: l.row}
		for _, c := range l.cells {
			if c.Col < at {
				a.cells = append(a.cells, c)
			}
			if c.Col+max(c.Cols, 1) > at {
				b.cells = append(b.cells, c) // a title over both forms is the title of each
			}
		}
		if len(a.cells) > 0 {
			left = append(left, a)
		}
		if len(b.cells) > 0 {
			right = append(right, b)
		}
	}
	return left, right
}

// cut gives the column in which the second of several forms side by side begins, 0 if
// there are not several. The headers of their indicators need not stand in one row.
func cut(lines []*line) int {
	var first, second *line // with the two leftmost headers
	var name, other int     // their columns
	for _, l := range lines {
		for _, c := range l.cells {
			switch {
			case !isNameHeader(c.label) || c.Col == name || c.Col == other:
			case name == 0 || c.Col < name:
				first, name, second, other = l, c.Col, first, name
			case other == 0 || c.Col < other:
				second, other = l, c.Col
			}
		}
	}
	if second == nil {
		return 0
	}
	at := headerStart(second, other)
	if at <= name || !hasValues(first, at) {
		return 0 // the second header stands below the first one, a little to the right
	}
	for _, l := range lines {
		for _, c := range l.cells {
			if c.Col < at && c.Col+c.Cols > at && len(l.cells) > 1 {
				return 0
			}
		}
	}
	return at
}

// headerStart gives the column in which the header begins that has its names in a
// column.
func headerStart(l *line, name int) int {
	at := name
	for _, c := range slices.Backward(l.cells) {
		if c.Col > at {
			continue
		}
		switch m := tableColumnOf(c.label); {
		case m == colName && c.Col == name, m == colLevel1, m == colLevel2, isBlockLabel(c.label):
			at = c.Col
		default:
			return at
		}
	}
	return at
}

// hasValues reports whether a header has columns of values left of a column.
func hasValues(l *line, at int) bool {
	return slices.ContainsFunc(l.cells, func(c cell) bool {
		m := tableColumnOf(c.label)
		return c.Col < at && (m == colTarget || m == colActual)
	})
}

// continues reports whether a table of a document goes on with the form of the table
// before it: the form lacks what the table holds, and the table has no head of its
// own.
func (r *reader) continues(t *grid.Table, lines []*line) bool {
	if r.form == nil || len(r.labels) == 0 || r.doc.Format != grid.DOCX && r.doc.Format != grid.HTML {
		return false
	}
	rows := false
	for i, l := range lines {
		if l.row.Num == 0 {
			if r.isTitle(l) && !isContinued(l.cells[0].label) {
				return false
			}
			continue
		}
		if r.startsForm(l) {
			return false
		}
		next := (*line)(nil)
		if i+1 < len(lines) {
			next = lines[i+1]
		}
		if h, _, ok := r.tableHeader(l, next); ok {
			return r.heads == nil || r.state == stateTable && sameColumns(h, r.heads)
		}
		if h, _ := r.pairHeader(l); h != nil {
			return r.funds == nil && r.heads == nil
		}
		if _, ok := r.fundHeader(l); ok {
			return r.funds == nil && r.heads == nil
		}
		if opensGoal(l) {
			return !r.labels["年度总体目标"] && r.heads == nil
		}
		rows = rows || r.state == stateTable && (r.scored(l, 0) && r.named(l) || isTotalLabel(l.cells[0].label))
	}
	return rows && width(t) == width(r.table)
}

// notes reads the notes right below a form (注：…) that a document gives to the table
// after it, which is something else.
func (r *reader) notes(lines []*line) {
	for _, l := range lines {
		if l.row.Num != 0 || r.isTitle(l) {
			return
		}
		if label := inlineLabel(l.cells[0].Text); isHeading(label) && isRemarkLabel(label) {
			r.remarkLine(l)
		}
	}
}

// startsForm reports whether a row begins a form: its title, or the project.
func (r *reader) startsForm(l *line) bool {
	return r.isTitle(l) && !isContinued(l.cells[0].label) ||
		slices.ContainsFunc(l.cells, func(c cell) bool { return r.headLabel(c) == headProject })
}

// isContinued reports whether a title is that of a form's next page.
func isContinued(l label) bool { return containsAny(l.full, "续表", "(续)") }

func sameColumns(a, b *header) bool {
	return maps.EqualFunc(a.cols, b.cols, func(int, int) bool { return true })
}

// width gives the number of columns of a table.
func width(t *grid.Table) int {
	n := 0
	for _, row := range t.Rows {
		for _, c := range row.Cells {
			n = max(n, c.Col+c.Cols-1)
		}
	}
	return n
}
