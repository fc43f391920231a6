package fix

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// workbook changes a workbook: values and formulas by cell. Formulas have the results
// that the workbook held.
func workbook(t *testing.T, data []byte, changes map[string]any) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	sheet := f.GetSheetName(0)
	for cell, v := range changes {
		if formula, ok := v.(string); ok && strings.HasPrefix(formula, "=") {
			err = f.SetCellFormula(sheet, cell, formula[1:])
		} else {
			err = f.SetCellValue(sheet, cell, v)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A total that a formula computes is left to its formula when a score is corrected: its
// old result is no reason to take the correction back, nor to replace the formula.
func TestFormulas(t *testing.T) {
	t.Parallel()
	data := fixtures(t, "correct")["correct/1-kouan.xlsx"]
	doc := fileOf("form.xlsx", data).Read(t.Context(), data)
	form := doc.Forms[0]
	score, total := form.FundTotal().Score, form.Total.Score
	var addends []string
	for _, r := range form.Indicators {
		addends = append(addends, r.Score.At.Cell)
	}
	broken := workbook(t, data, map[string]any{score.At.Cell: 9.9, total.At.Cell: 96.9})
	broken = workbook(t, broken, map[string]any{total.At.Cell: "=" + score.At.Cell + "+" + strings.Join(addends, "+")})
	for _, unsafe := range []bool{false, true} {
		r, _, before := mend(t, fileOf("form.xlsx", broken), Options{Unsafe: unsafe})
		if before.Fixable() != 1 || before.Forms[0].Declared.Score != "96.9" {
			t.Fatalf("declared %v, found %v", before.Forms[0].Declared, before.Findings)
		}
		if len(r.Fixes.Changes) == 0 || r.Fixes.Changes[0].At.Cell != score.At.Cell {
			t.Errorf("unsafe %v: changed %v, not made %v", unsafe, r.Fixes.Changes, r.Fixes.Undone)
		}
		c := r.Doc.Forms[0].Total.Score.Row.Cell(total.At.Column)
		if c == nil || c.Formula == "" || c.Text != "96.9" {
			t.Errorf("unsafe %v: the total is %+v", unsafe, c)
		}
		if len(r.Fixes.Undone) != 1 || r.Fixes.Undone[0].Why != whyStale {
			t.Errorf("unsafe %v: not made %v", unsafe, r.Fixes.Undone)
		}
	}
}
