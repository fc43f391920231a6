package report

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"jixiaolint/checks"
	"jixiaolint/checks/compare"
	"jixiaolint/schema/intake"
	"jixiaolint/schema/lang"
)

var reColor = regexp.MustCompile(`\x1b\[[0-9;]*m`)

func compileDiffSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	const id = "https://jixiaolint.example/schema/diff.json"
	c := jsonschema.NewCompiler()
	c.AssertFormat = true
	c.LoadURL = func(url string) (io.ReadCloser, error) { return nil, fmt.Errorf("no network: %s", url) }
	if err := c.AddResource(id, bytes.NewReader(DiffSchema())); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile(id)
}

const diffForm = `{"version":1,"kind":"project","title":"项目支出绩效自评表","year":2022,"project":"口岸专项","unit":"口岸局",
"funds":{"currency_unit":"万元","rows":[{"role":"total","label":"年度资金总额","initial":"16","adjusted":"16","executed":"14.77","weight":"10","rate":"93.21%","score":"9.23"}]},
"goal":{"expected":"培训口岸工作人员40人次以上，开展联合调研12次，使口岸具备恢复开放条件，并完成设施改造","actual":"已完成"},
"indicators":[{"level1":"产出指标","level2":"数量指标","name":"购置办公用品","target":"≥2件","actual":"8件","weight":"3","score":"3"},
{"level1":"产出指标","level2":"数量指标","name":"调研检查","target":"≥2次","actual":"6次","weight":"4","score":"4"},
{"level1":"产出指标","level2":"数量指标","name":"印刷资料","target":"≥1份","actual":"1份","weight":"4","score":"4"}],
"total":{"weight":"100","score":"99.23"}}`

func diffOf(before, after string) Diff {
	reports := func(name, text string) []checks.FileReport {
		var out []checks.FileReport
		for doc := range intake.Documents(context.Background(), name, []byte(text), intake.Options{}) {
			out = append(out, checks.Run(context.Background(), doc, checks.Options{}))
		}
		return out
	}
	return Diff{
		Comparison: compare.Reports(reports("旧.json", before), reports("新.json", after)),
		Old:        "旧.json", New: "新.json", Level: checks.Note,
	}
}

// diffCases holds comparisons with every kind of change, and hostile texts.
func diffCases() map[string]Diff {
	corrected := strings.NewReplacer("93.21%", "92.31%", `"actual":"8件"`, `"actual":"2 件"`, "调研检查", "调研检查次数",
		"已完成", "已完成\\u202e\\u001b[31m", "具备恢复", "具备全面恢复", "14.77", "14.770").Replace(diffForm)
	first := strings.Index(diffForm, `{"level1"`)
	second := first + 1 + strings.Index(diffForm[first+1:], `{"level1"`)
	shorter := diffForm[:first] + diffForm[second:]
	other := strings.ReplaceAll(strings.ReplaceAll(diffForm, "口岸专项", "展会专项"), "数量指标", "质量指标")
	return map[string]Diff{
		"corrected":   diffOf(diffForm, corrected),
		"row removed": diffOf(diffForm, shorter),
		"row added":   diffOf(shorter, diffForm),
		"forms":       diffOf("["+diffForm+","+diffForm+"]", "["+diffForm+"]"),
		"other":       diffOf("["+diffForm+"]", "["+diffForm+","+other+"]"),
		"unreadable":  diffOf(diffForm, "{"),
		"same":        diffOf(diffForm, diffForm),
	}
}

func TestDiffJSONObeysSchema(t *testing.T) {
	s := compileDiffSchema(t)
	for name, d := range diffCases() {
		for _, l := range []lang.Lang{lang.ZH, lang.EN} {
			var b bytes.Buffer
			if err := WriteDiff(&b, JSON, d, Options{Lang: l, Tool: "jixiaolint", Version: "test"}); err != nil {
				t.Fatal(err)
			}
			if err := s.Validate(decode(t, b.String())); err != nil {
				t.Errorf("%s: %#v\n%s", name, err, b.String())
			}
			if i := firstUnsafe(strings.ReplaceAll(b.String(), "\n", "")); i >= 0 {
				t.Errorf("%s: an invisible character reaches the output", name)
			}
		}
	}
}

// Lines of text fit what they show, hold nothing that could steer a terminal, and with
// colours say the same as without.
func TestDiffText(t *testing.T) {
	for name, want := range map[string][]string{
		"corrected": {
			"年度资金总额 · 执行率", "93.21% → 92.31%", "已完成 → 已完成<U+202E>␛[31m", "8件 → 2 件",
			"指标改名：调研检查 → 调研检查次数", "…", "消除  error[", "只是写法不同 1 处（--rewritten 显示）",
		},
		"row removed": {"- 删去指标：购置办公用品（产出指标/数量指标） | ≥2件 | 8件 | 3 | 3"},
		"row added":   {"+ 增加指标：购置办公用品"},
		"forms":       {"- 新版本中没有的表：口岸专项（旧.json）", "少 1 张表", "个随缺少的表消失）", "消除  error["},
		"other":       {"+ 新版本中增加的表：展会专项（新.json）", "多 1 张表", "个在增加的表中）"},
		"unreadable":  {"整个文件", "新增  error[unreadable-file]", "少 1 张表"},
		"same":        {"内容没有变化", "消除 0 个，新增 0 个"},
	} {
		d := diffCases()[name]
		var plain, coloured bytes.Buffer
		for _, w := range []struct {
			b     *bytes.Buffer
			color bool
		}{{&plain, false}, {&coloured, true}} {
			if err := WriteDiff(w.b, Text, d, Options{Lang: lang.ZH, Color: w.color}); err != nil {
				t.Fatal(err)
			}
		}
		for _, part := range want {
			if !strings.Contains(plain.String(), part) {
				t.Errorf("%s lacks %q:\n%s", name, part, plain.String())
			}
		}
		if firstUnsafe(strings.ReplaceAll(plain.String(), "\n", "")) >= 0 {
			t.Errorf("%s: an unsafe character reaches the terminal:\n%q", name, plain.String())
		}
		if got := reColor.ReplaceAllString(coloured.String(), ""); got != plain.String() {
			t.Errorf("%s: with colours\n%s\nwithout\n%s", name, got, plain.String())
		}
	}
}

// A long text is shown where it changed, its lines no wider than the terminal.
func TestDiffLongText(t *testing.T) {
	d := diffOf(diffForm, strings.Replace(diffForm, "已完成", strings.Repeat("已完成全部培训与调研任务，", 30), 1))
	var b bytes.Buffer
	if err := WriteDiff(&b, Text, d, Options{Lang: lang.ZH, Width: 60}); err != nil {
		t.Fatal(err)
	}
	_, below, _ := strings.Cut(b.String(), "实际完成情况")
	n := 0
	for line := range strings.Lines(below) {
		if strings.HasPrefix(line, "    ") {
			n++
			if w := Width(strings.TrimSuffix(line, "\n")); w > 60 {
				t.Errorf("a line of %d columns: %q", w, line)
			}
		}
	}
	if n < 5 {
		t.Errorf("the text takes %d lines:\n%s", n, b.String())
	}
}
