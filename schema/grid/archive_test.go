package grid

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"runtime"
	"strings"
	"testing"
)

// entry is one entry of a zip file made by hand, so that it can lie.
type entry struct {
	name, localName string // localName if it differs
	packed          []byte
	size            uint32 // declared
	crc             uint32
	flags, method   uint16
	at              int // offset of another entry's local header plus one, to share it
}

// stored makes an honest, uncompressed entry.
func stored(name, text string) entry {
	return entry{name: name, packed: []byte(text), size: uint32(len(text)), crc: crc32.ChecksumIEEE([]byte(text))}
}

// rawZip writes a zip file entry by entry.
func rawZip(entries ...entry) []byte {
	var out, dir []byte
	le := binary.LittleEndian
	for _, e := range entries {
		offset := len(out)
		if e.at > 0 {
			offset = e.at - 1
		} else {
			name := e.localName
			if name == "" {
				name = e.name
			}
			out = le.AppendUint32(out, zipLocalSig)
			out = append(out, make([]byte, 22)...)
			out = le.AppendUint16(out, uint16(len(name)))
			out = append(append(append(out, 0, 0), name...), e.packed...)
		}
		dir = le.AppendUint32(dir, zipCentralSig)
		dir = append(dir, 0, 0, 0, 0)
		dir = le.AppendUint16(dir, e.flags)
		dir = le.AppendUint16(dir, e.method)
		dir = append(dir, 0, 0, 0, 0)
		dir = le.AppendUint32(dir, e.crc)
		dir = le.AppendUint32(dir, uint32(len(e.packed)))
		dir = le.AppendUint32(dir, e.size)
		dir = le.AppendUint16(dir, uint16(len(e.name)))
		dir = append(dir, make([]byte, 12)...)
		dir = le.AppendUint32(dir, uint32(offset))
		dir = append(dir, e.name...)
	}
	end := le.AppendUint32(nil, zipEndSig)
	end = append(end, 0, 0, 0, 0)
	end = le.AppendUint16(end, uint16(len(entries)))
	end = le.AppendUint16(end, uint16(len(entries)))
	end = le.AppendUint32(end, uint32(len(dir)))
	end = le.AppendUint32(end, uint32(len(out)))
	end = append(end, 0, 0)
	return append(append(out, dir...), end...)
}

// deflated compresses text as an entry of another size.
func deflated(t testing.TB, name, text string, declared uint32) entry {
	t.Helper()
	data := parts{name: text}.zip(t)
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	offset, err := z.File[0].DataOffset()
	if err != nil {
		t.Fatal(err)
	}
	return entry{name: name, packed: data[offset : offset+int64(z.File[0].CompressedSize64)], size: declared,
		crc: z.File[0].CRC32, method: zipMethodDeflate}
}

// allocated gives the bytes that fn allocates.
func allocated(fn func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fn()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestNotAWorkbook protects the message for files that are no workbook: it has to
// say what the file is and what to do.
func TestNotAWorkbook(t *testing.T) {
	ole := "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 600)
	for _, tt := range []struct{ name, data, want string }{
		{"empty file", "", "empty"},
		{"old xls renamed", ole + "W\x00o\x00r\x00k\x00b\x00o\x00o\x00k\x00", "old Office file"},
		{"password-protected", ole + string(utf16LE("EncryptedPackage")), "password-protected"},
		{"pdf", "%PDF-1.7\n", "a PDF file"},
		{"html", "\xEF\xBB\xBF\r\n<!DOCTYPE html><html>", "a web page"},
		{"html table", "<table><tr><td>", "a web page"},
		{"xml", "<?xml version=\"1.0\"?><Workbook>", "an XML file"},
		{"rtf", "{\\rtf1", "an RTF document"},
		{"json", "{\"a\":1}", "a JSON file"},
		{"csv", "项目,金额\r\n甲,1", "a text file"},
		{"picture", "\x89PNG\r\n\x1a\n\x00", "a PNG picture"},
		{"rar", "Rar!\x1a\x07\x00", "a RAR archive"},
		{"junk", "\x00\x01\x02", "some other kind"},
		{"empty zip", string(rawZip()), "some other zip archive"},
		{"docx", string(rawZip(stored("word/document.xml", "<w/>"))), "a Word document"},
		{"pptx", string(rawZip(stored("ppt/presentation.xml", "<p/>"))), "a PowerPoint presentation"},
		{"xlsb", string(rawZip(stored("xl/workbook.bin", "x"))), "a binary Excel workbook"},
		{"ods", string(rawZip(stored("META-INF/manifest.xml", "<m/>"))), "an OpenDocument file"},
		{"docx by relationship", string(parts{"_rels/.rels": `<Relationships xmlns="` + nsPkg + `"><Relationship Id="r" Type="` + nsRel + `/officeDocument" Target="word/document.xml"/></Relationships>`, "word/document.xml": "<w/>"}.zip(t)), "a Word document"},
		{"other root", string(workbookOf(sheetXML("")).with("xl/workbook.xml", `<document/>`).zip(t)), "some other zip"},
	} {
		d := ReadXLSX(t.Context(), "表.xlsx", []byte(tt.data), Limits{})
		if len(d.Problems) != 1 || d.Problems[0].Kind != Unreadable || !strings.Contains(d.Problems[0].Message.EN, tt.want) {
			t.Errorf("%s: got %s, want %q", tt.name, dump(d), tt.want)
		}
		checkProblems(t, d)
	}
}

// checkProblems holds every problem to the form it must have.
func checkProblems(t *testing.T, d *Document) {
	t.Helper()
	for _, p := range d.Problems {
		if p.Message.ZH == "" || p.Message.EN == "" || p.Help.ZH == "" || p.Help.EN == "" || p.Loc.File != d.File {
			t.Errorf("incomplete problem %+v", p)
		}
		if strings.Contains(p.Message.ZH+p.Message.EN, "%!") {
			t.Errorf("badly formatted message %+v", p.Message)
		}
	}
}

// TestHostileArchive protects against archives that lie: two parts of one name,
// names that lead elsewhere, overlapping parts, wrong sizes and checksums,
// encryption, unknown compression, truncation (anchors.md E.2).
func TestHostileArchive(t *testing.T) {
	good := workbookOf(sheetXML(`<row r="1"><c r="A1"><v>1</v></c></row>`))
	sheet := "xl/worksheets/sheet1.xml"
	entries := func(more ...entry) []byte {
		var all []entry
		for _, n := range []string{"_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"} {
			all = append(all, stored(n, good[n]))
		}
		return rawZip(append(all, more...)...)
	}
	change := func(e entry, f func(*entry)) entry { f(&e); return e }
	ok := stored(sheet, good[sheet])
	if d := ReadXLSX(t.Context(), "f", entries(ok), Limits{}); len(d.Problems) > 0 {
		t.Fatal(dump(d))
	}
	whole := good.zip(t)
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"same name", entries(ok, ok), "two parts"},
		{"same name but for case", entries(ok, stored("XL/Worksheets/Sheet1.XML", "<x/>")), "two parts"},
		{"parent folder", entries(ok, stored("xl/../../etc/passwd", "")), "improper name"},
		{"absolute", entries(ok, stored("/etc/passwd", "")), "improper name"},
		{"backslash", entries(ok, stored(`xl\a.xml`, "")), "improper name"},
		{"drive", entries(ok, stored("C:a.xml", "")), "improper name"},
		{"no name", entries(ok, stored("", "")), "improper name"},
		{"shared local header", entries(ok, change(stored("_rels/.rels2", ""), func(e *entry) { e.at = 1 })), "does not agree"},
		{"part inside a part", rawZip(stored("a", string(rawZip(stored("b", "y"))[:32])), change(stored("b", "y"), func(e *entry) { e.at = zipLocalLen + 2 })), "overlap"},
		{"local name differs", entries(change(ok, func(e *entry) { e.localName = "xl/worksheets/sheet2.xml" })), "does not agree"},
		{"encrypted", entries(change(ok, func(e *entry) { e.flags = 1 })), "encrypted"},
		{"unknown compression", entries(change(ok, func(e *entry) { e.method = 14 })), "unsupported compression method (14)"},
		{"wrong checksum", entries(change(ok, func(e *entry) { e.crc++ })), "wrong checksum"},
		{"declared too small", entries(change(ok, func(e *entry) { e.size-- })), "wrong checksum"},
		{"declared too large", entries(change(ok, func(e *entry) { e.size++ })), "wrong checksum"},
		{"declared beyond all limits", entries(change(ok, func(e *entry) { e.size = 1<<32 - 2 })), "inflates to more than 134217728 bytes"},
		{"not deflated", entries(change(ok, func(e *entry) { e.method = zipMethodDeflate })), "does not decompress"},
		{"end cut off", whole[:len(whole)-1], "incomplete"},
		{"half", whole[:len(whole)/2], "incomplete"},
		{"beginning lost", append([]byte("PK\x03\x04"), whole[60:]...), "d"},
		{"missing sheet", good.with(sheet, "").zip(t), "is missing"},
	} {
		d := ReadXLSX(t.Context(), "f", tt.data, Limits{})
		if len(d.Problems) == 0 || d.Problems[0].Kind != Unreadable || !strings.Contains(d.Problems[0].Message.EN, tt.want) {
			t.Errorf("%s: got %s, want %q", tt.name, dump(d), tt.want)
		}
		checkProblems(t, d)
	}
}

// TestOverlap protects against entries that share bytes under different names, as
// in the bombs of overlapping files.
func TestOverlap(t *testing.T) {
	a, b := archiveEntry{name: "a", offset: 0, packed: make([]byte, 100)}, archiveEntry{name: "b", offset: 60}
	if checkOverlap([]archiveEntry{b, a}) == nil {
		t.Error("overlap accepted")
	}
	b.offset = zipLocalLen + 1 + 100
	if f := checkOverlap([]archiveEntry{b, a}); f != nil {
		t.Error(f.message.EN)
	}
}

// TestZip64 protects the reading of archives whose sizes stand in 64-bit fields, as
// streaming writers produce them.
func TestZip64(t *testing.T) {
	size, packed, offset := uint64(zip64Marker32), uint64(7), uint64(zip64Marker32)
	extra := []byte{9, 0, 1, 0, 42, 1, 0, 16, 0}
	extra = binary.LittleEndian.AppendUint64(extra, 1234)
	extra = binary.LittleEndian.AppendUint64(extra, 99)
	if !zip64Sizes(extra, &size, &packed, &offset) || size != 1234 || packed != 7 || offset != 99 {
		t.Error(size, packed, offset)
	}
	size, offset = zip64Marker32, zip64Marker32
	if zip64Sizes(extra[:len(extra)-1], &size, &offset) || zip64Sizes(nil, &offset) {
		t.Error("short extra field accepted")
	}

	data := rawZip(stored("xl/workbook.xml", "<workbook/>"))
	le, end := binary.LittleEndian, len(data)-zipEndLen
	end64 := le.AppendUint32(nil, zip64EndSig)
	end64 = le.AppendUint64(end64, zip64EndLen-12)
	end64 = append(end64, make([]byte, 20)...)
	end64 = le.AppendUint64(end64, 1)
	end64 = le.AppendUint64(end64, uint64(le.Uint32(data[end+12:])))
	end64 = le.AppendUint64(end64, uint64(le.Uint32(data[end+16:])))
	end64 = le.AppendUint32(end64, zip64LocatorSig)
	end64 = append(end64, 0, 0, 0, 0)
	end64 = le.AppendUint64(end64, uint64(end))
	end64 = append(end64, 1, 0, 0, 0)
	for _, count := range []uint16{zip64Marker16} {
		tail := bytes.Clone(data[end:])
		le.PutUint16(tail[10:], count)
		le.PutUint32(tail[16:], zip64Marker32)
		a, f := openArchive(append(append(bytes.Clone(data[:end]), end64...), tail...), DefaultLimits())
		if f != nil || !a.has("xl/workbook.xml") {
			t.Errorf("64-bit directory refused: %+v", f)
		}
	}
}

// TestAmbiguousArchive protects against archives that programs read differently: with
// two directories, with a directory that does not end at its record, with two end
// records, or with something after the last one.
func TestAmbiguousArchive(t *testing.T) {
	const value, other = `<row r="1"><c r="A1"><v>1</v></c></row>`, `<row r="1"><c r="A1"><v>2</v></c></row>`
	good, bad := workbookOf(sheetXML(value)).zip(t), workbookOf(sheetXML(other)).zip(t)
	le := binary.LittleEndian
	end := len(good) - zipEndLen
	// comment declares a comment of a length and appends what is given for it.
	comment := func(zip []byte, length int, text string) []byte {
		out := append(bytes.Clone(zip), text...)
		le.PutUint16(out[len(zip)-2:], uint16(length))
		return out
	}
	// nested is an archive whose offsets hold when it stands after the good one.
	nested := bytes.Clone(bad)
	dir := int(le.Uint32(nested[len(nested)-6:]))
	for at := dir; u32(nested, at) == zipCentralSig; at += zipCentralLen + int(u16(nested, at+28)) + int(u16(nested, at+30)) {
		le.PutUint32(nested[at+42:], u32(nested, at+42)+uint32(len(good)))
	}
	le.PutUint32(nested[len(nested)-6:], uint32(dir+len(good)))
	gap := append(append(bytes.Clone(good[:end]), make([]byte, 10)...), good[end:]...)
	for _, tt := range []struct {
		name string
		data []byte
		want string // in the message, empty if the file is read
	}{
		{"comment", comment(good, 3, "abc"), ""},
		{"comment too short", comment(good, 2, "abc"), "does not fit its end"},
		{"comment too long", comment(good, 4, "abc"), "does not fit its end"},
		{"something after the end", append(bytes.Clone(good), 0), "does not fit its end"},
		{"gap after the directory", gap, "does not fit its end"},
		{"archive in the comment", comment(good, len(nested), string(nested)), "does not fit its end"},
		{"archive in the comment, with an end", comment(good, len(nested)+5, string(nested)+"xxxxx"), "does not fit its end"},
		{"last record cannot be", comment(append(bytes.Clone(good), nested...), 50, ""), "does not fit its end"},
		{"two archives, each in order", append(bytes.Clone(good), bad...), "does not fit its end"},
	} {
		d := ReadXLSX(t.Context(), "f", tt.data, Limits{})
		if tt.want == "" && (len(d.Problems) > 0 || cellAt(d.Tables[0], "A1") == nil) ||
			tt.want != "" && (len(d.Tables) > 0 || len(d.Problems) != 1 || !strings.Contains(d.Problems[0].Message.EN, tt.want)) {
			t.Errorf("%s: got %s, want %q", tt.name, dump(d), tt.want)
		}
	}
}

// TestZipBomb protects memory: a bomb that says what it is is not inflated at all, one
// that lies no further than it admits to, and a declared size allocates nothing.
func TestZipBomb(t *testing.T) {
	good := workbookOf(sheetXML(""))
	text := sheetXML(strings.Repeat(" ", 64<<20))
	honest := good.with(sheet1, text).zip(t)
	for _, tt := range []struct {
		name string
		data []byte
		want string
		most uint64 // bytes allocated
	}{
		{"honest", honest, "zip bomb", 256 << 10},
		{"declared as 4 MiB", bookWithSheet(good, deflated(t, sheet1, text, 4<<20)), "zip bomb", 4 << 20},
		{"declared as 1 byte", bookWithSheet(good, deflated(t, sheet1, text, 1)), "wrong checksum", 256 << 10},
		{"bomb before noise", bookWithSheet(good, padded(deflated(t, sheet1, text, uint32(len(text))), 512<<10)), "zip bomb", 8 << 20},
		{"1 GiB declared", bookWithSheet(good, deflated(t, sheet1, good[sheet1], 1<<30)), "inflates to more than", 256 << 10},
	} {
		n := allocated(func() {
			d := ReadXLSX(t.Context(), "f", tt.data, Limits{})
			if len(d.Problems) != 1 || !strings.Contains(d.Problems[0].Message.EN, tt.want) {
				t.Errorf("%s: got %s, want %q", tt.name, dump(d), tt.want)
			}
		})
		if n > tt.most {
			t.Errorf("%s: %d bytes of bomb allocate %d", tt.name, len(tt.data), n)
		}
	}
}

// bookWithSheet makes a workbook whose sheet is the entry given.
func bookWithSheet(good parts, sheet entry) []byte {
	var all []entry
	for _, name := range []string{"_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"} {
		all = append(all, stored(name, good[name]))
	}
	return rawZip(append(all, sheet)...)
}

// padded puts n bytes after the compressed ones, which betters the ratio.
func padded(e entry, n int) entry {
	e.packed = append(bytes.Clone(e.packed), make([]byte, n)...)
	return e
}

// TestArchiveLimits protects each limit on archives.
func TestArchiveLimits(t *testing.T) {
	data := workbookOf(sheetXML(strings.Repeat(`<row r="1"/>`, 200))).zip(t)
	for _, tt := range []struct {
		limits Limits
		want   string
	}{
		{Limits{FileSize: 100}, "more than 100 bytes"},
		{Limits{Entries: 2}, "more than 2 parts"},
		{Limits{PartSize: 100}, "more than 100 bytes"},
		{Limits{UnzippedSize: 1000}, "more than 1000 bytes in all"},
	} {
		d := ReadXLSX(t.Context(), "f", data, tt.limits)
		if len(d.Problems) == 0 || !strings.Contains(dump(d), tt.want) {
			t.Errorf("%+v: %s", tt.limits, dump(d))
		}
		checkProblems(t, d)
	}
}

// TestCancelled protects the caller's time limit.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	d := ReadXLSX(ctx, "f", smallForm(), Limits{})
	if len(d.Problems) != 1 || d.Problems[0].Kind != Unreadable || len(d.Tables) > 0 {
		t.Error(dump(d))
	}
}

// crc32Bytes gives a checksum as the directory writes it.
func crc32Bytes(b []byte) []byte {
	return binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(b))
}
