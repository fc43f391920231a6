package formtest

import (
	"bytes"
	"context"
	"math/rand/v2"
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/export"
	"jixiaolint/schema/intake"
)

// Layout is a way in which forms are filed.
type Layout struct {
	Name string
	// File is the name of the file.
	File string
	// Slow is set for formats that take milliseconds to write.
	Slow bool
	// Converted is set for formats that jixiaolint does not write itself.
	Converted bool
	// Write files the forms.
	Write func(rng *rand.Rand, forms []*schema.Form) ([]byte, error)
}

// Read reads back what the layout wrote.
func (l Layout) Read(data []byte) *schema.Document {
	return intake.Read(context.Background(), l.File, data, intake.Options{})
}

// Layouts lists the layouts.
func Layouts() []Layout {
	return append(converted(), []Layout{
		{Name: "json", File: "forms.json", Write: func(_ *rand.Rand, forms []*schema.Form) ([]byte, error) {
			return schema.Encode(forms), nil
		}},
		{Name: "text", File: "forms.txt", Write: func(_ *rand.Rand, forms []*schema.Form) ([]byte, error) {
			var b bytes.Buffer
			err := export.TSV(&b, forms)
			return b.Bytes(), err
		}},
		{Name: "loose text", File: "forms.tsv", Write: writeLoose},
		{Name: "sheets", File: "sheets.xlsx", Slow: true, Write: func(_ *rand.Rand, forms []*schema.Form) ([]byte, error) {
			var b bytes.Buffer
			err := export.XLSX(&b, forms, export.XLSXOptions{})
			return b.Bytes(), err
		}},
		{Name: "one sheet", File: "sheet.xlsx", Slow: true, Write: func(rng *rand.Rand, forms []*schema.Form) ([]byte, error) {
			var b bytes.Buffer
			err := export.XLSX(&b, forms, export.XLSXOptions{OneSheet: true, SkipRows: rng.IntN(5), SkipCols: rng.IntN(4)})
			return b.Bytes(), err
		}},
	}...)
}

// writeLoose writes a text whose tables stand some columns to the right, with blank
// lines between the rows, a line of text above, and Windows line ends.
func writeLoose(rng *rand.Rand, forms []*schema.Form) ([]byte, error) {
	var b bytes.Buffer
	if err := export.TSV(&b, forms); err != nil {
		return nil, err
	}
	indent := strings.Repeat("\t", rng.IntN(3))
	var out strings.Builder
	out.WriteString("附件：绩效自评材料\r\n\r\n")
	for line := range strings.Lines(b.String()) {
		out.WriteString(indent + strings.TrimRight(line, "\n") + "\r\n")
		for range max(0, rng.IntN(6)-4) {
			out.WriteString("\r\n")
		}
	}
	return []byte(out.String()), nil
}
