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
		"progress before the actual": {
			"一级指标\t二级指标\t三级指标\t权重占比\t年度指标值\t实施进度\t年终完成值\t得分",
			"产出指标\t数量指标\t受助人数\t10\t≧735人次\t100%\t735\t9",
		},
		"progress behind the actual": {
			"一级指标\t二级指标\t三级指标\t权重占比\t年度指标值\t年终完成值\t实施进度\t得分",
			"产出指标\t数量指标\t受助人数\t10\t≧735人次\t735\t100%\t9",
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

// One header over sign, value and unit of the targets is no reason to lose any of them,
// whether or not the cells that it was merged over are still there.
func TestTargetsUnderOneHeader(t *testing.T) {
	const lost = "一级指标\t二级指标\t三级指标\t分值\t预期指标值\t实际完成值\t得分"
	wide := strings.Replace(lost, "预期指标值", "预期指标值\t\t", 1)
	for name, c := range map[string]struct{ rows, want []string }{
		"wide": {
			[]string{wide, "产出指标\t数量指标\t受助人数\t10\t≥\t860\t人\t865\t9", "\t质量指标\t准确率\t5\t＝\t100\t%\t99%\t4",
				"\t\t合格率\t5\t\t95\t%\t99%\t5", "\t时效指标\t及时\t5\t定性\t良好\t\t良好\t5", "\t\t按期\t5\t按期完成\t\t\t完成\t5"},
			[]string{"产出指标|数量指标|受助人数|≥860人|865|10|9", "产出指标|质量指标|准确率|＝100%|99%|5|4",
				"产出指标|质量指标|合格率|95%|99%|5|5", "产出指标|时效指标|及时|良好|良好|5|5", "产出指标|时效指标|按期|按期完成|完成|5|5"},
		},
		"lost": {
			[]string{lost, "产出指标\t数量指标\t受助人数\t10\t≥\t860\t人\t865\t9", "\t质量指标\t准确率\t5\t＝\t100\t%\t99%\t4"},
			[]string{"产出指标|数量指标|受助人数|≥860人|865|10|9", "产出指标|质量指标|准确率|＝100%|99%|5|4"},
		},
		"sign and value": {
			[]string{lost, "产出指标\t数量指标\t受助人数\t10\t≥\t860人\t865\t9", "\t质量指标\t准确率\t5\t＝\t100%\t99%\t4"},
			[]string{"产出指标|数量指标|受助人数|≥860人|865|10|9", "产出指标|质量指标|准确率|＝100%|99%|5|4"},
		},
	} {
		f := one(t, append([]string{"项目名称\t甲"}, c.rows...)...)
		var got []string
		for _, ind := range f.Indicators {
			got = append(got, row(ind))
		}
		if !slices.Equal(got, c.want) || len(f.Shifted) > 0 {
			t.Errorf("%s: %q, want %q; shifted %v", name, got, c.want, f.Shifted)
		}
	}
	body := "<table><tr><td>项目名称<td>甲<tr><td>一级指标<td>二级指标<td>三级指标<td colspan=3>指标值<td>实际完成值<td>分值<td>得分" +
		"<tr><td>产出指标<td>数量指标<td>受助人数<td>≥<td>860<td>人<td>865<td>10<td>9<tr><td>产出指标<td>时效指标<td>及时<td colspan=3>按期完成<td>完成<td>5<td>5</table>"
	rows := page(t, body).Forms[0].Indicators
	if len(rows) != 2 || row(rows[0]) != "产出指标|数量指标|受助人数|≥860人|865|10|9" || row(rows[1]) != "产出指标|时效指标|及时|按期完成|完成|5|5" {
		t.Errorf("merged: %+v", rows)
	}
}

// Points at the end of the names are the weights of a table without a column of them;
// the names stay as they were filed, and a single one proves nothing.
func TestPointsInNames(t *testing.T) {
	const head = "一级指标\t二级指标\t三级指标\t年初目标值\t实际完成值\t得分"
	rows := []string{"产出指标（60分）\t数量指标\t新增图书（册）（35分）\t8000\t8120\t35", "\t\t开放天数(25分)\t300\t310\t25"}
	f := one(t, append([]string{"项目名称\t甲", head}, rows...)...)
	if got := row(f.Indicators[0]); got != "产出指标|数量指标|新增图书（册）（35分）|8000|8120|35|35" {
		t.Error(got)
	}
	if f.Indicators[1].Weight.At.String() != f.Indicators[1].Name.At.String() || slices.Contains(f.Lacks, "indicators.weight") {
		t.Errorf("weight at %s, lacks %v", f.Indicators[1].Weight.At, f.Lacks)
	}
	f = one(t, "项目名称\t甲", head, rows[0], "\t\t竞赛成绩（满分100分）\t90\t95\t10")
	if f.Indicators[0].Weight.Present() || !slices.Contains(f.Lacks, "indicators.weight") {
		t.Errorf("weight %s, lacks %v", f.Indicators[0].Weight.Text, f.Lacks)
	}
}

// Which label of the head names the department and which the unit depends on the
// others that stand beside it.
func TestDepartmentsAndUnits(t *testing.T) {
	for _, c := range []struct{ head, department, unit, remark string }{
		{"中央主管部门\t农业农村部\n地方主管部门\t市农业局(012)\t资金使用单位\t县农业局", "市农业局", "县农业局", "农业农村部"},
		{"中央主管部门\t农业农村部\t资金使用单位\t县农业局", "农业农村部", "县农业局", ""},
		{"预算单位\t县农业局\t用款单位\t推广中心", "县农业局", "推广中心", ""},
		{"主管部门\t县农业局\t预算单位\t推广中心", "县农业局", "推广中心", ""},
		{"填报单位：推广中心\n预算单位\t县农业局\t用款单位\t推广中心", "县农业局", "推广中心", ""},
	} {
		f := one(t, "项目名称\t甲", c.head, header, "\t产出指标\t数量指标\t培训次数\t2\t8\t3\t3")
		remark := ""
		if len(f.Remarks) > 0 {
			remark = f.Remarks[0].Text.Text
		}
		if f.DepartmentName != c.department || f.Unit.Text != c.unit || remark != c.remark {
			t.Errorf("%q: department %s, unit %s, remarks %s", c.head, f.DepartmentName, f.Unit.Text, remark)
		}
	}
}

// The answers of 资金管理情况 are kept, also where they are short and stand below the
// table.
func TestManagementOfFunds(t *testing.T) {
	f := one(t, "项目名称\t甲", header, "\t产出指标\t数量指标\t培训次数\t2\t8\t3\t3", "总分\t\t\t\t\t\t100\t99",
		"分配科学性\t按因素法分配", "分配科学性\t无", "第\t1\t页")
	if len(f.Remarks) != 2 || f.Remarks[1].Label != "分配科学性" || f.Remarks[1].Text.Text != "无" {
		t.Errorf("remarks %+v", f.Remarks)
	}
}

// What is signed below the indicators is none of them, also where the total stands in
// the head and no row of it ends the table; a project there begins another form.
func TestSignaturesBelowTheTable(t *testing.T) {
	const head, indicator = "填报单位：丙　自评总分：98.6分", "\t产出指标\t数量指标\t培训次数\t2\t8\t3\t3\t"
	for _, last := range []string{
		"填表人：唐丽\t\t\t联系电话：0734-8220001\t\t\t填表日期：2023.3.10",
		"审核人：唐丽\t\t填报时间：2023.3.10\t\t签字：",
		"填表人\t唐丽\t\t\t联系电话\t8220001\t填表日期\t2023.3.10",
	} {
		f := one(t, "项目支出绩效自评表", head, "项目名称\t甲", header, indicator, last)
		if len(f.Indicators) != 1 || f.Total.Score.Text != "98.6分" {
			t.Errorf("%q: %d indicators, total %q", last, len(f.Indicators), f.Total.Score.Text)
		}
	}
	doc := recognise(t, strings.Join([]string{"项目名称\t甲", header, indicator, "项目名称\t乙\t实施单位\t丙", header, indicator}, "\n"))
	if len(doc.Forms) != 2 || len(doc.Forms[0].Indicators) != 1 || doc.Forms[1].Project.Text != "乙" {
		t.Errorf("%d forms, problems %v", len(doc.Forms), doc.Problems)
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

// Lists, values to choose from and declarations of goals share their labels with forms
// but are none: they give nothing beside a form, and alone no form was found.
func TestWhatIsNoForm(t *testing.T) {
	form := strings.Join([]string{"项目支出绩效自评表（2022年度）", "项目名称\t甲", header, "\t产出指标\t数量指标\t培训次数\t2次\t2次\t90\t90", "总分\t\t\t\t\t\t90\t90"}, "\n")
	for name, rows := range map[string][]string{
		"list of projects": {"项目支出绩效自评结果汇总表", "序号\t项目名称\t主管部门\t实施单位\t年初预算数\t全年预算数\t全年执行数\t执行率\t自评得分\t自评等级",
			"1\t修路\t交通局\t公路所\t10\t10\t9\t90%\t98\t优", "2\t建桥\t交通局\t公路所\t10\t10\t9\t90%\t98\t优", "合计\t\t\t\t20\t20\t18\t90%"},
		"list without numbers": {"项目名称\t预算数\t执行数\t得分", "修路\t10\t9\t98"},
		"list of people":       {"联系人名单", "序号\t单位\t联系人\t备注", "1\t交通局\t王"},
		"people by unit":       {"实施单位\t联系人\t电话", "交通局\t王\t5550123"},
		"values to choose from": {"下拉选项", "一级指标\t二级指标\t运算符\t单位", "产出指标\t数量指标\t≥\t个", "产出指标\t质量指标\t≤\t%",
			"效益指标\t社会效益指标\t=\t万元", "满意度指标\t服务对象满意度指标\t定性\t次"},
		"declaration": {"项目支出绩效目标申报表", "项目名称\t修路", "主管部门\t交通局\t实施单位\t公路所", "项目资金（万元）\t年度资金总额\t860",
			"年度目标\t修路120公里", "一级指标\t二级指标\t三级指标\t指标值\t备注", "产出指标\t数量指标\t修路里程\t≥120公里"},
	} {
		list := strings.Join(rows, "\n")
		if doc := recognise(t, list); len(doc.Forms) != 0 || len(doc.Problems) != 1 || doc.Problems[0].Rule != schema.RuleUnreadableFile {
			t.Errorf("%s alone: %d forms, problems %v", name, len(doc.Forms), doc.Problems)
		}
		if doc := recognise(t, list+"\n"+form); len(doc.Forms) != 1 || len(doc.Problems) != 0 || doc.Forms[0].Project.Text != "甲" || len(doc.Forms[0].Indicators) != 1 {
			t.Errorf("%s above a form: %d forms, problems %v", name, len(doc.Forms), doc.Problems)
		}
	}
}

// A form that is damaged or half filled in is still a form, so that what it lacks is
// reported.
func TestPartsOfForms(t *testing.T) {
	for name, rows := range map[string][]string{
		"head":                    {"项目支出绩效自评表", "项目名称\t甲"},
		"head, nothing filled in": {"项目名称\t\t主管部门\t\t实施单位\t"},
		"head and funds in a row": {"项目支出绩效自评表", "项目名称\t甲\t年初预算数\t全年预算数\t全年执行数\t执行率", "主管部门\t乙\t10\t10\t9\t90%"},
		"funds":                   {"项目支出绩效自评表", "项目资金\t年初预算数\t全年预算数\t全年执行数\t执行率", "年度资金总额\t10\t10\t9\t90%"},
		"goal":                    {"年度总体目标\t预期目标\t实际完成情况", "\t修路\t"},
		"indicators":              {header, "\t产出指标\t数量指标\t培训次数\t2次\t\t90\t"},
		"no actual, no score":     {"项目支出绩效自评表", "一级指标\t二级指标\t三级指标\t年度指标值", "产出指标\t数量指标\t培训次数\t2次"},
	} {
		if doc := recognise(t, strings.Join(rows, "\n")); len(doc.Forms) != 1 {
			t.Errorf("%s: %d forms, problems %v", name, len(doc.Forms), doc.Problems)
		}
	}
}

// page recognises the forms of a web page.
func page(t *testing.T, body string) *schema.Document {
	t.Helper()
	return layout.Recognise(grid.ReadHTML(t.Context(), "表.html", []byte("<!DOCTYPE html><meta charset=utf-8>"+body), grid.DefaultLimits()))
}

// webTable writes rows of cells between bars as a table of a page.
func webTable(rows ...string) string {
	var b strings.Builder
	b.WriteString("<table>")
	for _, row := range rows {
		b.WriteString("<tr><td>" + strings.ReplaceAll(row, "|", "<td>"))
	}
	return b.String() + "</table>"
}

var (
	headRows  = []string{"项目名称|甲|主管部门|乙|实施单位|丙"}
	fundRows  = []string{"项目资金(万元)||全年预算数|全年执行数|分值|执行率|得分", "|年度资金总额|10|10|10|100%|10"}
	tableHead = "绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分"
	tableRows = []string{"|产出指标|数量指标|培训次数|5次|5次|50|50", "|||检查次数|6次|6次|10|10"}
	lastRows  = []string{"|效益指标|社会效益指标|受益人数|7人|7人|30|30", "总分||||||100|100"}
)

// A form that a document breaks into several tables is one form, and each of its
// cells is located in its own table; what follows with a head of its own is another.
func TestBrokenTables(t *testing.T) {
	head, funds := webTable(headRows...), webTable(fundRows...)
	first, last := webTable(append([]string{tableHead}, tableRows...)...), webTable(lastRows...)
	again := webTable(append([]string{tableHead}, lastRows...)...)
	for name, body := range map[string]string{
		"head, funds, indicators": "<p>项目支出绩效自评表（2022年度）</p>" + head + funds + first + last,
		"header repeated":         "<p>项目支出绩效自评表（2022年度）</p>" + head + funds + "<p>第 1 页</p>" + first + "<p>主管部门</p>" + again,
		"two of them": "<p>项目支出绩效自评表（2022年度）</p>" + head + funds + first + last +
			"<p>项目支出绩效自评表（2022年度）</p>" + head + funds + first + again,
	} {
		doc := page(t, body)
		if len(doc.Problems) > 0 || len(doc.Forms) != strings.Count(body, "自评表") {
			t.Errorf("%s: %d forms, problems %v", name, len(doc.Forms), doc.Problems)
			continue
		}
		for i, f := range doc.Forms {
			if len(f.Indicators) != 3 || row(f.Indicators[1]) != "产出指标|数量指标|检查次数|6次|6次|10|10" || f.Total.Score.Text != "100" ||
				len(f.Funds.Rows) != 1 || f.Project.Text != "甲" || f.Year != 2022 {
				t.Errorf("%s: form %d has %d rows, funds %v", name, i, len(f.Indicators), f.Funds.Rows)
			}
			for n, at := range []grid.Location{f.Project.At, f.Funds.Rows[0].Executed.At, f.Indicators[1].Score.At, f.Total.Score.At} {
				if want := 4*i + n + 1; at.Table != want {
					t.Errorf("%s: %s is not in table %d", name, at, want)
				}
			}
		}
	}
}

// Each block of a form may be a table of its own: one that begins with the overall goal
// goes on with the form that has none yet, and begins another after one that has.
func TestGoalInATableOfItsOwn(t *testing.T) {
	goal := webTable("年度总体目标|预期目标|实际完成情况", "|修路|修好了")
	rows := webTable(slices.Concat([]string{tableHead}, tableRows, lastRows)...)
	form := "<p>项目支出绩效自评表（2022年度）</p>" + webTable(headRows...) + webTable(fundRows...) + goal + rows
	for name, body := range map[string]string{
		"funds apart":     form,
		"funds and head":  "<p>项目支出绩效自评表（2022年度）</p>" + webTable(slices.Concat(headRows, fundRows)...) + goal + rows,
		"goal in one row": strings.Replace(form, goal, webTable("年度总体目标|修路|修好了"), 1),
	} {
		doc := page(t, body)
		if len(doc.Forms) != 1 || len(doc.Problems) > 0 {
			t.Errorf("%s: %d forms, problems %v", name, len(doc.Forms), doc.Problems)
			continue
		}
		if f := doc.Forms[0]; f.Project.Text != "甲" || f.Goal.Actual.Text != "修好了" || len(f.Indicators) != 3 || len(f.Funds.Rows) != 1 {
			t.Errorf("%s: goal %q, %d rows", name, f.Goal.Actual.Text, len(f.Indicators))
		}
	}
	if doc := page(t, form+goal+rows); len(doc.Forms) != 2 {
		t.Errorf("the second goal begins another form: %d forms", len(doc.Forms))
	}
}

// A table of something else is not joined to the form before it.
func TestUnrelatedTables(t *testing.T) {
	doc := page(t, "<p>项目支出绩效自评表（2022年度）</p>"+webTable(slices.Concat(headRows, fundRows, []string{tableHead}, tableRows, lastRows)...)+
		webTable("科目|预算数|决算数", "基本支出|5|5")+webTable("三级指标|评分标准", "培训次数|每少一次扣一分"))
	if len(doc.Forms) != 1 || len(doc.Forms[0].Indicators) != 3 || len(doc.Forms[0].Funds.Rows) != 1 {
		t.Errorf("%d forms: %+v", len(doc.Forms), doc.Forms)
	}
}

// Forms side by side are read from left to right, each with its own cells, also where
// their rows are not level.
func TestFormsSideBySide(t *testing.T) {
	doc := recognise(t, strings.Join([]string{
		"项目支出绩效自评表\t\t\t\t\t\t\t\t项目支出绩效自评表",
		"项目名称\t甲\t主管部门\t乙\t\t\t\t\t项目名称\t丁\t主管部门\t戊",
		"绩效指标\t一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t年度总体目标\t预期目标\t\t\t实际完成情况",
		"\t产出指标\t数量指标\t培训次数\t5次\t5次\t90\t90\t\t修路\t\t\t修好了",
		"总分\t\t\t\t\t\t90\t90\t绩效指标\t一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分",
		"\t\t\t\t\t\t\t\t\t产出指标\t数量指标\t修路里程\t8公里\t8公里\t80\t80",
	}, "\n"))
	if len(doc.Forms) != 2 || len(doc.Problems) > 0 {
		t.Fatalf("%d forms, problems %v", len(doc.Forms), doc.Problems)
	}
	for i, want := range []string{"产出指标|数量指标|培训次数|5次|5次|90|90", "产出指标|数量指标|修路里程|8公里|8公里|80|80"} {
		if f := doc.Forms[i]; len(f.Indicators) != 1 || row(f.Indicators[0]) != want {
			t.Errorf("form %d: %d rows, %s", i, len(f.Indicators), row(f.Indicators[0]))
		}
	}
	if f := doc.Forms[1]; f.Project.Text != "丁" || f.Goal.Actual.Text != "修好了" || f.Indicators[0].Score.At.String() != "表.txt:6:36" {
		t.Errorf("%s, %s, %s", f.Project.Text, f.Goal.Actual.Text, f.Indicators[0].Score.At)
	}
	if f := doc.Forms[0]; f.Total.Score.Text != "90" || f.Goal.Expected.Present() {
		t.Errorf("total %s, goal %s", f.Total.Score.Text, f.Goal.Expected.Text)
	}
}

// A note below a form is a part of it, also where another table follows in the page.
func TestNotesBelow(t *testing.T) {
	form := webTable(slices.Concat([]string{"项目支出绩效自评表"}, headRows, []string{tableHead}, tableRows, lastRows)...)
	doc := page(t, "<table><tr><td><p>说明：本页自动生成</p>"+form+"<p>&nbsp;&nbsp;注：雨天未培训</p><p>备注：无</p>"+webTable("上一篇：无")+"</table>"+
		"<p>填报说明：见附件</p><p>项目支出绩效自评表</p><p>备注：表二</p>"+form)
	if len(doc.Forms) != 2 || len(doc.Forms[0].Remarks) != 2 || doc.Forms[0].Remarks[0].Text.Text != "雨天未培训" || len(doc.Forms[1].Remarks) != 0 {
		t.Errorf("%d forms: %+v", len(doc.Forms), doc.Forms[0].Remarks)
	}
}

// Menus and footers of a page name many labels: they are no form, and give none a
// title, a year or a department.
func TestPageAroundTheForm(t *testing.T) {
	const menu = "<ul><li>首页<li>主管部门<li>项目名称<li><a>2020年度部门整体支出绩效自评表</a><li>友情链接</ul>"
	const foot = "<p>主管单位：某局</p><p>实施单位</p><table><tr><td>友情链接<td>主管部门</table>"
	body := menu + "<h1>关于自评结果的公示</h1>" + webTable(slices.Concat([]string{"项目支出绩效自评表", "（2022年度）"},
		headRows, fundRows, []string{tableHead}, tableRows, lastRows)...) + foot
	doc := page(t, body)
	if len(doc.Forms) != 1 || len(doc.Problems) > 0 {
		t.Fatalf("%d forms, problems %v", len(doc.Forms), doc.Problems)
	}
	if f := doc.Forms[0]; f.Title.Text != "项目支出绩效自评表" || f.Year != 2022 || f.Kind != schema.Project || f.Department.Text != "乙" {
		t.Errorf("%s, %d, %s, %s", f.Title.Text, f.Year, f.Kind, f.Department.Text)
	}
	if doc := page(t, menu+foot); len(doc.Forms) != 0 || len(doc.Problems) != 1 || doc.Unrelated {
		t.Errorf("a menu is no form, though it names one: %d forms, problems %v", len(doc.Forms), doc.Problems)
	}
}

// Labels of the head stand in one line of text, with their values.
func TestHeadInOneLine(t *testing.T) {
	f := page(t, "<p>项目支出绩效自评表</p><p>（2022年度）</p><p>项目名称：甲　　主管部门：乙 (301)　实施单位：丙　单位：元</p>"+
		webTable(slices.Concat([]string{"项目资金||全年预算数|全年执行数|分值|执行率|得分"}, fundRows[1:], []string{tableHead}, tableRows, lastRows)...)).Forms[0]
	if f.Project.Text != "甲" || f.DepartmentName != "乙" || f.DepartmentCode != "301" || f.Unit.Text != "丙" || f.Funds.CurrencyUnit != "元" {
		t.Errorf("%q, %q, %q, %q", f.Project.Text, f.DepartmentName, f.Unit.Text, f.Funds.CurrencyUnit)
	}
}

// Rows whose labels are lost are 数量指标 where they stand before the 质量指标.
func TestLostLabels(t *testing.T) {
	f := one(t, "项目名称\t甲", header, "\t*\t\t培训次数\t2\t8\t3\t3", "\t\t质量指标\t合格率\t95%\t96%\t3\t3")
	if got := f.Indicators[0].Type(); got != schema.QuantityType || f.Indicators[0].Section() != schema.SectionOutput {
		t.Errorf("%s is of type %d", row(f.Indicators[0]), got)
	}
	f = one(t, "项目名称\t甲", header, "\t\t\t培训次数\t2\t8\t3\t3", "\t\t质量指标\t合格率\t95%\t96%\t3\t3", "\t\t数量指标\t人数\t95\t96\t3\t3")
	if got := f.Indicators[0].Type(); got != schema.Untyped {
		t.Errorf("数量指标 stand elsewhere, yet the first row is of type %d", got)
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
