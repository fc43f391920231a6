package edit_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"jixiaolint/schema/edit"
	"jixiaolint/schema/grid"
)

// wordDocument is a document with the given body.
func wordDocument(t testing.TB, body string) []byte {
	t.Helper()
	return zipped(t, map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
			`<Relationship Id="rId1" Type="` + relSpace + `/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml": `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body + `</w:body></w:document>`,
		"word/media/a.bin":  "\x00\x01",
	})
}

func wordBody(t testing.TB, data []byte) string {
	t.Helper()
	s := unzip(t, data).text["word/document.xml"]
	return s[strings.Index(s, "<w:body>")+len("<w:body>") : strings.Index(s, "</w:body>")]
}

// wordTable is a table of one row whose second cell has the given content.
func wordTable(content string) string {
	return `<w:tbl><w:tr><w:tc><w:p><w:r><w:t>全年执行率</w:t></w:r></w:p></w:tc><w:tc>` + content + `</w:tc></w:tr></w:tbl>`
}

func wordCell(line, column int) grid.Location {
	return grid.Location{Table: 1, Line: line, Column: column}
}

var splitCell = wordTable(`<w:tcPr><w:tcW w:w="900"/></w:tcPr><w:p><w:r><w:rPr><w:b/></w:rPr><w:t>执行率</w:t></w:r><w:proofErr w:type="spellStart"/>` +
	`<w:r><w:t>93</w:t></w:r><w:bookmarkStart w:id="0" w:name="a"/><w:r><w:rPr><w:i/></w:rPr><w:t>.2</w:t></w:r><w:r><w:t>1%</w:t></w:r></w:p>`)

// TestWordCells holds that the runs of a cell keep their formatting, and that the rest of
// the document stays as it is.
func TestWordCells(t *testing.T) {
	run := func(text string) string { return `<w:r><w:t>` + text + `</w:t></w:r>` }
	for _, c := range []struct{ name, cell, from, to, want, why string }{
		{"one run", `<w:p><w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t>93.21%</w:t></w:r></w:p>`, "93.21%", "92.31%",
			`<w:p><w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t>92.31%</w:t></w:r></w:p>`, ""},
		{"several runs", `<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>执行率</w:t></w:r>` + run("93") + run(".2") + run("1%") + `</w:p>`, "执行率93.21%", "执行率92.31%",
			`<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>执行率</w:t></w:r>` + run("92.3") + run("") + run("1%") + `</w:p>`, ""},
		{"several paragraphs", `<w:p>` + run("一、错字") + `</w:p><w:p/><w:p>` + run("二、") + `<w:r><w:br/></w:r>` + run("数字") + `</w:p>`,
			"一、错字\n二、\n数字", "一、改正\n二、\n数值",
			`<w:p>` + run("一、改正") + `</w:p><w:p/><w:p>` + run("二、") + `<w:r><w:br/></w:r>` + run("数值") + `</w:p>`, ""},
		{"blanks around", `<w:p><w:r><w:t xml:space="preserve">  9 </w:t></w:r></w:p>`, "9", "8", `<w:p><w:r><w:t xml:space="preserve">  8 </w:t></w:r></w:p>`, ""},
		{"entities", `<w:p>` + run("a&amp;b&lt;c") + `</w:p>`, "a&b<c", "a&b>c", `<w:p>` + run("a&amp;b&gt;c") + `</w:p>`, ""},
		{"blank", `<w:p><w:pPr><w:jc w:val="center"/><w:rPr><w:sz w:val="18"/></w:rPr></w:pPr></w:p>`, "", "9.23",
			`<w:p><w:pPr><w:jc w:val="center"/><w:rPr><w:sz w:val="18"/></w:rPr></w:pPr><w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t>9.23</w:t></w:r></w:p>`, ""},
		{"blank with a run", `<w:p><w:r><w:rPr><w:b/></w:rPr></w:r></w:p>`, "", "9", `<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>9</w:t></w:r></w:p>`, ""},
		{"blank and empty", `<w:p/>`, "", "9", `<w:p>` + run("9") + `</w:p>`, ""},
		{"other lines", `<w:p>` + run("一") + `</w:p>`, "一", "一\n二", "", "line breaks"},
		{"tab within", `<w:p>` + run("一") + `<w:r><w:tab/></w:r>` + run("二") + `</w:p>`, "一 二", "一 三", `<w:p>` + run("一") + `<w:r><w:tab/></w:r>` + run("三") + `</w:p>`, ""},
		{"tab removed", `<w:p>` + run("一") + `<w:r><w:tab/></w:r>` + run("二") + `</w:p>`, "一 二", "一二", "", "fields"},
		{"tracked", `<w:p><w:ins w:id="1" w:author="a">` + run("9") + `</w:ins></w:p>`, "9", "8", "", "tracked"},
		{"hidden text", `<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>1</w:t></w:r>` + run("93.21%") + `</w:p>`, "193.21%", "92.31%", "", "hidden"},
		{"blank with a hidden run", `<w:p><w:r><w:rPr><w:b/><w:vanish w:val="true"/></w:rPr></w:r></w:p>`, "", "9", "", "hidden"},
		{"blank with a hidden end", `<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr></w:p>`, "", "9", "", "hidden"},
		{"hiding switched off", `<w:p><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>9</w:t></w:r></w:p>`, "9", "8",
			`<w:p><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>8</w:t></w:r></w:p>`, ""},
		{"hidden end", `<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>` + run("9") + `</w:p>`, "9", "8",
			`<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>` + run("8") + `</w:p>`, ""},
		{"link", `<w:p><w:hyperlink w:anchor="a">` + run("9") + `</w:hyperlink></w:p>`, "9", "8", "", "links"},
		{"field", `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>` +
			run("9") + `<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`, "9", "8", "", "fields"},
		{"control", `<w:sdt><w:sdtContent><w:p>` + run("9") + `</w:p></w:sdtContent></w:sdt>`, "9", "8", "", "controls"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := wordDocument(t, wordTable(c.cell))
			out, refused, err := edit.Apply(ctx, "表.docx", data, []edit.Edit{{At: wordCell(1, 2), From: c.from, To: c.to}}, edit.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if c.why != "" {
				if len(refused) != 1 || !strings.Contains(refused[0].Why.EN, c.why) || !bytes.Equal(out, data) {
					t.Errorf("refused %v, want “%s”", refused, c.why)
				}
				return
			}
			if len(refused) > 0 {
				t.Fatal(refused)
			}
			if got, want := wordBody(t, out), wordTable(c.want); got != want {
				t.Errorf("written as\n%s\nwant\n%s", got, want)
			}
			if got := changedParts(t, data, out); !slices.Equal(got, []string{"word/document.xml"}) {
				t.Error("changed", got)
			}
		})
	}
}

// TestWordParagraph holds that lines of text outside of tables are edited one by one.
func TestWordParagraph(t *testing.T) {
	data := wordDocument(t, `<w:p><w:r><w:t>自评表</w:t><w:br/><w:t>(2022年度)</w:t></w:r></w:p>`+wordTable(`<w:p/>`))
	at := grid.Location{Table: 1, Paragraph: 2}
	out, refused, err := edit.Apply(ctx, "表.docx", data, []edit.Edit{{At: at, From: "(2022年度)", To: "(2023年度)"}}, edit.Options{})
	if err != nil || len(refused) > 0 || !strings.Contains(wordBody(t, out), `<w:t>自评表</w:t><w:br/><w:t>(2023年度)</w:t>`) {
		t.Error(refused, err, wordBody(t, out))
	}
	first := grid.Location{Table: 1, Paragraph: 1}
	_, refused, err = edit.Apply(ctx, "表.docx", data, []edit.Edit{{At: first, From: "自评表", To: "表"}, {At: at, From: "(2022年度)", To: "(2023年度)"}}, edit.Options{})
	if err != nil || len(refused) != 1 || !strings.Contains(refused[0].Why.EN, "changes the same paragraph") {
		t.Error(refused, err)
	}
}
