// Package profile holds the rule sets of regions and years as data: weights,
// formulas, bands and thresholds. No rule has a number of its own.
package profile

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"

	"jixiaolint/schema/quantity"
)

// Profile is the rule set in force for a form.
type Profile struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Sources []string `json:"sources"`
	// Weights are the points of each first-level group, by its label without 指标;
	// Execution.Weight completes them to 100.
	Weights map[string]Decimal `json:"weights"`
	// CostLevel is the level on which cost indicators stand: 1 or 2.
	CostLevel int       `json:"cost_level"`
	Execution Execution `json:"execution"`
	// Reverse is the formula of reverse indicators (≤): linear, ratio or either.
	Reverse string `json:"reverse"`
	// Bands are the shares of the weight for each qualitative result, best first.
	Bands []Band `json:"bands"`
	// OverFulfilment are the ratios of actual to target from which an indicator is
	// worth a note, a warning, and a word on a target set too low.
	OverFulfilment OverFulfilment `json:"over_fulfilment"`
	Explain        Explain        `json:"explain"`
	// Grades are the lower ends of the grades of the total, best first.
	Grades []Grade `json:"grades"`
	// Decimals is the number of decimals of scores.
	Decimals int `json:"decimals"`
	// ReasonMaxChars is the longest reason, in characters.
	ReasonMaxChars int `json:"reason_max_chars"`
	// OutpaceShare is the share by which indicator scores may exceed what the
	// execution score suggests.
	OutpaceShare Decimal `json:"outpace_share"`
	// DurationOverrun is the ratio of actual to target duration from which an overrun
	// at full score is reported.
	DurationOverrun Decimal `json:"duration_overrun"`
	// MixedDecimals is the difference in decimals that makes amounts mixed.
	MixedDecimals int   `json:"mixed_decimals"`
	Batch         Batch `json:"batch"`
}

// Batch are the limits of the rules that look at all forms of a run.
type Batch struct {
	// MeanScore is the mean total from which the scores of a batch are suspiciously
	// high; so is a share of HighShare of forms with a total of HighScore or more.
	MeanScore Decimal `json:"mean_score"`
	HighShare Decimal `json:"high_share"`
	HighScore Decimal `json:"high_score"`
	// MinForms is the least number of forms whose scores make a batch.
	MinForms int `json:"min_forms"`
	// NameMinChars is the least length, in characters, of an indicator's name that two
	// projects do not come to share by chance.
	NameMinChars int `json:"name_min_chars"`
}

// Execution says how the execution rate is scored.
type Execution struct {
	Weight Decimal `json:"weight"`
	// Mode is linear (rate × weight) or steps.
	Mode string `json:"mode"`
	// Steps are used in mode steps: from a rate on, a share of the weight.
	Steps []Step `json:"steps,omitempty"`
	// Cap holds the score at the weight.
	Cap          bool `json:"cap"`
	AllowOver100 bool `json:"allow_over_100"`
	// ZeroBudget is the rate in per cent of 0 executed of 0 budgeted.
	ZeroBudget Decimal `json:"zero_budget"`
}

// Step is one step of a stepped execution score.
type Step struct {
	From  Decimal `json:"from"`
	Share Decimal `json:"share"`
}

// Band is one qualitative result.
type Band struct {
	// Name is the standard phrase; Also are synonyms that published forms use.
	Name string   `json:"name"`
	Also []string `json:"also,omitempty"`
	// From and To are shares of the weight, both included.
	From Decimal `json:"from"`
	To   Decimal `json:"to"`
}

// OverFulfilment are ratios of actual to target.
type OverFulfilment struct {
	Note      Decimal `json:"note"`
	Warn      Decimal `json:"warn"`
	LowTarget Decimal `json:"low_target"`
}

// Explain says what must be explained.
type Explain struct {
	ScoreBelowWeight bool `json:"score_below_weight"`
	// ExecutionBelow and ExecutionErrorBelow are rates in per cent.
	ExecutionBelow      Decimal `json:"execution_below"`
	ExecutionErrorBelow Decimal `json:"execution_error_below"`
	// Adjusted asks for a reason for every change of the budget during the year.
	Adjusted bool `json:"adjusted"`
}

// Grade is a grade of the total score.
type Grade struct {
	Name string  `json:"name"`
	From Decimal `json:"from"`
}

// Decimal is an exact number written in JSON as a string or a number.
type Decimal struct{ quantity.Number }

// UnmarshalJSON reads a decimal from its exact text.
func (d *Decimal) UnmarshalJSON(b []byte) error {
	n, _, ok := quantity.ParseDecimal(string(bytes.Trim(b, `"`)))
	if !ok {
		return fmt.Errorf("%s is not a decimal number", b)
	}
	d.Number = n
	return nil
}

// MarshalJSON writes the decimal as a string.
func (d Decimal) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

// Default is the name of the profile that is used when none is chosen.
const Default = "cn-2020"

//go:embed *.json
var files embed.FS

// Load gives the shipped profile of that name.
func Load(name string) (*Profile, error) {
	b, err := files.ReadFile(name + ".json")
	if err != nil {
		return nil, fmt.Errorf("unknown profile %q", name)
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	var p Profile
	if err := dec.Decode(&p); err != nil {
		return nil, fmt.Errorf("profile %s: %w", name, err)
	}
	return &p, nil
}

// Grade gives the grade of a total score: the best whose lower end it reaches. The
// bands are half-open, so no score falls between two grades.
func (p *Profile) Grade(total quantity.Number) string {
	for _, g := range p.Grades {
		if total.Cmp(g.From.Number) >= 0 {
			return g.Name
		}
	}
	return ""
}
