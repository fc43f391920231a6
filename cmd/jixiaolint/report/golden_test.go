package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jixiaolint/checks"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

var update = flag.Bool("update", false, "rewrite golden files")

// sheet builds rows of a worksheet. Cells are written with bars between them; an
// empty cell is one that the file does not have.
type sheet struct {
	file, name string
	rows       map[int]*grid.Row
}

func newSheet(file, name string) *sheet { return &sheet{file, name, map[int]*grid.Row{}} }

func (s *sheet) row(num int, cells string) *sheet {
	row := &grid.Row{Num: num}
	for i, text := range strings.Split(cells, "|") {
		if text == "" {
			continue
		}
		row.Cells = append(row.Cells, &grid.Cell{
			Row: num, Col: i + 1, Text: text, Type: grid.String, Rows: 1, Cols: 1, Loc: s.loc(i+1, num),
		})
	}
	s.rows[num] = row
	return s
}

func (s *sheet) loc(col, row int) grid.Location {
	return grid.Location{File: s.file, Sheet: s.name, Cell: grid.CellName(col, row), Line: row, Column: col}
}

func (s *sheet) at(col, row int) schema.Field {
	f := schema.Field{At: s.loc(col, row), Row: s.rows[row]}
	if f.Row != nil {
		if c := f.Row.Cell(col); c != nil {
			f.Text = c.Text
		}
	}
	return f
}

func (s *sheet) related(col, row int, zh, en string) checks.Related {
	return checks.Related{At: s.at(col, row), Label: lang.T(zh, en)}
}

func rule(name string, severity checks.Severity) *checks.Rule {
	return &checks.Rule{Name: name, Group: checks.GroupBudget, Severity: severity}
}

// cases are reports that show what the renderers can do. They are shared by the
// tests of all formats.
func cases() map[string]checks.FileReport {
	fund := newSheet("口岸专项.xlsx", "Sheet1").
		row(3, "项目资金(万元)|年初预算数||全年预算数|全年执行数|分值|执行率|得分").
		row(4, "|年度资金总额|16|16|14.77|10|93.21%|9.23").
		row(5, "|其中:财政拨款|0|0|0|-|0|-").
		row(6, "|其他资金|0|0|0|-|0|-").
		row(9, "产出指标 (50)|数量指标|购置办公用品|2|8|3|3").
		row(12, "||调研检查|2||4|4").
		row(13, "满意度指标|服务对象满意度指标|受训人员和参加交流活动的企业对活动内容、组织和收获的满意程度(按问卷统计)|≥95%|98%|10|10|问卷发放120份，回收118份，有效118份，其中满意116份，基本满意2份，不满意0份，因此认定为达成年度指标；今后将继续扩大调查范围").
		row(120, "总分||||||100|99.23")
	rate := checks.Finding{
		Rule: rule("execution-rate-mismatch", checks.Error), Severity: checks.Error,
		Message:    lang.T("执行率应为 92.31%，填报 93.21%", "execution rate should be 92.31%, the form says 93.21%"),
		Arithmetic: lang.T("14.77 ÷ 16 = 92.31%", "14.77 ÷ 16 = 92.31%"),
		At:         fund.at(7, 4),
		Related:    []checks.Related{fund.related(4, 4, "全年预算数", "adjusted budget"), fund.related(5, 4, "全年执行数", "executed")},
		Found:      "93.21%", Expected: "92.31%",
		Fix:         &checks.Fix{Safety: checks.Safe, Edits: []checks.Edit{{At: fund.loc(7, 4), From: "93.21%", To: "92.31%"}}},
		Fingerprint: "00112233445566778899aabbccddeeff",
	}
	sources := checks.Finding{
		Rule: rule("fund-sources-sum", checks.Error), Severity: checks.Error,
		Message:    lang.T("各资金来源合计为 0，年度资金总额为 16", "the fund sources add up to 0, the total is 16"),
		Arithmetic: lang.T("0 + 0 = 0 ≠ 16", "0 + 0 = 0 ≠ 16"),
		At:         fund.at(3, 4),
		Related: []checks.Related{
			fund.related(6, 6, "其他资金", "other funds"),
			fund.related(3, 5, "财政拨款", "appropriation"), fund.related(3, 6, "其他资金", "other funds"),
			fund.related(8, 120, "总分", "total score"),
		},
		Found: "16", Expected: "0",
		Fix: &checks.Fix{Safety: checks.Unsafe, Edits: []checks.Edit{
			{At: fund.loc(3, 5), From: "0", To: "16"}, {At: fund.loc(4, 5), From: "", To: "16"},
		}},
		Fingerprint: "01112233445566778899aabbccddeeff",
	}
	blank := checks.Finding{
		Rule: rule("missing-required-cell", checks.Error), Severity: checks.Error,
		Message:     lang.T("实际完成值为空", "the actual value is blank"),
		At:          fund.at(5, 12),
		Related:     []checks.Related{fund.related(3, 12, "三级指标", "indicator"), fund.related(7, 12, "得分", "score")},
		Help:        lang.T("填写实际完成值；没有完成的填 0 并说明原因", "fill in the actual value; if nothing was done, write 0 and say why"),
		Fingerprint: "02112233445566778899aabbccddeeff",
	}
	warning := checks.Finding{
		Rule: rule("over-fulfilment-unexplained", checks.Warning), Severity: checks.Warning,
		Message:     lang.T("完成值为指标值的 400%，没有说明原因", "actual value is 400% of the target, without a reason"),
		Arithmetic:  lang.T("8 ÷ 2 = 400%", "8 ÷ 2 = 400%"),
		At:          fund.at(4, 9),
		Related:     []checks.Related{fund.related(5, 9, "实际完成值", "actual value")},
		Fingerprint: "03112233445566778899aabbccddeeff",
	}
	long := checks.Finding{
		Rule: rule("reason-too-long", checks.Note), Severity: checks.Note,
		Message:     lang.T("说明超过 20 字", "the reason is longer than 20 characters"),
		Arithmetic:  lang.T("64 字", "64 characters"),
		At:          fund.at(8, 13),
		Fingerprint: "04112233445566778899aabbccddeeff",
	}
	nearFront := long
	nearFront.At, nearFront.Arithmetic = fund.at(4, 13), lang.T("问卷：116 ÷ 118 = 98.31%，按有效问卷计算的满意度与填报的完成值不一致，差 0.31 个百分点，请核对", "survey: 116 ÷ 118 = 98.31%, which does not agree with the 98% that was filed; compare the two")
	nearFront.Related = []checks.Related{fund.related(8, 13, "说明", "reason")}
	nearFront.Fingerprint = "05112233445566778899aabbccddeeff"

	evil := newSheet("\x1b]8;;http://x\x07evil\u202e.xlsx", "She\u200bet").
		row(7, "\x1b[31m红\x1b[0m|第一行\n第二行\r\n第三行|::error::x|\xff\xfe|👩‍👩‍👧|e\u0301|::stop-commands::a")
	hostile := checks.Finding{
		Rule: rule("non-numeric-cell", checks.Error), Severity: checks.Error,
		Message:     lang.T("不是数字：\x1b[2J\n::error::x", "not a number: \x1b[2J\n::error::x"),
		Arithmetic:  lang.T("\x07", "\x07"),
		At:          evil.at(2, 7),
		Related:     []checks.Related{evil.related(7, 7, "\u2066字", "\u2066w")},
		Found:       "\u0085\u2028\U000E0041",
		Help:        lang.T("\r::warning::y", "\r::warning::y"),
		Fingerprint: "06112233445566778899aabbccddeeff",
	}
	unreadable := checks.Finding{
		Rule: rule("unreadable-file", checks.Error), Severity: checks.Error,
		Message:     lang.T("文件不是有效的 xlsx：工作表数据在中途断开", "not a valid xlsx file: the worksheet breaks off"),
		At:          schema.Field{At: grid.Location{File: "坏.xlsx"}},
		Help:        lang.T("用 Excel 或 WPS 打开并另存", "open it in Excel or WPS and save it again"),
		Fingerprint: "07112233445566778899aabbccddeeff",
	}
	second := newSheet("口岸专项.xlsx", "Sheet2").row(30, "总分|100|98.00")
	sheets := checks.Finding{
		Rule: rule("two-sheets", checks.Warning), Severity: checks.Warning,
		Message:     lang.T("两张表的总分不一致", "the totals of two forms differ"),
		At:          fund.at(8, 120),
		Related:     []checks.Related{second.related(3, 30, "另一张表的总分", "total of the other form"), {At: schema.Field{At: second.loc(9, 99)}, Label: lang.T("备注", "remark")}},
		Fingerprint: "08112233445566778899aabbccddeeff",
	}
	text := newSheet("表.txt", "").row(14, "其他资金|0")
	for _, c := range text.rows[14].Cells {
		c.Loc = grid.Location{File: "表.txt", Line: 14, Column: 1 + 6*(c.Col-1)}
	}
	gap := checks.Finding{
		Rule: rule("missing-required-cell", checks.Error), Severity: checks.Error,
		Message: lang.T("执行数为空", "executed amount is blank"),
		At:      schema.Field{At: grid.Location{File: "表.txt", Line: 14, Column: 8, Path: "/funds/rows/2/executed"}, Row: text.rows[14]},
		Related: []checks.Related{
			{At: schema.Field{At: grid.Location{File: "表.txt", Line: 14, Column: 7}, Row: text.rows[14]}, Label: lang.T("预算数", "budget")},
		},
		Fingerprint: "09112233445566778899aabbccddeeff",
	}
	form := &schema.Form{Kind: schema.Project, Year: 2022, Project: schema.Field{Text: "口岸专项"}, Start: fund.at(1, 3)}
	reports := map[string]checks.FileReport{
		"error":      {File: "口岸专项.xlsx", Findings: []checks.Finding{rate}},
		"rows":       {File: "口岸专项.xlsx", Findings: []checks.Finding{sources}},
		"blank":      {File: "口岸专项.xlsx", Findings: []checks.Finding{blank, gap}},
		"left":       {File: "口岸专项.xlsx", Findings: []checks.Finding{warning}},
		"clipped":    {File: "口岸专项.xlsx", Findings: []checks.Finding{long, nearFront}},
		"hostile":    {File: evil.file, Findings: []checks.Finding{hostile}},
		"unreadable": {File: "坏.xlsx", Findings: []checks.Finding{unreadable}},
		"sheets":     {File: "口岸专项.xlsx", Findings: []checks.Finding{sheets}},
		"clean":      {File: "口岸专项.xlsx"},
	}
	for name, r := range reports {
		for i := range r.Findings {
			r.Findings[i].Form = form
		}
		r.Forms = []checks.FormReport{{
			Form:     form,
			Declared: checks.Results{Rate: "93.21%", Score: "99.23"},
			Computed: checks.Results{Rate: "92.31%", Score: "99.23", Grade: "优"},
			Errors:   r.Count(checks.Error), Warnings: r.Count(checks.Warning), Notes: r.Count(checks.Note),
		}}
		reports[name] = r
	}
	return reports
}

// render prints one report in a format.
func render(t testing.TB, format Format, opts Options, reports ...checks.FileReport) string {
	t.Helper()
	var b bytes.Buffer
	opts.Tool, opts.Version = "jixiaolint", "0.1.0"
	opts.Create = func(name string, data []byte) error {
		b.WriteString(name)
		b.Write(data)
		return nil
	}
	r, err := New(&b, format, opts)
	if err != nil {
		t.Fatal(err)
	}
	filter, summary := Filter{Level: checks.Note}, Summary{Level: checks.Note}
	for _, report := range reports {
		if err := r.File(filter.Apply(report, &summary)); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Close(summary); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (run with -update to accept)\n--- got\n%s--- want\n%s", path, got, want)
	}
}

func TestTextGolden(t *testing.T) {
	for name, report := range cases() {
		t.Run(name, func(t *testing.T) {
			golden(t, name+".txt", render(t, Text, Options{Lang: lang.ZH}, report))
		})
	}
	golden(t, "error.en.txt", render(t, Text, Options{Lang: lang.EN}, cases()["error"]))
	golden(t, "clipped.60.txt", render(t, Text, Options{Lang: lang.EN, Width: 60}, cases()["clipped"]))
	golden(t, "error.color.txt", render(t, Text, Options{Lang: lang.ZH, Color: true}, cases()["error"], cases()["left"], cases()["clipped"]))
}

func TestJSONGolden(t *testing.T) {
	golden(t, "report.json", render(t, JSON, Options{Lang: lang.ZH}, cases()["error"], cases()["rows"], cases()["hostile"]))
	golden(t, "report.ndjson", render(t, NDJSON, Options{Lang: lang.EN}, cases()["error"], cases()["unreadable"]))
}
