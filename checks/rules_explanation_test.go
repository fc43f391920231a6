package checks

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"jixiaolint/schema"
)

// A measure may be one that was taken already, or one for the next year; a cause alone
// is none.
func TestReasonNamesMeasure(t *testing.T) {
	testChanges(t, "reason-incomplete", nil, []change{
		{"/indicators/5/explanation", "9月机房断电两次，修复超时，已加装备用电源", false},
		{"/indicators/5/explanation", "偏远村服务人手不足，下一年度增加2支作业队伍", false},
		{"/indicators/5/explanation", "受疫情影响部分活动延期举办，已调整至次年一季度", false},
		{"/indicators/5/explanation", "因干旱部分苗木枯死，已补种1200株", false},
		{"/indicators/5/explanation", "由于原材料价格变化，人工成本增加较多", true},
		{"/indicators/5/explanation", "承办单位更换导致培训时间推迟", true},
		{"/indicators/5/explanation", "受资金下达较晚的影响，项目推进缓慢。", true},
		{"/indicators/5/explanation", "由于两件投诉涉及跨省协调，未能按期办结。", true},
		{"/indicators/5/explanation", "由于预算编制不科学、不合理，未按期办结。", true},
		{"/indicators/5/explanation", "由于部门之间协调不够，未按期办结。", true},
		{"/indicators/5/explanation", "下一步加强联系，按月督办，完善投诉办理系统。", true}, // no cause
		{"/indicators/5/explanation", "由于资金下达较晚；项目正加紧推进。", false},
		{"/indicators/5/explanation", "因项目招标流标，导致工期延后，现已重新组织招标，预计2024年3月完工。", false},
		{"/indicators/5/explanation", "设备采购周期长，年底尚未到货，已与供应商沟通催货，力争一季度交付。", false},
		{"/indicators/5/explanation", "施工企业进场晚，工期紧，倒排工期、挂图作战。", false},
		{"/indicators/5/explanation", "由于部分工程需跨年度实施，剩余工程于2024年6月底前完工。", false},
		{"/indicators/5/explanation", "合同签订较晚，跨年支付，按合同约定于2024年支付。", false},
		{"/indicators/5/explanation", "部分学生转学，统计口径变化，核实学籍数据。", false},
		{"/indicators/5/explanation", "由于2024年才安排资金，工程未完工。", true},
		{"/indicators/5/explanation", "受2024年政策调整影响，参训人数减少。", true},
		{"/indicators/5/explanation", "因将项目预算调减，部分工作取消。", true},
		{"/indicators/5/explanation", "因下年度才安排资金，工程未完工。", true},
		{"/indicators/5/explanation", "下一步采取有效措施，尽快解决困难。", true},
		{"/indicators/5/explanation", "跨省投诉较多，设备更新滞后影响办理", true},
	})
}

// A form without scores, as for transfers, asks for nothing but the reason of a target
// that was missed.
func TestUnscoredShortfall(t *testing.T) {
	var unscored Example
	for i := range 8 {
		unscored = append(unscored, Set{fmt.Sprintf("/indicators/%d/score", i), nil}, Set{fmt.Sprintf("/indicators/%d/weight", i), nil})
	}
	for _, tt := range []struct {
		target, actual string
		reason         any
		want           bool
	}{
		{"≥5万亩", "3万亩", nil, true},
		{"≥5万亩", "3万亩", "由于供种延迟，已补种0.5万亩", false},
		{"≥5万亩", "5.2万亩", nil, false},
		{"≥5.0万亩", "4.96万亩", nil, false},
		{"≤5天", "6天", nil, true},
		{"完成", "部分完成", nil, false},
	} {
		form, err := append(slices.Clone(unscored), Set{"/indicators/5/explanation", "由于跨省投诉办结滞后，下一步将加强协办"},
			Set{"/indicators/1/target", tt.target}, Set{"/indicators/1/actual", tt.actual}, Set{"/indicators/1/explanation", tt.reason}).Form()
		if err != nil {
			t.Fatal(err)
		}
		form.Lacks = append(form.Lacks, "indicators.score", "indicators.weight")
		report := Run(context.Background(), &schema.Document{Forms: []*schema.Form{form}}, Options{Select: []string{"worse-than-target-no-reason"}})
		if got := report.Count(Warning) > 0; got != tt.want {
			t.Errorf("%s against %s: %v", tt.actual, tt.target, namesOf(report, Note))
		}
	}
}
