package suppress

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
)

// Range is a range of cells of a worksheet.
type Range struct {
	// Sheet is the name of the worksheet, empty for any.
	Sheet string
	// The corners, 1-based and included.
	Left, Top, Right, Bottom int
}

// The largest worksheet.
const maxRow, maxColumn = 1_048_576, 16_384

var reCells = regexp.MustCompile(`^\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})(?::\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6}))?$`)

// ParseRange reads a range as a spreadsheet writes it: C5, C5:H9, Sheet1!C5:H9 or
// '2023 年'!C5:H9. ok is false if it is none.
func ParseRange(text string) (r Range, ok bool) {
	if i := strings.LastIndex(text, "!"); i >= 0 {
		r.Sheet, text = text[:i], text[i+1:]
		if q, quoted := strings.CutPrefix(r.Sheet, "'"); quoted && strings.HasSuffix(q, "'") {
			r.Sheet = strings.ReplaceAll(strings.TrimSuffix(q, "'"), "''", "'")
		}
		if r.Sheet == "" {
			return Range{}, false
		}
	}
	m := reCells.FindStringSubmatch(text)
	if m == nil {
		return Range{}, false
	}
	r.Left, r.Top = column(m[1]), row(m[2])
	r.Right, r.Bottom = r.Left, r.Top
	if m[3] != "" {
		right, bottom := column(m[3]), row(m[4])
		r.Left, r.Right = min(r.Left, right), max(r.Left, right)
		r.Top, r.Bottom = min(r.Top, bottom), max(r.Top, bottom)
	}
	return r, r.Right <= maxColumn && r.Bottom <= maxRow
}

func column(name string) int {
	n := 0
	for _, c := range strings.ToUpper(name) {
		n = 26*n + int(c-'A') + 1
	}
	return n
}

func row(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return maxRow + 1 // seven digits always fit
	}
	return n
}

// contains reports whether a place is a cell of the range.
func (r *Range) contains(at grid.Location) bool {
	return at.Cell != "" && (r.Sheet == "" || r.Sheet == at.Sheet) &&
		r.Left <= at.Column && at.Column <= r.Right && r.Top <= at.Line && at.Line <= r.Bottom
}

// String writes the range as ParseRange reads it.
func (r *Range) String() string {
	s := grid.CellName(r.Left, r.Top)
	if r.Left != r.Right || r.Top != r.Bottom {
		s += ":" + grid.CellName(r.Right, r.Bottom)
	}
	if r.Sheet != "" {
		s = "'" + strings.ReplaceAll(r.Sheet, "'", "''") + "'!" + s
	}
	return s
}

// Fields gives the names of the fields of a form, without the numbers of rows:
// project, funds.rate, goal.actual, indicators.score.
func Fields() []string {
	var names []string
	for _, p := range pointers() {
		names = append(names, fieldName(p))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// pointers gives the JSON Pointers of a form with one row of each kind.
func pointers() []string {
	form := schema.Form{
		Funds:      schema.Funds{Rows: make([]schema.FundRow, 1)},
		Groups:     make([]schema.Group, 1),
		Indicators: []schema.Indicator{{Parts: &schema.TargetParts{}}},
		Remarks:    make([]schema.Remark, 1), Placeholders: make([]schema.Field, 1),
	}
	var out []string
	for p := range form.Fields() {
		out = append(out, p)
	}
	return out
}

// fieldName drops the numbers of rows, and the rows themselves, from a pointer.
func fieldName(pointer string) string {
	parts := slices.DeleteFunc(strings.Split(pointer, "/"), func(s string) bool { return s == "" || s == "rows" || isNumber(s) })
	return strings.Join(parts, ".")
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// Field is a field of forms, or several.
type Field struct{ text, pattern string }

// String gives the field as it was written.
func (f *Field) String() string { return f.text }

// contains reports whether a place is in the field.
func (f *Field) contains(at grid.Location) bool {
	ok, err := doublestar.Match(f.pattern, at.Path)
	return ok && err == nil
}

// ParseField reads a field: one of the names that Fields gives, which stands for all
// that is in the field, or a pattern for JSON Pointers such as /indicators/*/score. ok
// is false if no form has such a field.
func ParseField(text string) (f Field, ok bool) {
	if !strings.HasPrefix(text, "/") {
		var found []string
		for _, p := range pointers() {
			if fieldName(p) == text {
				found = append(found, strings.ReplaceAll(p, "/0", "/*")+"/**")
			}
		}
		if len(found) == 0 {
			return Field{}, false
		}
		return Field{text, "{" + strings.Join(found, ",") + "}"}, true
	}
	segments := strings.Split(text, "/")
	for i, s := range segments {
		if isNumber(s) {
			segments[i] = "0"
		}
	}
	for _, p := range pointers() {
		if ok, err := doublestar.Match(strings.Join(segments, "/"), p); err == nil && ok {
			return Field{text, text}, true
		}
	}
	return Field{}, false
}
