package schema

import (
	"regexp"
	"strings"

	"jixiaolint/schema/quantity"
)

// The boxes that forms print for a choice, those that are empty and those that are checked.
const (
	OpenBoxes    = "□☐○"
	CheckedBoxes = "☑☒■√þ✓✔"
)

// reGradeToken takes apart grades with boxes: the grades, boxes that are empty, boxes
// that are checked.
var reGradeToken = regexp.MustCompile(`(优秀?|良好?|中等?|较?差|不?合格)|([\[(]?[` + OpenBoxes + `][\])]?|\(\)|\[\])|([\[(]?[` + CheckedBoxes + `][\])]?)`)

// CheckedGrade gives the grade whose box is checked: 良 for 优□ 良☑ 中□ 差□ and for
// □优 ☑良. It is empty where none or several are, and where a mark may belong to either
// of two grades.
func CheckedGrade(text string) string {
	const box, tick = "b", "t"
	s := quantity.Fold(text)
	var grades []string
	kinds := "" // g for a grade
	at := 0
	for _, m := range reGradeToken.FindAllStringSubmatchIndex(s, -1) {
		if m[0] != at {
			return ""
		}
		at = m[1]
		switch {
		case m[2] >= 0:
			kinds += "g"
			grades = append(grades, s[m[2]:m[3]])
		case m[4] >= 0:
			kinds += box
		default:
			kinds += tick
		}
	}
	if at != len(s) || len(grades) == 0 || strings.Count(kinds, tick) != 1 {
		return ""
	}
	first := strings.Index(kinds, tick)
	switch {
	case len(kinds) == 2*len(grades):
		// As many boxes as grades, all before theirs or all after theirs.
		before := kinds[0] != 'g'
		for i := range grades {
			if (kinds[2*i] == 'g') == before {
				return ""
			}
		}
		return grades[first/2]
	case strings.Contains(kinds, box):
		return ""
	case first == 0:
		return grades[0]
	case first == len(kinds)-1:
		return grades[len(grades)-1]
	}
	return ""
}
