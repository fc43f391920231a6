package template

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"jixiaolint/schema/lang"
)

// book is a workbook that becomes a template.
type book struct {
	file   *excelize.File
	lang   lang.Lang
	styles map[look]int
	// wrong and open are the numbers of the styles of cells that hold an error and of
	// those where something is still to be said.
	wrong, open int
	// values are the results of the formulas, by sheet and cell.
	values map[string]map[string]result
	// growing are the rows that grow with what is typed, by sheet.
	growing map[string][]int
}

// result is what a formula gives: a number, or a text that may look like one.
type result struct {
	value string
	text  bool
}

// look is a style of the official layout with another number format, unlocked or not.
type look struct {
	base     int
	format   string
	unlocked bool
	// computed cells are shaded; texts at length begin at the top of their cell.
	computed, top bool
}

// shade is the colour behind cells that hold a formula: on paper next to nothing.
const shade = "F2F2F2"

func (b *book) colours() (err error) {
	colour := func(fill, font string) (int, error) {
		return b.file.NewConditionalStyle(&excelize.Style{
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{fill}},
			Font: &excelize.Font{Color: font},
		})
	}
	if b.wrong, err = colour("FFC7CE", "9C0006"); err != nil {
		return err
	}
	b.open, err = colour("FFEB9C", "7F6000")
	return err
}

// restyle gives a range the number format, unless that is empty, and unlocks it or not.
func (b *book) restyle(sheet, first, last, format string, unlocked bool) error {
	return b.change(sheet, first, last, look{format: format, unlocked: unlocked}, func(def *excelize.Style) {
		def.Protection = &excelize.Protection{Locked: !unlocked}
		if format != "" {
			def.NumFmt, def.CustomNumFmt = 0, &format
		}
	})
}

// shade shows that a range is computed.
func (b *book) shade(sheet, first, last string) error {
	return b.change(sheet, first, last, look{computed: true}, func(def *excelize.Style) {
		def.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{shade}}
	})
}

// top lets a text begin at the top of its cell, so that at most its end is cut off.
func (b *book) top(sheet, first, last string) error {
	return b.change(sheet, first, last, look{top: true}, func(def *excelize.Style) {
		def.Alignment = &excelize.Alignment{Horizontal: "left", Vertical: "top", WrapText: true}
	})
}

// change gives a range another look.
func (b *book) change(sheet, first, last string, key look, apply func(*excelize.Style)) (err error) {
	if key.base, err = b.file.GetCellStyle(sheet, first); err != nil {
		return err
	}
	id, ok := b.styles[key]
	if !ok {
		def, err := b.file.GetStyle(key.base)
		if err != nil {
			return err
		}
		apply(def)
		if id, err = b.file.NewStyle(def); err != nil {
			return err
		}
		b.styles[key] = id
	}
	return b.file.SetCellStyle(sheet, first, last, id)
}

// compute gives the result of a formula as a spreadsheet would store it; empty for an
// empty text.
func (b *book) compute(sheet, cell string) (string, error) {
	v, err := b.file.CalcCellValue(sheet, cell, excelize.Options{RawCellValue: true})
	if err != nil {
		return "", fmt.Errorf("%s!%s: %w", sheet, cell, err)
	}
	if f, err := strconv.ParseFloat(v, 64); err == nil {
		v = shortest(f)
	}
	return v, nil
}

// shortest writes a number with the fewest digits that give it but for the tail of the
// binary fractions that it was computed with, as spreadsheets do.
func shortest(f float64) string {
	const tail = 4e-15
	for digits := 1; digits <= 15; digits++ {
		s := strconv.FormatFloat(f, 'g', digits, 64)
		if short, err := strconv.ParseFloat(s, 64); err == nil && math.Abs(short-f) <= math.Abs(f)*tail {
			return strconv.FormatFloat(short, 'f', -1, 64)
		}
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// write writes the workbook with the results of its formulas, so that programs which
// compute nothing read it as spreadsheets do.
func (b *book) write(w io.Writer) (err error) {
	var plain bytes.Buffer
	if err := b.file.Write(&plain); err != nil {
		return err
	}
	in, err := zip.NewReader(bytes.NewReader(plain.Bytes()), int64(plain.Len()))
	if err != nil {
		return err
	}
	sheets := map[string]string{} // by part
	for i, name := range b.file.GetSheetList() {
		sheets[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)] = name
	}
	out := zip.NewWriter(w)
	for _, part := range in.File {
		if err := b.copyPart(out, part, sheets[part.Name]); err != nil {
			return fmt.Errorf("%s: %w", part.Name, err)
		}
	}
	return out.Close()
}

// copyPart copies a part of the package. Into a sheet it puts the results of formulas,
// and it lets the rows grow that are to.
func (b *book) copyPart(out *zip.Writer, part *zip.File, sheet string) (err error) {
	r, err := part.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if results := b.values[sheet]; len(results) > 0 {
		data = reFormula.ReplaceAllFunc(data, func(cell []byte) []byte {
			m := reFormula.FindSubmatch(cell)
			return []byte(withResult(string(m[1]), string(m[2]), string(m[3]), results[string(m[1])]))
		})
	}
	if rows := b.growing[sheet]; len(rows) > 0 {
		data = reRow.ReplaceAllFunc(data, func(tag []byte) []byte {
			if n, err := strconv.Atoi(string(reRow.FindSubmatch(tag)[1])); err != nil || !slices.Contains(rows, n) {
				return tag
			}
			return reFixed.ReplaceAll(tag, nil)
		})
	}
	w, err := out.CreateHeader(&zip.FileHeader{Name: part.Name, Method: zip.Deflate})
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

var (
	reFormula = regexp.MustCompile(`<c r="([A-Z]+[0-9]+)"([^>]*)><f>([^<]*)</f>(?:<v>[^<]*</v>|<v/>)?</c>`)
	reRow     = regexp.MustCompile(`<row r="([0-9]+)"[^>]*>`)
	reFixed   = regexp.MustCompile(` customHeight="[^"]*"`)
	reType    = regexp.MustCompile(` t="[^"]*"`)
	// reNumber is a number as XML has it.
	reNumber = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)
)

// withResult writes a cell with its formula and result: a number, or a text.
func withResult(cell, attributes, formula string, r result) string {
	kind := ` t="str"`
	if !r.text && reNumber.MatchString(r.value) {
		kind = ""
	}
	return `<c r="` + cell + `"` + reType.ReplaceAllString(attributes, "") + kind + `><f>` + formula + `</f><v>` + escape(r.value) + `</v></c>`
}

var xmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escape writes a text or formula as XML.
func escape(s string) string { return xmlEscaper.Replace(s) }

// refs writes cells as a list of ranges of one column, with $ before the rows and
// columns.
func refs(cells []string) []string {
	var out []string
	for i := 0; i < len(cells); {
		col, row := split(cells[i])
		j := i + 1
		for j < len(cells) {
			if c, r := split(cells[j]); c != col || r != row+j-i {
				break
			}
			j++
		}
		ref := absolute(cells[i])
		if j > i+1 {
			ref += ":" + absolute(cells[j-1])
		}
		out = append(out, ref)
		i = j
	}
	return out
}

func split(cell string) (col string, row int) {
	i := strings.IndexAny(cell, "0123456789")
	row, _ = strconv.Atoi(cell[i:])
	return cell[:i], row
}

// absolute writes a cell so that it does not move with the cell that refers to it.
func absolute(cell string) string {
	col, row := split(cell)
	return "$" + col + "$" + strconv.Itoa(row)
}

// mergeEnd gives the last cell of the range that a cell is merged over, the cell itself
// if it is not.
func mergeEnd(merged []excelize.MergeCell, cell string) string {
	i := slices.IndexFunc(merged, func(m excelize.MergeCell) bool { return m.GetStartAxis() == cell })
	if i < 0 {
		return cell
	}
	return merged[i].GetEndAxis()
}
