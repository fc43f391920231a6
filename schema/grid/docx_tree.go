package grid

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"jixiaolint/schema/lang"
)

// block is a paragraph or a table of a document, in the order of the text.
type block struct {
	text   string // of a paragraph
	hidden bool   // some of the text is hidden
	cut    bool   // some of the text is missing: it was too long
	tag    int    // where the paragraph begins in the part
	table  *treeTable
}

// treeTable is a table as a document nests it: cells hold paragraphs and tables.
type treeTable struct {
	rows   []treeRow
	filled int // own cells that have text
	inner  int // the most that any table inside has
}

// treeRow is a row as written; its place in the grid is worked out later.
type treeRow struct {
	cells   []treeCell
	skip    int // grid columns left out before the first cell
	group   int // row group, which no cell reaches beyond
	hidden  bool
	deleted bool
}

// treeCell is a cell as written.
type treeCell struct {
	text       string
	nested     []block // text and tables in order, if there are tables
	cols, rows int     // rows 0 means down to the end of the row group
	above      bool    // continues the cell above
	left       bool    // continues the cell to the left
	hidden     bool
	deleted    bool
	cut        bool
	tag        int // where the cell begins in the part
}

// treeBuilder collects a document of text and tables, for all formats that have
// both. A reader tells it what begins and ends; finish makes the tables of it, with
// the columns of the grid worked out.
//
// Text outside of tables matters: titles stand there. Each line of it becomes a row
// of its own with one cell, put before the rows of the table that follows; lines
// after the last table follow its rows. Such rows have number 0, and their cells are
// located by paragraphPlace.
type treeBuilder struct {
	ctx      context.Context
	doc      *Document
	limits   Limits
	problems problemList
	stopped  bool // by a limit; the rest is not read

	body   []block
	open   []openTable
	text   []byte // of the paragraph being read
	hidden bool   // some of text is
	cut    bool   // some of text is missing
	tag    int    // where the paragraph begins in the part
	cells  int
	tables int
	places map[Location]int // see DOCXPlaces; nil if not asked for

	// For finish.
	number    int   // of the last table
	paragraph int   // of the last line outside of tables
	hiddenAt  int   // of the first hidden line, 0 for none
	pending   []Row // lines for the next table
	last      *Table
	slots     int // grid places that merged cells have taken or stood in the way of
}

// openTable is a table being read.
type openTable struct {
	table  *treeTable
	inRow  bool
	inCell bool
	group  int
	blocks []block // of the open cell
	// In pages, the names of the tags that began the open cell and the open group:
	// end tags with other names end nothing.
	cellTag, groupTag string
	// Whether what is open is hidden, by itself or by what is around it.
	hidden, groupHidden bool
}

// mostSlots bounds the work that merged cells can make: the area of all grids.
const mostSlots = 1 << 26

func newTreeBuilder(ctx context.Context, doc *Document, limits Limits) *treeBuilder {
	return &treeBuilder{ctx: ctx, doc: doc, limits: limits, problems: problemList{doc: doc}}
}

// halt reports a fault that ends the reading.
func (b *treeBuilder) halt(f *fault) {
	if !b.stopped {
		b.stopped = true
		b.problems.add(Problem{Kind: Unreadable, Loc: Location{File: b.doc.File}, Message: f.message, Help: f.help})
	}
}

// top gives the innermost open table, nil outside of tables.
func (b *treeBuilder) top() *openTable {
	if len(b.open) == 0 {
		return nil
	}
	return &b.open[len(b.open)-1]
}

// row gives the open row of a table, and cell the open cell.
func (o *openTable) row() *treeRow { return &o.table.rows[len(o.table.rows)-1] }

func (o *openTable) cell() *treeCell {
	r := o.row()
	return &r.cells[len(r.cells)-1]
}

// isHidden reports whether the place being read is hidden.
func (o *openTable) isHidden() bool {
	return o.hidden || o.groupHidden || o.inRow && o.row().hidden || o.inCell && o.cell().hidden
}

// level tells how deep the reading is in tables: odd inside a cell.
func (b *treeBuilder) level() int {
	n := 2 * len(b.open)
	if t := b.top(); t != nil && t.inCell {
		n++
	}
	return n
}

// addText adds to the paragraph being read.
func (b *treeBuilder) addText(s string, hidden bool) {
	if room := b.limits.TextLength - len(b.text); len(s) > room {
		s, b.cut = cutText(s, max(room, 0)), true
	}
	b.text = append(b.text, s...)
	if !b.hidden && s != "" && (hidden || len(b.open) > 0 && b.top().isHidden()) {
		b.hidden = strings.TrimSpace(s) != ""
	}
}

// endParagraph ends the paragraph being read. Inside a table but outside of its
// cells there is no place for text: it goes before the table, as browsers show it.
func (b *treeBuilder) endParagraph() {
	text := strings.TrimSpace(string(b.text))
	if text != "" {
		b.add(block{text: text, hidden: b.hidden, cut: b.cut, tag: b.tag})
	}
	b.text, b.hidden, b.cut = b.text[:0], false, false
}

// add appends a block to the innermost open cell, or to the body.
func (b *treeBuilder) add(bl block) {
	if bl.table == nil && !b.count() {
		return
	}
	for i := len(b.open) - 1; i >= 0; i-- {
		if t := &b.open[i]; t.inCell {
			t.blocks = append(t.blocks, bl)
			return
		}
	}
	b.body = append(b.body, bl)
}

// count counts one more cell or paragraph, each of which has to be kept, and
// reports whether there is room for it.
func (b *treeBuilder) count() bool {
	if b.cells == b.limits.Cells {
		b.halt(&fault{lang.F("单元格和段落超过 %d 个，其余没有读取。",
			"more than %d cells and paragraphs; the rest was not read", b.limits.Cells), helpLimit})
		return false
	}
	b.cells++
	return true
}

// startTable begins a table, inside the open cell if there is one.
func (b *treeBuilder) startTable(hidden bool) {
	b.endParagraph()
	switch {
	case b.tables == b.limits.Tables:
		b.halt(&fault{lang.F("表格超过 %d 个，其余没有读取。", "more than %d tables; the rest was not read", b.limits.Tables), helpLimit})
		return
	case len(b.open) == b.limits.Depth:
		b.halt(&fault{lang.F("表格嵌套超过 %d 层，其余没有读取。",
			"tables nested deeper than %d levels; the rest was not read", b.limits.Depth), helpSuspicious})
		return
	}
	b.tables++
	if t := b.top(); t != nil && t.isHidden() {
		hidden = true
	}
	b.open = append(b.open, openTable{table: &treeTable{}, hidden: hidden})
}

// startGroup begins a row group of the innermost table.
func (b *treeBuilder) startGroup(hidden bool) {
	b.endRow()
	if t := b.top(); t != nil {
		t.group++
		t.groupHidden, t.groupTag = hidden, ""
	}
}

// startRow begins a row of the innermost table.
func (b *treeBuilder) startRow(hidden bool) {
	b.endRow()
	t := b.top()
	if t == nil {
		return
	}
	if len(t.table.rows) == b.limits.Rows {
		b.halt(&fault{lang.F("一个表格超过 %d 行，其余没有读取。",
			"a table has more than %d rows; the rest was not read", b.limits.Rows), helpLimit})
		return
	}
	t.table.rows = append(t.table.rows, treeRow{group: t.group, hidden: hidden})
	t.inRow = true
}

// startCell begins a cell of the innermost table, and a row if none is open.
func (b *treeBuilder) startCell(c treeCell) {
	t := b.top()
	if t == nil {
		return
	}
	if b.endCell(); !t.inRow {
		b.startRow(false)
	}
	if b.stopped || !b.count() {
		return
	}
	r := t.row()
	r.cells = append(r.cells, c)
	t.inCell, t.blocks = true, nil
}

// endCell ends the open cell of the innermost table, if there is one.
func (b *treeBuilder) endCell() {
	b.endParagraph()
	t := b.top()
	if t == nil || !t.inCell {
		return
	}
	t.inCell = false
	c := t.cell()
	if c.deleted {
		r := t.row()
		r.cells = r.cells[:len(r.cells)-1]
		return
	}
	b.fill(c, t.blocks)
	if c.text != "" {
		t.table.filled++
	}
	for i := range t.blocks {
		if n := t.blocks[i].table; n != nil {
			c.nested = t.blocks
			t.table.inner = max(t.table.inner, n.filled, n.inner)
		}
	}
	t.blocks = nil
}

// fill joins the paragraphs of a cell.
func (b *treeBuilder) fill(c *treeCell, blocks []block) {
	size, texts := 0, 0
	for i := range blocks {
		p := &blocks[i]
		if p.table != nil {
			continue
		}
		c.hidden = c.hidden || p.hidden
		c.cut = c.cut || p.cut
		c.text = p.text // which is all of it, mostly
		size += len(p.text) + 1
		texts++
	}
	if texts < 2 {
		return
	}
	var joined strings.Builder
	joined.Grow(min(size, b.limits.TextLength+1))
	for i := range blocks {
		p := &blocks[i]
		if p.table != nil {
			continue
		}
		if joined.Len() > 0 {
			joined.WriteByte('\n')
		}
		if room := b.limits.TextLength - joined.Len(); len(p.text) > room {
			joined.WriteString(cutText(p.text, max(room, 0)))
			c.cut = true
			break
		}
		joined.WriteString(p.text)
	}
	c.text = strings.TrimSpace(joined.String())
}

// endRow ends the open row of the innermost table, if there is one.
func (b *treeBuilder) endRow() {
	b.endCell()
	t := b.top()
	if t == nil || !t.inRow {
		return
	}
	t.inRow = false
	if t.row().deleted {
		t.table.rows = t.table.rows[:len(t.table.rows)-1]
	}
}

// endTable ends the innermost table, if there is one.
func (b *treeBuilder) endTable() {
	b.endRow()
	if len(b.open) == 0 {
		return
	}
	t := b.top().table
	b.open = b.open[:len(b.open)-1]
	b.add(block{table: t})
}

// smallestForm and frameRatio tell a frame from a table: see isFrame.
const (
	smallestForm = 12
	frameRatio   = 3
)

// isFrame reports whether a table only lays out the page around another one, as
// pages of the 2000s do: a table inside it has far more to say. Its cells are text
// before and after that table then, and titles in them are found.
func (t *treeTable) isFrame() bool {
	return t.inner >= smallestForm && t.inner >= frameRatio*t.filled
}

// finish ends what is still open and makes the tables of the document.
func (b *treeBuilder) finish() {
	for len(b.open) > 0 {
		b.endTable()
	}
	b.endParagraph()
	b.flow(b.body)
	if len(b.pending) > 0 {
		if b.last == nil {
			b.number++
			b.last = &Table{Number: b.number, Merged: true}
			b.doc.Tables = append(b.doc.Tables, b.last)
		}
		b.takePending(b.last)
	}
	if b.hiddenAt > 0 {
		b.problems.add(Problem{Kind: HiddenContent, Loc: Location{File: b.doc.File},
			Message: lang.F("表格之外有隐藏文字（第 %d 段起）；已一并读取。",
				"there is hidden text outside of the tables (from paragraph %d on), which was read too", b.hiddenAt),
			Help: helpHidden})
	}
	b.problems.flush(Location{File: b.doc.File})
}

var helpHidden = lang.T("提交前请取消隐藏，或删除其中不需要的内容。", "Show it before submitting, or delete what is not needed.")

// flow makes tables and lines of blocks that are not inside a table.
func (b *treeBuilder) flow(blocks []block) {
	for i := range blocks {
		switch bl := &blocks[i]; {
		case bl.table == nil:
			b.lines(bl.text, bl.hidden, bl.cut, bl.tag)
		case bl.table.isFrame():
			b.number++
			for _, r := range bl.table.rows {
				for j := range r.cells {
					if c := &r.cells[j]; c.nested != nil {
						b.flow(c.nested)
					} else {
						b.lines(c.text, c.hidden, c.cut, c.tag)
					}
				}
			}
		default:
			b.last = b.table(bl.table)
		}
	}
}

// lines turns text outside of tables into rows for the table that follows.
func (b *treeBuilder) lines(text string, hidden, cut bool, tag int) {
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		b.paragraph++
		if b.places != nil {
			b.places[Location{Paragraph: b.paragraph}] = tag
		}
		if hidden && b.hiddenAt == 0 {
			b.hiddenAt = b.paragraph
		}
		c := &Cell{Col: 1, Text: line, Type: String, Rows: 1, Cols: 1, Hidden: hidden}
		b.pending = append(b.pending, Row{Cells: []*Cell{c}})
		c.Loc.Paragraph = b.paragraph // the table is not known yet
	}
	if cut {
		b.tooLong(paragraphPlace(b.doc.File, b.number+1, b.paragraph))
	}
}

// paragraphPlace locates line n of the text outside of tables. Row 0 of a table is
// the text around it.
func paragraphPlace(file string, table, n int) Location {
	return Location{File: file, Table: table, Paragraph: n}
}

func (b *treeBuilder) tooLong(at Location) {
	b.problems.add(Problem{Kind: Unreadable, Loc: at,
		Message: lang.F("一段或一格的文字超过 %d 字节，其余没有读取。",
			"the text of a paragraph or cell is longer than %d bytes; the rest was not read", b.limits.TextLength),
		Help: helpLimit})
}

// takePending adds the lines that wait for a table.
func (b *treeBuilder) takePending(t *Table) {
	for i := range b.pending {
		c := b.pending[i].Cells[0]
		c.Loc = paragraphPlace(b.doc.File, t.Number, c.Loc.Paragraph)
		t.Rows = append(t.Rows, &b.pending[i])
	}
	b.pending = nil
}

// table makes a table and, after it, the tables inside its cells.
func (b *treeBuilder) table(t *treeTable) *Table {
	b.number++
	out := &Table{Number: b.number, Merged: true}
	b.doc.Tables = append(b.doc.Tables, out)
	b.takePending(out)
	p := &placer{b: b, out: out, groupEnd: make([]int, len(t.rows))}
	for i := len(t.rows) - 1; i >= 0; i-- {
		p.groupEnd[i] = i + 1
		if i+1 < len(t.rows) && t.rows[i+1].group == t.rows[i].group {
			p.groupEnd[i] = p.groupEnd[i+1]
		}
	}
	for i := range t.rows {
		if b.ctx.Err() != nil {
			b.halt(faultCancelled)
			break
		}
		if !p.row(&t.rows[i], i+1) {
			break
		}
	}
	p.reportHidden()
	for i := range t.rows {
		for j := range t.rows[i].cells {
			for k := range t.rows[i].cells[j].nested {
				// The text around a table inside a cell belongs to the cell.
				if n := t.rows[i].cells[j].nested[k : k+1]; n[0].table != nil {
					b.flow(n)
				}
			}
		}
	}
	return out
}

// placer puts the cells of one table into its grid.
type placer struct {
	b        *treeBuilder
	out      *Table
	groupEnd []int // the last row of each row's group
	// until is, for each column, the last row taken by a cell that reaches down.
	until []int
	// above and here are the cells of the last row and of this one, by column, that
	// a cell below may continue.
	above, here []*Cell
	// hidden are the numbers of the rows with hidden text, hiddenAt its first cell.
	hidden   []int
	hiddenAt Location
}

// row places one row; it reports whether reading goes on.
func (p *placer) row(r *treeRow, num int) bool {
	out := &Row{Num: num}
	p.above, p.here = p.here, p.above[:0]
	col := 1 + r.skip
	for i := range r.cells {
		c := &r.cells[i]
		at := Location{File: p.b.doc.File, Table: p.out.Number, Line: num, Column: i + 1}
		for col < len(p.until) && p.until[col] >= num {
			col++ // an earlier row reaches down to here
			p.b.slots++
		}
		if c.cols > p.b.limits.Columns || col+c.cols-1 > p.b.limits.Columns {
			p.b.problems.add(Problem{Kind: Unreadable, Loc: at, Row: out,
				Message: lang.F("单元格超出第 %d 列的上限，该表格其余部分没有读取。",
					"a cell is beyond the limit of %d columns; the rest of the table was not read", p.b.limits.Columns),
				Help: helpLimit})
			return false
		}
		if !p.continues(c, col, at) {
			cell := p.cell(c, r, num, col)
			cell.Loc = at
			if p.b.places != nil {
				p.b.places[Location{Table: at.Table, Line: at.Line, Column: at.Column}] = c.tag
			}
			if cell.Hidden && cell.Type != Blank {
				p.hide(at)
			}
			if c.cut {
				p.b.tooLong(at)
			}
			if strings.ContainsRune(c.text, '\uFFFD') {
				p.b.problems.add(Problem{Kind: BadCell, Loc: at, Row: out,
					Message: lang.F("单元格中有无法识别的字符：%s", "the cell holds characters that could not be read: %s", quote(c.text)),
					Help:    lang.T("请改用普通字符填写，并以 UTF-8 编码保存。", "Type ordinary characters instead, and save in UTF-8.")})
			}
			out.Cells = append(out.Cells, cell)
			p.here = append(p.here, cell)
			p.take(cell)
		}
		col += c.cols
		if p.b.slots > mostSlots {
			p.b.problems.add(Problem{Kind: Unreadable, Loc: at, Row: out,
				Message: lang.T("合并单元格覆盖的范围过大，该表格其余部分没有读取。",
					"merged cells cover too much; the rest of the table was not read"),
				Help: helpSuspicious})
			return false
		}
	}
	if len(out.Cells) > 0 {
		p.out.Rows = append(p.out.Rows, out)
	}
	return true
}

// cell makes a cell of the grid.
func (p *placer) cell(c *treeCell, r *treeRow, num, col int) *Cell {
	rows := p.groupEnd[num-1] - num + 1 // to the end of its group
	if c.rows > 0 {
		rows = min(rows, c.rows)
	}
	cell := &Cell{Row: num, Col: col, Text: c.text, Type: String, Rows: rows, Cols: c.cols, Hidden: c.hidden || r.hidden}
	if c.text == "" {
		cell.Type = Blank
	}
	return cell
}

// continues joins a cell that is only the continuation of another one to that, and
// reports whether it did.
func (p *placer) continues(c *treeCell, col int, at Location) bool {
	var anchor *Cell
	switch {
	case c.left && len(p.here) > 0:
		anchor = p.here[len(p.here)-1]
		anchor.Cols = max(anchor.Cols, col+c.cols-anchor.Col)
	case c.above:
		i, ok := slices.BinarySearchFunc(p.above, col, func(a *Cell, col int) int { return a.Col - col })
		if !ok {
			return false // there is nothing above to continue
		}
		anchor = p.above[i]
		anchor.Rows = at.Line - anchor.Row + 1
		p.here = append(p.here, anchor)
	default:
		return false
	}
	if c.text != "" {
		p.b.problems.add(Problem{Kind: HiddenContent, Loc: at,
			Message: lang.F("合并单元格被遮住的部分还有文字“%[1]s”，看不到，也没有读取。",
				"the part of a merged cell that does not show holds the text “%[1]s”, which was not read", quote(c.text)),
			Help: lang.T("请拆分该合并单元格，删去或移出被遮住的文字。",
				"Split the merged cell, and delete the covered text or move it out.")})
	}
	if c.cut {
		p.b.tooLong(at)
	}
	return true
}

// take marks the places below a cell that reaches down.
func (p *placer) take(c *Cell) {
	if c.Rows == 1 {
		return
	}
	end := c.Col + c.Cols
	if n := end - len(p.until); n > 0 {
		p.until = append(p.until, make([]int, n)...)
	}
	for col := c.Col; col < end; col++ {
		p.until[col] = max(p.until[col], c.Row+c.Rows-1)
	}
	p.b.slots += c.Cols
}

// hide notes a cell with hidden text.
func (p *placer) hide(at Location) {
	if len(p.hidden) == 0 {
		p.hiddenAt = at
	}
	if len(p.hidden) == 0 || p.hidden[len(p.hidden)-1] != at.Line {
		p.hidden = append(p.hidden, at.Line)
	}
}

// reportHidden says which rows hold hidden text.
func (p *placer) reportHidden() {
	if len(p.hidden) == 0 {
		return
	}
	p.b.problems.add(Problem{Kind: HiddenContent,
		Loc: p.hiddenAt,
		Message: lang.F("第 %[1]d 个表格的第 %[2]s 行含有隐藏文字；已一并读取。",
			"rows %[2]s of table %[1]d hold hidden text, which was read too", p.out.Number, ranges(p.hidden, strconv.Itoa)),
		Help: helpHidden})
}
