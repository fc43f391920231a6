package checks

import (
	"slices"
	"testing"
)

// fires gives the places at which a rule speaks of a changed specimen.
func fires(t *testing.T, rule string, e Example) []string {
	t.Helper()
	var at []string
	for _, f := range runExample(t, e).Findings {
		if f.Rule.Name == rule {
			at = append(at, f.At.At.Path)
		}
	}
	return at
}

// change is a test of one cell: whether the rule speaks of it.
type change struct {
	pointer, text string
	want          bool
}

func testChanges(t *testing.T, rule string, base Example, changes []change) {
	t.Helper()
	for _, c := range changes {
		at := fires(t, rule, append(slices.Clone(base), Set{c.pointer, c.text}))
		if (len(at) > 0) != c.want {
			t.Errorf("%s %q: found at %v, want a finding: %v", c.pointer, c.text, at, c.want)
		}
	}
}

func TestSatisfactionObject(t *testing.T) {
	testChanges(t, "satisfaction-object", nil, []change{
		{"/indicators/7/name", "职工满意度", true},
		{"/indicators/7/name", "指标1:受众满意度", true},
		{"/indicators/7/name", "服务对象满意度指标", true},
		{"/indicators/7/name", "满意度（%）", true},
		{"/indicators/7/name", "困难职工满意度", false},
		{"/indicators/7/name", "受益群众满意度", false},
		{"/indicators/7/name", "参训职工满意度", false},
		{"/indicators/7/name", "群众对市场秩序满意度", false},
		{"/indicators/5/name", "职工满意度", false}, // not a satisfaction indicator
	})
}

func TestSatisfactionMeasured(t *testing.T) {
	testChanges(t, "satisfaction-missing", nil, []change{
		{"/indicators/7/actual", "不涉及", true},
		{"/indicators/7/target", "非常满意", true},
		{"/indicators/7/target", "≥90人", true},
		{"/indicators/7/target", "≥90分", false},
		{"/indicators/7/target", "90", false},
		{"/indicators/7/target", "90%-95%", false},
		{"/indicators/7/target", "满意率达到90%以上", false},
		{"/indicators/7/target", "无", false}, // missing-required-cell speaks of it
	})
	// Complaints are a measure too, and a row that scores nothing keeps no points.
	testChanges(t, "satisfaction-missing", Example{{"/indicators/7/name", "有效投诉次数"}, {"/indicators/7/actual", "1次"}}, []change{{"/indicators/7/target", "≤3次", false}})
	testChanges(t, "satisfaction-missing", Example{{"/indicators/7/score", "0"}}, []change{{"/indicators/7/actual", "未调查", false}})
}

func TestSatisfactionValue(t *testing.T) {
	testChanges(t, "satisfaction-suspicious-value", nil, []change{
		{"/indicators/7/actual", "100%", true},
		{"/indicators/7/actual", "90%", true},
		{"/indicators/7/actual", "90.00%", true},
		{"/indicators/7/actual", "90.1%", false},
	})
	testChanges(t, "satisfaction-suspicious-value", Example{{"/indicators/7/actual", "100%"}}, []change{
		{"/goal/actual", "举办业务培训22期，回收有效问卷180份，投诉办结率未达到目标。", false},
		{"/indicators/7/explanation", "抽样120人", false},
	})
}
