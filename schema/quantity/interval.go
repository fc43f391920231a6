package quantity

// Interval is the set of numbers a figure may stand for: all values between Lo and
// Hi, without an end that is open. A figure displayed with d decimals stands for
// the half-open interval [x − ½·10⁻ᵈ, x + ½·10⁻ᵈ), for its mirror image below zero
// (design.md §5; XBRL Calculations 1.1 uses the same reading).
type Interval struct {
	Lo, Hi         Number
	LoOpen, HiOpen bool
}

// Point is the interval that holds n alone.
func Point(n Number) Interval { return Interval{Lo: n, Hi: n} }

// Rounded is the interval of all values that round to n at d decimals.
func Rounded(n Number, d int) Interval {
	half := Number{num: 1, den: 2}
	if d < maxWordDigits {
		half.den *= wordPow10[d]
	} else {
		half = half.Quo(pow10(d))
	}
	iv := Interval{Lo: n.Sub(half), Hi: n.Add(half)}
	switch n.Sign() {
	case 1:
		iv.HiOpen = true
	case -1:
		iv.LoOpen = true
	default:
		iv.LoOpen, iv.HiOpen = true, true
	}
	return iv
}

// IsPoint reports whether the interval holds one number only.
func (a Interval) IsPoint() bool { return a.Lo.Cmp(a.Hi) == 0 }

// Meets reports whether the intervals have a number in common.
func (a Interval) Meets(b Interval) bool {
	return a.startsBefore(b) && b.startsBefore(a)
}

// startsBefore reports whether a begins no later than b ends.
func (a Interval) startsBefore(b Interval) bool {
	c := a.Lo.Cmp(b.Hi)
	return c < 0 || c == 0 && !a.LoOpen && !b.HiOpen
}

// Add gives the interval of all sums.
func (a Interval) Add(b Interval) Interval {
	return Interval{a.Lo.Add(b.Lo), a.Hi.Add(b.Hi), a.LoOpen || b.LoOpen, a.HiOpen || b.HiOpen}
}

// Neg gives the interval of all negatives.
func (a Interval) Neg() Interval { return Interval{a.Hi.Neg(), a.Lo.Neg(), a.HiOpen, a.LoOpen} }

// Sub gives the interval of all differences.
func (a Interval) Sub(b Interval) Interval { return a.Add(b.Neg()) }

// Mul gives the interval of all products.
func (a Interval) Mul(b Interval) Interval {
	if b.IsPoint() && b.Lo.Sign() > 0 && !b.LoOpen && !b.HiOpen {
		return Interval{a.Lo.Mul(b.Lo), a.Hi.Mul(b.Lo), a.LoOpen, a.HiOpen}
	}
	type end struct {
		n    Number
		open bool
	}
	mul := func(x, y Number, xo, yo bool) end {
		p := x.Mul(y)
		// A closed zero factor attains the product 0 whatever the other end is.
		if p.Sign() == 0 {
			return end{p, (x.Sign() != 0 || xo) && (y.Sign() != 0 || yo)}
		}
		return end{p, xo || yo}
	}
	ends := [4]end{
		mul(a.Lo, b.Lo, a.LoOpen, b.LoOpen), mul(a.Lo, b.Hi, a.LoOpen, b.HiOpen),
		mul(a.Hi, b.Lo, a.HiOpen, b.LoOpen), mul(a.Hi, b.Hi, a.HiOpen, b.HiOpen),
	}
	lo, hi := ends[0], ends[0]
	for _, e := range ends[1:] {
		if c := e.n.Cmp(lo.n); c < 0 || c == 0 && !e.open {
			lo = e
		}
		if c := e.n.Cmp(hi.n); c > 0 || c == 0 && !e.open {
			hi = e
		}
	}
	return Interval{lo.n, hi.n, lo.open, hi.open}
}

// Quo gives the interval of all quotients; ok is false when b holds or touches 0.
func (a Interval) Quo(b Interval) (q Interval, ok bool) {
	if b.Lo.Sign() <= 0 && b.Hi.Sign() >= 0 {
		return Interval{}, false
	}
	one := Int(1)
	return a.Mul(Interval{one.Quo(b.Hi), one.Quo(b.Lo), b.HiOpen, b.LoOpen}), true
}

// Round gives the least and the greatest number that the interval's values round to
// at d decimals.
func (a Interval) Round(d int) (least, greatest Number) {
	unit := Int(1).Quo(pow10(d))
	if least = a.Lo.Round(d); !Rounded(least, d).Meets(a) {
		least = least.Add(unit)
	}
	if greatest = a.Hi.Round(d); !Rounded(greatest, d).Meets(a) {
		greatest = greatest.Sub(unit)
	}
	return least, greatest
}

// Clamp gives the interval of the values held between lo and hi.
func (a Interval) Clamp(lo, hi Number) Interval {
	clamp := func(n Number, open bool) (Number, bool) {
		switch {
		case n.Cmp(lo) < 0:
			return lo, false
		case n.Cmp(hi) > 0:
			return hi, false
		}
		return n, open
	}
	var c Interval
	c.Lo, c.LoOpen = clamp(a.Lo, a.LoOpen)
	c.Hi, c.HiOpen = clamp(a.Hi, a.HiOpen)
	return c
}

// Verdict says how a filed figure relates to the one recomputed from its inputs,
// in the order in which rules.md judges: the first that holds is given.
type Verdict uint8

// The verdicts.
const (
	// Agrees: the recomputed figure, rounded at the shown precision, is the filed one.
	Agrees Verdict = iota
	// Coarse: as Agrees, but digits that the profile asks for were rounded away.
	Coarse
	// Truncated: the figures agree only if digits are cut instead of rounded.
	Truncated
	// Explained: the filed figure follows from some values that the displayed inputs
	// stand for.
	Explained
	// Contradicts: no values that the inputs stand for give the filed figure.
	Contradicts
)

// Judge compares a filed figure, shown with d decimals, with the recomputed value:
// exact from the inputs as displayed, within from the intervals they stand for.
// want is the number of decimals the profile asks of the figure, 0 if it asks none.
//
// A figure that no value of its inputs explains, but that was cut one decimal earlier
// and filled up with a zero (31.08 shown as 31.00, 97.81 as 97.80), counts as
// Truncated; more zeros than that are a claim of their own (95.36 shown as 95.00).
func Judge(filed Number, d int, exact Number, within Interval, want int) Verdict {
	switch {
	case exact.Round(d).Cmp(filed) == 0:
		if d < want && exact.Round(want).Cmp(filed) != 0 {
			return Coarse
		}
		return Agrees
	case exact.Cut(d).Cmp(filed) == 0:
		return Truncated
	case Rounded(filed, d).Meets(within):
		return Explained
	case d > 0 && exact.Cut(d-1).Cmp(filed) == 0:
		return Truncated
	}
	return Contradicts
}
