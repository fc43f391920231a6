// Package template makes official forms to be filled in: workbooks in the layout of
// schema/export with formulas, input checks and warnings that follow a profile.
//
// Every number of a template, from the points of the groups to the decimals of a score,
// is the profile's. Its formulas give what the rules of package checks call due. They
// work on a second sheet, which takes the targets and actual values apart; the
// form's own cells only refer to it, so that they can be read.
//
// Figures that follow from others are locked. Scores of indicators follow from their
// figures only in part of the cases, so their cells hold a formula that may be typed
// over; a score other than the one due then changes colour.
package template

import (
	"errors"
	"fmt"
	"io"

	"jixiaolint/checks/profile"
	"jixiaolint/schema"
	"jixiaolint/schema/export"
	"jixiaolint/schema/lang"
)

// Form says what one form of a workbook is to be.
type Form struct {
	Profile *profile.Profile
	Year    int
	// Indicators is the number of indicator rows, 0 for DefaultIndicators or, with From,
	// for as many as that has. More rows than From has are added blank.
	Indicators int
	// From is a form whose content is carried over; nil for a blank form.
	From *schema.Form
}

// MaxIndicators bounds the number of indicator rows: no honest form has more.
const MaxIndicators = 500

// Write writes a workbook with one sheet for each form, and one more for the workings of
// each. The hints that cells show are in the language given; the forms are in Chinese.
// What of carried content has no place in the form, or gives way to a formula with
// another result, is said in left. The same forms give the same bytes.
func Write(w io.Writer, forms []Form, l lang.Lang) (left []lang.Text, err error) {
	drafts := make([]*schema.Form, len(forms))
	for i := range forms {
		if n := forms[i].Indicators; n < 0 || n > MaxIndicators || n > 0 && n < LeastIndicators(forms[i].Profile) {
			return nil, fmt.Errorf("a form with %d indicators", n)
		}
		if from := forms[i].From; from != nil && len(from.Indicators) > MaxIndicators {
			return nil, fmt.Errorf("a form with %d indicators", len(from.Indicators))
		}
		var lost []lang.Text
		drafts[i], lost = forms[i].draft()
		left = append(left, lost...)
	}
	cells := make([]map[string]string, len(forms))
	names := make([]string, len(forms))
	file, err := export.Workbook(drafts, export.XLSXOptions{Placed: func(form int, pointer, sheet, cell string) {
		if cells[form] == nil {
			cells[form] = map[string]string{}
		}
		cells[form][pointer], names[form] = cell, sheet
	}})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	b := &book{file: file, lang: l, styles: map[look]int{}, values: map[string]map[string]result{}, growing: map[string][]int{}}
	if err := b.colours(); err != nil {
		return nil, err
	}
	for i := range forms {
		s := &sheet{book: b, o: &forms[i], form: drafts[i], at: cells[i], name: names[i], workings: workingsName(i)}
		if err := s.fill(); err != nil {
			return nil, fmt.Errorf("sheet %q: %w", s.name, err)
		}
		left = append(left, s.left...)
	}
	return left, b.write(w)
}

// workingsName names the sheet of workings of the i-th form.
func workingsName(i int) string {
	if i == 0 {
		return "计分过程"
	}
	return fmt.Sprintf("计分过程%d", i+1)
}
