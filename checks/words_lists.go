package checks

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The two lists of pairs: misspellings and traditional characters, each with what to
// write instead.
const (
	typosList       = "typos"
	traditionalList = "traditional"
)

// arrow stands between the halves of a pair: 布署→部署.
const arrow = "→"

// WordLists gives the names of the word lists that Options.Words can change, in
// order.
func WordLists() []string {
	return slices.Sorted(maps.Keys((&lexicon{}).editors()))
}

// editors gives for each list what makes it anew, changed, in this lexicon. The lists
// of another lexicon that shared them stay as they are.
func (l *lexicon) editors() map[string]func(WordChange) error {
	m := map[string]func(WordChange) error{
		typosList:       l.changeTypos,
		traditionalList: l.changeTraditional,
	}
	for name, list := range l.lists() {
		m[name] = func(c WordChange) error { return changeWords(list, c) }
	}
	return m
}

// changed gives the lexicon with some lists changed. The error names the first list,
// in order of names, that is unknown or cannot be changed so.
func (l *lexicon) changed(changes map[string]WordChange) (*lexicon, error) {
	if len(changes) == 0 {
		return l, nil
	}
	other := *l
	editors := other.editors()
	for _, name := range slices.Sorted(maps.Keys(changes)) {
		edit, ok := editors[name]
		if !ok {
			return nil, &WordListError{List: name}
		}
		if err := edit(changes[name]); err != nil {
			return nil, &WordListError{List: name, Err: err}
		}
	}
	return &other, nil
}

// WordListError reports a change of a word list that cannot be made.
type WordListError struct {
	List string
	// Err is what is wrong with the change, nil if there is no list of that name.
	Err error
}

func (e *WordListError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("unknown word list %q", e.List)
	}
	return fmt.Sprintf("word list %s: %v", e.List, e.Err)
}

func (e *WordListError) Unwrap() error { return e.Err }

func changeWords(list *wordList, c WordChange) error {
	words := slices.Clone(list.words)
	for _, w := range c.Remove {
		i := slices.Index(words, w)
		if i < 0 {
			return fmt.Errorf("there is no %q to remove", w)
		}
		words = slices.Delete(words, i, i+1)
	}
	for _, w := range c.Add {
		if w == "" || w != strings.TrimSpace(w) || strings.ContainsAny(w, "\t\r\n") || strings.HasPrefix(w, ellipsis) || strings.HasSuffix(w, ellipsis) {
			return fmt.Errorf("%q is no word", w)
		}
		if !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	*list = newWordList(words)
	return nil
}

// changeTypos adds misspellings, written 布署→部署 or in the five columns of the file,
// and removes others, named by what is misspelled.
func (l *lexicon) changeTypos(c WordChange) error {
	typos := &typoList{at: make(map[rune][]typo, len(l.typos.at))}
	typos.starts = l.typos.starts
	for first, ts := range l.typos.at {
		typos.at[first] = slices.Clone(ts)
	}
	for _, w := range c.Remove {
		if !typos.remove(w) {
			return fmt.Errorf("there is no %q to remove", w)
		}
	}
	for _, text := range c.Add {
		line := strings.Split(text, "\t")
		if wrong, right, ok := strings.Cut(text, arrow); ok && len(line) == 1 {
			line = []string{wrong, right, Warning.String(), "", ""}
		}
		typos.remove(line[0])
		if err := typos.add(line); err != nil {
			return err
		}
	}
	l.typos = typos
	return nil
}

// changeTraditional adds pairs of characters, written 爾→尔, and removes others, named
// by the traditional character.
func (l *lexicon) changeTraditional(c WordChange) error {
	simple := new(runeMap)
	*simple = *l.simple
	for _, w := range c.Remove {
		if !simple.remove(w) {
			return fmt.Errorf("there is no %q to remove", w)
		}
	}
	for _, text := range c.Add {
		from, to, ok := strings.Cut(text, arrow)
		if !ok {
			from, to, _ = strings.Cut(text, "\t")
		}
		if err := simple.addPair([]string{from, to}); err != nil {
			return err
		}
	}
	l.simple = simple
	l.collectRespelt()
	return nil
}
