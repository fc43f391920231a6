package checks

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"jixiaolint/schema"
)

// findingsWith gives the rules and places that speak of a changed specimen under
// changed word lists.
func findingsWith(t *testing.T, e Example, words map[string][]WordChange) []string {
	t.Helper()
	form, err := e.Form()
	if err != nil {
		t.Fatal(err)
	}
	o, err := Options{Words: words}.Compile()
	if err != nil {
		t.Fatal(err)
	}
	doc := &schema.Document{File: "example.json", Forms: []*schema.Form{form}}
	compiled := namesOf(Run(context.Background(), doc, o), Note)
	if got := namesOf(Run(context.Background(), doc, Options{Words: words}), Note); !slices.Equal(got, compiled) {
		t.Errorf("not compiled, the options find %v, compiled %v", got, compiled)
	}
	return compiled
}

// A word added to a list, or removed from it, changes the findings that it should, and
// no others.
func TestWordChanges(t *testing.T) {
	for _, c := range []struct {
		list, add, remove string
		form              Example
		finding           string
	}{
		{"inputs", "巡查耗材", "出差", Example{{"/indicators/1/name", "%"}}, "input-as-output /indicators/1/name"},
		{"execution", "用款比率", "预算执行率", Example{{"/indicators/2/name", "%"}}, "execution-as-output /indicators/2/name"},
		{"compliance", "不挪用率", "合格率", Example{{"/indicators/2/name", "资金%"}}, "compliance-as-quality /indicators/2/name"},
		{"economic", "签约额", "营业收入", Example{{"/indicators/2/name", "企业%"}}, "outcome-as-output /indicators/2/name"},
		{"allocations", "汇出", "拨付", Example{{"/indicators/4/name", "培训款项%"}}, "allocation-as-cost /indicators/4/name"},
		{"expenses", "茶水费", "差旅费", Example{{"/indicators/4/name", "%"}}, "expense-item-as-cost /indicators/4/name"},
		{"fund-timing", "兑付", "拨付", Example{{"/indicators/3/name", "尾款%时间"}}, "fund-timing-as-time-indicator /indicators/3/name"},
		{"unnamed", "各界", "群众", Example{{"/indicators/7/name", "%满意度"}}, "satisfaction-object /indicators/7/name"},
		{"vague-verbs", "助推", "促进", Example{{"/indicators/6/target", "有效%"}}, "vague-qualitative-target /indicators/6/target"},
		{"future", "来年", "将持续", Example{{"/goal/actual", "全年举办业务培训22期，开展现场检查50次，%加强市场监管。"}}, "future-tense-in-actual /goal/actual"},
		{"typos", "现厂→现场", "布署", Example{{"/goal/expected", "%业务培训不少于20期，开展现场检查不少于50次。"}}, "known-typo /goal/expected"},
		{"traditional", "辶→之", "舉", Example{{"/goal/expected", "%办业务培训不少于20期，开展现场检查不少于50次。"}}, "traditional-char-mixed /goal/expected"},
	} {
		for _, part := range []struct {
			word   string
			change WordChange
			found  bool // before the change
		}{
			{c.add, WordChange{Add: []string{c.add}}, false},
			{c.remove, WordChange{Remove: []string{c.remove}}, true},
		} {
			word := []rune(part.word)
			if i := slices.Index(word, '→'); i >= 0 {
				word = word[:i]
			}
			form := slices.Clone(c.form)
			text, _ := form[0].Value.(string)
			form[0].Value = strings.Replace(text, "%", string(word), 1)
			before := findingsWith(t, form, nil)
			after := findingsWith(t, form, map[string][]WordChange{c.list: {part.change}})
			with, without := after, before
			if part.found {
				with, without = before, after
			}
			if !slices.Contains(with, c.finding) {
				t.Errorf("%s, %s: %v lacks the finding", c.list, part.word, with)
				continue
			}
			i := slices.Index(with, c.finding)
			if rest := slices.Delete(slices.Clone(with), i, i+1); !slices.Equal(rest, without) {
				t.Errorf("%s, %s: found %v with the word and %v without", c.list, part.word, with, without)
			}
		}
	}
}

// Words that excuse work the other way round: adding one silences a finding.
func TestExcusingWords(t *testing.T) {
	for list, c := range map[string]struct {
		word    string
		form    Example
		finding string
	}{
		"unwanted":    {"淤塞", Example{{"/indicators/0/name", "河道淤塞数"}, {"/indicators/0/target", "0处"}, {"/indicators/0/actual", "3处"}}, "target-zero-or-negative /indicators/0/target"},
		"causes":      {"天候", Example{{"/indicators/5/explanation", "天候；下一步将按月督办"}}, "reason-incomplete /indicators/5/explanation"},
		"adjustments": {"机构改革", Example{{"/funds/rows/0/initial", "100"}, {"/funds/rows/1/initial", "100"}, {"/indicators/5/explanation", "由于机构改革，两件投诉未按期办结；下一步将按月督办。"}}, "budget-adjusted-unexplained /funds/rows/0/adjusted"},
		"unit-names":  {"检查", Example{{"/indicators/1/name", "开展现场检查"}, {"/indicators/1/target", "≥50"}, {"/indicators/1/actual", "50"}}, "missing-unit /indicators/1/target"},
	} {
		before := findingsWith(t, c.form, nil)
		after := findingsWith(t, c.form, map[string][]WordChange{list: {{Add: []string{c.word}}}})
		if !slices.Contains(before, c.finding) || slices.Contains(after, c.finding) {
			t.Errorf("%s: found %v, with %s %v", list, before, c.word, after)
		}
	}
}

// Every list that WordLists names can be changed; the shipped lists stay as they are.
func TestEveryListCanBeChanged(t *testing.T) {
	if got, want := len(WordLists()), len(words().lists())+2; got != want {
		t.Errorf("%d names for %d lists", got, want)
	}
	for _, name := range WordLists() {
		add, in := "某某词", func(l *lexicon) bool { return l.lists()[name].is("某某词") }
		switch name {
		case typosList:
			add, in = "某某词→某某辞", func(l *lexicon) bool { return len(l.typos.at['某']) > 0 }
		case traditionalList:
			add, in = "爿→片", func(l *lexicon) bool { return l.simple.has('爿') }
		}
		o, err := Options{Words: map[string][]WordChange{name: {{Add: []string{add}}}}}.Compile()
		if err != nil {
			t.Error(err)
			continue
		}
		if !in(o.words) || in(words()) {
			t.Errorf("%s: changed %v, shipped %v", name, in(o.words), in(words()))
		}
		for other, list := range o.words.lists() {
			if other != name && !slices.Equal(list.words, words().lists()[other].words) {
				t.Errorf("%s has changed %s", name, other)
			}
		}
	}
}

// Changes that cannot be made are errors that name the list.
func TestWordChangeErrors(t *testing.T) {
	for list, c := range map[string]WordChange{
		"nonsense":  {},
		"inputs":    {Remove: []string{"没有的词"}},
		"execution": {Add: []string{" 词"}},
		"unspent":   {Add: []string{"受…"}},
		"typos":     {Add: []string{"布署"}},
	} {
		err := Options{Words: map[string][]WordChange{list: {c}}}.Validate()
		var wordErr *WordListError
		if !errors.As(err, &wordErr) || wordErr.List != list {
			t.Errorf("%s: %v", list, err)
		}
	}
	for _, c := range []WordChange{{Add: []string{"爾"}}, {Add: []string{"爾→a"}}, {Remove: []string{"尔"}}, {Remove: []string{"舉辦"}}} {
		if err := (Options{Words: map[string][]WordChange{"traditional": {c}}}).Validate(); err == nil {
			t.Errorf("traditional: %v must be an error", c)
		}
	}
}

// A right form that holds the wrong one is no misspelling, and errors show no raw tab.
func TestTypoInsideItsRightForm(t *testing.T) {
	for pair, texts := range map[string]map[string]bool{
		"执法人员→行政执法人员": {"举办行政执法人员培训": false, "举办执法人员培训": true, "执法人员": true},
		"业务培训→业务培训班":  {"举办业务培训班": false, "举办业务培训": true, "业务培训二期": true},
	} {
		l, err := words().changed(map[string][]WordChange{typosList: {{Add: []string{pair}}}})
		if err != nil {
			t.Fatal(err)
		}
		wrong, _, _ := strings.Cut(pair, arrow)
		for text, want := range texts {
			got := false
			for i, r := range text {
				for _, typo := range l.typos.at[r] {
					got = got || typo.wrong == wrong && typo.at(text, i)
				}
			}
			if got != want {
				t.Errorf("%s in %s: %v", pair, text, got)
			}
		}
	}
	for list, add := range map[string]string{typosList: "培训→培训", traditionalList: "ab\tc"} {
		err := Options{Words: map[string][]WordChange{list: {{Add: []string{add}}}}}.Validate()
		var wordErr *WordListError
		if !errors.As(err, &wordErr) || wordErr.Word != add || strings.ContainsAny(wordErr.Why.ZH+wordErr.Why.EN, "\t") || strings.Contains(wordErr.Why.EN, `\t`) {
			t.Errorf("%s: %v", list, err)
		}
	}
}

// An ellipsis in a word stands for 1 to 30 characters of one sentence.
func TestGaps(t *testing.T) {
	l := newWordList([]string{"受…影响", "节约"})
	for text, want := range map[string]bool{
		"受疫情影响": true, "未按期，受疫情和天气影响。": true, "节约资金": true, "受影响": false, "受理。不影响": false, "影响受": false,
		"受一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十影响":  true,
		"受一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一影响": false,
		"受阻。受疫情影响": true,
	} {
		if got := l.in(text); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	if w, _ := l.first("节约，受疫情影响"); w != "受…影响" {
		t.Errorf("first gives %s", w)
	}
}
