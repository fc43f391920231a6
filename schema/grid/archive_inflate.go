package grid

import (
	"encoding/binary"
	"errors"
	"io"
	"math/bits"
	"sync"
)

// errDeflate says that the compressed bytes break RFC 1951, or break off.
var errDeflate = errors.New("invalid deflate stream")

// Sizes of RFC 1951.
const (
	deflateWindow  = 32 << 10 // how far back a match may lie
	maxMatch       = 258      // the longest match
	matchRoom      = maxMatch + 8
	maxCodeLength  = 15
	literalCodes   = 286 // that may be used, of 288
	distanceCodes  = 30  // that may be used, of 32
	endOfBlock     = 256
	firstMatchCode = 257
)

// inflater inflates a deflate stream that lies in memory, chunk by chunk. It accepts
// what compress/flate accepts and takes less than half the time: that one reads byte
// by byte through an interface, and the parts of a small workbook are six short
// streams whose inflating would be half of all reading.
type inflater struct {
	src  []byte
	pos  int    // of the next byte of src
	hold uint64 // bits taken from src, the next one lowest
	held uint   // how many of them count

	buf  [deflateWindow + 96<<10]byte
	from int // where the last chunk begins in buf
	to   int // where it ends

	state  inflateState
	final  bool // the block is the last one
	stored int  // bytes that a stored block has left

	literals, distances *codeTable // of the block
	own                 [2]codeTable
	lengths             [literalCodes + distanceCodes]uint8
}

// inflateState is what comes next in the stream.
type inflateState uint8

const (
	inflateHeader inflateState = iota // the beginning of a block
	inflateStored                     // bytes of a stored block
	inflateCodes                      // codes of a compressed block
)

// reset makes z ready for another stream.
func (z *inflater) reset(src []byte) {
	z.src, z.pos, z.hold, z.held = src, 0, 0, 0
	z.from, z.to = 0, 0
	z.state, z.final = inflateHeader, false
}

// consumed gives how many bytes of the stream were used.
func (z *inflater) consumed() int { return z.pos - int(z.held/8) }

// next gives the next bytes, which are good until it is called again. With the last
// of them comes io.EOF.
func (z *inflater) next() ([]byte, error) {
	if z.to > deflateWindow {
		copy(z.buf[:deflateWindow], z.buf[z.to-deflateWindow:z.to])
		z.to = deflateWindow
	}
	z.from = z.to
	for len(z.buf)-z.to > matchRoom {
		ok := true
		switch z.state {
		case inflateHeader:
			if z.final {
				return z.buf[z.from:z.to], io.EOF
			}
			ok = z.header()
		case inflateStored:
			ok = z.copyStored()
		case inflateCodes:
			ok = z.decode()
		}
		if !ok {
			return nil, errDeflate
		}
	}
	return z.buf[z.from:z.to], nil
}

// fill takes bits from the stream until at least 56 are held, or all there are.
func (z *inflater) fill() {
	if len(z.src)-z.pos >= 8 {
		z.hold |= binary.LittleEndian.Uint64(z.src[z.pos:]) << z.held
		z.pos += int(63-z.held) / 8
		z.held |= 56
		return
	}
	for z.held < 56 && z.pos < len(z.src) {
		z.hold |= uint64(z.src[z.pos]) << z.held
		z.pos++
		z.held += 8
	}
}

// take gives the next n bits, at most 16, of those that are held.
func (z *inflater) take(n uint) (int, bool) {
	if n > z.held {
		return 0, false
	}
	v := int(z.hold & (1<<n - 1)) //nolint:gosec // at most 16 bits
	z.hold >>= n
	z.held -= n
	return v, true
}

// header reads the beginning of a block.
func (z *inflater) header() bool {
	z.fill()
	head, ok := z.take(3)
	if !ok {
		return false
	}
	z.final = head&1 == 1
	z.state = inflateCodes
	switch head >> 1 {
	case 0:
		z.state = inflateStored
		return z.storedHeader()
	case 1:
		fixed := fixedCodes()
		z.literals, z.distances = &fixed[0], &fixed[1]
		return true
	case 2:
		z.literals, z.distances = &z.own[0], &z.own[1]
		return z.codes()
	}
	return false
}

// storedHeader reads the length of a stored block, which begins at a byte.
func (z *inflater) storedHeader() bool {
	z.pos = z.consumed()
	z.hold, z.held = 0, 0
	if len(z.src)-z.pos < 4 {
		return false
	}
	z.stored = int(u16(z.src, z.pos))
	complement := int(u16(z.src, z.pos+2))
	z.pos += 4
	return z.stored^complement == 1<<16-1
}

func (z *inflater) copyStored() bool {
	n := copy(z.buf[z.to:], z.src[z.pos:min(len(z.src), z.pos+z.stored)])
	z.to += n
	z.pos += n
	z.stored -= n
	if z.stored == 0 {
		z.state = inflateHeader
		return true
	}
	return z.pos < len(z.src)
}

// lengthOrder is the order in which the lengths of the codes for lengths are sent.
var lengthOrder = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// codes reads the codes of a block that has its own.
func (z *inflater) codes() bool {
	z.fill()
	literals, _ := z.take(5)
	distances, _ := z.take(5)
	sent, ok := z.take(4)
	literals, distances, sent = literals+endOfBlock+1, distances+1, sent+4
	if !ok || literals > literalCodes || distances > distanceCodes {
		return false
	}
	var lengths [len(lengthOrder)]uint8
	for _, i := range lengthOrder[:sent] {
		z.fill()
		n, ok := z.take(3)
		if !ok {
			return false
		}
		lengths[i] = uint8(n) //nolint:gosec // 3 bits
	}
	all := z.lengths[:literals+distances]
	return z.literals.init(lengths[:], lengthEntries[:]) && z.codeLengths(all) &&
		z.literals.init(all[:literals], literalEntries[:]) && z.distances.init(all[literals:], distanceEntries[:])
}

// codeLengths reads the lengths of all codes, which are coded themselves.
func (z *inflater) codeLengths(all []uint8) bool {
	const repeat, zeros, moreZeros = 16, 17, 18
	for i := 0; i < len(all); {
		z.fill()
		e := z.literals.first[z.hold%firstSize] // these codes are short
		if _, ok := z.take(e.bits()); e == 0 || !ok {
			return false
		}
		var length uint8
		extra, least := uint(2), 3
		switch v := e.value(); v {
		case repeat:
			if i == 0 {
				return false
			}
			length = all[i-1]
		case zeros:
			extra = 3
		case moreZeros:
			extra, least = 7, 11
		default:
			all[i] = uint8(v) //nolint:gosec // at most 15
			i++
			continue
		}
		n, ok := z.take(extra)
		if n += least; !ok || n > len(all)-i {
			return false
		}
		for range n {
			all[i] = length
			i++
		}
	}
	return true
}

// decode inflates until the block ends or buf has no room for another match. What is
// looked at for every code is kept out of memory: this is the inner loop.
func (z *inflater) decode() bool {
	src, buf, literals, distances := z.src, &z.buf, z.literals, z.distances
	pos, hold, held, to := z.pos, z.hold, z.held, z.to
	for to < len(buf)-matchRoom {
		// As in fill. The longest code for a length, its extra bits, and the same for
		// a distance, take 48 bits.
		if len(src)-pos >= 8 {
			hold |= binary.LittleEndian.Uint64(src[pos:]) << (held & 63)
			pos += int(63-held) / 8
			held |= 56
		} else {
			for held < 56 && pos < len(src) {
				hold |= uint64(src[pos]) << (held & 63)
				pos++
				held += 8
			}
		}
		e := literals.find(hold)
		n := e.bits()
		if n > held {
			return false
		}
		hold >>= n
		held -= n
		if e&entryLiteral != 0 {
			buf[to] = byte(e.value()) //nolint:gosec // a byte
			to++
			continue
		}
		if e&entryEnd != 0 {
			z.state = inflateHeader
			break
		}
		extra := e.extra()
		length := e.value() + int(hold&(1<<extra-1)) //nolint:gosec // at most 5 bits
		hold >>= extra
		f := distances.find(hold)
		more := f.extra()
		n = f.bits()
		if e.value() == 0 || f.value() == 0 || extra+n+more > held {
			return false
		}
		hold >>= n
		distance := f.value() + int(hold&(1<<more-1)) //nolint:gosec // at most 13 bits
		hold >>= more
		held -= extra + n + more
		if distance > to {
			return false
		}
		end := to + length
		if distance >= 8 {
			// Eight bytes at a time, the last ones in vain.
			for ; to < end; to += 8 {
				binary.LittleEndian.PutUint64(buf[to:], binary.LittleEndian.Uint64(buf[to-distance:]))
			}
		} else { // the match reaches into itself
			for ; to < end; to++ {
				buf[to] = buf[to-distance]
			}
		}
		to = end
	}
	z.pos, z.hold, z.held, z.to = pos, hold, held, to
	return true
}

// codeEntry is what a code stands for: bits 0 to 4 say how long it is, bits 5 to 8
// how many bits after it belong to the value, then come the flags and, from bit 12 on,
// the value: a byte, the least length or distance, or, for a link, where the second
// table is; the extra bits then tell its entries apart. Zero belongs to no code.
type codeEntry uint32

const (
	entryLiteral codeEntry = 1 << (9 + iota)
	entryEnd
	entryLink

	entryExtra = 5
	entryValue = 12
)

func (e codeEntry) bits() uint  { return uint(e & 31) }
func (e codeEntry) extra() uint { return uint(e >> entryExtra & 15) }
func (e codeEntry) value() int  { return int(e >> entryValue) }

// codeTable decodes a prefix code: the next bits of the stream are looked up in the
// first table, those after them in a part of the second one if the code is longer.
type codeTable struct {
	first  [firstSize]codeEntry
	second []codeEntry
}

const (
	firstBits = 9
	firstSize = 1 << firstBits
)

// find gives the entry of the code that the bits begin with.
func (t *codeTable) find(hold uint64) codeEntry {
	e := t.first[hold%firstSize]
	if e&entryLink != 0 {
		e = t.second[e.value()+int(hold>>firstBits&(1<<e.extra()-1))] //nolint:gosec // at most 6 bits
	}
	return e
}

// init builds the table of the canonical code with the given lengths, zero for symbols
// without a code; entries are what the symbols stand for. It reports whether there is
// such a code. One that leaves bits free is accepted if it is the only one.
func (t *codeTable) init(lengths []uint8, entries []codeEntry) bool {
	var count, next [maxCodeLength + 1]int
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	code, longest := 0, 0
	for n := 1; n <= maxCodeLength; n++ {
		code <<= 1
		next[n] = code
		code += count[n]
		if count[n] > 0 {
			longest = n
		}
	}
	clear(t.first[:])
	t.second = t.second[:0]
	single := count[1] == 1 && longest == 1
	if code != 1<<maxCodeLength && longest > 0 && !single {
		return false
	}
	for symbol, n := range lengths {
		if n == 0 {
			continue
		}
		// The stream has the first bit of a code lowest.
		reversed := int(bits.Reverse16(uint16(next[n])) >> (16 - n)) //nolint:gosec // at most 15 bits
		next[n]++
		t.set(reversed, uint(n), uint(longest), entries[symbol]|codeEntry(n))
	}
	return true
}

// set enters a code of n bits wherever the bits looked up begin with it; longest is
// the length of the longest code.
func (t *codeTable) set(code int, n, longest uint, e codeEntry) {
	if n <= firstBits {
		for i := code; i < firstSize; i += 1 << n {
			t.first[i] = e
		}
		return
	}
	link := &t.first[code%firstSize]
	width := longest - firstBits
	if *link == 0 {
		*link = codeEntry(len(t.second))<<entryValue | entryLink | codeEntry(width)<<entryExtra //nolint:gosec // below 1<<15
		t.second = append(t.second, make([]codeEntry, 1<<width)...)
	}
	part := t.second[link.value():][:1<<width]
	for i := code >> firstBits; i < len(part); i += 1 << (n - firstBits) {
		part[i] = e
	}
}

// What the symbols of the three alphabets stand for. Symbols that must not be used
// have the value zero.
var (
	literalEntries = func() (s [288]codeEntry) {
		for i := range codeEntry(endOfBlock) {
			s[i] = i<<entryValue | entryLiteral
		}
		s[endOfBlock] = entryEnd
		fillRanges(s[firstMatchCode:literalCodes-1], 3, 4)
		s[literalCodes-1] = maxMatch << entryValue
		return s
	}()
	distanceEntries = func() (s [32]codeEntry) {
		fillRanges(s[:distanceCodes], 1, 2)
		return s
	}()
	lengthEntries = func() (s [len(lengthOrder)]codeEntry) {
		for i := range s {
			s[i] = codeEntry(i) << entryValue
		}
		return s
	}()
)

// fillRanges gives symbols a range of values each, from least on. After two groups of
// the given size whose symbols stand for one value, each group has ranges twice as
// wide as the one before it.
func fillRanges(s []codeEntry, least codeEntry, group int) {
	for i := range s {
		extra := codeEntry(max(i/group, 1) - 1) //nolint:gosec // small
		s[i] = least<<entryValue | extra<<entryExtra
		least += 1 << extra
	}
}

// fixedCodes gives the tables of the codes that need not be sent.
var fixedCodes = sync.OnceValue(func() (t *[2]codeTable) {
	t = new([2]codeTable)
	var lengths [288]uint8
	for i := range lengths {
		switch {
		case i < 144, i >= 280:
			lengths[i] = 8
		case i < endOfBlock:
			lengths[i] = 9
		default:
			lengths[i] = 7
		}
	}
	t[0].init(lengths[:], literalEntries[:])
	for i := range distanceEntries {
		lengths[i] = 5
	}
	t[1].init(lengths[:len(distanceEntries)], distanceEntries[:])
	return t
})
