package report

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strconv"

	"jixiaolint/checks"
)

// The parts of a GitLab Code Quality report (a subset of the Code Climate format).
type (
	gitlabLines struct {
		Begin int `json:"begin"`
	}
	gitlabLocation struct {
		Path  string      `json:"path"`
		Lines gitlabLines `json:"lines"`
	}
	gitlabIssue struct {
		Description string         `json:"description"`
		CheckName   string         `json:"check_name"`
		Fingerprint string         `json:"fingerprint"`
		Severity    string         `json:"severity"`
		Location    gitlabLocation `json:"location"`
	}
)

// gitlabRenderer writes one array of issues.
type gitlabRenderer struct {
	array
	// seen counts the equal issues of one report of a file. A second report, on what its
	// forms have against others, is under rules of its own.
	seen map[string]int
}

func newGitLab(w io.Writer, opts Options) Renderer {
	return &gitlabRenderer{array: array{encoder: newEncoder(opts), w: w}, seen: map[string]int{}}
}

// File writes the issues of one file.
func (g *gitlabRenderer) File(r checks.FileReport) error {
	clear(g.seen)
	for i := range r.Findings {
		if g.n == 0 {
			g.put("[")
		}
		if err := g.element(g.issue(&r.Findings[i])); err != nil {
			return err
		}
	}
	return g.flush()
}

// Close ends the array.
func (g *gitlabRenderer) Close(Summary) error {
	if g.n == 0 {
		g.put("[")
	}
	g.put("\n]\n")
	return g.flush()
}

func (g *gitlabRenderer) issue(f *checks.Finding) gitlabIssue {
	// The line is mandatory; a finding about a whole file stands at its beginning.
	return gitlabIssue{
		Description: located(f, g.opts.Lang), CheckName: f.Rule.Name, Fingerprint: g.unique(f),
		Severity: gitlabSeverity(f.Severity),
		Location: gitlabLocation{slashed(f.At.At.File), gitlabLines{max(f.At.At.Line, 1)}},
	}
}

// unique gives a fingerprint that no other issue of the report has: one form may be
// in several files of a run.
func (g *gitlabRenderer) unique(f *checks.Finding) string {
	id := f.Fingerprint + "\x1f" + slashed(f.At.At.File)
	g.seen[id]++
	sum := sha256.Sum256([]byte(id + "\x1f" + strconv.Itoa(g.seen[id])))
	return hex.EncodeToString(sum[:16])
}

func gitlabSeverity(s checks.Severity) string {
	switch s {
	case checks.Error:
		return "major"
	case checks.Warning:
		return "minor"
	case checks.Note, checks.Off:
	}
	return "info"
}
