package checks

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// Finding is one thing wrong with a file or form.
type Finding struct {
	Rule     *Rule
	Severity Severity
	// Message says what is wrong, with the figures.
	Message lang.Text
	// Arithmetic is the calculation that shows it, printed beside the marked cell.
	Arithmetic lang.Text
	// At is the marked cell; Related are the cells its arithmetic used.
	At      schema.Field
	Related []Related
	// Found and Expected are the figure as filed and as it should be, where there is
	// such a figure.
	Found, Expected string
	// Help says what to do where no Fix says it.
	Help lang.Text
	Fix  *Fix
	// Form is the form the finding is about, nil for findings about a whole file and
	// for those of batch rules, which outlive their forms.
	Form *schema.Form
	// Project is the name of the form the finding is about or, for findings about a
	// whole file, of the form they stand in; empty where a file holds no form.
	Project string
	// Fingerprint identifies the finding across runs: it is made of rule, project,
	// field and values, not of positions. Its first FingerprintLength digits are the
	// same for equal findings; the digits after them number the second and later ones
	// of a file, so that no two findings of a file share a fingerprint.
	Fingerprint string

	// identity stands for project and field in the fingerprint of a batch finding.
	identity string
}

// FingerprintLength is the number of hexadecimal digits in which the fingerprints of
// equal findings agree.
const FingerprintLength = 32

// Related is another cell that a finding speaks of, with its part in the arithmetic.
type Related struct {
	At    schema.Field
	Label lang.Text
}

// Fix is a change that mends a finding. Its edits belong together.
type Fix struct {
	Safety Safety
	Edits  []Edit
}

// IsSafe reports whether there is a fix, and it may be applied unasked.
func (f *Fix) IsSafe() bool { return f != nil && f.Safety == Safe && len(f.Edits) > 0 }

// Edit replaces the text of one cell.
type Edit struct {
	At       grid.Location
	From, To string
}

// Fixes are what became of the fixes of a file.
type Fixes struct {
	// Changes are the cells that were changed, in their order.
	Changes []CellChange
	// Recalculated are the cells with formulas whose results follow from the changes, and
	// were computed and stored, in their order.
	Recalculated []CellChange
	// Mended is the number of findings that the changes mend.
	Mended int
	// Undone are the fixes that were to be made and were not.
	Undone []Undone
	// Backup is the file that keeps what was there before, empty if there is none.
	Backup string
	// Unwritten says why changes that are only shown could not be written; zero if they
	// could.
	Unwritten lang.Text
}

// CellChange is a cell that fixes changed: From is what it held at first, To what it holds in
// the end.
type CellChange struct {
	Edit
	// Form is the form, as it was at first, that the cell belongs to.
	Form *schema.Form
	// For are the findings that the change mends.
	For []*Finding
}

// Undone is a fix that was not made, and why.
type Undone struct {
	Finding *Finding
	Why     lang.Text
}

// compare orders the findings of one file: by place, then rule and message. No two
// different findings compare equal, so any order of discovery sorts to one order.
func compare(a, b *Finding) int {
	if c := a.At.At.Compare(b.At.At); c != 0 {
		return c // as mostly
	}
	return cmp.Or(
		strings.Compare(a.Rule.Name, b.Rule.Name),
		strings.Compare(a.Message.ZH, b.Message.ZH),
		strings.Compare(a.Found, b.Found),
		strings.Compare(a.Expected, b.Expected),
	)
}

// identify sets the project and the fingerprint of a report's sorted findings.
func (r *FileReport) identify() {
	seen := make(map[[sha256.Size]byte]int, len(r.Findings))
	var buffer []byte
	for i := range r.Findings {
		f := &r.Findings[i]
		switch {
		case f.identity != "": // of a batch rule, which says itself
		case i > 0 && f.Form != nil && f.Form == r.Findings[i-1].Form:
			f.Project = r.Findings[i-1].Project
		default:
			f.Project = r.projectOf(f)
		}
		buffer = r.appendIdentity(buffer[:0], f)
		sum := sha256.Sum256(buffer)
		buffer = hex.AppendEncode(buffer[:0], sum[:FingerprintLength/2])
		if seen[sum]++; seen[sum] > 1 {
			buffer = fmt.Appendf(buffer, "%08x", seen[sum])
		}
		f.Fingerprint = string(buffer)
	}
}

// appendIdentity appends what makes a finding the one it is, whatever rows are inserted
// and however the file is named and stored.
func (r *FileReport) appendIdentity(b []byte, f *Finding) []byte {
	const separator = '\x1f'
	b = append(b, f.Rule.Name...)
	part := func(s string) { b = append(append(b, separator), s...) }
	switch {
	case f.identity != "":
		part(f.identity)
		part(f.Found)
		part(f.Expected)
	case f.Form != nil:
		part(quantity.Fold(f.Project))
		b = appendFieldIdentity(append(b, separator), f.Form, f.At.At.Path)
		part(quantity.Fold(f.Found))
		part(quantity.Fold(f.Expected))
	default:
		// A finding about a file has no field: the texts of its row, and the message without
		// the numbers of rows and cells in it, stand for one. Without a form there is only
		// the name of the file.
		subject := f.Project
		if subject == "" {
			subject = BaseName(r.File)
		}
		part(quantity.Fold(subject))
		part(strings.Map(withoutDigits, f.Message.ZH))
		if f.At.Row != nil {
			for _, c := range f.At.Row.Cells {
				part(quantity.Fold(c.Text))
			}
		}
	}
	return b
}

func withoutDigits(r rune) rune {
	if r >= '0' && r <= '9' {
		return -1
	}
	return r
}

// BaseName gives the last part of a file's name, that of an archive's member included.
func BaseName(file string) string {
	return file[strings.LastIndexAny(file, `/\!`)+1:]
}

// projectOf gives the name of the form a finding is about: its own or, for findings
// about the file, the last one that begins before it, else the first.
func (r *FileReport) projectOf(f *Finding) string {
	if f.Form != nil {
		return strings.TrimSpace(f.Form.Name())
	}
	if len(r.Forms) == 0 {
		return ""
	}
	form := r.Forms[0].Form
	for _, other := range r.Forms {
		if start := other.Form.Start.At; start.Sheet == f.At.At.Sheet && start.Compare(f.At.At) <= 0 {
			form = other.Form
		}
	}
	return strings.TrimSpace(form.Name())
}

// appendFieldIdentity appends a JSON Pointer made one that does not count rows: indexes
// are replaced by the names of the rows they select.
func appendFieldIdentity(b []byte, f *schema.Form, pointer string) []byte {
	list := ""
	for more := true; more; {
		var segment string
		segment, pointer, more = strings.Cut(pointer, "/")
		if named, ok := appendRowName(b, f, list, segment); ok {
			b = named
		} else {
			b = append(b, segment...)
		}
		if more {
			b = append(b, '/')
		}
		list = segment
	}
	return b
}

// appendRowName appends the name of the row that an index selects in a list of the
// canonical document.
func appendRowName(b []byte, f *schema.Form, list, index string) (named []byte, ok bool) {
	if index == "" || index[0] < '0' || index[0] > '9' {
		return nil, false
	}
	n, err := strconv.Atoi(index)
	if err != nil {
		return nil, false
	}
	put := func(parts ...string) {
		for i, part := range parts {
			if i > 0 {
				b = append(b, '|')
			}
			b = append(b, quantity.Fold(part)...)
		}
	}
	switch {
	case list == "indicators" && n < len(f.Indicators):
		r := &f.Indicators[n]
		put(r.Level1.Text, r.Level2.Text, r.Name.Text)
	case list == "rows" && n < len(f.Funds.Rows):
		r := &f.Funds.Rows[n]
		put(string(r.Role), r.Label.Text)
	case list == "groups" && n < len(f.Groups):
		g := &f.Groups[n]
		put(g.Level1, g.Level2)
		if g.Subtotal {
			b = append(b, "|subtotal"...)
		}
	case list == "remarks" && n < len(f.Remarks):
		put(f.Remarks[n].Label)
	case list == "placeholders" && n < len(f.Placeholders):
		put(f.Placeholders[n].Text)
	default:
		return nil, false
	}
	return b, true
}

// FormReport is what was found out about one form.
type FormReport struct {
	Form *schema.Form
	// Choice is the rule set that the form was held to.
	Choice Choice
	// Declared and Computed are the form's own results and the recomputed ones.
	Declared, Computed Results
	// Errors, Warnings and Notes count the form's own findings; those of batch rules,
	// which come at the end of a run, are not among them.
	Errors, Warnings, Notes int

	facts *Facts
	pass  *Pass
}

// Results are the headline figures of a form, as displayed; empty where there is
// none.
type Results struct {
	Rate  string // 执行率
	Score string // 总分
	Grade string // 等级
}

// FileReport is what was found out about one file.
type FileReport struct {
	File     string
	Forms    []FormReport
	Findings []Finding
	// Suppressed are the findings that were taken out of Findings, each with what
	// suppresses it.
	Suppressed []Suppressed
	// Fixes says what became of the file's fixes, nil if none were to be made.
	Fixes *Fixes
	// Unwritable says why nothing can be mended in the file as it is, zero if it can, or
	// if there is nothing to mend.
	Unwritable lang.Text
	// Internal is set when jixiaolint itself failed on the file.
	Internal bool
	// Batch is set for what Batch.Finish found: the file and its forms were reported
	// before.
	Batch bool
}

// Suppressed is a finding that is known and accepted: it counts for nothing, but a
// report shows it to those who look.
type Suppressed struct {
	Finding
	By Suppression
}

// Suppression says what suppresses a finding.
type Suppression struct {
	Kind SuppressionKind
	// Reason is the justification given; a baseline gives none.
	Reason string
	// At is the entry that suppresses the finding, in a configuration file or baseline.
	At grid.Location
}

// SuppressionKind says where a finding is suppressed.
type SuppressionKind string

// The kinds of suppression.
const (
	ByConfiguration SuppressionKind = "configuration"
	ByBaseline      SuppressionKind = "baseline"
)

// Suppress takes the findings that by names a suppression for out of the report's
// findings and counts the rest again. A failure of jixiaolint itself stays.
func (r *FileReport) Suppress(by func(*Finding) (Suppression, bool)) {
	kept := make([]Finding, 0, len(r.Findings))
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Rule != internalError {
			if s, ok := by(f); ok {
				r.Suppressed = append(r.Suppressed, Suppressed{Finding: *f, By: s})
				continue
			}
		}
		kept = append(kept, *f)
	}
	r.Findings = kept
	r.countForms()
}

// countForms counts the findings of each form.
func (r *FileReport) countForms() {
	forms := make(map[*schema.Form]*FormReport, len(r.Forms))
	for i := range r.Forms {
		form := &r.Forms[i]
		form.Errors, form.Warnings, form.Notes = 0, 0, 0
		forms[form.Form] = form
	}
	for i := range r.Findings {
		form := forms[r.Findings[i].Form]
		if form == nil {
			continue
		}
		switch r.Findings[i].Severity {
		case Error:
			form.Errors++
		case Warning:
			form.Warnings++
		case Note:
			form.Notes++
		case Off:
		}
	}
}

// Count gives the number of findings of severity s.
func (r FileReport) Count(s Severity) int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// Fixable gives the number of findings with a safe fix.
func (r FileReport) Fixable() int {
	n := 0
	for _, f := range r.Findings {
		if f.Fix.IsSafe() {
			n++
		}
	}
	return n
}
