// Package formula computes the formulas that filed forms hold: sums, rates, rounded scores
// and the grades read off a total. It is no spreadsheet. It computes exactly, on rationals,
// and what it does not know, or what spreadsheet programs would disagree about, it does not
// guess: such a formula has no result.
package formula

import (
	"errors"
	"strings"

	"jixiaolint/schema/quantity"
)

// ErrUnknown says that a formula, or what it comes to, is beyond the package.
var ErrUnknown = errors.New("the formula cannot be computed")

// Bounds on formulas; Excel allows 8,192 characters and 64 levels, too.
const (
	mostLength = 8192
	mostDepth  = 64
)

// The sheet of Excel.
const (
	sheetRows    = 1 << 20
	sheetColumns = 1 << 14
)

// Formula is a formula that can be computed if the cells allow it.
type Formula struct{ root *node }

// node is a part of a formula.
type node struct {
	// op is an operator, the name of a function, or one of those below.
	op   string
	args []*node
	// value is that of a literal.
	value Value
	// area is the cell or range of a reference.
	area area
}

// The parts of formulas that are no operations.
const (
	opLiteral = "literal"
	opCell    = "cell"
	opRange   = "range"
	opNegate  = "negate"
	opPercent = "%"
)

// area is a range of cells; sheet is empty for the sheet of the formula.
type area struct {
	sheet                  string
	row1, col1, row2, col2 int
}

// Parse reads a formula without its leading =. The error is ErrUnknown.
func Parse(text string) (Formula, error) {
	if len(text) > mostLength {
		return Formula{}, ErrUnknown
	}
	p := &parser{rest: text}
	root := p.comparison()
	p.space()
	if p.failed || p.rest != "" {
		return Formula{}, ErrUnknown
	}
	return Formula{root}, nil
}

// parser reads a formula from the left. Once it has failed it reads nothing more.
type parser struct {
	rest   string
	depth  int
	failed bool
}

// fail gives up. The node only spares callers a nil.
func (p *parser) fail() *node {
	p.failed, p.rest = true, ""
	return &node{op: opLiteral}
}

func (p *parser) space() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

// take takes the first of the tokens that comes next, if any does.
func (p *parser) take(tokens ...string) string {
	p.space()
	for _, t := range tokens {
		if rest, ok := strings.CutPrefix(p.rest, t); ok {
			p.rest = rest
			return t
		}
	}
	return ""
}

func (p *parser) comparison() *node {
	if p.depth++; p.depth > mostDepth {
		return p.fail()
	}
	defer func() { p.depth-- }()
	return p.chain(p.sum, "<=", ">=", "<>", "=", "<", ">")
}

func (p *parser) sum() *node     { return p.chain(p.product, "+", "-") }
func (p *parser) product() *node { return p.chain(p.factor, "*", "/") }

// chain reads operands between operators of one rank, from the left.
func (p *parser) chain(operand func() *node, operators ...string) *node {
	n := operand()
	for {
		op := p.take(operators...)
		if op == "" {
			return n
		}
		n = &node{op: op, args: []*node{n, operand()}}
	}
}

// factor reads an operand with its signs and percent signs.
func (p *parser) factor() *node {
	negations := 0
	for sign := p.take("-", "+"); sign != ""; sign = p.take("-", "+") {
		if sign == "-" {
			negations++
		}
	}
	n := p.operand()
	for p.take("%") != "" {
		n = &node{op: opPercent, args: []*node{n}}
	}
	if negations > 2 {
		negations = 2 - negations%2 // two are not none: they need a number
	}
	for range negations {
		n = &node{op: opNegate, args: []*node{n}}
	}
	return n
}

func (p *parser) operand() *node {
	p.space()
	if p.rest == "" {
		return p.fail()
	}
	switch c := p.rest[0]; {
	case c == '(':
		p.rest = p.rest[1:]
		n := p.comparison()
		if p.take(")") == "" {
			return p.fail()
		}
		return n
	case c == '"':
		return p.text()
	case c == '.' || isDigit(c):
		return p.number()
	case c == '\'':
		sheet, rest, ok := cutQuoted(p.rest, '\'')
		if !ok || sheet == "" || !strings.HasPrefix(rest, "!") || strings.ContainsAny(sheet, "[]:") {
			return p.fail()
		}
		p.rest = rest[1:]
		return p.reference(sheet, p.word())
	}
	word := p.word()
	switch {
	case word == "":
		return p.fail()
	case strings.HasPrefix(p.rest, "!"):
		p.rest = p.rest[1:]
		return p.reference(word, p.word())
	case strings.HasPrefix(p.rest, "("):
		p.rest = p.rest[1:]
		return p.call(strings.ToUpper(word))
	case strings.EqualFold(word, "TRUE"), strings.EqualFold(word, "FALSE"):
		return &node{op: opLiteral, value: truth(strings.EqualFold(word, "TRUE"))}
	}
	return p.reference("", word)
}

func (p *parser) text() *node {
	text, rest, ok := cutQuoted(p.rest, '"')
	if !ok {
		return p.fail()
	}
	p.rest = rest
	return &node{op: opLiteral, value: Value{Kind: Text, Text: text}}
}

// cutQuoted takes a quoted text, in which the quotation mark is doubled, off s.
func cutQuoted(s string, mark byte) (text, rest string, ok bool) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] != mark:
			b.WriteByte(s[i])
		case i+1 < len(s) && s[i+1] == mark:
			b.WriteByte(mark)
			i++
		default:
			return b.String(), s[i+1:], true
		}
	}
	return "", "", false
}

func (p *parser) number() *node {
	i := 0
	for i < len(p.rest) && (isDigit(p.rest[i]) || p.rest[i] == '.') {
		i++
	}
	n, _, ok := quantity.ParseDecimal(strings.TrimSuffix(p.rest[:i], "."))
	if strings.HasPrefix(p.rest, ".") {
		n, _, ok = quantity.ParseDecimal("0" + p.rest[:i])
	}
	if !ok || i < len(p.rest) && isWord(p.rest[i]) {
		return p.fail() // also 1E3 and whole rows
	}
	p.rest = p.rest[i:]
	return &node{op: opLiteral, value: number(n)}
}

// word takes a name or reference.
func (p *parser) word() string {
	i := 0
	for i < len(p.rest) && isWord(p.rest[i]) {
		i++
	}
	word := p.rest[:i]
	p.rest = p.rest[i:]
	return word
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWord(c byte) bool {
	return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' || c == '$' || c == '_' || c == '.' || c >= 0x80
}

// reference reads a cell, of which the word is the first, or a range.
func (p *parser) reference(sheet, word string) *node {
	n := &node{op: opCell, area: area{sheet: sheet}}
	a := &n.area
	var ok bool
	if a.row1, a.col1, ok = cell(word); !ok {
		return p.fail()
	}
	a.row2, a.col2 = a.row1, a.col1
	if strings.HasPrefix(p.rest, ":") {
		p.rest = p.rest[1:]
		n.op = opRange
		if a.row2, a.col2, ok = cell(p.word()); !ok {
			return p.fail()
		}
		a.row1, a.row2 = min(a.row1, a.row2), max(a.row1, a.row2)
		a.col1, a.col2 = min(a.col1, a.col2), max(a.col1, a.col2)
	}
	return n
}

// cell reads B7 or $B$7.
func cell(word string) (row, col int, ok bool) {
	word = strings.TrimPrefix(word, "$")
	i := 0
	for ; i < len(word) && i < 3 && 'a' <= word[i]|0x20 && word[i]|0x20 <= 'z'; i++ {
		col = col*26 + int(word[i]|0x20-'a') + 1
	}
	digits := strings.TrimPrefix(word[i:], "$")
	if i == 0 || digits == "" || len(digits) > 7 || digits[0] == '0' {
		return 0, 0, false
	}
	for j := range len(digits) {
		if !isDigit(digits[j]) {
			return 0, 0, false
		}
		row = row*10 + int(digits[j]-'0')
	}
	return row, col, row <= sheetRows && col <= sheetColumns
}

// call reads the arguments of a function.
func (p *parser) call(name string) *node {
	f, known := functions[name]
	if !known {
		return p.fail()
	}
	n := &node{op: name}
	for {
		n.args = append(n.args, p.comparison())
		switch {
		case p.failed:
			return n
		case p.take(",") != "":
			continue
		case p.take(")") == "" || len(n.args) < f.least || len(n.args) > f.most:
			return p.fail()
		}
		return n
	}
}
