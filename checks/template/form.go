package template

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"jixiaolint/checks/profile"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

// group is a first-level group of the official form with its second-level groups.
type group struct {
	// key is the group's name in profile.Weights, label what the form prints.
	key, label string
	level2     []string
}

// officialGroups are the first-level groups of the official forms, in their order. Which
// of them a form has is for the profile to say.
func officialGroups(p *profile.Profile) []group {
	output := []string{"数量指标", "质量指标", "时效指标"}
	if _, own := p.Weights[string(schema.SectionCost)]; !own {
		output = append(output, "成本指标")
	}
	return []group{
		{"决策", "决策指标", []string{"项目立项", "绩效目标", "资金投入"}},
		{"过程", "过程指标", []string{"资金管理", "组织实施"}},
		{"管理", "管理指标", []string{"资金管理", "组织实施"}},
		{string(schema.SectionCost), "成本指标", []string{"经济成本指标", "社会成本指标", "生态环境成本指标"}},
		{string(schema.SectionOutput), "产出指标", output},
		{string(schema.SectionBenefit), "效益指标", []string{"经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"}},
		{string(schema.SectionSatisfaction), "满意度指标", []string{"服务对象满意度指标"}},
	}
}

// groupsOf gives the first-level groups of a profile. The points of all indicators that
// have none of their own are for 产出, 效益 and 满意度.
func groupsOf(p *profile.Profile) []group {
	_, all := p.Weights[profile.AllGroups]
	rest := []string{string(schema.SectionOutput), string(schema.SectionBenefit), string(schema.SectionSatisfaction)}
	var groups []group
	known := map[string]bool{profile.AllGroups: true}
	for _, g := range officialGroups(p) {
		known[g.key] = true
		if _, own := p.Weights[g.key]; own || all && slices.Contains(rest, g.key) {
			groups = append(groups, g)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(p.Weights)) {
		if !known[key] { // a group that only this profile has: its second level is to be named
			groups = append(groups, group{key, strings.TrimSuffix(key, "指标") + "指标", []string{""}})
		}
	}
	return groups
}

// LeastIndicators gives the least number of indicator rows of a profile's form: one for
// each first-level group.
func LeastIndicators(p *profile.Profile) int { return len(groupsOf(p)) }

// DefaultIndicators gives the number of indicator rows if none is asked for: one for
// each second-level group.
func DefaultIndicators(p *profile.Profile) int {
	n := 0
	for _, g := range groupsOf(p) {
		n += len(g.level2)
	}
	return n
}

// spread deals rows over the second-level groups: first one for each first-level group,
// then one for each other second-level group, then again from the top, so that no group
// has more than one row more than another. What it gives are the rows of each group.
func spread(groups []group, rows int) [][]int {
	out := make([][]int, len(groups))
	for i, g := range groups {
		out[i] = make([]int, len(g.level2))
	}
	deal := func(pick func(level2 int) bool) {
		for i, g := range groups {
			for j := range g.level2 {
				if rows > 0 && pick(j) {
					out[i][j]++
					rows--
				}
			}
		}
	}
	deal(func(j int) bool { return j == 0 })
	deal(func(j int) bool { return j > 0 })
	for rows > 0 {
		deal(func(int) bool { return true })
	}
	return out
}

// Differs reports whether the points of a form's groups, or of its execution rate, are
// others than those of a profile: a template made from the form keeps them.
func Differs(form *schema.Form, p *profile.Profile) bool {
	sums := map[string]quantity.Number{}
	for i := range form.Indicators {
		r := &form.Indicators[i]
		w := readPoints(&r.Weight)
		if r.PartOf != "" || !w.ok {
			continue
		}
		key := profile.AllGroups
		for _, g := range groupsOf(p) {
			if _, own := p.Weights[g.key]; own && (g.label == r.Level1.Text || g.key == string(schema.SectionOf(r.Level1.Text))) {
				key = g.key
			}
		}
		sums[key] = sums[key].Add(w.Number)
	}
	if len(sums) == 0 {
		return false
	}
	for key, w := range p.Weights {
		if sums[key].Cmp(w.Number) != 0 {
			return true
		}
	}
	total := form.FundTotal()
	if total == nil {
		return false
	}
	w := readPoints(&total.Weight)
	return w.ok && w.Cmp(p.Execution.Weight.Number) != 0
}

func text(s string) schema.Field { return schema.Field{Text: s} }

// The words of the form that tell its own rows.
const (
	remarkLabel = "需要说明的问题"
	noteLabel   = "填表说明"
	notScored   = "—"
)

// draft makes the form that is laid out: blank, or with the content of another one. left
// says what of the other one has no place in it.
func (o *Form) draft() (f *schema.Form, left []lang.Text) {
	f = &schema.Form{
		Kind: schema.Project, Title: text("项目支出绩效自评表"), Year: o.Year,
		Funds: schema.Funds{CurrencyUnit: "万元"}, Total: schema.Total{Label: text("总分")},
	}
	if o.From != nil {
		left = o.carry(f)
	}
	if !o.scoresExecution(f) {
		f.Lacks = []string{"funds.weight", "funds.score"}
	}
	o.addFunds(f)
	o.addIndicators(f)
	o.addRemarks(f)
	// Every field gets a place, so that the layout leaves none out.
	for pointer, field := range f.Fields() {
		field.At = grid.Location{Path: pointer, Line: 1}
	}
	return f, left
}

// scoresExecution reports whether the execution rate is scored in the fund block: a
// profile may give it no points of its own, and a form that is carried over may have
// given all of them to indicators.
func (o *Form) scoresExecution(f *schema.Form) bool {
	sum := o.Profile.Execution.Weight.Number
	if sum.Sign() == 0 {
		return false
	}
	for _, r := range f.Funds.Rows {
		if !r.Weight.Missing() || !r.Score.Missing() {
			return true
		}
	}
	weighed := false
	for i := range f.Indicators {
		r := &f.Indicators[i]
		if w := readPoints(&r.Weight); w.ok && r.PartOf == "" {
			sum, weighed = sum.Add(w.Number), true
		}
	}
	return !weighed || sum.Cmp(quantity.Int(100)) <= 0
}

// addFunds adds the fund rows that the profile names, and the marks of what is not
// scored.
func (o *Form) addFunds(f *schema.Form) {
	if len(f.Funds.Rows) == 0 {
		f.Funds.Rows = []schema.FundRow{{Role: schema.RoleTotal, Label: text("年度资金总额")}}
		for i, name := range o.Profile.FundRows {
			if i == 0 {
				name = "其中：" + name
			}
			f.Funds.Rows = append(f.Funds.Rows, schema.FundRow{Role: schema.RoleOther, Label: text(name)})
		}
	}
	for i := range f.Funds.Rows {
		switch r := &f.Funds.Rows[i]; {
		case !f.HasPlace("funds.weight"):
		case r.Role != schema.RoleTotal:
			r.Weight.Text, r.Score.Text = cmp.Or(r.Weight.Text, notScored), cmp.Or(r.Score.Text, notScored)
		case !r.Weight.Filled():
			r.Weight.Text = o.Profile.Execution.Weight.String()
		}
	}
}

// addIndicators adds the groups with their points, and blank rows up to the number asked
// for.
func (o *Form) addIndicators(f *schema.Form) {
	groups := groupsOf(o.Profile)
	weighed := slices.ContainsFunc(f.Indicators, func(r schema.Indicator) bool { return r.Weight.Filled() })
	if len(f.Groups) == 0 && !weighed { // rows that have points already may follow other rules
		var sum quantity.Number
		for _, w := range o.Profile.Weights {
			sum = sum.Add(w.Number)
		}
		f.Groups = []schema.Group{{Weight: text(sum.String())}}
		for _, g := range groups {
			if w, own := o.Profile.Weights[g.key]; own {
				f.Groups = append(f.Groups, schema.Group{Level1: g.label, Weight: text(w.String())})
			}
		}
	}
	blank := func(level1, level2 string) schema.Indicator {
		return schema.Indicator{Level1: text(level1), Level2: text(level2)}
	}
	if len(f.Indicators) == 0 {
		n := cmp.Or(o.Indicators, DefaultIndicators(o.Profile))
		for i, rows := range spread(groups, n) {
			for j, n := range rows {
				for range n {
					f.Indicators = append(f.Indicators, blank(groups[i].label, groups[i].level2[j]))
				}
			}
		}
		return
	}
	// More rows are dealt to the groups that the form has, from the top.
	for n := o.Indicators - len(f.Indicators); n > 0; {
		for i := 0; i < len(f.Indicators) && n > 0; i++ {
			r := f.Indicators[i]
			last := i+1 == len(f.Indicators) || f.Indicators[i+1].Level1.Text != r.Level1.Text || f.Indicators[i+1].Level2.Text != r.Level2.Text
			if last {
				i++
				f.Indicators = slices.Insert(f.Indicators, i, blank(r.Level1.Text, r.Level2.Text))
				n--
			}
		}
	}
}

// addRemarks adds the row for what must be explained about the funds, and the rules by
// which the form is scored.
func (o *Form) addRemarks(f *schema.Form) {
	if !slices.ContainsFunc(f.Remarks, func(r schema.Remark) bool { return r.Label == remarkLabel }) {
		f.Remarks = append(f.Remarks, schema.Remark{Label: remarkLabel})
	}
	f.Remarks = append(f.Remarks, schema.Remark{Label: noteLabel, Text: text(o.notes())})
}

// notes states the rules of the profile as the official form does below the table.
func (o *Form) notes() string {
	p := o.Profile
	var lines []string
	var bands []string
	for _, b := range p.Bands {
		bands = append(bands, b.Name+"（"+percent(b.To)+"—"+percent(b.From)+"）")
	}
	lines = append(lines,
		"定量指标达到指标值的得满分；未达到的，"+p.Positive.Text().ZH+"；反向指标（≤）超出的，"+p.Reverse.Text().ZH+"。得分最高不超过分值，保留"+decimals(p.Decimals)+"。",
		"定性指标分"+strings.Join(bands, "、")+"，按分值的相应比例计分。",
	)
	if p.Execution.Weight.Sign() > 0 {
		lines = append(lines, "预算执行率 = 全年执行数 ÷ 全年预算数；"+o.executionNote()+"。")
	}
	var grades []string
	for i, g := range p.Grades {
		from := g.From.String() + "分（含）"
		switch {
		case i == 0:
			grades = append(grades, from+"以上为"+g.Name)
		case i == len(p.Grades)-1:
			grades = append(grades, p.Grades[i-1].From.String()+"分以下为"+g.Name)
		default:
			grades = append(grades, from+"—"+p.Grades[i-1].From.String()+"分为"+g.Name)
		}
	}
	lines = append(lines, "等级："+strings.Join(grades, "，")+"。")
	lines = append(lines, "灰底的由公式算出，其余由填表人填写；变黄的待补充，变红的有误。增减指标行须先撤销工作表保护（无密码）：减行时删除整行，但每组、每类的第一行带着标签，不能删；增行时在同一类的两行之间插入，其得分须直接填写。换一个项目请另做一张表，不要复制工作表。")
	for i := range lines {
		lines[i] = quantity.Int(int64(i+1)).String() + "．" + lines[i]
	}
	return strings.Join(lines, "\n")
}

func (o *Form) executionNote() string {
	e := o.Profile.Execution
	if e.Mode != profile.ModeSteps {
		return e.Mode.Text().ZH
	}
	var steps []string
	for _, s := range e.Steps {
		steps = append(steps, s.From.String()+"%以上得分值的"+percent(s.Share))
	}
	return strings.Join(append(steps, "以下不得分"), "，")
}

func decimals(n int) string {
	if n == 0 {
		return "整数"
	}
	return quantity.Int(int64(n)).String() + "位小数"
}

func percent(share profile.Decimal) string {
	return share.Mul(quantity.Int(100)).String() + "%"
}
