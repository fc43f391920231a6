package config

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"jixiaolint/checks"
	"jixiaolint/schema"
)

// tree writes files into a new folder.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var sample = map[string]string{
	"a/" + FileName: `
ignore: [text]
severity: {known-typo: error}
words: {ecology: {add: [碳汇, 湿地], remove: [水]}}
limits: {file_size: 1MB}
level: note
overrides:
  - paths: ["草稿/**", "*.csv"]
    ignore: [budget]
    severity: {known-typo: note}
    words: {ecology: {add: [水], remove: [湿地]}}
`,
	"a/b/" + FileName: "select: [totals]\n",
	"bad/" + FileName: "ignore: [tetx]\n",
}

// options describes the options of a file in short.
func options(t *testing.T, r *Resolver, path string) string {
	t.Helper()
	s, err := r.For(path)
	if err != nil {
		return err.Error()
	}
	ecology := s.Rules.WordChanges()["ecology"]
	return s.Configuration.Name + " " + strings.Join(s.Options.Select, ",") + "-" + strings.Join(s.Options.Ignore, ",") +
		" " + s.Options.Severity["known-typo"].String() + " " + strings.Join(ecology.Add, ",") +
		"-" + strings.Join(ecology.Remove, ",") + " " + strconv.FormatInt(s.ReaderLimits.FileSize>>20, 10)
}

// The nearest configuration file holds, overrides add to it in their order, and flags
// win over both.
func TestPrecedence(t *testing.T) {
	dir := tree(t, sample)
	flags := Rules{
		Select:   Value[[]string]{[]string{"cost"}, Origin{Source: Flag, Name: "--select"}},
		Ignore:   []Value[string]{{"time", Origin{Source: Flag, Name: "--ignore"}}},
		Severity: map[string]Value[checks.Severity]{"known-typo": {checks.Warning, Origin{Source: Flag}}},
	}
	for _, tt := range []struct {
		opts       Options
		path, want string
	}{
		{Options{}, "x.xlsx", " - off - 64"},
		{Options{}, "a/x.xlsx", "a/.jixiaolint.yaml -text error 碳汇,湿地-水 1"},
		{Options{}, "a/c/d/x.xlsx", "a/.jixiaolint.yaml -text error 碳汇,湿地-水 1"},
		{Options{}, "a/c/x.csv", "a/.jixiaolint.yaml -text,budget note 碳汇,水-湿地 1"},
		{Options{}, "a/草稿/1/x.xlsx", "a/.jixiaolint.yaml -text,budget note 碳汇,水-湿地 1"},
		{Options{}, "a/b/x.csv", "a/b/.jixiaolint.yaml totals- off - 64"},
		{Options{}, "<stdin>", " - off - 64"},
		{Options{None: true}, "a/x.xlsx", " - off - 64"},
		{Options{File: "a/b/" + FileName}, "a/x.xlsx", "a/b/.jixiaolint.yaml totals- off - 64"},
		{Options{File: "a/" + FileName}, "草稿/x.xlsx", "a/.jixiaolint.yaml -text,budget note 碳汇,水-湿地 1"},
		{Options{Flags: flags}, "a/x.xlsx", "a/.jixiaolint.yaml cost-time warning 碳汇,湿地-水 1"},
		{Options{Flags: Rules{Ignore: flags.Ignore}}, "a/x.xlsx", "a/.jixiaolint.yaml -text,time error 碳汇,湿地-水 1"},
		{Options{}, "bad/x.xlsx", `bad/.jixiaolint.yaml:1:10: unknown rule or group "tetx"; did you mean text?`},
	} {
		tt.opts.Dir = dir
		r, err := NewResolver(tt.opts)
		if err != nil {
			t.Fatal(err)
		}
		if got := options(t, r, tt.path); got != tt.want {
			t.Errorf("%+v %s:\ngot  %s\nwant %s", tt.opts, tt.path, got, tt.want)
		}
	}
}

// A configuration with the wrong ending is not passed over, unless the right one is there.
func TestWrongName(t *testing.T) {
	dir := tree(t, map[string]string{"a/" + wrongName: "", "b/" + wrongName: "", "b/" + FileName: ""})
	r, err := NewResolver(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.For("a/x/y.xlsx"); err == nil || !strings.Contains(err.Error(), "a/.jixiaolint.yml: a configuration is read under the name .jixiaolint.yaml only") {
		t.Error(err)
	}
	if _, err := r.For("b/x.xlsx"); err != nil {
		t.Error(err)
	}
}

// The engine works with the lists as changed, and a change that cannot be made is a
// fault of the line that asks for it.
func TestWordChanges(t *testing.T) {
	dir := tree(t, map[string]string{
		"a/" + FileName: "words: {inputs: {add: [耗材]}}\noverrides: [{paths: ['*.csv'], words: {inputs: {remove: [耗材]}}}]\n",
		"b/" + FileName: "words:\n  inputs: {remove: [没有的词]}\n",
		"c/" + FileName: "words: {typos: {add: [布署]}}\n",
	})
	r, err := NewResolver(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	form, err := (checks.Example{{Pointer: "/indicators/1/name", Value: "耗材"}}).Form()
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"x.xlsx": "", "a/x.xlsx": "input-as-output", "a/x.csv": ""} {
		s, err := r.For(path)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, f := range checks.Run(t.Context(), &schema.Document{Forms: []*schema.Form{form}}, s.Options).Findings {
			if f.Rule.Name == "input-as-output" {
				got = f.Rule.Name
			}
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
	for path, want := range map[string]string{
		"b/x.xlsx": `b/.jixiaolint.yaml:2:21: word list inputs: there is no "没有的词" to remove`,
		"c/x.xlsx": `c/.jixiaolint.yaml:1:23: word list typos: "布署" is no misspelling such as 布署→部署`,
	} {
		if _, err := r.For(path); err == nil || err.Error() != want {
			t.Errorf("%s: got %v\nwant %s", path, err, want)
		}
	}
}

func TestOrigins(t *testing.T) {
	dir := tree(t, sample)
	r, err := NewResolver(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	s, err := r.For("a/草稿/x.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	got := []string{
		s.Rules.Profile.Origin.Text().EN, s.Rules.Ignore[0].Origin.Text().EN, s.Rules.Ignore[1].Origin.Text().EN,
		s.Rules.Severity["known-typo"].Origin.Text().EN, s.Limits["file_size"].Origin.Text().ZH, s.Limits["cells"].Origin.Text().ZH,
		Origin{Source: Flag, Name: "--x"}.Text().EN, Origin{Source: Environment, Name: "X"}.Text().ZH,
	}
	want := []string{
		"default", "a/.jixiaolint.yaml:2:10", "a/.jixiaolint.yaml:9:14", "a/.jixiaolint.yaml:10:28",
		"a/.jixiaolint.yaml:5:21", "默认", "flag --x", "环境变量 X",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// The settings of a run are the working directory's own; a folder of forms has no say.
func TestRunSettings(t *testing.T) {
	dir := tree(t, sample)
	for sub, want := range map[string]string{".": "", "a": "note", "a/草稿": "note", "a/b": ""} {
		r, err := NewResolver(Options{Dir: filepath.Join(dir, sub)})
		if err != nil {
			t.Fatal(err)
		}
		run, err := r.Run()
		if err != nil || run.Level.Value != want {
			t.Errorf("%s: level %q, %v", sub, run.Level.Value, err)
		}
		c, err := r.Configuration(filepath.Join(dir, "a"))
		if err != nil {
			t.Fatal(err)
		}
		if ignored := r.Ignored(c); (len(ignored) == 0) != (want == "note") {
			t.Errorf("%s: ignored %v", sub, ignored)
		}
	}
}

func TestUnusableFile(t *testing.T) {
	dir := tree(t, map[string]string{"d/" + FileName + "/x": ""})
	r, err := NewResolver(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	var errs *FileError
	if _, err := r.For("d/x.xlsx"); !errors.As(err, &errs) || errs.Name != "d/"+FileName {
		t.Errorf("a folder in place of the file: %v", err)
	}
	if _, err := NewResolver(Options{Dir: dir, File: "none.yaml"}); !errors.As(err, &errs) {
		t.Errorf("a missing file: %v", err)
	}
}

// Files of many folders are resolved at once, and those with the same settings share
// them.
func TestConcurrency(t *testing.T) {
	dir := tree(t, sample)
	r, err := NewResolver(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	settings := make([]*Settings, 64)
	for i := range settings {
		wg.Go(func() {
			s, err := r.For(filepath.Join("a", "草稿", strconv.Itoa(i), "x.xlsx"))
			if err != nil {
				t.Error(err)
				return
			}
			settings[i] = s
			_ = s.Path("a/x.xlsx")
		})
	}
	wg.Wait()
	for _, s := range settings {
		if s != settings[0] {
			t.Fatal("settings are not shared")
		}
	}
}
