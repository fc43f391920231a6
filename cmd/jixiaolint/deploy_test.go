package main

import (
	"bytes"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"jixiaolint/schema/intake"
)

// top is the top of the repository, seen from this package.
var top = filepath.Join("..", "..")

// decodeYAML reads a file of the repository.
func decodeYAML(t *testing.T, name string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(content(t, top, name)), into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func content(t *testing.T, dir, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

type preCommitHook struct {
	ID, Name, Entry, Language, Files string
	Args                             []string
	RequireSerial                    bool `yaml:"require_serial"`
}

// TestPreCommitHooks: every file that a folder is searched for is one hook's, and no
// other file is; none is taken for a flag. One process checks all files of a commit, for the rules over batches.
func TestPreCommitHooks(t *testing.T) {
	var hooks []preCommitHook
	decodeYAML(t, ".pre-commit-hooks.yaml", &hooks)
	var ids []string
	patterns := map[string]*regexp.Regexp{}
	for _, h := range hooks {
		ids = append(ids, h.ID)
		patterns[h.ID] = regexp.MustCompile(h.Files)
		if h.Entry != toolName || !slices.Equal(h.Args, []string{"--"}) || h.Language != "golang" || !h.RequireSerial || h.Name == "" {
			t.Errorf("hook %+v", h)
		}
	}
	if want := []string{"jixiaolint", "jixiaolint-text"}; !slices.Equal(ids, want) {
		t.Fatalf("hooks %q, want %q", ids, want)
	}
	matches := func(name string) (n int) {
		for _, p := range patterns {
			if p.MatchString(name) {
				n++
			}
		}
		return n
	}
	for _, ending := range intake.Extensions() {
		if ending == ".pdf" {
			continue // read only where it is converted, which a hook does not do
		}
		for _, name := range []string{"自评表/口岸 专项" + ending, "A" + strings.ToUpper(ending)} {
			if n := matches(name); n != 1 {
				t.Errorf("%d hooks check %s", n, name)
			}
		}
		if matches("a"+ending+".bak")+matches("a"+strings.TrimPrefix(ending, ".")) > 0 {
			t.Errorf("a hook checks what only looks like %s", ending)
		}
	}
	known := strings.Join(intake.Extensions(), " ") + " "
	for id, p := range patterns {
		for _, ending := range regexp.MustCompile(`\w+`).FindAllString(strings.TrimPrefix(p.String(), "(?i)"), -1) {
			if !strings.Contains(known, "."+ending+" ") {
				t.Errorf("%s checks .%s, which is not read", id, ending)
			}
		}
	}
}

type releaseConfig struct {
	Before struct{ Hooks []string }
	Builds []struct {
		Main, Binary        string
		Env, Flags, Ldflags []string
		Goos, Goarch        []string
		ModTimestamp        string `yaml:"mod_timestamp"`
	}
	Archives []struct {
		Formats         []string
		NameTemplate    string `yaml:"name_template"`
		FormatOverrides []struct {
			Goos    string
			Formats []string
		} `yaml:"format_overrides"`
		Files []any
	}
	Checksum struct {
		NameTemplate string `yaml:"name_template"`
		Algorithm    string
	}
}

// TestRelease: a release is reproducible, says its version, covers the systems people
// have, and ships its manual; the GitHub action finds its archives.
func TestRelease(t *testing.T) {
	var c releaseConfig
	decodeYAML(t, ".goreleaser.yaml", &c)
	if len(c.Builds) != 1 || len(c.Archives) != 1 {
		t.Fatalf("%d builds, %d archives", len(c.Builds), len(c.Archives))
	}
	b := c.Builds[0]
	if !slices.Equal(b.Env, []string{"CGO_ENABLED=0"}) || !slices.Equal(b.Flags, []string{"-trimpath"}) || b.ModTimestamp != "{{ .CommitTimestamp }}" {
		t.Errorf("not reproducible: %+v", b)
	}
	if !slices.Equal(b.Ldflags, []string{"-s -w -X main.version={{ .Version }}"}) {
		t.Errorf("flags of the linker: %q", b.Ldflags)
	}
	if !strings.Contains(content(t, ".", "version.go"), "\nvar version string\n") {
		t.Error("there is no variable main.version that the linker can set")
	}
	if want := []string{"linux", "windows", "darwin"}; !slices.Equal(b.Goos, want) || !slices.Equal(b.Goarch, []string{"amd64", "arm64"}) {
		t.Errorf("systems %q on %q", b.Goos, b.Goarch)
	}
	if b.Main != "./cmd/jixiaolint" || b.Binary != toolName {
		t.Errorf("builds %s as %s", b.Main, b.Binary)
	}
	// The manual is written where the archives take it from and git does not see it.
	dir := t.TempDir()
	for _, hook := range c.Before.Hooks {
		args := strings.Fields(strings.TrimPrefix(hook, "go run ./cmd/jixiaolint "))
		if !slices.Equal(args, []string{"man", ".release"}) || !strings.Contains(content(t, top, ".gitignore"), "\n/.release/\n") {
			t.Errorf("hook %q", hook)
		}
		if status := newRun().Main(t.Context(), []string{"man", filepath.Join(dir, ".release")}); status != exitClean {
			t.Errorf("%s: status %d", hook, status)
		}
	}
	a := c.Archives[0]
	for _, file := range a.Files {
		m, ok := file.(map[string]any)
		if !ok {
			continue
		}
		src, _ := m["src"].(string)
		found, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(strings.ReplaceAll(src, "**", "*"))))
		if err != nil || len(found) == 0 {
			t.Errorf("%s holds no files", src)
		}
	}
	script := action(t).step(t, "Install jixiaolint").Run
	name := strings.NewReplacer("{{ .Version }}", "${VERSION#v}", "{{ .Os }}", "${os}", "{{ .Arch }}", "${arch}").Replace(a.NameTemplate)
	if !strings.Contains(script, `archive="`+name+`.$ending"`) || !strings.Contains(script, " "+c.Checksum.NameTemplate+" ") || c.Checksum.Algorithm != "sha256" {
		t.Errorf("the GitHub action does not look for %s and %s", name, c.Checksum.NameTemplate)
	}
	for _, goos := range b.Goos {
		ending := a.Formats[0]
		for _, o := range a.FormatOverrides {
			if o.Goos == goos {
				ending = o.Formats[0]
			}
		}
		if !strings.Contains(script, "os="+goos+" ending="+ending+" ;;") {
			t.Errorf("the GitHub action finds no archive for %s", goos)
		}
	}
	for _, arch := range b.Goarch {
		if !strings.Contains(script, "arch="+arch+" ;;") {
			t.Errorf("the GitHub action finds no archive for %s", arch)
		}
	}
}

// TestDockerfile: the image holds the program alone, made from all its sources, and does
// not run as root.
func TestDockerfile(t *testing.T) {
	last := map[string]string{} // of the last stage
	var copied []string
	var base, build string
	for line := range strings.Lines(content(t, ".", "Dockerfile")) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case word == "" || word == "#" || strings.HasPrefix(word, "#\t"):
			continue
		case word == "FROM":
			last = map[string]string{}
			if base == "" {
				base = rest
			}
		case word == "COPY" && !strings.HasPrefix(rest, "--"):
			names := strings.Fields(rest)
			copied = append(copied, names[:len(names)-1]...)
		case word == "RUN" && strings.Contains(rest, "go build"):
			build = rest
		}
		last[word] = rest
	}
	for word, want := range map[string]string{
		"FROM": "scratch", "USER": "65532:65532", "WORKDIR": "/data",
		"COPY": "--from=build /jixiaolint /jixiaolint", "ENTRYPOINT": `["/jixiaolint"]`, "CMD": `["."]`,
	} {
		if last[word] != want {
			t.Errorf("%s %s, want %s", word, last[word], want)
		}
		delete(last, word)
	}
	if len(last) > 0 {
		t.Errorf("more in the image: %v", last)
	}
	for _, want := range []string{"CGO_ENABLED=0 ", "-trimpath", "-X main.version=$VERSION", "-o /jixiaolint ./cmd/jixiaolint"} {
		if !strings.Contains(build, want) {
			t.Errorf("no %s in the build %s", want, build)
		}
	}
	pin := regexp.MustCompile(`^--platform=\$BUILDPLATFORM golang:(\d+\.\d+)\.\d+ AS build$`).FindStringSubmatch(base)
	if pin == nil || !strings.Contains(content(t, top, "go.mod"), "\ngo "+pin[1]+".") {
		t.Errorf("the base %q is not pinned to a version of Go that go.mod asks for", base)
	}
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range strings.FieldsSeq(string(out)) {
		folder, _, _ := strings.Cut(strings.TrimPrefix(pkg, "jixiaolint/"), "/")
		if strings.HasPrefix(pkg, "jixiaolint/") && !slices.Contains(copied, folder) {
			t.Errorf("the package %s is not copied", pkg)
		}
	}
	for _, name := range copied {
		if _, err := os.Stat(filepath.Join(top, name)); err != nil {
			t.Error(err)
		}
	}
}

// recipe decodes the YAML block of the README that begins with a file's name.
func recipe(t *testing.T, file string, into any) {
	t.Helper()
	for _, block := range reYAML.FindAllStringSubmatch(content(t, top, "README.md"), -1) {
		if strings.HasPrefix(block[1], "# "+file+"\n") {
			if err := yaml.Unmarshal([]byte(block[1]), into); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			return
		}
	}
	t.Fatalf("the README has no recipe for %s", file)
}

// TestReadmeRecipes: the recipes fit what they call.
func TestReadmeRecipes(t *testing.T) {
	var commit struct {
		Repos []struct{ Hooks []preCommitHook }
	}
	recipe(t, ".pre-commit-config.yaml", &commit)
	used := commit.Repos[0].Hooks[0]
	var hooks []preCommitHook
	decodeYAML(t, ".pre-commit-hooks.yaml", &hooks)
	if !slices.ContainsFunc(hooks, func(h preCommitHook) bool { return h.ID == used.ID }) || !regexp.MustCompile(used.Files).MatchString("自评表/2023/口岸.xlsx") {
		t.Errorf("no such hook, or it checks no form: %+v", used)
	}

	var workflow struct {
		Jobs map[string]struct {
			Steps []actionStep
		}
	}
	recipe(t, ".github/workflows/forms.yml", &workflow)
	a, called := action(t), false
	for _, s := range workflow.Jobs["forms"].Steps {
		name, _, _ := strings.Cut(s.Uses, "@")
		if path.Base(name) != toolName {
			continue
		}
		called = strings.HasSuffix(name, "/.github/actions/jixiaolint")
		for input := range s.With {
			if _, ok := a.Inputs[input]; !ok {
				t.Errorf("the action has no input %s", input)
			}
		}
	}
	if !called {
		t.Error("the workflow does not use the action")
	}

	var pipeline map[string]struct {
		Script    []string
		Artifacts struct {
			When    string
			Reports struct{ Codequality string }
		}
	}
	recipe(t, ".gitlab-ci.yml", &pipeline)
	job := pipeline["jixiaolint"]
	dir := files(t, "自评表/a.txt")
	if err := os.WriteFile(filepath.Join(dir, "自评表", "b.xlsx"), []byte(content(t, top, "fixtures/seeds/1-kouan.xlsx")), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	r := newRun()
	r.read, r.check = nil, nil
	args := strings.Fields(job.Script[len(job.Script)-1])
	if status := r.Main(t.Context(), args[1:]); args[0] != toolName || status != exitProblems || !bytes.Contains(r.out.Bytes(), []byte("fund-sources-sum")) {
		t.Errorf("%q: status %d, %s%s", args, status, r.out.String(), r.err.String())
	}
	if job.Artifacts.When != "always" || !strings.Contains(content(t, dir, job.Artifacts.Reports.Codequality), `"check_name"`) {
		t.Errorf("artifacts %+v", job.Artifacts)
	}
}
