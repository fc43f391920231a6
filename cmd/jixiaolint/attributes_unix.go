//go:build linux || darwin

package main

import (
	"bytes"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// copyAttributes gives a file the extended attributes of another one, among them, on Linux,
// its access control list. What the system does not allow to be copied is left out, as are
// the attributes that belong to the system: a file is better replaced without them than not
// at all.
func copyAttributes(to, from *os.File) {
	const most = 64 << 10 // what Linux allows for a list, and for a value
	names, value := make([]byte, most), make([]byte, most)
	source, target := int(from.Fd()), int(to.Fd())
	n, err := unix.Flistxattr(source, names)
	if err != nil {
		return
	}
	for name := range bytes.SplitSeq(names[:n], []byte{0}) {
		name := string(name)
		if name == "" || strings.HasPrefix(name, "security.") || strings.HasPrefix(name, "trusted.") {
			continue
		}
		if n, err := unix.Fgetxattr(source, name, value); err == nil {
			_ = unix.Fsetxattr(target, name, value[:n], 0)
		}
	}
}
