package config

import (
	"strings"
	"testing"

	"jixiaolint/checks/suppress"
)

// What a clerk writes for a folder means the folder, and what can match nothing is
// refused with what to write: an override that is never in force must not go unnoticed.
func TestPathPatterns(t *testing.T) {
	for _, tt := range []struct{ pattern, wrong, matches, other string }{
		{"草稿/", "", "草稿/a.json", "b/a.json"},
		{"草稿", "", "草稿/b/a.json", "草稿2/a.json"},
		{"./草稿/*.json", "", "草稿/a.json", "草稿/b/a.json"},
		{"./*.json", "", "a.json", "草稿/a.json"},
		{".", "", "草稿/a.json", ""},
		{"草稿//*.json", "", "草稿/a.json", "a.json"},
		{"*.json", "", "草稿/a.json", "a.csv"},
		{`\[草稿\]*.json`, "", "[草稿]1.json", "草.json"},
		{`草稿\*.json`, "divided by /, so write \"草稿/*.json\"", "", ""},
		{`.\草稿\`, "so write \"草稿/**\"", "", ""},
		{"/草稿/*.json", "from the folder of the configuration, such as \"草稿/*.json\"", "", ""},
		{`\\服务器\草稿`, "such as \"服务器/草稿\"", "", ""},
		{`D:\草稿\*.json`, "such as \"草稿/*.json\"", "", ""},
		{"../草稿/*.json", "write one in the folder above", "", ""},
	} {
		quoted := "'" + tt.pattern + "'"
		c, err := Decode(FileName, "/", []byte("overrides:\n  - paths: ["+quoted+"]\n    ignore: [text]\n"))
		_, alike := Decode(FileName, "/", []byte("suppressions:\n  - {rule: text, reason: a, file: "+quoted+"}\n"))
		if tt.wrong != "" {
			for place, err := range map[string]error{"2:13": err, "2:35": alike} {
				if err == nil || !strings.Contains(err.Error(), ":"+place+": the pattern") || !strings.Contains(err.Error(), tt.wrong) {
					t.Errorf("%s: %v, want %s: %s", tt.pattern, err, place, tt.wrong)
				}
			}
			continue
		}
		if err != nil || alike != nil {
			t.Errorf("%s: %v, %v", tt.pattern, err, alike)
			continue
		}
		p := c.Overrides[0].Paths[0]
		if !suppress.MatchPath(p, tt.matches) || tt.other != "" && suppress.MatchPath(p, tt.other) {
			t.Errorf("%s, as %s, does not match %s only, not %s", tt.pattern, p, tt.matches, tt.other)
		}
	}
}
