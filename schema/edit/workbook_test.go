package edit_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jixiaolint/checks/formtest"
	"jixiaolint/schema/edit"
	"jixiaolint/schema/grid"
)

// parts are the parts of a package by name, order their names as they are stored.
type parts struct {
	text  map[string]string
	order []string
}

func unzip(t testing.TB, data []byte) parts {
	t.Helper()
	text, order, err := formtest.Parts(data)
	if err != nil {
		t.Fatal(err)
	}
	return parts{text, order}
}

func zipped(t testing.TB, text map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(text)) {
		f, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(f, text[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// changedParts gives the parts of a package that differ, and holds that all others are
// the same and in the same order. A part that is gone has a minus before its name.
func changedParts(t testing.TB, before, after []byte) []string {
	t.Helper()
	old, now := unzip(t, before), unzip(t, after)
	var changed []string
	for _, name := range old.order {
		switch text, ok := now.text[name]; {
		case !ok:
			changed = append(changed, "-"+name)
		case text != old.text[name]:
			changed = append(changed, name)
		}
	}
	kept := slices.DeleteFunc(slices.Clone(old.order), func(name string) bool { return slices.Contains(changed, "-"+name) })
	if !slices.Equal(kept, now.order) {
		t.Errorf("parts in the order %v, were %v", now.order, kept)
	}
	return changed
}

const (
	mainSpace = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	relSpace  = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
)

// sheetBook is a workbook of one sheet with the given rows, a string table, styles and a
// list of formulas.
func sheetBook(t testing.TB, rows, after string) []byte {
	t.Helper()
	override := func(part, kind string) string {
		return `<Override PartName="/xl/` + part + `" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.` + kind + `+xml"/>`
	}
	rel := func(id, kind, target string) string {
		return `<Relationship Id="` + id + `" Type="` + relSpace + `/` + kind + `" Target="` + target + `"/>`
	}
	const relsHead = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	xf := func(format int) string {
		return fmt.Sprintf(`<xf numFmtId="%d" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`, format)
	}
	return zipped(t, map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/>` + override("workbook.xml", "sheet.main") +
			override("worksheets/sheet1.xml", "worksheet") + override("styles.xml", "styles") +
			override("sharedStrings.xml", "sharedStrings") + override("calcChain.xml", "calcChain") + `</Types>`,
		"_rels/.rels": relsHead + rel("rId1", "officeDocument", "xl/workbook.xml") + `</Relationships>`,
		"xl/workbook.xml": `<workbook ` + mainSpace + ` xmlns:r="` + relSpace + `"><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets>` +
			`<definedNames><definedName name="率">表!$B$1</definedName></definedNames></workbook>`,
		"xl/_rels/workbook.xml.rels": relsHead + rel("rId1", "worksheet", "worksheets/sheet1.xml") + rel("rId2", "styles", "styles.xml") +
			rel("rId3", "sharedStrings", "sharedStrings.xml") + rel("rId4", "calcChain", "calcChain.xml") + `</Relationships>`,
		"xl/calcChain.xml": `<calcChain ` + mainSpace + `><c r="C1" i="1"/></calcChain>`,
		"xl/sharedStrings.xml": `<sst ` + mainSpace + `><si><t>93.21%</t><phoneticPr fontId="0"/></si>` +
			`<si><r><t xml:space="preserve">完成 </t></r><r><rPr><b/></rPr><t>93.21</t></r><r><t>% 以上</t></r></si><si><t>_x005F_x0041_</t></si></sst>`,
		"xl/styles.xml": `<styleSheet ` + mainSpace + `><numFmts count="4"><numFmt numFmtId="183" formatCode="yyyy&quot;年度&quot;"/><numFmt numFmtId="180" formatCode="0.00&quot;万元&quot;"/>` +
			`<numFmt numFmtId="181" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="182" formatCode="0!.0000"/></numFmts>` +
			`<fonts count="1"><font><sz val="10"/><name val="宋体"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>` +
			`<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="9">` +
			xf(0) + xf(10) + xf(9) + xf(2) + xf(49) + xf(180) + xf(181) + xf(182) + xf(183) + `</cellXfs></styleSheet>`,
		"xl/worksheets/sheet1.xml": `<worksheet ` + mainSpace + `><cols><col min="7" max="7" width="9" style="4"/></cols><sheetData>` + rows + `</sheetData>` +
			after + `</worksheet>`,
	})
}

// sheetPart gives the rows of the sheet of sheetBook.
func sheetPart(t testing.TB, data []byte) string {
	t.Helper()
	s := unzip(t, data).text["xl/worksheets/sheet1.xml"]
	return s[strings.Index(s, "<sheetData>")+len("<sheetData>") : strings.Index(s, "</sheetData>")]
}

func cellAt(ref string) grid.Location {
	m := regexp.MustCompile(`^([A-Z])(\d+)$`).FindStringSubmatch(ref)
	row, _ := strconv.Atoi(m[2])
	return grid.Location{File: "表.xlsx", Sheet: "表", Cell: ref, Line: row, Column: int(m[1][0]-'A') + 1}
}

const sheet, styles, workbook = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"

// TestStoredValues holds how a cell of a workbook stores its new text, and that no part
// changes without need.
func TestStoredValues(t *testing.T) {
	for _, c := range []struct {
		name, rows, at, from, to string
		want                     string
		parts                    []string // the sheet alone if empty
	}{
		{"percentage", `<row r="1"><c r="B1" s="1"><v>0.9321</v></c></row>`, "B1", "93.21%", "92.31%",
			`<row r="1"><c r="B1" s="1"><v>0.9231</v></c></row>`, nil},
		{"stored as n", `<row r="1"><c r="B1" s="3" t="n"><v>9.3</v></c></row>`, "B1", "9.30", "9.20",
			`<row r="1"><c r="B1" s="3"><v>9.2</v></c></row>`, nil},
		{"unit in the format", `<row r="1"><c r="B1" s="5"><v>14.77</v></c></row>`, "B1", "14.77万元", "16.00万元",
			`<row r="1"><c r="B1" s="5"><v>16</v></c></row>`, nil},
		{"date", `<row r="1"><c r="B1" s="6"><v>44926</v></c></row>`, "B1", "2022年12月31日", "2022年12月1日",
			`<row r="1"><c r="B1" s="6"><v>44896</v></c></row>`, nil},
		{"year", `<row r="1"><c r="B1" s="8"><v>44926</v></c></row>`, "B1", "2022年度", "2023年度",
			`<row r="1"><c r="B1" s="8"><v>44927</v></c></row>`, nil},
		{"shown in ten thousands", `<row r="1"><c r="B1" s="7"><v>147700</v></c></row>`, "B1", "14.7700", "16.0000",
			`<row r="1"><c r="B1" s="7"><v>160000</v></c></row>`, nil},
		{"general", `<row r="1"><c r="B1"><v>93.21</v></c></row>`, "B1", "93.21", "92.31",
			`<row r="1"><c r="B1"><v>92.31</v></c></row>`, nil},
		{"format too coarse", `<row r="1"><c r="B1" s="2"><v>0.9321</v></c></row>`, "B1", "93%", "92.31%",
			`<row r="1"><c r="B1" s="1"><v>0.9231</v></c></row>`, nil},
		{"format to be added", `<row r="1"><c r="B1" s="2"><v>0.9321</v></c></row>`, "B1", "93%", "92.3%",
			`<row r="1"><c r="B1" s="9"><v>0.923</v></c></row>`, []string{styles, sheet}},
		{"number in the format of text", `<row r="1"><c r="B1" s="4"><v>0.9321</v></c></row>`, "B1", "0.9321", "92.31%",
			`<row r="1"><c r="B1" s="1"><v>0.9231</v></c></row>`, nil},
		{"number made text", `<row r="1"><c r="B1" s="3"><v>95</v></c></row>`, "B1", "95.00", "≥95%",
			`<row r="1"><c t="inlineStr" r="B1" s="3"><is><t>≥95%</t></is></c></row>`, nil},
		{"shared string", `<row r="1"><c r="B1" s="1" t="s"><v>0</v></c></row>`, "B1", "93.21%", "92.31%",
			`<row r="1"><c r="B1" s="1" t="inlineStr"><is><t>92.31%</t></is></c></row>`, nil},
		{"formatted string", `<row r="1"><c r="B1" t="s"><v>1</v></c></row>`, "B1", "完成 93.21% 以上", "完成 92.31% 以上",
			`<row r="1"><c r="B1" t="inlineStr"><is><r><t xml:space="preserve">完成 </t></r><r><rPr><b/></rPr><t>92.31</t></r><r><t>% 以上</t></r></is></c></row>`, nil},
		{"formatted string, cut", `<row r="1"><c r="B1" t="s"><v>1</v></c></row>`, "B1", "完成 93.21% 以上", "完成以上",
			`<row r="1"><c r="B1" t="inlineStr"><is><r><t>完成</t></r><r><t>以上</t></r></is></c></row>`, nil},
		{"escaped string", `<row r="1"><c r="B1" t="s"><v>2</v></c></row>`, "B1", "_x0041_", "_x0042_",
			`<row r="1"><c r="B1" t="inlineStr"><is><t>_x005F_x0042_</t></is></c></row>`, nil},
		{"inline string", `<row r="1"><c r="B1" t="inlineStr"><is><t>9</t></is><extLst/></c><c r="C1"/></row>`, "B1", "9", " 8 ",
			`<row r="1"><c r="B1" t="inlineStr"><is><t xml:space="preserve"> 8 </t></is><extLst/></c><c r="C1"/></row>`, nil},
		{"text that is no number", `<row r="1"><c r="B1" s="3" t="inlineStr"><is><t>１４．７７</t></is></c></row>`, "B1", "１４．７７", "14.77",
			`<row r="1"><c r="B1" s="3"><v>14.77</v></c></row>`, nil},
		{"text that is no number, in the format of text", `<row r="1"><c r="B1" s="4" t="inlineStr"><is><t>14.77万元</t></is></c></row>`, "B1", "14.77万元", "14.77",
			`<row r="1"><c r="B1" s="4" t="inlineStr"><is><t>14.77</t></is></c></row>`, nil},
		{"text cleared", `<row r="1"><c r="B1" s="3" t="s"><v>0</v></c></row>`, "B1", "93.21%", "", `<row r="1"><c r="B1" s="3"></c></row>`, nil},
		{"blank cell", `<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="3"/><c r="C1"><v>1</v></c></row>`, "B1", "", "9.23",
			`<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="3"><v>9.23</v></c><c r="C1"><v>1</v></c></row>`, nil},
		{"blank cell for text", `<row r="1"><c r="B1" s="4"/></row>`, "B1", "", "9.23",
			`<row r="1"><c t="inlineStr" r="B1" s="4"><is><t>9.23</t></is></c></row>`, nil},
		{"blank cell, percentage", `<row r="1"><c r="B1"/></row>`, "B1", "", "92.31%", `<row r="1"><c s="1" r="B1"><v>0.9231</v></c></row>`, nil},
		{"code", `<row r="1"><c r="B1"/></row>`, "B1", "", "007", `<row r="1"><c t="inlineStr" r="B1"><is><t>007</t></is></c></row>`, nil},
		{"missing cell", `<row r="1" spans="1:3"><c r="A1"><v>1</v></c><c r="C1"><v>1</v></c></row>`, "B1", "", "良",
			`<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="0" t="inlineStr"><is><t>良</t></is></c><c r="C1"><v>1</v></c></row>`, nil},
		{"missing cell, style of the column", `<row r="1"/>`, "G1", "", "9",
			`<row r="1"><c r="G1" s="4" t="inlineStr"><is><t>9</t></is></c></row>`, nil},
		{"missing row", `<row r="1"/><row r="3"/>`, "B2", "", "9", `<row r="1"/><row r="2"><c r="B2" s="0"><v>9</v></c></row><row r="3"/>`, nil},
		{"error value", `<row r="1"><c r="B1" s="1" t="e"><v>#DIV/0!</v></c></row>`, "B1", "#DIV/0!", "92.31%", `<row r="1"><c r="B1" s="1"><v>0.9231</v></c></row>`, nil},
		{"formulas elsewhere", `<row r="1"><c r="B1" s="1"><v>0.9321</v></c><c r="C1"><f>B1*10</f><v>9.321</v></c></row>`, "B1", "93.21%", "92.31%",
			`<row r="1"><c r="B1" s="1"><v>0.9231</v></c><c r="C1"><f>B1*10</f><v>9.321</v></c></row>`, []string{workbook, sheet}},
		{"a formula replaced", `<row r="1"><c r="C1" s="3" cm="1"><f>B1*10</f><v>9.321</v></c></row>`, "C1", "9.32", "9.23",
			`<row r="1"><c r="C1" s="3"><v>9.23</v></c></row>`,
			[]string{"[Content_Types].xml", "xl/_rels/workbook.xml.rels", "-xl/calcChain.xml", sheet}},
		{"a shared formula handed on", `<row r="1"><c r="A1"><f t="shared" ref="A1:C1" si="0">A2*2</f><v>2</v></c><c r="B1"><f t="shared" si="0"/><v>4</v></c><c r="C1"><f t="shared" si="0"/><v>6</v></c></row>`,
			"A1", "2", "3",
			`<row r="1"><c r="A1"><v>3</v></c><c r="B1"><f ref="A1:C1" t="shared" si="0">B2*2</f><v>4</v></c><c r="C1"><f t="shared" si="0"/><v>6</v></c></row>`,
			[]string{"[Content_Types].xml", "xl/_rels/workbook.xml.rels", "-xl/calcChain.xml", workbook, sheet}},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := sheetBook(t, c.rows, "")
			out, refused, err := edit.Apply(ctx, "表.xlsx", data, []edit.Edit{{At: cellAt(c.at), From: c.from, To: c.to}}, edit.Options{Formulas: true})
			if err != nil || len(refused) > 0 {
				t.Fatal(err, refused)
			}
			if got := sheetPart(t, out); got != c.want {
				t.Errorf("stored as\n%s\nwant\n%s", got, c.want)
			}
			want := c.parts
			if want == nil {
				want = []string{sheet}
			}
			got := changedParts(t, data, out)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("changed %v, want %v", got, want)
			}
		})
	}
}

// TestRefusedInWorkbooks holds that cells are left alone whose values are not theirs to
// change.
func TestRefusedInWorkbooks(t *testing.T) {
	for _, c := range []struct {
		name, rows, at, from string
		formulas             bool
		why                  string
	}{
		{"formula", `<row r="1"><c r="C1"><f>B1*10</f><v>9.3</v></c></row>`, "C1", "9.3", false, "formula"},
		{"array formula", `<row r="1"><c r="B1"><f t="array" ref="B1:C1">A1:B1*2</f><v>1</v></c><c r="C1"><v>2</v></c></row>`, "C1", "2", true, "array formula"},
		{"data table", `<row r="1"><c r="B1"><f t="dataTable" ref="B1:B2" r1="A1"/><v>1</v></c></row>`, "B1", "1", true, "array formula"},
		{"changed meanwhile", `<row r="1"><c r="B1"><v>2</v></c></row>`, "B1", "1", false, "no longer holds"},
		{"no longer blank", `<row r="1"><c r="B1"><v>2</v></c></row>`, "B1", "", false, "no longer holds"},
		{"stored twice", `<row r="1"><c r="B1"><v>2</v></c><c r="B1"><v>3</v></c></row>`, "B1", "2", false, "unusually"},
	} {
		data := sheetBook(t, c.rows, "")
		out, refused, err := edit.Apply(ctx, "表.xlsx", data, []edit.Edit{{At: cellAt(c.at), From: c.from, To: "7"}}, edit.Options{Formulas: c.formulas})
		if err != nil || !bytes.Equal(out, data) || len(refused) != 1 || !strings.Contains(refused[0].Why.EN, c.why) {
			t.Errorf("%s: refused %v, error %v; want “%s”", c.name, refused, err, c.why)
		}
	}
}

// TestProtectedSheet holds that a locked cell of a protected sheet stays, and that an
// unlocked one is edited.
func TestProtectedSheet(t *testing.T) {
	const rows = `<row r="1"><c r="A1" s="1"><v>2</v></c><c r="B1"><v>2</v></c></row>`
	for _, c := range []struct {
		name, protection, xf, at string
		locked                   bool
	}{
		{"locked by default", `<sheetProtection sheet="1" objects="1"/>`, "", "A1", true},
		{"unlocked", `<sheetProtection sheet="true"/>`, `<protection locked="0"/>`, "A1", false},
		{"another style", `<sheetProtection sheet="1"/>`, `<protection locked="0"/>`, "B1", true},
		{"no cell", `<sheetProtection sheet="1"/>`, `<protection locked="0"/>`, "C1", true},
		{"protection off", `<sheetProtection sheet="0"/>`, "", "A1", false},
	} {
		text := unzip(t, sheetBook(t, rows, c.protection)).text
		xf := regexp.MustCompile(`(?s)(<cellXfs[^>]*><xf[^>]*/>)<xf([^>]*)/>`)
		if !xf.MatchString(text[styles]) {
			t.Fatal("no second style in", text[styles])
		}
		text[styles] = xf.ReplaceAllString(text[styles], `$1<xf$2>`+c.xf+`</xf>`)
		from := "2"
		if c.at == "C1" {
			from = ""
		}
		data := zipped(t, text)
		cell := edit.Edit{At: cellAt(c.at), From: from, To: "7"}
		if c.at == "A1" {
			for _, known := range cells(read(t, "表.xlsx", data)) {
				if known.Col == 1 {
					cell.From, cell.To = known.Text, strings.Replace(known.Text, "2", "7", 1)
				}
			}
		}
		_, refused, err := edit.Apply(ctx, "表.xlsx", data, []edit.Edit{cell}, edit.Options{})
		if got := len(refused) == 1 && strings.Contains(refused[0].Why.EN, "protected"); err != nil || got != c.locked || !c.locked && len(refused) > 0 {
			t.Errorf("%s: refused %v, error %v", c.name, refused, err)
		}
	}
}

// TestMergedCells holds that an edit anywhere in a merged range writes to its anchor.
func TestMergedCells(t *testing.T) {
	data := sheetBook(t, `<row r="1"><c r="B1" t="s"><v>0</v></c><c r="C1"/></row><row r="2"><c r="B2"/></row>`, `<mergeCells><mergeCell ref="B1:C2"/></mergeCells>`)
	edits := []edit.Edit{{At: cellAt("C2"), From: "93.21%", To: "92.31%"}, {At: cellAt("B1"), From: "93.21%", To: "90%"}}
	out, refused, err := edit.Apply(ctx, "表.xlsx", data, edits, edit.Options{})
	if err != nil || len(refused) != 1 {
		t.Fatal(refused, err)
	}
	if got := sheetPart(t, out); !strings.Contains(got, `<c r="C1"/></row><row r="2"><c r="B2"/></row>`) {
		t.Error("covered cells changed:", got)
	}
}

// TestDependents holds that formulas are told that take values from edited cells.
func TestDependents(t *testing.T) {
	data := sheetBook(t, `<row r="1"><c r="B1"><v>1</v></c><c r="C1"><f>$B$1*10</f><v>10</v></c><c r="D1"><f>SUM(A1:C1)</f><v>11</v></c><c r="E1"><f>'表'!D1+1</f><v>12</v></c><c r="F1"><f>A1</f><v>0</v></c><c r="G1"><f>SUM(A:B)</f><v>1</v></c><c r="H1"><f>SUM('表'!$1:$1)</f><v>1</v></c><c r="I1"><f>SUM(X:Z,2:9)</f><v>0</v></c></row>`, "")
	got := edit.Dependents(ctx, "表.xlsx", data, []edit.Edit{{At: cellAt("B1"), From: "1", To: "2"}}, edit.Options{})
	var refs []string
	for _, at := range got {
		refs = append(refs, at.Cell)
	}
	if want := []string{"C1", "D1", "E1", "G1", "H1"}; !slices.Equal(refs, want) {
		t.Errorf("dependents %v, want %v", refs, want)
	}
}

// A formula that finds its cells by a name may depend on every figure, and what depends on
// it too, but on no text; the case of a sheet's name makes no difference.
func TestLooseDependents(t *testing.T) {
	data := sheetBook(t, `<row r="1"><c r="B1"><v>1</v></c><c r="C1"><f>率*10</f><v>10</v></c><c r="D1"><f>C1+1</f><v>11</v></c><c r="E1"><f>A1</f><v>0</v></c></row>`, "")
	for _, tt := range []struct {
		from, to string
		want     []string
	}{{"1", "2", []string{"C1", "D1"}}, {"甲", "乙", nil}} {
		var refs []string
		for _, at := range edit.Dependents(ctx, "表.xlsx", data, []edit.Edit{{At: cellAt("B1"), From: tt.from, To: tt.to}}, edit.Options{}) {
			refs = append(refs, at.Cell)
		}
		if !slices.Equal(refs, tt.want) {
			t.Errorf("%s → %s: dependents %v, want %v", tt.from, tt.to, refs, tt.want)
		}
	}
	filled := sheetBook(t, `<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c><c r="C1"><f t="array" ref="C1:C2">B1:B2*10</f><v>10</v></c><c r="D1"><f>C2+1</f><v>1</v></c></row><row r="2"><c r="C2"><v>0</v></c></row>`, "")
	if got := edit.Dependents(ctx, "表.xlsx", filled, []edit.Edit{{At: cellAt("B2"), From: "", To: "2"}}, edit.Options{}); len(got) != 2 {
		t.Errorf("of a cell that an array fills: dependents %v", got)
	}
	latin := unzip(t, data).text
	latin[workbook] = strings.ReplaceAll(latin[workbook], `name="表"`, `name="Form"`)
	latin[sheet] = strings.ReplaceAll(latin[sheet], "率*10", "FORM!B1*10")
	at := cellAt("B1")
	at.Sheet = "Form"
	if got := edit.Dependents(ctx, "表.xlsx", zipped(t, latin), []edit.Edit{{At: at, From: "1", To: "2"}}, edit.Options{}); len(got) != 2 {
		t.Errorf("dependents %v", got)
	}
}

// richBook is a workbook with one of everything that could get lost.
func richBook(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}, NumFmt: 10})
	list := excelize.NewDataValidation(true)
	list.Sqref = "C1:C9"
	_, err2 := f.NewSheet("其他")
	for _, err := range []error{
		err, err2, list.SetDropList([]string{"是", "否"}), f.AddDataValidation("Sheet1", list),
		f.SetCellValue("Sheet1", "A1", "标题"), f.MergeCell("Sheet1", "A1", "D1"),
		f.SetCellValue("Sheet1", "B2", 0.9321), f.SetCellStyle("Sheet1", "B2", "B2", bold), f.SetCellFormula("Sheet1", "B3", "SUM(B2:B2)"),
		f.SetCellRichText("Sheet1", "B4", []excelize.RichTextRun{{Text: "其中:"}, {Text: "93.21%", Font: &excelize.Font{Bold: true}}}),
		f.AddPictureFromBytes("Sheet1", "F2", &excelize.Picture{Extension: ".png", File: picture.Bytes()}),
		f.AddComment("Sheet1", excelize.Comment{Cell: "B2", Author: "张三", Paragraph: []excelize.RichTextRun{{Text: "原有批注"}}}),
		f.SetDefinedName(&excelize.DefinedName{Name: "预算", RefersTo: "Sheet1!$B$2"}),
		f.SetCellHyperLink("Sheet1", "A5", "https://example.org/a?b=1&c=2", "External"),
		f.SetCellValue("其他", "A3", "栏"), f.AddTable("其他", &excelize.Table{Range: "A3:B5", Name: "表一"}),
		f.SetDocProps(&excelize.DocProperties{Creator: "王五"}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestNothingElseChanges holds that pictures, comments, tables, names, rules and
// properties of a workbook keep their bytes, and that excelize reads the new values.
func TestNothingElseChanges(t *testing.T) {
	data := richBook(t)
	at := func(cell string, row, col int) grid.Location {
		return grid.Location{Sheet: "Sheet1", Cell: cell, Line: row, Column: col}
	}
	out, refused, err := edit.Apply(ctx, "a.xlsx", data, []edit.Edit{
		{At: at("A1", 1, 1), From: "标题", To: "项目支出绩效自评表"},
		{At: at("B2", 2, 2), From: "93.21%", To: "92.31%"},
		{At: at("B4", 4, 2), From: "其中:93.21%", To: "其中:92.31%"},
		{At: at("E9", 9, 5), From: "", To: "9.23"},
		{At: grid.Location{Sheet: "其他", Cell: "A3", Line: 3, Column: 1}, From: "栏", To: "列"},
	}, edit.Options{})
	if err != nil || len(refused) != 1 || !strings.Contains(refused[0].Why.EN, "heading") {
		t.Fatal(refused, err)
	}
	if got := changedParts(t, data, out); !slices.Equal(slices.Sorted(slices.Values(got)), []string{workbook, sheet}) {
		t.Error("changed", got)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[string]string{"A1": "项目支出绩效自评表", "B2": "92.31%", "B4": "其中:92.31%", "E9": "9.23"} {
		if got, err := f.GetCellValue("Sheet1", cell); got != want {
			t.Errorf("excelize reads %s as %q, want %q (%v)", cell, got, want, err)
		}
	}
	runs, err := f.GetCellRichText("Sheet1", "B4")
	if err != nil || len(runs) != 2 || runs[1].Text != "92.31%" || runs[1].Font == nil || !runs[1].Font.Bold {
		t.Errorf("the formatting of B4 is lost: %v, %v", runs, err)
	}
}

// TestFolderEntries holds that packages that name their folders are edited and keep these
// entries: zip -r stores them, Python compresses the nothing that is in them.
func TestFolderEntries(t *testing.T) {
	src := sheetBook(t, `<row r="1"><c r="B1"><v>2</v></c></row>`, "")
	z, err := zip.NewReader(bytes.NewReader(src), int64(len(src)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	// The writer of archives refuses contents of folders: the name gets its slash later.
	const squeezed = "xl/worksheets#"
	header := &zip.FileHeader{Name: squeezed, Method: zip.Deflate, CompressedSize64: 2}
	entry, err := w.CreateRaw(header)
	if err == nil {
		_, err = entry.Write([]byte{3, 0})
	}
	if err == nil {
		_, err = w.Create("xl/")
	}
	for _, f := range z.File {
		if err == nil {
			err = w.Copy(f)
		}
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	data := bytes.ReplaceAll(b.Bytes(), []byte(squeezed), []byte("xl/worksheets/"))
	out, refused, err := edit.Apply(ctx, "表.xlsx", data, []edit.Edit{{At: cellAt("B1"), From: "2", To: "7"}}, edit.Options{})
	if err != nil || len(refused) != 0 || bytes.Equal(out, data) {
		t.Fatal(refused, err)
	}
	names := func(data []byte) (names []string) {
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			names = append(names, f.Name)
		}
		return names
	}
	if got, want := names(out), names(data); !slices.Equal(got, want) {
		t.Errorf("entries %v, want %v", got, want)
	}
}

// TestLibreOffice holds that LibreOffice opens edited files and shows the new texts.
func TestLibreOffice(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	dir := t.TempDir()
	book, refused, err := edit.Apply(ctx, "a.xlsx", richBook(t), []edit.Edit{
		{At: grid.Location{Sheet: "Sheet1", Cell: "B2", Line: 2, Column: 2}, From: "93.21%", To: "92.31%"},
		{At: grid.Location{Sheet: "Sheet1", Cell: "B4", Line: 4, Column: 2}, From: "其中:93.21%", To: "其中:92.31%"},
	}, edit.Options{})
	if err != nil || len(refused) > 0 {
		t.Fatal(refused, err)
	}
	doc, refused, err := edit.Apply(ctx, "b.docx", wordDocument(t, splitCell), []edit.Edit{{At: wordCell(1, 2), From: "执行率93.21%", To: "执行率92.31%"}}, edit.Options{})
	if err != nil || len(refused) > 0 {
		t.Fatal(refused, err)
	}
	seed, err := os.ReadFile("../../fixtures/seeds/1-kouan.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	var edits []edit.Edit
	for _, c := range cells(grid.ReadXLSX(ctx, "1.xlsx", seed, grid.Limits{})) {
		if c.Type == grid.String {
			edits = append(edits, edit.Edit{At: c.Loc, From: c.Text, To: c.Text + "改"})
		}
	}
	form, refused, err := edit.Apply(ctx, "1.xlsx", seed, edits, edit.Options{})
	if err != nil || len(refused) > 0 {
		t.Fatal(refused, err)
	}
	for _, f := range []struct {
		name, filter, shown string
		data                []byte
		want                []string
	}{
		{"1.xlsx", "csv:Text - txt - csv (StarCalc):44,34,76", "1.csv", form, []string{edits[0].To, edits[len(edits)-1].To}},
		{"a.xlsx", "csv:Text - txt - csv (StarCalc):44,34,76", "a.csv", book, []string{"92.31%", "其中:92.31%"}},
		{"b.docx", "txt:Text (encoded):UTF8", "b.txt", doc, []string{"执行率92.31%"}},
	} {
		file := filepath.Join(dir, f.name)
		if err := os.WriteFile(file, f.data, 0o600); err != nil {
			t.Fatal(err)
		}
		run := exec.CommandContext(t.Context(), soffice, "--headless", "-env:UserInstallation=file://"+dir+"/profile",
			"--convert-to", f.filter, "--outdir", dir, file)
		if text, err := run.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		shown, err := os.ReadFile(filepath.Join(dir, f.shown))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range f.want {
			if !strings.Contains(string(shown), want) {
				t.Errorf("LibreOffice does not show %s in %s:\n%s", want, f.name, shown)
			}
		}
	}
}
