package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jixiaolint/checks"
	"jixiaolint/checks/config"
	"jixiaolint/cmd/jixiaolint/report"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/intake"
	"jixiaolint/schema/lang"
)

// run is one run of the program in the test's own process.
type run struct {
	Command
	out, err bytes.Buffer
}

// newRun makes a program whose engine is a stand-in: every file has one error, which
// quotes the file's content.
func newRun(env ...string) *run {
	r := &run{}
	r.Command = Command{
		In: strings.NewReader(""), Out: &r.out, Err: &r.err,
		Env: func(name string) string {
			for _, e := range env {
				if k, v, _ := strings.Cut(e, "="); k == name {
					return v
				}
			}
			return ""
		},
		read: func(_ context.Context, name string, data []byte, _ intake.Options) iter.Seq[*schema.Document] {
			return func(yield func(*schema.Document) bool) {
				yield(&schema.Document{File: name, Problems: []schema.Problem{{
					Rule: schema.RuleUnreadableFile, Message: lang.T(string(data), string(data)),
					At: schema.Field{At: grid.Location{File: name}},
				}}})
			}
		},
		check: func(_ context.Context, doc *schema.Document, _ checks.Options) checks.FileReport {
			out := checks.FileReport{File: doc.File}
			for _, p := range doc.Problems {
				out.Findings = append(out.Findings, checks.Finding{
					Rule: &checks.Rule{Name: p.Rule}, Severity: checks.Error, Message: p.Message, At: p.At, Fingerprint: strings.Repeat("0", checks.FingerprintLength),
				})
			}
			return out
		},
	}
	return r
}

// files writes files, each holding its own name, into a new folder.
func files(t testing.TB, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func manyFiles(t testing.TB, n int) string {
	t.Helper()
	names := make([]string, 0, n)
	for i := range n {
		names = append(names, fmt.Sprintf("d%d/f%03d.txt", i%3, i))
	}
	return files(t, names...)
}

// TestSameBytesAtAnyJobs is the promise that output never depends on scheduling.
func TestSameBytesAtAnyJobs(t *testing.T) {
	dir := manyFiles(t, 16)
	var want string
	for i := range 100 {
		for _, jobs := range []string{"1", "8"} {
			r := newRun()
			check := r.check
			r.check = func(ctx context.Context, doc *schema.Document, o checks.Options) checks.FileReport {
				if i%10 == 0 && len(doc.File)%2 == 0 {
					time.Sleep(time.Duration(i) * time.Microsecond)
				}
				return check(ctx, doc, o)
			}
			if status := r.Main(t.Context(), []string{"-j", jobs, "--max-problems", "9", "--stats", dir, filepath.Join(dir, "missing")}); status != exitFailure {
				t.Fatalf("status %d: %s", status, r.err.String())
			}
			got := r.out.String() + r.err.String()
			if want == "" {
				want = got
			}
			if got != want {
				t.Fatalf("run %d with %s jobs differs:\n%s\nwant\n%s", i, jobs, got, want)
			}
		}
	}
}

// TestBatchFindings: what is said of a run as a whole comes last, counts like the rest,
// and is the same at any number of jobs. A run that was cut short, and a form alone, have
// nothing of the kind.
func TestBatchFindings(t *testing.T) {
	seeds := filepath.Join("..", "..", "fixtures", "seeds")
	var singles []string
	for _, name := range []string{"1-kouan", "2-12312", "3-xiaofei", "4-bolanhui", "5-yiqing"} {
		singles = append(singles, filepath.Join(seeds, name+".xlsx"))
	}
	type result struct {
		Findings []struct{ Rule string }
		Summary  struct{ Files, Warnings, Notes int }
	}
	run := func(status int, args ...string) (got result, raw string) {
		t.Helper()
		r := newRun()
		r.read, r.check = nil, nil
		if s := r.Main(t.Context(), append([]string{"-f", "json", "--level", "note", "--select", "batch"}, args...)); s != status {
			t.Fatalf("status %d: %s", s, r.err.String())
		}
		if err := json.Unmarshal(r.out.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		return got, r.out.String()
	}
	got, want := run(exitClean, append(singles, "-j", "1")...)
	if got.Summary.Files != 5 || got.Summary.Warnings != 1 || got.Summary.Notes != 5 || len(got.Findings) != 6 {
		t.Errorf("got %+v", got)
	}
	for range 5 {
		if _, again := run(exitClean, append(singles, "-j", "8")...); again != want {
			t.Fatalf("differs with 8 jobs:\n%s\nwant\n%s", again, want)
		}
	}
	run(exitProblems, append(singles, "--fail-on", "note")...)
	if got, _ := run(exitClean, singles[0]); len(got.Findings) != 0 {
		t.Errorf("of one form alone: %+v", got.Findings)
	}
	ctx, cancel := context.WithCancel(t.Context())
	r := newRun()
	r.read = nil
	r.check = func(ctx context.Context, doc *schema.Document, o checks.Options) checks.FileReport {
		if strings.Contains(doc.File, "5-yiqing") {
			cancel()
		}
		return checks.Run(ctx, doc, o)
	}
	if status := r.Main(ctx, append([]string{"-j", "1", "--level", "note", "--select", "batch"}, singles...)); status != exitInterrupted || strings.Contains(r.out.String(), "[cross-form") {
		t.Errorf("status %d of a run cut short: %s", status, r.out.String())
	}
}

func TestPanicInOneFile(t *testing.T) {
	dir := files(t, "a.txt", "b.txt", "c.txt")
	for _, debug := range []bool{false, true} {
		env := []string{}
		if debug {
			env = append(env, envDebug+"=1")
		}
		r := newRun(env...)
		check := r.check
		r.check = func(ctx context.Context, doc *schema.Document, o checks.Options) checks.FileReport {
			if strings.HasSuffix(doc.File, "b.txt") {
				panic("index out of range\n\x1b[2J")
			}
			return check(ctx, doc, o)
		}
		if status := r.Main(t.Context(), []string{"--lang", "en", dir}); status != exitFailure {
			t.Errorf("status %d", status)
		}
		out := r.out.String()
		for _, want := range []string{
			": a.txt\n", ": c.txt\n", "/b.txt\n", "checked 3 files",
			"error[internal-error]: jixiaolint itself failed and did not finish checking this file: index out of range⏎␛[2J\n",
		} {
			if !strings.Contains(out, want) {
				t.Errorf("no %q in\n%s", want, out)
			}
		}
		if traced := strings.Contains(r.err.String(), "goroutine"); traced != debug {
			t.Errorf("debug %v, but stack trace shown %v:\n%s", debug, traced, r.err.String())
		}
	}
}

func TestInterrupt(t *testing.T) {
	dir := manyFiles(t, 30)
	for _, jobs := range []string{"1", "4"} {
		ctx, cancel := context.WithCancel(t.Context())
		r := newRun()
		var checked atomic.Int32
		check := r.check
		r.check = func(ctx context.Context, doc *schema.Document, o checks.Options) checks.FileReport {
			if checked.Add(1) == 12 {
				cancel()
			}
			return check(ctx, doc, o)
		}
		if status := r.Main(ctx, []string{"--lang=en", "-j", jobs, "-f", "json", dir}); status != exitInterrupted {
			t.Errorf("status %d", status)
		}
		var got struct {
			Findings []any
			Summary  struct {
				Files       int
				Interrupted bool
			}
		}
		if err := json.Unmarshal(r.out.Bytes(), &got); err != nil {
			t.Fatalf("%v in %s", err, r.out.String())
		}
		if !got.Summary.Interrupted || got.Summary.Files >= 30 || len(got.Findings) != got.Summary.Files {
			t.Errorf("summary %+v with %d findings", got.Summary, len(got.Findings))
		}
	}
}

// TestInterruptWhileReadingStdin: a reader that never returns must not hold the
// program.
func TestInterruptWhileReadingStdin(t *testing.T) {
	pr, pw := io.Pipe()
	defer func() { _ = pw.Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	r := newRun()
	r.In = pr
	if status := r.Main(ctx, []string{"-"}); status != exitInterrupted {
		t.Errorf("status %d", status)
	}
}

// TestLookAheadIsBounded: however slow the first file, only a few others wait for it.
func TestLookAheadIsBounded(t *testing.T) {
	dir := manyFiles(t, 60)
	const jobs = 3
	var started atomic.Int32
	r := newRun()
	check := r.check
	r.check = func(ctx context.Context, doc *schema.Document, o checks.Options) checks.FileReport {
		if started.Add(1); strings.HasSuffix(doc.File, "f000.txt") {
			time.Sleep(50 * time.Millisecond)
			if n := started.Load(); n > 3*jobs {
				t.Errorf("%d files were started while the first was being checked", n)
			}
		}
		return check(ctx, doc, o)
	}
	if status := r.Main(t.Context(), []string{"-j", strconv.Itoa(jobs), dir}); status != exitProblems {
		t.Errorf("status %d", status)
	}
	if started.Load() != 60 {
		t.Errorf("%d of 60 files checked", started.Load())
	}
}

func TestOversizedFile(t *testing.T) {
	dir := files(t, "big.txt")
	base := newRun()
	for limit, want := range map[int64]bool{6: true, 7: false, 8: false} {
		r := &runner{
			jobs: 1, read: intake.Documents, check: base.check,
			settings: func(string) (*config.Settings, error) {
				return &config.Settings{ReaderLimits: grid.Limits{FileSize: limit}}, nil
			},
		}
		o := r.one(t.Context(), item{name: "big.txt", path: filepath.Join(dir, "big.txt")})
		if len(o.reports) != 1 || len(o.reports[0].Findings) != 1 {
			t.Fatalf("outcome %+v", o)
		}
		f := o.reports[0].Findings[0]
		if got := strings.Contains(f.Message.EN, "exceeds the limit"); got != want || f.Rule.Name != schema.RuleUnreadableFile {
			t.Errorf("limit %d: %s %s", limit, f.Rule.Name, f.Message.EN)
		}
	}
}

func TestColor(t *testing.T) {
	dir := files(t, "a.txt")
	for _, tt := range []struct {
		name string
		args []string
		env  []string
		tty  bool
		want bool
	}{
		{"pipe", nil, nil, false, false},
		{"terminal", nil, nil, true, true},
		{"dumb terminal", nil, []string{"TERM=dumb"}, true, false},
		{"NO_COLOR", nil, []string{"NO_COLOR=1"}, true, false},
		{"NO_COLOR=0 counts too", nil, []string{"NO_COLOR=0"}, true, false},
		{"empty NO_COLOR", nil, []string{"NO_COLOR="}, true, true},
		{"FORCE_COLOR", nil, []string{"FORCE_COLOR=1"}, false, true},
		{"FORCE_COLOR before NO_COLOR", nil, []string{"FORCE_COLOR=1", "NO_COLOR=1"}, false, true},
		{"flag always", []string{"--color=always"}, []string{"NO_COLOR=1"}, false, true},
		{"flag never", []string{"--color", "never"}, []string{"FORCE_COLOR=1"}, true, false},
		{"flag auto", []string{"--color=auto"}, []string{"FORCE_COLOR=1"}, false, true},
		{"flag of check", []string{"check", "--color=always"}, nil, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRun(tt.env...)
			r.Terminal = func(io.Writer) (int, bool) { return 80, tt.tty }
			r.Main(t.Context(), append(tt.args, dir))
			if got := strings.Contains(r.out.String(), "\x1b["); got != tt.want {
				t.Errorf("colour %v, want %v", got, tt.want)
			}
		})
	}
}

func TestLineWidth(t *testing.T) {
	for _, tt := range []struct {
		columns  string
		terminal int
		want     int
	}{
		{"", 0, report.DefaultWidth}, {"120", 0, 120}, {"3", 0, report.DefaultWidth}, {"x", 0, report.DefaultWidth},
		{"999999", 0, report.DefaultWidth}, {"120", 80, 80}, {"", 10, 40},
	} {
		inv := &invocation{Command: &Command{
			Env:      func(string) string { return tt.columns },
			Terminal: func(io.Writer) (int, bool) { return tt.terminal, tt.terminal > 0 },
		}}
		if got := inv.lineWidth(io.Discard); got != tt.want {
			t.Errorf("COLUMNS=%q, terminal %d: width %d, want %d", tt.columns, tt.terminal, got, tt.want)
		}
	}
}

// fullDisk is an output that cannot be written.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestOutputFails(t *testing.T) {
	r := newRun()
	r.Out = fullDisk{}
	if status := r.Main(t.Context(), []string{"--lang=en", manyFiles(t, 40)}); status != exitFailure {
		t.Errorf("status %d", status)
	}
	if !strings.Contains(r.err.String(), "writing the report failed (stdout): no space left on device") {
		t.Errorf("stderr: %s", r.err.String())
	}
}

// TestHelpInBothLanguages: the help of every command says as much in either
// language, and English help is in English.
func TestHelpInBothLanguages(t *testing.T) {
	chinese := regexp.MustCompile(`\p{Han}+`)
	for _, cmd := range []string{"", "check", "rule", "schema", "config", "version", "completion", "help"} {
		help := map[string]string{}
		for _, l := range []string{"zh", "en"} {
			r := newRun(envLang + "=" + l)
			args := strings.Fields(cmd + " --help")
			if status := r.Main(t.Context(), args); status != exitClean || r.err.Len() > 0 {
				t.Errorf("%s: status %d, %s", cmd, status, r.err.String())
			}
			help[l] = r.out.String()
		}
		if !chinese.MatchString(help["zh"]) {
			t.Errorf("%s: no Chinese help:\n%s", cmd, help["zh"])
		}
		for _, han := range chinese.FindAllString(help["en"], -1) {
			if han != "项目支出绩效自评表" {
				t.Errorf("%s: Chinese in English help: %s", cmd, han)
			}
		}
		flag := regexp.MustCompile(`(?m)^ +(-\w, )?--[\w-]+`)
		if zh, en := flag.FindAllString(help["zh"], -1), flag.FindAllString(help["en"], -1); !slices.Equal(zh, en) || len(en) == 0 {
			t.Errorf("%s: flags differ: %q and %q", cmd, zh, en)
		}
		for line := range strings.Lines(help["en"]) {
			if w := report.Width(strings.TrimSuffix(line, "\n")); w > 110 {
				t.Errorf("%s: line of %d columns: %s", cmd, w, line)
			}
		}
	}
}

func TestCompletion(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		r := newRun()
		if status := r.Main(t.Context(), []string{"completion", shell}); status != exitClean || !strings.Contains(r.out.String(), toolName) {
			t.Errorf("%s: status %d, %d bytes", shell, status, r.out.Len())
		}
	}
	r := newRun()
	r.Main(t.Context(), []string{"__complete", "check", "--fail-on", ""})
	if !strings.Contains(r.out.String(), "never\n") {
		t.Errorf("--fail-on is completed to %q", r.out.String())
	}
	r = newRun()
	r.Main(t.Context(), []string{"__complete", "--format", ""})
	if !strings.Contains(r.out.String(), "ndjson\n") {
		t.Errorf("--format is completed to %q", r.out.String())
	}
}

func TestReadAll(t *testing.T) {
	for size := range int64(12) {
		for limit := range int64(12) {
			text := strings.Repeat("x", 10)
			got, err := readAll(strings.NewReader(text), size, limit)
			if err != nil || int64(len(got)) != min(10, limit+1) {
				t.Errorf("size %d, limit %d: %d bytes, %v", size, limit, len(got), err)
			}
		}
	}
	if _, err := readAll(iotestErr{}, 1, 1); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("error %v", err)
	}
}

type iotestErr struct{}

func (iotestErr) Read([]byte) (int, error) { return 0, fs.ErrPermission }

func TestAtomicFile(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "out.json")
	unfinished := &unfinishedFiles{names: map[string]bool{}}
	write := func(text string) *atomicFile {
		t.Helper()
		f, err := createAtomic(target, unfinished)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
		return f
	}
	content := func() string {
		b, err := os.ReadFile(target)
		if err != nil {
			return err.Error()
		}
		return string(b)
	}
	f := write("one")
	if _, err := os.Stat(target); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the file is there before it is complete")
	}
	if err := f.commit(); err != nil || content() != "one" {
		t.Errorf("committed %q, %v", content(), err)
	}
	if err := os.Chmod(target, 0o640); err != nil {
		t.Fatal(err)
	}
	write("two").discard()
	if content() != "one" {
		t.Errorf("discarded, but now %q", content())
	}
	if err := write("three").commit(); err != nil || content() != "three" {
		t.Errorf("replaced %q, %v", content(), err)
	}
	if info, err := os.Stat(target); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("mode not kept: %v, %v", info.Mode(), err)
	}
	link := filepath.Join(dir, "link.json")
	if err := os.Symlink("out.json", link); err != nil {
		t.Fatal(err)
	}
	through, err := createAtomic(link, unfinished)
	if err != nil {
		t.Fatal(err)
	}
	if err := through.commit(); err != nil || content() != "" {
		t.Errorf("through a link: %q, %v", content(), err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Error("the link was replaced")
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := createAtomic(dir, unfinished); err == nil {
		t.Error("a folder is accepted")
	}
	if len(unfinished.names) > 0 {
		t.Errorf("still known as unfinished: %v", unfinished.names)
	}
}

// A file that must be new leaves alone what came to its place while it was written, and
// nothing of its own behind.
func TestAtomicFileIsNew(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "form.xlsx")
	unfinished := &unfinishedFiles{names: map[string]bool{}}
	write := func() *atomicFile {
		t.Helper()
		f, err := createAtomic(target, unfinished)
		if err != nil {
			t.Fatal(err)
		}
		f.exclusive = true
		if _, err := f.WriteString("blank"); err != nil {
			t.Fatal(err)
		}
		return f
	}
	late := write()
	if err := os.WriteFile(target, []byte("filled in"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := late.commit(); !errors.Is(err, fs.ErrExist) {
		t.Errorf("committed over a file: %v", err)
	}
	if b, err := os.ReadFile(target); err != nil || string(b) != "filled in" {
		t.Errorf("the file is now %q, %v", b, err)
	}
	if err := os.Remove(target); err != nil {
		t.Fatal(err)
	}
	if err := write().commit(); err != nil {
		t.Error(err)
	}
	names, err := os.ReadDir(dir)
	if err != nil || len(names) != 1 || names[0].Name() != "form.xlsx" || len(unfinished.names) > 0 {
		t.Errorf("left behind: %v, %v; %v", names, err, unfinished.names)
	}
}

// TestRulePages prints what there is to say about every rule in every way.
func TestRulePages(t *testing.T) {
	for _, l := range []string{"zh", "en"} {
		for _, format := range []string{"text", "json", "markdown"} {
			for _, all := range []bool{false, true} {
				r := newRun()
				args := []string{"rule", "--lang", l, "--format", format}
				if all {
					args = append(args, "--all")
				}
				if status := r.Main(t.Context(), args); status != exitClean || r.err.Len() > 0 {
					t.Errorf("%v: status %d, %s", args, status, r.err.String())
				}
				for _, rule := range checks.All() {
					if !strings.Contains(r.out.String(), rule.Name) {
						t.Errorf("%v: no %s", args, rule.Name)
					}
				}
				if format == "json" && !json.Valid(r.out.Bytes()) {
					t.Errorf("%v: not JSON", args)
				}
			}
		}
	}
}

// GitHub's page is appended to the file that GitHub names; where that cannot be done,
// it is said, and the run stands.
func TestJobSummary(t *testing.T) {
	dir := files(t, "a.txt")
	page := filepath.Join(dir, "summary.md")
	if err := os.WriteFile(page, []byte("before\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		file, format, want, said string
	}{
		{page, "github", "before\n## jixiaolint\n", ""},
		{page, "json", "before\n## jixiaolint\n", ""},
		{filepath.Join(dir, "none", "summary.md"), "github", "", "cannot write the job summary"},
	} {
		r := newRun(envLang+"=en", envJobSummary+"="+tt.file)
		status := r.Main(t.Context(), []string{"-f", tt.format, filepath.Join(dir, "a.txt")})
		got, _ := os.ReadFile(tt.file)
		if status != exitProblems || !strings.HasPrefix(string(got), tt.want) || strings.Count(string(got), "## ") > 1 {
			t.Errorf("%s: status %d, page %q", tt.format, status, got)
		}
		if !strings.Contains(r.err.String(), tt.said) || (tt.said == "") != (r.err.Len() == 0) {
			t.Errorf("%s: said %q", tt.format, r.err.String())
		}
	}
}

// Editors and code scanning apply the fixes of a SARIF log as it says: by lines and
// columns in code points. The finding so fixed is gone then, and nothing is new.
func TestSARIFFixes(t *testing.T) {
	type region struct{ StartLine, StartColumn, EndColumn int }
	type result struct {
		RuleID              string
		PartialFingerprints map[string]string
		Locations           []struct{ PhysicalLocation struct{ Region region } }
		Fixes               []struct {
			ArtifactChanges []struct {
				Replacements []struct {
					DeletedRegion   region
					InsertedContent struct{ Text string }
				}
			}
		}
	}
	check := func(name string) []result {
		var out, errs bytes.Buffer
		c := &Command{In: bytes.NewReader(nil), Out: &out, Err: &errs, Env: func(string) string { return "" }}
		if status := c.Main(t.Context(), []string{"--no-config", "--level=note", "-f", "sarif", name}); status > exitProblems {
			t.Fatalf("status %d: %s", status, errs.String())
		}
		var log struct{ Runs []struct{ Results []result } }
		if err := json.Unmarshal(out.Bytes(), &log); err != nil {
			t.Fatal(err)
		}
		return log.Runs[0].Results
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "fixtures", "seeds", "forms.txt"))
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "forms.txt")
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	// A finding about a word that stands in several cells is mended cell by cell.
	id := func(r result) string {
		return fmt.Sprint(r.RuleID, r.PartialFingerprints, r.Locations[0].PhysicalLocation.Region)
	}
	// One after the other, as fixes of one cell may exclude each other.
	n := 0
	for results := check(name); n < 100; n++ {
		i := slices.IndexFunc(results, func(r result) bool { return len(r.Fixes) > 0 })
		if i < 0 {
			break
		}
		lines := strings.Split(string(text), "\n")
		for _, p := range results[i].Fixes[0].ArtifactChanges[0].Replacements {
			at := p.DeletedRegion
			line := []rune(lines[at.StartLine-1])
			lines[at.StartLine-1] = string(line[:at.StartColumn-1]) + p.InsertedContent.Text + string(line[at.EndColumn-1:])
		}
		text = []byte(strings.Join(lines, "\n"))
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
		before := results
		results = check(name)
		for _, r := range results {
			if id(r) == id(before[i]) {
				t.Fatalf("%s is still there", id(r))
			}
		}
		if len(results) > len(before) {
			t.Errorf("%s: %d findings before, %d after", id(before[i]), len(before), len(results))
		}
	}
	if n < 3 || n == 100 {
		t.Errorf("%d fixes", n)
	}
	// What a fix does not name stays, such as the labels in front of texts.
	for _, label := range []string{"预期目标:与阿", "实际完成情况:按照", "恢复开放条件。\t", "预期目标:按照【2022】5号要求"} {
		if !strings.Contains(string(text), label) {
			t.Errorf("no %q is left", label)
		}
	}
}

// config shows every value of the profile in force and who states it, and what it
// prints stays a configuration, whatever a profile of somebody's own holds.
func TestConfigShowsTheProfile(t *testing.T) {
	own := filepath.Join(t.TempDir(), "own.json")
	hostile := `{"name":"own","extends":"nmg","fund_rows":["a\u2028severity: {text: off}","b\u0085ignore: [text]"],"title":{"zh":"x\nignore: [text]"}}`
	if err := os.WriteFile(own, []byte(hostile), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range append(profileNames(), own) {
		p, err := loadProfile(name)
		if err == nil && p == nil {
			p, err = defaultProfile(nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		r := newRun(envLang + "=en")
		if status := r.Main(t.Context(), []string{"config", "--no-config", "--profile", name}); status != exitClean {
			t.Fatalf("%s: %s", name, r.err.String())
		}
		out := r.out.String()
		if !strings.Contains(out, strings.Join(p.Chain(), " → ")) {
			t.Errorf("%s: the chain %v is not shown", name, p.Chain())
		}
		for _, v := range p.Values() {
			if !regexp.MustCompile(`(?m)^#   ` + regexp.QuoteMeta(v.Pointer) + ` = .* \(` + regexp.QuoteMeta(v.From) + `: .+\)$`).MatchString(out) {
				t.Errorf("%s: %s is not shown", name, v.Pointer)
			}
		}
		c, err := config.Decode(config.FileName, "/", r.out.Bytes())
		if err != nil || c.Rules.Profile.Value != name || len(c.Rules.Ignore)+len(c.Rules.Severity) > 0 {
			t.Errorf("%s: what is printed is no configuration of the same meaning: %v", name, err)
		}
	}
}

// The reference in the repository is what the program prints: go test -update rewrites
// it.
func TestRuleReference(t *testing.T) {
	for l, name := range map[string]string{"zh": "RULES.md", "en": "RULES.en.md"} {
		r := newRun()
		if status := r.Main(t.Context(), []string{"rule", "--all", "--format", "markdown", "--no-config", "--lang", l}); status != exitClean {
			t.Fatal(r.err.String())
		}
		name = filepath.Join("..", "..", "checks", name)
		if *update {
			if err := os.WriteFile(name, r.out.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(want, r.out.Bytes()) {
			t.Errorf("%s is out of date: go test ./cmd/jixiaolint -run TestRuleReference -update", name)
		}
	}
}

// What a page says to copy into a configuration can be copied, and silences the rule.
func TestSilenceCanBeCopied(t *testing.T) {
	for _, l := range []lang.Lang{lang.ZH, lang.EN} {
		p := &rulePrinter{lang: l}
		for _, rule := range checks.All() {
			c, err := config.Decode(config.FileName, "/", []byte(p.silence(rule.Name, rule.Group).code))
			if err != nil || c.Rules.Severity[rule.Name].Value != checks.Off || len(c.Suppressions) != 1 || c.Suppressions[0].Rule != rule.Name {
				t.Errorf("%s: %v", rule.Name, err)
			}
		}
	}
}

// Text of profiles and forms is neither markup nor control characters on a page.
func TestPointIsInert(t *testing.T) {
	p := point{parts: []string{"<b> *x* ", "a\x1b*b", " [c](d)"}}
	if got, want := p.markdown(), "&lt;b> \\*x\\* `a␛*b` \\[c](d)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := p.text(), "<b> *x* a␛*b [c](d)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A suppression holds to the end of its last day, by the clock of the invocation.
func TestSuppressionExpires(t *testing.T) {
	dir := files(t, "a.txt")
	entry := "suppressions: [{rule: unreadable-file, file: a.txt, reason: known, expires: 2026-06-30}]\n"
	if err := os.WriteFile(filepath.Join(dir, config.FileName), []byte(entry), 0o600); err != nil {
		t.Fatal(err)
	}
	zone := time.FixedZone("UTC+8", 8*3600)
	for _, tt := range []struct {
		now    time.Time
		status int
		want   string
	}{
		{time.Date(2026, 6, 30, 23, 59, 59, 0, zone), exitClean, "no other problems; configuration "},
		{time.Date(2026, 7, 1, 0, 0, 0, 0, zone), exitProblems, "notice[expired-suppression]: the suppression of unreadable-file expired on 2026-06-30"},
	} {
		r := newRun(envLang + "=en")
		r.Now = func() time.Time { return tt.now }
		if status := r.Main(t.Context(), []string{dir}); status != tt.status || !strings.Contains(r.out.String(), tt.want) {
			t.Errorf("%s: status %d:\n%s", tt.now, status, r.out.String())
		}
	}
}

// A run that was interrupted has not seen all findings: it writes no baseline and calls
// nothing fixed or unused.
func TestInterruptWritesNoBaseline(t *testing.T) {
	dir := manyFiles(t, 20)
	base := filepath.Join(t.TempDir(), "base.json")
	if status := newRun().Main(t.Context(), []string{"--write-baseline", base, dir}); status != exitProblems {
		t.Fatalf("status %d", status)
	}
	before, err := os.ReadFile(base)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	r := newRun(envLang + "=en")
	check := r.check
	var checked atomic.Int32
	r.check = func(ctx context.Context, doc *schema.Document, o checks.Options) checks.FileReport {
		if checked.Add(1) == 5 {
			cancel()
		}
		return check(ctx, doc, o)
	}
	if status := r.Main(ctx, []string{"--baseline", base, "--write-baseline", base, dir}); status != exitInterrupted {
		t.Errorf("status %d: %s", status, r.err.String())
	}
	after, err := os.ReadFile(base)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the baseline was changed: %v", err)
	}
	if strings.Contains(r.out.String(), "notice[") {
		t.Errorf("something is judged:\n%s", r.out.String())
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(base), ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
