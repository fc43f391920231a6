package quantity

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Date is a calendar day as year×10000 + month×100 + day; the year is 0 when the
// text states none. Dates of one form compare as integers once their years are set.
type Date int

// Year gives the date's year.
func (d Date) Year() int { return int(d) / 10000 }

// In gives the date with year y if it states none.
func (d Date) In(y int) Date {
	if d.Year() == 0 {
		return d + Date(y*10000)
	}
	return d
}

// Period is a date or period as written: 2022年, 2022-2023, 12月底前, 2022年6月30日.
// What is written leaves the exact day open, so its end has an earliest and a latest
// reading; a comparison must hold in all of them.
type Period struct {
	// EndEarliest and EndLatest bound the day on which the period ends.
	EndEarliest, EndLatest Date
	// WholeYear is set for a bare year or 全年, which names no deadline.
	WholeYear bool
}

// In gives the period with year y where it states none.
func (p Period) In(y int) Period {
	p.EndEarliest, p.EndLatest = p.EndEarliest.In(y), p.EndLatest.In(y)
	return p
}

const (
	yearPattern = `((?:19|20)\d{2})`
	tailPattern = `(?:年?底|末)?(?:之前|以前|前|之内|以内|内|止|完成|起|中旬|上旬|下旬)?(?:完成)?`
)

var (
	reWholeYear = regexp.MustCompile(`^(?:` + yearPattern + `年?度?)?(?:全年|年内|本年度?|当年)$|^` + yearPattern + `年度?$`)
	reYearEnd   = regexp.MustCompile(`^(?:` + yearPattern + `年)?年?(?:底|末)(?:之前|以前|前)?(?:完成)?$`)
	reHalfYear  = regexp.MustCompile(`^(?:` + yearPattern + `年)?(?:(上半年|下半年)|第?([一二三四1-4])季度)` + tailPattern + `$`)
	reYears     = regexp.MustCompile(`^` + yearPattern + `年?度?[-~至]` + yearPattern + `年?度?$`)
	reMonth     = regexp.MustCompile(`^(?:` + yearPattern + `年)?(\d{1,2})月份?` + tailPattern + `$`)
	reMonths    = regexp.MustCompile(`^(?:` + yearPattern + `年)?\d{1,2}月?[-~至](?:` + yearPattern + `年)?(\d{1,2})月份?` + tailPattern + `$`)
	reDay       = regexp.MustCompile(`^(?:` + yearPattern + `年)?(\d{1,2})月(\d{1,2})[日号]` + tailPattern + `$`)
	reDays      = regexp.MustCompile(`^(?:` + yearPattern + `年)?\d{1,2}月(?:\d{1,2}[日号]?)?[-~至](?:` + yearPattern + `年)?(\d{1,2})月(\d{1,2})[日号]$`)
	reISO       = regexp.MustCompile(`^` + yearPattern + `[-/.](\d{1,2})[-/.](\d{1,2})[日号]?` + tailPattern + `$`)
	reISOMonth  = regexp.MustCompile(`^` + yearPattern + `[-/](\d{1,2})月?` + tailPattern + `$`)
	reDotMonth  = regexp.MustCompile(`^` + yearPattern + `\.(0?[1-9]|1[0-2])$`)
	reBareYear  = regexp.MustCompile(`^` + yearPattern + `$`)
)

// ParsePeriod reads a folded text that is a date or period beyond doubt.
func ParsePeriod(s string) (Period, bool) {
	if s == "" || len(s) > 60 || !mayBePeriod(s) {
		return Period{}, false
	}
	// The signs tell which patterns can match at all: mostly one or two.
	signs, ok := signsOf(s)
	switch {
	case !ok:
		return Period{}, false
	case signs&halfSign != 0:
		if m := reHalfYear.FindStringSubmatch(s); m != nil {
			return wholeMonth(num(m[1]), map[string]int{"上半年": 6, "下半年": 12, "一": 3, "二": 6, "三": 9, "四": 12, "1": 3, "2": 6, "3": 9, "4": 12}[m[2]+m[3]])
		}
	case signs&monthSign == 0:
		return yearOrISO(s)
	case signs&daySign != 0:
		if m := reDay.FindStringSubmatch(s); m != nil {
			return exactDay(num(m[1]), num(m[2]), num(m[3]))
		}
		if m := reDays.FindStringSubmatch(s); m != nil {
			return exactDay(lastYear(m[1], m[2]), num(m[3]), num(m[4]))
		}
	default:
		if m := reMonth.FindStringSubmatch(s); m != nil {
			return wholeMonth(num(m[1]), num(m[2]))
		}
		if m := reMonths.FindStringSubmatch(s); m != nil {
			return wholeMonth(lastYear(m[1], m[2]), num(m[3]))
		}
		if m := reISOMonth.FindStringSubmatch(s); m != nil {
			return wholeMonth(num(m[1]), num(m[2]))
		}
	}
	return Period{}, false
}

// yearOrISO reads a period that is written without the word 月.
func yearOrISO(s string) (Period, bool) {
	if m := reWholeYear.FindStringSubmatch(s); m != nil {
		y := num(m[1] + m[2])
		return Period{day(y, 1, 1), day(y, 12, 31), true}, true
	}
	if m := reYearEnd.FindStringSubmatch(s); m != nil {
		y := num(m[1])
		return Period{day(y, 12, 1), day(y, 12, 31), false}, true
	}
	if m := reYears.FindStringSubmatch(s); m != nil {
		y := num(m[2])
		return Period{day(y, 1, 1), day(y, 12, 31), true}, num(m[1]) <= y
	}
	if m := reISO.FindStringSubmatch(s); m != nil {
		return exactDay(num(m[1]), num(m[2]), num(m[3]))
	}
	if m := reISOMonth.FindStringSubmatch(s); m != nil {
		return wholeMonth(num(m[1]), num(m[2]))
	}
	return Period{}, false
}

// mayBePeriod tells the few texts worth the patterns: those with a word of dates, or
// with a year and a separator after it.
func mayBePeriod(s string) bool {
	for _, r := range s {
		switch r {
		case '年', '月', '日', '号', '季':
			return true
		}
	}
	return len(s) > 4 && (s[:2] == "19" || s[:2] == "20") && isDigit(rune(s[2])) && isDigit(rune(s[3])) && (strings.IndexByte("-/.~", s[4]) >= 0 || strings.HasPrefix(s[4:], "至"))
}

// Signs of a period: half a year or a quarter, a month, a day.
const (
	halfSign = 1 << iota
	monthSign
	daySign
)

// signsOf gives the signs in a text; ok is false if it holds a character that stands in
// none of the patterns.
func signsOf(s string) (signs int, ok bool) {
	for _, r := range s {
		switch r {
		case '半', '季':
			signs |= halfSign
		case '月':
			signs |= monthSign
		case '日', '号':
			signs |= daySign
		case '年', '度', '全', '内', '本', '当', '上', '下', '中', '旬', '底', '末', '第', '一', '二', '三', '四',
			'份', '之', '以', '前', '止', '起', '完', '成', '至', '-', '~', '/', '.':
		default:
			if !isDigit(r) {
				return 0, false
			}
		}
	}
	return signs, true
}

// ParsePeriodLoosely also reads what is a date only where one is expected: a bare
// year (2022) and year.month (2023.12), which elsewhere are figures.
func ParsePeriodLoosely(text string) (Period, bool) {
	s := Fold(text)
	if p, ok := ParsePeriod(s); ok {
		return p, true
	}
	if m := reBareYear.FindStringSubmatch(s); m != nil {
		y := num(m[1])
		return Period{day(y, 1, 1), day(y, 12, 31), true}, true
	}
	if m := reDotMonth.FindStringSubmatch(s); m != nil {
		return wholeMonth(num(m[1]), num(m[2]))
	}
	return Period{}, false
}

func num(s string) int {
	n, _ := strconv.Atoi(s) // the patterns pass digits only; none reads as 0
	return n
}

// lastYear gives the year in which a period ends: the one stated at its end, else
// the one stated at its start.
func lastYear(start, end string) int {
	if end != "" {
		return num(end)
	}
	return num(start)
}

func day(y, m, d int) Date { return Date(y*10000 + m*100 + d) }

func exactDay(y, m, d int) (Period, bool) {
	leap := y
	if y == 0 {
		leap = 2000 // any year that is not stated may be one
	}
	written := time.Date(leap, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return Period{day(y, m, d), day(y, m, d), false}, int(written.Month()) == m && written.Day() == d
}

// IsImpossibleDay reports whether a text is written as a day that no calendar has:
// 2025年11月31日.
func IsImpossibleDay(text string) bool {
	s := Fold(text)
	for _, written := range []*regexp.Regexp{reDay, reISO} {
		if m := written.FindStringSubmatch(s); m != nil {
			_, ok := exactDay(num(m[1]), num(m[2]), num(m[3]))
			return !ok
		}
	}
	return false
}

func wholeMonth(y, m int) (Period, bool) {
	return Period{day(y, m, 1), day(y, m, 31), false}, m >= 1 && m <= 12
}
