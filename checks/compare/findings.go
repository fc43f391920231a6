package compare

import (
	"strconv"
	"strings"

	"jixiaolint/checks"
)

// table says which rows of a list are the same row.
type table struct {
	name string
	// partner is the new row of each old one, -1 for none.
	partner []int
}

// tables are the lists of a pair of forms.
type tables struct{ lists []*table }

func (t *tables) list(name string) *table {
	l := &table{name: name}
	t.lists = append(t.lists, l)
	return l
}

// newField identifies the field that a finding of the new form marks; oldField gives the
// same for the same field of the old one.
func (t *tables) newField(f *checks.Finding) string {
	return t.identity(f.At.At.Path, func(_ *table, n int) string { return strconv.Itoa(n) })
}

func (t *tables) oldField(f *checks.Finding) string {
	return t.identity(f.At.At.Path, func(l *table, n int) string {
		if n < len(l.partner) && l.partner[n] >= 0 {
			return strconv.Itoa(l.partner[n])
		}
		return "removed " + strconv.Itoa(n)
	})
}

// identity gives a JSON Pointer with the number of its row as number has it.
func (t *tables) identity(pointer string, number func(l *table, n int) string) string {
	for _, l := range t.lists {
		prefix := "/" + strings.ReplaceAll(l.name, ".", "/") + "/"
		rest, ok := strings.CutPrefix(pointer, prefix)
		if !ok {
			continue
		}
		index, field, _ := strings.Cut(rest, "/")
		if n, err := strconv.Atoi(index); err == nil && n >= 0 {
			return prefix + number(l, n) + "/" + field
		}
	}
	return pointer
}

// wholeFile identifies what a finding about a file speaks of: its message without the
// numbers of rows and cells in it.
func wholeFile(f *checks.Finding) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, f.Message.ZH)
}

// pairFindings pairs the findings of two versions: equal fingerprints first, then one
// rule with equal figures at one field, then one rule at one field. What is left is gone,
// or new.
func pairFindings(before, after []*checks.Finding, oldField, newField func(*checks.Finding) string) Findings {
	m := newMatching(len(before), len(after))
	for _, key := range []func(f *checks.Finding, field string) string{
		func(f *checks.Finding, _ string) string {
			return f.Fingerprint[:min(len(f.Fingerprint), checks.FingerprintLength)]
		},
		func(f *checks.Finding, field string) string { return joined(f.Rule.Name, field, f.Found, f.Expected) },
		func(f *checks.Finding, field string) string { return joined(f.Rule.Name, field) },
	} {
		m.step(func(i int) string { return key(before[i], oldField(before[i])) },
			func(j int) string { return key(after[j], newField(after[j])) })
	}
	var out Findings
	for i, j := range m.partner {
		if j < 0 {
			out.Gone = append(out.Gone, before[i])
		}
	}
	for j, i := range m.owner {
		if i < 0 {
			out.New = append(out.New, after[j])
		} else {
			out.Remaining = append(out.Remaining, Remaining{before[i], after[j]})
		}
	}
	return out
}
