package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"jixiaolint/checks"
	"jixiaolint/checks/profile"
	"jixiaolint/checks/template"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/intake"
	"jixiaolint/schema/lang"
)

// The years that the JSON Schema of a form allows.
const minYear, maxYear = 1990, 2100

// templateRequest is what the flags of template ask for.
type templateRequest struct {
	output, profile, from, office string
	year, indicators              int
}

// templateCommand writes a form to be filled in.
func (inv *invocation) templateCommand() *cobra.Command {
	var r templateRequest
	office := newChoice("never", "auto", "never")
	cmd := &cobra.Command{
		Use:   "template" + inv.text(" [选项]", " [flags]"),
		Short: inv.text("生成带公式和校验的空白自评表（.xlsx）", "write a blank form as .xlsx, with formulas and input checks"),
		Long: inv.text(`按规则集和年度生成官方表样的 .xlsx：执行率、执行率得分、能由指标值和完成值算出的
指标得分、合计、总分和等级都是公式；分值、金额、得分有范围校验，指标类型和定性档次
有下拉列表；合计不符、得分不对、缺原因的单元格会变色。公式单元格已锁定（没有密码）。

指标值写成“≥95%”“≤3万元”“=12次”，完成值用同样的单位，得分就自动算出；定性指标的
得分直接填写，也可以在公式上直接改填。

--from 把已有的表（任何格式）的内容带进来，放不下的、被公式替换的在错误输出中逐条
说明。指标行按二级指标平均分配：先每个一级指标一行，再每个二级指标一行，再从头分。
已经存在的文件不会被覆盖。

规则集不能从表头看出来的（如 jiangxi），检查填好的表时要用同一个 --profile，或写进
配置文件；写出模板时会提示。`, `Write a form in the official layout as .xlsx, for a profile and a year. Rates,
the execution score, scores that follow from target and actual value, sums, total
and grade are formulas; points, amounts and scores are checked as they are typed,
types and qualitative results are chosen from lists; sums that do not add up,
wrong scores and missing reasons change colour. Formulas are locked, without a
password.

Write targets as ≥95%, ≤3万元 or =12次, and actual values in the same unit: the
score is then computed. Scores of results in words are typed, over the formula.

--from carries the content of a form in any format over; what has no place, or
gives way to a formula with another result, is said on the error stream. Rows are
dealt to the first-level groups, one each, then to the second-level groups, then
again from the top. An existing file is never overwritten.

Where the headers of a form do not tell its profile (jiangxi, say), check the
filled form with the same --profile, or name it in the configuration; this is
said when the template is written.`),
		Example: inv.text(`  jixiaolint template -o 自评表.xlsx
  jixiaolint template -o 自评表.xlsx --profile sichuan-2023 --year 2024 --indicators 12
  jixiaolint template -o 新表.xlsx --from 旧表.docx`, `  jixiaolint template -o form.xlsx
  jixiaolint template -o form.xlsx --profile sichuan-2023 --year 2024 --indicators 12
  jixiaolint template -o new.xlsx --from old.docx`),
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			r.office = office.value
			return inv.template(cmd.Context(), r, cmd.Flags().Changed("year"), cmd.Flags().Changed("indicators"), cmd.Flags().Changed("profile"))
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&r.output, "output", "o", "", inv.text("写入新文件 `FILE`（.xlsx），而不是标准输出", "write to the new `FILE` (.xlsx) instead of standard output"))
	group(flags, groupOutput, "output")
	flags.StringVar(&r.profile, "profile", profile.Auto, inv.text("规则集 `NAME`，或规则集文件；默认用配置文件中的；auto 按 --from 的表头选择，没有时用 "+profile.Default,
		"`NAME` or file of the profile; by default that of the configuration; auto goes by the headers of --from, and is "+profile.Default+" without"))
	flags.IntVar(&r.year, "year", 0, inv.text("年度 `YEAR`；默认取 --from 的年度，没有时为上一年", "`YEAR` of the form; by default that of --from, or else last year"))
	flags.IntVar(&r.indicators, "indicators", 0, inv.text("指标行数 `N`；默认每个二级指标一行，或 --from 的行数", "`N` indicator rows; by default one for each second-level group, or those of --from"))
	flags.StringVar(&r.from, "from", "", inv.text("带入 `FILE` 中的表的内容", "carry over the content of the forms in `FILE`"))
	flags.Var(office, "convert", inv.text(convertFlagZH, convertFlagEN))
	// The only error is an unknown flag, which tests would show.
	_ = cmd.RegisterFlagCompletionFunc("profile", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return profileNames(), cobra.ShellCompDirectiveDefault
	})
	group(flags, groupInput, "profile", "year", "indicators", "from", "convert")
	return cmd
}

// template writes the workbook that is asked for.
func (inv *invocation) template(ctx context.Context, r templateRequest, yearGiven, rowsGiven, profileGiven bool) error {
	if yearGiven && (r.year < minYear || r.year > maxYear) {
		return usage("--year 应在 %[1]d 和 %[2]d 之间", "--year must be from %[1]d to %[2]d", minYear, maxYear)
	}
	if err := inv.checkTarget(r.output); err != nil {
		return err
	}
	asked, err := r.loadProfile(profileGiven)
	if err != nil {
		return err
	}
	forms := []template.Form{{Profile: asked, Year: r.year, Indicators: r.indicators}}
	if r.from != "" {
		if forms, err = inv.carried(ctx, r, asked); err != nil || len(forms) == 0 {
			return err
		}
	}
	for i := range forms {
		f := &forms[i]
		if f.Profile == nil {
			if f.Profile, err = profile.Load(profile.Default); err != nil {
				return err
			}
		}
		if f.Year == 0 {
			f.Year = inv.now().Year() - 1
		}
		if least := template.LeastIndicators(f.Profile); rowsGiven && (r.indicators < least || r.indicators > template.MaxIndicators) {
			return usage("--indicators 应在 %[1]d 和 %[2]d 之间：规则集 %[3]s 每个一级指标至少一行", "--indicators must be from %[1]d to %[2]d: the profile %[3]s needs a row for each first-level group",
				least, template.MaxIndicators, f.Profile.Name)
		}
	}
	var left []lang.Text
	err = inv.writeTo(r.output, true, func(w io.Writer) (err error) {
		left, err = template.Write(w, forms, inv.lang)
		return err
	})
	if err != nil {
		return err
	}
	for _, l := range left {
		inv.say(l)
	}
	inv.sayProfiles(forms)
	return nil
}

// sayKept says what of a form is kept although another thing was asked for: its rows and
// its points.
func (inv *invocation) sayKept(name string, r templateRequest, form *schema.Form, asked *profile.Profile) {
	if n := len(form.Indicators); r.indicators > 0 && r.indicators < n {
		inv.say(lang.F("%[1]s：原表有 %[2]d 行指标，全部带入", "%[1]s: all of its %[2]d indicator rows are carried over", name, n))
	}
	if asked != nil && template.Differs(form, asked) {
		inv.say(lang.F("%[1]s：分值照原表带入，与规则集 %[2]s 的不同，请改填", "%[1]s: the points are carried over as they are; those of the profile %[2]s are others, so change them", name, asked.Name))
	}
}

// loadProfile gives the profile that the forms are to follow: the one asked for, or
// else that of the configuration here, as check would take it; nil for automatic choice.
func (r *templateRequest) loadProfile(given bool) (*profile.Profile, error) {
	if given {
		return loadProfile(r.profile)
	}
	settings, err := settingsHere("", false)
	if err != nil {
		return nil, err
	}
	return settings.Options.Profile, nil
}

// sayProfiles says which profile a check of the filled form needs, where the headers of
// the form do not choose it.
func (inv *invocation) sayProfiles(forms []template.Form) {
	var said []string
	for i := range forms {
		p := forms[i].Profile
		if p.Auto || p.Name == profile.Default || slices.Contains(said, p.Name) {
			continue
		}
		said = append(said, p.Name)
		inv.say(lang.F("表按规则集 %[1]s 编制，表头看不出来：检查时请加 --profile %[1]s，或在配置文件中写 profile: %[1]s",
			"the form follows the profile %[1]s, which its headers do not tell: check it with --profile %[1]s, or write profile: %[1]s into the configuration", p.Name))
	}
}

// checkTarget refuses to write over a file, which may be a form that somebody filled
// in, and to write a workbook to a terminal.
func (inv *invocation) checkTarget(output string) error {
	if output == "" {
		if _, ok := inv.terminal(inv.Out); ok {
			return usage("请用 -o 给出要写入的文件，例如 -o 自评表.xlsx", "name the file to write with -o, for example -o form.xlsx")
		}
		return nil
	}
	info, err := os.Stat(output)
	if errors.Is(err, fs.ErrNotExist) { // a link to nothing is there, and would be replaced
		if _, linkErr := os.Lstat(output); linkErr == nil {
			return usage("无法写入 %[1]s：它是链接，所指的文件不存在", "cannot write %[1]s: it is a link to a file that does not exist", display(output)).
				withHint(lang.T("请换一个文件名，或先移走这个链接", "choose another name, or move the link away first"))
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist) && !strings.EqualFold(filepath.Ext(output), ".xlsx"):
		return usage("模板是 .xlsx 文件，不能写成 %[1]s", "a template is an .xlsx file and cannot be written as %[1]s", display(output)).
			withHint(lang.T("请给出以 .xlsx 结尾的文件名，例如 -o 自评表.xlsx", "give a name that ends in .xlsx, for example -o form.xlsx"))
	case err == nil && info.Mode().IsRegular():
		return usage("无法写入 %[1]s：%[2]s", "cannot write %[1]s: %[2]s", display(output), cause(fs.ErrExist)).
			withHint(lang.T("请换一个文件名，或先移走原来的文件", "choose another name, or move the file away first"))
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return usage("无法写入 %[1]s：%[2]s", "cannot write %[1]s: %[2]s", display(output), cause(err))
	}
	return nil
}

// carried reads the forms whose content is carried over, each with the profile that its
// headers choose unless one was asked for.
func (inv *invocation) carried(ctx context.Context, r templateRequest, asked *profile.Profile) ([]template.Form, error) {
	i := item{name: display(r.from), path: r.from, stdin: r.from == stdinPath}
	if i.stdin {
		i.name = stdinName
	}
	data, err := i.bytes(inv.In, grid.DefaultLimits().FileSize)
	if err != nil {
		return nil, &failure{what: newFinder(stdinName, nil, nil).openFailure(r.from, err)}
	}
	var forms []template.Form
	for doc := range inv.documents(r.office)(ctx, i.name, data, intake.Options{}) {
		for _, p := range doc.Problems {
			inv.say(lang.F("%[1]s：%[2]s", "%[1]s: %[2]s", p.At.At, p.Message))
			if !p.Minor {
				inv.status = exitProblems
			}
		}
		for _, f := range checks.Run(ctx, doc, checks.Options{Profile: asked}).Forms {
			if n := len(f.Form.Indicators); n > template.MaxIndicators {
				return nil, usage("%[1]s：表有 %[2]d 项指标，最多 %[3]d 项", "%[1]s: the form has %[2]d indicators, %[3]d is the most", i.name, n, template.MaxIndicators)
			}
			form := template.Form{Profile: f.Choice.Profile, Year: r.year, Indicators: r.indicators, From: f.Form}
			if form.Year == 0 {
				form.Year = f.Form.Year
			}
			inv.sayKept(i.name, r, f.Form, asked)
			forms = append(forms, form)
		}
	}
	if len(forms) == 0 {
		inv.status = exitProblems
	}
	return forms, nil
}
