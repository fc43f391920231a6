package layout_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/layout"
)

func recognise(t testing.TB, text string) *schema.Document {
	t.Helper()
	return layout.Recognise(grid.ReadText(t.Context(), "表.txt", []byte(text), grid.DefaultLimits()))
}

// one gives the only form of a text.
func one(t *testing.T, rows ...string) *schema.Form {
	t.Helper()
	doc := recognise(t, strings.Join(rows, "\n"))
	if len(doc.Forms) != 1 {
		t.Fatalf("%d forms, problems %v", len(doc.Forms), doc.Problems)
	}
	return doc.Forms[0]
}

func row(r schema.Indicator) string {
	cells := []string{r.Level1.Text, r.Level2.Text, r.Name.Text, r.Target.Text, r.Actual.Text, r.Weight.Text, r.Score.Text, r.Explanation.Text}
	return strings.TrimRight(strings.Join(cells, "|"), "|")
}

const header = "绩效指标\t一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施"

// Rows that lost merged cells stand one or two columns to the left, the name and the
// values not always alike; they are read by what their cells mean, and are noted.
func TestShiftedRows(t *testing.T) {
	f := one(t, "项目名称\t甲", header,
		"\t产出指标(50)\t数量指标\t培训次数\t2\t8\t3\t3\t",
		"\t\t\t检查次数\t2\t9\t4\t4\t",
		"\t印刷费\t\t0.8\t0.94285\t2\t2\t\t",
		"\t成本指标\t宣传成本\t118.7\t118.7\t5\t5\t\t",
		"满意度指标 (10)\t服务对象满意度指标\t职工满意度\t98%\t98%\t10\t10\t\t",
		"总分\t\t\t\t\t\t100\t99.23\t")
	want := []string{
		"产出指标|数量指标|培训次数|2|8|3|3",
		"产出指标|数量指标|检查次数|2|9|4|4",
		"产出指标|数量指标|印刷费|0.8|0.94285|2|2",
		"产出指标|成本指标|宣传成本|118.7|118.7|5|5",
		"满意度指标|服务对象满意度指标|职工满意度|98%|98%|10|10",
	}
	for i, r := range f.Indicators {
		if got := row(r); got != want[i] {
			t.Errorf("row %d: %s, want %s", i, got, want[i])
		}
	}
	if len(f.Shifted) != 3 || f.Total.Score.Text != "99.23" || f.Total.Weight.Text != "100" {
		t.Errorf("shifted %d, total %s/%s", len(f.Shifted), f.Total.Weight.Text, f.Total.Score.Text)
	}
}

// A cell that holds words where a figure belongs must not make its row look shifted.
func TestWordsInFigureCells(t *testing.T) {
	f := one(t, "项目名称\t甲", header,
		"\t产出指标\t数量指标\t培训次数\t2\t8\t3\t满分\t",
		"\t\t\t检查次数\t完成\t完成\t十分\t3\t由于天气；下一步加强")
	if got := row(f.Indicators[0]); got != "产出指标|数量指标|培训次数|2|8|3|满分" {
		t.Error(got)
	}
	if got := row(f.Indicators[1]); got != "产出指标|数量指标|检查次数|完成|完成|十分|3|由于天气；下一步加强" {
		t.Error(got)
	}
	if len(f.Shifted) != 0 {
		t.Error("nothing is shifted")
	}
}

// Headers in other orders, words and heights mean the same columns.
func TestHeaders(t *testing.T) {
	for name, rows := range map[string][]string{
		"split target": {
			"绩效指标\t\t\t年度指标值\t\t\t实际完成值\t分值\t得分",
			"一级指标\t二级指标\t三级指标\t指标性质\t指标值\t度量单位",
			"产出指标\t数量指标\t受助人数\t≧\t735\t人次\t735\t10\t9",
		},
		"weight first": {
			"绩效指标\t一级指标\t二级指标\t三级指标\t分值\t年度指标值(A)\t全年实际值(B)\t得分",
			"\t产 出 指 标(50分)\t数量指标\t受助人数\t10\t≧735人次\t735\t9",
		},
		"twin scores": {
			"一级指标\t二级指标\t三级指标\t指标值\t完成值\t权重\t自评得分\t复核得分",
			"产出指标\t数量指标\t受助人数\t≧735人次\t735\t10\t9\t8",
		},
		"two lines": {
			"一级指标\t二级指标\t三级指标\t年度\t实际\t分值\t得分",
			"\t\t\t指标值\t完成值",
			"产出指标\t数量指标\t受助人数\t≧735人次\t735\t10\t9",
		},
	} {
		f := one(t, append([]string{"项目名称\t甲"}, rows...)...)
		if len(f.Indicators) != 1 || row(f.Indicators[0]) != "产出指标|数量指标|受助人数|≧735人次|735|10|9" {
			t.Errorf("%s: %d rows, %s", name, len(f.Indicators), row(f.Indicators[0]))
		}
	}
}

// What the layout has no cell for is named, so that rules can be switched off.
func TestLacks(t *testing.T) {
	f := one(t, "项目支出绩效自评表（2022年度）", "项目名称\t甲\t主管部门\t乙", "项目资金（万元）\t\t全年预算数（A）\t全年执行数（B）\t执行率（B/A）",
		"\t年度资金总额\t10\t9\t90%", "一级指标\t二级指标\t三级指标\t年度指标值\t全年完成值\t未完成原因和改进措施", "产出指标\t数量指标\t培训\t5次\t5次\t")
	for _, name := range []string{"goal", "funds.initial", "funds.weight", "funds.score", "indicators.weight", "indicators.score"} {
		if !slices.Contains(f.Lacks, name) {
			t.Errorf("%s is lacking, got %v", name, f.Lacks)
		}
	}
	for _, name := range []string{"funds.adjusted", "funds.rate", "indicators.target", "indicators.explanation", "year"} {
		if slices.Contains(f.Lacks, name) {
			t.Errorf("%s is there, got %v", name, f.Lacks)
		}
	}
}

// A row that looks like an indicator but cannot be read is reported, never dropped.
func TestUnreadRowsAreReported(t *testing.T) {
	doc := recognise(t, strings.Join([]string{"项目名称\t甲", header,
		"\t产出指标\t数量指标\t培训次数\t2次\t2次\t90\t90\t",
		"总分\t\t\t\t\t\t100\t100\t",
		"\t\t\t检查次数\t2次\t2次\t10\t10\t"}, "\n"))
	if len(doc.Problems) != 1 || doc.Problems[0].Rule != schema.RuleUnreadableRow || doc.Problems[0].At.At.Line != 5 {
		t.Errorf("problems: %+v", doc.Problems)
	}
}

// Text without a form is a finding, not silence.
func TestNoForm(t *testing.T) {
	doc := recognise(t, "采购清单\n名称\t数量\n纸\t5")
	if len(doc.Forms) != 0 || len(doc.Problems) != 1 || doc.Problems[0].Rule != schema.RuleUnreadableFile {
		t.Errorf("forms %d, problems %+v", len(doc.Forms), doc.Problems)
	}
}

// No text makes recognition panic; what it finds points into the text, and can be
// written and read back.
func FuzzRecognise(f *testing.F) {
	for _, pattern := range []string{"../../fixtures/published/*.tsv", "../../fixtures/seeds/*.txt"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			f.Fatalf("%s: %v", pattern, err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(data))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		doc := recognise(t, text)
		lines := strings.Count(strings.ReplaceAll(text, "\r", "\n"), "\n") + 1
		for _, form := range doc.Forms {
			for pointer, field := range form.Fields() {
				if field.Present() && (field.At.Line < 1 || field.At.Line > lines || field.At.Path == "") {
					t.Fatalf("%s at %s", pointer, field.At)
				}
			}
		}
		if len(doc.Forms) > 0 {
			if again := schema.Decode("x.json", schema.Encode(doc.Forms), grid.DefaultLimits()); len(again.Forms) != len(doc.Forms) {
				t.Fatalf("wrote %d forms, read %d: %v", len(doc.Forms), len(again.Forms), again.Problems)
			}
		}
	})
}
