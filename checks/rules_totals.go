package checks

import (
	"regexp"
	"slices"
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

var totalRules = []*Rule{
	{
		Name: "total-score-mismatch", Group: GroupTotals, Severity: Error, Fix: Safe, Since: "0.1",
		Title: lang.T("总分算错了", "the total score is wrong"),
		What: lang.T("总分 = 年度资金总额的执行率得分 + 各项指标得分之和。资金来源行的得分从不计入。",
			"Total = score of the execution rate of 年度资金总额 + scores of all indicators. Scores of source rows never count."),
		Why: lang.T("总分决定等级。", "The total decides the grade."),
		How: lang.T("先改正各行得分，再把总分改为它们与执行率得分之和；等级随之核对。",
			"Correct the scores of the rows first, then the total to their sum with the score of the rate; check the grade."),
		Formula: lang.T("总分 = 执行率得分 + Σ 指标得分",
			"total = score of the execution rate + Σ indicator scores"),
		Basis: []string{"10号", "S7", "S16"},
		Uses:  []string{"/decimals"},
		Wrong: Example{{"/total/score", "99.95"}},
		Right: Example{{"/total/score", "99.35"}},
		Check: func(p *Pass) {
			t, ok := p.totalDue()
			if !ok || t.verdict != quantity.Contradicts || p.explainedByScores(t) {
				return
			}
			to := p.points(t.exact)
			f := Finding{
				At: *p.totalScore.field, Found: show(*p.totalScore.field), Expected: to,
				Message:    lang.F("总分应为 %[2]s，填报 %[1]s", "the total should be %[2]s, not %[1]s", show(*p.totalScore.field), to),
				Arithmetic: lang.F("%[1]s = %[2]s", "%[1]s = %[2]s", t.addends, to),
				Fix:        replace(p.totalFixSafety(t), *p.totalScore.field, to),
			}
			if t.exact.Cmp(hundred) > 0 {
				f.Fix = nil // no total is above 100: the rows are wrong
			}
			for _, a := range t.fields {
				f.Related = append(f.Related, Related{At: *a})
			}
			p.Report(f)
		},
	},
	{
		Name: "grade-mismatch", Group: GroupTotals, Severity: Error, Fix: Safe, Since: "0.1",
		Title: lang.T("等级与总分不符", "the grade does not fit the total"),
		What: lang.T("自评等级（或文字中写明的等级）与总分对应的等级不同：优 ≥ 90，良 ≥ 80，中 ≥ 60，其余为差。",
			"The stated grade differs from that of the total: 优 from 90, 良 from 80, 中 from 60, else 差."),
		Why: lang.T("等级与预算安排挂钩。", "Grades bear on next year's budget."),
		How: lang.T("按总分改等级；总分有误的，先改总分。当地等级界限不同的，用 --profile 选当地的规则集。",
			"Change the grade to that of the total, which is corrected first. Where local grades differ, choose their profile with --profile."),
		Basis: []string{"10号", "S4", "S7", "S8"},
		Uses:  []string{"/grades"},
		Wrong: Example{{"/total/grade", "良"}},
		Right: Example{{"/total/grade", "优"}},
		Check: checkGrade,
	},
}

// totalJudged is the total score, recomputed and judged.
type totalJudged struct {
	exact   quantity.Number
	verdict quantity.Verdict
	addends string
	fields  []*schema.Field
}

// judgeTotal recomputes the total from the filed scores; ok is false if one of them
// cannot be read.
func (a *assessment) judgeTotal() (t totalJudged, ok bool) {
	if !a.totalScore.ok || !a.form.HasPlace("indicators.score") {
		return t, false
	}
	s := a.scores
	if s.n == 0 || !s.ok {
		return t, false
	}
	switch {
	case a.execScore.ok:
		s = s.and(&a.execScore)
	case a.total == nil && a.form.HasPlace("funds"):
		return t, false // missing-section says that the fund block is missing
	case a.total != nil && a.form.HasPlace("funds.score") && a.form.HasPlace("funds.rate") && (a.total.weight.ok || !a.execScore.field.Missing()):
		return t, false
	}
	q := a.totalScore.q
	t.exact, t.addends, t.fields = s.point, s.addends(), s.fields
	t.verdict = quantity.Judge(q.Value, q.Decimals, s.point, s.within, a.profile.Decimals)
	return t, true
}

// explainedByScores reports whether the total is right once the scores that are
// reported as errors are corrected: then the total itself is no second flaw.
func (p *Pass) explainedByScores(t totalJudged) bool {
	by, corrected := p.correction("execution-score-mismatch", "positive-score-mismatch", "reverse-score-mismatch", "execution-rate-over-100", "score-exceeds-weight")
	return corrected && t.exact.Add(by).Round(p.totalScore.q.Decimals).Cmp(p.totalScore.q.Value) == 0
}

// correction gives by how much the sum of scores changes once the errors that the named
// rules found are corrected.
func (p *Pass) correction(rules ...string) (by quantity.Number, corrected bool) {
	for _, f := range p.findings {
		if f.Severity != Error || f.Expected == "" || !slices.Contains(rules, f.Rule.Name) {
			continue
		}
		found, due := quantity.Parse(f.Found), quantity.Parse(f.Expected)
		if found.IsFigure() && due.IsFigure() {
			by, corrected = by.Add(due.Value).Sub(found.Value), true
		}
	}
	return by, corrected
}

// totalFixSafety gives the safety of correcting the total: it is no safe fix if an error
// says that rows, weights or scores are not what they should be, or if the total is right
// once a score that some rule doubts is corrected. Errors of the fund block count only
// through the score of the execution rate.
func (p *Pass) totalFixSafety(t totalJudged) Safety {
	filed := p.totalScore.number()
	all := t.exact
	for _, f := range p.findings {
		if f.Severity == Error && f.Rule.Group != GroupBudget {
			return Unsafe
		}
		if f.Severity < Warning || !slices.ContainsFunc(t.fields, func(a *schema.Field) bool { return a.At == f.At.At }) {
			continue
		}
		if f.Severity == Error {
			return Unsafe
		}
		found, due := quantity.Parse(f.Found), quantity.Parse(f.Expected)
		if !found.IsFigure() || !due.IsFigure() {
			continue
		}
		change := due.Value.Sub(found.Value)
		all = all.Add(change)
		if t.exact.Add(change).Round(p.totalScore.q.Decimals).Cmp(filed) == 0 {
			return Unsafe
		}
	}
	return p.scoreSafety(&p.totalScore, t.exact, all.Round(p.totalScore.q.Decimals).Cmp(filed) != 0 || all.Cmp(t.exact) == 0)
}

// scoreSafety gives the safety of correcting a score, a subtotal or the total: a safe fix
// never raises one, and what it follows from must be certain.
func (p *Pass) scoreSafety(filed *amount, due quantity.Number, certain bool) Safety {
	if certain && due.Round(p.Profile.Decimals).Cmp(filed.number()) < 0 {
		return Safe
	}
	return Unsafe
}

var reGradeText = regexp.MustCompile(`(?:等级|等次|评价结果|评定)(?:为|是|:|：)?[“"]?(优|良|中|差)[”"。，,；;\s]?`)

// byBoxes reports whether a grade is given by checking one of several boxes.
func byBoxes(grade schema.Field) bool {
	boxed := func(text string) bool { return strings.ContainsAny(text, schema.OpenBoxes+schema.CheckedBoxes) }
	if boxed(grade.Text) {
		return true
	}
	return grade.Row != nil && slices.ContainsFunc(grade.Row.Cells, func(c *grid.Cell) bool { return boxed(c.Text) })
}

// gradeOf reads a grade as filed: 优, 优秀, 良好, or the one whose box is checked.
func gradeOf(s string) string {
	if checked := schema.CheckedGrade(s); checked != "" {
		s = checked
	}
	switch quantity.Fold(s) {
	case "优", "优秀":
		return "优"
	case "良", "良好":
		return "良"
	case "中", "中等":
		return "中"
	case "差", "较差":
		return "差"
	}
	return ""
}

// gradeDue gives the grade of a total in the word of the grades that most forms use.
func (p *Pass) gradeDue(total quantity.Number) string {
	due := p.Profile.Grade(total)
	if g := gradeOf(due); g != "" {
		return g
	}
	return due
}

// lowersGrade reports whether a grade is lower than the filed one.
func lowersGrade(due, filed string) bool {
	const order = "差中良优"
	return gradeOf(due) != "" && strings.Index(order, gradeOf(due)) < strings.Index(order, gradeOf(filed))
}

func checkGrade(p *Pass) {
	if !p.totalScore.ok {
		return
	}
	total := *p.totalScore.field
	due := p.gradeDue(p.totalScore.number())
	also, safety := due, Unsafe
	// Of a total that is wrong itself the right one decides; a grade that fits the total
	// as filed is no second flaw. A grade that was filed too low is not raised unasked.
	t, ok := p.totalDue()
	switch {
	case ok && t.verdict == quantity.Contradicts && !p.explainedByScores(t):
		total.Text = p.points(t.exact)
		due = p.gradeDue(t.exact)
	case lowersGrade(due, p.Form.Total.Grade.Text):
		safety = Safe
	}
	if p.totalScore.number().Sign() < 0 {
		return // negative-score or the total's own rule speaks of it
	}
	report := func(at schema.Field, filed string, fix *Fix) {
		p.Report(Finding{
			At: at, Related: related(rel(*p.totalScore.field, "总分", "total")), Found: filed, Expected: due,
			Message: lang.F("总分 %[1]s 的等级应为“%[2]s”，填报“%[3]s”", "a total of %[1]s is graded %[2]s, not %[3]s", show(total), due, filed),
			Fix:     fix,
		})
	}
	if g := gradeOf(p.Form.Total.Grade.Text); g != "" && g != due && g != also {
		fix := replace(safety, p.Form.Total.Grade, due)
		if byBoxes(p.Form.Total.Grade) {
			fix = nil // another box is to be checked, and not another word to be written
		}
		report(p.Form.Total.Grade, g, fix)
	}
	texts := []schema.Field{p.Form.Goal.Actual}
	for _, r := range p.Form.Remarks {
		texts = append(texts, r.Text)
	}
	for _, t := range texts {
		if !containsAny(t.Text, "等级", "等次", "评价结果", "评定") {
			continue
		}
		if m := reGradeText.FindStringSubmatch(t.Text); m != nil && m[1] != due && m[1] != also {
			report(t, m[1], nil)
		}
	}
}
