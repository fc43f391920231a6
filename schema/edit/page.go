package edit

import (
	"strings"

	"golang.org/x/net/html"

	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

var (
	whyMarkup = lang.T("这一格在网页中由几段文字或控件组成，没有修改；请手工修改",
		"the cell is made of several pieces of the page, so it was not changed; edit it by hand")
	whySpreadsheet = lang.T("网页由电子表格存成，这一格的标签里另存着数值或公式，只改文字前后不一，没有修改；请在电子表格中修改后重新保存",
		"a spreadsheet program saved the page, and the tag of the cell holds its value or formula besides the text, so it was not changed; change it in the spreadsheet and save the page again")
)

// page edits a web page: cells of which each line is one stretch of text, however it is
// dressed.
func (j *job) page(data []byte, _ *grid.Document, targets []target) []byte {
	text := grid.DecodeEncodedPage(data)
	if text == nil {
		for _, t := range targets {
			j.refuse(t.Edit, lang.T("网页的编码不能写入；请用浏览器另存为 UTF-8 编码后再试",
				"nothing is written in the encoding of the page; save it as UTF-8 in a browser and try again"))
		}
		return nil
	}
	places := grid.HTMLPlaces(j.ctx, text.Text, j.opts.Limits)
	var parts []grid.Replacement
	for _, t := range targets {
		if startsFormula(t.Edit) {
			j.refuse(t.Edit, whyLive)
			continue
		}
		at := t.cell.Loc
		begin, ok := places[grid.Location{Table: at.Table, Line: at.Line, Column: at.Column}]
		if ok && storesValue(text.Text[begin:]) {
			j.refuse(t.Edit, whySpreadsheet)
			continue
		}
		var lines []grid.Replacement
		if ok && at.Table > 0 && at.Paragraph == 0 {
			lines = pageText(text.Text, begin, t.From == "")
		}
		// Each line of the cell has to be one stretch of text, and to stay one.
		from, to := strings.Split(t.From, "\n"), strings.Split(t.To, "\n")
		if len(lines) != len(to) || len(from) != len(to) {
			j.refuse(t.Edit, whyMarkup)
			continue
		}
		for i, line := range lines {
			if from[i] != to[i] {
				line.Text = html.EscapeString(to[i])
				parts = append(parts, line)
			}
		}
	}
	return replaced(text, parts)
}

// storesValue reports whether the tag that begins a text holds the value or formula of a
// cell, as LibreOffice (sdval) and Excel (x:num, x:fmla) write it for themselves.
func storesValue(page string) bool {
	z := html.NewTokenizer(strings.NewReader(page[:min(len(page), mostMarkup)]))
	if z.Next() != html.StartTagToken {
		return false
	}
	for more := true; more; {
		var name, value []byte
		name, value, more = z.TagAttr()
		switch string(name) {
		case "sdval", "x:num", "x:fmla":
			if len(value) > 0 {
				return true
			}
		}
	}
	return false
}

// mostMarkup bounds how far the text of a cell is searched in a page.
const mostMarkup = 256 << 10

// dress are the elements that may stand around the text of a cell. A line break there
// parts nothing.
var dress = map[string]bool{
	"a": false, "b": true, "strong": true, "i": true, "em": true, "u": true, "span": true, "font": true, "p": true, "div": true,
	"center": true, "small": true, "big": true, "o:p": true, "sub": false, "sup": false, "br": true,
}

// pageText finds the stretches of text in the cell whose tag begins at an offset, or, for
// a blank cell, the place for one. It gives none if there is anything else in the cell.
func pageText(page string, begin int, blank bool) []grid.Replacement {
	z := html.NewTokenizer(strings.NewReader(page[begin:min(len(page), begin+mostMarkup)]))
	var place grid.Replacement // for the text of a blank cell
	var texts []grid.Replacement
	at := begin
	for first := true; ; first = false {
		kind := z.Next()
		raw := string(z.Raw())
		from := at
		at += len(raw)
		name, _ := z.TagName()
		switch {
		case kind == html.ErrorToken:
			return nil
		case first:
			place.From, place.To = at, at
		case kind == html.CommentToken:
		case kind == html.TextToken:
			inner := strings.Trim(raw, " \t\r\n\f")
			part := grid.Replacement{From: from + strings.Index(raw, inner)}
			part.To = part.From + len(inner)
			switch {
			case inner == "":
			case inner == "&nbsp;" && blank:
				place = part
			case blank:
				return nil
			default:
				texts = append(texts, part)
			}
		case dress[string(name)]:
			if kind == html.StartTagToken && string(name) != "br" && place.From == place.To {
				place.From, place.To = at, at // inside of what dresses the text
			}
		default:
			switch string(name) {
			case "td", "th", "tr", "table", "tbody", "tfoot", "thead":
				if blank {
					return []grid.Replacement{place}
				}
				return texts
			}
			return nil
		}
	}
}
