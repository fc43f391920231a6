package edit

import (
	"context"
	"maps"
	"slices"

	"jixiaolint/schema/formula"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/intake"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/office"
	"jixiaolint/schema/quantity"
)

// Bounds on the formulas that are computed after edits, on the bytes of all formulas of a
// workbook, which bound the work of computing them, and on the cells that they look at
// together.
const (
	mostRefreshed = 2000
	mostText      = 1 << 20
	mostLooks     = 1_000_000
)

// Refreshed is a workbook with the results of formulas computed after edits.
type Refreshed struct {
	Data []byte
	// Changes are the results that changed, in the order of their cells: From and To are
	// what the cells showed and show, or, where that is the same, what they stored and store.
	Changes []Edit
	// Current are the cells with formulas that depend on the edits and whose results
	// follow from the cells as they are now, changed or not.
	Current []grid.Location
}

// Refresh computes the formulas of a workbook that depend on edits and stores their results
// in after, which is before with the edits made. The formulas stay, as does all else.
//
// A formula is computed only if the result that before holds is the one that it gives with
// the cells of before, to the digits that spreadsheet programs show: only then is it known
// that it is understood, and that the result was current. Formulas that depend on one that
// is not computed are not computed either, unless it is plain what that one takes its values
// from, and no edit is among it: then its result stays what it is. The results of the cells
// in stale are known not to be current. If the workbook is entangled or cannot be written,
// nothing is refreshed.
func Refresh(ctx context.Context, name string, before, after []byte, edits []Edit, stale []grid.Location, opts Options) Refreshed {
	limits := opts.Limits.WithDefaults()
	none := Refreshed{Data: after}
	if format, _ := intake.FormatOf(name, after, limits); format != grid.XLSX {
		return none
	}
	old, now := grid.ReadXLSX(ctx, name, before, limits), grid.ReadXLSX(ctx, name, after, limits)
	if old.Entangled {
		return none
	}
	r := newRefresh(newIndex(old), newIndex(now), edits, stale)
	if r == nil {
		return none
	}
	values := r.values()
	if len(values) == 0 {
		return Refreshed{after, nil, r.current()}
	}
	out, why, err := office.SetValues(ctx, after, values, office.ValueOptions{})
	if err != nil || slices.ContainsFunc(why, func(w lang.Text) bool { return !w.IsZero() }) {
		return none
	}
	changes, ok := r.changes(newIndex(grid.ReadXLSX(ctx, name, out, limits)))
	if !ok {
		return none
	}
	return Refreshed{out, changes, r.current()}
}

// refresh computes formulas.
type refresh struct {
	*dependence // of the workbook before
	now         *index
	// wanted are the formulas to be computed, by their cells, and barred those that are
	// known to be beyond computing.
	wanted map[key]*formulaState
	order  []*formulaState // those wanted, in the order of their cells
	barred map[key]bool
	// looks counts the cells that formulas looked at, steps the work of putting them in
	// order. Beyond their bounds no more is computed.
	looks, steps int
}

// formulaState is a formula to be computed.
type formulaState struct {
	*formulaCell
	parsed  formula.Formula
	entered bool
	current bool
	result  formula.Value
	// stored is the result as the file stores it, empty if it stays as it is.
	stored string
}

// newRefresh gives the work that edits call for, nil if there is none, or too much.
func newRefresh(old, now *index, edits []Edit, stale []grid.Location) *refresh {
	d := newDependence(old, edits)
	if d.tooMuch() {
		return nil
	}
	d.spread()
	r := &refresh{dependence: d, now: now, wanted: map[key]*formulaState{}}
	parsed := map[key]formula.Formula{}
	r.barred = d.barred(parsed, stale)
	for i := range d.formulas {
		f := &d.formulas[i]
		kept := now.stored[f.key]
		if !f.stale || kept == nil || kept.Formula != f.cell.Formula {
			continue
		}
		r.wanted[f.key] = &formulaState{formulaCell: f, parsed: parsed[f.key]}
	}
	if len(r.wanted) == 0 || len(r.wanted) > mostRefreshed {
		return nil
	}
	for _, k := range slices.SortedFunc(maps.Keys(r.wanted), key.compare) {
		r.order = append(r.order, r.wanted[k])
	}
	for _, f := range r.order {
		r.compute(f)
	}
	return r
}

// tooMuch reports whether a workbook has more formulas than are looked into.
func (d *dependence) tooMuch() bool {
	size := 0
	for i := range d.formulas {
		size += len(d.formulas[i].cell.Formula)
	}
	return d.partial || size > mostText
}

// barred gives the cells that depend on formulas of which it is not known what they take
// their values from, or on results that are not current.
func (d *dependence) barred(parsed map[key]formula.Formula, stale []grid.Location) map[key]bool {
	o := &dependence{index: d.index, changed: map[key]bool{}, formulas: slices.Clone(d.formulas)}
	for _, at := range stale {
		if t, ok := d.sheetCell(at); ok {
			o.changed[t.key] = true
		}
	}
	for i := range o.formulas {
		f := &o.formulas[i]
		reached := f.stale
		f.stale = false
		p, err := formula.Parse(f.cell.Formula)
		switch {
		case err != nil:
			if reached || !formula.IsTraceable(f.cell.Formula) {
				o.changed[f.key] = true
			}
		case slices.ContainsFunc(p.Sheets(), func(sheet string) bool { _, ok := d.sheet(sheet); return !ok }):
			o.changed[f.key] = true
		}
		parsed[f.key] = p
	}
	o.spread()
	for i := range o.formulas {
		if o.formulas[i].stale {
			o.changed[o.formulas[i].key] = true
		}
	}
	return o.changed
}

// compute computes a formula, after those that it takes values from. A formula that is
// entered again while it is being computed depends on itself, and stays uncomputed.
func (r *refresh) compute(f *formulaState) {
	if f.entered {
		return
	}
	f.entered = true
	if r.barred[f.key] {
		return
	}
	for _, other := range r.order {
		if r.steps += 1 + len(f.from); r.steps > mostSteps {
			return
		}
		if !slices.ContainsFunc(f.from, func(s span) bool { return s.holds(other.key) }) {
			continue
		}
		if r.compute(other); !other.current {
			return
		}
	}
	held, ok := heldValue(f.cell)
	was, err := f.parsed.Compute(r.cells(r.index, f.key.table, false))
	if !ok || err != nil || !sameValue(was, held) {
		return
	}
	is, err := f.parsed.Compute(r.cells(r.now, f.key.table, true))
	if err != nil || is.Kind != held.Kind {
		return
	}
	f.result, f.current = held, true
	if sameValue(is, held) {
		return
	}
	f.result, f.stored = is, is.Text
	if is.Kind == formula.Number {
		n, decimals, ok := formula.Significant(is.Number, formula.StoredDigits)
		f.result.Number, f.stored, f.current = n, n.Short(decimals), ok
	}
}

// cells gives the values of the cells of a workbook to formulas of a table; refreshed puts
// new results in the place of those that are stored.
func (r *refresh) cells(x *index, table int, refreshed bool) formula.Cells {
	return func(sheet string, row, col int) (formula.Value, bool) {
		k := key{table: table, row: row, col: col}
		if r.looks++; r.looks > mostLooks {
			return formula.Value{}, false
		}
		if sheet != "" {
			n, ok := x.sheet(sheet)
			if !ok {
				return formula.Value{}, false
			}
			k.table = n
		}
		if f := r.wanted[k]; f != nil && refreshed {
			return f.result, f.current
		}
		c := x.stored[k]
		if c == nil {
			return formula.Value{}, true
		}
		return heldValue(c)
	}
}

// heldValue gives what a cell holds. ok is false for a formula without a result, and for a
// number that is none.
func heldValue(c *grid.Cell) (v formula.Value, ok bool) {
	switch c.Type {
	case grid.Number:
		n, _, ok := quantity.ParseStored(stored(c))
		return formula.Value{Kind: formula.Number, Number: n}, ok
	case grid.String:
		return formula.Value{Kind: formula.Text, Text: stored(c)}, true
	case grid.Bool:
		return formula.Value{}, false
	case grid.Error:
		return formula.Value{Kind: formula.Error}, true
	case grid.Blank:
	}
	return formula.Value{}, c.Formula == ""
}

// sameValue reports whether a program would store two values alike.
func sameValue(a, b formula.Value) bool {
	if a.Kind != b.Kind || a.Text != b.Text {
		return false
	}
	if a.Kind != formula.Number {
		return a.Kind == formula.Text
	}
	n, _, ok1 := formula.Significant(a.Number, formula.ShownDigits)
	m, _, ok2 := formula.Significant(b.Number, formula.ShownDigits)
	return ok1 && ok2 && n.Cmp(m) == 0
}

// values gives the results to be stored, in the order of their cells.
func (r *refresh) values() []office.Value {
	var out []office.Value
	for _, f := range r.order {
		if !f.changed() {
			continue
		}
		v := office.Value{At: f.cell.Loc, Text: f.stored, Result: true}
		if f.result.Kind == formula.Number {
			v.Number = f.stored
		}
		out = append(out, v)
	}
	return out
}

// changed reports whether the formula was computed, and gives another result than before.
func (f *formulaState) changed() bool {
	held, _ := heldValue(f.cell)
	return f.current && !sameValue(f.result, held)
}

func (r *refresh) current() []grid.Location {
	var out []grid.Location
	for _, f := range r.order {
		if f.current {
			out = append(out, f.cell.Loc)
		}
	}
	return out
}

// changes gives what became of the cells in the workbook as it was written. ok is false if
// anything else became of it.
func (r *refresh) changes(out *index) (changes []Edit, ok bool) {
	named := map[key]string{}
	for _, f := range r.order {
		if !f.changed() {
			continue
		}
		c := out.stored[f.key]
		if c == nil || c.Formula != f.cell.Formula || c.NumFmt != f.cell.NumFmt || c.Type != f.cell.Type || stored(c) != f.stored {
			return nil, false
		}
		named[f.key] = c.Text
		change := Edit{At: f.cell.Loc, From: f.cell.Text, To: c.Text}
		if change.From == change.To {
			change.From, change.To = stored(f.cell), f.stored
		}
		changes = append(changes, change)
	}
	if len(out.doc.Tables) != len(r.now.doc.Tables) || !noNewProblems(r.now.doc, out.doc) {
		return nil, false
	}
	for n, t := range out.doc.Tables {
		if !slices.Equal(others(n, r.now.doc.Tables[n], named, nil), others(n, t, named, nil)) {
			return nil, false
		}
	}
	return changes, true
}

// allCurrent reports whether every formula of a workbook is understood, and its result is
// the one that it gives.
func allCurrent(doc *grid.Document) bool {
	if doc.Entangled {
		return false
	}
	r := &refresh{dependence: &dependence{index: newIndex(doc)}}
	r.collect()
	if len(r.formulas) > mostRefreshed || r.tooMuch() {
		return false
	}
	return !slices.ContainsFunc(r.formulas, func(f formulaCell) bool {
		held, ok := heldValue(f.cell)
		p, err := formula.Parse(f.cell.Formula)
		if !ok || err != nil {
			return true
		}
		v, err := p.Compute(r.cells(r.index, f.key.table, false))
		return err != nil || !sameValue(v, held)
	})
}
