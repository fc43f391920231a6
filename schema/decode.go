package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// Decode reads canonical JSON: one form, or an array of forms. Forms keep the place
// of every value; what is no canonical document is a problem.
func Decode(file string, data []byte, limits grid.Limits) *Document {
	doc := &Document{File: file, Format: grid.JSON}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	d := &decoder{file: file, data: data, limits: limits, lines: lineStarts(data), runes: runeCounts(data)}
	root, err := d.decode()
	if err != nil {
		doc.Problems = append(doc.Problems, d.problem(err))
		return doc
	}
	nodes := []*node{root}
	if root.kind == arrayNode {
		nodes = root.items
	}
	if len(nodes) == 0 {
		doc.Problems = append(doc.Problems, d.problem(&decodeError{root.start, lang.T("数组是空的，没有自评表", "the array is empty: there is no form")}))
	}
	for i, n := range nodes {
		if n.kind != objectNode {
			doc.Problems = append(doc.Problems, d.problem(&decodeError{n.start, lang.F(
				"第 %d 项不是自评表对象", "item %d is not a form object", i+1)}))
			continue
		}
		doc.Forms = append(doc.Forms, d.form(n))
	}
	return doc
}

type nodeKind uint8

const (
	objectNode nodeKind = iota
	arrayNode
	stringNode
	numberNode
	otherNode
)

// node is a JSON value with its place.
type node struct {
	kind    nodeKind
	start   int
	text    string // of strings, numbers and literals
	keys    []string
	members map[string]*node
	items   []*node
}

type decoder struct {
	file   string
	data   []byte
	limits grid.Limits
	lines  []int
	// runes counts the runes before every runeStride-th byte: a canonical document may
	// stand on one line, whose columns must not be counted from its start each time.
	runes  []int
	dec    *json.Decoder
	values int
}

// decodeError is a problem at a byte offset.
type decodeError struct {
	offset  int
	message lang.Text
}

func (e *decodeError) Error() string { return e.message.EN }

func (d *decoder) decode() (*node, error) {
	if !utf8.Valid(d.data) {
		return nil, &decodeError{invalidOffset(d.data), lang.T("不是 UTF-8 编码的文本", "the text is not UTF-8")}
	}
	d.dec = json.NewDecoder(bytes.NewReader(d.data))
	d.dec.UseNumber()
	root, err := d.value(0)
	if err != nil {
		return nil, err
	}
	end := int(d.dec.InputOffset())
	if rest := bytes.TrimLeft(d.data[end:], " \t\r\n"); len(rest) > 0 {
		return nil, &decodeError{len(d.data) - len(rest), lang.T("JSON 文档之后还有多余内容", "there is more after the JSON document")}
	}
	return root, nil
}

func invalidOffset(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
	return len(data)
}

// next gives the next token and the offset at which it starts.
func (d *decoder) next() (json.Token, int, error) {
	start := int(d.dec.InputOffset())
	for start < len(d.data) && strings.IndexByte(" \t\r\n,:", d.data[start]) >= 0 {
		start++
	}
	tok, err := d.dec.Token()
	if err == nil {
		return tok, start, nil
	}
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, start, &decodeError{len(d.data), lang.T("JSON 在此处中断，文件不完整", "the JSON breaks off here: the file is incomplete")}
	case errors.As(err, &syntax):
		return nil, start, &decodeError{start, lang.F("JSON 语法错误：%s", "JSON syntax error: %s", syntax.Error())}
	}
	return nil, start, &decodeError{start, lang.F("JSON 无法读取：%s", "the JSON cannot be read: %s", err.Error())}
}

// maxNumber bounds the text of a JSON number: the schema validator computes with
// numbers exactly, and an exponent can make that endless.
const maxNumber = 40

func (d *decoder) value(depth int) (*node, error) {
	tok, start, err := d.next()
	if err != nil {
		return nil, err
	}
	if d.values++; d.values > d.limits.Cells {
		return nil, &decodeError{start, lang.F("内容过多：超过 %d 个值", "too much content: more than %d values", d.limits.Cells)}
	}
	if depth > d.limits.Depth {
		return nil, &decodeError{start, lang.F("嵌套过深：超过 %d 层", "nested too deeply: more than %d levels", d.limits.Depth)}
	}
	switch t := tok.(type) {
	case json.Delim:
		if t == '{' {
			return d.object(start, depth)
		}
		return d.array(start, depth)
	case string:
		if len(t) > d.limits.TextLength {
			return nil, &decodeError{start, lang.F("文本过长：超过 %d 字节", "text too long: more than %d bytes", d.limits.TextLength)}
		}
		return &node{kind: stringNode, start: start, text: t}, nil
	case json.Number:
		if len(t) > maxNumber || strings.ContainsAny(string(t), "eE") {
			return nil, &decodeError{start, lang.T("数字过长或使用了指数写法", "the number is too long or has an exponent")}
		}
		return &node{kind: numberNode, start: start, text: t.String()}, nil
	}
	if tok == nil {
		return &node{kind: otherNode, start: start}, nil // null says nothing
	}
	return &node{kind: otherNode, start: start, text: fmt.Sprint(tok)}, nil
}

func (d *decoder) object(start, depth int) (*node, error) {
	n := &node{kind: objectNode, start: start, members: map[string]*node{}}
	for d.dec.More() {
		tok, at, err := d.next()
		if err != nil {
			return nil, err
		}
		key, _ := tok.(string) // the decoder allows nothing else here
		if _, dup := n.members[key]; dup {
			return nil, &decodeError{at, lang.F("属性 %q 重复", "property %q is given twice", key)}
		}
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		n.keys = append(n.keys, key)
		n.members[key] = v
	}
	_, _, err := d.next()
	return n, err
}

func (d *decoder) array(start, depth int) (*node, error) {
	n := &node{kind: arrayNode, start: start}
	for d.dec.More() {
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, v)
	}
	_, _, err := d.next()
	return n, err
}

func (d *decoder) problem(err error) Problem {
	e := &decodeError{0, lang.T("JSON 无法读取", "the JSON cannot be read")}
	errors.As(err, &e)
	at := d.at(e.offset)
	line := &grid.Row{Num: at.Line, Cells: []*grid.Cell{{
		Col: 1, Text: d.lineText(at.Line), Loc: at, Rows: 1, Cols: 1,
	}}}
	return Problem{
		Rule: RuleUnreadableFile, At: Field{At: at, Row: line}, Message: e.message,
		Help: lang.T("请提交 jixiaolint convert 输出的规范 JSON，或直接提交原始表格文件",
			"submit canonical JSON as jixiaolint convert writes it, or the original form file"),
	}
}

func lineStarts(data []byte) []int {
	starts := []int{0}
	for i, c := range data {
		if c == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// runeStride is the number of bytes between two places at which runes are counted.
const runeStride = 1 << 10

func runeCounts(data []byte) []int {
	counts := make([]int, 1, len(data)/runeStride+1)
	for start := 0; start+runeStride <= len(data); start += runeStride {
		counts = append(counts, counts[len(counts)-1]+countRunes(data[start:start+runeStride]))
	}
	return counts
}

// countRunes counts the runes that begin in a piece of UTF-8, which may begin and end
// inside of one.
func countRunes(piece []byte) int {
	n := 0
	for _, b := range piece {
		if utf8.RuneStart(b) {
			n++
		}
	}
	return n
}

// runesBefore gives the number of runes before a byte offset.
func (d *decoder) runesBefore(offset int) int {
	i := offset / runeStride
	return d.runes[i] + countRunes(d.data[i*runeStride:offset])
}

// at gives the line and rune column of a byte offset.
func (d *decoder) at(offset int) grid.Location {
	i := sort.SearchInts(d.lines, offset+1) - 1
	column := d.runesBefore(min(offset, len(d.data))) - d.runesBefore(d.lines[i]) + 1
	return grid.Location{File: d.file, Line: i + 1, Column: column}
}

// maxLineShown bounds the part of a line that a problem shows.
const maxLineShown = 200

func (d *decoder) lineText(line int) string {
	start, end := d.lines[line-1], len(d.data)
	if line < len(d.lines) {
		end = d.lines[line] - 1
	}
	return strings.ToValidUTF8(strings.TrimSpace(string(d.data[start:min(end, start+maxLineShown)])), "")
}

// form reads one form object. It takes what has the right shape and leaves it to
// the JSON Schema to complain about the rest.
func (d *decoder) form(root *node) *Form {
	r := &formReader{d: d, rows: map[*node]*grid.Row{}}
	f := &Form{
		Kind:    Kind(root.member("kind").string()),
		Heading: r.field(root, "heading"),
		Title:   r.field(root, "title"),
		YearAt:  r.field(root, "year"),
		Project: r.field(root, "project"),
		Unit:    r.field(root, "unit"),
		raw:     root.plain(),
	}
	f.Start = Field{At: d.at(root.start), Row: r.row(root)}
	f.Year, _ = strconv.Atoi(f.YearAt.Text)
	if dep := root.member("department"); dep != nil {
		f.DepartmentName, f.DepartmentCode = dep.member("name").string(), dep.member("code").string()
		f.Department = Field{Text: f.DepartmentName + f.DepartmentCode, At: d.at(dep.start), Row: r.row(dep)}
	}
	r.funds(f, root.member("funds"))
	goal := root.member("goal")
	f.Goal = Goal{Expected: r.field(goal, "expected"), Actual: r.field(goal, "actual")}
	for _, n := range root.member("groups").list() {
		f.Groups = append(f.Groups, Group{
			Level1: n.member("level1").string(), Level2: n.member("level2").string(),
			Label:  Field{Text: n.member("level1").string() + n.member("level2").string(), At: d.at(n.start), Row: r.row(n)},
			Weight: r.field(n, "weight"), Score: r.field(n, "score"),
			Subtotal: n.member("subtotal").string() == "true",
		})
	}
	if table := root.member("indicators"); table != nil {
		f.TableHead = Field{Text: "indicators", At: d.at(table.start), Row: r.row(root)}
		for _, n := range table.list() {
			f.Indicators = append(f.Indicators, r.indicator(n))
		}
	}
	if total := root.member("total"); total != nil {
		f.Total = Total{
			Label:  Field{Text: "total", At: d.at(total.start), Row: r.row(total)},
			Weight: r.field(total, "weight"), Score: r.field(total, "score"), Grade: r.field(total, "grade"),
		}
	}
	for _, n := range root.member("remarks").list() {
		f.Remarks = append(f.Remarks, Remark{Label: n.member("label").string(), Text: r.field(n, "text")})
	}
	for _, n := range root.member("placeholders").list() {
		f.Placeholders = append(f.Placeholders, Field{Text: n.string(), At: d.at(n.start), Row: r.row(root)})
	}
	for _, n := range root.member("lacks").list() {
		f.Lacks = append(f.Lacks, n.string())
	}
	f.place = func(pointer string) (Field, bool) {
		n, parent := root.find(pointer)
		if n == nil {
			return Field{}, false
		}
		at := d.at(n.start)
		at.Path = pointer
		return Field{Text: n.string(), At: at, Row: r.row(parent)}, true
	}
	f.Finish()
	return f
}

func (r *formReader) funds(f *Form, n *node) {
	if n == nil {
		return
	}
	f.Funds.Label = Field{Text: "funds", At: r.d.at(n.start), Row: r.row(n)}
	f.Funds.CurrencyUnit = n.member("currency_unit").string()
	f.Funds.HeaderAmount = r.field(n, "header_amount")
	f.Funds.Weight = r.field(n, "weight")
	for _, row := range n.member("rows").list() {
		f.Funds.Rows = append(f.Funds.Rows, FundRow{
			Role: Role(row.member("role").string()), Label: r.field(row, "label"),
			Initial: r.field(row, "initial"), Adjusted: r.field(row, "adjusted"), Executed: r.field(row, "executed"),
			Weight: r.field(row, "weight"), Rate: r.field(row, "rate"), Score: r.field(row, "score"),
			Explanation: r.field(row, "explanation"), PartOf: row.member("part_of").string(),
			RateHeader: row.member("rate_in_percent").string() == "true",
		})
	}
}

func (r *formReader) indicator(n *node) Indicator {
	ind := Indicator{
		Level1: r.field(n, "level1"), Level2: r.field(n, "level2"), Name: r.field(n, "name"),
		Target: r.field(n, "target"), Actual: r.field(n, "actual"), Weight: r.field(n, "weight"),
		Score: r.field(n, "score"), Explanation: r.field(n, "explanation"), PartOf: n.member("part_of").string(),
	}
	if p := n.member("target_parts"); p != nil {
		ind.Parts = &TargetParts{Operator: r.field(p, "operator"), Value: r.field(p, "value"), Unit: r.field(p, "unit")}
	}
	return ind
}

// formReader makes fields of nodes. The members of one object are one row: that is
// what a diagnostic shows.
type formReader struct {
	d    *decoder
	rows map[*node]*grid.Row
}

func (r *formReader) field(parent *node, key string) Field {
	n := parent.member(key)
	if n == nil || n.kind == objectNode || n.kind == arrayNode {
		return Field{}
	}
	return Field{Text: n.text, At: r.d.at(n.start), Row: r.row(parent)}
}

func (r *formReader) row(n *node) *grid.Row {
	if n == nil {
		return nil
	}
	if row, ok := r.rows[n]; ok {
		return row
	}
	row := &grid.Row{Num: r.d.at(n.start).Line}
	for _, key := range n.keys {
		m := n.members[key]
		if m.kind == objectNode || m.kind == arrayNode {
			continue
		}
		row.Cells = append(row.Cells, &grid.Cell{
			Row: row.Num, Col: len(row.Cells) + 1, Type: grid.String, Text: m.text, Rows: 1, Cols: 1, Loc: r.d.at(m.start),
		})
	}
	r.rows[n] = row
	return row
}

func (n *node) member(key string) *node {
	if n == nil || n.kind != objectNode {
		return nil
	}
	return n.members[key]
}

func (n *node) list() []*node {
	if n == nil || n.kind != arrayNode {
		return nil
	}
	return n.items
}

func (n *node) string() string {
	if n == nil || n.kind == objectNode || n.kind == arrayNode {
		return ""
	}
	return n.text
}

// find gives the node that a JSON Pointer names, and the object it is a member of.
func (n *node) find(pointer string) (found, parent *node) {
	parent = n
	for _, key := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		if pointer == "" {
			break
		}
		key = strings.NewReplacer("~1", "/", "~0", "~").Replace(key)
		switch n.kind {
		case objectNode:
			parent = n
			n = n.members[key]
		case arrayNode:
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(n.items) {
				return nil, nil
			}
			n = n.items[i]
		case stringNode, numberNode, otherNode:
			return nil, nil
		}
		if n == nil {
			return nil, nil
		}
	}
	if n.kind == objectNode {
		parent = n
	}
	return n, parent
}

// plain gives the value as validators take it.
func (n *node) plain() any {
	switch n.kind {
	case objectNode:
		m := make(map[string]any, len(n.members))
		for k, v := range n.members {
			m[k] = v.plain()
		}
		return m
	case arrayNode:
		items := make([]any, len(n.items))
		for i, v := range n.items {
			items[i] = v.plain()
		}
		return items
	case numberNode:
		return json.Number(n.text)
	case otherNode:
		switch n.text {
		case "true":
			return true
		case "false":
			return false
		}
		return nil
	case stringNode:
	}
	return n.text
}
