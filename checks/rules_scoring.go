package checks

import (
	"slices"
	"strings"

	"jixiaolint/checks/profile"
	"jixiaolint/schema"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

var scoringRules = []*Rule{
	{
		Name: "score-exceeds-weight", Group: GroupScoring, Severity: Error, Since: "0.1",
		Title: lang.T("得分大于分值或为负", "a score exceeds its weight or is negative"),
		What: lang.T("指标得分大于该指标分值，或小于 0；写明“不涉及”的成本指标，得分大于方案给这种行的上限（如山西 5 分）。",
			"The score of an indicator is above its weight or below 0; or a cost indicator that says 不涉及 scores more than the profile gives such rows (5 in Shanxi)."),
		Why: lang.T("得分最高不能超过该指标分值上限。", "A score is at most the weight of its indicator."),
		How: lang.T("把得分改到 0 与分值之间，总分随之改。",
			"Bring the score between 0 and the weight; the total changes with it."),
		Basis: []string{"S2", "S9"},
		Uses:  []string{"/cost/inapplicable_max"},
		Wrong: Example{{"/indicators/1/score", "12"}},
		Right: Example{{"/indicators/1/score", "10"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				switch {
				case r.sub || !r.score.ok:
				case r.score.number().Sign() < 0:
					p.Report(Finding{
						At: r.Score, Found: show(r.Score), Related: related(rel(r.Weight, "分值", "weight")),
						Message: lang.F("得分 %[1]s 是负数", "the score %[1]s is negative", show(r.Score)),
						Help:    lang.T("得分最低为 0", "the lowest score is 0"),
					})
				case r.weight.ok && r.weight.number().Sign() > 0 && r.score.number().Cmp(r.weight.number()) > 0:
					p.Report(Finding{
						At: r.Score, Found: show(r.Score), Expected: show(r.Weight), Related: related(rel(r.Weight, "分值", "weight")),
						Message: lang.F("得分 %[1]s 大于分值 %[2]s", "the score %[1]s exceeds the weight %[2]s", show(r.Score), show(r.Weight)),
						Help:    lang.T("得分最高等于分值", "a score is at most its weight"),
					})
				default:
					p.reportInapplicableCost(r)
				}
			}
		},
	},
	{
		Name: "positive-score-mismatch", Group: GroupScoring, Severity: Error, Fix: Unsafe, Since: "0.1",
		Title: lang.T("未达标指标的得分没有按比例计算", "the score of a missed target is not in proportion"),
		What: lang.T("越多越好的指标（≥、>、=，或数量、质量、满意度指标）完成值低于指标值，得分不等于 完成值 ÷ 指标值 × 分值；包括未完成却给满分。",
			"For an indicator where more is better (≥, >, =, or type 数量, 质量, 满意度) the actual value is below the target, and the score is not actual ÷ target × weight; a full score for a missed target included."),
		Why: lang.T("未达标的按完成值与指标值的比例记分。", "A missed target is scored in proportion to what was achieved."),
		How: lang.T("按完成值 ÷ 指标值 × 分值重算得分和总分，并写明偏差原因；完成值填错的，先改完成值。",
			"Recompute score and total as actual ÷ target × weight and give the reason; if the actual value is wrong, correct that first."),
		Basis: []string{"10号", "S5", "S3", "S16"},
		Uses:  []string{"/positive", "/equal", "/decimals"},
		Wrong: Example{{"/indicators/5/score", "15"}, {"/total/score", "99.5"}},
		Right: Example{{"/indicators/5/score", "14.85"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				if r.direction != positive || r.order >= 0 || p.outOfRange(r) || wrongCostOperator(r) {
					continue
				}
				readings := p.readings(r)
				if len(readings) == 0 {
					continue // the profile leaves the score free
				}
				v, d, ok := p.judge(r, readings[0])
				if !ok || v != quantity.Contradicts {
					continue
				}
				p.reportScore(r, d, lang.T("按完成比例", "in proportion"),
					lang.F("%[1]s ÷ %[2]s × %[3]s = %[4]s", "%[1]s ÷ %[2]s × %[3]s = %[4]s", bareText(r.actual), bareText(r.target), show(r.Weight), p.points(d.exact)))
			}
		},
	},
	{
		Name: "reverse-score-mismatch", Group: GroupScoring, Severity: Error, Fix: Unsafe, Since: "0.1",
		Title: lang.T("超出上限的指标得分算错了", "the score of an exceeded limit is wrong"),
		What: lang.T("标明 ≤ 或 < 的指标完成值超出指标值，得分既不等于 (1 − 超出比例) × 分值，也不等于 指标值 ÷ 完成值 × 分值（按方案取其一或都可）。成本指标给满分的由 cost-overrun-full-score 报告。",
			"An indicator with ≤ or < exceeds its target, and the score is neither (1 − excess) × weight nor target ÷ actual × weight (either or both, by profile). A full score of a cost indicator is reported by cost-overrun-full-score."),
		Why: lang.T("反向指标超出目标要扣分。", "Exceeding a limit costs points."),
		How: lang.T("按所用方案的反向公式重算得分和总分，并写明超出的原因。",
			"Recompute score and total by the profile's formula for limits, and say why the limit was exceeded."),
		Basis: []string{"S5", "S3"},
		Uses:  []string{"/reverse", "/zero_target", "/decimals"},
		Wrong: Example{{"/indicators/4/actual", "440元/人"}, {"/indicators/4/score", "4.9"}, {"/total/score", "99.25"}, {"/indicators/4/explanation", "由于场地费上涨，人均成本超出；下一步将提前签订合同，加强控制。"}},
		Right: Example{{"/indicators/4/actual", "440元/人"}, {"/indicators/4/score", "4.5"}, {"/total/score", "98.85"}, {"/indicators/4/explanation", "由于场地费上涨，人均成本超出；下一步将提前签订合同，加强控制。"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				if r.direction != reverse || r.order <= 0 || p.outOfRange(r) || r.full() && r.typ == schema.CostType {
					continue
				}
				if r.target.Value.Sign() == 0 {
					if p.Profile.ZeroTarget == profile.AllOrNothing {
						p.reportZeroTarget(r)
					}
					continue
				}
				readings := p.readings(r)
				v, ok := p.best(r, readings...)
				if !ok || v != quantity.Contradicts {
					continue
				}
				d, _ := r.due(readings[0])
				p.reportScore(r, d, lang.T("按超出比例扣分", "with the excess deducted"), p.reverseArithmetic(r))
			}
		},
	},
	{
		Name: "score-not-derivable", Group: GroupScoring, Severity: Error, Since: "0.1",
		Title: lang.T("得分不符合任何计分公式", "no formula gives the score"),
		What: lang.T("指标值和完成值都是数，没有标明方向，而得分不等于满分、0、完成值÷指标值×分值，也不等于两种反向公式的结果。",
			"Target and actual value are figures without a stated direction, and the score is not the weight, 0, actual ÷ target × weight, or the result of a reverse formula."),
		Why: lang.T("推导不出的得分往往是凑出来的。", "A score that nothing leads to was mostly made to fit."),
		How: lang.T("给指标值加上 ≥ 或 ≤，写清方向，再按公式重算得分。按细则扣分的，在偏差原因中写明扣分依据。",
			"Write ≥ or ≤ before the target to state the direction, then recompute the score. Where points were deducted by other rules, name them in the reason."),
		Basis: []string{"S5", "S3"},
		Uses:  []string{"/positive", "/reverse"},
		Wrong: Example{{"/indicators/4/target", "400元/人"}, {"/indicators/4/actual", "300元/人"}, {"/indicators/4/score", "4.2"}, {"/total/score", "98.55"}, {"/indicators/4/explanation", "由于场地费下降，人均成本降低；下一步将加强测算。"}},
		Right: Example{{"/indicators/4/target", "400元/人"}, {"/indicators/4/actual", "300元/人"}, {"/indicators/4/score", "3.75"}, {"/total/score", "98.1"}, {"/indicators/4/explanation", "由于场地费下降，人均成本降低；下一步将加强测算。"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				if r.direction != open || r.order == 0 || r.full() || p.outOfRange(r) || !r.score.ok || r.score.number().Sign() == 0 {
					continue
				}
				readings := p.readings(r)
				v, ok := p.best(r, readings...)
				if !ok || v != quantity.Contradicts || r.meets() && !r.reason {
					continue
				}
				p.reportUnderivable(r)
			}
		},
	},
	{
		Name: "unexplained-deduction", Group: GroupScoring, Severity: Warning, Since: "0.1",
		Title: lang.T("达标却扣了分，没有说明", "points were deducted for a met target without a reason"),
		What:  lang.T("完成值达到指标值，得分低于分值，又没有填原因。", "The actual value meets the target, the score is below the weight, and no reason is given."),
		Why:   lang.T("达标的应记满分；扣分必有原因。", "A met target has the full score; a deduction has a reason."),
		How: lang.T("达标的改为满分；确应扣分的，在偏差原因中写明理由。",
			"Give full marks for a met target, or state the reason for the deduction."),
		Basis: []string{"S9", "S25", "S26"},
		Uses:  []string{"/equal"},
		Wrong: Example{{"/indicators/1/score", "9"}, {"/total/score", "98.35"}},
		Right: Example{{"/indicators/1/score", "10"}},
		Check: func(p *Pass) {
			if !p.canExplain() {
				return
			}
			for i := range p.rows {
				r := &p.rows[i]
				if !p.unexplainedDeduction(r) {
					continue
				}
				p.Report(Finding{
					At: r.Score, Found: show(r.Score), Expected: show(r.Weight),
					Related: related(rel(r.Target, "年度指标值", "target"), rel(r.Actual, "实际完成值", "actual"), rel(r.Weight, "分值", "weight")),
					Message: lang.F("完成值 %[1]s 已达到指标值 %[2]s，得分 %[3]s 低于分值 %[4]s，没有说明原因", "the actual value %[1]s meets the target %[2]s, yet the score is %[3]s of %[4]s, without a reason",
						show(r.Actual), show(r.Target), show(r.Score), show(r.Weight)),
					Help: lang.T("请改为满分，或在偏差原因中说明扣分理由", "give the full score, or say why points were deducted"),
				})
			}
		},
	},
	{
		Name: "over-fulfilment-unexplained", Group: GroupScoring, Severity: Warning, Since: "0.1",
		Title: lang.T("大幅超额完成没有说明", "over-fulfilment is not explained"),
		What: lang.T("越多越好的指标完成值达到指标值的 130% 以上（提示从 120% 起，界限按方案），没有填原因。时效和成本指标不计。",
			"An indicator where more is better reached 130% of its target or more (a note from 120%; the limits are the profile's), and no reason is given. Time and cost indicators do not count."),
		Why: lang.T("超额过多多半是目标定得太低，应说明并据此扣分。", "A large excess mostly means that the target was too low; it must be explained and may cost points."),
		How: lang.T("写明为什么大幅超额（任务增加、目标偏低等），下年度据此调整目标。确属当年新增任务的，写明即可。",
			"Say why so much more was achieved (more work, a low target) and adjust next year's target. Work that was added during the year only needs to be named."),
		Formula: lang.T("完成值 ÷ 指标值 ≥ 界限",
			"actual ÷ target ≥ limit"),
		Basis: []string{"10号", "S9", "S14", "S19"},
		Uses:  []string{"/over_fulfilment"},
		Wrong: Example{{"/indicators/0/actual", "45期"}},
		Right: Example{{"/indicators/0/actual", "45期"}, {"/indicators/0/explanation", "由于年中新增两批执法人员，增加了培训期数；下一步将按编制测算指标值。"}},
		Check: func(p *Pass) {
			if !p.canExplain() {
				return
			}
			for i := range p.rows {
				r := &p.rows[i]
				if r.sub || !r.comparable || r.order <= 0 || r.target.Value.Sign() <= 0 || r.typ == schema.CostType || r.typ == schema.TimeType ||
					r.direction == reverse || r.direction == open && r.sense != wanted || r.reason || p.reported(r.Actual, "percent-out-of-range") {
					continue
				}
				ratio := r.ratio()
				over := p.Profile.OverFulfilment
				if ratio.Cmp(over.Note.Number) < 0 {
					continue
				}
				f := Finding{
					At: r.Actual, Found: show(r.Actual),
					Related:    related(rel(r.Target, "年度指标值", "target")),
					Message:    lang.F("完成值是指标值的 %[1]s%%，没有说明原因", "the actual value is %[1]s%% of the target, and no reason is given", ratio.Mul(hundred).Short(2)),
					Arithmetic: lang.F("%[1]s ÷ %[2]s = %[3]s%%", "%[1]s ÷ %[2]s = %[3]s%%", bareText(r.actual), bareText(r.target), ratio.Mul(hundred).Short(2)),
					Help:       lang.T("请说明超额完成的原因", "say why the target was exceeded by so much"),
				}
				switch {
				case ratio.Cmp(over.LowTarget.Number) >= 0:
					f.Help = lang.T("指标值可能定得过低：请说明原因，下年度按实际情况设定", "the target was probably set too low: give the reason, and set it realistically next year")
				case ratio.Cmp(over.Warn.Number) < 0:
					f.Severity = Note
				}
				p.Report(f)
			}
		},
	},
	{
		Name: "qualitative-band-mismatch", Group: GroupScoring, Severity: Error, Since: "0.1",
		Title: lang.T("定性指标得分不在对应档次", "a qualitative score is outside its band"),
		What: lang.T("完成值写明“部分达成”“未达成”等档次，得分不在该档的范围：达成 80%～100%，部分达成 60%～80%，未达成 0～60%（按方案）。完成值否定指标值（合格 → 不合格，是 → 否）而得满分的，按未达成。",
			"The actual value names a band such as 部分达成 or 未达成, and the score is outside it: 80–100%, 60–80%, 0–60% of the weight, by profile. A result that denies the target (合格 → 不合格, 是 → 否) beside a full score counts as 未达成."),
		Why: lang.T("定性指标按三档合理确定分值。", "Qualitative indicators are scored in three bands."),
		How: lang.T("核对档次：要么改完成值的表述，要么把得分改到该档范围内，总分随之改。",
			"Check the grade: change the wording of the actual value, or bring the score into its band; the total changes with it."),
		Formula: lang.T("档次下限 × 分值 ≤ 得分 ≤ 档次上限 × 分值",
			"lower end of the band × weight ≤ score ≤ upper end × weight"),
		Basis: []string{"10号", "S5", "S9", "S2"},
		Uses:  []string{"/bands"},
		Wrong: Example{{"/indicators/6/actual", "部分达成年度指标并具有一定效果"}, {"/indicators/6/explanation", "由于制度修订滞后，部分条款未执行；下一步将加快修订。"}},
		Right: Example{{"/indicators/6/actual", "部分达成年度指标并具有一定效果"}, {"/indicators/6/score", "10"}, {"/total/score", "94.35"}, {"/indicators/6/explanation", "由于制度修订滞后，部分条款未执行；下一步将加快修订。"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				band, ok := p.bandOfRow(r)
				if !ok || p.outOfRange(r) || r.weight.number().Sign() <= 0 {
					continue
				}
				w := r.weight.number()
				within := band.Range(w)
				if r.score.interval().Meets(within) {
					continue
				}
				lo, hi := within.Lo, within.Hi
				p.Report(Finding{
					At: r.Score, Found: show(r.Score), Expected: p.points(lo) + "～" + p.points(hi),
					Related: related(rel(r.Actual, "实际完成值", "actual"), rel(r.Weight, "分值", "weight")),
					Message: lang.F("完成值是“%[1]s”，得分应在 %[2]s～%[3]s 之间，填报 %[4]s", "the actual value is %[1]q: the score should be from %[2]s to %[3]s, not %[4]s",
						show(r.Actual), p.points(lo), p.points(hi), show(r.Score)),
					Arithmetic: lang.F("%[1]s × (%[2]s%%～%[3]s%%)", "%[1]s × (%[2]s%%–%[3]s%%)", show(r.Weight), band.From.Mul(hundred).Short(2), band.To.Mul(hundred).Short(2)),
					Help:       lang.T("请核对得分与完成档次", "check the score against the band"),
				})
			}
		},
	},
	{
		Name: "qualitative-actual-nonstandard", Group: GroupScoring, Severity: Note, Fix: Unsafe, Since: "0.1",
		Title: lang.T("定性指标没有用规定的档次表述", "a qualitative result is not in the standard words"),
		What: lang.T("指标值和完成值都不是数字，完成值不是“达成年度指标”“部分达成年度指标并具有一定效果”“未达成年度指标且效果较差”之一（如“完成”“效果明显”）。",
			"Target and actual value are words, and the actual value is not one of the three standard phrases (but 完成, 效果明显 …)."),
		Why: lang.T("定性指标按三档计分，表述应能看出是哪一档。", "The words should show which band the score was taken from."),
		How: lang.T("改用三档的规定表述之一，具体情况写在实际完成情况或偏差原因中。当地另有表述的，可以忽略。",
			"Use one of the three standard phrases and put details into the result or the reason. Leave it where local rules have phrases of their own."),
		Basis: []string{"S5", "S12"},
		Uses:  []string{"/bands"},
		Wrong: Example{{"/indicators/6/actual", "完成"}},
		Right: Example{{"/indicators/6/actual", "达成年度指标"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				if r.sub || r.target.Kind != quantity.Words || r.actual.Kind != quantity.Words || quantity.HasDigit(r.Target.Text) || quantity.HasDigit(r.Actual.Text) {
					continue
				}
				if _, ok := bandOf(p.Profile, r.Actual.Text); ok {
					continue
				}
				p.Report(Finding{
					At: r.Actual, Found: show(r.Actual), Related: related(rel(r.Target, "年度指标值", "target")),
					Message: lang.F("定性指标的完成值“%[1]s”不是规定的三档表述", "the qualitative result %[1]q is none of the three standard phrases", show(r.Actual)),
					Help:    lang.F("请写明档次：%[1]s", "use one of: %[1]s", bandNames(p.Profile)),
				})
			}
		},
	},
	{
		Name: "numeric-target-text-actual", Group: GroupScoring, Severity: Warning, Since: "0.1",
		Title: lang.T("定量指标的完成值不是数", "a numeric target has a worded result"),
		What: lang.T("指标值里有数（年份除外），完成值里没有数。时效指标的日期由 time-actual-not-a-date 报告。",
			"The target holds a number (other than a year), the actual value none. Dates are reported by time-actual-not-a-date."),
		Why: lang.T("定量指标的完成值应为数值，否则得分无法核对。", "Without a figure the score cannot be checked."),
		How: lang.T("填实际完成的数和单位（如 50次），不要写“完成”“已达标”。",
			"Give figure and unit (50次) instead of 完成 or 已达标."),
		Basis: []string{"S9"},
		Uses:  []string{"/bands"},
		Wrong: Example{{"/indicators/1/actual", "完成"}},
		Right: Example{{"/indicators/1/actual", "50次"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				if r.sub || !quantity.HasDigit(r.Target.Text) || r.actual.Missing() || quantity.HasDigit(r.Actual.Text) || r.target.Kind == quantity.Dated {
					continue
				}
				if r.actual.IsFigure() || containsChineseNumeral(r.Actual.Text) || r.target.IsFigure() && r.target.Value.Sign() == 0 && saysNothingHappened(r.Actual.Text) {
					continue
				}
				if _, dated := quantity.ParsePeriodLoosely(r.Target.Text); dated && r.typ == schema.TimeType {
					continue
				}
				if _, ok := bandOf(p.Profile, r.Actual.Text); ok && r.target.Kind == quantity.Words {
					continue
				}
				p.Report(Finding{
					At: r.Actual, Found: show(r.Actual), Related: related(rel(r.Target, "年度指标值", "target")),
					Message: lang.F("指标值是“%[1]s”，完成值“%[2]s”没有数字", "the target is %[1]q, but the actual value %[2]q has no figure", show(r.Target), show(r.Actual)),
					Help:    lang.T("请填写实际完成的数值", "fill in the figure that was achieved"),
				})
			}
		},
	},
	{
		Name: "all-indicators-full-marks", Group: GroupScoring, Severity: Note, Since: "0.1",
		Title: lang.T("指标全部满分而预算没有执行完", "full marks throughout while money was left"),
		What:  lang.T("每条指标都是满分，而执行率低于 100%。", "Every indicator has its full score, while the execution rate is below 100%."),
		Why:   lang.T("自评不得刻意抬高分数。", "Self-evaluations must not raise scores on purpose."),
		How: lang.T("逐条核对是否真的全部完成，尤其是与没有用完的资金有关的指标；确实全部完成的可以忽略。",
			"Check every indicator, above all those that the unspent funds were for. Leave it where all targets were really met."),
		Basis: []string{"S1", "S38"},
		Uses:  []string{"/indicator/full_marks_min_rows"},
		Wrong: Example{{"/indicators/5/actual", "98%"}, {"/indicators/5/score", "15"}, {"/indicators/5/explanation", nil}, {"/total/score", "99.5"}},
		Right: Example{},
		Check: func(p *Pass) {
			if p.total == nil || !p.total.rate.computed || p.total.rate.within.Hi.Cmp(hundred) >= 0 {
				return
			}
			n := 0
			for i := range p.rows {
				r := &p.rows[i]
				if r.sub {
					continue
				}
				if !r.full() {
					return
				}
				n++
			}
			if n < p.Profile.Indicator.FullMarksMinRows {
				return
			}
			p.Report(Finding{
				At:      p.at(p.Form.Total.Score, "/total/score"),
				Related: related(rel(p.total.Rate, "执行率", "rate")),
				Message: lang.F("%[1]d 条指标全部满分，而执行率只有 %[2]s%%", "all %[1]d indicators have full marks, while the execution rate is %[2]s%%", n, p.rate(p.total.rate.exact)),
				Help:    lang.T("请核对得分是否如实", "check whether the scores are honest"),
			})
		},
	},
}

// reportInapplicableCost reports a cost row that says that it does not apply, and
// scores more than the profile gives such rows.
func (p *Pass) reportInapplicableCost(r *indicatorRow) {
	most := p.Profile.Cost.InapplicableMax
	if most == nil || r.typ != schema.CostType || r.score.number().Cmp(most.Number) <= 0 {
		return
	}
	at, ok := p.inapplicable(r)
	if !ok {
		return
	}
	p.Report(Finding{
		At: r.Score, Found: show(r.Score), Expected: "≤" + p.points(most.Number), Related: related(rel(at, "不涉及", "does not apply")),
		Message: lang.F("不涉及成本的指标最多得 %[2]s 分，填报 %[1]s", "a cost indicator that does not apply scores at most %[2]s, not %[1]s", show(r.Score), p.points(most.Number)),
		Help:    lang.T("请设置成本指标，或按规定降低这一行的得分", "set a cost indicator, or lower the score of this row"),
	})
}

// outOfRange reports whether score-exceeds-weight speaks of the row, or its score
// cannot be judged at all.
func (p *Pass) outOfRange(r *indicatorRow) bool {
	return r.sub || !r.score.ok || !r.weight.ok || r.score.number().Sign() < 0 || r.score.number().Cmp(r.weight.number()) > 0
}

// canExplain reports whether the form has a place for reasons.
func (p *Pass) canExplain() bool { return p.has("indicators.explanation") || p.explained }

// unexplainedDeduction reports whether a met target lost points without a reason.
func (p *Pass) unexplainedDeduction(r *indicatorRow) bool {
	return !r.sub && r.comparable && r.meets() && r.deducted() && !r.reason && r.score.number().Sign() >= 0
}

// bareText writes a figure without comparator: what is put into arithmetic.
func bareText(q quantity.Quantity) string { return plainFigure(q) + q.Unit }

func (p *Pass) reportScore(r *indicatorRow, d due, how, arithmetic lang.Text) {
	to := p.points(d.exact)
	f := Finding{
		At: r.Score, Found: show(r.Score), Expected: to,
		Related: related(rel(r.Target, "年度指标值", "target"), rel(r.Actual, "实际完成值", "actual"), rel(r.Weight, "分值", "weight")),
		Message: lang.F("未达到指标值，得分应%[3]s为 %[2]s，填报 %[1]s", "the target was missed: %[3]s the score is %[2]s, not %[1]s", show(r.Score), to, how),
		Fix:     replace(Unsafe, r.Score, to), Arithmetic: arithmetic,
	}
	p.Report(f)
}

func (p *Pass) reverseArithmetic(r *indicatorRow) lang.Text {
	var parts []string
	for _, how := range p.readings(r) {
		d, ok := r.due(how)
		if !ok {
			continue
		}
		share := bareText(r.target) + " ÷ " + bareText(r.actual)
		if how == profile.Linear {
			share = "(1 − (" + bareText(r.actual) + " − " + bareText(r.target) + ") ÷ " + bareText(r.target) + ")"
		}
		parts = append(parts, share+" × "+show(r.Weight)+" = "+p.points(d.exact))
	}
	return lang.T(strings.Join(parts, "，或 "), strings.Join(parts, ", or "))
}

// reportZeroTarget reports a score above 0 for something that was not to happen at
// all: with a target of 0 there is no share to compute.
func (p *Pass) reportZeroTarget(r *indicatorRow) {
	if r.score.number().Sign() == 0 {
		return
	}
	p.Report(Finding{
		At: r.Score, Found: show(r.Score), Expected: "0",
		Related: related(rel(r.Target, "年度指标值", "target"), rel(r.Actual, "实际完成值", "actual")),
		Message: lang.F("指标值为 0，完成值 %[2]s 超出，得分应为 0，填报 %[1]s", "the target is 0 and the actual value %[2]s exceeds it: the score is 0, not %[1]s", show(r.Score), show(r.Actual)),
		Fix:     replace(Unsafe, r.Score, "0"),
	})
}

func (p *Pass) reportUnderivable(r *indicatorRow) {
	f := Finding{
		At: r.Score, Found: show(r.Score),
		Related: related(rel(r.Target, "年度指标值", "target"), rel(r.Actual, "实际完成值", "actual"), rel(r.Weight, "分值", "weight")),
		Message: lang.F("得分 %[1]s 不符合任何计分公式", "no formula gives the score %[1]s", show(r.Score)),
		Help:    lang.T("请按计分公式重新计算，或在偏差原因中说明扣分办法", "compute the score again by the formula, or say how points were deducted"),
	}
	var parts []string
	parts = append(parts, show(r.Weight))
	for _, how := range p.readings(r) {
		d, ok := r.due(how)
		text := p.points(d.exact)
		if ok && !slices.Contains(parts, text) && text != "0" {
			parts = append(parts, text)
		}
	}
	f.Arithmetic = lang.F("可能的得分：%[1]s 或 0", "possible scores: %[2]s or 0", strings.Join(parts, "、"), strings.Join(parts, ", "))
	// A total of 100 less the share of money left hints at a total made to fit: the
	// score filed as the last digits of 100 − 执行率.
	if t := p.total; t != nil && t.rate.computed {
		left := hundred.Sub(t.rate.exact.Round(p.Profile.Execution.RateDecimals))
		tail := left.Sub(r.score.number())
		if i, ok := tail.Int64(); ok && i > 0 && i%10 == 0 && left.Cmp(r.score.number()) > 0 && !r.score.number().IsInt() {
			f.Help = lang.F("100 − 执行率 %[1]s%% = %[2]s，与这个得分的尾数相同：得分可能是凑出来的，请重新计算",
				"100 − %[1]s%% (execution rate) = %[2]s ends in the same digits: the score may have been made to fit; compute it again",
				p.rate(t.rate.exact), left.Short(p.Profile.Execution.RateDecimals))
		}
	}
	p.Report(f)
}

// bandOfRow finds the band of a row's result: that which it names or, at a full score, the
// lowest if it names that one before a comma or denies the target. What other words than
// those of the bands are worth, when points were deducted, is for the unit to judge.
func (p *Pass) bandOfRow(r *indicatorRow) (profile.Band, bool) {
	if b, ok := bandOf(p.Profile, r.Actual.Text); ok || len(p.Profile.Bands) == 0 || !r.full() {
		return b, ok
	}
	lowest := p.Profile.Bands[len(p.Profile.Bands)-1]
	if r.target.Kind == quantity.Words && p.words.contradicts(r.Target.Text, r.Actual.Text) {
		return lowest, true
	}
	for clause := range clauses(quantity.Fold(r.Actual.Text)) {
		b, ok := bandOf(p.Profile, strings.TrimPrefix(clause, "尚"))
		return b, ok && b.Name == lowest.Name // what follows may be about a part
	}
	return profile.Band{}, false
}

// bandOf finds the qualitative band that a result names in the profile's words.
func bandOf(pr *profile.Profile, actual string) (profile.Band, bool) {
	s := strings.TrimRight(quantity.Fold(actual), "。.;,")
	for _, b := range pr.Bands {
		if s == b.Name || slices.Contains(b.Also, s) {
			return b, true
		}
	}
	return profile.Band{}, false
}

func bandNames(pr *profile.Profile) string {
	names := make([]string, len(pr.Bands))
	for i, b := range pr.Bands {
		names[i] = b.Name
	}
	return strings.Join(names, " / ")
}

// saysNothingHappened reports whether a result is zero in words: 未发生, 没有出现.
func saysNothingHappened(text string) bool {
	s := bareWords(text)
	return beginsWith(s, "未发生", "未出现", "没有", "无", "不存在", "不发生", "未发现") && !containsAny(s, "但", "除")
}

func containsChineseNumeral(s string) bool {
	return containsAny(s, "一", "二", "两", "三", "四", "五", "六", "七", "八", "九", "十", "百分", "半", "零")
}
