package office

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"jixiaolint/schema/export"
	"jixiaolint/schema/grid"
)

// comment puts the comments on the marked cells, after those that are there.
func (e *sheetEdit) comment(sheet string) error {
	rels, err := e.w.relations(sheet)
	if err != nil {
		return err
	}
	commented := slices.DeleteFunc(slices.Clone(e.wanted), func(p place) bool { return len(e.marks[p].Comment) == 0 })
	if len(commented) == 0 {
		return nil
	}
	part := partOf(rels, "comments")
	if part == "" || !e.w.has(part) {
		part = e.w.free("xl/comments%d.xml")
		e.w.set(part, []byte(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`+"\n"+
			`<comments xmlns="`+nsSheet+`"><authors/><commentList/></comments>`))
		if err := e.w.addType(part, typeNotes); err != nil {
			return err
		}
		if _, err := e.w.relate(sheet, "comments", part); err != nil {
			return err
		}
	}
	fresh, err := e.write(part, commented)
	if err != nil {
		return fmt.Errorf("%s: %w", part, err)
	}
	if talks := partOf(rels, "threadedComment"); talks != "" && e.w.has(talks) {
		if err := e.reply(talks, commented); err != nil {
			return err
		}
	}
	return e.shapes(sheet, rels, fresh)
}

// write adds the comments to their part, and gives the places of those that had none
// before.
func (e *sheetEdit) write(part string, commented []place) (fresh []place, err error) {
	src, err := e.w.pack.read(part)
	if err != nil {
		return nil, err
	}
	c := &patch{src: src}
	var authors, list *tag
	authorCount, prefix := 0, ""
	var at place
	done := map[place]bool{}
	err = scan(src, func(t *tag, open []string) error {
		switch {
		case t.depth == 1:
			prefix = t.prefix
		case t.depth == 2 && t.local == "authors":
			if !t.end {
				authors = t
			} else {
				c.into(authors, t.from, prefixed("<author>"+Author+"</author>", prefix))
			}
		case t.depth == 3 && t.local == "author" && !t.end:
			authorCount++
		case t.depth == 3 && t.local == "comment" && !t.end:
			at, _ = parsePlace(t.attr("ref"))
		case t.depth == 4 && t.local == "text" && t.end && open[1] == "commentList":
			if m := e.marks[at]; m != nil && !done[at] && len(m.Comment) > 0 {
				done[at] = true
				c.insert(t.from, prefixed(runs(m.Comment, true), prefix))
			}
		case t.depth == 2 && t.local == "commentList":
			if !t.end {
				list = t
				break
			}
			var b strings.Builder
			for _, p := range commented {
				if !done[p] {
					fresh = append(fresh, p)
					fmt.Fprintf(&b, `<comment ref="%s" authorId="%d"><text>%s</text></comment>`,
						grid.CellName(p.col, p.row), authorCount, runs(e.marks[p].Comment, false))
				}
			}
			c.into(list, t.from, prefixed(b.String(), prefix))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	e.w.set(part, c.bytes())
	return fresh, nil
}

// maxComment bounds the text of one comment; Excel holds little more.
const maxComment = 30_000

// runs writes paragraphs as the text of a comment, after another text if there is
// one.
func runs(paragraphs []Paragraph, after bool) string {
	var b strings.Builder
	run := func(bold, text string) {
		b.WriteString(`<r><rPr>` + bold + `<sz val="9"/><color rgb="FF000000"/><rFont val="` + fontName + `"/><family val="2"/><charset val="134"/></rPr><t xml:space="preserve">` + cellText(text) + `</t></r>`)
	}
	length := 0
	for i, p := range paragraphs {
		if length += utf16Len(p.Heading) + utf16Len(p.Text) + 1; length > maxComment {
			run("", "\n…")
			break
		}
		heading := p.Heading
		switch {
		case i > 0:
			heading = "\n" + heading
		case after:
			heading = "\n――――\n" + heading
		}
		if heading != "" {
			run("<b/>", heading)
		}
		if p.Text != "" {
			run("", p.Text)
		}
	}
	return b.String()
}

// geometry is the size of a sheet's columns and rows in pixels, as far as comments
// need it.
type geometry struct {
	width, height float64
	cols          []span
	rows          map[int]float64
}

type span struct {
	from, to int
	pixels   float64
}

const (
	columnPixels = 72
	rowPixels    = 20
	maxRows      = 100_000 // whose heights are known
	maxSpans     = 256     // of columns whose widths are known
	maxWalk      = 500     // columns or rows that a comment reaches over
)

func (g *geometry) defaults(t *tag) {
	if h, err := strconv.ParseFloat(t.attr("defaultRowHeight"), 64); err == nil {
		g.height = points(h)
	}
	if w, err := strconv.ParseFloat(t.attr("defaultColWidth"), 64); err == nil {
		g.width = characters(w)
	}
}

func points(h float64) float64     { return math.Min(math.Max(h*4/3, 0), 1000) }
func characters(w float64) float64 { return math.Min(math.Max(w*7+5, 0), 2000) }

func (g *geometry) row(n int, t *tag) {
	if g.rows == nil {
		g.rows = map[int]float64{}
	}
	h, err := strconv.ParseFloat(t.attr("ht"), 64)
	switch {
	case len(g.rows) == maxRows:
	case t.attr("hidden") == "1":
		g.rows[n] = 0
	case err == nil:
		g.rows[n] = points(h)
	}
}

func (g *geometry) col(t *tag) {
	from, err1 := strconv.Atoi(t.attr("min"))
	to, err2 := strconv.Atoi(t.attr("max"))
	w, err3 := strconv.ParseFloat(t.attr("width"), 64)
	if err1 != nil || err2 != nil || err3 != nil || len(g.cols) == maxSpans {
		return
	}
	s := span{from, to, characters(w)}
	if t.attr("hidden") == "1" {
		s.pixels = 0
	}
	g.cols = append(g.cols, s)
}

func (g *geometry) colWidth(n int) float64 {
	for _, s := range g.cols {
		if s.from <= n && n <= s.to {
			return s.pixels
		}
	}
	if g.width > 0 {
		return g.width
	}
	return columnPixels
}

func (g *geometry) rowHeight(n int) float64 {
	if h, ok := g.rows[n]; ok {
		return h
	}
	if g.height > 0 {
		return g.height
	}
	return rowPixels
}

// walk gives the 0-based column or row, and the offset in it, that lies a number of
// pixels behind a 0-based one.
func walk(from int, pixels float64, size func(int) float64, most int) (n, offset int) {
	most = min(most, from+maxWalk)
	for n = from; n < most; n++ {
		s := size(n + 1)
		if pixels < s {
			break
		}
		pixels -= s
	}
	return n, int(pixels)
}

// anchor places the box of a comment beside its cell, as large as its text needs.
func (g *geometry) anchor(p place, paragraphs []Paragraph) string {
	const (
		gap, least, most = 12, 180, 380 // pixels
		character, line  = 6.6, 17
		tallest          = 620
		lastCol, lastRow = 1<<14 - 1, 1<<20 - 1
	)
	widest := 0.0
	for _, t := range paragraphs {
		for s := range strings.SplitSeq(t.Heading+t.Text, "\n") {
			widest = max(widest, export.DisplayWidth(s)*character)
		}
	}
	width := min(max(widest+24, least), most)
	lines := 0.0
	for _, t := range paragraphs {
		for s := range strings.SplitSeq(t.Heading+t.Text, "\n") {
			lines += max(1, math.Ceil(export.DisplayWidth(s)*character/(width-20)))
		}
	}
	height := min(lines*line+16, tallest)
	left, leftOffset := walk(min(p.col, lastCol), gap, g.colWidth, lastCol)
	right, rightOffset := walk(left, float64(leftOffset)+width, g.colWidth, lastCol)
	top := max(p.row-2, 0)
	bottom, bottomOffset := walk(top, height+4, g.rowHeight, lastRow)
	return fmt.Sprintf("%d, %d, %d, 4, %d, %d, %d, %d", left, leftOffset, top, right, rightOffset, bottom, bottomOffset)
}

var (
	reShapeID  = regexp.MustCompile(`_x0000_s(\d{1,9})`)
	reRootEnd  = regexp.MustCompile(`</(?:[A-Za-z]+:)?xml\s*>\s*$`)
	vmlHead    = `<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%d"/></o:shapelayout>`
	shapeType  = `<v:shapetype xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>`
	shapeStart = `<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s%d" type="#_x0000_t202" style="position:absolute;visibility:hidden" fillcolor="#FFFFE1" o:insetmode="auto"><v:fill color2="#FFFFE1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>`
	shapeEnd   = `<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>%s</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>`
)

// shapes draws the boxes of new comments.
func (e *sheetEdit) shapes(sheet string, rels []relation, fresh []place) error {
	if len(fresh) == 0 {
		return nil
	}
	part, id := "", 0
	if e.legacy != "" {
		for _, r := range rels {
			if r.id == e.legacy && r.target != "" && e.w.has(r.target) {
				part = r.target
			}
		}
	}
	var src []byte
	if part != "" {
		var err error
		if src, err = e.w.pack.read(part); err != nil {
			return err
		}
		for _, m := range reShapeID.FindAllSubmatch(src, -1) {
			n, _ := strconv.Atoi(string(m[1]))
			id = max(id, n)
		}
	} else {
		part = e.w.free("xl/drawings/vmlDrawing%d.vml")
		block := 1 + slices.IndexFunc(e.w.sheets, func(s sheetRef) bool { return s.part == sheet })
		id = 1024 * block
		src = fmt.Appendf(nil, vmlHead+"</xml>", block)
		if err := e.w.addDefaultType("vml", typeVML); err != nil {
			return err
		}
		relation, err := e.w.relate(sheet, "vmlDrawing", part)
		if err != nil {
			return err
		}
		e.lead(relation)
	}
	end := reRootEnd.FindIndex(src)
	if end == nil {
		return fmt.Errorf("%s has no end", part)
	}
	var b strings.Builder
	if !bytes.Contains(src, []byte(`id="_x0000_t202"`)) {
		b.WriteString(shapeType)
	}
	for _, p := range fresh {
		id++
		fmt.Fprintf(&b, shapeStart+shapeEnd, id, e.geometry.anchor(p, e.marks[p].Comment), p.row-1, p.col-1)
	}
	e.w.set(part, slices.Concat(src[:end[0]], []byte(b.String()), src[end[0]:]))
	return nil
}

// lead makes the sheet lead to the shapes of its comments.
func (e *sheetEdit) lead(relation string) {
	if e.legacy != "" { // to a part that is not there
		return
	}
	at := e.legacyAt
	if at < 0 {
		at = e.rootEnd
	}
	e.insert(at, prefixed(`<legacyDrawing xmlns:r="`+e.w.kinds+`" r:id="`+relation+`"/>`, e.prefix))
}
