package checks

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

//go:embed specimen.json
var specimen []byte

// Change is what one Set of an example changes, in words.
type Change struct {
	Pointer string
	// Field names the field as the form does: the row and the column.
	Field lang.Text
	// Before and After are what stands there, empty where there is nothing. Before is that
	// of the specimen, or of an earlier Set.
	Before, After string
}

// Changes gives the changes that an example makes to the specimen, in order.
func (e Example) Changes() ([]Change, error) {
	doc, err := e.document()
	if err != nil {
		return nil, err
	}
	changes := make([]Change, 0, len(e))
	for _, s := range e {
		path := strings.Split(strings.TrimPrefix(s.Pointer, "/"), "/")
		c := Change{Pointer: s.Pointer, Field: fieldText(doc, path), Before: valueText(get(doc, path)), After: valueText(s.Value)}
		if err := set(doc, path, s.Value); err != nil {
			return nil, fmt.Errorf("%s: %w", s.Pointer, err)
		}
		changes = append(changes, c)
	}
	return changes, nil
}

// get gives what stands at a path of a JSON tree; nil if there is nothing.
func get(node any, path []string) any {
	for _, step := range path {
		switch n := node.(type) {
		case map[string]any:
			node = n[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(n) {
				return nil
			}
			node = n[i]
		default:
			return nil
		}
	}
	return node
}

// valueText gives a value as the form shows it; a part of the form that is no cell gives
// its name in braces.
func valueText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case []any:
		parts := make([]string, len(v))
		for i, part := range v {
			parts[i] = valueText(part)
		}
		return strings.Join(parts, "、")
	case map[string]any:
		return "{…}"
	}
	return fmt.Sprint(v)
}

// fieldText names a field in the words of the form: the row, then the column.
func fieldText(doc any, path []string) lang.Text {
	if n, err := strconv.Atoi(path[0]); err == nil && len(path) > 1 {
		forms, _ := doc.([]any)
		if n < len(forms) {
			return lang.F("第 %[1]d 张表 %[2]s", "form %[1]d, %[2]s", n+1, fieldText(forms[n], path[1:]))
		}
	}
	var named []string
	for _, step := range path {
		if _, err := strconv.Atoi(step); err != nil {
			named = append(named, step)
		}
	}
	name := strings.Join(named, ".")
	column, ok := fieldNames[name]
	if !ok {
		column = lang.T(name, name)
	}
	if len(named) == len(path) {
		return column
	}
	row, _ := get(doc, path[:len(path)-1]).(map[string]any)
	for _, key := range []string{"name", "label", "level1"} {
		if s, ok := row[key].(string); ok {
			return lang.F("%[1]s · %[2]s", "%[1]s · %[2]s", s, column)
		}
	}
	return column
}

// fieldNames are the names that forms give to the fields of examples.
var fieldNames = map[string]lang.Text{
	"project":                lang.T("项目名称", "project (项目名称)"),
	"heading":                lang.T("表前标题", "heading above the form"),
	"department.code":        lang.T("主管部门代码", "department code (主管部门代码)"),
	"placeholders":           lang.T("空的模板行", "empty lines of the template"),
	"lacks":                  lang.T("表样没有的栏目", "columns that the layout lacks"),
	"funds":                  lang.T("项目资金", "funds (项目资金)"),
	"funds.header_amount":    lang.T("表头金额", "amount in the heading"),
	"funds.rows.initial":     lang.T("年初预算数", "initial budget (年初预算数)"),
	"funds.rows.adjusted":    lang.T("全年预算数", "adjusted budget (全年预算数)"),
	"funds.rows.executed":    lang.T("全年执行数", "executed (全年执行数)"),
	"funds.rows.weight":      lang.T("分值", "weight (分值)"),
	"funds.rows.rate":        lang.T("执行率", "execution rate (执行率)"),
	"funds.rows.rates":       lang.T("rates（没有这个字段）", "rates (there is no such field)"),
	"funds.rows.score":       lang.T("得分", "score (得分)"),
	"goal.expected":          lang.T("预期目标", "goal (预期目标)"),
	"goal.actual":            lang.T("实际完成情况", "result (实际完成情况)"),
	"groups.level1":          lang.T("一级指标", "first-level group (一级指标)"),
	"groups.weight":          lang.T("标注的分值", "stated points"),
	"indicators.level2":      lang.T("二级指标", "type (二级指标)"),
	"indicators.name":        lang.T("三级指标", "indicator (三级指标)"),
	"indicators.target":      lang.T("年度指标值", "target (年度指标值)"),
	"indicators.actual":      lang.T("实际完成值", "actual value (实际完成值)"),
	"indicators.weight":      lang.T("分值", "weight (分值)"),
	"indicators.score":       lang.T("得分", "score (得分)"),
	"indicators.explanation": lang.T("偏差原因分析及改进措施", "reason and measures (偏差原因分析及改进措施)"),
	"total.score":            lang.T("总分", "total (总分)"),
	"total.grade":            lang.T("等级", "grade (等级)"),
}

// Form gives the specimen form with the changes of an example of one form, read back
// from JSON as a filed document would be.
func (e Example) Form() (*schema.Form, error) {
	forms, err := e.Forms()
	if err != nil {
		return nil, err
	}
	if len(forms) != 1 {
		return nil, fmt.Errorf("the example gives %d forms", len(forms))
	}
	return forms[0], nil
}

// Forms gives the forms of an example: one, or as many as its pointers number.
func (e Example) Forms() ([]*schema.Form, error) {
	doc, err := e.document()
	if err != nil {
		return nil, err
	}
	for _, s := range e {
		if err := set(doc, strings.Split(strings.TrimPrefix(s.Pointer, "/"), "/"), s.Value); err != nil {
			return nil, fmt.Errorf("%s: %w", s.Pointer, err)
		}
	}
	data, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		return nil, fmt.Errorf("example: %w", err)
	}
	return schema.Decode("example.json", data, grid.DefaultLimits()).Forms, nil
}

// document gives what the example changes: the specimen, or as many copies of it as its
// pointers number, as a JSON tree.
func (e Example) document() (any, error) {
	last := -1
	for _, s := range e {
		first, _, _ := strings.Cut(strings.TrimPrefix(s.Pointer, "/"), "/")
		if n, err := strconv.Atoi(first); err == nil {
			last = max(last, n)
		}
	}
	forms := make([]any, max(last, 0)+1)
	for i := range forms {
		if err := json.Unmarshal(specimen, &forms[i]); err != nil {
			return nil, fmt.Errorf("specimen.json: %w", err)
		}
	}
	if last < 0 {
		return forms[0], nil
	}
	return forms, nil
}

// set puts a value at a path of a JSON tree; nil removes it.
func set(node any, path []string, value any) error {
	switch n := node.(type) {
	case map[string]any:
		if len(path) > 1 {
			return set(n[path[0]], path[1:], value)
		}
		if value == nil {
			delete(n, path[0])
		} else {
			n[path[0]] = value
		}
		return nil
	case []any:
		i, err := strconv.Atoi(path[0])
		if err != nil || i < 0 || i >= len(n) {
			return fmt.Errorf("no element %s", path[0])
		}
		if len(path) > 1 {
			return set(n[i], path[1:], value)
		}
		n[i] = value
		return nil
	}
	return fmt.Errorf("nothing at %s", strings.Join(path, "/"))
}
