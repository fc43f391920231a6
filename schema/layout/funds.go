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
	h, ok := r.fundHeader(l)
	if !ok {
		return false
	}
	if r.form != nil && r.funds != nil {
		if r.state == stateFunds {
			return false
		}
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
		if q := quantity.Parse(c.Text); q.IsFigure() && !f.Funds.HeaderAmount.Present() {
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
	return true
}

// rePointsOfRate finds the weight of the execution rate in a heading: 预算执行情况
// (20分), 得分(20分*执行率).
var rePointsOfRate = regexp.MustCompile(`(?:预算|资金|得分|执行)[^()]*(?:\([^()]*\))?\((\d+(?:\.\d+)?)分[*×xX]?(?:执行率)?\)`)

// fundLine reads a row of the fund block.
func (r *reader) fundLine(l *line) bool {
	f, h := r.form, r.funds
	label, pair := r.fundLabel(l)
	if label == nil {
		return false
	}
	role, known := fundRoleOf(label.label)
	if i := strings.IndexAny(label.label.full, ":"); i > 0 && i < len(label.label.full)-1 && hasInlineAmount(label.label.full) {
		// Figures inside the label's text (其他资金:2880万元): kept, but not a row.
		r.aside(l)
		return true
	}
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
	if filled > 0 && figures == 0 && len(f.Funds.Rows) > 0 {
		r.aside(l) // words in the columns of figures: another block beside or below
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
	f.Funds.Rows = append(f.Funds.Rows, schema.FundRow{
		Role: role, Label: r.field(label.Cell, l),
		Initial: values[colInitial], Adjusted: values[colAdjusted], Executed: values[colExecuted],
		Weight: values[colWeight], Rate: values[colRate], Score: values[colScore],
		Explanation: values[colExplanation], RateHeader: h.rateInPercent,
	})
	if role == schema.RoleTotal {
		r.anchor("total row", label.Cell, l)
	}
	return true
}

// aside keeps the texts of a row of the fund block that is no row of figures.
func (r *reader) aside(l *line) {
	for _, c := range l.cells {
		r.form.Remarks = append(r.form.Remarks, schema.Remark{Label: "资金情况说明", Text: r.field(c.Cell, l)})
	}
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
		case colNone, colLevel1, colLevel2, colName, last:
			sum -= 3
		default:
			sum += fits(m, c.Cell)
		}
		last = m
	}
	return sum
}
