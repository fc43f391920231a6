package checks

import (
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/lang"
)

// The rules of group input speak of what the readers met. Their findings are made
// from the readers' problems; four of them (unreadable-row, unreadable-cell,
// hidden-content, converted-file) and layout-lacks add to rules.md, which asks that nothing which
// could not be read passes in silence.
var inputRules = []*Rule{
	{
		Name: schema.RuleUnreadableFile, Group: GroupInput, Severity: Error, Since: "0.1",
		Title: lang.T("文件读不出来或不是自评表", "the file cannot be read or holds no form"),
		What: lang.T("文件损坏、加密、为空、格式不符、超出上限，或其中没有可识别的绩效自评表。",
			"The file is damaged, encrypted, empty, of another format, beyond the limits, or holds no recognisable form."),
		Why: lang.T("没有完整读出的文件不能算通过检查。", "What was not fully read must never pass as clean."),
		How: lang.T("用 Excel 或 WPS 打开文件，另存为 .xlsx（或 .docx）后重新检查；加密的先去掉密码，扫描件、图片请改交电子表格；确实不是自评表的移出文件夹。",
			"Open the file, save it as .xlsx (or .docx) and check again; remove a password first, and submit a spreadsheet instead of a scan. Take files that are no forms out of the folder."),
	},
	{
		Name: schema.RuleUnreadableRow, Group: GroupInput, Severity: Warning, Since: "0.1",
		Title: lang.T("像指标行却读不懂", "a row looks like an indicator but could not be understood"),
		What: lang.T("指标表中的一行有数字或文字，但认不出哪一格是名称、指标值、分值或得分。",
			"A row of the indicator table has content, but name, target, weight and score could not be told apart."),
		Why: lang.T("漏读一行会让合计和得分检查失去意义。", "A row that is passed over would make every sum meaningless."),
		How: lang.T("对照表头逐格核对这一行：名称、指标值、完成值、分值、得分各在一格，不要合并到一起，也不要在中间插入说明行。",
			"Compare the row with the header: name, target, actual value, weight and score have a cell each, unmerged, and no remark stands between the rows."),
	},
	{
		Name: schema.RuleUnreadableCell, Group: GroupInput, Severity: Error, Since: "0.1",
		Title: lang.T("单元格没有可用的值", "a cell holds no usable value"),
		What: lang.T("单元格是错误值（#REF!、#DIV/0!）、公式没有保存结果、同一位置有两个值；单元格次序错乱时只作警告。",
			"The cell is an error value, a formula without a stored result, or one of two values for one place; cells merely out of order give a warning."),
		Why: lang.T("这样的单元格在别人的电脑上可能显示成另一个数。", "Such a cell may show another figure on another machine."),
		How: lang.T("在 Excel 中打开，改正公式或直接填数，重新计算后保存；乱序的文件另存一次即可。",
			"Open it in the spreadsheet program, mend the formula or type the figure, recalculate and save; a file that is out of order only needs to be saved anew."),
	},
	{
		Name: schema.RuleHiddenContent, Group: GroupInput, Severity: Note, Since: "0.1",
		Title: lang.T("有隐藏的行、列或工作表", "hidden rows, columns or sheets"),
		What:  lang.T("隐藏的内容同样被读取和检查。", "Hidden content is read and checked like any other."),
		Why:   lang.T("报送的表格里不应有看不见的内容。", "A filed form should hold nothing that its reader cannot see."),
		How: lang.T("取消隐藏后核对；不需要的行、列、工作表请删除。确需保留的可以忽略，其内容已照常检查。",
			"Unhide and check it, and delete what is not needed. It may be left where it must be kept: its content was checked like any other."),
	},
	{
		Name: schema.RuleConvertedFile, Group: GroupInput, Severity: Note, Since: "0.1",
		Title: lang.T("文件经转换后读取", "the file was converted before it was read"),
		What:  lang.T("用 --convert auto 时，.xls、.doc 等格式由 LibreOffice 转换后读取。", "With --convert auto, .xls, .doc and their like are converted by LibreOffice."),
		Why:   lang.T("位置是转换后文件中的位置，可能与原文件不同。", "Places are those of the converted file and may differ from the original's."),
		How: lang.T("不必改；若位置对不上，请用 Excel 或 WPS 把原文件另存为 .xlsx、.docx 再检查。",
			"Nothing to mend. If places do not fit, save the original as .xlsx or .docx and check that."),
	},
	{
		Name: schema.RuleSchemaViolation, Group: GroupInput, Severity: Error, Since: "0.1",
		Title: lang.T("不符合规范文档的 JSON Schema", "violates the JSON Schema of the canonical document"),
		What: lang.T("规范文档中的属性名、类型或取值不在 form.schema.json 允许的范围内，且没有更具体的规则。",
			"A property, type or value is not allowed by form.schema.json, and no rule speaks of it more precisely."),
		Why: lang.T("规范文档是各系统之间交换自评表的共同格式。", "The canonical document is the common format in which systems exchange forms."),
		How: lang.T("按提示改正属性的名称或取值；全部字段见 jixiaolint schema form。",
			"Correct the property's name or value; jixiaolint schema form lists all fields."),
		Wrong: Example{{"/funds/rows/0/rates", "95%"}},
		Right: Example{{"/funds/rows/0/rate", "95.00%"}},
		Check: func(p *Pass) {
			for _, q := range p.problemsOf(schema.RuleSchemaViolation) {
				at := q.Pointer
				if q.Property != "" {
					at += "/" + q.Property
				}
				p.Report(Finding{
					At:      q.At,
					Message: lang.F("%[2]s：%[1]s", "%[2]s: %[1]s", q.Message, at),
					Help:    lang.T("字段说明见 jixiaolint schema form", "see jixiaolint schema form for the fields"),
				})
			}
		},
	},
	{
		Name: "layout-lacks", Group: GroupInput, Severity: Note, Since: "0.1",
		Title: lang.T("表样缺少栏目，部分规则未执行", "the layout lacks columns, so some rules did not run"),
		What: lang.T("表样没有分值、得分、偏差原因等栏目时，依赖这些栏目的规则不执行。",
			"Where a form has no column for weights, scores or reasons, the rules that need them are switched off."),
		Why: lang.T("没有报出问题不等于检查过：这里说明哪些没有检查。", "No finding must not be mistaken for a check that was made."),
		How: lang.T("换用栏目齐全的官方表样；当地表样本来没有这些栏目的，可以忽略。",
			"Use the official layout with all columns. Leave it where the local layout has no such columns."),
		Wrong: Example{{"/lacks", []any{"indicators.explanation"}}},
		Right: Example{},
		Check: func(p *Pass) {
			var zh, en []string
			for _, l := range p.Form.Lacks {
				if p.execWeight.ok && (l == "funds.weight" || l == "funds.score" && p.execScore.ok) {
					continue // stated elsewhere
				}
				if name, ok := columnNames[l]; ok {
					zh, en = append(zh, name.ZH), append(en, name.EN)
				}
			}
			if len(zh) > 0 {
				p.Report(Finding{
					At: p.Form.Start,
					Message: lang.F("表样没有这些栏目，依赖它们的规则未执行：%[1]s",
						"the layout has no %[2]s: the rules that need them did not run", strings.Join(zh, "、"), strings.Join(en, ", ")),
				})
			}
		},
	},
}

var columnNames = map[string]lang.Text{
	"funds.initial":          lang.T("年初预算数", "initial budget (年初预算数)"),
	"funds.adjusted":         lang.T("全年预算数", "adjusted budget (全年预算数)"),
	"funds.executed":         lang.T("全年执行数", "executed amount (全年执行数)"),
	"funds.weight":           lang.T("执行率分值", "weight of the execution rate (分值)"),
	"funds.rate":             lang.T("执行率", "execution rate (执行率)"),
	"funds.score":            lang.T("执行率得分", "score of the execution rate (得分)"),
	"goal":                   lang.T("年度总体目标", "overall goal (年度总体目标)"),
	"indicators.target":      lang.T("年度指标值", "target (年度指标值)"),
	"indicators.actual":      lang.T("实际完成值", "actual value (实际完成值)"),
	"indicators.weight":      lang.T("指标分值", "indicator weight (分值)"),
	"indicators.score":       lang.T("指标得分", "indicator score (得分)"),
	"indicators.explanation": lang.T("偏差原因分析及改进措施", "reason and measures (偏差原因分析及改进措施)"),
}

// InternalError gives the rule that reports a failure of jixiaolint itself. It is no rule of the
// catalogue: nobody can silence it.
func InternalError() *Rule { return internalError }

var internalError = &Rule{
	Name: "internal-error", Group: GroupInput, Severity: Error, Since: "0.1",
	Title: lang.T("jixiaolint 内部错误", "internal error of jixiaolint"),
}
