package checks

import (
	"slices"
	"strings"

	"jixiaolint/checks/profile"
	"jixiaolint/schema"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// ScoreCard sets what a form claims beside what its figures give: rates, scores, total
// and grade, each with the calculation.
type ScoreCard struct {
	Funds      []RateLine
	Execution  ScoreLine
	Indicators []ScoreLine
	Total      ScoreLine
	Grade      GradeLine
}

// Standing says how a filed figure stands to the recomputed one.
type Standing string

// The standings. Rounded is a figure that agrees only when digits are cut, or when more
// are rounded away than the profile allows. Reduced is a score below the one due for
// which the form gives a reason; Open is one that no formula gives, or for which a
// figure is missing.
const (
	Agrees  Standing = "agrees"
	Rounded Standing = "rounded"
	Differs Standing = "differs"
	Reduced Standing = "reduced"
	Open    Standing = "open"
)

// Label gives the standing in a word.
func (s Standing) Label() lang.Text {
	switch s {
	case Agrees:
		return lang.T("相符", "agrees")
	case Differs:
		return lang.T("不符", "differs")
	case Rounded:
		return lang.T("取整", "rounded")
	case Reduced:
		return lang.T("已说明", "reduced")
	case Open:
	}
	return lang.T("未定", "open")
}

// RateLine is the execution rate of one row of funds.
type RateLine struct {
	// Path is the JSON Pointer of the row in the canonical document.
	Path, Label string
	// Declared and Computed are empty where there is no such rate.
	Declared, Computed string
	Standing           Standing
	Why                lang.Text
}

// ScoreLine is one score of the form: of the execution rate, of an indicator or the
// total.
type ScoreLine struct {
	// Path is the JSON Pointer of the row in the canonical document.
	Path string
	// Group is 二级指标, Name 三级指标; Target and Actual are the values it was scored by.
	Group, Name, Target, Actual string
	// Weight and Declared are the figures as filed.
	Weight, Declared string
	// Due are the scores that the figures give: several where more than one formula may
	// be meant, none where the form does not say enough.
	Due []string
	// From and To bound the score of a qualitative result.
	From, To string
	Standing Standing
	// Why is the calculation, or says why there is none.
	Why lang.Text
}

// GradeLine is the grade of the form.
type GradeLine struct {
	Declared, Computed string
	Standing           Standing
}

// ScoreCard recomputes the scores of the form.
func (r FormReport) ScoreCard() ScoreCard {
	if r.pass == nil {
		return ScoreCard{}
	}
	p := r.pass
	c := ScoreCard{Execution: p.executionLine()}
	for i := range p.funds {
		c.Funds = append(c.Funds, p.rateLine(&p.funds[i]))
	}
	for i := range p.rows {
		if r := &p.rows[i]; !r.sub {
			c.Indicators = append(c.Indicators, p.indicatorLine(r))
		}
	}
	c.Total = p.totalLine(r.Computed, c.Execution.Standing)
	c.Grade = GradeLine{Declared: r.Declared.Grade, Computed: r.Computed.Grade, Standing: Open}
	if c.Grade.Declared != "" && c.Grade.Computed != "" {
		c.Grade.Standing = standing(c.Grade.Declared == c.Grade.Computed)
	}
	return c
}

func standing(agrees bool) Standing {
	if agrees {
		return Agrees
	}
	return Differs
}

// judged turns the verdict on a figure into its standing.
func judged(v quantity.Verdict) Standing {
	switch v {
	case quantity.Coarse, quantity.Truncated:
		return Rounded
	case quantity.Contradicts:
		return Differs
	case quantity.Agrees, quantity.Explained:
	}
	return Agrees
}

// rowPath gives the pointer of the row that a field stands in.
func rowPath(f schema.Field) string {
	if i := strings.LastIndexByte(f.At.Path, '/'); i > 0 {
		return f.At.Path[:i]
	}
	return f.At.Path
}

func (p *Pass) rateLine(r *fundRow) RateLine {
	l := RateLine{Path: rowPath(r.Label), Label: show(r.Label), Standing: Open}
	if !r.rate.field.Missing() {
		l.Declared = show(*r.rate.field)
	}
	if !r.rate.computed {
		l.Why = lang.T("预算数为 0，或预算数、执行数不是数", "the budget is 0, or one of the amounts is no figure")
		return l
	}
	l.Computed = p.rate(r.rate.exact) + "%"
	l.Why = lang.F("%[1]s ÷ %[2]s = %[3]s", "%[1]s ÷ %[2]s = %[3]s", show(*r.executed.field), show(*r.budget().field), l.Computed)
	if r.rate.filed {
		l.Standing = judged(r.rate.verdict)
	}
	return l
}

func (p *Pass) executionLine() ScoreLine {
	l := ScoreLine{Weight: show(*p.execWeight.field), Declared: show(*p.execScore.field), Standing: Open}
	if p.total != nil {
		l.Path, l.Name = rowPath(p.total.Label), show(p.total.Label)
	}
	if p.execRow != nil {
		l.Path, l.Name = rowPath(p.execRow.Name), show(p.execRow.Name)
	}
	e, ok := p.execution()
	if !ok {
		l.Why = lang.T("没有可计算的执行率或分值", "there is no rate that can be computed, or no weight")
		return l
	}
	due := p.points(e.due)
	l.Due = []string{due}
	rate := p.rate(p.total.rate.exact) + "%"
	switch {
	case p.Profile.Execution.Mode == profile.ModeSteps:
		l.Why = lang.F("执行率 %[1]s 按分档计 %[2]s", "the rate %[1]s is scored %[2]s by its step", rate, due)
	case p.Profile.Execution.Cap && p.total.rate.exact.Cmp(hundred) > 0:
		l.Why = lang.F("执行率 %[1]s 超过 100%%，最高计 %[2]s", "the rate %[1]s is above 100%%: %[2]s at most", rate, due)
	default:
		l.Why = lang.F("%[1]s × %[2]s = %[3]s", "%[1]s × %[2]s = %[3]s", rate, l.Weight, due)
	}
	if p.execScore.ok {
		l.Standing = judged(e.verdict)
	}
	return l
}

// totalLine sets the total beside the recomputed one: that of the filed scores and, where
// one of them is an error, of the one due.
func (p *Pass) totalLine(computed Results, execution Standing) ScoreLine {
	f := &p.Form.Total
	l := ScoreLine{Path: "/total", Name: "总分", Weight: show(f.Weight), Declared: show(f.Score), Standing: Open}
	if computed.Score == "" {
		l.Why = lang.T("有的得分读不出，无法合计", "a score cannot be read, so there is no sum")
		return l
	}
	l.Due = []string{computed.Score}
	l.Why = lang.T("执行率应得分 + 各项指标填报的得分", "score due for the execution rate + filed scores of the indicators")
	if p.corrected {
		l.Why = lang.T("执行率应得分 + 各项指标得分（算错的按应得分）", "score due for the execution rate + scores of the indicators, as due where they are wrong")
	}
	t, ok := p.totalDue()
	switch {
	case !ok:
	case execution == Differs, p.corrected:
		l.Standing = standing(l.Declared == computed.Score)
	default:
		l.Standing = judged(t.verdict)
	}
	return l
}

// indicatorLine says what an indicator should have scored, and why.
func (p *Pass) indicatorLine(r *indicatorRow) ScoreLine {
	l := ScoreLine{
		Path: rowPath(r.Name), Group: show(r.Level2), Name: show(r.Name), Target: show(r.Target), Actual: show(r.Actual),
		Weight: show(r.Weight), Declared: show(*r.score.field), Standing: Open,
	}
	band, banded := bandOf(p.Profile, r.Actual.Text)
	switch {
	case !r.weight.ok:
		l.Why = lang.T("分值不是数", "the weight is no figure")
	case r.actual.Missing():
		l.Why = lang.T("没有填实际完成值", "no actual value is given")
	case banded:
		within := band.Range(r.weight.number())
		l.From, l.To = p.points(within.Lo), p.points(within.Hi)
		l.Why = lang.F("“%[1]s”计分值的 %[2]s%%～%[3]s%%", "%[1]s: %[2]s%%–%[3]s%% of the weight", band.Name, band.From.Mul(hundred).Short(2), band.To.Mul(hundred).Short(2))
		if r.score.ok {
			l.Standing = standing(r.score.interval().Meets(within))
		}
	case r.comparable:
		p.compare(r, &l)
	default:
		p.withoutFigures(r, &l)
	}
	return l
}

// compare scores a row whose target and actual value are figures of one unit.
func (p *Pass) compare(r *indicatorRow, l *ScoreLine) {
	readings := p.readings(r)
	switch {
	case r.meets() || r.order == 0 || r.direction == undirected:
		p.met(r, l)
		return
	case r.direction == reverse && r.target.Value.Sign() == 0 && p.Profile.ZeroTarget == profile.AllOrNothing:
		l.Due = []string{"0"}
		l.Why = lang.F("指标值为 0，完成值 %[1]s 超出", "the target is 0, and %[1]s exceeds it", l.Actual)
		if r.score.ok {
			l.Standing = standing(r.score.number().Sign() == 0)
		}
		return
	case len(readings) == 0:
		l.Why = lang.F("规则集 %[1]s 没有规定这种得分的算法", "the profile %[1]s has no formula for such a score", p.Profile.Name)
		return
	}
	for _, how := range readings {
		d, ok := r.due(how)
		if !ok {
			continue
		}
		due := p.points(d.exact)
		if slices.Contains(l.Due, due) {
			continue
		}
		why := p.formula(r, how, d)
		if len(l.Due) > 0 {
			why = lang.F("%[1]s，或 %[2]s", "%[1]s, or %[2]s", l.Why, why)
		}
		l.Due, l.Why = append(l.Due, due), why
	}
	if len(l.Due) == 0 {
		l.Why = lang.T("指标值为 0 或负数，没有比例可算", "the target is 0 or negative: there is no share to compute")
		return
	}
	if v, ok := p.best(r, readings...); ok {
		l.Standing = judged(v)
		if r.direction == open && r.score.number().Sign() == 0 {
			l.Standing = Reduced
		}
	}
}

// met scores a row that met its target.
func (p *Pass) met(r *indicatorRow, l *ScoreLine) {
	l.Due = []string{p.points(r.weight.number())}
	l.Why = lang.F("%[1]s 达到 %[2]s，满分", "%[1]s meets %[2]s: full score", l.Actual, l.Target)
	if !r.score.ok {
		return
	}
	v, ok := p.best(r, p.readings(r)...)
	switch {
	case r.full(), r.order == 0 && ok && v != quantity.Contradicts:
		l.Standing = Agrees
	case r.deducted() && r.reason:
		l.Standing = Reduced
	default:
		l.Standing = Differs
	}
}

// formula writes the calculation of a score.
func (p *Pass) formula(r *indicatorRow, how profile.Formula, d due) lang.Text {
	actual, target, weight, due := bareText(r.actual), bareText(r.target), show(r.Weight), p.points(d.exact)
	text := actual + " ÷ " + target + " × " + weight + " = " + due
	switch {
	case d.exact.Cmp(r.weight.number()) == 0:
		return lang.F("满分 %[1]s", "the full score %[1]s", due)
	case d.exact.Sign() == 0:
		text = due
	case how == profile.Linear:
		text = "(1 − (" + actual + " − " + target + ") ÷ " + target + ") × " + weight + " = " + due
	case how == profile.Ratio:
		text = target + " ÷ " + actual + " × " + weight + " = " + due
	}
	return lang.T(text, text)
}

// withoutFigures scores a row of dates or words.
func (p *Pass) withoutFigures(r *indicatorRow, l *ScoreLine) {
	target, actual := r.dates()
	dated := target.ok && actual.ok
	switch {
	case dated && actual.In(p.Form.Year).EndLatest <= target.In(p.Form.Year).EndLatest:
		p.met(r, l)
	case dated:
		l.Why = lang.T("完成时间晚于时限，或看不出是否按时：扣多少没有统一公式", "finished after the deadline, or nobody can tell: there is no common formula for a delay")
	case r.slip:
		l.Why = lang.T("指标值和完成值的单位混用", "the units of target and actual value were confused")
	case r.target.IsFigure() && r.actual.IsFigure():
		l.Why = lang.T("指标值和完成值的单位不能换算", "the units of target and actual value cannot be converted")
	case r.target.IsFigure():
		l.Why = lang.T("完成值不是数", "the actual value is no figure")
	default:
		l.Why = lang.T("定性指标没有写明档次，无法计算", "the result is in words and names no band")
	}
}
