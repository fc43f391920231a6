//go:build !unix

package main

import "os/exec"

// endTogether does nothing: process groups are a matter of Unix.
func endTogether(*exec.Cmd) {}
