package grid

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"jixiaolint/schema/lang"
)

// sheetEvent is what a sheetScanner found.
type sheetEvent uint8

const (
	sheetEnd    sheetEvent = iota // the sheet is complete
	sheetBroken                   // the XML is broken or refused; see the scanner's fault
	sheetColumn                   // a range of columns with properties
	sheetRow                      // the beginning of a row
	sheetCell
	sheetMerge
)

// rawCell is a cell as the sheet's XML holds it.
type rawCell struct {
	ref, kind, style       string
	value, formula, inline string
	hasValue, hasFormula   bool
	hasInline              bool
	repeated               bool   // two values, texts or formulas, or a value and a text
	formulaKind            string // t of the f element: shared, array, dataTable
	shared                 string // si of the f element
	filled                 string // ref of the f element: the cells that an array fills
}

// sheetScanner reads the events of one worksheet part.
type sheetScanner struct {
	x       *xmlScanner
	section string // the child of the root being read: sheetData, cols, mergeCells

	cell   rawCell // of sheetCell
	ref    string  // of sheetRow and sheetMerge
	hidden bool    // of sheetRow and sheetColumn
	from   string  // of sheetColumn
	to     string
}

// next gives the next event. Elements at other places than the standard has them,
// or of other namespaces, are passed over, but checked to be well formed.
func (s *sheetScanner) next() sheetEvent {
	x := s.x
	for {
		if len(x.open) == 3 && s.section == "sheetData" && s.quickCell() {
			return sheetCell
		}
		switch x.next() {
		case xmlEOF:
			return sheetEnd
		case xmlBad:
			return sheetBroken
		case xmlEnd, xmlText:
			continue
		case xmlStart:
		}
		known := false
		if x.own {
			switch len(x.open) {
			case 1:
				if x.local != "worksheet" {
					x.fault = xmlFault(0, lang.T("不是工作表", "this is no worksheet"))
					return sheetBroken
				}
				known = true
			case 2:
				s.section = x.local
				known = s.section == "sheetData" || s.section == "cols" || s.section == "mergeCells"
			case 3:
				if e := s.item(); e != sheetEnd {
					return e
				}
			case 4:
				if s.section == "sheetData" && x.local == "c" {
					if !s.readCell() {
						return sheetBroken
					}
					return sheetCell
				}
			}
		}
		if !known && !x.skip() {
			return sheetBroken
		}
	}
}

// item reads an element that stands directly inside a section; sheetEnd means it is
// none of those looked for.
func (s *sheetScanner) item() sheetEvent {
	x := s.x
	switch {
	case s.section == "sheetData" && x.local == "row":
		s.ref = x.attr("r")
		s.hidden = xmlBool(x.attr("hidden")) || isZero(x.attr("ht"))
		return sheetRow
	case s.section == "cols" && x.local == "col":
		s.from, s.to = x.attr("min"), x.attr("max")
		s.hidden = xmlBool(x.attr("hidden")) || isZero(x.attr("width"))
		return sheetColumn
	case s.section == "mergeCells" && x.local == "mergeCell":
		s.ref = x.attr("ref")
		return sheetMerge
	}
	return sheetEnd
}

// isZero tells a height or width of nothing, which hides as well as hidden does.
func isZero(s string) bool { return s != "" && strings.Trim(s, "0.") == "" && s != "." }

// quickCell reads the next cell of a row if it has the form that nearly all have:
// <c r="B7" s="3" t="s"> with nothing but a plain value or text in it. All others it
// leaves to readCell, those that are wrong too.
func (s *sheetScanner) quickCell() bool {
	x := s.x
	start := x.pos
	if !x.simple(3) || !x.quickTag("<c") {
		return false
	}
	s.cell = rawCell{}
	if s.quickCellRest() {
		return true
	}
	x.pos = start
	return false
}

// quickCellRest reads what follows the name in the cell's tag.
func (s *sheetScanner) quickCellRest() bool {
	x, c := s.x, &s.cell
	for !x.quickTag(">") {
		if x.quickTag("/>") {
			return true
		}
		field := &c.ref
		switch {
		case x.quickTag(` r="`):
		case x.quickTag(` s="`):
			field = &c.style
		case x.quickTag(` t="`):
			field = &c.kind
		default:
			return false
		}
		value := x.quickValue()
		if *field != "" || value == "" || !x.quickTag(`"`) {
			return false
		}
		*field = value
	}
	if c.value, c.hasValue = x.quickContent("v"); !c.hasValue && x.quickTag("<is>") {
		if c.inline, c.hasInline = x.quickContent("t"); !c.hasInline || !x.quickTag("</is>") {
			return false
		}
	}
	return x.quickTag("</c>")
}

// readCell reads the cell whose start tag is current.
func (s *sheetScanner) readCell() bool {
	x := s.x
	c := &s.cell
	*c = rawCell{}
	for i := range x.attrs {
		switch a := &x.attrs[i]; a.name {
		case "r":
			c.ref = a.text()
		case "s":
			c.style = a.text()
		case "t":
			c.kind = a.text()
		}
	}
	for depth := len(x.open); ; {
		if v, ok := x.quickContent("v"); ok {
			c.repeated = c.repeated || c.hasValue || c.hasInline
			c.hasValue, c.value = true, v
			continue
		}
		switch x.next() {
		case xmlBad, xmlEOF:
			return false
		case xmlText:
		case xmlEnd:
			if len(x.open) < depth {
				return true
			}
		case xmlStart:
			var ok bool
			switch {
			case !x.own:
				ok = x.skip()
			case x.local == "v":
				c.repeated = c.repeated || c.hasValue || c.hasInline
				c.hasValue = true
				c.value, ok = x.content()
			case x.local == "f":
				c.repeated = c.repeated || c.hasFormula
				c.hasFormula = true
				c.formulaKind, c.shared, c.filled = x.attr("t"), x.attr("si"), x.attr("ref")
				c.formula, ok = x.content()
			case x.local == "is":
				c.repeated = c.repeated || c.hasValue || c.hasInline
				c.hasInline = true
				c.inline, ok = x.richText()
			default:
				ok = x.skip()
			}
			if !ok {
				return false
			}
		}
	}
}

// sheetBuilder makes a Table of the events of a sheet.
type sheetBuilder struct {
	*workbook
	table    *Table
	problems problemList

	row      *Row // the row being read
	rowShown bool // rows and cells of row are not hidden
	lastRow  int  // number of the last row element
	lastCol  int  // column of the last cell element in it
	topRow   int  // highest row stored

	index     map[int]*Row  // rows by number, made when rows are out of order
	unsorted  map[*Row]bool // rows whose cells are out of order
	disorder  bool          // rows or cells are out of order
	hiddenRow map[int]bool  // hidden rows that have cells
	hiddenCol []int         // by column, how many more hidden ranges hold it than its left neighbour
	merges    []merge
	formulas  map[string]sharedFormula
	stop      bool // a limit of the whole file was reached
}

// read reads the sheet's part and reports whether the whole file is done with.
func (b *sheetBuilder) read(r relationship, ok bool) bool {
	switch {
	case !ok:
		b.unreadable(&fault{lang.T("工作簿没有指明它的内容在哪个部件。", "the workbook does not say which part holds it"), helpRefetch})
		return false
	case r.external:
		b.unreadable(&fault{lang.T("它的内容在文件之外，出于安全原因不予读取。",
			"its content lies outside the file and is not read for safety"), helpSuspicious})
		return false
	case r.kind != "worksheet":
		b.unreadable(&fault{lang.F("不支持的工作表类型 %s。", "unsupported kind of sheet: %s", quote(r.kind)), helpResave})
		return false
	}
	text, f := b.archive.read(b.ctx, r.part())
	if f != nil {
		b.unreadable(f)
		return f == faultCancelled || b.archive.inflated > b.limits.UnzippedSize
	}
	b.xml.reset(text, b.limits)
	b.scan(&sheetScanner{x: b.xml})
	b.finish()
	return b.stop
}

// place is the location of the sheet.
func (b *sheetBuilder) place() Location {
	return Location{File: b.doc.File, Sheet: b.table.Name}
}

// cellPlace is the location of a cell; ref is its name if that is at hand.
func (b *sheetBuilder) cellPlace(row, col int, ref string) Location {
	if ref == "" {
		ref = CellName(col, row)
	}
	return Location{File: b.doc.File, Sheet: b.table.Name, Cell: ref, Line: row, Column: col}
}

// unreadable reports a fault of the sheet as a whole.
func (b *sheetBuilder) unreadable(f *fault) {
	read := lang.T("没有读到任何内容", "nothing of it was read")
	if b.lastRow > 0 {
		read = lang.F("只读到第 %d 行", "it was read up to row %d only", b.lastRow)
	}
	b.problems.add(Problem{Kind: Unreadable, Loc: b.place(), Row: b.row,
		Message: lang.F("工作表“%[1]s”没有读完整（%[3]s）：%[2]s", "the sheet “%[1]s” could not be read completely (%[3]s): %[2]s",
			quote(b.table.Name), f.message, read),
		Help: f.help})
}

// halt reports a limit that ends the reading of the sheet, or of the file.
func (b *sheetBuilder) halt(f *fault, file bool) bool {
	b.unreadable(f)
	b.stop = file
	return false
}

// scan reads all events.
func (b *sheetBuilder) scan(s *sheetScanner) {
	const checkEvery = 1024
	for n := 0; ; n++ {
		if n%checkEvery == 0 && b.ctx.Err() != nil {
			b.halt(faultCancelled, true)
			return
		}
		ok := true
		switch s.next() {
		case sheetEnd:
			return
		case sheetBroken:
			b.unreadable(s.x.fault)
			return
		case sheetColumn:
			b.column(s.from, s.to, s.hidden)
		case sheetRow:
			ok = b.beginRow(s.ref, s.hidden)
		case sheetCell:
			ok = b.addCell(&s.cell)
		case sheetMerge:
			ok = b.addMerge(s.ref)
		}
		if !ok {
			return
		}
	}
}

// column notes hidden columns.
func (b *sheetBuilder) column(from, to string, hidden bool) {
	lo, ok1 := parseIndex(from)
	hi, ok2 := parseIndex(to)
	if !hidden || !ok1 || !ok2 {
		return
	}
	if lo, hi = max(lo, 1), min(hi, b.limits.Columns); lo > hi {
		return
	}
	if b.hiddenCol == nil {
		b.hiddenCol = make([]int, b.limits.Columns+2)
	}
	b.hiddenCol[lo]++
	b.hiddenCol[hi+1]--
}

// parseIndex reads a non-negative integer of at most nine digits.
func parseIndex(s string) (int, bool) {
	if s == "" || len(s) > 9 {
		return 0, false
	}
	n := 0
	for i := range len(s) {
		c := s[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + int(c)
	}
	return n, true
}

// beginRow starts a row element; it reports whether reading goes on.
func (b *sheetBuilder) beginRow(ref string, hidden bool) bool {
	num := b.lastRow + 1
	if ref != "" {
		n, ok := parseIndex(ref)
		if !ok || n == 0 {
			b.problems.add(Problem{Kind: Unreadable, Loc: b.place(),
				Message: lang.F("第 %[2]d 行之后有一行的行号“%[1]s”无效，已按第 %[3]d 行读取。",
					"a row after row %[2]d has the invalid number “%[1]s”; it was read as row %[3]d", quote(ref), b.lastRow, num),
				Help: helpResave})
			n = num
		}
		num = n
	}
	if num > b.limits.Rows {
		return b.halt(&fault{lang.F("行号 %[1]d 超过上限 %[2]d，其余没有读取。",
			"row number %[1]d is above the limit of %[2]d; the rest was not read", num, b.limits.Rows), helpLimit}, false)
	}
	b.row = nil
	if num <= b.lastRow {
		b.outOfOrder(b.cellPlace(num, 1, ""))
	}
	b.lastRow, b.lastCol = num, 0
	b.rowShown = !hidden
	return true
}

// outOfOrder reports the first place of the sheet that breaks the order.
func (b *sheetBuilder) outOfOrder(loc Location) {
	if b.disorder {
		return
	}
	b.disorder = true
	b.problems.add(Problem{Kind: Disorder, Loc: loc, Row: b.row,
		Message: lang.T("从此处起，行或单元格在文件中没有按顺序存放，或行号与单元格不符；已按单元格自己的位置读取。",
			"from here on rows or cells are stored out of order, or row numbers do not agree with cells; each cell was read at its own reference"),
		Help: lang.T("在 Excel 或 WPS 中打开并重新保存即可恢复正常。", "Opening and saving the file in Excel or WPS puts it right.")})
}

// rowAt gives the row with number num, making it if need be.
func (b *sheetBuilder) rowAt(num int) *Row {
	if b.row != nil && b.row.Num == num {
		return b.row
	}
	if num <= b.topRow {
		if b.index == nil {
			b.index = make(map[int]*Row, len(b.table.Rows))
			for _, r := range b.table.Rows {
				b.index[r.Num] = r
			}
		}
		if r := b.index[num]; r != nil {
			return r
		}
		b.disorder = true
	}
	const usual = 8 // cells of a row, more or less
	hint := usual
	if n := len(b.table.Rows); n > 0 {
		hint = max(hint, len(b.table.Rows[n-1].Cells))
	}
	r := b.slabs.row()
	r.Num, r.Cells = num, b.slabs.list(hint, b.cells)
	b.table.Rows = append(b.table.Rows, r)
	b.topRow = max(b.topRow, num)
	if b.index != nil {
		b.index[num] = r
	}
	return r
}

// addCell reads a cell; it reports whether reading goes on.
func (b *sheetBuilder) addCell(raw *rawCell) bool {
	row, col, name := b.lastRow, b.lastCol+1, ""
	if raw.ref != "" {
		c, r, ok := parseRef(raw.ref)
		if !ok {
			b.problems.add(Problem{Kind: Unreadable, Loc: b.place(), Row: b.row,
				Message: lang.F("第 %[2]d 行有一个单元格的位置“%[1]s”无效，其内容没有读取。",
					"a cell in row %[2]d has the invalid reference “%[1]s”; it was not read", quote(raw.ref), b.lastRow),
				Help: helpResave})
			return true
		}
		row, col = r, c
		if isUpper(raw.ref) {
			name = raw.ref // as CellName would write it, without writing it
		}
	}
	if row > b.limits.Rows || col > b.limits.Columns {
		return b.halt(&fault{lang.F("单元格 %[1]s 超出上限（%[2]d 行、%[3]d 列），其余没有读取。",
			"cell %[1]s is beyond the limit of %[2]d rows and %[3]d columns; the rest was not read",
			CellName(col, row), b.limits.Rows, b.limits.Columns), helpLimit}, false)
	}
	ordered := col > b.lastCol && row == b.lastRow
	if !ordered {
		b.outOfOrder(b.cellPlace(row, col, name))
	}
	if row == b.lastRow {
		b.lastCol = max(b.lastCol, col)
	}
	var v cellValue
	if !b.value(raw, row, col, &v) {
		return false
	}
	if v.typ == Blank && !raw.hasFormula {
		return b.report(&v, row, col, name, nil)
	}
	if b.cells == b.limits.Cells {
		return b.halt(&fault{lang.F("有内容的单元格超过 %d 个，其余没有读取。",
			"more than %d cells have content; the rest was not read", b.limits.Cells), helpLimit}, true)
	}
	r := b.rowAt(row)
	if row == b.lastRow {
		b.row = r
		if !b.rowShown {
			b.hideRow(row)
		}
	}
	c := b.slabs.cell(b.cells)
	b.cells++
	c.Row, c.Col, c.Rows, c.Cols = row, col, 1, 1
	c.Text, c.Type, c.NumFmt = v.text, v.typ, v.format
	if v.raw != v.text {
		c.Raw = v.raw
	}
	c.Formula = v.formula
	if name == "" {
		name = CellName(col, row)
	}
	c.Loc.File, c.Loc.Sheet, c.Loc.Cell = b.doc.File, b.table.Name, name
	c.Loc.Line, c.Loc.Column = row, col
	if n := len(r.Cells); n > 0 && r.Cells[n-1].Col >= col {
		b.markUnsorted(r)
	}
	r.Cells = append(r.Cells, c)
	return b.report(&v, row, col, name, r)
}

func (b *sheetBuilder) hideRow(num int) {
	if b.hiddenRow == nil {
		b.hiddenRow = make(map[int]bool)
	}
	b.hiddenRow[num] = true
}

func (b *sheetBuilder) markUnsorted(r *Row) {
	if b.unsorted == nil {
		b.unsorted = make(map[*Row]bool)
	}
	b.unsorted[r] = true
}

// report adds the problem found in a value, if any, and goes on.
func (b *sheetBuilder) report(v *cellValue, row, col int, name string, r *Row) bool {
	if v.problem != nil {
		b.problems.add(Problem{Kind: v.kind, Loc: b.cellPlace(row, col, name), Row: r,
			Message: v.problem.message, Help: v.problem.help})
	}
	return true
}

// cellValue is what a cell stores and shows, and what is wrong with it.
type cellValue struct {
	typ       Type
	text, raw string
	format    string
	formula   string
	problem   *fault
	kind      ProblemKind
}

// bad notes a problem; the first one of a cell counts.
func (v *cellValue) bad(kind ProblemKind, message, help lang.Text) {
	if v.problem == nil {
		v.kind, v.problem = kind, &fault{message, help}
	}
}

// value works out a cell's value; it reports whether reading goes on.
func (b *sheetBuilder) value(raw *rawCell, row, col int, v *cellValue) bool {
	nf, ok := b.styles.format(raw.style)
	v.format = nf.code
	if raw.repeated {
		v.bad(BadCell, lang.T("单元格在文件中存有不止一个值或公式，无法得知以哪个为准。",
			"the file stores more than one value or formula for the cell, so it is unknown which one holds"), helpSuspicious)
	}
	if raw.hasFormula {
		if f := b.formula(raw, row, col, v); f != nil {
			return b.halt(f, true)
		}
	}
	stored := raw.value
	kind := raw.kind
	if raw.hasInline && !raw.hasValue {
		stored, kind = raw.inline, "inlineStr"
	}
	if stored == "" && kind != "str" && kind != "inlineStr" || !raw.hasValue && !raw.hasInline {
		if raw.hasFormula {
			v.bad(BadCell,
				lang.F("公式没有保存计算结果：=%s", "the formula has no stored result: =%s", quote(v.formula)),
				lang.T("请在 Excel 或 WPS 中打开文件，待其重新计算后保存，再提交。",
					"Open the file in Excel or WPS, let it recalculate, save it, and submit it again."))
		}
		return true
	}
	switch kind {
	case "", "n":
		v.number(stored, nf, b.date1904)
		if !ok {
			v.bad(BadCell, lang.F("单元格的样式编号“%s”不存在，无法得知数字的显示格式。",
				"the cell's style “%s” does not exist, so it is unknown how its number is shown", quote(raw.style)), helpResave)
		}
	case "s":
		b.sharedString(stored, v)
	case "str", "inlineStr":
		v.setText(unescapeXString(stored))
	case "b":
		v.boolean(stored)
	case "e":
		v.typ, v.raw, v.text = Error, stored, stored
		v.bad(BadCell, lang.F("单元格的值是错误值 %s。", "the cell holds the error value %s", quote(stored)),
			lang.T("请修正公式或直接填写正确的值。", "Correct the formula, or type in the right value."))
	case "d":
		v.typ, v.raw, v.text = String, stored, nf.isoDate(stored)
		b.doc.Entangled = true // to formulas it is the number of a day
	default:
		v.setText(stored)
		v.bad(BadCell, lang.F("单元格的数据类型“%s”未知，已按文本读取。",
			"the cell has the unknown data type “%s”; it was read as text", quote(kind)), helpResave)
	}
	if v.typ == String {
		v.shown(nf, b.limits.TextLength)
		if v.raw == "" && !raw.hasFormula {
			v.typ = Blank // an empty text shows and says nothing
		}
	}
	if len(v.text) > b.limits.TextLength {
		v.text = cutText(v.text, b.limits.TextLength)
		v.raw = cutText(v.raw, b.limits.TextLength)
		v.bad(Unreadable, lang.F("单元格文字超过 %d 字节，其余没有读取。",
			"the cell's text is longer than %d bytes; the rest was not read", b.limits.TextLength), helpLimit)
	}
	// A text shared by many cells costs the file nothing, but all that works on cells.
	if b.text += int64(len(v.text)); b.text > b.limits.AllText {
		return b.halt(&fault{lang.F("单元格文字总计超过 %d 字节，其余没有读取。",
			"the texts of the cells take more than %d bytes in all; the rest was not read", b.limits.AllText), helpLimit}, true)
	}
	if v.text != v.raw && !b.derive(len(v.text)) {
		return b.halt(b.tooMuchText(), true)
	}
	return true
}

func (b *sheetBuilder) tooMuchText() *fault {
	return &fault{lang.F("显示文字和公式总计超过 %d 字节，其余没有读取。",
		"shown texts and formulas take more than %d bytes in all; the rest was not read", b.limits.UnzippedSize), helpLimit}
}

// cutText shortens s to at most n bytes without cutting a character.
func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] // no copy: many cells may share the text
}

func (v *cellValue) setText(s string) { v.typ, v.raw, v.text = String, s, s }

// shown passes a text through the text section of its number format.
func (v *cellValue) shown(nf *numberFormat, limit int) {
	if len(v.text) <= limit && v.text == v.raw {
		v.text = nf.text(v.text)
	}
}

// number reads a stored number and shows it under its format.
func (v *cellValue) number(stored string, nf *numberFormat, date1904 bool) {
	v.raw = stored
	text, ok := nf.number(stored, date1904)
	if !ok {
		v.typ, v.text = String, stored
		v.bad(BadCell, lang.F("单元格存储的“%s”不是数字。", "the cell stores “%s”, which is not a number", quote(stored)),
			lang.T("请重新填写该单元格。", "Type the cell's value again."))
		return
	}
	v.typ, v.text = Number, text
}

func (v *cellValue) boolean(stored string) {
	v.typ, v.raw = Bool, stored
	switch stored {
	case "1", "true":
		v.text = "TRUE"
	case "0", "false":
		v.text = "FALSE"
	default:
		v.setText(stored)
		v.bad(BadCell, lang.F("单元格存储的“%s”不是逻辑值。", "the cell stores “%s”, which is no truth value", quote(stored)),
			lang.T("请重新填写该单元格。", "Type the cell's value again."))
	}
}

// sharedString looks up a text in the string table.
func (b *sheetBuilder) sharedString(stored string, v *cellValue) {
	i, ok := parseIndex(strings.Trim(stored, " \t\r\n"))
	if !ok || i >= len(b.strings) {
		v.typ, v.raw = Error, stored
		v.bad(BadCell, lang.F("单元格引用的共享字符串 %[1]s 不存在（共 %[2]d 个），内容丢失。",
			"the cell refers to shared string %[1]s, which does not exist (there are %[2]d); its text is lost", quote(stored), len(b.strings)), helpResave)
		return
	}
	v.setText(b.strings[i])
}

// parseRef reads a cell reference such as B7; lower case is accepted.
func parseRef(s string) (col, row int, ok bool) {
	i := 0
	for ; i < len(s) && i < 4; i++ {
		c := s[i] | 0x20
		if c < 'a' || c > 'z' {
			break
		}
		col = col*26 + int(c-'a') + 1
	}
	if i == 0 || i == 4 || i == len(s) || s[i] == '0' {
		return 0, 0, false
	}
	row, ok = parseIndex(s[i:])
	return col, row, ok
}

// isUpper reports whether a valid cell reference has capital letters only.
func isUpper(ref string) bool {
	i := 0
	for 'A' <= ref[i] && ref[i] <= 'Z' {
		i++
	}
	return ref[i] <= '9'
}

// finish puts rows and cells in order, applies merges and marks what is hidden.
func (b *sheetBuilder) finish() {
	if b.disorder || b.unsorted != nil {
		b.sortCells()
	}
	if len(b.merges) > 0 {
		b.applyMerges()
	}
	b.markHidden()
}

// markHidden marks the hidden cells and says which rows and columns hid them.
func (b *sheetBuilder) markHidden() {
	if b.table.Hidden {
		for _, r := range b.table.Rows {
			for _, c := range r.Cells {
				c.Hidden = true
			}
		}
		if len(b.table.Rows) > 0 {
			b.problems.add(Problem{Kind: HiddenContent, Loc: b.place(),
				Message: lang.F("工作表“%s”是隐藏的，但含有内容；已一并读取。",
					"the sheet “%s” is hidden but has content, which was read too", quote(b.table.Name)),
				Help: lang.T("提交前请取消隐藏，或删除不属于自评表的内容。",
					"Show it before submitting, or delete what does not belong to the form.")})
		}
		return
	}
	if b.hiddenRow == nil && b.hiddenCol == nil {
		return
	}
	var rows, cols []int
	for c := 1; c < len(b.hiddenCol); c++ {
		b.hiddenCol[c] += b.hiddenCol[c-1]
	}
	seen := make([]bool, len(b.hiddenCol))
	for _, r := range b.table.Rows {
		if b.hiddenRow[r.Num] {
			rows = append(rows, r.Num)
		}
		for _, c := range r.Cells {
			inCol := b.hiddenCol != nil && b.hiddenCol[c.Col] > 0
			c.Hidden = inCol || b.hiddenRow[r.Num]
			if inCol {
				seen[c.Col] = true
			}
		}
	}
	for c, s := range seen {
		if s {
			cols = append(cols, c)
		}
	}
	b.reportHidden(rows, cols)
}

func (b *sheetBuilder) reportHidden(rows, cols []int) {
	if len(rows)+len(cols) == 0 {
		return
	}
	var zh, en []string
	if len(rows) > 0 {
		list := ranges(rows, strconv.Itoa)
		zh, en = append(zh, "第 "+list+" 行"), append(en, "rows "+list)
	}
	if len(cols) > 0 {
		list := ranges(cols, ColumnName)
		zh, en = append(zh, "第 "+list+" 列"), append(en, "columns "+list)
	}
	where := lang.T(strings.Join(zh, "、"), strings.Join(en, " and "))
	b.problems.add(Problem{Kind: HiddenContent, Loc: b.place(),
		Message: lang.F("工作表“%[1]s”中隐藏的%[2]s含有内容；已一并读取。",
			"hidden %[2]s of the sheet “%[1]s” have content, which was read too", quote(b.table.Name), where),
		Help: lang.T("提交前请取消隐藏，或删除其中不需要的内容。",
			"Show them before submitting, or delete what is not needed.")})
}

// ranges writes sorted numbers shortly: 3, 5-7, 9, with an … after some of them.
func ranges(nums []int, name func(int) string) string {
	const most = 12
	var b strings.Builder
	for i, n := 0, 0; i < len(nums); n++ {
		j := i
		for j+1 < len(nums) && nums[j+1] == nums[j]+1 {
			j++
		}
		if n > 0 {
			b.WriteString(", ")
		}
		if n == most {
			b.WriteString("…")
			break
		}
		b.WriteString(name(nums[i]))
		if j > i {
			b.WriteString("-" + name(nums[j]))
		}
		i = j + 1
	}
	return b.String()
}
