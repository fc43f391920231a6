package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"jixiaolint/checks"
	"jixiaolint/cmd/jixiaolint/report"
	"jixiaolint/schema/intake"
	"jixiaolint/schema/lang"
)

// choice is a flag whose value is one of a few words.
type choice struct {
	value   string
	allowed []string
}

func newChoice(value string, allowed ...string) *choice { return &choice{value, allowed} }

// String gives the value.
func (c *choice) String() string { return c.value }

// Type gives the name of the flag's type; help shows the name from the usage text.
func (c *choice) Type() string { return "word" }

// Set accepts an allowed value.
func (c *choice) Set(v string) error {
	if !slices.Contains(c.allowed, v) {
		return &choiceError{c.allowed}
	}
	c.value = v
	return nil
}

// choiceError tells which values a flag accepts.
type choiceError struct{ allowed []string }

// Error lists the allowed values.
func (e *choiceError) Error() string { return "use " + strings.Join(e.allowed, ", ") }

// flagError rewords what pflag says about flags.
func flagError(cmd *cobra.Command, err error) error {
	hint := lang.F("运行 %[1]s --help 查看用法", "run %[1]s --help for usage", cmd.CommandPath())
	var (
		missing  *pflag.NotExistError
		required *pflag.ValueRequiredError
		invalid  *pflag.InvalidValueError
		syntax   *pflag.InvalidSyntaxError
	)
	switch {
	case errors.As(err, &missing):
		name := missing.GetSpecifiedName()
		if missing.GetSpecifiedShortnames() != "" {
			return usage("没有选项 -%s", "unknown flag -%s", name).withHint(hint)
		}
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		return usage("没有选项 --%s%s", "unknown flag --%s%s", name, lang.DidYouMean("--"+name, names)).withHint(hint)
	case errors.As(err, &required):
		return usage("选项 %s 缺少值", "flag %s needs a value", flagName(required.GetFlag())).withHint(hint)
	case errors.As(err, &invalid):
		return usage("选项 %[1]s 的值 %[2]q 无效%[3]s", "flag %[1]s: invalid value %[2]q%[3]s",
			flagName(invalid.GetFlag()), invalid.GetValue(), whyInvalid(invalid)).withHint(hint)
	case errors.As(err, &syntax):
		return usage("选项写法不对：%s", "malformed flag: %s", syntax.GetSpecifiedFlag()).withHint(hint)
	}
	return err
}

func flagName(f *pflag.Flag) string {
	if f.Shorthand != "" {
		return "-" + f.Shorthand + "/--" + f.Name
	}
	return "--" + f.Name
}

// whyInvalid says what a flag accepts.
func whyInvalid(err *pflag.InvalidValueError) lang.Text {
	var c *choiceError
	switch {
	case errors.As(err, &c):
		return lang.T("：可用 "+strings.Join(c.allowed, "、"), ": use "+strings.Join(c.allowed, ", "))
	case err.GetFlag().Value.Type() == "int":
		return lang.T("：应为整数", ": use a whole number")
	}
	return lang.Text{}
}

// The groups under which help lists flags.
const (
	groupInput   = "input"
	groupRules   = "rules"
	groupOutput  = "output"
	groupFixes   = "fixes"
	groupRun     = "run"
	groupFlagKey = "jixiaolint_group"
)

// group assigns flags to a group of the help text.
func group(flags *pflag.FlagSet, name string, names ...string) {
	for _, n := range names {
		f := flags.Lookup(n)
		if f.Annotations == nil {
			f.Annotations = map[string][]string{}
		}
		f.Annotations[groupFlagKey] = []string{name}
	}
}

// ruleNames lists the names of all rules, those of the catalogue and custom ones.
func ruleNames(extra []*checks.Rule) []string {
	var names []string
	for _, r := range (checks.Options{Extra: extra}).Rules() {
		names = append(names, r.Name)
	}
	return names
}

// selectable lists what --select and --ignore accept: rules and groups.
func selectable(extra []*checks.Rule) []string {
	names := ruleNames(extra)
	for _, g := range checks.Groups() {
		names = append(names, string(g.Name))
	}
	return names
}

// completeFlags tells shells what flags accept.
func completeFlags(root, check, diff *cobra.Command) {
	words := func(cmd *cobra.Command, flag string, list func() []string) {
		// The only error is an unknown flag, which tests would show.
		_ = cmd.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return list(), cobra.ShellCompDirectiveNoFileComp
		})
	}
	named := func(cmd *cobra.Command) func() []string {
		return func() []string { return selectable(completedRules(cmd)) }
	}
	fixed := func(list ...string) func() []string { return func() []string { return list } }
	words(root, "lang", fixed("zh", "en"))
	words(root, "color", fixed("auto", "always", "never"))
	words(diff, "format", diffFormatNames) // of two registrations the first holds
	for _, cmd := range []*cobra.Command{root, check, diff} {
		words(cmd, "profile", profileNames)
		words(cmd, "format", formatNames)
		words(cmd, "select", named(cmd))
		words(cmd, "ignore", named(cmd))
		words(cmd, "level", fixed("error", "warning", "note"))
		_ = cmd.MarkFlagFilename("config", "yaml", "yml")
		_ = cmd.MarkFlagFilename("baseline", "json")
		_ = cmd.MarkFlagFilename("write-baseline", "json")
		words(cmd, "fail-on", fixed("error", "warning", "note", "never"))
		words(cmd, "progress", fixed("auto", "never"))
		words(cmd, "severity", func() []string {
			names := ruleNames(completedRules(cmd))
			for i := range names {
				names[i] += "="
			}
			return names
		})
		cmd.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var endings []string
			for _, e := range intake.Extensions() {
				endings = append(endings, strings.TrimPrefix(e, "."))
			}
			return endings, cobra.ShellCompDirectiveFilterFileExt
		}
	}
}

// completedRules gives the custom rules that a command line being completed may name.
func completedRules(cmd *cobra.Command) []*checks.Rule {
	file, _ := cmd.Flags().GetString("config")
	none, _ := cmd.Flags().GetBool("no-config")
	settings, err := settingsHere(file, none)
	if err != nil {
		return nil // whoever runs the command is told
	}
	return settings.Options.Extra
}

func formatNames() []string {
	var names []string
	for _, f := range report.Formats() {
		names = append(names, string(f))
	}
	return names
}
