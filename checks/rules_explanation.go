package checks

import (
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"jixiaolint/schema"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

var explanationRules = []*Rule{
	{
		Name: "score-below-weight-no-reason", Group: GroupExplanation, Severity: Error, Since: "0.1",
		Title: lang.T("扣了分没有填原因", "points were lost without a reason"),
		What: lang.T("得分低于分值，而“偏差原因分析及改进措施”为空（—、/、无视为空）。达标却扣分的由 unexplained-deduction 报告。",
			"The score is below the weight and 偏差原因分析及改进措施 is empty (—, /, 无 count as empty). A deduction for a met target is reported by unexplained-deduction."),
		Why: lang.T("指标未完成时原因必填，否则不能保存。", "The reason is mandatory when a target is missed; the systems refuse to save without it."),
		How: lang.T("在同一行的偏差原因栏写明原因和改进措施。",
			"Give reason and measures in the row's last column."),
		Basis: []string{"10号", "S9", "S12", "S16"},
		Uses:  []string{"/explain/score_below_weight"},
		Wrong: Example{{"/indicators/5/explanation", nil}},
		Right: Example{},
		Check: func(p *Pass) {
			if !p.canExplain() || !p.Profile.Explain.ScoreBelowWeight {
				return
			}
			for i := range p.rows {
				r := &p.rows[i]
				if r.sub || r.reason || !r.deducted() || r.score.number().Sign() < 0 || p.unexplainedDeduction(r) {
					continue
				}
				p.Report(Finding{
					At:      p.reasonCell(r),
					Related: related(rel(r.Score, "得分", "score"), rel(r.Weight, "分值", "weight")),
					Message: lang.F("“%[3]s”得分 %[1]s 低于分值 %[2]s，没有填偏差原因", "%[3]q scored %[1]s of %[2]s, and no reason is given", show(r.Score), show(r.Weight), show(r.Name)),
					Help:    lang.T("请填写未完成的原因和改进措施", "give the reason and the measures to be taken"),
				})
			}
		},
	},
	{
		Name: "worse-than-target-no-reason", Group: GroupExplanation, Severity: Warning, Since: "0.1",
		Title: lang.T("没有达到目标，没有扣分也没有说明", "a missed target costs no points and has no reason"),
		What: lang.T("完成值差于指标值而得分为满分，原因为空，且没有更具体的问题（超支、超期、得分错误）。不计分的表（如转移支付自评表）完成值差于指标值而“未完成原因”为空的，同样报告。方案规定“=”的指标不得有差异的（如河北），超过也是差异。用文字写明较差的同样计：零事故 → 1起，优 → 良，≥20期 → 10余期。",
			"The actual value is worse than the target, the score is full, the reason is empty, and no more specific rule (overrun, delay, wrong score) speaks. In forms without scores, such as those for transfers, a missed target needs a reason just so. Where the profile calls every difference from = a miss (Hebei), more is one too. Words that say so count alike: 零事故 → 1起, 优 → 良, ≥20期 → 10余期."),
		Why: lang.T("未达目标应扣分或说明。", "A missed target costs points or needs a word."),
		How: lang.T("按公式扣分，并写明原因；完成值填错的，先改完成值。",
			"Deduct points by the formula and give the reason; if the actual value is wrong, correct that first."),
		Basis: []string{"S12", "S3"},
		Uses:  []string{"/equal", "/time/duration_overrun"},
		Wrong: Example{{"/indicators/5/target", "98%"}, {"/indicators/5/score", "15"}, {"/indicators/5/explanation", nil}, {"/total/score", "99.5"}},
		Right: Example{},
		Check: func(p *Pass) {
			if !p.canExplain() {
				return
			}
			for i := range p.rows {
				r := &p.rows[i]
				if !p.has("indicators.score") {
					p.reportUnscored(r)
					continue
				}
				if r.sub || r.reason || !r.full() || !r.worse() ||
					p.reported(r.Score, "positive-score-mismatch", "reverse-score-mismatch", "qualitative-band-mismatch") || p.reported(r.Actual, "over-fulfilment-unexplained") || r.typ == schema.CostType || p.durationOverrun(r) {
					continue
				}
				p.Report(Finding{
					At:      r.Actual,
					Related: related(rel(r.Target, "年度指标值", "target"), rel(r.Score, "得分", "score")),
					Found:   show(r.Actual),
					Message: lang.F("完成值 %[1]s 差于指标值 %[2]s，却得满分 %[3]s，没有说明", "the actual value %[1]s is worse than the target %[2]s, yet the score is the full %[3]s, without a reason",
						show(r.Actual), show(r.Target), show(r.Score)),
					Help: lang.T("请按公式扣分，或说明为何满分", "deduct points by the formula, or say why the score is full"),
				})
			}
		},
	},
	{
		Name: "reason-incomplete", Group: GroupExplanation, Severity: Warning, Since: "0.1",
		Title: lang.T("偏差原因不完整", "the reason is incomplete"),
		What: lang.T("应当说明偏差的行，所填文字没有原因（由于、因、受…影响、导致等）或没有措施（措施、下一步、加强、加快、将等），是套话（不足 8 个字，或同样的话用了三行以上）；或写着未完成却得满分；或超过规定字数；方案要求定性指标说明完成情况而没有写。",
			"Where a deviation must be explained, the text lacks a cause (由于, 因, 受…影响, 导致 …) or a measure (措施, 下一步, 加强, 加快, 将 …), is boilerplate (below 8 characters, or the same on three rows), says 未完成 beside a full score, or is too long; or the profile asks for a description of a qualitative result and there is none."),
		Why: lang.T("栏目要求原因和改进措施两项都写。", "The column asks for both, cause and measures."),
		How: lang.T("按“由于……；下一步将……”写：一句原因、一句措施，说具体的事，不用同一套话。确已写全而用词特殊的可以忽略。",
			"Write one sentence for the cause (由于…) and one for the measure (下一步将…), about this indicator. Leave it where both are there in other words."),
		Basis: []string{"S3", "S20"},
		Uses:  []string{"/explain/min_chars", "/explain/clause_chars", "/explain/same_rows", "/explain/qualitative", "/reason_max_chars"},
		Wrong: Example{{"/indicators/5/explanation", "跨省投诉办结滞后较多"}},
		Right: Example{},
		Check: checkReasons,
	},
}

// reportUnscored reports a missed target without a reason in a form that gives no
// scores: the reason is all that it asks of such a row.
func (p *Pass) reportUnscored(r *indicatorRow) {
	if r.sub || r.reason || !r.worse() || p.reported(r.Actual, "over-fulfilment-unexplained", "percent-out-of-range") || p.reported(r.Target, "percent-out-of-range") {
		return
	}
	p.Report(Finding{
		At: r.Actual, Related: related(rel(r.Target, "年度指标值", "target"), rel(p.reasonCell(r), "原因为空", "no reason")), Found: show(r.Actual),
		Message: lang.F("完成值 %[1]s 差于指标值 %[2]s，没有填未完成原因", "the actual value %[1]s is worse than the target %[2]s, and no reason is given", show(r.Actual), show(r.Target)),
		Help:    lang.T("请填写未完成的原因和改进措施", "give the reason and the measures to be taken"),
	})
}

// reasonCell gives the cell in which the reason is missing; where the form has none,
// the score.
func (p *Pass) reasonCell(r *indicatorRow) schema.Field {
	if r.Explanation.Present() {
		return r.Explanation
	}
	pointer := fmt.Sprintf("/indicators/%d/explanation", r.index)
	if r.Score.Present() {
		f := r.Score
		f.At.Path = pointer
		return f
	}
	return p.Form.Place(pointer)
}

func checkReasons(p *Pass) {
	reasons := make([]string, len(p.rows))
	same := map[string]int{}
	for i := range p.rows {
		if r := &p.rows[i]; !r.sub && !r.Explanation.Missing() {
			reasons[i] = quantity.Fold(r.Explanation.Text)
			if p.mustExplain(r) {
				same[reasons[i]]++
			}
		}
	}
	for i, text := range reasons {
		r := &p.rows[i]
		if text == "" {
			p.reportUndescribed(r)
			continue
		}
		length := utf8.RuneCountInString(text)
		var what lang.Text
		switch must := p.mustExplain(r); {
		case length > p.Profile.ReasonMaxChars:
			what = lang.F("有 %[1]d 字，超过 %[2]d 字", "has %[1]d characters, more than %[2]d", length, p.Profile.ReasonMaxChars)
		case r.full() && p.words.undone.in(text) && !strings.Contains(text, "无未完成"):
			what = lang.T("写着未完成，得分却是满分", "says that the target was missed, yet the score is full")
		case !must:
			continue
		case length < p.Profile.Explain.MinChars || p.words.boilerplate.is(strings.TrimRight(text, "。.")):
			what = lang.T("是套话，没有说明具体原因", "is boilerplate and gives no reason")
		case same[text] >= p.Profile.Explain.SameRows:
			what = lang.F("与另外 %[1]d 行完全相同", "is the same as on %[1]d other rows", same[text]-1)
		case !p.words.givesCause(text, p.Profile.Explain.ClauseChars):
			what = lang.T("没有写明原因", "gives no cause")
		case !p.words.namesMeasure(text, p.Form.Year):
			what = lang.T("没有写明改进措施", "names no measure")
		default:
			continue
		}
		p.Report(Finding{
			At: r.Explanation, Found: clip(show(r.Explanation), 30), Related: related(rel(r.Score, "得分", "score")),
			Message: lang.F("“%[1]s”的偏差原因%[2]s", "the reason given for %[1]q %[2]s", show(r.Name), what),
			Help:    lang.T("请写明未完成的具体原因和改进措施", "give the concrete cause and the measures to be taken"),
		})
	}
}

// reportUndescribed reports a qualitative result without the description that the
// profile asks for. A lost point without a reason has a rule of its own.
func (p *Pass) reportUndescribed(r *indicatorRow) {
	if !p.Profile.Explain.Qualitative || r.sub || r.reason || r.deducted() || !p.canExplain() ||
		r.target.Kind != quantity.Words || r.actual.Kind != quantity.Words {
		return
	}
	p.Report(Finding{
		At: p.reasonCell(r), Related: related(rel(r.Actual, "实际完成值", "actual value")),
		Message: lang.F("定性指标“%[1]s”没有说明完成情况", "the qualitative indicator %[1]q has no description of what was done", show(r.Name)),
		Help:    lang.F("规则集 %[1]s 要求定性指标说明完成情况", "the profile %[1]s asks for a description of qualitative results", p.Profile.Name),
	})
}

// givesCause reports whether a reason states a cause: by a word of causes, or by a
// clause of at least so many characters that is no announcement of measures.
func (l *lexicon) givesCause(text string, clauseChars int) bool {
	for clause := range clauses(text) {
		if l.causes.in(clause) && !beginsWith(clause, "下一步", "今后", "将", "继续", "进一步", "后续", "拟", "尽快", "加强", "加快") {
			return true
		}
	}
	for clause := range clauses(text) {
		if utf8.RuneCountInString(clause) >= clauseChars && !l.measures.in(clause) && !l.looseMeasures.in(clause) {
			return true
		}
	}
	return false
}

// namesMeasure reports whether a reason names a measure: by a word of measures, or by one
// of loose-measures or a year after that of the form, if it has one, in a clause that
// states no cause.
func (l *lexicon) namesMeasure(text string, year int) bool {
	for clause := range clauses(text) {
		if l.measures.in(clause) && !beginsWith(clause, "因", "由于", "受", "鉴于") {
			return true
		}
		if (l.looseMeasures.in(clause) || namesYearAfter(clause, year)) && !l.causes.in(clause) {
			return true
		}
	}
	return false
}

var reFourDigitYear = regexp.MustCompile(`(?:^|[^0-9])(20[0-9]{2})年`)

// namesYearAfter reports whether a clause names a year after the given one, 0 for none:
// what is said of it is still to come.
func namesYearAfter(clause string, year int) bool {
	for _, m := range reFourDigitYear.FindAllStringSubmatch(clause, -1) {
		if named, err := strconv.Atoi(m[1]); err == nil && year > 0 && named > year {
			return true
		}
	}
	return false
}

// beginsWith reports whether a clause opens with one of the words, as those of causes and
// of measures do.
func beginsWith(clause string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(clause, w) })
}

// clauses yields the clauses of a folded text.
func clauses(text string) iter.Seq[string] {
	return strings.FieldsFuncSeq(text, func(r rune) bool { return r == '。' || r == ';' || r == ',' || r == '.' })
}

// mustExplain reports whether a row deviates so that its reason matters.
func (p *Pass) mustExplain(r *indicatorRow) bool {
	return !r.sub && (r.deducted() || r.worse())
}

func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}
