// Package lang holds the two-language texts that jixiaolint speaks: Chinese, the
// language of the forms, and English.
package lang

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Lang is an output language.
type Lang string

// The supported languages.
const (
	ZH Lang = "zh"
	EN Lang = "en"
)

// Text is one message in both languages. Both are complete: neither is a fallback
// for the other.
type Text struct {
	ZH string
	EN string
}

// T makes a Text of two constant strings.
func T(zh, en string) Text { return Text{ZH: zh, EN: en} }

// F formats both languages with the same arguments. An argument that is itself a
// Text is replaced by its words in the language being formatted; where word order
// differs, use explicit indexes such as %[2]s.
func F(zh, en string, args ...any) Text {
	return Text{ZH: format(zh, args, ZH), EN: format(en, args, EN)}
}

// format is fmt.Sprintf. Nearly all texts hold nothing but %[1]s and %[1]q with a string
// and %[1]d with an int, which are put in place here, for much less.
func format(text string, args []any, l Lang) string {
	var buffer [256]byte // as long as most messages
	out, rest := buffer[:0], text
	for {
		i := strings.IndexByte(rest, '%')
		if i < 0 {
			return string(append(out, rest...))
		}
		out = append(out, rest[:i]...)
		rest = rest[i:]
		if strings.HasPrefix(rest, "%%") {
			out, rest = append(out, '%'), rest[2:]
			continue
		}
		// What is left must begin as %[1]s does, with one digit.
		plain := len(rest) >= len("%[1]s") && rest[1] == '[' && rest[2] >= '1' && int(rest[2]-'0') <= len(args) && rest[3] == ']'
		if !plain {
			return fmt.Sprintf(text, localize(args, l)...)
		}
		verb := rest[4]
		switch value := args[rest[2]-'1'].(type) {
		case string:
			switch verb {
			case 's':
				out = append(out, value...)
			case 'q':
				out = appendQuote(out, value)
			default:
				plain = false
			}
		case Text:
			plain = verb == 's'
			out = append(out, value.In(l)...)
		case int:
			plain = verb == 'd'
			out = strconv.AppendInt(out, int64(value), 10)
		default:
			plain = false
		}
		if !plain {
			return fmt.Sprintf(text, localize(args, l)...)
		}
		rest = rest[len("%[1]s"):]
	}
}

// appendQuote is strconv.AppendQuote, for much less where a text holds nothing to escape:
// what forms hold is nearly all printable ASCII, Han characters and their punctuation.
func appendQuote(to []byte, s string) []byte {
	for _, r := range s {
		switch {
		case r >= 0x4e00 && r <= 0x9fff, r >= '！' && r <= '～', r >= '、' && r <= '】',
			r >= ' ' && r <= '~' && r != '"' && r != '\\':
		default:
			return strconv.AppendQuote(to, s)
		}
	}
	to = append(to, '"')
	to = append(to, s...)
	return append(to, '"')
}

// localize gives the arguments in one language: args itself where there is no Text in
// it.
func localize(args []any, l Lang) []any {
	out := args
	for i, a := range args {
		t, ok := a.(Text)
		if !ok {
			continue
		}
		if &out[0] == &args[0] {
			out = slices.Clone(args)
		}
		out[i] = t.In(l)
	}
	return out
}

// In gives the text in language l; an unknown language reads as Chinese.
func (t Text) In(l Lang) string {
	if l == EN {
		return t.EN
	}
	return t.ZH
}

// IsZero reports whether the text is empty in both languages.
func (t Text) IsZero() bool { return t.ZH == "" && t.EN == "" }
