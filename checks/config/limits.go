package config

import (
	"regexp"
	"slices"
	"strconv"

	"jixiaolint/schema/grid"
)

// limit is one of the limits on what readers accept.
type limit struct {
	key string
	// bytes is set for sizes, which are written with a unit: 64MB.
	bytes bool
	// ceiling is the greatest value that a configuration can set.
	ceiling int64
	of      access
}

// access reads and writes one field of grid.Limits.
type access struct {
	get func(grid.Limits) int64
	set func(*grid.Limits, int64)
}

func size(field func(*grid.Limits) *int64) access {
	return access{
		func(l grid.Limits) int64 { return *field(&l) },
		func(l *grid.Limits, n int64) { *field(l) = n },
	}
}

func number(field func(*grid.Limits) *int) access {
	return access{
		func(l grid.Limits) int64 { return int64(*field(&l)) },
		func(l *grid.Limits, n int64) { *field(l) = int(n) },
	}
}

const (
	kilo = 1 << 10
	mega = 1 << 20
	giga = 1 << 30
)

// limits lists the limits in the order of the documentation. The ceilings keep a
// configuration that came with submitted files from taking the machine down.
var limits = []limit{
	{"file_size", true, giga, size(func(l *grid.Limits) *int64 { return &l.FileSize })},
	{"unzipped_size", true, 4 * giga, size(func(l *grid.Limits) *int64 { return &l.UnzippedSize })},
	{"part_size", true, 2 * giga, size(func(l *grid.Limits) *int64 { return &l.PartSize })},
	{"ratio", false, 1000, size(func(l *grid.Limits) *int64 { return &l.Ratio })},
	{"entries", false, 100_000, number(func(l *grid.Limits) *int { return &l.Entries })},
	{"cells", false, 20_000_000, number(func(l *grid.Limits) *int { return &l.Cells })},
	{"rows", false, 1_048_576, number(func(l *grid.Limits) *int { return &l.Rows })},
	{"columns", false, 16_384, number(func(l *grid.Limits) *int { return &l.Columns })},
	{"merges", false, 1_000_000, number(func(l *grid.Limits) *int { return &l.Merges })},
	{"strings", false, 10_000_000, number(func(l *grid.Limits) *int { return &l.Strings })},
	{"text_length", true, mega, number(func(l *grid.Limits) *int { return &l.TextLength })},
	{"depth", false, 128, number(func(l *grid.Limits) *int { return &l.Depth })},
	{"tables", false, 20_000, number(func(l *grid.Limits) *int { return &l.Tables })},
}

// LimitKeys lists the keys of Settings.Limits in the order of the documentation.
func LimitKeys() []string {
	names := make([]string, 0, len(limits))
	for _, l := range limits {
		names = append(names, l.key)
	}
	return names
}

func findLimit(key string) (limit, bool) {
	i := slices.IndexFunc(limits, func(l limit) bool { return l.key == key })
	if i < 0 {
		return limit{}, false
	}
	return limits[i], true
}

var (
	reNumber = regexp.MustCompile(`^[1-9]\d{0,11}$`)
	reSize   = regexp.MustCompile(`^([1-9]\d{0,11}) ?([KMG]?B)$`)
)

var units = []struct {
	name  string
	bytes int64
}{{"GB", giga}, {"MB", mega}, {"KB", kilo}, {"B", 1}}

// parse reads a value of the limit: a number or, for sizes, a number and a unit. KB, MB
// and GB are powers of 1024, as file managers show them.
func (l limit) parse(text string) (n int64, ok bool) {
	digits, unit := text, int64(1)
	if l.bytes {
		m := reSize.FindStringSubmatch(text)
		if m == nil {
			return 0, false
		}
		digits = m[1]
		for _, u := range units {
			if u.name == m[2] {
				unit = u.bytes
			}
		}
	} else if !reNumber.MatchString(text) {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n > l.ceiling/unit {
		return l.ceiling + 1, true
	}
	return n * unit, true
}

// text writes a value of the limit as parse reads it.
func (l limit) text(n int64) string {
	if !l.bytes {
		return strconv.FormatInt(n, 10)
	}
	for _, u := range units {
		if n%u.bytes == 0 {
			return strconv.FormatInt(n/u.bytes, 10) + u.name
		}
	}
	return ""
}

// example is a value in messages.
func (l limit) example() string { return l.text(l.of.get(grid.DefaultLimits())) }

// LimitText writes the limit of a key as a configuration file does: 64MB.
func LimitText(key string, n int64) string {
	l, ok := findLimit(key)
	if !ok {
		return ""
	}
	return l.text(n)
}
