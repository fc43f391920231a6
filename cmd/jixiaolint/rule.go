package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"jixiaolint/checks"
	"jixiaolint/checks/config"
	"jixiaolint/checks/profile"
	"jixiaolint/cmd/jixiaolint/report"
	"jixiaolint/schema/lang"
)

// ruleFlags are the flags of the command rule.
type ruleFlags struct {
	all, noConfig   bool
	profile, config string
	format          *choice
}

// ruleCommand explains rules. All it says comes from the rules themselves.
func (inv *invocation) ruleCommand() *cobra.Command {
	o := &ruleFlags{format: newChoice("text", "text", "json", "markdown")}
	cmd := &cobra.Command{
		Use:   "rule" + inv.text(" [选项] [规则名...]", " [flags] [NAME...]"),
		Short: inv.text("列出规则，或解释其中几条", "list the rules, or explain some of them"),
		Long: inv.text("解释规则：查什么，为什么查，公式、依据和取值，怎样改，怎样忽略，错误和正确的\n例子。不给规则名时按组列出全部规则。",
			"Explain rules: what is checked and why, by which formula, basis and values, how to\nmend it, how to silence it, with a wrong and a right example. Without names all\nrules are listed by group."),
		Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error { return inv.runRule(o, args) },
		ValidArgsFunction: func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			return ruleNames(completedRules(cmd)), cobra.ShellCompDirectiveNoFileComp
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.all, "all", false, inv.text("解释全部规则", "explain all rules"))
	f.StringVar(&o.profile, "profile", profile.Auto,
		inv.text("显示规则集 `NAME|FILE` 的取值（默认为配置中的，或 "+profile.Default+"）", "show the values of the profile `NAME|FILE` (default: as configured, or "+profile.Default+")"))
	f.StringVar(&o.config, "config", "",
		inv.text("连同配置文件 `FILE` 中的自定义规则（默认为当前文件夹的配置）", "custom rules of the configuration `FILE` (default: of the working directory)"))
	f.BoolVar(&o.noConfig, "no-config", false, inv.text("不读任何配置文件", "read no configuration file"))
	f.VarP(o.format, "format", "f", inv.text("`FORMAT`：text（默认）、json、markdown", "`FORMAT`: text (default), json, markdown"))
	group(f, groupOutput, "all", "profile", "config", "no-config", "format")
	return cmd
}

// runRule explains the named rules, or lists all. A configuration that is wrong keeps
// nobody from looking up the rules of the catalogue: it is reported, and passed over.
func (inv *invocation) runRule(o *ruleFlags, names []string) error {
	switch {
	case o.all && len(names) > 0:
		return usage("--all 和规则名不能同时使用", "--all and rule names exclude each other")
	case o.config != "" && o.noConfig:
		return usage("--config 和 --no-config 不能同时使用", "--config and --no-config exclude each other")
	}
	settings, wrong := settingsHere(o.config, o.noConfig)
	if wrong != nil && o.config != "" {
		return wrong
	}
	rules, err := namedRules(settings, names)
	if err != nil {
		return cmp.Or(wrong, err)
	}
	p, err := loadProfile(o.profile)
	if err == nil && p == nil {
		p, err = defaultProfile(settings)
	}
	if err != nil {
		return err
	}
	if wrong != nil {
		inv.fail(wrong)
	}
	return inv.explain(rules, p, o, len(names) > 0)
}

// namedRules gives the rules of that name, all if there are no names. Settings are nil
// if the configuration is wrong.
func namedRules(s *config.Settings, names []string) ([]*checks.Rule, error) {
	var options checks.Options
	if s != nil {
		options = s.Options
	}
	all := options.Rules()
	if len(names) == 0 {
		return all, nil
	}
	rules := make([]*checks.Rule, 0, len(names))
	for _, name := range names {
		i := slices.IndexFunc(all, func(r *checks.Rule) bool { return r.Name == name })
		if i < 0 {
			return nil, unknownRule(name, ruleNames(options.Extra))
		}
		rules = append(rules, all[i])
	}
	return rules, nil
}

// defaultProfile gives the profile of the settings, or the default where forms choose.
func defaultProfile(s *config.Settings) (*profile.Profile, error) {
	if s != nil && s.Options.Profile != nil {
		return s.Options.Profile, nil
	}
	return profile.Load(profile.Default)
}

// explain prints rules: pages of those that were named, the whole reference, or a list.
// JSON always has everything.
func (inv *invocation) explain(rules []*checks.Rule, pr *profile.Profile, o *ruleFlags, named bool) error {
	p := &rulePrinter{lang: inv.lang, sources: checks.Sources(), profile: pr, values: pr.Values()}
	markdown := o.format.value == "markdown"
	switch {
	case o.format.value == "json":
		if err := p.json(rules); err != nil {
			return err
		}
	case markdown && named:
		p.markdownPages(rules)
	case markdown && o.all:
		p.markdownReference(rules)
	case markdown:
		p.markdownList(rules)
	case named || o.all:
		p.textPages(rules)
	default:
		p.textList(rules)
	}
	_, err := inv.Out.Write([]byte(p.b.String()))
	return err
}

// rulePrinter words rules in one language.
type rulePrinter struct {
	lang    lang.Lang
	sources map[string]checks.Source
	// profile is the rule set whose values are shown.
	profile *profile.Profile
	values  []profile.Value
	b       strings.Builder
}

func (p *rulePrinter) printf(format string, args ...any) { fmt.Fprintf(&p.b, format, args...) }

func (p *rulePrinter) text(zh, en string) string { return lang.T(zh, en).In(p.lang) }

// title gives the title of a rule, which may come from a configuration that others
// submit.
func (p *rulePrinter) title(r *checks.Rule) string { return report.Sanitize(r.Title.In(p.lang)) }

// byGroup calls f for every group that has rules among those given.
func byGroup(rules []*checks.Rule, f func(checks.GroupInfo, []*checks.Rule)) {
	for _, g := range checks.Groups() {
		var own []*checks.Rule
		for _, r := range rules {
			if r.Group == g.Name {
				own = append(own, r)
			}
		}
		if len(own) > 0 {
			f(g, own)
		}
	}
}

func (p *rulePrinter) textList(rules []*checks.Rule) {
	width, severityWidth := 0, 0
	for _, r := range rules {
		width = max(width, len(r.Name))
		severityWidth = max(severityWidth, report.Width(r.Severity.Label().In(p.lang)))
	}
	byGroup(rules, func(g checks.GroupInfo, own []*checks.Rule) {
		p.printf("%s (%s) — %s\n", g.Title.In(p.lang), g.Name, g.What.In(p.lang))
		for _, r := range own {
			p.printf("  %-*s  %s  %s\n", width, r.Name, report.Pad(r.Severity.Label().In(p.lang), severityWidth), p.title(r))
		}
		p.printf("\n")
	})
	p.printf("%s\n", p.text("运行 jixiaolint rule 规则名 查看详细解释。", "Run jixiaolint rule NAME for an explanation."))
}

// valuesOf gives the values of the profile that the rule uses, in the rule's order.
func (p *rulePrinter) valuesOf(r *checks.Rule) []profile.Value {
	var out []profile.Value
	for _, use := range r.Uses {
		for _, v := range p.values {
			if v.Pointer == use || strings.HasPrefix(v.Pointer, use+"/") {
				out = append(out, v)
			}
		}
	}
	return out
}

func (p *rulePrinter) groupTitle(name checks.Group) string {
	for _, g := range checks.Groups() {
		if g.Name == name {
			return g.Title.In(p.lang)
		}
	}
	return ""
}

// severity names the severity as options spell it, and in words.
func (p *rulePrinter) severity(r *checks.Rule) string {
	if p.lang == lang.EN {
		return r.Severity.String()
	}
	return r.Severity.String() + " (" + r.Severity.Label().ZH + ")"
}

func (p *rulePrinter) fix(r *checks.Rule) string {
	switch r.Fix {
	case checks.Safe:
		return p.text("有确定的改法：由表内数字唯一得出", "certain: follows from the form's own figures")
	case checks.Unsafe:
		return p.text("有建议的改法：需人工确认", "proposed: to be confirmed by a person")
	case checks.NoFix:
	}
	return p.text("无，需人工处理", "none")
}

func (p *rulePrinter) markdownList(rules []*checks.Rule) {
	byGroup(rules, func(g checks.GroupInfo, own []*checks.Rule) {
		p.printf("## %s (`%s`)\n\n%s\n\n", g.Title.In(p.lang), g.Name, g.What.In(p.lang))
		p.printf("| %s | %s | %s | %s |\n|---|---|---|---|\n",
			p.text("规则", "Rule"), p.text("严重程度", "Severity"), p.text("修正", "Fix"), p.text("内容", "What is wrong"))
		for _, r := range own {
			fix := string(r.Fix)
			if r.Fix == checks.NoFix {
				fix = "–"
			}
			p.printf("| `%s` | %s | %s | %s |\n", r.Name, r.Severity.Label().In(p.lang), fix, markdownCell(p.title(r)))
		}
		p.printf("\n")
	})
}

func markdownCell(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(s)
}

// The JSON of rule.
type (
	ruleSource struct {
		Code  string `json:"code"`
		Title string `json:"title"`
		URL   string `json:"url,omitempty"`
	}
	ruleSet struct {
		Path   string `json:"path"`
		Value  any    `json:"value"`
		Field  string `json:"field"`
		Before string `json:"before,omitempty"`
	}
	ruleValue struct {
		Path       string             `json:"path"`
		Value      json.RawMessage    `json:"value"`
		From       string             `json:"from"`
		Basis      []string           `json:"basis,omitempty"`
		Confidence profile.Confidence `json:"confidence,omitempty"`
	}
	ruleDoc struct {
		Name     string        `json:"name"`
		Group    checks.Group  `json:"group"`
		Severity string        `json:"severity"`
		Title    string        `json:"title"`
		What     string        `json:"what"`
		Why      string        `json:"why"`
		How      string        `json:"how,omitempty"`
		Formula  []string      `json:"formula,omitempty"`
		Basis    []ruleSource  `json:"basis"`
		Values   []ruleValue   `json:"values,omitempty"`
		Fix      checks.Safety `json:"fix,omitempty"`
		Since    string        `json:"since"`
		Wrong    []ruleSet     `json:"wrong"`
		Right    []ruleSet     `json:"right"`
	}
)

// basis gives a rule's sources with their titles; a code without an entry stands for
// itself.
func (p *rulePrinter) basis(r *checks.Rule) []ruleSource {
	out := make([]ruleSource, 0, len(r.Basis))
	for _, code := range r.Basis {
		s := ruleSource{Code: code}
		if known, ok := p.sources[code]; ok {
			s.Title, s.URL = known.Title.In(p.lang), known.URL
		}
		out = append(out, s)
	}
	return out
}

func (p *rulePrinter) json(rules []*checks.Rule) error {
	docs := make([]ruleDoc, 0, len(rules))
	for _, r := range rules {
		var values []ruleValue
		for _, v := range p.valuesOf(r) {
			values = append(values, ruleValue{v.Pointer, json.RawMessage(v.Text), v.From, v.Source.Basis, v.Source.Confidence})
		}
		docs = append(docs, ruleDoc{
			Name: r.Name, Group: r.Group, Severity: r.Severity.String(),
			Title: r.Title.In(p.lang), What: r.What.In(p.lang), Why: r.Why.In(p.lang), How: r.How.In(p.lang), Formula: texts(p.formulas(r)),
			Basis: p.basis(r), Values: values, Fix: r.Fix, Since: r.Since,
			Wrong: p.exampleSets(r.Wrong), Right: p.exampleSets(r.Right),
		})
	}
	enc := json.NewEncoder(&p.b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(docs)
}

func texts(items []point) []string {
	var out []string
	for _, it := range items {
		out = append(out, it.text())
	}
	return out
}

func (p *rulePrinter) exampleSets(e checks.Example) []ruleSet {
	out := make([]ruleSet, 0, len(e))
	changes, err := e.Changes()
	if err != nil {
		return out // a test shows that no example fails
	}
	for i, c := range changes {
		out = append(out, ruleSet{c.Pointer, e[i].Value, c.Field.In(p.lang), c.Before})
	}
	return out
}
