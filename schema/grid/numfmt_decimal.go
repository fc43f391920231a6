package grid

import "strconv"

// decimal is an exact decimal number, 0.d₁d₂d₃… × 10^point. No figure of a form
// ever passes through binary floating point.
type decimal struct {
	neg    bool
	digits []byte // ASCII, without leading and trailing zeros; empty for zero
	point  int
}

// Bounds on stored numbers. Excel writes at most 17 digits and exponents up to 308;
// anything far beyond is an attack on whoever computes with it.
const (
	maxNumberLength = 512
	maxExponent     = 400
)

// parseDecimal reads a stored number such as -12.50 or 9.2E-2. The digits are kept
// in buf if they fit.
func parseDecimal(s string, buf []byte) (decimal, bool) {
	for s != "" && isXMLSpace(s[0]) {
		s = s[1:]
	}
	for s != "" && isXMLSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	if len(s) > maxNumberLength {
		return decimal{}, false
	}
	d := decimal{digits: buf[:0]}
	i := 0
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		d.neg = s[i] == '-'
		i++
	}
	sawDigit, sawPoint := false, false
	for ; i < len(s); i++ {
		c := s[i]
		switch {
		case '0' <= c && c <= '9':
			sawDigit = true
			switch {
			case c != '0' || len(d.digits) > 0:
				d.digits = append(d.digits, c)
				if !sawPoint {
					d.point++
				}
			case sawPoint:
				d.point--
			}
			continue
		case c == '.' && !sawPoint:
			sawPoint = true
			continue
		}
		break
	}
	if !sawDigit {
		return decimal{}, false
	}
	if i < len(s) {
		if s[i]|0x20 != 'e' {
			return decimal{}, false
		}
		exp, ok := parseExponent(s[i+1:])
		if !ok {
			return decimal{}, false
		}
		d.point += exp
	}
	d.trim()
	return d, d.point <= maxExponent && d.point >= -maxExponent
}

func parseExponent(s string) (int, bool) {
	neg := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		neg = s[0] == '-'
		s = s[1:]
	}
	n, ok := parseIndex(s)
	if neg {
		n = -n
	}
	return n, ok
}

// trim removes trailing zeros.
func (d *decimal) trim() {
	n := len(d.digits)
	for n > 0 && d.digits[n-1] == '0' {
		n--
	}
	d.digits = d.digits[:n]
	if n == 0 {
		d.point = 0
	}
}

func (d *decimal) isZero() bool { return len(d.digits) == 0 }

// shift multiplies by 10^n.
func (d *decimal) shift(n int) {
	if !d.isZero() {
		d.point += n
	}
}

// keep rounds to the first n significant digits, half away from zero; n may be zero
// or negative, as it is when rounding to a place left of the first digit.
func (d *decimal) keep(n int) {
	if n >= len(d.digits) {
		return
	}
	if n < 0 {
		d.digits, d.point = d.digits[:0], 0
		return
	}
	up := d.digits[n] >= '5'
	d.digits = d.digits[:n]
	if up {
		for n > 0 && d.digits[n-1] == '9' {
			n--
		}
		if n == 0 {
			d.digits = d.digits[:1]
			d.digits[0] = '1'
			d.point++
			return
		}
		d.digits = d.digits[:n]
		d.digits[n-1]++
		return
	}
	d.trim()
}

// round rounds to the given number of decimals, half away from zero.
func (d *decimal) round(decimals int) { d.keep(d.point + decimals) }

// intLen is the number of digits before the point, without leading zeros.
func (d *decimal) intLen() int { return max(d.point, 0) }

// at gives the digit that stands i places right of the point, or left of it for a
// negative i: -1 is the units digit.
func (d *decimal) at(i int) byte {
	if k := d.point + i; k >= 0 && k < len(d.digits) {
		return d.digits[k]
	}
	return '0'
}

// fracLen is the number of decimals needed to write the number.
func (d *decimal) fracLen() int { return max(len(d.digits)-d.point, 0) }

// plain appends the number without sign and exponent.
func (d *decimal) plain(out []byte) []byte {
	if d.point <= 0 {
		out = append(out, '0')
	}
	for i := -d.intLen(); i < 0; i++ {
		out = append(out, d.at(i))
	}
	n := d.fracLen()
	if d.isZero() || n == 0 {
		return out
	}
	out = append(out, '.')
	for i := range n {
		out = append(out, d.at(i))
	}
	return out
}

// plainLen is the length of plain.
func (d *decimal) plainLen() int {
	n := max(d.point, 1)
	if f := d.fracLen(); f > 0 {
		n += 1 + f
	}
	return n
}

// generalWidth is what the General format fits a number into, sign not counted.
const generalWidth = 11

// general appends the number, without its sign, as the General format shows it in a
// cell that is wide enough: in eleven characters, or else with an exponent.
func (d *decimal) general(out []byte) []byte {
	if d.isZero() {
		return append(out, '0')
	}
	e := d.point - 1
	if e >= -9 && e < generalWidth {
		if d.plainLen() <= generalWidth {
			return d.plain(out)
		}
		if e >= -4 {
			fit := *d
			fit.digits = append([]byte(nil), d.digits...)
			fit.round(max(generalWidth-2-max(e, 0), 0)) // one place for the point, one for the digit before it
			if fit.plainLen() <= generalWidth {
				return fit.plain(out)
			}
		}
	}
	return d.scientific(out, 6)
}

// scientific appends the number with at most n significant digits and an exponent
// of at least two, as General writes it: 1.23457E-05.
func (d *decimal) scientific(out []byte, n int) []byte {
	m := *d
	m.digits = append([]byte(nil), d.digits...)
	m.keep(n)
	exp := m.point - 1
	m.point = 1
	out = append(m.plain(out), 'E')
	return appendExponent(out, exp, 2, true)
}

// appendExponent appends a signed exponent padded to width digits; plus writes the
// sign of positive ones too.
func appendExponent(out []byte, exp, width int, plus bool) []byte {
	switch {
	case exp < 0:
		out = append(out, '-')
		exp = -exp
	case plus:
		out = append(out, '+')
	}
	return appendPadded(out, exp, width)
}

// appendPadded appends n with at least width digits.
func appendPadded(out []byte, n, width int) []byte {
	var tmp [20]byte
	s := strconv.AppendInt(tmp[:0], int64(n), 10)
	for i := len(s); i < width; i++ {
		out = append(out, '0')
	}
	return append(out, s...)
}

func appendInt(out []byte, n int) []byte { return strconv.AppendInt(out, int64(n), 10) }

// cmp compares with another number.
func (d *decimal) cmp(e *decimal) int {
	switch {
	case d.isZero() && e.isZero():
		return 0
	case d.isZero():
		return sign(!e.neg, -1)
	case e.isZero() || d.neg != e.neg:
		return sign(!d.neg, 1)
	}
	c := d.point - e.point
	for i := 0; c == 0 && i < max(len(d.digits), len(e.digits)); i++ {
		c = int(d.at(i-d.point)) - int(e.at(i-e.point))
	}
	if d.neg {
		c = -c
	}
	return c
}

// sign gives n, negated unless positive.
func sign(positive bool, n int) int {
	if positive {
		return n
	}
	return -n
}
