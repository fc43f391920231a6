package config_test

import (
	"fmt"

	"jixiaolint/checks/config"
	"jixiaolint/schema/lang"
)

// What is wrong with a configuration is told with line and column.
func ExampleDecode() {
	c, err := config.Decode(config.FileName, "/forms", []byte("ignore: [text]\nseverity: {budget: warning}\n"))
	fmt.Println(c.Rules.Ignore[0].Value, c.Rules.Severity["budget"].Origin.Text().In(lang.EN), err)

	_, err = config.Decode(config.FileName, "/forms", []byte("ignore: [txet]\n"))
	fmt.Println(err)
	// Output:
	// text .jixiaolint.yaml:2:20 <nil>
	// .jixiaolint.yaml:1:10: unknown rule or group "txet"; did you mean text?
}
