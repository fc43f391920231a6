package grid

import (
	"bytes"
	"context"
	"strconv"
	"strings"
	"unicode/utf16"

	"jixiaolint/schema/lang"
)

// ReadDOCX reads the tables of a Word document, and the text around them: see
// treeBuilder. It is total: it always gives a Document, and Document.Problems says
// what could not be read. The name file is used in every location, which gives a
// table's number in the document, a row's in the table, and a cell's in the row;
// Cell.Col is the column of the table's grid, in which merged cells are wider.
//
// Text is read as the document shows it with all changes accepted: deleted and
// moved-away text is left out, fields give their results, check boxes their marks.
// Hidden text is read and reported. Headers, footers, notes and comments are not
// part of a form and not read; nor is any other part of the package.
func ReadDOCX(ctx context.Context, file string, data []byte, limits Limits) *Document {
	limits = limits.WithDefaults()
	doc := &Document{File: file, Format: DOCX}
	b := newTreeBuilder(ctx, doc, limits)
	text, f := openDOCX(ctx, doc, data, limits)
	for i := range doc.Problems {
		if help, ok := wordHelp[doc.Problems[i].Help]; ok {
			doc.Problems[i].Help = help
		}
	}
	if f != nil {
		b.halt(f.inWord())
	} else {
		r := &docxReader{x: newXMLScanner(text, limits), b: b}
		if f := r.read(); f != nil {
			b.halt((&fault{lang.F("文档没有读完整：%s", "the document could not be read completely: %s", f.message), f.help}).inWord())
		}
	}
	b.finish()
	return doc
}

// DOCXPlaces tells where the places that ReadDOCX locates begin in the XML of a
// document's text: the offset of the tag of a cell by Table, Line and Column, or of a
// paragraph outside of tables by Paragraph; the other fields are empty. It is for those
// who write into the document. Text that ReadDOCX does not read has no places.
func DOCXPlaces(ctx context.Context, text string, limits Limits) map[Location]int {
	limits = limits.WithDefaults()
	b := newTreeBuilder(ctx, &Document{Format: DOCX}, limits)
	b.places = map[Location]int{}
	r := &docxReader{x: newXMLScanner(text, limits), b: b}
	if f := r.read(); f != nil || r.x.utf16 {
		return nil
	}
	b.finish()
	if skipped := len(text) - len(r.x.src); skipped > 0 { // a byte order mark
		for at := range b.places {
			b.places[at] += skipped
		}
	}
	return b.places
}

// IsDOCX reports whether the bytes are a zip archive with a Word document in it.
func IsDOCX(data []byte) bool {
	a, f := openArchive(data, DefaultLimits())
	return f == nil && a.has(wordDocument)
}

// wordDocument is the usual name of the part that holds the text.
const wordDocument = "word/document.xml"

// wordHelp has the advice on broken archives in words that fit a document.
var wordHelp = map[lang.Text]lang.Text{
	helpResave: lang.T(
		"请在 Word 或 WPS 中打开原文件，另存为 .docx 后重新提交。",
		"Open the original in Word or WPS, save it as .docx and submit it again."),
	helpRefetch: lang.T(
		"请重新复制或下载该文件；如仍然出错，请用 Word 或 WPS 打开原文件并另存为 .docx。",
		"Copy or download the file again; if that does not help, open the original in Word or WPS and save it as .docx."),
	helpSuspicious: lang.T(
		"正常软件不会生成这样的文件；请核实文件来源，用 Word 或 WPS 重新另存为 .docx 后提交。",
		"No ordinary program writes such a file; check where it comes from, and save it again as .docx with Word or WPS."),
}

// inWord gives the fault with its advice in words that fit a document.
func (f *fault) inWord() *fault {
	if help, ok := wordHelp[f.help]; ok {
		return &fault{f.message, help}
	}
	return f
}

// openDOCX gives the XML of the document's text. Problems with what leads there are
// added to doc.
func openDOCX(ctx context.Context, doc *Document, data []byte, limits Limits) (string, *fault) {
	if ctx.Err() != nil {
		return "", faultCancelled
	}
	if f := sniffDOCX(data, limits); f != nil {
		return "", f
	}
	a, f := openArchive(data, limits)
	if f != nil {
		return "", f
	}
	// A package of Office leads to its main part in one way, whatever it holds.
	w := &workbook{ctx: ctx, doc: doc, limits: limits, problems: problemList{doc: doc}, archive: a, xml: new(xmlScanner)}
	part := w.partOfKind(w.readRelationships(""), "officeDocument", wordDocument)
	if part == "" || !a.has(part) || strings.HasPrefix(part, "xl/") || strings.HasPrefix(part, "ppt/") {
		return "", notDocument(a)
	}
	return a.read(ctx, part)
}

// sniffDOCX tells what a file is that cannot be a Word document.
func sniffDOCX(data []byte, limits Limits) *fault {
	switch {
	case len(data) == 0, int64(len(data)) > limits.FileSize:
		return sniff(data, limits)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")):
		return nil
	case !bytes.HasPrefix(data, []byte("\xD0\xCF\x11\xE0")):
		return &fault{lang.F("文件不是 .docx 文档，看起来是%[1]s。",
			"the file is no .docx document; it looks like %[1]s", looksLike(data)), helpResave}
	case bytes.Contains(data, utf16LE("EncryptedPackage")):
		return &fault{lang.T("文件设有打开密码，无法读取。", "the file is password-protected and cannot be read"),
			lang.T("请在 Word 或 WPS 中取消打开密码，另存为 .docx 后重新提交。",
				"Remove the password in Word or WPS, save as .docx and submit the file again.")}
	}
	return &fault{lang.T("文件不是真正的 .docx，而是改了扩展名的旧版 Office 文件（如 .doc、.wps）。",
		"the file is no .docx but an old Office file (.doc, .wps) with its name changed"),
		lang.T("请在 Word 或 WPS 中打开，用“另存为”保存为不带密码的 .docx 文档。",
			"Open it in Word or WPS and use Save As to store it as .docx without a password.")}
}

// notDocument says what an archive without a Word document is.
func notDocument(a *archive) *fault {
	what := lang.T("其他用途的 zip 压缩包", "some other zip archive")
	switch {
	case a.has("xl/workbook.xml"), a.has("xl/workbook.bin"):
		what = lang.T(" Excel 工作簿", "an Excel workbook")
	case a.has("ppt/presentation.xml"):
		what = lang.T(" PowerPoint 演示文稿（.pptx）", "a PowerPoint presentation (.pptx)")
	case a.has("meta-inf/manifest.xml"):
		what = lang.T(" OpenDocument 文件（如 .odt）", "an OpenDocument file (such as .odt)")
	}
	return &fault{lang.F("文件不是 .docx 文档，看起来是%[1]s。", "the file is no .docx document; it looks like %[1]s", what), helpResave}
}

// docxElem is what an open element means to the reader.
type docxElem uint8

const (
	docxOther     docxElem = iota // transparent: only what is inside matters
	docxTable                     // w:tbl
	docxRow                       // w:tr
	docxRowProps                  // w:trPr
	docxCell                      // w:tc
	docxCellProps                 // w:tcPr
	docxPara                      // w:p
	docxParaProps                 // w:pPr
	docxMarkProps                 // w:rPr of the paragraph mark
	docxRun                       // w:r
	docxRunProps                  // w:rPr of a run
	docxBox                       // w:txbxContent, the text of a text box
	docxChoice                    // mc:AlternateContent before its first choice
	docxChosen                    // the same after it
	docxField                     // w:fldChar
	docxFormData                  // w:ffData of a form field
	docxCheckBox                  // its w:checkBox
	docxList                      // its w:ddList
	docxWords                     // w:t
	docxSpaced                    // w:t whose outer spaces count
)

// docxReader walks through the XML of a document. Elements are known by their local
// names within the namespace of the root, so that the Strict variant of the format
// reads like the usual one.
type docxReader struct {
	x     *xmlScanner
	b     *treeBuilder
	elems []docxElem // what the open elements mean
	docxText
	boxes []docxText // around the open text boxes
}

// docxText is the state of the text being read. A text box has one of its own: it
// stands inside a run, but its text does not.
type docxText struct {
	hidden bool // the run is
	joined bool // the paragraph goes on in the next one: the mark between them is deleted
	fields []docxFieldState

	// The paragraph around a text box, which waits.
	text                []byte
	textHidden, textCut bool
	textTag             int
}

// docxFieldState is a field whose end is to come.
type docxFieldState struct {
	result bool   // its result has begun; before it stands the instruction
	at     int    // length of the paragraph's text where the field began
	shown  string // what a form field shows if it has no result
	listed int    // entries of its list so far
	choice int    // the entry chosen, -1 for not known
}

func (r *docxReader) read() *fault {
	for n := 0; ; n++ {
		if n%1024 == 0 && r.b.ctx.Err() != nil {
			return faultCancelled
		}
		switch r.x.next() {
		case xmlEOF:
			return nil
		case xmlBad:
			return r.x.fault
		case xmlText:
			r.words()
		case xmlEnd:
			r.end()
		case xmlStart:
			if len(r.elems) == 0 && r.x.local != "document" {
				return &fault{lang.T("不是 Word 文档的正文", "this is not the text of a Word document"), helpResave}
			}
			if e, inside := r.start(); inside {
				r.elems = append(r.elems, e)
			} else {
				r.x.skip() // a fault comes with the next token
			}
		}
		if r.b.stopped {
			return nil
		}
	}
}

// parent gives the meaning of the element around the current one.
func (r *docxReader) parent() docxElem {
	if len(r.elems) == 0 {
		return docxOther
	}
	return r.elems[len(r.elems)-1]
}

// words reads character data, which counts as text only inside of w:t.
func (r *docxReader) words() {
	e := r.parent()
	if e != docxWords && e != docxSpaced {
		return
	}
	s := r.x.body
	if !r.x.plain {
		s = xmlDecode(s, false)
	}
	if s = docxSpaces.Replace(s); e == docxWords {
		s = strings.Trim(s, " ")
	}
	r.addText(s)
}

// docxSpaces writes white space in w:t as Word shows it; real tabs and line ends
// have elements of their own.
var docxSpaces = strings.NewReplacer("\n", " ", "\t", " ")

// start reads a start tag. It gives what the element means, and whether to go into
// it.
func (r *docxReader) start() (docxElem, bool) {
	if e, inside, ok := r.property(); ok {
		return e, inside
	}
	if !r.x.own {
		return r.foreign()
	}
	switch r.x.local {
	case "tbl":
		r.b.startTable(false)
		return docxTable, true
	case "tr":
		r.b.startRow(false)
		return docxRow, true
	case "tc":
		r.b.startCell(treeCell{cols: 1, rows: 1, tag: r.x.tag})
		return docxCell, true
	case "trPr":
		return docxRowProps, r.parent() == docxRow
	case "tcPr":
		return docxCellProps, r.parent() == docxCell
	case "p":
		if !r.joined {
			r.b.endParagraph()
			r.b.tag = r.x.tag
		}
		r.joined = false
		return docxPara, true
	case "pPr":
		return docxParaProps, true
	case "r":
		r.hidden = false
		return docxRun, true
	case "rPr":
		return docxRunProps, true
	case "txbxContent":
		r.openBox()
		return docxBox, true
	case "fldChar":
		r.fieldChar()
		return docxField, true
	case "del", "moveFrom", "instrText", "rt", "sdtPr", "sdtEndPr", "tblPr", "tblPrEx", "tblGrid", "sectPr",
		"customXmlPr", "smartTagPr":
		// Deleted text, field instructions, phonetic guides, and properties that may
		// hold elements named like text.
		return docxOther, false
	case "t":
		return r.wordsElem(), true
	case "tab", "ptab":
		r.addText(" ")
	case "br", "cr":
		r.addText("\n")
	case "noBreakHyphen":
		r.addText("-")
	case "sym":
		r.addText(docxSymbol(docxAttr(r.x, "font"), docxAttr(r.x, "char")))
	case "altChunk", "subDoc":
		r.b.problems.add(Problem{Kind: Unreadable, Loc: Location{File: r.b.doc.File},
			Message: lang.T("文档中嵌入了另一份文档（altChunk 或 subDoc），其内容没有读取。",
				"another document is embedded (altChunk or subDoc) and was not read"),
			Help: wordHelp[helpResave]})
		return docxOther, false
	}
	if strings.HasSuffix(r.x.local, "Change") {
		return docxOther, false // properties before a tracked change
	}
	return docxOther, true
}

// property reads the children of property elements, where names mean other things
// than in text; ok tells whether the current element is one.
func (r *docxReader) property() (e docxElem, inside, ok bool) {
	x := r.x
	switch r.parent() {
	case docxRowProps:
		r.rowProperty()
	case docxCellProps:
		r.cellProperty()
	case docxParaProps:
		return docxMarkProps, x.local == "rPr", true
	case docxMarkProps:
		r.joined = r.joined || x.local == "del" || x.local == "moveFrom"
	case docxRunProps:
		if x.local == "vanish" {
			r.hidden = docxBool(docxAttr(x, "val"))
		}
	case docxField:
		return docxFormData, x.local == "ffData", true
	case docxFormData:
		switch x.local {
		case "checkBox":
			r.showField("☐")
			return docxCheckBox, true, true
		case "ddList":
			return docxList, true, true
		}
	case docxCheckBox:
		if x.local == "checked" || x.local == "default" {
			mark := "☐"
			if docxBool(docxAttr(x, "val")) {
				mark = "☒"
			}
			// w:default comes first, and w:checked has the last word.
			r.showField(mark)
		}
	case docxList:
		r.listProperty()
	default:
		return 0, false, false
	}
	return 0, false, true
}

func (r *docxReader) rowProperty() {
	t := r.b.top()
	if t == nil || !t.inRow {
		return
	}
	switch r.x.local {
	case "gridBefore":
		t.row().skip = r.span(0)
	case "hidden":
		t.row().hidden = docxBool(docxAttr(r.x, "val"))
	case "del":
		t.row().deleted = true
	}
}

func (r *docxReader) cellProperty() {
	t := r.b.top()
	if t == nil || !t.inCell {
		return
	}
	c, value := t.cell(), docxAttr(r.x, "val")
	switch r.x.local {
	case "gridSpan":
		c.cols = r.span(1)
	case "vMerge":
		c.above = value != "restart"
	case "hMerge":
		c.left = value != "restart"
	case "cellMerge": // a tracked change of vMerge
		c.above = docxAttr(r.x, "vMerge") == "cont"
	case "cellDel":
		c.deleted = true
	}
}

// span reads a number of columns. What is no number counts as the least; what is
// too large is refused where the cell is placed.
func (r *docxReader) span(least int) int {
	value := docxAttr(r.x, "val")
	if n, ok := parseIndex(value); ok {
		return max(n, least)
	}
	if strings.Trim(value, "0123456789") == "" && value != "" {
		return r.b.limits.Columns + 1
	}
	return least
}

// foreign reads an element of another namespace: most lead to text boxes or hold
// formulas, whose text is text too. Of alternatives, the first that is understood is
// read.
func (r *docxReader) foreign() (docxElem, bool) {
	switch r.x.local {
	case "AlternateContent":
		return docxChoice, true
	case "Choice", "Fallback":
		switch r.parent() {
		case docxChoice:
			if r.x.local == "Choice" && !docxUnderstood(r.x) {
				return docxOther, false
			}
			r.elems[len(r.elems)-1] = docxChosen
		case docxChosen:
			return docxOther, false
		default:
		}
	case "r":
		r.hidden = false
		return docxRun, true
	case "t":
		if docxMath[r.x.space(r.x.prefix())] {
			return r.wordsElem(), true
		}
		return docxOther, false
	}
	return docxOther, true
}

// docxMath are the namespaces of formulas, whose text is text of the document.
var docxMath = map[string]bool{
	"http://schemas.openxmlformats.org/officeDocument/2006/math": true,
	"http://purl.oclc.org/ooxml/officeDocument/math":             true,
}

// docxUnderstood reports whether Word understands all namespaces that an alternative
// requires: those of Microsoft's own extensions.
func docxUnderstood(x *xmlScanner) bool {
	for prefix := range strings.FieldsSeq(x.attr("Requires")) {
		uri := x.space(prefix)
		if !strings.HasPrefix(uri, "http://schemas.microsoft.com/office/") && !strings.HasPrefix(uri, "http://schemas.openxmlformats.org/") {
			return false
		}
	}
	return true
}

// wordsElem gives the meaning of a w:t.
func (r *docxReader) wordsElem() docxElem {
	if docxAttr(r.x, "space") == "preserve" {
		return docxSpaced
	}
	return docxWords
}

// end reads an end tag.
func (r *docxReader) end() {
	e := r.parent()
	r.elems = r.elems[:len(r.elems)-1]
	switch e {
	case docxTable:
		r.b.endTable()
	case docxRow:
		r.b.endRow()
	case docxCell:
		r.joined = false
		r.b.endCell()
	case docxPara:
		for len(r.fields) > 0 {
			r.endField() // a result over several paragraphs is text like any other
		}
		if !r.joined {
			r.b.endParagraph()
		}
	case docxRun:
		r.hidden = false
	case docxBox:
		r.closeBox()
	default:
	}
}

// addText adds to the paragraph, unless the text stands in the instruction of a field,
// or a field there made it: that is not shown.
func (r *docxReader) addText(s string) {
	for i := range r.fields {
		if !r.fields[i].result {
			return
		}
	}
	r.b.addText(s, r.hidden)
}

// openBox begins a text box. Its paragraphs come before the one it is anchored in,
// which waits.
func (r *docxReader) openBox() {
	b := r.b
	r.text, r.textHidden, r.textCut, r.textTag = b.text, b.hidden, b.cut, b.tag
	r.boxes = append(r.boxes, r.docxText)
	r.docxText = docxText{}
	b.text, b.hidden, b.cut = nil, false, false
}

// closeBox ends a text box and goes on with the paragraph around it.
func (r *docxReader) closeBox() {
	b := r.b
	b.endParagraph()
	r.docxText = r.boxes[len(r.boxes)-1]
	r.boxes = r.boxes[:len(r.boxes)-1]
	b.text, b.hidden, b.cut, b.tag = r.text, r.textHidden, r.textCut, r.textTag
}

// fieldChar reads the beginning, middle or end of a field.
func (r *docxReader) fieldChar() {
	switch docxAttr(r.x, "fldCharType") {
	case "begin":
		r.fields = append(r.fields, docxFieldState{at: len(r.b.text), choice: -1})
	case "separate":
		if n := len(r.fields); n > 0 {
			r.fields[n-1].result = true
		}
	case "end":
		if len(r.fields) > 0 {
			r.endField()
		}
	}
}

// endField ends the innermost field. Check boxes and lists have no result: they
// show what is set in them.
func (r *docxReader) endField() {
	n := len(r.fields) - 1
	f := r.fields[n]
	r.fields = r.fields[:n]
	if len(r.b.text) == f.at && f.shown != "" {
		r.addText(f.shown)
	}
}

// showField sets what the innermost field shows.
func (r *docxReader) showField(s string) {
	if n := len(r.fields); n > 0 {
		r.fields[n-1].shown = s
	}
}

// listProperty reads a child of w:ddList: the entries, and which of them is chosen,
// the first one by default.
func (r *docxReader) listProperty() {
	n := len(r.fields)
	if n == 0 {
		return
	}
	f, value := &r.fields[n-1], docxAttr(r.x, "val")
	switch r.x.local {
	case "result", "default":
		if i, ok := parseIndex(value); ok && (f.choice < 0 || r.x.local == "result") {
			f.choice = i
		}
	case "listEntry":
		f.listed++
		if f.listed-1 == max(f.choice, 0) {
			f.shown = value
		}
	}
}

// docxAttr gives an attribute by its local name, whatever prefix the namespace has.
func docxAttr(x *xmlScanner, local string) string {
	for i := range x.attrs {
		a := &x.attrs[i]
		prefix, name, ok := strings.Cut(a.name, ":")
		if !ok {
			prefix, name = "", prefix
		}
		if name == local && prefix != "xmlns" {
			return a.text()
		}
	}
	return ""
}

// docxBool reads the value of a switch, which is on if it has none.
func docxBool(s string) bool { return s != "0" && s != "false" && s != "off" }

// docxSymbol gives the character that a symbol font shows for a code. Only marks and
// signs that forms are filled in with are known; others become U+FFFD, which is no
// figure and no word.
func docxSymbol(font, code string) string {
	n, err := strconv.ParseUint(code, 16, 16)
	if err != nil {
		return "\uFFFD"
	}
	c := rune(n)
	if symbols, ok := symbolFonts[strings.ToLower(font)]; ok {
		// Codes are given as they are or moved to the private area.
		if s, ok := symbols[c&0xFF]; ok && (c < 0x100 || c&0xFF00 == 0xF000) {
			return string(s)
		}
		return "\uFFFD"
	}
	if c < ' ' || utf16.IsSurrogate(c) || 0xE000 <= c && c <= 0xF8FF {
		return "\uFFFD"
	}
	return string(c)
}

// symbolFonts are the fonts that have signs in place of letters.
var symbolFonts = map[string]map[rune]rune{
	"symbol": {
		0x25: '%', 0x2B: '+', 0x2D: '-', 0x2F: '/', 0x3C: '<', 0x3D: '=', 0x3E: '>', 0xA3: '≤', 0xA5: '∞', 0xB0: '°',
		0xB1: '±', 0xB3: '≥', 0xB4: '×', 0xB7: '•', 0xB8: '÷', 0xB9: '≠', 0xBB: '≈', 0xD6: '√', 0xE5: '∑',
	},
	"wingdings": {
		0x6C: '●', 0x6D: '○', 0x6E: '■', 0x6F: '□', 0x70: '□', 0x71: '□', 0x72: '□', 0x78: '☒', 0xA1: '○',
		0xA8: '☐', 0xAB: '★', 0xFB: '×', 0xFC: '√', 0xFD: '☒', 0xFE: '☑',
	},
	"wingdings 2": {
		0x4F: '×', 0x50: '√', 0x51: '☒', 0x52: '☑', 0x53: '☒', 0x54: '☒', 0x97: '●', 0x98: '●',
		0x99: '○', 0xA2: '■', 0xA3: '□',
	},
}
