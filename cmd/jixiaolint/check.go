package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"jixiaolint/checks"
	"jixiaolint/checks/config"
	"jixiaolint/checks/profile"
	"jixiaolint/cmd/jixiaolint/report"
	"jixiaolint/schema/lang"
)

// checkFlags are the flags of the command check.
type checkFlags struct {
	formats        []string
	profile        string
	selected       []string
	ignored        []string
	severity       []string
	failOn, level  *choice
	maxProblems    int
	stdinFilename  string
	filesFrom      string
	jobs           int
	progress       *choice
	convert        *choice
	config         string
	noConfig       bool
	baseline       string
	writeBaseline  string
	quiet          bool
	stats          bool
	watch          bool
	fixes          fixFlags
	version        bool
	stdinNameGiven bool
	// given reports whether a flag is on the command line: what is not leaves the word
	// to a configuration file.
	given func(flag string) bool
}

// maxJobs bounds --jobs: beyond it more workers only cost memory.
const maxJobs = 256

// checkCommand makes the command check. The root command is one too, so that its
// name may be left out.
func (inv *invocation) checkCommand() *cobra.Command {
	o := newCheckFlags()
	cmd := &cobra.Command{
		Short:       inv.text("检查文件和文件夹（默认命令）", "check files and folders (default command)"),
		Long:        inv.text(checkLongZH, checkLongEN),
		Example:     inv.text(checkExampleZH, checkExampleEN),
		Annotations: map[string]string{annotationNotes: inv.formatNotes() + inv.text(checkNotesZH, checkNotesEN)},
		Args:        cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.version {
				return inv.printVersion()
			}
			o.stdinNameGiven, o.given = cmd.Flags().Changed("stdin-filename"), cmd.Flags().Changed
			if o.watch {
				return inv.watch(cmd.Context(), o, args)
			}
			return inv.runCheck(cmd.Context(), o, args)
		},
	}
	inv.addCheckFlags(cmd.Flags(), o)
	return cmd
}

func newCheckFlags() *checkFlags {
	return &checkFlags{
		failOn:   newChoice("error", "error", "warning", "note", "never"),
		level:    newChoice("warning", "error", "warning", "note"),
		convert:  newChoice("never", "auto", "never"),
		progress: newChoice("auto", "auto", "never"),
	}
}

// addCheckFlags defines the flags of the command check.
func (inv *invocation) addCheckFlags(f *pflag.FlagSet, o *checkFlags) {
	f.StringVar(&o.stdinFilename, "stdin-filename", stdinName,
		inv.text("标准输入的文件名 `NAME`，用于定位和识别格式", "`NAME` of what standard input holds, for locations and to tell its format"))
	f.StringVar(&o.filesFrom, "files-from", "",
		inv.text("从 `FILE` 读取路径，每行一个；'-' 为标准输入", "read paths from `FILE`, one a line; '-' is standard input"))
	f.Var(o.convert, "convert",
		inv.text(convertFlagZH, convertFlagEN))
	group(f, groupInput, "stdin-filename", "files-from", "convert")

	f.StringVar(&o.profile, "profile", profile.Auto,
		inv.text("采用的规则集 `NAME|FILE`：auto（默认，按表内所列选用）或其他", "rule set, `NAME|FILE`: auto (default, by what a form states), or another"))
	f.StringSliceVar(&o.selected, "select", nil,
		inv.text("只运行这些规则或规则组 `RULE,...`", "run only these rules or groups, `RULE,...`"))
	f.StringSliceVar(&o.ignored, "ignore", nil,
		inv.text("不运行这些规则或规则组 `RULE,...`", "leave out these rules or groups, `RULE,...`"))
	f.StringSliceVar(&o.severity, "severity", nil,
		inv.text("调整严重程度 `RULE=LEVEL`：error、warning、note 或 off", "change severities, `RULE=LEVEL`: error, warning, note or off"))
	f.StringVar(&o.config, "config", "",
		inv.text("使用配置文件 `FILE`，不再逐级查找 "+config.FileName, "use the configuration `FILE` instead of looking for "+config.FileName))
	f.BoolVar(&o.noConfig, "no-config", false,
		inv.text("不读任何配置文件（审核他人报送的文件夹时用）", "read no configuration file (for reviewing folders that others submit)"))
	f.StringVar(&o.baseline, "baseline", "", inv.text("不计基线 `FILE` 中已有的问题", "leave out the findings of the baseline `FILE`"))
	f.StringVar(&o.writeBaseline, "write-baseline", "", inv.text("把本次的问题写成基线 `FILE`", "write the findings of this run to the baseline `FILE`"))
	group(f, groupRules, "profile", "select", "ignore", "severity", "config", "no-config", "baseline", "write-baseline")

	f.StringArrayVarP(&o.formats, "format", "f", nil,
		inv.text("报告格式 `FORMAT[=FILE]`，可重复，见下", "report as `FORMAT[=FILE]`, repeatable; the formats are listed below"))
	f.Var(o.level, "level",
		inv.text("显示的最低 `LEVEL`：error、warning（默认）、note", "least `LEVEL` shown: error, warning (default), note"))
	f.IntVar(&o.maxProblems, "max-problems", 0,
		inv.text("最多显示 `N` 个问题（0 为不限，不影响退出码）", "show at most `N` problems (0: all; exit status is unaffected)"))
	f.BoolVarP(&o.quiet, "quiet", "q", false, inv.text("不显示汇总行", "leave out the summary line"))
	f.BoolVar(&o.stats, "stats", false, inv.text("列出每张表的评分对照，最后按规则统计问题数", "show the score card of each form, and count problems by rule at the end"))
	group(f, groupOutput, "format", "level", "max-problems", "quiet", "stats")

	f.BoolVar(&o.fixes.fix, "fix", false, inv.text(fixFlagZH, fixFlagEN))
	f.BoolVar(&o.fixes.unsafe, "unsafe-fixes", false, inv.text(unsafeFixFlagZH, unsafeFixFlagEN))
	f.BoolVar(&o.fixes.diff, "diff", false, inv.text(diffFlagZH, diffFlagEN))
	f.BoolVar(&o.fixes.noBackup, "no-backup", false, inv.text(noBackupFlagZH, noBackupFlagEN))
	group(f, groupFixes, "fix", "unsafe-fixes", "diff", "no-backup")

	f.Var(o.failOn, "fail-on",
		inv.text("达到此 `LEVEL` 时退出码为 1：error（默认）、warning、note、never", "`LEVEL` from which the exit status is 1: error (default), warning, note, never"))
	f.IntVarP(&o.jobs, "jobs", "j", 0, inv.text("同时检查 `N` 个文件（0 为处理器数）", "check `N` files at a time (0: one per processor)"))
	f.Var(o.progress, "progress",
		inv.text("何时显示进度 `WHEN`：auto（默认，在终端上且运行较久时）、never", "`WHEN` to show progress: auto (default: on a terminal, in long runs), never"))
	f.BoolVar(&o.watch, "watch", false,
		inv.text("保存文件后自动重新检查，直到 Ctrl-C", "check again whenever a file is saved, until Ctrl-C"))
	group(f, groupRun, "fail-on", "jobs", "progress", "watch")
	f.BoolVar(&o.version, "version", false, inv.text("显示版本", "show the version"))
}

const (
	checkLongZH = `检查项目支出绩效自评表：数字是否相互吻合，必填内容是否齐全，填写是否符合
财政部门的规定。文件夹按名称顺序检查，其中的隐藏文件、~$ 开头的锁定文件和其他
类型的文件跳过。`
	checkLongEN = `Check performance self-evaluation forms of public spending (项目支出绩效自评表):
whether the figures agree with each other, nothing mandatory is missing, and the
rules of the finance authorities are kept. Folders are walked in order of names;
hidden files, ~$ lock files and files of other types in them are skipped.`

	checkExampleZH = `  jixiaolint 自评表.xlsx                检查一个文件
  jixiaolint --level note 2023年/       检查一个文件夹，连同提示
  jixiaolint -f html=报告.html *.xlsx   另存网页报告，用浏览器打开
  jixiaolint -f summary=汇总.xlsx -f annotated=批注 2023年/
                                        汇总成工作簿，并在每张表的副本上批注
  jixiaolint --diff 自评表.xlsx         看看能自动改正什么；--fix 才写入
  cat 表.txt | jixiaolint -             检查标准输入`
	checkExampleEN = `  jixiaolint form.xlsx                   check one file
  jixiaolint --level note 2023/          check a folder, and show notes
  jixiaolint -f html=report.html *.xlsx  save a page for the browser as well
  jixiaolint -f summary=s.xlsx -f annotated=copies 2023/
                                         summarise in a workbook, annotate copies
  jixiaolint --diff form.xlsx            see what can be mended; --fix writes it
  cat form.txt | jixiaolint -            check standard input`

	checkNotesZH = `改正：
  --fix 只改起作用的规则（不论 --level 是否显示）有确定改法的单元格：由表内数字
  唯一得出，不提高得分、总分和等级。改后重新检查，问题没有消失或带来新问题的，
  不改并说明原因；多表对照（batch）的问题、压缩包和转换来的文件不改。报告的是
  改正后的文件，退出码也按它。

退出码：
  0  没有达到 --fail-on 的问题
  1  发现问题（文件损坏或认不出，也算其中的问题）
  2  运行失败：用法错误、路径不存在、文件无法打开、配置有误、内部错误
 130  被中断，--watch 也以此结束

环境变量：JIXIAOLINT_LANG、NO_COLOR、FORCE_COLOR、COLUMNS、GITHUB_STEP_SUMMARY。`
	checkNotesEN = `Mending:
  --fix changes the cells for which a rule in force, shown by --level or not, has a
  certain fix: one that follows from the form's own figures and raises no score,
  total or grade. The file is checked again: a fix that does not mend its finding,
  or brings about another, is not made, and the report says why. Findings across
  forms (batch), archives and converted files are not mended. The report and the
  exit status are those of the mended file.

Exit status:
  0  nothing at or above --fail-on
  1  problems found (a corrupt or unrecognisable file is a problem found in it)
  2  the run failed: bad usage, missing path, file that cannot be opened, bad
    configuration, internal error
 130  interrupted, as --watch ends too

Environment: JIXIAOLINT_LANG, NO_COLOR, FORCE_COLOR, COLUMNS, GITHUB_STEP_SUMMARY.`
)

// formatNotes lists the formats of reports and whom each is for.
func (inv *invocation) formatNotes() string {
	var b strings.Builder
	b.WriteString(inv.text("报告格式：\n", "Formats:\n"))
	for _, f := range report.Formats() {
		name := string(f)
		if f.NeedsFile() {
			name += "=" + f.Target()
		}
		fmt.Fprintf(&b, "  %-20s%s\n", name, f.Audience().In(inv.lang))
	}
	return b.String() + "\n"
}

// runCheck checks what the arguments name and sets the exit status.
func (inv *invocation) runCheck(ctx context.Context, o *checkFlags, args []string) error {
	if err := o.validateFixes(args); err != nil {
		return err
	}
	resolver, run, err := inv.configure(o, args)
	if err != nil {
		return err
	}
	known, err := inv.openLedgers(o, resolver, args)
	if err != nil {
		return err
	}
	defer known.discard()
	paths, closePaths, err := inv.paths(o, args)
	if err != nil {
		return err
	}
	defer closePaths()
	progress := inv.startProgress(o, args)
	defer progress.stop()
	c, err := inv.openCheck(o, resolver, run, known)
	if err != nil {
		return err
	}
	find := c.finder(o)
	r := inv.runner(o, resolver, run, find, c.outputs)
	r.fixing = inv.newFixing(o, known, r)
	c.fixing = r.fixing
	err = r.run(ctx, progress.ahead(find.items(paths)), progress.count(&c.summary, c.take))
	if err == nil {
		err = c.compareForms()
	}
	switch {
	case err == nil:
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		c.summary.Interrupted = true
	default:
		c.outputs.discard()
		return err
	}
	progress.writing(c.summary.Interrupted)
	return c.finish(run.FailOn.Value)
}

// checking is a run of check under way: what is written, and what has been found.
type checking struct {
	inv     *invocation
	known   *ledgers
	outputs outputs
	filter  report.Filter
	summary report.Summary
	batch   *checks.Batch
	// fixing is how files are mended, nil if they are not.
	fixing *fixing
	// settings are those of the files checked, by name.
	settings map[string]*config.Settings
	// unrelated are the files of folders that have nothing to do with forms, unread the
	// PDF files of folders and archives that were not converted.
	unrelated, unread []string
	// silent is set when no report names the configurations in force, and unsaid when none
	// says what was changed in the files.
	silent, unsaid bool
}

// openCheck opens all that the run writes.
func (inv *invocation) openCheck(o *checkFlags, r *config.Resolver, run config.Run, known *ledgers) (*checking, error) {
	outs, err := inv.openOutputs(o)
	if err != nil {
		return nil, err
	}
	if err := known.open(o.writeBaseline, outs); err != nil {
		outs.discard()
		return nil, err
	}
	base, err := r.ForFolder(".")
	if err != nil {
		outs.discard()
		return nil, err
	}
	level, _ := checks.ParseSeverity(run.Level.Value)
	c := &checking{
		inv: inv, known: known, outputs: outs,
		filter: report.Filter{Level: level, Limit: o.maxProblems}, summary: report.Summary{Level: level, Fixing: o.fixes.fix, Proposing: o.fixes.diff},
		batch: checks.NewBatch(base.Options), settings: map[string]*config.Settings{},
	}
	c.silent = o.config == "" && (o.quiet || !slices.ContainsFunc(o.formats, report.NamesConfigurations) && len(o.formats) > 0)
	// Where all reports go to files, standard output has the text.
	toStdout := func(spec string) bool { return !strings.Contains(spec, "=") }
	c.unsaid = o.fixes.fix && slices.ContainsFunc(o.formats, toStdout) && !slices.ContainsFunc(o.formats, report.NamesFixes)
	if o.stats {
		c.summary.Rules = report.NewRuleCounts()
	}
	return c, nil
}

// finder finds the files to check, which are none of those that the run writes.
func (c *checking) finder(o *checkFlags) *finder {
	written := c.outputs.files()
	c.known.files(written)
	for _, out := range c.outputs {
		if out.folder != nil {
			out.folder.taken = written
		}
	}
	find := newFinder(o.stdinFilename, []string{"check", "diff", "rule", "convert", "schema", "config", "version", "completion", "help"}, written, c.outputs.folders()...)
	if o.baseline != "" {
		find.aside = map[string]bool{key(o.baseline): true}
	}
	return find
}

// runner makes what reads and checks the files.
func (inv *invocation) runner(o *checkFlags, settings *config.Resolver, run config.Run, find *finder, outs outputs) *runner {
	jobs := min(o.jobs, maxJobs)
	if jobs == 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	r := &runner{
		jobs: jobs, stdin: inv.In, settings: settings.For, failure: find.openFailure,
		read: inv.documents(run.Convert.Value), check: checks.Run, keep: outs.wantSources(),
	}
	if inv.read != nil {
		r.read = inv.read
	}
	if inv.check != nil {
		r.check = inv.check
	}
	return r
}

// take reports what came of one file.
func (c *checking) take(out outcome) error {
	c.unread = append(c.unread, out.unread...)
	switch {
	case len(out.reports) == 0 && len(out.unread) > 0:
		return nil
	case out.unrelated != "":
		c.unrelated = append(c.unrelated, out.unrelated)
		return nil
	case !out.notice.IsZero():
		c.inv.say(out.notice)
		return nil
	case out.overwrites:
		return &failure{what: out.failure}
	case out.misconfigured != nil:
		c.summary.Failed++
		c.known.misconfigured(out.misconfigured)
		return nil //nolint:nilerr // said there; the other files are still checked
	case len(out.reports) == 0:
		c.summary.Failed++
		c.inv.say(out.failure)
		return nil
	}
	if out.stack != nil {
		c.inv.trace(out.stack)
	}
	if out.settings != nil {
		c.known.uses(out.settings, &c.summary)
	}
	if out.correction != nil {
		c.correct(&out)
	}
	for i, result := range out.reports {
		c.batch.Add(result)
		c.settings[result.File] = out.settings
		if i < len(out.sources) {
			c.outputs.source(out.sources[i])
		}
		if err := c.report(result); err != nil {
			return err
		}
		if c.unsaid && result.Fixes != nil {
			c.inv.sayFixes(result.File, result.Fixes)
		}
	}
	return nil
}

// report writes a report without what is known already or not to be shown.
func (c *checking) report(r checks.FileReport) error {
	c.known.apply(&r, c.settings[r.File])
	return c.outputs.file(c.filter.Apply(r, &c.summary))
}

// compareForms reports what the forms have against each other. Only of a whole run can
// that be said.
func (c *checking) compareForms() error {
	for _, r := range c.batch.Finish() {
		if s := c.settings[r.File]; s != nil {
			r.Restrict(s.Options)
		}
		if err := c.report(r); err != nil {
			return err
		}
	}
	return nil
}

// finish completes the reports and sets the exit status.
func (c *checking) finish(failOn string) error {
	if n := len(c.unrelated); n > 0 {
		c.inv.say(lang.F("跳过 %[1]d 个与自评表无关的文件：%[2]s", "skipped files that have nothing to do with forms: %[1]d (%[2]s)", n, firstOf(c.unrelated)))
	}
	c.inv.sayUnread(c.unread)
	if len(c.unrelated)+len(c.unread) > 0 && c.summary.Files+c.summary.Failed == 0 && !c.summary.Interrupted {
		c.summary.Failed++
		c.inv.say(lang.T("没有可检查的文件", "nothing to check"))
	}
	baselineErr := c.known.close(&c.summary)
	if err := errors.Join(c.outputs.close(c.summary), baselineErr); err != nil {
		return err
	}
	c.inv.addJobSummary(c.outputs)
	if c.silent {
		c.sayConfigurations()
	}
	c.inv.status, c.inv.summary = exitStatus(&c.summary, failOn), c.summary
	return nil
}

// sayConfigurations names the configurations that came with the files: no report that is
// written does, and they may have silenced what was found.
func (c *checking) sayConfigurations() {
	var names []string
	for _, used := range c.summary.Configurations {
		if strings.Trim(path.Dir(used.Name), "./") != "" { // neither here nor in a folder above
			names = append(names, display(used.Name))
		}
	}
	if len(names) > 0 {
		c.inv.say(lang.F("按随文件而来的配置检查：%[1]s（不采用请加 --no-config）", "checked by configurations that came with the files: %[1]s (--no-config leaves them out)", firstOf(names)))
	}
}

// firstOf lists the first few of several names.
func firstOf(names []string) string {
	const most = 3
	s := strings.Join(names[:min(most, len(names))], " ")
	if len(names) > most {
		s += " …"
	}
	return s
}

// exitStatus turns what happened into an exit status.
func exitStatus(s *report.Summary, failOn string) int {
	least, _ := checks.ParseSeverity(failOn) // never is no severity: nothing reaches it
	switch {
	case s.Interrupted:
		return exitInterrupted
	case s.Failed > 0:
		return exitFailure
	case s.Proposing:
		if s.Cells+s.Unread > 0 {
			return exitProblems
		}
		return exitClean
	case s.AtLeast(least):
		return exitProblems
	}
	return exitClean
}

// flagRules gives the settings that the flags about rules make.
func (o *checkFlags) flagRules() (config.Rules, error) {
	var r config.Rules
	if o.given("profile") {
		if _, err := loadProfile(o.profile); err != nil {
			return r, err
		}
		r.Profile = config.Value[string]{Value: o.profile, Origin: flagOrigin("profile")}
	}
	if selected := trimmed(o.selected); len(selected) > 0 {
		r.Select = config.Value[[]string]{Value: selected, Origin: flagOrigin("select")}
	}
	for _, name := range trimmed(o.ignored) {
		r.Ignore = append(r.Ignore, config.Value[string]{Value: name, Origin: flagOrigin("ignore")})
	}
	r.Severity = map[string]config.Value[checks.Severity]{}
	for _, s := range trimmed(o.severity) {
		name, level, ok := strings.Cut(s, "=")
		severity, valid := checks.ParseSeverity(level)
		if !ok || !valid {
			return r, usage("--severity 的值 %q 无效：应为 规则=error|warning|note|off",
				"--severity: invalid value %q: use RULE=error|warning|note|off", s)
		}
		r.Severity[name] = config.Value[checks.Severity]{Value: severity, Origin: flagOrigin("severity")}
	}
	return r, nil
}

// unknownName complains about a name in the settings that flags make which is neither
// a rule nor a group.
func unknownName(r config.Rules, known []string) error {
	names := slices.Clone(r.Select.Value)
	for _, name := range r.Ignore {
		names = append(names, name.Value)
	}
	names = append(names, slices.Sorted(maps.Keys(r.Severity))...)
	for _, name := range names {
		if !slices.Contains(known, name) {
			return unknownRule(name, known)
		}
	}
	return nil
}

func unknownRule(name string, known []string) error {
	return usage("没有规则 %[1]q%[2]s", "unknown rule %[1]q%[2]s", name, lang.DidYouMean(name, known)).
		withHint(lang.T("运行 jixiaolint rule 查看全部规则", "run jixiaolint rule for a list of all rules"))
}

// trimmed drops blanks around list entries, and empty entries.
func trimmed(list []string) []string {
	var out []string
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// paths gives the paths to check: the arguments, then those of --files-from.
func (inv *invocation) paths(o *checkFlags, args []string) (paths iter.Seq2[string, error], closeList func(), err error) {
	stdin := slices.Contains(args, stdinPath)
	switch {
	case len(args) == 0 && o.filesFrom == "":
		return nil, nil, usage("没有给出要检查的文件或文件夹", "no file or folder to check").
			withHint(lang.T("例如：jixiaolint 自评表.xlsx；运行 jixiaolint --help 查看用法",
				"for example: jixiaolint form.xlsx; run jixiaolint --help for usage"))
	case stdin && o.filesFrom == stdinPath:
		return nil, nil, usage("标准输入不能既是要检查的内容，又是路径清单", "standard input cannot be both a form and the list of paths")
	case o.stdinNameGiven && !stdin && o.filesFrom == "":
		return nil, nil, usage("--stdin-filename 只用于标准输入：请以 '-' 作为路径", "--stdin-filename is for standard input only: give '-' as the path")
	}
	closeList = func() {}
	var list io.Reader
	switch o.filesFrom {
	case "":
	case stdinPath:
		list = inv.In
	default:
		f, err := os.Open(o.filesFrom)
		if err != nil {
			return nil, nil, usage("无法读取路径清单 %[1]s：%[2]s", "cannot read the list of paths %[1]s: %[2]s", display(o.filesFrom), cause(err))
		}
		list, closeList = f, func() { _ = f.Close() }
	}
	return func(yield func(string, error) bool) {
		for _, a := range args {
			if !yield(a, nil) {
				return
			}
		}
		if list == nil {
			return
		}
		for p, err := range pathList(list) {
			if o.filesFrom == stdinPath && p == stdinPath {
				err = errDashInList
			}
			if !yield(p, err) {
				return
			}
		}
	}, closeList, nil
}

// output is one report being written.
type output struct {
	report.Renderer
	w      *bufio.Writer
	name   string
	file   *atomicFile // nil for standard output and for a folder
	folder *outputFolder
	page   *bytes.Buffer // for the summary of GitHub's job; nil for none
}

type outputs []*output

// openOutputs opens the reports that the flags ask for. Standard output gets text
// unless another format is asked for there.
func (inv *invocation) openOutputs(o *checkFlags) (outs outputs, err error) {
	defer func() {
		if err != nil {
			outs.discard()
		}
	}()
	toStdout := false
	for _, spec := range o.formats {
		format, file, toFile := strings.Cut(spec, "=")
		if !slices.Contains(formatNames(), format) {
			return outs, usage("没有报告格式 %[1]q%[2]s", "unknown format %[1]q%[2]s", format, lang.DidYouMean(format, formatNames())).
				withHint(lang.T("可用 "+strings.Join(formatNames(), "、"), "use "+strings.Join(formatNames(), ", ")))
		}
		ownFile := report.Format(format).NeedsFile()
		switch {
		case toFile && file == "":
			return outs, usage("-f %s 缺少文件名", "-f %s: file name missing", spec)
		case ownFile && !toFile:
			return outs, usage("%[1]s 不能写到标准输出：请写成 -f %[1]s=%[2]s", "%[1]s cannot go to standard output: write -f %[1]s=%[2]s", format, report.Format(format).Target())
		case toFile && slices.Contains(outs.folders(), key(file)):
			return outs, usage("两个报告不能写入同一个文件夹 %s", "two reports cannot go to one folder, %s", file)
		case toFile && outs.files()[key(file)]:
			return outs, usage("两个报告不能写入同一个文件 %s", "two reports cannot go to one file, %s", file)
		case !toFile && toStdout:
			return outs, usage("只能有一种格式写到标准输出：其他格式请写成 %s=文件", "only one format can go to standard output: write the others as %s=FILE", format)
		}
		toStdout = toStdout || !toFile
		if outs, err = inv.addOutput(outs, o, report.Format(format), file); err != nil {
			return outs, err
		}
	}
	switch {
	case o.fixes.diff:
		out := &output{w: bufio.NewWriterSize(inv.Out, 64<<10)}
		out.Renderer = report.NewDiff(out.w, report.Options{
			Lang: inv.lang, Quiet: o.quiet, Color: inv.wantColor(inv.Out), Width: inv.lineWidth(inv.Out),
		})
		outs = append(outs, out)
	case !toStdout:
		outs, err = inv.addOutput(outs, o, report.Text, "")
	}
	return outs, err
}

func (inv *invocation) addOutput(outs outputs, o *checkFlags, format report.Format, file string) (outputs, error) {
	options := report.Options{Lang: inv.lang, Quiet: o.quiet, Cards: o.stats, Tool: toolName, Version: toolVersion()}
	out := &output{name: file}
	if format == report.GitHub && inv.Env(envJobSummary) != "" {
		out.page = &bytes.Buffer{}
		options.JobSummary = out.page
	}
	switch {
	case file == "":
		options.Color, options.Width = inv.wantColor(inv.Out), inv.lineWidth(inv.Out)
		out.w = bufio.NewWriterSize(inv.Out, 64<<10)
	case format == report.Annotated:
		folder, err := openOutputFolder(file, inv.unfinished)
		if err != nil {
			return outs, usage("无法写入文件夹 %[1]s：%[2]v", "cannot write to the folder %[1]s: %[2]v", display(file), cause(err))
		}
		out.folder, options.Create, options.Beside = folder, folder.create, file
		out.w = bufio.NewWriter(io.Discard)
	default:
		f, err := createAtomic(file, inv.unfinished)
		if err != nil {
			return outs, usage("无法写入报告 %[1]s：%[2]s", "cannot write the report %[1]s: %[2]s", display(file), cause(err))
		}
		out.file, out.w = f, bufio.NewWriterSize(f, 64<<10)
		options.Link, options.Beside = linkFrom(file), filepath.Dir(file)
	}
	r, err := report.New(out.w, format, options)
	if err != nil {
		return append(outs, out), err
	}
	out.Renderer = r
	return append(outs, out), nil
}

// files gives the keys of the files being written.
func (outs outputs) files() map[string]bool {
	files := map[string]bool{}
	for _, o := range outs {
		if o.file != nil {
			files[key(o.name)] = true
		}
	}
	return files
}

// folders gives the folders that files are written into.
func (outs outputs) folders() []string {
	var folders []string
	for _, o := range outs {
		if o.folder != nil {
			folders = append(folders, key(o.name))
		}
	}
	return folders
}

// wantSources reports whether some output needs the submitted files themselves.
func (outs outputs) wantSources() bool {
	return slices.ContainsFunc(outs, func(o *output) bool { _, ok := o.Renderer.(report.Sourced); return ok })
}

// source hands a file to the outputs that need it.
func (outs outputs) source(s report.Source) {
	for _, o := range outs {
		if r, ok := o.Renderer.(report.Sourced); ok {
			r.Source(s)
		}
	}
}

// file reports on one file everywhere. What goes to standard output is shown at
// once.
func (outs outputs) file(r checks.FileReport) error {
	for _, o := range outs {
		err := o.File(r)
		if err == nil && o.file == nil && o.folder == nil {
			err = o.w.Flush()
		}
		if err != nil {
			return o.failed(err)
		}
	}
	return nil
}

func (o *output) failed(err error) error {
	name := o.name
	if name == "" {
		name = "stdout"
	}
	return usage("写报告失败（%[1]s）：%[2]v", "writing the report failed (%[1]s): %[2]v", name, err)
}

// close ends all reports and puts files in their places. If one fails, the others
// are still completed.
func (outs outputs) close(s report.Summary) error {
	var first error
	for _, o := range outs {
		err := o.Close(s)
		if err == nil {
			err = o.w.Flush()
		}
		switch {
		case o.folder != nil:
			err = errors.Join(err, o.folder.Close())
		case o.file == nil:
		case err != nil:
			o.file.discard()
		default:
			err = o.file.commit()
		}
		if err != nil && first == nil {
			first = o.failed(err)
		}
	}
	return first
}

// addJobSummary appends the pages for GitHub to the file that GitHub names. The page is
// an extra: where it cannot be written, that is said, and the run stands.
func (inv *invocation) addJobSummary(outs outputs) {
	for _, o := range outs {
		if o.page == nil {
			continue
		}
		name := inv.Env(envJobSummary)
		f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err == nil {
			_, err = f.Write(o.page.Bytes())
			err = errors.Join(err, f.Close())
		}
		if err != nil {
			inv.say(lang.F("无法写入任务汇总 %[1]s：%[2]s", "cannot write the job summary %[1]s: %[2]s", display(name), cause(err)))
		}
	}
}

// discard gives up reports that could not be completed.
func (outs outputs) discard() {
	for _, o := range outs {
		if o.file != nil {
			o.file.discard()
		}
		if d, ok := o.Renderer.(report.Discarder); ok {
			d.Discard()
		}
		if o.folder != nil {
			_ = o.folder.Close()
		}
	}
}
