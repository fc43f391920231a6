// Package suppress takes findings that are known and accepted out of reports: single
// ones by entries of a configuration file, each with its reason, and all findings of
// an earlier run by a baseline.
//
// Nothing is hidden for good: what is suppressed stays in the report, with what
// suppresses it, and entries that suppress nothing are reported in their turn.
package suppress

import (
	"slices"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"jixiaolint/checks"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// Entry accepts findings of one rule or group. Each of Project, File, Field and Cells
// that is set narrows it; an entry has at least one of them.
type Entry struct {
	// Rule is the name of a rule or group.
	Rule string
	// Project is the name of a project, or a pattern with *, ? and […].
	Project string
	// File is a pattern for paths; see MatchPath.
	File string
	// Field is a field of forms.
	Field *Field
	// Cells is a range of cells of a worksheet.
	Cells *Range
	// Reason says why the findings are accepted.
	Reason string
	// Expires is the last day on which the entry holds, zero for ever.
	Expires time.Time
	// At is the entry's place in the configuration file.
	At grid.Location
}

// expired reports whether the entry held no longer on a day.
func (e *Entry) expired(today time.Time) bool {
	return !e.Expires.IsZero() && today.After(e.Expires)
}

// concerns reports whether the entry speaks of a file, by its path, and of one of the
// projects in it: whether it could suppress anything there.
func (e *Entry) concerns(path string, projects []string) bool {
	if e.File != "" && !MatchPath(e.File, path) {
		return false
	}
	if e.Project == "" {
		return true
	}
	for _, p := range projects {
		if e.project(p) {
			return true
		}
	}
	return false
}

// project reports whether the entry speaks of a project. White space and the width of
// characters make no difference, and * stands for / too: names are no paths.
func (e *Entry) project(name string) bool {
	pattern, name := quantity.Fold(e.Project), quantity.Fold(name)
	if pattern == name {
		return true
	}
	const slash = "\u2215"
	ok, err := doublestar.Match(strings.ReplaceAll(pattern, "/", slash), strings.ReplaceAll(name, "/", slash))
	return ok && err == nil
}

// matches reports whether the entry accepts a finding in a file that it concerns.
func (e *Entry) matches(f *checks.Finding) bool {
	switch {
	case e.Rule != f.Rule.Name && e.Rule != string(f.Rule.Group),
		e.Project != "" && !e.project(f.Project),
		e.Field != nil && !e.Field.contains(f.At.At),
		e.Cells != nil && !e.Cells.contains(f.At.At):
		return false
	}
	return true
}

// runs reports whether the options let a rule that the entry names report anything, and
// whether one that looks at single forms: what the others say depends on the files of the
// run.
func (e *Entry) runs(o checks.Options) (ran, alone bool) {
	for _, r := range o.Rules() {
		if (e.Rule == r.Name || e.Rule == string(r.Group)) && o.Runs(r) {
			ran, alone = true, alone || r.Batch == nil
		}
	}
	return ran, alone
}

// MatchPath reports whether a path, relative and with forward slashes, matches a
// pattern with *, ?, […], {a,b} and ** for any folders. A pattern without a slash
// matches the last part of the path and, if it is a plain name, any folder in it; one that
// begins with ./ starts from the top.
func MatchPath(pattern, path string) bool {
	if !strings.Contains(pattern, "/") {
		if !strings.ContainsAny(pattern, `*?[{\`) {
			return slices.Contains(strings.Split(path, "/"), pattern)
		}
		path = path[strings.LastIndex(path, "/")+1:]
	}
	ok, err := doublestar.Match(strings.TrimPrefix(pattern, "./"), path)
	return ok && err == nil
}

// Notice is something to say about an entry or a baseline. It is no finding: it is
// about no form, and neither counted nor part of the exit status.
type Notice struct {
	Kind NoticeKind
	// At is the place of the entry in its file.
	At grid.Location
	// Rule and Project are those of the entry.
	Rule, Project string
	Message, Help lang.Text
}

// NoticeKind is the kind of a notice.
type NoticeKind string

// The kinds of notice.
const (
	UnusedSuppression  NoticeKind = "unused-suppression"
	ExpiredSuppression NoticeKind = "expired-suppression"
	FixedSince         NoticeKind = "fixed-since-baseline"
)

// Ledger applies the entries of configuration files to reports and remembers which of
// them were of use. It is not safe for concurrent use.
type Ledger struct {
	today time.Time
	pages map[*Entry]*page
	order []*Entry
}

// page is what a ledger knows of one entry: whether it was of use, whether its rule ran
// on any file that its configuration governs, and on one that it concerns.
type page struct{ used, ran, judged bool }

// NewLedger gives a ledger of a run on a day, of which the date alone counts.
func NewLedger(now time.Time) *Ledger {
	y, m, d := now.Date()
	return &Ledger{today: time.Date(y, m, d, 0, 0, 0, 0, time.UTC), pages: map[*Entry]*page{}}
}

// Apply suppresses the findings of a report that entries accept. The path is that of
// the file as the patterns of the entries see it; the options are those under which
// it was checked.
func (l *Ledger) Apply(r *checks.FileReport, entries []*Entry, path string, o checks.Options) {
	if len(entries) == 0 {
		return
	}
	var projects []string
	for _, f := range r.Forms {
		projects = append(projects, f.Form.Name())
	}
	if r.Batch { // its forms were reported before
		for i := range r.Findings {
			projects = append(projects, r.Findings[i].Project)
		}
	}
	var live []*Entry
	for _, e := range entries {
		p := l.page(e)
		if e.expired(l.today) {
			continue
		}
		// An entry is judged where its findings could have turned up.
		ran, alone := false, false
		if !p.judged && complete(r) {
			ran, alone = e.runs(o)
		}
		p.ran = p.ran || ran
		if e.concerns(path, projects) {
			live = append(live, e)
			p.judged = p.judged || alone
		}
	}
	if len(live) == 0 {
		return
	}
	r.Suppress(func(f *checks.Finding) (by checks.Suppression, ok bool) {
		for _, e := range live {
			if !e.matches(f) {
				continue
			}
			l.pages[e].used = true
			if !ok {
				by, ok = checks.Suppression{Kind: checks.ByConfiguration, Reason: e.Reason, At: e.At}, true
			}
		}
		return by, ok
	})
}

// complete reports whether a file was read and checked to its end.
func complete(r *checks.FileReport) bool {
	return !r.Internal && !slices.ContainsFunc(r.Findings, func(f checks.Finding) bool { return f.Rule.Name == schema.RuleUnreadableFile })
}

func (l *Ledger) page(e *Entry) *page {
	p := l.pages[e]
	if p == nil {
		p = &page{}
		l.pages[e] = p
		l.order = append(l.order, e)
	}
	return p
}

// Notices gives what there is to say about the entries: those that have expired, and
// those that suppress nothing although a file and project they speak of was checked.
// Entries about files that were not in the run are not judged, unless all says that
// all files that a configuration file governs were.
func (l *Ledger) Notices(all func(configuration string) bool) []Notice {
	var out []Notice
	for _, e := range l.order {
		p := l.pages[e]
		n := Notice{At: e.At, Rule: e.Rule, Project: e.Project}
		switch {
		case e.expired(l.today):
			day := e.Expires.Format(time.DateOnly)
			n.Kind = ExpiredSuppression
			n.Message = lang.F("对 %[1]s 的豁免已于 %[2]s 到期，不再起作用", "the suppression of %[1]s expired on %[2]s and no longer holds", e.Rule, day)
			n.Help = lang.T("请改正问题后删去这一条，或说明理由并延期", "mend the finding and delete the entry, or extend it with a reason")
		case !p.used && (p.judged || p.ran && all(e.At.File)):
			n.Kind = UnusedSuppression
			n.Message = lang.F("对 %s 的豁免没有对应的问题", "the suppression of %s matches no finding", e.Rule)
			n.Help = lang.T("问题若已改正，请删去这一条；否则请核对项目、文件和位置", "delete the entry if the finding is mended; otherwise check its project, file and place")
		default:
			continue
		}
		out = append(out, n)
	}
	return out
}
