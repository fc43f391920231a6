package quantity

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind says what a cell's text is as a quantity.
type Kind uint8

// The kinds. NotApplicable, Words and Blank are three different things: a dash or
// 无 says that there is no figure, words say something that is not a figure, and a
// blank cell says nothing.
const (
	Blank         Kind = iota
	NotApplicable      // -, —, /, ——, 无
	Figure             // one number, with an optional comparator and unit
	Range              // two numbers: 80%-90%
	Dated              // a calendar date or period: 2022年, 12月底前
	Words              // anything else
)

// Comparator is the direction stated before or after a target.
type Comparator uint8

// The comparators. None means that the cell states none.
const (
	None Comparator = iota
	AtLeast
	MoreThan
	Equal
	AtMost
	LessThan
)

// Symbol gives the comparator as forms write it, empty for None.
func (c Comparator) Symbol() string {
	switch c {
	case AtLeast:
		return "≥"
	case MoreThan:
		return ">"
	case Equal:
		return "="
	case AtMost:
		return "≤"
	case LessThan:
		return "<"
	case None:
	}
	return ""
}

// Upper reports whether the comparator sets an upper bound, so that less is better.
func (c Comparator) Upper() bool { return c == AtMost || c == LessThan }

// Quantity is what a cell's text says as a figure.
type Quantity struct {
	Kind       Kind
	Comparator Comparator
	// Symbolic is set when the comparator was written as a sign (≥), not in words
	// (不低于, 以上).
	Symbolic bool
	// Value is the figure, or the lower end of a Range; High is the upper end.
	Value, High Number
	// Decimals is the number of decimals shown.
	Decimals int
	// Unit is the unit as written after the figure (万元, 人次, %); percent signs
	// and 百分比 read as %.
	Unit string
	// FullWidth is set when digits were written in full width (１２).
	FullWidth bool
	// Period is the date or period of a Dated quantity.
	Period Period
}

// maxText bounds the cells that are read as quantities: longer texts are Words.
const maxText = 120

// Parse reads a cell's text as a quantity. It never fails: what is no quantity is
// Words.
func Parse(text string) Quantity {
	if len(text) > maxText {
		return Quantity{Kind: Words}
	}
	s := Fold(text)
	switch {
	case s == "":
		return Quantity{Kind: Blank}
	case isNotApplicable(s):
		return Quantity{Kind: NotApplicable}
	}
	if p, ok := ParsePeriod(s); ok {
		return Quantity{Kind: Dated, Period: p}
	}
	q := Quantity{Kind: Figure, FullWidth: hasFullWidthDigit(text)}
	s = q.takeComparator(s)
	per := ""
	if rest, ok := strings.CutPrefix(s, "每"); ok {
		// 每亩300, 每人每年75元: the figure is per something.
		if i := strings.IndexFunc(rest, isDigit); i > 0 {
			per, s = "/每"+rest[:i], rest[i:]
		}
	}
	n, decimals, rest, ok := takeNumber(s)
	if !ok {
		return Quantity{Kind: Words}
	}
	q.Value, q.Decimals = n, decimals
	if isApproximate(rest) {
		return Quantity{Kind: Words} // 20余期 is no figure to compute with
	}
	if high, tail, ok := takeRangeEnd(rest); ok {
		q.Kind, q.High, rest = Range, high, tail
	}
	rest = q.takeSuffix(rest)
	if !validUnit(rest) {
		return Quantity{Kind: Words}
	}
	if rest == "成" {
		return q.tenths() // 9成 is 90%
	}
	q.Unit = normalizeUnit(rest) + per
	return q
}

// tenths gives the percentage of a figure that counts tenths.
func (q Quantity) tenths() Quantity {
	ten := Int(10)
	q.Value, q.High, q.Decimals, q.Unit = q.Value.Mul(ten), q.High.Mul(ten), max(q.Decimals-1, 0), "%"
	return q
}

// Missing reports whether a cell's text gives no value: it is what Parse(text) says,
// for much less.
func Missing(text string) bool {
	if len(text) > maxText {
		return false
	}
	s := Fold(text)
	return s == "" || isNotApplicable(s)
}

// IsFigure reports whether the quantity is one number.
func (q Quantity) IsFigure() bool { return q.Kind == Figure }

// Missing reports whether the cell gives no value: blank, a dash, or 无.
func (q Quantity) Missing() bool { return q.Kind == Blank || q.Kind == NotApplicable }

// Interval gives the values that the figure as an input stands for: a whole number
// stands for itself, a number with decimals for all that round to it (design.md §5).
func (q Quantity) Interval() Interval {
	if q.Decimals == 0 {
		return Point(q.Value)
	}
	return Rounded(q.Value, q.Decimals)
}

// Shown gives the values that the figure as a result stands for: all that round to
// it at the shown precision, also for whole numbers.
func (q Quantity) Shown() Interval { return Rounded(q.Value, q.Decimals) }

// HasDigit reports whether the text holds a digit that is not part of a year.
func HasDigit(text string) bool {
	s := Fold(text)
	for i := 0; i < len(s); {
		if !isDigit(rune(s[i])) {
			i++
			continue
		}
		j := i
		for j < len(s) && isDigit(rune(s[j])) {
			j++
		}
		if y := s[i:j]; j-i != 4 || y < "1900" || y > "2100" || !endsYear(s[j:]) {
			return true
		}
		i = j
	}
	return false
}

// endsYear reports whether four digits before rest may be a year: 2022年, 2022-12,
// 2022 alone, but not 1991人.
func endsYear(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || strings.ContainsRune("年度-~至/.、,，。;；)", r)
}

// Fold brings a text to the form in which it is read: full-width characters to half
// width, unlike dashes and comparison signs to one each, white space and zero-width
// characters removed.
func Fold(text string) string {
	plain := plainPrefix(text)
	if plain == len(text) {
		return text // most cells are folded already
	}
	var b strings.Builder
	b.Grow(len(text))
	for {
		b.WriteString(text[:plain])
		if text = text[plain:]; text == "" {
			return b.String()
		}
		r, size := utf8.DecodeRuneInString(text)
		text = text[size:]
		if r, ok := foldRune(r); ok {
			b.WriteRune(r)
		}
		plain = plainPrefix(text)
	}
}

// foldRune gives what a character folds to; ok is false if nothing is left of it.
func foldRune(r rune) (folded rune, ok bool) {
	switch {
	case unicode.IsSpace(r), unicode.Is(unicode.Cf, r):
		return 0, false
	case r >= '！' && r <= '～':
		r -= '！' - '!'
	}
	switch r {
	case '≧', '⩾', '⪰':
		r = '≥'
	case '≦', '⩽', '⪯':
		r = '≤'
	case '\u3009', '\u232a', '›':
		r = '>'
	case '\u3008', '\u2329', '‹':
		r = '<'
	case '═', '﹦', '⩵':
		r = '='
	case '—', '–', '‐', '‑', '−', '―', '─', '━', '－', '﹣':
		r = '-'
	case '∶', '﹕':
		r = ':'
	case '﹪', '٪':
		r = '%'
	case '〔', '﹝', '【', '﹙':
		r = '('
	case '〕', '﹞', '】', '﹚':
		r = ')'
	}
	return r, true
}

// plainPrefix gives the length of the part of a text before the first character that
// folding may change: of printable ASCII and the common Han characters, U+5000 to U+9FFF
// and those from U+4E00 on, told by their bytes.
func plainPrefix(s string) int {
	i := 0
	for i < len(s) {
		switch c := s[i]; {
		case c > ' ' && c <= '~':
			i++
		case c >= 0xe4 && c <= 0xe9 && i+2 < len(s) && (c > 0xe4 || s[i+1] >= 0xb8) && s[i+1]&0xc0 == 0x80 && s[i+2]&0xc0 == 0x80:
			i += 3
		default:
			return i
		}
	}
	return i
}

func isNotApplicable(s string) bool {
	switch s {
	case "无", "/", "\\", "N/A", "n/a", "不适用", "*":
		return true
	}
	return strings.Trim(s, "-") == ""
}

func hasFullWidthDigit(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= '０' && r <= '９' })
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// word is a comparator in words or signs.
type word struct {
	text string
	cmp  Comparator
}

// Longer words come before those they begin with.
var (
	signs = []word{
		{">=", AtLeast}, {"<=", AtMost}, {"=>", AtLeast}, {"=<", AtMost},
		{"≥", AtLeast}, {"≤", AtMost}, {">", MoreThan}, {"<", LessThan}, {"=", Equal},
	}
	prefixes = []word{
		{"大于等于", AtLeast}, {"大于或等于", AtLeast}, {"小于等于", AtMost}, {"小于或等于", AtMost},
		{"不少于", AtLeast}, {"不低于", AtLeast}, {"不小于", AtLeast}, {"至少", AtLeast},
		{"达到", AtLeast}, {"不超过", AtMost}, {"不高于", AtMost}, {"不多于", AtMost},
		{"不大于", AtMost}, {"控制在", AtMost}, {"至多", AtMost}, {"最多", AtMost},
		{"大于", MoreThan}, {"高于", MoreThan}, {"超过", MoreThan}, {"多于", MoreThan},
		{"小于", LessThan}, {"低于", LessThan}, {"少于", LessThan}, {"等于", Equal},
		{"约", None}, {"大约", None},
	}
	suffixes = []word{
		{"及以上", AtLeast}, {"(含)以上", AtLeast}, {"以上(含)", AtLeast}, {"以上", AtLeast},
		{"及以下", AtMost}, {"(含)以下", AtMost}, {"以下(含)", AtMost}, {"以下", AtMost},
		{"(含)以内", AtMost}, {"以内(含)", AtMost}, {"以内", AtMost}, {"之内", AtMost}, {"(含)", None},
		{"左右", None}, {"内", AtMost},
	}
)

// Sign gives the comparator that a cell of operators holds (≥, =, 大于等于 …).
func Sign(text string) (Comparator, bool) {
	s := Fold(text)
	for _, ws := range [][]word{signs, prefixes} {
		for _, w := range ws {
			if s == w.text {
				return w.cmp, true
			}
		}
	}
	return None, false
}

func (q *Quantity) takeComparator(s string) string {
	if isDigit(rune(s[0])) {
		return s // as most actual values, weights and scores begin
	}
	for _, w := range signs {
		if rest, ok := strings.CutPrefix(s, w.text); ok {
			q.Comparator, q.Symbolic = w.cmp, true
			return rest
		}
	}
	for _, w := range prefixes {
		if rest, ok := strings.CutPrefix(s, w.text); ok {
			q.Comparator = w.cmp
			return rest
		}
	}
	return s
}

func (q *Quantity) takeSuffix(s string) string {
	if s == "" {
		return s
	}
	for _, w := range suffixes {
		if rest, ok := strings.CutSuffix(s, w.text); ok {
			if q.Comparator == None {
				q.Comparator = w.cmp
			}
			return rest
		}
	}
	return s
}

// isApproximate reports whether what follows a number makes it a round one: 20余期,
// 100多人, 1.2万余人.
func isApproximate(rest string) bool {
	for _, m := range multipliers {
		if after, ok := strings.CutPrefix(rest, m.text); ok {
			rest = after
			break
		}
	}
	return strings.HasPrefix(rest, "余") || strings.HasPrefix(rest, "多")
}

// takeNumber reads a decimal, with an optional sign and thousands separators, from
// the start of s.
func takeNumber(s string) (n Number, decimals int, rest string, ok bool) {
	i := 0
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		i++
	}
	for i < len(s) && (isDigit(rune(s[i])) || s[i] == '.' || s[i] == ',') {
		i++
	}
	text := strings.TrimRight(s[:i], ".,")
	rest = s[len(text):]
	plain, ok := dropThousands(text)
	if !ok {
		return Number{}, 0, s, false
	}
	n, decimals, ok = ParseDecimal(plain)
	return n, decimals, rest, ok
}

// dropThousands removes thousands separators; a comma anywhere else makes the text
// no number.
func dropThousands(s string) (string, bool) {
	if !strings.Contains(s, ",") {
		return s, true
	}
	whole, _, _ := strings.Cut(s, ".")
	groups := strings.Split(strings.TrimLeft(whole, "+-"), ",")
	for i, g := range groups {
		if i == 0 && (g == "" || len(g) > 3) || i > 0 && len(g) != 3 {
			return "", false
		}
	}
	if strings.Contains(s[len(whole):], ",") {
		return "", false
	}
	return strings.ReplaceAll(s, ",", ""), true
}

// takeRangeEnd reads the second half of a range such as -90% or %~90%.
func takeRangeEnd(s string) (high Number, rest string, ok bool) {
	i := indexRangeSign(s)
	if i < 0 || !validUnit(s[:i]) {
		return Number{}, s, false
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	high, _, rest, ok = takeNumber(s[i+size:])
	if !ok {
		return Number{}, s, false
	}
	return high, rest, true
}

// indexRangeSign finds the first sign of a range.
func indexRangeSign(s string) int {
	return strings.IndexFunc(s, func(r rune) bool { return r == '-' || r == '~' || r == '至' })
}

// maxUnit is the longest unit in runes: 万元/公里·年 and its like.
const maxUnit = 8

// validUnit reports whether what follows a figure may be its unit: short, and
// without digits or punctuation that belongs to a sentence.
func validUnit(s string) bool {
	if utf8.RuneCountInString(s) > maxUnit {
		return false
	}
	for _, r := range s {
		switch {
		case unicode.IsLetter(r), r == '%', r == '‰', r == '/', r == '(', r == ')', r == '·',
			r == '°', r == '㎡', r == '²', r == '³', r == '¥':
		default:
			return false
		}
	}
	return true
}

func normalizeUnit(s string) string {
	switch s {
	case "百分比", "%(百分比)", "(%)", "百分点", "个百分点", "(百分比)":
		return "%"
	case "千分比", "(‰)":
		return "‰"
	}
	if inner, ok := strings.CutPrefix(s, "("); ok && strings.HasSuffix(inner, ")") {
		return strings.TrimSuffix(inner, ")")
	}
	return s
}
