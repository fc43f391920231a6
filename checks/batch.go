package checks

import (
	"fmt"
	"slices"
	"strings"

	"jixiaolint/checks/profile"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// Batch checks the forms of one run against each other. It is given the report of
// every file, in the order of the output, and in the end gives what the rules of
// group batch found. It keeps short keys and the places that findings may point at,
// bounded in number, never whole forms.
type Batch struct {
	opts  Options
	rules []*batchRule
	forms int // taken in so far
	file  string
	// filings are the forms by project, unit and year.
	filings index[filing]
	// room is the number of bytes of rows that may still be kept for the report.
	room int
	err  error
}

// batchRule is a rule with what it gathered.
type batchRule struct {
	rule *Rule
	acc  Accumulator
	err  error // of a panic: the rule has had its say
}

// Accumulator is a batch rule at work: it takes in the facts of one form after the
// other and in the end reports what it found. What it keeps is bounded.
type Accumulator interface {
	Add(f *Facts)
	Report(p *BatchPass)
}

// BatchPass is what a batch rule reports to.
type BatchPass struct {
	Profile *profile.Profile

	words *lexicon
	rule  *Rule
	found []batchFinding
}

// batchFinding is a finding with the number of the form it points into.
type batchFinding struct {
	Finding
	form int
}

// Report adds a finding at a place. Rule and, if not set, severity are filled in.
// identity tells the finding from others of the rule across runs.
func (p *BatchPass) Report(at place, identity string, f Finding) {
	f.Rule, f.At, f.Project, f.identity = p.rule, at.Field, at.project, identity
	if f.Severity == Off {
		f.Severity = p.rule.Severity
	}
	p.found = append(p.found, batchFinding{f, at.form})
}

// incomplete says that there was more to compare than is kept.
func (p *BatchPass) incomplete(at place, what lang.Text) {
	if at.form == 0 {
		return
	}
	at.Field, at.project = schema.Field{At: grid.Location{File: at.At.File}}, ""
	p.Report(at, "incomplete", Finding{
		Severity: Note,
		Message: lang.F("表太多：只对照了最先出现的 %[1]d 个%[2]s，从这个文件起新出现的没有对照",
			"too many forms: only the first %[1]d %[2]s were compared, none that are new from this file on", mostKeys, what),
		Help: lang.T("请分批检查", "check fewer forms at a time"),
	})
}

// NewBatch makes the batch of one run. Options are those of the run.
func NewBatch(opts Options) *Batch {
	b := &Batch{opts: opts, room: rowBytes}
	b.opts.words, b.err = opts.lexicon()
	if b.err == nil && b.opts.Profile == nil {
		b.opts.Profile, b.err = defaultProfile()
	}
	for _, r := range batchRules {
		if opts.severity(r, r.Severity) != Off {
			b.rules = append(b.rules, &batchRule{rule: r, acc: r.Batch()})
		}
	}
	return b
}

// wantsBatch reports whether a rule of group batch runs under the options.
func (o Options) wantsBatch() bool {
	return slices.ContainsFunc(batchRules, func(r *Rule) bool { return o.severity(r, r.Severity) != Off })
}

// Add takes in the report of one file. Reports must come in the order in which they
// are printed, so that findings never depend on which file was ready first.
func (b *Batch) Add(r FileReport) {
	b.file = r.File
	for i := range r.Forms {
		f := r.Forms[i].facts
		if f == nil {
			continue
		}
		b.forms++
		f.form, f.room = b.forms, &b.room
		b.register(f)
		for _, rule := range b.rules {
			rule.guard(func() { rule.acc.Add(f) })
		}
	}
}

// guard runs a part of the rule; a panic silences this rule only.
func (r *batchRule) guard(run func()) {
	if r.err != nil {
		return
	}
	defer func() {
		if v := recover(); v != nil {
			r.err = fmt.Errorf("%w: %v", errPanic, v)
		}
	}()
	run()
}

// Finish gives what was found among all forms: one report for each file that a
// finding points at, in the order of the run. The reports hold no forms, as the
// files' own reports did.
func (b *Batch) Finish() []FileReport {
	if b.err != nil {
		return []FileReport{internal(FileReport{File: b.file, Batch: true}, "", b.err)}
	}
	var found []batchFinding
	var failed []FileReport
	for _, r := range b.rules {
		p := &BatchPass{Profile: b.opts.Profile, words: b.opts.words, rule: r.rule}
		r.guard(func() { r.acc.Report(p) })
		if r.err != nil {
			failed = append(failed, internal(FileReport{File: b.file, Batch: true}, r.rule.Name, r.err))
			continue
		}
		found = append(found, p.found...)
	}
	slices.SortStableFunc(found, func(x, y batchFinding) int { return x.form - y.form })
	var reports []FileReport
	byFile := map[string]int{}
	for _, f := range found {
		i, ok := byFile[f.At.At.File]
		if !ok {
			i = len(reports)
			byFile[f.At.At.File] = i
			reports = append(reports, FileReport{File: f.At.At.File, Batch: true})
		}
		reports[i].Findings = append(reports[i].Findings, f.Finding)
	}
	reports = append(reports, failed...)
	for i := range reports {
		reports[i].finish(b.opts, nil)
	}
	return slices.DeleteFunc(reports, func(r FileReport) bool { return len(r.Findings) == 0 })
}

// filing is a project's form of one year.
type filing struct {
	// versions are the filings whose figures differ, the first one first.
	versions []version
}

// version is a filing with its headline figures.
type version struct {
	at      place
	figures [headlines]headline
}

// mostVersions bounds the versions of one form that are told apart.
const mostVersions = 8

// register finds out whether the form was filed before in this run: the same file
// under two names or in two formats counts once.
func (b *Batch) register(f *Facts) {
	if f.filingKey == "" {
		return
	}
	known := b.filings.at(f.filingKey, f)
	if f.unknown = known == nil; f.unknown {
		return
	}
	for i := range known.versions {
		_, compared, same := known.versions[i].compare(&f.figures)
		f.repeat = f.repeat || compared && same
		if compared && f.earlier == nil {
			earlier := known.versions[i]
			f.earlier = &earlier
		}
	}
	if !f.repeat && len(known.versions) < mostVersions {
		known.versions = append(known.versions, version{f.keep(f.project, false), f.figures})
	}
}

// compare gives the first headline figure in which two versions differ, unless they are
// the same in all that both have; compared is false if they have none in common.
func (v *version) compare(other *[headlines]headline) (differs int, compared, same bool) {
	for i := range v.figures {
		a, b := v.figures[i], other[i]
		if !a.ok || !b.ok {
			continue
		}
		compared = true
		if !a.within.Meets(b.within) {
			return i, true, false
		}
	}
	return headlines, compared, true
}

// mostKeys bounds what each batch rule keeps.
const mostKeys = 1 << 16

// index is a map that remembers the order of its entries and takes no more than
// mostKeys of them.
type index[V any] struct {
	entries map[string]*V
	order   []*V
	// full is the place from which on new keys were turned away.
	full place
}

// at gives the entry of a key, a new one if need be; nil if there is no room.
func (x *index[V]) at(key string, f *Facts) *V {
	if v, ok := x.entries[key]; ok {
		return v
	}
	if len(x.order) >= mostKeys {
		if x.full.form == 0 {
			x.full = f.keep(f.start, false)
		}
		return nil
	}
	if x.entries == nil {
		x.entries = map[string]*V{}
	}
	v := new(V)
	x.entries[strings.Clone(key)] = v
	x.order = append(x.order, v)
	return v
}

// place is a field of a form of the run.
type place struct {
	schema.Field
	form    int // number of the form, from 1
	project string
}

// rowBytes bounds the rows of forms that are kept to be shown; findings beyond it are
// printed without their row.
const rowBytes = 16 << 20

// keep gives a place that holds on to nothing of its form: the location and, with
// row, the text and the row for the report.
func (f *Facts) keep(at schema.Field, row bool) place {
	kept := schema.Field{At: at.At}
	kept.At.Path = strings.Clone(at.At.Path)
	if row && at.Row != nil {
		size := 0
		for _, c := range at.Row.Cells {
			size += len(c.Text) + 200 // of a cell without its text, about
		}
		if row = size <= *f.room; row {
			*f.room -= size
			kept.Row = copyRow(at.Row)
		}
	}
	if row {
		kept.Text = strings.Clone(at.Text)
	}
	return place{kept, f.form, f.ownName()}
}

// copyRow copies what a report shows of a row.
func copyRow(r *grid.Row) *grid.Row {
	out := &grid.Row{Num: r.Num, Cells: make([]*grid.Cell, len(r.Cells))}
	for i, c := range r.Cells {
		out.Cells[i] = &grid.Cell{
			Row: c.Row, Col: c.Col, Rows: c.Rows, Cols: c.Cols, Type: c.Type, Hidden: c.Hidden, Loc: c.Loc, Text: strings.Clone(c.Text),
		}
	}
	return out
}
