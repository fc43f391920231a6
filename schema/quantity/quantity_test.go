package quantity

import (
	"testing"
)

// Every way in which published forms write a figure must read as the figure they
// mean, and nothing else may read as one.
func TestParse(t *testing.T) {
	tests := []struct {
		text string
		kind Kind
		cmp  Comparator
		val  string
		dec  int
		unit string
	}{
		{"2", Figure, None, "2", 0, ""},
		{"92.31%", Figure, None, "92.31", 2, "%"},
		{"≥50个", Figure, AtLeast, "50", 0, "个"},
		{"≧ 735", Figure, AtLeast, "735", 0, ""},
		{"═100%", Figure, Equal, "100", 0, "%"},
		{">=98", Figure, AtLeast, "98", 0, ""},
		{"≥100百分比", Figure, AtLeast, "100", 0, "%"},
		{"98%(百分比)", Figure, None, "98", 0, "%"},
		{"≤90万元", Figure, AtMost, "90", 0, "万元"},
		{"不少于12 种", Figure, AtLeast, "12", 0, "种"},
		{"98%以上", Figure, AtLeast, "98", 0, "%"},
		{"控制在5天以内", Figure, AtMost, "5", 0, "天"},
		{"1.2万亩", Figure, None, "1.2", 1, "万亩"},
		{"每亩300", Figure, None, "300", 0, "/每亩"},
		{"75元", Figure, None, "75", 0, "元"},
		{"1个月", Figure, None, "1", 0, "个月"},
		{"１２０", Figure, None, "120", 0, ""},
		{"1,200.50", Figure, None, "1200.5", 2, ""},
		{"-3.2%", Figure, None, "-3.2", 1, "%"},
		{"80%-90%", Range, None, "80", 0, "%"},
		{"0起", Figure, None, "0", 0, "起"},
		{"2.38  万元", Figure, None, "2.38", 2, "万元"},
		{"-", NotApplicable, None, "0", 0, ""},
		{"——", NotApplicable, None, "0", 0, ""},
		{"/", NotApplicable, None, "0", 0, ""},
		{"无", NotApplicable, None, "0", 0, ""},
		{" 　", Blank, None, "0", 0, ""},
		{"2022年", Dated, None, "0", 0, ""},
		{"2022-2023", Dated, None, "0", 0, ""},
		{"12月底之前", Dated, None, "0", 0, ""},
		{"9月前", Dated, None, "0", 0, ""},
		{"2022年12月31日前", Dated, None, "0", 0, ""},
		{"1-12月", Dated, None, "0", 0, ""},
		{"2022年全年", Dated, None, "0", 0, ""},
		{"9成以上", Figure, AtLeast, "90", 0, "%"},
		{"9.5成", Figure, None, "95", 0, "%"},
		{"1.2万余人", Words, None, "0", 0, ""},
		{"1万多人", Words, None, "0", 0, ""},
		{"完成", Words, None, "0", 0, ""},
		{"带动销售8倍以上", Words, None, "0", 0, ""},
		{"1,2,3", Words, None, "0", 0, ""},
		{"11个 建设环境空气质量自动监测子站", Words, None, "0", 0, ""},
		{"1e999999999", Words, None, "0", 0, ""},
	}
	for _, tt := range tests {
		q := Parse(tt.text)
		if q.Kind != tt.kind || q.Comparator != tt.cmp || q.Value.String() != tt.val ||
			q.Decimals != tt.dec || q.Unit != tt.unit {
			t.Errorf("Parse(%q) = kind %d cmp %d value %s decimals %d unit %q, want %v",
				tt.text, q.Kind, q.Comparator, q.Value, q.Decimals, q.Unit, tt)
		}
	}
}

// The end of a period has an earliest and a latest reading; comparisons rely on both.
// A day that no calendar has is no date; of one without a year any year may be a leap year.
func TestImpossibleDays(t *testing.T) {
	for text, want := range map[string]bool{
		"2025年11月31日": true, "2025年2月29日前": true, "2025年13月45日": true, "2025-02-30": true, "２０２５年４月３１日": true, "2025年6月0日": true,
		"2024年2月29日": false, "2月29日": false, "2025年11月30日": false, "2025年11月": false, "完成": false, "11月31": false,
	} {
		if got := IsImpossibleDay(text); got != want {
			t.Errorf("%s: %t, want %t", text, got, want)
		}
		if _, ok := ParsePeriod(Fold(text)); want && ok {
			t.Errorf("%s is read as a date", text)
		}
	}
}

func TestParsePeriod(t *testing.T) {
	tests := []struct {
		text             string
		earliest, latest Date
		whole, ok        bool
	}{
		{"2022年", 20220101, 20221231, true, true},
		{"全年", 101, 1231, true, true},
		{"2022-2023", 20230101, 20231231, true, true},
		{"2022年-2023年", 20230101, 20231231, true, true},
		{"9月前", 901, 931, false, true},
		{"12月底之前", 1201, 1231, false, true},
		{"2022年12月31日前", 20221231, 20221231, false, true},
		{"2022.12.31", 20221231, 20221231, false, true},
		{"2022-11", 20221101, 20221131, false, true},
		{"1-12月", 1201, 1231, false, true},
		{"2022年底", 20221201, 20221231, false, true},
		{"2022年3月-2023年2月", 20230201, 20230231, false, true},
		{"13月", 1301, 1331, false, false},
		{"1个月", 0, 0, false, false},
		{"2022", 20220101, 20221231, true, true},
		{"2023.12", 20231201, 20231231, false, true},
		{"95.5", 0, 0, false, false},
	}
	for _, tt := range tests {
		p, ok := ParsePeriodLoosely(tt.text)
		if ok != tt.ok || ok && (p.EndEarliest != tt.earliest || p.EndLatest != tt.latest || p.WholeYear != tt.whole) {
			t.Errorf("ParsePeriodLoosely(%q) = %+v, %v; want %v", tt.text, p, ok, tt)
		}
	}
}

func TestConvert(t *testing.T) {
	tests := []struct {
		from, to, factor string
		ok               bool
	}{
		{"万元", "元", "10000", true},
		{"亿元", "万元", "10000", true},
		{"天", "小时", "24", true},
		{"年", "月", "12", true},
		{"天", "月", "", false},
		{"个", "家", "1", true},
		{"人", "人次", "", false},
		{"%", "万元", "", false},
		{"瓢", "瓢", "1", true},
		{"瓢", "个", "", false},
	}
	for _, tt := range tests {
		f, ok := Convert(tt.from, tt.to)
		if ok != tt.ok || ok && f.String() != tt.factor {
			t.Errorf("Convert(%q, %q) = %s, %v; want %s, %v", tt.from, tt.to, f, ok, tt.factor, tt.ok)
		}
	}
}

// What a rate is per may be left out or written otherwise; a span of time left out
// leaves open what the figure means, and all else is another unit.
func TestFiledRates(t *testing.T) {
	const alike, undecided, unlike = "alike", "undecided", "unlike"
	tests := []struct{ target, actual, want string }{
		{"元/人", "元", alike},
		{"元", "元/人", alike},
		{"万元/公里", "万元", alike},
		{"元/人/月", "元/人·月", alike},
		{"元/人月", "元/每人每月", alike},
		{"元/每亩", "元/亩", alike},
		{"元/人/年", "元/人", alike},
		{"次/年", "次", alike},
		{"次/月", "次", undecided},
		{"次/每季度", "次", undecided},
		{"次/半年", "次", undecided},
		{"元/人/月", "元/人", undecided},
		{"日前/每月", "日/每月", undecided},
		{"日前/每月", "日", undecided},
		{"日前", "日", undecided},
		{"台(套)", "台", alike},
		{"台套", "台(套)", alike},
		{"人(次)", "人次", alike},
		{"人/次", "人次", alike},
		{"批", "批次", alike},
		{"个贫困村", "个", alike},
		{"个行政村", "个村", alike},
		{"名学生", "人", alike},
		{"所", "所学校", alike},
		{"期", "期整", alike},
		{"立方米", "方", alike},
		{"个学生", "名学生", alike},
		{"起", "件", alike},
		{"批次", "次", alike},
		{"个课时", "课时", alike},
		{"个县", "县", alike},
		{"方案", "个方案", alike},
		{"台/套", "台套", alike},
		{"元/平方米", "元/㎡", alike},
		{"元/(人·天)", "元/人/天", alike},
		{"μg/m³", "微克/立方米", alike},
		{"千瓦时", "度", alike},
		{"吨/日", "吨/天", alike},
		{"万吨/日", "万吨/天", alike},
		{"次/周", "次/星期", alike},
		{"元/吨", "元/t", alike},
		{"元/人/月", "元/月/人", alike},
		{"元/人·年", "元/年/人", alike},
		{"万元/辆", "万元/台", alike},
		{"元/本", "元/册", alike},
		{"mg/L", "毫克/升", alike},
		{"㎡", "平方", alike},
		{"吨", "T", alike},
		{"TB", "T", alike},
		{"元/人/月", "元/户/月", unlike},
		{"吨/日", "吨/小时", unlike},
		{"人天", "人", unlike},
		{"人月", "人", unlike},
		{"人", "人次", unlike},
		{"名学生", "个村", unlike},
		{"公里道路", "盏灯", unlike},
		{"元/人", "元/户", unlike},
		{"元/人", "万元", unlike},
		{"元/人", "人", unlike},
		{"次/月", "次/季度", unlike},
		{"次/月", "人", unlike},
		{"天", "月", unlike},
		{"月前", "天", unlike},
	}
	for _, tt := range tests {
		got := unlike
		if f, ok := ConvertFiled(tt.actual, tt.target); ok {
			if got = alike; f.Cmp(Int(1)) != 0 {
				t.Errorf("%s is %s %s", tt.actual, f, tt.target)
			}
		} else if Undecided(tt.target, tt.actual) {
			got = undecided
		}
		if got != tt.want {
			t.Errorf("%s against %s: %s, want %s", tt.target, tt.actual, got, tt.want)
		}
	}
}
