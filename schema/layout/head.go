package layout

import (
	"regexp"
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/quantity"
)

// headLine reads a row of the form's head: labels, each followed by its value.
func (r *reader) headLine(l *line) bool {
	var entries []headEntry
	for i := range l.cells {
		entries = append(entries, r.headEntries(l, i)...)
	}
	if len(entries) == 0 {
		return false
	}
	if entries[0].role == headProject && r.form != nil && r.labels["项目名称"] {
		r.open(l)
	}
	f := r.need(l)
	for _, e := range entries {
		c, value := l.cells[e.cell], e.value
		if l.row.Num != 0 && (value.Filled() || r.doc.Format != grid.DOCX && r.doc.Format != grid.HTML) && founds(e.role) {
			r.founding[e.role] = true
		}
		switch e.role {
		case headProject:
			r.labels["项目名称"] = true
			if containsAny(c.label.full, "转移支付") && f.Kind == schema.Project {
				f.Kind = schema.Transfer
			}
			set(&f.Project, value)
			r.anchor("project", c.Cell, l)
		case headDepartment:
			r.labels["主管部门"] = true
			set(&f.Department, value)
			r.anchor("department", c.Cell, l)
		case headUnit:
			r.labels["实施单位"] = true
			// 实施(主管)单位 is both.
			if containsAny(c.label.full, "主管)", "及主管") {
				set(&f.Department, value)
			}
			set(&f.Unit, value)
			r.anchor("unit", c.Cell, l)
		case headCentral:
			r.labels["主管部门"] = true
			set(&r.central, value)
			r.anchor("central department", c.Cell, l)
		case headBudget:
			r.labels["实施单位"] = true
			set(&r.budget, value)
			r.anchor("unit", c.Cell, l)
		case headFiler:
			r.labels["填报单位"] = true
			set(&r.filer, value)
		case headCurrency:
			if unit := parseLabel(value.Text).currency(); unit != "" {
				r.currency = unit
			}
		case headYear:
			if m := reTitleYear.FindStringSubmatch(quantity.Fold(value.Text) + "年"); m != nil {
				r.year(m[1], value)
			}
		case headScore:
			if value.Quantity().IsFigure() && !f.Total.Score.Present() {
				r.labels["总分"] = true
				f.Total.Label = r.field(c.Cell, l)
				f.Total.Score = value
			}
		case headGrade:
			if grade, ok := gradeOf(value.Text); ok {
				value.Text = grade
				set(&f.Total.Grade, value)
			}
		case headOther, headNone:
		}
	}
	return true
}

// labelled reports whether a row is made of labels of the head or of signatures with
// their values and nothing else, as in 填表人：王 | 填表日期：2023.3.10 below the
// indicators. The first label is a known one.
func (r *reader) labelled(l *line) bool {
	value := false // whether the cell before is a label whose value may follow
	for i, c := range l.cells {
		alone := headRoleOf(c.label) != headNone || isSignature(c.label)
		switch {
		case alone, r.headLabel(c) != headNone, isSignature(inlineLabel(c.Text)):
		case !value && (i == 0 || inlineLabel(c.Text).bare == ""):
			return false
		}
		value = alone
	}
	return true
}

// founds reports whether a label is seldom met but in the head of a form.
func founds(role headRole) bool {
	return role != headOther && role != headCurrency && role != headFiler && role != headYear
}

// set fills a field once: the first place that has a value is the one that counts.
func set(f *schema.Field, v schema.Field) {
	if !f.Filled() {
		*f = v
	}
}

// headEntry is a label of the head with its value.
type headEntry struct {
	role  headRole
	value schema.Field
	cell  int // the index of the label's cell
}

// reInlineLabel finds the labels after the first one in a cell that holds several:
// 单位:某局  填报日期:2022年.
var reInlineLabel = regexp.MustCompile(`[\s\p{Z}]([^\s\p{Z}:：]{2,14})[:：]`)

// headEntries reads the labels of a cell with their values. Labels stand alone, with
// the value beside them, or are glued to it: 部门:某中学.
func (r *reader) headEntries(l *line, i int) []headEntry {
	c := l.cells[i]
	role := r.headLabel(c)
	if role == headNone {
		return nil
	}
	if headRoleOf(c.label) != headNone {
		return []headEntry{{role, r.valueBeside(l, i), i}}
	}
	rest := c.Text[strings.IndexAny(c.Text, ":："):]
	rest = strings.TrimLeft(rest, ":：")
	var entries []headEntry
	add := func(text string) {
		v := r.field(c.Cell, l)
		v.Text = strings.TrimSpace(text)
		entries = append(entries, headEntry{role, v, i})
	}
	from := 0
	for _, m := range reInlineLabel.FindAllStringSubmatchIndex(rest, -1) {
		if next := headRoleOf(parseLabel(rest[m[2]:m[3]])); next != headNone {
			add(rest[from:m[0]])
			role, from = next, m[1]
		}
	}
	if strings.TrimSpace(rest[from:]) != "" {
		add(rest[from:])
		return entries
	}
	return append(entries, headEntry{role, r.valueBeside(l, i), i})
}

// headLabel reads a cell as a head label, alone or glued to its value.
func (r *reader) headLabel(c cell) headRole {
	if role := headRoleOf(c.label); role != headNone {
		return role
	}
	i := strings.IndexAny(c.Text, ":：")
	if i <= 0 || i > 60 {
		return headNone
	}
	return headRoleOf(parseLabel(c.Text[:i]))
}

// valueBeside gives the value of the label at index i: the next cell of the row
// unless that is another label.
func (r *reader) valueBeside(l *line, i int) schema.Field {
	c := l.cells[i]
	if i+1 < len(l.cells) {
		next := l.cells[i+1]
		if role := r.headLabel(next); role == headNone || role == headOther && headRoleOf(next.label) == headNone {
			return r.field(next.Cell, l)
		}
	}
	return r.blank(l, c.Col+max(c.Cols, 1))
}

var (
	reGluedCode  = regexp.MustCompile(`^(.*\p{Han})\s*[-—]?\s*([0-9]{3,})$`)
	reCodeInside = regexp.MustCompile(`^(.*\p{Han})\s*[(（\[【〔]\s*([0-9]{3,})\s*[)）\]】〕]$`)
	reLeadCode   = regexp.MustCompile(`^\s*([0-9]{3,})\s*[-—]\s*(\p{Han}.*)$`)
	reGoalLabel  = regexp.MustCompile(`^(?:<[^>]*>)?\s*(?:预期目标|年初设定目标|年度目标|项目年度目标|总体目标|年度预期目标|实际完成情况|全年实际完成情况|年度目标完成情况|年度总体目标完成情况综述|目标实际完成情况)\s*[:：]\s*`)
	reOpeningTag = regexp.MustCompile(`^<[^>]*>`)
)

// splitCode splits a department cell into name and code: 兴安盟商务口岸局601001,
// 019-某局.
func splitCode(s string) (name, code string) {
	s = strings.TrimSpace(s)
	if m := reLeadCode.FindStringSubmatch(s); m != nil {
		return m[2], m[1]
	}
	for _, re := range []*regexp.Regexp{reGluedCode, reCodeInside} {
		if m := re.FindStringSubmatch(s); m != nil {
			return m[1], m[2]
		}
	}
	return s, ""
}

// goalWord tells the two halves of the overall goal by their labels.
func goalWord(s string) (expected, actual bool) {
	switch {
	case oneOf(s, "实际完成情况", "全年实际完成情况", "年度目标完成情况", "年度总体目标完成情况综述", "目标实际完成情况", "具体完成情况",
		"完成情况", "全年完成情况", "实际完成目标", "年度总体目标完成情况", "目标完成情况", "年度完成情况", "总体目标完成情况综述"):
		return false, true
	case oneOf(s, "预期目标", "年初设定目标", "年度目标", "项目年度目标", "总体目标", "年度预期目标", "年初目标", "设定目标", "年初预期目标", "预期总目标",
		"预期总体目标", "年度总目标", "年度履职目标"):
		return true, false
	}
	return false, false
}

// goalStart reads the first row of 年度总体目标: labels of the two halves, or the two
// texts themselves.
func (r *reader) goalStart(l *line) bool {
	if r.form != nil && (r.form.Goal.Expected.Filled() || r.form.Goal.Actual.Filled()) {
		return false
	}
	block := false
	var texts []cell
	var expected, actual *cell
	for i := range l.cells {
		c := &l.cells[i]
		e, a := goalWord(c.label.bare)
		glued := reGoalLabel.MatchString(c.Text)
		switch {
		case glued:
			texts = append(texts, *c)
			block = true
		case e && expected == nil && !headsGoal(l, i):
			expected = c
		case a:
			actual = c
		case isGoalBlock(c.label):
			block = true
		case block || expected != nil:
			texts = append(texts, *c)
		}
	}
	switch {
	case expected != nil && actual != nil:
		f := r.need(l)
		r.labels["年度总体目标"] = true
		r.state = stateGoal
		f.Goal.Expected, f.Goal.Actual = r.blank(l, expected.Col), r.blank(l, actual.Col)
		r.goalSplit, r.goalEnd = actual.Col, 1<<30
		for _, c := range texts {
			if c.Col > actual.Col && isGoalFigure(c.label) {
				r.goalEnd = min(r.goalEnd, c.Col) // 总体完成率(%) and the like beside the texts
			}
		}
		for _, c := range texts {
			if c.Col >= r.goalEnd {
				continue
			}
			// Texts beside their labels, in the same row.
			half := &f.Goal.Expected
			if c.Col > actual.Col {
				half = &f.Goal.Actual
			}
			if c.Col > expected.Col {
				set(half, r.field(c.Cell, l))
			}
		}
		return true
	case block, expected != nil && len(texts) > 0:
		f := r.need(l)
		r.labels["年度总体目标"] = true
		r.state = stateGoal
		r.goalSplit, r.goalEnd = 1<<30, 1<<30
		if len(texts) > 1 {
			r.goalSplit = texts[1].Col
		}
		r.goalTexts(f, l, texts)
		return true
	}
	return false
}

// opensGoal reports whether a row begins with the label of 年度总体目标, or has those of
// both its halves.
func opensGoal(l *line) bool {
	expected, actual := false, false
	for _, c := range l.cells {
		e, a := goalWord(c.label.bare)
		expected, actual = expected || e, actual || a
	}
	return expected && actual || isGoalBlock(l.cells[0].label)
}

// headsGoal reports whether the cell is the block's own label, such as 年度目标 in
// front of 预期目标.
func headsGoal(l *line, i int) bool {
	return i == 0 && len(l.cells) > 1 && containsAny(l.cells[1].label.bare, "预期目标", "总体目标", "年初设定目标")
}

// isGoalFigure reports whether a label beside 实际完成情况 heads figures, not text.
func isGoalFigure(l label) bool {
	return containsAny(l.bare, "完成率", "得分", "分值", "权重")
}

func isGoalBlock(l label) bool {
	return oneOf(l.bare, "年度总体目标", "年度绩效目标", "总体目标", "年度目标", "绩效目标", "项目总体目标", "年度总体绩效目标", "总体目标完成情况", "总体绩效目标")
}

// goalTexts takes the texts of both halves from one row. Which text is which follows
// from its own label, else from its order.
func (r *reader) goalTexts(f *schema.Form, l *line, texts []cell) {
	for i := range texts {
		c := texts[i]
		field := r.field(c.Cell, l)
		half := &f.Goal.Expected
		if i > 0 {
			half = &f.Goal.Actual
		}
		if m := reGoalLabel.FindString(c.Text); m != "" {
			// The label goes; an opening tag before it is part of what was filed.
			field.Text = reOpeningTag.FindString(c.Text) + c.Text[len(m):]
			if strings.Contains(m, "完成") {
				half = &f.Goal.Actual
			} else {
				half = &f.Goal.Expected
			}
		}
		set(half, field)
	}
	for _, half := range []*schema.Field{&f.Goal.Expected, &f.Goal.Actual} {
		if !half.Present() {
			*half = r.blank(l, l.cells[len(l.cells)-1].Col+1)
		}
	}
}

// goalLine reads the texts under the labels of the two halves. What stands below them
// is kept as remarks: further goals, and blocks such as 项目实施内容.
func (r *reader) goalLine(l *line) {
	f := r.form
	if _, actual := goalWord(l.cells[0].label.bare); actual && len(l.cells) > 1 {
		set(&f.Goal.Actual, r.field(l.cells[1].Cell, l)) // each half has a row of its own
		return
	}
	if f.Goal.Expected.Filled() && f.Goal.Actual.Filled() {
		r.aside(l, "年度总体目标")
		return
	}
	for i := range l.cells {
		c := l.cells[i]
		if i == 0 && isGoalBlock(c.label) || c.Col >= r.goalEnd {
			continue
		}
		half := &f.Goal.Expected
		if c.Col >= r.goalSplit {
			half = &f.Goal.Actual
		}
		set(half, r.field(c.Cell, l))
	}
}
