package formula

import "jixiaolint/schema/quantity"

// function is a function with the numbers of arguments it takes.
type function struct {
	least, most int
	compute     func(e *evaluation, args []*node) Value
}

// mostArguments is the number of arguments that Excel allows.
const mostArguments = 255

// functions are the functions that forms use.
var functions map[string]function

func init() { //nolint:gochecknoinits // the functions refer to the evaluation, which refers to them
	functions = map[string]function{
		"SUM":       {1, mostArguments, overall(sum)},
		"PRODUCT":   {1, mostArguments, overall(product)},
		"MIN":       {1, mostArguments, overall(least)},
		"MAX":       {1, mostArguments, overall(greatest)},
		"AVERAGE":   {1, mostArguments, overall(average)},
		"COUNT":     {1, mostArguments, count},
		"ABS":       {1, 1, abs},
		"ROUND":     {2, 2, rounding(quantity.Number.Round)},
		"ROUNDDOWN": {2, 2, rounding(quantity.Number.Cut)},
		"ROUNDUP":   {2, 2, rounding(up)},
		"IF":        {2, 3, choose},
		"IFERROR":   {2, 2, ifError},
		"AND":       {1, mostArguments, and},
		"OR":        {1, mostArguments, or},
		"NOT":       {1, 1, not},
		"ISNUMBER":  {1, 1, isNumber},
	}
}

// each gives the values of the arguments to yield, those of ranges one by one. referred
// tells that a value is that of a cell. It stops when yield wants no more.
func (e *evaluation) each(args []*node, yield func(v Value, referred bool) bool) {
	for _, n := range args {
		if n.op != opRange {
			if v := e.value(n); e.unknown || !yield(v, n.op == opCell) {
				return
			}
			continue
		}
		a := n.area
		if (a.row2-a.row1+1)*(a.col2-a.col1+1) > mostCells {
			e.unknown = true
			return
		}
		for row := a.row1; row <= a.row2; row++ {
			for col := a.col1; col <= a.col2; col++ {
				if v := e.cell(a.sheet, row, col); e.unknown || !yield(v, true) {
					return
				}
			}
		}
	}
}

// numbers gives the numbers among the arguments. Cells without numbers are left out; ok is
// false if there is an error among them.
func (e *evaluation) numbers(args []*node) (out []quantity.Number, ok bool) {
	ok = true
	e.each(args, func(v Value, referred bool) bool {
		switch {
		case v.Kind == Number:
			out = append(out, v.Number)
		case v.Kind == Error:
			ok = false
		case !referred:
			e.unknown = true
		}
		return ok && !e.unknown
	})
	return out, ok && !e.unknown
}

// overall makes a function of numbers one of arguments.
func overall(f func(e *evaluation, numbers []quantity.Number) Value) func(*evaluation, []*node) Value {
	return func(e *evaluation, args []*node) Value {
		numbers, ok := e.numbers(args)
		if !ok {
			return Value{Kind: Error}
		}
		return f(e, numbers)
	}
}

// fold joins numbers, of which none come to 0.
func fold(e *evaluation, numbers []quantity.Number, join func(a, b quantity.Number) quantity.Number) Value {
	var out quantity.Number
	for i, n := range numbers {
		if i == 0 {
			out = n
			continue
		}
		if out = join(out, n); out.Bits() > mostBits {
			return e.giveUp()
		}
	}
	return number(out)
}

func sum(e *evaluation, n []quantity.Number) Value      { return fold(e, n, quantity.Number.Add) }
func product(e *evaluation, n []quantity.Number) Value  { return fold(e, n, quantity.Number.Mul) }
func least(e *evaluation, n []quantity.Number) Value    { return fold(e, n, quantity.Number.Min) }
func greatest(e *evaluation, n []quantity.Number) Value { return fold(e, n, quantity.Number.Max) }

func average(e *evaluation, n []quantity.Number) Value {
	if len(n) == 0 {
		return Value{Kind: Error}
	}
	total := sum(e, n)
	return e.sized(total.Number.Quo(quantity.Int(int64(len(n)))))
}

// count counts the cells with numbers.
func count(e *evaluation, args []*node) Value {
	n := int64(0)
	e.each(args, func(v Value, referred bool) bool {
		if v.Kind == Number {
			n++
		}
		e.unknown = e.unknown || !referred && v.Kind != Number
		return !e.unknown
	})
	return number(quantity.Int(n))
}

func abs(e *evaluation, args []*node) Value {
	n, ok := e.number(args[0])
	if !ok {
		return Value{Kind: Error}
	}
	return number(n.Abs())
}

// rounding makes a way of rounding to decimals a function.
func rounding(round func(n quantity.Number, decimals int) quantity.Number) func(*evaluation, []*node) Value {
	const most = 14
	return func(e *evaluation, args []*node) Value {
		n, ok1 := e.number(args[0])
		places, ok2 := e.number(args[1])
		if !ok1 || !ok2 {
			return Value{Kind: Error}
		}
		n = e.digits(n)
		decimals, whole := places.Int64()
		if !whole || decimals > most || decimals < -most || e.unknown {
			return e.giveUp()
		}
		if decimals < 0 {
			unit := power(int(-decimals))
			return e.sized(round(n.Quo(unit), 0).Mul(unit))
		}
		return e.sized(round(n, int(decimals)))
	}
}

// up rounds away from zero.
func up(n quantity.Number, decimals int) quantity.Number {
	cut := n.Cut(decimals)
	if cut.Cmp(n) == 0 {
		return n
	}
	step := quantity.Int(1).Quo(power(decimals))
	if n.Sign() < 0 {
		step = step.Neg()
	}
	return cut.Add(step)
}

// condition gives a part as a truth value; ok is false if it is an error.
func (e *evaluation) condition(n *node) (holds, ok bool) {
	switch v := e.value(n); v.Kind {
	case Bool, Number:
		return v.Number.Sign() != 0, !e.unknown
	case Error:
	case Blank, Text:
		e.unknown = true
	}
	return false, false
}

func choose(e *evaluation, args []*node) Value {
	holds, ok := e.condition(args[0])
	switch {
	case !ok:
		return Value{Kind: Error}
	case holds:
		return e.value(args[1])
	case len(args) == 3:
		return e.value(args[2])
	}
	return truth(false)
}

func ifError(e *evaluation, args []*node) Value {
	if v := e.value(args[0]); v.Kind != Error {
		return v
	}
	return e.value(args[1])
}

func and(e *evaluation, args []*node) Value { return e.all(args, true) }
func or(e *evaluation, args []*node) Value  { return e.all(args, false) }

// all joins conditions: the result is want if all of them are.
func (e *evaluation) all(args []*node, want bool) Value {
	out := want
	for _, n := range args {
		holds, ok := e.condition(n)
		if !ok {
			return Value{Kind: Error}
		}
		if holds != want {
			out = !want
		}
	}
	return truth(out)
}

func not(e *evaluation, args []*node) Value {
	holds, ok := e.condition(args[0])
	if !ok {
		return Value{Kind: Error}
	}
	return truth(!holds)
}

func isNumber(e *evaluation, args []*node) Value {
	return truth(e.value(args[0]).Kind == Number)
}
