package report

import (
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"jixiaolint/checks"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// The parts of a SARIF 2.1.0 log that are written (OASIS, Static Analysis Results
// Interchange Format 2.1.0).
type (
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
	sarifArtifact struct {
		URI  string `json:"uri,omitempty"`
		Base string `json:"uriBaseId,omitempty"`
		// Description is of a base whose place is not known, instead of its URI.
		Description *sarifText `json:"description,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifLogical struct {
		Name      string `json:"name,omitempty"`
		Qualified string `json:"fullyQualifiedName"`
		Kind      string `json:"kind"`
	}
	sarifLocation struct {
		ID       int            `json:"id,omitempty"`
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
		Message  *sarifText     `json:"message,omitempty"`
	}
	sarifReplacement struct {
		Deleted  sarifRegion `json:"deletedRegion"`
		Inserted sarifText   `json:"insertedContent"`
	}
	sarifChange struct {
		Artifact     sarifArtifact      `json:"artifactLocation"`
		Replacements []sarifReplacement `json:"replacements"`
	}
	sarifFix struct {
		Description sarifText     `json:"description"`
		Changes     []sarifChange `json:"artifactChanges"`
	}
	sarifSuppression struct {
		Kind          string        `json:"kind"`
		Status        string        `json:"status"`
		Justification string        `json:"justification,omitempty"`
		Location      sarifLocation `json:"location"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Related      []sarifLocation   `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string `json:"partialFingerprints"`
		Fixes        []sarifFix        `json:"fixes,omitempty"`
		// Suppressions are there for every result, empty for most: a log that leaves them
		// out says nothing about them (3.27.23).
		Suppressions []sarifSuppression `json:"suppressions"`
		Properties   sarifProperties    `json:"properties"`
	}
	sarifProperties struct {
		Project    string   `json:"project,omitempty"`
		Found      string   `json:"found,omitempty"`
		Expected   string   `json:"expected,omitempty"`
		Arithmetic string   `json:"arithmetic,omitempty"`
		Fix        *jsonFix `json:"fix,omitempty"`
	}
	sarifConfiguration struct {
		Level string `json:"level"`
	}
	sarifRuleProperties struct {
		Tags     []string `json:"tags"`
		Severity string   `json:"problem.severity"`
	}
	sarifRule struct {
		ID            string              `json:"id"`
		Name          string              `json:"name"`
		Short         sarifText           `json:"shortDescription"`
		Full          sarifText           `json:"fullDescription"`
		Help          sarifText           `json:"help"`
		Configuration sarifConfiguration  `json:"defaultConfiguration"`
		Properties    sarifRuleProperties `json:"properties"`
	}
	sarifDriver struct {
		Name     string      `json:"name"`
		Version  string      `json:"version"`
		Language string      `json:"language"`
		Rules    []sarifRule `json:"rules"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifInvocation struct {
		Successful bool `json:"executionSuccessful"`
	}
	// sarifRunProperties tell what was done to the files: a log has results only for what
	// is left.
	sarifRunProperties struct {
		Fixed        []jsonFixed        `json:"fixed"`
		Recalculated []jsonRecalculated `json:"recalculated,omitempty"`
		Unfixed      []jsonUnfixed      `json:"unfixed"`
	}
)

// sarifSchemaURI is where the schema of SARIF 2.1.0 is published.
const sarifSchemaURI = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// sarifRoot names the folder that the run was started in. Relative URIs start there;
// where it is now, whoever reads the log knows best.
const sarifRoot = "%SRCROOT%"

// fingerprintKey names our fingerprints in SARIF; the number changes with the way
// they are made.
const fingerprintKey = "jixiaolint/v1"

// sarifRenderer writes a SARIF log. Results are written as they come; the tool, with
// the rules that they name, follows them.
type sarifRenderer struct {
	array
	index map[string]int // by rule name
	rules []sarifRule
	fixes sarifRunProperties
}

func newSARIF(w io.Writer, opts Options) Renderer {
	return &sarifRenderer{
		array: array{encoder: newEncoder(opts), w: w}, index: map[string]int{},
		fixes: sarifRunProperties{Fixed: []jsonFixed{}, Unfixed: []jsonUnfixed{}},
	}
}

func (s *sarifRenderer) header() {
	if s.n == 0 {
		s.put(`{"$schema":"`, sarifSchemaURI, `","version":"2.1.0","runs":[{"results":[`)
	}
}

// File writes the results of one file, then those that are suppressed.
func (s *sarifRenderer) File(r checks.FileReport) error {
	for i := range r.Findings {
		s.header()
		if err := s.element(s.result(&r.Findings[i])); err != nil {
			return err
		}
	}
	for i := range r.Suppressed {
		s.header()
		result := s.result(&r.Suppressed[i].Finding)
		result.Suppressions = append(result.Suppressions, s.suppression(r.Suppressed[i].By))
		if err := s.element(result); err != nil {
			return err
		}
	}
	if r.Fixes != nil {
		for i := range r.Fixes.Changes {
			s.fixes.Fixed = append(s.fixes.Fixed, s.change(&r.Fixes.Changes[i]))
		}
		for i := range r.Fixes.Recalculated {
			s.fixes.Recalculated = append(s.fixes.Recalculated, s.recalculated(&r.Fixes.Recalculated[i]))
		}
		for i := range r.Fixes.Undone {
			s.fixes.Unfixed = append(s.fixes.Unfixed, s.undone(&r.Fixes.Undone[i]))
		}
	}
	return s.flush()
}

// suppression says what accepts a result. Both kinds are kept outside the file itself.
func (s *sarifRenderer) suppression(by checks.Suppression) sarifSuppression {
	out := sarifSuppression{Kind: "external", Status: "accepted", Justification: Sanitize(by.Reason), Location: sarifPlace(by.At)}
	if by.Kind == checks.ByBaseline {
		out.Justification = lang.T("基线中已有", "held in the baseline").In(s.opts.Lang)
	}
	return out
}

// Close writes what the run as a whole has to say.
func (s *sarifRenderer) Close(sum Summary) error {
	s.header()
	s.put("],\n\"columnKind\":\"unicodeCodePoints\",\n\"originalUriBaseIds\":")
	base := sarifArtifact{Description: &sarifText{Text: lang.T("运行检查的文件夹", "The folder that the check was run in").In(s.opts.Lang)}}
	var err error
	if s.out, err = s.append(s.out, map[string]sarifArtifact{sarifRoot: base}); err != nil {
		return err
	}
	s.put(",\n\"tool\":")
	rules := s.rules
	if rules == nil {
		rules = []sarifRule{}
	}
	s.out, err = s.append(s.out, sarifTool{sarifDriver{s.opts.Tool, s.opts.Version, languageTag(s.opts.Lang), rules}})
	if err != nil {
		return err
	}
	s.put(",\n\"invocations\":[")
	if s.out, err = s.append(s.out, sarifInvocation{sum.Failed == 0 && !sum.Interrupted}); err != nil {
		return err
	}
	s.put("]")
	if sum.Fixing {
		s.put(",\n\"properties\":")
		if s.out, err = s.append(s.out, s.fixes); err != nil {
			return err
		}
	}
	s.put("}]}\n")
	return s.flush()
}

func languageTag(l lang.Lang) string {
	if l == lang.EN {
		return "en"
	}
	return "zh-CN"
}

func (s *sarifRenderer) result(f *checks.Finding) sarifResult {
	l := s.opts.Lang
	text := sentence(f, l)
	if a := advice(f, l); a != "" {
		text += "\n" + a
	}
	out := sarifResult{
		RuleID: f.Rule.Name, RuleIndex: s.ruleIndex(f.Rule), Level: f.Severity.String(),
		Message:      sarifText{Text: unlinked(text)},
		Locations:    []sarifLocation{sarifPlace(f.At.At)},
		Fingerprints: map[string]string{fingerprintKey: f.Fingerprint},
		Suppressions: []sarifSuppression{},
		Properties:   sarifProperties{Found: f.Found, Expected: f.Expected, Arithmetic: f.Arithmetic.In(l)},
	}
	if f.Form != nil {
		out.Properties.Project = f.Form.Name()
	}
	for i, r := range f.Related {
		at := sarifPlace(r.At.At)
		at.ID = i + 1
		if label := r.Label.In(l); label != "" {
			at.Message = &sarifText{Text: unlinked(Sanitize(label))}
		}
		out.Related = append(out.Related, at)
	}
	if f.Fix != nil {
		out.Properties.Fix = s.finding(f).Fix
		if fix, ok := sarifFixOf(f, advice(f, l)); ok {
			out.Fixes = []sarifFix{fix}
		}
	}
	return out
}

// unlinked keeps text of a file from being a link: SARIF reads [text](target) so in
// plain messages, too.
func unlinked(s string) string { return strings.ReplaceAll(s, "](", "] (") }

// sarifFile names a file.
func sarifFile(name string) sarifArtifact {
	a := sarifArtifact{URI: fileURI(name)}
	if !strings.HasPrefix(a.URI, "file:") {
		a.Base = sarifRoot
	}
	return a
}

// sarifPlace gives a location. In workbooks and documents, line and column are those
// of the cell in its table, and the cell's own name is the logical location.
func sarifPlace(at grid.Location) sarifLocation {
	out := sarifLocation{Physical: sarifPhysical{Artifact: sarifFile(at.File)}}
	if at.Line > 0 {
		out.Physical.Region = &sarifRegion{StartLine: at.Line, StartColumn: at.Column}
	}
	switch {
	case at.Sheet != "" && at.Cell != "":
		out.Logical = append(out.Logical, sarifLogical{Sanitize(at.Cell), Sanitize(at.Sheet + "!" + at.Cell), "cell"})
	case at.Sheet != "":
		out.Logical = append(out.Logical, sarifLogical{"", Sanitize(at.Sheet), "sheet"})
	case at.Table != 0:
		whole := at
		whole.File = ""
		out.Logical = append(out.Logical, sarifLogical{"", strings.TrimPrefix(whole.String(), ":"), "cell"})
	}
	if at.Path != "" {
		out.Logical = append(out.Logical, sarifLogical{"", Sanitize(at.Path), "property"})
	}
	return out
}

// sarifFixOf gives a certain fix of a plain text as SARIF has it: a region of the
// file's text and what to put there. The cells of workbooks and documents are no
// regions of a text, and canonical JSON may write a figure in more than one way;
// their fixes stand in the result's properties. So do those of cells that the finding
// does not show.
func sarifFixOf(f *checks.Finding, description string) (sarifFix, bool) {
	fix, out := f.Fix, sarifFix{Description: sarifText{Text: description}}
	if fix.Safety != checks.Safe || len(fix.Edits) == 0 {
		return out, false
	}
	change := sarifChange{Artifact: sarifFile(fix.Edits[0].At.File)}
	for _, e := range fix.Edits {
		before, ok := offset(f, e)
		if !plainText(e.At) || e.From == "" || !ok {
			return out, false
		}
		start := e.At.Column + before
		change.Replacements = append(change.Replacements, sarifReplacement{
			Deleted:  sarifRegion{e.At.Line, start, start + utf8.RuneCountInString(e.From)},
			Inserted: sarifText{Text: e.To},
		})
	}
	out.Changes = []sarifChange{change}
	return out, true
}

// offset gives the number of characters of its cell before the text that an edit
// replaces, a label mostly (预期目标：…), as the rows that the finding shows tell; ok is
// false where they do not.
func offset(f *checks.Finding, e checks.Edit) (n int, ok bool) {
	in := func(r *grid.Row) bool {
		return r != nil && slices.ContainsFunc(r.Cells, func(c *grid.Cell) bool {
			label, found := strings.CutSuffix(c.Text, e.From)
			if ok = found && c.Loc.Line == e.At.Line && c.Loc.Column == e.At.Column && !strings.ContainsAny(c.Text, "\"\n"); ok {
				n = utf8.RuneCountInString(label)
			}
			return ok
		})
	}
	return n, in(f.At.Row) || slices.ContainsFunc(f.Related, func(r checks.Related) bool { return in(r.At.Row) })
}

// plainText reports whether a location is a place in a plain text.
func plainText(at grid.Location) bool {
	if at.Sheet != "" || at.Table != 0 || at.Paragraph != 0 || at.Line == 0 {
		return false
	}
	return slices.Contains([]string{".txt", ".tsv", ".csv", ".md"}, strings.ToLower(filepath.Ext(at.File)))
}

func (s *sarifRenderer) ruleIndex(r *checks.Rule) int {
	i, ok := s.index[r.Name]
	if !ok {
		i = len(s.rules)
		s.index[r.Name] = i
		s.rules = append(s.rules, s.rule(r))
	}
	return i
}

func (s *sarifRenderer) rule(r *checks.Rule) sarifRule {
	l := s.opts.Lang
	what, why, b := r.What.In(l), r.Why.In(l), s.basis(r)
	help := []string{what, why}
	markdown := []string{what, "**" + lang.T("理由", "Why").In(l) + "** " + why}
	if how := r.How.In(l); how != "" {
		help = append(help, lang.F("改法：%s", "How to mend it: %s", how).In(l))
		markdown = append(markdown, "**"+lang.T("改法", "How to mend it").In(l)+"** "+how)
	}
	if b != "" {
		help = append(help, lang.F("依据：%s", "Basis: %s", b).In(l))
		markdown = append(markdown, "**"+lang.T("依据", "Basis").In(l)+"** "+b)
	}
	return sarifRule{
		ID: r.Name, Name: camel(r.Name),
		Short:         sarifText{Text: r.Title.In(l)},
		Full:          sarifText{Text: what},
		Help:          sarifText{Text: strings.Join(help, "\n"), Markdown: strings.Join(markdown, "\n\n")},
		Configuration: sarifConfiguration{r.Severity.String()},
		Properties:    sarifRuleProperties{[]string{string(r.Group)}, problemSeverity(r.Severity)},
	}
}

// camel writes a rule's name as SARIF viewers expect names: ExecutionRateMismatch.
func camel(name string) string {
	parts := strings.Split(name, "-")
	for i, p := range parts {
		if p != "" {
			parts[i] = strings.ToUpper(p[:1]) + p[1:]
		}
	}
	return strings.Join(parts, "")
}

// problemSeverity words a severity as code scanning does.
func problemSeverity(s checks.Severity) string {
	if s == checks.Note {
		return "recommendation"
	}
	return s.String()
}
