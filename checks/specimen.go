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

// Form gives the specimen form with the example's changes, read back from JSON as a
// filed document would be.
func (e Example) Form() (*schema.Form, error) {
	var doc map[string]any
	if err := json.Unmarshal(specimen, &doc); err != nil {
		return nil, fmt.Errorf("specimen.json: %w", err)
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
	forms := schema.Decode("example.json", data, grid.DefaultLimits()).Forms
	if len(forms) != 1 {
		return nil, fmt.Errorf("the example gives %d forms", len(forms))
	}
	return forms[0], nil
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
