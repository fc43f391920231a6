package formtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/quantity"
)

// Defect is a single defect that a correct form may be given.
type Defect struct {
	Name string
	// Rule is the rule that must report the defect.
	Rule string
	// Also names the rules that may speak of what follows from the defect: figures
	// elsewhere that were computed from the one changed. Any other rule is a false
	// alarm.
	Also []string
	// Absent is set when the defect leaves no cell to point at: the report then points
	// at the nearest thing that is there.
	Absent bool
	// OnlyJSON is set when printed layouts cannot have the defect.
	OnlyJSON bool
	// Inject makes the defect in the texts of a form and gives the JSON Pointer of the
	// cell changed. ok is false, and the form unchanged, if the form has no place for
	// the defect.
	Inject func(rng *rand.Rand, f *schema.Form) (pointer string, ok bool)
}

// Rules that follow from a changed score, weight, rate or amount.
var (
	sums       = []string{"total-score-mismatch", "group-weight-header-mismatch", "score-outpaces-execution"}
	weightSums = []string{"weights-total-not-100", "group-weight-header-mismatch", "group-weight-off-profile"}
)

func with(names []string, more ...string) []string { return append(slices.Clone(names), more...) }

// Defects lists the defects.
func Defects() []Defect {
	return slices.Concat(fundDefects, scoreDefects, weightDefects, formatDefects, structureDefects, timeDefects, costDefects, missingDefects())
}

// facts are the figures of an indicator row, read without the help of any rule.
type facts struct {
	*schema.Indicator
	typ           schema.IndicatorType
	target        quantity.Quantity
	actual        quantity.Quantity
	weight, score number
	// figures is set when target and actual are figures in one unit.
	figures                bool
	up, down               bool // a direction is stated, or clear from the type
	below, above, full, ok bool
	reason                 bool
}

func factsOf(f *schema.Form, i int) facts {
	ind := &f.Indicators[i]
	r := facts{Indicator: ind, typ: ind.Type(), target: ind.Target.Quantity(), actual: ind.Actual.Quantity()}
	r.reason = ind.Explanation.Filled() || len(f.Lacks) > 0 // a form without the column explains below the table
	w, s := ind.Weight.Quantity(), ind.Score.Quantity()
	r.ok = ind.PartOf == "" && w.IsFigure() && s.IsFigure()
	r.weight, r.score = w.Value, s.Value
	r.full = r.score.Cmp(r.weight) == 0
	r.figures = r.target.IsFigure() && r.actual.IsFigure() && r.target.Unit == r.actual.Unit
	switch c := r.target.Comparator; {
	case c.Upper():
		r.down = true
	case c != quantity.None:
		r.up = true
	default:
		unwanted := slices.ContainsFunc(unwantedItems, func(it item) bool { return strings.HasSuffix(ind.Name.Text, it.name) })
		r.up = !unwanted && slices.Contains([]schema.IndicatorType{schema.QuantityType, schema.QualityType, schema.SatisfactionType}, r.typ)
	}
	if r.figures {
		v, t := r.actual.Interval(), r.target.Interval()
		r.below, r.above = v.Hi.Cmp(t.Lo) < 0, v.Lo.Cmp(t.Hi) > 0
	}
	return r
}

// onRow makes a defect of a random row among those that suit it.
func onRow(suits func(facts) bool, change func(rng *rand.Rand, r facts) (cell string)) func(*rand.Rand, *schema.Form) (string, bool) {
	return func(rng *rand.Rand, f *schema.Form) (string, bool) {
		var rows []int
		for i := range f.Indicators {
			if r := factsOf(f, i); r.ok && suits(r) {
				rows = append(rows, i)
			}
		}
		if len(rows) == 0 {
			return "", false
		}
		i := rows[rng.IntN(len(rows))]
		return fmt.Sprintf("/indicators/%d/%s", i, change(rng, factsOf(f, i))), true
	}
}

// set replaces the text of a cell, and with it the parts of a split target.
func set(f *schema.Field, text string) { f.Text, f.Stored = text, "" }

func (r facts) setTarget(text string) string {
	set(&r.Target, text)
	if r.Parts != nil {
		r.Parts.Operator, r.Parts.Value, r.Parts.Unit = schema.Field{}, filed(text), schema.Field{}
	}
	return "target"
}

func (r facts) setActual(text string) string { set(&r.Actual, text); return "actual" }
func (r facts) setScore(text string) string  { set(&r.Score, text); return "score" }

// bare gives the figure of a quantity with its unit, without comparator.
func bare(n number, d int, unit string) string { return n.Text(d) + unit }

// unlike gives a score from 0 to below the weight that stands well off all the given
// ones, ok false if there is none.
func unlike(weight number, others ...number) (number, bool) {
	for _, part := range []int64{373, 617, 131, 837, 497, 713, 259} {
		s := weight.Mul(quantity.Ratio(part, 1000)).Round(2)
		far := func(n number) bool { return s.Sub(n).Abs().Cmp(weight.Mul(quantity.Ratio(6, 100))) > 0 }
		if !slices.ContainsFunc(others, func(n number) bool { return !far(n) }) && !s.Mul(quantity.Int(10)).IsInt() {
			return s, true
		}
	}
	return zero, false
}

// columnsOfAmounts are the amounts of a fund row by their names.
func columnsOfAmounts(r *schema.FundRow) map[string]*schema.Field {
	return map[string]*schema.Field{"initial": &r.Initial, "adjusted": &r.Adjusted, "executed": &r.Executed}
}

// fundsOf gives the figures of the total row.
func fundsOf(f *schema.Form) (row *schema.FundRow, initial, adjusted, executed number) {
	row = &f.Funds.Rows[0]
	return row, row.Initial.Quantity().Value, row.Adjusted.Quantity().Value, row.Executed.Quantity().Value
}

// rateText writes a rate the way the form's total row has it.
func rateText(row *schema.FundRow, rate number) string {
	if row.RateHeader {
		return rate.Text(2)
	}
	return rate.Text(2) + "%"
}

// silence takes every reason for the execution or a changed budget out of a form:
// what must still be explained is explained in words that say nothing of it.
func silence(f *schema.Form) {
	set(&f.Goal.Actual, "各项任务已经实施。")
	f.Remarks = nil
	n := 0
	for i := range f.Funds.Rows {
		f.Funds.Rows[i].Explanation = schema.Field{}
	}
	for i := range f.Indicators {
		if e := &f.Indicators[i].Explanation; e.Filled() {
			n++
			set(e, fmt.Sprintf("第%d项工作因场地困难开展较少，今后加强组织。", n))
		}
	}
}

var fundDefects = []Defect{
	{
		Name: "rate changed", Rule: "execution-rate-mismatch", Also: []string{"execution-score-mismatch"},
		Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			row, initial, adjusted, executed := fundsOf(f)
			rate := executed.Quo(adjusted).Mul(hundred)
			wrong := rate.Sub(quantity.Int(7))
			if wrong.Sign() <= 0 {
				wrong = rate.Add(quantity.Int(7))
			}
			if initial.Cmp(adjusted) != 0 || wrong.Sub(rate).Cmp(quantity.Ratio(1, 1)) == 0 {
				return "", false
			}
			set(&row.Rate, rateText(row, wrong))
			return "/funds/rows/0/rate", true
		},
	},
	{
		Name: "rate of the initial budget", Rule: "wrong-denominator", Also: []string{"execution-score-mismatch"},
		Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			row, initial, adjusted, executed := fundsOf(f)
			if initial.Sign() <= 0 || executed.Quo(initial).Sub(executed.Quo(adjusted)).Abs().Cmp(quantity.Ratio(2, 100)) < 0 {
				return "", false
			}
			set(&row.Rate, rateText(row, executed.Quo(initial).Mul(hundred)))
			return "/funds/rows/0/rate", true
		},
	},
	{
		Name: "execution score changed", Rule: "execution-score-mismatch", Also: sums,
		Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			row, _, _, _ := fundsOf(f)
			s, ok := unlike(row.Weight.Quantity().Value, row.Score.Quantity().Value)
			if ok {
				set(&row.Score, s.Text(2))
			}
			return "/funds/rows/0/score", ok
		},
	},
	{
		Name: "execution score above its weight", Rule: "execution-rate-over-100", Also: sums,
		Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			row, _, _, _ := fundsOf(f)
			set(&row.Score, row.Weight.Quantity().Value.Add(one).Text(2))
			return "/funds/rows/0/score", true
		},
	},
	{
		Name: "more executed than budgeted", Rule: "execution-rate-over-100", Also: []string{"fund-sources-sum", "cost-sum-vs-execution"},
		Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			row, _, adjusted, executed := fundsOf(f)
			if executed.Cmp(adjusted) != 0 {
				return "", false
			}
			over := adjusted.Mul(quantity.Ratio(6, 5)).Round(row.Adjusted.Quantity().Decimals)
			set(&row.Executed, over.Text(row.Adjusted.Quantity().Decimals))
			set(&row.Rate, rateText(row, over.Quo(adjusted).Mul(hundred)))
			return "/funds/rows/0/executed", true
		},
	},
	{
		Name: "zero budget", Rule: "zero-budget", Also: []string{"fund-sources-sum", "header-total-mismatch", "budget-adjusted-unexplained"},
		Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			row, _, _, executed := fundsOf(f)
			set(&row.Adjusted, "0")
			return "/funds/rows/0/adjusted", executed.Sign() > 0
		},
	},
	{
		Name: "changed budget without a reason", Rule: "budget-adjusted-unexplained", Also: []string{"low-execution-unexplained"},
		Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			_, initial, adjusted, _ := fundsOf(f)
			silence(f)
			return "/funds/rows/0/adjusted", initial.Sub(adjusted).Abs().Cmp(adjusted.Quo(hundred)) > 0 && len(f.Lacks) == 0
		},
	},
	{
		Name: "low execution without a reason", Rule: "low-execution-unexplained", Also: []string{"budget-adjusted-unexplained"},
		Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			_, _, adjusted, executed := fundsOf(f)
			silence(f)
			return "/funds/rows/0/rate", executed.Quo(adjusted).Cmp(quantity.Ratio(78, 100)) < 0 && len(f.Lacks) == 0
		},
	},
	{
		Name: "amount of a source changed", Rule: "fund-sources-sum", Also: []string{"execution-rate-mismatch", "wrong-denominator"},
		Inject: func(rng *rand.Rand, f *schema.Form) (string, bool) {
			i := 1 + rng.IntN(len(f.Funds.Rows)-1)
			row := &f.Funds.Rows[i]
			if row.PartOf != "" {
				return "", false
			}
			column := []string{"initial", "adjusted", "executed"}[rng.IntN(3)]
			_, _, adjusted, _ := fundsOf(f)
			cell := columnsOfAmounts(row)[column]
			q := cell.Quantity()
			set(cell, q.Value.Add(adjusted.Quo(quantity.Int(4))).Add(one).Text(q.Decimals))
			return fmt.Sprintf("/funds/rows/%d/%s", i, column), true
		},
	},
	{
		Name: "source row scored", Rule: "source-row-scored",
		Inject: func(rng *rand.Rand, f *schema.Form) (string, bool) {
			i := 1 + rng.IntN(len(f.Funds.Rows)-1)
			set(&f.Funds.Rows[i].Weight, "10")
			return fmt.Sprintf("/funds/rows/%d/weight", i), true
		},
	},
	{
		Name: "amount in the heading changed", Rule: "header-total-mismatch",
		Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			_, initial, adjusted, _ := fundsOf(f)
			set(&f.Funds.HeaderAmount, initial.Add(adjusted).Text(1))
			return "/funds/header_amount", true
		},
	},
}

var scoreDefects = []Defect{
	{
		Name: "points off a met target", Rule: "unexplained-deduction", Also: sums,
		Inject: onRow(func(r facts) bool {
			return r.figures && r.full && !r.reason && (r.up && !r.below || r.down && !r.above) && r.target.Value.Sign() > 0
		}, func(_ *rand.Rand, r facts) string {
			return r.setScore(r.weight.Mul(quantity.Ratio(81, 100)).Text(2))
		}),
	},
	{
		Name: "score of a missed target changed", Rule: "positive-score-mismatch", Also: sums,
		Inject: onRow(func(r facts) bool { return r.up && r.below }, func(_ *rand.Rand, r facts) string {
			s, _ := unlike(r.weight, r.score, r.actual.Value.Max(zero).Quo(r.target.Value).Mul(r.weight))
			return r.setScore(s.Text(2))
		}),
	},
	{
		Name: "full score for a missed target", Rule: "positive-score-mismatch", Also: sums,
		Inject: onRow(func(r facts) bool { return r.up && r.below && r.score.Cmp(r.weight.Mul(quantity.Ratio(9, 10))) < 0 },
			func(_ *rand.Rand, r facts) string { return r.setScore(r.weight.Short(1)) }),
	},
	{
		Name: "score of an overrun changed", Rule: "reverse-score-mismatch", Also: sums,
		Inject: onRow(func(r facts) bool { return r.down && r.above && r.target.Value.Sign() > 0 && r.score.Cmp(r.weight) < 0 },
			func(_ *rand.Rand, r facts) string {
				share := r.actual.Value.Quo(r.target.Value)
				s, ok := unlike(r.weight, two.Sub(share).Max(zero).Mul(r.weight), one.Quo(share).Mul(r.weight))
				if !ok {
					s = r.weight.Mul(quantity.Ratio(77, 1000)).Round(2)
				}
				return r.setScore(s.Text(2))
			}),
	},
	{
		Name: "overrun at full score", Rule: "reverse-score-mismatch",
		Inject: onRow(func(r facts) bool {
			return r.figures && r.down && r.full && !r.reason && r.typ != schema.CostType && r.target.Value.Sign() > 0
		}, func(_ *rand.Rand, r facts) string {
			d := r.target.Decimals
			return r.setActual(bare(r.target.Value.Mul(quantity.Ratio(3, 2)).Add(one).Round(d), d, r.target.Unit))
		}),
	},
	{
		Name: "score no formula gives", Rule: "score-not-derivable", Also: sums,
		Inject: onRow(func(r facts) bool {
			return r.figures && !r.up && !r.down && r.reason && (r.below || r.above) && r.target.Value.Sign() > 0 && r.target.Unit != "%" && r.actual.Value.Sign() > 0
		}, func(_ *rand.Rand, r facts) string {
			share := r.actual.Value.Quo(r.target.Value)
			s, ok := unlike(r.weight, r.weight, zero, share.Mul(r.weight), two.Sub(share).Mul(r.weight), one.Quo(share).Mul(r.weight))
			if !ok {
				s = r.weight.Mul(quantity.Ratio(77, 1000)).Round(2)
			}
			return r.setScore(s.Text(2))
		}),
	},
	{
		Name: "negative score", Rule: "score-exceeds-weight", Also: sums,
		Inject: onRow(func(facts) bool { return true }, func(_ *rand.Rand, r facts) string { return r.setScore("-1") }),
	},
	{
		Name: "score above the weight", Rule: "score-exceeds-weight", Also: sums,
		Inject: onRow(func(facts) bool { return true }, func(_ *rand.Rand, r facts) string { return r.setScore(r.weight.Add(two).Short(2)) }),
	},
	{
		Name: "reason missing", Rule: "score-below-weight-no-reason", Absent: true,
		Inject: onRow(func(r facts) bool {
			return r.Explanation.Filled() && r.score.Cmp(r.weight) < 0 && (!r.figures || r.up && r.below || r.down && r.above)
		}, func(_ *rand.Rand, r facts) string {
			set(&r.Explanation, "")
			return "explanation"
		}),
	},
	{
		Name: "reason is boilerplate", Rule: "reason-incomplete",
		Inject: onRow(func(r facts) bool { return r.Explanation.Filled() && r.score.Cmp(r.weight) < 0 }, func(_ *rand.Rand, r facts) string {
			set(&r.Explanation, "疫情影响")
			return "explanation"
		}),
	},
	{
		Name: "worse than the target at full score", Rule: "worse-than-target-no-reason",
		Inject: onRow(func(r facts) bool {
			return r.figures && !r.up && !r.down && r.full && !r.reason && r.target.Value.Sign() > 0 && r.typ != schema.CostType && r.typ != schema.TimeType && !r.unwanted()
		}, func(_ *rand.Rand, r facts) string {
			d := r.target.Decimals
			return r.setActual(bare(r.target.Value.Mul(quantity.Ratio(4, 5)).Cut(d), d, r.target.Unit))
		}),
	},
	{
		Name: "target far exceeded", Rule: "over-fulfilment-unexplained",
		Inject: onRow(func(r facts) bool {
			return r.figures && r.up && r.full && !r.reason && r.target.Unit != "%" && r.typ != schema.CostType && r.typ != schema.TimeType && r.target.Value.Sign() > 0
		}, func(_ *rand.Rand, r facts) string {
			d := r.target.Decimals
			return r.setActual(bare(r.target.Value.Mul(quantity.Ratio(5, 2)).Round(d), d, r.target.Unit))
		}),
	},
	{
		Name: "band of another score", Rule: "qualitative-band-mismatch",
		Inject: onRow(func(r facts) bool {
			return r.full && r.target.Kind == quantity.Words && r.actual.Kind == quantity.Words
		},
			func(rng *rand.Rand, r facts) string {
				return r.setActual([]string{"部分达成年度指标并具有一定效果", "未达成年度指标且效果较差"}[rng.IntN(2)])
			}),
	},
	{
		Name: "words for a figure", Rule: "numeric-target-text-actual",
		Inject: onRow(func(r facts) bool { return r.figures && r.full }, func(_ *rand.Rand, r facts) string { return r.setActual("已完成") }),
	},
	{
		Name: "total changed", Rule: "total-score-mismatch", Also: []string{"grade-mismatch"},
		Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			s := f.Total.Score.Quantity().Value
			if s = s.Sub(quantity.Int(5)); s.Sign() < 0 {
				s = s.Add(quantity.Int(10))
			}
			set(&f.Total.Score, s.Text(2))
			return "/total/score", true
		},
	},
	{
		Name: "grade changed", Rule: "grade-mismatch",
		Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			right := grade(f.Total.Score.Quantity().Value)
			set(&f.Total.Grade, map[string]string{"优": "良", "良": "优", "中": "良", "差": "中"}[right])
			return "/total/grade", true
		},
	},
}

func (r facts) unwanted() bool {
	return slices.ContainsFunc(unwantedItems, func(it item) bool { return strings.HasSuffix(r.Name.Text, it.name) })
}

var weightDefects = []Defect{
	{
		Name: "weight changed", Rule: "weights-total-not-100", Also: with(weightSums, "unexplained-deduction", "score-below-weight-no-reason", "qualitative-band-mismatch"),
		Inject: onRow(func(r facts) bool { return r.full && !r.reason && (r.up || r.down || !r.figures) }, func(_ *rand.Rand, r facts) string {
			set(&r.Weight, r.weight.Add(one).Short(1))
			return "weight"
		}),
	},
	{
		Name: "weight zero", Rule: "weight-zero", Also: with(weightSums, "score-exceeds-weight"),
		Inject: onRow(func(facts) bool { return true }, func(_ *rand.Rand, r facts) string {
			set(&r.Weight, "0")
			return "weight"
		}),
	},
	{
		Name: "weight of the total changed", Rule: "weights-total-not-100",
		Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			set(&f.Total.Weight, "110")
			return "/total/weight", true
		},
	},
	{
		Name: "points of a group changed", Rule: "group-weight-header-mismatch",
		Inject: func(rng *rand.Rand, f *schema.Form) (string, bool) {
			if len(f.Groups) == 0 {
				return "", false
			}
			i := rng.IntN(len(f.Groups))
			w := &f.Groups[i].Weight
			set(w, w.Quantity().Value.Add(quantity.Int(5)).Short(1))
			return fmt.Sprintf("/groups/%d/weight", i), true
		},
	},
	{
		Name: "score of a subtotal changed", Rule: "group-weight-header-mismatch",
		Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			i := slices.IndexFunc(f.Groups, func(g schema.Group) bool { return g.Subtotal })
			if i < 0 {
				return "", false
			}
			s := &f.Groups[i].Score
			set(s, s.Quantity().Value.Add(two).Text(2))
			return fmt.Sprintf("/groups/%d/score", i), true
		},
	},
}

var formatDefects = []Defect{
	{
		Name: "percentage as a fraction", Rule: "unit-mismatch",
		Inject: onRow(func(r facts) bool { return r.figures && r.target.Unit == "%" && r.actual.Value.Sign() > 0 }, func(_ *rand.Rand, r facts) string {
			return r.setActual(r.actual.Value.Quo(hundred).Text(3))
		}),
	},
	{
		Name: "days as months", Rule: "unit-mismatch",
		Inject: onRow(func(r facts) bool { return r.figures && (r.target.Unit == "天" || r.target.Unit == "小时") }, func(_ *rand.Rand, r facts) string {
			return r.setActual(bare(r.actual.Value, r.actual.Decimals, "个月"))
		}),
	},
	{
		Name: "元 for 万元", Rule: "unit-mismatch", Also: []string{"cost-sum-vs-execution"},
		Inject: onRow(func(r facts) bool {
			return r.figures && r.target.Unit == "万元" && r.target.Value.Cmp(two.Mul(r.actual.Value)) < 0 && r.actual.Value.Cmp(two.Mul(r.target.Value)) < 0
		}, func(_ *rand.Rand, r facts) string {
			return r.setActual(bare(r.actual.Value, r.actual.Decimals, "元"))
		}),
	},
	{
		Name: "万元 for 元", Rule: "unit-mismatch", Also: []string{"cost-sum-vs-execution"},
		Inject: onRow(func(r facts) bool {
			return r.figures && r.target.Unit == "元" && r.target.Value.Cmp(two.Mul(r.actual.Value)) < 0 && r.actual.Value.Cmp(two.Mul(r.target.Value)) < 0
		}, func(_ *rand.Rand, r facts) string {
			return r.setActual(bare(r.actual.Value, r.actual.Decimals, "万元"))
		}),
	},
	{
		Name: "rate beyond 100 %", Rule: "percent-out-of-range",
		Inject: onRow(func(r facts) bool {
			return r.figures && r.up && r.full && !r.reason && strings.HasSuffix(r.Name.Text, "率") && r.target.Unit == "%"
		}, func(_ *rand.Rand, r facts) string { return r.setActual("960%") }),
	},
	{
		Name: "operator in the result", Rule: "operator-in-actual",
		Inject: onRow(func(r facts) bool { return r.figures && r.up && r.full }, func(_ *rand.Rand, r facts) string {
			return r.setActual("≥" + bare(r.target.Value, r.target.Decimals, r.target.Unit))
		}),
	},
	{
		Name: "target zero", Rule: "target-zero-or-negative",
		Inject: onRow(func(r facts) bool { return r.figures && r.up && r.full && !r.reason && r.typ == schema.QuantityType },
			func(_ *rand.Rand, r facts) string { return r.setTarget("0" + r.target.Unit) }),
	},
	{
		Name: "score in words", Rule: "non-numeric-cell",
		Inject: onRow(func(facts) bool { return true }, func(_ *rand.Rand, r facts) string { return r.setScore("满分") }),
	},
	{
		Name: "unit in an amount", Rule: "non-numeric-cell",
		Inject: func(rng *rand.Rand, f *schema.Form) (string, bool) {
			i := rng.IntN(len(f.Funds.Rows))
			c := &f.Funds.Rows[i].Executed
			set(c, c.Text+f.Funds.CurrencyUnit)
			return fmt.Sprintf("/funds/rows/%d/executed", i), true
		},
	},
	{
		Name: "full-width digits", Rule: "non-numeric-cell",
		Inject: onRow(func(facts) bool { return true }, func(_ *rand.Rand, r facts) string {
			return r.setScore(strings.Map(func(c rune) rune {
				if c >= '0' && c <= '9' {
					return c - '0' + '０'
				}
				return c
			}, r.Score.Text))
		}),
	},
}

var structureDefects = []Defect{
	{
		Name: "heading of another project", Rule: "title-project-mismatch",
		Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			set(&f.Heading, "3. 边境贸易促进资金")
			return "/heading", true
		},
	},
	{
		Name: "type under the wrong group", Rule: "unknown-indicator-type", Also: []string{"group-weight-header-mismatch"},
		Inject: onRow(func(r facts) bool {
			return r.full && r.target.Kind == quantity.Words && strings.HasPrefix(r.Level1.Text, "效益")
		}, func(_ *rand.Rand, r facts) string {
			set(&r.Level2, "质量指标")
			return "level2"
		}),
	},
	{
		Name: "template text left", Rule: "template-placeholder-left",
		Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			f.Goal.Actual.Text += "（100字以内）"
			return "/goal/actual", true
		},
	},
	{
		Name: "template rows left", Rule: "template-placeholder-left",
		Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			f.Placeholders = []schema.Field{filed("指标2："), filed("……")}
			return "/placeholders/0", true
		},
	},
	{
		Name: "form unfilled", Rule: "form-unfilled", Absent: true, Also: []string{"total-score-mismatch"},
		Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			for i := range f.Indicators {
				set(&f.Indicators[i].Actual, "")
				set(&f.Indicators[i].Score, "")
				set(&f.Indicators[i].Explanation, "")
			}
			set(&f.Total.Score, "")
			return "/indicators", len(f.Indicators) > 5
		},
	},
	{
		Name: "no funds", Rule: "missing-section", Absent: true,
		Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			f.Funds = schema.Funds{}
			return "", true
		},
	},
	{
		// Without the table, what stands below it is not recognised either.
		Name: "no indicators", Rule: "missing-section", Absent: true, Also: []string{"budget-adjusted-unexplained", "low-execution-unexplained"},
		Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			f.Indicators, f.Groups, f.TableHead = nil, nil, schema.Field{}
			return "", true
		},
	},
	{
		Name: "no total", Rule: "missing-section", Absent: true, OnlyJSON: true,
		Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			f.Total = schema.Total{}
			return "", true
		},
	},
	{
		Name: "no benefits", Rule: "missing-section", Absent: true, Also: append(with(weightSums), sums...),
		Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			f.Indicators = slices.DeleteFunc(f.Indicators, func(r schema.Indicator) bool { return r.Section() == schema.SectionBenefit })
			f.Groups = slices.DeleteFunc(f.Groups, func(g schema.Group) bool { return schema.SectionOf(g.Level1) == schema.SectionBenefit })
			return "", true
		},
	},
	{
		Name: "no satisfaction", Rule: "missing-section", Absent: true, Also: append(with(weightSums), sums...),
		Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			f.Indicators = slices.DeleteFunc(f.Indicators, func(r schema.Indicator) bool { return r.Section() == schema.SectionSatisfaction })
			f.Groups = slices.DeleteFunc(f.Groups, func(g schema.Group) bool { return schema.SectionOf(g.Level1) == schema.SectionSatisfaction })
			return "", true
		},
	},
}

var timeDefects = []Defect{
	{
		Name: "later than the deadline", Rule: "time-overrun-full-score",
		Inject: onRow(func(r facts) bool {
			return r.typ == schema.TimeType && r.full && !r.reason && r.target.Kind == quantity.Dated && !r.target.Period.WholeYear
		}, func(_ *rand.Rand, r facts) string { return r.setActual("12月20日") }),
	},
	{
		Name: "serial number of a date", Rule: "excel-serial-date",
		Inject: onRow(func(r facts) bool { return r.typ == schema.TimeType && r.target.Kind == quantity.Dated },
			func(_ *rand.Rand, r facts) string { return r.setActual("44561") }),
	},
	{
		Name: "longer than planned", Rule: "duration-overrun-full-score",
		Inject: onRow(func(r facts) bool {
			return r.typ == schema.TimeType && r.figures && r.full && !r.reason && r.target.Comparator == quantity.None &&
				slices.Contains([]string{"天", "个月", "小时"}, r.target.Unit)
		}, func(_ *rand.Rand, r facts) string {
			d := r.target.Decimals
			return r.setActual(bare(r.target.Value.Mul(two).Round(d), d, r.target.Unit))
		}),
	},
}

// isMoneyCost reports whether a row is a cost in the money of the form.
func isMoneyCost(r facts) bool {
	return r.typ == schema.CostType && r.figures && !strings.Contains(r.Name.Text, "人均") && slices.ContainsFunc(moneyCostNames, func(n string) bool { return strings.HasSuffix(r.Name.Text, n) })
}

var costDefects = []Defect{
	{
		Name: "≥ for a cost", Rule: "cost-operator-ge",
		Inject: onRow(func(r facts) bool { return r.typ == schema.CostType && r.figures && r.down && r.full },
			func(_ *rand.Rand, r facts) string {
				return r.setTarget("≥" + bare(r.target.Value, r.target.Decimals, r.target.Unit))
			}),
	},
	{
		Name: "overrun of a limit at full score", Rule: "cost-overrun-full-score", Also: []string{"cost-sum-vs-execution"},
		Inject: onRow(func(r facts) bool { return r.typ == schema.CostType && r.figures && r.down && r.full },
			func(_ *rand.Rand, r facts) string {
				d := r.target.Decimals
				return r.setActual(bare(r.target.Value.Mul(quantity.Ratio(3, 2)).Round(d), d, r.target.Unit))
			}),
	},
	{
		Name: "costs above the budget", Rule: "cost-sum-exceeds-budget",
		Inject: func(rng *rand.Rand, f *schema.Form) (string, bool) {
			_, _, adjusted, _ := fundsOf(f)
			return onRow(func(r facts) bool { return isMoneyCost(r) && r.down }, func(_ *rand.Rand, r facts) string {
				return r.setTarget("≤" + bare(adjusted.Mul(quantity.Ratio(6, 5)), r.target.Decimals, r.target.Unit))
			})(rng, f)
		},
	},
	{
		Name: "costs unlike the execution", Rule: "cost-sum-vs-execution",
		Inject: func(rng *rand.Rand, f *schema.Form) (string, bool) {
			_, _, adjusted, _ := fundsOf(f)
			targets := zero
			for i := range f.Indicators {
				if r := factsOf(f, i); isMoneyCost(r) {
					targets = targets.Add(r.target.Value)
				}
			}
			if targets.Cmp(adjusted) != 0 {
				return "", false
			}
			return onRow(func(r facts) bool {
				return isMoneyCost(r) && r.down && r.actual.Value.Mul(quantity.Ratio(3, 10)).Cmp(decimal(5, r.actual.Decimals)) > 0 && r.target.Value.Mul(quantity.Int(9)).Cmp(adjusted) > 0
			}, func(_ *rand.Rand, r facts) string {
				d := r.actual.Decimals
				return r.setActual(bare(r.actual.Value.Mul(quantity.Ratio(3, 5)).Cut(d), d, r.actual.Unit))
			})(rng, f)
		},
	},
	{
		Name: "payment as a cost", Rule: "allocation-as-cost",
		Inject: onRow(func(r facts) bool { return r.typ == schema.CostType && r.full && !isMoneyCost(r) }, func(_ *rand.Rand, r facts) string {
			set(&r.Name, "单位补助资金拨付")
			return "name"
		}),
	},
}

// missingDefects empties each of the mandatory cells, or leaves a mark in it that
// counts as empty.
func missingDefects() []Defect {
	const rule = "missing-required-cell"
	clearCell := func(rng *rand.Rand, c *schema.Field) { set(c, []string{"", "—", "/", "无"}[rng.IntN(4)]) }
	var list []Defect
	head := func(name string, cell func(*schema.Form) *schema.Field) {
		list = append(list, Defect{Name: "no " + name, Rule: rule, Absent: true, Inject: func(rng *rand.Rand, f *schema.Form) (string, bool) {
			clearCell(rng, cell(f))
			return "/" + name, true
		}})
	}
	head("project", func(f *schema.Form) *schema.Field { return &f.Project })
	head("unit", func(f *schema.Form) *schema.Field { return &f.Unit })
	head("goal/expected", func(f *schema.Form) *schema.Field { return &f.Goal.Expected })
	head("funds/rows/0/initial", func(f *schema.Form) *schema.Field { return &f.Funds.Rows[0].Initial })
	head("funds/rows/0/adjusted", func(f *schema.Form) *schema.Field { return &f.Funds.Rows[0].Adjusted })
	head("funds/rows/0/executed", func(f *schema.Form) *schema.Field { return &f.Funds.Rows[0].Executed })
	head("total/score", func(f *schema.Form) *schema.Field { return &f.Total.Score })
	list = append(list,
		Defect{
			Name: "no goal/actual", Rule: rule, Absent: true, Also: []string{"budget-adjusted-unexplained", "low-execution-unexplained"},
			Inject: func(rng *rand.Rand, f *schema.Form) (string, bool) {
				clearCell(rng, &f.Goal.Actual)
				return "/goal/actual", true
			},
		},
		Defect{
			// The score may have been computed from the rate as it was filed.
			Name: "no funds/rows/0/rate", Rule: rule, Absent: true, Also: []string{"execution-score-mismatch"},
			Inject: func(rng *rand.Rand, f *schema.Form) (string, bool) {
				clearCell(rng, &f.Funds.Rows[0].Rate)
				return "/funds/rows/0/rate", true
			},
		},
		Defect{Name: "no funds/rows/0/score", Rule: rule, Absent: true, Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			set(&f.Funds.Rows[0].Score, "")
			return "/funds/rows/0/score", true
		}},
		Defect{Name: "no department", Rule: rule, Absent: true, Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			f.Department, f.DepartmentName, f.DepartmentCode = schema.Field{}, "", ""
			return "/department", true
		}},
		Defect{Name: "no year", Rule: rule, Absent: true, Inject: func(_ *rand.Rand, f *schema.Form) (string, bool) {
			f.Year, f.YearAt = 0, schema.Field{}
			return "/year", true
		}},
	)
	row := func(name, rule string, cell func(facts) *schema.Field) {
		list = append(list, Defect{
			Name: "row without " + name, Rule: rule, Absent: true,
			Inject: onRow(func(facts) bool { return true }, func(rng *rand.Rand, r facts) string {
				c := cell(r)
				clearCell(rng, c)
				if r.Parts != nil && name == "target" {
					r.setTarget(c.Text)
				}
				return name
			}),
		})
	}
	row("name", rule, func(r facts) *schema.Field { return &r.Name })
	row("target", rule, func(r facts) *schema.Field { return &r.Target })
	row("score", rule, func(r facts) *schema.Field { return &r.Score })
	row("weight", "weight-zero", func(r facts) *schema.Field { return &r.Weight })
	list = append(list, Defect{
		Name: "row without actual", Rule: rule, Absent: true,
		Inject: onRow(func(r facts) bool { return !r.reason }, func(rng *rand.Rand, r facts) string {
			clearCell(rng, &r.Actual)
			return "actual"
		}),
	})
	return list
}
