// Package quantity holds the figures of a form: exact numbers, the intervals that
// displayed figures stand for, and the quantities and periods written in cells.
//
// Nothing here is a binary floating-point number: a figure is a rational, so sums,
// products and ratios of filed figures are exact and comparisons are decisions.
package quantity

import (
	"math/big"
	"strings"
)

// Number is an exact rational number. The zero value is 0. Numbers are immutable.
type Number struct{ r *big.Rat }

// Int makes a Number of an integer.
func Int(n int64) Number { return Number{new(big.Rat).SetInt64(n)} }

// Ratio makes the Number num/den; den must not be 0.
func Ratio(num, den int64) Number { return Number{big.NewRat(num, den)} }

// maxDigits bounds a figure's text: no honest figure is longer, and the cost of
// exact arithmetic grows with it.
const maxDigits = 40

// ParseDecimal reads a plain decimal such as -12.50: an optional sign, digits, and
// at most one point. It also gives the number of decimals written.
func ParseDecimal(s string) (n Number, decimals int, ok bool) {
	digits := strings.TrimLeft(s, "+-")
	if len(s)-len(digits) > 1 || digits == "" || len(digits) > maxDigits {
		return Number{}, 0, false
	}
	whole, frac, point := strings.Cut(digits, ".")
	if whole == "" || (point && frac == "") || !allDigits(whole) || !allDigits(frac) {
		return Number{}, 0, false
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return Number{}, 0, false
	}
	return Number{r}, len(frac), true
}

// ParseStored reads a number as a spreadsheet stores it: a decimal that may carry
// an exponent (9.2E-2). Exponents beyond any real figure are refused.
func ParseStored(s string) (n Number, decimals int, ok bool) {
	mantissa, exp, hasExp := strings.Cut(strings.ToUpper(s), "E")
	n, decimals, ok = ParseDecimal(mantissa)
	if !ok || !hasExp {
		return n, decimals, ok
	}
	e, eDecimals, ok := ParseDecimal(exp)
	if !ok || eDecimals > 0 || e.Abs().Cmp(Int(maxDigits)) > 0 {
		return Number{}, 0, false
	}
	shift := int(e.rat().Num().Int64())
	if decimals -= shift; decimals < 0 {
		decimals = 0
	}
	if shift < 0 {
		return n.Quo(pow10(-shift)), decimals, true
	}
	return n.Mul(pow10(shift)), decimals, true
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func pow10(n int) Number {
	return Number{new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil))}
}

var zero = new(big.Rat)

func (n Number) rat() *big.Rat {
	if n.r == nil {
		return zero
	}
	return n.r
}

// Add gives n + m.
func (n Number) Add(m Number) Number { return Number{new(big.Rat).Add(n.rat(), m.rat())} }

// Sub gives n − m.
func (n Number) Sub(m Number) Number { return Number{new(big.Rat).Sub(n.rat(), m.rat())} }

// Mul gives n × m.
func (n Number) Mul(m Number) Number { return Number{new(big.Rat).Mul(n.rat(), m.rat())} }

// Quo gives n ÷ m; m must not be 0.
func (n Number) Quo(m Number) Number { return Number{new(big.Rat).Quo(n.rat(), m.rat())} }

// Neg gives −n.
func (n Number) Neg() Number { return Number{new(big.Rat).Neg(n.rat())} }

// Abs gives |n|.
func (n Number) Abs() Number { return Number{new(big.Rat).Abs(n.rat())} }

// Cmp is −1, 0 or +1 as n is less than, equal to or greater than m.
func (n Number) Cmp(m Number) int { return n.rat().Cmp(m.rat()) }

// Sign is −1, 0 or +1 as n is negative, zero or positive.
func (n Number) Sign() int { return n.rat().Sign() }

// IsInt reports whether n is a whole number.
func (n Number) IsInt() bool { return n.rat().IsInt() }

// Int64 gives n as an integer, if it is one and fits.
func (n Number) Int64() (int64, bool) {
	r := n.rat()
	if !r.IsInt() || !r.Num().IsInt64() {
		return 0, false
	}
	return r.Num().Int64(), true
}

// Min gives the smaller of n and m.
func (n Number) Min(m Number) Number {
	if n.Cmp(m) <= 0 {
		return n
	}
	return m
}

// Max gives the larger of n and m.
func (n Number) Max(m Number) Number {
	if n.Cmp(m) >= 0 {
		return n
	}
	return m
}

// Round rounds n to d decimals, halves away from zero, as every form and
// spreadsheet does.
func (n Number) Round(d int) Number { return n.quantize(d, Ratio(1, 2)) }

// Cut drops all digits of n after d decimals.
func (n Number) Cut(d int) Number { return n.quantize(d, Number{}) }

// quantize gives sign(n) × ⌊|n|·10ᵈ + add⌋ ÷ 10ᵈ.
func (n Number) quantize(d int, add Number) Number {
	scale := pow10(d)
	t := n.Abs().Mul(scale).Add(add).rat()
	q := Number{new(big.Rat).SetInt(new(big.Int).Quo(t.Num(), t.Denom()))}.Quo(scale)
	if n.Sign() < 0 {
		return q.Neg()
	}
	return q
}

// Text writes n rounded to exactly d decimals: 92.31.
func (n Number) Text(d int) string { return n.Round(d).rat().FloatString(d) }

// Short writes n with at most d decimals, without trailing zeros: 9.23, 9.4, 10.
func (n Number) Short(d int) string {
	s := n.Text(d)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		return "0"
	}
	return s
}

// String writes n exactly if it has at most ten decimals, else rounded to ten.
func (n Number) String() string { return n.Short(10) }
