package grid

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

const (
	nsMain = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	nsRel  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	nsPkg  = "http://schemas.openxmlformats.org/package/2006/relationships"
)

// parts is a package in memory, by part name.
type parts map[string]string

// zip writes the package. Parts are in a fixed order, so that the bytes are too.
func (p parts) zip(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(p)) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(p[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// with gives a copy in which some parts are replaced; an empty text removes one.
func (p parts) with(namesAndTexts ...string) parts {
	q := maps.Clone(p)
	for i := 0; i < len(namesAndTexts); i += 2 {
		q[namesAndTexts[i]] = namesAndTexts[i+1]
		if namesAndTexts[i+1] == "" {
			delete(q, namesAndTexts[i])
		}
	}
	return q
}

// workbookOf makes the parts of a workbook with one sheet for each XML given, named
// Sheet1, Sheet2 and so on.
func workbookOf(sheets ...string) parts {
	var list, rels strings.Builder
	p := parts{}
	for i, xml := range sheets {
		fmt.Fprintf(&list, `<sheet name="Sheet%[1]d" sheetId="%[1]d" r:id="rId%[1]d"/>`, i+1)
		fmt.Fprintf(&rels, `<Relationship Id="rId%[1]d" Type="%[2]s/worksheet" Target="worksheets/sheet%[1]d.xml"/>`, i+1, nsRel)
		p[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)] = xml
	}
	p["_rels/.rels"] = `<Relationships xmlns="` + nsPkg + `"><Relationship Id="rId1" Type="` + nsRel + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	p["xl/workbook.xml"] = `<workbook xmlns="` + nsMain + `" xmlns:r="` + nsRel + `"><sheets>` + list.String() + `</sheets></workbook>`
	p["xl/_rels/workbook.xml.rels"] = `<Relationships xmlns="` + nsPkg + `">` + rels.String() + `</Relationships>`
	return p
}

// sheetXML wraps rows, and what follows them, into a worksheet.
func sheetXML(rows string, after ...string) string {
	return `<worksheet xmlns="` + nsMain + `"><sheetData>` + rows + `</sheetData>` + strings.Join(after, "") + `</worksheet>`
}

// stylesXML makes a style sheet whose styles 1, 2, … have the given formats.
func stylesXML(codes ...string) string {
	var fmts, xfs strings.Builder
	for i, c := range codes {
		fmt.Fprintf(&fmts, `<numFmt numFmtId="%d" formatCode="%s"/>`, 200+i, xmlQuoter.Replace(c))
		fmt.Fprintf(&xfs, `<xf numFmtId="%d"/>`, 200+i)
	}
	return `<styleSheet xmlns="` + nsMain + `"><numFmts>` + fmts.String() + `</numFmts><cellXfs><xf numFmtId="0"/>` + xfs.String() + `</cellXfs></styleSheet>`
}

var xmlQuoter = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// read reads a package under the default limits.
func (p parts) read(t testing.TB) *Document {
	t.Helper()
	return ReadXLSX(t.Context(), "表.xlsx", p.zip(t), Limits{})
}

// cellAt gives the cell with the name, nil if the table has none.
func cellAt(t *Table, name string) *Cell {
	col, row, _ := parseRef(name)
	for _, r := range t.Rows {
		if r.Num == row {
			return r.Cell(col)
		}
	}
	return nil
}

// dump writes all that was read, one cell or problem a line.
func dump(d *Document) string {
	var b strings.Builder
	for _, t := range d.Tables {
		fmt.Fprintf(&b, "[%s]", t.Name)
		if t.Hidden {
			b.WriteString(" hidden")
		}
		b.WriteByte('\n')
		for _, r := range t.Rows {
			for _, c := range r.Cells {
				fmt.Fprintf(&b, "%s %d %q", c.Loc.Cell, c.Type, c.Text)
				if c.Raw != "" {
					fmt.Fprintf(&b, " raw=%q", c.Raw)
				}
				if c.NumFmt != "" {
					fmt.Fprintf(&b, " fmt=%q", c.NumFmt)
				}
				if c.Formula != "" {
					fmt.Fprintf(&b, " f=%q", c.Formula)
				}
				if c.Rows != 1 || c.Cols != 1 {
					fmt.Fprintf(&b, " %dx%d", c.Rows, c.Cols)
				}
				if c.Hidden {
					b.WriteString(" hidden")
				}
				b.WriteByte('\n')
			}
		}
	}
	for _, p := range d.Problems {
		fmt.Fprintf(&b, "%s: %s: %s\n", kindName(p.Kind), p.Loc, p.Message.EN)
	}
	return b.String()
}

func kindName(k ProblemKind) string {
	return [...]string{"Unreadable", "BadCell", "Disorder", "HiddenContent"}[k]
}
