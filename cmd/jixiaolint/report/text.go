package report

import (
	"io"
	"strconv"
	"strings"

	"github.com/fatih/color"

	"jixiaolint/checks"
	"jixiaolint/checks/suppress"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// textRenderer prints findings as a compiler does: what is wrong, where, the rows of
// the form with the cells underlined, and what to do.
type textRenderer struct {
	w       io.Writer
	opts    Options
	styles  *styles
	sources map[string]checks.Source
	buf     []byte
}

func newText(w io.Writer, opts Options) Renderer { return newTextRenderer(w, opts) }

func newTextRenderer(w io.Writer, opts Options) *textRenderer {
	if opts.Width <= 0 {
		opts.Width = DefaultWidth
	}
	return &textRenderer{w: w, opts: opts, styles: newStyles(opts.Color), sources: checks.Sources()}
}

// File prints which forms of one file chose their own rule sets, the file's findings
// and, if asked for, the score cards of its forms.
func (t *textRenderer) File(r checks.FileReport) error {
	t.buf = t.buf[:0]
	for i := range r.Forms {
		t.choice(r.File, &r.Forms[i])
	}
	if len(t.buf) > 0 {
		t.put("\n")
	}
	t.fixes(r.File, r.Fixes, false)
	if len(t.buf) > 0 {
		if _, err := t.w.Write(t.buf); err != nil {
			return err
		}
	}
	for i := range r.Findings {
		t.buf = t.buf[:0]
		t.finding(&r.Findings[i])
		if _, err := t.w.Write(t.buf); err != nil {
			return err
		}
	}
	if !t.opts.Cards {
		return nil
	}
	for _, f := range r.Forms {
		t.buf = t.buf[:0]
		t.card(f)
		if _, err := t.w.Write(t.buf); err != nil {
			return err
		}
	}
	return nil
}

// choice says that a form's headers chose a rule set other than the default.
func (t *textRenderer) choice(file string, r *checks.FormReport) {
	if r.Choice.Because.IsZero() {
		return
	}
	l := t.opts.Lang
	t.put(t.styles.paint(t.styles.bold, lang.T("说明", "help").In(l)+":"), " ", Sanitize(lang.F("%[1]s（%[2]s）按表内所列采用规则集 %[3]s：%[4]s",
		"%[1]s (%[2]s) is held to the profile %[3]s by what it states: %[4]s", file, r.Form.Name(), r.Choice.Profile.Name, r.Choice.Because).In(l)), "\n")
}

// Close prints the summary.
func (t *textRenderer) Close(s Summary) error {
	t.buf = t.buf[:0]
	t.notices(s.Notices)
	if !t.opts.Quiet {
		t.put(summaryLine(s, t.opts.Lang), "\n")
	}
	if s.Rules != nil {
		t.statistics(s.Rules)
	}
	_, err := t.w.Write(t.buf)
	return err
}

// notices prints what there is to say about suppressions and the baseline. Of a
// baseline that is out of date the first findings do.
func (t *textRenderer) notices(notices []suppress.Notice) {
	const most = 10
	st, l := t.styles, t.opts.Lang
	fixed := 0
	for _, n := range notices {
		if n.Kind == suppress.FixedSince {
			if fixed++; fixed > most {
				continue
			}
		}
		t.put(st.paint(st.note, "notice"), "[", st.paint(st.bold, string(n.Kind)), "]: ", st.paint(st.bold, Sanitize(n.Message.In(l))), "\n")
		t.put("  ", st.paint(st.frame, "-->"), " ", locationText(n.At), "\n")
		t.note("  ", lang.T("说明", "help"), Sanitize(n.Help.In(l)))
		t.put("\n")
	}
	if fixed > most {
		t.put(lang.F("基线中另有 %d 个问题不再出现", "%d more findings of the baseline no longer occur", fixed-most).In(l), "\n\n")
	}
}

func (t *textRenderer) put(parts ...string) {
	for _, p := range parts {
		t.buf = append(t.buf, p...)
	}
}

func (t *textRenderer) finding(f *checks.Finding) {
	st, l := t.styles, t.opts.Lang
	sev := st.of(f.Severity)
	t.put(st.paint(sev, f.Severity.String()), "[", st.paint(st.bold, Sanitize(f.Rule.Name)), "]: ",
		st.paint(st.bold, Sanitize(f.Message.In(l))), "\n")

	snip := newSnippet(f, l)
	gutter := strings.Repeat(" ", snip.digits+1)
	t.put(gutter, st.paint(st.frame, "-->"), " ", locationText(f.At.At), "\n")

	bar := gutter + " " + st.paint(st.frame, "|")
	if len(snip.sections) > 0 {
		t.put(bar, "\n")
	}
	width := max(t.opts.Width-snip.digits-4, minRowWidth)
	for i, section := range snip.sections {
		if i > 0 {
			t.put(gutter, st.paint(st.frame, ":::"), " ", locationText(section.rows[0].marks[0].at), "\n", bar, "\n")
		}
		for j, row := range section.rows {
			if j > 0 && row.num > section.rows[j-1].num+1 {
				t.put(st.paint(st.frame, "..."), "\n")
			}
			t.row(row, width, snip.digits, bar, sev)
		}
	}

	if snip.unshown > 0 {
		t.note(gutter, lang.T("相关", "related"), lang.F("另有 %d 处相关单元格", "%d more related cells", snip.unshown).In(l))
	}
	for _, r := range snip.rowless {
		text := locationText(r.at)
		if r.label != "" {
			text += " " + r.label
		}
		t.note(gutter, lang.T("相关", "related"), text)
	}
	if b := basis(f.Rule, t.sources, l); b != "" {
		t.note(gutter, lang.T("依据", "basis"), Sanitize(b))
	}
	if f.Fix != nil && len(f.Fix.Edits) > 0 {
		label := lang.T("修正", "fix")
		if f.Fix.Safety != checks.Safe {
			label = lang.T("建议", "suggestion")
		}
		t.note(gutter, label, editsText(f.Fix.Edits, f.At.At, l))
	}
	if h := f.Help.In(l); h != "" {
		t.note(gutter, lang.T("说明", "help"), Sanitize(h))
	}
	t.put("\n")
}

// note prints one of the lines below the rows.
func (t *textRenderer) note(gutter string, label lang.Text, text string) {
	st := t.styles
	t.put(gutter, " ", st.paint(st.frame, "="), " ", st.paint(st.bold, label.In(t.opts.Lang)+":"), " ", text, "\n")
}

// row prints one row of the file with the line, or lines, that mark its cells.
func (t *textRenderer) row(r shownRow, width, digits int, bar string, sev *color.Color) {
	st := t.styles
	num := strconv.Itoa(r.num)
	t.put(" ", strings.Repeat(" ", digits-len(num)), st.paint(st.frame, num+" |"), " ")
	line := layoutRow(r, width)
	t.put(line.text, "\n")
	for _, under := range line.underlines(width, t.opts.Lang) {
		t.put(bar)
		col := -1 // the blank that follows the bar
		for _, s := range under {
			for ; col < s.col; col++ {
				t.buf = append(t.buf, ' ')
			}
			c := st.secondary
			if s.primary {
				c = sev
			}
			t.put(st.paint(c, s.text))
			col += Width(s.text)
		}
		t.put("\n")
	}
}

// locationText writes a location; in canonical JSON, where a line and column say
// little, the field's pointer is added.
func locationText(l grid.Location) string {
	s := l.String()
	if l.Path != "" && l.Line != 0 && l.Sheet == "" && l.Table == 0 && strings.HasSuffix(strings.ToLower(l.File), ".json") {
		s += " (" + l.Path + ")"
	}
	return Sanitize(s)
}

// editsText words the edits of a fix: 93.21% → 92.31%. Edits of other cells than the
// marked one name their cell.
func editsText(edits []checks.Edit, marked grid.Location, l lang.Lang) string {
	const most = 4
	var parts []string
	for i, e := range edits {
		if i == most {
			parts = append(parts, lang.F("另有 %d 处", "%d more", len(edits)-most).In(l))
			break
		}
		from, to := changed(e.From, e.To)
		part := editValue(from, l) + " → " + editValue(to, l)
		if len(edits) > 1 || !samePlace(e.At, marked) {
			part = placeInFile(e.At, l) + ": " + part
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, lang.T("；", "; ").In(l))
}

// changed shortens the texts of an edit to what it changes, with a little around it: of
// a long text with one wrong character, only the place of that character says anything.
func changed(from, to string) (string, string) {
	a, b := []rune(from), []rune(to)
	if min(len(a), len(b)) <= 4*around {
		return from, to
	}
	before := 0
	for before < min(len(a), len(b)) && a[before] == b[before] {
		before++
	}
	after := 0
	for after < min(len(a), len(b))-before && a[len(a)-1-after] == b[len(b)-1-after] {
		after++
	}
	return excerpt(a, before, len(a)-after), excerpt(b, before, len(b)-after)
}

// around is how many characters of a text are shown on either side of what changed in it.
const around = 6

// excerpt gives a stretch of a text with a little around it, and says where something is
// left out.
func excerpt(text []rune, from, to int) string {
	lo, hi := max(from-around, 0), min(to+around, len(text))
	s := string(text[lo:hi])
	if lo > 0 {
		s = ellipsis + s
	}
	if hi < len(text) {
		s += ellipsis
	}
	return s
}

func editValue(s string, l lang.Lang) string {
	const most = 60
	if strings.TrimSpace(s) == "" {
		return lang.T("（空白）", "(blank)").In(l)
	}
	return cut(Sanitize(s), most)
}

// placeInFile names a cell shortly: the finding's own location already names the
// file.
func placeInFile(at grid.Location, l lang.Lang) string {
	switch {
	case at.Cell != "":
		return Sanitize(at.Cell)
	case at.Table != 0:
		return lang.F("第 %[1]d 行第 %[2]d 格", "row %[1]d, cell %[2]d", at.Line, at.Column).In(l)
	}
	return strconv.Itoa(at.Line) + ":" + strconv.Itoa(at.Column)
}

// statistics prints the counts by rule as a table.
func (t *textRenderer) statistics(counts *RuleCounts) {
	l, st := t.opts.Lang, t.styles
	for _, c := range counts.sorted() {
		n := strconv.Itoa(c.count)
		t.put(strings.Repeat(" ", max(6-len(n), 0)), n, "  ",
			st.paint(st.of(c.severity), Pad(c.severity.Label().In(l), 8)), c.rule, "\n")
	}
}

// Pad fills text with blanks to a width in columns.
func Pad(s string, width int) string {
	return s + strings.Repeat(" ", max(width-Width(s), 0))
}
