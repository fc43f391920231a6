package grid

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// TestNumberFormat protects the displayed text of numbers: it is what a form's
// reviewer sees, and what every rule about precision starts from.
func TestNumberFormat(t *testing.T) {
	for _, tt := range []struct{ code, stored, want string }{
		// General: eleven characters, fifteen digits of precision.
		{"", "0", "0"}, {"", "-0", "0"}, {"", "12.5", "12.5"}, {"", "12.50", "12.5"}, {"", "-12.50", "-12.5"},
		{"", "0.92312499999999997", "0.923125"},
		{"", "0.30000000000000004", "0.3"},
		{"", "9.2E-2", "0.092"}, {"", "1E+3", "1000"}, {"", "1e3", "1000"}, {"", "+5", "5"}, {"", ".5", "0.5"}, {"", "5.", "5"}, {"", "007", "7"},
		{"", "0.33333333333333331", "0.333333333"}, {"", "3.1415926535897931", "3.141592654"},
		{"", "33.333333333333336", "33.33333333"}, {"", "-0.66666666666666663", "-0.666666667"},
		{"", "12345.678901234", "12345.6789"}, {"", "12345678901", "12345678901"},
		{"", "12345678901.5", "12345678902"}, {"", "99999999999.5", "1E+11"}, {"", "123456789012", "1.23457E+11"},
		{"", "1234567890.5", "1234567891"}, {"", "999999999.96", "1000000000"},
		{"", "0.0001234567", "0.000123457"}, {"", "0.00001234567", "1.23457E-05"}, {"", "0.00001", "0.00001"},
		{"", "0.0000000001", "1E-10"}, {"", "12345678901234567890", "1.23457E+19"}, {"", "1E-300", "1E-300"},
		{"General", "1.5", "1.5"}, {"G/通用格式", "1.5", "1.5"}, {`General"元"`, "-1.5", "-1.5元"},

		// Plain figures; half away from zero, on the fifteen digits Excel keeps.
		{"0", "0.5", "1"}, {"0", "-0.5", "-1"}, {"0", "1.5", "2"}, {"0", "2.5", "3"}, {"0", "0.49999999999999994", "1"}, {"0", "0.4999999999", "0"},
		{"0", "-0.3", "-0"}, {"0.00", "-0.001", "-0.00"}, {"0", "12345678901234567890", "12345678901234600000"},
		{"0.00", "1.005", "1.01"}, {"0.00", "1.0049999999999999", "1.01"}, {"0.00", "1.00499999", "1.00"}, {"0.00", "-1.005", "-1.01"},
		{"0.00", "14.77", "14.77"}, {"0.00", "16", "16.00"}, {"0.00", "9.995", "10.00"}, {"0.00", "0", "0.00"}, {"0.0000", "2E-5", "0.0000"}, {"0.0000", "5E-5", "0.0001"},
		{"#,##0.00", "1234567.891", "1,234,567.89"}, {"#,##0.00", "-999.995", "-1,000.00"}, {"#,##0", "999999.5", "1,000,000"}, {"#,##0", "12", "12"},
		{"0,000", "12", "0,012"}, {"#,###", "0", ""}, {"#.##", "0.5", ".5"}, {"#.##", "5", "5."}, {"0.##", "1.50", "1.5"}, {"??0.0?", "1.5", "1.5"},
		{"00000", "42", "00042"}, {"000-0000", "5551234", "555-1234"}, {".00", "12.345", "12.35"}, {"0.0.0", "1.25", "1.2.5"},
		{"#,##0,", "1234567", "1,235"}, {"0.0,", "1234567", "1234.6"}, {"0.00,,", "1234567", "1.23"}, {`0!.0,"万"`, "123456", "12.3万"}, {`0\.0,"万"`, "123456", "12.3万"},

		// Percentages.
		{"0%", "0.125", "13%"}, {"0.00%", "0.92312499999999997", "92.31%"}, {"0.00%", "0.923125", "92.31%"}, {"0.00%", "0.92315", "92.32%"},
		{"0.00%", "0.92314999999999992", "92.32%"}, {"0.0%", "1", "100.0%"}, {"0%", "0.005", "1%"}, {"0%", "0.00499999", "0%"}, {"%0", "0.5", "%50"}, {"0.00%%", "0.5", "5000.00%%"},

		// Sections, conditions, literals, padding, currencies.
		{"0.00;(0.00)", "-1.5", "(1.50)"}, {"0.00;(0.00);\"零\"", "0", "零"}, {"0;-0;", "0", ""}, {";;;", "5", ""}, {"0.00;[Red]-0.00", "-2", "-2.00"},
		{`[>=100]0"百";[<0]"负"0;0.0`, "150", "150百"}, {`[>=100]0"百";[<0]"负"0;0.0`, "-3", "负3"}, {`[>=100]0"百";[<0]"负"0;0.0`, "5", "5.0"},
		{"[>1]0.0", "0.5", "0.5"}, {"[=1]\"是\";[=0]\"否\";0", "1", "是"}, {"[=1]\"是\";[=0]\"否\";0", "0", "否"}, {"[=1]\"是\";[=0]\"否\";0", "-2", "-2"},
		{`_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ `, "1234.5", "1,234.50"}, {`_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ `, "-1", "-1.00"}, {`_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ `, "0", "-"},
		{`[$¥-804]#,##0.00`, "1234.5", "¥1,234.50"}, {`"¥"#,##0;"¥"\-#,##0`, "-5", "¥-5"}, {"[红色]0.0", "1", "1.0"}, {"[Color 3]0", "1", "1"},
		{"0.00元", "3", "3.00元"}, {`0.00"万元"`, "16", "16.00万元"}, {`"第"0"名"`, "2", "第2名"}, {"@", "1.50", "1.5"}, {"0.00;@", "-1", "-1.00"},
		{"$0.00", "-2", "-$2.00"}, {`0"年"`, "2022", "2022年"}, {`0" "0`, "12", "1 2"},

		// Exponents, fractions (as General), nonsense (as General).
		{"0.00E+00", "12345", "1.23E+04"}, {"0.00E+00", "0", "0.00E+00"}, {"0.00E-00", "0.00123", "1.23E-03"}, {"0.00E-00", "123", "1.23E02"}, {"0.0E+0", "9.96", "1.0E+1"},
		{"##0.0E+0", "12345", "12.3E+3"}, {"##0.0E+0", "999960", "1.0E+6"}, {"# ?/?", "0.5", "0.5"}, {"# ??/??", "1.25", "1.25"},
		{"0;0;0;0;0", "1.5", "1.5"}, {"0 yyyy", "1.5", "1.5"}, {strings.Repeat("0", 2000), "1.5", "1.5"},

		// Dates and times, as a Chinese Excel shows them.
		{"yyyy-mm-dd", "44621", "2022-03-01"}, {`yyyy"年"m"月"d"日"`, "44621", "2022年3月1日"}, {"yyyy年m月", "44621", "2022年3月"}, {"yyyy/m/d", "44621.75", "2022/3/1"},
		{"YYYY-MM-DD", "44621", "2022-03-01"}, {"m/d/yy", "44621", "3/1/22"}, {"yyyy.mm", "44621", "2022.03"}, {"mmm-yy", "44621", "Mar-22"}, {"d-mmmm", "44621", "1-March"}, {"mmmmm", "44621", "M"},
		{"[$-804]mmmm", "44621", "三月"}, {"dddd", "44621", "Tuesday"}, {"ddd", "44621", "Tue"}, {"aaaa", "44621", "星期二"}, {"aaa", "44621", "二"}, {"[$-804]dddd", "44621", "星期二"}, {"[$-804]ddd", "44621", "周二"},
		{"[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "44621", "2022年3月1日"}, {"[$-F400]h:mm:ss\\ AM/PM", "0.5", "12:00:00"}, {"e\"年\"", "44621", "2022年"}, {"bbbb", "44621", "2565"},
		{`[DBNum1][$-804]yyyy"年"m"月"d"日"`, "44911", "二〇二二年十二月十六日"}, {`[DBNum1]d"日"`, "44621", "一日"}, {`[DBNum1]d"日"`, "44640", "二十日"}, {`[DBNum2]d"日"`, "44630", "壹拾日"},
		{"h:mm", "0.4375", "10:30"}, {"h:mm", "0.43055555555555558", "10:20"}, {"h:mm:ss", "0.999999", "0:00:00"}, {"h:mm", "0.9999", "23:59"}, {"hh:mm:ss.000", "0.5000001", "12:00:00.009"}, {"mm:ss.0", "0.0007", "01:00.5"},
		{"h:mm AM/PM", "0.75", "6:00 PM"}, {"h:mm AM/PM", "0", "12:00 AM"}, {"h:mm a/p", "0.25", "6:00 A"}, {`上午/下午h"时"mm"分"`, "0.75", "下午6时00分"}, {"[$-804]AM/PM h", "0.25", "上午 6"},
		{"[h]:mm:ss", "1.5", "36:00:00"}, {"[mm]:ss", "0.0625", "90:00"}, {"[s]", "1", "86400"}, {"m:s", "0.5", "0:0"},
		{"yyyy-mm-dd", "0", "1900-01-00"}, {"yyyy-mm-dd", "1", "1900-01-01"}, {"yyyy-mm-dd", "59", "1900-02-28"}, {"yyyy-mm-dd", "60", "1900-02-29"}, {"yyyy-mm-dd", "61", "1900-03-01"},
		{"yyyy-mm-dd", "2958465", "9999-12-31"}, {"yyyy-mm-dd", "2958466", "2958466"}, {"yyyy-mm-dd", "-1", "-1"}, {"yyyy-mm-dd", "1E300", "1E+300"},
	} {
		got, ok := newNumberFormat(tt.code).number(tt.stored, false)
		if !ok || got != tt.want {
			t.Errorf("number %s under %q = %q, %v; want %q", tt.stored, tt.code, got, ok, tt.want)
		}
	}
}

// TestNumberFormatEpoch1904 protects dates of workbooks from old Macintosh Excel,
// which lie 1462 days later.
func TestNumberFormatEpoch1904(t *testing.T) {
	for stored, want := range map[string]string{"0": "1904-01-01", "43159": "2022-03-01"} {
		if got, _ := newNumberFormat("yyyy-mm-dd").number(stored, true); got != want {
			t.Errorf("%s = %s, want %s", stored, got, want)
		}
	}
}

// TestBuiltinFormats protects the built-in formats, which files name by number only;
// a Chinese Excel has its own for dates.
func TestBuiltinFormats(t *testing.T) {
	for id, want := range map[int]string{
		0: "44621.75", 1: "44622", 2: "44621.75", 3: "44,622", 4: "44,621.75", 9: "4462175%", 10: "4462175.00%", 11: "4.46E+04",
		14: "2022/3/1", 15: "1-Mar-22", 16: "1-Mar", 17: "Mar-22", 18: "6:00 PM", 20: "18:00", 21: "18:00:00", 22: "2022/3/1 18:00",
		27: "2022年3月", 28: "3月1日", 30: "3-1-22", 31: "2022年3月1日", 32: "18时00分", 33: "18时00分00秒", 34: "下午6时00分", 36: "2022年3月",
		37: "44,622", 39: "44,621.75", 41: "44,622", 43: "44,621.75", 44: "¥44,621.75", 45: "00:00", 46: "1070922:00:00", 48: "44.6E+3", 49: "44621.75",
		50: "2022年3月", 55: "下午6时00分", 57: "2022年3月", 58: "3月1日", 59: "44621.75", 163: "44621.75",
	} {
		if got, _ := builtinFormat(id).number("44621.75", false); got != want {
			t.Errorf("format %d shows %q, want %q", id, got, want)
		}
	}
}

// TestTextFormat protects texts under formats that have something to say about them.
func TestTextFormat(t *testing.T) {
	for _, tt := range []struct{ code, text, want string }{
		{"", "甲", "甲"}, {"@", " 甲 ", " 甲 "}, {"0.00", "甲", "甲"}, {`@"元"`, "12", "12元"}, {`0;0;0;"文："@`, "甲", "文：甲"}, {"_ @_ ", "甲", "甲"}, {";;;", "甲", ""}, {"yyyy", "甲", "甲"},
	} {
		if got := newNumberFormat(tt.code).text(tt.text); got != tt.want {
			t.Errorf("text %q under %q = %q, want %q", tt.text, tt.code, got, tt.want)
		}
	}
}

// TestISODate protects cells of type d, which newer programs may write for dates.
func TestISODate(t *testing.T) {
	for _, tt := range []struct{ code, stored, want string }{
		{"yyyy/m/d", "2022-03-01", "2022/3/1"}, {"yyyy/m/d h:mm:ss", "2022-03-01T18:30:05.250", "2022/3/1 18:30:05"},
		{"yyyy/m/d", "2022-03-01T00:00:00Z", "2022/3/1"}, {"0.00", "2022-03-01", "2022-03-01"}, {"yyyy", "soon", "soon"}, {"yyyy", "1899-01-01", "1899-01-01"},
	} {
		if got := newNumberFormat(tt.code).isoDate(tt.stored); got != tt.want {
			t.Errorf("%s under %q = %q, want %q", tt.stored, tt.code, got, tt.want)
		}
	}
}

// TestStoredNumbers protects against numbers that are none, and against those made
// to exhaust whoever computes with them.
func TestStoredNumbers(t *testing.T) {
	for _, s := range []string{"", "-", ".", "1e", "1e+", "e5", "1.2.3", "0x10", "1,000", "NaN", "INF", "1 2", "1e401", "1e-999999999", "1e9999999999", "１", "--1", "1e1.5", strings.Repeat("1", 513)} {
		if got, ok := newNumberFormat("0.00").number(s, false); ok {
			t.Errorf("%q was read as %s", s, got)
		}
		if got, ok := general.number(s, false); ok {
			t.Errorf("%q was read as %s under General", s, got)
		}
	}
}

// TestDecimalRounding holds the decimal arithmetic to exact rationals at and beside
// every rounding boundary.
func TestDecimalRounding(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		places := rng.IntN(5)
		stored := fmt.Sprintf("%d.%0*d", rng.Int64N(2000)-1000, 1+rng.IntN(7), rng.Int64N(10))
		if rng.IntN(3) == 0 {
			stored += "5"
		}
		code := "0"
		if places > 0 {
			code += "." + strings.Repeat("0", places)
		}
		r, ok := new(big.Rat).SetString(stored)
		if !ok {
			t.Fatal(stored)
		}
		want := r.FloatString(places) // rounds half away from zero
		if strings.HasPrefix(stored, "-") && !strings.HasPrefix(want, "-") && r.Sign() < 0 {
			want = "-" + want // Excel keeps the sign of what rounds to zero
		}
		if got, _ := newNumberFormat(code).number(stored, false); got != want {
			t.Fatalf("%s with %d decimals = %s, want %s", stored, places, got, want)
		}
	}
}

// TestPlainFormatsAgreeWithExcelize compares plain formats with excelize, which
// shows them right as long as binary floating point does not matter.
func TestPlainFormatsAgreeWithExcelize(t *testing.T) {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	rng := rand.New(rand.NewPCG(3, 4))
	for _, code := range []string{"0", "0.0", "0.00", "#,##0", "#,##0.00", "0%", "0.00%", `0.00"元"`, "0.00;(0.00)", "yyyy-mm-dd", "h:mm:ss", "yyyy/mm/dd hh:mm"} {
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellStyle("Sheet1", "A1", "A1", style); err != nil {
			t.Fatal(err)
		}
		for range 50 {
			// Three decimals and a last digit of 1 keep clear of ties.
			stored := strconv.FormatInt(rng.Int64N(100_000), 10) + "." + strconv.Itoa(100+rng.IntN(400)*2) + "1"
			v, _ := strconv.ParseFloat(stored, 64)
			if err := f.SetCellFloat("Sheet1", "A1", v, -1, 64); err != nil {
				t.Fatal(err)
			}
			want, err := f.GetCellValue("Sheet1", "A1")
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := newNumberFormat(code).number(stored, false); got != want {
				t.Errorf("%s under %q = %q, excelize %q", stored, code, got, want)
			}
		}
	}
}

// FuzzNumberFormat protects the promise that any format and any stored text give a
// bounded valid text, the same one twice, without a panic.
func FuzzNumberFormat(f *testing.F) {
	for _, code := range builtinFormats {
		f.Add(code, "44621.75")
	}
	f.Add(`[DBNum1][$-804]yyyy"年"m"月"d"日"`, "44911")
	f.Add(`[>=100]0"百";[<0]"负"0;0.0;"文："@`, "-3E-2")
	f.Add(`0!.0,"万"`, "1e300")
	f.Add("[h]:[mm]:[ss].000", "99999.999999")
	f.Fuzz(func(t *testing.T, code, stored string) {
		nf := newNumberFormat(code)
		got, ok := nf.number(stored, false)
		again, ok2 := newNumberFormat(code).number(stored, false)
		if got != again || ok != ok2 {
			t.Fatalf("%q under %q shows %q, then %q", stored, code, got, again)
		}
		if len(got) > 16*(len(code)+len(stored)+maxExponent+64) {
			t.Fatalf("%d bytes", len(got))
		}
		if utf8.ValidString(code) && !utf8.ValidString(got) {
			t.Fatalf("%q under %q shows invalid text %q", stored, code, got)
		}
		nf.text(stored)
		nf.isoDate(stored)
	})
}
