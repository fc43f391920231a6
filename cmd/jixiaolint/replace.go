package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"jixiaolint/schema/lang"
)

// replacement replaces a file in a folder. Nothing leads out of the folder, whatever
// happens to the links in it meanwhile.
type replacement struct {
	root *os.Root
	name string // relative to the folder
	// unfinished knows the files that are being written.
	unfinished *unfinishedFiles
}

func openReplacement(folder, name string, unfinished *unfinishedFiles) (*replacement, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	return &replacement{root, name, unfinished}, nil
}

func (r *replacement) close() { _ = r.root.Close() }

// beside names a file in the folder of the file.
func (r *replacement) beside(name string) string { return filepath.Join(filepath.Dir(r.name), name) }

// target gives the folder and the name in it under which the file of an item is
// replaced: a link is not replaced, but the file that it leads to.
func (i *item) target() (folder, name string, err error) {
	if i.folder != "" {
		return i.folder, i.path, nil
	}
	resolved, err := filepath.EvalSymlinks(i.path)
	if err != nil {
		return "", "", err
	}
	return filepath.Dir(resolved), filepath.Base(resolved), nil
}

// replace puts new contents in the place of the old ones, and keeps those under another
// name, which it gives. why says, if anything, why nothing was changed.
func (r *replacement) replace(before, after []byte, keep bool) (backup string, why lang.Text) {
	info, err := r.root.Lstat(r.name)
	if err != nil {
		return "", cannotWrite(err)
	}
	if why = r.writable(info); !why.IsZero() {
		return "", why
	}
	temporary := r.temporary()
	if err := r.create(temporary, after, info); err != nil {
		return "", cannotWrite(err)
	}
	defer func() {
		_ = r.root.Remove(temporary) // there is none after the renaming
		r.unfinished.forget(r.full(temporary))
	}()
	if keep {
		if backup, err = r.keep(before, info); err != nil {
			return "", lang.F("原文件不能另存为 .bak，没有改正：%[1]s", "what was there cannot be kept as .bak, so nothing was mended: %[1]s", cause(err))
		}
	}
	// Whoever saved the file meanwhile must not lose what they wrote.
	if now, err := r.root.ReadFile(r.name); err != nil || !bytes.Equal(now, before) {
		r.forget(backup)
		return "", lang.T("文件在检查后被改动，没有覆盖；请重新运行", "the file was changed since it was read, and was not overwritten; run again")
	}
	if err := r.root.Rename(temporary, r.name); err != nil {
		r.forget(backup)
		return "", cannotWrite(err)
	}
	return backup, lang.Text{}
}

// writable says why the file must not be replaced; zero if it may.
func (r *replacement) writable(info fs.FileInfo) lang.Text {
	switch {
	case !info.Mode().IsRegular():
		return lang.T("不是普通文件，不能写入", "this is no regular file and cannot be written")
	case info.Mode().Perm()&0o222 == 0:
		return lang.T("文件是只读的，不能写入；请先取消只读", "the file is read-only and cannot be written; make it writable first")
	case links(info) > 1:
		return lang.T("文件另有名称（硬链接），改写会使两者不同，不能写入；请改用单独的副本",
			"the file has another name (a hard link), which would be left behind; mend a copy of its own")
	}
	if lock, ok := r.lock(); ok {
		return lang.F("文件正在 Office 或 WPS 中打开（%[1]s），不能写入；请关闭后重试，如没有打开，请删除这个锁定文件",
			"the file is open in an office program (%[1]s) and cannot be written; close it and run again, or delete the lock file if it is not open", lock)
	}
	f, err := r.root.OpenFile(r.name, os.O_RDWR, 0)
	if err != nil {
		return cannotWrite(err)
	}
	_ = f.Close()
	return lang.Text{}
}

// lock gives the lock file that an office program keeps beside a file it has open. Word
// leaves out the first characters of a long name.
func (r *replacement) lock() (name string, ok bool) {
	base := filepath.Base(r.name)
	names := []string{"~$" + base, ".~" + base, ".~lock." + base + "#"}
	stem := []rune(base)
	for _, n := range []int{1, 2} {
		if len(stem) > n && len(stem)-len([]rune(filepath.Ext(base))) > 6 {
			names = append(names, "~$"+string(stem[n:]))
		}
	}
	i := slices.IndexFunc(names, func(n string) bool {
		_, err := r.root.Lstat(r.beside(n))
		return err == nil
	})
	if i < 0 {
		return "", false
	}
	return names[i], true
}

// mostBackups bounds the numbers of backups.
const mostBackups = 1000

// keep writes the old contents to NAME.bak, or, where another original stands, to
// NAME.2.bak and so on: an older one is never lost, and none is ever there in part. It
// gives the name, relative to the folder.
func (r *replacement) keep(before []byte, info fs.FileInfo) (name string, err error) {
	temporary := r.temporary()
	if err := r.create(temporary, before, info); err != nil {
		return "", err
	}
	dated := func(name string) { _ = r.root.Chtimes(name, time.Time{}, info.ModTime()) }
	dated(temporary)
	defer func() {
		_ = r.root.Remove(temporary)
		r.unfinished.forget(r.full(temporary))
	}()
	for n := 1; n <= mostBackups; n++ {
		name = r.name + ".bak"
		if n > 1 {
			name = fmt.Sprintf("%s.%d.bak", r.name, n)
		}
		if err = r.root.Link(temporary, name); err != nil && !errors.Is(err, fs.ErrExist) {
			// A file system without links.
			if err = r.create(name, before, info); err == nil {
				dated(name)
				r.unfinished.forget(r.full(name))
			}
		}
		if !errors.Is(err, fs.ErrExist) {
			return name, err
		}
	}
	return "", err
}

// temporary names a file beside the file that is not there yet.
func (r *replacement) temporary() string {
	return r.beside("." + filepath.Base(r.name) + "." + rand.Text()[:8] + ".tmp")
}

// forget removes a backup that was not needed.
func (r *replacement) forget(backup string) {
	if backup != "" {
		_ = r.root.Remove(backup)
	}
}

// full gives the path of a file in the folder.
func (r *replacement) full(name string) string { return filepath.Join(r.root.Name(), name) }

// create writes a file that is not there yet, with the mode and, where that is possible,
// the owner and the extended attributes of the file that is replaced. Until it is forgotten
// it counts as unfinished.
func (r *replacement) create(name string, data []byte, like fs.FileInfo) (err error) {
	f, err := r.unfinished.create(r.full(name), func() (*os.File, error) {
		return r.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, like.Mode().Perm())
	})
	if err != nil {
		return err
	}
	mode := like.Mode().Perm()
	if own(f, like) {
		mode |= like.Mode() & fs.ModeSetgid
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(mode))
	if original, failed := r.root.Open(r.name); failed == nil {
		copyAttributes(f, original)
		_ = original.Close()
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		err = errors.Join(err, r.root.Remove(name))
		r.unfinished.forget(r.full(name))
	}
	return err
}
