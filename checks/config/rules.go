package config

import (
	"errors"
	"unicode"

	"go.yaml.in/yaml/v4"

	"jixiaolint/checks/custom"
	"jixiaolint/schema/lang"
)

// definition is a custom rule as it is read, with the places of its keys.
type definition struct {
	custom.Definition
	nodes map[string]*yaml.Node
}

var ruleKeys = keys[definition]{
	"name":     ruleText("name", func(c *custom.Definition) *string { return &c.Name }),
	"severity": ruleText("severity", func(c *custom.Definition) *string { return &c.Severity }),
	"for":      ruleText("for", func(c *custom.Definition) *string { return &c.For }),
	"when":     ruleText("when", func(c *custom.Definition) *string { return &c.When }),
	"assert":   ruleText("assert", func(c *custom.Definition) *string { return &c.Assert }),
	"at":       ruleText("at", func(c *custom.Definition) *string { return &c.At }),
	"basis":    ruleText("basis", func(c *custom.Definition) *string { return &c.Basis }),
	"message":  ruleTexts("message", ruleMessageKeys),
	"help":     ruleTexts("help", ruleHelpKeys),
}

var (
	ruleMessageKeys = keys[definition]{
		"zh": ruleText("message.zh", func(c *custom.Definition) *string { return &c.Message.ZH }),
		"en": ruleText("message.en", func(c *custom.Definition) *string { return &c.Message.EN }),
	}
	ruleHelpKeys = keys[definition]{
		"zh": ruleText("help.zh", func(c *custom.Definition) *string { return &c.Help.ZH }),
		"en": ruleText("help.en", func(c *custom.Definition) *string { return &c.Help.EN }),
	}
)

// ruleText reads a text of a custom rule and keeps its place.
func ruleText(key string, field func(*custom.Definition) *string) func(*decoder, *yaml.Node, *definition) {
	return func(d *decoder, n *yaml.Node, r *definition) {
		*field(&r.Definition), r.nodes[key] = d.text(n), n
	}
}

// ruleTexts reads a text in two languages.
func ruleTexts(key string, known keys[definition]) func(*decoder, *yaml.Node, *definition) {
	return func(d *decoder, n *yaml.Node, r *definition) {
		r.nodes[key] = n
		object(d, n, known, r)
	}
}

// declaredNames gives the names of the custom rules in a configuration, whatever else
// is wrong with them.
func declaredNames(root *yaml.Node) []string {
	list := valueAt(root, "rules")
	if list == nil || list.Kind != yaml.SequenceNode {
		return nil
	}
	var names []string
	for _, item := range list.Content[:min(len(list.Content), custom.MaxRules)] {
		if name := valueAt(item, "name"); name != nil && name.Kind == yaml.ScalarNode {
			names = append(names, name.Value)
		}
	}
	return names
}

// valueAt gives the value of a key of a mapping, nil if there is none.
func valueAt(n *yaml.Node, key string) *yaml.Node {
	n = target(n)
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return target(n.Content[i+1])
		}
	}
	return nil
}

// target gives the node that an alias stands for, other nodes as they are.
func target(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

// readRules reads the custom rules and compiles them.
func readRules(d *decoder, n *yaml.Node, c *Configuration) {
	var read []definition
	var items []*yaml.Node
	d.sequence(n, func(item *yaml.Node) {
		r := definition{nodes: map[string]*yaml.Node{}}
		before := len(d.errs)
		object(d, item, ruleKeys, &r)
		if len(d.errs) == before { // one complaint at a time
			read, items = append(read, r), append(items, item)
		}
	})
	definitions := make([]custom.Definition, len(read))
	for i, r := range read {
		definitions[i] = r.Definition
		c.Custom = append(c.Custom, Value[custom.Definition]{r.Definition, d.origin(items[i])})
	}
	var err error
	if c.Extra, err = custom.CompileAll(definitions); err == nil {
		return
	}
	for _, one := range joined(err) {
		var e *custom.Error
		switch {
		case !errors.As(one, &e):
			d.failAt(n.Line, n.Column, lang.T(one.Error(), one.Error()))
		case len(definitions) > custom.MaxRules:
			d.failAt(n.Line, n.Column, e.Message)
		default:
			d.failRule(items[e.Index], read[e.Index].nodes[e.Key], e)
		}
	}
}

// joined gives the errors that errors.Join put together.
func joined(err error) []error {
	var all interface{ Unwrap() []error }
	if errors.As(err, &all) {
		return all.Unwrap()
	}
	return []error{err}
}

// failRule reports what is wrong with a custom rule: at the place inside the text of a
// key, at the key's value, or at the rule.
func (d *decoder) failRule(item, value *yaml.Node, e *custom.Error) {
	message := lang.F("规则 %[1]s 的 %[2]s：%[3]s", "rule %[1]s, %[2]s: %[3]s", e.Rule, e.Key, e.Message)
	switch {
	case value == nil:
		d.failAt(item.Line, item.Column, message)
	case e.Line == 0:
		d.failAt(value.Line, value.Column, message)
	default:
		value = target(value)
		line, column := d.inside(value, offsetOf(value.Value, e.Line, e.Column))
		d.failAt(line, column, message)
	}
}

// offsetOf gives the number of runes before a line and column of a text.
func offsetOf(text string, line, column int) int {
	runes := []rune(text)
	i := 0
	for ; line > 1 && i < len(runes); i++ {
		if runes[i] == '\n' {
			line--
		}
	}
	return min(i+column-1, len(runes))
}

// inside gives the place in the file of a rune of a scalar's text, by reading source
// and text side by side: YAML folds lines and undoes escapes. Where they part, it gives
// the place of the scalar.
func (d *decoder) inside(n *yaml.Node, offset int) (line, column int) {
	source := []rune(string(d.source))
	i := offsetOf(string(d.source), n.Line, n.Column)
	line, column = n.Line, n.Column
	next := func() {
		if column++; source[i] == '\n' {
			line, column = line+1, 1
		}
		i++
	}
	skip := func(while func(r rune) bool) {
		for i < len(source) && while(source[i]) {
			next()
		}
	}
	switch {
	case i == len(source):
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		skip(func(r rune) bool { return r != '\n' })
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		next()
	}
	text := []rune(n.Value)
	for _, r := range text[:offset] {
		before := i
		skip(unicode.IsSpace)
		switch {
		case unicode.IsSpace(r) && i > before:
		case i < len(source) && source[i] == r:
			if next(); r == '\'' && n.Style == yaml.SingleQuotedStyle && i < len(source) {
				next() // it is written twice
			}
		case i+1 < len(source) && source[i] == '\\' && n.Style == yaml.DoubleQuotedStyle:
			for range 2 + map[rune]int{'x': 2, 'u': 4, 'U': 8}[source[i+1]] {
				if i < len(source) {
					next()
				}
			}
		case !unicode.IsSpace(r):
			return n.Line, n.Column
		}
	}
	if offset < len(text) && !unicode.IsSpace(text[offset]) {
		skip(unicode.IsSpace)
	}
	return line, column
}
