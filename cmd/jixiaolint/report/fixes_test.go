package report

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"jixiaolint/checks"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// fixedReport is the report of a file in which two cells were changed, the result of a
// formula with them, and one fix could not be made, with hostile texts throughout.
func fixedReport() (checks.FileReport, Summary) {
	const bidi = "\u202e\x1b[2J"
	r := cases()["error"]
	f := &r.Findings[0]
	form := &schema.Form{Indicators: []schema.Indicator{{Name: schema.Field{Text: "培训" + bidi}}}}
	at := func(path string) grid.Location {
		return grid.Location{File: "a" + bidi + ".txt", Line: 7, Column: 4, Path: path}
	}
	r.Fixes = &checks.Fixes{
		Changes: []checks.CellChange{
			{Edit: checks.Edit{At: at("/indicators/0/score"), From: "9" + bidi, To: "8" + bidi}, Form: form, For: []*checks.Finding{f, f}},
			{Edit: checks.Edit{At: at("/goal/actual"), From: strings.Repeat("甲乙丙丁,", 40), To: strings.Repeat("甲乙丙丁，", 40)}, For: []*checks.Finding{f}},
		},
		Recalculated: []checks.CellChange{{Edit: checks.Edit{At: at("/total/score"), From: "96.32" + bidi, To: "96.23" + bidi}, Form: form}},
		Mended:       2, Backup: "a" + bidi + ".txt.bak",
		Undone: []checks.Undone{{Finding: f, Why: lang.T("只读"+bidi, "read-only"+bidi)}},
	}
	return r, Summary{Level: checks.Note, Fixing: true}
}

func renderFixed(t *testing.T, of func(*bytes.Buffer) (Renderer, error)) string {
	t.Helper()
	report, summary := fixedReport()
	return renderAll(t, report, summary, of)
}

// What was mended obeys the schemas and shows nothing hostile, in both languages.
func TestFixes(t *testing.T) {
	for _, l := range []lang.Lang{lang.ZH, lang.EN} {
		opts := Options{Lang: l, Tool: "jixiaolint", Version: "0.1.0"}
		out := map[string]string{"diff": renderFixed(t, func(b *bytes.Buffer) (Renderer, error) { return NewDiff(b, opts), nil })}
		for _, format := range []Format{Text, JSON, NDJSON, SARIF} {
			out[string(format)] = renderFixed(t, func(b *bytes.Buffer) (Renderer, error) { return New(b, format, opts) })
		}
		if err := compileSchema(t, "").Validate(decode(t, out["json"])); err != nil {
			t.Errorf("%#v", err)
		}
		if err := compileFile(t, "sarif-2.1.0.schema.json").Validate(decode(t, out["sarif"])); err != nil {
			t.Errorf("%#v", err)
		}
		for line := range strings.Lines(out["ndjson"]) {
			object, _ := decode(t, line).(map[string]any)
			kind, _ := object["type"].(string)
			if err := compileSchema(t, "#/$defs/"+kind).Validate(object); err != nil {
				t.Errorf("%s: %#v", kind, err)
			}
		}
		for format, text := range out {
			if !strings.Contains(text, whyRecalculated.In(l)) {
				t.Errorf("%s: nothing is said of the formula that was computed anew", format)
			}
			if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || invisible(r)) }); i >= 0 {
				t.Errorf("%s: hostile text is shown", format)
			}
		}
	}
}

// Of a long text, only the places that differ are shown.
func TestPieces(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"93.21%", "92.31%", "93.21%→92.31%"},
		{"", "-", "→-"},
		{strings.Repeat("字", 30) + "," + strings.Repeat("文", 30) + "," + "尾", strings.Repeat("字", 30) + "，" + strings.Repeat("文", 30) + "，" + "尾",
			"…字字字字字字,文文文文文文…→…字字字字字字，文文文文文文…；…文文文文文文,尾→…文文文文文文，尾"},
		{"<p>" + strings.Repeat("字", 30) + "," + strings.Repeat("文", 30) + "</p>", strings.Repeat("字", 30) + "，" + strings.Repeat("文", 30),
			"<p>字字字字字字…→字字字字字字…；…字字字字字字,文文文文文文…→…字字字字字字，文文文文文文…；…文文文文文文</p>→…文文文文文文"},
		{"<p>" + strings.Repeat("字", 40), strings.Repeat("字", 40), "<p>字字字字字字…→字字字字字字…"},
	} {
		var got []string
		for _, p := range pieces(c.from, c.to) {
			got = append(got, p[0]+"→"+p[1])
		}
		if s := strings.Join(got, "；"); s != c.want {
			t.Errorf("%s\nwant %s", s, c.want)
		}
	}
}
