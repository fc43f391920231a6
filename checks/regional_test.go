package checks_test

import (
	"context"
	"fmt"
	"html"
	"strings"
	"testing"

	"jixiaolint/checks"
	"jixiaolint/schema"
	"jixiaolint/schema/intake"
)

// Forms are filed in the layouts of many regions. Each test file below holds one form
// that is right, in a layout seen in published forms: read as a text, which has lost
// the merged cells, and as a page, which has them, it must give the rows that it shows
// and no error or warning.

// regional is a form in a layout of its own. Cells stand between bars; < is merged
// into the cell to its left, ^ into the one above.
type regional struct {
	name string
	rows string
	// want holds what must be read, as described by lines.
	want string
}

func (r *regional) cells() [][]string {
	var rows [][]string
	for line := range strings.SplitSeq(strings.TrimSpace(r.rows), "\n") {
		rows = append(rows, strings.Split(strings.TrimSpace(line), "|"))
	}
	return rows
}

// text writes the form with a tab between cells.
func (r *regional) text() string {
	var b strings.Builder
	for _, row := range r.cells() {
		line := strings.Join(row, "\t")
		b.WriteString(strings.NewReplacer("<", "", "^", "").Replace(line) + "\n")
	}
	return b.String()
}

// page writes the form as a table of a page.
func (r *regional) page() string {
	rows := r.cells()
	at := func(i, j int) string {
		if i < len(rows) && j < len(rows[i]) {
			return rows[i][j]
		}
		return ""
	}
	var b strings.Builder
	b.WriteString("<!DOCTYPE html><meta charset=utf-8><table>")
	for i, row := range rows {
		b.WriteString("<tr>")
		for j, text := range row {
			if text == "<" || text == "^" {
				continue
			}
			down, right := 1, 1
			for at(i+down, j) == "^" {
				down++
			}
			for at(i, j+right) == "<" {
				right++
			}
			fmt.Fprintf(&b, "<td rowspan=%d colspan=%d>%s</td>", down, right, html.EscapeString(text))
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</table>")
	return b.String()
}

// lines describes the parts of a form, one a line.
func lines(f *schema.Form) string {
	var b strings.Builder
	add := func(what string, cells ...string) {
		b.WriteString(what + " " + strings.TrimRight(strings.Join(cells, "|"), "|") + "\n")
	}
	for _, r := range f.Funds.Rows {
		add(string(r.Role), r.Label.Text, r.Initial.Text, r.Adjusted.Text, r.Executed.Text, r.Weight.Text, r.Rate.Text, r.Score.Text, r.PartOf)
	}
	for _, r := range f.Indicators {
		add("row", r.Level1.Text, r.Level2.Text, r.Name.Text, r.Target.Text, r.Actual.Text, r.Weight.Text, r.Score.Text, r.PartOf)
	}
	for _, g := range f.Groups {
		add("group", g.Level1, g.Level2, g.Weight.Text, g.Score.Text)
	}
	add("total", f.Total.Weight.Text, f.Total.Score.Text, f.Total.Grade.Text)
	for _, r := range f.Remarks {
		add("remark", r.Label, r.Text.Text)
	}
	return b.String()
}

// head and tail frame the part that a layout is about.
const (
	regionalHead = `项目支出绩效自评表
(2022年度)
项目名称|文化下乡|<|<|<|<|<|<
主管部门|县文旅局|<|<|实施单位|县文化馆|<|<
`
	regionalFunds = `项目资金(万元)||年初预算数|全年预算数|全年执行数|分值|执行率|得分
^|年度资金总额|20|20|20|10|100%|10
`
	regionalGoal = `年度总体目标|预期目标|<|<|实际完成情况|<|<|<
^|送戏下乡60场。|<|<|已送戏下乡60场。|<|<|<
`
	regionalTable = `绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分
^|产出指标|数量指标|演出场次|≥60场|60场|50|50
^|效益指标|社会效益指标|观众人数|≥1万人|1.1万人|30|30
^|满意度指标|服务对象满意度指标|观众满意度|≥90%|95%|10|10
总分|<|<|<|<|<|100|100
`
	fundsRead = "total 年度资金总额|20|20|20|10|100%|10\n"
	tableRead = `row 产出指标|数量指标|演出场次|≥60场|60场|50|50
row 效益指标|社会效益指标|观众人数|≥1万人|1.1万人|30|30
row 满意度指标|服务对象满意度指标|观众满意度|≥90%|95%|10|10
`
	totalRead = "total 100|100\n"
)

var regionals = []regional{
	{
		name: "labels and figures alternate, three amounts side by side",
		rows: regionalHead + `项目资金(万元)|预算安排|20.00|资金到位|20.00|资金执行|20.00|100%
^|其中:财政资金|20.00|其中:财政资金|20.00|其中:财政资金|20.00|
^|其他资金|0.00|其他资金|0.00|其他资金|0.00|
` + regionalGoal + strings.Replace(regionalTable, "|10|10\n总分", "|20|20\n总分", 1),
		want: `total 项目资金(万元)||20.00|20.00||100%
fiscal 其中:财政资金||20.00|20.00
other 其他资金||0.00|0.00
` + strings.Replace(tableRead, "95%|10|10", "95%|20|20", 1) + totalRead,
	},
	{
		name: "plan, paid in, spent and left in one row",
		rows: regionalHead + "项目资金(万元)|计划|20|到位|20|支出|20|结余|0\n" + regionalGoal + strings.Replace(regionalTable, "|10|10\n总分", "|20|20\n总分", 1),
		want: "total 项目资金(万元)||20|20\n" + strings.Replace(tableRead, "95%|10|10", "95%|20|20", 1) + totalRead,
	},
	{
		name: "every fund row has labels of its own",
		rows: regionalHead + `预算执行情况（万元）|年度资金总额|年初预算数：|20|全年预算数：|20|全年执行数：|20
^|其中：财政拨款|年初预算数：|20|全年预算数：|20|全年执行数：|20
^|其他资金|年初预算数：|0|全年预算数：|0|全年执行数：|0
^|执行率|100%|分值|10|得分|10|
` + regionalGoal + regionalTable,
		want: fundsRead + "fiscal 其中：财政拨款|20|20|20\nother 其他资金|0|0|0\n" + tableRead + totalRead,
	},
	{
		name: "score out of 20 without weights, checked boxes, signatures",
		rows: `2022年某市服务业发展资金项目自评表
单位名称:区商务局|<|<||填报日期:2023年4月22日|<|<
项目名称|文化下乡|<|<|<|<|<
主管部门|区商务局|<|<|项目实施单位|区商务局|<
项目属性|1、持续性项目 ☑ 2、新增性项目 □|<|<|<|<|<
预算执行情况(万元)(20分)||预算数(A)|执行数(B)|执行率(B/A)|得分(20分*执行率)|
^|年度财政资金总额|20|20|100%|20|
年度绩效目标1(80分)|一级指标|二级指标|三级指标|年初目标值(A)|实际完成值(B)|得分
^|产出指标(50分)|数量指标|演出场次|≥60场|60场|50
^|效益指标(20分)|社会效益指标|观众人数|≥1万人|1.1万人|20
^|满意度指标(10分)|服务对象满意度指标|观众满意度|≥90%|95%|10
总分|<|<|<|<|<|100
偏差大或目标未完成原因分析|无|<|<|<|<|<
单位主要负责人签批意见|签名:　　年　月　日|<|<|<|<|<
项目负责人:李某|<|<|财务负责人:王某|<|<|<
`,
		want: `total 年度财政资金总额||20|20||100%|20
row 产出指标|数量指标|演出场次|≥60场|60场||50
row 效益指标|社会效益指标|观众人数|≥1万人|1.1万人||20
row 满意度指标|服务对象满意度指标|观众满意度|≥90%|95%||10
group ||80
group 产出指标||50
group 效益指标||20
group 满意度指标||10
total |100
remark 偏差大或目标未完成原因分析|无
remark 单位主要负责人签批意见|签名:　　年　月　日
`,
	},
	{
		name: "columns of methods and evidence, weights first, no adjusted budget",
		rows: regionalHead + `项目资金(万元)||年初预算数(A)|全年执行数(B)|分值(10分)|执行率(B/A)|得分|得分计算方法|佐证材料
^|年度资金总额:|20|20|10|100%|10|执行率*该指标分值,最高不得超过分值上限。|决算报表
^|其中:本年一般公共预算拨款|20|20|—|—|—||
` + regionalGoal + `绩效指标|一级指标|二级指标|三级指标|分值|年度指标值(A)|全年实际值(B)|得分计算方法|得分|未完成原因分析
^|产出指标(50分)|数量指标|演出场次(场)|50|60|60|按B/A*该指标分值记分|50|
^|效益指标(30分)|社会效益指标|观众人数(人)|30|500|500|同上|30|
^|满意度指标(10分)|服务对象满意度指标|观众满意度(%)|10|90|92|同上|10|
总分|<|<|<|100||||100|
`,
		want: `total 年度资金总额:|20||20|10|100%|10
fiscal 其中:本年一般公共预算拨款|20||20|—|—|—
row 产出指标|数量指标|演出场次(场)|60|60|50|50
row 效益指标|社会效益指标|观众人数(人)|500|500|30|30
row 满意度指标|服务对象满意度指标|观众满意度(%)|90|92|10|10
group 产出指标||50
group 效益指标||30
group 满意度指标||10
` + totalRead,
	},
	{
		name: "score before rate, notes below",
		rows: regionalHead + `项目资金(万元)||年初预算数|全年预算数|全年执行数|分值|得分|执行率
^|年度资金总额|20|20|20|10|10|100%
` + regionalGoal + regionalTable + "注:1.其他资金包括单位资金。\n2.定性指标分三档填写，见填报说明。\n",
		want: fundsRead + tableRead + totalRead + "remark 注|1.其他资金包括单位资金。\nremark |2.定性指标分三档填写，见填报说明。\n",
	},
	{
		name: "management of the funds between funds and goal",
		rows: `中央对地方转移支付区域绩效目标自评表
(2022年度)
转移支付(项目)名称|文化下乡|<|<|<|<
中央主管部门|文化和旅游部|<|<|<|<
地方主管部门|省文旅厅|<|资金使用单位|市文化馆|<
资金投入情况(万元)||全年预算数(A)|全年执行数(B)|预算执行率(B/A×100%)|
^|年度资金总额:|20|15|75.00%|
^|其中:中央财政资金|15|10|66.67%|
^|地方资金|5|5|100.00%|
资金管理情况||情况说明|存在问题和改进措施|<|
^|下达及时性|30日内下达|部分资金因项目进度滞后未支付，下一步加快进度|<|
^|使用规范性|专款专用||<|
总体目标完成情况|总体目标|<|全年实际完成情况|<|<
^|送戏下乡60场。|<|送戏下乡60场，部分资金未支付。|<|<
绩效指标|一级指标|二级指标|三级指标|指标值|全年实际完成值
^|产 出 指 标|数量指标|演出场次|≥60场|60场
^|效 益 指 标|社会效益指标|观众人数|≥1万人|1.1万人
^|满意度指标|服务对象满意度指标|观众满意度|≥90%|95%
说明|无|<|<|<|<
`,
		want: `total 年度资金总额:||20|15||75.00%
fiscal 其中:中央财政资金||15|10||66.67%
fiscal 地方资金||5|5||100.00%
row 产出指标|数量指标|演出场次|≥60场|60场
row 效益指标|社会效益指标|观众人数|≥1万人|1.1万人
row 满意度指标|服务对象满意度指标|观众满意度|≥90%|95%
total 
remark 中央主管部门|文化和旅游部
remark 下达及时性|30日内下达
remark 下达及时性|部分资金因项目进度滞后未支付，下一步加快进度
remark 使用规范性|专款专用
remark 说明|无
`,
	},
	{
		name: "sources inside labels, two splits side by side",
		rows: `部门整体支出绩效自评表
2022年度
一级预算单位名称|县文旅局|<|<|<|<|<|<
年度预算申请(万元)||年初预算数|全年预算数|全年执行数|分值|执行率|得分
^|年度资金总额|20|20|20|10|100%|10
^|按收入性质分:|<|<|按支出性质分:|<|<|<
^|其中: 一般公共预算:15万元|<|<|其中:基本支出:8万元|<|<|<
^|政府性基金拨款:|<|<|项目支出:12万元|<|<|<
^|其他资金:5万元|<|<||<|<|<
` + regionalGoal + regionalTable,
		want: fundsRead + tableRead + totalRead + `remark 资金情况说明|按收入性质分:
remark 资金情况说明|按支出性质分:
remark 资金情况说明|其中: 一般公共预算:15万元
remark 资金情况说明|其中:基本支出:8万元
remark 资金情况说明|政府性基金拨款:
remark 资金情况说明|项目支出:12万元
remark 资金情况说明|其他资金:5万元
`,
	},
	{
		name: "sources numbered, parts numbered otherwise",
		rows: regionalHead + regionalFunds + `^|1.财政拨款|15|15|15|—|—|—
^|（1）中央资金|10|10|10|—|—|—
^|（2）省级资金|5|5|5|—|—|—
^|2.财政专户管理资金|3|3|3|—|—|—
^|3.单位资金|2|2|2|—|—|—
` + regionalGoal + regionalTable,
		want: fundsRead + `fiscal 1.财政拨款|15|15|15|—|—|—
fiscal （1）中央资金|10|10|10|—|—|—|1.财政拨款
fiscal （2）省级资金|5|5|5|—|—|—|1.财政拨款
special 2.财政专户管理资金|3|3|3|—|—|—
own 3.单位资金|2|2|2|—|—|—
` + tableRead + totalRead,
	},
	{
		name: "target split under a header of two rows",
		rows: regionalHead + regionalFunds + regionalGoal + `绩效指标|<|<|年度指标值|<|<|实际完成值|分值|得分|偏差原因分析及改进措施
一级指标|二级指标|三级指标|指标性质|指标值|度量单位|^|^|^|^
产出指标|数量指标|演出场次|≧|60|场|60|50|50|
效益指标|社会效益指标|政策知晓率|═|100|%|100%|30|30|
^|生态效益指标||||||||
满意度指标|服务对象满意度指标等|观众满意度|≧|90|%|95%|10|10|
其他需要说明事项|<|<|无|<|<|<|<|<|<
总分|<|<|<|<|<|<|100|100|优
`,
		want: fundsRead + `row 产出指标|数量指标|演出场次|≧60场|60|50|50
row 效益指标|社会效益指标|政策知晓率|═100%|100%|30|30
row 满意度指标|服务对象满意度指标等|观众满意度|≧90%|95%|10|10
total 100|100|优
remark 其他需要说明事项|无
`,
	},
	{
		name: "labels on rows of their own, repeated after a page break, numbered",
		rows: regionalHead + regionalFunds + regionalGoal + `绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分
^|1.产出指标||||||
^||(1)数量指标|||||
^|||★★★①演出场次|≥60场|60场|50|50
绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分
绩效指标|2.效益指标|(1)社会效益指标|①观众人数|≥1万人|1.1万人|20|20
^|2.效益指标|(1)社会效益指标|②演职人员|≥100人|110人|10|10
^|3.满意度指标||||||
^||(1)服务对象满意度指标|||||
^|||观众满意度|≥90%|95%|10|10
合计|<|<|<|<|<|100|100
`,
		want: fundsRead + `row 产出指标|数量指标|★★★①演出场次|≥60场|60场|50|50
row 效益指标|社会效益指标|①观众人数|≥1万人|1.1万人|20|20
row 效益指标|社会效益指标|②演职人员|≥100人|110人|10|10
row 满意度指标|服务对象满意度指标|观众满意度|≥90%|95%|10|10
` + totalRead,
	},
	{
		name: "groups as rows over the whole table",
		rows: regionalHead + regionalFunds + regionalGoal + `一级指标|二级指标|三级指标|指标值|完成值|分值|得分
一、产出指标（50分）|<|<|<|<|<|<
|数量指标|演出场次|≥60场|60场|50|50
二、效益指标（30分）|<|<|<|<|<|<
|社会效益指标|观众人数|≥1万人|1.1万人|30|30
三、满意度指标（10分）|<|<|<|<|<|<
|服务对象满意度指标|观众满意度|≥90%|95%|10|10
总得分：100分|<|<|<|<|<|<
`,
		want: fundsRead + tableRead + "group 产出指标||50\ngroup 效益指标||30\ngroup 满意度指标||10\ntotal |100分\n",
	},
	{
		name: "score merged over several rows, sub-rows",
		rows: regionalHead + regionalFunds + regionalGoal + `绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分
^|产出指标|数量指标|演出场次|≥60场|60场|30|30
^|^|^|放映场次|≥20场|20场|^|^
^|^|^|参演人数|≥100人|100人|20|20
^|^|^|其中：专业演员|≥50人|50人||
^|^|^|业余演员|≥50人|50人||
^|效益指标(40分)|社会效益指标|观众人数|≥1万人|1.1万人|30|30
^|^|满意度指标|观众满意度|≥90%|95%|10|10
总分|<|<|<|<|<|100|100
`,
		want: fundsRead + `row 产出指标|数量指标|演出场次|≥60场|60场|30|30
row 产出指标|数量指标|放映场次|≥20场|20场|||演出场次
row 产出指标|数量指标|参演人数|≥100人|100人|20|20
row 产出指标|数量指标|其中：专业演员|≥50人|50人|||参演人数
row 产出指标|数量指标|业余演员|≥50人|50人|||参演人数
row 效益指标|社会效益指标|观众人数|≥1万人|1.1万人|30|30
row 效益指标|满意度指标|观众满意度|≥90%|95%|10|10
group 效益指标||40
` + totalRead,
	},
	{
		name: "four levels, twin scores, grade by boxes in the head",
		rows: regionalHead + "自评总分|100|<|<|自评等级|☑优 □良 □中 □差|<|<\n" + regionalFunds + regionalGoal +
			`绩效指标|一级指标|二级指标|三级指标|四级指标|指标值|完成值|权重|自评得分|复核得分
^|产出|数量|演出|演出场次|≥60场|60场|50|50|49
^|效益|社会效益|观众|观众人数|≥1万人|1.1万人|30|30|29
^|满意度|服务对象满意度|观众|观众满意度|≥90%|95%|10|10|10
`,
		want: fundsRead + `row 产出|数量|演出场次|≥60场|60场|50|50
row 效益|社会效益|观众人数|≥1万人|1.1万人|30|30
row 满意度|服务对象满意度|观众满意度|≥90%|95%|10|10
total |100|优
`,
	},
	{
		name: "types without an indicator, total under another name, halves of the goal in rows",
		rows: regionalHead + regionalFunds + `年度履职目标|送戏下乡60场。|<|<|<|<|<|<
完成情况|已送戏下乡60场。|<|<|<|<|<|<
` + strings.NewReplacer("^|效益", "^|^|生态效益指标|无|/|/|/|/\n^|效益", "总分|", "绩效自评得分|").Replace(regionalTable),
		want: fundsRead + tableRead + totalRead,
	},
	{
		name: "rate as an indicator, unit of money in the head, goal with a rate beside it",
		rows: `项目绩效自评表（2022年度）
一、基本情况|项目名称|文化下乡|<|<|<|金额单位：|万元
^|实施（主管）单位|314002-县文旅局|<|<|<|是否为专项资金：|否
二、预算执行情况|预算安排情况（调整后）|<|资金到位情况|<|资金执行情况|<|预算执行进度（%）
^|预算数|20.00|到位数|20.00|执行数|20.00|100.00
^|其中：财政资金|20.00|其中：财政资金|20.00|其中：财政资金|20.00|
三、目标完成情况|年度预期目标|<|<|具体完成情况|<|<|总体完成率（%）
^|送戏下乡60场。|<|<|已送戏下乡60场。|<|<|100.00
四、年度绩效指标完成情况|一级指标|二级指标|三级指标|预期指标值|单项指标实际完成值|权重占比（%）|单项指标得分
^|产出指标|数量指标|演出场次|>=60场|60场|40.00|40.00
^|效果指标|社会效益指标|观众到场率|>=85%(百分比)|96%|40.00|40.00
^|满意度指标|服务对象满意度指标|观众满意度|>=90%|95%|10.00|10.00
^|预算执行率|预算执行率|预算执行率|100%|100%|10.00|10.00
合计|<|<|<|<|<|100.00|100.00
`,
		want: `total 预算数||20.00|20.00||100.00
fiscal 其中：财政资金||20.00|20.00
row 产出指标|数量指标|演出场次|>=60场|60场|40.00|40.00
row 效果指标|社会效益指标|观众到场率|>=85%(百分比)|96%|40.00|40.00
row 满意度指标|服务对象满意度指标|观众满意度|>=90%|95%|10.00|10.00
row 预算执行率|预算执行率|预算执行率|100%|100%|10.00|10.00
total 100.00|100.00
`,
	},
}

func TestRegionalLayouts(t *testing.T) {
	t.Parallel()
	for _, r := range regionals {
		for file, data := range map[string]string{"form.txt": r.text(), "form.html": r.page()} {
			doc := intake.Read(context.Background(), file, []byte(data), intake.Options{})
			if len(doc.Forms) != 1 || len(doc.Problems) > 0 {
				t.Errorf("%s, %s: %d forms, problems %v", r.name, file, len(doc.Forms), doc.Problems)
				continue
			}
			if diff := firstDifference([]byte(r.want), []byte(lines(doc.Forms[0]))); diff != "" {
				t.Errorf("%s, %s: %s", r.name, file, diff)
			}
			if bad := serious(checks.Run(context.Background(), doc, checks.Options{})); len(bad) > 0 {
				t.Errorf("%s, %s:\n\t%s", r.name, file, strings.Join(bad, "\n\t"))
			}
		}
	}
}
