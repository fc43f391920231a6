package report

import (
	"encoding/xml"
	"io"
	"strings"

	"jixiaolint/checks"
	"jixiaolint/schema/lang"
)

// The parts of a JUnit report, as Jenkins and GitLab read it.
type (
	junitFailure struct {
		Type    string `xml:"type,attr"`
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		Failure *junitFailure `xml:"failure"`
	}
	junitSuite struct {
		XMLName  xml.Name    `xml:"testsuite"`
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
)

// xmlWriter writes elements between a header and an end, each as it comes.
type xmlWriter struct {
	*encoder
	w       io.Writer
	enc     *xml.Encoder
	root    xml.StartElement
	started bool
}

func newXML(w io.Writer, opts Options, name string, attrs ...xml.Attr) *xmlWriter {
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	return &xmlWriter{encoder: newEncoder(opts), w: w, enc: enc, root: xml.StartElement{Name: xml.Name{Local: name}, Attr: attrs}}
}

func attr(name, value string) xml.Attr { return xml.Attr{Name: xml.Name{Local: name}, Value: value} }

func (x *xmlWriter) start() error {
	if x.started {
		return nil
	}
	x.started = true
	if _, err := io.WriteString(x.w, xml.Header); err != nil {
		return err
	}
	return x.enc.EncodeToken(x.root)
}

func (x *xmlWriter) element(v any) error {
	if err := x.start(); err != nil {
		return err
	}
	if err := x.enc.Encode(v); err != nil {
		return err
	}
	return x.enc.Flush()
}

func (x *xmlWriter) end() error {
	if err := x.start(); err != nil {
		return err
	}
	if err := x.enc.EncodeToken(x.root.End()); err != nil {
		return err
	}
	if err := x.enc.Flush(); err != nil {
		return err
	}
	_, err := io.WriteString(x.w, "\n")
	return err
}

// junitRenderer writes a test suite a file: a failed test for each finding, and a
// passed one for each form without any. What forms have against each other is a suite
// under a name of its own: readers may merge, or drop, a second one of the same name.
type junitRenderer struct{ *xmlWriter }

func newJUnit(w io.Writer, opts Options) Renderer {
	return &junitRenderer{newXML(w, opts, "testsuites", attr("name", opts.Tool))}
}

// File writes the suite of one file.
func (j *junitRenderer) File(r checks.FileReport) error {
	suite := junitSuite{Name: Sanitize(slashed(r.File)), Failures: len(r.Findings)}
	if r.Batch {
		if len(r.Findings) == 0 {
			return nil
		}
		suite.Name += lang.T("（多表对照）", " (against other forms)").In(j.opts.Lang)
	}
	clean := map[any]bool{}
	for _, form := range r.Forms {
		clean[form.Form] = true
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Form != nil {
			delete(clean, f.Form)
		}
		lines := j.paragraphs(f)
		suite.Cases = append(suite.Cases, junitCase{
			Class: suite.Name, Name: strings.TrimSpace(f.Rule.Name + " " + place(f)),
			Failure: &junitFailure{f.Severity.String(), lines[0], strings.Join(lines, "\n")},
		})
	}
	for _, form := range r.Forms {
		if clean[form.Form] {
			suite.Cases = append(suite.Cases, junitCase{Class: suite.Name, Name: Sanitize(form.Form.Name())})
		}
	}
	suite.Tests = len(suite.Cases)
	return j.element(suite)
}

// Close ends the document.
func (j *junitRenderer) Close(Summary) error { return j.end() }

// The parts of a Checkstyle report.
type (
	checkstyleError struct {
		Line     int    `xml:"line,attr,omitempty"`
		Column   int    `xml:"column,attr,omitempty"`
		Severity string `xml:"severity,attr"`
		Message  string `xml:"message,attr"`
		Source   string `xml:"source,attr"`
	}
	checkstyleFile struct {
		XMLName xml.Name          `xml:"file"`
		Name    string            `xml:"name,attr"`
		Errors  []checkstyleError `xml:"error"`
	}
)

// checkstyleRenderer writes an element a file, and a second one of the same name for
// what its forms have against others: readers take errors from each in turn.
type checkstyleRenderer struct{ *xmlWriter }

func newCheckstyle(w io.Writer, opts Options) Renderer {
	return &checkstyleRenderer{newXML(w, opts, "checkstyle", attr("version", "10.0"))}
}

// File writes the errors of one file.
func (c *checkstyleRenderer) File(r checks.FileReport) error {
	if r.Batch && len(r.Findings) == 0 {
		return nil
	}
	out := checkstyleFile{Name: Sanitize(slashed(r.File))}
	for i := range r.Findings {
		f := &r.Findings[i]
		out.Errors = append(out.Errors, checkstyleError{
			f.At.At.Line, f.At.At.Column, checkstyleSeverity(f.Severity), located(f, c.opts.Lang), c.opts.Tool + "." + f.Rule.Name,
		})
	}
	return c.element(out)
}

// Close ends the document.
func (c *checkstyleRenderer) Close(Summary) error { return c.end() }

func checkstyleSeverity(s checks.Severity) string {
	if s == checks.Note {
		return "info"
	}
	return s.String()
}
