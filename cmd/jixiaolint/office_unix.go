//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// endTogether makes the end of a command that of all the processes it started:
// LibreOffice is a launcher whose real program would outlive it, with all its memory.
func endTogether(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
