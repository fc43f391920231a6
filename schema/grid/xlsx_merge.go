package grid

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"jixiaolint/schema/lang"
)

// merge is a merged range.
type merge struct {
	row1, col1, row2, col2 int
}

func (m merge) String() string {
	return CellName(m.col1, m.row1) + ":" + CellName(m.col2, m.row2)
}

// addMerge notes a merged range; it reports whether reading goes on.
func (b *sheetBuilder) addMerge(ref string) bool {
	if len(b.merges) == b.limits.Merges {
		return b.halt(&fault{lang.F("合并区域超过 %d 个，其余没有读取。",
			"more than %d merged ranges; the rest was not read", b.limits.Merges), helpLimit}, false)
	}
	m, ok := parseRange(ref)
	if !ok || m.row2 > b.limits.Rows || m.col2 > b.limits.Columns {
		b.problems.add(Problem{Kind: Unreadable, Loc: b.place(),
			Message: lang.F("合并区域“%s”无效或超出范围，没有采用。", "the merged range “%s” is invalid or out of bounds and was not applied", quote(ref)),
			Help:    helpResave})
		return true
	}
	if m.row1 != m.row2 || m.col1 != m.col2 {
		if b.merges == nil {
			b.merges = make([]merge, 0, 64) // room for a form
		}
		b.merges = append(b.merges, m)
	}
	return true
}

// parseRange reads A1:B2, or a single cell.
func parseRange(ref string) (merge, bool) {
	first, last, ok := strings.Cut(ref, ":")
	if !ok {
		last = first
	}
	c1, r1, ok1 := parseRef(first)
	c2, r2, ok2 := parseRef(last)
	return merge{min(r1, r2), min(c1, c2), max(r1, r2), max(c1, c2)}, ok1 && ok2
}

// applyMerges gives the anchors of the merged ranges their size. Of ranges that
// overlap the upper left one counts.
func (b *sheetBuilder) applyMerges() {
	slices.SortStableFunc(b.merges, func(m, n merge) int {
		return cmp.Or(m.row1-n.row1, m.col1-n.col1)
	})
	width := 0
	for _, m := range b.merges {
		width = max(width, m.col2)
	}
	taken := newColumnTree(width)
	reported := false
	var made []*Row
	at := 0 // the first row that is not above the merge at hand
	for _, m := range b.merges {
		if taken.lowest(m.col1, m.col2) >= m.row1 {
			if !reported {
				reported = true
				b.problems.add(Problem{Kind: Disorder, Loc: b.cellPlace(m.row1, m.col1, ""),
					Message: lang.F("合并区域 %s 与另一个合并区域重叠，没有采用。",
						"the merged range %s overlaps another one and was not applied", m),
					Help: helpResave})
			}
			continue
		}
		taken.take(m.col1, m.col2, m.row2)
		for at < len(b.table.Rows) && b.table.Rows[at].Num < m.row1 {
			at++
		}
		row := b.anchorRow(at, m.row1, &made)
		c := b.anchorCell(row, m.col1)
		c.Rows, c.Cols = m.row2-m.row1+1, m.col2-m.col1+1
	}
	if len(made) > 0 {
		b.table.Rows = append(b.table.Rows, made...)
		sort.Slice(b.table.Rows, func(i, j int) bool { return b.table.Rows[i].Num < b.table.Rows[j].Num })
	}
}

// anchorRow gives the row of an anchor: the table's row at index at if it has the
// number, otherwise one that is added to made.
func (b *sheetBuilder) anchorRow(at, num int, made *[]*Row) *Row {
	if at < len(b.table.Rows) && b.table.Rows[at].Num == num {
		return b.table.Rows[at]
	}
	if n := len(*made); n > 0 && (*made)[n-1].Num == num {
		return (*made)[n-1]
	}
	r := b.slabs.row()
	r.Num = num
	*made = append(*made, r)
	return r
}

// anchorCell gives the cell of row at col, a new blank one if there is none.
func (b *sheetBuilder) anchorCell(row *Row, col int) *Cell {
	i := sort.Search(len(row.Cells), func(i int) bool { return row.Cells[i].Col >= col })
	if i < len(row.Cells) && row.Cells[i].Col == col {
		return row.Cells[i]
	}
	c := b.slabs.cell(b.cells)
	c.Row, c.Col = row.Num, col
	c.Loc = b.cellPlace(row.Num, col, "")
	row.Cells = slices.Insert(row.Cells, i, c)
	return c
}

// columnTree knows for every column the lowest row that a merged range has taken so
// far. With merges added from top to bottom it finds overlaps in logarithmic time,
// so that many merged ranges do not cost more than they should.
type columnTree struct {
	width int
	most  []int // by node, the greatest row of its columns
	whole []int // by node, the greatest row taken in all of its columns
}

func newColumnTree(width int) *columnTree {
	return &columnTree{width, make([]int, 4*width), make([]int, 4*width)}
}

// take notes that a range of columns is taken down to row.
func (t *columnTree) take(from, to, row int) { t.update(1, 1, t.width, from, to, row) }

// lowest gives the lowest row taken in any of the columns, 0 for none.
func (t *columnTree) lowest(from, to int) int { return t.query(1, 1, t.width, from, to) }

func (t *columnTree) update(node, lo, hi, from, to, row int) {
	t.most[node] = max(t.most[node], row)
	if from <= lo && hi <= to {
		t.whole[node] = max(t.whole[node], row)
		return
	}
	mid := (lo + hi) / 2
	if from <= mid {
		t.update(2*node, lo, mid, from, to, row)
	}
	if to > mid {
		t.update(2*node+1, mid+1, hi, from, to, row)
	}
}

func (t *columnTree) query(node, lo, hi, from, to int) int {
	if from <= lo && hi <= to {
		return t.most[node]
	}
	row, mid := t.whole[node], (lo+hi)/2
	if from <= mid {
		row = max(row, t.query(2*node, lo, mid, from, to))
	}
	if to > mid {
		row = max(row, t.query(2*node+1, mid+1, hi, from, to))
	}
	return row
}

// sortCells puts rows and cells in order and drops all but the first of several
// cells for one place.
func (b *sheetBuilder) sortCells() {
	rows := b.table.Rows
	sort.SliceStable(rows, func(i, j int) bool { return rows[i].Num < rows[j].Num })
	for _, r := range rows {
		if !b.unsorted[r] {
			continue
		}
		sort.SliceStable(r.Cells, func(i, j int) bool { return r.Cells[i].Col < r.Cells[j].Col })
		kept := r.Cells[:1]
		told := 0 // the column last reported
		for _, c := range r.Cells[1:] {
			if c.Col != kept[len(kept)-1].Col {
				kept = append(kept, c)
				continue
			}
			if told == c.Col {
				continue
			}
			told = c.Col
			b.problems.add(Problem{Kind: BadCell, Loc: c.Loc, Row: r,
				Message: lang.F("单元格 %[1]s 在文件中出现了两次：“%[2]s”和“%[3]s”；已采用前者。",
					"cell %[1]s is stored twice, as “%[2]s” and as “%[3]s”; the first was used",
					c.Loc.Cell, quote(kept[len(kept)-1].Text), quote(c.Text)),
				Help: lang.T("请核对该单元格的值，在 Excel 或 WPS 中打开并重新保存。",
					"Check the cell's value, then open the file in Excel or WPS and save it again.")})
		}
		clear(r.Cells[len(kept):])
		r.Cells = kept
	}
}
