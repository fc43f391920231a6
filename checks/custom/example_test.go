package custom_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"jixiaolint/checks"
	"jixiaolint/checks/config"
	"jixiaolint/checks/custom"
	"jixiaolint/schema"
	"jixiaolint/schema/lang"
)

// load gives the rules of a configuration.
func load(data []byte) ([]*checks.Rule, error) {
	c, err := config.Decode(config.FileName, "/", data)
	if err != nil {
		return nil, err
	}
	return c.Extra, nil
}

// check runs rules of a configuration on the specimen form with some changes.
func check(rules []*checks.Rule, changes ...checks.Set) ([]checks.Finding, error) {
	form, err := checks.Example(changes).Form()
	if err != nil {
		return nil, err
	}
	doc := &schema.Document{File: "form.json", Forms: []*schema.Form{form}}
	return checks.Run(context.Background(), doc, checks.Options{Select: []string{"custom"}, Extra: rules}).Findings, nil
}

// Declare a rule, and run it beside those of the catalogue.
func Example() {
	rules, err := load([]byte(`
rules:
  - name: guangxi-over-fulfilment
    for: indicators
    when: item.actual >= 1.3 * item.target
    assert: present(item.explanation)
    at: item.actual
    message:
      zh: 完成值 {item.actual} 超过指标值 {item.target} 三成，没有说明原因
      en: "{item.actual} exceeds the target {item.target} by 30% or more, without a reason"
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	findings, err := check(rules, checks.Set{Pointer: "/indicators/0/actual", Value: "26期"})
	if err != nil {
		fmt.Println(err)
	}
	for _, f := range findings {
		fmt.Println(f.At.At.Path, f.Rule.Name, f.Severity)
		fmt.Println(f.Message.In(lang.EN))
	}
	// Output:
	// /indicators/0/actual guangxi-over-fulfilment warning
	// 26期 exceeds the target ≥20期 by 30% or more, without a reason
}

// A misspelt field is found when the configuration is loaded.
func ExampleCompile() {
	_, err := custom.Compile(custom.Definition{
		Name: "cost-limit", For: "indicators", Assert: "item.wieght <= 5", At: "item.weight",
		Message: lang.T("分值过高", "too many points"),
	})
	fmt.Println(err)
	// Output: rule cost-limit: assert, line 1, column 6: there is no field "wieght", did you mean weight?
}

// The rules of examples.yaml find what they are for, and nothing on forms that obey.
func TestExamples(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("examples.yaml")
	if err != nil {
		t.Fatal(err)
	}
	rules, err := load(data)
	if err != nil {
		t.Fatal(err)
	}
	type set = checks.Set
	// The specimen in the manner of 湖北, so that only the change is wrong.
	hubei := set{Pointer: "/funds/rows/0/weight", Value: "20"}
	silent := []set{{Pointer: "/goal/actual", Value: "已完成。"}, {Pointer: "/indicators/5/explanation", Value: "已整改。"}}
	for _, c := range []struct {
		name    string
		changes []set
		want    []string
	}{
		{"obeys", nil, nil},
		{"execution weight", []set{{Pointer: "/funds/rows/0/weight", Value: "10分"}}, []string{
			"error hubei-execution-weight /funds/rows/0/weight 预算执行率的分值应为 20，填报 10分",
		}},
		{"no weight", []set{{Pointer: "/funds/rows/0/weight", Value: "—"}}, nil},
		{"cost row", []set{{Pointer: "/indicators/4/weight", Value: "6"}, {Pointer: "/indicators/4/target", Value: "控制成本"}}, []string{
			"warning shanxi-default-cost /indicators/4/weight 成本指标“人均培训成本”没有可衡量的指标值，分值 6，最多 5 分",
		}},
		{"cost row of 5", []set{{Pointer: "/indicators/4/target", Value: "控制成本"}}, nil},
		{"measured cost", []set{{Pointer: "/indicators/4/weight", Value: "6"}}, nil},
		{"low rate", append(silent, set{Pointer: "/funds/rows/0/executed", Value: "107.9"}), []string{
			"warning sichuan-execution-below-90 /funds/rows/0/rate 执行率 89.92%，低于 90%，没有说明原因",
		}},
		{"low rate explained", []set{{Pointer: "/funds/rows/0/executed", Value: "107.9"}}, nil},
		{"rate that may be 90%", append(silent, set{Pointer: "/funds/rows/0/executed", Value: "107.98"}, set{Pointer: "/funds/rows/0/adjusted", Value: "119.98"}), nil},
		{"exactly 90%", append(silent, set{Pointer: "/funds/rows/0/executed", Value: "108"}), nil},
		{"no figure", append(silent, set{Pointer: "/funds/rows/0/executed", Value: "见附件"}), nil},
		{"over-fulfilled", []set{{Pointer: "/indicators/1/actual", Value: "65次"}}, []string{
			"warning guangxi-over-fulfilment /indicators/1/actual 实际完成值 65次 达到指标值 ≥50次 的 1.3 倍，没有说明原因",
		}},
		{"just below", []set{{Pointer: "/indicators/1/actual", Value: "64次"}}, nil},
		{"explained", []set{{Pointer: "/indicators/1/actual", Value: "65次"}, {Pointer: "/indicators/1/explanation", Value: "新增任务"}}, nil},
		{"cost above its limit", []set{{Pointer: "/indicators/4/actual", Value: "600元/人"}}, nil},
	} {
		findings, err := check(rules, append([]set{hubei}, c.changes...)...)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range findings {
			got = append(got, strings.Join([]string{f.Severity.String(), f.Rule.Name, f.At.At.Path, f.Message.ZH}, " "))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
