package fix

import (
	"slices"

	"jixiaolint/checks"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// Why fixes are not made.
var (
	whyEndless = lang.T("修正没有定论：几处修正互相抵消，或要试的太多；请人工改正", "no end was reached: fixes undo each other, or there are too many to try; correct it by hand")
	whyUnread  = lang.T("这张表有没有读出的行，据此计算的结果不可靠；请先处理这些行",
		"a row of this table could not be read, so nothing computed from it is certain; mend that row first")
	whyStale = lang.T("这里的结果由公式算出，存下的结果不一定是按现在的数算的；请用 Excel 或 WPS 打开并保存，重新计算后再检查",
		"a formula gives this figure, and the stored result may not follow from the figures as they are now; open and save the file in Excel or WPS, then check it again")
	whyRaise = lang.T("改正后，公式会算出更高的得分、总分或等级，没有改正；请核实，确属填错的，用 --unsafe-fixes 改正",
		"after the fix, formulas would give a higher score, total or grade, so it was not made; if the figure is indeed wrong, use --unsafe-fixes")
	whySpread   = lang.T("内容分写在几格里，不能自动修正；请人工改正", "the text is spread over several cells and cannot be corrected automatically; correct it by hand")
	whyUnmended = lang.T("改后问题依然存在，没有修正；请人工改正", "the finding would still be there after the fix, so it was not made; correct it by hand")
)

// whyUncertain says that a score depends on a fix in a way that is not known.
func whyUncertain(at grid.Location) lang.Text {
	return lang.F("%[1]s 的公式要用到这一格，却算不出改正后的结果，得分、总分会是多少不能确定，没有改正；请在 Excel 或 WPS 中改正并保存，或用 --unsafe-fixes",
		"the formula of %[1]s depends on the cell and cannot be computed here, so that it is not known what score or total the fix would bring about, and it was not made; correct it in Excel or WPS, or use --unsafe-fixes", at.Cell)
}

func whyEdit(err error) lang.Text {
	return lang.F("文件改后不能正确读回，没有修正；请人工改正（%[1]v）", "the file could not be edited safely, so the fix was not made; correct it by hand (%[1]v)", err)
}

func whyHarm(f *checks.Finding) lang.Text {
	if f == nil {
		return whyUnmended
	}
	return lang.F("改后会出现新的问题，没有修正：%[1]s [%[2]s]；请一并人工改正",
		"the fix would bring about a new finding and was not made: %[1]s [%[2]s]; correct both by hand", f.Message, f.Rule.Name)
}

// changes gives the cells that were changed in all, with the reasons, in their order.
func (m *mender) changes(first *state) []checks.CellChange {
	places := map[spot]grid.Location{}
	first.index()
	for at, spot := range first.spots {
		places[spot] = at
	}
	index := map[spot]int{}
	var out []checks.CellChange
	for _, c := range m.done {
		for n, e := range c.edits {
			i, ok := index[c.spots[n]]
			if !ok {
				i = len(out)
				index[c.spots[n]] = i
				at, stored := places[c.spots[n]]
				if !stored {
					at = e.At
				}
				change := checks.CellChange{Edit: checks.Edit{At: at, From: e.From}}
				if cell := first.cell(at); cell != nil && cell.Formula != "" {
					change.From = cell.Text // it may have been computed anew before it was changed
				}
				change.At.File, change.At.Path = e.At.File, e.At.Path
				if form := c.key.form; form > 0 && form <= len(first.doc.Forms) {
					change.Form = first.doc.Forms[form-1]
				}
				out = append(out, change)
			}
			out[i].To = e.To
			out[i].For = append(out[i].For, c.finding)
		}
	}
	out = slices.DeleteFunc(out, func(c checks.CellChange) bool { return c.From == c.To })
	slices.SortStableFunc(out, func(a, b checks.CellChange) int { return a.At.Compare(b.At) })
	return out
}

// recalculated gives the cells whose formulas were computed anew, in their order.
func (m *mender) recalculated(first *state) []checks.CellChange {
	first.index()
	forms, paths := map[grid.Location]*schema.Form{}, map[grid.Location]string{}
	for _, form := range first.doc.Forms {
		for pointer, f := range form.Fields() {
			if at := place(f.At); f.Present() && paths[at] == "" {
				forms[at], paths[at] = form, pointer
			}
		}
	}
	index := map[grid.Location]int{}
	var out []checks.CellChange
	for _, e := range m.now.recalculated {
		at := place(e.At)
		i, ok := index[at]
		if !ok {
			i = len(out)
			index[at] = i
			change := checks.CellChange{Edit: checks.Edit{At: e.At, From: e.From}, Form: forms[at]}
			change.At.Path = paths[at]
			out = append(out, change)
		}
		out[i].To = e.To
	}
	changed := map[grid.Location]bool{} // formulas that then gave way to a value
	for _, c := range m.done {
		for _, e := range c.edits {
			changed[place(e.At)] = true
		}
	}
	out = slices.DeleteFunc(out, func(c checks.CellChange) bool { return c.From == c.To || changed[place(c.At)] })
	slices.SortStableFunc(out, func(a, b checks.CellChange) int { return a.At.Compare(b.At) })
	return out
}

// undoneNow gives the fixes that were not made and are still proposed.
func (m *mender) undoneNow() []checks.Undone {
	why := map[string]lang.Text{}
	for _, u := range m.undone {
		why[u.id] = u.why
	}
	var out []checks.Undone
	for i := range m.now.inForce.Findings {
		f := &m.now.inForce.Findings[i]
		if !wanted(f, m.opts) {
			continue
		}
		c, reason := m.now.candidate(f)
		if tried, ok := why[c.id]; ok {
			reason = tried
		}
		if !reason.IsZero() && !m.held[c.key] {
			out = append(out, checks.Undone{Finding: f, Why: reason})
		}
	}
	return out
}

// Refuse gives what becomes of the fixes of a file that is not corrected: none is made,
// all for one reason. The findings that are accepted are among the suppressed ones of the
// report.
func Refuse(report checks.FileReport, opts Options, why lang.Text) checks.Fixes {
	var fixes checks.Fixes
	for i := range report.Findings {
		if f := &report.Findings[i]; wanted(f, opts) {
			fixes.Undone = append(fixes.Undone, checks.Undone{Finding: f, Why: why})
		}
	}
	return fixes
}

// wanted reports whether a finding has a fix that is to be applied.
func wanted(f *checks.Finding, opts Options) bool {
	return f.Fix != nil && len(f.Fix.Edits) > 0 && (f.Fix.Safety == checks.Safe || opts.Unsafe)
}
