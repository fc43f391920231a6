package checks

import "jixiaolint/schema/lang"

// Source is a text or system that a rule rests on.
type Source struct {
	Code  string
	Title lang.Text
	URL   string
}

// Sources gives the sources by code, as regulations.md lists them. No article
// numbers are given: the sources were read in part only, and what was not read is
// not quoted.
func Sources() map[string]Source { return sources }

var sources = func() map[string]Source {
	m := map[string]Source{}
	for _, s := range []Source{
		{"10号", lang.T("财预〔2020〕10号《项目支出绩效评价管理办法》", "Cai Yu [2020] No. 10, Measures for Performance Evaluation of Project Expenditure"), ""},
		{"101号", lang.T("财预〔2021〕101号《中央部门项目支出核心绩效目标和指标设置及取值指引（试行）》", "Cai Yu [2021] No. 101, Guidelines on Core Performance Objectives and Indicators"), ""},
		{"S1", lang.T("财政部关于开展中央部门项目支出绩效自评工作的通知（2016）", "Ministry of Finance notice on self-evaluation of central departments' project expenditure (2016)"), "http://baike.taxrefund.com.cn/html/fg/2016/11/20161117135128-29452.html"},
		{"S2", lang.T("项目支出绩效自评表填表注（四川中江，2022）", "Notes printed on the self-evaluation form (Zhongjiang, Sichuan, 2022)"), "https://chacewang.com/newsdetail/news242266.html"},
		{"S3", lang.T("绩效自评表通用填表注（计分公式）", "Generic notes on the form, with scoring formulas"), "http://biz.doczj.com/doc/174893555.html"},
		{"S4", lang.T("财政部预算司关于统一评价等级的说明", "Ministry of Finance, Budget Department, on uniform grades"), "http://www.dz-gczx.com/wap/articleDetails_id_1290.html"},
		{"S5", lang.T("预算绩效管理系统：指标计分公式", "Budget performance system: indicator formulas"), ""},
		{"S6", lang.T("预算绩效管理系统：目标值为 0 与分值校验", "Budget performance system: zero targets and weights"), ""},
		{"S7", lang.T("预算绩效管理系统：总分、等级与自评预警", "Budget performance system: totals, grades and self-evaluation warnings"), ""},
		{"S8", lang.T("预算绩效管理系统：执行得分封顶", "Budget performance system: cap of the execution score"), ""},
		{"S9", lang.T("预算绩效管理系统：自评保存校验", "Budget performance system: validations on saving a self-evaluation"), ""},
		{"S10", lang.T("预算绩效管理系统：预算执行率与得分", "Budget performance system: execution rate and score"), ""},
		{"S11", lang.T("预算绩效管理系统：执行率口径", "Budget performance system: denominator of the execution rate"), ""},
		{"S12", lang.T("预算绩效管理系统：自评导入模板", "Budget performance system: import template"), ""},
		{"S13", lang.T("预算绩效管理系统：指标编制校验", "Budget performance system: checks when indicators are set"), ""},
		{"S14", lang.T("预算绩效管理系统：绩效监控预警（山西）", "Budget performance system: monitoring lights (Shanxi)"), ""},
		{"S15", lang.T("预算绩效管理系统：文本与数字规范", "Budget performance system: text and number helpers"), ""},
		{"S16", lang.T("自评表刚性校验工具", "Rigid validator for self-evaluation forms"), ""},
		{"S17", lang.T("绩效目标审核问题清单", "Taxonomy of issues found in reviews"), ""},
		{"S18", lang.T("绩效目标语义审核要点", "Points of semantic review"), ""},
		{"S19", lang.T("绩效评价审计规则", "Audit rules for performance evaluation"), ""},
		{"S20", lang.T("项目支出绩效自评表填报说明（四川青神，2023）", "Official fill-in hints (Qingshen, Sichuan, 2023)"), "https://www.scqs.gov.cn/info/13206/211004.htm"},
		{"S21", lang.T("项目支出绩效自评表（安徽池州，2022）", "Published form (Chizhou, Anhui, 2022)"), ""},
		{"S22", lang.T("项目支出绩效自评表填表注（安徽天长，2022）", "Notes on a published form (Tianchang, Anhui, 2022)"), ""},
		{"S23", lang.T("项目支出绩效自评表（湖北广水，2021）", "Published form (Guangshui, Hubei, 2021)"), "https://pdf.wenkuvip.com/archives/bqg98jldqkx8g2xm7pe6.html"},
		{"S24", lang.T("项目支出绩效自评表（湖北鄂州，2021）", "Published form (Ezhou, Hubei, 2021)"), "https://zwfwzx.ezhou.gov.cn/zwgk/fdzdgknr/sgjfxx/202211/t20221108_506320.html"},
		{"S25", lang.T("项目支出绩效自评表（云南丽江，2020）", "Published form (Lijiang, Yunnan, 2020)"), ""},
		{"S26", lang.T("项目支出绩效自评表（宁夏银川，2021）", "Published form (Yinchuan, Ningxia, 2021)"), ""},
		{"S27", lang.T("绩效目标表（内蒙古乌海，2021）", "Goal table (Wuhai, Inner Mongolia, 2021)"), "http://gxs.wuhai.gov.cn/whsgxshzslhs/1096934/sjtj/1341823/index.html"},
		{"S28", lang.T("绩效指标设置方法", "How to set indicators"), "http://www.bbxzwk.vip/index/article/detail/detail_id/336204.html"},
		{"S29", lang.T("通用共性绩效指标库", "Library of common indicators"), ""},
		{"S30", lang.T("项目支出绩效自评表（四川大英，2020）", "Published form (Daying, Sichuan, 2020)"), "https://dyrmt.com/article-90897-17.html"},
		{"S31", lang.T("财预〔2021〕101号（仅见开头）", "Cai Yu [2021] No. 101 (its opening only)"), "http://tldf.cn/article-55595-153648.html"},
		{"S32", lang.T("乌拉特中旗预算绩效管理办法（仅见开头）", "Rules of Urad Middle Banner, Inner Mongolia (their opening only)"), "http://1.25.240.11:8082/sites/wltzq/zwinfo.jsp?id=19718"},
		{"S34", lang.T("绩效目标填报指南（较早的地方文本）", "Fill-in guide for objectives (an older local text)"), "http://m.dybbs8.com/excel/974350.html"},
		{"S35", lang.T("项目支出绩效自评表（湖北高校，模板）", "Template of a form (a university in Hubei)"), "https://m.777doc.com/doc-4336759.html"},
		{"S38", lang.T("绩效自评典型问题分析", "Typical problems of self-evaluations"), ""},
		{"S39", lang.T("预算公开校验规则", "Checks of published budgets"), ""},
		{"practice", lang.T("已公开自评表的填报惯例", "Practice seen in published forms"), ""},
	} {
		m[s.Code] = s
	}
	return m
}()

// BasisText gives the titles of a rule's sources, the most authoritative first.
func (r *Rule) BasisText() lang.Text {
	var t lang.Text
	for _, code := range r.Basis {
		s := lang.T(code, code)
		if known, ok := sources[code]; ok {
			s = known.Title
		}
		if t.ZH != "" {
			t.ZH, t.EN = t.ZH+"；", t.EN+"; "
		}
		t.ZH, t.EN = t.ZH+s.ZH, t.EN+s.EN
	}
	return t
}
