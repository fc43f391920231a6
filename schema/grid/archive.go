package grid

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"jixiaolint/schema/lang"
)

// fault is a reason why a file, or a part of it, cannot be read, in words for the
// person who filed it.
type fault struct {
	message lang.Text
	help    lang.Text
}

// archive is a zip file whose directory was checked before anything was inflated.
// It is our own reader because a hostile directory has to be walked before it is
// believed: archive/zip keeps every entry of it and leaves duplicates, overlaps and
// disagreeing names to its caller.
type archive struct {
	entries  map[string]*archiveEntry // by lower-case name: part names ignore case
	limits   Limits
	inflated int64 // declared sizes of the parts read so far, together
}

// archiveEntry is one file of the archive. What its directory says is compared with
// what is really there.
type archiveEntry struct {
	name   string
	method uint16
	crc    uint32
	size   uint64 // declared, never allocated from alone
	offset int    // of the local header
	packed []byte // the compressed bytes
}

// Zip signatures and fixed record lengths (APPNOTE.TXT 4.3).
const (
	zipLocalSig     = 0x04034b50
	zipCentralSig   = 0x02014b50
	zipEndSig       = 0x06054b50
	zip64EndSig     = 0x06064b50
	zip64LocatorSig = 0x07064b50

	zipLocalLen     = 30
	zipCentralLen   = 46
	zipEndLen       = 22
	zip64EndLen     = 56
	zip64LocatorLen = 20
	zipMaxComment   = 1<<16 - 1

	zipFlagEncrypted = 1 << 0
	zipMethodStore   = 0
	zipMethodDeflate = 8
	zip64ExtraID     = 1
	zip64Marker32    = 1<<32 - 1
	zip64Marker16    = 1<<16 - 1
)

// ratioFloor is the size below which a part may be compressed as well as it likes:
// honest style sheets of small workbooks reach ratios that look like bombs.
const ratioFloor = 1 << 20

var (
	helpResave = lang.T(
		"请在 Excel 或 WPS 中打开原文件，另存为 .xlsx 后重新提交。",
		"Open the original in Excel or WPS, save it as .xlsx and submit it again.")
	helpRefetch = lang.T(
		"请重新复制或下载该文件；如仍然出错，请用 Excel 或 WPS 打开原文件并另存为 .xlsx。",
		"Copy or download the file again; if that does not help, open the original in Excel or WPS and save it as .xlsx.")
	helpSuspicious = lang.T(
		"正常软件不会生成这样的文件；请核实文件来源，用 Excel 或 WPS 重新另存为 .xlsx 后提交。",
		"No ordinary program writes such a file; check where it comes from, and save it again as .xlsx with Excel or WPS.")
	helpLimit = lang.T(
		"正常的自评表远小于此限制；请删去多余内容后另存，确有需要时可在配置中放宽限制。",
		"A real form stays far below this limit; remove what is not needed and save again, or raise the limit in the configuration.")
	helpCancelled = lang.T("请重新运行检查。", "Run the check again.")

	faultTruncated = &fault{lang.T(
		"文件不完整：压缩包的目录缺失，可能是复制或下载中断。",
		"the file is incomplete: the directory of its zip archive is missing, perhaps because a copy or download broke off"), helpRefetch}
	faultDamaged = &fault{lang.T(
		"文件已损坏：压缩包的目录与内容不一致。",
		"the file is damaged: the directory of its zip archive does not agree with its content"), helpRefetch}
	faultAmbiguous = &fault{lang.T(
		"文件不可信：压缩包的目录与文件结尾不衔接，不同软件会读出不同内容。",
		"the file cannot be trusted: the directory of its zip archive does not fit its end, so that programs may read different content"), helpSuspicious}
	faultCancelled = &fault{lang.T("读取被取消或超时，文件没有读完。",
		"reading was cancelled or timed out before the end of the file"), helpCancelled}
)

// openArchive checks the directory of a zip file. It inflates nothing.
func openArchive(data []byte, limits Limits) (*archive, *fault) {
	if f := sniff(data, limits); f != nil {
		return nil, f
	}
	entries, f := readDirectory(data, limits)
	if f != nil {
		return nil, f
	}
	a := &archive{limits: limits, entries: make(map[string]*archiveEntry, len(entries))}
	for i := range entries {
		e := &entries[i]
		if f := checkEntryName(e.name); f != nil {
			return nil, f
		}
		if !a.add(e) {
			return nil, &fault{lang.F("文件不可信：压缩包中有两个同名部件 %s。",
				"the file cannot be trusted: its zip archive holds two parts named %s", quote(e.name)), helpSuspicious}
		}
	}
	return a, nil
}

// add notes an entry; it fails if there is another one of its name.
func (a *archive) add(e *archiveEntry) bool {
	key := strings.ToLower(e.name)
	if a.entries[key] != nil {
		return false
	}
	a.entries[key] = e
	return true
}

// readDirectory reads the directory of a zip file. All of it was checked but for the
// names: what they may be is for the caller to say.
func readDirectory(data []byte, limits Limits) ([]archiveEntry, *fault) {
	dir, count, f := findDirectory(data)
	if f != nil {
		return nil, f
	}
	if count > uint64(limits.Entries) { //nolint:gosec // limits are positive
		return nil, tooManyEntries(limits)
	}
	// The declared count may lie: it is never allocated from beyond what the directory
	// has room for, and the walk ends where it does.
	entries := make([]archiveEntry, 0, min(int(count), dir.size/zipCentralLen)) //nolint:gosec // within the limit
	end := dir.offset + dir.size
	for pos := dir.offset; pos < end; {
		if len(entries) == cap(entries) {
			return nil, faultDamaged
		}
		entries = entries[:len(entries)+1]
		if pos, f = entries[len(entries)-1].read(data, pos, end, dir.offset); f != nil {
			return nil, f
		}
	}
	if uint64(len(entries)) != count {
		return nil, faultDamaged
	}
	return entries, checkOverlap(entries)
}

func tooManyEntries(limits Limits) *fault {
	return &fault{lang.F("压缩包中的部件超过 %d 个，不再读取。",
		"the zip archive has more than %d parts and was not read", limits.Entries), helpLimit}
}

// directory is where the central directory lies.
type directory struct{ offset, size int }

// findDirectory finds the end-of-directory record, in its 64-bit form if there is
// one, and the directory it points to. Programs differ in which record they take if
// there are several, and in where they look for the directory if it does not end at
// its record: such files show each of them something else, and are refused.
func findDirectory(data []byte) (directory, uint64, *fault) {
	pos, f := findEndRecord(data)
	if f != nil {
		return directory{}, 0, f
	}
	if u16(data, pos+4) != u16(data, pos+6) {
		return directory{}, 0, faultDamaged // spread over several disks
	}
	count := uint64(u16(data, pos+10))
	size := uint64(u32(data, pos+12))
	offset := uint64(u32(data, pos+16))
	limit := pos
	if loc := pos - zip64LocatorLen; loc >= 0 && u32(data, loc) == zip64LocatorSig {
		at := u64(data, loc+8)
		if at > uint64(loc) || uint64(loc)-at < zip64EndLen || u32(data, int(at)) != zip64EndSig { //nolint:gosec // at <= loc
			return directory{}, 0, faultDamaged
		}
		limit = int(at)                                        //nolint:gosec // at <= loc
		const uncounted = 12                                   // signature and length, which the length leaves out
		if u64(data, limit+4) != uint64(loc-limit-uncounted) { //nolint:gosec // limit + zip64EndLen <= loc
			return directory{}, 0, faultAmbiguous
		}
		if !replaceMarker(&count, zip64Marker16, u64(data, limit+32)) ||
			!replaceMarker(&size, zip64Marker32, u64(data, limit+40)) ||
			!replaceMarker(&offset, zip64Marker32, u64(data, limit+48)) {
			return directory{}, 0, faultAmbiguous
		}
	}
	end := uint64(limit) //nolint:gosec // not negative
	if offset > end || size > end-offset {
		return directory{}, 0, faultTruncated
	}
	if offset+size != end {
		return directory{}, 0, faultAmbiguous
	}
	return directory{int(offset), int(size)}, count, nil //nolint:gosec // both within the file
}

// findEndRecord finds the one end-of-directory record, whose comment must reach just
// to the end of the file.
func findEndRecord(data []byte) (int, *fault) {
	pos := -1
	for i := len(data) - zipEndLen; i >= 0 && i >= len(data)-zipEndLen-zipMaxComment; i-- {
		if data[i] != 'P' || u32(data, i) != zipEndSig {
			continue
		}
		// Further records may be chance, in what is compressed, unless they too reach to
		// the end.
		reaches := i+zipEndLen+int(u16(data, i+20)) == len(data)
		switch {
		case pos < 0 && reaches:
			pos = i
		case pos < 0 || reaches:
			return 0, faultAmbiguous
		}
	}
	if pos < 0 {
		return 0, faultTruncated
	}
	return pos, nil
}

// replaceMarker takes the 64-bit value for one that says with a marker that it did
// not fit. It fails if the two disagree.
func replaceMarker(value *uint64, marker, wide uint64) bool {
	agree := *value == marker || *value == wide
	*value = wide
	return agree
}

// read reads the directory entry at pos and checks it against the local header it
// points to; end bounds the directory, body the parts before it. It gives the place
// of the next entry.
func (e *archiveEntry) read(data []byte, pos, end, body int) (next int, f *fault) {
	if end-pos < zipCentralLen || u32(data, pos) != zipCentralSig {
		return 0, faultDamaged
	}
	nameEnd := pos + zipCentralLen + int(u16(data, pos+28))
	extraEnd := nameEnd + int(u16(data, pos+30))
	next = extraEnd + int(u16(data, pos+32))
	if next > end {
		return 0, faultDamaged
	}
	if u16(data, pos+8)&zipFlagEncrypted != 0 {
		return 0, &fault{lang.T("压缩包设有密码，无法读取。", "the archive is encrypted and cannot be read"),
			lang.T("请去掉密码后重新提交。", "Remove the password and submit the file again.")}
	}
	e.name = string(data[pos+zipCentralLen : nameEnd])
	e.method = u16(data, pos+10)
	e.crc = u32(data, pos+16)
	e.size = uint64(u32(data, pos+24))
	packed := uint64(u32(data, pos+20))
	offset := uint64(u32(data, pos+42))
	if !zip64Sizes(data[nameEnd:extraEnd], &e.size, &packed, &offset) {
		return 0, faultDamaged
	}
	if offset > uint64(body) || uint64(body)-offset < zipLocalLen { //nolint:gosec // not negative
		return 0, faultDamaged
	}
	e.offset = int(offset) //nolint:gosec // within the file
	if u32(data, e.offset) != zipLocalSig {
		return 0, faultDamaged
	}
	localName := e.offset + zipLocalLen
	localEnd := localName + int(u16(data, e.offset+26))
	start := localEnd + int(u16(data, e.offset+28))
	if start > body || packed > uint64(body-start) { //nolint:gosec // not negative
		return 0, faultDamaged
	}
	// A reader that trusts the local name would see another part here.
	if string(data[localName:localEnd]) != e.name {
		return 0, faultDamaged
	}
	e.packed = data[start : start+int(packed)] //nolint:gosec // within the file
	return next, nil
}

// zip64Sizes replaces the sizes that did not fit into 32 bits by those of the extra
// field. It reports whether all were found.
func zip64Sizes(extra []byte, fields ...*uint64) bool {
	wanted := slices.ContainsFunc(fields, func(f *uint64) bool { return *f == zip64Marker32 })
	for wanted && len(extra) >= 4 {
		id, n := u16(extra, 0), int(u16(extra, 2))
		if n > len(extra)-4 {
			return false
		}
		if id == zip64ExtraID {
			body := extra[4 : 4+n]
			for _, f := range fields {
				if *f != zip64Marker32 {
					continue
				}
				if len(body) < 8 {
					return false
				}
				*f, body = u64(body, 0), body[8:]
			}
			return true
		}
		extra = extra[4+n:]
	}
	return !wanted
}

// checkEntryName refuses names that could mean another place than they say.
func checkEntryName(name string) *fault {
	bad := name == "" || name[0] == '/' || strings.ContainsAny(name, "\\\x00") ||
		len(name) > 1 && name[1] == ':' || leadsUp(name)
	if bad {
		return &fault{lang.F("文件不可信：压缩包中的部件名 %s 不合规范。",
			"the file cannot be trusted: its zip archive holds a part with the improper name %s", quote(name)), helpSuspicious}
	}
	return nil
}

// leadsUp reports whether .. is one of the folders in the name.
func leadsUp(name string) bool {
	for folder := range strings.SplitSeq(name, "/") {
		if folder == ".." {
			return true
		}
	}
	return false
}

// checkOverlap refuses archives whose parts share bytes: that is how a small file
// is made to hold many copies of one bomb.
func checkOverlap(entries []archiveEntry) *fault {
	inOrder := func(a, b archiveEntry) int { return a.offset - b.offset }
	if !slices.IsSortedFunc(entries, inOrder) {
		entries = slices.SortedFunc(slices.Values(entries), inOrder)
	}
	for i := 1; i < len(entries); i++ {
		prev, e := &entries[i-1], &entries[i]
		if e.offset-prev.offset < zipLocalLen+len(prev.name)+len(prev.packed) {
			return &fault{lang.F("文件不可信：压缩包中的部件 %s 与 %s 互相重叠。",
				"the file cannot be trusted: the parts %s and %s of its zip archive overlap",
				quote(prev.name), quote(e.name)), helpSuspicious}
		}
	}
	return nil
}

// has reports whether the archive holds the part.
func (a *archive) has(name string) bool { return a.entries[strings.ToLower(name)] != nil }

// read inflates one part. A part that is missing gives a fault of its own. What the
// directory declares is judged before anything is inflated, and no part may hold more
// than it declares, so that nothing is paid for a bomb.
func (a *archive) read(ctx context.Context, name string) (string, *fault) {
	e := a.entries[strings.ToLower(name)]
	if e == nil {
		return "", &fault{lang.F("文件已损坏：缺少部件 %s。", "the file is damaged: its part %s is missing", quote(name)), helpRefetch}
	}
	if f := a.admit(e); f != nil {
		return "", f
	}
	switch e.method {
	case zipMethodStore:
		return e.check(string(e.packed), crc32.ChecksumIEEE(e.packed))
	case zipMethodDeflate:
		return a.inflate(ctx, e)
	}
	return "", &fault{lang.F("部件 %s 使用了不支持的压缩方法（%d）。",
		"the part %s uses an unsupported compression method (%d)", quote(name), e.method), helpResave}
}

// check gives the bytes of a part if they are what the directory says.
func (e *archiveEntry) check(content string, crc uint32) (string, *fault) {
	if crc != e.crc || uint64(len(content)) != e.size {
		return "", damagedPart(e.name)
	}
	return content, nil
}

// admit charges a part to the limits by its declared size, or refuses it.
func (a *archive) admit(e *archiveEntry) *fault {
	if e.size > uint64(a.limits.PartSize) { //nolint:gosec // limits are positive
		return &fault{lang.F("部件 %[1]s 解压后超过 %[2]d 字节，没有读取。",
			"the part %[1]s inflates to more than %[2]d bytes and was not read", quote(e.name), a.limits.PartSize), helpLimit}
	}
	size := int64(e.size) //nolint:gosec // compared above
	if a.isBomb(size, len(e.packed)) {
		return a.bomb(e)
	}
	a.inflated += size
	if a.inflated > a.limits.UnzippedSize {
		return &fault{lang.F("文件解压后总计超过 %d 字节，其余没有读取。",
			"the file inflates to more than %d bytes in all and was not read further", a.limits.UnzippedSize), helpLimit}
	}
	return nil
}

// isBomb reports whether so many bytes from so many compressed ones are what only a
// zip bomb has.
func (a *archive) isBomb(size int64, packed int) bool {
	return size > ratioFloor && size > a.limits.Ratio*int64(packed)
}

func (a *archive) bomb(e *archiveEntry) *fault {
	return &fault{lang.F("部件 %[1]s 的压缩比超过 %[2]d，疑似压缩炸弹，没有读取。",
		"the part %[1]s is compressed more than %[2]d times, as a zip bomb is, and was not read", quote(e.name), a.limits.Ratio), helpSuspicious}
}

// inflate reads a compressed part that was admitted.
func (a *archive) inflate(ctx context.Context, e *archiveEntry) (string, *fault) {
	z, _ := inflaters.Get().(*inflater)
	defer inflaters.Put(z)
	z.reset(e.packed)
	defer z.reset(nil) // do not keep the file alive in the pool
	var out strings.Builder
	// The declared size is a hint only, bounded by the bytes that are there: a lie
	// costs at most a few times the file's own size.
	const usualRatio, small = 8, 64 << 10
	out.Grow(int(min(e.size, uint64(max(usualRatio*len(e.packed), small))))) //nolint:gosec // not negative
	var crc uint32
	for {
		if ctx.Err() != nil {
			return "", faultCancelled
		}
		chunk, err := z.next()
		n := out.Len() + len(chunk)
		if a.isBomb(int64(n), z.consumed()) {
			return "", a.bomb(e)
		}
		last := errors.Is(err, io.EOF)
		if err != nil && !last || uint64(n) > e.size { //nolint:gosec // not negative
			return "", damagedPart(e.name)
		}
		crc = crc32.Update(crc, crc32.IEEETable, chunk)
		out.Grow(len(chunk)) // doubles, where Write would grow a large part by a quarter
		out.Write(chunk)
		if last {
			return e.check(out.String(), crc)
		}
	}
}

func damagedPart(name string) *fault {
	return &fault{lang.F("文件已损坏：部件 %s 无法解压或校验和不符。",
		"the file is damaged: its part %s does not decompress or has a wrong checksum", quote(name)), helpRefetch}
}

// sniff tells what a file is that is no zip archive; nil for one that may be.
func sniff(data []byte, limits Limits) *fault {
	if len(data) == 0 {
		return &fault{lang.T("文件是空的（0 字节）。", "the file is empty (0 bytes)"), helpRefetch}
	}
	if int64(len(data)) > limits.FileSize {
		return &fault{lang.F("文件超过 %d 字节，没有读取。",
			"the file has more than %d bytes and was not read", limits.FileSize), helpLimit}
	}
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("PK\x05\x06")) {
		return nil
	}
	if bytes.HasPrefix(data, []byte("\xD0\xCF\x11\xE0")) {
		// An encrypted workbook is an OLE container with a stream of this name.
		if bytes.Contains(data, utf16LE("EncryptedPackage")) {
			return &fault{lang.T("文件设有打开密码，无法读取。", "the file is password-protected and cannot be read"),
				lang.T("请在 Excel 或 WPS 中取消打开密码，另存为 .xlsx 后重新提交。",
					"Remove the password in Excel or WPS, save as .xlsx and submit the file again.")}
		}
		return &fault{lang.T("文件不是真正的 .xlsx，而是改了扩展名的旧版 Office 文件（如 .xls、.doc）。",
			"the file is no .xlsx but an old Office file (.xls, .doc) with its name changed"),
			lang.T("请在 Excel 或 WPS 中打开，用“另存为”保存为不带密码的 .xlsx 工作簿。",
				"Open it in Excel or WPS and use Save As to store it as .xlsx without a password.")}
	}
	return &fault{lang.F("文件不是 .xlsx 工作簿，看起来是%[1]s。", "the file is no .xlsx workbook; it looks like %[1]s", looksLike(data)), helpResave}
}

// magics are the beginnings of files that get renamed or saved under a wrong name.
var magics = []struct {
	prefix string
	what   lang.Text
}{
	{"%pdf", lang.T(" PDF 文件", "a PDF file")},
	{"{\\rtf", lang.T(" RTF 文档", "an RTF document")},
	{"rar!", lang.T(" RAR 压缩包", "a RAR archive")},
	{"7z\xbc\xaf", lang.T(" 7z 压缩包", "a 7z archive")},
	{"\x1f\x8b", lang.T(" gzip 压缩文件", "a gzip file")},
	{"\x89png", lang.T(" PNG 图片", "a PNG picture")},
	{"\xff\xd8\xff", lang.T(" JPEG 图片", "a JPEG picture")},
	{"<!doctype html", lang.T("网页（HTML）", "a web page (HTML)")},
	{"<html", lang.T("网页（HTML）", "a web page (HTML)")},
	{"<table", lang.T("网页（HTML）", "a web page (HTML)")},
	{"<?xml", lang.T(" XML 文件", "an XML file")},
	{"<", lang.T("网页或 XML 文件", "a web page or an XML file")},
	{"{", lang.T(" JSON 文件", "a JSON file")},
}

func looksLike(data []byte) lang.Text {
	head := data[:min(len(data), 512)]
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n")
	lower := asciiLower(trimmed)
	for _, m := range magics {
		if bytes.HasPrefix(lower, []byte(m.prefix)) {
			return m.what
		}
	}
	control := func(b byte) bool { return b < ' ' && b != '\t' && b != '\r' && b != '\n' }
	if !slices.ContainsFunc(head, control) {
		return lang.T("文本文件", "a text file")
	}
	return lang.T("其他格式的文件", "some other kind of file")
}

// asciiLower lowers ASCII letters only: the bytes need not be text.
func asciiLower(b []byte) []byte {
	out := bytes.Clone(b)
	for i, c := range out {
		if 'A' <= c && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return out
}

func utf16LE(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// quote shortens a name taken from the file for use in a message.
func quote(name string) string {
	const most = 80
	name = strings.ToValidUTF8(name, "\uFFFD")
	if len(name) <= most {
		return name
	}
	cut := most
	for !utf8.RuneStart(name[cut]) {
		cut--
	}
	return name[:cut] + "…"
}

func u16(b []byte, i int) uint16 { return binary.LittleEndian.Uint16(b[i:]) }
func u32(b []byte, i int) uint32 { return binary.LittleEndian.Uint32(b[i:]) }
func u64(b []byte, i int) uint64 { return binary.LittleEndian.Uint64(b[i:]) }
