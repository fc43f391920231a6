package template

import (
	"bytes"
	"slices"
	"strconv"
	"testing"

	"github.com/xuri/excelize/v2"

	"jixiaolint/schema"
)

// Targets and actual values in every writing that the reader knows are scored as the
// rules do, or the cell that is left empty is coloured, and the total with it.
func TestEntriesAreScoredOrShown(t *testing.T) {
	const quantity, onTime, cost, missing = "数量指标", "时效指标", "成本指标", ""
	type entry struct{ level2, target, actual, score string }
	entries := []entry{
		{onTime, "2025年12月31日前", "2025年11月20日", "10"},
		{onTime, "2025年12月31日前", "2025年12月31日", "10"},
		{onTime, "2025年12月底前", "2025年12月", "10"},
		{onTime, "2025年年底前完成", "2025年12月5日完成", "10"},
		{onTime, "年底前", "11月20号", "10"},
		{onTime, "12月31日之前", "2025年11月", "10"},
		{onTime, "2025/12/31", "2025-11-20", "10"},
		{onTime, "2025年6月30日前", "2025年7月1日", missing},
		{onTime, "2025年6月30日前", "2025年6月", missing}, // its last day is read as the 31st
		{onTime, "2025年13月45日前", "2025年11月20日", missing},
		{onTime, "按期完成", "2025年11月20日", missing},
		{onTime, "≥95%", "96%", "10"},
		{quantity, "不少于100人次", "103人次", "10"},
		{quantity, "不低于100人次", "80人次", "8"},
		{quantity, "≥１００人次", "１０３人次", "10"},
		{quantity, "100人次及以上", "80人次", "8"},
		{quantity, "≥3万元", "32000元", missing},
		{quantity, "≥100人次", "约103人次", missing},
		{quantity, "≥95%", "0.963", missing},
		{quantity, "管护制度健全", "达成年度指标", missing},
		{cost, "200元/套以内", "190元/套", "10"},
		{cost, "不超过200元/套", "190元/套", "10"},
	}
	p, form := load(t, "cn-2020"), complete(t)
	form.Groups, form.Indicators, form.Total = nil, nil, schema.Total{}
	var cells []string
	for _, e := range entries {
		form.Indicators = append(form.Indicators, schema.Indicator{
			Level1: text("产出指标"), Level2: text(e.level2), Name: text(e.target),
			Target: text(e.target), Actual: text(e.actual), Weight: text("10"),
		})
	}
	draft := Form{Profile: p, Year: 2025, From: form}
	data := write(t, draft)
	at := placed(t, &draft)
	for i := range entries {
		cells = append(cells, at[row("indicators", i, "score")])
	}
	file, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	total, report := at["/total/score"], lint(t, data, p)
	for i, e := range entries {
		// The colour of the cell follows from this; the calculator is slow.
		open, err := file.GetCellValue(workingsName(0), wOpen+strconv.Itoa(i+2))
		if err != nil || (open == "1") != (e.score == missing) {
			t.Errorf("%s %s: open: %s %v", e.target, e.actual, open, err)
		}
		if got := report.Forms[0].Form.Indicators[i].Score.Text; got != e.score {
			t.Errorf("%s %s: score %q, want %q", e.target, e.actual, got, e.score)
		}
	}
	open := cells[slices.IndexFunc(entries, func(e entry) bool { return e.score == missing })]
	if shown := coloured(t, data, open, total); !slices.Equal(shown, []string{open, total}) {
		t.Errorf("coloured: %v, want %s and the total %s", shown, open, total)
	}
	for _, l := range report.Forms[0].ScoreCard().Indicators {
		if l.Declared != "" && !slices.Contains(l.Due, l.Declared) {
			t.Errorf("%s %s: score %s, due %v", l.Target, l.Actual, l.Declared, l.Due)
		}
	}
}

// A copy of the form's sheet for another project reads the workings of the first one: a
// score that they give stands there only where the same was filled in.
func TestCopiedSheetTakesNoScores(t *testing.T) {
	p, form := load(t, "cn-2020"), complete(t)
	form.Groups, form.Total = nil, schema.Total{}
	form.Indicators = nil
	for _, actual := range []string{"103人次", "104人次"} {
		form.Indicators = append(form.Indicators, schema.Indicator{
			Level1: text("产出指标"), Level2: text("数量指标"), Name: text("培训"), Target: text("≥100人次"), Actual: text(actual), Weight: text("10"),
		})
	}
	draft := Form{Profile: p, Year: 2025, From: form}
	at := placed(t, &draft)
	file, err := excelize.OpenReader(bytes.NewReader(write(t, draft)))
	if err != nil {
		t.Fatal(err)
	}
	const copied = "另一项目"
	to, err := file.NewSheet(copied)
	if err == nil {
		err = file.CopySheet(0, to)
	}
	if err == nil {
		err = file.SetCellStr(copied, at[row("indicators", 0, "actual")], "50人次")
	}
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"", "10"} {
		if got, err := file.CalcCellValue(copied, at[row("indicators", i, "score")]); err != nil || got != want {
			t.Errorf("row %d: score %q, want %q; %v", i+1, got, want, err)
		}
	}
}
