package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode"
)

// Every hostile file ends in bounded time and memory, without a panic, and as a file
// with problems: never as a clean one, never as a failure of the program. What is
// printed of it cannot do anything to a terminal. What exactly is said of each is in
// the golden reports; which threat each stands for is said in fixtures/generate.
func TestHostileFiles(t *testing.T) {
	const (
		mostTime   = 5 * time.Second // far more than the slowest takes, for slow machines
		mostMemory = 64 << 20        // allocated in all, not at a time
	)
	// Nothing is wrong in these: formulas are shown, and never run.
	clean := map[string]bool{"formulas.xlsx": true}

	paths, err := filepath.Glob(filepath.Join("..", "..", "fixtures", "hostile", "*"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, path := range paths {
		name := filepath.Base(path)
		if filepath.Ext(name) == ".golden" {
			continue
		}
		n++
		t.Run(name, func(t *testing.T) {
			if info, err := os.Stat(path); err != nil || info.Size() > 200_000 {
				t.Errorf("%d bytes, %v", info.Size(), err)
			}
			for _, lang := range []string{"zh", "en"} {
				var out, errs bytes.Buffer
				c := &Command{In: bytes.NewReader(nil), Out: &out, Err: &errs, Env: func(string) string { return "" }}
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				start := time.Now()
				status := c.Main(t.Context(), []string{"check", "--lang", lang, "--level", "note", path})
				took := time.Since(start)
				runtime.ReadMemStats(&after)

				want := exitProblems
				if clean[name] {
					want = exitClean
				}
				if status != want || errs.Len() > 0 {
					t.Errorf("status %d, want %d; standard error: %s", status, want, errs.String())
				}
				if n := after.TotalAlloc - before.TotalAlloc; took > mostTime || n > mostMemory {
					t.Errorf("took %v and %d bytes", took, n)
				}
				if i := strings.IndexFunc(out.String(), isUnprintable); i >= 0 {
					t.Errorf("printed %q", out.String()[i:min(i+40, out.Len())])
				}
				for _, e := range strings.Split(out.String(), "\n") {
					if strings.HasPrefix(e, "::") {
						t.Errorf("a line that a build server takes for a command: %s", e)
					}
				}
			}
		})
	}
	if n < 30 {
		t.Errorf("only %d hostile files", n)
	}
}

// isUnprintable tells the characters that no terminal must get: controls but for the
// newline, and what has no shape of its own but changes that of others.
func isUnprintable(r rune) bool {
	return r != '\n' && unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}
