package checks_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"jixiaolint/checks"
	"jixiaolint/schema/quantity"
)

// These tests hold the border between rounding and error on both sides: the least and
// the greatest figure that can follow from the values behind the displayed ones are
// silent, and one unit beyond is an error. The borders are computed here with exact
// numbers, apart from the intervals that the rules use.

type number = quantity.Number

// span is the set of values a figure may stand for. Its lower end always belongs to
// it, unless low is set; its upper end does unless open is.
type span struct {
	lo, hi number
	open   bool
}

var half = quantity.Ratio(1, 2)

func unit(d int) number {
	n := quantity.Int(1)
	for range d {
		n = n.Quo(quantity.Int(10))
	}
	return n
}

// behind gives the values that a positive figure shown with d decimals stands for.
func behind(n number, d int) span {
	if d == 0 {
		return span{n, n, false}
	}
	return span{n.Sub(unit(d).Mul(half)), n.Add(unit(d).Mul(half)), true}
}

// least and greatest give the borders of what values of the span round to with k
// decimals. Values just above an open lower end round as the end itself does.
func (s span) least(k int) number { return s.lo.Round(k) }

func (s span) greatest(k int) number {
	r := s.hi.Round(k)
	if s.open && r.Sub(unit(k).Mul(half)).Cmp(s.hi) == 0 {
		return r.Sub(unit(k))
	}
	return r
}

// times gives the products with a positive number.
func (s span) times(n number) span { return span{s.lo.Mul(n), s.hi.Mul(n), s.open} }

// over gives the quotients by a span of positive values.
func (s span) over(t span) span { return span{s.lo.Quo(t.hi), s.hi.Quo(t.lo), s.open} }

// border is a figure at the border: shown with k decimals in a form that is right but
// for it, and wrong one unit beyond [least, greatest].
type border struct {
	rule            string
	least, greatest number
	exact           number // as recomputed from the displayed figures
	k               int
	form            func(filed number) checks.Example
}

// check tries the borders and what lies beyond them.
func (b border) check(t *testing.T, seed int) {
	t.Helper()
	errors := func(filed number) []string {
		form, err := b.form(filed).Form()
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, f := range run(form).Findings {
			if f.Severity >= checks.Warning {
				found = append(found, describe(f))
			}
			if f.Severity == checks.Error && f.Rule.Name != b.rule {
				t.Errorf("seed %d: %s filed, unrelated %s", seed, filed.Text(b.k), describe(f))
			}
		}
		return found
	}
	for _, filed := range []number{b.least, b.greatest} {
		if found := errors(filed); len(found) > 0 {
			t.Errorf("seed %d: %s may follow from unrounded figures (%s to %s), but %v", seed, filed.Text(b.k), b.least.Text(b.k), b.greatest.Text(b.k), found)
		}
	}
	for _, filed := range []number{b.least.Sub(unit(b.k)), b.greatest.Add(unit(b.k))} {
		// Cut instead of rounded is a flaw of its own, and no error.
		cut := b.exact.Cut(b.k).Cmp(filed) == 0 || b.k > 0 && b.exact.Cut(b.k-1).Cmp(filed) == 0
		if found := errors(filed); (len(found) == 0) != cut {
			t.Errorf("seed %d: %s lies beyond what rounding explains (%s to %s, exactly %s), and gives %v", seed, filed.Text(b.k),
				b.least.Text(b.k), b.greatest.Text(b.k), b.exact.Text(6), found)
		}
	}
}

// figure gives a random number of units × 10⁻ᵈ.
func figure(rng *rand.Rand, lo, hi int64, d int) number {
	scale := int64(1)
	for range d {
		scale *= 10
	}
	return quantity.Ratio(lo*scale+rng.Int64N((hi-lo)*scale+1), scale)
}

// funded gives a random budget and an executed amount close below it, as displayed.
func funded(rng *rand.Rand) (budget, executed string, share span, exact number) {
	db, de := rng.IntN(4), rng.IntN(4)
	b := figure(rng, 20, 900, db)
	e := b.Mul(quantity.Ratio(960+rng.Int64N(30), 1000)).Round(de)
	for e.Mul(quantity.Int(1000)).Cmp(b.Mul(quantity.Int(958))) < 0 || e.Mul(quantity.Int(1000)).Cmp(b.Mul(quantity.Int(992))) > 0 {
		b, db = figure(rng, 200, 900, db), rng.IntN(4)
		b = b.Round(db)
		e = b.Mul(quantity.Ratio(975, 1000)).Round(de)
	}
	hundred := quantity.Int(100)
	return b.Text(db), e.Text(de), behind(e, de).over(behind(b, db)).times(hundred), e.Quo(b).Mul(hundred)
}

// withFunds sets the amounts of the specimen, with the given rate and score.
func withFunds(budget, executed, rate string, score number) checks.Example {
	e := checks.Example{{Pointer: "/funds/header_amount", Value: budget}}
	for row := range 2 {
		at := fmt.Sprintf("/funds/rows/%d/", row)
		e = append(e, checks.Set{Pointer: at + "initial", Value: budget}, checks.Set{Pointer: at + "adjusted", Value: budget},
			checks.Set{Pointer: at + "executed", Value: executed})
	}
	return append(e, checks.Set{Pointer: "/funds/rows/0/rate", Value: rate}, checks.Set{Pointer: "/funds/rows/1/rate", Value: "-"},
		checks.Set{Pointer: "/funds/rows/0/score", Value: score.Text(2)},
		checks.Set{Pointer: "/total/score", Value: score.Add(quantity.Ratio(8985, 100)).Text(2)})
}

// A filed rate is right if true amounts behind the displayed ones give it.
func TestRateBorders(t *testing.T) {
	t.Parallel()
	for seed := range count(200) {
		rng := random(seed)
		budget, executed, share, exact := funded(rng)
		k := rng.IntN(3)
		border{
			rule: "execution-rate-mismatch", least: share.least(k), greatest: share.greatest(k), exact: exact, k: k,
			form: func(filed number) checks.Example {
				return withFunds(budget, executed, filed.Text(k)+"%", exact.Quo(quantity.Int(10)).Round(2))
			},
		}.check(t, seed)
	}
}

// A filed score of the execution rate is right if a true rate gives it, or a true
// rate rounded to two decimals.
func TestExecutionScoreBorders(t *testing.T) {
	t.Parallel()
	tenth := quantity.Ratio(1, 10)
	for seed := range count(200) {
		rng := random(seed)
		budget, executed, share, exact := funded(rng)
		scores := share.times(tenth)
		border{
			rule: "execution-score-mismatch", exact: exact.Mul(tenth), k: 2,
			least:    scores.least(2).Min(share.least(2).Mul(tenth).Round(2)),
			greatest: scores.greatest(2).Max(share.greatest(2).Mul(tenth).Round(2)),
			form: func(filed number) checks.Example {
				return withFunds(budget, executed, exact.Text(2)+"%", filed)
			},
		}.check(t, seed)
	}
}

// A filed total is right if scores behind the displayed ones add up to it.
func TestTotalBorders(t *testing.T) {
	t.Parallel()
	for seed := range count(200) {
		rng := random(seed)
		k := rng.IntN(3)
		e := checks.Example{{Pointer: "/funds/rows/0/score", Value: "9.50"}}
		exact, sum := quantity.Ratio(2435, 100), behind(quantity.Ratio(95, 10), 2) // 9.50 + 14.85
		add := func(s span) { sum = span{sum.lo.Add(s.lo), sum.hi.Add(s.hi), sum.open || s.open} }
		add(behind(quantity.Ratio(1485, 100), 2))
		for i, full := range []int64{15, 10, 10, 10, 5, 0, 15, 10} {
			d := 2 * rng.IntN(2)
			if full == 0 {
				continue
			}
			n := quantity.Int(full)
			exact = exact.Add(n)
			add(behind(n, d))
			e = append(e, checks.Set{Pointer: fmt.Sprintf("/indicators/%d/score", i), Value: n.Text(d)})
		}
		border{
			rule: "total-score-mismatch", least: sum.least(k), greatest: sum.greatest(k), exact: exact, k: k,
			form: func(filed number) checks.Example {
				return append(e[:len(e):len(e)], checks.Set{Pointer: "/total/score", Value: filed.Text(k)})
			},
		}.check(t, seed)
	}
}

// A filed amount is right if sources behind the displayed ones add up to it.
func TestSourceBorders(t *testing.T) {
	t.Parallel()
	for seed := range count(200) {
		rng := random(seed)
		d1, d2, k := rng.IntN(4), rng.IntN(4), 1+rng.IntN(3)
		p1, p2 := figure(rng, 5, 90, d1), figure(rng, 5, 90, d2)
		s1, s2 := behind(p1, d1), behind(p2, d2)
		sum := span{s1.lo.Add(s2.lo), s1.hi.Add(s2.hi), s1.open || s2.open}
		border{
			rule: "fund-sources-sum", least: sum.least(k), greatest: sum.greatest(k), k: k,
			form: func(filed number) checks.Example {
				return checks.Example{
					{Pointer: "/goal/actual", Value: "年中按需要追加预算，培训22期，检查50次。"},
					{Pointer: "/funds/rows/0/initial", Value: filed.Text(k)},
					{Pointer: "/funds/rows/1/initial", Value: p1.Text(d1)}, {Pointer: "/funds/rows/2/initial", Value: p2.Text(d2)},
				}
			},
		}.check(t, seed)
	}
}

// A filed score of a missed target is right if a true result gives it in proportion.
func TestProportionBorders(t *testing.T) {
	t.Parallel()
	for seed := range count(200) {
		rng := random(seed)
		d := rng.IntN(3)
		target, actual := figure(rng, 95, 98, 0), figure(rng, 85, 94, d)
		weight := quantity.Int(15)
		scores := behind(actual, d).over(behind(target, 0)).times(weight)
		border{
			rule: "positive-score-mismatch", least: scores.least(2), greatest: scores.greatest(2), k: 2,
			exact: actual.Quo(target).Mul(weight),
			form: func(filed number) checks.Example {
				return checks.Example{
					{Pointer: "/indicators/5/target", Value: "≥" + target.Text(0) + "%"}, {Pointer: "/indicators/5/actual", Value: actual.Text(d) + "%"},
					{Pointer: "/indicators/5/score", Value: filed.Text(2)}, {Pointer: "/total/score", Value: filed.Add(quantity.Ratio(845, 10)).Text(2)},
				}
			},
		}.check(t, seed)
	}
}
