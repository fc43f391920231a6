package main

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"jixiaolint/checks"
	"jixiaolint/checks/config"
	"jixiaolint/checks/custom"
	"jixiaolint/checks/suppress"
	"jixiaolint/schema/lang"
)

func flagOrigin(name string) config.Origin {
	return config.Origin{Source: config.Flag, Name: "--" + name}
}

// configuredRun gives the settings of the run that a configuration file holds, before
// flags are parsed. What is wrong with the file is said later, by the commands that
// need it.
func configuredRun(args []string) config.Run {
	dir, err := os.Getwd()
	if err != nil || slices.Contains(args, "--no-config") {
		return config.Run{}
	}
	r, err := config.NewResolver(config.Options{Dir: dir, File: valueOf(args, "--config")})
	if err != nil {
		return config.Run{}
	}
	run, err := r.Run()
	if err != nil {
		return config.Run{}
	}
	return run
}

// configure puts together what flags, environment and configuration files say. The
// resolver gives the settings of files, the Run those of the whole run. Flags may name
// the custom rules of the configurations that govern the working directory and the
// paths.
func (inv *invocation) configure(o *checkFlags, paths []string) (*config.Resolver, config.Run, error) {
	switch {
	case o.jobs < 0:
		return nil, config.Run{}, usage("-j/--jobs 不能为负数", "-j/--jobs cannot be negative")
	case o.maxProblems < 0:
		return nil, config.Run{}, usage("--max-problems 不能为负数", "--max-problems cannot be negative")
	case o.config != "" && o.noConfig:
		return nil, config.Run{}, usage("--config 和 --no-config 不能同时使用", "--config and --no-config exclude each other")
	}
	rules, err := o.flagRules()
	if err != nil {
		return nil, config.Run{}, err
	}
	dir, err := os.Getwd()
	if err != nil {
		return nil, config.Run{}, err
	}
	r, err := config.NewResolver(config.Options{Dir: dir, File: o.config, None: o.noConfig, Flags: rules})
	if err != nil {
		return nil, config.Run{}, err
	}
	configured, err := r.Run()
	if err != nil {
		return nil, config.Run{}, err
	}
	if err := unknownName(rules, selectable(customRules(r, append([]string{"."}, paths...)...))); err != nil {
		return nil, config.Run{}, err
	}
	run := config.Run{Lang: inv.language}
	for _, c := range []struct {
		flag       string
		choice     *choice
		configured config.Value[string]
		into       *config.Value[string]
	}{
		{"level", o.level, configured.Level, &run.Level},
		{"fail-on", o.failOn, configured.FailOn, &run.FailOn},
		{"convert", o.convert, configured.Convert, &run.Convert},
	} {
		*c.into = config.Value[string]{Value: c.choice.value, Origin: flagOrigin(c.flag)}
		if !o.given(c.flag) {
			c.into.Origin = config.Origin{Source: config.Default}
			*c.into = c.configured.Or(*c.into)
		}
	}
	return r, run, nil
}

// customRules gives the custom rules of the configurations that govern some paths. Of a
// configuration that is wrong it gives none: those who check files under it are told.
func customRules(r *config.Resolver, paths ...string) []*checks.Rule {
	var rules []*checks.Rule
	seen := map[*config.Configuration]bool{}
	for _, p := range paths {
		if c, err := r.Configuration(p); err == nil && c != nil && !seen[c] {
			seen[c] = true
			rules = append(rules, c.Extra...)
		}
	}
	return rules
}

// settingsHere gives the settings that a configuration makes for the working directory:
// of a file, of the one that is found, or, with none, of no configuration.
func settingsHere(file string, none bool) (*config.Settings, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	r, err := config.NewResolver(config.Options{Dir: dir, File: file, None: none})
	if err != nil {
		return nil, err
	}
	return r.ForFolder(".")
}

// configFlags are the flags of check that change settings.
var configFlags = []string{"profile", "select", "ignore", "severity", "level", "fail-on", "convert", "config", "no-config"}

// configCommand explains the settings in force.
func (inv *invocation) configCommand() *cobra.Command {
	o := newCheckFlags()
	cmd := &cobra.Command{
		Use:   "config" + inv.text(" [选项] [路径]", " [flags] [PATH]"),
		Short: inv.text("显示起作用的配置及各项的来源", "show the configuration in force and where each value comes from"),
		Long: inv.text(`显示对一个文件或文件夹（默认当前文件夹）起作用的配置，每项后面注明来源：默认、
配置文件的行和列、环境变量或选项；最后是采用的规则集，各值注明出自哪个规则集、依据
和可信程度。输出本身是合法的配置文件。

配置文件 `+config.FileName+` 从文件所在的文件夹逐级向上查找，最近的一个生效。`,
			`Show the configuration in force for a file or folder (the working directory by
default), each value with where it comes from: the default, line and column of a
configuration file, the environment, or a flag; then the values of the profile in
force, each with the profile that states it, its basis and how far it can be
trusted. The output is itself a valid configuration file.

The configuration file `+config.FileName+` is looked for in the folder of each file
and above; the nearest one holds.`),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.given = cmd.Flags().Changed
			switch len(args) {
			case 0:
				return inv.showConfig(o, ".")
			case 1:
				return inv.showConfig(o, args[0])
			}
			return noArgs(cmd, args[1:])
		},
	}
	all := pflag.NewFlagSet("", pflag.ContinueOnError)
	inv.addCheckFlags(all, o)
	for _, name := range configFlags {
		cmd.Flags().AddFlag(all.Lookup(name))
	}
	return cmd
}

// showConfig prints the settings in force for a path.
func (inv *invocation) showConfig(o *checkFlags, path string) error {
	r, run, err := inv.configure(o, []string{path})
	if err != nil {
		return err
	}
	settingsFor, folder := r.For, false
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		settingsFor, folder = r.ForFolder, true
	}
	settings, err := settingsFor(path)
	if err != nil {
		return err
	}
	p := &configPrinter{inv: inv}
	p.file(settings)
	p.rules(settings.Rules)
	p.line("lang: "+run.Lang.Value, run.Lang.Origin)
	p.line("level: "+run.Level.Value, run.Level.Origin)
	p.line("fail_on: "+run.FailOn.Value, run.FailOn.Origin)
	p.line("convert: "+run.Convert.Value, run.Convert.Origin)
	p.b.WriteString("limits:\n")
	for _, key := range config.LimitKeys() {
		v := settings.Limits[key]
		p.line("  "+key+": "+config.LimitText(key, v.Value), v.Origin)
	}
	if folder {
		p.overrides(settings.Configuration.Overrides)
	}
	p.suppressions(settings.Configuration.Suppressions)
	p.custom(settings.Configuration.Custom)
	if err := p.profile(settings); err != nil {
		return err
	}
	_, err = fmt.Fprint(inv.Out, p.b.String())
	return err
}

// configPrinter writes settings as a configuration file with comments.
type configPrinter struct {
	inv *invocation
	b   strings.Builder
}

// line writes a line with where it comes from.
func (p *configPrinter) line(text string, from config.Origin) {
	fmt.Fprintf(&p.b, "%s # %s\n", text, oneLine(from.Text().In(p.inv.lang)))
}

func (p *configPrinter) file(s *config.Settings) {
	name := s.Configuration.Name
	if name == "" {
		name = p.inv.text("没有找到或没有读取", "none found or read")
	}
	fmt.Fprintf(&p.b, "# %s %s\n", p.inv.text("配置文件", "Configuration file:"), oneLine(name))
}

// profile writes, as comments, the values of the profile in force: where forms choose
// theirs, those of the one that they fall back on.
func (p *configPrinter) profile(s *config.Settings) error {
	inForce, err := defaultProfile(s)
	if err != nil {
		return err
	}
	chosen := lang.Text{}
	if s.Options.Profile == nil {
		chosen = lang.T("；auto：表头明确的表采用其他规则集", "; auto: forms whose headers fit another one take that")
	}
	header := lang.F("规则集 %[1]s：%[2]s（%[3]s%[4]s）", "Profile %[1]s: %[2]s (%[3]s%[4]s)",
		inForce.Name, inForce.Title.Lang(), strings.Join(inForce.Chain(), " → "), chosen)
	fmt.Fprintf(&p.b, "\n# %s\n", oneLine(header.In(p.inv.lang)))
	for _, v := range inForce.Values() {
		source := strings.Join(slices.Concat(v.Source.Basis, []string{v.Source.Confidence.Label().In(p.inv.lang)}), ", ")
		fmt.Fprintf(&p.b, "#   %s\n", oneLine(v.Pointer+" = "+v.Text+" ("+v.From+": "+source+")"))
	}
	return nil
}

// rules writes the settings about rules that are given.
func (p *configPrinter) rules(r config.Rules) {
	if r.Profile.IsSet() {
		p.line("profile: "+scalar(r.Profile.Value), r.Profile.Origin)
	}
	if r.Select.IsSet() {
		p.line("select: "+list(r.Select.Value), r.Select.Origin)
	}
	if len(r.Ignore) > 0 {
		p.b.WriteString("ignore:\n")
		for _, v := range r.Ignore {
			p.line("  - "+scalar(v.Value), v.Origin)
		}
	}
	if len(r.Severity) > 0 {
		p.b.WriteString("severity:\n")
		for _, name := range slices.Sorted(maps.Keys(r.Severity)) {
			p.line("  "+name+": "+r.Severity[name].Value.String(), r.Severity[name].Origin)
		}
	}
	p.words(r)
}

// words writes each word list with all its changes as one, and where they come from.
func (p *configPrinter) words(r config.Rules) {
	if len(r.Words) == 0 {
		return
	}
	p.b.WriteString("words:\n")
	changes := r.WordChanges()
	for _, name := range slices.Sorted(maps.Keys(r.Words)) {
		fmt.Fprintf(&p.b, "  %s:", name)
		for _, v := range r.Words[name] {
			fmt.Fprintf(&p.b, " # %s", oneLine(v.Origin.Text().In(p.inv.lang)))
		}
		fmt.Fprintf(&p.b, "\n    add: %s\n    remove: %s\n", list(changes[name].Add), list(changes[name].Remove))
	}
}

func (p *configPrinter) overrides(overrides []config.Override) {
	if len(overrides) == 0 {
		return
	}
	p.b.WriteString("overrides:\n")
	for _, o := range overrides {
		inner := &configPrinter{inv: p.inv}
		inner.rules(o.Rules)
		fmt.Fprintf(&p.b, "  - paths: %s\n", list(o.Paths))
		for line := range strings.Lines(inner.b.String()) {
			p.b.WriteString("    " + line)
		}
	}
}

func (p *configPrinter) suppressions(entries []*suppress.Entry) {
	if len(entries) == 0 {
		return
	}
	p.b.WriteString("suppressions:\n")
	for _, e := range entries {
		p.line("  - rule: "+e.Rule, config.Origin{Source: config.File, Name: e.At.File, Line: e.At.Line, Column: e.At.Column})
		for _, f := range []struct{ key, value string }{
			{"project", e.Project}, {"file", e.File}, {"reason", e.Reason},
		} {
			if f.value != "" {
				fmt.Fprintf(&p.b, "    %s: %s\n", f.key, scalar(f.value))
			}
		}
		if e.Field != nil {
			fmt.Fprintf(&p.b, "    field: %s\n", scalar(e.Field.String()))
		}
		if e.Cells != nil {
			fmt.Fprintf(&p.b, "    cells: %s\n", scalar(e.Cells.String()))
		}
		if !e.Expires.IsZero() {
			fmt.Fprintf(&p.b, "    expires: %s\n", e.Expires.Format(time.DateOnly))
		}
	}
}

// custom writes the custom rules.
func (p *configPrinter) custom(rules []config.Value[custom.Definition]) {
	if len(rules) == 0 {
		return
	}
	p.b.WriteString("rules:\n")
	for _, r := range rules {
		d := r.Value
		p.line("  - name: "+d.Name, r.Origin)
		for _, f := range []struct{ key, value string }{
			{"severity", d.Severity}, {"for", d.For}, {"when", d.When}, {"assert", d.Assert}, {"at", d.At}, {"basis", d.Basis},
		} {
			if f.value != "" {
				fmt.Fprintf(&p.b, "    %s: %s\n", f.key, scalar(f.value))
			}
		}
		for _, f := range []struct {
			key  string
			text lang.Text
		}{{"message", d.Message}, {"help", d.Help}} {
			if !f.text.IsZero() {
				fmt.Fprintf(&p.b, "    %s:\n      zh: %s\n      en: %s\n", f.key, scalar(f.text.ZH), scalar(f.text.EN))
			}
		}
	}
}

var rePlain = regexp.MustCompile(`^[\p{Han}A-Za-z][\p{Han}A-Za-z0-9./-]*$`)

// scalar writes a text as YAML. What is quoted has no invisible characters.
func scalar(s string) string {
	if rePlain.MatchString(s) && !slices.Contains([]string{"null", "true", "false", "Null", "NULL", "True", "TRUE", "False", "FALSE"}, s) {
		return s
	}
	return strconv.QuoteToGraphic(s)
}

func list(items []string) string {
	out := make([]string, 0, len(items))
	for _, s := range items {
		out = append(out, scalar(s))
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// oneLine makes a name fit for a comment.
func oneLine(s string) string {
	quoted := strconv.QuoteToGraphic(s)
	return strings.ReplaceAll(strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`), `\\`, `\`)
}
