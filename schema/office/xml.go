package office

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// tag is a start or end tag of an XML part, with its place in the bytes.
type tag struct {
	end           bool
	prefix, local string
	attrs         []xml.Attr
	// depth is 1 for the root; from and to are the bytes of the tag. The end tag of an
	// empty element is empty too.
	depth    int
	from, to int
	empty    bool
}

// attr gives the value of an attribute by its local name.
func (t *tag) attr(local string) string {
	for i := range t.attrs {
		if t.attrs[i].Name.Local == local && t.attrs[i].Name.Space != "xmlns" {
			return t.attrs[i].Value
		}
	}
	return ""
}

// relation gives the value of the attribute id or the like of another namespace.
func (t *tag) relation(local string) string {
	for i := range t.attrs {
		if t.attrs[i].Name.Local == local && t.attrs[i].Name.Space != "" && t.attrs[i].Name.Space != "xmlns" {
			return t.attrs[i].Value
		}
	}
	return ""
}

// name gives a name with the prefix of the tag.
func (t *tag) name(local string) string {
	if t.prefix == "" {
		return local
	}
	return t.prefix + ":" + local
}

// maxDepth bounds the nesting of elements.
const maxDepth = 256

// scan gives the tags of a part in order. open holds the local names of the open
// elements around the tag, the root first.
func scan(src []byte, visit func(t *tag, open []string) error) error {
	d := xml.NewDecoder(bytes.NewReader(src))
	var open []xml.Name
	var names []string
	for {
		from := int(d.InputOffset())
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		to := int(d.InputOffset())
		switch e := token.(type) {
		case xml.StartElement:
			if len(open) == maxDepth {
				return errors.New("elements are nested too deeply")
			}
			t := &tag{prefix: e.Name.Space, local: e.Name.Local, attrs: e.Attr, depth: len(open) + 1, from: from, to: to}
			t.empty = bytes.HasSuffix(src[from:to], []byte("/>"))
			if err := visit(t, names); err != nil {
				return err
			}
			open, names = append(open, e.Name), append(names, e.Name.Local)
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1] != e.Name {
				return fmt.Errorf("unexpected end tag %s", e.Name.Local)
			}
			open, names = open[:len(open)-1], names[:len(names)-1]
			t := &tag{end: true, prefix: e.Name.Space, local: e.Name.Local, depth: len(open) + 1, from: from, to: to}
			if err := visit(t, names); err != nil {
				return err
			}
		case xml.Directive:
			return errors.New("a document type declaration")
		}
	}
	if len(open) > 0 {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// patch is a part with changes to be made. Everything that no change touches stays
// as it is, byte for byte.
type patch struct {
	src   []byte
	edits []edit
}

type edit struct {
	from, to int
	text     string
}

// insert puts text before the byte at; texts put at one place follow each other.
func (p *patch) insert(at int, text string) { p.replace(at, at, text) }

func (p *patch) replace(from, to int, text string) {
	if from == to && text == "" {
		return
	}
	p.edits = append(p.edits, edit{from, to, text})
}

func (p *patch) bytes() []byte {
	slices.SortStableFunc(p.edits, func(a, b edit) int { return a.from - b.from })
	var out bytes.Buffer
	at := 0
	for _, e := range p.edits {
		out.Write(p.src[at:e.from])
		out.WriteString(e.text)
		at = e.to
	}
	out.Write(p.src[at:])
	return out.Bytes()
}

// into puts text at the end of an element's content, given its start tag and the
// place of its end tag.
func (p *patch) into(start *tag, end int, text string) {
	if !start.empty {
		p.insert(end, text)
		return
	}
	p.replace(start.from, start.to, opened(p.src[start.from:start.to])+text+"</"+start.name(start.local)+">")
}

// opened turns the tag of an empty element into a start tag.
func opened(tag []byte) string {
	return strings.TrimSuffix(string(tag), "/>") + ">"
}

// setAttr sets an attribute in the text of a tag that is known to be well formed.
func setAttr(tag, name, value string) string {
	isSpace := func(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
	i := 1
	for i < len(tag) && !isSpace(tag[i]) && tag[i] != '/' && tag[i] != '>' {
		i++
	}
	nameEnd := i
	for i < len(tag) {
		for i < len(tag) && isSpace(tag[i]) {
			i++
		}
		from := i
		for i < len(tag) && tag[i] != '=' && !isSpace(tag[i]) && tag[i] != '/' && tag[i] != '>' {
			i++
		}
		found := tag[from:i]
		for i < len(tag) && tag[i] != '"' && tag[i] != '\'' && tag[i] != '>' {
			i++
		}
		if i >= len(tag) || tag[i] == '>' {
			break
		}
		open := i + 1
		n := strings.IndexByte(tag[open:], tag[i])
		if n < 0 {
			break
		}
		if found == name {
			return tag[:open-1] + `"` + escape(value) + `"` + tag[open+n+1:]
		}
		i = open + n + 1
	}
	return tag[:nameEnd] + " " + name + `="` + escape(value) + `"` + tag[nameEnd:]
}

// withoutAttr removes an attribute from the text of a tag.
func withoutAttr(tag, name string) string {
	return regexp.MustCompile(`\s`+regexp.QuoteMeta(name)+`\s*=\s*("[^"]*"|'[^']*')`).ReplaceAllLiteralString(tag, "")
}

// escape makes text safe inside of elements and attributes. What XML cannot hold
// becomes U+FFFD.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder never fails
	return b.String()
}

// escapes are texts that a spreadsheet would read as an escaped character.
var escapes = regexp.MustCompile("_x[0-9A-Fa-f]{4}_")

// cellText escapes text for the string elements of a workbook.
func cellText(s string) string { return escape(escapes.ReplaceAllString(s, "_x005F$0")) }

var reTagName = regexp.MustCompile(`<(/?)([A-Za-z])`)

// prefixed gives XML that this package made the prefix of the part it goes into.
func prefixed(s, prefix string) string {
	if prefix == "" {
		return s
	}
	return reTagName.ReplaceAllString(s, "<${1}"+prefix+":$2")
}
