package report

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"jixiaolint/checks"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

const (
	// maxRows is how many rows one finding shows; a sum over a long table is as
	// clear from its first rows.
	maxRows = 10
	// maxCells is how many cells of a row are looked at around the marked ones. Real
	// rows have about ten; a row of thousands must not slow down every finding in it.
	maxCells = 64
	// minRowWidth keeps rows readable on absurdly narrow terminals.
	minRowWidth = 24
	// minCell is the width to which an unmarked cell is cut at most when a row is
	// too long.
	minCell = 14
	// separator stands between the cells of a row.
	separator = " | "
	ellipsis  = "…"
)

// snippet is the part of the filed document that a finding shows.
type snippet struct {
	sections []section
	// rowless are related places with no row to show.
	rowless []mark
	// unshown counts the related cells in rows beyond maxRows.
	unshown int
	// digits is the width of the greatest row number.
	digits int
}

// section is the rows of one sheet or table, in row order.
type section struct{ rows []shownRow }

// shownRow is a row and the cells to mark in it.
type shownRow struct {
	row *grid.Row
	// num is the number shown: that of the row, or, where a row of the form takes
	// several lines of the file, as in JSON, the line of its first mark.
	num   int
	marks []mark
}

// mark is a cell to underline.
type mark struct {
	at      grid.Location
	primary bool
	label   string
	// quote is what is wrong in the cell's text, as a rule gives it in Finding.Found: the
	// part to underline, if it is a part; empty for all of it.
	quote string
}

// newSnippet collects the rows of a finding: that of the marked cell, and those of
// the related ones.
func newSnippet(f *checks.Finding, l lang.Lang) *snippet {
	s := &snippet{digits: 1}
	rows := map[*grid.Row]int{}
	var shown []shownRow
	add := func(row *grid.Row, m mark) {
		if row == nil {
			if !m.primary {
				s.rowless = append(s.rowless, m)
			}
			return
		}
		i, ok := rows[row]
		switch {
		case ok:
			shown[i].marks = append(shown[i].marks, m)
		case len(shown) == maxRows:
			s.unshown++
		default:
			rows[row] = len(shown)
			shown = append(shown, shownRow{row, rowNumber(row, m), []mark{m}})
		}
	}
	add(f.At.Row, mark{f.At.At, true, Sanitize(f.Arithmetic.In(l)), Sanitize(f.Found)})
	for _, r := range f.Related {
		if samePlace(r.At.At, f.At.At) {
			continue
		}
		add(r.At.Row, mark{at: r.At.At, label: Sanitize(r.Label.In(l))})
	}
	if more := len(s.rowless) - maxRows; more > 0 {
		s.rowless, s.unshown = s.rowless[:maxRows], s.unshown+more
	}

	for _, row := range shown {
		s.digits = max(s.digits, digits(row.num))
		i := slices.IndexFunc(s.sections, func(have section) bool {
			return sameTable(have.rows[0].marks[0].at, row.marks[0].at)
		})
		if i < 0 {
			i = len(s.sections)
			s.sections = append(s.sections, section{})
		}
		s.sections[i].rows = append(s.sections[i].rows, row)
	}
	for _, section := range s.sections {
		slices.SortStableFunc(section.rows, func(a, b shownRow) int { return cmp.Compare(a.num, b.num) })
	}
	return s
}

func rowNumber(row *grid.Row, m mark) int {
	if i := cellIndex(row.Cells, m.at); i < len(row.Cells) && comparePlace(row.Cells[i].Loc, m.at) == 0 {
		return m.at.Line
	}
	return row.Num
}

func digits(n int) int {
	d := 1
	for ; n >= 10; n /= 10 {
		d++
	}
	return d
}

func sameTable(a, b grid.Location) bool {
	return a.File == b.File && a.Sheet == b.Sheet && a.Table == b.Table
}

// samePlace compares locations as places of the file: two fields may share a cell.
func samePlace(a, b grid.Location) bool {
	a.Path, b.Path = "", ""
	return a == b
}

// piece is one cell as it may be shown in a row.
type piece struct {
	text  string // sanitized, in full
	width int    // of text
	show  int    // the width it is shown at
	in    bool   // whether it is shown at all
	mark  *mark
}

// window cuts the text to the width at which it is shown: from its beginning, or, if
// the quoted part would not be seen, around that.
func (p *piece) window() string {
	quote := ""
	if p.mark != nil {
		quote = p.mark.quote
	}
	at := strings.Index(p.text, quote)
	if quote == "" || at < 0 || Width(p.text[:at+len(quote)]) < p.show {
		return cut(p.text, p.show)
	}
	// A third of what room there is goes before it.
	lead, start := max(p.show-Width(quote)-2, 0)/3, at
	for start > 0 {
		_, size := utf8.DecodeLastRuneInString(p.text[:start])
		if lead -= Width(p.text[start-size : start]); lead < 0 {
			break
		}
		start -= size
	}
	if start == 0 {
		return cut(p.text, p.show)
	}
	return ellipsis + cut(p.text[start:], p.show-1)
}

// quoted gives where, in columns, the quoted part stands in the text as shown, and
// its width: the whole text if there is no such part.
func (p *piece) quoted(shown string) (before, width int) {
	quote := p.mark.quote
	if i := strings.Index(shown, quote); quote != "" && i >= 0 {
		return Width(shown[:i]), Width(quote)
	}
	return 0, Width(shown)
}

// rowLine is a row laid out to a width, with the spans of its marked cells from
// left to right.
type rowLine struct {
	text  string
	spans []span
}

// span is a marked cell in a line.
type span struct {
	col, width int
	mark       *mark
}

// layoutRow lays a row out to a width. If not all of it fits, far cells give way to
// …, and long cells are cut; the marked cell always shows at least its beginning.
func layoutRow(r shownRow, width int) rowLine {
	pieces, before, after := rowPieces(r, width)
	fit(pieces, before, after, width)

	var line rowLine
	var b strings.Builder
	col, left := 0, before
	put := func(text string, w int) {
		if col > 0 {
			b.WriteString(separator)
			col += len(separator)
		}
		b.WriteString(text)
		col += w
	}
	for i := range pieces {
		p := &pieces[i]
		if !p.in {
			left = true
			continue
		}
		if left {
			put(ellipsis, 1)
			left = false
		}
		text, w := p.text, p.width
		if p.show < p.width {
			text = p.window()
			w = Width(text)
		}
		put(text, w)
		if p.mark != nil {
			before, quoted := p.quoted(text)
			line.spans = append(line.spans, span{col - w + before, max(quoted, 1), p.mark})
		}
	}
	if left || after {
		put(ellipsis, 1)
	}
	line.text = b.String()
	return line
}

// rowPieces turns the cells of a row into pieces. Blank cells are left out unless
// they are marked; a marked place where the file has no cell becomes a gap. before
// and after tell whether there are cells beyond the pieces.
func rowPieces(r shownRow, width int) (pieces []piece, before, after bool) {
	cells := r.row.Cells
	at := make([]int, len(r.marks))
	for i := range r.marks {
		at[i] = cellIndex(cells, r.marks[i].at)
	}
	lo, hi := 0, len(cells)
	if hi > maxCells {
		lo = max(min(at[0]-maxCells/2, hi-maxCells), 0)
		hi = lo + maxCells
	}
	next := 0
	order := make([]int, len(r.marks))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(at[i], at[j]), comparePlace(r.marks[i].at, r.marks[j].at))
	})
	for i := lo; i <= hi; i++ {
		var own *mark
		for ; next < len(order) && at[order[next]] <= i; next++ {
			m := &r.marks[order[next]]
			switch {
			case at[order[next]] < i:
				// Before the part of the row that is looked at.
			case i < len(cells) && comparePlace(cells[i].Loc, m.at) == 0:
				own = better(own, m)
			case len(cells) == 0 || cells[min(i, len(cells)-1)].Loc.Line == m.at.Line:
				pieces = append(pieces, newPiece("", m, width))
			}
		}
		if i < hi && (own != nil || strings.TrimSpace(cells[i].Text) != "") {
			pieces = append(pieces, newPiece(cells[i].Text, own, width))
		}
	}
	return pieces, lo > 0, hi < len(cells)
}

// better chooses between two marks of one cell.
func better(a, b *mark) *mark {
	if a == nil || b.primary && !a.primary {
		return b
	}
	return a
}

// cellIndex gives the index of the cell at a place, or of the first one behind it.
func cellIndex(cells []*grid.Cell, at grid.Location) int {
	i, _ := slices.BinarySearchFunc(cells, at, func(c *grid.Cell, at grid.Location) int { return comparePlace(c.Loc, at) })
	return i
}

// comparePlace orders places of one row.
func comparePlace(a, b grid.Location) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// newPiece prepares a cell's text. A marked blank is shown as a gap that can be
// underlined. Text far longer than the line is cut before anything else is done with
// it, so that a cell's size cannot matter.
func newPiece(text string, m *mark, width int) piece {
	if strings.TrimSpace(text) == "" {
		text = "  "
	}
	if most := 4 * width; len(text) > most {
		if m != nil && m.quote != "" {
			if at := strings.Index(text, m.quote); at > width {
				text = ellipsis + text[runeStart(text, at-width):]
			}
		}
		if len(text) > most {
			text = text[:runeStart(text, most)] + ellipsis
		}
	}
	text = Sanitize(text)
	return piece{text: text, width: Width(text), mark: m}
}

// runeStart gives the start of the rune that i is in.
func runeStart(s string, i int) int {
	for !utf8.RuneStart(s[i]) {
		i--
	}
	return i
}

// fit chooses which pieces are shown, and how wide, so that the line keeps within
// its width.
func fit(pieces []piece, before, after bool, width int) {
	total := 0
	for i := range pieces {
		p := &pieces[i]
		p.in, p.show = true, p.width
		total += p.width
	}
	if rowWidth(pieces, total, before, after) <= width {
		return
	}
	anchor := 0
	for i := range pieces {
		p := &pieces[i]
		p.in = false
		p.show = min(p.width, minCell)
		if m := p.mark; m != nil && (pieces[anchor].mark == nil || m.primary) {
			anchor = i
		}
	}
	// Beside the marked cell there must be room for an … on either side.
	pieces[anchor].in = true
	pieces[anchor].show = min(pieces[anchor].width, max(width/3, minCell), max(width-2*(len(separator)+1), 2))

	order := make([]int, 0, len(pieces)-1)
	for d := 1; d < len(pieces); d++ {
		for _, i := range [2]int{anchor - d, anchor + d} {
			if i >= 0 && i < len(pieces) {
				order = append(order, i)
			}
		}
	}
	// Marked cells first, then the nearest.
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Compare(b2i(pieces[i].mark == nil), b2i(pieces[j].mark == nil))
	})
	used := pieces[anchor].show
	for _, i := range order {
		p := &pieces[i]
		p.in = true
		if rowWidth(pieces, used+p.show, before, after) <= width {
			used += p.show
			continue
		}
		p.in = false
		if p.mark == nil {
			break
		}
	}
	// What is left over goes to cells that were cut, the marked one first.
	for _, i := range append([]int{anchor}, order...) {
		p := &pieces[i]
		if spare := width - rowWidth(pieces, used, before, after); p.in && spare > 0 && p.show < p.width {
			more := min(spare, p.width-p.show)
			p.show += more
			used += more
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// rowWidth gives the width of a line whose shown cells together take used columns:
// with separators, and with an … wherever cells are left out.
func rowWidth(pieces []piece, used int, before, after bool) int {
	parts, left := 0, before
	for i := range pieces {
		if !pieces[i].in {
			left = true
			continue
		}
		if left {
			parts, used, left = parts+1, used+1, false
		}
		parts++
	}
	if left || after {
		parts, used = parts+1, used+1
	}
	return used + max(parts-1, 0)*len(separator)
}

// stroke is text in an underline: the line of ^ and ~, or a label.
type stroke struct {
	col     int
	text    string
	primary bool
}

// underlines gives the lines below a row: the underline, with the last label beside
// it, then lines for the other labels, each under its cell.
func (r rowLine) underlines(width int, l lang.Lang) [][]stroke {
	if len(r.spans) == 0 {
		return nil
	}
	var first []stroke
	var primary *span
	for i := range r.spans {
		s := &r.spans[i]
		char := "~"
		if s.mark.primary {
			char, primary = "^", s
		}
		first = append(first, stroke{s.col, strings.Repeat(char, s.width), s.mark.primary})
	}
	last := r.spans[len(r.spans)-1]
	end := last.col + last.width + 1

	if primary == nil {
		// A row of related cells only: all labels stand at its end.
		label := joinLabels(r.spans, l)
		if label == "" {
			return [][]stroke{first}
		}
		if end+Width(label) <= width {
			return [][]stroke{append(first, stroke{end, label, false})}
		}
		return append([][]stroke{first}, hang(label, r.spans[0].col, width, false)...)
	}

	// The last cell has its label beside it; the others have theirs below.
	arithmetic, rest := primary.mark.label, r.spans
	if label := last.mark.label; label != "" && end+Width(label) <= width {
		first = append(first, stroke{end, label, last.mark.primary})
		if last.mark.primary {
			arithmetic = ""
		} else {
			rest = rest[:len(rest)-1]
		}
	}
	lines := [][]stroke{first}
	below := packLabels(rest, l)
	if n := len(below); n > 0 && below[n-1].col+Width(below[n-1].text) > width {
		lines = append(lines, hang(joinLabels(rest, l), below[0].col, width, false)...)
		below = nil
	}
	if arithmetic != "" {
		at := stroke{primary.col, arithmetic, true}
		i := slices.IndexFunc(below, func(s stroke) bool { return s.col > at.col })
		if i < 0 {
			i = len(below)
		}
		if len(below) > 0 && (i == 0 || gapped(below[i-1], at)) && (i == len(below) || gapped(at, below[i])) && at.col+Width(arithmetic) <= width {
			below, arithmetic = slices.Insert(below, i, at), ""
		}
	}
	if len(below) > 0 {
		lines = append(lines, below)
	}
	if arithmetic != "" {
		lines = append(lines, hang(arithmetic, primary.col, width, true)...)
	}
	return lines
}

// gapped reports whether two labels on one line stand clearly apart.
func gapped(a, b stroke) bool { return a.col+Width(a.text)+2 <= b.col }

// joinLabels joins the labels of the related cells, each once.
func joinLabels(spans []span, l lang.Lang) string {
	var labels []string
	for _, s := range spans {
		if m := s.mark; !m.primary && m.label != "" && !slices.Contains(labels, m.label) {
			labels = append(labels, m.label)
		}
	}
	return strings.Join(labels, lang.T("、", ", ").In(l))
}

// packLabels sets the labels of the related cells on one line, each below its cell;
// one that finds no room there follows the one before it.
func packLabels(spans []span, l lang.Lang) []stroke {
	var line []stroke
	var seen []string
	for _, s := range spans {
		m := s.mark
		if m.primary || m.label == "" || slices.Contains(seen, m.label) {
			continue
		}
		seen = append(seen, m.label)
		if len(line) > 0 {
			prev := &line[len(line)-1]
			if !gapped(*prev, stroke{col: s.col}) {
				prev.text += lang.T("、", ", ").In(l) + m.label
				continue
			}
		}
		line = append(line, stroke{s.col, m.label, false})
	}
	return line
}

// hang sets a label on lines of its own, below its cell if there is room, moved left
// or broken if not.
func hang(label string, col, width int, primary bool) [][]stroke {
	col = max(min(col, width-Width(label)), 0)
	// No label says more in its seventh line; a hostile one must not fill the screen.
	const most = 6
	if longest := most * width; len(label) > 4*longest {
		label = cut(label, longest)
	}
	var lines [][]stroke
	for i, text := range Wrap(label, width) {
		if i == most {
			last := &lines[i-1][0]
			last.text = strings.TrimSuffix(cut(last.text, width-1), ellipsis) + ellipsis
			break
		}
		lines = append(lines, []stroke{{col, text, primary}})
	}
	return lines
}
