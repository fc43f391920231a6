package suppress

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"jixiaolint/checks"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// baselineVersion is the version of the layout of baselines and of what fingerprints
// are made of.
const baselineVersion = 1

// MaxBaseline is the size in bytes up to which a baseline is read.
const MaxBaseline = 64 << 20

// Baseline is the findings of an earlier run. They are told by fingerprint and number:
// equal findings in several files of one project, or several times in one file, are
// one record with their count. It is not safe for concurrent use.
type Baseline struct {
	name    string
	records map[string]*record
	// left is how many findings of a fingerprint are still to be met.
	left map[string]int
	// projects are those that the run has checked.
	projects map[string]bool
}

// record is one line of a baseline. The message is for those who read the file.
type record struct {
	Fingerprint string `json:"fingerprint"`
	Rule        string `json:"rule"`
	Project     string `json:"project,omitempty"`
	Count       int    `json:"count"`
	Message     string `json:"message"`
}

// document is a baseline file.
type document struct {
	Version  int       `json:"version"`
	Tool     string    `json:"tool"`
	Findings []*record `json:"findings"`
}

const toolName = "jixiaolint"

// NewBaseline gives a baseline without findings, to which Add adds them.
func NewBaseline() *Baseline {
	return &Baseline{records: map[string]*record{}, left: map[string]int{}, projects: map[string]bool{}}
}

// key gives what equal findings of a file have in common of their fingerprints.
func key(f *checks.Finding) string {
	return f.Fingerprint[:min(len(f.Fingerprint), checks.FingerprintLength)]
}

// Add records the findings of a report. Messages are kept in language l.
func (b *Baseline) Add(r *checks.FileReport, l lang.Lang) {
	for i := range r.Findings {
		f := &r.Findings[i]
		old := b.records[key(f)]
		if old == nil {
			old = &record{Fingerprint: key(f), Rule: f.Rule.Name, Project: f.Project, Message: f.Message.In(l)}
			b.records[key(f)] = old
		}
		old.Count++
	}
}

// Len gives the number of findings recorded.
func (b *Baseline) Len() int {
	n := 0
	for _, r := range b.records {
		n += r.Count
	}
	return n
}

// Write writes the baseline as JSON, one finding a line, sorted: the same findings
// give the same bytes, and differences of versions read well.
func (b *Baseline) Write(w io.Writer) error {
	records := make([]*record, 0, len(b.records))
	for _, r := range b.records {
		records = append(records, r)
	}
	slices.SortFunc(records, func(a, b *record) int {
		return cmp.Or(
			strings.Compare(a.Project, b.Project), strings.Compare(a.Rule, b.Rule), strings.Compare(a.Fingerprint, b.Fingerprint),
		)
	})
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\"version\":%d,\"tool\":%q,\"findings\":[", baselineVersion, toolName)
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	for i, r := range records {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteByte('\n')
		if err := enc.Encode(r); err != nil {
			return err
		}
		out.Truncate(out.Len() - 1) // the line end
	}
	out.WriteString("\n]}\n")
	_, err := w.Write(out.Bytes())
	return err
}

var reFingerprint = regexp.MustCompile(fmt.Sprintf(`^[0-9a-f]{%d}$`, checks.FingerprintLength))

// ReadBaseline reads a baseline that Write wrote. The name is that of its file.
func ReadBaseline(name string, data []byte) (*Baseline, error) {
	var doc document
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&doc); err != nil {
		return nil, err
	}
	switch _, err := dec.Token(); {
	case !errors.Is(err, io.EOF):
		return nil, errors.New("text after the end of the document")
	case doc.Tool != toolName:
		return nil, errors.New("the document is no baseline of jixiaolint")
	case doc.Version != baselineVersion:
		return nil, fmt.Errorf("version %d of the layout is unknown", doc.Version)
	}
	b := NewBaseline()
	b.name = name
	for i, r := range doc.Findings {
		switch {
		case r == nil || !reFingerprint.MatchString(r.Fingerprint):
			return nil, fmt.Errorf("finding %d has no valid fingerprint", i+1)
		case r.Rule == "" || r.Count < 1:
			return nil, fmt.Errorf("finding %d has no rule or no count", i+1)
		case b.records[r.Fingerprint] != nil:
			return nil, fmt.Errorf("finding %d has the fingerprint of another one", i+1)
		}
		b.records[r.Fingerprint] = r
		b.left[r.Fingerprint] = r.Count
	}
	return b, nil
}

// Apply suppresses the findings of a report that the baseline holds, each of its
// findings once. Which of several equal findings are left over for the report depends
// on the order of calls.
func (b *Baseline) Apply(r *checks.FileReport) {
	for _, f := range r.Forms {
		if !r.Internal {
			b.projects[strings.TrimSpace(f.Form.Name())] = true
		}
	}
	r.Suppress(func(f *checks.Finding) (checks.Suppression, bool) {
		k := key(f)
		if b.left[k] == 0 {
			return checks.Suppression{}, false
		}
		b.left[k]--
		return checks.Suppression{Kind: checks.ByBaseline, At: grid.Location{File: b.name}}, true
	})
}

// Holds reports whether the baseline holds a finding such as f. Unlike Apply it changes
// nothing, and may be called at any time.
func (b *Baseline) Holds(f *checks.Finding) bool { return b.records[key(f)] != nil }

// Fixed gives a notice for every finding of the baseline that no longer occurs although
// its project was checked and, as runs tells, its rule ran. What forms have against each
// other depends on the files of the run: nothing is said of it.
func (b *Baseline) Fixed(runs func(rule string) bool) []Notice {
	var out []Notice
	for fingerprint, n := range b.left {
		r := b.records[fingerprint]
		if n == 0 || !b.projects[r.Project] || !runs(r.Rule) {
			continue
		}
		if rule, ok := checks.Find(r.Rule); ok && rule.Batch != nil {
			continue
		}
		project := r.Project
		out = append(out, Notice{
			Kind: FixedSince, At: grid.Location{File: b.name}, Rule: r.Rule, Project: project,
			Message: lang.F("基线中的问题已不再出现：%[1]s，%[2]s（%[3]d 处）", "a finding of the baseline no longer occurs: %[1]s, %[2]s (%[3]d)", project, r.Message, n),
			Help:    lang.T("请用 --write-baseline 重新生成基线", "write the baseline anew with --write-baseline"),
		})
	}
	slices.SortFunc(out, func(x, y Notice) int {
		return cmp.Or(strings.Compare(x.Project, y.Project), strings.Compare(x.Rule, y.Rule), strings.Compare(x.Message.ZH, y.Message.ZH))
	})
	return out
}
