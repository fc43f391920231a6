package compare

import (
	"strconv"
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// Kind says how a field changed.
type Kind string

// The kinds of change of a field.
const (
	// Changed: it says something else.
	Changed Kind = "changed"
	// Rewritten: it says the same in different writing, such as 92.3% for 92.30%,
	// 12000元 for 1.2万元, full-width digits, other blanks, or — for nothing.
	Rewritten Kind = "rewritten"
	// unchanged: it is the same.
	unchanged Kind = ""
)

// Change is a field whose text changed.
type Change struct {
	Kind Kind
	// Field is the dotted name of the field in the canonical document, such as
	// indicators.score; Row is the name of the row it is in, empty for a field of the
	// whole form.
	Field, Row string
	// Old and New are the texts, without blanks around them, and their places. The place
	// is that of nothing in a version without a cell for the field.
	Old, New Text
}

// Text is a text and where it stands.
type Text struct {
	Text string
	At   grid.Location
}

// Label gives the name that forms have for the field.
func (c *Change) Label() lang.Text { return Label(c.Field) }

// Label gives the name that forms have for a field or list of the canonical document.
func Label(field string) lang.Text {
	if t, ok := labels[field]; ok {
		return t
	}
	return lang.T(field, field)
}

var labels = map[string]lang.Text{
	"heading":                lang.T("表前标题", "heading"),
	"title":                  lang.T("表名", "title"),
	"year":                   lang.T("年度", "year"),
	"project":                lang.T("项目名称", "project"),
	"department.name":        lang.T("主管部门", "department"),
	"department.code":        lang.T("主管部门代码", "department code"),
	"unit":                   lang.T("实施单位", "unit"),
	"funds.currency_unit":    lang.T("金额单位", "unit of amounts"),
	"funds.header_amount":    lang.T("表头金额", "amount in the heading"),
	"funds.weight":           lang.T("执行率分值", "weight of the execution rate"),
	"funds.rows":             lang.T("项目资金", "funds"),
	"funds.rows.label":       lang.T("资金名称", "name of the funds"),
	"funds.rows.initial":     lang.T("年初预算数", "initial budget"),
	"funds.rows.adjusted":    lang.T("全年预算数", "adjusted budget"),
	"funds.rows.executed":    lang.T("全年执行数", "executed"),
	"funds.rows.weight":      lang.T("分值", "weight"),
	"funds.rows.rate":        lang.T("执行率", "execution rate"),
	"funds.rows.score":       lang.T("得分", "score"),
	"funds.rows.explanation": lang.T("原因分析", "reason"),
	"goal.expected":          lang.T("预期目标", "expected goal"),
	"goal.actual":            lang.T("实际完成情况", "actual result"),
	"groups":                 lang.T("指标组分值", "points of groups"),
	"groups.weight":          lang.T("标注的分值", "stated points"),
	"groups.score":           lang.T("小计得分", "subtotal"),
	"indicators":             lang.T("指标", "indicators"),
	"indicators.level1":      lang.T("一级指标", "first level"),
	"indicators.level2":      lang.T("二级指标", "second level"),
	"indicators.name":        lang.T("三级指标", "name"),
	"indicators.target":      lang.T("年度指标值", "target"),
	"indicators.actual":      lang.T("实际完成值", "actual value"),
	"indicators.weight":      lang.T("分值", "weight"),
	"indicators.score":       lang.T("得分", "score"),
	"indicators.explanation": lang.T("偏差原因分析及改进措施", "reason and measures"),
	"total.weight":           lang.T("总分分值", "total weight"),
	"total.score":            lang.T("总分", "total score"),
	"total.grade":            lang.T("等级", "grade"),
	"remarks":                lang.T("表外说明", "remarks"),
	"remarks.text":           lang.T("内容", "text"),
	"placeholders":           lang.T("空的模板行", "empty lines of the template"),
}

// value is a field to be compared: its dotted name, its cell, and the unit that the form
// states for figures without one.
type value struct {
	field string
	schema.Field
	unit string
}

// singleFields gives the fields that are not in a list, the same ones for every form.
func singleFields(f *schema.Form) []value {
	at := func(text string, f schema.Field) schema.Field { return schema.Field{Text: text, At: f.At} }
	year := ""
	if f.Year != 0 {
		year = strconv.Itoa(f.Year)
	}
	return []value{
		{"heading", f.Heading, ""}, {"title", f.Title, ""}, {"year", at(year, f.YearAt), ""},
		{"project", f.Project, ""},
		{"department.name", at(f.DepartmentName, f.Department), ""}, {"department.code", at(f.DepartmentCode, f.Department), ""},
		{"unit", f.Unit, ""},
		{"funds.currency_unit", at(f.Funds.CurrencyUnit, f.Funds.Label), ""},
		{"funds.header_amount", f.Funds.HeaderAmount, f.Funds.CurrencyUnit}, {"funds.weight", f.Funds.Weight, ""},
		{"goal.expected", f.Goal.Expected, ""}, {"goal.actual", f.Goal.Actual, ""},
		{"total.weight", f.Total.Weight, ""}, {"total.score", f.Total.Score, ""}, {"total.grade", f.Total.Grade, ""},
	}
}

// numbers reports whether the heading of a form, if it has one, only numbers the forms of
// a file.
func numbers(f *schema.Form) bool {
	name, ok := schema.HeadingName(f.Heading.Text)
	return f.Heading.Missing() || ok && quantity.Fold(name) == quantity.Fold(f.Project.Text)
}

// change adds a field to the changes of the form if it changed.
func (f *Form) change(before, after value, row string) {
	if kind := writing(before, after); kind != unchanged {
		f.Changes = append(f.Changes, Change{
			Kind: kind, Field: after.field, Row: row,
			Old: Text{strings.TrimSpace(before.Text), before.At}, New: Text{strings.TrimSpace(after.Text), after.At},
		})
	}
}

// writing tells whether two texts of a field say the same, and in the same writing.
func writing(before, after value) Kind {
	a, b := plain(before.Text), plain(after.Text)
	switch {
	case a == b:
		return unchanged
	case quantity.Fold(a) == quantity.Fold(b), before.Missing() && after.Missing(), sameFigure(before, after):
		return Rewritten
	}
	return Changed
}

// plain drops what readers differ in: blanks around a text, and how its lines end.
func plain(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
}

// sameFigure reports whether two texts show exactly the same figure or range, under the
// same comparator, in units that convert into one another.
func sameFigure(before, after value) bool {
	a, b := before.Displayed(), after.Displayed()
	if a.Kind != b.Kind || a.Comparator != b.Comparator || a.Kind != quantity.Figure && a.Kind != quantity.Range {
		return false
	}
	factor, ok := convert(unitOf(a, before.unit), unitOf(b, after.unit))
	return ok && a.Value.Mul(factor).Cmp(b.Value) == 0 && (a.Kind == quantity.Figure || a.High.Mul(factor).Cmp(b.High) == 0)
}

// convert gives the factor between two units of one measure. Words for things, people and
// spans of time are compared as written: 5台 is not 5套, nor 5日 5个工作日, though 1万人 is
// 10000人.
func convert(from, to string) (quantity.Number, bool) {
	factor, ok := quantity.Convert(from, to)
	if !ok || from == to {
		return factor, ok
	}
	switch quantity.DimensionOf(from) {
	case quantity.Percent, quantity.Money, quantity.Length, quantity.Area, quantity.Mass:
		return factor, true
	default:
		multiplied := strings.HasSuffix(from, to) || strings.HasSuffix(to, from)
		return factor, multiplied && factor.Cmp(quantity.Int(1)) != 0
	}
}

// unitOf gives the unit of a figure, written beside it or stated by the form.
func unitOf(q quantity.Quantity, stated string) string {
	if q.Unit == "" {
		return stated
	}
	return q.Unit
}
