package grid

import (
	"cmp"
	"context"
	"slices"
	"sort"
	"strings"

	"jixiaolint/schema/lang"
)

const (
	// nearRule is how far apart strokes of one rule may be: double rules, and rules
	// that meet but for a hair.
	nearRule = 60
	// broadestRule bounds a rule of several strokes.
	broadestRule = 150
	// mostRules bounds the rules of a page, and mostMeetings the work of finding out
	// which of them meet, over all pages.
	mostRules    = 10_000
	mostMeetings = 50_000_000
)

// ruledTable is a table on one page.
type ruledTable struct {
	box
	page    *paper
	xs, ys  []int // edges of its grid
	regions []region
	// at gives the region of each place of the grid, row by row.
	at []int
	// lead are the lines between this part of a table and the one on the page before.
	lead []string
}

// region is a cell: the places of the grid that no rule divides, from one row and
// column up to but not including another.
type region struct {
	row, col, endRow, endCol int
	// openTop and openBottom tell cells that a page break divides: no rule closes them
	// there.
	openTop, openBottom bool
	pieces, spilt       []piece
	text                string
	// spill is the text of an open cell that was printed outside of the table.
	spill string
	// full is set if there is no room for another line below the text.
	full bool
}

// isMerged reports whether a cell takes more than one row.
func (r *region) isMerged() bool { return r.endRow-r.row > 1 }

func (t *ruledTable) cols() int { return len(t.xs) - 1 }
func (t *ruledTable) rows() int { return len(t.ys) - 1 }

func (t *ruledTable) bounds(r *region) box {
	return box{t.xs[r.col], t.ys[r.row], t.xs[r.endCol], t.ys[r.endRow]}
}

// regionAt gives the region that holds a point inside of the table.
func (t *ruledTable) regionAt(x, y int) *region {
	col := slot(t.xs, x)
	row := slot(t.ys, y)
	return &t.regions[t.at[row*t.cols()+col]]
}

// slot gives the gap between edges that holds n.
func slot(edges []int, n int) int {
	return min(max(sort.SearchInts(edges, n)-1, 0), len(edges)-2)
}

// rule is a set of overlapping strokes at about the same place of an axis.
type rule struct {
	segment
	table int // the group of rules that meet it, directly or over others
}

// rules joins strokes to rules, in order of their places.
func rules(strokes []segment) []rule {
	slices.SortFunc(strokes, func(a, b segment) int {
		return cmp.Or(a.pos-b.pos, a.start-b.start, a.end-b.end)
	})
	var out []rule
	for len(strokes) > 0 {
		n := 1
		for n < len(strokes) && strokes[n].pos-strokes[n-1].pos <= nearRule && strokes[n].pos-strokes[0].pos <= broadestRule {
			n++
		}
		band := strokes[:n]
		strokes = strokes[n:]
		pos := (band[0].pos + band[n-1].pos) / 2
		slices.SortFunc(band, func(a, b segment) int { return cmp.Or(a.start-b.start, a.end-b.end) })
		out = append(out, rule{segment: segment{pos, band[0].start, band[0].end}})
		for _, s := range band[1:] {
			last := &out[len(out)-1]
			if s.start-last.end > nearRule {
				out = append(out, rule{segment: segment{pos, s.start, s.end}})
				continue
			}
			last.end = max(last.end, s.end)
		}
	}
	return out
}

// tablesOf finds the tables of a page. meetings counts the work, over all pages.
func tablesOf(p *paper, meetings *int) ([]*ruledTable, *fault) {
	across, down := rules(p.horizontal), rules(p.vertical)
	if *meetings += len(across) * len(down); len(across)+len(down) > mostRules || *meetings > mostMeetings {
		return nil, faultCrowded
	}
	groups := group(across, down)
	var tables []*ruledTable
	for g := range groups {
		t, f := ruled(p, ofGroup(across, g), ofGroup(down, g))
		if f != nil {
			return nil, f
		}
		if t != nil {
			tables = append(tables, t)
		}
	}
	return apart(p, tables)
}

// group marks the rules that meet with a common number, and gives how many numbers
// there are.
func group(across, down []rule) int {
	parent := make([]int, len(across)+len(down))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for i, h := range across {
		for j, v := range down {
			if reaches(h.segment, v.pos) && reaches(v.segment, h.pos) {
				parent[root(len(across)+j)] = root(i)
			}
		}
	}
	numbers := map[int]int{}
	number := func(i int) int {
		n, ok := numbers[root(i)]
		if !ok {
			n = len(numbers)
			numbers[root(i)] = n
		}
		return n
	}
	for i := range across {
		across[i].table = number(i)
	}
	for j := range down {
		down[j].table = number(len(across) + j)
	}
	return len(numbers)
}

// reaches reports whether a stroke comes to a place of its axis.
func reaches(s segment, pos int) bool {
	return pos >= s.start-nearRule && pos <= s.end+nearRule
}

func ofGroup(all []rule, n int) []rule {
	var out []rule
	for _, r := range all {
		if r.table == n {
			out = append(out, r)
		}
	}
	return out
}

// edges gives the places of rules.
func edges(rs []rule) []int {
	var out []int
	for _, r := range rs {
		if len(out) == 0 || r.pos > out[len(out)-1] {
			out = append(out, r.pos)
		}
	}
	return out
}

// ruled makes a table of rules that meet, nil if they enclose nothing.
func ruled(p *paper, across, down []rule) (*ruledTable, *fault) {
	t := &ruledTable{page: p, xs: edges(down), ys: edges(across)}
	if len(t.xs) < 2 || len(t.ys) < 2 {
		return nil, nil
	}
	if len(t.xs)*len(t.ys) > mostSegments {
		return nil, faultCrowded
	}
	t.box = box{t.xs[0], t.ys[0], t.xs[len(t.xs)-1], t.ys[len(t.ys)-1]}
	right, ok1 := t.walls(down, t.xs, t.ys)
	below, ok2 := t.walls(across, t.ys, t.xs)
	if !ok1 || !ok2 {
		return nil, doubt(p.number, lang.T("的表格线有缺口", "has gaps in the rules of a table"))
	}
	if !t.divide(right, below) {
		return nil, doubt(p.number, lang.T("的表格线围出了不是矩形的格子", "has a table with cells that are not rectangular"))
	}
	return t, nil
}

// walls tells for each edge of the grid, and each gap between the edges that cross
// it, whether a rule stands there. ok is false where a rule stands in a part of the
// gap only.
func (t *ruledTable) walls(rs []rule, along, across []int) (walls []bool, ok bool) {
	gaps := len(across) - 1
	walls = make([]bool, len(along)*gaps)
	covered := make([]int, len(walls))
	for _, r := range rs {
		i := sort.SearchInts(along, r.pos)
		for g := slot(across, r.start); g < gaps && across[g] < r.end; g++ {
			covered[i*gaps+g] += max(0, min(r.end, across[g+1])-max(r.start, across[g]))
		}
	}
	for i := range walls {
		length := across[i%gaps+1] - across[i%gaps]
		// Rules end a little before the edge that they meet, or beyond it.
		slack := min(2*nearRule, length/4)
		switch {
		case covered[i] >= length-slack:
			walls[i] = true
		case covered[i] > slack:
			return nil, false
		}
	}
	return walls, true
}

// divide finds the regions of the grid. It reports whether all are rectangles.
func (t *ruledTable) divide(right, below []bool) bool {
	cols, rows := t.cols(), t.rows()
	t.at = make([]int, cols*rows)
	for i := range t.at {
		t.at[i] = -1
	}
	for start := range t.at {
		if t.at[start] >= 0 {
			continue
		}
		r := region{row: start / cols, col: start % cols}
		for r.endCol = r.col + 1; r.endCol < cols && !right[r.endCol*rows+r.row]; r.endCol++ {
		}
		for r.endRow = r.row + 1; r.endRow < rows && !below[r.endRow*cols+r.col]; r.endRow++ {
		}
		if !t.take(r, right, below) {
			return false
		}
	}
	return true
}

// take makes a region of the places between its ends, unless rules divide them or do
// not enclose them, or another region has one of them.
func (t *ruledTable) take(r region, right, below []bool) bool {
	cols, rows := t.cols(), t.rows()
	for row := r.row; row < r.endRow; row++ {
		for col := r.col; col < r.endCol; col++ {
			switch {
			case t.at[row*cols+col] >= 0,
				col > r.col && right[col*rows+row],
				row > r.row && below[row*cols+col]:
				return false
			}
			t.at[row*cols+col] = len(t.regions)
		}
		if r.col > 0 && !right[r.col*rows+row] || r.endCol < cols && !right[r.endCol*rows+row] {
			return false
		}
	}
	for col := r.col; col < r.endCol; col++ {
		above, under := below[r.row*cols+col], below[r.endRow*cols+col]
		if r.row > 0 && !above || r.endRow < rows && !under {
			return false
		}
		r.openTop, r.openBottom = r.openTop || !above, r.openBottom || !under
	}
	t.regions = append(t.regions, r)
	return true
}

// apart checks that tables do not overlap, and leaves out frames around the page.
func apart(p *paper, tables []*ruledTable) ([]*ruledTable, *fault) {
	tables = slices.DeleteFunc(tables, func(t *ruledTable) bool {
		return len(t.regions) == 1 && slices.ContainsFunc(tables, func(u *ruledTable) bool {
			return u != t && t.holds(u.left, u.top) && t.holds(u.right, u.bottom)
		})
	})
	slices.SortFunc(tables, func(a, b *ruledTable) int { return cmp.Or(a.top-b.top, a.left-b.left) })
	for i, t := range tables {
		for _, u := range tables[i+1:] {
			if u.top < t.bottom && u.left < t.right && t.left < u.right {
				return nil, doubt(p.number, lang.T("的表格互相重叠或嵌套", "has tables that overlap or lie in each other"))
			}
		}
	}
	return tables, nil
}

// sheetOfPaper is a page put in order: lines of text and tables from top to bottom.
type sheetOfPaper struct {
	tables []*ruledTable
	// lines are the lines outside of tables; each stands before the table with the
	// number above.
	lines []looseLine
}

type looseLine struct {
	text  string
	above int // tables that stand above the line
}

// arrange finds the tables of all pages, and puts the text into them.
func arrange(ctx context.Context, pages []*paper) ([]*sheetOfPaper, *fault) {
	var sheets []*sheetOfPaper
	meetings, found := 0, 0
	for _, p := range pages {
		if ctx.Err() != nil {
			return nil, faultCancelled
		}
		tables, f := tablesOf(p, &meetings)
		if f != nil {
			return nil, f
		}
		s := &sheetOfPaper{tables: tables}
		if f := s.place(p); f != nil {
			return nil, f
		}
		sheets = append(sheets, s)
		found += len(tables)
	}
	if found == 0 {
		return nil, faultUnruled
	}
	return sheets, joinPages(sheets)
}

// joinPages joins the cells that page breaks divide. Programs print the text of such a
// cell on either page, or on both.
func joinPages(sheets []*sheetOfPaper) *fault {
	var last *ruledTable
	for _, s := range sheets {
		for i, t := range s.tables {
			if i == 0 && last != nil && last.page != t.page && last.goesOn(t) {
				if f := last.join(t); f != nil {
					return f
				}
			}
			for j := range t.regions {
				// What was joined is closed by now.
				if r := &t.regions[j]; r.openTop && r.hasText() {
					return t.openCell(r)
				}
			}
			if last != nil {
				for j := range last.regions {
					if r := &last.regions[j]; r.openBottom && r.hasText() {
						return last.openCell(r)
					}
				}
			}
			last = t
		}
	}
	for j := range last.regions {
		if r := &last.regions[j]; r.openBottom && r.hasText() {
			return last.openCell(r)
		}
	}
	return nil
}

// hasText reports whether anything was printed for a cell, page numbers aside.
func (r *region) hasText() bool {
	return r.text != "" || r.spill != "" && !isPageNumber(r.spill)
}

func (t *ruledTable) openCell(r *region) *fault {
	return doubt(t.page.number, lang.F("分页处有合并单元格，分不清它从哪一行到哪一行（%s）",
		"has a merged cell at a page break, and which rows it takes cannot be told (%s)", quote(r.text+r.spill)))
}

// join joins the cells of the last row with those of the first row on the next page.
func (t *ruledTable) join(next *ruledTable) *fault {
	// Spreadsheets leave the rules of a divided cell open; text programs close them.
	closing := !slices.ContainsFunc(t.regions, func(r region) bool { return r.endRow == t.rows() && r.openBottom })
	if t.breaksRow(next) {
		return doubt(next.page.number, lang.T("表格有一行被分页断开", "goes on with a row of the table that the page break divides"))
	}
	for i := range t.regions {
		upper := &t.regions[i]
		if upper.endRow != t.rows() {
			continue
		}
		lower := next.below(t.bounds(upper))
		if lower == nil {
			continue
		}
		switch {
		case upper.openBottom && lower.openTop:
			if f := t.joinCells(upper, lower); f != nil {
				return f
			}
		case closing && lower.text != "" && (upper.isMerged() || lower.isMerged()) && (upper.text == "" || upper.full):
			// Perhaps one merged cell, closed by rules on both pages, and the text goes on.
			return next.openCell(lower)
		}
	}
	return nil
}

// breaksRow reports whether the first row of the next page is the rest of the last one
// of this page: it has the same cells, and text only in a few of those that have.
func (t *ruledTable) breaksRow(next *ruledTable) bool {
	filled, goOn, cells := 0, 0, 0
	for i := range t.regions {
		upper := &t.regions[i]
		if upper.endRow != t.rows() {
			continue
		}
		lower := next.below(t.bounds(upper))
		if lower == nil {
			return false
		}
		cells++
		switch {
		case upper.openBottom:
		case upper.text == "" && lower.text != "":
			return false
		case upper.text != "":
			filled++
			if lower.text != "" {
				goOn++
			}
		}
	}
	return goOn > 0 && (goOn*2 <= filled || cells <= 4 && goOn < filled)
}

// below gives the cell of the first row that stands in the same columns as a cell on
// the page before.
func (t *ruledTable) below(b box) *region {
	r := t.regionAt(b.centreX(), t.top)
	if c := t.bounds(r); !isNear(b.left, c.left) || !isNear(b.right, c.right) {
		return nil
	}
	return r
}

// joinCells makes one cell of two: its text is in the upper one then.
func (t *ruledTable) joinCells(upper, lower *region) *fault {
	text := ""
	for _, s := range []string{upper.text, upper.spill, lower.text, lower.spill} {
		switch {
		case text == "":
			text = s
		case s != "" && s != text && !isPageNumber(s):
			return t.openCell(upper)
		}
	}
	if !strings.ContainsFunc(text, isWide) && text != "" {
		// A figure for rows on both pages: which rows share it would be lost.
		return t.openCell(upper)
	}
	upper.text, upper.spill, upper.openBottom = text, "", false
	lower.text, lower.spill, lower.openTop = "", "", false
	return nil
}

// place puts the pieces of a page into the cells of its tables, or into lines.
func (s *sheetOfPaper) place(p *paper) *fault {
	var loose []piece
	for _, x := range p.pieces {
		if x.turned {
			return doubt(p.number, lang.F("有竖排或倾斜的文字（%s）", "has text that does not run from left to right (%s)", quote(x.text)))
		}
		i := slices.IndexFunc(s.tables, func(t *ruledTable) bool {
			return x.centreY() >= t.top && x.centreY() <= t.bottom && x.right > t.left+nearRule && x.left < t.right-nearRule
		})
		switch {
		case i < 0 && !s.spills(x):
			loose = append(loose, x)
			continue
		case i < 0:
			continue
		}
		if f := s.tables[i].put(x); f != nil {
			return f
		}
	}
	for _, t := range s.tables {
		if f := t.write(); f != nil {
			return f
		}
	}
	return s.outside(p, loose)
}

// spills puts a piece above or below all tables into the cell that is open there.
func (s *sheetOfPaper) spills(x piece) bool {
	if len(s.tables) == 0 {
		return false
	}
	first, last := s.tables[0], s.tables[len(s.tables)-1]
	var r *region
	var b box
	switch {
	case x.centreY() < first.top && x.centreX() >= first.left && x.centreX() <= first.right:
		r = first.regionAt(x.centreX(), first.top)
		if b = first.bounds(r); !r.openTop {
			return false
		}
	case x.centreY() > last.bottom && x.centreX() >= last.left && x.centreX() <= last.right:
		r = last.regionAt(x.centreX(), last.bottom)
		if b = last.bounds(r); !r.openBottom {
			return false
		}
	default:
		return false
	}
	if x.left < b.left || x.right > b.right {
		return false
	}
	r.spilt = append(r.spilt, x)
	return true
}

// outside makes lines of the text outside of tables.
func (s *sheetOfPaper) outside(p *paper, loose []piece) *fault {
	columned := 0
	for _, l := range linesOf(loose) {
		y := l[0].centreY()
		above := 0
		for _, t := range s.tables {
			if y > t.bottom {
				above++
			} else if y >= t.top {
				return doubt(p.number, lang.F("有文字紧挨在表格旁边（%s）", "has text beside a table (%s)", quote(l[0].text)))
			}
		}
		parts, f := spread(p, l)
		if f != nil {
			return f
		}
		if len(parts) >= leastFields {
			columned++
		}
		for _, text := range parts {
			if !isPageNumber(text) {
				s.lines = append(s.lines, looseLine{text, above})
			}
		}
	}
	if columned >= leastAligned {
		return doubt(p.number, lang.T("有没有画线的表格", "has a table without rules"))
	}
	return nil
}

// writeSheets gives the tables and lines to a builder, in order. A table that goes on
// below a gap or on the next page is one table; lines between its parts are rows of it.
func writeSheets(b *treeBuilder, sheets []*sheetOfPaper) {
	var parts []*ruledTable
	var pending []string // lines after the last table
	flush := func() {
		writeTable(b, parts)
		for _, text := range pending {
			b.addText(text, false)
			b.endParagraph()
		}
		parts, pending = nil, nil
	}
	for _, s := range sheets {
		next := 0
		for i, t := range s.tables {
			for ; next < len(s.lines) && s.lines[next].above <= i; next++ {
				pending = append(pending, s.lines[next].text)
			}
			// Another form may stand under a title of its own.
			if last := len(parts) - 1; last >= 0 && parts[last].goesOn(t) && (len(pending) == 0 || parts[last].sameColumns(t)) {
				t.lead, pending = pending, nil
			} else {
				flush()
			}
			parts = append(parts, t)
		}
		for ; next < len(s.lines); next++ {
			pending = append(pending, s.lines[next].text)
		}
	}
	flush()
}

// goesOn reports whether a table goes on with the next one, on the same page or the
// page after it: they are as wide and stand at the same place.
func (t *ruledTable) goesOn(next *ruledTable) bool {
	return next.page.number <= t.page.number+1 && isNear(t.left, next.left) && isNear(t.right, next.right)
}

// sameColumns reports whether one of two tables has all the column edges of the other.
func (t *ruledTable) sameColumns(u *ruledTable) bool {
	few, many := t.xs, u.xs
	if len(few) > len(many) {
		few, many = many, few
	}
	for _, x := range few {
		if !slices.ContainsFunc(many, func(y int) bool { return isNear(x, y) }) {
			return false
		}
	}
	return true
}

func isNear(a, b int) bool { return max(a, b)-min(a, b) <= nearRule }

// writeTable gives the parts of one table to a builder.
func writeTable(b *treeBuilder, parts []*ruledTable) {
	if len(parts) == 0 {
		return
	}
	columns := columnsOf(parts)
	b.startTable(false)
	for _, t := range parts {
		for _, text := range t.lead {
			b.startRow(false)
			b.startCell(treeCell{cols: len(columns) - 1, rows: 1})
			b.addText(text, false)
		}
		t.writeRows(b, columns)
	}
	b.endTable()
}

// columnsOf gives the edges of the columns of a table: those of all its parts.
func columnsOf(parts []*ruledTable) []int {
	var all, out []int
	for _, t := range parts {
		all = append(all, t.xs...)
	}
	slices.Sort(all)
	for i, x := range all {
		if i == 0 || x-all[i-1] > nearRule {
			out = append(out, x)
		}
	}
	return out
}

// writeRows gives the rows of a part to a builder.
func (t *ruledTable) writeRows(b *treeBuilder, columns []int) {
	column := func(x int) int { return sort.Search(len(columns), func(i int) bool { return columns[i] > x }) - 1 }
	for row := range t.rows() {
		b.startRow(false)
		for col := 0; col < t.cols(); {
			r := &t.regions[t.at[row*t.cols()+col]]
			col = r.endCol
			if r.row != row {
				continue
			}
			b.startCell(treeCell{cols: max(column(t.xs[r.endCol])-column(t.xs[r.col]), 1), rows: r.endRow - r.row})
			b.addText(r.text, false)
		}
	}
}
