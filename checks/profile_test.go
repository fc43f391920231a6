package checks_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jixiaolint/checks"
	"jixiaolint/checks/formtest"
	"jixiaolint/checks/profile"
	"jixiaolint/schema"
	"jixiaolint/schema/quantity"
)

func load(t *testing.T, name string) *profile.Profile {
	t.Helper()
	p, err := profile.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Every source that a shipped profile names is one that rules can name, and every value
// that a rule names is one of a profile.
func TestProfilesAndRulesKnowEachOther(t *testing.T) {
	var pointers []string
	for _, name := range profile.Names() {
		for _, v := range load(t, name).Values() {
			pointers = append(pointers, v.Pointer)
			for _, code := range v.Source.Basis {
				if _, ok := checks.Sources()[code]; !ok {
					t.Errorf("%s: %s rests on the unknown source %s", name, v.Pointer, code)
				}
			}
		}
	}
	for _, r := range checks.All() {
		for _, use := range r.Uses {
			if !slices.ContainsFunc(pointers, func(p string) bool { return covers(use, p) }) {
				t.Errorf("%s uses %s, which no profile has", r.Name, use)
			}
		}
	}
}

// covers reports whether a pointer that a rule names stands for a value.
func covers(use, pointer string) bool { return pointer == use || strings.HasPrefix(pointer, use+"/") }

// row is an indicator row of a table that a test builds.
func row(level2, name, target, actual, weight, score string) map[string]any {
	level1 := map[string]string{"数量指标": "产出指标", "质量指标": "产出指标", "社会效益指标": "效益指标", "满意度指标": "满意度指标"}[level2]
	r := map[string]any{"level1": level1, "level2": level2, "name": name, "weight": weight, "score": score}
	if target != "" {
		r["target"] = target
	}
	if actual != "" {
		r["actual"] = actual
	}
	return r
}

// table replaces the indicators of the specimen.
func table(rows ...any) checks.Example {
	return checks.Example{{Pointer: "/indicators", Value: rows}, {Pointer: "/groups", Value: nil}}
}

// with changes the specimen: pairs of pointers and values.
func with(pairs ...any) checks.Example {
	var e checks.Example
	for i := 0; i < len(pairs); i += 2 {
		e = append(e, checks.Set{Pointer: fmt.Sprint(pairs[i]), Value: pairs[i+1]})
	}
	return e
}

// spent files an executed amount of a budget of 120 in a form that explains nothing.
func spent(executed, rate, score string) checks.Example {
	return with("/funds/rows/0/executed", executed, "/funds/rows/1/executed", executed, "/funds/rows/0/rate", rate, "/funds/rows/1/rate", rate, "/funds/rows/0/score", score,
		"/indicators/5/explanation", nil, "/goal/actual", "全年举办业务培训22期，开展现场检查50次。")
}

const reason = "由于两件投诉涉及跨省协调，未能按期办结；下一步将建立协办机制，按月督办。"

// borders are forms that stand at the limits of profiles: what a limit divides lies on
// both sides of it here.
func borders(p *profile.Profile) []checks.Example {
	out := []checks.Example{
		with(),
		// Formulas.
		with("/indicators/5/target", "=98%", "/indicators/5/score", "15", "/indicators/5/explanation", nil),
		with("/indicators/5/target", "=96%", "/indicators/5/score", "15", "/indicators/5/explanation", nil),
		with("/indicators/2/name", "安全事故起数", "/indicators/2/target", "≤0起", "/indicators/2/actual", "1起"),
		with("/indicators/2/name", "安全事故起数", "/indicators/2/target", "=0起", "/indicators/2/actual", "1起"),
		// Funds and execution.
		with("/funds/rows/1/initial", "0", "/funds/rows/1/adjusted", "0", "/funds/rows/1/executed", "0", "/funds/rows/1/rate", "-"),
		with("/funds/rows/0/executed", "126", "/funds/rows/0/rate", "105%", "/funds/rows/0/score", "10"),
		with("/funds/rows/0/adjusted", "0", "/funds/rows/0/executed", "0", "/funds/rows/0/rate", "0%", "/funds/rows/0/score", "0"),
		with("/funds/rows/0/adjusted", "0", "/funds/rows/0/executed", "0", "/funds/rows/0/rate", "100%", "/funds/rows/0/score", "10"),
		with("/funds/rows/0/adjusted", "130", "/funds/rows/0/rate", "90%"),
		spent("120", "100%", "10"), spent("108", "90%", "9"), spent("96", "80%", "8"), spent("96", "80%", "7"), spent("72", "60%", "5"),
		spent("60", "50%", "5"), spent("59", "49.17%", "4.92"), spent("95", "79.17%", "7.92"),
		// What must be explained, and what is no explanation.
		with("/indicators/5/explanation", "由于大雨,将加快"),
		with("/indicators/5/explanation", "雨水冲毁路,下一步将加快"),
		with("/indicators/5/explanation", strings.Repeat("由于大雨将加快施工。", 10)),
		with("/indicators/5/explanation", strings.Repeat("由于大雨将加快施工。", 20)),
		with("/indicators/5/explanation", reason, "/indicators/0/explanation", reason, "/indicators/0/score", "14", "/indicators/1/explanation", reason, "/indicators/1/score", "9"),
		// Structure.
		with("/indicators/0/actual", nil, "/indicators/1/actual", nil, "/indicators/2/actual", nil, "/indicators/3/actual", nil,
			"/indicators/0/score", nil, "/indicators/1/score", nil, "/indicators/2/score", nil, "/indicators/3/score", nil),
		table(row("数量指标", "举办培训期数", "", "22期", "50", "50"), row("社会效益指标", "投诉办结率", "", "97%", "30", "30"), row("满意度指标", "参训人员满意度", "", "93%", "10", "10")),
		table(row("数量指标", "举办培训期数", "≥20期", "22期", "50", "50"), row("社会效益指标", "投诉办结率", "≥97%", "98%", "30", "30"), row("满意度指标", "参训人员满意度", "≥90%", "93%", "10", "10")),
		with("/indicators/1/target", nil, "/indicators/1/actual", nil, "/indicators/1/score", nil),
		with("/department/code", "433001"),
		// Figures.
		with("/funds/rows/0/executed", "114.0038", "/funds/rows/0/adjusted", "120.0", "/funds/rows/0/initial", "120.0"),
		with("/indicators/3/target", "12个月", "/indicators/3/actual", "12年"),
		with("/indicators/4/target", "≤5万元", "/indicators/4/actual", "10元"),
		with("/indicators/3/actual", "40000"), with("/indicators/3/actual", "60000"),
		with("/indicators/3/target", "10天", "/indicators/3/actual", "12天"),
		with("/indicators/4/name", "培训成本", "/indicators/4/target", "1200", "/indicators/4/actual", "1200"),
		with("/indicators/4/name", "不涉及", "/indicators/4/target", "不涉及", "/indicators/4/actual", "不涉及"),
		// Indicators.
		with("/indicators/1/name", strings.Repeat("检查次数", 25)),
		with("/indicators/6/target", "持续有效推进持续有效推进"),
		table(row("数量指标", "举办培训期数", "20期", "20期", "10", "10"), row("数量指标", "检查次数", "50次", "50次", "20", "20"), row("质量指标", "合格率", "95%", "95%", "20", "20"),
			row("社会效益指标", "投诉办结率", "97%", "98%", "30", "30"), row("满意度指标", "参训人员满意度", "90%", "93%", "10", "10")),
		table(row("数量指标", "举办培训期数", "20期", "20期", "10", "10"), row("数量指标", "检查次数", "50次", "50次", "10", "10"), row("质量指标", "合格率", "100%", "100%", "20", "20"),
			row("质量指标", "覆盖率", "100%", "100%", "10", "10"), row("社会效益指标", "投诉办结率", "97%", "98%", "30", "30"), row("满意度指标", "参训人员满意度", "90%", "93%", "10", "10")),
		// Texts.
		with("/goal/expected", "甲乙丙一二丁戊己三四", "/goal/actual", "甲乙丙五六丁戊己七八"),
		with("/goal/expected", "甲乙丙丁戊一二三四五", "/goal/actual", "甲乙丙丁戊子丑寅卯辰巳午未申酉戌亥上下左"),
		with("/goal/expected", "甲乙丙丁一二三四", "/goal/actual", "甲乙丙丁子丑寅卯辰巳午未申酉戌亥上下左"),
		with("/goal/expected", "规范各类市场秩序", "/goal/actual", "规范各类市场秩序"),
		with("/goal/actual", "全年支出100万元，其中：培训费50万元、检查费40万元。"),
		with("/indicators/0/name", "参加培训的企业", "/indicators/0/target", "≥20家", "/indicators/0/actual", "16家", "/goal/actual", "全年共有30余家企业参加业务培训。"),
		with("/goal/expected", "实现开门红开门红，规范市场秩序。"),
	}
	for _, actual := range []string{"24期", "26期", "40期"} {
		out = append(out, with("/indicators/0/actual", actual))
	}
	for _, g := range p.Grades {
		// A total that cannot be recomputed is graded as it is filed.
		out = append(out, with("/total/score", g.From.String(), "/total/grade", g.Name, "/indicators/0/score", ""))
	}
	for _, b := range p.Bands {
		for _, word := range append([]string{b.Name}, b.Also...) {
			out = append(out, with("/indicators/6/actual", word))
		}
		for _, share := range []quantity.Number{b.From.Number, b.To.Number} {
			out = append(out, with("/indicators/6/actual", b.Name, "/indicators/6/score", share.Mul(quantity.Int(15)).String()))
		}
	}
	return out
}

// corpus is what the values of a profile are tried on: the borders and, for the default,
// the examples of all rules and generated forms, with what the rules say of each.
type corpus struct {
	profile *profile.Profile
	files   [][]*schema.Form
	base    []map[string]string
}

func newCorpus(t *testing.T, p *profile.Profile) *corpus {
	t.Helper()
	examples := borders(p)
	if p.Name == profile.Default {
		for _, r := range checks.All() {
			if r.Group != checks.GroupBatch {
				examples = append(examples, r.Wrong, r.Right)
			}
		}
	}
	c := &corpus{profile: p}
	for _, e := range examples {
		form, err := e.Form()
		if err != nil {
			t.Fatal(err)
		}
		c.files = append(c.files, []*schema.Form{form})
	}
	if p.Name == profile.Default {
		for seed := range 20 {
			c.files = append(c.files, []*schema.Form{formtest.Correct(random(seed))})
		}
		c.files = append(c.files, batches(t)...)
	}
	for _, forms := range c.files {
		c.base = append(c.base, outcome(forms, p))
	}
	return c
}

// decides reports whether one of the mutated profiles changes what a rule says that
// uses the value.
func (c *corpus) decides(pointer string, mutants ...*profile.Profile) bool {
	uses := func(name string) bool {
		r, ok := checks.Find(name)
		return ok && slices.ContainsFunc(r.Uses, func(use string) bool { return covers(use, pointer) })
	}
	// Forms of which such a rule already speaks are the likelier to show it.
	speaks := func(i int) bool { return slices.ContainsFunc(slices.Collect(maps.Keys(c.base[i])), uses) }
	for _, likely := range []bool{true, false} {
		for i, forms := range c.files {
			if speaks(i) != likely {
				continue
			}
			for _, m := range mutants {
				if slices.ContainsFunc(changed(c.base[i], outcome(forms, m)), uses) {
					return true
				}
			}
		}
	}
	return false
}

// batches are files of several forms at the limits of the rules over batches.
func batches(t *testing.T) [][]*schema.Form {
	t.Helper()
	var out [][]*schema.Form
	batch := func(change checks.Example, totals ...string) {
		var forms []*schema.Form
		for i, total := range totals {
			e := slices.Concat(with("/project", "专项"+string(rune('甲'+i)), "/total/score", total, "/indicators/5/explanation", nil), change)
			form, err := e.Form()
			if err != nil {
				t.Fatal(err)
			}
			forms = append(forms, form)
		}
		out = append(out, forms)
	}
	batch(nil, "95", "95", "95")
	batch(nil, "99", "99", "87")
	batch(nil, "95", "95", "95", "95", "10")
	batch(with("/indicators/1/name", "爱粮节粮行动"), "90", "80")
	return out
}

// outcome is all that the rules say of the forms of a file under a profile, by rule.
func outcome(forms []*schema.Form, p *profile.Profile) map[string]string {
	options := checks.Options{Profile: p}
	r := checks.Run(context.Background(), &schema.Document{File: "form.json", Forms: forms}, options)
	findings := r.Findings
	if len(forms) > 1 {
		batch := checks.NewBatch(options)
		batch.Add(r)
		for _, r := range batch.Finish() {
			findings = append(findings, r.Findings...)
		}
	}
	out := map[string]string{}
	for _, f := range findings {
		out[f.Rule.Name] += fmt.Sprint(f.Severity, f.At.At.Path, f.Message, f.Arithmetic, f.Help, f.Found, f.Expected, f.Fix != nil && fmt.Sprint(f.Fix.Edits) != "")
	}
	return out
}

// changed gives the rules that say something else.
func changed(a, b map[string]string) []string {
	var out []string
	for rule, text := range a {
		if b[rule] != text {
			out = append(out, rule)
		}
	}
	for rule := range b {
		if _, ok := a[rule]; !ok {
			out = append(out, rule)
		}
	}
	return out
}

// mutations gives other values for one: a little more, a little less, the opposite,
// another of the words that a formula may be.
func mutations(pointer string, value any) []any {
	words := map[string][]string{
		"/positive": {"proportional", "free"}, "/equal": {"proportional", "exact", "free"}, "/reverse": {"linear", "ratio", "either", "free"},
		"/zero_target": {"all_or_nothing", "free"}, "/execution/mode": {"linear", "steps"},
	}
	var out []any
	switch v := value.(type) {
	case bool:
		return []any{!v}
	case json.Number:
		n, _ := strconv.Atoi(v.String())
		return []any{n + 1, n - 1}
	case []any: // words: each of them
		for i := range v {
			other := slices.Clone(v)
			other[i] = "另一个说法"
			out = append(out, other)
		}
		return out
	case string:
		if known, ok := words[pointer]; ok {
			for _, w := range known {
				if w != v {
					out = append(out, w)
				}
			}
			return out
		}
		n, _, ok := quantity.ParseDecimal(v)
		switch {
		case !ok:
			return []any{"另一个说法"}
		case n.Sign() == 0:
			return []any{"0.1"}
		}
		for _, factor := range []quantity.Number{quantity.Ratio(11, 10), quantity.Ratio(9, 10), quantity.Int(2), quantity.Ratio(1, 2), quantity.Ratio(1, 1000)} {
			out = append(out, n.Mul(factor).String())
		}
	}
	return out
}

// mutate gives a copy of a profile with another value at a pointer.
func mutate(t *testing.T, p *profile.Profile, pointer string, change func(old any) any) *profile.Profile {
	t.Helper()
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	dec := json.NewDecoder(strings.NewReader(string(b)))
	dec.UseNumber()
	if err := dec.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	at := doc
	keys := strings.Split(pointer[1:], "/")
	for i, key := range keys {
		last := i == len(keys)-1
		switch n := at.(type) {
		case map[string]any:
			if last {
				n[key] = change(n[key])
			}
			at = n[key]
		case []any:
			j, err := strconv.Atoi(key)
			if err != nil {
				t.Fatal(err)
			}
			if last {
				n[j] = change(n[j])
			}
			at = n[j]
		}
	}
	if b, err = json.Marshal(doc); err != nil {
		t.Fatal(err)
	}
	q := &profile.Profile{}
	if err := json.Unmarshal(b, q); err != nil {
		t.Fatalf("%s: %v", pointer, err)
	}
	return q
}

// Changing any value of a profile changes what some rule says, a rule that names the
// value among those it uses. So rules have no constants of their own where the profile
// has a value, and profiles have no value that nothing looks at.
func TestEveryValueDecidesSomething(t *testing.T) {
	t.Parallel()
	for _, name := range profile.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := load(t, name)
			c := newCorpus(t, p)
			for _, v := range p.Values() {
				if !distinctive(t, p, v) {
					continue
				}
				var value any
				dec := json.NewDecoder(strings.NewReader(v.Text))
				dec.UseNumber()
				if err := dec.Decode(&value); err != nil {
					t.Fatal(err)
				}
				all := mutations(v.Pointer, value)
				if _, list := value.([]any); !list {
					if !c.decides(v.Pointer, mutated(t, p, v.Pointer, all)...) {
						t.Errorf("%s %s: no rule that uses it says anything else for %v", v.Pointer, v.Text, all)
					}
					continue
				}
				for _, m := range all {
					if !c.decides(v.Pointer, mutated(t, p, v.Pointer, []any{m})...) {
						t.Errorf("%s: no rule that uses it says anything else for %v", v.Pointer, m)
					}
				}
			}
		})
	}
}

// distinctive reports whether a value is the default's, or one in which a profile
// differs from the one it extends.
func distinctive(t *testing.T, p *profile.Profile, v profile.Value) bool {
	t.Helper()
	if p.Name == profile.Default {
		return true
	}
	if v.From != p.Name {
		return false
	}
	old, ok := load(t, p.Extends).Value(v.Pointer)
	return !ok || old.Text != v.Text
}

func mutated(t *testing.T, p *profile.Profile, pointer string, values []any) []*profile.Profile {
	t.Helper()
	var out []*profile.Profile
	for _, m := range values {
		out = append(out, mutate(t, p, pointer, func(any) any { return m }))
	}
	return out
}

// A form's own headers choose a profile where they leave no doubt, and the default
// where they do.
func TestChoice(t *testing.T) {
	points := func(execution string, rest ...any) checks.Example {
		return append(table(rest...), with("/funds/rows/0/weight", execution)...)
	}
	output := func(w string) any { return row("数量指标", "举办培训期数", "≥20期", "22期", w, w) }
	benefit := func(w string) any { return row("社会效益指标", "投诉办结率", "≥97%", "98%", w, w) }
	satisfied := func(w string) any { return row("满意度指标", "参训人员满意度", "≥90%", "93%", w, w) }
	group := func(level1, level2, w string) any {
		return map[string]any{"level1": level1, "level2": level2, "name": "方案完整性", "target": "完整", "actual": "达成年度指标", "weight": w, "score": w}
	}
	for name, c := range map[string]struct {
		form checks.Example
		want string
	}{
		"the default's own points":  {with(), "cn-2020"},
		"points of no profile":      {points("10", output("45"), benefit("35"), satisfied("10")), "cn-2020"},
		"a sum that is wrong":       {points("20", output("40"), benefit("31"), satisfied("10")), "cn-2020"},
		"a region in the title":     {with("/department/name", "河北省某厅", "/title", "广西项目支出绩效自评表"), "cn-2020"},
		"执行率 20":                    {points("20", output("40"), benefit("30"), satisfied("10")), "hubei-20-80"},
		"执行率 20, of other labels":   {points("20", group("过程指标", "项目管理", "20"), output("40"), benefit("20")), "hubei-20-80"},
		"成本 as a first level":       {points("10", group("成本指标", "经济成本指标", "20"), output("40"), benefit("20"), satisfied("10")), "cn-2021-cost"},
		"成本, other points":          {points("10", group("成本指标", "经济成本指标", "10"), output("40"), benefit("30"), satisfied("10")), "cn-2020"},
		"no satisfaction":           {points("10", output("50"), benefit("40")), "cn-2021-nosat"},
		"a group without its rows":  {with("/indicators/7/level1", "效益指标", "/indicators/7/level2", "社会效益指标"), "cn-2020"},
		"satisfaction under 效益":     {points("10", output("50"), benefit("30"), group("效益指标", "服务对象满意度指标", "10")), "cn-2020"},
		"决策 and 管理":                 {points("10", group("项目决策", "决策程序", "10"), group("项目管理", "制度", "15"), output("30"), benefit("35")), "ningxia-yinchuan"},
		"older grades":              {with("/remarks", []any{map[string]any{"label": "注", "text": "等级：80分以上为优，70-80分为良，60-70分为中，60分以下为差"}}), "legacy-80-70-60"},
		"older grades, grade first": {with("/remarks", []any{map[string]any{"label": "评价等级", "text": "优（80分及以上）、良（70分-80分）、中（60分-70分）"}}), "legacy-80-70-60"},
		"the default's grades":      {with("/remarks", []any{map[string]any{"label": "注", "text": "90（含）-100分为优、80（含）-90分为良、60（含）-80分为中、60分以下为差"}}), "cn-2020"},
		"grades of no profile":      {with("/remarks", []any{map[string]any{"label": "注", "text": "85分以上为优，75-85分为良"}}), "cn-2020"},
	} {
		form, err := c.form.Form()
		if err != nil {
			t.Fatal(err)
		}
		doc := &schema.Document{File: "form.json", Forms: []*schema.Form{form}}
		choice := checks.Run(context.Background(), doc, checks.Options{}).Forms[0].Choice
		if choice.Profile.Name != c.want || !choice.Auto || choice.Because.IsZero() != (c.want == profile.Default) {
			t.Errorf("%s: %s because of %q, want %s", name, choice.Profile.Name, choice.Because.ZH, c.want)
		}
		asked := checks.Run(context.Background(), doc, checks.Options{Profile: load(t, "nmg")}).Forms[0].Choice
		if asked.Profile.Name != "nmg" || asked.Auto || !asked.Because.IsZero() {
			t.Errorf("%s: an explicit profile gave %+v", name, asked)
		}
	}
}
