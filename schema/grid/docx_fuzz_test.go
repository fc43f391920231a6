package grid

import (
	"bytes"
	"testing"
)

// fuzzLimits keep single runs short.
var fuzzLimits = Limits{FileSize: 1 << 20, UnzippedSize: 4 << 20, PartSize: 2 << 20, Cells: 20_000, Columns: 500, TextLength: 4 << 10}

// FuzzReadDOCX protects the promise that any bytes are read without a panic, within
// bounds, the same way twice, and that the tables are in order.
func FuzzReadDOCX(f *testing.F) {
	for _, body := range []string{
		wp(wr("项目支出绩效自评表")) + wtbl(wtr(wtc("a", `gridSpan w:val="2"`, `vMerge w:val="restart"`), wtc("b")), wtr(wtc("", `gridSpan w:val="2"`, "vMerge"), wtc("c"))) + wp(wr("after")),
		wtbl(wtr(`<w:trPr><w:gridBefore w:val="1"/><w:hidden/><w:del/></w:trPr>`+wtc("a", "hMerge", "cellDel"), "<w:tc>"+wtbl(wtr(wtc("n")))+"</w:tc>")),
		wp(`<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>`, field("begin", `<w:ffData><w:checkBox><w:checked/></w:checkBox><w:ddList><w:listEntry w:val="x"/></w:ddList></w:ffData>`), wr("i"), field("separate"), wr("r"), field("end")),
		wp(`<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>` + wp(wr("x")) + wtbl(wtr(wtc("y"))) + `</w:txbxContent></mc:Choice><mc:Fallback/></mc:AlternateContent><w:rPr><w:vanish/></w:rPr><w:sym w:font="Symbol" w:char="F0B3"/></w:r>`),
		`<w:sdt><w:sdtPr/><w:sdtContent><w:tr><w:tc><w:p/></w:tc></w:tr></w:sdtContent></w:sdt><w:altChunk/>`,
	} {
		p := wordParts(wordXML(body))
		// Not compressed, so that the fuzzer reaches the XML.
		f.Add(rawZip(stored("_rels/.rels", p["_rels/.rels"]), stored(wordDocument, p[wordDocument])))
	}
	f.Add([]byte("\xD0\xCF\x11\xE0"))
	f.Fuzz(func(t *testing.T, data []byte) {
		data = bytes.Clone(data) // the fuzzer's own must not change
		fixChecksums(data)
		fuzzed(t, data, ReadDOCX(t.Context(), "f", data, fuzzLimits), ReadDOCX(t.Context(), "f", data, fuzzLimits))
	})
}

// FuzzDocumentXML does the same for the text of a document alone.
func FuzzDocumentXML(f *testing.F) {
	f.Add(wp(wr("a")) + wtbl(wtr(wtc("a", `gridSpan w:val="2"`), wtc("b", `vMerge w:val="restart"`)), wtr(wtc("c"), wtc("d"), wtc("", "vMerge"))))
	f.Add(wtbl(wtr("<w:tc>"+wp(`<w:ins>`+wr("x")+`</w:ins><w:del>`+wr("y")+`</w:del>`)+wtbl(wtr(wtc("z")))+wp()+"</w:tc>")) + wp(field("begin"), wr("a"), field("end")))
	f.Fuzz(func(t *testing.T, body string) {
		xml := wordXML(body)
		data := rawZip(stored(wordDocument, xml))
		fuzzed(t, data, ReadDOCX(t.Context(), "f", data, fuzzLimits), ReadDOCX(t.Context(), "f", data, fuzzLimits))
	})
}

// FuzzReadHTML does the same for pages.
func FuzzReadHTML(f *testing.F) {
	for _, page := range []string{
		`<!DOCTYPE html><meta charset=utf-8><h1>项目支出绩效自评表<br>(2022年度)</h1><table><tr><td rowspan=2>a</td><td colspan=2>b</td></tr><tr><td>c<td>d</table>after`,
		`<table><thead><tr><th rowspan=0>a<tbody><tr><td>b<table><caption>x</caption><tr><td>n</table>c<tfoot hidden><tr><td>d`,
		`<div style="display:none"><p hidden>a<table><tr><td><input type=checkbox checked>&ge;&nbsp;1<select><option selected>b</select><script>x</script><ruby>a<rt>b</ruby>`,
		"\xFF\xFE<\x00t\x00d\x00>\x00",
		"<meta charset=gb2312><table><td>\xCF\xEE\xC4\xBF",
		`<table><tr><td colspan=300>a<td rowspan=3 colspan=200>b<tr><td>` + `<table><tr><td>1<td>2<td>3<td>4<td>5<td>6<td>7<td>8<td>9<td>10<td>11<td>12<td>13</table></table>`,
	} {
		f.Add([]byte(page))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzed(t, data, ReadHTML(t.Context(), "f", data, fuzzLimits), ReadHTML(t.Context(), "f", data, fuzzLimits))
	})
}

// fuzzed checks two readings of the same bytes.
func fuzzed(t *testing.T, data []byte, d, again *Document) {
	t.Helper()
	if dumpTables(d) != dumpTables(again) {
		t.Fatal("two readings differ")
	}
	if !bytes.Contains(data, []byte("%")) { // which checkProblems takes for a slip of ours
		checkProblems(t, d)
	}
	checkTables(t, d)
}
