package report

import (
	"io"

	"jixiaolint/checks"
	"jixiaolint/schema/grid"
)

// The parts of a Reviewdog Diagnostic Format document.
type (
	rdSource struct {
		Name string `json:"name"`
	}
	rdPosition struct {
		Line int `json:"line"`
	}
	rdRange struct {
		Start rdPosition `json:"start"`
	}
	rdLocation struct {
		Path  string   `json:"path"`
		Range *rdRange `json:"range,omitempty"`
	}
	rdCode struct {
		Value string `json:"value"`
	}
	rdRelated struct {
		Message  string     `json:"message,omitempty"`
		Location rdLocation `json:"location"`
	}
	rdDiagnostic struct {
		Message  string      `json:"message"`
		Location rdLocation  `json:"location"`
		Severity string      `json:"severity"`
		Code     rdCode      `json:"code"`
		Related  []rdRelated `json:"related_locations,omitempty"`
	}
)

// rdjsonRenderer writes one document with all diagnostics. Columns are left out: the
// format counts them in bytes of a text line, and a cell of a workbook has none.
type rdjsonRenderer struct{ array }

func newRDJSON(w io.Writer, opts Options) Renderer {
	return &rdjsonRenderer{array{encoder: newEncoder(opts), w: w}}
}

func (r *rdjsonRenderer) header() error {
	if r.n > 0 {
		return nil
	}
	r.put(`{"source":`)
	var err error
	r.out, err = r.append(r.out, rdSource{r.opts.Tool})
	r.put(`,"diagnostics":[`)
	return err
}

// File writes the diagnostics of one file.
func (r *rdjsonRenderer) File(report checks.FileReport) error {
	for i := range report.Findings {
		if err := r.header(); err != nil {
			return err
		}
		if err := r.element(r.diagnostic(&report.Findings[i])); err != nil {
			return err
		}
	}
	return r.flush()
}

// Close ends the document.
func (r *rdjsonRenderer) Close(Summary) error {
	if err := r.header(); err != nil {
		return err
	}
	r.put("\n]}\n")
	return r.flush()
}

func (r *rdjsonRenderer) diagnostic(f *checks.Finding) rdDiagnostic {
	l := r.opts.Lang
	text := located(f, l)
	if a := advice(f, l); a != "" {
		text += "\n" + a
	}
	out := rdDiagnostic{
		Message: text, Location: rdPlace(f.At.At), Severity: rdSeverity(f.Severity), Code: rdCode{f.Rule.Name},
	}
	for _, rel := range f.Related {
		out.Related = append(out.Related, rdRelated{Sanitize(rel.Label.In(l)), rdPlace(rel.At.At)})
	}
	return out
}

func rdPlace(at grid.Location) rdLocation {
	out := rdLocation{Path: slashed(at.File)}
	if at.Line > 0 {
		out.Range = &rdRange{rdPosition{at.Line}}
	}
	return out
}

func rdSeverity(s checks.Severity) string {
	switch s {
	case checks.Error:
		return "ERROR"
	case checks.Warning:
		return "WARNING"
	case checks.Note, checks.Off:
	}
	return "INFO"
}
