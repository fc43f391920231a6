package checks

import (
	"context"
	"slices"
	"testing"

	"jixiaolint/checks/profile"
	"jixiaolint/schema"
)

// Indicators may outpace the execution where the form says why money was left, and a
// wrong score of the execution rate is one flaw, not two.
func TestOutpace(t *testing.T) {
	low := Example{{"/funds/rows/0/executed", "108"}, {"/funds/rows/1/executed", "108"}, {"/funds/rows/0/rate", "90%"}, {"/funds/rows/1/rate", "90%"}, {"/funds/rows/0/score", "9"}, {"/total/score", "98.85"}}
	testChanges(t, "score-outpaces-execution", low, []change{
		{"/goal/actual", "举办培训22期，" + shortfallTold, true},
		{"/goal/actual", "由于时间紧，举办培训22期，" + shortfallTold, true},
		{"/goal/actual", "质保金12万元未支付，结转下年。" + shortfallTold, false},
		{"/indicators/5/explanation", "由于跨省投诉较多，下一步将加强协办", true},
		{"/indicators/5/explanation", "由于跨省投诉较多，执行率偏低，下一步将加强协办", false},
		{"/funds/rows/0/explanation", "招标节约", false},
	})
	wrong := Example{{"/total/score", "97.85"}}
	testChanges(t, "score-outpaces-execution", wrong, []change{{"/funds/rows/0/score", "8.5", false}})
	if at := fires(t, "execution-score-mismatch", append(wrong, Set{"/funds/rows/0/score", "8.5"})); at == nil {
		t.Error("the wrong score itself must be found")
	}
}

// Cost targets were set against the initial budget, whatever was cut from it later.
func TestCostTargetsAgainstCutBudget(t *testing.T) {
	cost := Example{{"/indicators/4/name", "培训成本"}, {"/indicators/4/target", "≤150万元"}, {"/indicators/4/actual", "100万元"}}
	for initial, want := range map[string]bool{"120": true, "149": true, "150": false, "160": false} {
		e := append(slices.Clone(cost), Set{"/funds/rows/0/initial", initial})
		if got := fires(t, "cost-sum-exceeds-budget", e) != nil; got != want {
			t.Errorf("initial budget %s: %v", initial, got)
		}
	}
}

// Where the execution rate is scored by steps, 95% earns 7 points of 10: indicators do
// not outpace that.
func TestOutpaceBySteps(t *testing.T) {
	steps, err := profile.Load("jiangxi")
	if err != nil {
		t.Fatal(err)
	}
	forms, err := Example{{"/funds/rows/0/executed", "114"}, {"/funds/rows/1/executed", "114"}, {"/funds/rows/0/rate", "95%"}, {"/funds/rows/1/rate", "95%"}, {"/funds/rows/0/score", "7"}, {"/total/score", "96.85"}}.Forms()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Run(context.Background(), &schema.Document{Forms: forms}, Options{Profile: steps}).Findings {
		if f.Severity >= Warning {
			t.Errorf("%s: %s", f.Rule.Name, f.Message.EN)
		}
	}
}
