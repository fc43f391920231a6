package checks_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"jixiaolint/checks"
	"jixiaolint/schema"
	"jixiaolint/schema/export"
	"jixiaolint/schema/intake"
)

// workbook is a file, with its path and a short name.
type workbook struct {
	path, name string
	data       []byte
}

// realWorkbooks are workbooks that hold real forms: those the project grew out of, with
// dozens of findings each, the same put right, with none, and the published ones, written
// as workbooks.
func realWorkbooks(tb testing.TB) []workbook {
	tb.Helper()
	files := publishedWorkbooks(tb)
	for _, pattern := range []string{"../fixtures/seeds/*.xlsx", "../fixtures/correct/*.xlsx"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			tb.Fatalf("%s: no workbooks, %v", pattern, err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				tb.Fatal(err)
			}
			files = append(files, workbook{name, filepath.Base(filepath.Dir(name)) + "/" + filepath.Base(name), data})
		}
	}
	return files
}

func publishedWorkbooks(tb testing.TB) []workbook {
	tb.Helper()
	names, err := filepath.Glob("../fixtures/published/*.tsv")
	if err != nil || len(names) == 0 {
		tb.Fatalf("no published forms, %v", err)
	}
	var files []workbook
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		var b bytes.Buffer
		doc := intake.Read(context.Background(), name, data, intake.Options{})
		if err := export.XLSX(&b, doc.Forms, export.XLSXOptions{}); err != nil {
			tb.Fatalf("%s: %v", name, err)
		}
		name = "published/" + strings.TrimSuffix(filepath.Base(name), ".tsv") + ".xlsx"
		files = append(files, workbook{name, name, b.Bytes()})
	}
	return files
}

// What the rules cost on top of reading: each workbook is read, held to the schema and
// checked in turn, so that all meet the same noise, and the medians stand for them, which
// other work on the machine moves least. rules/excelize is their share of what excelize
// takes to read the cells, without making a form of them, rules/read that of our own
// reader, which is several times faster: the first is to be held below 0.25, and for forms
// that are right the second, too. Each finding costs some microseconds, for its messages in
// both languages and its fingerprint. schema/read is the share of the schema, which is run
// for what may violate it.
func BenchmarkRulesOverRead(b *testing.B) {
	ctx := context.Background()
	for _, w := range realWorkbooks(b) {
		b.Run(w.name, func(b *testing.B) {
			var reads, schemas, rules, excelizes []time.Duration
			forms, findings := 0, 0
			for range 20 { // apart from the loop, which it would disturb
				excelizes = append(excelizes, readByExcelize(b, w.data))
			}
			for b.Loop() {
				start := time.Now()
				doc := intake.Read(ctx, w.path, w.data, intake.Options{})
				afterRead := time.Now()
				for _, form := range doc.Forms {
					validate(b, form)
				}
				afterSchema := time.Now()
				report := checks.Run(ctx, doc, checks.Options{})
				schema := afterSchema.Sub(afterRead)
				reads, schemas = append(reads, afterRead.Sub(start)), append(schemas, schema)
				rules = append(rules, time.Since(afterSchema)-schema) // Run validates too
				forms, findings = len(doc.Forms), len(report.Findings)
			}
			read, schema, rule := median(reads), median(schemas), median(rules)
			b.ReportMetric(0, "ns/op") // the parts say more than their sum
			b.ReportMetric(float64(read)/float64(forms), "read-ns/form")
			b.ReportMetric(float64(rule)/float64(forms), "rules-ns/form")
			b.ReportMetric(float64(findings)/float64(forms), "findings/form")
			b.ReportMetric(float64(schema)/float64(read), "schema/read")
			b.ReportMetric(float64(rule)/float64(read), "rules/read")
			b.ReportMetric(float64(rule)/float64(median(excelizes)), "rules/excelize")
		})
	}
}

// readByExcelize reads the cells and merged ranges of a workbook, and gives the time it
// took.
func readByExcelize(b *testing.B, data []byte) time.Duration {
	b.Helper()
	start := time.Now()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		b.Fatal(err)
	}
	for _, sheet := range f.GetSheetList() {
		if _, err := f.GetRows(sheet); err != nil {
			b.Fatal(err)
		}
		if _, err := f.GetMergeCells(sheet); err != nil {
			b.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

// The parts of checking one real form: validating it against the schema, and all
// rules, validation included.
func BenchmarkForm(b *testing.B) {
	ctx := context.Background()
	for _, name := range []string{"../fixtures/seeds/1-kouan.xlsx", "../fixtures/correct/1-kouan.xlsx"} {
		data, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		doc := intake.Read(ctx, name, data, intake.Options{})
		dir := filepath.Base(filepath.Dir(name))
		b.Run("schema/"+dir, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				validate(b, doc.Forms[0])
			}
		})
		b.Run("rules/"+dir, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				checks.Run(ctx, doc, checks.Options{})
			}
		})
	}
}

// The rules allocate little, which most of their cost goes with: a form without a
// finding takes some hundred allocations, and each finding a few dozen more. Time is
// not tested: it would tell of the machine.
func TestRulesAllocateLittle(t *testing.T) {
	const form, finding = 300, 25
	ctx := context.Background()
	for _, w := range realWorkbooks(t) {
		doc := intake.Read(ctx, w.path, w.data, intake.Options{})
		var report checks.FileReport
		got := testing.AllocsPerRun(5, func() { report = checks.Run(ctx, doc, checks.Options{}) })
		for _, f := range doc.Forms {
			got -= testing.AllocsPerRun(5, func() { validate(t, f) }) // the schema is a library's
		}
		if most := form*len(doc.Forms) + finding*len(report.Findings); got > float64(most) {
			t.Errorf("%s: %.0f allocations for %d forms and %d findings, more than %d", w.name, got, len(doc.Forms), len(report.Findings), most)
		}
	}
}

func validate(tb testing.TB, f *schema.Form) {
	tb.Helper()
	if _, err := f.Validate(); err != nil {
		tb.Fatal(err)
	}
}
