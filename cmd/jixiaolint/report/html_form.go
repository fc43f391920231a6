package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"jixiaolint/checks"
	"jixiaolint/schema"
	"jixiaolint/schema/export"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// htmlForm is one form of the report: its tables in the official layout, with the
// findings in a further column beside their rows.
type htmlForm struct {
	ID, Name, File, Sheet string
	Unit, Department      string
	Year                  int
	Results               []htmlResult
	Counts                htmlCounts
	// General are the findings that no cell of the table stands for.
	General []htmlFinding
	Tables  []*htmlTable
	Card    *htmlCard
}

// htmlCard is the score card of a form.
type htmlCard struct {
	// Standings sum the lines up: 2 differ, 1 open.
	Standings string
	Header    []string
	Rows      []htmlCardRow
}

type htmlCardRow struct {
	Class, Name string
	// Quoted is set for a name that is the form's own.
	Quoted                               bool
	Weight, Declared, Due, Standing, Why string
}

// htmlResult is a headline figure: as filed, and as recomputed.
type htmlResult struct {
	Name, Declared, Computed string
	// Differs is set when the recomputed figure is another than the one filed.
	Differs bool
}

// htmlTable is a table of a form. Head is repeated on every printed page.
type htmlTable struct {
	Caption    string
	Cols       []int
	Notes      bool
	Head, Body []*htmlRow
}

type htmlRow struct {
	Cells []*htmlCell
	// Notes is the cell beside the row, and beside those below it that have none.
	Notes *htmlNotes
}

type htmlNotes struct {
	Rows     int
	Findings []htmlFinding
}

// htmlCell is a cell of the form.
type htmlCell struct {
	ID string
	// Scope is set for header cells: row or col.
	Scope, Class string
	// Rows and Cols are the size of the merged range, 0 where it is 1.
	Rows, Cols int
	// Place is where the cell stands in the file, Head the words above its column.
	Place, Head string
	Lines       [][]htmlSpan
	Marks       []htmlMark

	box    *export.Cell
	text   string
	plain  string // the class without marks
	quotes []string
	worst  checks.Severity
}

// htmlSpan is a part of a cell's text. Wrong marks what a finding quotes.
type htmlSpan struct {
	Text  string
	Wrong bool
}

// htmlMark leads from a cell to its finding.
type htmlMark struct {
	Target, Class, Short, Label string
	Number                      int
}

// htmlFinding is one finding as it is read beside its row.
type htmlFinding struct {
	htmlMark
	ID, Rule                   string
	Message, Arithmetic        string
	FixLabel, Fix, Help, Basis string
	// Cell is the marked cell's id, if the form shows it, and Place where it stands.
	Cell, Place string
	Related     []htmlRelated
	Unshown     int
	// Row is the row of the file, for findings that no cell of the form stands for.
	Row []string
}

type htmlRelated struct{ Cell, Place, Label string }

// minColumn and maxColumn bound the widths of columns, in parts of the table's width.
const (
	minColumn   = 4
	maxColumn   = 80
	notesColumn = 70
)

// htmlForm arranges one form and its findings for the page.
func (h *htmlRenderer) htmlForm(r *checks.FormReport, id string, findings []*checks.Finding) *htmlForm {
	l := h.opts.Lang
	f := r.Form
	form := &htmlForm{
		ID: id, Name: h.text(f.Name(), maxName), File: h.text(slashed(f.Start.At.File), maxName), Sheet: h.text(f.Start.At.Sheet, maxName),
		Unit: h.text(f.Unit.Text, maxName), Department: h.text(cmp.Or(f.DepartmentName, f.Department.Text), maxName), Year: f.Year,
		Counts: htmlCounts{r.Errors, r.Warnings, r.Notes},
	}
	if form.Name == "" {
		form.Name = lang.T("（没有填写项目名称）", "(no project name)").In(l)
	}
	for _, v := range []struct {
		name               lang.Text
		declared, computed string
	}{
		{lang.T("执行率", "Execution rate"), r.Declared.Rate, r.Computed.Rate},
		{lang.T("总分", "Total score"), r.Declared.Score, r.Computed.Score},
		{lang.T("等级", "Grade"), r.Declared.Grade, r.Computed.Grade},
	} {
		d, c := h.text(v.declared, maxName), h.text(v.computed, maxName)
		form.Results = append(form.Results, htmlResult{v.name.In(l), d, c, c != "" && !sameFigure(v.declared, v.computed)})
	}
	p := h.newPage(f, id)
	for i, finding := range findings {
		cell := p.find(finding.At)
		out := h.htmlFinding(finding, id, i+1, p)
		if cell == nil {
			form.General = append(form.General, out)
			continue
		}
		cell.mark(finding, out.htmlMark)
		row := p.rows[cell.box.Row]
		if cell.box.Row == p.TableHead && cell.box.Row < p.Rows {
			// The head is repeated on every page; what is wrong in it is said once.
			row = p.rows[cell.box.Row+1]
		}
		if row.Notes == nil {
			row.Notes = &htmlNotes{Rows: 1}
		}
		row.Notes.Findings = append(row.Notes.Findings, out)
	}
	form.Tables = p.tables(len(findings) > len(form.General), l)
	form.Card = h.htmlCard(r)
	return form
}

// htmlCard gives the score card of a form; nil where nothing is scored.
func (h *htmlRenderer) htmlCard(r *checks.FormReport) *htmlCard {
	l := h.opts.Lang
	rows := cardRows(r.ScoreCard(), l)
	if len(rows) == 0 {
		return nil
	}
	card := &htmlCard{}
	for _, name := range cardHeader {
		card.Header = append(card.Header, name.In(l))
	}
	counts := map[checks.Standing]int{}
	for i := range rows {
		c := &rows[i].cells
		for j := range c {
			c[j] = h.text(c[j], maxName)
		}
		card.Rows = append(card.Rows, htmlCardRow{string(rows[i].standing), c[0], rows[i].quoted, c[1], c[2], c[3], c[4], c[whyColumn]})
		counts[rows[i].standing]++
	}
	var parts []string
	for _, s := range []checks.Standing{checks.Differs, checks.Rounded, checks.Reduced, checks.Open, checks.Agrees} {
		if n := counts[s]; n > 0 {
			parts = append(parts, lang.F("%[2]d 项%[1]s", "%[1]s: %[2]d", s.Label(), n).In(l))
		}
	}
	card.Standings = strings.Join(parts, lang.T("，", ", ").In(l))
	return card
}

// sameFigure reports whether two results are the same figure, however written. One
// that is not need not be wrong: that is for the rules to say.
func sameFigure(declared, computed string) bool {
	a, b := schema.Field{Text: declared}.Displayed(), schema.Field{Text: computed}.Displayed()
	return declared == computed || a.Kind == quantity.Figure && b.Kind == quantity.Figure && a.Value.Cmp(b.Value) == 0
}

// formPage is a form laid out as the printed form, with an index of its fields.
type formPage struct {
	*export.Page
	renderer *htmlRenderer
	id       string
	cells    []htmlCell
	// rows are the rows of the page by their number, from 1.
	rows    []*htmlRow
	byPath  map[string]*htmlCell
	byPlace map[grid.Location]*htmlCell
}

func (h *htmlRenderer) newPage(f *schema.Form, id string) *formPage {
	p := &formPage{Page: export.NewPage(f), renderer: h, id: id, byPath: map[string]*htmlCell{}, byPlace: map[grid.Location]*htmlCell{}}
	slices.SortStableFunc(p.Cells, func(a, b export.Cell) int { return cmp.Or(a.Row-b.Row, a.Col-b.Col) })
	p.cells = make([]htmlCell, len(p.Cells))
	p.rows = make([]*htmlRow, p.Rows+1)
	for i := range p.rows {
		p.rows[i] = &htmlRow{}
	}
	heads := make([]string, len(p.Widths)+2)
	for i := range p.Cells {
		box, c := &p.Cells[i], &p.cells[i]
		*c = htmlCell{Rows: beyondOne(box.Rows), Cols: beyondOne(box.Cols), box: box, text: h.shorten(box.Text, maxCellText)}
		var right *export.Cell
		if i+1 < len(p.Cells) && p.Cells[i+1].Row == box.Row {
			right = &p.Cells[i+1]
		}
		c.Scope, c.plain = p.scope(box, right), classOf(box)
		if box.Kind == export.Outside && box.Filed[0] == &f.Title {
			c.plain += " title"
		}
		c.Class = c.plain
		switch {
		case c.Scope == "col":
			heads[box.Col] = h.text(box.Text, maxName)
		case box.Kind == export.Entry || box.Kind == export.Prose && c.Scope == "":
			c.Head = heads[box.Col]
		}
		for _, field := range box.Filed {
			p.index(c, field)
		}
		p.rows[box.Row].Cells = append(p.rows[box.Row].Cells, c)
	}
	return p
}

// index makes a cell the one that stands for a field.
func (p *formPage) index(c *htmlCell, field *schema.Field) {
	if !field.Present() {
		return
	}
	if c.Place == "" {
		c.Place = position(field.At, p.renderer.opts.Lang)
	}
	if at := field.At.Path; at != "" && p.byPath[at] == nil {
		p.byPath[at] = c
	}
	if at := spot(field.At); p.byPlace[at] == nil {
		p.byPlace[at] = c
	}
}

// spot is a location as a key: its place in the file alone.
func spot(at grid.Location) grid.Location {
	at.File, at.Path = "", ""
	return at
}

// find gives the cell that stands for a field, nil if the page has none. A field that
// the form lacks is found by the neighbour that its finding points at.
func (p *formPage) find(f schema.Field) *htmlCell {
	if c := p.byPath[f.At.Path]; c != nil {
		return c
	}
	return p.byPlace[spot(f.At)]
}

// anchor gives the id of a cell that something leads to.
func (p *formPage) anchor(c *htmlCell) string {
	if c.ID == "" {
		c.ID = p.id + "r" + strconv.Itoa(c.box.Row) + "c" + strconv.Itoa(c.box.Col)
	}
	return c.ID
}

// scope says whether a cell heads its row or its column. Words of the form head the
// row when something filed stands right of them, or when they cover several rows; the
// names of fund rows and indicators head theirs too.
func (p *formPage) scope(box, right *export.Cell) string {
	switch {
	case box.Kind == export.Label && box.Row == p.TableHead:
		return "col"
	case box.Kind == export.Label && (box.Row < p.TableHead || p.TableHead == 0) && box.Rows == 1 && (right == nil || right.Kind == export.Label):
		return "col"
	case box.Kind == export.Label:
		return "row"
	case box.Kind == export.Prose && len(box.Filed) == 1 && namesRow(box.Filed[0].At.Path):
		return "row"
	}
	return ""
}

// namesRow reports whether a field is the name of a fund row or an indicator.
func namesRow(pointer string) bool {
	return strings.HasPrefix(pointer, "/funds/rows/") && strings.HasSuffix(pointer, "/label") ||
		strings.HasPrefix(pointer, "/indicators/") && strings.HasSuffix(pointer, "/name")
}

func classOf(box *export.Cell) string {
	switch box.Kind {
	case export.Outside:
		return "outside"
	case export.Label:
		return "label"
	case export.Entry:
		return "entry"
	case export.Prose:
	}
	return "prose"
}

// mark marks a cell with a finding.
func (c *htmlCell) mark(f *checks.Finding, m htmlMark) {
	c.Marks = append(c.Marks, m)
	if f.Found != "" && f.Found != strings.TrimSpace(c.text) {
		c.quotes = append(c.quotes, f.Found)
	}
	if f.Severity > c.worst {
		c.worst = f.Severity
		c.Class = c.plain + " marked " + f.Severity.String()
	}
}

// spans splits the cell's text into lines, and those into what a finding quotes and
// the rest.
func (c *htmlCell) spans() {
	text := strings.TrimSpace(c.text)
	var marked []bool // by byte; nil if nothing is quoted
	for _, quote := range c.quotes {
		if at := strings.Index(text, quote); at >= 0 {
			if marked == nil {
				marked = make([]bool, len(text))
			}
			for i := at; i < at+len(quote); i++ {
				marked[i] = true
			}
		}
	}
	at := 0
	for line := range strings.Lines(text) {
		shown := strings.TrimRight(line, "\r\n")
		var spans []htmlSpan
		for i := 0; i < len(shown); {
			wrong, n := marked != nil && marked[at+i], i+1
			for n < len(shown) && (marked != nil && marked[at+n]) == wrong {
				n++
			}
			spans = append(spans, htmlSpan{Sanitize(shown[i:n]), wrong})
			i = n
		}
		c.Lines = append(c.Lines, spans)
		at += len(line)
	}
}

// tables divides the page: what stands above the indicators, and the indicator table
// with its own head. A form without indicators is one table.
func (p *formPage) tables(notes bool, l lang.Lang) []*htmlTable {
	for i := range p.cells {
		p.cells[i].spans()
	}
	cols := make([]int, 0, len(p.Widths)+1)
	for _, w := range p.Widths {
		cols = append(cols, min(max(int(w), minColumn), maxColumn))
	}
	if notes {
		cols = append(cols, notesColumn)
	}
	upper := &htmlTable{Caption: lang.T("项目、资金与总体目标", "project, funds and goal").In(l), Cols: cols, Notes: notes, Body: p.rows[1:]}
	out := []*htmlTable{upper}
	if h := p.TableHead; h > 0 {
		upper.Body = p.rows[1:h]
		table := &htmlTable{
			Caption: lang.T("绩效指标与总分", "indicators and total").In(l),
			Cols:    cols, Notes: notes, Head: p.rows[h : h+1], Body: p.rows[h+1:],
		}
		out = append(out, table)
		// A cell cannot reach from the head into the body: what is left of it stands there.
		for _, c := range p.rows[h].Cells {
			if c.Rows > 0 && len(table.Body) > 0 {
				first := table.Body[0]
				first.Cells = slices.Insert(first.Cells, 0, &htmlCell{Class: "label rest", Rows: beyondOne(c.Rows - 1), Cols: c.Cols})
				c.Rows = 0
			}
		}
	}
	if notes {
		for _, t := range out {
			spread(t.Body)
		}
	}
	return out
}

func beyondOne(n int) int {
	if n == 1 {
		return 0
	}
	return n
}

// spread lets the cell beside a row reach over the rows below it that have nothing
// beside them, so that long findings do not stretch the form.
func spread(rows []*htmlRow) {
	if len(rows) == 0 {
		return
	}
	if rows[0].Notes == nil {
		rows[0].Notes = &htmlNotes{Rows: 1}
	}
	last := rows[0].Notes
	for _, r := range rows[1:] {
		if r.Notes == nil {
			last.Rows++
		} else {
			last = r.Notes
		}
	}
}

// maxRelated is how many related cells a finding names.
const maxRelated = 6

// htmlFinding words a finding. p is the page that shows its form, nil for findings
// about a whole file.
func (h *htmlRenderer) htmlFinding(f *checks.Finding, id string, number int, p *formPage) htmlFinding {
	l := h.opts.Lang
	out := htmlFinding{
		ID: id + "p" + strconv.Itoa(number), Rule: Sanitize(f.Rule.Name),
		Message: h.text(f.Message.In(l), maxCellText), Arithmetic: h.text(f.Arithmetic.In(l), maxCellText),
		Help: h.text(f.Help.In(l), maxCellText), Basis: Sanitize(h.basis(f.Rule)),
		Place: position(f.At.At, l),
	}
	out.htmlMark = htmlMark{
		Target: out.ID, Class: f.Severity.String(), Short: shortLabel(f.Severity).In(l), Label: f.Severity.Label().In(l), Number: number,
	}
	if f.Fix != nil && len(f.Fix.Edits) > 0 {
		out.FixLabel, out.Fix = lang.T("建议", "Suggestion").In(l), editsText(f.Fix.Edits, f.At.At, l)
		if f.Fix.Safety == checks.Safe {
			out.FixLabel = lang.T("修正", "Fix").In(l)
		}
	}
	anchor := func(f schema.Field) string {
		if p == nil {
			return ""
		}
		if c := p.find(f); c != nil {
			return p.anchor(c)
		}
		return ""
	}
	if out.Cell = anchor(f.At); out.Cell == "" {
		out.Row = h.rowTexts(f.At.Row)
	}
	for i, r := range f.Related {
		if i == maxRelated {
			out.Unshown = len(f.Related) - i
			break
		}
		related := htmlRelated{anchor(r.At), position(r.At.At, l), h.text(r.Label.In(l), maxName)}
		if r.At.At.File != f.At.At.File {
			related.Label = strings.TrimSpace(h.text(slashed(r.At.At.File), maxName) + " " + related.Place + " " + related.Label)
		}
		out.Related = append(out.Related, related)
	}
	return out
}

// rowTexts gives the texts of a row of the file.
func (h *htmlRenderer) rowTexts(row *grid.Row) []string {
	const most = 12
	if row == nil {
		return nil
	}
	var out []string
	for _, c := range row.Cells {
		if strings.TrimSpace(c.Text) == "" {
			continue
		}
		if len(out) == most {
			return append(out, ellipsis)
		}
		out = append(out, h.text(c.Text, maxName))
	}
	return out
}

// shortLabel is the severity as it stands in a marked cell, before the finding's
// number.
func shortLabel(s checks.Severity) lang.Text {
	switch s {
	case checks.Error:
		return lang.T("错", "E")
	case checks.Warning:
		return lang.T("警", "W")
	case checks.Note, checks.Off:
	}
	return lang.T("提", "N")
}

// position words a place inside a file, empty for the file as a whole.
func position(at grid.Location, l lang.Lang) string {
	switch {
	case at.Cell != "":
		return Sanitize(at.Cell)
	case at.Sheet != "":
		return lang.F("工作表 %s", "sheet %s", Sanitize(at.Sheet)).In(l)
	case at.Paragraph != 0:
		return lang.F("第 %d 段", "paragraph %d", at.Paragraph).In(l)
	case at.Table != 0:
		return lang.F("表 %[1]d 第 %[2]d 行第 %[3]d 格", "table %[1]d, row %[2]d, cell %[3]d", at.Table, at.Line, at.Column).In(l)
	case at.Line != 0:
		return lang.F("第 %[1]d 行第 %[2]d 字", "line %[1]d, column %[2]d", at.Line, at.Column).In(l)
	}
	return ""
}
