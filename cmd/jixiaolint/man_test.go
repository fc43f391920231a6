package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestManual: the manual page in either language says as much as help does, and nothing
// in it is taken for a request of roff.
func TestManual(t *testing.T) {
	request := regexp.MustCompile(`^\.(TH|SH|SS|PP|TP|br|nf|fi)( |$)`)
	for l, han := range map[string]bool{"en": false, "zh": true} {
		r := newRun(envLang + "=" + l)
		if status := r.Main(t.Context(), []string{"man"}); status != exitClean || r.err.Len() > 0 {
			t.Fatalf("status %d: %s", status, r.err.String())
		}
		page := r.out.String()
		for line := range strings.Lines(page) {
			if control := strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'"); control && !request.MatchString(strings.TrimSpace(line)) {
				t.Errorf("%s: a line that roff takes for a request: %s", l, line)
			}
		}
		if strings.Contains(page, "退出码") != han {
			t.Errorf("%s: the page is in the wrong language", l)
		}
		root := (&invocation{Command: &r.Command}).root()
		for _, cmd := range append(commandNames(root), "") {
			help := newRun(envLang + "=" + l)
			help.Main(t.Context(), strings.Fields(cmd+" --help"))
			for _, flag := range regexp.MustCompile(`(?m)^ +(?:-\w, )?(--[\w-]+)`).FindAllStringSubmatch(help.out.String(), -1) {
				if !strings.Contains(page, `\fB`+strings.ReplaceAll(flag[1], "-", `\-`)+`\fR`) {
					t.Errorf("%s: the page says nothing of %s %s", l, cmd, flag[1])
				}
			}
			if cmd != "" && cmd != "check" && !strings.Contains(page, "\n.SS \"jixiaolint "+cmd) {
				t.Errorf("%s: the page says nothing of %s", l, cmd)
			}
		}
	}
}

// TestManualFiles: what a package installs is all there, and is what the commands print.
func TestManualFiles(t *testing.T) {
	dir := t.TempDir()
	r := newRun()
	if status := r.Main(t.Context(), []string{"man", dir}); status != exitClean || r.out.Len()+r.err.Len() > 0 {
		t.Fatalf("status %d: %s%s", status, r.out.String(), r.err.String())
	}
	want := map[string]string{
		"man/man1/jixiaolint.1": "--lang en man", "man/zh_CN/man1/jixiaolint.1": "--lang zh man",
		"completions/jixiaolint.bash": "completion bash", "completions/_jixiaolint": "completion zsh",
		"completions/jixiaolint.fish": "completion fish", "completions/jixiaolint.ps1": "completion powershell",
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		args, ok := want[filepath.ToSlash(rel)]
		delete(want, filepath.ToSlash(rel))
		r := newRun()
		r.Main(t.Context(), strings.Fields(args))
		if b, err := os.ReadFile(path); !ok || err != nil || string(b) != r.out.String() {
			t.Errorf("%s is not what %q prints, %v", rel, args, err)
		}
		return nil
	})
	if err != nil || len(want) > 0 {
		t.Errorf("%v, missing: %v", err, want)
	}
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"man", filepath.Join(dir, "file")}, {"man", dir, "x"}} {
		r := newRun()
		if status := r.Main(t.Context(), args); status != exitFailure {
			t.Errorf("%q: status %d", args, status)
		}
	}
}

// TestManEscape: no text becomes a request, an escape or another character.
func TestManEscape(t *testing.T) {
	for text, want := range map[string]string{
		".xlsx": `\&.xlsx`, "'-'": `\(aq\-\(aq`, `a\b`: `a\eb`, "~$": `\(ti$`, "`^": `\(ga\(ha`,
	} {
		if got := manEscape(text); got != want {
			t.Errorf("%s is written %s, want %s", text, got, want)
		}
	}
	if got := manQuote(`"-"`); got != `"\(dq\-\(dq"` {
		t.Errorf("quoted: %s", got)
	}
}
