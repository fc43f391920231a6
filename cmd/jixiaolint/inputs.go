package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"jixiaolint/cmd/jixiaolint/report"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/intake"
	"jixiaolint/schema/lang"
)

// stdinPath stands for standard input among paths; stdinName is its name in reports
// unless --stdin-filename gives one.
const (
	stdinPath = "-"
	stdinName = "<stdin>"
)

// item is one thing to check, or what there is to say about a path that leads to
// none.
type item struct {
	// name is how reports name the file, with forward slashes.
	name string
	// path is where to open it. If folder is set, path is relative to it and must
	// not lead out of it.
	folder, path string
	stdin        bool
	// failure says why a path cannot be checked; notice what was passed over. Either
	// way there is no file.
	failure, notice lang.Text
	// overwrites is set, with the failure, when a report would replace the file: the
	// run must end before anything is written.
	overwrites bool
}

// finder turns the paths of the command line into items, in the order given, folders
// in lexical order, each file once.
type finder struct {
	stdinName string
	commands  []string
	// outputs are the files this run writes: a report is not its own input.
	outputs map[string]bool
	// aside are files of the run that a folder may hold and that are no forms.
	aside map[string]bool
	// folders are the folders, without links, that this run writes files into.
	folders []string
	seen    map[string]bool
	endings []string
}

func newFinder(stdin string, commands []string, outputs map[string]bool, folders ...string) *finder {
	return &finder{
		stdinName: stdin, commands: commands, outputs: outputs, folders: folders,
		seen: map[string]bool{}, endings: intake.Extensions(),
	}
}

// items yields what the paths lead to. It looks at the file system only as it goes,
// so a large folder is checked while it is being walked.
func (f *finder) items(paths iter.Seq2[string, error]) iter.Seq[item] {
	return func(yield func(item) bool) {
		for path, err := range paths {
			if err != nil {
				yield(item{failure: lang.F("读取路径清单失败：%s", "cannot read the list of paths: %s", cause(err))})
				return
			}
			if !f.path(path, yield) {
				return
			}
		}
	}
}

func (f *finder) path(path string, yield func(item) bool) bool {
	if path == stdinPath {
		if f.once(stdinPath) {
			return yield(item{name: f.stdinName, stdin: true})
		}
		return true
	}
	name := display(path)
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return yield(item{failure: f.openFailure(path, err)})
	case f.isOutput(path):
		return yield(item{overwrites: true, failure: lang.F("%s 在批注副本的文件夹中，既是输入又是输出，请另选文件夹", "%s is in the folder for annotated copies, so that it is both input and output: choose another folder", name)})
	case info.IsDir():
		return f.folder(path, yield)
	case !info.Mode().IsRegular():
		return yield(item{failure: irregular(name)})
	case f.outputs[key(path)]:
		return yield(item{overwrites: true, failure: lang.F("%s 既是输入又是输出，请另选报告文件名", "%s is both input and output: choose another file for the report", name)})
	case !f.once(key(path)):
		return true
	}
	return yield(item{name: name, path: path})
}

// isOutput reports whether a path is a folder that this run writes files into, or in
// such a folder.
func (f *finder) isOutput(path string) bool {
	if len(f.folders) == 0 {
		return false
	}
	full := key(path)
	return slices.ContainsFunc(f.folders, func(folder string) bool {
		return full == folder || strings.HasPrefix(full, strings.TrimSuffix(folder, string(filepath.Separator))+string(filepath.Separator))
	})
}

// once reports whether a key is new.
func (f *finder) once(key string) bool {
	if f.seen[key] {
		return false
	}
	f.seen[key] = true
	return true
}

// folder yields the files of a folder and of those below it.
func (f *finder) folder(root string, yield func(item) bool) bool {
	w := &walk{finder: f, root: root, yield: yield, unchecked: map[string]int{}}
	if !w.dir(".") {
		return false
	}
	if w.found == 0 {
		types := strings.Join(f.endings, " ")
		text := lang.F("文件夹 %[1]s 中没有可检查的文件（%[2]s）", "nothing to check in folder %[1]s (%[2]s)", display(root), types)
		if w.others > 0 {
			text = lang.F("文件夹 %[1]s 中没有可检查的文件（%[2]s），跳过了其他类型的文件 %[3]d 个",
				"nothing to check in folder %[1]s (%[2]s); %[3]d files of other types were skipped", display(root), types, w.others)
		}
		return yield(item{failure: text})
	}
	if len(w.unchecked) > 0 {
		return yield(item{notice: w.uncheckedFiles()})
	}
	return true
}

// mayHoldForms are the endings of files that are not searched for but in which forms
// are filed at times.
var mayHoldForms = []string{
	".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".ofd", ".mht", ".mhtml", ".shtml",
	".xhtml", ".xlsb", ".xltx", ".xltm", ".xlt", ".ett", ".docm", ".dotx", ".dot", ".wpt", ".ppt", ".pptx", ".dps", ".rar", ".7z",
}

// uncheckedFiles counts the files of other types in which forms could be filed.
func (w *walk) uncheckedFiles() lang.Text {
	total := 0
	var zh, en []string
	for _, ext := range slices.Sorted(maps.Keys(w.unchecked)) {
		n := w.unchecked[ext]
		total += n
		zh, en = append(zh, fmt.Sprintf("%s %d 个", ext, n)), append(en, fmt.Sprintf("%s: %d", ext, n))
	}
	return lang.F("文件夹 %[1]s 中另有 %[2]d 个其他类型的文件没有检查（%[3]s）", "folder %[1]s: files of other types that were not checked: %[2]d (%[3]s)",
		display(w.root), total, lang.T(strings.Join(zh, "、"), strings.Join(en, ", ")))
}

// walk goes through one folder named on the command line.
type walk struct {
	*finder
	root  string
	yield func(item) bool
	// found counts the files and failures yielded or already seen, others the files
	// of other types.
	found, others int
	// unchecked counts those of the others in which forms could be filed, by ending.
	unchecked map[string]int
}

func (w *walk) emit(i item) bool {
	if i.notice.IsZero() {
		w.found++
	}
	return w.yield(i)
}

// dir walks the folder at a path relative to the root.
func (w *walk) dir(rel string) bool {
	entries, err := os.ReadDir(filepath.Join(w.root, rel))
	if err != nil {
		// What could be read before the error is still looked at.
		if !w.emit(item{failure: w.openFailure(filepath.Join(w.root, rel), err)}) {
			return false
		}
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || strings.HasPrefix(e.Name(), "~$") {
			continue
		}
		path := filepath.Join(rel, e.Name())
		visit := w.file
		if e.IsDir() {
			if w.isOutput(filepath.Join(w.root, path)) {
				continue
			}
			visit = func(path string, _ fs.DirEntry) bool { return w.dir(path) }
		}
		if !visit(path, e) {
			return false
		}
	}
	return true
}

func (w *walk) file(rel string, e fs.DirEntry) bool {
	ext := strings.ToLower(filepath.Ext(rel))
	if !slices.Contains(w.endings, ext) {
		w.others++
		if slices.Contains(mayHoldForms, ext) {
			w.unchecked[ext]++
		}
		return true
	}
	full := filepath.Join(w.root, rel)
	name, open := display(full), rel
	if e.Type()&fs.ModeSymlink != 0 {
		target, ok, err := w.inside(full)
		switch {
		case err != nil:
			return w.emit(item{failure: w.openFailure(full, err)})
		case !ok:
			return w.emit(item{notice: lang.F("跳过 %s：链接指向文件夹之外", "skipped %s: the link leads out of the folder", name)})
		}
		info, err := os.Stat(full)
		switch {
		case err != nil:
			return w.emit(item{failure: w.openFailure(full, err)})
		case info.IsDir():
			return true
		case !info.Mode().IsRegular():
			return w.emit(item{failure: irregular(name)})
		}
		open, full = target, filepath.Join(w.root, target)
	} else if !e.Type().IsRegular() {
		return w.emit(item{failure: irregular(name)})
	}
	k := key(full)
	if w.outputs[k] && !replaceable(full) {
		return w.emit(item{overwrites: true, failure: lang.F("%s 在要检查的文件夹中，又不是以前的报告：既是输入又是输出，请另选报告文件名",
			"%s is in a folder to be checked and is no earlier report, so that it is both input and output: choose another file for the report", name)})
	}
	if w.outputs[k] || w.aside[k] {
		return true
	}
	if !w.once(k) {
		w.found++
		return true
	}
	return w.emit(item{name: name, folder: w.root, path: open})
}

// replaceable reports whether a report may take the place of a file that is found among
// the forms: an earlier report may, or what surely is no form.
func replaceable(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	limits := grid.DefaultLimits()
	data, err := readAll(f, 64<<10, report.HeadSize-1)
	if err != nil || len(data) == 0 || report.IsReport(data) {
		return err == nil
	}
	rest, err := readAll(f, 64<<10, limits.FileSize)
	if err != nil || int64(len(data)+len(rest)) > limits.FileSize {
		return false
	}
	known := false
	for doc := range intake.Documents(context.Background(), path, append(data, rest...), intake.Options{Limits: limits}) {
		if !doc.Unrelated {
			return false
		}
		known = true
	}
	return known
}

// inside resolves a link and tells whether it stays in the folder; target is then
// relative to the folder.
func (w *walk) inside(link string) (target string, ok bool, err error) {
	root, err := filepath.EvalSymlinks(w.root)
	if err != nil {
		return "", false, err
	}
	resolved, err := filepath.EvalSymlinks(link)
	if err != nil {
		return "", false, err
	}
	target, err = filepath.Rel(root, resolved)
	if err != nil || !filepath.IsLocal(target) {
		return "", false, nil //nolint:nilerr // no relative path means outside
	}
	return target, true, nil
}

// key identifies a file on the command line, however its path is written and whatever
// links it leads through: what is written must never be an input by another name.
func key(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if resolved, err := filepath.EvalSymlinks(abs); err == nil {
		return resolved
	}
	// A file that is yet to be written: its folder is there.
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		return filepath.Join(dir, filepath.Base(abs))
	}
	return abs
}

// below gives the name of a file, or of a member of it, below the folder in which it
// was found.
func (i *item) below(file string) string {
	folder := filepath.ToSlash(filepath.Dir(i.name))
	if i.folder != "" {
		folder = display(i.folder)
	}
	return strings.TrimPrefix(strings.TrimPrefix(file, folder), "/")
}

// display is a path as reports show it.
func display(path string) string { return filepath.ToSlash(filepath.Clean(path)) }

func irregular(name string) lang.Text {
	return lang.F("%s 不是普通文件：不检查设备、管道等；要检查管道的内容，请用 '-' 从标准输入读取",
		"%s is not a regular file: devices, pipes and the like are not checked; to check what a pipe delivers, read standard input with '-'", name)
}

// openFailure words an error of the file system for the person who named the path.
func (f *finder) openFailure(path string, err error) lang.Text {
	name := display(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if info, lerr := os.Lstat(path); lerr == nil && info.Mode()&fs.ModeSymlink != 0 {
			return lang.F("%s 是失效的链接：它指向的文件不存在", "%s is a dangling link: the file it points to does not exist", name)
		}
		if c := lang.Nearest(path, f.commands); c != "" && !strings.ContainsAny(path, `./\`) {
			return lang.F("找不到 %[1]s：没有这个文件或文件夹；如果想用命令，是否指 %[2]s？",
				"cannot find %[1]s: no such file or folder; if you meant a command, did you mean %[2]s?", name, c)
		}
		return lang.F("找不到 %s：没有这个文件或文件夹，请检查路径", "cannot find %s: no such file or folder; check the path", name)
	case errors.Is(err, fs.ErrPermission):
		return lang.F("无法读取 %s：没有权限，请检查文件或文件夹的权限", "cannot read %s: permission denied; check the permissions of the file or folder", name)
	}
	return lang.F("无法读取 %[1]s：%[2]s", "cannot read %[1]s: %[2]s", name, cause(err))
}

// open opens the file of an item. Links that lead out of a walked folder are refused
// here too, whatever was true when the folder was read.
func (i *item) open() (*os.File, error) {
	if i.folder != "" {
		return os.OpenInRoot(i.folder, i.path)
	}
	return os.Open(i.path)
}

// bytes reads what an item holds, from standard input or its file. Of more than the
// limit it gives one byte more, by which the reader knows.
func (i *item) bytes(stdin io.Reader, limit int64) ([]byte, error) {
	if i.stdin {
		return readAll(stdin, 64<<10, limit)
	}
	return i.load(limit)
}

// errDashInList reports a list from standard input that names standard input.
var errDashInList = errors.New("'-' in a list from standard input")

// errIrregular reports a file that became something else after it was found.
var errIrregular = errors.New("not a regular file")

// load reads a file up to a limit. Of a larger file it gives one byte more than the
// limit.
func (i *item) load(limit int64) (data []byte, err error) {
	f, err := i.open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errIrregular
	}
	return readAll(f, min(info.Size(), limit)+1, limit)
}

// readAll reads up to limit+1 bytes, expecting size.
func readAll(r io.Reader, size, limit int64) ([]byte, error) {
	buf := make([]byte, 0, size)
	r = io.LimitReader(r, limit+1)
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// pathList reads paths, one a line.
func pathList(r io.Reader) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		const longest = 1 << 20
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, longest)
		for first := true; lines.Scan(); first = false {
			line := strings.TrimSuffix(lines.Text(), "\r")
			if first {
				line = strings.TrimPrefix(line, "\ufeff")
			}
			if strings.TrimSpace(line) != "" && !yield(line, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield("", err)
		}
	}
}
