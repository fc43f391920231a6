package grid_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"jixiaolint/checks/formtest"
	"jixiaolint/schema"
	"jixiaolint/schema/export"
	"jixiaolint/schema/grid"
)

// smallBook is a workbook with one form, and the deflated XML of its sheets.
type smallBook struct {
	data   []byte
	sheets [][]byte
}

// smallBooks makes n workbooks of one correct form each, about thirty rows, as the
// exporter writes them.
func smallBooks(tb testing.TB, n int) []smallBook {
	tb.Helper()
	rng := rand.New(rand.NewPCG(1000, 1))
	books := make([]smallBook, n)
	for i := range books {
		var b bytes.Buffer
		if err := export.XLSX(&b, []*schema.Form{formtest.Correct(rng)}, export.XLSXOptions{}); err != nil {
			tb.Fatal(err)
		}
		books[i] = smallBook{b.Bytes(), deflatedSheets(tb, b.Bytes())}
	}
	return books
}

// deflatedSheets gives the compressed bytes of each sheet.
func deflatedSheets(tb testing.TB, data []byte) [][]byte {
	tb.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		tb.Fatal(err)
	}
	var sheets [][]byte
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, "xl/worksheets/sheet") {
			continue
		}
		at, err := f.DataOffset()
		if err != nil || f.Method != zip.Deflate {
			tb.Fatal(f.Name, err)
		}
		sheets = append(sheets, data[at:at+int64(f.CompressedSize64)])
	}
	return sheets
}

// measure gives the times that it takes to inflate the XML of a book's sheets, thrown
// away, and to read the book. The inflating is the least that it can be: one reader of
// the standard library, reset for every sheet, without the archive's directory and
// without checksums.
func (b smallBook) measure(ctx context.Context, tb testing.TB, z io.Reader) (inflate, read time.Duration) {
	tb.Helper()
	start := time.Now()
	for _, s := range b.sheets {
		if r, ok := z.(flate.Resetter); !ok || r.Reset(bytes.NewReader(s), nil) != nil {
			tb.Fatal("compress/flate cannot be reset")
		}
		if _, err := io.Copy(io.Discard, z); err != nil {
			tb.Fatal(err)
		}
	}
	inflated := time.Now()
	d := grid.ReadXLSX(ctx, "表.xlsx", b.data, grid.Limits{})
	read = time.Since(inflated)
	if len(d.Problems) > 0 {
		tb.Fatal(d.Problems[0].Message.EN)
	}
	return inflated.Sub(start), read
}

// BenchmarkSmallBooks reads 1,000 small workbooks and reports how many times the
// inflating of their sheets' XML that costs. Both are measured side by side, book by
// book, so that a disturbance of the machine meets both. Run it with GOGC=400, as the
// program runs.
func BenchmarkSmallBooks(b *testing.B) {
	books := smallBooks(b, 1000)
	z := flate.NewReader(bytes.NewReader(nil))
	var inflate, read time.Duration
	for b.Loop() {
		for _, book := range books {
			i, r := book.measure(b.Context(), b, z)
			inflate, read = inflate+i, read+r
		}
	}
	b.ReportMetric(float64(read)/float64(inflate), "x-inflate")
	b.ReportMetric(float64(read.Microseconds())/float64(b.N*len(books)), "µs/book")
}

// TestReadingCost protects the promise that reading a workbook costs at most six times
// the inflating of its sheets' XML. The best of several rounds counts for each book:
// the slower ones say something of the machine only. The bound leaves room for a busy
// machine; the benchmark above gives the figure.
func TestReadingCost(t *testing.T) {
	const most, books, rounds = 8, 40, 20
	z := flate.NewReader(bytes.NewReader(nil))
	var inflate, read time.Duration
	for _, book := range smallBooks(t, books) {
		bestInflate, bestRead := time.Hour, time.Hour
		for range rounds {
			i, r := book.measure(t.Context(), t, z)
			bestInflate, bestRead = min(bestInflate, i), min(bestRead, r)
		}
		inflate, read = inflate+bestInflate, read+bestRead
	}
	ratio := float64(read) / float64(inflate)
	t.Logf("reading takes %.2f times the inflating of the sheets, %v a book", ratio, read/books)
	if ratio > most {
		t.Errorf("reading takes %.2f times the inflating of the sheets, more than %d", ratio, most)
	}
}
