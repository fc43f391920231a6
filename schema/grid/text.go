package grid

import (
	"context"
	"path/filepath"
	"sort"
	"strings"
	"unicode/utf8"

	"jixiaolint/schema/lang"
)

// helpDelimiters says how a table has to be put into text.
var helpDelimiters = lang.T(
	"请用制表符、逗号（CSV）或竖线（Markdown 表格）分隔各列，或直接提交 .xlsx 文件。",
	"Separate the columns by tabs, commas (CSV) or pipes (a Markdown table), or submit the .xlsx file.")

// ReadText reads a table out of text: fields separated by tabs, commas, semicolons
// or pipes, in any of the encodings that decodeText tells. The result is one table,
// one row a line or record, one cell a field. Blank fields are cells too, so that a
// finding can point at them. Merged ranges leave no trace in text: cells may be
// missing, and those after them stand too far to the left.
//
// Lines and columns of locations count in the decoded text; a field's place is where
// it starts, before its quotes if it has any.
func ReadText(ctx context.Context, file string, data []byte, limits Limits) *Document {
	limits = limits.WithDefaults()
	doc := &Document{File: file, Format: Text}
	r := &textReader{ctx: ctx, doc: doc, limits: limits, table: &Table{Number: 1}}
	if int64(len(data)) > limits.FileSize {
		r.fail(0, sniff(data, limits))
		return doc
	}
	text, _, f := decodeText(data)
	if f != nil {
		r.fail(0, f)
		return doc
	}
	text = strings.TrimRight(unifyLines(text), string(ctrlZ))
	if strings.TrimSpace(text) == "" {
		r.fail(0, &fault{lang.T("文件是空的。", "the file is empty"),
			lang.T("请确认导出是否成功，重新提交。", "Check the export and submit the file again.")})
		return doc
	}
	r.readAll(text)
	if len(r.table.Rows) > 0 {
		doc.Tables = append(doc.Tables, r.table)
	}
	return doc
}

// TextPlace is where a field stands in a text: the bytes From to To, with its quotes and
// the spaces around them. Delimiter separates the fields of the text; it is 0 where they
// are aligned by blanks.
type TextPlace struct {
	From, To  int
	Delimiter byte
}

// TextPlaces tells where the fields that ReadText locates by Line and Column stand in a
// text, which is decoded but has its own line ends. It is for those who write into it.
func TextPlaces(ctx context.Context, file, text string, limits Limits) map[Location]TextPlace {
	doc := &Document{File: file, Format: Text}
	r := &textReader{ctx: ctx, doc: doc, limits: limits.WithDefaults(), table: &Table{Number: 1}, places: map[Location]TextPlace{}}
	r.readAll(strings.TrimRight(unifyLines(text), string(ctrlZ)))
	var dropped []int // where the reader does not see the first half of a line end
	for i := range len(text) {
		if text[i] == '\r' && i+1 < len(text) && text[i+1] == '\n' {
			dropped = append(dropped, i-len(dropped))
		}
	}
	for at, p := range r.places {
		p.From += sort.SearchInts(dropped, p.From)
		p.To += sort.SearchInts(dropped, p.To)
		r.places[at] = p
	}
	return r.places
}

// unifyLines ends every line in \n, whether it ended in \r\n, \n or \r.
func unifyLines(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// textReader builds the table of a text.
type textReader struct {
	ctx    context.Context
	doc    *Document
	limits Limits
	table  *Table
	cells  int // so far
	line   int // being read

	places    map[Location]TextPlace // see TextPlaces; nil if not asked for
	delimiter byte                   // of the text, for those
}

// textField is one field of a row of text.
type textField struct {
	text         string
	line, column int
	from, to     int // in the text
	// trouble says why the text of the field is in doubt.
	trouble *fault
	kind    ProblemKind // of the trouble
}

// fail reports that the text could not be read, or not beyond a line.
func (r *textReader) fail(line int, f *fault) {
	r.doc.Problems = append(r.doc.Problems, Problem{
		Kind: Unreadable, Loc: Location{File: r.doc.File, Line: line, Column: min(line, 1)},
		Message: f.message, Help: f.help,
	})
}

// readAll reads a text as its layout asks for.
func (r *textReader) readAll(text string) {
	l := detectLayout(text, strings.ToLower(filepath.Ext(r.doc.File)))
	if !l.aligned {
		r.delimiter = l.delimiter
	}
	if f := r.read(text, l); f != nil {
		r.fail(r.line, f)
	}
}

func (r *textReader) read(text string, l textLayout) *fault {
	switch {
	case l.aligned:
		return r.readAligned(text)
	case l.delimiter == '|':
		return r.readPipes(text)
	}
	return r.readFields(text, l)
}

// readFields reads text in which one character separates the fields.
func (r *textReader) readFields(text string, l textLayout) *fault {
	x := newFieldScanner(text, l)
	var fields []textField
	for !x.done() {
		r.line = x.line
		fields = fields[:0]
		for more := true; more; {
			if len(fields) >= r.limits.Columns {
				return &fault{lang.F("一行的列数超过 %d。", "a row has more than %d columns", r.limits.Columns), helpLimit}
			}
			var f textField
			f, more = x.field()
			fields = append(fields, f)
		}
		if f := r.row(fields); f != nil {
			return f
		}
	}
	return nil
}

// row adds the row that starts in r.line. Rows without any text are no rows.
func (r *textReader) row(fields []textField) *fault {
	if r.line%1024 == 0 && r.ctx.Err() != nil {
		return faultCancelled
	}
	if blankFields(fields) {
		return nil
	}
	if r.cells += len(fields); r.cells > r.limits.Cells {
		return &fault{lang.F("单元格过多：超过 %d 个。", "too many cells: more than %d", r.limits.Cells), helpLimit}
	}
	if r.line > r.limits.Rows {
		return &fault{lang.F("行数过多：超过 %d 行。", "too many lines: more than %d", r.limits.Rows), helpLimit}
	}
	row := &Row{Num: r.line, Cells: make([]*Cell, len(fields))}
	cells := make([]Cell, len(fields))
	for i, f := range fields {
		if len(f.text) > r.limits.TextLength {
			return &fault{lang.F("一个单元格的文字超过 %d 字节。", "the text of one cell exceeds %d bytes", r.limits.TextLength), helpLimit}
		}
		typ := String
		if strings.TrimSpace(f.text) == "" {
			typ = Blank
		}
		cells[i] = Cell{
			Row: r.line, Col: i + 1, Text: f.text, Type: typ, Rows: 1, Cols: 1,
			Loc: Location{File: r.doc.File, Line: f.line, Column: f.column},
		}
		row.Cells[i] = &cells[i]
		if r.places != nil {
			r.places[Location{Line: f.line, Column: f.column}] = TextPlace{f.from, f.to, r.delimiter}
		}
		r.trouble(f, row, cells[i].Loc)
	}
	r.table.Rows = append(r.table.Rows, row)
	return nil
}

// trouble reports what is doubtful about a field.
func (r *textReader) trouble(f textField, row *Row, at Location) {
	if f.trouble != nil {
		r.doc.Problems = append(r.doc.Problems, Problem{
			Kind: f.kind, Loc: at, Row: row, Message: f.trouble.message, Help: f.trouble.help,
		})
	}
	if strings.ContainsRune(f.text, utf8.RuneError) {
		r.doc.Problems = append(r.doc.Problems, Problem{
			Kind: BadCell, Loc: at, Row: row,
			Message: lang.T("单元格中有已损坏的文字（显示为 �）。", "the cell has characters that are damaged (shown as �)"),
			Help: lang.T("请对照原文件补全这个单元格的文字后重新提交。",
				"Restore the text of the cell from the original and submit the file again."),
		})
	}
}

func blankFields(fields []textField) bool {
	for i := range fields {
		if strings.TrimSpace(fields[i].text) != "" {
			return false
		}
	}
	return true
}
