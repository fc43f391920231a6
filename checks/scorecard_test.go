package checks_test

import (
	"testing"

	"jixiaolint/checks"
	"jixiaolint/checks/formtest"
	"jixiaolint/schema/quantity"
)

// The score card of a correct form contradicts nothing that was filed, and where one
// score is due that is it, but for how it was rounded and for deductions with a reason.
func TestScoreCardOfCorrectForms(t *testing.T) {
	t.Parallel()
	lines, computed := 0, 0
	for seed := range count(1000) {
		card := run(formtest.Correct(random(seed))).Forms[0].ScoreCard()
		for _, l := range card.Funds {
			if l.Standing == checks.Differs {
				t.Errorf("seed %d: rate of %s: %+v", seed, l.Label, l)
			}
		}
		for _, l := range append([]checks.ScoreLine{card.Execution, card.Total}, card.Indicators...) {
			lines++
			if l.Standing == checks.Differs || l.Why.ZH == "" || l.Why.EN == "" || l.Path == "" {
				t.Errorf("seed %d: %+v", seed, l)
			}
			if len(l.Due) != 1 || l.Standing != checks.Agrees {
				continue
			}
			computed++
			due, filed := quantity.Parse(l.Due[0]), quantity.Parse(l.Declared)
			if d := due.Value.Sub(filed.Value).Abs(); filed.Decimals >= 2 && d.Cmp(quantity.Ratio(11, 100)) > 0 {
				t.Errorf("seed %d: due %s, filed %s: %+v", seed, l.Due[0], l.Declared, l)
			}
		}
		if card.Grade.Standing == checks.Differs {
			t.Errorf("seed %d: grade %+v", seed, card.Grade)
		}
		if t.Failed() {
			t.Fatalf("%d lines", lines)
		}
	}
	if computed*2 < lines {
		t.Errorf("only %d of %d scores could be computed", computed, lines)
	}
}

// A score that was changed differs on the card.
func TestScoreCardOfDefects(t *testing.T) {
	t.Parallel()
	scores := map[string]bool{
		"execution-score-mismatch": true, "positive-score-mismatch": true, "reverse-score-mismatch": true,
		"score-not-derivable": true, "qualitative-band-mismatch": true, "total-score-mismatch": true,
	}
	for _, d := range formtest.Defects() {
		if !scores[d.Rule] {
			continue
		}
		for seed, tried := 0, 0; seed < 300 && tried < count(20); seed++ {
			rng := random(seed)
			form := formtest.Draft(rng)
			pointer, ok := d.Inject(rng, form)
			if !ok {
				continue
			}
			tried++
			card := run(formtest.Reread(form)).Forms[0].ScoreCard()
			found := false
			for _, l := range append([]checks.ScoreLine{card.Execution, card.Total}, card.Indicators...) {
				found = found || l.Standing == checks.Differs && len(pointer) > len(l.Path) && pointer[:len(l.Path)+1] == l.Path+"/"
			}
			if !found {
				t.Errorf("seed %d, %s at %s is not on the card: %+v", seed, d.Name, pointer, card)
			}
		}
	}
}
