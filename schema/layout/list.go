package layout

import (
	"jixiaolint/schema"
	"jixiaolint/schema/quantity"
)

// Workbooks and reports hold more than forms: lists of projects or people with a row
// for each, and forms that declare goals before there is anything to evaluate. They use
// the same labels.

// inList reports whether a row belongs to a list. It ends where a form begins.
func (r *reader) inList(l *line) bool {
	switch {
	case isListHeader(l):
		r.list = true
	case r.list:
		_, _, table := r.tableHeader(l, r.next())
		r.list = !table && !r.startsForm(l) && !opensGoal(l)
	}
	return r.list
}

// isListHeader reports whether a row names the columns of a list: labels without room
// for values between them, which are numbered (序号) or of which some name the project
// or its unit and others its funds. In a form one is beside its value.
func isListHeader(l *line) bool {
	known, identities, amounts := 0, 0, 0
	for i, c := range l.cells {
		if i > 0 && c.Col != l.cells[i-1].Col+max(l.cells[i-1].Cols, 1) ||
			quantity.Parse(c.Text).Kind != quantity.Words || len(c.label.full) > 60 {
			return false
		}
		if !isColumnLabel(c.label) {
			continue
		}
		known++
		switch headRoleOf(c.label) {
		case headProject, headDepartment, headUnit, headFiler:
			if i+1 < len(l.cells) && !isColumnLabel(l.cells[i+1].label) {
				return false // its value
			}
			identities++
		case headNone:
			amounts++
		default:
		}
	}
	if oneOf(l.cells[0].label.bare, "序号", "编号") {
		return known >= 2 && known > amounts
	}
	return identities > 0 && amounts >= 2
}

// isColumnLabel reports whether a label of the head or of the funds heads a column.
func isColumnLabel(l label) bool {
	return headRoleOf(l) != headNone || fundColumnOf(l) != colNone
}

// declares reports whether what was read are goals and targets that have no place for
// what became of them: a form filed before the year, such as 绩效目标申报表.
func (r *reader) declares(f *schema.Form) bool {
	return r.heads != nil && !r.heads.has(colActual) && !r.heads.has(colScore) &&
		!f.Title.Filled() && r.funds == nil && !f.Goal.Actual.Filled() && !f.Total.Score.Filled()
}
