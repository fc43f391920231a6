package main

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

// unfinishedFiles are the temporary files of a command, which are removed when it is ended
// in the middle of its work. Nil remembers none.
type unfinishedFiles struct {
	mu    sync.Mutex
	names map[string]bool
}

// create makes a file and remembers it.
func (u *unfinishedFiles) create(name string, open func() (*os.File, error)) (*os.File, error) {
	if u == nil {
		return open()
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	f, err := open()
	if err == nil {
		u.names[name] = true
	}
	return f, err
}

// forget is told that a file is no longer temporary, or gone.
func (u *unfinishedFiles) forget(name string) {
	if u == nil {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.names, name)
}

// abandon removes the files, for good: no more can be made.
func (u *unfinishedFiles) abandon() {
	u.mu.Lock()
	for name := range u.names {
		_ = os.Remove(name)
	}
}

// atomicFile is a file that appears complete or not at all: it is written under a
// temporary name beside its target, synced, and renamed.
type atomicFile struct {
	*os.File
	target string
	direct bool
	// exclusive is set where nothing may be replaced.
	exclusive bool
	// unfinished knows the file until it is in its place.
	unfinished *unfinishedFiles
}

// createAtomic starts a file. A target that is no regular file, such as /dev/null,
// is written directly: renaming onto it would replace the device.
func createAtomic(target string, unfinished *unfinishedFiles) (*atomicFile, error) {
	mode := fs.FileMode(0o666)
	if resolved, err := filepath.EvalSymlinks(target); err == nil {
		target = resolved
	}
	info, err := os.Stat(target)
	switch {
	case err == nil && info.IsDir():
		return nil, &fs.PathError{Op: "create", Path: target, Err: syscall.EISDIR}
	case err == nil && !info.Mode().IsRegular():
		f, err := os.OpenFile(target, os.O_WRONLY, 0)
		if err != nil {
			return nil, err
		}
		return &atomicFile{File: f, target: target, direct: true}, nil
	case err == nil:
		mode = info.Mode().Perm()
	}
	name := filepath.Join(filepath.Dir(target), "."+filepath.Base(target)+"."+rand.Text()[:8]+".tmp")
	f, err := unfinished.create(name, func() (*os.File, error) {
		return os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	})
	if err != nil {
		// Name the file the user asked for, not the temporary one.
		var pathError *fs.PathError
		if errors.As(err, &pathError) {
			err = &fs.PathError{Op: pathError.Op, Path: target, Err: pathError.Err}
		}
		return nil, err
	}
	if info != nil {
		if err := f.Chmod(mode); err != nil {
			unfinished.forget(name)
			return nil, errors.Join(err, f.Close(), os.Remove(name))
		}
	}
	return &atomicFile{File: f, target: target, unfinished: unfinished}, nil
}

// commit puts the file in its place.
func (f *atomicFile) commit() error {
	if f.direct {
		return f.Close()
	}
	defer f.unfinished.forget(f.Name())
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	place := os.Rename
	if f.exclusive {
		place = renameNew
	}
	if err := place(f.Name(), f.target); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// renameNew renames a file unless the new name is taken, by whatever and however late. A
// second link is what no system puts in the place of something. File systems without links
// have the name reserved by an empty file instead, which the rename then replaces.
func renameNew(from, to string) error {
	err := os.Link(from, to)
	switch {
	case err == nil:
		return os.Remove(from)
	case errors.Is(err, fs.ErrExist):
		return err
	}
	reserved, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(reserved.Close(), os.Rename(from, to)); err != nil {
		return errors.Join(err, os.Remove(to))
	}
	return nil
}

// discard removes what was written.
func (f *atomicFile) discard() {
	_ = f.Close()
	if !f.direct {
		_ = os.Remove(f.Name())
		f.unfinished.forget(f.Name())
	}
}
