package main

import (
	"github.com/spf13/cobra"

	"jixiaolint/cmd/jixiaolint/report"
	"jixiaolint/schema"
)

// schemaCommand prints the JSON Schemas that the program works with.
func (inv *invocation) schemaCommand() *cobra.Command {
	names := []string{"form", "report"}
	return &cobra.Command{
		Use:   "schema [form|report]",
		Short: inv.text("输出 JSON Schema：表（form，默认）或报告（report）", "print a JSON Schema: of forms (default) or reports"),
		Long: inv.text(`输出 JSON Schema（2020-12）：
  form    自评表的规范 JSON 文档（默认）
  report  check --format json 的报告`, `Print a JSON Schema (2020-12):
  form    of the canonical JSON document of a form (default)
  report  of the report of check --format json`),
		ValidArgs: names,
		RunE: func(cmd *cobra.Command, args []string) error {
			name := names[0]
			if len(args) > 0 {
				name = args[0]
			}
			var text []byte
			switch {
			case len(args) > 1:
				return noArgs(cmd, args[1:])
			case name == "form":
				text = schema.FormSchema()
			case name == "report":
				text = report.Schema()
			default:
				return usage("没有名为 %[1]q 的 JSON Schema：可用 form、report", "no JSON Schema named %[1]q: use form or report", name)
			}
			_, err := inv.Out.Write(text)
			return err
		},
	}
}
