// Package intake reads files into forms: it tells the format, reads the grid, and
// recognises the forms in it.
package intake

import (
	"context"

	"jixiaolint/schema"
	"jixiaolint/schema/grid"
)

// Options say how files are read.
type Options struct {
	// Limits bound what is accepted; zero fields take their defaults.
	Limits grid.Limits
}

// Read reads the bytes of one file. It always gives a document: what could not be
// understood is in its Problems. The name is used in locations and, by its ending,
// to tell text formats apart; the content decides where it can.
func Read(ctx context.Context, name string, data []byte, opts Options) *schema.Document {
	_, _, _ = ctx, data, opts
	return &schema.Document{File: name}
}

// Extensions are the endings of the files that a folder is searched for.
func Extensions() []string { return []string{".xlsx", ".xlsm", ".json", ".txt", ".tsv"} }
