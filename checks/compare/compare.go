// Package compare finds what changed between two versions of filed forms: figures and
// texts by field, rows that came, went, moved or were renamed, and what became of the
// findings. It is what a reviewer wants to know when a corrected form comes back.
//
// Forms are paired by project, rows by their names and never by their numbers, so an
// inserted row changes nothing below it. All is decided by equality of folded texts and
// exact figures in a fixed order of steps: the same versions give the same comparison,
// and with old and new exchanged, the same one exchanged.
package compare

import (
	"slices"
	"strings"

	"jixiaolint/checks"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
)

// Comparison is what changed from one version of some files to another.
type Comparison struct {
	// Forms are the forms that both versions hold, in the order of the new one.
	Forms []Form
	// Removed are the forms of the old version that the new one does not hold, Added
	// those that are only in the new one. Their findings are gone, or new.
	Removed, Added []Single
	// Findings are those about whole files.
	Findings Findings
}

// Version is a form of one version: its file, its name and year, and where it starts.
type Version struct {
	File, Name string
	// Year is 0 if the form states none.
	Year int
	At   grid.Location
}

// Single is a form that only one version holds, with its findings.
type Single struct {
	Version
	Findings []*checks.Finding
}

// Form is what changed in one form.
type Form struct {
	Old, New Version
	// Changes are the fields whose text changed, in the order of the new form.
	Changes []Change
	// Rows are the rows that came, went, moved or were renamed.
	Rows     []RowChange
	Findings Findings
}

// Findings says what became of the findings.
type Findings struct {
	Gone, New []*checks.Finding
	Remaining []Remaining
}

// Remaining is a finding that both versions have: the same rule at the same field,
// whether the figure is the same or is another one that is wrong too.
type Remaining struct{ Old, New *checks.Finding }

// Equal reports whether nothing changed but, possibly, the way in which equal values
// are written.
func (c *Comparison) Equal() bool {
	if len(c.Removed)+len(c.Added)+len(c.Findings.Gone)+len(c.Findings.New) > 0 {
		return false
	}
	return !slices.ContainsFunc(c.Forms, func(f Form) bool {
		return len(f.Rows)+len(f.Findings.Gone)+len(f.Findings.New)+f.Count(Changed) > 0
	})
}

// Count gives the number of changes of a kind.
func (f *Form) Count(kind Kind) int {
	n := 0
	for i := range f.Changes {
		if f.Changes[i].Kind == kind {
			n++
		}
	}
	return n
}

// Reports compares the forms and findings of two versions, each in the reports of its
// files.
func Reports(before, after []checks.FileReport) Comparison {
	var from, to Side
	for _, r := range before {
		from.Add(r)
	}
	for _, r := range after {
		to.Add(r)
	}
	return Sides(&from, &to)
}

// Sides compares the forms and findings of two versions.
func Sides(from, to *Side) Comparison {
	var c Comparison
	m := pairForms(from.forms, to.forms)
	for j, i := range m.owner {
		if i < 0 {
			c.Added = append(c.Added, to.forms[j].Single)
			continue
		}
		c.Forms = append(c.Forms, compareForms(from, to, i, j))
	}
	for i, j := range m.partner {
		if j < 0 {
			c.Removed = append(c.Removed, from.forms[i].Single)
		}
	}
	c.Findings = pairFindings(from.rest, to.rest, wholeFile, wholeFile)
	return c
}

// pairForms pairs the forms that are the same throughout first; then those of one project,
// department and year, in a file of one name if there is one; then those of one project.
// Of what is left, those with the same indicators are paired, whose project was then
// renamed. The only form of one version belongs to the only one of the other.
func pairForms(before, after []filing) *matching {
	m := newMatching(len(before), len(after))
	for step := range steps {
		m.step(func(i int) string { return before[i].keys[step] }, func(j int) string { return after[j].keys[step] })
	}
	if len(before) == 1 && len(after) == 1 {
		m.pair(0, 0)
	}
	return m
}

// content gives all texts of a form as one key.
func content(form *schema.Form) string {
	var texts []string
	for _, f := range form.Fields() {
		if f.Filled() {
			texts = append(texts, f.Text)
		}
	}
	return joined(texts...)
}

// joined makes one key of several texts, empty if all of them are.
func joined(parts ...string) string {
	const separator = "\x1f"
	key := strings.Join(parts, separator)
	if strings.Trim(key, separator) == "" {
		return ""
	}
	return key
}

// compareForms compares the form i of one version with form j of the other.
func compareForms(from, to *Side, i, j int) Form {
	a, b := &from.forms[i], &to.forms[j]
	out := Form{Old: a.Version, New: b.Version}
	before, after := from.store.unpack(a.form), to.store.unpack(b.form)
	t := &tables{}
	olds, news := singleFields(before), singleFields(after)
	for k := range news {
		if news[k].field == "heading" && numbers(before) && numbers(after) {
			continue // forms that moved within a file
		}
		out.change(olds[k], news[k], "")
	}
	for _, l := range lists {
		out.compareRows(l.rows(before), l.rows(after), t.list(l.name), l.ordered)
	}
	slices.SortStableFunc(out.Changes, func(a, b Change) int { return part(a.Field) - part(b.Field) })
	out.Findings = pairFindings(a.Findings, b.Findings, t.oldField, t.newField)
	return out
}

// part numbers the part of the form that a field stands in, from the top.
func part(field string) int {
	name, _, _ := strings.Cut(field, ".")
	return slices.Index([]string{"heading", "title", "year", "project", "department", "unit", "funds", "goal", "groups", "indicators", "total", "remarks", "placeholders"}, name)
}

// matching pairs elements of two lists by keys, one step after the other. Elements with
// one key are paired in their order.
type matching struct {
	// partner is the new element of each old one, owner the old one of each new; -1 for
	// none.
	partner, owner []int
}

func newMatching(before, after int) *matching {
	return &matching{slices.Repeat([]int{-1}, before), slices.Repeat([]int{-1}, after)}
}

func (m *matching) pair(i, j int) {
	if m.partner[i] < 0 && m.owner[j] < 0 {
		m.partner[i], m.owner[j] = j, i
	}
}

// step pairs what is still unpaired and has a key in common. An empty key pairs nothing.
func (m *matching) step(before, after func(int) string) {
	waiting := map[string][]int{}
	for j, i := range m.owner {
		if i < 0 {
			if k := after(j); k != "" {
				waiting[k] = append(waiting[k], j)
			}
		}
	}
	for i, j := range m.partner {
		if j >= 0 {
			continue
		}
		if k := before(i); len(waiting[k]) > 0 {
			m.pair(i, waiting[k][0])
			waiting[k] = waiting[k][1:]
		}
	}
}
