package grid

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	utf16 "golang.org/x/text/encoding/unicode"

	"jixiaolint/schema/lang"
)

// ReadHTML reads the tables of a web page, and the text around them: see
// treeBuilder. It is total: it always gives a Document, and Document.Problems says
// what could not be read. The name file is used in every location, which gives the
// number of the <table> in the page, of the <tr> in the table, and of the <td> or
// <th> in the row; Cell.Col is the column of the table's grid.
//
// Text is read as a browser shows it, with hidden text reported. The reader goes
// over tokens, not over a tree: what browsers do with missing and stray tags of
// tables is done here, and no other nesting matters, so that time and memory are
// bounded by the length of the page. html.Parse repeats open formatting elements in
// every block, which makes a small page a large tree.
func ReadHTML(ctx context.Context, file string, data []byte, limits Limits) *Document {
	limits = limits.WithDefaults()
	doc := &Document{File: file, Format: HTML}
	b := newTreeBuilder(ctx, doc, limits)
	defer b.finish()
	if f := sniffHTML(data, limits); f != nil {
		b.halt(f)
		return doc
	}
	text, declared := decodePage(data)
	if declared != "" {
		b.problems.add(Problem{Kind: Disorder, Loc: Location{File: file},
			Message: lang.F("网页声明的编码是 %s，与实际不符；已按实际编码读取。",
				"the page says that it is encoded in %s, which it is not; it was read in the encoding that it is in", declared),
			Help: helpPage})
	}
	if f := newHTMLReader(b, text).read(); f != nil {
		b.halt(f)
	}
	return doc
}

// HTMLPlaces tells where the cells that ReadHTML locates by Table, Line and Column begin
// in the decoded text of a page: the offset of the tag. It is for those who write into
// the page.
func HTMLPlaces(ctx context.Context, text string, limits Limits) map[Location]int {
	b := newTreeBuilder(ctx, &Document{Format: HTML}, limits.WithDefaults())
	b.places = map[Location]int{}
	if newHTMLReader(b, text).read() != nil {
		return nil
	}
	b.finish()
	return b.places
}

// IsHTML reports whether the bytes begin like a web page. Programs export tables as
// pages under other names, such as .xls.
func IsHTML(data []byte) bool {
	const far = 4 << 10
	head := data[:min(len(data), far)]
	if wide := utf16Of(head); wide != nil {
		head = []byte(decodeWith(wide, head))
	}
	begin := bytes.TrimLeft(bytes.TrimPrefix(asciiLower(head), []byte(utf8BOM)), " \t\r\n")
	if len(begin) == 0 || begin[0] != '<' {
		return false
	}
	for _, tag := range []string{"<html", "<!doctype html", "<table"} {
		if bytes.Contains(begin, []byte(tag)) {
			return true
		}
	}
	return false
}

const utf8BOM = "\xEF\xBB\xBF"

var helpPage = lang.T(
	"请在浏览器中重新保存该网页（编码选 UTF-8），或提交原电子表格。",
	"Save the page again in a browser, encoded in UTF-8, or submit the original spreadsheet.")

// sniffHTML tells what a file is that cannot be a web page.
func sniffHTML(data []byte, limits Limits) *fault {
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return &fault{lang.T("文件是空的。", "the file is empty"), helpPage}
	case int64(len(data)) > limits.FileSize:
		return sniff(data, limits)
	}
	if head := data[:min(len(data), 512)]; utf16Of(head) == nil && bytes.IndexByte(head, 0) >= 0 {
		return &fault{lang.F("文件不是网页，看起来是%[1]s。", "the file is no web page; it looks like %[1]s", looksLike(data)), helpPage}
	}
	return nil
}

// decodePage gives the page in UTF-8. Pages often lie about their encoding, most
// often when an editor has converted the text and not the declaration; declared is
// what they say then. Bytes that mean nothing become U+FFFD.
func decodePage(data []byte) (text, declared string) {
	if wide := utf16Of(data); wide != nil {
		return strings.TrimPrefix(decodeWith(wide, data), "\uFEFF"), ""
	}
	enc, name, certain := charset.DetermineEncoding(data, "")
	if certain { // by its byte order mark, which is that of UTF-8
		return strings.ToValidUTF8(string(data[len(utf8BOM):]), "\uFFFD"), ""
	}
	good, bad := countRunes(data)
	if bad == 0 || good > 4*bad {
		// Text in another encoding is hardly ever valid as UTF-8.
		if good > 0 && name != "utf-8" && name != "windows-1252" {
			declared = name
		}
		return strings.ToValidUTF8(string(data), "\uFFFD"), declared
	}
	switch name {
	case "gbk", "gb18030", "windows-1252": // the last one stands for none
		enc = simplifiedchinese.GB18030 // which includes GBK and GB 2312
	case "utf-8", "replacement", "x-user-defined":
		enc, declared = simplifiedchinese.GB18030, name
	}
	return decodeWith(enc, data), declared
}

// decodeWith decodes a page, with U+FFFD in place of what means nothing.
func decodeWith(enc encoding.Encoding, data []byte) string {
	out, err := enc.NewDecoder().Bytes(data)
	if err != nil {
		out = data // decoders put U+FFFD and go on
	}
	return strings.ToValidUTF8(string(out), "\uFFFD")
}

// utf16Of gives the encoding of a page in UTF-16, told by its byte order mark or by
// its first character; nil for another one.
func utf16Of(data []byte) encoding.Encoding {
	for _, begin := range []struct {
		bytes string
		order utf16.Endianness
	}{{"\xFF\xFE", utf16.LittleEndian}, {"<\x00", utf16.LittleEndian}, {"\xFE\xFF", utf16.BigEndian}, {"\x00<", utf16.BigEndian}} {
		if bytes.HasPrefix(data, []byte(begin.bytes)) {
			return utf16.UTF16(begin.order, utf16.IgnoreBOM)
		}
	}
	return nil
}

// countRunes counts the characters outside of ASCII, and the bytes that are not
// UTF-8.
func countRunes(data []byte) (good, bad int) {
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	return good, bad
}

const (
	// mostToken bounds one tag, comment or stretch of text in bytes. Pictures inside
	// of a page are the longest tags.
	mostToken = 4 << 20
	// mostAttrs bounds the attributes of a tag: the tokenizer clears a table as
	// large as the largest tag so far for every further tag.
	mostAttrs = 1000
	// Browsers hold spans to these.
	mostColSpan = 1000
	mostRowSpan = 65534
)

// htmlReader walks through the tokens of a page.
type htmlReader struct {
	z *html.Tokenizer
	b *treeBuilder
	// from and to are where the current token stands in the page.
	from, to int
	// drop is set inside elements whose text is not shown. They hold nothing but
	// text, so the next tag ends them.
	drop bool
	// hide is the outermost element that is hidden. Elements of tables are not
	// among them: the builder knows those.
	hide hiddenElem
	// gap is white space that becomes a space if more text follows in the line;
	// feed tells that it holds a line end.
	gap, feed bool
	text      []byte // of one token, evened out
}

func newHTMLReader(b *treeBuilder, text string) *htmlReader {
	r := &htmlReader{b: b, z: html.NewTokenizer(strings.NewReader(text))}
	r.z.SetMaxBuf(mostToken)
	return r
}

// hiddenElem is an open element that is hidden.
type hiddenElem struct {
	name  string // empty for none
	open  int    // how many of the name are open in it, with itself
	level int    // of the tables around it
}

// htmlTag is a start tag with the attributes that matter.
type htmlTag struct {
	name           string
	atom           atom.Atom
	cols, rows     int
	kind, value    string // of an input
	hidden, chosen bool
}

func (r *htmlReader) read() *fault {
	for n := 0; !r.b.stopped; n++ {
		if n%1024 == 0 && r.b.ctx.Err() != nil {
			return faultCancelled
		}
		kind := r.z.Next()
		r.from, r.to = r.to, r.to+len(r.z.Raw())
		switch kind {
		case html.ErrorToken:
			if errors.Is(r.z.Err(), io.EOF) {
				return nil
			}
			return &fault{lang.F("网页中有一处标签或文字超过 %d 字节（多为内嵌图片），其余没有读取。",
				"a tag or text of the page is longer than %d bytes (an embedded picture, mostly); the rest was not read", mostToken),
				helpPage}
		case html.TextToken:
			if !r.drop {
				r.addText(r.z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			r.drop = false
			tag, ok := r.tag()
			if !ok {
				return &fault{lang.F("网页中有一个标签的属性超过 %d 个，其余没有读取。",
					"a tag of the page has more than %d attributes; the rest was not read", mostAttrs), helpPage}
			}
			r.start(&tag)
		case html.EndTagToken:
			r.drop = false
			name, _ := r.z.TagName()
			r.end(name)
		case html.CommentToken, html.DoctypeToken:
		}
	}
	return nil
}

// tag reads the current start tag.
func (r *htmlReader) tag() (htmlTag, bool) {
	name, more := r.z.TagName()
	tag := htmlTag{atom: atom.Lookup(name), cols: 1, rows: 1}
	if tag.name = tag.atom.String(); tag.atom == 0 {
		tag.name = string(name)
	}
	for n := 0; more; n++ {
		if n == mostAttrs {
			return tag, false
		}
		var key, value []byte
		key, value, more = r.z.TagAttr()
		switch string(key) {
		case "colspan":
			tag.cols = min(max(leadingNumber(value), 1), mostColSpan)
		case "rowspan":
			tag.rows = min(leadingNumber(value), mostRowSpan)
		case "hidden":
			tag.hidden = true
		case "style":
			tag.hidden = tag.hidden || hidesElement(value)
		case "type":
			tag.kind = strings.ToLower(string(value))
		case "value":
			tag.value = string(value)
		case "checked", "selected":
			tag.chosen = true
		}
	}
	return tag, true
}

// leadingNumber reads a span as browsers do: the digits at the beginning, 1 where
// there are none.
func leadingNumber(value []byte) int {
	value = bytes.TrimPrefix(bytes.TrimLeft(value, " \t\r\n\f"), []byte("+"))
	n := 0
	for i, c := range value {
		if c < '0' || c > '9' {
			if i == 0 {
				return 1
			}
			break
		}
		n = min(n*10+int(c-'0'), mostRowSpan)
	}
	if len(value) == 0 {
		return 1
	}
	return n
}

// hidesElement reports whether a style keeps its element from being shown.
func hidesElement(style []byte) bool {
	const far = 4 << 10 // a longer style is no style
	compact := strings.Join(strings.Fields(strings.ToLower(string(style[:min(len(style), far)]))), "")
	for _, s := range []string{"display:none", "visibility:hidden", "visibility:collapse"} {
		if strings.Contains(compact, s) {
			return true
		}
	}
	return false
}

// start reads a start tag.
func (r *htmlReader) start(tag *htmlTag) {
	b := r.b
	if isBlock[tag.atom] {
		r.endParagraph()
		if r.hide.name == "p" && b.level() == r.hide.level {
			r.hide = hiddenElem{} // a block ends the paragraph before it
		}
	}
	// Asked only after what the tag ends has ended.
	hidden := func() bool { return tag.hidden || r.hide.name != "" }
	switch tag.atom {
	case atom.Table:
		if t := b.top(); t != nil && !t.inCell {
			r.leave(b.endTable) // tables stand in cells or side by side
		}
		b.startTable(hidden())
		return
	case atom.Thead, atom.Tbody, atom.Tfoot:
		r.leave(b.endRow)
		b.startGroup(hidden())
		r.inGroup(tag.name)
		return
	case atom.Caption, atom.Colgroup, atom.Col:
		if b.top() != nil {
			r.leave(b.endRow)
			b.startGroup(false)
		}
	case atom.Tr:
		r.leave(b.endRow)
		b.startRow(hidden())
		r.inGroup("tbody")
		return
	case atom.Td, atom.Th:
		r.leave(b.endCell)
		if t := b.top(); t != nil {
			b.startCell(treeCell{cols: tag.cols, rows: tag.rows, hidden: hidden(), tag: r.from})
			t.cellTag = tag.name
			r.inGroup("tbody")
		}
		return
	case atom.Br:
		r.newline()
	case atom.Input:
		r.input(tag)
	case atom.Option:
		r.drop = !tag.chosen
	case atom.Script, atom.Style, atom.Title, atom.Iframe, atom.Noembed, atom.Noframes, atom.Noscript, atom.Rt, atom.Rp:
		r.drop = true
	case atom.Template:
		tag.hidden = true
	default:
	}
	switch {
	case isVoid[tag.atom]:
	case r.hide.name == tag.name:
		r.hide.open++
	case tag.hidden && r.hide.name == "":
		r.hide = hiddenElem{tag.name, 1, b.level()}
	}
}

// inGroup notes which tag began the row group that is open, if none did before.
func (r *htmlReader) inGroup(name string) {
	if t := r.b.top(); t != nil && t.groupTag == "" {
		t.groupTag = name
	}
}

// end reads an end tag. Those that fit nothing in the innermost table are ignored.
func (r *htmlReader) end(name []byte) {
	b, a := r.b, atom.Lookup(name)
	if isBlock[a] {
		r.endParagraph()
	}
	switch t := b.top(); a {
	case atom.Table:
		r.leave(b.endTable)
	case atom.Thead, atom.Tbody, atom.Tfoot:
		if t != nil && t.groupTag == string(name) {
			r.leave(b.endRow)
			b.startGroup(false)
		}
	case atom.Tr:
		r.leave(b.endRow)
	case atom.Td, atom.Th:
		if t != nil && t.cellTag == string(name) {
			r.leave(b.endCell)
		}
	default:
		if r.hide.name != "" && r.hide.name == string(name) {
			if r.hide.open--; r.hide.open == 0 {
				r.hide = hiddenElem{}
			}
		}
	}
}

// leave ends a part of the innermost table, and with it the hidden element that
// begins in it and has no end.
func (r *htmlReader) leave(end func()) {
	r.gap = false
	end()
	if r.b.level() < r.hide.level {
		r.hide = hiddenElem{}
	}
}

func (r *htmlReader) endParagraph() {
	r.gap = false
	r.b.endParagraph()
}

func (r *htmlReader) newline() {
	r.gap = false
	r.b.addText("\n", false)
}

// input reads a form field, which shows its value.
func (r *htmlReader) input(tag *htmlTag) {
	shown := tag.value
	switch tag.kind {
	case "hidden", "button", "submit", "reset", "image", "file", "password":
		return
	case "checkbox", "radio":
		shown = "☐"
		if tag.chosen {
			shown = "☑"
		}
	}
	r.addText([]byte(shown))
}

// addText adds text with its white space evened out as browsers do.
func (r *htmlReader) addText(s []byte) {
	last, _ := utf8.DecodeLastRune(r.b.text)
	empty := len(r.b.text) == 0
	out := r.text[:0]
	for len(s) > 0 {
		c, n := utf8.DecodeRune(s)
		s = s[n:]
		switch c {
		case '\n', '\r':
			r.gap, r.feed = true, true
			continue
		case ' ', '\t', '\f':
			r.feed = r.feed && r.gap
			r.gap = true
			continue
		case '\u00A0':
			c = ' ' // which is what it looks like
		}
		if r.gap && !empty && last != '\n' && (!r.feed || !isWide(last) || !isWide(c)) {
			out = append(out, ' ')
		}
		r.gap, r.feed = false, false
		out = utf8.AppendRune(out, c)
		last, empty = c, false
	}
	r.b.addText(string(out), r.hide.name != "")
	r.text = out
}

// isWide reports whether a character is one of those between which a line end in
// the source is not shown as a space.
func isWide(c rune) bool {
	return unicode.Is(unicode.Han, c) || 0x2010 <= c && c <= 0x2027 || 0x3000 <= c && c <= 0x303F || 0xFF00 <= c && c <= 0xFFEF
}

// isBlock tells the elements that stand on lines of their own, tables aside.
var isBlock = atoms(atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Caption, atom.Center, atom.Dd,
	atom.Details, atom.Dialog, atom.Dir, atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer,
	atom.Form, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Head, atom.Header, atom.Hgroup, atom.Hr, atom.Html,
	atom.Legend, atom.Li, atom.Listing, atom.Main, atom.Menu, atom.Nav, atom.Ol, atom.P, atom.Plaintext, atom.Pre,
	atom.Search, atom.Section, atom.Summary, atom.Title, atom.Ul, atom.Xmp, atom.Table)

// isVoid tells the elements that have no content and no end tag.
var isVoid = atoms(atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta,
	atom.Param, atom.Source, atom.Track, atom.Wbr)

func atoms(list ...atom.Atom) map[atom.Atom]bool {
	m := make(map[atom.Atom]bool, len(list))
	for _, a := range list {
		m[a] = true
	}
	return m
}
