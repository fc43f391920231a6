package grid

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

const sheet1 = "xl/worksheets/sheet1.xml"

// want compares what was read with the lines expected, problems last.
func want(t *testing.T, d *Document, lines ...string) {
	t.Helper()
	checkProblems(t, d)
	if got, want := strings.TrimSpace(dump(d)), strings.Join(lines, "\n"); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// TestCells protects the meaning of every kind of cell: type, shown text, stored
// text, format and formula are kept apart.
func TestCells(t *testing.T) {
	p := workbookOf(sheetXML(
		`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v> 1 </v></c><c r="C1" t="inlineStr"><is><t>内&amp;联</t></is></c><c r="D1" t="str"><f>A1&amp;"x"</f><v>项目x</v></c></row>` +
			`<row r="2"><c r="A2"><v>14.77</v></c><c r="B2" s="1"><v>0.92312499999999997</v></c><c r="C2" s="2" t="n"><v>44621</v></c><c r="D2" t="b"><v>1</v></c><c r="E2" t="b"><v>0</v></c><c r="F2" t="d" s="2"><v>2022-03-01</v></c></row>` +
			`<row r="3"><c r="A3" s="1"/><c r="B3" t="str"><f>""</f><v></v></c><c r="C3" t="s"><v>2</v></c><c r="D3" t="s"><v>3</v></c><c r="E3" s="3" t="s"><v>0</v></c></row>` +
			`<row r="4"><c r="A4"><f>SUM(A2:A3)</f><v>14.77</v></c><c r="B4"><f t="shared" ref="B4:B5" si="0">A4*$A$2+Sheet2!A:A</f><v>1</v></c></row>` +
			`<row r="5"><c r="B5"><f t="shared" si="0"/><v>2</v></c><c r="C5"><f/></c></row>`))
	p["xl/sharedStrings.xml"] = `<sst xmlns="` + nsMain + `"><si><t>项目</t></si><si><r><rPr><b/></rPr><t xml:space="preserve">支出 </t></r><r><t>绩效</t></r><rPh sb="0" eb="1"><t>zhi</t></rPh></si><si><t/></si><si><t>一_x000D_
二_x005F_x000D_</t></si></sst>`
	p["xl/styles.xml"] = stylesXML("0.00%", "yyyy年m月", "@")
	want(t, p.read(t), `[Sheet1]`,
		`A1 1 "项目"`, `B1 1 "支出 绩效"`, `C1 1 "内&联"`, `D1 1 "项目x" f="A1&\"x\""`,
		`A2 2 "14.77"`, `B2 2 "92.31%" raw="0.92312499999999997" fmt="0.00%"`, `C2 2 "2022年3月" raw="44621" fmt="yyyy年m月"`, `D2 3 "TRUE" raw="1"`, `E2 3 "FALSE" raw="0"`, `F2 1 "2022年3月" raw="2022-03-01" fmt="yyyy年m月"`,
		`B3 1 "" f="\"\""`, `D3 1 "一\r\n二_x000D_"`, `E3 1 "项目" fmt="@"`,
		`A4 2 "14.77" f="SUM(A2:A3)"`, `B4 2 "1" f="A4*$A$2+Sheet2!A:A"`, `B5 2 "2" f="A5*$A$2+Sheet2!A:A"`)
}

// TestLocations protects what diagnostics point with.
func TestLocations(t *testing.T) {
	d := workbookOf(sheetXML(""), sheetXML(`<row r="7"><c r="B7"><v>1</v></c></row>`)).read(t)
	if len(d.Tables) != 2 || d.Tables[1].Number != 2 || !d.Tables[1].Merged || d.Format != XLSX {
		t.Fatalf("%+v", d)
	}
	row := d.Tables[1].Rows[0]
	c := row.Cell(2)
	wantLoc := Location{File: "表.xlsx", Sheet: "Sheet2", Cell: "B7", Line: 7, Column: 2}
	if row.Num != 7 || c == nil || c.Loc != wantLoc || c.Row != 7 || c.Col != 2 || c.Rows != 1 || c.Cols != 1 {
		t.Errorf("row %d, %+v", row.Num, c)
	}
}

// TestMissingReferences protects the standard's rule for rows and cells that do not
// say where they are: they follow the one before.
func TestMissingReferences(t *testing.T) {
	d := workbookOf(sheetXML(`<row><c><v>1</v></c><c r="D1"><v>2</v></c><c><v>3</v></c></row><row r="4"><c r="b4"><v>4</v></c></row><row><c><v>5</v></c></row>`)).read(t)
	want(t, d, `[Sheet1]`, `A1 2 "1"`, `D1 2 "2"`, `E1 2 "3"`, `B4 2 "4"`, `A5 2 "5"`)
}

// TestMerges protects merged ranges: the anchor has their size, a blank anchor is
// made, values under a merge stay.
func TestMerges(t *testing.T) {
	d := workbookOf(sheetXML(`<row r="1"><c r="A1"><v>1</v></c><c r="B2"><v>9</v></c></row><row r="3"><c r="C3"><v>2</v></c></row>`,
		`<mergeCells count="5"><mergeCell ref="E5:D4"/><mergeCell ref="A1:B2"/><mergeCell ref="A3:B3"/><mergeCell ref="F4:G4"/><mergeCell ref="H9"/></mergeCells>`)).read(t)
	want(t, d, `[Sheet1]`, `A1 2 "1" 2x2`, `B2 2 "9"`, `A3 0 "" 1x2`, `C3 2 "2"`, `D4 0 "" 2x2`, `F4 0 "" 1x2`,
		`Disorder: 表.xlsx:Sheet1!B2: from here on rows or cells are stored out of order, or row numbers do not agree with cells; each cell was read at its own reference`)

	d = workbookOf(sheetXML("", `<mergeCells><mergeCell ref="B2:C3"/><mergeCell ref="A1:B2"/><mergeCell ref="A1"/><mergeCell ref=""/><mergeCell ref="A1:XFE1"/></mergeCells>`)).read(t)
	want(t, d, `[Sheet1]`, `A1 0 "" 2x2`,
		`Unreadable: 表.xlsx:Sheet1: the merged range “” is invalid or out of bounds and was not applied`,
		`Unreadable: 表.xlsx:Sheet1: the merged range “A1:XFE1” is invalid or out of bounds and was not applied`,
		`Disorder: 表.xlsx:Sheet1!B2: the merged range B2:C3 overlaps another one and was not applied`)
}

// TestManyMerges protects against the quadratic cost that other readers have.
func TestManyMerges(t *testing.T) {
	var b strings.Builder
	b.WriteString("<mergeCells>")
	for i := range 50_000 {
		fmt.Fprintf(&b, `<mergeCell ref="A%[1]d:XFD%[1]d"/>`, 50_000-i)
	}
	b.WriteString("</mergeCells>")
	d := workbookOf(sheetXML("", b.String())).read(t)
	if len(d.Problems) > 0 || len(d.Tables[0].Rows) != 50_000 || d.Tables[0].Rows[49_999].Cells[0].Cols != 16_384 {
		t.Error(len(d.Tables[0].Rows))
	}
}

// TestColumnTree holds the overlap index to a plain array.
func TestColumnTree(t *testing.T) {
	tree, plain := newColumnTree(37), make([]int, 38)
	for i := 1; i < 400; i++ {
		from := i*7%37 + 1
		to := min(37, from+i*5%11)
		most := 0
		for c := from; c <= to; c++ {
			most = max(most, plain[c])
			plain[c] = max(plain[c], i%90)
		}
		if got := tree.lowest(from, to); got != most {
			t.Fatalf("columns %d to %d: %d, want %d", from, to, got, most)
		}
		tree.take(from, to, i%90)
	}
}

// TestHidden protects the promise that nothing hides: hidden rows, columns and
// sheets are read, marked and reported once.
func TestHidden(t *testing.T) {
	xml := `<worksheet xmlns="` + nsMain + `"><cols><col min="2" max="3" hidden="1"/><col min="5" max="16384" width="0"/></cols><sheetData>` +
		`<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2" hidden="1"><c r="A2"><v>3</v></c></row><row r="3" ht="0" customHeight="1"><c r="A3"><v>4</v></c></row><row r="4" hidden="1"/><row r="6" hidden="true"><c r="D6"><v>1</v></c></row></sheetData></worksheet>`
	p := workbookOf(xml, sheetXML(`<row r="1"><c r="A1"><v>1</v></c></row>`), sheetXML(""))
	p["xl/workbook.xml"] = strings.Replace(strings.Replace(p["xl/workbook.xml"], `name="Sheet2"`, `name="Sheet2" state="veryHidden"`, 1), `name="Sheet3"`, `name="Sheet3" state="hidden"`, 1)
	want(t, p.read(t), `[Sheet1]`, `A1 2 "1"`, `B1 2 "2" hidden`, `A2 2 "3" hidden`, `A3 2 "4" hidden`, `D6 2 "1" hidden`, `[Sheet2] hidden`, `A1 2 "1" hidden`, `[Sheet3] hidden`,
		`HiddenContent: 表.xlsx:Sheet1: hidden rows 2-3, 6 and columns B of the sheet “Sheet1” have content, which was read too`,
		`HiddenContent: 表.xlsx:Sheet2: the sheet “Sheet2” is hidden but has content, which was read too`)
}

// TestOtherSheets protects against sheets that are no worksheets, and against
// content outside the file.
func TestOtherSheets(t *testing.T) {
	p := workbookOf(sheetXML(""), sheetXML(""), sheetXML(""), sheetXML(""))
	rels := p["xl/_rels/workbook.xml.rels"]
	rels = strings.Replace(rels, "/worksheet\" Target=\"worksheets/sheet1", "/chartsheet\" Target=\"worksheets/sheet1", 1)
	rels = strings.Replace(rels, `Target="worksheets/sheet2.xml"`, `Target="http://evil.example/x.xml" TargetMode="External"`, 1)
	rels = strings.Replace(rels, `Target="worksheets/sheet3.xml"`, `Target="/xl/worksheets/sheet%33.xml"`, 1)
	rels = strings.Replace(rels, `Id="rId4"`, `Id="other"`, 1)
	p["xl/_rels/workbook.xml.rels"] = rels
	want(t, p.read(t), `[Sheet2]`, `[Sheet3]`, `[Sheet4]`,
		`Unreadable: 表.xlsx:Sheet2: the sheet “Sheet2” could not be read completely (nothing of it was read): its content lies outside the file and is not read for safety`,
		`Unreadable: 表.xlsx:Sheet4: the sheet “Sheet4” could not be read completely (nothing of it was read): the workbook does not say which part holds it`)
}

// TestFindingTheWorkbook protects packages whose parts have other names and places
// than usual, and those without package relationships.
func TestFindingTheWorkbook(t *testing.T) {
	p := workbookOf(sheetXML(`<row r="1"><c r="A1"><v>1</v></c></row>`))
	moved := parts{
		"_rels/.rels":                strings.Replace(p["_rels/.rels"], `Target="xl/workbook.xml"`, `Target="/Book/wb.xml"`, 1),
		"Book/wb.xml":                p["xl/workbook.xml"],
		"Book/_rels/wb.xml.rels":     strings.Replace(p["xl/_rels/workbook.xml.rels"], "worksheets/", "./x/../", 1),
		"book/SHEET1.xml":            p[sheet1],
		"docProps/something/odd.xml": "<<<",
	}
	for name, q := range map[string]parts{"moved": moved, "no package relationships": p.with("_rels/.rels", ""), "strict": {}} {
		if name == "strict" {
			for n, text := range p {
				text = strings.ReplaceAll(text, nsMain, "http://purl.oclc.org/ooxml/spreadsheetml/main")
				if q[n] = text; n != "_rels/.rels" {
					q[n] = strings.ReplaceAll(text, nsRel, "http://purl.oclc.org/ooxml/officeDocument/relationships")
				}
			}
		}
		t.Run(name, func(t *testing.T) { want(t, q.read(t), `[Sheet1]`, `A1 2 "1"`) })
	}
}

// TestDate1904 protects dates of workbooks with the old epoch of the Macintosh.
func TestDate1904(t *testing.T) {
	p := workbookOf(sheetXML(`<row r="1"><c r="A1" s="1"><v>43159</v></c></row>`))
	p["xl/workbook.xml"] = strings.Replace(p["xl/workbook.xml"], "<sheets>", `<workbookPr date1904="1"/><sheets>`, 1)
	p["xl/styles.xml"] = stylesXML("yyyy-mm-dd")
	want(t, p.read(t), `[Sheet1]`, `A1 2 "2022-03-01" raw="43159" fmt="yyyy-mm-dd"`)
}

// TestUnusualXML protects sheets written in other ways that mean the same.
func TestUnusualXML(t *testing.T) {
	plain := `<worksheet xmlns="` + nsMain + `"><sheetData><row r="1"><c r="A1" t="str"><v>甲&lt;乙</v></c></row></sheetData></worksheet>`
	prefixed := `<x:worksheet xmlns:x="` + nsMain + `"><x:sheetData><x:row r="1"><x:c r="A1" t="str"><x:v>甲&lt;乙</x:v><v>foreign</v></x:c><c r="A1"/></x:row></x:sheetData></x:worksheet>`
	odd := "\uFEFF<?xml version='1.0' encoding='UTF-8' standalone=\"yes\"?>\r\n<!-- a -->\n<worksheet xmlns='" + nsMain + "' xmlns:y='urn:y'>\n<y:sheetData><row/></y:sheetData><extLst><ext xmlns='urn:z'><row r='9'/></ext></extLst><sheetData ><row\n r = '&#49;'\t><c r=\"A1\" t='str'\n><!-- b --><v>&#x7532;<?pi x?><![CDATA[<]]>乙</v></c ><y:c r='A1'><v>1</v></y:c></row><c r='Z9'><v>1</v></c></sheetData></worksheet>\n<!-- end -->"
	utf16 := func(s string, order int) string {
		b := []byte{0xFF, 0xFE}
		for _, u := range utf16.Encode([]rune(s)) {
			b = append(b, byte(u), byte(u>>8))
		}
		if order == 1 {
			for i := 0; i < len(b); i += 2 {
				b[i], b[i+1] = b[i+1], b[i]
			}
		}
		return string(b)
	}
	for name, xml := range map[string]string{"plain": plain, "prefixed": prefixed, "odd": odd,
		"UTF-16LE": utf16(`<?xml version="1.0" encoding="UTF-16"?>`+plain, 0), "UTF-16BE": utf16(plain, 1),
		"UTF-16LE without mark": utf16(plain, 0)[2:]} {
		t.Run(name, func(t *testing.T) { want(t, workbookOf(xml).read(t), `[Sheet1]`, `A1 1 "甲<乙"`) })
	}
}

// TestBrokenSheet protects the most important promise: XML that breaks off, or is
// broken in any other way, never passes as clean, and what came before stays.
func TestBrokenSheet(t *testing.T) {
	head := `<worksheet xmlns="` + nsMain + `"><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c>`
	for name, tt := range map[string]struct{ tail, want string }{
		"breaks off":            {``, "breaks off"},
		"breaks off in a tag":   {`<c r="B2"`, "breaks off"},
		"breaks off in a name":  {`<`, "breaks off"},
		"breaks off in a value": {`<c r="B2"><v>12`, "breaks off"},
		"breaks off in a ref":   {`<c r="B2"><v>1&am`, "breaks off"},
		"end tag missing":       {`<c r="B2"><v>3</c></row>`, "</c> does not match"},
		"wrong end tag":         {`</sheetData>`, "</sheetData> does not match"},
		"attribute twice":       {`<c r="B2" r="C2"/>`, "attribute r given twice"},
		"attribute unquoted":    {`<c r=B2/>`, "without quotes"},
		"attribute without =":   {`<c r/>`, "without a value"},
		"no space":              {`<c r="B2"t="s"/>`, "incomplete tag"},
		"< in attribute":        {`<c r="<"/>`, "< in an attribute"},
		"undefined entity":      {`<c r="B2"><v>&nbsp;</v></c>`, "undefined & reference"},
		"entity of a control":   {`<c r="B2"><v>&#1;</v></c>`, "undefined & reference"},
		"control character":     {"<c r=\"B2\"><v>\x01</v></c>", "control character"},
		"not UTF-8":             {"<c r=\"B2\"><v>\xB0\xA1</v></c>", "not UTF-8"},
		"]]> in text":           {`<c r="B2"><v>]]></v></c>`, "]]> in text"},
		"doctype":               {`<!DOCTYPE x [<!ENTITY a "b">]>`, "DOCTYPE"},
		"bad comment":           {`<!-- -- -->`, "-- inside"},
		"bad name":              {`<1/>`, "improper"},
		"two roots":             {`</row></sheetData></worksheet><worksheet/>`, "more than one root"},
		"text after the root":   {`</row></sheetData></worksheet>x`, "outside the root"},
		"declaration inside":    {`<?xml version="1.0"?>`, "not at the beginning"},
		"nested deep":           {strings.Repeat("<x>", 1000), "nested deeper than 64"},
	} {
		t.Run(name, func(t *testing.T) {
			d := workbookOf(head+tt.tail, sheetXML(`<row r="1"><c r="A1"><v>1</v></c></row>`)).read(t)
			checkProblems(t, d)
			p := d.Problems
			if len(p) != 1 || p[0].Kind != Unreadable || !strings.Contains(p[0].Message.EN, tt.want) {
				t.Fatalf("got %s, want %q", dump(d), tt.want)
			}
			if p[0].Loc.Sheet != "Sheet1" || !strings.Contains(p[0].Message.EN, "row 2") {
				t.Errorf("the problem does not say where: %s", p[0].Message.EN)
			}
			if cellAt(d.Tables[0], "A2") == nil || cellAt(d.Tables[1], "A1") == nil {
				t.Error("what was readable is lost")
			}
		})
	}
	for name, xml := range map[string]string{
		"empty": "", "blank": " \n", "other root": "<html/>", "encoding": `<?xml version="1.0" encoding="GBK"?><worksheet/>`,
		"version": `<?xml version="1.1"?><worksheet/>`, "half a surrogate": "\xFF\xFE<\x00a\x00/\x00>\x00\x00\xD8", "doctype": "<!DOCTYPE worksheet><worksheet/>",
	} {
		p := workbookOf("")
		p[sheet1] = xml
		if d := p.read(t); len(d.Problems) != 1 || d.Problems[0].Kind != Unreadable {
			t.Errorf("%s: %s", name, dump(d))
		}
	}
}

// TestEveryTruncation protects the same for every single place at which a sheet can
// break off: all of them are noticed.
func TestEveryTruncation(t *testing.T) {
	whole := "\uFEFF<?xml version=\"1.0\" encoding='UTF-8'?>\r\n<!-- a --><x:worksheet xmlns:x = \"u\"><x:cols><x:col min='1'/></x:cols>" +
		"<x:sheetData><x:row r=\"1\" ><x:c r='&#65;1' t=\"str\"><x:f>A&amp;&#x4e00;</x:f><x:v>一<![CDATA[\r\n]]><?pi x?></x:v></x:c><x:c><x:is><x:t>a</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>"
	if _, complete := scanned(whole); !complete {
		t.Fatal("refused as a whole")
	}
	for i := range len(whole) {
		if _, complete := scanned(whole[:i]); complete {
			t.Errorf("accepted: %s", whole[:i])
		}
	}
}

// TestXMLText protects the decoding of character data: line ends, references, and
// the escapes that Office has for what XML cannot hold.
func TestXMLText(t *testing.T) {
	for xml, want := range map[string]string{
		"a\r\nb\rc": "a\nb\nc", "<![CDATA[a\r\n&amp;]]>": "a\n&amp;", "&#13;&#xA;": "\r\n", "&lt;&gt;&quot;&apos;&amp;amp;": `<>"'&amp;`,
		"_x000D_": "\r", "_x000d__x000A_": "\r\n", "_x005F_x000D_": "_x000D_", "_x00": "_x00", "_x00G0_": "_x00G0_", "a_x4E00_b": "a一b", "__x0041_x": "_Ax",
		"1<!-- c -->2<!-- d -->3": "123",
	} {
		d := workbookOf(sheetXML(`<row><c t="str"><v>` + xml + `</v></c></row>`)).read(t)
		if len(d.Problems) > 0 || d.Tables[0].Rows[0].Cells[0].Text != want {
			t.Errorf("%q: %s", xml, dump(d))
		}
	}
}

// TestLongNames protects messages from names made to fill them.
func TestLongNames(t *testing.T) {
	long := strings.Repeat("长", 1000)
	d := workbookOf(sheetXML(`<row><c t="` + long + `"><v>1</v></c><c><v>` + long + `</v></c></row>`)).read(t)
	for _, p := range d.Problems {
		if len(p.Message.ZH) > 400 || strings.Contains(p.Message.ZH, "\uFFFD") {
			t.Errorf("%s", p.Message.ZH)
		}
	}
	if len(d.Problems) != 2 {
		t.Error(len(d.Problems))
	}
}

// TestBrokenSharedParts protects against damage outside the sheets: in the list of
// sheets, the relationships, the texts and the styles.
func TestBrokenSharedParts(t *testing.T) {
	p := workbookOf(sheetXML(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>1</v></c><c r="C1" t="s"><v>1</v></c><c r="D1" s="2"><v>1</v></c></row>`))
	p["xl/sharedStrings.xml"] = `<sst xmlns="` + nsMain + `"><si><t>甲</t></si><si><t>乙</t></si></sst>`
	p["xl/styles.xml"] = stylesXML("0.0", "0.00")
	for part, at := range map[string]string{
		"xl/sharedStrings.xml": "<si><t>乙", "xl/styles.xml": `<xf numFmtId="201"`, "xl/workbook.xml": "</sheets>", "xl/_rels/workbook.xml.rels": "</Relationships>",
	} {
		for _, kind := range []string{"cut", "doctype", "checksum"} {
			text, rest, _ := strings.Cut(p[part], at)
			if kind == "doctype" {
				text += "<!DOCTYPE x>" + at + rest
			}
			d := p.with(part, text).read(t)
			if kind == "checksum" {
				data := p.zip(t)
				copy(data[strings.Index(string(data), part)+len(part)+4:], "\xFF\xFF\xFF")
				d = ReadXLSX(t.Context(), "表.xlsx", data, Limits{})
			}
			checkProblems(t, d)
			if len(d.Problems) == 0 || d.Problems[0].Kind != Unreadable || !strings.Contains(d.Problems[0].Message.EN, part) {
				t.Errorf("%s %s: %s", part, kind, dump(d))
			}
			if kind == "cut" && cellAt(d.Tables[0], "B1") == nil {
				t.Errorf("%s: what was readable is lost: %s", part, dump(d))
			}
		}
	}
}

// TestBadCells protects against cells that hold no usable value: each is reported
// where it stands, with the row at hand.
func TestBadCells(t *testing.T) {
	d := workbookOf(sheetXML(`<row r="1"><c r="A1"><v>x</v></c>` +
		`<c r="B1" t="s"><v>9</v></c><c r="C1"><f>A1/0</f></c><c r="D1" t="e"><f>A1/0</f><v>#DIV/0!</v></c>` +
		`<c r="E1" t="b"><v>2</v></c><c r="F1" t="q"><v>1</v></c><c r="G1" s="5"><v>1.5</v></c><c r="H1"><f>X1</f><v/></c><c r="I1"><f t="shared" si="3"/><v>1</v></c><c r="J1" t="e"><v>#REF!</v></c></row>`)).read(t)
	want(t, d, `[Sheet1]`, `A1 1 "x"`, `B1 4 "" raw="9"`, `C1 0 "" f="A1/0"`, `D1 4 "#DIV/0!" f="A1/0"`, `E1 1 "2"`, `F1 1 "1"`, `G1 2 "1.5"`, `H1 0 "" f="X1"`, `I1 2 "1"`, `J1 4 "#REF!"`,
		`BadCell: 表.xlsx:Sheet1!A1: the cell stores “x”, which is not a number`,
		`BadCell: 表.xlsx:Sheet1!B1: the cell refers to shared string 9, which does not exist (there are 0); its text is lost`,
		`BadCell: 表.xlsx:Sheet1!C1: the formula has no stored result: =A1/0`,
		`BadCell: 表.xlsx:Sheet1!D1: the cell holds the error value #DIV/0!`,
		`BadCell: 表.xlsx:Sheet1!E1: the cell stores “2”, which is no truth value`,
		`BadCell: 表.xlsx:Sheet1!F1: the cell has the unknown data type “q”; it was read as text`,
		`BadCell: 表.xlsx:Sheet1!G1: the cell's style “5” does not exist, so it is unknown how its number is shown`,
		`BadCell: 表.xlsx:Sheet1!H1: the formula has no stored result: =X1`,
		`BadCell: 表.xlsx:Sheet1!I1: the cell refers to the shared formula 3, which does not exist; its formula is unknown`,
		`BadCell: 表.xlsx:Sheet1!J1: the cell holds the error value #REF!`)
	for _, p := range d.Problems {
		if p.Row != d.Tables[0].Rows[0] {
			t.Errorf("%s has no row", p.Message.EN)
		}
	}
	if help := d.Problems[2].Help.EN; !strings.Contains(help, "recalculate") {
		t.Error(help)
	}
}

// TestDisorder protects against cells out of order and given twice, which other
// readers put into wrong columns: each is read by its own reference.
func TestDisorder(t *testing.T) {
	const outOfOrder = `from here on rows or cells are stored out of order, or row numbers do not agree with cells; each cell was read at its own reference`
	d := workbookOf(sheetXML(`<row r="1"><c r="C1"><v>3</v></c><c r="A1"><v>1</v></c></row>`)).read(t)
	want(t, d, `[Sheet1]`, `A1 2 "1"`, `C1 2 "3"`, `Disorder: 表.xlsx:Sheet1!A1: `+outOfOrder)

	d = workbookOf(sheetXML(`<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c><c r="A1"><v>3</v></c></row>`)).read(t)
	want(t, d, `[Sheet1]`, `A1 2 "1"`, `Disorder: 表.xlsx:Sheet1!A1: `+outOfOrder, `BadCell: 表.xlsx:Sheet1!A1: cell A1 is stored twice, as “1” and as “2”; the first was used`)

	d = workbookOf(sheetXML(`<row r="3"><c r="A3"><v>3</v></c></row><row r="1"><c r="A1"><v>1</v></c></row><row r="3"><c r="B3"><v>4</v></c></row><row r="2"><c r="A2"><v>2</v></c><c r="A9"><v>9</v></c></row>`,
		`<mergeCells><mergeCell ref="A1:B1"/></mergeCells>`)).read(t)
	want(t, d, `[Sheet1]`, `A1 2 "1" 1x2`, `A2 2 "2"`, `A3 2 "3"`, `B3 2 "4"`, `A9 2 "9"`, `Disorder: 表.xlsx:Sheet1!A1: `+outOfOrder)
}

// TestBadReferences protects against references that lead nowhere.
func TestBadReferences(t *testing.T) {
	for _, ref := range []string{"A0", "1A", "A", "1", "AAAA1", "A01", "$A$1", "A1:B2", "A-1", "A9999999999", "Ａ1"} {
		d := workbookOf(sheetXML(`<row r="1"><c r="` + ref + `"><v>1</v></c><c r="B1"><v>2</v></c></row>`)).read(t)
		if len(d.Problems) != 1 || d.Problems[0].Kind != Unreadable || len(d.Tables[0].Rows[0].Cells) != 1 {
			t.Errorf("%s: %s", ref, dump(d))
		}
	}
	for _, ref := range []string{"0", "x", "-1", "99999999999"} {
		d := workbookOf(sheetXML(`<row r="` + ref + `"><c r="A1"><v>1</v></c></row>`)).read(t)
		if len(d.Problems) != 1 || d.Problems[0].Kind != Unreadable || cellAt(d.Tables[0], "A1") == nil {
			t.Errorf("row %s: %s", ref, dump(d))
		}
	}
}

// TestSheetLimits protects each limit on the content of sheets.
func TestSheetLimits(t *testing.T) {
	p := workbookOf(sheetXML(`<row r="1"><c r="A1" t="str"><v>一二三</v></c><c r="B1"><v>2</v></c></row><row r="2"><c r="A2"><f>SUM(B1)</f><v>2</v></c></row>`,
		`<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:B2"/></mergeCells>`), sheetXML(""))
	p["xl/sharedStrings.xml"] = `<sst xmlns="` + nsMain + `"><si/><si/></sst>`
	for _, tt := range []struct {
		limits Limits
		want   string
	}{
		{Limits{Cells: 2}, "more than 2 cells"}, {Limits{Rows: 1}, "row number 2 is above the limit of 1"}, {Limits{Columns: 1}, "cell B1 is beyond"},
		{Limits{Merges: 1}, "more than 1 merged"}, {Limits{Strings: 1}, "more than 1 shared"}, {Limits{TextLength: 4}, "longer than 4 bytes"},
		{Limits{Tables: 1}, "more than 1 sheets"}, {Limits{Depth: 3}, "deeper than 3"},
	} {
		d := ReadXLSX(t.Context(), "f", p.zip(t), tt.limits)
		checkProblems(t, d)
		if len(d.Problems) == 0 || d.Problems[0].Kind != Unreadable || !strings.Contains(dump(d), tt.want) {
			t.Errorf("%+v: %s", tt.limits, dump(d))
		}
	}
	d := ReadXLSX(t.Context(), "f", p.zip(t), Limits{TextLength: 4})
	if c := cellAt(d.Tables[0], "A1"); c.Text != "一" {
		t.Errorf("cut to %q", c.Text)
	}
}

// TestDerivedTextIsBounded protects against small cells that make large texts: a
// long format or a long shared formula, used by many cells.
func TestDerivedTextIsBounded(t *testing.T) {
	var rows strings.Builder
	for r := range 5000 {
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%[1]d" s="1"><v>1</v></c></row>`, r+1)
	}
	p := workbookOf(sheetXML(rows.String()))
	p["xl/styles.xml"] = stylesXML(`0"` + strings.Repeat("x", 900) + `"`)
	d := ReadXLSX(t.Context(), "f", p.zip(t), Limits{UnzippedSize: 1 << 20})
	if len(d.Problems) != 1 || !strings.Contains(d.Problems[0].Message.EN, "shown texts and formulas") {
		t.Error(dump(d)[:200])
	}
	rows.Reset()
	fmt.Fprintf(&rows, `<row r="1"><c r="A1"><f t="shared" si="0">%s</f><v>1</v></c></row>`, strings.Repeat("B1+", 5000)+"1")
	for r := range 500 {
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%[1]d"><f t="shared" si="0"/><v>1</v></c></row>`, r+2)
	}
	d = ReadXLSX(t.Context(), "f", workbookOf(sheetXML(rows.String())).zip(t), Limits{UnzippedSize: 1 << 20})
	if len(d.Problems) != 1 || !strings.Contains(d.Problems[0].Message.EN, "shown texts and formulas") {
		t.Error(d.Problems)
	}
}

// TestSparseSheet protects memory: 2000 rows with one cell each in the last column
// cost other readers gigabytes.
func TestSparseSheet(t *testing.T) {
	var rows strings.Builder
	for r := range 2000 {
		fmt.Fprintf(&rows, `<row r="%d"><c r="XFD%[1]d"><v>1</v></c></row>`, r+1)
	}
	data := workbookOf(sheetXML(rows.String())).zip(t)
	n := allocated(func() {
		if d := ReadXLSX(t.Context(), "f", data, Limits{}); len(d.Problems) > 0 || len(d.Tables[0].Rows) != 2000 {
			t.Error(dump(d))
		}
	})
	if n > 4<<20 {
		t.Errorf("%d bytes allocated", n)
	}
}

// TestStyledBlanks protects against sheets that are formatted all over: blank cells
// cost nothing and are not stored.
func TestStyledBlanks(t *testing.T) {
	d := workbookOf(sheetXML(strings.Repeat(`<row>`+strings.Repeat(`<c s="0"/>`, 100)+`</row>`, 1000))).read(t)
	if len(d.Problems) > 0 || len(d.Tables[0].Rows) > 0 {
		t.Error(dump(d))
	}
}

// TestProblemsAreCapped protects the report against files made to flood it.
func TestProblemsAreCapped(t *testing.T) {
	d := workbookOf(sheetXML(strings.Repeat(`<row>`+strings.Repeat(`<c t="e"><v>#N/A</v></c>`, 100)+`</row>`, 10))).read(t)
	if n := len(d.Problems); n != mostProblems+1 || !strings.Contains(d.Problems[n-1].Message.EN, "980 more") {
		t.Errorf("%d problems, the last %v", n, d.Problems[n-1])
	}
}

// TestSheetNames protects locations: sheets of one name cannot be told apart.
func TestSheetNames(t *testing.T) {
	p := workbookOf(sheetXML(""), sheetXML(""))
	p["xl/workbook.xml"] = strings.Replace(p["xl/workbook.xml"], `"Sheet2"`, `"SHEET1"`, 1)
	d := p.read(t)
	if len(d.Problems) != 1 || d.Problems[0].Kind != Disorder || len(d.Tables) != 2 {
		t.Error(dump(d))
	}
}

// TestShiftFormula protects formulas that Excel stores once for many cells.
func TestShiftFormula(t *testing.T) {
	for _, tt := range []struct {
		f          string
		rows, cols int
		want       string
	}{
		{"A1+$A1+A$1+$A$1", 2, 3, "D3+$A3+D$1+$A$1"},
		{"SUM(A1:B2,C:C,$D:E,2:3,$4:5)", 1, 1, "SUM(B2:C3,D:D,$D:F,3:4,$4:6)"},
		{`"A1"&'A1 B2'!A1&Sheet1!B2`, 1, 0, `"A1"&'A1 B2'!A2&Sheet1!B3`},
		{"LOG10(A1)+A1B+ABC1_x+1E5+Table1[A1]+A1(2)", 1, 0, "LOG10(A2)+A1B+ABC1_x+1E5+Table1[A1]+A1(2)"},
		{"A1", -1, -1, "XFD1048576"}, {"XFD1048576+XFE1", 1, 1, "A1+XFE1"}, {"A1", 0, 0, "A1"},
		{`"un A1`, 1, 1, `"un A1`}, {"a1+b$2", 1, 1, "B2+C$2"}, {"[1]Sheet1!A1", 1, 0, "[1]Sheet1!A2"}, {"合计A1+A1合计", 1, 0, "合计A1+A1合计"},
	} {
		if got := shiftFormula(tt.f, tt.rows, tt.cols); got != tt.want {
			t.Errorf("%s moved by %d, %d = %s, want %s", tt.f, tt.rows, tt.cols, got, tt.want)
		}
	}
}

// TestDeterministic protects the promise that the same bytes read the same.
func TestDeterministic(t *testing.T) {
	first := dump(ReadXLSX(t.Context(), "f", smallForm(), Limits{}))
	for range 5 {
		if dump(ReadXLSX(t.Context(), "f", smallForm(), Limits{})) != first {
			t.Fatal("two readings differ")
		}
	}
}

// TestAllocations protects the speed of small forms: a reading may not allocate much
// more often than it does now.
func TestAllocations(t *testing.T) {
	data := smallForm()
	if n := testing.AllocsPerRun(10, func() { ReadXLSX(t.Context(), "f", data, Limits{}) }); n > 300 {
		t.Errorf("%v allocations", n)
	}
}

// TestRepeatedContent protects against cells of which one program shows one value and
// another program another.
func TestRepeatedContent(t *testing.T) {
	for _, content := range []string{
		"<v>1</v><v>2</v>", "<is><t>1</t></is><v>2</v>", "<v>1</v><is><t>2</t></is>",
		"<is><t>1</t></is><is><t>2</t></is>", "<f>A2</f><f>A3</f><v>1</v>", "<v/><v>2</v>",
	} {
		d := workbookOf(sheetXML(`<row r="1"><c r="A1">` + content + `</c></row>`)).read(t)
		if len(d.Problems) != 1 || d.Problems[0].Kind != BadCell || !strings.Contains(d.Problems[0].Message.EN, "more than one value") {
			t.Errorf("%s: got %s", content, dump(d))
		}
	}
}

// TestAllText protects memory and time: a long text that many cells share is read no
// further than the limit for all texts, and takes no copy when it is cut.
func TestAllText(t *testing.T) {
	const cells = 5_000
	for _, length := range []int{60_000, 66_000} {
		shared := `<sst xmlns="` + nsMain + `"><si><t>` + strings.Repeat("x", length) + `</t></si></sst>`
		p := workbookOf(sheetXML(strings.Repeat(`<row><c t="s"><v>0</v></c></row>`, cells))).with("xl/sharedStrings.xml", shared)
		data := p.zip(t)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		d := ReadXLSX(t.Context(), "f", data, Limits{})
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > 8<<20 {
			t.Errorf("allocated %d bytes", got)
		}
		// Cut texts are faults of their own, the last of which are only counted.
		if want := "the texts of the cells take more than"; length < DefaultLimits().TextLength && !strings.Contains(unread(d), want) {
			t.Errorf("got %s, want %q", unread(d), want)
		}
		if n := len(d.Tables[0].Rows); n >= 1200 {
			t.Errorf("%d rows of %d bytes read", n, length)
		}
	}
}

// TestRelationships: only relationships of the format lead anywhere, and what stands
// twice is not chosen between: programs differ in which of the two they show.
func TestRelationships(t *testing.T) {
	p := workbookOf(sheetXML(`<row r="1"><c r="A1"><v>1</v></c></row>`), sheetXML(`<row r="1"><c r="A1"><v>2</v></c></row>`))
	const rels = "xl/_rels/workbook.xml.rels"
	other := `<Relationship Id="rId1" Type="` + nsRel + `/worksheet" Target="worksheets/sheet2.xml"/>`
	foreign := strings.Replace(other, "<Relationship ", `<e:Relationship xmlns:e="urn:e" `, 1)
	for name, c := range map[string]struct {
		parts parts
		want  string // the first sheet's cell, empty for a file that is refused
	}{
		"plain":           {p, "1"},
		"foreign id":      {p.with("xl/workbook.xml", strings.Replace(p["xl/workbook.xml"], `r:id="rId1"`, `xmlns:e="urn:e" e:id="rId2" r:id="rId1"`, 1)), "1"},
		"foreign first":   {p.with(rels, strings.Replace(p[rels], "<Relationship ", foreign+"<Relationship ", 1)), "1"},
		"id stands twice": {p.with(rels, strings.Replace(p[rels], "<Relationship ", other+"<Relationship ", 1)), ""},
		"two workbooks": {p.with("_rels/.rels", strings.Replace(p["_rels/.rels"], "<Relationship ",
			`<Relationship Id="rId9" Type="`+nsRel+`/officeDocument" Target="other.xml"/><Relationship `, 1)), ""},
	} {
		d := c.parts.read(t)
		refused := slices.ContainsFunc(d.Problems, func(p Problem) bool { return p.Kind == Unreadable })
		if refused != (c.want == "") {
			t.Errorf("%s: refused %v: %s", name, refused, dump(d))
		} else if !refused && d.Tables[0].Rows[0].Cells[0].Text != c.want {
			t.Errorf("%s: got %s", name, dump(d))
		}
	}
}
