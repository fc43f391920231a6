package checks

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jixiaolint/schema"
	"jixiaolint/schema/lang"
)

func runExample(t *testing.T, e Example) FileReport {
	t.Helper()
	forms, err := e.Forms()
	if err != nil {
		t.Fatal(err)
	}
	report := Run(context.Background(), &schema.Document{File: "example.json", Forms: forms}, Options{})
	batch := NewBatch(Options{})
	batch.Add(report)
	for _, more := range batch.Finish() {
		report.Findings = append(report.Findings, more.Findings...)
	}
	return report
}

func namesOf(r FileReport, least Severity) []string {
	var names []string
	for _, f := range r.Findings {
		if f.Severity >= least {
			names = append(names, f.Rule.Name+" "+f.At.At.Path)
		}
	}
	return names
}

// The specimen is the correct form that all examples start from: nothing may be
// said of it at any level.
func TestSpecimenIsClean(t *testing.T) {
	for _, f := range runExample(t, nil).Findings {
		t.Errorf("%s at %s: %s", f.Rule.Name, f.At.At.Path, f.Message.ZH)
	}
}

// Every rule's wrong example sets it off, and its right example does not; so the
// documentation, which shows both, cannot be wrong. A right example has no error or
// warning of any rule.
func TestExamples(t *testing.T) {
	// These rules speak of what a reader met in a file; their tests are the readers'.
	ofReaders := []string{schema.RuleUnreadableFile, schema.RuleUnreadableRow, schema.RuleUnreadableCell, schema.RuleHiddenContent, schema.RuleConvertedFile, "shifted-row"}
	for _, r := range All() {
		t.Run(r.Name, func(t *testing.T) {
			if slices.Contains(ofReaders, r.Name) {
				return
			}
			if len(r.Wrong) == 0 || r.Right == nil {
				t.Fatal("the rule has no examples")
			}
			wrong := runExample(t, r.Wrong)
			if !slices.ContainsFunc(wrong.Findings, func(f Finding) bool { return f.Rule == r }) {
				t.Errorf("the wrong example gives %v", namesOf(wrong, Note))
			}
			right := runExample(t, r.Right)
			if slices.ContainsFunc(right.Findings, func(f Finding) bool { return f.Rule == r }) || len(namesOf(right, Warning)) > 0 {
				t.Errorf("the right example gives %v", namesOf(right, Note))
			}
		})
	}
}

// One flaw, one finding: the wrong examples change one thing, and apart from what
// follows from it by arithmetic only the rule itself may speak.
func TestWrongExamplesSetOffLittleElse(t *testing.T) {
	for _, r := range All() {
		if len(r.Wrong) == 0 {
			continue
		}
		var others []string
		for _, f := range runExample(t, r.Wrong).Findings {
			if f.Rule != r && f.Severity == Error {
				others = append(others, f.Rule.Name+" "+f.At.At.Path)
			}
		}
		if len(others) > 2 {
			t.Errorf("%s: the wrong example also gives %v", r.Name, others)
		}
	}
}

var reName = regexp.MustCompile(`^[a-z]+(-[a-z0-9]+)*$`)

// The registry holds what its users rely on: unique, well-formed names, complete
// documentation in both languages, known sources.
func TestRegistry(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range All() {
		if seen[r.Name] || !reName.MatchString(r.Name) {
			t.Errorf("bad or repeated name %q", r.Name)
		}
		seen[r.Name] = true
		for what, text := range map[string]lang.Text{"title": r.Title, "what": r.What, "why": r.Why, "how": r.How} {
			if strings.TrimSpace(text.ZH) == "" || strings.TrimSpace(text.EN) == "" {
				t.Errorf("%s: no %s in both languages", r.Name, what)
			}
		}
		// Nobody must be driven to change a right form.
		guess := r.Severity == Note && slices.Contains([]Group{GroupSatisfaction, GroupIndicator, GroupNarrative}, r.Group)
		if guess && (!strings.Contains(r.How.ZH, "可以忽略") || !strings.Contains(r.How.EN, "Leave it")) {
			t.Errorf("%s: does not say when to leave it be: %s / %s", r.Name, r.How.ZH, r.How.EN)
		}
		if r.Severity == Off || r.Since == "" || len(r.Basis) == 0 && r.Group != GroupInput {
			t.Errorf("%s: severity, since or basis is missing", r.Name)
		}
		for _, code := range r.Basis {
			if _, ok := Sources()[code]; !ok {
				t.Errorf("%s: unknown source %s", r.Name, code)
			}
		}
		if !slices.ContainsFunc(Groups(), func(g GroupInfo) bool { return g.Name == r.Group }) {
			t.Errorf("%s: unknown group %s", r.Name, r.Group)
		}
	}
}

// Every change of every example can be told in the words of the form.
func TestChanges(t *testing.T) {
	for _, r := range All() {
		for _, e := range []Example{r.Wrong, r.Right} {
			changes, err := e.Changes()
			if err != nil || len(changes) != len(e) {
				t.Errorf("%s: %d changes of %d, %v", r.Name, len(changes), len(e), err)
			}
			for _, c := range changes {
				if strings.Contains(c.Field.ZH, ".") || c.Before == "" && c.After == "" {
					t.Errorf("%s: %s is not told: %+v", r.Name, c.Pointer, c)
				}
			}
		}
	}
	changes, err := Example{{"/funds/rows/0/rate", "9%"}, {"/funds/rows/0/rate", nil}, {"/groups/1/weight", "55"}}.Changes()
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []Change{
		{"/funds/rows/0/rate", lang.T("年度资金总额 · 执行率", "年度资金总额 · execution rate (执行率)"), "95.00%", "9%"},
		{"/funds/rows/0/rate", lang.T("年度资金总额 · 执行率", "年度资金总额 · execution rate (执行率)"), "9%", ""},
		{"/groups/1/weight", lang.T("产出指标 · 标注的分值", "产出指标 · stated points"), "50", "55"},
	} {
		if changes[i] != want {
			t.Errorf("got %+v, want %+v", changes[i], want)
		}
	}
	if _, err := (Example{{"/indicators/99/score", "1"}}).Changes(); err == nil {
		t.Error("a row that the form does not have can be changed")
	}
}

// Messages are complete in both languages: no verb without its argument, no Chinese
// message left untranslated.
func TestMessages(t *testing.T) {
	for _, r := range All() {
		for _, f := range runExample(t, r.Wrong).Findings {
			for _, text := range []lang.Text{f.Message, f.Arithmetic, f.Help} {
				if strings.Contains(text.ZH, "%!") || strings.Contains(text.EN, "%!") {
					t.Errorf("%s: bad format: %q / %q", f.Rule.Name, text.ZH, text.EN)
				}
				if (text.ZH == "") != (text.EN == "") {
					t.Errorf("%s: one language is missing: %q / %q", f.Rule.Name, text.ZH, text.EN)
				}
			}
		}
	}
}

// A rule that panics is reported under its own name, and the others go on.
func TestPanicIsContained(t *testing.T) {
	bad := &Rule{Name: "bad", Check: func(*Pass) { panic("boom") }}
	form, err := Example(nil).Form()
	if err != nil {
		t.Fatal(err)
	}
	pass := &Pass{Form: form}
	if err := pass.run(bad); err == nil || !strings.Contains(err.Error(), "boom") {
		t.Errorf("got %v", err)
	}
}

// Fingerprints stay the same when rows are inserted above and when the file is
// renamed, and no two findings share one.
func TestFingerprints(t *testing.T) {
	before := runExample(t, Example{{"/funds/rows/0/rate", "97.50%"}, {"/indicators/7/actual", "930%"}})
	form, err := Example{{"/funds/rows/0/rate", "97.50%"}, {"/indicators/7/actual", "930%"}}.Form()
	if err != nil {
		t.Fatal(err)
	}
	row := form.Indicators[1]
	row.Name.Text = "新增指标数量"
	row.PartOf = "开展现场检查次数"
	form.Indicators = slices.Insert(form.Indicators, 2, row)
	form.Finish()
	after := Run(context.Background(), &schema.Document{File: "renamed.json", Forms: []*schema.Form{form}}, Options{})
	seen := map[string]bool{}
	for _, f := range after.Findings {
		if seen[f.Fingerprint] {
			t.Errorf("%s: fingerprint is not unique", f.Rule.Name)
		}
		seen[f.Fingerprint] = true
	}
	for _, f := range before.Findings {
		if !seen[f.Fingerprint] {
			t.Errorf("%s at %s lost its fingerprint", f.Rule.Name, f.At.At.Path)
		}
	}
}

// Select, ignore and severity act on rules and groups, and unknown names are errors.
func TestOptions(t *testing.T) {
	wrong := Example{{"/funds/rows/0/rate", "97.50%"}}
	form, err := wrong.Form()
	if err != nil {
		t.Fatal(err)
	}
	doc := &schema.Document{Forms: []*schema.Form{form}}
	run := func(o Options) []string {
		if err := o.Validate(); err != nil {
			t.Fatal(err)
		}
		return namesOf(Run(context.Background(), doc, o), Note)
	}
	want := []string{"execution-rate-mismatch /funds/rows/0/rate"}
	if got := run(Options{Select: []string{"budget"}}); !slices.Equal(got, want) {
		t.Errorf("select budget: %v", got)
	}
	if got := run(Options{Ignore: []string{"execution-rate-mismatch"}}); len(got) != 0 {
		t.Errorf("ignore: %v", got)
	}
	if got := Run(context.Background(), doc, Options{Severity: map[string]Severity{"execution-rate-mismatch": Note}}); got.Count(Note) != 1 || got.Count(Error) != 0 {
		t.Errorf("severity: %v", namesOf(got, Note))
	}
	if err := (Options{Ignore: []string{"no-such-rule"}}).Validate(); err == nil {
		t.Error("an unknown name must be an error")
	}
}
