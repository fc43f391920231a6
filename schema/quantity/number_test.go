package quantity

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// Arithmetic on machine words must give what big.Rat gives, also where it overflows
// into big numbers and back.
func TestNumberAgainstRat(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	random := func() int64 {
		switch rng.IntN(4) {
		case 0:
			return rng.Int64N(2000) - 1000
		case 1:
			return math.MaxInt64 - rng.Int64N(3)
		case 2:
			return math.MinInt64 + rng.Int64N(3)
		}
		return int64(rng.Uint64())
	}
	nonzero := func() int64 {
		for {
			if n := random(); n != 0 {
				return n
			}
		}
	}
	check := func(op string, got Number, want *big.Rat) {
		if got.rat().Cmp(want) != 0 || got.Sign() != want.Sign() || got.IsInt() != want.IsInt() {
			t.Fatalf("%s: got %s, want %s", op, got.rat(), want)
		}
	}
	for range 50_000 {
		a, b, c, d := random(), nonzero(), random(), nonzero()
		x, y := Ratio(a, b), Ratio(c, d)
		p, q := big.NewRat(a, b), big.NewRat(c, d)
		check("ratio", x, p)
		check("add", x.Add(y), new(big.Rat).Add(p, q))
		check("sub", x.Sub(y), new(big.Rat).Sub(p, q))
		check("mul", x.Mul(y), new(big.Rat).Mul(p, q))
		check("neg", x.Neg(), new(big.Rat).Neg(p))
		check("abs", x.Abs(), new(big.Rat).Abs(p))
		if q.Sign() != 0 {
			check("quo", x.Quo(y), new(big.Rat).Quo(p, q))
		}
		if x.Cmp(y) != p.Cmp(q) {
			t.Fatalf("cmp of %s and %s: %d", p, q, x.Cmp(y))
		}
		if got, want := x.Mul(y).Add(x).Text(3), new(big.Rat).Add(new(big.Rat).Mul(p, q), p).FloatString(3); got != want && "-"+got != want {
			t.Fatalf("text: got %s, want %s", got, want)
		}
	}
}

// A figure is rounded half away from zero and cut towards zero, on both sides of 0.
func TestRoundAndCut(t *testing.T) {
	for _, tt := range []struct {
		text       string
		d          int
		round, cut string
	}{
		{"9.225", 2, "9.23", "9.22"},
		{"9.2249999", 2, "9.22", "9.22"},
		{"-9.225", 2, "-9.23", "-9.22"},
		{"0.005", 2, "0.01", "0"},
		{"-0.004", 2, "0", "0"},
		{"12345678901234567890123.455", 2, "12345678901234567890123.46", "12345678901234567890123.45"},
		{"99.5", 0, "100", "99"},
	} {
		n, _, ok := ParseDecimal(tt.text)
		if !ok || n.Round(tt.d).String() != tt.round || n.Cut(tt.d).String() != tt.cut {
			t.Errorf("%s at %d: round %s, cut %s; want %s, %s", tt.text, tt.d, n.Round(tt.d), n.Cut(tt.d), tt.round, tt.cut)
		}
	}
}
