package formtest

import (
	"archive/zip"
	"bytes"
	"io"
)

// Parts gives the parts of a package of Office by name, and their names as they are
// stored; a name that stands twice is there twice.
func Parts(data []byte) (parts map[string]string, order []string, err error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, nil, err
	}
	parts = make(map[string]string, len(z.File))
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return nil, nil, err
		}
		b, err := io.ReadAll(r)
		if err != nil {
			return nil, nil, err
		}
		parts[f.Name] = string(b)
		order = append(order, f.Name)
	}
	return parts, order, nil
}
