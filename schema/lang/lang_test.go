package lang

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// The short way of quoting gives what strconv.Quote gives, for every character.
func TestQuote(t *testing.T) {
	for r := rune(0); r <= 0x20000; r++ {
		for _, text := range []string{string(r), "资金" + string(r) + "a"} {
			if got, want := string(appendQuote(nil, text)), strconv.Quote(text); got != want {
				t.Fatalf("U+%04X gives %s, want %s", r, got, want)
			}
		}
	}
	if got, want := string(appendQuote([]byte("是"), "\xe4\xb8")), "是"+strconv.Quote("\xe4\xb8"); got != want {
		t.Errorf("broken bytes give %s, want %s", got, want)
	}
}

// The short way of F gives what fmt.Sprintf gives.
func TestFormat(t *testing.T) {
	args := []any{"甲", 12, T("乙", "b"), 3.5, 'r'}
	plain := []any{"甲", 12, "乙", 3.5, 'r'}
	for _, text := range []string{
		"", "甲乙", "%[1]s", "%[2]d÷%[1]s = %[3]s%%", "%[1]q是%[3]q", "%[2]s", "%[1]d", "%[2]5d|", "%[4]v", "%[5]U", "100%%", "%",
		"%[1]", "%[9]s", "%[0]s", "%[12]s", "%s", "%d %s", "%[1]s%", "%[1]s %[2]d %[1]s", "%[3]v",
	} {
		want := fmt.Sprintf(text, plain...)
		if text == "" || text == "甲乙" || text == "100%%" {
			want = strings.ReplaceAll(text, "%%", "%") // no complaint about arguments that one language does not need
		}
		if got := format(text, args, ZH); got != want {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
	if got := F("%[1]s有%[2]d个", "%[2]d %[1]s", T("错误", "errors"), 2); got != T("错误有2个", "2 errors") {
		t.Error(got)
	}
}
