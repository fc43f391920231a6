package main

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected files of scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"jixiaolint": main})
}

// TestScript runs the program end to end: every file in testdata/script is one
// scenario.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			for _, name := range []string{envLang, envDebug, envJobSummary, "NO_COLOR", "FORCE_COLOR", "COLUMNS"} {
				env.Setenv(name, "")
			}
			return nil
		},
		Condition: func(cond string) (bool, error) {
			// The superuser can read everything.
			return cond == "root" && os.Geteuid() == 0, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": status,
		},
	})
}

// status runs the program and checks its exit status: status 2 jixiaolint ....
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args[0]) != 1 {
		ts.Fatalf("usage: status N jixiaolint args...")
	}
	want := int(args[0][0] - '0')
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}
