package profile

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"jixiaolint/schema"
	"jixiaolint/schema/quantity"
)

// Every shipped profile is held to the schema that those of users are held to, is named
// as its file, and goes back to the default.
func TestShippedProfiles(t *testing.T) {
	names := Names()
	for _, name := range []string{
		"cn-2016", "cn-2020", "cn-2021-cost", "cn-2021-nosat", "nmg", "anhui", "guangxi", "hebei", "tianjin", "shanxi", "zhejiang", "jiangxi",
		"hubei-20-80", "hubei-guangshui", "sichuan-2023", "ningxia-yinchuan", "yunnan-2020", "legacy-80-70-60",
	} {
		if i := len(names); i == 0 {
			t.Fatal("no profiles")
		}
		if _, err := files.ReadFile(name + ".json"); err != nil {
			t.Errorf("%s is not shipped", name)
		}
	}
	for _, name := range names {
		data, err := files.ReadFile(name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		_, problems, err := schema.ReadProfile(name+".json", data)
		if err != nil || len(problems) > 0 {
			t.Errorf("%s: %v %v", name, problems, err)
		}
		p, err := Load(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if chain := p.Chain(); p.Name != name || chain[len(chain)-1] != Default {
			t.Errorf("%s: named %s, goes back to %v", name, p.Name, chain)
		}
		if p.Title.ZH == "" || p.Title.EN == "" {
			t.Errorf("%s has no title in both languages", name)
		}
	}
}

// The default states every value that a profile has, so that no profile lacks one.
func TestDefaultIsComplete(t *testing.T) {
	p, err := Load(Default)
	if err != nil {
		t.Fatal(err)
	}
	stated := p.layers[0].doc
	var check func(typ reflect.Type, doc map[string]any, at string)
	check = func(typ reflect.Type, doc map[string]any, at string) {
		for i := range typ.NumField() {
			field := typ.Field(i)
			name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
			if !field.IsExported() || options == "omitempty" {
				continue
			}
			value, ok := doc[name]
			if !ok {
				t.Errorf("%s does not state %s/%s", Default, at, name)
			}
			if inner, ok := value.(map[string]any); ok && field.Type.Kind() == reflect.Struct {
				check(field.Type, inner, at+"/"+name)
			}
		}
	}
	check(reflect.TypeFor[Profile](), stated, "")
}

// Every value that a shipped profile states has a source and a confidence in the same
// file, and no source speaks of a value that is not there.
func TestEveryValueHasASource(t *testing.T) {
	for _, name := range Names() {
		p, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		used := map[string]bool{}
		for _, v := range p.Values() {
			if v.From != name {
				continue
			}
			if len(v.Source.Basis) == 0 || v.Source.Confidence == "" {
				t.Errorf("%s: %s has no source", name, v.Pointer)
			}
			for at := v.Pointer; at != ""; at = at[:strings.LastIndexByte(at, '/')] {
				if _, ok := p.Sources[at]; ok {
					used[at] = true
					break
				}
			}
		}
		for pointer, s := range p.Sources {
			if !used[pointer] {
				t.Errorf("%s: the source of %s belongs to no value", name, pointer)
			}
			if s.Note != nil && (s.Note.ZH == "" || s.Note.EN == "") {
				t.Errorf("%s: the note on %s is not in both languages", name, pointer)
			}
		}
	}
}

// write puts files into a new folder and gives the path of the first.
func write(t *testing.T, named ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(named); i += 2 {
		path := filepath.Join(dir, named[i])
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(named[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, named[0])
}

// A file states what differs: objects are merged, null removes, what is left out comes
// from the profile extended; numbers are exact in either spelling; each value knows the
// file that states it.
func TestFilesExtend(t *testing.T) {
	path := write(t,
		"a.json", `{"name": "a", "extends": "sub/b.json", "over_fulfilment": {"warn": 1.25}, "weights": {"效益": "30.5", "满意度": "9.5"}}`,
		"sub/b.json", `{"name": "b", "extends": "../c.json", "over_fulfilment": {"note": "1.10", "warn": "1.4"}, "sources": {"/over_fulfilment": {"basis": ["ours"], "confidence": "practice"}}}`,
		"c.json", "\xef\xbb\xbf"+`{"name": "c", "title": {"zh": "丙"}, "cost": {"inapplicable_max": "5"}}`)
	p, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.OverFulfilment; got.Note.String() != "1.1" || got.Warn.Cmp(quantity.Ratio(5, 4)) != 0 || got.LowTarget.String() != "2" {
		t.Errorf("over-fulfilment %v", got)
	}
	if w := p.Weights; len(w) != 3 || w["效益"].String() != "30.5" || w["产出"].String() != "50" {
		t.Errorf("weights %v", w)
	}
	if p.Name != "a" || p.Title.ZH != "a" || p.Cost.InapplicableMax == nil {
		t.Errorf("name %s, title %v, cost %v", p.Name, p.Title, p.Cost)
	}
	if v, ok := p.Value("/over_fulfilment/note"); !ok || filepath.Base(v.From) != "b.json" || v.Source.Confidence != Practice || v.Text != `"1.1"` {
		t.Errorf("note %+v", v)
	}
	if v, ok := p.Value("/decimals"); !ok || v.From != Default {
		t.Errorf("decimals %+v", v)
	}
	if chain := p.Chain(); len(chain) != 4 {
		t.Errorf("chain %v", chain)
	}
}

// What is wrong with a file is an error that says where and what.
func TestInvalidFiles(t *testing.T) {
	deep := make([]string, 0, 40)
	for i := range 20 {
		deep = append(deep, string(rune('a'+i))+".json", `{"name": "x", "extends": "`+string(rune('a'+i+1))+`.json"}`)
	}
	for name, c := range map[string]struct {
		files []string
		want  string
	}{
		"misspelt key":    {[]string{"a.json", `{"name": "a", "overfulfilment": {}}`}, `(/overfulfilment): unknown property "overfulfilment"; did you mean over_fulfilment?: use `},
		"unknown key":     {[]string{"a.json", `{"name": "a", "explain": {"execution": 80}}`}, `a.json:1:40 (/explain/execution): unknown property "execution": use adjusted,`},
		"share above 1":   {[]string{"a.json", `{"name": "a", "indicator": {"copied_share": "60%"}}`}, `(/indicator/copied_share): must be a decimal from 0 to 1`},
		"number too big":  {[]string{"a.json", `{"name": "a", "indicator": {"copied_share": 60}}`}, `(/indicator/copied_share): must be a decimal from 0 to 1`},
		"exponent":        {[]string{"a.json", `{"name": "a", "over_fulfilment": {"warn": 1e999999999}}`}, `a.json:1:43: the number is too long or has an exponent`},
		"decimals":        {[]string{"a.json", `{"name": "a", "explain": {"min_chars": 8.0}}`}, `a.json:1:40 (/explain/min_chars): must be a whole number without decimals`},
		"bad name":        {[]string{"a.json", `{"name": "../a"}`}, `(/name): must be up to 64`},
		"no name":         {[]string{"a.json", `{}`}, `required property "name"`},
		"not an object":   {[]string{"a.json", `[]`}, `the type must be object`},
		"not JSON":        {[]string{"a.json", `name: a`}, `JSON syntax error`},
		"null":            {[]string{"a.json", `{"name": "a", "decimals": null}`}, `(/decimals): the type must be integer`},
		"circle":          {[]string{"a.json", `{"name": "a", "extends": "b.json"}`, "b.json", `{"name": "b", "extends": "a.json"}`}, `b.json:1:26 (/extends): the chain of extends`},
		"too deep":        {deep, `too long`},
		"unknown parent":  {[]string{"a.json", `{"name": "a", "extends": "mars"}`}, `a.json: unknown profile "mars"`},
		"missing parent":  {[]string{"a.json", `{"name": "a", "extends": "b.json"}`}, `b.json: no such file; check the path`},
		"sum by rate":     {[]string{"a.json", `{"name": "a", "extends": "nmg", "execution": {"weight": "20"}}`}, `a.json:1:57 (/execution/weight): the points of the groups`},
		"sum":             {[]string{"a.json", `{"name": "a", "weights": {"产出": "60"}}`}, `a.json:1:26 (/weights): the points of the groups and of the execution rate sum to 110`},
		"order":           {[]string{"a.json", `{"name": "a", "over_fulfilment": {"note": "1.5"}}`}, `(/over_fulfilment/warn): the limit of the warning`},
		"grades":          {[]string{"a.json", `{"name": "a", "grades": [{"name": "中", "from": "60"}, {"name": "优", "from": "90"}]}`}, `(/grades): grades must be given best first`},
		"grade twice":     {[]string{"a.json", `{"name": "a", "grades": [{"name": "优", "from": "90"}, {"name": "优", "from": "60"}]}`}, `(/grades): two grades have one name`},
		"steps":           {[]string{"a.json", `{"name": "a", "execution": {"mode": "steps"}}`}, `(/execution/steps): mode steps has no steps`},
		"bands":           {[]string{"a.json", `{"name": "a", "bands": [{"name": "x", "from": "0.9", "to": "0.8"}]}`}, `(/bands): a band ends below`},
		"far too big":     {[]string{"a.json", `{"name": "a"` + strings.Repeat(" ", maxFile) + `}`}, `more than 1048576 bytes`},
		"nested too deep": {[]string{"a.json", `{"name": ` + strings.Repeat("[", 5000)}, `nested too deeply`},
	} {
		_, err := Load(write(t, c.files...))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %s", name, err, c.want)
		}
	}
	var unknown *UnknownError
	if _, err := Load("mars"); !errors.As(err, &unknown) || unknown.Name != "mars" {
		t.Errorf("unknown name: %v", err)
	}
}

// The formulas give what their sources say (regulations.md §1.2 and §1.3).
func TestFormulas(t *testing.T) {
	for _, c := range []struct {
		how            Formula
		actual, target int64
		want           quantity.Number
	}{
		{Proportional, 9, 10, quantity.Ratio(9, 10)},
		{Linear, 12, 10, quantity.Ratio(8, 10)},
		{Linear, 20, 10, quantity.Int(0)},
		{Ratio, 12, 10, quantity.Ratio(10, 12)},
		{Ratio, 0, 10, quantity.Int(1)},
	} {
		got, ok := c.how.Share(quantity.Point(quantity.Int(c.actual)), quantity.Point(quantity.Int(c.target)))
		if !ok || !got.IsPoint() || got.Lo.Cmp(c.want) != 0 {
			t.Errorf("%s of %d against %d is %v, want %v", c.how, c.actual, c.target, got.Lo, c.want)
		}
	}
	for name, want := range map[string]map[string]string{
		"cn-2020": {"92.31": "0.9231", "100": "1", "120": "1"},
		"jiangxi": {"100": "1", "99.99": "0.7", "80": "0.7", "79.99": "0.5", "60": "0.5", "59.99": "0", "120": "1"},
	} {
		p, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for rate, share := range want {
			n, _, _ := quantity.ParseDecimal(rate)
			if got := p.Execution.Share(n).String(); got != share {
				t.Errorf("%s: a rate of %s gives %s, want %s", name, rate, got, share)
			}
		}
	}
}

// A score falls into one grade: the bands are half-open (S4 writes 80-89, which 89.5
// must not fall through).
func TestGrades(t *testing.T) {
	p, err := Load(Default)
	if err != nil {
		t.Fatal(err)
	}
	for total, want := range map[string]string{"100": "优", "90": "优", "89.995": "良", "89.5": "良", "80": "良", "79.99": "中", "60": "中", "59.99": "差", "0": "差"} {
		n, _, _ := quantity.ParseDecimal(total)
		if got := p.Grade(n); got != want {
			t.Errorf("%s is %s, want %s", total, got, want)
		}
	}
}

// A profile survives JSON, which is how config prints it.
func TestRoundTrip(t *testing.T) {
	for _, name := range Names() {
		p, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var q Profile
		if err := json.Unmarshal(b, &q); err != nil {
			t.Fatal(err)
		}
		for i, v := range q.Values() {
			if w := p.Values()[i]; v.Pointer != w.Pointer || v.Text != w.Text {
				t.Errorf("%s: %s %s became %s %s", name, w.Pointer, w.Text, v.Pointer, v.Text)
			}
		}
	}
}
