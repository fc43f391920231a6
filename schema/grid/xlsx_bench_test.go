package grid

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/xuri/excelize/v2"
)

// smallForm is a workbook of the size of a real form, written by excelize: 40 rows
// of 9 cells, text, figures, percentages, formulas and merged ranges.
var smallForm = sync.OnceValue(func() []byte {
	f := excelize.NewFile()
	percent, _ := f.NewStyle(&excelize.Style{NumFmt: 10, Font: &excelize.Font{Family: "宋体", Size: 10}})
	for r := 1; r <= 40; r++ {
		for c := 1; c <= 9; c++ {
			cell := CellName(c, r)
			switch {
			case c <= 4:
				_ = f.SetCellStr("Sheet1", cell, fmt.Sprintf("产出指标%d：购置办公用品数量%d", r, c))
			case c == 7:
				_ = f.SetCellFloat("Sheet1", cell, float64(r)/7, -1, 64)
				_ = f.SetCellStyle("Sheet1", cell, cell, percent)
			default:
				_ = f.SetCellFloat("Sheet1", cell, float64(r*c)+0.25, 2, 64)
			}
		}
		if r%4 == 0 {
			_ = f.MergeCell("Sheet1", CellName(1, r-3), CellName(1, r))
		}
	}
	return writeBook(f)
})

func writeBook(f *excelize.File) []byte {
	b, err := f.WriteToBuffer()
	if err != nil {
		panic(err)
	}
	return b.Bytes()
}

// largeSheet is 100,000 rows of 20 cells, half text and half figures.
var largeSheet = sync.OnceValue(func() []byte {
	var rows strings.Builder
	rows.Grow(100 << 20)
	for r := 1; r <= 100_000; r++ {
		fmt.Fprintf(&rows, `<row r="%d">`, r)
		for c := 1; c <= 20; c++ {
			if c%2 == 0 {
				fmt.Fprintf(&rows, `<c r="%s%d"><v>%d.25</v></c>`, ColumnName(c), r, r*c)
			} else {
				fmt.Fprintf(&rows, `<c r="%s%d" t="inlineStr"><is><t>cell %d %d</t></is></c>`, ColumnName(c), r, r, c)
			}
		}
		rows.WriteString(`</row>`)
	}
	return workbookOf(sheetXML(rows.String())).zip(&testing.B{})
})

// emptyBook is a workbook as excelize makes it, with nothing in it: its reading is
// the fixed cost of every workbook.
var emptyBook = sync.OnceValue(func() []byte { return writeBook(excelize.NewFile()) })

// realForm is a shipped workbook of a real form.
var realForm = sync.OnceValue(func() []byte {
	data, err := os.ReadFile("../../fixtures/seeds/1-kouan.xlsx")
	if err != nil {
		panic(err)
	}
	return data
})

// BenchmarkInflate is the floor: the sheet's XML inflated and thrown away. The ratio
// of BenchmarkReadXLSX, less its fixed cost, to it is what design.md section 7
// bounds.
func BenchmarkInflate(b *testing.B) { benchmarkFiles(b, inflateSheets) }

// BenchmarkReadXLSX reads the same files.
func BenchmarkReadXLSX(b *testing.B) {
	benchmarkFiles(b, func(b *testing.B, data []byte) {
		if d := ReadXLSX(b.Context(), "表.xlsx", data, Limits{}); len(d.Problems) > 0 {
			b.Fatal(d.Problems[0].Message.EN)
		}
	})
}

func benchmarkFiles(b *testing.B, work func(*testing.B, []byte)) {
	for _, f := range []struct {
		name string
		data func() []byte
	}{{"empty", emptyBook}, {"small", smallForm}, {"real", realForm}, {"large", largeSheet}} {
		b.Run(f.name, func(b *testing.B) {
			data := f.data()
			b.ReportAllocs()
			for b.Loop() {
				work(b, data)
			}
		})
	}
}

func inflateSheets(b *testing.B, data []byte) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, "xl/worksheets/") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			b.Fatal(err)
		}
		_ = r.Close()
	}
}
