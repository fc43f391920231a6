package main

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"jixiaolint/checks"
	"jixiaolint/checks/profile"
	"jixiaolint/cmd/jixiaolint/report"
	"jixiaolint/schema"
	"jixiaolint/schema/lang"
)

// section is a part of a rule's page. Its items are paragraphs or, in a list, points;
// code follows them as it is.
type section struct {
	title string
	items []point
	list  bool
	code  string
}

// point is a text of a section, made of words and of what is quoted from forms and
// options, which alternate. A URL, if there is one, is where the text leads.
type point struct {
	parts []string
	url   string
}

func prose(s string) point { return point{parts: []string{s}} }

// text gives a point as plain text.
func (it point) text() string { return report.Sanitize(strings.Join(it.parts, "")) }

// markdown gives a point with what is quoted as code.
func (it point) markdown() string {
	var b strings.Builder
	for i, part := range it.parts {
		part = report.Sanitize(part)
		if i%2 == 1 && part != "" {
			part = "`" + part + "`"
		} else {
			part = markdownText.Replace(part)
		}
		b.WriteString(part)
	}
	if it.url != "" {
		return "[" + b.String() + "](<" + it.url + ">)"
	}
	return b.String()
}

// markdownText keeps words from being markup.
var markdownText = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "<", "&lt;", "&", "&amp;", "[", `\[`)

// page gives all there is to say about a rule, from its value alone. withSilence adds
// how to silence it.
func (p *rulePrinter) page(r *checks.Rule, withSilence bool) []section {
	sections := []section{
		{title: p.text("检查内容", "What"), items: []point{prose(r.What.In(p.lang))}},
		{title: p.text("检查理由", "Why"), items: []point{prose(r.Why.In(p.lang))}},
		{title: p.text("公式", "Formula"), items: p.formulas(r), list: true},
		{title: p.text("依据", "Basis"), items: p.basisItems(r), list: true},
		{title: lang.F("规则集 %[1]s 的取值", "Values of the profile %[1]s", p.profile.Name).In(p.lang), items: p.valueItems(r), list: true},
		{title: p.text("怎样改", "How to mend it"), items: []point{prose(r.How.In(p.lang))}},
		{title: p.text("错误的例子", "Wrong"), items: p.exampleItems(r.Wrong), list: true},
		{title: p.text("正确的例子", "Right"), items: p.exampleItems(r.Right), list: true},
	}
	if withSilence {
		sections = append(sections, p.silence(r.Name, r.Group))
	}
	return slices.DeleteFunc(sections, func(s section) bool { return len(s.items) == 0 || s.items[0].text() == "" })
}

// facts gives what is said of every rule in a word.
func (p *rulePrinter) facts(r *checks.Rule) [][2]string {
	facts := [][2]string{
		{p.text("规则组", "Group"), string(r.Group) + " (" + p.groupTitle(r.Group) + ")"},
		{p.text("严重程度", "Severity"), p.severity(r)},
		{p.text("修正", "Fix"), p.fix(r)},
	}
	if r.Since != "" {
		facts = append(facts, [2]string{p.text("始于版本", "Since"), r.Since})
	}
	return facts
}

// formulas states the arithmetic of a rule: its own, and the formulas of the profile
// that it goes by.
func (p *rulePrinter) formulas(r *checks.Rule) []point {
	var items []point
	if f := r.Formula.In(p.lang); f != "" {
		items = append(items, prose(f))
	}
	for _, v := range p.valuesOf(r) {
		label, ok := formulaLabels[v.Pointer]
		name, err := strconv.Unquote(v.Text)
		if !ok || err != nil {
			continue
		}
		text := profile.Formula(name).Text()
		if v.Pointer == "/execution/mode" {
			text = profile.Mode(name).Text()
		}
		items = append(items, prose(lang.F("%[1]s：%[2]s", "%[1]s: %[2]s", label, text).In(p.lang)))
	}
	return items
}

// formulaLabels say what the formulas of a profile are for.
var formulaLabels = map[string]lang.Text{
	"/positive":       lang.T("没有达到 ≥ 目标", "a target with ≥ that was missed"),
	"/equal":          lang.T("没有达到 = 目标", "a target with = that was missed"),
	"/reverse":        lang.T("超出 ≤ 目标", "a target with ≤ that was exceeded"),
	"/zero_target":    lang.T("目标为 0 而没有达到", "a target of 0 that was missed"),
	"/execution/mode": lang.T("执行率", "execution rate"),
}

func (p *rulePrinter) basisItems(r *checks.Rule) []point {
	var items []point
	for _, s := range p.basis(r) {
		text := s.Code
		if s.Title != "" {
			text += "  " + s.Title
		}
		items = append(items, point{parts: []string{text}, url: s.URL})
	}
	return items
}

// valueItems shows the values that a rule uses, each with its meaning and source.
func (p *rulePrinter) valueItems(r *checks.Rule) []point {
	var items []point
	for _, v := range p.valuesOf(r) {
		source := strings.Join(slices.Concat(v.Source.Basis, []string{v.Source.Confidence.Label().In(p.lang)}), ", ")
		items = append(items, point{parts: []string{"", v.Pointer + " = " + v.Text, "  " + valueLabel(v.Pointer).In(p.lang) + " (" + source + ")"}})
	}
	return items
}

// valueLabel says what a value of a profile means, in the words of the JSON Schema of
// profiles: those of the value, or of what it belongs to.
func valueLabel(pointer string) lang.Text {
	type node struct {
		Title, Description string
		Properties         map[string]json.RawMessage
		Items              json.RawMessage
	}
	var n node
	var label lang.Text
	next := json.RawMessage(schema.ProfileSchema())
	for step := range strings.SplitSeq(pointer, "/") {
		if step != "" {
			if next = n.Properties[step]; next == nil {
				next = n.Items
			}
		}
		n = node{}
		if next == nil || json.Unmarshal(next, &n) != nil {
			break
		}
		if n.Title != "" {
			label = lang.T(n.Title, n.Description)
		}
	}
	return label
}

// exampleItems shows the changes that an example makes to the form that all examples
// start from.
func (p *rulePrinter) exampleItems(e checks.Example) []point {
	if e == nil {
		return nil
	}
	if len(e) == 0 {
		return []point{prose(p.text("样表原样，不作改动", "the specimen form as it is"))}
	}
	changes, err := e.Changes()
	if err != nil {
		return []point{prose(err.Error())} // a test shows that no example fails
	}
	empty := p.text("（空）", "(empty)")
	items := make([]point, 0, len(changes))
	for _, c := range changes {
		parts := []string{c.Field.In(p.lang) + p.text("：", ": ")}
		switch {
		case c.Before != "" && c.After != "" && c.Before != c.After:
			parts = append(parts, c.Before, " → ", c.After, "")
		case c.After != "":
			parts = append(parts, c.After, "")
		default:
			parts = append(parts, c.Before, " → "+empty)
		}
		parts[len(parts)-1] += "  "
		items = append(items, point{parts: append(parts, c.Pointer)})
	}
	return items
}

// silence says how to silence a rule, with what to copy into a configuration.
func (p *rulePrinter) silence(name string, group checks.Group) section {
	narrow := p.text("project: 项目名称", "project: NAME OF THE PROJECT")
	if group == checks.GroupInput {
		narrow = p.text("file: 文件名.xlsx", "file: NAME.xlsx")
	}
	return section{
		title: p.text("怎样忽略", "How to silence it"),
		items: []point{{parts: []string{p.text("运行时加 ", "Add "), "--ignore " + name,
			p.text("，或写入配置文件 .jixiaolint.yaml（两种写法选一种，豁免须有理由）：", " to the command, or one of these to .jixiaolint.yaml (a suppression needs a reason):")}}},
		code: lang.F(`severity: {%[1]s: off}      # 或 error、warning、note
suppressions:
  - {rule: %[1]s, %[2]s, reason: 理由}
`, `severity: {%[1]s: off}      # or error, warning, note
suppressions:
  - {rule: %[1]s, %[2]s, reason: WHY}
`, name, narrow).In(p.lang),
	}
}

func (p *rulePrinter) textPages(rules []*checks.Rule) {
	for i, r := range rules {
		if i > 0 {
			p.printf("\n\n")
		}
		p.textPage(r)
	}
}

func (p *rulePrinter) textPage(r *checks.Rule) {
	p.printf("%s\n%s\n\n", r.Name, p.title(r))
	for _, s := range p.page(r, true) {
		p.printf("%s\n", s.title)
		for _, it := range s.items {
			hanging := "\n  "
			if s.list {
				hanging += "  "
			}
			const width = 88
			p.printf("  %s\n", strings.Join(report.Wrap(it.text(), width), hanging))
			if it.url != "" {
				p.printf("    %s\n", it.url)
			}
		}
		for line := range strings.Lines(s.code) {
			p.printf("    %s", line)
		}
	}
	width := 0
	for _, f := range p.facts(r) {
		width = max(width, report.Width(f[0]))
	}
	for _, f := range p.facts(r) {
		p.printf("%s  %s\n", report.Pad(f[0], width), f[1])
	}
}

func (p *rulePrinter) markdownPages(rules []*checks.Rule) {
	for i, r := range rules {
		if i > 0 {
			p.printf("\n")
		}
		p.markdownPage(r, "##", true)
	}
}

// markdownReference gives all rules as one document, by groups, with a table of
// contents.
func (p *rulePrinter) markdownReference(rules []*checks.Rule) {
	p.printf("# %s\n\n%s\n\n", p.text("规则参考", "Rules"), p.text(
		"由 `jixiaolint rule --all --format markdown` 生成，请勿手改。例子都是对同一张样表（`checks/specimen.json`）的改动，由测试逐条运行。",
		"Generated by `jixiaolint rule --all --format markdown --lang en`: do not edit. Examples are changes to one specimen form (`checks/specimen.json`); tests run all of them."))
	byGroup(rules, func(g checks.GroupInfo, own []*checks.Rule) {
		names := make([]string, len(own))
		for i, r := range own {
			names[i] = "[`" + r.Name + "`](#" + r.Name + ")"
		}
		p.printf("- **%s** (`%s`): %s\n", g.Title.In(p.lang), g.Name, strings.Join(names, " "))
	})
	p.printf("\n")
	silence := p.silence("RULE", "")
	silence.title = p.text("怎样忽略一条规则", "How to silence a rule")
	p.markdownSection(silence)
	byGroup(rules, func(g checks.GroupInfo, own []*checks.Rule) {
		p.printf("\n## %s (`%s`)\n\n%s\n", g.Title.In(p.lang), g.Name, markdownText.Replace(g.What.In(p.lang)))
		for _, r := range own {
			p.printf("\n")
			p.markdownPage(r, "###", false)
		}
	})
}

func (p *rulePrinter) markdownPage(r *checks.Rule, heading string, withSilence bool) {
	p.printf("%s `%s`\n\n**%s**\n\n", heading, r.Name, markdownText.Replace(p.title(r)))
	var facts []string
	for _, f := range p.facts(r) {
		facts = append(facts, f[0]+p.text("：", ": ")+f[1])
	}
	p.printf("%s\n", strings.Join(facts, p.text("；", "; ")))
	for _, s := range p.page(r, withSilence) {
		p.printf("\n")
		p.markdownSection(s)
	}
}

func (p *rulePrinter) markdownSection(s section) {
	p.printf("**%s**", s.title)
	for _, it := range s.items {
		if s.list {
			p.printf("\n- %s", it.markdown())
		} else {
			p.printf(" %s", it.markdown())
		}
	}
	p.printf("\n")
	if s.code != "" {
		p.printf("\n```yaml\n%s```\n", s.code)
	}
}
