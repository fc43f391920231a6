package main

import (
	"io"
	"os"
	"strconv"

	"golang.org/x/term"

	"jixiaolint/cmd/jixiaolint/report"
)

// terminal tells whether a writer is a terminal, and its width.
func (c *Command) terminal(w io.Writer) (width int, ok bool) {
	if g, guarded := w.(*guardedWriter); guarded {
		w = g.Writer
	}
	if c.Terminal != nil {
		return c.Terminal(w)
	}
	f, isFile := w.(*os.File)
	if !isFile {
		return 0, false
	}
	fd := int(f.Fd())
	if !term.IsTerminal(fd) {
		return 0, false
	}
	width, _, err := term.GetSize(fd)
	if err != nil {
		width = 0
	}
	return width, true
}

// wantColor decides about colour: the flag, then FORCE_COLOR, then NO_COLOR, then
// whether the output is a terminal that knows colours.
func (inv *invocation) wantColor(w io.Writer) bool {
	switch {
	case inv.color == "always":
		return true
	case inv.color == "never":
		return false
	case inv.Env("FORCE_COLOR") != "":
		return true
	case inv.Env("NO_COLOR") != "":
		return false
	}
	_, ok := inv.terminal(w)
	return ok && inv.Env("TERM") != "dumb"
}

// lineWidth gives the width of lines: the terminal's, or what COLUMNS says if that
// makes sense.
func (inv *invocation) lineWidth(w io.Writer) int {
	const least, most = 40, 1000
	if width, ok := inv.terminal(w); ok && width > 0 {
		return max(width, least)
	}
	if n, err := strconv.Atoi(inv.Env("COLUMNS")); err == nil && n >= least && n <= most {
		return n
	}
	return report.DefaultWidth
}
