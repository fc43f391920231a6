package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"jixiaolint/checks"
	"jixiaolint/checks/compare"
	"jixiaolint/checks/config"
	"jixiaolint/checks/suppress"
	"jixiaolint/cmd/jixiaolint/report"
	"jixiaolint/schema/lang"
)

// diffFlags are the flags of check that diff has too.
var diffFlags = []string{"stdin-filename", "convert", "profile", "select", "ignore", "severity", "config", "no-config", "level", "quiet", "fail-on"}

// diffCommand compares two versions of filed forms.
func (inv *invocation) diffCommand() *cobra.Command {
	o := newCheckFlags()
	format := newChoice(string(report.Text), diffFormatNames()...)
	rewritten := false
	cmd := &cobra.Command{
		Use:         "diff" + inv.text(" [选项] 旧版本 新版本", " [flags] OLD NEW"),
		Short:       inv.text("对照两个版本：改了什么，问题消除、新增、仍有哪些", "compare two versions: what changed, and findings gone, new and remaining"),
		Long:        inv.text(diffLongZH, diffLongEN),
		Example:     inv.text(diffExampleZH, diffExampleEN),
		Annotations: map[string]string{annotationNotes: inv.text(diffNotesZH, diffNotesEN)},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) != 2:
				return usage("请给出两个版本：先旧后新", "name two versions: the old one, then the new one").
					withHint(lang.T("例如：jixiaolint diff 退回稿.xlsx 修改稿.xlsx", "for example: jixiaolint diff returned.xlsx corrected.xlsx"))
			case args[0] == stdinPath && args[1] == stdinPath:
				return usage("标准输入不能同时是两个版本", "standard input cannot be both versions")
			}
			o.given = cmd.Flags().Changed
			return inv.diff(cmd.Context(), o, args, report.Format(format.value), rewritten)
		},
	}
	all := pflag.NewFlagSet("", pflag.ContinueOnError)
	inv.addCheckFlags(all, o)
	for _, name := range diffFlags {
		cmd.Flags().AddFlag(all.Lookup(name))
	}
	cmd.Flags().VarP(format, "format", "f", inv.text("输出格式 `FORMAT`：text（默认）、json", "`FORMAT` to print: text (default), json"))
	cmd.Flags().BoolVar(&rewritten, "rewritten", false, inv.text("也列出只是写法不同的值，如 92.30% 和 92.3%", "also list values only written differently, such as 92.30% and 92.3%"))
	group(cmd.Flags(), groupOutput, "format", "rewritten")
	return cmd
}

const (
	diffLongZH = `对照自评表的两个版本（文件、文件夹、压缩包或 '-'，格式可以不同）：哪些数和文字改了，
哪些行增加、删去、移动或改名，哪些问题消除、新增、仍有。表按项目名称配对，行按名称
配对，插入一行不影响其余各行；同一栏目改了数仍然不对，算“仍有”。新版本中没有的表，
其问题算“消除”，增加的表中的问题算“新增”，合计中另行注明。`
	diffLongEN = `Compare two versions of filed forms (files, folders, archives or '-', in any formats):
which figures and texts changed, which rows were added, removed, moved or renamed, and
which findings are gone, new or remain. Forms are paired by project and rows by name,
so an inserted row changes nothing else. A figure that was changed and is still wrong
counts as remaining. Findings of a form that the new version lacks count as gone, those
of an added form as new; the summary gives their numbers apart.`
	diffExampleZH = `  jixiaolint diff 退回稿.xlsx 修改稿.xlsx   对照一份表
  jixiaolint diff 一稿/ 二稿.zip            对照一批表
  jixiaolint diff -f json 旧.docx 新.xlsx   输出 JSON`
	diffExampleEN = `  jixiaolint diff returned.xlsx corrected.xlsx   compare one form
  jixiaolint diff first/ second.zip              compare many forms
  jixiaolint diff -f json old.docx new.xlsx      print JSON`
	diffNotesZH = `多表对照（batch）的规则不运行。

退出码（有没有变化、少了哪张表都不影响退出码，只看新版本的问题，包括新增的和仍有的）：
  0  新版本没有达到 --fail-on 的问题
  1  新版本有问题
  2  运行失败：用法错误、路径不存在、旧版本中没有可读的表、配置有误、内部错误
 130  被中断`
	diffNotesEN = `Rules of group batch do not run.

Exit status (by the findings of the new version, new ones and remaining ones, whether
anything changed, or a form is missing, or not):
  0  the new version has nothing at or above --fail-on
  1  the new version has problems
  2  the run failed: bad usage, missing path, no readable form in the old version, bad
    configuration, internal error
 130  interrupted`
)

func diffFormatNames() []string {
	var names []string
	for _, f := range report.DiffFormats() {
		names = append(names, string(f))
	}
	return names
}

// diff compares two versions and sets the exit status by the findings of the new one.
func (inv *invocation) diff(ctx context.Context, o *checkFlags, args []string, format report.Format, rewritten bool) error {
	resolver, run, err := inv.configure(o, args)
	if err != nil {
		return err
	}
	level, _ := checks.ParseSeverity(run.Level.Value)
	before, after := inv.openVersion(), inv.openVersion()
	for i, v := range []*filed{before, after} {
		err := v.read(ctx, o, resolver, run, args[i])
		if ctx.Err() != nil {
			inv.status = exitInterrupted
			return nil //nolint:nilerr // there is nothing to show of half a comparison
		}
		if err != nil {
			return err
		}
	}
	summary := after.summary
	summary.Failed += before.summary.Failed
	switch {
	case summary.Failed > 0:
	case before.summary.Forms == 0:
		return inv.nothingToCompare(args[0], before.side.Findings())
	case after.summary.Files == 0:
		return inv.nothingToCompare(args[1], nil)
	}
	// Against a version that could not be opened, everything would seem gone or new.
	if summary.Failed == 0 || before.summary.Forms > 0 && after.summary.Forms > 0 {
		d := report.Diff{
			Comparison: compare.Sides(&before.side, &after.side), Old: display(args[0]), New: display(args[1]),
			Level: level, Suppressed: summary.Suppressed, Rewritten: rewritten,
		}
		options := report.Options{
			Lang: inv.lang, Quiet: o.quiet, Color: inv.wantColor(inv.Out), Width: inv.lineWidth(inv.Out),
			Tool: toolName, Version: toolVersion(),
		}
		if err := report.WriteDiff(inv.Out, format, d, options); err != nil {
			return fmt.Errorf("stdout: %w", err)
		}
	}
	inv.status = exitStatus(&summary, run.FailOn.Value)
	return nil
}

// nothingToCompare reports an old version without any form.
func (inv *invocation) nothingToCompare(name string, findings []*checks.Finding) error {
	f := usage("%s 中没有可读的自评表，无法对照", "%s holds no readable form: there is nothing to compare with", display(name))
	for _, found := range findings {
		f.details = append(f.details, lang.F("%[1]s：%[2]s", "%[1]s: %[2]s", found.At.At.String(), found.Message))
	}
	return f
}

// filed is one version being read and checked.
type filed struct {
	inv     *invocation
	side    compare.Side
	summary report.Summary
	ledger  *suppress.Ledger
	unread  []string
	failed  []string // configurations that are wrong, each said once
}

func (inv *invocation) openVersion() *filed {
	return &filed{inv: inv, ledger: suppress.NewLedger(inv.now())}
}

// read reads and checks all that a path leads to.
func (v *filed) read(ctx context.Context, o *checkFlags, resolver *config.Resolver, run config.Run, path string) error {
	find := newFinder(o.stdinFilename, nil, nil)
	paths := func(yield func(string, error) bool) { yield(path, nil) }
	err := v.inv.runner(o, resolver, run, find, nil).run(ctx, find.items(paths), v.take)
	v.inv.sayUnread(v.unread)
	return err
}

// take keeps of what came of one file what comparing needs.
func (v *filed) take(out outcome) error {
	v.unread = append(v.unread, out.unread...)
	switch {
	case len(out.reports) == 0 && len(out.unread) > 0, out.unrelated != "":
		return nil
	case !out.notice.IsZero():
		v.inv.say(out.notice)
		return nil
	case out.misconfigured != nil:
		v.summary.Failed++
		if !slices.Contains(v.failed, out.misconfigured.Name) {
			v.failed = append(v.failed, out.misconfigured.Name)
			v.inv.sayAll(out.misconfigured)
		}
		return nil // the other files are still compared
	case len(out.reports) == 0:
		v.summary.Failed++
		v.inv.say(out.failure)
		return nil
	}
	if out.stack != nil {
		v.inv.trace(out.stack)
	}
	for _, r := range out.reports {
		if s := out.settings; s != nil {
			v.ledger.Apply(&r, s.Configuration.Suppressions, s.Path(r.File), s.Options)
		}
		var all report.Filter
		v.side.Add(all.Apply(r, &v.summary))
	}
	return nil
}
