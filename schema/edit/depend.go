package edit

import (
	"context"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"jixiaolint/schema/formula"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/intake"
)

// Dependents gives the cells of a workbook whose formulas take values from the cells that
// edits change, directly or through other formulas. Apply leaves their stored results as
// they are (Refresh computes what it can), and has Excel and WPS compute them when they open
// the file: until then, what these cells show is not what their formulas give, and no reason
// to replace them. What a formula refers to is read off its text roughly, so that there may be
// cells too many; one that finds its cells by INDIRECT, OFFSET or a name counts as dependent
// on every figure, and so does each in an entangled workbook. A formula that an edit
// replaces is among them if it depends on another edit.
func Dependents(ctx context.Context, name string, data []byte, edits []Edit, opts Options) []grid.Location {
	limits := opts.Limits.WithDefaults()
	if format, _ := intake.FormatOf(name, data, limits); format != grid.XLSX {
		return nil
	}
	d := newDependence(newIndex(grid.ReadXLSX(ctx, name, data, limits)), edits)
	d.spread()
	var out []grid.Location
	for _, f := range d.formulas {
		if f.stale {
			out = append(out, f.cell.Loc)
		}
	}
	return out
}

// Outdated reports whether a file is a workbook that asks for its formulas to be computed
// when it is opened, as Apply leaves those with formulas, and stores results that may not
// be current. The results that it shows until then say nothing against its formulas.
func Outdated(ctx context.Context, name string, data []byte, opts Options) bool {
	limits := opts.Limits.WithDefaults()
	format, _ := intake.FormatOf(name, data, limits)
	if format != grid.XLSX {
		return false
	}
	doc := grid.ReadXLSX(ctx, name, data, limits)
	return doc.Outdated && !allCurrent(doc)
}

// dependence finds the formulas that depend on changed cells.
type dependence struct {
	*index
	changed  map[key]bool
	formulas []formulaCell
	// partial is set if there were too many formulas to collect all.
	partial bool
}

// newDependence collects the formulas of a workbook and the cells that edits change.
func newDependence(x *index, edits []Edit) *dependence {
	d := &dependence{index: x, changed: map[key]bool{}}
	figures := false
	for _, e := range edits {
		if t, ok := x.sheetCell(e.At); ok {
			d.changed[t.key] = true
		}
		figures = figures || strings.ContainsAny(e.From+e.To, "0123456789")
	}
	d.collect()
	for i := range d.formulas {
		f := &d.formulas[i]
		f.loose = figures && (x.doc.Entangled || !formula.IsTraceable(f.cell.Formula))
	}
	return d
}

// formulaCell is a cell with a formula, and the ranges that it takes values from.
type formulaCell struct {
	cell *grid.Cell
	key  key
	from []span
	// loose is set where a figure changes and the formula may take it from anywhere.
	loose, stale bool
}

// span is a range of a table.
type span struct{ table, row1, col1, row2, col2 int }

// mostReferences bounds the ranges of all formulas together.
const mostReferences = 200_000

// sheetName finds the name of the sheet before a reference.
const sheetName = `(?:'((?:[^']|'')+)'!|([^\s'!(),+\-*/^&=<>:;"{}]+)!)?`

var (
	// reReference finds a cell or a range, with the name of its sheet if it has one.
	reReference = regexp.MustCompile(sheetName + `\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?`)
	// reWhole finds whole columns or rows.
	reWhole = regexp.MustCompile(sheetName + `(?:\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})|\$?(\d{1,7}):\$?(\d{1,7}))(?:[^\w(!]|$)`)
)

// collect reads what the formulas of the workbook refer to.
func (d *dependence) collect() {
	count := 0
	for n, t := range d.doc.Tables {
		for _, r := range t.Rows {
			for _, c := range r.Cells {
				if c.Formula == "" {
					continue
				}
				if d.partial = count > mostReferences; d.partial {
					return
				}
				f := formulaCell{cell: c, key: keyOf(n, c), from: d.references(n, c.Formula)}
				count += len(f.from)
				d.formulas = append(d.formulas, f)
			}
		}
	}
}

func (d *dependence) references(table int, text string) []span {
	var out []span
	for _, m := range reReference.FindAllStringSubmatch(text, -1) {
		s := span{col1: column(m[3]), row1: number(m[4])}
		s.col2, s.row2 = s.col1, s.row1
		if m[5] != "" {
			s.col2, s.row2 = column(m[5]), number(m[6])
		}
		out = d.reference(out, table, m, s)
	}
	for _, m := range reWhole.FindAllStringSubmatch(text, -1) {
		s := span{col1: column(m[3]), col2: column(m[4]), row2: math.MaxInt}
		if m[3] == "" {
			s = span{row1: number(m[5]), row2: number(m[6]), col2: math.MaxInt}
		}
		out = d.reference(out, table, m, s)
	}
	return out
}

// reference adds a range of the sheet that a match names, or else of the formula's own.
func (d *dependence) reference(out []span, table int, match []string, s span) []span {
	s.table = table
	if sheet := strings.ReplaceAll(match[1], "''", "'") + match[2]; sheet != "" {
		n, ok := d.sheet(sheet)
		if !ok {
			return out
		}
		s.table = n
	}
	s.col1, s.col2 = min(s.col1, s.col2), max(s.col1, s.col2)
	s.row1, s.row2 = min(s.row1, s.row2), max(s.row1, s.row2)
	return append(out, s)
}

func column(letters string) int {
	n := 0
	for _, c := range strings.ToUpper(letters) {
		n = n*26 + int(c-'A') + 1
	}
	return n
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits) // at most seven digits
	return n
}

// mostSteps bounds the work of following formulas. Beyond it all of them count as
// dependent.
const mostSteps = 20_000_000

// spread marks the formulas that depend on changed cells.
func (d *dependence) spread() {
	pending := slices.Collect(maps.Keys(d.changed))
	for i := range d.formulas {
		if f := &d.formulas[i]; f.loose {
			f.stale = true
			pending = append(pending, f.key)
		}
	}
	for steps := 0; len(pending) > 0; {
		k := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		for i := range d.formulas {
			f := &d.formulas[i]
			steps += 1 + len(f.from)
			if !f.stale && slices.ContainsFunc(f.from, func(s span) bool { return s.holds(k) }) {
				f.stale = true
				pending = append(pending, f.key)
			}
		}
		if steps > mostSteps {
			for i := range d.formulas {
				d.formulas[i].stale = true
			}
			return
		}
	}
}

func (s span) holds(k key) bool {
	return k.table == s.table && s.row1 <= k.row && k.row <= s.row2 && s.col1 <= k.col && k.col <= s.col2
}
