package grid

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// numberFormat shows stored numbers and texts as a Chinese Excel shows them in a
// cell that is wide enough. Padding at the ends (_ and *) is left out, for it aligns
// figures and says nothing. Fractions, and formats that Excel itself would not
// accept, are shown as General.
type numberFormat struct {
	code     string // empty for General
	compiled bool
	numbers  []formatSection // for numbers, at most three
	texts    *formatSection  // for text, nil to show text as it is
}

// maxFormatCode is four times what Excel allows.
const maxFormatCode = 1020

// builtinNumberFormats are the built-in formats made ready for use, each when it is
// first needed. They are shared by all readers and do not change.
var builtinNumberFormats = func() (made [len(builtinFormats)]func() *numberFormat) {
	for id, code := range builtinFormats {
		made[id] = sync.OnceValue(func() *numberFormat {
			nf := newNumberFormat(code)
			nf.compile()
			return nf
		})
	}
	return made
}()

func newNumberFormat(code string) *numberFormat {
	if isGeneralFormat(code) {
		return general
	}
	return &numberFormat{code: code}
}

// generalNames are how Excel and WPS write the General format.
var generalNames = []string{"General", "G/通用格式"}

func isGeneralFormat(code string) bool {
	return code == "" || slices.ContainsFunc(generalNames, func(g string) bool { return strings.EqualFold(code, g) })
}

// builtinFormat gives a built-in format as the Chinese Excel has it, General for ids
// without one.
func builtinFormat(id int) *numberFormat {
	if id < len(builtinFormats) {
		return builtinNumberFormats[id]()
	}
	return general
}

var builtinFormats = [...]string{
	1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
	5: `"¥"#,##0;"¥"\-#,##0`, 6: `"¥"#,##0;[Red]"¥"\-#,##0`,
	7: `"¥"#,##0.00;"¥"\-#,##0.00`, 8: `"¥"#,##0.00;[Red]"¥"\-#,##0.00`,
	9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
	14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
	18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
	27: `yyyy"年"m"月"`, 28: `m"月"d"日"`, 29: `m"月"d"日"`, 30: "m-d-yy", 31: `yyyy"年"m"月"d"日"`,
	32: `h"时"mm"分"`, 33: `h"时"mm"分"ss"秒"`, 34: `上午/下午h"时"mm"分"`, 35: `上午/下午h"时"mm"分"ss"秒"`,
	36: `yyyy"年"m"月"`,
	37: `#,##0;\-#,##0`, 38: `#,##0;[Red]\-#,##0`, 39: `#,##0.00;\-#,##0.00`, 40: `#,##0.00;[Red]\-#,##0.00`,
	41: `_ * #,##0_ ;_ * \-#,##0_ ;_ * "-"_ ;_ @_ `, 42: `_ "¥"* #,##0_ ;_ "¥"* \-#,##0_ ;_ "¥"* "-"_ ;_ @_ `,
	43: `_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ `, 44: `_ "¥"* #,##0.00_ ;_ "¥"* \-#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ `,
	45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
	50: `yyyy"年"m"月"`, 51: `m"月"d"日"`, 52: `yyyy"年"m"月"`, 53: `m"月"d"日"`, 54: `m"月"d"日"`,
	55: `上午/下午h"时"mm"分"`, 56: `上午/下午h"时"mm"分"ss"秒"`, 57: `yyyy"年"m"月"`, 58: `m"月"d"日"`,
}

// sectionKind is what a section of a format shows.
type sectionKind uint8

const (
	generalSection sectionKind = iota // the number as General, with literals
	numberSection
	dateSection
	textSection // text, or literals only
)

// formatSection is one of the parts between the semicolons.
type formatSection struct {
	kind   sectionKind
	tokens []formatToken

	op        string  // <, <=, >, >=, =, <>, empty for no condition
	threshold decimal // of the condition

	percent  int // number of percent signs
	scale    int // number of commas that divide by a thousand
	grouped  bool
	whole    int // digit places before the point
	decimals int // digit places after it
	expPlus  bool
	expWidth int // digit places of the exponent, 0 for none

	chinese  int  // 1 or 2 for [DBNum1] and [DBNum2]
	zhNames  bool // months and days in Chinese
	seconds  bool // a date section shows seconds …
	fraction int  // … with so many decimals
	half     bool // a date section has AM/PM
}

// tokenKind is what a piece of a section stands for.
type tokenKind uint8

const (
	literalToken tokenKind = iota
	padToken               // the width of a character
	digitToken             // 0 # ?
	pointToken
	commaToken
	exponentToken
	slashToken
	generalToken
	textToken // @
	yearToken
	buddhistToken
	monthToken
	dayToken
	weekdayToken
	hourToken
	minuteToken
	secondToken
	fractionToken // decimals of seconds
	halfToken     // AM/PM
	eraToken
	elapsedHourToken
	elapsedMinuteToken
	elapsedSecondToken
)

type formatToken struct {
	kind tokenKind
	text string // of a literal; the digit placeholder; the names of the halves
	n    int    // length of a date token; 1 for the plus of an exponent
}

// compile takes the code apart, once.
func (f *numberFormat) compile() {
	if f.compiled {
		return
	}
	f.compiled = true
	if f.code == "" || len(f.code) > maxFormatCode {
		return
	}
	var sections []formatSection
	for rest, more := f.code, true; more; {
		var part string
		part, rest, more = cutSection(rest)
		s, ok := parseSection(part)
		if !ok || len(sections) == 4 {
			return // shown as General
		}
		sections = append(sections, s)
	}
	last := len(sections) - 1
	if last == 3 || slices.ContainsFunc(sections[last].tokens, func(t formatToken) bool { return t.kind == textToken }) {
		f.texts = &sections[last]
		sections = sections[:last]
	}
	f.numbers = sections
}

// cutSection splits the code at the first semicolon that separates sections.
func cutSection(code string) (part, rest string, more bool) {
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case ';':
			return code[:i], code[i+1:], true
		case '"':
			if j := strings.IndexByte(code[i+1:], '"'); j >= 0 {
				i += j + 1
			}
		case '[':
			if j := strings.IndexByte(code[i+1:], ']'); j >= 0 {
				i += j + 1
			}
		case '\\', '_', '*':
			i++
		}
	}
	return code, "", false
}

// sectionParser reads one section.
type sectionParser struct {
	s     formatSection
	code  string
	pos   int
	digit bool // a digit placeholder was seen
	date  bool // a date token was seen
}

// parseSection takes a section apart; it fails on what no program writes.
func parseSection(code string) (formatSection, bool) {
	p := sectionParser{code: code}
	p.s.tokens = make([]formatToken, 0, min(len(code), 8))
	for p.pos < len(p.code) {
		p.token()
	}
	return p.s, p.classify()
}

func (p *sectionParser) add(kind tokenKind, text string, n int) {
	p.s.tokens = append(p.s.tokens, formatToken{kind, text, n})
}

// rune takes the character at the position.
func (p *sectionParser) rune() string {
	_, n := utf8.DecodeRuneInString(p.code[p.pos:])
	c := p.code[p.pos : p.pos+n]
	p.pos += n
	return c
}

// foldPrefix reports whether the code goes on with word, in any case, and passes
// over it if so.
func (p *sectionParser) foldPrefix(word string) bool {
	if rest := p.code[p.pos:]; len(rest) < len(word) || !strings.EqualFold(rest[:len(word)], word) {
		return false
	}
	p.pos += len(word)
	return true
}

func (p *sectionParser) token() {
	c := p.code[p.pos]
	switch c {
	case '"':
		text, rest, _ := strings.Cut(p.code[p.pos+1:], `"`)
		p.add(literalToken, text, 0)
		p.pos = len(p.code) - len(rest)
		return
	case '\\', '!':
		if p.pos++; p.pos < len(p.code) {
			p.add(literalToken, p.rune(), 0)
		}
		return
	case '_', '*':
		if p.pos++; p.pos < len(p.code) {
			p.rune()
		}
		if c == '_' {
			p.add(padToken, "", 0)
		}
		return
	case '[':
		p.bracket()
		return
	case '0', '#', '?':
		p.digit = true
		p.add(digitToken, p.rune(), 0)
		return
	case '.':
		p.pos++
		p.add(pointToken, ".", 0)
		return
	case ',':
		p.pos++
		p.add(commaToken, ",", 0)
		return
	case '%':
		p.s.percent++
		p.add(literalToken, p.rune(), 0)
		return
	case '/':
		p.pos++
		p.add(slashToken, "/", 0)
		return
	case '@':
		p.pos++
		p.add(textToken, "", 0)
		return
	}
	for _, g := range generalNames {
		if p.foldPrefix(g) {
			p.add(generalToken, "", 0)
			return
		}
	}
	for _, h := range []string{"AM/PM", "A/P", "上午/下午"} {
		if p.foldPrefix(h) {
			p.date = true
			p.add(halfToken, p.code[p.pos-len(h):p.pos], 0)
			return
		}
	}
	if !p.letters(c) {
		p.add(literalToken, p.rune(), 0)
	}
}

// dateLetters are the letters of dates and times.
var dateLetters = map[byte]tokenKind{
	'y': yearToken, 'e': yearToken, 'b': buddhistToken, 'm': monthToken, 'd': dayToken,
	'h': hourToken, 's': secondToken, 'a': weekdayToken, 'g': eraToken,
}

// letters reads a run of one date letter, or the E of an exponent.
func (p *sectionParser) letters(c byte) bool {
	lower := c | 0x20
	if lower == 'e' && p.digit && p.pos+1 < len(p.code) && (p.code[p.pos+1] == '+' || p.code[p.pos+1] == '-') {
		plus := 0
		if p.code[p.pos+1] == '+' {
			plus = 1
		}
		p.add(exponentToken, "", plus)
		p.pos += 2
		return true
	}
	kind, ok := dateLetters[lower]
	n := 1
	for p.pos+n < len(p.code) && p.code[p.pos+n]|0x20 == lower {
		n++
	}
	if !ok || kind == weekdayToken && n < 3 || lower == 'e' && p.digit {
		return false
	}
	p.pos += n
	p.date = true
	if lower == 'e' {
		n = 4 // the year of the era, which in China is the common one
	}
	p.add(kind, "", n)
	return true
}

// bracket reads what stands in square brackets: elapsed time, a condition, a
// currency or language, Chinese digits, a colour.
func (p *sectionParser) bracket() {
	text, rest, closed := strings.Cut(p.code[p.pos+1:], "]")
	if !closed {
		p.add(literalToken, p.rune(), 0)
		return
	}
	p.pos = len(p.code) - len(rest)
	lower := strings.ToLower(text)
	switch {
	case text == "":
	case strings.Trim(lower, "h") == "":
		p.date = true
		p.add(elapsedHourToken, "", len(lower))
	case strings.Trim(lower, "m") == "":
		p.date = true
		p.add(elapsedMinuteToken, "", len(lower))
	case strings.Trim(lower, "s") == "":
		p.date = true
		p.add(elapsedSecondToken, "", len(lower))
	case text[0] == '$':
		p.locale(text[1:])
	case lower == "dbnum1":
		p.s.chinese = 1
	case lower == "dbnum2":
		p.s.chinese = 2
	case strings.ContainsRune("<>=", rune(text[0])):
		n := 1
		if len(text) > 1 && strings.ContainsRune("=>", rune(text[1])) {
			n = 2
		}
		if d, ok := parseDecimal(text[n:], nil); ok {
			p.s.op, p.s.threshold = text[:n], d
		}
	}
}

// locale reads the inside of [$¥-804]: a currency sign, and a language.
func (p *sectionParser) locale(text string) {
	currency, language, _ := strings.Cut(text, "-")
	if currency != "" {
		p.add(literalToken, currency, 0)
	}
	switch language = strings.ToUpper(language); {
	case language == "F800": // the long date of the system
		p.code, p.pos = `yyyy"年"m"月"d"日"`, 0
		p.s.tokens = p.s.tokens[:0]
	case language == "F400": // the time of the system
		p.code, p.pos = "h:mm:ss", 0
		p.s.tokens = p.s.tokens[:0]
	case strings.HasSuffix(language, "804"), language == "ZH-CN":
		p.s.zhNames = true
	}
}

// classify decides what the section shows, once its tokens are known.
func (p *sectionParser) classify() bool {
	s := &p.s
	has := func(kind tokenKind) bool {
		return slices.ContainsFunc(s.tokens, func(t formatToken) bool { return t.kind == kind })
	}
	switch {
	case has(generalToken):
		s.kind = generalSection
		if p.digit || p.date {
			return false
		}
	case p.date:
		s.kind = dateSection
		if has(textToken) || !s.arrangeDate() {
			return false
		}
	case has(textToken):
		s.kind = textSection
		if p.digit {
			return false
		}
	case p.digit:
		s.kind = numberSection
		if !s.arrangeNumber() {
			return false
		}
	default:
		s.kind = textSection
	}
	s.plainTokens()
	return true
}

// plainTokens makes literals of separators that separate nothing, and drops the
// padding at the ends.
func (s *formatSection) plainTokens() {
	for len(s.tokens) > 0 && s.tokens[0].kind == padToken {
		s.tokens = s.tokens[1:]
	}
	for n := len(s.tokens); n > 0 && s.tokens[n-1].kind == padToken; n-- {
		s.tokens = s.tokens[:n-1]
	}
	for i := range s.tokens {
		t := &s.tokens[i]
		switch {
		case t.kind == padToken:
			*t = formatToken{literalToken, " ", 0}
		case t.kind == slashToken, t.kind == commaToken, t.kind == pointToken && s.kind != numberSection:
			t.kind = literalToken
		}
	}
}

// arrangeNumber counts the digit places and settles what the commas mean. It fails
// for fractions.
func (s *formatSection) arrangeNumber() bool {
	out := s.tokens[:0] // never longer than what was looked at
	place := &s.whole
	for i, t := range s.tokens {
		switch t.kind {
		case digitToken:
			*place++
		case pointToken:
			if place != &s.whole {
				t = formatToken{literalToken, ".", 0}
				break
			}
			place = &s.decimals
		case exponentToken:
			if s.expWidth > 0 || place == &s.expWidth {
				return false
			}
			place = &s.expWidth
			s.expPlus = t.n == 1
		case commaToken:
			if place == &s.expWidth || *place == 0 && place == &s.whole {
				break // a comma before all digits is a literal
			}
			if place == &s.whole && digitFollows(s.tokens[i:]) {
				s.grouped = true
			} else {
				s.scale++
			}
			continue
		case slashToken:
			if digitFollows(s.tokens[i:]) {
				return false
			}
		default:
		}
		out = append(out, t)
	}
	s.tokens = out
	return place != &s.expWidth || s.expWidth > 0 && s.whole > 0
}

// digitFollows reports whether a digit place comes before the point or exponent.
func digitFollows(tokens []formatToken) bool {
	for _, t := range tokens {
		switch t.kind {
		case digitToken:
			return true
		case pointToken, exponentToken:
			return false
		default:
		}
	}
	return false
}

// arrangeDate tells minutes from months and finds the decimals of the seconds. It
// fails if there are digit places elsewhere.
func (s *formatSection) arrangeDate() bool {
	out := s.tokens[:0]  // never longer than what was looked at
	last := literalToken // the last token that shows a part of the time
	for i := 0; i < len(s.tokens); i++ {
		t := s.tokens[i]
		switch t.kind {
		case digitToken, exponentToken:
			return false
		case pointToken:
			if n := countDigits(s.tokens[i+1:]); n > 0 {
				if last != secondToken && last != elapsedSecondToken {
					return false
				}
				s.fraction = min(n, 3)
				t = formatToken{fractionToken, "", s.fraction}
				i += n
			}
		case monthToken:
			if t.n <= 2 && (last == hourToken || last == elapsedHourToken || secondFollows(s.tokens[i+1:])) {
				t.kind = minuteToken
			}
			last = t.kind
		case secondToken, elapsedSecondToken:
			s.seconds = true
			last = t.kind
		case halfToken:
			s.half = true
		case yearToken, buddhistToken, dayToken, weekdayToken, hourToken, elapsedHourToken, elapsedMinuteToken:
			last = t.kind
		default:
		}
		out = append(out, t)
	}
	s.tokens = out
	return true
}

func countDigits(tokens []formatToken) int {
	n := 0
	for n < len(tokens) && tokens[n].kind == digitToken {
		n++
	}
	return n
}

// secondFollows reports whether the next part of the time is the second.
func secondFollows(tokens []formatToken) bool {
	for _, t := range tokens {
		switch t.kind {
		case secondToken, elapsedSecondToken:
			return true
		case literalToken, padToken, pointToken, commaToken, slashToken, digitToken:
		default:
			return false
		}
	}
	return false
}

// text shows a text.
func (f *numberFormat) text(s string) string {
	f.compile()
	if f.texts == nil {
		return s
	}
	if t := f.texts.tokens; len(t) == 1 && t[0].kind == textToken {
		return s
	}
	var b strings.Builder
	for _, t := range f.texts.tokens {
		if t.kind == textToken {
			b.WriteString(s)
		} else {
			b.WriteString(t.text)
		}
	}
	return b.String()
}

// significant is how many digits of a number Excel keeps. Stored texts have up to 17,
// of which the last two are the noise of binary arithmetic: 0.92312499999999997 is
// shown, and rounded, as 0.923125.
const significant = 15

// number shows a stored number; it fails if the text is no number.
func (f *numberFormat) number(stored string, date1904 bool) (string, bool) {
	f.compile()
	if len(f.numbers) == 0 && isShortNumber(stored) {
		return stored, true
	}
	var digits [40]byte
	d, ok := parseDecimal(stored, digits[:])
	if !ok {
		return "", false
	}
	d.keep(significant)
	var buf [64]byte
	out, ok := f.show(buf[:0], d, date1904)
	if !ok {
		out = buf[:0]
		if d.neg && !d.isZero() {
			out = append(out, '-')
		}
		out = d.general(out)
	}
	return string(out), true
}

// ShowNumber gives what a cell of a workbook shows that stores a number under a number
// format, which is empty for General; date1904 is the date system of the workbook. ok is
// false if the text is no number.
func ShowNumber(stored, format string, date1904 bool) (text string, ok bool) {
	return newNumberFormat(format).number(stored, date1904)
}

// isShortNumber tells the numbers that General shows as they are stored.
func isShortNumber(s string) bool {
	if len(s) > 1 && s[0] == '-' {
		s = s[1:]
		if s == "0" {
			return false
		}
	}
	if s == "" || len(s) > generalWidth || len(s) > 1 && s[0] == '0' && s[1] != '.' {
		return false
	}
	point := -1
	for i := range len(s) {
		if s[i] == '.' && point < 0 && i > 0 {
			point = i
		} else if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return point < 0 || s[len(s)-1] != '0' && point < len(s)-1
}

// show shows a number under the section that is meant for it; it fails if there is
// none that can.
func (f *numberFormat) show(out []byte, d decimal, date1904 bool) ([]byte, bool) {
	s, signed := f.section(&d)
	if s == nil {
		return out, false
	}
	if s.kind == dateSection {
		return s.date(out, d, date1904)
	}
	if d.neg && signed {
		out = append(out, '-')
	}
	switch s.kind {
	case numberSection:
		if s.expWidth > 0 {
			out = s.exponential(out, d)
		} else {
			out = s.number(out, d)
		}
	case generalSection, textSection, dateSection:
		for _, t := range s.tokens {
			if t.kind == generalToken {
				out = d.general(out)
			} else {
				out = append(out, t.text...)
			}
		}
	}
	return trimBlanks(out), true
}

// trimBlanks removes the blanks at the ends, which only align: those that ? places
// leave.
func trimBlanks(out []byte) []byte {
	for len(out) > 0 && out[0] == ' ' {
		out = out[1:]
	}
	for len(out) > 0 && out[len(out)-1] == ' ' {
		out = out[:len(out)-1]
	}
	return out
}

// section chooses the section for a number, and tells whether a minus sign is put
// before it: not in a section that is for negative numbers only.
func (f *numberFormat) section(d *decimal) (s *formatSection, signed bool) {
	n := len(f.numbers)
	switch {
	case n == 0:
		return nil, false
	case n == 1 && f.numbers[0].op == "":
		return &f.numbers[0], true
	case f.numbers[0].op == "" && f.numbers[1].op == "":
		switch {
		case d.neg && !d.isZero():
			return &f.numbers[1], false
		case d.isZero() && n > 2:
			return &f.numbers[2], true
		}
		return &f.numbers[0], true
	}
	for i := range f.numbers {
		s := &f.numbers[i]
		if s.matches(d) || s.op == "" && (i > 0 || d.cmp(&decimal{}) > 0) {
			return s, !s.onlyNegative()
		}
	}
	return nil, false
}

// matches reports whether the number meets the section's condition.
func (s *formatSection) matches(d *decimal) bool {
	c := d.cmp(&s.threshold)
	switch s.op {
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	case ">":
		return c > 0
	case ">=":
		return c >= 0
	case "=":
		return c == 0
	case "<>":
		return c != 0
	}
	return false
}

// onlyNegative reports whether the section's condition lets negative numbers pass
// only.
func (s *formatSection) onlyNegative() bool {
	c := s.threshold.cmp(&decimal{})
	return s.op == "<" && c <= 0 || s.op == "<=" && c < 0 || s.op == "=" && c < 0
}

// number shows |d| in the section's digit places.
func (s *formatSection) number(out []byte, d decimal) []byte {
	d.shift(2*s.percent - 3*s.scale)
	d.round(s.decimals)
	return s.places(out, &d, 0)
}

// places writes the tokens with the digits of d, which is rounded already, and the
// exponent.
func (s *formatSection) places(out []byte, d *decimal, exp int) []byte {
	whole, decimal := 0, 0
	inExp, sawPoint := false, false
	for _, t := range s.tokens {
		switch t.kind {
		case digitToken:
			switch {
			case inExp:
				// written with the exponent token
			case sawPoint:
				out = appendDecimalPlace(out, d, decimal, t.text[0])
				decimal++
			default:
				out = s.wholePlace(out, d, whole, t.text[0])
				whole++
			}
		case pointToken:
			if s.whole == 0 {
				for i := d.intLen(); i > 0; i-- {
					out = append(out, d.at(-i))
				}
			}
			out = append(out, '.')
			sawPoint = true
		case exponentToken:
			inExp = true
			out = append(out, 'E')
			out = appendExponent(out, exp, s.expWidth, s.expPlus)
		default:
			out = append(out, t.text...)
		}
	}
	return out
}

// wholePlace writes the k-th digit place before the point. The first one takes the
// digits that have no place of their own.
func (s *formatSection) wholePlace(out []byte, d *decimal, k int, place byte) []byte {
	last := s.whole - k // distance from the point of this place
	first := last
	if k == 0 {
		first = max(first, d.intLen())
	}
	for p := first; p >= last; p-- {
		switch {
		case p <= d.intLen():
			out = append(out, d.at(-p))
		case place == '0':
			out = append(out, '0')
		case place == '?':
			out = append(out, ' ')
			continue
		default:
			continue
		}
		if s.grouped && p > 1 && p%3 == 1 {
			out = append(out, ',')
		}
	}
	return out
}

// appendDecimalPlace writes the i-th digit place after the point.
func appendDecimalPlace(out []byte, d *decimal, i int, place byte) []byte {
	switch {
	case place == '0' || i < d.fracLen() && !d.isZero():
		return append(out, d.at(i))
	case place == '?':
		return append(out, ' ')
	}
	return out
}

// exponential shows |d| with an exponent, which is a multiple of the digit places
// before the point.
func (s *formatSection) exponential(out []byte, d decimal) []byte {
	d.shift(2*s.percent - 3*s.scale)
	exp := 0
	for range 2 { // rounding can need one more digit than there is place for
		if d.isZero() {
			break
		}
		e := d.point - 1
		step := ((e % s.whole) + s.whole) % s.whole
		exp = exp + e - step
		d.shift(step - e)
		d.round(s.decimals)
	}
	return s.places(out, &d, exp)
}
