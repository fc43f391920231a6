package intake

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
)

// lines writes forms as newline-delimited JSON.
func lines(t testing.TB, forms []*schema.Form) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, f := range forms {
		if err := json.Compact(&b, schema.Encode([]*schema.Form{f})); err != nil {
			t.Fatal(err)
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// TestLines protects the places of values in newline-delimited JSON, and the good
// lines from the bad ones.
func TestLines(t *testing.T) {
	const form = `{"version":1,"kind":"project","project":"甲","total":{"score":"9"}}`
	text := strings.Join([]string{
		form,
		"",
		"  " + form + "\r",
		`{"version":1,`,
		`[1]`,
		`{"version":1,"version":1}`,
		form,
		"{\"project\":\"\xff\"}",
	}, "\n")
	doc := Read(t.Context(), "表.ndjson", []byte(text), Options{})
	var places []string
	for _, f := range doc.Forms {
		for _, pointer := range []string{"/project", "/total/score", "/version"} {
			places = append(places, f.Place(pointer).At.String())
		}
		if f.Project.At.Line != f.Place("/project").At.Line || f.Project.Row.Num != f.Project.At.Line {
			t.Errorf("the field and its place differ: %+v", f.Project)
		}
	}
	want := "表.ndjson:1:41 表.ndjson:1:62 表.ndjson:1:12 表.ndjson:3:43 表.ndjson:3:64 表.ndjson:3:14 表.ndjson:7:41 表.ndjson:7:62 表.ndjson:7:12"
	if got := strings.Join(places, " "); got != want {
		t.Errorf("places:\ngot  %s\nwant %s", got, want)
	}
	var problems []int
	for _, p := range doc.Problems {
		problems = append(problems, p.At.At.Line)
		if p.Rule != schema.RuleUnreadableFile || p.At.At.Column == 0 || p.At.Row != nil && p.At.Row.Num != p.At.At.Line {
			t.Errorf("incomplete problem %+v", p)
		}
	}
	if len(problems) != 4 || problems[0] != 4 || problems[1] != 5 || problems[2] != 6 || problems[3] != 8 {
		t.Errorf("problems in lines %v, want 4 5 6 8", problems)
	}
}

// TestLinesEdges protects the ends of newline-delimited JSON.
func TestLinesEdges(t *testing.T) {
	for _, tt := range []struct {
		text            string
		forms, problems int
	}{
		{"", 0, 1},
		{"\n\n", 0, 1},
		{`{"project":"甲"}`, 1, 0},
		{"\n{\"project\":\"甲\"}", 1, 0},
		{"{\"project\":\"甲\"}\n\n\n", 1, 0},
		{"{\"project\":\n\"甲\"}", 0, 2}, // one document over two lines is none
		{"null\n", 0, 1},
		{"{\"a\":1}\n{\"a\":1e999}", 1, 1},
	} {
		doc := Read(t.Context(), "表.ndjson", []byte(tt.text), Options{})
		if len(doc.Forms) != tt.forms || len(doc.Problems) != tt.problems {
			t.Errorf("%q: %d forms and %d problems, want %d and %d: %+v", tt.text, len(doc.Forms), len(doc.Problems), tt.forms, tt.problems, doc.Problems)
		}
	}
	if doc := Read(t.Context(), "表.json", []byte("[]"), Options{}); len(doc.Problems) != 1 {
		t.Errorf("an empty array gives %+v", doc.Problems)
	}
	doc := Read(t.Context(), "表.ndjson", bytes.Repeat([]byte("\n"), 100), Options{Limits: grid.Limits{Rows: 10}})
	if len(doc.Problems) != 1 {
		t.Errorf("too many lines: %+v", doc.Problems)
	}
}
