package quantity

import (
	"math/rand/v2"
	"testing"
)

func figure(t testing.TB, s string) Quantity {
	t.Helper()
	q := Parse(s)
	if !q.IsFigure() {
		t.Fatalf("%q is no figure", s)
	}
	return q
}

// The worked example of design.md §5, both sides of every boundary: 14.77 stands for
// all of [14.765, 14.775), so the rate may be anything in [92.28125, 92.34375).
func TestJudgeRate(t *testing.T) {
	tests := []struct {
		filed string
		want  Verdict
	}{
		{"92.31%", Agrees},
		{"92.30%", Explained},
		{"92.3%", Agrees},
		{"92%", Agrees},
		{"92.28%", Explained},
		{"92.27%", Contradicts},
		{"92.34%", Explained},
		{"92.35%", Contradicts},
		{"92.4%", Contradicts},
		{"93.21%", Contradicts},
	}
	executed, budget := figure(t, "14.77"), figure(t, "16")
	within, ok := executed.Interval().Quo(budget.Interval())
	if !ok {
		t.Fatal("a budget of 16 must divide")
	}
	within = within.Mul(Point(Int(100)))
	exact := executed.Value.Quo(budget.Value).Mul(Int(100))
	for _, tt := range tests {
		q := figure(t, tt.filed)
		if got := Judge(q.Value, q.Decimals, exact, within, 0); got != tt.want {
			t.Errorf("filed %s: verdict %d, want %d", tt.filed, got, tt.want)
		}
	}
}

// Cut figures are told from wrong ones: the published cases of layouts.md.
func TestJudgeCut(t *testing.T) {
	tests := []struct {
		filed, exact string
		want         Verdict
	}{
		{"31.00", "31.08", Truncated},
		{"97.80", "97.81", Truncated},
		{"57.89", "57.8985", Truncated},
		{"0.958", "0.9586", Truncated},
		{"0.1", "0.1446", Coarse},
		{"9", "9.78", Truncated},
		{"8", "8.97", Truncated},
		{"9", "8.62", Coarse},
		{"5", "4.99", Coarse},
		{"95.00", "95.36", Contradicts},
		{"9.4", "9.4", Agrees},
		{"9", "8.0149", Contradicts},
	}
	for _, tt := range tests {
		q, exact := figure(t, tt.filed), figure(t, tt.exact).Value
		if got := Judge(q.Value, q.Decimals, exact, Point(exact), 2); got != tt.want {
			t.Errorf("filed %s for %s: verdict %d, want %d", tt.filed, tt.exact, got, tt.want)
		}
	}
}

// Whatever the true inputs, a result computed from them and rounded is never judged
// a contradiction of the inputs as displayed.
func TestJudgeNeverBlamesRounding(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		d := 1 + rng.IntN(4)
		trueBudget := Ratio(1+rng.Int64N(1e9), 1e5)
		trueExecuted := trueBudget.Mul(Ratio(rng.Int64N(1e6), 1e6))
		rd := rng.IntN(4)
		filed := trueExecuted.Quo(trueBudget).Mul(Int(100)).Round(rd)
		b, e := trueBudget.Round(d), trueExecuted.Round(d)
		if b.Sign() == 0 {
			continue
		}
		within, ok := Rounded(e, d).Quo(Rounded(b, d))
		if !ok {
			continue
		}
		exact := e.Quo(b).Mul(Int(100))
		if Judge(filed, rd, exact, within.Mul(Point(Int(100))), 0) == Contradicts {
			t.Fatalf("%s / %s shown as %s / %s: rate %s blamed", trueExecuted, trueBudget, e, b, filed)
		}
	}
}

// Interval arithmetic must hold every result of its points: checked against random
// points of random intervals.
func TestIntervalHoldsItsPoints(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	random := func() (Interval, Number) {
		d := rng.IntN(3)
		n := Ratio(rng.Int64N(4000)-2000, 100).Round(d)
		iv := Rounded(n, d)
		at := Ratio(rng.Int64N(1000), 1000)
		return iv, iv.Lo.Add(iv.Hi.Sub(iv.Lo).Mul(at))
	}
	inside := func(iv Interval, n Number) bool { return iv.Lo.Cmp(n) <= 0 && iv.Hi.Cmp(n) >= 0 }
	for range 5_000 {
		a, x := random()
		b, y := random()
		if !inside(a.Add(b), x.Add(y)) || !inside(a.Sub(b), x.Sub(y)) || !inside(a.Mul(b), x.Mul(y)) {
			t.Fatalf("%v, %v do not hold the results of %s, %s", a, b, x, y)
		}
		if q, ok := a.Quo(b); ok && !inside(q, x.Quo(y)) {
			t.Fatalf("%v / %v does not hold %s / %s", a, b, x, y)
		}
		if a.Meets(b) != b.Meets(a) {
			t.Fatalf("meeting is mutual: %v, %v", a, b)
		}
	}
}

// Half-open ends: figures that round differently have nothing in common, even where
// their ends touch.
func TestNeighboursDoNotMeet(t *testing.T) {
	if Rounded(Ratio(923, 100), 2).Meets(Rounded(Ratio(924, 100), 2)) {
		t.Error("9.23 and 9.24 share no value")
	}
	if !Rounded(Ratio(923, 100), 2).Meets(Point(Ratio(9225, 1000))) {
		t.Error("9.225 rounds to 9.23")
	}
	if Rounded(Ratio(923, 100), 2).Meets(Point(Ratio(9235, 1000))) {
		t.Error("9.235 rounds to 9.24")
	}
}
