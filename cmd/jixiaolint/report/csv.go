package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"jixiaolint/checks"
)

// csvRenderer writes a row a finding, in UTF-8 with a byte order mark, by which
// spreadsheet programs tell it from GBK.
type csvRenderer struct {
	*encoder
	w       io.Writer
	csv     *csv.Writer
	started bool
}

func newCSV(w io.Writer, opts Options) Renderer {
	c := &csvRenderer{encoder: newEncoder(opts), w: w, csv: csv.NewWriter(w)}
	c.csv.UseCRLF = true
	return c
}

// csvHeader names the columns. They are the names of the JSON report.
var csvHeader = []string{
	"file", "sheet", "cell", "table", "line", "column", "path", "project", "severity", "rule",
	"message", "found", "expected", "arithmetic", "fix", "basis", "fingerprint",
}

func (c *csvRenderer) start() error {
	if c.started {
		return nil
	}
	c.started = true
	if _, err := io.WriteString(c.w, "\uFEFF"); err != nil {
		return err
	}
	return c.csv.Write(csvHeader)
}

// File writes the findings of one file.
func (c *csvRenderer) File(r checks.FileReport) error {
	if err := c.start(); err != nil {
		return err
	}
	l := c.opts.Lang
	for i := range r.Findings {
		f := &r.Findings[i]
		at := f.At.At
		project := ""
		if f.Form != nil {
			project = f.Form.Name()
		}
		row := []string{
			at.File, at.Sheet, at.Cell, number(at.Table), number(at.Line), number(at.Column), at.Path, project,
			f.Severity.String(), f.Rule.Name, f.Message.In(l), f.Found, f.Expected, f.Arithmetic.In(l),
			advice(f, l), c.basis(f.Rule), f.Fingerprint,
		}
		for i, s := range row {
			row[i] = inertCell(s)
		}
		if err := c.csv.Write(row); err != nil {
			return err
		}
	}
	c.csv.Flush()
	return c.csv.Error()
}

// Close ends the file.
func (c *csvRenderer) Close(Summary) error {
	if err := c.start(); err != nil {
		return err
	}
	c.csv.Flush()
	return c.csv.Error()
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// inertCell makes a text that no spreadsheet program takes for a formula, and that
// stays on one line: what begins like a formula gets an apostrophe before it.
func inertCell(s string) string {
	s = Sanitize(s)
	if trimmed := strings.TrimLeft(s, " \u00a0\u3000"); trimmed != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(trimmed)[0]) {
		return "'" + s
	}
	return s
}
