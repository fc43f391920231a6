package layout

import (
	"slices"
	"strings"

	"jixiaolint/schema/grid"
	"jixiaolint/schema/quantity"
)

// header is what the header of a block says about its columns.
type header struct {
	// cols maps each meaning to the column its header stands in.
	cols map[column]int
	// starts are the columns of all header cells in order: a header covers the columns
	// up to the next one.
	starts []start
	// cells holds the header cell of each meaning.
	cells map[column]*grid.Cell
	// first is the leftmost column that holds values, not labels.
	first int
	// pairs is set where labels and figures of the fund block alternate.
	pairs bool
	// rateInPercent is set when the header of the rate carries the sign.
	rateInPercent bool
}

type start struct {
	col     int
	meaning column
}

func newHeader() *header {
	return &header{cols: map[column]int{}, cells: map[column]*grid.Cell{}}
}

// add records a header cell. The first column of a meaning is kept, except that a
// later column is preferred where prefer says so.
func (h *header) add(m column, c *grid.Cell) {
	h.starts = append(h.starts, start{c.Col, m})
	if m == colNone || m == colExtra {
		return
	}
	if _, taken := h.cols[m]; !taken {
		h.cols[m], h.cells[m] = c.Col, c
	}
}

func (h *header) has(m column) bool { _, ok := h.cols[m]; return ok }

// end gives the last column that the header at col covers.
func (h *header) end(col int) int {
	last := 1 << 30
	for _, s := range h.starts {
		if s.col > col && s.col-1 < last {
			last = s.col - 1
		}
	}
	return last
}

// meaningAt gives the meaning of the header that covers a column.
func (h *header) meaningAt(col int) column {
	best, m := 0, colNone
	for _, s := range h.starts {
		if s.col <= col && s.col > best {
			best, m = s.col, s.meaning
		}
	}
	return m
}

// cell gives the row's cell for a meaning, with all columns moved by shift.
func (h *header) cell(row *line, m column, shift int) (*grid.Cell, bool) {
	col, ok := h.cols[m]
	if !ok {
		return nil, false
	}
	last := h.end(col) + shift
	for _, c := range row.cells {
		if c.Col >= col+shift && c.Col <= last {
			return c.Cell, true
		}
	}
	return nil, true
}

// fundHeader reads a row as the header of the fund block: at least a column of
// budgets or executed amounts beside another known one.
func (r *reader) fundHeader(l *line) (*header, bool) {
	h := newHeader()
	known := 0
	amounts := 0
	for _, c := range l.cells {
		m := fundColumnOf(c.label)
		if c.Type == grid.Number || quantity.Parse(c.Text).IsFigure() || len(c.label.bare) > 60 {
			continue
		}
		if headRoleOf(c.label) != headNone || m == colNone {
			h.starts = append(h.starts, start{c.Col, colNone})
			continue
		}
		if tableColumnOf(c.label) == colName {
			return nil, false
		}
		known++
		if isAmount(m) {
			amounts++
		}
		if m == colRate && containsAny(c.label.full, "(%)", "%)") {
			h.rateInPercent = true
		}
		// 预算执行情况(万元) and 年度预算数(万元) head the block and its labels where the
		// amounts have columns of their own: the last column of a meaning counts.
		if isAmount(m) {
			if old, ok := h.cols[m]; ok {
				h.starts[h.startIndex(old)].meaning = colNone
				delete(h.cols, m)
			}
		}
		h.add(m, c.Cell)
	}
	if amounts == 0 || known < 2 || !h.has(colExecuted) && !h.has(colRate) {
		return nil, false
	}
	h.first = 1 << 30
	for _, col := range h.cols {
		h.first = min(h.first, col)
	}
	return h, true
}

func isAmount(m column) bool { return m == colInitial || m == colAdjusted || m == colExecuted }

// startIndex gives the index of the header cell that stands in a column.
func (h *header) startIndex(col int) int {
	return slices.IndexFunc(h.starts, func(s start) bool { return s.col == col })
}

// tableHeader reads a row, together with the row after it where the header takes
// two, as the header of the indicator table. used is the number of rows taken.
func (r *reader) tableHeader(l, next *line) (h *header, used int, ok bool) {
	h, known := r.tableColumns(l, nil)
	if known < 2 {
		return nil, 0, false
	}
	used = 1
	if next != nil {
		if sub, subKnown := r.tableColumns(next, l); subKnown >= 2 && subKnown == len(next.cells) && !hasFigure(next) {
			// Two rows: the lower one is finer. Of the upper one, columns without a lower
			// header are kept; what the lower row names itself is only a heading there.
			for _, st := range h.starts {
				switch {
				case sub.startIndex(st.col) >= 0:
				case sub.has(st.meaning):
					sub.starts = append(sub.starts, start{st.col, colExtra})
				default:
					sub.add(st.meaning, h.cellAt(st.col, l))
				}
			}
			// A value column between 符号 and 单位 often has no header of its own.
			if sub.has(colOperator) && !sub.has(colTarget) {
				op := sub.cells[colOperator]
				sub.starts = append(sub.starts, start{op.Col + 1, colTarget})
				sub.cols[colTarget], sub.cells[colTarget] = op.Col+1, op
			}
			h, used = sub, 2
		}
	}
	if !h.has(colTarget) && !h.has(colActual) || !h.has(colName) && !h.has(colLevel2) {
		return nil, 0, false
	}
	if !h.has(colName) {
		h.cols[colName], h.cells[colName] = h.cols[colLevel2], h.cells[colLevel2]
		delete(h.cols, colLevel2)
	}
	h.first = 1 << 30
	for _, s := range h.starts {
		switch s.meaning {
		case colLevel1, colLevel2, colLevel3, colName, colNone:
		default:
			if s.col > h.cols[colName] {
				h.first = min(h.first, s.col)
			}
		}
	}
	return h, used, true
}

// tableColumns reads one row of a table header. Over a lower row, the cell above
// gives words that the lower cell continues (年度 over 指标值).
func (r *reader) tableColumns(l, above *line) (h *header, known int) {
	h = newHeader()
	for _, c := range l.cells {
		m := tableColumnOf(c.label)
		if m == colNone && above != nil {
			if up := above.at(c.Col); up != nil {
				m = tableColumnOf(parseLabel(up.Text + c.Text))
			}
		}
		if m != colNone {
			known++
		}
		if old, ok := h.cols[m]; ok && m == colName && strings.HasPrefix(c.label.bare, "四级") {
			h.starts[h.startIndex(old)].meaning = colLevel3
			delete(h.cols, m)
		}
		if old, ok := h.cols[m]; ok && m == colActual {
			switch {
			case isProgress(c.label):
				m = colExtra
			case isProgress(parseLabel(h.cells[m].Text)):
				h.starts[h.startIndex(old)].meaning = colExtra
				delete(h.cols, m)
			}
		}
		h.add(m, c.Cell)
	}
	return h, known
}

// isProgress reports whether a header of actual values speaks of progress only, which
// gives way to a column of what was reached: 实施进度 beside 年终完成值.
func isProgress(l label) bool { return strings.Contains(l.bare, "进度") }

// tableRows is the number of rows below a header that are looked at to understand it.
const tableRows = 100

// widenTarget makes room for the targets of a text that has lost the merged cells of
// its header: one header, and under it sign and value, often with a unit (≥ | 860 |
// 人), so that all that follows stands to the right of its header.
func (r *reader) widenTarget(h *header) {
	at, ok := h.cols[colTarget]
	if !ok || r.table.Merged || h.has(colOperator) || h.has(colUnit) || h.end(at) > at {
		return
	}
	rows, signs, units := 0, 0, 0
	for _, l := range r.lines[r.i+1 : min(len(r.lines), r.i+1+tableRows)] {
		value, unit := l.at(at+1), l.at(at+2)
		if l.at(at) == nil || value == nil {
			continue
		}
		rows++
		if !isTargetKind(l.at(at).Text) {
			continue
		}
		signs++
		if unit != nil && !quantity.HasDigit(unit.Text) {
			units++
		}
	}
	if signs*2 <= rows {
		return
	}
	by := 1
	if units*2 > signs {
		by = 2
	}
	for i := range h.starts {
		if h.starts[i].col > at {
			h.starts[i].col += by
		}
	}
	for m, col := range h.cols {
		if col > at {
			h.cols[m] = col + by
		}
	}
}

// cellAt gives the header cell of a column.
func (h *header) cellAt(col int, l *line) *grid.Cell {
	if c := l.at(col); c != nil {
		return c.Cell
	}
	return &grid.Cell{Col: col}
}

func hasFigure(l *line) bool {
	for _, c := range l.cells {
		if quantity.Parse(c.Text).IsFigure() {
			return true
		}
	}
	return false
}

// fragmentRows is the number of rows that prove a table without a header.
const fragmentRows = 3

// fragment gives the header of a table that lost it: a page that begins in the
// middle of a form whose targets are split over sign, value and unit. The column of
// signs tells the others, which always follow it in one order. nil means that the
// table has headers of its own, or nothing to go by.
func (r *reader) fragment() *header {
	signs := map[int]int{}
	at := 0
	for i, l := range r.lines {
		next := (*line)(nil)
		if i+1 < len(r.lines) {
			next = r.lines[i+1]
		}
		if _, _, ok := r.tableHeader(l, next); ok {
			break // what stands above a header, if anything, is the fragment
		}
		for j, c := range l.cells {
			if _, ok := quantity.Sign(c.Text); !ok || !hasFigure(&line{cells: l.cells[j+1:]}) {
				continue // a list of signs to choose from has no figures beside them
			}
			if signs[c.Col]++; at == 0 || signs[c.Col] > signs[at] {
				at = c.Col
			}
		}
	}
	if signs[at] < fragmentRows || at < 3 {
		return nil
	}
	h := newHeader()
	for i, m := range []column{colLevel1, colLevel2, colName, colOperator, colTarget, colUnit, colActual, colWeight, colScore, colExplanation} {
		if col := at - 3 + i; col >= 1 {
			h.add(m, &grid.Cell{Col: col})
		}
	}
	h.first = at
	return h
}
