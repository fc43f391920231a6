package layout

import (
	"jixiaolint/schema"
	"jixiaolint/schema/quantity"
)

// Some rows can be told only once the whole form is known.

// settle fills in what the end of the form tells.
func (r *reader) settle(f *schema.Form) {
	r.settleHead(f)
	r.settleFloating(f)
	settleShared(f)
}

// settleHead fills from the rest of the head what has no label of its own: who fills
// in the form is its department or unit, whichever is not named.
func (r *reader) settleHead(f *schema.Form) {
	switch {
	case f.Kind == schema.Department && !f.Department.Present():
		f.Department = r.filer
		f.DepartmentName, f.DepartmentCode = splitCode(f.Department.Text)
	case f.Kind != schema.Department && !f.Unit.Present():
		f.Unit = r.filer
	}
	if f.Year == 0 {
		f.Year, f.YearAt = r.titleYear, r.titleYearAt
	}
	if f.Funds.CurrencyUnit == "" && r.funds != nil {
		f.Funds.CurrencyUnit = r.currency
	}
}

// settleFloating gives rows of satisfaction the label of the group that they stand
// under, where its points are made up only with them: regions put satisfaction under
// 效益. Otherwise their own label was lost.
func (r *reader) settleFloating(f *schema.Form) {
	for _, g := range f.Groups {
		if len(r.floating) == 0 || g.Level1 == "" || g.Level2 != "" || g.Subtotal {
			continue
		}
		own := sumOf(f.Indicators, func(i int) bool { return f.Indicators[i].Level1.Text == g.Level1 })
		floating := sumOf(f.Indicators, func(i int) bool { return r.floating[i].Text == g.Level1 })
		stated := g.Weight.Quantity()
		if !stated.IsFigure() || floating.Sign() == 0 || own.Add(floating).Cmp(stated.Value) != 0 {
			continue
		}
		for i, label := range r.floating {
			if label.Text == g.Level1 {
				f.Indicators[i].Level1 = label
			}
		}
	}
}

// settleShared marks rows without weight and score as parts of the scored row above
// them, where the weights are complete without them: a text has lost the cells that
// were merged over all these rows.
func settleShared(f *schema.Form) {
	sum := sumOf(f.Indicators, func(int) bool { return true })
	execution := f.Funds.Weight.Quantity()
	if t := f.FundTotal(); t != nil && t.Weight.Quantity().IsFigure() {
		execution = t.Weight.Quantity()
	}
	if execution.IsFigure() && sum.Cmp(quantity.Int(100)) != 0 {
		sum = sum.Add(execution.Value)
	}
	if sum.Cmp(quantity.Int(100)) != 0 {
		return
	}
	scored := -1
	for i := range f.Indicators {
		ind := &f.Indicators[i]
		switch {
		case ind.PartOf != "":
		case ind.Weight.Filled() || ind.Score.Filled():
			scored = i
		case scored >= 0 && ind.Name.Filled() && ind.Target.Filled() && ind.Level2.At == f.Indicators[scored].Level2.At:
			ind.PartOf = f.Indicators[scored].Name.Text
		}
	}
}

// sumOf adds up the weights of some of the indicators.
func sumOf(rows []schema.Indicator, is func(i int) bool) quantity.Number {
	sum := quantity.Int(0)
	for i := range rows {
		if q := rows[i].Weight.Quantity(); is(i) && q.IsFigure() {
			sum = sum.Add(q.Value)
		}
	}
	return sum
}
