package checks

import "jixiaolint/schema/lang"

// Source is a text or system that a rule rests on.
type Source struct {
	Code  string
	Title lang.Text
	URL   string
}

// Sources gives the sources by code.
func Sources() map[string]Source { return nil }
