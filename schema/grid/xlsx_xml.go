package grid

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"jixiaolint/schema/lang"
)

// xmlToken is what an xmlScanner found.
type xmlToken uint8

const (
	xmlEOF   xmlToken = iota // the document is complete and well formed
	xmlBad                   // the document is broken or refused; see fault
	xmlStart                 // a start tag, also of an empty element
	xmlEnd                   // an end tag, also of an empty element
	xmlText                  // character data
)

// xmlAttr is an attribute as written. Plain says that the value holds nothing to
// decode.
type xmlAttr struct {
	name  string
	value string
	plain bool
}

// text decodes the attribute's value.
func (a *xmlAttr) text() string {
	if a.plain {
		return a.value
	}
	return xmlDecode(a.value, true)
}

// xmlBinding is a namespace declaration in force at depth and below.
type xmlBinding struct {
	depth  int
	prefix string
	uri    string
}

// xmlScanner is a pull scanner over one part of a package. It accepts the XML that
// office programs write and checks all of it: tags match, attributes are unique,
// characters are legal, references are known, one root holds everything. DOCTYPE,
// other encodings than UTF-8 and UTF-16, names outside ASCII and nesting beyond the
// limit are refused. Everything it hands out are slices of the part, so scanning
// allocates next to nothing; it is about twenty times as fast as encoding/xml.
type xmlScanner struct {
	src   string
	pos   int
	tag   int // where the last start tag begins
	depth int // most nesting accepted

	open       []string // names of the open elements
	bindings   []xmlBinding
	rootBinds  int // how many of the bindings the root made
	rootPrefix string
	rootSpace  string
	sawRoot    bool
	pendingEnd bool   // the start tag handed out was an empty element
	utf16      bool   // the part was converted from UTF-16
	cut        *fault // why src ends before the part does

	// The current token.
	local string // name without prefix, of a start tag
	own   bool   // start tag: the element is in the root's namespace
	attrs []xmlAttr
	seen  uint64 // bits of their names, see hasAttr
	body  string // text as written
	plain bool   // text holds nothing to decode
	fault *fault // set with xmlBad
}

// maxXMLAttrs bounds the check for duplicate attributes; Office writes about 30 on
// the root of a sheet at most.
const maxXMLAttrs = 64

// xmlScanners keep the room of scanners that are no longer used.
var xmlScanners = sync.Pool{New: func() any { return new(xmlScanner) }}

// release lets x be used again, without what it holds of the last part.
func (x *xmlScanner) release() {
	clear(x.attrs[:cap(x.attrs)])
	clear(x.open[:cap(x.open)])
	clear(x.bindings[:cap(x.bindings)])
	*x = xmlScanner{attrs: x.attrs[:0], open: x.open[:0], bindings: x.bindings[:0]}
	xmlScanners.Put(x)
}

// newXMLScanner makes a scanner of one part. A part that is not UTF-8 from some
// point on is scanned up to there.
func newXMLScanner(part string, limits Limits) *xmlScanner {
	x := new(xmlScanner)
	x.reset(part, limits)
	return x
}

// reset makes x a scanner of another part, in the room that it has.
func (x *xmlScanner) reset(part string, limits Limits) {
	attrs, open, bindings := x.attrs[:0], x.open[:0], x.bindings[:0]
	*x = xmlScanner{depth: limits.Depth, attrs: attrs, open: open, bindings: bindings}
	part, x.utf16 = xmlFromUTF16(part)
	x.src, x.cut = xmlValid(part)
	x.src = strings.TrimPrefix(x.src, "\uFEFF")
}

// xmlValid gives the part up to the first byte that is not UTF-8.
func xmlValid(part string) (string, *fault) {
	if utf8.ValidString(part) {
		return part, nil
	}
	i := 0
	for {
		r, n := utf8.DecodeRuneInString(part[i:])
		if r == utf8.RuneError && n <= 1 {
			break
		}
		i += n
	}
	return part[:i], xmlFault(i, lang.T("含有不是 UTF-8 编码的字节", "bytes that are not UTF-8"))
}

// reEncoding finds the encoding that the declaration of an XML part names.
var reEncoding = regexp.MustCompile(`^(<\?xml[^>]{0,100}?encoding=["'])(?i:utf-16)(["'])`)

// PartInUTF8 gives an XML part of a package for those who write into it: as it is, or in
// UTF-8 if it is UTF-16, the declaration with it.
func PartInUTF8(part []byte) []byte {
	text, converted := xmlFromUTF16(string(part))
	if !converted {
		return part
	}
	return []byte(reEncoding.ReplaceAllString(strings.TrimPrefix(text, "\uFEFF"), "${1}UTF-8${2}"))
}

// xmlFromUTF16 converts a part that is UTF-16 by its byte order mark or by its
// first character. Half a surrogate pair becomes an invalid byte, which ends the
// part there.
func xmlFromUTF16(part string) (string, bool) {
	if len(part) < 2 {
		return part, false
	}
	hi, lo := 1, 0
	switch {
	case part[:2] == "\xFF\xFE", part[0] == '<' && part[1] == 0:
	case part[:2] == "\xFE\xFF", part[0] == 0 && part[1] == '<':
		hi, lo = 0, 1
	default:
		return part, false
	}
	out := make([]byte, 0, len(part)/2+len(part)/8)
	for i := 0; i+1 < len(part); i += 2 {
		r := rune(part[i+hi])<<8 | rune(part[i+lo])
		if utf16.IsSurrogate(r) {
			low := rune(0)
			if i+3 < len(part) {
				low = rune(part[i+2+hi])<<8 | rune(part[i+2+lo])
			}
			if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
				return string(append(out, 0xFF)), true
			}
			i += 2
		}
		out = utf8.AppendRune(out, r)
	}
	if len(part)%2 == 1 {
		out = append(out, 0xFF)
	}
	return string(out), true
}

func xmlFault(pos int, what lang.Text) *fault {
	return &fault{lang.F("XML 有误（第 %[2]d 字节处）：%[1]s", "broken XML at byte %[2]d: %[1]s", what, pos), helpRefetch}
}

func (x *xmlScanner) fail(what lang.Text) xmlToken {
	x.fault = xmlFault(x.pos, what)
	return xmlBad
}

// failEnd is what is wrong when the source ends too early.
func (x *xmlScanner) failEnd() xmlToken {
	x.pos = len(x.src)
	if x.fault = x.cut; x.fault == nil {
		return x.fail(lang.T("内容中断", "the content breaks off"))
	}
	return xmlBad
}

// next gives the next token. After xmlEOF and xmlBad it gives the same again.
func (x *xmlScanner) next() xmlToken {
	if x.fault != nil {
		return xmlBad
	}
	if x.pendingEnd {
		x.pendingEnd = false
		x.pop()
		return xmlEnd
	}
	for x.pos < len(x.src) {
		if x.src[x.pos] != '<' {
			if len(x.open) > 0 {
				return x.scanText()
			}
			if !x.skipSpace() {
				return x.fail(lang.T("根元素之外有内容", "content outside the root element"))
			}
			continue
		}
		rest := x.src[x.pos+1:]
		switch {
		case rest == "":
			return x.failEnd()
		case rest[0] == '/':
			return x.scanEnd()
		case rest[0] == '?':
			if !x.scanInstruction() {
				return xmlBad
			}
		case rest[0] == '!':
			if t := x.scanDeclaration(); t != xmlEOF {
				return t
			}
		default:
			x.tag = x.pos
			return x.scanStart()
		}
	}
	if len(x.open) > 0 || !x.sawRoot || x.cut != nil {
		return x.failEnd()
	}
	return xmlEOF
}

// skipSpace moves over white space and reports whether there was any.
func (x *xmlScanner) skipSpace() bool {
	from := x.pos
	for x.pos < len(x.src) && isXMLSpace(x.src[x.pos]) {
		x.pos++
	}
	return x.pos > from
}

func isXMLSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// pop closes the innermost element and its namespace declarations.
func (x *xmlScanner) pop() {
	x.open = x.open[:len(x.open)-1]
	for n := len(x.bindings); n > 0 && x.bindings[n-1].depth > len(x.open); n-- {
		x.bindings = x.bindings[:n-1]
	}
}

// Classes of bytes in character data: zero for those that need no thought.
const (
	xmlAngle   = 1 + iota // <
	xmlGreater            // > which must not end ]]>
	xmlAmp                // &
	xmlReturn             // carriage return, decoded to a newline
	xmlIllegal            // control characters
	xmlHigh               // first byte of U+FFFE and U+FFFF, among others
	xmlQuote              // " and '
	xmlBlank              // tab and newline, a space in attributes
)

var xmlClasses = func() (c [256]uint8) {
	for b := range byte(' ') {
		c[b] = xmlIllegal
	}
	c['\t'], c['\n'], c['\r'] = xmlBlank, xmlBlank, xmlReturn
	c['<'], c['>'], c['&'] = xmlAngle, xmlGreater, xmlAmp
	c['"'], c['\''] = xmlQuote, xmlQuote
	c[0xEF] = xmlHigh
	return c
}()

// isNonCharacter reports whether U+FFFE or U+FFFF stands at s[i:].
func isNonCharacter(s string, i int) bool {
	return i+2 < len(s) && s[i+1] == 0xBF && s[i+2] >= 0xBE
}

// scanText reads character data up to the next tag.
func (x *xmlScanner) scanText() xmlToken {
	from, s := x.pos, x.src
	x.plain = true
	i := from
loop:
	for ; ; i++ {
		for i < len(s) && xmlClasses[s[i]] == 0 {
			i++
		}
		if i == len(s) {
			break
		}
		switch xmlClasses[s[i]] {
		case xmlAngle:
			break loop
		case xmlGreater:
			if i-from >= 2 && s[i-2:i] == "]]" {
				x.pos = i
				return x.fail(lang.T("文字中出现 ]]>", "]]> in text"))
			}
		case xmlAmp:
			x.plain = false
			n := xmlReference(s[i:])
			if n == 0 {
				x.pos = i
				return x.badReference()
			}
			i += n - 1
		case xmlReturn:
			x.plain = false
		case xmlIllegal:
			x.pos = i
			return x.badCharacter()
		case xmlHigh:
			if isNonCharacter(s, i) {
				x.pos = i
				return x.badCharacter()
			}
		}
	}
	x.pos = i
	if i == len(s) {
		return x.failEnd()
	}
	x.body = s[from:i]
	return xmlText
}

func (x *xmlScanner) badCharacter() xmlToken {
	return x.fail(lang.T("含有 XML 不允许的控制字符", "a control character that XML forbids"))
}

func (x *xmlScanner) badReference() xmlToken {
	if !strings.Contains(x.src[x.pos:], ";") {
		return x.failEnd()
	}
	return x.fail(lang.T("含有未定义的 & 引用", "an undefined & reference"))
}

// isXMLName tells the bytes of ASCII names without the colon.
var isXMLName = func() (c [256]bool) {
	for b := range 128 {
		c[b] = 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || b == '_' || b == '-' || b == '.'
	}
	return c
}()

// scanName reads a qualified name; colon is the index of its colon, -1 for none.
// An empty name means failure.
func (x *xmlScanner) scanName() (name string, colon int) {
	from, s := x.pos, x.src
	colon = -1
	i := from
	for {
		for i < len(s) && isXMLName[s[i]] {
			i++
		}
		if i == len(s) || s[i] != ':' {
			break
		}
		if colon >= 0 {
			x.pos = i
			x.badName()
			return "", -1
		}
		colon = i - from
		i++
	}
	x.pos = i
	if i == len(s) {
		x.failEnd()
		return "", -1
	}
	name = s[from:i]
	if name == "" || name[0] <= '9' || colon == len(name)-1 || colon >= 0 && name[colon+1] <= '9' || colon == 0 {
		x.badName()
		return "", -1
	}
	return name, colon
}

func (x *xmlScanner) badName() {
	x.fail(lang.T("元素或属性的名称不合规范", "an improper element or attribute name"))
}

// scanStart reads a start tag.
func (x *xmlScanner) scanStart() xmlToken {
	if x.sawRoot && len(x.open) == 0 {
		return x.fail(lang.T("有不止一个根元素", "more than one root element"))
	}
	x.pos++
	name, colon := x.scanName()
	if name == "" {
		return xmlBad
	}
	if len(x.open) >= x.depth {
		x.fault = &fault{lang.F("XML 嵌套超过 %d 层，不再读取。", "XML nested deeper than %d levels, not read further", x.depth), helpSuspicious}
		return xmlBad
	}
	x.open = append(x.open, name)
	x.attrs, x.seen = x.attrs[:0], 0
	for x.quickAttr() {
	}
	for {
		spaced := x.skipSpace()
		if x.pos >= len(x.src) {
			return x.failEnd()
		}
		switch x.src[x.pos] {
		case '>':
			x.pos++
			return x.startTag(name, colon)
		case '/':
			if x.pos+1 >= len(x.src) {
				return x.failEnd()
			}
			if x.src[x.pos+1] != '>' {
				return x.fail(lang.T("标签不完整", "an incomplete tag"))
			}
			x.pos += 2
			x.pendingEnd = true
			return x.startTag(name, colon)
		}
		if !spaced {
			return x.fail(lang.T("标签不完整", "an incomplete tag"))
		}
		if !x.scanAttr() {
			return xmlBad
		}
	}
}

// startTag completes a start tag once its attributes are known.
func (x *xmlScanner) startTag(name string, colon int) xmlToken {
	prefix := ""
	x.local = name
	if colon >= 0 {
		prefix, x.local = name[:colon], name[colon+1:]
	}
	for i := range x.attrs {
		a := &x.attrs[i]
		if len(a.name) >= 5 && a.name[:5] == "xmlns" && (len(a.name) == 5 || a.name[5] == ':') {
			x.bindings = append(x.bindings, xmlBinding{len(x.open), strings.TrimPrefix(a.name[5:], ":"), a.text()})
		}
	}
	if !x.sawRoot {
		x.sawRoot = true
		x.rootBinds, x.rootPrefix, x.rootSpace = len(x.bindings), prefix, x.space(prefix)
	}
	x.own = prefix == x.rootPrefix && len(x.bindings) == x.rootBinds || x.space(prefix) == x.rootSpace
	return xmlStart
}

// space gives the namespace a prefix stands for; a prefix that was never declared
// stands for itself, so that it is no other's namespace.
func (x *xmlScanner) space(prefix string) string {
	for i := len(x.bindings) - 1; i >= 0; i-- {
		if x.bindings[i].prefix == prefix {
			return x.bindings[i].uri
		}
	}
	return prefix
}

// quickAttr reads an attribute in the form that nearly all have: after one space, a
// name, and in double quotes a value with nothing to decode. All others it leaves to
// scanAttr, those that are wrong too.
func (x *xmlScanner) quickAttr() bool {
	s, from := x.src, x.pos+1
	if x.pos >= len(s) || s[x.pos] != ' ' {
		return false
	}
	i := from
	for i < len(s) && isXMLName[s[i]] {
		i++
	}
	if len(s)-i < 2 || i == from || s[from] <= '9' {
		return false
	}
	if s[i] == ':' && s[i+1] > '9' && isXMLName[s[i+1]] {
		for i += 2; i < len(s) && isXMLName[s[i]]; {
			i++
		}
	}
	if len(s)-i < 2 || s[i] != '=' || s[i+1] != '"' {
		return false
	}
	name, value := s[from:i], i+2
	for i = value; i < len(s) && xmlClasses[s[i]] == 0; {
		i++
	}
	if i == len(s) || s[i] != '"' || len(x.attrs) == maxXMLAttrs || x.hasAttr(name) {
		return false
	}
	x.attrs = append(x.attrs, xmlAttr{name, s[value:i], true})
	x.pos = i + 1
	return true
}

// scanAttr reads one attribute.
func (x *xmlScanner) scanAttr() bool {
	name, _ := x.scanName()
	if name == "" {
		return false
	}
	x.skipSpace()
	if x.pos >= len(x.src) {
		x.failEnd()
		return false
	}
	if x.src[x.pos] != '=' {
		x.fail(lang.T("属性没有值", "an attribute without a value"))
		return false
	}
	x.pos++
	x.skipSpace()
	if x.pos >= len(x.src) {
		x.failEnd()
		return false
	}
	delim, s := x.src[x.pos], x.src
	if delim != '"' && delim != '\'' {
		x.fail(lang.T("属性值没有引号", "an attribute value without quotes"))
		return false
	}
	x.pos++
	i, plain := x.pos, true
loop:
	for ; ; i++ {
		for i < len(s) && xmlClasses[s[i]] == 0 {
			i++
		}
		if i == len(s) {
			break
		}
		switch xmlClasses[s[i]] {
		case xmlQuote:
			if s[i] == delim {
				break loop
			}
		case xmlAngle:
			x.pos = i
			x.fail(lang.T("属性值中出现 <", "< in an attribute value"))
			return false
		case xmlAmp:
			plain = false
			n := xmlReference(s[i:])
			if n == 0 {
				x.pos = i
				x.badReference()
				return false
			}
			i += n - 1
		case xmlReturn, xmlBlank:
			plain = false
		case xmlIllegal:
			x.pos = i
			x.badCharacter()
			return false
		case xmlHigh:
			if isNonCharacter(s, i) {
				x.pos = i
				x.badCharacter()
				return false
			}
		}
	}
	if i == len(s) {
		x.failEnd()
		return false
	}
	if x.hasAttr(name) {
		x.fail(lang.F("属性 %s 重复", "attribute %s given twice", quote(name)))
		return false
	}
	if len(x.attrs) == maxXMLAttrs {
		x.fail(lang.F("一个元素有超过 %d 个属性", "an element with more than %d attributes", maxXMLAttrs))
		return false
	}
	x.attrs = append(x.attrs, xmlAttr{name, s[x.pos:i], plain})
	x.pos = i + 1
	return true
}

// hasAttr reports whether the tag being read has the attribute already, and notes
// that it has it from now on.
func (x *xmlScanner) hasAttr(name string) bool {
	// Few names share a bit, so that the fifty declarations of namespaces that some
	// programs write are not all compared with each other.
	bit := uint64(1) << ((len(name)*7 + int(name[len(name)-1])*5 + int(name[len(name)/2])) % 64)
	if x.seen&bit == 0 {
		x.seen |= bit
		return false
	}
	for i := range x.attrs {
		if x.attrs[i].name == name {
			return true
		}
	}
	return false
}

// scanEnd reads an end tag.
func (x *xmlScanner) scanEnd() xmlToken {
	if n := len(x.open); n > 0 {
		// Nearly always it is the expected name, and nothing else.
		name := x.open[n-1]
		if rest := x.src[x.pos+2:]; len(rest) > len(name) && rest[len(name)] == '>' && rest[:len(name)] == name {
			x.pos += len("</>") + len(name)
			x.pop()
			return xmlEnd
		}
	}
	from := x.pos
	x.pos += 2
	name, _ := x.scanName()
	if name == "" {
		return xmlBad
	}
	x.skipSpace()
	if x.pos >= len(x.src) {
		return x.failEnd()
	}
	if x.src[x.pos] != '>' {
		return x.fail(lang.T("标签不完整", "an incomplete tag"))
	}
	if len(x.open) == 0 || x.open[len(x.open)-1] != name {
		x.pos = from
		return x.fail(lang.F("结束标签 </%s> 没有对应的开始标签", "the end tag </%s> does not match a start tag", quote(name)))
	}
	x.pos++
	x.pop()
	return xmlEnd
}

// scanInstruction reads a processing instruction and checks the XML declaration.
func (x *xmlScanner) scanInstruction() bool {
	from := x.pos
	x.pos += len("<?")
	end := strings.Index(x.src[x.pos:], "?>")
	if end < 0 {
		x.failEnd()
		return false
	}
	content := x.src[x.pos : x.pos+end]
	if i := strings.IndexFunc(content, isXMLForbidden); i >= 0 {
		x.pos += i
		x.badCharacter()
		return false
	}
	after := x.pos + end + len("?>")
	target, _ := x.scanName()
	if target == "" {
		return false
	}
	x.pos = after
	if !strings.EqualFold(target, "xml") {
		return true
	}
	if from != 0 || target != "xml" {
		x.fail(lang.T("XML 声明不在开头", "an XML declaration that is not at the beginning"))
		return false
	}
	if v := xmlPseudoAttr(content, "version"); v != "" && v != "1.0" {
		x.fail(lang.F("XML 版本 %s 不受支持", "XML version %s is not supported", quote(v)))
		return false
	}
	switch v := xmlPseudoAttr(content, "encoding"); strings.ToLower(v) {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		return true
	default:
		if x.utf16 && strings.EqualFold(v, "utf-16") {
			return true
		}
		x.fault = &fault{lang.F("XML 使用了不支持的编码 %s。", "XML in the unsupported encoding %s", quote(v)), helpResave}
		return false
	}
}

// xmlPseudoAttr finds a value in the XML declaration.
func xmlPseudoAttr(content, name string) string {
	_, rest, ok := strings.Cut(content, name)
	if !ok {
		return ""
	}
	rest = strings.TrimLeft(rest, " \t\r\n=")
	if rest == "" || rest[0] != '"' && rest[0] != '\'' {
		return ""
	}
	value, _, _ := strings.Cut(rest[1:], rest[:1])
	return value
}

// isXMLForbidden tells the characters that may stand nowhere in XML.
func isXMLForbidden(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}

// scanDeclaration reads what begins with <!: a comment (xmlEOF is returned, for
// nothing to hand out), a CDATA section (xmlText), or something refused (xmlBad).
func (x *xmlScanner) scanDeclaration() xmlToken {
	const cdata, doctype = "<![CDATA[", "<!DOCTYPE"
	rest := x.src[x.pos:]
	switch {
	case strings.HasPrefix(rest, "<!--"):
		end := strings.Index(rest[4:], "--")
		if end < 0 || 4+end+2 >= len(rest) {
			return x.failEnd()
		}
		if rest[4+end+2] != '>' {
			return x.fail(lang.T("注释中出现 --", "-- inside a comment"))
		}
		if strings.IndexFunc(rest[:end+4], isXMLForbidden) >= 0 {
			return x.badCharacter()
		}
		x.pos += 4 + end + 3
		return xmlEOF
	case strings.HasPrefix(rest, cdata):
		if len(x.open) == 0 {
			return x.fail(lang.T("根元素之外有内容", "content outside the root element"))
		}
		end := strings.Index(rest, "]]>")
		if end < 0 {
			return x.failEnd()
		}
		x.body, x.plain = rest[len(cdata):end], true
		if strings.IndexFunc(x.body, isXMLForbidden) >= 0 {
			return x.badCharacter()
		}
		if strings.Contains(x.body, "\r") {
			x.body = xmlNewlines(x.body)
		}
		x.pos += end + 3
		return xmlText
	case strings.HasPrefix(rest, doctype):
		x.fault = &fault{lang.T("XML 含有 DOCTYPE 声明，出于安全原因不予读取。",
			"XML with a DOCTYPE declaration, which is refused for safety"), helpSuspicious}
		return xmlBad
	case rest == cdata[:min(len(rest), len(cdata))], rest == doctype[:min(len(rest), len(doctype))]:
		return x.failEnd()
	}
	return x.fail(lang.T("标签不完整", "an incomplete tag"))
}

// xmlNewlines writes line ends as XML reads them.
func xmlNewlines(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// xmlEntities are the references XML knows without a DTD.
var xmlEntities = []struct {
	ref string
	c   byte
}{{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}

// xmlReference gives the length of the reference that s begins with, 0 if it is
// none that XML allows.
func xmlReference(s string) int {
	for _, e := range xmlEntities {
		if strings.HasPrefix(s, e.ref) {
			return len(e.ref)
		}
	}
	_, n := xmlCharReference(s)
	return n
}

// xmlCharReference reads a numeric reference such as &#10; or &#x4E00;.
func xmlCharReference(s string) (rune, int) {
	const longest = 12
	if !strings.HasPrefix(s, "&#") {
		return 0, 0
	}
	end := strings.IndexByte(s[:min(len(s), longest)], ';')
	if end < 0 {
		return 0, 0
	}
	digits, base := s[2:end], 10
	if strings.HasPrefix(digits, "x") {
		digits, base = digits[1:], 16
	}
	if digits == "" || digits[0] == '+' || digits[0] == '-' {
		return 0, 0
	}
	n, err := strconv.ParseUint(digits, base, 32)
	r := rune(n) //nolint:gosec // checked to be a rune
	if err != nil || n > utf8.MaxRune || utf16.IsSurrogate(r) || isXMLForbidden(r) {
		return 0, 0
	}
	return r, end + 1
}

// xmlDecode resolves the references of checked character data and normalises its
// line ends; in attributes white space becomes spaces.
func xmlDecode(s string, attr bool) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		c := s[i]
		switch c {
		case '&':
			if r, n := xmlCharReference(s[i:]); n > 0 {
				out = utf8.AppendRune(out, r)
				i += n
				continue
			}
			for _, e := range xmlEntities {
				if strings.HasPrefix(s[i:], e.ref) {
					out = append(out, e.c)
					i += len(e.ref)
					break
				}
			}
			continue
		case '\r':
			if i+1 < len(s) && s[i+1] == '\n' {
				i++
			}
			c = '\n'
		}
		if attr && (c == '\n' || c == '\t') {
			c = ' '
		}
		out = append(out, c)
		i++
	}
	return string(out)
}

// attr gives the decoded value of an attribute of the current start tag, empty if
// it is absent.
func (x *xmlScanner) attr(name string) string {
	for i := range x.attrs {
		if x.attrs[i].name == name {
			return x.attrs[i].text()
		}
	}
	return ""
}

// relAttr gives an attribute of the namespace of relationships, such as r:id, by its
// local name.
func (x *xmlScanner) relAttr(local string) string {
	for i := range x.attrs {
		prefix, name, ok := strings.Cut(x.attrs[i].name, ":")
		if ok && name == local && slices.Contains(relationshipSpaces, x.space(prefix)) {
			return x.attrs[i].text()
		}
	}
	return ""
}

// prefix gives the prefix of the element whose start tag is current.
func (x *xmlScanner) prefix() string {
	prefix, _, ok := strings.Cut(x.open[len(x.open)-1], ":")
	if !ok {
		return ""
	}
	return prefix
}

// skip passes over the rest of the element whose start tag is current.
func (x *xmlScanner) skip() bool {
	for depth := len(x.open); ; {
		switch x.next() {
		case xmlBad, xmlEOF:
			return false
		case xmlEnd:
			if len(x.open) < depth {
				return true
			}
		case xmlStart, xmlText:
		}
	}
}

// xmlGather puts together text that comes in pieces, which is nearly always one.
type xmlGather struct {
	first string
	more  []byte // all of it, if there is more than one piece
}

func (g *xmlGather) add(s string) {
	switch {
	case g.more != nil:
		g.more = append(g.more, s...)
	case g.first == "":
		g.first = s
	default:
		g.more = append([]byte(g.first), s...)
	}
}

func (g *xmlGather) text() string {
	if g.more != nil {
		return string(g.more)
	}
	return g.first
}

// content gives the text directly inside the element whose start tag is current,
// and passes over the element.
func (x *xmlScanner) content() (string, bool) {
	var g xmlGather
	for depth := len(x.open); ; {
		switch x.next() {
		case xmlBad, xmlEOF:
			return "", false
		case xmlStart:
			if !x.skip() {
				return "", false
			}
		case xmlText:
			if x.plain {
				g.add(x.body)
			} else {
				g.add(xmlDecode(x.body, false))
			}
		case xmlEnd:
			if len(x.open) < depth {
				return g.text(), true
			}
		}
	}
}

// simple reports whether elements without a prefix are in the root's namespace here,
// and as many levels more may be opened.
func (x *xmlScanner) simple(levels int) bool {
	return !x.pendingEnd && x.rootPrefix == "" && len(x.bindings) == x.rootBinds && len(x.open)+levels <= x.depth
}

// quickTag passes over a tag if just that comes next.
func (x *xmlScanner) quickTag(tag string) bool {
	if !strings.HasPrefix(x.src[x.pos:], tag) {
		return false
	}
	x.pos += len(tag)
	return true
}

// quickValue passes over text with nothing to decode or to check in it.
func (x *xmlScanner) quickValue() string {
	s, i := x.src, x.pos
	for i < len(s) && xmlClasses[s[i]] == 0 {
		i++
	}
	value := s[x.pos:i]
	x.pos = i
	return value
}

// quickContent passes over <name>text</name> and gives the text, if just that comes
// next and there is nothing to decode in it. Otherwise it does nothing.
func (x *xmlScanner) quickContent(name string) (string, bool) {
	if !x.simple(1) {
		return "", false
	}
	start := x.pos
	if x.quickTag("<") && x.quickTag(name) && x.quickTag(">") {
		text := x.quickValue()
		if x.quickTag("</") && x.quickTag(name) && x.quickTag(">") {
			return text, true
		}
	}
	x.pos = start
	return "", false
}
