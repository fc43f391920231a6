package report

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Sanitize makes text from a submitted file safe to show on one line: control,
// bidirectional and invisible characters are replaced by visible ones, so that text
// can neither steer a terminal nor hide or reorder what is shown. A line break
// becomes ⏎, another C0 control its control picture (␛), anything else its number
// in angle brackets (<U+202E>), a byte that is not UTF-8 <0xFF>.
//
// Every text of a report passes here: cell texts, names of sheets and files, and
// messages that quote them. Sanitizing twice changes nothing.
func Sanitize(s string) string {
	i := firstUnsafe(s)
	if i < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	b.WriteString(s[:i])
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, "<0x%02X>", s[i])
		case r == '\r' && strings.HasPrefix(s[i:], "\r\n"):
			// The line feed that follows stands for both.
		case r == '\n' || r == '\r':
			b.WriteRune('⏎')
		case r < 0x20:
			b.WriteRune('␀' + r)
		case r == 0x7F:
			b.WriteRune('␡')
		case invisible(r):
			fmt.Fprintf(&b, "<U+%04X>", r)
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

// firstUnsafe gives the index of the first byte that Sanitize would change, -1 if
// there is none.
func firstUnsafe(s string) int {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c < 0x20 || c == 0x7F {
				return i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 || invisible(r) {
			return i
		}
		i += size
	}
	return -1
}

// invisible reports whether a rune above ASCII shows nothing of itself but may
// change how the text around it is shown or read: C1 controls, line and paragraph
// separators, directional and joining marks, fillers, variation selectors, tags,
// interlinear annotation and noncharacters.
func invisible(r rune) bool {
	switch {
	case r < 0x80:
		return false
	case r <= 0x9F, r == 0xAD, r == 0x34F, r == 0x61C:
		return true
	case r < 0x115F:
		return false
	case r == 0x115F, r == 0x1160, r == 0x17B4, r == 0x17B5,
		r >= 0x180B && r <= 0x180F,
		r >= 0x200B && r <= 0x200F,
		r >= 0x2028 && r <= 0x202E,
		r >= 0x2060 && r <= 0x206F,
		r == 0x2800,
		r == 0x3164, r == 0xFFA0,
		r >= 0xFE00 && r <= 0xFE0F,
		r == 0xFEFF,
		r >= 0xFFF0 && r <= 0xFFFB,
		r >= 0x1BCA0 && r <= 0x1BCA3,
		r >= 0x1D173 && r <= 0x1D17A,
		r >= 0xE0000 && r <= 0xE0FFF:
		return true
	}
	// The last two code points of every plane, and a block in the first, are
	// noncharacters.
	return r&0xFFFE == 0xFFFE || r >= 0xFDD0 && r <= 0xFDEF
}
