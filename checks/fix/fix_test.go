package fix

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jixiaolint/checks"
	"jixiaolint/checks/formtest"
	"jixiaolint/checks/profile"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/intake"
	"jixiaolint/schema/quantity"
)

// random gives the random numbers of a seed.
func random(seed int) *rand.Rand { return rand.New(rand.NewPCG(uint64(seed), 20200210)) }

// count gives the number of cases of a test, a tenth of it with -short.
func count(n int) int {
	if testing.Short() {
		return max(1, n/10)
	}
	return n
}

// fileOf gives a file that is checked with the default options.
func fileOf(name string, data []byte) File {
	return File{
		Name: name, Data: data,
		Read: func(ctx context.Context, data []byte) *schema.Document {
			return intake.Read(ctx, name, data, intake.Options{})
		},
		Check: func(ctx context.Context, doc *schema.Document) checks.FileReport {
			return checks.Run(ctx, doc, checks.Options{})
		},
	}
}

// mend corrects a file, and gives what was found before.
func mend(t *testing.T, f File, opts Options) (Result, *schema.Document, checks.FileReport) {
	t.Helper()
	doc := f.Read(t.Context(), f.Data)
	report := f.Check(t.Context(), doc)
	result, err := Apply(t.Context(), f, doc, report, opts)
	if err != nil {
		t.Fatal(err)
	}
	return result, doc, report
}

// prove says what is wrong with the correction of a file: it must change the cells that
// it names and nothing else, mend what it names, do no harm, raise no score unasked, and
// leave nothing to a second run.
func prove(t *testing.T, f File, opts Options) (r Result, faults []string) {
	t.Helper()
	r, doc, before := mend(t, f, opts)
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }

	for _, finding := range before.Findings {
		if x := finding.Fix; x != nil && (finding.Rule.Fix == checks.NoFix || x.IsSafe() && finding.Rule.Fix != checks.Safe) {
			fault("%s proposes a fix (%s) that its documentation does not promise", finding.Rule.Name, x.Safety)
		}
	}
	was := (&mender{}).state(f.Data, doc, before)
	old, now := texts(was), texts((&mender{}).state(r.Data, r.Doc, r.Report))
	for _, c := range r.Fixes.Changes {
		at := was.spot(c.At)
		if old[at] != c.From || now[at] != c.To {
			fault("%v: %q → %q is reported, %q → %q was done", c.At, c.From, c.To, old[at], now[at])
		}
		delete(old, at)
		delete(now, at)
	}
	for _, c := range r.Fixes.Recalculated {
		at := was.spot(c.At)
		if old[at] != now[at] && (old[at] != c.From || now[at] != c.To) {
			fault("%v: %q → %q is reported as recalculated, it went from %q to %q", c.At, c.From, c.To, old[at], now[at])
		}
		delete(old, at)
		delete(now, at)
	}
	for at, text := range old {
		if now[at] != text {
			fault("%v: %q became %q, which is not reported", at, text, now[at])
		}
	}

	numbers, is := tally(doc, before), tally(r.Doc, r.Report)
	mended := map[string]bool{}
	for _, c := range r.Fixes.Changes {
		for _, finding := range c.For {
			mended[finding.Rule.Name] = true
		}
	}
	for k, n := range is {
		if n > numbers[k] {
			fault("%s appeared in form %d", k.rule, k.form)
		}
	}
	if !opts.Unsafe {
		for i, form := range r.Doc.Forms {
			for what, pair := range scores(doc.Forms[i], form) {
				if pair[1].Cmp(pair[0]) > 0 {
					fault("%s was raised from %s to %s", what, pair[0].Short(4), pair[1].Short(4))
				}
			}
		}
	}
	left := len(r.Fixes.Undone)
	if n := r.Report.Fixable(); !opts.Unsafe && n > left {
		fault("%d safe fixes are left, and %d said to be: %v", n, left, r.Fixes.Undone)
	}
	f.Data = r.Data
	again, _, _ := mend(t, f, opts)
	if string(again.Data) != string(r.Data) || len(again.Fixes.Changes) > 0 {
		fault("a second run changes %v", again.Fixes.Changes)
	}
	return r, faults
}

// tallied is what findings are counted by.
type tallied struct {
	rule string
	form int
}

func tally(doc *schema.Document, r checks.FileReport) map[tallied]int {
	out := map[tallied]int{}
	for _, f := range r.Findings {
		out[tallied{f.Rule.Name, slices.Index(doc.Forms, f.Form)}]++
	}
	return out
}

// texts gives the texts of the cells of a file's forms, or of their fields where the format
// has no cells.
func texts(s *state) map[spot]string {
	out := map[spot]string{}
	s.index()
	for at, where := range s.spots {
		if c := s.cells[at]; c != nil {
			out[where] = c.Text
		}
	}
	for i, form := range s.doc.Forms {
		for pointer, f := range form.Fields() {
			if s.doc.Format == grid.JSON && f.Present() {
				out[spot{form: i + 1, field: pointer}] = f.Text
			}
		}
	}
	return out
}

// scores gives the scores, subtotals and total of a form before and after.
func scores(before, after *schema.Form) map[string][2]quantity.Number {
	out := map[string][2]quantity.Number{}
	now := map[string]*schema.Field{}
	for p, f := range after.Fields() {
		now[p] = f
	}
	for p, f := range before.Fields() {
		if !strings.HasSuffix(p, "/score") || now[p] == nil {
			continue
		}
		a, b := f.Displayed(), now[p].Displayed()
		if a.IsFigure() && b.IsFigure() {
			out[p] = [2]quantity.Number{a.Value, b.Value}
		}
	}
	return out
}

// inject makes a defect, if the form has a place for it. A form without a part of its own
// has none for some.
func inject(d formtest.Defect, rng *rand.Rand, f *schema.Form) bool {
	if len(f.Funds.Rows) == 0 || len(f.Indicators) == 0 {
		return false
	}
	_, ok := d.Inject(rng, f)
	return ok
}

// Forms with defects are corrected in every layout, with safe fixes and with all.
func TestDefects(t *testing.T) {
	for _, l := range formtest.Layouts() {
		t.Run(l.Name, func(t *testing.T) {
			t.Parallel()
			n, fixed := count(100), 0
			if l.Slow || l.Converted {
				n = count(15)
			}
			defects := formtest.Defects()
			for seed := range n {
				rng := random(seed)
				forms := []*schema.Form{formtest.Draft(rng), formtest.Draft(rng)}
				var names []string
				for range 1 + rng.IntN(3) {
					d := defects[rng.IntN(len(defects))]
					if d.OnlyJSON && l.Name != "json" {
						continue
					}
					if inject(d, rng, forms[1]) {
						names = append(names, d.Name)
					}
				}
				for i := range forms {
					forms[i] = formtest.Reread(forms[i])
				}
				data, err := l.Write(rng, forms)
				if err != nil {
					t.Fatal(err)
				}
				if doc := l.Read(data); len(doc.Forms) != 2 {
					continue
				}
				for _, unsafe := range []bool{false, true} {
					r, faults := prove(t, fileOf(l.File, data), Options{Unsafe: unsafe})
					fixed += r.Fixes.Mended
					if len(faults) > 0 {
						t.Errorf("seed %d, %v, unsafe %v:\n\t%s", seed, names, unsafe, strings.Join(faults, "\n\t"))
					}
				}
			}
			t.Logf("%d findings mended", fixed)
			if fixed < n/4 {
				t.Errorf("only %d findings of %d files were mended", fixed, n)
			}
		})
	}
}

// fixtures are the files that stand for those of users: real forms, forms with one defect
// each, correct and hostile ones.
func fixtures(t *testing.T, folders ...string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, folder := range folders {
		entries, err := os.ReadDir(filepath.Join("..", "..", "fixtures", folder))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if filepath.Ext(e.Name()) == ".golden" || e.IsDir() {
				continue
			}
			data, err := os.ReadFile(filepath.Join("..", "..", "fixtures", folder, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			files[folder+"/"+e.Name()] = data
		}
	}
	return files
}

// Every file of the fixtures is corrected, and stays what it is otherwise.
func TestFixtures(t *testing.T) {
	t.Parallel()
	mended := 0
	for name, data := range fixtures(t, "seeds", "published", "broken", "correct", "hostile") {
		for _, unsafe := range []bool{false, true} {
			r, faults := prove(t, fileOf(name, data), Options{Unsafe: unsafe})
			mended += r.Fixes.Mended
			if len(faults) > 0 {
				t.Errorf("%s, unsafe %v:\n\t%s", name, unsafe, strings.Join(faults, "\n\t"))
			}
			for _, u := range r.Fixes.Undone {
				t.Logf("%s, unsafe %v: %s[%s]: %s", name, unsafe, u.Finding.Rule.Name, u.Finding.Fix.Safety, u.Why.EN)
			}
		}
	}
	t.Logf("%d findings mended", mended)
}

// Correct forms are left alone, byte for byte.
func TestCorrectFormsStay(t *testing.T) {
	t.Parallel()
	for _, l := range formtest.Layouts() {
		if l.Slow {
			continue
		}
		for seed := range count(30) {
			rng := random(seed)
			data, err := l.Write(rng, []*schema.Form{formtest.Correct(rng)})
			if err != nil {
				t.Fatal(err)
			}
			r, _, before := mend(t, fileOf(l.File, data), Options{})
			if before.Count(checks.Warning)+before.Count(checks.Error) == 0 && before.Fixable() == 0 && !bytes.Equal(r.Data, data) {
				t.Errorf("%s, seed %d: %v", l.Name, seed, r.Fixes.Changes)
			}
		}
	}
}

// Real forms with defects that were put into them are corrected.
func TestBrokenSeeds(t *testing.T) {
	t.Parallel()
	doc := intake.Read(t.Context(), "forms.json", fixtures(t, "seeds")["seeds/forms.json"], intake.Options{})
	layouts := formtest.Layouts()
	for i, d := range formtest.Defects() {
		l := layouts[i%len(layouts)]
		for n := range doc.Forms {
			rng := random(i)
			form := formtest.Reread(doc.Forms[n])
			if d.OnlyJSON && l.Name != "json" || n != i%len(doc.Forms) || !inject(d, rng, form) {
				continue
			}
			data, err := l.Write(rng, []*schema.Form{formtest.Reread(form)})
			if err != nil {
				t.Fatal(err)
			}
			for _, unsafe := range []bool{false, true} {
				if _, faults := prove(t, fileOf(l.File, data), Options{Unsafe: unsafe}); len(faults) > 0 {
					t.Errorf("%s, %s, form %d, unsafe %v:\n\t%s", l.Name, d.Name, n, unsafe, strings.Join(faults, "\n\t"))
				}
			}
		}
	}
}

// Where scores are whole numbers, a corrected score may lie well below the exact one. What
// is said about the corrected form was then to be said before, and stands in no fix's way.
func TestWholePoints(t *testing.T) {
	p, err := profile.Load("cn-2020")
	if err != nil {
		t.Fatal(err)
	}
	whole := *p
	whole.Decimals = 0
	text := string(fixtures(t, "correct")["correct/1-kouan.txt"])
	text = strings.NewReplacer("92.31%\t9.23", "94%\t10", "100\t96.23", "100\t97").Replace(text)
	f := fileOf("form.txt", []byte(text))
	f.Check = func(ctx context.Context, doc *schema.Document) checks.FileReport {
		return checks.Run(ctx, doc, checks.Options{Profile: &whole})
	}
	r, faults := prove(t, f, Options{})
	if len(faults) > 0 || r.Fixes.Mended != 3 || r.Report.Fixable() > 0 {
		t.Errorf("%d findings mended, %v left\n%s", r.Fixes.Mended, r.Fixes.Undone, strings.Join(faults, "\n"))
	}
}

// A file on which enough work was done is left as it is, and says so.
func TestGivesUp(t *testing.T) {
	t.Parallel()
	f := fileOf("form.txt", fixtures(t, "broken")["broken/execution-score-mismatch.txt"])
	doc := f.Read(t.Context(), f.Data)
	m := &mender{ctx: t.Context(), file: f, banned: map[string]bool{}, opts: Options{Unsafe: true}}
	m.now = m.state(f.Data, doc, f.Check(t.Context(), doc))
	if least := len(f.Data) + rowWork; m.now.work() <= least {
		t.Errorf("a try is taken for no more work than %d", least)
	}
	m.work = mostWork + 1
	if err := m.run(); err != nil || m.tries > 0 {
		t.Errorf("%d tries, %v", m.tries, err)
	}
	if undone := m.undoneNow(); len(undone) == 0 || undone[0].Why != whyEndless {
		t.Errorf("not made: %v", undone)
	}
}
