package grid

import (
	"os"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

const (
	// plain is a stretch of a form, tabs and all.
	plainForm = "项目名称\t口岸专项\r\n主管部门及代码\t兴安盟商务口岸局601001\r\n年度资金总额\t16\t14.77\t92.31%\r\n" +
		"数量指标\t购置办公用品\t≥2处\t8\t3\r\n总分\t100\t99.23\r\n"
	traditionalForm = "項目名稱\t口岸專項\r\n主管部門及代碼\t商務局\r\n年度資金總額\t16\t14.77\r\n預期目標:完成全年的培訓計劃,提高服務質量\r\n"
	japaneseForm    = "事業名\t港湾整備事業\r\n事業の目的と内容について、次のとおり評価する。\r\n年度予算額\t16\t14.77\r\n"
	koreanForm      = "사업명\t항만 정비 사업\r\n사업의 목적과 내용을 다음과 같이 평가한다.\r\n연간 예산액\t16\t14.77\r\n"
)

// encoded gives text in another encoding.
func encoded(t testing.TB, e encoding.Encoding, text string) string {
	t.Helper()
	s, err := encoding.ReplaceUnsupported(e.NewEncoder()).String(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// misread gives text in one encoding as it looks in another.
func misread(t testing.TB, text string, as encoding.Encoding) string {
	t.Helper()
	s, err := as.NewDecoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func utf16BE(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return string(b)
}

// TestDecodeText protects texts from being read in an encoding that they are not in.
func TestDecodeText(t *testing.T) {
	gb := simplifiedchinese.GB18030
	for _, tt := range []struct {
		name, data string
		encoding   string // of the result,
		fault      *fault // or why there is none
	}{
		{"utf-8", plainForm, encodingUTF8, nil},
		{"utf-8 with mark", bomUTF8 + plainForm, encodingUTF8, nil},
		{"utf-8, traditional", traditionalForm, encodingUTF8, nil},
		{"utf-8, japanese", japaneseForm, encodingUTF8, nil},
		{"utf-8, latin", "Überprüfung\tété\tñandú\tÆsir\tœuvre", encodingUTF8, nil},
		{"ascii", "a\tb\n", encodingUTF8, nil},
		{"dos end of file", plainForm + "\x1a", encodingUTF8, nil},
		{"gbk", encoded(t, gb, plainForm), encodingGB18030, nil},
		{"gbk, few characters", encoded(t, gb, "金额\t16\n"), encodingGB18030, nil},
		{"gbk, rare characters", encoded(t, gb, plainForm+"负责人\t堃喆玥珺\t㎡\n"), encodingGB18030, nil},
		{"gb18030, four bytes", encoded(t, gb, plainForm+"㐀𠀀\n"), encodingGB18030, nil},
		{"gbk that is utf-8 by chance", encoded(t, gb, "目校效模协\t16"), encodingGB18030, nil},
		{"utf-16le with mark", bomUTF16LE + string(utf16LE(plainForm)), encodingUTF16LE, nil},
		{"utf-16be with mark", bomUTF16BE + utf16BE(plainForm), encodingUTF16BE, nil},
		{"utf-16le", string(utf16LE(plainForm)), encodingUTF16LE, nil},
		{"utf-16be", utf16BE(plainForm), encodingUTF16BE, nil},
		{"utf-16 with rare characters", bomUTF16BE + utf16BE(plainForm+"𠀀"), encodingUTF16BE, nil},
		{"utf-16 in the wrong order", bomUTF16LE + utf16BE(plainForm), "", faultUTF16},
		{"utf-32", bomUTF32LE + "\x41\x00\x00\x00", "", faultUTF32},
		{"big5", encoded(t, traditionalchinese.Big5, traditionalForm), "", faultBig5},
		{"shift-jis", encoded(t, japanese.ShiftJIS, japaneseForm), "", faultUnknownEncoding},
		{"euc-jp", encoded(t, japanese.EUCJP, japaneseForm), "", faultUnknownEncoding},
		{"euc-kr", encoded(t, korean.EUCKR, koreanForm), "", faultUnknownEncoding},
		{"latin-1", encoded(t, charmap.ISO8859_1, "Überprüfung\tété\n"), "", faultUnknownEncoding},
		{"half gbk, half utf-8", plainForm + encoded(t, gb, plainForm), "", faultUnknownEncoding},
		{"utf-8 read as gbk", misread(t, plainForm, gb), "", faultMojibake},
		{"gbk read as latin-1", misread(t, encoded(t, gb, plainForm), charmap.ISO8859_1), "", faultMojibake},
		{"utf-8 read as latin-1", misread(t, plainForm, charmap.ISO8859_1), "", faultMojibake},
		{"gbk read as utf-8", strings.ToValidUTF8(encoded(t, gb, plainForm), "\uFFFD"), "", faultMojibake},
		{"binary", "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x02\x00>\x00", "", faultNotText},
		{"null bytes in text", "项目\x00名称" + plainForm, "", faultNotText},
		{"utf-8 with mark and null bytes", bomUTF8 + plainForm + "\x00", "", faultNotText},
		{"utf-16 with null characters", bomUTF16LE + string(utf16LE(plainForm+"\x00")), "", faultNotText},
		{"junk", "\x8f\x01\x02\xff\xfe\x03\x90\x04\x05", "", faultNotText},
		{"control characters", "\x01\x02\x03\x04abc", "", faultNotText},
	} {
		text, name, f := decodeText([]byte(tt.data))
		if name != tt.encoding || f != tt.fault {
			t.Errorf("%s: got %q, %v", tt.name, name, f)
			continue
		}
		if _, problem := DecodeText("表.txt", []byte(tt.data)); (problem != nil) != (f != nil) || problem != nil && (problem.Loc.File != "表.txt" || problem.Help.ZH == "") {
			t.Errorf("%s: problem %+v", tt.name, problem)
		}
		if f == nil && strings.Contains(tt.data, "\ufffd") {
			t.Errorf("%s: damaged text %q", tt.name, text)
		}
	}
}

// TestDecodeTextWhole protects the characters of a text in every encoding.
func TestDecodeTextWhole(t *testing.T) {
	seed, err := os.ReadFile("../../fixtures/seeds/forms.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{plainForm, string(seed)} {
		for name, data := range map[string]string{
			"utf-8": want, "utf-8 with mark": bomUTF8 + want, "gb18030": encoded(t, simplifiedchinese.GB18030, want),
			"utf-16le": bomUTF16LE + string(utf16LE(want)), "utf-16be": utf16BE(want),
		} {
			if got, _, f := decodeText([]byte(data)); got != want || f != nil {
				t.Errorf("%s: text changed (%v)", name, f)
			}
		}
	}
}

// TestDecodeTextDamaged protects the rule for single damaged characters: they are
// reported cell by cell, and no reason to guess another encoding.
func TestDecodeTextDamaged(t *testing.T) {
	long := strings.Repeat(plainForm, 10)
	gb := encoded(t, simplifiedchinese.GB18030, long)
	cut := strings.Index(long, "商务")
	for _, tt := range []struct{ name, data, encoding string }{
		{"utf-8", long[:cut+1] + long[cut+3:], encodingUTF8},
		{"utf-8 cut at the end", long + "总"[:1], encodingUTF8},
		{"gb18030", gb + "\xff", encodingGB18030},
		{"gb18030 cut at the end", gb + "\xd7", encodingGB18030},
		{"utf-16", bomUTF16LE + string(utf16LE(long)) + "\x4e", encodingUTF16LE},
	} {
		text, name, f := decodeText([]byte(tt.data))
		if f != nil || name != tt.encoding || strings.Count(text, "\ufffd") != 1 {
			t.Errorf("%s: got %s with %d damaged characters, %v", tt.name, name, strings.Count(text, "\ufffd"), f)
		}
		d := ReadText(t.Context(), "表.txt", []byte(tt.data), Limits{})
		if len(d.Problems) != 1 || d.Problems[0].Kind != BadCell || d.Problems[0].Row == nil || d.Problems[0].Loc.Line == 0 {
			t.Errorf("%s: problems %+v", tt.name, d.Problems)
		}
		checkProblems(t, d)
	}
}

// TestDecodeName protects the names of archive members.
func TestDecodeName(t *testing.T) {
	gb := simplifiedchinese.GB18030
	for _, tt := range []struct{ raw, want string }{
		{"a/b.xlsx", "a/b.xlsx"},
		{"口岸.xlsx", "口岸.xlsx"},
		{"été.xlsx", "été.xlsx"},
		{encoded(t, gb, "口岸专项.xlsx"), "口岸专项.xlsx"},
		{encoded(t, gb, "誠/乗.xlsx"), "誠/乗.xlsx"},
		{"\xff\xfe口\n.txt", "%FF%FE口\n.txt"},
		{"", ""},
	} {
		if got := decodeName(tt.raw); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.raw, got, tt.want)
		}
	}
}

// FuzzDecodeText holds the decoder to valid text without null characters or a mark, or
// a fault with words.
func FuzzDecodeText(f *testing.F) {
	for _, s := range []string{
		"", plainForm, bomUTF8 + plainForm, encoded(f, simplifiedchinese.GB18030, plainForm), bomUTF16LE + string(utf16LE(plainForm)),
		utf16BE(plainForm), encoded(f, traditionalchinese.Big5, traditionalForm), bomUTF32BE, "\xff\xfe\x00\xd8", "\x81\x30\x81\x30",
		misread(f, plainForm, simplifiedchinese.GB18030), misread(f, plainForm, charmap.ISO8859_1), "\x00", "é",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		text, name, fault := decodeText(data)
		if fault != nil {
			if text != "" || fault.message.ZH == "" || fault.message.EN == "" || fault.help.ZH == "" || fault.help.EN == "" {
				t.Fatalf("fault %+v with text %q", fault, text)
			}
			return
		}
		c := takeCensus(text)
		if name == "" || strings.ToValidUTF8(text, "") != text || c.null > 0 || c.tooDamaged() {
			t.Fatalf("%s gives %q", name, text)
		}
		// What was decoded is UTF-8, and stays what it is, unless it begins with another
		// mark or is text that was garbled before.
		if again, _, fault := decodeText([]byte(text)); name != encodingUTF8 && fault == nil && again != text && !strings.HasPrefix(text, "\ufeff") {
			t.Fatalf("%s gives %q, then %q", name, text, again)
		}
	})
}
