package template

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jixiaolint/checks"
	"jixiaolint/checks/profile"
	"jixiaolint/schema"
	"jixiaolint/schema/export"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// blank writes a blank template.
func blank(t testing.TB, p *profile.Profile, rows int) []byte {
	t.Helper()
	return write(t, Form{Profile: p, Year: 2025, Indicators: rows})
}

// cellsOf gives the cells of the fields of a blank template.
func cellsOf(t testing.TB, p *profile.Profile, rows int) map[string]string {
	t.Helper()
	return placed(t, &Form{Profile: p, Year: 2025, Indicators: rows})
}

// placed gives the cells of the fields of a template.
func placed(t testing.TB, o *Form) map[string]string {
	t.Helper()
	form, _ := o.draft()
	cells := map[string]string{}
	file, err := export.Workbook([]*schema.Form{form}, export.XLSXOptions{Placed: func(_ int, pointer, _, cell string) { cells[pointer] = cell }})
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return cells
}

// typed fills in a blank template as a clerk does: every text of the form is typed into
// its cell, figures as numbers, and cells that hold no more than a formula are left
// alone. A locked cell takes nothing.
func typed(t testing.TB, p *profile.Profile, rows int, form *schema.Form) []byte {
	t.Helper()
	file, err := excelize.OpenReader(bytes.NewReader(blank(t, p, rows)))
	if err != nil {
		t.Fatal(err)
	}
	cells, sheet := cellsOf(t, p, rows), file.GetSheetName(0)
	for pointer, f := range form.Fields() {
		cell := cells[pointer]
		now, err := file.GetCellValue(sheet, cell)
		if cell == "" || err != nil || !f.Filled() || now == f.Text || strings.HasSuffix(pointer, "/level1") || strings.HasPrefix(pointer, "/groups") || pointer == "/funds" || pointer == "/indicators" {
			continue
		}
		if locked(t, file, sheet, cell) {
			t.Fatalf("%s (%s) takes no %q: it is locked and holds %q", pointer, cell, f.Text, now)
		}
		n, _, isNumber := quantity.ParseDecimal(f.Text)
		last := pointer[strings.LastIndexByte(pointer, '/')+1:]
		if isNumber && !slices.Contains([]string{"target", "actual"}, last) {
			err = file.SetCellDefault(sheet, cell, n.String())
		} else {
			err = file.SetCellStr(sheet, cell, f.Text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	// What is typed makes a spreadsheet compute anew; here the old results are dropped.
	var b bytes.Buffer
	if err := errors.Join(file.UpdateLinkedValue(), file.Write(&b)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func locked(t testing.TB, file *excelize.File, sheet, cell string) bool {
	t.Helper()
	id, err := file.GetCellStyle(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	style, err := file.GetStyle(id)
	if err != nil {
		t.Fatal(err)
	}
	return style.Protection == nil || style.Protection.Locked
}

// borders makes a form whose scores lie on borders of rounding more often than not:
// ratios with denominators of 2 and 5, and results a step beside the target.
func borders(rng *rand.Rand, p *profile.Profile, rows int) *schema.Form {
	f := fillForm(rng, p, rows)
	for i := range f.Indicators {
		r := &f.Indicators[i]
		if r.Score.Filled() {
			continue // words and dates
		}
		d := rng.IntN(3)
		scale := []int64{1, 10, 100}[d]
		t := []int64{8, 16, 40, 80, 125, 200, 400, 625, 1000, 3, 7, 90}[rng.IntN(12)]
		v := 1 + rng.Int64N(2*t)
		sign := []string{"≥", "≤", "=", ">", "<", ""}[rng.IntN(6)]
		if rng.IntN(4) == 0 {
			v = t*scale + rng.Int64N(3) - 1
			scale = 1
		}
		if scale == 1 {
			d = 0
		}
		num := func(n int64) string { return quantity.Ratio(n, scale).Text(d) }
		if sign == "" || sign == "=" && p.Equal == profile.Exact {
			v = t * scale
			t *= scale
		}
		r.Target, r.Actual = text(sign+num(t)), text(num(v))
	}
	return f
}

// The formulas give what the rules call due, at the borders of rounding too.
func TestScoresAtBorders(t *testing.T) {
	some := []string{"cn-2020", "hebei", "jiangxi", "hubei-20-80"}
	if testing.Short() {
		some = some[:1]
	}
	for _, name := range some {
		p := load(t, name)
		for seed := range uint64(2) {
			form := borders(rand.New(rand.NewPCG(seed, 3)), p, 60)
			compare(t, lint(t, write(t, Form{Profile: p, Year: 2025, Indicators: 60, From: form}), p))
		}
	}
	if testing.Short() {
		return
	}
	// Every formula that a profile may name.
	p := *load(t, "cn-2020")
	for _, f := range []profile.Formula{profile.Proportional, profile.Linear, profile.Ratio, profile.Either, profile.Free, profile.AllOrNothing} {
		p.Positive, p.Equal, p.Reverse, p.Decimals = f, f, f, 1
		form := borders(rand.New(rand.NewPCG(9, 3)), &p, 40)
		if readings := f.Readings(); len(readings) == 0 {
			for i := range form.Indicators {
				if r := &form.Indicators[i]; !r.Score.Filled() {
					r.Actual = text(strings.TrimLeft(r.Target.Text, "≥≤=<>"))
				}
			}
		}
		compare(t, lint(t, write(t, Form{Profile: &p, Year: 2025, Indicators: 40, From: form}), &p))
	}
}

// The real LibreOffice opens the blank template of every profile, filled in by typing,
// and computes what the rules call due; what it saves has no finding.
func TestOfficeComputesTemplates(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed: the formulas are computed by excelize only")
	}
	if testing.Short() {
		t.Skip("LibreOffice takes seconds to start")
	}
	dir := t.TempDir()
	type filled struct {
		name string
		p    *profile.Profile
		// clean is set where the form has no error.
		clean bool
	}
	var files []filled
	var args []string
	add := func(f filled, rows int, form *schema.Form) {
		path := filepath.Join(dir, f.name+".xlsx")
		if err := os.WriteFile(path, typed(t, f.p, rows, form), 0o600); err != nil {
			t.Fatal(err)
		}
		files, args = append(files, f), append(args, path)
	}
	for i, name := range profile.Names() {
		p := load(t, name)
		rng := rand.New(rand.NewPCG(uint64(i), 5))
		rows := LeastIndicators(p) + rng.IntN(14)
		add(filled{name, p, true}, rows, fillForm(rng, p, rows))
	}
	for _, name := range []string{"cn-2020", "hebei", "jiangxi"} {
		p := load(t, name)
		add(filled{"borders-" + name, p, false}, 150, borders(rand.New(rand.NewPCG(11, 5)), p, 150))
	}
	out := recalculate(t, office, args...)
	for _, f := range files {
		t.Run(f.name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(out, f.name+".xlsx"))
			if err != nil {
				t.Fatal(err)
			}
			report := lint(t, data, f.p)
			compare(t, report)
			for _, x := range report.Findings {
				if f.clean && (x.Rule.Name != "layout-lacks" || f.p.Execution.Weight.Sign() > 0) {
					t.Errorf("%s[%s] %s: %s %s", x.Severity, x.Rule.Name, x.At.At, x.Message.ZH, x.At.Text)
				}
			}
		})
	}
}

// recalculate lets LibreOffice open workbooks, compute them anew and save them in the
// directory that it gives.
func recalculate(t *testing.T, office string, files ...string) string {
	t.Helper()
	out := t.TempDir()
	cmd := exec.CommandContext(t.Context(), office, append([]string{"-env:UserInstallation=file://" + filepath.ToSlash(filepath.Join(out, "profile")), "--headless", "--convert-to", "xlsx", "--outdir", out}, files...)...)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return out
}

// A row that a project does not need may be deleted, and its points given to others: the
// form is still right, though spreadsheets leave #REF! where its cells were referred to.
func TestDeletedRow(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil || testing.Short() {
		t.Skip("LibreOffice is not installed, or takes too long to start")
	}
	p := load(t, "cn-2020")
	file, err := excelize.OpenReader(bytes.NewReader(typed(t, p, 12, fillForm(rand.New(rand.NewPCG(4, 5)), p, 12))))
	if err != nil {
		t.Fatal(err)
	}
	cells, form := cellsOf(t, p, 12), file.GetSheetName(0)
	const deleted, heir = 1, 0 // both are 数量指标
	weight := func(i int) string { return cells[row("indicators", i, "weight")] }
	var points quantity.Number
	for _, i := range []int{deleted, heir} {
		v, err := file.GetCellValue(form, weight(i))
		if err != nil {
			t.Fatal(err)
		}
		n, _, _ := quantity.ParseDecimal(v)
		points = points.Add(n)
	}
	_, line := split(weight(deleted))
	for _, w := range workings {
		cell := w.column + strconv.Itoa(deleted+2)
		formula, err := file.GetCellFormula(workingsName(0), cell)
		if err != nil {
			t.Fatal(err)
		}
		gone := regexp.MustCompile(regexp.QuoteMeta(quoteSheet(form)) + `![A-Z]+` + strconv.Itoa(line) + `\b`)
		if err := file.SetCellFormula(workingsName(0), cell, gone.ReplaceAllString(formula, "#REF!")); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "form.xlsx")
	if err := errors.Join(file.SetCellDefault(form, weight(heir), points.String()), file.RemoveRow(form, line), file.UpdateLinkedValue(), file.SaveAs(path)); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(recalculate(t, office, path), "form.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	report := lint(t, data, p)
	compare(t, report)
	for _, x := range report.Findings {
		t.Errorf("%s[%s] %s: %s %s", x.Severity, x.Rule.Name, x.At.At, x.Message.ZH, x.At.Text)
	}
}

// The same template has the same bytes, and one in English differs in its hints only.
func TestBytesAreStable(t *testing.T) {
	p := load(t, "cn-2020")
	first := blank(t, p, 0)
	if !bytes.Equal(first, blank(t, p, 0)) {
		t.Error("a template is written in two ways")
	}
	var en bytes.Buffer
	if _, err := Write(&en, []Form{{Profile: p, Year: 2025}}, lang.EN); err != nil {
		t.Fatal(err)
	}
	a, b := lint(t, first, p), lint(t, en.Bytes(), p)
	if len(a.Findings) != len(b.Findings) || bytes.Equal(first, en.Bytes()) {
		t.Errorf("%d and %d findings", len(a.Findings), len(b.Findings))
	}
}

// The execution rate is scored as it is shown: what prints as 100.00% earns what 100% does,
// and no more. The rules take the score of the unrounded rate, too.
func TestScoreOfThePrintedRate(t *testing.T) {
	for _, c := range []struct{ profile, budget, executed, score, unrounded string }{
		{"jiangxi", "30000", "29999", "10", "7"},
		{"jiangxi", "30000", "29998", "7", "7"}, // 99.99%
		{"jiangxi", "30000", "23999", "7", "5"},
		{"cn-2020", "8000", "7995.6", "10", "9.99"}, // 99.95%
		{"cn-2020", "8000", "7990", "9.99", "9.99"},
	} {
		p, form := load(t, c.profile), complete(t)
		form.Funds.Rows = form.Funds.Rows[:2]
		for i := range form.Funds.Rows {
			r := &form.Funds.Rows[i]
			r.Initial, r.Adjusted, r.Executed = text(c.budget), text(c.budget), text(c.executed)
			r.Rate, r.Score = schema.Field{}, schema.Field{}
		}
		form.Total = schema.Total{}
		report := lint(t, write(t, Form{Profile: p, Year: 2025, From: form}), p)
		compare(t, report)
		filled := report.Forms[0].Form
		if got := filled.Funds.Rows[0].Score.Text; !equal(got, c.score) {
			t.Errorf("%s, %s of %s: score %s, want %s", c.profile, c.executed, c.budget, got, c.score)
		}
		for _, score := range []string{c.score, c.unrounded} {
			filled.Funds.Rows[0].Score = schema.Field{Text: score, At: filled.Funds.Rows[0].Score.At}
			report := checks.Run(t.Context(), &schema.Document{Forms: []*schema.Form{filled}}, checks.Options{Profile: p})
			for _, x := range report.Findings {
				if x.At.At.Path == filled.Funds.Rows[0].Score.At.Path && x.Severity != checks.Note {
					t.Errorf("%s: score %s: %s", c.executed, score, x.Message.EN)
				}
			}
			if due := report.Forms[0].ScoreCard().Execution.Due; !slices.ContainsFunc(due, func(d string) bool { return equal(d, score) }) {
				t.Errorf("%s: score %s, due %v", c.executed, score, due)
			}
		}
	}
}
