package office

import (
	"encoding/xml"
	"strings"
	"unicode/utf8"
)

// piece is a part of a text that is formatted by itself. A fixed one stands for something
// else than characters, a line break say.
type piece struct {
	text  string
	fixed bool
}

// retext gives what the pieces hold after their text was changed. What is the same at
// both ends stays where it is; the rest goes into the first piece that held some of it,
// and is taken out of the others. ok is false if a fixed piece would have to change.
func retext(pieces []piece, text string) (changed []string, ok bool) {
	var whole strings.Builder
	for _, p := range pieces {
		whole.WriteString(p.text)
	}
	old := whole.String()
	from := commonPrefix(old, text)
	tail := commonPrefix(reversed(old[from:]), reversed(text[from:]))
	to := len(old) - tail
	middle := text[from : len(text)-tail]
	at := 0
	placed := middle == ""
	for _, p := range pieces {
		begin, end := at, at+len(p.text)
		at = end
		// An insertion goes to the piece before it, unless there is none.
		holds := begin < to && from < end || from == to && (begin < from && from <= end || from == 0 && begin == 0)
		if p.fixed {
			if begin < to && from < end {
				return nil, false
			}
			changed = append(changed, p.text)
			continue
		}
		kept := p.text
		if holds {
			kept = p.text[:max(min(from, end)-begin, 0)]
			if !placed {
				kept += middle
				placed = true
			}
			kept += p.text[max(min(to, end)-begin, 0):]
		}
		changed = append(changed, kept)
	}
	if !placed {
		// What stands before the insertion is fixed.
		at = 0
		for i, p := range pieces {
			if !p.fixed && at == from {
				changed[i] = middle + changed[i]
				return changed, true
			}
			at += len(p.text)
		}
	}
	return changed, placed
}

// commonPrefix gives the length of what two texts begin with, in whole characters.
func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) {
		_, size := utf8.DecodeRuneInString(a[n:])
		if !strings.HasPrefix(b[n:], a[n:n+size]) {
			break
		}
		n += size
	}
	return n
}

// reversed gives the characters of a text in reverse order.
func reversed(s string) string {
	out := make([]byte, 0, len(s))
	for len(s) > 0 {
		_, size := utf8.DecodeLastRuneInString(s)
		out = append(out, s[len(s)-size:]...)
		s = s[:len(s)-size]
	}
	return string(out)
}

// elementText gives the text of an element that has nothing but characters in it.
func elementText(content string) (text string, ok bool) {
	if strings.IndexByte(content, '<') >= 0 {
		return "", false
	}
	if strings.IndexByte(content, '&') < 0 && strings.IndexByte(content, '\r') < 0 {
		return content, true
	}
	token, err := xml.NewDecoder(strings.NewReader(content)).RawToken()
	data, ok := token.(xml.CharData)
	return string(data), ok && err == nil
}
