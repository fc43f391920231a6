package checks

import (
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/quantity"
)

var structureRules = []*Rule{
	{
		Name: "form-unfilled", Group: GroupStructure, Severity: Error, Since: "0.1",
		Title: lang.T("整张表没有填写", "the form was filed unfilled"),
		What: lang.T("应填的实际完成值和得分有一半以上为空。整表只报一次，不再逐格报 missing-required-cell。",
			"More than half of the required actual values and scores are empty. Reported once for the form, instead of missing-required-cell for each cell."),
		Why: lang.T("空表没有自评内容，应当退回。", "An empty form evaluates nothing and is sent back."),
		How: lang.T("逐条填写实际完成值和得分后再报送。",
			"Fill in actual value and score of every indicator, then submit again."),
		Basis: []string{"S9", "practice"},
		Uses:  []string{"/structure/unfilled_share"},
		Wrong: Example{
			{"/indicators/0/actual", nil}, {"/indicators/1/actual", nil}, {"/indicators/2/actual", nil}, {"/indicators/3/actual", nil}, {"/indicators/4/actual", nil},
			{"/indicators/0/score", nil}, {"/indicators/1/score", nil}, {"/indicators/2/score", nil}, {"/indicators/3/score", nil},
		},
		Right: Example{},
		Check: func(p *Pass) {
			if empty, required := p.unfilled(); p.isUnfilled(empty, required) {
				p.Report(Finding{
					At:      p.at(p.Form.TableHead, "/indicators"),
					Message: lang.F("应填的实际完成值和得分共 %[2]d 格，%[1]d 格为空：这张表没有填写", "%[1]d of the %[2]d required actual values and scores are empty: the form was not filled in", empty, required),
					Help:    lang.T("请按年初设定的指标逐项填写实际完成值和得分后重新提交", "fill in the actual value and score of every indicator and submit again"),
				})
			}
		},
	},
	{
		Name: "missing-required-cell", Group: GroupStructure, Severity: Error, Since: "0.1",
		Title: lang.T("必填项为空", "a mandatory cell is empty"),
		What: lang.T("项目名称、主管部门、实施单位、年度、年度资金总额各数、预期目标、实际完成情况，以及每条指标的名称、指标值、完成值、得分不得为空；“—”“/”“无”视为空，但事故、舆情等不希望发生的事，指标值和完成值可以填“无”。分值为空由 weight-zero 报告。",
			"Project, department, unit, year, the figures of 年度资金总额, both halves of the goal, and name, target, actual value and score of every indicator must be filled; —, / and 无 count as empty, but 无 is a proper value of accidents and other unwanted things. An empty weight is reported by weight-zero."),
		Why: lang.T("缺项的表无法审核，系统也不允许保存。", "A form with gaps cannot be reviewed, and the budget systems refuse to save it."),
		How: lang.T("填上这一格；确实不适用的指标，应删去这一行并把分值调整到其他指标，不要只填“—”或“无”。",
			"Fill in the cell. Where an indicator does not apply, delete its row and give its points to others; — or 无 is not enough."),
		Basis: []string{"S9", "S17"},
		Uses:  []string{"/structure/unfilled_share", "/structure/empty_column_rows", "/structure/empty_row_cells"},
		Wrong: Example{{"/indicators/1/actual", nil}},
		Right: Example{{"/indicators/1/actual", "50次"}},
		Check: checkMissingCells,
	},
	{
		Name: "missing-section", Group: GroupStructure, Severity: Error, Since: "0.1",
		Title: lang.T("缺少必要的部分", "a part of the form is missing"),
		What: lang.T("没有项目资金、指标表或总分行，或没有产出指标、效益指标；没有满意度指标时为警告。方案不设的组不查。",
			"No fund block, no indicator table, no total row, or no output or benefit indicators; missing satisfaction indicators are a warning. Groups that the profile does not have are not missed."),
		Why: lang.T("自评必须覆盖资金执行、产出、效益和满意度。", "A self-evaluation covers execution, output, benefit and satisfaction."),
		How: lang.T("按官方表样补上缺少的部分，并相应调整分值，使合计仍为 100。",
			"Add the missing part after the official layout and adjust the weights so that they still add up to 100."),
		Basis: []string{"10号", "S17"},
		Uses:  []string{"/weights"},
		Wrong: Example{{"/funds", nil}},
		Right: Example{},
		Check: checkMissingSections,
	},
	{
		Name: "unknown-indicator-type", Group: GroupStructure, Severity: Error, Fix: Unsafe, Since: "0.1",
		Title: lang.T("二级指标放错了一级指标", "a second-level type stands under the wrong group"),
		What: lang.T("数量、质量、时效指标只能在产出指标下，经济、社会、生态效益和可持续影响指标只能在效益指标下；成本指标的位置按所用方案。",
			"数量, 质量 and 时效 belong under 产出; 经济, 社会, 生态 and 可持续 under 效益; the place of 成本 follows the profile."),
		Why: lang.T("放错位置会使各组分值合计失去意义。", "In the wrong place a row distorts the points of both groups."),
		How: lang.T("把这一行移到所属的一级指标下，或改正二级指标的名称，再核对各组分值。",
			"Move the row below the right first-level group, or correct its type, then check the points of the groups."),
		Basis: []string{"10号", "S1", "S2"},
		Uses:  []string{"/cost_level"},
		Wrong: Example{{"/indicators/5/level2", "数量指标"}},
		Right: Example{{"/indicators/5/level2", "社会效益指标"}},
		Check: checkIndicatorTypes,
	},
	{
		Name: "shifted-row", Group: GroupStructure, Severity: Note, Since: "0.1",
		Title: lang.T("有的行错列了", "rows are shifted against the header"),
		What: lang.T("文本中一行的标签或指标名称不在表头对应的列，多为复制时丢失了合并单元格。数值按含义读取，不受影响；每张表报一次。",
			"In a text, a label or name stands in another column than its header, mostly because merged cells were lost in copying. Figures are still read by meaning. One finding a form."),
		Why: lang.T("错列的表换个软件打开就可能读错。", "Another program may read a shifted row wrongly."),
		How: lang.T("在原表格中恢复合并单元格，或在行首补上缺少的空格，使每一格回到表头对应的列。",
			"Restore the merged cells, or insert the missing empty cells, so that each cell stands under its heading again."),
		Basis: []string{"practice"},
		Check: func(p *Pass) {
			if s := p.Form.Shifted; len(s) > 0 {
				lines := make([]string, len(s))
				for i, f := range s {
					lines[i] = strconv.Itoa(f.At.Line)
				}
				p.Report(Finding{
					At: s[0],
					Message: lang.F("第 %[1]s 行与表头错列，可能丢失了合并单元格", "not in line with the header, merged cells may have been lost: row %[2]s",
						strings.Join(lines, "、"), strings.Join(lines, ", ")),
					Help: lang.T("请从原始表格重新导出，或直接提交 .xlsx 文件", "export again from the original form, or submit the .xlsx file"),
				})
			}
		},
	},
	{
		Name: "title-project-mismatch", Group: GroupStructure, Severity: Error, Since: "0.1",
		Title: lang.T("表前标题与项目名称不符", "the heading names another project"),
		What:  lang.T("表前“n. X”中的 X 与项目名称不同。", "The X of the heading “n. X” differs from 项目名称."),
		Why:   lang.T("合并文件里常把表贴到别的项目名下。", "In collected files a form is easily pasted under another project's heading."),
		How: lang.T("核对这张表是哪个项目的：改正表前标题或项目名称，并查整张表是否贴错。",
			"Find out which project the form is about, correct heading or project name, and check that the whole form was not pasted in the wrong place."),
		Basis: []string{"practice"},
		Wrong: Example{{"/heading", "1. 口岸建设专项"}},
		Right: Example{{"/heading", "1. 市场监管业务培训与检查专项"}},
		Check: func(p *Pass) {
			named, ok := schema.HeadingName(p.Form.Heading.Text)
			if !ok || p.Form.Project.Missing() {
				return
			}
			heading, project := plainName(named), plainName(p.Form.Project.Text)
			if strings.Contains(heading, project) || strings.Contains(project, heading) {
				return
			}
			p.Report(Finding{
				At: p.Form.Heading, Related: related(rel(p.Form.Project, "项目名称", "project")),
				Message:  lang.F("表前标题是“%[1]s”，项目名称是“%[2]s”", "the heading says %[1]q, the project is %[2]q", named, show(p.Form.Project)),
				Found:    named,
				Expected: show(p.Form.Project),
				Help:     lang.T("请核对这张表属于哪个项目", "check which project the form belongs to"),
			})
		},
	},
	{
		Name: "dept-code-is-unit-code", Group: GroupStructure, Severity: Note, Fix: Unsafe, Since: "0.1",
		Title: lang.T("主管部门代码填成了单位代码", "the department's code is a unit's code"),
		What: lang.T("主管部门栏中名称与代码连写，或代码有 6 位（单位代码），而部门代码是 3 位。",
			"In the cell of 主管部门 name and code are glued together, or the code has the 6 digits of a unit where a department has 3."),
		Why: lang.T("部门代码为 3 位，单位代码在其后加 3 位。", "A department's code has 3 digits; a unit's adds 3 more."),
		How: lang.T("主管部门填部门名称和 3 位部门代码，6 位单位代码填在实施单位。当地代码位数不同的，可在规则集的 /structure 中改，或忽略。",
			"Give the department with its 3-digit code, and the 6-digit code with the unit. Where local codes have other lengths, set them in the profile under /structure, or ignore this."),
		Basis: []string{"S21", "S27"},
		Uses:  []string{"/structure/department_digits", "/structure/unit_digits"},
		Wrong: Example{{"/department/code", "433001"}},
		Right: Example{{"/department/code", "433"}},
		Check: func(p *Pass) {
			code := p.Form.DepartmentCode
			glued := code != "" && strings.HasSuffix(strings.TrimSpace(p.Form.Department.Text), code) && p.Form.Department.At.Path == "/department" &&
				strings.HasPrefix(strings.TrimSpace(p.Form.Department.Text), p.Form.DepartmentName)
			digits := p.Profile.Structure
			if len(code) != digits.UnitDigits {
				return
			}
			department := code[:digits.DepartmentDigits]
			f := Finding{
				At:      p.Form.Department,
				Message: lang.F("主管部门代码 %[1]s 是 %[3]d 位的单位代码，部门代码应为 %[2]s", "the department's code %[1]s has the %[3]d digits of a unit; the department's is %[2]s", code, department, digits.UnitDigits),
				Found:   code, Expected: department,
			}
			if glued {
				f.Fix = replace(Unsafe, p.Form.Department, p.Form.DepartmentName+" "+department)
			}
			p.Report(f)
		},
	},
	{
		Name: "template-placeholder-left", Group: GroupStructure, Severity: Warning, Since: "0.1",
		Title: lang.T("模板文字没有删除", "text of the empty template was left in"),
		What: lang.T("表中还有空的“指标2：”“……”行，或 XXX、**、（100字以内）、null 之类的模板文字。空模板行每张表报一次。",
			"Rows such as 指标2： or …… are still there, or template text such as XXX, **, (100字以内) or null. Empty rows are reported once a form."),
		Why: lang.T("说明填报没有完成或没有复核。", "It shows that filling in was not finished or not checked."),
		How: lang.T("填写或删去这些模板行、模板文字；删行后核对分值合计。",
			"Fill in or delete these lines and texts of the template; check the sum of weights after deleting rows."),
		Basis: []string{"S15", "S17", "S20", "S22"},
		Wrong: Example{{"/placeholders", []any{"指标2：", "……"}}},
		Right: Example{},
		Check: checkPlaceholders,
	},
}

var (
	rePlaceholder = regexp.MustCompile(`[xX×]{3,}|[×]{2,}|\*{2,}|…{2,}|\.{4,}|^\s*(?:null|NULL|undefined|\*)\s*$|[(（]\s*(?:限|不超过)?\s*\d+\s*字(?:以内|左右|之内)?\s*[)）]|^\s*指标\s*\d*\s*[:：]?\s*$`)
)

// mayHoldPlaceholder tells the few texts worth the regular expression, by their bytes:
// every cell of every form is asked.
func mayHoldPlaceholder(s string) bool {
	for i := 1; i < len(s); i++ {
		switch c := s[i]; c {
		case '*', '.', 'x', 'X':
			if s[i-1] == c || c|0x20 == 'x' && s[i-1]|0x20 == 'x' {
				return true
			}
		case "字"[2], "…"[2]: // the former is the last byte of × too
			if before := s[:i+1]; strings.HasSuffix(before, "字") || strings.HasSuffix(before, "×") || strings.HasSuffix(before, "…") {
				return true
			}
		}
	}
	const space = " \t\n\f\r" // what \s is
	s = strings.TrimLeft(s, space)
	switch {
	case s == "":
		return false
	case s[0] == "指标"[0]:
		return strings.HasPrefix(s, "指标") && strings.TrimRight(s, "0123456789:："+space) == "指标"
	case s[0] == 'n', s[0] == 'N', s[0] == 'u', s[0] == '*':
		s = strings.TrimRight(s, space)
		return s == "null" || s == "NULL" || s == "undefined" || s == "*"
	}
	return false
}

// plainName reduces a name to what must be equal: no spaces, no width, no final 项目.
func plainName(s string) string {
	return strings.TrimSuffix(strings.TrimRight(quantity.Fold(s), ".。"), "项目")
}

// unfilled counts the actual values and scores that should be there, and those that
// are empty.
func (p *Pass) unfilled() (empty, required int) {
	for i := range p.rows {
		r := &p.rows[i]
		if r.sub {
			continue
		}
		for _, c := range []struct {
			name  string
			field schema.Field
		}{{"indicators.actual", r.Actual}, {"indicators.score", r.Score}} {
			if p.has(c.name) {
				required++
				if !c.field.Filled() {
					empty++
				}
			}
		}
	}
	return empty, required
}

// isUnfilled reports whether so many empty cells make the form an unfilled one.
func (p *Pass) isUnfilled(empty, required int) bool {
	return required > 0 && quantity.Ratio(int64(empty), int64(required)).Cmp(p.Profile.Structure.UnfilledShare.Number) > 0
}

// requiredNames are the names of mandatory fields in messages, by the last segment
// of their pointers.
var requiredNames = map[string]lang.Text{
	"year": lang.T("年度", "the year (年度)"), "project": lang.T("项目名称", "the project (项目名称)"),
	"department": lang.T("主管部门", "the department (主管部门)"), "unit": lang.T("实施单位", "the unit (实施单位)"),
	"name":    lang.T("三级指标名称", "the indicator's name (三级指标)"),
	"initial": lang.T("年初预算数", "the initial budget (年初预算数)"), "adjusted": lang.T("全年预算数", "the adjusted budget (全年预算数)"),
	"executed": lang.T("全年执行数", "the executed amount (全年执行数)"), "rate": lang.T("执行率", "the execution rate (执行率)"),
	"expected": lang.T("预期目标", "the expected goal (预期目标)"), "actual": lang.T("实际完成值", "the actual value (实际完成值)"),
	"target": lang.T("年度指标值", "the target (年度指标值)"), "score": lang.T("得分", "the score (得分)"),
	"weight": lang.T("分值", "the weight (分值)"), "goal": lang.T("年度总体目标", "the overall goal (年度总体目标)"),
}

func checkMissingCells(p *Pass) {
	if p.total == nil && len(p.funds) > 0 {
		p.Report(Finding{
			At:      p.at(p.Form.Funds.Label, "/funds/rows"),
			Message: lang.T("项目资金中没有“年度资金总额”一行", "the fund block has no row 年度资金总额"),
			Help:    lang.T("必填项：执行率和得分按这一行计算", "mandatory: the execution rate and its score are computed from it"),
		})
	}
	problems := p.problemsOf("missing-required-cell")
	if len(problems) == 0 {
		return
	}
	empty, required := p.unfilled()
	unfilled := p.isUnfilled(empty, required)
	rows := map[string][]schema.Problem{}
	var order []string
	empties := p.emptyColumns()
	for _, q := range problems {
		pointer := q.Pointer
		if q.Property != "" {
			pointer += "/" + q.Property
		}
		last := pointer[strings.LastIndexByte(pointer, '/')+1:]
		inTable := strings.HasPrefix(pointer, "/indicators/")
		switch {
		case inTable && last == "weight":
			continue // weight-zero reports it
		case unfilled && (inTable && last != "name" && last != "target" || !inTable && last == "score"):
			continue
		case last == "rate" && q.Keyword != "required" && p.total != nil && p.total.budget().ok && p.total.budget().number().Sign() == 0:
			continue // without a budget there is no rate: zero-budget speaks of it
		case inTable && last == "actual" && p.excused(pointer), inTable && p.saysNone(pointer):
			continue
		case inTable && empties[last] > 0:
			// A column that nobody filled in is one omission, reported at its first cell.
			if n := empties[last]; n > 1 {
				empties[last] = 1
				p.Report(Finding{
					At:      p.Form.Place(pointer),
					Message: lang.F("%[1]s一列全部没有填写，共 %[2]d 行", "%[1]s is missing in all %[2]d rows", requiredNames[last], n),
					Help:    lang.T("必填项，请逐行补填", "mandatory: fill it in for every row"),
				})
			}
			continue
		}
		q.Pointer, q.Property = pointer, last
		row := pointer[:strings.LastIndexByte(pointer, '/')]
		if !inTable {
			row = pointer
		}
		if rows[row] == nil {
			order = append(order, row)
		}
		rows[row] = append(rows[row], q)
	}
	for _, row := range order {
		reportMissing(p, rows[row])
	}
}

// emptyColumns gives the columns of the indicator table that are empty in every row,
// with the number of rows, if that is as many as the profile says.
func (p *Pass) emptyColumns() map[string]int {
	n, targets, actuals, scores := 0, 0, 0, 0
	count := func(f *schema.Field, empty *int) {
		if !f.Filled() {
			*empty++
		}
	}
	for i := range p.rows {
		r := &p.rows[i]
		if r.sub {
			continue
		}
		n++
		count(&r.Target, &targets)
		count(&r.Actual, &actuals)
		count(&r.Score, &scores)
	}
	counts := map[string]int{"target": targets, "actual": actuals, "score": scores}
	maps.DeleteFunc(counts, func(_ string, c int) bool { return c == 0 || c < n || n < p.Profile.Structure.EmptyColumnRows })
	return counts
}

// excused reports whether an indicator without an actual value says why.
func (p *Pass) excused(pointer string) bool {
	r, _ := p.rowOf(pointer)
	return r != nil && r.Actual.Filled() && !r.Explanation.Missing()
}

// saysNone reports whether 无 is the value of a thing that nobody wants: no accident was
// to happen, and none did.
func (p *Pass) saysNone(pointer string) bool {
	r, field := p.rowOf(pointer)
	switch {
	case r == nil:
		return false
	case r.sense == wanted && !p.words.nothingToHappen(bareWords(r.Target.Text)):
		return false
	case field == "target":
		return quantity.Fold(r.Target.Text) == "无"
	case field == "actual":
		return quantity.Fold(r.Actual.Text) == "无"
	}
	return false
}

// rowOf gives the indicator that a JSON Pointer leads into, and what it names there; nil
// if it leads elsewhere.
func (p *Pass) rowOf(pointer string) (r *indicatorRow, field string) {
	rest, ok := strings.CutPrefix(pointer, "/indicators/")
	if !ok {
		return nil, ""
	}
	index, field, _ := strings.Cut(rest, "/")
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 || i >= len(p.rows) {
		return nil, ""
	}
	return &p.rows[i], field
}

// reportMissing reports the empty cells of one row: one by one, or all in one
// finding where the row has nothing but its name.
func reportMissing(p *Pass, problems []schema.Problem) {
	if len(problems) >= p.Profile.Structure.EmptyRowCells {
		var names lang.Text
		for _, q := range problems {
			n := requiredNames[q.Property]
			names.ZH, names.EN = join(names.ZH, n.ZH, "、"), join(names.EN, n.EN, ", ")
		}
		at := p.Form.Place(problems[0].Pointer[:strings.LastIndexByte(problems[0].Pointer, '/')] + "/name")
		p.Report(Finding{
			At:      at,
			Message: lang.F("这条指标的%[1]s都没有填", "the row has none of: %[1]s", names),
			Help:    lang.T("补填这一行；不用的行请整行删除", "fill in the row, or delete it if it is not used"),
		})
		return
	}
	for _, q := range problems {
		name, ok := requiredNames[q.Property]
		switch {
		case strings.HasPrefix(q.Pointer, "/goal/actual"):
			name = lang.T("年度总体目标的实际完成情况", "the actual completion of the goal (实际完成情况)")
		case q.Pointer == "/department/name":
			name = lang.T("主管部门", "the department (主管部门)")
		case q.Pointer == "/total/score":
			name = lang.T("总分得分", "the total score (总分)")
		case strings.HasPrefix(q.Pointer, "/funds/rows/"):
			name = lang.F("年度资金总额的%[1]s", "%[1]s of 年度资金总额", name)
		case !ok:
			name = lang.T(q.Property, q.Property)
		}
		f := Finding{At: q.At, Message: lang.F("%[1]s没有填写", "%[1]s is missing", name), Help: lang.T("必填项，请补填", "mandatory: fill it in")}
		if q.Keyword != "required" && q.At.Filled() {
			f.Found = show(q.At)
			f.Message = lang.F("%[1]s只填了“%[2]s”，视为未填", "%[1]s is only %[2]q, which counts as empty", name, show(q.At))
		}
		p.Report(f)
	}
}

func join(a, b, sep string) string {
	if a == "" {
		return b
	}
	return a + sep + b
}

func checkMissingSections(p *Pass) {
	f := p.Form
	for _, q := range p.problemsOf("missing-section") {
		if q.Property == "indicators" && f.TableHead.Filled() {
			p.Report(Finding{
				At:      f.TableHead,
				Message: lang.T("绩效指标表是空的，没有填写任何指标", "the indicator table is empty: no indicator is filled in"),
				Help:    lang.T("请按年初设定的指标逐项填写后再提交", "fill in the indicators that were set for the year, then submit"),
			})
			continue
		}
		var what lang.Text
		switch name := q.Property; {
		case q.Pointer == "/indicators" && name == "":
			what = lang.T("绩效指标（表是空的）", "any indicator: the table is empty")
		case name == "funds", name == "rows":
			what = lang.T("项目资金（年度资金总额、执行率）", "the fund block (项目资金)")
		case name == "indicators":
			what = lang.T("绩效指标表", "the indicator table (绩效指标)")
		case name == "total":
			what = lang.T("总分行", "the total row (总分)")
		}
		at := f.Start
		at.At.Path = strings.TrimSuffix(q.Pointer+"/"+q.Property, "/")
		p.Report(Finding{
			At: at, Message: lang.F("没有找到%[1]s", "%[1]s was not found", what),
			Help: lang.T("请核对表格是否完整，是否只提交了其中一页", "check that the form is complete and not just one page of it"),
		})
	}
	if !p.has("project") && !p.has("department") {
		p.Report(Finding{
			At: f.Start, Message: lang.T("没有找到表头（项目名称、主管部门、实施单位、年度）", "the head of the form (项目名称, 主管部门, 实施单位, 年度) was not found"),
			Help: lang.T("请核对表格是否完整，是否只提交了其中一页", "check that the form is complete and not just one page of it"),
		})
	}
	if len(f.Indicators) == 0 {
		return
	}
	seen := map[schema.Section]bool{}
	for i := range f.Indicators {
		seen[f.Indicators[i].Section()] = true
		if !f.Indicators[i].Level1.Filled() && !f.Indicators[i].Level2.Filled() {
			seen[schema.SectionUnknown] = true
		}
		if f.Indicators[i].Type() == schema.SatisfactionType {
			seen[schema.SectionSatisfaction] = true // regions put satisfaction under 效益
		}
	}
	// Where labels were lost, or a region has groups of its own, absence proves nothing.
	if seen[schema.SectionUnknown] || seen[schema.SectionOther] && !seen[schema.SectionOutput] {
		return
	}
	at := p.at(f.TableHead, "/indicators")
	for _, s := range []schema.Section{schema.SectionOutput, schema.SectionBenefit, schema.SectionSatisfaction} {
		if seen[s] || !p.Profile.Has(string(s)) {
			continue
		}
		finding := Finding{
			At:       at,
			Message:  lang.F("没有%[1]s指标", "there are no %[1]s indicators", string(s)),
			Expected: string(s) + "指标",
			Help:     lang.T("一级指标应包括产出、效益和满意度", "the first-level groups are 产出, 效益 and 满意度"),
		}
		if s == schema.SectionSatisfaction {
			finding.Severity = Warning
		}
		p.Report(finding)
	}
}

func checkIndicatorTypes(p *Pass) {
	reported := map[string]bool{}
	for i := range p.rows {
		r := &p.rows[i]
		section := schema.SectionOf(r.Level1.Text)
		typ := schema.TypeOf(r.Level2.Text)
		var right schema.Section
		switch typ {
		case schema.QuantityType, schema.QualityType, schema.TimeType:
			right = schema.SectionOutput
		case schema.EconomicType, schema.SocialType, schema.EcologicalType, schema.SustainableType:
			right = schema.SectionBenefit
		case schema.CostType:
			right = schema.SectionOutput
			if p.Profile.CostLevel == 1 || section == schema.SectionCost {
				right = schema.SectionCost
			}
		case schema.SatisfactionType, schema.Untyped:
			continue // regions put satisfaction under 效益
		}
		key := r.Level1.Text + "|" + r.Level2.Text
		if section == right || section == schema.SectionUnknown || section == schema.SectionOther || section == schema.SectionCost || reported[key] {
			continue
		}
		reported[key] = true
		p.Report(Finding{
			At:      p.at(r.Level2, fmt.Sprintf("/indicators/%d/level2", i)),
			Related: related(rel(r.Level1, "一级指标", "first level"), rel(r.Name, "三级指标", "indicator")),
			Message: lang.F("“%[1]s”不应放在“%[2]s”下，应在“%[3]s指标”下", "%[1]q does not belong under %[2]q but under %[3]q",
				show(r.Level2), show(r.Level1), string(right)),
			Found: show(r.Level1), Expected: string(right) + "指标",
		})
	}
}

func checkPlaceholders(p *Pass) {
	if ph := p.Form.Placeholders; len(ph) > 0 {
		f := Finding{
			At:      ph[0],
			Message: lang.F("空的模板行没有删除，共 %[1]d 行", "empty template rows were left in: %[1]d", len(ph)),
			Found:   show(ph[0]),
			Help:    lang.T("请删除不用的指标行", "delete the rows that are not used"),
		}
		for _, other := range ph[1:] {
			f.Related = append(f.Related, rel(other, "模板行", "template row"))
		}
		p.Report(f)
	}
	for pointer, field := range p.Form.Fields() {
		if !mayHoldPlaceholder(field.Text) || strings.HasPrefix(pointer, "/placeholders") || strings.HasSuffix(pointer, "/label") {
			continue
		}
		m := rePlaceholder.FindString(field.Text)
		if m == "" || strings.Contains(pointer, "/funds/rows") && strings.Trim(m, "* ") == "" {
			continue
		}
		if strings.HasSuffix(pointer, "/name") && strings.Contains(m, "*") && len(m) > 0 && !strings.Contains(m, "**") {
			continue
		}
		p.Report(Finding{
			At: *field, Found: strings.TrimSpace(m),
			Message: lang.F("还留着模板文字“%[1]s”", "template text %[1]q was left in", strings.TrimSpace(m)),
			Help:    lang.T("请换成实际内容或删去", "replace it by the real content or delete it"),
		})
	}
}
