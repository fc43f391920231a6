package formula_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jixiaolint/schema/formula"
	"jixiaolint/schema/quantity"
)

// sheet is what the cells of the tests hold, by row: A1, B1 and so on.
var sheet = [][]any{
	{14.77, 16, 0.923125, 10, 9.23},
	{"", "优", "合格", nil, -2.5},
	{2.675, 0.1, 0.2, 0.3, 100},
	{"5", true, errorCell{}, 1e-9, 123456.789},
}

// errorCell holds an error.
type errorCell struct{}

// cells gives the values of the sheet.
func cells(name string, row, col int) (formula.Value, bool) {
	if name != "" && name != "表 二" || row > len(sheet) || col > len(sheet[0]) {
		return formula.Value{}, name == "" || name == "表 二"
	}
	switch v := sheet[row-1][col-1].(type) {
	case string:
		return formula.Value{Kind: formula.Text, Text: v}, true
	case errorCell:
		return formula.Value{Kind: formula.Error}, true
	case bool:
		return formula.Value{Kind: formula.Bool, Number: quantity.Int(1)}, true
	case nil:
		return formula.Value{}, true
	default:
		n, _, ok := quantity.ParseStored(fmt.Sprint(v))
		return formula.Value{Kind: formula.Number, Number: n}, ok
	}
}

// shown writes what a formula comes to: a number at 15 digits, a text in quotation marks,
// an error as #, and ? for what is not computed.
func shown(text string) string {
	f, err := formula.Parse(text)
	if err != nil {
		return "?"
	}
	v, err := f.Compute(cells)
	if err != nil {
		return "?"
	}
	switch v.Kind {
	case formula.Text:
		return fmt.Sprintf("%q", v.Text)
	case formula.Error:
		return "#"
	case formula.Bool:
		return strings.ToUpper(strconv.FormatBool(v.Number.Sign() > 0))
	case formula.Number, formula.Blank:
	}
	n, decimals, ok := formula.Significant(v.Number, formula.ShownDigits)
	if !ok {
		return "beyond"
	}
	return n.Short(decimals)
}

// TestCompute holds what formulas come to as Excel computes them, and what is left alone.
func TestCompute(t *testing.T) {
	for text, want := range map[string]string{
		"1+2*3": "7", "(1+2)*3": "9", "10-2-3": "5", "8/4/2": "1", "-2*-3": "6", "10%": "0.1", "-5%*200": "-10", "2--3": "5", "+1": "1", "---5": "-5", "----5": "5", "--B2": "#", "+B2": `"优"`, "--B4": "?",
		" 1 + 2 ": "3", ".5": "0.5", "1.": "1", "0.1+0.2=0.3": "TRUE", "1/3": "0.333333333333333", "2/3*3": "2",
		"A1": "14.77", "$A$1/B$1": "0.923125", "d2": "0", "Z99": "0", "'表 二'!A1": "14.77", "表三!A1": "?", "B2": `"优"`,
		"ROUND(A1/B1,4)": "0.9231", "ROUND(A1/B1*10,2)": "9.23", "ROUND(A3,2)": "2.68", "ROUND(-2.5,0)": "-3", "ROUND(E4,-2)": "123500",
		"ROUND(E2,0)": "-3", "ROUNDDOWN(-2.59,1)": "-2.5", "ROUNDUP(2.51,1)": "2.6", "ROUNDUP(-2.51,1)": "-2.6", "ROUNDUP(2.5,1)": "2.5",
		"ROUNDDOWN(199,-2)": "100", "ROUNDUP(101,-2)": "200", "ROUND(2/3,1.5)": "?", "ROUND(1,99)": "?",
		"SUM(A1:E1)": "50.923125", "SUM(A1:B1,D1)": "40.77", "SUM(A2:E2)": "-2.5", "SUM(B2,E2)": "-2.5", "SUM(A4:B4)": "0", "SUM(A4:E4)": "#",
		"SUM(B2+1)": "#", `SUM("5")`: "?", "SUM(E1:A1)": "50.923125", "SUM()": "?", "SUM(1,)": "?",
		"B2+1": "#", "A2+1": "#", "A4+1": "?", "B4+1": "?", "C4+1": "#", "D2+1": "1", "A1:B1+1": "?", "1/0": "#", "1/D2": "#",
		"PRODUCT(B3:D3)": "0.006", "PRODUCT(D2)": "0", "MIN(A1:E1)": "0.923125", "MAX(A1:E1,99)": "99", "MIN(A2:C2)": "0", "ABS(E2)": "2.5",
		"AVERAGE(B3:D3)": "0.2", "AVERAGE(A2:C2)": "#", "COUNT(A1:E4)": "13",
		`IF(A2="","",A1)`: `""`, `IF(D2="",1,2)`: "1", `IF(D2=0,1,2)`: "1", `IF(A1="",1,2)`: "2", `IF(B2="优",1)`: "1", `IF(B2="良",1)`: "FALSE",
		`IF(E3>=90,"优",IF(E3>=80,"良","中"))`: `"优"`, "IF(B2>90,1,2)": "?", "IF(1,2,1/0)": "2", "IF(0,2,1/0)": "#", "IF(D2,1,2)": "?", "IF(A1<>B1,D2,1)": "0",
		"IFERROR(A1/D2,0)": "0", `IFERROR(1/0,"")`: `""`, "IFERROR(A4+1,0)": "?", "IFERROR(2,1/0)": "2", `"a""b"`: `"a""b"`, `IF("a"="A",1,2)`: "1",
		"AND(A1>1,B1>1)": "TRUE", "OR(A1<1,B1>1)": "TRUE", "NOT(A1<1)": "TRUE", "AND(A1>1,1/0)": "#", "ISNUMBER(A1)": "TRUE", "ISNUMBER(D2)": "FALSE",
		"2^2": "?", `A1&"分"`: "?", "VLOOKUP(A1,A1:B2,2)": "?", "SUM(A:A)": "?", "SUM(1:2)": "?", "总分": "?", "[1]Sheet1!A1": "?", "'[1]表'!A1": "?", "1E3": "?",
		"INDIRECT(\"A1\")": "?", "NOW()": "?", "ROUND(A1)": "?", "A1 B1": "?", "{1,2}": "?", "#REF!": "?", "": "?", "(": "?", `"`: "?", "A0": "?", "XFE1": "?", "A1048577": "?",
		"123456789*123456789": "beyond",
	} {
		got := shown(text)
		if want == `"a""b"` {
			want = `"a\"b"`
		}
		if got != want {
			t.Errorf("=%s comes to %s, want %s", text, got, want)
		}
	}
}

// TestBounds holds that formulas which would take long are given up.
func TestBounds(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("(", 5000), strings.Repeat("1+", 4096) + "1", strings.Repeat("IF(1,", 100) + "1" + strings.Repeat(")", 100),
		"SUM(A1:XFD1048576)", "SUM(A5:J2000)+SUM(A5:J2000)",
		"1" + strings.Repeat("/3.1234567890123456789", 300),
	} {
		if got := shown(text); got != "?" {
			t.Errorf("%.40s… comes to %s", text, got)
		}
	}
}

// TestAgainstExcelize holds that formulas come to what excelize computes, on random ones.
func TestAgainstExcelize(t *testing.T) {
	book := testBook(t)
	defer func() { _ = book.Close() }()
	rng := rand.New(rand.NewPCG(1, 2))
	compared := 0
	for range 3000 {
		text := random(rng, 3)
		if strings.Contains(text, "ROUNDDOWN") || strings.Contains(text, "ROUNDUP") {
			continue // excelize rounds 100 down to 99.99
		}
		if err := book.SetCellFormula("Sheet1", "J9", text); err != nil {
			t.Fatal(err)
		}
		want, err := book.CalcCellValue("Sheet1", "J9", excelize.Options{RawCellValue: true})
		got := shown(text)
		if got == "?" || got == "beyond" {
			continue
		}
		compared++
		if got == "#" && err != nil {
			continue
		}
		if err != nil || !alike(got, want) {
			t.Errorf("=%s comes to %s, excelize computes %s (%v)", text, got, want, err)
		}
	}
	if compared < 1000 {
		t.Errorf("only %d formulas were compared", compared)
	}
}

// TestAgainstLibreOffice holds that formulas come to what LibreOffice computes.
func TestAgainstLibreOffice(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	book := testBook(t)
	defer func() { _ = book.Close() }()
	rng := rand.New(rand.NewPCG(3, 4))
	texts := make([]string, 2000)
	for i := range texts {
		texts[i] = random(rng, 3)
		if err := book.SetCellFormula("Sheet1", fmt.Sprint("A", 11+i), texts[i]); err != nil {
			t.Fatal(err)
		}
	}
	digits := "0.00000000000000E+00"
	style, err := book.NewStyle(&excelize.Style{CustomNumFmt: &digits})
	if err := errors.Join(err, book.SetCellStyle("Sheet1", "A11", fmt.Sprint("A", 10+len(texts)), style)); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "book.xlsx")
	if err := book.SaveAs(file); err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), soffice, "--headless", "-env:UserInstallation=file://"+dir+"/profile",
		"--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", dir, file)
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	data, err := os.ReadFile(filepath.Join(dir, "book.csv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	compared := 0
	for i, text := range texts {
		want, _, _ := strings.Cut(lines[10+i], ",")
		got := shown(text)
		if got == "?" || got == "beyond" {
			continue
		}
		if compared++; !alike(got, want) {
			t.Errorf("=%s comes to %s, LibreOffice computes %s", text, got, want)
		}
	}
	if compared < 1500 {
		t.Errorf("only %d formulas were compared", compared)
	}
}

// testBook is a workbook with the first rows of the sheet.
func testBook(t *testing.T) *excelize.File {
	t.Helper()
	book := excelize.NewFile()
	for r, row := range sheet[:3] {
		for c, v := range row {
			cell, err := excelize.CoordinatesToCellName(c+1, r+1)
			if v != nil {
				err = errors.Join(err, book.SetCellValue("Sheet1", cell, v))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return book
}

// alike reports whether two results are the same but for the last digits of binary
// fractions.
func alike(got, want string) bool {
	n, _, ok1 := quantity.ParseStored(got)
	m, _, ok2 := quantity.ParseStored(want)
	if !ok1 || !ok2 {
		return got == want || got == "#" && strings.HasPrefix(want, "#")
	}
	return n.Sub(m).Abs().Cmp(n.Abs().Max(quantity.Int(1)).Mul(quantity.Ratio(1, 1_000_000_000_000))) < 0
}

// random writes a formula such as forms hold.
func random(rng *rand.Rand, depth int) string {
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	if depth == 0 {
		return pick("A1", "B1", "C1", "$D$1", "E1", "E2", "A3", "B3", "7", "0.25", "10%", "100")
	}
	x := func() string { return random(rng, depth-1) }
	simple := func() string { return random(rng, 0) }
	switch rng.IntN(9) {
	case 0:
		return "ROUND(" + x() + "," + pick("0", "1", "2", "4", "-1") + ")"
	case 1:
		return pick("SUM", "MIN", "MAX", "AVERAGE", "PRODUCT") + "(" + pick("A1:E1", "A3:E3", "A2:E2") + "," + x() + ")"
	case 2:
		return "IF(" + simple() + pick(">", ">=", "<", "<=", "=", "<>") + simple() + "," + simple() + "," + simple() + ")"
	case 3:
		return "IFERROR(" + simple() + "/" + simple() + "," + simple() + ")"
	case 4:
		return pick("ABS", "-") + "(" + x() + ")"
	case 5:
		return pick("ROUNDDOWN", "ROUNDUP") + "(" + x() + "," + pick("1", "2") + ")"
	}
	return "(" + x() + pick("+", "-", "*", "/") + x() + ")"
}

// FuzzFormula holds that no formula makes trouble.
func FuzzFormula(f *testing.F) {
	for _, text := range []string{"ROUND(H7*G7,2)", "SUM(H13:H25,I7)", `IF(A2="","",'表 二'!$A$1*10%)`, "IFERROR(-A1/D2,\"\")", "((("} {
		f.Add(text)
	}
	f.Fuzz(func(_ *testing.T, text string) {
		if parsed, err := formula.Parse(text); err == nil {
			parsed.Sheets()
			_ = shown(text)
		}
	})
}
