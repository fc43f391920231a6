package checks

import (
	"strings"
	"testing"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
)

func TestMarkup(t *testing.T) {
	for text, want := range map[string]string{
		"<p>举办培训</p>":                                        "举办培训",
		"<p>一</p><P style=\"x\">二</P>":                       "一\n二",
		"一<br/>二":                                            "一\n二",
		"增长&gt;5&#37;&nbsp;以上":                               "增长>5% 以上",
		"<span class='a'>甲</span><o:p></o:p>":                "甲",
		"<table><tr><td>培训12期</td><td>34人</td></tr></table>": "培训12期 34人",
		"写成&lt;b&gt;的标记":                                     "? 写成的标记",
		"&amp;lt;p&amp;gt;甲":                                 "? 甲",
		"面积10<sup>4</sup>平方米":                                "",
		"面积10&lt;SUP&gt;4&lt;/SUP&gt;平方米":                    "",
		"<style>p{}</style>甲":                                "",
		"培训12</td><td>34人":                                   "",
		"培训12<br>34人":                                        "",
		"1.<b>5</b>万元":                                       "",
		"12&nbsp;34人":                                        "",
		"5<a>6":                                              "",
		"共１２<img src='x'> &nbsp;３４人":                         "",
		"甲&NBSP;乙&Hellip;":                                   "甲 乙…",
	} {
		got := ""
		if fix := (&Pass{}).withoutTags(goalText, schema.Field{Text: text, At: grid.Location{Line: 1, Column: 1}}); fix != nil {
			if got = fix.Edits[0].To; !fix.IsSafe() {
				got = "? " + got
			}
		}
		if got != want {
			t.Errorf("%s gives %q, want %q", text, got, want)
		}
	}
	deep := schema.Field{Text: "&" + strings.Repeat("amp;", 10_000) + "lt;", At: grid.Location{Line: 1}}
	if fix := (&Pass{}).withoutTags(goalText, deep); fix != nil {
		t.Errorf("what is escaped ten thousand times becomes %q", fix.Edits[0].To)
	}
	testChanges(t, "html-tag-left", nil, []change{
		{"/goal/expected", "办结率<5%且>3%", false}, {"/goal/expected", "甲<乙>丙", false}, {"/goal/expected", "R&D投入", false},
		{"/indicators/5/explanation", "由于&nbsp;协调滞后，下一步加强督办", true},
	})
}

// In text a line break would make a row: there the lines that markup began are joined.
func TestMarkupInOneLine(t *testing.T) {
	for _, c := range []struct {
		kind       textKind
		text, want string
	}{
		{goalText, "<p>甲</p><p>乙</p>", "甲；乙"},
		{goalText, "<p>甲。</p>\u3000<p>乙；</p><br><p>丙</p>", "甲。乙；丙"},
		{goalText, "一、甲<br/>二、乙", "一、甲；二、乙"},
		{goalText, "甲：<br>（乙<br>）丙", "甲：（乙）丙"},
		{goalText, "1. WTO<br>EU", "1. WTO EU"},
		{goalText, "甲&#10;乙&#09;丙", "甲；乙 丙"},
		{goalText, "<p>甲</p>\n<p>乙</p>丙", "甲\n乙；丙"},
		{reasonText, "甲5万元<br>6万元", "甲5万元；6万元"},
		{nameText, "业务<br>培训", "? 业务；培训"},
		{nameText, "<p>业务培训</p>", "业务培训"},
		{nameText, "业务&nbsp;&nbsp;培训&nbsp;A班", "业务培训 A班"},
		{goalText, "甲&nbsp;乙", "甲 乙"},
	} {
		for _, format := range []grid.Format{grid.Text, grid.HTML} {
			p := &Pass{format: format}
			got := ""
			if fix := p.withoutTags(c.kind, schema.Field{Text: c.text, At: grid.Location{Line: 1, Column: 1}}); fix != nil {
				if got = fix.Edits[0].To; !fix.IsSafe() {
					got = "? " + got
				}
			}
			if got != c.want {
				t.Errorf("%s: %s gives %q, want %q", format, c.text, got, c.want)
			}
		}
	}
}

func TestRepeatedPhrase(t *testing.T) {
	for text, want := range map[string]string{
		"实现“开门红”“开门红”,通过": "“开门红”", "实现“开门红”、“开门红”": "“开门红”", "加强监管加强监管工作": "加强监管",
		"实现“开门红”“全年红”": "", "研究研究": "", "一二三四五六": "", "哈哈哈哈哈哈": "", "100100100": "", "做好防控工作，做好防控工作": "", "": "",
		"“”“”": "",
	} {
		got, without, ok := repeatedPhrase(text, 3)
		if got != want || ok != (want != "") {
			t.Errorf("%s gives %q", text, got)
		}
		if _, _, again := repeatedPhrase(without, 3); ok && again {
			t.Errorf("%s: the fix leaves %s", text, without)
		}
	}
}

// The fix is safe only where the form itself has the word in simplified characters.
func TestTraditionalFix(t *testing.T) {
	for text, want := range map[string]Safety{
		"舉办业务培训不少于20期。": Safe,   // the goal has 办: 举办 stands in the results
		"阿爾山口岸业务培训20期。": Unsafe, // nothing else speaks of 阿尔山
	} {
		for _, f := range runExample(t, Example{{"/goal/expected", text}}).Findings {
			if f.Rule.Name == "traditional-char-mixed" && f.Fix.Safety != want {
				t.Errorf("%s: the fix is %s", text, f.Fix.Safety)
			}
		}
	}
	// A form in traditional characters throughout is no mixture.
	e := Example{
		{"/goal/expected", "舉辦業務培訓不少於20期，開展現場檢查不少於50次，提高執法人員業務水平，規範市場秩序。"},
		{"/goal/actual", "全年舉辦業務培訓22期，開展現場檢查50次，培訓考核合格率96%；投訴辦結率97%，略低於目標，主要是跨省投訴辦結滯後。"},
		{"/indicators/5/explanation", "由於兩件投訴涉及跨省協調，未能按期辦結；下一步將建立跨省協辦機制，按月督辦。"},
	}
	if at := fires(t, "traditional-char-mixed", e); at != nil {
		t.Errorf("found at %v", at)
	}
}

func TestTypoGuards(t *testing.T) {
	testChanges(t, "known-typo", nil, []change{
		{"/goal/expected", "落实外放输入要求", true},
		{"/goal/expected", "究竟标准如何", false}, {"/goal/expected", "公布署名文章", false}, {"/goal/expected", "联系执行律师", false},
		{"/goal/expected", "由自己完成", false}, {"/goal/expected", "任务己完成", true}, {"/goal/expected", "普通迅速发展", false}, {"/goal/expected", "通迅设备", true},
		{"/goal/expected", "其中由采购意向企业136家", true}, {"/goal/expected", "其中由财政承担50万元", false}, {"/goal/expected", "其中由社区负责组织20场", false},
		{"/indicators/1/name", "布署检查", true},
	})
}

func TestWiden(t *testing.T) {
	for text, want := range map[string]string{
		"建设,培训:配齐;完成": "建设，培训：配齐；完成", "共1,200次,其中": "共1,200次，其中", "比例1:2": "比例1:2", "覆盖率95%,达标": "覆盖率95%,达标",
		"意见》(内防指发〔2021〕50号)和": "意见》（内防指发〔2021〕50号）和", "金额(50)元": "金额(50)元", "结束,": "结束，", "一)二)": "一)二)", "((": "((",
		"做好(一)调研;(二)培训;(三)检查": "做好（一）调研；（二）培训；（三）检查", "(一)调研;(二)培训(全年),检查": "（一）调研；（二）培训（全年），检查", "(一)调研": "(一)调研",
		"检查(50),培训": "检查(50),培训",
	} {
		if got, n := widen(text, true); got != want || (n > 0) != (got != text) {
			t.Errorf("%s gives %s (%d)", text, got, n)
		}
	}
	if got, _ := widen("服务外包(万美元)", false); got != "服务外包(万美元)" {
		t.Errorf("the unit became %s", got)
	}
}

func TestDocNumbers(t *testing.T) {
	testChanges(t, "doc-number-format", nil, []change{
		{"/goal/expected", "按照【2022】5号要求", true}, {"/goal/expected", "按照内政发[2022]第5号要求", true}, {"/goal/expected", "根据〔2022〕5号", true},
		{"/goal/expected", "按照兴新防指〔2021〕80号", false}, {"/goal/expected", "【2022】年度5号线", false}, {"/goal/expected", "12345热线", false},
	})
}

func TestNameIsSentence(t *testing.T) {
	testChanges(t, "name-is-sentence", nil, []change{
		{"/indicators/1/name", "带动资金,激发消费热情", true}, {"/indicators/1/name", "开展检查。", true},
		{"/indicators/1/name", "检查1,200户", false}, {"/indicators/1/name", "检查商场、超市", false},
	})
}

func TestUnpaired(t *testing.T) {
	for text, want := range map[string]string{
		"《意见》(内防指发〔2021〕50号)和《关于印发〈方案〉的通知》": "", "(一)建设；（二)培训": "", "1)建设;2)培训；三）检查": "", "“一带一路”": "",
		"《意见要求": "《", "意见》要求": "》", "“一带一路“": "“", "一带一路”": "”", "检查(现场": "（", "检查）": "）", "（〔）〕": "）",
	} {
		if got, _ := unpaired(text, false); got != want {
			t.Errorf("%s gives %q", text, got)
		}
	}
	if mark, bad := unpaired("〉95%", true); bad {
		t.Errorf("the comparison %s was taken for a bracket", mark)
	}
	testChanges(t, "unbalanced-brackets", nil, []change{
		{"/goal/expected", "举办\u200b业务培训", true}, {"/goal/expected", "举办\u0007业务培训", true}, {"/goal/expected", "举办业务培训\n开展检查", false},
		{"/goal/expected", "举办 业务培训", false}, // spaces in prose may be meant
		{"/indicators/1/name", "现场检 查次数", true}, {"/indicators/1/name", " 现场检查次数 ", false}, {"/indicators/1/name", "APP 检查次数", false},
	})
	for _, f := range runExample(t, Example{{"/indicators/1/name", "现场检 查次数"}}).Findings {
		if f.Rule.Name == "unbalanced-brackets" && f.Severity != Note {
			t.Errorf("a space is %s", f.Severity)
		}
	}
}

// What was pasted twice is found with its figures, and one copy is left.
func TestClausesPastedTwice(t *testing.T) {
	for text, want := range map[string]string{
		"全年举办业务培训22期，开展现场检查50次，全年举办业务培训22期，开展现场检查50次，规范秩序。": "全年举办业务培训22期，开展现场检查50次，规范秩序。",
		"举办业务培训22期。举办业务培训22期。":                              "举办业务培训22期。",
		"合格率100%，及时率100%，满意率100%。":                          "",
		"规范市场秩序，规范市场秩序。":                                    "规范市场秩序。",
		"100%，100%，90%": "",
		"培训22期，检查50次，培训22期，检查30次。": "",
	} {
		_, got, _ := repeatedPhrase(text, 3)
		if got != want {
			t.Errorf("%s: %q", text, got)
		}
	}
}

// What tells the texts worth the pattern of template text lets none by that it matches.
func TestMayHoldPlaceholder(t *testing.T) {
	for _, text := range []string{
		"XXX", "支出xXx万元", "×××", "××", "完成××项", "**", "……", "见……", "....", "null", " NULL\n", "undefined", "*", "  *  ",
		"（100字以内）", "(限 50 字)", "（不超过200字左右）", "指标", "指标2：", " 指标 3 : ", "指标：\t",
	} {
		if !rePlaceholder.MatchString(text) || !mayHoldPlaceholder(text) {
			t.Errorf("%q: pattern %t, told %t; want both", text, rePlaceholder.MatchString(text), mayHoldPlaceholder(text))
		}
	}
	for _, text := range []string{"", " ", "12.5", "≥95%", "资金到位率", "x", "nu", "2.5*3", "旗县区"} {
		if mayHoldPlaceholder(text) {
			t.Errorf("%q is told to be worth the pattern", text)
		}
	}
}
