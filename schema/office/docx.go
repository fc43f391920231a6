package office

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"jixiaolint/schema/grid"
)

const (
	nsWord       = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	typeWordNote = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
)

// AnnotateDOCX gives a document with the marked cells shaded and commented. Nothing
// else in it changes; tracked changes stay as they are.
func AnnotateDOCX(ctx context.Context, data []byte, marks []Mark) (out []byte, err error) {
	defer recovered(&err)
	p, err := open(ctx, data)
	if err != nil {
		return nil, err
	}
	part, err := p.mainPart("word/document.xml")
	if err != nil {
		return nil, err
	}
	src, err := p.read(part)
	if err != nil {
		return nil, err
	}
	places := grid.DOCXPlaces(ctx, string(src), limits)
	if places == nil {
		return nil, errors.New("the document could not be read")
	}
	d := &document{pack: p, patch: patch{src: src}}
	if err := d.collect(); err != nil {
		return nil, fmt.Errorf("%s: %w", part, err)
	}
	notes, err := d.notesPart(part)
	if err != nil {
		return nil, err
	}
	for _, m := range marks {
		key := grid.Location{Table: m.At.Table, Line: m.At.Line, Column: m.At.Column}
		if m.At.Paragraph != 0 {
			key = grid.Location{Paragraph: m.At.Paragraph}
		}
		d.mark(m, places, key)
	}
	if err := p.append(notes, d.texts.String()); err != nil {
		return nil, err
	}
	d.flush()
	p.set(part, d.bytes())
	return p.zipped()
}

// document is the text of a Word document being edited.
type document struct {
	*pack
	patch
	prefix string
	tags   []mark
	byFrom map[int]int // index of the start tag at an offset
	shaded map[int]bool
	texts  strings.Builder // the comments
	next   int             // id of the next comment
	// empties holds what comes into paragraphs that have nothing in them.
	empties map[int]string
}

// mark is a tag of the document without its attributes; other is the index of the tag
// at the other end of the element.
type mark struct {
	local    string
	end      bool
	empty    bool
	from, to int
	other    int
}

// maxTags bounds the memory that the tags of a document take.
const maxTags = 4_000_000

// collect lists the tags of the document.
func (d *document) collect() error {
	var starts []int
	d.byFrom, d.shaded, d.empties = map[int]int{}, map[int]bool{}, map[int]string{}
	return scan(d.src, func(t *tag, _ []string) error {
		if len(d.tags) == maxTags {
			return errors.New("the document is too large")
		}
		if t.depth == 1 && !t.end {
			if d.prefix = t.prefix; d.prefix == "" || t.local != "document" {
				return errors.New("no document with the usual namespace prefix")
			}
			if strings.Contains(string(d.src[t.from:t.to]), "http://purl.oclc.org/ooxml/") {
				d.kinds = nsStrictRels
			}
		}
		m := mark{end: t.end, empty: t.empty, from: t.from, to: t.to}
		if t.prefix == d.prefix {
			m.local = t.local
		}
		if t.end {
			m.other = starts[len(starts)-1]
			starts = starts[:len(starts)-1]
			d.tags[m.other].other = len(d.tags)
		} else {
			starts = append(starts, len(d.tags))
			d.byFrom[t.from] = len(d.tags)
		}
		d.tags = append(d.tags, m)
		return nil
	})
}

// mark shades the place of a mark and puts its comment there, or at the beginning of
// the document if it has no such place.
func (d *document) mark(m Mark, places map[grid.Location]int, key grid.Location) {
	offset, ok := places[key]
	i, known := d.byFrom[offset]
	if !ok || !known {
		if first := d.paragraph(0, len(d.tags)); first >= 0 {
			d.comment(first, m.Comment)
		}
		return
	}
	if d.tags[i].local == "p" {
		d.shade(i, "pPr", beforeParaShading, m.Fill)
		d.comment(i, m.Comment)
		return
	}
	d.shade(i, "tcPr", beforeCellShading, m.Fill)
	if p := d.paragraph(i+1, d.tags[i].other); p >= 0 {
		d.comment(p, m.Comment)
	}
}

// paragraph finds the first paragraph among the tags from i to end that is not inside
// of a table, or, if i is 0, the first of the document.
func (d *document) paragraph(i, end int) int {
	whole := i == 0
	for ; i < end; i++ {
		switch t := &d.tags[i]; {
		case t.end:
		case t.local == "p":
			return i
		case t.local == "tbl" && !whole:
			i = t.other
		}
	}
	return -1
}

// The elements that come before w:shd in the properties of cells and paragraphs.
var (
	beforeCellShading = []string{"cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders"}
	beforeParaShading = []string{"pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "suppressLineNumbers", "pBdr"}
)

// shade colours a cell or paragraph: the first child, which holds its properties,
// gets the shading in its place, or is made.
func (d *document) shade(i int, props string, before []string, fill string) {
	if d.shaded[i] {
		return
	}
	d.shaded[i] = true
	w := d.prefix
	shd := fmt.Sprintf(`<%[1]s:shd %[1]s:val="clear" %[1]s:color="auto" %[1]s:fill="%[2]s"/>`, w, fill)
	owner := &d.tags[i]
	if owner.empty {
		return // an empty paragraph has nothing to colour
	}
	p := &d.tags[i+1]
	switch {
	case p.end || p.local != props:
		d.insert(owner.to, "<"+w+":"+props+">"+shd+"</"+w+":"+props+">")
		return
	case p.empty:
		d.replace(p.from, p.to, "<"+w+":"+props+">"+shd+"</"+w+":"+props+">")
		return
	}
	at := p.to
	for j := i + 2; j < p.other; j = d.tags[j].other + 1 {
		child := &d.tags[j]
		if child.local == "shd" {
			d.replace(child.from, d.tags[child.other].to, shd)
			return
		}
		if slices.Contains(before, child.local) {
			at = d.tags[child.other].to
		}
	}
	d.insert(at, shd)
}

// comment spans a comment over a paragraph.
func (d *document) comment(i int, text []Paragraph) {
	if len(text) == 0 {
		return
	}
	w, id := d.prefix, strconv.Itoa(d.next)
	d.next++
	d.texts.WriteString(noteText(id, text))
	p := &d.tags[i]
	start := fmt.Sprintf(`<%[1]s:commentRangeStart %[1]s:id="%[2]s"/>`, w, id)
	end := fmt.Sprintf(`<%[1]s:commentRangeEnd %[1]s:id="%[2]s"/><%[1]s:r><%[1]s:commentReference %[1]s:id="%[2]s"/></%[1]s:r>`, w, id)
	if p.empty {
		d.empties[i] += start + end
		return
	}
	at := p.to
	if first := &d.tags[i+1]; !first.end && first.local == "pPr" {
		at = d.tags[first.other].to
	}
	d.insert(at, start)
	d.insert(d.tags[p.other].from, end)
}

// flush fills the paragraphs that were empty.
func (d *document) flush() {
	for i, content := range d.empties {
		p := &d.tags[i]
		d.replace(p.from, p.to, opened(d.src[p.from:p.to])+content+"</"+d.prefix+":p>")
	}
}

// noteText writes a comment with the prefix w.
func noteText(id string, text []Paragraph) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<comment w:id="%s" w:author="%s" w:initials="jx">`, id, Author)
	length := 0
	for _, p := range text {
		if length += utf16Len(p.Heading) + utf16Len(p.Text); length > maxComment {
			break
		}
		b.WriteString(`<p>`)
		for _, run := range []struct{ props, text string }{{"<rPr><b/></rPr>", p.Heading}, {"", p.Text}} {
			if run.text != "" {
				b.WriteString(`<r>` + run.props + `<t xml:space="preserve">` + escape(run.text) + `</t></r>`)
			}
		}
		b.WriteString(`</p>`)
	}
	b.WriteString(`</comment>`)
	return b.String()
}

// notesPart gives the part that holds the document's comments, a new one if it has
// none, and finds the first id that is free.
func (d *document) notesPart(part string) (string, error) {
	rels, err := d.relations(part)
	if err != nil {
		return "", err
	}
	if notes := partOf(rels, "comments"); notes != "" && d.has(notes) {
		src, err := d.read(notes)
		if err != nil {
			return "", err
		}
		return notes, scan(src, func(t *tag, _ []string) error {
			switch {
			case t.depth == 1 && !t.end && t.prefix != "w":
				return errors.New("comments with an unusual namespace prefix")
			case t.depth == 2 && !t.end:
				if n, err := strconv.Atoi(t.attr("id")); err == nil && n < 1<<30 {
					d.next = max(d.next, n+1)
				}
			}
			return nil
		})
	}
	notes := d.free("word/comments%d.xml")
	d.set(notes, []byte(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`+"\n"+`<w:comments xmlns:w="`+nsWord+`"></w:comments>`))
	if err := d.addType(notes, typeWordNote); err != nil {
		return "", err
	}
	_, err = d.relate(part, "comments", notes)
	return notes, err
}
