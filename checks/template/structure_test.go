package template

import (
	"archive/zip"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"jixiaolint/checks/profile"
	"jixiaolint/schema/lang"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// What a blank template is made of: its cells and formulas, which of them are locked,
// its input checks, colours, names and merged cells.
func TestStructure(t *testing.T) {
	for _, l := range []lang.Lang{lang.ZH, lang.EN} {
		var b bytes.Buffer
		if _, err := Write(&b, []Form{{Profile: load(t, "cn-2020"), Year: 2025}}, l); err != nil {
			t.Fatal(err)
		}
		got := structure(t, b.Bytes())
		golden := "testdata/cn-2020." + string(l) + ".golden"
		if *update {
			if err := os.WriteFile(golden, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: run go test ./checks/template -run Structure -update and read the difference", golden)
		}
	}
}

func structure(t *testing.T, data []byte) []byte {
	t.Helper()
	file, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for i, sheet := range file.GetSheetList() {
		fmt.Fprintf(&out, "# %s\n", sheet)
		rows, err := file.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for r := range rows {
			if i > 0 && r > 2 {
				break // the workings of all rows are alike
			}
			for c := range 20 {
				cell, _ := excelize.CoordinatesToCellName(c+1, r+1)
				value, _ := file.GetCellValue(sheet, cell)
				formula, _ := file.GetCellFormula(sheet, cell)
				if formula != "" {
					value += " =" + formula
				}
				if i == 0 && c < 9 && !locked(t, file, sheet, cell) {
					value += " [input]"
				}
				if value != "" {
					fmt.Fprintf(&out, "%s %s\n", cell, strings.ReplaceAll(value, "\n", " / "))
				}
			}
		}
		merged, _ := file.GetMergeCells(sheet, true)
		for _, m := range merged {
			fmt.Fprintf(&out, "merged %s:%s\n", m.GetStartAxis(), m.GetEndAxis())
		}
		checks, _ := file.GetDataValidations(sheet)
		for _, c := range checks {
			fmt.Fprintf(&out, "check %s %s %s %s %s", c.Sqref, c.Type, c.Operator, c.Formula1, c.Formula2)
			for _, s := range []*string{c.ErrorStyle, c.Error, c.Prompt} {
				if s != nil {
					fmt.Fprintf(&out, " | %s", *s)
				}
			}
			out.WriteByte('\n')
		}
		formats, _ := file.GetConditionalFormats(sheet)
		for _, cell := range slices.Sorted(maps.Keys(formats)) {
			for _, f := range formats[cell] {
				fmt.Fprintf(&out, "colour %s %s\n", cell, f.Criteria)
			}
		}
	}
	for _, n := range file.GetDefinedName() {
		fmt.Fprintf(&out, "name %s %s %s\n", n.Scope, n.Name, n.RefersTo)
	}
	return out.Bytes()
}

// Spreadsheets refuse a workbook whose formulas, lists and hints are longer than this.
func TestLimitsOfSpreadsheets(t *testing.T) {
	for _, name := range names() {
		for _, l := range []lang.Lang{lang.ZH, lang.EN} {
			var b bytes.Buffer
			if _, err := Write(&b, []Form{{Profile: load(t, name), Year: 2025}}, l); err != nil {
				t.Fatal(err)
			}
			file, err := excelize.OpenReader(&b)
			if err != nil {
				t.Fatal(err)
			}
			within := func(what, text string, most int) {
				if n := utf8.RuneCountInString(text); n > most {
					t.Errorf("%s: %s of %d characters: %s", name, what, n, text)
				}
			}
			for _, sheet := range file.GetSheetList() {
				checks, _ := file.GetDataValidations(sheet)
				for _, c := range checks {
					within("a check", c.Formula1, 257) // with its quotation marks
					within("a check", c.Formula2, 255)
					for _, s := range []*string{c.Error, c.Prompt} {
						if s != nil {
							within("a hint", *s, 255)
						}
					}
				}
				formats, _ := file.GetConditionalFormats(sheet)
				for _, rules := range formats {
					for _, f := range rules {
						within("a condition", f.Criteria, 2000)
					}
				}
				for r := range 60 {
					for c := range 20 {
						cell, _ := excelize.CoordinatesToCellName(c+1, r+1)
						formula, _ := file.GetCellFormula(sheet, cell)
						within("a formula", formula, 4000)
					}
				}
			}
		}
	}
}

// Every number of a template comes from its profile: another profile, another template.
func TestProfileChangesTemplate(t *testing.T) {
	base := structure(t, blank(t, load(t, "cn-2020"), 0))
	for name, change := range map[string]func(*profile.Profile){
		"weights": func(p *profile.Profile) {
			p.Weights = map[string]profile.Decimal{"产出": number(60), "效益": number(30)}
		},
		"execution": func(p *profile.Profile) { p.Execution.Weight = number(20) },
		"cap":       func(p *profile.Profile) { p.Execution.Cap = false },
		"rates":     func(p *profile.Profile) { p.Execution.RateDecimals = 1 },
		"over 100":  func(p *profile.Profile) { p.Execution.AllowOver100 = true },
		"decimals":  func(p *profile.Profile) { p.Decimals = 1 },
		"bands":     func(p *profile.Profile) { p.Bands = p.Bands[:2] },
		"grades":    func(p *profile.Profile) { p.Grades = p.Grades[1:] },
		"reverse":   func(p *profile.Profile) { p.Reverse = profile.Ratio },
		"explain":   func(p *profile.Profile) { p.Explain.ExecutionBelow = number(95) },
		"no reason": func(p *profile.Profile) { p.Explain.ScoreBelowWeight = false },
		"over":      func(p *profile.Profile) { p.OverFulfilment.Warn = number(3) },
		"length":    func(p *profile.Profile) { p.ReasonMaxChars = 50 },
		"rows":      func(p *profile.Profile) { p.FundRows = []string{"财政资金"} },
		"serial":    func(p *profile.Profile) { p.Format.SerialFrom = 41000 },
	} {
		p := load(t, "cn-2020")
		change(p)
		if bytes.Equal(structure(t, blank(t, p, 0)), base) {
			t.Errorf("%s changes nothing", name)
		}
	}
}

// A form is filed as one sheet of paper: the workings are not printed with it, what is
// computed looks it, indicator rows grow while reasons are typed, and long texts begin at
// the top of their cells.
func TestLooks(t *testing.T) {
	data := blank(t, load(t, "cn-2020"), 9)
	cells := cellsOf(t, load(t, "cn-2020"), 9)
	file, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	form, workings := file.GetSheetName(0), file.GetSheetName(1)
	style := func(pointer string) *excelize.Style {
		id, err := file.GetCellStyle(form, cells[pointer])
		if err != nil {
			t.Fatal(err)
		}
		def, err := file.GetStyle(id)
		if err != nil {
			t.Fatal(err)
		}
		return def
	}
	for pointer, computed := range map[string]bool{
		"/funds/rows/0/executed": true, "/funds/rows/0/rate": true, "/indicators/0/score": true, "/total/weight": true, "/total/score": true, "/total/grade": true,
		"/project": false, "/funds/rows/1/executed": false, "/indicators/0/weight": false, "/indicators/0/actual": false,
	} {
		if shaded := len(style(pointer).Fill.Color) > 0; shaded != computed {
			t.Errorf("%s (%s) is shaded: %v", pointer, cells[pointer], shaded)
		}
	}
	if got := style("/goal/actual").Alignment.Vertical; got != "top" {
		t.Errorf("the goal is aligned to the %s", got)
	}
	for _, n := range file.GetDefinedName() {
		if n.Scope != workings || n.Name != "_xlnm.Print_Area" {
			continue
		}
		_, cell, _ := strings.Cut(n.RefersTo, "!")
		if value, err := file.GetCellValue(workings, strings.ReplaceAll(cell, "$", "")); err != nil || value != "" {
			t.Errorf("the workings print %s: %q", cell, value)
		}
		workings = ""
	}
	if workings != "" {
		t.Error("the workings are printed with the form")
	}
	sheet := part(t, data, "xl/worksheets/sheet1.xml")
	_, first := split(cells["/indicators/0/name"])
	for _, tt := range []struct {
		row   int
		fixed bool
	}{{first, false}, {first + 8, false}, {first - 1, true}} {
		tag := regexp.MustCompile(fmt.Sprintf(`<row r="%d"[^>]*>`, tt.row)).FindString(sheet)
		if fixed := strings.Contains(tag, "customHeight"); tag == "" || fixed != tt.fixed {
			t.Errorf("the height of row %d is fixed: %v", tt.row, fixed)
		}
	}
}

func part(t *testing.T, data []byte, name string) string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := r.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return string(text)
}
