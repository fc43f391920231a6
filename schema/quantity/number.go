// Package quantity holds the figures of a form: exact numbers, the intervals that
// displayed figures stand for, and the quantities and periods written in cells.
//
// Nothing here is a binary floating-point number: a figure is a rational, so sums,
// products and ratios of filed figures are exact and comparisons are decisions.
package quantity

import (
	"cmp"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Number is an exact rational number. The zero value is 0. Numbers are immutable.
//
// The figures of forms are short, so a Number is a reduced fraction of two machine
// words as long as it fits, and a big.Rat beyond that: exact in either case.
type Number struct {
	num int64
	den int64 // above 0; 0 stands for 1, so that the zero value is the number 0
	big *big.Rat
}

// Int makes a Number of an integer.
func Int(n int64) Number {
	if n == math.MinInt64 {
		return shrink(new(big.Rat).SetInt64(n))
	}
	return Number{num: n, den: 1}
}

// Ratio makes the Number num/den; den must not be 0.
func Ratio(num, den int64) Number {
	if num == math.MinInt64 || den == math.MinInt64 {
		return shrink(big.NewRat(num, den))
	}
	if den < 0 {
		num, den = -num, -den
	}
	return reduced(num, den)
}

// reduced makes num/den in lowest terms; den is above 0.
func reduced(num, den int64) Number {
	if den == 1 {
		return Number{num: num, den: 1}
	}
	if num%den == 0 {
		return Number{num: num / den, den: 1}
	}
	a, b := num, den
	if a < 0 {
		a = -a
	}
	for b != 0 {
		a, b = b, a%b
	}
	return Number{num: num / a, den: den / a}
}

// shrink brings a result of big arithmetic back to machine words where it fits.
func shrink(r *big.Rat) Number {
	if r.Num().IsInt64() && r.Denom().IsInt64() && r.Num().Int64() != math.MinInt64 {
		return Number{num: r.Num().Int64(), den: r.Denom().Int64()}
	}
	return Number{big: r}
}

// small gives numerator and denominator of a number of machine words.
func (n Number) small() (num, den int64, ok bool) {
	if n.big != nil {
		return 0, 0, false
	}
	return n.num, max(n.den, 1), true
}

// rat gives the number as a big.Rat, which must not be changed.
func (n Number) rat() *big.Rat {
	if n.big != nil {
		return n.big
	}
	return big.NewRat(n.num, max(n.den, 1))
}

// mul multiplies two words; ok is false on overflow.
func mul(a, b int64) (p int64, ok bool) {
	p = a * b
	if isHalfWord(a) && isHalfWord(b) || a == 0 || b == 0 {
		return p, true // as mostly, and cheaper than the division
	}
	return p, p/b == a && p != math.MinInt64
}

func isHalfWord(n int64) bool { return math.MinInt32 <= n && n <= math.MaxInt32 }

// add adds two words; ok is false on overflow.
func add(a, b int64) (s int64, ok bool) {
	s = a + b
	return s, (s > a) == (b > 0) && s != math.MinInt64
}

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
	if len(whole)+len(frac) <= maxWordDigits {
		num := digitsOf(frac, digitsOf(whole, 0))
		if s[0] == '-' {
			num = -num
		}
		return reduced(num, wordPow10[len(frac)]), len(frac), true
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return Number{}, 0, false
	}
	return shrink(r), len(frac), true
}

// digitsOf appends decimal digits to a number that they leave in a machine word.
func digitsOf(s string, num int64) int64 {
	for i := range len(s) {
		num = num*10 + int64(s[i]-'0')
	}
	return num
}

// maxWordDigits is the number of decimal digits that always fit a machine word.
const maxWordDigits = 18

// wordPow10 are the powers of ten that fit a machine word.
var wordPow10 = func() (p [maxWordDigits + 1]int64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * 10
	}
	return p
}()

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
	exponent, _ := e.Int64() // bounded above
	shift := int(exponent)
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
	if n <= maxWordDigits {
		return Int(wordPow10[n])
	}
	return Number{big: new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil))}
}

// Add gives n + m.
func (n Number) Add(m Number) Number {
	a, b, ok1 := n.small()
	c, d, ok2 := m.small()
	if ok1 && ok2 {
		if b == d {
			if s, ok := add(a, c); ok {
				return reduced(s, b)
			}
		} else if ad, ok := mul(a, d); ok {
			if cb, ok := mul(c, b); ok {
				if s, ok := add(ad, cb); ok {
					if den, ok := mul(b, d); ok {
						return reduced(s, den)
					}
				}
			}
		}
	}
	return shrink(new(big.Rat).Add(n.rat(), m.rat()))
}

// Sub gives n − m.
func (n Number) Sub(m Number) Number { return n.Add(m.Neg()) }

// Mul gives n × m.
func (n Number) Mul(m Number) Number {
	a, b, ok1 := n.small()
	c, d, ok2 := m.small()
	if ok1 && ok2 {
		if c == d { // by 1, the factor between equal units
			return n
		}
		if num, ok := mul(a, c); ok {
			if den, ok := mul(b, d); ok {
				return reduced(num, den)
			}
		}
	}
	return shrink(new(big.Rat).Mul(n.rat(), m.rat()))
}

// Quo gives n ÷ m; m must not be 0.
func (n Number) Quo(m Number) Number {
	if c, d, ok := m.small(); ok {
		switch {
		case c == 0:
			panic("quantity: division by zero")
		case c < 0:
			c, d = -c, -d
		}
		return n.Mul(Number{num: d, den: c})
	}
	return shrink(new(big.Rat).Quo(n.rat(), m.rat()))
}

// Neg gives −n.
func (n Number) Neg() Number {
	if n.big != nil {
		return Number{big: new(big.Rat).Neg(n.big)}
	}
	n.num = -n.num
	return n
}

// Abs gives |n|.
func (n Number) Abs() Number {
	if n.Sign() < 0 {
		return n.Neg()
	}
	return n
}

// Cmp is −1, 0 or +1 as n is less than, equal to or greater than m.
func (n Number) Cmp(m Number) int {
	a, b, ok1 := n.small()
	c, d, ok2 := m.small()
	if ok1 && ok2 {
		if b == d {
			return cmp.Compare(a, c)
		}
		if ad, ok := mul(a, d); ok {
			if cb, ok := mul(c, b); ok {
				return cmp.Compare(ad, cb)
			}
		}
	}
	return n.rat().Cmp(m.rat())
}

// Sign is −1, 0 or +1 as n is negative, zero or positive.
func (n Number) Sign() int {
	if n.big != nil {
		return n.big.Sign()
	}
	return cmp.Compare(n.num, 0)
}

// IsInt reports whether n is a whole number.
func (n Number) IsInt() bool {
	if n.big != nil {
		return n.big.IsInt()
	}
	return n.den <= 1
}

// Int64 gives n as an integer, if it is one and fits.
func (n Number) Int64() (int64, bool) { return n.num, n.big == nil && n.den <= 1 }

// Bits gives the size of n in bits, numerator and denominator together: what exact
// arithmetic with it costs grows with it. Numbers of machine words count as 128.
func (n Number) Bits() int {
	if n.big == nil {
		return 128
	}
	return n.big.Num().BitLen() + n.big.Denom().BitLen()
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
	t := n.Abs().Mul(scale).Add(add)
	var q Number
	if num, den, ok := t.small(); ok {
		q = Int(num / den)
	} else {
		r := t.rat()
		q = shrink(new(big.Rat).SetInt(new(big.Int).Quo(r.Num(), r.Denom())))
	}
	if q = q.Quo(scale); n.Sign() < 0 {
		return q.Neg()
	}
	return q
}

// Text writes n rounded to exactly d decimals: 92.31.
func (n Number) Text(d int) string {
	n = n.Round(d)
	num, den, ok := n.small()
	if !ok || d > maxWordDigits {
		return n.rat().FloatString(d)
	}
	// Rounded, n is a whole number of units of the last decimal.
	units, ok := mul(num, wordPow10[d]/den)
	if !ok {
		return n.rat().FloatString(d)
	}
	s := strconv.FormatInt(units, 10)
	if d == 0 {
		return s
	}
	sign := ""
	if units < 0 {
		sign, s = "-", s[1:]
	}
	if len(s) <= d {
		s = strings.Repeat("0", d+1-len(s)) + s
	}
	return sign + s[:len(s)-d] + "." + s[len(s)-d:]
}

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
