package report

import (
	"strconv"
	"strings"

	"jixiaolint/checks"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/office"
)

// The looks of written sheets.
var (
	titleStyle  = office.Style{Bold: true, Size: 16, Color: "1F3864", Middle: true}
	quietStyle  = office.Style{Color: "595959", Middle: true}
	headerStyle = office.Style{Bold: true, Color: "FFFFFF", Fill: "1F3864", Border: true, Center: true, Middle: true, Wrap: true}
	textStyle   = office.Style{Border: true, Wrap: true, Middle: true}
	midStyle    = office.Style{Border: true, Wrap: true, Center: true, Middle: true}
)

func severityStyle(s checks.Severity) office.Style {
	st := midStyle
	st.Bold, st.Fill = true, severityFills[s]
	st.Color = map[checks.Severity]string{checks.Error: "9C0006", checks.Warning: "7F6000", checks.Note: "1F4E79"}[s]
	return st
}

// list makes the sheet 审核意见 of a copy: all findings, and where they are.
func (a *annotated) list(job *copyJob) office.List {
	l := a.opts.Lang
	in := func(zh, en string) string { return lang.T(zh, en).In(l) }
	columns := []struct {
		name  string
		width float64
	}{
		{in("序号", "No."), 6}, {in("程度", "Severity"), 9}, {in("位置", "Place"), 16}, {in("规则", "Rule"), 27},
		{in("问题", "What is wrong"), 50}, {in("填报", "Filed"), 15}, {in("应为", "Expected"), 15},
		{in("依据", "Basis"), 32}, {in("建议", "Advice"), 36},
	}
	layout := office.SheetLayout{
		Header: 4, Filter: len(job.Opinions) > 0, TabColor: "C00000",
		Footer: in("&L审核意见 · "+a.opts.Tool+"&R第 &P 页，共 &N 页", "&LReview findings · "+a.opts.Tool+"&Rpage &P of &N"),
		Merges: []string{"A1:I1", "A2:I2", "E3:I3"},
	}
	var header []office.Cell
	for _, c := range columns {
		layout.Widths = append(layout.Widths, c.width)
		header = append(header, office.Cell{Text: c.name, Style: headerStyle})
	}
	if len(job.Opinions) == 0 {
		layout.Merges = append(layout.Merges, "A5:I5")
	}
	return office.List{Name: in("审核意见", "Review findings"), Layout: layout, Write: func(s *office.Sheet) {
		s.Row(32, office.Cell{Text: in("审核意见", "Review findings"), Style: titleStyle})
		subtitle := Sanitize(job.File)
		if job.Notice != "" {
			subtitle += in("　—　", " — ") + Sanitize(job.Notice)
		}
		s.Row(20, office.Cell{Text: subtitle, Style: quietStyle})
		s.Row(22, a.legend(job.Opinions)...)
		s.Row(26, header...)
		several := severalSheets(job.Opinions)
		for i := range job.Opinions {
			s.Row(22, a.row(i+1, &job.Opinions[i], several)...)
		}
		if len(job.Opinions) == 0 {
			s.Row(30, office.Cell{Text: in("没有发现问题", "no problems found"), Style: office.Style{Center: true, Middle: true, Color: "006100", Fill: "E2EFDA"}})
		}
	}}
}

// legend counts the opinions by severity, each in the colour of its cells.
func (a *annotated) legend(opinions []opinion) []office.Cell {
	l := a.opts.Lang
	cells := []office.Cell{{}}
	for _, s := range []checks.Severity{checks.Error, checks.Warning, checks.Note} {
		n := 0
		for i := range opinions {
			if opinions[i].Severity == s {
				n++
			}
		}
		st := severityStyle(s)
		st.Wrap = false
		cells = append(cells, office.Cell{Text: lang.F("%[1]s %[2]d", "%[1]ss: %[2]d", s.Label(), n).In(l), Style: st})
	}
	return append(cells, office.Cell{Style: quietStyle, Text: lang.T(
		"表中有问题的单元格以同样的颜色标出，批注说明原因；点“位置”可跳到该单元格。",
		"The cells in question have the same colours, and a comment that says why; click a place to go there.").In(l)})
}

// cellInSheet names a cell first and then its sheet, whose name may be too long for the
// column.
func cellInSheet(at grid.Location) string { return Sanitize(at.Cell + " · " + at.Sheet) }

// severalSheets reports whether the opinions are about cells of different sheets, so
// that a cell alone says too little.
func severalSheets(opinions []opinion) bool {
	first := ""
	for i := range opinions {
		switch sheet := opinions[i].At.Sheet; {
		case sheet == "":
		case first == "":
			first = sheet
		case sheet != first:
			return true
		}
	}
	return false
}

func (a *annotated) row(n int, o *opinion, severalSheets bool) []office.Cell {
	l := a.opts.Lang
	where := office.Cell{Text: o.Place, Style: midStyle}
	if o.At.Sheet != "" && o.At.Cell != "" {
		where.Place = office.CellPlace(o.At.Sheet, o.At.Cell)
		where.Text = o.At.Cell
		if severalSheets {
			where.Text = cellInSheet(o.At)
		}
	} else if where.Text == "" {
		where.Text = lang.T("整个文件", "the whole file").In(l)
	}
	rule := o.Rule
	if o.Title != "" {
		rule = o.Title + "\n" + o.Rule
	}
	return []office.Cell{
		{Number: strconv.Itoa(n), Style: midStyle},
		{Text: o.Severity.Label().In(l), Style: severityStyle(o.Severity)},
		where,
		{Text: rule, Style: textStyle},
		{Text: o.Message, Style: textStyle},
		{Text: o.Found, Style: midStyle},
		{Text: o.Expected, Style: midStyle},
		{Text: strings.ReplaceAll(o.Basis, lang.T("；", "; ").In(l), "\n"), Style: textStyle},
		{Text: o.Measure, Style: textStyle},
	}
}
