package edit

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

var whyNoValue = lang.T("这里不是一个文本或数值，不能直接修改；请手工修改",
	"there is no text or number here, so it was not changed; edit it by hand")

// json edits canonical JSON, one document or one a line. A string stays a string, and a
// number stays one if its new text is a number.
func (j *job) json(data []byte, edits []Edit) ([]byte, error) {
	text := grid.UTF8Text(data)
	if !utf8.Valid(data) {
		var problem *grid.Problem
		if text, problem = grid.DecodeEncoded(j.name, data); problem != nil {
			j.refuseAll(edits, problem.Message)
			return nil, nil
		}
	}
	lines := lineOffsets(text.Text)
	ascii := !strings.ContainsFunc(text.Text, func(r rune) bool { return r >= utf8.RuneSelf })
	var parts []grid.Replacement
	for _, e := range sorted(edits) {
		from := offset(text.Text, lines, e.At)
		if from < 0 {
			j.refuse(e, whyChanged)
			continue
		}
		old, value, ok := jsonValue(text.Text[from:])
		switch {
		case !ok:
			j.refuse(e, whyNoValue)
		case value != e.From:
			j.refuse(e, whyChanged)
		default:
			literal := jsonString(e.To, ascii)
			if old[0] != '"' && isJSONNumber(e.To) {
				literal = e.To
			}
			parts = append(parts, grid.Replacement{From: from, To: from + len(old), Text: literal})
		}
	}
	if len(parts) == 0 {
		return nil, nil
	}
	out, ok := text.Replace(parts)
	if !ok {
		return nil, errors.New("the edited text cannot be written in the encoding of the file")
	}
	return out, nil
}

// mostJSONLiteral bounds how far the end of a value is searched: a text at its limit,
// with every character escaped.
const mostJSONLiteral = 1 << 20

// jsonValue reads the string, number or null that s begins with: as it is written, and
// what it says.
func jsonValue(s string) (literal, value string, ok bool) {
	if s == "" {
		return "", "", false
	}
	s = s[:min(len(s), mostJSONLiteral)]
	switch c := s[0]; {
	case c == '"':
		end := 1
		for end < len(s) && s[end] != '"' {
			if s[end] == '\\' {
				end++
			}
			end++
		}
		if end >= len(s) || json.Unmarshal([]byte(s[:end+1]), &value) != nil {
			return "", "", false
		}
		return s[:end+1], value, true
	case c == '-' || '0' <= c && c <= '9':
		end := strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune("+-.0123456789eE", r) })
		if end < 0 {
			end = len(s)
		}
		return s[:end], s[:end], isJSONNumber(s[:end])
	case strings.HasPrefix(s, "null"):
		return "null", "", true
	}
	return "", "", false
}

// isJSONNumber reports whether a text is a number that canonical JSON may hold: without
// an exponent, and of a length that can be computed with.
func isJSONNumber(s string) bool {
	const longest = 40
	return len(s) <= longest && s != "" && !strings.ContainsAny(s, "eE") && (s[0] == '-' || '0' <= s[0] && s[0] <= '9') && json.Valid([]byte(s))
}

// jsonString writes a string; in a file that has nothing but ASCII, other characters are
// escaped.
func jsonString(s string, ascii bool) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	literal := strings.TrimSuffix(b.String(), "\n")
	if !ascii {
		return literal
	}
	var out strings.Builder
	for _, r := range literal {
		if r < utf8.RuneSelf {
			out.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			out.WriteString(`\u` + strconv.FormatUint(0x10000|uint64(unit), 16)[1:])
		}
	}
	return out.String()
}
