package grid

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"jixiaolint/schema/lang"
)

// put puts a piece into the cell that it stands in. LibreOffice joins characters that
// follow each other in a line, even from cells on both sides of a rule, and puts a
// blank into the gap: such pieces are divided again.
func (t *ruledTable) put(x piece) *fault {
	y := x.centreY()
	slack := x.em / 4
	if x.left < t.left-slack {
		return t.crossed(x)
	}
	for {
		r := t.regionAt(x.left+min(slack, x.width()/2), y)
		b := t.bounds(r)
		if least := x.height() / 8; y-b.top < least && !r.openTop || b.bottom-y < least && !r.openBottom {
			return doubt(t.page.number, lang.F("有文字压在表格线上（%s）", "has text on a rule (%s)", quote(x.text)))
		}
		var gaps []gap
		if b.right < t.right {
			gaps = x.gapsAt(b.right)
		}
		switch crosses := x.right > b.right+slack; {
		case !crosses && len(gaps) == 0:
			r.pieces = append(r.pieces, x)
			return nil
		case !crosses, len(gaps) != 1:
			return t.crossed(x)
		}
		head, tail := x, x
		head.text, tail.text = x.text[:gaps[0].at], x.text[gaps[0].at+1:]
		head.right = min(gaps[0].from, b.right)
		tail.left, tail.late = b.right+1, max(gaps[0].to-b.right, 0)
		tail.right = tail.left + x.length(tail.text)
		r.pieces = append(r.pieces, head)
		x = tail
	}
}

// gap is a blank of a piece that could be the gap between two cells: its index in the
// text, and the places between which it ends at most.
type gap struct{ at, from, to int }

func (t *ruledTable) crossed(x piece) *fault {
	return doubt(t.page.number, lang.F("有文字越过了表格线，分不清属于哪一格（%s）",
		"has text across a rule, which could belong to either cell (%s)", quote(x.text)))
}

// gapsAt gives the blanks of a piece that could be the gap between two cells with a
// rule between them: LibreOffice joins over gaps of up to 1.3 times the width of the
// character before it. The left edge of a piece is a true one; its width is that of
// the text with blanks of the usual width.
func (x piece) gapsAt(rule int) []gap {
	narrow, wide := countWidths(x.text)
	blanks, percents := strings.Count(x.text, " "), strings.Count(x.text, "%")
	blank, percent, advance := x.em*3/10, x.em*9/10, x.em*11/20
	if n := narrow - blanks - percents; n > 0 {
		advance = min(max((x.width()-wide*x.em-blanks*blank-percents*percent)/n, x.em*3/10), x.em*4/5)
	}
	var gaps []gap
	end, last, doubtful := x.left, 0, 0
	for i, r := range x.text {
		switch {
		case r != ' ' && isWide(r):
			last = x.em
		case r == '%':
			last, doubtful = percent, doubtful+x.em/10
		case r != ' ':
			last, doubtful = advance, doubtful+x.em/20
		case end-doubtful <= rule && rule <= end+x.late+last*13/10+doubtful &&
			strings.TrimSpace(x.text[:i]) != "" && strings.TrimSpace(x.text[i:]) != "":
			gaps = append(gaps, gap{i, end, end + x.late + last*13/10 + doubtful})
			fallthrough
		default:
			last = blank
		}
		end += last
	}
	return gaps
}

// countWidths counts the narrow and the wide characters of a text.
func countWidths(s string) (narrow, wide int) {
	for _, r := range s {
		if isWide(r) {
			wide++
		} else {
			narrow++
		}
	}
	return narrow, wide
}

// length estimates the width of a text in the font of a piece: narrow characters are
// a little wider than half an em, on average.
func (x *piece) length(s string) int {
	narrow, wide := countWidths(s)
	return wide*x.em + narrow*x.em*11/20
}

// textLine is a line of text: its pieces from left to right.
type textLine []piece

func (l textLine) right() int {
	n := l[0].right
	for i := range l {
		n = max(n, l[i].right)
	}
	return n
}

// linesOf puts pieces into lines from top to bottom.
func linesOf(pieces []piece) []textLine {
	slices.SortStableFunc(pieces, func(a, b piece) int { return cmp.Or(a.centreY()-b.centreY(), a.left-b.left) })
	var lines []textLine
	for _, x := range pieces {
		if n := len(lines); n > 0 {
			first := lines[n-1][0]
			if 5*(x.centreY()-first.centreY()) <= 2*min(x.height(), first.height()) {
				lines[n-1] = append(lines[n-1], x)
				continue
			}
		}
		lines = append(lines, textLine{x})
	}
	for _, l := range lines {
		slices.SortStableFunc(l, func(a, b piece) int { return a.left - b.left })
	}
	return lines
}

// spread joins the pieces of a line. Pieces that are far apart stay apart.
func spread(p *paper, l textLine) ([]string, *fault) {
	const far = 2 // ems
	parts := []string{l[0].text}
	for i := 1; i < len(l); i++ {
		before, x := l[i-1], l[i]
		em := min(before.em, x.em)
		gap := x.left - before.right
		last := &parts[len(parts)-1]
		switch {
		case x.text == before.text && x.left-before.left <= em/4:
			continue // bold by printing twice
		case -gap > em/2 && before.width() > em/2:
			return nil, doubt(p.number, lang.F("有互相重叠的文字（%[1]s、%[2]s）", "has text over other text (%[1]s, %[2]s)", quote(before.text), quote(x.text)))
		case gap > far*em:
			parts = append(parts, x.text)
		case 2*gap > em && !strings.HasSuffix(*last, " ") && !strings.HasPrefix(x.text, " "):
			*last += " " + x.text
		default:
			*last += x.text
		}
	}
	return parts, nil
}

// write joins the pieces of each cell to its text.
func (t *ruledTable) write() *fault {
	pad := t.width()
	for i := range t.regions {
		b := t.bounds(&t.regions[i])
		for _, x := range t.regions[i].pieces {
			pad = min(pad, max(x.left-b.left, 0))
		}
	}
	for i := range t.regions {
		r := &t.regions[i]
		room := t.bounds(r).width() - 2*pad
		var f *fault
		if r.text, f = t.cellText(r.pieces, room); f != nil {
			return f
		}
		if r.spill, f = t.cellText(r.spilt, room); f != nil {
			return f
		}
		if n := len(r.pieces); n > 0 {
			last := r.pieces[n-1] // in the order of lines
			r.full = t.bounds(r).bottom-last.bottom < last.height()
		}
		r.pieces, r.spilt = nil, nil
	}
	return nil
}

// cellText joins the lines of a cell that has room for lines of a width. Where the
// next word had no room, the line was broken for the print only; elsewhere it was
// broken by the author.
func (t *ruledTable) cellText(pieces []piece, room int) (string, *fault) {
	lines := linesOf(pieces)
	if len(lines) == 0 {
		return "", nil
	}
	var text strings.Builder
	left := alignment(lines)
	for i, l := range lines {
		parts, f := spread(t.page, l)
		if f != nil {
			return "", f
		}
		line := strings.Join(parts, "  ")
		if i > 0 {
			before := lines[i-1]
			start := before[0].left
			if left >= 0 {
				start = left
			}
			// An em of doubt: type is spaced, and words are measured by guess.
			broken := before.right()-start+l[0].length(firstWord(line)) > room-l[0].em
			mark, ok := lineJoint(text.String(), line, broken)
			if !ok {
				return "", doubt(t.page.number, lang.F("有数字断成了两行（%s）", "has a figure that is broken over two lines (%s)", quote(line)))
			}
			text.WriteString(mark)
		}
		text.WriteString(line)
	}
	return strings.TrimSpace(text.String()), nil
}

// alignment gives the left edge of lines that are aligned to it, the first one
// perhaps indented; -1 for lines that are centred or aligned to the right.
func alignment(lines []textLine) int {
	left := lines[len(lines)-1][0].left
	for _, l := range lines[1:] {
		if max(l[0].left, left)-min(l[0].left, left) > l[0].em/4 {
			return -1
		}
	}
	if first := lines[0][0]; first.left < left-first.em/4 || first.left > left+4*first.em {
		return -1
	}
	return min(left, lines[0][0].left)
}

// lineJoint gives what stands between two lines in the text of a cell. ok is false
// where two figures meet: whether they are one cannot be told.
func lineJoint(before, after string, broken bool) (mark string, ok bool) {
	if !broken {
		return "\n", true
	}
	a, _ := utf8.DecodeLastRuneInString(before)
	b, _ := utf8.DecodeRuneInString(after)
	switch {
	case unicode.IsDigit(a) && unicode.IsDigit(b):
		return "", false
	case isASCIIWord(a) && isASCIIWord(b):
		return " ", true
	}
	return "", true
}

func isASCIIWord(r rune) bool {
	return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// Marks that no line begins with, and marks that no line ends with.
const (
	closingMarks = "，。、；：！？）》〉」』〕】”’％‰,.;:!?)]}%/-"
	openingMarks = "（《〈「『〔【“‘([{"
)

// firstWord gives what a line begins with and cannot be divided in: a Chinese
// character or a word or figure, with the marks around it.
func firstWord(s string) string {
	rest := strings.TrimLeft(s, openingMarks)
	r, n := utf8.DecodeRuneInString(rest)
	if !isWide(r) {
		n = strings.IndexFunc(rest, func(r rune) bool { return r == ' ' || isWide(r) })
		if n < 0 {
			n = len(rest)
		}
	}
	rest = strings.TrimLeft(rest[n:], closingMarks)
	return s[:len(s)-len(rest)]
}

// isPageNumber reports whether a line holds nothing but the number of its page.
func isPageNumber(s string) bool {
	return strings.ContainsAny(s, "0123456789") && strings.Trim(s, "0123456789第页共/ -—–·.，,") == ""
}
