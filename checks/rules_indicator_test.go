package checks

import (
	"testing"

	"jixiaolint/schema"
)

func TestVagueTargets(t *testing.T) {
	for text, want := range map[string]bool{
		"有效促进": true, "推进": true, "长期推进": true, "持续督促": true, "得到有效提升。": true, "不断巩固提高": true, "积极 履行": true,
		"": false, "有效": false, "显著": false, "月统计": false, "通过专班复核": false, "制度健全并执行": false, "建立部门联席会议制度": false,
		"有效促进就业": false, "明显规范有序": false, "提升1个等级": false, "按计划推进": false, "效果明显": false, "优良中低差": false,
	} {
		if got := words().isVague(text, 12); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestVerbatim(t *testing.T) {
	for text, want := range map[string]bool{
		"推进": true, "有效": true, "持续推进制度建设": true,
		"达标": false, "优": false, "显著": false, "全覆盖": false, "达成年度指标": false, "2023年底前": false, "三级": true, "每亩300": false,
	} {
		e := Example{{"/indicators/6/target", text}, {"/indicators/6/actual", text}}
		if got := fires(t, "target-actual-verbatim", e) != nil; got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	// A worded satisfaction target has a finding of its own.
	e := Example{{"/indicators/7/target", "参训人员满意"}, {"/indicators/7/actual", "参训人员满意"}}
	if at := fires(t, "target-actual-verbatim", e); at != nil {
		t.Errorf("found at %v beside satisfaction-missing", at)
	}
}

// A rate of 100% cannot be exceeded: forms full of them are not copies.
func TestCopiedActuals(t *testing.T) {
	var all, rates Example
	for _, i := range []string{"0", "1", "2", "5", "7"} {
		all = append(all, Set{"/indicators/" + i + "/target", "90%"}, Set{"/indicators/" + i + "/actual", "90%"})
		rates = append(rates, Set{"/indicators/" + i + "/target", "100%"}, Set{"/indicators/" + i + "/actual", "100%"})
	}
	if fires(t, "copied-actuals-ratio", all) == nil {
		t.Error("five of eight copied values must be found")
	}
	if at := fires(t, "copied-actuals-ratio", rates); at != nil {
		t.Errorf("rates of 100%% found at %v", at)
	}
	if at := fires(t, "copied-actuals-ratio", all[:8]); at != nil {
		t.Errorf("four of eight found at %v", at)
	}
}

func TestIndicatorNames(t *testing.T) {
	for rule, names := range map[string]map[string]bool{
		"input-as-output": {"购置办公用品": true, "业务出差": true, "公务接待批次": true, "接待来访群众": false, "举办推介会议场次": false, "印刷宣传资料": false},
		"name-ambiguous-object": {
			"印刷资料宣传等": true, "旗县调研检查等。": true, "检查企业及商户": true, "吸引参展会观众及采购商": true,
			"新建及改造道路": false, "补贴发放及时次数": false, "培训企业参与人数": false, "评定一等": false, "促进男女平等": false,
			"呼和浩特检查站": false, "维护和保养设备": false, "与高校合作项目": false, "发现问题和整改率": false, "邀请国际、国内采购商": false,
		},
		"outcome-as-output": {
			"社会消费品零售总额增长率(%)": true, "推动社会消费品零售总额增长": true, "旅游收入": true,
			"低收入家庭救助人数": false, "非税收入征缴笔数": false, "人口增长监测点数量": false,
		},
		"execution-as-output": {"预算执行率": true, "预算资金 执行率": true, "补助资金发放率": false, "执行案件办结率": false},
	} {
		for name, want := range names {
			if got := fires(t, rule, Example{{"/indicators/1/name", name}}) != nil; got != want {
				t.Errorf("%s: %q: %v", rule, name, got)
			}
		}
	}
	if at := fires(t, "input-as-output", Example{{"/indicators/1/name", "采购办公用品数量"}, {"/project", "集中采购办公用品项目"}}); at != nil {
		t.Errorf("the product of the project found at %v", at)
	}
	if at := fires(t, "execution-as-output", Example{{"/indicators/1/name", "预算执行率"}, {"/funds/rows/0/weight", nil}, {"/funds/rows/0/score", nil}}); at != nil {
		t.Errorf("an execution rate that is scored once found at %v", at)
	}
}

func TestQuality(t *testing.T) {
	testChanges(t, "compliance-as-quality", nil, []change{
		{"/indicators/2/name", "资金使用合格率", true}, {"/indicators/2/name", "经费支出合规性", true},
		{"/indicators/2/name", "补贴资金发放合规率", false}, {"/indicators/2/name", "工程验收合格率", false},
	})
	testChanges(t, "count-in-quality", nil, []change{
		{"/indicators/2/target", "3000人次", true}, {"/indicators/2/target", "≤3次", false}, {"/indicators/2/target", "0次", false}, {"/indicators/2/target", "95%", false},
	})
	if at := fires(t, "count-in-quality", Example{{"/indicators/2/name", "安全责任事故"}, {"/indicators/2/target", "1起"}}); at != nil {
		t.Errorf("accidents found at %v", at)
	}
	testChanges(t, "eco-benefit-offtopic", Example{{"/indicators/6/level2", "生态效益指标"}}, []change{
		{"/indicators/6/name", "促进建设最美旅游口岸", true}, {"/indicators/6/name", "提高服务水平", true}, {"/indicators/6/name", "海关通关便利程度", true},
		{"/indicators/6/name", "单位能耗下降率", false}, {"/indicators/6/name", "废弃物处置率", false}, {"/indicators/6/target", "植被恢复", false},
		{"/indicators/6/name", "不涉及", false},
	})
}

func TestPlainIndicator(t *testing.T) {
	for name, want := range map[string]string{
		"指标1：居民健康档案": "居民健康档案", "指标1案件办结数": "案件办结数", "★补助面积。": "补助面积", "带动贫困户(人)": "带动贫困户",
		"指标完成率": "指标完成率", "12312中心项目": "12312中心项目", "（新增）": "(新增)", "": "",
	} {
		if got := plainIndicator(name); got != want {
			t.Errorf("%q gives %q", name, got)
		}
	}
}

func TestIsCountNeedsFigures(t *testing.T) {
	form, err := Example{{"/indicators/1/target", "≥50"}, {"/indicators/1/actual", "50"}, {"/indicators/1/name", "检查面积"}}.Form()
	if err != nil {
		t.Fatal(err)
	}
	p, err := defaultProfile()
	if err != nil {
		t.Fatal(err)
	}
	a := newAssessment(form, p, words())
	for i, want := range map[int]bool{0: true, 1: false, 2: false, 6: false} {
		if got := a.isCount(&a.rows[i]); got != want {
			t.Errorf("row %d (%s): %v", i, form.Indicators[i].Name.Text, got)
		}
	}
	if a.rows[0].typ != schema.QuantityType {
		t.Error("the specimen has changed")
	}
}
