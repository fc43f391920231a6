package office

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"jixiaolint/checks/formtest"
	"jixiaolint/schema/grid"
)

// parts are the parts of a package by name.
type parts map[string]string

func (p parts) zip(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for n := range p {
			if !yield(n) {
				return
			}
		}
	}) {
		if err := writePart(w, &zip.FileHeader{Name: name, Method: zip.Deflate}, []byte(p[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// unzip reads a package, and checks that every part of XML is well formed.
func unzip(t testing.TB, data []byte) parts {
	t.Helper()
	p, order, err := formtest.Parts(data)
	if err != nil {
		t.Fatal(err)
	}
	if len(p) < len(order) {
		t.Fatalf("two parts of one name among %q", order)
	}
	for name, text := range p {
		if strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels") || strings.HasSuffix(name, ".vml") {
			for d := xml.NewDecoder(strings.NewReader(text)); ; {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("%s: %v\n%s", name, err, text)
				}
			}
		}
	}
	return p
}

func must(t testing.TB, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// rich is a workbook with one of everything that could get lost.
func rich(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	var picture bytes.Buffer
	must(t, png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 2, 2))))
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}, NumFmt: 10,
		Border: []excelize.Border{{Type: "left", Style: 1, Color: "FF0000"}}})
	must(t, err)
	_, err2 := f.NewSheet("其他")
	_, err3 := f.NewSheet("隐藏")
	red, err4 := f.NewConditionalStyle(&excelize.Style{Font: &excelize.Font{Color: "9A0511"}})
	list := excelize.NewDataValidation(true)
	list.Sqref = "C1:C9"
	must(t, err2, err3, err4, list.SetDropList([]string{"是", "否"}),
		f.SetCellValue("Sheet1", "A1", "标题"), f.MergeCell("Sheet1", "A1", "D1"),
		f.SetCellValue("Sheet1", "B2", 0.9321), f.SetCellStyle("Sheet1", "B2", "B2", bold),
		f.SetCellFormula("Sheet1", "B3", "SUM(B2:B2)"), f.SetRowHeight("Sheet1", 3, 40), f.SetColWidth("Sheet1", "C", "C", 30),
		f.AddPictureFromBytes("Sheet1", "F2", &excelize.Picture{Extension: ".png", File: picture.Bytes()}),
		f.AddDataValidation("Sheet1", list),
		f.SetConditionalFormat("Sheet1", "B2:B9", []excelize.ConditionalFormatOptions{{Type: "cell", Criteria: ">", Value: "1", Format: &red}}),
		f.AddComment("Sheet1", excelize.Comment{Cell: "B2", Author: "张三", Paragraph: []excelize.RichTextRun{{Text: "原有批注"}}}),
		f.AddComment("其他", excelize.Comment{Cell: "A1", Author: "李四", Paragraph: []excelize.RichTextRun{{Text: "别处的批注"}}}),
		f.SetDefinedName(&excelize.DefinedName{Name: "预算", RefersTo: "Sheet1!$B$2"}),
		f.SetDefinedName(&excelize.DefinedName{Name: "局部", RefersTo: "其他!$A$1", Scope: "其他"}),
		f.SetCellHyperLink("Sheet1", "A5", "https://example.org/a?b=1&c=2", "External"),
		f.AddTable("其他", &excelize.Table{Range: "A3:B5", Name: "表一"}),
		f.SetDocProps(&excelize.DocProperties{Creator: "王五", Title: "自评表"}),
		f.SetSheetVisible("隐藏", false), f.SetCellValue("隐藏", "A1", 1),
		f.SetPanes("Sheet1", &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}),
	)
	var b bytes.Buffer
	must(t, f.Write(&b), f.Close())
	return b.Bytes()
}

func onCell(sheet, cell, text string) Mark {
	return Mark{At: grid.Location{Sheet: sheet, Cell: cell}, Fill: "FFC7CE", Comment: []Paragraph{{"【错误】", text}, {"应为：", "92.31%"}}}
}

func testList() List {
	return List{Name: "审核意见", Layout: SheetLayout{Widths: []float64{20, 40}, Header: 1, Filter: true, Footer: "&Pa"}, Write: func(s *Sheet) {
		s.Row(20, Cell{Text: "位置", Style: Style{Bold: true}}, Cell{Text: "问题"})
		s.Row(20, Cell{Text: "B2", Place: CellPlace("Sheet1", "B2")}, Cell{Text: "=HYPERLINK(\"http://x\")\x01<&_x0041_"})
	}}
}

func annotate(t testing.TB, data []byte, marks ...Mark) []byte {
	t.Helper()
	out, err := AnnotateXLSX(t.Context(), data, marks, testList())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var (
	reStyleAttr = regexp.MustCompile(` s="\d+"`)
	reLegacy    = regexp.MustCompile(`<legacyDrawing [^>]*>(</legacyDrawing>)?`)
	reSelected  = regexp.MustCompile(` tabSelected="[^"]*"`)
	reCell      = regexp.MustCompile(`<c r="(C7|B9|AA3)"[^>]*>(</c>)?|<row r="(7|9)"></row>|<row r="(7|9)">(<c r="[A-Z0-9]*" s="\d+"/>)*</row>`)
)

// Of a submitted workbook, only what the marks need changes: every other part keeps
// its bytes, and the sheet differs by the styles of the marked cells alone.
func TestAnnotateXLSXKeepsTheWorkbook(t *testing.T) {
	data := rich(t)
	before := unzip(t, data)
	after := unzip(t, annotate(t, data, onCell("Sheet1", "B2", "一"), onCell("Sheet1", "C7", "二"), onCell("Sheet1", "B9", "三"), onCell("Sheet1", "AA3", "四")))
	changed := []string{"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
		"xl/worksheets/sheet1.xml", "xl/worksheets/_rels/sheet1.xml.rels", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"}
	for name, text := range before {
		if after[name] != text && !slices.Contains(changed, name) {
			t.Errorf("the part %s changed", name)
		}
	}
	strip := func(s string) string {
		s = reCell.ReplaceAllString(s, "")
		s = reSelected.ReplaceAllString(reLegacy.ReplaceAllString(s, ""), "")
		return strings.ReplaceAll(reStyleAttr.ReplaceAllString(s, ""), ` spans="2:3"`, "")
	}
	if got, want := strip(after["xl/worksheets/sheet1.xml"]), strip(before["xl/worksheets/sheet1.xml"]); got != want {
		t.Errorf("the sheet is\n%s\nwant\n%s", got, want)
	}
	if !strings.Contains(after["xl/comments1.xml"], "原有批注") || !strings.Contains(after["xl/comments1.xml"], "张三") {
		t.Error("a comment got lost")
	}
}

// The annotated workbook is a workbook to excelize, with everything where it was and
// the findings in it.
func TestAnnotatedXLSXReopens(t *testing.T) {
	data := annotate(t, rich(t), onCell("Sheet1", "B2", "执行率不对"), onCell("Sheet1", "C7", "空"), onCell("没有这个表", "A1", "x"), onCell("Sheet1", "", "整张表"))
	f, err := excelize.OpenReader(bytes.NewReader(data))
	must(t, err)
	defer func() { must(t, f.Close()) }()
	if got := f.GetSheetList(); !slices.Equal(got, []string{"审核意见", "Sheet1", "其他", "隐藏"}) {
		t.Errorf("sheets %v", got)
	}
	if f.GetActiveSheetIndex() != 0 {
		t.Error("another sheet is open")
	}
	id, err := f.GetCellStyle("Sheet1", "B2")
	must(t, err)
	style, err := f.GetStyle(id)
	must(t, err)
	if style.NumFmt != 10 || !style.Font.Bold || style.Font.Size != 14 || len(style.Border) != 1 || len(style.Fill.Color) == 0 || style.Fill.Color[0] != "FFC7CE" {
		t.Errorf("the marked cell's style is %+v", style)
	}
	value, err := f.GetCellValue("Sheet1", "B2")
	must(t, err)
	formula, err := f.GetCellFormula("Sheet1", "B3")
	must(t, err)
	if value != "93.21%" || formula != "SUM(B2:B2)" {
		t.Errorf("B2 shows %s, B3 computes %s", value, formula)
	}
	comments, err := f.GetComments("Sheet1")
	must(t, err)
	texts := map[string]string{}
	for _, c := range comments {
		texts[c.Cell] = c.Author + ": " + c.Text
		for _, r := range c.Paragraph {
			texts[c.Cell] += r.Text
		}
	}
	if len(comments) != 2 || !strings.Contains(texts["B2"], "原有批注") || !strings.Contains(texts["B2"], "执行率不对") ||
		!strings.HasPrefix(texts["C7"], Author+": ") || !strings.Contains(texts["C7"], "应为：92.31%") {
		t.Errorf("comments %q", texts)
	}
	for _, n := range f.GetDefinedName() {
		if n.Name == "局部" && n.Scope != "其他" {
			t.Errorf("the name 局部 belongs to %s", n.Scope)
		}
	}
	text, err := f.GetCellValue("审核意见", "B2")
	must(t, err)
	none, err := f.GetCellFormula("审核意见", "B2")
	must(t, err)
	if text != "=HYPERLINK(\"http://x\")\uFFFD<&_x0041_" || none != "" {
		t.Errorf("the list says %q, formula %q", text, none)
	}
	linked, target, err := f.GetCellHyperLink("审核意见", "A2")
	must(t, err)
	if !linked || target != "'Sheet1'!B2" {
		t.Errorf("the list leads to %q", target)
	}
}

// Annotating again, as a reviewer may do with a copy that came back, extends comments
// and adds another list.
func TestAnnotateXLSXTwice(t *testing.T) {
	once := annotate(t, rich(t), onCell("Sheet1", "B2", "一"), onCell("Sheet1", "D4", "二"))
	twice := annotate(t, once, onCell("Sheet1", "D4", "三"), onCell("Sheet1", "D5", "四"), onCell("其他", "A1", "五"))
	f, err := excelize.OpenReader(bytes.NewReader(twice))
	must(t, err)
	defer func() { must(t, f.Close()) }()
	if got := f.GetSheetList(); !slices.Equal(got[:2], []string{"审核意见 (2)", "审核意见"}) {
		t.Errorf("sheets %v", got)
	}
	comments, err := f.GetComments("Sheet1")
	must(t, err)
	if len(comments) != 3 {
		t.Errorf("%d comments", len(comments))
	}
	if !bytes.Equal(twice, annotate(t, once, onCell("Sheet1", "D4", "三"), onCell("Sheet1", "D5", "四"), onCell("其他", "A1", "五"))) {
		t.Error("the same marks gave other bytes")
	}
}

// A workbook with macros keeps them.
func TestAnnotateXLSXKeepsMacros(t *testing.T) {
	p := unzip(t, rich(t))
	p["xl/vbaProject.bin"] = "\xCC\x61macros"
	p["customXml/item1.xml"] = "<a/>"
	p["[Content_Types].xml"] = strings.Replace(p["[Content_Types].xml"], "</Types>", `<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>`, 1)
	after := unzip(t, annotate(t, p.zip(t), onCell("Sheet1", "B2", "一")))
	if after["xl/vbaProject.bin"] != p["xl/vbaProject.bin"] || after["customXml/item1.xml"] != "<a/>" {
		t.Error("a part changed")
	}
}

// plain builds a workbook of one sheet from the XML of its cells.
func plain(data string, more parts) parts {
	p := parts{
		"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
		"_rels/.rels":                relsHead + `<Relationship Id="rId1" Type="` + nsRelations + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<x:workbook xmlns:x="` + nsSheet + `"><x:sheets><x:sheet xmlns:r="` + nsRelations + `" name="S" sheetId="7" r:id="rId1"/></x:sheets></x:workbook>`,
		"xl/_rels/workbook.xml.rels": relsHead + `<Relationship Id="rId1" Type="` + nsRelations + `/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<x:worksheet xmlns:x="` + nsSheet + `">` + data + `</x:worksheet>`,
	}
	for name, text := range more {
		p[name] = text
	}
	return p
}

// However a sheet writes its cells, the marked ones are found, and those that are not
// stored are put where they belong.
func TestAnnotateXLSXPlacesCells(t *testing.T) {
	for name, c := range map[string]struct{ data, want string }{
		"no references":  {`<x:sheetData><x:row><x:c/><x:c><x:v>1</x:v></x:c></x:row></x:sheetData>`, `<x:row><x:c/><x:c s="1"><x:v>1</x:v></x:c></x:row>`},
		"empty sheet":    {`<x:sheetData/>`, `<x:sheetData><x:row r="1"><x:c r="B1" s="1"/></x:row></x:sheetData>`},
		"empty row":      {`<x:sheetData><x:row r="1" spans="1:1"/></x:sheetData>`, `<x:sheetData><x:row r="1"><x:c r="B1" s="1"/></x:row></x:sheetData>`},
		"between cells":  {`<x:sheetData><x:row r="1"><x:c r="A1"/><x:c r="C1"/></x:row></x:sheetData>`, `<x:c r="A1"/><x:c r="B1" s="1"/><x:c r="C1"/>`},
		"before a row":   {`<x:sheetData><x:row r="2"><x:c r="A2"/></x:row></x:sheetData>`, `<x:sheetData><x:row r="1"><x:c r="B1" s="1"/></x:row><x:row r="2"><x:c r="A2"/></x:row></x:sheetData>`},
		"rows astray":    {`<x:sheetData><x:row r="2"/><x:row r="1"><x:c r="B1"/></x:row></x:sheetData>`, `<x:row r="2"/><x:row r="1"><x:c s="1" r="B1"/></x:row>`},
		"single quotes":  {`<x:sheetData><x:row r='1'><x:c r='B1' s='0' t='str'><x:v>&gt;</x:v></x:c></x:row></x:sheetData>`, `<x:c r='B1' s="1" t='str'><x:v>&gt;</x:v></x:c>`},
		"before a table": {`<x:sheetData/><x:tableParts count="0"/>`, `<x:legacyDrawing xmlns:r="` + nsRelations + `" r:id="rId2"/><x:tableParts count="0"/>`},
	} {
		t.Run(name, func(t *testing.T) {
			out := annotate(t, plain(c.data, nil).zip(t), onCell("S", "B1", "一"))
			if got := unzip(t, out)["xl/worksheets/sheet1.xml"]; !strings.Contains(got, c.want) {
				t.Errorf("the sheet is %s\nwant %s", got, c.want)
			}
			doc := grid.ReadXLSX(t.Context(), "a.xlsx", out, grid.Limits{})
			if len(doc.Tables) != 2 || doc.Tables[0].Name != "审核意见" {
				t.Errorf("our reader finds %d tables; problems %v", len(doc.Tables), doc.Problems)
			}
		})
	}
}

// A comment on a cell with a conversation is a reply in it, which is all that newer
// programs show of the cell.
func TestAnnotateXLSXRepliesInThreads(t *testing.T) {
	const ns, rel = `xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"`, "http://schemas.microsoft.com/office/2017/10/relationships/"
	p := plain(`<x:sheetData><x:row r="1"><x:c r="B1"><x:v>1</x:v></x:c></x:row></x:sheetData>`, parts{
		"xl/threadedComments/threadedComment1.xml": `<ThreadedComments ` + ns + `><threadedComment ref="B1" dT="2023-01-01T00:00:00.00" personId="{P}" id="{T}"><text>讨论</text></threadedComment></ThreadedComments>`,
		"xl/persons/person.xml":                    `<personList ` + ns + `><person displayName="张三" id="{P}" userId="x" providerId="None"/></personList>`,
		"xl/worksheets/_rels/sheet1.xml.rels":      relsHead + `<Relationship Id="rId1" Type="` + rel + `threadedComment" Target="../threadedComments/threadedComment1.xml"/></Relationships>`,
	})
	p["xl/_rels/workbook.xml.rels"] = strings.Replace(p["xl/_rels/workbook.xml.rels"], "</Rel", `<Relationship Id="rId2" Type="`+rel+`person" Target="persons/person.xml"/></Rel`, 1)
	once := annotate(t, p.zip(t), onCell("S", "B1", "一<二"), onCell("S", "C1", "三"))
	after := unzip(t, once)
	talk := after["xl/threadedComments/threadedComment1.xml"]
	if strings.Count(talk, "<threadedComment ") != 2 || !strings.Contains(talk, `parentId="{T}"><text>【错误】一&lt;二`) {
		t.Error(talk)
	}
	if people := after["xl/persons/person.xml"]; strings.Count(people, authorID) != 1 {
		t.Error(people)
	}
	if !bytes.Equal(once, annotate(t, p.zip(t), onCell("S", "B1", "一<二"), onCell("S", "C1", "三"))) {
		t.Error("the bytes differ from run to run")
	}
}

// What is added to a workbook of the Strict variant is of that variant.
func TestAnnotateXLSXStrict(t *testing.T) {
	p := plain(`<x:sheetData/>`, nil)
	for name, text := range p {
		p[name] = strings.NewReplacer(nsRelations, nsStrictRels, nsSheet, "http://purl.oclc.org/ooxml/spreadsheetml/main").Replace(text)
	}
	for name, text := range unzip(t, annotate(t, p.zip(t), onCell("S", "B1", "一"))) {
		if strings.Contains(text, nsSheet) || strings.Contains(text, nsRelations+`"`) {
			t.Errorf("%s is of the other variant: %s", name, text)
		}
	}
}

// A part in UTF-16 is marked like any other; it is UTF-8 then, and says so.
func TestAnnotateXLSXInUTF16(t *testing.T) {
	p := plain(`<x:sheetData><x:row r="1"><x:c r="B1"><x:v>1</x:v></x:c></x:row></x:sheetData>`, nil)
	const sheet = "xl/worksheets/sheet1.xml"
	text := `<?xml version="1.0" encoding="UTF-16"?>` + strings.TrimPrefix(p[sheet], `<?xml version="1.0" encoding="UTF-8"?>`)
	wide := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(text)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	p[sheet] = string(wide)
	got := unzip(t, annotate(t, p.zip(t), onCell("S", "B1", "一")))[sheet]
	if !strings.HasPrefix(got, `<?xml version="1.0" encoding="UTF-8"?>`) || !strings.Contains(got, `<x:c s="1" r="B1">`) && !strings.Contains(got, `<x:c r="B1" s="1">`) {
		t.Error(got)
	}
}

// A blank cell takes its look from its row or column before it is marked.
func TestAnnotateXLSXStyleOfBlankCells(t *testing.T) {
	styles := strings.Replace(plainStyles, `<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>`,
		`<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="1" fillId='0'><alignment horizontal="center"/></xf><xf numFmtId="2"/></cellXfs>`, 1)
	p := plain(`<x:cols><x:col min="1" max="3" style="2"/></x:cols><x:sheetData><x:row r="1" s="1"><x:c r="A1"/></x:row></x:sheetData>`, parts{"xl/styles.xml": styles})
	p["xl/_rels/workbook.xml.rels"] = strings.Replace(p["xl/_rels/workbook.xml.rels"], "</Rel", `<Relationship Id="rId2" Type="`+nsRelations+`/styles" Target="styles.xml"/></Rel`, 1)
	after := unzip(t, annotate(t, p.zip(t), onCell("S", "B1", "一"), onCell("S", "B2", "二")))
	for _, want := range []string{
		`<xf applyFill="1" numFmtId="1" fillId="2"><alignment horizontal="center"/></xf>`,
		`<xf applyFill="1" fillId="2" numFmtId="2"/>`, `<cellXfs count="`,
	} {
		if !strings.Contains(after["xl/styles.xml"], want) {
			t.Errorf("no %s in %s", want, after["xl/styles.xml"])
		}
	}
}

// What is broken or hostile gives an error, never a panic or a guess.
func TestAnnotateXLSXRefuses(t *testing.T) {
	good := plain(`<x:sheetData/>`, nil)
	with := func(name, text string) []byte {
		p := plain(`<x:sheetData/>`, parts{name: text})
		return p.zip(t)
	}
	for name, data := range map[string][]byte{
		"no zip": []byte("hello"), "no workbook": parts{"a": "b"}.zip(t),
		"broken sheet":  with("xl/worksheets/sheet1.xml", `<worksheet><sheetData>`),
		"other root":    with("xl/workbook.xml", `<a/>`),
		"doctype":       with("xl/worksheets/sheet1.xml", `<!DOCTYPE a [<!ENTITY b "c">]><worksheet><sheetData/></worksheet>`),
		"deep":          with("xl/worksheets/sheet1.xml", strings.Repeat("<a>", 1000)+strings.Repeat("</a>", 1000)),
		"broken styles": plainStylesPart(good, t),
	} {
		if out, err := AnnotateXLSX(t.Context(), data, []Mark{onCell("S", "B1", "一")}, testList()); err == nil {
			t.Errorf("%s: %d bytes", name, len(out))
		}
	}
}

func plainStylesPart(p parts, t *testing.T) []byte {
	p["xl/styles.xml"] = "<styleSheet><cellXfs></styleSheet>"
	p["xl/_rels/workbook.xml.rels"] = strings.Replace(p["xl/_rels/workbook.xml.rels"], "</Rel", `<Relationship Id="rId2" Type="`+nsRelations+`/styles" Target="styles.xml"/></Rel`, 1)
	return p.zip(t)
}

// Whatever happens to the parts of a workbook, annotating it ends without a panic, and
// what it gives is well formed.
func TestAnnotateXLSXSurvivesDamage(t *testing.T) {
	whole := unzip(t, rich(t))
	r := rand.New(rand.NewPCG(1, 2))
	names := slices.DeleteFunc(slices.Collect(func(yield func(string) bool) {
		for n := range whole {
			if !yield(n) {
				return
			}
		}
	}), func(n string) bool { return strings.HasSuffix(n, ".png") })
	slices.Sort(names)
	for i := range 600 {
		p := parts{}
		for n, text := range whole {
			p[n] = text
		}
		name := names[r.IntN(len(names))]
		text := []byte(p[name])
		switch at := r.IntN(len(text)); r.IntN(4) {
		case 0:
			text = text[:at]
		case 1:
			text[at] = `<>"'/= &x0`[r.IntN(10)]
		case 2:
			end := min(at+r.IntN(60), len(text))
			text = slices.Concat(text[:at], text[end:])
		case 3:
			end := min(at+r.IntN(60), len(text))
			text = slices.Concat(text[:end], text[at:])
		}
		p[name] = string(text)
		out, err := AnnotateXLSX(t.Context(), p.zip(t), []Mark{onCell("Sheet1", "B2", "一"), onCell("Sheet1", "E9", "二")}, testList())
		if err != nil {
			if strings.Contains(err.Error(), "internal error") {
				t.Fatalf("step %d, %s: %v\n%s", i, name, err, text)
			}
			continue
		}
		if _, err := zip.NewReader(bytes.NewReader(out), int64(len(out))); err != nil {
			t.Fatal(err)
		}
	}
}

// A written workbook is one to excelize and to our own reader, with its charts, links
// and exact figures, and the same calls give the same bytes.
func TestWriter(t *testing.T) {
	write := func() []byte {
		var b bytes.Buffer
		w := NewWriter(&b)
		s, err := w.Begin("后", 1, SheetLayout{Widths: []float64{10, 20}, Header: 1, Frozen: 1, Filter: true})
		must(t, err)
		s.Row(20, Cell{Text: "甲"}, Cell{Text: "乙"})
		for i := range 3 {
			s.Row(20, Cell{Text: fmt.Sprint("项目", i), URL: "a%20b.xlsx", Place: CellPlace("表'1", "B2")}, Cell{Number: "0.1", Style: Style{NumFmt: "0.00%"}})
		}
		must(t, w.End())
		_, err = w.Begin("先", 0, SheetLayout{Selected: true})
		must(t, err)
		r := Range{Ref: CellPlace("后", "$A$2:$A$4"), Texts: []string{"项目0", "项目1", "项目2"}}
		v := Range{Ref: CellPlace("后", "$B$2:$B$4"), Texts: []string{"0.1", "0.1", "0.1"}}
		must(t, w.End(Chart{Title: "图<1>", Categories: r, Series: []Series{{Name: "甲", Color: "FF0000", Values: v}}, To: [2]int{5, 9}}), w.Close())
		return b.Bytes()
	}
	data := write()
	if !bytes.Equal(data, write()) {
		t.Error("the same calls gave other bytes")
	}
	p := unzip(t, data)
	if !strings.Contains(p["xl/worksheets/sheet2.xml"], `<hyperlink ref="A2" r:id="rId1" location="&#39;表&#39;&#39;1&#39;!B2"/>`) {
		t.Error("no link in " + p["xl/worksheets/sheet2.xml"])
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	must(t, err)
	defer func() { must(t, f.Close()) }()
	raw, err := f.GetCellValue("后", "B2", excelize.Options{RawCellValue: true})
	must(t, err)
	shown, err := f.GetCellValue("后", "B2")
	must(t, err)
	if raw != "0.1" || shown != "10.00%" || !slices.Equal(f.GetSheetList(), []string{"先", "后"}) {
		t.Errorf("B2 is %s, shown %s; sheets %v", raw, shown, f.GetSheetList())
	}
}
