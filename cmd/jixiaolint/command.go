package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"jixiaolint/checks"
	"jixiaolint/checks/config"
	"jixiaolint/cmd/jixiaolint/report"
	"jixiaolint/schema"

	"jixiaolint/schema/lang"
)

// The exit statuses. A submitted file that is broken is a problem found in it; a
// path that cannot be opened is a failure of the run, which wins over problems.
const (
	exitClean       = 0
	exitProblems    = 1
	exitFailure     = 2
	exitInterrupted = 130
)

const (
	toolName = "jixiaolint"

	envLang  = "JIXIAOLINT_LANG"
	envDebug = "JIXIAOLINT_DEBUG"
	// envJobSummary is set by GitHub Actions, to the file for the summary of a job.
	envJobSummary = "GITHUB_STEP_SUMMARY"
)

// Command is the program with everything it touches made explicit, so that a test
// can run all of it in its own process.
type Command struct {
	In       io.Reader
	Out, Err io.Writer
	// Env looks up environment variables.
	Env func(string) string
	// Now gives the time, by which suppressions expire; nil asks the system.
	Now func() time.Time
	// Terminal tells whether a writer is a terminal, and how wide; nil asks the
	// system.
	Terminal func(io.Writer) (width int, ok bool)

	// read and check stand in for intake.Read and checks.Run in tests of what
	// happens when they fail.
	read  reader
	check func(context.Context, *schema.Document, checks.Options) checks.FileReport

	// unfinished is told of temporary files, for whoever ends the command in the middle
	// of its work; it may be nil.
	unfinished *unfinishedFiles
}

// Main runs the program with its arguments, the program's name not among them, and
// gives the exit status.
func (c *Command) Main(ctx context.Context, args []string) (status int) {
	inv := &invocation{Command: c, lang: lang.ZH}
	defer func() {
		if p := recover(); p != nil {
			inv.internalError(p, debug.Stack())
			status = exitFailure
		}
	}()
	if err := inv.chooseLanguage(args); err != nil {
		return inv.fail(err)
	}
	root := inv.root()
	root.SetArgs(args)
	root.SetIn(c.In)
	root.SetOut(c.Out)
	root.SetErr(c.Err)
	if err := root.ExecuteContext(ctx); err != nil {
		return inv.fail(err)
	}
	return inv.status
}

// invocation is one run of the command: the language it speaks and the status it
// will end with.
type invocation struct {
	*Command
	lang   lang.Lang
	color  string
	status int
	// summary is that of the last check.
	summary report.Summary
	// language is the language that was chosen and where that was said.
	language config.Value[string]
}

// text words a message in the language of the run.
func (inv *invocation) text(zh, en string) string { return lang.T(zh, en).In(inv.lang) }

// failure is an error that the user can mend: what is wrong, line by line if there is
// more to it, and what to do.
type failure struct {
	what, hint lang.Text
	details    []lang.Text
}

// Error gives the message in English; the command prints it in its own language.
func (f *failure) Error() string { return f.what.EN }

func usage(zh, en string, args ...any) *failure {
	return &failure{what: lang.F(zh, en, args...)}
}

func (f *failure) withHint(hint lang.Text) *failure {
	f.hint = hint
	return f
}

// fail reports an error that ends the run and gives the exit status for it.
func (inv *invocation) fail(err error) int {
	var faults *config.FileError
	if errors.As(err, &faults) {
		inv.sayAll(faults)
		return exitFailure
	}
	var f *failure
	if !errors.As(err, &f) {
		f = &failure{what: lang.T(err.Error(), err.Error())}
	}
	inv.say(f.what)
	for _, d := range f.details {
		inv.line(d)
	}
	if !f.hint.IsZero() {
		inv.line(f.hint)
	}
	return exitFailure
}

// say prints a message of the program itself; messages never mix with reports.
func (inv *invocation) say(message lang.Text) {
	inv.line(lang.T(toolName+": "+message.ZH, toolName+": "+message.EN))
}

// sayAll prints everything that is wrong with a configuration file.
func (inv *invocation) sayAll(faults *config.FileError) {
	for _, e := range faults.Faults {
		inv.say(e.Text())
	}
}

// now gives the time.
func (inv *invocation) now() time.Time {
	if inv.Now != nil {
		return inv.Now()
	}
	return time.Now()
}

func (inv *invocation) line(message lang.Text) {
	// Nothing can be done about an error stream that cannot be written.
	_, _ = fmt.Fprintln(inv.Err, report.Sanitize(message.In(inv.lang)))
}

// internalError reports a panic outside any one file.
func (inv *invocation) internalError(p any, stack []byte) {
	inv.say(lang.F("程序内部错误：%v", "internal error: %v", p))
	inv.trace(stack)
}

// trace prints a stack trace for those who asked for it.
func (inv *invocation) trace(stack []byte) {
	if inv.Env(envDebug) != "" {
		_, _ = inv.Err.Write(stack)
	}
}

// chooseLanguage settles the language before flags are parsed, because help and
// complaints about flags are in it too.
func (inv *invocation) chooseLanguage(args []string) error {
	inv.language = config.Value[string]{Value: string(lang.ZH), Origin: config.Origin{Source: config.Default}}
	switch name := inv.Env(envLang); {
	case valueOf(args, "--lang") != "":
		inv.language = config.Value[string]{Value: valueOf(args, "--lang"), Origin: flagOrigin("lang")}
	case name != "":
		inv.language = config.Value[string]{Value: name, Origin: config.Origin{Source: config.Environment, Name: envLang}}
	default:
		inv.language = configuredRun(args).Lang.Or(inv.language)
	}
	switch l := lang.Lang(inv.language.Value); l {
	case lang.ZH, lang.EN:
		inv.lang = l
		return nil
	}
	return usage("%[1]s 的值 %[2]q 无效：只能是 zh 或 en", "%[1]s: unknown language %[2]q: use zh or en",
		inv.language.Origin.Name, inv.language.Value)
}

// valueOf gives the value of a flag before flags are parsed; empty if it is not there.
func valueOf(args []string, flag string) string {
	value := ""
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if v, ok := strings.CutPrefix(arg, flag+"="); ok {
			value = v
		} else if arg == flag && i+1 < len(args) {
			value = args[i+1]
		}
	}
	return value
}

// root builds the command tree in the language of the run.
func (inv *invocation) root() *cobra.Command {
	root := inv.checkCommand()
	root.Use = toolName + inv.text(" [check] [选项] 路径...", " [check] [flags] PATH...")
	root.SilenceErrors, root.SilenceUsage = true, true
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { inv.help(cmd) })
	root.SetUsageFunc(func(cmd *cobra.Command) error { inv.help(cmd); return nil })
	root.SetFlagErrorFunc(flagError)

	persistent := root.PersistentFlags()
	persistent.Var(newChoice("zh", "zh", "en"), "lang", inv.text("界面和报告的语言 `LANG`：zh（默认）或 en", "`LANG` of help and reports: zh (default) or en"))
	color := newChoice("auto", "auto", "always", "never")
	persistent.Var(color, "color", inv.text("何时使用颜色 `WHEN`：auto（默认）、always、never", "`WHEN` to use colours: auto (default), always, never"))
	root.PersistentPreRun = func(*cobra.Command, []string) { inv.color = color.value }
	group(persistent, groupOutput, "lang", "color")

	check := inv.checkCommand()
	check.Use = "check" + inv.text(" [选项] 路径...", " [flags] PATH...")
	diff := inv.diffCommand()
	commands := []*cobra.Command{check, diff, inv.ruleCommand(), inv.convertCommand(), inv.templateCommand(), inv.schemaCommand(), inv.configCommand(), inv.versionCommand(), inv.completionCommand(root), inv.manCommand()}
	root.AddCommand(commands...)
	help := inv.helpCommand(root)
	root.SetHelpCommand(help)
	for _, cmd := range append(commands, root, help) {
		cmd.DisableFlagsInUseLine = true
		cmd.Flags().SortFlags = false
		cmd.Flags().BoolP("help", "h", false, inv.text("显示帮助", "show help"))
	}
	completeFlags(root, check, diff)
	return root
}

func (inv *invocation) helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help" + inv.text(" [命令]", " [COMMAND]"),
		Short: inv.text("显示命令的帮助", "show help for a command"),
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				name := strings.Join(args, " ")
				return usage("没有命令 %q%s", "no command %q%s", name, lang.DidYouMean(name, commandNames(root)))
			}
			inv.help(cmd)
			return nil
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return commandNames(root), cobra.ShellCompDirectiveNoFileComp
		},
	}
}

func commandNames(root *cobra.Command) []string {
	var names []string
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return names
}

func (inv *invocation) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: inv.text("显示版本", "show the version"),
		Args:  noArgs,
		RunE:  func(*cobra.Command, []string) error { return inv.printVersion() },
	}
}

// printVersion prints the program's name and version and what it was built with.
func (inv *invocation) printVersion() error {
	info, _ := debug.ReadBuildInfo()
	_, err := fmt.Fprintln(inv.Out, toolName, versionOf(version, info), builtWith(info))
	return err
}

func (inv *invocation) completionCommand(root *cobra.Command) *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:       "completion {bash|zsh|fish|powershell}",
		Short:     inv.text("输出命令行补全脚本", "print a shell completion script"),
		Long:      inv.text(completionZH, completionEN),
		ValidArgs: shells,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 || !slices.Contains(shells, args[0]) {
				return usage("请给出一种 shell：%s", "name one shell: %s", strings.Join(shells, ", "))
			}
			return complete(root, args[0], cmd.OutOrStdout())
		},
	}
}

// complete writes the completion script for a shell.
func complete(root *cobra.Command, shell string, w io.Writer) error {
	switch shell {
	case "bash":
		return root.GenBashCompletionV2(w, true)
	case "zsh":
		return root.GenZshCompletion(w)
	case "fish":
		return root.GenFishCompletion(w, true)
	}
	return root.GenPowerShellCompletionWithDesc(w)
}

const (
	completionZH = `输出命令行补全脚本。例如，在 bash 中启用：

  source <(jixiaolint completion bash)`
	completionEN = `Print a shell completion script. For example, to enable completion in bash:

  source <(jixiaolint completion bash)`
)

// noArgs refuses arguments.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usage("命令 %[1]s 不接受参数 %[2]q", "%[1]s takes no argument %[2]q", cmd.Name(), args[0])
}
