package grid

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"jixiaolint/schema/lang"
)

// The encodings that texts are read in.
const (
	encodingUTF8    = "UTF-8"
	encodingUTF16LE = "UTF-16LE"
	encodingUTF16BE = "UTF-16BE"
	encodingGB18030 = "GB18030"
)

const (
	bomUTF8    = "\xEF\xBB\xBF"
	bomUTF16LE = "\xFF\xFE"
	bomUTF16BE = "\xFE\xFF"
	bomUTF32LE = "\xFF\xFE\x00\x00"
	bomUTF32BE = "\x00\x00\xFE\xFF"
)

var (
	helpEncoding = lang.T(
		"请用记事本、WPS 或 Excel 打开确认文字正常，另存为 UTF-8 编码后提交，或直接提交 .xlsx 文件。",
		"Open it in an editor, WPS or Excel, make sure that it reads well, and save it as UTF-8; or submit the .xlsx file.")
	helpMojibake = lang.T(
		"内容在之前的转存中已经损坏：请回到原文件重新导出为 UTF-8 文本，或直接提交 .xlsx 文件。",
		"An earlier conversion spoilt the content: export it again from the original as UTF-8 text, or submit the .xlsx file.")
	helpNotText = lang.T(
		"请确认文件没有选错；电子表格请另存为 .xlsx 后提交。",
		"Check that this is the right file; save a spreadsheet as .xlsx and submit that.")

	faultNotText = &fault{lang.T("文件不是文本，可能是其他格式的文件改了扩展名。",
		"the file is no text; it may be another kind of file with its name changed"), helpNotText}
	faultUTF32 = &fault{lang.T("文件是 UTF-32 编码的文本，不能读取。",
		"the text is encoded as UTF-32, which is not read"), helpEncoding}
	faultBig5 = &fault{lang.T("文件看起来是 Big5（繁体中文）编码的文本，不能读取。",
		"the text seems to be encoded as Big5 (traditional Chinese), which is not read"), helpEncoding}
	faultUnknownEncoding = &fault{lang.T("无法确定文本的编码：既不是 UTF-8，按 GB18030（GBK）解读又不像中文。",
		"the encoding of the text could not be told: it is not UTF-8, and read as GB18030 (GBK) it is hardly Chinese"), helpEncoding}
	faultUTF16 = &fault{lang.T("文件标明是 UTF-16 编码，但按此解读不像中文文本。",
		"the file says that it is encoded as UTF-16, but read so it is hardly Chinese text"), helpEncoding}
	faultMojibake = &fault{lang.T("文件的内容是乱码：文字曾按错误的编码打开并保存过。",
		"the content is garbled: the text was once opened and saved in the wrong encoding"), helpMojibake}
)

// DecodeText gives the content of a text file as UTF-8 without a byte order mark,
// whatever encoding it was saved in. A text whose encoding cannot be told for sure
// is a problem, not a guess: a form read in the wrong encoding would be garbage
// that nobody filed. Characters that are damaged in an otherwise sure text come out
// as U+FFFD.
func DecodeText(file string, data []byte) ([]byte, *Problem) {
	text, _, f := decodeText(data)
	if f != nil {
		return nil, &Problem{Kind: Unreadable, Loc: Location{File: file}, Message: f.message, Help: f.help}
	}
	return []byte(text), nil
}

// decodeText tells the encoding of a text and decodes it. The order is strict: a
// byte order mark decides; then what is valid UTF-8 is UTF-8, since no other
// Chinese encoding is so by chance beyond a few characters; then null bytes, which
// no other encoding of text has, mean UTF-16; GB18030, in which nearly every byte
// string means something, comes last. Every answer has to stand the test of
// plausibility.
func decodeText(data []byte) (text, encoding string, f *fault) {
	switch head := string(data[:min(len(data), 4)]); {
	case head == bomUTF32LE, head == bomUTF32BE:
		return "", "", faultUTF32
	case strings.HasPrefix(head, bomUTF8):
		return decodeUTF8(data[len(bomUTF8):])
	case strings.HasPrefix(head, bomUTF16LE):
		return decodeUTF16(data[len(bomUTF16LE):], binary.LittleEndian)
	case strings.HasPrefix(head, bomUTF16BE):
		return decodeUTF16(data[len(bomUTF16BE):], binary.BigEndian)
	}
	if bytes.IndexByte(data, 0) >= 0 {
		return guessUTF16(data)
	}
	if utf8.Valid(data) {
		return decodeValidUTF8(data)
	}
	if sureGB18030(data) {
		return fromGB18030(data), encodingGB18030, nil
	}
	// UTF-8 with a few damaged bytes (a cut or bad copy) is still UTF-8.
	if text, _, f := decodeUTF8(data); f == nil {
		return text, encodingUTF8, nil
	}
	switch {
	case binaryShare(data):
		return "", "", faultNotText
	case sureBig5(data):
		return "", "", faultBig5
	}
	return "", "", faultUnknownEncoding
}

// decodeUTF8 decodes what is UTF-8 but for a few damaged bytes.
func decodeUTF8(data []byte) (string, string, *fault) {
	text := strings.ToValidUTF8(string(data), string(utf8.RuneError))
	c := takeCensus(text)
	switch {
	case c.null > 0, binaryShare(data):
		return "", "", faultNotText
	case c.tooDamaged():
		return "", "", faultUnknownEncoding
	}
	return text, encodingUTF8, nil
}

// decodeValidUTF8 decodes valid UTF-8 without a byte order mark, and finds out
// whether it is something else by chance or by somebody's mistake.
func decodeValidUTF8(data []byte) (string, string, *fault) {
	text := string(data)
	c := takeCensus(text)
	switch {
	case binaryShare(data):
		return "", "", faultNotText
	case c.tooDamaged():
		// Programs write U+FFFD for what they could not read.
		return "", "", faultMojibake
	case c.han == 0 && c.wide == 0 && c.other > 0 && sureGB18030(data):
		// A short text of GBK can be valid UTF-8 of letters such as ʵ and ϵ.
		return fromGB18030(data), encodingGB18030, nil
	case garbled(text, c):
		return "", "", faultMojibake
	}
	return text, encodingUTF8, nil
}

// decodeUTF16 decodes a text whose byte order mark says that it is UTF-16.
func decodeUTF16(data []byte, order binary.ByteOrder) (string, string, *fault) {
	text := fromUTF16(data, order)
	switch c := takeCensus(text); {
	case c.null > 0:
		return "", "", faultNotText
	case c.tooDamaged(), !c.chinese():
		return "", "", faultUTF16
	}
	return text, nameUTF16(order), nil
}

func nameUTF16(order binary.ByteOrder) string {
	if order == binary.BigEndian {
		return encodingUTF16BE
	}
	return encodingUTF16LE
}

// guessUTF16 decodes a text with null bytes. In UTF-16 every tab, digit and line
// end has one, so their place tells the byte order.
func guessUTF16(data []byte) (string, string, *fault) {
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		text := fromUTF16(data, order)
		c := takeCensus(text)
		if c.null == 0 && c.control == 0 && !c.tooDamaged() && c.chinese() && c.han+c.ascii > 0 {
			return text, nameUTF16(order), nil
		}
	}
	return "", "", faultNotText
}

// fromUTF16 decodes UTF-16; half a character, at the end too, becomes U+FFFD.
func fromUTF16(data []byte, order binary.ByteOrder) string {
	var b strings.Builder
	b.Grow(len(data) + len(data)/2)
	for len(data) >= 2 {
		r := rune(order.Uint16(data))
		data = data[2:]
		if utf16.IsSurrogate(r) {
			low := rune(0)
			if len(data) >= 2 {
				low = rune(order.Uint16(data))
			}
			if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
				data = data[2:]
			}
		}
		b.WriteRune(r)
	}
	if len(data) > 0 {
		b.WriteRune(utf8.RuneError)
	}
	return b.String()
}

// fromGB18030 decodes GB18030, of which GBK and GB 2312 are parts. What is no
// character of it becomes U+FFFD.
func fromGB18030(data []byte) string {
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil {
		// The decoder has no errors of its own: it writes U+FFFD.
		return strings.ToValidUTF8(string(data), string(utf8.RuneError))
	}
	return string(text)
}

// census counts the kinds of characters of a text.
type census struct {
	total, ascii, han int
	frequent          int // han that every Chinese text of our kind is full of
	wide              int // Chinese punctuation, full-width forms, symbols of forms
	other             int // letters of other scripts, rare ideographs
	private           int // of private use or not assigned
	replaced          int // U+FFFD
	control, null     int // control characters but for white space
}

func takeCensus(text string) census {
	var c census
	for _, r := range text {
		c.total++
		switch {
		case r == 0:
			c.null++
			c.control++
		case r < ' ' && !unicode.IsSpace(r) && r != ctrlZ, r >= 0x7F && r < 0xA0:
			c.control++
		case r < 0x7F:
			c.ascii++
		case r >= firstHan && r <= lastHan:
			c.han++
			if frequentHan[r-firstHan] {
				c.frequent++
			}
		case r >= 0x2000 && r <= 0x27BF, r >= 0x3000 && r <= 0x33FF, r >= 0xFE30 && r <= 0xFE4F,
			r >= 0xFF00 && r <= 0xFFEF, r == '·', r == '×', r == '÷', r == '±', r == '°', r == 0xA0, r == 0xFEFF:
			c.wide++
		case r == utf8.RuneError:
			c.replaced++
		case unicode.Is(unicode.Co, r), !unicode.IsGraphic(r) && !unicode.Is(unicode.Cf, r):
			c.private++
		default:
			c.other++
		}
	}
	return c
}

// The block of the common Chinese characters.
const firstHan, lastHan = '\u4E00', '\u9FFF'

// ctrlZ ends text files of DOS.
const ctrlZ = '\x1a'

// tooDamaged reports whether more than one character in a hundred is lost. Below
// that the cells concerned are reported one by one.
func (c census) tooDamaged() bool { return c.replaced*100 > c.total }

// chinese reports whether a decoded text is made of what Chinese texts are made of.
// In the wrong byte order, or the wrong encoding, characters fall all over Unicode.
func (c census) chinese() bool { return (c.other+c.private+c.control)*20 <= c.total }

// fluent reports whether the Chinese characters of a text are those that Chinese texts
// use. Two thirds of the characters of forms are on the list of frequent ones, but of
// characters taken at random from the common ones only one in seven.
func (c census) fluent() bool { return c.han > 0 && c.frequent*4 >= c.han }

// binaryShare reports whether bytes hold more control characters than any text.
func binaryShare(data []byte) bool {
	n := 0
	for _, b := range data {
		if b < ' ' && (b < '\t' || b > '\r') && b != ctrlZ || b == 0x7F {
			n++
		}
	}
	return n*100 > len(data)
}

// sureGB18030 reports whether bytes are Chinese text in GB18030 beyond doubt. Nearly
// every byte string can be read as GB18030, so that it can be says nothing. What
// counts is what it says: texts are written with the 3755 common characters of GB
// 2312 (its level 1) and with the punctuation, while text of another encoding read
// as GBK falls on its thousands of rare ones. Japanese and Korean encodings do fall
// on common ones; but not on those that are frequent in Chinese.
func sureGB18030(data []byte) bool {
	common, rare, bad := 0, 0, 0
	for i := 0; i < len(data); {
		if data[i] < 0x80 {
			i++
			continue
		}
		class, n := classGB(data[i:])
		switch class {
		case gbCommon:
			common++
		case gbRare:
			rare++
		case gbInvalid:
			bad++
		}
		i += n
	}
	const few = 2 // rare characters that even a short text may have
	if common == 0 || bad*100 > common || rare > few && rare*100 > 15*(common+rare) {
		return false
	}
	c := takeCensus(fromGB18030(data))
	return c.fluent() && !c.tooDamaged() && c.private*100 <= c.total && c.control*100 <= c.total
}

// gbClass is how usual a character of GB18030 is.
type gbClass uint8

const (
	gbCommon gbClass = iota
	gbRare
	gbInvalid
)

// classGB classifies the character at the start of b, which is not ASCII, and gives
// its length.
func classGB(b []byte) (gbClass, int) {
	const gb2312 = 0xA1 // the least second byte in GB 2312
	lead := b[0]
	switch {
	case lead == 0x80 || lead == 0xFF || len(b) < 2:
		return gbInvalid, 1
	case b[1] >= '0' && b[1] <= '9':
		if len(b) < 4 || b[2] < 0x81 || b[2] == 0xFF || b[3] < '0' || b[3] > '9' {
			return gbInvalid, 1
		}
		return gbRare, 4
	case b[1] < 0x40 || b[1] == 0x7F || b[1] == 0xFF:
		return gbInvalid, 1
	case b[1] >= gb2312 && (lead >= 0xA1 && lead <= 0xA3 || lead >= 0xB0 && lead <= 0xD7):
		return gbCommon, 2
	}
	return gbRare, 2
}

// sureBig5 reports whether bytes read well as Big5. It is asked only to name the
// trouble.
func sureBig5(data []byte) bool {
	text, err := traditionalchinese.Big5.NewDecoder().Bytes(data)
	if err != nil {
		return false
	}
	c := takeCensus(string(text))
	return c.fluent() && !c.tooDamaged() && c.chinese()
}

// garbled reports whether a valid text is one that was decoded wrongly and saved
// again, by undoing the two usual mistakes: UTF-8 taken for GBK (鍙ｅ哺), and GBK
// taken for Latin-1 (¿Ú°¶).
func garbled(text string, c census) bool {
	const least = 4 // characters that make a case
	if c.han >= least && c.frequent*20 <= c.han {
		// What no longer has a place in GBK was lost by the mistake already.
		data, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
		if err != nil {
			return false
		}
		u := takeCensus(strings.ToValidUTF8(string(data), string(utf8.RuneError)))
		return u.han >= least && u.fluent() && u.replaced*2 <= u.han
	}
	if c.han == 0 && c.other >= least {
		data := make([]byte, 0, len(text))
		for _, r := range text {
			if r > 0xFF {
				return false
			}
			data = append(data, byte(r)) //nolint:gosec // compared above
		}
		return sureGB18030(data) || utf8.Valid(data) && takeCensus(string(data)).han >= least
	}
	return false
}

// frequentHan are characters that Chinese texts and our forms are full of, in
// simplified and, where it differs, traditional writing; they count from firstHan.
var frequentHan = func() *[lastHan - firstHan + 1]bool {
	const list = "的一是在不了有和人这中大为上个国以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处" +
		"项目绩效预算执率值完成情况金额财拨款单位支出年标名称偏差原析改措施满社益续影响服务象保障促宣传办费调研检查质时效本评得总优良差万元省市县局" +
		"這個國來們產動說種過後發會學對時實體機當開還應從業關點無與現變數質問結條線頭書項績預執標稱財單額總評優億萬縣區證據"
	var m [lastHan - firstHan + 1]bool
	for _, r := range list {
		m[r-firstHan] = true
	}
	return &m
}()
