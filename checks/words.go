package checks

import (
	"embed"
	"iter"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"jixiaolint/schema/quantity"
)

// The word lists are data: one file a list, one word a line, with a comment that
// says which rule uses the list, how, and where its words are from. They hold what
// people write of their own in names, values and texts. What is printed on the form
// itself, what is read together with a figure (operators, units, numerals, dates,
// 其中 before amounts) and what tells words apart by a single character is part of
// the rule that reads it.
//
//go:embed words
var wordFiles embed.FS

// lexicon is the word lists, ready for use. It is never changed: other lists make
// another lexicon.
type lexicon struct {
	// On names and objects of indicators.
	inputs, execution, compliance, money, paying, economic, ecology, waived             wordList
	unwanted, answered, handling, lessening, tallies, changing, above100                wordList
	unitNames, counted, measured                                                        wordList
	fixed, actions, dealings                                                            wordList
	staff, unnamed, satisfaction, fundTiming, allocations, expenses, unitCosts, savings wordList
	// On targets and actual values.
	vagueAdverbs, vagueVerbs, states, inapplicable wordList
	// On texts.
	future, shortfall, survey, adjustments, unspent, leftover wordList
	causes, measures, looseMeasures, undone, boilerplate      wordList
	notParts, someParts, otherBudgets, otherCounts            wordList
	places, generic                                           wordList

	typos *typoList
	// simple maps traditional characters to their simplified forms, alike one of two
	// characters that are taken for each other to the other.
	simple, alike *runeMap
	// respelt are the characters on either side of simple and alike.
	respelt *runeSet
}

// lists gives the plain lists by the names of their files.
func (l *lexicon) lists() map[string]*wordList {
	return map[string]*wordList{
		"inputs": &l.inputs, "execution": &l.execution, "compliance": &l.compliance, "money": &l.money, "paying": &l.paying,
		"economic": &l.economic, "ecology": &l.ecology, "waived": &l.waived,
		"unwanted": &l.unwanted, "answered": &l.answered, "handling": &l.handling, "lessening": &l.lessening, "tallies": &l.tallies, "changing": &l.changing, "above-100": &l.above100,
		"unit-names": &l.unitNames, "counted": &l.counted, "measured": &l.measured, "fixed": &l.fixed, "actions": &l.actions, "dealings": &l.dealings,
		"staff": &l.staff, "unnamed": &l.unnamed, "satisfaction": &l.satisfaction, "fund-timing": &l.fundTiming,
		"allocations": &l.allocations, "expenses": &l.expenses, "unit-costs": &l.unitCosts, "savings": &l.savings,
		"vague-adverbs": &l.vagueAdverbs, "vague-verbs": &l.vagueVerbs, "states": &l.states, "inapplicable": &l.inapplicable,
		"future": &l.future, "shortfall": &l.shortfall, "survey": &l.survey, "adjustments": &l.adjustments, "unspent": &l.unspent, "leftover": &l.leftover,
		"causes": &l.causes, "measures": &l.measures, "loose-measures": &l.looseMeasures, "undone": &l.undone, "boilerplate": &l.boilerplate,
		"not-parts": &l.notParts, "some-parts": &l.someParts, "other-budgets": &l.otherBudgets, "other-counts": &l.otherCounts,
		"places": &l.places, "generic": &l.generic,
	}
}

// words gives the shipped lexicon. The files are part of the program, so an error in
// them is a fault of the program; a test reads them all.
var words = sync.OnceValue(func() *lexicon {
	l, err := readLexicon()
	if err != nil {
		panic(err)
	}
	return l
})

func readLexicon() (*lexicon, error) {
	l := &lexicon{typos: &typoList{at: map[rune][]typo{}}, simple: &runeMap{}, alike: &runeMap{}}
	for name, list := range l.lists() {
		var words []string
		for line, err := range wordLines(name + ".txt") {
			if err != nil {
				return nil, err
			}
			words = append(words, line[0])
		}
		*list = newWordList(words)
	}
	for name, pairs := range map[string]*runeMap{traditionalList: l.simple, "lookalikes": l.alike} {
		for line, err := range wordLines(name + ".tsv") {
			if err != nil {
				return nil, err
			}
			if bad := pairs.addPair(line); bad != nil {
				return nil, bad
			}
		}
	}
	l.collectRespelt()
	for line, err := range wordLines(typosList + ".tsv") {
		if err != nil {
			return nil, err
		}
		if bad := l.typos.add(line); bad != nil {
			return nil, bad
		}
	}
	return l, nil
}

// collectRespelt finds the characters on either side of simple and alike.
func (l *lexicon) collectRespelt() {
	l.respelt = &runeSet{}
	for _, pairs := range []*runeMap{l.simple, l.alike} {
		for r := rune(firstHan); r <= lastHan; r++ {
			if to, ok := pairs.get(r); ok {
				l.respelt.add(r)
				l.respelt.add(to)
			}
		}
	}
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

// wordList is a list of words, indexed by their first characters: most characters of
// a text begin no word, and only a few words are compared at those that do.
type wordList struct {
	words  []string // in the order of the file
	starts runeFilter
	at     map[rune][]word
}

// word is a word of a list. One with an ellipsis, such as 受…影响, stands for its
// halves with 1 to maxGap characters of the same sentence between them.
type word struct {
	head, tail string
	index      int
}

const (
	ellipsis = "…"
	maxGap   = 30
)

func newWordList(words []string) wordList {
	l := wordList{words: words, at: make(map[rune][]word, len(words))}
	for i, text := range words {
		first, _ := utf8.DecodeRuneInString(text)
		head, tail, _ := strings.Cut(text, ellipsis)
		l.starts.add(first)
		l.at[first] = append(l.at[first], word{head, tail, i})
	}
	return l
}

// sense says which way of a thing is better.
type sense uint8

const (
	wanted   sense = iota // more, as of most things
	unwanted              // less
	doubtful              // not known
)

// senseOf tells by the name of an indicator which way is better: see the lists that it
// uses.
func (l *lexicon) senseOf(name string) sense {
	s := quantity.Fold(name)
	if i := strings.IndexByte(s, '('); i > 0 {
		s = s[:i] // a unit, or a remark
	}
	most := wanted
	if l.openMeasure(s) {
		most = doubtful
	}
	before, tail, ok := l.lastUnwanted(s)
	switch {
	case l.leftUndone(s):
		return unwanted
	case !ok:
		return most
	case endsWith(tail, "下降率", "降低率", "减少率", "降幅", "下降幅度", "下降比例"):
		return wanted // the more, the less is left of the thing
	case l.lessening.in(before + " " + tail):
		return doubtful
	case l.answered.in(tail):
		return most
	case !strings.HasSuffix(s, "率") && l.handling.prefix(s) > 0:
		return most
	case !l.isTally(tail):
		return doubtful
	case strings.HasSuffix(tail, "率"):
		return unwanted
	case l.answered.in(before):
		return doubtful
	}
	return unwanted
}

// openMeasure reports whether a name ends in a measure of which more may be better or
// worse: the time of waiting or of running, the concentration of oxygen or of ammonia.
func (l *lexicon) openMeasure(s string) bool {
	if endsWith(s, "时间", "时长", "时限", "周期", "速度", "强度", "浓度", "系数", "涨幅", "变动率", "变化率", "波动率", "用量", "用水量", "用电量", "消耗量") {
		return true
	}
	if endsWith(s, "增幅", "增速", "增长率") && containsAny(s, "费用", "支出", "成本", "价格") {
		return true
	}
	if days, ok := strings.CutSuffix(s, "天数"); ok && containsAny(days, "平均", "办理", "审理", "审批", "办结", "评审") {
		return true
	}
	if strings.HasSuffix(s, "频率") && !l.answered.in(s) {
		return true // of acid rain, but not of inspections
	}
	// What happens is mostly what nobody wants: 病虫害发生面积.
	before, tail, ok := strings.Cut(s, "发生")
	return ok && l.isTally(tail) && !strings.HasSuffix(before, "不") && !strings.HasSuffix(before, "未")
}

// leftUndone reports whether a name counts what was not done: 未整改率, 未按时发放人数.
func (l *lexicon) leftUndone(s string) bool {
	i := strings.LastIndex(s, "未")
	if i < 0 {
		return false
	}
	tail := s[i+len("未"):]
	for _, when := range []string{"按时", "按期", "及时"} {
		tail = strings.TrimPrefix(tail, when)
	}
	n := l.answered.prefix(tail)
	return n > 0 && l.isTally(tail[n:])
}

// lastUnwanted gives what stands before and after the last thing in a name that nobody
// wants, other such things taken out; ok is false if there is none, or all are turned
// round (平均无故障时间).
func (l *lexicon) lastUnwanted(s string) (before, tail string, ok bool) {
	if !l.unwanted.in(s) {
		return "", "", false // as mostly
	}
	turned := containsAny(s, "不发生", "未发生", "不出现", "未出现", "没有")
	var rest strings.Builder
	for at := 0; at < len(s); {
		if n := l.unwanted.prefix(s[at:]); n > 0 {
			r, _ := utf8.DecodeLastRuneInString(s[:at])
			if at += n; !turned && !strings.ContainsRune("无零不未非防反", r) {
				rest.WriteByte(' ')
				before, tail, ok = rest.String(), s[at:], true
			}
			continue
		}
		_, n := utf8.DecodeRuneInString(s[at:])
		rest.WriteString(s[at : at+n])
		at += n
	}
	return before, tail, ok
}

func endsWith(s string, tails ...string) bool {
	return slices.ContainsFunc(tails, func(t string) bool { return strings.HasSuffix(s, t) })
}

// isTally reports whether the rest of a name only counts or measures what stands before.
func (l *lexicon) isTally(s string) bool {
	for s != "" {
		n := l.tallies.prefix(s)
		if n == 0 {
			return false
		}
		s = s[n:]
	}
	return true
}

// in reports whether one of the words stands anywhere in s.
func (l *wordList) in(s string) bool {
	for i, r := range s {
		if !l.starts.mayHave(r) {
			continue
		}
		for _, w := range l.at[r] {
			if w.begins(s[i:]) {
				return true
			}
		}
	}
	return false
}

// first gives the first word of the list that stands in s.
func (l *wordList) first(s string) (text string, ok bool) {
	first := len(l.words)
	for i, r := range s {
		if !l.starts.mayHave(r) {
			continue
		}
		for _, w := range l.at[r] {
			if w.index < first && w.begins(s[i:]) {
				first = w.index
			}
		}
	}
	if first == len(l.words) {
		return "", false
	}
	return l.words[first], true
}

// begins reports whether s begins with the word.
func (w word) begins(s string) bool {
	rest, ok := strings.CutPrefix(s, w.head)
	if !ok || w.tail == "" {
		return ok
	}
	n := 0
	for i, r := range rest {
		if n > 0 && strings.HasPrefix(rest[i:], w.tail) {
			return true
		}
		if n++; n > maxGap || r == '。' || r == '；' {
			return false
		}
	}
	return false
}

// is reports whether s is one of the words.
func (l *wordList) is(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	for _, w := range l.at[first] {
		if s == l.words[w.index] {
			return true
		}
	}
	return false
}

// prefix gives the length of the longest word that s begins with, 0 if none.
func (l *wordList) prefix(s string) int {
	first, _ := utf8.DecodeRuneInString(s)
	return l.prefixFrom(first, s)
}

// prefixFrom is prefix of a text whose first character is known.
func (l *wordList) prefixFrom(first rune, s string) int {
	if !l.starts.mayHave(first) {
		return 0
	}
	n := 0
	for _, w := range l.at[first] {
		if text := l.words[w.index]; len(text) > n && strings.HasPrefix(s, text) {
			n = len(text)
		}
	}
	return n
}

// ends reports whether s ends with one of the words.
func (l *wordList) ends(s string) bool {
	for _, w := range l.words {
		if strings.HasSuffix(s, w) {
			return true
		}
	}
	return false
}

// runeFilter tells most characters that are not in a set, by their last ten bits.
type runeFilter [1 << 10 / 64]uint64

func (f *runeFilter) add(r rune) { f[r>>6&15] |= 1 << (r & 63) }

func (f *runeFilter) mayHave(r rune) bool { return f[r>>6&15]&(1<<(r&63)) != 0 }

// typoList is the misspellings by their first characters.
type typoList struct {
	starts runeFilter
	at     map[rune][]typo
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

// add reads a misspelling from the columns of typos.tsv.
func (l *typoList) add(line []string) *wordError {
	first, t, err := parseTypo(line)
	if err != nil {
		return err
	}
	l.starts.add(first)
	l.at[first] = append(l.at[first], t)
	return nil
}

// remove takes a misspelling off the list and reports whether it was there.
func (l *typoList) remove(wrong string) bool {
	first, _ := utf8.DecodeRuneInString(wrong)
	n := len(l.at[first])
	l.at[first] = slices.DeleteFunc(l.at[first], func(t typo) bool { return t.wrong == wrong })
	return len(l.at[first]) < n
}

func parseTypo(line []string) (first rune, t typo, bad *wordError) {
	first, _ = utf8.DecodeRuneInString(line[0])
	if len(line) != 5 || !isHan(first) || line[1] == "" {
		return 0, t, badWord("%[1]q 应写成“布署→部署”这样", "%[1]q is no misspelling such as 布署→部署", strings.Join(line, " "))
	}
	if line[0] == line[1] {
		return 0, t, badWord("%[1]q 的两边相同：应写成“错误写法→正确写法”", "both sides of %[1]q are the same: write what is wrong → what is right", line[0]+arrow+line[1])
	}
	severity, ok := ParseSeverity(line[2])
	if !ok {
		return 0, t, badWord("%[1]q 不是严重程度", "%[1]q is no severity", line[2])
	}
	t = typo{wrong: line[0], right: line[1], severity: severity, notAfter: line[3]}
	if line[4] != "" {
		var err error
		if t.followedBy, err = regexp.Compile(line[4]); err != nil {
			return 0, t, badWord("%[1]q 不是正则表达式：%[2]v", "%[1]q is no regular expression: %[2]v", line[4], err)
		}
	}
	t.spare()
	return first, t, nil
}

// spare makes a right form that holds the wrong one none: with 执法人员→行政执法人员 the
// word after 政 is right. The neighbours in the right form decide; in doubt nothing is
// reported.
func (t *typo) spare() {
	before, after, ok := strings.Cut(t.right, t.wrong)
	if !ok {
		return
	}
	if last, size := utf8.DecodeLastRuneInString(before); size > 0 {
		t.notAfter += string(last)
	}
	if next, size := utf8.DecodeRuneInString(after); size > 0 && t.followedBy == nil {
		t.followedBy = regexp.MustCompile(`^(?:[^` + regexp.QuoteMeta(string(next)) + `]|$)`)
	}
}

// The block of common Han characters.
const firstHan, lastHan = 0x4e00, 0x9fff

func isHan(r rune) bool { return r >= firstHan && r <= lastHan }

// runeSet is a set of common Han characters; every character of every form is looked
// up in one.
type runeSet [(lastHan-firstHan)/64 + 1]uint64

func (s *runeSet) has(r rune) bool {
	i := r - firstHan
	return isHan(r) && s[i/64]&(1<<(i%64)) != 0
}

func (s *runeSet) add(r rune) {
	i := r - firstHan
	s[i/64] |= 1 << (i % 64)
}

func (s *runeSet) remove(r rune) {
	i := r - firstHan
	s[i/64] &^= 1 << (i % 64)
}

// runeMap maps common Han characters to others.
type runeMap struct {
	to   [lastHan - firstHan + 1]rune
	from runeSet // small enough to stay in the cache
}

// has reports whether a character is mapped to another.
func (m *runeMap) has(r rune) bool { return m.from.has(r) }

func (m *runeMap) get(r rune) (to rune, ok bool) {
	if !m.has(r) {
		return 0, false
	}
	return m.to[r-firstHan], true
}

// addPair reads a pair of characters.
func (m *runeMap) addPair(line []string) *wordError {
	from, to := []rune(line[0]), []rune(line[len(line)-1])
	if len(line) != 2 || len(from) != 1 || len(to) != 1 || !isHan(from[0]) || !isHan(to[0]) || from[0] == to[0] {
		return badWord("%[1]q 应写成“爾→尔”这样", "%[1]q is no pair of characters such as 爾→尔", strings.Join(line, " "))
	}
	m.to[from[0]-firstHan] = to[0]
	m.from.add(from[0])
	return nil
}

// remove takes a character off the map and reports whether it was there.
func (m *runeMap) remove(character string) bool {
	from, size := utf8.DecodeRuneInString(character)
	if size != len(character) || !m.has(from) {
		return false
	}
	m.from.remove(from)
	return true
}
