package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"jixiaolint/checks/config"
	"jixiaolint/cmd/jixiaolint/report"
)

var (
	reConsole = regexp.MustCompile("(?s)```console\n(.*?)```")
	reSample  = regexp.MustCompile("(?s)```text\n(.*?)```")
	reYAML    = regexp.MustCompile("(?s)```yaml\n(.*?)```")
)

func readme(t *testing.T) string {
	t.Helper()
	t.Chdir(filepath.Join("..", ".."))
	b, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Every command that the README shows works as shown: none of them fails to run.
func TestReadmeCommands(t *testing.T) {
	n := 0
	for _, block := range reConsole.FindAllStringSubmatch(readme(t), -1) {
		for line := range strings.Lines(block[1]) {
			line, _, _ = strings.Cut(line, "#")
			line = strings.TrimSpace(line)
			args, ok := strings.CutPrefix(line, "$ go run ./cmd/jixiaolint ")
			if !ok {
				if line != "$ go test ./..." { // the very run that this test is part of
					t.Errorf("a command that no test runs: %q", line)
				}
				continue
			}
			n++
			var out, errs bytes.Buffer
			c := &Command{In: bytes.NewReader(nil), Out: &out, Err: &errs, Env: func(string) string { return "" }}
			if status := c.Main(t.Context(), strings.Fields(args)); status > exitProblems || out.Len() == 0 || errs.Len() > 0 {
				t.Errorf("%s: status %d, standard error %q", line, status, errs.String())
			}
		}
	}
	if n < 5 {
		t.Errorf("only %d commands were found", n)
	}
}

// The README and the help name every format, and whom it is for.
func TestReadmeFormats(t *testing.T) {
	text := readme(t)
	help := newRun()
	help.Main(t.Context(), []string{"check", "--help"})
	for _, f := range report.Formats() {
		if !regexp.MustCompile(`(?m)^\| ` + "`" + string(f) + `(=[A-Za-z.]+)?` + "`" + ` \| .+ \|$`).MatchString(text) {
			t.Errorf("the README has no row for %s", f)
		}
		if a := f.Audience(); a.ZH == "" || a.EN == "" || !strings.Contains(help.out.String(), a.ZH) {
			t.Errorf("%s: the help does not say whom it is for", f)
		}
	}
}

// The sample of output is real: the main job prints it, line by line.
func TestReadmeSample(t *testing.T) {
	text := readme(t)
	sample := reSample.FindStringSubmatch(text)
	if sample == nil {
		t.Fatal("the README shows no sample")
	}
	var out bytes.Buffer
	c := &Command{In: bytes.NewReader(nil), Out: &out, Err: &out, Env: func(string) string { return "" }}
	c.Main(t.Context(), []string{"fixtures/seeds/5-yiqing.xlsx"})
	if !strings.Contains(out.String(), sample[1]) {
		t.Errorf("the sample is not printed; the main job prints:\n%s", out.String())
	}
}

// The sample of a configuration is one that can be loaded, and it shows every key.
func TestReadmeConfiguration(t *testing.T) {
	sample := reYAML.FindStringSubmatch(readme(t))
	if sample == nil {
		t.Fatal("the README shows no configuration")
	}
	c, err := config.Decode("README.md", "/", []byte(sample[1]))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Suppressions) != 1 || len(c.Overrides) != 1 {
		t.Errorf("%d suppressions, %d overrides", len(c.Suppressions), len(c.Overrides))
	}
	var schema struct{ Properties map[string]any }
	if err := json.Unmarshal(config.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	for key := range schema.Properties {
		if !regexp.MustCompile(`(?m)^(# )?` + key + `:`).MatchString(sample[1]) {
			t.Errorf("the sample does not show %s", key)
		}
	}
}
