package custom

import (
	"slices"
	"strings"

	"jixiaolint/checks"
	"jixiaolint/schema"
	"jixiaolint/schema/quantity"
)

// The bounds on what a rule may cost on one form.
const (
	maxSteps = 1_000_000 // a step is some 100 ns
	// allSteps is for all rules of a configuration together, which share it evenly.
	allSteps = 4_000_000
	maxBits  = 1 << 15 // of an exact figure
)

// env is one run of a rule over a form.
type env struct {
	form, item object
	// stack holds the elements that the predicates around are looking at.
	stack []element
	// steps is what may still be spent; at 0 nothing more is known.
	steps int
	// reads are the fields that were read, while tracing.
	reads   []read
	tracing bool
}

// element is an element of a list: a row, or a value made of one.
type element struct {
	object object
	figure figure
	text   text
}

// read is a field that was read.
type read struct {
	object object
	field  *field
}

func newEnv(f *schema.Form, steps int) *env {
	form := object{form: f}
	return &env{form: form, item: form, steps: steps}
}

// spend takes n steps; ok is false when they are used up.
func (e *env) spend(n int) (ok bool) {
	e.steps = max(e.steps-n, 0)
	return e.steps > 0
}

// hold gives a computed figure, at the cost of its size.
func (e *env) hold(f figure) figure {
	bits := 0
	for _, n := range []quantity.Number{f.shown, f.within.Lo, f.within.Hi} {
		bits = max(bits, n.Bits())
	}
	if bits > maxBits {
		e.steps = 0
	}
	if !e.spend(1 + bits/64) {
		return figure{}
	}
	return f
}

// note remembers that a field was read.
func (e *env) note(o object, f *field) {
	const most = 24
	r := read{o, f}
	if e.tracing && len(e.reads) < most && !slices.Contains(e.reads, r) {
		e.reads = append(e.reads, r)
	}
}

// quietly runs f without noting what it reads.
func (e *env) quietly(f func() truth) truth {
	was := e.tracing
	e.tracing = false
	defer func() { e.tracing = was }()
	return f()
}

// with runs f while predicates look at el.
func (e *env) with(el element, f func() truth) truth {
	e.stack = append(e.stack, el)
	defer func() { e.stack = e.stack[:len(e.stack)-1] }()
	return f()
}

func (e *env) top() *element { return &e.stack[len(e.stack)-1] }

// at gives a field of the form as findings mark it: the cell, or, where there is
// none, the nearest thing that is there.
func (r read) at() schema.Field {
	f, pointer := r.field.get(&r.object), r.field.pointer(&r.object)
	// Of the parts of a cell, a JSON document has each at a place of its own.
	if f.Present() && !strings.HasPrefix(pointer, f.At.Path+"/") {
		return f
	}
	return r.object.form.Place(pointer)
}

// related gives the fields that the condition read, but for the marked one.
func (e *env) related(marked schema.Field) []checks.Related {
	var out []checks.Related
	for _, r := range e.reads {
		f := r.field.get(&r.object)
		if f.Filled() && f.Present() && f.At.Path != marked.At.Path {
			out = append(out, checks.Related{At: f, Label: r.field.label})
		}
	}
	return out
}
