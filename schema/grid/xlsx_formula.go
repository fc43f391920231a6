package grid

import (
	"strings"

	"jixiaolint/schema/lang"
)

// sharedFormula is a formula that other cells of the sheet use, moved to their own
// place.
type sharedFormula struct {
	text     string
	row, col int
}

// The sheet of Excel, which references wrap around.
const (
	sheetRows    = 1 << 20
	sheetColumns = 1 << 14
)

// formula finds the text of a cell's formula.
func (b *sheetBuilder) formula(raw *rawCell, row, col int, v *cellValue) *fault {
	text := raw.formula
	if raw.formulaKind == "array" || raw.formulaKind == "dataTable" {
		single := raw.filled != "" && !strings.Contains(raw.filled, ":")
		b.doc.Entangled = b.doc.Entangled || !single
	}
	switch {
	case raw.formulaKind == "shared" && text != "":
		if b.formulas == nil {
			b.formulas = make(map[string]sharedFormula)
		}
		if _, ok := b.formulas[raw.shared]; !ok {
			b.formulas[raw.shared] = sharedFormula{text, row, col}
		}
	case raw.formulaKind == "shared":
		f, ok := b.formulas[raw.shared]
		if !ok {
			v.bad(BadCell, lang.F("单元格引用的共享公式 %s 不存在，无法得知其公式。",
				"the cell refers to the shared formula %s, which does not exist; its formula is unknown", quote(raw.shared)), helpResave)
			return nil
		}
		if !b.derive(len(f.text)) {
			return b.tooMuchText()
		}
		text = shiftFormula(f.text, row-f.row, col-f.col)
	case text == "" && raw.formulaKind == "":
		raw.hasFormula = false // an empty element is no formula
	}
	if len(text) > b.limits.TextLength {
		text = cutText(text, b.limits.TextLength)
		v.bad(Unreadable, lang.F("公式超过 %d 字节，其余没有读取。",
			"the formula is longer than %d bytes; the rest was not read", b.limits.TextLength), helpLimit)
	}
	v.formula = text
	return nil
}

// shiftFormula moves the relative references of a formula.
func shiftFormula(f string, rows, cols int) string {
	if rows == 0 && cols == 0 {
		return f
	}
	out := make([]byte, 0, len(f)+8)
	for i := 0; i < len(f); {
		switch c := f[i]; {
		case c == '"' || c == '\'':
			j := quoted(f, i)
			out = append(out, f[i:j]...)
			i = j
		case c == '[':
			j := bracketed(f, i)
			out = append(out, f[i:j]...)
			i = j
		case isFormulaWord(c):
			j := word(f, i)
			// Whole columns and rows are references only as a pair.
			if j+1 < len(f) && f[j] == ':' && isFormulaWord(f[j+1]) {
				k := word(f, j+1)
				if s, ok := shiftPair(f[i:j], f[j+1:k], rows, cols); ok && !isCall(f, k) {
					out = append(out, s...)
					i = k
					continue
				}
			}
			out = appendShifted(out, f[i:j], isCall(f, j), rows, cols)
			i = j
		default:
			out = append(out, c)
			i++
		}
	}
	return string(out)
}

// isCall reports whether what ends before i is the name of a function or sheet.
func isCall(f string, i int) bool { return i < len(f) && (f[i] == '(' || f[i] == '!') }

func isFormulaWord(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' ||
		c == '$' || c == '_' || c == '.' || c == '\\' || c == '?' || c >= 0x80
}

// word gives the end of the word that begins at i.
func word(f string, i int) int {
	for i < len(f) && isFormulaWord(f[i]) {
		i++
	}
	return i
}

// quoted gives the end of the quoted text that begins at i.
func quoted(f string, i int) int {
	if j := strings.IndexByte(f[i+1:], f[i]); j >= 0 {
		return i + j + 2
	}
	return len(f)
}

// bracketed gives the end of the nested brackets that begin at i.
func bracketed(f string, i int) int {
	for depth := 0; i < len(f); i++ {
		switch f[i] {
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return i
}

// formulaRef is a reference taken apart; a whole column has row 0 and the other way
// round.
type formulaRef struct {
	col, row             int
	colFixed, rowFixed   bool
	hasColumn, hasNumber bool
}

// parseFormulaRef reads B7, $B$7, $B or $7.
func parseFormulaRef(w string) (formulaRef, bool) {
	var r formulaRef
	rest := w
	dollar := strings.HasPrefix(rest, "$")
	if dollar {
		rest = rest[1:]
	}
	n := 0
	for n < len(rest) && (rest[n]|0x20) >= 'a' && (rest[n]|0x20) <= 'z' {
		if n == 3 {
			return r, false
		}
		r.col = r.col*26 + int(rest[n]|0x20-'a') + 1
		n++
	}
	r.hasColumn = n > 0
	if r.hasColumn {
		r.colFixed = dollar
		rest = rest[n:]
		dollar = strings.HasPrefix(rest, "$")
		if dollar {
			rest = rest[1:]
		}
		if rest == "" {
			return r, !dollar && r.col <= sheetColumns
		}
	}
	r.rowFixed = dollar
	row, ok := parseIndex(rest)
	if !ok || rest[0] == '0' || row > sheetRows || r.col > sheetColumns {
		return r, false
	}
	r.row, r.hasNumber = row, true
	return r, true
}

// shifted moves the reference, around the edge of the sheet if need be, as Excel
// does.
func (r formulaRef) shifted(out []byte, rows, cols int) []byte {
	if r.hasColumn {
		if r.colFixed {
			out = append(out, '$')
		} else {
			r.col = wrap(r.col+cols, sheetColumns)
		}
		out = append(out, ColumnName(r.col)...)
	}
	if r.hasNumber {
		if r.rowFixed {
			out = append(out, '$')
		} else {
			r.row = wrap(r.row+rows, sheetRows)
		}
		out = appendInt(out, r.row)
	}
	return out
}

// wrap brings n into 1 … size.
func wrap(n, size int) int { return ((n-1)%size+size)%size + 1 }

func shiftPair(v, w string, rows, cols int) (string, bool) {
	a, ok1 := parseFormulaRef(v)
	b, ok2 := parseFormulaRef(w)
	if !ok1 || !ok2 || a.hasColumn != b.hasColumn || a.hasNumber != b.hasNumber {
		return "", false
	}
	out := a.shifted(nil, rows, cols)
	out = append(out, ':')
	return string(b.shifted(out, rows, cols)), true
}

// appendShifted writes a word, moved if it is the reference of a cell.
func appendShifted(out []byte, w string, call bool, rows, cols int) []byte {
	if r, ok := parseFormulaRef(w); ok && !call && r.hasColumn && r.hasNumber {
		return r.shifted(out, rows, cols)
	}
	return append(out, w...)
}
