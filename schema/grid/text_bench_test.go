package grid

import (
	"os"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// BenchmarkReadText measures the reading of a text of several forms.
func BenchmarkReadText(b *testing.B) {
	data, err := os.ReadFile("../../fixtures/seeds/forms.txt")
	if err != nil {
		b.Fatal(err)
	}
	for _, bm := range []struct {
		name string
		data []byte
	}{
		{"utf-8", data},
		{"gbk", []byte(encoded(b, simplifiedchinese.GB18030, string(data)))},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.SetBytes(int64(len(bm.data)))
			b.ReportAllocs()
			for b.Loop() {
				ReadText(b.Context(), "a.txt", bm.data, Limits{})
			}
		})
	}
}
