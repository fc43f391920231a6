package lang

import "strings"

// DidYouMean words the suggestion of the known name nearest to a mistyped one; it is
// empty when none is near.
func DidYouMean(name string, known []string) Text {
	if best := Nearest(name, known); best != "" {
		return F("，是否指 %s？", "; did you mean %s?", best)
	}
	return Text{}
}

// Nearest gives the known name with the least edit distance, if a third of its letters
// or fewer are wrong, or else the only one that begins with the name; empty if there is
// none.
func Nearest(name string, known []string) string {
	best, bestDistance := "", 1<<30
	for _, k := range known {
		if d := distance(name, k); d < bestDistance && d <= max(2, len(k)/3) && d < len(k) {
			best, bestDistance = k, d
		}
	}
	if best != "" || len(name) < 3 {
		return best
	}
	for _, k := range known {
		switch {
		case !strings.HasPrefix(k, name):
		case best != "":
			return ""
		default:
			best = k
		}
	}
	return best
}

// distance counts the insertions, deletions, replacements and swaps of neighbours
// that turn a into b.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	const longest = 100 // names are short; hostile arguments may not be
	if len(s) > longest || len(t) > longest {
		return max(len(s), len(t))
	}
	before, prev, cur := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(s); i++ {
		cur[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				cur[j] = min(cur[j], before[j-2]+1)
			}
		}
		before, prev, cur = prev, cur, before
	}
	return prev[len(t)]
}
