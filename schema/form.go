// Package schema says what a self-evaluation form is: its parts and the place of
// each in the filed document, its canonical JSON, and the JSON Schema it must obey.
package schema

import (
	"iter"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// Kind is the kind of a form.
type Kind string

// The kinds of form.
const (
	Project    Kind = "project"    // 项目支出绩效自评表
	Department Kind = "department" // 部门整体支出绩效自评表
	Transfer   Kind = "transfer"   // 转移支付绩效自评表
)

// Field is one cell of a form: its text exactly as displayed, and its place.
//
// Three states must be told apart: a field that the layout has no cell for
// (Present is false), a cell that is there but blank, and a filled cell.
type Field struct {
	Text string
	// Stored is the value a spreadsheet stores behind the displayed text, if it
	// differs.
	Stored string
	At     grid.Location
	// Row is the row of the file that the field stands in.
	Row *grid.Row
}

// Present reports whether the file has a place for the field.
func (f Field) Present() bool { return !f.At.IsZero() }

// Filled reports whether the field has text.
func (f Field) Filled() bool {
	if f.Text == "" || f.Text[0] > ' ' && f.Text[0] < utf8.RuneSelf {
		return f.Text != "" // as mostly
	}
	return strings.TrimSpace(f.Text) != ""
}

// Missing reports whether the field says nothing: not there, blank, or one of the
// marks for "not applicable" (—, /, 无), which count as empty (rules.md).
func (f Field) Missing() bool { return !f.Filled() || quantity.Missing(f.Text) }

// Quantity reads the field as a figure. A spreadsheet that stores more digits than
// it displays gives the stored value: it is what the form's own figures were
// computed from.
func (f Field) Quantity() quantity.Quantity {
	q := quantity.Parse(f.Text)
	if f.Stored == "" || q.Kind != quantity.Figure {
		return q
	}
	n, decimals, ok := quantity.ParseStored(f.Stored)
	if !ok {
		return q
	}
	if q.Unit == "%" {
		n, decimals = n.Mul(quantity.Int(100)), max(decimals-2, 0)
	}
	// Only a value that displays as the text is the same figure; a date or a scaled
	// format is not.
	if decimals > q.Decimals && n.Round(q.Decimals).Cmp(q.Value) == 0 {
		q.Value, q.Decimals = n, decimals
	}
	return q
}

// Displayed reads the field as the figure it shows, whatever is stored behind it. A
// result is judged at the precision at which it is shown.
func (f Field) Displayed() quantity.Quantity { return quantity.Parse(f.Text) }

// Form is one self-evaluation form as filed.
type Form struct {
	Kind Kind
	// Heading is the numbered line above the form (“1. 口岸专项”), if any.
	Heading Field
	Title   Field
	// Year is the form's year, 0 if it states none; YearAt is the cell that states it.
	Year    int
	YearAt  Field
	Project Field
	// Department is 主管部门 as filed; DepartmentName and DepartmentCode are its parts.
	Department     Field
	DepartmentName string
	DepartmentCode string
	Unit           Field
	Funds          Funds
	Goal           Goal
	Groups         []Group
	Indicators     []Indicator
	Total          Total
	// Remarks are the labelled texts around the table: reasons, notes, conclusions.
	Remarks []Remark
	// Placeholders are the rows of the empty template left in the form (指标2:, ……).
	Placeholders []Field
	// Lacks names the fields that the form's layout has no cell for, as dotted names
	// such as indicators.score: rules that need them are switched off.
	Lacks []string
	// Shifted are the rows whose cells stand in other columns than their headers.
	Shifted []Field
	// Start is the first place of the form, TableHead the header cell of 年度指标值.
	Start, TableHead Field

	// raw is the document as read from JSON; nil for forms recognised in a grid.
	raw   any
	place func(pointer string) (Field, bool)
}

// Role is the part a fund row plays.
type Role string

// The roles of fund rows. Every role but RoleTotal is a source of funds.
const (
	RoleTotal     Role = "total"     // 年度资金总额
	RoleFiscal    Role = "fiscal"    // 财政拨款, 中央资金, 省级资金 …
	RoleCarryover Role = "carryover" // 上年结转资金
	RoleSpecial   Role = "special"   // 财政专户管理资金
	RoleOwn       Role = "own"       // 单位资金
	RoleOther     Role = "other"     // 其他资金
)

// Funds is the block 项目资金.
type Funds struct {
	// Label is the block's heading, CurrencyUnit the unit it states (万元).
	Label        Field
	CurrencyUnit string
	// HeaderAmount is the amount beside the heading.
	HeaderAmount Field
	// Weight is the weight of the execution rate where the heading states it:
	// 预算执行情况(20分).
	Weight Field
	Rows   []FundRow
}

// FundRow is one row of the fund block.
type FundRow struct {
	Role     Role
	Label    Field
	Initial  Field // 年初预算数
	Adjusted Field // 全年预算数
	Executed Field // 全年执行数
	Weight   Field // 分值
	Rate     Field // 执行率
	Score    Field // 得分
	// Explanation is the reason given in the row, where the layout has a column.
	Explanation Field
	// RateHeader is set when the column's header carries the per-cent sign.
	RateHeader bool
	// PartOf is the label of the source row that this row is a part of.
	PartOf string
}

// Goal is 年度总体目标.
type Goal struct {
	Expected Field // 预期目标
	Actual   Field // 实际完成情况
}

// Group is a group of indicators for which the form states points: in a label such
// as 产出指标(50), or in a subtotal row.
type Group struct {
	// Level1 is empty for 绩效指标(90), which covers all indicators; Level2 is set
	// for points stated on a second-level label.
	Level1, Level2 string
	Label          Field
	Weight, Score  Field
	// Subtotal is set for 小计 rows.
	Subtotal bool
}

// Indicator is one row of the indicator table.
type Indicator struct {
	Level1, Level2 Field // cleaned labels; their place is the label's cell
	Name           Field
	Target         Field
	// Parts holds the cells of a target that is split over several columns.
	Parts       *TargetParts
	Actual      Field
	Weight      Field
	Score       Field
	Explanation Field
	// PartOf is the name of the indicator that a sub-row (其中…) belongs to.
	PartOf string

	// lost is the kind of a row whose labels are lost, where its place tells it.
	lost IndicatorType
}

// TargetParts are the cells 指标性质, 指标值 and 度量单位 of a split target.
type TargetParts struct{ Operator, Value, Unit Field }

// Total is the row 总分.
type Total struct {
	Label  Field
	Weight Field
	Score  Field
	Grade  Field
}

// Remark is a labelled text outside the columns: 偏差原因分析, 备注, 评价结论.
type Remark struct {
	Label string
	Text  Field
}

// FundTotal gives the row 年度资金总额, nil if there is none.
func (f *Form) FundTotal() *FundRow {
	for i := range f.Funds.Rows {
		if f.Funds.Rows[i].Role == RoleTotal {
			return &f.Funds.Rows[i]
		}
	}
	return nil
}

// HasPlace reports whether the form's layout has a cell for the named field, a
// dotted name such as indicators.score.
func (f *Form) HasPlace(name string) bool {
	for _, l := range f.Lacks {
		if rest, ok := strings.CutPrefix(name, l); ok && (rest == "" || rest[0] == '.') {
			return false
		}
	}
	return true
}

// Name is the form's name in reports: the project, or the department for forms of
// a whole department.
func (f *Form) Name() string {
	for _, c := range []string{f.Project.Text, f.DepartmentName, f.Heading.Text, f.Title.Text} {
		if s := strings.TrimSpace(c); s != "" {
			return s
		}
	}
	return ""
}

var reHeading = regexp.MustCompile(`^\d{1,3}[.、．]\s*(\S.*)$`)

// HeadingName gives the X of a numbered heading “n. X”; ok is false for other texts.
func HeadingName(text string) (name string, ok bool) {
	text = strings.TrimSpace(text)
	if text == "" || text[0] < '0' || text[0] > '9' {
		return "", false // as most
	}
	m := reHeading.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// Fields yields every field of the form with its JSON Pointer in the canonical
// document, in document order.
func (f *Form) Fields() iter.Seq2[string, *Field] {
	return func(yield func(string, *Field) bool) {
		w := &walker{yield: yield}
		w.one("/heading", &f.Heading)
		w.one("/title", &f.Title)
		w.one("/year", &f.YearAt)
		w.one("/project", &f.Project)
		w.one("/department", &f.Department)
		w.one("/unit", &f.Unit)
		w.one("/funds", &f.Funds.Label)
		w.one("/funds/header_amount", &f.Funds.HeaderAmount)
		w.one("/funds/weight", &f.Funds.Weight)
		for i := range f.Funds.Rows {
			r, at := &f.Funds.Rows[i], "/funds/rows/"+strconv.Itoa(i)
			w.cell(at, "/label", &r.Label)
			w.cell(at, "/initial", &r.Initial)
			w.cell(at, "/adjusted", &r.Adjusted)
			w.cell(at, "/executed", &r.Executed)
			w.cell(at, "/weight", &r.Weight)
			w.cell(at, "/rate", &r.Rate)
			w.cell(at, "/score", &r.Score)
			w.cell(at, "/explanation", &r.Explanation)
		}
		w.one("/goal/expected", &f.Goal.Expected)
		w.one("/goal/actual", &f.Goal.Actual)
		for i := range f.Groups {
			g, at := &f.Groups[i], "/groups/"+strconv.Itoa(i)
			w.one(at, &g.Label)
			w.cell(at, "/weight", &g.Weight)
			w.cell(at, "/score", &g.Score)
		}
		w.one("/indicators", &f.TableHead)
		for i := range f.Indicators {
			r, at := &f.Indicators[i], "/indicators/"+strconv.Itoa(i)
			w.cell(at, "/level1", &r.Level1)
			w.cell(at, "/level2", &r.Level2)
			w.cell(at, "/name", &r.Name)
			w.cell(at, "/target", &r.Target)
			if p := r.Parts; p != nil {
				w.cell(at, "/target_parts/operator", &p.Operator)
				w.cell(at, "/target_parts/value", &p.Value)
				w.cell(at, "/target_parts/unit", &p.Unit)
			}
			w.cell(at, "/actual", &r.Actual)
			w.cell(at, "/weight", &r.Weight)
			w.cell(at, "/score", &r.Score)
			w.cell(at, "/explanation", &r.Explanation)
		}
		w.one("/total", &f.Total.Label)
		w.one("/total/weight", &f.Total.Weight)
		w.one("/total/score", &f.Total.Score)
		w.one("/total/grade", &f.Total.Grade)
		for i := range f.Remarks {
			w.one("/remarks/"+strconv.Itoa(i)+"/text", &f.Remarks[i].Text)
		}
		for i := range f.Placeholders {
			w.one("/placeholders/"+strconv.Itoa(i), &f.Placeholders[i])
		}
	}
}

// walker stops yielding once the consumer has had enough.
type walker struct {
	yield func(string, *Field) bool
	done  bool
}

func (w *walker) one(pointer string, f *Field) {
	if !w.done {
		w.done = !w.yield(pointer, f)
	}
}

// cell yields a field of a row. Its place mostly has its pointer already, which saves
// joining it.
func (w *walker) cell(row, name string, f *Field) {
	pointer := f.At.Path
	if len(pointer) != len(row)+len(name) || !strings.HasPrefix(pointer, row) || !strings.HasSuffix(pointer, name) {
		pointer = row + name
	}
	w.one(pointer, f)
}

// Finish writes every field's JSON Pointer into its location, and tells the kinds of
// rows whose labels are lost. Readers call it once a form is complete.
func (f *Form) Finish() {
	f.inferTypes()
	for pointer, field := range f.Fields() {
		if field.Present() {
			field.At.Path = pointer
		}
	}
}

// Place gives the field that a JSON Pointer names, or, if the file has no place for
// it, the nearest thing that is there: another field of the same row or block, in
// the end the form's first cell.
func (f *Form) Place(pointer string) Field {
	if f.place != nil {
		if at, ok := f.place(pointer); ok {
			return at
		}
	}
	best, bestLen := f.Start, 0
	for p, field := range f.Fields() {
		if !field.Present() {
			continue
		}
		if p == pointer {
			return *field
		}
		if n := commonSegments(p, pointer); n > bestLen || n == bestLen && n > 0 && !best.Filled() && field.Filled() {
			best, bestLen = *field, n
		}
	}
	best.At.Path = pointer
	return best
}

// commonSegments counts the leading segments that two JSON Pointers share.
func commonSegments(a, b string) int {
	n, i := 0, 0
	for ; i < len(a) && i < len(b) && a[i] == b[i]; i++ {
		if a[i] == '/' && i > 0 {
			n++
		}
	}
	if i > 0 && (i == len(a) || a[i] == '/') && (i == len(b) || b[i] == '/') {
		n++
	}
	return n
}

// Document is a file read into forms.
type Document struct {
	File   string
	Format grid.Format
	Forms  []*Form
	// Problems are what the readers could not make sense of.
	Problems []Problem
	// Unrelated is set when a text, page, drawing or JSON file could be read but nothing
	// in it suggests a form: it is a file of another kind under one of the usual endings.
	Unrelated bool
	// Unconverted is set for a PDF that was not converted. It may be a form, but in
	// folders and archives it mostly is what accompanies one.
	Unconverted bool
	// Data is what the places are in, if it was asked for: the file itself, the member of
	// an archive, or what the file was converted to.
	Data []byte
}

// Problem is something about a file or form that keeps it from being understood or
// from obeying the JSON Schema.
type Problem struct {
	// Rule is the name of the catalogue rule that reports the problem.
	Rule string
	// Pointer is the JSON Pointer of the value, Property the missing property below it.
	Pointer, Property string
	// Keyword is the JSON Schema keyword that failed, empty for reading problems.
	Keyword string
	At      Field
	Message lang.Text
	Help    lang.Text
	// Minor marks a problem that leaves no doubt about what was read.
	Minor bool
}

// The rules under which readers report problems.
const (
	RuleUnreadableFile  = "unreadable-file"
	RuleUnreadableRow   = "unreadable-row"
	RuleUnreadableCell  = "unreadable-cell"
	RuleHiddenContent   = "hidden-content"
	RuleConvertedFile   = "converted-file"
	RuleSchemaViolation = "schema-violation"
)
