package grid

import (
	"html"
	"regexp"
	"strings"
	"unicode/utf8"

	"jixiaolint/schema/lang"
)

// readPipes reads tables whose columns are separated by pipes, as in Markdown, with
// the lines between them as rows of one cell: titles and headings stand there.
func (r *textReader) readPipes(text string) *fault {
	var style pipeStyle
	tableLine := 0 // number of the line in its table
	for next := 0; text != ""; {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		r.line++
		begin := next // of the line in the text
		next += len(line) + 1
		if isBorder(line) {
			continue
		}
		fields := splitPipes(line, r.line, r.limits.Columns+2) // and what is outside of the outer pipes
		if len(fields) == 1 {
			tableLine = 0
			field := markdownLine(line, r.line)
			field.from, field.to = begin+field.from, begin+field.to
			if f := r.row([]textField{field}); f != nil {
				return f
			}
			continue
		}
		if tableLine++; tableLine == 1 {
			next, _, _ := strings.Cut(text, "\n")
			style = styleOf(line, next)
		}
		fields = style.trim(fields)
		if len(fields) > r.limits.Columns {
			return &fault{lang.F("一行的列数超过 %d。", "a row has more than %d columns", r.limits.Columns), helpLimit}
		}
		if isSeparator(fields, tableLine) {
			continue
		}
		for i := range fields {
			f := &fields[i]
			f.from, f.to = begin+f.from, begin+f.from+len(f.text)
			f.text = markdownText(f.text)
		}
		if f := r.row(fields); f != nil {
			return f
		}
	}
	return nil
}

// pipeStyle is how the rows of a table are written.
type pipeStyle struct {
	// lead and trail say whether rows begin and end with a pipe.
	lead, trail bool
	// columns is the number of columns if a separator row tells it, else 0.
	columns int
}

// styleOf tells the style of a table from its first two lines: from the separator row
// below the header if there is one, since no field of it is blank.
func styleOf(first, next string) pipeStyle {
	const enough = 1 << 16 // what is longer is no separator row
	var style pipeStyle
	model := first
	if len(next) < enough {
		fields := pipeStyle{lead: true, trail: true}.trim(splitPipes(next, 0, enough))
		if isSeparator(fields, 2) {
			model, style.columns = next, len(fields)
		}
	}
	model = strings.TrimSpace(model)
	style.lead = strings.HasPrefix(model, "|")
	style.trail = strings.HasSuffix(model, "|") && !strings.HasSuffix(model, `\|`)
	return style
}

// trim removes the empty fields outside of the outer pipes. In a table that is
// written without outer pipes, a blank field at the edge is a field, unless the row
// has as many fields as the others without it.
func (s pipeStyle) trim(fields []textField) []textField {
	n := len(fields)
	if n < 2 {
		return fields
	}
	first, last := fields[0].text == "", fields[n-1].text == ""
	both := first && last && n == s.columns+2
	if last && n > 2 && (s.trail || both || !first && n == s.columns+1) {
		fields = fields[:n-1]
	}
	if first && (s.lead || both || n == s.columns+1) {
		fields = fields[1:]
	}
	return fields
}

// splitPipes divides a line at its pipes, except those after a backslash, into at
// most limit fields and the rest. The fields are without the spaces around them.
func splitPipes(line string, num, limit int) []textField {
	var fields []textField
	column, start := 1, 0
	add := func(s string) {
		inner := strings.TrimLeft(s, " \t")
		f := textField{text: strings.TrimRight(inner, " \t"), line: num, column: column}
		f.from = start
		if f.text != "" {
			f.column += len(s) - len(inner)
			f.from += len(s) - len(inner)
		}
		fields = append(fields, f)
		column += utf8.RuneCountInString(s) + 1
	}
	for i := 0; i < len(line) && len(fields) < limit; i++ {
		switch line[i] {
		case '\\':
			i++
		case '|':
			add(line[start:i])
			start = i + 1
		}
	}
	add(line[start:])
	return fields
}

// isSeparator reports whether a row is the one of dashes that divides the header of
// a table from its body. Below the header one dash a field is enough; elsewhere it
// takes three, since a dash in a form means “not applicable”.
func isSeparator(fields []textField, tableLine int) bool {
	least := 3
	if tableLine == 2 {
		least = 1
	}
	for _, f := range fields {
		dashes := strings.TrimSuffix(strings.TrimPrefix(f.text, ":"), ":")
		if len(dashes) < least || strings.Trim(dashes, "-") != "" {
			return false
		}
	}
	return len(fields) > 0
}

// isBorder reports whether a line only draws: +----+----+ as programs print it, or a
// line of dashes.
func isBorder(line string) bool {
	s := strings.TrimSpace(line)
	return len(s) >= 3 && strings.Trim(s, "+-=:") == ""
}

var reHeadingMark = regexp.MustCompile(`^#{1,6}[ \t]+`)

// markdownLine makes the only field of a line outside of tables, without the marks
// of a heading.
func markdownLine(line string, num int) textField {
	s := strings.TrimLeft(line, " \t")
	s = s[len(reHeadingMark.FindString(s)):]
	from := len(line) - len(s)
	s = strings.TrimSpace(s)
	return textField{text: markdownText(s), line: num, column: 1 + utf8.RuneCountInString(line[:from]), from: from, to: from + len(s)}
}

var reLineBreak = regexp.MustCompile(`(?i)<br\s*/?>`)

// markdownText gives a text as Markdown shows it: without the escapes, character
// references and line breaks that tables need, and without marks of emphasis that
// enclose all of it.
func markdownText(s string) string {
	for _, mark := range []string{"**", "__"} {
		if inner, ok := strings.CutPrefix(s, mark); ok {
			if inner, ok = strings.CutSuffix(inner, mark); ok && inner != "" && !strings.Contains(inner, mark) {
				s = inner
			}
		}
	}
	if strings.IndexByte(s, '<') >= 0 {
		s = reLineBreak.ReplaceAllString(s, "\n")
	}
	if strings.IndexByte(s, '\\') >= 0 {
		s = unescapeMarkdown(s)
	}
	if strings.IndexByte(s, '&') >= 0 {
		s = html.UnescapeString(s)
	}
	return s
}

// unescapeMarkdown removes the backslash before ASCII punctuation.
func unescapeMarkdown(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", s[i+1]) >= 0 {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
