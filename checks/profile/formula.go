package profile

import (
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// Formula is a way to score an indicator that missed its target T with the actual
// value V, as a share of its weight.
type Formula string

// The formulas. A share is held between 0 and 1 by those who use it.
const (
	// Proportional is V ÷ T (S3, S5, S16; 10号: 按照完成值与指标值的比例记分).
	Proportional Formula = "proportional"
	// Linear is 1 − (V − T) ÷ T: 0 from twice the target on (S5).
	Linear Formula = "linear"
	// Ratio is T ÷ V (S3).
	Ratio Formula = "ratio"
	// Either allows Linear and Ratio: the sources differ, and few forms say which.
	Either Formula = "either"
	// AllOrNothing gives nothing for a missed target: with T = 0 there is no share to
	// compute (S5, S6).
	AllOrNothing Formula = "all_or_nothing"
	// Exact, for targets with =, calls every other value a miss, more as well as less,
	// and leaves the score to whoever fills in the form (S9, 河北 and 天津).
	Exact Formula = "exact"
	// Free leaves the score to whoever fills in the form.
	Free Formula = "free"
)

// Text states the formula, of the score, in words and symbols; empty for a formula that
// does not exist.
func (f Formula) Text() lang.Text {
	switch f {
	case Proportional:
		return lang.T("得分 = 完成值 ÷ 指标值 × 分值", "score = actual ÷ target × weight")
	case Linear:
		return lang.T("得分 = [1 −（完成值 − 指标值）÷ 指标值] × 分值，最低 0", "score = [1 − (actual − target) ÷ target] × weight, at least 0")
	case Ratio:
		return lang.T("得分 = 指标值 ÷ 完成值 × 分值", "score = target ÷ actual × weight")
	case Either:
		return lang.F("%[1]s；或 %[2]s", "%[1]s; or %[2]s", Linear.Text(), Ratio.Text())
	case AllOrNothing:
		return lang.T("达标得满分，不达标得 0", "the full weight for a met target, otherwise 0")
	case Exact:
		return lang.T("恰好等于指标值才得满分，其余由填报人扣分", "the full weight for exactly the target; other values are scored by whoever fills in the form")
	case Free:
		return lang.T("未达标的由填报人扣分", "a missed target is scored by whoever fills in the form")
	}
	return lang.Text{}
}

// Readings gives the formulas that compute a score, in the order in which they are
// shown: none where the score is free.
func (f Formula) Readings() []Formula {
	switch f {
	case Either:
		return []Formula{Linear, Ratio}
	case Proportional, Linear, Ratio:
		return []Formula{f}
	case AllOrNothing, Exact, Free:
	}
	return nil
}

// Share gives the share of the weight that the formula makes of actual and target
// values, which are above 0 (the actual value may be 0). ok is false where the formula
// computes none.
func (f Formula) Share(actual, target quantity.Interval) (share quantity.Interval, ok bool) {
	switch f {
	case Proportional:
		return actual.Quo(target)
	case Linear:
		share, ok = actual.Quo(target)
		return quantity.Point(quantity.Int(2)).Sub(share), ok
	case Ratio:
		if actual.IsPoint() && actual.Lo.Sign() == 0 {
			return quantity.Point(quantity.Int(1)), true
		}
		return target.Quo(actual)
	case Either, AllOrNothing, Exact, Free:
	}
	return share, false
}

// Mode is the way in which an execution rate is scored.
type Mode string

// The modes.
const (
	// ModeLinear gives rate × weight (S10).
	ModeLinear Mode = "linear"
	// ModeSteps gives the share of the step that the rate reaches (S10, 江西).
	ModeSteps Mode = "steps"
)

// Text states how the score follows from the rate; empty for a mode that does not exist.
func (m Mode) Text() lang.Text {
	switch m {
	case ModeLinear:
		return lang.T("得分 = 执行率 × 分值", "score = execution rate × weight")
	case ModeSteps:
		return lang.T("得分 = 执行率所在档的比例 × 分值", "score = share of the step that the rate reaches × weight")
	}
	return lang.Text{}
}

// Share gives the share of the weight for a rate in per cent.
func (e Execution) Share(rate quantity.Number) quantity.Number {
	var share quantity.Number
	switch e.Mode {
	case ModeLinear:
		share = rate.Quo(quantity.Int(100))
	case ModeSteps:
		for _, s := range e.Steps {
			if rate.Cmp(s.From.Number) >= 0 {
				share = s.Share.Number
				break
			}
		}
	}
	if e.Cap {
		share = share.Min(quantity.Int(1))
	}
	return share.Max(quantity.Number{})
}

// Range gives the least and greatest score that the band allows for a weight.
func (b Band) Range(weight quantity.Number) quantity.Interval {
	return quantity.Interval{Lo: b.From.Mul(weight), Hi: b.To.Mul(weight)}
}
