package compare_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"jixiaolint/checks"
	"jixiaolint/checks/compare"
	"jixiaolint/checks/formtest"
	"jixiaolint/schema"
)

func random(seed int) *rand.Rand { return rand.New(rand.NewPCG(uint64(seed), 20261123)) }

func check(forms ...*schema.Form) []checks.FileReport {
	return []checks.FileReport{checks.Run(context.Background(), &schema.Document{File: "form.json", Forms: forms}, checks.Options{})}
}

// edited gives a form with some of its texts changed.
func edited(f *schema.Form, edit func(*schema.Form)) *schema.Form {
	g := formtest.Reread(f)
	edit(g)
	return formtest.Reread(g)
}

// lines lists all that a comparison says, a line each.
func lines(c compare.Comparison) []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for i := range c.Forms {
		f := &c.Forms[i]
		for _, ch := range f.Changes {
			add("%s %s %s: %s → %s", ch.Kind, ch.Row, ch.Field, ch.Old.Text, ch.New.Text)
		}
		for _, r := range f.Rows {
			name := func(r *compare.Row) string {
				if r == nil {
					return ""
				}
				return r.Name
			}
			add("%s %s: %s → %s", r.Kind, r.List, name(r.Old), name(r.New))
		}
		for _, g := range f.Findings.Gone {
			add("gone %s", g.Rule.Name)
		}
		for _, g := range f.Findings.New {
			add("new %s", g.Rule.Name)
		}
	}
	for _, s := range c.Removed {
		add("removed form %s", s.Name)
	}
	for _, s := range c.Added {
		add("added form %s", s.Name)
	}
	return out
}

// A version compared with itself shows nothing, and all its findings remain; so it does
// in every layout in which it can be filed.
func TestSameFormIsEqual(t *testing.T) {
	defects := formtest.Defects()
	for seed := range 30 {
		rng := random(seed)
		form := formtest.Draft(rng)
		defects[rng.IntN(len(defects))].Inject(rng, form)
		form = formtest.Reread(form)
		report := check(form)
		c := compare.Reports(report, check(form))
		if got := lines(c); len(got) > 0 || !c.Equal() || len(c.Forms) != 1 || len(c.Forms[0].Findings.Remaining) != len(report[0].Findings) {
			t.Fatalf("seed %d: %v", seed, got)
		}
	}
	for _, l := range formtest.Layouts() {
		for seed := range 5 {
			rng := random(seed)
			form := formtest.Correct(rng)
			data, err := l.Write(rng, []*schema.Form{form})
			if err != nil {
				t.Fatal(err)
			}
			other := checks.Run(context.Background(), l.Read(data), checks.Options{})
			c := compare.Reports(check(form), []checks.FileReport{other})
			for _, line := range lines(c) {
				if !strings.HasPrefix(line, "gone ") && !strings.HasPrefix(line, "new ") { // notes on the file format
					t.Errorf("%s, seed %d: %s", l.Name, seed, line)
				}
			}
		}
	}
}

// A defect shows as the change of the one field that has it, and its finding as new; the
// other way round, as the correction of that field, and its finding as gone.
func TestDefectIsTheOnlyChange(t *testing.T) {
	for _, d := range formtest.Defects() {
		t.Run(d.Name, func(t *testing.T) {
			made := 0
			for seed := 0; seed < 200 && made < 2; seed++ {
				rng := random(seed)
				draft := formtest.Draft(rng)
				before := formtest.Reread(draft)
				pointer, ok := d.Inject(rng, draft)
				if !ok {
					continue
				}
				made++
				after := formtest.Reread(draft)
				c := compare.Reports(check(before), check(after))
				back := compare.Reports(check(after), check(before))
				if len(c.Forms) != 1 || len(back.Forms) != 1 {
					t.Fatalf("seed %d: %v", seed, lines(c))
				}
				f := &c.Forms[0]
				finding := func(g *checks.Finding) bool { return g.Rule.Name == d.Rule }
				if !slices.ContainsFunc(f.Findings.New, finding) || !slices.ContainsFunc(back.Forms[0].Findings.Gone, finding) {
					t.Errorf("seed %d: the finding of %s is not new: %v", seed, d.Rule, lines(c))
				}
				checkTouched(t, before, after, f, pointer)
				checkExchanged(t, c, back)
			}
		})
	}
}

// checkTouched holds a comparison to the canonical documents: it shows a change exactly
// where they differ.
func checkTouched(t *testing.T, before, after *schema.Form, f *compare.Form, pointer string) {
	t.Helper()
	olds, news := texts(before), texts(after)
	if len(before.Indicators) != len(after.Indicators) || len(before.Funds.Rows) != len(after.Funds.Rows) ||
		len(before.Groups) != len(after.Groups) || len(before.Placeholders) != len(after.Placeholders) || len(before.Remarks) != len(after.Remarks) {
		if len(f.Rows) == 0 && f.Count(compare.Changed) == 0 {
			t.Errorf("%s: a row came or went, and nothing shows it", pointer)
		}
		return
	}
	touched := map[string]bool{}
	for p := range news {
		touched[p] = olds[p] != news[p]
	}
	for p := range olds {
		touched[p] = olds[p] != news[p]
	}
	for _, ch := range f.Changes {
		p := ch.New.At.Path
		if p == "" {
			p = ch.Old.At.Path
		}
		if p != "" && !touched[p] && !strings.HasPrefix(ch.Field, "department") && ch.Field != "year" && ch.Field != "funds.currency_unit" {
			t.Errorf("%s: %s is said to have changed: %v", pointer, p, ch)
		}
		delete(touched, p)
	}
	for _, r := range f.Rows {
		if r.Kind == compare.Renamed {
			delete(touched, r.New.At.Path)
		}
	}
	for p, really := range touched {
		if really && p == pointer && len(f.Rows) == 0 {
			t.Errorf("%s: nothing says that it changed from %q to %q: %v", p, olds[p], news[p], f.Changes)
		}
	}
}

func texts(f *schema.Form) map[string]string {
	out := map[string]string{}
	for p, field := range f.Fields() {
		if field.Filled() {
			out[p] = strings.TrimSpace(field.Text)
		}
	}
	return out
}

// checkExchanged holds that the comparison of the new version with the old one is the
// exchanged one.
func checkExchanged(t *testing.T, there, back compare.Comparison) {
	t.Helper()
	opposite := map[string]string{"gone": "new", "new": "gone", "added": "removed", "removed": "added"}
	// The row of a change has the name of the new version, and so is left out.
	parts := func(line string) (head, what, from, to string) {
		head, what, _ = strings.Cut(line, " ")
		what, values, _ := strings.Cut(what, ": ")
		from, to, _ = strings.Cut(values, " → ")
		return head, what[strings.LastIndex(what, " ")+1:], from, to
	}
	var got, want []string
	for _, line := range lines(back) {
		head, what, from, to := parts(line)
		if o := opposite[head]; o != "" {
			head = o
		}
		got = append(got, fmt.Sprint(head, " ", what, ": ", to, " → ", from))
	}
	for _, line := range lines(there) {
		head, what, from, to := parts(line)
		want = append(want, fmt.Sprint(head, " ", what, ": ", from, " → ", to))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("exchanged:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestRows(t *testing.T) {
	indicator := func(name, target, actual, score string) schema.Indicator {
		f := func(s string) schema.Field { return schema.Field{Text: s} }
		return schema.Indicator{Level1: f("产出指标"), Level2: f("数量指标"), Name: f(name), Target: f(target), Actual: f(actual), Weight: f("10"), Score: f(score)}
	}
	base := []schema.Indicator{
		indicator("购置电脑数", "≥5台", "5台", "10"), indicator("维修车辆数", "≥3辆", "3辆", "10"),
		indicator("培训人次", "≥80人次", "90人次", "10"), indicator("印发材料数", "≥200份", "200份", "10"),
	}
	draft := formtest.Draft(random(1))
	draft.Indicators = base
	for name, test := range map[string]struct {
		edit func([]schema.Indicator) []schema.Indicator
		want string
	}{
		"inserted": {func(r []schema.Indicator) []schema.Indicator {
			return slices.Insert(r, 1, indicator("走访企业数", "≥7家", "7家", "10"))
		}, "added indicators:  → 走访企业数"},
		"deleted": {func(r []schema.Indicator) []schema.Indicator { return slices.Delete(r, 1, 2) },
			"removed indicators: 维修车辆数 → "},
		"moved": {func(r []schema.Indicator) []schema.Indicator {
			return append(slices.Delete(slices.Clone(r), 0, 1), r[0])
		},
			"moved indicators: 购置电脑数 → 购置电脑数"},
		"exchanged": {func(r []schema.Indicator) []schema.Indicator { r[1], r[2] = r[2], r[1]; return r },
			"moved indicators: 培训人次 → 培训人次\nmoved indicators: 维修车辆数 → 维修车辆数"},
		"renamed, the rest agrees": {func(r []schema.Indicator) []schema.Indicator { r[1].Name.Text = "公务用车养护"; return r },
			"renamed indicators: 维修车辆数 → 公务用车养护"},
		"renamed a little and corrected": {func(r []schema.Indicator) []schema.Indicator {
			r[1].Name.Text, r[1].Actual.Text = "维修车辆数量", "2辆"
			return r
		}, "changed 维修车辆数量 indicators.actual: 3辆 → 2辆\nrenamed indicators: 维修车辆数 → 维修车辆数量"},
		"replaced": {func(r []schema.Indicator) []schema.Indicator {
			r[1] = indicator("走访企业", "≥7家", "7家", "9")
			return r
		}, "added indicators:  → 走访企业\nremoved indicators: 维修车辆数 → "},
		"another group": {func(r []schema.Indicator) []schema.Indicator { r[1].Level2.Text = "质量指标"; return r },
			"changed 维修车辆数 indicators.level2: 数量指标 → 质量指标"},
		"other blanks in a name": {func(r []schema.Indicator) []schema.Indicator { r[1].Name.Text = "维修 车辆数"; return r },
			"rewritten 维修 车辆数 indicators.name: 维修车辆数 → 维修 车辆数"},
	} {
		t.Run(name, func(t *testing.T) {
			before := formtest.Reread(draft)
			after := edited(draft, func(f *schema.Form) { f.Indicators = test.edit(f.Indicators) })
			var got []string
			c, back := compare.Reports(check(before), check(after)), compare.Reports(check(after), check(before))
			for _, line := range lines(c) {
				if !strings.HasPrefix(line, "gone ") && !strings.HasPrefix(line, "new ") {
					got = append(got, line)
				}
			}
			slices.Sort(got)
			if strings.Join(got, "\n") != test.want {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), test.want)
			}
			checkExchanged(t, c, back)
		})
	}
}

// Values that say the same are told from those that do not.
func TestWriting(t *testing.T) {
	for _, test := range []struct {
		old, new string
		kind     compare.Kind
	}{
		{"92.30%", "92.3%", compare.Rewritten},
		{"９２.３%", "92.3%", compare.Rewritten},
		{"1,200", "1200", compare.Rewritten},
		{"1.2万元", "12000元", compare.Rewritten},
		{"≥80%", "不低于80%", compare.Rewritten},
		{"80%-90%", "80%~90%", compare.Rewritten},
		{"—", "", compare.Rewritten},
		{"5 台", "5台", compare.Rewritten},
		{"92.3%", "92.31%", compare.Changed},
		{"≥80%", "80%", compare.Changed},
		{"≥80%", "≤80%", compare.Changed},
		{"1.2万元", "12000", compare.Changed},
		{"5台", "5套", compare.Changed},
		{"2022年12月", "2023年12月", compare.Changed},
		{"", "0", compare.Changed},
		{"1万人", "10000人", compare.Rewritten},
		{"5日", "5个工作日", compare.Changed},
		{"5台", " 5台 ", ""},
	} {
		draft := formtest.Draft(random(2))
		set := func(s string) *schema.Form {
			return edited(draft, func(f *schema.Form) { f.Indicators[0].Actual.Text = s })
		}
		c := compare.Reports(check(set(test.old)), check(set(test.new)))
		var got compare.Kind
		if ch := c.Forms[0].Changes; len(ch) > 0 {
			got = ch[0].Kind
		}
		if got != test.kind {
			t.Errorf("%q → %q: %q, want %q", test.old, test.new, got, test.kind)
		}
	}
}

// A finding whose figure changed and is wrong still is not gone and new: it remains.
func TestStillWrongRemains(t *testing.T) {
	draft := formtest.Draft(random(3))
	set := func(rate string) *schema.Form {
		return edited(draft, func(f *schema.Form) { f.FundTotal().Rate.Text = rate })
	}
	c := compare.Reports(check(set("11.11%")), check(set("12.12%")))
	rule := "execution-rate-mismatch"
	of := func(r compare.Remaining) bool {
		return r.New.Rule.Name == rule && r.Old.Found != r.New.Found
	}
	if f := c.Forms[0].Findings; !slices.ContainsFunc(f.Remaining, of) || strings.Contains(strings.Join(lines(c), " "), rule) {
		t.Errorf("%v", lines(c))
	}
}

// Forms are paired by project whatever their order; a project that was renamed is found
// by its indicators; forms of one version only are said.
func TestFormsArePaired(t *testing.T) {
	rng := random(4)
	var forms []*schema.Form
	for i := range 4 {
		forms = append(forms, edited(formtest.Draft(rng), func(f *schema.Form) { f.Project.Text = fmt.Sprintf("项目%c", '甲'+rune(i)) }))
	}
	renamed := edited(forms[1], func(f *schema.Form) { f.Project.Text = "另一个名字" })
	c := compare.Reports(check(forms[0], forms[1], forms[2]), check(forms[3], renamed, forms[0]))
	var got []string
	for _, f := range c.Forms {
		got = append(got, f.Old.Name+" → "+f.New.Name)
	}
	if want := []string{forms[1].Project.Text + " → 另一个名字", forms[0].Project.Text + " → " + forms[0].Project.Text}; !slices.Equal(got, want) {
		t.Errorf("pairs %q, want %q", got, want)
	}
	if len(c.Removed) != 1 || len(c.Added) != 1 || c.Removed[0].Name != forms[2].Project.Text || c.Added[0].Name != forms[3].Project.Text {
		t.Errorf("removed %d, added %d", len(c.Removed), len(c.Added))
	}
}

// Among forms of one name, those that did not change belong together, whatever was
// inserted before them.
func TestUnchangedFormsArePairedFirst(t *testing.T) {
	rng := random(5)
	var forms []*schema.Form
	for range 3 {
		forms = append(forms, edited(formtest.Draft(rng), func(f *schema.Form) {
			f.Project.Text, f.Department.Text, f.Unit.Text, f.Year = "公用经费", "财政局", "财政局", 2022
		}))
	}
	c := compare.Reports(check(forms[1], forms[2]), check(forms...))
	if got := lines(c); !slices.Equal(got, []string{"added form 公用经费"}) {
		t.Errorf("%v", got)
	}
}

// A heading that stays as it is has not changed, whatever becomes of the project that it
// repeats; one that merely counts the forms of a file says nothing by another number.
func TestHeadings(t *testing.T) {
	form := formtest.Correct(random(3))
	project := form.Project.Text
	with := func(heading, project string) *schema.Form {
		return edited(form, func(f *schema.Form) { f.Heading.Text, f.Project.Text = heading, project })
	}
	for _, tt := range []struct {
		name          string
		before, after *schema.Form
		want          []string
	}{
		{"project renamed", with("1. "+project, project), with("1. "+project, project+"经费"), []string{"project"}},
		{"form moved", with("1. "+project, project), with("2. "+project, project), nil},
		{"heading dropped", with("1. "+project, project), with("", project), nil},
		{"both renamed", with("1. "+project, project), with("1. 另一项目", project+"经费"), []string{"heading", "project"}},
		{"heading added", with("", project), with("附件三", project), []string{"heading"}},
	} {
		var got []string
		for _, c := range compare.Reports(check(tt.before), check(tt.after)).Forms[0].Changes {
			got = append(got, c.Field)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
