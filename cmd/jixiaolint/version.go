package main

import (
	"cmp"
	"runtime"
	"runtime/debug"
	"strings"
)

// version is the version of a release, which its build sets with -ldflags
// "-X main.version=1.2.3".
var version string

// nextVersion is the version that is being worked on: what a build that is no release
// calls itself.
const nextVersion = "0.1.0"

// toolVersion gives the version of the program.
func toolVersion() string {
	info, _ := debug.ReadBuildInfo()
	return versionOf(version, info)
}

// versionOf gives the version of a release, else that of the tag a build was made from.
func versionOf(release string, info *debug.BuildInfo) string {
	if release == "" && info != nil && !strings.HasPrefix(info.Main.Version, "v0.0.0-") {
		release, _ = strings.CutPrefix(info.Main.Version, "v")
	}
	if release == "(devel)" {
		release = ""
	}
	return cmp.Or(release, nextVersion)
}

// builtWith tells the Go version and the commit of a build, and whether its files were
// those of the commit.
func builtWith(info *debug.BuildInfo) string {
	if info == nil {
		return "(" + runtime.Version() + ")"
	}
	parts := []string{info.GoVersion}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			parts = append(parts, s.Value[:min(len(s.Value), 12)])
		case s.Key == "vcs.modified" && s.Value == "true":
			parts = append(parts, "modified")
		}
	}
	return "(" + strings.Join(parts, ", ") + ")"
}
