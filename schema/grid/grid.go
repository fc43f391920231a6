// Package grid reads filed documents into tables of cells.
//
// It is the first room of the house: bytes come in, cells with positions go out,
// and nothing here knows what a form is. One file of the package reads one file
// format. Every reader is total: for any input up to the limits it ends with a
// Document, never with a panic, and says in Document.Problems what it could not
// read. A cell keeps apart what it shows, what it stores, and how it was computed.
package grid

import (
	"cmp"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"jixiaolint/schema/lang"
)

// Format is the file format a document was read from. It decides how locations
// are written.
type Format string

// The formats.
const (
	XLSX Format = "xlsx"
	Text Format = "text"
	JSON Format = "json"
	DOCX Format = "docx"
	HTML Format = "html"
	// Drawing is a flat OpenDocument drawing, into which a PDF is converted.
	Drawing Format = "drawing"
)

// Location is a place in a file as its user sees it. Line and Column are 1-based:
// row and column numbers of a worksheet or of a document table, line and rune
// column of a text. Path is the JSON Pointer of the field in the canonical
// document, filled in once the field is known.
type Location struct {
	File  string `json:"file"`
	Sheet string `json:"sheet,omitempty"`
	Cell  string `json:"cell,omitempty"`
	Table int    `json:"table,omitempty"`
	// Paragraph numbers the lines of a document's text outside of tables; Table is
	// then the table that the text stands before or after.
	Paragraph int    `json:"paragraph,omitempty"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	Path      string `json:"path,omitempty"`
}

// IsZero reports whether the location names no place inside a file.
func (l Location) IsZero() bool { return l.Line == 0 && l.Sheet == "" && l.Table == 0 }

// String writes the location as diagnostics print it: 表.xlsx:Sheet1!H5,
// 表.docx:table 1, row 5, cell 8, 表.txt:12:40.
func (l Location) String() string {
	switch {
	case l.Sheet != "" && l.Cell != "":
		return l.File + ":" + l.Sheet + "!" + l.Cell
	case l.Sheet != "":
		return l.File + ":" + l.Sheet
	case l.Paragraph != 0:
		return fmt.Sprintf("%s:paragraph %d", l.File, l.Paragraph)
	case l.Table != 0:
		return fmt.Sprintf("%s:table %d, row %d, cell %d", l.File, l.Table, l.Line, l.Column)
	case l.Line != 0:
		return fmt.Sprintf("%s:%d:%d", l.File, l.Line, l.Column)
	}
	return l.File
}

// Compare orders locations of one document: by sheet or table (in the order given
// by the caller's document, here by name), then line, column and path. The order is
// total, so sorted output is the same on every run.
func (l Location) Compare(m Location) int {
	if l.File != m.File {
		return strings.Compare(l.File, m.File)
	}
	if l.Sheet != m.Sheet {
		return strings.Compare(l.Sheet, m.Sheet)
	}
	if c := cmp.Or(l.Table-m.Table, l.Line-m.Line, l.Paragraph-m.Paragraph, l.Column-m.Column); c != 0 {
		return c
	}
	return strings.Compare(l.Path, m.Path)
}

// Type is the kind of value a cell stores.
type Type uint8

// The cell types. Blank cells of a worksheet are not stored, except
// as the anchor of a merged range; those of texts and documents are.
const (
	Blank  Type = iota
	String      // text, also text that looks like a number
	Number      // a number typed or computed in a spreadsheet
	Bool
	Error // an error value such as #REF! or #DIV/0!
)

// Cell is one cell of a table.
type Cell struct {
	// Row and Col are the 1-based position in the table, by the cell's own
	// reference; Row is 0 for text outside of tables.
	Row, Col int
	// Text is what the file shows its reader: for a spreadsheet number, the
	// stored value under its number format.
	Text string
	Type Type
	// Raw is the stored value exactly as written in the file; for spreadsheet
	// numbers a decimal such as 0.923125 or 9.2E-2. Empty when it equals Text.
	Raw string
	// NumFmt is the number-format code (0.00%, yyyy"年"m"月"), empty for General.
	NumFmt string
	// Formula is the formula's text without the leading =, if the cell has one.
	Formula string
	// Rows and Cols are the size of the merged range the cell is the anchor of,
	// 1 and 1 for an ordinary cell.
	Rows, Cols int
	// Hidden marks a cell in a hidden row, column or sheet.
	Hidden bool
	// Loc is the cell's place in the file; Loc.Path is not yet known here.
	Loc Location
}

// Row is one row of a table: its number and its cells in column order. Diagnostics
// show it as context, so it is shared by everything that points into it.
type Row struct {
	// Num is the row number as the file's user sees it, 0 for text outside of tables.
	Num   int
	Cells []*Cell
}

// Cell gives the cell at column col, nil if there is none.
func (r *Row) Cell(col int) *Cell {
	i := sort.Search(len(r.Cells), func(i int) bool { return r.Cells[i].Col >= col })
	if i < len(r.Cells) && r.Cells[i].Col == col {
		return r.Cells[i]
	}
	return nil
}

// Table is a sheet, a text, or one table of a document: a sparse set of cells.
type Table struct {
	// Name is the worksheet's name; empty for other formats.
	Name string
	// Number is the table's 1-based number in its document.
	Number int
	// Hidden marks a hidden worksheet.
	Hidden bool
	// Merged says whether the format records merged ranges, so that a missing
	// cell is a blank one and not one that was lost.
	Merged bool
	// Rows holds the rows that have cells, in order.
	Rows []*Row
}

// Document is a file read into tables.
type Document struct {
	File     string
	Format   Format
	Tables   []*Table
	Problems []Problem
	// Outdated says that a workbook asks for all its formulas to be computed when it is
	// opened: the results that are stored need not be those of what it holds now.
	Outdated bool
	// Entangled says that the results of a workbook's formulas do not follow cell by cell
	// from what cells store: a formula fills several cells, formulas go by numbers as they
	// are shown, or a date is stored as text.
	Entangled bool
}

// ProblemKind says what sort of trouble a reader met.
type ProblemKind uint8

// The kinds of problem.
const (
	// Unreadable: the file, or a part of it, could not be read, so nothing that
	// depends on it may pass as clean.
	Unreadable ProblemKind = iota
	// BadCell: one cell holds no usable value (an error value, a formula whose
	// result was never stored, two values for one place).
	BadCell
	// Disorder: the file breaks its format's rules but could be read without
	// doubt (cells out of order, say).
	Disorder
	// HiddenContent: hidden rows, columns or sheets were read.
	HiddenContent
)

// Problem is something a reader has to say about a file.
type Problem struct {
	Kind ProblemKind
	Loc  Location
	// Row is the row the problem stands in, nil when there is none to show.
	Row *Row
	// Message says what is wrong; Help says what to do about it.
	Message lang.Text
	Help    lang.Text
}

// ColumnName gives the spreadsheet name of 1-based column n: A, B, … Z, AA.
func ColumnName(n int) string {
	var b [8]byte
	i := len(b)
	for n > 0 {
		n--
		i--
		b[i] = byte('A' + n%26)
		n /= 26
	}
	return string(b[i:])
}

// CellName gives the spreadsheet name of a cell, B7 for column 2 of row 7.
func CellName(col, row int) string { return ColumnName(col) + strconv.Itoa(row) }
