package custom

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"jixiaolint/checks"
	"jixiaolint/checks/formtest"
	"jixiaolint/schema"
	"jixiaolint/schema/lang"
)

// copies are rules of the catalogue written as custom ones.
var copies = []struct {
	definition Definition
	// rules are the catalogue's rules that speak of the same cells; excused are those
	// whose finding explains a wrong result, so that the catalogue leaves it alone.
	rules, excused []string
}{
	{
		definition: Definition{Name: "rate", For: "funds", Assert: "agrees(item.rate, item.executed / item.adjusted * 100)", At: "item.rate"},
		rules:      []string{"execution-rate-mismatch", "wrong-denominator"},
	},
	{
		definition: Definition{Name: "score", For: "indicators", When: "item.weight > 0", Assert: "0 <= item.score <= item.weight", At: "item.score"},
		rules:      []string{"score-exceeds-weight"},
	},
	{
		definition: Definition{
			Name: "header", At: "form.funds.header_amount",
			Assert: "agrees(form.funds.header_amount, form.funds.total.adjusted) or agrees(form.funds.header_amount, form.funds.total.initial)",
		},
		rules: []string{"header-total-mismatch"},
	},
	{
		definition: Definition{
			Name: "total", At: "form.total.score",
			Assert: `agrees(form.total.score, form.funds.total.score + sum(filter(form.indicators, .part_of == ""), .score))`,
		},
		rules:   []string{"total-score-mismatch"},
		excused: []string{"execution-score-mismatch", "positive-score-mismatch", "reverse-score-mismatch", "execution-rate-over-100", "score-exceeds-weight"},
	},
}

// A rule of the catalogue written as a custom one finds what the built-in one finds,
// on correct forms and on forms with every kind of defect.
func TestCopiesOfCatalogueRules(t *testing.T) {
	t.Parallel()
	var rules []*checks.Rule
	for _, c := range copies {
		c.definition.Message = lang.T("错", "wrong")
		rules = append(rules, mustCompile(t, c.definition))
	}
	found := map[string]int{}
	try := func(seed int, name string, form *schema.Form) {
		report := checks.Run(context.Background(), &schema.Document{File: "form.json", Forms: []*schema.Form{form}}, checks.Options{Extra: rules})
		if report.Internal {
			t.Fatalf("seed %d, %s: an internal error", seed, name)
		}
		for _, c := range copies {
			mine, theirs := places(report, c.definition.Name), places(report, c.rules...)
			found[c.definition.Name] += len(mine)
			excused := len(theirs) == 0 && len(c.excused) > 0 && len(places(report, c.excused...)) > 0
			if !slices.Equal(mine, theirs) && !excused {
				t.Errorf("seed %d, %s: %s finds %v, %v find %v", seed, name, c.definition.Assert, mine, c.rules, theirs)
			}
		}
	}
	n := 12
	if testing.Short() {
		n = 2
	}
	for seed := range n {
		rng := rand.New(rand.NewPCG(uint64(seed), 41))
		try(seed, "correct", formtest.Correct(rng))
		for _, d := range formtest.Defects() {
			form := formtest.Draft(rng)
			if _, ok := d.Inject(rng, form); ok {
				try(seed, d.Name, formtest.Reread(form))
			}
		}
	}
	for _, c := range copies {
		if found[c.definition.Name] == 0 {
			t.Errorf("%s was never set off", c.definition.Name)
		}
	}
}

// places gives the cells that rules mark, in order.
func places(r checks.FileReport, rules ...string) []string {
	var out []string
	for _, f := range r.Findings {
		if slices.Contains(rules, f.Rule.Name) {
			out = append(out, f.At.At.Path)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
