package quantity

import "testing"

// The parts of a text that Fold takes over as they are, told by their bytes, hold
// nothing that it changes; and what it leaves is folded.
func TestFoldEveryCharacter(t *testing.T) {
	for r := rune(0); r <= 0x20000; r++ {
		want := "资a"
		if folded, ok := foldRune(r); ok {
			want = "资" + string(folded) + "a"
		}
		got := Fold("资" + string(r) + "a")
		if got != want {
			t.Fatalf("U+%04X: %q, want %q", r, got, want)
		}
		if again := Fold(got); again != got {
			t.Fatalf("U+%04X folds twice: %q, then %q", r, got, again)
		}
	}
}

func TestFold(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"资金到位率", "资金到位率"},
		{" １２，３４５．６７ 万元\u3000", "12,345.67万元"},
		{"（含）〔2022〕5号—６月", "(含)(2022)5号-6月"},
		{"≧95﹪", "≥95%"},
		{"\u200b项\u00a0目\n", "项目"},
		{"\xe4\xb8", "\ufffd\ufffd"}, // bytes that are no text read as the marks of that
		{"金\xe9", "金\ufffd"},
	} {
		if got := Fold(c.text); got != c.want {
			t.Errorf("%q gives %q, want %q", c.text, got, c.want)
		}
	}
}
