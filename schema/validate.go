package schema

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

//go:embed form.schema.json
var formSchema []byte

//go:embed profile.schema.json
var profileSchema []byte

// FormSchema gives the JSON Schema of the canonical document.
func FormSchema() []byte { return slices.Clone(formSchema) }

// ProfileSchema gives the JSON Schema of rule sets.
func ProfileSchema() []byte { return slices.Clone(profileSchema) }

const schemaURL = "https://jixiaolint.example/schema/"

// The schemas, compiled once, with the rule that each of their parts reports under.
var (
	compiled        = sync.OnceValues(func() (*validator, error) { return compile("form.json", formSchema) })
	compiledProfile = sync.OnceValues(func() (*validator, error) { return compile("profile.json", profileSchema) })
)

func compile(name string, text []byte) (*validator, error) {
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.AssertFormat = true
	c.LoadURL = refuseURL
	if err := c.AddResource(schemaURL+name, bytes.NewReader(text)); err != nil {
		return nil, fmt.Errorf("schema %s: %w", name, err)
	}
	s, err := c.Compile(schemaURL + name)
	if err != nil {
		return nil, fmt.Errorf("schema %s: %w", name, err)
	}
	var doc any
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("schema %s: %w", name, err)
	}
	return &validator{schema: s, doc: doc}, nil
}

// validator wraps jsonschema v5, which is confined to this file: its errors come in
// random order and wording, lump missing properties together, and know neither rules
// nor languages.
type validator struct {
	schema *jsonschema.Schema
	doc    any
}

// Validate holds the form to form.schema.json. Each violation is one problem, sorted
// by place, under the rule that the schema names for it.
func (f *Form) Validate() ([]Problem, error) {
	if f.raw != nil {
		return f.validate(f.raw, nil)
	}
	s := f.suspects()
	if s.none() {
		return nil, nil
	}
	part, places := s.of(f)
	return f.validate(part.Canonical(), places)
}

// validate holds a document to the schema itself: all of the form or, where places say
// which rows of its lists are there, a part of it.
func (f *Form) validate(doc any, places map[string][]int) ([]Problem, error) {
	v, err := compiled()
	if err != nil {
		return nil, err
	}
	return v.validate(doc, f.Place, func(pointer string) string { return inWhole(pointer, places) })
}

// inWhole gives the JSON Pointer in a whole form of what has another in a part of it,
// which holds the rows with the given places alone.
func inWhole(pointer string, places map[string][]int) string {
	for list, rows := range places {
		rest, ok := strings.CutPrefix(pointer, "/"+list+"/")
		if !ok {
			continue
		}
		index, field, more := strings.Cut(rest, "/")
		if n, err := strconv.Atoi(index); err == nil && n < len(rows) {
			pointer = "/" + list + "/" + strconv.Itoa(rows[n])
			if more {
				pointer += "/" + field
			}
		}
		return pointer
	}
	return pointer
}

// validate holds a document to the schema. place tells where its values stand, by the
// pointers that whole makes of those in the document; nil leaves them.
func (v *validator) validate(doc any, place func(pointer string) Field, whole func(pointer string) string) ([]Problem, error) {
	err := v.schema.Validate(doc)
	if err == nil {
		return nil, nil
	}
	var ve *jsonschema.ValidationError
	if !errors.As(err, &ve) {
		return nil, fmt.Errorf("validation: %w", err)
	}
	var problems []Problem
	v.collect(ve, func(p Problem) {
		if whole != nil {
			p.Pointer = whole(p.Pointer)
		}
		p.At = place(p.Pointer)
		if p.Property != "" {
			p.At = place(p.Pointer + "/" + p.Property)
		}
		problems = append(problems, p)
	})
	slices.SortFunc(problems, func(a, b Problem) int {
		return strings.Compare(a.sortKey(), b.sortKey())
	})
	return slices.CompactFunc(problems, func(a, b Problem) bool { return a.sortKey() == b.sortKey() }), nil
}

// ProfileFile is the file of a rule set: its content, and where each value stands.
type ProfileFile struct {
	Value map[string]any
	// Place gives the place that a JSON Pointer names, or that of the nearest value
	// around it.
	Place func(pointer string) Field
}

// ReadProfile reads the file of a rule set and holds it to profile.schema.json. What is
// wrong with it are problems in the order of their pointers, each with its place.
func ReadProfile(file string, data []byte) (*ProfileFile, []Problem, error) {
	v, err := compiledProfile()
	if err != nil {
		return nil, nil, err
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	d := &decoder{file: file, data: data, limits: grid.DefaultLimits(), lines: lineStarts(data), runes: runeCounts(data)}
	root, err := d.decode()
	if err != nil {
		p := d.problem(err)
		p.Help = lang.Text{}
		return nil, []Problem{p}, nil
	}
	place := func(pointer string) Field {
		for at := pointer; ; at = at[:strings.LastIndexByte(at, '/')] {
			if n, _ := root.find(at); n != nil || at == "" {
				return Field{Text: n.string(), At: d.at(n.start)}
			}
		}
	}
	value := root.plain()
	problems, err := v.validate(value, place, nil)
	if err != nil || len(problems) > 0 {
		return nil, problems, err
	}
	object, _ := value.(map[string]any) // the schema allows nothing else
	return &ProfileFile{Value: object, Place: place}, nil, nil
}

func (p Problem) sortKey() string {
	return p.Pointer + "\x00" + p.Property + "\x00" + p.Rule + "\x00" + p.Keyword
}

// collect walks the error tree to its leaves. A leaf's own words are not used: the
// keyword and its parameter are read from the schema at the leaf's place.
func (v *validator) collect(e *jsonschema.ValidationError, add func(Problem)) {
	if len(e.Causes) > 0 {
		for _, c := range e.Causes {
			v.collect(c, add)
		}
		return
	}
	_, fragment, _ := strings.Cut(e.AbsoluteKeywordLocation, "#")
	steps := strings.Split(strings.TrimPrefix(unescapeURL(fragment), "/"), "/")
	p := Problem{
		Pointer: unescapeURL(e.InstanceLocation),
		Keyword: steps[len(steps)-1],
		Rule:    v.rule(e.KeywordLocation, steps),
	}
	parameter := v.at(steps)
	switch p.Keyword {
	case "required":
		// One problem for each missing property. The library tells which they are only
		// in its message, quoted.
		for _, name := range stringsOf(parameter) {
			if strings.Contains(e.Message, "'"+name+"'") {
				q := p
				q.Property = name
				q.Message = lang.F("缺少必需的属性 %q", "required property %q is missing", name)
				add(q)
			}
		}
		return
	case "additionalProperties":
		for _, name := range quoted(e.Message) {
			q := p
			q.Pointer += "/" + escapePointer(name)
			q.Message = lang.F("未知的属性 %[1]q%[2]s", "unknown property %[1]q%[2]s", name, v.properties(name, steps))
			add(q)
		}
		return
	case "type":
		p.Rule = RuleSchemaViolation // whatever the field, its JSON type is at fault
		p.Message = lang.F("类型应为 %v", "the type must be %v", parameter)
	case "enum":
		p.Message = lang.F("只能取 %s 之一", "must be one of %s", strings.Join(stringsOf(parameter), ", "))
	case "const":
		p.Message = lang.F("只能是 %v", "must be %v", parameter)
	case "minimum":
		p.Message = lang.F("不得小于 %v", "must be at least %v", parameter)
	case "maximum":
		p.Message = lang.F("不得大于 %v", "must be at most %v", parameter)
	case "minLength":
		p.Message = lang.T("不能是空文本", "must not be empty")
	case "minProperties":
		p.Message = lang.T("不能是空对象", "must not be an empty object")
	case "pattern":
		p.Message = lang.T("写法不符合要求", "is not written as required")
	default:
		p.Message = lang.F("不符合 %s 的要求", "violates %s", p.Keyword)
	}
	if allowed := v.allowed(steps); !allowed.IsZero() {
		p.Message = lang.F("应为%[1]s", "must be %[1]s", allowed)
	}
	add(p)
}

// allowed gives the words in which the schema itself says what a value may be, in the
// keyword x-allowed beside the failed one.
func (v *validator) allowed(steps []string) lang.Text {
	around, _ := v.at(steps[:len(steps)-1]).(map[string]any)
	words, _ := around["x-allowed"].(map[string]any)
	zh, _ := words["zh"].(string)
	en, _ := words["en"].(string)
	return lang.T(zh, en)
}

// properties lists the properties that a schema of closed objects allows beside the
// failed keyword, the one nearest to an unknown name first, where it names them for whoever
// writes the document by hand.
func (v *validator) properties(name string, steps []string) lang.Text {
	if root, _ := v.doc.(map[string]any); root["x-by-hand"] != true {
		return lang.Text{}
	}
	around, _ := v.at(steps[:len(steps)-1]).(map[string]any)
	known, _ := around["properties"].(map[string]any)
	names := slices.Sorted(maps.Keys(known))
	return lang.F("%[1]s：可用 %[2]s", "%[1]s: use %[3]s", lang.DidYouMean(name, names), strings.Join(names, "、"), strings.Join(names, ", "))
}

// rule finds the rule of a failed keyword: the nearest x-rule around it in the
// schema, or around the $ref that led there.
func (v *validator) rule(keywordLocation string, steps []string) string {
	if r, ok := v.nearestRule(steps); ok {
		return r
	}
	path := strings.Split(strings.TrimPrefix(unescapeURL(keywordLocation), "/"), "/")
	for i, s := range path {
		if s == "$ref" {
			path = path[:i]
			break
		}
	}
	if r, ok := v.nearestRule(path); ok {
		return r
	}
	return RuleSchemaViolation
}

func (v *validator) nearestRule(steps []string) (string, bool) {
	// Only the object that holds the keyword and, for branches of the same subschema,
	// the ones directly around it name a rule: an x-rule far outside speaks of
	// something else.
	for i := len(steps) - 1; i >= 0 && i >= len(steps)-4; i-- {
		if m, ok := v.at(steps[:i]).(map[string]any); ok {
			if r, ok := m["x-rule"].(string); ok {
				return r, true
			}
		}
	}
	return "", false
}

// at gives the part of the schema document that the steps lead to.
func (v *validator) at(steps []string) any {
	cur := v.doc
	for _, s := range steps {
		if s == "" {
			continue
		}
		switch c := cur.(type) {
		case map[string]any:
			cur = c[unescapePointer.Replace(s)]
		case []any:
			i := 0
			if _, err := fmt.Sscanf(s, "%d", &i); err != nil || i < 0 || i >= len(c) {
				return nil
			}
			cur = c[i]
		default:
			return nil
		}
	}
	return cur
}

func stringsOf(v any) []string {
	items, _ := v.([]any)
	out := make([]string, 0, len(items))
	for _, i := range items {
		out = append(out, fmt.Sprint(i))
	}
	return out
}

// quoted gives the names in single quotes of a library message, sorted: the library
// lists them in random order.
func quoted(message string) []string {
	parts := strings.Split(message, "'")
	var names []string
	for i := 1; i < len(parts); i += 2 {
		names = append(names, parts[i])
	}
	slices.Sort(names)
	return names
}

var unescapePointer = strings.NewReplacer("~1", "/", "~0", "~")

func escapePointer(s string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(s) }

func unescapeURL(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}

// refuseURL keeps the compiler from loading anything but what it was given.
func refuseURL(s string) (io.ReadCloser, error) {
	return nil, fmt.Errorf("loading %s is not allowed", s)
}
