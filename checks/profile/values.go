package profile

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"jixiaolint/schema/quantity"
)

var hundred = quantity.Int(100)

// Value is one value of a profile with where it comes from.
type Value struct {
	// Pointer is the value's JSON Pointer, such as /over_fulfilment/warn.
	Pointer string
	// Text is the value as JSON; a list of words is one value.
	Text string
	// From is the profile of the chain that states the value: a name or, for profiles
	// of users, the path of the file.
	From string
	// Source is what that profile says about it, zero where it says nothing.
	Source Source
}

// Values lists every value in force, in the order of the type Profile, with the profile
// of the chain that states it and its source.
func (p *Profile) Values() []Value {
	var out []Value
	walk(reflect.ValueOf(p).Elem(), "", func(pointer string, v reflect.Value) {
		text, err := json.Marshal(v.Interface())
		if err != nil {
			return // no value of a profile fails to marshal
		}
		value := Value{Pointer: pointer, Text: string(text)}
		if len(p.layers) > 0 {
			l := p.stating(pointer)
			value.From, value.Source = l.id, l.source(pointer)
		}
		out = append(out, value)
	})
	return out
}

// Value gives the value at a JSON Pointer; ok is false if there is none.
func (p *Profile) Value(pointer string) (v Value, ok bool) {
	values := p.Values()
	i := slices.IndexFunc(values, func(v Value) bool { return v.Pointer == pointer })
	if i < 0 {
		return v, false
	}
	return values[i], true
}

// Chain lists the profile and those it extends, nearest first: names of shipped ones,
// paths of files.
func (p *Profile) Chain() []string {
	ids := make([]string, len(p.layers))
	for i, l := range p.layers {
		ids[i] = l.id
	}
	return ids
}

// source gives what the layer says about the value at a pointer, or about the nearest
// value that holds it.
func (l *layer) source(pointer string) Source {
	for at := pointer; at != ""; at = at[:strings.LastIndexByte(at, '/')] {
		if s, ok := l.sources[at]; ok {
			return s
		}
	}
	return Source{}
}

// walk visits the leaves of a profile: numbers, words, lists of words. What a profile
// says about itself is no value.
func walk(v reflect.Value, pointer string, visit func(pointer string, v reflect.Value)) {
	switch {
	case v.Kind() == reflect.Pointer:
		if !v.IsNil() {
			walk(v.Elem(), pointer, visit)
		}
	case v.Type() == reflect.TypeFor[Decimal](), v.Type() == reflect.TypeFor[[]string](), v.Kind() != reflect.Struct && v.Kind() != reflect.Map && v.Kind() != reflect.Slice:
		visit(pointer, v)
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), pointer+"/"+strconv.Itoa(i), visit)
		}
	case v.Kind() == reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, k := range keys {
			walk(v.MapIndex(k), pointer+"/"+escape(k.String()), visit)
		}
	default:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
			if !field.IsExported() || pointer == "" && slices.Contains(ownKeys, name) || options == "omitempty" && v.Field(i).IsZero() {
				continue
			}
			walk(v.Field(i), pointer+"/"+name, visit)
		}
	}
}

func escape(s string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(s) }

func unescape(s string) string { return strings.NewReplacer("~1", "/", "~0", "~").Replace(s) }
