package checks_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jixiaolint/checks"
	"jixiaolint/checks/formtest"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
)

// These tests hold the promise that a false alarm on a correct form is as bad as a
// missed error: correct forms of every kind pass, one defect sets off its own rule at
// its own cell and nothing unrelated, and rounding is judged exactly at its borders.
// Forms are random but the same in every run; a failure prints the seed.

// random gives the random numbers of a seed.
func random(seed int) *rand.Rand { return rand.New(rand.NewPCG(uint64(seed), 20200210)) }

func run(forms ...*schema.Form) checks.FileReport {
	return checks.Run(context.Background(), &schema.Document{File: "form.json", Forms: forms}, checks.Options{})
}

// serious lists a report's errors and warnings, with what is needed to judge them.
func serious(r checks.FileReport) []string {
	var out []string
	for _, f := range r.Findings {
		if f.Severity >= checks.Warning {
			out = append(out, describe(f))
		}
	}
	return out
}

// describe gives a finding and the row it stands in.
func describe(f checks.Finding) string {
	s := fmt.Sprintf("%s[%s] at %s: %s %s", f.Severity, f.Rule.Name, f.At.At.Path, f.Message.ZH, f.Arithmetic.ZH)
	if f.At.Row != nil {
		var cells []string
		for _, c := range f.At.Row.Cells {
			cells = append(cells, c.Text)
		}
		s += "\n\t\trow: " + strings.Join(cells, " | ")
	}
	return s
}

// count gives the number of cases of a test, a tenth of it with -short.
func count(n int) int {
	if testing.Short() {
		return n / 10
	}
	return n
}

// Correct forms give no error and no warning, however they came about.
func TestCorrectFormsAreSilent(t *testing.T) {
	t.Parallel()
	failures := 0
	for seed := range count(3000) {
		form := formtest.Correct(random(seed))
		if bad := serious(run(form)); len(bad) > 0 {
			t.Errorf("seed %d:\n\t%s", seed, strings.Join(bad, "\n\t"))
			if failures++; failures == 10 {
				t.Fatal("… and maybe more")
			}
		}
	}
}

// A form is the same form in every layout: each reads back as the same canonical
// document, and correct ones stay without error or warning.
func TestLayoutsReadTheSame(t *testing.T) {
	t.Parallel()
	for _, l := range formtest.Layouts() {
		t.Run(l.Name, func(t *testing.T) {
			n := count(150)
			if l.Slow {
				n = count(40)
			}
			failures := 0
			for seed := 0; seed < n && failures < 5; seed++ {
				rng := random(seed)
				forms := make([]*schema.Form, 1+rng.IntN(3))
				for i := range forms {
					forms[i] = formtest.Correct(rng)
				}
				if msg := sameIn(l, rng, forms); msg != "" {
					t.Errorf("seed %d: %s", seed, msg)
					failures++
				}
			}
		})
	}
}

// sameIn writes and reads forms in a layout and says what came back otherwise.
func sameIn(l formtest.Layout, rng *rand.Rand, forms []*schema.Form) string {
	data, err := l.Write(rng, forms)
	if err != nil {
		return err.Error()
	}
	doc := l.Read(data)
	if len(doc.Problems) > 0 || len(doc.Forms) != len(forms) {
		return fmt.Sprintf("%d forms read back as %d, problems %v", len(forms), len(doc.Forms), doc.Problems)
	}
	for i, want := range forms {
		if diff := firstDifference(schema.Encode([]*schema.Form{want}), schema.Encode(doc.Forms[i:i+1])); diff != "" {
			return fmt.Sprintf("form %d: %s", i, diff)
		}
	}
	if bad := serious(checks.Run(context.Background(), doc, checks.Options{})); len(bad) > 0 {
		return strings.Join(bad, "\n\t")
	}
	return ""
}

// firstDifference gives the first line in which two documents differ.
func firstDifference(want, got []byte) string {
	ws, gs := bytes.Split(want, []byte("\n")), bytes.Split(got, []byte("\n"))
	for i := range max(len(ws), len(gs)) {
		var w, g []byte
		if i < len(ws) {
			w = ws[i]
		}
		if i < len(gs) {
			g = gs[i]
		}
		if !bytes.Equal(w, g) {
			return fmt.Sprintf("line %d is %s, want %s", i+1, bytes.TrimSpace(g), bytes.TrimSpace(w))
		}
	}
	return ""
}

// The same forms give the same findings, run by run and whatever other forms stand
// before them in the file.
func TestRunsAreDeterministic(t *testing.T) {
	t.Parallel()
	defects := formtest.Defects()
	for seed := range count(50) {
		rng := random(seed)
		forms := make([]*schema.Form, 4)
		for i := range forms {
			form := formtest.Draft(rng)
			defects[rng.IntN(len(defects))].Inject(rng, form)
			forms[i] = formtest.Reread(form)
		}
		first := findingsByForm(run(forms...), forms)
		again := findingsByForm(run(forms...), forms)
		backwards := slices.Clone(forms)
		slices.Reverse(backwards)
		turned := findingsByForm(run(backwards...), forms)
		for i := range forms {
			if !slices.Equal(first[i], again[i]) || !slices.Equal(first[i], turned[i]) {
				t.Fatalf("seed %d, form %d:\nfirst  %v\nagain  %v\nturned %v", seed, i, first[i], again[i], turned[i])
			}
		}
	}
}

// findingsByForm gives the findings of each form in the order of the report.
func findingsByForm(r checks.FileReport, forms []*schema.Form) [][]string {
	out := make([][]string, len(forms))
	for _, f := range r.Findings {
		if i := slices.Index(forms, f.Form); i >= 0 {
			var b strings.Builder
			fmt.Fprint(&b, f.Severity, f.Rule.Name, f.At.At, f.Message, f.Arithmetic, f.Found, f.Expected)
			for _, rel := range f.Related {
				fmt.Fprint(&b, rel.At.At, rel.Label)
			}
			out[i] = append(out[i], b.String())
		}
	}
	return out
}

// reports says whether a finding of the defect's rule speaks of the cell at a JSON
// Pointer: marks it, uses it, or, where the defect left no cell, stands beside it.
func reports(f checks.Finding, d formtest.Defect, pointer string) bool {
	if f.Rule.Name != d.Rule {
		return false
	}
	at := []string{f.At.At.Path}
	for _, rel := range f.Related {
		at = append(at, rel.At.At.Path)
	}
	return slices.ContainsFunc(at, func(p string) bool {
		// A label such as 产出指标(50) is the place of the points it states.
		return p == pointer || strings.HasPrefix(p, "/groups/") && pointer == p+"/weight" ||
			d.Absent && (pointer == "" || strings.HasPrefix(pointer, p[:strings.LastIndexByte(p, '/')+1]))
	})
}

// judge says what is wrong with the report on a form with one defect.
func judge(r checks.FileReport, d formtest.Defect, pointer string) string {
	found := false
	var bad []string
	for _, f := range r.Findings {
		if reports(f, d, pointer) {
			found = true
		}
		if f.Severity >= checks.Warning && f.Rule.Name != d.Rule && !slices.Contains(d.Also, f.Rule.Name) {
			bad = append(bad, "unrelated: "+describe(f))
		}
	}
	if !found {
		bad = append([]string{d.Rule + " does not speak of " + pointer}, append(bad, serious(r)...)...)
	}
	return strings.Join(bad, "\n\t")
}

// One defect is found by its rule at its cell, and sets off nothing unrelated.
func TestSingleDefects(t *testing.T) {
	t.Parallel()
	for _, d := range formtest.Defects() {
		t.Run(d.Name, func(t *testing.T) {
			tried, failures := 0, 0
			want := count(15)
			for seed := 0; seed < 100*want && tried < want && failures < 3; seed++ {
				rng := random(seed)
				form := formtest.Draft(rng)
				pointer, ok := d.Inject(rng, form)
				if !ok {
					continue
				}
				tried++
				if msg := judge(run(formtest.Reread(form)), d, pointer); msg != "" {
					t.Errorf("seed %d, %s at %s:\n\t%s", seed, d.Name, pointer, msg)
					failures++
				}
			}
			if tried < want/4 {
				t.Errorf("only %d forms have a place for the defect", tried)
			}
		})
	}
}

// The same holds in every layout, in a file that begins with a correct form; and the
// place reported holds the text that was injected, as other readers of the file see.
func TestSingleDefectsInLayouts(t *testing.T) {
	t.Parallel()
	for _, l := range formtest.Layouts() {
		if l.Converted {
			continue // read back as the same form: TestLayoutsReadTheSame
		}
		t.Run(l.Name, func(t *testing.T) {
			want := max(1, count(20)/10)
			for i, d := range formtest.Defects() {
				if d.OnlyJSON && l.Name != "json" || l.Slow && i%4 != 0 && !testing.Verbose() {
					continue // all defects in all layouts take -v
				}
				tried, failures := 0, 0
				for seed := 0; seed < 200 && tried < want && failures < 2; seed++ {
					rng := random(seed)
					form := formtest.Draft(rng)
					pointer, ok := d.Inject(rng, form)
					if !ok {
						continue
					}
					tried++
					if msg := foundIn(l, rng, d, pointer, formtest.Correct(rng), formtest.Reread(form)); msg != "" {
						t.Errorf("seed %d, %s at %s:\n\t%s", seed, d.Name, pointer, msg)
						failures++
					}
				}
			}
		})
	}
}

// foundIn says what is wrong with the report on a file that holds a correct form and
// one with a defect.
func foundIn(l formtest.Layout, rng *rand.Rand, d formtest.Defect, pointer string, first, form *schema.Form) string {
	data, err := l.Write(rng, []*schema.Form{first, form})
	if err != nil {
		return err.Error()
	}
	doc := l.Read(data)
	if len(doc.Forms) != 2 {
		return fmt.Sprintf("2 forms read back as %d", len(doc.Forms))
	}
	report := checks.Run(context.Background(), doc, checks.Options{})
	var mine checks.FileReport
	for _, f := range report.Findings {
		if f.Form == doc.Forms[0] && f.Severity >= checks.Warning {
			return "in the correct form: " + describe(f)
		}
		if f.Form != doc.Forms[0] {
			mine.Findings = append(mine.Findings, f)
		}
	}
	if msg := judge(mine, d, pointer); msg != "" || d.Absent {
		return msg
	}
	want := textAt(form, pointer)
	for _, f := range mine.Findings {
		if !reports(f, d, pointer) {
			continue
		}
		places := []grid.Location{f.At.At}
		for _, rel := range f.Related {
			places = append(places, rel.At.At)
		}
		if slices.ContainsFunc(places, func(at grid.Location) bool { return strings.Contains(textIn(data, at), want) }) {
			return ""
		}
		return fmt.Sprintf("none of the places %v holds %q", places, want)
	}
	return ""
}

// textAt gives the text of the field that a JSON Pointer names.
func textAt(f *schema.Form, pointer string) string {
	for p, field := range f.Fields() {
		if p == pointer {
			return strings.TrimSpace(field.Text)
		}
	}
	return ""
}

// textIn gives what a file holds at a place: the value of a workbook's cell, or the
// cell of a text from the line and column on.
func textIn(data []byte, at grid.Location) string {
	if at.Cell != "" {
		f, err := excelize.OpenReader(bytes.NewReader(data))
		if err != nil {
			return err.Error()
		}
		defer func() { _ = f.Close() }()
		text, err := f.GetCellValue(at.Sheet, at.Cell)
		if err != nil {
			return err.Error()
		}
		return text
	}
	lines := strings.Split(string(data), "\n")
	if at.Line < 1 || at.Line > len(lines) {
		return ""
	}
	rest := []rune(lines[at.Line-1])
	cell, _, _ := strings.Cut(string(rest[min(max(at.Column-1, 0), len(rest)):]), "\t")
	return cell
}

// prints counts the findings of a report that layouts do not add to, by what equal
// findings have in common of their fingerprints.
func prints(r checks.FileReport) map[string]int {
	out := map[string]int{}
	for _, f := range r.Findings {
		if f.Rule.Group != checks.GroupInput {
			out[f.Fingerprint[:checks.FingerprintLength]]++
		}
	}
	return out
}

// Different findings of a form have different fingerprints, but for their numbers.
func TestFingerprintsTellApart(t *testing.T) {
	t.Parallel()
	defects := formtest.Defects()
	for seed := range count(1000) {
		rng := random(seed)
		form := formtest.Draft(rng)
		defects[seed%len(defects)].Inject(rng, form)
		messages := map[string]string{}
		for _, f := range run(formtest.Reread(form)).Findings {
			id := f.Fingerprint[:checks.FingerprintLength]
			if other, ok := messages[id]; ok && other != f.Message.ZH {
				t.Errorf("seed %d: %s and %q share a fingerprint", seed, describe(f), other)
			}
			messages[id] = f.Message.ZH
		}
	}
}

// Fingerprints are those of the form, not of the file: they are the same under another
// name, in every other layout, with rows before the form and blank ones in it, and with
// other forms before and behind it, the same form again included.
func TestFingerprintsSurvive(t *testing.T) {
	t.Parallel()
	defects := formtest.Defects()
	for seed := range count(60) {
		rng := random(seed)
		form := formtest.Draft(rng)
		d := defects[seed%len(defects)]
		if _, ok := d.Inject(rng, form); !ok || d.OnlyJSON {
			continue
		}
		form = formtest.Reread(form)
		want := prints(run(form))
		other := formtest.Draft(rng)
		other.Project.Text, other.Heading.Text = "另一个项目", ""
		other = formtest.Reread(other)
		for i, l := range formtest.Layouts() {
			if l.Slow && (seed+i)%5 != 0 {
				continue
			}
			data, err := l.Write(rng, []*schema.Form{other, form, form, other})
			if err != nil {
				t.Fatal(err)
			}
			doc := l.Read(data)
			if len(doc.Forms) == 0 {
				continue // text whose columns cannot be told is refused as a whole
			}
			doc.File = "renamed/" + doc.File
			got := prints(checks.Run(context.Background(), doc, checks.Options{}))
			for id, n := range want {
				if got[id] != 2*n {
					t.Errorf("seed %d, %s, %s: a finding has its fingerprint %d times in two forms, %d times in one", seed, d.Name, l.Name, got[id], n)
				}
			}
		}
	}
}

// A row that is inserted in the table moves no fingerprint of the rows below it.
func TestFingerprintsSurviveRows(t *testing.T) {
	t.Parallel()
	for seed := range count(100) {
		rng := random(seed)
		form := formtest.Draft(rng)
		defects := formtest.Defects()
		defects[rng.IntN(len(defects))].Inject(rng, form)
		if len(form.Indicators) == 0 {
			continue
		}
		before := run(formtest.Reread(form))
		row := form.Indicators[0]
		row.Name.Text, row.PartOf = "其中：新增的一行", row.Name.Text
		row.Weight.Text, row.Score.Text = "", ""
		form.Indicators = slices.Insert(form.Indicators, 1, row)
		after := prints(run(formtest.Reread(form)))
		for _, f := range before.Findings {
			// What is said of the whole form may well change with its rows.
			if strings.HasPrefix(f.At.At.Path, "/indicators/") && len(f.Related) == 0 && f.Found != "" && after[f.Fingerprint[:checks.FingerprintLength]] == 0 {
				t.Errorf("seed %d: lost: %s", seed, describe(f))
			}
		}
	}
}
