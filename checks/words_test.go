package checks

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// The word lists can be read, hold what their comments promise, and no word twice.
func TestWordLists(t *testing.T) {
	l, err := readLexicon()
	if err != nil {
		t.Fatal(err)
	}
	for name, list := range l.lists() {
		if len(list.words) < 2 {
			t.Errorf("%s: only %d words", name, len(list.words))
		}
		sorted := slices.Sorted(slices.Values(list.words))
		if len(slices.Compact(sorted)) != len(list.words) {
			t.Errorf("%s: a word stands there twice", name)
		}
		for _, w := range list.words {
			if w != strings.TrimSpace(w) || strings.Contains(w, "\t") {
				t.Errorf("%s: bad word %q", name, w)
			}
		}
	}
	entries, err := wordFiles.ReadDir("words")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(l.lists())+3 {
		t.Errorf("%d files for %d lists and three tables", len(entries), len(l.lists()))
	}
	for _, e := range entries {
		data, err := wordFiles.ReadFile("words/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(data), "# ") || !strings.Contains(string(data), "\n# Source: ") {
			t.Errorf("%s: the comment does not name the source", e.Name())
		}
	}
}

// Simplified characters map to nothing, and what a character maps to is simplified, so
// that a fix is final.
func TestTraditional(t *testing.T) {
	n := 0
	for r := rune(firstHan); r <= lastHan; r++ {
		to, ok := words().simple.get(r)
		if !ok {
			continue
		}
		n++
		if again, ok := words().simple.get(to); ok {
			t.Errorf("%c maps to %c, which maps to %c", r, to, again)
		}
	}
	if n < 500 {
		t.Errorf("only %d characters", n)
	}
	for _, r := range "乾著於后余征了台里面阿尔山发复" {
		if s, ok := words().simple.get(r); ok {
			t.Errorf("%c is simplified, but maps to %c", r, s)
		}
	}
}

// No misspelling is part of what it should be, nor brought about by another's fix.
func TestTypos(t *testing.T) {
	for _, list := range words().typos.at {
		for _, m := range list {
			if strings.Contains(m.right, m.wrong) || m.wrong == m.right || utf8.RuneCountInString(m.wrong) < 2 {
				t.Errorf("%s → %s", m.wrong, m.right)
			}
			if fires(t, "known-typo", Example{{"/goal/expected", "一，" + m.right + "。"}}) != nil {
				t.Errorf("%s is itself a misspelling", m.right)
			}
		}
	}
}

func TestParseTypo(t *testing.T) {
	for _, bad := range [][]string{
		{"布署", "部署", "warning", ""}, {"", "部署", "warning", "", ""}, {"布署", "", "warning", "", ""},
		{"布署", "部署", "fatal", "", ""}, {"布署", "部署", "note", "", "("},
	} {
		if _, _, err := parseTypo(bad); err == nil {
			t.Errorf("%q must be an error", bad)
		}
	}
}

// Which way is better is told by what stands after a thing that nobody wants, and by what
// is done about it; where that leaves a doubt, neither way is.
func TestSenseOfNames(t *testing.T) {
	for want, names := range map[sense][]string{
		wanted: {
			"举办培训期数", "群众满意度", "投诉办结率", "受理投诉件数", "水土流失治理面积", "事故应急演练次数", "闲置土地盘活面积",
			"信访案件办理件数", "死亡抚恤金发放人数", "违规行为纠正率", "缺陷产品召回数", "舆情监测报告数", "安全隐患排查数", "故障抢修次数",
			"接待群众信访次数", "排查安全隐患数量", "零投诉天数", "无违规率", "未超标率", "不发生安全事故比例",
			"失业人员培训人次", "扑救火灾起数", "投诉量下降率", "投诉下降率", "火灾扑救次数", "拆除违法建筑面积", "纠纷调处率", "沙化土地治理面积", "巡查频率", "培训天数", "空气质量优良天数", "辍学学生劝返率", "地质灾害防治点数", "污染物排放达标率", "投诉处理及时率",
		},
		unwanted: {
			"平均住院日", "火灾隐患未整改率", "信访事项逾期未办结数", "未按时发放人数", "文物损毁率", "会议超时率", "错保率", "沙化土地面积", "政府债务率", "PM2.5年均浓度", "劣V类水体比例", "学生近视率", "投诉率", "安全事故发生次数", "事故死亡人数", "设备故障率", "不合格率", "管网漏损率", "误报率", "辍学率", "次品率", "延误率", "复发率",
			"超标率", "返贫率", "失业率", "平均等待时间", "平均响应时间", "停电时间", "审批时限", "水土流失面积", "单位产值能耗（吨标准煤）", "违规行为起数",
			"资金发放差错率", "检测误差率", "案件办理超期率", "投诉处理超期率", "教育投诉率", "发放不及时率", "监测设备故障率",
			"重大安全责任事故", "不满意率", "能耗下降到",
		},
		doubtful: {"超标准支出", "抗菌药物使用强度", "三公经费变动率", "平均审理天数", "案件平均办理天数", "氨氮浓度", "酸雨频率", "松材线虫病发生面积", "居民消费价格涨幅", "化肥使用量", "报送舆情数量", "支付损失金额", "更新破损设备数量", "平均无故障时间", "故障处理时间", "系统响应速度", "工程建设安全事故发生次数", "培训投诉次数", "投诉办结超期件数", "降低不合格率", "事故起数减少", "缩短办理时间", "事故多发路段数"},
	} {
		for _, name := range names {
			if got := words().senseOf(name); got != want {
				t.Errorf("%s: %d, want %d", name, got, want)
			}
		}
	}
}
