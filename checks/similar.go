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
	m := newMatcher(a, b, limits.CopiedRunChars)
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
	// last is where a character that ends in a given byte stands last in b, and before
	// where one stood before each place, from 1 on.
	last   [256]int
	before []int
	// runs holds the lengths of the common runs that end at a character of a, by their
	// ends in b, and ends the character of a, each from 1 on; other entries are stale.
	runs, ends      []int
	matched, inRuns int
	run             int // shortest run that counts into inRuns
}

// newMatcher gives a matcher in which runs of at least so many characters count into
// inRuns.
func newMatcher(a, b []rune, run int) *matcher {
	n := len(b) + 1
	m := &matcher{a: a, b: b, run: run, before: make([]int, n), runs: make([]int, n), ends: make([]int, n)}
	for i, r := range b {
		last := &m.last[r&0xff]
		m.before[i+1], *last = *last, i+1
	}
	return m
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

// longest finds the longest common run, the first of equals. Only the places of b that
// hold a character of a are looked at.
func (m *matcher) longest(alo, ahi, blo, bhi int) (i, j, n int) {
	clear(m.ends[blo : bhi+1])
	for x := alo + 1; x <= ahi; x++ {
		r := m.a[x-1]
		y := m.last[r&0xff]
		for y > bhi {
			y = m.before[y]
		}
		for ; y > blo; y = m.before[y] {
			if m.b[y-1] != r {
				continue
			}
			run := 1
			if x-1 > alo && m.ends[y-1] == x-1 {
				run += m.runs[y-1]
			}
			m.runs[y], m.ends[y] = run, x
			// Ends are met in ascending order of x and descending order of y.
			if run > n || run == n && x-run == i && y-run < j {
				i, j, n = x-run, y-run, run
			}
		}
	}
	return i, j, n
}
