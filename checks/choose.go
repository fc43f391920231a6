package checks

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"jixiaolint/checks/profile"
	"jixiaolint/schema"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// Choice is the rule set that a form was held to, and how it was chosen.
type Choice struct {
	Profile *profile.Profile
	// Auto is set when the form's own printed headers decided, or nothing else did.
	Auto bool
	// Because says what in the form spoke for another profile than the default; empty
	// for the default and for profiles that were asked for.
	Because lang.Text
}

// defaultProfile and autoProfiles are the shipped default and those that a form's
// headers may choose, read once and when first used.
var (
	defaultProfile = sync.OnceValues(func() (*profile.Profile, error) { return profile.Load(profile.Default) })
	autoProfiles   = sync.OnceValues(func() ([]*profile.Profile, error) {
		var out []*profile.Profile
		for _, name := range profile.Names() {
			p, err := profile.Load(name)
			if err != nil {
				return nil, err
			}
			if p.Auto {
				out = append(out, p)
			}
		}
		return out, nil
	})
)

// assess reads a form under the profile asked for or, if that is nil, under the one
// that its headers choose.
func assess(form *schema.Form, asked *profile.Profile, lists *lexicon) (*assessment, Choice, error) {
	if asked != nil {
		return newAssessment(form, asked, lists), Choice{Profile: asked}, nil
	}
	standard, err := defaultProfile()
	if err != nil {
		return nil, Choice{}, err
	}
	a := newAssessment(form, standard, lists)
	choice, err := a.choose(standard)
	if err == nil && choice.Profile != standard {
		a = newAssessment(form, choice.Profile, lists)
	}
	return a, choice, err
}

// choose gives the one profile that everything printed in the form fits: the points of
// its groups and the grades it explains. If that can be said of none or of several, or
// of the default, it is the default. Names of places choose nothing: forms of one
// region follow different rules.
func (a *assessment) choose(standard *profile.Profile) (Choice, error) {
	choice := Choice{Profile: standard, Auto: true}
	groups, weighed := a.groupWeights()
	grades := a.printedGrades()
	fits := func(p *profile.Profile) bool {
		return (!weighed || a.fitsWeights(groups, p)) && fitsGrades(grades, p)
	}
	if fits(standard) || weighed && !a.statedPointsHold(groups) {
		return choice, nil
	}
	candidates, err := autoProfiles()
	if err != nil {
		return choice, err
	}
	candidates = slices.DeleteFunc(slices.Clone(candidates), func(p *profile.Profile) bool { return !fits(p) })
	if len(candidates) == 1 {
		choice.Profile = candidates[0]
		choice.Because = evidence(groups, a.execWeight, grades, candidates[0])
	}
	return choice, nil
}

// groupWeight is the points of one first-level group of a form.
type groupWeight struct {
	label   string
	section schema.Section
	points  quantity.Number
}

// groupWeights adds up the points of the form's groups; ok is false where one of them
// cannot be read or labels were lost. Forms without a column of weights give those
// stated in the labels.
func (a *assessment) groupWeights() (groups []groupWeight, ok bool) {
	add := func(label string, section schema.Section, points quantity.Number) {
		for i := range groups {
			if groups[i].label == label && groups[i].section == section {
				groups[i].points = groups[i].points.Add(points)
				return
			}
		}
		groups = append(groups, groupWeight{label, section, points})
	}
	if !a.form.HasPlace("indicators.weight") {
		for i := range a.form.Groups {
			g := &a.form.Groups[i]
			if w := readWeight(&g.Weight); g.Level1 != "" && g.Level2 == "" && !g.Subtotal && w.ok {
				add(g.Level1, schema.SectionOf(g.Level1), w.number())
			}
		}
		return groups, len(groups) > 0
	}
	for i := range a.rows {
		r := &a.rows[i]
		if r.sub {
			continue
		}
		section := r.Section()
		if section == schema.SectionUnknown || !r.weight.ok || r.weight.number().Sign() <= 0 {
			return nil, false
		}
		add(r.Level1.Text, section, r.weight.number())
	}
	return groups, len(groups) > 0
}

// statedPointsHold reports whether the points printed in first-level labels, where a
// form prints them, are those of its rows. If not, it is in doubt what the form means.
func (a *assessment) statedPointsHold(groups []groupWeight) bool {
	for i := range a.form.Groups {
		g := &a.form.Groups[i]
		stated := readWeight(&g.Weight)
		if g.Level1 == "" || g.Level2 != "" || g.Subtotal || !stated.ok {
			continue
		}
		var sum quantity.Number
		for _, own := range groups {
			if own.label == g.Level1 {
				sum = sum.Add(own.points)
			}
		}
		if sum.Cmp(stated.number()) != 0 {
			return false
		}
	}
	return true
}

// nationalSections are the first-level groups of the national regulations, in the
// order in which they are spoken of.
var nationalSections = []string{string(schema.SectionCost), string(schema.SectionOutput), string(schema.SectionBenefit), string(schema.SectionSatisfaction), string(schema.SectionOther)}

// ownGroups gives the groups of a profile that are none of the national ones.
func ownGroups(p *profile.Profile) []string {
	var own []string
	for label := range p.Weights {
		if !slices.Contains(nationalSections, label) {
			own = append(own, label)
		}
	}
	slices.Sort(own)
	return own
}

// groupIn gives the group of a profile that a form's group belongs to: one of the
// profile's own labels, a national section, or that of all other groups.
func (g groupWeight) groupIn(p *profile.Profile, own []string) string {
	for _, label := range own {
		if label != profile.AllGroups && strings.Contains(g.label, label) {
			return label
		}
	}
	_, all := p.Weights[profile.AllGroups]
	if _, own := p.Weights[string(g.section)]; !own && all {
		return profile.AllGroups
	}
	return string(g.section)
}

// weightDifference is a group whose points are not those of the profile.
type weightDifference struct {
	group       string
	found, want quantity.Number
}

// weightDifferences compares the points of a form's groups and of its execution rate
// with those of a profile.
func weightDifferences(groups []groupWeight, execution amount, p *profile.Profile) []weightDifference {
	own := ownGroups(p)
	found := map[string]quantity.Number{}
	for _, g := range groups {
		key := g.groupIn(p, own)
		found[key] = found[key].Add(g.points)
	}
	var out []weightDifference
	compare := func(group string, found, want quantity.Number) {
		if found.Cmp(want) != 0 {
			out = append(out, weightDifference{group, found, want})
		}
	}
	for _, group := range slices.Concat(nationalSections, own) {
		compare(group, found[group], p.Weights[group].Number)
	}
	if execution.ok {
		compare("执行率", execution.number(), p.Execution.Weight.Number)
	}
	return out
}

// fitsWeights reports whether a form's points are those of a profile. A form that does
// not say what the execution rate weighs chooses none but the default, and a profile
// that drops the satisfaction group from the national ones is for forms that do not
// measure satisfaction.
func (a *assessment) fitsWeights(groups []groupWeight, p *profile.Profile) bool {
	if len(weightDifferences(groups, a.execWeight, p)) > 0 || !a.execWeight.ok && p.Execution.Weight.Sign() > 0 && p.Auto {
		return false
	}
	return p.Has(string(schema.SectionSatisfaction)) || len(ownGroups(p)) > 0 ||
		!slices.ContainsFunc(a.rows, func(r indicatorRow) bool { return r.typ == schema.SatisfactionType })
}

// The two ways in which forms explain their grades: 优(90分以上), and 90分以上为优 or
// 80-90分为良.
var (
	reGradeFirst = regexp.MustCompile(`(优|良)[秀好]?(?:等|级|为)?[(:]?(?:≥|>=|得分)?([0-9]{2,3})(?:分|-|~|\(含\)|以上)`)
	reGradeLast  = regexp.MustCompile(`([0-9]{2,3})分?(?:\(含\)|含)?(?:以上|[-~至][0-9]{2,3})(?:\(含\)|分|\(不含\)|以上)*[^0-9优良中差]{0,6}(优|良)`)
)

// printedGrades gives the lower ends of 优 and 良 where the form explains both of them
// and does so without contradiction; nil otherwise.
func (a *assessment) printedGrades() map[string]quantity.Number {
	grades := map[string]quantity.Number{}
	consistent := true
	put := func(grade, from string) {
		n, _, ok := quantity.ParseDecimal(from)
		if old, seen := grades[grade]; !ok || seen && old.Cmp(n) != 0 {
			consistent = false
		}
		grades[grade] = n
	}
	for i := range a.form.Remarks {
		r := &a.form.Remarks[i]
		if !strings.Contains(r.Label+r.Text.Text, "优") {
			continue
		}
		text := quantity.Fold(r.Label + ":" + r.Text.Text)
		last := reGradeLast.FindAllStringSubmatch(text, -1)
		for _, m := range last {
			put(m[2], m[1])
		}
		if len(last) > 0 {
			continue
		}
		for _, m := range reGradeFirst.FindAllStringSubmatch(text, -1) {
			put(m[1], m[2])
		}
	}
	if !consistent || len(grades) < 2 {
		return nil
	}
	return grades
}

// fitsGrades reports whether the grades that a form explains, if it does, are those of
// a profile.
func fitsGrades(printed map[string]quantity.Number, p *profile.Profile) bool {
	for _, g := range p.Grades {
		if from, ok := printed[gradeOf(g.Name)]; ok && from.Cmp(g.From.Number) != 0 {
			return false
		}
	}
	return true
}

// evidence says what in the form spoke for a profile.
func evidence(groups []groupWeight, execution amount, grades map[string]quantity.Number, p *profile.Profile) lang.Text {
	var t lang.Text
	say := func(zh, en string, points quantity.Number) {
		t.ZH, t.EN = join(t.ZH, zh+" "+points.Short(2), "、"), join(t.EN, en+" "+points.Short(2), ", ")
	}
	if execution.ok {
		say("执行率", "execution rate", execution.number())
	}
	own := ownGroups(p)
	sums := map[string]quantity.Number{}
	var order []string
	for _, g := range groups {
		name := g.groupIn(p, own)
		if _, seen := sums[name]; !seen {
			order = append(order, name)
		}
		sums[name] = sums[name].Add(g.points)
	}
	for _, name := range order {
		en := name
		if name == profile.AllGroups {
			en = "indicators"
		}
		say(name, en, sums[name])
	}
	for _, grade := range []string{"优", "良"} {
		if from, ok := grades[grade]; ok {
			say(grade+" ≥", grade+" ≥", from)
		}
	}
	return t
}
