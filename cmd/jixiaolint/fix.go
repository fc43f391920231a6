package main

import (
	"context"
	"path/filepath"
	"slices"

	"jixiaolint/checks"
	"jixiaolint/checks/config"
	"jixiaolint/checks/fix"
	"jixiaolint/checks/suppress"
	"jixiaolint/cmd/jixiaolint/report"
	"jixiaolint/schema"
	"jixiaolint/schema/intake"
	"jixiaolint/schema/lang"
)

// The help of the flags about fixes.
const (
	fixFlagZH       = "改正有确定改法的问题，写回文件（原文件存为 .bak）"
	fixFlagEN       = "mend what has a certain fix in the files (keeps what was there as .bak)"
	unsafeFixFlagZH = "与 --fix 或 --diff 同用：建议的改法也用，公式可换成数值"
	unsafeFixFlagEN = "with --fix or --diff: proposals too, and values for formulas"
	diffFlagZH      = "只显示 --fix 会怎样改，不写文件；有可改的，退出码为 1"
	diffFlagEN      = "only show what --fix would change; the exit status is 1 if anything"
	noBackupFlagZH  = "与 --fix 同用：不保存 .bak"
	noBackupFlagEN  = "with --fix: keep no .bak"
)

// fixFlags are the flags about fixes.
type fixFlags struct{ fix, unsafe, diff, noBackup bool }

// validateFixes refuses flags that make no sense together.
func (o *checkFlags) validateFixes(args []string) error {
	f := o.fixes
	switch {
	case f.fix && f.diff:
		return usage("--fix 和 --diff 不能同时使用：--diff 只显示，不修改", "--fix and --diff exclude each other: --diff only shows, and changes nothing")
	case f.unsafe && !f.fix && !f.diff:
		return usage("--unsafe-fixes 须与 --fix 或 --diff 同用", "--unsafe-fixes needs --fix or --diff")
	case f.noBackup && !f.fix:
		return usage("--no-backup 须与 --fix 同用", "--no-backup needs --fix")
	case f.fix && slices.Contains(args, stdinPath):
		return usage("标准输入不能用 --fix 改正：请给出文件，或用 --diff 查看", "--fix cannot mend standard input: name a file, or look with --diff")
	case f.diff && len(o.formats) > 0:
		return usage("--diff 自有格式，不能与 -f 同用；json 等格式的每个问题都带有改法（fix）",
			"--diff has a format of its own and excludes -f; in json and the like, every finding carries its fix")
	}
	return nil
}

// fixing is how the files of a run are mended.
type fixing struct {
	fixFlags
	baseline *suppress.Baseline
	// entries gives an empty ledger of suppressions.
	entries func() *suppress.Ledger
	check   func(context.Context, *schema.Document, checks.Options) checks.FileReport
}

// newFixing gives how files are mended, nil if they are not.
func (inv *invocation) newFixing(o *checkFlags, known *ledgers, r *runner) *fixing {
	if !o.fixes.fix && !o.fixes.diff {
		return nil
	}
	now := inv.now()
	return &fixing{
		fixFlags: o.fixes, baseline: known.baseline, check: r.check,
		entries: func() *suppress.Ledger { return suppress.NewLedger(now) },
	}
}

// correction is a file that is to be replaced by its corrected contents.
type correction struct {
	item          item
	before, after []byte
	// report and source are those of the file as it is.
	report checks.FileReport
	source report.Source
	unsafe bool
}

// document corrects one document of an item. With --diff the report stays that of the file
// as it is, and says what could be changed. Otherwise it is that of the corrected file,
// which then is still to be written.
func (x *fixing) document(ctx context.Context, i item, doc *schema.Document, r checks.FileReport, s *config.Settings) (*schema.Document, checks.FileReport, *correction) {
	data := doc.Data
	refused := obstacle(&i, doc)
	if len(data) == 0 {
		refused = lang.T("文件没有读出，不能改正", "the file could not be read and is not mended")
	}
	if !refused.IsZero() && (!x.diff || len(data) == 0) {
		fixes := fix.Refuse(x.accept(r, s), fix.Options{Unsafe: x.unsafe}, refused)
		r.Fixes = &fixes
		return doc, r, nil
	}
	file := fix.File{
		Name: doc.File, Data: data,
		Read: func(ctx context.Context, data []byte) *schema.Document {
			return intake.Read(ctx, doc.File, data, intake.Options{Limits: s.ReaderLimits, Keep: true})
		},
		Check:  func(ctx context.Context, doc *schema.Document) checks.FileReport { return x.check(ctx, doc, s.Options) },
		Accept: func(r checks.FileReport) checks.FileReport { return x.accept(r, s) },
	}
	result, err := fix.Apply(ctx, file, doc, r, fix.Options{Unsafe: x.unsafe, Limits: s.ReaderLimits})
	switch {
	case ctx.Err() != nil:
		return doc, r, nil // the run was interrupted: its reports are not printed
	case err != nil:
		fixes := fix.Refuse(x.accept(r, s), fix.Options{Unsafe: x.unsafe}, lang.F("文件不能改正：%[1]v；请人工改正", "the file could not be mended: %[1]v; correct it by hand", err))
		r.Fixes = &fixes
		return doc, r, nil
	}
	if x.diff || len(result.Fixes.Changes) == 0 {
		result.Fixes.Unwritten = refused
		r.Fixes = &result.Fixes
		return doc, r, nil
	}
	result.Report.Fixes = &result.Fixes
	return result.Doc, result.Report, &correction{item: i, before: data, after: result.Data, report: r, unsafe: x.unsafe}
}

// obstacle says why a document cannot be mended where it is, zero if it can.
func obstacle(i *item, doc *schema.Document) lang.Text {
	converted := slices.ContainsFunc(doc.Problems, func(p schema.Problem) bool { return p.Rule == schema.RuleConvertedFile })
	switch {
	case i.stdin:
		return lang.T("标准输入不能写回；请给出文件", "standard input is not written back; name a file")
	case converted:
		return lang.T("文件由 LibreOffice 转换后读取，不能写回；请另存为 .xlsx 或 .docx 再改正",
			"the file was converted by LibreOffice to be read, and is not written back; save it as .xlsx or .docx, then mend that")
	case doc.File != i.name:
		return lang.T("压缩包中的文件不能写回；请解压后再改正", "files in an archive are not written back; unpack it, then mend them")
	}
	folder, name, err := i.target()
	if err != nil {
		return cannotWrite(err)
	}
	r, err := openReplacement(folder, name, nil)
	if err != nil {
		return cannotWrite(err)
	}
	defer r.close()
	info, err := r.root.Lstat(name)
	if err != nil {
		return cannotWrite(err)
	}
	return r.writable(info)
}

// accept moves the findings that a configuration or the baseline accepts to the suppressed
// ones, on a copy of the report.
func (x *fixing) accept(r checks.FileReport, s *config.Settings) checks.FileReport {
	r.Forms = slices.Clone(r.Forms)
	x.entries().Apply(&r, s.Configuration.Suppressions, s.Path(r.File), s.Options)
	if x.baseline != nil {
		r.Suppress(func(f *checks.Finding) (checks.Suppression, bool) {
			return checks.Suppression{Kind: checks.ByBaseline}, x.baseline.Holds(f)
		})
	}
	return r
}

// correct writes the corrected file of an outcome. If that cannot be done, the outcome is
// that of the file as it is, and says why.
func (c *checking) correct(out *outcome) {
	x := out.correction
	backup, why := x.write(!c.fixing.noBackup, c.inv.unfinished)
	if why.IsZero() {
		out.reports[0].Fixes.Backup = backup
		return
	}
	accepted := c.fixing.accept(x.report, out.settings)
	fixes := fix.Refuse(accepted, fix.Options{Unsafe: x.unsafe}, why)
	out.reports[0] = x.report
	out.reports[0].Fixes = &fixes
	if len(out.sources) > 0 {
		out.sources[0] = x.source
	}
}

// sayFixes says on standard error what was changed in a file, and what could not be.
func (inv *invocation) sayFixes(file string, fixes *checks.Fixes) {
	if n := fixes.Mended; len(fixes.Changes) > 0 {
		said := lang.F("已改正 %[1]s：%[2]d 处", "mended %[1]s: findings: %[2]d", display(file), n)
		if n := len(fixes.Recalculated); n > 0 {
			said = lang.F("%[1]s，随之重新计算公式 %[2]d 格", "%[1]s; formulas computed anew: %[2]d", said, n)
		}
		if fixes.Backup != "" {
			said = lang.F("%[1]s（原文件存为 %[2]s）", "%[1]s (what was there is in %[2]s)", said, fixes.Backup)
		}
		inv.say(said)
	}
	for i := range fixes.Undone {
		u := &fixes.Undone[i]
		inv.say(lang.F("未改正 %[1]s [%[2]s]：%[3]s", "not mended: %[1]s [%[2]s]: %[3]s", report.Sanitize(u.Finding.At.At.String()), u.Finding.Rule.Name, u.Why))
	}
}

// write puts the corrected contents in the place of the file. It gives the name of the
// file that keeps the old ones, empty for none, or why the file was not written.
func (x *correction) write(keep bool, unfinished *unfinishedFiles) (backup string, why lang.Text) {
	folder, name, err := x.item.target()
	if err != nil {
		return "", cannotWrite(err)
	}
	r, err := openReplacement(folder, name, unfinished)
	if err != nil {
		return "", cannotWrite(err)
	}
	defer r.close()
	if backup, why = r.replace(x.before, x.after, keep); backup != "" {
		backup = display(filepath.Join(folder, backup))
	}
	return backup, why
}

func cannotWrite(err error) lang.Text {
	return lang.F("文件不能写入：%[1]s", "the file cannot be written: %[1]s", cause(err))
}
