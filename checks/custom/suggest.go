package custom

import "strings"

// nearestPath is nearest for a dotted path of which only the beginning may be misspelt:
// of fund.total the known names are those that begin with a word near to fund.
func nearestPath(path string, known []string) string {
	best := nearest(path, known)
	if strings.Contains(path, ".") {
		return best
	}
	var heads []string
	for _, k := range known {
		head, _, _ := strings.Cut(k, ".")
		heads = append(heads, head)
	}
	if head := nearest(path, heads); best == "" || head != "" && distance(path, head) < distance(path, best) {
		return head
	}
	return best
}

// nearest gives the known name with the least edit distance to a misspelt one, empty
// if more than a third of the letters are wrong.
func nearest(name string, known []string) string {
	best, least := "", len(name)/3+2
	for _, k := range known {
		if d := distance(name, k); d < least && d < len(k) {
			best, least = k, d
		}
	}
	return best
}

// distance counts the insertions, deletions and replacements that turn a into b.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	const longest = 60
	if len(s) > longest {
		return len(s)
	}
	prev, cur := make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := range s {
		cur[0] = i + 1
		for j := range t {
			cost := 1
			if s[i] == t[j] {
				cost = 0
			}
			cur[j+1] = min(prev[j+1]+1, cur[j]+1, prev[j]+cost)
		}
		prev, cur = cur, prev
	}
	return prev[len(t)]
}
