package report

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestSanitize(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"年度资金总额 16 “万元” ≥95%", "年度资金总额 16 “万元” ≥95%"},
		{"a\nb\r\nc\rd", "a⏎b⏎c⏎d"},
		{"\x1b[31m\a\t\x00\x7f", "␛[31m␇␉␀␡"},
		{"\u0085\u009b31m", "<U+0085><U+009B>31m"},
		{"\u202exslx.\u202c", "<U+202E>xslx.<U+202C>"},
		{"a\u200bb\u200d\ufeff\u00ad", "a<U+200B>b<U+200D><U+FEFF><U+00AD>"},
		{"\u2028\u2029", "<U+2028><U+2029>"},
		{"\xff\xc0a\xe4\xb8", "<0xFF><0xC0>a<0xE4><0xB8>"},
		{"\U000e0041\ufffe\ufdd0", "<U+E0041><U+FFFE><U+FDD0>"},
		{"\ufffd", "\ufffd"},
		{"e\u0301", "e\u0301"},
	} {
		got := Sanitize(tt.in)
		if got != tt.want {
			t.Errorf("Sanitize(%q) = %q, want %q", tt.in, got, tt.want)
		}
		if again := Sanitize(got); again != got {
			t.Errorf("not idempotent: %q becomes %q", got, again)
		}
	}
}

func TestSanitizeHidesNoFormatCharacter(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		hidden := unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) ||
			unicode.Is(unicode.Bidi_Control, r) || unicode.Is(unicode.Join_Control, r) ||
			unicode.Is(unicode.Variation_Selector, r) || unicode.Is(unicode.Noncharacter_Code_Point, r) ||
			unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) ||
			// Marks such as the Arabic number sign are of this category but visible.
			unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r) && (r < 0x13430 || r > 0x1345F)
		if hidden && strings.ContainsRune(Sanitize(string(r)), r) {
			t.Errorf("%U survives", r)
		}
	}
}

func FuzzSanitize(f *testing.F) {
	for _, s := range []string{"", "年度", "\x1b[2J", "a\r\nb", "\u202e", "\xff", "\u200d👩", "::error::", "\U000e0001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Sanitize(s)
		if !utf8.ValidString(got) {
			t.Fatalf("not UTF-8: %q", got)
		}
		width := 0
		for _, r := range got {
			if unicode.IsControl(r) || invisible(r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
				t.Fatalf("%U survives in %q", r, got)
			}
			width += columns().RuneWidth(r)
		}
		if again := Sanitize(got); again != got {
			t.Fatalf("not idempotent: %q becomes %q", got, again)
		}
		if w := Width(got); w < 0 || w > width {
			t.Fatalf("%q measures %d columns, its characters %d", got, w, width)
		}
		if short := cut(got, 10); Width(short) > 10 {
			t.Fatalf("%q cut to 10 measures %d", short, Width(short))
		}
	})
}
