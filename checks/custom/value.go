package custom

import (
	"strings"

	"jixiaolint/schema/quantity"
)

// truth is the value of a condition. A condition on a figure that is not there, or
// cannot be read, is neither true nor false.
type truth uint8

const (
	unknown truth = iota
	no
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

func (t truth) not() truth {
	switch t {
	case yes:
		return no
	case no:
		return yes
	case unknown:
	}
	return unknown
}

// and is the conjunction: no as soon as one side is no, whatever the other is.
func (t truth) and(u truth) truth {
	switch {
	case t == no || u == no:
		return no
	case t == yes && u == yes:
		return yes
	}
	return unknown
}

// or is the disjunction: yes as soon as one side is yes, whatever the other is.
func (t truth) or(u truth) truth { return t.not().and(u.not()).not() }

// figure is an exact figure: the value as displayed, which comparisons use, and the
// values that it stands for, which agrees uses.
type figure struct {
	shown  quantity.Number
	within quantity.Interval
	// decimals is the number of decimals shown, of a figure of the form.
	decimals int
	unit     string
	// free is set for figures that take the unit of what they meet: literals and
	// results, but not a bare figure of the form.
	free bool
	// known is set when there is one readable figure.
	known bool
}

func exactly(n quantity.Number) figure {
	return figure{shown: n, within: quantity.Point(n), free: true, known: true}
}

// align brings b to the unit of a; ok is false when the figures measure unlike
// things, so that nothing can be said of both.
func align(a, b figure) (_, _ figure, ok bool) {
	switch {
	case !a.known || !b.known:
		return a, b, false
	case a.unit == b.unit:
		return a, b, true
	case a.unit == "":
		return a, b, !fractionOf(a, b)
	case b.unit == "":
		return a, b, !fractionOf(b, a)
	}
	factor, ok := quantity.Convert(b.unit, a.unit)
	if ok {
		b.shown, b.within, b.unit = b.shown.Mul(factor), b.within.Mul(quantity.Point(factor)), a.unit
	}
	return a, b, ok
}

// fractionOf reports whether a bare figure of the form may be a fraction of 1 beside
// a percentage: 0.96 beside 95%.
func fractionOf(bare, percent figure) bool {
	one := quantity.Int(1)
	return !bare.free && percent.unit == "%" && percent.shown.Cmp(one) > 0 && bare.shown.Sign() > 0 && bare.shown.Cmp(one) <= 0
}

// either gives the unit of a sum or product of figures of which one may have none.
func either(a, b figure) string {
	switch {
	case a.unit == "":
		return b.unit
	case b.unit == "" || a.unit == b.unit:
		return a.unit
	}
	return ""
}

func add(a, b figure) figure {
	a, b, ok := align(a, b)
	if !ok {
		return figure{}
	}
	return figure{shown: a.shown.Add(b.shown), within: a.within.Add(b.within), unit: either(a, b), free: true, known: true}
}

func negate(a figure) figure {
	a.shown, a.within, a.free = a.shown.Neg(), a.within.Neg(), true
	return a
}

func multiply(a, b figure) figure {
	if !a.known || !b.known {
		return figure{}
	}
	f := figure{shown: a.shown.Mul(b.shown), within: a.within.Mul(b.within), free: true, known: true}
	if a.unit == "" || b.unit == "" {
		f.unit = either(a, b)
	}
	return f
}

// divide gives the quotient; that of a divisor that is or may be 0 is not known.
func divide(a, b figure) figure {
	if !a.known || !b.known || b.shown.Sign() == 0 {
		return figure{}
	}
	unit := ""
	switch {
	case b.unit == "":
		unit = a.unit
	case a.unit != "":
		var ok bool
		if a, b, ok = align(a, b); !ok {
			return figure{}
		}
	}
	within, ok := a.within.Quo(b.within)
	return figure{shown: a.shown.Quo(b.shown), within: within, unit: unit, free: true, known: ok}
}

func absolute(a figure) figure {
	zero := quantity.Number{}
	switch {
	case a.within.Lo.Sign() >= 0:
	case a.within.Hi.Sign() <= 0:
		a.within = a.within.Neg()
	default:
		a.within = quantity.Interval{Lo: zero, Hi: a.within.Hi.Max(a.within.Lo.Neg())}
	}
	a.shown, a.free = a.shown.Abs(), true
	return a
}

func round(a figure, decimals int) figure {
	if a.known {
		lo, hi := a.within.Round(decimals)
		a.shown, a.within, a.free = a.shown.Round(decimals), quantity.Interval{Lo: lo, Hi: hi}, true
	}
	return a
}

// extreme gives the lesser (sign −1) or greater (sign +1) of two figures.
func extreme(a, b figure, sign int) figure {
	a, b, ok := align(a, b)
	if !ok {
		return figure{}
	}
	pick := func(x, y quantity.Number) quantity.Number {
		if x.Cmp(y) == sign {
			return x
		}
		return y
	}
	within := quantity.Interval{
		Lo: pick(a.within.Lo, b.within.Lo), Hi: pick(a.within.Hi, b.within.Hi),
		LoOpen: a.within.LoOpen && b.within.LoOpen, HiOpen: a.within.HiOpen && b.within.HiOpen,
	}
	return figure{shown: pick(a.shown, b.shown), within: within, unit: either(a, b), free: true, known: true}
}

// compare orders figures as displayed; ok is false when they cannot be compared.
func compare(a, b figure) (sign int, ok bool) {
	if a, b, ok = align(a, b); !ok {
		return 0, false
	}
	return a.shown.Cmp(b.shown), true
}

// agrees reports whether a figure agrees with what it should be: a filed result with
// the recomputed one at the precision at which it is shown, by the judgement that the
// catalogue's rules use; two recomputed figures if their values meet. What agrees
// only by truncation agrees here: truncated-figure speaks of it.
func agrees(a, b figure, aFiled, bFiled bool) truth {
	a, b, ok := align(a, b)
	if !ok {
		return unknown
	}
	follows := func(filed, due figure) bool {
		return quantity.Judge(filed.shown, filed.decimals, due.shown, due.within, 0) != quantity.Contradicts
	}
	return truthOf(a.within.Meets(b.within) || aFiled && follows(a, b) || bFiled && follows(b, a))
}

// text is a text of the form or of the condition.
type text struct {
	s string
	// known is not set for a text that the form's layout has no cell for.
	known bool
}

// fold is the text as comparisons see it: white space and full width do not count.
func (t text) fold() string { return quantity.Fold(t.s) }

// line is the text trimmed and on one line.
func (t text) line() string { return strings.Join(strings.Fields(t.s), " ") }
