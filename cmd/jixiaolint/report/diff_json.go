package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"io"

	"jixiaolint/checks"
	"jixiaolint/checks/compare"
	"jixiaolint/schema/grid"
)

// diffVersion is the version of the layout of comparisons.
const diffVersion = 1

//go:embed diff.schema.json
var diffSchema []byte

// DiffSchema gives the JSON Schema of a comparison. It holds that of the JSON report,
// whose findings and places a comparison has too.
func DiffSchema() []byte {
	return bytes.Replace(diffSchema, []byte(`"@report"`), bytes.ReplaceAll(bytes.TrimSpace(reportSchema), []byte("\n"), []byte("\n    ")), 1)
}

// The JSON documents of a comparison. The order of fields is the order of the output.
type (
	jsonDiff struct {
		Version  int             `json:"version"`
		Kind     string          `json:"kind"`
		Tool     jsonTool        `json:"tool"`
		Old      string          `json:"old"`
		New      string          `json:"new"`
		Forms    []jsonDiffForm  `json:"forms"`
		Removed  []jsonSingle    `json:"removed"`
		Added    []jsonSingle    `json:"added"`
		Findings jsonFate        `json:"findings"`
		Summary  jsonDiffSummary `json:"summary"`
	}
	jsonVersion struct {
		File    string `json:"file"`
		Sheet   string `json:"sheet,omitempty"`
		Project string `json:"project,omitempty"`
		Year    int    `json:"year,omitempty"`
	}
	jsonSingle struct {
		jsonVersion
		Findings []jsonFinding `json:"findings"`
	}
	jsonDiffForm struct {
		Old      jsonVersion     `json:"old"`
		New      jsonVersion     `json:"new"`
		Changes  []jsonChange    `json:"changes"`
		Rows     []jsonRowChange `json:"rows"`
		Findings jsonFate        `json:"findings"`
	}
	jsonChange struct {
		Kind  compare.Kind `json:"kind"`
		Field string       `json:"field"`
		Label string       `json:"label"`
		Row   string       `json:"row,omitempty"`
		Old   jsonText     `json:"old"`
		New   jsonText     `json:"new"`
	}
	jsonText struct {
		Text     string         `json:"text"`
		Location *grid.Location `json:"location,omitempty"`
	}
	jsonRowChange struct {
		Kind compare.RowKind `json:"kind"`
		List string          `json:"list"`
		Old  *jsonRow        `json:"old,omitempty"`
		New  *jsonRow        `json:"new,omitempty"`
	}
	jsonRow struct {
		Index    int            `json:"index"`
		Name     string         `json:"name,omitempty"`
		Group    string         `json:"group,omitempty"`
		Texts    []string       `json:"texts,omitempty"`
		Location *grid.Location `json:"location,omitempty"`
	}
	jsonFate struct {
		Gone      []jsonFinding   `json:"gone"`
		New       []jsonFinding   `json:"new"`
		Remaining []jsonRemaining `json:"remaining"`
	}
	jsonRemaining struct {
		Old jsonFinding `json:"old"`
		New jsonFinding `json:"new"`
	}
	jsonDiffSummary struct {
		Forms     int `json:"forms"`
		Removed   int `json:"removed"`
		Added     int `json:"added"`
		Changed   int `json:"changed"`
		Rewritten int `json:"rewritten"`
		Rows      struct {
			Added   int `json:"added"`
			Removed int `json:"removed"`
			Moved   int `json:"moved"`
			Renamed int `json:"renamed"`
		} `json:"rows"`
		Gone int `json:"gone"`
		New  int `json:"new"`
		// GoneWithForms and NewWithForms count those of Gone and New that belong to forms
		// which only one version holds.
		GoneWithForms int `json:"gone_with_forms"`
		NewWithForms  int `json:"new_with_forms"`
		Remaining     int `json:"remaining"`
		Errors        int `json:"errors"`
		Warnings      int `json:"warnings"`
		Notes         int `json:"notes"`
		Hidden        int `json:"hidden"`
		Suppressed    int `json:"suppressed"`
	}
)

func writeDiffJSON(w io.Writer, d *Diff, c *diffCounts, opts Options) error {
	e := newEncoder(opts)
	doc := jsonDiff{
		Version: diffVersion, Kind: "diff", Tool: e.tool(), Old: d.Old, New: d.New,
		Forms: []jsonDiffForm{}, Removed: e.singles(d.Removed), Added: e.singles(d.Added), Findings: e.fate(d.Findings),
	}
	for i := range d.Forms {
		doc.Forms = append(doc.Forms, e.diffForm(&d.Forms[i]))
	}
	s := &doc.Summary
	s.Forms, s.Removed, s.Added, s.Changed, s.Rewritten = c.forms, c.removed, c.added, c.changed, c.rewritten
	s.Rows.Added, s.Rows.Removed = c.rows[compare.Added], c.rows[compare.Removed]
	s.Rows.Moved, s.Rows.Renamed = c.rows[compare.Moved], c.rows[compare.Renamed]
	s.Gone, s.New, s.Remaining = c.gone, c.appeared, c.remaining
	s.GoneWithForms, s.NewWithForms = c.goneWithForms, c.newWithForms
	s.Errors, s.Warnings, s.Notes, s.Hidden, s.Suppressed = c.errors, c.warnings, c.notes, c.hidden, d.Suppressed
	line, err := e.append(nil, doc)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, line, "", " "); err != nil {
		return err
	}
	out.WriteByte('\n')
	_, err = w.Write(out.Bytes())
	return err
}

func (e *encoder) diffForm(f *compare.Form) jsonDiffForm {
	out := jsonDiffForm{
		Old: versionOf(f.Old), New: versionOf(f.New),
		Changes: []jsonChange{}, Rows: []jsonRowChange{}, Findings: e.fate(f.Findings),
	}
	for _, c := range f.Changes {
		out.Changes = append(out.Changes, jsonChange{
			c.Kind, c.Field, c.Label().In(e.opts.Lang), c.Row,
			jsonText{c.Old.Text, placeOf(c.Old.At)}, jsonText{c.New.Text, placeOf(c.New.At)},
		})
	}
	for _, r := range f.Rows {
		out.Rows = append(out.Rows, jsonRowChange{r.Kind, r.List, jsonRowOf(r.Old), jsonRowOf(r.New)})
	}
	return out
}

func (e *encoder) singles(list []compare.Single) []jsonSingle {
	out := make([]jsonSingle, 0, len(list))
	for _, s := range list {
		out = append(out, jsonSingle{versionOf(s.Version), e.findings(s.Findings)})
	}
	return out
}

func (e *encoder) fate(f compare.Findings) jsonFate {
	out := jsonFate{Gone: e.findings(f.Gone), New: e.findings(f.New), Remaining: make([]jsonRemaining, 0, len(f.Remaining))}
	for _, r := range f.Remaining {
		out.Remaining = append(out.Remaining, jsonRemaining{e.finding(r.Old), e.finding(r.New)})
	}
	return out
}

func (e *encoder) findings(list []*checks.Finding) []jsonFinding {
	out := make([]jsonFinding, 0, len(list))
	for _, f := range list {
		out = append(out, e.finding(f))
	}
	return out
}

func versionOf(v compare.Version) jsonVersion {
	return jsonVersion{v.File, v.At.Sheet, v.Name, v.Year}
}

func jsonRowOf(r *compare.Row) *jsonRow {
	if r == nil {
		return nil
	}
	return &jsonRow{r.Index, r.Name, r.Group, r.Texts, placeOf(r.At)}
}

// placeOf gives a place, nil for none.
func placeOf(at grid.Location) *grid.Location {
	if at.IsZero() {
		return nil
	}
	return &at
}
