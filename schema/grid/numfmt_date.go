package grid

import (
	"strconv"
	"strings"
	"time"
)

const (
	dayMillis = 24 * 60 * 60 * 1000
	// lastSerial is 31 December 9999.
	lastSerial = 2958465
	// shift1904 is how many days the epoch of old Macintosh workbooks is later.
	shift1904 = 1462
	// leapSerial is 29 February 1900, a day that Excel has and history has not.
	leapSerial = 60
)

// moment is a date and time of day taken apart.
type moment struct {
	year, month, day, weekday int
	millis                    int64 // of the day
	days                      int64 // since the epoch, for elapsed time
}

// newMoment takes a serial number apart. Times are rounded to the second, or to the
// decimals of it that are shown; Excel rounds neither minutes nor hours.
func (s *formatSection) newMoment(d decimal, date1904 bool) (moment, bool) {
	var m moment
	if d.neg && !d.isZero() || d.point > 7 {
		return m, false
	}
	const scale = 10 // decimals of a day kept, 9 µs
	d.round(scale)
	for i := d.intLen(); i > 0; i-- {
		m.days = m.days*10 + int64(d.at(-i)-'0')
	}
	var frac int64
	for i := range scale {
		frac = frac*10 + int64(d.at(i)-'0')
	}
	const one = 10_000_000_000
	m.millis = (frac*dayMillis + one/2) / one
	if s.seconds {
		unit := int64(1000)
		for range s.fraction {
			unit /= 10
		}
		m.millis = (m.millis + unit/2) / unit * unit
	}
	m.days += m.millis / dayMillis
	m.millis %= dayMillis
	serial := m.days
	if date1904 {
		serial += shift1904
	}
	if serial > lastSerial {
		return m, false
	}
	m.setDate(int(serial))
	return m, true
}

// setDate finds the date of a serial number of the 1900 epoch.
func (m *moment) setDate(serial int) {
	m.weekday = (serial + 6) % 7
	switch {
	case serial == 0:
		m.year, m.month, m.day = 1900, 1, 0
		return
	case serial == leapSerial:
		m.year, m.month, m.day = 1900, 2, 29
		return
	case serial < leapSerial:
		serial++
	}
	t := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, serial)
	m.year, m.month, m.day = t.Year(), int(t.Month()), t.Day()
}

var (
	monthNames = [...]string{"January", "February", "March", "April", "May", "June", "July",
		"August", "September", "October", "November", "December"}
	dayNames     = [...]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
	zhDayNames   = [...]string{"日", "一", "二", "三", "四", "五", "六"}
	zhDigits     = [...][]rune{1: []rune("〇一二三四五六七八九"), 2: []rune("零壹贰叁肆伍陆柒捌玖")}
	zhTens       = [...]string{1: "十", 2: "拾"}
	halfOfTheDay = map[string][2]string{"A/P": {"A", "P"}, "上午/下午": {"上午", "下午"}}
)

// date shows a date or time.
func (s *formatSection) date(out []byte, d decimal, date1904 bool) ([]byte, bool) {
	m, ok := s.newMoment(d, date1904)
	if !ok {
		return out, false
	}
	seconds := m.millis / 1000
	hour := int(seconds / 3600)
	minute, second := int(seconds/60%60), int(seconds%60)
	for _, t := range s.tokens {
		switch t.kind {
		case literalToken:
			out = append(out, t.text...)
		case yearToken:
			out = s.year(out, m.year, t.n)
		case buddhistToken:
			out = s.year(out, m.year+543, t.n)
		case monthToken:
			out = s.month(out, m.month, t.n)
		case dayToken:
			out = s.day(out, &m, t.n)
		case weekdayToken:
			if t.n > 3 {
				out = append(out, "星期"...)
			}
			out = append(out, zhDayNames[m.weekday]...)
		case hourToken:
			h := hour
			if s.half {
				h = (hour+11)%12 + 1
			}
			out = s.figure(out, h, t.n)
		case minuteToken:
			out = s.figure(out, minute, t.n)
		case secondToken:
			out = s.figure(out, second, t.n)
		case fractionToken:
			out = append(out, '.')
			part := strconv.Itoa(int(1000 + m.millis%1000))[1:]
			out = append(out, part[:t.n]...)
		case halfToken:
			out = append(out, s.halfName(t.text, hour)...)
		case elapsedHourToken:
			out = appendPadded(out, int(m.days*24+seconds/3600), t.n)
		case elapsedMinuteToken:
			out = appendPadded(out, int(m.days*24*60+seconds/60), t.n)
		case elapsedSecondToken:
			out = appendPadded(out, int(m.days*24*60*60+seconds), t.n)
		default:
			// The era of the Gregorian calendar is not shown.
		}
	}
	return out, true
}

// halfName gives the name of the half of the day.
func (s *formatSection) halfName(names string, hour int) string {
	pair, ok := halfOfTheDay[strings.ToUpper(names)]
	switch {
	case ok:
	case s.zhNames:
		pair = halfOfTheDay["上午/下午"]
	default:
		pair = [2]string{"AM", "PM"}
	}
	return pair[hour/12]
}

// figure writes a number of one or two digits, in Chinese if the section asks so.
func (s *formatSection) figure(out []byte, n, width int) []byte {
	if s.chinese == 0 {
		return appendPadded(out, n, min(width, 2))
	}
	digits := zhDigits[s.chinese]
	if n >= 20 || n >= 10 && s.chinese == 2 {
		out = append(out, string(digits[n/10])...)
	}
	if n >= 10 {
		out = append(out, zhTens[s.chinese]...)
	}
	if n%10 != 0 || n == 0 {
		out = append(out, string(digits[n%10])...)
	}
	return out
}

func (s *formatSection) year(out []byte, year, width int) []byte {
	text := strconv.Itoa(year)
	if width <= 2 {
		text = text[len(text)-2:]
	}
	if s.chinese == 0 {
		return append(out, text...)
	}
	for _, c := range []byte(text) {
		out = append(out, string(zhDigits[s.chinese][c-'0'])...)
	}
	return out
}

func (s *formatSection) month(out []byte, month, width int) []byte {
	name := monthNames[month-1]
	switch {
	case width <= 2:
		return s.figure(out, month, width)
	case s.zhNames && width < 5:
		return append((&formatSection{chinese: 1}).figure(out, month, 1), "月"...)
	case width == 3:
		name = name[:3]
	case width == 5:
		name = name[:1]
	}
	return append(out, name...)
}

func (s *formatSection) day(out []byte, m *moment, width int) []byte {
	switch {
	case width <= 2:
		return s.figure(out, m.day, width)
	case s.zhNames && width == 3:
		return append(append(out, "周"...), zhDayNames[m.weekday]...)
	case s.zhNames:
		return append(append(out, "星期"...), zhDayNames[m.weekday]...)
	case width == 3:
		return append(out, dayNames[m.weekday][:3]...)
	}
	return append(out, dayNames[m.weekday]...)
}

// isoLayouts are the forms in which a date cell (t="d") stores its value.
var isoLayouts = []string{time.DateOnly, "2006-01-02T15:04:05", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04"}

// isoDate shows a date stored in ISO 8601 form; under a format that is none for
// dates, and for what is no date, as it is stored.
func (f *numberFormat) isoDate(stored string) string {
	f.compile()
	for _, layout := range isoLayouts {
		t, err := time.Parse(layout, stored)
		if err != nil {
			continue
		}
		wall := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
		millis := wall.UnixMilli() - time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC).UnixMilli()
		days := millis / dayMillis
		if days <= leapSerial || days > lastSerial {
			return stored
		}
		const scale = 10
		frac := appendPadded(nil, int((millis%dayMillis)*10_000_000_000/dayMillis), scale)
		d, ok := parseDecimal(strconv.FormatInt(days, 10)+"."+string(frac), nil)
		if !ok || len(f.numbers) == 0 || f.numbers[0].kind != dateSection {
			return stored
		}
		if out, ok := f.numbers[0].date(nil, d, false); ok {
			return string(out)
		}
	}
	return stored
}
