package fix

import (
	"slices"
	"strconv"
	"strings"

	"jixiaolint/checks"
	"jixiaolint/schema"
	"jixiaolint/schema/edit"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// state is a file after some fixes: its bytes, and what was read and found in them.
type state struct {
	data   []byte
	doc    *schema.Document
	report checks.FileReport
	// inForce is the report with what is accepted moved to its suppressed findings.
	inForce checks.FileReport
	forms   map[*schema.Form]int
	// counts are the numbers of findings, accepted ones included, and rules those of
	// each rule in each form.
	counts map[key]int
	rules  map[key]int
	// cells are the cells of the forms by their places, spots what tells these places
	// apart while the file changes.
	cells map[grid.Location]*grid.Cell
	spots map[grid.Location]spot
	// stale are the cells whose formulas depend on what was changed: they show what they
	// gave before until a spreadsheet program computes them anew.
	stale map[grid.Location]bool
	// outdated says that the results of formulas were in doubt from the beginning, as
	// those are that an earlier correction left.
	outdated bool
	// recalculated are the results of formulas that were computed after fixes, in the
	// order of the fixes.
	recalculated []edit.Edit
	// unread are the places of rows and files that could not be read.
	unread []grid.Location
}

// key tells what a finding is about while the figures of a file change: its rule, the
// number of its form and the field. The key of a rule in a form has no field.
type key struct {
	rule  string
	form  int
	field string
}

func (m *mender) state(data []byte, doc *schema.Document, report checks.FileReport) *state {
	s := &state{
		data: data, doc: doc, report: report, inForce: report,
		forms: map[*schema.Form]int{}, counts: map[key]int{}, rules: map[key]int{},
	}
	if m.file.Accept != nil {
		s.inForce = m.file.Accept(report)
	}
	for i, f := range doc.Forms {
		s.forms[f] = i + 1
	}
	for i := range report.Findings {
		k := s.key(&report.Findings[i])
		s.counts[k]++
		s.rules[key{rule: k.rule, form: k.form}]++
		if k.rule == schema.RuleUnreadableFile || k.rule == schema.RuleUnreadableRow {
			s.unread = append(s.unread, report.Findings[i].At.At)
		}
	}
	return s
}

// work estimates what it takes to edit, read and check the file once.
func (s *state) work() int {
	work := len(s.data)
	for _, f := range s.doc.Forms {
		work += rowWork * (1 + len(f.Funds.Rows) + len(f.Indicators))
	}
	return work
}

// key gives the key of a finding. Findings about the file have the form 0 and their
// place for a field.
func (s *state) key(f *checks.Finding) key {
	k := key{f.Rule.Name, s.forms[f.Form], f.At.At.Path}
	if k.form == 0 {
		k.field = f.At.At.String()
	}
	return k
}

// candidate is a fix that may be applied.
type candidate struct {
	key     key
	finding *checks.Finding
	edits   []edit.Edit
	// spots are where the edits are made.
	spots []spot
	// id tells the fix from others of the file, and from another proposal for the same
	// finding.
	id string
}

// candidates gives the fixes to be applied to a state, in the order of their findings.
func (m *mender) candidates(s *state) []*candidate {
	var out []*candidate
	for i := range s.inForce.Findings {
		f := &s.inForce.Findings[i]
		if !wanted(f, m.opts) {
			continue
		}
		if c, why := s.candidate(f); why.IsZero() && !m.held[c.key] && !m.banned[c.id] {
			out = append(out, c)
		}
	}
	return out
}

// candidate gives the fix of a finding. why says, if anything, why it is not made in this
// state; in another one, where fewer cells are to be computed anew, it may be.
func (s *state) candidate(f *checks.Finding) (c *candidate, why lang.Text) {
	c = &candidate{key: s.key(f), finding: f}
	c.id = identity(c.key, f.Fix)
	switch {
	case s.isUnread(f.At.At):
		return c, whyUnread
	case s.isStale(f) || s.outdated && s.isComputed(f):
		return c, whyStale
	}
	for _, e := range f.Fix.Edits {
		cell, ok := s.cellEdit(e)
		if !ok {
			return c, whySpread
		}
		c.edits, c.spots = append(c.edits, cell), append(c.spots, s.spot(e.At))
	}
	return c, why
}

func identity(k key, f *checks.Fix) string {
	parts := []string{k.rule, strconv.Itoa(k.form), k.field}
	for _, e := range f.Edits {
		parts = append(parts, e.At.Path, e.From, e.To)
	}
	return strings.Join(parts, "\x1f")
}

// place is a location without what does not tell places of one file apart.
func place(at grid.Location) grid.Location {
	at.File, at.Path = "", ""
	return at
}

// isUnread reports whether something of the table that a place is in could not be read: a
// sum over what was read then proves nothing.
func (s *state) isUnread(at grid.Location) bool {
	return slices.ContainsFunc(s.unread, func(u grid.Location) bool {
		return u.IsZero() || u.Sheet == at.Sheet && u.Table == at.Table
	})
}

// isStale reports whether a finding is about a cell that is to be computed anew, or was
// computed from one.
func (s *state) isStale(f *checks.Finding) bool {
	return len(s.stale) > 0 && concerns(f, func(at grid.Location) bool { return s.stale[place(at)] })
}

// isComputed reports whether a finding is about a cell with a formula, or was computed from
// one.
func (s *state) isComputed(f *checks.Finding) bool {
	return concerns(f, func(at grid.Location) bool {
		c := s.cell(at)
		return c != nil && c.Formula != ""
	})
}

// concerns reports whether the place of a finding, or another one that it speaks of, is
// one of those wanted.
func concerns(f *checks.Finding, wanted func(at grid.Location) bool) bool {
	return wanted(f.At.At) || slices.ContainsFunc(f.Related, func(r checks.Related) bool { return wanted(r.At.At) })
}

// hasFormulas reports whether a cell of the forms has a formula.
func (s *state) hasFormulas() bool {
	s.index()
	for _, c := range s.cells {
		if c.Formula != "" {
			return true
		}
	}
	return false
}

// cellEdit turns an edit of a field into one of its cell, which may hold a label as well.
// ok is false if the text of the field is not found in one cell.
func (s *state) cellEdit(e checks.Edit) (out edit.Edit, ok bool) {
	out = edit.Edit{At: e.At, From: e.From, To: e.To}
	cell := s.cell(e.At)
	switch {
	case cell == nil || cell.Text == e.From:
		return out, true
	case e.From != "" && strings.Count(cell.Text, e.From) == 1:
		out.From, out.To = cell.Text, strings.Replace(cell.Text, e.From, e.To, 1)
		return out, true
	}
	// A label may stand between the markup before it and the text: <p>预期目标：….
	before := commonPrefix(cell.Text, e.From)
	label, ok := strings.CutSuffix(cell.Text[len(before):], e.From[len(before):])
	if !ok || before == "" || label == "" {
		return out, false
	}
	out.From, out.To = cell.Text, label+e.To
	if text, ok := strings.CutPrefix(e.To, before); ok {
		out.To = before + label + text
	}
	return out, true
}

// commonPrefix gives what two texts begin with, in whole characters.
func commonPrefix(a, b string) string {
	n := 0
	for i, r := range a {
		if !strings.HasPrefix(b[i:], string(r)) {
			break
		}
		n = i + len(string(r))
	}
	return a[:n]
}

// spot is a cell, by its row and column in its table, or a field of canonical JSON, by its
// form and pointer. In a text, an edit moves the places behind it on its line.
type spot struct {
	sheet    string
	table    int
	row, col int
	form     int
	field    string
}

// cell gives the cell at a place, nil for formats without cells.
func (s *state) cell(at grid.Location) *grid.Cell {
	s.index()
	return s.cells[place(at)]
}

// spot gives the spot of a place. Only workbooks have places without a cell, and there the
// place is the spot.
func (s *state) spot(at grid.Location) spot {
	s.index()
	if known, ok := s.spots[place(at)]; ok {
		return known
	}
	return spot{sheet: at.Sheet, table: at.Table, row: at.Line, col: at.Column}
}

// index finds the cells of the forms.
func (s *state) index() {
	if s.cells != nil {
		return
	}
	s.cells, s.spots = map[grid.Location]*grid.Cell{}, map[grid.Location]spot{}
	for i, f := range s.doc.Forms {
		for pointer, field := range f.Fields() {
			switch {
			case !field.Present():
			case s.doc.Format == grid.JSON:
				s.spots[place(field.At)] = spot{form: i + 1, field: pointer}
			case field.Row != nil:
				for _, c := range field.Row.Cells {
					s.cells[place(c.Loc)] = c
					s.spots[place(c.Loc)] = spot{sheet: c.Loc.Sheet, table: c.Loc.Table, row: c.Row, col: c.Col}
				}
			}
		}
	}
}

// compatible gives the fixes that can be applied at once: of several that change one cell
// in different ways, the first.
func compatible(group []*candidate) []*candidate {
	taken := map[grid.Location]edit.Edit{}
	var out []*candidate
	for _, c := range group {
		free := true
		for _, e := range c.edits {
			other, ok := taken[place(e.At)]
			free = free && (!ok || other.From == e.From && other.To == e.To)
		}
		if !free {
			continue
		}
		for _, e := range c.edits {
			taken[place(e.At)] = e
		}
		out = append(out, c)
	}
	return out
}

// refused gives why an edit of the fix was refused.
func (c *candidate) refused(refusals []edit.Refusal) (why lang.Text, ok bool) {
	for _, r := range refusals {
		for _, e := range c.edits {
			if place(e.At) == place(r.At) {
				return r.Why, true
			}
		}
	}
	return lang.Text{}, false
}

// unmended says which of the findings that fixes mend are still there; zero if none is.
func unmended(before, after *state, mended []*candidate) lang.Text {
	claimed := map[key]int{}
	for _, c := range mended {
		claimed[c.key]++
	}
	for _, c := range mended {
		if after.counts[c.key] > before.counts[c.key]-claimed[c.key] {
			return whyUnmended
		}
	}
	return lang.Text{}
}

// added gives the keys of the findings that were not there before: a rule has more
// findings in a form than are left of those it had.
func added(before, after *state, mended []*candidate) map[key]bool {
	gone := map[key]int{}
	for _, c := range mended {
		gone[key{rule: c.key.rule, form: c.key.form}]++
	}
	out := map[key]bool{}
	for i := range after.report.Findings {
		f := &after.report.Findings[i]
		k := after.key(f)
		rule := key{rule: k.rule, form: k.form}
		if after.isStale(f) || after.rules[rule] <= before.rules[rule]-gone[rule] || after.counts[k] <= before.counts[k] {
			continue
		}
		out[k] = true
	}
	return out
}

// raised reports whether a formula that was computed after fixes now gives a higher score or
// total, or another grade, though the total is not lower.
func raised(before, after *state) bool {
	fresh := map[grid.Location]bool{}
	for _, e := range after.recalculated[len(before.recalculated):] {
		fresh[place(e.At)] = true
	}
	if len(fresh) == 0 {
		return false
	}
	for i, form := range before.doc.Forms {
		if i >= len(after.doc.Forms) {
			return true
		}
		now := map[string]*schema.Field{}
		for pointer, f := range after.doc.Forms[i].Fields() {
			now[pointer] = f
		}
		lower := isLower(&form.Total.Score, &after.doc.Forms[i].Total.Score)
		for pointer, f := range form.Fields() {
			switch is := now[pointer]; {
			case !f.Present() || !fresh[place(f.At)]:
			case is == nil:
				return true
			case strings.HasSuffix(pointer, "/score") && f.Text != is.Text && !isLower(f, is),
				strings.HasSuffix(pointer, "/grade") && f.Text != is.Text && !lower:
				return true
			}
		}
	}
	return false
}

// uncertain reports whether a score, total or grade depends on fixes through a formula that
// was not computed after them, and gives the first such cell.
func uncertain(before, after *state) (at grid.Location, found bool) {
	if len(after.stale) == 0 {
		return at, false // as mostly
	}
	for _, form := range before.doc.Forms {
		for pointer, f := range form.Fields() {
			p := place(f.At)
			if (strings.HasSuffix(pointer, "/score") || strings.HasSuffix(pointer, "/grade")) && after.stale[p] && !before.stale[p] {
				return f.At, true
			}
		}
	}
	return at, false
}

// isLower reports whether a field holds a lower figure than before.
func isLower(before, after *schema.Field) bool {
	a, b := before.Displayed(), after.Displayed()
	return a.IsFigure() && b.IsFigure() && b.Value.Cmp(a.Value) < 0
}

// firstOf gives the first finding that has one of the keys.
func firstOf(s *state, keys map[key]bool) *checks.Finding {
	for i := range s.report.Findings {
		if f := &s.report.Findings[i]; keys[s.key(f)] {
			return f
		}
	}
	return nil
}
