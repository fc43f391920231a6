// Package layout finds the forms in a grid and the meaning of their cells.
//
// Recognition goes by meaning, not by place: by labels and header words, and within
// a row by where its figures stand against the header. Filed forms differ in every
// detail of layout, and text copies of them lose merged cells, which moves cells to
// the left; columns are a hint, never proof.
package layout

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// Recognise finds the forms in a document. What looks like part of a form but could
// not be understood is reported in the result's problems, as are the problems of the
// document itself.
func Recognise(doc *grid.Document) *schema.Document {
	out := &schema.Document{File: doc.File, Format: doc.Format}
	for _, p := range doc.Problems {
		out.Problems = append(out.Problems, fromGrid(p))
	}
	r := &reader{doc: doc, out: out, anchors: map[*schema.Form][]anchor{}}
	for _, t := range doc.Tables {
		for _, lines := range strips(linesOf(t)) {
			if !r.continues(t, lines) {
				r.notes(lines)
				r.finish()
				r = &reader{doc: doc, out: out, anchors: map[*schema.Form][]anchor{}, traces: r.traces}
			}
			r.read(t, lines)
		}
	}
	r.finish()
	if len(out.Forms) == 0 && !unreadable(out.Problems) {
		out.Unrelated = !r.traces && (doc.Format == grid.Text || doc.Format == grid.HTML || doc.Format == grid.Drawing)
		out.Problems = append(out.Problems, schema.Problem{
			Rule: schema.RuleUnreadableFile,
			At:   schema.Field{At: grid.Location{File: doc.File}},
			Message: lang.T("文件中没有找到绩效自评表：既没有“项目名称”等表头，也没有“三级指标”“实际完成值”等指标表头",
				"no self-evaluation form was found: neither head labels such as 项目名称 nor an indicator header with 三级指标 and 实际完成值"),
			Help: lang.T("请确认提交的是项目支出绩效自评表；若是扫描件或图片，请提交电子表格",
				"check that this is a 项目支出绩效自评表; instead of a scan or picture submit the spreadsheet"),
		})
	}
	return out
}

func unreadable(problems []schema.Problem) bool {
	return slices.ContainsFunc(problems, func(p schema.Problem) bool { return p.Rule == schema.RuleUnreadableFile })
}

func fromGrid(p grid.Problem) schema.Problem {
	q := schema.Problem{
		Rule: schema.RuleUnreadableFile, At: schema.Field{At: p.Loc, Row: p.Row},
		Message: p.Message, Help: p.Help,
	}
	switch p.Kind {
	case grid.BadCell:
		q.Rule = schema.RuleUnreadableCell
	case grid.Disorder:
		q.Rule, q.Minor = schema.RuleUnreadableCell, true
	case grid.HiddenContent:
		q.Rule, q.Minor = schema.RuleHiddenContent, true
	case grid.Unreadable:
	}
	return q
}

// line is a row with its filled cells read as labels.
type line struct {
	row   *grid.Row
	cells []cell
}

type cell struct {
	*grid.Cell
	label label
}

func (l *line) at(col int) *cell {
	for i := range l.cells {
		if l.cells[i].Col == col {
			return &l.cells[i]
		}
	}
	return nil
}

// state is the part of a form that the reader stands in.
type state uint8

const (
	stateHead state = iota
	stateFunds
	stateGoal
	stateTable
	stateAfter
)

type reader struct {
	doc   *grid.Document
	table *grid.Table
	out   *schema.Document

	lines   []*line
	i       int // the line being read
	form    *schema.Form
	state   state
	heading *line // a numbered line that may head the next form

	funds  *header
	heads  *header // of the indicator table
	level1 schema.Field
	level2 schema.Field
	// floated is the label of the group that rows of satisfaction stand under although
	// they may belong to another; floating keeps it for each such row.
	floated  schema.Field
	floating map[int]schema.Field
	labels   map[string]bool // labels seen in the current form
	// titleAt is the line of the last title; titleYear is the year of a title above it,
	// which counts if the form names no other.
	titleAt, titleYear int
	titleYearAt        schema.Field
	// founding are the labels that tell a form from stray labels in the text of a page
	// and in lists.
	founding map[headRole]bool
	// list is set in the rows of a list, which are no part of a form.
	list bool
	// before is the number of problems before the form.
	before int
	// goalSplit is the column in which the actual half of the goal begins, goalEnd the
	// one in which its texts end.
	goalSplit, goalEnd int
	// central, budget and filer are those of the head whose part in the form only its
	// other labels tell; currency is the unit of money stated there.
	central, budget, filer schema.Field
	currency               string
	// asides is set in blocks beside the figures of the funds: 资金管理情况, and splits
	// of the total whose figures stand inside their labels.
	asides bool
	// sharedBy is the indicator whose weight or score is merged down to row sharedTo.
	sharedBy string
	sharedTo int
	// traces is set once something in the document began a form.
	traces bool
	// anchors are the columns in which the fixed labels of each form stand.
	anchors map[*schema.Form][]anchor
}

// anchor is a fixed label of a form and the place it stands in.
type anchor struct {
	name string
	at   schema.Field
	col  int
}

// linesOf gives the rows of a table that say something.
func linesOf(t *grid.Table) []*line {
	var lines []*line
	for _, row := range t.Rows {
		l := &line{row: row}
		for _, c := range row.Cells {
			if c.Type != grid.Blank && strings.TrimSpace(c.Text) != "" {
				l.cells = append(l.cells, cell{c, parseLabel(c.Text)})
			}
		}
		if len(l.cells) > 0 {
			lines = append(lines, l)
		}
	}
	return lines
}

// read reads a table, or the part of it that holds one of the forms side by side.
func (r *reader) read(t *grid.Table, lines []*line) {
	r.table, r.lines, r.sharedTo, r.list = t, lines, 0, false
	if r.form == nil {
		if h := r.fragment(); h != nil {
			r.open(r.lines[0])
			r.heads, r.state = h, stateTable
			r.labels["绩效指标"] = true
		}
	}
	for r.i = 0; r.i < len(r.lines); r.i++ {
		r.line(r.lines[r.i])
	}
}

// next gives the line after the current one.
func (r *reader) next() *line {
	if r.i+1 < len(r.lines) {
		return r.lines[r.i+1]
	}
	return nil
}

// line reads one row. The kinds of row are tried from the surest to the vaguest.
func (r *reader) line(l *line) {
	switch {
	case r.isTitle(l):
		r.title(l)
	case l.row.Num == 0:
		r.paragraph(l)
	case r.isNumberedHeading(l):
		r.heading = l
	case r.inList(l):
	case r.yearLine(l):
	case r.state != stateTable && r.fundsStart(l):
	case r.tableStart(l):
	case r.heads != nil && r.totalLine(l):
	case r.remarkLine(l):
	case r.state == stateTable && r.labelled(l):
		r.headLine(l)
	case r.state == stateTable && r.tableLine(l):
	case r.goalStart(l):
	case r.headLine(l):
	case r.state == stateFunds && r.fundLine(l):
	case r.state == stateGoal:
		r.goalLine(l)
	default:
		r.unread(l)
	}
}

// paragraph reads a line of text outside of tables. Pages are full of bare labels,
// in menus and headings: a label of the head counts only together with its value.
func (r *reader) paragraph(l *line) {
	switch {
	case r.isNumberedHeading(l):
		r.heading = l
	case r.yearLine(l):
	case r.heads != nil && r.totalLine(l):
	case r.remarkLine(l):
	case headRoleOf(l.cells[0].label) == headNone && (r.form == nil || r.state == stateHead):
		r.headLine(l)
	}
}

// unread reports a row that nothing else could take, if it has the figures of a fund
// or indicator row: it must not be passed over in silence.
func (r *reader) unread(l *line) {
	figures := 0
	for _, c := range l.cells {
		if q := quantity.Parse(c.Text); q.IsFigure() || q.Kind == quantity.Range {
			figures++
		}
	}
	switch {
	case r.state == stateFunds && figures >= 2:
		r.problem(l, lang.T("资金表中这一行有数字，但没有读出是哪一项资金", "this row of the fund block has figures, but which funds it speaks of could not be read"))
	case r.state == stateTable && figures >= 2, r.state == stateAfter && r.heads != nil && r.scored(l, 0) && r.named(l):
		r.problem(l, lang.T("这一行像指标行，但不在指标表里或读不出指标名称", "this row looks like an indicator, but stands outside the table or has no name that could be read"))
	case r.form != nil && len(r.labels) > 0:
		r.keep(l)
	}
}

// keptRunes is the least length of a text that is kept as a remark although nothing
// says what it is: page numbers and marks are shorter.
const keptRunes = 8

// keep keeps the texts of a row that nothing else could take. Reasons are often given
// in notes below the table or in rows of a region's own.
func (r *reader) keep(l *line) {
	runes := 0
	for _, c := range l.cells {
		if quantity.Parse(c.Text).Kind == quantity.Words {
			runes += utf8.RuneCountInString(c.label.full)
		}
	}
	if runes >= keptRunes || len(l.cells) > 1 && isManagementLabel(l.cells[0].label) {
		r.aside(l, "")
	}
}

var (
	reTitleYear = regexp.MustCompile(`((?:19|20)\d{2})年`)
	reYearLine  = regexp.MustCompile(`^\(?((?:19|20)\d{2})年?度?\)?$`)
)

var reChineseYear = regexp.MustCompile(`[一二]([〇○零O0九])[〇○零一二三四五六七八九]{2}年`)

var chineseDigits = strings.NewReplacer("〇", "0", "○", "0", "零", "0", "O", "0", "一", "1", "二", "2", "三", "3", "四", "4",
	"五", "5", "六", "6", "七", "7", "八", "8", "九", "9")

// arabicYear writes years in Chinese numerals (二〇二三年) with digits.
func arabicYear(s string) string {
	return reChineseYear.ReplaceAllStringFunc(s, chineseDigits.Replace)
}

// isTitle reports whether a row is the title of a form: 项目支出绩效自评表 and its kin.
func (r *reader) isTitle(l *line) bool {
	if len(l.cells) > 3 {
		return false
	}
	s := l.cells[0].label.full
	return strings.Contains(s, "自评") && strings.Contains(s, "表") && len([]rune(s)) <= 50 &&
		!strings.ContainsAny(s, "。;,") && quantity.Parse(s).Kind == quantity.Words
}

func (r *reader) title(l *line) {
	c := l.cells[0]
	if r.form != nil && isContinued(c.label) {
		return // the same form on its next page
	}
	r.list = false
	switch {
	case r.form == nil || r.state != stateHead || len(r.labels) > 0:
		r.open(l)
	case r.form.Title.Filled():
		// A title below one without a form is another line of the same title, or else
		// the one above was that of a page or a link in its menu.
		if r.titleAt == r.i-1 {
			if m := reTitleYear.FindStringSubmatch(arabicYear(c.label.full)); m != nil {
				r.year(m[1], r.field(c.Cell, l))
			}
			return
		}
		year, at := r.form.Year, r.form.YearAt
		r.open(l)
		r.titleYear, r.titleYearAt = year, at
	}
	r.titleAt = r.i
	f := r.form
	f.Title = r.field(c.Cell, l)
	s := arabicYear(c.label.full)
	switch {
	case strings.Contains(s, "部门整体"), strings.Contains(s, "整体支出"):
		f.Kind = schema.Department
	case strings.Contains(s, "转移支付"):
		f.Kind = schema.Transfer
	}
	if m := reTitleYear.FindStringSubmatch(s); m != nil {
		r.year(m[1], f.Title)
	} else {
		for _, c := range l.cells {
			if m := reYearLine.FindStringSubmatch(arabicYear(c.label.full)); m != nil {
				r.year(m[1], r.field(c.Cell, l))
			}
		}
	}
	if strings.Contains(s, "(") && f.Year == 0 {
		for _, m := range reBracket.FindAllStringSubmatch(s, -1) {
			if y := reYearLine.FindStringSubmatch(m[1]); y != nil {
				r.year(y[1], f.Title)
			}
		}
	}
}

func (r *reader) year(s string, at schema.Field) {
	if r.form.Year == 0 {
		r.form.Year, _ = strconv.Atoi(s) // four digits by the pattern
		r.form.YearAt = at
	}
}

// isNumberedHeading reports whether a row is a line such as “1. 口岸专项” right above
// the title of a form.
func (r *reader) isNumberedHeading(l *line) bool {
	if len(l.cells) != 1 || r.next() == nil {
		return false
	}
	_, numbered := schema.HeadingName(l.cells[0].Text)
	return numbered && r.isTitle(r.next())
}

func (r *reader) yearLine(l *line) bool {
	if r.form == nil || r.state != stateHead || len(l.cells) != 1 {
		return false
	}
	m := reYearLine.FindStringSubmatch(arabicYear(l.cells[0].label.full))
	if m == nil {
		return false
	}
	r.year(m[1], r.field(l.cells[0].Cell, l))
	return true
}

// open begins a new form at a line.
func (r *reader) open(l *line) {
	r.close()
	r.traces = true
	r.form = &schema.Form{Kind: schema.Project, Start: r.field(l.cells[0].Cell, l)}
	r.state, r.funds, r.heads = stateHead, nil, nil
	r.level1, r.level2 = schema.Field{}, schema.Field{}
	r.labels = map[string]bool{}
	r.sharedBy, r.sharedTo = "", 0
	r.central, r.budget, r.filer = schema.Field{}, schema.Field{}, schema.Field{}
	r.currency, r.asides = "", false
	r.titleYear, r.founding, r.before = 0, map[headRole]bool{}, len(r.out.Problems)
	r.floated, r.floating = schema.Field{}, map[int]schema.Field{}
	if h := r.heading; h != nil {
		r.form.Heading = r.field(h.cells[0].Cell, h)
		r.heading = nil
	}
}

// need makes sure that there is a form to add to: a fragment has no title.
func (r *reader) need(l *line) *schema.Form {
	if r.form == nil {
		r.open(l)
	}
	return r.form
}

// close ends the current form.
func (r *reader) close() {
	f := r.form
	r.form = nil
	if f == nil {
		return
	}
	if !r.isForm(f) {
		r.out.Problems = r.out.Problems[:r.before] // rows of something else
		return
	}
	r.settle(f)
	f.Lacks = r.lacks(f)
	nestSources(f)
	f.Finish()
	r.out.Forms = append(r.out.Forms, f)
}

// isForm reports whether what was read is a form or a part of one: neither stray labels
// in the text of a page or a list, nor a table of budgets and expenses of another kind,
// nor a form of goals yet to be reached.
func (r *reader) isForm(f *schema.Form) bool {
	if r.declares(f) {
		return false
	}
	if r.heads != nil || r.labels["年度总体目标"] || r.founding[headProject] || len(r.founding) > 1 {
		return true
	}
	return r.funds != nil && (f.Title.Filled() || containsAny(f.Funds.Label.Text, "资金", "执行"))
}

// lacks names the fields that the form's layout has no cell for.
func (r *reader) lacks(f *schema.Form) []string {
	var lacks []string
	add := func(name string, lacking bool) {
		if lacking {
			lacks = append(lacks, name)
		}
	}
	// A fragment that starts in the middle of a form has no head to complain about.
	fragment := !f.Title.Present() && !f.Project.Present() && !f.Department.Present()
	add("project", fragment)
	add("department", !f.Department.Present())
	add("unit", !f.Unit.Present())
	add("year", fragment && f.Year == 0)
	add("goal", !f.Goal.Expected.Present() && !f.Goal.Actual.Present())
	if r.funds != nil {
		for _, c := range []column{colInitial, colAdjusted, colExecuted, colWeight, colRate, colScore} {
			add("funds."+string(c), !r.funds.has(c))
		}
	}
	if r.heads != nil {
		for _, c := range []column{colTarget, colActual, colWeight, colScore, colExplanation} {
			add("indicators."+string(c), !r.heads.has(c) && (c != colWeight || !slices.ContainsFunc(f.Indicators, weighted)))
		}
	}
	return lacks
}

// nestSources marks the rows that are parts of the source row above them: a second
// 其中 opens a finer split, which ends at the next source of another kind.
func nestSources(f *schema.Form) {
	parent, numbered := -1, -1
	for i := range f.Funds.Rows {
		row := &f.Funds.Rows[i]
		if n := numbering(row.Label.Text); n != "" && row.Role != schema.RoleTotal {
			// 1.财政拨款, (1)中央资金, (2)省级资金, 2.其他资金: a number of another kind than
			// the first one is that of a part.
			if numbered < 0 || n == numbering(f.Funds.Rows[numbered].Label.Text) {
				numbered = i
			} else {
				row.PartOf = f.Funds.Rows[numbered].Label.Text
			}
			parent = -1
			continue
		}
		part := strings.HasPrefix(quantity.Fold(row.Label.Text), "其中")
		switch {
		case row.Role == schema.RoleTotal:
			parent = -1
		case part && i > 0 && f.Funds.Rows[i-1].Role != schema.RoleTotal:
			parent = i - 1
			row.PartOf = f.Funds.Rows[parent].Label.Text
		case parent >= 0 && row.Role == schema.RoleFiscal && f.Funds.Rows[parent].Role == schema.RoleFiscal:
			row.PartOf = f.Funds.Rows[parent].Label.Text
		default:
			parent = -1
		}
	}
}

// numbering gives the kind of the number in front of a label: the number with its
// figure taken out, as in "." and "()", empty for none.
func numbering(text string) string {
	full := strings.TrimPrefix(quantity.Fold(text), "其中:")
	n := reNumbering.FindString(full)
	if n == full {
		return ""
	}
	return strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= '①' && r <= '⑳':
			return '①'
		case r < '0' || r > '9':
			return r
		}
		return -1
	}, n), "一二三四五六七八九十")
}

// field makes a field of a cell.
func (r *reader) field(c *grid.Cell, l *line) schema.Field {
	return schema.Field{Text: c.Text, Stored: c.Raw, At: c.Loc, Row: l.row}
}

// blank makes the field of a cell that is there but empty.
func (r *reader) blank(l *line, col int) schema.Field {
	f := schema.Field{Row: l.row, At: grid.Location{File: r.doc.File, Sheet: r.table.Name, Line: l.row.Num, Column: col}}
	if c := l.row.Cell(col); c != nil {
		f.At = c.Loc
		return f
	}
	switch r.doc.Format {
	case grid.XLSX:
		f.At.Cell = grid.CellName(col, l.row.Num)
	case grid.DOCX, grid.HTML, grid.Drawing:
		f.At.Table = r.table.Number
	case grid.Text, grid.JSON:
		last := l.row.Cells[len(l.row.Cells)-1]
		f.At.Column = last.Loc.Column + len([]rune(last.Text))
	}
	return f
}

// anchor notes where a fixed label stands, to find forms whose cells were shifted
// against the other forms of the same table.
func (r *reader) anchor(name string, c *grid.Cell, l *line) {
	r.anchors[r.form] = append(r.anchors[r.form], anchor{name, r.field(c, l), c.Col})
}

// finish ends the last form and compares the forms of one table: in a text that has lost merged cells, a
// label that stands in another column than in most forms was shifted.
func (r *reader) finish() {
	r.close()
	if r.table == nil || r.table.Merged || len(r.anchors) < 3 {
		return
	}
	counts := map[string]map[int]int{}
	for _, as := range r.anchors {
		for _, a := range as {
			if counts[a.name] == nil {
				counts[a.name] = map[int]int{}
			}
			counts[a.name][a.col]++
		}
	}
	for f, as := range r.anchors {
		for _, a := range as {
			if n := counts[a.name]; n[a.col]*2 < len(r.anchors) && !isUsual(n, a.col) {
				f.Shifted = append(f.Shifted, a.at)
			}
		}
		slices.SortStableFunc(f.Shifted, func(a, b schema.Field) int { return a.At.Compare(b.At) })
		f.Shifted = slices.CompactFunc(f.Shifted, func(a, b schema.Field) bool { return a.At.Line == b.At.Line })
	}
}

// isUsual reports whether no other column is more common for a label.
func isUsual(counts map[int]int, col int) bool {
	for other, n := range counts {
		if other != col && n > counts[col] {
			return false
		}
	}
	return true
}

// problem reports a row that could not be understood.
func (r *reader) problem(l *line, message lang.Text) {
	r.out.Problems = append(r.out.Problems, schema.Problem{
		Rule: schema.RuleUnreadableRow, At: r.field(l.cells[0].Cell, l), Message: message,
		Help: lang.T("请对照表头检查这一行的单元格是否错位、合并是否丢失",
			"compare the row with the header: cells may be in the wrong columns or merged cells lost"),
	})
}
