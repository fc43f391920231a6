package template

import (
	"bytes"
	"context"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jixiaolint/checks"
	"jixiaolint/checks/formtest"
	"jixiaolint/schema"
	"jixiaolint/schema/intake"
	"jixiaolint/schema/lang"
)

// A form of any kind keeps all its texts and findings when it is carried over.
func TestCarriedContentIsWhole(t *testing.T) {
	forms := uint64(24)
	if testing.Short() {
		forms = 3
	}
	for seed := range forms {
		form := formtest.Correct(rand.New(rand.NewPCG(seed, 7)))
		p := load(t, "cn-2020")
		var b bytes.Buffer
		left, err := Write(&b, []Form{{Profile: p, Year: form.Year, From: form}}, lang.ZH)
		if err != nil {
			t.Fatal(err)
		}
		doc := intake.Read(context.Background(), "form.xlsx", b.Bytes(), intake.Options{})
		if len(doc.Forms) != 1 {
			t.Fatalf("seed %d: %d forms", seed, len(doc.Forms))
		}
		lost := missing(form, doc.Forms[0])
		if len(lost) > len(left) {
			t.Errorf("seed %d: lost %q, said %v", seed, lost, left)
		}
		report := checks.Run(context.Background(), doc, checks.Options{Profile: p})
		for _, f := range report.Findings {
			if f.Severity >= checks.Warning && !slices.Contains([]string{"group-weight-off-profile"}, f.Rule.Name) {
				t.Errorf("seed %d: %s %s %s (%v)", seed, f.Rule.Name, f.At.At, f.Message.EN, left)
			}
		}
	}
}

// missing gives the texts of a form that stand nowhere in another one, figures by their
// value.
func missing(from, to *schema.Form) []string {
	var has []schema.Field
	for _, f := range to.Fields() {
		has = append(has, *f)
	}
	var out []string
	for pointer, f := range from.Fields() {
		if n, ok := strings.CutPrefix(pointer, "/groups/"); ok {
			i, _ := strconv.Atoi(strings.SplitN(n, "/", 2)[0])
			if from.Groups[i].Subtotal {
				continue // which Write says
			}
		}
		last := pointer[strings.LastIndexByte(pointer, '/')+1:]
		if f.Missing() || slices.Contains([]string{"/year", "/funds", "/indicators", "/total"}, pointer) || strings.Contains(pointer, "/target_parts/") ||
			last >= "0" && last <= "99" { // places of what stands elsewhere
			continue
		}
		q := f.Quantity()
		if !slices.ContainsFunc(has, func(g schema.Field) bool {
			h := g.Quantity()
			return g.Text == f.Text || q.IsFigure() && h.IsFigure() && (h.Value.Cmp(q.Value) == 0 || h.Value.Round(q.Decimals).Cmp(q.Value) == 0)
		}) {
			out = append(out, pointer+" "+f.Text)
		}
	}
	return out
}

// A form whose indicators have all the points gets none for the execution rate.
func TestCarriedPointsStayHundred(t *testing.T) {
	p := load(t, "cn-2020")
	form := complete(t)
	total := &form.Funds.Rows[0]
	total.Weight, total.Score = schema.Field{}, schema.Field{}
	for i := range form.Funds.Rows {
		form.Funds.Rows[i].Weight, form.Funds.Rows[i].Score = schema.Field{}, schema.Field{}
	}
	form.Groups, form.Total = nil, schema.Total{}
	last := &form.Indicators[len(form.Indicators)-1]
	last.Weight, last.Score = text("20"), text("20")
	doc := intake.Read(context.Background(), "form.xlsx", write(t, Form{Profile: p, Year: 2025, From: form}), intake.Options{})
	if got := doc.Forms[0]; got.Total.Weight.Text != "100" || got.FundTotal().Weight.Filled() || !got.Total.Score.Filled() {
		t.Errorf("weights %q and %q, total %q", got.Total.Weight.Text, got.FundTotal().Weight.Text, got.Total.Score.Text)
	}
}
