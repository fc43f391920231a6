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
		sheets = append(sheets, data[at:at+int64(f.CompressedSize64)]) //nolint:gosec // in memory
	}
	return sheets
}

// costs are the times that all books took: to inflate their sheets' XML and throw it
// away, and to read them.
type costs struct{ inflate, read time.Duration }

func (c costs) ratio() float64 { return float64(c.read) / float64(c.inflate) }

// readAll measures both side by side, book by book, so that a disturbance of the
// machine meets both. The inflating is the least that it can be: one reader of the
// standard library, reset for every sheet, without the archive's directory and
// without checksums.
func readAll(ctx context.Context, tb testing.TB, books []smallBook) (c costs) {
	tb.Helper()
	z := flate.NewReader(bytes.NewReader(nil))
	for _, b := range books {
		start := time.Now()
		for _, s := range b.sheets {
			if err := z.(flate.Resetter).Reset(bytes.NewReader(s), nil); err != nil {
				tb.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, z); err != nil {
				tb.Fatal(err)
			}
		}
		inflated := time.Now()
		d := grid.ReadXLSX(ctx, "表.xlsx", b.data, grid.Limits{})
		c.inflate += inflated.Sub(start)
		c.read += time.Since(inflated)
		if len(d.Problems) > 0 {
			tb.Fatal(d.Problems[0].Message.EN)
		}
	}
	return c
}

// BenchmarkSmallBooks reads 1,000 small workbooks and reports how many times the
// inflating of their sheets' XML that costs.
func BenchmarkSmallBooks(b *testing.B) {
	books := smallBooks(b, 1000)
	var all costs
	for b.Loop() {
		c := readAll(b.Context(), b, books)
		all.inflate += c.inflate
		all.read += c.read
	}
	b.ReportMetric(all.ratio(), "x-inflate")
	b.ReportMetric(float64(all.read.Microseconds())/float64(b.N*len(books)), "µs/book")
}
