package edit

import (
	"regexp"
	"strings"

	"jixiaolint/schema/export"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// text edits text in which delimiters, pipes or blanks make columns.
func (j *job) text(data []byte, _ *grid.Document, targets []target) []byte {
	text, problem := grid.DecodeEncoded(j.name, data)
	if problem != nil {
		for _, t := range targets {
			j.refuse(t.Edit, problem.Message)
		}
		return nil
	}
	places := grid.TextPlaces(j.ctx, j.name, text.Text, j.opts.Limits)
	var parts []grid.Replacement
	for _, t := range targets {
		if startsFormula(t.Edit) {
			j.refuse(t.Edit, whyLive)
			continue
		}
		p, ok := places[grid.Location{Line: t.cell.Loc.Line, Column: t.cell.Loc.Column}]
		if !ok {
			j.refuse(t.Edit, whyChanged)
			continue
		}
		part := grid.Replacement{From: p.From, To: p.To}
		switch p.Delimiter {
		case 0:
			ok = aligned(text.Text, &part, t)
		case '|':
			part.Text, ok = pipeField(text.Text[p.From:p.To], t.From, t.To)
			if p.From == p.To && !strings.HasPrefix(text.Text[p.To:], " ") {
				part.Text += " "
			}
		default:
			part.Text, ok = delimitedField(text.Text[p.From:p.To], t.From, t.To, p.Delimiter)
		}
		if !ok {
			j.refuse(t.Edit, whyBreaks)
			continue
		}
		parts = append(parts, part)
	}
	return replaced(text, parts)
}

// startsFormula reports whether a spreadsheet program would take a new text for a formula
// when it opens the file, and did not take the old one for one.
func startsFormula(e Edit) bool {
	to := strings.TrimSpace(e.To)
	return reFormula.MatchString(to) && !rePlain.MatchString(to) && !reFormula.MatchString(strings.TrimSpace(e.From))
}

var (
	reFormula = regexp.MustCompile(`^(?:[=@]|[+-][^-])`)
	whyLive   = lang.T("新内容以 =、+、- 或 @ 开头，用 Excel 或 WPS 打开时会当成公式，没有写入；请手工修改",
		"the new text begins with =, +, - or @, which Excel and WPS take for a formula when they open the file, so it was not written; edit it by hand")
)

// replaced gives a text file with parts replaced. If that fails, no edit was made: the
// bytes as they were make the caller look for the one that spoils it.
func replaced(text *grid.EncodedText, parts []grid.Replacement) []byte {
	if len(parts) == 0 {
		return nil
	}
	out, ok := text.Replace(parts)
	if !ok {
		out, _ = text.Replace(nil)
	}
	return out
}

// delimitedField writes a field of delimited text, with quotes where it had some or needs
// them, and with its own kind of line ends. Spaces around a quoted field stay.
func delimitedField(raw, from, to string, delimiter byte) (string, bool) {
	if delimiter == '\t' && strings.Contains(to, "\t") {
		return "", false
	}
	inner := strings.TrimSpace(raw)
	wasQuoted := raw != from && strings.HasPrefix(inner, `"`)
	var quoted bool
	if delimiter == '\t' {
		// Programs quote fields of tab-separated text only where they must.
		quoted = wasQuoted && (strings.ContainsAny(to, ",\"\n") || strings.TrimSpace(to) != to)
	} else {
		quoted = wasQuoted || strings.IndexByte(to, delimiter) >= 0 || strings.HasPrefix(strings.TrimLeft(to, " "), `"`)
	}
	switch {
	case !wasQuoted && raw != from, !quoted && strings.Contains(to, "\n"):
		return "", false
	case !quoted:
		return to, true
	}
	if strings.Contains(raw, "\r\n") {
		to = strings.ReplaceAll(to, "\n", "\r\n")
	}
	if !wasQuoted {
		return quote(to), true
	}
	lead, trail, ok := strings.Cut(raw, inner)
	return lead + quote(to) + trail, ok
}

func quote(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// pipeField writes a field between pipes. What Markdown shows otherwise than it is
// written is escaped; emphasis around the field stays.
func pipeField(raw, from, to string) (string, bool) {
	if strings.ContainsAny(to, "\r\n") || strings.TrimSpace(to) != to {
		return "", false
	}
	escaped := markdownEscapes.Replace(to)
	switch {
	case raw == "":
		return " " + escaped, from == "" // a blank field has no space before it
	case from == "":
		return "", false
	case raw == from:
		return escaped, true
	case strings.Count(raw, from) == 1:
		return strings.Replace(raw, from, escaped, 1), true
	}
	return escaped, true
}

var markdownEscapes = strings.NewReplacer(`\`, `\\`, "|", `\|`, "*", `\*`, "_", `\_`, "<", `\<`, "&", `\&`)

// aligned writes a field of text that is aligned by blanks. The blanks behind it give or
// take what keeps the next field in its column.
func aligned(text string, part *grid.Replacement, t target) bool {
	if t.From == "" || t.To == "" || strings.TrimSpace(t.To) != t.To || strings.ContainsAny(t.To, "\t\r\n") || strings.Contains(t.To, "  ") {
		return false
	}
	part.Text = t.To
	grown := int(export.DisplayWidth(t.To) - export.DisplayWidth(t.From))
	rest := text[part.To:]
	gap := len(rest) - len(strings.TrimLeft(rest, " "))
	if gap == len(rest) || rest[gap] == '\n' || rest[gap] == '\r' {
		return true
	}
	if grown < 0 {
		part.Text += strings.Repeat(" ", -grown)
		return true
	}
	const least = 2 // blanks make a column
	part.To += grown
	return gap-grown >= least
}
