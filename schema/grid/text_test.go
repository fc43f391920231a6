package grid

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

// show writes a table: each row with its number, each cell with its place and text.
func show(d *Document) string {
	var b strings.Builder
	for _, t := range d.Tables {
		for _, row := range t.Rows {
			fmt.Fprintf(&b, "%d:", row.Num)
			for _, c := range row.Cells {
				fmt.Fprintf(&b, " %d:%d%q", c.Loc.Line, c.Loc.Column, c.Text)
			}
			b.WriteByte('\n')
		}
	}
	for _, p := range d.Problems {
		fmt.Fprintf(&b, "%d at %d:%d: %s\n", p.Kind, p.Loc.Line, p.Loc.Column, p.Message.EN)
	}
	return b.String()
}

// TestReadText protects how text is divided into cells, and where these stand.
func TestReadText(t *testing.T) {
	for _, tt := range []struct{ name, file, text, want string }{
		{"tabs", "a.txt", "项目\t16\t\n\n \t \n总分\t\t9", "1: 1:1\"项目\" 1:4\"16\" 1:7\"\"\n4: 4:1\"总分\" 4:4\"\" 4:5\"9\"\n"},
		{"line ends", "a.txt", "a\tb\tc\r\nd\re", "1: 1:1\"a\" 1:3\"b\" 1:5\"c\"\n2: 2:1\"d\"\n3: 3:1\"e\"\n"},
		{"quotes of a spreadsheet between tabs", "a.txt", "\"a,b\"\t\"c\nd\"\t\"e \"\"f\"\"\"\n\"g\"\t\"h\ti\"\t\"j", "1: 1:1\"a,b\" 1:7\"c\\nd\" 2:4\"e \\\"f\\\"\"\n3: 3:1\"\\\"g\\\"\" 3:5\"h\\ti\" 3:11\"\\\"j\"\n"},
		{"author's quotes between tabs", "a.txt", "\"放管服\"改革\t\"\"\t\"x\" y", "1: 1:1\"\\\"放管服\\\"改革\" 1:9\"\\\"\\\"\" 1:12\"\\\"x\\\" y\"\n"},
		{"commas", "a.csv", "a,b,c\r\n\"x,\"\"y\"\"\nz\",,\"\"\n,,\n甲, \"b,c\" ,d\n", "1: 1:1\"a\" 1:3\"b\" 1:5\"c\"\n2: 2:1\"x,\\\"y\\\"\\nz\" 3:4\"\" 3:5\"\"\n5: 5:1\"甲\" 5:3\"b,c\" 5:11\"d\"\n"},
		{"quote in a field", "a.csv", "5\" pipe,a\"b,\"放管服\"改革,c", "1: 1:1\"5\\\" pipe\" 1:9\"a\\\"b\" 1:13\"\\\"放管服\\\"改革\" 1:21\"c\"\n"},
		{"text after the quote", "a.csv", "a,b,c\nd,\"e,f\"g,h", "1: 1:1\"a\" 1:3\"b\" 1:5\"c\"\n2: 2:1\"d\" 2:3\"\\\"e\" 2:6\"f\\\"g\" 2:10\"h\"\n1 at 2:3: text follows the closing quote, so where this field ends is in doubt\n"},
		{"quote not closed", "a.csv", "a,b,c\nd,\"e,f\ng,\"h,i\n", "1: 1:1\"a\" 1:3\"b\" 1:5\"c\"\n2: 2:1\"d\" 2:3\"\\\"e\" 2:6\"f\"\n3: 3:1\"g\" 3:3\"\\\"h\" 3:6\"i\"\n" +
			"1 at 2:3: text follows the closing quote, so where this field ends is in doubt\n0 at 3:3: the quote that opens here is never closed, so the lines below cannot be divided reliably\n"},
		{"semicolons", "a.csv", "a;1,5;c\nd;2,5;f\n", "1: 1:1\"a\" 1:3\"1,5\" 1:7\"c\"\n2: 2:1\"d\" 2:3\"2,5\" 2:7\"f\"\n"},
		{"named delimiter", "a.csv", "sep=;\na;b,c\n", "2: 2:1\"a\" 2:3\"b,c\"\n"},
		{"tabs in csv", "a.csv", "a,b\tc\td\ne\tf,g\th\n", "1: 1:1\"a,b\" 1:5\"c\" 1:7\"d\"\n2: 2:1\"e\" 2:3\"f,g\" 2:7\"h\"\n"},
		{"sentences with commas", "a.txt", "一,二,三\n四\n五\n六\n", "1: 1:1\"一,二,三\"\n2: 2:1\"四\"\n3: 3:1\"五\"\n4: 4:1\"六\"\n"},
		{"commas in txt", "a.txt", "一,二,三\n四,五,六\n", "1: 1:1\"一\" 1:3\"二\" 1:5\"三\"\n2: 2:1\"四\" 2:3\"五\" 2:5\"六\"\n"},
		{"markdown", "a.md", "# 标题 \n\n| 甲 | 乙|\n|:--|---:|\n|  | **c \\| d** <br> &lt;e |\n| - | --- |\n后\n| a | b |\n|-|-|\n",
			"1: 1:3\"标题\"\n3: 3:3\"甲\" 3:7\"乙\"\n5: 5:2\"\" 5:6\"**c | d** \\n <e\"\n6: 6:3\"-\" 6:7\"---\"\n7: 7:1\"后\"\n8: 8:3\"a\" 8:7\"b\"\n"},
		{"markdown without outer pipes", "a.md", "a|b|c\n---|---|---\n|e|\n f | g | h\n| i | j | k |\n",
			"1: 1:1\"a\" 1:3\"b\" 1:5\"c\"\n3: 3:1\"\" 3:2\"e\" 3:4\"\"\n4: 4:2\"f\" 4:6\"g\" 4:10\"h\"\n5: 5:3\"i\" 5:7\"j\" 5:11\"k\"\n"},
		{"drawn table", "a.txt", "+---+---+---+\n| a | b | c |\n+===+===+===+\n| d |   | e |\n+---+---+---+\n",
			"2: 2:3\"a\" 2:7\"b\" 2:11\"c\"\n4: 4:3\"d\" 4:6\"\" 4:11\"e\"\n"},
		{"pipes only", "a.txt", "a|b|c\n|d|\n", "1: 1:1\"a\" 1:3\"b\" 1:5\"c\"\n2: 2:1\"\" 2:2\"d\" 2:4\"\"\n"},
		{"escapes", "a.md", "\\*1\\. 甲\\\\ \\a\n__乙__\n****\n", "1: 1:1\"*1. 甲\\\\ \\\\a\"\n2: 2:1\"乙\"\n3: 3:1\"****\"\n"},
		{"aligned, with a blank cell", "a.txt", "    绩效自评表\n项目名称    金额  比例\n口岸专项    16    92%\n总分              9\n说明　　　　100　 7\n",
			"1: 1:5\"绩效自评表\"\n2: 2:1\"项目名称\" 2:9\"金额\" 2:13\"比例\"\n3: 3:1\"口岸专项\" 3:9\"16\" 3:15\"92%\"\n4: 4:1\"总分\" 4:17\"\" 4:17\"9\"\n5: 5:1\"说明\" 5:7\"100\" 5:12\"7\"\n"},
		{"aligned by tabs and blanks", "a.txt", "项目名称\t金额    比例\n口岸专项\t16      92%\n总分    \t9       7\n", "1: 1:1\"项目名称\" 1:6\"金额\" 1:12\"比例\"\n2: 2:1\"口岸专项\" 2:6\"16\" 2:14\"92%\"\n3: 3:1\"总分\" 3:8\"9\" 3:16\"7\"\n"},
		{"aligned with wide signs", "a.txt", "指标    金额  甲\n“口”  16    乙\n———  9     丙\n", "1: 1:1\"指标\" 1:7\"金额\" 1:11\"甲\"\n2: 2:1\"“口”\" 2:6\"16\" 2:12\"乙\"\n3: 3:1\"———\" 3:6\"9\" 3:12\"丙\"\n"},
		{"aligned with signs of either width", "a.txt", "名称    金额  甲\n———  16    乙\n———  9     丙\n时效    8     丁\n",
			"1: 1:1\"名称\" 1:7\"金额\" 1:11\"甲\"\n2: 2:1\"———\" 2:6\"16\" 2:12\"乙\"\n3: 3:1\"———\" 3:6\"9\" 3:12\"丙\"\n4: 4:1\"时效\" 4:7\"8\" 4:13\"丁\"\n"},
		{"aligned, with signs whose width cannot be told", "a.txt", "名称    金额  甲\n时效    金额  甲\n———  1234567  乙\n———  1234567  丙\n", "0 at 0:0: the columns are aligned by spaces, which hide blank cells, and cannot be told apart reliably\n"},
		{"aligned to the right in several lines", "a.txt", "名称  金额  比例\n甲      16    9%\n乙       8   10%\n丙      12    8%\n丁       7   11%\n戊    金额  比例\n", "0 at 0:0: the columns are aligned by spaces, which hide blank cells, and cannot be told apart reliably\n"},
		{"aligned with more text below", "a.txt", "项目名称    金额  比例\n口岸专项    16    92%\n            万元\n总分        9     7\n", "0 at 0:0: the columns are aligned by spaces, which hide blank cells, and cannot be told apart reliably\n"},
		{"aligned to the right", "a.txt", "项目名称  金额  比例\n口岸专项    16   92%\n总分         9    7%\n", "0 at 0:0: the columns are aligned by spaces, which hide blank cells, and cannot be told apart reliably\n"},
		{"aligned", "a.txt", "项目名称    金额  比例\n口岸专项    16    92%\n总分　　100  9\n", "0 at 0:0: the columns are aligned by spaces, which hide blank cells, and cannot be told apart reliably\n"},
		{"indented prose", "a.txt", "　　一、说明\n　　二、说明\n　　三、说明\n", "1: 1:1\"\\u3000\\u3000一、说明\"\n2: 2:1\"\\u3000\\u3000二、说明\"\n3: 3:1\"\\u3000\\u3000三、说明\"\n"},
		{"damage in the file", "a.txt", "甲\t乙\ufffd\t丙" + strings.Repeat("。", 200), "1: 1:1\"甲\" 1:3\"乙�\" 1:6\"丙" + strings.Repeat("。", 200) + "\"\n1 at 1:3: the cell has characters that are damaged (shown as �)\n"},
		{"empty", "a.txt", "", "0 at 0:0: the file is empty\n"},
		{"blank", "a.txt", "\ufeff \n\t\n\x1a", "0 at 0:0: the file is empty\n"},
		{"only delimiters", "a.csv", ",,\n,,\n", ""},
	} {
		d := ReadText(t.Context(), tt.file, []byte(tt.text), Limits{})
		if got := show(d); got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
		checkProblems(t, d)
	}
}

// TestReadTextLimits protects the bounds of what is read of hostile text.
func TestReadTextLimits(t *testing.T) {
	long := strings.Repeat("长", 400<<10)
	for _, tt := range []struct {
		name, file, text string
		limits           Limits
		want             string
	}{
		{"file", "a.txt", "a\tb", Limits{FileSize: 2}, "more than 2 bytes"},
		{"text", "a.txt", "a\tb\tc\n" + long, Limits{}, "exceeds 65536 bytes"},
		{"text of markdown", "a.md", long, Limits{}, "exceeds 65536 bytes"},
		{"quoted text", "a.csv", "a,b,\"" + long + "\"", Limits{}, "exceeds 65536 bytes"},
		{"columns", "a.txt", "a" + strings.Repeat("\t", 20<<10), Limits{}, "more than 16384 columns"},
		{"columns of a huge line", "a.md", "a" + strings.Repeat("|", 8<<20), Limits{}, "more than 16384 columns"},
		{"cells", "a.csv", strings.Repeat("a,b,c\n", 40), Limits{Cells: 100}, "more than 100"},
		{"lines", "a.csv", strings.Repeat("a,b,c\n", 40), Limits{Rows: 10}, "more than 10"},
	} {
		start := time.Now()
		d := ReadText(t.Context(), tt.file, []byte(tt.text), tt.limits)
		if len(d.Problems) != 1 || d.Problems[0].Kind != Unreadable || !strings.Contains(d.Problems[0].Message.EN, tt.want) {
			t.Errorf("%s: got %.300s", tt.name, show(d))
		}
		checkProblems(t, d)
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s took %s", tt.name, took)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if d := ReadText(ctx, "a.txt", []byte(strings.Repeat("a\tb\tc\n", 2000)), Limits{}); len(d.Problems) != 1 || d.Problems[0].Message != faultCancelled.message {
		t.Errorf("cancelled: %+v", d.Problems)
	}
}

// TestQuotesTakeLinearTime protects against text made of quotes that open everywhere
// and close nowhere.
func TestQuotesTakeLinearTime(t *testing.T) {
	const copies = 500_000
	for _, unit := range []string{"\"a,", "\"\"a,", "\"\"\"a,", "\",", "\"\"\"\",", "\"a\n", ",\"", "\" ,\"\"", "\"\ta"} {
		for _, delimiter := range []byte{',', '\t'} {
			for _, end := range []string{"", "\n"} {
				x := newFieldScanner(strings.Repeat(unit+end, copies), textLayout{delimiter: delimiter})
				start := time.Now()
				for !x.done() {
					x.field()
				}
				if took := time.Since(start); took > time.Minute {
					t.Errorf("%q divided by %q took %s", unit+end, delimiter, took)
				}
			}
		}
	}
}

// FuzzReadText holds the reader to cells in order, in places that are in the text, and
// problems with words.
func FuzzReadText(f *testing.F) {
	for _, s := range []string{
		plainForm, "a,b,c\n\"x,\"\"y\"\"\nz\",,\"\"\n", "| a | b \\| c |\n|---|:-:|\n| **d** | e<br>f |\n# g\n", "a;b;c\nd;e;f\n",
		"sep=,\na,\"b", "a\tb\t\"c\nd\"\n", "+--+--+\n|a|b|c|\n", "a  b  c\na  b  c\na  b  c\n", bomUTF16LE + "a\x00\t\x00", "\x81\x30\x81\x30", "\"a\"b,c\n",
	} {
		for i := range 4 {
			f.Add(i, []byte(s))
		}
	}
	f.Fuzz(func(t *testing.T, kind int, data []byte) {
		file := []string{"a.txt", "a.csv", "a.md", "a.tsv"}[uint(kind)%4]
		d := ReadText(t.Context(), file, data, Limits{Cells: 10_000, Columns: 100})
		checkProblems(t, d)
		text, _, fault := decodeText(data)
		lines := strings.Split(unifyLines(text), "\n")
		last := 0
		for _, table := range d.Tables {
			if fault != nil || len(table.Rows) == 0 || table.Merged {
				t.Fatalf("table %+v with fault %v", table, fault)
			}
			for _, row := range table.Rows {
				if row.Num <= last || len(row.Cells) == 0 {
					t.Fatalf("row %d after %d", row.Num, last)
				}
				last = row.Num
				for i, c := range row.Cells {
					if c.Row != row.Num || c.Col != i+1 || c.Loc.File != file || c.Rows != 1 || c.Cols != 1 {
						t.Fatalf("cell %+v", c)
					}
					if c.Loc.Line < row.Num || c.Loc.Line > len(lines) || c.Loc.Column < 1 || c.Loc.Column > len([]rune(lines[c.Loc.Line-1]))+1 {
						t.Fatalf("cell %+v is not in the text", c)
					}
					if (c.Type == Blank) != (strings.TrimSpace(c.Text) == "") {
						t.Fatalf("cell %+v", c)
					}
				}
			}
		}
		if _, n := namedDelimiter(text); n == 0 && len(d.Tables) == 0 && len(d.Problems) == 0 && strings.Trim(unifyLines(text), " \t\n,;|\"+-=:#_*\\<>br/&\u3000\u00a0\v\f\u0085\u2028\u2029\x1a") != "" {
			t.Fatalf("nothing was read of %q", text)
		}
	})
}
