package schema

import (
	"slices"
	"strings"
	"unicode"

	"jixiaolint/schema/quantity"
)

// suspects are the parts of a form that may violate form.schema.json: all but those that
// obey it beyond doubt, where every mandatory cell says something and every figure is a
// plain number. The schema itself, which takes longer to run than the form to read, need
// only see the suspects: it asks the same of each row of a list, whatever the others hold.
// A test holds this to the schema.
//
// Types and property names need no check: a form that was recognised in a grid is
// written by Canonical and can have no others.
type suspects struct {
	// rest is set when something outside of the rows may be at fault.
	rest bool
	// rows, groups and indicators are the places of the rows in their lists.
	rows, groups, indicators []int
}

func (s *suspects) none() bool {
	return !s.rest && len(s.rows) == 0 && len(s.groups) == 0 && len(s.indicators) == 0
}

// suspects finds the parts of the form that may violate the schema.
func (f *Form) suspects() (s suspects) {
	s.rest = !f.plainOutside()
	lacks := lacking{f.Lacks}
	for i := range f.Funds.Rows {
		if !f.Funds.Rows[i].plain(lacks) {
			s.rows = append(s.rows, i)
		}
	}
	for i := range f.Groups {
		if g := &f.Groups[i]; !plainFigure(g.Weight.Text) || !plainFigure(g.Score.Text) {
			s.groups = append(s.groups, i)
		}
	}
	needs := indicatorNeeds{
		name: !lacks.any("indicators.name"), target: !lacks.any("indicators.target"), actual: !lacks.any("indicators.actual"),
		weight: !lacks.any("indicators.weight"), score: !lacks.any("indicators.score"),
	}
	for i := range f.Indicators {
		if !f.Indicators[i].plain(needs) {
			s.indicators = append(s.indicators, i)
		}
	}
	return s
}

// lacking are the names of the fields that a form's layout has no cell for.
type lacking struct{ names []string }

// any reports whether the layout lacks one of the fields.
func (l lacking) any(names ...string) bool {
	for _, name := range l.names {
		if slices.Contains(names, name) {
			return true
		}
	}
	return false
}

// plainOutside reports whether what the form holds outside of its rows is valid.
func (f *Form) plainOutside() bool {
	lacks := lacking{f.Lacks}
	switch f.Kind {
	case Project, Department, Transfer, "":
	default:
		return false
	}
	if (f.Year < 1990 || f.Year > 2100) && (f.Year != 0 || !lacks.any("year")) {
		return false
	}
	named := func(field *Field, name string) bool {
		return says(field.Text) || !field.Filled() && lacks.any(name)
	}
	if !named(&f.Project, "project") || !named(&f.Unit, "unit") || !named(&f.Department, "department") ||
		f.Department.Filled() && !says(f.DepartmentName) {
		return false
	}
	if !lacks.any("goal") && (!says(f.Goal.Expected.Text) || !says(f.Goal.Actual.Text)) {
		return false
	}
	if len(f.Indicators) == 0 || len(f.Funds.Rows) == 0 && !lacks.any("funds") {
		return false
	}
	t := &f.Total
	stated := t.Label.Present() || t.Weight.Filled() || t.Score.Filled() || t.Grade.Filled()
	return plainFigure(f.Funds.HeaderAmount.Text) && plainFigure(t.Weight.Text) && plainFigure(t.Score.Text) &&
		(stated || lacks.any("total", "indicators.score")) &&
		(says(t.Score.Text) || lacks.any("total", "total.score", "indicators.score"))
}

// plain reports whether a fund row is valid beyond doubt.
func (r *FundRow) plain(lacks lacking) bool {
	for _, f := range []*Field{&r.Initial, &r.Adjusted, &r.Executed, &r.Weight, &r.Score} {
		if !plainFigure(f.Text) {
			return false
		}
	}
	if r.Role != RoleTotal {
		return true
	}
	return (says(r.Initial.Text) || lacks.any("funds", "funds.initial")) &&
		(says(r.Adjusted.Text) || lacks.any("funds", "funds.adjusted")) &&
		(says(r.Executed.Text) || lacks.any("funds", "funds.executed")) &&
		(says(r.Rate.Text) || lacks.any("funds", "funds.rate")) &&
		(!r.Weight.Filled() || r.Score.Filled() || lacks.any("funds", "funds.score", "funds.weight"))
}

// indicatorNeeds are the cells that the layout has for indicators, and that each must
// fill.
type indicatorNeeds struct{ name, target, actual, weight, score bool }

// plain reports whether an indicator row is valid beyond doubt.
func (r *Indicator) plain(needs indicatorNeeds) bool {
	if !plainFigure(r.Weight.Text) || !plainFigure(r.Score.Text) {
		return false
	}
	return r.PartOf != "" ||
		(!needs.name || says(r.Name.Text)) && (!needs.target || says(r.Target.Text)) && (!needs.actual || says(r.Actual.Text)) &&
			(!needs.weight || says(r.Weight.Text)) && (!needs.score || says(r.Score.Text))
}

// says reports whether a text holds more than blanks and the marks for nothing (—, /,
// 无).
func says(text string) bool {
	for _, r := range text {
		switch r {
		case '-', '—', '–', '－', '―', '/', '*', '\\', '无':
		default:
			if !unicode.IsSpace(r) {
				return true
			}
		}
	}
	return false
}

// longFigure is the length up to which a decimal obeys the schema's pattern for sure: it
// bounds the digits on either side of the point, so that what is too long to be
// reckoned with is reported and not passed over.
const longFigure = 18

// plainFigure reports whether a text is blank, a plain decimal or a dash.
func plainFigure(text string) bool {
	s := strings.TrimSpace(text)
	if s == "" || s == "-" || s == "—" || s == "/" {
		return true
	}
	_, _, ok := quantity.ParseDecimal(s)
	return ok && len(s) <= longFigure
}

// of gives a copy of the form that holds the suspects alone, and for each list what
// place its rows have in the form. A first row stays where the schema asks for rows; texts
// that may say anything, or be missing, do not.
func (s *suspects) of(f *Form) (part *Form, places map[string][]int) {
	places = map[string][]int{"funds/rows": s.rows, "groups": s.groups, "indicators": s.indicators}
	for list, n := range map[string]int{"funds/rows": len(f.Funds.Rows), "indicators": len(f.Indicators)} {
		if len(places[list]) == 0 && n > 0 {
			places[list] = []int{0}
		}
	}
	g := *f
	g.Heading, g.Title, g.Remarks, g.Placeholders = Field{}, Field{}, nil, nil
	g.Funds.Rows = pick(f.Funds.Rows, places["funds/rows"])
	g.Groups = pick(f.Groups, places["groups"])
	g.Indicators = pick(f.Indicators, places["indicators"])
	return &g, places
}

func pick[T any](rows []T, at []int) []T {
	picked := make([]T, len(at))
	for i, n := range at {
		picked[i] = rows[n]
	}
	return picked
}
