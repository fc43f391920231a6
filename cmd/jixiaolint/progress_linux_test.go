package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestProgressOnTerminal runs the program on a real terminal, which is its output and
// its error stream: progress and findings share it without harm, and Ctrl-C there ends
// the run with what was found.
func TestProgressOnTerminal(t *testing.T) {
	master, slave := openTerminal(t, 60)
	dir := files(t, "a.txt", "b.txt")
	list := filepath.Join(dir, "list")
	if err := unix.Mkfifo(list, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "jixiaolint", "--color", "never", "--lang", "zh", "--files-from", "list")
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = slave.Close()
	s := &screen{}
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = io.Copy(s, master) // ends with an error when nobody has the terminal open
	}()
	names, err := os.OpenFile(list, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = names.Close() }()
	wait := func(text string) {
		t.Helper()
		for range 2000 {
			if strings.Contains(s.all(), text) {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Fatalf("no %q on the screen:\n%s", text, s.all())
	}
	_, _ = io.WriteString(names, "a.txt\n")
	wait("\n检查中 1 个文件，错误 1，警告 0")
	_, _ = io.WriteString(names, "b.txt\n")
	wait("--> b.txt\n")
	wait("\n检查中 2 个文件，错误 2，警告 0")
	_, _ = io.WriteString(master, "\x03")
	err = cmd.Wait()
	<-read
	if cmd.ProcessState.ExitCode() != exitInterrupted {
		t.Errorf("the run ended with %v", err)
	}
	plain := newRun()
	plain.read, plain.check = nil, nil
	t.Chdir(dir)
	plain.Main(t.Context(), []string{"a.txt", "b.txt"})
	want := strings.ReplaceAll(plain.out.String(), "检查了", "已中断：检查了")
	if got := s.all(); got != want {
		t.Errorf("the screen shows\n%s\nwant\n%s", got, want)
	}
}

// openTerminal makes a terminal of so many columns.
func openTerminal(t *testing.T, columns uint16) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = master.Close() })
	fd := int(master.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	slave, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}); err != nil {
		t.Fatal(err)
	}
	return master, slave
}
