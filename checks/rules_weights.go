package checks

import (
	"fmt"

	"jixiaolint/schema"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

var weightRules = []*Rule{
	{
		Name: "weights-total-not-100", Group: GroupWeights, Severity: Error, Fix: Unsafe, Since: "0.1",
		Title: lang.T("分值合计不是 100", "the weights do not sum to 100"),
		What: lang.T("执行率分值加各项指标分值不等于 100，或总分行的分值与这个合计不符。",
			"The weight of the execution rate and those of all indicators do not sum to 100, or the total row states another sum."),
		Why: lang.T("权重加总应等于 100%，否则总分不可比。", "Weights must add up to 100%, or totals cannot be compared."),
		How: lang.T("逐行相加执行率和各指标的分值，改正错填的分值；改分值后，相应的得分也要重算。",
			"Add up the weights of the execution rate and all indicators and correct the wrong one; its score changes with it."),
		Formula: lang.T("执行率分值 + Σ 指标分值 = 100",
			"weight of the execution rate + Σ indicator weights = 100"),
		Basis: []string{"10号", "S1", "S9"},
		Uses:  []string{"/execution/weight"},
		Wrong: Example{{"/indicators/0/weight", "16"}},
		Right: Example{{"/indicators/0/weight", "15"}},
		Check: checkWeightsTotal,
	},
	{
		Name: "group-weight-header-mismatch", Group: GroupWeights, Severity: Error, Fix: Unsafe, Since: "0.1",
		Title: lang.T("分组标注的分值与合计不符", "the points stated for a group are not the sum of its rows"),
		What: lang.T("“产出指标(50)”“绩效指标(90)”、二级指标或小计行标注的分值（得分）不等于其下各行之和。",
			"The points in 产出指标(50), 绩效指标(90), a second-level label or a subtotal row (weights and scores) differ from the sum of the rows below."),
		Why: lang.T("标注与明细不符，说明分值被改过而没有同步。", "It shows that weights were changed in one place only."),
		How: lang.T("以明细为准改标注，或以标注为准改明细，使两者一致；得分和总分随之核对。",
			"Correct the stated sum or the rows below it, so that both agree, then check scores and total."),
		Formula: lang.T("标注的分值 = Σ 其下各行分值",
			"stated points = Σ weights of the rows below"),
		Basis: []string{"S9"},
		Wrong: Example{{"/groups/1/weight", "55"}},
		Right: Example{{"/groups/1/weight", "50"}},
		Check: checkGroupHeaders,
	},
	{
		Name: "group-weight-off-profile", Group: GroupWeights, Severity: Warning, Since: "0.1",
		Title: lang.T("权重结构与规定不同", "the weights of the groups differ from the profile"),
		What: lang.T("一级指标或执行率的分值与所用方案（产出 50、效益 30、满意度 10、执行率 10）不同。合计仍为 100 时只作提示。每张表报一次；其余检查按表上标注的分值进行。",
			"The points of a first-level group or of the execution rate differ from the profile (50/30/10/10). Only a note while the total is still 100. Once a form; all other checks follow what the form states."),
		Why: lang.T("特殊情况可以调整权重，但应有依据。", "Weights may be adjusted in special cases, but not without grounds."),
		How: lang.T("按所用方案调整权重；财政部门已同意调整的，忽略或写豁免并注明依据。当地规定不同的，用 --profile 选当地的规则集。",
			"Adjust the weights to the profile. Where the finance department agreed to others, suppress this and give the reason; where local rules differ, choose their profile with --profile."),
		Basis: []string{"10号", "S1", "S2", "S24"},
		Uses:  []string{"/weights", "/execution/weight"},
		Wrong: Example{
			{"/indicators/0/weight", "10"}, {"/indicators/0/score", "10"}, {"/indicators/7/weight", "15"}, {"/indicators/7/score", "15"},
			{"/groups/1/weight", "45"}, {"/groups/3/weight", "15"},
		},
		Right: Example{},
		Check: checkProfileWeights,
	},
	{
		Name: "weight-zero", Group: GroupWeights, Severity: Error, Since: "0.1",
		Title: lang.T("指标没有分值", "an indicator has no weight"),
		What:  lang.T("三级指标的分值为空、为 0 或为负数。其中项（其中…）不计。", "The weight of an indicator is blank, 0 or negative. Sub-rows (其中…) do not count."),
		Why:   lang.T("没有分值的指标不影响得分，等于没有考核。", "An indicator without weight does not count, so nothing is evaluated."),
		How: lang.T("给这条指标分配分值，并从其他指标减去；不考核的指标请删去。",
			"Give the indicator points and take them from others; delete what is not assessed."),
		Basis: []string{"S6", "S9"},
		Wrong: Example{{"/indicators/1/weight", "0"}},
		Right: Example{{"/indicators/1/weight", "10"}},
		Check: func(p *Pass) {
			if !p.has("indicators.weight") {
				return
			}
			for i := range p.rows {
				r := &p.rows[i]
				if r.sub || r.weight.ok && r.weight.number().Sign() > 0 || r.Weight.Filled() && !r.weight.ok && !r.Weight.Missing() {
					continue
				}
				if !r.Weight.Filled() && !r.Target.Filled() && !r.Actual.Filled() && !r.Score.Filled() {
					continue // the whole row is blank: missing-required-cell says so once
				}
				f := Finding{
					At:      p.at(r.Weight, fmt.Sprintf("/indicators/%d/weight", i)),
					Related: related(rel(r.Name, "指标", "indicator")),
					Message: lang.F("“%[1]s”没有分值", "%[1]q has no weight", show(r.Name)),
					Found:   show(r.Weight),
					Help:    lang.T("请填写大于 0 的分值，并使合计为 100", "give a weight above 0 and keep the sum at 100"),
				}
				if r.weight.ok {
					f.Message = lang.F("“%[1]s”的分值是 %[2]s，应大于 0", "the weight of %[1]q is %[2]s; it must be above 0", show(r.Name), show(r.Weight))
				}
				p.Report(f)
			}
		},
	},
}

func checkWeightsTotal(p *Pass) {
	if !p.has("indicators.weight") {
		checkStatedTotal(p)
		return
	}
	s := p.weights
	if s.n == 0 || !s.ok {
		return
	}
	indicators := s.point
	if p.execWeight.ok {
		s = s.and(&p.execWeight)
	} else if indicators.Cmp(hundred) != 0 && indicators.Add(p.Profile.Execution.Weight.Number).Cmp(hundred) == 0 {
		return // the execution rate is scored elsewhere: the indicators leave room for it
	}
	total := p.Form.Total
	switch {
	case s.point.Cmp(hundred) == 0:
		if p.totalWeight.ok && p.totalWeight.number().Cmp(s.point) != 0 {
			p.Report(Finding{
				At: total.Weight, Found: show(total.Weight), Expected: p.points(s.point),
				Message: lang.F("总分行的分值应为 %[2]s，填报 %[1]s", "the weight in the total row should be %[2]s, not %[1]s", show(total.Weight), p.points(s.point)),
				Fix:     replace(Unsafe, total.Weight, p.points(s.point)),
			})
		}
	case (!total.Label.Present() || p.total == nil) && s.point.Cmp(hundred) < 0:
		// The form lacks its total or its fund block (missing-section says so): a low sum
		// proves nothing.
	default:
		f := Finding{
			At:      p.at(total.Weight, "/total/weight"),
			Message: lang.F("分值合计为 %[1]s，应为 100", "the weights sum to %[1]s, not 100", p.points(s.point)),
			Found:   p.points(s.point), Expected: "100",
			Arithmetic: lang.F("%[1]s = %[2]s", "%[1]s = %[2]s", s.addends(), p.points(s.point)),
			Help:       lang.T("请核对各行分值，使执行率分值与指标分值合计为 100", "check the weights: execution rate and indicators together must give 100"),
		}
		for _, addend := range s.fields {
			f.Related = append(f.Related, Related{At: *addend})
		}
		p.Report(f)
	}
}

// checkStatedTotal adds up the points stated in labels, where the form has no column
// of weights.
func checkStatedTotal(p *Pass) {
	s := newSum()
	for i := range p.Form.Groups {
		if g := &p.Form.Groups[i]; g.Level1 != "" && g.Level2 == "" && !g.Subtotal {
			stated := readWeight(&g.Weight)
			s.add(&stated)
		}
	}
	if s.n < 2 || !s.ok || !p.execWeight.ok {
		return
	}
	s.add(&p.execWeight)
	if s.point.Cmp(hundred) == 0 || s.point.Cmp(hundred) < 0 && !p.Form.Total.Label.Present() {
		return
	}
	f := Finding{
		At:      p.Form.Groups[0].Label,
		Message: lang.F("标注的分值合计为 %[1]s，应为 100", "the points stated sum to %[1]s, not 100", p.points(s.point)),
		Found:   p.points(s.point), Expected: "100",
		Arithmetic: lang.F("%[1]s = %[2]s", "%[1]s = %[2]s", s.addends(), p.points(s.point)),
	}
	for _, g := range p.Form.Groups {
		if g.Level1 != "" {
			f.Related = append(f.Related, Related{At: g.Label})
		}
	}
	p.Report(f)
}

func checkGroupHeaders(p *Pass) {
	for i := range p.Form.Groups {
		g, rows := &p.Form.Groups[i], groupRows(p, i)
		if p.coversAll(g) {
			rows = nil
		}
		if stated := readWeight(&g.Weight); stated.ok && p.has("indicators.weight") {
			s := p.sumOf(weightOf, rows)
			if s.n > 0 && s.ok && s.point.Cmp(stated.number()) != 0 && !p.cutOff(s.point, stated.number()) &&
				!p.floatingFits(g, stated.number()) {
				reportGroup(p, g, g.Weight, s, &stated, nil, "分值", "weights")
			}
		}
		if stated := readPoints(&g.Score); stated.ok && p.has("indicators.score") {
			s := p.sumOf(scoreOf, rows)
			if s.n > 0 && s.ok && quantity.Judge(stated.q.Value, stated.q.Decimals, s.point, s.within, 0) == quantity.Contradicts {
				var fix *Fix
				if g.Subtotal && stated.q.Unit == "" {
					fix = replace(Unsafe, g.Score, p.points(s.point))
				}
				reportGroup(p, g, g.Score, s, &stated, fix, "得分", "scores")
			}
		}
	}
}

// coversAll reports whether a subtotal row is that of all indicators, as some forms have
// it before the total: its points, or its score where it has none, are theirs.
func (p *Pass) coversAll(g *schema.Group) bool {
	if !g.Subtotal {
		return false
	}
	if weight := readWeight(&g.Weight); weight.ok {
		return p.weights.ok && weight.number().Cmp(p.weights.point) == 0
	}
	score := readPoints(&g.Score)
	return score.ok && p.scores.ok && score.number().Cmp(p.scores.point) == 0
}

// floatingFits reports whether a benefit group has the stated points once it includes
// the satisfaction rows whose own first-level label was lost: regions put them there.
func (p *Pass) floatingFits(g *schema.Group, stated quantity.Number) bool {
	if schema.SectionOf(g.Level1) != schema.SectionBenefit {
		return false
	}
	s := p.sumOf(weightOf, func(r *indicatorRow) bool {
		return r.Level1.Text == g.Level1 || r.Level1.Text == "" && r.typ == schema.SatisfactionType
	})
	return s.ok && s.point.Cmp(stated) == 0
}

// cutOff reports whether a low sum may only mean that the form breaks off.
func (p *Pass) cutOff(sum, stated quantity.Number) bool {
	return !p.Form.Total.Label.Present() && sum.Cmp(stated) < 0
}

func reportGroup(p *Pass, g *schema.Group, at schema.Field, s sum, stated *amount, fix *Fix, zh, en string) {
	name := g.Level1 + g.Level2
	switch {
	case g.Level2 != "":
		name = g.Level2
	case p.coversAll(g):
		name = show(g.Label)
	}
	if name == "" {
		name = "绩效指标"
	}
	f := Finding{
		At: at, Found: plainFigure(stated.q), Expected: p.points(s.point),
		Message: lang.F("“%[1]s”标注 %[2]s，各行%[4]s合计 %[3]s", "%[1]q states %[2]s, but the %[5]s of its rows sum to %[3]s",
			name, plainFigure(stated.q), p.points(s.point), zh, en),
		Arithmetic: lang.F("%[1]s = %[2]s", "%[1]s = %[2]s", s.addends(), p.points(s.point)),
		Help:       lang.T("请核对是标注错了还是某一行错了", "check whether the label or one of the rows is wrong"), Fix: fix,
	}
	for _, addend := range s.fields {
		f.Related = append(f.Related, Related{At: *addend})
	}
	p.Report(f)
}

// groupRows selects the rows that group i of the form covers. A subtotal covers its
// first-level group; rows whose labels were lost belong to none.
func groupRows(p *Pass, i int) func(*indicatorRow) bool {
	g := p.Form.Groups[i]
	return func(r *indicatorRow) bool {
		switch {
		case g.Level1 == "" && !g.Subtotal && g.Level2 == "":
			return true
		case g.Level2 != "" && r.Level2.Text != g.Level2:
			return false
		}
		return r.Level1.Text == g.Level1
	}
}

func checkProfileWeights(p *Pass) {
	if !p.has("indicators.weight") {
		return
	}
	s := p.weights
	if s.n == 0 || !s.ok || !p.Form.Total.Label.Present() {
		return
	}
	groups, ok := p.groupWeights()
	if !ok {
		return // labels were lost: the groups cannot be added up
	}
	var zh, en string
	for _, d := range weightDifferences(groups, p.execWeight, p.Profile) {
		zh = join(zh, fmt.Sprintf("%s %s（规定 %s）", d.group, p.points(d.found), p.points(d.want)), "，")
		en = join(en, fmt.Sprintf("%s %s (profile: %s)", d.group, p.points(d.found), p.points(d.want)), ", ")
	}
	total := s.point
	if p.execWeight.ok {
		total = total.Add(p.execWeight.number())
	}
	if zh == "" {
		return
	}
	f := Finding{
		At:      p.at(p.Form.TableHead, "/indicators"),
		Message: lang.F("权重结构与 %[1]s 不同：%[2]s", "the weights differ from %[1]s: %[3]s", p.Profile.Name, zh, en),
		Help:    lang.T("如属特殊情况调整，请确认有依据", "if they were adjusted for a special case, make sure that there are grounds"),
	}
	if total.Cmp(hundred) == 0 || p.total == nil && total.Cmp(hundred) < 0 {
		f.Severity = Note // without a fund block the indicators leave room for the execution rate
	}
	p.Report(f)
}
