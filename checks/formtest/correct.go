// Package formtest makes self-evaluation forms for tests: correct ones of every kind
// that the regulations allow, and the same with one defect.
//
// A correct form is made from a world of true values: budgets, payments and results
// with more digits than the form shows. What the form shows follows from them the
// way clerks and spreadsheets compute it, so figures that look a little off are
// right, and no rule may object to any of them.
package formtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/quantity"
)

type number = quantity.Number

var (
	zero    = quantity.Int(0)
	one     = quantity.Int(1)
	two     = quantity.Int(2)
	hundred = quantity.Int(100)
)

// Correct makes a random form without any error. The same random numbers make the
// same form. It is read back from canonical JSON, so its fields have places.
func Correct(rng *rand.Rand) *schema.Form { return Reread(Draft(rng)) }

// Draft makes a form as Correct does, but of texts only: its fields have no places
// before it is read. Defects are injected here.
func Draft(rng *rand.Rand) *schema.Form {
	m := &maker{rng: rng, used: map[string]bool{}}
	return m.make()
}

// DraftBatch makes forms as Draft does, as one department files them in one year: each
// of another project, with indicators of its own.
func DraftBatch(rng *rand.Rand) []*schema.Form {
	of := filer{department: pick(&maker{rng: rng}, departments), code: strconv.Itoa(101 + rng.IntN(799)), year: 2018 + rng.IntN(7)}
	forms := make([]*schema.Form, 2+rng.IntN(len(projects)-1))
	for i, n := range rng.Perm(len(projects))[:len(forms)] {
		of.project, of.theme = projects[n], themes[n]
		m := &maker{rng: rng, used: map[string]bool{}, of: &of}
		forms[i] = m.make()
	}
	return forms
}

// filer is who files a form of a batch, and for what; theme stands in the names of the
// project's indicators.
type filer struct {
	department, code string
	year             int
	project, theme   string
}

// Reread writes a form as canonical JSON and reads it again: what was changed in its
// texts is then filed.
func Reread(f *schema.Form) *schema.Form {
	doc := schema.Decode("form.json", schema.Encode([]*schema.Form{f}), grid.DefaultLimits())
	if len(doc.Forms) != 1 || len(doc.Problems) > 0 {
		panic(fmt.Sprintf("formtest: a form reads back as %d forms: %v", len(doc.Forms), doc.Problems))
	}
	return doc.Forms[0]
}

// maker makes one form.
type maker struct {
	rng  *rand.Rand
	form *schema.Form
	used map[string]bool // names of indicators
	of   *filer          // nil for a form that stands alone

	// Amounts are shown with places decimals and truly have fine ones.
	places, fine int
	thousands    bool
	// The true figures of 年度资金总额, and the weight of the execution rate.
	initial, adjusted, executed, execWeight number

	// reasons is set when the table has a column for them; else a remark gives them.
	reasons bool
	remark  []string
	n       int // reasons given so far
	// split is set when targets take three columns.
	split bool
	// cost is how cost rows without an operator are scored throughout the form.
	cost formula
	// costs are the cost rows that share the budget, if the form has such.
	costs []moneyCost

	// left are the points that the rows to come may still have without outpacing the
	// execution, rest the sum of their weights.
	left, rest number
	// unrounded is set when sums are taken of scores before rounding.
	unrounded bool
	// sums of scores, by first-level group and for the total.
	sums  map[string]points
	total points
}

// points are scores as due and as shown.
type points struct{ due, shown number }

func (p points) add(q points) points { return points{p.due.Add(q.due), p.shown.Add(q.shown)} }

// formula is a way to score a missed target.
type formula uint8

const (
	proportion formula = iota // V/T·w
	linear                    // (1 − (V−T)/T)·w
	ratio                     // T/V·w
)

// moneyCost is a cost indicator in the money of the form.
type moneyCost struct{ target, actual number }

func (m *maker) chance(percent int) bool { return m.rng.IntN(100) < percent }

// between gives a whole number from lo to hi.
func (m *maker) between(lo, hi int64) int64 { return lo + m.rng.Int64N(hi-lo+1) }

// share gives a number from 0 to 1.
func (m *maker) share() number { return quantity.Ratio(m.between(0, 1000), 1000) }

func pick[T any](m *maker, from []T) T { return from[m.rng.IntN(len(from))] }

// decimal gives units × 10⁻ᵈ.
func decimal(units int64, d int) number { return quantity.Ratio(units, power(d)) }

func power(d int) int64 {
	p := int64(1)
	for range d {
		p *= 10
	}
	return p
}

// raise rounds a number up to d decimals.
func raise(n number, d int) number {
	if cut := n.Cut(d); cut.Cmp(n) == 0 {
		return cut
	}
	return n.Cut(d).Add(decimal(1, d))
}

func filed(text string) schema.Field { return schema.Field{Text: text} }

// figure writes a number with d decimals; trailing zeros may be dropped where that
// claims nothing: a whole number stands for itself, so only an exact one may look it.
func (m *maker) figure(n number, d int) string {
	if n.Round(d).Cmp(n) == 0 && m.chance(50) {
		return n.Short(d)
	}
	return n.Text(d)
}

// amount writes an amount of money of the fund block.
func (m *maker) amount(n number) string {
	s := m.figure(n, m.places)
	if !m.thousands {
		return s
	}
	whole, frac, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if frac != "" {
		whole += "." + frac
	}
	return whole
}

func (m *maker) make() *schema.Form {
	name, department := pick(m, projects), pick(m, departments)
	m.form = &schema.Form{
		Kind: schema.Project, Title: filed("项目支出绩效自评表"), Year: int(m.between(2018, 2024)),
		Project:    filed(name),
		Department: filed(department), DepartmentName: department, Unit: filed(department + "本级"),
		Goal: schema.Goal{Expected: filed(pick(m, expected)), Actual: filed(pick(m, completed))},
	}
	if m.chance(50) {
		m.form.DepartmentCode = strconv.FormatInt(m.between(101, 899), 10)
		m.form.Department.Text += m.form.DepartmentCode
	}
	if m.of != nil {
		name, m.form.Year, m.form.DepartmentCode = m.of.project, m.of.year, m.of.code
		m.form.Project, m.form.DepartmentName = filed(name), m.of.department
		m.form.Department, m.form.Unit = filed(m.of.department+m.of.code), filed(m.of.department+"本级")
	}
	if m.chance(20) {
		m.form.Heading = filed(fmt.Sprintf("%d. %s", m.between(1, 30), name))
	}
	m.reasons, m.split, m.unrounded = !m.chance(4), m.chance(10), m.chance(40)
	m.cost = pick(m, []formula{proportion, linear, ratio})
	m.sums = map[string]points{}
	m.funds()
	m.table()
	m.closing()
	return m.form
}

// funds fills the fund block.
func (m *maker) funds() {
	f := &m.form.Funds
	f.CurrencyUnit = "万元"
	magnitude := m.between(1, 5)
	m.places = m.rng.IntN(5)
	if m.chance(20) {
		f.CurrencyUnit, m.places, magnitude = "元", m.rng.IntN(3), m.between(4, 8)
	}
	m.fine = m.places
	if m.places > 0 && m.chance(60) {
		m.fine += 3
	}
	m.thousands = m.chance(10)
	least := power(int(magnitude)) * power(m.fine)
	m.adjusted = decimal(m.between(2*least, 10*least), m.fine)
	m.initial = m.adjusted
	if m.chance(25) {
		m.initial = m.adjusted.Mul(quantity.Ratio(m.between(600, 1400), 1000)).Cut(m.fine)
		m.explain(pick(m, []string{"年中按工作需要追加和调整了预算。", "根据财政部门批复，预算予以调整。"}))
	}
	m.executed = m.adjusted
	switch c := m.rng.IntN(100); {
	case c < 25:
	case c < 60:
		m.executed = m.spend(9500, 10000)
	case c < 82:
		m.executed = m.spend(8000, 9500)
	case c < 95:
		m.executed = m.spend(5000, 8000)
	case c < 98:
		m.executed = m.spend(1, 5000)
	default:
		m.executed = zero
	}
	if m.executed.Quo(m.adjusted).Cmp(quantity.Ratio(81, 100)) < 0 {
		m.explain(pick(m, []string{"资金未支付完毕，原因是项目尾款按合同应在次年支付。", "部分资金结转下年继续使用。", "由于招标节约，资金有结余。"}))
	}
	m.execWeight = quantity.Int(10)
	if m.chance(5) {
		m.execWeight = quantity.Int(20)
	}
	rateHeader := m.chance(10)
	total := m.fundRow(schema.RoleTotal, "年度资金总额", m.initial, m.adjusted, m.executed, rateHeader)
	total.Weight = filed(m.figure(m.execWeight, 0))
	total.Score = filed(m.executionScore(&total))
	if len(m.remark) > 0 && m.chance(20) {
		total.Explanation, m.remark = filed(strings.Join(m.remark, "")), nil
	}
	f.Rows = []schema.FundRow{total}
	m.sources(rateHeader)
	switch c := m.rng.IntN(10); {
	case c < 5:
		f.HeaderAmount = filed(m.amount(m.adjusted))
	case c < 7:
		f.HeaderAmount = filed(m.amount(m.initial))
	}
}

// spend gives an executed amount between two shares of the budget, in parts of ten
// thousand.
func (m *maker) spend(lo, hi int64) number {
	return m.adjusted.Mul(quantity.Ratio(m.between(lo, hi), 10000)).Cut(m.fine)
}

// explain keeps a sentence that explains something about the funds; it is filed in
// one of the places that forms have for it.
func (m *maker) explain(s string) { m.remark = append(m.remark, s) }

// fundRow makes a row with its rate, which is computed from the true amounts.
func (m *maker) fundRow(role schema.Role, label string, initial, adjusted, executed number, rateHeader bool) schema.FundRow {
	r := schema.FundRow{
		Role: role, Label: filed(label), RateHeader: rateHeader,
		Initial: filed(m.amount(initial)), Adjusted: filed(m.amount(adjusted)), Executed: filed(m.amount(executed)),
	}
	if adjusted.Sign() > 0 {
		r.Rate = filed(m.figure(executed.Quo(adjusted).Mul(hundred), m.rng.IntN(3)))
		if !rateHeader {
			r.Rate.Text += "%"
		}
	}
	return r
}

// executionScore computes the score of the execution rate in one of the ways in use:
// from the unrounded rate, from the rate with two decimals, or from the rate as filed.
func (m *maker) executionScore(total *schema.FundRow) string {
	rate := m.executed.Quo(m.adjusted).Mul(hundred)
	switch m.rng.IntN(4) {
	case 0:
	case 1:
		rate = total.Rate.Quantity().Value
	default:
		rate = rate.Round(2)
	}
	due := rate.Mul(m.execWeight).Quo(hundred)
	text := m.points(due)
	shown := quantity.Parse(text).Value
	m.total = points{due, shown}
	return text
}

// points writes a score with two decimals.
func (m *maker) points(due number) string {
	r := due.Round(2)
	if exact := due.Cmp(r) == 0; !exact && m.unrounded || m.chance(40) {
		return r.Text(2)
	}
	return r.Short(2)
}

// sources fills the rows of the sources of funds, which truly add up.
func (m *maker) sources(rateHeader bool) {
	n := 1 + m.rng.IntN(len(sourceLabels))
	labels := slices.Clone(sourceLabels)
	m.rng.Shuffle(len(labels), func(i, j int) { labels[i], labels[j] = labels[j], labels[i] })
	adjusted := m.parts(m.adjusted, n)
	initial := adjusted
	if m.initial.Cmp(m.adjusted) != 0 {
		initial = m.parts(m.initial, n)
	}
	executed := m.within(m.executed, adjusted)
	marks := [][2]string{{"-", "-"}, {"", ""}, {"/", "/"}, {"——", "——"}}
	blank := pick(m, marks)
	for i := range n {
		label := labels[i].label
		if i == 0 && m.chance(50) {
			label = pick(m, []string{"其中：", "其中:"}) + label
		}
		r := m.fundRow(labels[i].role, label, initial[i], adjusted[i], executed[i], rateHeader)
		r.Weight, r.Score = filed(blank[0]), filed(blank[1])
		if m.chance(40) || adjusted[i].Sign() == 0 {
			r.Rate = filed(blank[0])
		}
		m.form.Funds.Rows = append(m.form.Funds.Rows, r)
		if labels[i].role == schema.RoleFiscal && label == labels[i].label && m.chance(20) {
			// A finer split of one source, which may be incomplete.
			part := m.fundRow(schema.RoleFiscal, "其中：中央资金", initial[i], adjusted[i], executed[i], rateHeader)
			part.PartOf, part.Weight, part.Score, part.Rate = label, filed(blank[0]), filed(blank[1]), filed(blank[0])
			m.form.Funds.Rows = append(m.form.Funds.Rows, part)
		}
	}
}

// parts splits an amount into n parts, some of them 0.
func (m *maker) parts(sum number, n int) []number {
	parts := make([]number, n)
	left := sum
	for i := range n - 1 {
		if m.chance(40) {
			parts[i] = left.Mul(m.share()).Cut(m.fine)
			left = left.Sub(parts[i])
		}
	}
	parts[n-1] = left
	m.rng.Shuffle(n, func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	return parts
}

// within splits a sum into parts of which none exceeds its bound.
func (m *maker) within(sum number, bounds []number) []number {
	parts := make([]number, len(bounds))
	all := zero
	for _, b := range bounds {
		all = all.Add(b)
	}
	left := sum
	for i, b := range bounds {
		if all.Sign() > 0 {
			parts[i] = b.Mul(sum).Quo(all).Cut(m.fine)
			left = left.Sub(parts[i])
		}
	}
	for i, b := range bounds {
		more := b.Sub(parts[i]).Max(zero).Min(left)
		parts[i] = parts[i].Add(more)
		left = left.Sub(more)
	}
	return parts
}

// closing fills what stands below the table and the explanations.
func (m *maker) closing() {
	f := m.form
	f.Total = schema.Total{Weight: filed("100"), Score: filed(m.sum(m.total))}
	filedTotal := f.Total.Score.Quantity().Value
	if m.chance(40) {
		f.Total.Grade = filed(grade(filedTotal))
	}
	if m.chance(30) {
		f.Remarks = append(f.Remarks, schema.Remark{Label: "评价结论", Text: filed("项目实施情况与年初计划基本一致。")})
	}
	if len(m.remark) > 0 {
		text := strings.Join(m.remark, "")
		if m.chance(60) {
			f.Goal.Actual.Text += text
		} else {
			f.Remarks = append(f.Remarks, schema.Remark{Label: "需要说明的问题", Text: filed(text)})
		}
	}
	if !m.reasons {
		f.Lacks = []string{"indicators.explanation"}
		f.Remarks = append(f.Remarks, schema.Remark{Label: "偏差原因分析", Text: filed("由于部分工作安排较晚，个别指标有偏差；下一步将加强调度。")})
	}
}

// sum writes a sum of scores: of those shown or of those due, with two decimals, one
// or none.
func (m *maker) sum(p points) string {
	n := p.shown
	if m.unrounded && m.chance(50) {
		n = p.due
	}
	switch c := m.rng.IntN(100); {
	case c < 5:
		return n.Text(1)
	case c < 7:
		return n.Text(0)
	}
	if exact := n.Round(2).Cmp(n) == 0; exact && m.chance(50) {
		return n.Short(2)
	}
	return n.Text(2)
}

func grade(total number) string {
	for _, g := range []struct {
		from int64
		name string
	}{{90, "优"}, {80, "良"}, {60, "中"}} {
		if total.Cmp(quantity.Int(g.from)) >= 0 {
			return g.name
		}
	}
	return "差"
}
