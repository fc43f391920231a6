package formtest

import (
	"fmt"
	"slices"
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/quantity"
)

// section is a first-level group, with the second-level types that it may have.
type section struct {
	labels []string
	types  []schema.IndicatorType
	most   int // rows
	points int64
}

var sections = []section{
	{[]string{"产出指标", "产出指标", "产出"}, []schema.IndicatorType{schema.QuantityType, schema.QualityType, schema.TimeType, schema.CostType}, 13, 50},
	{[]string{"效益指标", "效益指标", "效益"}, []schema.IndicatorType{schema.EconomicType, schema.SocialType, schema.EcologicalType, schema.SustainableType}, 8, 30},
	{[]string{"满意度指标", "满意度指标", "满意度"}, []schema.IndicatorType{schema.SatisfactionType}, 4, 10},
}

// table fills the indicator table.
func (m *maker) table() {
	weights := m.groupPoints()
	for _, w := range weights {
		m.rest = m.rest.Add(w)
	}
	m.left = m.rest
	// What the scores may be together without outpacing the execution by more than
	// 5 %, less what rounding may add.
	if share := m.total.shown.Quo(m.execWeight).Quo(quantity.Ratio(95, 100)); share.Cmp(one) < 0 {
		m.left = m.rest.Mul(share).Sub(quantity.Ratio(1, 4)).Max(zero)
	}
	m.costs = m.moneyCosts()
	if m.chance(60) {
		m.form.Groups = append(m.form.Groups, schema.Group{Weight: filed(m.rest.Short(1))})
	}
	style := m.rng.IntN(3) // what the labels state: nothing, first level, both levels
	subtotals := m.chance(20)
	for i, s := range sections {
		m.section(s, weights[i], style, subtotals)
	}
}

// groupPoints gives the points of the first-level groups: those of the regulations,
// or others of the same sum.
func (m *maker) groupPoints() []number {
	left := hundred.Sub(m.execWeight)
	weights := []number{quantity.Int(50), quantity.Int(30), left.Sub(quantity.Int(80))}
	if weights[2].Sign() <= 0 || m.chance(5) {
		weights = []number{quantity.Int(40), quantity.Int(30), left.Sub(quantity.Int(70))}
	}
	return weights
}

// section fills a first-level group.
func (m *maker) section(s section, total number, style int, subtotals bool) {
	level1 := pick(m, s.labels)
	var types []schema.IndicatorType
	for range 1 + m.rng.IntN(s.most) {
		types = append(types, pick(m, s.types))
	}
	slices.Sort(types)
	if i := slices.Index(types, schema.CostType); len(m.costs) > 0 && i >= 0 {
		types = types[:i]
	}
	if s.types[0] == schema.QuantityType {
		for range m.costs {
			types = append(types, schema.CostType)
		}
	}
	weights := m.partition(total, len(types))
	if style > 0 {
		m.form.Groups = append(m.form.Groups, schema.Group{Level1: level1, Weight: filed(total.Short(1))})
	}
	var costs []moneyCost
	if s.types[0] == schema.QuantityType {
		costs = m.costs
	}
	var sum points
	for i, t := range types {
		if i == 0 || types[i-1] != t {
			if style == 2 {
				of := zero
				for j := range types {
					if types[j] == t {
						of = of.Add(weights[j])
					}
				}
				m.form.Groups = append(m.form.Groups, schema.Group{Level1: level1, Level2: labelOf[t], Weight: filed(of.Short(1))})
			}
		}
		r := row{typ: t, weight: weights[i], limit: m.limit(weights[i])}
		if t == schema.CostType && len(costs) > 0 {
			m.moneyRow(&r, costs[0])
			costs = costs[1:]
		} else {
			m.fill(&r)
		}
		sum = sum.add(m.add(level1, &r))
	}
	if subtotals {
		m.form.Groups = append(m.form.Groups, schema.Group{
			Level1: level1, Subtotal: true, Weight: filed(total.Short(1)), Score: filed(m.sum(sum)),
		})
	}
	m.total = m.total.add(sum)
}

// partition splits points into n weights of at least 1, whole or in halves.
func (m *maker) partition(sum number, n int) []number {
	step := one
	if m.chance(30) {
		step = quantity.Ratio(1, 2)
	}
	weights := make([]number, n)
	left := sum
	for i := range weights {
		weights[i] = one
		left = left.Sub(one)
	}
	for left.Sign() > 0 {
		i := m.rng.IntN(n)
		weights[i] = weights[i].Add(step.Min(left))
		left = left.Sub(step.Min(left))
	}
	return weights
}

// limit gives the most that the next row may score, and takes the row off the rest.
func (m *maker) limit(weight number) number {
	rest := m.rest
	m.rest = m.rest.Sub(weight)
	switch {
	case m.left.Cmp(rest) >= 0, m.left.Cmp(weight) >= 0 && m.chance(30):
		return weight
	}
	return m.left.Quo(rest).Mul(weight).Cut(2)
}

// row is an indicator in the making.
type row struct {
	typ                  schema.IndicatorType
	name, target, actual string
	weight, limit        number
	due                  number
	// reason is set when the row needs a reason, excess when it is for too much.
	reason, excess bool
	// parts of the row: 其中 rows with target and actual value only.
	parts [][3]string
	// split holds operator, value and unit of the target where they can be told apart.
	split [3]string
}

// full reports whether the row is to have its full score.
func (m *maker) full(r *row) bool { return r.limit.Cmp(r.weight) == 0 && m.chance(80) }

// part gives the share of the target that a row may have reached.
func (m *maker) part(r *row) number {
	return r.limit.Quo(r.weight).Mul(quantity.Ratio(m.between(500, 999), 1000))
}

// add files the row and gives its score.
func (m *maker) add(level1 string, r *row) points {
	score := m.points(r.due)
	if m.chance(3) && r.due.Cmp(r.weight) < 0 && r.due.Round(1).Cmp(r.weight) < 0 && r.due.Cut(1).Add(quantity.Ratio(1, 10)).Cmp(r.limit) <= 0 {
		score = r.due.Text(1)
	}
	ind := schema.Indicator{
		Level1: filed(level1), Level2: filed(labelOf[r.typ]), Name: filed(r.name), Target: filed(r.target), Actual: filed(r.actual),
		Weight: filed(m.figure(r.weight, 1)), Score: filed(score),
	}
	if m.split {
		ind.Parts = &schema.TargetParts{Operator: filed(r.split[0]), Value: filed(r.split[1]), Unit: filed(r.split[2])}
		if r.split[1] == "" {
			ind.Parts.Value.Text = r.target
		}
		ind.Target.Text = ind.Parts.Operator.Text + ind.Parts.Value.Text + ind.Parts.Unit.Text
	}
	if m.reasons && r.reason {
		ind.Explanation = filed(m.reason(r.excess))
	}
	m.form.Indicators = append(m.form.Indicators, ind)
	for _, p := range r.parts {
		sub := schema.Indicator{
			Level1: filed(level1), Level2: filed(labelOf[r.typ]), Name: filed(p[0]), Target: filed(p[1]), Actual: filed(p[2]), PartOf: r.name,
		}
		if m.split {
			sub.Parts = &schema.TargetParts{Value: filed(p[1])}
		}
		m.form.Indicators = append(m.form.Indicators, sub)
	}
	p := points{r.due, quantity.Parse(score).Value}
	m.left = m.left.Sub(p.shown).Max(zero)
	return p
}

// reason writes a reason with cause and measure, unlike those of other rows.
func (m *maker) reason(excess bool) string {
	m.n++
	from, to := causes, measures
	if excess {
		from, to = excesses, lessons
	}
	return fmt.Sprintf("%s，涉及%d项工作；%s。", pick(m, from), m.n, pick(m, to))
}

// name gives an indicator a name of its own within the form.
func (m *maker) name(base string) string {
	if m.of != nil {
		base = m.of.theme + base
	}
	for _, prefix := range []string{"", "年度", "重点", "专项", "基层", "城区", "农村", "全县", "本级", "新增", "持续", "辖区", "跨年", "上半年", "下半年"} {
		if n := prefix + base; !m.used[n] {
			m.used[n] = true
			return n
		}
	}
	return base
}

// fill makes a row of the given type.
func (m *maker) fill(r *row) {
	switch words := qualities[r.typ]; {
	case len(words) > 0 && m.chance(25):
		m.qualitative(r, pick(m, words))
		return
	case r.typ == schema.TimeType && m.chance(50):
		m.dated(r)
		return
	}
	switch r.typ {
	case schema.TimeType:
		if m.chance(40) {
			m.counted(r, pick(m, timelyItems), false)
		} else {
			m.counted(r, pick(m, durationItems), true)
		}
	case schema.CostType:
		m.counted(r, pick(m, unitCostItems), true)
	case schema.QualityType, schema.SocialType, schema.EcologicalType:
		if m.chance(15) {
			m.counted(r, pick(m, unwantedItems), true)
			return
		}
		m.counted(r, pick(m, itemsOf[r.typ]), false)
	default:
		m.counted(r, pick(m, itemsOf[r.typ]), false)
	}
}

// qualitative makes a row whose target is words.
func (m *maker) qualitative(r *row, words [2]string) {
	r.name, r.target = m.name(words[0]), words[1]
	if r.limit.Cmp(r.weight) == 0 && m.chance(80) {
		r.due, r.actual = r.weight, pick(m, append([]string{"完成", "效果明显"}, bands[0].phrases...))
		return
	}
	share := m.part(r)
	r.reason = true
	r.due = share.Mul(r.weight).Cut(2)
	if r.due.Cmp(r.weight) >= 0 {
		r.due = r.weight.Sub(quantity.Ratio(1, 100))
	}
	tenths := r.due.Quo(r.weight).Mul(quantity.Int(10))
	for _, b := range bands {
		if tenths.Cmp(quantity.Int(b.low)) >= 0 && tenths.Cmp(quantity.Int(b.high)) <= 0 {
			r.actual = pick(m, b.phrases)
		}
	}
}

// dated makes a time row with a deadline.
func (m *maker) dated(r *row) {
	month := m.between(3, 11)
	year := m.form.Year
	write := func(month, day int64, deadline bool) string {
		before := ""
		if deadline {
			before = pick(m, []string{"前", "之前", "前完成"})
		}
		switch m.rng.IntN(4) {
		case 0:
			return fmt.Sprintf("%d月%d日%s", month, day, before)
		case 1:
			return fmt.Sprintf("%d-%02d-%02d", year, month, day)
		case 2:
			if deadline {
				return fmt.Sprintf("%d月底前", month)
			}
			return fmt.Sprintf("%d年%d月", year, month)
		}
		return fmt.Sprintf("%d年%d月%d日%s", year, month, day, before)
	}
	r.name, r.target = m.name(pick(m, dateNames)), write(month, 28, true)
	switch {
	case m.full(r):
		r.due = r.weight
		r.actual = write(month-m.between(0, 2), m.between(1, 28), false)
		if m.chance(5) {
			r.target, r.actual = fmt.Sprintf("%d年", year), fmt.Sprintf("%d年", year)
		}
	default:
		r.due, r.reason = m.part(r).Mul(r.weight).Cut(2), true
		r.actual = write(month+1, m.between(1, 28), false)
	}
}

// counted makes a row of figures; less is set for what is the better the less.
func (m *maker) counted(r *row, it item, less bool) {
	r.name = m.name(it.name)
	d := 0
	if it.decimals > 0 {
		d = m.rng.IntN(it.decimals + 1)
	}
	fine := d
	if d > 0 && m.chance(50) {
		fine += 3 // the result has more digits than are shown
	}
	t := decimal(m.between(it.least*power(d), it.most*power(d)), d)
	cmp, open := m.operator(r, t, less)
	how := proportion
	if less {
		how = linear
		if m.chance(50) {
			how = ratio
		}
		if open && r.typ == schema.CostType {
			how = m.cost
		}
	}
	v := m.result(r, t, fine, cmp, how, it.unit == "%")
	if r.reason && r.due.Cmp(r.weight) < 0 && !open && m.chance(5) && t.Sign() > 0 {
		// Points may be deducted for other reasons than the figure, if it says why.
		v = t
		if cmp == quantity.MoreThan || cmp == quantity.LessThan {
			v = t.Add(decimal(1, d).Mul(quantity.Int(map[quantity.Comparator]int64{quantity.MoreThan: 1, quantity.LessThan: -1}[cmp])))
		}
		if it.unit == "%" {
			v = v.Min(hundred)
		}
	}
	m.write(r, it, t, v, d, cmp)
	if r.typ == schema.QuantityType && m.chance(5) && d == 0 && !strings.HasPrefix(r.actual, "0") {
		half := m.between(1, 9)
		r.parts = append(r.parts,
			[3]string{"其中：一期", fmt.Sprintf("%d%s", half, it.unit), fmt.Sprintf("%d%s", half, it.unit)},
			[3]string{"其中：二期", fmt.Sprintf("%d%s", half+1, it.unit), fmt.Sprintf("%d%s", half, it.unit)})
	}
}

// operator picks the comparator of a target; open is set when the target states none
// and the row's type does not say either which way is better.
func (m *maker) operator(r *row, t number, less bool) (cmp quantity.Comparator, open bool) {
	c := m.rng.IntN(100)
	switch {
	case c < 35:
		switch r.typ {
		case schema.QuantityType, schema.QualityType, schema.SatisfactionType:
			return quantity.None, less
		case schema.TimeType:
			return quantity.None, less // 及时率 is a percentage and positive
		default:
			return quantity.None, true
		}
	case less && (c > 95 && t.Cmp(quantity.Int(10)) > 0):
		return quantity.LessThan, false
	case less:
		return quantity.AtMost, false
	case c > 95 && t.Cmp(quantity.Int(20)) >= 0 && t.Cmp(quantity.Int(99)) < 0:
		return quantity.MoreThan, false
	case c > 90:
		return quantity.Equal, false
	}
	return quantity.AtLeast, false
}

// result makes the true result for a target and the score that is due for it.
func (m *maker) result(r *row, t number, fine int, cmp quantity.Comparator, how formula, percent bool) number {
	unit := decimal(1, fine)
	least := decimal(1, 0)
	if m.full(r) {
		r.due = r.weight
		switch {
		case how == proportion && r.typ == schema.CostType:
			return t // scored in proportion, so that less cost would lose points
		case how != proportion:
			v := t.Mul(quantity.Ratio(m.between(800, 1000), 1000)).Cut(fine)
			if cmp == quantity.LessThan {
				v = t.Mul(quantity.Ratio(4, 5)).Cut(fine)
			}
			return v
		case cmp == quantity.MoreThan:
			return t.Add(least)
		case percent:
			most := hundred.Min(t.Mul(quantity.Ratio(119, 100)))
			return t.Add(most.Sub(t).Mul(m.share())).Cut(fine).Max(t)
		case cmp == quantity.Equal:
			return t
		case m.chance(6):
			r.reason, r.excess = true, true
			return t.Mul(quantity.Ratio(m.between(1300, 3000), 1000)).Cut(fine)
		}
		return t.Mul(quantity.Ratio(m.between(1000, 1190), 1000)).Cut(fine).Max(t)
	}
	r.reason = true
	share := m.part(r)
	switch {
	case t.Sign() == 0:
		r.due = zero
		return quantity.Int(m.between(1, 4))
	case how == linear || share.Sign() == 0 && how == ratio:
		v := raise(t.Mul(two.Sub(share)), fine)
		r.due = two.Sub(v.Quo(t)).Max(zero).Mul(r.weight)
		return v
	case how == ratio:
		v := raise(t.Quo(share), fine)
		r.due = t.Quo(v).Mul(r.weight)
		return v
	}
	v := t.Mul(share).Cut(fine)
	if v.Cmp(t) >= 0 {
		v = t.Sub(unit)
	}
	r.due = v.Quo(t).Mul(r.weight)
	return v
}

// write writes target and result of a row.
func (m *maker) write(r *row, it item, t, v number, d int, cmp quantity.Comparator) {
	unit := it.unit
	if unit == "%" && m.chance(5) {
		unit = "％"
	}
	value := m.figure(t, d)
	before, after := "", ""
	words := m.chance(30)
	switch cmp {
	case quantity.AtLeast:
		if before = pick(m, lowerSigns); words {
			w := pick(m, lowerWords)
			before, after = w[0], w[1]
		}
	case quantity.AtMost:
		if before = pick(m, upperSigns); words {
			w := pick(m, upperWords)
			before, after = w[0], w[1]
		}
	case quantity.MoreThan:
		before = pick(m, []string{">", "＞", "大于", "超过"})
	case quantity.LessThan:
		before = pick(m, []string{"<", "＜", "小于", "低于"})
	case quantity.Equal:
		before = pick(m, []string{"=", "＝"})
	case quantity.None:
	}
	r.target = before + value + unit + after
	if after == "" && cmp != quantity.Equal {
		// A cell that holds = alone is no cell of a text: it would begin a formula.
		r.split = [3]string{strings.TrimSpace(before), value, unit}
	}
	r.actual = v.Text(d) + unit
	switch {
	case it.factor != 0 && r.due.Cmp(r.weight) == 0 && v.Mul(quantity.Int(it.factor)).IsInt() && m.chance(20):
		r.actual = v.Mul(quantity.Int(it.factor)).Text(0) + it.other
	case it.unit != "%" && m.chance(5):
		r.actual = v.Text(d)
	case v.Round(d).Cmp(v) == 0 && m.chance(30):
		r.actual = v.Short(d) + unit
	}
}

// moneyCosts plans cost rows that share the budget: their targets stay below it, or
// make it up and then cost what was executed.
func (m *maker) moneyCosts() []moneyCost {
	if !m.chance(40) {
		return nil
	}
	n := 1 + m.rng.IntN(4)
	shown := m.adjusted.Round(m.places)
	covering := m.chance(50) && m.left.Cmp(m.rest) >= 0
	budget := shown
	if !covering {
		budget = shown.Mul(quantity.Ratio(m.between(300, 900), 1000)).Cut(m.places)
	}
	costs := make([]moneyCost, n)
	unit := decimal(1, m.places)
	left := budget
	for i := range costs {
		t := left.Quo(quantity.Int(int64(n - i))).Mul(quantity.Ratio(m.between(700, 1000), 1000)).Cut(m.places)
		if i == n-1 {
			t = left
		}
		if t.Cmp(unit.Mul(quantity.Int(5))) < 0 {
			return nil
		}
		costs[i].target, left = t, left.Sub(t)
	}
	if !covering {
		for i := range costs {
			costs[i].actual = costs[i].target.Mul(quantity.Ratio(m.between(850, 1000), 1000)).Cut(m.places)
		}
		return costs
	}
	spent := m.executed
	for i := range costs {
		v := costs[i].target.Mul(m.executed).Quo(shown).Cut(m.fine)
		if i == n-1 {
			v = spent
		}
		if v.Sign() < 0 || v.Cmp(costs[i].target.Add(unit.Mul(quantity.Ratio(2, 5)))) > 0 {
			return nil
		}
		costs[i].actual, spent = v, spent.Sub(v)
	}
	return costs
}

// moneyRow makes the row of a planned cost. It always has an operator, so that less
// is better beyond doubt, unless target and result are the same.
func (m *maker) moneyRow(r *row, c moneyCost) {
	r.name = m.name(pick(m, moneyCostNames))
	unit := m.form.Funds.CurrencyUnit
	before := pick(m, upperSigns)
	value := m.figure(c.target, m.places)
	if m.chance(15) {
		unit = ""
	}
	if r.due = r.weight; r.limit.Cmp(r.weight) < 0 {
		r.due, r.reason = m.part(r).Mul(r.weight).Cut(2), true
	} else if m.chance(20) && (m.cost != proportion || c.actual.Cmp(c.target) == 0) {
		before = ""
	}
	r.target, r.actual = before+value+unit, c.actual.Text(m.places)+unit
	r.split = [3]string{strings.TrimSpace(before), value, unit}
}
