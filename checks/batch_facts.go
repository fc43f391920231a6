package checks

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"jixiaolint/schema"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// Facts are what batch rules are told of a form. They point into the form and are
// gone with it; rules keep what they need by keys and places.
type Facts struct {
	form int  // number of the form in its run, from 1
	room *int // see Batch.room
	// start is the first place of the form.
	start schema.Field

	// name is what the form is called, kept once it was cloned.
	name string
	kept bool

	year int
	// project is the cell of 项目名称; family is its name without what tells the parts
	// of one project apart.
	project schema.Field
	family  string
	// department and unit are folded names, empty if they name nobody; code is the
	// department's.
	department, unit, code string
	departmentAt           schema.Field
	// circle names the forms that come from one hand: those of one department and
	// year or, where the form names none, of one file.
	circle string

	// filingKey is project, unit and year, empty if one of them is unknown.
	filingKey string
	figures   [headlines]headline
	// earlier is an earlier form of the same project, unit and year; repeat is set if
	// one of these has the same figures, so that this form says nothing new. unknown is
	// set when there were too many projects to know.
	earlier         *version
	repeat, unknown bool

	// total is the total score of 100, high whether the profile holds it for high.
	total amount
	high  bool
	// explained is set when the form gives a reason for anything.
	explained  bool
	labels     []*schema.Field
	indicators []namedIndicator
	names      []placeName
}

// namedIndicator is an indicator with the target as other projects would copy it:
// empty for a worded one, which says nothing of its own.
type namedIndicator struct {
	name   *schema.Field
	target string
}

// placeName is the name of a place as a form spells it.
type placeName struct {
	text  string // as written
	key   string // with all spellings read as one
	n     int    // times in the form
	first *schema.Field
}

// The headline figures, by which two filings of one form are compared.
const (
	headAdjusted = iota
	headExecuted
	headTotal
	headlines
)

// headline is a headline figure of a form, ok if it can be read.
type headline struct {
	text   string
	within quantity.Interval
	ok     bool
}

func headlineLabel(i int) lang.Text {
	switch i {
	case headAdjusted:
		return lang.T("全年预算数", "the adjusted budget")
	case headExecuted:
		return lang.T("全年执行数", "the executed amount")
	}
	return lang.T("总分", "the total score")
}

// Names longer than these are no names; they are not compared.
const (
	longestName  = 100
	longestLabel = 30
)

// reAnonymous finds stand-ins for names: a unit that is called 某单位 or XX局 is nobody
// in particular.
var reAnonymous = regexp.MustCompile(`某单位|某部门|某某|[xX×*]{2}|示例`)

// organisation folds the name of an organisation; it is empty if it names nobody.
func organisation(name string) string {
	s := quantity.Fold(name)
	if quantity.Missing(s) || utf8.RuneCountInString(s) > longestName || strings.ContainsAny(s, "某xX×*示") && reAnonymous.MatchString(s) {
		return ""
	}
	return s
}

// ownName gives the name of the form for those who keep it: it holds on to nothing of the
// form.
func (f *Facts) ownName() string {
	if !f.kept {
		f.name, f.kept = strings.Clone(f.name), true
	}
	return f.name
}

// yearKey writes the form's year as part of a key.
func (f *Facts) yearKey() string { return strconv.Itoa(f.year) }

// facts gathers what batch rules need of the form.
func (p *Pass) facts() *Facts {
	f := p.Form
	out := &Facts{
		start: f.Start, name: strings.TrimSpace(f.Name()), year: f.Year, project: f.Project, family: projectFamily(f.Project.Text),
		department: organisation(f.DepartmentName), unit: organisation(f.Unit.Text), code: quantity.Fold(f.DepartmentCode),
		departmentAt: f.Department, total: p.totalScore, explained: p.explained,
	}
	owner := out.department
	if owner == "" {
		owner = out.unit
	}
	if owner == "" {
		out.circle = "\x1f" + f.Start.At.File
	} else {
		out.circle = owner + "\x1f" + out.yearKey()
	}
	unit := out.unit
	if unit == "" {
		unit = owner
	}
	if name := quantity.Fold(f.Project.Text); unit != "" && f.Year != 0 && !f.Project.Missing() && utf8.RuneCountInString(name) <= longestName {
		out.filingKey = name + "\x1f" + unit + "\x1f" + out.yearKey()
	}
	out.figures = p.headlines()
	out.total.ok = out.total.ok && (!p.totalWeight.ok || p.totalWeight.number().Cmp(hundred) == 0)
	out.high = out.total.ok && out.total.number().Cmp(p.Profile.Batch.HighScore.Number) >= 0
	for i := range f.Funds.Rows {
		out.explained = out.explained || !f.Funds.Rows[i].Explanation.Missing()
	}
	out.indicators = make([]namedIndicator, 0, len(p.rows))
	for i := range p.rows {
		r := &p.rows[i]
		out.explained = out.explained || !r.Explanation.Missing()
		if name, target, ok := p.ownIndicator(r); ok {
			out.indicators = append(out.indicators, namedIndicator{name, target})
		}
	}
	out.labels = headerLabels(f)
	out.names = p.placeNames()
	return out
}

// headlines reads the headline figures, amounts in 万元.
func (p *Pass) headlines() (h [headlines]headline) {
	if p.total != nil {
		factor, known := quantity.Convert(p.Form.Funds.CurrencyUnit, "万元")
		for i, a := range []*amount{headAdjusted: p.total.budget(), headExecuted: &p.total.executed} {
			if a.ok {
				h[i] = headline{show(*a.field), a.interval().Mul(quantity.Point(factor)), known}
			}
		}
	}
	if p.totalScore.ok {
		h[headTotal] = headline{show(*p.totalScore.field), p.totalScore.q.Interval(), true}
	}
	return h
}

var reProjectPart = regexp.MustCompile(`\([^()]*\)|\d+年度?|第?[一二三四五六七八九十]+期|\d+`)

// projectFamily gives a project's name without years, phases and sources of funds:
// 口岸专项(中央资金) and 口岸专项(二期) are parts of one project.
func projectFamily(name string) string {
	s := quantity.Fold(name)
	if strings.ContainsFunc(s, func(r rune) bool { return r == '(' || r == '期' || r >= '0' && r <= '9' }) {
		s = reProjectPart.ReplaceAllString(s, "")
	}
	for _, tail := range []string{"资金", "经费", "专项", "项目", "补助"} {
		s = strings.TrimSuffix(s, tail)
	}
	return s
}

// ownIndicator gives an indicator's name and target if the name is so specific that
// two projects do not come to share it by chance.
func (p *Pass) ownIndicator(r *indicatorRow) (name *schema.Field, target string, ok bool) {
	s := quantity.Fold(r.Name.Text)
	n := utf8.RuneCountInString(s)
	if r.sub || n < p.Profile.Batch.NameMinChars || n > longestName || !p.words.isOwn(s, p.Profile.Batch.OwnChars) {
		return nil, "", false
	}
	if quantity.HasDigit(r.Target.Text) || r.target.Kind == quantity.Dated {
		target = quantity.Fold(r.Target.Text)
	}
	return &r.Name, target, utf8.RuneCountInString(target) <= longestName
}

// isOwn reports whether a name has so many Chinese characters that are part of no
// generic word.
func (l *lexicon) isOwn(name string, ownChars int) bool {
	for n := 0; name != ""; {
		r, size := utf8.DecodeRuneInString(name)
		if generic := l.generic.prefixFrom(r, name); generic > 0 {
			name = name[generic:]
			continue
		}
		if isHan(r) {
			n++
		}
		if n == ownChars {
			return true
		}
		name = name[size:]
	}
	return false
}

// headerLabels gives the labels of the form's blocks as they are printed.
func headerLabels(f *schema.Form) []*schema.Field {
	out := make([]*schema.Field, 0, 1+len(f.Groups))
	add := func(label *schema.Field) {
		if label.Filled() && label.Present() && utf8.RuneCountInString(label.Text) <= longestLabel {
			out = append(out, label)
		}
	}
	add(&f.Funds.Label)
	for i := range f.Groups {
		if !f.Groups[i].Subtotal {
			add(&f.Groups[i].Label)
		}
	}
	return out
}

// placeNames finds the names of places in the texts of the form that hold a character
// which may be spelt in two ways.
func (p *Pass) placeNames() []placeName {
	var out []placeName
	var index map[string]int // most forms name no such place
	for _, f := range p.texts(respeltMark) {
		p.words.eachPlaceName(f.Text, func(name string) {
			i, ok := index[name]
			if !ok {
				if index == nil {
					index = map[string]int{}
				}
				i = len(out)
				index[name] = i
				out = append(out, placeName{text: name, key: p.words.respell(name), first: f})
			}
			out[i].n++
		})
	}
	if p.throughoutTraditional() && slices.ContainsFunc(out, func(n placeName) bool { return p.words.isTraditional(n.text) }) {
		return nil // spells nothing wrong
	}
	return out
}

// eachPlaceName yields what stands before the ending of a name: three characters
// (阿尔山 of 阿尔山口岸), and, before an ending of one character, two with the ending
// (化德县).
func (l *lexicon) eachPlaceName(text string, yield func(string)) {
	const han = 3 // bytes of a common Chinese character in UTF-8
	run := 0      // Chinese characters before
	offer := func(name string) {
		if strings.ContainsFunc(name, l.respelt.has) {
			yield(name)
		}
	}
	for i, r := range text {
		if !isHan(r) {
			run = 0
			continue
		}
		if run >= 2 {
			n := l.places.prefixFrom(r, text[i:])
			if n > 0 && run >= 3 {
				offer(text[i-3*han : i])
			}
			if n == han {
				offer(text[i-2*han : i+han])
			}
		}
		run++
	}
}

// isTraditional reports whether a text holds a traditional character.
func (l *lexicon) isTraditional(s string) bool { return strings.ContainsFunc(s, l.simple.has) }

// simplified writes a text in simplified characters.
func (l *lexicon) simplified(s string) string { return mapped(s, l.simple) }

// respell reads all spellings of a name as one.
func (l *lexicon) respell(name string) string { return mapped(l.simplified(name), l.alike) }

// mapped replaces the characters of a text that a map holds.
func mapped(s string, by *runeMap) string {
	return strings.Map(func(r rune) rune {
		if to, ok := by.get(r); ok {
			return to
		}
		return r
	}, s)
}
