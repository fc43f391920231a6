package office

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"jixiaolint/schema/export"
	"jixiaolint/schema/grid"
)

// Cell is a cell of a written sheet: a text or an exact decimal, and perhaps a link.
// A text is never a formula, whatever it begins with.
type Cell struct {
	Text   string
	Number string
	Style  Style
	// URL leads to a file, Place to a cell of it, or of the workbook itself where there
	// is no URL.
	URL, Place string
}

// CellPlace names a cell of a sheet as links do: 'Sheet 1'!H5.
func CellPlace(sheet, cell string) string {
	return "'" + strings.ReplaceAll(sheet, "'", "''") + "'!" + cell
}

// SheetLayout is what a sheet has besides its cells.
type SheetLayout struct {
	Widths []float64 // of the columns, in characters
	// Header is the number of rows that stay in view and are printed on every page; the
	// last of them has the filter, if Filter is set.
	Header int
	// Frozen is the number of columns that stay in view.
	Frozen   int
	Filter   bool
	Portrait bool
	Merges   []string
	// Rules are conditional formats, each XML of a conditionalFormatting element.
	Rules []string
	// Selected marks the sheet that is open at first.
	Selected bool
	// Footer is printed at the foot of every page; TabColor colours the sheet's tab.
	Footer, TabColor string
	// drawing is the relation of the sheet's charts.
	drawing string
}

// maxCellText is the number of characters that a cell of a worksheet holds.
const maxCellText = 32_767

// maxLinks is the number of links that Excel accepts on one sheet.
const maxLinks = 65_000

// Sheet writes the part of one sheet, row by row.
type Sheet struct {
	w      *bufio.Writer
	styles *styleBook
	layout SheetLayout
	rows   int
	links  []link
	urls   map[string]int
	order  []string // the URLs, by relation
}

type link struct {
	cell, place string
	url         int // 0 for a place in the workbook
}

func newSheet(w io.Writer, styles *styleBook, layout SheetLayout) *Sheet {
	s := &Sheet{w: bufio.NewWriter(w), styles: styles, layout: layout, urls: map[string]int{}}
	s.put(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`, "\n",
		`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="`, nsRelations, `"><sheetPr>`)
	if layout.TabColor != "" {
		s.put(`<tabColor rgb="FF`, layout.TabColor, `"/>`)
	}
	s.put(`<pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView showGridLines="0"`)
	if layout.Selected {
		s.put(` tabSelected="1"`)
	}
	s.put(` workbookViewId="0">`)
	if layout.Header > 0 || layout.Frozen > 0 {
		s.put(`<pane`)
		if layout.Frozen > 0 {
			s.put(` xSplit="`, strconv.Itoa(layout.Frozen), `"`)
		}
		pane := "topRight"
		if layout.Header > 0 {
			s.put(` ySplit="`, strconv.Itoa(layout.Header), `"`)
			pane = map[bool]string{true: "bottomRight", false: "bottomLeft"}[layout.Frozen > 0]
		}
		s.put(` topLeftCell="`, grid.ColumnName(layout.Frozen+1), strconv.Itoa(layout.Header+1), `" activePane="`, pane, `" state="frozen"/>`,
			`<selection pane="`, pane, `"/>`)
	}
	s.put(`</sheetView></sheetViews><sheetFormatPr defaultRowHeight="16.5"/>`)
	for i, w := range layout.Widths {
		if i == 0 {
			s.put(`<cols>`)
		}
		s.put(fmt.Sprintf(`<col min="%[1]d" max="%[1]d" width="%[2]g" customWidth="1"/>`, i+1, w))
	}
	if len(layout.Widths) > 0 {
		s.put(`</cols>`)
	}
	s.put(`<sheetData>`)
	return s
}

// put writes to the part; the first error shows when the sheet is closed.
func (s *Sheet) put(parts ...string) {
	for _, p := range parts {
		_, _ = s.w.WriteString(p)
	}
}

// Rows gives the number of rows written so far.
func (s *Sheet) Rows() int { return s.rows }

// Row writes the next row, as high as its texts need it, but at least of the given
// height in points.
func (s *Sheet) Row(least float64, cells ...Cell) {
	s.rows++
	height := max(least, s.height(cells))
	s.put(`<row r="`, strconv.Itoa(s.rows), `" ht="`, strconv.FormatFloat(height, 'f', -1, 64), `" customHeight="1">`)
	for i := range cells {
		s.cell(grid.ColumnName(i+1)+strconv.Itoa(s.rows), &cells[i])
	}
	s.put(`</row>`)
}

// height gives what the wrapped texts of a row need, in points.
func (s *Sheet) height(cells []Cell) float64 {
	const line, padding, most = 16.5, 5, 400
	lines := 1
	for i := range cells {
		c := &cells[i]
		if !c.Style.Wrap || i >= len(s.layout.Widths) {
			continue
		}
		n := 0
		for t := range strings.SplitSeq(c.Text, "\n") {
			n += max(1, int(math.Ceil(export.DisplayWidth(t)/(s.layout.Widths[i]-1))))
		}
		lines = max(lines, n)
	}
	return min(float64(lines)*line+padding, most)
}

func (s *Sheet) cell(ref string, c *Cell) {
	style := c.Style
	if c.URL != "" || c.Place != "" {
		s.link(ref, c, &style)
	}
	text := short(c.Text)
	if c.Number == "" && typedAsFormula(text) {
		style.TypedAsFormula = true
	}
	s.put(`<c r="`, ref, `" s="`, strconv.Itoa(s.styles.style(style)), `"`)
	switch {
	case c.Number != "":
		s.put(`><v>`, escape(c.Number), `</v></c>`)
	case text != "":
		s.put(` t="inlineStr"><is><t xml:space="preserve">`, cellText(text), `</t></is></c>`)
	default:
		s.put(`/>`)
	}
}

func (s *Sheet) link(ref string, c *Cell, style *Style) {
	if len(s.links) == maxLinks {
		return // the texts say the same
	}
	style.Link = true
	l := link{cell: ref, place: c.Place}
	if c.URL != "" {
		n, ok := s.urls[c.URL]
		if !ok {
			s.order = append(s.order, c.URL)
			n = len(s.order)
			s.urls[c.URL] = n
		}
		l.url = n
	}
	s.links = append(s.links, l)
}

// short cuts a text to what a cell holds.
func short(s string) string {
	if len(s) <= maxCellText {
		return s
	}
	units := 0
	for i, r := range s {
		if units += max(utf16.RuneLen(r), 1); units >= maxCellText {
			return s[:i] + "…"
		}
	}
	return s
}

// typedAsFormula reports whether a spreadsheet would take the text for a formula if
// its reader typed it again.
func typedAsFormula(s string) bool {
	return strings.IndexAny(strings.TrimLeft(s, " \t\r\n\u00a0\u3000'"), "=+-@") == 0 && len(s) > 1
}

// filterRange gives the range with the filter, from the header's last row on.
func (s *Sheet) filterRange() string {
	return fmt.Sprintf("A%d:%s%d", s.layout.Header, grid.ColumnName(len(s.layout.Widths)), max(s.rows, s.layout.Header))
}

// close writes what follows the rows.
func (s *Sheet) close() error {
	s.put(`</sheetData>`)
	if s.layout.Filter {
		s.put(`<autoFilter ref="`, s.filterRange(), `"/>`)
	}
	if len(s.layout.Merges) > 0 {
		s.put(fmt.Sprintf(`<mergeCells count="%d">`, len(s.layout.Merges)))
		for _, m := range s.layout.Merges {
			s.put(`<mergeCell ref="`, m, `"/>`)
		}
		s.put(`</mergeCells>`)
	}
	s.put(s.layout.Rules...)
	if len(s.links) > 0 {
		s.put(`<hyperlinks>`)
		for _, l := range s.links {
			s.put(`<hyperlink ref="`, l.cell, `"`)
			if l.url > 0 {
				s.put(` r:id="rId`, strconv.Itoa(l.url), `"`)
			}
			if l.place != "" {
				s.put(` location="`, escape(l.place), `"`)
			}
			s.put(`/>`)
		}
		s.put(`</hyperlinks>`)
	}
	orientation := map[bool]string{true: "portrait", false: "landscape"}[s.layout.Portrait]
	s.put(`<printOptions horizontalCentered="1"/><pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>`,
		`<pageSetup paperSize="9" orientation="`, orientation, `" fitToWidth="1" fitToHeight="0"/>`,
		`<headerFooter><oddFooter>`, escape(s.layout.Footer), `</oddFooter></headerFooter>`)
	if s.layout.drawing != "" {
		s.put(`<drawing r:id="`, s.layout.drawing, `"/>`)
	}
	s.put(`</worksheet>`)
	return s.w.Flush()
}

// relations gives the relations part of the sheet, empty if it has none.
func (s *Sheet) relations() string {
	if len(s.order) == 0 && s.layout.drawing == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString(relsHead)
	for i, url := range s.order {
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s/hyperlink" Target="%s" TargetMode="External"/>`, i+1, nsRelations, escape(url))
	}
	if s.layout.drawing != "" {
		fmt.Fprintf(&b, `<Relationship Id="%s" Type="%s/drawing" Target="/xl/drawings/drawing1.xml"/>`, s.layout.drawing, nsRelations)
	}
	b.WriteString("</Relationships>")
	return b.String()
}

// definedNames gives the names of a sheet that make its header repeat on every page
// and its filter known.
func (s *Sheet) definedNames(sheet string, index int) string {
	quoted := escape("'" + strings.ReplaceAll(sheet, "'", "''") + "'!")
	var b strings.Builder
	if s.layout.Filter {
		from, to, _ := strings.Cut(s.filterRange(), ":")
		fmt.Fprintf(&b, `<definedName name="_xlnm._FilterDatabase" localSheetId="%d" hidden="1">%s%s:%s</definedName>`,
			index, quoted, absolute(from), absolute(to))
	}
	if s.layout.Header > 0 {
		fmt.Fprintf(&b, `<definedName name="_xlnm.Print_Titles" localSheetId="%[1]d">%[2]s$%[3]d:$%[3]d</definedName>`, index, quoted, s.layout.Header)
	}
	return b.String()
}

// absolute turns A7 into $A$7.
func absolute(ref string) string {
	i := strings.IndexAny(ref, "0123456789")
	return "$" + ref[:i] + "$" + ref[i:]
}

// Tint is a colouring that a conditional format gives.
type Tint int

// The tints, in the order of the differential styles of plainStyles.
const (
	Red Tint = iota
	Amber
	Green
)

// ColorAbove gives the rule that tints the numbers of a range above a bound. Rules of
// a lower priority number win.
func ColorAbove(cells string, bound int, tint Tint, priority int) string {
	return fmt.Sprintf(`<conditionalFormatting sqref="%s"><cfRule type="cellIs" dxfId="%d" priority="%d" operator="greaterThan"><formula>%d</formula></cfRule></conditionalFormatting>`,
		cells, tint, priority, bound)
}

// ColorWords gives the rules that tint the cells of a range that hold a word.
func ColorWords(cells string, tints map[string]Tint, priority int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<conditionalFormatting sqref="%s">`, cells)
	for i, word := range slices.Sorted(maps.Keys(tints)) {
		fmt.Fprintf(&b, `<cfRule type="cellIs" dxfId="%d" priority="%d" operator="equal"><formula>"%s"</formula></cfRule>`,
			tints[word], priority+i, escape(word))
	}
	b.WriteString(`</conditionalFormatting>`)
	return b.String()
}
