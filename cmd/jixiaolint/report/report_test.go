package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"jixiaolint/checks"
	"jixiaolint/checks/suppress"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/intake"
	"jixiaolint/schema/lang"
)

func compileSchema(t *testing.T, pointer string) *jsonschema.Schema {
	t.Helper()
	const id = "https://jixiaolint.example/schema/report.json"
	c := jsonschema.NewCompiler()
	c.AssertFormat = true
	c.LoadURL = func(url string) (io.ReadCloser, error) { return nil, fmt.Errorf("no network: %s", url) }
	if err := c.AddResource(id, bytes.NewReader(Schema())); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(id + pointer)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func decode(t *testing.T, text string) any {
	t.Helper()
	var v any
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

func TestJSONObeysSchema(t *testing.T) {
	s := compileSchema(t, "")
	var all []checks.FileReport
	for name, r := range cases() {
		all = append(all, r)
		for _, l := range []lang.Lang{lang.ZH, lang.EN} {
			if err := s.Validate(decode(t, render(t, JSON, Options{Lang: l}, r))); err != nil {
				t.Errorf("%s: %#v", name, err)
			}
		}
	}
	for _, reports := range [][]checks.FileReport{nil, all} {
		if err := s.Validate(decode(t, render(t, JSON, Options{}, reports...))); err != nil {
			t.Errorf("%d reports: %#v", len(reports), err)
		}
	}
	if err := s.Validate(decode(t, `{"version":1,"tool":{"name":"a","version":"1"},"forms":[],"findings":[{}],"summary":{}}`)); err == nil {
		t.Error("the schema accepts an empty finding")
	}
}

// The report on real forms, with score cards and batch findings, obeys the schema too.
func TestRealReportObeysSchema(t *testing.T) {
	batch := checks.NewBatch(checks.Options{})
	var reports []checks.FileReport
	for _, folder := range []string{"seeds", "published", "broken"} {
		names, err := filepath.Glob(filepath.Join("..", "..", "..", "fixtures", folder, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(name, ".golden") {
				continue
			}
			r := checks.Run(t.Context(), intake.Read(t.Context(), name, data, intake.Options{}), checks.Options{})
			batch.Add(r)
			reports = append(reports, r)
		}
	}
	s := compileSchema(t, "")
	out := render(t, JSON, Options{Lang: lang.EN}, append(reports, batch.Finish()...)...)
	if err := s.Validate(decode(t, out)); err != nil {
		t.Errorf("%#v", err)
	}
	if !strings.Contains(out, `"scorecard":{`) || !strings.Contains(out, `"rule":"cross-form-term-variant"`) {
		t.Error("no score card or batch finding in the report")
	}
}

func TestNDJSONObeysSchema(t *testing.T) {
	byType := map[string]*jsonschema.Schema{}
	for _, name := range []string{"form", "finding", "summary"} {
		byType[name] = compileSchema(t, "#/$defs/"+name)
	}
	for name, r := range cases() {
		out := render(t, NDJSON, Options{}, r)
		lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
		for i, line := range lines {
			object, ok := decode(t, line).(map[string]any)
			if !ok {
				t.Fatalf("%s: line %d is no object: %s", name, i+1, line)
			}
			kind, _ := object["type"].(string)
			if s := byType[kind]; s == nil {
				t.Errorf("%s: line %d has type %q", name, i+1, kind)
			} else if err := s.Validate(object); err != nil {
				t.Errorf("%s: line %d: %#v", name, i+1, err)
			}
			if last := i == len(lines)-1; last != (kind == "summary") {
				t.Errorf("%s: line %d of %d has type %s", name, i+1, len(lines), kind)
			}
		}
	}
}

// suppressedReport is a report of which all findings but one are suppressed, with a
// summary that has something to say about it.
func suppressedReport() (checks.FileReport, Summary) {
	const bidi = "\u202e\x1b[2J"
	r := cases()["error"]
	for _, kind := range []checks.SuppressionKind{checks.ByConfiguration, checks.ByBaseline} {
		f := cases()["error"].Findings[0]
		r.Suppressed = append(r.Suppressed, checks.Suppressed{Finding: f, By: checks.Suppression{
			Kind: kind, Reason: "a reason" + bidi, At: grid.Location{File: "a" + bidi + "/.jixiaolint.yaml", Line: 3, Column: 5},
		}})
	}
	notice := suppress.Notice{
		Kind: suppress.UnusedSuppression, At: grid.Location{File: "a" + bidi, Line: 3, Column: 5}, Rule: "text", Project: "p" + bidi,
		Message: lang.T("没有"+bidi, "none"+bidi), Help: lang.T("删去", "delete it"),
	}
	summary := Summary{Level: checks.Note, Baseline: "b" + bidi, WrittenBaseline: "w" + bidi, Written: 1, Notices: []suppress.Notice{notice}}
	summary.Uses("other" + bidi)
	for range 12 {
		notice.Kind = suppress.FixedSince
		summary.Notices = append(summary.Notices, notice)
	}
	return r, summary
}

func renderSuppressed(t *testing.T, format Format, l lang.Lang) string {
	t.Helper()
	report, summary := suppressedReport()
	return renderAll(t, report, summary, func(b *bytes.Buffer) (Renderer, error) {
		return New(b, format, Options{Lang: l, Tool: "jixiaolint", Version: "0.1.0"})
	})
}

// renderAll prints a report at every level, and the summary that it adds to.
func renderAll(t *testing.T, report checks.FileReport, summary Summary, of func(*bytes.Buffer) (Renderer, error)) string {
	t.Helper()
	var b bytes.Buffer
	r, err := of(&b)
	if err != nil {
		t.Fatal(err)
	}
	filter := Filter{Level: checks.Note}
	if err := errors.Join(r.File(filter.Apply(report, &summary)), r.Close(summary)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What is suppressed obeys the schema, counts only where it should, is named in the
// summary, and shows nothing hostile.
func TestSuppressed(t *testing.T) {
	for _, l := range []lang.Lang{lang.ZH, lang.EN} {
		if err := compileSchema(t, "").Validate(decode(t, renderSuppressed(t, JSON, l))); err != nil {
			t.Errorf("%#v", err)
		}
		for line := range strings.Lines(renderSuppressed(t, NDJSON, l)) {
			object, _ := decode(t, line).(map[string]any)
			kind, _ := object["type"].(string)
			if err := compileSchema(t, "#/$defs/"+kind).Validate(object); err != nil {
				t.Errorf("%s: %#v", kind, err)
			}
		}
		for _, format := range Formats() {
			if format.NeedsFile() {
				continue // see TestBooksAreInert
			}
			if i := strings.IndexFunc(ownMarks(format, renderSuppressed(t, format, l)), func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || invisible(r)) }); i >= 0 {
				t.Errorf("%s: hostile text is shown", format)
			}
		}
	}
	text := renderSuppressed(t, Text, lang.EN)
	for _, want := range []string{
		"\n2 more findings of the baseline no longer occur\n", "configuration other", "/.jixiaolint.yaml (1 suppressed); 1 suppression unused or expired; 1 in the baseline b",
		"; 1 finding written to the baseline w",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// TestNothingHostileIsShown checks every format: no text of a file can steer a
// terminal, hide, or start a line with a workflow command.
func TestNothingHostileIsShown(t *testing.T) {
	for _, format := range Formats() {
		if format.NeedsFile() {
			continue // see TestBooksAreInert
		}
		out := render(t, format, Options{Lang: lang.ZH}, cases()["hostile"])
		out = ownMarks(format, out)
		if !utf8.ValidString(out) {
			t.Errorf("%s: not UTF-8", format)
		}
		for _, r := range out {
			if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || invisible(r)) {
				t.Errorf("%s: %U is shown", format, r)
			}
		}
		for line := range strings.Lines(out) {
			// Commands are what GitHub's format is made of: TestGitHubCommands.
			if format != GitHub && strings.HasPrefix(strings.TrimSpace(line), "::") && !strings.HasPrefix(line, " ") {
				t.Errorf("%s: a line starts a workflow command: %s", format, line)
			}
		}
	}
}

// ownMarks takes the byte order mark and the line ends of CSV off a report: they are
// no one else's.
func ownMarks(format Format, out string) string {
	if format == CSV {
		out = strings.ReplaceAll(strings.TrimPrefix(out, "\uFEFF"), "\r\n", "\n")
	}
	return out
}

// TestNoWorkflowCommand is about runners that look past leading blanks: whatever a
// cell holds, our own gutter comes first.
func TestNoWorkflowCommand(t *testing.T) {
	s := newSheet("::error::a.txt", "::error::s").row(1, "::error::b|::stop-commands::c")
	f := checks.Finding{
		Rule: rule("r", checks.Error), Severity: checks.Error, Message: lang.T("::error::d", "::error::d"),
		Arithmetic: lang.T("::error::e", "::error::e"), At: s.at(1, 1), Help: lang.T("\n::error::f", "\n::error::f"),
		Related: []checks.Related{s.related(2, 1, "::error::g", "::error::g")},
	}
	out := render(t, Text, Options{}, checks.FileReport{Findings: []checks.Finding{f}})
	for line := range strings.Lines(out) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") && !strings.HasPrefix(strings.TrimSpace(line), ":::") {
			t.Errorf("a line starts a workflow command: %s", line)
		}
	}
}

// TestRowLayout lays out random rows: a line keeps within its width, and each
// underline stands exactly below its cell.
func TestRowLayout(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	words := []string{"", "16", "93.21%", "年度资金总额", "其中：财政拨款", "≥95%", "一二三四五六七八九十一二三四五六七八九十", "a long reason in English, with blanks", "e\u0301\u0302", "🙂"}
	for range 3000 {
		row := &grid.Row{Num: 7}
		for col := 1; col <= 1+rnd.IntN(14); col++ {
			if text := words[rnd.IntN(len(words))]; text != "" {
				row.Cells = append(row.Cells, &grid.Cell{Row: 7, Col: col, Text: text, Loc: grid.Location{Line: 7, Column: col}})
			}
		}
		primary := 1 + rnd.IntN(14)
		r := shownRow{row, 7, []mark{{at: grid.Location{Line: 7, Column: primary}, primary: true, label: "p"}}}
		for range rnd.IntN(4) {
			r.marks = append(r.marks, mark{at: grid.Location{Line: 7, Column: 1 + rnd.IntN(14)}, label: words[rnd.IntN(len(words))]})
		}
		width := minRowWidth + rnd.IntN(90)
		line := layoutRow(r, width)
		if w := Width(line.text); w > width {
			t.Fatalf("width %d of %d: %q", w, width, line.text)
		}
		if n := slices.IndexFunc(line.spans, func(s span) bool { return s.mark.primary }); n < 0 {
			t.Fatalf("marked cell not shown: %q", line.text)
		}
		for _, s := range line.spans {
			text := columnsOf(line.text, s.col, s.width)
			want := "  "
			if c := row.Cell(s.mark.at.Column); c != nil {
				want = c.Text
			}
			if begin := strings.TrimSuffix(text, ellipsis); text == "" || !strings.HasPrefix(want, begin) {
				t.Fatalf("%q at %d in %q is not the beginning of %q", text, s.col, line.text, want)
			}
		}
		for _, under := range line.underlines(width, lang.EN) {
			col := 0
			for _, s := range under {
				if s.col < col {
					t.Fatalf("labels overlap: %v below %q", under, line.text)
				}
				if col = s.col + Width(s.text); col > width {
					t.Fatalf("label beyond width %d: %v", width, under)
				}
			}
		}
	}
}

// columnsOf gives the text of some columns of a line.
func columnsOf(line string, col, width int) string {
	var b strings.Builder
	at := 0
	for _, r := range line {
		w := columns().RuneWidth(r)
		if at >= col && at+w <= col+width && (w > 0 || at > col) {
			b.WriteRune(r)
		}
		at += w
	}
	return b.String()
}

func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 5, []string{""}},
		{"short", 5, []string{"short"}},
		{"one two three", 8, []string{"one two", "three"}},
		{"one two three", 7, []string{"one two", "three"}},
		{"一二三四五", 4, []string{"一二", "三四", "五"}},
		{"一二 三四五", 6, []string{"一二", "三四五"}},
		{"率 = 执行数，预算数", 12, []string{"率 = 执行", "数，预算数"}},
		{"一二三（四）五", 8, []string{"一二三", "（四）五"}},
		{"执行14.77万元", 8, []string{"执行", "14.77万", "元"}},
		{strings.Repeat("x", 25), 10, []string{"xxxxxxxxxx", "xxxxxxxxxx", "xxxxx"}},
	} {
		if got := Wrap(tt.text, tt.width); !slices.Equal(got, tt.want) {
			t.Errorf("Wrap(%q, %d) = %q, want %q", tt.text, tt.width, got, tt.want)
		}
	}
}

func TestLongLabelsAreCut(t *testing.T) {
	for _, label := range []string{strings.Repeat("5 + ", 100_000), strings.Repeat("分", 300), strings.Repeat("x", 1<<20)} {
		lines := hang(label, 20, 40, true)
		if len(lines) != 6 || !strings.HasSuffix(lines[5][0].text, ellipsis) {
			t.Errorf("%d lines, last %v", len(lines), lines[len(lines)-1])
		}
		for _, line := range lines {
			if w := line[0].col + Width(line[0].text); w > 40 {
				t.Errorf("line of %d columns", w)
			}
		}
	}
}

func TestFilterSortsBeforeItCaps(t *testing.T) {
	report := checks.FileReport{}
	for _, s := range []checks.Severity{checks.Note, checks.Error, checks.Warning, checks.Error} {
		report.Findings = append(report.Findings, checks.Finding{Rule: rule("r", s), Severity: s})
	}
	f := Filter{Level: checks.Warning, Limit: 3}
	s := Summary{Level: checks.Warning, Rules: NewRuleCounts()}
	if n := len(f.Apply(report, &s).Findings); n != 3 {
		t.Errorf("first file shows %d findings, want 3", n)
	}
	if n := len(f.Apply(report, &s).Findings); n != 0 {
		t.Errorf("second file shows %d findings, want 0", n)
	}
	if s.Errors != 4 || s.Warnings != 2 || s.Notes != 2 || s.Hidden != (Hidden{Level: 2, Limit: 3}) || s.Files != 2 {
		t.Errorf("summary %+v", s)
	}
	if len(report.Findings) != 4 {
		t.Error("the report itself was changed")
	}
	for least, want := range map[checks.Severity]bool{checks.Error: true, checks.Warning: true, checks.Note: true, checks.Off: false} {
		if s.AtLeast(least) != want {
			t.Errorf("AtLeast(%s) = %v", least, !want)
		}
	}
}

func TestSummaryLine(t *testing.T) {
	for _, tt := range []struct {
		s      Summary
		zh, en string
	}{
		{Summary{Files: 1, Forms: 1}, "检查了 1 个文件、1 张表：没有发现问题", "checked 1 file, 1 form: no problems found"},
		{
			Summary{Files: 3, Forms: 5, Errors: 2, Warnings: 1, Notes: 7, Fixable: 1, Level: checks.Warning, Hidden: Hidden{Level: 7}},
			"检查了 3 个文件、5 张表：2 个错误，1 个警告，7 条提示（未显示，可用 --level note 查看）；1 处有确定的改法，可用 --fix 改正",
			"checked 3 files, 5 forms: 2 errors, 1 warning, 7 notes (not shown; use --level note to see them); 1 with a certain fix (--fix)",
		},
		{
			Summary{Files: 1, Forms: 1, Errors: 3, Failed: 2, Interrupted: true, Hidden: Hidden{Limit: 2}},
			"已中断：检查了 1 个文件、1 张表：3 个错误；另有 2 处超出 --max-problems，未显示；2 处未能检查",
			"interrupted: checked 1 file, 1 form: 3 errors; 2 more not shown (--max-problems); 2 paths could not be checked",
		},
		{
			Summary{Files: 1, Forms: 1, Errors: 2, Fixable: 2, Unwritable: 2, Obstacle: lang.T("文件是只读的", "read-only")},
			"检查了 1 个文件、1 张表：2 个错误；2 处有确定的改法，但现在不能用 --fix 改正（文件是只读的）",
			"checked 1 file, 1 form: 2 errors; 2 with a certain fix, which --fix cannot make now (read-only)",
		},
		{
			Summary{Files: 2, Forms: 2, Errors: 3, Fixable: 3, Unwritable: 1, Obstacle: lang.T("文件是只读的", "read-only")},
			"检查了 2 个文件、2 张表：3 个错误；3 处有确定的改法，可用 --fix 改正，其中 1 处现在还不能（如：文件是只读的）",
			"checked 2 files, 2 forms: 3 errors; 3 with a certain fix (--fix), of which 1 cannot be made now (such as: read-only)",
		},
		{Summary{Failed: 1}, "检查了 0 个文件、0 张表：1 处未能检查", "checked 0 files, 0 forms: 1 path could not be checked"},
	} {
		if got := summaryLine(tt.s, lang.ZH); got != tt.zh {
			t.Errorf("got  %s\nwant %s", got, tt.zh)
		}
		if got := summaryLine(tt.s, lang.EN); got != tt.en {
			t.Errorf("got  %s\nwant %s", got, tt.en)
		}
	}
}

func TestManyRelatedRowsAreCounted(t *testing.T) {
	s := newSheet("a.xlsx", "S")
	f := checks.Finding{Rule: rule("r", checks.Error), Severity: checks.Error}
	for i := 1; i <= 50; i++ {
		s.row(i, "指标|5")
		f.Related = append(f.Related, s.related(2, i, "分值", "weight"))
	}
	f.At = s.at(1, 50)
	out := render(t, Text, Options{Lang: lang.EN}, checks.FileReport{Findings: []checks.Finding{f}})
	if !strings.Contains(out, "= related: 40 more related cells\n") {
		t.Errorf("related rows are not counted:\n%s", out)
	}
	if !strings.Contains(out, "\n...\n 50 | 指标 | 5\n") {
		t.Errorf("the marked row is not shown:\n%s", out)
	}
}

// failingWriter fails after some bytes.
type failingWriter struct{ left int }

var errFull = errors.New("no space left")

func (w *failingWriter) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestWriteErrorsAreReported(t *testing.T) {
	for _, format := range Formats() {
		full := len(render(t, format, Options{}, cases()["error"]))
		for _, room := range []int{0, 1, full / 2, full - 1} {
			w := &failingWriter{room}
			create := func(name string, data []byte) error { _, err := w.Write(append([]byte(name), data...)); return err }
			r, err := New(w, format, Options{Tool: "jixiaolint", Version: "0.1.0", Create: create})
			if err != nil {
				t.Fatal(err)
			}
			s := Summary{Level: checks.Note}
			filter := Filter{Level: checks.Note}
			if err := errors.Join(r.File(filter.Apply(cases()["error"], &s)), r.Close(s)); !errors.Is(err, errFull) {
				t.Errorf("%s with room for %d of %d bytes: %v", format, room, full, err)
			}
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	if _, err := New(io.Discard, "xml", Options{}); err == nil {
		t.Error("format xml is accepted")
	}
}

// wideRow is a hostile row: thousands of cells, each of them a finding.
func wideRow(n int) checks.FileReport {
	row := &grid.Row{Num: 1}
	for col := 1; col <= n; col++ {
		row.Cells = append(row.Cells, &grid.Cell{Row: 1, Col: col, Text: strings.Repeat("x", 1000), Loc: grid.Location{Line: 1, Column: col}})
	}
	var r checks.FileReport
	for _, c := range row.Cells {
		r.Findings = append(r.Findings, checks.Finding{
			Rule: rule("r", checks.Error), Severity: checks.Error, At: schema.Field{At: c.Loc, Row: row},
		})
	}
	return r
}

func benchmark(b *testing.B, format Format, r checks.FileReport) {
	b.ReportAllocs()
	for b.Loop() {
		out, err := New(io.Discard, format, Options{Tool: "jixiaolint", Version: "0.1.0"})
		if err != nil {
			b.Fatal(err)
		}
		s := Summary{Level: checks.Note}
		filter := Filter{Level: checks.Note}
		if err := errors.Join(out.File(filter.Apply(r, &s)), out.Close(s)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(r.Findings)), "ns/finding")
}

// typical is a report as forms usually give them: 100 findings of all kinds.
func typical() checks.FileReport {
	r := cases()["error"]
	r.Findings = nil
	all := cases()
	for len(r.Findings) < 100 {
		for _, name := range []string{"error", "rows", "blank", "left", "clipped"} {
			r.Findings = append(r.Findings, all[name].Findings...)
		}
	}
	return r
}

func BenchmarkText(b *testing.B)    { benchmark(b, Text, typical()) }
func BenchmarkJSON(b *testing.B)    { benchmark(b, JSON, typical()) }
func BenchmarkNDJSON(b *testing.B)  { benchmark(b, NDJSON, typical()) }
func BenchmarkWideRow(b *testing.B) { benchmark(b, Text, wideRow(2000)) }

// TestTheWrongPartIsSeen: of a long text, the part that is wrong is shown and
// underlined, wherever in the text it stands.
func TestTheWrongPartIsSeen(t *testing.T) {
	for _, at := range []int{0, 1, 20, 400, 5000} {
		text := strings.Repeat("口岸", at) + "阿爾山" + strings.Repeat("建设", 6000)
		s := newSheet("表.xlsx", "表").row(11, "预期目标|"+text)
		f := checks.Finding{
			Rule: rule("r", checks.Warning), Severity: checks.Warning, At: s.at(2, 11), Found: "爾",
			Message: lang.T("繁体字", "traditional character"),
		}
		lines := strings.Split(render(t, Text, Options{Width: 80}, checks.FileReport{Findings: []checks.Finding{f}}), "\n")
		i := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, "^") })
		col := strings.Index(lines[i], "^")
		if got := columnsOf(lines[i-1], col, 2); got != "爾" || strings.Count(lines[i], "^") != 2 {
			t.Errorf("after %d characters %q is underlined in\n%s\n%s", at, got, lines[i-1], lines[i])
		}
		if w := Width(lines[i-1]); w > 80 {
			t.Errorf("a row %d columns wide", w)
		}
	}
}

// TestLongEditsShowTheirChange: from a long text to the same with one character
// changed, only that place is shown.
func TestLongEditsShowTheirChange(t *testing.T) {
	long := strings.Repeat("长", 50)
	for _, tt := range []struct{ from, to, wantFrom, wantTo string }{
		{"93.21%", "92.31%", "93.21%", "92.31%"},
		{long + "爾" + long, long + "尔" + long, "…长长长长长长爾长长长长长长…", "…长长长长长长尔长长长长长长…"},
		{"<p>" + long, long, "<p>长长长长长长…", "长长长长长长…"},
		{long + "。", long, "…长长长长长长。", "…长长长长长长"},
	} {
		if from, to := changed(tt.from, tt.to); from != tt.wantFrom || to != tt.wantTo {
			t.Errorf("%s → %s", from, to)
		}
	}
}
