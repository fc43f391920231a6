package report

import (
	"strings"

	"jixiaolint/checks"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// The score card is a table: what is scored, its weight, the figure as filed and as it
// should be, how the two stand, and the calculation.
const (
	cardColumns = 6
	whyColumn   = cardColumns - 1
	// widestName bounds the first column, narrowestWhy is what the last one has at least.
	widestName, narrowestWhy = 36, 20
	columnGap                = 2
)

// cardHeader names the columns.
var cardHeader = [cardColumns]lang.Text{
	lang.T("项目", "item"), lang.T("分值", "weight"), lang.T("填报", "filed"),
	lang.T("应为", "due"), lang.T("结果", "result"), lang.T("计算", "calculation"),
}

// cardRow is a row of the table.
type cardRow struct {
	cells    [cardColumns]string
	standing checks.Standing
	// quoted is set for a name that is the form's own.
	quoted bool
}

// card prints the score card of one form.
func (t *textRenderer) card(f checks.FormReport) {
	l := t.opts.Lang
	rows := cardRows(f.ScoreCard(), l)
	if len(rows) == 0 {
		return
	}
	for i := range rows {
		for j := range whyColumn {
			rows[i].cells[j] = cut(rows[i].cells[j], widestName)
		}
	}
	start := f.Form.Start.At
	where := locationText(grid.Location{File: start.File, Sheet: start.Sheet})
	t.put(t.styles.paint(t.styles.bold, lang.F("评分对照：%[1]s", "score card: %[1]s", Sanitize(f.Form.Name())).In(l)), "\n",
		"  ", t.styles.paint(t.styles.frame, "-->"), " ", where, "\n")

	var header cardRow
	for i, name := range cardHeader {
		header.cells[i] = name.In(l)
	}
	rows = append([]cardRow{header}, rows...)
	var widths [cardColumns]int
	for _, r := range rows {
		for i, c := range r.cells {
			widths[i] = max(widths[i], Width(c))
		}
	}
	used := 1
	for i := range whyColumn {
		used += widths[i] + columnGap
	}
	widths[whyColumn] = max(t.opts.Width-used, narrowestWhy)
	for _, r := range rows {
		t.cardRow(r, widths)
	}
	t.put("\n")
}

// cardRow prints a row: names and words to the left, figures to the right; a long
// calculation takes more lines.
func (t *textRenderer) cardRow(r cardRow, widths [cardColumns]int) {
	var line strings.Builder
	line.WriteString(" ")
	indent := 1
	for i := range whyColumn {
		cell := Pad(r.cells[i], widths[i])
		if i > 0 && i < whyColumn-1 {
			cell = strings.Repeat(" ", widths[i]-Width(r.cells[i])) + r.cells[i]
		}
		if i == whyColumn-1 && r.standing == checks.Differs {
			cell = t.styles.paint(t.styles.error, cell)
		}
		line.WriteString(cell + strings.Repeat(" ", columnGap))
		indent += widths[i] + columnGap
	}
	for i, why := range Wrap(r.cells[whyColumn], widths[whyColumn]) {
		start := line.String()
		if i > 0 {
			start = strings.Repeat(" ", indent)
		}
		t.put(strings.TrimRight(start+why, " "), "\n")
	}
}

// cardRows words the lines of a score card; there are none where nothing is scored.
func cardRows(c checks.ScoreCard, l lang.Lang) []cardRow {
	if len(c.Funds)+len(c.Indicators) == 0 {
		return nil
	}
	var rows []cardRow
	add := func(name, weight, declared, due string, s checks.Standing, why lang.Text) {
		r := cardRow{standing: s}
		for i, cell := range []string{name, weight, declared, due, s.Label().In(l), why.In(l)} {
			r.cells[i] = Sanitize(cell)
		}
		rows = append(rows, r)
	}
	for _, f := range c.Funds {
		if f.Computed != "" {
			add(f.Label+lang.T(" 执行率", ": rate").In(l), "", f.Declared, f.Computed, f.Standing, f.Why)
		}
	}
	if e := c.Execution; e.Weight != "" {
		add(lang.T("执行率得分", "score of the rate").In(l), e.Weight, e.Declared, dueText(&e), e.Standing, e.Why)
	}
	for i := range c.Indicators {
		r := &c.Indicators[i]
		add(r.Name, r.Weight, r.Declared, dueText(r), r.Standing, r.Why)
		rows[len(rows)-1].quoted = true
	}
	if c.Total.Declared != "" || len(c.Total.Due) > 0 {
		add(lang.T("总分", "total").In(l), c.Total.Weight, c.Total.Declared, dueText(&c.Total), c.Total.Standing, c.Total.Why)
	}
	if g := c.Grade; g.Declared != "" || g.Computed != "" {
		add(lang.T("等级", "grade").In(l), "", g.Declared, g.Computed, g.Standing, lang.Text{})
	}
	return rows
}

// dueText writes the scores due: 1.94/1.95, 8～10.
func dueText(l *checks.ScoreLine) string {
	if l.From != "" {
		return l.From + "–" + l.To
	}
	return strings.Join(l.Due, "/")
}
