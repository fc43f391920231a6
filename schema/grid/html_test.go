package grid

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// TestReadHTML says what is read of each thing that a page can hold.
func TestReadHTML(t *testing.T) {
	for _, tt := range []struct{ name, page, want string }{
		{"spans", `<table><tr><td rowspan=2>a</td><td colspan="2">b</td></tr><tr><td>c</td><td>d</td></tr></table>`,
			"[1]\n1: \"a\"@1/1 2x1 \"b\"@2/2 1x2\n2: \"c\"@2/1 \"d\"@3/2\n"},
		{"overlapping spans", `<table><tr><td>a<td rowspan=2>b<td>c<tr><td colspan=3>d<td>e</table>`,
			"[1]\n1: \"a\"@1/1 \"b\"@2/2 2x1 \"c\"@3/3\n2: \"d\"@1/1 1x3 \"e\"@4/2\n"},
		{"span to the end of the group", `<table><thead><tr><th rowspan=9>a<th>b<tbody><tr><td rowspan=0>c<td>d<tr><td>e<tfoot><tr><td>f</table>`,
			"[1]\n1: \"a\"@1/1 \"b\"@2/2\n2: \"c\"@1/1 2x1 \"d\"@2/2\n3: \"e\"@2/1\n4: \"f\"@1/1\n"},
		{"senseless spans", `<table><tr><td colspan=0>a<td colspan=-2 rowspan="-1">b<td colspan=" +2px">c<td colspan=x rowspan="">d<td>e</table>`,
			"[1]\n1: \"a\"@1/1 \"b\"@2/2 \"c\"@3/3 1x2 \"d\"@5/4 \"e\"@6/5\n"},
		{"huge spans", `<table><tr><td colspan=1000000000>a<td>b<tr><td rowspan=1000000000 colspan=99999999999999999999>c</table>`,
			"[1]\n1: \"a\"@1/1 1x1000 \"b\"@1001/2\n2: \"c\"@1/1 1x1000\n"},
		{"no end tags", `<table><tr><td>a<td>b<tr><td>c`, "[1]\n1: \"a\"@1/1 \"b\"@2/2\n2: \"c\"@1/1\n"},
		{"no rows", `<table><td>a<td>b</table>`, "[1]\n1: \"a\"@1/1 \"b\"@2/2\n"},
		{"empty rows count", `<table><tr><tr><td>a</table>`, "[1]\n2: \"a\"@1/1\n"},
		{"blank cells are cells", `<table><tr><td>a<td>&nbsp;<td>b</table>`, "[1]\n1: \"a\"@1/1 \"\"@2/2 \"b\"@3/3\n"},
		{"text around tables", `<title>page</title><h1>项目支出绩效自评表<br>(2022年度)</h1><p>one<p>two<table><caption>cap</caption><tr><td>a</table>between<table><tr><td>b</table><div>after</div>`,
			"[1]\n¶1 \"项目支出绩效自评表\"\n¶2 \"(2022年度)\"\n¶3 \"one\"\n¶4 \"two\"\n¶5 \"cap\"\n1: \"a\"@1/1\n[2]\n¶6 \"between\"\n1: \"b\"@1/1\n¶7 \"after\"\n"},
		{"no table", `<p>only text`, "[1]\n¶1 \"only text\"\n"},
		{"no text", `<html></html>`, ""},
		{"stray text in a table", `<table>x<tr>y<td>a</td>z</tr></table>`, "[1]\n¶1 \"x\"\n¶2 \"y\"\n¶3 \"z\"\n1: \"a\"@1/1\n"},
		{"stray tags", `</table></td><tr><td>x</td></tr></p><table><tr><td>a</th></td></td></tr></tr><tr><td>b</tbody><tr><td>c</table></table>`,
			"[1]\n¶1 \"x\"\n1: \"a\"@1/1\n2: \"b\"@1/1\n3: \"c\"@1/1\n"},
		{"caption behind rows", `<table><tr><td>a<caption>cap</caption><td>b</table>`, "[1]\n¶1 \"cap\"\n1: \"a\"@1/1\n2: \"b\"@1/1\n"},
		{"table in a row", `<table><tr><table><tr><td>b</table>`, "[1]\n[2]\n1: \"b\"@1/1\n"},
		{"nested tables", `<table><tr><td>a<td>before<table><tr><td>inner</td></tr></table>behind</td></tr><tr><td>c</table><table><tr><td>next</table>`,
			"[1]\n1: \"a\"@1/1 \"before\\nbehind\"@2/2\n2: \"c\"@1/1\n[2]\n1: \"inner\"@1/1\n[3]\n1: \"next\"@1/1\n"},
		{"frames around a table", `<table><tr><td>menu<td><table><tr><td>title<table><tr>` + strings.Repeat("<td>x", 12) + `</table>note</table></table>`,
			"[3]\n¶1 \"menu\"\n¶2 \"title\"\n1: \"x\"@1/1 \"x\"@2/2 \"x\"@3/3 \"x\"@4/4 \"x\"@5/5 \"x\"@6/6 \"x\"@7/7 \"x\"@8/8 \"x\"@9/9 \"x\"@10/10 \"x\"@11/11 \"x\"@12/12\n¶3 \"note\"\n"},
		{"blocks in a cell", `<table><tr><td><p>a</p><p> </p><div>b<br/>c</div> d <span> e</span></table>`, "[1]\n1: \"a\\nb\\nc\\nd e\"@1/1\n"},
		{"white space", "<table><tr><td> a \n b\t<b> c</b><td>绩效\n  指标<td>年 度<td>2022\n年<td>a&nbsp; b</table>",
			"[1]\n1: \"a b c\"@1/1 \"绩效指标\"@2/2 \"年 度\"@3/3 \"2022 年\"@4/4 \"a  b\"@5/5\n"},
		{"entities", `<table><tr><td>&ge;95&#37; &lt;b&gt; &#x4e07; &amp;amp; &bogus;</table>`, "[1]\n1: \"≥95% <b> 万 &amp; &bogus;\"@1/1\n"},
		{"scripts and styles", `<style>td{x:y}</style><table><tr><td>a<script>document.write("<td>b")</script><noscript>c</noscript><!-- d --><![if x]>e<![endif]><td>f</table>`,
			"[1]\n1: \"ae\"@1/1 \"f\"@2/2\n"},
		{"phonetic guide", `<table><tr><td><ruby>兴<rp>(</rp><rt>xìng</rt><rp>)</rp></ruby></table>`, "[1]\n1: \"兴\"@1/1\n"},
		{"form fields", `<table><tr><td><input type=checkbox checked>是<input type=checkbox>否<input type=hidden value=h><td><input value="12.5"><td><select><option>a<option selected>b</select></table>`,
			"[1]\n1: \"☑是☐否\"@1/1 \"12.5\"@2/2 \"b\"@3/3\n"},
		{"hidden text", `<p style="Display : NONE">h<p>s<table><tr><td><span hidden>h</span>s<td hidden>h<tr style="visibility:hidden"><td>h<tbody style="display:none"><tr><td>h</tbody><tr><td>s<tr><td style="display:none"></table><table style="display:none"><tr><td>h</table>`,
			"[1]\n¶1 \"h\" hidden\n¶2 \"s\"\n1: \"hs\"@1/1 hidden \"h\"@2/2 hidden\n2: \"h\"@1/1 hidden\n3: \"h\"@1/1 hidden\n4: \"s\"@1/1\n5: \"\"@1/1 hidden\n[2]\n1: \"h\"@1/1 hidden\n" +
				"HiddenContent: f:table 1, row 1, cell 1: rows 1-3 of table 1 hold hidden text, which was read too\n" +
				"HiddenContent: f:table 2, row 1, cell 1: rows 1 of table 2 hold hidden text, which was read too\n" +
				"HiddenContent: f: there is hidden text outside of the tables (from paragraph 1 on), which was read too\n"},
		{"hidden element without end", `<table><tr><td><div style="display:none"><div>h</div><td>s</table><table><tr><td><div hidden><table><tr><td>h</table></div><td>s</table>`,
			"[1]\n1: \"h\"@1/1 hidden \"s\"@2/2\n[2]\n1: \"\"@1/1 \"s\"@2/2\n[3]\n1: \"h\"@1/1 hidden\n" +
				"HiddenContent: f:table 1, row 1, cell 1: rows 1 of table 1 hold hidden text, which was read too\n" +
				"HiddenContent: f:table 3, row 1, cell 1: rows 1 of table 3 hold hidden text, which was read too\n"},
	} {
		d := ReadHTML(t.Context(), "f", []byte(tt.page), Limits{})
		if got := dumpTables(d); got != tt.want {
			t.Errorf("%s: got\n%swant\n%s", tt.name, got, tt.want)
		}
		checkTables(t, d)
		checkProblems(t, d)
	}
}

// TestHTMLEncodings protects pages in the encodings that Chinese sites use, also
// where they say nothing or the wrong thing about it.
func TestHTMLEncodings(t *testing.T) {
	const cell = "项目支出绩效自评表，预算执行率≥95％"
	encode := func(e encoding.Encoding, s string) string {
		out, err := e.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	page := func(meta string) string { return meta + "<table><tr><td>" + cell + "</table>" }
	meta := func(name string) string {
		return `<meta http-equiv="Content-Type" content="text/html; charset=` + name + `">`
	}
	gbk, gb18030 := simplifiedchinese.GBK, simplifiedchinese.GB18030
	for _, tt := range []struct{ name, data, problem string }{
		{"UTF-8", page(`<meta charset="utf-8">`), ""},
		{"UTF-8 undeclared", page(""), ""},
		{"UTF-8 with mark", "\xEF\xBB\xBF" + page(meta("gb2312")), ""},
		{"UTF-8 as GBK", page(meta("gb2312")), "encoded in gbk, which it is not"},
		{"GBK", encode(gbk, page(meta("gb2312"))), ""},
		{"GB18030", encode(gb18030, page(`<meta charset=gb18030>`)), ""},
		{"GBK undeclared", encode(gbk, page("")), ""},
		{"GBK as UTF-8", encode(gbk, page(`<meta charset=utf-8>`)), "encoded in utf-8, which it is not"},
		{"GBK as Latin 1", encode(gbk, page(`<meta charset=iso-8859-1>`)), ""},
		{"UTF-16", encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), page("")), ""},
		{"UTF-16 big-endian", encode(unicode.UTF16(unicode.BigEndian, unicode.UseBOM), page("")), ""},
		{"UTF-16 without mark", encode(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), page("")), ""},
	} {
		d := ReadHTML(t.Context(), "f", []byte(tt.data), Limits{})
		if len(d.Tables) != 1 || d.Tables[0].Rows[0].Cells[0].Text != cell {
			t.Errorf("%s: %s", tt.name, dumpTables(d))
		}
		switch {
		case tt.problem == "" && len(d.Problems) == 0:
		case len(d.Problems) != 1 || d.Problems[0].Kind != Disorder || !strings.Contains(d.Problems[0].Message.EN, tt.problem):
			t.Errorf("%s: %s", tt.name, dumpTables(d))
		}
		if !IsHTML([]byte(tt.data)) {
			t.Errorf("%s: not told to be a page", tt.name)
		}
	}
	big5 := encode(traditionalchinese.Big5, `<meta charset=big5><table><tr><td>績效</table>`)
	if got := dumpTables(ReadHTML(t.Context(), "f", []byte(big5), Limits{})); got != "[1]\n1: \"績效\"@1/1\n" {
		t.Error(got)
	}
	// A character cut in half by an editor is reported where it stands.
	d := ReadHTML(t.Context(), "f", []byte(page("<p>" + cell + "</p>")[:100]+"\xE9\xA1</table>"), Limits{})
	if got := dumpTables(d); !strings.Contains(got, "BadCell: f:table 1, row 1, cell 1: the cell holds characters that could not be read: ") {
		t.Error(got)
	}
}

// TestNotAPage protects the message for files that are no web page.
func TestNotAPage(t *testing.T) {
	for _, tt := range []struct{ name, data, want string }{
		{"empty", "", "empty"},
		{"blank", " \n", "empty"},
		{"zip", "PK\x03\x04\x00\x00", "no web page"},
		{"pdf", "%PDF-1.7\n\x00", "a PDF file"},
	} {
		d := ReadHTML(t.Context(), "f", []byte(tt.data), Limits{})
		if len(d.Problems) != 1 || d.Problems[0].Kind != Unreadable || !strings.Contains(d.Problems[0].Message.EN, tt.want) {
			t.Errorf("%s: %s", tt.name, dumpTables(d))
		}
		checkProblems(t, d)
		if IsHTML([]byte(tt.data)) {
			t.Errorf("%s: told to be a page", tt.name)
		}
	}
	if IsHTML([]byte("<?xml version='1.0'?><Workbook/>")) || !IsHTML([]byte("\xEF\xBB\xBF\r\n<!-- x --><TABLE>")) {
		t.Error("IsHTML is wrong")
	}
}

// TestHostileHTML protects against pages made to use up time or memory, or to pass
// for read when they were not (anchors.md E.2).
func TestHostileHTML(t *testing.T) {
	many := strings.Repeat
	for _, tt := range []struct {
		name, page string
		limits     Limits
		want       string
	}{
		{"nested blocks", many("<div>", 100_000) + "<table><tr><td>a", Limits{}, ""},
		{"nested formatting", many("<b><i x=1>", 50_000) + many("<p>x", 50_000), Limits{}, ""},
		{"nested tables", many("<table><tr><td>", 100_000) + "a", Limits{}, "nested deeper than 64"},
		{"tables in rows", many("<table><tr>", 100_000) + "a", Limits{}, "more than 2000 tables"},
		{"frames in frames", many("<table><tr><td>f", 60) + many("<td>x", 5000), Limits{}, ""},
		{"hidden in hidden", many("<p hidden><table hidden><tr hidden><td hidden>", 60) + "a", Limits{}, ""},
		{"wide and deep spans", "<table>" + many("<tr>"+many("<td colspan=1000 rowspan=65534>a", 17), 300), Limits{}, "limit of 16384 columns"},
		{"rows below a wide span", "<table><tr>" + many("<td colspan=1000 rowspan=65534>", 16) + many("<tr><td>x", 60_000), Limits{}, "merged cells cover too much"},
		{"many columns", "<table>" + many("<td>", 20_000), Limits{}, "limit of 16384 columns"},
		{"many rows", "<table>" + many("<tr>", 50), Limits{Rows: 20}, "more than 20 rows"},
		{"many cells", "<table>" + many("<tr><td>", 50), Limits{Cells: 20}, "more than 20 cells"},
		{"many paragraphs", many("<p>a", 50), Limits{Cells: 20}, "more than 20 cells"},
		{"many tables", many("<table>", 50), Limits{Tables: 20}, "more than 20 tables"},
		{"long text", "<table><td>" + many("长", 100), Limits{TextLength: 100}, "longer than 100 bytes"},
		{"long cell", "<table><td>" + many("<p>a", 100), Limits{TextLength: 100}, "longer than 100 bytes"},
		{"long paragraph", many("长", 100), Limits{TextLength: 100}, "longer than 100 bytes"},
		{"very long cell", "<table><td>" + many("<p>a", 1_000_000), Limits{}, "longer than 65536 bytes"},
		{"file too large", many("a", 100), Limits{FileSize: 10}, "more than 10 bytes"},
		{"huge attribute", `<p x="` + many("a", 5<<20) + `">`, Limits{}, "longer than 4194304 bytes"},
		{"many attributes", "<p" + manyAttrs(100_000) + ">" + many("<p>", 10), Limits{}, "more than 1000 attributes"},
		{"tag without end", "<table><tr><td>a<td " + many("x", 100_000), Limits{}, ""},
		{"comment without end", "<table><tr><td>a<!--" + many("-", 100_000), Limits{}, ""},
		{"script without end", "<table><tr><td>a<script>" + many("</scrip", 100_000), Limits{}, ""},
		{"DTD", `<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>&b;`, Limits{}, ""},
		{"references", many("&", 100_000) + many("&#9999999999;", 10_000) + many("&#x110000;&#0;&#xD800;", 1000), Limits{}, "longer than 65536 bytes"},
		{"control characters", "<table><td>\x00\x01&#1;\x1b[31m</td>", Limits{}, "no web page"},
	} {
		begin := time.Now()
		d := ReadHTML(t.Context(), "f", []byte(tt.page), tt.limits)
		if took := time.Since(begin); took > time.Minute {
			t.Errorf("%s: took %v", tt.name, took)
		}
		checkProblems(t, d)
		checkTables(t, d)
		got := unread(d)
		if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %.300q, want %q", tt.name, got, tt.want)
		}
	}
}
