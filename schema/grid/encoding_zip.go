package grid

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"jixiaolint/schema/lang"
)

var (
	helpRezip = lang.T(
		"请重新复制或下载该压缩包；如仍然出错，请重新打包，或解压后提交其中的文件。",
		"Copy or download the archive again; if that does not help, pack it again, or unpack it and submit the files.")
	helpZipSuspicious = lang.T(
		"普通压缩软件不会生成这样的压缩包；请核实来源，重新打包后提交。",
		"No ordinary program writes such an archive; check where it comes from, and pack the files again.")
	helpZipLimit = lang.T(
		"请只打包自评表，或分成几个压缩包提交；确有需要时可在配置中放宽限制。",
		"Pack nothing but forms, or submit several archives; or raise the limit in the configuration.")
)

// zipHelp has the advice on broken archives in words that fit an archive of files.
var zipHelp = map[lang.Text]lang.Text{
	helpResave:     helpRezip,
	helpRefetch:    helpRezip,
	helpSuspicious: helpZipSuspicious,
	helpLimit:      helpZipLimit,
}

// Archive is a zip archive of filed documents, as opposed to a document that is
// stored as one. Its directory was checked before anything was inflated, and the
// limits count over all members: see openArchive.
type Archive struct {
	file    string
	archive archive
	members []string
}

// IsZip reports whether the bytes begin like a zip archive, which documents of Word
// and Excel are too.
func IsZip(data []byte) bool {
	return strings.HasPrefix(string(data[:min(len(data), 4)]), "PK\x03\x04") ||
		strings.HasPrefix(string(data[:min(len(data), 4)]), "PK\x05\x06")
}

// OpenArchive reads the directory of a zip archive. Names that lead out of the place
// the archive would be unpacked to, that are there twice, or whose bytes overlap make
// the whole archive untrustworthy, as does a password make it unreadable.
func OpenArchive(file string, data []byte, limits Limits) (*Archive, *Problem) {
	a := &Archive{file: file, archive: archive{limits: limits.WithDefaults(), entries: map[string]*archiveEntry{}}}
	if f := a.open(data); f != nil {
		return nil, a.problem(f)
	}
	return a, nil
}

// problem words a fault of the archive.
func (a *Archive) problem(f *fault) *Problem {
	help := f.help
	if h, ok := zipHelp[help]; ok {
		help = h
	}
	return &Problem{Kind: Unreadable, Loc: Location{File: a.file}, Message: f.message, Help: help}
}

func (a *Archive) open(data []byte) *fault {
	limits := a.archive.limits
	if len(data) > 0 && !IsZip(data) {
		return &fault{lang.F("文件不是 .zip 压缩包，看起来是%[1]s。", "the file is no .zip archive; it looks like %[1]s", looksLike(data)), helpRezip}
	}
	if f := sniff(data, limits); f != nil {
		return f
	}
	entries, f := readDirectory(data, limits)
	if f != nil {
		return f
	}
	return a.name(entries)
}

// name decodes and checks the names of the members, and puts these in order. Other
// than parts of a document they have names that people gave them: in GBK the second
// byte of a character can be a backslash, and some programs of Windows write
// backslashes between folders, so these names are judged once decoded.
func (a *Archive) name(entries []archiveEntry) *fault {
	for i := range entries {
		e := &entries[i]
		e.name = strings.ReplaceAll(decodeName(e.name), `\`, "/")
		if f := checkEntryName(e.name); f != nil {
			return f
		}
		if !a.archive.add(e) {
			return &fault{lang.F("压缩包中有两个同名文件 %s，无法确定以哪个为准。",
				"the archive holds two files named %s, and which of them counts cannot be told", quote(e.name)), helpSuspicious}
		}
		if !strings.HasSuffix(e.name, "/") {
			a.members = append(a.members, e.name)
		}
	}
	// The order of a walk through the unpacked folders.
	slices.SortFunc(a.members, func(x, y string) int {
		return slices.Compare(strings.Split(x, "/"), strings.Split(y, "/"))
	})
	return nil
}

// decodeName decodes the name of a member. The flag that says that a name is UTF-8 is
// not looked at: macOS writes UTF-8 without it, some programs of Windows write GBK
// with it. The bytes that no encoding explains are written as %XX, so that names that
// differ stay different.
func decodeName(name string) string {
	if utf8.ValidString(name) {
		if c := takeCensus(name); c.han > 0 || c.other == 0 || !sureGB18030([]byte(name)) {
			return name
		}
		return fromGB18030([]byte(name)) // valid UTF-8 by chance
	}
	if text := fromGB18030([]byte(name)); !strings.ContainsFunc(text, lostRune) {
		return text
	}
	var b strings.Builder
	for len(name) > 0 {
		r, n := utf8.DecodeRuneInString(name)
		if r == utf8.RuneError && n == 1 {
			b.WriteString("%" + strings.ToUpper(strconv.FormatUint(uint64(name[0])|0x100, 16)[1:]))
		} else {
			b.WriteString(name[:n])
		}
		name = name[n:]
	}
	return b.String()
}

func lostRune(r rune) bool { return r == utf8.RuneError || unicode.Is(unicode.Co, r) }

// Members gives the names of the files in the archive, with slashes between folders,
// in the order of a walk through them.
func (a *Archive) Members() []string { return a.members }

// Has reports whether the archive holds a file, whatever the case of its name.
func (a *Archive) Has(name string) bool { return a.archive.has(name) }

// Spent reports whether the limit on all members together is used up, so that no
// other member can be read.
func (a *Archive) Spent() bool { return a.archive.inflated > a.archive.limits.UnzippedSize }

// Charge counts n more bytes against the limit on all members together.
func (a *Archive) Charge(n int64) { a.archive.inflated += n }

// Inflated gives the number of bytes that were inflated so far.
func (a *Archive) Inflated() int64 { return a.archive.inflated }

// Read inflates one member.
func (a *Archive) Read(ctx context.Context, member string) ([]byte, *Problem) {
	s, f := a.archive.read(ctx, member)
	if f != nil {
		return nil, a.problem(f)
	}
	return []byte(s), nil
}

// DeclaredSize gives the number of bytes to which a zip archive says that it
// inflates; ok is false if its directory is broken. A reader that is given this as its
// limit does not inflate more than that, whether it is true or not.
func DeclaredSize(data []byte, limits Limits) (n int64, ok bool) {
	a, f := openArchive(data, limits.WithDefaults())
	if f != nil {
		return 0, false
	}
	for _, e := range a.entries {
		if e.size > uint64(a.limits.UnzippedSize) { //nolint:gosec // limits are positive
			return a.limits.UnzippedSize, true
		}
		n = min(n+int64(e.size), a.limits.UnzippedSize) //nolint:gosec // compared above
	}
	return n, true
}
