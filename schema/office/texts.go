package office

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// Text is a new text for a place of a document: a cell, or a paragraph outside of tables.
type Text struct {
	At       grid.Location
	From, To string
}

var (
	whyTracked = lang.T("这一格含有未处理的修订，没有修改；请在 Word 或 WPS 中接受或拒绝修订后再试",
		"the cell has tracked changes, so it was not changed; accept or reject them in Word or WPS and try again")
	whyContent = lang.T("这一格含有域、超链接、控件、图片或嵌套表格，没有修改；请在 Word 或 WPS 中修改",
		"the cell holds fields, links, controls, pictures or tables, so it was not changed; change it in Word or WPS")
	whyParagraph = lang.T("同一段落另有一项修改，这一项没有执行；请改后重新检查",
		"another edit changes the same paragraph, so this one was not made; check the file again after it")
	whyHidden = lang.T("这一格含有隐藏文字，没有修改；请在 Word 或 WPS 中显示隐藏文字，核对后修改",
		"the cell has hidden text, so it was not changed; show hidden text in Word or WPS, check it and change it there")
	whyLines = lang.T("新内容的分行与原来不同，没有修改；请在 Word 或 WPS 中修改",
		"the new text has its line breaks elsewhere than the old one, so it was not changed; change it in Word or WPS")
)

// SetTexts gives a document with the texts changed. The runs of a text keep their
// formatting: what is the same at its beginning and end stays where it is, and the rest
// goes into the first run that held some of it. A text that is refused has a reason in
// why, in the order of texts; the others have zero texts.
func SetTexts(ctx context.Context, data []byte, texts []Text) (out []byte, why []lang.Text, err error) {
	defer recovered(&err)
	p, err := open(ctx, data)
	if err != nil {
		return nil, nil, err
	}
	part, err := p.mainPart("word/document.xml")
	if err != nil {
		return nil, nil, err
	}
	src, err := p.read(part)
	if err != nil {
		return nil, nil, err
	}
	if signed, err := p.signed(); signed || err != nil {
		return data, slices.Repeat([]lang.Text{whySigned}, len(texts)), err
	}
	places := grid.DOCXPlaces(ctx, string(src), limits)
	if places == nil {
		return nil, nil, errors.New("the document could not be read")
	}
	d := &document{pack: p, patch: patch{src: src}}
	if err := d.collect(); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", part, err)
	}
	why = make([]lang.Text, len(texts))
	used := map[int]bool{}
	for i, t := range texts {
		key := grid.Location{Table: t.At.Table, Line: t.At.Line, Column: t.At.Column}
		if t.At.Paragraph != 0 {
			key = grid.Location{Paragraph: t.At.Paragraph}
		}
		n, ok := d.byFrom[places[key]]
		_, known := places[key]
		switch {
		case !known || !ok:
			why[i] = whyContent
		case used[n]:
			why[i] = whyParagraph
		default:
			used[n] = true
			why[i] = d.setText(n, t)
		}
	}
	p.set(part, d.bytes())
	out, err = p.zipped()
	return out, why, err
}

// words is a stretch of a paragraph: a text element, or something that is shown as text
// but is no text, such as a tab.
type words struct {
	piece
	tag int // of the text element
}

// wordLine is a line of a cell, as far as a line break or the end of its paragraph.
type wordLine struct {
	words     []words
	paragraph int // the tag
}

// setText changes the text of the cell or paragraph that begins with a tag.
func (d *document) setText(n int, t Text) lang.Text {
	lines, why := d.lines(n)
	if !why.IsZero() {
		return why
	}
	if t.From == "" {
		return d.fill(lines, t.To)
	}
	shown := visible(lines)
	if d.tags[n].local == "p" {
		// A paragraph outside of tables has a place for each of its lines.
		shown = slices.DeleteFunc(shown, func(l shownLine) bool { return l.text() != t.From })
	}
	var old []string
	for _, l := range shown {
		old = append(old, l.text())
	}
	if strings.Join(old, "\n") != t.From {
		return whyContent
	}
	to := strings.Split(t.To, "\n")
	if len(to) != len(shown) {
		return whyLines
	}
	var all [][]string
	for i, l := range shown {
		pieces := make([]piece, len(l.words))
		for k, w := range l.words {
			pieces[k] = w.piece
		}
		texts, ok := retext(pieces, l.lead+to[i]+l.trail)
		if !ok {
			return whyContent
		}
		all = append(all, texts)
	}
	for i, l := range shown {
		for k, text := range all[i] {
			if w := l.words[k]; !w.fixed && text != w.text {
				d.write(w.tag, text)
			}
		}
	}
	return lang.Text{}
}

// shownLine is a line with the blanks around it, which are not read.
type shownLine struct {
	wordLine
	lead, inner, trail string
}

func (l *shownLine) text() string { return l.inner }

// visible gives the lines that are read: blank ones at the beginning and end of a
// paragraph are not, nor are blanks there.
func visible(lines []wordLine) []shownLine {
	var out []shownLine
	for i := 0; i < len(lines); {
		k := i
		for k < len(lines) && lines[k].paragraph == lines[i].paragraph {
			k++
		}
		out = append(out, visibleLines(lines[i:k])...)
		i = k
	}
	return out
}

// visibleLines does so for the lines of one paragraph.
func visibleLines(lines []wordLine) []shownLine {
	var out []shownLine
	for _, l := range lines {
		s := shownLine{wordLine: l}
		for _, w := range l.words {
			s.inner += w.text
		}
		out = append(out, s)
	}
	blank := func(l shownLine) bool { return strings.TrimSpace(l.inner) == "" }
	for len(out) > 0 && blank(out[0]) {
		out = out[1:]
	}
	for len(out) > 0 && blank(out[len(out)-1]) {
		out = out[:len(out)-1]
	}
	if len(out) > 0 {
		first, last := &out[0], &out[len(out)-1]
		inner := strings.TrimLeftFunc(first.inner, isSpace)
		first.lead, first.inner = first.inner[:len(first.inner)-len(inner)], inner
		inner = strings.TrimRightFunc(last.inner, isSpace)
		last.trail, last.inner = last.inner[len(inner):], inner
	}
	return out
}

func isSpace(r rune) bool { return strings.TrimSpace(string(r)) == "" }

// passedOver are the elements of a text that show nothing and may stay where they are;
// what is in them is no text of it.
var passedOver = []string{
	"pPr", "rPr", "tcPr", "bookmarkStart", "bookmarkEnd", "proofErr", "lastRenderedPageBreak", "commentRangeStart",
	"commentRangeEnd", "commentReference", "annotationRef", "permStart", "permEnd", "softHyphen",
}

// tracked are the elements of tracked changes.
var tracked = []string{
	"ins", "del", "moveFrom", "moveTo", "delText", "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd",
}

// lines gives the lines of the cell or paragraph that begins with a tag, if there is
// nothing in it but plain text.
func (d *document) lines(n int) (lines []wordLine, why lang.Text) {
	fixed := func(text string) {
		if len(lines) > 0 {
			l := &lines[len(lines)-1]
			l.words = append(l.words, words{piece: piece{text, true}})
		}
	}
	paragraph := -1
	first := n + 1
	if d.tags[n].local == "p" {
		first = n
	}
	for i := first; i < d.tags[n].other; i++ {
		t := &d.tags[i]
		switch {
		case t.end:
		case t.local == "rPr" && d.hides(i):
			return nil, whyHidden
		case slices.Contains(passedOver, t.local):
			i = t.other
		case t.local == "p":
			paragraph = i
			lines = append(lines, wordLine{paragraph: i})
		case t.local == "r":
		case t.local == "t":
			end := d.tags[t.other]
			text, ok := elementText(string(d.src[t.to:max(end.from, t.to)]))
			if !ok || paragraph < 0 {
				return nil, whyContent
			}
			text = strings.NewReplacer("\n", " ", "\t", " ").Replace(text)
			if !strings.Contains(string(d.src[t.from:t.to]), "preserve") {
				text = strings.Trim(text, " ")
			}
			l := &lines[len(lines)-1]
			l.words = append(l.words, words{piece{text, false}, i})
			i = t.other
		case t.local == "br", t.local == "cr":
			if paragraph < 0 {
				return nil, whyContent
			}
			lines = append(lines, wordLine{paragraph: paragraph})
		case t.local == "tab":
			fixed(" ")
		case t.local == "noBreakHyphen":
			fixed("-")
		case slices.Contains(tracked, t.local):
			return nil, whyTracked
		default:
			return nil, whyContent
		}
	}
	return lines, lang.Text{}
}

// hides reports whether the properties of a run, or of the end of a paragraph, that begin
// with a tag hide its text.
func (d *document) hides(n int) bool {
	for i := n + 1; i < d.tags[n].other; i = d.tags[i].other + 1 {
		if t := &d.tags[i]; t.local == "vanish" && !reOff.Match(d.src[t.from:t.to]) {
			return true
		}
	}
	return false
}

// reOff finds that a property is switched off.
var reOff = regexp.MustCompile(`:val\s*=\s*["'](?:0|false|off)["']`)

// write puts a text into a text element.
func (d *document) write(i int, text string) {
	t := d.tags[i]
	start := string(d.src[t.from:t.to])
	if t.empty {
		start = opened([]byte(start))
	}
	if strings.TrimSpace(text) != text {
		start = setAttr(start, "xml:space", "preserve")
	}
	d.replace(t.from, max(d.tags[t.other].to, t.to), start+escape(text)+"</"+d.prefix+":t>")
}

// fill writes text into a blank cell: into its first paragraph, formatted as its first
// run is, or else as its end.
func (d *document) fill(lines []wordLine, text string) lang.Text {
	if len(lines) == 0 || strings.Contains(text, "\n") {
		return whyLines
	}
	w := d.prefix
	p := lines[0].paragraph
	at, props, hidden := d.tags[d.tags[p].other].from, "", false
	for i := p + 1; i < d.tags[p].other; i++ {
		switch t := &d.tags[i]; {
		case t.end:
		case t.local == "r" && !t.empty:
			at = t.to
			if next := d.tags[i+1]; !next.end && next.local == "rPr" {
				at = d.tags[next.other].to
				at = max(at, next.to)
			}
			d.insert(at, "<"+w+":t>"+escape(text)+"</"+w+":t>")
			return lang.Text{}
		case t.local == "rPr" && props == "":
			props, hidden = string(d.src[t.from:max(d.tags[t.other].to, t.to)]), d.hides(i)
			i = t.other
		}
	}
	if hidden {
		return whyHidden
	}
	if strings.Contains(props, ":ins ") || strings.Contains(props, ":del ") || strings.Contains(props, "Change") || strings.Contains(props, ":move") {
		return whyTracked
	}
	run := "<" + w + ":r>" + props + "<" + w + ":t>" + escape(text) + "</" + w + ":t></" + w + ":r>"
	if t := d.tags[p]; t.empty {
		d.replace(t.from, t.to, opened(d.src[t.from:t.to])+run+"</"+w+":p>")
		return lang.Text{}
	}
	d.insert(at, run)
	return lang.Text{}
}
