package edit_test

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jixiaolint/schema/edit"
	"jixiaolint/schema/grid"
)

// refresh edits B1 of a workbook and computes what depends on it.
func refresh(t *testing.T, data []byte, from, to string, stale ...grid.Location) (edited []byte, r edit.Refreshed) {
	t.Helper()
	edits := []edit.Edit{{At: cellAt("B1"), From: from, To: to}}
	edited, refused, err := edit.Apply(ctx, "表.xlsx", data, edits, edit.Options{})
	if err != nil || len(refused) > 0 {
		t.Fatal(err, refused)
	}
	return edited, edit.Refresh(ctx, "表.xlsx", data, edited, edits, stale, edit.Options{})
}

// TestRefresh holds which results of formulas are computed after an edit, and that nothing
// but these results changes. In all rows B1 becomes 92.31% from 93.21%.
func TestRefresh(t *testing.T) {
	const b1, b1After = `<c r="B1" s="1"><v>0.9321</v></c>`, `<c r="B1" s="1"><v>0.9231</v></c>`
	for _, c := range []struct{ name, cells, want, changes string }{
		{"chain", `<c r="C1" s="3"><f>ROUND(B1*10,2)</f><v>9.32</v></c><c r="D1"><f>SUM($C$1,5)</f><v>14.32</v></c>`,
			`<c r="C1" s="3"><f>ROUND(B1*10,2)</f><v>9.23</v></c><c r="D1"><f>SUM($C$1,5)</f><v>14.23</v></c>`, "C1 9.32→9.23 D1 14.32→14.23"},
		{"against the order of the cells", `<c r="A1"><f>'表'!C1+1</f><v>10.32</v></c>` + b1 + `<c r="C1"><f>ROUND(B1*10,2)</f><v>9.32</v></c>`,
			`<c r="A1"><f>'表'!C1+1</f><v>10.23</v></c>` + b1After + `<c r="C1"><f>ROUND(B1*10,2)</f><v>9.23</v></c>`, "A1 10.32→10.23 C1 9.32→9.23"},
		{"binary fractions", `<c r="C1"><f>B1*10/3</f><v>3.1070000000000002</v></c>`, `<c r="C1"><f>B1*10/3</f><v>3.077</v></c>`, "C1 3.107→3.077"},
		{"what is shown stays", `<c r="C1" s="3"><f>B1/7</f><v>0.13315714285714287</v></c>`, `<c r="C1" s="3"><f>B1/7</f><v>0.13187142857142857</v></c>`, "C1 0.13315714285714287→0.13187142857142857"},
		{"a fraction that makes a whole again", `<c r="C1"><f>B1/7</f><v>0.13315714285714287</v></c><c r="D1"><f>C1*7</f><v>0.93210000000000004</v></c>`,
			`<c r="C1"><f>B1/7</f><v>0.13187142857142857</v></c><c r="D1"><f>C1*7</f><v>0.92309999999999999</v></c>`, "C1 0.133157143→0.131871429 D1 0.9321→0.9231"},
		{"text", `<c r="C1" t="str"><f>IF(B1&gt;=0.93,"优","良")</f><v>优</v></c>`, `<c r="C1" t="str"><f>IF(B1&gt;=0.93,"优","良")</f><v>良</v></c>`, "C1 优→良"},
		{"the same result", `<c r="C1"><f>ROUND(B1,0)</f><v>1.0</v></c><c r="D1"><f>C1+B1</f><v>1.9321</v></c>`,
			`<c r="C1"><f>ROUND(B1,0)</f><v>1.0</v></c><c r="D1"><f>C1+B1</f><v>1.9231</v></c>`, "D1 1.9321→1.9231"},
		{"shared formulas", `<c r="C1"><f t="shared" ref="C1:D1" si="0">B1+1</f><v>1.9321</v></c><c r="D1"><f t="shared" si="0"/><v>2.9321</v></c>`,
			`<c r="C1"><f t="shared" ref="C1:D1" si="0">B1+1</f><v>1.9231</v></c><c r="D1"><f t="shared" si="0"/><v>2.9231</v></c>`, "C1 1.9321→1.9231 D1 2.9321→2.9231"},
		{"not what the formula gives", `<c r="C1"><f>ROUND(B1*10,2)</f><v>9.3</v></c><c r="D1"><f>C1+1</f><v>10.3</v></c>`, "", ""},
		{"an unknown function", `<c r="C1"><f>ROUND(B1*10,2)</f><v>9.32</v></c><c r="D1"><f>LOG(B1)</f><v>1</v></c><c r="E1"><f>D1+1</f><v>2</v></c>`,
			`<c r="C1"><f>ROUND(B1*10,2)</f><v>9.23</v></c><c r="D1"><f>LOG(B1)</f><v>1</v></c><c r="E1"><f>D1+1</f><v>2</v></c>`, "C1 9.32→9.23"},
		{"what takes values unseen", `<c r="C1"><f>INDIRECT("B1")</f><v>0.9321</v></c><c r="D1"><f>B1+C1</f><v>1.8642</v></c>`, "", ""},
		{"another kind of result", `<c r="C1"><f>IF(B1=0.9321,1,"")</f><v>1</v></c>`, "", ""},
		{"an error", `<c r="C1"><f>1/(B1-0.9231)</f><v>111.111111111111</v></c>`, "", ""},
		{"no result", `<c r="C1"><f>B1</f></c>`, "", ""},
		{"text for a number", `<c r="C1" t="str"><f>B1*10</f><v>9.321</v></c>`, "", ""},
		{"a circle", `<c r="C1"><f>B1+D1</f><v>0.9321</v></c><c r="D1"><f>C1*0</f><v>0</v></c>`, "", ""},
		{"an array", `<c r="C1"><f t="array" ref="C1:D1">B1*2</f><v>1.8642</v></c><c r="D1"><v>1.8642</v></c><c r="E1"><f>B1+D1</f><v>2.7963</v></c>`, "", ""},
	} {
		rows := c.cells
		if !strings.Contains(rows, b1) {
			rows = b1 + rows
		}
		data := sheetBook(t, `<row r="1">`+rows+`</row>`, "")
		edited, r := refresh(t, data, "93.21%", "92.31%")
		want := c.want
		if want == "" {
			want = c.cells
		}
		if !strings.Contains(want, b1After) {
			want = b1After + want
		}
		if got := sheetPart(t, r.Data); got != `<row r="1">`+want+`</row>` {
			t.Errorf("%s: stored\n%s\nwant\n%s", c.name, got, want)
		}
		var changes []string
		for _, e := range r.Changes {
			changes = append(changes, e.At.Cell+" "+e.From+"→"+e.To)
		}
		if got := strings.Join(changes, " "); got != c.changes {
			t.Errorf("%s: changed %q, want %q", c.name, got, c.changes)
		}
		if parts := changedParts(t, edited, r.Data); len(parts) > 1 || len(parts) == 1 && parts[0] != sheet {
			t.Errorf("%s: changed the parts %v", c.name, parts)
		}
	}
}

// TestRefreshStale holds that results known not to be current are computed no more, and that
// a workbook whose results all follow from its cells is not outdated.
func TestRefreshStale(t *testing.T) {
	const row = `<row r="1"><c r="B1"><v>1</v></c><c r="C1"><f>B1*2</f><v>2</v></c><c r="D1"><f>C1+1</f><v>3</v></c><c r="E1"><f>B1+1</f><v>2</v></c></row>`
	data := sheetBook(t, row, "")
	edited, r := refresh(t, data, "1", "4", cellAt("C1"))
	var current []string
	for _, at := range r.Current {
		current = append(current, at.Cell)
	}
	if !slices.Equal(current, []string{"E1"}) {
		t.Errorf("current are %v", current)
	}
	if !edit.Outdated(ctx, "表.xlsx", edited, edit.Options{}) || !edit.Outdated(ctx, "表.xlsx", r.Data, edit.Options{}) {
		t.Error("results that are not current are taken for current")
	}
	if _, r := refresh(t, data, "1", "4"); len(r.Current) != 3 || edit.Outdated(ctx, "表.xlsx", r.Data, edit.Options{}) {
		t.Errorf("current are %v", r.Current)
	}
}

// TestRefreshProtected holds that results are stored in locked cells of a protected sheet, as
// they change there when somebody types, while values in locked cells are refused and take
// no formula from the cells that share it.
func TestRefreshProtected(t *testing.T) {
	const c1, d1 = `<c r="C1"><f t="shared" ref="C1:D1" si="0">B1*2</f><v>2</v></c>`, `<c r="D1"><f t="shared" si="0"/><v>4</v></c>`
	rows := func(b1, c1, d1 string) string {
		return `<row r="1"><c r="B1" s="1"><v>` + b1 + `</v></c>` + c1 + d1 + `</row>`
	}
	text := unzip(t, sheetBook(t, rows("1", c1, d1), `<sheetProtection sheet="1"/>`)).text
	second := regexp.MustCompile(`(<cellXfs[^>]*><xf[^>]*/>)<xf[^>]*/>`)
	text[styles] = second.ReplaceAllString(text[styles], `$1<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"><protection locked="0"/></xf>`)
	data := zipped(t, text)

	_, r := refresh(t, data, "1", "3")
	want := rows("3", strings.Replace(c1, "<v>2<", "<v>6<", 1), strings.Replace(d1, "<v>4<", "<v>12<", 1))
	if got := sheetPart(t, r.Data); got != want || len(r.Changes) != 2 {
		t.Errorf("stored\n%s\nwant\n%s", got, want)
	}

	locked := edit.Edit{At: cellAt("C1"), From: "2", To: "7"}
	edited, refused, err := edit.Apply(ctx, "表.xlsx", data, []edit.Edit{{At: cellAt("B1"), From: "1", To: "3"}, locked}, edit.Options{Formulas: true})
	if err != nil || len(refused) != 1 || refused[0].Edit != locked || !strings.Contains(refused[0].Why.EN, "protected") {
		t.Fatal(refused, err)
	}
	if got, want := sheetPart(t, edited), rows("3", c1, d1); got != want {
		t.Errorf("stored\n%s\nwant\n%s", got, want)
	}
	if parts := changedParts(t, data, edited); !slices.Equal(parts, []string{"xl/workbook.xml", sheet}) {
		t.Errorf("changed the parts %v", parts)
	}
}

// TestRefreshEntangled holds that nothing is computed in a workbook where a formula fills
// several cells, on whichever sheet, or whose formulas go by the numbers that are shown.
func TestRefreshEntangled(t *testing.T) {
	const row = `<row r="1"><c r="B1"><v>1</v></c><c r="C1"><f>B1*2</f><v>2</v></c></row>`
	for _, c := range []struct {
		name, array, calc string // array is the beginning of a cell
		entangled         bool
	}{
		{"neither", ``, `<calcPr fullPrecision="1"/>`, false},
		{"an array of one cell", `<f t="array" ref="A1">B1</f>`, ``, false},
		{"an array", `<f t="array" ref="A1:A2">B1</f>`, ``, true},
		{"a table", `<f t="dataTable" ref="A1:A2" r1="B1"/>`, ``, true},
		{"precision as shown", ``, `<calcPr fullPrecision="0"/>`, true},
		{"a date as text", `<v/></c><c r="B1" t="d"><v>2022-03-01</v></c><c r="C1">`, ``, true},
	} {
		text := unzip(t, sheetBook(t, row, "")).text
		for part, change := range map[string][2]string{
			"[Content_Types].xml":        {`</Types>`, `<Override PartName="/xl/worksheets/sheet2.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
			"xl/_rels/workbook.xml.rels": {`</Relationships>`, `<Relationship Id="rId9" Type="` + relSpace + `/worksheet" Target="worksheets/sheet2.xml"/></Relationships>`},
			"xl/workbook.xml":            {`</sheets>`, `<sheet name="二" sheetId="2" r:id="rId9"/></sheets>`},
		} {
			text[part] = strings.Replace(text[part], change[0], change[1], 1)
		}
		text["xl/workbook.xml"] = strings.Replace(text["xl/workbook.xml"], `</workbook>`, c.calc+`</workbook>`, 1)
		text["xl/worksheets/sheet2.xml"] = `<worksheet ` + mainSpace + `><sheetData><row r="1"><c r="A1">` + c.array + `<v>1</v></c></row></sheetData></worksheet>`
		edited, r := refresh(t, zipped(t, text), "1", "4")
		if got := len(r.Changes) == 0 && bytes.Equal(r.Data, edited); got != c.entangled || got != (len(r.Current) == 0) {
			t.Errorf("%s: changed %v, current %v", c.name, r.Changes, r.Current)
		}
		if c.entangled && !edit.Outdated(ctx, "表.xlsx", edited, edit.Options{}) {
			t.Errorf("%s: not outdated", c.name)
		}
	}
}

// TestRefreshBounds holds that a small file whose formulas would take long to compute, as
// many cells share one, is not computed, and not taken for current.
func TestRefreshBounds(t *testing.T) {
	long := "B1*0" + strings.Repeat("+1/101+1/103-1/101-1/103", 300)
	for _, c := range []struct {
		formula string
		cells   int
		current bool
	}{
		{"B1*0", 100, true},
		{"B1*0", 2001, false},
		{long, 100, true},
		{long, 200, false},
	} {
		var rows strings.Builder
		rows.WriteString(`<row r="1"><c r="B1"><v>1</v></c></row>`)
		for i := range c.cells {
			text := ""
			if i == 0 {
				text = strings.ReplaceAll(c.formula, "B1", "$B$1")
			}
			fmt.Fprintf(&rows, `<row r="%d"><c r="C%[1]d"><f t="shared" ref="C2:C3000" si="0">%s</f><v>0</v></c></row>`, i+2, text)
		}
		edited, r := refresh(t, sheetBook(t, rows.String(), ""), "1", "4")
		outdated := edit.Outdated(ctx, "表.xlsx", edited, edit.Options{})
		if got := len(r.Current) == c.cells; got != c.current || outdated == c.current {
			t.Errorf("%d cells of %.20s: %d are current, outdated %v", c.cells, c.formula, len(r.Current), outdated)
		}
	}
}
