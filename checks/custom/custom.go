// Package custom makes rules of the declarations in a configuration: a condition over
// the fields of the canonical document that must hold, and what to say where it does
// not. A province or department writes its own requirements so, without programming:
//
//	rules:
//	  # 山西: where a project has no measured cost, its default cost row has at most 5 points.
//	  - name: shanxi-default-cost
//	    severity: warning
//	    for: indicators
//	    when: item.level2 contains "成本" and not (text(item.target) matches "[0-9０-９]")
//	    assert: item.weight <= 5
//	    at: item.weight
//	    message:
//	      zh: 成本指标“{item.name}”没有可衡量的指标值，分值 {item.weight}，最多 5 分
//	      en: the cost indicator {item.name} has no measurable target; its weight is {item.weight}, at most 5 is allowed
//
// examples.yaml beside this file has it and others after requirements of 四川, 湖北 and
// 广西.
//
// # Keys
//
// name is a rule name in kebab-case that no other rule or group has; the rules form
// the group custom. severity is error, warning (the default) or note. for says what
// the condition is about: form (the default), or each row of indicators, funds or
// groups in turn, which the expressions then call item. when, if given, picks the
// rows or forms concerned. assert must hold. at is the field to mark. message and
// help are in both languages, with {expression} for figures and texts of the form;
// basis is the document that the rule rests on.
//
// # Fields
//
// Fields have their names in the canonical document (jixiaolint schema form):
// form.project, form.goal.actual, form.total.score; of rows item.level2, item.weight,
// item.executed. form.funds.total is the row 年度资金总额, form.texts all that the
// form says in words (goals, reasons, remarks). Rates count in per cent: 92.31% is
// 92.31.
//
// Columns of figures are figures and columns of words are texts; target and actual
// are what they stand beside. num(x) reads a text as a figure, text(x) a figure as
// displayed, unit(x) gives the unit.
//
// # Conditions
//
//   - == != < <= > >= compare figures as displayed, exactly, in one unit: 0.1 + 0.2 ==
//     0.3, and 2万元 == 20000元.
//   - agrees(a, b) compares a filed result with the recomputed one as the rules of the
//     catalogue do: an input shown with decimals stands for all values that round to
//     it, a result for what rounds to it. Use it for every result of a division.
//   - == != in contains startsWith endsWith compare texts; white space and full width
//     do not count. matches takes an RE2 pattern and the text as it is.
//   - and, or, not (&&, ||, !), a ? b : c, + - * /, abs, round(x, decimals), min, max,
//     len(text) in characters.
//   - present(x) asks whether a cell is filled in; blank, — and 无 are not.
//   - sum, mean, min, max, count, all, any, none, one, filter and map work on
//     form.indicators, form.funds.rows, form.groups, form.remarks and form.texts. Inside
//     them .score is the field of the row looked at, # the figure or text that map made:
//     sum(form.indicators, .score), any(form.texts, .text contains "结余"). mean, min and
//     max take the figures that map makes: max(map(form.indicators, .weight)).
//
// # What is not known
//
// A figure that is absent or cannot be read, a column that the layout does not have,
// figures in unlike units, a division by 0: of these nothing is known, and neither is
// of what is computed from them. A condition that is not known to be false gives no
// finding. Logic is three-valued: "false and unknown" is false, "true or unknown" is
// true; all is false as soon as one row is surely false. A sum is not known if one of
// its figures is not, and over a table without rows; over rows of which none was
// picked it is 0. present is always known, unless the layout has no such cell. A rule
// with a when that is not known does not apply.
//
// # Bounds
//
// Expressions, patterns, messages and rules are bounded in size when they are
// compiled, and a rule is bounded in steps when it runs, the more closely the more rules
// there are: a rule that exceeds them on a form is reported as an internal error of that
// rule; other rules are not affected.
//
// The lexer and parser are those of expr-lang/expr, a small library without
// dependencies; types are checked and conditions evaluated here, because figures must
// be exact and the logic three-valued, which its virtual machine is not made for.
package custom

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"jixiaolint/checks"
	"jixiaolint/schema/lang"
)

// Definition is a custom rule as the configuration declares it;
// the package comment says what they mean.
type Definition struct {
	Name     string    `yaml:"name"`
	Severity string    `yaml:"severity"`
	For      string    `yaml:"for"`
	When     string    `yaml:"when"`
	Assert   string    `yaml:"assert"`
	At       string    `yaml:"at"`
	Message  lang.Text `yaml:"message"`
	Help     lang.Text `yaml:"help"`
	Basis    string    `yaml:"basis"`
}

// MaxRules is the number of custom rules that a configuration may have.
const MaxRules = 200

// Error says what is wrong with a definition.
type Error struct {
	// Rule is the rule's name, or its number in the configuration if it has none.
	Rule string
	// Index is the definition's place in the configuration, from 0.
	Index int
	// Key is the key in question, such as assert or message.zh.
	Key string
	// Line and Column, from 1, in runes, are the place in the key's text; 0 if the key
	// as a whole is meant.
	Line, Column int
	Message      lang.Text
}

// Text words the error in both languages.
func (e *Error) Text() lang.Text {
	place := lang.T(e.Key, e.Key)
	if e.Line > 0 {
		place = lang.F("%[1]s 第 %[2]d 行第 %[3]d 列", "%[1]s, line %[2]d, column %[3]d", e.Key, e.Line, e.Column)
	}
	return lang.F("规则 %[1]s：%[2]s：%[3]s", "rule %[1]s: %[2]s: %[3]s", e.Rule, place, e.Message)
}

// Error words the error in English.
func (e *Error) Error() string { return e.Text().EN }

// CompileAll compiles the rules of a configuration, and checks that each has a name
// of its own. The error joins an *Error for each wrong rule.
func CompileAll(definitions []Definition) ([]*checks.Rule, error) {
	if len(definitions) > MaxRules {
		return nil, &Error{Rule: "…", Key: "rules", Message: lang.F("自定义规则有 %[1]d 条，最多 %[2]d 条", "there are %[1]d custom rules; at most %[2]d are allowed", len(definitions), MaxRules)}
	}
	rules := make([]*checks.Rule, 0, len(definitions))
	var wrong []error
	seen := map[string]bool{}
	for i, d := range definitions {
		r, err := compile(d, min(maxSteps, allSteps/len(definitions)))
		if err == nil && seen[d.Name] {
			err = &Error{Rule: d.Name, Key: "name", Message: lang.T("与另一条自定义规则重名", "another custom rule has this name")}
		}
		var e *Error
		if errors.As(err, &e) {
			if e.Index = i; e.Rule == "" {
				e.Rule = fmt.Sprintf("#%d", i+1)
			}
		}
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		seen[d.Name] = true
		rules = append(rules, r)
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	return rules, nil
}

// rule is a compiled definition.
type rule struct {
	// rows visits what the condition is about.
	rows         func(*object, func(object) bool)
	when, assert func(*env) truth
	at           expression
	zh, en       message
	helpZH       message
	helpEN       message
	steps        int // what it may take on a form
}

// Compile checks a definition and makes the rule of it. An error is an *Error; it is
// the first one found.
func Compile(d Definition) (*checks.Rule, error) { return compile(d, maxSteps) }

// compile is Compile for a rule that may take so many steps on a form.
func compile(d Definition, steps int) (*checks.Rule, error) {
	b := &builder{definition: d}
	severity := b.head()
	r := b.rule()
	if b.err != nil {
		return nil, b.err
	}
	r.steps = steps
	out := &checks.Rule{
		Name: d.Name, Group: checks.GroupCustom, Severity: severity,
		Title: d.Message,
		What:  d.what(),
		Why:   lang.T("配置文件的要求。", "The configuration asks for it."),
		How:   d.Help,
		Check: r.check,
	}
	if d.Basis != "" {
		out.Basis = []string{d.Basis}
	}
	return out, nil
}

// what says when a finding is made.
func (d Definition) what() lang.Text {
	rows := map[string]lang.Text{
		"indicators": lang.T("每行指标", "each indicator row"),
		"funds":      lang.T("每行资金", "each row of funds"),
		"groups":     lang.T("每个分组", "each group"),
	}
	of, ok := rows[d.For]
	if !ok {
		of = lang.T("每张表", "each form")
	}
	if d.When == "" {
		return lang.F("%[1]s须满足：%[2]s", "For %[1]s this must hold: %[2]s", of, oneLine(d.Assert))
	}
	return lang.F("%[1]s，如果 %[2]s，则须满足：%[3]s", "For %[1]s with %[2]s this must hold: %[3]s", of, oneLine(d.When), oneLine(d.Assert))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// builder compiles one definition and keeps the first error.
type builder struct {
	definition Definition
	item       *shape
	reads      int
	err        error
}

func (b *builder) fail(key string, at *located, text string) {
	if b.err != nil {
		return
	}
	e := &Error{Rule: b.definition.Name, Key: key, Message: at.message}
	e.Line, e.Column = 1, 1
	for i, r := range []rune(text) {
		if i == at.at {
			break
		}
		if e.Column++; r == '\n' {
			e.Line, e.Column = e.Line+1, 1
		}
	}
	b.err = e
}

func (b *builder) wrong(key, zh, en string, args ...any) {
	if b.err == nil {
		b.err = &Error{Rule: b.definition.Name, Key: key, Message: lang.F(zh, en, args...)}
	}
}

func tooLong(most int) lang.Text {
	return lang.F("太长：最多 %[1]d 个字", "too long: at most %[1]d characters are allowed", most)
}

const (
	maxName  = 60
	maxBasis = 200
)

// isKebab reports whether a name is of words of small letters and digits, joined by
// hyphens, the first of which begins with a letter.
func isKebab(name string) bool {
	for word := range strings.SplitSeq(name, "-") {
		if word == "" || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return false
		}
	}
	return name[0] >= 'a'
}

// head checks the keys that are no expressions.
func (b *builder) head() checks.Severity {
	d := b.definition
	switch {
	case d.Name == "":
		b.wrong("name", "没有名称", "there is no name")
	case len(d.Name) > maxName || !isKebab(d.Name):
		b.wrong("name", "名称应由小写字母、数字和连字符组成，例如 cost-limit，最多 %[1]d 个字", "the name must be of small letters, digits and hyphens, such as cost-limit, and at most %[1]d characters", maxName)
	}
	if (checks.Options{Extra: []*checks.Rule{{Name: d.Name}}}).Validate() != nil {
		b.wrong("name", "已有同名的内置规则或规则组", "a built-in rule or group has this name")
	}
	severity := checks.Warning
	if d.Severity != "" {
		var ok bool
		if severity, ok = checks.ParseSeverity(d.Severity); !ok || severity == checks.Off {
			b.wrong("severity", "应为 error、warning 或 note，不是 %[1]q", "must be error, warning or note, not %[1]q", d.Severity)
		}
	}
	if utf8.RuneCountInString(d.Basis) > maxBasis {
		b.wrong("basis", "%[1]s", "%[1]s", tooLong(maxBasis))
	}
	return severity
}

// rule compiles the expressions.
func (b *builder) rule() *rule {
	d := b.definition
	r := &rule{rows: func(form *object, visit func(object) bool) { visit(*form) }}
	if d.For != "" && d.For != "form" {
		name := map[string]string{"indicators": "indicators", "groups": "groups", "funds": "funds.rows"}[d.For]
		t, ok := theShapes().form.lists[name]
		if !ok {
			b.wrong("for", "应为 form、indicators、funds 或 groups，不是 %[1]q", "must be form, indicators, funds or groups, not %[1]q", d.For)
			return r
		}
		b.item, r.rows = t.shape, t.rows
	}
	if d.When != "" {
		r.when = b.condition("when", d.When)
		b.reads = 0
	}
	if d.Assert == "" {
		b.wrong("assert", "没有条件", "there is no condition")
		return r
	}
	r.assert = b.condition("assert", d.Assert)
	if b.reads == 0 {
		b.wrong("assert", "条件没有用到表中的任何字段", "the condition reads no field of the form")
	}
	r.at = b.place(d.At)
	r.zh, r.en = b.message("message.zh", d.Message.ZH, true), b.message("message.en", d.Message.EN, true)
	helped := !d.Help.IsZero()
	r.helpZH, r.helpEN = b.message("help.zh", d.Help.ZH, helped), b.message("help.en", d.Help.EN, helped)
	return r
}

func (b *builder) condition(key, src string) func(*env) truth {
	x, reads, err := parse(src, b.item, 0)
	if err == nil && x.kind != boolKind {
		err = &located{0, lang.T("这里应是一个条件，例如 item.score <= item.weight", "a condition is needed here, such as item.score <= item.weight")}
	}
	if err != nil {
		b.fail(key, err, src)
	}
	b.reads += reads
	return x.truth
}

func (b *builder) place(src string) expression {
	if src == "" {
		b.wrong("at", "没有写明标记哪个字段，例如 item.score", "the field to mark is missing, such as item.score")
		return expression{}
	}
	x, _, err := parse(src, b.item, 0)
	if err == nil && x.field == nil {
		err = &located{0, lang.T("这里应是一个字段，例如 item.score", "a field is needed here, such as item.score")}
	}
	if err != nil {
		b.fail("at", err, src)
	}
	return x
}

func (b *builder) message(key, src string, wanted bool) message {
	if src == "" {
		if wanted {
			b.wrong(key, "没有这种语言的文字", "the text in this language is missing")
		}
		return nil
	}
	m, err := parseMessage(src, b.item)
	if err != nil {
		b.fail(key, err, src)
	}
	return m
}

// check runs the rule over one form.
func (r *rule) check(p *checks.Pass) {
	e := newEnv(p.Form, r.steps)
	r.rows(&e.form, func(item object) bool {
		e.item = item
		if (r.when == nil || r.when(e) == yes) && r.assert(e) == no {
			r.report(p, e)
		}
		return e.steps > 0
	})
	if e.steps == 0 {
		p.Fail(lang.F("条件的计算超过了 %[1]d 步", "its condition takes more than %[1]d steps", r.steps))
	}
}

// report reports that the condition is false. It is evaluated once more to learn
// which fields speak against it.
func (r *rule) report(p *checks.Pass, e *env) {
	e.tracing, e.reads = true, e.reads[:0]
	r.assert(e)
	e.tracing = false
	o := r.at.object(e)
	at := read{o, r.at.field}.at()
	f := checks.Finding{
		At: at, Related: e.related(at), Found: text{s: r.at.field.get(&o).Text}.line(),
		Message: lang.T(r.zh.in(e), r.en.in(e)),
	}
	if r.helpZH != nil {
		f.Help = lang.T(r.helpZH.in(e), r.helpEN.in(e))
	}
	p.Report(f)
}
