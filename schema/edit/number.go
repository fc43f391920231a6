package edit

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"time"

	"jixiaolint/schema/grid"
	"jixiaolint/schema/office"
)

// valueOf gives what a cell of a workbook is to store. A cell keeps the type it has: text
// stays text, and a number stays one, stored so that its number format shows the new text.
// Where the format cannot show it, as 0% cannot show 92.31%, the number is stored under a
// format that can, as somebody would do who types it in: text would be left out of sums. A
// cell that is blank, holds an error, or a text that no program takes for a number
// (１４．７７, 14.77万元) gets a number where the new text is one, unless it is formatted as
// text.
func valueOf(t target) office.Value {
	v := office.Value{At: grid.Location{Sheet: t.At.Sheet, Line: t.key.row, Column: t.key.col}, Text: t.To}
	const asText = "@" // the number format of text
	becomes := t.cell != nil && t.cell.Type == grid.String && t.cell.NumFmt != asText && rePlain.MatchString(t.To) && !rePlain.MatchString(t.cell.Text)
	if t.cell != nil && (t.cell.Type == grid.String && !becomes || t.cell.Type == grid.Bool) {
		return v
	}
	v.WasNumber = t.cell != nil && t.cell.Type == grid.Number
	if v.WasNumber || becomes {
		format := t.cell.NumFmt
		// The date system is the one under which the cell shows what it does.
		shown, _ := grid.ShowNumber(stored(t.cell), format, false)
		date1904 := shown != t.cell.Text && !becomes
		for _, n := range candidates(t.To, date1904) {
			if shown, ok := grid.ShowNumber(n, format, date1904); ok && shown == t.To {
				v.Number = n
				return v
			}
		}
	}
	if rePlain.MatchString(t.To) {
		number := strings.ReplaceAll(strings.TrimSuffix(t.To, "%"), ",", "")
		if strings.HasSuffix(t.To, "%") {
			number = shift(number, -2)
		}
		format := plainFormat(t.To)
		if shown, ok := grid.ShowNumber(number, format, false); ok && shown == t.To {
			v.Number, v.Format = number, format
		}
	}
	return v
}

// stored gives the number that a cell stores.
func stored(c *grid.Cell) string {
	if c.Raw == "" {
		return c.Text
	}
	return c.Raw
}

var (
	reNumber = regexp.MustCompile(`-?\d[\d,]*(\.\d+)?`)
	rePlain  = regexp.MustCompile(`^-?(0|[1-9]\d{0,14}|[1-9]\d{0,2}(,\d{3}){1,4})(\.\d{1,10})?%?$`)
	reDate   = regexp.MustCompile(`(\d{4})(?:\D+(\d{1,2}))?(?:\D+(\d{1,2}))?`)
)

// candidates gives the numbers that may show a text under some format: its figure, as a
// percentage, in thousands, ten thousands and the like, and the day of its date.
func candidates(text string, date1904 bool) []string {
	var out []string
	if figure := reNumber.FindString(text); figure != "" && len(figure) < 40 {
		figure = strings.ReplaceAll(figure, ",", "")
		for _, places := range []int{0, -2, -3, 3, 4, 6, 8} {
			out = append(out, shift(figure, places))
		}
	}
	if m := reDate.FindStringSubmatch(text); m != nil {
		if d, err := time.Parse("2006-1-2", m[1]+"-"+cmp.Or(m[2], "1")+"-"+cmp.Or(m[3], "1")); err == nil {
			epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
			if date1904 {
				epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
			}
			out = append(out, strconv.Itoa(int(d.Sub(epoch)/(24*time.Hour))))
		}
	}
	return out
}

// shift moves the point of a decimal, exactly.
func shift(number string, places int) string {
	digits, negative := strings.CutPrefix(number, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	switch {
	case places < 0:
		whole = strings.Repeat("0", -places) + whole
		fraction = whole[len(whole)+places:] + fraction
		whole = whole[:len(whole)+places]
	case places > 0:
		fraction += strings.Repeat("0", places)
		whole += fraction[:places]
		fraction = fraction[places:]
	}
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if fraction = strings.TrimRight(fraction, "0"); fraction != "" {
		whole += "." + fraction
	}
	if negative && whole != "0" {
		return "-" + whole
	}
	return whole
}

// plainFormat gives the number format that shows figures as a text is written.
func plainFormat(text string) string {
	format := "0"
	if strings.Contains(text, ",") {
		format = "#,##0"
	}
	figure, percent := strings.CutSuffix(text, "%")
	if _, fraction, ok := strings.Cut(figure, "."); ok {
		format += "." + strings.Repeat("0", len(fraction))
	}
	if percent {
		format += "%"
	}
	return format
}
