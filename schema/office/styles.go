package office

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Style is how a cell of a written sheet looks. Colours are RRGGBB; the zero value is
// plain text.
type Style struct {
	Bold, Link     bool
	Size           int // points; 0 for that of body text
	Color, Fill    string
	Border         bool
	Center, Wrap   bool
	Middle         bool // centred from top to bottom
	NumFmt         string
	TypedAsFormula bool // stays text when somebody types it again
}

// The font of written sheets: every Chinese Excel and WPS has it.
const (
	fontName = "微软雅黑"
	fontSize = 10
)

// maxStyles is what Excel accepts, less some room.
const maxStyles = 64_000

// styleBook is the part of a workbook that holds its cell styles, to which styles are
// added.
type styleBook struct {
	patch
	prefix   string
	sections map[string]*section
	xfs      []string // the cell styles as written

	fills    map[string]int // index by colour
	fonts    map[string]int // by XML
	borders  map[string]int
	formats  map[string]int // id by code
	styles   map[Style]int
	variants map[styleVariant]int
	lastForm int
}

// styleVariant is a style that differs from another one by one attribute.
type styleVariant struct {
	xf          int
	attr, value string
}

// section is a list of a styles part.
type section struct {
	start *tag // nil if the part lacks it
	end   int
	count int
	added []string
	// at is where it would have to be.
	at int
}

// sectionOrder is the order of the lists in a styles part.
var sectionOrder = []string{"numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs"}

func newStyleBook(src []byte) (*styleBook, error) {
	b := &styleBook{
		patch: patch{src: src}, sections: map[string]*section{},
		fills: map[string]int{}, fonts: map[string]int{}, borders: map[string]int{}, formats: map[string]int{},
		styles: map[Style]int{}, variants: map[styleVariant]int{}, lastForm: 200,
	}
	for _, name := range sectionOrder {
		b.sections[name] = &section{at: -1}
	}
	xf := -1
	err := scan(src, func(t *tag, open []string) error {
		switch {
		case t.depth == 1:
			b.prefix = t.prefix
			if !t.end && t.local != "styleSheet" {
				return errors.New("no style sheet")
			}
			if t.end {
				b.place(len(sectionOrder), t.from)
			}
		case t.depth == 2 && !t.end:
			i := slices.Index(sectionOrder, t.local)
			if i < 0 {
				b.place(len(sectionOrder), t.from)
				break
			}
			b.place(i, t.from)
			b.sections[t.local].start = t
		case t.depth == 2:
			if s := b.sections[t.local]; s != nil {
				s.end = t.from
			}
		case t.depth == 3 && !t.end:
			if s := b.sections[open[1]]; s != nil {
				s.count++
			}
			if open[1] == "numFmts" {
				if n, err := strconv.Atoi(t.attr("numFmtId")); err == nil && n < 1<<20 {
					b.lastForm = max(b.lastForm, n)
				}
			}
			xf = t.from
		case t.depth == 3 && open[1] == "cellXfs":
			b.xfs = append(b.xfs, string(src[xf:max(t.to, t.from)]))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("styles: %w", err)
	}
	return b, nil
}

// place notes where the lists before the i-th would stand that are missing so far.
func (b *styleBook) place(i, at int) {
	for _, name := range sectionOrder[:i] {
		if s := b.sections[name]; s.start == nil && s.at < 0 {
			s.at = at
		}
	}
}

// add adds an element to a list and gives its index.
func (b *styleBook) add(list, element string) int {
	s := b.sections[list]
	s.added = append(s.added, element)
	return s.count + len(s.added) - 1
}

// once adds an element to a list unless it was added before.
func (b *styleBook) once(known map[string]int, list, element string) int {
	i, ok := known[element]
	if !ok {
		i = b.add(list, element)
		known[element] = i
	}
	return i
}

func (b *styleBook) fill(rgb string) int {
	return b.once(b.fills, "fills",
		`<fill><patternFill patternType="solid"><fgColor rgb="FF`+rgb+`"/><bgColor indexed="64"/></patternFill></fill>`)
}

// marked gives the style that differs from the xf-th by its fill alone.
func (b *styleBook) marked(xf int, rgb string) (int, error) {
	return b.variant(xf, "fillId", rgb, "applyFill", func() int { return b.fill(rgb) })
}

// numbered gives the style that differs from the xf-th by its number format alone.
func (b *styleBook) numbered(xf int, code string) (int, error) {
	id := slices.Index(builtinNumbers, code)
	if id >= 0 && b.numberFormat(xf) == id {
		return xf, nil
	}
	return b.variant(xf, "numFmtId", code, "applyNumberFormat", func() int {
		if id >= 0 {
			return id
		}
		return b.format(Style{NumFmt: code})
	})
}

// builtinNumbers are the number formats that need no definition, by id.
var builtinNumbers = []string{"General", "0", "0.00", "#,##0", "#,##0.00", 9: "0%", 10: "0.00%"}

// numberFormat gives the id of the number format of the xf-th style.
func (b *styleBook) numberFormat(xf int) int {
	text := b.base(&xf)
	id := 0
	_ = scan([]byte(text), func(t *tag, _ []string) error { // it was scanned before
		if t.depth == 1 && !t.end {
			id, _ = strconv.Atoi(t.attr("numFmtId"))
		}
		return nil
	})
	return id
}

// locked reports whether cells of the xf-th style are locked where their sheet is
// protected, as all are whose style does not say otherwise.
func (b *styleBook) locked(xf int) bool {
	locked := true
	_ = scan([]byte(b.base(&xf)), func(t *tag, _ []string) error { // it was scanned before
		if t.depth == 2 && t.local == "protection" && !t.end {
			value := t.attr("locked")
			locked = value != "0" && value != "false"
		}
		return nil
	})
	return locked
}

// base gives the xf-th style as it is written. A number that no style has means the
// first one.
func (b *styleBook) base(xf *int) string {
	if *xf < 0 || *xf >= len(b.xfs) {
		*xf = 0
	}
	if len(b.xfs) == 0 {
		return prefixed(`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>`, b.prefix)
	}
	return b.xfs[*xf]
}

// variant gives the style that differs from the xf-th by the attribute attr, whose number
// is made for a value when first needed.
func (b *styleBook) variant(xf int, attr, value, apply string, number func() int) (int, error) {
	text := b.base(&xf)
	key := styleVariant{xf, attr, value}
	if n, ok := b.variants[key]; ok {
		return n, nil
	}
	end := tagEnd(text)
	start := setAttr(setAttr(text[:end], attr, strconv.Itoa(number())), apply, "1")
	n := slices.Index(b.xfs, start+text[end:])
	if n < 0 {
		n = b.addXf(start + text[end:])
	}
	b.variants[key] = n
	return n, b.check()
}

// tagEnd gives the end of the start tag that a text begins with.
func tagEnd(text string) int {
	quote := byte(0)
	for i := range len(text) {
		switch c := text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"', c == '\'':
			quote = c
		case c == '>':
			return i + 1
		}
	}
	return len(text)
}

func (b *styleBook) addXf(xf string) int { return b.add("cellXfs", xf) }

func (b *styleBook) check() error {
	s := b.sections["cellXfs"]
	if s.count+len(s.added) > maxStyles {
		return errors.New("the workbook has too many cell styles")
	}
	return nil
}

// style gives the index of a style of our own.
func (b *styleBook) style(s Style) int {
	if n, ok := b.styles[s]; ok {
		return n
	}
	size := fontSize
	if s.Size > 0 {
		size = s.Size
	}
	font := "<font>"
	if s.Bold {
		font += "<b/>"
	}
	color := s.Color
	if s.Link {
		font += "<u/>"
		color = "0563C1"
	}
	if color == "" {
		color = "262626"
	}
	font += `<sz val="` + strconv.Itoa(size) + `"/><color rgb="FF` + color + `"/><name val="` + fontName + `"/><family val="2"/><charset val="134"/></font>`
	border := "<border><left/><right/><top/><bottom/><diagonal/></border>"
	if s.Border {
		side := func(name string) string {
			return "<" + name + ` style="thin"><color rgb="FFD0D0D0"/></` + name + ">"
		}
		border = "<border>" + side("left") + side("right") + side("top") + side("bottom") + "<diagonal/></border>"
	}
	xf := fmt.Sprintf(`<xf numFmtId="%d" fontId="%d" fillId="%d" borderId="%d" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"`,
		b.format(s), b.once(b.fonts, "fonts", font), b.background(s.Fill), b.once(b.borders, "borders", border))
	if s.TypedAsFormula {
		xf += ` quotePrefix="1"`
	}
	xf += `><alignment`
	switch {
	case s.Center:
		xf += ` horizontal="center"`
	case s.Border && s.NumFmt == "":
		xf += ` horizontal="left" indent="1"`
	case s.Border:
		xf += ` horizontal="right" indent="1"`
	}
	xf += map[bool]string{true: ` vertical="center"`, false: ` vertical="top"`}[s.Middle]
	if s.Wrap {
		xf += ` wrapText="1"`
	}
	n := b.addXf(prefixed(xf+"/></xf>", b.prefix))
	b.styles[s] = n
	return n
}

func (b *styleBook) background(rgb string) int {
	if rgb == "" {
		return 0
	}
	return b.fill(rgb)
}

// format gives the id of a style's number format.
func (b *styleBook) format(s Style) int {
	const general, text = 0, 49
	switch {
	case s.TypedAsFormula:
		return text
	case s.NumFmt == "":
		return general
	}
	id, ok := b.formats[s.NumFmt]
	if !ok {
		b.lastForm++
		id = b.lastForm
		b.formats[s.NumFmt] = id
		b.add("numFmts", `<numFmt numFmtId="`+strconv.Itoa(id)+`" formatCode="`+escape(s.NumFmt)+`"/>`)
	}
	return id
}

// changed reports whether something was added.
func (b *styleBook) changed() bool {
	for _, s := range b.sections {
		if len(s.added) > 0 {
			return true
		}
	}
	return false
}

// bytes gives the part with what was added.
func (b *styleBook) bytes() []byte {
	for _, name := range sectionOrder {
		s := b.sections[name]
		if len(s.added) == 0 {
			continue
		}
		content := strings.Join(s.added, "")
		if name != "cellXfs" {
			content = prefixed(content, b.prefix)
		}
		count := strconv.Itoa(s.count + len(s.added))
		switch {
		case s.start == nil:
			list := prefixed("<"+name+` count="`+count+`">`, b.prefix) + content + prefixed("</"+name+">", b.prefix)
			b.insert(s.at, list)
		case s.start.empty:
			t := setAttr(string(b.src[s.start.from:s.start.to]), "count", count)
			b.replace(s.start.from, s.start.to, opened([]byte(t))+content+"</"+s.start.name(name)+">")
		default:
			b.replace(s.start.from, s.start.to, setAttr(string(b.src[s.start.from:s.start.to]), "count", count))
			b.insert(s.end, content)
		}
	}
	return b.patch.bytes()
}

// plainStyles is the styles part of a workbook that has none: what every part of the
// kind begins with, and the differential styles that written sheets colour cells with.
const plainStyles = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" +
	`<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
	`<fonts count="1"><font><sz val="10"/><name val="微软雅黑"/><family val="2"/><charset val="134"/></font></fonts>` +
	`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>` +
	`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>` +
	`<dxfs count="3">` +
	`<dxf><font><b/><color rgb="FF9C0006"/></font><fill><patternFill><bgColor rgb="FFFFC7CE"/></patternFill></fill></dxf>` +
	`<dxf><font><color rgb="FF7F6000"/></font><fill><patternFill><bgColor rgb="FFFFEB9C"/></patternFill></fill></dxf>` +
	`<dxf><font><color rgb="FF006100"/></font><fill><patternFill><bgColor rgb="FFC6EFCE"/></patternFill></fill></dxf>` +
	`</dxfs></styleSheet>`
