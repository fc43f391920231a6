package checks

import (
	"embed"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// The word lists are data: one file a list, one word a line, with a comment that
// says which rule uses the list, how, and where its words are from.
//
//go:embed words
var wordFiles embed.FS

// lexicon is the word lists, parsed.
type lexicon struct {
	inputs, execution, compliance, paying, economic, ecology wordList
	staff, unnamed, inapplicable, survey                     wordList
	vagueAdverbs, vagueVerbs, states                         wordList
	future, shortfall, fixed, actions                        wordList
	places, generic                                          wordList

	// typos holds the misspellings by their first character, typoStart these characters.
	typos     map[rune][]typo
	typoStart runeSet
	// simple maps traditional characters to their simplified forms, alike one of two
	// characters that are taken for each other to the other.
	simple, alike runeMap
	// respelt are the characters on either side of simple and alike; placeStart and
	// genericStart are the first characters of places and generic.
	respelt, placeStart, genericStart runeSet
}

// wordList is a list of words.
type wordList []string

// in reports whether one of the words stands anywhere in s.
func (l wordList) in(s string) bool { return containsAny(s, l...) }

// is reports whether s is one of the words.
func (l wordList) is(s string) bool { return slices.Contains(l, s) }

// longestPrefix gives the length of the longest word that s begins with, 0 if none.
func (l wordList) longestPrefix(s string) int {
	n := 0
	for _, w := range l {
		if len(w) > n && strings.HasPrefix(s, w) {
			n = len(w)
		}
	}
	return n
}

// typo is a misspelling.
type typo struct {
	wrong, right string
	severity     Severity
	// notAfter are characters after which the word is none, and followedBy, if not nil,
	// is what must follow.
	notAfter   string
	followedBy *regexp.Regexp
}

// The block of common Han characters.
const firstHan, lastHan = 0x4e00, 0x9fff

func isHan(r rune) bool { return r >= firstHan && r <= lastHan }

// runeMap maps common Han characters to others; every character of every form is
// looked up in it.
type runeMap [lastHan - firstHan + 1]rune

func (m *runeMap) get(r rune) (rune, bool) {
	if !isHan(r) {
		return 0, false
	}
	to := m[r-firstHan]
	return to, to != 0
}

// runeSet is a set of common Han characters.
type runeSet [(lastHan-firstHan)/64 + 1]uint64

func (s *runeSet) has(r rune) bool {
	i := r - firstHan
	return isHan(r) && s[i/64]&(1<<(i%64)) != 0
}

func (s *runeSet) add(r rune) {
	i := r - firstHan
	s[i/64] |= 1 << (i % 64)
}

// words gives the lexicon. The files are part of the program, so an error in them is
// a fault of the program; a test reads them all.
var words = sync.OnceValue(func() *lexicon {
	l, err := readLexicon()
	if err != nil {
		panic(err)
	}
	return l
})

func readLexicon() (*lexicon, error) {
	l := &lexicon{}
	for name, list := range l.lists() {
		for line, err := range wordLines(name + ".txt") {
			if err != nil {
				return nil, err
			}
			*list = append(*list, line[0])
		}
	}
	if err := l.readPairs("traditional.tsv", &l.simple); err != nil {
		return nil, err
	}
	if err := l.readPairs("lookalikes.tsv", &l.alike); err != nil {
		return nil, err
	}
	for set, list := range map[*runeSet]wordList{&l.placeStart: l.places, &l.genericStart: l.generic} {
		for _, w := range list {
			first, _ := utf8.DecodeRuneInString(w)
			set.add(first)
		}
	}
	l.typos = map[rune][]typo{}
	for line, err := range wordLines("typos.tsv") {
		if err != nil {
			return nil, err
		}
		first, t, err := parseTypo(line)
		if err != nil {
			return nil, err
		}
		l.typos[first] = append(l.typos[first], t)
		l.typoStart.add(first)
	}
	return l, nil
}

// readPairs reads a table of characters and what each stands for.
func (l *lexicon) readPairs(file string, into *runeMap) error {
	for line, err := range wordLines(file) {
		if err != nil {
			return err
		}
		from, to := []rune(line[0]), []rune(line[len(line)-1])
		if len(line) != 2 || len(from) != 1 || len(to) != 1 || !isHan(from[0]) || !isHan(to[0]) {
			return fmt.Errorf("%s: %q is not a pair of characters", file, line)
		}
		into[from[0]-firstHan] = to[0]
		l.respelt.add(from[0])
		l.respelt.add(to[0])
	}
	return nil
}

// lists gives the plain lists by the names of their files.
func (l *lexicon) lists() map[string]*wordList {
	return map[string]*wordList{
		"inputs": &l.inputs, "execution": &l.execution, "compliance": &l.compliance, "paying": &l.paying,
		"economic": &l.economic, "ecology": &l.ecology, "staff": &l.staff, "unnamed": &l.unnamed,
		"inapplicable": &l.inapplicable, "survey": &l.survey, "vague-adverbs": &l.vagueAdverbs, "vague-verbs": &l.vagueVerbs,
		"states": &l.states, "future": &l.future, "shortfall": &l.shortfall, "fixed": &l.fixed, "actions": &l.actions,
		"places": &l.places, "generic": &l.generic,
	}
}

func parseTypo(line []string) (first rune, t typo, err error) {
	first, _ = utf8.DecodeRuneInString(line[0])
	if len(line) != 5 || !isHan(first) || line[1] == "" {
		return 0, t, fmt.Errorf("typos.tsv: %q is not a misspelling in five columns", line)
	}
	severity, ok := ParseSeverity(line[2])
	if !ok {
		return 0, t, fmt.Errorf("typos.tsv: %q is no severity", line[2])
	}
	t = typo{wrong: line[0], right: line[1], severity: severity, notAfter: line[3]}
	if line[4] != "" {
		if t.followedBy, err = regexp.Compile(line[4]); err != nil {
			return 0, t, fmt.Errorf("typos.tsv: %w", err)
		}
	}
	return first, t, nil
}

// wordLines yields the lines of a word file, split at tabs, without comments and
// blank lines.
func wordLines(name string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		data, err := wordFiles.ReadFile("words/" + name)
		if err != nil {
			yield(nil, err)
			return
		}
		for line := range strings.Lines(string(data)) {
			line = strings.TrimRight(line, "\r\n")
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			if !yield(strings.Split(line, "\t"), nil) {
				return
			}
		}
	}
}
