package template

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"jixiaolint/checks/profile"
	"jixiaolint/schema/quantity"
)

// The formulas are made of functions that Excel, WPS and LibreOffice share since long
// ago, so no LET, XLOOKUP or regular expressions.

// guard rounds a result before it is rounded for good: binary fractions fall a little
// short of borders that decimal ones hit. No honest figure is nearer to a border than
// its last digit.
const guard = 10

// rounded rounds an expression to d decimals.
func rounded(x string, d int) string {
	return fmt.Sprintf("ROUND(ROUND(%s,%d),%d)", x, guard, d)
}

// quote writes a text constant.
func quote(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// replaceAll replaces texts in an expression, one after the other.
func replaceAll(x string, pairs ...string) string {
	for pair := range slices.Chunk(pairs, 2) {
		x = "SUBSTITUTE(" + x + "," + quote(pair[0]) + "," + quote(pair[len(pair)-1]) + ")"
	}
	return x
}

// equalsAny compares an expression with texts.
func equalsAny(x string, texts ...string) string {
	var terms []string
	for _, t := range texts {
		terms = append(terms, x+"="+quote(t))
	}
	return "OR(" + strings.Join(terms, ",") + ")"
}

// The columns of the sheet of workings, which has a row for each indicator. Those that
// read the form bear that its row is deleted: what is left of a reference is an error.
const (
	wLine           = "A" // the row of the form's sheet, 0 if it is deleted
	wTarget         = "B" // the target as text, its signs and blanks made uniform
	wSign           = "C" // its sign: 1 for ≥ and >, −1 for ≤ and <, 0 for =; the signs themselves would look like a form's
	wRest           = "D" // what follows the sign
	wTargetUnit     = "E"
	wTargetValue    = "F"
	wTargetDecimals = "G"
	wTargetHalf     = "H" // half a unit of the last decimal shown; 0 for whole numbers
	wActual         = "I"
	wActualUnit     = "J"
	wActualValue    = "K"
	wActualDecimals = "L"
	wActualHalf     = "M"
	wSameUnit       = "N" // 1 if both are figures of one unit
	wOrder          = "O" // −1, 0, 1: the actual value is below, at or above the target
	wScore          = "P" // the score that the figures give, "" if none
	wOther          = "Q" // by the other formula, where the profile accepts two
	wLeast          = "R" // the bounds of the score of a qualitative result
	wMost           = "S"
	wRatio          = "T" // actual ÷ target where more is better
	wOpen           = "U" // 1 if the row is filled in and has no score yet
	wTargetDay      = "V" // the date of a target of time without words around it, as 2025年12月31日
	wTargetFrom     = "W" // the first day that it may mean, as 20251201
	wTargetTo       = "X" // the last one
	wActualDay      = "Y"
	wActualFrom     = "Z"
	wActualTo       = "AA"
	wFilled         = "AB" // what was filled in, by which a copy of the form's sheet sees that the workings are not its own
	wNothing        = "AD" // nothing stands here
)

// workings are the headings of the columns, worded so that nobody and no program takes
// the sheet for a form.
var workings = []struct{ column, heading string }{
	{wLine, "表中行"}, {wTarget, "T"}, {wSign, "T符号"}, {wRest, "T数"}, {wTargetUnit, "T单位"}, {wTargetValue, "T值"}, {wTargetDecimals, "T小数位"}, {wTargetHalf, "T精度"},
	{wActual, "V"}, {wActualUnit, "V单位"}, {wActualValue, "V值"}, {wActualDecimals, "V小数位"}, {wActualHalf, "V精度"},
	{wSameUnit, "可比"}, {wOrder, "比较"}, {wScore, "计算"}, {wOther, "或"}, {wLeast, "下限"}, {wMost, "上限"}, {wRatio, "V÷T"}, {wOpen, "待填"},
	{wTargetDay, "T日期"}, {wTargetFrom, "T最早"}, {wTargetTo, "T最晚"}, {wActualDay, "V日期"}, {wActualFrom, "V最早"}, {wActualTo, "V最晚"},
	{wFilled, "填写"},
}

// textColumns are the columns of the workings that hold texts, digits or not.
var textColumns = []string{wTarget, wRest, wTargetUnit, wActual, wActualUnit, wTargetDay, wActualDay, wFilled}

// rowCells are the cells of an indicator row that the workings read.
type rowCells struct{ target, actual, weight, score string }

// filled joins the cells that a score follows from.
func (c rowCells) filled() string { return c.target + `&"|"&` + c.actual + `&"|"&` + c.weight }

// uniform writes signs, digits and blanks in one way.
func uniform(x string) string {
	pairs := []string{" ", "", "　", "", "＞", ">", "＜", "<", "＝", "=", "≧", "≥", "≦", "≤", ">=", "≥", "<=", "≤", "％", "%", "，", "", ",", "", "．", "."}
	for d := range 10 {
		pairs = append(pairs, string(rune('０'+d)), strconv.Itoa(d))
	}
	return replaceAll(x, pairs...)
}

// signed puts the sign of a target that has it in words in front of its figure.
func signed(x string) string {
	return replaceAll(x, "大于或等于", "≥", "大于等于", "≥", "小于或等于", "≤", "小于等于", "≤", "不少于", "≥", "不低于", "≥", "不小于", "≥", "至少", "≥",
		"达到", "≥", "不超过", "≤", "不高于", "≤", "不多于", "≤", "不大于", "≤", "控制在", "≤", "至多", "≤", "最多", "≤")
}

// rowFormulas gives the workings of one indicator row, by column. Cells of the form's
// sheet are written with the sheet's name. The year is that of the form if the row may
// hold dates, and 0 if not.
func rowFormulas(p *profile.Profile, form rowCells, row, year int) map[string]string {
	at := func(column string) string { return column + strconv.Itoa(row) }
	unit := func(x string) string {
		for _, d := range "0123456789." {
			x = replaceAll(x, string(d), "")
		}
		return x
	}
	// The digits must stand together in front of the unit, with one point at most.
	digits := func(x, unit string) string { return fmt.Sprintf("LEFT(%[1]s,LEN(%[1]s)-LEN(%[2]s))", x, unit) }
	value := func(x, unit string) string {
		d := digits(x, unit)
		return fmt.Sprintf(`IF(LEN(%[1]s)>LEN(%[2]s),IF(AND(%[3]s&%[2]s=%[1]s,LEN(%[3]s)-LEN(SUBSTITUTE(%[3]s,".",""))<=1),IFERROR(VALUE(%[3]s),""),""),"")`, x, unit, d)
	}
	places := func(x, unit string) string {
		return fmt.Sprintf(`IF(ISNUMBER(FIND(".",%[1]s)),LEN(%[1]s)-LEN(%[2]s)-FIND(".",%[1]s),0)`, x, unit)
	}
	half := func(decimals string) string { return fmt.Sprintf("IF(%[1]s=0,0,0.5/POWER(10,%[1]s))", decimals) }
	signs := equalsAny("LEFT("+at(wTarget)+",1)", "≥", ">", "≤", "<", "=")
	t, v, sign, first := at(wTargetValue), at(wActualValue), at(wSign), "LEFT("+at(wTarget)+",1)"
	bareFraction := func(percentUnit, percentValue, bareValue string) string {
		return fmt.Sprintf(`IF(AND(%s="%%",%s>1,%[3]s>0,%[3]s<=1),0,1)`, percentUnit, percentValue, bareValue)
	}
	cells := map[string]string{
		wLine:   "IFERROR(ROW(" + form.target + "),0)",
		wTarget: "IFERROR(" + signed(uniform(form.target)) + `,"")`,
		wSign: fmt.Sprintf(`IF(%s,1,IF(%s,-1,IF(%s,0,IF(RIGHT(%[4]s,2)="以上",1,IF(RIGHT(%[4]s,2)="以内",-1,"")))))`,
			equalsAny(first, "≥", ">"), equalsAny(first, "≤", "<"), equalsAny(first, "="), at(wTarget)),
		wRest:           replaceAll(fmt.Sprintf("MID(%s,IF(%s,2,1),60)", at(wTarget), signs), "及以上", "", "以上", "", "以内", ""),
		wTargetUnit:     unit(at(wRest)),
		wTargetValue:    value(at(wRest), at(wTargetUnit)),
		wTargetDecimals: places(at(wRest), at(wTargetUnit)),
		wActualDecimals: places(at(wActual), at(wActualUnit)),
		wTargetHalf:     half(at(wTargetDecimals)),
		wActual:         "IFERROR(" + uniform(form.actual) + `,"")`,
		wActualUnit:     unit(at(wActual)),
		wActualValue:    value(at(wActual), at(wActualUnit)),
		wActualHalf:     half(at(wActualDecimals)),
		wSameUnit: fmt.Sprintf(`IF(AND(ISNUMBER(%s),ISNUMBER(%s)),IF(%[3]s=%[4]s,1,IF(%[4]s="",%[5]s,IF(%[3]s="",%[6]s,0))),0)`,
			t, v, at(wTargetUnit), at(wActualUnit), bareFraction(at(wTargetUnit), t, v), bareFraction(at(wActualUnit), v, t)),
		wOrder:  orderFormula(t, at(wTargetHalf), v, at(wActualHalf), at(wSameUnit)),
		wFilled: "IFERROR(" + form.filled() + `,"")`,
		wOpen:   "IF(" + openRow(at(wTarget), at(wActual), form.weight, form.score) + ",1,0)",
		wRatio:  fmt.Sprintf(`IF(AND(%s=1,%s<>-1),IF(%[3]s>0,%[4]s/%[3]s,""),"")`, at(wSameUnit), sign, t, v),
	}
	score := func(n int) string {
		return scoreFormula(p, n, rowCells{target: t, actual: v, weight: form.weight}, sign, at(wOrder))
	}
	cells[wScore], cells[wOther] = score(0), score(1)
	if year != 0 {
		for _, d := range []struct{ text, day, from, to string }{
			{wTarget, wTargetDay, wTargetFrom, wTargetTo}, {wActual, wActualDay, wActualFrom, wActualTo},
		} {
			cells[d.day] = bareDate(at(d.text), year)
			cells[d.from] = firstDay(at(d.day))
			cells[d.to] = fmt.Sprintf(`IF(ISNUMBER(%[1]s),%[1]s+IF(RIGHT(%[2]s,1)="月",30,0),"")`, at(d.from), at(d.day))
		}
		cells[wScore] = fmt.Sprintf(`IF(AND(ISNUMBER(%[1]s),ISNUMBER(%[2]s)),IF(AND(%[2]s<=%[1]s,%[2]s<%[3]d,ISNUMBER(%[4]s)),%[4]s,""),%[5]s)`,
			at(wTargetTo), at(wActualTo), endOf(year), form.weight, cells[wScore])
	}
	least, most := `""`, `""`
	for i := len(p.Bands) - 1; i >= 0; i-- {
		b := p.Bands[i]
		is := equalsAny(at(wActual), append([]string{b.Name}, b.Also...)...)
		least = fmt.Sprintf("IF(%s,%s*%s,%s)", is, b.From, form.weight, least)
		most = fmt.Sprintf("IF(%s,%s*%s,%s)", is, b.To, form.weight, most)
	}
	cells[wLeast] = fmt.Sprintf(`IF(ISNUMBER(%s),%s,"")`, form.weight, least)
	cells[wMost] = fmt.Sprintf(`IF(ISNUMBER(%s),%s,"")`, form.weight, most)
	return cells
}

// openRow tells whether a row is filled in and has no score.
func openRow(target, actual, weight, score string) string {
	return fmt.Sprintf("AND(LEN(TRIM(%s))>0,LEN(TRIM(%s))>0,ISNUMBER(%s),NOT(ISNUMBER(%s)))", target, actual, weight, score)
}

// endOf gives a number that the days of a year are below, and those of later years not.
func endOf(year int) int { return (year + 1) * 10000 }

// bareDate gives a date without the words around it, as 2025年12月31日 or 2025年12月, ""
// for most other texts. An end of a year is a December, and 2025-12-31, 2025/12/31 and
// 2025.12.31 are dates. The year is the one given if none is stated.
func bareDate(x string, year int) string {
	bare := replaceAll(x, "年年", "年", "年底", "年12月", "年末", "年12月", "月份", "月", "号", "日",
		"之前", "", "以前", "", "之内", "", "以内", "", "完成", "", "前", "", "底", "", "末", "")
	dashes := replaceAll(bare, "/", "-", ".", "-")
	return fmt.Sprintf(`IF(LEN(%[1]s)-LEN(SUBSTITUTE(%[2]s,"-",""))=2,SUBSTITUTE(SUBSTITUTE(%[2]s,"-","年",1),"-","月",1)&"日",IF(ISNUMBER(FIND("月",%[1]s)),IF(LEFT(%[1]s,1)="年","%[3]d",IF(ISNUMBER(FIND("年",%[1]s)),"","%[3]d年"))&%[1]s,""))`,
		bare, dashes, year)
}

// firstDay gives the first day that a bare date may mean as a number such as 20251231,
// "" if it is none.
func firstDay(date string) string {
	rest := "MID(" + date + ",6,9)"
	value := func(text string) string { return "IFERROR(VALUE(" + text + "),0)" }
	year := value("LEFT(" + date + ",4)")
	month := fmt.Sprintf(`LEFT(%[1]s,FIND("月",%[1]s&"月")-1)`, rest)
	day := fmt.Sprintf(`MID(%[1]s,FIND("月",%[1]s&"月")+1,9)`, rest)
	dayNumber := fmt.Sprintf(`IF(%[1]s="",1,%[2]s)`, day, value(fmt.Sprintf(`SUBSTITUTE(%s,"日","")`, day)))
	return fmt.Sprintf(`IF(AND(MID(%[1]s,5,1)="年",LEN(%[2]s)<=2,%[3]s>=1,%[3]s<=12,OR(%[4]s="",AND(LEN(%[4]s)<=3,RIGHT(%[4]s,1)="日")),%[5]s>=1,%[5]s<=31),%[6]s*10000+%[3]s*100+%[5]s,"")`,
		date, month, value(month), day, dayNumber, year)
}

// orderFormula compares the values that the figures stand for, as the rules do: a number
// with decimals stands for all that round to it.
func orderFormula(t, targetHalf, v, actualHalf, sameUnit string) string {
	// begins tells whether a begins no later than b ends; an interval with a width does
	// not hold its upper end.
	begins := func(a, aHalf, b, bHalf string) string {
		gap := fmt.Sprintf("ROUND(%s-%s-%s-%s,9)", a, aHalf, b, bHalf)
		return fmt.Sprintf("OR(%[1]s<0,AND(%[1]s=0,%[2]s=0))", gap, bHalf)
	}
	return fmt.Sprintf(`IF(%s=1,IF(AND(%s,%s),0,IF(ROUND(%s-%s-%s+%s,9)<0,-1,1)),"")`, sameUnit,
		begins(v, actualHalf, t, targetHalf), begins(t, targetHalf, v, actualHalf), v, actualHalf, t, targetHalf)
}

// scoreFormula gives the score by the n-th formula that the profile accepts: "" where
// the figures do not say. A target without a sign gives the full score if it is hit; for
// the rest it does not say which way it is meant.
func scoreFormula(p *profile.Profile, n int, c rowCells, sign, order string) string {
	const none = `""`
	full := c.weight
	if n > 0 {
		full = none
	}
	missed := func(f profile.Formula) string {
		if readings := f.Readings(); n < len(readings) {
			return fmt.Sprintf("IF(%s>0,%s,%s)", c.target, rounded(fmt.Sprintf("MIN(%[1]s,MAX(0,%[2]s))", c.weight, shareOf(readings[n], c)), p.Decimals), none)
		}
		return none
	}
	zero := none
	if p.ZeroTarget == profile.AllOrNothing && n == 0 {
		zero = "0"
	}
	above := full // of a target with =
	if p.Equal == profile.Exact {
		above = none
	}
	reverse := fmt.Sprintf("IF(%s<=0,%s,IF(%s=0,%s,%s))", order, full, c.target, zero, missed(p.Reverse))
	equal := fmt.Sprintf("IF(%[1]s=0,%[2]s,IF(%[1]s>0,%[3]s,%[4]s))", order, full, above, missed(p.Equal))
	positive := fmt.Sprintf("IF(%s>=0,%s,%s)", order, full, missed(p.Positive))
	return fmt.Sprintf(`IF(AND(ISNUMBER(%[1]s),ISNUMBER(%[2]s)),IF(NOT(ISNUMBER(%[3]s)),IF(%[1]s=0,%[7]s,""),IF(OR(%[3]s=-1,AND(%[3]s=0,%[4]s=0)),%[5]s,IF(%[3]s=0,%[6]s,%[8]s))),"")`,
		order, c.weight, sign, c.target, reverse, equal, full, positive)
}

// shareOf writes the score of a missed target by a formula, before it is held between 0
// and the weight.
func shareOf(f profile.Formula, c rowCells) string {
	v, t, w := c.actual, c.target, c.weight
	switch f {
	case profile.Proportional:
		return fmt.Sprintf("%s*%s/%s", v, w, t)
	case profile.Linear:
		return fmt.Sprintf("(2*%[2]s-%[1]s)*%[3]s/%[2]s", v, t, w)
	case profile.Ratio:
		return fmt.Sprintf("IF(%[1]s=0,%[3]s,%[2]s*%[3]s/%[1]s)", v, t, w)
	case profile.Either, profile.AllOrNothing, profile.Exact, profile.Free:
	}
	return `""`
}

// fundCells are the cells of a fund row.
type fundCells struct{ initial, adjusted, executed, weight, rate, score string }

// rateFormula gives the execution rate of a row.
func rateFormula(p *profile.Profile, c fundCells) string {
	return fmt.Sprintf(`IF(AND(ISNUMBER(%[1]s),ISNUMBER(%[2]s)),IF(%[1]s>0,%[3]s,IF(%[2]s=0,%[4]s,"")),"")`,
		c.adjusted, c.executed, roundedRate(p, c), zeroRate(p))
}

// zeroRate is the rate of 0 executed of 0 budgeted.
func zeroRate(p *profile.Profile) string {
	return p.Execution.ZeroBudget.Quo(quantity.Int(100)).String()
}

// roundedRate writes the execution rate with the decimals that the form shows.
func roundedRate(p *profile.Profile, c fundCells) string {
	return fmt.Sprintf("ROUND(ROUND(%s/%s,12),%d)", c.executed, c.adjusted, p.Execution.RateDecimals+2)
}

// executionFormula scores the execution rate as it is shown, as the rules do (S10).
func executionFormula(p *profile.Profile, c fundCells) string {
	e := p.Execution
	share := roundedRate(p, c)
	if e.Mode == profile.ModeSteps {
		rate := fmt.Sprintf("ROUND(%s*100,%d)", share, guard)
		share = "0"
		for i := len(e.Steps) - 1; i >= 0; i-- {
			share = fmt.Sprintf("IF(%s>=%s,%s,%s)", rate, e.Steps[i].From, e.Steps[i].Share, share)
		}
	}
	if e.Cap {
		share = "MIN(1," + share + ")"
	}
	score := rounded(fmt.Sprintf("MAX(0,%s)*%s", share, c.weight), p.Decimals)
	zero := rounded(e.Share(e.ZeroBudget.Number).String()+"*"+c.weight, p.Decimals)
	return fmt.Sprintf(`IF(AND(ISNUMBER(%[1]s),ISNUMBER(%[2]s),ISNUMBER(%[3]s)),IF(%[1]s>0,%[4]s,IF(%[2]s=0,%[5]s,"")),"")`, c.adjusted, c.executed, c.weight, score, zero)
}

// gradeFormula gives the grade of the total.
func gradeFormula(p *profile.Profile, total string) string {
	grade := `""`
	for i := len(p.Grades) - 1; i >= 0; i-- {
		g := p.Grades[i]
		grade = fmt.Sprintf("IF(%s>=%s,%s,%s)", total, g.From, quote(g.Name), grade)
	}
	return fmt.Sprintf(`IF(ISNUMBER(%s),%s,"")`, total, grade)
}

// sumFormula adds up cells once one of them is a number. Spreadsheets add binary
// fractions, so the sum is rounded far behind its last digit.
func sumFormula(cells ...string) string {
	list := strings.Join(cells, ",")
	return fmt.Sprintf(`IF(COUNT(%[1]s)=0,"",ROUND(SUM(%[1]s),%[2]d))`, list, guard)
}

// differs tells whether the sum of cells is another than a value. It is false while the
// cells hold no number.
func differs(value string, cells ...string) string {
	list := strings.Join(cells, ",")
	return fmt.Sprintf("AND(COUNT(%[2]s)>0,ISNUMBER(%[1]s),ABS(SUM(%[2]s)-N(%[1]s))>%[3]s)", value, list, tiny)
}
