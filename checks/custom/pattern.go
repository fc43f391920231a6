package custom

import (
	"regexp"
	"regexp/syntax"

	"jixiaolint/schema/lang"
)

// The bounds on a pattern: its text in bytes, and its size compiled, in instructions.
const (
	maxPattern     = 500
	maxPatternSize = 2000
)

// compilePattern compiles an RE2 pattern and gives its size. re is nil, and why says
// so, if it is wrong or too large. A pattern is measured before it is compiled:
// (a{1000}){1000} is short and would take a million instructions.
func compilePattern(pattern string) (re *regexp.Regexp, size int, why lang.Text) {
	large := lang.F("太长或重复次数太多", "it is too long or repeats too often")
	if len(pattern) > maxPattern {
		return nil, 0, large
	}
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, 0, lang.T(err.Error(), err.Error())
	}
	if size = sizeOf(tree); size > maxPatternSize {
		return nil, 0, large
	}
	re, err = regexp.Compile(pattern)
	if err != nil {
		return nil, 0, lang.T(err.Error(), err.Error())
	}
	return re, size, lang.Text{}
}

// sizeOf bounds the instructions that a pattern compiles to.
func sizeOf(re *syntax.Regexp) int {
	n := 1 + len(re.Rune)/2
	for _, sub := range re.Sub {
		n = min(n+sizeOf(sub), maxPatternSize+1)
	}
	if re.Op == syntax.OpRepeat {
		n = min(n*max(re.Min, re.Max, 1), maxPatternSize+1)
	}
	return n
}
