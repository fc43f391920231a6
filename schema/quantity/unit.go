package quantity

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Dimension is what a unit measures. Figures of unlike dimensions cannot be
// compared.
type Dimension string

// The dimensions that forms use. Counting words (个, 家, 台 …) have a dimension each
// for words that are used for the same things.
const (
	Unknown Dimension = ""
	Percent Dimension = "percent"
	Money   Dimension = "money"
	Days    Dimension = "days"   // day, week, hour, minute
	Months  Dimension = "months" // month, quarter, year
	Length  Dimension = "length"
	Area    Dimension = "area"
	Mass    Dimension = "mass"
	Volume  Dimension = "volume"
	Energy  Dimension = "energy"
	Power   Dimension = "power"
	Sound   Dimension = "sound"
	Labour  Dimension = "labour" // 人天: persons × days
	People  Dimension = "people"
	Visits  Dimension = "visits" // 人次: persons × times
	Things  Dimension = "things"
	Times   Dimension = "times"
)

type measure struct {
	dim   Dimension
	scale Number
}

// units maps a unit without its 万/亿 prefix to what it measures.
var units = func() map[string]measure {
	m := map[string]measure{}
	put := func(dim Dimension, scale Number, names ...string) {
		for _, n := range names {
			m[n] = measure{dim, scale}
		}
	}
	one := Int(1)
	put(Percent, one, "%")
	put(Percent, Ratio(1, 10), "‰")
	put(Money, one, "元", "元人民币", "块")
	put(Days, one, "天", "日", "个工作日", "工作日", "自然日")
	put(Days, Int(7), "周", "个星期", "星期")
	put(Days, Ratio(1, 24), "小时", "个小时", "时", "h")
	put(Days, Ratio(1, 24*60), "分钟", "min")
	put(Days, Ratio(1, 24*60*60), "秒", "秒钟", "s")
	put(Months, one, "个月", "月")
	put(Months, Int(3), "季度", "个季度")
	put(Months, Int(12), "年", "周年")
	put(Length, one, "米", "m", "延米", "延长米")
	put(Length, Int(1000), "公里", "千米", "km", "KM", "Km")
	put(Length, Ratio(1, 100), "厘米", "公分", "cm")
	put(Length, Ratio(1, 1000), "毫米", "mm")
	put(Area, one, "平方米", "㎡", "m²", "平米", "平方")
	put(Area, Int(1_000_000), "平方公里", "平方千米", "km²")
	put(Area, Ratio(2000, 3), "亩")
	put(Area, Int(10_000), "公顷")
	put(Mass, one, "千克", "公斤", "kg")
	put(Mass, Int(1000), "吨", "t")
	put(Mass, Ratio(1, 2), "斤")
	put(Mass, Ratio(1, 1000), "克", "g")
	put(Mass, Ratio(1, 1_000_000), "毫克", "mg")
	put(Mass, Ratio(1, 1_000_000_000), "微克", "μg", "µg", "ug")
	put(Volume, one, "立方米", "立方", "方", "m³")
	put(Volume, Ratio(1, 1000), "升", "L", "l")
	put(Volume, Ratio(1, 1_000_000), "毫升", "mL", "ml")
	put(Energy, one, "千瓦时", "度", "kWh", "KWh")
	put(Power, one, "千瓦", "kW", "KW")
	put(Sound, one, "分贝", "dB")
	put(Labour, one, "人天", "人日", "工日", "个工日")
	put(Labour, Int(30), "人月", "个人月")
	put(People, one, "人", "名", "位", "员")
	for _, who := range []string{"人", "学生", "人员", "群众", "儿童", "教师", "干部", "居民", "村民", "老人", "老年人", "职工", "农民", "企业职工", "残疾人"} {
		put(People, one, "个"+who)
	}
	put(Visits, one, "人次")
	put(Things, one, "个", "家", "项", "件", "处", "所", "座", "台", "套", "辆", "部", "户",
		"份", "本", "册", "张", "只", "头", "羽", "匹", "株", "棵", "条", "种", "类", "例", "宗",
		"批", "块", "间", "栋", "幢", "村", "企业", "单位", "篇", "支", "艘", "架", "根", "盏", "把",
		"眼", "口", "段", "站", "点", "路", "尾", "剂", "床", "标段", "县")
	put(Times, one, "次", "场", "期", "回", "场次", "届", "班次", "起", "遍", "轮", "趟", "航次")
	return m
}()

// multipliers are the words that multiply the unit after them.
var multipliers = []struct {
	text  string
	scale Number
}{
	{"百万", Int(1_000_000)}, {"千万", Int(10_000_000)}, {"亿", Int(100_000_000)}, {"万", Int(10_000)},
	{"千", Int(1000)}, {"百", Int(100)},
}

// measureOf gives what a unit measures; 万 and 亿 alone multiply a pure number.
func measureOf(unit string) (measure, bool) {
	if m, ok := units[unit]; ok {
		return m, true
	}
	for _, p := range multipliers {
		rest, ok := strings.CutPrefix(unit, p.text)
		if !ok {
			continue
		}
		if m, ok := units[rest]; ok {
			return measure{m.dim, m.scale.Mul(p.scale)}, true
		}
	}
	return measure{}, false
}

// DimensionOf gives the dimension a unit measures, Unknown for units it does not know.
func DimensionOf(unit string) Dimension {
	m, _ := measureOf(unit)
	return m.dim
}

// Convert gives the factor that turns figures in unit from into figures in unit to.
// ok is false when the units measure unlike things or one is unknown; equal units
// always convert.
func Convert(from, to string) (factor Number, ok bool) {
	if from == to {
		return Int(1), true
	}
	f, okF := measureOf(from)
	t, okT := measureOf(to)
	if !okF || !okT || f.dim != t.dim {
		return Number{}, false
	}
	return f.scale.Quo(t.scale), true
}

// ConvertFiled gives the factor that turns an actual value in unit from into the unit
// to of its target. Besides what Convert knows, it takes as alike the ways in which
// forms write one rate: 元/人·月 and 元/人/月, 元/亩 and 元/每亩, and 元 for 元/人, where
// the target has said already what the figure is per. The unit of time may be left out
// only if it is the year, which is what a form reports on.
func ConvertFiled(from, to string) (factor Number, ok bool) {
	if factor, ok := Convert(from, to); ok {
		return factor, true
	}
	base, per := splitRate(from)
	toBase, toPer := splitRate(to)
	if per == toPer || slices.Equal(rateParts(from), rateParts(to)) {
		if factor, ok := Convert(base, toBase); ok {
			return factor, true
		}
	}
	if left, ok := leftOut(per, toPer); ok && left != "" && base == toBase && !isSpan(left) {
		return Int(1), true
	}
	if Undecided(from, to) {
		return Number{}, false
	}
	for _, a := range spellings(from) {
		for _, b := range spellings(to) {
			if factor, ok := Convert(a, b); ok {
				return factor, true
			}
			if alike(a, b) {
				return Int(1), true
			}
		}
	}
	return Number{}, false
}

// SameSpan reports whether two spans of time, of which one is given in days and the other
// in months, may be the same: a month has 28 to 31 days and, with holidays, 17 to 23
// working days; a year has 365 or 366 days.
func SameSpan(a, b Quantity) bool {
	if DimensionOf(a.Unit) == Days {
		a, b = b, a
	}
	months, _ := measureOf(a.Unit)
	days, _ := measureOf(b.Unit)
	if months.dim != Months || days.dim != Days || a.Kind != Figure || b.Kind != Figure {
		return false
	}
	least, most := months.scale.Mul(Int(28)), months.scale.Mul(Int(31))
	if strings.HasSuffix(b.Unit, "工作日") {
		least, most = months.scale.Mul(Int(17)), months.scale.Mul(Int(23))
	} else if year := Int(12); months.scale.Cmp(year) == 0 {
		least, most = Int(365), Int(366)
	}
	n := b.Value.Mul(days.scale)
	return a.Value.Mul(least).Cmp(n) <= 0 && n.Cmp(a.Value.Mul(most)) <= 0
}

// alternatives are further readings of units that count in more than one way.
var alternatives = map[string][]string{
	"起": {"件"}, "批次": {"次", "批"}, "车次": {"次", "辆"}, "辆次": {"次", "辆"}, "台次": {"次", "台"}, "万": {"万个", "万元"}, "亿": {"亿个", "亿元"}, "课时": {"学时"}, "T": {"吨"},
}

// spellings gives what a unit may be read as. Brackets hold an alternative or a remark:
// 台(套) is 台, 台套 or 套; what counts may be followed by what is counted: 个贫困村, 名学生.
func spellings(unit string) []string {
	out := append([]string{unit}, alternatives[unit]...)
	if rest, ok := strings.CutPrefix(unit, "个"); ok && rest != "" {
		out = append(out, rest) // 20个课时, 10个县
	}
	if a, b, ok := strings.Cut(unit, "/"); ok && (DimensionOf(a+b) != Unknown || DimensionOf(a) == Things && DimensionOf(b) == Things) {
		out = append(out, a+b) // 人/次, 台/套
	}
	if before, inner, ok := strings.Cut(unit, "("); ok && before != "" && strings.HasSuffix(inner, ")") {
		inner = strings.TrimSuffix(inner, ")")
		out = append(out, before, before+inner, inner)
	}
	for _, u := range out[:len(out):len(out)] {
		if _, known := measureOf(u); known || strings.ContainsAny(u, "/(") {
			continue
		}
		for head := u; head != ""; {
			_, last := utf8.DecodeLastRuneInString(head)
			if head = head[:len(head)-last]; DimensionOf(head) != Unknown {
				out = append(out, head)
				break
			}
		}
	}
	return out
}

// alike reports whether one unit begins with the other, as 批次 with 批. Units that are
// both known are alike only if Convert says so: 人 and 人次 are not.
func alike(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return a != "" && strings.HasPrefix(b, a) && !strings.Contains(b, "/") && (DimensionOf(a) == Unknown || DimensionOf(b) == Unknown)
}

// Undecided reports whether figures of two units can be neither compared nor said to
// be at odds, because one leaves out a span of time and may stand for the span or for
// the year, such as 12次 for 1次/月; or because they are days of a month, such as 8日
// for 每月10日前.
func Undecided(a, b string) bool {
	baseA, perA := splitRate(a)
	baseB, perB := splitRate(b)
	dayA, beforeA := strings.CutSuffix(baseA, "前")
	dayB, beforeB := strings.CutSuffix(baseB, "前")
	if dayA != dayB {
		return false
	}
	if perA == perB {
		return beforeA != beforeB
	}
	left, ok := leftOut(perA, perB)
	return ok && isSpan(left)
}

// splitRate splits a unit into what is counted and what that is per, without the signs
// and words between the parts: 元/人·月 and 元/每人每月 are 元 per 人月.
func splitRate(unit string) (base, per string) {
	base, per, ok := strings.Cut(unit, "/")
	if !ok {
		return unit, ""
	}
	return base, rateSigns.Replace(per)
}

// rateParts gives what a rate is per, part by part and in one order, units of one size
// under one name: 元/人/月 is 元/月/人, 吨/日 is 吨/天.
func rateParts(unit string) []string {
	_, per, _ := strings.Cut(unit, "/")
	parts := strings.FieldsFunc(per, func(r rune) bool { return strings.ContainsRune("/·()每", r) })
	parts = slices.DeleteFunc(parts, func(part string) bool { return part == "年" || part == "年度" })
	for i, part := range parts {
		if m, ok := measureOf(part); ok {
			parts[i] = string(m.dim) + " " + m.scale.String()
		}
	}
	slices.Sort(parts)
	return parts
}

var rateSigns = strings.NewReplacer("/", "", "·", "", "(", "", ")", "", "㎡", "平方米", "平米", "平方米", "m²", "平方米", "m³", "立方米",
	"每", "", "半年", "半年", "年度", "", "年", "")

// leftOut gives the part of the longer of two rates that the shorter leaves out.
func leftOut(a, b string) (part string, ok bool) {
	if len(a) < len(b) {
		a, b = b, a
	}
	if rest, ok := strings.CutPrefix(a, b); ok {
		return rest, true
	}
	return strings.CutSuffix(a, b)
}

// isSpan reports whether what a rate is per is a span of time shorter than a year.
func isSpan(per string) bool {
	for _, span := range []string{"月", "季", "周", "星期", "旬", "天", "日", "小时", "半年", "学期"} {
		if strings.Contains(per, span) {
			return true
		}
	}
	return false
}
