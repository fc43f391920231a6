package checks

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
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
	// for those of batch rules.
	Form *schema.Form
	// Fingerprint identifies the finding across runs: it is made of rule, project,
	// field and values, not of positions.
	Fingerprint string

	// identity stands for project and field in the fingerprint of a batch finding.
	identity string
}

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

// Edit replaces the text of one cell.
type Edit struct {
	At       grid.Location
	From, To string
}

// compare orders the findings of one file: by place, then rule and message. No two
// different findings compare equal, so any order of discovery sorts to one order.
func compare(a, b Finding) int {
	return cmp.Or(
		a.At.At.Compare(b.At.At),
		strings.Compare(a.Rule.Name, b.Rule.Name),
		strings.Compare(a.Message.ZH, b.Message.ZH),
		strings.Compare(a.Found, b.Found),
		strings.Compare(a.Expected, b.Expected),
	)
}

// fingerprint sets the fingerprints of one file's sorted findings. Equal identities
// are told apart by their order, so that fingerprints are unique and stay put when
// rows are inserted elsewhere.
func fingerprint(findings []Finding) {
	seen := map[string]int{}
	for i := range findings {
		f := &findings[i]
		subject := f.identity
		if subject == "" {
			subject = projectOf(f.Form) + "\x1f" + fieldIdentity(f.Form, f.At.At.Path)
		}
		id := strings.Join([]string{f.Rule.Name, subject, f.Found, f.Expected}, "\x1f")
		seen[id]++
		if n := seen[id]; n > 1 {
			id += "\x1f" + strconv.Itoa(n)
		}
		sum := sha256.Sum256([]byte(id))
		f.Fingerprint = hex.EncodeToString(sum[:16])
	}
}

func projectOf(f *schema.Form) string {
	if f == nil {
		return ""
	}
	return f.Name()
}

// fieldIdentity turns a JSON Pointer into one that does not count rows: indexes are
// replaced by the names of the rows they select.
func fieldIdentity(f *schema.Form, pointer string) string {
	if f == nil {
		return pointer
	}
	parts := strings.Split(pointer, "/")
	for i := 1; i+1 < len(parts); i++ {
		n, err := strconv.Atoi(parts[i+1])
		if err != nil {
			continue
		}
		switch {
		case parts[i] == "indicators" && n < len(f.Indicators):
			r := f.Indicators[n]
			parts[i+1] = r.Level1.Text + "|" + r.Level2.Text + "|" + r.Name.Text
		case parts[i] == "rows" && n < len(f.Funds.Rows):
			parts[i+1] = string(f.Funds.Rows[n].Role) + "|" + f.Funds.Rows[n].Label.Text
		case parts[i] == "groups" && n < len(f.Groups):
			parts[i+1] = f.Groups[n].Level1 + "|" + f.Groups[n].Level2
		}
	}
	return strings.Join(parts, "/")
}

// FormReport is what was found out about one form.
type FormReport struct {
	Form *schema.Form
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
	// Internal is set when jixiaolint itself failed on the file.
	Internal bool
	// Batch is set for what Batch.Finish found: the file and its forms were reported
	// before.
	Batch bool
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
		if f.Fix != nil && f.Fix.Safety == Safe {
			n++
		}
	}
	return n
}

func sortFindings(findings []Finding) { slices.SortStableFunc(findings, compare) }
