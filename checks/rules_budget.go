package checks

import (
	"regexp"
	"strings"

	"jixiaolint/checks/profile"
	"jixiaolint/schema"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

var budgetRules = []*Rule{
	{
		Name: "execution-rate-mismatch", Group: GroupBudget, Severity: Error, Fix: Safe, Since: "0.1",
		Title: lang.T("执行率算错了", "the execution rate is wrong"),
		What: lang.T("执行率 = 全年执行数 ÷ 全年预算数 × 100%。填报的执行率在任何舍入下都得不出。金额带小数时按它可能代表的区间计算；年度资金总额和各资金来源行都查。",
			"执行率 = 全年执行数 ÷ 全年预算数 × 100%. The filed rate cannot be obtained under any rounding; amounts with decimals stand for all values that round to them. The total and every source row are checked."),
		Why: lang.T("执行率是执行得分的依据。", "The execution rate decides the execution score."),
		How: lang.T("先核对全年预算数和全年执行数，再按公式重算；执行率变了，执行率得分和总分也要改。",
			"Check budget and execution first, then recompute; score of the rate and total change with it."),
		Formula: lang.T("执行率 = 全年执行数 ÷ 全年预算数 × 100%",
			"execution rate (执行率) = executed (全年执行数) ÷ adjusted budget (全年预算数) × 100%"),
		Basis: []string{"10号", "S10", "S11", "S16"},
		Uses:  []string{"/execution/rate_decimals"},
		Wrong: Example{{"/funds/rows/0/rate", "97.50%"}},
		Right: Example{{"/funds/rows/0/rate", "95%"}},
		Check: checkRates,
	},
	{
		Name: "execution-score-mismatch", Group: GroupBudget, Severity: Error, Fix: Safe, Since: "0.1",
		Title: lang.T("执行率得分算错了", "the score of the execution rate is wrong"),
		What: lang.T("执行率得分 = 执行率 × 分值（按所用方案；可由精确的或取两位小数的执行率计算），不超过分值。",
			"Score = execution rate × weight (by the profile's formula, from the exact rate or the one rounded to two decimals), at most the weight."),
		Why: lang.T("这一项按公式计分，没有裁量余地。", "This score follows from a formula and leaves no discretion."),
		How: lang.T("按执行率 × 分值重算并改总分。当地按分档计分的，用 --profile 选当地的规则集。",
			"Recompute rate × weight, and the total. Where local rules score by steps, choose their profile with --profile."),
		Basis: []string{"10号", "S10"},
		Uses:  []string{"/execution/mode", "/execution/steps", "/execution/cap", "/execution/rate_decimals", "/decimals"},
		Wrong: Example{{"/funds/rows/0/score", "8.5"}, {"/total/score", "98.35"}},
		Right: Example{{"/funds/rows/0/score", "9.5"}},
		Check: func(p *Pass) {
			e, ok := p.execution()
			if !ok || !p.execScore.ok || e.verdict != quantity.Contradicts || p.reportedScoreOver() {
				return
			}
			w := p.execWeight
			to := p.points(e.due)
			share := p.rate(p.total.rate.exact) + "%"
			if p.Profile.Execution.Mode == profile.ModeSteps {
				share += " → " + p.Profile.Execution.Share(p.total.rate.exact.Round(p.Profile.Execution.RateDecimals)).Mul(hundred).Short(2) + "%"
			}
			p.Report(Finding{
				At: *p.execScore.field, Found: show(*p.execScore.field), Expected: to,
				Related:    related(rel(*w.field, "分值", "weight"), rel(p.total.Executed, "全年执行数", "executed"), rel(*p.total.budget().field, "预算数", "budget")),
				Message:    lang.F("执行率得分应为 %[2]s，填报 %[1]s", "the score of the execution rate should be %[2]s, not %[1]s", show(*p.execScore.field), to),
				Arithmetic: lang.F("%[1]s × %[2]s = %[3]s", "%[1]s × %[2]s = %[3]s", share, p.points(w.number()), to),
				Fix:        replace(p.scoreSafety(&p.execScore, e.due, p.amountsHold(p.total)), *p.execScore.field, to),
			})
		},
	},
	{
		Name: "execution-rate-over-100", Group: GroupBudget, Severity: Error, Since: "0.1",
		Title: lang.T("执行率超过 100%", "the execution rate exceeds 100%"),
		What: lang.T("全年执行数大于全年预算数，执行率超过 100%（方案允许的除外），或执行率得分大于分值。",
			"More was executed than budgeted, so that the rate exceeds 100% (unless the profile allows it), or the score exceeds its weight."),
		Why: lang.T("预算执行不得超过预算；得分以分值为上限。", "Execution may not exceed the budget, nor a score its weight."),
		How: lang.T("核对两数的口径：执行数里有上年结转或追加资金的，预算数也应包括；得分最高为分值。",
			"Check what both figures cover: if carried-over or added funds were spent, the budget includes them too. The score is at most the weight."),
		Basis: []string{"S10", "S8"},
		Uses:  []string{"/execution/allow_over_100"},
		Wrong: Example{{"/funds/rows/0/executed", "126"}, {"/funds/rows/0/rate", "105.00%"}, {"/funds/rows/1/executed", "126"}, {"/funds/rows/1/rate", "105.00%"}},
		Right: Example{},
		Check: checkOverExecution,
	},
	{
		Name: "wrong-denominator", Group: GroupBudget, Severity: Error, Fix: Unsafe, Since: "0.1",
		Title: lang.T("执行率用错了分母", "the execution rate has the wrong denominator"),
		What: lang.T("年初预算数与全年预算数不同，而填报的执行率等于 执行数 ÷ 年初预算数，不等于 执行数 ÷ 全年预算数。",
			"Initial and adjusted budget differ, and the filed rate is executed ÷ initial, not executed ÷ adjusted."),
		Why: lang.T("分母应为调整后的全年预算数。", "The denominator is the budget after adjustments."),
		How: lang.T("改用调整后的全年预算数作分母重算；当地规定用年初预算的，写豁免并注明文件。",
			"Recompute with the adjusted budget. Where local rules ask for the initial one, suppress this and name them."),
		Formula: lang.T("执行率 = 全年执行数 ÷ 全年预算数 × 100%",
			"execution rate (执行率) = executed (全年执行数) ÷ adjusted budget (全年预算数) × 100%"),
		Basis: []string{"S10", "S11", "S20"},
		Uses:  []string{"/execution/rate_decimals"},
		Wrong: Example{{"/funds/rows/0/initial", "100"}, {"/funds/rows/1/initial", "100"}, {"/funds/rows/0/executed", "90"}, {"/funds/rows/1/executed", "90"},
			{"/funds/rows/0/rate", "90%"}, {"/funds/rows/1/rate", "75%"}, {"/funds/rows/0/score", "7.5"}},
		Right: Example{},
		Check: func(p *Pass) {
			for i := range p.funds {
				r := &p.funds[i]
				if !wrongDenominator(r) {
					continue
				}
				to, _ := r.rate.text(p.Profile.Execution.RateDecimals)
				p.Report(Finding{
					At: r.Rate, Found: show(r.Rate), Expected: to,
					Related: related(rel(r.Executed, "全年执行数", "executed"), rel(r.Adjusted, "全年预算数（分母）", "adjusted budget (denominator)"),
						rel(r.Initial, "年初预算数", "initial budget")),
					Message:    lang.F("执行率按年初预算数计算了：应为 %[2]s，填报 %[1]s", "the rate was computed from the initial budget: it should be %[2]s, not %[1]s", show(r.Rate), to),
					Arithmetic: lang.F("%[1]s ÷ %[2]s = %[3]s", "%[1]s ÷ %[2]s = %[3]s", show(r.Executed), show(r.Adjusted), to),
					Fix:        replace(Unsafe, r.Rate, to),
				})
			}
		},
	},
	{
		Name: "zero-budget", Group: GroupBudget, Severity: Error, Since: "0.1",
		Title: lang.T("全年预算数为 0", "the adjusted budget is zero"),
		What: lang.T("年度资金总额的全年预算数为 0 而执行数不为 0（错误）；预算和执行都为 0 时为提示，此时执行率应按方案填写。",
			"The adjusted budget of the total is 0 while something was executed (error); if both are 0 it is a note, and the rate must follow the profile."),
		Why: lang.T("没有预算就没有执行率。", "Without a budget there is no execution rate."),
		How: lang.T("补填全年预算数；确无预算的，执行率按规则集填写并说明原因。",
			"Fill in the adjusted budget; where there was none, state the rate as the profile asks and say why."),
		Basis: []string{"S10", "S11", "S16", "S21"},
		Uses:  []string{"/execution/zero_budget"},
		Wrong: Example{{"/funds/rows/0/adjusted", "0"}},
		Right: Example{},
		Check: checkZeroBudget,
	},
	{
		Name: "budget-adjusted-unexplained", Group: GroupBudget, Severity: Warning, Since: "0.1",
		Title: lang.T("年中调整预算没有说明", "a change of the budget is not explained"),
		What: lang.T("年度资金总额的年初预算数与全年预算数不同，而表中没有说明调整原因。",
			"Initial and adjusted budget of the total differ, and no text of the form says why."),
		Why: lang.T("预算调整须说明原因。", "Every adjustment of the budget must be explained."),
		How: lang.T("在实际完成情况、备注或偏差原因中写明何时、因何、按哪个文件调整。",
			"Say in the result, the remarks or a reason when, why and by which document the budget was changed."),
		Basis: []string{"S20"},
		Uses:  []string{"/explain/adjusted"},
		Wrong: Example{{"/funds/rows/0/initial", "100"}, {"/funds/rows/1/initial", "100"}},
		Right: Example{{"/funds/rows/0/initial", "100"}, {"/funds/rows/1/initial", "100"}, {"/goal/actual", "年中追加预算20万元，用于跨省检查，全年举办业务培训22期，培训考核合格率96%，投诉办结率97%，略低于目标。"}},
		Check: func(p *Pass) {
			t := p.total
			if t == nil || !p.Profile.Explain.Adjusted || !t.initial.ok || !t.adjusted.ok ||
				t.initial.interval().Meets(t.adjusted.interval()) || !t.Explanation.Missing() {
				return
			}
			if p.anyText(p.words.adjustments.in) {
				return
			}
			change := t.adjusted.number().Sub(t.initial.number())
			p.Report(Finding{
				At: t.Adjusted, Related: related(rel(t.Initial, "年初预算数", "initial budget")), Found: show(t.Adjusted),
				Message:    lang.F("年初预算 %[1]s 调整为 %[2]s，没有说明原因", "the budget was changed from %[1]s to %[2]s, and no reason is given", show(t.Initial), show(t.Adjusted)),
				Arithmetic: lang.F("%[2]s − %[1]s = %[3]s", "%[2]s − %[1]s = %[3]s", show(t.Initial), show(t.Adjusted), change.Short(4)),
				Help:       lang.T("请在实际完成情况或偏差原因中说明追加或压减的原因", "say in the completion text or the reasons why the budget was raised or cut"),
			})
		},
	},
	{
		Name: "fund-sources-sum", Group: GroupBudget, Severity: Error, Fix: Unsafe, Since: "0.1",
		Title: lang.T("各资金来源之和不等于总额", "the sources do not add up to the total"),
		What: lang.T("年初预算、全年预算、全年执行三栏中，财政拨款、上年结转、其他资金等来源之和不等于年度资金总额（按小数位数允许舍入）。整栏未填来源的不查。每张表报一次。",
			"In one of the three columns of amounts the sources do not sum to 年度资金总额, beyond what rounding allows. Columns without any source are not checked. One finding a form."),
		Why: lang.T("资金总额与分项之和不相等是硬错误。", "A total that differs from its parts is a hard error."),
		How: lang.T("把漏填的来源补上（常是财政拨款填成 0），或改正总额。另有未列出的来源的，写豁免并说明。",
			"Fill in the missing source (often 财政拨款 was left at 0) or correct the total. Where a source is listed elsewhere, suppress this and say where."),
		Formula: lang.T("年度资金总额 = 财政拨款 + 上年结转 + 其他资金（各栏分别相加）",
			"total (年度资金总额) = 财政拨款 + 上年结转 + 其他资金, in each column"),
		Basis: []string{"S17", "S10"},
		Uses:  []string{"/fund_rows"},
		Wrong: Example{{"/funds/rows/1/initial", "0"}, {"/funds/rows/1/adjusted", "0"}, {"/funds/rows/1/executed", "0"}, {"/funds/rows/1/rate", "-"}},
		Right: Example{},
		Check: checkSources,
	},
	{
		Name: "source-row-scored", Group: GroupBudget, Severity: Warning, Fix: Unsafe, Since: "0.1",
		Title: lang.T("资金来源行填了分值或得分", "a source row carries a weight or score"),
		What: lang.T("只有年度资金总额计分；财政拨款等来源行不应有分值和得分。这些数从不计入总分。",
			"Only 年度资金总额 is scored; source rows must not have a weight or score. Such figures are never added to the total."),
		Why: lang.T("会使执行率重复计分。", "It would count the execution rate twice."),
		How: lang.T("来源行的分值和得分改为“-”，只在年度资金总额一行计分。",
			"Replace weight and score of source rows by -: only 年度资金总额 is scored."),
		Basis: []string{"practice"},
		Wrong: Example{{"/funds/rows/1/weight", "10"}, {"/funds/rows/1/score", "9.5"}},
		Right: Example{{"/funds/rows/1/weight", "-"}, {"/funds/rows/1/score", "-"}},
		Check: func(p *Pass) {
			for i := range p.funds {
				r := &p.funds[i]
				if r.Role == schema.RoleTotal || !r.weight.ok && !r.score.ok || r.weight.number().Sign() == 0 && r.score.number().Sign() == 0 {
					continue
				}
				at := r.Weight
				if !r.weight.ok {
					at = r.Score
				}
				f := Finding{
					At: at, Related: related(rel(r.Label, "资金来源", "source")), Found: show(at),
					Message: lang.F("“%[1]s”行不计分，却填了%[2]s", "%[1]q is not scored, yet has %[3]s", show(r.Label), filledPoints(r, "分值", "得分", " "), filledPoints(r, "weight", "score", ", ")),
					Fix:     &Fix{Safety: Unsafe},
				}
				for _, a := range []*amount{&r.weight, &r.score} {
					if a.ok {
						f.Fix.Edits = append(f.Fix.Edits, Edit{a.field.At, a.field.Text, "-"})
					}
				}
				p.Report(f)
			}
		},
	},
	{
		Name: "header-total-mismatch", Group: GroupBudget, Severity: Error, Since: "0.1",
		Title: lang.T("表头金额与资金总额不符", "the amount in the heading is not the total"),
		What: lang.T("“项目资金(万元)”旁的金额既不等于年度资金总额的全年预算数，也不等于年初预算数。",
			"The amount beside 项目资金 equals neither the adjusted nor the initial budget of 年度资金总额."),
		Why: lang.T("同一个数在两处填写，必须一致。", "It is one figure written twice."),
		How: lang.T("核对表头金额与资金总额，以批复的预算数为准改正。",
			"Correct the amount in the heading, or the total, to the budget as approved."),
		Basis: []string{"practice"},
		Wrong: Example{{"/funds/header_amount", "102"}},
		Right: Example{{"/funds/header_amount", "120"}},
		Check: func(p *Pass) {
			if !p.headerOff() {
				return
			}
			h, t := &p.header, p.total
			b := t.budget()
			p.Report(Finding{
				At: *h.field, Related: related(rel(*b.field, "全年预算数", "adjusted budget"), rel(t.Initial, "年初预算数", "initial budget")),
				Found: show(*h.field), Expected: show(*b.field),
				Message: lang.F("项目资金旁填 %[1]s，年度资金总额是 %[2]s", "the heading of the funds says %[1]s, 年度资金总额 is %[2]s", show(*h.field), show(*b.field)),
				Help:    lang.T("请核对是哪一处填错", "check which of the two is wrong"),
			})
		},
	},
	{
		Name: "low-execution-unexplained", Group: GroupBudget, Severity: Warning, Since: "0.1",
		Title: lang.T("执行率低而没有说明原因", "low execution is not explained"),
		What: lang.T("执行率低于方案规定的界限（警告）或低于 50%（错误），而表中任何文字都没有原因（原因、由于、受…影响、结余、结转、未支付、节约）。",
			"The rate is below the profile's limit (warning) or below 50% (error), and no text of the form gives a reason (原因, 由于, 受…影响, 结余, 结转, 未支付, 节约)."),
		Why: lang.T("大额资金未执行而不说明，审核必然退回。", "Money left unspent without a word is sent back in every review."),
		How: lang.T("在实际完成情况或偏差原因中写明资金没有用完的原因和处理（如结余收回、结转、未到支付节点）。",
			"Say in the result or a reason why funds were left and what becomes of them (returned, carried over, not yet due)."),
		Basis: []string{"S20", "S7", "S19"},
		Uses:  []string{"/explain/execution_below", "/explain/execution_error_below"},
		Wrong: Example{{"/funds/rows/0/executed", "50"}, {"/funds/rows/1/executed", "50"}, {"/funds/rows/0/rate", "41.67%"}, {"/funds/rows/1/rate", "41.67%"}, {"/funds/rows/0/score", "4.17"},
			{"/indicators/5/explanation", "跨省投诉办结滞后，下一步将建立协办机制。"}, {"/goal/actual", "全年举办业务培训22期，开展现场检查50次。"}},
		Right: Example{},
		Check: func(p *Pass) {
			t := p.total
			if t == nil || !t.rate.computed || t.rate.exact.Cmp(p.Profile.Explain.ExecutionBelow.Number) >= 0 {
				return
			}
			if t.rate.within.Hi.Cmp(p.Profile.Explain.ExecutionBelow.Number) > 0 || p.explainsUnspent(&p.words.unspent) {
				return
			}
			f := Finding{
				At: p.at(t.Rate, "/funds/rows/0/rate"), Found: show(t.Rate),
				Related:    related(rel(t.Executed, "全年执行数", "executed"), rel(*t.budget().field, "预算数", "budget")),
				Message:    lang.F("执行率只有 %[1]s%%，表中没有说明原因", "the execution rate is only %[1]s%%, and no text of the form says why", p.rate(t.rate.exact)),
				Arithmetic: lang.F("%[1]s ÷ %[2]s = %[3]s%%", "%[1]s ÷ %[2]s = %[3]s%%", show(t.Executed), show(*t.budget().field), p.rate(t.rate.exact)),
				Help:       lang.T("请说明未执行的原因和下一步措施", "say why the money was not spent, and what will be done"),
			}
			if t.rate.exact.Cmp(p.Profile.Explain.ExecutionErrorBelow.Number) < 0 {
				f.Severity = Error
			}
			p.Report(f)
		},
	},
	{
		Name: "score-outpaces-execution", Group: GroupBudget, Severity: Warning, Since: "0.1",
		Title: lang.T("指标得分率明显高于执行率", "indicator scores outpace the execution"),
		What: lang.T("设 A = 指标得分合计 ÷ 指标分值合计，B = 执行率得分 ÷ 执行率分值；(A − B) ÷ A 超过 5%，而表中任何文字都没有说明资金为何没有用完（结余、结转、未支付、质保金、节约等）。",
			"With A = indicator scores ÷ indicator weights and B = execution score ÷ its weight: (A − B) ÷ A exceeds 5%, and no text of the form says why money was left (结余, 结转, 未支付, 质保金, 节约 …)."),
		Why: lang.T("钱没有花完而指标几乎全部完成，审核时会问是否虚高。", "Little spent and nearly everything achieved: reviewers ask whether scores are inflated."),
		How: lang.T("核对各指标是否真的完成；确因节约或结余而任务完成的，在实际完成情况、偏差原因或备注中写明原因。",
			"Check whether the indicators were really met; where the work was done for less, or payment is not yet due, say so in the result, a reason or a remark."),
		Formula: lang.T("(A − B) ÷ A，A = Σ 指标得分 ÷ Σ 指标分值，B = 执行率得分 ÷ 执行率分值",
			"(A − B) ÷ A, with A = Σ indicator scores ÷ Σ indicator weights, B = score ÷ weight of the execution rate"),
		Basis: []string{"S7"},
		Uses:  []string{"/execution/outpace_share"},
		Wrong: Example{{"/funds/rows/0/executed", "108"}, {"/funds/rows/1/executed", "108"}, {"/funds/rows/0/rate", "90%"}, {"/funds/rows/1/rate", "90%"}, {"/funds/rows/0/score", "9"}, {"/total/score", "98.85"}},
		Right: Example{},
		Check: checkOutpace,
	},
}

// explainsUnspent reports whether the form says why money was left: beside the total of
// the funds, or in any text that holds one of the words.
func (p *Pass) explainsUnspent(words *wordList) bool {
	return p.total != nil && !p.total.Explanation.Missing() || p.anyText(words.in)
}

// anyText reports whether a text of the form is such as asked for: the halves of the
// goal, the reasons, the remarks.
func (p *Pass) anyText(is func(string) bool) bool {
	for kind, f := range p.texts(0) {
		switch kind {
		case goalText, reasonText, remarkText:
			if is(f.Text) {
				return true
			}
		case nameText, targetText, actualText, projectText:
		}
	}
	return false
}

func filledPoints(r *fundRow, weight, score, sep string) string {
	var parts []string
	if r.weight.ok {
		parts = append(parts, weight+" "+show(r.Weight))
	}
	if r.score.ok {
		parts = append(parts, score+" "+show(r.Score))
	}
	return strings.Join(parts, sep)
}

// wrongDenominator reports whether a rate fits the initial budget and not the
// adjusted one.
func wrongDenominator(r *fundRow) bool {
	if !r.rate.filed || !r.rate.computed || r.rate.verdict != quantity.Contradicts || !r.initial.ok || !r.adjusted.ok ||
		r.initial.number().Cmp(r.adjusted.number()) == 0 || r.initial.number().Sign() <= 0 {
		return false
	}
	other := readRate(r.FundRow, &r.initial, &r.executed)
	return other.computed && other.verdict != quantity.Contradicts
}

func checkRates(p *Pass) {
	if r := p.execRow; r != nil && p.total != nil && p.total.rate.computed && r.actual.IsFigure() && r.actual.Unit == "%" {
		rate := p.total.rate
		if quantity.Judge(r.actual.Value, r.actual.Decimals, rate.exact, rate.within, 0) == quantity.Contradicts {
			to := rate.exact.Short(p.Profile.Execution.RateDecimals) + "%"
			p.Report(Finding{
				At: r.Actual, Found: show(r.Actual), Expected: to,
				Related:    related(rel(*p.total.budget().field, "全年预算数", "budget"), rel(p.total.Executed, "全年执行数", "executed")),
				Message:    lang.F("执行率应为 %[2]s，填报 %[1]s", "the execution rate should be %[2]s, not %[1]s", show(r.Actual), to),
				Arithmetic: lang.F("%[1]s ÷ %[2]s = %[3]s", "%[1]s ÷ %[2]s = %[3]s", show(p.total.Executed), show(*p.total.budget().field), to),
			})
		}
	}
	for i := range p.funds {
		r := &p.funds[i]
		if !r.rate.filed || !r.rate.computed || r.rate.verdict != quantity.Contradicts || wrongDenominator(r) {
			continue
		}
		to, _ := r.rate.text(p.Profile.Execution.RateDecimals)
		p.Report(Finding{
			At: r.Rate, Found: show(r.Rate), Expected: to,
			Related:    related(rel(*r.budget().field, "全年预算数", "budget"), rel(r.Executed, "全年执行数", "executed")),
			Message:    lang.F("执行率应为 %[2]s，填报 %[1]s", "the execution rate should be %[2]s, not %[1]s", show(r.Rate), to),
			Arithmetic: lang.F("%[1]s ÷ %[2]s = %[3]s", "%[1]s ÷ %[2]s = %[3]s", show(r.Executed), show(*r.budget().field), to),
			Fix:        replace(p.rateSafety(r), r.Rate, to),
		})
	}
}

// rateSafety gives the safety of correcting the rate of a fund row.
func (p *Pass) rateSafety(r *fundRow) Safety {
	if p.amountsHold(r) {
		return Safe
	}
	return Unsafe
}

// amountsHold reports whether nothing in the form contradicts the amounts that the rate
// of a fund row is computed from: else it may be an amount that is wrong, and not the rate.
func (p *Pass) amountsHold(r *fundRow) bool {
	budget := amountColumns[1]
	if r.onlyInitial {
		budget = amountColumns[0]
	}
	over := r.rate.computed && r.rate.within.Lo.Cmp(hundred) > 0 && !p.Profile.Execution.AllowOver100
	return !over && !p.sourcesOff(budget) && !p.sourcesOff(amountColumns[2]) && !p.headerOff() && !p.costsOff()
}

// sourcesOff reports whether the sources of a column of amounts add up to something else
// than its total. Sources that were left at 0 contradict nothing.
func (p *Pass) sourcesOff(c amountColumn) bool {
	if p.total == nil {
		return false
	}
	s := newSum()
	for i := range p.funds {
		if r := &p.funds[i]; r.Role != schema.RoleTotal && r.PartOf == "" && c.of(r).ok {
			s.add(c.of(r))
		}
	}
	total := c.of(p.total)
	return total.ok && s.n > 0 && s.point.Sign() != 0 && !s.within.Meets(total.interval()) && s.point.Cmp(total.number()) != 0
}

// headerOff reports whether the amount in the heading is neither budget of the total.
func (p *Pass) headerOff() bool {
	h, t := &p.header, p.total
	if t == nil || !h.ok || !t.adjusted.ok && !t.initial.ok {
		return false
	}
	if !t.initial.ok && p.has("funds.initial") || !t.adjusted.ok && p.has("funds.adjusted") {
		return false // the heading may state the amount that is missing
	}
	for _, a := range []*amount{&t.adjusted, &t.initial} {
		if a.ok && a.interval().Meets(h.interval()) {
			return false
		}
	}
	return true
}

// reportedScoreOver reports whether the execution score exceeds its weight, which
// execution-rate-over-100 reports.
func (p *Pass) reportedScoreOver() bool {
	return p.execScore.ok && p.execWeight.ok && p.execScore.number().Cmp(p.execWeight.number()) > 0
}

func checkOverExecution(p *Pass) {
	if p.Profile.Execution.AllowOver100 {
		return
	}
	t := p.total
	if t != nil && t.rate.computed && t.rate.within.Lo.Cmp(hundred) > 0 {
		p.Report(Finding{
			At: p.at(t.Rate, "/funds/rows/0/executed"), Found: show(t.Rate),
			Related:    related(rel(*t.budget().field, "全年预算数", "budget"), rel(t.Executed, "全年执行数", "executed")),
			Message:    lang.F("全年执行数 %[1]s 大于预算数 %[2]s，执行率超过 100%%", "more was executed (%[1]s) than budgeted (%[2]s): the rate exceeds 100%%", show(t.Executed), show(*t.budget().field)),
			Arithmetic: lang.F("%[1]s ÷ %[2]s = %[3]s%%", "%[1]s ÷ %[2]s = %[3]s%%", show(t.Executed), show(*t.budget().field), p.rate(t.rate.exact)),
			Help:       lang.T("请核对全年预算数是否漏填追加的预算", "check whether the adjusted budget lacks an addition"),
		})
	}
	if p.reportedScoreOver() {
		p.Report(Finding{
			At: *p.execScore.field, Found: show(*p.execScore.field), Expected: p.points(p.execWeight.number()),
			Related: related(rel(*p.execWeight.field, "分值", "weight")),
			Message: lang.F("执行率得分 %[1]s 大于分值 %[2]s", "the score of the execution rate, %[1]s, exceeds its weight %[2]s", show(*p.execScore.field), p.points(p.execWeight.number())),
			Help:    lang.T("得分最高等于分值", "a score is at most its weight"),
		})
	}
}

func checkZeroBudget(p *Pass) {
	t := p.total
	if t == nil || !t.budget().ok || t.budget().number().Sign() != 0 || !t.executed.ok {
		return
	}
	f := Finding{
		At: *t.budget().field, Found: show(*t.budget().field),
		Related: related(rel(t.Executed, "全年执行数", "executed"), rel(t.Rate, "执行率", "rate")),
	}
	want := p.Profile.Execution.ZeroBudget.Number
	switch {
	case t.executed.number().Sign() != 0:
		f.Message = lang.F("全年预算数为 0，却执行了 %[1]s", "the adjusted budget is 0, yet %[1]s was executed", show(t.Executed))
		f.Help = lang.T("请补填全年预算数", "fill in the adjusted budget")
	case t.rate.filed && t.rate.percent.Cmp(want) != 0:
		f.At, f.Found, f.Expected = t.Rate, show(t.Rate), want.Short(2)+"%"
		f.Message = lang.F("预算和执行都为 0，执行率应为 %[2]s%%，填报 %[1]s", "budget and execution are 0: the rate should be %[2]s%%, not %[1]s", show(t.Rate), want.Short(2))
	default:
		f.Severity = Note
		f.Message = lang.T("年度资金总额的预算和执行都为 0", "budget and execution of 年度资金总额 are both 0")
		f.Help = lang.T("没有资金的项目一般不需要自评，请核对", "a project without funds is mostly not evaluated: check the figures")
	}
	p.Report(f)
}

// column of amounts of the fund block.
type amountColumn struct {
	name lang.Text
	of   func(*fundRow) *amount
}

var amountColumns = []amountColumn{
	{lang.T("年初预算数", "initial budget"), func(r *fundRow) *amount { return &r.initial }},
	{lang.T("全年预算数", "adjusted budget"), func(r *fundRow) *amount { return &r.adjusted }},
	{lang.T("全年执行数", "executed"), func(r *fundRow) *amount { return &r.executed }},
}

func checkSources(p *Pass) {
	if p.total == nil {
		return
	}
	var wrong []amountColumn
	var sums []sum
	zeros := true
	for _, c := range amountColumns {
		total := c.of(p.total)
		s := newSum()
		for i := range p.funds {
			r := &p.funds[i]
			if r.Role == schema.RoleTotal || r.PartOf != "" {
				continue
			}
			if a := c.of(r); a.ok {
				s.add(a)
			} else if !a.field.Missing() {
				return // a source that cannot be read: non-numeric-cell says so
			}
		}
		if !total.ok || s.n == 0 || s.within.Meets(total.interval()) || s.point.Cmp(total.number()) == 0 {
			continue
		}
		wrong, sums = append(wrong, c), append(sums, s)
		zeros = zeros && s.point.Sign() == 0
	}
	if len(wrong) == 0 {
		return
	}
	c, s := wrong[0], sums[0]
	culprit := p.culprit(c, s)
	f := Finding{
		At: *c.of(culprit).field, Found: s.point.Short(6), Expected: show(*c.of(p.total).field),
		Arithmetic: lang.F("%[1]s ≠ %[2]s", "%[1]s ≠ %[2]s", s.equation(), show(*c.of(p.total).field)),
	}
	if !f.At.Filled() {
		f.At = *s.fields[0]
	}
	var zh, en string
	for i, w := range wrong {
		zh = join(zh, w.name.ZH+" "+sums[i].point.Short(6)+" ≠ "+show(*w.of(p.total).field), "，")
		en = join(en, w.name.EN+" "+sums[i].point.Short(6)+" ≠ "+show(*w.of(p.total).field), ", ")
		f.Related = append(f.Related, Related{*w.of(p.total).field, w.name})
		for _, addend := range sums[i].fields {
			if !zeros && addend.At != f.At.At {
				f.Related = append(f.Related, Related{At: *addend})
			}
		}
	}
	f.Message = lang.F("各资金来源之和不等于年度资金总额：%[1]s", "the sources do not add up to 年度资金总额: %[2]s", zh, en)
	f.Help = lang.T("请核对漏填或填错的来源", "check which source is missing or wrong")
	if zeros {
		f.Message = lang.F("各资金来源都填 0，而年度资金总额不是 0：%[1]s", "all sources are 0, but 年度资金总额 is not: %[2]s", zh, en)
		f.Help = lang.F("请把资金填到实际来源的行（%[1]s）", "put the amounts into the rows of their real sources (%[2]s)",
			strings.Join(p.Profile.FundRows, "、"), strings.Join(p.Profile.FundRows, ", "))
		if culprit.Role == schema.RoleFiscal && p.textSaysFiscal() {
			f.Fix = &Fix{Safety: Unsafe}
			for _, w := range wrong {
				to := w.of(culprit).field
				f.Fix.Edits = append(f.Fix.Edits, Edit{to.At, to.Text, show(*w.of(p.total).field)})
			}
		}
	}
	p.Report(f)
}

var reFiscal = regexp.MustCompile(`财政[^。；，]{0,6}(?:拨款|资金|拨付|安排)`)

func (p *Pass) textSaysFiscal() bool {
	return p.anyText(reFiscal.MatchString)
}

// culprit gives the source row to mark: one without which the sum would be right, or
// the only one that is not 0, or else the first.
func (p *Pass) culprit(c amountColumn, s sum) *fundRow {
	total := c.of(p.total)
	var first, nonzero, without *fundRow
	n := 0
	for i := range p.funds {
		r := &p.funds[i]
		a := c.of(r)
		if r.Role == schema.RoleTotal || r.PartOf != "" || !a.ok {
			continue
		}
		if first == nil {
			first = r
		}
		if a.number().Sign() != 0 {
			nonzero = r
			n++
			if s.point.Sub(a.number()).Cmp(total.number()) == 0 {
				without = r
			}
		}
	}
	switch {
	case without != nil:
		return without
	case n == 1:
		return nonzero
	}
	return first
}

// heldScore gives a row's score, or what it should have been where the score itself
// is an error: one wrong score must not look like inflation of the whole form.
func (p *Pass) heldScore(r *indicatorRow) *amount {
	s := &r.score
	if !s.ok || !r.weight.ok {
		return s
	}
	held := s.number().Min(r.weight.number())
	if r.direction == positive && r.order < 0 {
		for _, how := range p.readings(r) {
			if v, d, ok := p.judge(r, how); ok && v == quantity.Contradicts {
				held = held.Min(d.exact.Round(p.Profile.Decimals))
			}
		}
	}
	if held.Cmp(s.number()) == 0 {
		return s
	}
	other := *s
	other.q.Value = held
	return &other
}

// heldExecution gives the score of the execution rate, or what it should have been where
// it is wrong: the indicators are measured against the execution, not against the slip.
// It is rounded as the corrected form will have it, which is to be judged alike.
func (p *Pass) heldExecution() quantity.Number {
	if e, ok := p.execution(); ok && e.verdict == quantity.Contradicts {
		return e.due.Round(p.Profile.Decimals)
	}
	return p.execScore.number()
}

func checkOutpace(p *Pass) {
	if !p.execScore.ok || !p.execWeight.ok || p.execWeight.number().Sign() <= 0 || !p.has("indicators.weight") || !p.has("indicators.score") {
		return
	}
	if p.total != nil && p.total.budget().ok && p.total.budget().number().Sign() == 0 {
		return // zero-budget speaks of it
	}
	weights, scores := p.weights, p.sumOf(p.heldScore, nil)
	if !weights.ok || !scores.ok || weights.n == 0 || weights.point.Sign() <= 0 || scores.point.Sign() <= 0 {
		return
	}
	a := scores.point.Quo(weights.point)
	b := p.heldExecution().Quo(p.execWeight.number())
	if p.Profile.Execution.Mode == profile.ModeSteps && p.total != nil && p.total.rate.computed {
		// By steps, 99% scores much less than 99% of the points: what counts is the rate.
		b = b.Max(p.total.rate.exact.Quo(hundred).Min(one))
	}
	gap := a.Sub(b).Quo(a)
	if gap.Cmp(p.Profile.Execution.OutpaceShare.Number) <= 0 || p.explainsUnspent(&p.words.leftover) {
		return
	}
	percent := func(n quantity.Number) string { return n.Mul(hundred).Text(2) + "%" }
	at := p.Form.Total.Score
	if !at.Present() {
		at = *p.execScore.field
	}
	p.Report(Finding{
		At:      at,
		Related: related(rel(*p.execScore.field, "执行率得分", "execution score"), rel(*p.execWeight.field, "分值", "weight")),
		Found:   percent(gap),
		Message: lang.F("指标得分率 %[1]s，执行率得分率 %[2]s，高出 %[3]s", "indicators scored %[1]s, execution %[2]s: a gap of %[3]s", percent(a), percent(b), percent(gap)),
		Arithmetic: lang.F("(%[1]s − %[2]s) ÷ %[1]s = %[3]s > %[4]s", "(%[1]s − %[2]s) ÷ %[1]s = %[3]s > %[4]s",
			percent(a), percent(b), percent(gap), p.Profile.Execution.OutpaceShare.Mul(hundred).Short(2)+"%"),
		Help: lang.T("请核对指标得分是否偏高，或说明资金结余的原因", "check whether scores are too high, or say why money was left"),
	})
}
