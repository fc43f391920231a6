package office

import (
	"archive/zip"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Writer writes a new workbook, sheet after sheet. Only one sheet is open at a time;
// what is written goes out at once, so that the memory it takes does not grow with the
// rows. The same calls give the same bytes.
type Writer struct {
	zip    *zip.Writer
	styles *styleBook
	sheets []writtenSheet
	err    error
}

type writtenSheet struct {
	name, part, names string
	position, charts  int
	sheet             *Sheet
}

// NewWriter begins a workbook.
func NewWriter(w io.Writer) *Writer {
	b := &Writer{zip: zip.NewWriter(w)}
	b.styles, b.err = newStyleBook([]byte(plainStyles))
	if b.err == nil {
		b.err = b.putFirst()
	}
	return b
}

// MadeHere stands in the first bytes of every workbook that a Writer made.
const MadeHere = "<Application>jixiaolint</Application>"

// appPart says which program made the workbook. It comes first and as it is, so that
// the beginning of the file tells.
const appPart = "docProps/app.xml"

func (b *Writer) putFirst() error {
	return writePart(b.zip, &zip.FileHeader{Name: appPart, Method: zip.Store}, []byte(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`+"\n"+
		`<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">`+MadeHere+`</Properties>`))
}

// Begin begins a sheet, which End ends. Sheets stand in the workbook in the order of
// their positions.
func (b *Writer) Begin(name string, position int, layout SheetLayout) (*Sheet, error) {
	if b.err != nil {
		return nil, b.err
	}
	part := fmt.Sprintf("xl/worksheets/sheet%d.xml", position+1)
	w, err := b.zip.CreateHeader(&zip.FileHeader{Name: part, Method: zip.Deflate})
	if err != nil {
		return nil, err
	}
	s := newSheet(w, b.styles, layout)
	b.sheets = append(b.sheets, writtenSheet{name: name, part: part, position: position, sheet: s})
	return s, nil
}

// End ends the sheet that was begun last. Charts are drawn from its rows, or from
// those of another sheet.
func (b *Writer) End(charts ...Chart) error {
	s := &b.sheets[len(b.sheets)-1]
	if len(charts) > 0 {
		s.sheet.layout.drawing, s.charts = "rIdCharts", len(charts)
	}
	if err := s.sheet.close(); err != nil {
		return err
	}
	s.names = s.sheet.definedNames(s.name, s.position)
	if rels := s.sheet.relations(); rels != "" {
		if err := b.put(relsOf(s.part), rels); err != nil {
			return err
		}
	}
	if len(charts) == 0 {
		return nil
	}
	if err := b.put("xl/drawings/drawing1.xml", drawing(charts)); err != nil {
		return err
	}
	var rels strings.Builder
	rels.WriteString(relsHead)
	for i := range charts {
		fmt.Fprintf(&rels, `<Relationship Id="rId%[1]d" Type="%[2]s/chart" Target="/xl/charts/chart%[1]d.xml"/>`, i+1, nsRelations)
		if err := b.put(fmt.Sprintf("xl/charts/chart%d.xml", i+1), charts[i].xml(i)); err != nil {
			return err
		}
	}
	return b.put("xl/drawings/_rels/drawing1.xml.rels", rels.String()+"</Relationships>")
}

// Sheet writes a list as the only sheet.
func (b *Writer) Sheet(list List) error {
	list.Layout.Selected = true
	s, err := b.Begin(list.Name, 0, list.Layout)
	if err != nil {
		return err
	}
	list.Write(s)
	return b.End()
}

func (b *Writer) put(name, text string) error {
	return writePart(b.zip, &zip.FileHeader{Name: name, Method: zip.Deflate}, []byte(text))
}

// Close ends the workbook.
func (b *Writer) Close() error {
	slices.SortFunc(b.sheets, func(a, c writtenSheet) int { return cmp.Compare(a.position, c.position) })
	const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	var book, rels, types, names strings.Builder
	book.WriteString(head + `<workbook xmlns="` + nsSheet + `" xmlns:r="` + nsRelations + `"><bookViews><workbookView xWindow="0" yWindow="0" windowWidth="28800" windowHeight="15000"/></bookViews><sheets>`)
	rels.WriteString(relsHead)
	types.WriteString(head + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="` + typeStyle + `"/>` +
		`<Override PartName="/` + appPart + `" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/>`)
	charts := 0
	for i, s := range b.sheets {
		fmt.Fprintf(&book, `<sheet name="%s" sheetId="%[2]d" r:id="rId%[2]d"/>`, escape(s.name), i+1)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/worksheet" Target="/%s"/>`, i+1, nsRelations, s.part)
		fmt.Fprintf(&types, `<Override PartName="/%s" ContentType="%s"/>`, s.part, typeSheet)
		names.WriteString(s.names)
		charts += s.charts
	}
	fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/styles" Target="/xl/styles.xml"/></Relationships>`, len(b.sheets)+1, nsRelations)
	if charts > 0 {
		types.WriteString(`<Override PartName="/xl/drawings/drawing1.xml" ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/>`)
		for i := range charts {
			types.WriteString(`<Override PartName="/xl/charts/chart` + strconv.Itoa(i+1) + `.xml" ContentType="application/vnd.openxmlformats-officedocument.drawingml.chart+xml"/>`)
		}
	}
	types.WriteString(`</Types>`)
	book.WriteString(`</sheets>`)
	if names.Len() > 0 {
		book.WriteString(`<definedNames>` + names.String() + `</definedNames>`)
	}
	book.WriteString(`</workbook>`)
	for _, part := range []struct{ name, text string }{
		{"xl/workbook.xml", book.String()},
		{"xl/_rels/workbook.xml.rels", rels.String()},
		{"xl/styles.xml", string(b.styles.bytes())},
		{"_rels/.rels", relsHead + `<Relationship Id="rId1" Type="` + nsRelations + `/officeDocument" Target="/xl/workbook.xml"/><Relationship Id="rId2" Type="` + nsRelations + `/extended-properties" Target="/` + appPart + `"/></Relationships>`},
		{contentTypes, types.String()},
	} {
		if err := b.put(part.name, part.text); err != nil {
			return err
		}
	}
	return b.zip.Close()
}
