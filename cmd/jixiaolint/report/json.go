package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"jixiaolint/checks"
	"jixiaolint/checks/suppress"
	"jixiaolint/schema/grid"
)

// version is the version of the JSON report's layout.
const version = 1

//go:embed report.schema.json
var reportSchema []byte

// Schema gives the JSON Schema of the JSON report.
func Schema() []byte { return bytes.Clone(reportSchema) }

// The JSON documents. The order of fields is the order of the output.
type (
	jsonTool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	jsonResults struct {
		Rate  string `json:"rate,omitempty"`
		Score string `json:"score,omitempty"`
		Grade string `json:"grade,omitempty"`
	}
	jsonProfile struct {
		Name    string `json:"name"`
		Chosen  string `json:"chosen"`
		Because string `json:"because,omitempty"`
	}
	jsonForm struct {
		File     string       `json:"file"`
		Sheet    string       `json:"sheet,omitempty"`
		Project  string       `json:"project,omitempty"`
		Year     int          `json:"year,omitempty"`
		Profile  *jsonProfile `json:"profile,omitempty"`
		Declared jsonResults  `json:"declared"`
		Computed jsonResults  `json:"computed"`
		Errors   int          `json:"errors"`
		Warnings int          `json:"warnings"`
		Notes    int          `json:"notes"`
		Card     *jsonCard    `json:"scorecard,omitempty"`
	}
	jsonCard struct {
		Funds      []jsonRate  `json:"funds"`
		Execution  jsonScore   `json:"execution"`
		Indicators []jsonScore `json:"indicators"`
		Total      jsonScore   `json:"total"`
		Grade      jsonGrade   `json:"grade"`
	}
	jsonRate struct {
		Path     string          `json:"path,omitempty"`
		Label    string          `json:"label,omitempty"`
		Declared string          `json:"declared,omitempty"`
		Computed string          `json:"computed,omitempty"`
		Standing checks.Standing `json:"standing"`
		Why      string          `json:"why"`
	}
	jsonScore struct {
		Path     string          `json:"path,omitempty"`
		Group    string          `json:"group,omitempty"`
		Name     string          `json:"name,omitempty"`
		Target   string          `json:"target,omitempty"`
		Actual   string          `json:"actual,omitempty"`
		Weight   string          `json:"weight,omitempty"`
		Declared string          `json:"declared,omitempty"`
		Due      []string        `json:"due,omitempty"`
		Range    *jsonRange      `json:"range,omitempty"`
		Standing checks.Standing `json:"standing"`
		Why      string          `json:"why"`
	}
	jsonRange struct {
		From string `json:"from"`
		To   string `json:"to"`
	}
	jsonGrade struct {
		Declared string          `json:"declared,omitempty"`
		Computed string          `json:"computed,omitempty"`
		Standing checks.Standing `json:"standing"`
	}
	jsonRelated struct {
		Location grid.Location `json:"location"`
		Message  string        `json:"message,omitempty"`
	}
	jsonEdit struct {
		Location grid.Location `json:"location"`
		From     string        `json:"from"`
		To       string        `json:"to"`
	}
	jsonFix struct {
		Safety checks.Safety `json:"safety"`
		Edits  []jsonEdit    `json:"edits"`
	}
	// jsonWhole is the location of a whole file.
	jsonWhole struct {
		File string `json:"file"`
		Line int    `json:"line"`
	}
	jsonFinding struct {
		Rule        string        `json:"rule"`
		Severity    string        `json:"severity"`
		Message     string        `json:"message"`
		Basis       string        `json:"basis,omitempty"`
		Location    any           `json:"location"` // grid.Location or jsonWhole
		Related     []jsonRelated `json:"related,omitempty"`
		Found       string        `json:"found,omitempty"`
		Expected    string        `json:"expected,omitempty"`
		Arithmetic  string        `json:"arithmetic,omitempty"`
		Help        string        `json:"help,omitempty"`
		Fix         *jsonFix      `json:"fix,omitempty"`
		Fingerprint string        `json:"fingerprint"`
	}
	jsonSuppression struct {
		Kind     checks.SuppressionKind `json:"kind"`
		Reason   string                 `json:"reason,omitempty"`
		Location grid.Location          `json:"location"`
	}
	jsonSuppressed struct {
		jsonFinding
		Suppression jsonSuppression `json:"suppression"`
	}
	jsonNotice struct {
		Kind     suppress.NoticeKind `json:"kind"`
		Message  string              `json:"message"`
		Help     string              `json:"help,omitempty"`
		Location grid.Location       `json:"location"`
		Rule     string              `json:"rule,omitempty"`
		Project  string              `json:"project,omitempty"`
	}
	jsonConfiguration struct {
		File       string `json:"file"`
		Suppressed int    `json:"suppressed"`
	}
	jsonHidden struct {
		Level int `json:"level"`
		Limit int `json:"limit"`
	}
	jsonRuleCount struct {
		Rule     string `json:"rule"`
		Severity string `json:"severity"`
		Count    int    `json:"count"`
	}
	jsonSummary struct {
		Files       int             `json:"files"`
		Forms       int             `json:"forms"`
		Errors      int             `json:"errors"`
		Warnings    int             `json:"warnings"`
		Notes       int             `json:"notes"`
		Fixable     int             `json:"fixable"`
		Mended      *int            `json:"fixed,omitempty"`
		Undone      *int            `json:"unfixed,omitempty"`
		Hidden      jsonHidden      `json:"hidden"`
		Suppressed  int             `json:"suppressed"`
		Baselined   int             `json:"baselined"`
		Unused      int             `json:"unused_suppressions"`
		Expired     int             `json:"expired_suppressions,omitempty"`
		Fixed       int             `json:"fixed_since_baseline,omitempty"`
		Failed      int             `json:"failed,omitempty"`
		Interrupted bool            `json:"interrupted,omitempty"`
		Rules       []jsonRuleCount `json:"rules,omitempty"`

		Configurations []jsonConfiguration `json:"configurations,omitempty"`
	}
)

// encoder turns parts of a report into JSON.
type encoder struct {
	opts    Options
	sources map[string]checks.Source
	// bases caches the wording of each rule's basis: many findings share few rules.
	bases map[*checks.Rule]string
	buf   bytes.Buffer
	enc   *json.Encoder
}

func newEncoder(opts Options) *encoder {
	e := &encoder{opts: opts, sources: checks.Sources(), bases: map[*checks.Rule]string{}}
	e.enc = json.NewEncoder(&e.buf)
	e.enc.SetEscapeHTML(false)
	return e
}

// append appends v to dst as one line of JSON without its line end.
func (e *encoder) append(dst []byte, v any) ([]byte, error) {
	e.buf.Reset()
	if err := e.enc.Encode(v); err != nil {
		return dst, err
	}
	return appendVisible(dst, bytes.TrimRight(e.buf.Bytes(), "\n")), nil
}

// appendVisible appends JSON with the invisible characters of its strings escaped,
// so that the text of a report, too, shows what it says wherever it is displayed.
func appendVisible(dst, src []byte) []byte {
	start := 0
	for i := 0; i < len(src); {
		c := src[i]
		if c < utf8.RuneSelf && c != 0x7F {
			i++
			continue
		}
		r, size := utf8.DecodeRune(src[i:])
		if r == 0x7F || invisible(r) {
			dst = append(dst, src[start:i]...)
			if r > 0xFFFF {
				r -= 0x10000
				dst = fmt.Appendf(dst, `\u%04x\u%04x`, 0xD800+r>>10, 0xDC00+r&0x3FF)
			} else {
				dst = fmt.Appendf(dst, `\u%04x`, r)
			}
			start = i + size
		}
		i += size
	}
	return append(dst, src[start:]...)
}

func (e *encoder) tool() jsonTool { return jsonTool{e.opts.Tool, e.opts.Version} }

func (e *encoder) form(file string, r checks.FormReport) jsonForm {
	return jsonForm{
		File:     file,
		Sheet:    r.Form.Start.At.Sheet,
		Project:  strings.TrimSpace(r.Form.Name()),
		Year:     r.Form.Year,
		Profile:  e.profile(r.Choice),
		Declared: jsonResults(r.Declared),
		Computed: jsonResults(r.Computed),
		Errors:   r.Errors,
		Warnings: r.Warnings,
		Notes:    r.Notes,
		Card:     e.card(r.ScoreCard()),
	}
}

func (e *encoder) profile(c checks.Choice) *jsonProfile {
	if c.Profile == nil {
		return nil // a report that was not made by the engine
	}
	out := &jsonProfile{Name: c.Profile.Name, Chosen: "flag", Because: c.Because.In(e.opts.Lang)}
	if c.Auto {
		out.Chosen = "auto"
	}
	return out
}

// card gives a score card, nil for a form without any figure to score.
func (e *encoder) card(c checks.ScoreCard) *jsonCard {
	if len(c.Funds)+len(c.Indicators) == 0 {
		return nil
	}
	out := &jsonCard{
		Funds: make([]jsonRate, len(c.Funds)), Indicators: make([]jsonScore, len(c.Indicators)),
		Execution: e.score(&c.Execution), Total: e.score(&c.Total), Grade: jsonGrade(c.Grade),
	}
	for i, l := range c.Funds {
		out.Funds[i] = jsonRate{l.Path, l.Label, l.Declared, l.Computed, l.Standing, l.Why.In(e.opts.Lang)}
	}
	for i := range c.Indicators {
		out.Indicators[i] = e.score(&c.Indicators[i])
	}
	return out
}

func (e *encoder) score(l *checks.ScoreLine) jsonScore {
	out := jsonScore{
		Path: l.Path, Group: l.Group, Name: l.Name, Target: l.Target, Actual: l.Actual, Weight: l.Weight,
		Declared: l.Declared, Due: l.Due, Standing: l.Standing, Why: l.Why.In(e.opts.Lang),
	}
	if l.From != "" {
		out.Range = &jsonRange{l.From, l.To}
	}
	return out
}

// location gives a finding's location; that of a whole file has line 0.
func location(at grid.Location) any {
	if at == (grid.Location{File: at.File}) {
		return jsonWhole{File: at.File}
	}
	return at
}

func (e *encoder) finding(f *checks.Finding) jsonFinding {
	l := e.opts.Lang
	out := jsonFinding{
		Rule:        f.Rule.Name,
		Severity:    f.Severity.String(),
		Message:     f.Message.In(l),
		Basis:       e.basis(f.Rule),
		Location:    location(f.At.At),
		Found:       f.Found,
		Expected:    f.Expected,
		Arithmetic:  f.Arithmetic.In(l),
		Help:        f.Help.In(l),
		Fingerprint: f.Fingerprint,
	}
	for _, r := range f.Related {
		out.Related = append(out.Related, jsonRelated{r.At.At, r.Label.In(l)})
	}
	if f.Fix != nil {
		fix := &jsonFix{Safety: f.Fix.Safety, Edits: make([]jsonEdit, 0, len(f.Fix.Edits))}
		for _, edit := range f.Fix.Edits {
			fix.Edits = append(fix.Edits, jsonEdit{edit.At, edit.From, edit.To})
		}
		out.Fix = fix
	}
	return out
}

func (e *encoder) suppressed(s *checks.Suppressed) jsonSuppressed {
	return jsonSuppressed{e.finding(&s.Finding), jsonSuppression{s.By.Kind, s.By.Reason, s.By.At}}
}

func (e *encoder) notice(n suppress.Notice) jsonNotice {
	l := e.opts.Lang
	return jsonNotice{n.Kind, n.Message.In(l), n.Help.In(l), n.At, n.Rule, n.Project}
}

func (e *encoder) basis(rule *checks.Rule) string {
	b, ok := e.bases[rule]
	if !ok {
		b = basis(rule, e.sources, e.opts.Lang)
		e.bases[rule] = b
	}
	return b
}

func (e *encoder) summary(s Summary) jsonSummary {
	out := jsonSummary{
		Files: s.Files, Forms: s.Forms,
		Errors: s.Errors, Warnings: s.Warnings, Notes: s.Notes,
		Fixable: s.Fixable, Hidden: jsonHidden(s.Hidden),
		Suppressed: s.Suppressed, Baselined: s.Baselined,
		Unused:  s.noticed(suppress.UnusedSuppression),
		Expired: s.noticed(suppress.ExpiredSuppression),
		Fixed:   s.noticed(suppress.FixedSince),
		Failed:  s.Failed, Interrupted: s.Interrupted,
	}
	if s.Fixing {
		out.Mended, out.Undone = &s.Mended, &s.Undone
	}
	for _, c := range s.Configurations {
		out.Configurations = append(out.Configurations, jsonConfiguration{c.Name, c.Suppressed})
	}
	if s.Rules != nil {
		for _, c := range s.Rules.sorted() {
			out.Rules = append(out.Rules, jsonRuleCount{c.rule, c.severity.String(), c.count})
		}
	}
	return out
}

// jsonRenderer prints one document, with a line for each form and finding. Forms are
// written as they come; findings, which follow them in the document, wait.
type jsonRenderer struct {
	*encoder
	w     io.Writer
	forms int
	// fixed are the cells that were changed, recalculated those whose formulas were then
	// computed anew, unfixed the fixes that could not be made.
	findings, suppressed, fixed, recalculated, unfixed *items
}

func newJSON(w io.Writer, opts Options) Renderer {
	e := newEncoder(opts)
	list := func() *items { return &items{encoder: e, waiting: waiting{beside: opts.Beside}} }
	return &jsonRenderer{encoder: e, w: w, findings: list(), suppressed: list(), fixed: list(), recalculated: list(), unfixed: list()}
}

// items are those of an array that is written later, each on a line of its own.
type items struct {
	*encoder
	waiting
	n   int
	out []byte
}

func (i *items) add(v any) error {
	i.out = i.out[:0]
	if i.n++; i.n > 1 {
		i.out = append(i.out, ',')
	}
	var err error
	if i.out, err = i.append(append(i.out, '\n', ' '), v); err == nil {
		_, err = i.Write(i.out)
	}
	return err
}

// File prints the forms of one file and keeps its findings.
func (j *jsonRenderer) File(r checks.FileReport) error {
	var out []byte
	var err error
	for _, f := range r.Forms {
		if out, err = j.start(out); err != nil {
			return err
		}
		if out, err = j.append(out, j.form(r.File, f)); err != nil {
			return err
		}
	}
	for i := range r.Findings {
		if err := j.findings.add(j.finding(&r.Findings[i])); err != nil {
			return err
		}
	}
	for i := range r.Suppressed {
		if err := j.suppressed.add(j.encoder.suppressed(&r.Suppressed[i])); err != nil {
			return err
		}
	}
	if r.Fixes != nil {
		for i := range r.Fixes.Changes {
			if err := j.fixed.add(j.change(&r.Fixes.Changes[i])); err != nil {
				return err
			}
		}
		for i := range r.Fixes.Recalculated {
			if err := j.recalculated.add(j.encoder.recalculated(&r.Fixes.Recalculated[i])); err != nil {
				return err
			}
		}
		for i := range r.Fixes.Undone {
			if err := j.unfixed.add(j.undone(&r.Fixes.Undone[i])); err != nil {
				return err
			}
		}
	}
	_, err = j.w.Write(out)
	return err
}

// Discard gives up what was not written yet.
func (j *jsonRenderer) Discard() {
	for _, list := range []*items{j.findings, j.suppressed, j.fixed, j.recalculated, j.unfixed} {
		list.discard()
	}
}

// start appends what goes before the next form, or before the end of the forms.
func (j *jsonRenderer) start(out []byte) ([]byte, error) {
	j.forms++
	if j.forms > 1 {
		return append(out, ",\n "...), nil
	}
	out, err := j.header(out)
	return append(out, "\n "...), err
}

func (j *jsonRenderer) header(out []byte) ([]byte, error) {
	out = fmt.Appendf(out, "{\"version\":%d,\n\"tool\":", version)
	out, err := j.append(out, j.tool())
	return append(out, ",\n\"forms\":["...), err
}

// Close prints the findings and the summary.
func (j *jsonRenderer) Close(s Summary) error {
	defer j.Discard()
	var out []byte
	var err error
	if j.forms == 0 {
		if out, err = j.header(out); err != nil {
			return err
		}
	}
	notices := &items{encoder: j.encoder, waiting: waiting{beside: j.opts.Beside}}
	defer notices.discard()
	for _, n := range s.Notices {
		if err := notices.add(j.notice(n)); err != nil {
			return err
		}
	}
	for _, list := range []struct {
		name  string
		items *items
	}{{"findings", j.findings}, {"suppressed", j.suppressed}, {"fixed", j.fixed}, {"recalculated", j.recalculated}, {"unfixed", j.unfixed}, {"notices", notices}} {
		always := list.items == j.findings || s.Fixing && (list.items == j.fixed || list.items == j.recalculated || list.items == j.unfixed)
		if list.items.n == 0 && !always {
			continue
		}
		if _, err := j.w.Write(fmt.Appendf(out, "],\n%q:[", list.name)); err != nil {
			return err
		}
		if _, err := list.items.WriteTo(j.w); err != nil {
			return err
		}
		out = nil
	}
	if out, err = j.append([]byte("],\n\"summary\":"), j.summary(s)); err != nil {
		return err
	}
	_, err = j.w.Write(append(out, "}\n"...))
	return err
}

// ndjsonRenderer prints one object a line and keeps nothing.
type ndjsonRenderer struct {
	*encoder
	w   io.Writer
	out []byte
}

func newNDJSON(w io.Writer, opts Options) Renderer {
	return &ndjsonRenderer{encoder: newEncoder(opts), w: w}
}

// The lines of NDJSON: the objects of the JSON report with a type. The summary also
// carries what the JSON report says at its top.
type (
	ndjsonForm struct {
		Type string `json:"type"`
		jsonForm
	}
	ndjsonFinding struct {
		Type string `json:"type"`
		jsonFinding
	}
	ndjsonSuppressed struct {
		Type string `json:"type"`
		jsonSuppressed
	}
	ndjsonFixed struct {
		Type string `json:"type"`
		jsonFixed
	}
	ndjsonRecalculated struct {
		Type string `json:"type"`
		jsonRecalculated
	}
	ndjsonUnfixed struct {
		Type string `json:"type"`
		jsonUnfixed
	}
	ndjsonNotice struct {
		Type string `json:"type"`
		jsonNotice
	}
	ndjsonSummary struct {
		Type    string   `json:"type"`
		Version int      `json:"version"`
		Tool    jsonTool `json:"tool"`
		jsonSummary
	}
)

func (n *ndjsonRenderer) line(v any) error {
	var err error
	if n.out, err = n.append(n.out, v); err == nil {
		n.out = append(n.out, '\n')
	}
	return err
}

func (n *ndjsonRenderer) flush() error {
	_, err := n.w.Write(n.out)
	n.out = n.out[:0]
	return err
}

// File prints the forms, then the findings, of one file.
func (n *ndjsonRenderer) File(r checks.FileReport) error {
	for _, f := range r.Forms {
		if err := n.line(ndjsonForm{"form", n.form(r.File, f)}); err != nil {
			return err
		}
	}
	for i := range r.Findings {
		if err := n.line(ndjsonFinding{"finding", n.finding(&r.Findings[i])}); err != nil {
			return err
		}
	}
	for i := range r.Suppressed {
		if err := n.line(ndjsonSuppressed{"suppressed", n.suppressed(&r.Suppressed[i])}); err != nil {
			return err
		}
	}
	if r.Fixes != nil {
		for i := range r.Fixes.Changes {
			if err := n.line(ndjsonFixed{"fixed", n.change(&r.Fixes.Changes[i])}); err != nil {
				return err
			}
		}
		for i := range r.Fixes.Recalculated {
			if err := n.line(ndjsonRecalculated{"recalculated", n.recalculated(&r.Fixes.Recalculated[i])}); err != nil {
				return err
			}
		}
		for i := range r.Fixes.Undone {
			if err := n.line(ndjsonUnfixed{"unfixed", n.undone(&r.Fixes.Undone[i])}); err != nil {
				return err
			}
		}
	}
	return n.flush()
}

// Close prints the notices and the summary.
func (n *ndjsonRenderer) Close(s Summary) error {
	for _, notice := range s.Notices {
		if err := n.line(ndjsonNotice{"notice", n.notice(notice)}); err != nil {
			return err
		}
	}
	if err := n.line(ndjsonSummary{"summary", version, n.tool(), n.summary(s)}); err != nil {
		return err
	}
	return n.flush()
}
