package custom

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"

	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// The bounds on an expression.
const (
	maxSource = 2000 // runes
	maxDepth  = 40
	maxNodes  = 400
)

// expression is a checked expression: its type, and the functions that evaluate it.
// A cell has functions for both its figure and its text.
type expression struct {
	kind   kind
	truth  func(*env) truth
	figure func(*env) figure
	text   func(*env) text
	object func(*env) object
	// each visits the elements of a list, with yes for those that are surely in it and
	// unknown for those that may be. It reports what is known of the list's source.
	each func(*env, func(element, truth) bool) source
	// shape is the type of an object; elem and, for lists of objects, shape that of a
	// list's elements.
	shape *shape
	elem  kind
	// field is set for fields of the form, as read by object.
	field *field
	// number is the value of a literal figure.
	number *quantity.Number
}

// source says what is known of the table that a list was taken from.
type source uint8

const (
	lacking source = iota // the layout has no such table
	empty                 // the table has no row
	filled
)

// compiler turns the syntax tree of one expression into functions. The parser of
// expr-lang gives the tree; its numbers are read again from the source, exactly.
type compiler struct {
	source []rune
	// offset is where the expression starts in the text that errors count in.
	offset int
	item   *shape
	scope  []scope
	nodes  int
	depth  int
	// reads counts the fields that the expression reads.
	reads int
	err   *located
}

// scope is the type of the elements that a predicate looks at.
type scope struct {
	kind  kind
	shape *shape
}

// located is an error at a rune of the expression.
type located struct {
	at      int
	message lang.Text
}

// parse reads and checks an expression. item is the type of item, nil where a rule
// has none.
func parse(src string, item *shape, offset int) (expression, int, *located) {
	c := &compiler{source: []rune(src), item: item, offset: offset}
	if len(c.source) > maxSource {
		return expression{}, 0, &located{offset, lang.F("表达式长 %[1]d 个字，最多 %[2]d 个", "the expression has %[1]d characters; at most %[2]d are allowed", len(c.source), maxSource)}
	}
	if strings.TrimSpace(src) == "" {
		return expression{}, 0, &located{offset, lang.T("表达式是空的", "the expression is empty")}
	}
	tree, err := parser.Parse(src)
	if err != nil {
		return expression{}, 0, c.syntaxError(err)
	}
	x := c.compile(tree.Node)
	return x, c.reads, c.err
}

func (c *compiler) syntaxError(err error) *located {
	at, why := 0, err.Error()
	if e, ok := err.(*file.Error); ok { //nolint:errorlint // the parser returns its own error unwrapped.
		at, why = e.From, e.Message
	}
	found := ""
	if at = min(at, len(c.source)); at < len(c.source) {
		found = string(c.source[at:min(at+12, len(c.source))])
		found, _, _ = strings.Cut(found, "\n")
	}
	help := lang.Text{}
	for sign, write := range map[string]string{"≥": ">=", "≤": "<=", "≠": "!=", "＝": "==", "=": "==", "×": "*", "÷": "/", "“": `"`, "”": `"`, "，": ",", "（": "(", "）": ")"} {
		if strings.HasPrefix(found, sign) {
			help = lang.F("：请写成 %[1]s", ": write %[1]s", write)
		}
	}
	if strings.Contains(why, "value out of range") {
		// The parser has read on when it finds out.
		before := string(c.source[:min(at+1, len(c.source))])
		if m := reLastNumber.FindStringIndex(before); m != nil {
			at = utf8.RuneCountInString(before[:m[0]])
		}
		return &located{c.offset + at, lang.T("这个数太大或位数太多", "this number is too large or has too many digits")}
	}
	if usual := c.usualMistake(at, found); !usual.IsZero() {
		return &located{c.offset + at, usual}
	}
	if found == "" || strings.Contains(why, "EOF") {
		return &located{c.offset + at, lang.T("表达式没有写完", "the expression ends too early")}
	}
	return &located{c.offset + at, lang.F("从 %[1]q 起写法有误%[2]s", "syntax error at %[1]q%[2]s"+unlessHelped(help, " ("+strings.ReplaceAll(why, "%", "%%")+")"), found, help)}
}

var (
	reCapitals = regexp.MustCompile(`^(AND|OR|NOT)\b`)
	reAfter    = regexp.MustCompile(`\b(AND|OR|NOT)\s+$`)
	rePercent  = regexp.MustCompile(`\d\s*%\s*$`)
	reOfEach   = regexp.MustCompile(`\b(max|min|mean)\([^()]*,\s*$`)
	// reLastNumber finds the last number of a text, with what may stand behind it.
	reLastNumber = regexp.MustCompile(`\d[\w.]*(\W*|\s+\w)$`)
	reOperand    = regexp.MustCompile(`^[\pL\d"']`)
)

// usualMistake words what is wrong where the parser stopped, for what people write who
// know other languages; it is empty for anything else.
func (c *compiler) usualMistake(at int, found string) lang.Text {
	before := string(c.source[:at])
	word := reCapitals.FindString(found)
	if m := reAfter.FindStringSubmatch(before); word == "" && m != nil {
		word = m[1]
	}
	of := reOfEach.FindStringSubmatch(before)
	switch {
	case word != "":
		return lang.F("%[1]s 应小写：请写成 %[2]s", "%[1]s must be in small letters: write %[2]s", word, strings.ToLower(word))
	case rePercent.MatchString(before), found == "%":
		return lang.T("数字后面不写 %：比率按百分数计，90% 写成 90", "no % after a number: rates count in per cent, so write 90 for 90%")
	case of != nil && strings.HasPrefix(found, "."):
		return lang.F("%[1]s 要与 map 合用：请写成 %[1]s(map(列表, .字段))", "%[1]s goes with map: write %[1]s(map(list, .field))", of[1])
	case reOperand.MatchString(found) && strings.TrimSpace(before) != "":
		return lang.F("%[1]q 前面缺少 and、or 或其他运算符", "an operator such as and is missing before %[1]q", found)
	}
	return lang.Text{}
}

func unlessHelped(help lang.Text, why string) string {
	if help.IsZero() {
		return why
	}
	return ""
}

// fail records the first error and gives an expression of no type.
func (c *compiler) fail(n ast.Node, zh, en string, args ...any) expression {
	if c.err == nil {
		c.err = &located{c.offset + n.Location().From, lang.F(zh, en, args...)}
	}
	return expression{}
}

func (c *compiler) compile(n ast.Node) expression {
	if c.err != nil {
		return expression{}
	}
	c.nodes++
	c.depth++
	defer func() { c.depth-- }()
	if c.nodes > maxNodes || c.depth > maxDepth {
		return c.fail(n, "条件太复杂：最多 %[1]d 项、%[2]d 层", "the condition is too complex: at most %[1]d parts and %[2]d levels", maxNodes, maxDepth)
	}
	switch n := n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		return c.number(n)
	case *ast.StringNode:
		t := func(*env) text { return text{n.Value, true} }
		return expression{kind: textKind, text: t, figure: parsed(t)}
	case *ast.BoolNode:
		t := truthOf(n.Value)
		return expression{kind: boolKind, truth: func(*env) truth { return t }}
	case *ast.UnaryNode:
		return c.unary(n)
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.ConditionalNode:
		return c.conditional(n)
	case *ast.IdentifierNode, *ast.PointerNode, *ast.MemberNode:
		return c.path(n)
	case *ast.BuiltinNode:
		return c.call(n, n.Name, n.Arguments)
	case *ast.CallNode:
		if name, ok := n.Callee.(*ast.IdentifierNode); ok {
			return c.call(n, name.Value, n.Arguments)
		}
	}
	return c.fail(n, "这里不能用这种写法", "this construct cannot be used here")
}

// number reads a literal from the source: 0.9 is nine tenths.
func (c *compiler) number(n ast.Node) expression {
	loc := n.Location()
	literal := ""
	if loc.From >= 0 && loc.From < loc.To && loc.To <= len(c.source) {
		literal = string(c.source[loc.From:loc.To])
	}
	v, _, ok := quantity.ParseDecimal(literal)
	if !ok {
		return c.fail(n, "数字应写成 12 或 0.9 的样子", "write numbers like 12 or 0.9")
	}
	f := exactly(v)
	return expression{kind: figureKind, number: &v, figure: func(*env) figure { return f }}
}

func (c *compiler) unary(n *ast.UnaryNode) expression {
	x := c.compile(n.Node)
	switch n.Operator {
	case "not", "!":
		t := c.truth(n.Node, x)
		return expression{kind: boolKind, truth: func(e *env) truth { return t(e).not() }}
	case "-":
		f := c.figure(n.Node, x)
		return expression{kind: figureKind, figure: func(e *env) figure { return negate(f(e)) }}
	case "+":
		return expression{kind: figureKind, figure: c.figure(n.Node, x)}
	}
	return c.unsupported(n, n.Operator)
}

func (c *compiler) unsupported(n ast.Node, operator string) expression {
	return c.fail(n, "不支持运算符 %[1]s", "the operator %[1]s is not supported", operator)
}

// truth gives the condition that an operand must be.
func (c *compiler) truth(n ast.Node, x expression) func(*env) truth {
	if x.kind != boolKind {
		c.fail(n, "这里应是一个条件，例如 item.score <= item.weight", "a condition is needed here, such as item.score <= item.weight")
	}
	return x.truth
}

// figure gives the figure that an operand must be.
func (c *compiler) figure(n ast.Node, x expression) func(*env) figure {
	switch {
	case x.kind == figureKind, x.kind == mixedKind:
	case x.kind == textKind && x.field != nil:
		c.fail(n, "%[1]s 是文字；要当作数字读，请写 num(%[1]s)", "%[1]s is a text; to read it as a figure write num(%[1]s)", c.written(n))
	default:
		c.fail(n, "这里应是一个数", "a figure is needed here")
	}
	return x.figure
}

// text gives the text that an operand must be.
func (c *compiler) text(n ast.Node, x expression) func(*env) text {
	switch {
	case x.kind == textKind, x.kind == mixedKind:
	case x.kind == figureKind && x.field != nil:
		c.fail(n, "%[1]s 是数字；要当作文字读，请写 text(%[1]s)", "%[1]s is a figure; to read it as a text write text(%[1]s)", c.written(n))
	default:
		c.fail(n, "这里应是一段文字", "a text is needed here")
	}
	return x.text
}

// written gives the source of a field.
func (c *compiler) written(n ast.Node) string {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return n.Value
	case *ast.MemberNode:
		if p, ok := n.Property.(*ast.StringNode); ok {
			return c.written(n.Node) + "." + p.Value
		}
	}
	return ""
}

func (c *compiler) binary(n *ast.BinaryNode) expression {
	switch n.Operator {
	case "in":
		return c.in(n)
	case "matches":
		return c.matches(n)
	}
	l, r := c.compile(n.Left), c.compile(n.Right)
	if c.err != nil {
		return expression{}
	}
	switch n.Operator {
	case "and", "&&":
		a, b := c.truth(n.Left, l), c.truth(n.Right, r)
		return condition(func(e *env) truth {
			if t := a(e); t != no {
				return t.and(b(e))
			}
			return no
		})
	case "or", "||":
		a, b := c.truth(n.Left, l), c.truth(n.Right, r)
		return condition(func(e *env) truth {
			if t := a(e); t != yes {
				return t.or(b(e))
			}
			return yes
		})
	case "==":
		return c.equal(n, l, r)
	case "!=":
		x := c.equal(n, l, r)
		return condition(func(e *env) truth { return x.truth(e).not() })
	case "<", "<=", ">", ">=":
		return c.order(n, l, r)
	case "+", "-", "*", "/":
		return c.arithmetic(n, l, r)
	case "contains", "startsWith", "endsWith":
		a, b := c.text(n.Left, l), c.text(n.Right, r)
		test := map[string]func(s, t string) bool{"contains": strings.Contains, "startsWith": strings.HasPrefix, "endsWith": strings.HasSuffix}[n.Operator]
		return condition(func(e *env) truth { return onTexts(e, a(e), b(e), test) })
	}
	return c.unsupported(n, n.Operator)
}

func condition(t func(*env) truth) expression { return expression{kind: boolKind, truth: t} }

// onTexts tests two folded texts.
func onTexts(e *env, a, b text, test func(s, t string) bool) truth {
	if !e.spend(1+(len(a.s)+len(b.s))/32) || !a.known || !b.known {
		return unknown
	}
	return truthOf(test(a.fold(), b.fold()))
}

func (c *compiler) equal(n *ast.BinaryNode, l, r expression) expression {
	textual := func(x expression) bool { return x.kind == textKind }
	switch {
	case l.kind == boolKind && r.kind == boolKind:
		return condition(func(e *env) truth {
			a, b := l.truth(e), r.truth(e)
			if a == unknown || b == unknown {
				return unknown
			}
			return truthOf(a == b)
		})
	case l.kind == mixedKind && r.kind == mixedKind:
		return c.fail(n, "两边都可能是数字或文字：请写 num(…) 或 text(…) 说明按哪种比较", "both sides may be figures or texts: say which to compare with num(…) or text(…)")
	case textual(l) || textual(r):
		a, b := c.text(n.Left, l), c.text(n.Right, r)
		return condition(func(e *env) truth { return onTexts(e, a(e), b(e), func(s, t string) bool { return s == t }) })
	}
	a, b := c.figure(n.Left, l), c.figure(n.Right, r)
	return condition(func(e *env) truth { return onFigures(e, a(e), b(e), func(sign int) bool { return sign == 0 }) })
}

// onFigures tests the order of two figures.
func onFigures(e *env, a, b figure, test func(sign int) bool) truth {
	if !e.spend(1) {
		return unknown
	}
	sign, ok := compare(a, b)
	if !ok {
		return unknown
	}
	return truthOf(test(sign))
}

func (c *compiler) order(n *ast.BinaryNode, l, r expression) expression {
	a, b := c.figure(n.Left, l), c.figure(n.Right, r)
	test := map[string]func(int) bool{
		"<": func(s int) bool { return s < 0 }, "<=": func(s int) bool { return s <= 0 },
		">": func(s int) bool { return s > 0 }, ">=": func(s int) bool { return s >= 0 },
	}[n.Operator]
	return condition(func(e *env) truth { return onFigures(e, a(e), b(e), test) })
}

func (c *compiler) arithmetic(n *ast.BinaryNode, l, r expression) expression {
	a, b := c.figure(n.Left, l), c.figure(n.Right, r)
	if n.Operator == "/" && r.number != nil && r.number.Sign() == 0 {
		return c.fail(n.Right, "不能除以 0", "division by 0")
	}
	do := map[string]func(a, b figure) figure{
		"+": add, "-": func(a, b figure) figure { return add(a, negate(b)) }, "*": multiply, "/": divide,
	}[n.Operator]
	return expression{kind: figureKind, figure: func(e *env) figure { return e.hold(do(a(e), b(e))) }}
}

func (c *compiler) conditional(n *ast.ConditionalNode) expression {
	if !n.Ternary {
		return c.fail(n.Cond, "不支持 if；请写 条件 ? 甲 : 乙", "if is not supported; write condition ? a : b")
	}
	test, l, r := c.compile(n.Cond), c.compile(n.Exp1), c.compile(n.Exp2)
	t := c.truth(n.Cond, test)
	switch l.kind {
	default:
		a, b := c.figure(n.Exp1, l), c.figure(n.Exp2, r)
		return expression{kind: figureKind, figure: func(e *env) figure {
			return choose(t(e), func() figure { return a(e) }, func() figure { return b(e) })
		}}
	case boolKind:
		a, b := c.truth(n.Exp1, l), c.truth(n.Exp2, r)
		return condition(func(e *env) truth { return choose(t(e), func() truth { return a(e) }, func() truth { return b(e) }) })
	case textKind:
		a, b := c.text(n.Exp1, l), c.text(n.Exp2, r)
		return expression{kind: textKind, text: func(e *env) text { return choose(t(e), func() text { return a(e) }, func() text { return b(e) }) }}
	}
}

// choose gives the value of the branch that is taken, the unknown value if that is
// not known.
func choose[T any](t truth, a, b func() T) T {
	switch t {
	case yes:
		return a()
	case no:
		return b()
	case unknown:
	}
	var none T
	return none
}

func (c *compiler) in(n *ast.BinaryNode) expression {
	x := c.compile(n.Left)
	list, ok := n.Right.(*ast.ArrayNode)
	if !ok || len(list.Nodes) == 0 {
		return c.fail(n.Right, `in 的右边应是 ["甲", "乙"] 这样的列表`, `the right side of in must be a list such as ["a", "b"]`)
	}
	found := func(*env) truth { return no }
	for _, item := range list.Nodes {
		one := c.equal(&ast.BinaryNode{Left: n.Left, Right: item}, x, c.compile(item))
		before := found
		found = func(e *env) truth { return before(e).or(one.truth(e)) }
	}
	return condition(found)
}

func (c *compiler) matches(n *ast.BinaryNode) expression {
	x := c.compile(n.Left)
	t := c.text(n.Left, x)
	pattern, ok := n.Right.(*ast.StringNode)
	if !ok {
		return c.fail(n.Right, "matches 的右边应是引号中的正则表达式", "the right side of matches must be a pattern in quotes")
	}
	re, size, why := compilePattern(pattern.Value)
	if re == nil {
		return c.fail(n.Right, "正则表达式不可用：%[1]s", "the pattern cannot be used: %[1]s", why)
	}
	return condition(func(e *env) truth {
		s := t(e)
		if !e.spend(1+len(s.s)*(16+size)/256) || !s.known { // at worst, each character meets each instruction
			return unknown
		}
		return truthOf(re.MatchString(s.s))
	})
}

// path resolves form.…, item.… and, in predicates, .… and #.
func (c *compiler) path(n ast.Node) expression {
	var names []*ast.StringNode
	base := n
	for {
		m, ok := base.(*ast.MemberNode)
		if !ok {
			break
		}
		name, ok := m.Property.(*ast.StringNode)
		if !ok || m.Optional || m.Method {
			return c.fail(m, "列表的行不能按序号取；请用 filter、any、all 等函数", "rows cannot be taken by number; use filter, any, all and the like")
		}
		names = append(names, name)
		base = m.Node
	}
	slices.Reverse(names)
	x := c.root(base, names)
	for i, path := 0, ""; i < len(names) && c.err == nil; i++ {
		if path != "" {
			path += "."
		}
		path += names[i].Value
		if x.kind != objectKind {
			return c.fail(names[i], "%[1]q 前面不是一行或一个表块，没有字段", "what stands before %[1]q is no row or block and has no fields", names[i].Value)
		}
		next, state := c.member(x, path)
		switch {
		case state == partOfPath && i+1 < len(names):
			continue
		case state == partOfPath:
			return c.fail(names[i], "%[1]s 不是一个字段，请写出它下面的字段，例如 %[2]s", "%[1]s is no field: name one below it, such as %[2]s", path, c.below(x.shape, path))
		case state == noMember:
			return c.unknownField(names[i], x.shape, path)
		}
		x, path = next, ""
	}
	return x
}

// root gives the object that a path starts from.
func (c *compiler) root(n ast.Node, names []*ast.StringNode) expression {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		switch n.Value {
		case "form":
			return expression{kind: objectKind, shape: theShapes().form, object: func(e *env) object { return e.form }}
		case "item":
			if c.item == nil {
				return c.fail(n, "item 只用于 for: indicators、funds 或 groups 的规则", "item is for rules with for: indicators, funds or groups only")
			}
			return expression{kind: objectKind, shape: c.item, object: func(e *env) object { return e.item }}
		}
		return c.unknownName(n, names)
	case *ast.PointerNode:
		if n.Name != "" || len(c.scope) == 0 {
			break
		}
		switch s := c.scope[len(c.scope)-1]; s.kind {
		case objectKind:
			return expression{kind: objectKind, shape: s.shape, object: func(e *env) object { return e.top().object }}
		case figureKind:
			return expression{kind: figureKind, figure: func(e *env) figure { return e.top().figure }}
		default:
			t := func(e *env) text { return e.top().text }
			return expression{kind: textKind, text: t, figure: parsed(t)}
		}
	}
	return c.fail(n, "字段要从 form 或 item 写起", "fields start with form or item")
}

// unknownName reports a name that is neither form nor item, and what was meant.
func (c *compiler) unknownName(n *ast.IdentifierNode, names []*ast.StringNode) expression {
	parts := []string{n.Value}
	for _, s := range names {
		parts = append(parts, s.Value)
	}
	path := strings.Join(parts, ".")
	hint := lang.Text{}
	switch s := theShapes(); {
	case len(c.scope) > 0 && c.scope[len(c.scope)-1].shape != nil && c.scope[len(c.scope)-1].shape.has(path):
		hint = meant("." + path)
	case c.item != nil && c.item.has(path):
		hint = meant("item." + path)
	case s.form.has(path):
		hint = meant("form." + path)
	case len(names) > 0:
		if best := nearest(n.Value, []string{"form", "item"}); best != "" {
			hint = meant(best)
		}
	}
	return c.fail(n, "没有名字 %[1]q%[2]s；字段要从 form 或 item 写起", "there is no name %[1]q%[2]s; fields start with form or item", n.Value, hint)
}

func (c *compiler) unknownField(n *ast.StringNode, s *shape, path string) expression {
	hint := lang.Text{}
	if best := nearestPath(path, s.names()); best != "" {
		hint = meant(best)
	}
	return c.fail(n, "没有字段 %[1]q%[2]s", "there is no field %[1]q%[2]s", path, hint)
}

func meant(name string) lang.Text { return lang.F("，是否指 %s？", ", did you mean %s?", name) }

// names lists the fields, lists and shortcuts of a shape.
func (s *shape) names() []string {
	names := slices.Collect(maps.Keys(s.fields))
	names = slices.AppendSeq(names, maps.Keys(s.lists))
	names = slices.AppendSeq(names, maps.Keys(s.objects))
	slices.Sort(names)
	return names
}

func (s *shape) has(path string) bool {
	return slices.ContainsFunc(s.names(), func(n string) bool { return n == path || strings.HasPrefix(path, n+".") })
}

// below gives the first name under a path.
func (c *compiler) below(s *shape, path string) string {
	for _, name := range s.names() {
		if strings.HasPrefix(name, path+".") {
			return name
		}
	}
	return path
}

// member states.
type memberState uint8

const (
	noMember memberState = iota
	partOfPath
	isMember
)

// member resolves the dotted name of a field, list or shortcut of an object.
func (c *compiler) member(x expression, path string) (expression, memberState) {
	if f, ok := x.shape.fields[path]; ok {
		c.reads++
		return readField(x.object, f), isMember
	}
	if t, ok := x.shape.lists[path]; ok {
		c.reads++
		return listOf(t), isMember
	}
	if o, ok := x.shape.objects[path]; ok {
		return expression{kind: objectKind, shape: o.shape, object: func(e *env) object {
			from := x.object(e)
			return o.get(&from)
		}}, isMember
	}
	if slices.ContainsFunc(x.shape.names(), func(n string) bool { return strings.HasPrefix(n, path+".") }) {
		return expression{}, partOfPath
	}
	return expression{}, noMember
}

// readField reads a field as figure, text or truth.
func readField(from func(*env) object, f *field) expression {
	x := expression{kind: f.kind, field: f, object: from}
	if f.truth != nil {
		x.truth = func(e *env) truth {
			o := from(e)
			if o.absent || !e.spend(1) {
				return unknown
			}
			return truthOf(f.truth(&o))
		}
		return x
	}
	x.figure = func(e *env) figure {
		o := from(e)
		e.note(o, f)
		if !e.spend(4) || f.lacking(&o) {
			return figure{}
		}
		return f.figure(&o, f.get(&o))
	}
	x.text = func(e *env) text {
		o := from(e)
		e.note(o, f)
		if !e.spend(1) || f.lacking(&o) {
			return text{}
		}
		return text{strings.TrimSpace(f.get(&o).Text), true}
	}
	return x
}

// listOf visits a list of the form.
func listOf(t *table) expression {
	x := expression{kind: listKind, elem: objectKind, shape: t.shape}
	x.each = func(e *env, visit func(element, truth) bool) source {
		if len(e.form.form.Lacks) > 0 && !e.form.form.HasPlace(t.place) {
			return lacking
		}
		state := empty
		t.rows(&e.form, func(o object) bool {
			state = filled
			return e.spend(1) && visit(element{object: o}, yes)
		})
		return state
	}
	return x
}
