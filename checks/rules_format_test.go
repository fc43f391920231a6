package checks

import (
	"strings"
	"testing"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
)

// Leaving out what a rate is per is the usual way to fill in its actual value.
func TestUnitsOfRates(t *testing.T) {
	for _, tt := range []struct {
		target, actual string
		want           bool
	}{
		{"300元/人", "300元", false},
		{"≤7.2万元/公里", "6.77万元", false},
		{"≤500元/人/月", "500元/人·月", false},
		{"每季度1次", "4次", false},
		{"1次/月", "12次", false},
		{"1次/月", "1次", false},
		{"每月10日前", "每月8日", false},
		{"≥2次/年", "2次", false},
		{"300元/人", "300户", true},
		{"300元/人", "30万元", true},
		{"300元/人", "300元/户", true},
		{"1次/月", "12人", true},
	} {
		e := Example{{"/indicators/1/target", tt.target}, {"/indicators/1/actual", tt.actual}}
		if got := fires(t, "unit-mismatch", e) != nil; got != tt.want {
			t.Errorf("%s against %s: %v", tt.target, tt.actual, got)
		}
	}
}

// A span of time in months and in days is no contradiction where a month or year of any
// length makes them the same.
func TestUnitsOfSpans(t *testing.T) {
	for _, tt := range []struct {
		target, actual string
		want           bool
	}{
		{"3个月", "90天", false},
		{"≥3个月", "92天", false},
		{"30天", "1个月", false},
		{"300天", "10个月", false},
		{"1年", "365天", false},
		{"2年", "730天", false},
		{"2年", "24个月", false},
		{"1个月", "20个工作日", false},
		{"1年", "360天", true},
		{"3个月", "120天", true},
		{"5天", "1个月", true},
		{"1个月", "30个工作日", true},
		{"3个月", "90次", true},
	} {
		e := Example{{"/indicators/0/target", tt.target}, {"/indicators/0/actual", tt.actual}}
		if got := fires(t, "unit-mismatch", e) != nil; got != tt.want {
			t.Errorf("%s against %s: %v", tt.target, tt.actual, got)
		}
	}
}

// A checked box is the grade that is filed; none or several are no grade.
func TestCheckedGrade(t *testing.T) {
	for grade, want := range map[string]bool{
		"优□ 良☑ 中□ 差□": true, "☑优 □良": false, "良": true, "优□ 良□ 中□ 差□": false, "优☑ 良☑ 中□ 差□": false,
	} {
		f := fires(t, "grade-mismatch", Example{{"/total/grade", grade}})
		if (f != nil) != want {
			t.Errorf("%s: %v", grade, f)
		}
	}
}

// A table's grade is the word alone, but its cell holds the boxes: writing another word
// would leave the wrong box checked.
func TestCheckedGradeInTable(t *testing.T) {
	const text = "优□ 良☑ 中□ 差□"
	f := schema.Field{Text: "良", Row: &grid.Row{Cells: []*grid.Cell{{Text: "自评等级"}, {Text: text}}}}
	if !byBoxes(f) || !byBoxes(schema.Field{Text: text}) {
		t.Error("boxes are not seen")
	}
	if f.Row.Cells[1].Text = "良"; byBoxes(f) {
		t.Error("boxes are seen where there are none")
	}
}

// Nobody wants bad press or accidents: 0 is a proper target of them, and so is 无.
func TestUnwantedZero(t *testing.T) {
	for _, tt := range []struct {
		rule, name, value string
		want              bool
	}{
		{"target-zero-or-negative", "媒体负面报道", "0起", false},
		{"target-zero-or-negative", "负面舆情", "0起", false},
		{"target-zero-or-negative", "群众上访事项", "0起", false},
		{"target-zero-or-negative", "发案数", "0起", false},
		{"target-zero-or-negative", "媒体报道", "0起", false},
		{"target-zero-or-negative", "饮水安全问题", "0起", false},
		{"target-zero-or-negative", "新增投入", "0万元", true},
		{"target-zero-or-negative", "新增投入", "0", true},
		{"missing-required-cell", "发生食品安全事故", "无", false},
		{"missing-required-cell", "发生食品安全事故", "-", true},
		{"missing-required-cell", "事故处理", "无", true},
		{"missing-required-cell", "开展现场检查", "无", true},
	} {
		e := Example{{"/indicators/1/name", tt.name}, {"/indicators/1/target", tt.value}, {"/indicators/1/actual", tt.value}}
		if got := fires(t, tt.rule, e) != nil; got != tt.want {
			t.Errorf("%s %s: %v", tt.name, tt.value, got)
		}
	}
}

// What is proposed for a cell of figures is right at once: nothing is found in it then.
func TestNumericCellFix(t *testing.T) {
	for _, tt := range []struct{ field, text, want string }{
		{"/funds/rows/0/executed", "114万元", "114"},
		{"/funds/rows/0/executed", "１１４", "114"},
		{"/funds/rows/0/executed", "１，１１４．５０", "1,114.50"},
		{"/funds/rows/0/executed", "１１４．００万元", "114.00"},
		{"/funds/rows/0/executed", "１１４万", "114"},
		{"/funds/rows/0/executed", "１１４００００元", ""},
		{"/indicators/1/score", "１０", "10"},
		{"/indicators/1/score", "１０分", "10分"},
		{"/indicators/1/score", "１０％", ""},
		{"/indicators/1/score", "10。0", "10.0"},
		{"/funds/rows/0/rate", "９５。83％", "95.83%"},
		{"/funds/rows/0/executed", "114．50", "114.50"},
		{"/funds/rows/0/executed", "1。114。5", ""},
		{"/indicators/1/score", "１０个", ""},
	} {
		to, found := "", false
		for _, f := range runExample(t, Example{{tt.field, tt.text}}).Findings {
			if f.Rule.Name == "non-numeric-cell" && f.At.At.Path == tt.field {
				found = true
				if f.Fix != nil {
					to = f.Fix.Edits[0].To
				}
			}
		}
		if !found || to != tt.want {
			t.Errorf("%s becomes %q, want %q", tt.text, to, tt.want)
		}
		if to != "" && fires(t, "non-numeric-cell", Example{{tt.field, to}}) != nil {
			t.Errorf("%s becomes %s, which is no plain number either", tt.text, to)
		}
	}
}

// A wrong rate without a sign gets one when it is corrected, and no more decimals than it
// needs.
func TestBareRateFix(t *testing.T) {
	for filed, want := range map[string]string{
		"0.9321": "95.83%", "0.93": "95.83%", "93.21": "95.83%", "93.21%": "95.83%", "93.2": "95.83%", "93.2100%": "95.8333%",
	} {
		for _, row := range []string{"0", "1"} {
			pointer := "/funds/rows/" + row + "/rate"
			got := ""
			e := Example{{"/funds/rows/0/executed", "115"}, {"/funds/rows/1/executed", "115"}, {pointer, filed}}
			for _, f := range runExample(t, e).Findings {
				if f.Rule.Name == "execution-rate-mismatch" && f.At.At.Path == pointer {
					got = f.Expected
				}
			}
			if got != want {
				t.Errorf("row %s: %s becomes %q, want %s", row, filed, got, want)
			}
		}
	}
}

// An empty text in a document is a field left out: nothing where it may be, one finding
// where it may not.
func TestEmptyTexts(t *testing.T) {
	for pointer, want := range map[string]string{
		"/indicators/0/explanation": "", "/indicators/0/level2": "", "/title": "", "/department/code": "", "/total/weight": "",
		"/funds/rows/1/weight": "", "/funds/rows/2/initial": "",
		"/funds/rows/0/initial": "missing-required-cell", "/indicators/0/score": "missing-required-cell", "/indicators/0/weight": "weight-zero",
	} {
		var got []string
		for _, f := range runExample(t, Example{{pointer, ""}}).Findings {
			if f.At.At.Path == pointer && f.Severity != Note {
				got = append(got, f.Rule.Name)
			}
		}
		if strings.Join(got, ",") != want {
			t.Errorf("%s: %v, want %s", pointer, got, want)
		}
	}
}

// A score above its weight is one flaw, however it may round.
func TestScoreAboveWeightIsNoRounding(t *testing.T) {
	e := Example{{"/indicators/2/weight", "12.5"}, {"/indicators/2/score", "13"}}
	if fires(t, "score-exceeds-weight", e) == nil || fires(t, "coarse-rounding", e) != nil {
		t.Error("want score-exceeds-weight alone")
	}
}
