package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"jixiaolint/checks"
	"jixiaolint/cmd/jixiaolint/report"
	"jixiaolint/schema"
	"jixiaolint/schema/lang"
)

// screen is a terminal that shows what was written to it: a carriage return goes back
// to the start of the line, and what is written there replaces what was there.
type screen struct {
	columns int

	mu    sync.Mutex
	lines []string
	line  []rune
	at    int
	// past holds every state of the last line, and wrapped is set if one was too long.
	past    []string
	wrapped bool
}

// Write shows text. A double-width character is one of two cells, the second empty.
func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	put := func(r rune) {
		if s.at == len(s.line) {
			s.line = append(s.line, 0)
		}
		s.line[s.at] = r
		s.at++
	}
	for _, r := range string(b) {
		switch r {
		case '\r':
			s.at = 0
		case '\n':
			s.lines = append(s.lines, s.text())
			s.line, s.at = nil, 0
		default:
			put(r)
			if report.Width(string(r)) == 2 {
				put(0)
			}
		}
		s.wrapped = s.wrapped || s.columns > 0 && len(s.line) >= s.columns
	}
	s.past = append(s.past, s.text())
	return len(b), nil
}

func (s *screen) text() string {
	return strings.TrimRight(strings.ReplaceAll(string(s.line), "\x00", ""), " ")
}

// all gives everything that is on the screen.
func (s *screen) all() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(append(s.lines, s.text()), "\n")
}

// slowRun is a run on a terminal in which every file takes a while.
func slowRun(columns int, each time.Duration) (*run, *screen) {
	r, s := newRun(), &screen{}
	r.Out, r.Err = s, s
	r.Terminal = func(io.Writer) (int, bool) { return columns, true }
	check := r.check
	r.check = func(ctx context.Context, doc *schema.Document, o checks.Options) checks.FileReport {
		select {
		case <-time.After(each):
		case <-ctx.Done():
		}
		return check(ctx, doc, o)
	}
	return r, s
}

var reProgress = regexp.MustCompile(`^检查中 (\d+)/40 个文件，错误 (\d+)，警告 0(，还需约 (\d+) 秒)?$`)

// TestProgress: a long run tells how far it is, with the time left, on a terminal that
// is that of the report too, and leaves nothing of it there.
func TestProgress(t *testing.T) {
	dir := manyFiles(t, 40)
	plain := newRun()
	plain.Main(t.Context(), []string{"-j", "2", dir})
	synctest.Test(t, func(t *testing.T) {
		r, s := slowRun(100, 300*time.Millisecond)
		if status := r.Main(t.Context(), []string{"-j", "2", "--color", "never", dir}); status != exitProblems {
			t.Fatalf("status %d: %s", status, s.all())
		}
		if got := s.all(); got != plain.out.String() {
			t.Errorf("the screen shows\n%s\nwant\n%s", got, plain.out.String())
		}
		seen, last, left := 0, -1, 1000
		for _, line := range s.past {
			m := reProgress.FindStringSubmatch(line)
			if m == nil {
				if strings.Contains(line, "检查中") {
					t.Errorf("line %q", line)
				}
				continue
			}
			var checked, errors, seconds int
			_, _ = fmt.Sscan(m[1]+" "+m[2]+" "+m[4], &checked, &errors, &seconds)
			if checked < last || checked != errors || seconds > left+1 {
				t.Errorf("line %q after %d files and %d seconds left", line, last, left)
			}
			if checked < 40 && m[4] == "" {
				t.Errorf("no time left in %q", line)
			}
			// 40 files at 300 ms on two workers take 6 seconds.
			if want := (40 - checked) * 300 / 2000; checked < 40 && (seconds < want-1 || seconds > want+2) {
				t.Errorf("after %d files %d seconds are left", checked, seconds)
			}
			seen, last = seen+1, checked
			if m[4] != "" {
				left = seconds
			}
		}
		if seen < 20 {
			t.Errorf("progress was shown %d times: %q", seen, s.past)
		}
	})
}

// TestNoProgress: nothing is shown of a short run, where it is not wanted, and where
// the error stream is no terminal.
func TestNoProgress(t *testing.T) {
	dir := manyFiles(t, 4)
	for name, tt := range map[string]struct {
		each     time.Duration
		args     []string
		terminal bool
	}{
		"short":       {200 * time.Millisecond, nil, true},
		"never":       {time.Second, []string{"--progress", "never"}, true},
		"no terminal": {time.Second, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, s := slowRun(100, tt.each)
				r.Terminal = func(io.Writer) (int, bool) { return 100, tt.terminal }
				r.Main(t.Context(), append(tt.args, "-j", "1", dir))
				if got := strings.Join(s.past, "\n"); strings.Contains(got, "检查中") || !strings.Contains(s.all(), "检查了 4 个文件") {
					t.Errorf("the screen showed %s", got)
				}
			})
		})
	}
}

// TestProgressAndInterrupt: what was found so far is printed in place of the progress,
// and no goroutine of the progress is left, which synctest watches.
func TestProgressAndInterrupt(t *testing.T) {
	dir := manyFiles(t, 30)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer cancel()
		r, s := slowRun(100, time.Second)
		status := r.Main(ctx, []string{"-j", "1", "-q", "--color", "never", dir})
		synctest.Wait()
		if got := s.all(); status != exitInterrupted || strings.Count(got, "-->") != 2 || strings.Contains(got, "检查中") {
			t.Errorf("status %d, the screen shows\n%s", status, got)
		}
	})
}

// TestProgressWhileWriting: while the reports are completed, the line says so, and after
// an interrupt that it was taken; no time left is promised.
func TestProgressWhileWriting(t *testing.T) {
	c := progressCounts{checked: 7, found: 40, walked: true, errors: 2, writing: true}
	if got := c.line(lang.ZH, 80); got != "正在写报告：7 个文件，错误 2，警告 0" {
		t.Error(got)
	}
	c.interrupted = true
	if got := c.line(lang.EN, 80); got != "interrupted, writing the reports: 7 files, errors 2, warnings 0" {
		t.Error(got)
	}
}

// TestProgressBesideUnfinishedLines: a line that is still being written is not drawn
// over.
func TestProgressBesideUnfinishedLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &screen{}
		c := &Command{Out: s, Err: s, Env: func(string) string { return "" }, Terminal: func(io.Writer) (int, bool) { return 80, true }}
		inv := &invocation{Command: c, lang: lang.EN}
		p := inv.startProgress(newCheckFlags(), nil)
		_, _ = io.WriteString(inv.Out, `{"findings":[`)
		time.Sleep(2 * time.Second)
		if got := s.all(); got != `{"findings":[` {
			t.Errorf("the screen shows %q", got)
		}
		_, _ = io.WriteString(inv.Out, "]}\n")
		time.Sleep(time.Second)
		if got := s.all(); got != "{\"findings\":[]}\nchecking: 0 files, errors 0, warnings 0" {
			t.Errorf("the screen shows %q", got)
		}
		p.stop()
		if got := s.all(); got != "{\"findings\":[]}\n" || inv.Command != c {
			t.Errorf("after its end the screen shows %q", got)
		}
	})
}

// TestProgressFits: whatever the width, the line never fills it, and what matters least
// goes first.
func TestProgressFits(t *testing.T) {
	c := progressCounts{checked: 312, found: 1000, walked: true, errors: 45, warnings: 120, notes: 7, left: 12 * time.Second}
	for _, tt := range []struct {
		lang    lang.Lang
		columns int
		want    string
	}{
		{lang.ZH, 100, "检查中 312/1000 个文件，错误 45，警告 120，提示 7，还需约 12 秒"},
		{lang.ZH, 62, "检查中 312/1000 个文件，错误 45，警告 120，提示 7"},
		{lang.ZH, 30, "检查中 312/1000 个文件"},
		{lang.ZH, 22, "检查中 312/1000 个文件"},
		{lang.ZH, 21, ""},
		{lang.EN, 100, "checking: 312/1000 files, errors 45, warnings 120, notes 7, about 12 s left"},
		{lang.EN, 45, "checking: 312/1000 files, errors 45"},
	} {
		if got := c.line(tt.lang, tt.columns); got != tt.want {
			t.Errorf("%d columns: %q, want %q", tt.columns, got, tt.want)
		}
	}
	for columns := range 90 {
		synctest.Test(t, func(t *testing.T) {
			s := &screen{columns: columns}
			inv := &invocation{lang: lang.ZH, Command: &Command{
				Out: s, Err: s, Env: func(string) string { return "" }, Terminal: func(io.Writer) (int, bool) { return max(columns, 1), true },
			}}
			p := inv.startProgress(newCheckFlags(), nil)
			p.update(func(counts *progressCounts) { *counts = c })
			time.Sleep(2 * time.Second)
			p.stop()
			if s.wrapped {
				t.Errorf("%d columns: the line fills the terminal: %q", columns, s.past)
			}
		})
	}
}

// TestWalkAhead: files are counted ahead of their turn, up to a bound, and the walk ends
// with the run.
func TestWalkAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, pulled := &progress{}, 0
		endless := func(yield func(item) bool) {
			for pulled++; yield(item{name: "x"}); pulled++ {
			}
		}
		n := 0
		for range p.ahead(endless) {
			if n++; n == 3 {
				synctest.Wait()
				break
			}
		}
		synctest.Wait()
		if most := maxAhead + 4; pulled > most || pulled < maxAhead || p.counts.found != pulled || p.counts.walked {
			t.Errorf("pulled %d, found %d", pulled, p.counts.found)
		}
		few := []item{{name: "a"}, {notice: lang.T("过", "passed over")}, {name: "b"}}
		var got []item
		p = &progress{}
		for i := range p.ahead(func(yield func(item) bool) {
			for _, i := range few {
				if !yield(i) {
					return
				}
			}
		}) {
			got = append(got, i)
		}
		if len(got) != 3 || got[2].name != "b" || p.counts.found != 2 || !p.counts.walked {
			t.Errorf("items %v, counts %+v", got, p.counts)
		}
	})
}

func TestThroughput(t *testing.T) {
	var s throughput
	if s.left(10) != 0 {
		t.Error("time left before anything is known")
	}
	for range 100 {
		s.add(4, 200*time.Millisecond)
	}
	if got := s.left(100); got.Round(time.Millisecond) != 5*time.Second {
		t.Errorf("100 files at 20 a second take %v", got)
	}
	// A pause of the program is no slowness of the checks.
	s.add(0, time.Hour)
	if got := s.left(100); got > 6*time.Second {
		t.Errorf("after a pause: %v", got)
	}
	// One slow look changes little, a lasting change soon counts.
	s.add(0, 200*time.Millisecond)
	if got := s.left(100); got > 6*time.Second {
		t.Errorf("after a slow file: %v", got)
	}
	for range 150 {
		s.add(1, 200*time.Millisecond)
	}
	if got := s.left(100); got < 15*time.Second || got > 21*time.Second {
		t.Errorf("after 30 slow seconds: %v", got)
	}
	if s.left(0) != 0 || s.left(1<<40) != 0 {
		t.Error("time left where none can be told")
	}
}

func TestTimeLeft(t *testing.T) {
	for d, want := range map[time.Duration]string{
		time.Millisecond: "about 1 s left", 11*time.Second + 1: "about 12 s left", time.Minute: "about 60 s left",
		61 * time.Second: "about 2 min left", time.Hour: "about 60 min left", 90 * time.Minute: "about 2 h left",
	} {
		if got := timeLeft(d).EN; got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
}

// TestProgressOfPaths: a path that cannot be checked counts like a file, so that the
// count reaches the total.
func TestProgressOfPaths(t *testing.T) {
	dir := manyFiles(t, 2)
	synctest.Test(t, func(t *testing.T) {
		r, s := slowRun(100, 2*time.Second)
		r.Main(t.Context(), []string{"-j", "1", "--lang", "en", dir + "/missing", dir, filepath.Join(dir, "d0", "f000.txt")})
		if all := strings.Join(s.past, "\n"); !strings.Contains(all, "checking: 2/3 files, errors 1, warnings 0, about") {
			t.Errorf("the screen showed %s", all)
		}
	})
}
