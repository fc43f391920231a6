package layout

import (
	"regexp"
	"slices"

	"jixiaolint/schema"
	"jixiaolint/schema/quantity"
)

// Some rows can be told only once the whole form is known.

// settle fills in what the end of the form tells.
func (r *reader) settle(f *schema.Form) {
	r.settleHead(f)
	if r.heads != nil && !r.heads.has(colWeight) {
		settlePoints(f)
	}
	r.settleFloating(f)
	settleShared(f)
}

// settleHead fills from the rest of the head what has no label of its own. 中央主管部门
// is the department only where no other is named, and else a remark. 预算单位 is the
// unit, or the department of the unit beside it. Who fills in the form is its
// department or unit, whichever is not named.
func (r *reader) settleHead(f *schema.Form) {
	switch {
	case !f.Department.Present():
		f.Department = r.central
	case r.central.Filled():
		f.Remarks = slices.Insert(f.Remarks, 0, schema.Remark{Label: "中央主管部门", Text: r.central})
	}
	switch {
	case !f.Unit.Present():
		f.Unit = r.budget
	case !f.Department.Present():
		f.Department = r.budget
	}
	r.settleFiler(f)
	f.DepartmentName, f.DepartmentCode = splitCode(f.Department.Text)
}

// settleFiler makes who fills in the form its department or unit, and takes the year
// and the unit of money from where else they stand.
func (r *reader) settleFiler(f *schema.Form) {
	switch {
	case f.Kind == schema.Department && !f.Department.Present():
		f.Department = r.filer
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

// rePointsInName finds the points that a name ends in: 受益人数（15分）.
var rePointsInName = regexp.MustCompile(`\((\d+(?:\.\d+)?)分\)$`)

// settlePoints reads the points in the names as the weights of a table that has no
// column of weights, if nearly all of its names end in them. The names stay as filed.
func settlePoints(f *schema.Form) {
	points := map[int]string{}
	rows := 0
	for i := range f.Indicators {
		if f.Indicators[i].PartOf != "" {
			continue
		}
		rows++
		if m := rePointsInName.FindStringSubmatch(quantity.Fold(f.Indicators[i].Name.Text)); m != nil {
			points[i] = m[1]
		}
	}
	if len(points) < 2 || len(points)*5 < rows*4 {
		return
	}
	for i, text := range points {
		ind := &f.Indicators[i]
		ind.Weight = ind.Name
		ind.Weight.Text, ind.Weight.Stored = text, ""
	}
}

func weighted(ind schema.Indicator) bool { return ind.Weight.Filled() }

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
