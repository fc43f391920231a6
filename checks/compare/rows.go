package compare

import (
	"slices"
	"strconv"
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/quantity"
)

// RowKind says what happened to a row.
type RowKind string

// The kinds of change of a row. A row may be both moved and renamed.
const (
	Added   RowKind = "added"
	Removed RowKind = "removed"
	Moved   RowKind = "moved"
	Renamed RowKind = "renamed"
)

// RowChange is a row that came, went, moved or was renamed.
type RowChange struct {
	Kind RowKind
	// List is the list of the canonical document that the row stands in, as a dotted
	// name: funds.rows, groups, indicators, remarks or placeholders.
	List string
	// Old and New are the row in each version; nil where it is in one of them only.
	Old, New *Row
}

// Row is a row of a list of the form.
type Row struct {
	// Index is the row's 0-based number in its list.
	Index int
	// Name is what the form calls the row, Group the labels above it.
	Name, Group string
	// Texts are the filled cells of the row after its name, in the order of the form.
	Texts []string
	// At is the place of the row's name or, where it has none, of its first cell.
	At grid.Location
}

// row is a row with all that is compared.
type row struct {
	Row
	// key tells rows apart: labels and name; name alone follows a row to another group.
	key, name string
	// rest are the cells by which a row whose name changed is known, empty if they say
	// too little; group and content are its labels, and everything in it.
	rest, group, content string
	// label is the cell that holds the name, nil where rows are told by other means.
	label  *value
	values []value
}

// lists are the lists of a form and how their rows are taken apart.
var lists = []struct {
	name string
	rows func(*schema.Form) []row
	// ordered is set where the order of the rows is the form's own; that of remarks and
	// the like depends on the layout.
	ordered bool
}{
	{"funds.rows", fundRows, true},
	{"groups", groupRows, false},
	{"indicators", indicatorRows, true},
	{"remarks", remarkRows, false},
	{"placeholders", placeholderRows, false},
}

func fundRows(f *schema.Form) []row {
	rows := make([]row, len(f.Funds.Rows))
	for i := range f.Funds.Rows {
		r := &f.Funds.Rows[i]
		unit := f.Funds.CurrencyUnit
		label := value{"funds.rows.label", r.Label, ""}
		label.Text = strings.TrimRight(label.Text, ":： ") // 年度资金总额: is 年度资金总额
		rows[i] = newRow(i, r.PartOf, &label, label.Text, []value{
			{"funds.rows.initial", r.Initial, unit}, {"funds.rows.adjusted", r.Adjusted, unit}, {"funds.rows.executed", r.Executed, unit},
			{"funds.rows.weight", r.Weight, ""}, {"funds.rows.rate", r.Rate, ""}, {"funds.rows.score", r.Score, ""},
			{"funds.rows.explanation", r.Explanation, ""},
		})
		rows[i].name = joined(string(r.Role), quantity.Fold(label.Text))
		if r.Role == schema.RoleTotal {
			rows[i].rest = string(r.Role) // there is one, whatever it is called
		} else if r.Initial.Filled() || r.Adjusted.Filled() {
			rows[i].rest = joined(string(r.Role), quantity.Fold(r.Initial.Text), quantity.Fold(r.Adjusted.Text), quantity.Fold(r.Executed.Text))
		}
	}
	return rows
}

func groupRows(f *schema.Form) []row {
	rows := make([]row, len(f.Groups))
	for i := range f.Groups {
		g := &f.Groups[i]
		name := g.Level1
		if g.Level2 != "" {
			name = g.Level2
		}
		rows[i] = newRow(i, g.Level1, nil, name, []value{{"groups.weight", g.Weight, ""}, {"groups.score", g.Score, ""}})
		rows[i].key, rows[i].name = joined("group", g.Level1, g.Level2, strconv.FormatBool(g.Subtotal)), ""
		if rows[i].At.IsZero() {
			rows[i].At = g.Label.At
		}
	}
	return rows
}

func indicatorRows(f *schema.Form) []row {
	rows := make([]row, len(f.Indicators))
	for i := range f.Indicators {
		r := &f.Indicators[i]
		label := value{"indicators.name", r.Name, ""}
		rows[i] = newRow(i, joined(r.Level1.Text, r.Level2.Text, r.PartOf), &label, r.Name.Text, []value{
			{"indicators.level1", r.Level1, ""}, {"indicators.level2", r.Level2, ""},
			{"indicators.target", r.Target, ""}, {"indicators.actual", r.Actual, ""}, {"indicators.weight", r.Weight, ""},
			{"indicators.score", r.Score, ""}, {"indicators.explanation", r.Explanation, ""},
		})
		rows[i].Texts = rows[i].Texts[:0:0]
		for _, c := range []schema.Field{r.Target, r.Actual, r.Weight, r.Score, r.Explanation} {
			if c.Filled() {
				rows[i].Texts = append(rows[i].Texts, c.Text)
			}
		}
		if r.Target.Filled() && r.Weight.Filled() {
			rows[i].rest = joined(quantity.Fold(r.Target.Text), quantity.Fold(r.Actual.Text), quantity.Fold(r.Weight.Text), quantity.Fold(r.Score.Text))
		}
	}
	return rows
}

func remarkRows(f *schema.Form) []row {
	rows := make([]row, len(f.Remarks))
	for i := range f.Remarks {
		r := &f.Remarks[i]
		rows[i] = newRow(i, "", nil, r.Label, []value{{"remarks.text", r.Text, ""}})
	}
	return rows
}

func placeholderRows(f *schema.Form) []row {
	rows := make([]row, len(f.Placeholders))
	for i := range f.Placeholders {
		label := value{"placeholders", f.Placeholders[i], ""}
		rows[i] = newRow(i, "", &label, f.Placeholders[i].Text, nil)
	}
	return rows
}

// newRow takes a row apart that is told from others by its labels and name.
func newRow(i int, group string, label *value, name string, values []value) row {
	r := row{Row: Row{Index: i, Name: strings.TrimSpace(name), Group: strings.Trim(strings.ReplaceAll(group, "\x1f", "/"), "/")}, label: label, values: values}
	r.group, r.name = quantity.Fold(group), quantity.Fold(name)
	if r.name != "" {
		r.key = joined(r.group, r.name)
	}
	parts := []string{r.group, r.name}
	if label != nil {
		r.At = label.At
	}
	for _, v := range values {
		parts = append(parts, v.Text)
		if r.At.IsZero() && v.Filled() {
			r.At = v.At
		}
		if v.Filled() {
			r.Texts = append(r.Texts, v.Text)
		}
	}
	r.content = joined(parts...)
	return r
}

// pairRows pairs the rows of a list: those that are the same throughout first, then those
// of one name in one group, then those of one name. What is left was renamed if it stands
// after the same row under a name that is much the same, or if the rest of the row agrees.
func pairRows(before, after []row) *matching {
	m := newMatching(len(before), len(after))
	for _, key := range []func(*row) string{
		func(r *row) string { return r.content },
		func(r *row) string { return r.key },
		func(r *row) string { return r.name },
	} {
		m.step(func(i int) string { return key(&before[i]) }, func(j int) string { return key(&after[j]) })
	}
	m.neighbours(func(i, j int) bool {
		a, b := &before[i], &after[j]
		return a.group == b.group && a.label != nil && similar(a.name, b.name)
	})
	rest := func(r *row) string {
		if r.rest == "" {
			return ""
		}
		return joined(r.group, r.rest)
	}
	m.step(func(i int) string { return rest(&before[i]) }, func(j int) string { return rest(&after[j]) })
	return m
}

// neighbours pairs what stands after a pair, or at the beginning, if alike says so.
func (m *matching) neighbours(alike func(i, j int) bool) {
	for i := range m.partner {
		j := 0
		if i > 0 {
			if m.partner[i-1] < 0 {
				continue
			}
			j = m.partner[i-1] + 1
		}
		if m.partner[i] < 0 && j < len(m.owner) && m.owner[j] < 0 && alike(i, j) {
			m.pair(i, j)
		}
	}
}

// similar reports whether two folded names have more than half of their characters in
// common. Names of rows whose cell is blank are alike.
func similar(a, b string) bool {
	const most = 200 // characters looked at: a name is shorter
	left := map[rune]int{}
	x, y := []rune(a), []rune(b)
	x, y = x[:min(len(x), most)], y[:min(len(y), most)]
	for _, r := range x {
		left[r]++
	}
	common := 0
	for _, r := range y {
		if left[r] > 0 {
			left[r]--
			common++
		}
	}
	return len(x)+len(y) == 0 || 4*common > len(x)+len(y)
}

// compareRows adds what changed in a list to the form's changes. Only rows of an ordered
// list can have moved.
func (f *Form) compareRows(before, after []row, t *table, ordered bool) {
	m := pairRows(before, after)
	t.partner = m.partner
	moved := make([]bool, len(before))
	if ordered {
		moved = m.moved()
	}
	removed := func(from, to int) {
		for i := from; i < to; i++ {
			if m.partner[i] < 0 {
				f.Rows = append(f.Rows, RowChange{Kind: Removed, List: t.name, Old: &before[i].Row})
			}
		}
	}
	said := 0 // removed rows are said before the row that followed them
	for j := range after {
		i := m.owner[j]
		if i < 0 {
			f.Rows = append(f.Rows, RowChange{Kind: Added, List: t.name, New: &after[j].Row})
			continue
		}
		if i >= said {
			removed(said, i)
			said = i + 1
		}
		a, b := &before[i], &after[j]
		if a.label != nil && b.label != nil && a.name != b.name && writing(*a.label, *b.label) == Changed {
			f.Rows = append(f.Rows, RowChange{Renamed, t.name, &a.Row, &b.Row})
		} else if a.label != nil && b.label != nil {
			f.change(*a.label, *b.label, b.Name)
		}
		if moved[i] {
			f.Rows = append(f.Rows, RowChange{Moved, t.name, &a.Row, &b.Row})
		}
		for k := range b.values {
			f.change(a.values[k], b.values[k], b.Name)
		}
	}
	removed(said, len(before))
}

// moved tells which old elements were moved: those that not every way of moving the
// fewest leaves in place. Where two rows changed places, either may have moved, and both
// are said to have.
func (m *matching) moved() []bool {
	var at []int // the old elements that are paired
	for i, j := range m.partner {
		if j >= 0 {
			at = append(at, i)
		}
	}
	upTo := longest(len(at), func(k int) int { return m.partner[at[k]] })
	from := longest(len(at), func(k int) int { return -m.partner[at[len(at)-1-k]] })
	most := 0
	if len(upTo) > 0 {
		most = slices.Max(upTo)
	}
	kept := make([]int, most+1) // elements that some longest sequence has at a place
	stays := func(k int) bool { return upTo[k]+from[len(at)-1-k]-1 == most }
	for k := range at {
		if stays(k) {
			kept[upTo[k]]++
		}
	}
	out := make([]bool, len(m.partner))
	for k, i := range at {
		out[i] = !stays(k) || kept[upTo[k]] > 1
	}
	return out
}

// longest gives, for each of n different numbers, the length of the longest rising
// sequence that ends with it.
func longest(n int, number func(int) int) []int {
	lengths := make([]int, n)
	var ends []int // the least end of a sequence of each length
	for k := range n {
		x := number(k)
		i, _ := slices.BinarySearch(ends, x)
		if i == len(ends) {
			ends = append(ends, x)
		} else {
			ends[i] = x
		}
		lengths[k] = i + 1
	}
	return lengths
}
