package grid

// Limits bound what a reader accepts. Submitted files are hostile until proven
// otherwise: every allocation and every loop over their content is held to one of
// these. A zero field means the default.
type Limits struct {
	FileSize     int64 // bytes of the file itself
	UnzippedSize int64 // bytes of all parts of an archive together
	PartSize     int64 // bytes of one part of an archive
	Ratio        int64 // unzipped to zipped bytes of one part above 1 MiB
	Entries      int   // entries of an archive
	Cells        int   // cells with content in a document
	Rows         int   // highest row number accepted
	Columns      int   // highest column number accepted
	Merges       int   // merged ranges of a sheet
	Strings      int   // shared strings of a workbook
	TextLength   int   // bytes of one cell's text
	AllText      int64 // bytes of the texts of all cells of a workbook, shared ones counted each time
	Depth        int   // nesting of XML elements, JSON values, tables
	Tables       int   // sheets or tables of a document
}

// DefaultLimits are far above any real form and far below what hurts.
func DefaultLimits() Limits {
	return Limits{
		FileSize:     64 << 20,
		UnzippedSize: 256 << 20,
		PartSize:     128 << 20,
		Ratio:        200,
		Entries:      10_000,
		Cells:        2_000_000,
		Rows:         1_048_576,
		Columns:      16_384,
		Merges:       100_000,
		Strings:      1_000_000,
		TextLength:   64 << 10,
		AllText:      64 << 20,
		Depth:        64,
		Tables:       2_000,
	}
}

// WithDefaults gives l with its zero fields filled.
func (l Limits) WithDefaults() Limits {
	d := DefaultLimits()
	fill := func(v *int, def int) {
		if *v == 0 {
			*v = def
		}
	}
	fill64 := func(v *int64, def int64) {
		if *v == 0 {
			*v = def
		}
	}
	fill64(&l.FileSize, d.FileSize)
	fill64(&l.UnzippedSize, d.UnzippedSize)
	fill64(&l.PartSize, d.PartSize)
	fill64(&l.Ratio, d.Ratio)
	fill(&l.Entries, d.Entries)
	fill(&l.Cells, d.Cells)
	fill(&l.Rows, d.Rows)
	fill(&l.Columns, d.Columns)
	fill(&l.Merges, d.Merges)
	fill(&l.Strings, d.Strings)
	fill(&l.TextLength, d.TextLength)
	fill64(&l.AllText, d.AllText)
	fill(&l.Depth, d.Depth)
	fill(&l.Tables, d.Tables)
	return l
}
