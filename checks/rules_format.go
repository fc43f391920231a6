package checks

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"jixiaolint/schema"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

var formatRules = []*Rule{
	{
		Name: "non-numeric-cell", Group: GroupFormat, Severity: Error, Fix: Safe, Since: "0.1",
		Title: lang.T("数字格里不是数字", "a cell of figures does not hold a plain number"),
		What: lang.T("分值、得分或金额读不成数字；金额格里又写了单位（“150万”）；数字或小数点是全角（９．２３、9。23）。",
			"A weight, score or amount is no number, repeats the unit (150万), or is written in full-width digits or with a full-width point (９．２３, 9。23)."),
		Why: lang.T("系统导入时这样的单元格会被当成文字或读错一万倍。", "On import such a cell becomes text, or is wrong by a factor of ten thousand."),
		How: lang.T("格内只留半角数字，单位写在表头；文字说明移到备注或偏差原因栏。",
			"Leave nothing but ASCII digits in the cell: the unit belongs in the heading, words in the remarks or the reason."),
		Basis: []string{"S9", "S24"},
		Wrong: Example{{"/funds/rows/0/executed", "114万元"}},
		Right: Example{{"/funds/rows/0/executed", "114"}},
		Check: checkNumericCells,
	},
	{
		Name: "rate-not-percent", Group: GroupFormat, Severity: Note, Fix: Safe, Since: "0.1",
		Title: lang.T("执行率没有写成百分比", "the execution rate is not written as a percentage"),
		What: lang.T("年度资金总额的执行率写成小数或没有百分号（0.958、80.13、1）。按与金额相符的含义读取，都不符时按百分数读取。",
			"The rate of 年度资金总额 is a fraction or a bare number (0.958, 80.13, 1). It is read in the sense that agrees with the amounts, as per cent if none does."),
		Why: lang.T("0.95 可以读成 95%，也可以读成 0.95%。", "0.95 may be read as 95% or as 0.95%."),
		How: lang.T("写成带百分号的数，如 95.8%；在 Excel 中把单元格设为百分比格式。",
			"Write it with a per cent sign, such as 95.8%; in a spreadsheet format the cell as a percentage."),
		Basis: []string{"practice"},
		Uses:  []string{"/execution/rate_decimals"},
		Wrong: Example{{"/funds/rows/0/rate", "0.95"}},
		Right: Example{{"/funds/rows/0/rate", "95%"}},
		Check: func(p *Pass) {
			if p.total == nil || !p.total.rate.filed || !p.total.rate.bare {
				return
			}
			r, safety := p.total.rate, Safe
			if r.verdict == quantity.Contradicts {
				safety = Unsafe // no figure says which way the number is meant
			}
			to := r.percent.Short(10) + "%"
			if r.fraction && r.decimals < p.Profile.Execution.RateDecimals {
				to = p.rate(r.exact) + "%" // the fraction was cut too short to say
			}
			p.Report(Finding{
				At: *r.field, Found: show(*r.field), Expected: to,
				Message: lang.F("执行率应写成百分比 %[2]s，填报 %[1]s", "write the execution rate as a percentage, %[2]s, not %[1]s", show(*r.field), to),
				Fix:     replace(safety, *r.field, to),
			})
		},
	},
	{
		Name: "truncated-figure", Group: GroupFormat, Severity: Note, Fix: Safe, Since: "0.1",
		Title: lang.T("截断而没有四舍五入", "a figure was cut instead of rounded"),
		What: lang.T("执行率或得分只有在截去尾数时才与重新计算的结果一致（31.08 填成 31.00，9.78 填成 9）。",
			"A rate or score agrees with the recomputed one only if digits are cut (31.08 shown as 31.00, 9.78 as 9)."),
		Why: lang.T("各项截断累计起来会使总分偏低。", "Cut digits add up to a total that is too low."),
		How: lang.T("按四舍五入重新填写；改了得分的，总分随之改。",
			"Round instead of cutting off digits; where a score changes, so does the total."),
		Basis: []string{"S9", "S13", "practice"},
		Uses:  []string{"/decimals", "/execution/rate_decimals", "/positive", "/equal", "/reverse"},
		Wrong: Example{{"/indicators/5/score", "14.84"}},
		Right: Example{{"/indicators/5/score", "14.85"}},
		Check: func(p *Pass) {
			checkPrecision(p, quantity.Truncated,
				"重新计算为 %[2]s，填报 %[1]s 是截断而不是四舍五入", "recomputed as %[2]s; %[1]s was cut, not rounded")
		},
	},
	{
		Name: "coarse-rounding", Group: GroupFormat, Severity: Note, Fix: Safe, Since: "0.1",
		Title: lang.T("得分取整过粗", "a score was rounded too coarsely"),
		What: lang.T("得分四舍五入后与重新计算的结果一致，但保留的小数少于规定（8.62 填成 9）。",
			"A score agrees after rounding, but to fewer decimals than the profile asks (8.62 shown as 9)."),
		Why: lang.T("得分一般保留两位小数，取整会影响总分和等级。", "Scores have two decimals; whole numbers shift the total and the grade."),
		How: lang.T("保留规定的小数位数，总分随之改。当地规定得分取整的，在规则集中设 decimals 为 0。",
			"Keep the required decimals; the total changes with it. Where local rules ask for whole points, set decimals to 0 in the profile."),
		Basis: []string{"S7", "practice"},
		Uses:  []string{"/decimals", "/positive", "/equal", "/reverse"},
		Wrong: Example{{"/indicators/5/score", "14.8"}},
		Right: Example{{"/indicators/5/score", "14.85"}},
		Check: func(p *Pass) {
			checkPrecision(p, quantity.Coarse,
				"重新计算为 %[2]s，填报 %[1]s 保留的小数不足", "recomputed as %[2]s; %[1]s has too few decimals")
		},
	},
	{
		Name: "operator-in-actual", Group: GroupFormat, Severity: Warning, Since: "0.1",
		Title: lang.T("实际完成值带着运算符号", "the actual value carries an operator"),
		What: lang.T("实际完成值写成“≥266米”之类，或照抄指标值：没有填实际完成的数。",
			"The actual value is written as ≥266米, or repeats the target cell: no actual value was filled in."),
		Why: lang.T("“≥”只说明目标，不说明完成了多少。", "≥ states a goal, not what was achieved."),
		How: lang.T("填实际完成的数，不带 ≥、≤ 等符号；只知道下限的，查台账填准确数。",
			"Give the figure that was achieved, without ≥ or ≤; where only a bound is known, look up the exact figure."),
		Basis: []string{"S2", "practice"},
		Wrong: Example{{"/indicators/1/actual", "≥50次"}},
		Right: Example{{"/indicators/1/actual", "50次"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				reached := strings.HasPrefix(quantity.Fold(r.Actual.Text), "达到") // says what was done
				if (r.actual.IsFigure() || r.actual.Kind == quantity.Range) && r.actual.Comparator != quantity.None && !reached {
					p.Report(Finding{
						At: r.Actual, Related: related(rel(r.Target, "年度指标值", "target")), Found: show(r.Actual),
						Message: lang.F("实际完成值“%[1]s”带着运算符号，没有填实际完成的数", "the actual value %[1]q carries an operator: it does not say what was achieved", show(r.Actual)),
						Help:    lang.T("请填写实际完成的数值，不要照抄指标值", "fill in the figure that was achieved, not the target"),
					})
				}
			}
		},
	},
	{
		Name: "missing-unit", Group: GroupFormat, Severity: Note, Fix: Unsafe, Since: "0.1",
		Title: lang.T("数值没有计量单位", "a figure has no unit"),
		What: lang.T("指标值和完成值是没有单位的数字，指标名称里也没有单位词（天数、人数、率等）。",
			"Target and actual value are bare numbers, and the name holds no unit word (天数, 人数, 率 …)."),
		Why: lang.T("计量单位是必录项；没有单位，2 和 8 无从判断。", "The unit is mandatory; without it 2 and 8 mean nothing."),
		How: lang.T("在指标值和完成值后写上同一个计量单位，如 ≥50次、50次。名称已说明单位的可以忽略。",
			"Write the same unit after target and actual value, such as ≥50次 and 50次. Leave it where the name says the unit."),
		Basis: []string{"S13", "S17"},
		Uses:  []string{"/format/serial_from", "/format/serial_to"},
		Wrong: Example{{"/indicators/1/name", "开展现场检查"}, {"/indicators/1/target", "≥50"}, {"/indicators/1/actual", "50"}},
		Right: Example{{"/indicators/1/target", "≥50次"}, {"/indicators/1/actual", "50次"}},
		Check: checkMissingUnits,
	},
	{
		Name: "missing-operator", Group: GroupFormat, Severity: Note, Since: "0.1",
		Title: lang.T("指标值没有运算符号", "targets have no operator"),
		What: lang.T("数值型指标值前没有 ≥、≤、=、>、<（或不少于、以上等文字）。每张表报一次，并给出个数。",
			"Numeric targets without ≥, ≤, =, >, < (or words such as 不少于, 以上). One finding a form, with the count."),
		Why: lang.T("没有符号就不知道多了好还是少了好，得分无从核对。", "Without it nobody can tell whether more or less is better, nor check the score."),
		How: lang.T("在指标值前写上 ≥、≤ 或 =：越多越好用 ≥，越少越好用 ≤，必须恰好用 =。",
			"Write ≥, ≤ or = before the target: ≥ where more is better, ≤ where less is, = where it must be exact."),
		Basis: []string{"S13", "S5"},
		Uses:  []string{"/format/serial_from", "/format/serial_to"},
		Wrong: Example{{"/indicators/1/target", "50次"}},
		Right: Example{{"/indicators/1/target", "≥50次"}},
		Check: checkMissingOperators,
	},
	{
		Name: "unit-mismatch", Group: GroupFormat, Severity: Error, Fix: Unsafe, Since: "0.1",
		Title: lang.T("指标值与完成值单位不一致", "target and actual value have different units"),
		What: lang.T("两者单位不同或差一个量级：% 与 0.x、天与月、元与万元（相差约一万倍）。完成值可以省去“每人”“每月”等（300元/人填 300元，1次/月填 12次）。",
			"The units differ, or the scale does: % and 0.x, days and months, 元 and 万元 (a factor of about ten thousand). The actual value may leave out what a rate is per (300元 for 300元/人, 12次 for 1次/月)."),
		Why: lang.T("单位不同的数不能比较，得分没有依据。", "Figures of different units cannot be compared, so the score has no ground."),
		How: lang.T("统一为指标值的单位后换算完成值（如 0.96 → 96%），再按比例核对得分。",
			"Convert the actual value to the unit of the target (0.96 → 96%), then check the score against it."),
		Basis: []string{"S39", "S18"},
		Uses:  []string{"/format/slip_factor", "/format/slip_tolerance"},
		Wrong: Example{{"/indicators/2/actual", "0.96"}},
		Right: Example{{"/indicators/2/actual", "96%"}},
		Check: checkUnits,
	},
	{
		Name: "percent-out-of-range", Group: GroupFormat, Severity: Warning, Since: "0.1",
		Title: lang.T("比率超出 0～100%", "a rate is outside 0–100%"),
		What: lang.T("名称以“率”或“满意度”结尾的指标，其值大于 100% 或小于 0；增长率等可以超出的除外。",
			"An indicator whose name ends in 率 or 满意度 has a value above 100% or below 0; growth rates and the like are excepted."),
		Why: lang.T("合格率、满意度不可能超过 100%。", "A pass rate or satisfaction cannot exceed 100%."),
		How: lang.T("核对小数点和百分号；可以超过 100% 的指标，名称应写明是增长率、完成率等。",
			"Check decimal point and per cent sign; where more than 100% is possible the name should say so (增长率, 完成率)."),
		Basis: []string{"S17", "S18"},
		Wrong: Example{{"/indicators/2/actual", "960%"}},
		Right: Example{{"/indicators/2/actual", "96%"}},
		Check: checkPercentRange,
	},
	{
		Name: "excel-serial-date", Group: GroupFormat, Severity: Error, Fix: Unsafe, Since: "0.1",
		Title: lang.T("日期变成了序列号", "a date became a serial number"),
		What: lang.T("时效指标的值是 40000～60000 之间的整数，即 Excel 的日期序列号（44561 = 2021-12-31）。",
			"The value of a time indicator is a whole number from 40000 to 60000: the serial number of a date in Excel (44561 = 2021-12-31)."),
		Why: lang.T("审核人看到的是一个没有意义的数。", "A reviewer sees a number that means nothing."),
		How: lang.T("在 Excel 中把单元格设为日期或文本格式，写成 2021年12月31日。确实是数量而不是日期的，请补上单位。",
			"Format the cell as a date or text and write 2021年12月31日. If it is an amount and no date, add its unit."),
		Basis: []string{"S27"},
		Uses:  []string{"/format/serial_from", "/format/serial_to"},
		Wrong: Example{{"/indicators/3/actual", "45250"}},
		Right: Example{{"/indicators/3/actual", "2023年11月20日"}},
		Check: checkSerialDates,
	},
	{
		Name: "target-zero-or-negative", Group: GroupFormat, Severity: Warning, Since: "0.1",
		Title: lang.T("指标值为 0 或负数，或金额为负数", "a target is zero or negative, or an amount is negative"),
		What: lang.T("指标值为 0（常是小额四舍五入的结果）或负数，或资金数为负数。名称说的是事故、投诉等不希望发生的事，或用 ≤ 时，或（金额除外）完成值也是 0 而得满分时，0 是正常的目标。",
			"A target is 0 (often a small amount rounded away) or negative, or an amount of funds is negative. For accidents, complaints and other unwanted things, with ≤, or (other than for money) where the actual value is 0 too and the score is full, zero is a proper target."),
		Why: lang.T("指标值为 0 时无法按比例计分。", "A score in proportion to a target of 0 does not exist."),
		How: lang.T("核对指标值；被舍入成 0 的，换较小的单位或多留小数；目标就是不发生的，用“≤0”或“=0”写明。",
			"Check the target; if it was rounded to 0, use a smaller unit or more decimals; where nothing is to happen, write ≤0 or =0."),
		Basis: []string{"S27", "S6", "S9"},
		Wrong: Example{{"/indicators/0/target", "0期"}},
		Right: Example{{"/indicators/0/target", "≥20期"}},
		Check: func(p *Pass) {
			for _, a := range p.amounts {
				if a.number().Sign() < 0 {
					p.Report(Finding{
						At: *a.field, Found: show(*a.field),
						Message: lang.F("金额为负数 %[1]s", "the amount is negative: %[1]s", show(*a.field)),
						Help:    lang.T("请核对；冲减、退回的资金请在说明中写明", "check it; explain refunds and corrections in words"),
					})
				}
			}
			for i := range p.rows {
				r := &p.rows[i]
				if !r.target.IsFigure() || r.target.Value.Sign() > 0 {
					continue
				}
				sign := r.target.Value.Sign()
				none := (r.target.Comparator.Upper() || r.target.Comparator == quantity.Equal) && r.typ != schema.CostType || r.sense != wanted || strings.Contains(r.Name.Text, "比例")
				if sign == 0 && (none || p.zeroHeld(r)) || sign < 0 && p.words.changing.in(r.Name.Text) {
					continue
				}
				p.Report(Finding{
					At: r.Target, Found: show(r.Target),
					Message: lang.F("指标值为 %[1]s，无法按比例计分", "the target is %[1]s: no score can be in proportion to it", show(r.Target)),
					Help:    lang.T("小额请用更小的单位填写；确为 0 的请改用“≤”或说明计分办法", "use a smaller unit for small amounts; if it really is 0, use ≤ or state how it is scored"),
				})
			}
		},
	},
	{
		Name: "amount-precision-mixed", Group: GroupFormat, Severity: Note, Since: "0.1",
		Title: lang.T("金额的小数位数不一致", "amounts have very different numbers of decimals"),
		What: lang.T("同一张表的金额小数位数相差 3 位以上（2.05715 与 14.77）。整数不计。",
			"Amounts of one form differ by three or more decimals (2.05715 and 14.77). Whole numbers do not count."),
		Why: lang.T("明细与总额精度不同，合计对不上时说不清是错还是舍入。", "With unlike precision, nobody can tell whether a sum is wrong or rounded."),
		How: lang.T("统一小数位数（一般为 2 位万元），再核对合计。只是个别金额保留到元的，可以忽略。",
			"Use the same decimals throughout (commonly 2, in 万元), then check the sums. Leave it where single amounts are exact to the yuan on purpose."),
		Basis: []string{"practice"},
		Uses:  []string{"/format/mixed_decimals"},
		Wrong: Example{{"/funds/rows/0/executed", "114.00375"}, {"/funds/rows/0/adjusted", "120.0"}, {"/funds/rows/0/initial", "120.0"}},
		Right: Example{{"/funds/rows/0/executed", "114.00"}},
		Check: checkMixedPrecision,
	},
}

// reNameUnit finds the unit that an indicator's name states: 成本(元).
var reNameUnit = regexp.MustCompile(`\(([^()]{1,6})\)$`)

var reAmountUnit = regexp.MustCompile(`^(?:[百千]?[万亿]元?|元)$`)

func checkNumericCells(p *Pass) {
	unit := p.Form.Funds.CurrencyUnit
	for i := range p.funds {
		if r := &p.funds[i]; !r.Rate.Missing() && !r.rate.filed {
			if p.reportPoint(r.Rate) {
				continue
			}
			p.Report(Finding{
				At: r.Rate, Found: show(r.Rate),
				Message: lang.F("执行率应填百分比，填报“%[1]s”", "the execution rate must be a percentage, not %[1]q", show(r.Rate)),
				Help:    lang.T("执行率 = 全年执行数 ÷ 全年预算数 × 100%", "rate = executed ÷ adjusted budget × 100%"),
			})
		}
	}
	for _, q := range p.problemsOf("non-numeric-cell") {
		at := q.At
		if _, _, number := quantity.ParseStored(at.Stored); number || q.Pointer == "/funds/weight" {
			continue // a true number whose format adds the unit
		}
		if !at.Filled() {
			continue // as good as left out: missing-required-cell and weight-zero say where it may not be
		}
		if p.reportPoint(at) {
			continue
		}
		amount := strings.HasSuffix(q.Pointer, "/initial") || strings.HasSuffix(q.Pointer, "/adjusted") ||
			strings.HasSuffix(q.Pointer, "/executed") || strings.HasSuffix(q.Pointer, "/header_amount")
		n := at.Displayed()
		// 10分 and a weight of 10% leave no doubt.
		known := !amount && (n.Unit == "分" || n.Unit == "%" && !strings.HasSuffix(q.Pointer, "/score"))
		f := Finding{At: at, Found: show(at)}
		switch {
		case !n.IsFigure() || n.Comparator != quantity.None:
			f.Message = lang.F("这里应填数字，填报“%[1]s”", "a number belongs here, not %[1]q", show(at))
			f.Help = lang.T("请改为数字；没有的填“-”", "use a number, or - if there is none")
		case amount && (n.Unit == unit || n.Unit+"元" == unit) && unit != "":
			f.Expected = plainFigure(n)
			f.Message = lang.F("表头单位已是%[3]s，“%[1]s”应填 %[2]s", "the header already gives the unit %[3]s: %[1]q should be %[2]s", show(at), f.Expected, unit)
			f.Fix = replace(Safe, at, f.Expected)
		case n.FullWidth && (n.Unit == "" || known):
			f.Expected = quantity.Fold(at.Text)
			f.Message = lang.F("“%[1]s”是全角数字，应为 %[2]s", "%[1]q is written in full-width digits; use %[2]s", show(at), f.Expected)
			f.Fix = replace(Safe, at, f.Expected)
		case amount && reAmountUnit.MatchString(n.Unit):
			f.Message = lang.F("金额格里写了单位“%[2]s”：%[1]s", "the amount repeats a unit, %[2]q: %[1]s", show(at), n.Unit)
			f.Help = lang.F("请按表头单位（%[1]s）填写数字", "give the number in the header's unit (%[1]s)", orElse(unit, "万元"))
		case known:
			continue
		default:
			f.Message = lang.F("这里应填数字，填报“%[1]s”", "a number belongs here, not %[1]q", show(at))
			f.Help = lang.T("请只填数字，不带单位", "give the number alone, without a unit")
		}
		p.Report(f)
	}
}

// reChinesePoint finds figures with a Chinese full stop or a full-width point for a decimal
// point, as input methods write it.
var reChinesePoint = regexp.MustCompile(`^([0-9０-９]+)[。．]([0-9０-９]+[%％]?)$`)

// reportPoint reports a figure with a point that is none, if the field holds one.
func (p *Pass) reportPoint(f schema.Field) bool {
	m := reChinesePoint.FindStringSubmatch(strings.TrimSpace(f.Text))
	if m == nil {
		return false
	}
	to := quantity.Fold(m[1] + "." + m[2])
	p.Report(Finding{
		At: f, Found: show(f), Expected: to, Fix: replace(Safe, f, to),
		Message: lang.F("“%[1]s”的小数点是全角的，应为 %[2]s", "the point of %[1]q is a full-width one; write %[2]s", show(f), to),
	})
	return true
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// plainFigure writes a figure as displayed, without its unit.
func plainFigure(q quantity.Quantity) string { return q.Value.Text(q.Decimals) }

// checkPrecision reports the rates and scores whose verdict is the given one.
func checkPrecision(p *Pass, want quantity.Verdict, zh, en string) {
	report := func(f schema.Field, to string, safety Safety) {
		p.Report(Finding{
			At: f, Found: show(f), Expected: to, Fix: replace(safety, f, to),
			Message: lang.F(zh, en, show(f), to),
		})
	}
	for i := range p.funds {
		if r := p.funds[i].rate; r.filed && r.computed && r.verdict == want {
			if to, ok := r.text(p.Profile.Execution.RateDecimals); ok {
				report(*r.field, to, p.rateSafety(&p.funds[i]))
			}
		}
	}
	if e, ok := p.execution(); ok && p.execScore.ok && e.verdict == want && p.rateHolds() {
		report(*p.execScore.field, p.points(e.due), p.scoreSafety(&p.execScore, e.due, p.amountsHold(p.total)))
	}
	for i := range p.rows {
		r := &p.rows[i]
		if r.order == 0 || p.outOfRange(r) {
			continue
		}
		readings := p.readings(r)
		if v, ok := p.best(r, readings...); ok && v == want {
			for _, how := range readings {
				if got, d, ok := p.judge(r, how); ok && got == want {
					// Of several formulas, the one that was meant is a guess.
					report(r.Score, p.points(d.exact), p.scoreSafety(&r.score, d.exact, r.direction != open && len(readings) == 1))
					break
				}
			}
		}
	}
	if t, ok := p.totalDue(); ok && t.verdict == want {
		report(*p.totalScore.field, p.points(t.exact), p.totalFixSafety(t))
	}
}

// rateHolds reports whether the filed rate, if any, agrees with the figures, so that
// the score can be judged on its own.
func (p *Pass) rateHolds() bool {
	return !p.total.rate.filed || p.total.rate.verdict != quantity.Contradicts
}

// text writes the recomputed rate as the filed one is written: as a fraction or a
// percentage, with its decimals or with those of the profile if that says more. It has a
// sign unless the heading has it, for a bare number may be read in two ways.
func (r *rate) text(decimals int) (string, bool) {
	if !r.computed {
		return "", false
	}
	if r.fraction {
		return r.exact.Quo(hundred).Text(max(r.q.Decimals, 0)), true
	}
	d := max(r.decimals, 0)
	if r.bare && r.percent.Cmp(one) <= 0 {
		d = max(r.decimals-2, 0) // meant as a fraction, though a wrong one
	}
	if d < decimals && r.exact.Round(d).Cmp(r.exact.Round(decimals)) != 0 {
		d = decimals
	}
	s := r.exact.Text(d)
	if r.q.Unit == "%" || r.bare {
		s += "%"
	}
	return s, true
}

// namesUnit reports whether a folded name says what its figures are measured in: 人数,
// 合格率, 覆盖面积, 用时(天).
func (p *Pass) namesUnit(name string) bool {
	if p.words.unitNames.in(name) {
		return true
	}
	for i, r := range name {
		if (r == '数' || r == ')') && p.words.counted.ends(name[:i]) {
			return true
		}
	}
	last, _ := utf8.DecodeLastRuneInString(name)
	return strings.ContainsRune("数率比", last) || last == ')' && reNameUnit.MatchString(name)
}

func checkMissingUnits(p *Pass) {
	for i := range p.rows {
		r := &p.rows[i]
		bare := func(q quantity.Quantity) bool { return q.IsFigure() && q.Unit == "" }
		unitless := bare(r.target) && (bare(r.actual) || !r.actual.IsFigure()) || bare(r.actual) && !r.target.IsFigure()
		if !unitless {
			continue
		}
		if p.namesUnit(quantity.Fold(r.Name.Text)) || p.serialDate(r, r.target) || p.serialDate(r, r.actual) {
			continue
		}
		if r.typ == schema.TimeType {
			if _, ok := quantity.ParsePeriodLoosely(r.Target.Text); ok {
				continue
			}
		}
		at := r.Target
		if !bare(r.target) {
			at = r.Actual
		}
		f := Finding{
			At: at, Found: show(at),
			Message: lang.F("“%[1]s”的数值没有计量单位", "the figures of %[1]q have no unit", show(r.Name)),
			Help:    lang.T("请在指标值和完成值后写明单位", "give the unit with target and actual value"),
		}
		if unit := p.Form.Funds.CurrencyUnit; r.typ == schema.CostType && unit != "" && bare(r.target) && bare(r.actual) {
			f.Expected = show(r.Target) + unit
			f.Fix = &Fix{Safety: Unsafe, Edits: []Edit{
				{At: r.Target.At, From: r.Target.Text, To: show(r.Target) + unit},
				{At: r.Actual.At, From: r.Actual.Text, To: show(r.Actual) + unit},
			}}
		}
		p.Report(f)
	}
}

func checkMissingOperators(p *Pass) {
	n := 0
	for i := range p.rows {
		if r := &p.rows[i]; r.target.IsFigure() && r.target.Comparator == quantity.None && !r.sub && !p.serialDate(r, r.target) {
			n++
		}
	}
	if n > 0 {
		p.Report(Finding{
			At:      p.at(p.Form.TableHead, "/indicators"),
			Message: lang.F("%[1]d 个数值型指标值没有运算符号（≥、≤、=）", "numeric targets without an operator (≥, ≤, =): %[1]d", n),
			Help:    lang.T("数量、质量、满意度一般用“≥”，成本用“≤”", "quantity, quality and satisfaction mostly take ≥, cost takes ≤"),
		})
	}
}

func checkUnits(p *Pass) {
	for i := range p.rows {
		r := &p.rows[i]
		if !r.target.IsFigure() || !r.actual.IsFigure() || r.sub {
			continue
		}
		t, v := r.target.Unit, r.actual.Unit
		fraction := r.fractionOfPercent()
		if !fraction && !r.slip && (t == "" || v == "" || r.comparable || quantity.Undecided(t, v) || quantity.SameSpan(r.target, r.actual)) {
			continue
		}
		f := Finding{At: r.Actual, Related: related(rel(r.Target, "年度指标值", "target")), Found: show(r.Actual)}
		switch {
		case fraction:
			to := r.actual.Value.Mul(hundred).Short(4) + "%"
			if t != "%" {
				f.Message = lang.F("指标值是 %[1]s，完成值是百分比 %[2]s", "the target is %[1]s, the actual value the percentage %[2]s", show(r.Target), show(r.Actual))
				break
			}
			f.Expected, f.Fix = to, replace(Unsafe, r.Actual, to)
			f.Message = lang.F("指标值是百分比 %[1]s，完成值 %[2]s 没有百分号，是否应为 %[3]s", "the target is the percentage %[1]s, the actual value %[2]s has no sign: should it be %[3]s?", show(r.Target), show(r.Actual), to)
		case r.slip:
			f.Message = lang.F("单位差一个量级：指标值 %[1]s，完成值 %[2]s", "the units differ in scale: target %[1]s, actual value %[2]s", show(r.Target), show(r.Actual))
		default:
			f.Message = lang.F("单位不一致：指标值用“%[1]s”，完成值用“%[2]s”", "the units differ: the target is in %[1]q, the actual value in %[2]q", t, v)
		}
		if f.Help.IsZero() && f.Fix == nil {
			f.Help = lang.T("请用同一单位填写", "use one unit for both")
		}
		p.Report(f)
	}
}

// scaleSlip reports whether target and actual value are apart by the very factor
// between 元 and 万元, or between the two units they are given in: 50万元 against 50元
// or against 500000.
func (a *assessment) scaleSlip(r *indicatorRow) bool {
	t, v, limits := r.target, r.actual, &a.profile.Format
	if t.Value.Sign() <= 0 || v.Value.Sign() <= 0 {
		return false
	}
	near := func(n quantity.Number) bool {
		return n.Mul(limits.SlipTolerance.Number).Cmp(one) >= 0 && n.Cmp(limits.SlipTolerance.Number) <= 0
	}
	far := r.factor.Cmp(limits.SlipFactor.Number) >= 0 || r.factor.Mul(limits.SlipFactor.Number).Cmp(one) <= 0
	if far && near(v.Value.Quo(t.Value)) {
		return true
	}
	scaled := strings.Contains(t.Unit+v.Unit, "万") || quantity.DimensionOf(t.Unit) == quantity.Money || quantity.DimensionOf(v.Unit) == quantity.Money
	if !scaled {
		return false
	}
	tenThousand := quantity.Int(10_000) // what 万 means, and no limit of the profile
	return near(r.ratio().Quo(tenThousand)) || near(r.ratio().Mul(tenThousand))
}

// zeroHeld reports whether nothing was to happen and nothing did: nobody sets a target of 0
// for what is wanted. Money is another matter, as a small amount may be rounded to 0.
func (p *Pass) zeroHeld(r *indicatorRow) bool {
	return r.actual.IsFigure() && r.actual.Value.Sign() == 0 && r.full() && r.typ != schema.CostType && r.target.Unit != "" && !isMoney(r.target.Unit)
}

// isRateName reports whether the folded name of an indicator is that of a share: 到位率,
// 到位率指标(%).
func isRateName(name string) bool {
	if strings.Contains(name, "满意度") {
		return true
	}
	if cut, ok := strings.CutSuffix(name, ":"); ok {
		name = cut
	} else {
		name = strings.TrimSuffix(name, "。")
	}
	if strings.HasSuffix(name, ")") {
		if i := strings.LastIndexAny(name[:len(name)-1], "()"); i >= 0 && name[i] == '(' {
			name = name[:i]
		}
	}
	return strings.HasSuffix(strings.TrimSuffix(name, "指标"), "率")
}

func checkPercentRange(p *Pass) {
	for i := range p.rows {
		r := &p.rows[i]
		if r.target.Unit != "%" && r.actual.Unit != "%" {
			continue
		}
		name := quantity.Fold(r.Name.Text)
		if !isRateName(name) || p.words.above100.in(name) {
			continue
		}
		for _, c := range []struct {
			q     quantity.Quantity
			field schema.Field
			name  lang.Text
		}{{r.target, r.Target, requiredNames["target"]}, {r.actual, r.Actual, requiredNames["actual"]}} {
			if !c.q.IsFigure() || c.q.Unit != "%" || c.q.Value.Sign() >= 0 && c.q.Value.Cmp(hundred) <= 0 {
				continue
			}
			p.Report(Finding{
				At: c.field, Found: show(c.field),
				Message: lang.F("“%[2]s”的%[3]s %[1]s 超出 0～100%%", "%[3]s of %[2]q, %[1]s, is outside 0–100%%", show(c.field), show(r.Name), c.name),
				Help:    lang.T("请核对是否笔误，或改用能超过 100% 的指标（如增长率）", "check for a slip, or use an indicator that can exceed 100%, such as a growth rate"),
			})
		}
	}
}

// serialDate reports whether a figure of a time indicator is the serial number of a
// date in a spreadsheet.
func (a *assessment) serialDate(r *indicatorRow, q quantity.Quantity) bool {
	return r.typ == schema.TimeType && q.IsFigure() && q.Unit == "" && q.Value.IsInt() &&
		q.Value.Cmp(quantity.Int(int64(a.profile.Format.SerialFrom))) >= 0 && q.Value.Cmp(quantity.Int(int64(a.profile.Format.SerialTo))) <= 0
}

func checkSerialDates(p *Pass) {
	for i := range p.rows {
		r := &p.rows[i]
		for _, c := range []struct {
			q     quantity.Quantity
			field schema.Field
		}{{r.target, r.Target}, {r.actual, r.Actual}} {
			if !p.serialDate(r, c.q) {
				continue
			}
			n, _ := c.q.Value.Int64()
			date := serialToDate(n)
			p.Report(Finding{
				At: c.field, Found: show(c.field), Expected: date, Fix: replace(Unsafe, c.field, date),
				Message: lang.F("%[1]s 是 Excel 的日期序列号，即 %[2]s", "%[1]s is the serial number of a date in Excel: %[2]s", show(c.field), date),
			})
		}
	}
}

// serialToDate gives the date of a serial number in the 1900 date system.
func serialToDate(n int64) string {
	// Days since 1899-12-30, to the proleptic Gregorian calendar (Fliegel and Van
	// Flandern's algorithm on the Julian day number).
	l := n + 2415019 + 68569
	c := 4 * l / 146097
	l -= (146097*c + 3) / 4
	y := 4000 * (l + 1) / 1461001
	l += 31 - 1461*y/4
	m := 80 * l / 2447
	d := l - 2447*m/80
	l = m / 11
	return fmt.Sprintf("%d年%d月%d日", 100*(c-49)+y+l, m+2-12*l, d)
}

func checkMixedPrecision(p *Pass) {
	var most, least *schema.Field
	var mostDecimals, leastDecimals int
	add := func(f *schema.Field, decimals int) {
		if decimals == 0 {
			return
		}
		if most == nil || decimals > mostDecimals {
			most, mostDecimals = f, decimals
		}
		if least == nil || decimals < leastDecimals {
			least, leastDecimals = f, decimals
		}
	}
	for i := range p.funds {
		r := &p.funds[i]
		for _, a := range []*amount{&r.initial, &r.adjusted, &r.executed} {
			if a.ok {
				add(a.field, a.decimals())
			}
		}
	}
	for i := range p.rows {
		r := &p.rows[i]
		if r.typ != schema.CostType || r.sub {
			continue
		}
		for _, f := range []*schema.Field{&r.Target, &r.Actual} {
			if q := f.Displayed(); q.IsFigure() && isMoney(q.Unit) {
				add(f, q.Decimals)
			}
		}
	}
	if most == nil || mostDecimals-leastDecimals < p.Profile.Format.MixedDecimals {
		return
	}
	p.Report(Finding{
		At: *most, Related: related(rel(*least, "小数最少的金额", "amount with the fewest decimals")), Found: show(*most),
		Message: lang.F("金额小数位数不一致：%[1]s 与 %[2]s", "amounts have unlike numbers of decimals: %[1]s and %[2]s", show(*most), show(*least)),
		Help:    lang.T("同一张表的金额请保留相同的小数位数", "give all amounts of a form with the same number of decimals"),
	})
}

// isMoney reports whether a unit is one of money, or none: cost figures without a
// unit are read in the form's own.
func isMoney(unit string) bool {
	return unit == "" || quantity.DimensionOf(unit) == quantity.Money || reAmountUnit.MatchString(unit)
}
