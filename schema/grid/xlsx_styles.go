package grid

import (
	"context"

	"jixiaolint/schema/lang"
)

// styles knows the number format of every cell style.
type styles struct {
	formats []*numberFormat // by index of the style
}

// maxStyles is above the 65,490 cell styles that Excel allows.
const maxStyles = 1 << 16

// general is the format of cells without one.
var general = &numberFormat{}

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
	if i < len(s.formats) {
		return s.formats[i], true
	}
	return general, i == 0
}

// readStyles reads the number formats and the cell styles that use them. What was
// read before a fault is given with it.
func readStyles(ctx context.Context, part string, limits Limits, x *xmlScanner) (styles, *fault) {
	codes := make(map[int]string)
	var ids []int
	x.reset(part, limits)
	section := ""
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return styles{}, faultCancelled
		}
		switch x.next() {
		case xmlEOF:
			return makeStyles(codes, ids), nil
		case xmlBad:
			return makeStyles(codes, ids), x.fault
		case xmlEnd, xmlText:
			continue
		case xmlStart:
		}
		switch {
		case len(x.open) == 1 && x.local != "styleSheet":
			return styles{}, xmlFault(0, lang.T("不是样式表", "this is no style sheet"))
		case len(x.open) == 1:
		case !x.own:
			x.skip() // a fault comes with the next token
		case len(x.open) == 2:
			section = x.local
			if section != "numFmts" && section != "cellXfs" {
				x.skip()
			}
		case section == "numFmts" && x.local == "numFmt":
			if id, ok := parseIndex(x.attr("numFmtId")); ok && len(codes) < maxStyles {
				codes[id] = unescapeXString(x.attr("formatCode"))
			}
		case section == "cellXfs" && x.local == "xf":
			if len(ids) == maxStyles {
				return makeStyles(codes, ids), &fault{lang.F("单元格样式超过 %d 个，其余没有读取。",
					"more than %d cell styles; the rest was not read", maxStyles), helpLimit}
			}
			id, _ := parseIndex(x.attr("numFmtId"))
			ids = append(ids, id)
			if !x.skip() { // alignment and the like
				continue
			}
		}
	}
}

// makeStyles resolves the formats once the whole part is read: they may stand after
// the styles that use them. A format is compiled when it is first used.
func makeStyles(codes map[int]string, ids []int) styles {
	made := make(map[int]*numberFormat)
	s := styles{formats: make([]*numberFormat, len(ids))}
	for i, id := range ids {
		nf := made[id]
		if nf == nil {
			code, ok := codes[id]
			if !ok {
				code = builtinFormat(id)
			}
			nf = newNumberFormat(code)
			made[id] = nf
		}
		s.formats[i] = nf
	}
	return s
}
