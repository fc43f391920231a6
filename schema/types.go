package schema

import (
	"slices"
	"strings"

	"jixiaolint/schema/quantity"
)

// IndicatorType is the kind of a second-level group of indicators.
type IndicatorType uint8

// The kinds of second-level groups.
const (
	Untyped          IndicatorType = iota
	QuantityType                   // 数量指标
	QualityType                    // 质量指标
	TimeType                       // 时效指标
	CostType                       // 成本指标
	EconomicType                   // 经济效益指标
	SocialType                     // 社会效益指标
	EcologicalType                 // 生态效益指标
	SustainableType                // 可持续影响指标
	SatisfactionType               // 服务对象满意度指标
)

// TypeOf gives the kind that a second-level label names: 数量指标, 产出数量, 时效.
func TypeOf(level2 string) IndicatorType {
	s := strings.TrimSuffix(strings.TrimSuffix(quantity.Fold(level2), "等"), "指标")
	s = strings.TrimPrefix(strings.TrimPrefix(s, "项目"), "产出")
	switch {
	case strings.Contains(s, "成本"):
		return CostType
	case strings.Contains(s, "满意度"):
		return SatisfactionType
	case strings.Contains(s, "可持续"):
		return SustainableType
	case s == "数量":
		return QuantityType
	case s == "质量":
		return QualityType
	case slices.Contains([]string{"时效", "时间", "进度"}, s):
		return TimeType
	case slices.Contains([]string{"经济效益", "经济", "经济效应"}, s):
		return EconomicType
	case slices.Contains([]string{"社会效益", "社会", "社会效应"}, s):
		return SocialType
	case slices.Contains([]string{"生态效益", "生态", "环境效益", "生态环境效益", "生态环境", "环境"}, s):
		return EcologicalType
	}
	return Untyped
}

// Type gives the kind of an indicator: that of its second-level label or, where that
// says nothing, of its first-level one; where labels are lost, the one that the place
// of the row tells.
func (r *Indicator) Type() IndicatorType {
	if t := TypeOf(r.Level2.Text); t != Untyped {
		return t
	}
	if t := TypeOf(r.Level1.Text); t != Untyped {
		return t
	}
	return r.lost
}

// inferTypes tells the kinds of rows whose labels are lost: those in front of the
// first 质量指标 are 数量指标, which every layout puts first.
func (f *Form) inferTypes() {
	first := slices.IndexFunc(f.Indicators, func(r Indicator) bool { return r.Level2.Filled() })
	if first <= 0 || TypeOf(f.Indicators[first].Level2.Text) != QualityType {
		return
	}
	for i := range f.Indicators {
		if TypeOf(f.Indicators[i].Level2.Text) == QuantityType {
			return
		}
	}
	for i := range first {
		if s := SectionOf(f.Indicators[i].Level1.Text); s == SectionUnknown || s == SectionOutput {
			f.Indicators[i].lost = QuantityType
		}
	}
}

// Section is a first-level group of indicators.
type Section string

// The first-level groups that the regulations name. Regional forms have others
// (决策, 过程), which are SectionOther.
const (
	SectionOutput       Section = "产出"
	SectionBenefit      Section = "效益"
	SectionSatisfaction Section = "满意度"
	SectionCost         Section = "成本"
	SectionOther        Section = "其他"
	SectionUnknown      Section = ""
)

// SectionOf gives the first-level group that a label names.
func SectionOf(level1 string) Section {
	s := quantity.Fold(level1)
	switch {
	case s == "":
		return SectionUnknown
	case strings.Contains(s, "满意"):
		return SectionSatisfaction
	case strings.Contains(s, "产出"), strings.Contains(s, "项目完成"):
		return SectionOutput
	case strings.Contains(s, "效益"), strings.Contains(s, "效果"):
		return SectionBenefit
	case strings.Contains(s, "成本"):
		return SectionCost
	}
	return SectionOther
}

// Section gives the indicator's first-level group: the one its label names or,
// where the label is lost, the one its type belongs to in every layout.
func (r *Indicator) Section() Section {
	if s := SectionOf(r.Level1.Text); s != SectionUnknown {
		return s
	}
	switch r.Type() {
	case QuantityType, QualityType, TimeType:
		return SectionOutput
	case EconomicType, SocialType, EcologicalType, SustainableType:
		return SectionBenefit
	case SatisfactionType:
		return SectionSatisfaction
	case Untyped, CostType:
	}
	return SectionUnknown
}
