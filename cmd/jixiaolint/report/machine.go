package report

import (
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"jixiaolint/checks"
	"jixiaolint/schema/lang"
)

// The formats for other programs share three things: how a finding is put into
// words that stand alone, how a file is named, and arrays that are written as they
// come.

// sentence says what is wrong, with the arithmetic, on one line.
func sentence(f *checks.Finding, l lang.Lang) string {
	s := f.Message.In(l)
	if a := f.Arithmetic.In(l); a != "" {
		s += lang.F("（%s）", " (%s)", a).In(l)
	}
	return Sanitize(s)
}

// advice says on one line what to do: the fix, or the rule's advice where there is
// none.
func advice(f *checks.Finding, l lang.Lang) string {
	if f.Fix == nil || len(f.Fix.Edits) == 0 {
		return Sanitize(f.Help.In(l))
	}
	text := editsText(f.Fix.Edits, f.At.At, l)
	if f.Fix.Safety == checks.Safe {
		return lang.F("修正：%s", "fix: %s", text).In(l)
	}
	return lang.F("建议（需人工确认）：%s", "suggestion, to be confirmed: %s", text).In(l)
}

// place names the marked cell inside its file, empty for a finding about a whole
// file.
func place(f *checks.Finding) string {
	at := f.At.At
	if at.IsZero() {
		return ""
	}
	at.File = ""
	return Sanitize(strings.TrimPrefix(at.String(), ":"))
}

// located says where, inside its file, and what is wrong, on one line.
func located(f *checks.Finding, l lang.Lang) string {
	if p := place(f); p != "" {
		return p + ": " + sentence(f, l)
	}
	return sentence(f, l)
}

// paragraphs says all about a finding, a line each: what, arithmetic, basis, advice.
func (e *encoder) paragraphs(f *checks.Finding) []string {
	l := e.opts.Lang
	lines := []string{sentence(f, l)}
	if b := e.basis(f.Rule); b != "" {
		lines = append(lines, lang.F("依据：%s", "basis: %s", Sanitize(b)).In(l))
	}
	if a := advice(f, l); a != "" {
		lines = append(lines, a)
	}
	return lines
}

// slashed gives a file's name with slashes, as all formats for other programs want
// it.
func slashed(file string) string { return strings.TrimPrefix(filepath.ToSlash(file), "./") }

// fileURI gives a file's name as a URI reference: relative for a relative path.
func fileURI(file string) string {
	file = slashed(file)
	if strings.HasPrefix(file, "/") {
		return (&url.URL{Scheme: "file", Path: file}).String()
	}
	// Path escaping by segments, so that a colon in a name is no scheme.
	parts := strings.Split(file, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.ReplaceAll(strings.Join(parts, "/"), ":", "%3A")
}

// array writes the elements of a JSON array as they come, one a line.
type array struct {
	*encoder
	w   io.Writer
	n   int
	out []byte
}

func (a *array) element(v any) error {
	if a.n++; a.n > 1 {
		a.out = append(a.out, ',')
	}
	a.out = append(a.out, '\n')
	var err error
	a.out, err = a.append(a.out, v)
	return err
}

func (a *array) flush() error {
	_, err := a.w.Write(a.out)
	a.out = a.out[:0]
	return err
}

// put appends JSON text as it is.
func (a *array) put(parts ...string) {
	for _, p := range parts {
		a.out = append(a.out, p...)
	}
}
