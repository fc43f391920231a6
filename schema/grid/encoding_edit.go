package grid

import (
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// EncodedText is a text with the bytes that it was decoded from, for those who replace
// parts of it and leave all other bytes as they are.
type EncodedText struct {
	// Text is the text in UTF-8 without a byte order mark; its line ends are those of
	// the file.
	Text string

	data     []byte
	start    int // bytes of the byte order mark
	encoding string
}

// DecodeEncoded decodes a text as DecodeText does.
func DecodeEncoded(file string, data []byte) (*EncodedText, *Problem) {
	text, encoding, f := decodeText(data)
	if f != nil {
		return nil, &Problem{Kind: Unreadable, Loc: Location{File: file}, Message: f.message, Help: f.help}
	}
	return newEncodedText(text, encoding, data), nil
}

// DecodeEncodedPage decodes a web page as ReadHTML does. It gives nil for a page in one
// of the rare encodings that nothing can be written in.
func DecodeEncodedPage(data []byte) *EncodedText {
	text, _ := decodePage(data)
	for _, encoding := range []string{encodingUTF8, encodingUTF16LE, encodingUTF16BE, encodingGB18030} {
		if e := newEncodedText(text, encoding, data); e.decode(data[e.start:]) == text {
			return e
		}
	}
	return nil
}

// UTF8Text gives a text that is UTF-8, with or without a byte order mark.
func UTF8Text(data []byte) *EncodedText {
	start := len(data) - len(strings.TrimPrefix(string(data), bomUTF8))
	return newEncodedText(string(data[start:]), encodingUTF8, data)
}

func newEncodedText(text, encoding string, data []byte) *EncodedText {
	mark := map[string]string{encodingUTF8: bomUTF8, encodingUTF16LE: bomUTF16LE, encodingUTF16BE: bomUTF16BE}[encoding]
	e := &EncodedText{Text: text, data: data, encoding: encoding}
	if mark != "" && strings.HasPrefix(string(data[:min(len(data), len(mark))]), mark) {
		e.start = len(mark)
	}
	return e
}

// Replacement is new text for the bytes From to To of EncodedText.Text.
type Replacement struct {
	From, To int
	Text     string
}

// Replace gives the file with parts of its text replaced, in the encoding of the file.
// The parts must not overlap; where two are empty and at one place, the first comes
// first. ok is false if the text does not come out as it should: near characters that
// are damaged, or where the encoding lacks one.
func (e *EncodedText) Replace(parts []Replacement) (out []byte, ok bool) {
	parts = slices.Clone(parts)
	slices.SortStableFunc(parts, func(a, b Replacement) int { return a.From - b.From })
	out = append(make([]byte, 0, len(e.data)+64), e.data[:e.start]...)
	var text strings.Builder
	at, bytes := 0, e.start
	move := func(to int) []byte {
		from := bytes
		for at < to && bytes < len(e.data) {
			n, runes := e.step(e.data[bytes:])
			bytes += n
			at += runes
		}
		return e.data[from:bytes]
	}
	done := 0
	for _, p := range parts {
		if p.From < done || p.To < p.From || p.To > len(e.Text) {
			return nil, false
		}
		out = append(out, move(p.From)...)
		text.WriteString(e.Text[done:p.From])
		encoded, ok := e.encode(p.Text)
		if !ok || at != p.From {
			return nil, false
		}
		out = append(out, encoded...)
		text.WriteString(p.Text)
		if move(p.To); at != p.To {
			return nil, false
		}
		done = p.To
	}
	out = append(out, e.data[bytes:]...)
	text.WriteString(e.Text[done:])
	return out, e.decode(out[e.start:]) == text.String()
}

// step gives the length of the first character in the file, and in the text.
func (e *EncodedText) step(data []byte) (n, inText int) {
	switch e.encoding {
	case encodingUTF16LE, encodingUTF16BE:
		n = min(2, len(data))
		if n == 2 && utf16.IsSurrogate(rune(e.order().Uint16(data))) && len(data) >= 4 {
			if r := utf16.DecodeRune(rune(e.order().Uint16(data)), rune(e.order().Uint16(data[2:]))); r != utf8.RuneError {
				n = 4
			}
		}
	case encodingGB18030:
		n = 1
		if data[0] >= utf8.RuneSelf {
			_, n = classGB(data)
		}
	default:
		r, size := utf8.DecodeRune(data)
		if r != utf8.RuneError || size > 1 {
			return size, size
		}
		// A stretch of damaged bytes is shown as one character.
		for n < len(data) {
			if r, size = utf8.DecodeRune(data[n:]); r != utf8.RuneError || size > 1 {
				break
			}
			n++
		}
	}
	if data[0] < utf8.RuneSelf && n == 1 {
		return 1, 1
	}
	return n, len(e.decode(data[:n]))
}

func (e *EncodedText) order() binary.ByteOrder {
	if e.encoding == encodingUTF16BE {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

func (e *EncodedText) decode(data []byte) string {
	switch e.encoding {
	case encodingUTF16LE, encodingUTF16BE:
		return fromUTF16(data, e.order())
	case encodingGB18030:
		return fromGB18030(data)
	}
	return strings.ToValidUTF8(string(data), string(utf8.RuneError))
}

func (e *EncodedText) encode(s string) ([]byte, bool) {
	switch e.encoding {
	case encodingUTF16LE, encodingUTF16BE:
		var out []byte
		for _, unit := range utf16.Encode([]rune(s)) {
			if e.encoding == encodingUTF16BE {
				out = binary.BigEndian.AppendUint16(out, unit)
			} else {
				out = binary.LittleEndian.AppendUint16(out, unit)
			}
		}
		return out, true
	case encodingGB18030:
		out, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
		return out, err == nil
	}
	return []byte(s), true
}
