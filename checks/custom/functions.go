package custom

import (
	"strconv"
	"unicode"

	"github.com/expr-lang/expr/ast"

	"jixiaolint/schema"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// functionNames lists the functions of conditions.
var functionNames = []string{
	"abs", "agrees", "all", "any", "count", "filter", "len", "map", "max", "mean", "min",
	"none", "num", "one", "present", "round", "sum", "text", "unit",
}

// call compiles a function.
func (c *compiler) call(n ast.Node, name string, args []ast.Node) expression {
	switch name {
	case "sum", "mean":
		return c.total(n, name, args)
	case "min", "max":
		return c.extreme(n, name, args)
	case "count":
		return c.count(n, args)
	case "all", "any", "none", "one":
		return c.quantified(n, name, args)
	case "filter":
		return c.filter(n, args)
	case "map":
		return c.mapped(n, args)
	case "present":
		return c.present(n, args)
	case "agrees":
		return c.agrees(n, args)
	case "round":
		return c.round(n, args)
	case "abs", "num", "text", "unit", "len":
		return c.converted(n, name, args)
	}
	hint := lang.Text{}
	if best := nearest(name, functionNames); best != "" {
		hint = meant(best)
	}
	return c.fail(n, "没有函数 %[1]q%[2]s", "there is no function %[1]q%[2]s", name, hint)
}

// want reports whether a function has from least to most arguments.
func (c *compiler) want(n ast.Node, name string, args []ast.Node, least, most int) bool {
	if len(args) < least || len(args) > most {
		c.fail(n, "%[1]s 的参数个数不对", "%[1]s has the wrong number of arguments", name)
	}
	return c.err == nil
}

// list compiles an argument that must be a list.
func (c *compiler) list(n ast.Node) expression {
	x := c.compile(n)
	if x.kind != listKind {
		return c.fail(n, "这里应是一个列表，例如 form.indicators", "a list is needed here, such as form.indicators")
	}
	return x
}

// each compiles a predicate or the figure that is made of each element of a list.
func (c *compiler) each(list expression, n ast.Node) expression {
	if p, ok := n.(*ast.PredicateNode); ok {
		n = p.Node
	}
	c.scope = append(c.scope, scope{list.elem, list.shape})
	defer func() { c.scope = c.scope[:len(c.scope)-1] }()
	return c.compile(n)
}

func body(n ast.Node) ast.Node {
	if p, ok := n.(*ast.PredicateNode); ok {
		return p.Node
	}
	return n
}

// figures gives the figures of a list: of its elements, or of what is made of each.
func (c *compiler) figures(args []ast.Node) expression {
	list := c.list(args[0])
	if len(args) == 2 && c.err == nil {
		list = c.mapTo(list, args[1])
	}
	if c.err == nil && list.elem != figureKind {
		return c.fail(args[0], "这里应是数的列表，例如 map(form.indicators, .score)", "a list of figures is needed here, such as map(form.indicators, .score)")
	}
	return list
}

// fold runs over the figures of a list. The result is not known if one of them is
// not, if it is not known which belong to the list, or if the form has none.
func fold(e *env, list expression, with func(a, b figure) figure) (f figure, n int) {
	ok := true
	state := list.each(e, func(el element, in truth) bool {
		ok = ok && in == yes && el.figure.known
		if !ok {
			return false
		}
		if n++; n == 1 {
			f = el.figure
			f.free = true
		} else {
			f = e.hold(with(f, el.figure))
		}
		return e.steps > 0
	})
	if !ok || state != filled || e.steps == 0 || n > 0 && !f.known {
		return figure{}, -1
	}
	return f, n
}

func (c *compiler) total(n ast.Node, name string, args []ast.Node) expression {
	if !c.want(n, name, args, 1, 2) {
		return expression{}
	}
	list := c.figures(args)
	return expression{kind: figureKind, figure: func(e *env) figure {
		f, n := fold(e, list, add)
		switch {
		case n < 0:
			return figure{}
		case name == "sum" && n == 0:
			return exactly(quantity.Number{})
		case name == "sum":
			return f
		case n == 0:
			return figure{}
		}
		return e.hold(divide(f, exactly(quantity.Int(int64(n)))))
	}}
}

func (c *compiler) extreme(n ast.Node, name string, args []ast.Node) expression {
	if !c.want(n, name, args, 1, 20) {
		return expression{}
	}
	sign := 1
	if name == "min" {
		sign = -1
	}
	pick := func(a, b figure) figure { return extreme(a, b, sign) }
	if len(args) == 1 {
		list := c.figures(args)
		return expression{kind: figureKind, figure: func(e *env) figure {
			f, n := fold(e, list, pick)
			f.known = f.known && n > 0
			return f
		}}
	}
	of := make([]func(*env) figure, len(args))
	for i, a := range args {
		of[i] = c.figure(a, c.compile(a))
	}
	return expression{kind: figureKind, figure: func(e *env) figure {
		f := of[0](e)
		for _, next := range of[1:] {
			f = e.hold(pick(f, next(e)))
		}
		return f
	}}
}

// count counts the elements, or those for which a condition holds.
func (c *compiler) count(n ast.Node, args []ast.Node) expression {
	if !c.want(n, "count", args, 1, 2) {
		return expression{}
	}
	list := c.list(args[0])
	if len(args) == 2 && c.err == nil {
		list = c.filtered(list, args[1])
	}
	return expression{kind: figureKind, figure: func(e *env) figure {
		n, sure := int64(0), true
		state := list.each(e, func(_ element, in truth) bool {
			n++
			sure = sure && in == yes
			return sure
		})
		if state == lacking || !sure || e.steps == 0 {
			return figure{}
		}
		return exactly(quantity.Int(n))
	}}
}

// quantified compiles all, any, none and one.
func (c *compiler) quantified(n ast.Node, name string, args []ast.Node) expression {
	if !c.want(n, name, args, 2, 2) {
		return expression{}
	}
	list := c.list(args[0])
	if c.err != nil {
		return expression{}
	}
	holds := c.truth(body(args[1]), c.each(list, args[1]))
	tally := func(e *env) (yeses, maybes, nos int, state source) {
		state = list.each(e, func(el element, in truth) bool {
			t := e.with(el, func() truth { return holds(e) })
			switch {
			case in == unknown && t != no, t == unknown:
				maybes++
			case in == unknown:
			case t == yes:
				yeses++
			default:
				nos++
			}
			return e.steps > 0
		})
		if e.steps == 0 {
			maybes++
		}
		return yeses, maybes, nos, state
	}
	return condition(func(e *env) truth {
		yeses, maybes, nos, state := tally(e)
		if state == lacking {
			return unknown
		}
		switch name {
		case "all":
			return allOf(nos, maybes)
		case "any":
			return allOf(yeses, maybes).not()
		case "none":
			return allOf(yeses, maybes)
		}
		switch {
		case yeses > 1:
			return no
		case maybes > 0:
			return unknown
		}
		return truthOf(yeses == 1)
	})
}

// allOf is no when something speaks against it, yes when nothing may.
func allOf(against, maybe int) truth {
	switch {
	case against > 0:
		return no
	case maybe > 0:
		return unknown
	}
	return yes
}

func (c *compiler) filter(n ast.Node, args []ast.Node) expression {
	if !c.want(n, "filter", args, 2, 2) {
		return expression{}
	}
	list := c.list(args[0])
	if c.err != nil {
		return expression{}
	}
	return c.filtered(list, args[1])
}

// filtered gives the elements of a list for which a condition holds; one for which
// that is not known may be in the list.
func (c *compiler) filtered(list expression, n ast.Node) expression {
	holds := c.truth(body(n), c.each(list, n))
	out := list
	out.each = func(e *env, visit func(element, truth) bool) source {
		return list.each(e, func(el element, in truth) bool {
			t := e.with(el, func() truth { return e.quietly(func() truth { return holds(e) }) })
			if in = in.and(t); in == no {
				return e.steps > 0
			}
			return visit(el, in) && e.steps > 0
		})
	}
	return out
}

func (c *compiler) mapped(n ast.Node, args []ast.Node) expression {
	if !c.want(n, "map", args, 2, 2) {
		return expression{}
	}
	list := c.list(args[0])
	if c.err != nil {
		return expression{}
	}
	return c.mapTo(list, args[1])
}

// mapTo gives the figures or texts that are made of each element of a list.
func (c *compiler) mapTo(list expression, n ast.Node) expression {
	x := c.each(list, n)
	if x.kind == mixedKind {
		x.kind = figureKind
	}
	if c.err == nil && x.kind != figureKind && x.kind != textKind {
		return c.fail(body(n), "这里应是每一行的一个数或一段文字，例如 .score", "a figure or text of each row is needed here, such as .score")
	}
	out := expression{kind: listKind, elem: x.kind}
	out.each = func(e *env, visit func(element, truth) bool) source {
		return list.each(e, func(el element, in truth) bool {
			var made element
			e.with(el, func() truth {
				if x.kind == figureKind {
					made.figure = x.figure(e)
				} else {
					made.text = x.text(e)
				}
				return yes
			})
			return visit(made, in) && e.steps > 0
		})
	}
	return out
}

// present compiles the question whether a cell is filled in: blank, — and 无 are not.
func (c *compiler) present(n ast.Node, args []ast.Node) expression {
	if !c.want(n, "present", args, 1, 1) {
		return expression{}
	}
	x := c.compile(args[0])
	if c.err == nil && (x.field == nil || x.text == nil) {
		return c.fail(args[0], "present 问的是一个单元格，例如 present(item.explanation)", "present asks for a cell, such as present(item.explanation)")
	}
	return condition(func(e *env) truth {
		o := x.object(e)
		e.note(o, x.field)
		if !e.spend(1) || x.field.lacking(&o) {
			return unknown
		}
		return truthOf(!x.field.get(&o).Missing())
	})
}

func (c *compiler) agrees(n ast.Node, args []ast.Node) expression {
	if !c.want(n, "agrees", args, 2, 2) {
		return expression{}
	}
	l, r := c.compile(args[0]), c.compile(args[1])
	a, b := c.figure(args[0], l), c.figure(args[1], r)
	return condition(func(e *env) truth {
		x, y := a(e), b(e)
		if !e.spend(4) {
			return unknown
		}
		return agrees(x, y, l.field != nil, r.field != nil)
	})
}

func (c *compiler) round(n ast.Node, args []ast.Node) expression {
	const most = 10
	if !c.want(n, "round", args, 1, 2) {
		return expression{}
	}
	f := c.figure(args[0], c.compile(args[0]))
	decimals := 0
	if len(args) == 2 {
		d := c.compile(args[1])
		if d.number == nil || !d.number.IsInt() || d.number.Cmp(quantity.Int(most)) > 0 {
			return c.fail(args[1], "小数位数应是 0 到 10 的整数", "the number of decimals must be 0 to 10")
		}
		decimals, _ = strconv.Atoi(d.number.Short(0)) // 0 to 10, as just checked
	}
	return expression{kind: figureKind, figure: func(e *env) figure { return e.hold(round(f(e), decimals)) }}
}

// converted compiles the functions of one figure or text.
func (c *compiler) converted(n ast.Node, name string, args []ast.Node) expression {
	if !c.want(n, name, args, 1, 1) {
		return expression{}
	}
	x := c.compile(args[0])
	cell := x.field != nil && x.text != nil
	switch {
	case c.err != nil:
		return expression{}
	case name == "abs":
		f := c.figure(args[0], x)
		return expression{kind: figureKind, figure: func(e *env) figure { return e.hold(absolute(f(e))) }}
	case name == "num" && (cell || x.kind == textKind):
		x.kind = figureKind
		return x
	case name == "text" && cell:
		x.kind = textKind
		return x
	case name == "unit" && cell:
		return expression{kind: textKind, text: func(e *env) text {
			q := schema.Field{Text: x.text(e).s}.Displayed()
			return text{q.Unit, q.IsFigure()}
		}}
	case name == "len":
		t := c.text(args[0], x)
		return expression{kind: figureKind, figure: func(e *env) figure { return length(e, t(e)) }}
	}
	return c.fail(args[0], "%[1]s 读的是一个单元格", "%[1]s reads a cell", name)
}

// length counts the characters of a text, without white space.
func length(e *env, t text) figure {
	if !e.spend(1+len(t.s)/32) || !t.known {
		return figure{}
	}
	n := int64(0)
	for _, r := range t.s {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return exactly(quantity.Int(n))
}

// parsed reads a text as a figure.
func parsed(t func(*env) text) func(*env) figure {
	return func(e *env) figure {
		s := t(e)
		if !e.spend(4) || !s.known {
			return figure{}
		}
		return readPlain(nil, plain(s.s))
	}
}
