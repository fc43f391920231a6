package report

import (
	"bytes"
	"errors"
	"io"
	"math"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"jixiaolint/checks"
	"jixiaolint/checks/formtest"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// copies renders reports as annotated copies, by name. The sources are handed over
// before the reports they belong to.
func copies(t testing.TB, opts Options, sources []Source, reports ...checks.FileReport) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	opts.Create = func(name string, data []byte) error {
		if out[name] != nil {
			t.Errorf("two copies %s", name)
		}
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			t.Errorf("the copy %s leads out of the folder", name)
		}
		out[name] = data
		return nil
	}
	r, err := New(io.Discard, Annotated, opts)
	if err != nil {
		t.Fatal(err)
	}
	s, ok := r.(Sourced)
	if !ok {
		t.Fatal("annotated wants no sources")
	}
	for i, report := range reports {
		if i < len(sources) {
			s.Source(sources[i])
		}
		if err := s.File(report); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(Summary{}); err != nil {
		t.Fatal(err)
	}
	return out
}

func openBook(t testing.TB, data []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func value(t testing.TB, f *excelize.File, sheet, cell string) string {
	t.Helper()
	v, err := f.GetCellValue(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// submitted is a workbook as it may be submitted.
func submitted(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	var b bytes.Buffer
	if err := errors.Join(f.SetCellValue("Sheet1", "G4", "93.21%"), f.Write(&b)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A copy marks the cells, comments on them and lists all findings, those across files
// too, which are reported last.
func TestAnnotatedCopy(t *testing.T) {
	first, late := cases()["error"], cases()["left"]
	late.Forms = nil
	out := copies(t, Options{Lang: lang.ZH}, []Source{{Name: "甲/口岸专项.xlsx", Format: grid.XLSX, Data: submitted(t)}}, first, late)
	f := openBook(t, out["甲/口岸专项.xlsx"])
	if got := f.GetSheetList(); !slices.Equal(got, []string{"审核意见", "Sheet1"}) {
		t.Fatalf("sheets %v of copies %d", got, len(out))
	}
	for cell, want := range map[string]string{
		"B3": "错误 1", "C3": "警告 1", "D3": "提示 0", "B5": "错误", "C5": "G4", "E5": "执行率应为 92.31%，填报 93.21%（14.77 ÷ 16 = 92.31%）",
		"F5": "93.21%", "G5": "92.31%", "I5": "修正：93.21% → 92.31%", "B6": "警告", "C6": "D9",
	} {
		if got := value(t, f, "审核意见", cell); got != want {
			t.Errorf("%s says %q, want %q", cell, got, want)
		}
	}
	comments, err := f.GetComments("Sheet1")
	if err != nil || len(comments) != 2 {
		t.Errorf("%d comments, %v", len(comments), err)
	}
}

// What cannot be written into, and what is no workbook or document, still gets its
// findings listed, with the reason.
func TestAnnotatedWithoutOriginal(t *testing.T) {
	damaged := cases()["error"]
	other := cases()["unreadable"]
	other.Forms = nil
	out := copies(t, Options{Lang: lang.EN}, []Source{{Name: "a.xlsm", Format: grid.XLSX, Data: []byte("PK\x03\x04x")}, {Name: "b.pdf"}}, damaged, other)
	f := openBook(t, out["a.xlsm.xlsx"])
	if note := value(t, f, "Review findings", "A2"); !strings.Contains(note, "could not be annotated") {
		t.Errorf("no reason is given: %q", note)
	}
	if got := value(t, f, "Review findings", "C5"); got != "Sheet1!G4" {
		t.Errorf("the place is %q", got)
	}
	if got := value(t, openBook(t, out["b.pdf.xlsx"]), "Review findings", "B5"); got != "error" {
		t.Errorf("the severity is %q; copies %d", got, len(out))
	}
}

// A file without findings has a copy that says so.
func TestAnnotatedClean(t *testing.T) {
	out := copies(t, Options{}, []Source{{Name: "a.xlsx", Format: grid.XLSX, Data: submitted(t)}}, cases()["clean"])
	if got := value(t, openBook(t, out["a.xlsx"]), "审核意见", "A5"); got != "没有发现问题" {
		t.Errorf("the list says %q", got)
	}
}

var reLinkPlace = regexp.MustCompile(` location="[^"]*"`)

// No text of a file becomes a formula in a workbook, or is hidden or reordered there.
func TestBooksAreInert(t *testing.T) {
	r := cases()["hostile"]
	for _, evil := range []string{"=1+1", "+1", "-1", "@SUM(A1)", " =1", "</t><f>1</f>", "_x003D_1"} {
		f := r.Findings[0]
		f.Found, f.Expected, f.Message = evil, evil, lang.T(evil, evil)
		r.Findings = append(r.Findings, f)
	}
	r.Forms[0].Form.Project, r.Forms[0].Form.Unit = schema.Field{Text: "=1\x00"}, schema.Field{Text: "@x\u202e"}
	books := copies(t, Options{}, []Source{{Name: "a.xlsx", Format: grid.XLSX, Data: submitted(t)}}, r)
	books["summary"] = []byte(render(t, Summarised, Options{Link: func(string) string { return "a.xlsx" }}, r))
	for name, data := range books {
		parts, _, err := formtest.Parts(data)
		if err != nil {
			t.Fatal(err)
		}
		for part, text := range parts {
			if !utf8.ValidString(text) || strings.Contains(text, "<f>") {
				t.Errorf("%s: %s is not UTF-8 or holds a formula", name, part)
			}
			// A link has to name the sheet as it is.
			for _, c := range reLinkPlace.ReplaceAllString(text, "") {
				if c != '\n' && c != '\r' && (unicode.IsControl(c) || unicode.Is(unicode.Cf, c)) {
					t.Errorf("%s: %U in %s", name, c, part)
				}
			}
		}
		f := openBook(t, data)
		for _, sheet := range f.GetSheetList() {
			rows, err := f.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			for i, row := range rows {
				for j := range row {
					if formula, err := f.GetCellFormula(sheet, grid.CellName(j+1, i+1)); formula != "" || err != nil {
						t.Errorf("%s: %s of %s is a formula", name, grid.CellName(j+1, i+1), sheet)
					}
				}
			}
		}
	}
}

// The summary has a row for each form with its exact figures, counts findings across
// files with their form, and links to the cells.
func TestSummaryBook(t *testing.T) {
	first, late := cases()["error"], cases()["left"]
	form := first.Forms[0].Form
	form.Unit = schema.Field{Text: "兴安盟商务口岸局"}
	form.Funds = schema.Funds{CurrencyUnit: "元", Rows: []schema.FundRow{{
		Role: schema.RoleTotal, Adjusted: schema.Field{Text: "160,000.30"}, Executed: schema.Field{Text: "147700"},
	}}}
	late.Forms = nil
	late.Findings[0].Form = nil
	unread := cases()["unreadable"]
	unread.Forms, unread.Findings[0].Form = nil, nil
	data := render(t, Summarised, Options{Link: func(f string) string { return "../" + f }}, first, unread, late)
	f := openBook(t, []byte(data))
	if got := f.GetSheetList(); !slices.Equal(got, []string{"汇总", "各表", "问题清单"}) {
		t.Fatalf("sheets %v", got)
	}
	for _, c := range []struct{ sheet, cell, want string }{
		{"各表", "B2", "口岸专项.xlsx"}, {"各表", "C2", "兴安盟商务口岸局"}, {"各表", "D2", "口岸专项"}, {"各表", "E2", "2022"},
		{"各表", "F2", "16.00003"}, {"各表", "G2", "14.77"}, {"各表", "H2", "0.9231"}, {"各表", "I2", "99.23"}, {"各表", "L2", "优"},
		{"各表", "M2", "1"}, {"各表", "N2", "1"}, {"各表", "P2", "execution-rate-mismatch；over-fulfilment-unexplained"},
		{"各表", "D3", "（没有读出自评表）"}, {"各表", "M3", "1"}, {"各表", "B4", ""},
		{"问题清单", "C2", "G4 · Sheet1"}, {"问题清单", "C3", "整个文件"}, {"问题清单", "E4", "口岸专项"}, {"问题清单", "A4", "3"}, {"问题清单", "A5", ""},
	} {
		got, err := f.GetCellValue(c.sheet, c.cell, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		if got != c.want {
			t.Errorf("%s!%s is %q, want %q", c.sheet, c.cell, got, c.want)
		}
	}
	if ok, target, err := f.GetCellHyperLink("问题清单", "C2"); !ok || err != nil || target != "../口岸专项.xlsx" {
		t.Errorf("the place leads to %q, %v", target, err)
	}
}

// Names of copies are legal everywhere, bounded, inside of the folder, and different
// from each other in every way that a file system may compare them.
func TestFileNames(t *testing.T) {
	n := newFileNames()
	long := strings.Repeat("长", 200)
	for _, c := range []struct{ name, want string }{
		{"a/b.xlsx", "a/b.xlsx"}, {"A/B.xlsx", "A/B (2).xlsx"}, {"../../etc/passwd.xlsx", "etc/passwd.xlsx"},
		{"/abs//./x.xlsx", "abs/x.xlsx"}, {"a.zip!内/c.xlsx", "a.zip/内/c.xlsx"}, {`d\e.xlsx`, "d/e.xlsx"},
		{"CON.xlsx", "_CON.xlsx"}, {"com1/lpt9.xlsx", "_com1/_lpt9.xlsx"}, {".hidden.xlsx", "_.hidden.xlsx"},
		{"a<b>:\"|?*\x00\u202e.xlsx", "a_b________.xlsx"}, {"..", "form.xlsx"}, {"", "form (2).xlsx"},
		{"tail. /x.xlsx", "tail/x.xlsx"}, {"a/b.xlsx/c.xlsx", "a/b.xlsx (2)/c.xlsx"}, {"a", "a (2)"},
	} {
		if got := n.unused(c.name); got != c.want {
			t.Errorf("%q is called %q, want %q", c.name, got, c.want)
		}
	}
	seen := map[string]bool{}
	for range 3 {
		got := n.unused(strings.Repeat(long+"/", 40) + long + ".xlsx")
		if seen[got] || len(got) > 2_000 || path.Ext(got) != ".xlsx" || !utf8.ValidString(got) {
			t.Errorf("a long name becomes %q", got)
		}
		seen[got] = true
	}
}

// TestSeverityColorsCanBeRead: words in the colours of the severities have the contrast
// that WCAG 2.2 asks of text (1.4.3), in workbooks too. The page for the browser is
// measured in the browser.
func TestSeverityColorsCanBeRead(t *testing.T) {
	luminance := func(rgb string) float64 {
		sum := 0.0
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			n, err := strconv.ParseUint(rgb[2*i:2*i+2], 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			c := float64(n) / 255
			if c <= 0.04045 {
				c /= 12.92
			} else {
				c = math.Pow((c+0.055)/1.055, 2.4)
			}
			sum += weight * c
		}
		return sum
	}
	for _, s := range []checks.Severity{checks.Error, checks.Warning, checks.Note} {
		style := severityStyle(s)
		a, b := luminance(style.Color), luminance(style.Fill)
		if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
			t.Errorf("%s: #%s on #%s has a contrast of %.2f", s, style.Color, style.Fill, ratio)
		}
	}
}
