package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"jixiaolint/schema/lang"
)

// help prints the help of a command: what it does, how it is called, its commands
// and its flags by group.
func (inv *invocation) help(cmd *cobra.Command) {
	var b strings.Builder
	long := cmd.Long
	if long == "" {
		long = cmd.Short
	}
	fmt.Fprintf(&b, "%s\n\n%s\n  %s\n", long, inv.text("用法：", "Usage:"), cmd.UseLine())
	if cmd.Example != "" {
		fmt.Fprintf(&b, "\n%s\n%s\n", inv.text("示例：", "Examples:"), cmd.Example)
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n%s\n", inv.text("命令：", "Commands:"))
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() || c.Name() == "help" {
				fmt.Fprintf(&b, "  %-12s%s\n", c.Name(), c.Short)
			}
		}
	}
	for _, g := range flagGroups() {
		inv.flagHelp(&b, cmd, g)
	}
	if notes := cmd.Annotations[annotationNotes]; notes != "" {
		fmt.Fprintf(&b, "\n%s\n", notes)
	}
	_, _ = fmt.Fprint(cmd.OutOrStdout(), b.String())
}

// annotationNotes is the key of the text that help prints last.
const annotationNotes = "notes"

// flagGroup is a group of flags in help and manual; the group of those without a name
// comes last.
type flagGroup struct {
	name  string
	title lang.Text
}

func flagGroups() []flagGroup {
	return []flagGroup{
		{groupInput, lang.T("输入：", "Input:")},
		{groupRules, lang.T("规则：", "Rules:")},
		{groupOutput, lang.T("输出：", "Output:")},
		{groupFixes, lang.T("改正：", "Mending:")},
		{groupRun, lang.T("运行：", "Running:")},
		{"", lang.T("其他：", "Other:")},
	}
}

// visitGroup visits the flags of a command that belong to a group.
func visitGroup(cmd *cobra.Command, group string, visit func(*pflag.Flag)) {
	belongs := func(f *pflag.Flag) {
		name := ""
		if v := f.Annotations[groupFlagKey]; len(v) > 0 {
			name = v[0]
		}
		if name == group && !f.Hidden {
			visit(f)
		}
	}
	cmd.LocalFlags().VisitAll(belongs)
	cmd.InheritedFlags().VisitAll(belongs)
}

func (inv *invocation) flagHelp(b *strings.Builder, cmd *cobra.Command, group flagGroup) {
	const column = 32
	var lines []string
	visitGroup(cmd, group.name, func(f *pflag.Flag) {
		name, usage := pflag.UnquoteUsage(f)
		left := "      --" + f.Name
		if f.Shorthand != "" {
			left = "  -" + f.Shorthand + ", --" + f.Name
		}
		if name != "" {
			left += " " + name
		}
		if len(left) > column-2 {
			left += "\n" + strings.Repeat(" ", column)
		} else {
			left += strings.Repeat(" ", column-len(left))
		}
		lines = append(lines, left+usage)
	})
	if len(lines) > 0 {
		fmt.Fprintf(b, "\n%s\n%s\n", group.title.In(inv.lang), strings.Join(lines, "\n"))
	}
}
