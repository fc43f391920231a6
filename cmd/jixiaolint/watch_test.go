package main

import (
	"context"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/intake"
	"jixiaolint/schema/lang"
)

// watched is a run of check --watch in a bubble with a clock of its own. Every word of a
// file is a finding.
type watched struct {
	t   *testing.T
	run *run
	dir string
	end chan int
	out transcript
}

// transcript holds what was printed and not yet looked at.
type transcript struct {
	mu   sync.Mutex
	text strings.Builder
}

func (o *transcript) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *transcript) take() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	s := o.text.String()
	o.text.Reset()
	return s
}

// watchTest starts a run over the named paths of a folder, with a terminal or not, and
// hands it to steps, which run in the same bubble; then it is interrupted.
func watchTest(t *testing.T, dir string, terminal bool, args []string, steps func(*watched)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, interrupt := context.WithCancel(t.Context())
		w := &watched{t: t, run: newRun(), dir: dir, end: make(chan int, 1)}
		w.run.read = func(_ context.Context, name string, data []byte, _ intake.Options) iter.Seq[*schema.Document] {
			return func(yield func(*schema.Document) bool) {
				doc := &schema.Document{File: name}
				for _, word := range strings.Fields(string(data)) {
					rule := schema.RuleSchemaViolation
					if word == "broken" {
						rule = schema.RuleUnreadableFile
					}
					doc.Problems = append(doc.Problems, schema.Problem{
						Rule: rule, Message: lang.T(word, word), At: schema.Field{At: grid.Location{File: name}},
					})
				}
				yield(doc)
			}
		}
		w.run.Terminal = func(io.Writer) (int, bool) { return 100, terminal }
		w.run.Out, w.run.Err = &w.out, &w.out
		go func() { w.end <- w.run.Main(ctx, append([]string{"--watch", "--color", "never", "-j", "1"}, args...)) }()
		steps(w)
		interrupt()
		synctest.Wait()
		select {
		case status := <-w.end:
			if status != exitInterrupted {
				t.Errorf("status %d after an interrupt", status)
			}
		default:
			t.Error("an interrupt does not end the run")
		}
	})
}

// next lets time pass and gives what was printed meanwhile.
func (w *watched) next(pass time.Duration) string {
	time.Sleep(pass)
	synctest.Wait()
	return w.out.take()
}

// expect lets so much time pass that a save has been noticed, and holds what is printed
// to have all of the parts; without parts, to be nothing.
func (w *watched) expect(parts ...string) {
	w.t.Helper()
	got := w.next(10 * watchEvery)
	if len(parts) == 0 && got != "" {
		w.t.Errorf("printed although nothing was saved:\n%s", got)
	}
	for _, part := range parts {
		if !strings.Contains(got, part) {
			w.t.Errorf("lacks %q:\n%s", part, got)
		}
	}
	if n := strings.Count(got, "按 Ctrl-C 结束"); len(parts) > 0 && n != 1 {
		w.t.Errorf("checked %d times:\n%s", n, got)
	}
}

func (w *watched) file(name string) string { return filepath.Join(w.dir, name) }

// must ends a test whose own files cannot be handled.
func (w *watched) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *watched) write(name, text string) {
	w.t.Helper()
	w.must(os.WriteFile(w.file(name), []byte(text), 0o600))
}

// However an editor saves a file, it is checked again, once, when it is complete.
func TestWatchSaves(t *testing.T) {
	dir := files(t, "form.txt")
	form := filepath.Join(dir, "form.txt")
	watchTest(t, dir, false, []string{form}, func(w *watched) {
		w.expect("form.txt", "共 1 个问题；保存文件后自动重新检查")
		w.expect()

		// Written in place, in parts: not before the last one.
		w.write("form.txt", "")
		w.next(watchEvery)
		w.write("form.txt", "one")
		w.next(watchEvery)
		w.write("form.txt", "one two three")
		w.expect("three", "共 3 个问题，比上次多 2 个")

		// Another file moved over it.
		w.write("form.tmp", "one two")
		w.must(os.Rename(w.file("form.tmp"), form))
		w.expect("two", "比上次少 1 个")

		// Saved so that it cannot be read: that nothing else is found in it is no progress.
		w.write("form.txt", "broken")
		w.expect("broken", "没有查完")
		w.write("form.txt", "one two")
		w.expect("two", "与上次一样多")

		// Deleted, and created anew; with the lock files of Office beside it.
		w.write("~$form.txt", "lock")
		w.write(".~lock.form.txt#", "lock")
		w.must(os.Remove(form))
		if got := w.next(2 * watchEvery); got != "" {
			t.Errorf("a file that is being replaced is reported:\n%s", got)
		}
		w.write("form.txt", "four five")
		w.expect("four", "与上次一样多")
		w.must(os.Remove(w.file("~$form.txt")))
		w.expect()

		// Gone for good, and back after a while: the last check of all files counts.
		w.must(os.Rename(form, w.file("elsewhere.txt")))
		w.expect("找不到", "没有查完")
		w.expect()
		w.write("form.txt", "six")
		w.expect("six", "比上次少 1 个")
	})
}

// In a folder, files may come and go; what the run writes there is not watched, and
// reports in files are always those of the last check.
func TestWatchFolder(t *testing.T) {
	dir := files(t, "a.txt", "b/c.txt")
	report := filepath.Join(dir, "report.csv")
	watchTest(t, dir, false, []string{"-f", "text", "-f", "csv=" + report, dir}, func(w *watched) {
		w.expect("a.txt", "c.txt", "共 2 个问题")
		w.expect()
		w.write("b/d.txt", "new")
		w.expect("d.txt", "比上次多 1 个")
		csv, err := os.ReadFile(report)
		w.must(err)
		if !strings.Contains(string(csv), "d.txt") {
			t.Errorf("the report was not written again:\n%s", csv)
		}
		w.write("b/picture.bin", "no form")
		w.expect()
		w.must(os.RemoveAll(w.file("b")))
		w.expect("比上次少 2 个")
	})
}

// A change of the configuration counts as a save, and a configuration that is wrong for a
// while does not end the run.
func TestWatchConfiguration(t *testing.T) {
	dir := files(t, "form.txt")
	t.Chdir(dir)
	watchTest(t, dir, false, []string{"form.txt"}, func(w *watched) {
		w.expect("共 1 个问题")
		w.write(".jixiaolint.yaml", "nonsense: 1\n")
		w.expect("nonsense", "没有查完")
		w.write(".jixiaolint.yaml", "level: note\n")
		w.expect("共 1 个问题")
	})
}

// So does a change of a profile that only the configuration names, of one that this
// extends, and of one that is not there yet.
func TestWatchProfile(t *testing.T) {
	dir := files(t, "form.txt")
	t.Chdir(dir)
	watchTest(t, dir, false, []string{"form.txt"}, func(w *watched) {
		w.expect("共 1 个问题")
		w.write(".jixiaolint.yaml", "profile: city.json\n")
		w.expect("没有查完")
		w.write("city.json", `{"name": "city", "extends": "province.json"}`)
		w.expect("没有查完")
		w.write("province.json", `{"name": "province", "extends": "nmg"}`)
		w.expect("共 1 个问题")
		w.expect()
		w.write("province.json", `{"nonsense": 1}`)
		w.expect("province.json:1:1", "没有查完")
	})
}

// So it is in any folder above a form, whether there are forms in that one or not.
func TestWatchConfigurationBetween(t *testing.T) {
	dir := files(t, "a/b/form.txt")
	watchTest(t, dir, false, []string{dir}, func(w *watched) {
		w.expect("共 1 个问题")
		w.write("a/.jixiaolint.yaml", "nonsense: 1\n")
		w.expect("nonsense")
	})
}

// On a terminal the last check is cleared away; elsewhere it stays.
func TestWatchClears(t *testing.T) {
	for _, terminal := range []bool{false, true} {
		dir := files(t, "form.txt")
		watchTest(t, dir, terminal, []string{"--progress", "never", filepath.Join(dir, "form.txt")}, func(w *watched) {
			w.expect("共 1 个问题")
			w.write("form.txt", "once more")
			if got := w.next(10 * watchEvery); strings.HasPrefix(got, "\x1b[H\x1b[2J") != terminal {
				t.Errorf("terminal %v: %q", terminal, got)
			}
		})
	}
}

// What cannot be watched is refused.
func TestWatchRefuses(t *testing.T) {
	for _, args := range [][]string{
		{"-"}, {"--files-from", "-"}, {"--write-baseline", "b.json", "x.txt"}, {},
	} {
		r := newRun()
		if status := r.Main(t.Context(), append([]string{"--watch"}, args...)); status != exitFailure || r.err.Len() == 0 {
			t.Errorf("%v: status %d, %s", args, status, r.err.String())
		}
	}
}

// Whatever is seen between two saves, a check is due once things have settled.
func TestSettling(t *testing.T) {
	state := func(c rune) look {
		if c == '-' {
			return look{missing: true}
		}
		return look{files: map[string]stamp{"form.txt": {size: int64(c)}}}
	}
	for looks, want := range map[string]string{
		"aaaa":          "....",
		"bbbb":          ".x..",
		"bcdd":          "...x",
		"bbab":          ".x..",
		"baaa":          "....",
		"--bb":          "...x",
		"-------------": "......x......",
		"-----a":        "......",
		"-------aaa":    "......x.x.",
	} {
		s := settling{checked: state('a')}
		var got strings.Builder
		for _, c := range looks {
			now := state(c)
			if s.due(now) {
				s.checked = now
				got.WriteByte('x')
			} else {
				got.WriteByte('.')
			}
		}
		if got.String() != want {
			t.Errorf("%s: %s, want %s", looks, got.String(), want)
		}
	}
}
