//go:build unix

package main

import (
	"io/fs"
	"os"
	"syscall"
)

// links gives the number of names that a file has.
func links(info fs.FileInfo) uint64 {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(s.Nlink) //nolint:unconvert // its width differs between systems
	}
	return 1
}

// own gives a file to the owner and the group of another, where that is allowed, and
// reports whether it has them: only the superuser may need to change them.
func own(f *os.File, like fs.FileInfo) bool {
	s, ok := like.Sys().(*syscall.Stat_t)
	return ok && f.Chown(int(s.Uid), int(s.Gid)) == nil
}
