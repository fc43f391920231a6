package schema

import (
	"strings"
	"unicode"

	"jixiaolint/schema/quantity"
)

// plainlyValid reports whether the form obeys form.schema.json beyond doubt: every
// mandatory cell says something, every figure is a plain number. It is the fast path
// of Validate, which compiles and runs the schema only for forms that may fail; a
// test holds it to the schema: what is plainly valid has no violation.
//
// Types and property names need no check: a form that was recognised in a grid is
// written by Canonical and can have no others.
func (f *Form) plainlyValid() bool {
	if f.raw != nil || len(f.Lacks) > 0 || f.Kind != Project ||
		f.Year < 1990 || f.Year > 2100 || !f.Title.Filled() || f.DepartmentName == "" {
		return false
	}
	if !says(f.Project, f.Department, f.Unit, f.Goal.Expected, f.Goal.Actual, f.Total.Score) || !says(Field{Text: f.DepartmentName}) {
		return false
	}
	if !plainFigures(f.Funds.HeaderAmount, f.Total.Weight, f.Total.Score) || len(f.Funds.Rows) == 0 || len(f.Indicators) == 0 {
		return false
	}
	for i := range f.Funds.Rows {
		r := &f.Funds.Rows[i]
		if !plainFigures(r.Initial, r.Adjusted, r.Executed, r.Weight, r.Score) {
			return false
		}
		if r.Role != RoleTotal {
			continue
		}
		if !says(r.Initial, r.Adjusted, r.Executed, r.Rate) || r.Weight.Filled() && !r.Score.Filled() {
			return false
		}
	}
	for i := range f.Groups {
		if g := &f.Groups[i]; !plainFigures(g.Weight, g.Score) {
			return false
		}
	}
	for i := range f.Indicators {
		r := &f.Indicators[i]
		if !plainFigures(r.Weight, r.Score) || r.PartOf == "" && !says(r.Name, r.Target, r.Actual, r.Weight, r.Score) {
			return false
		}
	}
	return true
}

// says reports whether every field holds more than blanks and the marks for nothing
// (—, /, 无).
func says(fields ...Field) bool {
	for _, f := range fields {
		if !strings.ContainsFunc(f.Text, func(r rune) bool {
			return !unicode.IsSpace(r) && !strings.ContainsRune("-—–－―/*\\无", r)
		}) {
			return false
		}
	}
	return true
}

// longFigure is the length up to which a decimal obeys the schema's pattern for sure: it
// bounds the digits on either side of the point, so that what is too long to be
// reckoned with is reported and not passed over.
const longFigure = 18

// plainFigures reports whether every filled field is a plain decimal or a dash.
func plainFigures(fields ...Field) bool {
	for _, f := range fields {
		s := strings.TrimSpace(f.Text)
		if s == "" || s == "-" || s == "—" || s == "/" {
			continue
		}
		if _, _, ok := quantity.ParseDecimal(s); !ok || len(s) > longFigure {
			return false
		}
	}
	return true
}
