package checks

import (
	"slices"
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

var satisfactionRules = []*Rule{
	{
		Name: "satisfaction-missing", Group: GroupSatisfaction, Severity: Warning, Since: "0.1",
		Title: lang.T("满意度没有测出来", "satisfaction was not measured"),
		What: lang.T("满意度指标写“不涉及”“未调查”之类而仍有得分；或指标名称说的是满意度，指标值却不是百分比或分数。完全没有满意度指标的由 missing-section 报告，空格和“无”由 missing-required-cell 报告。",
			"A satisfaction indicator says 不涉及, 未调查 or the like and still scores; or its name speaks of satisfaction and its target is no percentage and no score. A form without any is reported by missing-section, blank cells and 无 by missing-required-cell."),
		Why: lang.T("满意度＝满意人数÷有效回答人数，只能是百分比；确实不适用的，分值应按办法调整到其他指标。",
			"Satisfaction is the share of valid answers that are content. Where it does not apply, its points are moved to other indicators."),
		How: lang.T("做一次简单问卷，填满意人数占有效回答的百分比；不适用的，删去并把分值调整到其他指标。",
			"Ask those concerned and give the share of satisfied answers; where that does not apply, delete the row and give its points to others."),
		Formula: lang.T("满意度 = 满意人数 ÷ 有效回答人数 × 100%",
			"satisfaction = satisfied answers ÷ valid answers × 100%"),
		Basis: []string{"101号", "S1", "S3"},
		Wrong: Example{{"/indicators/7/target", "参训人员普遍满意"}, {"/indicators/7/actual", "达成年度指标"}},
		Right: Example{{"/indicators/7/target", "≥90%"}},
		Check: checkSatisfactionMeasured,
	},
	{
		Name: "satisfaction-suspicious-value", Group: GroupSatisfaction, Severity: Note, Since: "0.1",
		Title: lang.T("满意度的数值可疑", "a doubtful satisfaction value"),
		What: lang.T("满意度为 100%，或与指标值完全相同。表中写明了问卷、样本、受访人数的，请忽略；写在目标完成情况、备注或原因里的不再提示。",
			"Satisfaction is 100%, or exactly the target. Ignore it where a survey stands behind the value; a form that speaks of questionnaires, samples or respondents is not asked."),
		Why: lang.T("抽样调查很少得出整 100% 或恰好等于目标，审核人会问样本量。", "A survey seldom gives exactly 100% or exactly the target; a reviewer asks for the sample size."),
		How: lang.T("核对调查结果，在完成情况、备注或原因里写明问卷份数和有效回答；确有调查记录的可以忽略。",
			"Check the survey, and state the number of answers in the result, a remark or the reason. Leave it where there is a record of the survey."),
		Basis: []string{"S3"},
		Wrong: Example{{"/indicators/7/actual", "100%"}},
		Right: Example{{"/indicators/7/actual", "93.5%"}},
		Check: checkSatisfactionValue,
	},
	{
		Name: "satisfaction-object", Group: GroupSatisfaction, Severity: Note, Since: "0.1",
		Title: lang.T("满意度的对象不当或不明", "satisfaction of nobody in particular, or of the own staff"),
		What: lang.T("满意度指标的对象是本单位职工，或没有写明是谁（受众、群众、服务对象）。项目本来就服务职工的，请忽略，或在名称中写明（如“困难职工满意度”）。",
			"The indicator asks the unit's own staff (职工, 员工), or does not say whom (受众, 群众, 服务对象). Ignore it where staff are those the project serves, or say so in the name (困难职工满意度)."),
		Why: lang.T("满意度要问受益人；对象不明，数据无从核实。", "Those who benefit are to be asked; without a name the value cannot be checked."),
		How: lang.T("在名称里写明受益人，如“参训人员满意度”；项目本来就服务职工的可以忽略，或在名称中写明。",
			"Name those who benefit, such as 参训人员满意度. Leave it where the project serves staff, or say so in the name."),
		Basis: []string{"S3", "practice"},
		Wrong: Example{{"/indicators/7/name", "群众满意度"}},
		Right: Example{{"/indicators/7/name", "参训人员满意度"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				if r.typ != schema.SatisfactionType || r.sub {
					continue
				}
				object, ok := satisfactionObject(r.Name.Text)
				if !ok {
					continue
				}
				f := Finding{At: r.Name, Found: show(r.Name)}
				switch {
				case p.words.staff.is(object):
					f.Message = lang.F("“%[1]s”问的是本单位职工，不是服务对象", "%[1]q asks the unit's own staff, not those it serves", show(r.Name))
					f.Help = lang.T("请改为受益对象的满意度；项目服务职工的，请写明是哪些职工", "ask those who benefit; if staff are meant, say which")
				case object == "" || p.words.unnamed.is(object):
					f.Message = lang.F("“%[1]s”没有写明问的是谁", "%[1]q does not say whose satisfaction", show(r.Name))
					f.Help = lang.T("请写明具体对象，如“参训人员满意度”“通关企业满意度”", "name those asked, such as 参训人员满意度")
				default:
					continue
				}
				p.Report(f)
			}
		},
	},
}

// satisfactionObject gives whom a satisfaction indicator asks: the name up to 满意.
func satisfactionObject(name string) (string, bool) {
	object, rest, ok := strings.Cut(plainIndicator(name), "满意")
	if !ok || !slices.Contains([]string{"", "度", "率", "程度", "情况", "度调查", "率调查", "度情况", "度指标"}, rest) {
		return "", false
	}
	return strings.TrimSuffix(strings.TrimSuffix(object, "的"), "对项目"), true
}

func checkSatisfactionMeasured(p *Pass) {
	for i := range p.rows {
		r := &p.rows[i]
		if r.typ != schema.SatisfactionType || r.sub {
			continue
		}
		if f, ok := p.inapplicable(r); ok {
			scored := r.score.ok && r.score.number().Sign() > 0
			if scored && r.Explanation.Missing() && !p.reported(f, "missing-required-cell") {
				p.Report(Finding{
					At: f, Found: show(f), Related: related(rel(r.Weight, "分值", "weight"), rel(r.Score, "得分", "score")),
					Message: lang.F("满意度指标写“%[1]s”，却得 %[2]s 分", "a satisfaction indicator says %[1]q and yet scores %[2]s", show(f), show(r.Score)),
					Help:    lang.T("请开展调查并填写结果；确实不适用的，请将分值调整到其他指标", "ask and give the result; if it does not apply, move its points to other indicators"),
				})
			}
			continue
		}
		if !p.words.satisfaction.in(r.Name.Text) || isShare(r.target) || r.target.Missing() || quantity.HasDigit(r.Target.Text) && !r.target.IsFigure() {
			continue
		}
		p.Report(Finding{
			At: r.Target, Found: show(r.Target), Related: related(rel(r.Actual, "实际完成值", "actual value")),
			Message: lang.F("满意度的指标值“%[1]s”不是百分比", "the target of satisfaction, %[1]q, is no percentage", show(r.Target)),
			Help:    lang.T("请填写满意人数占有效回答人数的百分比", "use the share of valid answers that are content"),
		})
	}
}

// inapplicable gives the cell in which a row says that it does not apply.
func (p *Pass) inapplicable(r *indicatorRow) (schema.Field, bool) {
	for _, f := range []schema.Field{r.Name, r.Target, r.Actual} {
		if p.words.inapplicable.is(strings.TrimRight(quantity.Fold(f.Text), "。")) {
			return f, true
		}
	}
	return schema.Field{}, false
}

// isShare reports whether a quantity may be one of satisfaction: a percentage, points,
// or a bare number in the place of one.
func isShare(q quantity.Quantity) bool {
	return (q.IsFigure() || q.Kind == quantity.Range) && (q.Unit == "%" || q.Unit == "" || q.Unit == "分")
}

func checkSatisfactionValue(p *Pass) {
	for i := range p.rows {
		r := &p.rows[i]
		if r.typ != schema.SatisfactionType || r.sub || !r.actual.IsFigure() || !isShare(r.actual) || !strings.Contains(r.Name.Text, "满意") {
			continue
		}
		f := Finding{
			At: r.Actual, Found: show(r.Actual), Related: related(rel(r.Target, "年度指标值", "target")),
			Help: lang.T("请说明调查方式、样本量和有效回答数", "say how many were asked and how many answered"),
		}
		switch {
		case r.actual.Value.Cmp(hundred) == 0:
			f.Message = lang.F("满意度为 %[1]s，请核对样本量", "satisfaction is %[1]s: check the size of the sample", show(r.Actual))
		case r.comparable && r.target.IsFigure() && r.actualNumber().Cmp(r.target.Value) == 0:
			f.Message = lang.F("满意度 %[1]s 与指标值完全相同，请核对样本量", "satisfaction, %[1]s, is exactly the target: check the size of the sample", show(r.Actual))
		default:
			continue
		}
		if p.surveyed() {
			return
		}
		if !p.words.survey.in(r.Explanation.Text) {
			p.Report(f)
		}
	}
}

// surveyed reports whether the form's texts say how satisfaction was asked for.
func (p *Pass) surveyed() bool {
	list := &p.words.survey
	if list.in(p.Form.Goal.Actual.Text) {
		return true
	}
	for i := range p.Form.Remarks {
		if list.in(p.Form.Remarks[i].Text.Text) {
			return true
		}
	}
	return false
}
