package formula

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// pure are functions whose results follow from the cells that their arguments name, or that
// a range holds among them: none finds cells by their names or in other places, and none
// changes by itself. SUMIF and AVERAGEIF are not, which look beyond the range they are
// given.
var pure = []string{
	"ABS", "AND", "AVERAGE", "CHAR", "CHOOSE", "CODE", "COLUMN", "COLUMNS", "CONCATENATE", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF",
	"DATE", "DATEVALUE", "DAY", "EXACT", "FIND", "FIXED", "HLOOKUP", "IF", "IFERROR", "IFNA", "INDEX", "INT", "ISBLANK", "ISERROR",
	"ISNA", "ISNUMBER", "ISTEXT", "LARGE", "LEFT", "LEN", "LOOKUP", "LOWER", "MATCH", "MAX", "MEDIAN", "MID", "MIN", "MOD", "MONTH", "N",
	"NOT", "OR", "POWER", "PRODUCT", "RANK", "REPLACE", "REPT", "RIGHT", "ROUND", "ROUNDDOWN", "ROUNDUP", "ROW", "ROWS", "SEARCH", "SMALL",
	"SQRT", "SUBSTITUTE", "SUBTOTAL", "SUM", "SUMPRODUCT", "T", "TEXT", "TRIM", "TRUNC", "UPPER", "VALUE", "VLOOKUP", "YEAR",
}

var (
	// reLiteral finds texts, reColumns whole columns, reWord names of all kinds with what
	// tells a function or a sheet behind them, and reEdge ends of a range that a function
	// finds.
	reLiteral = regexp.MustCompile(`"(?:[^"]|"")*"`)
	reColumns = regexp.MustCompile(`\b[A-Za-z]{1,3}:[A-Za-z]{1,3}\b`)
	reQuoted  = regexp.MustCompile(`'(?:[^']|'')*'!`)
	reWord    = regexp.MustCompile(`[\pL_\\][\pL\d_.\\]*(?:\s*\(|!)?`)
	reEdge    = regexp.MustCompile(`\)\s*:|:\s*[\pL_.]+\s*\(`)
	reCell    = regexp.MustCompile(`^([A-Z]{1,3})([1-9]\d{0,6})$`)
)

// isCell reports whether a word in capitals is a cell of a sheet: XFD1 is, XFE1 a name.
func isCell(word string) bool {
	m := reCell.FindStringSubmatch(word)
	if m == nil {
		return false
	}
	row, _ := strconv.Atoi(m[2]) // at most seven digits
	return row <= sheetRows && (len(m[1]) < 3 || m[1] <= "XFD")
}

// IsTraceable reports whether the cells that a formula takes its value from can be read off
// its text, whether or not it can be computed: whether it holds nothing but references,
// operators and functions that look at their arguments alone.
func IsTraceable(text string) bool {
	if len(text) > mostLength {
		return false
	}
	text = reLiteral.ReplaceAllString(text, "0")
	if strings.Contains(text, "[") {
		return false // another file, or a table
	}
	text = strings.ReplaceAll(reQuoted.ReplaceAllString(text, ""), "$", "")
	text = reColumns.ReplaceAllString(text, "0")
	if strings.ContainsAny(text, `"'{}#@?`) || reEdge.MatchString(text) {
		return false // arrays that spill, ranges that are found, names
	}
	for _, word := range reWord.FindAllString(text, -1) {
		name, isFunction := strings.CutSuffix(word, "(")
		name = strings.ToUpper(strings.TrimSpace(name))
		switch {
		case isFunction:
			if !slices.Contains(pure, name) {
				return false
			}
		case strings.HasSuffix(name, "!"), isCell(name), name == "TRUE", name == "FALSE":
		default:
			return false // a name that stands for anything
		}
	}
	return true
}
