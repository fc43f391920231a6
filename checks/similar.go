package checks

// Two texts are copies from this similarity on, in per cent, or if this share of the
// first stands in the second in runs of copiedRun characters or more.
const (
	copiedSimilarity = 60
	copiedShare      = 50
	copiedRun        = 4
	// copiedMost bounds the texts compared, in characters: finding matches takes time
	// in proportion to the product of their lengths.
	copiedMost = 600
	// copiedFewest is the length below which equal texts prove nothing.
	copiedFewest = 8
)

// isCopy reports whether text b repeats text a, and how much of b does, in per cent.
// Similarity is that of Ratcliff and Obershelp: twice the characters in common, found
// as longest runs first, over the length of both.
func isCopy(a, b []rune) (share int, copied bool) {
	a, b = a[:min(len(a), copiedMost)], b[:min(len(b), copiedMost)]
	if len(a) < copiedFewest || len(b) < copiedFewest {
		return 0, false
	}
	// Most pairs are told apart by an upper bound of what can match.
	if most := common(a, b); 200*most < copiedSimilarity*(len(a)+len(b)) && 100*most < copiedShare*len(a) {
		return 0, false
	}
	m := matcher{a: a, b: b, row: make([]int, len(b)+1)}
	m.match(0, len(a), 0, len(b))
	return 100 * m.matched / len(b), 200*m.matched >= copiedSimilarity*(len(a)+len(b)) || 100*m.inRuns >= copiedShare*len(a)
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
		if n >= copiedRun {
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
