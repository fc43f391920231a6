// Package checks holds the rules that a right form obeys and the engine that runs
// them.
//
// A rule is one immutable value: name, severity, legal basis, documentation,
// examples and a pure check function, side by side. Everything that is said about a
// rule anywhere is generated from it.
package checks

import (
	"jixiaolint/schema/lang"
)

// Severity says how bad a finding is.
type Severity uint8

// The severities, least first. Off silences a rule.
const (
	Off Severity = iota
	Note
	Warning
	Error
)

var severityNames = [...]string{Off: "off", Note: "note", Warning: "warning", Error: "error"}

// String gives the severity's name in options and reports: error, warning, note, off.
func (s Severity) String() string {
	if int(s) < len(severityNames) {
		return severityNames[s]
	}
	return "off"
}

// ParseSeverity reads a severity's name.
func ParseSeverity(name string) (Severity, bool) {
	for s, n := range severityNames {
		if n == name {
			return Severity(s), true
		}
	}
	return Off, false
}

// Label gives the severity in words.
func (s Severity) Label() lang.Text {
	switch s {
	case Error:
		return lang.T("错误", "error")
	case Warning:
		return lang.T("警告", "warning")
	case Note:
		return lang.T("提示", "note")
	case Off:
	}
	return lang.T("关闭", "off")
}

// Safety says what may be done with a fix.
type Safety string

// The safeties of fixes. A Safe fix follows from the form's own figures alone and
// never raises a score; an Unsafe one is a proposal.
const (
	NoFix  Safety = ""
	Safe   Safety = "safe"
	Unsafe Safety = "unsafe"
)

// Group is a group of rules.
type Group string

// The groups of the catalogue.
const (
	GroupInput        Group = "input"
	GroupStructure    Group = "structure"
	GroupFormat       Group = "format"
	GroupWeights      Group = "weights"
	GroupBudget       Group = "budget"
	GroupScoring      Group = "scoring"
	GroupTotals       Group = "totals"
	GroupExplanation  Group = "explanation"
	GroupTime         Group = "time"
	GroupCost         Group = "cost"
	GroupSatisfaction Group = "satisfaction"
	GroupIndicator    Group = "indicator"
	GroupNarrative    Group = "narrative"
	GroupText         Group = "text"
	GroupBatch        Group = "batch"
	// GroupCustom holds the rules of the configuration; the catalogue has none in it.
	GroupCustom Group = "custom"
)

// Groups lists the groups in catalogue order, with what each looks at.
func Groups() []GroupInfo {
	return []GroupInfo{
		{GroupInput, lang.T("读取", "Input"), lang.T("文件和单元格能否读出", "whether files and cells can be read")},
		{GroupStructure, lang.T("结构", "Structure"), lang.T("必填项、表块、指标类型", "mandatory cells, blocks, indicator types")},
		{GroupFormat, lang.T("格式", "Format"), lang.T("数字、单位、百分比的写法", "how figures, units and percentages are written")},
		{GroupWeights, lang.T("分值", "Weights"), lang.T("分值合计与权重结构", "sums and structure of weights")},
		{GroupBudget, lang.T("预算执行", "Budget"), lang.T("资金、执行率、执行得分", "funds, execution rate and its score")},
		{GroupScoring, lang.T("指标得分", "Scoring"), lang.T("得分与完成值是否一致", "scores against actual values")},
		{GroupTotals, lang.T("总分", "Totals"), lang.T("总分与等级", "total score and grade")},
		{GroupExplanation, lang.T("偏差说明", "Explanation"), lang.T("偏差原因与改进措施", "reasons for deviations and measures")},
		{GroupTime, lang.T("时效指标", "Time"), lang.T("时限与完成时间", "deadlines and completion dates")},
		{GroupCost, lang.T("成本指标", "Cost"), lang.T("成本方向、超支、与预算的关系", "direction, overruns, relation to the budget")},
		{GroupSatisfaction, lang.T("满意度", "Satisfaction"), lang.T("满意度的对象与数值", "whom satisfaction is asked of, and its values")},
		{GroupIndicator, lang.T("指标质量", "Indicators"), lang.T("指标是否说明产出和效果", "whether indicators say what was delivered and achieved")},
		{GroupNarrative, lang.T("文字与数字", "Narrative"), lang.T("文字说明与表中数字是否一致", "the texts against the figures of the form")},
		{GroupText, lang.T("文字规范", "Text"), lang.T("错别字、标点、残留标记", "misspellings, punctuation, leftover markup")},
		{GroupBatch, lang.T("多表对照", "Batch"), lang.T("一次检查的各张表之间是否一致", "the forms of one run against each other")},
		{GroupCustom, lang.T("自定义", "Custom"), lang.T("配置文件中的规则", "the rules of the configuration")},
	}
}

// GroupInfo describes a group.
type GroupInfo struct {
	Name        Group
	Title, What lang.Text
}

// Rule is one rule of the catalogue.
type Rule struct {
	// Name is the rule's public name, as in rules.md.
	Name     string
	Group    Group
	Severity Severity
	// Fix is the safety of the safest fix that the rule proposes.
	Fix Safety
	// Title says in a few words what is wrong; What gives the exact condition; Why
	// says what the condition protects.
	Title, What, Why lang.Text
	// How says how to mend what is found and, of a rule that can be wrong about a right
	// form, when to leave it be.
	How lang.Text
	// Formula is the arithmetic that the rule holds figures to, apart from the formulas of
	// the profile that Uses names; empty where there is none.
	Formula lang.Text
	// Basis names the sources of the rule, by their codes (see Sources); a text without
	// an entry there stands for itself.
	Basis []string
	// Uses names the values of the profile that decide what the rule reports, by their
	// JSON Pointers; a pointer stands for all values below it.
	Uses []string
	// Since is the version of jixiaolint that introduced the rule.
	Since string
	// Wrong and Right are examples, run by a test.
	Wrong, Right Example
	// Check looks at one form and reports what it finds. It is nil for rules whose
	// findings come from the readers, and for those that look at all forms of a run.
	Check func(*Pass)
	// Batch makes what a rule of group batch needs to look at the forms of one run. It
	// is nil for all other rules.
	Batch func() Accumulator
}

// Example is a change to the specimen form (specimen.json), as JSON Pointers and
// the values set there; a null value removes. Pointers apply in order.
//
// Pointers that begin with a number go into a document of several forms, which is an
// array: /1/project is the project of the second form. There are as many forms as
// the greatest number asks for, each a copy of the specimen.
type Example []Set

// Set is one change of an Example.
type Set struct {
	Pointer string
	Value   any
}
