package formtest

import "jixiaolint/schema"

// item is an indicator that a form may have: what it counts, and the figures that
// are usual for it.
type item struct {
	name, unit string
	// least and most bound the target, decimals are the most that it has.
	least, most int64
	decimals    int
	// other is a smaller unit in which the result may be given, times the factor.
	other  string
	factor int64
}

var quantityItems = []item{
	{name: "举办业务培训期数", unit: "期", least: 20, most: 90},
	{name: "开展现场检查次数", unit: "次", least: 30, most: 400},
	{name: "发放宣传手册数量", unit: "册", least: 500, most: 20000},
	{name: "服务企业户数", unit: "家", least: 40, most: 900},
	{name: "新建村级道路长度", unit: "公里", least: 20, most: 300, decimals: 2, other: "米", factor: 1000},
	{name: "绿化面积", unit: "亩", least: 50, most: 5000, decimals: 1},
	{name: "免费体检人数", unit: "人", least: 100, most: 30000},
	{name: "采购应急物资", unit: "吨", least: 30, most: 400, decimals: 3, other: "公斤", factor: 1000},
	{name: "安装监控点位", unit: "处", least: 25, most: 800},
	{name: "举办招商推介活动", unit: "场次", least: 20, most: 60},
	{name: "接待来访群众", unit: "人次", least: 100, most: 9000},
	{name: "修缮校舍面积", unit: "平方米", least: 200, most: 8000, decimals: 2},
	{name: "购置图书", unit: "万册", least: 20, most: 70, decimals: 2},
}

var qualityItems = []item{
	{name: "培训考核合格率", unit: "%", least: 80, most: 100, decimals: 2},
	{name: "工程验收合格率", unit: "%", least: 90, most: 100},
	{name: "设备完好率", unit: "%", least: 85, most: 99, decimals: 1},
	{name: "资料归档完整率", unit: "%", least: 85, most: 100},
	{name: "抽检覆盖率", unit: "%", least: 70, most: 100, decimals: 2},
	{name: "监测数据有效率", unit: "%", least: 75, most: 99, decimals: 1},
}

var timelyItems = []item{
	{name: "任务完成及时率", unit: "%", least: 80, most: 100, decimals: 1},
	{name: "补贴发放及时率", unit: "%", least: 85, most: 100},
}

var durationItems = []item{
	{name: "平均办理时长", unit: "天", least: 10, most: 90},
	{name: "工程建设周期", unit: "个月", least: 5, most: 24},
	{name: "应急响应时间", unit: "小时", least: 2, most: 48, decimals: 1},
}

var dateNames = []string{"现场检查完成时间", "工程竣工时间", "培训结束时间", "验收完成时间", "系统上线时间"}

var economicItems = []item{
	{name: "带动就业人数", unit: "人", least: 50, most: 3000},
	{name: "企业销售收入增加额", unit: "万元", least: 100, most: 9000, decimals: 2, other: "元", factor: 10000},
	{name: "招商引资到位金额", unit: "亿元", least: 20, most: 90, decimals: 2},
	{name: "旅游接待人数增加", unit: "万人次", least: 20, most: 300, decimals: 1},
}

var socialItems = []item{
	{name: "政策知晓率", unit: "%", least: 70, most: 99, decimals: 1},
	{name: "惠及群众人数", unit: "人", least: 500, most: 60000},
	{name: "群众诉求按期办结率", unit: "%", least: 80, most: 100},
	{name: "服务覆盖乡镇", unit: "个", least: 20, most: 60},
}

var ecologicalItems = []item{
	{name: "空气质量优良天数", unit: "天", least: 200, most: 290},
	{name: "垃圾无害化处理率", unit: "%", least: 80, most: 99, decimals: 1},
	{name: "修复矿山面积", unit: "公顷", least: 20, most: 500, decimals: 2},
}

var sustainableItems = []item{
	{name: "设施使用年限", unit: "年", least: 5, most: 30},
	{name: "管护人员到岗率", unit: "%", least: 80, most: 100},
}

// unwantedItems are things of which less is better, so that 0 is a proper target.
var unwantedItems = []item{
	{name: "有效投诉次数", unit: "次", least: 1, most: 20},
	{name: "安全责任事故", unit: "起", least: 0, most: 0},
	{name: "信访事件数量", unit: "件", least: 0, most: 8},
	{name: "单位产值能耗", unit: "吨标准煤", least: 20, most: 80, decimals: 2},
}

var unitCostItems = []item{
	{name: "人均培训成本", unit: "元/人", least: 100, most: 900},
	{name: "单位检测成本", unit: "元/批", least: 200, most: 3000, decimals: 2},
	{name: "每公里建设成本", unit: "万元/公里", least: 30, most: 200, decimals: 1},
	{name: "户均补助标准", unit: "元", least: 300, most: 5000},
}

var moneyCostNames = []string{"培训成本", "设备购置成本", "场地租用成本", "宣传品制作成本", "工程建安成本", "信息系统运维成本", "专家咨询成本", "检验检测成本"}

var satisfactionItems = []item{
	{name: "参训人员满意度", unit: "%", least: 80, most: 98, decimals: 1},
	{name: "受益群众满意度", unit: "%", least: 80, most: 98, decimals: 2},
	{name: "服务企业满意度", unit: "%", least: 85, most: 95},
	{name: "周边居民满意度", unit: "%", least: 85, most: 95},
}

// qualities are indicators whose targets are words.
var qualities = map[schema.IndicatorType][][2]string{
	schema.TimeType:        {{"项目实施进度", "按计划推进"}, {"任务完成时效", "按时完成各项任务"}},
	schema.QualityType:     {{"档案管理规范程度", "规范完整"}, {"培训组织水平", "组织有序"}},
	schema.EconomicType:    {{"营商环境改善情况", "持续改善"}, {"产业带动作用", "有效带动"}},
	schema.SocialType:      {{"市场秩序规范程度", "明显规范"}, {"公共服务能力", "稳步提升"}},
	schema.EcologicalType:  {{"生态环境改善程度", "有所改善"}, {"人居环境质量", "明显提升"}},
	schema.SustainableType: {{"长效监管制度健全程度", "制度健全并执行"}, {"设施管护机制", "机制健全"}},
}

var itemsOf = map[schema.IndicatorType][]item{
	schema.QuantityType: quantityItems, schema.QualityType: qualityItems, schema.EconomicType: economicItems, schema.SocialType: socialItems,
	schema.EcologicalType: ecologicalItems, schema.SustainableType: sustainableItems, schema.SatisfactionType: satisfactionItems,
}

var labelOf = map[schema.IndicatorType]string{
	schema.QuantityType: "数量指标", schema.QualityType: "质量指标", schema.TimeType: "时效指标", schema.CostType: "成本指标",
	schema.EconomicType: "经济效益指标", schema.SocialType: "社会效益指标", schema.EcologicalType: "生态效益指标",
	schema.SustainableType: "可持续影响指标", schema.SatisfactionType: "服务对象满意度指标",
}

// The standard phrases of the three bands, with synonyms, and the tenths of the
// weight between which each is scored.
var bands = []struct {
	phrases   []string
	low, high int64
}{
	{[]string{"达成年度指标", "全部达成年度指标"}, 8, 10},
	{[]string{"部分达成年度指标并具有一定效果", "部分达成"}, 6, 8},
	{[]string{"未达成年度指标且效果较差", "未达成年度指标"}, 0, 6},
}

var (
	upperSigns = []string{"≤", "≤", "≤", "≦", "<=", "≤ "}
	lowerSigns = []string{"≥", "≥", "≥", "≧", ">=", "≥ "}
	upperWords = [][2]string{{"不超过", ""}, {"不高于", ""}, {"", "以内"}, {"", "之内"}, {"控制在", "以内"}, {"", "以下"}}
	lowerWords = [][2]string{{"不少于", ""}, {"不低于", ""}, {"", "以上"}, {"", "及以上"}, {"至少", ""}, {"大于等于", ""}}
)

var (
	causes   = []string{"由于场地协调滞后，部分工作推迟", "受汛期影响，施工进度偏慢", "主要原因是参加人员少于预期", "因供应商交货延迟，实施较晚", "由于年中人员变动，力量不足"}
	measures = []string{"下一步将提前制定计划，按月督办", "今后加强统计和调度，确保按期完成", "下一步加快办理，完善协调机制", "改进措施：优化流程，强化跟踪"}
	excesses = []string{"由于年中新增任务，工作量增加", "因上级部署专项行动，需求增加"}
	lessons  = []string{"下年度将按实际需求合理测算指标值", "今后将加强测算，科学设定目标"}
)

var (
	projects    = []string{"市场监管业务培训专项", "农村公路养护项目", "基层医疗能力建设专项", "口岸运行保障专项", "城区绿化提升项目", "校舍维修改造项目"}
	themes      = []string{"市场监管", "农村公路", "基层医疗", "口岸运行", "城区绿地", "校舍修缮"} // of the projects
	departments = []string{"某县市场监督管理局", "某县交通运输局", "某市卫生健康委员会", "某旗商务口岸局", "某区教育局"}
	expected    = []string{"完成年初确定的各项任务，提高服务水平。", "按计划实施项目，改善基础条件，增强群众获得感。", "目标1:完成建设任务;目标2:提升管理水平。"}
	completed   = []string{"各项任务已经实施，服务水平有所提高。", "项目按进度实施，基础条件得到改善。"}
)

// sourceLabels are labels of fund rows and the roles that readers give them.
var sourceLabels = []struct {
	label string
	role  schema.Role
}{
	{"财政拨款", schema.RoleFiscal}, {"上年结转资金", schema.RoleCarryover}, {"财政专户管理资金", schema.RoleSpecial},
	{"单位资金", schema.RoleOwn}, {"其他资金", schema.RoleOther},
}
