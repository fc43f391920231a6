package checks

import (
	"jixiaolint/checks/profile"
	"jixiaolint/schema/quantity"
)

// copiedMost bounds the texts compared, in characters: finding matches takes time in
// proportion to the product of their lengths. It limits work, not what is a copy, and
// so is no value of the profile.
const copiedMost = 600

// isCopy reports whether text b repeats text a by the limits of the profile, and how
// much of b does, in per cent.
// Similarity is that of Ratcliff and Obershelp: twice the characters in common, found
// as longest runs first, over the length of both.
func isCopy(a, b []rune, limits *profile.Narrative) (share int, copied bool) {
	a, b = a[:min(len(a), copiedMost)], b[:min(len(b), copiedMost)]
	if len(a) < limits.CopiedMinChars || len(b) < limits.CopiedMinChars {
		return 0, false
	}
	copies := func(matched, inRuns int) bool {
		return quantity.Ratio(int64(2*matched), int64(len(a)+len(b))).Cmp(limits.Similarity.Number) >= 0 ||
			quantity.Ratio(int64(inRuns), int64(len(a))).Cmp(limits.CopiedShare.Number) >= 0
	}
	// Most pairs are told apart by an upper bound of what can match.
	if most := common(a, b); !copies(most, most) {
		return 0, false
	}
	m := matcher{a: a, b: b, row: make([]int, len(b)+1), run: limits.CopiedRunChars}
	m.match(0, len(a), 0, len(b))
	return 100 * m.matched / len(b), copies(m.matched, m.inRuns)
}

// common counts the characters that two texts have in common in any order, or a few
// more: unlike characters may share a count.
func common(a, b []rune) int {
	var counts [512]int
	for _, r := range a {
		counts[int(r)%len(counts)]++
	}
	n := 0
	for _, r := range b {
		if c := &counts[int(r)%len(counts)]; *c > 0 {
			*c--
			n++
		}
	}
	return n
}

// matcher finds the runs that two texts share, in order and without overlap.
type matcher struct {
	a, b []rune
	// row holds, for the longest common runs that end at one character of a, their
	// lengths by their ends in b.
	row             []int
	matched, inRuns int
	run             int // shortest run that counts into inRuns
}

// match takes the longest run that a[alo:ahi] and b[blo:bhi] share, then those before
// and after it.
func (m *matcher) match(alo, ahi, blo, bhi int) {
	for alo < ahi && blo < bhi {
		i, j, n := m.longest(alo, ahi, blo, bhi)
		if n == 0 {
			return
		}
		m.matched += n
		if n >= m.run {
			m.inRuns += n
		}
		m.match(alo, i, blo, j)
		alo, blo = i+n, j+n
	}
}

// longest finds the longest common run, the first of equals.
func (m *matcher) longest(alo, ahi, blo, bhi int) (i, j, n int) {
	row := m.row[blo : bhi+1]
	clear(row)
	for x := alo; x < ahi; x++ {
		for y := bhi - 1; y >= blo; y-- {
			k := y - blo
			if m.a[x] != m.b[y] {
				row[k+1] = 0
				continue
			}
			row[k+1] = row[k] + 1
			// Ends are met in ascending order of x and descending order of y.
			if l := row[k+1]; l > n || l == n && x-l+1 == i && y-l+1 < j {
				i, j, n = x-l+1, y-l+1, l
			}
		}
	}
	return i, j, n
}
