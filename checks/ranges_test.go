package checks

import (
	"slices"
	"testing"
)

// The upper end of a range is a bound: of what should be little, more is an overrun;
// of what should be much, it is what over-fulfilment is measured from.
func TestRangesAsTargets(t *testing.T) {
	days := Example{{"/indicators/3/name", "现场检查平均用时"}, {"/indicators/3/target", "10～20天"}}
	testChanges(t, "duration-overrun-full-score", days, []change{
		{"/indicators/3/actual", "15天", false},
		{"/indicators/3/actual", "20天", false},
		{"/indicators/3/actual", "21天", false}, // less than a fifth too long
		{"/indicators/3/actual", "30天", true},
	})
	testChanges(t, "over-fulfilment-unexplained", Example{{"/indicators/0/target", "10-20期"}}, []change{
		{"/indicators/0/actual", "20期", false},
		{"/indicators/0/actual", "22期", false},
		{"/indicators/0/actual", "30期", true},
	})
	testChanges(t, "positive-score-mismatch", Example{{"/indicators/0/target", "10-20期"}}, []change{
		{"/indicators/0/actual", "12期", false},
		{"/indicators/0/actual", "8期", true},
	})
}

// A negative amount is reported where it stands; the score of its rate is at least 0.
func TestNegativeAmounts(t *testing.T) {
	spent := Example{{"/funds/rows/0/executed", "-114"}, {"/funds/rows/0/rate", "-95.00%"}, {"/funds/rows/0/score", "0"}}
	if at := fires(t, "target-zero-or-negative", spent); !slices.Equal(at, []string{"/funds/rows/0/executed"}) {
		t.Errorf("found at %v", at)
	}
	if at := fires(t, "execution-score-mismatch", spent); len(at) > 0 {
		t.Errorf("a score of 0 is right, yet found at %v", at)
	}
}

// Satisfaction may stand under 效益; where labels are lost, absence proves nothing.
func TestMissingSections(t *testing.T) {
	testChanges(t, "missing-section", Example{{"/indicators/7/level1", "效益指标"}}, []change{
		{"/indicators/7/level2", "服务对象满意度指标", false},
		{"/indicators/7/level2", "社会效益指标", true},
	})
	if at := fires(t, "missing-section", Example{{"/indicators/7/level1", nil}, {"/indicators/7/level2", nil}}); len(at) > 0 {
		t.Errorf("a row without labels may be the one that is missed, yet found at %v", at)
	}
}
