package grid

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// inflateAll inflates a stream with our own reader, up to a number of bytes.
func inflateAll(z *inflater, src []byte, most int) ([]byte, error) {
	var out []byte
	z.reset(src)
	for {
		chunk, err := z.next()
		out = append(out, chunk...)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil || len(out) > most {
			return out, err
		}
	}
}

// deflateTexts are texts of every kind that matters to a decoder: empty, with no, short
// and far matches, longer than what is inflated at a time, and noise.
func deflateTexts() map[string][]byte {
	rng := rand.New(rand.NewPCG(9, 10))
	noise := make([]byte, 300<<10)
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	far := append(append(bytes.Clone(noise[:deflateWindow-5]), noise[:300]...), noise[:deflateWindow]...)
	var mixed []byte
	for len(mixed) < 400<<10 {
		switch rng.IntN(3) {
		case 0:
			mixed = append(mixed, bytes.Repeat(noise[len(mixed)%1000:][:1+rng.IntN(20)], 1+rng.IntN(100))...)
		case 1:
			mixed = append(mixed, noise[rng.IntN(len(noise)-500):][:rng.IntN(500)]...)
		default:
			mixed = append(mixed, sheetXML(`<row r="1"><c r="A1" s="1" t="s"><v>0</v></c></row>`)...)
		}
	}
	return map[string][]byte{
		"empty": {}, "one": {'a'}, "zeros": make([]byte, 1<<20), "noise": noise, "far": far, "mixed": mixed,
		"form": []byte(strings.Repeat("产出指标，≥3次；", 5000)),
	}
}

// TestInflate holds the inflating to compress/flate: every text, compressed in every
// way, comes back, and a stream cut off anywhere is refused.
func TestInflate(t *testing.T) {
	z := new(inflater)
	for name, text := range deflateTexts() {
		for _, level := range []int{flate.HuffmanOnly, flate.NoCompression, flate.BestSpeed, flate.BestCompression} {
			src := deflate(t, text, level)
			got, err := inflateAll(z, src, len(text))
			if err != nil || !bytes.Equal(got, text) {
				t.Errorf("%s at level %d: %d bytes, %v", name, level, len(got), err)
			}
			if n := z.consumed(); n != len(src) {
				t.Errorf("%s at level %d: %d bytes of %d used", name, level, n, len(src))
			}
			for cut := 0; cut < len(src); cut += 1 + len(src)/8 {
				if _, err := inflateAll(z, src[:cut], len(text)); err == nil {
					t.Errorf("%s at level %d, cut off at %d, was accepted", name, level, cut)
				}
			}
		}
	}
}

// deflate compresses in two pieces, so that there is more than one block.
func deflate(t testing.TB, text []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	half := len(text) / 2
	_, err1 := w.Write(text[:half])
	err2 := w.Flush()
	_, err3 := w.Write(text[half:])
	if err := errors.Join(err1, err2, err3, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// FuzzInflate protects the same for any bytes: what compress/flate refuses is refused,
// what it accepts gives the same bytes.
func FuzzInflate(f *testing.F) {
	for _, text := range []string{"", "a", "aaaaaaaaaaaaaaaaaaaa", "产出指标，产出指标", sheetSeeds[0]} {
		for _, level := range []int{flate.HuffmanOnly, flate.NoCompression, flate.BestSpeed, flate.BestCompression} {
			f.Add(deflate(f, []byte(text), level))
		}
	}
	f.Add([]byte{3, 0})                      // an empty block of fixed codes
	f.Add([]byte{0x4b, 0x04, 0x42, 0x00})    // a match beyond the beginning
	f.Add([]byte{0x05, 0xe0, 0x81, 8, 0, 0}) // codes of its own
	f.Add([]byte{0xff})                      // a block of no known kind
	const most = 1 << 20
	z := new(inflater)
	f.Fuzz(func(t *testing.T, src []byte) {
		got, err := inflateAll(z, src, most)
		want, wantErr := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(src)), most))
		if len(got) >= most || len(want) >= most {
			return
		}
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("error %v, compress/flate %v", err, wantErr)
		}
		if err == nil && !bytes.Equal(got, want) {
			t.Fatalf("got %x, want %x", got, want)
		}
	})
}

// TestInflateDamage does the same for streams that were right but for a few bits, and
// for noise behind the first bits of each kind of block.
func TestInflateDamage(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	good := deflate(t, []byte(sheetSeeds[0]+sheetSeeds[3]+strings.Repeat(sheetSeeds[1], 3)), flate.BestCompression)
	z := new(inflater)
	accepted := 0
	for i := range 20_000 {
		src := bytes.Clone(good)
		if i%2 == 0 {
			for range 1 + rng.IntN(3) {
				src[rng.IntN(len(src))] ^= 1 << rng.IntN(8)
			}
		} else {
			src = src[:4+rng.IntN(60)]
			for i := range src {
				src[i] = byte(rng.Uint32())
			}
			src[0] = src[0]&^7 | byte(1+2*rng.IntN(3))
		}
		got, err := inflateAll(z, src, 1<<20)
		want, wantErr := io.ReadAll(flate.NewReader(bytes.NewReader(src)))
		if (err == nil) != (wantErr == nil) || err == nil && !bytes.Equal(got, want) {
			t.Fatalf("%x: %v, compress/flate %v", src, err, wantErr)
		}
		if err == nil {
			accepted++
		}
	}
	if accepted < 1000 {
		t.Errorf("only %d streams were valid", accepted)
	}
}
