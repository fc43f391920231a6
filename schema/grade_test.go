package schema

import "testing"

// The one grade that is checked is read, wherever its box stands; where it may be another
// one, none is.
func TestCheckedGrade(t *testing.T) {
	for text, want := range map[string]string{
		"优□ 良☑ 中□ 差□":         "良",
		"☑优 □良 □中 □差":         "优",
		"□优 ■良 □中 □差":         "良",
		"优（√） 良（ ） 中（ ） 差（ ）": "优",
		"优( ) 良(√) 中( ) 差( )": "良",
		"（ ）优 （√）良":           "良",
		"[√]优 [ ]良":           "优",
		"√优 良 中 差":            "优",
		"优 良 中 差√":            "差",
		"良√":                  "良",
		"优秀□ 良好☑ 合格□ 不合格□":    "良好",
		"优□ 良□ 中□ 差□":         "",
		"优☑ 良☑ 中□ 差□":         "",
		"优 √ 良":               "",
		"优□ 良☑ □中":            "",
		"□优 良☑":               "",
		"优":                   "",
		"☑":                   "",
		"":                    "",
		"☑优 □良 □项目已完成":        "",
	} {
		if got := CheckedGrade(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
