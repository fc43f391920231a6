package template

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"jixiaolint/checks/profile"
	"jixiaolint/schema"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// sheet is the sheet of one form, with that of its workings.
type sheet struct {
	*book
	o    *Form
	form *schema.Form
	// at are the cells of the form's fields by JSON Pointer.
	at map[string]string
	// name and workings are the names of the two sheets.
	name, workings string
	merged         []excelize.MergeCell
	// formulas are the cells of both sheets that hold a formula, in the order in which
	// they are computed.
	formulas []formulaCell
	left     []lang.Text
	err      error
}

type formulaCell struct{ sheet, cell string }

// fill turns the sheet of the official layout into a template.
func (s *sheet) fill() (err error) {
	if s.merged, err = s.file.GetMergeCells(s.name, true); err != nil {
		return err
	}
	if _, err := s.file.NewSheet(s.workings); err != nil {
		return err
	}
	for _, w := range workings {
		s.do(s.file.SetCellStr(s.workings, w.column+"1", w.heading))
	}
	s.nameWorkings()
	s.identity()
	s.funds()
	s.table()
	s.total()
	s.remarks()
	s.results()
	s.looks()
	s.page()
	s.protect()
	return s.err
}

// do keeps the first error.
func (s *sheet) do(err error) { s.err = cmp.Or(s.err, err) }

// row gives a pointer of the i-th row of a list: /indicators/3/score.
func row(list string, i int, field string) string {
	return "/" + list + "/" + strconv.Itoa(i) + "/" + field
}

// indicator gives the cell of a field of an indicator.
func (s *sheet) indicator(i int, field string) string { return s.at[row("indicators", i, field)] }

// fund gives the cell of a field of a fund row.
func (s *sheet) fund(i int, field string) string { return s.at[row("funds/rows", i, field)] }

// input unlocks a cell and gives it a number format; the empty one keeps that of the
// layout.
func (s *sheet) input(cell, format string) {
	if cell != "" {
		s.do(s.restyle(s.name, cell, mergeEnd(s.merged, cell), format, true))
	}
}

// words makes a cell take what is typed as text, so that no spreadsheet turns 95% into
// 0.95 and a date into a number.
func (s *sheet) words(cell string, f *schema.Field) {
	s.input(cell, asText)
	if f.Filled() {
		s.do(s.file.SetCellStr(s.name, cell, f.Text))
	}
}

const (
	general = "General"
	asText  = "@"
)

// figure makes a cell take a number. What is filed there is stored as a number if it is
// one without a unit or with one of those given.
func (s *sheet) figure(cell string, f *schema.Field, units ...string) {
	q := f.Quantity()
	format := general
	if q.IsFigure() && q.Decimals > 0 && f.Filled() {
		format = "" // as the layout shows it
	}
	if f.Filled() && q.IsFigure() && q.Comparator == quantity.None && (q.Unit == "" || slices.Contains(units, q.Unit)) {
		if strings.ContainsAny(f.Text, ",，") || q.Unit != "" {
			format = general
		}
		s.do(s.file.SetCellDefault(s.name, cell, q.Value.Short(max(q.Decimals, 10))))
	}
	s.input(cell, format)
}

// formula puts a formula into a locked cell of the form's sheet.
func (s *sheet) formula(cell, formula, format string) {
	s.do(s.file.SetCellFormula(s.name, cell, formula))
	if format != "" {
		s.do(s.restyle(s.name, cell, mergeEnd(s.merged, cell), format, false))
	}
	s.formulas = append(s.formulas, formulaCell{s.name, cell})
}

// mark colours a cell while a formula holds.
func (s *sheet) mark(cell string, style int, formula string) {
	s.do(s.file.SetConditionalFormat(s.name, cell, []excelize.ConditionalFormatOptions{{Type: "formula", Criteria: formula, Format: &style}}))
}

// identity prepares the cells above and beside the table that take texts.
func (s *sheet) identity() {
	f := s.form
	for _, c := range []struct {
		pointer string
		field   *schema.Field
		hint    lang.Text
	}{
		{"/project", &f.Project, lang.T("项目全称，与批复的预算项目名称一致。", "The full name of the project, as in the approved budget.")},
		{"/department", &f.Department, lang.T("一级预算部门名称，后面紧接部门代码。", "The department of first level, followed by its code.")},
		{"/unit", &f.Unit, lang.T("具体实施项目的单位全称。", "The full name of the unit that carries the project out.")},
		{"/goal/expected", &f.Goal.Expected, lang.T("照抄年初批复的年度总体目标。写不下时可拖高本行。", "The overall goal of the year as it was approved. Make the row higher if need be.")},
		{"/goal/actual", &f.Goal.Actual, lang.T("对照预期目标，用数据写明年内完成了什么、没有完成什么。写不下时可拖高本行。", "What was and what was not achieved, in figures, point by point against the goal. Make the row higher if need be.")},
	} {
		cell := s.at[c.pointer]
		s.input(cell, general)
		s.hint(cell, c.hint)
	}
	if cell := s.at["/funds/header_amount"]; f.Funds.HeaderAmount.Filled() {
		s.figure(cell, &f.Funds.HeaderAmount)
	}
}

// table prepares the indicator rows.
func (s *sheet) table() {
	f := s.form
	for i := range f.Indicators {
		s.indicatorRow(i)
	}
	for i, g := range f.Groups {
		weight := readPoints(&g.Weight)
		if !weight.ok {
			continue
		}
		cell, cells := s.at[row("groups", i, "weight")], s.groupCells(g, "weight")
		if cell != "" && len(cells) > 0 {
			s.mark(cell, s.wrong, differs(weight.String(), refs(cells)...))
		}
	}
	s.sharedPoints()
}

// sharedPoints watches the points that a profile gives to several groups together.
func (s *sheet) sharedPoints() {
	shared, ok := s.o.Profile.Weights[profile.AllGroups]
	if !ok {
		return
	}
	var cells []string
	labels := map[string]bool{}
	for i := range s.form.Indicators {
		r := &s.form.Indicators[i]
		if !s.counts(i) || slices.ContainsFunc(s.form.Groups, func(g schema.Group) bool { return g.Level1 == r.Level1.Text && g.Level1 != "" }) {
			continue
		}
		cells = append(cells, s.indicator(i, "weight"))
		labels[s.indicator(i, "level1")] = true
	}
	for _, cell := range slices.Sorted(maps.Keys(labels)) {
		s.mark(cell, s.wrong, differs(shared.String(), refs(cells)...))
	}
}

// counts reports whether the points of an indicator row count: those of a sub-row do
// not.
func (s *sheet) counts(i int) bool { return s.form.Indicators[i].PartOf == "" }

// groupCells gives the cells of a field in the rows of a group; those of all rows for
// the group of all.
func (s *sheet) groupCells(g schema.Group, field string) []string {
	var cells []string
	for i := range s.form.Indicators {
		r := &s.form.Indicators[i]
		if s.counts(i) && (g.Level1 == "" || g.Level1 == r.Level1.Text) && (g.Level2 == "" || g.Level2 == r.Level2.Text) {
			cells = append(cells, s.indicator(i, field))
		}
	}
	return cells
}

func (s *sheet) indicatorRow(i int) {
	p, r := s.o.Profile, &s.form.Indicators[i]
	target, actual, weight, score := s.indicator(i, "target"), s.indicator(i, "actual"), s.indicator(i, "weight"), s.indicator(i, "score")
	name, reason := s.indicator(i, "name"), s.indicator(i, "explanation")
	s.input(name, general)
	s.words(target, &r.Target)
	s.words(actual, &r.Actual)
	s.input(reason, general)
	s.checkLabels(i)
	s.checkEntries(i)
	if !s.counts(i) {
		s.input(weight, general)
		s.input(score, general)
		return
	}
	s.figure(weight, &r.Weight, "分")

	line := s.line(i)
	sheetName := quoteSheet(s.name) + "!"
	year := 0
	if r.Type() == schema.TimeType {
		year = s.form.Year
	}
	cells := rowFormulas(p, rowCells{sheetName + target, sheetName + actual, sheetName + weight, sheetName + score}, line, year)
	for _, w := range workings {
		if cells[w.column] == "" {
			continue
		}
		cell := w.column + strconv.Itoa(line)
		s.do(s.file.SetCellFormula(s.workings, cell, cells[w.column]))
		s.formulas = append(s.formulas, formulaCell{s.workings, cell})
	}
	s.score(i, line)
	s.watchRow(i)
}

// line gives the row of the workings that belongs to an indicator.
func (s *sheet) line(i int) int { return i + 2 }

// score puts the score into its cell: the formula, unless another one was filed.
func (s *sheet) score(i, line int) {
	f, cell := &s.form.Indicators[i].Score, s.indicator(i, "score")
	if f.Filled() {
		due, err := s.compute(s.workings, wScore+strconv.Itoa(line))
		s.do(err)
		if filed := readPoints(f); !filed.ok || !same(due, filed.Number) {
			s.figure(cell, f, "分")
			return
		}
	}
	// A copy of the formula in another row, or of the sheet for another form, finds that the
	// workings are not its own.
	working := func(column string) string { return quoteSheet(s.workings) + "!" + absolute(column+strconv.Itoa(line)) }
	own := rowCells{target: s.indicator(i, "target"), actual: s.indicator(i, "actual"), weight: s.indicator(i, "weight")}
	s.formula(cell, fmt.Sprintf(`IF(AND(%s=ROW(),%s=%s),%s,"")`, working(wLine), working(wFilled), own.filled(), working(wScore)), "")
	s.input(cell, general)
}

// same reports whether a computed value is a number.
func same(value string, n quantity.Number) bool {
	v, _, ok := quantity.ParseStored(value)
	return ok && v.Cmp(n) == 0
}

func quoteSheet(name string) string { return "'" + strings.ReplaceAll(name, "'", "''") + "'" }

// points are a weight or score as filed.
type points struct {
	quantity.Number
	ok bool
}

func readPoints(f *schema.Field) points {
	q := f.Displayed()
	return points{q.Value, q.IsFigure() && (q.Unit == "" || q.Unit == "分")}
}

// total prepares the row 总分.
func (s *sheet) total() {
	t := &s.form.Total
	weight, score, grade := s.at["/total/weight"], s.at["/total/score"], s.at["/total/grade"]
	all := schema.Group{}
	weights, scores := refs(s.groupCells(all, "weight")), refs(s.groupCells(all, "score"))
	sum, complete := weights, ""
	sumScores := scores
	if cell := s.fund(s.totalRow(), "weight"); cell != "" {
		sum = append([]string{absolute(cell)}, weights...)
		sumScores = append([]string{absolute(s.fund(s.totalRow(), "score"))}, scores...)
		complete = ",ISNUMBER(" + absolute(s.fund(s.totalRow(), "score")) + ")"
	}
	count := strings.Join(weights, ",")
	if weight != "" {
		s.formula(weight, fmt.Sprintf(`IF(COUNT(%s)=0,"",ROUND(SUM(%s),%d))`, count, strings.Join(sum, ","), guard), general)
		s.mark(weight, s.wrong, fmt.Sprintf("AND(ISNUMBER(%[1]s),ABS(N(%[1]s)-100)>%[2]s)", absolute(weight), tiny))
		s.replaced(weight, &t.Weight, "总分行的分值", "the weight in the total row")
	}
	if score == "" {
		return
	}
	s.formula(score, fmt.Sprintf(`IF(AND(COUNT(%[1]s)>0,COUNT(%[2]s)=COUNT(%[1]s)%[3]s),%[4]s,"")`, count, strings.Join(scores, ","), complete,
		rounded("SUM("+strings.Join(sumScores, ",")+")", s.o.Profile.Decimals)), general)
	s.mark(score, s.open, fmt.Sprintf(`AND(NOT(ISNUMBER(%s)),SUM(jx_open)>0)`, absolute(score)))
	s.hint(score, lang.T("各行都有得分后自动合计；变黄表示还有得分没有填（该行的得分格也是黄的）。", "The sum, once every row has a score; yellow while a score is missing that must be typed (its cell is yellow too)."))
	s.replaced(score, &t.Score, "总分", "the total")
	if grade != "" {
		s.formula(grade, gradeFormula(s.o.Profile, absolute(score)), general)
		s.replaced(grade, &t.Grade, "等级", "the grade")
	}
}

// totalRow gives the index of the row 年度资金总额, -1 if the form has none.
func (s *sheet) totalRow() int {
	return slices.IndexFunc(s.form.Funds.Rows, func(r schema.FundRow) bool { return r.Role == schema.RoleTotal })
}

// replaced sees to what was filed where a formula stands now: it is named if the formula
// gives something else, and stays, unlocked, if it gives nothing.
func (s *sheet) replaced(cell string, f *schema.Field, zh, en string) {
	if f.Missing() || s.err != nil {
		return
	}
	value, err := s.compute(s.name, cell)
	s.do(err)
	q := f.Displayed()
	n, _, isNumber := quantity.ParseStored(value)
	share := strings.HasSuffix(f.At.Path, "/rate")
	if share {
		n = n.Mul(quantity.Int(100))
	}
	if value == "" { // what was filed is all there is
		if q.IsFigure() && q.Unit == "" {
			s.do(s.file.SetCellDefault(s.name, cell, q.Value.Short(10)))
		} else {
			s.do(s.file.SetCellStr(s.name, cell, f.Text))
		}
		s.input(cell, "")
		s.formulas = slices.DeleteFunc(s.formulas, func(c formulaCell) bool { return c == formulaCell{s.name, cell} })
		return
	}
	rate := n
	if share {
		n = n.Round(q.Decimals) // rates are shown with fewer digits than they have
	}
	if value == f.Text || isNumber && q.IsFigure() && n.Cmp(q.Value) == 0 {
		return
	}
	shown := value
	if isNumber && share {
		shown = rate.Short(s.o.Profile.Execution.RateDecimals) + "%"
	}
	s.left = append(s.left, lang.F("%[1]s!%[2]s：%[3]s原填“%[4]s”，公式算得 %[5]s", "%[1]s!%[2]s: %[3]s was filed as %[4]q; the formula gives %[5]s",
		s.name, cell, lang.T(zh, en), f.Text, shown))
}

// results stores the results of all formulas.
func (s *sheet) results() {
	for _, c := range s.formulas {
		v, err := s.compute(c.sheet, c.cell)
		if err != nil {
			s.do(err)
			return
		}
		if s.values[c.sheet] == nil {
			s.values[c.sheet] = map[string]result{}
		}
		column, _ := split(c.cell)
		s.values[c.sheet][c.cell] = result{v, c.sheet == s.workings && slices.Contains(textColumns, column)}
	}
}

// funds prepares the fund block.
func (s *sheet) funds() {
	p, rows := s.o.Profile, s.form.Funds.Rows
	total := s.totalRow()
	var sources []int
	for i := range rows {
		if i != total && rows[i].PartOf == "" {
			sources = append(sources, i)
		}
	}
	for i := range rows {
		r := &rows[i]
		c := fundCells{s.fund(i, "initial"), s.fund(i, "adjusted"), s.fund(i, "executed"), s.fund(i, "weight"), s.fund(i, "rate"), s.fund(i, "score")}
		for _, a := range s.amounts(i) {
			if i != total || !s.totalFormula(a, sources) {
				s.figure(a.cell, a.field, s.form.Funds.CurrencyUnit)
			}
			s.checkAmount(a.cell)
		}
		if i != total {
			s.input(s.fund(i, "label"), general)
			if !r.Weight.Missing() {
				s.input(c.weight, "") // filed though only the total is scored: it may be cleared
			}
			if !r.Score.Missing() {
				s.input(c.score, "")
			}
		}
		s.input(s.fund(i, "explanation"), general)
		if c.rate != "" && c.adjusted != "" && c.executed != "" {
			s.formula(c.rate, rateFormula(p, c), rateFormat(p.Execution.RateDecimals))
			s.replaced(c.rate, &r.Rate, "执行率", "the execution rate")
		}
		if i == total {
			s.execution(c, r)
		}
		s.watchFund(i, i == total)
	}
}

// execution prepares weight and score of the execution rate.
func (s *sheet) execution(c fundCells, r *schema.FundRow) {
	if c.weight == "" || c.score == "" {
		return
	}
	if w := readPoints(&r.Weight); w.ok {
		s.do(s.file.SetCellDefault(s.name, c.weight, w.String()))
	}
	if c.adjusted == "" || c.executed == "" {
		s.figure(c.score, &r.Score, "分")
		return
	}
	s.formula(c.score, executionFormula(s.o.Profile, c), general)
	s.replaced(c.score, &r.Score, "执行率得分", "the score of the execution rate")
}

func rateFormat(decimals int) string {
	if decimals == 0 {
		return "0%"
	}
	return "0." + strings.Repeat("0", decimals) + "%"
}

// amount is one of the amounts of a fund row.
type amount struct {
	name, cell string
	field      *schema.Field
}

func (s *sheet) amounts(i int) []amount {
	r := &s.form.Funds.Rows[i]
	all := []amount{
		{"initial", s.fund(i, "initial"), &r.Initial},
		{"adjusted", s.fund(i, "adjusted"), &r.Adjusted},
		{"executed", s.fund(i, "executed"), &r.Executed},
	}
	return slices.DeleteFunc(all, func(a amount) bool { return a.cell == "" })
}

// totalFormula lets a total be the sum of its sources, if there are some and no other
// total was filed. It may be typed over: some forms list their sources elsewhere.
func (s *sheet) totalFormula(a amount, sources []int) bool {
	var cells []string
	var sum quantity.Number
	listed := false
	for _, i := range sources {
		for _, b := range s.amounts(i) {
			if b.name != a.name {
				continue
			}
			cells = append(cells, b.cell)
			if q := b.field.Quantity(); q.IsFigure() {
				sum, listed = sum.Add(q.Value), true
			}
		}
	}
	if len(cells) == 0 {
		return false
	}
	s.mark(a.cell, s.wrong, differs(absolute(a.cell), refs(cells)...))
	if filed := a.field.Quantity(); a.field.Filled() && (!listed || !filed.IsFigure() || filed.Value.Cmp(sum) != 0) {
		return false
	}
	s.formula(a.cell, sumFormula(refs(cells)...), "")
	s.input(a.cell, general)
	return true
}

// remarks prepares the texts below the table.
func (s *sheet) remarks() {
	for i := range s.form.Remarks {
		r, cell := &s.form.Remarks[i], s.at["/remarks/"+strconv.Itoa(i)+"/text"]
		if cell == "" || r.Label == noteLabel {
			continue
		}
		s.input(cell, general)
		if r.Label == remarkLabel {
			s.checkRemark(cell)
		}
	}
}

// reasonWidth is the width of the column of reasons, in characters: a sentence or two fit
// into a row.
const reasonWidth = 30

// looks tells the cells that are computed from those that are filled in, and lets long
// texts begin at the top.
func (s *sheet) looks() {
	for _, c := range s.formulas {
		if c.sheet == s.name {
			s.do(s.shade(s.name, c.cell, mergeEnd(s.merged, c.cell)))
		}
	}
	for _, cell := range s.prose() {
		s.do(s.top(s.name, cell, mergeEnd(s.merged, cell)))
	}
}

// prose gives the cells of the goal and the remarks.
func (s *sheet) prose() []string {
	cells := []string{s.at["/goal/expected"], s.at["/goal/actual"]}
	for i := range s.form.Remarks {
		cells = append(cells, s.at[row("remarks", i, "text")])
	}
	return slices.DeleteFunc(cells, func(cell string) bool { return cell == "" })
}

// page finishes the sheet for the printer: the height of what is still to be written,
// the rows repeated on each page, the range printed.
func (s *sheet) page() {
	const rowHeight, goalHeight, remarkHeight = 45, 165, 90
	heights := map[string]float64{}
	for _, cell := range s.prose() {
		heights[cell] = remarkHeight
	}
	for _, pointer := range []string{"/goal/expected", "/goal/actual"} {
		heights[s.at[pointer]] = goalHeight
	}
	for i := range s.form.Indicators {
		cell := s.indicator(i, "name")
		heights[cell] = rowHeight
		if cell != "" {
			_, line := split(cell)
			s.growing[s.name] = append(s.growing[s.name], line)
		}
	}
	// Reasons are still to be written.
	if cell := s.indicator(0, "explanation"); cell != "" {
		col, _ := split(cell)
		s.do(s.file.SetColWidth(s.name, col, col, reasonWidth))
	}
	for cell, least := range heights {
		if cell == "" {
			continue
		}
		_, line := split(cell)
		if h, err := s.file.GetRowHeight(s.name, line); err == nil && h < least {
			s.do(s.file.SetRowHeight(s.name, line, least))
		}
	}
	dimension, err := s.file.GetSheetDimension(s.name)
	s.do(err)
	_, end, _ := strings.Cut(dimension, ":")
	col, last := split(cmp.Or(end, "A1"))
	name := quoteSheet(s.name) + "!"
	names := []excelize.DefinedName{{Name: "_xlnm.Print_Area", RefersTo: fmt.Sprintf("%s$A$1:$%s$%d", name, col, last), Scope: s.name}}
	if s.indicator(0, "name") != "" {
		_, first := split(s.indicator(0, "name"))
		names = append(names, excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("%s$%d:$%d", name, first-1, first-1), Scope: s.name})
	}
	for _, n := range names {
		s.do(s.file.SetDefinedName(&n))
	}
	// Each form is filed by itself, so its pages are counted from 1; the number of all
	// pages would be that of the workbook.
	s.do(s.file.SetHeaderFooter(s.name, &excelize.HeaderFooterOptions{OddFooter: "&C第 &P 页"}))
	first := uint(1)
	s.do(s.file.SetPageLayout(s.name, &excelize.PageLayoutOptions{FirstPageNumber: &first}))
	s.do(s.file.AddIgnoredErrors(s.name, dimension, excelize.IgnoredErrorsNumberStoredAsText))
	s.do(s.file.AddIgnoredErrors(s.name, dimension, excelize.IgnoredErrorsUnlockedFormula))
	// The workings are there to be looked at, not to be filed: of their sheet only an empty
	// cell is printed.
	s.do(s.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", RefersTo: quoteSheet(s.workings) + "!" + absolute(wNothing+"1"), Scope: s.workings}))
}

// protect locks both sheets, without a password. The workings stay visible: whoever
// checks a form wants to see all that is in the file.
func (s *sheet) protect() {
	for _, name := range []string{s.name, s.workings} {
		s.do(s.file.ProtectSheet(name, &excelize.SheetProtectionOptions{
			SelectLockedCells: true, SelectUnlockedCells: true, FormatRows: true, FormatColumns: true, EditObjects: true, EditScenarios: true,
		}))
	}
	full := true
	s.do(s.file.SetCalcProps(&excelize.CalcPropsOptions{FullCalcOnLoad: &full}))
}
