package checks

import (
	"testing"

	"jixiaolint/schema"
)

// With a wrong total, a grade that fits the right total or the filed one is no second
// flaw, and one that fits neither is held to the right total.
func TestGradeOfWrongTotal(t *testing.T) {
	for _, tt := range []struct {
		total, grade, due string
	}{
		{"99.35", "良", "优"},
		{"50", "优", ""},
		{"50", "差", ""},
		{"50", "良", "优"},
		{"9.35", "优", ""},
	} {
		var got string
		for _, f := range runExample(t, Example{{"/total/score", tt.total}, {"/total/grade", tt.grade}}).Findings {
			if f.Rule.Name == "grade-mismatch" {
				got = f.Fix.Edits[0].To
			}
		}
		if got != tt.due {
			t.Errorf("total %s, grade %s: proposes %q, want %q", tt.total, tt.grade, got, tt.due)
		}
	}
}

// The recomputed total takes wrong scores as they are due, and its grade with them.
func TestComputedTotalOfWrongScores(t *testing.T) {
	r := runExample(t, Example{{"/indicators/7/actual", "85%"}})
	if got := r.Forms[0].Computed.Score; got != "98.79" {
		t.Errorf("computed total %s, want 98.79", got)
	}
	if line := r.Forms[0].ScoreCard().Total; line.Standing != Differs {
		t.Errorf("the filed total is %v", line.Standing)
	}
}

// A subtotal row that holds the sum over all groups is one of all groups, wherever it
// stands.
func TestSubtotalOfAll(t *testing.T) {
	for weight, want := range map[string]bool{"10": false, "90": false, "80": true} {
		form, err := Example{}.Form()
		if err != nil {
			t.Fatal(err)
		}
		last := form.Indicators[len(form.Indicators)-1].Level1.Text
		form.Groups = append(form.Groups, schema.Group{Level1: last, Subtotal: true, Label: schema.Field{Text: "小计"}, Weight: schema.Field{Text: weight}})
		found := false
		for _, f := range Run(t.Context(), &schema.Document{Forms: []*schema.Form{form}}, Options{}).Findings {
			found = found || f.Rule.Name == "group-weight-header-mismatch"
		}
		if found != want {
			t.Errorf("小计 %s: %v, want %v", weight, found, want)
		}
	}
}

// The total is no sure thing where rows, weights or scores are in error themselves.
func TestSafetyOfTotalFix(t *testing.T) {
	for name, tt := range map[string]struct {
		e    Example
		want Safety
	}{
		"total alone":        {Example{{"/total/score", "99.95"}}, Safe},
		"source rows":        {Example{{"/total/score", "99.95"}, {"/funds/rows/1/initial", "0"}}, Safe},
		"score above weight": {Example{{"/total/score", "98"}, {"/indicators/1/score", "10.5"}}, Unsafe},
		"sum above 100":      {Example{{"/total/score", "195.95"}, {"/indicators/1/score", "100"}}, ""},
		"weights below 100":  {Example{{"/total/score", "99.95"}, {"/indicators/1/weight", "2"}, {"/indicators/1/score", "2"}}, Unsafe},
	} {
		var got Safety
		for _, f := range runExample(t, tt.e).Findings {
			if f.Rule.Name == "total-score-mismatch" && f.Fix != nil {
				got = f.Fix.Safety
			}
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// A score that the printed rate gives exactly has nothing to round: 97% of 10 is 9.7,
// with or without a zero.
func TestScoreOfPrintedRate(t *testing.T) {
	base := Example{{"/funds/rows/0/adjusted", "16"}, {"/funds/rows/1/adjusted", "16"}, {"/funds/rows/0/executed", "15.5"}, {"/funds/rows/1/executed", "15.5"}, {"/funds/rows/0/rate", "97%"}}
	testChanges(t, "coarse-rounding", base, []change{
		{"/funds/rows/0/score", "9.7", false}, {"/funds/rows/0/score", "9.70", false}, {"/funds/rows/0/score", "10", true},
	})
}
