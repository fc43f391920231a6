package report

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"jixiaolint/checks"
	"jixiaolint/schema"
	"jixiaolint/schema/export"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/office"
)

// Source is a submitted file as it was read.
type Source struct {
	// Name is the file's name below the folder that it was found in.
	Name string
	// Format is the format of Data, which is empty where places of the file are not
	// places in a workbook or Word document.
	Format grid.Format
	Data   []byte
}

// Sourced is a Renderer that writes into the submitted files: Source is called with a
// file before File is called with its report.
type Sourced interface {
	Renderer
	Source(Source)
}

// annotated writes a copy of every submitted file with the findings in it. Findings
// across files come after all files were reported, so everything waits until then; not
// in memory, however, but in a temporary file.
type annotated struct {
	*encoder
	source Source
	names  *fileNames
	seen   map[string]bool
	spool  *spool
	// late holds the findings across files by the file they are in.
	late map[string][]opinion
}

func newAnnotated(_ io.Writer, opts Options) Renderer {
	if opts.Create == nil {
		opts.Create = func(string, []byte) error { return nil }
	}
	return &annotated{encoder: newEncoder(opts), names: newFileNames(), seen: map[string]bool{}, late: map[string][]opinion{}, spool: &spool{beside: opts.Beside}}
}

// copyJob is an annotated copy still to be written.
type copyJob struct {
	File, Name string
	Format     grid.Format
	Data       []byte
	Opinions   []opinion
	// Notice says why Data is not the submitted file itself, where it should be.
	Notice string
	// Cells maps places of the submitted file to those of Data, where they differ.
	Cells map[string]grid.Location
}

// opinion is a finding in the words of a reviewer.
type opinion struct {
	Severity                                              checks.Severity
	At                                                    grid.Location // in the copy; zero if it shows nowhere
	Place                                                 string        // in the submitted file
	Rule, Title, Message, Found, Expected, Basis, Measure string
}

// Source takes the file that is reported next.
func (a *annotated) Source(s Source) { a.source = s }

// File keeps the file and what there is to say about it.
func (a *annotated) File(r checks.FileReport) error {
	opinions := make([]opinion, 0, len(r.Findings))
	for i := range r.Findings {
		opinions = append(opinions, a.opinion(&r.Findings[i]))
	}
	if a.seen[r.File] {
		a.late[r.File] = append(a.late[r.File], opinions...)
		return nil
	}
	a.seen[r.File] = true
	job := copyJob{File: r.File, Format: a.source.Format, Data: a.source.Data, Opinions: opinions}
	if len(job.Data) == 0 {
		if err := a.layOut(&job, r); err != nil {
			return err
		}
	}
	job.Name = a.names.unused(withEnding(cmp.Or(a.source.Name, path.Base(r.File)), job.Format))
	a.source = Source{}
	return a.spool.add(&job)
}

// withEnding gives a file name the ending of its format, unless it has it.
func withEnding(name string, format grid.Format) string {
	ending := strings.ToLower(path.Ext(name))
	switch {
	case format == grid.DOCX && ending == ".docx", format == grid.XLSX && (ending == ".xlsx" || ending == ".xlsm"):
		return name
	case format == grid.DOCX:
		return name + ".docx"
	}
	return name + ".xlsx"
}

func (a *annotated) opinion(f *checks.Finding) opinion {
	l := a.opts.Lang
	const most = 4_000
	return opinion{
		Severity: f.Severity, At: f.At.At, Place: place(f), Rule: f.Rule.Name, Title: Sanitize(f.Rule.Title.In(l)),
		Message: cut(sentence(f, l), most), Found: cut(Sanitize(f.Found), most), Expected: cut(Sanitize(f.Expected), most),
		Basis: Sanitize(a.basis(f.Rule)), Measure: cut(advice(f, l), most),
	}
}

// layOut gives a job the forms of a report in the official layout, and its opinions
// the places that they are about there.
func (a *annotated) layOut(job *copyJob, r checks.FileReport) error {
	job.Format = grid.XLSX
	forms := make([]*schema.Form, 0, len(r.Forms))
	for _, f := range r.Forms {
		forms = append(forms, f.Form)
	}
	if len(forms) == 0 {
		for i := range job.Opinions {
			job.Opinions[i].At = grid.Location{}
		}
		return nil // a list of findings alone
	}
	cells := make([]formCells, len(forms))
	var b bytes.Buffer
	err := export.XLSX(&b, forms, export.XLSXOptions{Placed: func(form int, pointer, sheet, cell string) {
		cells[form].add(pointer, grid.Location{Sheet: sheet, Cell: cell})
	}})
	if err != nil {
		job.Notice = lang.F("表无法按官方样式重排：%v", "the form could not be laid out anew: %v", err).In(a.opts.Lang)
		return nil
	}
	job.Data = b.Bytes()
	job.Cells = map[string]grid.Location{}
	for i, f := range forms {
		for pointer, field := range f.Fields() {
			at, ok := cells[i].byPointer[pointer]
			if !ok || !field.Present() {
				continue
			}
			job.Cells[placeKey(field.At)] = at
			if row := rowKey(field.At); job.Cells[row].IsZero() {
				job.Cells[row] = at
			}
		}
	}
	for i := range job.Opinions {
		o, finding := &job.Opinions[i], &r.Findings[i]
		at, ok := grid.Location{}, false
		if j := slices.Index(forms, finding.Form); j >= 0 {
			at, ok = cells[j].nearest(finding.At.At.Path)
		}
		if !ok {
			at = job.cell(finding.At.At)
		}
		o.At = at
	}
	return nil
}

// cell gives the cell for a place of the submitted file, or else one for something in
// the same row of it.
func (j *copyJob) cell(at grid.Location) grid.Location {
	if cell, ok := j.Cells[placeKey(at)]; ok {
		return cell
	}
	return j.Cells[rowKey(at)]
}

// formCells are the cells of a form that was laid out, by the JSON Pointers of its
// fields. A pointer that is none of a field's, but leads to some, stands for the first
// of them.
type formCells struct{ byPointer, first map[string]grid.Location }

func (c *formCells) add(pointer string, at grid.Location) {
	if c.byPointer == nil {
		c.byPointer, c.first = map[string]grid.Location{}, map[string]grid.Location{}
	}
	c.byPointer[pointer] = at
	for {
		if _, ok := c.first[pointer]; !ok {
			c.first[pointer] = at
		}
		i := strings.LastIndexByte(pointer, '/')
		if i <= 0 {
			return
		}
		pointer = pointer[:i]
	}
}

// nearest gives the cell of a field, or of the field that shares most of its pointer
// where the layout does not show it.
func (c *formCells) nearest(pointer string) (at grid.Location, ok bool) {
	if at, ok = c.byPointer[pointer]; ok {
		return at, true
	}
	for {
		if at, ok = c.first[pointer]; ok {
			return at, true
		}
		i := strings.LastIndexByte(pointer, '/')
		if i <= 0 {
			return grid.Location{}, false
		}
		pointer = pointer[:i]
	}
}

// placeKey identifies a place of a submitted file, whatever field stands there.
func placeKey(at grid.Location) string {
	at.File, at.Path = "", ""
	return fmt.Sprintf("%+v", at)
}

// rowKey identifies the row of a place.
func rowKey(at grid.Location) string {
	at.Cell, at.Column = "", 0
	return placeKey(at)
}

// Close writes the copies.
func (a *annotated) Close(Summary) error {
	defer a.Discard()
	return a.spool.each(func(job *copyJob) error {
		for _, o := range a.late[job.File] {
			if job.Cells != nil {
				o.At = job.cell(o.At)
			}
			job.Opinions = append(job.Opinions, o)
		}
		name, data, err := a.annotate(job)
		if err != nil {
			return fmt.Errorf("%s: %w", job.File, err)
		}
		return a.opts.Create(name, data)
	})
}

// Discard gives up what was not written yet.
func (a *annotated) Discard() { a.spool.remove() }

// annotate makes one copy. What cannot be written into gets a workbook with the
// findings alone, which says so.
func (a *annotated) annotate(job *copyJob) (name string, data []byte, err error) {
	ctx, l := context.Background(), a.opts.Lang
	marks := a.marks(job.Opinions)
	switch {
	case len(job.Data) == 0:
	case job.Format == grid.DOCX:
		if data, err = office.AnnotateDOCX(ctx, job.Data, marks); err == nil {
			return job.Name, data, nil
		}
	default:
		if data, err = office.AnnotateXLSX(ctx, job.Data, marks, a.list(job)); err == nil {
			return job.Name, data, nil
		}
	}
	if err != nil {
		job.Notice = lang.F("原文件不能直接批注（%v），这里只列出意见", "the file itself could not be annotated (%v): only the findings are listed here", err).In(l)
	}
	for i := range job.Opinions {
		job.Opinions[i].At = grid.Location{}
	}
	name = job.Name
	if job.Format == grid.DOCX {
		name = a.names.unused(name + ".xlsx")
	} else if strings.EqualFold(path.Ext(name), ".xlsm") {
		name = a.names.unused(name + ".xlsx")
	}
	var b bytes.Buffer
	w := office.NewWriter(&b)
	list := a.list(job)
	if err := w.Sheet(list); err != nil {
		return "", nil, err
	}
	err = w.Close()
	return name, b.Bytes(), err
}

// The colours of the severities: of marked cells, of the list and its legend.
var severityFills = map[checks.Severity]string{checks.Error: "FFC7CE", checks.Warning: "FFEB9C", checks.Note: "DDEBF7"}

// marks gathers the opinions about each cell: one colour, that of the worst, and one
// comment.
func (a *annotated) marks(opinions []opinion) []office.Mark {
	l := a.opts.Lang
	var marks []office.Mark
	index := map[grid.Location]int{}
	worst := map[grid.Location]checks.Severity{}
	for i := range opinions {
		o := &opinions[i]
		at := o.At
		at.File, at.Path = "", ""
		n, ok := index[at]
		if !ok {
			n = len(marks)
			index[at] = n
			marks = append(marks, office.Mark{At: at})
		} else {
			marks[n].Comment = append(marks[n].Comment, office.Paragraph{})
		}
		if o.Severity > worst[at] {
			worst[at] = o.Severity
			marks[n].Fill = severityFills[o.Severity]
		}
		line := func(heading lang.Text, text string) {
			if text != "" {
				marks[n].Comment = append(marks[n].Comment, office.Paragraph{Heading: heading.In(l), Text: text})
			}
		}
		line(lang.F("【%[1]s】", "%[1]s: ", o.Severity.Label()), o.Message)
		line(lang.T("应为：", "expected: "), o.Expected)
		line(lang.T("依据：", "basis: "), o.Basis)
		line(lang.Text{}, o.Measure)
	}
	return marks
}
