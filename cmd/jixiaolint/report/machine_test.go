package report

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"jixiaolint/checks"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// allCases gives the shared reports in a fixed order, the hostile one among them.
func allCases() []checks.FileReport {
	all := cases()
	var out []checks.FileReport
	for _, name := range slices.Sorted(maps.Keys(all)) {
		out = append(out, all[name])
	}
	return out
}

// TestMachineGolden shows a report in each format for other programs.
func TestMachineGolden(t *testing.T) {
	all := cases()
	for _, format := range []Format{CSV, SARIF, GitHub, GitLab, JUnit, Checkstyle, RDJSON} {
		golden(t, "error."+string(format), render(t, format, Options{Lang: lang.ZH}, all["error"], all["blank"], all["unreadable"], all["clean"]))
		golden(t, "error.en."+string(format), render(t, format, Options{Lang: lang.EN}, all["error"]))
	}
}

// TestFormatsObeyTheirSchemas holds the JSON formats to the schemas that their
// owners publish, and GitLab's to the fields that its documentation demands.
func TestFormatsObeyTheirSchemas(t *testing.T) {
	for format, file := range map[Format]string{
		SARIF:  "sarif-2.1.0.schema.json",
		RDJSON: "rdjson.schema.json",
		GitLab: "gitlab.schema.json",
	} {
		s := compileFile(t, file)
		for _, l := range []lang.Lang{lang.ZH, lang.EN} {
			for name, reports := range map[string][]checks.FileReport{"none": nil, "all": allCases(), "typical": {typical()}} {
				if err := s.Validate(decode(t, render(t, format, Options{Lang: l}, reports...))); err != nil {
					t.Errorf("%s, %s: %#v", format, name, err)
				}
			}
		}
	}
}

func compileFile(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat = true
	c.LoadURL = func(url string) (io.ReadCloser, error) { return nil, fmt.Errorf("no network: %s", url) }
	if err := c.AddResource(name, bytes.NewReader(b)); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSARIFSuppressions: what is suppressed is in the log, as accepted, and obeys the
// schema; every other result says that it is not.
func TestSARIFSuppressions(t *testing.T) {
	s := compileFile(t, "sarif-2.1.0.schema.json")
	for _, l := range []lang.Lang{lang.ZH, lang.EN} {
		log := decode(t, renderSuppressed(t, SARIF, l))
		if err := s.Validate(log); err != nil {
			t.Errorf("%#v", err)
		}
		var got []string
		for _, result := range at[[]any](t, log, "runs", 0, "results") {
			by := "none"
			if list := at[[]any](t, result, "suppressions"); len(list) > 0 {
				kind, status := at[string](t, list, 0, "kind"), at[string](t, list, 0, "status")
				by = kind + " " + status + " " + at[string](t, list, 0, "justification")
			}
			got = append(got, by)
		}
		want := []string{"none", "external accepted a reason␛[2J", "external accepted 基线中已有"}
		if l == lang.EN {
			want[2] = "external accepted held in the baseline"
		}
		got[1] = strings.ReplaceAll(got[1], "<U+202E>", "")
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestMachineBatch: what forms have against each other, which comes after all files, is
// in every format, and no file appears as if it had been checked twice.
func TestMachineBatch(t *testing.T) {
	own := cases()["error"]
	batch := checks.FileReport{File: own.File, Batch: true, Findings: cases()["sheets"].Findings}
	nothing := checks.FileReport{File: own.File, Batch: true}
	for _, format := range Formats() {
		if format.NeedsFile() {
			continue // see TestBooksAreInert
		}
		with := render(t, format, Options{}, own, batch, nothing)
		if !strings.Contains(with, batch.Findings[0].Rule.Name) {
			t.Errorf("%s: the findings of the run are not there", format)
		}
		if grammar := xmlGrammars[format]; grammar != nil {
			if err := grammar.check(with); err != nil {
				t.Errorf("%s: %v", format, err)
			}
		}
	}
	var junit struct {
		Suites []junitSuite `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(render(t, JUnit, Options{}, own, batch, nothing)), &junit); err != nil {
		t.Fatal(err)
	}
	if n := len(junit.Suites); n != 2 || junit.Suites[0].Name == junit.Suites[1].Name || junit.Suites[1].Tests != len(batch.Findings) {
		t.Errorf("%d suites: %+v", n, junit.Suites)
	}
	if n := strings.Count(render(t, Checkstyle, Options{}, own, batch, nothing), "<file "); n != 2 {
		t.Errorf("%d files", n)
	}
}

// TestSARIFSaysWhere checks what the schema cannot: that rule indexes point at their
// rules, that URIs lead back to the file, and that no text of a file is a link.
func TestSARIFSaysWhere(t *testing.T) {
	hostile := cases()["hostile"]
	hostile.Findings[0].Message = lang.T("[点我](http://evil.example)", "[click](http://evil.example)")
	odd := cases()["unreadable"]
	odd.Findings[0].At.At.File = "./一 二/a:b#c?d%41.zip!e.xlsx"
	for _, r := range append(allCases(), hostile, odd) {
		log, _ := decode(t, render(t, SARIF, Options{}, r)).(map[string]any)
		run := at[map[string]any](t, log, "runs", 0)
		for i := range r.Findings {
			f := &r.Findings[i]
			result := at[map[string]any](t, run, "results", i)
			index, err := strconv.Atoi(fmt.Sprint(result["ruleIndex"]))
			if err != nil {
				t.Fatal(err)
			}
			if id := at[string](t, run, "tool", "driver", "rules", index, "id"); id != f.Rule.Name {
				t.Errorf("rule index %d is %s, not %s", index, id, f.Rule.Name)
			}
			uri := at[string](t, result, "locations", 0, "physicalLocation", "artifactLocation", "uri")
			u, err := url.Parse(uri)
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.TrimPrefix(f.At.At.File, "./"); u.Path != want || u.Scheme != "" {
				t.Errorf("URI %q leads to %q, not %q", uri, u.Path, want)
			}
			if text := at[string](t, result, "message", "text"); strings.Contains(text, "](") {
				t.Errorf("a link in %q", text)
			}
		}
	}
}

// at follows keys and indexes into a JSON value.
func at[T any](t *testing.T, v any, steps ...any) T {
	t.Helper()
	for _, step := range steps {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				t.Fatalf("no element %d among %d", step, len(list))
			}
			v = list[step]
		}
	}
	out, ok := v.(T)
	if !ok {
		t.Fatalf("%v: %T is no %T", steps, v, out)
	}
	return out
}

// TestSARIFFixesOnlyText checks that a region to replace is given only where it is
// one: in a plain text.
func TestSARIFFixesOnlyText(t *testing.T) {
	r := cases()["error"]
	if out := render(t, SARIF, Options{}, r); strings.Contains(out, `"fixes"`) {
		t.Error("a workbook's cell is given as a region of text")
	}
	f := &r.Findings[0]
	f.At.At.File, f.At.At.Sheet, f.At.At.Cell, f.At.At.Line, f.At.At.Column = "表.txt", "", "", 4, 20
	f.Fix.Edits[0].At = f.At.At
	if out := render(t, SARIF, Options{}, r); strings.Contains(out, `"fixes"`) {
		t.Error("the region of a cell that is not shown is made up")
	}
	// Behind a label in its cell, the text begins later than the cell.
	f.At.Row = &grid.Row{Cells: []*grid.Cell{{Text: "率:" + f.Fix.Edits[0].From, Loc: f.At.At}}}
	log := decode(t, render(t, SARIF, Options{}, r))
	region := at[map[string]any](t, log, "runs", 0, "results", 0, "fixes", 0, "artifactChanges", 0, "replacements", 0, "deletedRegion")
	if got := fmt.Sprintf("%v %v %v", region["startLine"], region["startColumn"], region["endColumn"]); got != "4 22 28" {
		t.Errorf("region %s", got)
	}
}

// TestGitLabFingerprintsAreUnique: one form in two files gives two issues.
func TestGitLabFingerprintsAreUnique(t *testing.T) {
	r := cases()["error"]
	r.Findings = append(r.Findings, r.Findings[0])
	other := cases()["error"]
	other.Findings[0].At.At.File = "b.xlsx"
	seen := map[string]bool{}
	issues, _ := decode(t, render(t, GitLab, Options{}, r, other)).([]any)
	for _, issue := range issues {
		seen[at[string](t, issue, "fingerprint")] = true
	}
	if len(issues) != 3 || len(seen) != 3 {
		t.Errorf("%d issues, %d fingerprints", len(issues), len(seen))
	}
}

// TestGitHubCommands reads the annotations back as GitHub's runner does: each line
// is one command with known properties, or the closing line, which is none.
func TestGitHubCommands(t *testing.T) {
	for _, r := range allCases() {
		lines := strings.Split(strings.TrimSuffix(render(t, GitHub, Options{}, r), "\n"), "\n")
		if n := len(lines) - 1; n != len(r.Findings) {
			t.Fatalf("%d lines for %d findings", n, len(r.Findings))
		}
		if last := lines[len(lines)-1]; strings.HasPrefix(last, "::") {
			t.Errorf("the closing line is a command: %s", last)
		}
		for i, f := range r.Findings {
			kind, properties, data := parseCommand(t, lines[i])
			if want := map[checks.Severity]string{checks.Error: "error", checks.Warning: "warning", checks.Note: "notice"}[f.Severity]; kind != want {
				t.Errorf("%s for %s", kind, f.Severity)
			}
			if properties["file"] != Sanitize(f.At.At.File) || properties["title"] != f.Rule.Name {
				t.Errorf("properties %q", properties)
			}
			if !strings.Contains(data, sentence(&f, lang.ZH)) {
				t.Errorf("message %q", data)
			}
		}
	}
}

// parseCommand reads a workflow command: ::name key=value,…::data, with % escapes.
func parseCommand(t *testing.T, line string) (name string, properties map[string]string, data string) {
	t.Helper()
	rest, ok := strings.CutPrefix(line, "::")
	head, data, found := strings.Cut(rest, "::")
	if !ok || !found {
		t.Fatalf("no command: %q", line)
	}
	name, list, _ := strings.Cut(head, " ")
	properties = map[string]string{}
	for p := range strings.SplitSeq(list, ",") {
		key, value, found := strings.Cut(p, "=")
		if !found || !slices.Contains([]string{"file", "line", "col", "title"}, key) {
			t.Fatalf("property %q in %q", p, line)
		}
		properties[key] = unescape(value)
	}
	return name, properties, unescape(data)
}

func unescape(s string) string {
	return strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%").Replace(s)
}

// TestJobSummary checks the page for GitHub: a row a finding, no markup from files,
// and no more than GitHub takes.
func TestJobSummary(t *testing.T) {
	page := func(reports ...checks.FileReport) string {
		var b bytes.Buffer
		render(t, GitHub, Options{JobSummary: &b}, reports...)
		return b.String()
	}
	golden(t, "job-summary.md", page(cases()["error"], cases()["blank"]))

	r := cases()["error"]
	r.Findings[0].Message = lang.T("a|b `c` <img src=x> [d](http://e) @team ![f](g) **h**", "")
	row := strings.Split(page(r), "\n")[6]
	for _, bad := range []string{"<img", "](", "@team", "**h", "a|b"} {
		if strings.Contains(row, bad) {
			t.Errorf("%q is markup in %s", bad, row)
		}
	}

	r.Findings[0].Message = lang.T(strings.Repeat("长", 1000), "")
	for len(r.Findings) < 2000 {
		r.Findings = append(r.Findings, r.Findings[0])
	}
	out := page(r)
	if len(out) > 1<<20 || !strings.Contains(out, "见完整报告") {
		t.Errorf("a summary of %d bytes, of 1 MiB", len(out))
	}
}

// xmlGrammar gives the elements of a format, with their mandatory and optional
// attributes and their children, as the consumers of the format document them.
type xmlGrammar map[string]struct{ must, may, children []string }

var xmlGrammars = map[Format]xmlGrammar{
	JUnit: {
		"":           {children: []string{"testsuites"}},
		"testsuites": {may: []string{"name", "tests", "failures", "errors", "time"}, children: []string{"testsuite"}},
		"testsuite":  {must: []string{"name", "tests"}, may: []string{"failures", "errors", "skipped", "time", "timestamp"}, children: []string{"testcase"}},
		"testcase":   {must: []string{"name", "classname"}, may: []string{"time", "file"}, children: []string{"failure", "error", "skipped"}},
		"failure":    {may: []string{"type", "message"}},
	},
	Checkstyle: {
		"":           {children: []string{"checkstyle"}},
		"checkstyle": {must: []string{"version"}, children: []string{"file"}},
		"file":       {must: []string{"name"}, children: []string{"error"}},
		"error":      {must: []string{"severity", "message"}, may: []string{"line", "column", "source"}},
	},
}

// TestXMLObeysGrammar reads the XML formats back, strictly, hostile text included.
func TestXMLObeysGrammar(t *testing.T) {
	for format, grammar := range xmlGrammars {
		for _, reports := range [][]checks.FileReport{nil, allCases(), {typical()}} {
			out := render(t, format, Options{}, reports...)
			if err := grammar.check(out); err != nil {
				t.Errorf("%s: %v in %s", format, err, out)
			}
		}
	}
}

func (g xmlGrammar) check(text string) error {
	dec := xml.NewDecoder(strings.NewReader(text))
	open := []string{""}
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			name := token.Name.Local
			if parent := open[len(open)-1]; !slices.Contains(g[parent].children, name) {
				return fmt.Errorf("<%s> in <%s>", name, parent)
			}
			var have []string
			for _, a := range token.Attr {
				have = append(have, a.Name.Local)
				if !slices.Contains(slices.Concat(g[name].must, g[name].may), a.Name.Local) {
					return fmt.Errorf("attribute %s of <%s>", a.Name.Local, name)
				}
			}
			for _, must := range g[name].must {
				if !slices.Contains(have, must) {
					return fmt.Errorf("<%s> without %s", name, must)
				}
			}
			open = append(open, name)
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
}

// TestJUnitCounts checks the counts of suites against their tests: a clean form is a
// passed test.
func TestJUnitCounts(t *testing.T) {
	var doc struct {
		Suites []junitSuite `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(render(t, JUnit, Options{}, cases()["clean"], cases()["blank"])), &doc); err != nil {
		t.Fatal(err)
	}
	for i, want := range [][2]int{{1, 0}, {2, 2}} {
		if s := doc.Suites[i]; s.Tests != want[0] || s.Failures != want[1] || len(s.Cases) < s.Tests {
			t.Errorf("suite %d: %d tests, %d failures, %d cases", i, s.Tests, s.Failures, len(s.Cases))
		}
	}
}

// TestCSVIsInert checks that no cell of the CSV report is a formula to a spreadsheet
// program, and that each finding is one record.
func TestCSVIsInert(t *testing.T) {
	r := cases()["error"]
	for _, evil := range []string{"=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "\u200b=1"} {
		f := r.Findings[0]
		f.Found, f.At.At.Sheet, f.Message = evil, evil, lang.T(evil, evil)
		r.Findings = append(r.Findings, f)
	}
	out := render(t, CSV, Options{}, r)
	body, ok := strings.CutPrefix(out, "\uFEFF")
	if !ok {
		t.Error("no byte order mark")
	}
	records, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != len(r.Findings)+1 {
		t.Errorf("%d records for %d findings", len(records), len(r.Findings))
	}
	for _, record := range records {
		for _, cell := range record {
			if first := strings.TrimLeft(cell, " \t\u3000"); first != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(first)[0]) {
				t.Errorf("a formula: %q", cell)
			}
		}
	}
}

// TestStableBytes: the same reports give the same bytes in every format.
func TestStableBytes(t *testing.T) {
	for _, format := range Formats() {
		first := render(t, format, Options{}, allCases()...)
		if second := render(t, format, Options{}, allCases()...); first != second {
			t.Errorf("%s differs from run to run", format)
		}
	}
}
