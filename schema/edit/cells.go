package edit

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// reader reads a file of one format.
type reader func(ctx context.Context, name string, data []byte, limits grid.Limits) *grid.Document

// target is an edit with the cell that it changes; the cell is nil where a workbook
// stores none.
type target struct {
	Edit
	cell *grid.Cell
	key  key
}

// key tells the cells of a document apart, by the table and the place in its grid. Other
// edits of a line do not change it, as they do the columns of a text.
type key struct{ table, row, col, paragraph int }

// compare orders the cells of a workbook.
func (k key) compare(l key) int {
	return cmp.Or(k.table-l.table, k.row-l.row, k.col-l.col)
}

// writer writes targets into a file, and gives nil if it cannot or need not. Those that
// it refuses it leaves out.
type writer func(data []byte, doc *grid.Document, targets []target) []byte

// mostTries bounds how often a file is written and read again to find the edits that
// spoil it.
const mostTries = 64

// cells edits a file of cells.
func (j *job) cells(edits []Edit, read reader, write writer) ([]byte, error) {
	c := &cellJob{job: j, read: read, write: write}
	out := c.apply(j.data, sorted(edits))
	return out, j.ctx.Err()
}

type cellJob struct {
	*job
	read  reader
	write writer
	tries int
}

// apply makes edits of one file, which stand in the order of their places. If the file
// does not read as it should after them, it makes half of them and then the others, the
// later ones first, so that what is left keeps its places; an edit that spoils the file
// alone is refused.
func (c *cellJob) apply(data []byte, edits []Edit) []byte {
	if len(edits) == 0 || c.ctx.Err() != nil {
		return data
	}
	doc := c.read(c.ctx, c.name, data, c.opts.Limits)
	spoilt := whyBreaks
	if doc.Format == grid.XLSX || doc.Format == grid.DOCX {
		spoilt = whyPackage
	}
	if c.tries++; c.tries > mostTries {
		c.refuseAll(edits, spoilt)
		return data
	}
	refused := len(c.refused)
	targets := c.find(doc, edits)
	if len(targets) == 0 {
		return data
	}
	asked := len(c.refused)
	out := c.write(data, doc, targets)
	if out == nil {
		return data
	}
	made := slices.DeleteFunc(targets, func(t target) bool {
		return slices.ContainsFunc(c.refused[asked:], func(r Refusal) bool { return r.Edit == t.Edit })
	})
	if len(made) == 0 {
		return data
	}
	if sameBut(doc, c.read(c.ctx, c.name, out, c.opts.Limits), made) {
		return out
	}
	if len(made) == 1 {
		c.refuse(made[0].Edit, spoilt)
		return data
	}
	c.refused = c.refused[:refused]
	half := len(edits) / 2
	return c.apply(c.apply(data, edits[half:]), edits[:half])
}

// find gives the cells that edits change; edits that find another text there than they
// say are refused.
func (c *cellJob) find(doc *grid.Document, edits []Edit) []target {
	at := newIndex(doc)
	used := map[key]bool{}
	var out []target
	for _, e := range edits {
		t, why := at.find(e)
		switch {
		case !why.IsZero():
			c.refuse(e, why)
		case used[t.key]:
			c.refuse(e, whyTwice)
		default:
			used[t.key] = true
			out = append(out, t)
		}
	}
	return out
}

// index finds the cells of a document by their places.
type index struct {
	doc *grid.Document
	// cells are the cells by location, and stored those of workbooks by key.
	cells  map[grid.Location]target
	stored map[key]*grid.Cell
	// named holds the number of each sheet by its name in small letters, which programs take
	// for the same, -1 for a name that two sheets have.
	named  map[string]int
	merged [][]*grid.Cell // the anchors of merged ranges by table
}

func newIndex(doc *grid.Document) *index {
	x := &index{doc: doc, cells: map[grid.Location]target{}, stored: map[key]*grid.Cell{},
		named: map[string]int{}, merged: make([][]*grid.Cell, len(doc.Tables))}
	for n, t := range doc.Tables {
		name := strings.ToLower(t.Name)
		if _, twice := x.named[name]; twice {
			x.named[name] = -1
		} else {
			x.named[name] = n
		}
		for _, r := range t.Rows {
			for _, c := range r.Cells {
				x.add(n, c)
			}
		}
	}
	return x
}

func (x *index) add(table int, c *grid.Cell) {
	k := keyOf(table, c)
	if x.doc.Format != grid.XLSX {
		x.cells[place(c.Loc)] = target{cell: c, key: k}
		return
	}
	x.stored[k] = c
	if c.Rows > 1 || c.Cols > 1 {
		x.merged[table] = append(x.merged[table], c)
	}
}

// sheet gives the number of the sheet of a name, which is -1 if two have it; ok is false if
// none or both have it.
func (x *index) sheet(name string) (n int, ok bool) {
	n, ok = x.named[strings.ToLower(name)]
	return n, ok && n >= 0
}

// find gives the cell that an edit means; why is set unless it holds the text that the
// edit says.
func (x *index) find(e Edit) (t target, why lang.Text) {
	var ok bool
	if x.doc.Format == grid.XLSX {
		if n, _ := x.sheet(e.At.Sheet); n < 0 {
			return t, whySheets
		}
		t, ok = x.sheetCell(e.At)
	} else {
		t, ok = x.cells[place(e.At)]
	}
	t.Edit = e
	held := ""
	if t.cell != nil {
		held = t.cell.Text
	}
	if !ok || held != e.From {
		return t, whyChanged
	}
	return t, why
}

// sheetCell gives the cell of a sheet at a place, or the one that is merged over it. A
// place without a stored cell is blank.
func (x *index) sheetCell(at grid.Location) (t target, ok bool) {
	n, ok := x.sheet(at.Sheet)
	if !ok || at.Line < 1 || at.Column < 1 {
		return t, false
	}
	t.key = key{table: n, row: at.Line, col: at.Column}
	if t.cell = x.stored[t.key]; t.cell != nil {
		return t, true
	}
	for _, c := range x.merged[n] {
		if c.Row <= at.Line && at.Line < c.Row+c.Rows && c.Col <= at.Column && at.Column < c.Col+c.Cols {
			t.cell, t.key = c, keyOf(n, c)
			break
		}
	}
	return t, true
}

func keyOf(table int, c *grid.Cell) key {
	return key{table: table, row: c.Row, col: c.Col, paragraph: c.Loc.Paragraph}
}

// sameBut reports whether a document reads as before but for the cells that were
// changed, which have to show their new texts.
func sameBut(before, after *grid.Document, made []target) bool {
	if before.Format != after.Format || len(before.Tables) != len(after.Tables) || !noNewProblems(before, after) {
		return false
	}
	want := make(map[key]string, len(made))
	for _, t := range made {
		want[t.key] = t.To
	}
	for n, t := range after.Tables {
		old := before.Tables[n]
		if t.Name != old.Name || t.Hidden != old.Hidden || t.Number != old.Number {
			return false
		}
		rest := others(n, old, want, nil)
		shown := map[key]string{}
		if !slices.Equal(rest, others(n, t, want, shown)) {
			return false
		}
		for k, text := range want {
			if k.table == n && shown[k] != text {
				return false
			}
		}
	}
	return true
}

// cellState is all there is about a cell, but for its place in the file.
type cellState struct {
	key
	text, raw, format, formula string
	typ                        grid.Type
	rows, cols                 int
	hidden                     bool
}

// others gives the cells of a table that were not changed, and notes the texts of those
// that were. A changed cell that still has a formula has no text.
func others(table int, t *grid.Table, changed map[key]string, shown map[key]string) []cellState {
	var out []cellState
	for _, r := range t.Rows {
		for _, c := range r.Cells {
			k := keyOf(table, c)
			if _, ok := changed[k]; !ok {
				out = append(out, cellState{k, c.Text, c.Raw, c.NumFmt, c.Formula, c.Type, c.Rows, c.Cols, c.Hidden})
			} else if shown != nil && c.Formula == "" {
				shown[k] = c.Text
			}
		}
	}
	return out
}

// noNewProblems reports whether no kind of problem is more frequent than before.
func noNewProblems(before, after *grid.Document) bool {
	var counts [grid.HiddenContent + 1]int
	for _, p := range before.Problems {
		counts[p.Kind]++
	}
	for _, p := range after.Problems {
		counts[p.Kind]--
	}
	return slices.Min(counts[:]) >= 0
}
