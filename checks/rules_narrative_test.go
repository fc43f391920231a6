package checks

import (
	"slices"
	"testing"

	"jixiaolint/schema/quantity"
)

// shortfallTold ends a text of results so that shortfall-omitted has nothing to say.
const shortfallTold = "举办培训22期，投诉办结率未达到目标。"

func TestNarrativeAmounts(t *testing.T) {
	for text, want := range map[string]bool{
		"共支出114万元，其中：培训费60万元、检查费70万元。":           true,  // 130 > 114
		"共支出114万元，其中：培训费60万元、检查费50万元。":           true,  // 110, a slip of 4
		"共支出114万元，其中：培训费60万元、检查费54万元。":           false, // 114
		"共支出114万元，主要用于培训费60万元、检查费50万元。":          false, // the larger parts
		"共支出114万元，其中：培训费60万元、检查费20万元。":           false, // the rest is unsaid
		"共支出100万元，其中：培训费60万元、检查费54万元。":           false, // 114 is the executed amount
		"共支出114万元，其中：培训费60万元、检查费60万元。":           true,  // 120 is the budget, not what was spent
		"资金用于培训费80万元、检查费70万元。":                   true,  // 150 > 120
		"资金用于培训费60万元、检查费54万元。":                   false,
		"资金用于培训费40万元（其中教材费30万元、场租10万元）、检查费74万元。": false,
		"资金用于举办展会，带动销售5000万元、新增税收300万元。":         false,
		"资金用于发放补贴，每户3000元，共惠及低保户1200元。":          false,
		"共支出1140000元，其中培训费60万元、检查费70万元。":         true,
		"全年预算130万元，举办培训22期。":                     true, // 120 in the table
		"全年预算120万元，举办培训22期。":                     false,
		"项目预算150万元，举办培训22期。":                     true,
		"市级预算安排300万元，我县安排120万元。":                 false, // another level
		"支出114万元，其中一季度20万元，上半年50万元，前三季度80万元。":    false, // each holds those before
		"年初预算数为120万元。":                           false,
		"财政拨款500万元。":                             true, // more than there is
		"财政拨款50万元。":                              false,
		"累计财政拨款500万元。":                           false,
		"本项目总投资500万元，年度预算100万元。":                 false, // many years
		"财政局拨款1200000元。":                         false,
		"预算由130万元调整为120万元。":                      false,
		"共支出114.0万元，其中：培训费60.02万元、检查费53.98万元。":   false,
	} {
		if got := fires(t, "narrative-amount-sum", Example{{"/goal/actual", text + shortfallTold}}) != nil; got != want {
			t.Errorf("%s %v", text, got)
		}
	}
}

func TestSourceContradiction(t *testing.T) {
	zero := Example{{"/funds/rows/1/initial", "0"}, {"/funds/rows/1/adjusted", "0"}, {"/funds/rows/1/executed", "0"}}
	testChanges(t, "narrative-source-contradiction", zero, []change{
		{"/goal/actual", "盟财政局拨款5万元经费。" + shortfallTold, true},
		{"/goal/actual", "争取财政支持，" + shortfallTold, false},
		{"/goal/actual", "财政拨款0万元，" + shortfallTold, false},
		{"/goal/actual", "财政拨款及时率100%，" + shortfallTold, false},
	})
	named := slices.Concat(zero, Example{{"/indicators/4/name", "财政局拨款金额"}})
	testChanges(t, "narrative-source-contradiction", named, []change{{"/indicators/4/target", "120", true}, {"/indicators/4/target", "100%", false}})
	if at := fires(t, "narrative-source-contradiction", Example{{"/goal/actual", "财政局拨款120万元。" + shortfallTold}}); at != nil {
		t.Errorf("a filed appropriation found at %v", at)
	}
}

func TestNarrativeCounts(t *testing.T) {
	rows := Example{
		{"/indicators/0/name", "参加培训的企业"}, {"/indicators/0/target", "≥20"}, {"/indicators/0/actual", "50"},
		{"/indicators/1/name", "邀请国内采购商"}, {"/indicators/1/target", "≥50家"}, {"/indicators/1/actual", "140家"},
	}
	for text, want := range map[string]int{
		"50余家绿色产业企业参加，": 1, // 51 to 59
		"40余家企业参加，":     1, // 41 to 49
		"40多家企业参加，":     1,
		"60余家企业参加，":     1, // 61 to 69
		"400余家企业参加，":    0, // something else
		"50家企业参加，":      0,
		"其中50余家企业参加，":   0,
		"40余家来自日本的采购商、80余家国内采购商参加，": 1, // 122 to 138
		"60余家来自日本的采购商、80余家国内采购商参加，": 1, // 142 to 158, 140 is outside
		"130余家采购商和企业参加，":            0, // one figure, two rows
		"50余名企业代表参加，":               1, // a bare figure takes any unit
		"意向金额4700余万元，":              0,
	} {
		got := fires(t, "narrative-count-mismatch", append(rows[:6:6], Set{"/goal/actual", text + shortfallTold}))
		if len(got) != want {
			t.Errorf("%s found at %v", text, got)
		}
	}
}

func TestQuantified(t *testing.T) {
	for text, want := range map[string]bool{
		"举办培训22期": true, "覆盖率达95%": true, "1.2万亩": true, "举办培训三期": true, "期数:22、次数:50。": true, "完成率(95)": true,
		"各项任务已经实施": false, "按照“三道防线”标准建设": false, "按照国发〔2021〕50号和【2022】5号要求": false, "2022年12月31日前完成": false,
		"目标1：完成建设；目标2：提升水平": false, "1.完成建设。2.提升水平": false, "2022.12.31完成": false, "一批项目、一个中心": false, "落实“一带一路”": false,
	} {
		if got := isQuantified(quantity.Fold(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestCopied(t *testing.T) {
	const goal = "举办业务培训，开展现场检查，提高执法人员业务水平，规范市场秩序。"
	for text, want := range map[string]bool{
		goal: true,
		"举办了业务培训，开展了现场检查，提高了执法人员业务水平，规范了市场秩序。":                    true,
		"全年举办业务培训22期，开展现场检查50次，提高执法人员业务水平，规范市场秩序。":                false, // answers the goal with figures
		"各乡镇所均配备了检测设备，群众买菜时可以当场查看结果。":                             false,
		"在局党组领导下，全系统上下一心。" + goal + "各项工作走在全市前列，得到上级充分肯定和群众一致好评。": true, // the goal stands in it
	} {
		if got := fires(t, "actual-narrative-copied", Example{{"/goal/expected", goal}, {"/goal/actual", text}}) != nil; got != want {
			t.Errorf("%s %v", text, got)
		}
	}
}

// Similarity agrees with Python's difflib, from which its threshold was taken.
func TestSimilarity(t *testing.T) {
	for _, c := range []struct {
		a, b            string
		matched, inRuns int
	}{
		{"abcdefgh", "abcdefgh", 8, 8},
		{"abcdefgh", "xbcdxfgh", 6, 0},
		{"private Thread currentThread;", "private volatile Thread currentThread;", 29, 29},
		{"一二三四五六七八九十", "六七八九十一二三四五", 5, 5},
	} {
		a, b := []rune(c.a), []rune(c.b)
		m := newMatcher(a, b, 4)
		m.match(0, len(a), 0, len(b))
		if m.matched != c.matched || m.inRuns != c.inRuns {
			t.Errorf("%s / %s: %d matched, %d in runs", c.a, c.b, m.matched, m.inRuns)
		}
		if most := common(a, b); most < m.matched {
			t.Errorf("%s / %s: the bound %d is below %d", c.a, c.b, most, m.matched)
		}
	}
}

func TestFuture(t *testing.T) {
	testChanges(t, "future-tense-in-actual", nil, []change{
		{"/goal/actual", "举办培训22期，将持续加强监管。", true},
		{"/goal/actual", "举办模拟演练22期，拟定方案3个。", false},
		{"/goal/actual", "举办培训22期；检查进度滞后，下一步加快进度。", false},
	})
}

func TestShortfallOmitted(t *testing.T) {
	silent := Example{{"/indicators/5/explanation", nil}}
	testChanges(t, "shortfall-omitted", silent, []change{
		{"/goal/actual", "举办培训22期，规范了市场秩序。", true},
		{"/goal/actual", "举办培训22期，投诉办结率97%。", false}, // the value is given
		{"/goal/actual", "举办培训22期，参训1970人次。", true},  // another figure
		{"/goal/actual", "举办培训22期，办结略低于目标。", false},
	})
	if at := fires(t, "shortfall-omitted", Example{{"/goal/actual", "举办培训22期，规范了市场秩序。"}}); at != nil {
		t.Errorf("a shortfall explained in its row found at %v", at)
	}
}
