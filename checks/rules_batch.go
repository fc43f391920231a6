package checks

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// The rules of group batch look at all forms of a run (see Batch).
var batchRules = []*Rule{
	{
		Name: "cross-form-term-variant", Group: GroupBatch, Severity: Warning, Fix: Unsafe, Since: "0.1",
		Title: lang.T("同一地名在各表写法不一", "one place is spelt in two ways"),
		What: lang.T("一张表里的地名（口岸、市、县、旗、镇等之前的字）或主管部门名称，与其他表的写法只差一个字：繁体对简体（阿爾山、阿尔山），形近、音近字且只是少数（满州里、满洲里），或同一实施单位的主管部门差一个字。以多数或简体写法为准。",
			"The name of a place (what stands before 口岸, 市, 县, 旗, 镇 and the like) or of the department differs from the other forms in one character: traditional for simplified (阿爾山 for 阿尔山), one that looks or sounds alike and is rare (满州里 for 满洲里), or in the department of the same unit. The frequent or simplified spelling is taken as right."),
		Why: lang.T("同一个名称两种写法，检索和汇总会当成两个。", "One name in two spellings counts as two when forms are searched and summed up."),
		How: lang.T("统一为规范的写法；确是两个不同的地方或单位的可以忽略。",
			"Use one spelling throughout. Leave it where these are two places or bodies."),
		Basis: []string{"practice"},
		Wrong: Example{{"/0/project", "阿爾山口岸运行保障专项"}, {"/1/project", "阿尔山市场监管培训专项"}},
		Right: Example{{"/0/project", "阿尔山口岸运行保障专项"}, {"/1/project", "阿尔山市场监管培训专项"}},
		Batch: func() Accumulator { return &termVariants{} },
	},
	{
		Name: "cross-form-copied-indicator", Group: GroupBatch, Severity: Note, Since: "0.1",
		Title: lang.T("不同项目用了同一条指标", "two projects share an indicator"),
		What: lang.T("同一部门同一年度的不同项目，有名称完全相同的三级指标：名称不短于方案规定的字数（6 字），除通用词外还有自己的内容，指标值也相同或都是文字。同一项目的分期、分资金来源不算不同项目。",
			"Different projects of one department and year have an indicator of the same name: not shorter than the profile says (6 characters), with content of its own beside generic words, and with the same target or worded targets. Phases and sources of funds of one project are not different projects."),
		Why: lang.T("指标应当反映本项目的产出和效果，照抄的指标说明不了。", "An indicator measures what its own project delivers; a copied one does not."),
		How: lang.T("按各项目的内容改写指标和指标值；同类项目确有共同任务的可以忽略。",
			"Write indicators for each project's own work. Leave it where projects of one kind share a task."),
		Basis: []string{"practice"},
		Uses:  []string{"/batch/name_min_chars", "/batch/own_chars"},
		Wrong: Example{{"/1/project", "口岸运行保障专项"}, {"/0/indicators/1/name", "旗县商贸流通调研次数"}, {"/1/indicators/1/name", "旗县商贸流通调研次数"}},
		Right: Example{{"/1/project", "口岸运行保障专项"}, {"/0/indicators/1/name", "旗县商贸流通调研次数"}, {"/1/indicators/1/name", "通关现场值守班组次数"}},
		Batch: func() Accumulator { return &copiedIndicators{} },
	},
	{
		Name: "cross-form-label-variant", Group: GroupBatch, Severity: Note, Fix: Unsafe, Since: "0.1",
		Title: lang.T("各表的栏目名称写法不一", "the labels of the forms are printed in different ways"),
		What: lang.T("同一部门同一年度（或同一文件）的表，栏目名称只在空格上不同，如“项目资金(万元)”与“项目资金 (万元)”。全角半角之别和换行不单独算。一批报一次。",
			"Forms of one department and year, or of one file, print a label with and without blanks: 项目资金(万元) and 项目资金 (万元). Full or half width and line breaks alone do not count. One finding for each such batch."),
		Why: lang.T("同一批表应出自同一张模板；程序汇总按栏目名称对应。", "Forms of one batch come from one template, and programs that sum them up go by its labels."),
		How: lang.T("各表改用同一张模板的栏目名称。",
			"Take the labels of all forms from one template."),
		Basis: []string{"practice"},
		Wrong: Example{{"/1/project", "口岸运行保障专项"}, {"/1/groups/1/level1", "产出 指标"}},
		Right: Example{{"/1/project", "口岸运行保障专项"}},
		Batch: func() Accumulator { return &labelVariants{} },
	},
	{
		Name: "cross-form-identity-mismatch", Group: GroupBatch, Severity: Error, Since: "0.1",
		Title: lang.T("各表的部门代码或同一项目的数据矛盾", "forms contradict each other on code or figures"),
		What: lang.T("同一年度里，主管部门名称相同而代码不同（单位代码与所属部门代码不算不同）；或同一单位的同一项目有两份表，预算数、执行数或总分不同。两份完全相同的只作提示。",
			"In one year a department has two codes (a unit's code and that of its department do not differ), or a unit filed two forms for one project whose budget, executed amount or total differ. Two forms alike are only a note."),
		Why: lang.T("汇总时无法判断哪一份是对的。", "Whoever sums up the forms cannot tell which is right."),
		How: lang.T("核对哪一份为准，删去另一份或改正代码；确是不同部门的，把名称写全。",
			"Find out which is right, remove the other or correct the code; write names in full where departments differ."),
		Basis: []string{"practice"},
		Wrong: Example{{"/1/total/score", "98.35"}, {"/1/indicators/1/score", "9"}},
		Right: Example{{"/1/project", "口岸运行保障专项"}},
		Batch: func() Accumulator { return &identities{} },
	},
	{
		Name: "batch-score-inflation", Group: GroupBatch, Severity: Note, Since: "0.1",
		Title: lang.T("整批自评得分普遍偏高", "the scores of the whole batch are high"),
		What: lang.T("同一部门同一年度的表（至少 3 张）总分平均达到 95 分，或 80% 以上的表达到 95 分，而没有一张表填写偏差原因（界限按方案）。",
			"The totals of a department's forms of one year (three or more) have a mean of 95, or 80% of them are 95 or more, and not one form gives a reason for a deviation. The limits are the profile's."),
		Why: lang.T("自评应当客观，严禁刻意抬高分数。", "Self-evaluations must be objective and not raise scores on purpose."),
		How: lang.T("逐张复核高分表的完成值和扣分；确实都完成得好并有佐证的可以忽略。",
			"Review actual values and deductions of the high scores. Leave it where the results are good and proven."),
		Basis: []string{"S1"},
		Uses:  []string{"/batch/mean_score", "/batch/high_share", "/batch/high_score", "/batch/min_forms"},
		Wrong: Example{
			{"/1/project", "口岸运行保障专项"}, {"/2/project", "校舍维修改造项目"},
			{"/0/indicators/5/actual", "98%"}, {"/0/indicators/5/score", "15"}, {"/0/indicators/5/explanation", "—"}, {"/0/total/score", "99.5"},
			{"/1/indicators/5/actual", "98%"}, {"/1/indicators/5/score", "15"}, {"/1/indicators/5/explanation", "—"}, {"/1/total/score", "99.5"},
			{"/2/indicators/5/actual", "98%"}, {"/2/indicators/5/score", "15"}, {"/2/indicators/5/explanation", "—"}, {"/2/total/score", "99.5"},
		},
		Right: Example{{"/1/project", "口岸运行保障专项"}, {"/2/project", "校舍维修改造项目"}},
		Batch: func() Accumulator { return &scoreLevels{} },
	},
}

// mostOthers bounds the other forms that a finding names.
const mostOthers = 5

// termVariants gathers the spellings of names of places, and of the departments of
// each unit.
type termVariants struct {
	names       index[spellings]
	departments index[spellings]
}

// spellings are the ways in which one name is spelt, in order of arrival.
type spellings struct{ all []spelling }

// spelling is one way to spell a name.
type spelling struct {
	text  string
	n     int
	first place
	// forms is the number of forms; with one form only, first names it.
	forms int
}

// mostSpellings bounds the spellings kept of one name.
const mostSpellings = 8

func (s *spellings) add(text string, n int, first func() place) {
	for i := range s.all {
		if s.all[i].text == text {
			s.all[i].n += n
			s.all[i].forms++
			return
		}
	}
	if len(s.all) < mostSpellings {
		s.all = append(s.all, spelling{strings.Clone(text), n, first(), 1})
	}
}

// most gives the most frequent spelling among those that qualify, the first of equals.
func (s *spellings) most(qualifies func(*spelling) bool) *spelling {
	var best *spelling
	for i := range s.all {
		if c := &s.all[i]; qualifies(c) && (best == nil || c.n > best.n) {
			best = c
		}
	}
	return best
}

// elsewhere reports whether a spelling also stands in another form than the ones of
// the other spelling.
func (s *spelling) elsewhere(other *spelling) bool {
	return s.forms > 1 || other.forms > 1 || s.first.form != other.first.form
}

// Add takes in the names of a form.
func (t *termVariants) Add(f *Facts) {
	if f.repeat {
		return
	}
	for _, name := range f.names {
		if known := t.names.at(name.key, f); known != nil {
			// Only a rare or traditional spelling is ever shown with its row.
			odd := name.text != name.key
			known.add(name.text, name.n, func() place { return f.keep(*name.first, odd) })
		}
	}
	if min(utf8.RuneCountInString(f.unit), utf8.RuneCountInString(f.department)) < shortestOrganisation {
		return
	}
	if known := t.departments.at(f.unit+"\x1f"+f.yearKey(), f); known != nil {
		known.add(f.department, 1, func() place { return f.keep(f.departmentAt, true) })
	}
}

// A spelling with a character that looks or sounds alike is wrong if the other one is
// found this often, and this many times as often.
const (
	frequentTimes = 3
	lopsided      = 2
)

// Report reports each odd spelling once.
func (t *termVariants) Report(p *BatchPass) {
	type variant struct{ wrong, right *spelling }
	var found []variant
	for _, s := range t.names.order {
		right := s.most(func(c *spelling) bool { return !p.words.isTraditional(c.text) })
		if right == nil {
			continue
		}
		for i := range s.all {
			wrong := &s.all[i]
			rare := right.n >= frequentTimes && right.n >= lopsided*wrong.n
			if wrong != right && wrong.elsewhere(right) && (p.words.isTraditional(wrong.text) || rare) {
				found = append(found, variant{wrong, right})
			}
		}
	}
	// 阿爾山 of 阿爾山市 and 爾山市 are one slip: the more frequent reading tells more.
	slices.SortStableFunc(found, func(a, b variant) int { return cmp.Compare(b.wrong.n, a.wrong.n) })
	reported := map[string]bool{}
	for _, v := range found {
		from, to := differing(v.wrong.text, v.right.text)
		slip := v.wrong.first.At.String() + from + to
		if reported[slip] {
			continue
		}
		reported[slip] = true
		t.report(p, v.wrong, v.right, lang.T("地名", "place"))
	}
	for _, s := range t.departments.order {
		right := s.most(func(*spelling) bool { return true })
		for i := range s.all {
			if wrong := &s.all[i]; wrong != right && wrong.n < right.n && slipOfPen(wrong.text, right.text) {
				t.report(p, wrong, right, lang.T("主管部门", "department"))
			}
		}
	}
	p.incomplete(t.names.full, lang.T("地名", "names"))
}

func (*termVariants) report(p *BatchPass, wrong, right *spelling, what lang.Text) {
	f := Finding{
		Found: wrong.text, Expected: right.text,
		Related: []Related{{right.first.Field, lang.F("另一种写法：%[1]s", "spelt %[1]s", right.text)}},
		Message: lang.F("%[5]s“%[1]s”（%[2]d 处）在别处写作“%[3]s”（%[4]d 处）", "the %[5]s is spelt %[1]q here (×%[2]d) and %[3]q elsewhere (×%[4]d)",
			wrong.text, wrong.n, right.text, right.n, what),
		Help: lang.F("请统一写作“%[1]s”", "spell it %[1]q throughout", right.text),
	}
	if text := wrong.first.Text; strings.Contains(text, wrong.text) {
		to := strings.ReplaceAll(text, wrong.text, right.text)
		if p.words.isTraditional(wrong.text) {
			to = p.words.simplified(text) // as traditional-char-mixed has it: one cell, one fix
		}
		f.Fix = replace(Unsafe, wrong.first.Field, to)
	}
	p.Report(wrong.first, wrong.text, f)
}

// differing gives the characters in which two names of one length differ.
func differing(a, b string) (from, to string) {
	x, y := []rune(a), []rune(b)
	for i := range x {
		if i < len(y) && x[i] != y[i] {
			from, to = from+string(x[i]), to+string(y[i])
		}
	}
	return from, to
}

// shortestOrganisation is the length in characters from which the name of a unit names
// one unit only (机关 does not), and from which two names of its department that differ
// in one character are the same.
const shortestOrganisation = 5

// telling are characters by which real names differ.
const telling = "0123456789一二三四五六七八九十甲乙丙丁东南西北中上下前后左右内外大小新老省市州盟县区旗镇乡村"

// slipOfPen reports whether one name becomes the other when one character is changed,
// left out or put in, and that character is none that tells real names apart.
func slipOfPen(a, b string) bool {
	x, y := []rune(a), []rune(b)
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	return len(x) <= 1 && len(y) <= 1 && !strings.ContainsAny(string(x)+string(y), telling)
}

// copiedIndicators gathers the specific indicators of each circle.
type copiedIndicators struct{ names index[copies] }

// copies are the places of one indicator in projects of one circle.
type copies struct {
	first    place
	family   string
	others   []otherProject
	projects int // others, also those not kept
}

// otherProject is a further project with the indicator.
type otherProject struct {
	at              place
	project, family string
}

// Add takes in the indicators of a form.
func (c *copiedIndicators) Add(f *Facts) {
	if f.repeat || f.family == "" {
		return
	}
	for _, r := range f.indicators {
		known := c.names.at(f.circle+"\x1f"+quantity.Fold(r.name.Text)+"\x1f"+r.target, f)
		switch {
		case known == nil:
		case known.first.form == 0:
			known.first, known.family = f.keep(*r.name, true), strings.Clone(f.family)
		case known.family != f.family && !slices.ContainsFunc(known.others, func(o otherProject) bool { return o.family == f.family }):
			known.projects++
			if len(known.others) < mostOthers {
				known.others = append(known.others, otherProject{f.keep(*r.name, false), strings.Clone(show(f.project)), strings.Clone(f.family)})
			}
		}
	}
}

// Report reports each indicator that several projects share, where it is first.
func (c *copiedIndicators) Report(p *BatchPass) {
	for _, k := range c.names.order {
		if k.projects == 0 {
			continue
		}
		name := show(k.first.Field)
		f := Finding{
			Found: name,
			Message: lang.F("指标“%[1]s”在另外 %[2]d 个项目中也有，如“%[3]s”", "the indicator %[1]q is also that of other projects (%[2]d), such as %[3]q",
				name, k.projects, k.others[0].project),
			Help: lang.T("请按本项目的内容设置指标", "set an indicator for what this project does"),
		}
		for _, o := range k.others {
			f.Related = append(f.Related, Related{o.at.Field, lang.T(o.project, o.project)})
		}
		p.Report(k.first, k.family+"\x1f"+name, f)
	}
	p.incomplete(c.names.full, lang.T("指标", "indicators"))
}

// labelVariants gathers the spellings of labels in each circle.
type labelVariants struct{ labels index[labelSpellings] }

type labelSpellings struct {
	spellings

	circle string
}

// Add takes in the labels of a form.
func (v *labelVariants) Add(f *Facts) {
	if f.repeat {
		return
	}
	for _, label := range f.labels {
		known := v.labels.at(f.circle+"\x1f"+quantity.Fold(label.Text), f)
		if known == nil {
			continue
		}
		known.circle = f.circle
		known.add(printed(label.Text), 1, func() place { return f.keep(*label, true) })
	}
}

// printed gives a label as it is printed, on one line.
func printed(label string) string {
	return strings.TrimSpace(strings.NewReplacer("\r", "", "\n", "").Replace(label))
}

// Report reports the first odd label of each circle, with the other ones.
func (v *labelVariants) Report(p *BatchPass) {
	odd := map[string][]oddLabel{}
	var circles []string
	for _, l := range v.labels.order {
		o, ok := l.odd()
		if !ok {
			continue
		}
		if odd[l.circle] == nil {
			circles = append(circles, l.circle)
		}
		odd[l.circle] = append(odd[l.circle], o)
	}
	for _, c := range circles {
		p.reportLabels(odd[c])
	}
	p.incomplete(v.labels.full, lang.T("栏目名称", "labels"))
}

// oddLabel is a label in a spelling that is less frequent than another.
type oddLabel struct {
	odd, usual *spelling
	spellings  []spelling
}

// odd gives the rarest spelling of a label that differs from the most frequent one in
// blanks; of equally rare ones the last.
func (l *labelSpellings) odd() (o oddLabel, ok bool) {
	byBlanks := map[string]int{}
	for _, s := range l.all {
		byBlanks[narrow(s.text)] += s.n
	}
	if len(byBlanks) < 2 {
		return o, false
	}
	o = oddLabel{spellings: l.all}
	for i := range l.all {
		s := &l.all[i]
		n := byBlanks[narrow(s.text)]
		if o.usual == nil || n > byBlanks[narrow(o.usual.text)] {
			o.usual = s
		}
	}
	for i := range l.all {
		s := &l.all[i]
		if narrow(s.text) == narrow(o.usual.text) {
			continue
		}
		if o.odd == nil || byBlanks[narrow(s.text)] <= byBlanks[narrow(o.odd.text)] {
			o.odd = s
		}
	}
	return o, o.odd.elsewhere(o.usual)
}

// narrow reads full-width brackets and blanks as half-width ones.
func narrow(s string) string {
	return strings.NewReplacer("（", "(", "）", ")", "\u3000", " ").Replace(s)
}

// reportLabels reports the odd labels of one circle as one finding.
func (p *BatchPass) reportLabels(odd []oddLabel) {
	first := slices.MinFunc(odd, func(a, b oddLabel) int {
		return cmp.Or(a.odd.first.form-b.odd.first.form, a.odd.first.At.Compare(b.odd.first.At))
	})
	ways := make([]string, len(first.spellings))
	for i, s := range first.spellings {
		ways[i] = "“" + s.text + "”"
	}
	f := Finding{
		Found: first.odd.text, Expected: first.usual.text,
		Message: lang.F("同一栏目在各表有 %[1]d 种写法：%[2]s", "one label is printed in %[1]d ways: %[2]s", len(ways), lang.T(strings.Join(ways, "、"), strings.Join(ways, ", "))),
		Related: []Related{{first.usual.first.Field, lang.T("多数表的写法", "as in most forms")}},
		Help:    lang.F("请统一使用同一模板：%[1]s", "use one template for all: %[1]s", first.usual.text),
		Fix:     replace(Unsafe, first.odd.first.Field, first.usual.text),
	}
	for _, o := range odd {
		if o.odd != first.odd && len(f.Related) < mostOthers {
			f.Related = append(f.Related, Related{o.odd.first.Field, lang.F("写作“%[1]s”，多数表为“%[2]s”", "%[1]q here, %[2]q in most forms", o.odd.text, o.usual.text)})
		}
	}
	p.Report(first.odd.first, quantity.Fold(first.usual.text), f)
}

// identities gathers who filed what.
type identities struct {
	codes    index[departmentCodes]
	projects index[refiled]
	// unknown is the first form of which it is not known whether it was filed before.
	unknown place
}

// departmentCodes are the codes given for a department in a year.
type departmentCodes struct {
	name string
	all  []departmentCode
}

type departmentCode struct {
	code, unit string
	n          int
	at         place
}

// refiled is a project that was filed again.
type refiled struct {
	first, again version
	project      string
	n            int // times after the first
	differs      int // headline figure that differs, headlines if none does
}

// Add takes in the identity of a form.
func (d *identities) Add(f *Facts) {
	if f.department != "" && f.code != "" && f.year != 0 && len(f.code) <= longestCode {
		if known := d.codes.at(f.department+"\x1f"+f.yearKey(), f); known != nil {
			known.add(f)
		}
	}
	if f.unknown && d.unknown.form == 0 {
		d.unknown = f.keep(f.start, false)
	}
	if f.earlier == nil {
		return
	}
	known := d.projects.at(f.filingKey, f)
	if known == nil {
		return
	}
	known.n++
	differs, _, _ := f.earlier.compare(&f.figures)
	if f.repeat {
		differs = headlines
	}
	if known.n == 1 || known.differs == headlines && differs < headlines {
		known.first, known.again = *f.earlier, version{f.keep(f.project, true), f.figures}
		known.project, known.differs = strings.Clone(show(f.project)), differs
	}
}

const (
	longestCode = 20
	// mostCodes bounds the codes kept of one department.
	mostCodes = 8
)

func (d *departmentCodes) add(f *Facts) {
	for i := range d.all {
		if c := &d.all[i]; c.code == f.code && c.unit == f.unit {
			c.n++
			return
		}
	}
	if d.name == "" {
		d.name = strings.Clone(f.department)
	}
	if len(d.all) < mostCodes {
		d.all = append(d.all, departmentCode{strings.Clone(f.code), strings.Clone(f.unit), 1, f.keep(f.departmentAt, true)})
	}
}

// Codes of departments have three digits; those of their units begin with them.
const departmentDigits = 3

// contradicts reports whether two codes cannot belong to one department.
func (c *departmentCode) contradicts(other *departmentCode) bool {
	if strings.HasPrefix(c.code, other.code) || strings.HasPrefix(other.code, c.code) {
		return false
	}
	units := len(c.code) > departmentDigits && len(other.code) > departmentDigits
	if units && c.code[:departmentDigits] == other.code[:departmentDigits] {
		return c.unit == other.unit && c.unit != "" // two units, two codes
	}
	return true
}

// Report reports departments with contradicting codes and projects filed twice.
func (d *identities) Report(p *BatchPass) {
	for _, known := range d.codes.order {
		usual := slices.MaxFunc(known.all, func(a, b departmentCode) int {
			return cmp.Or(a.n-b.n, b.at.form-a.at.form)
		})
		for i := range known.all {
			c := &known.all[i]
			if !c.contradicts(&usual) {
				continue
			}
			p.Report(c.at, known.name, Finding{
				Found: c.code, Expected: usual.code,
				Related: []Related{{usual.at.Field, lang.F("另一张表的代码：%[1]s", "code in another form: %[1]s", usual.code)}},
				Message: lang.F("主管部门“%[1]s”的代码这里是 %[2]s，其他表是 %[3]s", "the code of the department %[1]q is %[2]s here and %[3]s in other forms", known.name, c.code, usual.code),
				Help:    lang.T("请核对部门代码", "check the department's code"),
			})
		}
	}
	for _, r := range d.projects.order {
		p.reportRefiled(r)
	}
	p.incomplete(d.codes.full, lang.T("部门", "departments"))
	p.incomplete(d.unknown, lang.T("项目", "projects"))
}

// reportRefiled reports a project that was filed more than once.
func (p *BatchPass) reportRefiled(r *refiled) {
	f := Finding{
		Related: []Related{{r.first.at.Field, lang.T("另一份", "the other form")}},
	}
	if r.differs == headlines {
		f.Severity = Note
		f.Message = lang.F("同一张表重复提交：“%[1]s”另有 %[2]d 份，主要数据相同", "the form of %[1]q is here more than once: %[2]d more with the same main figures", r.project, r.n)
		f.Help = lang.T("只保留一份；对照各表时只算一次", "keep one; it counts once where forms are compared")
	} else {
		a, b := r.first.figures[r.differs].text, r.again.figures[r.differs].text
		f.Found, f.Expected = b, a
		f.Message = lang.F("项目“%[1]s”有两份数据不同的表：%[2]s这里是 %[3]s，另一份是 %[4]s", "the project %[1]q was filed twice with different figures: %[2]s is %[3]s here and %[4]s in the other form",
			r.project, headlineLabel(r.differs), b, a)
		f.Help = lang.T("同一项目每年只报一份：请核对后保留正确的一份", "a project files one form a year: find out which is right and keep it")
	}
	p.Report(r.again.at, r.project, f)
}

// scoreLevels sums up the totals of each circle.
type scoreLevels struct{ circles index[scoreLevel] }

type scoreLevel struct {
	sum       quantity.Number
	n, high   int64 // forms, and those with a high total
	explained bool
	first     place
}

// Add takes in the total of a form.
func (l *scoreLevels) Add(f *Facts) {
	if f.repeat || !f.total.ok {
		return
	}
	known := l.circles.at(f.circle, f)
	if known == nil {
		return
	}
	if known.n == 0 {
		known.first = f.keep(f.start, false)
	}
	known.n++
	known.sum = known.sum.Add(f.total.number())
	if f.high {
		known.high++
	}
	known.explained = known.explained || f.explained
}

// Report reports the circles whose scores are high throughout.
func (l *scoreLevels) Report(p *BatchPass) {
	limit := p.Profile.Batch
	for _, c := range l.circles.order {
		if c.explained || c.n < int64(limit.MinForms) {
			continue
		}
		mean, share := c.sum.Quo(quantity.Int(c.n)), quantity.Ratio(c.high, c.n)
		if mean.Cmp(limit.MeanScore.Number) < 0 && share.Cmp(limit.HighShare.Number) < 0 {
			continue
		}
		at := c.first
		at.At = grid.Location{File: at.At.File}
		p.Report(at, "scores", Finding{
			Message: lang.F("%[1]d 张表总分平均 %[2]s，其中 %[3]d 张不低于 %[4]s，没有一张填写偏差原因", "%[1]d forms have a mean total of %[2]s, %[3]d of them %[4]s or more, and not one gives a reason for a deviation",
				c.n, mean.Text(2), c.high, limit.HighScore.Short(2)),
			Help: lang.T("请对照完成情况核实得分，并逐条说明偏差", "check the scores against the results, and explain each deviation"),
		})
	}
	p.incomplete(l.circles.full, lang.T("部门", "departments"))
}
