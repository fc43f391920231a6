package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"

	"jixiaolint/checks"
	"jixiaolint/checks/compare"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// Diff is a comparison of two versions to be printed.
type Diff struct {
	compare.Comparison
	// Old and New are the paths of the two versions.
	Old, New string
	// Level is the least severity of the findings that are shown; lighter ones are
	// counted. Suppressed counts those of the new version that a configuration accepts.
	Level      checks.Severity
	Suppressed int
	// Rewritten has text show values that are only written differently; JSON always
	// holds them.
	Rewritten bool
}

// DiffFormats lists the formats in which a comparison can be printed.
func DiffFormats() []Format { return []Format{Text, JSON} }

// WriteDiff prints a comparison as text or JSON.
func WriteDiff(w io.Writer, format Format, d Diff, opts Options) error {
	counts := d.count()
	switch format {
	case Text:
		return writeDiffText(w, &d, counts, opts)
	case JSON:
		return writeDiffJSON(w, &d, counts, opts)
	default:
		return fmt.Errorf("a comparison has no format %q", string(format))
	}
}

// diffCounts counts what a comparison holds. Findings below the level count as hidden
// only.
type diffCounts struct {
	forms, removed, added           int
	changed, rewritten              int
	rows                            map[compare.RowKind]int
	gone, appeared, remaining       int
	goneWithForms, newWithForms     int // of gone and appeared, those of whole forms that went or came
	errors, warnings, notes, hidden int // hidden apart, of the new version
}

// count counts what a comparison holds and takes the findings that are not shown out of
// it.
func (d *Diff) count() *diffCounts {
	c := &diffCounts{forms: len(d.Forms), removed: len(d.Removed), added: len(d.Added), rows: map[compare.RowKind]int{}}
	for i := range d.Forms {
		f := &d.Forms[i]
		c.changed += f.Count(compare.Changed)
		c.rewritten += f.Count(compare.Rewritten)
		for _, r := range f.Rows {
			c.rows[r.Kind]++
		}
		c.findings(&f.Findings, d.Level)
	}
	c.findings(&d.Findings, d.Level)
	for i := range d.Removed {
		own := compare.Findings{Gone: d.Removed[i].Findings}
		c.findings(&own, d.Level)
		d.Removed[i].Findings = own.Gone
		c.goneWithForms += len(own.Gone)
	}
	for i := range d.Added {
		own := compare.Findings{New: d.Added[i].Findings}
		c.findings(&own, d.Level)
		d.Added[i].Findings = own.New
		c.newWithForms += len(own.New)
	}
	return c
}

// atLeast gives the findings that are no lighter than a level.
func atLeast(level checks.Severity, findings []*checks.Finding) []*checks.Finding {
	var kept []*checks.Finding
	for _, f := range findings {
		if f.Severity >= level {
			kept = append(kept, f)
		}
	}
	return kept
}

// findings counts findings and takes those that are not shown out of the list.
func (c *diffCounts) findings(f *compare.Findings, level checks.Severity) {
	present := func(finding *checks.Finding) {
		switch finding.Severity {
		case checks.Error:
			c.errors++
		case checks.Warning:
			c.warnings++
		case checks.Note:
			c.notes++
		case checks.Off:
		}
		if finding.Severity < level {
			c.hidden++
		}
	}
	for _, finding := range f.New {
		present(finding)
	}
	f.Gone, f.New = atLeast(level, f.Gone), atLeast(level, f.New)
	var remaining []compare.Remaining
	for _, r := range f.Remaining {
		present(r.New)
		if r.New.Severity >= level {
			remaining = append(remaining, r)
		}
	}
	f.Remaining = remaining
	c.gone += len(f.Gone)
	c.appeared += len(f.New)
	c.remaining += len(f.Remaining)
}

// diffText prints a comparison for people.
type diffText struct {
	*textRenderer
	diff *Diff
}

func writeDiffText(w io.Writer, d *Diff, counts *diffCounts, opts Options) error {
	if opts.Width <= 0 {
		opts.Width = DefaultWidth
	}
	t := &diffText{textRenderer: &textRenderer{opts: opts, styles: newStyles(opts.Color)}, diff: d}
	for i := range d.Forms {
		t.form(&d.Forms[i])
	}
	for _, s := range d.Removed {
		t.single("-", t.styles.error, lang.T("新版本中没有的表", "form that the new version lacks"), s)
		t.findings(compare.Findings{Gone: s.Findings}, false)
		t.put("\n")
	}
	for _, s := range d.Added {
		t.single("+", t.styles.added, lang.T("新版本中增加的表", "form that only the new version holds"), s)
		t.findings(compare.Findings{New: s.Findings}, false)
		t.put("\n")
	}
	if f := d.Findings; len(f.Gone)+len(f.New)+len(f.Remaining) > 0 {
		t.put(t.styles.paint(t.styles.bold, lang.T("整个文件", "whole files").In(opts.Lang)), "\n")
		t.findings(f, true)
		t.put("\n")
	}
	if !opts.Quiet {
		t.put(d.summaryLine(counts, opts.Lang), "\n")
	}
	_, err := w.Write(t.buf)
	return err
}

// form prints what changed in one form; of one without changes and findings there is
// nothing to say.
func (t *diffText) form(f *compare.Form) {
	if len(f.Rows)+f.Count(compare.Changed)+len(f.Findings.Gone)+len(f.Findings.New)+len(f.Findings.Remaining) == 0 &&
		(!t.diff.Rewritten || len(f.Changes) == 0) {
		return
	}
	name := cut(Sanitize(f.New.Name), t.opts.Width)
	t.put(t.styles.paint(t.styles.bold, name), "\n")
	for _, v := range []struct {
		sign    string
		color   *color.Color
		version compare.Version
	}{{"---", t.styles.error, f.Old}, {"+++", t.styles.added, f.New}} {
		t.put(t.styles.paint(v.color, v.sign), " ", t.formPlace(v.version), "\n")
	}
	head := len(t.buf)
	t.changes(f)
	for i := range f.Rows {
		t.rowChange(&f.Rows[i])
	}
	if len(t.buf) > head && len(f.Findings.Gone)+len(f.Findings.New)+len(f.Findings.Remaining) > 0 {
		t.put("\n")
	}
	t.findings(f.Findings, false)
	t.put("\n")
}

// formPlace says where a form is: its file, and its sheet or table.
func (t *diffText) formPlace(v compare.Version) string {
	at := v.At
	at.File, at.Path, at.Cell = v.File, "", ""
	if at.Sheet == "" {
		at = grid.Location{File: v.File}
	}
	return Sanitize(at.String())
}

func (t *diffText) single(sign string, c *color.Color, what lang.Text, s compare.Single) {
	l := t.opts.Lang
	t.put(t.styles.paint(c, sign), " ", t.styles.paint(t.styles.bold, what.In(l)), lang.T("：", ": ").In(l),
		Sanitize(s.Name), lang.T("（", " (").In(l), t.formPlace(s.Version), lang.T("）", ")").In(l), "\n")
}

// changes prints the fields that changed, one below the other.
func (t *diffText) changes(f *compare.Form) {
	const widest = 36
	var shown []compare.Change
	width := 0
	for _, c := range f.Changes {
		if c.Kind == compare.Changed || t.diff.Rewritten {
			shown = append(shown, c)
			width = max(width, min(Width(t.fieldLabel(&c)), widest))
		}
	}
	for i := range shown {
		t.change(&shown[i], width)
	}
}

// fieldLabel names a field with its row.
func (t *diffText) fieldLabel(c *compare.Change) string {
	const longest = 24
	label := c.Label().In(t.opts.Lang)
	if c.Row != "" {
		label = cut(Sanitize(c.Row), longest) + " · " + label
	}
	return label
}

// change prints one field: on a line, or, if its texts are long, below it what it said
// and what it says now.
func (t *diffText) change(c *compare.Change, width int) {
	st, l := t.styles, t.opts.Lang
	label, place := t.fieldLabel(c), t.places(c.Old.At, c.New.At)
	if c.Kind == compare.Rewritten {
		place += lang.T("，写法不同", ", written differently").In(l)
	}
	from, to := changed(c.Old.Text, c.New.Text)
	from, to = t.quoted(from), t.quoted(to)
	line := 2 + max(width, Width(label)) + 2 + Width(from) + 3 + Width(to) + 2 + Width(place)
	if line <= t.opts.Width {
		t.put("  ", Pad(label, width), "  ", st.paint(st.error, from), " → ", st.paint(t.styles.added, to), "  ", st.paint(st.frame, place), "\n")
		return
	}
	t.put("  ", Pad(label, width), "  ", st.paint(st.frame, place), "\n")
	t.long("-", st.error, from)
	t.long("+", t.styles.added, to)
}

// long prints one version of a long text.
func (t *diffText) long(sign string, c *color.Color, text string) {
	const indent, most = 4, 2000 // columns of a text that are shown
	for _, line := range Wrap(cut(text, most), max(t.opts.Width-indent-2, minRowWidth)) {
		t.put(strings.Repeat(" ", indent), t.styles.paint(c, sign), " ", t.styles.paint(c, line), "\n")
		sign = " "
	}
}

func (t *diffText) quoted(s string) string {
	if strings.TrimSpace(s) == "" {
		return lang.T("（空白）", "(blank)").In(t.opts.Lang)
	}
	return Sanitize(s)
}

// places names the cell of a field in the new version and, where it is another one, in
// the old.
func (t *diffText) places(before, after grid.Location) string {
	l := t.opts.Lang
	switch {
	case after.IsZero() && before.IsZero():
		return ""
	case after.IsZero():
		return lang.F("原 %s", "was at %s", placeInFile(before, l)).In(l)
	case before.IsZero() || placeInFile(before, l) == placeInFile(after, l):
		return placeInFile(after, l)
	}
	return lang.F("%[2]s（原 %[1]s）", "%[2]s (was %[1]s)", placeInFile(before, l), placeInFile(after, l)).In(l)
}

// rowChange prints a row that came, went, moved or was renamed.
func (t *diffText) rowChange(r *compare.RowChange) {
	st, l := t.styles, t.opts.Lang
	list := compare.Label(r.List)
	switch r.Kind {
	case compare.Added:
		t.put("  ", st.paint(t.styles.added, "+ "+lang.F("增加%s：", "added to %s: ", list).In(l)+t.rowText(r.New)), "  ", st.paint(st.frame, t.places(grid.Location{}, r.New.At)), "\n")
	case compare.Removed:
		t.put("  ", st.paint(st.error, "- "+lang.F("删去%s：", "removed from %s: ", list).In(l)+t.rowText(r.Old)), "  ", st.paint(st.frame, t.places(r.Old.At, grid.Location{})), "\n")
	case compare.Renamed:
		t.put("  ~ ", lang.F("%s改名：", "renamed in %s: ", list).In(l), st.paint(st.error, t.quoted(r.Old.Name)), " → ", st.paint(t.styles.added, t.quoted(r.New.Name)), "  ", st.paint(st.frame, t.places(r.Old.At, r.New.At)), "\n")
	case compare.Moved:
		t.put("  ~ ", lang.F("%[1]s移动：%[2]s，第 %[3]d 行 → 第 %[4]d 行", "moved in %[1]s: %[2]s, row %[3]d → row %[4]d",
			list, t.quoted(r.New.Name), r.Old.Index+1, r.New.Index+1).In(l), "  ", st.paint(st.frame, t.places(r.Old.At, r.New.At)), "\n")
	}
}

// rowText writes a row: its name, where it belongs, and what is in it.
func (t *diffText) rowText(r *compare.Row) string {
	const longest = 100
	l := t.opts.Lang
	s := t.quoted(r.Name)
	if r.Group != "" {
		s += lang.T("（", " (").In(l) + Sanitize(r.Group) + lang.T("）", ")").In(l)
	}
	if len(r.Texts) > 0 {
		s += " | " + Sanitize(strings.Join(r.Texts, " | "))
	}
	return cut(s, longest)
}

// findings prints what became of findings, of a form or of whole files.
func (t *diffText) findings(f compare.Findings, files bool) {
	st := t.styles
	for _, g := range f.Gone {
		t.fate(t.styles.added, lang.T("消除", "gone"), g, "", files)
	}
	for _, g := range f.New {
		t.fate(st.error, lang.T("新增", "new"), g, "", files)
	}
	for _, r := range f.Remaining {
		was := ""
		if r.Old.Found != r.New.Found {
			was = lang.F("（原为 %s）", " (was %s)", t.quoted(r.Old.Found)).In(t.opts.Lang)
		}
		t.fate(st.warning, lang.T("仍有", "still"), r.New, was, files)
	}
}

// fate prints one finding on a line.
func (t *diffText) fate(c *color.Color, what lang.Text, f *checks.Finding, was string, files bool) {
	st, l := t.styles, t.opts.Lang
	at := f.At.At
	place := ""
	if !at.IsZero() {
		place = "  " + st.paint(st.frame, placeInFile(at, l))
	}
	if files {
		place = "  " + st.paint(st.frame, locationText(at))
	}
	t.put("  ", st.paint(c, Pad(what.In(l), 6)), st.paint(st.of(f.Severity), f.Severity.String()), "[", st.paint(st.bold, Sanitize(f.Rule.Name)), "]: ",
		Sanitize(f.Message.In(l)), Sanitize(was), place, "\n")
}

// summaryLine counts what changed.
func (d *Diff) summaryLine(c *diffCounts, l lang.Lang) string {
	var zh, en []string
	add := func(n int, textZH, textEN string) {
		if n > 0 {
			zh, en = append(zh, fmt.Sprintf(textZH, n)), append(en, fmt.Sprintf(textEN, n))
		}
	}
	add(c.changed, "修改 %d 处", "fields changed: %d")
	add(c.rows[compare.Added], "增加 %d 行", "rows added: %d")
	add(c.rows[compare.Removed], "删去 %d 行", "rows removed: %d")
	add(c.rows[compare.Renamed], "改名 %d 行", "rows renamed: %d")
	add(c.rows[compare.Moved], "移动 %d 行", "rows moved: %d")
	add(c.removed, "少 %d 张表", "forms missing: %d")
	add(c.added, "多 %d 张表", "forms added: %d")
	if len(zh) == 0 {
		zh, en = append(zh, "内容没有变化"), append(en, "no content changed")
	}
	if d.Rewritten {
		add(c.rewritten, "只是写法不同 %d 处", "only written differently: %d")
	} else {
		add(c.rewritten, "只是写法不同 %d 处（--rewritten 显示）", "only written differently: %d (--rewritten shows them)")
	}
	goneZH, goneEN, newZH, newEN := "", "", "", ""
	if c.goneWithForms > 0 {
		goneZH, goneEN = fmt.Sprintf("（其中 %d 个随缺少的表消失）", c.goneWithForms), fmt.Sprintf(" (%d with missing forms)", c.goneWithForms)
	}
	if c.newWithForms > 0 {
		newZH, newEN = fmt.Sprintf("（其中 %d 个在增加的表中）", c.newWithForms), fmt.Sprintf(" (%d in added forms)", c.newWithForms)
	}
	zh = append(zh, fmt.Sprintf("问题消除 %d 个%s，新增 %d 个%s，仍有 %d 个", c.gone, goneZH, c.appeared, newZH, c.remaining))
	en = append(en, fmt.Sprintf("findings: %d gone%s, %d new%s, %d remaining", c.gone, goneEN, c.appeared, newEN, c.remaining))
	add(c.hidden, "低于显示级别未列出 %d 个", "below --level: %d")
	add(d.Suppressed, "豁免 %d 个", "suppressed: %d")
	return lang.F("对照 %[1]d 张表：%[2]s", "forms compared: %[1]d; %[2]s", c.forms, lang.T(strings.Join(zh, "；"), strings.Join(en, "; "))).In(l)
}
