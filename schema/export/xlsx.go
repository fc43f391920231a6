package export

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/quantity"
)

// XLSXOptions say how a workbook is arranged. The zero value gives every form a
// sheet of its own, named after the form and starting at A1.
type XLSXOptions struct {
	// Sheet names the sheet; with several sheets, the first. It is shortened and
	// cleaned where it is no legal sheet name.
	Sheet string
	// OneSheet puts all forms on one sheet, one below the other.
	OneSheet bool
	// SkipRows and SkipCols are the blank rows above and the blank columns left of
	// the forms.
	SkipRows, SkipCols int
	// Placed, if not nil, is told where the fields of each form went: the form's index,
	// the JSON Pointer of the field, and the sheet and cell it stands in. A field that
	// the layout shows nowhere is left out.
	Placed func(form int, pointer, sheet, cell string)
}

// XLSX writes forms as a workbook in the official layout, with merged cells as the
// printed form has them. A filed figure is stored as a number, digit by digit as it
// was filed and under the number format that shows it so; everything else is text,
// never a formula. The same forms give the same bytes.
func XLSX(w io.Writer, forms []*schema.Form, opts XLSXOptions) (err error) {
	file, err := Workbook(forms, opts)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return file.Write(w)
}

// LongTextError says that a text does not fit into a cell of a worksheet.
type LongTextError struct {
	// Cell is the cell that the text belongs into.
	Cell string
	// Most is the number of characters, in UTF-16 units, that a cell holds.
	Most int
}

// Error gives the message in English.
func (e *LongTextError) Error() string {
	return fmt.Sprintf("cell %s: a text is longer than the %d characters that a worksheet cell holds", e.Cell, e.Most)
}

// Workbook makes the workbook that XLSX writes, for those who add to it. The caller
// closes it.
func Workbook(forms []*schema.Form, opts XLSXOptions) (*excelize.File, error) {
	if len(forms) == 0 {
		return nil, errors.New("a workbook needs at least one form")
	}
	b := &book{file: excelize.NewFile(), styles: map[style]int{}, used: map[string]bool{}}
	if err := b.forms(forms, opts); err != nil {
		return nil, errors.Join(err, b.file.Close())
	}
	return b.file, nil
}

// forms writes all forms.
func (b *book) forms(forms []*schema.Form, opts XLSXOptions) error {
	row := opts.SkipRows
	for i, f := range forms {
		if i == 0 || !opts.OneSheet {
			name := f.Name()
			if i == 0 && opts.Sheet != "" {
				name = opts.Sheet
			}
			if err := b.addSheet(name); err != nil {
				return err
			}
			row = opts.SkipRows
		}
		p := lay(f)
		if err := b.write(p, row, opts.SkipCols); err != nil {
			return err
		}
		if opts.Placed != nil {
			p.place(f, row, opts.SkipCols, func(pointer, cell string) { opts.Placed(i, pointer, b.sheet, cell) })
		}
		row += p.rows + formGap
		if err := b.measure(row - formGap); err != nil {
			return err
		}
	}
	return b.describe()
}

// formGap is the number of blank rows between two forms on one sheet.
const formGap = 2

// book is a workbook being written.
type book struct {
	file   *excelize.File
	sheet  string
	widths map[int]float64 // of the sheet's columns in use
	styles map[style]int
	used   map[string]bool // sheet names, in lower case as Excel compares them
}

const maxSheetName = 31 // UTF-16 units

// addSheet begins a new sheet under a legal and unused name as close to the wanted
// one as possible.
func (b *book) addSheet(want string) error {
	name := sheetName(want, "")
	for n := 2; b.used[strings.ToLower(name)]; n++ {
		name = sheetName(want, fmt.Sprintf(" (%d)", n))
	}
	if len(b.used) == 0 {
		if err := b.file.SetSheetName("Sheet1", name); err != nil {
			return fmt.Errorf("sheet %q: %w", name, err)
		}
	} else if _, err := b.file.NewSheet(name); err != nil {
		return fmt.Errorf("sheet %q: %w", name, err)
	}
	b.used[strings.ToLower(name)] = true
	b.sheet, b.widths = name, map[int]float64{}
	return b.setUpPage()
}

func sheetName(want, suffix string) string {
	want = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) || r < ' ' {
			return -1
		}
		return r
	}, legal(want)), "' ")
	units := 0
	for i, r := range want {
		if units += utf16.RuneLen(r); units > maxSheetName-len(suffix) {
			want = strings.TrimRight(want[:i], "' ")
			break
		}
	}
	if want == "" {
		want = "Sheet1"
	}
	return want + suffix
}

// setUpPage prepares the sheet for printing on A4, as wide as the paper.
func (b *book) setUpPage() error {
	const a4 = 9
	size, orientation, wide, high, fit, centred := a4, "portrait", 1, 0, true, true
	left, top := 0.5, 0.6
	return errors.Join(
		b.file.SetSheetProps(b.sheet, &excelize.SheetPropsOptions{FitToPage: &fit}),
		b.file.SetPageLayout(b.sheet, &excelize.PageLayoutOptions{
			Size: &size, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &high,
		}),
		b.file.SetPageMargins(b.sheet, &excelize.PageLayoutMarginsOptions{
			Left: &left, Right: &left, Top: &top, Bottom: &top, Horizontally: &centred,
		}),
	)
}

// describe sets the document properties: fixed ones, so that the same forms give the
// same bytes and nothing tells who wrote them when.
func (b *book) describe() error {
	const epoch = "2020-01-01T00:00:00Z"
	return errors.Join(
		b.file.SetDocProps(&excelize.DocProperties{
			Creator: "jixiaolint", LastModifiedBy: "jixiaolint", Created: epoch, Modified: epoch,
		}),
		b.file.SetAppProps(&excelize.AppProperties{Application: "jixiaolint"}),
	)
}

// write puts a page on the sheet, below and to the right of the given numbers of
// rows and columns.
func (b *book) write(p *page, down, right int) error {
	for i, w := range p.widths {
		n := right + i + 1
		if w <= b.widths[n] {
			continue // a form above needs the column as wide
		}
		b.widths[n] = w
		if err := b.file.SetColWidth(b.sheet, grid.ColumnName(n), grid.ColumnName(n), w); err != nil {
			return err
		}
	}
	for row := 1; row <= p.rows; row++ {
		if err := b.file.SetRowHeight(b.sheet, down+row, p.height(row)); err != nil {
			return err
		}
	}
	for i := range p.boxes {
		if err := b.box(&p.boxes[i], down, right); err != nil {
			return err
		}
	}
	return nil
}

// place tells the cells of a form's fields in document order, for a page below and to
// the right of the given numbers of rows and columns.
func (p *page) place(form *schema.Form, down, right int, placed func(pointer, cell string)) {
	pointers := map[*schema.Field]string{} // of fields that the file has no place for
	for pointer, f := range form.Fields() {
		pointers[f] = pointer
	}
	cells := map[string]string{}
	for i := range p.boxes {
		b := &p.boxes[i]
		for _, f := range b.filed {
			cells[cmp.Or(f.At.Path, pointers[f])] = grid.CellName(right+b.col, down+b.row)
		}
	}
	for pointer := range form.Fields() {
		cell, ok := cells[pointer]
		if !ok && strings.HasSuffix(pointer, "/target") {
			cell, ok = cells[pointer+"_parts/value"] // a target that is split over columns
		}
		if ok {
			placed(pointer, cell)
		}
	}
}

// measure records the range of the sheet in use, which some readers rely on.
func (b *book) measure(lastRow int) error {
	cols := 1
	for n := range b.widths {
		cols = max(cols, n)
	}
	return b.file.SetSheetDimension(b.sheet, "A1:"+grid.CellName(cols, lastRow))
}

// height estimates the height of a row in points. Spreadsheets do not fit rows to
// the wrapped text of merged cells by themselves.
func (p *page) height(row int) float64 {
	const lineHeight, least, titleHeight, most = 15, 22, 32, 409
	lines := 1
	for i := range p.boxes {
		b := &p.boxes[i]
		if b.row != row || b.rows > 1 {
			continue
		}
		if b.part == title {
			return titleHeight
		}
		room := 0.0
		for _, w := range p.widths[b.col-1 : b.col-1+b.cols] {
			room += w
		}
		n := 0
		for _, line := range strings.Split(b.text, "\n") {
			n += max(1, int(math.Ceil(DisplayWidth(line)/max(room-1, 2))))
		}
		lines = max(lines, n)
	}
	return float64(min(max(lines*lineHeight+7, least), most))
}

// DisplayWidth is the width of a text in characters of the body font; everything
// beyond Latin, Greek and Cyrillic counts as double width, which is near enough for
// a row height.
func DisplayWidth(s string) float64 {
	n := 0
	for _, r := range s {
		n++
		if r > 0x10ff {
			n++
		}
	}
	return float64(n)
}

func (b *book) box(x *box, down, right int) error {
	first := grid.CellName(right+x.col, down+x.row)
	last := grid.CellName(right+x.col+x.cols-1, down+x.row+x.rows-1)
	text := legal(x.text)
	value, format, isNumber := "", general, false
	if x.part == entry {
		value, format, isNumber = number(text, x.stored)
	}
	if !isNumber && startsFormula(text) {
		format = asText
	}
	id, err := b.style(style{x.part, format})
	if err != nil {
		return fmt.Errorf("cell %s: %w", first, err)
	}
	if err := b.file.SetCellStyle(b.sheet, first, last, id); err != nil {
		return fmt.Errorf("cell %s: %w", first, err)
	}
	if x.rows > 1 || x.cols > 1 {
		if err := b.file.MergeCell(b.sheet, first, last); err != nil {
			return fmt.Errorf("cell %s: %w", first, err)
		}
	}
	switch {
	case isNumber:
		// The decimal goes in as text, so that no binary fraction comes near it.
		err = b.file.SetCellDefault(b.sheet, first, value)
	case text == "":
	case len(utf16.Encode([]rune(text))) > excelize.TotalCellChars:
		return &LongTextError{Cell: first, Most: excelize.TotalCellChars}
	default:
		err = b.file.SetCellStr(b.sheet, first, escapes.ReplaceAllString(text, "_x005F$0"))
	}
	if err != nil {
		return fmt.Errorf("cell %s: %w", first, err)
	}
	return nil
}

// startsFormula reports whether a spreadsheet would read the text as a formula if
// its reader typed it again.
func startsFormula(s string) bool {
	return strings.IndexAny(strings.TrimLeft(s, " \t\r\n"), "=+-@") == 0
}

// legal replaces the characters that XML, and so a workbook, cannot hold.
func legal(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF {
			return '\uFFFD'
		}
		return r
	}, s) // Map itself replaces what is not UTF-8
}

// escapes are texts that a spreadsheet would read as an escaped character. excelize
// v2.11.1 does not protect them in shared strings.
var escapes = regexp.MustCompile("_x[0-9A-Fa-f]{4}_")

// maxDigits is the number of digits that spreadsheets keep of a number.
const maxDigits = 15

// number gives the stored value and the number format under which a spreadsheet
// shows exactly the text. ok is false for texts that no number shows so.
func number(text, stored string) (value, format string, ok bool) {
	digits, percent := strings.CutSuffix(text, "%")
	n, decimals, ok := quantity.ParseDecimal(digits)
	if !ok || n.Text(decimals) != digits || len(digits) > maxDigits {
		return "", general, false
	}
	format = "0"
	if decimals > 0 {
		format += "." + strings.Repeat("0", decimals)
	}
	value = n.Short(decimals)
	scale := quantity.Int(1)
	if percent {
		format += "%"
		scale = quantity.Int(100)
		value = n.Quo(scale).Short(decimals + 2)
	}
	// More digits than are shown were stored, and the form's figures follow from them.
	if full, _, ok := quantity.ParseStored(stored); ok && full.Mul(scale).Round(decimals).Cmp(n) == 0 {
		value = stored
	}
	return value, format, true
}

// The number formats of cells that hold no figure.
const (
	general = "General"
	asText  = "@"
)

// builtin are the number formats that every spreadsheet knows by number.
var builtin = map[string]int{general: 0, "0": 1, "0.00": 2, "0%": 9, "0.00%": 10, asText: 49}

// style is what cells that look alike have in common.
type style struct {
	part   part
	format string
}

// style gives the workbook's number of a style, registering it when it is new.
func (b *book) style(s style) (int, error) {
	if id, ok := b.styles[s]; ok {
		return id, nil
	}
	font := &excelize.Font{Family: "宋体", Size: 10.5}
	align := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	switch s.part {
	case heading:
		font.Bold, align.Horizontal = true, "left"
	case title:
		font.Bold, font.Size = true, 18
	case label:
		font.Bold = true
	case prose:
		align.Horizontal = "left"
	case caption, entry:
	}
	def := &excelize.Style{Font: font, Alignment: align}
	if !s.part.outside() {
		for _, side := range []string{"left", "top", "right", "bottom"} {
			def.Border = append(def.Border, excelize.Border{Type: side, Color: "000000", Style: 1})
		}
	}
	if n, ok := builtin[s.format]; ok {
		def.NumFmt = n
	} else {
		def.CustomNumFmt = &s.format
	}
	id, err := b.file.NewStyle(def)
	if err != nil {
		return 0, fmt.Errorf("number format %s: %w", strconv.Quote(s.format), err)
	}
	b.styles[s] = id
	return id, nil
}
