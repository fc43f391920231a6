package custom_test

import (
	"os"
	"strings"
	"testing"

	"jixiaolint/checks"
)

// The configuration that the README shows loads and is one of the examples.
func TestReadme(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(data), "## Custom rules")
	_, block, _ := strings.Cut(section, "```yaml\n")
	block, _, ok := strings.Cut(block, "```")
	if !ok {
		t.Fatal("the README shows no custom rule")
	}
	rules, err := load([]byte(block))
	if err != nil || len(rules) == 0 {
		t.Fatalf("%d rules: %v", len(rules), err)
	}
	findings, err := check(rules, checks.Set{Pointer: "/indicators/1/actual", Value: "65次"})
	if err != nil || len(findings) != 1 || findings[0].At.At.Path != "/indicators/1/actual" {
		t.Errorf("findings %v, %v", findings, err)
	}
}
