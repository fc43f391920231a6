// Package intake reads files into forms: it tells the format, reads the grid, and
// recognises the forms in it.
package intake

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
	"jixiaolint/schema/layout"
)

// Options say how files are read.
type Options struct {
	// Limits bound what is accepted; zero fields take their defaults.
	Limits grid.Limits
}

// Extensions are the endings of the files that a folder is searched for.
func Extensions() []string { return []string{".xlsx", ".xlsm", ".json", ".txt", ".tsv"} }

// Read reads the bytes of one file. It always gives a document: what could not be
// understood is in its Problems. The name is used in locations; the format is told
// by the content, and by the name's ending only where the content leaves it open.
func Read(ctx context.Context, name string, data []byte, opts Options) *schema.Document {
	limits := opts.Limits.WithDefaults()
	if int64(len(data)) > limits.FileSize {
		return TooLarge(name, limits.FileSize)
	}
	ext := strings.ToLower(filepath.Ext(name))
	switch {
	case ext == ".xlsx", ext == ".xlsm", looksBinary(data):
		return layout.Recognise(grid.ReadXLSX(ctx, name, data, limits))
	case ext == ".json", ext != ".txt" && ext != ".tsv" && looksJSON(data):
		return schema.Decode(name, data, limits)
	}
	return layout.Recognise(grid.ReadText(ctx, name, data, limits))
}

// TooLarge gives the document of a file that is too large to be read.
func TooLarge(name string, limit int64) *schema.Document {
	return &schema.Document{File: name, Problems: []schema.Problem{{
		Rule: schema.RuleUnreadableFile,
		At:   schema.Field{At: grid.Location{File: name}},
		Message: lang.F("文件超过 %d MiB 的上限，没有读取", "the file exceeds the limit of %d MiB and was not read",
			limit>>20),
		Help: lang.T("自评表通常不到 1 MiB：请删去图片和无关工作表，或把文件拆开提交",
			"a form is usually below 1 MiB: remove pictures and unrelated sheets, or split the file"),
	}}}
}

// looksBinary reports whether the content is an archive or an old office container,
// whatever the file is called.
func looksBinary(data []byte) bool {
	return bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0"))
}

func looksJSON(data []byte) bool {
	s := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n")
	return len(s) > 0 && (s[0] == '{' || s[0] == '[')
}
