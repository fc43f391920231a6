// Package export writes forms out again: as a workbook in the official layout of
// 项目支出绩效自评表, and as tab-separated text of the same layout.
//
// A form is first laid out as a page of boxes, each with the range it is merged
// over; the writers only turn boxes into what their format has for them. So all
// formats show the same table, and the place of a figure in one tells its place in
// the others. Filed texts are written as filed; a place that the form's layout
// lacks is left out as a column or row.
package export

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"jixiaolint/schema"
)

// part is the part a box plays on the page; it decides how the box looks.
type part uint8

const (
	heading part = iota // the numbered line above the form
	title
	caption // (2022年度)
	label   // the words of the printed form
	entry   // what is filed in a narrow cell: a figure or a few words
	prose   // what is filed at length, never a figure
)

// outside reports whether the part stands on a line of its own above the table.
func (p part) outside() bool { return p <= caption }

// box is one cell of a page: its 1-based place, the size of the range it is merged
// over, and what stands in it.
type box struct {
	row, col, rows, cols int
	part                 part
	text                 string
	// stored is the value a spreadsheet stored behind the text, if it differs.
	stored string
	// filed are the fields that the box shows, or whose words it stands for.
	filed []*schema.Field
}

// page is a form laid out in boxes.
type page struct {
	rows   int
	boxes  []box
	widths []float64 // one for each column, in characters
	// tableHead is the row that names the columns of the indicator table, 0 if none.
	tableHead int
}

// put adds a box. Blank boxes count too: they are the cells still to be filled.
func (p *page) put(row, col, rows, cols int, part part, text string, filed ...*schema.Field) {
	p.boxes = append(p.boxes, box{row: row, col: col, rows: rows, cols: cols, part: part, text: text, filed: filed})
}

// file adds the box of a filed field.
func (p *page) file(row, col, cols int, part part, f *schema.Field) {
	p.boxes = append(p.boxes, box{row: row, col: col, rows: 1, cols: cols, part: part, text: f.Text, stored: f.Stored, filed: []*schema.Field{f}})
}

// column is a column of the fund block or of the indicator table.
type column[R any] struct {
	// name is the field's dotted name, as in schema.Form.Lacks.
	name, header string
	width        float64
	part         part
	// extra marks a column of few layouts: it is written only when it is filled.
	extra bool
	field func(*R) *schema.Field
}

var fundColumns = []column[schema.FundRow]{
	{name: "funds.initial", header: "年初预算数", part: entry, field: func(r *schema.FundRow) *schema.Field { return &r.Initial }},
	{name: "funds.adjusted", header: "全年预算数", part: entry, field: func(r *schema.FundRow) *schema.Field { return &r.Adjusted }},
	{name: "funds.executed", header: "全年执行数", part: entry, field: func(r *schema.FundRow) *schema.Field { return &r.Executed }},
	{name: "funds.weight", header: "分值", part: entry, field: func(r *schema.FundRow) *schema.Field { return &r.Weight }},
	{name: "funds.rate", header: "执行率", part: entry, field: func(r *schema.FundRow) *schema.Field { return &r.Rate }},
	{name: "funds.score", header: "得分", part: entry, field: func(r *schema.FundRow) *schema.Field { return &r.Score }},
	{name: "funds.explanation", header: "偏差原因分析", part: prose, extra: true, field: func(r *schema.FundRow) *schema.Field { return &r.Explanation }},
}

const (
	colLevel1      = "indicators.level1"
	colLevel2      = "indicators.level2"
	colName        = "indicators.name"
	colTarget      = "indicators.target"
	colWeight      = "indicators.weight"
	colScore       = "indicators.score"
	colExplanation = "indicators.explanation"
)

var indicatorColumns = []column[schema.Indicator]{
	{name: colLevel1, header: "一级指标", width: 11, part: label, field: func(r *schema.Indicator) *schema.Field { return &r.Level1 }},
	{name: colLevel2, header: "二级指标", width: 13, part: label, field: func(r *schema.Indicator) *schema.Field { return &r.Level2 }},
	{name: colName, header: "三级指标", width: 22, part: prose, field: func(r *schema.Indicator) *schema.Field { return &r.Name }},
	{name: colTarget, header: "年度指标值", width: 12, part: entry, field: func(r *schema.Indicator) *schema.Field { return &r.Target }},
	{name: "indicators.actual", header: "实际完成值", width: 12, part: entry, field: func(r *schema.Indicator) *schema.Field { return &r.Actual }},
	{name: colWeight, header: "分值", width: 9, part: entry, field: func(r *schema.Indicator) *schema.Field { return &r.Weight }},
	{name: colScore, header: "得分", width: 9, part: entry, field: func(r *schema.Indicator) *schema.Field { return &r.Score }},
	{name: colExplanation, header: "偏差原因分析及改进措施", width: 20, part: prose, field: func(r *schema.Indicator) *schema.Field { return &r.Explanation }},
}

// splitTarget are the columns that stand for 年度指标值 in layouts that split it. A
// target that is not split stands in the middle one.
var splitTarget = []column[schema.Indicator]{
	{name: colTarget, header: "指标性质", width: 9, part: entry, field: func(r *schema.Indicator) *schema.Field {
		if r.Parts == nil {
			return &schema.Field{}
		}
		return &r.Parts.Operator
	}},
	{name: colTarget, header: "指标值", width: 10, part: entry, field: func(r *schema.Indicator) *schema.Field {
		if r.Parts == nil {
			return &r.Target
		}
		return &r.Parts.Value
	}},
	{name: colTarget, header: "度量单位", width: 9, part: entry, field: func(r *schema.Indicator) *schema.Field {
		if r.Parts == nil {
			return &schema.Field{}
		}
		return &r.Parts.Unit
	}},
}

// columnsOf picks the columns that a form has a place for.
func columnsOf[R any](f *schema.Form, all []column[R], rows []R) []column[R] {
	var cols []column[R]
	for _, c := range all {
		filled := slices.ContainsFunc(rows, func(r R) bool { return c.field(&r).Filled() })
		if filled || !c.extra && f.HasPlace(c.name) {
			cols = append(cols, c)
		}
	}
	return cols
}

const (
	labelWidth = 12 // of the first column, in characters
	plainWidth = 14 // of the other columns of a form without indicators
	leastCols  = 5  // for the row 主管部门 | … | 实施单位 | …
)

// layout builds the page of one form.
type layout struct {
	page
	form       *schema.Form
	funds      []column[schema.FundRow]
	indicators []column[schema.Indicator]
	// at and span are the first page column of each indicator column and the number
	// of page columns it takes.
	at, span []int
	width    int
}

// lay lays a form out in the official order of its blocks.
func lay(f *schema.Form) *page {
	l := &layout{form: f, width: leastCols}
	if len(f.Funds.Rows) > 0 {
		l.funds = columnsOf(f, fundColumns, f.Funds.Rows)
		l.width = max(l.width, 2+len(l.funds))
	}
	if len(f.Indicators)+len(f.Placeholders) > 0 {
		l.indicators = columnsOf(f, columnsForTargets(f.Indicators), f.Indicators)
		l.width = max(l.width, 1+len(l.indicators))
	}
	l.spread()
	l.head()
	l.identity()
	l.headTotal()
	l.fundBlock()
	l.goal()
	l.table()
	l.total()
	l.remarks()
	return &l.page
}

func columnsForTargets(rows []schema.Indicator) []column[schema.Indicator] {
	if !slices.ContainsFunc(rows, func(r schema.Indicator) bool { return r.Parts != nil }) {
		return indicatorColumns
	}
	i := slices.IndexFunc(indicatorColumns, func(c column[schema.Indicator]) bool { return c.name == colTarget })
	return slices.Concat(indicatorColumns[:i], splitTarget, indicatorColumns[i+1:])
}

// spread gives each indicator column its page columns. The name takes what the
// blocks above need beyond the table's own columns.
func (l *layout) spread() {
	l.widths = []float64{labelWidth}
	stretch := max(0, l.indicatorColumn(colName))
	next := 2
	for i, c := range l.indicators {
		n := 1
		if i == stretch {
			n = l.width - len(l.indicators)
		}
		l.at, l.span = append(l.at, next), append(l.span, n)
		next += n
		for range n {
			l.widths = append(l.widths, max(c.width/float64(n), labelWidth/2))
		}
	}
	for len(l.widths) < l.width {
		l.widths = append(l.widths, plainWidth)
	}
}

// indicatorColumn gives the index of the named column, -1 if the form lacks it.
func (l *layout) indicatorColumn(name string) int {
	return slices.IndexFunc(l.indicators, func(c column[schema.Indicator]) bool { return c.name == name })
}

// line starts a new row and gives its number.
func (l *layout) line() int {
	l.rows++
	return l.rows
}

func (l *layout) head() {
	f := l.form
	if f.Heading.Filled() {
		l.put(l.line(), 1, 1, l.width, heading, f.Heading.Text, &f.Heading)
	}
	if f.Title.Filled() || f.HasPlace("title") && f.HasPlace("project") {
		l.put(l.line(), 1, 1, l.width, title, cmp.Or(f.Title.Text, titles[f.Kind], titles[schema.Project]), &f.Title)
	}
	if text := yearText(f); text != "" {
		l.put(l.line(), 1, 1, l.width, caption, text, &f.YearAt)
	}
}

var titles = map[schema.Kind]string{
	schema.Project:    "项目支出绩效自评表",
	schema.Department: "部门整体支出绩效自评表",
	schema.Transfer:   "转移支付绩效自评表",
}

// yearText gives the line that states the year: as filed, unless it was filed as
// part of the title or as a bare number in JSON.
func yearText(f *schema.Form) string {
	filed := f.YearAt.Text
	switch {
	case f.YearAt.Filled() && filed == f.Title.Text:
		return ""
	case strings.Contains(filed, "年"):
		return filed
	case f.Year != 0:
		return fmt.Sprintf("(%d年度)", f.Year)
	}
	return filed
}

func (l *layout) identity() {
	f := l.form
	if f.HasPlace("project") && (f.Kind != schema.Department || f.Project.Filled()) {
		l.named("项目名称", prose, &f.Project)
	}
	const department, unit = "主管部门及代码", "实施单位"
	switch hasDepartment, hasUnit := f.HasPlace("department"), f.HasPlace("unit"); {
	case hasDepartment && hasUnit:
		row, left := l.line(), (l.width-3)/2
		l.put(row, 1, 1, 2, label, department)
		l.file(row, 3, left, prose, &f.Department)
		l.put(row, 3+left, 1, 1, label, unit)
		l.file(row, 4+left, l.width-3-left, prose, &f.Unit)
	case hasDepartment:
		l.named(department, prose, &f.Department)
	case hasUnit:
		l.named(unit, prose, &f.Unit)
	}
}

// named writes a row of a label and a field over the rest of the width.
func (l *layout) named(name string, part part, f *schema.Field) {
	row := l.line()
	l.put(row, 1, 1, 2, label, name)
	l.file(row, 3, l.width-2, part, f)
}

func (l *layout) fundBlock() {
	if len(l.form.Funds.Rows) == 0 {
		return
	}
	funds := &l.form.Funds
	wide := l.width - 1 - len(l.funds) // the columns of the row labels
	row := l.line()
	l.put(row, 1, 1+len(funds.Rows), 1, label, fundLabel(funds), &funds.Label, &funds.Weight)
	l.file(row, 2, wide, entry, &funds.HeaderAmount)
	for i, c := range l.funds {
		header := c.header
		if c.name == "funds.rate" && slices.ContainsFunc(funds.Rows, func(r schema.FundRow) bool { return r.RateHeader }) {
			header += "(%)"
		}
		l.put(row, 2+wide+i, 1, 1, label, header)
	}
	for i := range funds.Rows {
		r := &funds.Rows[i]
		row := l.line()
		l.put(row, 2, 1, wide, prose, subRow(r.Label.Text, r.PartOf), &r.Label)
		for j, c := range l.funds {
			l.file(row, 2+wide+j, 1, c.part, c.field(r))
		}
	}
}

// fundLabel gives the heading of the fund block: as filed, or put together from what
// canonical JSON keeps of it.
func fundLabel(f *schema.Funds) string {
	if hasHan(f.Label.Text) {
		if f.CurrencyUnit != "" && !strings.Contains(f.Label.Text, f.CurrencyUnit) {
			return f.Label.Text + "(" + f.CurrencyUnit + ")" // it was stated in another cell
		}
		return f.Label.Text
	}
	s := "项目资金"
	if f.CurrencyUnit != "" {
		s += "(" + f.CurrencyUnit + ")"
	}
	return withPoints(s, &f.Weight)
}

// hasHan tells a filed label from the property name that stands for it in JSON.
func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// subRow marks a row as a part of another one where its own words do not.
func subRow(name, partOf string) string {
	if partOf == "" || strings.HasPrefix(strings.TrimSpace(name), "其中") {
		return name
	}
	return "其中:" + name
}

func withPoints(name string, points *schema.Field) string {
	if !points.Filled() {
		return name
	}
	return name + "(" + points.Text + ")"
}

func (l *layout) goal() {
	type half struct {
		header string
		filed  *schema.Field
	}
	var halves []half
	for _, h := range []struct {
		name string
		half
	}{
		{"goal.expected", half{"预期目标", &l.form.Goal.Expected}},
		{"goal.actual", half{"实际完成情况", &l.form.Goal.Actual}},
	} {
		if h.filed.Filled() || l.form.HasPlace(h.name) {
			halves = append(halves, h.half)
		}
	}
	if len(halves) == 0 {
		return
	}
	header, texts := l.line(), l.line()
	l.put(header, 1, 2, 1, label, "年度总体目标")
	col := 2
	for i, h := range halves {
		cols := (l.width + 1 - col) / (len(halves) - i)
		l.put(header, col, 1, cols, label, h.header)
		// Where the file had no header row, the cell itself began with its words.
		text := h.filed.Text
		if rest, ok := strings.CutPrefix(text, h.header); ok && strings.IndexAny(rest, ":：") == 0 {
			text = strings.TrimLeft(rest, ":：")
		}
		l.put(texts, col, 1, cols, prose, text, h.filed)
		col += cols
	}
}

// tableLine is one line of the indicator table.
type tableLine struct {
	level1, level2 string
	indicator      *schema.Indicator
	placeholder    *schema.Field
	subtotal       *schema.Group
}

func (l *layout) table() {
	if len(l.indicators) == 0 {
		return
	}
	f := l.form
	lines := tableLines(f)
	header := l.line()
	l.tableHead = header
	l.put(header, 1, 1+len(lines), 1, label, groupLabel(f, "", "", "绩效指标"), groupFields(f, "", "")...)
	for i, c := range l.indicators {
		var filed []*schema.Field
		if c.name == colTarget {
			filed = append(filed, &f.TableHead)
		}
		l.put(header, l.at[i], 1, l.span[i], label, c.header, filed...)
	}
	l.labels(lines, colLevel1, func(t *tableLine) string { return t.level1 }, func(t *tableLine) string {
		return groupLabel(f, t.level1, "", t.level1)
	})
	l.labels(lines, colLevel2, func(t *tableLine) string {
		if t.subtotal != nil {
			return ""
		}
		return t.level1 + "\x00" + t.level2
	}, func(t *tableLine) string {
		if t.level2 == "" {
			return ""
		}
		return groupLabel(f, t.level1, t.level2, t.level2)
	})
	for i := range lines {
		row := l.line()
		switch t := &lines[i]; {
		case t.subtotal != nil:
			l.subtotal(row, t.subtotal)
		case t.placeholder != nil:
			l.cells(row, func(c *column[schema.Indicator]) *schema.Field {
				if c.name == colName {
					return t.placeholder
				}
				return &schema.Field{}
			})
		default:
			l.cells(row, func(c *column[schema.Indicator]) *schema.Field {
				field := c.field(t.indicator)
				if c.name == colName {
					named := *field
					named.Text = subRow(field.Text, t.indicator.PartOf)
					return &named
				}
				return field
			})
		}
	}
}

// cells writes the cells of a table row that stand beside the group labels.
func (l *layout) cells(row int, field func(*column[schema.Indicator]) *schema.Field) {
	for i := range l.indicators {
		if c := &l.indicators[i]; c.name != colLevel1 && c.name != colLevel2 {
			l.file(row, l.at[i], l.span[i], c.part, field(c))
		}
	}
}

// labels writes a column of group labels below the row just written, each merged
// over the lines that follow each other with the same key.
func (l *layout) labels(lines []tableLine, name string, key, text func(*tableLine) string) {
	col := l.indicatorColumn(name)
	if col < 0 {
		return
	}
	seen := map[string]bool{}
	for i := 0; i < len(lines); {
		k, n := key(&lines[i]), 1
		for k != "" && i+n < len(lines) && key(&lines[i+n]) == k {
			n++
		}
		switch t := &lines[i]; {
		case t.subtotal != nil && (name == colLevel2 || t.level1 == ""):
			// The words of the subtotal stand here.
		case seen[k]:
			// The points of a group are stated once, on its first label.
			bare := t.level1
			if name == colLevel2 {
				bare = t.level2
			}
			l.put(l.rows+1+i, l.at[col], n, l.span[col], label, bare, labelFields(l.form, name, lines[i:i+n])...)
		default:
			l.put(l.rows+1+i, l.at[col], n, l.span[col], label, text(t), labelFields(l.form, name, lines[i:i+n])...)
		}
		seen[k] = true
		i += n
	}
}

// subtotal writes a row 小计: its words over the columns before the figures, beside
// the first-level label if it belongs to one.
func (l *layout) subtotal(row int, g *schema.Group) {
	from := 2
	if col := l.indicatorColumn(colLevel1); col >= 0 && g.Level1 != "" {
		from = l.at[col] + l.span[col]
	}
	words := g.Label.Text
	if !strings.Contains(words, "计") {
		words = "小计"
	}
	l.closing(row, from, words, &g.Label, map[string]*schema.Field{colWeight: &g.Weight, colScore: &g.Score})
}

// closing writes a row of figures that closes the table or a part of it: words from
// a page column up to the first indicator column that has a figure to show.
func (l *layout) closing(row, from int, words string, filed *schema.Field, figures map[string]*schema.Field) {
	end := len(l.indicators)
	for i := range l.indicators {
		if figures[l.indicators[i].name] != nil && l.at[i] > from {
			end = i
			break
		}
	}
	to := l.width + 1
	if end < len(l.at) {
		to = l.at[end]
	}
	l.put(row, from, 1, to-from, label, words, filed)
	for i := end; i < len(l.indicators); i++ {
		field := figures[l.indicators[i].name]
		if field == nil {
			field = &schema.Field{}
		}
		l.file(row, l.at[i], l.span[i], entry, field)
	}
}

// labelFields gives the fields behind a group label that covers some lines: the points
// stated for the group, and the label's own cells.
func labelFields(f *schema.Form, name string, lines []tableLine) []*schema.Field {
	first := &lines[0]
	level2 := ""
	if name == colLevel2 {
		level2 = first.level2
	}
	filed := groupFields(f, first.level1, level2)
	for i := range lines {
		switch r := lines[i].indicator; {
		case r == nil:
		case name == colLevel2:
			filed = append(filed, &r.Level2)
		default:
			filed = append(filed, &r.Level1)
		}
	}
	return filed
}

// groupFields gives the fields of the points stated on a group's label.
func groupFields(f *schema.Form, level1, level2 string) []*schema.Field {
	i := groupIndex(f, level1, level2)
	if i < 0 {
		return nil
	}
	return []*schema.Field{&f.Groups[i].Label, &f.Groups[i].Weight, &f.Groups[i].Score}
}

// groupIndex gives the index of the group whose points a label states, -1 if there is
// none.
func groupIndex(f *schema.Form, level1, level2 string) int {
	return slices.IndexFunc(f.Groups, func(g schema.Group) bool {
		return !g.Subtotal && g.Level1 == level1 && g.Level2 == level2
	})
}

// groupLabel gives a group's label with the points that the form states for it: as
// filed if the file had it so, else put together.
func groupLabel(f *schema.Form, level1, level2, bare string) string {
	i := groupIndex(f, level1, level2)
	switch {
	case i < 0:
		return bare
	case f.Groups[i].Weight.Filled() && strings.Contains(f.Groups[i].Label.Text, f.Groups[i].Weight.Text):
		return f.Groups[i].Label.Text
	}
	return withPoints(bare, &f.Groups[i].Weight)
}

// tableLines puts the rows of the indicator table in order: subtotals after the
// group they sum up, placeholders where the file had them.
func tableLines(f *schema.Form) []tableLine {
	var lines []tableLine
	placeholders := f.Placeholders
	placeholder := func(like tableLine) {
		lines = append(lines, tableLine{level1: like.level1, level2: like.level2, placeholder: &placeholders[0]})
		placeholders = placeholders[1:]
	}
	done := map[*schema.Group]bool{}
	subtotals := func(of func(*schema.Group) bool) {
		for i := range f.Groups {
			if g := &f.Groups[i]; g.Subtotal && !done[g] && of(g) {
				done[g] = true
				lines = append(lines, tableLine{level1: g.Level1, level2: g.Level2, subtotal: g})
			}
		}
	}
	for i := range f.Indicators {
		r := &f.Indicators[i]
		t := tableLine{level1: r.Level1.Text, level2: r.Level2.Text, indicator: r}
		for len(placeholders) > 0 && above(&placeholders[0], &r.Name) {
			if i > 0 {
				placeholder(lines[len(lines)-1])
			} else {
				placeholder(t)
			}
		}
		lines = append(lines, t)
		var next schema.Indicator
		if i+1 < len(f.Indicators) {
			next = f.Indicators[i+1]
		}
		if next.Level1.Text != t.level1 || next.Level2.Text != t.level2 {
			subtotals(func(g *schema.Group) bool { return g.Level1 == t.level1 && g.Level2 == t.level2 })
		}
		if next.Level1.Text != t.level1 {
			subtotals(func(g *schema.Group) bool { return g.Level1 == t.level1 && g.Level2 == "" })
		}
	}
	for len(placeholders) > 0 {
		var last tableLine
		if len(lines) > 0 {
			last = lines[len(lines)-1]
		}
		placeholder(last)
	}
	subtotals(func(*schema.Group) bool { return true })
	return lines
}

// above reports whether a stood above b in the file they were read from.
func above(a, b *schema.Field) bool {
	return a.At.Sheet == b.At.Sheet && a.At.Table == b.At.Table && a.At.Line > 0 && a.At.Line < b.At.Line
}

// total writes the row 总分.
func (l *layout) total() {
	t := &l.form.Total
	if l.totalInHead() {
		return
	}
	if !t.Label.Present() && !t.Score.Filled() && !t.Weight.Filled() {
		return // the form has no such row, and an empty one would be a second omission
	}
	words := t.Label.Text
	if !hasHan(words) {
		words = "总分"
	}
	switch {
	case len(l.indicators) == 0:
		figures := slices.DeleteFunc([]*schema.Field{&t.Weight, &t.Score, &t.Grade}, func(f *schema.Field) bool { return !f.Filled() })
		row, first := l.line(), l.width+1-len(figures)
		l.put(row, 1, 1, first-1, label, words, &t.Label)
		for i, f := range figures {
			l.file(row, first+i, 1, entry, f)
		}
	case l.indicatorColumn(colScore) >= 0, l.indicatorColumn(colWeight) >= 0:
		l.closing(l.line(), 1, words, &t.Label, map[string]*schema.Field{colWeight: &t.Weight, colScore: &t.Score, colExplanation: &t.Grade})
	}
}

// totalInHead reports whether the form states its total in the head: a row of the table
// would have a place for the weight too.
func (l *layout) totalInHead() bool {
	t := &l.form.Total
	return l.indicatorColumn(colWeight) >= 0 && t.Score.Quantity().IsFigure() && !t.Weight.Present() && !t.Weight.Filled()
}

// headTotal writes the figures of the total in the head, where forms have them whose
// table has no column or row for them.
func (l *layout) headTotal() {
	if len(l.indicators) == 0 {
		return
	}
	for _, fig := range []struct {
		column, words string
		filed         *schema.Field
	}{
		{colScore, "自评得分", &l.form.Total.Score},
		{colExplanation, "自评等级", &l.form.Total.Grade},
	} {
		if fig.filed.Filled() && (l.indicatorColumn(fig.column) < 0 || l.totalInHead()) {
			l.named(fig.words, entry, fig.filed)
		}
	}
}

func (l *layout) remarks() {
	for i := range l.form.Remarks {
		if r := &l.form.Remarks[i]; r.Label != "" {
			l.named(r.Label, prose, &r.Text)
		} else {
			l.file(l.line(), 1, l.width, prose, &r.Text)
		}
	}
}
