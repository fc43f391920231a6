package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"jixiaolint/checks"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/office"
	"jixiaolint/schema/quantity"
)

// summaryBook writes a workbook about all forms of a run: the counts, a row for each
// form, and a row for each finding. Findings are written as they come. A form's row
// waits for the end of the run, because findings across files come late; it is a few
// words, not the form.
type summaryBook struct {
	*encoder
	book     *office.Writer
	findings *office.Sheet
	number   int // of the last finding
	forms    []formRow
	// files holds the index of the first row of each file.
	files map[string]int
	rules map[ruleSeverity]*ruleTally
	links map[string]string
	err   error
}

// formRow is what the list of forms says about one form, or about a file without one.
type formRow struct {
	file, unit, project     string
	year                    int
	start                   grid.Location
	budget, executed        string // in 万元, or as filed where they are no figures
	declared, computed      checks.Results
	errors, warnings, notes int
	none                    bool // there is no form
	top                     []topProblem
}

type topProblem struct {
	severity checks.Severity
	text     string
}

// ruleSeverity is a rule as it speaks with one severity.
type ruleSeverity struct {
	rule     string
	severity checks.Severity
}

// ruleTally counts the findings of a rule at one severity.
type ruleTally struct {
	rule     *checks.Rule
	severity checks.Severity
	count    int
	forms    int
	last     string // the file and form counted last
}

// The positions of the sheets in the workbook.
const (
	overviewSheet = iota
	formsSheet
	findingsSheet
)

func newSummaryBook(w io.Writer, opts Options) Renderer {
	s := &summaryBook{
		encoder: newEncoder(opts), book: office.NewWriter(w),
		files: map[string]int{}, rules: map[ruleSeverity]*ruleTally{}, links: map[string]string{},
	}
	columns := []bookColumn{
		{lang.T("序号", "No."), 7}, {lang.T("文件", "File"), 36}, {lang.T("位置", "Place"), 18}, {lang.T("单位", "Unit"), 22},
		{lang.T("项目", "Project"), 28}, {lang.T("程度", "Severity"), 9}, {lang.T("规则", "Rule"), 26}, {lang.T("问题", "What is wrong"), 48},
		{lang.T("填报", "Filed"), 14}, {lang.T("应为", "Expected"), 14}, {lang.T("依据", "Basis"), 32}, {lang.T("建议", "Advice"), 34},
	}
	s.findings, s.err = s.book.Begin(s.text(names[findingsSheet]), findingsSheet, s.layout(columns, 1, 2, "C00000"))
	if s.err == nil {
		s.findings.Row(28, s.header(columns)...)
	}
	return s
}

// names are the names of the sheets.
var names = [...]lang.Text{
	overviewSheet: lang.T("汇总", "Overview"), formsSheet: lang.T("各表", "Forms"), findingsSheet: lang.T("问题清单", "Findings"),
}

type bookColumn struct {
	name  lang.Text
	width float64
}

func (s *summaryBook) text(t lang.Text) string { return t.In(s.opts.Lang) }

func (s *summaryBook) layout(columns []bookColumn, header, frozen int, tab string) office.SheetLayout {
	l := office.SheetLayout{Header: header, Frozen: frozen, Filter: true, TabColor: tab, Footer: s.text(lang.T(
		"&L&A · "+s.opts.Tool+"&R第 &P 页，共 &N 页", "&L&A · "+s.opts.Tool+"&Rpage &P of &N"))}
	for _, c := range columns {
		l.Widths = append(l.Widths, c.width)
	}
	return l
}

func (s *summaryBook) header(columns []bookColumn) []office.Cell {
	var cells []office.Cell
	for _, c := range columns {
		cells = append(cells, office.Cell{Text: s.text(c.name), Style: headerStyle})
	}
	return cells
}

// link gives the URL of a file, found out once.
func (s *summaryBook) link(file string) string {
	if s.opts.Link == nil {
		return ""
	}
	url, ok := s.links[file]
	if !ok {
		url = s.opts.Link(file)
		s.links[file] = url
	}
	return url
}

// File writes the findings of one file, and keeps what the lists say about its forms.
func (s *summaryBook) File(r checks.FileReport) error {
	if s.err != nil {
		return s.err
	}
	first, late := s.files[r.File]
	if !late {
		first = len(s.forms)
		s.files[r.File] = first
		for i := range r.Forms {
			s.forms = append(s.forms, s.form(r.File, &r.Forms[i]))
		}
		if len(r.Forms) == 0 {
			s.forms = append(s.forms, formRow{file: r.File, none: true})
		}
	}
	rows := s.forms[first:]
	if n := slices.IndexFunc(rows, func(f formRow) bool { return f.file != r.File }); n >= 0 {
		rows = rows[:n]
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		var at int
		if n := slices.IndexFunc(r.Forms, func(form checks.FormReport) bool { return form.Form == f.Form }); n >= 0 && !late {
			at = n
		} else {
			at = rowOf(rows, f.At.At)
		}
		if late || f.Form == nil || rows[at].none {
			rows[at].add(f.Severity)
		}
		rows[at].note(f, s.opts.Lang)
		s.count(f, r.File, at)
		s.finding(f, r.File, &rows[at])
	}
	return nil
}

// rowOf gives the form that a place belongs to: the last one that begins before it.
func rowOf(rows []formRow, at grid.Location) int {
	best := 0
	for i := range rows {
		start := rows[i].start
		if start.Sheet == at.Sheet && start.Compare(at) <= 0 {
			best = i
		}
	}
	return best
}

func (f *formRow) add(s checks.Severity) {
	switch s {
	case checks.Error:
		f.errors++
	case checks.Warning:
		f.warnings++
	case checks.Note:
		f.notes++
	case checks.Off:
	}
}

// note keeps the worst problems of a form, each rule once.
func (f *formRow) note(finding *checks.Finding, l lang.Lang) {
	const most = 3
	text := cmp.Or(finding.Rule.Title.In(l), finding.Rule.Name)
	if slices.ContainsFunc(f.top, func(p topProblem) bool { return p.text == text }) {
		return
	}
	f.top = append(f.top, topProblem{finding.Severity, Sanitize(text)})
	slices.SortStableFunc(f.top, func(a, b topProblem) int { return cmp.Compare(b.severity, a.severity) })
	f.top = f.top[:min(len(f.top), most)]
}

func (s *summaryBook) count(f *checks.Finding, file string, form int) {
	key := ruleSeverity{f.Rule.Name, f.Severity}
	t := s.rules[key]
	if t == nil {
		t = &ruleTally{rule: f.Rule, severity: f.Severity}
		s.rules[key] = t
	}
	t.count++
	if where := file + "\x00" + strconv.Itoa(form); where != t.last {
		t.forms++
		t.last = where
	}
}

// form takes from a form what its row says.
func (s *summaryBook) form(file string, r *checks.FormReport) formRow {
	f := r.Form
	// Every text is copied: a part of a file's text would keep all of it in memory.
	row := formRow{
		file: file, start: f.Start.At, year: f.Year,
		unit: oneLine(cmp.Or(f.Unit.Text, f.DepartmentName)), project: oneLine(f.Name()),
		declared: checks.Results{Rate: oneLine(r.Declared.Rate), Score: oneLine(r.Declared.Score), Grade: oneLine(r.Declared.Grade)},
		computed: r.Computed, errors: r.Errors, warnings: r.Warnings, notes: r.Notes,
	}
	row.start.File, row.start.Path = file, ""
	row.start.Sheet, row.start.Cell = strings.Clone(row.start.Sheet), strings.Clone(row.start.Cell)
	if total := f.FundTotal(); total != nil {
		budget := total.Adjusted
		if !f.HasPlace("funds.adjusted") {
			budget = total.Initial
		}
		row.budget, row.executed = amount(budget, f.Funds.CurrencyUnit), amount(total.Executed, f.Funds.CurrencyUnit)
	}
	return row
}

// oneLine copies a text as it can be shown on one line.
func oneLine(s string) string { return strings.Clone(Sanitize(strings.Join(strings.Fields(s), " "))) }

// amount gives an amount of money in 万元, exactly; as filed where it is no figure or
// its unit is not known.
func amount(f schema.Field, unit string) string {
	q := f.Quantity()
	if !q.IsFigure() {
		return oneLine(f.Text)
	}
	n, decimals := q.Value, q.Decimals
	from := cmp.Or(q.Unit, unit)
	if from != "" && from != "万元" && from != "万" {
		factor, ok := quantity.Convert(from, "万元")
		if !ok {
			return oneLine(f.Text)
		}
		n, decimals = n.Mul(factor), decimals+8
	}
	return n.Short(decimals)
}

// figure makes a cell of a figure if the text is one, so that it can be added up; else
// of the text.
func figure(text, format string, style office.Style) office.Cell {
	const most = 15 // digits that a spreadsheet keeps
	digits, percent := strings.CutSuffix(text, "%")
	n, decimals, ok := quantity.ParseDecimal(digits)
	if !ok || len(digits) > most {
		return office.Cell{Text: text, Style: style}
	}
	if percent {
		n, decimals = n.Quo(quantity.Int(100)), decimals+2
	}
	style.NumFmt = format
	return office.Cell{Number: n.Short(decimals), Style: style}
}

// finding writes the row of one finding.
func (s *summaryBook) finding(f *checks.Finding, file string, form *formRow) {
	const most = 4_000
	l := s.opts.Lang
	s.number++
	fileCell := office.Cell{Text: Sanitize(file), Style: textStyle, URL: s.link(file)}
	where := office.Cell{Text: cmp.Or(place(f), s.text(lang.T("整个文件", "the whole file"))), Style: midStyle}
	if at := f.At.At; at.Sheet != "" && at.Cell != "" {
		where.Text = cellInSheet(at)
		if fileCell.URL != "" && !strings.Contains(file, "!") {
			where.URL, where.Place = fileCell.URL, office.CellPlace(at.Sheet, at.Cell)
		}
	}
	rule := f.Rule.Name
	if title := f.Rule.Title.In(l); title != "" {
		rule = Sanitize(title) + "\n" + rule
	}
	s.findings.Row(22,
		office.Cell{Number: strconv.Itoa(s.number), Style: midStyle}, fileCell, where,
		office.Cell{Text: form.unit, Style: textStyle}, office.Cell{Text: form.project, Style: textStyle},
		office.Cell{Text: f.Severity.Label().In(l), Style: severityStyle(f.Severity)},
		office.Cell{Text: rule, Style: textStyle},
		office.Cell{Text: cut(sentence(f, l), most), Style: textStyle},
		office.Cell{Text: cut(Sanitize(f.Found), most), Style: midStyle}, office.Cell{Text: cut(Sanitize(f.Expected), most), Style: midStyle},
		office.Cell{Text: Sanitize(s.basis(f.Rule)), Style: textStyle}, office.Cell{Text: cut(advice(f, l), most), Style: textStyle},
	)
}

// Close writes the lists and the counts.
func (s *summaryBook) Close(summary Summary) error {
	if s.err != nil {
		return s.err
	}
	if s.number == 0 {
		s.findings.Row(28, office.Cell{}, office.Cell{Text: s.text(lang.T("没有发现问题", "no problems found")), Style: textStyle})
	}
	if err := s.book.End(); err != nil {
		return err
	}
	if err := s.writeForms(); err != nil {
		return err
	}
	if err := s.writeOverview(summary); err != nil {
		return err
	}
	return s.book.Close()
}

func (s *summaryBook) writeForms() error {
	columns := []bookColumn{
		{lang.T("序号", "No."), 7}, {lang.T("文件", "File"), 36}, {lang.T("单位", "Unit"), 24}, {lang.T("项目", "Project"), 32},
		{lang.T("年度", "Year"), 8}, {lang.T("预算（万元）", "Budget (10,000 yuan)"), 14}, {lang.T("执行（万元）", "Executed (10,000 yuan)"), 14},
		{lang.T("执行率", "Rate"), 10}, {lang.T("填报总分", "Declared total"), 10}, {lang.T("重算总分", "Recomputed total"), 10},
		{lang.T("填报等级", "Declared grade"), 10}, {lang.T("重算等级", "Recomputed grade"), 10},
		{lang.T("错误", "Errors"), 8}, {lang.T("警告", "Warnings"), 8}, {lang.T("提示", "Notes"), 8}, {lang.T("主要问题", "Top problems"), 46},
	}
	layout := s.layout(columns, 1, 4, "1F3864")
	last := strconv.Itoa(max(len(s.forms)+1, 2))
	layout.Rules = []string{
		office.ColorAbove("M2:M"+last, 0, office.Red, 1), office.ColorAbove("N2:N"+last, 0, office.Amber, 2),
		office.ColorWords("K2:L"+last, map[string]office.Tint{"优": office.Green, "差": office.Red, "中": office.Amber}, 3),
	}
	sheet, err := s.book.Begin(s.text(names[formsSheet]), formsSheet, layout)
	if err != nil {
		return err
	}
	sheet.Row(34, s.header(columns)...)
	const money, points, rate = "#,##0.00####", "0.00##", "0.00%"
	count := func(n int) office.Cell { return office.Cell{Number: strconv.Itoa(n), Style: midStyle} }
	for i := range s.forms {
		f := &s.forms[i]
		file := office.Cell{Text: Sanitize(f.file), Style: textStyle, URL: s.link(f.file)}
		if file.URL != "" && f.start.Sheet != "" && !strings.Contains(f.file, "!") {
			file.Place = office.CellPlace(f.start.Sheet, cmp.Or(f.start.Cell, "A1"))
		}
		var top []string
		for _, p := range f.top {
			top = append(top, p.text)
		}
		project, year := f.project, ""
		if f.none {
			project = s.text(lang.T("（没有读出自评表）", "(no form could be read)"))
		}
		if f.year > 0 {
			year = strconv.Itoa(f.year)
		}
		sheet.Row(22, count(i+1), file,
			office.Cell{Text: f.unit, Style: textStyle}, office.Cell{Text: project, Style: textStyle},
			figure(year, "0", midStyle), figure(f.budget, money, textStyle), figure(f.executed, money, textStyle),
			figure(rateOf(f), rate, midStyle), figure(f.declared.Score, points, midStyle), figure(f.computed.Score, points, midStyle),
			office.Cell{Text: f.declared.Grade, Style: midStyle}, office.Cell{Text: f.computed.Grade, Style: midStyle},
			count(f.errors), count(f.warnings), count(f.notes),
			office.Cell{Text: strings.Join(top, s.text(lang.T("；", "; "))), Style: textStyle})
	}
	return s.book.End()
}

// rateOf gives the execution rate of a form: the recomputed one, or else as filed.
func rateOf(f *formRow) string { return cmp.Or(f.computed.Rate, f.declared.Rate) }

// mostBars bounds the bars of a chart, which are unreadable beyond.
const mostBars = 12

// unitTally counts the forms and findings of a unit.
type unitTally struct {
	unit                    string
	forms, errors, warnings int
	clean                   int // forms without errors
}

func (s *summaryBook) units() []unitTally {
	index := map[string]int{}
	var units []unitTally
	for i := range s.forms {
		f := &s.forms[i]
		unit := cmp.Or(f.unit, s.text(lang.T("（未填单位）", "(no unit filed)")))
		n, ok := index[unit]
		if !ok {
			n = len(units)
			index[unit] = n
			units = append(units, unitTally{unit: unit})
		}
		u := &units[n]
		u.forms++
		u.errors += f.errors
		u.warnings += f.warnings
		if f.errors == 0 && !f.none {
			u.clean++
		}
	}
	slices.SortFunc(units, func(a, b unitTally) int {
		return cmp.Or(cmp.Compare(b.errors, a.errors), cmp.Compare(b.warnings, a.warnings), cmp.Compare(b.forms, a.forms), cmp.Compare(a.unit, b.unit))
	})
	return units
}

func (s *summaryBook) ruleTallies() []*ruleTally {
	var out []*ruleTally
	for _, t := range s.rules {
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b *ruleTally) int {
		return cmp.Or(cmp.Compare(b.severity, a.severity), cmp.Compare(b.count, a.count), cmp.Compare(a.rule.Name, b.rule.Name))
	})
	return out
}

// writeOverview writes the sheet that is opened first: the totals, and the counts by
// rule and by unit, each with a chart.
func (s *summaryBook) writeOverview(summary Summary) error {
	l := s.opts.Lang
	in := func(zh, en string) string { return lang.T(zh, en).In(l) }
	sheetName := s.text(names[overviewSheet])
	rules, units := s.ruleTallies(), s.units()
	const chartRows = 20
	layout := s.layout(nil, 0, 0, "1F3864")
	layout.Filter, layout.Selected, layout.Portrait = false, true, true
	layout.Widths = []float64{30, 32, 12, 14, 12, 12}
	layout.Merges = []string{"A1:F1", "A2:F2"}
	sheet, err := s.book.Begin(sheetName, overviewSheet, layout)
	if err != nil {
		return err
	}
	sheet.Row(36, office.Cell{Text: in("绩效自评表审核汇总", "Review of self-evaluation forms"), Style: titleStyle})
	sheet.Row(22, office.Cell{Text: Sanitize(summaryLine(summary, l)), Style: quietStyle})
	sheet.Row(8)
	s.cards(sheet, summary)
	sheet.Row(8)
	chartTop := sheet.Rows()
	for range chartRows {
		sheet.Row(16.5)
	}
	sheet.Row(8)

	section := office.Style{Bold: true, Size: 12, Color: "1F3864", Middle: true}
	number := func(n int) office.Cell { return office.Cell{Number: strconv.Itoa(n), Style: midStyle} }
	header := func(titles ...string) {
		var cells []office.Cell
		for _, t := range titles {
			cells = append(cells, office.Cell{Text: t, Style: headerStyle})
		}
		sheet.Row(26, cells...)
	}
	sheet.Row(26, office.Cell{Text: in("按规则", "By rule"), Style: section})
	header(in("规则", "Rule"), in("名称", "Name"), in("程度", "Severity"), in("问题数", "Findings"), in("涉及表数", "Forms"))
	ruleTop := sheet.Rows() + 1
	for _, t := range rules {
		sheet.Row(20, office.Cell{Text: Sanitize(cmp.Or(t.rule.Title.In(l), t.rule.Name)), Style: textStyle}, office.Cell{Text: t.rule.Name, Style: textStyle},
			office.Cell{Text: t.severity.Label().In(l), Style: severityStyle(t.severity)}, number(t.count), number(t.forms))
	}
	sheet.Row(14)
	sheet.Row(26, office.Cell{Text: in("按单位", "By unit"), Style: section})
	header(in("单位", "Unit"), in("表数", "Forms"), in("没有错误的表", "Without errors"), in("错误", "Errors"), in("警告", "Warnings"))
	unitTop := sheet.Rows() + 1
	for _, u := range units {
		sheet.Row(20, office.Cell{Text: u.unit, Style: textStyle}, number(u.forms), number(u.clean), number(u.errors), number(u.warnings))
	}
	sheet.Row(14)
	for _, line := range []string{
		in("错误：须改正，审核会退回。警告：多半会被追问，请核对。提示：写法建议。", "Errors must be mended, a review rejects them. Warnings will be asked about. Notes are advice on wording."),
		in("重算总分 = 预算执行率应得分 + 各指标填报得分（算错的按应得分）；与填报总分不同的，见“问题清单”。", "Recomputed total = the score due for budget execution + the scores of the indicators, as due where they are wrong; for differences see the sheet of findings."),
		in("点文件名打开表，点位置打开表中的单元格。本工作簿与自评表一起移动，链接仍然有效。", "File names open the forms, places open their cells. Links hold as long as this workbook is moved along with the forms."),
	} {
		sheet.Row(18, office.Cell{Text: line, Style: quietStyle})
	}
	return s.book.End(s.charts(sheetName, rules, ruleTop, units, unitTop, chartTop, chartTop+chartRows)...)
}

// cards writes the headline figures side by side.
func (s *summaryBook) cards(sheet *office.Sheet, summary Summary) {
	withErrors := 0
	for i := range s.forms {
		if s.forms[i].errors > 0 {
			withErrors++
		}
	}
	var values, labels []office.Cell
	for _, c := range []struct {
		n           int
		label       lang.Text
		fill, color string
	}{
		{summary.Forms, lang.T("自评表", "forms"), "F2F2F2", "1F3864"},
		{withErrors, lang.T("有错误的表", "forms with errors"), "F2F2F2", "1F3864"},
		{summary.Errors, lang.T("错误", "errors"), severityFills[checks.Error], "9C0006"},
		{summary.Warnings, lang.T("警告", "warnings"), severityFills[checks.Warning], "7F6000"},
		{summary.Notes, lang.T("提示", "notes"), severityFills[checks.Note], "1F4E79"},
		{summary.Fixable, lang.T("有确定改法", "certain fixes"), "E2EFDA", "375623"},
	} {
		values = append(values, office.Cell{Number: strconv.Itoa(c.n), Style: office.Style{Bold: true, Size: 20, Color: c.color, Fill: c.fill, Center: true, Middle: true}})
		labels = append(labels, office.Cell{Text: s.text(c.label), Style: office.Style{Color: c.color, Fill: c.fill, Center: true, Middle: true}})
	}
	sheet.Row(36, values...)
	sheet.Row(20, labels...)
}

// barColors are the colours of the severities in charts.
var barColors = map[checks.Severity]string{checks.Error: "E57373", checks.Warning: "FFD966", checks.Note: "8FAADC"}

// charts draws the most frequent rules and the units with most findings.
func (s *summaryBook) charts(sheet string, rules []*ruleTally, ruleTop int, units []unitTally, unitTop, top, bottom int) []office.Chart {
	column := func(name string, first, n int) string {
		return office.CellPlace(sheet, fmt.Sprintf("$%[1]s$%[2]d:$%[1]s$%[3]d", name, first, first+n-1))
	}
	var charts []office.Chart
	if n := min(len(rules), mostBars); n > 0 {
		c := office.Chart{Title: s.text(lang.T("主要问题（先错误，后警告）", "Main problems (errors first)")), From: [2]int{0, top}, To: [2]int{2, bottom}}
		c.Categories.Ref = column("A", ruleTop, n)
		values := office.Range{Ref: column("D", ruleTop, n)}
		var colors []string
		for _, t := range rules[:n] {
			c.Categories.Texts = append(c.Categories.Texts, Sanitize(cmp.Or(t.rule.Title.In(s.opts.Lang), t.rule.Name)))
			values.Texts = append(values.Texts, strconv.Itoa(t.count))
			colors = append(colors, barColors[t.severity])
		}
		c.Series = []office.Series{{Name: s.text(lang.T("问题数", "findings")), Color: barColors[checks.Note], Colors: colors, Values: values}}
		charts = append(charts, c)
	}
	if n := min(len(units), mostBars); n > 0 {
		c := office.Chart{Title: s.text(lang.T("各单位的错误和警告", "Errors and warnings by unit")), From: [2]int{2, top}, To: [2]int{6, bottom}}
		c.Categories.Ref = column("A", unitTop, n)
		errors, warnings := office.Range{Ref: column("D", unitTop, n)}, office.Range{Ref: column("E", unitTop, n)}
		for _, u := range units[:n] {
			c.Categories.Texts = append(c.Categories.Texts, u.unit)
			errors.Texts = append(errors.Texts, strconv.Itoa(u.errors))
			warnings.Texts = append(warnings.Texts, strconv.Itoa(u.warnings))
		}
		c.Series = []office.Series{
			{Name: s.text(lang.T("错误", "errors")), Color: barColors[checks.Error], Values: errors},
			{Name: s.text(lang.T("警告", "warnings")), Color: barColors[checks.Warning], Values: warnings},
		}
		charts = append(charts, c)
	}
	return charts
}
