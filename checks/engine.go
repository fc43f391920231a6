package checks

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"jixiaolint/checks/profile"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// Options say which rules run and how severe they are.
type Options struct {
	// Profile is the rule set that all forms are held to; nil chooses one for each form
	// by its printed headers: the default where they leave a doubt.
	Profile *profile.Profile
	// Select, if not empty, names the only rules or groups to run; Ignore names rules
	// or groups to leave out.
	Select, Ignore []string
	// Severity overrides the severity of rules.
	Severity map[string]Severity
	// Extra are further rules, which run after those of the catalogue. Their names are
	// theirs alone.
	Extra []*Rule
	// Words change the word lists that rules use, by the names that WordLists gives; the
	// changes of a list apply in their order.
	Words map[string][]WordChange

	// words are the word lists as changed, nil in options that were not compiled.
	words *lexicon
}

// WordChange adds words to a list and removes words from it.
type WordChange struct{ Add, Remove []string }

// Compile gives the options ready for many runs: the word lists that they change are
// built once. Run takes options that were not compiled as well, and then builds the
// lists for every document. Words must not be changed afterwards. Names are not
// checked: a run's flags may speak of rules that only some folders have.
func (o Options) Compile() (Options, error) {
	var err error
	o.words, err = words().changed(o.Words)
	return o, err
}

// lexicon gives the word lists as the options change them.
func (o Options) lexicon() (*lexicon, error) {
	if o.words != nil {
		return o.words, nil
	}
	return words().changed(o.Words)
}

// Validate checks that every name in Select, Ignore and Severity is a rule or group,
// that every change in Words can be made, and that no extra rule has the name of
// another rule or of a group. The error names what is wrong.
func (o Options) Validate() error {
	if err := o.validateNames(); err != nil {
		return err
	}
	_, err := o.Compile()
	return err
}

// validateNames checks the names of rules and groups.
func (o Options) validateNames() error {
	extra := map[string]bool{}
	for _, r := range o.Extra {
		if extra[r.Name] || isName(r.Name) {
			return &RepeatedNameError{r.Name}
		}
		extra[r.Name] = true
	}
	check := func(name string) error {
		if extra[name] || isName(name) {
			return nil
		}
		return &UnknownNameError{name}
	}
	for _, name := range slices.Concat(o.Select, o.Ignore) {
		if err := check(name); err != nil {
			return err
		}
	}
	names := make([]string, 0, len(o.Severity))
	for name := range o.Severity {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := check(name); err != nil {
			return err
		}
	}
	return nil
}

// Rules gives the rules of the catalogue, then the extra ones.
func (o Options) Rules() []*Rule { return append(slices.Clip(All()), o.Extra...) }

// Runs reports whether the options let a rule report anything.
func (o Options) Runs(r *Rule) bool { return o.severity(r, r.Severity) != Off }

// isName reports whether a rule of the catalogue or a group has the name.
func isName(name string) bool {
	_, ok := Find(name)
	return ok || slices.ContainsFunc(Groups(), func(g GroupInfo) bool { return string(g.Name) == name })
}

// RepeatedNameError reports an extra rule whose name is taken.
type RepeatedNameError struct{ Name string }

func (e *RepeatedNameError) Error() string {
	return fmt.Sprintf("the name %q is that of another rule or group", e.Name)
}

// UnknownNameError reports a name that is neither a rule nor a group.
type UnknownNameError struct{ Name string }

func (e *UnknownNameError) Error() string { return fmt.Sprintf("unknown rule or group %q", e.Name) }

// severity gives the severity of a rule's finding under the options; Off if the rule
// does not run. own is the severity the rule gave the finding.
func (o Options) severity(r *Rule, own Severity) Severity {
	named := func(names []string) bool {
		return slices.Contains(names, r.Name) || slices.Contains(names, string(r.Group))
	}
	if len(o.Select) > 0 && !named(o.Select) || named(o.Ignore) {
		return Off
	}
	if s, ok := o.Severity[r.Name]; ok {
		return s
	}
	if s, ok := o.Severity[string(r.Group)]; ok {
		return s
	}
	return own
}

// Run checks the forms of one document. It is a pure function of its arguments: the
// same document and options give the same report, findings in the same order.
//
// A rule that panics is reported as an internal error under its own name; the other
// rules go on.
func Run(ctx context.Context, doc *schema.Document, opts Options) FileReport {
	report := FileReport{File: doc.File}
	lists, err := opts.lexicon()
	if err != nil {
		return internal(report, "", err)
	}
	for _, p := range doc.Problems {
		report.Findings = append(report.Findings, problemFinding(p, nil))
	}
	batch, rules := opts.wantsBatch(), opts.Rules()
	var found []*Finding
	for _, form := range doc.Forms {
		if ctx.Err() != nil {
			break
		}
		problems, err := form.Validate()
		if err != nil {
			report = internal(report, "", err)
			break
		}
		figures, choice, err := assess(form, opts.Profile, lists)
		if err != nil {
			report = internal(report, "", err)
			break
		}
		pass := &Pass{Form: form, Profile: choice.Profile, assessment: figures, problems: problems, format: doc.Format}
		for _, r := range rules {
			if r.Check == nil {
				continue
			}
			if err := pass.run(r); err != nil {
				report = internal(report, r.Name, err)
			}
		}
		f := FormReport{Form: form, Choice: choice, Declared: pass.declared(), pass: pass}
		f.Computed, pass.corrected = pass.computed()
		found = append(found, pass.findings...)
		pass.findings = nil // the report holds them
		if batch {
			f.facts = pass.facts()
		}
		report.Forms = append(report.Forms, f)
	}
	report.finish(opts, found)
	return report
}

// finish adds more findings, applies the options' severities, sorts, fingerprints and
// counts. Findings are large: until they stand in order, pointers to them are moved.
func (r *FileReport) finish(opts Options, more []*Finding) {
	all := make([]*Finding, 0, len(r.Findings)+len(more))
	for i := range r.Findings {
		all = append(all, &r.Findings[i])
	}
	all = append(all, more...)
	for _, f := range all {
		f.Severity = opts.severity(f.Rule, f.Severity)
	}
	all = dropConsequences(slices.DeleteFunc(all, func(f *Finding) bool { return f.Severity == Off }))
	slices.SortStableFunc(all, compare)
	r.Findings = make([]Finding, len(all))
	for i, f := range all {
		r.Findings[i] = *f
	}
	r.identify()
	r.countForms()
}

// Restrict applies the options of the file that a report of Batch.Finish is about, where
// they differ from those of the run.
func (r *FileReport) Restrict(opts Options) { r.finish(opts, nil) }

// dropConsequences removes what only follows from a cell or file that could not be
// read, which has a finding of its own.
func dropConsequences(findings []*Finding) []*Finding {
	unread := map[string]bool{}
	broken := false
	for _, f := range findings {
		switch f.Rule.Name {
		case schema.RuleUnreadableCell:
			unread[f.At.At.String()] = true
		case schema.RuleUnreadableFile:
			broken = true
		}
	}
	if len(unread) == 0 && !broken {
		return findings
	}
	return slices.DeleteFunc(findings, func(f *Finding) bool {
		switch f.Rule.Name {
		case "missing-required-cell", "non-numeric-cell":
			return unread[f.At.At.String()]
		case "missing-section":
			return broken
		}
		return false
	})
}

// internal adds a finding about a failure of jixiaolint itself.
func internal(report FileReport, rule string, err error) FileReport {
	report.Internal = true
	f := Finding{
		Rule: internalError, Severity: Error, At: schema.Field{At: grid.Location{File: report.File}},
		Message: lang.F("jixiaolint 内部错误：%[1]v", "internal error of jixiaolint: %[1]v", err),
		Help: lang.T("这不是表格的问题；请把文件和这条信息报告给维护者，其他规则的结果仍然有效",
			"this is no fault of the form; please report the file and this message. The findings of other rules stand"),
	}
	var failed *failure
	switch {
	case errors.As(err, &failed):
		f.Message = lang.F("规则 %[1]s 没有执行完：%[2]s", "rule %[1]s could not be carried through: %[2]s", rule, failed.why)
		f.Help = lang.T("这不是表格的问题；请简化这条规则的条件，其他规则的结果仍然有效",
			"this is no fault of the form; make the condition of the rule simpler. The findings of other rules stand")
	case rule != "":
		f.Message = lang.F("规则 %[1]s 内部错误：%[2]v", "internal error in rule %[1]s: %[2]v", rule, err)
	}
	report.Findings = append(report.Findings, f)
	return report
}

// problemFinding makes the finding of a problem that a reader or the schema reported.
func problemFinding(p schema.Problem, form *schema.Form) Finding {
	r, ok := Find(p.Rule)
	if !ok {
		r, _ = Find(schema.RuleSchemaViolation)
	}
	f := Finding{Rule: r, Severity: r.Severity, Message: p.Message, Help: p.Help, At: p.At, Form: form}
	if p.Minor && f.Severity == Error {
		f.Severity = Warning
	}
	return f
}

// Pass is what a rule's check is given: the form, its figures, and a place for its
// findings.
type Pass struct {
	Form    *schema.Form
	Profile *profile.Profile
	*assessment

	problems []schema.Problem
	// format is that of the file, which bounds what a cell can hold.
	format grid.Format
	// corrected is set where the computed total holds scores that were not filed so.
	corrected bool
	rule      *Rule
	failed    *failure
	findings  []*Finding
}

var errPanic = errors.New("panic")

// failure is why a rule could not be carried through.
type failure struct{ why lang.Text }

func (f *failure) Error() string { return f.why.EN }

func (p *Pass) run(r *Rule) (err error) {
	p.rule, p.failed = r, nil
	before := len(p.findings)
	defer func() {
		if v := recover(); v != nil {
			p.findings = p.findings[:before]
			err = fmt.Errorf("%w: %v", errPanic, v)
		}
	}()
	r.Check(p)
	if p.failed != nil {
		p.findings = p.findings[:before]
		return p.failed
	}
	return nil
}

// Fail says that the running rule cannot be carried through on this form, and why. It
// is reported as an internal error under the rule's name, in place of the rule's
// findings.
func (p *Pass) Fail(why lang.Text) { p.failed = &failure{why} }

// Report adds a finding of the rule that is running. Rule, form and, if not set,
// severity are filled in.
func (p *Pass) Report(f Finding) {
	f.Rule, f.Form = p.rule, p.Form
	if f.Severity == Off {
		f.Severity = p.rule.Severity
	}
	p.findings = append(p.findings, &f)
}

// reported reports whether one of the named rules has a finding at the field.
func (p *Pass) reported(f schema.Field, rules ...string) bool {
	for _, g := range p.findings {
		if g.At.At.Path == f.At.Path && slices.Contains(rules, g.Rule.Name) {
			return true
		}
	}
	return false
}

// problemsOf gives the schema problems that are reported under a rule's name.
func (p *Pass) problemsOf(rule string) []schema.Problem {
	var out []schema.Problem
	for _, q := range p.problems {
		if q.Rule == rule {
			out = append(out, q)
		}
	}
	return out
}

// has reports whether the form's layout has a cell for the named field.
func (p *Pass) has(name string) bool { return p.Form.HasPlace(name) }

// at gives the field to mark for something missing: the blank cell if the file has
// one, else what the pointer's nearest neighbour is.
func (p *Pass) at(f schema.Field, pointer string) schema.Field {
	if f.Present() {
		return f
	}
	return p.Form.Place(pointer)
}

// rel labels a field as part of a finding's arithmetic.
func rel(f schema.Field, zh, en string) Related { return Related{f, lang.T(zh, en)} }

// related keeps the fields that are there.
func related(rs ...Related) []Related {
	return slices.DeleteFunc(rs, func(r Related) bool { return !r.At.Present() || !r.At.Filled() })
}

// replace proposes to replace one field's text.
func replace(s Safety, f schema.Field, to string) *Fix {
	if !f.Present() {
		return nil
	}
	return &Fix{Safety: s, Edits: []Edit{{At: f.At, From: f.Text, To: to}}}
}

// show gives a field's text for a message: trimmed, one line.
func show(f schema.Field) string {
	if !strings.ContainsFunc(f.Text, unicode.IsSpace) {
		return f.Text
	}
	return strings.Join(strings.Fields(f.Text), " ")
}

// declared gives the results that the form itself states.
func (p *Pass) declared() Results {
	r := Results{Score: show(p.Form.Total.Score), Grade: show(p.Form.Total.Grade)}
	if p.total != nil {
		r.Rate = show(p.total.Rate)
	}
	return r
}

// computed gives the recomputed results: the rate, and the total as the execution
// score due plus the scores of the indicators, as filed or, where one of them is an error,
// as due; corrected is set then.
func (p *Pass) computed() (r Results, corrected bool) {
	if p.total == nil || !p.total.rate.computed {
		return r, false
	}
	r.Rate = p.rate(p.total.rate.exact) + "%"
	e, ok := p.execution()
	scores := p.scores
	if !ok || !scores.ok || scores.n == 0 || !p.has("indicators.score") {
		return r, false
	}
	correction, corrected := p.correction("positive-score-mismatch", "reverse-score-mismatch", "score-exceeds-weight")
	total := scores.point.Add(correction).Add(e.due.Round(p.Profile.Decimals))
	r.Score, r.Grade = total.Short(p.Profile.Decimals), p.Profile.Grade(total)
	return r, corrected
}

// rate writes a rate in per cent, without the sign, with the profile's decimals.
func (p *Pass) rate(percent quantity.Number) string {
	return percent.Text(p.Profile.Execution.RateDecimals)
}

// points writes a score with the profile's decimals, without trailing zeros.
func (p *Pass) points(n quantity.Number) string { return n.Short(p.Profile.Decimals) }

// All gives the rules in catalogue order.
func All() []*Rule { return catalogue }

var catalogue = slices.Concat(inputRules, structureRules, formatRules, weightRules, budgetRules,
	scoringRules, totalRules, explanationRules, timeRules, costRules,
	satisfactionRules, indicatorRules, narrativeRules, textRules, batchRules)

// Find gives the rule of that name.
func Find(name string) (*Rule, bool) {
	i := slices.IndexFunc(catalogue, func(r *Rule) bool { return r.Name == name })
	if i < 0 {
		return nil, false
	}
	return catalogue[i], true
}
