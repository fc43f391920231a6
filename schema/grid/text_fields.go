package grid

import (
	"strings"
	"unicode/utf8"

	"jixiaolint/schema/lang"
)

var (
	helpQuotes = lang.T(
		"含逗号、换行或引号的内容要整个放在英文双引号中，内部的引号写两遍；请用 Excel 或 WPS 重新导出，或直接提交 .xlsx 文件。",
		"A field with commas, line breaks or quotes stands in double quotes, and quotes inside are doubled; export the file again from Excel or WPS, or submit the .xlsx file.")
	faultOpenQuote = &fault{lang.T("从这里开始的双引号没有结束，后面各行无法可靠地分列。",
		"the quote that opens here is never closed, so the lines below cannot be divided reliably"), helpQuotes}
	faultTextAfterQuote = &fault{lang.T("双引号结束后还有文字，这一格到哪里为止有疑问。",
		"text follows the closing quote, so where this field ends is in doubt"), helpQuotes}
)

// fieldScanner divides text into fields by a one-byte delimiter, and into records by
// line ends. Fields may be quoted (RFC 4180): what a quoted field holds may have
// delimiters, line ends, and quotes, which are written twice.
//
// Its time is linear in the text, whatever the quotes: a scan for the closing quote
// passes only doubled ones, and a field that begins with such a pair ends there.
type fieldScanner struct {
	text         string
	delimiter    byte
	pos          int
	line, column int // of pos, 1-based
	// unquoted is set once quotes have lost their meaning.
	unquoted bool
}

func newFieldScanner(text string, l textLayout) *fieldScanner {
	x := &fieldScanner{text: text, delimiter: l.delimiter, line: 1, column: 1}
	x.advance(l.skip)
	return x
}

func (x *fieldScanner) done() bool { return x.pos >= len(x.text) }

// advance moves over n bytes.
func (x *fieldScanner) advance(n int) {
	s := x.text[x.pos : x.pos+n]
	x.pos += n
	if i := strings.LastIndexByte(s, '\n'); i >= 0 {
		x.line += strings.Count(s, "\n")
		x.column = 1
		s = s[i+1:]
	}
	x.column += utf8.RuneCountInString(s)
}

// stop finds the end of a field without quotes. Fields are short, so that a plain loop
// is faster than the search for a set of characters.
func (x *fieldScanner) stop(s string) int {
	for i := range len(s) {
		if s[i] == x.delimiter || s[i] == '\n' {
			return i
		}
	}
	return len(s)
}

// field gives the next field, and whether another one follows in its record.
func (x *fieldScanner) field() (f textField, more bool) {
	f = textField{line: x.line, column: x.column, from: x.pos}
	n, quoted := 0, false
	if !x.unquoted {
		n, quoted = x.quoted(&f)
	}
	if !quoted {
		n = x.stop(x.text[x.pos:])
		f.text = x.text[x.pos : x.pos+n]
	}
	x.advance(n)
	f.to = x.pos
	if x.done() {
		return f, false
	}
	more = x.text[x.pos] == x.delimiter
	x.advance(1)
	return f, more
}

// quoted reads the field at the position if it is a quoted one, and gives its length
// in the text. A field with a quote out of place is none; what is wrong with it is
// noted in f.
func (x *fieldScanner) quoted(f *textField) (n int, ok bool) {
	rest := x.text[x.pos:]
	open := 0
	if x.delimiter != '\t' {
		for open < len(rest) && rest[open] == ' ' {
			open++
		}
	}
	if open == len(rest) || rest[open] != '"' {
		return 0, false
	}
	end, closed := closingQuote(rest, open+1)
	if !closed {
		// Without a delimiter that could be part of sentences, a quote is most likely
		// just a quote.
		if x.delimiter != '\t' {
			f.trouble, f.kind = faultOpenQuote, Unreadable
			x.unquoted = true
		}
		return 0, false
	}
	inner := rest[open+1 : end]
	n = end + 1
	for n < len(rest) && rest[n] == ' ' {
		n++
	}
	if n < len(rest) && rest[n] != x.delimiter && rest[n] != '\n' {
		if x.delimiter != '\t' && x.stop(inner) < len(inner) {
			f.trouble, f.kind = faultTextAfterQuote, BadCell
		}
		return 0, false
	}
	// Programs quote fields of tab-separated text only where they must, and around
	// blanks that would get lost. Other quotes are the author's own.
	if x.delimiter == '\t' && !strings.ContainsAny(inner, "\t\n,\"\u2028\u2029") && strings.TrimSpace(inner) == inner {
		return 0, false
	}
	f.text = strings.ReplaceAll(inner, `""`, `"`)
	return n, true
}

// closingQuote finds the first quote from i on that is not doubled.
func closingQuote(s string, i int) (int, bool) {
	for {
		k := strings.IndexByte(s[i:], '"')
		if k < 0 {
			return 0, false
		}
		i += k
		if i+1 == len(s) || s[i+1] != '"' {
			return i, true
		}
		i += 2
	}
}
