package grid

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

// drawn makes a drawing of pages.
func drawn(pages ...string) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:office="o" xmlns:draw="d" xmlns:svg="s" xmlns:text="t" xmlns:style="y" xmlns:fo="f"` +
		` office:mimetype="application/vnd.oasis.opendocument.graphics"><office:automatic-styles>` +
		`<style:style style:name="fill"><style:graphic-properties draw:stroke="none"/></style:style>` +
		`<style:style style:name="T"><style:text-properties fo:font-size="10pt"/></style:style>` +
		`</office:automatic-styles><office:body><office:drawing>`)
	for _, p := range pages {
		b.WriteString("<draw:page>" + p + "</draw:page>")
	}
	b.WriteString("</office:drawing></office:body></office:document>")
	return []byte(b.String())
}

// stroke draws a line; places are in millimetres.
func stroke(x1, y1, x2, y2 int) string {
	return fmt.Sprintf(`<draw:line svg:x1="%dmm" svg:y1="%dmm" svg:x2="%dmm" svg:y2="%dmm"><text:p/></draw:line>`, x1, y1, x2, y2)
}

// ruledGrid draws all rules of a grid with columns of 20 and rows of 10 millimetres.
func ruledGrid(x, y, cols, rows int) string {
	var b strings.Builder
	for i := range cols + 1 {
		b.WriteString(stroke(x+20*i, y, x+20*i, y+10*rows))
	}
	for i := range rows + 1 {
		b.WriteString(stroke(x, y+10*i, x+20*cols, y+10*i))
	}
	return b.String()
}

// words draws a line of text in 10 points, as wide as such text is.
func words(x, y int, s string) string {
	probe := piece{em: 353}
	return fmt.Sprintf(`<draw:frame svg:x="%dmm" svg:y="%dmm" svg:width="%d.%02dmm" svg:height="4.5mm"><draw:text-box><text:p><text:span text:style-name="T">%s</text:span></text:p></draw:text-box></draw:frame>`,
		x, y, probe.length(s)/100, probe.length(s)%100, s)
}

// TestReadDrawing protects how tables are rebuilt of lines and text, and that doubts
// are refused.
func TestReadDrawing(t *testing.T) {
	four := words(11, 11, "甲") + words(31, 11, "16") + words(11, 21, "乙") + words(31, 21, "9.5")
	const table = "1: 1:1\"甲\" 1:2\"16\"\n2: 2:1\"乙\" 2:2\"9.5\"\n"
	path := `<draw:path svg:x="10mm" svg:y="10mm" svg:width="40mm" svg:height="20mm" svg:viewBox="0 0 4000 2000" svg:d="M0 0h4000v2000H0z M0 1000 L4000 1000 M2000 0V2000 M0 0C1 1 2 2 3 3"/>`
	bar := func(x, y, w, h string) string {
		return fmt.Sprintf(`<draw:polygon draw:style-name="fill" svg:x="%smm" svg:y="%smm" svg:width="%smm" svg:height="%smm" svg:viewBox="0 0 1 1" draw:points="0,0 1,0 1,1 0,1"/>`, x, y, w, h)
	}
	for _, tt := range []struct{ name, page, want string }{
		{"grid", ruledGrid(10, 10, 2, 2) + four, table},
		{"path", path + four, table},
		{"filled bars", bar("10", "10", "40", "0.3") + bar("10", "20", "40", "0.3") + bar("10", "30", "40", "0.3") +
			bar("10", "10", "0.3", "20") + bar("30", "10", "0.3", "20") + bar("50", "10", "0.3", "20") + bar("10", "10", "40", "10") + four, table},
		{"a page border around", `<draw:rect svg:x="5mm" svg:y="5mm" svg:width="100mm" svg:height="100mm"/>` + ruledGrid(10, 10, 2, 2) + four, table},
		{"text around", words(20, 2, "绩效自评表") + ruledGrid(10, 10, 2, 2) + four + words(10, 40, "填报日期：") + words(40, 40, "2023年") + words(25, 280, "- 1 -"),
			"0: 0:0\"绩效自评表\"\n" + table + "0: 0:0\"填报日期：\"\n0: 0:0\"2023年\"\n"},
		{"merged cells", stroke(10, 10, 50, 10) + stroke(30, 20, 50, 20) + stroke(10, 30, 50, 30) + stroke(10, 10, 10, 30) + stroke(30, 10, 30, 30) + stroke(50, 10, 50, 30) +
			words(11, 18, "甲") + words(31, 11, "16") + words(31, 21, "9.5"), "1: 1:1\"甲\" 1:2\"16\"\n2: 2:1\"9.5\"\n"},
		{"no outer rules at the sides", stroke(10, 10, 70, 10) + stroke(10, 20, 70, 20) + stroke(10, 30, 70, 30) + stroke(30, 10, 30, 30) + stroke(50, 10, 50, 30) +
			words(31, 11, "甲") + words(31, 21, "乙"), "1: 1:1\"甲\"\n2: 2:1\"乙\"\n"},
		{"lines of a cell", ruledGrid(10, 10, 2, 1) + words(11, 10, "口岸疫情") + words(11, 15, "防控") + words(31, 10, "甲") + words(31, 15, "乙"),
			"1: 1:1\"口岸疫情防控\" 1:2\"甲\\n乙\"\n"},
		{"bold by printing twice", ruledGrid(10, 10, 2, 1) + words(11, 11, "甲") + words(11, 11, "甲") + words(31, 11, "乙"), "1: 1:1\"甲\" 1:2\"乙\"\n"},
		{"cells joined by a blank", ruledGrid(10, 10, 2, 1) + words(22, 11, "分值 执行率"), "1: 1:1\"分值\" 1:2\"执行率\"\n"},
		{"blank that is no gap", ruledGrid(10, 10, 2, 1) + words(11, 11, "甲 乙"), "1: 1:1\"甲 乙\" 1:2\"\"\n"},

		{"across a rule", ruledGrid(10, 10, 2, 1) + words(23, 11, "分值执行率"), "page 1: has text across a rule, which could belong to either cell (分值执行率)"},
		{"blank far from the rule", ruledGrid(10, 10, 2, 1) + words(11, 11, "甲 乙丙丁戊己庚"), "page 1: has text across a rule"},
		{"blank that could be a gap", ruledGrid(10, 10, 2, 1) + words(23, 11, "甲 1"), "page 1: has text across a rule"},
		{"out of the table", ruledGrid(10, 10, 1, 1) + words(11, 11, "甲乙丙丁戊己庚"), "page 1: has text across a rule"},
		{"on a rule", ruledGrid(10, 10, 1, 2) + words(11, 18, "甲"), "page 1: has text on a rule (甲)"},
		{"beside", ruledGrid(10, 10, 1, 1) + words(60, 11, "甲"), "page 1: has text beside a table (甲)"},
		{"over other text", ruledGrid(10, 10, 2, 1) + words(11, 11, "1234") + words(12, 11, "5678"), "page 1: has text over other text (1234, 5678)"},
		{"broken figure", ruledGrid(10, 10, 1, 1) + words(11, 10, "123456789") + words(11, 15, "12"), "page 1: has a figure that is broken over two lines (12)"},
		{"gap in a rule", stroke(10, 10, 50, 10) + stroke(10, 20, 50, 20) + stroke(10, 10, 10, 20) + stroke(50, 10, 50, 20) + stroke(30, 10, 30, 14) + words(11, 11, "甲"), "page 1: has gaps in the rules of a table"},
		{"no rectangle", stroke(10, 10, 50, 10) + stroke(10, 30, 50, 30) + stroke(10, 10, 10, 30) + stroke(50, 10, 50, 30) + stroke(30, 10, 30, 20) + stroke(30, 20, 50, 20) + words(11, 11, "甲"), "page 1: has a table with cells that are not rectangular"},
		{"nested", ruledGrid(10, 10, 2, 4) + `<draw:rect svg:x="13mm" svg:y="12mm" svg:width="10mm" svg:height="6mm"/>` + words(11, 31, "甲"), "page 1: has tables that overlap or lie in each other"},
		{"turned", ruledGrid(10, 10, 1, 1) + strings.Replace(words(11, 11, "甲"), "svg:x=", `draw:transform="rotate (1.57) translate (1cm 1cm)" svg:x=`, 1), "page 1: has text that does not run from left to right (甲)"},
		{"no place", ruledGrid(10, 10, 1, 1) + strings.Replace(words(11, 11, "甲"), "svg:x=", "x=", 1), "page 1: has text without a place (甲)"},
		{"no rules", four, "the file has no table drawn with lines"},
		{"a table without rules beside one with", ruledGrid(10, 10, 2, 2) + four + strings.Repeat(words(10, 50, "甲")+words(30, 50, "乙")+words(50, 50, "丙"), 1) +
			words(10, 60, "甲") + words(30, 60, "乙") + words(50, 60, "丙") + words(10, 70, "甲") + words(30, 70, "乙") + words(50, 70, "丙"), "page 1: has a table without rules"},
		{"scan", `<draw:frame svg:x="0mm" svg:y="0mm" svg:width="210mm" svg:height="297mm"><draw:image><office:binary-data>AAAA</office:binary-data></draw:image></draw:frame>`, "it is a scan"},
		{"blank", "", "the file holds no text"},
	} {
		d := ReadDrawing(t.Context(), "a.fodg", drawn(tt.page), Limits{})
		got := show(d)
		if strings.Contains(tt.want, "\n") && got != tt.want || len(d.Problems) != strings.Count(got, " at 0:0: ") || !strings.Contains(got, tt.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
		if len(d.Problems) > 0 && (len(d.Tables) > 0 || len(d.Problems) > 1) {
			t.Errorf("%s: half a drawing was read: %s", tt.name, got)
		}
		checkProblems(t, d)
	}
}

// TestDrawingPages protects tables that go on over pages, and the cells that a page
// break divides: open ones of spreadsheets, closed ones of text programs.
func TestDrawingPages(t *testing.T) {
	row := func(y int, a, b, c string) string {
		var page strings.Builder
		for i, s := range []string{a, b, c} {
			if s != "" {
				page.WriteString(words(11+20*i, y, s))
			}
		}
		return page.String()
	}
	// A grid whose first column is open below or above.
	open := func(edge int) string {
		return stroke(10, 10, 10, 30) + stroke(30, 10, 30, 30) + stroke(50, 10, 50, 30) + stroke(70, 10, 70, 30) +
			stroke(30, 20, 70, 20) + stroke(30, edge, 70, edge) + stroke(10, 40-edge, 70, 40-edge)
	}
	for _, tt := range []struct {
		name  string
		pages []string
		want  string
	}{
		{"plain", []string{ruledGrid(10, 10, 3, 1) + row(11, "甲", "16", "10"), words(30, 2, "续") + ruledGrid(10, 10, 3, 1) + row(11, "乙", "9.5", "10")},
			"1: 1:1\"甲\" 1:2\"16\" 1:3\"10\"\n2: 2:1\"续\"\n3: 3:1\"乙\" 3:2\"9.5\" 3:3\"10\"\n"},
		{"another table", []string{ruledGrid(10, 10, 3, 1) + row(11, "甲", "16", "10"), ruledGrid(10, 10, 2, 1) + row(11, "乙", "9.5", "")},
			"1: 1:1\"甲\" 1:2\"16\" 1:3\"10\"\n1: 1:1\"乙\" 1:2\"9.5\"\n"},
		{"open cell", []string{open(30) + row(11, "", "甲", "1") + row(21, "", "乙", "2"), open(10) + row(11, "产出", "丙", "3") + row(21, "", "丁", "4")},
			"1: 1:1\"产出\" 1:2\"甲\" 1:3\"1\"\n2: 2:1\"乙\" 2:2\"2\"\n3: 3:1\"\" 3:2\"丙\" 3:3\"3\"\n4: 4:1\"丁\" 4:2\"4\"\n"},
		{"open cell printed twice", []string{open(30) + row(11, "", "甲", "1") + row(21, "", "乙", "2") + words(11, 32, "产出"), open(10) + row(11, "产出", "丙", "3") + row(21, "", "丁", "4")},
			"1: 1:1\"产出\" 1:2\"甲\" 1:3\"1\"\n2: 2:1\"乙\" 2:2\"2\"\n3: 3:1\"\" 3:2\"丙\" 3:3\"3\"\n4: 4:1\"丁\" 4:2\"4\"\n"},
		{"open figure", []string{open(30) + row(11, "10", "甲", "1") + row(21, "", "乙", "2"), open(10) + row(11, "", "丙", "3") + row(21, "", "丁", "4")}, "page 1: has a merged cell at a page break"},
		{"open cells that differ", []string{open(30) + row(11, "产出", "甲", "1"), open(10) + row(11, "效益", "丙", "3")}, "page 1: has a merged cell at a page break"},
		{"open cell at the end", []string{open(30) + row(11, "产出", "甲", "1")}, "page 1: has a merged cell at a page break"},
		{"broken row", []string{ruledGrid(10, 10, 3, 1) + row(11, "甲", "16", "口岸"), ruledGrid(10, 10, 3, 1) + row(11, "", "", "专项")}, "page 2: goes on with a row of the table that the page break divides"},
	} {
		d := ReadDrawing(t.Context(), "a.fodg", drawn(tt.pages...), Limits{})
		if got := show(d); strings.Contains(tt.want, "\n") && got != tt.want || !strings.Contains(got, tt.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
		checkProblems(t, d)
	}
}

// TestDrawingLimits protects the bounds of what is read of hostile drawings.
func TestDrawingLimits(t *testing.T) {
	var cross strings.Builder
	for i := range 9000 {
		cross.WriteString(stroke(10, 2*i, 20_000, 2*i) + stroke(2*i, 10, 2*i, 20_000))
	}
	for _, tt := range []struct {
		name   string
		data   []byte
		limits Limits
		want   string
	}{
		{"size", drawn("甲"), Limits{FileSize: 10}, "more than 10 bytes"},
		{"lines", drawn(cross.String() + words(1, 1, "甲")), Limits{}, "far more lines"},
		{"points", drawn(strings.Repeat(`<draw:polyline svg:x="0cm" svg:y="0cm" svg:width="1cm" svg:height="1cm" svg:viewBox="0 0 1 1" draw:points="`+strings.Repeat("0,0 100,0 ", 70_000)+`"/>`, 2)), Limits{}, "far more lines"},
		{"pages", drawn(make([]string, 20)...), Limits{Tables: 10}, "more than 10 pages"},
		{"pieces", drawn(strings.Repeat(words(1, 1, "甲"), 20)), Limits{Cells: 10}, "more than 10 pieces"},
		{"depth", drawn(strings.Repeat("<draw:g>", 100)), Limits{}, "nested deeper"},
		{"broken", drawn()[:300], Limits{}, "broken XML"},
		{"far away", drawn(ruledGrid(10, 10, 1, 1) + strings.Replace(words(11, 11, "甲"), `"11mm"`, `"999999cm"`, 1)), Limits{}, "without a place"},
	} {
		start := time.Now()
		d := ReadDrawing(t.Context(), "a.fodg", tt.data, tt.limits)
		if len(d.Problems) != 1 || !strings.Contains(d.Problems[0].Message.EN, tt.want) {
			t.Errorf("%s: got %.300s", tt.name, show(d))
		}
		checkProblems(t, d)
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s took %s", tt.name, took)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if d := ReadDrawing(ctx, "a.fodg", drawn(words(1, 1, "甲")), Limits{}); len(d.Problems) != 1 || d.Problems[0].Message != faultCancelled.message {
		t.Errorf("cancelled: %+v", d.Problems)
	}
}

// TestParseLength protects lengths from rounding twice and from overflow.
func TestParseLength(t *testing.T) {
	for s, want := range map[string]int{"1.304cm": 1304, "-0.5mm": -50, "1in": 2540, "72pt": 2540, "5.30000019073486pt": 187, ".1cm": 100, "96px": 2540} {
		if got, ok := parseLength(s); !ok || got != want {
			t.Errorf("%s is %d, %t; want %d", s, got, ok, want)
		}
	}
	for _, s := range []string{"", "cm", "1", "1.2.3cm", "1-2cm", "--1cm", "1e3cm", "9999999cm", "999999cm", "5%"} {
		if got, ok := parseLength(s); ok {
			t.Errorf("%s is %d", s, got)
		}
	}
}

// FuzzReadDrawing holds the reader to tables without overlap, or one problem.
func FuzzReadDrawing(f *testing.F) {
	f.Add(drawn(ruledGrid(10, 10, 2, 2)+words(11, 11, "甲")+words(23, 21, "分值 10"), words(1, 1, "乙")+ruledGrid(10, 10, 2, 1)))
	f.Add(drawn(`<draw:path svg:x="1cm" svg:y="1cm" svg:width="4cm" svg:height="2cm" svg:viewBox="0 0 4 2" svg:d="m0 0h4v2h-4z m2 0v2 c1 1 1 1 1 1 a1 1 1 1 1 1 1"/>` + words(11, 11, "甲")))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := ReadDrawing(t.Context(), "a.fodg", data, Limits{Cells: 10_000})
		checkProblems(t, d)
		if len(d.Problems) > 1 || len(d.Problems) == 1 && len(d.Tables) > 0 || len(d.Problems) == 0 && len(d.Tables) == 0 {
			t.Fatalf("%d tables with problems %+v", len(d.Tables), d.Problems)
		}
		for _, table := range d.Tables {
			taken := map[[2]int]bool{}
			for _, row := range table.Rows {
				for _, c := range row.Cells {
					for i := range c.Rows {
						for j := range c.Cols {
							at := [2]int{c.Row + i, c.Col + j}
							if taken[at] && c.Row > 0 {
								t.Fatalf("two cells at %v", at)
							}
							taken[at] = true
						}
					}
				}
			}
		}
	})
}
