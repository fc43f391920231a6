package checks

import (
	"slices"
	"strings"
	"sync"

	"jixiaolint/checks/profile"
	"jixiaolint/schema"
	"jixiaolint/schema/quantity"
)

// assessment is what a form's figures say, computed once for all rules: each figure
// read, each ratio and score recomputed, each filed result judged against it.
type assessment struct {
	form    *schema.Form
	profile *profile.Profile
	words   *lexicon

	// written are the texts that somebody wrote, with what stands in them; they have han
	// Han characters, traditional of them traditional ones.
	written          []writtenText
	han, traditional int
	// goal and results are the halves of the overall goal, folded.
	goal, results string

	funds      []fundRow
	total      *fundRow  // 年度资金总额
	header     amount    // beside 项目资金
	amounts    []*amount // those of the fund block that can be read
	rows       []indicatorRow
	execWeight amount // weight of the execution rate, as stated by the form
	execScore  amount
	// execRow is the indicator row that scores the execution rate, nil where the fund
	// block does.
	execRow *indicatorRow

	totalWeight, totalScore amount
	// weights and scores are the sums over all indicators that are scored.
	weights, scores sum
	// execution, totalDue and moneyCosts are judged when a rule first asks.
	execution  func() (execution, bool)
	totalDue   func() (totalJudged, bool)
	moneyCosts func() moneyCosts
	// explained is set when a text beside the table gives reasons for deviations, so
	// that rows without a reason of their own are explained.
	explained bool
}

// amount is a figure of the form with the field it was read from.
type amount struct {
	field *schema.Field
	q     quantity.Quantity
	// ok is set when the field holds one number.
	ok bool
	// factor turns the figure into the unit of the block it stands in.
	factor quantity.Number
	// exact is set for weights, which are given and not rounded.
	exact bool
}

func (a *amount) number() quantity.Number { return a.q.Value.Mul(a.factor) }

func (a *amount) interval() quantity.Interval {
	if a.exact {
		return quantity.Point(a.number())
	}
	return a.q.Interval().Mul(quantity.Point(a.factor))
}

// decimals gives the number of decimals that the figure shows, whatever is stored
// behind it.
func (a *amount) decimals() int {
	if a.field.Stored == "" {
		return a.q.Decimals
	}
	return a.field.Displayed().Decimals
}

// hundred is what per cent means, and what weights sum to in every rule set (S1): no
// value of a profile.
var one, hundred = quantity.Int(1), quantity.Int(100)

func readAmount(f *schema.Field, unit string) amount {
	a := amount{field: f, q: f.Quantity(), factor: one}
	if a.ok = a.q.IsFigure(); a.ok && a.q.Unit != "" && unit != "" {
		u := a.q.Unit
		if !strings.HasSuffix(u, "元") && strings.HasSuffix(unit, "元") {
			u += "元" // 150万 in a column of 万元
		}
		if factor, ok := quantity.Convert(u, unit); ok {
			a.factor = factor
		}
	}
	return a
}

// readPoints reads a weight or score; 10分 is 10. A score is a result: what it shows
// is what was filed, whatever a spreadsheet stores behind it.
func readPoints(f *schema.Field) amount {
	q := f.Displayed()
	return amount{field: f, q: q, ok: q.IsFigure() && (q.Unit == "" || q.Unit == "分"), factor: one}
}

// readWeight reads a weight, which may be filed as a share: 10 or 10%.
func readWeight(f *schema.Field) amount {
	a := readPoints(f)
	a.exact = true
	a.ok = a.ok || a.q.IsFigure() && a.q.Unit == "%"
	return a
}

// fundRow is a fund row with its figures.
type fundRow struct {
	*schema.FundRow
	initial, adjusted, executed amount
	weight, score               amount
	rate                        rate
	// onlyInitial is set when the form's layout has no column of adjusted budgets.
	onlyInitial bool
}

// budget gives the figure that the execution rate is measured against: the adjusted
// budget, or the initial one where the form has no other (denominator A of B/A).
func (r *fundRow) budget() *amount {
	if r.onlyInitial && r.initial.ok {
		return &r.initial
	}
	return &r.adjusted
}

// rate is a filed execution rate against the recomputed one.
type rate struct {
	field *schema.Field
	q     quantity.Quantity
	filed bool
	// percent is the filed rate in per cent, decimals its precision in per cent.
	percent  quantity.Number
	decimals int
	// bare is set when the rate was filed without a per-cent sign, fraction when it
	// was filed as a fraction of 1.
	bare, fraction bool

	computed bool
	exact    quantity.Number // in per cent
	within   quantity.Interval
	verdict  quantity.Verdict
}

func newAssessment(f *schema.Form, p *profile.Profile, w *lexicon) *assessment {
	a := &assessment{form: f, profile: p, words: w, execScore: amount{field: &schema.Field{}}}
	a.execution = sync.OnceValues(a.judgeExecution)
	a.totalDue = sync.OnceValues(a.judgeTotal)
	a.moneyCosts = sync.OnceValue(a.sumCosts)
	a.collectTexts()
	a.goal, a.results = quantity.Fold(f.Goal.Expected.Text), quantity.Fold(f.Goal.Actual.Text)
	unit := f.Funds.CurrencyUnit
	a.funds = make([]fundRow, len(f.Funds.Rows))
	for i := range f.Funds.Rows {
		r := &f.Funds.Rows[i]
		row := &a.funds[i]
		*row = fundRow{
			FundRow: r,
			initial: readAmount(&r.Initial, unit), adjusted: readAmount(&r.Adjusted, unit), executed: readAmount(&r.Executed, unit),
			weight: readWeight(&r.Weight), score: readPoints(&r.Score),
			onlyInitial: !f.HasPlace("funds.adjusted"),
		}
		row.rate = readRate(r, row.budget(), &row.executed)
		if r.Role == schema.RoleTotal && a.total == nil {
			a.total = &a.funds[i]
		}
	}
	a.header = readAmount(&f.Funds.HeaderAmount, unit)
	a.collectAmounts()
	if a.total != nil {
		a.execWeight, a.execScore = a.total.weight, a.total.score
	}
	if !a.execWeight.ok {
		a.execWeight = readWeight(&f.Funds.Weight)
	}
	a.totalWeight, a.totalScore = readWeight(&f.Total.Weight), readPoints(&f.Total.Score)
	for _, r := range f.Remarks {
		if isReasonLabel(r.Label) && !r.Text.Missing() {
			a.explained = true
		}
	}
	a.rows = make([]indicatorRow, len(f.Indicators))
	for i := range f.Indicators {
		a.readIndicator(&a.rows[i], i)
	}
	if !a.execWeight.ok {
		a.findExecution()
	}
	a.weights, a.scores = a.sumOf(weightOf, nil), a.sumOf(scoreOf, nil)
	return a
}

// collectAmounts takes the amounts of the fund block that can be read.
func (a *assessment) collectAmounts() {
	a.amounts = make([]*amount, 0, 3*len(a.funds)+1)
	add := func(m *amount) {
		if m.ok {
			a.amounts = append(a.amounts, m)
		}
	}
	for i := range a.funds {
		r := &a.funds[i]
		add(&r.initial)
		add(&r.adjusted)
		add(&r.executed)
	}
	add(&a.header)
}

// findExecution takes the execution rate from the indicator table, where some forms
// score it: the row 预算执行率 then is no indicator.
func (a *assessment) findExecution() {
	for i := range a.rows {
		r := &a.rows[i]
		if name := strings.TrimSuffix(quantity.Fold(r.Name.Text), "指标"); r.sub || name != "预算执行率" && name != "资金执行率" || r.Section() != schema.SectionOther {
			continue
		}
		a.execRow, a.execWeight, a.execScore = r, r.weight, r.score
		r.sub = true
		return
	}
}

func isReasonLabel(label string) bool {
	return strings.Contains(label, "原因") || strings.Contains(label, "偏差") || strings.Contains(label, "未完成")
}

// readRate reads a filed rate and recomputes it:
//
//	执行率 = 全年执行数 ÷ 全年预算数 × 100 %
func readRate(row *schema.FundRow, budget, executed *amount) rate {
	r := rate{field: &row.Rate, q: row.Rate.Displayed()}
	r.filed = r.q.IsFigure() && (r.q.Unit == "" || r.q.Unit == "%")
	if budget.ok && executed.ok && budget.number().Sign() > 0 {
		if within, ok := executed.interval().Quo(budget.interval()); ok {
			r.computed = true
			r.exact = executed.number().Quo(budget.number()).Mul(hundred)
			r.within = within.Mul(quantity.Point(hundred))
		}
	}
	if !r.filed {
		return r
	}
	r.percent, r.decimals = r.q.Value, r.q.Decimals
	r.bare = r.q.Unit != "%" && !row.RateHeader
	r.verdict = r.judge()
	if r.bare && r.computed && r.verdict == quantity.Contradicts {
		// Read the bare number as a fraction of 1 if the figures agree with that.
		asFraction := r
		asFraction.percent, asFraction.decimals = r.q.Value.Mul(hundred), r.q.Decimals-2
		if asFraction.verdict = asFraction.judge(); asFraction.verdict != quantity.Contradicts {
			asFraction.fraction = true
			return asFraction
		}
	}
	return r
}

// judge compares the filed with the recomputed rate. The profile asks no number of
// decimals of a rate.
func (r *rate) judge() quantity.Verdict {
	if !r.computed {
		return quantity.Agrees
	}
	if r.decimals < 0 {
		// A fraction with fewer than two decimals: compare it as it was written.
		scale := quantity.Point(quantity.Ratio(1, 100))
		return quantity.Judge(r.percent.Quo(hundred), r.decimals+2, r.exact.Quo(hundred), r.within.Mul(scale), 0)
	}
	return quantity.Judge(r.percent, r.decimals, r.exact, r.within, 0)
}

// execution is the score of the execution rate, recomputed and judged.
type execution struct {
	exact quantity.Number // by the unrounded rate
	// due is the score by the rate as rounded (S10), or by the unrounded one if that is
	// what the form has: both are right.
	due     quantity.Number
	within  quantity.Interval
	verdict quantity.Verdict
}

// judgeExecution judges the filed score of the execution rate; ok is false when it cannot
// be recomputed.
func (a *assessment) judgeExecution() (e execution, ok bool) {
	t := a.total
	if t == nil || !t.rate.computed || !a.execWeight.ok {
		return e, false
	}
	w := a.execWeight.number()
	formula := a.profile.Execution
	e.exact = formula.Share(t.rate.exact).Mul(w)
	e.due = formula.Share(t.rate.exact.Round(formula.RateDecimals)).Mul(w)
	scores := func(lo, hi quantity.Number) quantity.Interval {
		return quantity.Interval{Lo: formula.Share(lo).Mul(w), Hi: formula.Share(hi).Mul(w)}
	}
	e.within = scores(t.rate.within.Lo, t.rate.within.Hi)
	if formula.Mode == profile.ModeLinear && t.rate.within.Hi.Cmp(hundred) <= 0 {
		e.within.LoOpen, e.within.HiOpen = t.rate.within.LoOpen, t.rate.within.HiOpen
	}
	if !a.execScore.ok {
		return e, true
	}
	s := a.execScore.q
	e.verdict = quantity.Judge(s.Value, s.Decimals, e.exact, e.within, a.profile.Decimals)
	if e.exact.Round(a.profile.Decimals).Cmp(s.Value) == 0 {
		e.due = e.exact
	}
	if e.verdict == quantity.Coarse && t.rate.filed && t.rate.verdict != quantity.Contradicts &&
		formula.Share(t.rate.percent).Mul(w).Cmp(s.Value) == 0 {
		e.verdict = quantity.Explained // 97% × 10 = 9.7 leaves nothing to round
	}
	if e.verdict == quantity.Contradicts || e.verdict == quantity.Truncated {
		// The score may be computed from the rate as rounded or as filed (S10).
		from := []quantity.Interval{scores(t.rate.within.Round(formula.RateDecimals))}
		if t.rate.filed && t.rate.verdict != quantity.Contradicts {
			from = append(from, scores(t.rate.percent, t.rate.percent))
		}
		for _, within := range from {
			if lo, hi := within.Round(s.Decimals); lo.Cmp(s.Value) <= 0 && hi.Cmp(s.Value) >= 0 {
				e.verdict = quantity.Explained
			}
		}
	}
	return e, true
}

// direction says which deviation from a target is a shortfall.
type direction uint8

const (
	// undirected: the row does not say, or figures do not apply.
	undirected direction = iota
	// positive: more is better.
	positive
	// reverse: less is better, stated by ≤ or <.
	reverse
	// open: no direction is stated; either reading of the score is right.
	open
)

// indicatorRow is an indicator with its figures and the judgement of its score.
type indicatorRow struct {
	*schema.Indicator
	index  int
	typ    schema.IndicatorType
	target quantity.Quantity
	actual quantity.Quantity
	// factor turns actual figures into the unit of the target.
	factor        quantity.Number
	weight, score amount
	direction     direction
	// comparable is set when target and actual are figures of one unit; slip when they
	// differ by the very factor between their units.
	comparable, slip bool
	// order is −1, 0 or +1 as the actual value is below, at or above the target,
	// beyond what rounding can explain.
	order int
	// sense says which way is better by the name: of something that nobody wants, a target
	// without an operator is no lower bound.
	sense sense
	// saving marks a cost indicator that gives what was saved: 成本节约额.
	saving bool
	// targetDate and actualDate are the values of a time indicator as dates.
	targetDate, actualDate date
	// judged are the judgements of the score by the formulas asked for so far.
	judged []judgement
	// missed is set where the words of the result say that it falls short of the target.
	missed bool
	// reason is set when the row or the form gives a reason.
	reason bool
	// exact is set where more than the target misses it too.
	exact bool
	// sub marks a row that is not scored as an indicator: 其中, or the execution rate.
	sub bool
}

func (a *assessment) readIndicator(r *indicatorRow, i int) {
	ind := &a.form.Indicators[i]
	*r = indicatorRow{
		Indicator: ind, index: i, typ: ind.Type(), factor: one,
		target: ind.Target.Quantity(), actual: ind.Actual.Quantity(),
		weight: readWeight(&ind.Weight), score: readPoints(&ind.Score),
		reason: !ind.Explanation.Missing() || a.explained,
		sub:    ind.PartOf != "",
		sense:  a.words.senseOf(ind.Name.Text),
	}
	r.saving = r.typ == schema.CostType && a.words.savings.in(ind.Name.Text)
	if r.typ == schema.TimeType {
		r.targetDate, r.actualDate = readDate(ind.Target, r.target), readDone(ind.Actual, r.actual, a.form.Year)
	}
	if r.target.IsFigure() && r.actual.Kind == quantity.Words {
		if q, ok := wordedFigure(ind.Actual.Text, r.target.Unit); ok {
			r.actual = q
		}
	}
	r.missed = r.actual.Kind != quantity.Blank && a.missesInWords(r)
	// A range asks for at least its lower end, and for no more than its upper end.
	ranged := r.target.Kind == quantity.Range && r.target.Value.Cmp(r.target.High) < 0
	if ranged {
		r.target.Kind = quantity.Figure
	}
	if !r.target.IsFigure() || !r.actual.IsFigure() {
		return
	}
	switch {
	case r.target.Unit == "" || r.actual.Unit == "":
		// A bare figure is in the unit of the other one, unless that makes it a fraction
		// beside a percentage.
		r.comparable = !r.fractionOfPercent()
	default:
		r.factor, r.comparable = quantity.ConvertFiled(r.actual.Unit, r.target.Unit)
	}
	// Figures whose units were confused say nothing about the score.
	r.slip = r.comparable && a.scaleSlip(r)
	r.comparable = r.comparable && !r.slip
	if !r.comparable {
		return
	}
	r.direction = a.directionOf(r)
	r.exact = r.direction == positive && r.target.Comparator == quantity.Equal && a.profile.Equal == profile.Exact
	v, t := r.actualInterval(), r.target.Interval()
	switch {
	case v.Meets(t):
	case v.Lo.Cmp(t.Lo) < 0:
		r.order = -1
	case !ranged:
		r.order = 1
	case v.Lo.Cmp(r.target.High) > 0:
		r.order, r.target.Value = 1, r.target.High // by how much, counts from there
	}
}

// fractionOfPercent reports whether one of the values is a percentage and the other
// a bare number of at most 1, which is a fraction: 95% and 0.96.
func (r *indicatorRow) fractionOfPercent() bool {
	small := func(q quantity.Quantity) bool {
		return q.Unit == "" && q.Value.Sign() > 0 && q.Value.Cmp(one) <= 0
	}
	return r.target.Unit == "%" && r.target.Value.Cmp(one) > 0 && small(r.actual) ||
		r.actual.Unit == "%" && r.actual.Value.Cmp(one) > 0 && small(r.target)
}

func (r *indicatorRow) actualInterval() quantity.Interval {
	return r.actual.Interval().Mul(quantity.Point(r.factor))
}

func (r *indicatorRow) actualNumber() quantity.Number { return r.actual.Value.Mul(r.factor) }

// ratio gives actual ÷ target; the target must not be 0.
func (r *indicatorRow) ratio() quantity.Number { return r.actualNumber().Quo(r.target.Value) }

func (a *assessment) directionOf(r *indicatorRow) direction {
	switch c := r.target.Comparator; {
	case c.Upper(), c == quantity.Equal && r.target.Value.Sign() == 0:
		return reverse // of what is not to happen at all, none is best
	case c != quantity.None:
		return positive
	}
	switch r.typ {
	case schema.CostType:
		if r.saving {
			return positive
		}
		return open
	case schema.TimeType:
		if r.target.Unit != "%" {
			return open
		}
		return positive
	case schema.QuantityType, schema.QualityType, schema.SatisfactionType:
		if r.sense == wanted {
			return positive
		}
	case schema.EconomicType, schema.SocialType, schema.EcologicalType, schema.SustainableType, schema.Untyped:
	}
	return open
}

func containsAny(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// meets reports whether the actual value meets the target in every reading.
func (r *indicatorRow) meets() bool {
	switch r.direction {
	case positive:
		return r.order == 0 || r.order > 0 && !r.exact
	case reverse:
		return r.order <= 0
	case open:
		return r.order == 0 || r.order > 0 && r.typ != schema.CostType && r.typ != schema.TimeType && r.sense == wanted
	case undirected:
	}
	return false
}

// worse reports whether the actual value misses the target in the reading that
// stands to reason: cost, time, unwanted things and what was not to happen at all above
// it, all else below.
func (r *indicatorRow) worse() bool {
	switch r.direction {
	case positive:
		return r.order < 0 || r.order > 0 && r.exact
	case reverse:
		return r.order > 0
	case open:
		switch {
		case r.saving:
			return r.order < 0
		case r.typ == schema.CostType, r.typ == schema.TimeType, r.sense == unwanted, r.sense == doubtful && r.target.Value.Sign() == 0:
			return r.order > 0
		case r.sense == wanted:
			return r.order < 0
		}
	case undirected:
		return r.missed
	}
	return false
}

// full reports whether the row has its full score.
func (r *indicatorRow) full() bool {
	return r.weight.ok && r.score.ok && r.score.number().Cmp(r.weight.number()) == 0
}

// deducted reports whether the row's score is below its weight.
func (r *indicatorRow) deducted() bool {
	return r.weight.ok && r.score.ok && r.score.number().Cmp(r.weight.number()) < 0
}

// due is the score that a formula gives.
type due struct {
	exact  quantity.Number
	within quantity.Interval
}

// due recomputes the row's score by a formula, held between 0 and the weight. ok is
// false where the formula does not apply.
func (r *indicatorRow) due(how profile.Formula) (d due, ok bool) {
	if !r.comparable || !r.weight.ok || r.target.Value.Sign() <= 0 {
		return d, false
	}
	w := r.weight.number()
	v, t := r.actualNumber().Max(quantity.Number{}), r.target.Value
	vi, ti := r.actualInterval(), r.target.Interval()
	vi = vi.Clamp(quantity.Number{}, vi.Hi.Max(quantity.Number{}))
	if how == profile.Proportional && w.Sign() > 0 && ti.Lo.Sign() > 0 && vi.Lo.Cmp(ti.Hi) > 0 {
		return due{w, quantity.Point(w)}, true // more than the target earns the weight, no more
	}
	exact, ok := how.Share(quantity.Point(v), quantity.Point(t))
	if !ok {
		return d, false
	}
	within, ok := how.Share(vi, ti)
	if !ok {
		return d, false
	}
	d.exact = exact.Lo.Mul(w).Max(quantity.Number{}).Min(w)
	d.within = within.Mul(quantity.Point(w)).Clamp(quantity.Number{}, w)
	return d, true
}

// judgement is the filed score of a row judged against the score due by a formula.
type judgement struct {
	how     profile.Formula
	verdict quantity.Verdict
	due     due
	ok      bool
}

// judge compares the row's filed score with what a formula gives; ok is false where
// the formula does not apply or there is no score.
func (a *assessment) judge(r *indicatorRow, how profile.Formula) (v quantity.Verdict, d due, ok bool) {
	for i := range r.judged {
		if j := &r.judged[i]; j.how == how {
			return j.verdict, j.due, j.ok
		}
	}
	v, d, ok = a.judgeScore(r, how)
	r.judged = append(r.judged, judgement{how, v, d, ok})
	return v, d, ok
}

// judgeScore makes the judgement that judge gives. A full score for a missed target is
// never a matter of coarse rounding.
func (a *assessment) judgeScore(r *indicatorRow, how profile.Formula) (quantity.Verdict, due, bool) {
	d, ok := r.due(how)
	if !ok || !r.score.ok {
		return quantity.Agrees, d, false
	}
	s := r.score.q
	v := quantity.Judge(s.Value, s.Decimals, d.exact, d.within, a.profile.Decimals)
	if r.full() && d.exact.Cmp(r.weight.number()) < 0 {
		v = quantity.Contradicts
		if quantity.Rounded(s.Value, max(s.Decimals, a.profile.Decimals)).Meets(d.within) {
			v = quantity.Explained
		}
	}
	return v, d, true
}

// best gives the kindest verdict over several formulas.
func (a *assessment) best(r *indicatorRow, readings ...profile.Formula) (v quantity.Verdict, judged bool) {
	v = quantity.Contradicts
	for _, how := range readings {
		if got, _, ok := a.judge(r, how); ok {
			judged = true
			v = min(v, got)
		}
	}
	return v, judged
}

// readings are the profile's formulas that may give the row's score.
func (a *assessment) readings(r *indicatorRow) []profile.Formula {
	switch r.direction {
	case positive:
		if r.target.Comparator == quantity.Equal {
			return a.profile.Equal.Readings()
		}
		return a.profile.Positive.Readings()
	case reverse:
		return a.profile.Reverse.Readings()
	case open:
		return slices.Concat(a.profile.Positive.Readings(), a.profile.Reverse.Readings())
	case undirected:
	}
	return nil
}

// sum is a sum of figures: of the figures as displayed, and of all values they stand
// for. ok is false when one of them could not be read.
type sum struct {
	point  quantity.Number
	within quantity.Interval
	n      int
	ok     bool
	fields []*schema.Field
}

func newSum() sum { return sum{ok: true} }

// and gives the sum with one more figure; s itself stays as it is.
func (s sum) and(a *amount) sum {
	s.fields = slices.Clip(s.fields)
	s.add(a)
	return s
}

func (s *sum) add(a *amount) {
	s.n++
	if !a.ok || a.exact && a.number().Sign() <= 0 {
		s.ok = false // a weight that is not above 0 has a finding of its own
		return
	}
	s.point, s.within = s.point.Add(a.number()), s.within.Add(a.interval())
	s.fields = append(s.fields, a.field)
}

// addends writes the sum as arithmetic: 50 + 30 + 10.
func (s *sum) addends() string {
	texts := make([]string, len(s.fields))
	for i, f := range s.fields {
		texts[i] = strings.TrimSpace(f.Text)
	}
	if len(texts) > 12 {
		texts = append(texts[:11:11], "…", texts[len(texts)-1])
	}
	return strings.Join(texts, " + ")
}

// equation writes the sum with its result: 50 + 30 = 80; one addend stands alone.
func (s *sum) equation() string {
	if len(s.fields) == 1 {
		return s.addends()
	}
	return s.addends() + " = " + s.point.Short(6)
}

// sumOf adds a figure of all scored rows that pick selects; nil selects all.
func (a *assessment) sumOf(of func(*indicatorRow) *amount, pick func(*indicatorRow) bool) sum {
	s := newSum()
	s.fields = make([]*schema.Field, 0, len(a.rows))
	for i := range a.rows {
		if r := &a.rows[i]; !r.sub && (pick == nil || pick(r)) {
			s.add(of(r))
		}
	}
	return s
}

func weightOf(r *indicatorRow) *amount { return &r.weight }
func scoreOf(r *indicatorRow) *amount  { return &r.score }
