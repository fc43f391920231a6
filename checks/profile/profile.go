// Package profile holds the rule sets of regions and years as data: weights,
// formulas, bands and thresholds, each with its source. No rule has a number of its
// own.
//
// A profile extends another and states what differs, as a JSON Merge Patch (RFC
// 7396) does: objects are merged, everything else is replaced, null removes.
package profile

import (
	"bytes"
	"encoding/json"
	"fmt"

	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// Profile is the rule set in force for a form.
type Profile struct {
	// Name is the profile's name: of shipped ones, that of their file.
	Name  string `json:"name"`
	Title Text   `json:"title"`
	// Extends names the profile that this one differs from: a shipped one, or a file
	// beside it. Empty in the profile that all others go back to.
	Extends string `json:"extends,omitempty"`
	// Auto lets the profile be chosen for a form whose printed headers fit it and not
	// the default.
	Auto bool `json:"auto,omitempty"`
	// Sources say where the values that this profile states are from, by their JSON
	// Pointers or the pointer of a value that holds them.
	Sources map[string]Source `json:"sources"`

	// Weights are the points of each first-level group, by its label without 指标;
	// AllGroups stands for those that are not named. Execution.Weight completes them to
	// 100.
	Weights map[string]Decimal `json:"weights"`
	// CostLevel is the level on which cost indicators stand: 1 or 2. A first-level
	// group 成本 is allowed with either.
	CostLevel int `json:"cost_level"`

	// Positive, Equal and Reverse are the formulas of missed targets with ≥, = and ≤,
	// ZeroTarget that of a target of 0, which no share can be taken of.
	Positive   Formula `json:"positive"`
	Equal      Formula `json:"equal"`
	Reverse    Formula `json:"reverse"`
	ZeroTarget Formula `json:"zero_target"`
	// Bands are the shares of the weight for each qualitative result, best first.
	Bands     []Band    `json:"bands"`
	Execution Execution `json:"execution"`
	// Grades are the lower ends of the grades of the total, best first.
	Grades []Grade `json:"grades"`
	// Decimals is the number of decimals of scores.
	Decimals int `json:"decimals"`

	// OverFulfilment are the ratios of actual to target from which an indicator is
	// worth a note, a warning, and a word on a target set too low.
	OverFulfilment OverFulfilment `json:"over_fulfilment"`
	Explain        Explain        `json:"explain"`
	// ReasonMaxChars is the longest reason, in characters.
	ReasonMaxChars int `json:"reason_max_chars"`
	// FundRows are the names of the rows that take the sources of funds.
	FundRows []string `json:"fund_rows"`

	Structure Structure `json:"structure"`
	Format    Format    `json:"format"`
	Time      Time      `json:"time"`
	Cost      Cost      `json:"cost"`
	Indicator Indicator `json:"indicator"`
	Narrative Narrative `json:"narrative"`
	Text      Writing   `json:"text"`
	// Batch are the limits of the rules that compare forms with each other.
	Batch Batch `json:"batch"`

	// layers are the profile and those it extends, from the nearest on.
	layers []layer
}

// AllGroups is the key of Weights for all groups of indicators that have none of
// their own.
const AllGroups = "指标"

// Text is a name or remark in both languages.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en,omitempty"`
}

// In gives the text in a language; what has no English is given in Chinese.
func (t Text) In(l lang.Lang) string { return t.Lang().In(l) }

// Lang gives the text as messages take it.
func (t Text) Lang() lang.Text {
	if t.EN == "" {
		return lang.T(t.ZH, t.ZH)
	}
	return lang.T(t.ZH, t.EN)
}

// Source says where a value is from and how far it can be trusted.
type Source struct {
	// Basis holds codes of sources: for shipped profiles those of checks.Sources.
	Basis      []string   `json:"basis"`
	Confidence Confidence `json:"confidence"`
	// Note says what the source leaves open.
	Note *Text `json:"note,omitempty"`
}

// Confidence says how far a value can be trusted.
type Confidence string

// The confidences.
const (
	// High: read in the words of a regulation, of the notes on a form, or of a finance
	// authority's system.
	High Confidence = "high"
	// Practice: seen in published forms, or the default of one system.
	Practice Confidence = "practice"
	// General: general knowledge, not read in any source.
	General Confidence = "general"
	// Own: chosen by jixiaolint to tell likely flaws from the usual.
	Own Confidence = "own"
)

// Label gives the confidence in words.
func (c Confidence) Label() lang.Text {
	switch c {
	case High:
		return lang.T("有原文", "read in the source")
	case Practice:
		return lang.T("惯例", "practice")
	case General:
		return lang.T("通行说法，未见原文", "general knowledge, not read in a source")
	case Own:
		return lang.T("本工具设定", "set by jixiaolint")
	}
	return lang.T("未注明", "not stated")
}

// Execution says how the execution rate is computed and scored.
type Execution struct {
	// Weight is 0 where the rate has no points of its own.
	Weight Decimal `json:"weight"`
	Mode   Mode    `json:"mode"`
	// Steps are used in mode steps: from a rate on, a share of the weight, best first.
	Steps []Step `json:"steps,omitempty"`
	// Cap holds the score at the weight.
	Cap          bool `json:"cap"`
	AllowOver100 bool `json:"allow_over_100"`
	// ZeroBudget is the rate in per cent of 0 executed of 0 budgeted.
	ZeroBudget Decimal `json:"zero_budget"`
	// RateDecimals is the number of decimals of a rate in per cent.
	RateDecimals int `json:"rate_decimals"`
	// OutpaceShare is the share by which indicator scores may exceed what the execution
	// score suggests.
	OutpaceShare Decimal `json:"outpace_share"`
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

// Grade is a grade of the total score.
type Grade struct {
	Name string  `json:"name"`
	From Decimal `json:"from"`
}

// OverFulfilment are ratios of actual to target.
type OverFulfilment struct {
	Note      Decimal `json:"note"`
	Warn      Decimal `json:"warn"`
	LowTarget Decimal `json:"low_target"`
}

// Explain says what must be explained, and what is no explanation.
type Explain struct {
	ScoreBelowWeight bool `json:"score_below_weight"`
	// ExecutionBelow and ExecutionErrorBelow are rates in per cent.
	ExecutionBelow      Decimal `json:"execution_below"`
	ExecutionErrorBelow Decimal `json:"execution_error_below"`
	// Adjusted asks for a reason for every change of the budget during the year.
	Adjusted bool `json:"adjusted"`
	// Qualitative asks for a description of every qualitative result.
	Qualitative bool `json:"qualitative"`
	// MinChars is the length below which a reason is boilerplate, ClauseChars that from
	// which a clause that announces no measure may state a cause.
	MinChars    int `json:"min_chars"`
	ClauseChars int `json:"clause_chars"`
	// SameRows is the number of rows from which one reason for all is boilerplate.
	SameRows int `json:"same_rows"`
}

// Structure are the limits of rules about what a form must hold.
type Structure struct {
	// UnfilledShare is the share of empty results above which a form is unfilled.
	UnfilledShare Decimal `json:"unfilled_share"`
	// EmptyColumnRows and EmptyRowCells are the numbers of empty cells from which a
	// column, or a row, is reported as one omission.
	EmptyColumnRows int `json:"empty_column_rows"`
	EmptyRowCells   int `json:"empty_row_cells"`
	// DepartmentDigits and UnitDigits are the lengths of codes.
	DepartmentDigits int `json:"department_digits"`
	UnitDigits       int `json:"unit_digits"`
}

// Format are the limits of rules about how figures are written.
type Format struct {
	// MixedDecimals is the difference in decimals that makes amounts mixed.
	MixedDecimals int `json:"mixed_decimals"`
	// SlipFactor is the least factor between two units that were confused if the bare
	// figures are equal to within the factor SlipTolerance.
	SlipFactor    Decimal `json:"slip_factor"`
	SlipTolerance Decimal `json:"slip_tolerance"`
	// SerialFrom and SerialTo bound the whole numbers that are taken for the serial
	// numbers of dates in a spreadsheet.
	SerialFrom int `json:"serial_from"`
	SerialTo   int `json:"serial_to"`
}

// Time are the limits of rules about time indicators.
type Time struct {
	// DurationOverrun is the ratio of actual to target duration from which an overrun
	// at full score is reported.
	DurationOverrun Decimal `json:"duration_overrun"`
}

// Cost are the limits of rules about cost indicators.
type Cost struct {
	// BareFigureMax is the multiple of the budget above which a cost without a unit must
	// be in another unit than the form's.
	BareFigureMax Decimal `json:"bare_figure_max"`
	// InapplicableMax is the highest score of a cost row that says that it does not
	// apply; nil where the profile sets none.
	InapplicableMax *Decimal `json:"inapplicable_max,omitempty"`
}

// Indicator are the limits of rules about the quality of indicators.
type Indicator struct {
	// NameMaxChars is the longest name.
	NameMaxChars int `json:"name_max_chars"`
	// VagueMaxChars is the length up to which a target may be nothing but vague words.
	VagueMaxChars int `json:"vague_max_chars"`
	// Of CopiedMinRows rows or more, CopiedShare may not repeat their targets, unless
	// more than CopiedFullShare of these are at 100%.
	CopiedMinRows   int     `json:"copied_min_rows"`
	CopiedShare     Decimal `json:"copied_share"`
	CopiedFullShare Decimal `json:"copied_full_share"`
	// FullMarksMinRows is the number of rows from which full marks throughout are
	// noted.
	FullMarksMinRows int `json:"full_marks_min_rows"`
}

// Narrative are the limits of rules about the texts of the goal.
type Narrative struct {
	// Similarity is that of goal and result from which one is a copy; CopiedShare is the
	// share of the goal that stands in the result, in runs of CopiedRunChars or more.
	Similarity     Decimal `json:"similarity"`
	CopiedShare    Decimal `json:"copied_share"`
	CopiedRunChars int     `json:"copied_run_chars"`
	// CopiedMinChars is the length below which equal texts prove nothing.
	CopiedMinChars int `json:"copied_min_chars"`
	// PartsGap is the share of a stated total by which its parts may fall short and
	// still be meant to be all of it.
	PartsGap Decimal `json:"parts_gap"`
	// CountFactor is the ratio from which a figure in the text and an actual value speak
	// of different things.
	CountFactor Decimal `json:"count_factor"`
}

// Writing are the limits of rules about slips of writing.
type Writing struct {
	// RepeatMinChars is the shortest run of characters that counts as repeated.
	RepeatMinChars int `json:"repeat_min_chars"`
	// TraditionalShare is the share of traditional characters from which a form is
	// written in them throughout.
	TraditionalShare Decimal `json:"traditional_share"`
}

// Batch are the limits of the rules that compare the forms of a batch.
type Batch struct {
	// MeanScore is the mean total from which a batch looks inflated, and HighShare the
	// share of forms that reach HighScore from which it does.
	MeanScore Decimal `json:"mean_score"`
	HighShare Decimal `json:"high_share"`
	HighScore Decimal `json:"high_score"`
	// MinForms is the least number of forms that are judged as a batch.
	MinForms int `json:"min_forms"`
	// NameMinChars is the length in characters from which an indicator's name is taken
	// for one of its own, so that the same in another project was copied.
	NameMinChars int `json:"name_min_chars"`
	// OwnChars is the number of characters that such a name must have beside generic
	// words.
	OwnChars int `json:"own_chars"`
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

// Grade gives the grade of a total score: the best whose lower end it reaches. The
// bands are half-open, so no score falls between two grades (S4, S7).
func (p *Profile) Grade(total quantity.Number) string {
	for _, g := range p.Grades {
		if total.Cmp(g.From.Number) >= 0 {
			return g.Name
		}
	}
	return ""
}

// Has reports whether the profile gives points to a first-level group: by its own
// label, or with all that have none.
func (p *Profile) Has(group string) bool {
	_, own := p.Weights[group]
	_, all := p.Weights[AllGroups]
	return own || all
}
