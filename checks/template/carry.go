package template

import (
	"slices"
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// carry fills a form with the content of another one and says what it has no place for.
func (o *Form) carry(f *schema.Form) (left []lang.Text) {
	from := o.From
	lose := func(field schema.Field, zh, en string) {
		if field.Filled() {
			left = append(left, lang.F("%[1]s：%[2]s：“%[3]s”", "%[1]s: %[2]s: %[3]q", field.At, lang.T(zh, en), field.Text))
		}
	}
	f.Kind, f.Heading, f.Project, f.Department, f.Unit, f.Goal = from.Kind, from.Heading, from.Project, from.Department, from.Unit, from.Goal
	if from.Title.Filled() {
		f.Title = from.Title
	}
	if o.Year == from.Year {
		f.YearAt = from.YearAt
	}
	o.carryFunds(f)
	for _, g := range from.Groups {
		if g.Subtotal {
			lose(g.Label, "小计行不带入，由公式合计", "subtotal rows are left out: formulas take the sums")
			continue
		}
		f.Groups = append(f.Groups, g)
	}
	for i := range from.Indicators {
		r := from.Indicators[i]
		if blankRow(&r) {
			continue
		}
		r.Parts = nil // the target stands whole in one cell
		f.Indicators = append(f.Indicators, r)
	}
	if from.Total.Label.Filled() && strings.Contains(from.Total.Label.Text, "分") {
		f.Total.Label = from.Total.Label
	}
	f.Total.Weight, f.Total.Score, f.Total.Grade = from.Total.Weight, from.Total.Score, from.Total.Grade
	for _, r := range from.Remarks {
		if strings.HasPrefix(r.Label, noteLabel) || strings.HasPrefix(r.Text.Text, noteLabel) {
			continue // the rules of the template that the form was filled in on
		}
		f.Remarks = append(f.Remarks, r)
	}
	for _, p := range from.Placeholders {
		lose(p, "空的模板行不带入", "empty template rows are left out")
	}
	return left
}

func (o *Form) carryFunds(f *schema.Form) {
	from := &o.From.Funds
	if len(from.Rows) == 0 {
		f.Funds.HeaderAmount = from.HeaderAmount
		return
	}
	f.Funds = *from
	f.Funds.Rows = slices.Clone(from.Rows)
	for i := range f.Funds.Rows {
		f.Funds.Rows[i].RateHeader = false // the formula shows the sign itself
	}
	if !f.Funds.Weight.Filled() || !quantity.Parse(f.Funds.Weight.Text).IsFigure() {
		return
	}
	// The weight that the heading states has a column of its own here.
	for i := range f.Funds.Rows {
		if r := &f.Funds.Rows[i]; r.Role == schema.RoleTotal && !r.Weight.Filled() {
			r.Weight = text(f.Funds.Weight.Text)
		}
	}
}

// blankRow reports whether nobody wrote anything in a row.
func blankRow(r *schema.Indicator) bool {
	for _, f := range []schema.Field{r.Name, r.Target, r.Actual, r.Weight, r.Score, r.Explanation} {
		if f.Filled() {
			return false
		}
	}
	return true
}
