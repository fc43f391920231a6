package intake

import (
	"strings"
	"testing"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
)

// TestDetect protects the formats that files are read as, whatever they are called.
func TestDetect(t *testing.T) {
	text, book, page := fixture(t, "1-kouan.txt"), fixture(t, "1-kouan.xlsx"), []byte("<html><table><tr><td>项目名称</td></tr></table>")
	word := pack(t, member{"[Content_Types].xml", []byte("<Types/>")}, member{"_rels/.rels", nil}, member{"word/document.xml", []byte("<w/>")})
	sheet := pack(t, member{"[Content_Types].xml", []byte("<Types/>")}, member{"xl/workbook.xml", []byte("<w/>")})
	old := []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 512))
	encrypted := append([]byte(nil), append(old, "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"...)...)
	for _, tt := range []struct {
		name string
		data []byte
		want format
		says string // English message of a foreign file
	}{
		{"a.xlsx", book, workbookFormat, ""},
		{"a.txt", book, workbookFormat, ""},
		{"a.zip", book, workbookFormat, ""},
		{"a.et", book, workbookFormat, ""},
		{"a.docx", sheet, workbookFormat, ""},
		{"a.docx", word, wordFormat, ""},
		{"a.xlsx", word, wordFormat, ""},
		{"a.wps", word, wordFormat, ""},
		{"a.docx", pack(t, member{"a.txt", text}), wordFormat, ""}, // whose reader says what it is
		{"a.xlsx", pack(t, member{"a.txt", text}), workbookFormat, ""},
		{"a.zip", pack(t, member{"a.txt", text}), archiveFormat, ""},
		{"a.bin", pack(t, member{"a.txt", text}), archiveFormat, ""},
		{"a.zip", []byte("PK\x03\x04"), archiveFormat, ""},
		{"a.docx", []byte("PK\x03\x04"), wordFormat, ""},
		{"a", []byte("PK\x03\x04"), workbookFormat, ""},
		{"a.xlsx", old, workbookFormat, ""},
		{"a.docx", old, wordFormat, ""},
		{"a", old, workbookFormat, ""},
		{"a.xls", encrypted, workbookFormat, ""},
		{"a.XLS", old, foreignFormat, "old spreadsheets"},
		{"a.et", old, foreignFormat, "old spreadsheets"},
		{"a.doc", old, foreignFormat, "old text documents"},
		{"a.wps", old, foreignFormat, "old text documents"},
		{"a.xls", []byte("\x09\x08\x10\x00\x00\x06\x05\x00"), foreignFormat, "old spreadsheets"},
		{"a.xls", page, pageFormat, ""},
		{"a.xlsx", page, pageFormat, ""},
		{"a.txt", page, pageFormat, ""},
		{"a.html", []byte("项目"), pageFormat, ""},
		{"a.xls", text, textFormat, ""},
		{"a.xls", []byte(`<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>`), foreignFormat, "spreadsheet in XML"},
		{"a.xml", []byte(`<?xml version="1.0"?><a/>`), foreignFormat, "the file is XML"},
		{"a.ods", pack(t, member{"content.xml", nil}, member{"META-INF/manifest.xml", nil}), foreignFormat, "(.ods)"},
		{"a.odt", pack(t, member{"content.xml", nil}, member{"META-INF/manifest.xml", nil}), foreignFormat, "(.odt"},
		{"a.zip", []byte("PK\x03\x04" + strings.Repeat("\x00", 26) + "mimetypeapplication/vnd.oasis.opendocument.spreadsheetPK"), foreignFormat, "(.ods)"},
		{"a.zip", []byte("PK\x03\x04" + strings.Repeat("\x00", 26) + "mimetypeapplication/vnd.oasis.opendocument.textPK"), foreignFormat, "(.odt"},
		{"a.txt", []byte(`{\rtf1 `), foreignFormat, "RTF"},
		{"a.doc", []byte(`{\rtf1 `), foreignFormat, "RTF"},
		{"a.xlsx", []byte("%PDF-1.7"), foreignFormat, "PDF"},
		{"a.jpg", []byte("\xFF\xD8\xFF\xE0"), foreignFormat, "scan"},
		{"a.docx", []byte("\x89PNG\r\n\x1a\n"), foreignFormat, "scan"},
		{"a.rar", []byte("Rar!\x1A\x07\x00"), foreignFormat, "RAR"},
		{"a.doc", []byte("MIME-Version: 1.0\r\n"), foreignFormat, ".mht"},
		{"a.pdf", nil, foreignFormat, "PDF"},
		{"a.json", []byte("x"), jsonFormat, ""},
		{"a", []byte(" [1]"), jsonFormat, ""},
		{"a.txt", []byte("[附件1]\t{1}"), textFormat, ""},
		{"a.txt", []byte("{}"), jsonFormat, ""},
		{"a.xlsx", text, workbookFormat, ""},
		{"a.docx", text, wordFormat, ""},
		{"a.zip", text, archiveFormat, ""},
		{"a", text, textFormat, ""},
		{"a.xlsx", nil, workbookFormat, ""},
		{"a.txt", nil, textFormat, ""},
	} {
		got := detect(tt.name, tt.data, grid.DefaultLimits())
		if got.format != tt.want || !strings.Contains(got.message.EN, tt.says) || (got.format == foreignFormat) != (got.message.ZH != "" && got.help.ZH != "" && got.help.EN != "") {
			t.Errorf("%s (%.20q): got %+v, want %d %s", tt.name, tt.data, got, tt.want, tt.says)
		}
	}
}

// TestReadEveryFormat protects the way of every format to its reader.
func TestReadEveryFormat(t *testing.T) {
	for _, tt := range []struct {
		name string
		data []byte
		want grid.Format
	}{
		{"a.xlsx", fixture(t, "1-kouan.xlsx"), grid.XLSX},
		{"a.txt", fixture(t, "1-kouan.txt"), grid.Text},
		{"a.json", fixture(t, "1-kouan.json"), grid.JSON},
		{"a.html", []byte("<table><tr><td>项目名称</td></tr></table>"), grid.HTML},
		{"a.docx", []byte("PK\x03\x04"), grid.DOCX},
	} {
		if doc := Read(t.Context(), tt.name, tt.data, Options{}); doc.Format != tt.want || doc.File != tt.name {
			t.Errorf("%s was read as %q", tt.name, doc.Format)
		}
	}
	doc := Read(t.Context(), "a.pdf", []byte("%PDF-1.4"), Options{})
	if len(doc.Problems) != 1 || doc.Problems[0].Rule != schema.RuleUnreadableFile {
		t.Errorf("a PDF gives %+v", doc.Problems)
	}
	if doc := Read(t.Context(), "a.txt", []byte("12345"), Options{Limits: grid.Limits{FileSize: 4}}); len(doc.Problems) != 1 {
		t.Errorf("a large file gives %+v", doc.Problems)
	}
}

// TestExtensions protects the endings from being written otherwise than they are
// compared.
func TestExtensions(t *testing.T) {
	for _, e := range append(Extensions(), Convertible()...) {
		if e[0] != '.' || e != strings.ToLower(e) {
			t.Errorf("ending %q", e)
		}
	}
}
