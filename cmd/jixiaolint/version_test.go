package main

import (
	"runtime/debug"
	"testing"
)

// TestVersion: a release says what its build set, another build the tag and the commit
// it was made from.
func TestVersion(t *testing.T) {
	build := func(version string, settings ...debug.BuildSetting) *debug.BuildInfo {
		return &debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Version: version}, Settings: settings}
	}
	revision := debug.BuildSetting{Key: "vcs.revision", Value: "0123456789abcdef0123456789abcdef01234567"}
	for _, tt := range []struct {
		release        string
		info           *debug.BuildInfo
		version, built string
	}{
		{"1.2.3", build("v1.0.0", revision, debug.BuildSetting{Key: "vcs.modified", Value: "false"}), "1.2.3", "(go1.26.0, 0123456789ab)"},
		{"", build("v1.0.0"), "1.0.0", "(go1.26.0)"},
		{"", build("v0.0.0-20261123191300-0123456789ab+dirty", revision, debug.BuildSetting{Key: "vcs.modified", Value: "true"}), nextVersion, "(go1.26.0, 0123456789ab, modified)"},
		{"", build("(devel)"), nextVersion, "(go1.26.0)"},
		{"", build(""), nextVersion, "(go1.26.0)"},
	} {
		if v, b := versionOf(tt.release, tt.info), builtWith(tt.info); v != tt.version || b != tt.built {
			t.Errorf("%+v: %s %s, want %s %s", tt, v, b, tt.version, tt.built)
		}
	}
}
