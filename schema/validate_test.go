package schema

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jixiaolint/schema/grid"
)

// forms gives the forms of the JSON fixtures.
func forms(t *testing.T) []*Form {
	t.Helper()
	paths, err := filepath.Glob("../fixtures/*/*.json")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	var all []*Form
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		doc := Decode(path, data, grid.DefaultLimits())
		if len(doc.Problems) > 0 {
			t.Fatalf("%s: %s", path, doc.Problems[0].Message.EN)
		}
		all = append(all, doc.Forms...)
	}
	return all
}

// What the schema is not shown holds no violation: forms with fields blanked or garbled
// and with any layout have the problems that the schema finds in the whole of them, at the
// same places.
func TestSuspectsAgreeWithSchema(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	garble := []string{"", " ", "—", "/", "无", "-", "完成", "150万", "１２", "1,200", "1.", ".5", "-3", "+4", "1e5", "无/无", "12 ", "\t7", "　", "N/A", "0",
		"16\u00a0", "\u00a0", "\u2003 16", "16\u202f", "\u1680", "16\u0085", "\u000b16", "16\u2028", "\ufeff16", "16\u200b", "\u200b"}
	lacks := []string{"year", "department", "unit", "project", "goal", "funds", "funds.initial", "funds.adjusted", "funds.executed", "funds.rate",
		"funds.weight", "funds.score", "total", "total.score", "indicators.name", "indicators.target", "indicators.actual", "indicators.weight", "indicators.score", "none"}
	spared, failed := 0, 0
	for _, f := range forms(t) {
		f.raw, f.place = nil, nil
		for range 400 {
			g := *f
			g.Indicators, g.Groups = slices.Clone(f.Indicators), slices.Clone(f.Groups)
			g.Funds.Rows = slices.Clone(f.Funds.Rows)
			var fields []*Field
			for _, field := range g.Fields() {
				fields = append(fields, field)
			}
			for range rng.IntN(4) {
				fields[rng.IntN(len(fields))].Text = garble[rng.IntN(len(garble))]
			}
			for range rng.IntN(4) {
				g.Lacks = append(slices.Clip(g.Lacks), lacks[rng.IntN(len(lacks))])
			}
			switch rng.IntN(40) {
			case 0:
				g.Indicators = nil
			case 1:
				g.Funds.Rows = nil
			case 2:
				g.Year = []int{0, 1989, 2101}[rng.IntN(3)]
			case 3:
				g.DepartmentName = ""
			case 4:
				g.Kind = []Kind{Department, Transfer, "", "other"}[rng.IntN(4)]
			case 5:
				g.Total = Total{}
			}
			got, err := g.Validate()
			if err != nil {
				t.Fatal(err)
			}
			want, err := g.validate(g.Canonical(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.EqualFunc(got, want, func(a, b Problem) bool {
				return a.sortKey() == b.sortKey() && a.Message == b.Message && a.At.At == b.At.At
			}) {
				t.Fatalf("lacking %v: %v, the schema says %v", g.Lacks, got, want)
			}
			if s := g.suspects(); s.none() {
				spared++
			} else if len(want) > 0 {
				failed++
			}
		}
	}
	if spared < 500 || failed < 500 {
		t.Errorf("%d forms were spared the schema and %d failed it: the test proves little", spared, failed)
	}
}

// Figures with blanks around them, as web pages and spreadsheets put there, are
// figures for the schema as they are for the fast path; blanks alone are no text.
func TestBlanksAroundFigures(t *testing.T) {
	f := *forms(t)[0]
	f.raw, f.place = nil, nil
	for _, tt := range []struct{ score, project, want string }{
		{"9", "口岸专项", ""},
		{"\u00a09\u00a0", "\u3000口岸专项\u2009", ""},
		{"\ufeff9\u200b\u0085\u000b", "口岸专项", ""},
		{"9\u00a0分", "口岸专项", "non-numeric-cell"},
		{"9", "\u00a0\u3000\u2009\u0085\u000b", "missing-required-cell"},
	} {
		f.Indicators = slices.Clone(f.Indicators)
		f.Indicators[0].Score.Text, f.Project.Text = tt.score, tt.project
		problems, err := f.validate(f.Canonical(), nil)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if len(problems) > 0 {
			got = problems[0].Rule
		}
		if got != tt.want {
			t.Errorf("%q in %q: %q, want %q", tt.score, tt.project, got, tt.want)
		}
	}
}

// Encoding and decoding loses nothing, and every property has a place in the order
// of written documents.
func TestCanonicalRoundTrip(t *testing.T) {
	for _, f := range forms(t) {
		once := Encode([]*Form{f})
		doc := Decode("again.json", once, grid.DefaultLimits())
		if len(doc.Problems) > 0 || len(doc.Forms) != 1 {
			t.Fatalf("%s does not read back: %v", f.Name(), doc.Problems)
		}
		if again := Encode(doc.Forms); !bytes.Equal(once, again) {
			t.Errorf("%s changes on a round trip", f.Name())
		}
		var written, canonical any
		if err := json.Unmarshal(once, &written); err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(f.Canonical())
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &canonical); err != nil {
			t.Fatal(err)
		}
		a, _ := json.Marshal(written)
		c, _ := json.Marshal(canonical)
		if !bytes.Equal(a, c) {
			t.Errorf("%s: properties were lost in writing", f.Name())
		}
	}
}

// Problems come one per missing property, in one order, under the schema's rule
// names, at the nearest place; the library's own order and words are random.
func TestValidateProblems(t *testing.T) {
	data, err := os.ReadFile("../fixtures/correct/1-kouan.json")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	cut := func(from, to string) { text = strings.Replace(text, from, to, 1) }
	cut(`"unit":`, `"units":`)
	cut(`"initial":`, `"initials":`)
	cut(`"executed":`, `"execute":`)
	var want []string
	for i := range 30 {
		doc := Decode("x.json", []byte(text), grid.DefaultLimits())
		if len(doc.Forms) != 1 {
			t.Fatal(doc.Problems)
		}
		problems, err := doc.Forms[0].Validate()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range problems {
			got = append(got, p.Rule+" "+p.Pointer+"|"+p.Property+" "+p.At.At.String())
		}
		if i == 0 {
			want = got
			t.Log(strings.Join(got, "\n"))
		} else if !slices.Equal(got, want) {
			t.Fatalf("order changed:\n%s\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	for _, rule := range []string{
		"missing-required-cell |unit", "missing-required-cell /funds/rows/0|initial", "missing-required-cell /funds/rows/0|executed",
		"schema-violation /units|", "schema-violation /funds/rows/0/initials|",
	} {
		if !slices.ContainsFunc(want, func(s string) bool { return strings.HasPrefix(s, rule) }) {
			t.Errorf("no problem %q", rule)
		}
	}
}

// Formats are asserted and nothing is loaded: the library's defaults are otherwise.
func TestSchemaCompiles(t *testing.T) {
	if _, err := compiled(); err != nil {
		t.Fatal(err)
	}
	if _, err := refuseURL("file:///etc/passwd"); err == nil {
		t.Error("no URL may be loaded")
	}
}

// Hostile JSON gives one clear problem with a place, never a panic or a slow run.
func TestDecodeHostile(t *testing.T) {
	for name, text := range map[string]string{
		"empty":     "",
		"cut":       `{"version":1,"kind":"proj`,
		"exponent":  `{"version":1e1000001}`,
		"deep":      strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
		"twice":     `{"version":1,"version":1}`,
		"more":      `{"version":1} {}`,
		"not utf-8": "{\"version\":\"\xff\"}",
		"number":    "17",
		"digits":    `{"version":` + strings.Repeat("9", 100) + `}`,
	} {
		doc := Decode(name, []byte(text), grid.DefaultLimits())
		if len(doc.Problems) != 1 || len(doc.Forms) != 0 || doc.Problems[0].Message.ZH == "" || doc.Problems[0].At.At.Line == 0 {
			t.Errorf("%s: %d problems, %d forms", name, len(doc.Problems), len(doc.Forms))
		}
	}
}

// No input makes the decoder or the validator panic.
func FuzzDecode(f *testing.F) {
	for _, path := range []string{"../fixtures/correct/1-kouan.json", "../fixtures/seeds/forms.json"} {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"version":1,"kind":"project","indicators":[{"name":1}],"funds":[],"lacks":[null]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc := Decode("f.json", data, grid.DefaultLimits())
		for _, form := range doc.Forms {
			if _, err := form.Validate(); err != nil {
				t.Fatal(err)
			}
			Encode([]*Form{form})
		}
	})
}

// TestTooLongFigures: a figure that is too long to be reckoned with is reported; it
// would otherwise switch off all checks that need it.
func TestTooLongFigures(t *testing.T) {
	for text, ok := range map[string]bool{
		"123456789012345678": true, "0.123456789012345678": true, "1,234,567.89": true,
		"1234567890123456789": false, "0.1234567890123456789": false, "16." + strings.Repeat("0", 60): false,
	} {
		form := forms(t)[0]
		form.Total.Score.Text, form.raw = text, nil
		problems, err := form.Validate()
		if err != nil {
			t.Fatal(err)
		}
		reported := slices.ContainsFunc(problems, func(p Problem) bool { return p.Rule == "non-numeric-cell" })
		if reported == ok {
			t.Errorf("%s: reported %v", text, reported)
		}
	}
}
