package main

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

type actionStep struct {
	Name, ID, If, Uses, Shell, Run string
	Env                            map[string]string
	With                           map[string]string
}

type actionFile struct {
	Inputs  map[string]struct{ Description, Default string }
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []actionStep
	}
}

func action(t *testing.T) *actionFile {
	t.Helper()
	a := &actionFile{}
	decodeYAML(t, filepath.Join(".github", "actions", "jixiaolint", "action.yml"), a)
	return a
}

func (a *actionFile) step(t *testing.T, name string) actionStep {
	t.Helper()
	for _, s := range a.Runs.Steps {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("the action has no step %q", name)
	return actionStep{}
}

// TestAction: inputs reach scripts through the environment only, each is used, and all
// that is used is there.
func TestAction(t *testing.T) {
	a := action(t)
	if a.Runs.Using != "composite" {
		t.Errorf("a %s action", a.Runs.Using)
	}
	used := map[string]bool{}
	for _, s := range a.Runs.Steps {
		if strings.Contains(s.Run, "${{") {
			t.Errorf("step %s: an expression in the script", s.Name)
		}
		if s.Run != "" && s.Shell != "bash" {
			t.Errorf("step %s runs in %q", s.Name, s.Shell)
		}
		expressions := []string{s.If}
		for name, value := range s.Env {
			expressions = append(expressions, value)
			if !strings.Contains(s.Run, "$"+name) && !strings.Contains(s.Run, "${"+name) && name != "GH_TOKEN" {
				t.Errorf("step %s does not use %s", s.Name, name)
			}
		}
		for _, m := range regexp.MustCompile(`inputs\.([\w-]+)`).FindAllStringSubmatch(strings.Join(expressions, " "), -1) {
			used[m[1]] = true
		}
	}
	if got, want := slices.Sorted(maps.Keys(used)), slices.Sorted(maps.Keys(a.Inputs)); !slices.Equal(got, want) {
		t.Errorf("inputs %q are used, %q are declared", got, want)
	}
	for name, o := range a.Outputs {
		if o.Value != "${{ steps.check.outputs."+name+" }}" || !strings.Contains(a.step(t, "Check forms").Run, `echo "`+name+`=$`+name+`" >>"$GITHUB_OUTPUT"`) {
			t.Errorf("output %s is %s", name, o.Value)
		}
	}
}

// runStep runs a step's script with the defaults of the inputs, apart from some of its
// environment.
func (a *actionFile) runStep(t *testing.T, name, dir string, env ...string) (status int, out string) {
	t.Helper()
	s := a.step(t, name)
	cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", s.Run)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "RUNNER_TEMP="+dir, "RUNNER_OS=Linux", "RUNNER_ARCH=X64",
		"GITHUB_OUTPUT="+filepath.Join(dir, "output"), "GITHUB_STEP_SUMMARY="+filepath.Join(dir, "summary"), envLang+"=", "NO_COLOR=", "FORCE_COLOR=")
	for variable, value := range s.Env {
		if input, ok := strings.CutPrefix(value, "${{ inputs."); ok {
			cmd.Env = append(cmd.Env, variable+"="+a.Inputs[strings.TrimSuffix(input, " }}")].Default)
		}
	}
	cmd.Env = append(cmd.Env, env...)
	b, _ := cmd.CombinedOutput()
	return cmd.ProcessState.ExitCode(), string(b)
}

// TestActionCheck runs the script that checks, with the real program.
func TestActionCheck(t *testing.T) {
	program, err := exec.LookPath("jixiaolint")
	if err != nil {
		t.Fatal(err)
	}
	a := action(t)
	for _, format := range []string{"github", "text"} {
		dir := files(t, "jixiaolint/x", "表 格/a.txt", "$(touch pwned)/b.txt")
		if err := os.Symlink(program, filepath.Join(dir, "jixiaolint", "jixiaolint")); err != nil {
			t.Fatal(err)
		}
		form := content(t, top, "fixtures/seeds/1-kouan.xlsx")
		for _, folder := range []string{"表 格", "$(touch pwned)"} {
			if err := os.WriteFile(filepath.Join(dir, folder, "form.xlsx"), []byte(form), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		status, out := a.runStep(t, "Check forms", dir, "FORMAT="+format, "PATHS=表 格\n\n$(touch pwned)")
		if status != exitProblems || strings.Contains(out, "::error file=表 格/form.xlsx") != (format == "github") || !strings.Contains(out, "fund-sources-sum") {
			t.Errorf("%s: status %d: %s", format, status, out)
		}
		var sarif struct {
			Runs []struct{ Results []any }
		}
		if err := json.Unmarshal([]byte(content(t, dir, "jixiaolint.sarif")), &sarif); err != nil || len(sarif.Runs) != 1 || len(sarif.Runs[0].Results) == 0 {
			t.Errorf("%s: SARIF %+v, %v", format, sarif, err)
		}
		if got := content(t, dir, "output"); got != "sarif="+dir+"/jixiaolint.sarif\nstatus=1\n" {
			t.Errorf("%s: outputs %s", format, got)
		}
		if got := content(t, dir, "summary"); !strings.Contains(got, "fund-sources-sum") {
			t.Errorf("%s: summary of the job: %s", format, got)
		}
		if _, err := os.Stat(filepath.Join(dir, "pwned")); err == nil {
			t.Errorf("%s: an input was run", format)
		}
		if status, _ := a.runStep(t, "Check forms", dir, "FORMAT="+format, "PATHS=表 格", "FAIL_ON=never"); status != exitClean {
			t.Errorf("%s: status %d although nothing makes it fail", format, status)
		}
		if status, _ := a.runStep(t, "Check forms", dir, "FORMAT="+format, "PATHS="); status != exitFailure {
			t.Errorf("%s: status %d without paths", format, status)
		}
	}
}

// TestActionInstall runs the script that installs, with stand-ins for Go and for the
// place of the releases.
func TestActionInstall(t *testing.T) {
	a := action(t)
	const gh = `#!/bin/bash
echo "gh $*" >>"$LOG"
mkdir x && echo program >x/jixiaolint && tar -czf jixiaolint_1.2.3_linux_amd64.tar.gz -C x jixiaolint
{ sha256sum jixiaolint_*.tar.gz 2>/dev/null || shasum -a 256 jixiaolint_*.tar.gz; } >checksums.txt
if [ -n "$TAMPERED" ]; then echo more >>jixiaolint_1.2.3_linux_amd64.tar.gz; fi
`
	stubs := t.TempDir()
	for name, script := range map[string]string{"gh": gh, "go": "#!/bin/bash\necho \"go $*\" >>\"$LOG\"\n"} {
		if err := os.WriteFile(filepath.Join(stubs, name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		env     []string
		status  int
		command string
		there   bool
	}{
		{[]string{"ACTION_PATH=/action/.github/actions/jixiaolint"}, 0, "go -C /action/.github/actions/jixiaolint/../../.. build -trimpath -o DIR/jixiaolint/ ./cmd/jixiaolint\n", false},
		{[]string{"VERSION=1.2.3", "REPOSITORY=o/r"}, 0, "gh release download v1.2.3 --repo o/r --pattern jixiaolint_1.2.3_linux_amd64.tar.gz --pattern checksums.txt --clobber\n", true},
		{[]string{"VERSION=v1.2.3", "REPOSITORY=o/r"}, 0, "gh release download v1.2.3 --repo o/r --pattern jixiaolint_1.2.3_linux_amd64.tar.gz --pattern checksums.txt --clobber\n", true},
		{[]string{"VERSION=1.2.3", "REPOSITORY=o/r", "TAMPERED=1"}, 1, "gh release download v1.2.3 --repo o/r --pattern jixiaolint_1.2.3_linux_amd64.tar.gz --pattern checksums.txt --clobber\n", false},
		{[]string{"VERSION=1.2.3"}, 2, "", false},
	} {
		dir := t.TempDir()
		log := filepath.Join(dir, "log")
		if err := os.WriteFile(log, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		env := slices.Concat(tt.env, []string{"LOG=" + log, "PATH=" + stubs + string(os.PathListSeparator) + os.Getenv("PATH")})
		status, out := a.runStep(t, "Install jixiaolint", dir, env...)
		if got := strings.ReplaceAll(content(t, dir, "log"), dir, "DIR"); status != tt.status || got != tt.command {
			t.Errorf("%q: status %d, commands %s, output %s", tt.env, status, got, out)
		}
		if _, err := os.Stat(filepath.Join(dir, "jixiaolint", "jixiaolint")); (err == nil) != tt.there {
			t.Errorf("%q: the program is there: %v", tt.env, err == nil)
		}
	}
}
