// Package fix corrects filed forms by the fixes that rules propose, and proves that it
// did.
//
// Fixes are applied in rounds, for a corrected rate changes a score, and that the total.
// After every step the file is read and checked again: what a fix claims to mend must be
// gone, and nothing may be wrong that was not wrong before, unless it is mended in the
// same step. A fix that does not stand this test is taken back and reported. The package
// works on bytes and writes no file.
package fix

import (
	"context"
	"crypto/sha256"
	"errors"
	"maps"
	"slices"

	"jixiaolint/checks"
	"jixiaolint/schema"
	"jixiaolint/schema/edit"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// File is a file to be corrected, and the way it is read and checked.
type File struct {
	// Name is the file's name, by which its format is told.
	Name string
	Data []byte
	// Read reads bytes as those of the file, Check checks what was read.
	Read  func(ctx context.Context, data []byte) *schema.Document
	Check func(ctx context.Context, doc *schema.Document) checks.FileReport
	// Accept moves the findings that are accepted, which are not mended, from the
	// findings of a report to the suppressed ones. Nil accepts none.
	Accept func(checks.FileReport) checks.FileReport
}

// Options say which fixes are applied, and how.
type Options struct {
	// Unsafe applies proposals too, and lets values replace formulas.
	Unsafe bool
	// Limits bound what is read and written; zero fields take their defaults.
	Limits grid.Limits
}

// Result is what came of a file.
type Result struct {
	// Data is the corrected file, Doc and Report are what was read and found in it.
	Data   []byte
	Doc    *schema.Document
	Report checks.FileReport
	Fixes  checks.Fixes
}

// mostRounds bounds the rounds. A round mends one slip of a text; the next one in the
// same text waits for the next round.
const mostRounds = 64

// mostFollowing bounds the steps in which a fix is followed up: rate, score, subtotal,
// total, grade.
const mostFollowing = 6

// Apply corrects a file as far as it can be done. Doc and report are what was read and
// found in it. The error is that of the context, or says that the file could not be
// edited at all.
func Apply(ctx context.Context, file File, doc *schema.Document, report checks.FileReport, opts Options) (Result, error) {
	m := &mender{ctx: ctx, file: file, opts: opts, banned: map[string]bool{}, held: map[key]bool{}}
	m.now = m.state(file.Data, doc, report)
	m.now.outdated = m.now.hasFormulas() && edit.Outdated(ctx, file.Name, file.Data, edit.Options{Limits: opts.Limits})
	for _, s := range m.now.inForce.Suppressed {
		m.held[m.now.key(&s.Finding)] = true
	}
	first := m.now
	if err := m.run(); err != nil {
		return Result{}, err
	}
	return Result{
		Data: m.now.data, Doc: m.now.doc, Report: m.now.report,
		Fixes: checks.Fixes{Changes: m.changes(first), Recalculated: m.recalculated(first), Mended: len(m.done), Undone: m.undoneNow()},
	}, nil
}

// mostTries bounds how often a file is edited and read again. A file in which many fixes
// fail is not worth more work.
const mostTries = 300

// mostWork bounds the size of what is edited and read again in all tries together, so
// that a file of hundreds of forms is given up after some dozen tries: a minute or two. A
// row of a form takes about as long to be checked as rowWork bytes to be read.
const (
	mostWork = 1 << 30
	rowWork  = 1000
)

// mender is the work on one file.
type mender struct {
	ctx  context.Context
	file File
	opts Options
	now  *state
	// done are the fixes made, in their order.
	done []*candidate
	// banned are the fixes that are not tried again, undone those that could not be made.
	banned map[string]bool
	undone []undone
	// tries counts how often the file was edited, work what that took.
	tries, work int
	// held are the findings that were accepted when the work began.
	held map[key]bool
}

// undone is a fix that could not be made.
type undone struct {
	id  string
	why lang.Text
}

// run applies fixes until there are no more to apply.
func (m *mender) run() error {
	seen := map[[sha256.Size]byte]bool{}
	for range mostRounds {
		sum := sha256.Sum256(m.now.data)
		if seen[sum] {
			break // fixes that undo each other
		}
		seen[sum] = true
		for {
			group := compatible(m.candidates(m.now))
			if len(group) == 0 {
				return nil
			}
			before := m.now
			if err := m.accept(group); err != nil {
				return err
			}
			if m.now != before {
				break
			}
		}
	}
	for _, c := range m.candidates(m.now) {
		m.ban(c, whyEndless)
	}
	return nil
}

// accept applies a group of fixes. If they do not stand the test together, it finds out
// which of them do.
func (m *mender) accept(group []*candidate) error {
	if m.tries > mostTries || m.work > mostWork {
		for _, c := range group {
			m.ban(c, whyEndless)
		}
		return nil
	}
	next, applied, failed, err := m.try(m.now, group)
	switch {
	case err != nil:
		return err
	case failed.IsZero():
		m.now, m.done = next, append(m.done, applied...)
		return nil
	case len(group) == 1:
		m.ban(group[0], failed)
		return nil
	}
	for half := range slices.Chunk(group, (len(group)+1)/2) {
		if again := m.stillThere(half); len(again) > 0 {
			if err := m.accept(again); err != nil {
				return err
			}
		}
	}
	return nil
}

// stillThere gives the fixes of a group that are still proposed.
func (m *mender) stillThere(group []*candidate) []*candidate {
	wanted := map[key]bool{}
	for _, c := range group {
		wanted[c.key] = true
	}
	return compatible(slices.DeleteFunc(m.candidates(m.now), func(c *candidate) bool { return !wanted[c.key] }))
}

func (m *mender) ban(c *candidate, why lang.Text) {
	m.banned[c.id] = true
	m.undone = append(m.undone, undone{c.id, why})
}

// try applies fixes to a state, and what follows from them. It gives the state then
// reached and the fixes made, or why they fail.
func (m *mender) try(from *state, group []*candidate) (next *state, applied []*candidate, failed lang.Text, err error) {
	next, applied, err = m.apply(from, group)
	if err != nil || len(applied) == 0 {
		return from, nil, lang.Text{}, err
	}
	mended := applied
	for range mostFollowing {
		if !m.opts.Unsafe {
			switch at, uncertain := uncertain(from, next); {
			case raised(from, next):
				return nil, nil, whyRaise, nil
			case uncertain:
				return nil, nil, whyUncertain(at), nil
			}
		}
		if why := unmended(from, next, mended); !why.IsZero() {
			return nil, nil, why, nil
		}
		news := added(from, next, mended)
		if len(news) == 0 {
			return next, applied, lang.Text{}, nil
		}
		following := compatible(slices.DeleteFunc(m.candidates(next), func(c *candidate) bool { return !news[c.key] }))
		if len(following) == 0 {
			break
		}
		after, more, err := m.apply(next, following)
		if err != nil {
			return nil, nil, lang.Text{}, err
		}
		if len(more) == 0 {
			break
		}
		next, applied = after, append(applied, more...)
	}
	return nil, nil, whyHarm(firstOf(next, added(from, next, mended))), nil
}

// apply makes the edits of fixes and checks the file anew. A fix of which one edit is
// refused is not made at all.
func (m *mender) apply(from *state, group []*candidate) (next *state, applied []*candidate, err error) {
	group = m.firsthand(from, group)
	for {
		var edits []edit.Edit
		for _, c := range group {
			edits = append(edits, c.edits...)
		}
		if len(edits) == 0 {
			return from, nil, nil
		}
		m.tries++
		m.work += from.work()
		data, refused, err := edit.Apply(m.ctx, m.file.Name, from.data, edits, edit.Options{Limits: m.opts.Limits, Formulas: m.opts.Unsafe})
		if m.ctx.Err() != nil {
			return nil, nil, m.ctx.Err()
		}
		if err != nil {
			if len(group) > 1 {
				return m.applySingly(from, group)
			}
			m.ban(group[0], whyEdit(err))
			return from, nil, nil
		}
		if len(refused) > 0 {
			kept := group[:0:0]
			for _, c := range group {
				if why, ok := c.refused(refused); ok {
					m.ban(c, why)
				} else {
					kept = append(kept, c)
				}
			}
			if len(kept) == len(group) {
				return nil, nil, errForeign
			}
			group = kept
			continue
		}
		fresh := m.refresh(from, data, edits)
		doc := m.file.Read(m.ctx, fresh.Data)
		report := m.file.Check(m.ctx, doc)
		if m.ctx.Err() != nil {
			return nil, nil, m.ctx.Err()
		}
		next = m.state(fresh.Data, doc, report)
		next.stale, next.outdated = m.staleAfter(from, group), from.outdated
		for _, at := range fresh.Current {
			delete(next.stale, place(at))
		}
		next.recalculated = slices.Concat(from.recalculated, fresh.Changes)
		return next, group, nil
	}
}

// firsthand leaves out of a group the fixes of formulas that depend on what other fixes
// of the group change: such a formula may give the right result once it is computed anew.
func (m *mender) firsthand(from *state, group []*candidate) []*candidate {
	if !slices.ContainsFunc(group, func(c *candidate) bool { return from.isComputed(c.finding) }) {
		return group
	}
	dependent := map[grid.Location]bool{}
	for _, at := range m.dependents(from, group) {
		dependent[place(at)] = true
	}
	without := func(isDependent func(c *candidate) bool) []*candidate {
		return slices.DeleteFunc(slices.Clone(group), isDependent)
	}
	out := without(func(c *candidate) bool {
		return concerns(c.finding, func(at grid.Location) bool { return dependent[place(at)] })
	})
	if len(out) == 0 {
		// What a fix was computed from may depend on the fix itself.
		out = without(func(c *candidate) bool { return dependent[place(c.finding.At.At)] })
	}
	if len(out) == 0 {
		return group // formulas that depend on themselves
	}
	return out
}

// dependents gives the cells whose formulas depend on what fixes change.
func (m *mender) dependents(from *state, group []*candidate) []grid.Location {
	var edits []edit.Edit
	for _, c := range group {
		edits = append(edits, c.edits...)
	}
	return edit.Dependents(m.ctx, m.file.Name, from.data, edits, edit.Options{Limits: m.opts.Limits})
}

// refresh computes the formulas that depend on edits, of which data is the outcome.
func (m *mender) refresh(from *state, data []byte, edits []edit.Edit) edit.Refreshed {
	if !from.hasFormulas() {
		return edit.Refreshed{Data: data}
	}
	stale := slices.SortedFunc(maps.Keys(from.stale), grid.Location.Compare)
	return edit.Refresh(m.ctx, m.file.Name, from.data, data, edits, stale, edit.Options{Limits: m.opts.Limits})
}

// staleAfter gives the cells that are to be computed anew after fixes.
func (m *mender) staleAfter(from *state, group []*candidate) map[grid.Location]bool {
	if !from.hasFormulas() {
		return from.stale
	}
	stale := maps.Clone(from.stale)
	if stale == nil {
		stale = map[grid.Location]bool{}
	}
	for _, at := range m.dependents(from, group) {
		stale[place(at)] = true
	}
	return stale
}

// applySingly applies fixes one after the other, where a file does not come out right
// when all are made at once.
func (m *mender) applySingly(from *state, group []*candidate) (next *state, applied []*candidate, err error) {
	next = from
	for _, c := range group {
		after, one, err := m.apply(next, []*candidate{c})
		if err != nil {
			return nil, nil, err
		}
		next, applied = after, append(applied, one...)
	}
	return next, applied, nil
}

// errForeign is an error of the editor.
var errForeign = errors.New("an edit was refused that was not asked for")
