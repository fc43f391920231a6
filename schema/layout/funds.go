package layout

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/quantity"
)

// fundsStart reads the header row of the fund block.
func (r *reader) fundsStart(l *line) bool {
	if r.state == stateFunds {
		return false
	}
	h, pairs := r.pairHeader(l)
	if h == nil {
		h, _ = r.fundHeader(l)
	}
	if h == nil {
		return false
	}
	if r.form != nil && r.funds != nil {
		r.open(l)
	}
	f := r.need(l)
	r.labels["项目资金"] = true
	r.funds, r.state = h, stateFunds
	f.Funds.Label = r.field(l.cells[0].Cell, l)
	for _, c := range l.cells {
		if f.Funds.CurrencyUnit == "" {
			f.Funds.CurrencyUnit = c.label.currency()
		}
		if q := quantity.Parse(c.Text); q.IsFigure() && !f.Funds.HeaderAmount.Present() && pairs == nil {
			f.Funds.HeaderAmount = r.field(c.Cell, l)
		}
		if m := rePointsOfRate.FindStringSubmatch(c.label.full); m != nil && !f.Funds.Weight.Present() && fundColumnOf(c.label) != colWeight {
			f.Funds.Weight = r.field(c.Cell, l)
			f.Funds.Weight.Text = m[1]
		}
	}
	if c, ok := h.cells[colAdjusted]; ok {
		r.anchor("adjusted", c, l)
	}
	if pairs != nil {
		r.addFundRow(schema.RoleTotal, r.field(r.pairLabel(l).Cell, l), pairs)
		h.pairs = true
	}
	return true
}

// pairHeader reads a row of the fund block in which labels and figures alternate:
// 预算安排 | 10 | 资金到位 | 10 | 资金执行 | 9. It is the header and the row of the
// total at once; nil means that it is no such row.
func (r *reader) pairHeader(l *line) (*header, map[column]schema.Field) {
	h, total := r.pairs(l)
	if !h.has(colExecuted) || !h.has(colInitial) && !h.has(colAdjusted) {
		return nil, nil
	}
	h.first = 1 << 30
	for _, s := range h.starts {
		h.first = min(h.first, s.col)
	}
	return h, total
}

// pairs reads the labels of a row that have their figures beside them, or glued to
// them.
func (r *reader) pairs(l *line) (h *header, values map[column]schema.Field) {
	h, values = newHeader(), map[column]schema.Field{}
	for i := 0; i < len(l.cells); i++ {
		c := l.cells[i]
		m, value := pairColumnOf(c.label), schema.Field{}
		if j := strings.IndexAny(c.Text, ":："); j > 0 && m != colNone && quantity.Parse(strings.TrimLeft(c.Text[j:], ":：")).IsFigure() {
			m, value = pairColumnOf(parseLabel(c.Text[:j])), r.field(c.Cell, l)
			value.Text = strings.TrimSpace(strings.TrimLeft(c.Text[j:], ":："))
		} else if i+1 < len(l.cells) && m != colNone && quantity.Parse(l.cells[i+1].Text).IsFigure() {
			value = r.field(l.cells[i+1].Cell, l)
			i++
		}
		switch {
		case value.Filled() && m != colNone && !h.has(m):
			h.add(m, c.Cell)
			if m != colExtra {
				values[m] = value
			}
		case i == len(l.cells)-1 && !h.has(colRate) && quantity.Parse(c.Text).Unit == "%":
			h.add(colRate, c.Cell) // the rate at the end has no label of its own
			values[colRate] = r.field(c.Cell, l)
		}
	}
	return h, values
}

// pairLabel gives the cell that names a row of pairs: the one in front of the first.
func (r *reader) pairLabel(l *line) *cell {
	label := &l.cells[0]
	for i := range l.cells {
		c := &l.cells[i]
		if pairColumnOf(c.label) != colNone && i > 0 {
			break
		}
		label = c
	}
	return label
}

// pairLine reads a row of pairs below the first one: another source of funds, or the
// rate and score of the total.
func (r *reader) pairLine(l *line) bool {
	h, values := r.pairs(l)
	total := r.form.FundTotal()
	switch {
	case h.has(colExecuted) && (h.has(colInitial) || h.has(colAdjusted)):
		label := r.pairLabel(l)
		role, known := fundRoleOf(label.label)
		if !known || role == schema.RoleTotal {
			role = schema.RoleFiscal
		}
		r.addFundRow(role, r.field(label.Cell, l), values)
	case len(values) >= 2 && total != nil:
		set(&total.Rate, values[colRate])
		set(&total.Weight, values[colWeight])
		set(&total.Score, values[colScore])
	default:
		return false
	}
	for m := range h.cols {
		if !r.funds.has(m) {
			r.funds.cols[m], r.funds.cells[m] = h.cols[m], h.cells[m]
		}
	}
	return true
}

// rePointsOfRate finds the weight of the execution rate in a heading: 预算执行情况
// (20分), 得分(20分*执行率).
var rePointsOfRate = regexp.MustCompile(`(?:预算|资金|得分|执行)[^()]*(?:\([^()]*\))?\((\d+(?:\.\d+)?)分[*×xX]?(?:执行率)?\)`)

// fundLine reads a row of the fund block.
func (r *reader) fundLine(l *line) bool {
	f, h := r.form, r.funds
	if h.pairs && r.pairLine(l) {
		return true
	}
	label, pair := r.fundLabel(l)
	if label == nil {
		return false
	}
	role, known := fundRoleOf(label.label)
	i := strings.IndexByte(label.label.full, ':')
	inline := i > 0 && i < len(label.label.full)-1 && hasInlineAmount(label.label.full)
	values := r.fundValues(l, h, label, pair)
	filled, figures := 0, 0
	for m, v := range values {
		if v.Filled() && m != colExplanation {
			filled++
			if k := v.Quantity().Kind; k == quantity.Figure || k == quantity.NotApplicable {
				figures++
			}
		}
	}
	if inline || figures < 2 && (r.asides || containsAny(label.label.bare, "管理情况", "情况说明")) {
		// Figures inside the label's text (其他资金:2880万元), and all that stands below
		// them or below 资金管理情况: kept, but no rows of figures.
		r.asides = true
		r.aside(l, "资金情况说明")
		return true
	}
	if filled > 0 && figures == 0 && len(f.Funds.Rows) > 0 {
		r.aside(l, "资金情况说明") // words in the columns of figures: another block beside or below
		return true
	}
	if !known {
		if filled == 0 {
			return false
		}
		role = schema.RoleFiscal
	}
	if len(f.Funds.Rows) == 0 && filled > 0 && !strings.HasPrefix(label.label.bare, "其中") {
		// The first row of figures is the total, whatever its label.
		role = schema.RoleTotal
	} else if role == schema.RoleTotal && f.FundTotal() != nil {
		role = schema.RoleFiscal
	}
	r.addFundRow(role, r.field(label.Cell, l), values)
	if role == schema.RoleTotal {
		r.anchor("total row", label.Cell, l)
	}
	return true
}

// addFundRow adds a row of the fund block to the form.
func (r *reader) addFundRow(role schema.Role, label schema.Field, values map[column]schema.Field) {
	r.form.Funds.Rows = append(r.form.Funds.Rows, schema.FundRow{
		Role: role, Label: label,
		Initial: values[colInitial], Adjusted: values[colAdjusted], Executed: values[colExecuted],
		Weight: values[colWeight], Rate: values[colRate], Score: values[colScore],
		Explanation: values[colExplanation], RateHeader: r.funds.rateInPercent,
	})
}

// aside keeps the texts of a row that is no row of figures: under their own label if
// the row begins with one, else under the given one.
func (r *reader) aside(l *line, label string) {
	cells := l.cells
	if c := cells[0]; len(cells) > 1 && c.Text == r.form.Funds.Label.Text {
		cells = cells[1:] // the block's label, repeated
	}
	if c := cells[0]; len(cells) > 1 && isHeading(c.label) {
		label, cells = c.label.bare, cells[1:]
		if oneOf(cells[0].label.bare, "情况说明") {
			return // the header of 资金管理情况
		}
	}
	if len(cells) == 1 && isHeading(cells[0].label) && reNumbering.MatchString(cells[0].label.full) {
		return // 2.项目实施内容及过程概述, with nothing beside it
	}
	for _, c := range cells {
		r.form.Remarks = append(r.form.Remarks, schema.Remark{Label: label, Text: r.field(c.Cell, l)})
	}
}

// headingRunes is the greatest length of a label in front of a text.
const headingRunes = 20

// isHeading reports whether a cell may be the label of the text beside it.
func isHeading(l label) bool {
	return l.bare != "" && utf8.RuneCountInString(l.bare) <= headingRunes && !strings.ContainsAny(l.full, ":;。,") && !quantity.HasDigit(l.bare)
}

var reInlineAmount = regexp.MustCompile(`:[^:]*$`)

// hasInlineAmount reports whether a label ends in a colon and an amount, or in a
// colon that announces one.
func hasInlineAmount(s string) bool {
	return quantity.Parse(strings.TrimPrefix(reInlineAmount.FindString(s), ":")).IsFigure()
}

// fundLabel finds the cell that names a fund row: the last words before the figures.
// pair is set where labels and figures alternate (预算数 | 6.84 | 到位数 | 6.84).
func (r *reader) fundLabel(l *line) (label *cell, pair bool) {
	for i := range l.cells {
		c := &l.cells[i]
		q := quantity.Parse(c.Text)
		if q.Kind != quantity.Words {
			break
		}
		if c.Text == r.form.Funds.Label.Text && i+1 < len(l.cells) {
			continue
		}
		if label != nil && c.Col >= r.funds.first {
			break
		}
		label = c
	}
	if label == nil {
		return nil, false
	}
	words := 0
	for _, c := range l.cells {
		if c.Col > label.Col && quantity.Parse(c.Text).Kind == quantity.Words && fundWord(c.label) {
			words++
		}
	}
	return label, words >= 1 && label.Col >= r.funds.first
}

func fundWord(l label) bool {
	_, known := fundRoleOf(l)
	return known || fundColumnOf(l) != colNone
}

// fundValues gives the cells of a row by the meaning of their columns.
func (r *reader) fundValues(l *line, h *header, label *cell, pair bool) map[column]schema.Field {
	values := map[column]schema.Field{}
	shift := 0
	if pair {
		shift = 1
	} else if !r.table.Merged {
		shift = h.bestShift(l, label.Col, fundFit)
	}
	for m, col := range h.cols {
		c, _ := h.cell(l, m, shift)
		if pair && m == colRate {
			// The rate has no label of its own beside it.
			c, _ = h.cell(l, m, 0)
		}
		if c == nil || c.Col <= label.Col {
			values[m] = r.blank(l, col+shift)
			continue
		}
		values[m] = r.field(c, l)
	}
	// A sentence after the last column, which no header covers, is a reason given in
	// passing.
	if c := l.cells[len(l.cells)-1]; !h.has(colExplanation) && h.meaningAt(c.Col) != colExtra && c.Col > label.Col && isRemark(c.Text) && !taken(values, c) {
		values[colExplanation] = r.field(c.Cell, l)
	}
	return values
}

// taken reports whether a cell is one of the values.
func taken(values map[column]schema.Field, c cell) bool {
	for _, v := range values {
		if v.At == c.Loc {
			return true
		}
	}
	return false
}

// remarkRunes is the least length of a text that says more than a label does.
const remarkRunes = 6

func isRemark(s string) bool {
	return quantity.Parse(s).Kind == quantity.Words && utf8.RuneCountInString(s) >= remarkRunes
}

// fit says how well a cell serves a column: positive for what belongs there.
type fit func(m column, c *grid.Cell) int

// fundFit judges cells of the fund block: all but the reason are figures.
func fundFit(m column, c *grid.Cell) int {
	if m == colExplanation {
		return 0
	}
	switch q := quantity.Parse(c.Text); {
	case m == colRate && q.IsFigure() && q.Unit == "%":
		return 6
	case m != colRate && q.IsFigure() && q.Unit == "%":
		return -4
	case q.IsFigure():
		return 3
	case q.Kind == quantity.NotApplicable:
		return 1
	}
	return -3
}

// bestShift finds by how many columns a row's values stand off their headers, where
// merged cells were lost. Values stand right of labelCol. No shift is preferred.
func (h *header) bestShift(l *line, labelCol int, fits fit) int {
	best, bestScore := 0, h.score(l, 0, labelCol, fits)+1
	for _, shift := range []int{-1, 1, -2, 2} {
		if s := h.score(l, shift, labelCol, fits); s > bestScore {
			best, bestScore = shift, s
		}
	}
	return best
}

// score sums up how well the row's cells serve the columns they would stand in.
// Of several cells under one header only the first can be meant.
func (h *header) score(l *line, shift, labelCol int, fits fit) int {
	sum, last := 0, colNone
	for _, c := range l.cells {
		if c.Col <= labelCol {
			continue
		}
		m := h.meaningAt(c.Col - shift)
		switch m {
		case colExtra:
		case colNone, colLevel1, colLevel2, colLevel3, colName, last:
			sum -= 3
		default:
			sum += fits(m, c.Cell)
		}
		last = m
	}
	return sum
}
