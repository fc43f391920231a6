//go:build linux || darwin

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A replaced file keeps its extended attributes and the bit that hands its group on, and so
// does the backup, which has the time of the original.
func TestReplaceKeepsAttributes(t *testing.T) {
	const mode = 0o640 | fs.ModeSetgid
	saved := time.Date(2023, 3, 10, 9, 0, 0, 0, time.UTC)
	dir, why := replaceIn(t, func(dir string) {
		path := filepath.Join(dir, "form.txt")
		if err := unix.Setxattr(path, "user.source", []byte("填报系统"), 0); err != nil {
			t.Skip("no extended attributes here:", err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, saved, saved); err != nil {
			t.Fatal(err)
		}
	})
	if why != "" {
		t.Fatal(why)
	}
	for _, name := range []string{"form.txt", "form.txt.bak"} {
		path := filepath.Join(dir, name)
		value := make([]byte, 100)
		n, err := unix.Getxattr(path, "user.source", value)
		if err != nil || string(value[:n]) != "填报系统" {
			t.Errorf("%s has the attribute %q, %v", name, value[:max(n, 0)], err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != mode {
			t.Errorf("%s has the mode %v", name, info.Mode())
		}
		if name == "form.txt.bak" && !info.ModTime().Equal(saved) {
			t.Errorf("%s is of %v", name, info.ModTime())
		}
	}
}
