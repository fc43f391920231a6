package formula

import (
	"strings"

	"jixiaolint/schema/quantity"
)

// Kind is the kind of a value.
type Kind uint8

// The kinds of values. Blank is the value of an empty cell.
const (
	Blank Kind = iota
	Number
	Text
	Bool
	// Error is an error such as #DIV/0!; which one, is not told.
	Error
)

// Value is what a cell holds or a formula comes to.
type Value struct {
	Kind Kind
	// Number is the number, for a Bool 1 or 0.
	Number quantity.Number
	Text   string
}

func number(n quantity.Number) Value { return Value{Kind: Number, Number: n} }

func truth(b bool) Value {
	if b {
		return Value{Kind: Bool, Number: quantity.Int(1)}
	}
	return Value{Kind: Bool}
}

// Cells gives the value of a cell; sheet is empty for the sheet of the formula. ok is false
// if it is not known.
type Cells func(sheet string, row, col int) (v Value, ok bool)

// Bounds on what is computed: the cells that a formula looks at, the operations, and the
// size of the numbers in bits.
const (
	mostCells = 20_000
	mostSteps = 20_000
	mostBits  = 1024
)

// Compute gives what the formula comes to, never Blank. Numbers are exact; where a program
// decides by a number, in comparisons and for rounding, it goes by ShownDigits of it, as
// spreadsheet programs do. The error is ErrUnknown.
func (f Formula) Compute(cells Cells) (Value, error) {
	e := &evaluation{cells: cells}
	v := e.value(f.root)
	if v.Kind == Blank {
		v = number(quantity.Number{})
	}
	if e.unknown {
		return Value{}, ErrUnknown
	}
	return v, nil
}

// The numbers of digits that spreadsheet programs show and compare, and that they store, so
// that a result such as 1/3 is the same when it is read again.
const (
	ShownDigits  = 15
	StoredDigits = 17
)

// Significant rounds a number to digits, which need the decimals told. ok is false for
// numbers that no form holds, of more than 15 digits before the point or 15 zeros behind it.
func Significant(n quantity.Number, digits int) (rounded quantity.Number, decimals int, ok bool) {
	if n.Sign() == 0 {
		return n, 0, true
	}
	size := n.Abs()
	if limit := power(ShownDigits); size.Cmp(limit) >= 0 || size.Mul(limit).Cmp(quantity.Int(1)) < 0 {
		return n, 0, false
	}
	decimals = digits
	for whole := quantity.Int(1); decimals > 0 && size.Cmp(whole) >= 0; whole = whole.Mul(quantity.Int(10)) {
		decimals--
	}
	if decimals == digits {
		for tenth := quantity.Ratio(1, 10); size.Cmp(tenth) < 0; tenth = tenth.Quo(quantity.Int(10)) {
			decimals++
		}
	}
	return n.Round(decimals), decimals, true
}

// power gives a power of ten.
func power(n int) quantity.Number {
	out := quantity.Int(1)
	for range n {
		out = out.Mul(quantity.Int(10))
	}
	return out
}

// evaluation computes one formula.
type evaluation struct {
	cells Cells
	// looked counts the cells that were looked at, steps the operations.
	looked, steps int
	unknown       bool
}

func (e *evaluation) giveUp() Value {
	e.unknown = true
	return Value{Kind: Error}
}

func (e *evaluation) value(n *node) Value {
	if e.steps++; e.steps > mostSteps {
		return e.giveUp()
	}
	if e.unknown {
		return Value{Kind: Error}
	}
	switch n.op {
	case opLiteral:
		return n.value
	case opCell:
		return e.cell(n.area.sheet, n.area.row1, n.area.col1)
	case opRange:
		return e.giveUp() // a range where one value is wanted
	case opNegate, opPercent:
		x, ok := e.number(n.args[0])
		switch {
		case !ok:
			return Value{Kind: Error}
		case n.op == opNegate:
			return number(x.Neg())
		}
		return e.sized(x.Quo(quantity.Int(100)))
	case "+", "-", "*", "/":
		return e.arithmetic(n)
	case "=", "<>", "<", ">", "<=", ">=":
		return e.comparison(n.op, e.value(n.args[0]), e.value(n.args[1]))
	}
	return functions[n.op].compute(e, n.args)
}

func (e *evaluation) cell(sheet string, row, col int) Value {
	if e.looked++; e.looked > mostCells {
		return e.giveUp()
	}
	v, ok := e.cells(sheet, row, col)
	if !ok || v.Number.Bits() > mostBits {
		return e.giveUp()
	}
	return v
}

// sized gives a number as a value unless it is too long.
func (e *evaluation) sized(n quantity.Number) Value {
	if n.Bits() > mostBits {
		return e.giveUp()
	}
	return number(n)
}

// number gives a part as a number; ok is false if it is an error. Text is one, unless it
// has digits: some programs take that for a number, others do not.
func (e *evaluation) number(n *node) (x quantity.Number, ok bool) {
	v := e.value(n)
	switch v.Kind {
	case Blank:
		return quantity.Number{}, !e.unknown
	case Number:
		return v.Number, !e.unknown
	case Text:
		if quantity.HasDigit(v.Text) || strings.ContainsAny(v.Text, "0123456789") {
			e.unknown = true
		}
	case Bool:
		e.unknown = true
	case Error:
	}
	return quantity.Number{}, false
}

func (e *evaluation) arithmetic(n *node) Value {
	a, ok1 := e.number(n.args[0])
	b, ok2 := e.number(n.args[1])
	if !ok1 || !ok2 {
		return Value{Kind: Error}
	}
	switch n.op {
	case "+":
		return e.sized(a.Add(b))
	case "-":
		return e.sized(a.Sub(b))
	case "*":
		return e.sized(a.Mul(b))
	}
	if b.Sign() == 0 {
		return Value{Kind: Error}
	}
	return e.sized(a.Quo(b))
}

// comparison compares two values. A blank cell equals 0 and the empty text.
func (e *evaluation) comparison(op string, a, b Value) Value {
	if a.Kind == Error || b.Kind == Error {
		return Value{Kind: Error}
	}
	a, b = filled(a, b), filled(b, a)
	order := 0
	switch {
	case a.Kind == Number && b.Kind == Number:
		order = e.digits(a.Number).Cmp(e.digits(b.Number))
	case op != "=" && op != "<>" || a.Kind == Bool || b.Kind == Bool:
		return e.giveUp()
	case a.Kind != b.Kind || !strings.EqualFold(a.Text, b.Text):
		order = 1
	}
	switch op {
	case "=":
		return truth(order == 0)
	case "<>":
		return truth(order != 0)
	case "<":
		return truth(order < 0)
	case ">":
		return truth(order > 0)
	case "<=":
		return truth(order <= 0)
	}
	return truth(order >= 0)
}

// filled gives a value, or, if it is blank, what it stands for beside another one.
func filled(v, beside Value) Value {
	switch {
	case v.Kind != Blank:
		return v
	case beside.Kind == Text:
		return Value{Kind: Text}
	}
	return number(quantity.Number{})
}

// digits gives a number as programs hold it.
func (e *evaluation) digits(n quantity.Number) quantity.Number {
	rounded, _, ok := Significant(n, ShownDigits)
	if !ok {
		e.unknown = true
	}
	return rounded
}

// Sheets gives the other sheets that the formula names.
func (f Formula) Sheets() []string { return f.root.sheets(nil) }

func (n *node) sheets(out []string) []string {
	if n.area.sheet != "" {
		out = append(out, n.area.sheet)
	}
	for _, a := range n.args {
		out = a.sheets(out)
	}
	return out
}
