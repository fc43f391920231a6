// Package lang holds the two-language texts that jixiaolint speaks: Chinese, the
// language of the forms, and English.
package lang

import (
	"fmt"
	"slices"
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
	return Text{
		ZH: fmt.Sprintf(zh, localize(args, ZH)...),
		EN: fmt.Sprintf(en, localize(args, EN)...),
	}
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
