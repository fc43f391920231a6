package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"
	"go.yaml.in/yaml/v4"

	"jixiaolint/checks"
)

// The tests hold JSON Schema and decoder to each other: what editors are told is what
// the program does.

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	const id = "https://jixiaolint.example/schema/config.json"
	c := jsonschema.NewCompiler()
	c.AssertFormat = true
	c.LoadURL = func(url string) (io.ReadCloser, error) { return nil, fmt.Errorf("no network: %s", url) }
	if err := c.AddResource(id, bytes.NewReader(Schema())); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(id)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// plain turns YAML into what JSON Schema is about. Dates are texts to both.
func plain(n *yaml.Node) any {
	switch n.Kind {
	default:
	case yaml.DocumentNode:
		return plain(n.Content[0])
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plain(n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := []any{}
		for _, c := range n.Content {
			list = append(list, plain(c))
		}
		return list
	}
	switch n.ShortTag() {
	case "!!int", "!!float":
		return json.Number(n.Value)
	case "!!bool":
		return n.Value == "true"
	case "!!null":
		return nil
	}
	return n.Value
}

// accepted says whether the schema and the decoder accept a document.
func accepted(t *testing.T, s *jsonschema.Schema, doc string) (bySchema, byDecoder error) {
	t.Helper()
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(doc), &n); err != nil {
		t.Fatalf("%v in %s", err, doc)
	}
	_, byDecoder = Decode(FileName, "/", []byte(doc))
	return s.Validate(plain(&n)), byDecoder
}

// object is a schema of an object with the place where it stands in a document: a
// text in which %s is the object.
type schemaObject struct {
	place    string
	schema   map[string]any
	required map[string]any
}

// documented gives the objects of the schema, those below definitions once.
func documented(t *testing.T) map[string]schemaObject {
	t.Helper()
	var root map[string]any
	if err := json.Unmarshal(Schema(), &root); err != nil {
		t.Fatal(err)
	}
	at := func(pointer string) map[string]any {
		v := any(root)
		for part := range strings.SplitSeq(pointer, "/") {
			m, ok := v.(map[string]any)
			if !ok {
				t.Fatalf("the schema has no %s", pointer)
			}
			v = m[part]
		}
		m, ok := v.(map[string]any)
		if !ok {
			t.Fatalf("the schema has no %s", pointer)
		}
		return m
	}
	return map[string]schemaObject{
		"top":          {"%s", root, nil},
		"limits":       {`{"limits":%s}`, at("properties/limits"), nil},
		"overrides":    {`{"overrides":[%s]}`, at("properties/overrides/items"), map[string]any{"paths": []string{"*"}}},
		"suppressions": {`{"suppressions":[%s]}`, at("properties/suppressions/items"), map[string]any{"rule": "text", "project": "a", "reason": "b"}},
		"rules":        {`{"rules":[%s]}`, at("properties/rules/items"), customRule()},
		"rule texts":   {customRuleWith("message"), at("$defs/texts"), map[string]any{"zh": "甲", "en": "a"}},
		"rule help":    {customRuleWith("help"), at("$defs/texts"), map[string]any{"zh": "甲", "en": "a"}},
		"words":        {`{"words":%s}`, at("$defs/words"), nil},
		"word change":  {`{"words":{"inputs":%s}}`, at("$defs/words_change"), nil},
	}
}

// customRule gives the keys that a custom rule must have.
func customRule() map[string]any {
	return map[string]any{
		"name": "x-rule", "assert": "form.total.score <= 100", "at": "form.total.score",
		"message": map[string]any{"zh": "甲", "en": "a"},
	}
}

// customRuleWith gives a document with a custom rule, one key of which is %s.
func customRuleWith(key string) string {
	r := customRule()
	r[key] = "KEY"
	b, err := json.Marshal(map[string]any{"rules": []any{r}})
	if err != nil {
		panic(err)
	}
	return strings.ReplaceAll(strings.ReplaceAll(string(b), "%", "%%"), `"KEY"`, "%s")
}

// examples gives the examples of a property, or those of the definition it refers to.
func examples(t *testing.T, property any) []any {
	t.Helper()
	p, ok := property.(map[string]any)
	if !ok {
		t.Fatalf("%v is no schema", property)
	}
	if list, ok := p["examples"].([]any); ok {
		return list
	}
	ref, _ := p["$ref"].(string)
	var root struct {
		Defs map[string]any `json:"$defs"`
	}
	if err := json.Unmarshal(Schema(), &root); err != nil {
		t.Fatal(err)
	}
	if ref == "" {
		return nil
	}
	return examples(t, root.Defs[strings.TrimPrefix(ref, "#/$defs/")])
}

func TestSchemaIsTheDecoder(t *testing.T) {
	s := compileSchema(t)
	known := map[string][]string{
		"top": keysOf(topKeys), "overrides": keysOf(overrideKeys), "suppressions": keysOf(suppressionKeys),
		"rules": keysOf(ruleKeys), "rule texts": keysOf(ruleMessageKeys), "rule help": keysOf(ruleHelpKeys),
		"word change": keysOf(wordKeys), "limits": slices.Sorted(slices.Values(LimitKeys())), "words": checks.WordLists(),
	}
	for name, o := range documented(t) {
		properties, _ := o.schema["properties"].(map[string]any)
		if got := slices.Sorted(maps.Keys(properties)); !slices.Equal(got, known[name]) {
			t.Errorf("%s: the schema has %v, the decoder %v", name, got, known[name])
		}
		try := func(key string, value any) (error, error) {
			object := maps.Clone(o.required)
			if object == nil {
				object = map[string]any{}
			}
			object[key] = value
			b, err := json.Marshal(object)
			if err != nil {
				t.Fatal(err)
			}
			return accepted(t, s, fmt.Sprintf(o.place, b))
		}
		for key, property := range properties {
			list := examples(t, property)
			if len(list) == 0 {
				t.Errorf("%s: %s has no example", name, key)
			}
			for _, e := range list {
				if bySchema, byDecoder := try(key, e); bySchema != nil || byDecoder != nil {
					t.Errorf("%s: %s: %v: schema %v, decoder %v", name, key, e, bySchema, byDecoder)
				}
			}
			for _, wrong := range []any{nil, map[string]any{"x": 1}, []any{[]any{}}, "", true} {
				if bySchema, byDecoder := try(key, wrong); bySchema == nil || byDecoder == nil {
					t.Errorf("%s: %s: %#v is accepted: schema %v, decoder %v", name, key, wrong, bySchema, byDecoder)
				}
			}
		}
		if bySchema, byDecoder := try("no_such_key", "x"); bySchema == nil || byDecoder == nil {
			t.Errorf("%s: an unknown key is accepted: schema %v, decoder %v", name, bySchema, byDecoder)
		}
	}
}

func keysOf[T any](k keys[T]) []string { return slices.Sorted(maps.Keys(k)) }

// Beyond keys, both refuse what is wrong with values and what is missing.
func TestBothRefuse(t *testing.T) {
	s := compileSchema(t)
	for _, doc := range []string{
		`select: budget`, `severity: {text: fatal}`, `lang: fr`, `level: never`, `fail_on: off`, `convert: always`,
		`overrides: [{ignore: [text]}]`, `overrides: [{paths: []}]`,
		`limits: {file_size: 64}`, `limits: {file_size: 64 TB}`, `limits: {ratio: 0}`, `limits: {ratio: "3"}`, `limits: {ratio: 1001}`,
		`suppressions: [{rule: text, project: a}]`, `suppressions: [{rule: text, reason: a}]`, `suppressions: [{project: a, reason: a}]`,
		`suppressions: [{rule: text, project: a, reason: "  "}]`, `suppressions: [{rule: text, project: 2022, reason: b}]`,
		`suppressions: [{rule: text, project: a, reason: b, expires: 2026-13-01}]`, `suppressions: [{rule: text, reason: b, cells: 5C}]`,
		`rules: [{name: x-rule, assert: form.year > 1, message: {zh: a, en: b}}]`,
		`rules: [{name: x-rule, assert: form.year > 1, at: form.year, message: {zh: a}}]`,
		`rules: [{name: X, assert: form.year > 1, at: form.year, message: {zh: a, en: b}}]`,
		`rules: [{name: x, severity: off, assert: form.year > 1, at: form.year, message: {zh: a, en: b}}]`,
		`words: {inputs: [a]}`, `words: {inputs: {add: [1]}}`, `[]`, `profile: 2020`,
	} {
		if bySchema, byDecoder := accepted(t, s, doc); bySchema == nil || byDecoder == nil {
			t.Errorf("%s is accepted: schema %v, decoder %v", doc, bySchema, byDecoder)
		}
	}
}

// Errors name line and column, say what is wrong in both languages, and suggest the
// nearest name.
func TestErrors(t *testing.T) {
	for _, tt := range []struct{ doc, want string }{
		{"ignroe: [text]", `1:1: unknown key "ignroe"; did you mean ignore? (known keys: convert,`},
		{"ignore:\n  - budget\n  - budgte", `3:5: unknown rule or group "budgte"; did you mean budget?`},
		{"severity:\n  fund-sources-sun: off", `2:3: unknown rule or group "fund-sources-sun"; did you mean fund-sources-sum?`},
		{"severity: {text: wraning}", `1:18: invalid value "wraning"; did you mean warning?: use error, warning, note, off`},
		{"words: {ecolgy: {}}", `1:9: unknown word list "ecolgy"; did you mean ecology? (known lists:`},
		{"limits:\n  file_siz: 1MB", `2:3: unknown limit "file_siz"; did you mean file_size?`},
		{"limits:\n  file_size: 2GB", `2:14: the limit file_size can be 1GB at most`},
		{"limits: {cells: 99999999999999}", `1:17: the limit cells has an invalid value: write it as in 2000000`},
		{"suppressions:\n  - {rule: text, reason: x, field: indicators.scroe}", `2:36: no form has a field "indicators.scroe"; did you mean indicators.score?`},
		{"suppressions:\n  - {rule: text, reason: x, field: /indicators/*/scroe}", `2:36: no form has a field`},
		{"suppressions:\n  - {rule: text, reason: x, cells: 'A1:B'}", `2:36: "A1:B" is no range of cells`},
		{"suppressions:\n  - {rule: text, reason: x}", `2:5: a suppression is narrowed by project, file, field or cells`},
		{"suppressions:\n  - {rule: text, project: x}", `2:5: reason is missing`},
		{"overrides:\n  - ignore: [text]", `2:5: paths is missing`},
		{"overrides:\n  - paths: ['[a']", `2:13: the pattern "[a" is malformed`},
		{"overrides:\n  - paths: ['{a,b}{a,b}{a,b}{a,b}{a,b}']", `2:13: the pattern is too long or has too many braces`},
		// Custom rules: the key, and the place inside an expression, however YAML writes it.
		{customYAML("item.wieght <= 5"), `6:18: rule x-rule, assert: there is no field "wieght", did you mean weight?`},
		{customYAML(`"item.weight <= \u0035 and item.name == \"\" and item.wieght > 0"`), `6:67: rule x-rule, assert: there is no field "wieght"`},
		{customYAML(`'item.name == "it''s" and item.wieght > 0'`), `6:44: rule x-rule, assert: there is no field "wieght"`},
		{customYAML(">-\n      item.weight <= 5\n      and item.wieght > 0"), `8:16: rule x-rule, assert: there is no field "wieght"`},
		{customYAML("|\n      item.weight <= 5\n      and item.wieght > 0\n"), `8:16: rule x-rule, assert: there is no field "wieght"`},
		{customYAML("item.weight <= 5\n      and item.wieght > 0"), `7:16: rule x-rule, assert: there is no field "wieght"`},
		{customYAML("item.weight <="), `6:26: rule x-rule, assert: the expression ends too early`},
		{customYAML("item.weight <= 5\n    severty: error"), `7:5: unknown key "severty"; did you mean severity?`},
		{customYAML("item.weight <= 5\n    severity: fatal"), `7:15: rule x-rule, severity: must be error, warning or note, not "fatal"`},
		{strings.Replace(customYAML("item.weight <= 5"), "x-rule", "grade-mismatch", 1), `2:11: rule grade-mismatch, name: a built-in rule or group has this name`},
		{"ignore: [x-ruel]\n" + customYAML("item.weight <= 5"), `1:10: unknown rule or group "x-ruel"; did you mean x-rule?`},
		{"rules:\n  - name: x-rule", `2:5: rule x-rule, assert: there is no condition`},
		{"level: note\nlevel: note", `2:1: the key "level" is given twice`},
		{"profile:", `1:9: this must not be empty`},
		{"? [a]\n: b", `1:3: a key should be one word`},
		{"- a", `1:1: this should be keys with values`},
		{"a: 1\n b: 2", `2:3: this is not valid YAML (mapping values are not allowed in this context)`},
		{"ignore:\n\t- text", `2:1: YAML is not indented with tabs`},
		{"level: note\n---\nlevel: note", `2:1: only one YAML document is read`},
		{"level: \x01", `.jixiaolint.yaml: this is not valid YAML (control characters`},
	} {
		_, err := Decode(FileName, "/", []byte(tt.doc))
		var errs *FileError
		if !errors.As(err, &errs) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want %s", tt.doc, err, tt.want)
			continue
		}
		for _, e := range errs.Faults {
			if e.Message.ZH == e.Message.EN || e.Message.ZH == "" {
				t.Errorf("%q: no Chinese message: %s", tt.doc, e.Message.ZH)
			}
		}
	}
}

// customYAML gives a configuration with one custom rule, whose condition, the last key,
// is on line 6.
func customYAML(assert string) string {
	return "rules:\n  - name: x-rule\n    for: indicators\n    at: item.weight\n    message: {zh: 甲, en: a}\n    assert: " + assert
}

// A custom rule can be named before and after its declaration, wherever names are.
func TestCustomRuleNames(t *testing.T) {
	c, err := Decode(FileName, "/", []byte("select: [x-rule]\nseverity: {x-rule: note}\n"+customYAML("item.weight <= 5")+
		"\noverrides: [{paths: ['*'], ignore: [x-rule]}]\nsuppressions: [{rule: x-rule, project: a, reason: b}]"))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Extra) != 1 || len(c.Custom) != 1 || c.Extra[0].Name != "x-rule" || c.Custom[0].Origin.Line != 4 {
		t.Errorf("%+v, %+v", c.Extra, c.Custom)
	}
}

func TestDecode(t *testing.T) {
	for _, doc := range []string{"", "# nothing\n", "---\n", "\ufefflevel: note\r\n", "{}"} {
		if _, err := Decode(FileName, "/", []byte(doc)); err != nil {
			t.Errorf("%q: %v", doc, err)
		}
	}
	c, err := Decode(FileName, "/d", []byte("ignore: &list [text, budget]\noverrides:\n  - {paths: ['*.csv'], ignore: *list}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Rules.Ignore) != 2 || len(c.Overrides) != 1 || len(c.Overrides[0].Rules.Ignore) != 2 {
		t.Errorf("an alias is not its value: %+v", c)
	}
}

// A configuration that came with submitted forms costs no more than its size.
func TestHostile(t *testing.T) {
	var bomb strings.Builder
	bomb.WriteString("select: &a [" + strings.Repeat("text,", 1000) + "text]\noverrides:\n")
	for range 1000 {
		bomb.WriteString(" - {paths: ['*'], select: *a}\n")
	}
	for name, doc := range map[string]string{
		"aliases": bomb.String(),
		"cycle":   "ignore: &a [*a]\n",
		"deep":    strings.Repeat("[", 100_000),
		"large":   strings.Repeat("# comment\n", 200_000),
		"keys":    strings.Repeat("? ", 10_000),
		"many":    "ignore: [" + strings.Repeat("x,", 10_000) + "]",
	} {
		_, err := Decode(FileName, "/", []byte(doc))
		var errs *FileError
		if !errors.As(err, &errs) || len(errs.Faults) == 0 || len(errs.Faults) > maxErrors {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"", "ignore: [text]", "words: {inputs: {add: [a]}}", "suppressions: [{rule: text, cells: A1, reason: x}]", "a: &a [*a]"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Decode(FileName, "/", data)
		var errs *FileError
		if (c == nil) != (err != nil) || err != nil && !errors.As(err, &errs) {
			t.Errorf("%v with %v", c, err)
		}
	})
}
