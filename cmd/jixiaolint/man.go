package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"jixiaolint/schema/lang"
)

// manCommand prints the manual page, or writes all that a package of the program
// installs beside it. It is for those who make packages, so help does not list it.
//
// The page is written here rather than by cobra/doc, which has English headings only,
// knows nothing of groups of flags, and goes through a Markdown library.
func (inv *invocation) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "man [DIR]",
		Hidden: true,
		Short:  inv.text("输出手册页，或把手册页和补全脚本写入 DIR", "print the manual page, or write manual pages and completion scripts to DIR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch len(args) {
			case 0:
				_, err := inv.Out.Write(inv.manPage(cmd.Root()))
				return err
			case 1:
				return inv.writeManual(args[0])
			}
			return noArgs(cmd, args[1:])
		},
	}
}

// writeManual writes the manual pages and completion scripts.
func (inv *invocation) writeManual(dir string) error {
	zh, en := *inv, *inv
	zh.lang, en.lang = lang.ZH, lang.EN
	for _, file := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"man/man1/jixiaolint.1", func(w io.Writer) error { _, err := w.Write(en.manPage(en.root())); return err }},
		{"man/zh_CN/man1/jixiaolint.1", func(w io.Writer) error { _, err := w.Write(zh.manPage(zh.root())); return err }},
		{"completions/jixiaolint.bash", func(w io.Writer) error { return complete(inv.root(), "bash", w) }},
		{"completions/_jixiaolint", func(w io.Writer) error { return complete(inv.root(), "zsh", w) }},
		{"completions/jixiaolint.fish", func(w io.Writer) error { return complete(inv.root(), "fish", w) }},
		{"completions/jixiaolint.ps1", func(w io.Writer) error { return complete(inv.root(), "powershell", w) }},
	} {
		var b bytes.Buffer
		name := filepath.Join(dir, filepath.FromSlash(file.name))
		err := errors.Join(file.write(&b), os.MkdirAll(filepath.Dir(name), 0o755)) //nolint:gosec // everybody may read manuals
		if err == nil {
			err = os.WriteFile(name, b.Bytes(), 0o644) //nolint:gosec // everybody may read manuals
		}
		if err != nil {
			return usage("无法写入 %[1]s：%[2]s", "cannot write %[1]s: %[2]s", display(name), cause(err))
		}
	}
	return nil
}

// manPage gives the manual page of the program in the language of the run: what help
// says about each command.
func (inv *invocation) manPage(root *cobra.Command) []byte {
	m := &manual{}
	m.line(".TH JIXIAOLINT 1 \"\" \"jixiaolint " + manEscape(toolVersion()) + "\"")
	m.section(inv.text("名称", "NAME"))
	m.text(toolName + " - " + inv.text("检查项目支出绩效自评表", "check performance self-evaluation forms of public spending"))
	m.section(inv.text("用法", "SYNOPSIS"))
	m.text(root.UseLine())
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() && c.Name() != "check" {
			m.line(".br")
			m.text(c.UseLine())
		}
	}
	m.section(inv.text("说明", "DESCRIPTION"))
	m.paragraphs(root.Long)
	m.section(inv.text("选项", "OPTIONS"))
	inv.manFlags(m, root)
	m.section(inv.text("命令", "COMMANDS"))
	for _, c := range root.Commands() {
		if !c.IsAvailableCommand() || c.Name() == "check" {
			continue
		}
		m.line(".SS " + manQuote(c.UseLine()))
		long := c.Long
		if long == "" {
			long = c.Short
		}
		m.paragraphs(long)
		c.InitDefaultHelpFlag()
		c.NonInheritedFlags().VisitAll(func(f *pflag.Flag) { m.flag(f) })
	}
	m.section(inv.text("示例", "EXAMPLES"))
	m.verbatim(root.Example)
	// Further sections are paragraphs that begin with their heading.
	for _, note := range strings.Split(root.Annotations[annotationNotes], "\n\n") {
		if heading, body, ok := strings.Cut(note, "\n"); ok {
			m.section(strings.ToUpper(strings.TrimRight(heading, ":：")))
			m.verbatim(body)
			continue
		}
		m.line(".PP")
		m.text(note)
	}
	return m.b.Bytes()
}

// manFlags describes the flags of a command by group, in the order of its help.
func (inv *invocation) manFlags(m *manual, cmd *cobra.Command) {
	for _, g := range flagGroups() {
		var flags []*pflag.Flag
		visitGroup(cmd, g.name, func(f *pflag.Flag) { flags = append(flags, f) })
		if len(flags) == 0 {
			continue
		}
		m.line(".SS " + manQuote(strings.TrimRight(g.title.In(inv.lang), ":：")))
		for _, f := range flags {
			m.flag(f)
		}
	}
}

// manual is a manual page being written, in roff.
type manual struct{ b bytes.Buffer }

func (m *manual) line(s string) { m.b.WriteString(s + "\n") }

func (m *manual) section(title string) { m.line(".SH " + manQuote(title)) }

// text writes text that is filled to lines, which may end after Chinese punctuation.
func (m *manual) text(s string) {
	for line := range strings.SplitSeq(s, "\n") {
		m.line(reChineseStop.ReplaceAllString(manEscape(line), `$0\:`))
	}
}

// paragraphs writes texts that a blank line separates. What is indented stays as it is.
func (m *manual) paragraphs(s string) {
	for _, p := range strings.Split(s, "\n\n") {
		if strings.Contains("\n"+p, "\n  ") {
			m.verbatim(p)
			continue
		}
		m.line(".PP")
		m.text(joinChinese(p))
	}
}

// verbatim writes lines as they are.
func (m *manual) verbatim(s string) {
	m.line(".PP\n.nf")
	m.text(s)
	m.line(".fi")
}

// flag writes one flag and what it does.
func (m *manual) flag(f *pflag.Flag) {
	if f.Hidden {
		return
	}
	value, usage := pflag.UnquoteUsage(f)
	name := `\fB` + manEscape("--"+f.Name) + `\fR`
	if f.Shorthand != "" {
		name = `\fB` + manEscape("-"+f.Shorthand) + `\fR, ` + name
	}
	if value != "" {
		name += ` \fI` + manEscape(value) + `\fR`
	}
	m.line(".TP")
	m.line(name)
	m.text(usage)
}

// reChineseBreak is a line end between Chinese characters, where filling must not put a
// blank.
var reChineseBreak = regexp.MustCompile(`([\p{Han}，。；：、！？）])\n([\p{Han}（“])`)

var reChineseStop = regexp.MustCompile(`[，。；：、）]`)

func joinChinese(s string) string { return reChineseBreak.ReplaceAllString(s, "$1$2") }

var manReplacer = strings.NewReplacer(`\`, `\e`, "-", `\-`, "~", `\(ti`, "^", `\(ha`, "`", `\(ga`, "'", `\(aq`)

// manEscape gives text as roff shows it unchanged.
func manEscape(s string) string {
	s = manReplacer.Replace(s)
	if strings.HasPrefix(s, ".") {
		s = `\&` + s
	}
	return s
}

// manQuote gives text as one argument of a roff request.
func manQuote(s string) string {
	return fmt.Sprintf(`"%s"`, strings.ReplaceAll(manEscape(s), `"`, `\(dq`))
}
