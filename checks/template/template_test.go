package template

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jixiaolint/checks"
	"jixiaolint/checks/profile"
	"jixiaolint/schema"
	"jixiaolint/schema/intake"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// filler fills in a blank form as a clerk does who makes no mistake: texts and figures
// that are typed. What formulas compute is left blank.
type filler struct {
	*rand.Rand
	profile *profile.Profile
	form    *schema.Form
	n       int
}

func load(t testing.TB, name string) *profile.Profile {
	t.Helper()
	p, err := profile.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func fillForm(rng *rand.Rand, p *profile.Profile, rows int) *schema.Form {
	f, _ := (&Form{Profile: p, Year: 2025, Indicators: rows}).draft()
	f.Remarks = slices.DeleteFunc(f.Remarks, func(r schema.Remark) bool { return r.Label == noteLabel })
	fl := &filler{Rand: rng, profile: p, form: f}
	fl.head()
	fl.funds()
	fl.table()
	return f
}

func (fl *filler) between(lo, hi int64) int64 { return lo + fl.Int64N(hi-lo+1) }

func (fl *filler) head() {
	f := fl.form
	f.Project, f.Department, f.Unit = text("农村公路养护项目"), text("某县交通运输局345"), text("某县交通运输局本级")
	f.Goal.Expected = text("按计划实施项目，养护农村公路，改善通行条件。")
	f.Goal.Actual = text("全年养护农村公路320公里，通行条件有所改善，个别任务未完成。")
}

// funds makes amounts whose sources add up, now and then at a border of rounding.
func (fl *filler) funds() {
	rows := fl.form.Funds.Rows
	decimals := fl.IntN(5)
	scale := int64(1)
	for range decimals {
		scale *= 10
	}
	budget, left := fl.between(2, 9000)*scale+fl.Int64N(scale), int64(0)
	executed := budget
	if fl.IntN(3) > 0 {
		executed = budget * fl.between(8200, 10000) / 10000
		left = budget - executed
	}
	amount := func(n int64) schema.Field { return text(quantity.Ratio(n, scale).Text(decimals)) }
	for i := range rows {
		if rows[i].Role == schema.RoleTotal {
			continue
		}
		b, e := int64(0), int64(0)
		if i == 1 {
			b, e = budget, executed
		}
		if i == 2 && budget > 10 && fl.IntN(2) == 0 {
			b = fl.Int64N(budget - left)
			e = b
			rows[1].Initial, rows[1].Adjusted, rows[1].Executed = amount(budget-b), amount(budget-b), amount(executed-b)
		}
		rows[i].Initial, rows[i].Adjusted, rows[i].Executed = amount(b), amount(b), amount(e)
	}
	if left > 0 {
		i := slices.IndexFunc(fl.form.Remarks, func(r schema.Remark) bool { return r.Label == remarkLabel })
		fl.form.Remarks[i].Text = text("由于招标节约，资金有结余，原因是中标价低于预算。")
	}
}

var subjects = []string{"县道", "乡道", "村道", "桥梁", "涵洞", "边沟", "护栏", "标志牌", "绿化带", "路肩", "隧道", "停靠站", "边坡", "路面", "排水管", "照明灯", "标线", "挡墙", "检查井", "警示桩"}

func (fl *filler) table() {
	f := fl.form
	// Points: whole ones for all rows of a group, the rest for the last.
	byGroup := map[string][]int{}
	var order []string
	for i := range f.Indicators {
		key := fl.group(f.Indicators[i].Level1.Text)
		if byGroup[key] == nil {
			order = append(order, key)
		}
		byGroup[key] = append(byGroup[key], i)
	}
	for _, key := range order {
		w := fl.profile.Weights[key]
		rows := byGroup[key]
		each := w.Quo(quantity.Int(int64(len(rows)))).Cut(1)
		for j, i := range rows {
			own := each
			if j == len(rows)-1 {
				own = w.Sub(each.Mul(quantity.Int(int64(len(rows) - 1))))
			}
			f.Indicators[i].Weight = text(own.String())
			fl.indicator(&f.Indicators[i], own)
		}
	}
}

// group gives the key of the profile's weights that a group's points come from.
func (fl *filler) group(level1 string) string {
	for _, g := range groupsOf(fl.profile) {
		if g.label == level1 {
			if _, own := fl.profile.Weights[g.key]; own {
				return g.key
			}
		}
	}
	return profile.AllGroups
}

func (fl *filler) subject() string {
	s := subjects[fl.n%len(subjects)]
	if fl.n >= len(subjects) {
		s += strconv.Itoa(fl.n / len(subjects))
	}
	fl.n++
	return s
}

func (fl *filler) explain(r *schema.Indicator) {
	r.Explanation = text("由于" + r.Name.Text + "任务场地协调滞后，部分工作有偏差；下一步将提前制定计划，按月督办。")
}

// indicator fills in a row: with figures that are met, missed or just at a border, or
// with words.
func (fl *filler) indicator(r *schema.Indicator, weight quantity.Number) {
	s := fl.subject()
	decimals := fl.IntN(3)
	scale := []int64{1, 10, 100}[decimals]
	num := func(n int64) string { return quantity.Ratio(n, scale).Text(decimals) }
	band := func(what string) {
		r.Name, r.Target = text(s+what), text("管护制度健全，"+s+"完好")
		b := fl.profile.Bands[fl.IntN(2)]
		r.Actual = text(b.Name)
		score := weight.Mul(b.From.Add(b.To.Number)).Quo(quantity.Int(2)).Round(1)
		r.Score = text(score.String())
		fl.explain(r)
	}
	switch r.Type() {
	case schema.QuantityType:
		r.Name = text(s + "养护里程")
		t := fl.between(100, 900) * scale
		v := t + fl.Int64N(t/10+1)
		if fl.IntN(3) == 0 {
			v = fl.between(t/2, t)
		}
		sign := []string{"≥", ">=", "＝", "="}[fl.IntN(4)]
		r.Target, r.Actual = text(sign+num(t)+"公里"), text(num(v)+"公里")
		if fl.profile.Equal == profile.Exact && strings.ContainsAny(sign, "=＝") && sign != ">=" && v != t {
			r.Score = text(weight.Mul(quantity.Ratio(4, 5)).Round(1).String()) // for whoever fills it in to say
		}
	case schema.QualityType:
		r.Name = text(s + "验收合格率")
		t := fl.between(80, 95) * scale
		v := fl.between(t*3/4, 100*scale)
		r.Target, r.Actual = text("≥"+num(t)+"%"), text(num(v)+"%")
	case schema.TimeType:
		r.Name, r.Target, r.Actual = text(s+"竣工时间"), text("2025年12月31日前"), text("2025年11月20日")
	case schema.CostType:
		r.Name = text("每公里" + s + "养护成本")
		t := fl.between(100, 900) * scale
		v := fl.between(t*3/4, t*5/4)
		r.Target, r.Actual = text("≤"+num(t)+"元/公里"), text(num(v)+"元/公里")
	case schema.SatisfactionType:
		r.Name = text(s + "沿线村民满意度")
		t := fl.between(80, 92) * scale
		v := t + fl.between(1, 4*scale)
		if fl.IntN(3) == 0 {
			v = fl.between(t*3/4, t-1)
		}
		r.Target, r.Actual = text("≥"+num(t)+"%"), text(num(v)+"%")
	case schema.EconomicType:
		r.Name = text(s + "带动就业人数")
		t := fl.between(100, 900)
		v := fl.between(t*3/4, t*11/10)
		r.Target, r.Actual = text(fmt.Sprintf("≥%d人", t)), text(fmt.Sprintf("%d人", v))
	case schema.SocialType:
		band("通行能力改善程度")
	case schema.EcologicalType:
		band("沿线生态环境改善程度")
	case schema.SustainableType:
		band("长效管护机制健全程度")
	case schema.Untyped:
		band("管理制度健全程度")
	}
	fl.explain(r)
}

// make writes the workbook of a form and reads it back as a program does that computes
// nothing.
func write(t testing.TB, forms ...Form) []byte {
	t.Helper()
	var b bytes.Buffer
	left, err := Write(&b, forms, lang.ZH)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range left {
		t.Errorf("not carried over: %s", l.EN)
	}
	return b.Bytes()
}

func lint(t testing.TB, data []byte, p *profile.Profile) checks.FileReport {
	t.Helper()
	doc := intake.Read(context.Background(), "form.xlsx", data, intake.Options{})
	return checks.Run(context.Background(), doc, checks.Options{Profile: p})
}

// names gives the profiles, a few of them in short runs, such as those under the race
// detector.
func names() []string {
	if testing.Short() {
		return []string{"cn-2020", "cn-2021-cost", "jiangxi"}
	}
	return profile.Names()
}

// A correct form filled in on the template of any profile has no finding, and its
// formulas give what the rules call due.
func TestFilledTemplateIsClean(t *testing.T) {
	for _, name := range names() {
		t.Run(name, func(t *testing.T) {
			p := load(t, name)
			for seed := range uint64(3) {
				rng := rand.New(rand.NewPCG(seed, 1))
				rows := 0
				if seed > 0 {
					rows = LeastIndicators(p) + rng.IntN(16)
				}
				data := write(t, Form{Profile: p, Year: 2025, Indicators: rows, From: fillForm(rng, p, rows)})
				report := lint(t, data, p)
				for _, f := range report.Findings {
					if f.Rule.Name == "layout-lacks" && p.Execution.Weight.Sign() == 0 {
						continue // the form has no place for the score of the execution rate
					}
					t.Errorf("seed %d: %s[%s] %s: %s %s", seed, f.Severity, f.Rule.Name, f.At.At, f.Message.ZH, f.At.Text)
				}
				compare(t, report)
				if seed > 0 || !slices.Contains([]string{"cn-2021-cost", "hebei", "hubei-guangshui"}, name) {
					continue // the calculator is slow
				}
				if cells := coloured(t, data); len(cells) > 0 {
					t.Errorf("seed %d: coloured though right: %v", seed, cells)
				}
			}
		})
	}
}

// Where a form's headers choose its profile, the templates of that profile choose it, and
// are as clean without --profile. Profiles that no header tells are named here.
func TestTemplatesChooseTheirProfile(t *testing.T) {
	silent := []string{"anhui", "cn-2016", "guangxi", "hebei", "jiangxi", "nmg", "shanxi", "sichuan-2023", "tianjin", "yunnan-2020", "zhejiang"}
	for i, name := range names() {
		p := load(t, name)
		form := fillForm(rand.New(rand.NewPCG(uint64(i), 13)), p, 0)
		report := lint(t, write(t, Form{Profile: p, Year: 2025, From: form}), nil)
		chosen := report.Forms[0].Choice.Profile.Name
		if want := name; slices.Contains(silent, name) {
			if chosen != profile.Default {
				t.Errorf("%s: chosen %s", name, chosen)
			}
			continue
		} else if chosen != want {
			t.Errorf("%s: chosen %s", name, chosen)
		}
		for _, f := range report.Findings {
			if f.Rule.Name != "layout-lacks" {
				t.Errorf("%s: %s[%s] %s: %s", name, f.Severity, f.Rule.Name, f.At.At, f.Message.ZH)
			}
		}
	}
}

// compare holds the figures of a form to its score card.
func compare(t *testing.T, report checks.FileReport) {
	t.Helper()
	if len(report.Forms) != 1 {
		t.Fatalf("%d forms", len(report.Forms))
	}
	card := report.Forms[0].ScoreCard()
	for _, l := range card.Funds[:1] {
		if !equal(l.Declared, l.Computed) {
			t.Errorf("rate %s, due %s", l.Declared, l.Computed)
		}
	}
	lines := append(slices.Clone(card.Indicators), card.Total)
	if card.Execution.Weight != "" {
		lines = append(lines, card.Execution)
	}
	for _, l := range lines {
		if len(l.Due) > 0 && !slices.ContainsFunc(l.Due, func(d string) bool { return equal(d, l.Declared) }) {
			t.Errorf("%s %s %s: score %q, due %v (%s)", l.Name, l.Target, l.Actual, l.Declared, l.Due, l.Why.EN)
		}
	}
	if card.Grade.Computed != "" && card.Grade.Declared != card.Grade.Computed {
		t.Errorf("grade %q, due %q", card.Grade.Declared, card.Grade.Computed)
	}
}

func equal(a, b string) bool {
	x, _, okA := quantity.ParseDecimal(strings.TrimSuffix(a, "%"))
	y, _, okB := quantity.ParseDecimal(strings.TrimSuffix(b, "%"))
	return okA && okB && x.Cmp(y) == 0
}

func number(n int64) profile.Decimal { return profile.Decimal{Number: quantity.Int(n)} }
