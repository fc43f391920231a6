package layout

import (
	"slices"
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// tableStart reads the header of the indicator table.
func (r *reader) tableStart(l *line) bool {
	h, used, ok := r.tableHeader(l, r.next())
	if !ok {
		return false
	}
	if cut([]*line{l}) > 0 {
		r.problem(l, lang.F("并排的表超过 %[1]d 张，右边的没有读取", "more than %[1]d forms stand side by side: those on the right were not read", mostAbreast))
	}
	again := r.form != nil && r.heads != nil
	if again && (r.state == stateAfter || r.form.Total.Label.Present() && len(r.form.Indicators) > 0) {
		r.open(l)
		again = false
	}
	f := r.need(l)
	r.labels["绩效指标"] = true
	r.heads, r.state = h, stateTable
	r.i += used - 1
	r.widenTarget(h)
	if again {
		return true // the header repeated after a page break
	}
	head := l
	if used == 2 {
		head = r.lines[r.i]
	}
	f.TableHead = r.field(l.cells[0].Cell, l)
	if c, ok := h.cells[colTarget]; ok && c.Loc.Line != 0 {
		f.TableHead = schema.Field{Text: c.Text, At: c.Loc, Row: l.row}
		if c.Loc.Line == head.row.Num {
			f.TableHead.Row = head.row
		}
	}
	for _, c := range l.cells {
		if isBlockLabel(c.label) {
			r.group("", "", c.Cell, l)
		}
	}
	return true
}

// group records the points that a label states.
func (r *reader) group(level1, level2 string, c *grid.Cell, l *line) {
	points, ok := parseLabel(c.Text).points()
	if !ok {
		return
	}
	label := r.field(c, l)
	weight := label
	weight.Text = points
	for _, g := range r.form.Groups {
		if g.Level1 == level1 && g.Level2 == level2 && !g.Subtotal {
			return // the label repeated after a page break
		}
	}
	r.form.Groups = append(r.form.Groups, schema.Group{Level1: level1, Level2: level2, Label: label, Weight: weight})
}

// tableFit judges the cells of an indicator row: weights and scores are figures,
// everything else may be anything.
func tableFit(m column, c *grid.Cell) int {
	q := quantity.Parse(c.Text)
	switch m {
	case colWeight, colScore:
		switch {
		case q.IsFigure() && q.Unit == "" && q.Comparator == quantity.None:
			return 4
		case q.IsFigure():
			return -1
		case q.Kind == quantity.NotApplicable:
			return 1
		}
		return -4
	case colExplanation:
		if q.IsFigure() {
			return -3
		}
	case colTarget, colActual:
		return 1
	case colOperator:
		if _, ok := quantity.Sign(c.Text); ok {
			return 3
		}
	default:
	}
	return 0
}

// tableLine reads a row of the indicator table: an indicator, a subtotal, a label on
// its own, or a row of the empty template.
func (r *reader) tableLine(l *line) bool {
	if isSubtotalLabel(l.cells[0].label) || len(l.cells) > 1 && isSubtotalLabel(l.cells[1].label) {
		r.subtotal(l)
		return true
	}
	if r.besideTable(l) {
		r.keep(l)
		return true
	}
	shift := r.tableShift(l)
	p := r.split(l, shift)
	if p.level1 != nil {
		r.level1 = r.cleaned(p.level1, l)
		r.level2, r.floated = schema.Field{}, schema.Field{}
		r.group(r.level1.Text, "", p.level1.Cell, l)
	}
	if p.block != nil {
		r.group("", "", p.block.Cell, l)
	}
	if p.level2 != nil {
		if p.level1 == nil && r.floats(p.level2, l) {
			r.level1, r.floated = schema.Field{}, r.level1
		}
		r.level2 = r.cleaned(p.level2, l)
		r.group(r.level1.Text, r.level2.Text, p.level2.Cell, l)
	}
	figures := p.filled(colTarget, colActual, colWeight, colScore)
	switch {
	case p.name == nil && figures == 0:
		return p.level1 != nil || p.level2 != nil || p.block != nil
	case p.name != nil && isPlaceholder(p.name.Text) && (p.filled(colTarget, colActual) == 0 && figures <= 1 || p.empty()):
		r.form.Placeholders = append(r.form.Placeholders, r.field(p.name.Cell, l))
		return true
	case p.name != nil && quantity.Parse(p.name.Text).Missing() && p.empty():
		return true // 无 or / in all cells: there is no indicator of this type
	case p.name != nil && figures == 0 && len(l.cells) == 1 && (p.moved || isSentence(p.name.Text)):
		r.keep(l) // a note or other text between or under the rows
		return true
	}
	ind := r.indicator(l, p, shift)
	if shift != 0 || p.moved {
		if !r.table.Merged {
			r.form.Shifted = append(r.form.Shifted, ind.Name)
		}
	}
	if r.floated.Present() {
		r.floating[len(r.form.Indicators)] = r.floated
	}
	r.form.Indicators = append(r.form.Indicators, ind)
	return true
}

// besideTable reports whether a row between or under the indicators is none: a text
// merged over the columns of values, or a label in front of the table with its text.
func (r *reader) besideTable(l *line) bool {
	h := r.heads
	for _, c := range l.cells {
		switch {
		case c.Col >= h.first, isLevel1(c.label), isLevel2(c.label):
			return false
		case r.table.Merged && c.Col+c.Cols > h.first+1:
			return true
		}
	}
	c := l.cells[0]
	return !r.table.Merged && len(l.cells) == 2 && h.has(colLevel1) && c.Col < h.cols[colLevel1] &&
		!isBlockLabel(c.label)
}

func isSentence(s string) bool {
	return strings.ContainsAny(s, "。；") || len([]rune(s)) > 60
}

// floats reports whether a second-level label of satisfaction stands under another
// group's label only because its own was lost. A merged label that covers the row is
// no such accident.
func (r *reader) floats(level2 *cell, l *line) bool {
	if schema.TypeOf(level2.label.bare) != schema.SatisfactionType || schema.SectionOf(r.level1.Text) == schema.SectionSatisfaction {
		return false
	}
	if !r.table.Merged || r.level1.Row == nil {
		return true
	}
	for _, c := range r.level1.Row.Cells {
		if c.Loc == r.level1.At && c.Loc.Table == l.cells[0].Loc.Table {
			return c.Row+max(c.Rows, 1) <= l.row.Num
		}
	}
	return true
}

// tableShift finds by how many columns an indicator row stands off its header. Only
// figures under 分值 or 得分 are proof: a row without them is taken as it stands.
func (r *reader) tableShift(l *line) int {
	if r.table.Merged || r.scored(l, 0) && r.named(l) {
		return 0
	}
	best, bestScore := 0, r.tableScore(l, 0)+1
	for _, shift := range []int{-1, 1, -2, 2} {
		if s := r.tableScore(l, shift); s > bestScore && r.scored(l, shift) {
			best, bestScore = shift, s
		}
	}
	return best
}

// scored reports whether the row has a figure under 分值 or 得分 at that shift.
func (r *reader) scored(l *line, shift int) bool {
	for _, m := range []column{colWeight, colScore} {
		if c, ok := r.heads.cell(l, m, shift); ok && c != nil && tableFit(m, c) > 1 {
			return true
		}
	}
	return false
}

// named reports whether words stand right under the header of the names.
func (r *reader) named(l *line) bool {
	c, ok := r.heads.cell(l, colName, 0)
	return ok && c != nil && quantity.Parse(c.Text).Kind == quantity.Words
}

// tableScore judges a shift: how the values fit, and whether words stand under the
// header of the names.
func (r *reader) tableScore(l *line, shift int) int {
	sum, last := 0, colNone
	for _, c := range l.cells {
		m := r.heads.meaningAt(c.Col - shift)
		switch {
		case m == colName:
			if quantity.Parse(c.Text).Kind == quantity.Words {
				sum += 2
			}
		case m == colNone && c.Col-shift > r.heads.first:
			sum -= 3
		case m == colNone, m == colLevel1, m == colLevel2, m == colExtra:
		case m == last:
			sum -= 3
		default:
			sum += tableFit(m, c.Cell)
		}
		last = m
	}
	return sum
}

// parts are the cells of an indicator row by meaning.
type parts struct {
	block, level1, level2, name *cell
	values                      map[column]*grid.Cell
	// target are the cells under one header of the targets, in order.
	target []*grid.Cell
	// moved is set when the name does not stand under its header.
	moved bool
}

func (p *parts) filled(ms ...column) int {
	n := 0
	for _, m := range ms {
		if p.values[m] != nil {
			n++
		}
	}
	return n
}

// empty reports whether the row has no values, or only marks for none.
func (p *parts) empty() bool {
	for _, c := range p.values {
		if !quantity.Parse(c.Text).Missing() {
			return false
		}
	}
	return true
}

// split tells labels and values of a row apart.
func (r *reader) split(l *line, shift int) parts {
	h := r.heads
	p := parts{values: map[column]*grid.Cell{}}
	var labels []*cell
	for i := range l.cells {
		c := &l.cells[i]
		switch m := h.meaningAt(c.Col - shift); m {
		case colNone, colLevel1, colLevel2, colLevel3, colName:
			if m == colNone && c.Col-shift > h.first {
				continue // a column without a header
			}
			labels = append(labels, c)
		case colExtra:
		default:
			if p.values[m] == nil {
				p.values[m] = c.Cell
			}
			if m == colTarget {
				p.target = append(p.target, c.Cell)
			}
		}
	}
	p.splitTarget()
	hasName := slices.ContainsFunc(labels, func(c *cell) bool { return h.meaningAt(c.Col-shift) == colName })
	for _, c := range labels {
		m := h.meaningAt(c.Col - shift)
		switch {
		case m != colName && hasName && isPlaceholder(c.Text):
			// …… left in a label's cell says nothing about the row.
		case isBlockLabel(c.label) && m != colName && p.level1 == nil && p.name == nil:
			p.block = c
		case m == colName && p.name == nil:
			p.name = c
		case m == colLevel3:
			if !hasName && p.name == nil {
				p.name = c
			}
		case m == colLevel2 && (hasName || isLevel2(c.label) || !isLevel1(c.label)) && p.level2 == nil:
			p.level2 = c
		case m == colLevel1 && (isLevel1(c.label) || !isLevel2(c.label)) && p.level1 == nil:
			p.level1 = c
		case isLevel2(c.label) && p.level2 == nil:
			p.level2 = c
		case isLevel1(c.label) && p.level1 == nil:
			p.level1 = c
		case p.name == nil:
			p.name = c
		}
	}
	r.rename(&p, h, shift)
	return p
}

// splitTarget tells sign, value and unit apart where one header stands over all of
// them: ≥ | 860 | 人.
func (p *parts) splitTarget() {
	if len(p.target) < 2 || p.values[colOperator] != nil || p.values[colUnit] != nil {
		return
	}
	cells := p.target
	if isTargetKind(cells[0].Text) {
		p.values[colOperator], cells = cells[0], cells[1:]
		p.values[colTarget] = cells[0]
	}
	if len(cells) > 1 && !quantity.HasDigit(cells[1].Text) && quantity.HasDigit(cells[0].Text) {
		p.values[colUnit] = cells[1]
	}
}

// isTargetKind reports whether a cell says how a target is meant: a sign or 定性.
func isTargetKind(text string) bool {
	_, sign := quantity.Sign(text)
	return sign || oneOf(quantity.Fold(text), "定性", "定量")
}

// rename corrects labels that stand under the wrong header. A row with figures but
// no name has its name under another label's header, unless that really is a label.
func (r *reader) rename(p *parts, h *header, shift int) {
	if p.name == nil && p.filled(colTarget, colActual, colWeight, colScore) >= 2 {
		switch {
		case p.level2 != nil && !isLevel2(p.level2.label):
			p.name, p.level2, p.moved = p.level2, nil, true
		case p.level1 != nil && !isLevel1(p.level1.label) && !isLevel2(p.level1.label):
			p.name, p.level1, p.moved = p.level1, nil, true
		}
	}
	if p.name != nil && h.meaningAt(p.name.Col-shift) != colName {
		p.moved = true
	}
}

// cleaned makes the field of a group label: its words without points and spaces.
func (r *reader) cleaned(c *cell, l *line) schema.Field {
	f := r.field(c.Cell, l)
	f.Text = c.label.bare
	f.Stored = ""
	return f
}

// indicator makes the indicator of a row.
func (r *reader) indicator(l *line, p parts, shift int) schema.Indicator {
	h := r.heads
	value := func(m column) schema.Field {
		if c := p.values[m]; c != nil {
			return r.field(c, l)
		}
		if col, ok := h.cols[m]; ok {
			return r.blank(l, col+shift)
		}
		return schema.Field{}
	}
	ind := schema.Indicator{
		Level1: r.level1, Level2: r.level2,
		Target: value(colTarget), Actual: value(colActual),
		Weight: value(colWeight), Score: value(colScore), Explanation: value(colExplanation),
	}
	if p.name != nil {
		ind.Name = r.field(p.name.Cell, l)
	} else {
		ind.Name = r.blank(l, h.cols[colName]+shift)
		if len(l.cells) < 2 {
			r.problem(l, lang.T("这一行像指标行，但没有读出指标名称和数值", "this row looks like an indicator, but neither name nor values could be read"))
		}
	}
	if h.has(colOperator) || h.has(colUnit) || p.values[colOperator] != nil || p.values[colUnit] != nil {
		parts := &schema.TargetParts{Operator: value(colOperator), Value: ind.Target, Unit: value(colUnit)}
		ind.Parts = parts
		ind.Target.Text = joinTarget(parts)
	}
	for _, c := range []*grid.Cell{p.values[colWeight], p.values[colScore]} {
		if c != nil && c.Rows > 1 {
			r.sharedBy, r.sharedTo = ind.Name.Text, c.Row+c.Rows-1
		}
	}
	if r.table.Merged && !ind.Weight.Filled() && !ind.Score.Filled() && l.row.Num <= r.sharedTo && ind.Name.Text != r.sharedBy {
		ind.PartOf = r.sharedBy // weight and score are merged over both rows
	}
	last := len(r.form.Indicators) - 1
	goesOn := last >= 0 && !ind.Score.Filled() && h.has(colWeight) && h.has(colScore) &&
		ind.Target.Filled() && r.form.Indicators[last].PartOf != "" && p.level1 == nil && p.level2 == nil
	if (strings.HasPrefix(quantity.Fold(ind.Name.Text), "其中") || goesOn) && !ind.Weight.Filled() {
		for i := len(r.form.Indicators) - 1; i >= 0; i-- {
			if r.form.Indicators[i].PartOf == "" {
				ind.PartOf = r.form.Indicators[i].Name.Text
				break
			}
		}
	}
	return ind
}

// joinTarget joins a split target as it would be written in one cell: ≥95%. Kinds
// such as 定性 are no part of the value.
func joinTarget(p *schema.TargetParts) string {
	s := strings.TrimSpace(p.Value.Text)
	if s == "" {
		return ""
	}
	if _, ok := quantity.Sign(p.Operator.Text); ok {
		s = strings.TrimSpace(p.Operator.Text) + s
	}
	unit := strings.TrimSpace(p.Unit.Text)
	if unit != "" && !quantity.Parse(unit).Missing() && quantity.Parse(p.Value.Text).IsFigure() &&
		!strings.HasSuffix(quantity.Fold(s), quantity.Fold(unit)) {
		s += unit
	}
	return s
}

// subtotal reads a 小计 row: the points and scores of the group above it.
func (r *reader) subtotal(l *line) {
	weight, score, _ := r.totals(l)
	label := r.field(l.cells[0].Cell, l)
	r.form.Groups = append(r.form.Groups, schema.Group{
		Level1: r.level1.Text, Label: label, Weight: weight, Score: score, Subtotal: true,
	})
}

// totalLine reads the row of the total.
func (r *reader) totalLine(l *line) bool {
	at := -1
	for i := range l.cells {
		if isTotalLabel(l.cells[i].label) || isTotalLabel(inlineLabel(l.cells[i].Text)) {
			at = i
			break
		}
		if !isBlockLabel(l.cells[i].label) {
			return false
		}
	}
	if at < 0 {
		return false
	}
	f := r.form
	if f == nil || f.Total.Label.Present() && f.Total.Weight.Present() {
		return false
	}
	r.labels["总分"] = true
	weight, score, grade := r.totals(l)
	r.inlineTotals(l, &weight, &score)
	if !score.Filled() && weight.Filled() && containsAny(l.cells[at].label.bare, "得分", "自评") {
		weight, score = score, weight // 自评总分 | 99.5: the one figure is the score
	}
	f.Total.Label = r.field(l.cells[at].Cell, l)
	f.Total.Weight, f.Total.Score = weight, score
	set(&f.Total.Grade, grade)
	r.anchor("total", l.cells[at].Cell, l)
	r.state = stateAfter
	return true
}

// inlineLabel gives the label of a cell that holds label and value: 总得分：99.5分.
func inlineLabel(text string) label {
	if i := strings.IndexAny(text, ":："); i > 0 {
		return parseLabel(text[:i])
	}
	return label{}
}

// inlineTotals takes the figures that stand in one cell with their labels: 总分：100
// beside 得分：99.5, or 总得分：99.5分 alone.
func (r *reader) inlineTotals(l *line, weight, score *schema.Field) {
	for _, c := range l.cells {
		i := strings.IndexAny(c.Text, ":：")
		if i <= 0 {
			continue
		}
		f := r.field(c.Cell, l)
		f.Text = strings.TrimSpace(strings.TrimLeft(c.Text[i:], ":："))
		if !f.Quantity().IsFigure() {
			continue
		}
		if containsAny(inlineLabel(c.Text).bare, "得分", "自评") {
			*score = f
		} else if !score.Filled() {
			*weight = f
		}
	}
}

// totals reads weight, score and grade of a row that has nothing else. Two figures
// are weight and score in the order of the header; of one figure the nearer header
// decides.
func (r *reader) totals(l *line) (weight, score, grade schema.Field) {
	h := r.heads
	var figures []cell
	for _, c := range l.cells {
		if quantity.Parse(c.Text).IsFigure() {
			figures = append(figures, c)
		} else if g, ok := gradeOf(c.Text); ok {
			grade = r.field(c.Cell, l)
			grade.Text = g
		}
	}
	weightCol, hasWeight := h.cols[colWeight]
	scoreCol, hasScore := h.cols[colScore]
	place := func(col int, ok bool) schema.Field {
		if !ok {
			return schema.Field{}
		}
		return r.blank(l, col)
	}
	weight, score = place(weightCol, hasWeight), place(scoreCol, hasScore)
	switch {
	case len(figures) >= 2 && hasWeight && hasScore:
		first, second := r.field(figures[0].Cell, l), r.field(figures[1].Cell, l)
		if weightCol < scoreCol {
			weight, score = first, second
		} else {
			weight, score = second, first
		}
	case len(figures) >= 1 && !hasWeight:
		score = r.field(figures[len(figures)-1].Cell, l)
	case len(figures) >= 1 && !hasScore:
		weight = r.field(figures[0].Cell, l)
	case len(figures) == 1:
		if c := figures[0]; distance(c.Col, weightCol) < distance(c.Col, scoreCol) {
			weight = r.field(c.Cell, l)
		} else {
			score = r.field(c.Cell, l)
		}
	}
	if !score.Filled() && hasScore {
		// Words under 得分 are what was filed there.
		if c := l.row.Cell(scoreCol); c != nil && quantity.Parse(c.Text).Kind == quantity.Words && c.Loc != grade.At && !isTotalLabel(parseLabel(c.Text)) {
			score = r.field(c, l)
		}
	}
	return weight, score, grade
}

func distance(a, b int) int {
	if a < b {
		return b - a
	}
	return a - b
}

// remarkLine reads a labelled text outside the columns: reasons, notes, conclusions.
func (r *reader) remarkLine(l *line) bool {
	if r.form == nil || r.state == stateHead || r.state == stateFunds || r.state == stateGoal {
		return false
	}
	c := l.cells[0]
	label, text := c.label, schema.Field{}
	if i := strings.IndexAny(c.Text, ":：\n"); i > 0 {
		if head := parseLabel(c.Text[:i]); isRemarkLabel(head) {
			label, text = head, r.field(c.Cell, l)
			text.Text = strings.TrimSpace(strings.TrimLeft(c.Text[i:], ":：\n"))
		}
	}
	if !isRemarkLabel(label) || r.state == stateTable && len(l.cells) > 2 {
		return false // in the table, an indicator whose name holds such a word
	}
	if !text.Filled() && len(l.cells) > 1 {
		if r.headLabel(l.cells[1]) == headNone {
			text = r.field(l.cells[1].Cell, l)
		}
	}
	if !text.Filled() && len(l.cells) == 1 && isSentence(c.Text) {
		r.keep(l) // the words of a label within a sentence
		return true
	}
	if text.Filled() && !isSignature(label) {
		r.form.Remarks = append(r.form.Remarks, schema.Remark{Label: label.bare, Text: text})
	}
	return true
}
