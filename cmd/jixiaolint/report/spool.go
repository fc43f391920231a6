package report

import (
	"bytes"
	"crypto/rand"
	"encoding/gob"
	"errors"
	"io"
	"os"
)

// What a report can write only at the end of the run waits in temporary files, so that
// memory does not grow with the number of findings.

// temporary is a file that is gone when it is closed. Where the system lets it, it has
// no name from the start: not even a program that is killed leaves it behind.
type temporary struct {
	*os.File
	named bool
}

// newTemporary makes a temporary file where the system has a place for them or else, as
// in an image that holds nothing but this program, in the folder that is given.
func newTemporary(beside string) (*temporary, error) {
	t, err := temporaryIn(os.TempDir())
	if err != nil && beside != "" {
		t, err = temporaryIn(beside)
	}
	return t, err
}

func temporaryIn(folder string) (*temporary, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }() // the file stays open
	name := ".jixiaolint-" + rand.Text()
	f, err := root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	return &temporary{f, root.Remove(name) != nil}, nil
}

func (t *temporary) remove() {
	_ = t.Close()
	if t.named {
		_ = os.Remove(t.Name())
	}
}

// mostWaiting is how many bytes wait in memory before they go to a temporary file. Most
// runs are of a few forms and need none.
const mostWaiting = 256 << 10

// waiting holds bytes until the end of the run.
type waiting struct {
	held   bytes.Buffer
	file   *temporary
	beside string // see newTemporary
}

// Write takes more bytes.
func (w *waiting) Write(p []byte) (int, error) {
	w.held.Write(p)
	if w.held.Len() <= mostWaiting {
		return len(p), nil
	}
	if w.file == nil {
		f, err := newTemporary(w.beside)
		if err != nil {
			return 0, err
		}
		w.file = f
	}
	_, err := w.held.WriteTo(w.file)
	return len(p), err
}

// WriteTo gives the bytes back, once.
func (w *waiting) WriteTo(to io.Writer) (int64, error) {
	defer w.discard()
	var n int64
	if w.file != nil {
		var err error
		if _, err = w.file.Seek(0, io.SeekStart); err == nil {
			n, err = io.Copy(to, w.file.File)
		}
		if err != nil {
			return n, err
		}
	}
	more, err := w.held.WriteTo(to)
	return n + more, err
}

// discard gives up what waits.
func (w *waiting) discard() {
	w.held.Reset()
	if w.file != nil {
		w.file.remove()
		w.file = nil
	}
}

// spool keeps jobs in a temporary file.
type spool struct {
	file   *temporary
	enc    *gob.Encoder
	beside string // see newTemporary
}

func (s *spool) add(job *copyJob) error {
	if s.file == nil {
		f, err := newTemporary(s.beside)
		if err != nil {
			return err
		}
		s.file, s.enc = f, gob.NewEncoder(f)
	}
	return s.enc.Encode(job)
}

// each gives the jobs in order, one at a time.
func (s *spool) each(do func(*copyJob) error) error {
	if s.file == nil {
		return nil
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	for dec := gob.NewDecoder(s.file); ; {
		var job copyJob
		err := dec.Decode(&job)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = do(&job)
		}
		if err != nil {
			return err
		}
	}
}

func (s *spool) remove() {
	if s.file != nil {
		s.file.remove()
		s.file = nil
	}
}
