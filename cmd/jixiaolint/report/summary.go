package report

import (
	"fmt"
	"strings"

	"jixiaolint/checks"
	"jixiaolint/checks/suppress"
	"jixiaolint/schema/lang"
)

// summaryLine words a summary on one line.
func summaryLine(s Summary, l lang.Lang) string {
	var b strings.Builder
	if s.Interrupted {
		b.WriteString(lang.T("已中断：", "interrupted: ").In(l))
	}
	b.WriteString(lang.F("检查了 %[1]d 个文件、%[2]d 张表：", "checked %[3]s, %[4]s: ",
		s.Files, s.Forms, plural(s.Files, "file"), plural(s.Forms, "form")).In(l))
	var more []string
	if s.Files > 0 || s.Failed == 0 {
		more = append(more, countsText(s, l))
	}
	if s.Hidden.Limit > 0 {
		more = append(more, lang.F("另有 %d 处超出 --max-problems，未显示",
			"%d more not shown (--max-problems)", s.Hidden.Limit).In(l))
	}
	switch {
	case s.Fixing:
		more = append(more, fixingText(s, l)...)
	case s.Fixable > 0:
		more = append(more, fixableText(s).In(l))
	}
	more = append(more, suppressedText(s, l)...)
	if s.Failed > 0 {
		more = append(more, lang.F("%[1]d 处未能检查", "%[2]s could not be checked", s.Failed, plural(s.Failed, "path")).In(l))
	}
	b.WriteString(strings.Join(more, lang.T("；", "; ").In(l)))
	return b.String()
}

// fixableText words how much can be mended, and what stands in the way.
func fixableText(s Summary) lang.Text {
	switch s.Unwritable {
	case 0:
		return lang.F("%d 处有确定的改法，可用 --fix 改正", "%d with a certain fix (--fix)", s.Fixable)
	case s.Fixable:
		return lang.F("%[1]d 处有确定的改法，但现在不能用 --fix 改正（%[2]s）", "%[1]d with a certain fix, which --fix cannot make now (%[2]s)", s.Fixable, s.Obstacle)
	}
	return lang.F("%[1]d 处有确定的改法，可用 --fix 改正，其中 %[2]d 处现在还不能（如：%[3]s）",
		"%[1]d with a certain fix (--fix), of which %[2]d cannot be made now (such as: %[3]s)", s.Fixable, s.Unwritable, s.Obstacle)
}

// fixingText words what was mended and what could not be.
func fixingText(s Summary, l lang.Lang) []string {
	out := []string{lang.T("没有可改正的", "nothing to mend").In(l)}
	if s.Mended > 0 {
		out[0] = lang.F("已改正 %[1]d 处（%[2]d 个文件的 %[3]d 格）", "%[4]s mended (%[5]s in %[6]s)", s.Mended, s.Changed, s.Cells,
			plural(s.Mended, "finding"), plural(s.Cells, "cell"), plural(s.Changed, "file")).In(l)
	}
	if s.Undone > 0 {
		out = append(out, lang.F("%[1]d 处未能改正", "%[1]d could not be mended", s.Undone).In(l))
	}
	return out
}

// suppressedText words what a configuration and a baseline take out of the report, and
// names them: they may have come with the submitted files.
func suppressedText(s Summary, l lang.Lang) []string {
	const most = 3
	var out, names []string
	for i, c := range s.Configurations {
		if i == most {
			names = append(names, lang.F("另 %d 个", "%d more", len(s.Configurations)-most).In(l))
			break
		}
		name := Sanitize(c.Name)
		if c.Suppressed > 0 {
			name = lang.F("%[1]s（豁免 %[2]d 处）", "%[1]s (%[2]d suppressed)", name, c.Suppressed).In(l)
		}
		names = append(names, name)
	}
	if len(names) > 0 {
		out = append(out, lang.T("配置 ", "configuration ").In(l)+strings.Join(names, lang.T("、", ", ").In(l)))
	}
	if n := s.noticed(suppress.UnusedSuppression) + s.noticed(suppress.ExpiredSuppression); n > 0 {
		out = append(out, lang.F("%[1]d 条豁免无用或到期", "%[2]s unused or expired", n, plural(n, "suppression")).In(l))
	}
	if s.Baseline != "" {
		out = append(out, lang.F("基线 %[1]s 已有 %[2]d 处", "%[2]d in the baseline %[1]s", Sanitize(s.Baseline), s.Baselined).In(l))
	}
	if s.WrittenBaseline != "" {
		out = append(out, lang.F("%[2]d 处写入基线 %[1]s", "%[3]s written to the baseline %[1]s",
			Sanitize(s.WrittenBaseline), s.Written, plural(s.Written, "finding")).In(l))
	}
	return out
}

// countsText words the numbers of findings by severity, and how to see those that
// are too light for the level.
func countsText(s Summary, l lang.Lang) string {
	var parts []string
	hidden, least := -1, checks.Off
	for _, c := range []struct {
		severity    checks.Severity
		n           int
		measure, en string
	}{
		{checks.Error, s.Errors, "个", "error"},
		{checks.Warning, s.Warnings, "个", "warning"},
		{checks.Note, s.Notes, "条", "note"},
	} {
		if c.n == 0 {
			continue
		}
		if c.severity < s.Level {
			hidden, least = len(parts), c.severity
		}
		parts = append(parts, lang.T(fmt.Sprintf("%d %s%s", c.n, c.measure, c.severity.Label().ZH), plural(c.n, c.en)).In(l))
	}
	if len(parts) == 0 && s.Suppressed+s.Baselined > 0 {
		return lang.T("没有其他问题", "no other problems").In(l)
	}
	if len(parts) == 0 {
		return lang.T("没有发现问题", "no problems found").In(l)
	}
	if hidden >= 0 {
		parts[hidden] += lang.F("（未显示，可用 --level %s 查看）", " (not shown; use --level %s to see them)", least).In(l)
	}
	return strings.Join(parts, lang.T("，", ", ").In(l))
}

// plural counts English things.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
