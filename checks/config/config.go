// Package config reads configuration files, .jixiaolint.yaml, and says which settings
// hold for a file.
//
// A file is governed by the first configuration file in its folder or above. Values
// carry where they come from, so that the settings in force can be explained, and
// errors in a configuration file name line and column.
package config

import (
	"bytes"
	_ "embed"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"jixiaolint/checks"
	"jixiaolint/checks/custom"
	"jixiaolint/checks/profile"
	"jixiaolint/checks/suppress"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// FileName is the name of configuration files.
const FileName = ".jixiaolint.yaml"

//go:embed config.schema.json
var configSchema []byte

// Schema gives the JSON Schema of configuration files.
func Schema() []byte { return bytes.Clone(configSchema) }

// Source is the kind of place that a value comes from.
type Source uint8

// The sources, the weakest first. Unset is the source of a value that is not given.
const (
	Unset Source = iota
	Default
	File
	Environment
	Flag
)

// Origin is where a value comes from.
type Origin struct {
	Source Source
	// Name is the configuration file, the environment variable, or the flag.
	Name string
	// Line and Column are the 1-based place in a configuration file.
	Line, Column int
}

// Text words the origin: default, file:line:column, environment variable, flag.
func (o Origin) Text() lang.Text {
	switch o.Source {
	case File:
		at := fmt.Sprintf("%s:%d:%d", o.Name, o.Line, o.Column)
		return lang.T(at, at)
	case Environment:
		return lang.F("环境变量 %s", "environment variable %s", o.Name)
	case Flag:
		return lang.F("选项 %s", "flag %s", o.Name)
	case Unset, Default:
	}
	return lang.T("默认", "default")
}

// Value is a value and where it comes from.
type Value[T any] struct {
	Value  T
	Origin Origin
}

// IsSet reports whether the value is given.
func (v Value[T]) IsSet() bool { return v.Origin.Source != Unset }

// Or gives the value or, if it is not given, another one.
func (v Value[T]) Or(other Value[T]) Value[T] {
	if v.IsSet() {
		return v
	}
	return other
}

// Rules are the settings that say how forms are judged. They can be given for all
// files and, by overrides, for some.
type Rules struct {
	// Profile is the name of the rule set.
	Profile Value[string]
	// Select are the only rules or groups to run, if given.
	Select Value[[]string]
	// Ignore are rules or groups to leave out.
	Ignore []Value[string]
	// Severity gives the severity of rules and groups, by name.
	Severity map[string]Value[checks.Severity]
	// Words are changes of word lists, by list, in the order in which they apply.
	Words map[string][]Value[checks.WordChange]

	// entries tells where the entries of the changes of word lists stand.
	entries map[entry]Origin
}

// entry is an entry of a change of a word list, which has a place of its own.
type entry struct {
	change Origin
	word   string
}

// over gives the settings with those of r in force over those of base: single values
// replace, ignored rules and changes of words add up.
func (r Rules) over(base Rules) Rules {
	out := Rules{
		Profile: r.Profile.Or(base.Profile), Select: r.Select.Or(base.Select),
		Ignore:   slices.Concat(base.Ignore, r.Ignore),
		Severity: map[string]Value[checks.Severity]{}, Words: map[string][]Value[checks.WordChange]{},
		entries: map[entry]Origin{},
	}
	for _, layer := range []Rules{base, r} {
		for name, s := range layer.Severity {
			out.Severity[name] = s
		}
		for name, w := range layer.Words {
			out.Words[name] = slices.Concat(out.Words[name], w)
		}
		maps.Copy(out.entries, layer.entries)
	}
	return out
}

// WordChanges gives the changes of each word list as one. A later change undoes an earlier
// one.
func (r Rules) WordChanges() map[string]checks.WordChange {
	if len(r.Words) == 0 {
		return nil
	}
	out := map[string]checks.WordChange{}
	for name, changes := range r.Words {
		var sum checks.WordChange
		for _, c := range changes {
			sum = checks.WordChange{
				Add:    slices.Concat(without(sum.Add, c.Value.Remove), without(c.Value.Add, sum.Add)),
				Remove: slices.Concat(without(sum.Remove, c.Value.Add), without(c.Value.Remove, sum.Remove)),
			}
		}
		out[name] = sum
	}
	return out
}

// without gives the words of a list that are not in another.
func without(list, others []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(others, s) })
}

// Run are the settings that concern a run as a whole. They are read from the
// configuration of the working directory only: a folder of submitted forms has no say
// in them.
type Run struct {
	// Lang is zh or en; Level and FailOn are names of severities, FailOn also never;
	// Convert is auto or never.
	Lang, Level, FailOn, Convert Value[string]
}

// Over gives the settings with those of r in force over those of base.
func (r Run) Over(base Run) Run {
	return Run{r.Lang.Or(base.Lang), r.Level.Or(base.Level), r.FailOn.Or(base.FailOn), r.Convert.Or(base.Convert)}
}

// given gives the names of the settings that are given, with their places.
func (r Run) given() []Value[string] {
	var out []Value[string]
	for _, k := range []struct {
		name string
		v    Value[string]
	}{{"lang", r.Lang}, {"level", r.Level}, {"fail_on", r.FailOn}, {"convert", r.Convert}} {
		if k.v.IsSet() {
			out = append(out, Value[string]{k.name, k.v.Origin})
		}
	}
	return out
}

// Override holds settings for the files that one of its patterns matches.
type Override struct {
	Paths []string
	Rules Rules
}

// Configuration is the content of a configuration file.
type Configuration struct {
	// Name is the file as messages call it; Folder is the folder that patterns for
	// paths start from, an absolute path.
	Name, Folder string
	Run          Run
	Rules        Rules
	Overrides    []Override
	// Limits are the limits given, by the names of their keys.
	Limits       map[string]Value[int64]
	Suppressions []*suppress.Entry
	// Custom are the rules that the file declares, with their places; Extra are the same,
	// compiled.
	Custom []Value[custom.Definition]
	Extra  []*checks.Rule
}

// ProfileFiles gives the paths of the files that the profiles which the configuration
// names are read from, whether they are there or not.
func (c *Configuration) ProfileFiles() []string {
	named := []Value[string]{c.Rules.Profile}
	for i := range c.Overrides {
		named = append(named, c.Overrides[i].Rules.Profile)
	}
	var paths []string
	for _, v := range named {
		if v.IsSet() && v.Value != profile.Auto {
			paths = append(paths, profile.FilesWithin(filepath.Dir(v.Origin.Name), v.Value)...)
		}
	}
	return paths
}

// Fault is something wrong with a configuration file.
type Fault struct {
	At      grid.Location
	Message lang.Text
}

// Text gives the message with the place before it.
func (e *Fault) Text() lang.Text { return lang.F("%[1]s：%[2]s", "%[1]s: %[2]s", e.At, e.Message) }

// FileError is all that is wrong with one configuration file. There is at least one
// fault.
type FileError struct {
	// Name is the file as messages call it.
	Name   string
	Faults []*Fault
}

// Error gives the messages in English, one a line.
func (e *FileError) Error() string {
	lines := make([]string, 0, len(e.Faults))
	for _, one := range e.Faults {
		lines = append(lines, one.Text().EN)
	}
	return strings.Join(lines, "\n")
}

// unreadable makes the error about a file that could not be read at all.
func unreadable(name string, message lang.Text) *FileError {
	return &FileError{Name: name, Faults: []*Fault{{At: grid.Location{File: name}, Message: message}}}
}
