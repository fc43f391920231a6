package checks

import "testing"

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
