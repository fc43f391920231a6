package report

import (
	"fmt"
	"io"
	"strings"

	"jixiaolint/checks"
	"jixiaolint/schema/lang"
)

// githubRenderer writes workflow commands, which GitHub shows as annotations, and a
// summary of the run in Markdown for the job's page.
type githubRenderer struct {
	*encoder
	w    io.Writer
	rows []string
	left int // findings that the summary has no room for
	size int
	out  []byte
}

// maxJobSummary bounds the findings in a job's summary, in bytes; GitHub refuses one
// beyond 1 MiB.
const maxJobSummary = 512 << 10

func newGitHub(w io.Writer, opts Options) Renderer {
	return &githubRenderer{encoder: newEncoder(opts), w: w}
}

// File writes the annotations of one file.
func (g *githubRenderer) File(r checks.FileReport) error {
	g.out = g.out[:0]
	for i := range r.Findings {
		f := &r.Findings[i]
		g.annotation(f)
		if g.opts.JobSummary == nil {
			continue
		}
		row := g.row(f)
		if g.size += len(row); g.size > maxJobSummary {
			g.left++
			continue
		}
		g.rows = append(g.rows, row)
	}
	_, err := g.w.Write(g.out)
	return err
}

// Close writes the counts, and the summary of the job.
func (g *githubRenderer) Close(s Summary) error {
	// A blank before it keeps the line from ever being a command.
	if _, err := fmt.Fprintf(g.w, " %s\n", summaryLine(s, g.opts.Lang)); err != nil || g.opts.JobSummary == nil {
		return err
	}
	_, err := io.WriteString(g.opts.JobSummary, g.summaryPage(s))
	return err
}

// annotation writes a workflow command, as
//
//	::error file=表.xlsx,line=4,col=7,title=execution-rate-mismatch::…
func (g *githubRenderer) annotation(f *checks.Finding) {
	kind := "notice"
	switch f.Severity {
	case checks.Error, checks.Warning:
		kind = f.Severity.String()
	case checks.Note, checks.Off:
	}
	at := f.At.At
	g.out = fmt.Appendf(g.out, "::%s file=%s", kind, escapeProperty(slashed(at.File)))
	if at.Line > 0 {
		g.out = fmt.Appendf(g.out, ",line=%d", at.Line)
	}
	if at.Column > 0 && at.Sheet == "" && at.Table == 0 {
		g.out = fmt.Appendf(g.out, ",col=%d", at.Column)
	}
	lines := g.paragraphs(f)
	lines[0] = located(f, g.opts.Lang)
	g.out = fmt.Appendf(g.out, ",title=%s::%s\n", escapeProperty(f.Rule.Name), escapeData(strings.Join(lines, "\n")))
}

// escapeData and escapeProperty write text as GitHub's runner reads it back.
func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func escapeProperty(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(escapeData(Sanitize(s)))
}

func (g *githubRenderer) row(f *checks.Finding) string {
	l := g.opts.Lang
	where := Sanitize(slashed(f.At.At.File))
	if p := place(f); p != "" {
		where += ": " + p
	}
	return fmt.Sprintf("| %s | `%s` | %s | %s |\n", f.Severity.Label().In(l), strings.ReplaceAll(Sanitize(f.Rule.Name), "`", ""),
		escapeMarkdown(where), escapeMarkdown(sentence(f, l)))
}

func (g *githubRenderer) summaryPage(s Summary) string {
	l := g.opts.Lang
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n%s\n\n", escapeMarkdown(g.opts.Tool), escapeMarkdown(summaryLine(s, l)))
	if len(g.rows) == 0 {
		return b.String()
	}
	b.WriteString(lang.T("| 程度 | 规则 | 位置 | 问题 |\n", "| severity | rule | place | problem |\n").In(l))
	b.WriteString("|---|---|---|---|\n")
	for _, row := range g.rows {
		b.WriteString(row)
	}
	if g.left > 0 {
		b.WriteString(lang.F("\n另有 %d 条，见完整报告。\n", "\n%d more: see the full report.\n", g.left).In(l))
	}
	return b.String()
}

// escapeMarkdown makes text plain in Markdown: no markup, link, mention or HTML.
func escapeMarkdown(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case r == '@':
			b.WriteString("&#64;")
		case strings.ContainsRune("\\`*_{}[]()#+-.!|~:$", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
