package report

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"jixiaolint/checks"
)

// manyForms feeds a renderer with forms until there are so many and gives what is held
// then, in bytes.
func manyForms(t testing.TB, r Renderer, report checks.FileReport, from, to int) uint64 {
	t.Helper()
	for i := from; i < to; i++ {
		report.File = fmt.Sprintf("folder/form-%06d.xlsx", i)
		if err := r.File(report); err != nil {
			t.Fatal(err)
		}
	}
	var m runtime.MemStats
	// Pools let go of what they hold at the second collection.
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestMemory: no renderer keeps findings in memory. What stays of a form is a few words
// for the lists at the end, far less than the report on it.
func TestMemory(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	report := seed(t, "seeds/5-yiqing.xlsx")
	findings := uint64(len(report.Findings))
	if findings < 30 {
		t.Fatalf("only %d findings", findings)
	}
	const forms = 100
	for _, f := range Formats() {
		t.Run(string(f), func(t *testing.T) {
			most := uint64(1 << 10) // for each form
			if f == Summarised {
				most += 2 * 200 * findings // the links, of which a sheet has no more than 65,000
			}
			r, err := New(io.Discard, f, Options{Tool: "jixiaolint", Version: "0.1.0", JobSummary: io.Discard, Link: func(f string) string { return f }})
			if err != nil {
				t.Fatal(err)
			}
			if f == GitHub {
				manyForms(t, r, report, 0, forms) // up to the bound of the job's summary
			}
			few := manyForms(t, r, report, forms, 2*forms)
			many := manyForms(t, r, report, 2*forms, 5*forms)
			if many > few && (many-few)/(3*forms) > most {
				t.Errorf("%d bytes stay of each form", (many-few)/(3*forms))
			}
			if d, ok := r.(Discarder); ok {
				d.Discard()
			}
		})
	}
	left, err := os.ReadDir(os.TempDir())
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestWaiting: what waits comes back as it was written, however much it is, and leaves
// no file behind.
func TestWaiting(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for _, n := range []int{0, 1, 1000, 40_000} {
		var w waiting
		var want strings.Builder
		for i := range n {
			line := fmt.Sprintf("第 %d 行\n", i)
			want.WriteString(line)
			if _, err := io.WriteString(&w, line); err != nil {
				t.Fatal(err)
			}
		}
		if w.held.Len() > mostWaiting {
			t.Errorf("%d lines: %d bytes are in memory", n, w.held.Len())
		}
		var got bytes.Buffer
		size, err := w.WriteTo(&got)
		if err != nil || got.String() != want.String() || size != int64(want.Len()) {
			t.Errorf("%d lines: %d of %d bytes came back (%d said), %v", n, got.Len(), want.Len(), size, err)
		}
		if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
			t.Errorf("%d lines: left behind: %v, %v", n, left, err)
		}
	}
}

// TestWaitingWithoutRoom: a run whose temporary files cannot be written says so instead
// of losing findings.
func TestWaitingWithoutRoom(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()+"/missing")
	r, err := New(io.Discard, JSON, Options{})
	if err != nil {
		t.Fatal(err)
	}
	report := seed(t, "seeds/5-yiqing.xlsx")
	for range 100 {
		if err = r.File(report); err != nil {
			return
		}
	}
	t.Error("no error")
}

// TestTemporaryBeside: where the system has no place for temporary files, as in an image
// that holds nothing but the program, they stand beside the report.
func TestTemporaryBeside(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "none"))
	if f, err := newTemporary(""); err == nil {
		f.remove()
		t.Skip("the system has its place for temporary files elsewhere")
	}
	beside := t.TempDir()
	f, err := newTemporary(beside)
	if err != nil {
		t.Fatal(err)
	}
	f.remove()
	if left, err := os.ReadDir(beside); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
