package grid

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// sheetSeeds are sheets, well formed and not, to start fuzzing from.
var sheetSeeds = []string{
	sheetXML(`<row r="1"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1"><f>A1</f><v>1.5</v></c></row>`, `<mergeCells><mergeCell ref="A1:B2"/></mergeCells>`),
	sheetXML(`<row r="2" hidden="1"><c t="inlineStr"><is><r><t>a</t></r><rPh><t>b</t></rPh><t> &lt;c </t></is></c></row>`),
	`<x:worksheet xmlns:x="u"><x:cols><x:col min="1" max="2" hidden="1"/></x:cols><x:sheetData><x:row><x:c><x:v>1<!-- --><![CDATA[2]]></x:v></x:c></x:row></x:sheetData></x:worksheet>`,
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<worksheet><sheetData><row r='1' ht=\"0\"><c r='&#65;1' t='str'><v>a\r\nb&#x4e00;</v></c></row></sheetData><extLst><ext xmlns='z'><row/></ext></extLst></worksheet>\n",
	`<worksheet><sheetData><row r="1"><c r="C1"><v>1</v></c><c r="A1"><v>2</v></c><c r="A1"><v>3</v></c></row><row r="1"`,
	`<worksheet><sheetData><row><c><f t="shared" si="1">A1+$B2</f><v>1</v></c><c><f t="shared" si="1"/></c></row></sheetData></worksheet>`,
	`<a:worksheet><b:sheetData/><sheetData/></a:worksheet>`,
	"\xFE\xFF\x00<\x00w\x00/\x00>",
	`<!DOCTYPE worksheet><worksheet/>`,
}

// scanned lists what a sheet holds, one event a line, and whether it is complete.
func scanned(part string) (events []string, complete bool) {
	s := &sheetScanner{x: newXMLScanner(part, DefaultLimits())}
	for {
		switch s.next() {
		case sheetEnd:
			return events, true
		case sheetBroken:
			return events, false
		case sheetRow:
			events = append(events, fmt.Sprintf("row %q", spaces(s.ref)))
		case sheetMerge:
			events = append(events, fmt.Sprintf("merge %q", spaces(s.ref)))
		case sheetColumn:
			events = append(events, fmt.Sprintf("col %q %q", spaces(s.from), spaces(s.to)))
		case sheetCell:
			c := s.cell
			c.ref, c.kind, c.style, c.formulaKind, c.shared, c.filled = spaces(c.ref), spaces(c.kind), spaces(c.style), spaces(c.formulaKind), spaces(c.shared), spaces(c.filled)
			events = append(events, fmt.Sprintf("cell %+q", fmt.Sprint(c)))
		}
	}
}

// spaces evens out white space in attributes, which encoding/xml does not.
func spaces(s string) string { return strings.NewReplacer("\n", " ", "\t", " ", "\r", " ").Replace(s) }

// walker is the reference: the same events by way of encoding/xml.
type walker struct {
	path   []xml.Name // of the open elements
	events []string
	cell   rawCell
	text   strings.Builder
}

// walked lists what encoding/xml finds.
func walked(part string) ([]string, error) {
	d := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(part, "\uFEFF")))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var w walker
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return w.events, nil
		}
		if err != nil {
			return w.events, err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			w.path = append(w.path, t.Name)
			w.start(t)
		case xml.EndElement:
			w.end()
			w.path = w.path[:len(w.path)-1]
		case xml.CharData:
			switch w.where() {
			case cellPath + "/v", cellPath + "/f", cellPath + "/is/t", cellPath + "/is/r/t":
				w.text.Write(t)
			}
		}
	}
}

// where gives the path inside the sheet, empty where an element is foreign.
func (w *walker) where() string {
	var b strings.Builder
	for _, n := range w.path {
		if n.Space != w.path[0].Space {
			return ""
		}
		b.WriteString("/" + n.Local)
	}
	return b.String()
}

const cellPath = "/worksheet/sheetData/row/c"

func (w *walker) start(t xml.StartElement) {
	attr := func(name string) string {
		for _, a := range t.Attr {
			if a.Name.Space == "" && a.Name.Local == name {
				return spaces(a.Value)
			}
		}
		return ""
	}
	switch w.where() {
	case "/worksheet/sheetData/row":
		w.events = append(w.events, fmt.Sprintf("row %q", attr("r")))
	case "/worksheet/mergeCells/mergeCell":
		w.events = append(w.events, fmt.Sprintf("merge %q", attr("ref")))
	case "/worksheet/cols/col":
		w.events = append(w.events, fmt.Sprintf("col %q %q", attr("min"), attr("max")))
	case cellPath:
		w.cell = rawCell{ref: attr("r"), kind: attr("t"), style: attr("s")}
	case cellPath + "/v":
		w.cell.repeated = w.cell.repeated || w.cell.hasValue || w.cell.hasInline
		w.cell.hasValue = true
		w.text.Reset()
	case cellPath + "/f":
		w.cell.repeated = w.cell.repeated || w.cell.hasFormula
		w.cell.hasFormula, w.cell.formulaKind, w.cell.shared, w.cell.filled = true, attr("t"), attr("si"), attr("ref")
		w.text.Reset()
	case cellPath + "/is":
		w.cell.repeated = w.cell.repeated || w.cell.hasValue || w.cell.hasInline
		w.cell.hasInline = true
		w.text.Reset()
	}
}

func (w *walker) end() {
	switch w.where() {
	case cellPath:
		w.events = append(w.events, fmt.Sprintf("cell %+q", fmt.Sprint(w.cell)))
	case cellPath + "/v":
		w.cell.value = w.text.String()
	case cellPath + "/f":
		w.cell.formula = w.text.String()
	case cellPath + "/is":
		w.cell.inline = w.text.String()
	}
}

// FuzzSheetScanner holds the sheet scanner to encoding/xml: what it accepts, that
// accepts too and understands in the same way.
func FuzzSheetScanner(f *testing.F) {
	for _, s := range sheetSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, part string) {
		if _, is16 := xmlFromUTF16(part); is16 {
			scanned(part)
			return
		}
		events, complete := scanned(part)
		if !complete {
			return
		}
		want, err := walked(part)
		if err != nil {
			t.Fatalf("accepted what encoding/xml refuses: %v", err)
		}
		if !slices.Equal(events, want) {
			t.Fatalf("got  %s\nwant %s", events, want)
		}
	})
}

// TestSheetScannerAgreesWithEncodingXML is the same for generated sheets, which are
// all well formed, so that the scanner may refuse none.
func TestSheetScannerAgreesWithEncodingXML(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	pick := func(s ...string) string { return s[rng.IntN(len(s))] }
	for range 2000 {
		var b strings.Builder
		prefix := pick("", "", "x:")
		el := func(name, attrs, body string) string {
			if body == "" && rng.IntN(2) == 0 {
				return "<" + prefix + name + attrs + "/>"
			}
			return "<" + prefix + name + attrs + ">" + body + "</" + prefix + name + pick("", " ") + ">"
		}
		for r := range rng.IntN(4) {
			var cells strings.Builder
			for range rng.IntN(4) {
				body := pick("", el("f", pick("", ` t="shared" si="0"`), pick("", "A1&amp;B1")))
				body += pick("", el("v", "", pick("", "1", " 2 ", "a&#10;b", "<![CDATA[<x>]]>", "1<!-- c -->2", "<?p i?>7", "中文&quot;\r\n")))
				body += pick("", el("is", "", el("t", ` xml:space="preserve"`, pick("", " x ", "&gt;"))+pick("", el("r", "", el("t", "", "y"))+el("rPh", "", el("t", "", "z")))))
				body += pick("", "", `<e:c xmlns:e="urn:e"><e:v>9</e:v></e:c>`, el("extLst", "", el("v", "", "8")))
				cells.WriteString(el("c", pick("", ` r="A1"`, ` s='2'	t="s"`, "\n r=\"&#66;2\" x:r='no'"), body))
			}
			b.WriteString(el("row", pick("", ` r="`+strconv.Itoa(r+1)+`"`), cells.String()))
		}
		part := pick("", "<?xml version=\"1.0\"?>\n", "\uFEFF") + "<" + prefix + `worksheet xmlns="urn:s" xmlns:x="urn:s">` + el("sheetData", "", b.String()) + el("mergeCells", "", el("mergeCell", ` ref="A1:B2"`, "")) + "</" + prefix + "worksheet>\n"
		got, complete := scanned(part)
		if !complete {
			t.Fatalf("refused %s", part)
		}
		want, err := walked(part)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%s\ngot  %s\nwant %s", part, got, want)
		}
	}
}

// FuzzReadXLSX protects the promise that any bytes are read without a panic, within
// bounds, the same way twice, and that the tables are in order.
func FuzzReadXLSX(f *testing.F) {
	limits := Limits{FileSize: 1 << 20, UnzippedSize: 4 << 20, PartSize: 2 << 20, Cells: 20_000}
	for _, s := range sheetSeeds {
		p := workbookOf(s)
		p["xl/sharedStrings.xml"] = `<sst xmlns="` + nsMain + `"><si><t>甲</t></si></sst>`
		p["xl/styles.xml"] = stylesXML("0.00%")
		var all []entry
		for _, name := range []string{"_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/styles.xml", sheet1} {
			all = append(all, stored(name, p[name]))
		}
		f.Add(rawZip(all...)) // not compressed, so that the fuzzer reaches the XML
	}
	f.Add(smallForm())
	f.Add([]byte("\xD0\xCF\x11\xE0"))
	f.Fuzz(func(t *testing.T, data []byte) {
		data = bytes.Clone(data) // the fuzzer's own must not change
		fixChecksums(data)
		d := ReadXLSX(t.Context(), "f", data, limits)
		if again := ReadXLSX(t.Context(), "f", data, limits); dump(d) != dump(again) {
			t.Fatal("two readings differ")
		}
		if !bytes.Contains(data, []byte("%!")) { // which checkProblems takes for a slip of ours
			checkProblems(t, d)
		}
		checkOrder(t, d)
	})
}

// fixChecksums mends the checksums of stored parts that the fuzzer has changed.
func fixChecksums(data []byte) {
	dir, _, f := findDirectory(data)
	if f != nil {
		return
	}
	for pos := dir.offset; pos < dir.offset+dir.size; {
		var e archiveEntry
		next, f := e.read(data, pos, dir.offset+dir.size, dir.offset)
		if f != nil {
			return
		}
		if e.method == zipMethodStore {
			copy(data[pos+16:], crc32Bytes(e.packed))
		}
		pos = next
	}
}

// checkOrder holds the tables to their order and the cells to their bounds.
func checkOrder(t *testing.T, d *Document) {
	t.Helper()
	for _, table := range d.Tables {
		last := 0
		for _, r := range table.Rows {
			if r.Num <= last || len(r.Cells) == 0 {
				t.Fatalf("row %d after %d, with %d cells", r.Num, last, len(r.Cells))
			}
			last = r.Num
			col := 0
			for _, c := range r.Cells {
				if c.Col <= col || c.Row != r.Num || c.Rows < 1 || c.Cols < 1 || c.Loc.Cell != CellName(c.Col, c.Row) ||
					c.Loc.Line != c.Row || c.Loc.Column != c.Col || !utf8.ValidString(c.Text) {
					t.Fatalf("cell %+v after column %d of row %d", c, col, r.Num)
				}
				col = c.Col
			}
		}
	}
}

// TestAgreesWithExcelize compares stored values, types, formulas and merged ranges
// of generated workbooks with what excelize, which wrote them, reads back.
func TestAgreesWithExcelize(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 30 {
		f := excelize.NewFile()
		if _, err := f.NewSheet("第二张"); err != nil {
			t.Fatal(err)
		}
		for _, sheet := range f.GetSheetList() {
			fillSheet(t, f, sheet, rng)
		}
		data := writeBook(f)
		back, err := excelize.OpenReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		d := ReadXLSX(t.Context(), "f", data, Limits{})
		checkOrder(t, d)
		for _, table := range d.Tables {
			compareSheet(t, back, table)
		}
		for _, p := range d.Problems {
			if p.Kind != BadCell || !strings.Contains(p.Message.EN, "no stored result") && !strings.HasPrefix(p.Message.EN, "and ") {
				t.Errorf("%s: %s", p.Loc, p.Message.EN)
			}
		}
		_ = back.Close()
		_ = f.Close()
	}
}

// TestFixturesAgreeWithExcelize holds the reading of every shipped workbook to that
// of excelize.
func TestFixturesAgreeWithExcelize(t *testing.T) {
	paths, err := filepath.Glob("../../fixtures/*/*.xlsx")
	if err != nil || len(paths) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, path := range paths {
		if filepath.Base(filepath.Dir(path)) == "hostile" || filepath.Base(path) == "unreadable-file.xlsx" {
			continue // not for excelize to read
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			back, err := excelize.OpenReader(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = back.Close() }()
			d := ReadXLSX(t.Context(), "f", data, Limits{})
			checkOrder(t, d)
			if len(d.Tables) != len(back.GetSheetList()) {
				t.Errorf("%d sheets, excelize %d", len(d.Tables), len(back.GetSheetList()))
			}
			for _, table := range d.Tables {
				compareSheet(t, back, table)
			}
		})
	}
}

// fillSheet writes random cells, formulas and merged ranges.
func fillSheet(t *testing.T, f *excelize.File, sheet string, rng *rand.Rand) {
	t.Helper()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	texts := []string{"项目", " 前后空格 ", "a&b<c>\"d\"", "两\n行", "_x000D_", "1.50", "🙂"}
	for range 60 {
		cell := CellName(1+rng.IntN(30), 1+rng.IntN(30))
		switch rng.IntN(6) {
		case 0:
			check(f.SetCellStr(sheet, cell, texts[rng.IntN(len(texts))]))
		case 1:
			check(f.SetCellFloat(sheet, cell, rng.NormFloat64()*1000, -1, 64))
		case 2:
			check(f.SetCellInt(sheet, cell, rng.Int64N(1e9)))
		case 3:
			check(f.SetCellBool(sheet, cell, rng.IntN(2) == 0))
		case 4:
			check(f.SetCellFormula(sheet, cell, "SUM(A1:$B$2)*C3"))
		case 5:
			check(f.SetCellRichText(sheet, cell, []excelize.RichTextRun{{Text: "富"}, {Text: "文 本"}}))
		}
	}
	kind, ref := excelize.STCellFormulaTypeShared, "AF1:AF9"
	check(f.SetCellFormula(sheet, "AF1", "A1+$B2*C$3", excelize.FormulaOpts{Type: &kind, Ref: &ref}))
	for i := range 4 {
		col, row := 1+rng.IntN(5), 1+8*i+rng.IntN(3)
		check(f.MergeCell(sheet, CellName(col, row), CellName(col+rng.IntN(5), row+1+rng.IntN(4))))
	}
}

func compareSheet(t *testing.T, f *excelize.File, table *Table) {
	t.Helper()
	merges, err := f.GetMergeCells(table.Name)
	if err != nil {
		t.Fatal(err)
	}
	anchors := map[string]string{}
	covered := map[string]bool{}
	for _, m := range merges {
		anchors[m.GetStartAxis()] = m.GetEndAxis()
		r, _ := parseRange(m.GetStartAxis() + ":" + m.GetEndAxis())
		for row := r.row1; row <= r.row2; row++ {
			for col := r.col1; col <= r.col2; col++ {
				covered[CellName(col, row)] = true
			}
		}
	}
	for row := 1; row <= 40; row++ {
		for col := 1; col <= 35; col++ {
			name := CellName(col, row)
			c := cellAt(table, name)
			if c == nil {
				c = &Cell{Rows: 1, Cols: 1}
			}
			end := ""
			if c.Rows > 1 || c.Cols > 1 {
				end = CellName(col+c.Cols-1, row+c.Rows-1)
			}
			if end != anchors[name] {
				t.Errorf("%s merged to %q, excelize %q", name, end, anchors[name])
			}
			if covered[name] && anchors[name] == "" {
				continue // excelize gives the anchor's value and formula here
			}
			formula, err := f.GetCellFormula(table.Name, name)
			if err != nil {
				t.Fatal(err)
			}
			if c.Formula != formula {
				t.Errorf("%s formula %q, excelize %q", name, c.Formula, formula)
			}
			raw, err := f.GetCellValue(table.Name, name, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			got := c.Raw
			if got == "" {
				got = c.Text
			}
			if got != raw {
				t.Errorf("%s holds %q, excelize %q", name, got, raw)
			}
		}
	}
}
