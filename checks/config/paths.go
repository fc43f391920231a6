package config

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// reSeparator finds a backslash that escapes nothing: no file is called *, so even before
// a wildcard it stands between folders, as on Windows.
var reSeparator = regexp.MustCompile(`\\+([^\\\[\]{}]|$)`)

// reDrive is the beginning of an absolute path on Windows.
var reDrive = regexp.MustCompile(`^[A-Za-z]:[/\\]`)

// pathPattern reads a pattern for paths below the folder of the configuration. What can
// mean only one thing is taken so: ./草稿/ is 草稿/**. What can match no path is an error.
func (d *decoder) pathPattern(n *yaml.Node) string {
	s := d.text(n)
	if s == "" || len(s) > maxPattern {
		return d.wellFormed(n, s)
	}
	slashed := reSeparator.ReplaceAllString(s, "/$1")
	switch {
	case strings.HasPrefix(slashed, "/"), reDrive.MatchString(s):
		rest := strings.TrimLeft(reDrive.ReplaceAllString(slashed, ""), "/")
		d.fail(n, "通配式 %[1]q 不会匹配任何文件：路径从配置文件所在的文件夹写起，例如 %[2]q",
			"the pattern %[1]q matches no file: paths start from the folder of the configuration, such as %[2]q", s, simplePattern(rest))
	case slashed != s:
		d.fail(n, `通配式 %[1]q 不会匹配任何文件：文件夹之间请用 /，写成 %[2]q`,
			`the pattern %[1]q matches no file: folders are divided by /, so write %[2]q`, s, simplePattern(slashed))
	case leavesFolder(s):
		d.fail(n, "通配式 %[1]q 不会匹配任何文件：配置只管它所在文件夹里的文件，不能用 ..；请在上一级文件夹另写配置",
			"the pattern %[1]q matches no file: a configuration governs the files of its folder, without ..; write one in the folder above", s)
	default:
		return d.wellFormed(n, simplePattern(s))
	}
	return ""
}

// leavesFolder reports whether a pattern climbs to a folder above.
func leavesFolder(pattern string) bool {
	for part := range strings.SplitSeq(pattern, "/") {
		if part == ".." {
			return true
		}
	}
	return false
}

// simplePattern leaves out what says nothing, and takes a folder for all that is below it.
func simplePattern(pattern string) string {
	var parts []string
	for part := range strings.SplitSeq(pattern, "/") {
		if part != "" && part != "." {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 || strings.HasSuffix(pattern, "/") || strings.HasSuffix(pattern, "/.") {
		parts = append(parts, "**")
	}
	simple := strings.Join(parts, "/")
	if len(parts) == 1 && strings.HasPrefix(pattern, "./") {
		return "./" + simple // of this folder only
	}
	return simple
}
