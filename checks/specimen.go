package checks

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
)

//go:embed specimen.json
var specimen []byte

// Form gives the specimen form with the changes of an example of one form, read back
// from JSON as a filed document would be.
func (e Example) Form() (*schema.Form, error) {
	forms, err := e.Forms()
	if err != nil {
		return nil, err
	}
	if len(forms) != 1 {
		return nil, fmt.Errorf("the example gives %d forms", len(forms))
	}
	return forms[0], nil
}

// Forms gives the forms of an example: one, or as many as its pointers number.
func (e Example) Forms() ([]*schema.Form, error) {
	last := -1
	for _, s := range e {
		first, _, _ := strings.Cut(strings.TrimPrefix(s.Pointer, "/"), "/")
		if n, err := strconv.Atoi(first); err == nil {
			last = max(last, n)
		}
	}
	var doc any
	forms := make([]any, max(last, 0)+1)
	for i := range forms {
		if err := json.Unmarshal(specimen, &forms[i]); err != nil {
			return nil, fmt.Errorf("specimen.json: %w", err)
		}
	}
	doc = forms
	if last < 0 {
		doc = forms[0]
	}
	for _, s := range e {
		if err := set(doc, strings.Split(strings.TrimPrefix(s.Pointer, "/"), "/"), s.Value); err != nil {
			return nil, fmt.Errorf("%s: %w", s.Pointer, err)
		}
	}
	data, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		return nil, fmt.Errorf("example: %w", err)
	}
	return schema.Decode("example.json", data, grid.DefaultLimits()).Forms, nil
}

// set puts a value at a path of a JSON tree; nil removes it.
func set(node any, path []string, value any) error {
	switch n := node.(type) {
	case map[string]any:
		if len(path) > 1 {
			return set(n[path[0]], path[1:], value)
		}
		if value == nil {
			delete(n, path[0])
		} else {
			n[path[0]] = value
		}
		return nil
	case []any:
		i, err := strconv.Atoi(path[0])
		if err != nil || i < 0 || i >= len(n) {
			return fmt.Errorf("no element %s", path[0])
		}
		if len(path) > 1 {
			return set(n[i], path[1:], value)
		}
		n[i] = value
		return nil
	}
	return fmt.Errorf("nothing at %s", strings.Join(path, "/"))
}
