package export

import "jixiaolint/schema"

// Page is a form laid out as the printed form is: what the writers of this package
// write, for renderers of other formats.
type Page struct {
	// Cells are the cells of the page. Those that begin in one row stand in the order
	// of no particular column.
	Cells []Cell
	// Rows is the number of rows; Widths has the width of each column, in characters.
	Rows   int
	Widths []float64
	// TableHead is the row that names the columns of the indicator table, 0 if the
	// form has none.
	TableHead int
}

// Cell is one cell of a page: its 1-based place, the size of the range it is merged
// over, and what it shows.
type Cell struct {
	Row, Col, Rows, Cols int
	Kind                 Kind
	Text                 string
	// Filed are the fields that the cell shows, or whose words it stands for. Some of
	// them may have no place in the file.
	Filed []*schema.Field
}

// Kind is the part a cell plays on the page.
type Kind uint8

// The kinds of cell.
const (
	Outside Kind = iota // a line of its own above the table: heading, title, year
	Label               // the words of the printed form
	Entry               // what is filed in a narrow cell: a figure or a few words
	Prose               // what is filed at length
)

// NewPage lays a form out in the official order of its blocks.
func NewPage(f *schema.Form) *Page {
	p := lay(f)
	out := &Page{Cells: make([]Cell, len(p.boxes)), Rows: p.rows, Widths: p.widths, TableHead: p.tableHead}
	for i := range p.boxes {
		b := &p.boxes[i]
		out.Cells[i] = Cell{b.row, b.col, b.rows, b.cols, kindOf(b.part), b.text, b.filed}
	}
	return out
}

func kindOf(p part) Kind {
	switch p {
	case heading, title, caption:
		return Outside
	case label:
		return Label
	case entry:
		return Entry
	case prose:
	}
	return Prose
}
