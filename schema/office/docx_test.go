package office

import (
	"regexp"
	"strings"
	"testing"

	"jixiaolint/schema/grid"
)

const wordHead = `<?xml version="1.0"?>` + "\n" + `<w:document xmlns:w="` + nsWord + `"><w:body>`

func word(body string, more parts) parts {
	p := parts{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
		"_rels/.rels":         relsHead + `<Relationship Id="rId1" Type="` + nsRelations + `/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml":   wordHead + body + `</w:body></w:document>`,
		"word/styles.xml":     `<w:styles xmlns:w="` + nsWord + `"/>`,
	}
	for name, text := range more {
		p[name] = text
	}
	return p
}

const wordBody = `<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t>标题</w:t></w:r></w:p>` +
	`<w:tbl><w:tblPr/><w:tr><w:tc><w:tcPr><w:tcW w:w="100"/><w:vAlign w:val="center"/></w:tcPr><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc>` +
	`<w:tc><w:p/></w:tc></w:tr>` +
	`<w:tr><w:trPr><w:del w:id="1" w:author="x"/></w:trPr><w:tc><w:p/></w:tc></w:tr>` +
	`<w:tr><w:tc><w:tcPr><w:shd w:val="clear" w:fill="00FF00"/></w:tcPr><w:tbl><w:tr><w:tc><w:p><w:r><w:t>内</w:t></w:r></w:p></w:tc></w:tr></w:tbl>` +
	`<w:p><w:pPr/><w:ins w:id="2" w:author="y"><w:r><w:t>乙</w:t></w:r></w:ins><w:del w:id="3"><w:r><w:delText>丙</w:delText></w:r></w:del></w:p></w:tc></w:tr></w:tbl><w:p/>`

func cellMark(table, row, cell int, text string) Mark {
	return Mark{At: grid.Location{Table: table, Line: row, Column: cell}, Fill: "FFC7CE", Comment: []Paragraph{{"【错误】", text}}}
}

var (
	reComment = regexp.MustCompile(`<w:commentRange(Start|End) w:id="\d+"/>|<w:r><w:commentReference w:id="\d+"/></w:r>`)
	reShading = regexp.MustCompile(`<w:shd w:val="clear" w:color="auto" w:fill="FFC7CE"/>`)
)

// Cells are shaded and commented where our reader locates them, and everything else of
// the document keeps its bytes, tracked changes among it.
func TestAnnotateDOCX(t *testing.T) {
	p := word(wordBody, nil)
	out, err := AnnotateDOCX(t.Context(), p.zip(t), []Mark{
		cellMark(1, 1, 1, "甲"), cellMark(1, 1, 2, "空"), cellMark(1, 2, 1, "乙"), cellMark(2, 1, 1, "内"), cellMark(9, 9, 9, "没有这一格"),
		{At: grid.Location{Table: 1, Paragraph: 1}, Fill: "FFEB9C", Comment: []Paragraph{{"", "段落"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	after := unzip(t, out)
	text := after["word/document.xml"]
	for _, want := range []string{
		`<w:tcPr><w:tcW w:w="100"/><w:shd w:val="clear" w:color="auto" w:fill="FFC7CE"/><w:vAlign w:val="center"/></w:tcPr><w:p><w:commentRangeStart w:id="0"/><w:r><w:t>甲</w:t></w:r><w:commentRangeEnd w:id="0"/>`,
		`<w:tc><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="FFC7CE"/></w:tcPr><w:p><w:commentRangeStart w:id="1"/><w:commentRangeEnd w:id="1"/>`,
		`<w:p><w:pPr/><w:commentRangeStart w:id="2"/><w:ins w:id="2" w:author="y">`,
		`<w:tc><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="FFC7CE"/></w:tcPr><w:p><w:commentRangeStart w:id="3"/><w:r><w:t>内</w:t>`,
		`<w:pPr><w:shd w:val="clear" w:color="auto" w:fill="FFEB9C"/><w:jc w:val="center"/></w:pPr><w:commentRangeStart w:id="4"/><w:commentRangeStart w:id="5"/>`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	restored := reShading.ReplaceAllString(reComment.ReplaceAllString(text, ""), "")
	restored = strings.NewReplacer("<w:tcPr></w:tcPr>", "", `<w:shd w:val="clear" w:color="auto" w:fill="FFEB9C"/>`, "", "<w:p></w:p>", "<w:p/>").Replace(restored)
	// The one shading that was there is the one thing replaced.
	if want := strings.NewReplacer(`<w:tcPr><w:shd w:val="clear" w:fill="00FF00"/></w:tcPr>`, "").Replace(p["word/document.xml"]); restored != want {
		t.Errorf("without the marks, the document is\n%s\nwant\n%s", restored, want)
	}
	if after["word/styles.xml"] != p["word/styles.xml"] || strings.Count(after["word/comments1.xml"], "<w:comment ") != 6 {
		t.Error("comments: " + after["word/comments1.xml"])
	}
}

// Comments that are there stay, and ids do not repeat.
func TestAnnotateDOCXExtendsComments(t *testing.T) {
	p := word(wordBody, parts{
		"word/comments.xml":            `<w:comments xmlns:w="` + nsWord + `"><w:comment w:id="8" w:author="张三"><w:p/></w:comment></w:comments>`,
		"word/_rels/document.xml.rels": relsHead + `<Relationship Id="rId1" Type="` + nsRelations + `/comments" Target="comments.xml"/></Relationships>`,
	})
	out, err := AnnotateDOCX(t.Context(), p.zip(t), []Mark{cellMark(1, 1, 1, "甲")})
	if err != nil {
		t.Fatal(err)
	}
	notes := unzip(t, out)["word/comments.xml"]
	if !strings.Contains(notes, "张三") || !strings.Contains(notes, `<w:comment w:id="9" w:author="jixiaolint"`) {
		t.Error(notes)
	}
}

func TestAnnotateDOCXRefuses(t *testing.T) {
	for name, data := range map[string][]byte{
		"no zip":   []byte("x"),
		"broken":   parts{"word/document.xml": wordHead + "<w:p>"}.zip(t),
		"not word": word("", parts{"word/document.xml": `<a/>`}).zip(t),
	} {
		if _, err := AnnotateDOCX(t.Context(), data, []Mark{cellMark(1, 1, 1, "甲")}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
