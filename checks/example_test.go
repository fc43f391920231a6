package checks_test

import (
	"context"
	"fmt"
	"os"

	"jixiaolint/checks"
	"jixiaolint/schema/intake"
	"jixiaolint/schema/lang"
)

// Check one file and print what is wrong with it.
func Example() {
	const name = "../fixtures/broken/execution-rate-mismatch.xlsx"
	data, err := os.ReadFile(name)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	doc := intake.Read(ctx, name, data, intake.Options{})
	report := checks.Run(ctx, doc, checks.Options{})
	for _, f := range report.Findings {
		fmt.Println(f.At.At.Cell, f.Rule.Name, f.Severity)
		fmt.Println(f.Message.In(lang.EN))
		fmt.Println(f.Arithmetic.In(lang.EN))
	}
	// Output:
	// H7 execution-rate-mismatch error
	// the execution rate should be 92.31%, not 93.21%
	// 14.77 ÷ 16 = 92.31%
}

// Explain a rule.
func ExampleFind() {
	if r, ok := checks.Find("total-score-mismatch"); ok {
		fmt.Println(r.Title.In(lang.EN))
		fmt.Println(r.What.In(lang.ZH))
	}
	// Output:
	// the total score is wrong
	// 总分 = 年度资金总额的执行率得分 + 各项指标得分之和。资金来源行的得分从不计入。
}

// Check the forms of several files against each other.
func ExampleBatch() {
	ctx := context.Background()
	batch := checks.NewBatch(checks.Options{})
	for _, name := range []string{"../fixtures/seeds/1-kouan.xlsx", "../fixtures/seeds/4-bolanhui.xlsx"} {
		data, err := os.ReadFile(name)
		if err != nil {
			fmt.Println(err)
			return
		}
		batch.Add(checks.Run(ctx, intake.Read(ctx, name, data, intake.Options{}), checks.Options{}))
	}
	for _, report := range batch.Finish() {
		for _, f := range report.Findings {
			if f.Severity >= checks.Warning {
				fmt.Println(f.At.At, f.Rule.Name)
				fmt.Println(f.Message.In(lang.EN))
			}
		}
	}
	// Output:
	// ../fixtures/seeds/1-kouan.xlsx:口岸专项!B11 cross-form-term-variant
	// the place is spelt "阿爾山" here (×4) and "阿尔山" elsewhere (×1)
}
