package intake

import (
	"context"
	"path"
	"slices"
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

const (
	// memberMark stands between an archive and its member in names.
	memberMark = "!"
	// nestedArchives is how deep archives may lie in archives.
	nestedArchives = 1
	// documentFactor bounds what the members that are zip archives themselves, as
	// workbooks are, may inflate to all together: this many times UnzippedSize. It is
	// what the time for one archive is bounded by.
	documentFactor = 16
	// mostConversions bounds the files of an archive that are converted: each takes an
	// office program a second or more.
	mostConversions = 200
)

var helpUnpack = lang.T("请解压后直接提交自评表文件", "unpack it and submit the forms themselves")

// unpacker yields the documents of an archive and of those in it.
type unpacker struct {
	ctx    context.Context
	limits grid.Limits
	opts   Options
	yield  func(*schema.Document) bool
	// entries is the number of members seen, over all archives; documents is what is
	// left of the bytes that workbooks and the like may inflate to.
	entries   int
	documents int64
	// conversions is the number of files converted.
	conversions int
	// stopped says why nothing more is read, once a limit is reached.
	stopped lang.Text
}

func newUnpacker(ctx context.Context, limits grid.Limits, opts Options, yield func(*schema.Document) bool) *unpacker {
	return &unpacker{ctx: ctx, limits: limits, opts: opts, yield: yield, documents: documentFactor * limits.UnzippedSize}
}

// archive yields the documents of one archive, and gives the bytes that it inflated
// to. more is false when no other document is wanted. Files that are left out because
// of a limit are reported for each archive that they are in.
func (u *unpacker) archive(name string, data []byte, limits grid.Limits, depth int) (inflated int64, more bool) {
	limits.Entries = max(limits.Entries-u.entries, 1)
	limits.PartSize = min(limits.PartSize, limits.FileSize)
	a, problem := grid.OpenArchive(name, data, limits)
	if problem != nil {
		return 0, u.yield(problemDocument(name, problem))
	}
	members := a.Members()
	u.entries += len(members)
	wanted := slices.DeleteFunc(slices.Clone(members), func(m string) bool { return !isWanted(m) })
	if len(wanted) == 0 {
		return 0, u.yield(nothingIn(name, len(members)))
	}
	var unrelated *schema.Document
	found := false
	yield := u.yield
	u.yield = func(doc *schema.Document) bool {
		if doc.Unrelated {
			unrelated = doc
			return true
		}
		found = found || !doc.Unconverted
		return yield(doc)
	}
	defer func() { u.yield = yield }()
	for i, m := range wanted {
		content, problem := u.inflate(a, m)
		if !u.stopped.IsZero() {
			return a.Inflated(), u.yield(unreadable(name,
				lang.F("%[1]s，其余 %[2]d 个文件没有读取", "%[1]s; the other %[2]d files were not read", u.stopped, len(wanted)-i),
				lang.T("请分成几个压缩包，或解压后提交", "submit several archives, or the unpacked files")))
		}
		full := name + memberMark + m
		if problem != nil {
			more = u.yield(problemDocument(full, problem))
		} else {
			more = u.member(a, full, content, depth)
		}
		if !more {
			return a.Inflated(), false
		}
	}
	switch {
	case found:
		return a.Inflated(), true
	case unrelated != nil:
		return a.Inflated(), yield(unrelated)
	}
	return a.Inflated(), yield(nothingIn(name, len(members)))
}

// nothingIn gives the document of an archive that holds nothing to check.
func nothingIn(name string, skipped int) *schema.Document {
	return unreadable(name,
		lang.F("压缩包中没有可检查的文件，跳过了其他文件 %d 个", "there is nothing to check in the archive; %d other files were skipped", skipped),
		lang.F("请把自评表文件（%s）打包后提交", "pack the form files (%s) and submit them", strings.Join(Extensions(), " ")))
}

// inflate reads one member, unless a limit says stop.
func (u *unpacker) inflate(a *grid.Archive, member string) ([]byte, *grid.Problem) {
	if u.ctx.Err() != nil {
		u.stopped = lang.T("读取被取消或超时", "reading was cancelled or timed out")
	}
	if !u.stopped.IsZero() {
		return nil, nil
	}
	content, problem := a.Read(u.ctx, member)
	if a.Spent() {
		u.stopped = lang.F("压缩包解压后总计超过 %d 字节", "the archive inflates to more than %d bytes in all", u.limits.UnzippedSize)
	}
	return content, problem
}

// member yields the documents of one member.
func (u *unpacker) member(parent *grid.Archive, name string, data []byte, depth int) bool {
	limits := u.limits
	if u.opts.Convert != nil {
		if format, ok := ConvertTo(name, data, Options{Limits: limits}); ok {
			return u.yield(u.convert(name, data, format))
		}
	}
	if grid.IsZip(data) && detect(name, data, limits).format == archiveFormat {
		if depth == nestedArchives {
			return u.yield(unreadable(name, lang.T("压缩包层层嵌套，这一层没有读取", "archives are nested too deeply; this one was not read"), helpUnpack))
		}
		limits.UnzippedSize = max(limits.UnzippedSize-parent.Inflated(), 1)
		inflated, more := u.archive(name, data, limits, depth+1)
		parent.Charge(inflated)
		return more
	}
	return u.yield(u.document(u.ctx, name, data, Options{Limits: limits, Keep: u.opts.Keep}))
}

// convert converts a member and reads what comes of it.
func (u *unpacker) convert(name string, data []byte, format string) *schema.Document {
	if u.conversions == mostConversions {
		return unreadable(name,
			lang.F("压缩包中已有 %d 个文件经过转换，这个文件没有再转换", "%d files of the archive were converted; this one was not", mostConversions),
			lang.T("请分成几个压缩包，或解压后提交", "submit several archives, or the unpacked files"))
	}
	u.conversions++
	return convert(u.ctx, name, data, format, Options{Limits: u.limits, Keep: u.opts.Keep, Convert: u.opts.Convert}, u.document)
}

// document reads a member that is no archive of documents, and charges what it
// inflates to.
func (u *unpacker) document(ctx context.Context, name string, data []byte, opts Options) *schema.Document {
	if !grid.IsZip(data) {
		return Read(ctx, name, data, opts)
	}
	// The member inflates to no more than it declares, with some room for what its
	// reader derives from that; lies are paid for as if they were true.
	const room = 1 << 20
	cost, ok := grid.DeclaredSize(data, opts.Limits)
	if ok {
		opts.Limits.UnzippedSize = min(4*cost+room, opts.Limits.UnzippedSize)
	}
	doc := Read(ctx, name, data, opts)
	if ok && slices.ContainsFunc(doc.Problems, func(p schema.Problem) bool { return p.Rule == schema.RuleUnreadableFile }) {
		cost = opts.Limits.UnzippedSize
	}
	if u.documents -= cost; u.documents < 0 {
		u.stopped = lang.T("压缩包内各文件解压后总计过大", "the files of the archive inflate to too much in all")
	}
	return doc
}

// isWanted reports whether a member is read: it has one of the usual endings and is no
// hidden file, no lock file of an office program, and nothing of what macOS adds.
func isWanted(member string) bool {
	for part := range strings.SplitSeq(member, "/") {
		if strings.HasPrefix(part, ".") || strings.HasPrefix(part, "~$") || part == "__MACOSX" {
			return false
		}
	}
	return isOneOf(strings.ToLower(path.Ext(member)), Extensions()...)
}

// problemDocument gives the document of a file that a reader could not open.
func problemDocument(name string, p *grid.Problem) *schema.Document {
	return unreadable(name, p.Message, p.Help)
}
