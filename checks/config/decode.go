package config

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"
	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"jixiaolint/checks"
	"jixiaolint/checks/suppress"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// A configuration file can come with submitted forms, so it is bounded like them.
const (
	maxSize   = 1 << 20 // bytes of a file
	maxDepth  = 20      // nesting of YAML
	maxNodes  = 20_000  // values read, those that aliases repeat included
	maxErrors = 20      // errors reported
	// A pattern is matched against every path or project; alternatives in braces
	// multiply the work.
	maxPattern, maxBraces = 300, 4
)

// Decode reads a configuration file. The name is what messages call it, the folder what
// patterns for paths start from. All errors that can be told are reported at once.
func Decode(name, folder string, data []byte) (*Configuration, error) {
	d := &decoder{name: name, source: data}
	c := &Configuration{Name: name, Folder: folder}
	if root := d.load(data); root != nil {
		d.declared = declaredNames(root)
		object(d, root, topKeys, c)
	}
	if len(d.errs) > 0 {
		return nil, &FileError{Name: name, Faults: d.errs}
	}
	return c, nil
}

// decoder turns YAML nodes into settings and gathers errors.
type decoder struct {
	name   string
	source []byte
	errs   []*Fault
	nodes  int
	// declared are the names of the custom rules of the file, which the keys before them
	// may use.
	declared []string
}

// keys are what an object may hold: how each key is read into a T. The tables of keys
// are all that the decoder knows of the layout; a test holds the JSON Schema to them.
type keys[T any] map[string]func(d *decoder, n *yaml.Node, into *T)

var topKeys = keys[Configuration]{
	"profile":  func(d *decoder, n *yaml.Node, c *Configuration) { readProfile(d, n, &c.Rules) },
	"select":   func(d *decoder, n *yaml.Node, c *Configuration) { readSelect(d, n, &c.Rules) },
	"ignore":   func(d *decoder, n *yaml.Node, c *Configuration) { readIgnore(d, n, &c.Rules) },
	"severity": func(d *decoder, n *yaml.Node, c *Configuration) { readSeverity(d, n, &c.Rules) },
	"words":    func(d *decoder, n *yaml.Node, c *Configuration) { readWords(d, n, &c.Rules) },
	"lang":     func(d *decoder, n *yaml.Node, c *Configuration) { c.Run.Lang = d.word(n, "zh", "en") },
	"level":    func(d *decoder, n *yaml.Node, c *Configuration) { c.Run.Level = d.word(n, "error", "warning", "note") },
	"fail_on": func(d *decoder, n *yaml.Node, c *Configuration) {
		c.Run.FailOn = d.word(n, "error", "warning", "note", "never")
	},
	"convert":      func(d *decoder, n *yaml.Node, c *Configuration) { c.Run.Convert = d.word(n, "auto", "never") },
	"limits":       readLimits,
	"rules":        readRules,
	"overrides":    readOverrides,
	"suppressions": readSuppressions,
}

var overrideKeys = keys[Override]{
	"paths":    func(d *decoder, n *yaml.Node, o *Override) { o.Paths = d.patterns(n) },
	"profile":  func(d *decoder, n *yaml.Node, o *Override) { readProfile(d, n, &o.Rules) },
	"select":   func(d *decoder, n *yaml.Node, o *Override) { readSelect(d, n, &o.Rules) },
	"ignore":   func(d *decoder, n *yaml.Node, o *Override) { readIgnore(d, n, &o.Rules) },
	"severity": func(d *decoder, n *yaml.Node, o *Override) { readSeverity(d, n, &o.Rules) },
	"words":    func(d *decoder, n *yaml.Node, o *Override) { readWords(d, n, &o.Rules) },
}

var wordKeys = keys[checks.WordChange]{
	"add":    func(d *decoder, n *yaml.Node, w *checks.WordChange) { w.Add = d.texts(n) },
	"remove": func(d *decoder, n *yaml.Node, w *checks.WordChange) { w.Remove = d.texts(n) },
}

var suppressionKeys = keys[suppress.Entry]{
	"rule":    func(d *decoder, n *yaml.Node, e *suppress.Entry) { e.Rule = d.ruleName(n) },
	"project": func(d *decoder, n *yaml.Node, e *suppress.Entry) { e.Project = d.pattern(n) },
	"file":    func(d *decoder, n *yaml.Node, e *suppress.Entry) { e.File = d.pathPattern(n) },
	"field":   readField,
	"cells":   readCells,
	"reason":  func(d *decoder, n *yaml.Node, e *suppress.Entry) { e.Reason = strings.TrimSpace(d.text(n)) },
	"expires": readExpires,
}

// load parses YAML into one node; nil if the file is empty or no YAML.
func (d *decoder) load(data []byte) *yaml.Node {
	if len(data) > maxSize {
		d.failAt(0, 0, lang.F("文件超过 %d KB 的上限", "the file exceeds the limit of %d KB", maxSize>>10))
		return nil
	}
	if n := firstInvalid(data); n >= 0 {
		d.failAt(1+bytes.Count(data[:n], []byte("\n")), 0, lang.T("这一行不是 UTF-8 编码：请把配置文件另存为 UTF-8", "this line is not UTF-8: save the configuration as UTF-8"))
		return nil
	}
	loader, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		d.failAt(0, 0, lang.T(err.Error(), err.Error()))
		return nil
	}
	var doc, second yaml.Node
	if err := loader.Load(&doc); err != nil {
		if !errors.Is(err, io.EOF) {
			d.syntax(data, err)
		}
		return nil
	}
	switch err := loader.Load(&second); {
	case err == nil:
		d.failAt(second.Line, second.Column, lang.T("只能有一个 YAML 文档：请删去 --- 之后的内容", "only one YAML document is read: remove what follows ---"))
		return nil
	case !errors.Is(err, io.EOF):
		d.syntax(data, err)
		return nil
	}
	if len(doc.Content) == 0 || doc.Content[0].ShortTag() == "!!null" {
		return nil
	}
	return doc.Content[0]
}

// firstInvalid gives the offset of the first byte that is not UTF-8, -1 if there is none.
// UTF-16, which YAML may be, is known by its byte order mark.
func firstInvalid(data []byte) int {
	if bytes.HasPrefix(data, []byte{0xFE, 0xFF}) || bytes.HasPrefix(data, []byte{0xFF, 0xFE}) {
		return -1
	}
	for n := 0; n < len(data); {
		r, size := utf8.DecodeRune(data[n:])
		if r == utf8.RuneError && size == 1 {
			return n
		}
		n += size
	}
	return -1
}

// syntax reports what the YAML library objects to.
func (d *decoder) syntax(data []byte, err error) {
	var e *yaml.LoadError
	if !errors.As(err, &e) {
		d.failAt(0, 0, lang.F("YAML 写法有误（%v）", "this is not valid YAML (%v)", err))
		return
	}
	lines := bytes.Split(data, []byte("\n"))
	if n := e.Mark.Line; n > 0 && n <= len(lines) && bytes.HasPrefix(bytes.TrimLeft(lines[n-1], " "), []byte("\t")) {
		d.failAt(n, e.Mark.Column, lang.T("YAML 不能用制表符缩进，请改用空格", "YAML is not indented with tabs: use spaces"))
		return
	}
	d.failAt(e.Mark.Line, e.Mark.Column, lang.F("YAML 写法有误（%s）", "this is not valid YAML (%s)", e.Message))
}

func (d *decoder) failAt(line, column int, message lang.Text) {
	if len(d.errs) < maxErrors {
		d.errs = append(d.errs, &Fault{At: grid.Location{File: d.name, Line: line, Column: column}, Message: message})
	}
}

func (d *decoder) fail(n *yaml.Node, zh, en string, args ...any) {
	d.failAt(n.Line, n.Column, lang.F(zh, en, args...))
}

// origin gives the place of a node.
func (d *decoder) origin(n *yaml.Node) Origin { return Origin{File, d.name, n.Line, n.Column} }

// value gives the node that an alias stands for, and counts what is read. ok is false
// once that is too much.
func (d *decoder) value(n *yaml.Node) (v *yaml.Node, ok bool) {
	if d.nodes++; d.nodes > maxNodes {
		if d.nodes == maxNodes+1 {
			d.fail(n, "配置内容过多：超过 %d 个值", "the configuration holds too much: more than %d values", maxNodes)
		}
		return nil, false
	}
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias, true
	}
	return n, true
}

// object reads a mapping by its keys.
func object[T any](d *decoder, n *yaml.Node, known keys[T], into *T) {
	var names []string
	for name := range known {
		names = append(names, name)
	}
	slices.Sort(names)
	d.mapping(n, func(key, value *yaml.Node) {
		read := known[key.Value]
		if read == nil {
			d.fail(key, "没有名为 %[1]q 的键%[2]s（可用：%[3]s）", "unknown key %[1]q%[2]s (known keys: %[3]s)",
				key.Value, lang.DidYouMean(key.Value, names), strings.Join(names, ", "))
			return
		}
		read(d, value, into)
	})
}

// mapping calls each for the keys and values of a mapping.
func (d *decoder) mapping(n *yaml.Node, each func(key, value *yaml.Node)) {
	n, ok := d.value(n)
	if !ok {
		return
	}
	if n.Kind != yaml.MappingNode {
		d.fail(n, "这里应为“键: 值”", "this should be keys with values (key: value)")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, ok := d.value(n.Content[i])
		switch {
		case !ok:
			return
		case key.Kind != yaml.ScalarNode:
			d.fail(key, "键应为一个词", "a key should be one word")
		case seen[key.Value]:
			d.fail(key, "键 %q 重复", "the key %q is given twice", key.Value)
		default:
			seen[key.Value] = true
			each(key, n.Content[i+1])
		}
	}
}

// sequence calls each for the items of a list.
func (d *decoder) sequence(n *yaml.Node, each func(item *yaml.Node)) {
	n, ok := d.value(n)
	if !ok {
		return
	}
	if n.Kind != yaml.SequenceNode {
		d.fail(n, "这里应为列表，例如 [a, b]", "this should be a list, such as [a, b]")
		return
	}
	for _, item := range n.Content {
		each(item)
	}
}

// text reads a text that is not blank; empty, with an error reported, if it is none.
func (d *decoder) text(n *yaml.Node) string {
	n, ok := d.value(n)
	switch {
	case !ok:
		return ""
	case n.Kind != yaml.ScalarNode:
		d.fail(n, "这里应为文字", "this should be a text")
	case strings.TrimSpace(n.Value) == "":
		d.fail(n, "这里不能为空", "this must not be empty")
	case n.ShortTag() != "!!str" && n.ShortTag() != "!!timestamp":
		d.fail(n, "这里应为文字：请给 %s 加上引号", "this should be a text: put %s in quotes", n.Value)
	default:
		return n.Value
	}
	return ""
}

// texts reads a list of texts.
func (d *decoder) texts(n *yaml.Node) []string {
	out := []string{}
	d.sequence(n, func(item *yaml.Node) {
		if s := d.text(item); s != "" {
			out = append(out, s)
		}
	})
	return out
}

// word reads one of a few words.
func (d *decoder) word(n *yaml.Node, allowed ...string) Value[string] {
	s := d.text(n)
	if s != "" && !slices.Contains(allowed, s) {
		d.fail(n, "值 %[1]q 无效%[3]s：可用 %[2]s", "invalid value %[1]q%[3]s: use %[2]s",
			s, strings.Join(allowed, ", "), lang.DidYouMean(s, allowed))
	}
	return Value[string]{s, d.origin(n)}
}

// selectable lists the names of rules, those of the file among them, and groups.
func (d *decoder) selectable() []string {
	names := slices.Clone(d.declared)
	for _, r := range checks.All() {
		names = append(names, r.Name)
	}
	for _, g := range checks.Groups() {
		names = append(names, string(g.Name))
	}
	return names
}

// ruleName reads the name of a rule or group.
func (d *decoder) ruleName(n *yaml.Node) string {
	s := d.text(n)
	if s == "" {
		return ""
	}
	return d.known(n, s)
}

// known checks that a name is that of a rule or group.
func (d *decoder) known(n *yaml.Node, name string) string {
	if names := d.selectable(); !slices.Contains(names, name) {
		d.fail(n, "没有规则或规则组 %[1]q%[2]s", "unknown rule or group %[1]q%[2]s", name, lang.DidYouMean(name, names))
		return ""
	}
	return name
}

// pattern reads a pattern for names.
func (d *decoder) pattern(n *yaml.Node) string { return d.wellFormed(n, d.text(n)) }

// wellFormed checks a pattern; empty, with an error reported, if it is none.
func (d *decoder) wellFormed(n *yaml.Node, s string) string {
	switch {
	case s == "":
	case len(s) > maxPattern || strings.Count(s, "{") > maxBraces:
		d.fail(n, "通配式过长，或花括号过多", "the pattern is too long or has too many braces")
	case !doublestar.ValidatePattern(s):
		d.fail(n, "通配式 %q 的写法有误：方括号、花括号须成对", "the pattern %q is malformed: brackets and braces come in pairs", s)
	default:
		return s
	}
	return ""
}

// patterns reads a list of patterns for paths, of which there must be one.
func (d *decoder) patterns(n *yaml.Node) []string {
	var out []string
	items := 0
	d.sequence(n, func(item *yaml.Node) {
		items++
		if s := d.pathPattern(item); s != "" {
			out = append(out, s)
		}
	})
	if items == 0 {
		d.fail(n, "这里至少要有一项", "this needs at least one item")
	}
	return out
}

func readProfile(d *decoder, n *yaml.Node, r *Rules) {
	if s := d.text(n); s != "" {
		r.Profile = Value[string]{s, d.origin(n)}
	}
}

func readSelect(d *decoder, n *yaml.Node, r *Rules) {
	var names []string
	d.sequence(n, func(item *yaml.Node) { names = append(names, d.ruleName(item)) })
	r.Select = Value[[]string]{names, d.origin(n)}
}

func readIgnore(d *decoder, n *yaml.Node, r *Rules) {
	d.sequence(n, func(item *yaml.Node) {
		r.Ignore = append(r.Ignore, Value[string]{d.ruleName(item), d.origin(item)})
	})
}

func readSeverity(d *decoder, n *yaml.Node, r *Rules) {
	r.Severity = map[string]Value[checks.Severity]{}
	d.mapping(n, func(key, value *yaml.Node) {
		name := d.known(key, key.Value)
		word := d.word(value, "error", "warning", "note", "off")
		if s, ok := checks.ParseSeverity(word.Value); ok {
			r.Severity[name] = Value[checks.Severity]{s, word.Origin}
		}
	})
}

func readWords(d *decoder, n *yaml.Node, r *Rules) {
	r.Words, r.entries = map[string][]Value[checks.WordChange]{}, map[entry]Origin{}
	lists := checks.WordLists()
	d.mapping(n, func(key, value *yaml.Node) {
		if !slices.Contains(lists, key.Value) {
			d.fail(key, "没有词表 %[1]q%[2]s（可用：%[3]s）", "unknown word list %[1]q%[2]s (known lists: %[3]s)",
				key.Value, lang.DidYouMean(key.Value, lists), strings.Join(lists, ", "))
			return
		}
		var w checks.WordChange
		object(d, value, wordKeys, &w)
		r.Words[key.Value] = []Value[checks.WordChange]{{w, d.origin(value)}}
		for _, list := range []string{"add", "remove"} {
			d.placeEntries(valueAt(target(value), list), d.origin(value), r.entries)
		}
	})
}

// placeEntries notes where the entries of a list of words stand.
func (d *decoder) placeEntries(list *yaml.Node, change Origin, into map[entry]Origin) {
	if list == nil || list.Kind != yaml.SequenceNode {
		return
	}
	for _, item := range list.Content {
		into[entry{change, target(item).Value}] = d.origin(item)
	}
}

func readLimits(d *decoder, n *yaml.Node, c *Configuration) {
	c.Limits = map[string]Value[int64]{}
	d.mapping(n, func(key, value *yaml.Node) {
		l, ok := findLimit(key.Value)
		if !ok {
			d.fail(key, "没有名为 %[1]q 的上限%[2]s（可用：%[3]s）", "unknown limit %[1]q%[2]s (known limits: %[3]s)",
				key.Value, lang.DidYouMean(key.Value, LimitKeys()), strings.Join(LimitKeys(), ", "))
			return
		}
		v, ok := d.value(value)
		if !ok {
			return
		}
		size, ok := l.parse(v.Value)
		switch {
		case v.Kind != yaml.ScalarNode || !ok || (v.ShortTag() == "!!int") == l.bytes:
			d.fail(value, "上限 %[1]s 的值无效：应写成 %[2]s 这样", "the limit %[1]s has an invalid value: write it as in %[2]s", l.key, l.example())
		case size > l.ceiling:
			d.fail(value, "上限 %[1]s 最多为 %[2]s", "the limit %[1]s can be %[2]s at most", l.key, l.text(l.ceiling))
		default:
			c.Limits[l.key] = Value[int64]{size, d.origin(value)}
		}
	})
}

func readOverrides(d *decoder, n *yaml.Node, c *Configuration) {
	d.sequence(n, func(item *yaml.Node) {
		var o Override
		before := len(d.errs)
		object(d, item, overrideKeys, &o)
		if len(o.Paths) == 0 && len(d.errs) == before {
			d.fail(item, "缺少 paths：这些设置用于哪些文件", "paths is missing: which files are these settings for?")
		}
		c.Overrides = append(c.Overrides, o)
	})
}

func readSuppressions(d *decoder, n *yaml.Node, c *Configuration) {
	d.sequence(n, func(item *yaml.Node) {
		e := &suppress.Entry{At: grid.Location{File: d.name, Line: item.Line, Column: item.Column}}
		before := len(d.errs)
		object(d, item, suppressionKeys, e)
		switch {
		case len(d.errs) > before: // one complaint at a time
		case e.Rule == "":
			d.fail(item, "缺少 rule：豁免哪条规则", "rule is missing: which rule is suppressed?")
		case e.Reason == "":
			d.fail(item, "缺少 reason：豁免必须说明理由", "reason is missing: a suppression needs one")
		case e.Project == "" && e.File == "" && e.Field == nil && e.Cells == nil:
			d.fail(item, "豁免须用 project、file、field 或 cells 限定范围；要处处关闭这条规则，请用 ignore",
				"a suppression is narrowed by project, file, field or cells; to switch the rule off everywhere use ignore")
		}
		c.Suppressions = append(c.Suppressions, e)
	})
}

func readField(d *decoder, n *yaml.Node, e *suppress.Entry) {
	s := d.pattern(n)
	if s == "" {
		return
	}
	field, ok := suppress.ParseField(s)
	if !ok {
		d.fail(n, "表中没有字段 %[1]q%[2]s；写法如 indicators.score 或 /indicators/*/score",
			"no form has a field %[1]q%[2]s; write indicators.score or /indicators/*/score", s, lang.DidYouMean(s, suppress.Fields()))
	}
	e.Field = &field
}

func readCells(d *decoder, n *yaml.Node, e *suppress.Entry) {
	s := d.text(n)
	if s == "" {
		return
	}
	r, ok := suppress.ParseRange(s)
	if !ok {
		d.fail(n, "单元格范围 %q 的写法有误：应如 C5、C5:H9 或 Sheet1!C5:H9", "%q is no range of cells: write C5, C5:H9 or Sheet1!C5:H9", s)
		return
	}
	e.Cells = &r
}

func readExpires(d *decoder, n *yaml.Node, e *suppress.Entry) {
	s := d.text(n)
	if s == "" {
		return
	}
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		d.fail(n, "日期 %q 无效：应写成 2026-12-31", "%q is no date: write it as 2026-12-31", s)
		return
	}
	e.Expires = day
}
