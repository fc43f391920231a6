package grid

import (
	"bytes"
	"context"
	"strings"
	"unicode/utf8"

	"jixiaolint/schema/lang"
)

// ReadDrawing reads the tables of a flat OpenDocument drawing, the form into which
// LibreOffice turns a PDF: pieces of text and ruling lines at places of a page, and
// nothing that says what a cell is. Cells are the regions that the lines enclose; a
// region that no line divides is a merged cell. A table that goes on across pages is
// one table. Text outside of tables is kept line by line: see treeBuilder.
//
// A figure put into the wrong cell is worse than none: where lines or text leave a
// doubt, the whole file is refused with one problem that says where, and no table is
// given. Text that the printer cut off cannot be missed by any reader.
func ReadDrawing(ctx context.Context, file string, data []byte, limits Limits) *Document {
	limits = limits.WithDefaults()
	doc := &Document{File: file, Format: Drawing}
	pages, f := readPages(ctx, data, limits)
	var sheets []*sheetOfPaper
	if f == nil {
		sheets, f = arrange(ctx, pages)
	}
	b := newTreeBuilder(ctx, doc, limits)
	if f != nil {
		b.halt(f)
	} else {
		writeSheets(b, sheets)
	}
	b.finish()
	if len(doc.Problems) > 0 {
		doc.Tables = nil // half a drawing is no form
	}
	return doc
}

// IsDrawing reports whether the bytes begin like a flat OpenDocument drawing.
func IsDrawing(data []byte) bool {
	head := data[:min(len(data), 16<<10)]
	return bytes.Contains(head, []byte("<office:document ")) &&
		bytes.Contains(head, []byte("application/vnd.oasis.opendocument.graphics"))
}

var (
	helpDrawing = lang.T(
		"请提交制作这份 PDF 时所用的原文件（.xlsx 或 .docx）。",
		"Submit the file that the PDF was made from (.xlsx or .docx).")
	faultScan = &fault{lang.T(
		"文件中只有图片，没有文字：它是扫描件，其中的表格不能读取。",
		"the file holds pictures but no text: it is a scan, of which no table is read"), helpDrawing}
	faultBlankDrawing = &fault{lang.T("文件中没有文字。", "the file holds no text"), helpDrawing}
	faultUnruled      = &fault{lang.T(
		"文件中没有用线画出的表格；只凭文字的位置，不能可靠地分出单元格。",
		"the file has no table drawn with lines, and cells cannot be told reliably by the places of text alone"), helpDrawing}
	faultCrowded = &fault{lang.T(
		"页面上的线条过多，不像表格，没有读取。",
		"the pages hold far more lines than tables have, and were not read"), helpDrawing}
)

// doubt is a fault of a page: a place at which the structure cannot be told for sure.
func doubt(page int, what lang.Text) *fault {
	return &fault{lang.F("第 %[2]d 页%[1]s，不能可靠地读取。", "page %[2]d: %[1]s, so that the file cannot be read reliably", what, page), helpDrawing}
}

// Places and sizes count hundredths of a millimetre, rounded, from the upper left
// corner of the page.
type box struct{ left, top, right, bottom int }

func (b box) width() int   { return b.right - b.left }
func (b box) height() int  { return b.bottom - b.top }
func (b box) centreY() int { return (b.top + b.bottom) / 2 }
func (b box) centreX() int { return (b.left + b.right) / 2 }

func (b box) holds(x, y int) bool {
	return x >= b.left && x <= b.right && y >= b.top && y <= b.bottom
}

// piece is a run of text in one line, as it was placed on the page.
type piece struct {
	box
	text string
	em   int // size of the font
	// late is how much farther to the right the piece may begin: 0 but for the rest of
	// a piece that was divided.
	late int
	// turned is set for text that does not run from left to right.
	turned bool
}

// segment is a straight stroke along one axis: from start to end, at pos of the other
// axis.
type segment struct{ pos, start, end int }

// paper is a page as drawn.
type paper struct {
	number     int
	pieces     []piece
	horizontal []segment
	vertical   []segment
}

const (
	// mostSegments bounds the strokes of a file; a page of a form has some hundred.
	mostSegments = 200_000
	// farAway is the largest coordinate, 100 metres: sums and products of a few stay
	// far from overflow.
	farAway = 10_000_000
	// thinStroke is the breadth up to which a filled area is a line, as some programs
	// draw them.
	thinStroke = 60
	// usualEm is the font size assumed where none is given: 10.5 points.
	usualEm = 370
)

// drawingReader walks through the XML of a drawing.
type drawingReader struct {
	x      *xmlScanner
	limits Limits
	pages  []*paper
	page   *paper // being read, nil outside of pages
	// pageDepth is the depth of the page's element.
	pageDepth int
	shape     *shape // being read, nil outside of shapes

	style    string          // name of the style being read
	hairless map[string]bool // graphic styles without a stroke
	ems      map[string]int  // font sizes of text styles

	pieces, segments, pictures int
}

// shape is an element with a place on the page.
type shape struct {
	depth  int // of its element
	kind   string
	box    box
	placed bool // it has a box
	turned bool
	stroke bool
	lines  []segment // strokes along both axes: horizontal ones first
	rows   []segment
	text   []byte
	em     int
}

// readPages reads what stands on the pages of a drawing.
func readPages(ctx context.Context, data []byte, limits Limits) ([]*paper, *fault) {
	if int64(len(data)) > limits.FileSize {
		return nil, sniff(data, limits)
	}
	r := &drawingReader{
		x: newXMLScanner(string(data), limits), limits: limits,
		hairless: map[string]bool{}, ems: map[string]int{},
	}
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return nil, faultCancelled
		}
		switch r.x.next() {
		case xmlEOF:
			return r.pages, r.empty()
		case xmlBad:
			return nil, &fault{r.x.fault.message, helpDrawing}
		case xmlText:
			r.words()
		case xmlEnd:
			if f := r.end(); f != nil {
				return nil, f
			}
		case xmlStart:
			if f := r.start(); f != nil {
				return nil, f
			}
		}
	}
}

// empty says what is wrong with a drawing without text.
func (r *drawingReader) empty() *fault {
	switch {
	case r.pieces > 0:
		return nil
	case r.pictures > 0:
		return faultScan
	}
	return faultBlankDrawing
}

func (r *drawingReader) start() *fault {
	if r.page == nil {
		return r.outside()
	}
	depth := len(r.x.open)
	switch r.x.local {
	case "line", "polyline", "polygon", "path", "rect", "frame", "custom-shape":
		if r.shape == nil {
			r.startShape(depth)
		}
	case "image":
		r.pictures++
		r.x.skip() // a fault comes with the next token
	case "span":
		if em := r.ems[r.x.attr("text:style-name")]; r.shape != nil && em > r.shape.em {
			r.shape.em = em
		}
	case "s", "tab":
		r.addText(strings.Repeat(" ", min(max(leadingNumber([]byte(r.x.attr("text:c"))), 1), 8)))
	case "p", "line-break":
		if r.shape != nil && len(r.shape.text) > 0 {
			r.addText("\n")
		}
	}
	return nil
}

// outside reads a start tag outside of pages.
func (r *drawingReader) outside() *fault {
	switch r.x.local {
	case "page":
		if len(r.pages) == r.limits.Tables {
			return &fault{lang.F("超过 %d 页。", "more than %d pages", r.limits.Tables), helpLimit}
		}
		r.page, r.pageDepth = &paper{number: len(r.pages) + 1}, len(r.x.open)
		r.pages = append(r.pages, r.page)
	case "style":
		r.style = r.x.attr("style:name")
	case "graphic-properties":
		if r.x.attr("draw:stroke") == "none" {
			r.hairless[r.style] = true
		}
	case "text-properties":
		if em, ok := parseLength(r.x.attr("fo:font-size")); ok && em > 0 {
			r.ems[r.style] = em
		}
	}
	return nil
}

// startShape begins a shape with the place that its attributes give.
func (r *drawingReader) startShape(depth int) {
	s := &shape{depth: depth, kind: r.x.local, stroke: !r.hairless[r.x.attr("draw:style-name")]}
	r.shape = s
	if s.kind == "line" {
		x1, ok1 := parseLength(r.x.attr("svg:x1"))
		y1, ok2 := parseLength(r.x.attr("svg:y1"))
		x2, ok3 := parseLength(r.x.attr("svg:x2"))
		y2, ok4 := parseLength(r.x.attr("svg:y2"))
		if ok1 && ok2 && ok3 && ok4 {
			s.edge(point{x1, y1}, point{x2, y2})
		}
		return
	}
	x, ok1 := parseLength(r.x.attr("svg:x"))
	y, ok2 := parseLength(r.x.attr("svg:y"))
	w, ok3 := parseLength(r.x.attr("svg:width"))
	h, ok4 := parseLength(r.x.attr("svg:height"))
	if r.x.attr("draw:transform") != "" {
		// A transformed shape has its place in the transformation: it is turned or
		// skewed, and neither a rule nor a line of text.
		s.turned = true
		return
	}
	s.placed = ok1 && ok2 && ok3 && ok4 && w >= 0 && h >= 0
	s.box = box{x, y, x + w, y + h}
	if !s.placed {
		return
	}
	switch s.kind {
	case "polyline", "polygon":
		s.outline(parsePoints(r.x.attr("draw:points"), mostSegments), r.x.attr("svg:viewBox"), s.kind == "polygon")
	case "path":
		for _, points := range parsePath(r.x.attr("svg:d"), mostSegments) {
			s.outline(points, r.x.attr("svg:viewBox"), false)
		}
	case "rect":
		s.frame(s.box)
	}
}

// words reads character data inside of paragraphs.
func (r *drawingReader) words() {
	if r.shape == nil || !r.inParagraph() {
		return
	}
	s := r.x.body
	if !r.x.plain {
		s = xmlDecode(s, false)
	}
	r.addText(docxSpaces.Replace(s))
}

// inParagraph reports whether a text:p is open: blanks between elements are no text.
func (r *drawingReader) inParagraph() bool {
	for i := len(r.x.open) - 1; i >= r.shape.depth; i-- {
		if r.x.open[i] == "text:p" {
			return true
		}
	}
	return false
}

func (r *drawingReader) addText(s string) {
	if r.shape != nil && len(r.shape.text)+len(s) <= r.limits.TextLength {
		r.shape.text = append(r.shape.text, s...)
	}
}

// end reads an end tag; it ends the shape and the page that are open there.
func (r *drawingReader) end() *fault {
	depth := len(r.x.open)
	if s := r.shape; s != nil && depth < s.depth {
		r.shape = nil
		return r.take(s)
	}
	if depth < r.pageDepth {
		r.page = nil
	}
	return nil
}

// take adds a shape to its page.
func (r *drawingReader) take(s *shape) *fault {
	text := strings.TrimRight(string(s.text), "\n")
	if strings.TrimSpace(text) != "" {
		if !s.placed && !s.turned {
			return doubt(r.page.number, lang.F("有文字没有位置（%s）", "has text without a place (%s)", quote(text)))
		}
		if r.pieces++; r.pieces > r.limits.Cells {
			return &fault{lang.F("文字超过 %d 段。", "more than %d pieces of text", r.limits.Cells), helpLimit}
		}
		em := s.em
		if em == 0 {
			em = usualEm
		}
		x := piece{box: s.box, text: text, em: em, turned: s.turned}
		if utf8.RuneCountInString(text) == 1 {
			x.right = min(x.right, x.left+x.length(text)) // frames have a least width
		}
		r.page.pieces = append(r.page.pieces, x)
		return nil
	}
	if !s.stroke {
		s.asStroke()
	}
	if r.segments += len(s.lines) + len(s.rows); r.segments > mostSegments {
		return faultCrowded
	}
	r.page.horizontal = append(r.page.horizontal, s.rows...)
	r.page.vertical = append(r.page.vertical, s.lines...)
	return nil
}

// asStroke makes a filled area without an outline the line that it looks like, if it
// is thin, and nothing else: areas are the shading of cells.
func (s *shape) asStroke() {
	s.lines, s.rows = nil, nil
	b := s.box
	switch {
	case !s.placed, s.kind == "frame":
	case b.height() <= thinStroke && b.width() > 3*thinStroke:
		s.rows = append(s.rows, segment{b.centreY(), b.left, b.right})
	case b.width() <= thinStroke && b.height() > 3*thinStroke:
		s.lines = append(s.lines, segment{b.centreX(), b.top, b.bottom})
	}
}

// frame adds the four edges of a box.
func (s *shape) frame(b box) {
	s.rows = append(s.rows, segment{b.top, b.left, b.right}, segment{b.bottom, b.left, b.right})
	s.lines = append(s.lines, segment{b.left, b.top, b.bottom}, segment{b.right, b.top, b.bottom})
}

// outline adds the edges between points, given in the units of a view box.
func (s *shape) outline(points []point, view string, closed bool) {
	if closed && len(points) > 0 {
		points = append(points, points[0])
	}
	v := parseNumbers(view, 4)
	if len(v) != 4 || v[2] < 0 || v[3] < 0 {
		return
	}
	place := func(p point) point {
		return point{scale(p.x-v[0], v[2], s.box.width(), s.box.left), scale(p.y-v[1], v[3], s.box.height(), s.box.top)}
	}
	for i := 1; i < len(points); i++ {
		s.edge(place(points[i-1]), place(points[i]))
	}
}

// scale moves a coordinate from a range of the length from to one of the length to.
func scale(n, from, to, origin int) int {
	if from == 0 {
		return origin
	}
	return origin + int(int64(n)*int64(to)/int64(from))
}

// skew is how far the ends of a straight line may be off its axis.
const skew = 5

// edge adds the line between two points if it is straight along an axis and longer
// than a dot.
func (s *shape) edge(a, b point) {
	dx, dy := max(a.x, b.x)-min(a.x, b.x), max(a.y, b.y)-min(a.y, b.y)
	switch {
	case dy <= skew && dx > thinStroke:
		s.rows = append(s.rows, segment{(a.y + b.y) / 2, min(a.x, b.x), max(a.x, b.x)})
	case dx <= skew && dy > thinStroke:
		s.lines = append(s.lines, segment{(a.x + b.x) / 2, min(a.y, b.y), max(a.y, b.y)})
	}
}

type point struct{ x, y int }

// parseLength reads a length such as 1.304cm in hundredths of a millimetre.
func parseLength(s string) (int, bool) {
	i := 0
	for i < len(s) && (s[i] == '-' || s[i] == '.' || s[i] >= '0' && s[i] <= '9') {
		i++
	}
	// A fraction, so that nothing is rounded twice.
	unit, ok := map[string][2]int64{"cm": {1000, 1}, "mm": {100, 1}, "in": {2540, 1}, "pt": {2540, 72}, "pc": {2540, 6}, "px": {2540, 96}}[s[i:]]
	if !ok {
		return 0, false
	}
	number, negative := strings.CutPrefix(s[:i], "-")
	whole, part, _ := strings.Cut(number, ".")
	if len(whole) > 6 || whole == "" && part == "" || strings.ContainsAny(whole+part, "-.") {
		return 0, false
	}
	part = part[:min(len(part), 4)]
	var n int64
	for _, c := range whole + part {
		n = 10*n + int64(c-'0')
	}
	div := unit[1]
	for range part {
		div *= 10
	}
	n = (n*unit[0] + div/2) / div
	if negative {
		n = -n
	}
	if n < -farAway || n > farAway {
		return 0, false
	}
	return int(n), true
}

// parseNumbers reads up to most whole numbers separated by blanks or commas; decimals
// are cut off. What is no number ends the list.
func parseNumbers(s string, most int) []int {
	var out []int
	for len(out) < most {
		s = strings.TrimLeft(s, " ,\t\n\r")
		n, rest, ok := cutNumber(s)
		if !ok {
			break
		}
		out, s = append(out, n), rest
	}
	return out
}

// cutNumber cuts a number off the beginning of a text.
func cutNumber(s string) (n int, rest string, ok bool) {
	rest, negative := strings.CutPrefix(s, "-")
	digits := 0
	for digits < len(rest) && rest[digits] >= '0' && rest[digits] <= '9' {
		if n = 10*n + int(rest[digits]-'0'); n > farAway {
			return 0, s, false
		}
		digits++
	}
	rest = rest[digits:]
	if strings.HasPrefix(rest, ".") {
		rest = strings.TrimLeft(rest[1:], "0123456789")
		digits++
	}
	if negative {
		n = -n
	}
	return n, rest, digits > 0
}

// parsePoints reads a list of points such as 0,0 12,5.
func parsePoints(s string, most int) []point {
	numbers := parseNumbers(s, 2*most)
	points := make([]point, len(numbers)/2)
	for i := range points {
		points[i] = point{numbers[2*i], numbers[2*i+1]}
	}
	return points
}

// parsePath reads the straight parts of an SVG path: a list of points for each run
// of lines. Curves end a run, and anything unknown ends the path.
func parsePath(s string, most int) [][]point {
	var runs [][]point
	var run []point
	var at, first point
	flush := func() {
		if len(run) > 1 {
			runs = append(runs, run)
		}
		run = nil
	}
	to := func(p point) {
		if len(run) == 0 {
			run = append(run, at)
		}
		at = p
		run = append(run, p)
	}
	command := byte(0)
	for range most {
		s = strings.TrimLeft(s, " ,\t\n\r")
		if s == "" {
			break
		}
		if c := s[0]; c >= 'A' && c != '^' {
			command, s = c, s[1:]
			if command == 'z' || command == 'Z' {
				to(first)
				flush()
				continue
			}
		}
		count, known := map[byte]int{'m': 2, 'l': 2, 'h': 1, 'v': 1, 'c': 6, 's': 4, 'q': 4, 't': 2, 'a': 7}[command|' ']
		if !known {
			break
		}
		numbers := make([]int, 0, 7)
		for len(numbers) < count {
			number, rest, ok := cutNumber(strings.TrimLeft(s, " ,\t\n\r"))
			if !ok {
				flush()
				return runs
			}
			numbers, s = append(numbers, number), rest
		}
		p := point{numbers[max(count-2, 0)], numbers[count-1]}
		from := at
		if command < 'a' {
			from = point{}
		}
		switch command | ' ' {
		case 'h':
			p = point{from.x + numbers[0], at.y}
		case 'v':
			p = point{at.x, from.y + numbers[0]}
		default:
			p = point{from.x + p.x, from.y + p.y}
		}
		if p.x < -farAway || p.x > farAway || p.y < -farAway || p.y > farAway {
			break
		}
		switch command | ' ' {
		case 'l', 'h', 'v':
			to(p)
		case 'm':
			flush()
			at, first = p, p
			command-- // more points after a move are lines: l follows m
		default:
			flush()
			at = p
		}
	}
	flush()
	return runs
}
