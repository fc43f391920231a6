package checks

import (
	"slices"
	"strings"

	"jixiaolint/checks/profile"
	"jixiaolint/schema"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

var costRules = []*Rule{
	{
		Name: "cost-operator-ge", Group: GroupCost, Severity: Error, Fix: Unsafe, Since: "0.1",
		Title: lang.T("成本指标用了“≥”", "a cost target uses ≥"),
		What:  lang.T("成本指标的指标值用 ≥ 或 >（不少于、以上等）。", "The target of a cost indicator uses ≥ or > (不少于, 以上 …)."),
		Why:   lang.T("成本是越低越好的反向指标，应当用“≤”。", "Less cost is better: the target is an upper limit, ≤."),
		How: lang.T("改为“≤”；确实越多越好的不是成本，应换到相应的指标类型。",
			"Write ≤. What is better in larger amounts is no cost and belongs to another type of indicator."),
		Basis: []string{"S17"},
		Wrong: Example{{"/indicators/4/target", "≥400元/人"}, {"/indicators/4/actual", "400元/人"}},
		Right: Example{{"/indicators/4/target", "≤400元/人"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				if r.sub || !wrongCostOperator(r) {
					continue
				}
				to := map[quantity.Comparator]string{quantity.AtLeast: "≤", quantity.MoreThan: "<"}[r.target.Comparator] + bareText(r.target)
				p.Report(Finding{
					At: r.Target, Found: show(r.Target), Expected: to, Fix: replace(Unsafe, r.Target, to),
					Message: lang.F("成本指标应为 %[2]s，填报 %[1]s", "a cost target should be %[2]s, not %[1]s", show(r.Target), to),
				})
			}
		},
	},
	{
		Name: "cost-overrun-full-score", Group: GroupCost, Severity: Warning, Fix: Unsafe, Since: "0.1",
		Title: lang.T("成本超支却得满分", "a cost overrun has full marks"),
		What:  lang.T("成本指标的完成值大于指标值，得分为满分。指标值标明 ≤ 时为错误。", "The actual cost exceeds the target and the score is full. An error where the target says ≤."),
		Why:   lang.T("成本是反向指标，超支应扣分。", "Cost is a reverse indicator: an overrun costs points."),
		How: lang.T("按超出比例扣分并写明超支原因；数填反或单位不同的，先改正。",
			"Deduct points for the excess and say why; correct the figures first if they were swapped or differ in unit."),
		Basis: []string{"S5", "S27"},
		Uses:  []string{"/reverse"},
		Wrong: Example{{"/indicators/4/actual", "440元/人"}},
		Right: Example{{"/indicators/4/actual", "400元/人"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				if r.typ != schema.CostType || r.sub || !r.comparable || r.order <= 0 || !r.full() || r.direction == positive || r.target.Value.Sign() <= 0 || !isCostFigure(r) || r.saving {
					continue
				}
				if v, ok := p.best(r, p.Profile.Reverse.Readings()...); ok && v != quantity.Contradicts {
					continue // an overrun so small that the score due rounds to the full one
				}
				f := Finding{
					At: r.Actual, Found: show(r.Actual),
					Related:    related(rel(r.Target, "年度指标值", "target"), rel(r.Score, "得分", "score")),
					Message:    lang.F("成本 %[1]s 超过指标值 %[2]s，却得满分 %[3]s", "the cost %[1]s exceeds the target %[2]s, yet the score is the full %[3]s", show(r.Actual), show(r.Target), show(r.Score)),
					Arithmetic: lang.F("%[1]s ÷ %[2]s = %[3]s%%", "%[1]s ÷ %[2]s = %[3]s%%", bareText(r.actual), bareText(r.target), r.ratio().Mul(hundred).Short(2)),
				}
				for _, how := range p.Profile.Reverse.Readings() {
					if d, ok := r.due(how); ok {
						f.Fix, f.Help = replace(Unsafe, r.Score, p.points(d.exact)), p.dueScores(r)
						break
					}
				}
				if r.direction == reverse {
					f.Severity = Error
				} else if r.reason {
					continue
				}
				p.Report(f)
			}
		},
	},
	{
		Name: "cost-direction-inconsistent", Group: GroupCost, Severity: Warning, Since: "0.1",
		Title: lang.T("成本指标的计分方向前后不一", "cost scores follow no one direction"),
		What: lang.T("没有标明方向的成本指标单看都说得通，但没有一种读法（正向、线性反向、比例反向）能同时得出全部得分。",
			"Cost indicators without a direction are each plausible, but no single reading (positive, linear, ratio) gives all their scores."),
		Why: lang.T("同一张表的成本指标应按同一方向计分。", "The cost indicators of one form are scored in one direction."),
		How: lang.T("全部成本指标都按“越低越好”写“≤”，统一用一个公式重算得分。",
			"Write ≤ for all cost indicators and recompute their scores by one formula."),
		Basis: []string{"S5"},
		Uses:  []string{"/positive", "/reverse"},
		Wrong: Example{
			{"/indicators/4/target", "5万元"}, {"/indicators/4/actual", "6万元"},
			{"/indicators/3/level2", "成本指标"}, {"/indicators/3/name", "检查成本"}, {"/indicators/3/target", "6万元"}, {"/indicators/3/actual", "5万元"},
		},
		Right: Example{
			{"/indicators/4/target", "5万元"}, {"/indicators/4/actual", "5万元"},
			{"/indicators/3/level2", "成本指标"}, {"/indicators/3/name", "检查成本"}, {"/indicators/3/target", "6万元"}, {"/indicators/3/actual", "5万元"},
		},
		Check: checkCostDirection,
	},
	{
		Name: "cost-sum-exceeds-budget", Group: GroupCost, Severity: Warning, Since: "0.1",
		Title: lang.T("成本指标值合计超过预算", "cost targets exceed the budget"),
		What: lang.T("以金额计的成本指标值之和大于全年预算数和年初预算数中较大的一个（指标值是按年初预算定的）。人均、单位成本等不计。",
			"The targets of cost indicators in money sum to more than the adjusted and the initial budget (targets were set against the initial one). Costs per head or unit do not count."),
		Why: lang.T("分项成本不能超过项目总预算，多半是同一笔钱列了两次。", "The parts cannot exceed the whole: mostly one sum is listed twice."),
		How: lang.T("核对是否把同一笔钱列了两次或单位错了；成本包含其他资金的，在备注中写明，可以忽略。",
			"Check whether the same money is listed twice or the unit is wrong. Leave it where other funds paid a part, and say so in a remark."),
		Formula: lang.T("Σ 成本指标值 ≤ max(年初预算数, 全年预算数)",
			"Σ cost targets ≤ max(initial budget, adjusted budget)"),
		Basis: []string{"S17"},
		Uses:  []string{"/cost/bare_figure_max"},
		Wrong: Example{{"/indicators/4/name", "培训成本"}, {"/indicators/4/target", "≤130万元"}, {"/indicators/4/actual", "100万元"}},
		Right: Example{{"/indicators/4/name", "培训成本"}, {"/indicators/4/target", "≤100万元"}, {"/indicators/4/actual", "100万元"}},
		Check: func(p *Pass) {
			costs := p.moneyCosts()
			rows, targets := costs.rows, costs.targets
			if len(rows) == 0 || p.total == nil || !p.total.budget().ok || p.total.budget().number().Sign() <= 0 {
				return
			}
			// Targets were set against the initial budget, which may have been cut since.
			b, name := p.total.budget(), lang.T("全年预算数", "budget")
			if i := &p.total.initial; i.ok && i.number().Cmp(b.number()) > 0 {
				b, name = i, lang.T("年初预算数", "initial budget")
			}
			if targets.within.Lo.Cmp(b.interval().Hi) <= 0 || targets.point.Cmp(b.number()) <= 0 {
				return
			}
			f := Finding{
				At: rows[0].Target, Found: targets.point.Short(6), Expected: "≤" + show(*b.field),
				Message:    lang.F("成本指标值合计 %[1]s，超过%[3]s %[2]s", "the cost targets sum to %[1]s, more than the %[3]s of %[2]s", targets.point.Short(6), show(*b.field), name),
				Arithmetic: lang.F("%[1]s = %[2]s > %[3]s", "%[1]s = %[2]s > %[3]s", targets.addends(), targets.point.Short(6), show(*b.field)),
				Related:    related(rel(*b.field, name.ZH, name.EN)),
				Help:       lang.T("请核对同一笔支出是否列了两次", "check whether one expense is listed twice"),
			}
			for _, r := range rows[1:] {
				f.Related = append(f.Related, Related{At: r.Target})
			}
			p.Report(f)
		},
	},
	{
		Name: "cost-sum-vs-execution", Group: GroupCost, Severity: Error, Since: "0.1",
		Title: lang.T("成本合计与执行数不符", "actual costs do not sum to the executed amount"),
		What: lang.T("以金额计的成本指标值之和等于全年预算数，而完成值之和与全年执行数不符（按小数位数允许舍入）。",
			"The cost targets in money sum to the budget, but the actual costs do not sum to the executed amount, beyond what rounding allows."),
		Why: lang.T("成本既然覆盖全部预算，实际成本就是执行数。", "Costs that cover the whole budget are the execution."),
		How: lang.T("核对各成本指标的完成值与支出明细，使其合计等于全年执行数。",
			"Check the actual costs against the accounts so that they add up to what was executed."),
		Formula: lang.T("Σ 成本完成值 = 全年执行数（当 Σ 成本指标值 = 全年预算数）",
			"Σ actual costs = executed (全年执行数), where Σ cost targets = adjusted budget"),
		Basis: []string{"S26", "practice"},
		Uses:  []string{"/cost/bare_figure_max"},
		Wrong: Example{{"/indicators/4/name", "培训与检查成本"}, {"/indicators/4/target", "≤120万元"}, {"/indicators/4/actual", "110万元"}},
		Right: Example{{"/indicators/4/name", "培训与检查成本"}, {"/indicators/4/target", "≤120万元"}, {"/indicators/4/actual", "114万元"}},
		Check: checkCostAgainstExecution,
	},
	{
		Name: "cost-duplicates-total", Group: GroupCost, Severity: Note, Since: "0.1",
		Title: lang.T("成本指标重复了执行率", "a cost indicator repeats the execution rate"),
		What:  lang.T("成本指标的指标值等于全年预算数，完成值等于全年执行数。", "The target of a cost indicator equals the budget and its actual value the executed amount."),
		Why:   lang.T("预算执行率已经计分；成本指标应考核单位成本。", "Execution is scored already; cost indicators measure cost per unit."),
		How: lang.T("改为单位成本（如人均培训成本）；项目只有总成本可考核的可以忽略。",
			"Use a unit cost, such as cost per trainee. Leave it where only the total cost can be assessed."),
		Basis: []string{"S28", "S29"},
		Wrong: Example{{"/indicators/4/name", "项目总成本"}, {"/indicators/4/target", "≤120万元"}, {"/indicators/4/actual", "114万元"}},
		Right: Example{},
		Check: func(p *Pass) {
			rows := p.moneyCosts().rows
			if p.total == nil || !p.total.budget().ok || !p.total.executed.ok {
				return
			}
			for _, r := range rows {
				t, v := readAmount(&r.Target, p.unit()), readAmount(&r.Actual, p.unit())
				if !v.ok || t.number().Cmp(p.total.budget().number()) != 0 || v.number().Cmp(p.total.executed.number()) != 0 {
					continue
				}
				p.Report(Finding{
					At: r.Target, Found: show(r.Target),
					Related: related(rel(r.Actual, "等于全年执行数", "equals the executed amount"), rel(*p.total.budget().field, "全年预算数", "budget"), rel(p.total.Executed, "全年执行数", "executed")),
					Message: lang.F("“%[1]s”%[2]s → %[3]s 就是全年预算数和执行数，重复了执行率", "%[1]q, %[2]s → %[3]s, is the budget and the execution again", show(r.Name), show(r.Target), show(r.Actual)),
					Help:    lang.T("请改为人均成本、单位成本等", "use cost per head or per unit"),
				})
			}
		},
	},
	{
		Name: "allocation-as-cost", Group: GroupCost, Severity: Warning, Since: "0.1",
		Title: lang.T("把拨款、支付当作成本", "an allocation or payment as a cost"),
		What:  lang.T("成本指标的名称说的是拨款、拨付、支付或到位。", "The name of a cost indicator speaks of 拨款, 拨付, 支付 or 到位."),
		Why:   lang.T("拨了多少钱不是成本；成本是办成一件事花了多少钱。", "What was paid out is not cost; cost is what a result took."),
		How: lang.T("改为办成一件事的成本，如“人均培训成本 ≤400元”；补助标准等定额可以写成“补助标准 ≤500元/户”。",
			"Measure what a piece of work costs, such as ≤400元 per trainee; fixed rates can be written as 补助标准 ≤500元/户."),
		Basis: []string{"S29"},
		Wrong: Example{{"/indicators/4/name", "培训资金拨付"}},
		Right: Example{{"/indicators/4/name", "人均培训成本"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				if r.typ != schema.CostType || r.sub || !p.words.allocations.in(r.Name.Text) {
					continue
				}
				p.Report(Finding{
					At: r.Name, Found: show(r.Name),
					Message: lang.F("成本指标“%[1]s”说的是拨款或支付，不是成本", "the cost indicator %[1]q is about an allocation or payment, not a cost", show(r.Name)),
					Help:    lang.T("请改为单位成本、人均成本或成本节约额", "use cost per unit or head, or the amount saved"),
				})
			}
		},
	},
	{
		Name: "expense-item-as-cost", Group: GroupCost, Severity: Note, Since: "0.1",
		Title: lang.T("成本指标全是费用科目", "the cost indicators are expense items"),
		What:  lang.T("所有成本指标的名称都是经济分类科目（办公费、差旅费、印刷费等）。每张表报一次。", "All cost indicators are named after items of the economic classification (办公费, 差旅费, 印刷费 …). One finding a form."),
		Why:   lang.T("费用科目是记账用的，不说明成本控制得如何。", "Items of the accounts say nothing about how costs were controlled."),
		How: lang.T("换成能说明成本控制的指标，如单位成本、与定额的差；只有费用项目可列的小项目可以忽略。",
			"Use indicators that show how cost was kept down, such as unit costs. Leave it for small projects with nothing but such items."),
		Basis: []string{"S29"},
		Wrong: Example{{"/indicators/4/name", "差旅费"}},
		Right: Example{{"/indicators/4/name", "人均培训成本"}},
		Check: func(p *Pass) {
			var first *indicatorRow
			n := 0
			for i := range p.rows {
				r := &p.rows[i]
				if r.typ != schema.CostType || r.sub {
					continue
				}
				if !p.isExpenseItem(r.Name.Text) {
					return
				}
				if n++; first == nil {
					first = r
				}
			}
			if n > 0 {
				p.Report(Finding{
					At: first.Name, Found: show(first.Name),
					Message: lang.F("%[1]d 条成本指标都是费用科目（%[2]s 等）", "all %[1]d cost indicators are expense items (%[2]s …)", n, show(first.Name)),
					Help:    lang.T("请改为人均成本、单位成本", "use cost per head or per unit"),
				})
			}
		},
	},
}

// wrongCostOperator reports whether a cost target is written as a lower limit. Until
// that is mended, the row's score cannot be judged. Amounts and shares saved and the like
// are not costs.
func wrongCostOperator(r *indicatorRow) bool {
	c := r.target.Comparator
	return r.typ == schema.CostType && r.target.IsFigure() && (c == quantity.AtLeast || c == quantity.MoreThan) &&
		r.target.Unit != "%" && !isRateName(quantity.Fold(r.Name.Text)) && !r.saving
}

func (p *Pass) unit() string { return p.Form.Funds.CurrencyUnit }

// isCostFigure reports whether the row's figures are costs: shares and rates under
// 成本指标 are not.
func isCostFigure(r *indicatorRow) bool { return r.target.Unit != "%" }

// moneyCosts are the cost indicators whose targets are sums of money of the project,
// and the sums of their targets and actual values in the form's unit. Costs per head
// or unit are left out, and so are bare figures so large that they must be in another
// unit.
type moneyCosts struct {
	rows             []*indicatorRow
	targets, actuals sum
}

func (a *assessment) sumCosts() moneyCosts {
	costs := moneyCosts{targets: newSum(), actuals: newSum()}
	unit := a.form.Funds.CurrencyUnit
	for i := range a.rows {
		r := &a.rows[i]
		if r.typ != schema.CostType || r.sub || r.saving || !r.target.IsFigure() || !isMoney(r.target.Unit) ||
			a.words.unitCosts.in(r.Name.Text) || strings.Contains(r.target.Unit, "/") {
			continue
		}
		t, v := readAmount(&r.Target, unit), readAmount(&r.Actual, unit)
		if r.target.Unit == "" {
			if m := reNameUnit.FindStringSubmatch(quantity.Fold(r.Name.Text)); m != nil && m[1] != unit {
				continue
			}
			if b := a.total; b != nil && b.budget().ok && t.number().Cmp(b.budget().number().Mul(a.profile.Cost.BareFigureMax.Number)) > 0 {
				continue
			}
		}
		costs.rows = append(costs.rows, r)
		costs.targets.add(&t)
		costs.actuals.add(&v)
	}
	return costs
}

// costsOff reports whether costs that cover the whole budget sum to something else than
// what was executed.
func (p *Pass) costsOff() bool {
	costs := p.moneyCosts()
	targets, actuals := costs.targets, costs.actuals
	if len(costs.rows) == 0 || !targets.ok || !actuals.ok || p.total == nil || !p.total.budget().ok || !p.total.executed.ok {
		return false
	}
	if targets.point.Cmp(p.total.budget().number()) != 0 || p.total.budget().number().Sign() <= 0 {
		return false
	}
	executed := p.total.executed
	if actuals.within.Meets(executed.interval()) {
		return false
	}
	// A whole number may be the executed amount rounded: the sum is a result here.
	shown := 0
	for _, f := range actuals.fields {
		shown = max(shown, f.Displayed().Decimals)
	}
	return !quantity.Rounded(actuals.point, shown).Meets(executed.interval())
}

func checkCostAgainstExecution(p *Pass) {
	if !p.costsOff() {
		return
	}
	costs, executed := p.moneyCosts(), p.total.executed
	rows, actuals := costs.rows, costs.actuals
	f := Finding{
		At: rows[0].Actual, Found: actuals.point.Short(6), Expected: show(*executed.field),
		Message:    lang.F("成本指标值合计等于预算，完成值合计 %[1]s 却不等于全年执行数 %[2]s", "the cost targets sum to the budget, but the actual costs sum to %[1]s, not to the executed %[2]s", actuals.point.Short(6), show(*executed.field)),
		Arithmetic: lang.F("%[1]s = %[2]s ≠ %[3]s", "%[1]s = %[2]s ≠ %[3]s", actuals.addends(), actuals.point.Short(6), show(*executed.field)),
		Related:    related(rel(*executed.field, "全年执行数", "executed")),
		Help:       lang.T("请核对各项实际成本与执行数", "check the actual costs against the executed amount"),
	}
	for _, r := range rows[1:] {
		f.Related = append(f.Related, Related{At: r.Actual})
	}
	p.Report(f)
}

func checkCostDirection(p *Pass) {
	readings := slices.Concat(p.Profile.Positive.Readings(), p.Profile.Reverse.Readings())
	var rows []*indicatorRow
	fits := map[profile.Formula]int{}
	for i := range p.rows {
		r := &p.rows[i]
		if r.typ != schema.CostType || r.direction != open || r.order == 0 || p.outOfRange(r) || !isCostFigure(r) {
			continue
		}
		n := 0
		for _, how := range readings {
			if v, _, ok := p.judge(r, how); ok && v != quantity.Contradicts {
				fits[how]++
				n++
			}
		}
		if n > 0 {
			rows = append(rows, r)
		}
	}
	for _, how := range readings {
		// One row cannot disagree with itself: the two are no limit of the profile.
		if len(rows) < 2 || fits[how] == len(rows) {
			return
		}
	}
	var parts []string
	f := Finding{At: rows[0].Score, Found: show(rows[0].Score)}
	for _, r := range rows {
		parts = append(parts, show(r.Target)+" → "+show(r.Actual)+" "+show(r.Score)+"/"+show(r.Weight))
		if r != rows[0] {
			f.Related = append(f.Related, Related{At: r.Score})
		}
	}
	if len(parts) > 4 {
		parts = append(parts[:4], "…")
	}
	f.Message = lang.F("%[1]d 条成本指标的得分没有一种计分方向能同时得出", "no single direction gives the scores of the %[1]d cost indicators", len(rows))
	f.Arithmetic = lang.T(strings.Join(parts, "；"), strings.Join(parts, "; "))
	f.Help = lang.T("成本一般按“不超过”计分：节约得满分，超支扣分", "cost is mostly an upper limit: full marks for savings, points off for an overrun")
	p.Report(f)
}

// dueScores says what an overrun should have scored, in each reading where they differ.
func (p *Pass) dueScores(r *indicatorRow) lang.Text {
	var zh, en, scores []string
	for _, how := range p.Profile.Reverse.Readings() {
		d, ok := r.due(how)
		if !ok {
			continue
		}
		name := lang.T("线性", "linear")
		if how == profile.Ratio {
			name = lang.T("比例", "ratio")
		}
		score := p.points(d.exact)
		scores = append(scores, score)
		zh, en = append(zh, score+"（"+name.ZH+"）"), append(en, score+" ("+name.EN+")")
	}
	if scores = slices.Compact(scores); len(scores) == 1 {
		zh, en = scores, scores
	}
	return lang.F("按反向指标应得 %[1]s", "as a reverse indicator it scores %[2]s", strings.Join(zh, "或 "), strings.Join(en, " or "))
}

// isExpenseItem reports whether a name is that of an item of the economic
// classification of expenditure, with at most two characters of detail after it
// (办公费支出).
func (p *Pass) isExpenseItem(name string) bool {
	s := strings.TrimRight(quantity.Fold(name), "。.:")
	n := p.words.expenses.prefix(s)
	return n > 0 && len(s)-n <= len("支出")
}
