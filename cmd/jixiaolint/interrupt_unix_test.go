//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestCtrlC: a run that is interrupted prints what it found so far and ends with 130.
// Reports to files are complete too, and nothing else is left behind.
func TestCtrlC(t *testing.T) {
	dir := files(t, "a.txt", "b.txt", "c.txt")
	cmd := exec.CommandContext(t.Context(), "jixiaolint", "--lang=en", "-f", "text",
		"-f", "json=out.json", "-f", "sarif=out.sarif", "-f", "gitlab=out.gitlab", "-f", "junit=out.xml",
		"--write-baseline", "baseline.json", "--files-from", "-")
	cmd.Dir = dir
	list, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// The list does not end, so neither does the run.
	if _, err := io.WriteString(list, "a.txt\nb.txt\nc.txt\n"); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(line, "--> c.txt") {
			break
		}
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(lines)
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != exitInterrupted {
		t.Errorf("the run ended with %v", err)
	}
	if !strings.Contains(string(rest), "interrupted: checked 3 files, 0 forms: 3 errors") {
		t.Errorf("the report ends with %s", rest)
	}
	for _, name := range []string{"out.json", "out.sarif", "out.gitlab"} {
		var v any
		if err := json.Unmarshal([]byte(content(t, dir, name)), &v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	var report struct {
		Findings []any
		Summary  struct{ Interrupted bool }
	}
	if err := json.Unmarshal([]byte(content(t, dir, "out.json")), &report); err != nil || len(report.Findings) != 3 || !report.Summary.Interrupted {
		t.Errorf("JSON report: %+v, %v", report, err)
	}
	var sarif struct {
		Runs []struct{ Results []any }
	}
	if err := json.Unmarshal([]byte(content(t, dir, "out.sarif")), &sarif); err != nil || len(sarif.Runs) != 1 || len(sarif.Runs[0].Results) != 3 {
		t.Errorf("SARIF report: %+v, %v", sarif, err)
	}
	if err := xml.Unmarshal([]byte(content(t, dir, "out.xml")), new(struct{})); err != nil {
		t.Error(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 7 {
		t.Errorf("the folder holds %v, %v", left, err)
	}
}

// TestCtrlCTwice: a second Ctrl-C ends even a run that cannot print what it found,
// because nobody reads it. No unfinished report is left behind.
func TestCtrlCTwice(t *testing.T) {
	unread, full, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = unread.Close(), full.Close() }()
	if err := full.SetWriteDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = full.Write(make([]byte, 1<<10))
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal(err)
	}
	dir := files(t, "a.txt")
	cmd := exec.CommandContext(t.Context(), "jixiaolint", "-f", "text", "-f", "html=out.html", "--write-baseline", "baseline.json", "missing", "a.txt")
	cmd.Dir, cmd.Stdout = dir, full
	messages, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(messages).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := cmd.Process.Wait()
		ended <- err
	}()
	deadline := time.After(20 * time.Second)
	for signals := 0; ; signals++ {
		select {
		case <-time.After(100 * time.Millisecond):
			_ = cmd.Process.Signal(syscall.SIGINT)
		case err := <-ended:
			if err != nil || signals < 2 {
				t.Errorf("ended after %d signals: %v", signals, err)
			}
			if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
				t.Errorf("the folder holds %v, %v", left, err)
			}
			return
		case <-deadline:
			_ = cmd.Process.Kill()
			t.Fatalf("still there after %d signals", signals)
		}
	}
}

// TestWatchCtrlC: a run that watches ends with Ctrl-C, and with the status of a run that
// was interrupted.
func TestWatchCtrlC(t *testing.T) {
	dir := files(t, "a.txt")
	cmd := exec.CommandContext(t.Context(), "jixiaolint", "--lang=en", "--watch", "a.txt")
	cmd.Dir = dir
	messages, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(messages).ReadString('\n'); !strings.Contains(line, "Ctrl-C ends") {
		t.Errorf("it says %q (%v)", line, err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != exitInterrupted {
		t.Errorf("the run ended with %v", err)
	}
}
