package lang

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	known := []string{"execution-rate-mismatch", "execution-score-mismatch", "check", "rule", "budget"}
	for name, want := range map[string]string{
		"execution-rate-mismach": "execution-rate-mismatch", "execution_score_mismatch": "execution-score-mismatch",
		"chekc": "check", "budgte": "budget", "xyzzy": "", "": "", "r": "", strings.Repeat("x", 10000): "",
	} {
		if got := Nearest(name, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", name, got, want)
		}
	}
	for _, tt := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"ab", "ba", 1}, {"kitten", "sitting", 3}, {"预算", "预", 1}} {
		if got := distance(tt.a, tt.b); got != tt.want {
			t.Errorf("distance(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}
