package intake

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
)

// member is a file to pack.
type member struct {
	name string
	data []byte
}

// pack makes a zip archive. Names are written as they are.
func pack(t testing.TB, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		w, err := z.CreateHeader(&zip.FileHeader{Name: m.name, Method: zip.Deflate, NonUTF8: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(m.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("../../fixtures/correct/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// documents reads everything in a file.
func documents(t testing.TB, name string, data []byte, limits grid.Limits) []*schema.Document {
	t.Helper()
	docs := slices.Collect(Documents(t.Context(), name, data, Options{Limits: limits}))
	for _, d := range docs {
		if !strings.HasPrefix(d.File, name) {
			t.Errorf("document %q is not named after the file", d.File)
		}
		for _, p := range d.Problems {
			if p.Message.ZH == "" || p.Message.EN == "" || p.Help.ZH == "" || p.Help.EN == "" || p.At.At.File != d.File {
				t.Errorf("incomplete problem %+v", p)
			}
			if strings.Contains(p.Message.ZH+p.Message.EN+p.Help.ZH+p.Help.EN, "%!") {
				t.Errorf("badly formatted problem %+v", p)
			}
		}
	}
	return docs
}

// summary lists documents: their names, and the forms or the first problem of each.
func summary(docs []*schema.Document) string {
	var b strings.Builder
	for _, d := range docs {
		fmt.Fprintf(&b, "%s: %d", d.File, len(d.Forms))
		if len(d.Problems) > 0 {
			b.WriteString(" " + d.Problems[0].Message.EN)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestArchive protects the reading of archives as they are handed in.
func TestArchive(t *testing.T) {
	text, book := fixture(t, "1-kouan.txt"), fixture(t, "3-xiaofei.xlsx")
	inner := pack(t, member{"里面.xlsx", book})
	data := pack(t,
		member{"b.txt", text},
		member{"b/c.xlsx", book},
		member{"b/", nil},
		member{"a.json", fixture(t, "4-bolanhui.json")},
		member{"__MACOSX/._b.txt", []byte("junk")},
		member{".hidden/b.txt", text},
		member{"b/~$c.xlsx", []byte("lock")},
		member{"b/.DS_Store", []byte("junk")},
		member{"通知.pdf", []byte("%PDF-1.7")},
		member{string(gbk(t, "县财政局/口岸专项.txt")), gbk(t, string(text))},
		member{string(gbk(t, "县财政局/誠信.txt")), text}, // whose second byte is a backslash
		member{`windows\d.txt`, text},
		member{"内层.zip", inner},
		member{"旧.xls", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")},
	)
	want := `上报.zip!a.json: 1
上报.zip!b/c.xlsx: 1
上报.zip!b.txt: 1
上报.zip!windows/d.txt: 1
上报.zip!内层.zip!里面.xlsx: 1
上报.zip!县财政局/口岸专项.txt: 1
上报.zip!县财政局/誠信.txt: 1
上报.zip!旧.xls: 0 old spreadsheets (.xls, .et) are not read
上报.zip!通知.pdf: 0 PDF files are not read as they are
`
	if got := summary(documents(t, "上报.zip", data, grid.Limits{})); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	all := Read(t.Context(), "上报.zip", data, Options{})
	if all.File != "上报.zip" || len(all.Forms) != 7 || len(all.Problems) != 1 {
		t.Errorf("Read: %s with %d forms and problems %+v", all.File, len(all.Forms), all.Problems)
	}
	if f := all.Forms[1]; f.Project.At.File != "上报.zip!b/c.xlsx" || f.Project.At.Cell == "" {
		t.Errorf("a form of the archive stands at %s", f.Project.At)
	}
	for range Documents(t.Context(), "上报.zip", data, Options{}) {
		break // must not go on
	}
}

// TestHostileArchive protects against archives that are made to mislead or to hurt.
func TestHostileArchive(t *testing.T) {
	text := fixture(t, "1-kouan.txt")
	zeros := make([]byte, 8<<20)
	third := pack(t, member{"c.txt", text})
	second := pack(t, member{"b.zip", third}, member{"b.txt", text})
	encrypted := pack(t, member{"a.txt", text})
	encrypted[bytes.Index(encrypted, []byte("PK\x01\x02"))+8] |= 1
	damaged := pack(t, member{"a.txt", text}, member{"b.txt", text})
	damaged[60] ^= 0xFF
	var many []member
	for i := range 10_001 {
		many = append(many, member{fmt.Sprintf("%d.dat", i), nil})
	}
	var small []member
	for i := range 40 {
		small = append(small, member{fmt.Sprintf("%02d.txt", i), bytes.Repeat([]byte{byte('a' + i%26), '\n'}, 300)})
	}
	for _, tt := range []struct {
		name   string
		data   []byte
		limits grid.Limits
		want   string
	}{
		{"nothing", pack(t), grid.Limits{}, "z.zip: 0 there is nothing to check in the archive; 0 other files were skipped\n"},
		{"nothing of use", pack(t, member{"a.exe", nil}, member{"b.png", nil}), grid.Limits{}, "z.zip: 0 there is nothing to check in the archive; 2 other files were skipped\n"},
		{"way out", pack(t, member{"../a.txt", text}), grid.Limits{}, "z.zip: 0 the file cannot be trusted: its zip archive holds a part with the improper name ../a.txt\n"},
		{"way out of Windows", pack(t, member{`a\..\..\b.txt`, text}), grid.Limits{}, "z.zip: 0 the file cannot be trusted: its zip archive holds a part with the improper name a/../../b.txt\n"},
		{"absolute", pack(t, member{"/etc/a.txt", text}), grid.Limits{}, "z.zip: 0 the file cannot be trusted: its zip archive holds a part with the improper name /etc/a.txt\n"},
		{"drive", pack(t, member{`C:\a.txt`, text}), grid.Limits{}, "z.zip: 0 the file cannot be trusted: its zip archive holds a part with the improper name C:/a.txt\n"},
		{"null", pack(t, member{"a\x00.txt", text}), grid.Limits{}, "z.zip: 0 the file cannot be trusted: its zip archive holds a part with the improper name a\x00.txt\n"},
		{"control characters", pack(t, member{"a\x1b[2J\n.txt", text}), grid.Limits{}, "z.zip!a\x1b[2J\n.txt: 1\n"},
		{"no encoding", pack(t, member{"a\xff.txt", text}, member{"a\xfe.txt", text}), grid.Limits{}, "z.zip!a%FE.txt: 1\nz.zip!a%FF.txt: 1\n"},
		{"twice", pack(t, member{"a.txt", text}, member{"A.TXT", text}), grid.Limits{}, "z.zip: 0 the archive holds two files named A.TXT, and which of them counts cannot be told\n"},
		{"twice by separator", pack(t, member{"a/b.txt", text}, member{`a\b.txt`, text}), grid.Limits{}, "z.zip: 0 the archive holds two files named a/b.txt, and which of them counts cannot be told\n"},
		{"encrypted", encrypted, grid.Limits{}, "z.zip: 0 the archive is encrypted and cannot be read\n"},
		{"damaged member", damaged, grid.Limits{}, "z.zip!a.txt: 0 the file is damaged: its part a.txt does not decompress or has a wrong checksum\nz.zip!b.txt: 1\n"},
		{"cut off", third[:len(third)-30], grid.Limits{}, "z.zip: 0 the file is incomplete: the directory of its zip archive is missing, perhaps because a copy or download broke off\n"},
		{"no archive", []byte("项目\t金额"), grid.Limits{}, "z.zip: 0 the file is no .zip archive; it looks like a text file\n"},
		{"empty", nil, grid.Limits{}, "z.zip: 0 the file is empty (0 bytes)\n"},
		{"nested", pack(t, member{"a.zip", second}), grid.Limits{}, "z.zip!a.zip!b.txt: 1\nz.zip!a.zip!b.zip: 0 archives are nested too deeply; this one was not read\n"},
		{"bomb", pack(t, member{"a.txt", zeros}, member{"b.txt", text}), grid.Limits{}, "z.zip!a.txt: 0 the part a.txt is compressed more than 200 times, as a zip bomb is, and was not read\nz.zip!b.txt: 1\n"},
		{"large member", pack(t, member{"a.txt", text}), grid.Limits{FileSize: 2000}, "z.zip!a.txt: 0 the part a.txt inflates to more than 2000 bytes and was not read\n"},
		{"too much in all", pack(t, member{"a.txt", text}, member{"b.txt", text}, member{"c.txt", text}), grid.Limits{UnzippedSize: int64(len(text)) + 10},
			fmt.Sprintf("z.zip!a.txt: 1\nz.zip: 0 the archive inflates to more than %d bytes in all; the other 2 files were not read\n", len(text)+10)},
		{"too much within", pack(t, member{"a.zip", pack(t, member{"a.txt", text}, member{"b.txt", text})}, member{"b.txt", text}), grid.Limits{UnzippedSize: 3 * int64(len(text))},
			fmt.Sprintf("z.zip!a.zip!a.txt: 1\nz.zip!a.zip: 0 the archive inflates to more than %[1]d bytes in all; the other 1 files were not read\n"+
				"z.zip: 0 the archive inflates to more than %[1]d bytes in all; the other 1 files were not read\n", 3*len(text))},
		{"most entries", pack(t, many[:10_000]...), grid.Limits{}, "z.zip: 0 there is nothing to check in the archive; 10000 other files were skipped\n"},
		{"too many entries", pack(t, many...), grid.Limits{}, "z.zip: 0 the zip archive has more than 10000 parts and was not read\n"},
		{"too many in all", pack(t, member{"a.zip", pack(t, small...)}, member{"b.txt", text}), grid.Limits{Entries: 41}, "z.zip!a.zip: 0 the zip archive has more than 39 parts and was not read\nz.zip!b.txt: 1\n"},
	} {
		start := time.Now()
		if got := summary(documents(t, "z.zip", tt.data, tt.limits)); got != tt.want {
			t.Errorf("%s: got:\n%s\nwant:\n%s", tt.name, got, tt.want)
		}
		if d := time.Since(start); d > time.Minute {
			t.Errorf("%s took %s", tt.name, d)
		}
	}
}

// paddedBook packs a workbook again with a part that is large only when unpacked.
func paddedBook(t testing.TB, book []byte, size int) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	members := []member{{"pad.bin", make([]byte, size)}}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		members = append(members, member{f.Name, data})
	}
	return pack(t, members...)
}

// TestWorkbooksBudget protects the time for archives of workbooks: what they inflate
// to counts all together, and files that cannot be read count for more than they say.
func TestWorkbooksBudget(t *testing.T) {
	const count, size = 40, 1 << 20
	for _, tt := range []struct {
		name     string
		book     []byte
		unzipped int64
		want     int // documents that are read
	}{
		{"within limits", paddedBook(t, fixture(t, "3-xiaofei.xlsx"), size), 0, count},
		{"books", paddedBook(t, fixture(t, "3-xiaofei.xlsx"), size), 2 * size, documentFactor * 2},
		{"liars", pack(t, member{"[Content_Types].xml", make([]byte, size)}), 2 * size, documentFactor + 1},
	} {
		var members []member
		for i := range count {
			members = append(members, member{fmt.Sprintf("%02d.xlsx", i), tt.book})
		}
		docs := documents(t, "z.zip", pack(t, members...), grid.Limits{UnzippedSize: tt.unzipped})
		last := docs[len(docs)-1]
		stopped := len(last.Problems) > 0 && strings.Contains(last.Problems[0].Message.EN, "too much in all; the other")
		if stopped != (tt.want < count) || !stopped && len(docs) != count || stopped && len(docs) != tt.want+1 {
			t.Errorf("%s: got %d documents, want %d:\n%s", tt.name, len(docs), tt.want, summary(docs))
		}
	}
}

// TestArchiveCancelled protects the end of a walk through an archive.
func TestArchiveCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	text := fixture(t, "1-kouan.txt")
	data := pack(t, member{"a.txt", text}, member{"b.txt", text}, member{"c.txt", text})
	var docs []*schema.Document
	for d := range Documents(ctx, "z.zip", data, Options{}) {
		docs = append(docs, d)
		cancel()
	}
	if got, want := summary(docs), "z.zip!a.txt: 1\nz.zip: 0 reading was cancelled or timed out; the other 2 files were not read\n"; got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// TestConvertMembers protects the conversion of files in archives: each is converted
// and read once under its own name, what was converted is kept for those who write into
// it, no more files are converted than the bound says, and none is passed over.
func TestConvertMembers(t *testing.T) {
	var members []member
	for i := range mostConversions + 2 {
		members = append(members, member{fmt.Sprintf("%03d.rtf", i), []byte(`{\rtf1}`)})
	}
	form, calls := fixture(t, "1-kouan.xlsx"), 0
	opts := Options{Keep: true, Convert: func(_ context.Context, name string, _ []byte, format string) ([]byte, schema.Problem) {
		calls++
		if format != "docx" {
			t.Errorf("%s is converted to %s", name, format)
		}
		says := schema.Problem{Rule: schema.RuleConvertedFile, Minor: true, At: schema.Field{At: grid.Location{File: name}}}
		if calls == 1 {
			return nil, says
		}
		return form, says
	}}
	docs := slices.Collect(Documents(t.Context(), "z.zip", pack(t, members...), opts))
	if calls != mostConversions || len(docs) != len(members) {
		t.Fatalf("%d conversions, %d documents of %d files", calls, len(docs), len(members))
	}
	for i, d := range docs {
		rule, forms, data := schema.RuleConvertedFile, 1, form
		switch {
		case i == 0:
			forms, data = 0, nil
		case i >= mostConversions:
			rule, forms, data = schema.RuleUnreadableFile, 0, nil
		}
		if d.File != "z.zip!"+members[i].name || len(d.Problems) != 1 || d.Problems[0].Rule != rule || len(d.Forms) != forms || !bytes.Equal(d.Data, data) {
			t.Errorf("%s: %d forms, %d bytes, problems %v", d.File, len(d.Forms), len(d.Data), d.Problems)
		}
	}
}
