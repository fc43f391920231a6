package office

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestRetext holds that a new text is spread over the pieces of the old one so that each
// piece that has nothing to do with the change keeps what it has.
func TestRetext(t *testing.T) {
	for _, c := range []struct{ pieces, text, want string }{
		{"93.21%", "92.31%", "92.31%"},
		{"a|b|c", "abc", "a|b|c"},
		{"a|b|c", "axc", "a|x|c"},
		{"a|b|c", "ac", "a||c"},
		{"ab|cd|ef", "abxf", "ab|x|f"},
		{"a|b", "axb", "ax|b"},
		{"a|b", "xab", "xa|b"},
		{"a|b", "abx", "a|bx"},
		{"a|!b|c", "abxc", "a|!b|xc"},
		{"a|!b|c", "axbc", "ax|!b|c"},
		{"a|!b|c", "ac", ""},
		{"!b", "bx", ""},
		{"|", "x", "x|"},
		{"甲|乙", "甲丙", "甲|丙"},
		{"\u4e00|\u4e01", "\u4e02\u4e01", "\u4e02|\u4e01"},
	} {
		var pieces []piece
		for p := range strings.SplitSeq(c.pieces, "|") {
			text, fixed := strings.CutPrefix(p, "!")
			pieces = append(pieces, piece{text, fixed})
		}
		got, ok := retext(pieces, c.text)
		for i := range got {
			if pieces[i].fixed {
				got[i] = "!" + got[i]
			}
		}
		if shown := strings.Join(got, "|"); ok != (c.want != "") || ok && shown != c.want {
			t.Errorf("%s made %s: %s, %v; want %s", c.pieces, c.text, shown, ok, c.want)
		}
	}
}

// TestRetextIsWhole holds that the pieces make up the new text, whatever it is.
func TestRetextIsWhole(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	word := func() string {
		return strings.Join(slices.Repeat([]string{string([]rune("ab甲乙")[rng.IntN(4)])}, rng.IntN(3)), "")
	}
	for range 20_000 {
		var pieces []piece
		for range 1 + rng.IntN(4) {
			pieces = append(pieces, piece{word() + word(), rng.IntN(4) == 0})
		}
		text := word() + word() + word()
		got, ok := retext(pieces, text)
		if !ok {
			continue
		}
		if strings.Join(got, "") != text {
			t.Fatalf("%v made %q: %q", pieces, text, got)
		}
		for i, p := range pieces {
			if p.fixed && got[i] != p.text {
				t.Fatalf("%v made %q: the fixed piece %d changed: %q", pieces, text, i, got)
			}
		}
	}
}
