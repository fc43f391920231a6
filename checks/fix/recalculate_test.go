package fix

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
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
	"jixiaolint/checks/formtest"
	"jixiaolint/schema"
)

// parts gives the parts of a package.
func parts(t *testing.T, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(text)
	}
	return out
}

// reStringResult finds a number that excelize stores as text, being the result of a formula.
var reStringResult = regexp.MustCompile(`(<c [^>]*?) t="str"([^>]*><f>[^<]*</f><v>-?[\d.]+</v>)`)

// computed changes a workbook as workbook does, and stores the results of formulas that are
// numbers as numbers.
func computed(t *testing.T, data []byte, changes map[string]any) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	all := parts(t, workbook(t, data, changes))
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range all {
			if !yield(name) {
				return
			}
		}
	}) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, reStringResult.ReplaceAllString(all[name], "$1$2"))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// sumOf is the formula of the total of a form.
func sumOf(form *schema.Form) string {
	addends := []string{form.FundTotal().Score.At.Cell}
	for _, r := range form.Indicators {
		addends = append(addends, r.Score.At.Cell)
	}
	return "=SUM(" + strings.Join(addends, ",") + ")"
}

// formulaForm is a correct form with a typed rate, from which formulas compute the score,
// the total and the grade.
func formulaForm(t *testing.T, rate, score, total float64, grade string) (data []byte, form *schema.Form) {
	t.Helper()
	data = fixtures(t, "correct")["correct/1-kouan.xlsx"]
	form = fileOf("form.xlsx", data).Read(t.Context(), data).Forms[0]
	top := form.FundTotal()
	at := form.Total.Score.At.Cell
	data = computed(t, data, map[string]any{top.Rate.At.Cell: rate, top.Score.At.Cell: score, at: total})
	changes := map[string]any{top.Score.At.Cell: "=ROUND(" + top.Rate.At.Cell + "*" + top.Weight.At.Cell + ",2)", at: sumOf(form)}
	if form.Total.Grade.Present() {
		g := form.Total.Grade.At.Cell
		data = computed(t, data, map[string]any{g: grade})
		changes[g] = `=IF(` + at + `>=90,"优",IF(` + at + `>=80,"良",IF(` + at + `>=60,"中","差")))`
	}
	return computed(t, data, changes), form
}

// A corrected rate changes the score that a formula computes from it, and that the total, in
// one run; the formulas stay, and so does all else.
func TestRecalculates(t *testing.T) {
	t.Parallel()
	data, form := formulaForm(t, 0.9321, 9.32, 96.32, "优")
	for _, unsafe := range []bool{false, true} {
		r, faults := prove(t, fileOf("form.xlsx", data), Options{Unsafe: unsafe})
		if len(faults) > 0 || len(r.Fixes.Undone) > 0 || len(r.Report.Findings) > 0 {
			t.Errorf("unsafe %v: %v; not made %v; left %v", unsafe, faults, r.Fixes.Undone, r.Report.Findings)
		}
		if len(r.Fixes.Changes) != 1 || r.Fixes.Changes[0].At.Cell != form.FundTotal().Rate.At.Cell {
			t.Errorf("unsafe %v: changed %v", unsafe, r.Fixes.Changes)
		}
		var got []string
		for _, c := range r.Fixes.Recalculated {
			got = append(got, c.At.Cell+" "+c.At.Path+" "+c.From+" "+c.To)
		}
		want := []string{form.FundTotal().Score.At.Cell + " /funds/rows/0/score 9.32 9.23", form.Total.Score.At.Cell + " /total/score 96.32 96.23"}
		if !slices.Equal(got, want) {
			t.Errorf("unsafe %v: recalculated %q, want %q", unsafe, got, want)
		}
		before := parts(t, data)
		for name, text := range parts(t, r.Data) {
			restored := text
			switch {
			case name == "xl/workbook.xml":
				if !strings.Contains(text, `fullCalcOnLoad="1"`) {
					t.Error("the workbook is not marked to be computed")
				}
				continue
			case strings.HasPrefix(name, "xl/worksheets/"):
				restored = strings.NewReplacer("<v>0.9231<", "<v>0.9321<", "<v>9.23<", "<v>9.32<", "<v>96.23<", "<v>96.32<").Replace(text)
			}
			if restored != before[name] {
				t.Errorf("unsafe %v: %s changed beyond the cells that are named", unsafe, name)
			}
		}
	}
}

// A formula that leaves out a row gives a wrong total before and after the rate is corrected.
// A value takes its place only when asked, and what it held at first is what is reported.
func TestWrongFormula(t *testing.T) {
	t.Parallel()
	data, form := formulaForm(t, 0.9321, 9.32, 96.32, "优")
	last := form.Indicators[len(form.Indicators)-1].Score
	at := form.Total.Score.At.Cell
	data = computed(t, data, map[string]any{at: 86.32})
	data = computed(t, data, map[string]any{at: strings.Replace(sumOf(form), ","+last.At.Cell+")", ")", 1)})
	for unsafe, want := range map[bool]string{false: "86.32 86.23", true: "86.32 96.23"} {
		r, faults := prove(t, fileOf("form.xlsx", data), Options{Unsafe: unsafe})
		changes := r.Fixes.Recalculated
		if unsafe {
			changes = r.Fixes.Changes
		}
		if len(faults) > 0 || len(changes) != 2 || changes[1].From+" "+changes[1].To != want {
			t.Errorf("unsafe %v: changed %v, recalculated %v, %v", unsafe, r.Fixes.Changes, r.Fixes.Recalculated, faults)
		}
	}
}

// LibreOffice, which shows the results that a file stores, shows those of a corrected one.
func TestLibreOfficeShowsRecalculated(t *testing.T) {
	t.Parallel()
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	data, _ := formulaForm(t, 0.9321, 9.32, 96.32, "优")
	r, _, _ := mend(t, fileOf("form.xlsx", data), Options{})
	dir := t.TempDir()
	file := filepath.Join(dir, "form.xlsx")
	if err := os.WriteFile(file, r.Data, 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), soffice, "--headless", "-env:UserInstallation=file://"+dir+"/profile",
		"--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", dir, file)
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	shown, err := os.ReadFile(filepath.Join(dir, "form.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{",92.31%,9.23\n", ",96.23,"} {
		if !strings.Contains(string(shown), want) {
			t.Errorf("LibreOffice does not show %q:\n%s", want, shown)
		}
	}
}

// A safe fix that would let formulas raise the score and the total is not made.
func TestRecalculationNeverRaises(t *testing.T) {
	t.Parallel()
	data, form := formulaForm(t, 0.9, 9, 96, "优")
	r, faults := prove(t, fileOf("form.xlsx", data), Options{})
	if len(faults) > 0 || len(r.Fixes.Changes) > 0 || !bytes.Equal(r.Data, data) {
		t.Errorf("changed %v, %v", r.Fixes.Changes, faults)
	}
	if !slices.ContainsFunc(r.Fixes.Undone, func(u checks.Undone) bool {
		return u.Finding.Rule.Name == "execution-rate-mismatch" && u.Why == whyRaise
	}) {
		t.Errorf("not made %v", r.Fixes.Undone)
	}
	r, faults = prove(t, fileOf("form.xlsx", data), Options{Unsafe: true})
	if len(faults) > 0 || r.Doc.Forms[0].Total.Score.Text != "96.23" || len(r.Fixes.Recalculated) != 2 {
		t.Errorf("total %q (%s), recalculated %v, not made %v, %v", r.Doc.Forms[0].Total.Score.Text, form.Total.Score.At.Cell, r.Fixes.Recalculated, r.Fixes.Undone, faults)
	}
}

// withFormulas puts formulas for the score of the execution and the total into the form of
// a workbook, and sometimes for the rate, with the results that excelize computes.
func withFormulas(t *testing.T, rng *rand.Rand, data []byte) []byte {
	t.Helper()
	form := fileOf("form.xlsx", data).Read(t.Context(), data).Forms[0]
	top := form.FundTotal()
	if top == nil || !top.Score.Present() || !form.Total.Score.Present() {
		return data
	}
	var order []string
	formulas, changes, values := map[string]string{}, map[string]any{}, map[string]any{}
	add := func(f schema.Field, formula string) {
		order = append(order, f.At.Cell)
		formulas[f.At.Cell], changes[f.At.Cell] = formula, formula
	}
	if rng.IntN(3) == 0 && strings.HasSuffix(top.Rate.Text, "%") {
		add(top.Rate, "=ROUND("+top.Executed.At.Cell+"/"+top.Adjusted.At.Cell+",4)")
	}
	if top.Weight.Present() && strings.HasSuffix(top.Rate.Text, "%") {
		add(top.Score, "=ROUND("+top.Rate.At.Cell+"*"+top.Weight.At.Cell+",2)")
	}
	add(form.Total.Score, sumOf(form))
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for _, cell := range order {
		err := f.SetCellFormula(f.GetSheetName(0), cell, formulas[cell][1:])
		text, err2 := f.CalcCellValue(f.GetSheetName(0), cell, excelize.Options{RawCellValue: true})
		value, err3 := strconv.ParseFloat(text, 64)
		if errors.Join(err, err2, err3) != nil {
			return data // words where a figure is due
		}
		values[cell] = value
	}
	return computed(t, computed(t, data, values), changes)
}

// Forms whose rates, scores and totals are computed are corrected as others are: what is
// named changes, no score is raised unasked, and a second run finds nothing to do.
func TestDefectsBehindFormulas(t *testing.T) {
	t.Parallel()
	layouts := formtest.Layouts()
	l := layouts[slices.IndexFunc(layouts, func(l formtest.Layout) bool { return l.Name == "one sheet" })]
	defects := formtest.Defects()
	recalculated := 0
	for seed := range count(100) {
		rng := random(seed)
		form := formtest.Draft(rng)
		for range 1 + rng.IntN(2) {
			if d := defects[rng.IntN(len(defects))]; !d.OnlyJSON {
				inject(d, rng, form)
			}
		}
		data, err := l.Write(rng, []*schema.Form{formtest.Reread(form)})
		if err != nil {
			t.Fatal(err)
		}
		if doc := l.Read(data); len(doc.Forms) != 1 {
			continue
		}
		data = withFormulas(t, rng, data)
		for _, unsafe := range []bool{false, true} {
			r, faults := prove(t, fileOf(l.File, data), Options{Unsafe: unsafe})
			recalculated += len(r.Fixes.Recalculated)
			if len(faults) > 0 {
				t.Errorf("seed %d, unsafe %v:\n\t%s", seed, unsafe, strings.Join(faults, "\n\t"))
			}
		}
	}
	if recalculated < count(20) {
		t.Errorf("only %d results were recalculated", recalculated)
	}
}
