package grid

import "strings"

// textLayout says how a text is divided into fields.
type textLayout struct {
	delimiter byte
	// skip is the number of bytes of a first line that only names the delimiter.
	skip int
	// aligned is set when columns are made by runs of spaces.
	aligned bool
}

// Text is divided by what is consistent in it, and where that leaves a choice by
// the ending of its name.
const (
	// leastFields is the number of fields that a row of a form has at least: head
	// rows have two labels or a label and an amount, all others more.
	leastFields = 3
	// detectionSample bounds the part of a text that is looked at.
	detectionSample = 256 << 10
	// leastAligned is the number of lines with runs of spaces that make columns.
	leastAligned = 3
)

// detectLayout tells how a text is divided.
func detectLayout(text, ext string) textLayout {
	preferred := byte('\t')
	switch ext {
	case ".csv":
		preferred = ','
	case ".md", ".markdown":
		preferred = '|'
	}
	if d, n := namedDelimiter(text); n > 0 {
		return textLayout{delimiter: d, skip: n}
	}
	sample := text
	if len(sample) > detectionSample {
		sample = sample[:detectionSample]
		if i := strings.LastIndexByte(sample, '\n'); i >= 0 {
			sample = sample[:i+1]
		}
	}
	best, most := preferred, 0
	for _, d := range []byte{preferred, '\t', '|', ',', ';'} {
		// A name that speaks for one mark of punctuation does not speak against the
		// other: where commas are decimal points, CSV has semicolons.
		strict := preferred != ',' && (d == ',' || d == ';')
		n, rows := delimiterStrength(sample, d, strict)
		if n > most {
			best, most = d, n
		}
		if d == '\t' && 2*n > rows {
			break // nothing else puts tabs into most rows
		}
	}
	return textLayout{delimiter: best, aligned: most == 0 && alignedBySpaces(sample)}
}

// namedDelimiter reads the line sep=; by which files tell Excel their delimiter. n
// is its length, 0 if there is none.
func namedDelimiter(text string) (d byte, n int) {
	line, _, _ := strings.Cut(text, "\n")
	s := strings.ToLower(strings.Trim(line, `" `))
	if len(s) == len("sep=;") && strings.HasPrefix(s, "sep=") && strings.IndexByte(",;\t|", s[4]) >= 0 {
		return s[4], len(line)
	}
	return 0, 0
}

// delimiterStrength counts the rows that a delimiter divides like a table. Tabs and
// pipes are no part of sentences: any row with enough of them counts. Commas and
// semicolons are, so that a strict count, which is for files whose name does not speak
// for them, takes only rows with the most usual number of fields, and these only if
// they are most of all rows.
func delimiterStrength(text string, d byte, strict bool) (strength, rows int) {
	divided := 0
	widths := map[int]int{}
	count := func(fields int) {
		rows++
		if fields >= leastFields {
			divided++
			widths[fields]++
		}
	}
	if d == '|' {
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); line != "" {
				fields := splitPipes(line, 0, len(line))
				count(len(pipeStyle{lead: true, trail: true}.trim(fields)))
			}
		}
		return divided, rows
	}
	x := newFieldScanner(text, textLayout{delimiter: d})
	for !x.done() {
		n, blank := 0, true
		for more := true; more; n++ {
			var f textField
			f, more = x.field()
			blank = blank && strings.TrimSpace(f.text) == ""
		}
		if !blank {
			count(n)
		}
	}
	if !strict {
		return divided, rows
	}
	usual := 0
	for _, n := range widths {
		usual = max(usual, n)
	}
	if 2*usual < rows {
		return 0, rows
	}
	return usual, rows
}

// alignedBySpaces reports whether lines fall into columns by runs of spaces, as
// tables do that were copied from a page or printed by a program.
func alignedBySpaces(text string) bool {
	widths := map[int]int{}
	for line := range strings.Lines(text) {
		columns, run := 0, 2
		for _, r := range strings.TrimSpace(line) {
			switch r {
			case ' ':
				run++
			case '\u3000', '\t': // as wide as two, or more
				run += 2
			default:
				if run >= 2 {
					columns++
				}
				run = 0
			}
		}
		if columns >= leastFields {
			widths[columns]++
		}
	}
	for _, n := range widths {
		if n >= leastAligned {
			return true
		}
	}
	return false
}
