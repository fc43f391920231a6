package main

import (
	"io"
	"iter"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"jixiaolint/checks"
	"jixiaolint/cmd/jixiaolint/report"
	"jixiaolint/schema/lang"
)

const (
	// progressDelay is how long a run lasts before it shows progress; shorter ones
	// would only flicker.
	progressDelay = time.Second
	// progressEvery is the time between two looks at how far the run is.
	progressEvery = 200 * time.Millisecond
	// maxAhead bounds the files that are found before their turn to be checked comes,
	// so that memory does not grow with the number of files.
	maxAhead = 1 << 16
)

// progress shows on the terminal of the error stream how far a run is: one line,
// rewritten in place, and taken away before anything else is printed on a terminal.
// A nil progress shows nothing.
type progress struct {
	inv *invocation
	// original is the command whose outputs are guarded while the progress is shown.
	original *Command
	start    time.Time
	quit     chan struct{}
	ended    sync.WaitGroup

	mu sync.Mutex
	// columns is the width of the line that is on the screen, 0 if there is none.
	columns int
	// within is set when the last text printed did not end its line: drawing there
	// would overwrite it.
	within bool
	counts progressCounts
	speed  throughput
	// looked and checked are when the run was last looked at, and how far it was.
	looked  time.Time
	checked int
}

// progressCounts say how far a run is. Notes counts only if notes are asked for.
type progressCounts struct {
	checked, found          int
	walked                  bool // found is the number of all files
	errors, warnings, notes int
	left                    time.Duration // 0 if it is not known
	// writing is set when nothing more is checked and the reports are completed, and
	// interrupted if that was not the end.
	writing, interrupted bool
}

// startProgress shows the progress of the run from now on, if anybody is there to see
// it. Until stop, what the invocation prints on a terminal takes the line away first.
func (inv *invocation) startProgress(o *checkFlags, paths []string) *progress {
	_, ok := inv.terminal(inv.Err)
	typing := inv.typing() && (o.filesFrom == stdinPath || slices.Contains(paths, stdinPath))
	if !ok || typing || o.progress.value == "never" {
		return nil
	}
	p := &progress{inv: inv, original: inv.Command, start: inv.now(), quit: make(chan struct{})}
	p.looked = p.start
	guarded := *inv.Command
	guarded.Err = &guardedWriter{inv.Err, p}
	if _, ok := inv.terminal(inv.Out); ok {
		guarded.Out = &guardedWriter{inv.Out, p}
	}
	inv.Command = &guarded
	p.ended.Go(func() {
		ticker := time.NewTicker(progressEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				p.look()
			case <-p.quit:
				return
			}
		}
	})
	return p
}

// typing reports whether standard input is a terminal: while somebody types what is to
// be checked, nothing must be drawn.
func (inv *invocation) typing() bool {
	f, isFile := inv.In.(*os.File)
	if !isFile {
		return false
	}
	_, ok := inv.terminal(f)
	return ok
}

// stop ends the progress and takes it off the screen.
func (p *progress) stop() {
	if p == nil {
		return
	}
	close(p.quit)
	p.ended.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
	p.inv.Command = p.original
}

// ahead finds files before their turn comes, so that their number, and with it the
// time left, is known early.
func (p *progress) ahead(items iter.Seq[item]) iter.Seq[item] {
	if p == nil {
		return items
	}
	return func(yield func(item) bool) {
		queue, quit := make(chan item, maxAhead), make(chan struct{})
		defer close(quit)
		go func() {
			defer close(queue)
			for i := range items {
				p.update(func(c *progressCounts) {
					if i.notice.IsZero() {
						c.found++
					}
				})
				select {
				case queue <- i:
				case <-quit:
					return
				}
			}
			p.update(func(c *progressCounts) { c.walked = true })
		}()
		for i := range queue {
			if !yield(i) {
				return
			}
		}
	}
}

// count counts each outcome, with all that the summary holds after it is handed on.
func (p *progress) count(s *report.Summary, emit func(outcome) error) func(outcome) error {
	if p == nil {
		return emit
	}
	return func(out outcome) error {
		err := emit(out)
		p.update(func(c *progressCounts) {
			if out.notice.IsZero() {
				c.checked++
			}
			c.errors, c.warnings = s.Errors, s.Warnings
			if s.Level <= checks.Note {
				c.notes = s.Notes
			}
		})
		return err
	}
}

// writing says that the reports are completed now: after an interrupt nothing else tells
// that it was taken.
func (p *progress) writing(interrupted bool) {
	if p == nil {
		return
	}
	p.update(func(c *progressCounts) { c.writing, c.interrupted = true, interrupted })
	p.look()
}

func (p *progress) update(change func(*progressCounts)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.counts)
}

// look takes the speed of the run and draws the line anew.
func (p *progress) look() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.inv.now()
	p.speed.add(p.counts.checked-p.checked, now.Sub(p.looked))
	p.looked, p.checked = now, p.counts.checked
	if now.Sub(p.start) < progressDelay || p.within {
		return
	}
	counts := p.counts
	if counts.walked && !counts.writing {
		counts.left = p.speed.left(counts.found - counts.checked)
	}
	// The last column stays free: many terminals start a new line when it is filled.
	line := counts.line(p.inv.lang, p.width()-1)
	columns := report.Width(line)
	// Nothing can be done about a terminal that cannot be written.
	_, _ = io.WriteString(p.original.Err, "\r"+line+strings.Repeat(" ", max(0, p.columns-columns))+"\r")
	p.columns = columns
}

// width gives the width of the terminal as it is now.
func (p *progress) width() int {
	if width, _ := p.original.terminal(p.original.Err); width > 0 {
		return width
	}
	return p.inv.lineWidth(p.original.Err)
}

// erase takes the line off the screen. Blanks do so on every terminal.
func (p *progress) erase() {
	if p.columns > 0 {
		_, _ = io.WriteString(p.original.Err, "\r"+strings.Repeat(" ", p.columns)+"\r")
		p.columns = 0
	}
}

// guardedWriter writes to a terminal that shows progress.
type guardedWriter struct {
	io.Writer
	p *progress
}

// Write takes the progress off the screen first.
func (g *guardedWriter) Write(b []byte) (int, error) {
	g.p.mu.Lock()
	defer g.p.mu.Unlock()
	g.p.erase()
	if len(b) > 0 {
		g.p.within = b[len(b)-1] != '\n'
	}
	return g.Writer.Write(b)
}

// line words the counts in no more columns than there are, leaving out what matters
// least.
func (c *progressCounts) line(l lang.Lang, columns int) string {
	parts := []lang.Text{lang.F("检查中 %d 个文件", "checking: %d files", c.checked)}
	if c.walked {
		parts[0] = lang.F("检查中 %[1]d/%[2]d 个文件", "checking: %[1]d/%[2]d files", c.checked, c.found)
	}
	switch {
	case c.interrupted:
		parts[0] = lang.F("已中断，正在写报告：%d 个文件", "interrupted, writing the reports: %d files", c.checked)
	case c.writing:
		parts[0] = lang.F("正在写报告：%d 个文件", "writing the reports: %d files", c.checked)
	}
	parts = append(parts, lang.F("错误 %d", "errors %d", c.errors), lang.F("警告 %d", "warnings %d", c.warnings))
	if c.notes > 0 {
		parts = append(parts, lang.F("提示 %d", "notes %d", c.notes))
	}
	if c.left > 0 {
		parts = append(parts, timeLeft(c.left))
	}
	line := ""
	for i, p := range parts {
		longer := line
		if i > 0 {
			longer += lang.T("，", ", ").In(l)
		}
		if longer += p.In(l); report.Width(longer) > columns {
			break
		}
		line = longer
	}
	return line
}

// timeLeft words a time as exactly as it can be known.
func timeLeft(d time.Duration) lang.Text {
	up := func(unit time.Duration) int { return int((d + unit - 1) / unit) }
	switch {
	case d <= time.Minute:
		return lang.F("还需约 %d 秒", "about %d s left", up(time.Second))
	case d <= time.Hour:
		return lang.F("还需约 %d 分钟", "about %d min left", up(time.Minute))
	}
	return lang.F("还需约 %d 小时", "about %d h left", up(time.Hour))
}

// throughput is how fast files were checked of late: their number and the time they
// took, both of which lose weight with age.
type throughput struct{ files, seconds float64 }

// add counts the files of some time. Of a long pause, in which the program was stopped
// or the machine slept, only a second counts.
func (t *throughput) add(files int, took time.Duration) {
	const memory = 10 // seconds
	seconds := min(took, time.Second).Seconds()
	keep := math.Exp(-seconds / memory)
	t.files = t.files*keep + float64(files)
	t.seconds = t.seconds*keep + seconds
}

// left gives the time that a number of files will take, 0 if nothing can be said.
func (t *throughput) left(files int) time.Duration {
	const most = 100 * 3600
	if files <= 0 || t.files == 0 {
		return 0
	}
	seconds := float64(files) * t.seconds / t.files
	if seconds > most {
		return 0
	}
	return time.Duration(seconds * float64(time.Second))
}
