package report

import (
	"github.com/fatih/color"

	"jixiaolint/checks"
)

// styles are the colours of one writer. Each colour is a value of its own, switched
// on or off here: the package-wide switch of fatih/color is shared by the whole
// process and never touched.
type styles struct {
	on                     bool
	error, warning, note   *color.Color
	bold, frame, secondary *color.Color
	removed, added         *color.Color
}

func newStyles(on bool) *styles {
	c := func(attributes ...color.Attribute) *color.Color {
		v := color.New(attributes...)
		if on {
			v.EnableColor()
		} else {
			v.DisableColor()
		}
		return v
	}
	return &styles{
		on:        on,
		error:     c(color.FgRed, color.Bold),
		warning:   c(color.FgYellow, color.Bold),
		note:      c(color.FgCyan, color.Bold),
		bold:      c(color.Bold),
		frame:     c(color.FgBlue, color.Bold),
		secondary: c(color.FgBlue, color.Bold),
		removed:   c(color.FgRed),
		added:     c(color.FgGreen),
	}
}

// of gives the colour of a severity.
func (s *styles) of(severity checks.Severity) *color.Color {
	switch severity {
	case checks.Error:
		return s.error
	case checks.Warning:
		return s.warning
	case checks.Note, checks.Off:
	}
	return s.note
}

// paint colours text; without colour it costs nothing.
func (s *styles) paint(c *color.Color, text string) string {
	if !s.on || text == "" {
		return text
	}
	return c.Sprint(text)
}
