package checks

import "testing"

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
		{"/indicators/5/explanation", "跨省投诉较多，设备更新滞后影响办理", true},
	})
}
