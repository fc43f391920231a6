package custom

import (
	"strings"

	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// The bounds on messages, in runes, and on what a placeholder shows of a text.
const (
	maxMessage      = 400
	maxPlaceholders = 12
	maxShown        = 60
)

// message is a text with placeholders.
type message []segment

// segment is a constant text, or a placeholder where show is set.
type segment struct {
	constant string
	show     func(*env) string
}

// parseMessage reads a text with placeholders {expression}; {{ and }} are braces.
func parseMessage(src string, item *shape) (message, *located) {
	runes := []rune(src)
	if len(runes) > maxMessage {
		return nil, &located{maxMessage, tooLong(maxMessage)}
	}
	var m message
	var constant strings.Builder
	placeholders := 0
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		doubled := i+1 < len(runes) && runes[i+1] == r
		switch {
		case (r == '{' || r == '}') && doubled:
			constant.WriteRune(r)
			i++
		case r == '}':
			return nil, &located{i, lang.T("多了一个 }；要显示括号请写 }}", "stray }; write }} for a brace")}
		case r != '{':
			constant.WriteRune(r)
		default:
			end := endOfPlaceholder(runes, i+1)
			if end < 0 {
				return nil, &located{i, lang.T("{ 没有配对的 }；要显示括号请写 {{", "{ without }; write {{ for a brace")}
			}
			if placeholders++; placeholders > maxPlaceholders {
				return nil, &located{i, lang.T("占位的表达式太多", "too many placeholders")}
			}
			show, err := parsePlaceholder(string(runes[i+1:end]), item, i+1)
			if err != nil {
				return nil, err
			}
			m = append(m, segment{constant: constant.String()}, segment{show: show})
			constant.Reset()
			i = end
		}
	}
	return append(m, segment{constant: constant.String()}), nil
}

// endOfPlaceholder gives the index of the closing brace, −1 if there is none. Braces
// in quotes do not count.
func endOfPlaceholder(runes []rune, from int) int {
	quote := rune(0)
	for i := from; i < len(runes); i++ {
		switch r := runes[i]; {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
		case r == '"' || r == '\'' || r == '`':
			quote = r
		case r == '}':
			return i
		}
	}
	return -1
}

// parsePlaceholder gives what a placeholder shows: a cell as it is displayed, a
// computed figure with up to four decimals, — where nothing is known.
func parsePlaceholder(src string, item *shape, offset int) (func(*env) string, *located) {
	x, _, err := parse(src, item, offset)
	switch {
	case err != nil:
		return nil, err
	case x.text != nil:
		return func(e *env) string { return orDash(clip(x.text(e).line())) }, nil
	case x.kind == figureKind:
		return func(e *env) string {
			f := x.figure(e)
			if !f.known {
				return orDash("")
			}
			return clip(showFigure(f.shown))
		}, nil
	}
	return nil, &located{offset, lang.T("占位的表达式应是数或文字", "a placeholder must be a figure or a text")}
}

func showFigure(n quantity.Number) string { return n.Short(4) }

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

func clip(s string) string {
	if runes := []rune(s); len(runes) > maxShown {
		return string(runes[:maxShown-1]) + "…"
	}
	return s
}

func (m message) in(e *env) string {
	var b strings.Builder
	for _, s := range m {
		b.WriteString(s.constant)
		if s.show != nil {
			b.WriteString(s.show(e))
		}
	}
	return b.String()
}
