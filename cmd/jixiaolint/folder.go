package main

import (
	"crypto/rand"
	"errors"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// outputFolder is a folder that a report writes files into. Nothing leads out of it,
// no link in it and no name.
type outputFolder struct {
	*os.Root
	// taken are the files of other reports, by key: a copy does not replace them.
	taken map[string]bool
	// unfinished knows each file until it is in its place.
	unfinished *unfinishedFiles
}

// openOutputFolder opens a folder, making it if there is none.
func openOutputFolder(name string, unfinished *unfinishedFiles) (*outputFolder, error) {
	if err := os.MkdirAll(name, 0o777); err != nil { //nolint:gosec // as mkdir does; the user's mask decides
		return nil, err
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	return &outputFolder{Root: root, unfinished: unfinished}, nil
}

// create writes a file in the folder, which appears complete or not at all.
func (d *outputFolder) create(name string, data []byte) (err error) {
	name = filepath.FromSlash(name)
	for d.taken[key(filepath.Join(d.Name(), name))] {
		name = filepath.Join(filepath.Dir(name), "_"+filepath.Base(name))
	}
	if err := d.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	temporary := filepath.Join(filepath.Dir(name), ".jixiaolint."+rand.Text()[:8]+".tmp")
	full := filepath.Join(d.Name(), temporary)
	f, err := d.unfinished.create(full, func() (*os.File, error) {
		return d.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	})
	if err != nil {
		return err
	}
	defer d.unfinished.forget(full)
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = d.Rename(temporary, name)
	}
	if err != nil {
		return errors.Join(err, d.Remove(temporary))
	}
	return nil
}

// linkFrom gives links from a report to the files it reports on, as relative URLs:
// the report and the forms may be moved together. A file without a way to it has none.
func linkFrom(reportFile string) func(file string) string {
	folder, err := filepath.Abs(filepath.Dir(reportFile))
	if err != nil {
		return func(string) string { return "" }
	}
	return func(file string) string {
		archive, _, _ := strings.Cut(file, "!")
		i := slices.IndexFunc([]string{file, archive}, isRegular)
		if i < 0 {
			return ""
		}
		full, err := filepath.Abs(filepath.FromSlash([]string{file, archive}[i]))
		if err != nil {
			return ""
		}
		rel, err := filepath.Rel(folder, full)
		if err != nil {
			return ""
		}
		rel = path.Clean(filepath.ToSlash(rel))
		return (&url.URL{Path: rel}).String()
	}
}

func isRegular(file string) bool {
	info, err := os.Stat(filepath.FromSlash(file))
	return err == nil && info.Mode().IsRegular()
}
