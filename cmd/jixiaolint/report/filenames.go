package report

import (
	"fmt"
	"path"
	"strings"
	"unicode/utf8"
)

// fileNames gives the files of a folder names that are legal everywhere, stay inside
// of the folder and are used once, whatever the submitted files are called.
type fileNames struct{ files, folders map[string]bool }

func newFileNames() *fileNames {
	return &fileNames{files: map[string]bool{}, folders: map[string]bool{}}
}

const (
	maxNamePart = 120 // bytes, of a folder or file
	maxFolders  = 12  // of which a name keeps the last
)

// unused gives the name, relative and with slashes, of a submitted file's copy. The
// members of an archive are put into a folder named like it.
func (n *fileNames) unused(name string) string {
	var parts []string
	for _, p := range strings.Split(strings.ReplaceAll(strings.ReplaceAll(name, "\\", "/"), "!", "/"), "/") {
		if p == "" || p == "." || p == ".." {
			continue
		}
		parts = append(parts, legalPart(p))
	}
	if len(parts) == 0 {
		parts = []string{"form.xlsx"}
	}
	parts = parts[max(0, len(parts)-maxFolders):]
	last := len(parts) - 1
	for i := range last {
		for base, k := parts[i], 2; n.files[folded(parts[:i+1])]; k++ {
			parts[i] = fmt.Sprintf("%s (%d)", base, k)
		}
	}
	base := parts[last]
	for k := 2; n.files[folded(parts)] || n.folders[folded(parts)]; k++ {
		ending := path.Ext(base)
		parts[last] = fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(base, ending), k, ending)
	}
	n.files[folded(parts)] = true
	for i := range last {
		n.folders[folded(parts[:i+1])] = true
	}
	return strings.Join(parts, "/")
}

// folded gives the key of a name: file systems differ in whether case counts.
func folded(parts []string) string { return strings.ToLower(strings.Join(parts, "/")) }

// legalPart makes a name of one folder or file legal and not too long; its ending is
// kept.
func legalPart(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"|?*`, r) || r < ' ' || r == 0x7F || r == utf8.RuneError || invisible(r) {
			return '_'
		}
		return r
	}, s)
	ending := path.Ext(s)
	if len(ending) > 10 {
		ending = ""
	}
	stem := strings.TrimSuffix(s, ending)
	for len(stem) > maxNamePart-len(ending) {
		_, size := utf8.DecodeLastRuneInString(stem)
		stem = stem[:len(stem)-size]
	}
	stem = strings.TrimLeft(strings.TrimRight(stem, " "), " ")
	s = strings.TrimRight(stem+ending, ". ")
	if strings.HasPrefix(s, ".") || s == "" {
		s = "_" + s
	}
	// Names that Windows takes for devices, with any ending.
	device, _, _ := strings.Cut(strings.ToUpper(s), ".")
	switch {
	case device == "CON", device == "PRN", device == "AUX", device == "NUL",
		len(device) == 4 && (strings.HasPrefix(device, "COM") || strings.HasPrefix(device, "LPT")) && device[3] >= '0' && device[3] <= '9':
		s = "_" + s
	}
	return s
}
