package template

import (
	"bytes"
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jixiaolint/checks"
	"jixiaolint/schema"
	"jixiaolint/schema/intake"
	"jixiaolint/schema/lang"
)

// coloured gives the cells of a template that a conditional format colours: all of them,
// or, as the calculator is slow, those of some cells.
func coloured(t testing.TB, data []byte, of ...string) []string {
	t.Helper()
	file, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	sheet := file.GetSheetName(0)
	formats, err := file.GetConditionalFormats(sheet)
	if err != nil {
		t.Fatal(err)
	}
	var cells []string
	for _, cell := range slices.Sorted(maps.Keys(formats)) {
		if len(of) > 0 && !slices.Contains(of, cell) {
			continue
		}
		for _, format := range formats[cell] {
			const scratch = "AZ1" // setting it makes the calculator forget what it has computed
			if err := file.SetCellFormula(sheet, scratch, format.Criteria); err != nil {
				t.Fatal(err)
			}
			v, err := file.CalcCellValue(sheet, scratch)
			if err != nil {
				t.Fatalf("%s: %s: %v", cell, format.Criteria, err)
			}
			if v == "TRUE" && !slices.Contains(cells, cell) {
				cells = append(cells, cell)
			}
		}
	}
	return cells
}

// complete gives a correct form with all its results, as the template shows it.
func complete(t testing.TB) *schema.Form {
	t.Helper()
	p := load(t, "cn-2020")
	form := fillForm(rand.New(rand.NewPCG(1, 9)), p, 9)
	set := func(i int, target, actual string) {
		form.Indicators[i].Target, form.Indicators[i].Actual = text(target), text(actual)
	}
	set(0, "≥100公里", "90公里")
	set(1, "≥95%", "96%")
	set(3, "≤300元/公里", "330元/公里")
	set(4, "≥200人", "210人")
	set(8, "≥90%", "92.5%")
	for i := range form.Funds.Rows {
		r := &form.Funds.Rows[i]
		r.Initial, r.Adjusted, r.Executed = text("0"), text("0"), text("0")
		if i < 2 {
			r.Initial, r.Adjusted, r.Executed = text("120"), text("120"), text("114")
		}
	}
	form.Remarks[0].Text = text("")
	form.Goal.Actual.Text += "由于招标节约，资金有结余。"
	doc := intake.Read(context.Background(), "form.xlsx", write(t, Form{Profile: p, Year: 2025, From: form}), intake.Options{})
	if len(doc.Forms) != 1 {
		t.Fatal("no form")
	}
	return doc.Forms[0]
}

// Each defect that the form promises to show changes the colour of the cell to look at,
// and lint reports it when it is left in.
func TestDefectsAreShown(t *testing.T) {
	p := load(t, "cn-2020")
	cells := cellsOf(t, p, 9)
	for _, tt := range []struct {
		name, rule, shown string
		edits             map[string]string
	}{
		{"points of a group", "group-weight-header-mismatch", "/groups/1/weight", map[string]string{"/indicators/0/weight": "13"}},
		{"points of all", "weights-total-not-100", "/total/weight", map[string]string{"/indicators/0/weight": "13"}},
		{"a source", "fund-sources-sum", "/funds/rows/0/adjusted", map[string]string{"/funds/rows/1/adjusted": "110"}},
		{"spent too much", "execution-rate-over-100", "/funds/rows/0/executed", map[string]string{"/funds/rows/0/executed": "130", "/funds/rows/1/executed": "130"}},
		{"low rate", "score-outpaces-execution", "/funds/rows/0/rate", map[string]string{"/funds/rows/0/executed": "60", "/funds/rows/1/executed": "60", "/goal/actual": "全年养护公路320公里，个别任务未完成。"}},
		{"low rate, at the place for the reason", "score-outpaces-execution", "/remarks/0/text", map[string]string{"/funds/rows/0/executed": "60", "/funds/rows/1/executed": "60", "/goal/actual": "全年养护公路320公里，个别任务未完成。"}},
		{"changed budget", "budget-adjusted-unexplained", "/remarks/0/text", map[string]string{"/funds/rows/0/initial": "100", "/funds/rows/1/initial": "100"}},
		{"full score for less", "positive-score-mismatch", "/indicators/0/score", map[string]string{"/indicators/0/score": "12.5"}},
		{"full score for more", "cost-overrun-full-score", "/indicators/3/score", map[string]string{"/indicators/3/score": "12.5"}},
		{"score above the points", "score-exceeds-weight", "/indicators/1/score", map[string]string{"/indicators/1/score": "14"}},
		{"a mark for a reason", "score-below-weight-no-reason", "/indicators/0/explanation", map[string]string{"/indicators/0/explanation": "无"}},
		{"no reason", "score-below-weight-no-reason", "/indicators/0/explanation", map[string]string{"/indicators/0/explanation": ""}},
		{"target set too low", "over-fulfilment-unexplained", "/indicators/4/explanation", map[string]string{"/indicators/4/target": "≥100人", "/indicators/4/explanation": ""}},
		{"score outside the band", "qualitative-band-mismatch", "/indicators/5/score", map[string]string{"/indicators/5/actual": "部分达成年度指标并具有一定效果", "/indicators/5/score": "7.5"}},
		{"sign in the actual value", "operator-in-actual", "/indicators/1/actual", map[string]string{"/indicators/1/actual": "≥96%", "/indicators/1/score": "12.5"}},
		{"cost to exceed", "cost-operator-ge", "/indicators/3/target", map[string]string{"/indicators/3/target": "≥300元/公里", "/indicators/3/actual": "310元/公里"}},
		{"no sign", "missing-operator", "/indicators/0/target", map[string]string{"/indicators/0/target": "90公里"}},
		{"full score for a delay", "time-overrun-full-score", "/indicators/2/score", map[string]string{"/indicators/2/target": "2025年6月30日前", "/indicators/2/score": "12.5", "/indicators/2/explanation": ""}},
		{"a date after the year", "time-overrun-full-score", "/indicators/2/actual", map[string]string{"/indicators/2/actual": "2027年1月5日", "/indicators/2/score": "12.5", "/indicators/2/explanation": ""}},
		{"number of a day", "excel-serial-date", "/indicators/2/actual", map[string]string{"/indicators/2/actual": "45981"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			form := complete(t)
			for pointer, f := range form.Fields() {
				if s, ok := tt.edits[pointer]; ok {
					f.Text, f.Stored = s, ""
				}
				if strings.HasSuffix(pointer, "/score") && strings.HasPrefix(pointer, "/indicators") {
					i := strings.TrimSuffix(pointer, "score")
					_, target := tt.edits[i+"target"]
					_, score := tt.edits[pointer]
					if target && !score {
						f.Text = "" // for the formula to compute
					}
				}
			}
			for i := range form.Remarks {
				form.Remarks[i].Text.Text = strings.TrimSpace(form.Remarks[i].Text.Text)
			}
			var b bytes.Buffer
			if _, err := Write(&b, []Form{{Profile: p, Year: 2025, From: form}}, lang.ZH); err != nil {
				t.Fatal(err)
			}
			if cell := cells[tt.shown]; !slices.Contains(coloured(t, b.Bytes(), cell), cell) {
				t.Errorf("%s (%s) is not coloured: %v", tt.shown, cell, coloured(t, b.Bytes()))
			}
			report := lint(t, b.Bytes(), p)
			if !slices.ContainsFunc(report.Findings, func(f checks.Finding) bool { return f.Rule.Name == tt.rule }) {
				t.Errorf("%s is not reported", tt.rule)
				for _, f := range report.Findings {
					t.Log(f.Rule.Name, f.At.At, f.Message.EN)
				}
			}
		})
	}
}

// A reason that stands where the rules accept it is asked for nowhere else.
func TestReasonsElsewhere(t *testing.T) {
	p := load(t, "cn-2020")
	const remark = "/remarks/0/text"
	cell := cellsOf(t, p, 9)[remark]
	for _, tt := range []struct {
		name, rule string
		edits      map[string]string
	}{
		{"changed budget", "budget-adjusted-unexplained", map[string]string{"/funds/rows/0/initial": "100", "/funds/rows/1/initial": "100", "/goal/actual": "年中追加预算20万元，全年养护公路320公里。"}},
		{"low rate", "low-execution-unexplained", map[string]string{"/funds/rows/0/executed": "60", "/funds/rows/1/executed": "60"}},
	} {
		form := complete(t)
		for pointer, f := range form.Fields() {
			if s, ok := tt.edits[pointer]; ok {
				f.Text, f.Stored = s, ""
			}
		}
		var b bytes.Buffer
		if _, err := Write(&b, []Form{{Profile: p, Year: 2025, From: form}}, lang.ZH); err != nil {
			t.Fatal(err)
		}
		if shown := coloured(t, b.Bytes(), cell); len(shown) > 0 {
			t.Errorf("%s: %s is coloured", tt.name, cell)
		}
		if slices.ContainsFunc(lint(t, b.Bytes(), p).Findings, func(f checks.Finding) bool { return f.Rule.Name == tt.rule }) {
			t.Errorf("%s: %s is reported", tt.name, tt.rule)
		}
	}
}
