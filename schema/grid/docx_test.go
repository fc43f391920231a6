package grid

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

// wp, wr and the others write pieces of a Word document.
func wp(inside ...string) string { return "<w:p>" + strings.Join(inside, "") + "</w:p>" }
func wr(text string) string {
	return `<w:r><w:t xml:space="preserve">` + text + `</w:t></w:r>`
}
func wtbl(rows ...string) string { return "<w:tbl>" + strings.Join(rows, "") + "</w:tbl>" }
func wtr(cells ...string) string { return "<w:tr>" + strings.Join(cells, "") + "</w:tr>" }

// wtc writes a cell with properties such as `gridSpan w:val="2"`.
func wtc(text string, props ...string) string {
	var b strings.Builder
	for _, p := range props {
		b.WriteString("<w:" + p + "/>")
	}
	return "<w:tc><w:tcPr>" + b.String() + "</w:tcPr>" + wp(wr(text)) + "</w:tc>"
}

func field(kind string, inside ...string) string {
	return `<w:r><w:fldChar w:fldCharType="` + kind + `">` + strings.Join(inside, "") + `</w:fldChar></w:r>`
}

// TestReadDOCX says what is read of each thing that a document can hold.
func TestReadDOCX(t *testing.T) {
	const restart, goOn = `vMerge w:val="restart"`, `vMerge`
	one := func(inside ...string) string { return wtbl(wtr("<w:tc>" + strings.Join(inside, "") + "</w:tc>")) }
	for _, tt := range []struct{ name, body, want string }{
		{"merged over columns", wtbl(
			wtr(wtc("a", `gridSpan w:val="2"`), wtc("b")),
			wtr(wtc("c"), wtc("d"), wtc("e"))),
			"[1]\n1: \"a\"@1/1 1x2 \"b\"@3/2\n2: \"c\"@1/1 \"d\"@2/2 \"e\"@3/3\n"},
		{"merged over rows", wtbl(
			wtr(wtc("a", restart), wtc("b")),
			wtr(wtc("", goOn), wtc("c")),
			wtr(wtc("", goOn), wtc("d"))),
			"[1]\n1: \"a\"@1/1 3x1 \"b\"@2/2\n2: \"c\"@2/2\n3: \"d\"@2/2\n"},
		{"merged over both", wtbl(
			wtr(wtc("x"), wtc("a", `gridSpan w:val="2"`, restart), wtc("b")),
			wtr(wtc("y"), wtc("", `gridSpan w:val="2"`, `vMerge w:val="continue"`), wtc("c"))),
			"[1]\n1: \"x\"@1/1 \"a\"@2/2 2x2 \"b\"@4/3\n2: \"y\"@1/1 \"c\"@4/3\n"},
		{"automatic numbers", one(wp(`<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr></w:pPr>`, wr("a")),
			wp(`<w:pPr><w:pStyle w:val="1"/><w:numPr><w:numId w:val="3"/></w:numPr><w:rPr><w:b/></w:rPr></w:pPr>`, wr("b"))),
			"[1]\n1: \"a\\nb\"@1/1\n"},
		{"old horizontal merge", wtbl(
			wtr(wtc("a", `hMerge w:val="restart"`), wtc("", `hMerge`), wtc("b"))),
			"[1]\n1: \"a\"@1/1 1x2 \"b\"@3/3\n"},
		{"continues nothing", wtbl(wtr(wtc("a", goOn)), wtr(wtc("x", `gridSpan w:val="2"`)), wtr(wtc("y"), wtc("b", goOn))),
			"[1]\n1: \"a\"@1/1\n2: \"x\"@1/1 1x2\n3: \"y\"@1/1 \"b\"@2/2\n"},
		{"restart below", wtbl(wtr(wtc("a", restart)), wtr(wtc("b", restart)), wtr(wtc("", goOn))),
			"[1]\n1: \"a\"@1/1\n2: \"b\"@1/1 2x1\n"},
		{"text in the covered part", wtbl(wtr(wtc("a", restart)), wtr(wtc("covered", goOn))),
			"[1]\n1: \"a\"@1/1 2x1\nHiddenContent: f:table 1, row 2, cell 1: the part of a merged cell that does not show holds the text “covered”, which was not read\n"},
		{"columns left out", wtbl(wtr(`<w:trPr><w:gridBefore w:val="2"/><w:gridAfter w:val="1"/></w:trPr>`+wtc("a")), wtr(wtc("b"), wtc("c"), wtc("d"), wtc("e"))),
			"[1]\n1: \"a\"@3/1\n2: \"b\"@1/1 \"c\"@2/2 \"d\"@3/3 \"e\"@4/4\n"},
		{"blank cells are cells", wtbl(wtr(wtc("a"), wtc(" "), wtc("b"))),
			"[1]\n1: \"a\"@1/1 \"\"@2/2 \"b\"@3/3\n"},
		{"text around tables", wp(wr("1. 口岸专项")) + wp() + wp(wr("项目支出绩效自评表"), "<w:r><w:br/></w:r>", wr("(2022年度)")) + wtbl(wtr(wtc("a"))) +
			wp(wr("between")) + wtbl(wtr(wtc("b"))) + wp(wr("after")),
			"[1]\n¶1 \"1. 口岸专项\"\n¶2 \"项目支出绩效自评表\"\n¶3 \"(2022年度)\"\n1: \"a\"@1/1\n[2]\n¶4 \"between\"\n1: \"b\"@1/1\n¶5 \"after\"\n"},
		{"no table", wp(wr("only text")), "[1]\n¶1 \"only text\"\n"},
		{"empty", "", ""},
		{"nested tables", wtbl(wtr(wtc("a"), "<w:tc>"+wp(wr("before"))+wtbl(wtr(wtc("inner"), "<w:tc>"+wtbl(wtr(wtc("innermost")))+wp()+"</w:tc>"))+wp(wr("behind"))+"</w:tc>")) + wtbl(wtr(wtc("next"))),
			"[1]\n1: \"a\"@1/1 \"before\\nbehind\"@2/2\n[2]\n1: \"inner\"@1/1 \"\"@2/2\n[3]\n1: \"innermost\"@1/1\n[4]\n1: \"next\"@1/1\n"},
		{"frame around a table", wp(wr("top")) + wtbl(wtr("<w:tc>"+wp(wr("title"))+wtbl(
			wtr(wtc("1"), wtc("2"), wtc("3"), wtc("4"), wtc("5"), wtc("6")), wtr(wtc("7"), wtc("8"), wtc("9"), wtc("10"), wtc("11"), wtc("12")))+wp(wr("note"))+"</w:tc>")),
			"[2]\n¶1 \"top\"\n¶2 \"title\"\n1: \"1\"@1/1 \"2\"@2/2 \"3\"@3/3 \"4\"@4/4 \"5\"@5/5 \"6\"@6/6\n2: \"7\"@1/1 \"8\"@2/2 \"9\"@3/3 \"10\"@4/4 \"11\"@5/5 \"12\"@6/6\n¶3 \"note\"\n"},
		{"paragraphs of a cell", one(wp(wr("a")), wp(), wp(wr(" b "), wr("c"))), "[1]\n1: \"a\\nb c\"@1/1\n"},
		{"tabs and breaks", one(wp(`<w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr>`, wr("a"), `<w:r><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:cr/><w:t>d</w:t><w:noBreakHyphen/><w:t>e</w:t><w:softHyphen/></w:r>`)),
			"[1]\n1: \"a b\\nc\\nd-e\"@1/1\n"},
		{"white space", one(wp("<w:r>\n <w:t>\n a\n</w:t>\n</w:r>", `<w:r><w:t>b</w:t></w:r>`, wr(" 1&lt;2 <!-- x --><![CDATA[<]]>"))), "[1]\n1: \"ab 1<2 <\"@1/1\n"},
		{"accepted changes", wtbl(
			wtr(`<w:trPr><w:del w:id="1"/></w:trPr>`+wtc("deleted row")),
			wtr(`<w:trPr><w:ins w:id="2"/></w:trPr>`+wtc("gone", "cellDel"), "<w:tc>"+wp(
				`<w:ins>`+wr("new ")+`<w:del><w:r><w:delText>x</w:delText><w:t>y</w:t></w:r></w:del></w:ins>`, `<w:moveFrom>`+wr("old")+`</w:moveFrom>`, `<w:moveTo>`+wr("moved")+`</w:moveTo>`)+"</w:tc>"),
			wtr(`<w:tc><w:tcPr><w:gridSpan w:val="1"/><w:tcPrChange><w:tcPr><w:gridSpan w:val="7"/></w:tcPr></w:tcPrChange></w:tcPr>`+
				wp(`<w:pPr><w:rPr><w:del w:id="3"/></w:rPr></w:pPr>`, wr("one "))+wp(`<w:pPr><w:pPrChange><w:pPr/></w:pPrChange></w:pPr>`, wr("paragraph"))+wp(wr("two"))+"</w:tc>", wtc("b"))),
			"[1]\n1: \"new moved\"@1/1\n2: \"one paragraph\\ntwo\"@1/1 \"b\"@2/2\n"},
		{"content controls", `<w:sdt><w:sdtPr><w:alias w:val="x"/><w:text/></w:sdtPr><w:sdtContent>` + wtbl(
			`<w:sdt><w:sdtPr/><w:sdtContent>`+wtr(`<w:sdt><w:sdtContent>`+wtc("a")+`</w:sdtContent></w:sdt>`, "<w:tc><w:sdt><w:sdtContent>"+wp(`<w:sdt><w:sdtPr><w:rPr><w:vanish/></w:rPr></w:sdtPr><w:sdtContent>`+wr("b")+`</w:sdtContent></w:sdt>`)+"</w:sdtContent></w:sdt></w:tc>")+`</w:sdtContent></w:sdt>`) + `</w:sdtContent></w:sdt>`,
			"[1]\n1: \"a\"@1/1 \"b\"@2/2\n"},
		{"wrappers", one(wp(`<w:hyperlink r:id="x">` + wr("a") + `</w:hyperlink><w:smartTag><w:smartTagPr/>` + wr("b") + `</w:smartTag><w:customXml>` + wr("c") + `</w:customXml><w:bookmarkStart w:id="0"/><w:proofErr/>`)), "[1]\n1: \"abc\"@1/1\n"},
		{"fields", one(wp(`<w:fldSimple w:instr="DATE">`+wr("2022")+`</w:fldSimple>`, field("begin"), `<w:r><w:instrText>IF </w:instrText></w:r>`, field("begin"), `<w:r><w:instrText>REF x</w:instrText></w:r>`, field("separate"), wr("inner"), field("end"), field("separate"), wr("年"), field("end"), wr("!"))),
			"[1]\n1: \"2022年!\"@1/1\n"},
		{"broken fields", one(wp(field("end"), field("begin"), wr("a"), field("separate")), wp(wr("b"), field("separate"))), "[1]\n1: \"b\"@1/1\n"},
		{"text in a field's instruction", one(wp(wr("a"), field("begin"), wr("code"), field("end"), wr("b"))), "[1]\n1: \"ab\"@1/1\n"},
		{"form fields", one(wp(
			field("begin", `<w:ffData><w:name w:val="x"/><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData>`), `<w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r>`, field("end"), wr("是"),
			field("begin", `<w:ffData><w:checkBox><w:default w:val="0"/></w:checkBox></w:ffData>`), field("end"), wr("否 "),
			field("begin", `<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="良"/><w:listEntry w:val="优"/></w:ddList></w:ffData>`), field("end"))),
			"[1]\n1: \"☒是☐否 优\"@1/1\n"},
		{"symbols", one(wp(`<w:r><w:sym w:font="Wingdings 2" w:char="F052"/><w:t>是</w:t><w:sym w:font="Wingdings" w:char="F0A8"/><w:t>否</w:t><w:sym w:font="Symbol" w:char="F0B3"/><w:t>95</w:t><w:sym w:font="宋体" w:char="2264"/></w:r>`)),
			"[1]\n1: \"☑是☐否≥95≤\"@1/1\n"},
		{"unknown symbol", one(wp(`<w:r><w:sym w:font="Webdings" w:char="F052"/><w:t>95</w:t></w:r>`)),
			"[1]\n1: \"\uFFFD95\"@1/1\nBadCell: f:table 1, row 1, cell 1: the cell holds characters that could not be read: \uFFFD95\n"},
		{"hidden text", wp(`<w:r><w:rPr><w:vanish/></w:rPr><w:t>h</w:t></w:r>`) + wtbl(
			wtr("<w:tc>"+wp(`<w:r><w:rPr><w:b/><w:vanish w:val="true"/></w:rPr><w:t>h</w:t></w:r>`, wr("shown"))+"</w:tc>", "<w:tc>"+wp(`<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>s</w:t></w:r>`)+"</w:tc>"),
			wtr(`<w:trPr><w:hidden/></w:trPr>`+wtc("h"))),
			"[1]\n¶1 \"h\" hidden\n1: \"hshown\"@1/1 hidden \"s\"@2/2\n2: \"h\"@1/1 hidden\n" +
				"HiddenContent: f:table 1, row 1, cell 1: rows 1-2 of table 1 hold hidden text, which was read too\n" +
				"HiddenContent: f: there is hidden text outside of the tables (from paragraph 1 on), which was read too\n"},
		{"notes and comments", one(wp(wr("a"), `<w:r><w:footnoteReference w:id="2"/></w:r><w:commentRangeStart w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>`)), "[1]\n1: \"a\"@1/1\n"},
		{"phonetic guide", one(wp(`<w:r><w:ruby><w:rt>` + wr("xìng") + `</w:rt><w:rubyBase>` + wr("兴") + `</w:rubyBase></w:ruby></w:r>`)), "[1]\n1: \"兴\"@1/1\n"},
		{"formula", one(wp(`<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:rPr/><m:t>≥95</m:t></m:r></m:oMath>`)), "[1]\n1: \"≥95\"@1/1\n"},
		{"text box", wp(wr("anchor "), `<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx><w:txbxContent>`+wp(wr("boxed"))+`</w:txbxContent></wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>`+wp(wr("boxed"))+`</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>`, wr("text")) + wtbl(wtr(wtc("a"))),
			"[1]\n¶1 \"boxed\"\n¶2 \"anchor text\"\n1: \"a\"@1/1\n"},
		{"only a fallback", one(wp(`<w:r><mc:AlternateContent><mc:Fallback><w:t>old</w:t></mc:Fallback></mc:AlternateContent></w:r>`)), "[1]\n1: \"old\"@1/1\n"},
		{"an alternative that Word does not know", one(wp(`<w:r xmlns:e="urn:e"><mc:AlternateContent><mc:Choice Requires="e"><w:t>other</w:t></mc:Choice><mc:Choice Requires="wps"><w:t>new</w:t></mc:Choice><mc:Fallback><w:t>old</w:t></mc:Fallback></mc:AlternateContent></w:r>`)), "[1]\n1: \"new\"@1/1\n"},
		{"text of another namespace", one(wp(`<w:r xmlns:e="urn:e"><e:t>no</e:t><w:t>yes</w:t></w:r>`)), "[1]\n1: \"yes\"@1/1\n"},
		{"embedded document", `<w:altChunk r:id="x"/>`, "Unreadable: f: another document is embedded (altChunk or subDoc) and was not read\n"},
		{"foreign namesakes", `<x:tbl xmlns:x="urn:x"><x:tr><x:tc><x:p>no</x:p></x:tc></x:tr></x:tbl>` + wp("loose", wr("a")), "[1]\n¶1 \"a\"\n"},
	} {
		d := ReadDOCX(t.Context(), "f", WordDocument(t, tt.body), Limits{})
		if got := dumpTables(d); got != tt.want {
			t.Errorf("%s: got\n%swant\n%s", tt.name, got, tt.want)
		}
		checkTables(t, d)
		checkProblems(t, d)
	}
}

// TestStrictDOCX protects documents in the Strict variant, with other prefixes, in
// UTF-16, and with the text in a part of another name.
func TestStrictDOCX(t *testing.T) {
	const want = "[1]\n1: \"a\"@1/1 1x2\n"
	body := wtbl(wtr(wtc("a", `gridSpan w:val="2"`)))
	strict := strings.ReplaceAll(wordXML(body), nsWord, nsStrict)
	renamed := wordParts("").with("word/document.xml", "", "word/document2.xml", wordXML(body))
	renamed["_rels/.rels"] = strings.ReplaceAll(renamed["_rels/.rels"], "document.xml", "document2.xml")
	for name, p := range map[string]parts{
		"strict":           wordParts(strict),
		"no prefix":        wordParts(strings.NewReplacer("<w:", "<", "</w:", "</", "xmlns:w=", "xmlns=", "w:val", "val").Replace(strict)),
		"other prefix":     wordParts(strings.NewReplacer("<w:", "<ns0:", "</w:", "</ns0:", "xmlns:w=", "xmlns:ns0=", "w:val", "ns0:val").Replace(strict)),
		"UTF-16":           wordParts(string(utf16LE("\uFEFF" + strings.Replace(wordXML(body), "UTF-8", "UTF-16", 1)))),
		"other part":       renamed,
		"no relationships": wordParts(wordXML(body)).with("_rels/.rels", ""),
	} {
		data := p.zip(t)
		if got := dumpTables(ReadDOCX(t.Context(), "f", data, Limits{})); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestNotADocument protects the message for files that are no Word document.
func TestNotADocument(t *testing.T) {
	ole := "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 600)
	whole := string(WordDocument(t, wtbl(wtr(wtc("a")))))
	for _, tt := range []struct{ name, data, want string }{
		{"empty", "", "empty"},
		{"old doc renamed", ole, "an old Office file (.doc, .wps)"},
		{"password", ole + string(utf16LE("EncryptedPackage")), "password-protected"},
		{"page", "<html>", "a web page"},
		{"xlsx", string(workbookOf(sheetXML("")).zip(t)), "an Excel workbook"},
		{"pptx", string(rawZip(stored("ppt/presentation.xml", "<p/>"))), "PowerPoint"},
		{"odt", string(rawZip(stored("META-INF/manifest.xml", "<m/>"))), "OpenDocument"},
		{"zip", string(rawZip(stored("a.txt", "a"))), "some other zip archive"},
		{"other root", string(wordParts("<styles/>").zip(t)), "not the text of a Word document"},
		{"cut off", whole[:len(whole)/2], "incomplete"},
		{"broken relationships", string(wordParts(wordXML("")).with("_rels/.rels", "<a>").zip(t)), "_rels/.rels"},
	} {
		d := ReadDOCX(t.Context(), "f", []byte(tt.data), Limits{})
		if len(d.Problems) == 0 || d.Problems[0].Kind != Unreadable || !strings.Contains(d.Problems[0].Message.EN, tt.want) {
			t.Errorf("%s: %s", tt.name, dumpTables(d))
		}
		for _, p := range d.Problems {
			if strings.Contains(p.Help.EN, "xlsx") {
				t.Errorf("%s: advice for workbooks: %s", tt.name, p.Help.EN)
			}
		}
		checkProblems(t, d)
	}
	if !IsDOCX([]byte(whole)) || IsDOCX([]byte(ole)) || IsDOCX(workbookOf(sheetXML("")).zip(t)) {
		t.Error("IsDOCX is wrong")
	}
}

// TestHostileDOCX protects against documents made to use up time or memory, or to
// pass for read when they were not (anchors.md E.2).
func TestHostileDOCX(t *testing.T) {
	deep := func(n int) string {
		return strings.Repeat("<w:tbl><w:tr><w:tc>", n) + wp(wr("x")) + strings.Repeat("</w:tc></w:tr></w:tbl>", n)
	}
	bomb := "<w:p>" + strings.Repeat(wr("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), 400_000) + "</w:p>"
	for _, tt := range []struct {
		name, xml string
		limits    Limits
		want      string
	}{
		{"zip bomb", wordXML(bomb), Limits{}, "compressed more than 200 times"},
		{"inflates too far", wordXML(strings.Repeat("<w:p/>", 1000)), Limits{PartSize: 4096}, "inflates to more than"},
		{"deep nesting", wordXML(deep(100_000)), Limits{Ratio: 1 << 20}, "nested deeper"},
		{"nested tables", wordXML(deep(5)), Limits{Depth: 20}, ""},
		{"DTD", `<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>` + wordXML(wp(wr("&b;"))), Limits{}, "DOCTYPE"},
		{"undefined entity", wordXML(wp(wr("&b;"))), Limits{}, "undefined & reference"},
		{"huge span", wordXML(wtbl(wtr(wtc("a", `gridSpan w:val="1000000000"`)))), Limits{}, "limit of 16384 columns"},
		{"huger span", wordXML(wtbl(wtr(wtc("a", `gridSpan w:val="99999999999999999999"`)))), Limits{}, "limit of 16384 columns"},
		{"huge gap", wordXML(wtbl(wtr(`<w:trPr><w:gridBefore w:val="999999999"/></w:trPr>` + wtc("a")))), Limits{}, "limit of 16384 columns"},
		{"senseless spans", wordXML(wtbl(wtr(wtc("a", `gridSpan w:val="-3"`), wtc("b", `gridSpan w:val=""`), wtc("c", `gridSpan w:val="0"`)))), Limits{}, ""},
		{"many cells", wordXML(wtbl(wtr(strings.Repeat(wtc(""), 50)))), Limits{Cells: 20}, "more than 20 cells"},
		{"many rows", wordXML(wtbl(strings.Repeat(wtr(wtc("")), 50))), Limits{Rows: 20}, "more than 20 rows"},
		{"many tables", wordXML(strings.Repeat(wtbl(wtr(wtc("a"))), 50)), Limits{Tables: 20}, "more than 20 tables"},
		{"long text", wordXML(wtbl(wtr(wtc(strings.Repeat("长", 100))))), Limits{TextLength: 100}, "longer than 100 bytes"},
		{"long text of many paragraphs", wordXML(wtbl(wtr("<w:tc>" + strings.Repeat(wp(wr("a")), 100) + "</w:tc>"))), Limits{TextLength: 100}, "longer than 100 bytes"},
		{"long paragraph", wordXML(wp(wr(strings.Repeat("长", 100)))), Limits{TextLength: 100}, "longer than 100 bytes"},
		{"cells without tables", wordXML("<w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr>" + wp(wr("a")) + "</w:tc><w:tr><w:trPr><w:del/></w:trPr></w:tr>"), Limits{}, ""},
		{"table in a run", wordXML(wp("<w:r>" + wtbl(wtr(wtc("a"))) + "</w:r>")), Limits{}, ""},
		{"cell in a cell", wordXML(wtbl(wtr("<w:tc>" + wtc("a") + "<w:tcPr><w:gridSpan w:val=\"3\"/></w:tcPr></w:tc>"))), Limits{}, ""},
		{"properties nested", wordXML(wp(`<w:pPr><w:rPr><w:rPr><w:del/></w:rPr></w:rPr></w:pPr><w:rPr/><w:trPr/><w:tcPr/>`)), Limits{}, ""},
		{"breaks off", strings.TrimSuffix(wordXML(wtbl(wtr(wtc("a")))), "</w:body></w:document>"), Limits{}, "breaks off"},
		{"many attributes", strings.Replace(wordXML(""), "<w:sectPr", "<w:sectPr "+manyAttrs(100), 1), Limits{}, "attributes"},
	} {
		begin := time.Now()
		d := ReadDOCX(t.Context(), "f", wordParts(tt.xml).zip(t), tt.limits)
		if took := time.Since(begin); took > time.Minute {
			t.Errorf("%s: took %v", tt.name, took)
		}
		checkProblems(t, d)
		checkTables(t, d)
		got := unread(d)
		if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func manyAttrs(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ` a%d="1"`, i)
	}
	return b.String()
}

// TestBrokenOffDOCX protects what was read before a fault: it is kept, with the
// fault reported.
func TestBrokenOffDOCX(t *testing.T) {
	xml := wordXML(wp(wr("title")) + wtbl(wtr(wtc("a"), wtc("b"))))
	cut, _, _ := strings.Cut(xml, "b</w:t>")
	d := ReadDOCX(t.Context(), "f", wordParts(cut).zip(t), Limits{})
	got := dumpTables(d)
	if !strings.HasPrefix(got, "[1]\n¶1 \"title\"\n1: \"a\"@1/1 \"\"@2/2\nUnreadable: f: the document could not be read completely: ") {
		t.Error(got)
	}
}

// TestCancelledReading protects the promise that a cancelled reading ends and says
// so.
func TestCancelledReading(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, d := range []*Document{
		ReadDOCX(ctx, "f", WordDocument(t, wtbl(wtr(wtc("a")))), Limits{}),
		ReadHTML(ctx, "f", []byte("<table><tr><td>a"), Limits{}),
	} {
		if len(d.Problems) != 1 || d.Problems[0].Kind != Unreadable || !strings.Contains(d.Problems[0].Message.EN, "cancelled") {
			t.Error(dumpTables(d))
		}
	}
}
