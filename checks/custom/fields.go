package custom

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"jixiaolint/schema"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// kind is the static type of an expression.
type kind uint8

const (
	invalidKind kind = iota
	boolKind
	figureKind
	textKind
	// mixedKind is a cell that holds a figure or words: a target, an actual value. It
	// is read as what its context asks for.
	mixedKind
	objectKind
	listKind
)

// shape is the type of an object: the form, or a row of one of its lists.
type shape struct {
	// base is the JSON Pointer below which a row's fields stand, place the prefix of
	// their dotted names in schema.Form.Lacks.
	base, place string
	fields      map[string]*field
	lists       map[string]*table
	// objects are shortcuts to rows.
	objects map[string]*shortcut
}

// object is the form or one of its rows.
type object struct {
	form   *schema.Form
	fund   *schema.FundRow
	group  *schema.Group
	row    *schema.Indicator
	remark *schema.Remark
	text   *schema.Field
	index  int
	// absent is set for a shortcut to a row that the form does not have.
	absent bool
}

// field is a field of an object, by its name in the canonical document.
type field struct {
	shape *shape
	path  string
	kind  kind
	label lang.Text
	get   func(*object) schema.Field
	// figure reads the field as a figure.
	figure func(*object, schema.Field) figure
	// truth reads a field of booleanKind.
	truth func(*object) bool
	// optional is set for fields that many layouts have no cell for and that Lacks
	// does not name: without a cell, nothing is known of them.
	optional bool
}

// table is a list of the form.
type table struct {
	shape *shape
	place string
	rows  func(*object, func(object) bool)
}

// shortcut names one row of a list.
type shortcut struct {
	shape *shape
	get   func(*object) object
}

// pointer gives the field's JSON Pointer.
func (f *field) pointer(o *object) string {
	path := "/" + strings.ReplaceAll(f.path, ".", "/")
	if f.shape.base == "" {
		return path
	}
	return f.shape.base + strconv.Itoa(o.index) + path
}

// lacking reports whether the form's layout has no cell for the field.
func (f *field) lacking(o *object) bool {
	return o.absent || len(o.form.Lacks) > 0 && !o.form.HasPlace(f.shape.place+f.path) || f.optional && !f.get(o).Present()
}

// plain is a text that is no cell of its own.
func plain(s string) schema.Field { return schema.Field{Text: s} }

// part is a text that is part of a cell.
func part(f schema.Field, s string) schema.Field { f.Text, f.Stored = s, ""; return f }

func figureOf(shown, held quantity.Quantity) figure {
	if !shown.IsFigure() || !held.IsFigure() {
		return figure{}
	}
	return figure{shown: shown.Value, within: held.Interval(), decimals: shown.Decimals, unit: shown.Unit, known: true}
}

// readPlain reads any figure with its unit.
func readPlain(_ *object, f schema.Field) figure {
	shown := f.Displayed()
	if f.Stored == "" {
		return figureOf(shown, shown)
	}
	return figureOf(shown, f.Quantity())
}

// readAmount reads an amount of money in the unit of the fund block.
func readAmount(o *object, f schema.Field) figure {
	a := readPlain(o, f)
	block := o.form.Funds.CurrencyUnit
	if !a.known || a.unit == "" || block == "" {
		a.unit = block
		return a
	}
	if !strings.HasSuffix(a.unit, "元") && strings.HasSuffix(block, "元") {
		a.unit += "元" // 150万 in a column of 万元
	}
	if factor, ok := quantity.Convert(a.unit, block); ok {
		a.shown, a.within, a.unit = a.shown.Mul(factor), a.within.Mul(quantity.Point(factor)), block
	}
	return a
}

// readPoints reads a score; 10分 is 10. What it shows is what was filed, whatever a
// spreadsheet stores behind it.
func readPoints(_ *object, f schema.Field) figure {
	q := f.Displayed()
	a := figureOf(q, q)
	a.known = a.known && (a.unit == "" || a.unit == "分")
	a.unit = ""
	return a
}

// readWeight reads a weight, which may be filed as a share, and is given, not
// rounded.
func readWeight(_ *object, f schema.Field) figure {
	q := f.Displayed()
	a := figureOf(q, q)
	a.known = a.known && (a.unit == "" || a.unit == "分" || a.unit == "%")
	a.within, a.unit = quantity.Point(a.shown), ""
	return a
}

// readRate reads an execution rate in per cent. A bare figure of at most 1 may be a
// fraction or a percentage: nothing is said of it.
func readRate(o *object, f schema.Field) figure {
	q := f.Displayed()
	a := figureOf(q, q)
	switch {
	case a.unit == "%", a.unit == "" && o.fund.RateHeader:
	case a.unit != "", a.shown.Sign() > 0 && a.shown.Cmp(quantity.Int(1)) <= 0:
		a.known = false
	}
	a.unit = "%"
	return a
}

func readYear(o *object, _ schema.Field) figure {
	if o.form.Year == 0 {
		return figure{}
	}
	return exactly(quantity.Int(int64(o.form.Year)))
}

// words is a text field, amount and its like a figure, mixed a cell of either.
func words(path, zh, en string, get func(*object) schema.Field) *field {
	return &field{path: path, kind: textKind, label: lang.T(zh, en), get: get, figure: readPlain}
}

func number(path, zh, en string, read func(*object, schema.Field) figure, get func(*object) schema.Field) *field {
	return &field{path: path, kind: figureKind, label: lang.T(zh, en), get: get, figure: read}
}

func mixed(path, zh, en string, get func(*object) schema.Field) *field {
	return &field{path: path, kind: mixedKind, label: lang.T(zh, en), get: get, figure: readPlain}
}

func flag(path string, get func(*object) bool) *field {
	return &field{path: path, kind: boolKind, truth: get, get: func(*object) schema.Field { return schema.Field{} }}
}

func optional(f *field) *field { f.optional = true; return f }

func newShape(base, place string, fields ...*field) *shape {
	s := &shape{base: base, place: place, fields: map[string]*field{}}
	for _, f := range fields {
		f.shape = s
		s.fields[f.path] = f
	}
	return s
}

// shapes are the types of a form's objects.
type shapes struct {
	form, fund, group, indicator, remark, text *shape
}

// theShapes are made when the first custom rule is compiled.
var theShapes = sync.OnceValue(func() *shapes {
	s := &shapes{
		fund: newShape("/funds/rows/", "funds.",
			words("role", "", "", func(o *object) schema.Field { return plain(string(o.fund.Role)) }),
			words("label", "资金来源", "source", func(o *object) schema.Field { return o.fund.Label }),
			number("initial", "年初预算数", "initial budget", readAmount, func(o *object) schema.Field { return o.fund.Initial }),
			number("adjusted", "全年预算数", "adjusted budget", readAmount, func(o *object) schema.Field { return o.fund.Adjusted }),
			number("executed", "全年执行数", "executed", readAmount, func(o *object) schema.Field { return o.fund.Executed }),
			number("weight", "分值", "weight", readWeight, func(o *object) schema.Field { return o.fund.Weight }),
			number("rate", "执行率", "rate", readRate, func(o *object) schema.Field { return o.fund.Rate }),
			number("score", "得分", "score", readPoints, func(o *object) schema.Field { return o.fund.Score }),
			optional(words("explanation", "原因", "reason", func(o *object) schema.Field { return o.fund.Explanation })),
			words("part_of", "", "", func(o *object) schema.Field { return plain(o.fund.PartOf) }),
			flag("rate_in_percent", func(o *object) bool { return o.fund.RateHeader }),
		),
		group: newShape("/groups/", "groups.",
			words("level1", "一级指标", "first level", func(o *object) schema.Field { return part(o.group.Label, o.group.Level1) }),
			words("level2", "二级指标", "second level", func(o *object) schema.Field { return part(o.group.Label, o.group.Level2) }),
			optional(number("weight", "分值", "weight", readWeight, func(o *object) schema.Field { return o.group.Weight })),
			optional(number("score", "得分", "score", readPoints, func(o *object) schema.Field { return o.group.Score })),
			flag("subtotal", func(o *object) bool { return o.group.Subtotal }),
		),
		indicator: newShape("/indicators/", "indicators.",
			words("level1", "一级指标", "first level", func(o *object) schema.Field { return o.row.Level1 }),
			words("level2", "二级指标", "second level", func(o *object) schema.Field { return o.row.Level2 }),
			words("name", "三级指标", "indicator", func(o *object) schema.Field { return o.row.Name }),
			mixed("target", "年度指标值", "target", func(o *object) schema.Field { return o.row.Target }),
			optional(words("target_parts.operator", "指标性质", "operator", func(o *object) schema.Field { return parts(o).Operator })),
			optional(mixed("target_parts.value", "指标值", "value", func(o *object) schema.Field { return parts(o).Value })),
			optional(words("target_parts.unit", "度量单位", "unit", func(o *object) schema.Field { return parts(o).Unit })),
			mixed("actual", "实际完成值", "actual value", func(o *object) schema.Field { return o.row.Actual }),
			number("weight", "分值", "weight", readWeight, func(o *object) schema.Field { return o.row.Weight }),
			number("score", "得分", "score", readPoints, func(o *object) schema.Field { return o.row.Score }),
			words("explanation", "偏差原因", "reason", func(o *object) schema.Field { return o.row.Explanation }),
			words("part_of", "", "", func(o *object) schema.Field { return plain(o.row.PartOf) }),
		),
		remark: newShape("/remarks/", "remarks.",
			words("label", "", "", func(o *object) schema.Field { return plain(o.remark.Label) }),
			words("text", "备注", "remark", func(o *object) schema.Field { return o.remark.Text }),
		),
		text: newShape("/texts/", "texts.", words("text", "文字说明", "text", func(o *object) schema.Field { return *o.text })),
		form: newShape("", "",
			words("kind", "", "", func(o *object) schema.Field { return plain(string(o.form.Kind)) }),
			optional(words("heading", "标题", "heading", func(o *object) schema.Field { return o.form.Heading })),
			optional(words("title", "表名", "title", func(o *object) schema.Field { return o.form.Title })),
			number("year", "年度", "year", readYear, func(o *object) schema.Field { return o.form.YearAt }),
			words("project", "项目名称", "project", func(o *object) schema.Field { return o.form.Project }),
			words("department.name", "主管部门", "department", func(o *object) schema.Field { return part(o.form.Department, o.form.DepartmentName) }),
			words("department.code", "部门代码", "code", func(o *object) schema.Field { return part(o.form.Department, o.form.DepartmentCode) }),
			words("unit", "实施单位", "unit", func(o *object) schema.Field { return o.form.Unit }),
			words("funds.currency_unit", "", "", func(o *object) schema.Field { return part(o.form.Funds.Label, o.form.Funds.CurrencyUnit) }),
			optional(number("funds.header_amount", "项目资金", "amount in the heading", readAmount, func(o *object) schema.Field { return o.form.Funds.HeaderAmount })),
			optional(number("funds.weight", "执行率分值", "weight of the rate", readWeight, func(o *object) schema.Field { return o.form.Funds.Weight })),
			words("goal.expected", "预期目标", "expected", func(o *object) schema.Field { return o.form.Goal.Expected }),
			words("goal.actual", "实际完成情况", "achieved", func(o *object) schema.Field { return o.form.Goal.Actual }),
			optional(number("total.weight", "总分值", "total weight", readWeight, func(o *object) schema.Field { return o.form.Total.Weight })),
			number("total.score", "总分", "total score", readPoints, func(o *object) schema.Field { return o.form.Total.Score }),
			optional(words("total.grade", "等级", "grade", func(o *object) schema.Field { return o.form.Total.Grade })),
		),
	}
	s.form.objects = map[string]*shortcut{"funds.total": {s.fund, totalRow}}
	s.form.lists = map[string]*table{
		"funds.rows": rowsOf(s.fund, "funds", func(f *schema.Form) int { return len(f.Funds.Rows) },
			func(f *schema.Form, i int) object { return object{form: f, fund: &f.Funds.Rows[i], index: i} }),
		"groups": rowsOf(s.group, "groups", func(f *schema.Form) int { return len(f.Groups) },
			func(f *schema.Form, i int) object { return object{form: f, group: &f.Groups[i], index: i} }),
		"indicators": rowsOf(s.indicator, "indicators", func(f *schema.Form) int { return len(f.Indicators) },
			func(f *schema.Form, i int) object { return object{form: f, row: &f.Indicators[i], index: i} }),
		"remarks": rowsOf(s.remark, "remarks", func(f *schema.Form) int { return len(f.Remarks) },
			func(f *schema.Form, i int) object { return object{form: f, remark: &f.Remarks[i], index: i} }),
		"placeholders": {s.text, "placeholders", func(o *object, visit func(object) bool) { visitTexts(o.form, o.form.Placeholders, visit) }},
		"texts":        {s.text, "texts", func(o *object, visit func(object) bool) { visitTexts(o.form, texts(o.form), visit) }},
	}
	return s
})

// parts gives the cells of a split target, none where the target is one cell.
func parts(o *object) schema.TargetParts {
	if p := o.row.Parts; p != nil {
		return *p
	}
	return schema.TargetParts{}
}

func rowsOf(s *shape, place string, n func(*schema.Form) int, row func(*schema.Form, int) object) *table {
	return &table{shape: s, place: place, rows: func(o *object, visit func(object) bool) {
		for i := range n(o.form) {
			if !visit(row(o.form, i)) {
				return
			}
		}
	}}
}

// totalRow gives the row 年度资金总额.
func totalRow(o *object) object {
	rows := o.form.Funds.Rows
	i := slices.IndexFunc(rows, func(r schema.FundRow) bool { return r.Role == schema.RoleTotal })
	if i < 0 {
		return object{form: o.form, fund: &schema.FundRow{}, absent: true}
	}
	return object{form: o.form, fund: &rows[i], index: i}
}

// visitTexts visits cells as rows with the one field text.
func visitTexts(f *schema.Form, cells []schema.Field, visit func(object) bool) {
	for i := range cells {
		if !visit(object{form: f, text: &cells[i], index: i}) {
			return
		}
	}
}

// texts gives what the form says in words: the halves of the goal, the reasons, the
// remarks.
func texts(f *schema.Form) []schema.Field {
	all := []schema.Field{f.Goal.Expected, f.Goal.Actual}
	for i := range f.Funds.Rows {
		all = append(all, f.Funds.Rows[i].Explanation)
	}
	for i := range f.Indicators {
		all = append(all, f.Indicators[i].Explanation)
	}
	for i := range f.Remarks {
		all = append(all, f.Remarks[i].Text)
	}
	return slices.DeleteFunc(all, func(t schema.Field) bool { return !t.Filled() })
}
