package checks

import (
	"iter"
	"regexp"
	"strings"
	"unicode/utf8"

	"jixiaolint/schema"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

var narrativeRules = []*Rule{
	{
		Name: "narrative-amount-sum", Group: GroupNarrative, Severity: Warning, Since: "0.1",
		Title: lang.T("文字里的金额与表不符", "amounts in the text contradict the form"),
		What: lang.T("一句话里“用于”或“其中”之后列出的各项金额（同一单位、两项以上）合计超过同句写明的总额，或没有“主要、等、约”而略少于它（差一成以内）；没有写总额的，合计超过表中所有资金数。年初预算、全年预算写明的数既不等于年初预算数也不等于全年预算数；写明的拨款数大于表中所有资金数。累计、多年、增长、人均等不比较。",
			"The amounts listed after 用于 or 其中 in one sentence (one unit, two or more) exceed the total of that sentence, or fall short of it by up to a tenth without 主要, 等 or 约; without a total, they exceed every amount of the fund block. Or a budget stated as 年初预算 or 全年预算 equals neither, or a stated 拨款 exceeds every amount of the block. Multi-year sums, growth and amounts per head are not compared."),
		Why: lang.T("文字与表是同一笔钱，数不一致必有一处错。", "Text and table speak of the same money: if they differ, one is wrong."),
		How: lang.T("对照资金表和明细改正文字或表中的金额；文字说的是多年或其他口径的，在句中写明。",
			"Correct the amounts in the text or the table; where the text speaks of other years or funds, say so in the sentence."),
		Basis: []string{"S39", "practice"},
		Uses:  []string{"/narrative/parts_gap"},
		Wrong: Example{{"/goal/actual", "全年支出114万元，其中：培训费60万元、检查费70万元；举办培训22期，开展检查50次，投诉办结率未达到目标。"}},
		Right: Example{{"/goal/actual", "全年支出114万元，其中：培训费60万元、检查费54万元；举办培训22期，开展检查50次，投诉办结率未达到目标。"}},
		Check: checkNarrativeAmounts,
	},
	{
		Name: "narrative-source-contradiction", Group: GroupNarrative, Severity: Warning, Since: "0.1",
		Title: lang.T("说是财政拨款，表中财政拨款为 0", "the text says fiscal appropriation, the row says 0"),
		What: lang.T("目标文字写财政（局）拨款若干元，或指标名称说财政拨款而指标值是金额，但表中财政拨款各行的数都是 0。",
			"The texts of the goal state an appropriation by the finance office (财政局拨款 … 元), or an indicator of 财政拨款 has an amount, while every 财政拨款 row of the fund block is 0."),
		Why: lang.T("资金来源没有填进来源行，分项与合计对不上。", "The source of the money was not filed in its row, so parts and total disagree."),
		How: lang.T("把财政拨款的数填进来源行，或改正文字。",
			"Fill in the row 财政拨款, or correct the text."),
		Basis: []string{"S17"},
		Wrong: Example{
			{"/goal/expected", "县财政局拨款120万元，举办业务培训不少于20期，开展现场检查不少于50次。"},
			{"/funds/rows/1/initial", "0"}, {"/funds/rows/1/adjusted", "0"}, {"/funds/rows/1/executed", "0"},
			{"/funds/rows/2/initial", "120"}, {"/funds/rows/2/adjusted", "120"}, {"/funds/rows/2/executed", "114"},
		},
		Right: Example{{"/goal/expected", "县财政局拨款120万元，举办业务培训不少于20期，开展现场检查不少于50次。"}},
		Check: checkSourceContradiction,
	},
	{
		Name: "narrative-count-mismatch", Group: GroupNarrative, Severity: Note, Since: "0.1",
		Title: lang.T("文字里的约数与完成值不符", "a round figure of the text excludes the actual value"),
		What: lang.T("实际完成情况写“n 余”“n 多”，即大于 n、不到下一个整数（50余：51～59）；同一类对象的各个约数相加后，不包含名称相符的那条指标的完成值。相差一倍以上的视为另一回事，不比较；文字说的确是另一批对象的，请忽略。",
			"The text of the results says n余 or n多, that is above n and below the next round figure (50余: 51 to 59). The sum of such figures for one kind of object excludes the actual value of the indicator whose name matches. Values apart by a factor of two or more are taken for something else. Ignore it where the text speaks of other objects."),
		Why: lang.T("文字和表说的是同一件事，数应当一致。", "Text and table speak of one thing and should agree."),
		How: lang.T("核对台账，使文字和完成值一致；文字说的是另一批对象的可以忽略。",
			"Check your records and make text and actual value agree. Leave it where the text counts other things."),
		Basis: []string{"S18"},
		Uses:  []string{"/narrative/count_factor"},
		Wrong: Example{{"/indicators/0/name", "参加培训的企业"}, {"/indicators/0/target", "≥20家"}, {"/indicators/0/actual", "22家"},
			{"/goal/actual", "全年共有30余家企业参加业务培训，开展现场检查50次；投诉办结率97%，略低于目标。"}},
		Right: Example{{"/indicators/0/name", "参加培训的企业"}, {"/indicators/0/target", "≥20家"}, {"/indicators/0/actual", "22家"},
			{"/goal/actual", "全年共有20余家企业参加业务培训，开展现场检查50次；投诉办结率97%，略低于目标。"}},
		Check: checkNarrativeCounts,
	},
	{
		Name: "actual-narrative-unquantified", Group: GroupNarrative, Severity: Note, Since: "0.1",
		Title: lang.T("实际完成情况没有数字", "the results are told without a figure"),
		What:  lang.T("实际完成情况里除文号、日期和序号外没有一个数字。", "The text of the results holds no figure other than document numbers, dates and list numbers."),
		Why:   lang.T("没有数字，看不出完成了多少、与目标差多少。", "Without figures nobody sees how much was done and how far it is from the goal."),
		How: lang.T("写进主要完成数，如培训几期、多少人、比例多少；与目标逐项对应。目标和指标都是定性的可以忽略。",
			"Add the main figures, such as how many courses, people and rates, item by item as in the goal. Leave it where goal and indicators have no figures either."),
		Basis: []string{"S17", "S18"},
		Wrong: Example{{"/goal/actual", "业务培训和现场检查均已开展，投诉办结略低于目标。"}},
		Right: Example{},
		Check: func(p *Pass) {
			f := p.Form.Goal.Actual
			if f.Missing() || isQuantified(p.results) {
				return
			}
			p.Report(Finding{
				At:      f,
				Message: lang.T("实际完成情况没有一个数字", "the text of the results holds no figure"),
				Help:    lang.T("请写明完成的数量、比率，并与预期目标对照", "say how much was done, against the expected goal"),
			})
		},
	},
	{
		Name: "actual-narrative-copied", Group: GroupNarrative, Severity: Note, Since: "0.1",
		Title: lang.T("实际完成情况照抄预期目标", "the results repeat the expected goal"),
		What: lang.T("实际完成情况与预期目标的相似度达到 0.6，或预期目标有一半以上的文字成段（4 字以上）出现在其中。逐项对照目标、写出了自己的数字的不算。",
			"The text of the results is 0.6 or more similar to the expected goal, or more than half of the goal stands in it in runs of 4 characters or more. A text that answers the goal with figures of its own does not count."),
		Why: lang.T("照抄目标没有说明完成情况。", "A copy of the goal does not say what was done."),
		How: lang.T("按目标逐项写实际做到的数和结果，没有做到的写明差多少。确已逐项写明结果、只是用词相近的可以忽略。",
			"Go through the goal and state what was achieved in figures, and what was not. Leave it where all results are there and only the words are alike."),
		Basis: []string{"S25", "practice"},
		Uses:  []string{"/narrative/similarity", "/narrative/copied_share", "/narrative/copied_run_chars", "/narrative/copied_min_chars"},
		Wrong: Example{{"/goal/expected", "举办业务培训，开展现场检查，提高执法人员业务水平，规范市场秩序。"}, {"/goal/actual", "举办了业务培训，开展了现场检查，提高了执法人员业务水平，规范了市场秩序。"}},
		Right: Example{},
		Check: checkNarrativeCopied,
	},
	{
		Name: "future-tense-in-actual", Group: GroupNarrative, Severity: Note, Since: "0.1",
		Title: lang.T("实际完成情况写的是将来", "the results speak of the future"),
		What: lang.T("实际完成情况里有“将持续”“将继续”“下一步”“拟开展”等。文字里承认了未完成、滞后等的不算：那是在写改进措施。",
			"The text of the results says 将持续, 将继续, 下一步, 拟开展 … A text that owns up to a shortfall does not count: there these are measures."),
		Why: lang.T("实际完成情况写已经做到的；打算做的不是完成。", "Results are what was done; plans are none."),
		How: lang.T("只写已经做到的；打算做的移到偏差原因及改进措施。写的是本年度已开始的常年工作的可以忽略。",
			"State what was done only; plans belong to the measures. Leave it for work that had begun within the year."),
		Basis: []string{"practice"},
		Wrong: Example{{"/goal/actual", "全年举办业务培训22期，开展现场检查50次，将持续加强市场监管。"}},
		Right: Example{},
		Check: func(p *Pass) {
			text := p.Form.Goal.Actual.Text
			w, ok := p.words.future.first(text)
			if !ok || p.words.shortfall.in(text) {
				return
			}
			p.Report(Finding{
				At: p.Form.Goal.Actual, Found: w,
				Message: lang.F("实际完成情况写着“%[1]s”，说的是将来", "the text of the results says %[1]q, which is yet to come", w),
				Help:    lang.T("请只写已经完成的；打算写入改进措施", "tell only what was done; plans belong to the measures"),
			})
		},
	},
	{
		Name: "shortfall-omitted", Group: GroupNarrative, Severity: Note, Since: "0.1",
		Title: lang.T("文字没有提到未完成的部分", "the text is silent about a shortfall"),
		What: lang.T("有指标没有达到指标值、因此扣分而没有填原因，或执行率低于规定界限，而实际完成情况没有“未、不足、滞后、偏差”之类的词，也没有写出那个完成值。表外另有偏差原因说明的不算。",
			"An indicator missed its target and lost points without a reason in its row, or the execution rate is below the profile's limit, while the text of the results has no word such as 未, 不足, 滞后 or 偏差 and does not give that actual value. Forms with a text on deviations beside the table do not count."),
		Why: lang.T("自评要如实反映，不能只写成绩。", "A self-evaluation tells what was missed as well as what was achieved."),
		How: lang.T("在实际完成情况中写明哪一项没有完成、差多少、为什么；已在附件说明的可以忽略。",
			"Say in the result which target was missed, by how much and why. Leave it where an annex explains it."),
		Basis: []string{"S1"},
		Uses:  []string{"/explain/execution_below"},
		Wrong: Example{{"/goal/actual", "全年举办业务培训22期，开展现场检查50次，培训考核合格率96%，规范了市场秩序。"}, {"/indicators/5/explanation", nil}},
		Right: Example{},
		Check: checkShortfallOmitted,
	},
}

// moneyInText finds amounts of money in folded prose.
var moneyInText = regexp.MustCompile(`([0-9][0-9,]*(?:\.[0-9]+)?)(亿元|万元|元)`)

// stated is an amount of money that a text states.
type stated struct {
	q          quantity.Quantity
	start, end int
}

// amountsIn gives the amounts of money in a folded text, in order.
func amountsIn(text string) []stated {
	if !strings.Contains(text, "元") {
		return nil
	}
	var out []stated
	for _, m := range moneyInText.FindAllStringIndex(text, -1) {
		if q := quantity.Parse(text[m[0]:m[1]]); q.IsFigure() {
			out = append(out, stated{q, m[0], m[1]})
		}
	}
	return out
}

// in gives the interval of a stated amount in another unit of money.
func (s stated) in(unit string) (quantity.Interval, bool) {
	factor, ok := quantity.Convert(s.q.Unit, unit)
	return s.q.Shown().Mul(quantity.Point(factor)), ok
}

// reInBrackets finds text in brackets, which details what stands before it.
var reInBrackets = regexp.MustCompile(`\([^()]*\)`)

// half is one half of the overall goal, with its text folded.
type half struct {
	field *schema.Field
	text  string
}

func (p *Pass) halves() [2]half {
	return [2]half{{&p.Form.Goal.Expected, p.goal}, {&p.Form.Goal.Actual, p.results}}
}

func checkNarrativeAmounts(p *Pass) {
	for _, h := range p.halves() {
		if !strings.Contains(h.text, "元") {
			continue
		}
		field, text := *h.field, h.text
		if strings.Contains(text, "(") {
			text = reInBrackets.ReplaceAllString(text, "")
		}
		for sentence := range sentences(text) {
			checkPartsOfSum(p, field, sentence)
		}
		checkStatedBudget(p, field, text)
	}
}

// sentences yields the sentences of a folded text.
func sentences(text string) iter.Seq[string] {
	return strings.FieldsFuncSeq(text, func(r rune) bool { return r == '。' || r == ';' || r == '!' || r == '\n' })
}

// checkPartsOfSum compares the amounts listed after 用于 or 其中 with their total.
func checkPartsOfSum(p *Pass, field schema.Field, sentence string) {
	marker := "其中"
	at := strings.Index(sentence, marker)
	if at < 0 {
		marker = "用于"
		at = strings.Index(sentence, marker)
	}
	if at < 0 || strings.Count(sentence, "其中")+strings.Count(sentence, "用于") > 1 || p.words.notParts.in(sentence) {
		return
	}
	var before, parts []stated
	for _, a := range amountsIn(sentence) {
		if a.start < at {
			before = append(before, a)
		} else {
			parts = append(parts, a)
		}
	}
	if len(parts) < 2 || len(before) > 1 {
		return
	}
	unit := parts[0].q.Unit
	var sum quantity.Number
	var within quantity.Interval
	var addends []string
	for _, a := range parts {
		if a.q.Unit != unit {
			return
		}
		sum, within = sum.Add(a.q.Value), within.Add(a.q.Shown())
		addends = append(addends, sentence[a.start:a.end-len(unit)])
	}
	f := Finding{
		At: field, Found: sum.Short(6) + unit,
		Help: lang.T("请核对各项金额与总额", "check the parts and the total"),
	}
	if len(before) == 1 {
		total, ok := before[0].in(unit)
		if !ok || !p.overOrJustUnder(within, total, p.words.someParts.in(sentence)) || p.isExecuted(within, unit) {
			return
		}
		text := sentence[before[0].start:before[0].end]
		f.Expected = text
		f.Message = lang.F("“%[1]s”之后各项合计 %[2]s%[3]s，与总额 %[4]s 不符", "the amounts after %[1]q sum to %[2]s%[3]s, not to the stated %[4]s", marker, sum.Short(6), unit, text)
		f.Arithmetic = lang.F("%[1]s = %[2]s ≠ %[3]s", "%[1]s = %[2]s ≠ %[3]s", strings.Join(addends, " + "), sum.Short(6), text)
		p.Report(f)
		return
	}
	most, ok := p.mostFunds()
	if !ok {
		return
	}
	limit, ok := inUnit(most, p.Form.Funds.CurrencyUnit, unit)
	if !ok || within.Lo.Cmp(limit.Hi) <= 0 {
		return
	}
	f.Message = lang.F("“%[1]s”之后各项合计 %[2]s%[3]s，超过表中的资金 %[4]s", "the amounts after %[1]q sum to %[2]s%[3]s, more than the %[4]s of the fund block", marker, sum.Short(6), unit, show(*most.field))
	f.Arithmetic = lang.F("%[1]s = %[2]s > %[3]s", "%[1]s = %[2]s > %[3]s", strings.Join(addends, " + "), sum.Short(6), show(*most.field))
	f.Related = related(rel(*most.field, "表中资金", "fund block"))
	p.Report(f)
}

// overOrJustUnder reports whether parts exceed their total, or, if they are all of it,
// fall short of it by no more than the profile's share. A larger gap may be a part
// left unsaid.
func (p *Pass) overOrJustUnder(parts, total quantity.Interval, some bool) bool {
	if parts.Lo.Cmp(total.Hi) > 0 {
		return true
	}
	return !some && parts.Hi.Cmp(total.Lo) < 0 && parts.Hi.Cmp(total.Lo.Mul(one.Sub(p.Profile.Narrative.PartsGap.Number))) >= 0
}

// inUnit gives an amount of the form in a unit of money.
func inUnit(a *amount, from, to string) (quantity.Interval, bool) {
	factor, ok := quantity.Convert(orElse(from, "万元"), to)
	return a.interval().Mul(quantity.Point(factor)), ok
}

// mostFunds gives the largest amount of the fund block.
func (p *Pass) mostFunds() (most *amount, ok bool) {
	for _, a := range p.amounts {
		if !ok || a.number().Cmp(most.number()) > 0 {
			most, ok = a, true
		}
	}
	return most, ok && most.number().Sign() > 0
}

// isExecuted reports whether an interval of money holds one of the executed amounts.
func (p *Pass) isExecuted(within quantity.Interval, unit string) bool {
	for i := range p.funds {
		a := &p.funds[i].executed
		if filed, ok := inUnit(a, p.Form.Funds.CurrencyUnit, unit); a.ok && ok && filed.Meets(within) {
			return true
		}
	}
	return false
}

// isFiledAmount reports whether an interval of money holds one of the fund block's
// amounts.
func (p *Pass) isFiledAmount(within quantity.Interval, unit string) bool {
	for _, a := range p.amounts {
		if filed, ok := inUnit(a, p.Form.Funds.CurrencyUnit, unit); ok && filed.Meets(within) {
			return true
		}
	}
	return false
}

// reBudgetStated finds the budgets and appropriations that a folded text states.
var reBudgetStated = regexp.MustCompile(`(年初预算|全年预算|年度预算|预算总额|项目预算|财政(?:局|厅|部|部门)?拨款)(?:数|资金|安排)?(?:为|共计?|是|:)?([0-9][0-9,]*(?:\.[0-9]+)?(?:亿元|万元|元))`)

// checkStatedBudget compares the budget that a text states with the fund block.
func checkStatedBudget(p *Pass, field schema.Field, text string) {
	if !containsAny(text, "年初预算", "全年预算", "年度预算", "预算总额", "项目预算", "财政") || p.words.otherBudgets.in(text) {
		return
	}
	matches := reBudgetStated.FindAllStringSubmatch(text, -1)
	most, ok := p.mostFunds()
	if len(matches) != 1 || !ok {
		return
	}
	what, s := matches[0][1], stated{q: quantity.Parse(matches[0][2])}
	limit, ok := inUnit(most, p.Form.Funds.CurrencyUnit, s.q.Unit)
	if !ok || p.isFiledAmount(s.q.Shown(), s.q.Unit) {
		return
	}
	over := s.q.Shown().Lo.Cmp(limit.Hi) > 0
	switch {
	case over, what == "年初预算", what == "全年预算", what == "年度预算", what == "预算总额":
	default:
		return // one of several appropriations or parts of the budget
	}
	budget := p.total
	f := Finding{
		At: field, Found: matches[0][2],
		Message: lang.F("文字写%[1]s %[2]s，表中没有这个数", "the text states %[1]s of %[2]s, which the form does not have", what, matches[0][2]),
		Help:    lang.T("请核对文字与资金表", "check the text against the fund block"),
	}
	if budget != nil {
		f.Related = related(rel(budget.Initial, "年初预算数", "initial budget"), rel(budget.Adjusted, "全年预算数", "budget"))
	}
	p.Report(f)
}

// reAppropriation finds an amount of fiscal appropriation in folded prose.
var reAppropriation = regexp.MustCompile(`财政(?:局|厅|部|部门)?(?:拨款|拨付|拨入|下达)[^0-9,。;]{0,6}([0-9][0-9,]*(?:\.[0-9]+)?)(?:亿元|万元|元)`)

func checkSourceContradiction(p *Pass) {
	fiscal, ok := p.zeroFiscalRow()
	if !ok {
		return
	}
	report := func(at schema.Field, found string) {
		p.Report(Finding{
			At: at, Found: found, Related: related(rel(fiscal, "财政拨款", "fiscal appropriation")),
			Message: lang.F("这里写“%[1]s”，表中财政拨款却是 %[2]s", "this says %[1]q, while the row 财政拨款 is %[2]s", found, show(fiscal)),
			Help:    lang.T("请把财政资金填入财政拨款行，或核对资金来源", "file the money in the row 财政拨款, or check its source"),
		})
	}
	for _, h := range p.halves() {
		if !strings.Contains(h.field.Text, "财政") {
			continue
		}
		if m := reAppropriation.FindStringSubmatch(h.text); m != nil && strings.Trim(m[1], "0.,") != "" {
			report(*h.field, m[0])
		}
	}
	for i := range p.rows {
		r := &p.rows[i]
		if !r.sub && strings.Contains(r.Name.Text, "财政") && strings.Contains(r.Name.Text, "拨款") && r.target.IsFigure() && isMoney(r.target.Unit) && r.target.Value.Sign() > 0 {
			report(r.Name, show(r.Name)+" "+show(r.Target))
		}
	}
}

// zeroFiscalRow gives the budget of the fiscal row if the form has money, has such
// rows, and files nothing but zeros in them.
func (p *Pass) zeroFiscalRow() (schema.Field, bool) {
	var at schema.Field
	if p.total == nil || !p.total.budget().ok || p.total.budget().number().Sign() <= 0 {
		return at, false
	}
	for i := range p.funds {
		r := &p.funds[i]
		if r.Role != schema.RoleFiscal {
			continue
		}
		for _, a := range []*amount{&r.initial, &r.adjusted, &r.executed} {
			if !a.ok {
				continue
			}
			if a.number().Sign() != 0 {
				return at, false
			}
			if !at.Present() {
				at = *a.field
			}
		}
	}
	return at, at.Present()
}

// reAbout finds round figures in folded prose: 50余家, 4700余万元, 100多人.
var reAbout = regexp.MustCompile(`([0-9]+(?:\.[0-9]+)?)(万|亿)?[余多](万|亿)?(家次|人次|家|个|名|人|户|场次|场|次|件|项|份|期|辆|台|套|亩|公里)`)

// about is a round figure of a text: it stands for more than lo and less than hi.
type about struct {
	lo, hi quantity.Number
	unit   string
	text   string
	// noun is what follows the figure, lead what stands before it, as far as the next
	// punctuation.
	noun, lead string
}

// aboutsIn gives the round figures of a folded text that are no parts of others.
func (l *lexicon) aboutsIn(text string) []about {
	if !mayRound(text) {
		return nil
	}
	var out []about
	for _, m := range reAbout.FindAllStringSubmatchIndex(text, -1) {
		before := text[:m[0]]
		if i := strings.LastIndexAny(before, ",。;:、"); i >= 0 {
			_, n := utf8.DecodeRuneInString(before[i:])
			before = before[i+n:]
		}
		q := quantity.Parse(text[m[2]:m[3]])
		if !q.IsFigure() || q.Value.Sign() <= 0 || l.otherCounts.in(before) {
			continue
		}
		scale := quantity.Int(1)
		for _, g := range [][2]int{{m[4], m[5]}, {m[6], m[7]}} {
			if g[0] >= 0 {
				scale = scale.Mul(map[string]quantity.Number{"万": quantity.Int(10_000), "亿": quantity.Int(100_000_000)}[text[g[0]:g[1]]])
			}
		}
		step := roundStep(text[m[2]:m[3]], q.Decimals)
		a := about{lo: q.Value.Mul(scale), hi: q.Value.Add(step).Mul(scale), unit: text[m[8]:m[9]], text: text[m[0]:m[1]], noun: text[m[1]:], lead: before}
		if i := strings.IndexAny(a.noun, ",。;:、!?\""); i >= 0 {
			a.noun = a.noun[:i]
		}
		if a.hi.Sub(a.lo).Cmp(one) > 0 {
			out = append(out, a)
		}
	}
	return out
}

// mayRound reports whether 余 or 多 stands after a figure anywhere in a text.
func mayRound(text string) bool {
	var before rune
	for _, r := range text {
		if (r == '余' || r == '多') && (before >= '0' && before <= '9' || before == '万' || before == '亿') {
			return true
		}
		before = r
	}
	return false
}

// roundStep gives the unit in which a round figure counts: 10 for 50, 100 for 4700,
// 0.1 for 1.2.
func roundStep(digits string, decimals int) quantity.Number {
	step := int64(1)
	if decimals > 0 {
		for range decimals {
			step *= 10
		}
		return quantity.Ratio(1, step)
	}
	for strings.HasSuffix(digits, "0") && len(digits) > 1 && step < 1_000_000 {
		digits, step = digits[:len(digits)-1], step*10
	}
	return quantity.Int(step)
}

func checkNarrativeCounts(p *Pass) {
	text := p.Form.Goal.Actual
	figures := p.words.aboutsIn(p.results)
	if len(figures) == 0 {
		return
	}
	taken := make([]int, len(figures)) // rows that a figure may belong to
	matches := map[int][]about{}
	for i := range p.rows {
		r := &p.rows[i]
		if r.sub || !r.actual.IsFigure() || r.actual.Comparator != quantity.None {
			continue
		}
		noun := lastRunes(plainIndicator(r.Name.Text), 3)
		if !nounIn(figures, noun) {
			noun = lastRunes(noun, 2)
		}
		for j, a := range figures {
			if (utf8.RuneCountInString(noun) < 2 || !strings.Contains(a.noun, noun)) && !a.counts(r.Name.Text) {
				continue
			}
			if factor, ok := quantity.Convert(orElse(r.actual.Unit, a.unit), a.unit); ok && factor.Cmp(one) == 0 {
				matches[i] = append(matches[i], a)
				taken[j]++
			}
		}
	}
	for _, n := range taken {
		if n > 1 {
			return // not clear which row the text speaks of
		}
	}
	for i := range p.rows {
		if len(matches[i]) > 0 {
			compareCount(p, &p.rows[i], text, matches[i])
		}
	}
}

// counts reports whether what stands before the figure is the name of an indicator,
// without the unit in which it counts: 举办业务培训30余期 and 举办业务培训期数.
func (a about) counts(name string) bool {
	const shortest = 4
	for _, tail := range []string{"数量", "数"} {
		name = strings.TrimSuffix(name, tail)
	}
	name = strings.TrimSuffix(quantity.Fold(name), a.unit)
	lead := strings.TrimSuffix(strings.TrimRight(a.lead, "达到共约了"), "数")
	return utf8.RuneCountInString(name) >= shortest && strings.HasSuffix(strings.TrimSuffix(lead, a.unit), name)
}

func nounIn(figures []about, noun string) bool {
	for _, a := range figures {
		if strings.Contains(a.noun, noun) {
			return true
		}
	}
	return false
}

// compareCount reports an actual value outside of the sum of round figures.
func compareCount(p *Pass, r *indicatorRow, text schema.Field, figures []about) {
	var lo, hi quantity.Number
	var parts []string
	for _, a := range figures {
		// Things are counted in whole numbers: above 50 is 51 or more.
		lo, hi = lo.Add(a.lo).Add(one), hi.Add(a.hi).Sub(one)
		parts = append(parts, a.text)
	}
	v, factor := r.actual.Value, p.Profile.Narrative.CountFactor.Number
	if v.Cmp(lo) >= 0 && v.Cmp(hi) <= 0 || v.Mul(factor).Cmp(lo) < 0 || v.Cmp(hi.Mul(factor)) > 0 {
		return
	}
	sum := strings.Join(parts, " + ")
	p.Report(Finding{
		At: r.Actual, Found: show(r.Actual), Related: related(rel(text, "实际完成情况", "results"), rel(r.Name, "三级指标", "indicator")),
		Message:    lang.F("实际完成情况写“%[1]s”，即 %[2]s～%[3]s，完成值却是 %[4]s", "the text says %[1]s, that is %[2]s to %[3]s, but the actual value is %[4]s", strings.Join(parts, "、"), lo.Short(2), hi.Short(2), show(r.Actual)),
		Arithmetic: lang.F("%[1]s = %[2]s…%[3]s，%[4]s 不在其中", "%[1]s = %[2]s…%[3]s, %[4]s is outside", sum, lo.Short(2), hi.Short(2), show(r.Actual)),
		Help:       lang.T("请核对文字与完成值，约数请换成准确数", "check text and value; use exact figures"),
	})
}

func lastRunes(s string, n int) string {
	i := len(s)
	for ; n > 0 && i > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(s[:i])
		i -= size
	}
	return s[i:]
}

var (
	// reNoFigure finds digits in folded prose that tell of no result: document numbers,
	// dates and list numbers.
	reNoFigure = regexp.MustCompile(`[(\[][0-9]{4}[)\]]第?[0-9]+号|[0-9]{4}年度?(?:[0-9]{1,2}月(?:[0-9]{1,2}[日号])?)?|[0-9]{1,2}月(?:[0-9]{1,2}[日号])?|[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}|(?:目标|任务|第)[0-9]{1,2}|(?:^|[。;])[(]?[0-9]{1,2}[、.):]`)
	// reDates finds dates written with points, reDecimal the decimals, which are no list
	// numbers.
	reDates   = regexp.MustCompile(`[0-9]{4}\.[0-9]{1,2}(?:\.[0-9]{1,2})?`)
	reDecimal = regexp.MustCompile(`[0-9]\.[0-9]`)
	// reChineseCount finds counts written in Chinese numerals; 一个, 一批 and their like
	// count nothing.
	reChineseCount = regexp.MustCompile(`[一二两三四五六七八九十百千万]*[二两三四五六七八九十百千万][余多]?(?:期|次|场|个|家|项|人|份|件|名|户|处|批|台|套|辆|吨|亩|公里|倍)|百分之`)
)

// isNumeral reports whether a character is one of the numerals in reChineseCount.
func isNumeral(r rune) bool {
	switch r {
	case '二', '两', '三', '四', '五', '六', '七', '八', '九', '十', '百', '千', '万':
		return true
	}
	return false
}

// isQuantified reports whether a folded text holds a figure other than document
// numbers, dates and list numbers.
func isQuantified(s string) bool {
	if hasPlainFigure(s) {
		return true
	}
	if strings.ContainsAny(s, "0123456789") {
		if strings.Contains(s, ".") && reDecimal.MatchString(reDates.ReplaceAllString(s, "")) {
			return true
		}
		if strings.ContainsAny(reNoFigure.ReplaceAllString(s, ""), "0123456789") {
			return true
		}
	}
	return strings.ContainsFunc(s, isNumeral) && reChineseCount.MatchString(s)
}

// hasPlainFigure reports whether a text holds digits that none of the patterns of
// reNoFigure could take: most texts of results do, and are spared the patterns.
func hasPlainFigure(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isFigureByte(s[i]) {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		start := i
		for i < len(s) && isFigureByte(s[i]) {
			i++
		}
		after, _ := utf8.DecodeRuneInString(s[i:])
		if strings.Trim(s[start:i], "0123456789") == "" && !strings.ContainsRune("标务第-/", before) && !strings.ContainsRune("年月日号-/、):]", after) {
			return true
		}
	}
	return false
}

func checkNarrativeCopied(p *Pass) {
	goal, result := p.Form.Goal.Expected, p.Form.Goal.Actual
	if goal.Missing() || result.Missing() {
		return
	}
	a, b := p.goal, p.results
	share, copied := isCopy([]rune(a), []rune(b), &p.Profile.Narrative)
	if !copied || a != b && hasOwnFigures(b, a) {
		return
	}
	f := Finding{
		At: result, Related: related(rel(goal, "预期目标", "expected goal")),
		Message: lang.F("实际完成情况有 %[1]d%% 与预期目标相同", "%[1]d%% of the text of the results is that of the expected goal", share),
		Help:    lang.T("请写明实际做了什么、完成了多少", "say what was done, and how much"),
	}
	if a == b {
		f.Message = lang.T("实际完成情况与预期目标一字不差", "the text of the results is the expected goal, word for word")
	}
	p.Report(f)
}

var reFigure = regexp.MustCompile(`[0-9]+(?:\.[0-9]+)?`)

// hasOwnFigures reports whether a text holds figures that another does not.
func hasOwnFigures(text, other string) bool {
	for _, f := range reFigure.FindAllString(text, -1) {
		if !strings.Contains(other, f) {
			return true
		}
	}
	return false
}

func checkShortfallOmitted(p *Pass) {
	text := p.Form.Goal.Actual
	if text.Missing() || p.explained || p.words.shortfall.in(text.Text) {
		return
	}
	var missed []Related
	for i := range p.rows {
		r := &p.rows[i]
		if !r.sub && !r.reason && r.deducted() && r.worse() && !mentions(text.Text, r.actual.Value.Short(6)) {
			missed = append(missed, rel(r.Actual, "没有达到指标值", "target missed"))
		}
	}
	if t := p.total; t != nil && t.Explanation.Missing() && t.rate.computed && t.rate.exact.Cmp(p.Profile.Explain.ExecutionBelow.Number) < 0 {
		missed = append(missed, rel(t.Rate, "执行率", "execution rate"))
	}
	if len(missed) == 0 {
		return
	}
	at := missed[0]
	p.Report(Finding{
		At: text, Related: related(missed...),
		Message: lang.F("实际完成情况没有提到未完成的部分（如 %[1]s，共 %[2]d 处）", "the text of the results is silent about what was missed (such as %[1]s; %[2]d in all)", show(at.At), len(missed)),
		Help:    lang.T("请写明哪些没有完成、为什么", "say what was missed and why"),
	})
}

// mentions reports whether a text holds a figure as a whole number of its own.
func mentions(text, figure string) bool {
	for rest := text; ; {
		i := strings.Index(rest, figure)
		if i < 0 {
			return false
		}
		end := i + len(figure)
		if (i == 0 || !isFigureByte(rest[i-1])) && (end == len(rest) || !isFigureByte(rest[end])) {
			return true
		}
		rest = rest[end:]
	}
}

func isFigureByte(b byte) bool { return b >= '0' && b <= '9' || b == '.' }
