package checks

import (
	"strings"
	"unicode/utf8"

	"jixiaolint/schema"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

var indicatorRules = []*Rule{
	{
		Name: "vague-qualitative-target", Group: GroupIndicator, Severity: Note, Since: "0.1",
		Title: lang.T("定性指标值空泛", "a qualitative target says nothing"),
		What: lang.T("指标值只有副词和动词（有效促进、持续推进、积极履行、推进），没有程度、档次或可查验的结果。",
			"The target is only adverb and verb (有效促进, 持续推进, 积极履行, 推进), without a grade or anything to verify."),
		Why: lang.T("“有效促进”做没做到谁也说不清，得分没有依据。", "Nobody can say whether 有效促进 was reached, so the score has no ground."),
		How: lang.T("写成可以查验的结果，如“制度健全并执行”“通过验收”，或改用数值。上级统一下达、不能改的指标可以忽略。",
			"State a result that can be verified, such as 制度健全并执行 or 通过验收, or a figure. Leave it where the indicator was set from above and cannot be changed."),
		Basis: []string{"S17", "S18", "S19"},
		Uses:  []string{"/indicator/vague_max_chars"},
		Wrong: Example{{"/indicators/6/target", "有效促进"}},
		Right: Example{{"/indicators/6/target", "制度健全并执行"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				if r.sub || r.target.Kind != quantity.Words || !p.words.isVague(r.Target.Text, p.Profile.Indicator.VagueMaxChars) {
					continue
				}
				p.Report(Finding{
					At: r.Target, Found: show(r.Target), Related: related(rel(r.Name, "三级指标", "indicator")),
					Message: lang.F("指标值“%[1]s”没有程度或可查验的结果", "the target %[1]q has no grade and nothing to verify", show(r.Target)),
					Help:    lang.T("请改为数值，或写明分档标准、佐证材料", "use a figure, or state grades or the evidence"),
				})
			}
		},
	},
	{
		Name: "target-actual-verbatim", Group: GroupIndicator, Severity: Warning, Since: "0.1",
		Title: lang.T("完成值照抄了指标值", "the actual value repeats the target"),
		What: lang.T("指标值是文字，完成值与它一字不差（推进 → 推进）。指标值本身就是一种结果或档次的（达标、优、显著、全覆盖）不算。",
			"The target is words, and the actual value repeats them (推进 → 推进). Targets that are a result or a grade (达标, 优, 显著, 全覆盖) do not count."),
		Why: lang.T("照抄目标没有说明完成了什么。", "A repeated target does not say what was done."),
		How: lang.T("写实际做到的结果或规定的档次（如“达成年度指标”），不要照抄指标值。指标值本身就是结果而确已达到的可以忽略。",
			"State what was achieved, or the standard grade (达成年度指标), instead of repeating the target. Leave it where the target is itself a result, and was reached."),
		Basis: []string{"S30"},
		Uses:  []string{"/bands"},
		Wrong: Example{{"/indicators/6/target", "持续推进制度建设"}, {"/indicators/6/actual", "持续推进制度建设"}},
		Right: Example{{"/indicators/6/target", "持续推进制度建设"}, {"/indicators/6/actual", "达成年度指标"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				if r.sub || r.target.Kind != quantity.Words || r.actual.Kind != quantity.Words || !repeatsTarget(r) ||
					p.reported(r.Target, "satisfaction-missing") {
					continue
				}
				text := bareWords(r.Target.Text)
				if _, dated := quantity.ParsePeriodLoosely(text); dated || p.words.states.is(text) || p.words.inapplicable.is(text) || strings.ContainsAny(text, "0123456789") {
					continue
				}
				if _, band := bandOf(p.Profile, r.Actual.Text); band || checkedWord(r.Actual.Text) != "" {
					continue
				}
				p.Report(Finding{
					At: r.Actual, Found: show(r.Actual), Related: related(rel(r.Target, "年度指标值", "target")),
					Message: lang.F("完成值“%[1]s”照抄指标值，没有说明完成情况", "the actual value %[1]q repeats the target and does not say what was done", show(r.Actual)),
					Help:    lang.F("请写明完成情况或档次：%[1]s", "say what was done, or use one of: %[1]s", bandNames(p.Profile)),
				})
			}
		},
	},
	{
		Name: "copied-actuals-ratio", Group: GroupIndicator, Severity: Note, Since: "0.1",
		Title: lang.T("多数完成值与指标值相同", "most actual values equal their targets"),
		What: lang.T("至少 5 条指标，其中六成以上完成值与指标值文字相同，且这些相同的行至少一半不是 100%（100% 无法超过）。补助、采购等按计划数足额完成的项目，请忽略。",
			"Of five or more indicators, 60% or more have an actual value equal to the target as written, at least half of these not at 100%, which cannot be exceeded. Ignore it for projects that pay or buy exactly what was planned."),
		Why: lang.T("完成值处处恰好等于目标，多半是照抄，审核人会要佐证。", "Results that all hit their targets are mostly copied; a reviewer asks for evidence."),
		How: lang.T("逐条按台账核对完成值；确按计划数足额完成的（补助、采购等）可以忽略。",
			"Check the actual values against your records. Leave it where planned numbers are met exactly, as with subsidies and purchases."),
		Basis: []string{"S30"},
		Uses:  []string{"/indicator/copied_min_rows", "/indicator/copied_share", "/indicator/copied_full_share"},
		Wrong: Example{
			{"/indicators/0/target", "20期"}, {"/indicators/0/actual", "20期"}, {"/indicators/1/target", "50次"}, {"/indicators/1/actual", "50次"},
			{"/indicators/2/target", "95%"}, {"/indicators/2/actual", "95%"}, {"/indicators/4/target", "380元/人"}, {"/indicators/7/target", "93.5%"},
		},
		Right: Example{{"/indicators/1/target", "50次"}, {"/indicators/1/actual", "50次"}},
		Check: checkCopiedActuals,
	},
	{
		Name: "input-as-output", Group: GroupIndicator, Severity: Note, Since: "0.1",
		Title: lang.T("把投入当作产出", "an input as an output"),
		What: lang.T("数量或质量指标的名称说的是办公用品、出差、租车、公务接待、加班等投入。项目名称本身就是购置这些东西的，不算。",
			"The name of a quantity or quality indicator speaks of an input: 办公用品, 出差, 租车, 公务接待, 加班. A project whose name says that it buys just these does not count."),
		Why: lang.T("人力、财力、物力的投入数量不能作为绩效目标。", "What a project uses up is not what it delivers."),
		How: lang.T("改为办成的事，如“开展现场检查次数”；项目本身就是购置这些东西的可以忽略。",
			"Measure what was done with it, such as 开展现场检查次数. Leave it where buying these things is the project."),
		Basis: []string{"S34", "S27"},
		Wrong: Example{{"/indicators/1/name", "业务出差次数"}},
		Right: Example{{"/indicators/1/name", "开展现场检查次数"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				if r.typ != schema.QuantityType && r.typ != schema.QualityType || r.sub || !p.words.inputs.in(r.Name.Text) || p.words.inputs.in(p.Form.Project.Text) {
					continue
				}
				p.Report(Finding{
					At: r.Name, Found: show(r.Name), Related: related(rel(r.Level2, "二级指标", "type")),
					Message: lang.F("“%[1]s”是投入，不是产出", "%[1]q is an input, not an output", show(r.Name)),
					Help:    lang.T("请改为这些投入办成的事，如检查、培训、服务的数量", "use what these inputs achieved, such as checks, courses or services"),
				})
			}
		},
	},
	{
		Name: "execution-as-output", Group: GroupIndicator, Severity: Warning, Since: "0.1",
		Title: lang.T("把预算执行率列为产出", "the execution rate as an output"),
		What: lang.T("产出指标的名称是预算执行率、支出进度、支付完成率等，而表中年度资金总额已有执行率的分值或得分。",
			"An output indicator is the execution rate (预算执行率, 支出进度, 支付完成率 …), while the fund block of the form scores it already."),
		Why: lang.T("预算执行率另有分值，列为产出就重复计分。", "The execution rate has points of its own; here it counts twice."),
		How: lang.T("删去这条指标，把分值调整到其他产出指标；预算执行率已单独计分。",
			"Delete the indicator and give its points to others: the execution rate is scored already."),
		Basis: []string{"S24", "S22"},
		Wrong: Example{{"/indicators/2/name", "预算执行率"}},
		Right: Example{{"/indicators/2/name", "培训考核合格率"}},
		Check: func(p *Pass) {
			if !p.execWeight.ok && !p.execScore.ok {
				return
			}
			for i := range p.rows {
				r := &p.rows[i]
				if r.sub || r.Section() != schema.SectionOutput || !p.words.execution.in(quantity.Fold(r.Name.Text)) {
					continue
				}
				f := Finding{
					At: r.Name, Found: show(r.Name),
					Message: lang.F("“%[1]s”列为产出指标，与执行率重复计分", "%[1]q as an output indicator scores the execution rate twice", show(r.Name)),
					Help:    lang.T("请改为反映产出的指标，分值并入其他产出指标", "use an indicator of what was delivered"),
				}
				if p.total != nil {
					f.Related = related(rel(*p.execScore.field, "执行率得分", "score of the execution rate"))
				}
				p.Report(f)
			}
		},
	},
	{
		Name: "compliance-as-quality", Group: GroupIndicator, Severity: Note, Since: "0.1",
		Title: lang.T("把资金合规当作质量", "lawful spending as quality"),
		What: lang.T("质量指标的名称说的是资金、经费、支出的合格、合规、专款专用。补助、奖补等发放资金的项目不算：发放得对就是产出的质量。",
			"The name of a quality indicator is about the lawful use of money (资金使用合格率, 经费支出合规性). Projects that pay out subsidies do not count: to pay rightly is their product."),
		Why: lang.T("质量指标考核产出的质量；资金合规是底线要求，不是绩效。", "Quality is that of the product; lawful spending is taken for granted."),
		How: lang.T("改为产出的质量，如合格率、验收通过率；发放资金的项目可以忽略。",
			"Measure the quality of the output, such as a pass rate. Leave it where paying out funds is the task."),
		Basis: []string{"S28"},
		Wrong: Example{{"/indicators/2/name", "资金使用合格率"}},
		Right: Example{{"/indicators/2/name", "培训考核合格率"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				if r.typ != schema.QualityType || r.sub || !p.words.money.in(r.Name.Text) ||
					!p.words.compliance.in(r.Name.Text) || p.words.paying.in(r.Name.Text) {
					continue
				}
				p.Report(Finding{
					At: r.Name, Found: show(r.Name),
					Message: lang.F("质量指标“%[1]s”说的是资金合规，不是产出质量", "the quality indicator %[1]q is about lawful spending, not the quality of a product", show(r.Name)),
					Help:    lang.T("请改为产出的质量，如验收合格率、考核通过率", "use the quality of what was delivered, such as a pass rate"),
				})
			}
		},
	},
	{
		Name: "count-in-quality", Group: GroupIndicator, Severity: Note, Since: "0.1",
		Title: lang.T("质量指标用了数量单位", "a quality indicator counts"),
		What: lang.T("质量指标的指标值或完成值以人、人次、个、家、场、次等计数。事故、差错、投诉等的次数，以及用“≤”的，不算。",
			"Target or actual value of a quality indicator is a count (人次, 个, 场 …). Accidents, errors and complaints, and targets with ≤, do not count."),
		Why: lang.T("数量应列入数量指标；质量说明做得好不好。", "How many belongs under 数量; quality says how well."),
		How: lang.T("移到数量指标，或改写成比率（如“培训考核合格率”）。确以数量说明质量的（如达标户数）可以忽略。",
			"Move it to the quantity indicators, or write it as a rate such as 培训考核合格率. Leave it where the count says how good the work is, such as households up to standard."),
		Basis: []string{"S28", "S29"},
		Wrong: Example{{"/indicators/2/name", "培训考核合格人次"}, {"/indicators/2/target", "≥950人次"}, {"/indicators/2/actual", "960人次"}},
		Right: Example{{"/indicators/2/target", "≥95%"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				if r.typ != schema.QualityType || r.sub || r.target.Comparator.Upper() || r.sense != wanted || !r.target.IsFigure() || r.target.Value.Sign() == 0 {
					continue
				}
				unit := orElse(r.target.Unit, r.actual.Unit)
				switch quantity.DimensionOf(unit) {
				case quantity.People, quantity.Visits, quantity.Things, quantity.Times:
				default:
					continue
				}
				p.Report(Finding{
					At: r.Target, Found: show(r.Target), Related: related(rel(r.Level2, "二级指标", "type"), rel(r.Name, "三级指标", "indicator")),
					Message: lang.F("质量指标“%[1]s”以“%[2]s”计数，应是数量指标", "the quality indicator %[1]q counts in %[2]s: it belongs under 数量指标", show(r.Name), unit),
					Help:    lang.T("请移到数量指标，质量指标用比率或等级", "move it to 数量指标; quality takes rates or grades"),
				})
			}
		},
	},
	{
		Name: "outcome-as-output", Group: GroupIndicator, Severity: Note, Since: "0.1",
		Title: lang.T("把效果当作产出", "an effect as an output"),
		What: lang.T("产出指标的名称以增长、增速、零售总额、生产总值、营业收入等结尾：这些是项目带来的效果。",
			"The name of an output indicator ends in 增长, 增速, 零售总额, 生产总值, 营业收入 …: effects of the project."),
		Why: lang.T("产出是项目直接办成的事；经济增长受许多因素影响，应列入效益指标。", "Outputs are what the project itself delivers; growth has many causes and belongs under 效益."),
		How: lang.T("移到效益指标（一般为经济效益），分值随之调整；产出写直接办成的事。增长本身就是交办任务的（如招商引资额）可以忽略。",
			"Move it to the benefits (commonly 经济效益) with its points; outputs are what was done directly. Leave it where growth is itself the task, such as investment to attract."),
		Basis: []string{"S28"},
		Wrong: Example{{"/indicators/2/name", "社会消费品零售总额增长率"}},
		Right: Example{{"/indicators/2/name", "培训考核合格率"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				if r.sub || r.Section() != schema.SectionOutput || r.typ == schema.CostType || r.typ == schema.TimeType || !p.words.economic.ends(plainIndicator(r.Name.Text)) {
					continue
				}
				p.Report(Finding{
					At: r.Name, Found: show(r.Name), Related: related(rel(r.Level2, "二级指标", "type")),
					Message: lang.F("产出指标“%[1]s”是效果，应列入效益指标", "the output indicator %[1]q is an effect: it belongs under 效益指标", show(r.Name)),
					Help:    lang.T("请移到经济效益或社会效益指标", "move it to the benefit indicators"),
				})
			}
		},
	},
	{
		Name: "eco-benefit-offtopic", Group: GroupIndicator, Severity: Note, Since: "0.1",
		Title: lang.T("生态效益指标与生态无关", "an ecological benefit without ecology"),
		What: lang.T("生态效益指标的名称和指标值里没有一个与环境、污染、资源、节能有关的词。确与生态有关而用词特殊的，请忽略。",
			"Name and target of an ecological indicator hold no word of nature, pollution, resources or thrift. Ignore it where the matter is ecological in other words."),
		Why: lang.T("生态效益是项目对生态环境的影响；没有的可以不设。", "It means the effect on nature; a project without one needs no such indicator."),
		How: lang.T("写项目对环境、资源、能耗的影响，或改到相应的效益类型；没有生态效益的可以不设。用词特殊而确与生态有关的可以忽略，或把词加进词表 ecology。",
			"State the effect on environment, resources or energy, or move it to another type of benefit; it may be left out. Leave it where it is about ecology in other words, or add the word to the list ecology."),
		Basis: []string{"S3"},
		Wrong: Example{{"/indicators/6/level2", "生态效益指标"}},
		Right: Example{{"/indicators/6/level2", "生态效益指标"}, {"/indicators/6/name", "执法车辆节能减排制度"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				if r.typ != schema.EcologicalType || r.sub || r.Name.Missing() || p.words.waived.in(r.Name.Text) {
					continue
				}
				text := strings.ReplaceAll(r.Name.Text+" "+r.Target.Text, "水平", "")
				if p.words.ecology.in(text) {
					continue
				}
				p.Report(Finding{
					At: r.Name, Found: show(r.Name),
					Message: lang.F("生态效益指标“%[1]s”看不出与生态环境有关", "the ecological indicator %[1]q has nothing to do with nature", show(r.Name)),
					Help:    lang.T("请改为对生态环境的影响，或列入社会效益；没有生态效益的可以不设", "use an effect on the environment, or move it to 社会效益"),
				})
			}
		},
	},
	{
		Name: "name-ambiguous-object", Group: GroupIndicator, Severity: Note, Since: "0.1",
		Title: lang.T("指标名称含糊", "the name does not say what is counted"),
		What: lang.T("三级指标名称以“等”结尾；或用“及、和、与”把两样东西合在一个计数之下（两个动作合在一起的，如“新建及改造”，不算）；或超过 100 字。",
			"The name ends in 等; or 及, 和, 与 join two objects under one count (two actions on one object, such as 新建及改造, do not count); or it has more than 100 characters."),
		Why: lang.T("不知道数的是什么，完成值就无法核对。", "If it is not clear what is counted, the result cannot be checked."),
		How: lang.T("把名称改为一个明确的对象，去掉“等”；两样东西分成两条指标。名称是文件规定的固定说法的可以忽略。",
			"Name one definite object without 等, and make two indicators of two things. Leave it where a regulation fixes the name."),
		Basis: []string{"S13", "S17"},
		Uses:  []string{"/indicator/name_max_chars"},
		Wrong: Example{{"/indicators/1/name", "检查企业和商户"}},
		Right: Example{{"/indicators/1/name", "开展现场检查次数"}},
		Check: func(p *Pass) {
			for i := range p.rows {
				r := &p.rows[i]
				if r.sub || len(r.Name.Text) < len("人数") {
					continue // too short to name two things
				}
				f := Finding{At: r.Name, Help: lang.T("请写明一个对象，一条指标只数一样东西", "name one object: an indicator counts one thing")}
				name := plainIndicator(r.Name.Text)
				if n, most := utf8.RuneCountInString(name), p.Profile.Indicator.NameMaxChars; n > most {
					f.Message = lang.F("三级指标名称有 %[1]d 字，超过 %[2]d 字", "the name has %[1]d characters, more than %[2]d", n, most)
					f.Help = lang.T("请只写要考核的事项", "give only what is measured")
				} else if endsVaguely(name) {
					f.Message = lang.F("“%[1]s”以“等”结尾，不知道数的是什么", "%[1]q ends in 等: it is not clear what is counted", show(r.Name))
				} else if word, ok := p.words.joinsObjects(name); ok && p.isCount(r) {
					f.Message = lang.F("“%[1]s”用“%[2]s”把两样东西合在一个数 %[3]s 之下", "%[1]q joins two objects with %[2]s under the one figure %[3]s", show(r.Name), word, show(r.Target))
				} else {
					continue
				}
				f.Found = clip(show(r.Name), 30)
				p.Report(f)
			}
		},
	},
}

// plainIndicator reduces an indicator's name to what it names: folded, without the
// number of the row (指标1:), marks before it, a unit in brackets and the stop after it.
func plainIndicator(name string) string {
	s := strings.TrimLeft(quantity.Fold(name), "★*·")
	if rest, ok := strings.CutPrefix(s, "指标"); ok {
		if n := len(rest) - len(strings.TrimLeft(rest, "0123456789")); n > 0 {
			s = strings.TrimLeft(rest[n:], ":.、")
		}
	}
	s = strings.TrimRight(s, "。.:;")
	if strings.HasSuffix(s, ")") {
		if i := strings.LastIndexByte(s, '('); i > 0 && utf8.RuneCountInString(s[i:]) <= 8 {
			s = s[:i]
		}
	}
	return s
}

// bareWords folds a text and drops the stop after it.
func bareWords(text string) string { return strings.TrimRight(quantity.Fold(text), "。.;") }

// repeatsTarget reports whether the actual value is the target as written.
func repeatsTarget(r *indicatorRow) bool {
	return r.Target.Text == r.Actual.Text || bareWords(r.Target.Text) == bareWords(r.Actual.Text)
}

// isVague reports whether a target of at most so many characters is made of nothing
// but vague adverbs and verbs.
func (l *lexicon) isVague(target string, maxChars int) bool {
	s := bareWords(target)
	if s == "" || utf8.RuneCountInString(s) > maxChars {
		return false
	}
	verbs := 0
	for s != "" {
		n := l.vagueAdverbs.prefix(s)
		if v := l.vagueVerbs.prefix(s); v > n {
			n = v
			verbs++
		}
		if n == 0 {
			return false
		}
		s = s[n:]
	}
	return verbs > 0
}

func checkCopiedActuals(p *Pass) {
	n, equal, full := 0, 0, 0
	for i := range p.rows {
		r := &p.rows[i]
		if r.sub || r.target.Missing() || r.actual.Missing() {
			continue
		}
		n++
		if !repeatsTarget(r) {
			continue
		}
		equal++
		if r.target.Unit == "%" && r.target.Value.Cmp(hundred) == 0 {
			full++
		}
	}
	limits := p.Profile.Indicator
	if equal == 0 || n < limits.CopiedMinRows || quantity.Ratio(int64(equal), int64(n)).Cmp(limits.CopiedShare.Number) < 0 ||
		quantity.Ratio(int64(full), int64(equal)).Cmp(limits.CopiedFullShare.Number) > 0 {
		return
	}
	p.Report(Finding{
		At:      p.at(p.Form.TableHead, "/indicators"),
		Message: lang.F("%[2]d 条指标中有 %[1]d 条的完成值与指标值完全相同", "%[1]d of %[2]d actual values are exactly their targets", equal, n),
		Arithmetic: lang.F("%[1]d ÷ %[2]d = %[3]s%%", "%[1]d ÷ %[2]d = %[3]s%%", equal, n,
			quantity.Ratio(int64(equal)*100, int64(n)).Short(0)),
		Help: lang.T("请核对完成值是否照抄了指标值", "check whether the targets were copied"),
	})
}

// endsVaguely reports whether a name ends in 等 for "and so on", and not in a grade
// (一等) or a word such as 平等.
func endsVaguely(name string) bool {
	before, ok := strings.CutSuffix(name, "等")
	if !ok || before == "" {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(before)
	return !strings.ContainsRune("一二三四五甲乙丙高中初同平均相特上下优劣超不", last)
}

// isCount reports whether the row's figure is a count of things, not a rate or an
// amount.
func (a *assessment) isCount(r *indicatorRow) bool {
	if !r.target.IsFigure() || a.words.measured.ends(plainIndicator(r.Name.Text)) {
		return false
	}
	unit := orElse(r.target.Unit, r.actual.Unit)
	switch quantity.DimensionOf(unit) {
	case quantity.People, quantity.Visits, quantity.Things, quantity.Times:
		return true
	default:
		return unit == ""
	}
}

// joinsObjects reports whether 及, 和 or 与 joins two objects in a name, and gives the
// word.
func (l *lexicon) joinsObjects(name string) (word string, ok bool) {
	if !containsAny(name, "及", "和", "与") {
		return "", false // as mostly
	}
	for _, w := range l.fixed.words {
		name = strings.ReplaceAll(name, w, "")
	}
	for _, word := range []string{"以及", "及", "和", "与"} {
		before, after, found := strings.Cut(name, word)
		if !found {
			continue
		}
		if utf8.RuneCountInString(before) < 2 || utf8.RuneCountInString(after) < 2 ||
			l.actions.ends(before) || l.beginsWithAction(after) ||
			word == "与" && l.dealings.in(after) {
			return "", false
		}
		return word, true
	}
	return "", false
}

// beginsWithAction reports whether a text begins with an action, and not with who does
// it: 采购, not 采购商.
func (l *lexicon) beginsWithAction(s string) bool {
	n := l.actions.prefix(s)
	if n == 0 {
		return false
	}
	next, _ := utf8.DecodeRuneInString(s[n:])
	return !strings.ContainsRune("商者员人户站所点厂费师", next)
}
