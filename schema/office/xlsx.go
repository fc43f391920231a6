package office

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"jixiaolint/schema/grid"
)

// Mark is a marked place of a submitted file: the colour it is filled with, and the
// comment on it.
type Mark struct {
	// At is the place: a cell of a sheet, or of a table of a document. A place that the
	// file does not have is no place: its comment is left out of a workbook, and stands
	// at the beginning of a document.
	At      grid.Location
	Fill    string
	Comment []Paragraph
}

// Paragraph is a line of a comment; Heading is what it begins with, in bold.
type Paragraph struct{ Heading, Text string }

// List is a sheet that a workbook gets as its first one.
type List struct {
	// Name is the sheet's name; it is changed where another sheet has it.
	Name   string
	Layout SheetLayout
	// Write writes the rows.
	Write func(*Sheet)
}

// Author is the author of all comments.
const Author = "jixiaolint"

const (
	nsSheet   = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	typeSheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
	typeNotes = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
	typeStyle = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
	typeVML   = "application/vnd.openxmlformats-officedocument.vmlDrawing"
)

// AnnotateXLSX gives a workbook with the marked cells filled and commented, and the
// list as its first sheet. Of what is there, only the fills of the marked cells, the
// comments on them and the choice of the sheet that is open at first change.
func AnnotateXLSX(ctx context.Context, data []byte, marks []Mark, list List) (out []byte, err error) {
	defer recovered(&err)
	p, err := open(ctx, data)
	if err != nil {
		return nil, err
	}
	w := &workbook{pack: p}
	if err := w.read(); err != nil {
		return nil, err
	}
	if err := w.readStyles(); err != nil {
		return nil, err
	}
	bySheet := map[string][]Mark{}
	for _, m := range marks {
		bySheet[m.At.Sheet] = append(bySheet[m.At.Sheet], m)
	}
	for i := range w.sheets {
		s := &w.sheets[i]
		if err := w.annotate(s, bySheet[s.name]); err != nil {
			return nil, fmt.Errorf("%s: %w", s.part, err)
		}
		delete(bySheet, s.name) // of two sheets of one name, the first is meant
	}
	if err := w.addList(list); err != nil {
		return nil, err
	}
	p.set(w.stylesPart, w.styles.bytes())
	return p.zipped()
}

// recovered turns a panic over a hostile package into an error.
func recovered(err *error) {
	if v := recover(); v != nil {
		*err = fmt.Errorf("internal error: %v", v)
	}
}

// workbook is a workbook being annotated.
type workbook struct {
	*pack
	part       string
	rels       []relation
	sheets     []sheetRef
	stylesPart string
	styles     *styleBook
	// sheetTag and what follows are places in the workbook part.
	list    workbookPart
	sheetID int
}

// sheetRef is a sheet of the workbook.
type sheetRef struct{ name, part string }

// workbookPart holds the places of a workbook part at which something is added.
type workbookPart struct {
	sheets      int  // where the first sheet stands
	names       *tag // definedNames
	namesEnd    int
	afterSheets int // where definedNames would have to be
	patch
}

func (w *workbook) read() error {
	var err error
	if w.part, err = w.mainPart("xl/workbook.xml"); err != nil {
		return err
	}
	src, err := w.pack.read(w.part)
	if err != nil {
		return err
	}
	if w.rels, err = w.relations(w.part); err != nil {
		return err
	}
	w.list.src = src
	if err := scan(src, w.tag); err != nil {
		return fmt.Errorf("%s: %w", w.part, err)
	}
	if len(w.sheets) == 0 {
		return errors.New("the workbook has no sheets")
	}
	return nil
}

// tag reads one tag of the workbook part and changes what the new first sheet
// changes: the numbers by which names know their sheets, and the sheet that is open.
func (w *workbook) tag(t *tag, open []string) error {
	l := &w.list
	change := func(attr, value string) {
		l.replace(t.from, t.to, setAttr(string(l.src[t.from:t.to]), attr, value))
	}
	switch {
	case t.depth == 1 && !t.end:
		if t.local != "workbook" {
			return errors.New("no workbook")
		}
		if strings.Contains(string(l.src[t.from:t.to]), "http://purl.oclc.org/ooxml/") {
			w.kinds = nsStrictRels
		}
	case t.depth == 2 && slices.Contains([]string{"sheets", "functionGroups", "externalReferences"}, t.local):
		if t.end {
			l.afterSheets = max(t.to, t.from)
		}
	case t.depth == 2 && t.local == "definedNames":
		if !t.end {
			l.names = t
		}
		l.namesEnd = t.from
	case t.end:
	case t.depth == 3 && t.local == "sheet" && open[1] == "sheets":
		if len(w.sheets) == 0 {
			l.sheets = t.from
		}
		s := sheetRef{name: t.attr("name")}
		id := t.relation("id")
		if i := slices.IndexFunc(w.rels, func(r relation) bool { return r.id == id }); i >= 0 {
			s.part = w.rels[i].target
		}
		if n, err := strconv.Atoi(t.attr("sheetId")); err == nil && n < 1<<20 {
			w.sheetID = max(w.sheetID, n)
		}
		w.sheets = append(w.sheets, s)
	case t.depth == 3 && t.local == "workbookView":
		text := string(l.src[t.from:t.to])
		l.replace(t.from, t.to, withoutAttr(withoutAttr(text, "activeTab"), "firstSheet"))
	case t.depth == 3 && t.local == "definedName":
		if n, err := strconv.Atoi(t.attr("localSheetId")); err == nil {
			change("localSheetId", strconv.Itoa(n+1))
		}
	}
	return nil
}

func (w *workbook) readStyles() error {
	w.stylesPart = partOf(w.rels, "styles")
	if w.stylesPart == "" || !w.has(w.stylesPart) {
		w.stylesPart = w.free("xl/jixiaolintStyles%d.xml")
		w.set(w.stylesPart, []byte(plainStyles))
		if err := w.addType(w.stylesPart, typeStyle); err != nil {
			return err
		}
		if _, err := w.relate(w.part, "styles", w.stylesPart); err != nil {
			return err
		}
	}
	src, err := w.pack.read(w.stylesPart)
	if err != nil {
		return err
	}
	w.styles, err = newStyleBook(src)
	return err
}

// addList puts the list before the other sheets.
func (w *workbook) addList(list List) error {
	name := w.unusedName(list.Name)
	part := w.free("xl/worksheets/jixiaolint%d.xml")
	var text strings.Builder
	list.Layout.Selected = true
	s := newSheet(&text, w.styles, list.Layout)
	list.Write(s)
	if err := s.close(); err != nil {
		return err
	}
	w.set(part, []byte(text.String()))
	if rels := s.relations(); rels != "" {
		w.set(relsOf(part), []byte(rels))
	}
	if err := w.addType(part, typeSheet); err != nil {
		return err
	}
	id, err := w.relate(w.part, "worksheet", part)
	if err != nil {
		return err
	}
	l := &w.list
	prefix := ""
	if err := scan(l.src, func(t *tag, _ []string) error {
		if t.depth == 1 {
			prefix = t.prefix
		}
		return nil
	}); err != nil {
		return err
	}
	l.insert(l.sheets, prefixed(fmt.Sprintf(`<sheet xmlns:r="%s" name="%s" sheetId="%d" r:id="%s"/>`, w.kinds, escape(name), w.sheetID+1, id), prefix))
	names := prefixed(s.definedNames(name, 0), prefix)
	switch {
	case names == "":
	case l.names != nil:
		l.into(l.names, l.namesEnd, names)
	default:
		l.insert(l.afterSheets, prefixed("<definedNames>", prefix)+names+prefixed("</definedNames>", prefix))
	}
	w.set(w.part, l.bytes())
	return nil
}

// unusedName gives the wanted sheet name, with a number where a sheet has it.
func (w *workbook) unusedName(want string) string {
	name := want
	for n := 2; slices.ContainsFunc(w.sheets, func(s sheetRef) bool { return strings.EqualFold(s.name, name) }); n++ {
		name = fmt.Sprintf("%s (%d)", want, n)
	}
	return name
}

// afterLegacy are the elements of a worksheet that follow the one that leads to the
// shapes of comments.
var afterLegacy = []string{
	"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst", "AlternateContent",
}

// place is a cell of a sheet by numbers.
type place struct{ row, col int }

func (p place) compare(q place) int { return cmp.Or(p.row-q.row, p.col-q.col) }

// parsePlace reads a reference such as H5.
func parsePlace(ref string) (p place, ok bool) {
	i := 0
	for ; i < len(ref) && i < 4 && unicode.IsUpper(rune(ref[i])); i++ {
		p.col = p.col*26 + int(ref[i]-'A') + 1
	}
	n, err := strconv.Atoi(ref[i:])
	p.row = n
	return p, err == nil && i > 0 && n > 0 && n <= 1<<20 && p.col <= 1<<14
}

// sheetEdit is a worksheet part being edited.
type sheetEdit struct {
	patch
	w      *workbook
	marks  map[place]*Mark
	values map[place]*cellValue // see SetValues
	wanted []place              // the marked or changed places in order
	found  map[place]bool

	prefix     string
	geometry   geometry
	colStyles  []colStyle
	legacy     string // relation to the shapes of comments
	legacyAt   int
	rootEnd    int
	row, col   int
	rowTag     *tag
	rowStyle   int
	rowInserts bool
	stored     map[int]bool // the rows that the sheet has
	incomplete map[int]bool // those that lack a marked cell
	dataTag    *tag
	next       int // index in wanted of the first place not passed yet
}

type colStyle struct{ from, to, style int }

// annotate marks the cells of one sheet, and sees to it that it is not among the
// selected ones.
func (w *workbook) annotate(s *sheetRef, marks []Mark) error {
	if s.part == "" || !w.has(s.part) {
		return nil
	}
	src, err := w.pack.read(s.part)
	if err != nil {
		return err
	}
	e := w.newSheetEdit(src)
	for i := range marks {
		at, ok := parsePlace(marks[i].At.Cell)
		if !ok {
			continue
		}
		e.marks[at] = &marks[i]
		e.wanted = append(e.wanted, at)
	}
	if len(e.wanted) == 0 {
		return e.deselect(s.part)
	}
	if err := e.survey(); err != nil {
		return err
	}
	visit := func(t *tag, open []string) error {
		e.view(t, open)
		return e.change(t, open)
	}
	if err := scan(src, visit); err != nil {
		return err
	}
	if err := e.comment(s.part); err != nil {
		return err
	}
	w.set(s.part, e.bytes())
	return nil
}

func (w *workbook) newSheetEdit(src []byte) *sheetEdit {
	return &sheetEdit{patch: patch{src: src}, w: w, marks: map[place]*Mark{}, found: map[place]bool{}, legacyAt: -1,
		stored: map[int]bool{}, incomplete: map[int]bool{}}
}

// survey finds which of the wanted cells the sheet has, before another reading changes
// them.
func (e *sheetEdit) survey() error {
	slices.SortFunc(e.wanted, place.compare)
	if err := scan(e.src, e.look); err != nil {
		return err
	}
	if e.dataTag == nil {
		return errors.New("no cells")
	}
	for _, p := range e.wanted {
		e.incomplete[p.row] = e.incomplete[p.row] || !e.found[p]
	}
	e.row, e.col = 0, 0
	return nil
}

// deselect leaves a sheet as it is, unless it was the open one.
func (e *sheetEdit) deselect(part string) error {
	if !strings.Contains(string(e.src), "tabSelected") {
		return nil
	}
	if err := scan(e.src, func(t *tag, open []string) error { e.view(t, open); return nil }); err != nil {
		return err
	}
	e.w.set(part, e.bytes())
	return nil
}

// view takes a sheet out of the selected ones: what is typed while several are
// selected goes into all of them.
func (e *sheetEdit) view(t *tag, open []string) {
	if t.depth == 3 && !t.end && t.local == "sheetView" && open[1] == "sheetViews" && t.attr("tabSelected") != "" {
		e.replace(t.from, t.to, withoutAttr(string(e.src[t.from:t.to]), "tabSelected"))
	}
}

// position follows the rows and cells of a sheet, which may leave out their numbers.
func (e *sheetEdit) position(t *tag, open []string) (isRow, isCell bool) {
	if t.end || len(open) < 2 || open[1] != "sheetData" {
		return false, false
	}
	switch {
	case t.depth == 3 && t.local == "row":
		e.row++
		if n, err := strconv.Atoi(t.attr("r")); err == nil && n > 0 {
			e.row = n
		}
		e.col = 0
		return true, false
	case t.depth == 4 && t.local == "c":
		e.col++
		if at, ok := parsePlace(t.attr("r")); ok {
			e.row, e.col = at.row, at.col
		}
		return false, true
	}
	return false, false
}

// look notes what is there.
func (e *sheetEdit) look(t *tag, open []string) error {
	isRow, isCell := e.position(t, open)
	switch {
	case isRow:
		e.stored[e.row] = true
		e.geometry.row(e.row, t)
	case isCell:
		e.found[place{e.row, e.col}] = true
	case t.depth == 1:
		e.prefix = t.prefix
		if t.end {
			e.rootEnd = t.from
		}
	case t.depth == 2 && t.local == "sheetData" && !t.end:
		e.dataTag = t
	case t.depth == 2 && t.local == "sheetFormatPr" && !t.end:
		e.geometry.defaults(t)
	case t.depth == 3 && t.local == "col" && !t.end && len(e.colStyles) < 1<<14:
		e.geometry.col(t)
		from, _ := strconv.Atoi(t.attr("min"))
		to, _ := strconv.Atoi(t.attr("max"))
		style, _ := strconv.Atoi(t.attr("style"))
		e.colStyles = append(e.colStyles, colStyle{from, to, style})
	case t.depth == 2 && t.local == "legacyDrawing" && !t.end:
		e.legacy = t.relation("id")
	case t.depth == 2 && !t.end && e.dataTag != nil && e.legacyAt < 0 && slices.Contains(afterLegacy, t.local):
		e.legacyAt = t.from
	}
	return nil
}

// change fills the marked cells, and adds those that the sheet does not store.
func (e *sheetEdit) change(t *tag, open []string) error {
	isRow, isCell := e.position(t, open)
	var err error
	switch {
	case isRow:
		var rows string
		rows, err = e.missingRows(e.row)
		e.insert(t.from, rows)
		e.rowTag, e.rowInserts = t, e.incomplete[e.row]
		e.rowStyle = -1
		if n, aerr := strconv.Atoi(t.attr("s")); aerr == nil {
			e.rowStyle = n
		}
		if e.rowInserts && !t.empty {
			e.replace(t.from, t.to, withoutAttr(string(e.src[t.from:t.to]), "spans"))
		}
	case isCell:
		if e.rowInserts {
			var cells string
			cells, err = e.missingCells(e.row, e.col)
			e.insert(t.from, cells)
		}
		if m := e.marks[place{e.row, e.col}]; m != nil && err == nil {
			var style int
			n, _ := strconv.Atoi(t.attr("s"))
			style, err = e.w.styles.marked(n, m.Fill)
			e.replace(t.from, t.to, setAttr(string(e.src[t.from:t.to]), "s", strconv.Itoa(style)))
		}
	case t.end && t.depth == 3 && t.local == "row" && e.rowTag != nil:
		if e.rowInserts {
			var cells string
			cells, err = e.missingCells(e.row, 1<<20)
			if e.rowTag.empty {
				r := withoutAttr(string(e.src[e.rowTag.from:e.rowTag.to]), "spans")
				e.replace(e.rowTag.from, e.rowTag.to, opened([]byte(r))+cells+"</"+e.rowTag.name("row")+">")
			} else {
				e.insert(t.from, cells)
			}
		}
		e.rowTag = nil
	case t.end && t.depth == 2 && t.local == "sheetData":
		var rows string
		rows, err = e.missingRows(1 << 30)
		if rows != "" {
			e.into(e.dataTag, t.from, rows)
		}
	}
	return err
}

// missingRows gives the rows before the given one that are not stored but marked.
func (e *sheetEdit) missingRows(before int) (string, error) {
	var b strings.Builder
	for e.next < len(e.wanted) && e.wanted[e.next].row < before {
		row := e.wanted[e.next].row
		e.rowStyle = -1
		cells := ""
		if !e.stored[row] {
			var err error
			if cells, err = e.missingCells(row, 1<<20); err != nil {
				return "", err
			}
		}
		if cells != "" {
			b.WriteString(prefixed(`<row r="`+strconv.Itoa(row)+`">`, e.prefix) + cells + prefixed("</row>", e.prefix))
		}
		for e.next < len(e.wanted) && e.wanted[e.next].row == row {
			e.next++
		}
	}
	return b.String(), nil
}

// missingCells gives the cells of a row, before a column, that are not stored but
// marked. Each is given once.
func (e *sheetEdit) missingCells(row, before int) (string, error) {
	var b strings.Builder
	for _, p := range e.wanted {
		if p.row != row || p.col >= before || e.found[p] {
			continue
		}
		e.found[p] = true
		style := max(e.rowStyle, 0)
		if e.rowStyle < 0 {
			for _, c := range e.colStyles {
				if c.from <= p.col && p.col <= c.to {
					style = c.style
				}
			}
		}
		cell, err := e.newCell(p, style)
		if err != nil {
			return "", err
		}
		b.WriteString(cell)
	}
	return b.String(), nil
}

// newCell gives a cell that the sheet does not store, given the style it would show.
func (e *sheetEdit) newCell(p place, style int) (string, error) {
	if v := e.values[p]; v != nil {
		return v.newCell(e, p, style)
	}
	n, err := e.w.styles.marked(style, e.marks[p].Fill)
	return prefixed(fmt.Sprintf(`<c r="%s" s="%d"/>`, grid.CellName(p.col, p.row), n), e.prefix), err
}

// utf16Len is the length of a text as Office counts it.
func utf16Len(s string) int { return len(utf16.Encode([]rune(s))) }
