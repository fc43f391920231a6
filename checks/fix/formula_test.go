package fix

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jixiaolint/checks"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
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

// A total whose formula cannot be computed here is left to it when a score is corrected:
// its old result is no reason to take the correction back, nor to replace the formula. But
// what becomes of the total is not known, so the correction is not made unasked.
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
	r, _, before := mend(t, fileOf("form.xlsx", broken), Options{})
	if before.Fixable() != 1 || before.Forms[0].Declared.Score != "96.9" {
		t.Fatalf("declared %v, found %v", before.Forms[0].Declared, before.Findings)
	}
	if len(r.Fixes.Changes) > 0 || len(r.Fixes.Undone) != 1 || r.Fixes.Undone[0].Why != whyUncertain(total.At) {
		t.Errorf("unasked: changed %v, not made %v", r.Fixes.Changes, r.Fixes.Undone)
	}
	r, _, _ = mend(t, fileOf("form.xlsx", broken), Options{Unsafe: true})
	if len(r.Fixes.Changes) == 0 || r.Fixes.Changes[0].At.Cell != score.At.Cell {
		t.Errorf("changed %v, not made %v", r.Fixes.Changes, r.Fixes.Undone)
	}
	c := r.Doc.Forms[0].Total.Score.Row.Cell(total.At.Column)
	if c == nil || c.Formula == "" || c.Text != "96.9" {
		t.Errorf("the total is %+v", c)
	}
	if len(r.Fixes.Undone) != 1 || r.Fixes.Undone[0].Why != whyStale {
		t.Errorf("not made %v", r.Fixes.Undone)
	}
	// Nor does a second run take the old result for more than the first one did.
	again, _, _ := mend(t, fileOf("form.xlsx", r.Data), Options{Unsafe: true})
	if len(again.Fixes.Changes) > 0 || len(again.Fixes.Undone) != 1 || again.Fixes.Undone[0].Why != whyStale {
		t.Errorf("a second run changed %v, not made %v", again.Fixes.Changes, again.Fixes.Undone)
	}
}

// A correction that is taken back leaves no trace: that a formula would have been stale
// after it is no reason against a fix of the formula's own cell.
func TestTakenBackLeavesOthers(t *testing.T) {
	t.Parallel()
	data := fixtures(t, "correct")["correct/1-kouan.xlsx"]
	plain := fileOf("form.xlsx", data)
	form := plain.Read(t.Context(), data).Forms[0]
	score, total := form.FundTotal().Score, form.Total.Score
	broken := workbook(t, data, map[string]any{total.At.Cell: "=" + score.At.Cell})
	f := fileOf("form.xlsx", broken)
	harmful, good, harm := &checks.Rule{Name: "harmful"}, &checks.Rule{Name: "good"}, &checks.Rule{Name: "harm"}
	f.Check = func(_ context.Context, doc *schema.Document) checks.FileReport {
		form := doc.Forms[0]
		r := checks.FileReport{Forms: []checks.FormReport{{Form: form}}}
		say := func(rule *checks.Rule, at schema.Field, to string) {
			finding := checks.Finding{Rule: rule, Severity: checks.Error, Form: form, At: at}
			if to != "" {
				finding.Fix = &checks.Fix{Safety: checks.Unsafe, Edits: []checks.Edit{{At: at.At, From: at.Text, To: to}}}
			}
			r.Findings = append(r.Findings, finding)
		}
		if s := form.FundTotal().Score; s.Text != "1.5" {
			say(harmful, s, "1.5")
		} else {
			say(harm, s, "")
		}
		if s := form.Total.Score; s.Text != "2.5" {
			say(good, s, "2.5")
		}
		return r
	}
	r, _, _ := mend(t, f, Options{Unsafe: true})
	if len(r.Fixes.Changes) != 1 || r.Fixes.Changes[0].At.Cell != total.At.Cell || r.Fixes.Changes[0].To != "2.5" {
		t.Errorf("changed %v", r.Fixes.Changes)
	}
	if len(r.Fixes.Undone) != 1 || r.Fixes.Undone[0].Finding.Rule != harmful || r.Fixes.Undone[0].Why == whyStale {
		t.Errorf("not made %v", r.Fixes.Undone)
	}
}

// Places where a workbook stores no cell are told apart like any others.
func TestBlankPlaces(t *testing.T) {
	t.Parallel()
	f := fileOf("form.xlsx", fixtures(t, "correct")["correct/1-kouan.xlsx"])
	rule := &checks.Rule{Name: "blank"}
	var blank []grid.Location
	f.Check = func(_ context.Context, doc *schema.Document) checks.FileReport {
		form := doc.Forms[0]
		r := checks.FileReport{Forms: []checks.FormReport{{Form: form}}}
		if blank != nil {
			return r
		}
		for _, column := range []int{40, 41} {
			at := grid.Location{Sheet: form.Start.At.Sheet, Line: form.Start.At.Line, Column: column, Cell: grid.CellName(column, form.Start.At.Line), Path: fmt.Sprint("/", column)}
			blank = append(blank, at)
			r.Findings = append(r.Findings, checks.Finding{
				Rule: rule, Severity: checks.Error, Form: form, At: schema.Field{At: at},
				Fix: &checks.Fix{Safety: checks.Safe, Edits: []checks.Edit{{At: at, To: fmt.Sprint("new", column)}}},
			})
		}
		return r
	}
	r, _, _ := mend(t, f, Options{})
	var got []string
	for _, c := range r.Fixes.Changes {
		got = append(got, c.At.Cell+" "+c.To)
	}
	if want := []string{"AN2 new40", "AO2 new41"}; !slices.Equal(got, want) {
		t.Errorf("changed %q, want %q; not made %v", got, want, r.Fixes.Undone)
	}
}

// Where a figure is wrong that formulas compute others from, it alone is corrected: the
// formulas are right, though their results are not yet.
func TestFormulasOfWrongFigure(t *testing.T) {
	t.Parallel()
	data := fixtures(t, "correct")["correct/1-kouan.xlsx"]
	form := fileOf("form.xlsx", data).Read(t.Context(), data).Forms[0]
	rate, score, total := form.FundTotal().Rate.At.Cell, form.FundTotal().Score.At.Cell, form.Total.Score.At.Cell
	addends := []string{score}
	for _, r := range form.Indicators {
		addends = append(addends, r.Score.At.Cell)
	}
	broken := workbook(t, data, map[string]any{rate: 0.9321, score: 9.32, total: 96.32})
	broken = workbook(t, broken, map[string]any{score: "=ROUND(" + rate + "*10,2)", total: "=" + strings.Join(addends, "+")})
	r, _, _ := mend(t, fileOf("form.xlsx", broken), Options{Unsafe: true})
	if len(r.Fixes.Changes) != 1 || r.Fixes.Changes[0].At.Cell != rate {
		t.Errorf("changed %v", r.Fixes.Changes)
	}
	for _, u := range r.Fixes.Undone {
		if u.Why != whyStale {
			t.Errorf("%s was not made: %s", u.Finding.Rule.Name, u.Why.EN)
		}
	}
}

// A score that is in doubt after a fix counts, however many cells came out of doubt by it.
func TestUncertainScore(t *testing.T) {
	t.Parallel()
	data := fixtures(t, "correct")["correct/1-kouan.xlsx"]
	doc := fileOf("form.xlsx", data).Read(t.Context(), data)
	form := doc.Forms[0]
	rate, total := place(form.FundTotal().Rate.At), place(form.Total.Score.At)
	before := &state{doc: doc, stale: map[grid.Location]bool{rate: true}}
	after := &state{doc: doc, stale: map[grid.Location]bool{total: true}}
	if at, found := uncertain(before, after); !found || place(at) != total {
		t.Errorf("in doubt: %v, %s", found, at)
	}
	if _, found := uncertain(after, after); found {
		t.Error("a score that was in doubt before counts")
	}
}
