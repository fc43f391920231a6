package checks

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jixiaolint/checks/profile"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
)

// batchOf runs the forms of an example, each in a file of its own, and gives the batch
// findings.
func batchOf(t *testing.T, e Example, opts Options) []FileReport {
	t.Helper()
	forms, err := e.Forms()
	if err != nil {
		t.Fatal(err)
	}
	b := NewBatch(opts)
	for i, f := range forms {
		for _, field := range f.Fields() {
			field.At.File = strconv.Itoa(i) + ".json"
		}
		b.Add(Run(context.Background(), &schema.Document{File: strconv.Itoa(i) + ".json", Forms: []*schema.Form{f}}, opts))
	}
	return b.Finish()
}

// Forms that look alike for good reasons contradict nothing.
func TestBatchStaysSilent(t *testing.T) {
	other := Set{"/1/project", "口岸运行保障专项"}
	for name, e := range map[string]Example{
		"one form":                {{"/0/total/score", "99.35"}},
		"unit and its department": {other, {"/1/department/code", "433001"}, {"/0/department/code", "433"}},
		"two units":               {other, {"/0/department/code", "433001"}, {"/1/department/code", "433002"}, {"/1/unit", "某县计量测试所"}},
		"another year":            {{"/1/year", 2022}, {"/1/department/code", "501"}, {"/1/total/score", "98.35"}},
		"another unit":            {{"/1/unit", "某县计量测试所"}, {"/1/total/score", "98.35"}},
		"phases": {{"/0/project", "口岸运行专项（一期）"}, {"/1/project", "口岸运行专项（二期）"},
			{"/0/indicators/1/name", "旗县商贸流通调研次数"}, {"/1/indicators/1/name", "旗县商贸流通调研次数"}},
		"another target": {other, {"/0/indicators/1/name", "旗县商贸流通调研次数"}, {"/1/indicators/1/name", "旗县商贸流通调研次数"},
			{"/1/indicators/1/target", "≥40次"}},
		"another department": {other, {"/1/department/name", "某县商务局"}, {"/1/unit", "某县商务局"},
			{"/0/indicators/1/name", "旗县商贸流通调研次数"}, {"/1/indicators/1/name", "旗县商贸流通调研次数"}},
		"stand-ins for names": {{"/0/department/name", "某单位"}, {"/0/unit", "XX单位"}, {"/1/department/name", "某单位"}, {"/1/unit", "XX单位"},
			{"/1/total/score", "98.35"}},
		"real names of one character apart": {{"/0/project", "东山市监管专项"}, {"/1/project", "西山市监管专项"},
			{"/0/goal/expected", "一季度、第1村、额尔古纳市、江宁区各举办业务培训不少于20期，开展现场检查不少于50次。"},
			{"/1/goal/expected", "二季度、第2村、额尔敦纳市、江北区各举办业务培训不少于20期，开展现场检查不少于50次。"}},
		"traditional in one form only": {other, {"/0/goal/expected", "阿爾山口岸和阿尔山口岸举办业务培训不少于20期，开展现场检查不少于50次。"}},
	} {
		for _, r := range batchOf(t, e, Options{}) {
			for _, f := range r.Findings {
				t.Errorf("%s: %s: %s", name, f.Rule.Name, f.Message.ZH)
			}
		}
	}
}

// One form in two formats, or under two names, is a duplicate, not a contradiction.
func TestBatchDuplicates(t *testing.T) {
	reports := batchOf(t, Example{{"/1/funds/rows/0/adjusted", "120.00"}, {"/2/total/score", "99.350"}}, Options{})
	if len(reports) != 1 || len(reports[0].Findings) != 1 {
		t.Fatalf("got %v", reports)
	}
	f := reports[0].Findings[0]
	if f.Severity != Note || f.Rule.Name != "cross-form-identity-mismatch" || f.At.At.File != "1.json" || !reports[0].Batch {
		t.Errorf("got %s %s: %s", f.Severity, f.At.At, f.Message.ZH)
	}
}

// Options act on batch rules as on all others.
func TestBatchOptions(t *testing.T) {
	wrong := Example{{"/1/total/score", "98.35"}}
	name := "cross-form-identity-mismatch"
	if got := batchOf(t, wrong, Options{Ignore: []string{"batch"}}); len(got) != 0 {
		t.Errorf("ignore batch: %v", got)
	}
	if got := batchOf(t, wrong, Options{Select: []string{name}, Severity: map[string]Severity{name: Warning}}); len(got) != 1 || got[0].Count(Warning) != 1 {
		t.Errorf("severity: %v", got)
	}
}

// stubborn is an accumulator that breaks down.
type stubborn struct{}

func (stubborn) Add(*Facts)        { panic("boom") }
func (stubborn) Report(*BatchPass) {}

// A batch rule that panics is reported under its own name.
func TestBatchPanicIsContained(t *testing.T) {
	b := NewBatch(Options{})
	b.rules = append(b.rules, &batchRule{rule: &Rule{Name: "bad"}, acc: stubborn{}})
	report := runExample(t, nil)
	b.Add(report)
	got := b.Finish()
	if len(got) != 1 || !got[0].Internal || got[0].Count(Error) != 1 {
		t.Errorf("got %v", got)
	}
}

// What is kept of a hostile run is bounded, and the report says what was left out.
func TestBatchIsBounded(t *testing.T) {
	p, err := profile.Load(profile.Default)
	if err != nil {
		t.Fatal(err)
	}
	var c copiedIndicators
	room := rowBytes
	for i := range mostKeys + 10 {
		f := &Facts{form: i + 1, room: &room, family: "a", circle: "b", start: schema.Field{At: grid.Location{File: "a.json", Line: 1}}}
		name := schema.Field{Text: fmt.Sprintf("指标名称%d", i), At: grid.Location{Line: 1}, Row: &grid.Row{Cells: []*grid.Cell{{Text: strings.Repeat("长", 200)}}}}
		f.indicators = []namedIndicator{{&name, ""}}
		c.Add(f)
	}
	if n := len(c.names.order); n != mostKeys {
		t.Errorf("%d keys are kept", n)
	}
	pass := &BatchPass{Profile: p, rule: batchRules[1]}
	c.Report(pass)
	if len(pass.found) != 1 || pass.found[0].Severity != Note || pass.found[0].form != mostKeys+1 {
		t.Errorf("got %v", pass.found)
	}
	kept := slices.IndexFunc(c.names.order, func(k *copies) bool { return k.first.Row == nil })
	if room < 0 || kept < 0 {
		t.Errorf("rows are kept without bound: %d bytes left", room)
	}
}

func TestNamesOfPlaces(t *testing.T) {
	for text, want := range map[string][]string{
		"与阿爾山市、海关":      {"阿爾山", "爾山市"},
		"阿尔山口岸":         {"阿尔山"},
		"在满州里口岸和满洲里市":   {"在满州", "满州里", "满洲里", "洲里市"},
		"市":             nil,
		"3市":            nil,
		"全年完成第1季度abc口岸": nil,
	} {
		var got []string
		words().eachPlaceName(text, func(s string) { got = append(got, s) })
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}

func TestSlipsOfThePen(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"兴安盟商务口岸局", "兴安盟商务囗岸局", true},
		{"兴安盟商务口岸局", "兴安盟商口岸局", true},
		{"平川市财政局", "平川县财政局", false},
		{"城东小学校", "城西小学校", false},
		{"第一中学校", "第二中学校", false},
		{"青河县教育局", "青河县体育局", true}, // of one unit: it cannot be under both
		{"青河县教育局", "青河县公安局", false},
	} {
		if got := slipOfPen(tt.a, tt.b); got != tt.want {
			t.Errorf("%s, %s: got %v", tt.a, tt.b, got)
		}
	}
}
