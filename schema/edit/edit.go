// Package edit changes cells of filed forms, and nothing else in the file.
//
// What an edit does not name keeps its bytes: the other parts of a package of Office, the
// other characters of a text. Every file of cells is read again after it was edited, and
// given back only if the cells that were named hold the new texts and all others what they
// held before; in JSON, a value takes the place of a value, which cannot move others.
//
// A workbook changes beyond the cell only where it would not fit together otherwise. With
// formulas in it, it is marked to be computed when a program opens it, since what they
// show may depend on the cell (see Dependents). A formula that gave way to a value leaves
// the list of formulas to be computed, which programs make anew. A number that the cell's
// number format cannot show gets one that can, which is added to the styles if need be.
package edit

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"jixiaolint/schema/grid"
	"jixiaolint/schema/intake"
	"jixiaolint/schema/lang"
)

// Edit is a new text for a cell.
type Edit struct {
	// At is the place of the cell, as its reader gives it. File and Path do not matter.
	At grid.Location
	// From is the text that the cell holds, as read: grid.Cell.Text, or the string of
	// JSON. To is the text that it is to show.
	From, To string
}

// Options say how a file is edited.
type Options struct {
	// Limits bound what is read and written; zero fields take their defaults.
	Limits grid.Limits
	// Formulas lets a value replace a formula.
	Formulas bool
}

// Refusal is an edit that was not made.
type Refusal struct {
	Edit
	// Why says why, and what to do.
	Why lang.Text
}

// Apply gives the file with the cells edited. Of several edits of one place the first one
// counts; others with another text are refused, as is every edit that cannot be made
// exactly or whose From is not what the cell holds. If none is made, out is data. The
// name is used to tell the format, as package intake does.
//
// An error means that the file did not come out as it should, and out is nil then.
func Apply(ctx context.Context, name string, data []byte, edits []Edit, opts Options) (out []byte, refused []Refusal, err error) {
	defer func() {
		if v := recover(); v != nil {
			out, err = nil, fmt.Errorf("internal error: %v", v)
		}
	}()
	opts.Limits = opts.Limits.WithDefaults()
	j := &job{ctx: ctx, name: name, data: data, opts: opts}
	format, why := intake.FormatOf(name, data, opts.Limits)
	if !why.IsZero() {
		j.refuseAll(edits, lang.F("文件不能直接修改：%s", "the file cannot be edited as it is: %s", why))
		return data, j.refused, nil
	}
	edits = j.distinct(edits)
	switch format {
	case grid.JSON:
		out, err = j.json(data, edits)
	case grid.Text:
		out, err = j.cells(edits, grid.ReadText, j.text)
	case grid.HTML:
		out, err = j.cells(edits, grid.ReadHTML, j.page)
	case grid.XLSX:
		out, err = j.cells(edits, grid.ReadXLSX, j.workbook)
	case grid.DOCX:
		out, err = j.cells(edits, grid.ReadDOCX, j.document)
	case grid.Drawing:
		j.refuseAll(edits, lang.T("文件由其他格式转换而来，没有修改；请修改原文件",
			"the file was converted from another format and was not edited; edit the original"))
	}
	switch {
	case err != nil:
		return nil, nil, err
	case out == nil:
		out = data
	}
	return out, j.refused, nil
}

// job is the work on one file.
type job struct {
	ctx     context.Context
	name    string
	data    []byte
	opts    Options
	refused []Refusal
}

func (j *job) refuse(e Edit, why lang.Text) {
	j.refused = append(j.refused, Refusal{e, why})
}

func (j *job) refuseAll(edits []Edit, why lang.Text) {
	for _, e := range edits {
		j.refuse(e, why)
	}
}

// place is a location without what does not tell places of one file apart.
func place(l grid.Location) grid.Location {
	l.File, l.Path = "", ""
	return l
}

// The reasons for which edits of all formats are refused.
var (
	whyChanged = lang.T("这里的内容与检查时不同，没有修改；请重新检查",
		"the file no longer holds what was checked here, so it was not changed; check it again")
	whySheets = lang.T("有两张工作表同名，无法确定要改哪一张；请先改名",
		"two sheets have this name, so it is unknown which one is meant; rename one first")
	whyTwice = lang.T("同一处有另一项修改，这一项没有执行；请改后重新检查",
		"another edit changes the same place, so this one was not made; check the file again after it")
	whyText = lang.T("新内容含有控制字符或过长，不能写入；请手工修改",
		"the new text has control characters or is too long to be written; edit it by hand")
	whyBreaks = lang.T("新内容会改变表格的结构，没有写入；请手工修改",
		"the new text would break the table, so it was not written; edit it by hand")
)

// distinct gives the edits to be made: the first one for each place, without those that
// change nothing.
func (j *job) distinct(edits []Edit) []Edit {
	first := map[grid.Location]Edit{}
	var out []Edit
	for _, e := range edits {
		at := place(e.At)
		before, again := first[at]
		switch {
		case again && before.To == e.To && before.From == e.From:
		case again:
			j.refuse(e, whyTwice)
		case !writable(e.To) || len(e.To) > j.opts.Limits.TextLength:
			j.refuse(e, whyText)
		default:
			first[at] = e
			if e.From != e.To {
				out = append(out, e)
			}
		}
	}
	return out
}

// writable reports whether a text has only characters that every format can hold. Line
// ends are left to the formats.
func writable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\t' || r >= 0x7F && r < 0xA0 || r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF
	})
}

// lineOffsets gives where the lines of a text begin, of which ends are the line ends.
func lineOffsets(text string) []int {
	starts := []int{0}
	for i := range len(text) {
		if text[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// offset gives the byte offset of a line and rune column, -1 if there is none.
func offset(text string, lines []int, at grid.Location) int {
	if at.Line < 1 || at.Line > len(lines) || at.Column < 1 {
		return -1
	}
	i := lines[at.Line-1]
	for n := 1; n < at.Column; n++ {
		if i >= len(text) || text[i] == '\n' {
			return -1
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		i += size
	}
	return i
}

// sorted gives edits in the order of their places in a text.
func sorted(edits []Edit) []Edit {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b Edit) int { return a.At.Compare(b.At) })
	return edits
}
