package checks_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"jixiaolint/checks"
	"jixiaolint/checks/formtest"
	"jixiaolint/checks/profile"
	"jixiaolint/schema"
	"jixiaolint/schema/quantity"
)

// runBatch checks drafts against each other, each in a file of its own.
func runBatch(drafts ...*schema.Form) []checks.Finding {
	batch := checks.NewBatch(checks.Options{})
	for i, d := range drafts {
		form := formtest.Reread(d)
		name := fmt.Sprintf("%d.json", i+1)
		for _, f := range form.Fields() {
			f.At.File = name
		}
		form.Start.At.File = name
		batch.Add(checks.Run(context.Background(), &schema.Document{File: name, Forms: []*schema.Form{form}}, checks.Options{}))
	}
	var all []checks.Finding
	for _, r := range batch.Finish() {
		all = append(all, r.Findings...)
	}
	return all
}

// inflated works out by other means whether a batch asks for batch-score-inflation.
func inflated(t *testing.T, forms []*schema.Form) bool {
	t.Helper()
	p, err := profile.Load(profile.Default)
	if err != nil {
		t.Fatal(err)
	}
	var sum quantity.Number
	high := 0
	for _, f := range forms {
		if slices.ContainsFunc(f.Indicators, func(r schema.Indicator) bool { return r.Explanation.Filled() }) || f.Funds.Rows[0].Explanation.Filled() || len(f.Lacks) > 0 {
			return false
		}
		total := f.Total.Score.Quantity().Value
		sum = sum.Add(total)
		if total.Cmp(p.Batch.HighScore.Number) >= 0 {
			high++
		}
	}
	n := int64(len(forms))
	return len(forms) >= p.Batch.MinForms && (sum.Quo(quantity.Int(n)).Cmp(p.Batch.MeanScore.Number) >= 0 || quantity.Ratio(int64(high), n).Cmp(p.Batch.HighShare.Number) >= 0)
}

// The correct forms that one department files in a year give no batch finding, but for
// scores that are high throughout; and those of unrelated departments give none at all.
func TestCorrectBatchesAreSilent(t *testing.T) {
	t.Parallel()
	failures := 0
	for seed := 0; seed < count(200) && failures < 5; seed++ {
		rng := random(seed)
		own := formtest.DraftBatch(rng)
		want := inflated(t, own)
		got := false
		for _, f := range runBatch(own...) {
			if f.Rule.Name == "batch-score-inflation" {
				got = true
				continue
			}
			t.Errorf("seed %d: %s: %s", seed, f.At.At, describe(f))
			failures++
		}
		if got != want {
			t.Errorf("seed %d: batch-score-inflation: %v, want %v", seed, got, want)
			failures++
		}
		var others []*schema.Form
		for i := range 5 {
			d := formtest.Draft(rng)
			place := fmt.Sprintf("第%d号", i+1)
			d.Department.Text, d.DepartmentName, d.Unit.Text = place+d.Department.Text, place+d.DepartmentName, place+d.Unit.Text
			others = append(others, d)
		}
		for _, f := range runBatch(others...) {
			t.Errorf("seed %d: unrelated: %s", seed, describe(f))
			failures++
		}
	}
}

// batchDefects are defects between the forms of a correct batch: inject makes one and
// gives the file and JSON Pointer that must be reported.
var batchDefects = []struct {
	name, rule string
	inject     func(rng *rand.Rand, forms []*schema.Form) (file int, pointer string)
}{
	{"traditional spelling", "cross-form-term-variant", func(_ *rand.Rand, forms []*schema.Form) (int, string) {
		forms[0].Goal.Actual.Text += "阿尔山口岸通关。"
		forms[1].Goal.Expected.Text += "支持阿爾山口岸。"
		return 2, "/goal/expected"
	}},
	{"look-alike", "cross-form-term-variant", func(_ *rand.Rand, forms []*schema.Form) (int, string) {
		forms[0].Goal.Actual.Text += "满州里市已经验收。"
		forms[1].Goal.Expected.Text += "满洲里市、满洲里口岸、满洲里海关。"
		return 1, "/goal/actual"
	}},
	{"department misspelt", "cross-form-term-variant", func(_ *rand.Rand, forms []*schema.Form) (int, string) {
		last := forms[len(forms)-1]
		last.Department.Text = strings.Replace(last.Department.Text, "局", "居", 1)
		last.Department.Text = strings.Replace(last.Department.Text, "委员会", "委员", 1)
		last.DepartmentName = strings.TrimSuffix(last.Department.Text, last.DepartmentCode)
		return len(forms), "/department"
	}},
	{"copied indicator", "cross-form-copied-indicator", func(_ *rand.Rand, forms []*schema.Form) (int, string) {
		a, b := &forms[0].Indicators[0], &forms[1].Indicators[0]
		a.Name.Text = "持续影响边贸经济发展"
		b.Name.Text, b.Target, b.Parts = a.Name.Text, a.Target, a.Parts
		return 1, "/indicators/0/name"
	}},
	{"second code", "cross-form-identity-mismatch", func(_ *rand.Rand, forms []*schema.Form) (int, string) {
		last := forms[len(forms)-1]
		code := "9" + last.DepartmentCode[1:]
		last.Department.Text = strings.Replace(last.Department.Text, last.DepartmentCode, code, 1)
		last.DepartmentCode = code
		return len(forms), "/department"
	}},
	{"project filed twice", "cross-form-identity-mismatch", func(_ *rand.Rand, forms []*schema.Form) (int, string) {
		forms[1].Project, forms[1].Heading = forms[0].Project, schema.Field{}
		return 2, "/project"
	}},
}

// A defect between the forms of a batch is found at its place by its rule, which says
// nothing else.
func TestBatchDefects(t *testing.T) {
	t.Parallel()
	for _, d := range batchDefects {
		t.Run(d.name, func(t *testing.T) {
			for seed := range count(30) {
				rng := random(seed)
				forms := formtest.DraftBatch(rng)
				if d.name == "department misspelt" && len(forms) < 3 {
					continue // of two spellings none is the usual one
				}
				file, pointer := d.inject(rng, forms)
				var got []string
				for _, f := range runBatch(forms...) {
					if f.Rule.Name != "batch-score-inflation" {
						got = append(got, fmt.Sprintf("%s %s %s", f.Rule.Name, f.At.At.File, f.At.At.Path))
					}
				}
				if want := fmt.Sprintf("%s %d.json %s", d.rule, file, pointer); !slices.Equal(got, []string{want}) {
					t.Fatalf("seed %d: got %v, want %s", seed, got, want)
				}
			}
		})
	}
}
