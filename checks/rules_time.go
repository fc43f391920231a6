package checks

import (
	"strconv"
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

var timeRules = []*Rule{
	{
		Name: "time-target-not-a-deadline", Group: GroupTime, Severity: Note, Since: "0.1",
		Title: lang.T("时效指标没有时限", "a time target names no deadline"),
		What:  lang.T("时效指标的指标值只是年份或“全年”。", "The target of a time indicator is a bare year or 全年."),
		Why:   lang.T("“2022年”人人都能达到；时限应写到月、日。", "Everyone meets “2022”; a deadline names a month or day."),
		How: lang.T("把时限写到月或日，如“2023年11月30日前”。确以全年为期的常年工作可以忽略。",
			"Set a month or day, such as 2023年11月30日前. Leave it for work that goes on all year."),
		Basis: []string{"S29", "S30"},
		Wrong: Example{{"/indicators/3/target", "2023年"}},
		Right: Example{{"/indicators/3/target", "2023年11月30日前"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				if t, _ := r.dates(); t.ok && t.WholeYear {
					p.Report(Finding{
						At: r.Target, Found: show(r.Target),
						Message: lang.F("时效指标值“%[1]s”没有写明时限", "the time target %[1]q names no deadline", show(r.Target)),
						Help:    lang.T("请写明完成的月、日，如“11月30日前”", "give month and day, such as 11月30日前"),
					})
				}
			}
		},
	},
	{
		Name: "time-actual-not-a-date", Group: GroupTime, Severity: Note, Since: "0.1",
		Title: lang.T("时效指标的完成值不是时间", "the result of a time indicator is no date"),
		What: lang.T("指标值是日期或期间，完成值不是（如“完成”），或是日历上没有的日子（11月31日）。",
			"The target is a date or period, the actual value is not (such as 完成), or is a day that no calendar has (11月31日)."),
		Why: lang.T("看不出是否按时完成。", "Nobody can tell whether it was on time."),
		How: lang.T("填实际完成的日期，如“2023年11月20日”。",
			"Give the date of completion, such as 2023年11月20日."),
		Basis: []string{"S29", "S14"},
		Wrong: Example{{"/indicators/3/actual", "完成"}},
		Right: Example{{"/indicators/3/actual", "2023年11月20日"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				t, v := r.dates()
				if !t.ok || r.actual.Missing() || p.serialDate(r, r.actual) {
					continue
				}
				if v.ok || r.actual.IsFigure() {
					continue
				}
				f := Finding{
					At: r.Actual, Found: show(r.Actual), Related: related(rel(r.Target, "年度指标值", "target")),
					Message: lang.F("指标值是“%[1]s”，完成值“%[2]s”不是时间", "the target is %[1]q, but the actual value %[2]q is no date", show(r.Target), show(r.Actual)),
					Help:    lang.T("请填写实际完成的日期", "give the date of completion"),
				}
				switch {
				case quantity.IsImpossibleDay(r.Actual.Text):
					f.Message = lang.F("完成值“%[1]s”是日历上没有的日子", "the actual value %[1]q is a day that no calendar has", show(r.Actual))
				case quantity.HasDigit(r.Actual.Text):
					continue
				}
				p.Report(f)
			}
		},
	},
	{
		Name: "time-overrun-full-score", Group: GroupTime, Severity: Error, Since: "0.1",
		Title: lang.T("超过时限却得满分", "full marks in spite of a missed deadline"),
		What: lang.T("完成时间晚于指标值，或晚于表的年度，得分仍是满分。日期按最宽的读法比较。",
			"Completion ends later than the target or than the form's year, with full marks. Dates are compared in their widest reading."),
		Why: lang.T("2022 年度的表不可能报告 2023 年的完成情况；超期应扣分。", "A form of 2022 cannot report 2023, and a delay costs points."),
		How: lang.T("超期的按规定扣分并写明原因；日期填错的改日期。",
			"Deduct points for the delay and give the reason, or correct the date."),
		Basis: []string{"S14"},
		Wrong: Example{{"/indicators/3/actual", "2023年12月15日"}},
		Right: Example{{"/indicators/3/actual", "2023年11月20日"}},
		Check: func(p *Pass) {
			year := p.Form.Year
			for i := range p.rows {
				r := &p.rows[i]
				if !r.full() || r.reason {
					continue
				}
				t, v := r.dates()
				if !t.ok || !v.ok || year == 0 && (t.EndLatest.Year() == 0 || v.EndEarliest.Year() == 0) {
					continue
				}
				deadline, done := t.In(year), v.In(year)
				nextYear := year != 0 && done.EndEarliest.Year() > year
				if done.EndEarliest <= deadline.EndLatest && !nextYear {
					continue
				}
				f := Finding{
					At: r.Actual, Found: show(r.Actual), Related: related(rel(r.Target, "年度指标值", "target"), rel(r.Score, "得分", "score")),
					Message: lang.F("完成时间“%[1]s”晚于指标值“%[2]s”，却得满分", "completion (%[1]s) is later than the target (%[2]s), yet the score is full", show(r.Actual), show(r.Target)),
					Help:    lang.T("请核对完成时间；超期的应扣分并说明原因", "check the date; a delay costs points and needs a reason"),
				}
				if nextYear {
					f.Message = lang.F("%[3]d 年度的表填报完成时间“%[1]s”（指标值“%[2]s”），却得满分", "the form of %[3]d reports completion in %[1]s (target: %[2]s), yet the score is full",
						show(r.Actual), show(r.Target), year)
				}
				p.Report(f)
			}
		},
	},
	{
		Name: "duration-overrun-full-score", Group: GroupTime, Severity: Warning, Since: "0.1",
		Title: lang.T("用时超过计划却得满分", "full marks although it took longer than planned"),
		What:  lang.T("指标值和完成值都是时长，完成值达到指标值的 1.2 倍以上，得分为满分，指标没有标明方向。", "Target and actual value are durations, the actual one is 1.2 times the target or more, the score is full, and no direction is stated."),
		Why:   lang.T("时长一般越短越好；如果越长越好，应当用“≥”写明。", "Shorter is mostly better; where longer is, say so with ≥."),
		How: lang.T("越短越好的，指标值写“≤”并按超出比例扣分；越长越好的（如保障天数），写“≥”。",
			"Where shorter is better write ≤ and deduct points for the excess; where longer is better (days of service) write ≥."),
		Formula: lang.T("完成时长 ÷ 计划时长 ≥ 界限",
			"actual ÷ planned duration ≥ limit"),
		Basis: []string{"S14", "S28"},
		Uses:  []string{"/time/duration_overrun"},
		Wrong: Example{{"/indicators/3/target", "1个月"}, {"/indicators/3/actual", "3个月"}},
		Right: Example{{"/indicators/3/target", "≥1个月"}, {"/indicators/3/actual", "1个月"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				if !p.durationOverrun(r) || !r.full() || r.reason {
					continue
				}
				p.Report(Finding{
					At: r.Actual, Found: show(r.Actual), Related: related(rel(r.Target, "年度指标值", "target"), rel(r.Score, "得分", "score")),
					Message:    lang.F("用时 %[1]s，超过指标值 %[2]s，却得满分", "it took %[1]s against a target of %[2]s, yet the score is full", show(r.Actual), show(r.Target)),
					Arithmetic: lang.F("%[1]s ÷ %[2]s = %[3]s%%", "%[1]s ÷ %[2]s = %[3]s%%", show(r.Actual), show(r.Target), r.ratio().Mul(hundred).Short(2)),
					Help:       lang.T("越短越好的请扣分并说明；越长越好的请在指标值前加“≥”", "if shorter is better, deduct points and say why; if longer is better, put ≥ before the target"),
				})
			}
		},
	},
	{
		Name: "fund-timing-as-time-indicator", Group: GroupTime, Severity: Note, Since: "0.1",
		Title: lang.T("把资金使用时间当作时效指标", "the timing of payments as a time indicator"),
		What:  lang.T("时效指标的名称说的是资金、拨款或支付。", "The name of a time indicator speaks of funds, allocation or payment."),
		Why:   lang.T("时效指标考核工作进度；资金进度已由执行率考核。", "Time indicators measure the work; the money is measured by the execution rate."),
		How: lang.T("改为工作的完成时间；资金发放本身就是任务的（如补助按时发放）可以忽略。",
			"Measure when the work was done instead. Leave it where paying out is the task, as with subsidies."),
		Basis: []string{"S28"},
		Wrong: Example{{"/indicators/3/name", "资金拨付时间"}},
		Right: Example{{"/indicators/3/name", "现场检查完成时间"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				if r.typ != schema.TimeType || r.sub || !p.words.fundTiming.in(r.Name.Text) ||
					p.words.execution.in(r.Name.Text) {
					continue // execution-as-output speaks of execution rates
				}
				p.Report(Finding{
					At: r.Name, Found: show(r.Name),
					Message: lang.F("时效指标“%[1]s”说的是资金而不是工作进度", "the time indicator %[1]q is about money, not about the work", show(r.Name)),
					Help:    lang.T("请改为工作完成的时限", "use the deadline of the work"),
				})
			}
		},
	},
}

// date is a value of a time indicator, ok if it is a date or period.
type date struct {
	quantity.Period
	ok bool
}

// readDate reads a date from a field that was read as a quantity before.
func readDate(f schema.Field, q quantity.Quantity) date {
	if q.Kind == quantity.Dated {
		return date{q.Period, true}
	}
	period, ok := quantity.ParsePeriodLoosely(f.Text)
	return date{period, ok}
}

// readDone reads when something was done, or put off to: 延期至2024年3月完成, 次年3月.
func readDone(f schema.Field, q quantity.Quantity, year int) date {
	if d := readDate(f, q); d.ok {
		return d
	}
	s := quantity.Fold(f.Text)
	for _, off := range []string{"延期至", "延期到", "延迟至", "延迟到", "延至", "推迟至", "推迟到", "顺延至"} {
		if rest, ok := strings.CutPrefix(s, off); ok {
			s = rest
			break
		}
	}
	if year > 0 {
		for _, next := range []string{"次年", "翌年"} {
			if rest, ok := strings.CutPrefix(s, next); ok {
				s = strconv.Itoa(year+1) + "年" + rest
				break
			}
		}
	}
	period, ok := quantity.ParsePeriod(s)
	return date{period, ok}
}

// dates gives target and actual value of a time indicator.
func (r *indicatorRow) dates() (target, actual date) {
	if r.sub {
		return date{}, date{}
	}
	return r.targetDate, r.actualDate
}

// durationOverrun reports whether a duration without a stated direction was exceeded
// by the profile's ratio.
func (p *Pass) durationOverrun(r *indicatorRow) bool {
	if r.typ != schema.TimeType || !r.comparable || r.direction != open || r.target.Value.Sign() <= 0 || r.order <= 0 {
		return false
	}
	switch quantity.DimensionOf(r.target.Unit) {
	case quantity.Days, quantity.Months:
		return r.ratio().Cmp(p.Profile.Time.DurationOverrun.Number) >= 0
	default:
		return false
	}
}
