package intake

import (
	"strings"
	"testing"

	"jixiaolint/schema/grid"
)

// FuzzDocuments holds the reading of any file, and of archives above all, to documents
// that are named after it, bounded in number, and never without a form or a problem.
func FuzzDocuments(f *testing.F) {
	text, book := fixture(f, "1-kouan.txt"), fixture(f, "3-xiaofei.xlsx")
	inner := pack(f, member{"里面.xlsx", book}, member{"a.zip", pack(f, member{"a.txt", text})})
	for _, s := range []struct {
		name string
		data []byte
	}{
		{"a.zip", pack(f, member{"b.txt", text}, member{string(gbk(f, "口岸/c.json")), fixture(f, "4-bolanhui.json")}, member{"内层.zip", inner})},
		{"a.zip", pack(f, member{"../a.txt", text}, member{`a\b.csv`, []byte("a,b,c")})},
		{"a.xlsx", book},
		{"a.txt", text},
		{"a.json", fixture(f, "1-kouan.json")},
		{"a.ndjson", []byte("{\"version\":1,\"project\":\"甲\"}\n\n{\"a\":1,\"a\":2}\n[1]\n{}")},
		{"a.html", []byte("<table><tr><td>项目名称</td></tr></table>")},
		{"a.xls", []byte("\xD0\xCF\x11\xE0")},
		{"a.pdf", []byte("%PDF-1.7")},
		{"", nil},
	} {
		f.Add(s.name, s.data)
	}
	limits := grid.Limits{Entries: 50, UnzippedSize: 1 << 20, PartSize: 1 << 20, Cells: 20_000}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		n := 0
		for d := range Documents(t.Context(), name, data, Options{Limits: limits}) {
			if n++; n > 2*limits.Entries+2 {
				t.Fatal("too many documents")
			}
			if !strings.HasPrefix(d.File, name) || len(d.Forms) == 0 && len(d.Problems) == 0 {
				t.Fatalf("document %+v", d)
			}
			for _, p := range d.Problems {
				if p.Message.ZH == "" || p.Message.EN == "" || p.At.At.File != d.File {
					t.Fatalf("problem %+v", p)
				}
			}
			for _, form := range d.Forms {
				for pointer, field := range form.Fields() {
					if field.Present() && field.At.File != d.File {
						t.Fatalf("%s stands at %s", pointer, field.At)
					}
				}
			}
		}
		if n == 0 {
			t.Fatal("no document")
		}
	})
}
