package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// replaceIn puts a file into a folder and replaces it.
func replaceIn(t *testing.T, prepare func(dir string)) (dir, why string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "form.txt"), []byte("before"), 0o640); err != nil {
		t.Fatal(err)
	}
	prepare(dir)
	unfinished := &unfinishedFiles{names: map[string]bool{}}
	r, err := openReplacement(dir, "form.txt", unfinished)
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	_, reason := r.replace([]byte("before"), []byte("after"), true)
	if len(unfinished.names) > 0 {
		t.Errorf("still known as unfinished: %v", unfinished.names)
	}
	return dir, reason.EN
}

// contents gives the files of a folder with what they hold.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = string(data)
	}
	return out
}

// A file is replaced whole, keeps its mode, and leaves nothing behind but its backup.
func TestReplace(t *testing.T) {
	dir, why := replaceIn(t, func(string) {})
	files := contents(t, dir)
	if why != "" || len(files) != 2 || files["form.txt"] != "after" || files["form.txt.bak"] != "before" {
		t.Errorf("%q, %v", why, files)
	}
	for name := range files {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != 0o640 && filepath.Separator == '/' {
			t.Errorf("%s has the mode %v, %v", name, info.Mode(), err)
		}
	}
}

// Where a file must not be replaced, nothing in its folder changes: no backup and no
// temporary file is left.
func TestReplaceRefuses(t *testing.T) {
	write := func(name, text string, mode fs.FileMode) func(dir string) {
		return func(dir string) {
			path := filepath.Join(dir, name)
			_ = os.Remove(path)
			if err := os.WriteFile(path, []byte(text), mode); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		prepare func(dir string)
		why     string
	}{
		"changed":        {write("form.txt", "somebody else's", 0o640), "changed since it was read"},
		"read-only":      {write("form.txt", "before", 0o440), "read-only"},
		"open in Excel":  {write("~$form.txt", "", 0o600), "open in an office program (~$form.txt)"},
		"open in WPS":    {write(".~form.txt", "", 0o600), "open in an office program (.~form.txt)"},
		"open in Writer": {write(".~lock.form.txt#", "", 0o600), "(.~lock.form.txt#)"},
		"gone":           {func(dir string) { _ = os.Remove(filepath.Join(dir, "form.txt")) }, "cannot be written"},
		"a folder by now": {func(dir string) {
			_ = os.Remove(filepath.Join(dir, "form.txt"))
			_ = os.Mkdir(filepath.Join(dir, "form.txt"), 0o700)
		}, "no regular file"},
		"a link by now": {func(dir string) {
			_ = os.Rename(filepath.Join(dir, "form.txt"), filepath.Join(dir, "other.txt"))
			if err := os.Symlink("other.txt", filepath.Join(dir, "form.txt")); err != nil {
				t.Skip(err)
			}
		}, "no regular file"},
	} {
		t.Run(name, func(t *testing.T) {
			var before map[string]string
			dir, why := replaceIn(t, func(dir string) {
				c.prepare(dir)
				if name != "a folder by now" {
					before = contents(t, dir)
				}
			})
			if !strings.Contains(why, c.why) {
				t.Errorf("the reason is %q", why)
			}
			if name == "a folder by now" {
				return
			}
			after := contents(t, dir)
			for file, text := range before {
				if after[file] != text {
					t.Errorf("%s holds %q", file, after[file])
				}
			}
			if len(after) != len(before) {
				t.Errorf("left behind: %v", after)
			}
		})
	}
}

// Word's lock file leaves out the beginning of a long name; older originals are kept,
// however many there are.
func TestReplaceNames(t *testing.T) {
	dir := t.TempDir()
	r, err := openReplacement(dir, "2023年度自评表.docx", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	if err := os.WriteFile(filepath.Join(dir, "~$23年度自评表.docx"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if lock, ok := r.lock(); !ok || lock != "~$23年度自评表.docx" {
		t.Errorf("the lock file is %q", lock)
	}
	info, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"2023年度自评表.docx.bak", "2023年度自评表.docx.2.bak", "2023年度自评表.docx.3.bak"} {
		if got, err := r.keep([]byte(want), info); err != nil || got != want {
			t.Errorf("kept as %q, %v", got, err)
		}
	}
}
