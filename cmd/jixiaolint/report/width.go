package report

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// columns measures text as terminals show it by default: Chinese characters take
// two columns, ambiguous ones (÷, “”, …) one. The environment, which go-runewidth
// consults for its default, has no say, so the same input gives the same bytes
// everywhere.
func columns() *runewidth.Condition {
	return &runewidth.Condition{EastAsianWidth: false, StrictEmojiNeutral: true}
}

// Width gives the number of terminal columns of sanitized text.
func Width(s string) int { return columns().StringWidth(s) }

// cut shortens text to a width, ending it with … if anything was left out.
func cut(s string, width int) string { return columns().Truncate(s, width, "…") }

// Wrap breaks text into lines no wider than width. A line may end at a blank or
// beside a Chinese character, but does not start with closing punctuation or end
// with opening punctuation; a word too long for a line is broken anywhere.
func Wrap(s string, width int) []string {
	c := columns()
	var lines []string
	var prev rune
	start, w := 0, 0         // of the current line
	chance, wChance := -1, 0 // where the line may end, and its width there
	for i, r := range s {
		rw := c.RuneWidth(r)
		if i > start && mayBreak(prev, r, rw == 2 || c.RuneWidth(prev) == 2) {
			chance, wChance = i, w
		}
		if w+rw > width && i > start && r != ' ' {
			if chance <= start {
				chance, wChance = i, w
			}
			lines = append(lines, strings.TrimRight(s[start:chance], " "))
			start, w = chance, w-wChance
		}
		w += rw
		prev = r
	}
	return append(lines, strings.TrimRight(s[start:], " "))
}

// mayBreak reports whether a line may end between two characters.
func mayBreak(before, after rune, wide bool) bool {
	const opening, closing = "（《〈「『“‘〔【([", "，。、；：？！）》〉」』”’〕】%％…,.;:?!)]"
	if after == ' ' || strings.ContainsRune(closing, after) || strings.ContainsRune(opening, before) {
		return false
	}
	return before == ' ' || wide
}
