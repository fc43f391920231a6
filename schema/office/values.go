package office

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// Value is new content for a cell of a workbook.
type Value struct {
	// At is the place: Sheet, Line and Column.
	At grid.Location
	// Text is what the cell is to show. It is stored as text if Number is empty, or if
	// the cell is formatted as text, unless WasNumber says that it holds a number all the
	// same, as one does that was there before the format.
	Text string
	// Number is the number to be stored, under the number format Format, or, if that is
	// empty, under that of the cell.
	Number, Format string
	WasNumber      bool
	// Result stores the value as the result of the cell's formula, which stays, as does
	// the kind of the result. Format does not count.
	Result bool
}

// ValueOptions say how values are set.
type ValueOptions struct {
	// Formula gives the formula of a cell, as package grid reads it.
	Formula func(at grid.Location) string
	// Recalculate makes programs compute all formulas when they open the workbook.
	Recalculate bool
}

// SetValues gives a workbook with the values stored in their cells. The cells keep their
// styles, and text keeps the formatting of its parts where it does not change; a formula
// gives way to the value. Nothing else changes, but for what has to: a style is added for
// a number format that no other style has, and the list of the order in which formulas
// are computed, which programs make anew, goes when it names a cell without one.
//
// A value that is refused has a reason in why, in the order of values; the others have
// zero texts.
func SetValues(ctx context.Context, data []byte, values []Value, opts ValueOptions) (out []byte, why []lang.Text, err error) {
	defer recovered(&err)
	p, err := open(ctx, data)
	if err != nil {
		return nil, nil, err
	}
	w := &workbook{pack: p}
	if err := w.read(); err != nil {
		return nil, nil, err
	}
	if signed, err := p.signed(); signed || err != nil {
		return data, slices.Repeat([]lang.Text{whySigned}, len(values)), err
	}
	v := &valueEdit{workbook: w, opts: opts, why: make([]lang.Text, len(values))}
	for i := range w.sheets {
		s := &w.sheets[i]
		if slices.ContainsFunc(w.sheets[:i], func(o sheetRef) bool { return o.name == s.name || o.part == s.part }) {
			continue
		}
		if err := v.sheet(s, values); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", s.part, err)
		}
	}
	if err := v.finish(); err != nil {
		return nil, nil, err
	}
	out, err = p.zipped()
	return out, v.why, err
}

// valueEdit sets values in a workbook.
type valueEdit struct {
	*workbook
	opts ValueOptions
	why  []lang.Text
	// unchained is set once a formula was removed.
	unchained bool
	// rich holds where the formatted strings of the workbook stand in its string table,
	// by number; nil before they are asked for.
	rich    map[int][2]int
	strings []byte
}

// cellValue is a value with its number in the order of values.
type cellValue struct {
	Value
	number int
	edit   *valueEdit
}

var (
	whyArray = lang.T("这一格属于数组公式或模拟运算表，不能单独修改；请在 Excel 或 WPS 中修改",
		"the cell belongs to an array formula or a data table and cannot be changed alone; change it in Excel or WPS")
	whyHeader = lang.T("这一格是“表格”（Ctrl+T）的列标题，须与表格定义一致，没有修改；请在 Excel 或 WPS 中修改",
		"the cell is a heading of an Excel table, which has to agree with the table's definition, so it was not changed; change it in Excel or WPS")
	whySigned = lang.T("文件带有数字签名，修改会使签名失效，没有修改；请修改签名前的文件",
		"the file is digitally signed and a change would break the signature, so it was not changed; change the file as it was before it was signed")
	whyResult = lang.T("这一格没有存下公式的结果，或结果的类型不同，没有修改；请用 Excel 或 WPS 打开并保存",
		"the cell stores no result of its formula, or one of another kind, so it was not changed; open and save the file in Excel or WPS")
	whyProtected = lang.T("工作表受保护，这一格是锁定的，没有修改；请先在 Excel 或 WPS 中撤销工作表保护",
		"the sheet is protected and the cell locked, so it was not changed; unprotect the sheet in Excel or WPS first")
	whyShared = lang.T("其他单元格共用这一格的公式，不能单独修改；请在 Excel 或 WPS 中修改",
		"other cells share the formula of this one, so it cannot be changed alone; change it in Excel or WPS")
)

// sheet sets the values of one sheet.
func (v *valueEdit) sheet(s *sheetRef, values []Value) error {
	wanted := map[place]*cellValue{}
	for i, value := range values {
		if value.At.Sheet == s.name {
			wanted[place{value.At.Line, value.At.Column}] = &cellValue{value, i, v}
		}
	}
	if len(wanted) == 0 || s.part == "" || !v.has(s.part) {
		return nil
	}
	src, err := v.pack.read(s.part)
	if err != nil {
		return err
	}
	e := v.newSheetEdit(src)
	f := &formulaEdit{sheetEdit: e, edit: v, sheet: s.name, wanted: wanted, styles: map[place]int{}}
	if err := scan(src, f.look); err != nil {
		return err
	}
	e.row, e.col = 0, 0
	if err := v.spareHeaders(s.part, wanted); err != nil {
		return err
	}
	if err := f.spareLocked(wanted); err != nil {
		return err
	}
	f.release(wanted) // of the values that are left
	e.values = wanted
	for p := range wanted {
		e.wanted = append(e.wanted, p)
	}
	if len(wanted) == 0 {
		return nil
	}
	if err := e.survey(); err != nil {
		return err
	}
	change := &valueChange{sheetEdit: e, edit: v}
	if err := scan(src, change.visit); err != nil {
		return err
	}
	v.set(s.part, e.bytes())
	return nil
}

// spareHeaders refuses the values of cells that name the columns of a table.
func (v *valueEdit) spareHeaders(part string, wanted map[place]*cellValue) error {
	rels, err := v.relations(part)
	if err != nil {
		return err
	}
	for _, r := range rels {
		if r.kind != "table" || !v.has(r.target) {
			continue
		}
		src, err := v.pack.read(r.target)
		if err != nil {
			return err
		}
		if err := scan(src, func(t *tag, _ []string) error {
			if t.depth != 1 || t.end || t.attr("headerRowCount") == "0" {
				return nil
			}
			first, last, _ := strings.Cut(t.attr("ref"), ":")
			from, ok1 := parsePlace(first)
			to, ok2 := parsePlace(last)
			for p, value := range wanted {
				if ok1 && ok2 && p.row == from.row && from.col <= p.col && p.col <= to.col {
					v.why[value.number] = whyHeader
					delete(wanted, p)
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// finish changes the parts that the values of all sheets have in common.
func (v *valueEdit) finish() error {
	if v.styles != nil && v.styles.changed() {
		v.set(v.stylesPart, v.styles.bytes())
	}
	if chain := partOf(v.rels, "calcChain"); v.unchained && chain != "" && v.has(chain) {
		if err := v.drop(chain, v.part); err != nil {
			return err
		}
	}
	if v.opts.Recalculate {
		return v.recalculate()
	}
	return nil
}

// recalculate has all formulas computed when the workbook is opened.
func (v *valueEdit) recalculate() error {
	l := &patch{src: v.list.src}
	at, prefix, done := -1, "", false
	err := scan(l.src, func(t *tag, _ []string) error {
		switch {
		case t.depth == 1:
			prefix = t.prefix
		case t.depth == 2 && t.local == "calcPr" && !t.end && !done:
			l.replace(t.from, t.to, setAttr(string(l.src[t.from:t.to]), "fullCalcOnLoad", "1"))
			done = true
		case t.depth == 2 && t.end && slices.Contains([]string{"sheets", "functionGroups", "externalReferences", "definedNames"}, t.local):
			at = t.to
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !done {
		l.insert(at, prefixed(`<calcPr fullCalcOnLoad="1"/>`, prefix))
	}
	v.set(v.part, l.bytes())
	return nil
}

// formulaEdit looks after the formulas that others depend on.
type formulaEdit struct {
	*sheetEdit
	edit  *valueEdit
	sheet string
	open  *formula
	// arrays are the formulas that fill several cells, shared those that several cells
	// have, in the order of the sheet.
	arrays []formula
	shared []formula
	owned  map[place]bool // the cells that have a formula
	// protected is set for a sheet whose locked cells must not be changed; styles are the
	// styles of the wanted cells that it stores.
	protected bool
	wanted    map[place]*cellValue
	styles    map[place]int
}

// formula is the formula of a cell.
type formula struct {
	at       place
	tag      *tag
	end      int // of the element
	text     bool
	si       string
	from, to place // of an array
}

// look notes the formulas of a sheet.
func (f *formulaEdit) look(t *tag, open []string) error {
	f.position(t, open)
	switch {
	case t.depth == 1:
		f.prefix = t.prefix
	case t.depth == 2 && t.local == "sheetProtection" && !t.end:
		f.protected = t.attr("sheet") == "1" || t.attr("sheet") == "true"
	case t.depth == 4 && t.local == "c" && !t.end && open[1] == "sheetData":
		if at := (place{f.row, f.col}); f.wanted[at] != nil {
			f.styles[at], _ = strconv.Atoi(t.attr("s"))
		}
	}
	if t.depth != 5 || t.local != "f" || t.prefix != f.prefix || open[1] != "sheetData" {
		return nil
	}
	if !t.end {
		f.open = &formula{at: place{f.row, f.col}, tag: t, si: t.attr("si")}
		return nil
	}
	if f.open == nil {
		return nil
	}
	o := f.open
	f.open = nil
	o.text, o.end = t.from > o.tag.to, max(t.to, o.tag.to)
	if f.owned == nil {
		f.owned = map[place]bool{}
	}
	f.owned[o.at] = true
	switch o.tag.attr("t") {
	case "shared":
		f.shared = append(f.shared, *o)
	case "array", "dataTable":
		first, last, two := strings.Cut(o.tag.attr("ref"), ":")
		if !two {
			last = first
		}
		var ok1, ok2 bool
		o.from, ok1 = parsePlace(first)
		o.to, ok2 = parsePlace(last)
		if !ok1 || !ok2 {
			o.from, o.to = place{}, place{1 << 30, 1 << 30}
		}
		if o.from != o.to {
			f.arrays = append(f.arrays, *o)
		}
	}
	return nil
}

// release refuses the values of cells whose formulas fill other cells, and hands shared
// formulas over to the next of the cells that have them.
func (f *formulaEdit) release(wanted map[place]*cellValue) {
	for p, v := range wanted {
		// What fills several cells is not computed, so no result on the sheet is certain.
		if slices.ContainsFunc(f.arrays, func(a formula) bool {
			return v.Result || a.from.row <= p.row && p.row <= a.to.row && a.from.col <= p.col && p.col <= a.to.col
		}) {
			f.edit.why[v.number] = whyArray
			delete(wanted, p)
		}
	}
	for i, owner := range f.shared {
		v := wanted[owner.at]
		if v == nil || v.Result || !owner.text {
			continue
		}
		for _, heir := range f.shared[i+1:] {
			if heir.si != owner.si || wanted[heir.at] != nil {
				continue
			}
			if heir.text {
				break
			}
			text := f.edit.opts.Formula(grid.Location{Sheet: f.sheet, Line: heir.at.row, Column: heir.at.col})
			if text == "" {
				f.edit.why[v.number] = whyShared
				delete(wanted, owner.at)
				break
			}
			start := setAttr(string(f.src[heir.tag.from:heir.tag.to]), "ref", owner.tag.attr("ref"))
			if heir.tag.empty {
				start = opened([]byte(start))
			}
			f.replace(heir.tag.from, heir.end, start+escape(text)+"</"+heir.tag.name("f")+">")
			break
		}
	}
	for p, v := range wanted {
		f.edit.unchained = f.edit.unchained || f.owned[p] && !v.Result
	}
}

// spareLocked refuses the values of locked cells in a protected sheet: somebody meant them
// to stay. A cell is locked unless its style says otherwise. Results of formulas change
// in locked cells too, as they do when somebody types.
func (f *formulaEdit) spareLocked(wanted map[place]*cellValue) error {
	if !f.protected {
		return nil
	}
	if f.edit.styles == nil {
		if err := f.edit.readStyles(); err != nil {
			return err
		}
	}
	for p, v := range wanted {
		if style, stored := f.styles[p]; !v.Result && (!stored || f.edit.styles.locked(style)) {
			f.edit.why[v.number] = whyProtected
			delete(wanted, p)
		}
	}
	return nil
}

// valueChange writes the values of a sheet.
type valueChange struct {
	*sheetEdit
	edit *valueEdit
	// cell is the start tag of a cell that is changed, value what comes into it, and
	// content its children so far.
	cell    *tag
	value   *cellValue
	content []element
	done    map[place]bool
}

// element is a child of a cell.
type element struct {
	local    string
	start    *tag
	from, to int
	inner    string
}

func (c *valueChange) visit(t *tag, open []string) error {
	if err := c.change(t, open); err != nil || len(open) < 3 || open[1] != "sheetData" {
		return err
	}
	switch at := (place{c.row, c.col}); {
	case t.depth == 4 && t.local == "c" && !t.end:
		c.cell, c.value, c.content = t, c.values[at], nil
		if c.value == nil {
			c.cell = nil
		} else if c.done[at] {
			return errors.New("a cell is stored twice")
		}
		if c.done == nil {
			c.done = map[place]bool{}
		}
		c.done[at] = true
	case c.cell == nil:
	case t.depth == 5 && !t.end:
		c.content = append(c.content, element{local: t.local, start: t, from: t.from})
	case t.depth == 5:
		e := &c.content[len(c.content)-1]
		e.to = max(t.to, e.start.to)
		e.inner = string(c.src[e.start.to:max(t.from, e.start.to)])
	case t.depth == 4 && t.end:
		err := c.write()
		c.cell = nil
		return err
	}
	return nil
}

// writeResult changes the result of the formula of the cell that has just ended.
func (c *valueChange) writeResult() {
	kind, value := c.cell.attr("t"), c.value
	fits := kind == "str" && value.Number == "" || (kind == "" || kind == "n") && value.Number != ""
	n := slices.IndexFunc(c.content, func(e element) bool { return e.local == "v" && e.start.prefix == c.prefix })
	if !fits || n < 0 || c.content[n].start.empty {
		c.edit.why[value.number] = whyResult
		return
	}
	from := c.content[n].start.to
	c.replace(from, from+len(c.content[n].inner), cellText(cmp.Or(value.Number, value.Text)))
}

// write changes the cell that has just ended.
func (c *valueChange) write() error {
	if c.value.Result {
		c.writeResult()
		return nil
	}
	start := string(c.src[c.cell.from:c.cell.to])
	style, _ := strconv.Atoi(c.cell.attr("s"))
	content, kind, style2, err := c.value.stored(c.sheetEdit, style, c.richText())
	if err != nil {
		return err
	}
	for _, name := range []string{"t", "cm", "vm"} {
		if c.cell.attr(name) != "" && (name != "t" || kind == "") {
			start = withoutAttr(start, name)
		}
	}
	if style2 != style {
		start = setAttr(start, "s", strconv.Itoa(style2))
	}
	if kind != "" {
		start = setAttr(start, "t", kind)
	}
	if c.cell.empty {
		if content != "" {
			start = opened([]byte(start)) + content + "</" + c.cell.name("c") + ">"
		}
		c.replace(c.cell.from, c.cell.to, start)
		return nil
	}
	c.replace(c.cell.from, c.cell.to, start+content)
	for _, e := range c.content {
		if e.start.prefix == c.prefix && (e.local == "f" || e.local == "v" || e.local == "is") {
			c.replace(e.from, e.to, "")
		}
	}
	return nil
}

// stored gives what a cell of a style holds for the value: its content, type and style.
// rich is the content if it is formatted text.
func (v *cellValue) stored(e *sheetEdit, style int, rich string) (content, kind string, style2 int, err error) {
	isText := v.Number == ""
	if !isText && v.Format != "" {
		if style, isText, err = v.format(e.w, style); err != nil {
			return "", "", style, err
		}
	}
	switch {
	case !isText:
		return prefixed("<v>", e.prefix) + escape(v.Number) + prefixed("</v>", e.prefix), "", style, nil
	case v.Text == "":
		return "", "", style, nil
	case rich != "":
		return rich, "inlineStr", style, nil
	}
	return prefixed("<is>", e.prefix) + textElement(e.prefix, v.Text) + prefixed("</is>", e.prefix), "inlineStr", style, nil
}

// format gives the style under which a cell of a style shows the number, and whether the
// cell is one for text.
func (v *cellValue) format(w *workbook, style int) (style2 int, isText bool, err error) {
	if w.styles == nil {
		if err := w.readStyles(); err != nil {
			return style, false, err
		}
	}
	const general, text = 0, 49
	switch current := w.styles.numberFormat(style); {
	case current == text && !v.WasNumber:
		return style, true, nil
	case current == general:
		if shown, ok := grid.ShowNumber(v.Number, "", false); ok && shown == v.Text {
			return style, false, nil
		}
	}
	style, err = w.styles.numbered(style, v.Format)
	return style, false, err
}

// textElement gives the element of a text in a workbook.
func textElement(prefix, text string) string {
	start := "<t>"
	if strings.TrimSpace(text) != text || strings.Contains(text, "\n") {
		start = `<t xml:space="preserve">`
	}
	return prefixed(start, prefix) + cellText(text) + prefixed("</t>", prefix)
}

// newCell gives the cell for a value where the sheet stores none.
func (v *cellValue) newCell(e *sheetEdit, p place, style int) (string, error) {
	content, kind, style, err := v.stored(e, style, "")
	if kind != "" {
		kind = ` t="` + kind + `"`
	}
	head := prefixed("<c ", e.prefix) + fmt.Sprintf(`r="%s" s="%d"%s>`, grid.CellName(p.col, p.row), style, kind)
	return head + content + prefixed("</c>", e.prefix), err
}

// richText gives the new content of the cell as formatted text, if it held some.
func (c *valueChange) richText() string {
	for _, e := range c.content {
		switch {
		case e.start.prefix != c.prefix:
		case e.local == "is":
			return formatted(string(c.src[e.from:e.to]), c.prefix, c.value.Text)
		case e.local == "v" && c.cell.attr("t") == "s":
			n, err := strconv.Atoi(strings.TrimSpace(e.inner))
			if err != nil {
				return ""
			}
			return formatted(c.edit.richString(n), c.prefix, c.value.Text)
		}
	}
	return ""
}

// richString gives a string of the table as it is written, if parts of it are formatted.
func (v *valueEdit) richString(n int) string {
	if v.rich == nil {
		v.rich = map[int][2]int{}
		part := partOf(v.rels, "sharedStrings")
		src, err := v.pack.read(part)
		if part == "" || err != nil {
			return ""
		}
		v.strings = src
		item, from, isRich := -1, 0, false
		if scan(src, func(t *tag, _ []string) error {
			switch {
			case t.depth == 2 && t.local == "si" && !t.end:
				item++
				from, isRich = t.from, false
			case t.depth == 3 && t.local == "r":
				isRich = true
			case t.depth == 2 && t.local == "si" && isRich:
				v.rich[item] = [2]int{from, t.to}
			}
			return nil
		}) != nil {
			v.rich = map[int][2]int{}
		}
	}
	at := v.rich[n]
	return string(v.strings[at[0]:at[1]])
}

// formatted gives the text of a string item changed, with the formatting of its parts;
// empty if it has none, or one that is unusual.
func formatted(item, prefix, text string) string {
	if item == "" || text == "" {
		return ""
	}
	type run struct {
		from, to         int // of the element
		textFrom, textTo int // of its text element
		text             string
	}
	var runs []run
	var inText *tag
	unusual := false
	err := scan([]byte(item), func(t *tag, open []string) error {
		unusual = unusual || t.prefix != prefix
		switch {
		case t.depth == 2 && t.local == "r" && !t.end:
			runs = append(runs, run{from: t.from})
		case t.depth == 2 && t.local == "r":
			runs[len(runs)-1].to = t.to
		case t.depth == 2 && t.local == "t":
			unusual = true
		case t.depth == 3 && t.local == "t" && open[1] == "r":
			if !t.end {
				inText = t
				break
			}
			r := &runs[len(runs)-1]
			words, ok := elementText(item[inText.to:max(t.from, inText.to)])
			unusual = unusual || !ok || r.textTo > 0 || strings.Contains(words, "_x")
			r.textFrom, r.textTo, r.text = inText.from, max(t.to, inText.to), words
		}
		return nil
	})
	if err != nil || unusual || len(runs) == 0 {
		return ""
	}
	pieces := make([]piece, len(runs))
	for i, r := range runs {
		pieces[i] = piece{r.text, r.textTo == 0}
	}
	texts, ok := retext(pieces, text)
	if !ok {
		return ""
	}
	var b strings.Builder
	b.WriteString(prefixed("<is>", prefix))
	for i, r := range runs {
		if texts[i] != "" {
			b.WriteString(item[r.from:r.textFrom] + textElement(prefix, texts[i]) + item[r.textTo:r.to])
		}
	}
	b.WriteString(prefixed("</is>", prefix))
	return b.String()
}
