package main

import (
	"errors"
	"slices"
	"strings"

	"jixiaolint/checks/profile"
	"jixiaolint/schema/lang"
)

// loadProfile gives the profile that --profile names; nil means that forms choose.
func loadProfile(ref string) (*profile.Profile, error) {
	if ref == profile.Auto {
		return nil, nil
	}
	p, err := profile.Load(ref)
	if err == nil {
		return p, nil
	}
	var (
		unknown *profile.UnknownError
		invalid *profile.InvalidError
	)
	switch {
	case errors.As(err, &unknown):
		names := profileNames()
		if unknown.By != "" {
			names = profile.Names()
		}
		what := lang.F("没有规则集 %[1]q%[2]s", "unknown profile %[1]q%[2]s", unknown.Name, lang.DidYouMean(unknown.Name, names))
		return nil, (&failure{what: profile.Locate(unknown.By, what)}).
			withHint(lang.F("可用 %[1]s，或规则集文件（.json）", "use %[2]s, or a file (.json)", strings.Join(names, "、"), strings.Join(names, ", ")))
	case errors.As(err, &invalid):
		return nil, (&failure{what: lang.F("规则集 %[1]s 无效", "the profile %[1]s is invalid", ref), details: invalid.Texts()}).
			withHint(lang.T("字段说明见 jixiaolint schema profile", "see jixiaolint schema profile for the fields"))
	}
	if closed, ok := errors.AsType[*profile.UnreadableError](err); ok {
		return nil, &failure{what: closed.Text()}
	}
	return nil, usage("无法读取规则集：%v", "cannot read the profile: %v", err)
}

// profileNames lists what --profile accepts besides files.
func profileNames() []string { return slices.Insert(profile.Names(), 0, profile.Auto) }
