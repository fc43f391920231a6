package suppress

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jixiaolint/checks"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

func find(t *testing.T, rule string) *checks.Rule {
	t.Helper()
	r, ok := checks.Find(rule)
	if !ok {
		t.Fatalf("no rule %s", rule)
	}
	return r
}

// report makes the report of a file with one form, which has a finding of each rule at
// the score of an indicator, in cell H5 of Sheet1.
func report(t *testing.T, file, project string, rules ...string) checks.FileReport {
	t.Helper()
	form := &schema.Form{Project: schema.Field{Text: project}}
	r := checks.FileReport{File: file, Forms: []checks.FormReport{{Form: form, Errors: len(rules)}}}
	for i, name := range rules {
		r.Findings = append(r.Findings, checks.Finding{
			Rule: find(t, name), Severity: checks.Error, Form: form, Project: project,
			Message:     lang.T("问题 "+name, "finding "+name),
			At:          schema.Field{At: grid.Location{File: file, Sheet: "Sheet1", Cell: "H5", Line: 5, Column: 8, Path: "/indicators/3/score"}},
			Fingerprint: fmt.Sprintf("%032x", i),
		})
	}
	return r
}

func notices(list []Notice) []string {
	var out []string
	for _, n := range list {
		out = append(out, string(n.Kind)+" "+n.Rule+" "+n.Project)
	}
	return out
}

func TestEntryMatches(t *testing.T) {
	const rule = "score-exceeds-weight"
	cells := func(text string) *Range {
		r, ok := ParseRange(text)
		if !ok {
			t.Fatalf("no range: %s", text)
		}
		return &r
	}
	field := func(text string) *Field {
		f, ok := ParseField(text)
		if !ok {
			t.Fatalf("no field: %s", text)
		}
		return &f
	}
	for _, tt := range []struct {
		name  string
		entry Entry
		want  bool
	}{
		{"rule and project", Entry{Rule: rule, Project: "口岸专项"}, true},
		{"group", Entry{Rule: "scoring", Project: "口岸专项"}, true},
		{"other rule", Entry{Rule: "fund-sources-sum", Project: "口岸专项"}, false},
		{"project pattern", Entry{Rule: rule, Project: "口岸*"}, true},
		{"* stands for / in names", Entry{Rule: rule, Project: "*项"}, true},
		{"other project", Entry{Rule: rule, Project: "口岸"}, false},
		{"blanks in a project", Entry{Rule: rule, Project: "口岸 专项"}, true},
		{"file", Entry{Rule: rule, File: "2023/*.xlsx"}, true},
		{"name of a file", Entry{Rule: rule, File: "*.xlsx"}, true},
		{"any folders", Entry{Rule: rule, File: "**/*.xlsx"}, true},
		{"other file", Entry{Rule: rule, File: "2022/**"}, false},
		{"field", Entry{Rule: rule, Field: field("/indicators/*/score")}, true},
		{"row of a field", Entry{Rule: rule, Field: field("/indicators/3/score")}, true},
		{"other row", Entry{Rule: rule, Field: field("/indicators/2/score")}, false},
		{"other field", Entry{Rule: rule, Field: field("/indicators/*/weight")}, false},
		{"block", Entry{Rule: rule, Field: field("/indicators/**")}, true},
		{"cell", Entry{Rule: rule, Cells: cells("H5")}, true},
		{"range of a sheet", Entry{Rule: rule, Cells: cells("Sheet1!H9:C5")}, true},
		{"other sheet", Entry{Rule: rule, Cells: cells("Sheet2!C5:H9")}, false},
		{"other cells", Entry{Rule: rule, Cells: cells("C6:H9")}, false},
		{"all must hold", Entry{Rule: rule, Project: "口岸专项", Cells: cells("A1")}, false},
	} {
		r := report(t, "2023/a.xlsx", "口岸专项", rule)
		NewLedger(time.Now()).Apply(&r, []*Entry{&tt.entry}, "2023/a.xlsx", checks.Options{})
		if got := len(r.Suppressed) == 1 && len(r.Findings) == 0 && r.Forms[0].Errors == 0; got != tt.want {
			t.Errorf("%s: suppressed %v, %d findings left, the form has %d errors", tt.name, len(r.Suppressed), len(r.Findings), r.Forms[0].Errors)
		}
	}
	slash := Entry{Rule: rule, Project: "口岸*专项"}
	if !slash.project("口岸（A/B）专项") {
		t.Error("* stops at / in the name of a project")
	}
}

// What the program says of its own failures cannot be suppressed.
func TestInternalErrorStays(t *testing.T) {
	r := checks.FileReport{Findings: []checks.Finding{{Rule: checks.InternalError(), Severity: checks.Error, Project: "a"}}}
	NewLedger(time.Now()).Apply(&r, []*Entry{{Rule: "input", Project: "*"}}, "a.xlsx", checks.Options{})
	if len(r.Findings) != 1 {
		t.Error("an internal error is suppressed")
	}
}

func TestLedger(t *testing.T) {
	today := time.Date(2026, 6, 30, 23, 0, 0, 0, time.FixedZone("", 8*3600))
	day := func(d int) time.Time { return time.Date(2026, 6, d, 0, 0, 0, 0, time.UTC) }
	const rule, other = "score-exceeds-weight", "fund-sources-sum"
	entries := []*Entry{
		{Rule: rule, Project: "a", Reason: "first"},
		{Rule: "scoring", Project: "a", Reason: "second"},
		{Rule: rule, Project: "a", Expires: day(29)},
		{Rule: rule, Project: "b", Expires: day(30)},
		{Rule: other, Project: "a"},
		{Rule: rule, Project: "elsewhere"},
		{Rule: rule, File: "elsewhere.xlsx"},
		{Rule: "text", Project: "a"},
	}
	run := func(o checks.Options, all bool) []string {
		l := NewLedger(today)
		for _, project := range []string{"a", "b"} {
			r := report(t, project+".xlsx", project, rule)
			l.Apply(&r, entries, r.File, o)
			if len(r.Suppressed) != 1 {
				t.Errorf("%s: %d suppressed", project, len(r.Suppressed))
			} else if project == "a" && r.Suppressed[0].By.Reason != "first" {
				t.Errorf("the reason is %q", r.Suppressed[0].By.Reason)
			}
		}
		return notices(l.Notices(func(string) bool { return all }))
	}
	want := []string{"expired-suppression " + rule + " a", "unused-suppression " + other + " a"}
	if got := run(checks.Options{Ignore: []string{"text"}}, false); !slices.Equal(got, want) {
		t.Errorf("part of the files: %v, want %v", got, want)
	}
	want = append(want, "unused-suppression "+rule+" elsewhere", "unused-suppression "+rule+" ", "unused-suppression text a")
	if got := run(checks.Options{}, true); !slices.Equal(got, want) {
		t.Errorf("all files: %v, want %v", got, want)
	}
	if got := run(checks.Options{Select: []string{rule}}, true); len(got) != 3 || slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, other) || strings.Contains(s, "text") }) {
		t.Errorf("rules that did not run are judged: %v", got)
	}
}

func TestUnreadableFileJudgesNothing(t *testing.T) {
	l := NewLedger(time.Now())
	r := report(t, "a.xlsx", "a", schema.RuleUnreadableFile)
	l.Apply(&r, []*Entry{{Rule: "text", Project: "a"}}, r.File, checks.Options{})
	if got := l.Notices(func(string) bool { return false }); len(got) > 0 {
		t.Errorf("judged by a file that was not read: %v", notices(got))
	}
}

func TestParseRange(t *testing.T) {
	for text, want := range map[string]string{
		"C5": "C5", "c5:h9": "C5:H9", "$C$5:$H$9": "C5:H9", "H9:C5": "C5:H9", "Sheet1!C5": "'Sheet1'!C5",
		"'2023 年'!A1:XFD1048576": "'2023 年'!A1:XFD1048576", "'it''s'!A1": "'it''s'!A1", "a!b!A1": "'a!b'!A1",
		"": "", "C": "", "5": "", "C0": "", "!C5": "", "C5:": "", "XFE1": "", "A1048577": "", "A9999999": "", "C5:H9:I1": "",
	} {
		r, ok := ParseRange(text)
		if got := r.String(); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q, %v; want %q", text, got, ok, want)
		}
		if again, ok2 := ParseRange(r.String()); ok && (!ok2 || again != r) {
			t.Errorf("%q does not read back", r.String())
		}
	}
}

func TestParseField(t *testing.T) {
	for _, name := range Fields() {
		if _, ok := ParseField(name); !ok {
			t.Errorf("%s is no field", name)
		}
	}
	for name, want := range map[string][]string{
		"indicators.score": {"/indicators/0/score", "/indicators/17/score"}, "funds.rate": {"/funds/rows/2/rate"},
		"funds.weight": {"/funds/weight", "/funds/rows/0/weight"}, "goal.actual": {"/goal/actual"},
		"indicators": {"/indicators", "/indicators/3/name"},
	} {
		field, _ := ParseField(name)
		e := Entry{Rule: "text", Field: &field}
		for _, p := range append(want, "/total/weight", "/indicatorsx") {
			f := checks.Finding{Rule: &checks.Rule{Group: checks.GroupText}, At: schema.Field{At: grid.Location{Path: p}}}
			if got := e.matches(&f); got != slices.Contains(want, p) {
				t.Errorf("%s matches %s: %v", name, p, got)
			}
		}
	}
	for text, want := range map[string]string{
		"/indicators/12/score": "/indicators/12/score", "/funds/**": "/funds/**", "/indicators/*": "", "/nothing": "", "score": "", "": "",
	} {
		if got, ok := ParseField(text); ok != (want != "") || got.String() != want {
			t.Errorf("%q: %q, %v; want %q", text, got.String(), ok, want)
		}
	}
}

func TestBaseline(t *testing.T) {
	const one, two, three = "score-exceeds-weight", "fund-sources-sum", "known-typo"
	written := NewBaseline()
	for _, r := range []checks.FileReport{
		report(t, "a.xlsx", "a", one, two), report(t, "copy of a.xlsx", "a", one), report(t, "c.xlsx", "c", one, two, three),
	} {
		written.Add(&r, lang.EN)
	}
	if written.Len() != 6 {
		t.Errorf("%d findings recorded", written.Len())
	}
	var first, again bytes.Buffer
	for _, b := range []*bytes.Buffer{&first, &again} {
		if err := written.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	if first.String() != again.String() {
		t.Error("the bytes are not stable")
	}

	known, err := ReadBaseline("base.json", first.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	// Equal findings are hidden as often as they were recorded, three times here.
	for i, want := range []int{1, 1, 1, 0} {
		r := report(t, fmt.Sprintf("%d.xlsx", i), "a", one)
		known.Apply(&r)
		if len(r.Suppressed) != want || len(r.Findings) != 1-want {
			t.Errorf("finding %d: %d suppressed", i, len(r.Suppressed))
		}
	}
	// Of the others, those of the checked project no longer occur.
	if got := notices(known.Fixed(func(string) bool { return true })); !slices.Equal(got, []string{"fixed-since-baseline " + two + " a"}) {
		t.Errorf("fixed: %v", got)
	}
	if got := known.Fixed(func(rule string) bool { return rule != two }); len(got) > 0 {
		t.Errorf("fixed although the rule did not run: %v", notices(got))
	}
	// The second of equal findings in a file is numbered, and known as well.
	known, err = ReadBaseline("base.json", first.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	r := report(t, "merged.xlsx", "a", one)
	second := r.Findings[0]
	second.Fingerprint += "00000002"
	r.Findings = append(r.Findings, second)
	if known.Apply(&r); len(r.Suppressed) != 2 {
		t.Errorf("%d of two equal findings suppressed", len(r.Suppressed))
	}
}

func TestReadBaselineRefuses(t *testing.T) {
	good := `{"version":1,"tool":"jixiaolint","findings":[{"fingerprint":"` + strings.Repeat("0", 32) + `","rule":"a","count":1,"message":""}]}`
	if _, err := ReadBaseline("b", []byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{
		"", "[]", "{}", good + "x", good[:len(good)-2],
		strings.Replace(good, `"version":1`, `"version":2`, 1), strings.Replace(good, `"tool":"jixiaolint"`, `"tool":"x"`, 1),
		strings.Replace(good, `"count":1`, `"count":0`, 1), strings.Replace(good, `"count":1`, `"count":1.5`, 1),
		strings.Replace(good, "00000000", "0000000g", 1), strings.Replace(good, `"rule":"a"`, `"rule":""`, 1),
		strings.Replace(good, `"message"`, `"massage"`, 1), strings.Replace(good, "[{", "[null,{", 1),
		strings.Replace(good, "}]", "},"+good[strings.Index(good, `{"fingerprint`):strings.Index(good, "]}")]+"]", 1),
	} {
		if _, err := ReadBaseline("b", []byte(bad)); err == nil {
			t.Errorf("%s is accepted", bad)
		}
	}
}
