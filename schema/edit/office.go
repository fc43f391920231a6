package edit

import (
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/office"
)

var (
	whyFormula = lang.F("这一格是公式，没有用数值覆盖；%[1]s", "the cell has a formula, which was not overwritten by a value; %[1]s", helpFormula)

	helpFormula = lang.T("请在 Excel 或 WPS 中打开，重新计算并保存后再检查，或改正公式",
		"open the file in Excel or WPS, let it recalculate, save and check it again, or correct the formula")
	whyPackage = lang.T("文件的结构特殊，不能保证只改这一处，没有修改；请用 Office 或 WPS 另存后再试",
		"the file is built unusually and this place could not be changed by itself; save the file again with Office or WPS and try again")
)

// workbook edits a workbook.
func (j *job) workbook(data []byte, doc *grid.Document, targets []target) []byte {
	var values []office.Value
	var made []target
	replaced := 0
	for _, t := range targets {
		if t.cell != nil && t.cell.Formula != "" {
			if !j.opts.Formulas {
				j.refuse(t.Edit, whyFormula)
				continue
			}
			replaced++
		}
		values = append(values, valueOf(t))
		made = append(made, t)
	}
	if len(values) == 0 {
		return nil
	}
	formulas := formulasOf(doc)
	out, why, err := office.SetValues(j.ctx, data, values, office.ValueOptions{
		Formula:     func(at grid.Location) string { return formulas[at] },
		Recalculate: len(formulas) > replaced,
	})
	return j.written(data, out, made, why, err)
}

// formulasOf gives the formulas of a workbook.
func formulasOf(doc *grid.Document) map[grid.Location]string {
	formulas := map[grid.Location]string{}
	for _, t := range doc.Tables {
		for _, r := range t.Rows {
			for _, c := range r.Cells {
				if c.Formula != "" {
					formulas[grid.Location{Sheet: t.Name, Line: c.Row, Column: c.Col}] = c.Formula
				}
			}
		}
	}
	return formulas
}

// document edits a Word document.
func (j *job) document(data []byte, _ *grid.Document, targets []target) []byte {
	texts := make([]office.Text, len(targets))
	for i, t := range targets {
		texts[i] = office.Text{At: t.cell.Loc, From: t.From, To: t.To}
	}
	out, why, err := office.SetTexts(j.ctx, data, texts)
	return j.written(data, out, targets, why, err)
}

// written passes on what was refused. A package that could not be written stays as it
// was, so that the edit is looked for that it fails at.
func (j *job) written(data, out []byte, targets []target, why []lang.Text, err error) []byte {
	if err != nil {
		return data
	}
	for i, t := range targets {
		if !why[i].IsZero() {
			j.refuse(t.Edit, why[i])
		}
	}
	return out
}
