package intake

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"jixiaolint/schema"
)

// sources are texts of forms, tab-separated as they were copied.
func sources(t testing.TB) map[string]string {
	t.Helper()
	names, err := filepath.Glob("../../fixtures/correct/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	out := map[string]string{}
	for _, name := range append(names, "../../fixtures/seeds/forms.txt") {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(name)] = string(data)
	}
	return out
}

// variant is the same text in another file format.
type variant struct {
	name string // of the file
	data func(t testing.TB, text string) []byte
}

func gbk(t testing.TB, text string) []byte {
	t.Helper()
	data, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// utf16Bytes encodes text as UTF-16, by the place of the low byte.
func utf16Bytes(text string, low int) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(text)) {
		pair := [2]byte{}
		pair[low], pair[1-low] = byte(u), byte(u>>8)
		out = append(out, pair[:]...)
	}
	return out
}

// delimited writes the fields of tab-separated text with another delimiter.
func delimited(t testing.TB, text string, comma rune) []byte {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = comma
	for line := range strings.Lines(text) {
		if err := w.Write(strings.Split(strings.TrimRight(line, "\r\n"), "\t")); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	return b.Bytes()
}

// quotedTabs quotes every field that a spreadsheet would.
func quotedTabs(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		for i, f := range strings.Split(strings.TrimRight(line, "\r\n"), "\t") {
			if i > 0 {
				b.WriteByte('\t')
			}
			if strings.ContainsAny(f, `,"`) {
				f = `"` + strings.ReplaceAll(f, `"`, `""`) + `"`
			}
			b.WriteString(f)
		}
		b.WriteString("\r\n")
	}
	return b.String()
}

// markdown writes every run of lines with fields as a table, others as paragraphs.
func markdown(text string, outer bool) string {
	var b strings.Builder
	inTable := false
	escape := strings.NewReplacer("|", `\|`, "*", `\*`, "<", "&lt;", "&", "&amp;", "_", `\_`)
	for line := range strings.Lines(text) {
		fields := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if strings.TrimSpace(strings.Join(fields[1:], "")) == "" {
			fields = fields[:1]
		}
		for i := range fields {
			fields[i] = escape.Replace(fields[i])
		}
		if len(fields) == 1 {
			switch {
			case strings.Contains(line, "自评表"):
				b.WriteString("\n## **" + fields[0] + "**\n\n")
			default:
				b.WriteString("\n" + fields[0] + "\n\n")
			}
			inTable = false
			continue
		}
		row := strings.Join(fields, " | ")
		rule := strings.TrimSuffix(strings.Repeat("--- | ", len(fields)), " | ")
		if outer {
			row, rule = "| "+row+" |", "|"+strings.Repeat(":-:|", len(fields))
		}
		b.WriteString(row + "\n")
		if !inTable {
			b.WriteString(rule + "\n")
		}
		inTable = true
	}
	return b.String()
}

var variants = []variant{
	{"表.tsv", func(_ testing.TB, s string) []byte { return []byte(s) }},
	{"表.csv", func(_ testing.TB, s string) []byte { return []byte(s) }}, // tabs under another name
	{"<stdin>", func(_ testing.TB, s string) []byte { return []byte(s) }},
	{"表.xls", gbk}, // as systems export it
	{"表.txt", func(_ testing.TB, s string) []byte { return []byte("\ufeff" + strings.ReplaceAll(s, "\n", "\r\n")) }},
	{"表.txt", func(_ testing.TB, s string) []byte { return []byte(strings.ReplaceAll(s, "\n", "\r")) }},
	{"表.txt", gbk},
	{"表.txt", func(_ testing.TB, s string) []byte { return append([]byte("\xFF\xFE"), utf16Bytes(s, 0)...) }},
	{"表.txt", func(_ testing.TB, s string) []byte { return append([]byte("\xFE\xFF"), utf16Bytes(s, 1)...) }},
	{"表.txt", func(_ testing.TB, s string) []byte { return utf16Bytes(s, 0) }},
	{"表.txt", func(_ testing.TB, s string) []byte { return utf16Bytes(s, 1) }},
	{"表.txt", func(_ testing.TB, s string) []byte { return []byte(quotedTabs(s)) }},
	{"表.csv", func(t testing.TB, s string) []byte { return delimited(t, s, ',') }},
	{"表.csv", func(t testing.TB, s string) []byte { return delimited(t, s, ';') }},
	{"表.csv", func(t testing.TB, s string) []byte { return gbk(t, string(delimited(t, s, ','))) }},
	{"表.csv", func(t testing.TB, s string) []byte { return append([]byte("sep=;\r\n"), delimited(t, s, ';')...) }},
	{"表.txt", func(t testing.TB, s string) []byte { return delimited(t, padded(s), ',') }},
	{"表.md", func(_ testing.TB, s string) []byte { return []byte(markdown(s, true)) }},
	{"表.md", func(_ testing.TB, s string) []byte { return []byte(markdown(padded(s), false)) }},
	{"表.txt", func(_ testing.TB, s string) []byte { return []byte(markdown(s, true)) }},
	{"表.txt", func(_ testing.TB, s string) []byte { return []byte(strings.ReplaceAll(s, "\t", "|")) }},
}

// padded gives all lines the same number of fields, as spreadsheets write CSV.
func padded(text string) string {
	const columns = 9
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		b.WriteString(line + strings.Repeat("\t", max(columns-1-strings.Count(line, "\t"), 0)) + "\n")
	}
	return b.String()
}

// TestVariants protects the promise that a form is the same form in every encoding
// and with every delimiter.
func TestVariants(t *testing.T) {
	for source, text := range sources(t) {
		want := Read(t.Context(), source, []byte(text), Options{})
		if len(want.Forms) == 0 {
			t.Fatalf("%s: no forms", source)
		}
		canonical := string(schema.Encode(want.Forms))
		for i, v := range variants {
			got := Read(t.Context(), v.name, v.data(t, text), Options{})
			if len(got.Problems) != len(want.Problems) {
				t.Errorf("%s, variant %d (%s): %d problems, want %d: %+v", source, i, v.name, len(got.Problems), len(want.Problems), got.Problems)
			}
			if s := string(schema.Encode(got.Forms)); s != canonical {
				t.Errorf("%s, variant %d (%s): other forms: %s", source, i, v.name, firstDifference(s, canonical))
			}
		}
	}
}

// TestVariantsOfJSON protects the reading of canonical JSON in its variants.
func TestVariantsOfJSON(t *testing.T) {
	text := sources(t)["forms.txt"]
	forms := Read(t.Context(), "表.txt", []byte(text), Options{}).Forms
	canonical := string(schema.Encode(forms))
	for i, v := range []variant{
		{"表.json", func(_ testing.TB, s string) []byte { return []byte("\ufeff" + s) }},
		{"表.txt", func(_ testing.TB, s string) []byte { return []byte(s) }},
		{"<stdin>", func(_ testing.TB, s string) []byte { return []byte(s) }},
		{"表.json", gbk},
		{"表.json", func(_ testing.TB, s string) []byte { return append([]byte("\xFF\xFE"), utf16Bytes(s, 0)...) }},
		{"表.ndjson", func(t testing.TB, _ string) []byte { return lines(t, forms) }},
		{"<stdin>", func(t testing.TB, _ string) []byte { return lines(t, forms) }},
	} {
		got := Read(t.Context(), v.name, v.data(t, canonical), Options{})
		if s := string(schema.Encode(got.Forms)); s != canonical || len(got.Problems) > 0 {
			t.Errorf("variant %d (%s): other forms: %s; problems %+v", i, v.name, firstDifference(s, canonical), got.Problems)
		}
	}
}

func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "got " + a[i] + ", want " + b[i]
		}
	}
	return "one is longer"
}

// TestDoubtfulEncodings protects against forms read as gibberish: text in an encoding
// that is not read, or damaged, is reported.
func TestDoubtfulEncodings(t *testing.T) {
	text := sources(t)["1-kouan.txt"]
	big5, err := traditionalchinese.Big5.NewEncoder().String(strings.Repeat("項目支出績效自評表\t全年預算數\t執行率\n", 5))
	if err != nil {
		t.Fatal(err)
	}
	shiftJIS, err := japanese.ShiftJIS.NewEncoder().String(strings.Repeat("事業名\tこれは日本語の文書です。\t成果を評価する\n", 5))
	if err != nil {
		t.Fatal(err)
	}
	eucKR, err := korean.EUCKR.NewEncoder().String(strings.Repeat("사업명\t예산\t평가 보고서입니다\n", 5))
	if err != nil {
		t.Fatal(err)
	}
	chinese := gbk(t, text)
	middle := bytes.IndexFunc(chinese, func(r rune) bool { return r > 0x7F })
	for _, tt := range []struct {
		name, data string
		rule       string
	}{
		{"Big5", big5, schema.RuleUnreadableFile},
		{"Shift-JIS", shiftJIS, schema.RuleUnreadableFile},
		{"EUC-KR", eucKR, schema.RuleUnreadableFile},
		{"null bytes", text[:600] + "\x00" + text[600:], schema.RuleUnreadableFile},
		{"GBK without the first byte of a character", string(chinese[:middle]) + string(chinese[middle+1:]), schema.RuleUnreadableCell},
		{"UTF-8 with a bad byte", strings.Replace(text, "口", "\xE5\xFF\xA3", 1), schema.RuleUnreadableCell},
	} {
		doc := Read(t.Context(), "表.txt", []byte(tt.data), Options{})
		if !slices.ContainsFunc(doc.Problems, func(p schema.Problem) bool { return p.Rule == tt.rule }) {
			t.Errorf("%s: no %s in %+v", tt.name, tt.rule, doc.Problems)
		}
	}
}
