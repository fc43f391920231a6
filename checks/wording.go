package checks

import (
	"regexp"
	"slices"
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/quantity"
)

// reWordedFigure finds an actual value that is a figure with the verb before it, or with a
// remark after it: 完成15期, 实际举办15期, 15期(线上2期).
var reWordedFigure = regexp.MustCompile(`^(?:全年|实际|已经?|累计|共计?|合计|总计|完成|举办|开展|组织|实施)*([0-9][0-9,.]*[^0-9()]+)(\([^()]*\))?$`)

// wordedFigure reads an actual value that says a figure in the unit of the target in words.
func wordedFigure(text, unit string) (quantity.Quantity, bool) {
	m := reWordedFigure.FindStringSubmatch(quantity.Fold(text))
	if m == nil || unit == "" || containsAny(m[2], "另", "未", "不", "余") {
		return quantity.Quantity{}, false
	}
	q := quantity.Parse(m[1])
	return q, q.IsFigure() && q.Comparator == quantity.None && q.Unit == unit
}

// reRoundFigure finds figures such as 10余期.
var reRoundFigure = regexp.MustCompile(`^([0-9]+)[余多](.+)$`)

// belowRound reports whether a round figure is below a target whatever it stands for:
// 10余期 is at most 19期.
func belowRound(text string, target quantity.Quantity) bool {
	m := reRoundFigure.FindStringSubmatch(quantity.Fold(text))
	if m == nil || m[2] != target.Unit {
		return false
	}
	next, ten := quantity.Int(10), quantity.Int(10)
	for zeros := strings.TrimRight(m[1], "0"); len(m[1])-len(zeros) > 1; zeros += "0" {
		next = next.Mul(ten)
	}
	n, _, ok := quantity.ParseDecimal(m[1])
	return ok && n.Add(next).Cmp(target.Value) <= 0
}

// checkedWord gives the word whose box is checked: 达标 for ☑达标 □未达标 and for 达标☑
// 未达标□. It is empty where none or several are.
func checkedWord(text string) string {
	s := quantity.Fold(text)
	if !strings.ContainsAny(s, schema.OpenBoxes) || !strings.ContainsAny(s, schema.CheckedBoxes) {
		return ""
	}
	isBox := func(r rune) bool { return strings.ContainsRune(schema.OpenBoxes+schema.CheckedBoxes, r) }
	words := strings.FieldsFunc(s, isBox)
	var boxes []rune
	for _, r := range s {
		if isBox(r) {
			boxes = append(boxes, r)
		}
	}
	if len(words) != len(boxes) {
		return ""
	}
	checked := ""
	for i, box := range boxes {
		if !strings.ContainsRune(schema.CheckedBoxes, box) {
			continue
		}
		if checked != "" {
			return ""
		}
		checked = strings.Trim(words[i], ",;、/")
	}
	return checked
}

// plainWord gives the words of a cell, or the one whose box is checked.
func plainWord(text string) string {
	if s := checkedWord(text); s != "" {
		return s
	}
	return bareWords(text)
}

// contradicts reports whether a result says in words that the target was not reached: 不合格
// of 合格, 超预算 of 不超预算, 否 of 是.
func (l *lexicon) contradicts(target, actual string) bool {
	t, v := plainWord(target), plainWord(actual)
	if t == "是" && v == "否" || t == "否" && v == "是" {
		return true
	}
	if rest, ok := denied(v); ok && rest == t {
		return !l.unwanted.in(t)
	}
	rest, ok := denied(t)
	return ok && rest == strings.TrimPrefix(v, "已") && (beginsWith(rest, "超", "突破", "发生", "出现", "存在") || l.unwanted.in(rest))
}

// denied gives what a text of at least two characters says is not so.
func denied(text string) (rest string, ok bool) {
	for _, no := range []string{"尚未", "未能", "没有", "未", "不"} {
		if rest, ok = strings.CutPrefix(text, no); ok {
			return rest, len(rest) > len("是")
		}
	}
	return "", false
}

// grades are the words of the usual scale, from the best.
var grades = [][]string{{"优", "优秀"}, {"良", "良好", "优良"}, {"中", "中等", "一般", "合格"}, {"差", "较差", "不合格"}}

// lowerGrade reports whether a result is a lower grade than the target.
func lowerGrade(target, actual string) bool {
	rank := func(s string) int {
		return slices.IndexFunc(grades, func(words []string) bool { return slices.Contains(words, s) })
	}
	t, v := rank(plainWord(target)), rank(plainWord(actual))
	return t >= 0 && v > t
}

// missesInWords reports whether the result of a row falls short of its target although the
// two cannot be compared as figures.
func (a *assessment) missesInWords(r *indicatorRow) bool {
	switch {
	case r.target.IsFigure():
		return r.sense == wanted && !r.target.Comparator.Upper() && r.typ != schema.CostType && r.typ != schema.TimeType && belowRound(r.Actual.Text, r.target)
	case r.target.Kind != quantity.Words:
		return false
	}
	t, v := bareWords(r.Target.Text), bareWords(r.Actual.Text)
	if a.words.nothingToHappen(t) {
		n := quantity.Parse(strings.TrimPrefix(v, "发生"))
		return n.IsFigure() && n.Value.Sign() > 0 && n.Unit != "%"
	}
	if r.lessChange(t, v) {
		return true
	}
	all, whole := strings.CutPrefix(t, "全部")
	some, part := strings.CutPrefix(v, "部分")
	return whole && part && all == some || lowerGrade(t, v) || a.words.contradicts(t, v)
}

// reChange finds targets and results that say by how much something changed.
var reChange = regexp.MustCompile(`^((?:同比|较上年|比上年)?(减少|下降|降低|增长|增加|提高|提升))([0-9].*)$`)

// lessChange reports whether something changed by less than the target says, in the same
// words: 减少60吨 of 减少100吨. More growth is better only of what is wanted.
func (r *indicatorRow) lessChange(target, actual string) bool {
	t, v := reChange.FindStringSubmatch(target), reChange.FindStringSubmatch(actual)
	if t == nil || v == nil || t[1] != v[1] {
		return false
	}
	grows := !containsAny(t[2], "减少", "下降", "降低")
	if grows && (r.sense != wanted || containsAny(r.Name.Text, "价", "费", "支出", "成本")) {
		return false
	}
	a, b := quantity.Parse(t[3]), quantity.Parse(v[3])
	return a.IsFigure() && b.IsFigure() && a.Comparator == quantity.None && b.Comparator == quantity.None && a.Unit == b.Unit && b.Value.Cmp(a.Value) < 0
}

// nothingToHappen reports whether a target says that something unwanted is not to happen at
// all: 零事故, 不发生.
func (l *lexicon) nothingToHappen(target string) bool {
	for _, no := range []string{"零", "无", "不", "未"} {
		if rest, ok := strings.CutPrefix(target, no); ok {
			return rest == "发生" || rest == "出现" || l.unwanted.in(rest) && !l.answered.in(rest)
		}
	}
	return false
}
