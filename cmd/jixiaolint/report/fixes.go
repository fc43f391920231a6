package report

import (
	"slices"
	"strconv"
	"strings"

	"jixiaolint/checks"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// fixes prints the cells of a file that fixes changed, or, proposed, would change, and the
// fixes that could not be made.
func (t *textRenderer) fixes(file string, f *checks.Fixes, proposed bool) {
	if f == nil || len(f.Changes)+len(f.Undone) == 0 {
		return
	}
	st, l := t.styles, t.opts.Lang
	if len(f.Changes) > 0 {
		head := lang.T("已改正", "mended")
		if proposed {
			head = lang.T("可改正", "would mend")
		}
		t.put(st.paint(st.added, head.In(l)), " ", st.paint(st.bold, Sanitize(file)))
		if f.Backup != "" {
			t.put(lang.F("（原文件存为 %s）", " (what was there is in %s)", Sanitize(f.Backup)).In(l))
		}
		t.put("\n")
		for i := range f.Changes {
			t.cellChange(&f.Changes[i])
		}
		for i := range f.Recalculated {
			t.cellChange(&f.Recalculated[i])
			t.note("     ", lang.T("理由", "why"), whyRecalculated.In(l))
		}
		if !f.Unwritten.IsZero() {
			t.note("  ", lang.T("注意", "but"), Sanitize(f.Unwritten.In(l)))
		}
		t.put("\n")
	}
	for i := range f.Undone {
		u := &f.Undone[i]
		t.put(st.paint(st.warning, lang.T("未改正", "not mended").In(l)), "[", st.paint(st.bold, Sanitize(u.Finding.Rule.Name)), "]: ",
			Sanitize(u.Finding.Message.In(l)), "\n")
		t.put("  ", st.paint(st.frame, "-->"), " ", locationText(u.Finding.At.At), "\n")
		t.note("  ", lang.T("原因", "why"), Sanitize(u.Why.In(l)))
		t.put("\n")
	}
}

// whyRecalculated is the reason for which the result of a formula changed.
var whyRecalculated = lang.T("公式按改正后的数重新计算", "the formula was computed anew from the corrected figures")

// cellChange prints one changed cell: where it is, what it held and holds, and why.
func (t *textRenderer) cellChange(c *checks.CellChange) {
	st, l := t.styles, t.opts.Lang
	t.put("  ", st.paint(st.frame, "-->"), " ", locationText(c.At))
	if name := FieldName(c.Form, c.At.Path, l); name != "" {
		t.put("  ", Sanitize(name))
	}
	t.put("\n")
	for _, p := range pieces(c.From, c.To) {
		t.put("      ", st.paint(st.removed, "- "+editValue(p[0], l)), "\n")
		t.put("      ", st.paint(st.added, "+ "+editValue(p[1], l)), "\n")
	}
	shown := map[string]bool{}
	for _, f := range c.For {
		reason := Sanitize(f.Message.In(l))
		if a := f.Arithmetic.In(l); a != "" {
			reason += lang.F("（%s）", " (%s)", Sanitize(a)).In(l)
		}
		if reason += " [" + Sanitize(f.Rule.Name) + "]"; !shown[reason] {
			shown[reason] = true
			t.note("     ", lang.T("理由", "why"), reason)
		}
	}
}

// pieces gives the pieces of a changed text that differ, before and after. In a long text,
// each place that changed is shown by itself, with a little around it.
func pieces(from, to string) [][2]string {
	const most, near, long = 24, 2 * around, 40
	a, b := []rune(from), []rune(to)
	if min(len(a), len(b)) <= 2*near {
		from, to = changed(from, to)
		return [][2]string{{from, to}}
	}
	var out [][2]string
	for h := nextHunk(a, b, hunk{}); h != (hunk{}); {
		next := nextHunk(a, b, h)
		for next != (hunk{}) && next.a0-h.a1 <= near && max(next.a1-h.a0, next.b1-h.b0) <= long {
			h.a1, h.b1 = next.a1, next.b1
			next = nextHunk(a, b, h)
		}
		if len(out) == most {
			return append(out, [2]string{ellipsis, ellipsis})
		}
		out = append(out, [2]string{excerpt(a, h.a0, h.a1), excerpt(b, h.b0, h.b1)})
		h = next
	}
	return out
}

// hunk is a stretch of one text that stands in the place of one of another text.
type hunk struct{ a0, a1, b0, b1 int }

// nextHunk gives the first hunk after another one, the zero hunk if there is none. It
// ends where the texts are the same again for some characters; if that is too far off,
// it is the rest.
func nextHunk(a, b []rune, after hunk) hunk {
	const same, far = 4, 64
	i, j := after.a1, after.b1
	for i < len(a) && j < len(b) && a[i] == b[j] {
		i, j = i+1, j+1
	}
	if i == len(a) && j == len(b) {
		return hunk{}
	}
	for d := 1; d <= far; d++ {
		for x := range d + 1 {
			p, q := i+x, j+d-x
			if p > len(a) || q > len(b) {
				continue
			}
			if slices.Equal(a[p:min(p+same, len(a))], b[q:min(q+same, len(b))]) {
				return hunk{i, p, j, q}
			}
		}
	}
	p, q := len(a), len(b)
	for p > i && q > j && a[p-1] == b[q-1] {
		p, q = p-1, q-1
	}
	return hunk{i, p, j, q}
}

// fieldNames are the names of the fields of a form as the form prints them, by the last
// segment of their pointers.
var fieldNames = map[string]lang.Text{
	"heading": lang.T("表前标题", "heading"), "title": lang.T("标题", "title"), "year": lang.T("年度", "year"),
	"project": lang.T("项目名称", "project"), "department": lang.T("主管部门", "department"), "unit": lang.T("实施单位", "unit"),
	"header_amount": lang.T("项目资金", "funds"), "label": lang.T("名称", "label"),
	"initial": lang.T("年初预算数", "initial budget"), "adjusted": lang.T("全年预算数", "adjusted budget"),
	"executed": lang.T("全年执行数", "executed"), "rate": lang.T("执行率", "rate"),
	"level1": lang.T("一级指标", "first level"), "level2": lang.T("二级指标", "second level"), "name": lang.T("三级指标", "indicator"),
	"target": lang.T("年度指标值", "target"), "actual": lang.T("实际完成值", "actual value"),
	"weight": lang.T("分值", "weight"), "score": lang.T("得分", "score"), "grade": lang.T("等级", "grade"),
	"explanation": lang.T("偏差原因分析及改进措施", "reason"), "text": lang.T("说明", "text"),
}

// FieldName names a field of a form, by its JSON Pointer in the canonical document, as its
// reader would: the row and the column, 年度资金总额 · 执行率. It is empty for a field that
// has no name.
func FieldName(f *schema.Form, pointer string, l lang.Lang) string {
	const most = 30
	switch pointer {
	case "/goal/expected":
		return lang.T("年度总体目标 · 预期目标", "goal · expected").In(l)
	case "/goal/actual":
		return lang.T("年度总体目标 · 实际完成情况", "goal · result").In(l)
	}
	parts := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	name := fieldNames[parts[len(parts)-1]].In(l)
	row := ""
	if parts[0] == "total" {
		row = lang.T("总分", "total").In(l)
	}
	if f != nil && len(parts) > 2 {
		n, err := strconv.Atoi(parts[len(parts)-2])
		switch {
		case err != nil:
		case parts[0] == "funds" && n < len(f.Funds.Rows):
			row = f.Funds.Rows[n].Label.Text
		case parts[0] == "indicators" && n < len(f.Indicators):
			row = f.Indicators[n].Name.Text
		case parts[0] == "groups" && n < len(f.Groups):
			row = f.Groups[n].Label.Text
		case parts[0] == "remarks" && n < len(f.Remarks):
			row = f.Remarks[n].Label
		}
	}
	row = cut(Sanitize(strings.TrimSpace(row)), most)
	if row == "" || name == "" {
		return name + row
	}
	return row + " · " + name
}

// diffRenderer prints what fixes would change.
type diffRenderer struct{ *textRenderer }

// File prints the changes to one file.
func (d *diffRenderer) File(r checks.FileReport) error {
	d.buf = d.buf[:0]
	for i := range r.Findings {
		if unread(r.Findings[i]) {
			d.finding(&r.Findings[i])
		}
	}
	d.fixes(r.File, r.Fixes, true)
	_, err := d.w.Write(d.buf)
	return err
}

// Close prints the summary.
func (d *diffRenderer) Close(s Summary) error {
	d.buf = d.buf[:0]
	d.notices(s.Notices)
	if !d.opts.Quiet {
		d.put(diffLine(s, d.opts.Lang), "\n")
	}
	_, err := d.w.Write(d.buf)
	return err
}

// diffLine words on one line what fixes would do.
func diffLine(s Summary, l lang.Lang) string {
	var b strings.Builder
	if s.Interrupted {
		b.WriteString(lang.T("已中断：", "interrupted: ").In(l))
	}
	b.WriteString(lang.F("检查了 %[1]d 个文件、%[2]d 张表：", "checked %[3]s, %[4]s: ",
		s.Files, s.Forms, plural(s.Files, "file"), plural(s.Forms, "form")).In(l))
	more := []string{lang.T("没有可改正的", "nothing to mend").In(l)}
	if s.Mended > 0 {
		more[0] = lang.F("可改正 %[1]d 处（%[2]d 个文件的 %[3]d 格），没有写入", "%[4]s would be mended (%[5]s in %[6]s); nothing was written", s.Mended, s.Changed, s.Cells,
			plural(s.Mended, "finding"), plural(s.Cells, "cell"), plural(s.Changed, "file")).In(l)
	}
	if s.Undone > 0 {
		more = append(more, lang.F("%[1]d 处不能改正", "%[1]d cannot be mended", s.Undone).In(l))
	}
	if s.Failed > 0 {
		more = append(more, lang.F("%[1]d 处未能检查", "%[2]s could not be checked", s.Failed, plural(s.Failed, "path")).In(l))
	}
	b.WriteString(strings.Join(more, lang.T("；", "; ").In(l)))
	return b.String()
}

// The parts of JSON reports about fixes.
type (
	jsonMended struct {
		Rule        string `json:"rule"`
		Severity    string `json:"severity"`
		Message     string `json:"message"`
		Arithmetic  string `json:"arithmetic,omitempty"`
		Fingerprint string `json:"fingerprint"`
	}
	jsonFixed struct {
		Location grid.Location `json:"location"`
		Field    string        `json:"field,omitempty"`
		From     string        `json:"from"`
		To       string        `json:"to"`
		Mends    []jsonMended  `json:"mends"`
	}
	jsonRecalculated struct {
		Location grid.Location `json:"location"`
		Field    string        `json:"field,omitempty"`
		From     string        `json:"from"`
		To       string        `json:"to"`
		Why      string        `json:"why"`
	}
	jsonUnfixed struct {
		Rule        string `json:"rule"`
		Location    any    `json:"location"`
		Why         string `json:"why"`
		Fingerprint string `json:"fingerprint"`
	}
)

func (e *encoder) change(c *checks.CellChange) jsonFixed {
	l := e.opts.Lang
	out := jsonFixed{Location: c.At, Field: FieldName(c.Form, c.At.Path, l), From: c.From, To: c.To}
	for _, f := range c.For {
		out.Mends = append(out.Mends, jsonMended{f.Rule.Name, f.Severity.String(), f.Message.In(l), f.Arithmetic.In(l), f.Fingerprint})
	}
	return out
}

func (e *encoder) recalculated(c *checks.CellChange) jsonRecalculated {
	l := e.opts.Lang
	return jsonRecalculated{c.At, FieldName(c.Form, c.At.Path, l), c.From, c.To, whyRecalculated.In(l)}
}

func (e *encoder) undone(u *checks.Undone) jsonUnfixed {
	return jsonUnfixed{u.Finding.Rule.Name, location(u.Finding.At.At), u.Why.In(e.opts.Lang), u.Finding.Fingerprint}
}
