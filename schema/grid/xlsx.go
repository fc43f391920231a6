package grid

import (
	"context"
	"net/url"
	"path"
	"strings"

	"jixiaolint/schema/lang"
)

// ReadXLSX reads a workbook into one table for each worksheet. It is total: it
// always gives a Document, and Document.Problems says what could not be read. The
// name file is used in every location.
//
// The reader is our own. It addresses every cell by the reference the cell itself
// carries, keeps the stored value, the shown value, the number format and the
// formula apart, and notices XML that breaks off; it follows no link, runs no
// macro, and computes no formula.
func ReadXLSX(ctx context.Context, file string, data []byte, limits Limits) *Document {
	limits = limits.WithDefaults()
	doc := &Document{File: file, Format: XLSX}
	x, _ := xmlScanners.Get().(*xmlScanner)
	defer x.release()
	w := &workbook{ctx: ctx, doc: doc, limits: limits, problems: problemList{doc: doc}, xml: x}
	w.read(data)
	w.problems.flush(Location{File: file})
	return doc
}

// workbook is the state of one reading.
type workbook struct {
	ctx      context.Context
	doc      *Document
	limits   Limits
	problems problemList

	archive  *archive
	xml      *xmlScanner // of the part being read
	date1904 bool
	strings  []string
	styles   styles

	cells   int   // cells stored so far, in all sheets
	text    int64 // bytes of the texts of those cells, so far
	derived int64 // bytes of text made by the reader: shown numbers, shifted formulas
	slabs   slabs
}

// sheetRef is a sheet as the workbook lists it.
type sheetRef struct {
	name   string
	id     string // of the relationship
	hidden bool
}

// relationshipSpaces are the namespaces of relationships, in the transitional and in
// the strict form of the format. The types of relationships begin with them too.
var relationshipSpaces = []string{
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
	"http://purl.oclc.org/ooxml/officeDocument/relationships",
}

// relationKind gives the last word of a relationship's type, empty for types that are
// not of the format itself.
func relationKind(uri string) string {
	for _, space := range relationshipSpaces {
		if kind, ok := strings.CutPrefix(uri, space+"/"); ok {
			return kind
		}
	}
	return ""
}

// relationship leads from a part to another one.
type relationship struct {
	kind     string // the last word of its type: worksheet, styles, …
	dir      string // the folder of the part it leads from
	target   string // as written
	external bool
}

// derive counts text that the reader itself makes, shown numbers and formulas shared
// between cells, and reports whether it stays within Limits.UnzippedSize.
func (w *workbook) derive(n int) bool {
	w.derived += int64(n)
	return w.derived <= w.limits.UnzippedSize
}

// unreadable reports a fault of the whole file.
func (w *workbook) unreadable(f *fault) {
	w.problems.add(Problem{Kind: Unreadable, Loc: Location{File: w.doc.File}, Message: f.message, Help: f.help})
}

// unreadablePart reports a fault of a part that all sheets depend on.
func (w *workbook) unreadablePart(part string, f *fault) {
	w.unreadable(&fault{
		lang.F("部件 %[1]s 没有读完整：%[2]s", "the part %[1]s could not be read completely: %[2]s", quote(part), f.message),
		f.help,
	})
}

func (w *workbook) read(data []byte) {
	if w.ctx.Err() != nil {
		w.unreadable(faultCancelled)
		return
	}
	a, f := openArchive(data, w.limits)
	if f != nil {
		w.unreadable(f)
		return
	}
	w.archive = a
	part, f := w.findWorkbook()
	if f != nil {
		w.unreadable(f)
		return
	}
	sheets := w.readWorkbook(part)
	if w.problems.any() && len(sheets) == 0 {
		return
	}
	rels := w.readRelationships(part)
	w.readShared(rels)
	w.readSheets(sheets, rels)
}

// findWorkbook finds the part that holds the workbook.
func (w *workbook) findWorkbook() (string, *fault) {
	const usual = "xl/workbook.xml"
	part := w.partOfKind(w.readRelationships(""), "officeDocument", usual)
	if part != "" && strings.HasSuffix(strings.ToLower(part), ".xml") && !isOtherDocument(part) {
		return part, nil
	}
	return "", w.notWorkbook()
}

// partOfKind gives the part that a relationship of the kind leads to, or the usual
// one if there is no such relationship; empty if there is neither.
func (w *workbook) partOfKind(rels map[string]relationship, kind, usual string) string {
	name := ""
	for _, r := range rels {
		if r.kind != kind || r.external {
			continue
		}
		part := r.part()
		if name != "" && part != name {
			// Programs differ in which one they show, so neither can be trusted.
			w.unreadablePart(min(part, name), &fault{lang.F("文件中有两个“%s”部件，无法确定以哪个为准。",
				"the file has two parts of the kind %q, and which of them counts cannot be told", kind), helpSuspicious})
		}
		if name == "" || part < name {
			name = part
		}
	}
	if (name == "" || !w.archive.has(name)) && w.archive.has(usual) {
		return usual
	}
	return name
}

// isOtherDocument tells the main parts of Word and PowerPoint files.
func isOtherDocument(part string) bool {
	return strings.HasPrefix(part, "word/") || strings.HasPrefix(part, "ppt/")
}

// notWorkbook says what an archive without a workbook is.
func (w *workbook) notWorkbook() *fault {
	what := lang.T("其他用途的 zip 压缩包", "some other zip archive")
	for _, k := range []struct {
		part string
		what lang.Text
	}{
		{"word/document.xml", lang.T(" Word 文档（.docx）", "a Word document (.docx)")},
		{"ppt/presentation.xml", lang.T(" PowerPoint 演示文稿（.pptx）", "a PowerPoint presentation (.pptx)")},
		{"xl/workbook.bin", lang.T(" Excel 二进制工作簿（.xlsb）", "a binary Excel workbook (.xlsb)")},
		{"meta-inf/manifest.xml", lang.T(" OpenDocument 文件（如 .ods）", "an OpenDocument file (such as .ods)")},
		{"index/document.iwa", lang.T(" Apple Numbers 或 Pages 文件", "an Apple Numbers or Pages file")},
	} {
		if w.archive.has(k.part) {
			what = k.what
			break
		}
	}
	return &fault{lang.F("文件不是 .xlsx 工作簿，看起来是%[1]s。", "the file is no .xlsx workbook; it looks like %[1]s", what), helpResave}
}

// readWorkbook reads the list of sheets and the date system.
func (w *workbook) readWorkbook(part string) []sheetRef {
	text, f := w.archive.read(w.ctx, part)
	if f != nil {
		w.unreadablePart(part, f)
		return nil
	}
	var sheets []sheetRef
	names := make(map[string]bool)
	x := w.xml
	x.reset(text, w.limits)
	for {
		switch x.next() {
		case xmlEOF:
			if len(sheets) == 0 {
				w.unreadable(&fault{lang.T("工作簿中没有工作表。", "the workbook has no sheets"), helpResave})
			}
			return sheets
		case xmlBad:
			w.unreadablePart(part, x.fault)
			return sheets
		case xmlEnd, xmlText:
			continue
		case xmlStart:
		}
		switch {
		case len(x.open) == 1 && x.local != "workbook":
			w.unreadable(w.notWorkbook())
			return nil
		case !x.own:
			if !x.skip() {
				continue // the fault comes with the next token
			}
		case len(x.open) == 2 && x.local == "workbookPr":
			w.date1904 = xmlBool(x.attr("date1904"))
		case len(x.open) == 2 && x.local == "calcPr":
			w.doc.Outdated = w.doc.Outdated || xmlBool(x.attr("fullCalcOnLoad"))
			exact := x.attr("fullPrecision")
			w.doc.Entangled = w.doc.Entangled || exact != "" && !xmlBool(exact)
		case len(x.open) == 3 && x.local == "sheet" && x.open[1] == x.name("sheets"):
			if len(sheets) == w.limits.Tables {
				w.unreadable(&fault{lang.F("工作簿的工作表超过 %d 个，其余没有读取。",
					"the workbook has more than %d sheets; the rest was not read", w.limits.Tables), helpLimit})
				return sheets
			}
			s := sheetRef{name: x.attr("name"), id: x.relAttr("id")}
			s.hidden = x.attr("state") == "hidden" || x.attr("state") == "veryHidden"
			sheets = append(sheets, s)
			w.checkSheetName(names, s.name)
		}
	}
}

// checkSheetName reports names that do not tell sheets apart.
func (w *workbook) checkSheetName(names map[string]bool, name string) {
	key := strings.ToLower(name)
	if names[key] || name == "" {
		w.problems.add(Problem{Kind: Disorder, Loc: Location{File: w.doc.File, Sheet: name},
			Message: lang.F("工作簿中有重名或没有名称的工作表“%s”，位置可能指向不明。",
				"two sheets are named “%s”, or one has no name, so that places in them may be ambiguous", quote(name)),
			Help: lang.T("请给每张工作表起一个不同的名称。", "Give every sheet a name of its own.")})
	}
	names[key] = true
}

// readRelationships reads the relationships of a part, of the package itself if the
// name is empty. A part without relationships has none.
func (w *workbook) readRelationships(part string) map[string]relationship {
	dir, base := path.Split(part)
	name := dir + "_rels/" + base + ".rels"
	if !w.archive.has(name) {
		return nil
	}
	text, f := w.archive.read(w.ctx, name)
	if f != nil {
		w.unreadablePart(name, f)
		return nil
	}
	rels := make(map[string]relationship)
	x := w.xml
	x.reset(text, w.limits)
	for {
		switch x.next() {
		case xmlEOF:
			return rels
		case xmlBad:
			w.unreadablePart(name, x.fault)
			return rels
		case xmlEnd, xmlText:
			continue
		case xmlStart:
		}
		if len(x.open) != 2 || x.local != "Relationship" || !x.own || len(rels) > w.limits.Entries {
			continue
		}
		id := x.attr("Id")
		if _, ok := rels[id]; ok {
			w.unreadablePart(name, &fault{lang.F("有两个编号为 %s 的引用。",
				"two relationships have the id %s", quote(id)), helpSuspicious})
			continue
		}
		rels[id] = relationship{
			kind:     relationKind(x.attr("Type")),
			dir:      dir,
			target:   x.attr("Target"),
			external: x.attr("TargetMode") == "External",
		}
	}
}

// part gives the name in the archive of the part that the relationship leads to.
func (r *relationship) part() string {
	target := r.target
	if strings.Contains(target, "%") {
		if t, err := url.PathUnescape(target); err == nil {
			target = t
		}
	}
	if strings.HasPrefix(target, "/") {
		return path.Clean(target)[1:]
	}
	return strings.TrimPrefix(path.Clean("/"+r.dir+target), "/")
}

// readShared reads the parts that all sheets use: shared strings and styles.
func (w *workbook) readShared(rels map[string]relationship) {
	if name := w.partOfKind(rels, "sharedStrings", "xl/sharedStrings.xml"); name != "" {
		text, f := w.archive.read(w.ctx, name)
		if f == nil {
			w.strings, f = readSharedStrings(w.ctx, text, w.limits, w.xml)
		}
		if f != nil {
			w.unreadablePart(name, f)
		}
	}
	if name := w.partOfKind(rels, "styles", "xl/styles.xml"); name != "" {
		text, f := w.archive.read(w.ctx, name)
		if f == nil {
			w.styles, f = readStyles(w.ctx, text, w.limits, w.xml)
		}
		if f != nil {
			w.unreadablePart(name, f)
		}
	}
}

// readSharedStrings reads the string table. What was read before a fault is given
// with it.
func readSharedStrings(ctx context.Context, part string, limits Limits, x *xmlScanner) ([]string, *fault) {
	var out []string
	x.reset(part, limits)
	for {
		if len(out)%4096 == 0 && ctx.Err() != nil {
			return out, faultCancelled
		}
		if len(out) < limits.Strings {
			if s, ok := x.quickString(); ok {
				out = append(out, unescapeXString(s))
				continue
			}
		}
		switch x.next() {
		case xmlEOF:
			return out, nil
		case xmlBad:
			return out, x.fault
		case xmlEnd, xmlText:
			continue
		case xmlStart:
		}
		switch {
		case len(x.open) == 1 && x.local != "sst":
			return out, xmlFault(0, lang.T("不是共享字符串表", "this is no table of shared strings"))
		case len(x.open) < 2:
			// The declared number is a hint, bounded by what the part has room for.
			n, _ := parseIndex(x.attr("uniqueCount"))
			out = make([]string, 0, min(n, len(part)/len("<si><t/></si>"), limits.Strings))
		case !x.own || x.local != "si":
			x.skip() // a fault comes with the next token
		case len(out) == limits.Strings:
			return out, &fault{lang.F("共享字符串超过 %d 个，其余没有读取。",
				"there are more than %d shared strings; the rest was not read", limits.Strings), helpLimit}
		default:
			s, ok := x.richText()
			if !ok {
				return out, x.fault
			}
			out = append(out, unescapeXString(s))
		}
	}
}

// quickString reads the next string item if it has the form that nearly all have,
// <si><t>text</t></si>. Otherwise it does nothing.
func (x *xmlScanner) quickString() (string, bool) {
	start := x.pos
	if len(x.open) == 1 && x.simple(2) && x.quickTag("<si>") {
		if s, ok := x.quickContent("t"); ok && x.quickTag("</si>") {
			return s, true
		}
		x.pos = start
	}
	return "", false
}

// richText gives the text of a string item whose start tag is current: its own text
// and that of its runs, not the phonetic guides.
func (x *xmlScanner) richText() (string, bool) {
	var g xmlGather
	for depth := len(x.open); ; {
		if s, ok := x.quickContent("t"); ok {
			g.add(s)
			continue
		}
		switch x.next() {
		case xmlBad, xmlEOF:
			return "", false
		case xmlText:
		case xmlStart:
			switch {
			case x.own && x.local == "r" && len(x.open) == depth+1:
			case x.own && x.local == "t":
				s, ok := x.content()
				if !ok {
					return "", false
				}
				g.add(s)
			default:
				if !x.skip() {
					return "", false
				}
			}
		case xmlEnd:
			if len(x.open) < depth {
				return g.text(), true
			}
		}
	}
}

// name gives the qualified name that local has with the root's prefix.
func (x *xmlScanner) name(local string) string {
	if x.rootPrefix == "" {
		return local
	}
	return x.rootPrefix + ":" + local
}

// unescapeXString decodes the _xHHHH_ by which Office writes characters that XML
// cannot hold; _x005F_ stands for an underscore that would begin one.
func unescapeXString(s string) string {
	i := strings.Index(s, "_x")
	if i < 0 {
		return s
	}
	var out []byte
	done := 0
	for i+7 <= len(s) {
		if c, ok := hex4(s[i:]); ok {
			out = append(append(out, s[done:i]...), string(c)...)
			i += 7
			done = i
		} else {
			i += 2
		}
		j := strings.Index(s[i:], "_x")
		if j < 0 {
			break
		}
		i += j
	}
	if done == 0 {
		return s
	}
	return string(append(out, s[done:]...))
}

// hex4 reads _xHHHH_ at the beginning of s.
func hex4(s string) (rune, bool) {
	if len(s) < 7 || s[:2] != "_x" || s[6] != '_' {
		return 0, false
	}
	var r rune
	for i := 2; i < 6; i++ {
		c := s[i]
		switch {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'A' <= c && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		case 'a' <= c && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// readSheets reads the worksheets in the order of the workbook.
func (w *workbook) readSheets(sheets []sheetRef, rels map[string]relationship) {
	for _, s := range sheets {
		r, ok := rels[s.id]
		if ok && (r.kind == "chartsheet" || r.kind == "dialogsheet") {
			continue
		}
		t := &Table{Name: s.name, Number: len(w.doc.Tables) + 1, Hidden: s.hidden, Merged: true}
		w.doc.Tables = append(w.doc.Tables, t)
		b := &sheetBuilder{workbook: w, table: t, problems: problemList{doc: w.doc}}
		stop := b.read(r, ok)
		b.problems.flush(Location{File: w.doc.File, Sheet: t.Name})
		if stop {
			return
		}
	}
	if len(w.doc.Tables) == 0 && len(sheets) > 0 {
		w.unreadable(&fault{lang.T("工作簿中没有普通工作表。", "the workbook has no worksheets"), helpResave})
	}
}

// xmlBool reads an xsd:boolean.
func xmlBool(s string) bool { return s == "1" || s == "true" }

// mostProblems of one kind are listed for a sheet; more are counted.
const mostProblems = 20

// problemList collects the problems of a sheet, or of the file as a whole, without
// letting a hostile file flood the report.
type problemList struct {
	doc    *Document
	counts [HiddenContent + 1]int
}

func (l *problemList) add(p Problem) {
	l.counts[p.Kind]++
	if l.counts[p.Kind] <= mostProblems {
		l.doc.Problems = append(l.doc.Problems, p)
	}
}

func (l *problemList) any() bool { return l.counts != [HiddenContent + 1]int{} }

// flush says how many problems were left out.
func (l *problemList) flush(loc Location) {
	for kind, n := range l.counts {
		if n <= mostProblems {
			continue
		}
		l.doc.Problems = append(l.doc.Problems, Problem{
			Kind: ProblemKind(kind), Loc: loc,
			Message: lang.F("另有 %d 处同类问题没有列出。", "and %d more problems of this kind", n-mostProblems),
			Help:    lang.T("请先处理已列出的问题，再重新检查。", "Deal with those listed first, then check again."),
		})
	}
}

// slabs hand out cells, rows and row slices from larger allocations.
type slabs struct {
	cells    []Cell
	rows     []Row
	pointers []*Cell
}

// slabSize grows with use, so that a small form does not pay for a large sheet.
func slabSize(used int) int { return min(max(used/2, 64), 1024) }

func (s *slabs) cell(used int) *Cell {
	if len(s.cells) == 0 {
		s.cells = make([]Cell, slabSize(used))
	}
	c := &s.cells[0]
	s.cells = s.cells[1:]
	return c
}

func (s *slabs) row() *Row {
	if len(s.rows) == 0 {
		s.rows = make([]Row, 32)
	}
	r := &s.rows[0]
	s.rows = s.rows[1:]
	return r
}

// list gives an empty list with room for n cells.
func (s *slabs) list(n, used int) []*Cell {
	if len(s.pointers) < n {
		s.pointers = make([]*Cell, max(n, slabSize(used)))
	}
	l := s.pointers[:0:n]
	s.pointers = s.pointers[n:]
	return l
}
