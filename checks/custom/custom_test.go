package custom

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"jixiaolint/checks"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// define makes a rule of a condition on the form.
func define(assert string) Definition {
	return Definition{Name: "x-rule", Assert: assert, At: "form.project", Message: lang.T("错", "wrong")}
}

func mustCompile(t testing.TB, d Definition) *checks.Rule {
	t.Helper()
	r, err := Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func decode(t testing.TB, json string) *schema.Form {
	t.Helper()
	doc := schema.Decode("form.json", []byte(json), grid.DefaultLimits())
	if len(doc.Forms) != 1 {
		t.Fatalf("%d forms, problems %v", len(doc.Forms), doc.Problems)
	}
	return doc.Forms[0]
}

func specimen(t testing.TB, sets ...checks.Set) *schema.Form {
	t.Helper()
	f, err := checks.Example(sets).Form()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// run gives the findings of custom rules alone.
func run(form *schema.Form, rules ...*checks.Rule) checks.FileReport {
	doc := &schema.Document{File: "form.json", Forms: []*schema.Form{form}}
	return checks.Run(context.Background(), doc, checks.Options{Select: []string{"custom", "internal-error"}, Extra: rules})
}

// evaluate gives the truth of a condition on the form.
func evaluate(t *testing.T, form *schema.Form, condition string) truth {
	t.Helper()
	x, _, err := parse(condition, nil, 0)
	if err != nil || x.kind != boolKind {
		t.Fatalf("%s: %v", condition, err)
	}
	return x.truth(newEnv(form, maxSteps))
}

// What a condition means, figure by figure: exact, in one unit, and unknown where the
// form does not say.
func TestConditions(t *testing.T) {
	t.Parallel()
	form := decode(t, `{"version":1,"kind":"project","project":"口岸 专项","year":2022,"unit":"某局",
	 "funds":{"currency_unit":"万元","header_amount":"160000元","rows":[
	  {"role":"total","label":"年度资金总额","initial":"-","adjusted":"16","executed":"14.77","weight":"10","rate":"92.30%","score":"9.23"},
	  {"role":"fiscal","label":"财政拨款","adjusted":"16","executed":"14.77","rate":"0.9"},
	  {"role":"other","label":"其他资金","adjusted":"0","executed":"见附件"}]},
	 "goal":{"expected":"购置设备","actual":"全部完成；资金结余。"},
	 "indicators":[
	  {"level1":"产出指标","level2":"数量指标","name":"设备数","target":"≥20台","actual":"22台","weight":"30","score":"30","explanation":"—"},
	  {"level1":"产出指标","level2":"成本指标","name":"成本","target":"≤2万元","actual":"15000元","weight":"20","score":"0.1"},
	  {"level1":"效益指标","level2":"社会效益指标","name":"覆盖率","target":"95%","actual":"0.96","weight":"30","score":"0.2"},
	  {"level1":"满意度指标","level2":"满意度指标","name":"满意度","target":"较高","actual":"＞90%","weight":"10","score":"没有"}],
	 "total":{"weight":"100","score":"99.23"},"lacks":["unit"]}`)
	const (
		cost  = `filter(form.indicators, .level2 == "成本指标")`
		rows  = `filter(form.indicators, .level1 == "产出指标")`
		first = `filter(form.indicators, .name == "设备数")`
		last  = `filter(form.indicators, .name == "满意度")`
	)
	for condition, want := range map[string]truth{
		// Exact figures.
		`0.1 + 0.2 == 0.3 and form.year > 0`:                                  yes,
		`form.year == 2022`:                                                   yes,
		`1 / 3 * 3 == 1 or form.year < 0`:                                     yes,
		`sum(filter(form.indicators, .weight in [20, 30]), .weight) == 80`:    yes,
		`sum(filter(form.indicators, .score < 1), .score) == 0.3`:             unknown, // 没有 may be below 1
		`sum(filter(form.indicators, .weight < 30), .weight) == 30`:           yes,
		`form.funds.total.rate == 92.3`:                                       yes,
		`form.funds.total.rate >= 92.31`:                                      no,
		`round(form.funds.total.executed / form.funds.total.adjusted, 4) > 0`: yes,
		`round(14.77 / 16 * 100, 2) == 92.31 and form.year > 0`:               yes,
		`round(2.5) == 3 and round(-2.5) == -3`:                               yes,
		`abs(-0.5) == 0.5`:                                                    yes,
		`1 < form.funds.total.weight < 11`:                                    yes,
		`9007199254740993 == 9007199254740992`:                                no,
		// Results agree with what their inputs stand for.
		`agrees(form.funds.total.rate, form.funds.total.executed / form.funds.total.adjusted * 100)`: yes,
		`form.funds.total.rate == form.funds.total.executed / form.funds.total.adjusted * 100`:       no,
		`agrees(92.4, form.funds.total.executed / form.funds.total.adjusted * 100)`:                  no,
		`agrees(form.funds.total.executed * 2, 29.545)`:                                              yes,
		`agrees(form.funds.total.executed * 2, 29.55)`:                                               no, // 14.775 rounds to 14.78
		`agrees(form.total.score, 9.23 + 90)`:                                                        yes,
		`agrees(form.total.score, 99.3)`:                                                             no,
		`agrees(abs(form.funds.total.executed - 14.77), 0.004)`:                                      yes,
		// Units.
		`form.funds.header_amount == form.funds.total.adjusted`:           yes,
		`all(` + cost + `, .actual <= .target)`:                           yes,
		`all(` + cost + `, .actual == 15000)`:                             yes,
		`all(` + first + `, .actual > form.funds.total.executed)`:         unknown, // 台 and 万元
		`any(form.indicators, .actual > .target)`:                         yes,
		`all(filter(form.indicators, .name == "覆盖率"), .actual > .target)`: unknown, // 0.96 of 95%
		`all(` + first + `, unit(.actual) == "台")`:                        yes,
		`all(` + last + `, .actual > 85)`:                                 yes,
		// Nothing is known of what is absent or unreadable, nor of what it makes.
		`form.funds.total.initial > 0`:                                             unknown,
		`form.funds.total.initial == form.funds.total.initial`:                     unknown,
		`form.funds.total.initial * 0 == 0`:                                        unknown,
		`not (form.funds.total.initial > 0)`:                                       unknown,
		`form.funds.total.initial > 0 and form.year == 1`:                          no,
		`form.funds.total.initial > 0 or form.year == 2022`:                        yes,
		`form.year == 2022 and form.funds.total.initial > 0`:                       unknown,
		`(form.funds.total.initial > 0) == (form.year > 0)`:                        unknown,
		`form.funds.total.initial > 0 ? true : true`:                               unknown,
		`(form.year > 0 ? 1 : form.funds.total.initial) == 1`:                      yes,
		`1 / (form.year - 2022) > 0`:                                               unknown,
		`sum(form.indicators, .score) > 0`:                                         unknown,
		`max(map(form.indicators, .score)) >= 30`:                                  unknown,
		`all(form.indicators, .score <= .weight)`:                                  unknown,
		`all(form.indicators, .score < 30)`:                                        no,
		`any(form.indicators, .score == 30)`:                                       yes,
		`any(form.indicators, .score > 30)`:                                        unknown,
		`none(form.indicators, .score > 30)`:                                       unknown,
		`one(form.indicators, .score == 30)`:                                       unknown,
		`one(form.indicators, .weight == 30)`:                                      no,
		`count(form.indicators, .score > 0) >= 1`:                                  unknown,
		`any(filter(form.indicators, .score > 0), .weight == 30)`:                  yes,
		`any(filter(form.indicators, .score > 0), .weight == 10)`:                  unknown,
		`any(filter(form.indicators, .score > 0), .weight == 11)`:                  no,
		`all(form.funds.rows, .rate > 50)`:                                         unknown, // 0.9 may be 90%
		`sum(filter(form.funds.rows, .role != "total"), .executed) == 14.77`:       unknown,
		`sum(filter(form.funds.rows, .role == "fiscal"), .executed) == 14.77`:      yes,
		`form.unit == "别的单位"`:                                                      unknown, // the layout lacks it
		`form.total.grade == "优"`:                                                  unknown, // no such cell
		`present(form.unit)`:                                                       unknown,
		`present(form.project) and not present(form.funds.total.initial)`:          yes,
		`any(form.indicators, present(.explanation))`:                              no,
		`sum(form.groups, .weight) == 0`:                                           unknown,
		`count(form.groups) == 0`:                                                  yes,
		`sum(filter(form.indicators, .level2 == "没有"), .weight) == 0`:              yes,
		`mean(map(filter(form.indicators, .level2 == "没有"), .weight)) == 0`:        unknown,
		`mean(map(` + rows + `, .weight)) == 25`:                                   yes,
		`min(map(form.indicators, .weight)) == 10 and max(1, 2, 3) == 3`:           yes,
		`count(form.indicators) == 4 and count(form.indicators, .weight > 10) < 4`: yes,
		// Texts.
		`form.project == "口岸专项"`:                                      yes,
		`form.project contains "口岸专"`:                                 yes,
		`form.goal.actual matches "结余|结转"`:                            yes,
		`form.goal.actual not matches "结转"`:                           yes,
		`any(form.texts, .text contains "资金结余")`:                      yes,
		`any(map(form.indicators, .name), # == "设备数")`:                yes,
		`any(form.remarks, .text != "")`:                              no,
		`len(form.goal.expected) == 4`:                                yes,
		`text(form.total.score) == "99.23"`:                           yes,
		`num(form.project) > 0`:                                       unknown,
		`num("0.10") == 0.1`:                                          yes,
		`form.kind in ["project","transfer"]`:                         yes,
		`form.project startsWith "口岸" and form.project endsWith "专项"`: yes,
	} {
		if got := evaluate(t, form, condition); got != want {
			t.Errorf("%s: got %d, want %d", condition, got, want)
		}
	}
}

// A rule that cannot be right is refused when it is loaded, with the key, the place
// and what was probably meant.
func TestLoadErrors(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("1 + ", 600) + "1 == 1"
	for _, c := range []struct {
		change func(*Definition)
		want   string
	}{
		{func(d *Definition) { d.Assert = "" }, "assert: there is no condition"},
		{func(d *Definition) { d.Assert = " " }, "assert, line 1, column 1: the expression is empty"},
		{func(d *Definition) { d.Assert = "item.scor <= item.weight" }, `assert, line 1, column 6: there is no field "scor", did you mean score?`},
		{func(d *Definition) { d.Assert = "item.score <=\n  item.wieght" }, `line 2, column 8: there is no field "wieght", did you mean weight?`},
		{func(d *Definition) { d.Assert = "form.fund.total.rate > 1" }, `there is no field "fund", did you mean funds?`},
		{func(d *Definition) { d.Assert = "form.funds.totl.rate > 1" }, `column 12: there is no field "funds.totl", did you mean funds.total?`},
		{func(d *Definition) { d.Assert = "form.funds > 1" }, `funds is no field: name one below it, such as funds.currency_unit`},
		{func(d *Definition) { d.Assert = "score <= 5" }, `there is no name "score", did you mean item.score?`},
		{func(d *Definition) { d.Assert = "all(form.indicators, weight > 5)" }, `did you mean .weight?`},
		{func(d *Definition) { d.Assert = "itm.score <= 5" }, `did you mean item?`},
		{func(d *Definition) { d.For, d.Assert, d.At = "form", "item.score > 1", "form.project" }, "item is for rules with for:"},
		{func(d *Definition) { d.Assert = "item.score + 1" }, "a condition is needed here"},
		{func(d *Definition) { d.Assert = "item.name > 5" }, "item.name is a text; to read it as a figure write num(item.name)"},
		{func(d *Definition) { d.Assert = `item.score == "5"` }, "item.score is a figure; to read it as a text write text(item.score)"},
		{func(d *Definition) { d.Assert = "item.actual == item.target" }, "num(…) or text(…)"},
		{func(d *Definition) { d.Assert = "sume(form.indicators) > 1" }, `there is no function "sume", did you mean sum?`},
		{func(d *Definition) { d.Assert = "toJSON(item.name) == 1" }, `there is no function "toJSON"`},
		{func(d *Definition) { d.Assert = "sum(form.indicators) > 1" }, "a list of figures is needed"},
		{func(d *Definition) { d.Assert = "sum(item.score) > 1" }, "a list is needed here"},
		{func(d *Definition) { d.Assert = "item.score <= " }, "the expression ends too early"},
		{func(d *Definition) { d.Assert = "item.score ≤ 5" }, "write <="},
		{func(d *Definition) { d.Assert = "item.score = 5" }, "write =="},
		{func(d *Definition) { d.Assert = "item.score > 1 AND item.weight > 1" }, "column 16: AND must be in small letters: write and"},
		{func(d *Definition) { d.Assert = "NOT present(item.name)" }, "NOT must be in small letters: write not"},
		{func(d *Definition) { d.Assert = "item.score > 90%" }, "no % after a number"},
		{func(d *Definition) { d.Assert = "item.score > 90% and item.score < 100" }, "no % after a number"},
		{func(d *Definition) { d.Assert = "max(form.indicators, .weight) > 1" }, "write max(map(list, .field))"},
		{func(d *Definition) { d.Assert = "item.score > 1 item.weight > 1" }, `column 16: an operator such as and is missing before "item.weight`},
		{func(d *Definition) { d.Assert = "item.score > 1e999999999 and item.weight > 1" }, "column 14: this number is too large"},
		{func(d *Definition) { d.Assert = "1" + strings.Repeat("0", 40) + " > item.score" }, "column 1: this number is too large"},
		{func(d *Definition) { d.Assert = "item.score < 1e999999999" }, "column 14: this number is too large"},
		{func(d *Definition) { d.Assert = "item.score <= 1e3" }, "write numbers like 12 or 0.9"},
		{func(d *Definition) { d.Assert = "item.score <= 0x10" }, "write numbers like 12 or 0.9"},
		{func(d *Definition) { d.Assert = "item.score ** 2 > 1" }, "the operator ** is not supported"},
		{func(d *Definition) { d.Assert = "item.score / 0 > 1" }, "division by 0"},
		{func(d *Definition) { d.Assert = "form.indicators[0].score > 1" }, "rows cannot be taken by number"},
		{func(d *Definition) { d.Assert = "let a = item.score; a > 1" }, "cannot be used here"},
		{func(d *Definition) { d.Assert = "1 == 1" }, "the condition reads no field of the form"},
		{func(d *Definition) { d.Assert = "item.name matches item.level1" }, "must be a pattern in quotes"},
		{func(d *Definition) { d.Assert = "item.name matches '('" }, "missing closing )"},
		{func(d *Definition) { d.Assert = "item.name matches '(((a{90}){90}){90}){9}'" }, "the pattern cannot be used"},
		{func(d *Definition) { d.Assert = "item.name matches '(abcdefgh){900}'" }, "repeats too often"},
		{func(d *Definition) { d.Assert = "item.name matches '" + strings.Repeat("a", 600) + "'" }, "too long"},
		{func(d *Definition) { d.Assert = long }, "the expression has"},
		{func(d *Definition) { d.Assert = long[:1500] + "1 == 1" }, "too complex"},
		{func(d *Definition) {
			d.Assert = strings.Repeat("(", 900) + "1" + strings.Repeat(")", 900) + " == item.score"
		}, ""},
		{func(d *Definition) { d.Assert = strings.Repeat("-", 900) + "1 == item.score" }, "too complex"},
		{func(d *Definition) { d.Assert = "sum(map(form.indicators, form.indicators)) > 1" }, "a figure or text of each row"},
		{func(d *Definition) { d.When = "item.level2" }, "when, line 1, column 1: a condition is needed here"},
		{func(d *Definition) { d.At = "" }, "at: the field to mark is missing"},
		{func(d *Definition) { d.At = "form.indicators" }, "at, line 1, column 1: a field is needed"},
		{func(d *Definition) { d.At = "item.scores" }, `at, line 1, column 6: there is no field "scores", did you mean score?`},
		{func(d *Definition) { d.Message.EN = "" }, "message.en: the text in this language is missing"},
		{func(d *Definition) { d.Message.ZH = "分值 {item.wight}" }, `message.zh, line 1, column 10: there is no field "wight", did you mean weight?`},
		{func(d *Definition) { d.Message.ZH = "分值 {item.weight" }, "message.zh, line 1, column 4: { without }"},
		{func(d *Definition) { d.Message.ZH = "分值 }" }, "stray }"},
		{func(d *Definition) { d.Message.ZH = "{form.indicators}" }, "a placeholder must be a figure or a text"},
		{func(d *Definition) { d.Message.ZH = strings.Repeat("字", 401) }, "too long"},
		{func(d *Definition) { d.Message.ZH = strings.Repeat("{item.name}", 13) }, "too many placeholders"},
		{func(d *Definition) { d.Help.ZH = "改" }, "help.en: the text"},
		{func(d *Definition) { d.Name = "" }, "name: there is no name"},
		{func(d *Definition) { d.Name = "分值" }, "name: the name must be"},
		{func(d *Definition) { d.Name = "1-x" }, "name: the name must be"},
		{func(d *Definition) { d.Name = "x--y" }, "name: the name must be"},
		{func(d *Definition) { d.Name = "grade-mismatch" }, "name: a built-in rule or group has this name"},
		{func(d *Definition) { d.Name = "budget" }, "name: a built-in rule or group has this name"},
		{func(d *Definition) { d.Severity = "off" }, "severity: must be error, warning or note"},
		{func(d *Definition) { d.For = "rows" }, "for: must be form, indicators, funds or groups"},
		{func(d *Definition) { d.Basis = strings.Repeat("浙", 201) }, "basis: too long"},
	} {
		d := Definition{
			Name: "x-limit", For: "indicators", Assert: "item.weight <= 5", At: "item.weight",
			Message: lang.T("分值 {item.weight}", "{item.weight} points"),
		}
		c.change(&d)
		_, err := Compile(d)
		if c.want == "" {
			if err != nil {
				t.Errorf("%+v: %v", d, err)
			}
			continue
		}
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), c.want) || e.Message.ZH == "" {
			t.Errorf("%.60q: got %v, want %s", d.Assert, err, c.want)
		}
	}
}

// Every name of the canonical document is a field, or is left out on purpose.
func TestFieldsOfDocument(t *testing.T) {
	t.Parallel()
	form := specimen(t)
	form.Heading, form.Remarks = schema.Field{Text: "1. 专项"}, []schema.Remark{{Label: "备注", Text: schema.Field{Text: "说明"}}}
	form.Groups[1].Subtotal, form.Groups[1].Level2, form.Groups[1].Score = true, "数量指标", schema.Field{Text: "5"}
	form.Placeholders = []schema.Field{{Text: "指标2:"}}
	form.Funds.Weight, form.Funds.Rows[0].RateHeader = schema.Field{Text: "10"}, true
	form.Funds.Rows[0].Explanation, form.Funds.Rows[1].PartOf = schema.Field{Text: "结余"}, "财政拨款"
	form.Indicators[0].PartOf = "培训"
	form.Indicators[0].Parts = &schema.TargetParts{Operator: schema.Field{Text: "≥"}, Value: schema.Field{Text: "20"}, Unit: schema.Field{Text: "期"}}
	var visit func(prefix string, v any)
	visit = func(prefix string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, child := range v {
				visit(prefix+"."+key, child)
			}
		case []any:
			shape := map[string]string{"form.funds.rows": "funds", "form.groups": "groups", "form.indicators": "indicators"}[prefix]
			for _, child := range v {
				switch _, isObject := child.(map[string]any); {
				case shape != "":
					visit("item@"+shape, child)
				case isObject: // remarks
					for key := range child.(map[string]any) { //nolint:forcetypeassert // checked above.
						evaluate(t, form, fmt.Sprintf(`any(%s, .%s != "x")`, prefix, key))
					}
				default:
					evaluate(t, form, fmt.Sprintf(`any(%s, .text != "x")`, prefix))
				}
			}
		default:
			if prefix == "form.version" {
				return
			}
			root, path, _ := strings.Cut(prefix, ".")
			_, list, _ := strings.Cut(root, "@")
			d := Definition{
				Name: "x", For: list, Assert: "true", At: strings.TrimSuffix(root, "@"+list) + "." + path,
				Message: lang.T("错", "wrong"),
			}
			if _, err := Compile(d); err != nil && !strings.Contains(err.Error(), "reads no field") {
				t.Errorf("%s: %v", prefix, err)
			}
		}
	}
	visit("form", form.Canonical())
}

// A finding marks the cell, names the cells that the condition read, and fills the
// message in.
func TestFinding(t *testing.T) {
	t.Parallel()
	r := mustCompile(t, Definition{
		Name: "x-limit", Severity: "error", For: "indicators", When: `item.level2 contains "成本"`,
		Assert: "item.weight <= 4 and item.score / item.weight < 2 / 3", At: "item.score",
		Message: lang.T("{{{item.name}}} 分值 {item.weight}，三分之一是 {item.weight / 3}，原因：{item.explanation}", "{item.weight} points"),
		Help:    lang.T("改为 4 分", "make it 4"), Basis: "浙财绩〔2024〕1号",
	})
	form := specimen(t)
	report := run(form, r)
	if len(report.Findings) != 1 {
		t.Fatalf("findings: %v", report.Findings)
	}
	f := report.Findings[0]
	if got := f.Message.ZH; got != "{人均培训成本} 分值 5，三分之一是 1.6667，原因：—" {
		t.Errorf("message %s", got)
	}
	if f.At.At.Path != "/indicators/4/score" || f.At.At.Line == 0 || f.Found != "5" || f.Severity != checks.Error || f.Help.EN != "make it 4" || f.Fingerprint == "" || f.Rule.BasisText().ZH != "浙财绩〔2024〕1号" {
		t.Errorf("finding %+v", f)
	}
	if len(f.Related) != 1 || f.Related[0].At.At.Path != "/indicators/4/weight" || f.Related[0].Label.EN != "weight" {
		t.Errorf("related %+v", f.Related)
	}
	// A cell that is not there is marked at its neighbour.
	r = mustCompile(t, Definition{
		Name: "x-reason", For: "indicators", When: "item.score < item.weight or item.weight == 5",
		Assert: "present(item.explanation)", At: "item.explanation", Message: lang.T("错", "wrong"),
	})
	report = run(form, r)
	if len(report.Findings) != 1 || report.Findings[0].At.At.Path != "/indicators/4/explanation" || report.Findings[0].At.At.Line == 0 || report.Findings[0].Found != "" {
		t.Errorf("findings %+v", report.Findings)
	}
}

// The code of a department is marked where it stands, not at the object that holds it.
func TestMarksPartOfDepartment(t *testing.T) {
	t.Parallel()
	form := decode(t, "{\"version\":1,\"kind\":\"project\",\n\"department\":{\"name\":\"某局\",\n\"code\":\"12\"}}")
	report := run(form, mustCompile(t, Definition{
		Name: "x-code", Assert: "len(form.department.code) == 3", At: "form.department.code", Message: lang.T("错", "wrong"),
	}))
	if len(report.Findings) != 1 {
		t.Fatalf("findings: %v", report.Findings)
	}
	if f := report.Findings[0]; f.At.At.Path != "/department/code" || f.At.At.Line != 3 || f.Found != "12" {
		t.Errorf("marked %+v", f.At)
	}
}

// Custom rules obey the options as those of the catalogue do, and never share a name.
func TestOptions(t *testing.T) {
	t.Parallel()
	r := mustCompile(t, define("form.year == 1999"))
	doc := &schema.Document{File: "form.json", Forms: []*schema.Form{specimen(t)}}
	for _, c := range []struct {
		options checks.Options
		want    checks.Severity
	}{
		{checks.Options{}, checks.Warning},
		{checks.Options{Select: []string{"custom"}}, checks.Warning},
		{checks.Options{Select: []string{"x-rule"}}, checks.Warning},
		{checks.Options{Select: []string{"budget"}}, checks.Off},
		{checks.Options{Ignore: []string{"x-rule"}}, checks.Off},
		{checks.Options{Ignore: []string{"custom"}}, checks.Off},
		{checks.Options{Severity: map[string]checks.Severity{"x-rule": checks.Error}}, checks.Error},
		{checks.Options{Severity: map[string]checks.Severity{"custom": checks.Note}}, checks.Note},
	} {
		c.options.Extra = []*checks.Rule{r}
		if err := c.options.Validate(); err != nil {
			t.Error(err)
		}
		got := checks.Off
		for _, f := range checks.Run(context.Background(), doc, c.options).Findings {
			if f.Rule == r {
				got = f.Severity
			}
		}
		if got != c.want {
			t.Errorf("%+v: severity %s, want %s", c.options, got, c.want)
		}
	}
	if err := (checks.Options{Extra: []*checks.Rule{r, r}}).Validate(); err == nil {
		t.Error("two rules of one name must be an error")
	}
	if _, err := CompileAll([]Definition{define("form.year > 1"), define("form.year > 1"), {}}); err == nil || !strings.Contains(err.Error(), "x-rule: name: another") || !strings.Contains(err.Error(), "rule #3: name") {
		t.Errorf("CompileAll: %v", err)
	}
	if rules, err := CompileAll([]Definition{define("form.year > 1")}); err != nil || len(rules) != 1 {
		t.Errorf("CompileAll: %v, %v", rules, err)
	}
	if _, err := CompileAll(make([]Definition, MaxRules+1)); err == nil {
		t.Error("the number of rules is bounded")
	}
}

// What a rule may cost is bounded: it fails alone, as an internal error under its own
// name, and the other rules go on.
func TestBounds(t *testing.T) {
	t.Parallel()
	var rows []string
	for i := range 400 {
		rows = append(rows, fmt.Sprintf(`{"level1":"产出指标","name":"第%d项","target":"%d.%030d1","actual":"%d","weight":"1","score":"1"}`, i, i+1, i*7919+1, i))
	}
	form := decode(t, `{"version":1,"kind":"project","project":"大表","indicators":[`+strings.Join(rows, ",")+`]}`)
	deep := "true"
	for range 12 {
		deep = "all(form.indicators, .weight == 1 and " + deep + ")"
	}
	costly := map[string]string{
		"nested-lists":  deep,
		"large-figures": "sum(map(form.indicators, 1 / .target)) > 0",
		"sums-of-sums":  "sum(map(form.indicators, sum(form.indicators, .weight) * sum(form.indicators, .weight))) < 0",
	}
	want := []string{"fine"}
	rules := []*checks.Rule{mustCompile(t, Definition{
		Name: "fine", For: "indicators", Assert: `item.weight > 1 or item.name != "第7项"`, At: "item.weight", Message: lang.T("错", "wrong"),
	})}
	for name, assert := range costly {
		d := define(assert)
		d.Name = name
		rules = append(rules, mustCompile(t, d))
		want = append(want, "规则 "+name+" 没有执行完：条件的计算超过了 1000000 步")
	}
	report := run(form, rules...)
	var got []string
	for _, f := range report.Findings {
		if f.Rule.Name == "internal-error" {
			got = append(got, f.Message.ZH)
		} else {
			got = append(got, f.Rule.Name)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !report.Internal || !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
