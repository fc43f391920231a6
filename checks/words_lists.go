package checks

import (
	"maps"
	"slices"
)

// WordLists gives the names of the word lists that Options.Words can change, in
// order.
func WordLists() []string { return slices.Sorted(maps.Keys((&lexicon{}).lists())) }
