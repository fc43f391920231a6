package grid

import (
	"context"

	"jixiaolint/schema/lang"
)

// styles knows the number format of every cell style.
type styles struct {
	codes   map[int]string        // of the file's own formats, by id
	formats map[int]*numberFormat // made so far, by id
	cells   []cellStyle           // by index of the style
}

// cellStyle is what is of interest in a style: its number format.
type cellStyle struct {
	id     int
	format *numberFormat // nil until it is used
}

// maxStyles is above the 65,490 cell styles that Excel allows.
const maxStyles = 1 << 16

// general is the format of cells without one. It is shared by all readers, so that it
// must not change.
var general = &numberFormat{compiled: true}

// format gives the number format of a cell with the style attribute s, and whether
// the style exists.
func (s *styles) format(style string) (*numberFormat, bool) {
	i := 0
	if style != "" {
		n, ok := parseIndex(style)
		if !ok {
			return general, false
		}
		i = n
	}
	if i >= len(s.cells) {
		return general, i == 0
	}
	c := &s.cells[i]
	if c.format == nil {
		c.format = s.formatOf(c.id)
	}
	return c.format, true
}

// formatOf gives the number format with an id, making it if need be.
func (s *styles) formatOf(id int) *numberFormat {
	nf := s.formats[id]
	if nf != nil {
		return nf
	}
	if code, ok := s.codes[id]; ok {
		nf = newNumberFormat(code)
	} else {
		nf = builtinFormat(id)
	}
	if s.formats == nil {
		s.formats = make(map[int]*numberFormat)
	}
	s.formats[id] = nf
	return nf
}

// readStyles reads the number formats and the cell styles that use them. What was
// read before a fault is given with it.
func readStyles(ctx context.Context, part string, limits Limits, x *xmlScanner) (s styles, f *fault) {
	x.reset(part, limits)
	section := ""
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return s, faultCancelled
		}
		switch x.next() {
		case xmlEOF:
			return s, nil
		case xmlBad:
			return s, x.fault
		case xmlEnd, xmlText:
			continue
		case xmlStart:
		}
		switch {
		case len(x.open) == 1 && x.local != "styleSheet":
			return s, xmlFault(0, lang.T("不是样式表", "this is no style sheet"))
		case len(x.open) == 1:
		case !x.own:
			x.skip() // a fault comes with the next token
		case len(x.open) == 2:
			section = x.local
			if section == "cellXfs" && s.cells == nil {
				// The declared number is a hint, bounded by what the part has room for.
				n, _ := parseIndex(x.attr("count"))
				s.cells = make([]cellStyle, 0, min(n, len(part)/len("<xf/>"), maxStyles))
			}
			if section != "numFmts" && section != "cellXfs" {
				x.skip()
			}
		case section == "numFmts" && x.local == "numFmt":
			if id, ok := parseIndex(x.attr("numFmtId")); ok && len(s.codes) < maxStyles {
				if s.codes == nil {
					s.codes = make(map[int]string)
				}
				s.codes[id] = unescapeXString(x.attr("formatCode"))
			}
		case section == "cellXfs" && x.local == "xf":
			if len(s.cells) == maxStyles {
				return s, &fault{lang.F("单元格样式超过 %d 个，其余没有读取。",
					"more than %d cell styles; the rest was not read", maxStyles), helpLimit}
			}
			id, _ := parseIndex(x.attr("numFmtId"))
			s.cells = append(s.cells, cellStyle{id: id})
			if !x.skip() { // alignment and the like
				continue
			}
		}
	}
}
