package grid

import (
	"bytes"
	"io"
	"sync"

	"github.com/klauspost/compress/flate"
)

// inflater decompresses the parts of archives, one after another, in the same room: a
// small workbook is six short streams, for which making a decompressor costs more than
// decompressing.
type inflater struct {
	src    bytes.Reader
	packed int
	z      io.ReadCloser
	out    [32 << 10]byte
}

var inflaters = sync.Pool{New: func() any { return new(inflater) }}

// reset starts on another stream.
func (z *inflater) reset(packed []byte) {
	z.src.Reset(packed)
	z.packed = len(packed)
	if r, ok := z.z.(flate.Resetter); ok {
		// The only error is that of a dictionary, and there is none.
		_ = r.Reset(&z.src, nil)
		return
	}
	z.z = flate.NewReader(&z.src)
}

// consumed gives the number of compressed bytes read so far.
func (z *inflater) consumed() int { return z.packed - z.src.Len() }

// next gives the next bytes, valid until the following call; with the last of them,
// or after them, the error is io.EOF.
func (z *inflater) next() ([]byte, error) {
	n, err := z.z.Read(z.out[:])
	return z.out[:n], err
}
