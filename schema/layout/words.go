package layout

import (
	"regexp"
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/quantity"
)

// The vocabulary of the forms. Labels are compared folded (half width, no spaces),
// without a final colon and without bracketed additions, so that 产 出 指 标,
// 产出指标（50分） and 产出指标： are one label.

// label is a cell's text as a label.
type label struct {
	full string // folded
	bare string // without bracketed parts, marks and colons
	note string // the last bracketed part: 50, 50分, 万元, A
}

var reBracket = regexp.MustCompile(`\(([^()]*)\)`)

// reNumbering is the number in front of a label: 三、满意度指标, 3.满意度指标,
// (3)满意度指标, ③满意度指标.
var reNumbering = regexp.MustCompile(`^(?:[一二三四五六七八九十]{1,3}、|\d{1,2}[.、]|\((?:[一二三四五六七八九十]{1,3}|\d{1,2})\)|[①-⑳])`)

// reLostBracket is a label whose opening or closing bracket was lost: 效益指标30分).
var reLostBracket = regexp.MustCompile(`^(\p{Han}+)\(?(\d+(?:\.\d+)?分?)\)?$`)

func parseLabel(text string) label {
	full := quantity.Fold(text)
	l := label{full: full}
	bare := full
	if n := reNumbering.FindString(full); n != "" && len(full) > len(n) && !quantity.HasDigit(full[len(n):len(n)+1]) {
		bare = full[len(n):]
	}
	if len(full) <= 120 {
		for _, m := range reBracket.FindAllStringSubmatch(bare, -1) {
			l.note = m[1]
		}
		bare = reBracket.ReplaceAllString(bare, "")
		if l.note == "" {
			if m := reLostBracket.FindStringSubmatch(bare); m != nil {
				bare, l.note = m[1], m[2]
			}
		}
	}
	l.bare = strings.TrimFunc(bare, func(r rune) bool { return strings.ContainsRune(":;,.、★*☆()", r) })
	return l
}

// points gives the points that a label's bracket states: (50), (50分).
func (l label) points() (string, bool) {
	s := strings.TrimSuffix(l.note, "分")
	if _, _, ok := quantity.ParseDecimal(s); !ok {
		return "", false
	}
	return s, true
}

var reCurrency = regexp.MustCompile(`(百万元|千万元|亿元|万元|千元|元)`)

// currency gives the unit of money that a heading states.
func (l label) currency() string { return reCurrency.FindString(l.full) }

func oneOf(s string, words ...string) bool {
	for _, w := range words {
		if s == w {
			return true
		}
	}
	return false
}

func containsAny(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// headRole is a field of the form's head.
type headRole uint8

const (
	headNone headRole = iota
	headProject
	headDepartment
	headCentral // 中央主管部门, above 地方主管部门 in forms of transfers
	headUnit
	headBudget // 预算单位: the department where 用款单位 stands beside it, else the unit
	headYear
	headScore // a total score stated in the head
	headGrade
	headFiler // who fills in the form: unit or department where it names none otherwise
	headCurrency
	headOther // a label whose value is not kept: 负责人, 电话, 项目类别 …
)

func headRoleOf(l label) headRole {
	s := strings.TrimPrefix(l.bare, "基本情况")
	switch {
	case oneOf(s, "项目名称", "专项资金名称", "专项名称", "转移支付名称", "转移支付项目名称", "政策名称", "项目名"):
		return headProject
	case oneOf(s, "主管部门", "主管部门及代码", "主管部门名称", "县级主管部门", "市级主管部门", "省级主管部门", "地方主管部门",
		"项目主管部门", "业务主管部门", "预算部门", "主管单位", "一级预算部门", "主管预算部门"),
		strings.HasSuffix(s, "预算单位名称"), strings.HasSuffix(s, "预算部门名称"):
		return headDepartment
	case oneOf(s, "中央主管部门"):
		return headCentral
	case oneOf(s, "预算单位"):
		return headBudget
	case oneOf(s, "实施单位", "项目实施单位", "资金使用单位", "项目单位", "使用单位", "用款单位", "实施单位及代码", "具体实施单位"):
		return headUnit
	case oneOf(s, "年度", "评价年度", "预算年度", "所属年度"):
		return headYear
	case oneOf(s, "自评得分", "自评总分", "项目总得分", "总得分", "自评总得分", "自评分", "绩效自评得分", "综合得分"):
		return headScore
	case oneOf(s, "自评等级", "评价等级", "自评等次", "等级", "等次", "评价等次", "绩效等级", "自评结果", "评价结果", "评级"):
		return headGrade
	case oneOf(s, "部门", "部门名称", "单位名称", "编制单位", "填报单位", "填表单位", "填报部门"):
		return headFiler
	case oneOf(s, "金额单位", "单位", "货币单位", "资金单位"):
		return headCurrency
	case oneOf(s, "项目负责人", "负责人", "项目负责人及电话", "负责人及电话", "联系人", "联系电话", "电话", "填报日期", "填表日期",
		"项目类别", "项目属性", "项目类型", "是否为专项资金", "项目编码", "项目代码", "填报人", "填表人",
		"单位负责人", "评价方式", "项目期", "项目起止时间", "报表编号"):
		return headOther
	}
	return headNone
}

// gradeOf gives the grade that a cell names: 优, 评价等级：优, □优 ☑良 □中 □差.
func gradeOf(text string) (grade string, ok bool) {
	s := quantity.Fold(text)
	if len(s) > 60 {
		return "", false
	}
	if label, value, glued := strings.Cut(s, ":"); glued && headRoleOf(parseLabel(label)) == headGrade {
		s = value
	}
	if oneOf(s, "优", "良", "中", "差", "优秀", "良好", "合格", "不合格") {
		return s, true
	}
	grade = schema.CheckedGrade(s)
	return grade, grade != ""
}

// fundColumn is the meaning of a column of the fund block.
type column string

const (
	colInitial     column = "initial"
	colAdjusted    column = "adjusted"
	colExecuted    column = "executed"
	colWeight      column = "weight"
	colRate        column = "rate"
	colScore       column = "score"
	colExplanation column = "explanation"
	colLevel1      column = "level1"
	colLevel2      column = "level2"
	colLevel3      column = "level3" // 三级指标 where 四级指标 are the names
	colName        column = "name"
	colOperator    column = "operator"
	colTarget      column = "target"
	colUnit        column = "unit"
	colActual      column = "actual"
	colExtra       column = "extra" // a known column that no rule reads
	colNone        column = ""
)

func trimColumnMark(s string) string {
	// Column letters that lost their brackets: 全年预算数A.
	return strings.TrimRight(s, "ABab")
}

func fundColumnOf(l label) column {
	s := trimColumnMark(l.bare)
	switch {
	case containsAny(s, "得分计算", "计算方法", "佐证"):
		return colExtra
	case containsAny(s, "原因", "说明", "改进措施", "备注"):
		return colExplanation
	case containsAny(s, "执行率", "执行进度", "完成率", "支出进度", "支出率", "支付率"):
		return colRate
	case containsAny(s, "得分", "自评分"):
		return colScore
	case containsAny(s, "分值", "权重"):
		return colWeight
	case containsAny(s, "到位", "结余", "调整数", "调整额", "调整金额", "上年"):
		return colExtra
	case containsAny(s, "执行数", "支出数", "执行情况", "执行金额", "实际支出", "资金执行", "决算数", "使用数", "支付数"):
		return colExecuted
	case containsAny(s, "年初预算", "年初数", "年初批复"):
		return colInitial
	case containsAny(s, "全年预算", "调整后预算", "预算数", "调整预算", "预算安排", "计划数", "预算金额", "批复预算", "下达数", "计划金额", "预算额"):
		return colAdjusted
	}
	return colNone
}

// pairColumnOf gives the meaning of a label that has its figure beside it, where
// shorter words will do.
func pairColumnOf(l label) column {
	switch {
	case oneOf(l.bare, "计划", "预算", "年度预算", "预算资金"):
		return colAdjusted
	case oneOf(l.bare, "支出", "执行", "实际执行"):
		return colExecuted
	}
	if len(l.full) > 60 {
		return colNone
	}
	return fundColumnOf(l)
}

func tableColumnOf(l label) column {
	s := trimColumnMark(l.bare)
	switch {
	case oneOf(s, "一级指标", "一级", "一级绩效指标", "一级指标名称"):
		return colLevel1
	case oneOf(s, "二级指标", "二级", "二级绩效指标", "二级指标名称"):
		return colLevel2
	case isNameHeader(l):
		return colName
	case containsAny(s, "得分计算", "计算方法", "赋分", "评分标准", "评分规则", "得分系数", "系数", "是否核心", "上年", "佐证", "折算", "复核",
		"市级评分", "财政评分", "核定", "审核得分", "扣分", "指标解释", "指标说明", "数据来源"):
		return colExtra
	case containsAny(s, "偏差", "原因", "改进措施", "未完成"):
		return colExplanation
	case oneOf(s, "指标性质", "符号", "计算符号", "运算符号", "比较符号", "指标方向", "运算符"):
		return colOperator
	case oneOf(s, "度量单位", "计量单位", "单位", "指标单位"):
		return colUnit
	case containsAny(s, "得分", "自评分", "评分"):
		return colScore
	case oneOf(s, "分值", "权重", "指标权重", "权重占比", "指标分值", "分值权重", "标准分", "标准分值", "权重分值", "满分", "权重分"):
		return colWeight
	case containsAny(s, "实际完成值", "完成值", "实际值", "实现值", "实际完成", "实施进度", "完成指标值"):
		return colActual
	case containsAny(s, "指标值", "目标值", "标值", "预期值", "计划值", "年度指标", "年度目标", "预期指标"):
		return colTarget
	case oneOf(s, "完成情况", "全年完成情况", "全年完成", "完成"):
		return colActual
	case containsAny(s, "完成率", "备注", "说明"):
		return colExtra
	}
	return colNone
}

// isNameHeader reports whether a label heads the names of the indicators.
func isNameHeader(l label) bool {
	return oneOf(trimColumnMark(l.bare), "三级指标", "三级", "指标名称", "三级指标名称", "绩效指标名称", "三级绩效指标", "具体指标", "指标内容", "四级指标")
}

// fundRoleOf gives the role of a fund row by its label; known is false for labels
// that do not speak of funds.
func fundRoleOf(l label) (role schema.Role, known bool) {
	s := l.bare
	part := strings.HasPrefix(s, "其中")
	switch {
	case !part && (strings.HasSuffix(s, "总额") || oneOf(s, "合计", "总计", "小计", "预算数", "年度预算", "项目资金", "年度资金", "资金合计", "年度预算数")):
		return schema.RoleTotal, true
	case containsAny(s, "结转", "结余"):
		return schema.RoleCarryover, true
	case containsAny(s, "专户"):
		return schema.RoleSpecial, true
	case containsAny(s, "其他", "其它"):
		return schema.RoleOther, true
	case containsAny(s, "单位资金", "自有资金", "自筹", "事业收入", "经营收入"):
		return schema.RoleOwn, true
	case containsAny(s, "财政", "拨款", "公共预算", "中央", "省", "市", "县", "区级", "自治区", "旗", "盟", "地方", "本级", "上级", "补助",
		"资金", "债券", "基金", "国有资本", "州", "乡", "镇"):
		return schema.RoleFiscal, true
	}
	return "", false
}

// isLevel1 reports whether a label names a first-level group and nothing else.
func isLevel1(l label) bool {
	if strings.Contains(l.bare, "满意度") && (strings.HasSuffix(l.bare, "指标") || strings.HasSuffix(l.bare, "满意度")) {
		return true
	}
	return oneOf(l.bare, "产出", "产出指标", "效益", "效益指标", "效果指标", "效果", "满意度", "满意度指标", "决策", "决策指标",
		"过程", "过程指标", "管理", "管理指标", "项目决策", "项目管理", "项目过程", "项目完成", "项目完成指标", "项目产出", "项目效益",
		"预算执行率", "成本", "成本指标", "投入", "投入指标", "投入管理指标", "影响力", "履职效能", "管理效率", "社会效应", "可持续性",
		"运行成本", "满意度评价", "项目效果", "产出目标", "效益目标", "预算执行")
}

// isLevel2 reports whether a label names a second-level type.
func isLevel2(l label) bool { return schema.TypeOf(l.bare) != schema.Untyped }

// isBlockLabel reports whether a label heads the whole indicator table.
func isBlockLabel(l label) bool {
	return strings.HasPrefix(l.bare, "绩效指标") || strings.HasPrefix(l.bare, "年度绩效") ||
		containsAny(l.bare, "绩效指标完成情况", "年度绩效指标", "项目绩效指标") || oneOf(l.bare, "指标", "年度绩效目标", "绩效目标")
}

var rePlaceholder = regexp.MustCompile(`^(?:[★☆*]*指标\d*[:.、]?|[.…·]{2,}|…+|[xX×*]{2,})$`)

func isPlaceholder(text string) bool { return rePlaceholder.MatchString(quantity.Fold(text)) }

// isTotalLabel reports whether a label names the row of the total.
func isTotalLabel(l label) bool {
	return oneOf(l.bare, "总分", "合计", "总计", "总得分", "自评总分", "项目总得分", "得分合计", "合计得分", "综合得分", "自评得分", "绩效总分", "评价总分", "总分值",
		"绩效自评得分", "自评总得分", "总得分合计", "综合评分", "评价得分", "绩效得分")
}

func isSubtotalLabel(l label) bool { return oneOf(l.bare, "小计", "分值小计", "得分小计") }

// isRemarkLabel reports whether a label heads a text outside the table's columns.
func isRemarkLabel(l label) bool {
	s := l.bare
	return containsAny(s, "评价结论", "存在问题", "改进措施", "说明", "签批", "备注", "偏差大或", "未完成原因", "偏差原因", "结果应用", "自评结论",
		"需要说明", "审核意见", "主要经验", "下一步", "建议") && len(s) <= 90 || s == "注" || isSignature(l)
}

// isManagementLabel reports whether a label is one of the questions of 资金管理情况 in
// forms of transfers, whose answer may be as short as 无.
func isManagementLabel(l label) bool {
	return oneOf(l.bare, "分配科学性", "下达及时性", "拨付合规性", "使用规范性", "执行准确性", "预算绩效管理情况", "支出责任履行情况")
}

// isSignature reports whether a label asks for a name or number of a person.
func isSignature(l label) bool {
	return oneOf(l.bare, "项目负责人", "财务负责人", "填表人", "填报人", "负责人", "联系人", "联系电话", "单位负责人", "签名", "签字", "审核人", "复核人")
}
