package export_test

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jixiaolint/schema"
	"jixiaolint/schema/export"
	"jixiaolint/schema/intake"
)

func filed(text string) schema.Field { return schema.Field{Text: text} }

func indicator(cells ...string) schema.Indicator {
	f := make([]schema.Field, 8)
	for i, c := range cells {
		f[i] = filed(c)
	}
	return schema.Indicator{
		Level1: f[0], Level2: f[1], Name: f[2], Target: f[3], Actual: f[4], Weight: f[5], Score: f[6], Explanation: f[7],
	}
}

// sample is a small form that has one of everything.
func sample() *schema.Form {
	return &schema.Form{
		Kind: schema.Project, Title: filed("项目支出绩效自评表"), Year: 2022,
		Project: filed("口岸专项"), Department: filed("兴安盟商务口岸局601001"), Unit: filed("兴安盟商务口岸局"),
		Funds: schema.Funds{
			Label: filed("项目资金(万元)"), CurrencyUnit: "万元", HeaderAmount: filed("16"),
			Rows: []schema.FundRow{
				{Role: schema.RoleTotal, Label: filed("年度资金总额"), Initial: filed("16.00"), Adjusted: filed("16"),
					Executed: filed("14.77"), Weight: filed("10"), Rate: filed("92.31%"), Score: filed("9.23")},
				{Role: schema.RoleFiscal, Label: filed("财政拨款"), PartOf: "年度资金总额", Initial: filed("16"), Adjusted: filed("16"),
					Executed: filed("14.770"), Weight: filed("-"), Rate: filed("92%"), Score: filed("——")},
			},
		},
		Goal: schema.Goal{Expected: filed("预期目标:改造口岸。\n培训人员。"), Actual: filed("全部完成。")},
		Groups: []schema.Group{
			{Label: filed("绩效指标(90)"), Weight: filed("90")},
			{Level1: "产出指标", Weight: filed("50")},
			{Level1: "效益指标", Label: filed("效益指标 (30)"), Weight: filed("30")},
			{Level1: "产出指标", Subtotal: true, Weight: filed("50"), Score: filed("49.5")},
		},
		Indicators: []schema.Indicator{
			indicator("产出指标", "数量指标", "购置设备", "≥2台", "3台", "20", "20"),
			indicator("产出指标", "数量指标", "12312", "100%", "99.5%", "20", "19.5", "原因:疫情;措施:加快"),
			indicator("产出指标", "成本指标", "办公费", "≤2.50", "2.5", "10", "10"),
			indicator("效益指标", "社会效益指标", "=HYPERLINK(\"http://x\")", "+1", "@SUM(A1)", "-1", "05"),
		},
		Total:        schema.Total{Weight: filed("100"), Score: filed("99.23"), Grade: filed("优")},
		Remarks:      []schema.Remark{{Label: "备注", Text: filed("无")}, {Text: filed("填表人:张三")}},
		Placeholders: []schema.Field{filed("指标2:")},
	}
}

func write(t *testing.T, forms []*schema.Form, opts export.XLSXOptions) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := export.XLSX(&b, forms, opts); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(t *testing.T, data []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// shown gives the displayed texts of a sheet, without trailing blank cells.
func shown(t *testing.T, f *excelize.File, sheet string) [][]string {
	t.Helper()
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestXLSXShowsWhatWasFiled(t *testing.T) {
	f := open(t, write(t, []*schema.Form{sample()}, export.XLSXOptions{}))
	want := [][]string{
		{"项目支出绩效自评表"},
		{"(2022年度)"},
		{"项目名称", "", "口岸专项"},
		{"主管部门及代码", "", "兴安盟商务口岸局601001", "", "", "实施单位", "兴安盟商务口岸局"},
		{"项目资金(万元)", "16", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"},
		{"", "年度资金总额", "", "16.00", "16", "14.77", "10", "92.31%", "9.23"},
		{"", "其中:财政拨款", "", "16", "16", "14.770", "-", "92%", "——"},
		{"年度总体目标", "预期目标", "", "", "", "实际完成情况"},
		{"", "改造口岸。\n培训人员。", "", "", "", "全部完成。"},
		{"绩效指标(90)", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"},
		{"", "产出指标(50)", "数量指标", "购置设备", "≥2台", "3台", "20", "20"},
		{"", "", "", "12312", "100%", "99.5%", "20", "19.5", "原因:疫情;措施:加快"},
		{"", "", "成本指标", "办公费", "≤2.50", "2.5", "10", "10"},
		{"", "", "小计", "", "", "", "50", "49.5"},
		{"", "效益指标 (30)", "社会效益指标", "=HYPERLINK(\"http://x\")", "+1", "@SUM(A1)", "-1", "05"},
		{"", "", "", "指标2:"},
		{"总分", "", "", "", "", "", "100", "99.23", "优"},
		{"备注", "", "无"},
		{"填表人:张三"},
	}
	got := shown(t, f, "口岸专项")
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || !slices.Equal(got[i], want[i]) {
			t.Fatalf("row %d\n got %q\nwant %q", i+1, got[min(i, len(got)-1)], want[min(i, len(want)-1)])
		}
	}

	merges, err := f.GetMergeCells("口岸专项", true)
	if err != nil {
		t.Fatal(err)
	}
	ranges := make([]string, len(merges))
	for i, m := range merges {
		ranges[i] = m.GetStartAxis() + ":" + m.GetEndAxis()
	}
	for _, want := range []string{
		"A1:I1", "A2:I2", "A3:B3", "C3:I3", "C4:E4", "G4:I4", "A5:A7", "B5:C5", "B7:C7", "A8:A9", "B9:E9", "F9:I9",
		"A10:A16", "B11:B14", "C11:C12", "C14:F14", "B15:B16", "C15:C16", "A17:F17", "A18:B18", "C18:I18", "A19:I19",
	} {
		if !slices.Contains(ranges, want) {
			t.Errorf("no merged range %s in %v", want, ranges)
		}
	}
}

func TestXLSXStoresExactDecimals(t *testing.T) {
	form := sample()
	form.Funds.Rows[1].Executed = schema.Field{Text: "14.77", Stored: "14.7679"}
	form.Funds.Rows[1].Rate = schema.Field{Text: "92.31%", Stored: "0.923125"}
	form.Funds.Rows[0].Weight = schema.Field{Text: "10", Stored: "44561"} // not the figure shown
	f := open(t, write(t, []*schema.Form{form}, export.XLSXOptions{}))
	for _, c := range []struct {
		cell, stored, shown string
		kind                excelize.CellType
	}{
		{"D6", "16", "16.00", excelize.CellTypeUnset},
		{"F6", "14.77", "14.77", excelize.CellTypeUnset},
		{"G6", "10", "10", excelize.CellTypeUnset},
		{"H6", "0.9231", "92.31%", excelize.CellTypeUnset},
		{"F7", "14.7679", "14.77", excelize.CellTypeUnset},
		{"H7", "0.923125", "92.31%", excelize.CellTypeUnset},
		{"F12", "0.995", "99.5%", excelize.CellTypeUnset},
		{"G7", "-", "-", excelize.CellTypeSharedString},
		{"D12", "12312", "12312", excelize.CellTypeSharedString},
		{"H15", "05", "05", excelize.CellTypeSharedString},
		{"G15", "-1", "-1", excelize.CellTypeUnset},
	} {
		stored, err := f.GetCellValue("口岸专项", c.cell, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		shown, err := f.GetCellValue("口岸专项", c.cell)
		if err != nil {
			t.Fatal(err)
		}
		kind, err := f.GetCellType("口岸专项", c.cell)
		if err != nil {
			t.Fatal(err)
		}
		if stored != c.stored || shown != c.shown || kind != c.kind {
			t.Errorf("%s: stored %q, shown %q, type %d; want %q, %q, %d", c.cell, stored, shown, kind, c.stored, c.shown, c.kind)
		}
	}
}

func TestXLSXWritesNoFormulas(t *testing.T) {
	data := write(t, []*schema.Form{sample()}, export.XLSXOptions{})
	f := open(t, data)
	for _, cell := range []string{"D15", "E15", "F15"} {
		formula, err := f.GetCellFormula("口岸专项", cell)
		if err != nil {
			t.Fatal(err)
		}
		kind, err := f.GetCellType("口岸专项", cell)
		if err != nil {
			t.Fatal(err)
		}
		if formula != "" || kind != excelize.CellTypeSharedString {
			t.Errorf("%s: formula %q, type %d", cell, formula, kind)
		}
		id, err := f.GetCellStyle("口岸专项", cell)
		if err != nil {
			t.Fatal(err)
		}
		style, err := f.GetStyle(id)
		if err != nil {
			t.Fatal(err)
		}
		if style.NumFmt != 49 {
			t.Errorf("%s: number format %d, want text, which survives editing", cell, style.NumFmt)
		}
	}
	if sheet := part(t, data, "xl/worksheets/sheet1.xml"); strings.Contains(sheet, "<f") {
		t.Error("the sheet holds a formula")
	}
}

// part gives one part of a workbook.
func part(t *testing.T, data []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestXLSXReplacesIllegalCharacters(t *testing.T) {
	form := sample()
	form.Goal.Actual = filed("a\x00b\x1b[31mc\xffd\uFFFEe\r\nf _x0041_")
	f := open(t, write(t, []*schema.Form{form}, export.XLSXOptions{}))
	got, err := f.GetCellValue("口岸专项", "F9")
	if err != nil {
		t.Fatal(err)
	}
	if want := "a\uFFFDb\uFFFD[31mc\uFFFDd\uFFFDe\nf _x0041_"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestXLSXRefusesWhatACellCannotHold(t *testing.T) {
	form := sample()
	form.Goal.Actual = filed(strings.Repeat("长", 32768))
	err := export.XLSX(io.Discard, []*schema.Form{form}, export.XLSXOptions{})
	if err == nil || !strings.Contains(err.Error(), "cell F9") {
		t.Errorf("got %v", err)
	}
	if export.XLSX(io.Discard, nil, export.XLSXOptions{}) == nil {
		t.Error("a workbook of no forms was written")
	}
}

func TestXLSXBytesAreReproducible(t *testing.T) {
	forms := []*schema.Form{sample(), sample()}
	first := write(t, forms, export.XLSXOptions{})
	for range 10 {
		if !bytes.Equal(first, write(t, forms, export.XLSXOptions{})) {
			t.Fatal("two runs gave different bytes")
		}
	}
}

func TestXLSXArrangesForms(t *testing.T) {
	second := sample()
	second.Project = filed("a/b:[很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长]")
	forms := []*schema.Form{sample(), sample(), second}

	sheets := open(t, write(t, forms, export.XLSXOptions{Sheet: "自评"})).GetSheetList()
	if want := []string{"自评", "口岸专项", "ab很长很长很长很长很长很长很长很长很长很长很长很长很长很长很"}; !slices.Equal(sheets, want) {
		t.Errorf("sheets %q, want %q", sheets, want)
	}
	sheets = open(t, write(t, forms[:2], export.XLSXOptions{})).GetSheetList()
	if want := []string{"口岸专项", "口岸专项 (2)"}; !slices.Equal(sheets, want) {
		t.Errorf("sheets %q, want %q", sheets, want)
	}

	f := open(t, write(t, forms[:2], export.XLSXOptions{Sheet: "S", OneSheet: true, SkipRows: 3, SkipCols: 2}))
	for cell, want := range map[string]string{"A1": "", "C4": "项目支出绩效自评表", "K8": "得分", "C25": "项目支出绩效自评表", "K41": "优"} {
		got, err := f.GetCellValue("S", cell)
		if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s is %q, want %q", cell, got, want)
		}
	}
}

// lean is a form of a layout with few columns.
func lean() *schema.Form {
	return &schema.Form{
		Kind: schema.Project, Title: filed("项目绩效自评表"), Project: filed("造林"),
		Funds: schema.Funds{CurrencyUnit: "万元", Rows: []schema.FundRow{
			{Role: schema.RoleTotal, Label: filed("预算执行情况"), Adjusted: filed("5"), Executed: filed("4"), Rate: filed("80"), RateHeader: true},
		}},
		Indicators: []schema.Indicator{
			{Level1: filed("产出"), Name: filed("造林面积"), Target: filed("≥10亩"),
				Parts: &schema.TargetParts{Operator: filed("≥"), Value: filed("10"), Unit: filed("亩")}, Actual: filed("12亩"), Score: filed("8")},
			{Level1: filed("产出"), Name: filed("其中:国有"), Target: filed("5亩"), Actual: filed("6亩"), PartOf: "造林面积"},
		},
		Total: schema.Total{Score: filed("88"), Grade: filed("良")},
		Lacks: []string{"year", "unit", "funds.initial", "funds.weight", "funds.score", "goal",
			"indicators.level2", "indicators.weight", "indicators.explanation"},
	}
}

// readBack reads forms from the bytes of a file.
func readBack(t *testing.T, name string, data []byte) []*schema.Form {
	t.Helper()
	doc := intake.Read(t.Context(), name, data, intake.Options{})
	for _, p := range doc.Problems {
		t.Errorf("%s: %s", p.At.At, p.Message.EN)
	}
	return doc.Forms
}

// The published forms of many regions, fragments among them, survive the way into
// the official workbook and back: every field, wherever it stood.
func TestPublishedFormsSurviveTheWorkbook(t *testing.T) {
	paths, err := filepath.Glob("../../fixtures/published/*.tsv")
	if err != nil || len(paths) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		forms := readBack(t, path, data)
		want := string(schema.Encode(forms))
		if got := string(schema.Encode(readBack(t, "a.xlsx", write(t, forms, export.XLSXOptions{})))); got != want {
			t.Errorf("%s: the workbook reads\n%s\nwant\n%s", path, got, want)
		}
	}
}

// Real forms read from what was written are the forms that were written.
func TestFormsSurviveTheWay(t *testing.T) {
	fixtures := os.DirFS("../../fixtures")
	paths, err := fs.Glob(fixtures, "correct/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, path := range append(paths, "seeds/forms.txt") {
		data, err := fs.ReadFile(fixtures, path)
		if err != nil {
			t.Fatal(err)
		}
		forms := readBack(t, path, data)
		want := string(schema.Encode(forms))
		if got := string(schema.Encode(readBack(t, "a.xlsx", write(t, forms, export.XLSXOptions{})))); got != want {
			t.Errorf("%s: the workbook reads\n%s\nwant\n%s", path, got, want)
		}
		var tsv bytes.Buffer
		if err := export.TSV(&tsv, forms); err != nil {
			t.Fatal(err)
		}
		if got := string(schema.Encode(readBack(t, "a.tsv", tsv.Bytes()))); got != want {
			t.Errorf("%s: the text reads\n%s\nwant\n%s", path, got, want)
		}
	}
}

// A total that the form states in its head, with no row in the table, is read again
// from where it is written.
func TestTotalInTheHeadSurvives(t *testing.T) {
	forms := readBack(t, "a.tsv", []byte(strings.Join([]string{
		"项目支出绩效自评表", "（2022年度）", "填报单位：某局　　自评总分：98.6分", "项目名称\t甲\t主管部门\t乙",
		"绩效指标\t一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施",
		"\t产出指标\t数量指标\t培训次数\t2次\t2次\t100\t98.6\t", "填表人：王\t\t\t联系电话：5550123\t\t\t填表日期：2023.3.10",
	}, "\n")))
	want := string(schema.Encode(forms))
	if len(forms) != 1 || forms[0].Total.Score.Text != "98.6分" || len(forms[0].Indicators) != 1 {
		t.Fatalf("read %s", want)
	}
	var tsv bytes.Buffer
	if err := export.TSV(&tsv, forms); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"a.tsv": tsv.Bytes(), "a.xlsx": write(t, forms, export.XLSXOptions{})} {
		if got := string(schema.Encode(readBack(t, name, data))); got != want {
			t.Errorf("%s reads\n%s\nwant\n%s", name, got, want)
		}
	}
}

// Texts with what tab-separated text is made of survive it.
func TestEdgesSurviveTheText(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	edges := []string{" ", "\u3000", "\u00a0", "\t", "\n", "\"", "\"\"", "“", ",", "'", "\u2028"}
	data, err := os.ReadFile("../../fixtures/correct/1-kouan.txt")
	if err != nil {
		t.Fatal(err)
	}
	for range 300 {
		forms := readBack(t, "a.txt", data)
		f := forms[0]
		texts := []*schema.Field{&f.Project, &f.Unit, &f.Goal.Expected, &f.Goal.Actual}
		for i := range f.Indicators {
			texts = append(texts, &f.Indicators[i].Name, &f.Indicators[i].Explanation)
		}
		for range 1 + rng.IntN(4) {
			x := texts[rng.IntN(len(texts))]
			if !x.Filled() {
				continue
			}
			edge := edges[rng.IntN(len(edges))]
			switch at := []rune(x.Text); rng.IntN(4) {
			case 0:
				x.Text = edge + x.Text
			case 1:
				x.Text += edge
			case 2:
				x.Text = edge + x.Text + edge
			default:
				x.Text = string(at[:len(at)/2]) + edge + string(at[len(at)/2:])
			}
		}
		want := string(schema.Encode(forms))
		var tsv bytes.Buffer
		if err := export.TSV(&tsv, forms); err != nil {
			t.Fatal(err)
		}
		if got := string(schema.Encode(readBack(t, "a.tsv", tsv.Bytes()))); got != want {
			t.Fatalf("the text\n%s\nreads\n%s\nwant\n%s", tsv.String(), got, want)
		}
	}
}

func TestTSV(t *testing.T) {
	forms := []*schema.Form{sample(), lean()}
	forms[0].Heading = filed("1. 口岸专项")
	var b bytes.Buffer
	if err := export.TSV(&b, forms); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/forms.tsv")
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("got\n%s", b.String())
	}
}

func TestTSVCellsStayCells(t *testing.T) {
	for text, want := range map[string]string{
		"a\tb\r\nc\u2028d":     "\"a\tb\nc\u2028d\"",
		" a\x00b ":             "\" a b \"",
		"\u3000":               "",
		"\"a\" b":              "\"\"\"a\"\" b\"",
		"=1+cmd|' /C calc'!A0": "'=1+cmd|' /C calc'!A0",
		" @SUM(A1)":            "' @SUM(A1)",
		"\t=A1":                "\"'\t=A1\"",
		"=100%":                "=100%",
		"-":                    "-",
		"-5":                   "-5",
	} {
		form := &schema.Form{Project: filed(text), Lacks: []string{"title", "department", "unit", "goal", "total"}}
		var b bytes.Buffer
		if err := export.TSV(&b, []*schema.Form{form}); err != nil {
			t.Fatal(err)
		}
		if got := b.String(); got != "项目名称\t\t"+want+"\t\t\n" {
			t.Errorf("%q was written as %q", text, got)
		}
	}
}
