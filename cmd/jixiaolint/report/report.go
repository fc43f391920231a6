// Package report prints what jixiaolint found, one renderer per output format.
//
// A renderer is a function of file reports and a summary: it reads no file, keeps
// no global state and knows nothing of scheduling, so the same reports give the
// same bytes. Everything that comes out of a submitted file is shown through
// Sanitize, or, in JSON, with its invisible characters escaped.
package report

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"jixiaolint/checks"
	"jixiaolint/checks/suppress"
	"jixiaolint/schema"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/office"
)

// toolName is how reports are told from other files.
const toolName = "jixiaolint"

// HeadSize is the number of bytes by whose look a report is known.
const HeadSize = 4 << 10

// IsReport reports whether a file that begins like this is a report or a baseline, of
// those that hold texts of forms and could be taken for one.
func IsReport(head []byte) bool { return looksLikeReport.Match(head[:min(len(head), HeadSize)]) }

// looksLikeReport knows a report by its beginning, or by a line that no form has: the
// place of a finding in text, an annotation.
var looksLikeReport = regexp.MustCompile(strings.Join([]string{
	`\A\{"(?:source":\{"name|version":1,\s*"tool":\{"name|version":1,\s*"tool)":"` + toolName + `"`, // rdjson, JSON, a baseline
	`\A\{"type":"(?:form|finding|suppressed|notice|summary)",`,
	`\A\{"\$schema":"` + regexp.QuoteMeta(sarifSchemaURI),
	`\A\[\s*\{"description":"`,
	`\A\x{FEFF}?file,sheet,cell,`,
	`\A<!DOCTYPE html>\s*<html[^>]*>\s*<head>\s*<meta charset="utf-8">\s*<meta name="generator" content="` + toolName + `">`,
	regexp.QuoteMeta(office.MadeHere),
	`(?m)^ +--> `,
	`(?m)^::(?:error|warning|notice) file=`,
}, "|"))

// Renderer prints reports in one format. File is called once for each file, in
// order, and then for each file to which the checks of the whole run have something
// to add; Close ends the output.
type Renderer interface {
	File(checks.FileReport) error
	Close(Summary) error
}

// Format is the name of an output format.
type Format string

// The output formats: for people, for programs of one's own, and for the services
// that run or show checks.
const (
	Text       Format = "text"
	JSON       Format = "json"
	NDJSON     Format = "ndjson"
	CSV        Format = "csv"
	SARIF      Format = "sarif"
	GitHub     Format = "github"
	GitLab     Format = "gitlab"
	JUnit      Format = "junit"
	Checkstyle Format = "checkstyle"
	RDJSON     Format = "rdjson"
	HTML       Format = "html"
	Annotated  Format = "annotated"
	Summarised Format = "summary"
)

// renderer is how a format is made, whom it is for, and whether it names the
// configurations in force and what was changed in the files.
type renderer struct {
	format                Format
	make                  func(io.Writer, Options) Renderer
	audience              lang.Text
	configurations, fixes bool
}

// renderers holds the formats in the order in which help lists them.
var renderers = []renderer{
	{Text, newText, lang.T("终端，默认", "the terminal; the default"), true, true},
	{HTML, newHTML, lang.T("用浏览器看的网页，自成一体", "a browser: one self-contained page"), true, false},
	{Summarised, newSummaryBook, lang.T("审核人员：一次检查的汇总工作簿", "reviewers: a workbook that summarises the run"), false, false},
	{Annotated, newAnnotated, lang.T("审核人员：各文件的副本，带批注", "reviewers: copies of the files, annotated"), false, false},
	{CSV, newCSV, lang.T("Excel、WPS：每行一个问题", "spreadsheets: a finding a row"), false, false},
	{JSON, newJSON, lang.T("自己的程序：全部内容", "programs of your own: everything"), true, true},
	{NDJSON, newNDJSON, lang.T("自己的程序：每行一个对象，边查边出", "programs of your own: an object a line, as it comes"), true, true},
	{SARIF, newSARIF, lang.T("代码扫描平台、编辑器（SARIF 2.1.0）", "code scanning and editors (SARIF 2.1.0)"), false, true},
	{GitHub, newGitHub, lang.T("GitHub Actions：批注和任务汇总", "GitHub Actions: annotations and the job summary"), true, false},
	{GitLab, newGitLab, lang.T("GitLab：Code Quality", "GitLab: Code Quality"), false, false},
	{JUnit, newJUnit, lang.T("Jenkins 等：每个问题一项未通过的测试", "Jenkins and others: a failed test a finding"), false, false},
	{Checkstyle, newCheckstyle, lang.T("Jenkins Warnings 等", "Jenkins Warnings and others"), false, false},
	{RDJSON, newRDJSON, lang.T("reviewdog", "reviewdog"), false, false},
}

// Formats lists the output formats.
func Formats() []Format {
	names := make([]Format, 0, len(renderers))
	for _, r := range renderers {
		names = append(names, r.format)
	}
	return names
}

// Audience says whom the format is for; empty for a format that does not exist.
func (f Format) Audience() lang.Text { return f.renderer().audience }

// renderer gives what is known of the format, nothing for one that does not exist.
func (f Format) renderer() renderer {
	if i := slices.IndexFunc(renderers, func(r renderer) bool { return r.format == f }); i >= 0 {
		return renderers[i]
	}
	return renderer{}
}

// formatOf gives the format of a report given as FORMAT or FORMAT=FILE.
func formatOf(spec string) Format {
	format, _, _ := strings.Cut(spec, "=")
	return Format(format)
}

// NeedsFile reports whether a format is no text, so that it cannot go to standard
// output.
func (f Format) NeedsFile() bool { return f == Annotated || f == Summarised }

// NamesConfigurations reports whether a report, given as FORMAT or FORMAT=FILE, names the
// configurations in force.
func NamesConfigurations(spec string) bool { return formatOf(spec).renderer().configurations }

// NamesFixes reports whether a report, given as FORMAT or FORMAT=FILE, says what was
// changed in the files.
func NamesFixes(spec string) bool { return formatOf(spec).renderer().fixes }

// Target names what a format that needs a file is written to.
func (f Format) Target() string {
	if f == Annotated {
		return "DIR"
	}
	return "FILE.xlsx"
}

// NewDiff gives the renderer that shows which cells fixes would change, and nothing else.
func NewDiff(w io.Writer, opts Options) Renderer {
	return &diffRenderer{newTextRenderer(w, opts)}
}

// Discarder is a Renderer that holds something that has to be given up when the report
// cannot be completed.
type Discarder interface{ Discard() }

// Options say how reports are printed.
type Options struct {
	Lang lang.Lang
	// Color and Width are of use to text only: whether to use terminal colours, and
	// how many columns a line has; 0 means DefaultWidth.
	Color bool
	Width int
	// Quiet leaves out the summary line of text. Cards puts the score card of each form
	// after its file's findings; machine-readable reports always hold it.
	Quiet, Cards bool
	// Tool and Version name the program in machine-readable reports.
	Tool, Version string
	// Beside is the folder that the report is written to, in which it may keep temporary
	// files where the system has no place for them; empty for none.
	Beside string
	// Create writes one file of a report that is a folder of files. The name is relative
	// to the folder, with slashes, and local. Nil writes none.
	Create func(name string, data []byte) error
	// Link gives the relative URL that leads from the report to a submitted file, empty
	// where none does; nil for no links.
	Link func(file string) string
	// JobSummary receives the summary page of GitHub's format; nil for none.
	JobSummary io.Writer
}

// DefaultWidth is the line width of text that does not go to a terminal.
const DefaultWidth = 100

// New gives the renderer of a format, writing to w.
func New(w io.Writer, format Format, opts Options) (Renderer, error) {
	for _, r := range renderers {
		if r.format == format {
			return r.make(w, opts), nil
		}
	}
	return nil, fmt.Errorf("unknown format %q", string(format))
}

// Filter chooses the findings that are shown. It sees files in output order and
// findings sorted, so which ones a limit cuts off never depends on scheduling.
type Filter struct {
	// Level is the least severity shown.
	Level checks.Severity
	// Limit is the greatest number of findings shown in all, 0 for no limit.
	Limit int

	shown int
}

// Apply gives the report with only the findings that are shown, and counts the
// whole report into s.
func (f *Filter) Apply(r checks.FileReport, s *Summary) checks.FileReport {
	s.add(r)
	visible := make([]checks.Finding, 0, len(r.Findings))
	for _, finding := range r.Findings {
		switch {
		case finding.Severity < f.Level:
			s.Hidden.Level++
		case f.Limit > 0 && f.shown >= f.Limit:
			s.Hidden.Limit++
		default:
			f.shown++
			visible = append(visible, finding)
		}
	}
	r.Findings = visible
	return r
}

// Summary counts what was found in all files, shown or not.
type Summary struct {
	Files, Forms            int
	Errors, Warnings, Notes int
	// Fixable counts the findings whose fix follows from the form's own figures.
	Fixable int
	// Unwritable counts those of them that are in files that cannot be written, Obstacle
	// says why not, for the first such file.
	Unwritable int
	Obstacle   lang.Text
	// Fixing is set when files were to be mended, Proposing when it was only to be shown
	// how. Mended counts the findings that the changes mend, Changed the files and Cells
	// the cells that changed, Undone the fixes that could not be made.
	Fixing, Proposing              bool
	Mended, Changed, Cells, Undone int
	// Unread counts the files that could not be read.
	Unread int
	// Hidden counts the findings that the report leaves out.
	Hidden Hidden
	// Failed counts the paths that could not be checked.
	Failed int
	// Interrupted is set when the run was stopped before its end.
	Interrupted bool
	// Level is the least severity shown.
	Level checks.Severity
	// Rules counts findings by rule, if asked for: nil otherwise.
	Rules *RuleCounts
	// Suppressed and Baselined count the findings that a configuration and a baseline
	// take out of the report; the other counts leave them out.
	Suppressed, Baselined int
	// Configurations are the configuration files in force, in order of first use.
	Configurations []Configuration
	// Baseline is the name of the baseline in force. WrittenBaseline is that of the one
	// written, Written the number of findings in it.
	Baseline, WrittenBaseline string
	Written                   int
	// Notices are what there is to say about suppressions and the baseline.
	Notices []suppress.Notice
}

// Configuration is a configuration file in force and the number of findings that it
// suppresses.
type Configuration struct {
	Name       string
	Suppressed int
}

// Uses notes that a configuration file is in force; without a name there is none.
func (s *Summary) Uses(name string) {
	if name != "" && !slices.ContainsFunc(s.Configurations, func(c Configuration) bool { return c.Name == name }) {
		s.Configurations = append(s.Configurations, Configuration{Name: name})
	}
}

// noticed counts the notices of a kind.
func (s *Summary) noticed(kind suppress.NoticeKind) int {
	n := 0
	for _, notice := range s.Notices {
		if notice.Kind == kind {
			n++
		}
	}
	return n
}

func (s *Summary) addSuppressed(by checks.Suppression) {
	if by.Kind == checks.ByBaseline {
		s.Baselined++
		return
	}
	s.Suppressed++
	s.Uses(by.At.File)
	for i := range s.Configurations {
		if s.Configurations[i].Name == by.At.File {
			s.Configurations[i].Suppressed++
		}
	}
}

// Hidden counts findings that are not shown: too light for the level, or beyond
// the limit on their number.
type Hidden struct{ Level, Limit int }

// unread reports whether a finding says that a file could not be read.
func unread(f checks.Finding) bool {
	return f.Rule.Name == schema.RuleUnreadableFile && f.Severity == checks.Error
}

func (s *Summary) add(r checks.FileReport) {
	if !r.Batch {
		s.Files++
	}
	s.Forms += len(r.Forms)
	if r.Internal {
		s.Failed++
	}
	for i := range r.Suppressed {
		s.addSuppressed(r.Suppressed[i].By)
	}
	if r.Fixes != nil {
		s.Mended += r.Fixes.Mended
		s.Cells += len(r.Fixes.Changes)
		s.Undone += len(r.Fixes.Undone)
		s.Changed += b2i(len(r.Fixes.Changes) > 0)
	}
	if s.Obstacle.IsZero() {
		s.Obstacle = r.Unwritable
	}
	s.Unread += b2i(slices.ContainsFunc(r.Findings, unread))
	for i := range r.Findings {
		f := &r.Findings[i]
		switch f.Severity {
		case checks.Error:
			s.Errors++
		case checks.Warning:
			s.Warnings++
		case checks.Note:
			s.Notes++
		case checks.Off:
			continue
		}
		if f.Fix.IsSafe() {
			s.Fixable++
			s.Unwritable += b2i(!r.Unwritable.IsZero())
		}
		if s.Rules != nil {
			s.Rules.add(f)
		}
	}
}

// AtLeast reports whether there is a finding of severity min or worse. Off stands
// for a severity that nothing reaches.
func (s *Summary) AtLeast(least checks.Severity) bool {
	switch least {
	case checks.Note:
		return s.Errors+s.Warnings+s.Notes > 0
	case checks.Warning:
		return s.Errors+s.Warnings > 0
	case checks.Error:
		return s.Errors > 0
	case checks.Off:
	}
	return false
}

// RuleCounts counts findings by rule and severity.
type RuleCounts struct{ counts map[ruleKey]int }

type ruleKey struct {
	rule     string
	severity checks.Severity
}

// NewRuleCounts gives empty counts.
func NewRuleCounts() *RuleCounts { return &RuleCounts{counts: map[ruleKey]int{}} }

func (c *RuleCounts) add(f *checks.Finding) {
	c.counts[ruleKey{f.Rule.Name, f.Severity}]++
}

// ruleCount is one line of the statistics.
type ruleCount struct {
	ruleKey
	count int
}

// sorted gives the counts, worst and most frequent first.
func (c *RuleCounts) sorted() []ruleCount {
	out := make([]ruleCount, 0, len(c.counts))
	for k, n := range c.counts {
		out = append(out, ruleCount{k, n})
	}
	slices.SortFunc(out, func(a, b ruleCount) int {
		return cmp.Or(
			cmp.Compare(b.severity, a.severity),
			cmp.Compare(b.count, a.count),
			cmp.Compare(a.rule, b.rule),
		)
	})
	return out
}

// basis words the sources that a rule rests on: the titles of the first two, which
// is as many as a reader takes in.
func basis(rule *checks.Rule, sources map[string]checks.Source, l lang.Lang) string {
	const most = 2
	var titles []string
	for _, code := range rule.Basis {
		if len(titles) == most {
			break
		}
		title := code
		if s, ok := sources[code]; ok {
			title = s.Title.In(l)
		}
		titles = append(titles, title)
	}
	return strings.Join(titles, lang.T("；", "; ").In(l))
}
