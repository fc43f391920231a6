package report

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"jixiaolint/checks"
	"jixiaolint/schema"
	"jixiaolint/schema/intake"
	"jixiaolint/schema/lang"
)

// seed is the report on a real form of the fixtures.
func seed(t testing.TB, name string) checks.FileReport {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "fixtures", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return checks.Run(context.Background(), intake.Read(context.Background(), name, data, intake.Options{}), checks.Options{})
}

// htmlReports are reports of every kind: real forms in several formats, a clean one,
// files that could not be read, and the made-up ones of the other formats.
func htmlReports(t testing.TB) []checks.FileReport {
	var out []checks.FileReport
	for _, name := range []string{
		"seeds/1-kouan.xlsx", "seeds/forms.txt", "seeds/forms.json", "correct/1-kouan.xlsx",
		"published/003.tsv", "published/051.tsv", "broken/unreadable-file.xlsx", "broken/unreadable-row.txt",
	} {
		out = append(out, seed(t, name))
	}
	suppressed := seed(t, "seeds/2-12312.xlsx")
	suppressed.Suppress(func(f *checks.Finding) (checks.Suppression, bool) {
		return checks.Suppression{Kind: checks.ByConfiguration, Reason: "<b>经批准</b>"}, f.Severity == checks.Warning
	})
	batch := checks.FileReport{File: "seeds/1-kouan.xlsx", Batch: true, Findings: cases()["sheets"].Findings}
	return append(append(out, suppressed, batch), allCases()...)
}

// TestHTMLGolden shows the body of a report on a real form in both languages.
func TestHTMLGolden(t *testing.T) {
	for _, l := range []lang.Lang{lang.ZH, lang.EN} {
		page := render(t, HTML, Options{Lang: l}, seed(t, "seeds/5-yiqing.xlsx"), seed(t, "broken/unreadable-file.xlsx"))
		_, body, ok := strings.Cut(page, "<main>")
		body, _, end := strings.Cut(body, "<script>")
		if !ok || !end {
			t.Fatal("no body")
		}
		golden(t, "seed."+string(l)+".html", body)
	}
}

// element is a node of a page: its name, the names of its attributes, and its depth.
type element struct {
	depth      int
	name       string
	attributes string
}

// structure checks that every element of a page is closed where it should be, and
// gives the elements. It reads tags as they stand: a parser would mend them.
func structure(t *testing.T, page string, see func(html.Token)) []element {
	t.Helper()
	void := []string{"meta", "br", "col", "input"}
	var open []string
	var out []element
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			if err := z.Err(); !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			if len(open) > 0 {
				t.Errorf("not closed: %v", open)
			}
			return out
		case html.StartTagToken:
			token := z.Token()
			var names []string
			for _, a := range token.Attr {
				names = append(names, a.Key)
			}
			out = append(out, element{len(open), token.Data, strings.Join(names, " ")})
			if see != nil {
				see(token)
			}
			if !slices.Contains(void, token.Data) {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			name := z.Token().Data
			if len(open) == 0 || open[len(open)-1] != name {
				t.Fatalf("</%s> closes %v", name, open)
			}
			open = open[:len(open)-1]
		case html.TextToken, html.CommentToken, html.DoctypeToken, html.SelfClosingTagToken:
			if kind == html.CommentToken {
				t.Errorf("a comment: %s", z.Token().Data)
			}
		}
	}
}

var reAddress = regexp.MustCompile(`(?i)//|url\(|@import|^(javascript|data|file|https?):`)

var reHash = regexp.MustCompile(`'sha256-[^']+'`)

// TestHTMLIsSound checks every page: elements nest, ids are unique, every link leads
// somewhere inside the page, and nothing is fetched, run or styled but by the one
// style and the one script.
func TestHTMLIsSound(t *testing.T) {
	for _, l := range []lang.Lang{lang.ZH, lang.EN} {
		for name, reports := range map[string][]checks.FileReport{"none": nil, "all": htmlReports(t)} {
			page := render(t, HTML, Options{Lang: l}, reports...)
			if reAddress.MatchString(htmlStyle) {
				t.Error("the style names an address")
			}
			ids, links := map[string]bool{}, map[string]bool{}
			structure(t, page, func(token html.Token) {
				for _, a := range token.Attr {
					if reAddress.MatchString(reHash.ReplaceAllString(a.Val, "")) {
						t.Errorf("%s: <%s %s=%q> names an address", name, token.Data, a.Key, a.Val)
					}
					switch {
					case a.Key == "id":
						if ids[a.Val] {
							t.Errorf("%s: id %s twice", name, a.Val)
						}
						ids[a.Val] = true
					case a.Key == "href" || a.Key == "aria-labelledby":
						links[strings.TrimPrefix(a.Val, "#")] = true
					case a.Key == "style" || a.Key == "src" || a.Key == "action" || strings.HasPrefix(a.Key, "on"):
						t.Errorf("%s: <%s %s=%q>", name, token.Data, a.Key, a.Val)
					}
				}
				if slices.Contains([]string{"link", "img", "iframe", "object", "embed", "base", "svg"}, token.Data) {
					t.Errorf("%s: <%s>", name, token.Data)
				}
			})
			for link := range links {
				if !ids[link] {
					t.Errorf("%s: nothing has the id %q", name, link)
				}
			}
		}
	}
}

// TestHTMLTablesHaveNoHoles checks that in every table each row has a cell, or a cell
// that reaches into it, for each column, and no place has two.
func TestHTMLTablesHaveNoHoles(t *testing.T) {
	doc, err := html.Parse(strings.NewReader(render(t, HTML, Options{}, htmlReports(t)...)))
	if err != nil {
		t.Fatal(err)
	}
	tables := 0
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == "table" && strings.HasPrefix(attribute(n, "class"), "filed") {
			tables++
			checkTable(t, n)
		}
	}
	if tables < 20 {
		t.Errorf("only %d tables", tables)
	}
}

func checkTable(t *testing.T, table *html.Node) {
	t.Helper()
	cols := 0
	for n := range table.Descendants() {
		switch n.Data {
		case "col":
			cols++
		case "thead", "tbody":
			taken := map[[2]int]bool{}
			row := 0
			for tr := range n.ChildNodes() {
				if tr.Type != html.ElementNode {
					continue
				}
				col := 0
				for cell := range tr.ChildNodes() {
					if cell.Type != html.ElementNode {
						continue
					}
					for taken[[2]int{row, col}] {
						col++
					}
					rows, span := number1(attribute(cell, "rowspan")), number1(attribute(cell, "colspan"))
					for r := range rows {
						for c := range span {
							at := [2]int{row + r, col + c}
							if taken[at] {
								t.Fatalf("two cells at %v", at)
							}
							taken[at] = true
						}
					}
				}
				row++
			}
			if len(taken) != row*cols {
				t.Errorf("%d of %d×%d places of a %s are taken", len(taken), row, cols, n.Data)
			}
		}
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func number1(s string) int {
	n := 1
	if s != "" {
		_, _ = fmt.Sscan(s, &n)
	}
	return n
}

// TestHTMLPolicy recomputes the hashes of the policy from the page itself, as a
// browser does.
func TestHTMLPolicy(t *testing.T) {
	doc, err := html.Parse(strings.NewReader(render(t, HTML, Options{}, cases()["error"])))
	if err != nil {
		t.Fatal(err)
	}
	policy, hashes := "", map[string]string{}
	for n := range doc.Descendants() {
		switch {
		case n.Data == "meta" && attribute(n, "http-equiv") == "Content-Security-Policy":
			policy = attribute(n, "content")
		case n.Type == html.ElementNode && (n.Data == "style" || n.Data == "script"):
			if hashes[n.Data] != "" {
				t.Errorf("a second <%s>", n.Data)
			}
			hashes[n.Data] = sourceHash(n.FirstChild.Data)
		}
	}
	want := "default-src 'none'; style-src " + hashes["style"] + "; script-src " + hashes["script"] + "; base-uri 'none'; form-action 'none'"
	if policy != want {
		t.Errorf("the policy is\n%s\nnot\n%s", policy, want)
	}
}

// TestHTMLIsStable: the same reports give the same bytes.
func TestHTMLIsStable(t *testing.T) {
	reports := htmlReports(t)
	if a, b := render(t, HTML, Options{}, reports...), render(t, HTML, Options{}, reports...); a != b {
		t.Error("two renderings differ")
	}
}

// hostileTexts are what a cell may hold to break out of its place in a page.
var hostileTexts = []string{
	`<script>document.title="taken"</script>`, `</style></title></textarea></script><img src=x onerror=alert(1)>`,
	`" onmouseover="document.title='taken'" x="`, `' onfocus=alert(1) autofocus '`, `javascript:document.title='taken'`,
	"{{.Tool}} ${alert(1)} <!-- --> ]]>", "&lt;b&gt; &#60;i&#62; &amp", "\u202e\u2066反向\u2069\u200b\ufeff", "\x00\x1b[31m\x7f\x9b",
	"第一行\n<b>第二行</b>\r\n第三行", `<template shadowrootmode="open"><slot></slot></template>`, strings.Repeat("字长<", 10_000),
	"\xff\xfe\xc3", "</td></tr></table></article></main>",
}

// hostile is the report on a real form whose every text was replaced, with a finding
// at every cell.
func hostile(t testing.TB, text func(i int) string) checks.FileReport {
	r := seed(t, "seeds/1-kouan.xlsx")
	n := 0
	next := func() string {
		n++
		return text(n)
	}
	form := r.Forms[0].Form
	r.File = next()
	r.Findings = nil
	severities := []checks.Severity{checks.Error, checks.Warning, checks.Note}
	for _, field := range form.Fields() {
		if !field.Present() {
			continue
		}
		field.Text = next() + "字"
		field.At.File, field.At.Sheet = r.File, next()
		words := lang.Text{ZH: next()}
		words.EN = words.ZH
		r.Findings = append(r.Findings, checks.Finding{
			Rule: rule("r", checks.Error), Severity: severities[n%3], Form: form, At: *field,
			Message: words, Arithmetic: words, Help: words, Found: "字",
			Related: []checks.Related{{At: *field, Label: words}},
			Fix:     &checks.Fix{Safety: checks.Unsafe, Edits: []checks.Edit{{At: field.At, From: next(), To: next()}}},
		})
	}
	form.DepartmentName = next()
	results := checks.Results{Rate: next(), Score: next(), Grade: next()}
	r.Forms[0].Declared = results
	r.Findings = append(r.Findings, checks.Finding{
		Rule: rule("whole", checks.Error), Severity: checks.Error, Message: lang.T(next(), next()), At: schema.Field{At: form.Start.At},
	})
	return r
}

// TestHTMLTextStaysText: whatever the texts of a form are, the page has the same
// elements with the same attributes as with harmless texts.
func TestHTMLTextStaysText(t *testing.T) {
	// A line break is the one thing that a text may turn into an element.
	noBreaks := func(page string) string { return strings.ReplaceAll(page, "<br>", "") }
	harmless := structure(t, noBreaks(render(t, HTML, Options{}, hostile(t, func(n int) string { return fmt.Sprintf("文%d书", n) }))), nil)
	for i := range hostileTexts {
		page := render(t, HTML, Options{}, hostile(t, func(n int) string { return fmt.Sprintf("%s%d书", hostileTexts[(i+n)%len(hostileTexts)], n) }))
		got := structure(t, noBreaks(page), nil)
		for j, want := range harmless {
			if j >= len(got) || got[j] != want {
				t.Fatalf("element %d of %d is %+v, not %+v", j, len(harmless), got[min(j, len(got)-1)], want)
			}
		}
		if len(got) > len(harmless) {
			t.Fatalf("%d more elements", len(got)-len(harmless))
		}
	}
}

// TestHTMLMarksAndFindings: every finding of a real form is on its page, has a mark in
// its cell, and the two lead to each other.
func TestHTMLMarksAndFindings(t *testing.T) {
	for _, name := range []string{"seeds/forms.xlsx", "seeds/forms.txt", "seeds/forms.json", "published/003.tsv", "published/051.tsv"} {
		r := seed(t, name)
		page := render(t, HTML, Options{Lang: lang.ZH}, r)
		if n := strings.Count(page, `<li class="finding `); n != len(r.Findings) {
			t.Errorf("%s: %d findings instead of %d", name, n, len(r.Findings))
		}
		for _, m := range regexp.MustCompile(`id="([^"]+p\d+)" data-rule="[^"]*">\n<p class="what"><a class="mark [a-z]+" href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
			cell := regexp.MustCompile(`id="` + m[2] + `"[^>]*>[^\n]*href="#` + m[1] + `"`)
			if !cell.MatchString(page) {
				t.Errorf("%s: the cell of %s does not lead to it", name, m[1])
			}
		}
		// A row out of its columns is a matter of the row, not of a cell of the form.
		_, rest, general := strings.Cut(page, `class="findings general"`)
		_, rest, _ = strings.Cut(rest, "data-rule=")
		if general && !strings.HasPrefix(rest, `"shifted-row"`) {
			t.Errorf("%s: a finding stands beside no cell", name)
		}
	}
}

// BenchmarkHTML renders a real form with all its notes.
func BenchmarkHTML(b *testing.B) {
	r := seed(b, "seeds/5-yiqing.xlsx")
	var size bytes.Buffer
	b.ReportAllocs()
	out, err := New(&size, HTML, Options{Tool: "jixiaolint", Version: "0.1.0"})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		size.Reset()
		if err := out.File(r); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(size.Len()), "B/form")
}
