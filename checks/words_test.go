package checks

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// The word lists can be read, hold what their comments promise, and no word twice.
func TestWordLists(t *testing.T) {
	l, err := readLexicon()
	if err != nil {
		t.Fatal(err)
	}
	for name, list := range l.lists() {
		if len(list.words) < 2 {
			t.Errorf("%s: only %d words", name, len(list.words))
		}
		sorted := slices.Sorted(slices.Values(list.words))
		if len(slices.Compact(sorted)) != len(list.words) {
			t.Errorf("%s: a word stands there twice", name)
		}
		for _, w := range list.words {
			if w != strings.TrimSpace(w) || strings.Contains(w, "\t") {
				t.Errorf("%s: bad word %q", name, w)
			}
		}
	}
	entries, err := wordFiles.ReadDir("words")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(l.lists())+3 {
		t.Errorf("%d files for %d lists and three tables", len(entries), len(l.lists()))
	}
	for _, e := range entries {
		data, err := wordFiles.ReadFile("words/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(data), "# ") || !strings.Contains(string(data), "\n# Source: ") {
			t.Errorf("%s: the comment does not name the source", e.Name())
		}
	}
}

// Simplified characters map to nothing, and what a character maps to is simplified, so
// that a fix is final.
func TestTraditional(t *testing.T) {
	n := 0
	for r := rune(firstHan); r <= lastHan; r++ {
		to, ok := words().simple.get(r)
		if !ok {
			continue
		}
		n++
		if again, ok := words().simple.get(to); ok {
			t.Errorf("%c maps to %c, which maps to %c", r, to, again)
		}
	}
	if n < 500 {
		t.Errorf("only %d characters", n)
	}
	for _, r := range "乾著於后余征了台里面阿尔山发复" {
		if s, ok := words().simple.get(r); ok {
			t.Errorf("%c is simplified, but maps to %c", r, s)
		}
	}
}

// No misspelling is part of what it should be, nor brought about by another's fix.
func TestTypos(t *testing.T) {
	for _, list := range words().typos.at {
		for _, m := range list {
			if strings.Contains(m.right, m.wrong) || m.wrong == m.right || utf8.RuneCountInString(m.wrong) < 2 {
				t.Errorf("%s → %s", m.wrong, m.right)
			}
			if fires(t, "known-typo", Example{{"/goal/expected", "一，" + m.right + "。"}}) != nil {
				t.Errorf("%s is itself a misspelling", m.right)
			}
		}
	}
}

func TestParseTypo(t *testing.T) {
	for _, bad := range [][]string{
		{"布署", "部署", "warning", ""}, {"", "部署", "warning", "", ""}, {"布署", "", "warning", "", ""},
		{"布署", "部署", "fatal", "", ""}, {"布署", "部署", "note", "", "("},
	} {
		if _, _, err := parseTypo(bad); err == nil {
			t.Errorf("%q must be an error", bad)
		}
	}
}
