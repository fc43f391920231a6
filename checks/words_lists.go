package checks

import (
	"maps"
	"slices"
	"strings"

	"jixiaolint/schema/lang"
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
func (l *lexicon) editors() map[string]func(WordChange) *wordError {
	m := map[string]func(WordChange) *wordError{
		typosList:       l.changeTypos,
		traditionalList: l.changeTraditional,
	}
	for name, list := range l.lists() {
		m[name] = func(c WordChange) *wordError { return changeWords(list, c) }
	}
	return m
}

// changed gives the lexicon with some lists changed. The error names the first list,
// in order of names, that is unknown or cannot be changed so.
func (l *lexicon) changed(changes map[string][]WordChange) (*lexicon, error) {
	if len(changes) == 0 {
		return l, nil
	}
	other := *l
	editors := other.editors()
	for _, name := range slices.Sorted(maps.Keys(changes)) {
		edit, ok := editors[name]
		if !ok {
			return nil, &WordListError{List: name, Why: lang.F("没有词表 %[1]q", "unknown word list %[1]q", name)}
		}
		for i, c := range changes[name] {
			if err := edit(c); err != nil {
				return nil, &WordListError{name, i, err.word, lang.F("词表 %[1]s：%[2]s", "word list %[1]s: %[2]s", name, err.why)}
			}
		}
	}
	return &other, nil
}

// WordListError reports a change of a word list that cannot be made.
type WordListError struct {
	List string
	// Change is the place of the change among those of the list, from 0.
	Change int
	// Word is the entry of the change that is at fault.
	Word string
	// Why says what is wrong, and names the list.
	Why lang.Text
}

func (e *WordListError) Error() string { return e.Why.EN }

// wordError says what is wrong with a word.
type wordError struct {
	word string
	why  lang.Text
}

func (e *wordError) Error() string { return e.why.EN }

func badWord(zh, en string, args ...any) *wordError {
	return &wordError{why: lang.F(zh, en, args...)}
}

// of names the entry that the error is about.
func (e *wordError) of(entry string) *wordError {
	e.word = entry
	return e
}

func notThere(word string) *wordError {
	return badWord("没有 %[1]q 可以去掉", "there is no %[1]q to remove", word).of(word)
}

func changeWords(list *wordList, c WordChange) *wordError {
	words := slices.Clone(list.words)
	for _, w := range c.Remove {
		i := slices.Index(words, w)
		if i < 0 {
			return notThere(w)
		}
		words = slices.Delete(words, i, i+1)
	}
	for _, w := range c.Add {
		if w == "" || w != strings.TrimSpace(w) || strings.ContainsAny(w, "\t\r\n") || strings.HasPrefix(w, ellipsis) || strings.HasSuffix(w, ellipsis) {
			return badWord("%[1]q 不是词：前后不能有空白或省略号", "%[1]q is no word: none begins or ends with a blank or an ellipsis", w).of(w)
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
func (l *lexicon) changeTypos(c WordChange) *wordError {
	typos := &typoList{at: make(map[rune][]typo, len(l.typos.at))}
	typos.starts = l.typos.starts
	for first, ts := range l.typos.at {
		typos.at[first] = slices.Clone(ts)
	}
	for _, w := range c.Remove {
		if !typos.remove(w) {
			return notThere(w)
		}
	}
	for _, text := range c.Add {
		line := strings.Split(text, "\t")
		if wrong, right, ok := strings.Cut(text, arrow); ok && len(line) == 1 {
			line = []string{wrong, right, Warning.String(), "", ""}
		}
		typos.remove(line[0])
		if err := typos.add(line); err != nil {
			return err.of(text)
		}
	}
	l.typos = typos
	return nil
}

// changeTraditional adds pairs of characters, written 爾→尔, and removes others, named
// by the traditional character.
func (l *lexicon) changeTraditional(c WordChange) *wordError {
	simple := new(runeMap)
	*simple = *l.simple
	for _, w := range c.Remove {
		if !simple.remove(w) {
			return notThere(w)
		}
	}
	for _, text := range c.Add {
		from, to, ok := strings.Cut(text, arrow)
		if !ok {
			from, to, _ = strings.Cut(text, "\t")
		}
		if err := simple.addPair([]string{from, to}); err != nil {
			return err.of(text)
		}
	}
	l.simple = simple
	l.collectRespelt()
	return nil
}
