package report

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"jixiaolint/checks"
	"jixiaolint/schema"
	"jixiaolint/schema/lang"
)

// The HTML report is one file that needs nothing else: no script, font or picture
// from elsewhere, and a policy that lets the browser fetch and run nothing but the
// style and script whose hashes it names.
//
// It is written as it comes: forms while they are checked, then what only the end
// of the run knows, the head with the counts and the overview. Readers want those
// first, so the page is the host of a declarative shadow root whose slots put them
// there: for the eye, the keyboard and screen readers alike, and without a script.
// A browser that knows no such roots has them moved by the script.

//go:embed html.tmpl
var htmlTemplates string

//go:embed html.css
var htmlBareStyle string

// htmlStyle is the style of the page.
var htmlStyle = htmlBareStyle + widthRules()

//go:embed html.js
var htmlScript string

// htmlRenderer writes the forms as they come and keeps a row of the overview for
// each, and the names that can be filtered by.
type htmlRenderer struct {
	*encoder
	w        io.Writer
	pages    *template.Template
	started  bool
	files    int
	forms    int
	overview waiting
	rules    map[string]*htmlChoice
	units    [2]map[string]int // forms by 实施单位 and by 主管部门
	out      bytes.Buffer
}

// htmlChoice is one entry of a filter: a rule or a unit, and how often it is there.
type htmlChoice struct {
	Value, Text string
	Count       int
}

func newHTML(w io.Writer, opts Options) Renderer {
	h := &htmlRenderer{
		encoder: newEncoder(opts), w: w, rules: map[string]*htmlChoice{},
		units: [2]map[string]int{{}, {}}, overview: waiting{beside: opts.Beside},
	}
	h.pages = template.Must(template.New("").Funcs(template.FuncMap{
		"t":  func(zh, en string) string { return lang.T(zh, en).In(opts.Lang) },
		"en": func() bool { return opts.Lang == lang.EN }, "plural": plural,
	}).Parse(htmlTemplates))
	return h
}

// start writes what goes before the forms. It holds no text of any file.
func (h *htmlRenderer) start() {
	if h.started {
		return
	}
	h.started = true
	t := func(zh, en string) string { return lang.T(zh, en).In(h.opts.Lang) }
	h.out.WriteString(`<!DOCTYPE html>
<html lang="` + t("zh-CN", "en") + `">
<head>
<meta charset="utf-8">
<meta name="generator" content="` + toolName + `">
<meta http-equiv="Content-Security-Policy" content="` + htmlPolicy() + `">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>` + t("绩效自评表检查报告", "Self-evaluation forms: report") + `</title>
<style>` + htmlStyle + `</style>
</head>
<body>
<a class="skip" href="#overview">` + t("跳到总览", "Skip to the overview") + `</a>
<div id="page">
<template shadowrootmode="open"><slot name="head"></slot><slot name="overview"></slot><slot></slot><slot name="foot"></slot></template>
<main>
`)
}

// htmlPolicy lets the page use its own style and script and nothing else.
func htmlPolicy() string {
	return "default-src 'none'; style-src " + sourceHash(htmlStyle) + "; script-src " + sourceHash(htmlScript) +
		"; base-uri 'none'; form-action 'none'"
}

// sourceHash names a style or script in a content security policy.
func sourceHash(source string) string {
	sum := sha256.Sum256([]byte(source))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// flush hands over what was rendered.
func (h *htmlRenderer) flush() error {
	_, err := h.w.Write(h.out.Bytes())
	h.out.Reset()
	return err
}

// htmlFile is one file of the report.
type htmlFile struct {
	ID, Name string
	// Batch is set for what the checks of the whole run add to a file shown before.
	Batch bool
	// Findings are those about the file as a whole.
	Findings   []htmlFinding
	Forms      []*htmlForm
	Suppressed []htmlSuppressed
	Counts     htmlCounts
}

// htmlSuppressed is a finding that is known and accepted.
type htmlSuppressed struct{ Place, Message, Rule, Reason string }

// htmlCounts are findings by severity, shown or not.
type htmlCounts struct{ Errors, Warnings, Notes int }

// htmlEntry is a row of the overview: a form, or a file in which none was found.
type htmlEntry struct {
	File string
	// Form is nil in the row of a file as a whole, Forms the number of its forms.
	Form   *htmlForm
	Forms  int
	Batch  bool
	Target string
	Counts htmlCounts
}

// File writes the forms of one file with their findings.
func (h *htmlRenderer) File(r checks.FileReport) error {
	h.start()
	h.files++
	file := htmlFile{ID: "file" + strconv.Itoa(h.files), Name: h.text(slashed(r.File), maxName), Batch: r.Batch}
	byForm := map[*schema.Form][]*checks.Finding{}
	known := map[*schema.Form]bool{}
	for i := range r.Forms {
		known[r.Forms[i].Form] = true
	}
	var whole []*checks.Finding
	for i := range r.Findings {
		f := &r.Findings[i]
		h.countRule(f)
		if known[f.Form] {
			byForm[f.Form] = append(byForm[f.Form], f)
		} else {
			whole = append(whole, f)
			file.Counts.add(f.Severity)
		}
	}
	for i, f := range whole {
		file.Findings = append(file.Findings, h.htmlFinding(f, file.ID, i+1, nil))
	}
	for i := range r.Forms {
		h.forms++
		report := &r.Forms[i]
		form := h.htmlForm(report, "f"+strconv.Itoa(h.forms), byForm[report.Form])
		file.Forms = append(file.Forms, form)
		for j, name := range [2]string{form.Unit, form.Department} {
			if name != "" {
				h.units[j][name]++
			}
		}
		if err := h.entry(&htmlEntry{File: file.Name, Form: form, Target: form.ID, Counts: form.Counts}); err != nil {
			return err
		}
	}
	for i := range r.Suppressed {
		f := &r.Suppressed[i]
		file.Suppressed = append(file.Suppressed, htmlSuppressed{
			position(f.At.At, h.opts.Lang), h.text(f.Message.In(h.opts.Lang), maxCellText), Sanitize(f.Rule.Name), h.text(f.By.Reason, maxCellText),
		})
	}
	if len(file.Findings) > 0 || len(r.Forms) == 0 {
		if err := h.entry(&htmlEntry{File: file.Name, Forms: len(r.Forms), Batch: r.Batch, Target: file.ID, Counts: file.Counts}); err != nil {
			return err
		}
	}
	if err := h.pages.ExecuteTemplate(&h.out, "file", file); err != nil {
		return err
	}
	return h.flush()
}

func (c *htmlCounts) add(s checks.Severity) {
	switch s {
	case checks.Error:
		c.Errors++
	case checks.Warning:
		c.Warnings++
	case checks.Note:
		c.Notes++
	case checks.Off:
	}
}

func (h *htmlRenderer) entry(e *htmlEntry) error {
	return h.pages.ExecuteTemplate(&h.overview, "entry", e)
}

func (h *htmlRenderer) countRule(f *checks.Finding) {
	c := h.rules[f.Rule.Name]
	if c == nil {
		c = &htmlChoice{Value: Sanitize(f.Rule.Name), Text: cmp.Or(Sanitize(f.Rule.Title.In(h.opts.Lang)), Sanitize(f.Rule.Name))}
		h.rules[f.Rule.Name] = c
	}
	c.Count++
}

// htmlEnd is what stands around the forms.
type htmlEnd struct {
	Summary
	Tool, Version string
	// Remarks say what a configuration or baseline takes out of the report.
	Remarks []string
	// Shown says which severities the report shows.
	Shown       struct{ Errors, Warnings, Notes bool }
	Rules       []*htmlChoice
	Units       []htmlChoice
	Departments []htmlChoice
}

// Close writes the head with the counts and filters, and the overview.
func (h *htmlRenderer) Close(s Summary) error {
	defer h.Discard()
	h.start()
	end := htmlEnd{
		Summary: s, Tool: h.opts.Tool, Version: h.opts.Version, Remarks: suppressedText(s, h.opts.Lang),
		Rules: slices.SortedFunc(maps.Values(h.rules), func(a, b *htmlChoice) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
		}),
		Units: choices(h.units[0]), Departments: choices(h.units[1]),
	}
	end.Shown.Errors = s.Errors > 0
	end.Shown.Warnings = s.Warnings > 0 && s.Level <= checks.Warning
	end.Shown.Notes = s.Notes > 0 && s.Level <= checks.Note
	if err := h.pages.ExecuteTemplate(&h.out, "end", end); err != nil {
		return err
	}
	if err := h.flush(); err != nil {
		return err
	}
	if _, err := h.overview.WriteTo(h.w); err != nil {
		return err
	}
	if err := h.pages.ExecuteTemplate(&h.out, "foot", end); err != nil {
		return err
	}
	h.out.WriteString("<script>" + htmlScript + "</script>\n</body>\n</html>\n")
	return h.flush()
}

// Discard gives up what was not written yet.
func (h *htmlRenderer) Discard() { h.overview.discard() }

func choices(counts map[string]int) []htmlChoice {
	out := make([]htmlChoice, 0, len(counts))
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, htmlChoice{name, name, counts[name]})
	}
	return out
}

const (
	// maxName and maxCellText are how many characters of a name and of a cell are
	// shown. Real ones are shorter by far; a hostile one must not bury the page.
	maxName     = 200
	maxCellText = 5000
)

// text gives a text of a file as one safe line of at most so many characters.
func (h *htmlRenderer) text(s string, most int) string {
	return Sanitize(h.shorten(strings.TrimSpace(s), most))
}

// shorten cuts a text that is longer than most characters and says so.
func (h *htmlRenderer) shorten(s string, most int) string {
	n := 0
	for i := range s {
		if n++; n > most {
			left := len([]rune(s[i:]))
			return s[:i] + lang.F("…（另有 %d 字）", "… (%d more characters)", left).In(h.opts.Lang)
		}
	}
	return s
}

// widthRules are the widths of table columns, in parts of the table's width.
func widthRules() string {
	var b strings.Builder
	for n := minColumn; n <= maxColumn; n++ {
		fmt.Fprintf(&b, ".w%d{width:%dpx}", n, n)
	}
	return b.String()
}
