package checks

import (
	"strings"
	"testing"
)

// What a result says in words is held against its target like a figure, where nothing is
// left to judge; all else is left alone.
func TestResultsInWords(t *testing.T) {
	const band, short, score, late, verbatim = "qualitative-band-mismatch", "worse-than-target-no-reason", "positive-score-mismatch", "time-overrun-full-score", "target-actual-verbatim"
	for _, tt := range []struct{ row, name, target, actual, want string }{
		{"2", "培训质量", "合格", "不合格", band},
		{"2", "培训质量", "达到预期", "未达到预期", band},
		{"2", "培训质量", "是☑ 否□", "是□ 否☑", band},
		{"2", "培训质量", "☑达标 □未达标", "□达标 ☑未达标", band},
		{"2", "培训质量", "☑达标 □未达标", "☑达标 □未达标", ""},
		{"2", "培训质量", "不定期检查", "定期检查", ""},
		{"2", "培训质量", "合格", "合格", ""},
		{"2", "培训质量", "优☑ 良□", "优□ 良☑", short},
		{"2", "培训质量", "优秀", "合格", short},
		{"2", "培训质量", "良好", "优秀", ""},
		{"2", "培训质量", "全部合格", "部分合格", short},
		{"2", "重大事故", "零事故", "1起", short},
		{"2", "重大事故", "不发生", "发生1起", short},
		{"2", "重大事故", "不发生", "发生", band},
		{"2", "重大事故", "零投诉", "100%", ""},
		{"2", "重大事故", "0起", "未发生", ""},
		{"2", "重大事故", "零发生", "零发生", ""},
		{"4", "总成本", "不超预算", "超预算", band},
		{"4", "社会成本", "无", "无", ""},
		{"4", "成本节约额", "≥5万元", "6万元", ""},
		{"4", "成本节约额", "≥5万元", "4万元", score},
		{"0", "培训期数", "≥20期", "10余期", short},
		{"0", "培训期数", "≥20期", "20余期", ""},
		{"0", "培训期数", "≥15期", "10余期", ""},
		{"0", "培训人数", "≥1000人", "900余人", short},
		{"0", "培训期数", "≥20期", "完成15期", score},
		{"0", "培训期数", "≥20期", "18期（含线上2期）", score},
		{"0", "培训期数", "≥20期", "18期（另有2期合办）", ""},
		{"0", "培训期数", "≥20期", "实际举办22期", ""},
		{"2", "碳排放量", "减少100吨", "减少60吨", short},
		{"2", "碳排放量", "减少100吨", "减少120吨", ""},
		{"2", "游客人数", "同比增长10%", "同比增长5%", short},
		{"2", "居民消费价格", "同比增长3%", "同比增长2%", ""},
		{"2", "安全生产", "无重大安全事故", "无", ""},
		{"3", "完成时间", "2023年11月30日前", "延期至2024年3月完成", late},
		{"3", "完成时间", "12月31日前", "次年3月", late},
		{"3", "完成时间", "2023年11月30日前", "尚未完成，正在推进", band},
		{"3", "完成时间", "2023年12月31日前", "延期至2023年12月完成", ""},
	} {
		at := "/indicators/" + tt.row
		e := Example{{at + "/name", tt.name}, {at + "/target", tt.target}, {at + "/actual", tt.actual}}
		var got []string
		for _, f := range runExample(t, e).Findings {
			if strings.HasPrefix(f.At.At.Path, at+"/") && f.Severity != Note {
				got = append(got, f.Rule.Name)
			}
		}
		if strings.Join(got, ",") != tt.want {
			t.Errorf("%s, %s → %s: %v, want %q", tt.name, tt.target, tt.actual, got, tt.want)
		}
	}
	// Points that were deducted are for the unit to judge.
	if f := fires(t, band, Example{{"/indicators/2/target", "达标"}, {"/indicators/2/actual", "未达标"}, {"/indicators/2/score", "8"}}); f != nil {
		t.Error(f)
	}
}
