package template

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"jixiaolint/schema"
	"jixiaolint/schema/lang"
)

// Conditional formats and input checks may not refer to another sheet in every
// spreadsheet, but to names they may: these name the columns of the workings that the
// form's cells are checked against. Each sheet has names of its own.
var workingNames = []struct{ name, column string }{
	{"jx_line", wLine}, {"jx_sign", wSign}, {"jx_target", wTargetValue}, {"jx_score", wScore}, {"jx_other", wOther},
	{"jx_least", wLeast}, {"jx_most", wMost}, {"jx_ratio", wRatio},
	{"jx_open", wOpen}, {"jx_until", wTargetTo}, {"jx_done", wActualFrom},
}

// nameWorkings defines the names of the workings for the form's sheet.
func (s *sheet) nameWorkings() {
	for _, n := range workingNames {
		s.do(s.file.SetDefinedName(&excelize.DefinedName{
			Name: n.name, Scope: s.name, RefersTo: fmt.Sprintf("%s!$%[2]s$1:$%[2]s$%[3]d", quoteSheet(s.workings), n.column, max(2, s.line(len(s.form.Indicators)-1))),
		}))
	}
}

// working refers to a value of the workings of a row.
func working(name string, line int) string { return "INDEX(" + name + "," + strconv.Itoa(line) + ")" }

// markWorked colours a cell while a formula holds that refers to a line of the workings,
// unless the cell is the copy of one in another row: the workings are not copied.
func (s *sheet) markWorked(cell string, style, line int, formula string) {
	s.mark(cell, style, fmt.Sprintf("AND(%s=ROW(%s),%s)", working("jx_line", line), inRow(cell), formula))
}

// inRow writes a cell so that it moves down with the cell whose condition refers to it.
func inRow(cell string) string { return "$" + cell }

// severity says what a spreadsheet does about an entry that a check refuses.
type severity string

const (
	stop    severity = "stop"
	warning severity = "warning"
)

// check is an input check of a cell, in the terms of a spreadsheet.
type check struct {
	kind, operator string
	first, second  string
	severity       severity // empty: nothing is refused
	refusal        lang.Text
	hint           lang.Text
}

var hintTitle = lang.T("填写说明", "How to fill in")

// The most characters that spreadsheets show of a hint and of a list.
const (
	maxHint = 255
	maxList = 255
)

// validate gives a cell an input check.
func (s *sheet) validate(cell string, c check) {
	if cell == "" {
		return
	}
	v := excelize.NewDataValidation(true)
	v.Sqref, v.Type, v.Operator = cell, c.kind, c.operator
	v.Formula1, v.Formula2 = escape(c.first), escape(c.second)
	if hint := c.hint.In(s.lang); hint != "" {
		v.SetInput(hintTitle.In(s.lang), clip(hint, maxHint))
	}
	if c.severity != "" {
		style, title, refusal := string(c.severity), lang.T("请核对", "Please check").In(s.lang), clip(c.refusal.In(s.lang), maxHint)
		v.ErrorStyle, v.ErrorTitle, v.Error, v.ShowErrorMessage = &style, &title, &refusal, true
	}
	s.do(s.file.AddDataValidation(s.name, v))
}

// clip shortens a text to a number of characters.
func clip(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

// hint shows a hint when the cell is chosen.
func (s *sheet) hint(cell string, hint lang.Text) { s.validate(cell, check{kind: "none", hint: hint}) }

// offer gives a cell a list to choose from; ok is false where the list is too long for a
// spreadsheet.
func offer(choices []string) (list string, ok bool) {
	list = strings.Join(choices, ",")
	return quote(list), len(choices) > 0 && utf8.RuneCountInString(list) <= maxList && !strings.Contains(strings.Join(choices, ""), ",")
}

// checkLabels lets the labels of the groups be chosen from the groups of the profile. A
// label is merged over its rows, so the first row of each has it.
func (s *sheet) checkLabels(i int) {
	groups := groupsOf(s.o.Profile)
	r := &s.form.Indicators[i]
	if cell := s.indicator(i, "level1"); i == 0 || cell != s.indicator(i-1, "level1") {
		var labels []string
		for _, g := range groups {
			label := g.label
			if j := slices.IndexFunc(s.form.Groups, func(h schema.Group) bool { return h.Level1 == g.label && h.Level2 == "" }); j >= 0 {
				label += "(" + s.form.Groups[j].Weight.Text + ")"
			}
			labels = append(labels, label)
		}
		s.choose(cell, labels, lang.T("一级指标按规则集设置，分值合计由公式核对。", "First-level groups follow the profile; formulas check their points."))
	}
	if cell := s.indicator(i, "level2"); cell != "" && (i == 0 || cell != s.indicator(i-1, "level2")) {
		s.input(cell, general)
		j := slices.IndexFunc(groups, func(g group) bool {
			return g.label == r.Level1.Text || schema.SectionOf(g.label) == schema.SectionOf(r.Level1.Text) && schema.SectionOf(g.label) != schema.SectionOther
		})
		if j < 0 || groups[j].level2[0] == "" {
			s.hint(cell, lang.T("请填写二级指标名称。", "Name the second-level group."))
			return
		}
		s.choose(cell, groups[j].level2, lang.T("请从列表中选择二级指标。", "Choose the second-level group from the list."))
	}
}

// choose makes a cell take one of a list, or what it holds already.
func (s *sheet) choose(cell string, choices []string, hint lang.Text) {
	if cell == "" {
		return
	}
	if now, err := s.file.GetCellValue(s.name, cell); err == nil && now != "" && !slices.Contains(choices, now) {
		choices = append([]string{now}, choices...)
	}
	list, ok := offer(choices)
	if !ok {
		s.hint(cell, hint)
		return
	}
	s.validate(cell, check{kind: "list", first: list, severity: stop, hint: hint,
		refusal: lang.T("请从下拉列表中选择。", "Please choose from the list.")})
}

// checkEntries gives the cells of an indicator row that are typed their checks.
func (s *sheet) checkEntries(i int) {
	p, r := s.o.Profile, &s.form.Indicators[i]
	s.validate(s.indicator(i, "name"), check{
		kind: "textLength", operator: "lessThanOrEqual", first: strconv.Itoa(p.Indicator.NameMaxChars), severity: warning,
		hint:    lang.T("一行写一个可以衡量的指标，如“培训期数”“验收合格率”。", "One measurable indicator a row, such as 培训期数 or 验收合格率."),
		refusal: lang.F("指标名称超过 %[1]d 字，请精简。", "The name is longer than %[1]d characters.", p.Indicator.NameMaxChars),
	})
	target := lang.T("定量指标：符号 + 数 + 单位，如 ≥95%、=12次；越少越好的用 ≤。定性指标写文字。", "A figure: sign, number and unit, such as ≥95% or =12次; ≤ where less is better. Or words.")
	switch r.Type() {
	case schema.CostType:
		target = lang.T("成本指标用 ≤，如 ≤3万元、≤200元/人。", "Costs take ≤, such as ≤3万元 or ≤200元/人.")
	case schema.TimeType:
		target = lang.T("写明时限，如 2025年12月31日前；及时率写 ≥95%。", "State the deadline, such as 2025年12月31日前, or a rate such as ≥95%.")
	case schema.Untyped, schema.QuantityType, schema.QualityType, schema.EconomicType, schema.SocialType, schema.EcologicalType, schema.SustainableType, schema.SatisfactionType:
	}
	s.hint(s.indicator(i, "target"), target)
	s.validate(s.indicator(i, "actual"), s.actualCheck(r, s.indicator(i, "actual")))
	if !s.counts(i) {
		return
	}
	s.validate(s.indicator(i, "weight"), check{
		kind: "decimal", operator: "between", first: "0", second: s.mostPoints(r), severity: stop,
		hint:    lang.F("本行分值，不超过%[1]s 分；各行合计须与一级指标的分值一致。", "The points of the row, %[1]s at most; rows must add up to the points of their group.", s.mostPoints(r)),
		refusal: lang.F("分值应是 0 到 %[1]s 之间的数。", "Points are a number from 0 to %[1]s.", s.mostPoints(r)),
	})
	s.validate(s.indicator(i, "score"), check{
		kind: "decimal", operator: "between", first: "0", second: inRow(s.indicator(i, "weight")), severity: stop,
		hint:    lang.T("指标值和完成值可比时自动计算。变黄的是算不出的（定性指标、单位不同、晚于时限等），请直接填写得分；另有扣分的也可改填。", "Computed where target and actual value can be compared. Yellow: it cannot be computed (a result in words, other units, a late date), so type it. A lower score may be typed too."),
		refusal: lang.T("得分应在 0 和本行分值之间。", "The score must be from 0 to the points of the row."),
	})
	s.validate(s.indicator(i, "explanation"), check{
		kind: "textLength", operator: "lessThanOrEqual", first: strconv.Itoa(p.ReasonMaxChars), severity: warning,
		hint:    lang.T("得分低于分值，或完成值大大超过指标值的，写明原因和改进措施。", "Where the score is below the points, or the target was far exceeded: the reason, and what will be done."),
		refusal: lang.F("超过 %[1]d 字，请精简。", "This is longer than %[1]d characters.", p.ReasonMaxChars),
	})
}

// mostPoints gives the most points a row of a group may have.
func (s *sheet) mostPoints(r *schema.Indicator) string {
	for _, level1 := range []string{r.Level1.Text, ""} {
		for _, g := range s.form.Groups {
			if w := readPoints(&g.Weight); g.Level1 == level1 && g.Level2 == "" && w.ok {
				return w.String()
			}
		}
	}
	return "100"
}

// actualCheck is the check of an actual value: a date is to be one, a rate of
// satisfaction at most 100%, and the qualitative results are offered.
func (s *sheet) actualCheck(r *schema.Indicator, cell string) check {
	p := s.o.Profile
	at := inRow(cell)
	switch r.Type() {
	case schema.TimeType:
		return check{
			kind: "custom", severity: warning,
			first:   fmt.Sprintf(`AND(IF(ISNUMBER(FIND(MID(%[1]s&"     ",5,1),"年-/.")),IFERROR(VALUE(LEFT(%[1]s,4))<=%[2]d,TRUE),TRUE),NOT(%[3]s))`, at, s.form.Year, s.serial(at)),
			hint:    lang.T("写实际完成的日期，如 2025年11月20日；及时率写百分数。", "The date of completion, such as 2025年11月20日, or a rate in per cent."),
			refusal: lang.F("请写成“%[1]d年11月20日”这样的日期；完成时间不应晚于 %[1]d 年。", "Write a date such as %[1]d年11月20日, not later than %[1]d.", s.form.Year),
		}
	case schema.SatisfactionType:
		return check{
			kind: "custom", severity: warning,
			first:   fmt.Sprintf(`IFERROR(AND(VALUE(%[1]s)>=0,VALUE(%[1]s)<=100),TRUE)`, replaceAll(at, "%", "", "％", "")),
			hint:    lang.T("写满意度调查的结果，如 96.5%。", "The result of the survey, such as 96.5%."),
			refusal: lang.T("满意度应在 0～100% 之间。", "Satisfaction is from 0 to 100%."),
		}
	case schema.Untyped, schema.QuantityType, schema.QualityType, schema.CostType, schema.EconomicType, schema.SocialType, schema.EcologicalType, schema.SustainableType:
	}
	c := check{kind: "list", hint: lang.T("写数和单位，单位与指标值一致；定性指标从列表中选择档次。", "A number with the unit of the target; for a result in words choose its band.")}
	var names []string
	for _, b := range p.Bands {
		names = append(names, b.Name)
	}
	list, ok := offer(names)
	if !ok {
		c.kind = "none"
		return c
	}
	c.first = list
	return c
}

// serial tells whether a cell holds the serial number of a date.
func (s *sheet) serial(at string) string {
	f := s.o.Profile.Format
	return fmt.Sprintf(`AND(LEN(%[1]s)=%[2]d,IFERROR(VALUE(%[1]s)>=%[3]d,FALSE),IFERROR(VALUE(%[1]s)<=%[4]d,FALSE))`, at, len(strconv.Itoa(f.SerialTo)), f.SerialFrom, f.SerialTo)
}

// absent tells whether nothing is said in a cell: it is blank, or filled with one of the
// marks that the rules take for nothing.
func absent(cell string) string {
	return "LEN(" + replaceAll("TRIM("+cell+")", "　", "", " ", "", "-", "", "－", "", "—", "", "–", "", "N/A", "", "/", "", "无", "", "不适用", "", "*", "") + ")=0"
}

// tiny is less than any difference between figures, and more than what binary fractions
// are off.
const tiny = "0.0000001"

// watchRow colours the cells of an indicator row that contradict each other, and those
// that are still to be filled.
func (s *sheet) watchRow(i int) {
	p, r := s.o.Profile, &s.form.Indicators[i]
	line := s.line(i)
	target, actual := inRow(s.indicator(i, "target")), inRow(s.indicator(i, "actual"))
	weight, score := inRow(s.indicator(i, "weight")), inRow(s.indicator(i, "score"))
	reason := ""
	if cell := s.indicator(i, "explanation"); cell != "" {
		reason = inRow(cell)
	}
	both := fmt.Sprintf("ISNUMBER(%s),ISNUMBER(%s)", score, weight)
	s.mark(s.indicator(i, "score"), s.wrong, fmt.Sprintf("AND(%s,OR(%s<0,N(%[2]s)>N(%[3]s)))", both, score, weight))
	due, other := working("jx_score", line), working("jx_other", line)
	unlike := func(value string) string {
		return fmt.Sprintf("OR(NOT(ISNUMBER(%[1]s)),ABS(N(%[2]s)-N(%[1]s))>%[3]s)", value, score, tiny)
	}
	mayDeduct := "FALSE"
	if reason != "" {
		mayDeduct = fmt.Sprintf(`AND(N(%s)=N(%s),N(%s)<N(%[2]s),NOT(%[4]s))`, due, weight, score, absent(reason))
	}
	s.markWorked(s.indicator(i, "score"), s.wrong, line, fmt.Sprintf("AND(%s,ISNUMBER(%s),%s,%s,NOT(%s))", both, due, unlike(due), unlike(other), mayDeduct))
	least, most := working("jx_least", line), working("jx_most", line)
	s.markWorked(s.indicator(i, "score"), s.wrong, line, fmt.Sprintf("AND(ISNUMBER(%s),ISNUMBER(%s),OR(N(%[1]s)<N(%[2]s)-%[4]s,N(%[1]s)>N(%[3]s)+%[4]s))", score, least, most, tiny))

	s.mark(s.indicator(i, "score"), s.open, openRow(target, actual, weight, score))
	s.mark(s.indicator(i, "actual"), s.wrong, fmt.Sprintf(`AND(LEN(TRIM(%[1]s))>0,ISNUMBER(FIND(LEFT(TRIM(%[1]s)&" ",1),"≥≤≧≦><=＞＜＝")))`, actual))
	switch r.Type() {
	case schema.TimeType:
		s.mark(s.indicator(i, "actual"), s.wrong, s.serial(actual))
		s.watchDate(i, line, both, reason)
	case schema.CostType:
		s.markWorked(s.indicator(i, "target"), s.wrong, line, working("jx_sign", line)+"=1")
		fallthrough
	default:
		s.markWorked(s.indicator(i, "target"), s.open, line, fmt.Sprintf(`AND(LEN(%s)>0,ISNUMBER(%s),NOT(ISNUMBER(%s)))`, target, working("jx_target", line), working("jx_sign", line)))
	}
	if reason == "" {
		return
	}
	if p.Explain.ScoreBelowWeight {
		s.mark(s.indicator(i, "explanation"), s.open, fmt.Sprintf("AND(%s,%s,N(%s)<N(%s))", absent(reason), both, score, weight))
	}
	if t := r.Type(); t != schema.TimeType && t != schema.CostType {
		ratio := working("jx_ratio", line)
		s.markWorked(s.indicator(i, "explanation"), s.open, line, fmt.Sprintf("%[4]s,ISNUMBER(%[1]s),ROUND(N(%[1]s),%[2]d)>=%[3]s", ratio, guard, p.OverFulfilment.Warn, absent(reason)))
	}
}

// watchDate colours the full score of a delay for which no reason is given, and the date.
func (s *sheet) watchDate(i, line int, both, reason string) {
	score := inRow(s.indicator(i, "score"))
	until, done := working("jx_until", line), working("jx_done", line)
	late := fmt.Sprintf("ISNUMBER(%[1]s),ISNUMBER(%[2]s),OR(N(%[2]s)>N(%[1]s),N(%[2]s)>=%[3]d)", until, done, endOf(s.form.Year))
	full := fmt.Sprintf("N(%s)>=N(%s)", score, inRow(s.indicator(i, "weight")))
	silent := "TRUE"
	if reason != "" {
		silent = absent(reason)
	}
	for _, field := range []string{"score", "actual"} {
		s.markWorked(s.indicator(i, field), s.wrong, line, fmt.Sprintf("AND(%s,%s,%s,%s)", both, full, late, silent))
	}
}

// checkAmount makes a cell take an amount of money.
func (s *sheet) checkAmount(cell string) {
	s.validate(cell, check{
		kind: "decimal", operator: "greaterThanOrEqual", first: "0", severity: stop,
		hint:    lang.F("金额，单位：%[1]s；只填数，没有的填 0。", "An amount in %[1]s: the number only, 0 for none.", s.form.Funds.CurrencyUnit),
		refusal: lang.T("金额应是不小于 0 的数，不写单位。", "An amount is a number of 0 or more, without a unit."),
	})
}

// watchFund colours amounts and rates of a fund row that cannot be or must be explained.
func (s *sheet) watchFund(i int, total bool) {
	adjusted, executed := s.fund(i, "adjusted"), s.fund(i, "executed")
	if adjusted != "" && executed != "" && !s.o.Profile.Execution.AllowOver100 {
		s.mark(executed, s.wrong, fmt.Sprintf("AND(ISNUMBER(%[1]s),ISNUMBER(%[2]s),N(%[2]s)-N(%[1]s)>%[3]s)", absolute(adjusted), absolute(executed), tiny))
	}
	if rate := s.fund(i, "rate"); total && rate != "" {
		s.mark(rate, s.open, s.lowRate(rate))
	}
}

// lowRate tells whether the execution rate is one that must be explained.
func (s *sheet) lowRate(rate string) string {
	return fmt.Sprintf("AND(ISNUMBER(%[1]s),N(%[1]s)*100<%[2]s)", absolute(rate), s.o.Profile.Explain.ExecutionBelow)
}

// checkRemark asks for a reason where the funds need one.
func (s *sheet) checkRemark(cell string) {
	p, i := s.o.Profile, s.totalRow()
	s.hint(cell, lang.F("执行率低于 %[1]s%%，或年中调整了预算的，在此写明原因；没有的不填。", "Give the reason here if the execution rate is below %[1]s%% or the budget was changed; else leave it blank.", p.Explain.ExecutionBelow))
	var wanted []string
	if rate := s.fund(i, "rate"); rate != "" {
		wanted = append(wanted, fmt.Sprintf("AND(%s,%s)", s.lowRate(rate), s.unsaid(cell, "结余", "结转", "未支付", "节约", "节省", "质保金")))
	}
	if initial, adjusted := s.fund(i, "initial"), s.fund(i, "adjusted"); p.Explain.Adjusted && initial != "" && adjusted != "" {
		wanted = append(wanted, fmt.Sprintf("AND(ISNUMBER(%[1]s),ISNUMBER(%[2]s),ABS(N(%[1]s)-N(%[2]s))>%[3]s,%[4]s)", absolute(initial), absolute(adjusted), tiny,
			s.unsaid(cell, "调整", "追加", "调增", "调减", "核减", "压减")))
	}
	if len(wanted) > 0 {
		s.mark(cell, s.open, fmt.Sprintf("AND(%s,OR(%s))", absent(absolute(cell)), strings.Join(wanted, ",")))
	}
}

// unsaid tells whether the places other than a cell where the rules look for a reason, too,
// say nothing: that beside the funds holds none, and the words that a reason is known by
// stand neither in the goal nor in the other reasons and remarks. They are the plain ones
// of the rules' lists.
func (s *sheet) unsaid(cell string, words ...string) string {
	var places []string
	for _, c := range s.prose() {
		if c != cell && !slices.Contains(s.notes(), c) {
			places = append(places, c)
		}
	}
	for i := range s.form.Indicators {
		if c := s.indicator(i, "explanation"); c != "" {
			places = append(places, c)
		}
	}
	var said []string
	for _, place := range refs(places) {
		for _, w := range words {
			said = append(said, fmt.Sprintf("COUNTIF(%s,%s)", place, quote("*"+w+"*")))
		}
	}
	term := strings.Join(said, "+") + "=0"
	if beside := s.fund(s.totalRow(), "explanation"); beside != "" {
		term = "AND(" + term + "," + absent(absolute(beside)) + ")"
	}
	return term
}

// notes gives the cells of the rules for filling in.
func (s *sheet) notes() []string {
	var cells []string
	for i, r := range s.form.Remarks {
		if r.Label == noteLabel {
			cells = append(cells, s.at[row("remarks", i, "text")])
		}
	}
	return cells
}
