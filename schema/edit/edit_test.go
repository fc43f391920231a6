package edit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"html"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"jixiaolint/schema"
	"jixiaolint/schema/edit"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/intake"
)

var ctx = context.Background()

// read reads a file as its format asks for.
func read(t testing.TB, name string, data []byte) *grid.Document {
	t.Helper()
	format, why := intake.FormatOf(name, data, grid.Limits{})
	if !why.IsZero() {
		t.Fatal(why.EN)
	}
	return readAs(format, name, data, grid.Limits{})
}

func cells(doc *grid.Document) []*grid.Cell {
	var all []*grid.Cell
	for _, t := range doc.Tables {
		for _, r := range t.Rows {
			all = append(all, r.Cells...)
		}
	}
	return all
}

// newText gives a text that a correction may put in place of another one.
func newText(rng *rand.Rand, old string) string {
	if i := strings.IndexAny(old, "123456789"); i >= 0 && rng.IntN(4) > 0 {
		return old[:i] + string('1'+(old[i]-'1'+byte(1+rng.IntN(8)))%9) + old[i+1:]
	}
	return []string{"92.31%", "9.23", "12", "优秀", "完成率, 达到 \"95%\" | 以上", "≥95%", "(一)办公用品*2_3"}[rng.IntN(7)]
}

// shipped gives the forms of the repository that are tables.
func shipped(t testing.TB) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"seeds/*", "published/*", "correct/*", "layouts/*", "broken/*", "hostile/*"} {
		found, err := filepath.Glob("../../fixtures/" + pattern)
		if err != nil || len(found) == 0 {
			t.Fatal(pattern, err)
		}
		files = append(files, slices.DeleteFunc(found, func(file string) bool {
			return !slices.Contains([]string{".xlsx", ".docx", ".txt", ".tsv", ".csv", ".md", ".html"}, filepath.Ext(file))
		})...)
	}
	return files
}

var reCell = regexp.MustCompile(`<c [^>]*r="([A-Z]+[0-9]+)"[^>]*?(/>|>.*?</c>)`)

// withoutCell takes a cell out of a sheet, whether it is stored or not.
func withoutCell(part, ref string) string {
	return reCell.ReplaceAllStringFunc(part, func(c string) string {
		if reCell.FindStringSubmatch(c)[1] == ref {
			return ""
		}
		return c
	})
}

// TestRandomEdits holds that an edit of a shipped form changes the cell that it names, no
// other cell, no other part of a package, and no other line of a text.
func TestRandomEdits(t *testing.T) {
	made, refusals := 0, 0
	for _, file := range shipped(t) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(1, uint64(len(data))))
		all := cells(read(t, file, data))
		for range min(3, len(all)) {
			c := all[rng.IntN(len(all))]
			to := newText(rng, c.Text)
			out, refused, err := edit.Apply(ctx, file, data, []edit.Edit{{At: c.Loc, From: c.Text, To: to}}, edit.Options{})
			switch {
			case err != nil:
				t.Errorf("%s: %v", c.Loc, err)
				continue
			case len(refused) > 0:
				refusals++
				if !bytes.Equal(out, data) {
					t.Errorf("%s: refused, but changed", c.Loc)
				}
				continue
			}
			made++
			if filepath.Ext(file) == ".xlsx" {
				checkSheets(t, c.Loc, data, out)
			} else if old, now := bytes.Split(data, []byte("\n")), bytes.Split(out, []byte("\n")); len(old) == len(now) {
				for i := range old {
					if at := c.Loc.Line; !bytes.Equal(old[i], now[i]) && (at == 0 || i != at-1) && c.Loc.Table == 0 {
						t.Errorf("%s: line %d changed", c.Loc, i+1)
					}
				}
			} else {
				t.Errorf("%s: %d lines, were %d", c.Loc, len(now), len(old))
			}
		}
	}
	if t.Logf("%d made, %d refused", made, refusals); made < 10*refusals || made < 400 {
		t.Errorf("%d edits were made, and %d refused", made, refusals)
	}
}

// checkSheets holds that two workbooks differ in one cell.
func checkSheets(t *testing.T, at grid.Location, before, after []byte) {
	t.Helper()
	old, now := unzip(t, before), unzip(t, after)
	for _, part := range changedParts(t, before, after) {
		switch {
		case strings.HasPrefix(part, "xl/worksheets/"):
			if withoutCell(old.text[part], at.Cell) != withoutCell(now.text[part], at.Cell) {
				t.Errorf("%s: more than the cell changed in %s", at, part)
			}
		case part == workbook && strings.ReplaceAll(now.text[part], ` fullCalcOnLoad="1"`, "") == old.text[part]:
		case part == styles:
		default:
			t.Errorf("%s: %s changed", at, part)
		}
	}
	if _, err := excelize.OpenReader(bytes.NewReader(after)); err != nil {
		t.Errorf("%s: excelize: %v", at, err)
	}
}

// TestManyEdits holds that all cells of a form can be edited at once.
func TestManyEdits(t *testing.T) {
	for _, file := range []string{"correct/1-kouan.xlsx", "correct/1-kouan.txt", "published/001.tsv"} {
		file = filepath.Join("../../fixtures", file)
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(2, 2))
		var edits []edit.Edit
		for _, c := range cells(read(t, file, data)) {
			edits = append(edits, edit.Edit{At: c.Loc, From: c.Text, To: newText(rng, c.Text)})
		}
		rng.Shuffle(len(edits), func(i, k int) { edits[i], edits[k] = edits[k], edits[i] })
		_, refused, err := edit.Apply(ctx, file, data, edits, edit.Options{})
		if err != nil || len(refused) > len(edits)/20 {
			t.Errorf("%s: %d of %d edits refused: %v; error %v", file, len(refused), len(edits), refused, err)
		}
	}
}

func utf16Text(s string) string {
	out := []byte("\xFF\xFE")
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return string(out)
}

func gbk(t testing.TB, s string) string {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestTextFields holds how a field of each kind of text is written, in the encoding and
// with the line ends of the file.
func TestTextFields(t *testing.T) {
	const form = "项目支出绩效自评表\n年度资金总额\t16\t14.77\t93.21%\n财政拨款\t16\t14.77\t\n"
	const csv = "项目资金,预算数,执行数,执行率\n年度资金总额,16,14.77,93.21%\n财政拨款,16,\"一,\"\"二\"\"\", \"9\" \n"
	const md = "| 项目 | 预算 | 执行率 |\n|---|---|---|\n| 总额 | **16** | 93.21% |\n| 财政 | | a\\|b |\n"
	const lines = "项目资金      预算数    执行率    备注说明\n年度资金总额  16        93.21%    正常的\n其中财政拨款  16        93.21%    正常的\n上年结转资金  0         100%      没有的\n"
	for _, c := range []struct {
		name, file, data, from, to string
		want                       string // in place of the data
	}{
		{"tabs", "a.txt", form, "93.21%", "92.31%", strings.Replace(form, "93.21%", "92.31%", 1)},
		{"blank field", "a.txt", form, "", "92.31%", strings.Replace(form, "14.77\t\n", "14.77\t92.31%\n", 1)},
		{"tab in a field", "a.txt", form, "93.21%", "92\t31", ""},
		{"line end in a field", "a.txt", form, "93.21%", "92\n31", ""},
		{"CRLF", "a.tsv", strings.ReplaceAll(form, "\n", "\r\n"), "93.21%", "92.31%", strings.ReplaceAll(strings.Replace(form, "93.21%", "92.31%", 1), "\n", "\r\n")},
		{"CR", "a.tsv", strings.ReplaceAll(form, "\n", "\r"), "93.21%", "92.31%", strings.ReplaceAll(strings.Replace(form, "93.21%", "92.31%", 1), "\n", "\r")},
		{"byte order mark", "a.txt", "\xEF\xBB\xBF" + form, "93.21%", "≥92.31%", "\xEF\xBB\xBF" + strings.Replace(form, "93.21%", "≥92.31%", 1)},
		{"UTF-16", "a.txt", utf16Text(form), "93.21%", "≥92.31%", utf16Text(strings.Replace(form, "93.21%", "≥92.31%", 1))},
		{"GBK", "a.txt", gbk(t, form), "93.21%", "≥92.31%", gbk(t, strings.Replace(form, "93.21%", "≥92.31%", 1))},
		{"comma", "a.csv", csv, "93.21%", "92.31%", strings.Replace(csv, "93.21%", "92.31%", 1)},
		{"comma in a field", "a.csv", csv, "93.21%", "1,000", strings.Replace(csv, "93.21%", `"1,000"`, 1)},
		{"quoted field", "a.csv", csv, `一,"二"`, `一,"三"`, strings.Replace(csv, "二", "三", 1)},
		{"blanks around quotes", "a.csv", csv, `9`, `8`, strings.Replace(csv, ` "9" `, ` "8" `, 1)},
		{"pipes", "a.md", md, "93.21%", "92.31%", strings.Replace(md, "93.21%", "92.31%", 1)},
		{"emphasis", "a.md", md, "16", "17", strings.Replace(md, "**16**", "**17**", 1)},
		{"escaped pipe", "a.md", md, "a|b", "a|c", strings.Replace(md, `a\|b`, `a\|c`, 1)},
		{"blank between pipes", "a.md", md, "", "9", strings.Replace(md, "| 财政 | |", "| 财政 | 9 |", 1)},
		{"aligned", "a.txt", lines, "93.21%", "92.31%", strings.Replace(lines, "93.21%", "92.31%", 1)},
		{"aligned, shorter", "a.txt", lines, "93.21%", "92%", strings.Replace(lines, "93.21%", "92%   ", 1)},
		{"aligned, longer", "a.txt", lines, "93.21%", "192.31%", strings.Replace(lines, "93.21% ", "192.31%", 1)},
		{"aligned, too long", "a.txt", lines, "93.21%", "百分之九十二点三一", ""},
		{"page", "a.html", "<table><tr><td>执行率<td class=x><p> <span>93.21%</span>\n</p></table>", "93.21%", "<92.31%",
			"<table><tr><td>执行率<td class=x><p> <span>&lt;92.31%</span>\n</p></table>"},
		{"page, blank", "a.html", "<table><tr><td>执行率<td><p>&nbsp;</p></td></table>", "", "9", "<table><tr><td>执行率<td><p>9</p></td></table>"},
		{"page, break at the end", "a.html", "<table><tr><td>执行率<td>93.21%<br></td></table>", "93.21%", "92.31%", "<table><tr><td>执行率<td>92.31%<br></td></table>"},
		{"page, blank with a break", "a.html", "<table><tr><td>执行率<td><br></td></table>", "", "9", "<table><tr><td>执行率<td>9<br></td></table>"},
		{"page, lines", "a.html", "<table><tr><td>执行率<td><p>甲</p><p><b>乙</b></p>丙</td></table>", "甲\n乙\n丙", "甲\n丁\n戊", "<table><tr><td>执行率<td><p>甲</p><p><b>丁</b></p>戊</td></table>"},
		{"page, another line", "a.html", "<table><tr><td>执行率<td>甲</td></table>", "甲", "甲\n乙", ""},
		{"page, a line of several texts", "a.html", "<table><tr><td>执行率<td>甲<b>乙</b><br>丙</td></table>", "甲乙\n丙", "丁乙\n丙", ""},
		{"page, several texts", "a.html", "<table><tr><td>执行率<td>93<b>.21%</b></td></table>", "93.21%", "92.31%", ""},
		{"page, GBK", "a.html", gbk(t, "<html><meta charset=gbk><table><tr><td>全年执行率的分值<td>得分情况</table>"), "得分情况", "≥95%",
			gbk(t, "<html><meta charset=gbk><table><tr><td>全年执行率的分值<td>≥95%</table>")},
	} {
		t.Run(c.name, func(t *testing.T) {
			var at grid.Location
			for _, cell := range cells(read(t, c.file, []byte(c.data))) {
				if cell.Text == c.from {
					at = cell.Loc
					break
				}
			}
			out, refused, err := edit.Apply(ctx, c.file, []byte(c.data), []edit.Edit{{At: at, From: c.from, To: c.to}}, edit.Options{})
			want := c.want
			if c.want == "" {
				want = c.data
			}
			if err != nil || string(out) != want || (len(refused) > 0) != (c.want == "") {
				t.Errorf("at %s: got\n%q\nwant\n%q\nrefused %v, error %v", at, out, want, refused, err)
			}
		})
	}
}

// TestJSONValues holds that a value of JSON is written in its place and nothing else.
func TestJSONValues(t *testing.T) {
	for _, c := range []struct{ name, file, data, pointer, from, to, want string }{
		{"string", "a.json", "{\"funds\": {\"header_amount\" :\t\"16 万元\"},\r\n \"year\":2022}", "/funds/header_amount", "16 万元", "17 万元",
			"{\"funds\": {\"header_amount\" :\t\"17 万元\"},\r\n \"year\":2022}"},
		{"number", "a.json", `{"year": 2022, "project": "甲"}`, "/year", "2022", "2023", `{"year": 2023, "project": "甲"}`},
		{"number made text", "a.json", `{"year": 2022, "project": "甲"}`, "/year", "2022", "2023年", `{"year": "2023年", "project": "甲"}`},
		{"escapes", "a.json", `{"project": "a\"\\b", "unit": "甲"}`, "/project", `a"\b`, "<\"\\\n>", `{"project": "<\"\\\n>", "unit": "甲"}`},
		{"ASCII only", "a.json", `{"project": "\u7532"}`, "/project", "甲", "乙😀", `{"project": "\u4e59\ud83d\ude00"}`},
		{"one a line", "a.ndjson", "{\"project\": \"甲\"}\n{\"project\": \"乙\"}\n", "1/project", "乙", "丙", "{\"project\": \"甲\"}\n{\"project\": \"丙\"}\n"},
		{"byte order mark", "a.json", "\xEF\xBB\xBF{\"project\": \"甲\"}", "/project", "甲", "乙", "\xEF\xBB\xBF{\"project\": \"乙\"}"},
		{"GBK", "a.json", gbk(t, `{"project": "口岸专项资金的支出", "unit": "商务局"}`), "/unit", "商务局", "财政局", gbk(t, `{"project": "口岸专项资金的支出", "unit": "财政局"}`)},
		{"UTF-16", "a.json", utf16Text(`{"project": "口岸专项资金的支出", "unit": "商务局"}`), "/unit", "商务局", "财政局", utf16Text(`{"project": "口岸专项资金的支出", "unit": "财政局"}`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			number := 0
			if c.pointer[0] == '1' {
				number, c.pointer = 1, c.pointer[1:]
			}
			doc := intake.Read(ctx, c.file, []byte(c.data), intake.Options{})
			field := doc.Forms[number].Place(c.pointer)
			out, refused, err := edit.Apply(ctx, c.file, []byte(c.data), []edit.Edit{{At: field.At, From: c.from, To: c.to}}, edit.Options{})
			if err != nil || len(refused) > 0 || string(out) != c.want {
				t.Errorf("got\n%q\nwant\n%q\nrefused %v, error %v", out, c.want, refused, err)
			}
		})
	}
}

// TestRandomJSON holds that only the edited values of canonical JSON change.
func TestRandomJSON(t *testing.T) {
	files, err := filepath.Glob("../../fixtures/correct/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		form := schema.Decode(file, data, grid.DefaultLimits()).Forms[0]
		var edits []edit.Edit
		for i, ind := range form.Indicators {
			edits = append(edits, edit.Edit{At: ind.Score.At, From: ind.Score.Text, To: strings.Repeat("9", i+1)})
		}
		out, refused, err := edit.Apply(ctx, file, data, edits, edit.Options{})
		if err != nil || len(refused) > 0 || !json.Valid(out) {
			t.Fatal(refused, err)
		}
		for i, ind := range schema.Decode(file, out, grid.DefaultLimits()).Forms[0].Indicators {
			if ind.Score.Text != edits[i].To {
				t.Errorf("score %d is %q, want %q", i, ind.Score.Text, edits[i].To)
			}
		}
	}
}

// TestRefused holds that what cannot be edited says so, and what to do.
func TestRefused(t *testing.T) {
	archive := zipped(t, map[string]string{"a.txt": "甲\t1\t2\n"})
	for _, c := range []struct{ name, file, data, why string }{
		{"archive", "a.zip", string(archive), "unpack"},
		{"old spreadsheet", "a.xls", "\xD0\xCF\x11\xE0", "save it as .xlsx"},
		{"PDF", "a.pdf", "%PDF-1.4", "(.xlsx or .docx)"},
		{"changed meanwhile", "a.txt", "甲\t1\t3\n", "no longer holds"},
	} {
		at := grid.Location{File: c.file, Line: 1, Column: 5}
		out, refused, err := edit.Apply(ctx, c.file, []byte(c.data), []edit.Edit{{At: at, From: "2", To: "5"}}, edit.Options{})
		if err != nil || string(out) != c.data || len(refused) != 1 || !strings.Contains(refused[0].Why.EN, c.why) || refused[0].Why.ZH == "" {
			t.Errorf("%s: refused %v, error %v; want “%s”", c.name, refused, err, c.why)
		}
	}
}

// TestSamePlace holds that edits of one place are one edit if they agree, and that the
// first one counts if they do not.
func TestSamePlace(t *testing.T) {
	at := grid.Location{Line: 1, Column: 5}
	out, refused, err := edit.Apply(ctx, "a.txt", []byte("甲\t1\t2\n"), []edit.Edit{
		{At: at, From: "2", To: "5"}, {At: at, From: "2", To: "5"}, {At: at, From: "2", To: "6"}, {At: at, From: "2", To: "\x00"},
	}, edit.Options{})
	if err != nil || string(out) != "甲\t1\t5\n" || len(refused) != 2 {
		t.Errorf("got %q, refused %v, error %v", out, refused, err)
	}
}

// TestBadEditSparesOthers holds that of many edits only those are refused that would spoil
// the file.
func TestBadEditSparesOthers(t *testing.T) {
	var text, want strings.Builder
	var edits []edit.Edit
	for i := range 20 {
		text.WriteString("甲\t1\t2\n")
		to := "5"
		if i == 7 {
			to = `"a,b"` // which a reader takes for a quoted field
			want.WriteString("甲\t1\t2\n")
		} else {
			want.WriteString("甲\t1\t5\n")
		}
		edits = append(edits, edit.Edit{At: grid.Location{Line: i + 1, Column: 5}, From: "2", To: to})
	}
	out, refused, err := edit.Apply(ctx, "a.txt", []byte(text.String()), edits, edit.Options{})
	if err != nil || string(out) != want.String() || len(refused) != 1 {
		t.Errorf("got %q, refused %v, error %v", out, refused, err)
	}
}

// TestHostileFiles holds that files made to do harm are refused or edited, without harm.
func TestHostileFiles(t *testing.T) {
	files, err := filepath.Glob("../../fixtures/hostile/*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if filepath.Ext(file) == ".golden" {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []grid.Location{{Sheet: "口岸专项", Cell: "Z99", Line: 99, Column: 26}, {Line: 1, Column: 1}, {Table: 1, Line: 1, Column: 1}} {
			out, refused, err := edit.Apply(ctx, file, data, []edit.Edit{{At: at, To: "9"}}, edit.Options{})
			if err != nil || len(refused) > 0 != bytes.Equal(out, data) {
				t.Errorf("%s: error %v, refused %v", file, err, refused)
			}
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if out, _, err := edit.Apply(cancelled, "a.txt", []byte("甲\t1\t2\n"), []edit.Edit{{At: grid.Location{Line: 1, Column: 5}, From: "2", To: "3"}}, edit.Options{}); err == nil || out != nil {
		t.Errorf("edited though cancelled: %q, %v", out, err)
	}
}

// TestNoFormulas holds that no edit makes a formula of what was text, where a program
// that opens the file would compute it.
func TestNoFormulas(t *testing.T) {
	for _, c := range []struct {
		from, to string
		ok       bool
	}{
		{"<p>=HYPERLINK(A1)", "=HYPERLINK(A1)", false},
		{"&#64;A1", "@A1", false},
		{"<b>+1+A1", "+1+A1", false},
		{"<b>-1+A1", "-1+A1", false},
		{"－5.20", "-5.20", true},
		{"无", "-", true},
		{"=1+1", "=1+2", true},
	} {
		for name, data := range map[string]string{
			"表.csv":  "名称,数值,备注\n甲," + c.from + ",乙\n",
			"表.html": "<meta charset=utf-8><table><tr><td>名称<td>数值<tr><td>甲<td>" + html.EscapeString(c.from) + "</table>",
		} {
			var at grid.Location
			for _, cell := range cells(read(t, name, []byte(data))) {
				if cell.Text == c.from {
					at = cell.Loc
				}
			}
			_, refused, err := edit.Apply(ctx, name, []byte(data), []edit.Edit{{At: at, From: c.from, To: c.to}}, edit.Options{})
			if err != nil || (len(refused) == 0) != c.ok || !c.ok && !strings.Contains(refused[0].Why.EN, "take for a formula") {
				t.Errorf("%s: %s made %s: refused %v, %v", name, c.from, c.to, refused, err)
			}
		}
	}
}

// A page that a spreadsheet program saved keeps values in its tags, which the program reads
// instead of the text: such a cell is left alone, and others are not.
func TestPagesOfSpreadsheets(t *testing.T) {
	for _, c := range []struct {
		tag     string
		refused bool
	}{
		{`<td>`, false},
		{`<td align="center" x:num>`, false},
		{`<td x:str="2">`, false},
		{`<td align="center" sdval="2" sdnum="1033;0;0">`, true},
		{`<TD SDVAL='2'>`, true},
		{`<td x:num="2">`, true},
		{`<td x:num x:fmla="=A1">`, true},
	} {
		page := "<table><tr><td>甲</td>" + c.tag + "2</td></tr></table>"
		at := grid.Location{File: "a.html", Table: 1, Line: 1, Column: 2}
		out, refused, err := edit.Apply(ctx, "a.html", []byte(page), []edit.Edit{{At: at, From: "2", To: "5"}}, edit.Options{})
		if err != nil || (len(refused) > 0) != c.refused || (string(out) == page) != c.refused {
			t.Errorf("%s: %s, refused %v, error %v", c.tag, out, refused, err)
		}
	}
}
