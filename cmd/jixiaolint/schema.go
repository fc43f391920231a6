package main

import (
	"github.com/spf13/cobra"

	"jixiaolint/checks/config"
	"jixiaolint/cmd/jixiaolint/report"
	"jixiaolint/schema"
)

// schemaCommand prints the JSON Schemas that the program works with.
func (inv *invocation) schemaCommand() *cobra.Command {
	names := []string{"form", "profile", "report", "diff", "config"}
	return &cobra.Command{
		Use:   "schema [form|profile|report|diff|config]",
		Short: inv.text("输出 JSON Schema：表（form，默认）、规则集、报告、对照、配置", "print a JSON Schema: of forms (default), profiles, reports, comparisons or the configuration"),
		Long: inv.text(`输出 JSON Schema（2020-12）：
  form     自评表的规范 JSON 文档（默认）
  profile  --profile 的规则集文件
  report   check --format json 的报告
  diff     对照两个版本的 diff --format json
  config   配置文件 .jixiaolint.yaml`, `Print a JSON Schema (2020-12):
  form     of the canonical JSON document of a form (default)
  profile  of the files of rule sets for --profile
  report   of the report of check --format json
  diff     of the comparison that diff --format json prints
  config   of the configuration file .jixiaolint.yaml`),
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
			case name == "profile":
				text = schema.ProfileSchema()
			case name == "report":
				text = report.Schema()
			case name == "diff":
				text = report.DiffSchema()
			case name == "config":
				text = config.Schema()
			default:
				return usage("没有名为 %[1]q 的 JSON Schema：可用 form、profile、report、diff、config", "no JSON Schema named %[1]q: use form, profile, report, diff or config", name)
			}
			_, err := inv.Out.Write(text)
			return err
		},
	}
}
