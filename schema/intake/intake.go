// Package intake reads files into forms: it tells the format, reads the grid, and
// recognises the forms in it.
package intake

import (
	"context"
	"iter"
	"path/filepath"
	"slices"
	"strconv"
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
	// Keep leaves the bytes that were read in their documents, for those who write into
	// them.
	Keep bool
	// Convert turns files that are not read as they are into ones that are. Without it
	// their problems say what to do.
	Convert Converter
}

// Converter turns a file into the format that ConvertTo gives for it. What it says, how
// the file was converted or why it could not be, becomes a problem of the file; the
// converted bytes are nil in the second case.
type Converter func(ctx context.Context, name string, data []byte, format string) (converted []byte, says schema.Problem)

// Extensions are the endings of the files that a folder or an archive is searched
// for: those that are read, and those in which forms are filed but that have to be
// converted first, so that no form is passed over in silence.
func Extensions() []string {
	return append([]string{
		".xlsx", ".xlsm", ".docx", ".html", ".htm", ".txt", ".tsv", ".csv", ".md", ".json", ".ndjson", ".zip",
	}, Convertible()...)
}

// Convertible are the endings of the formats that are not read but that an office
// program can convert into one that is.
func Convertible() []string {
	return []string{".xls", ".doc", ".et", ".wps", ".ods", ".odt", ".rtf", ".pdf"}
}

// Documents reads the bytes of one file and yields the documents in it: one for a
// plain file, one for each member of a zip archive, in the order of a walk through
// its folders. Members are inflated one at a time, so memory does not grow with the
// archive; their documents are named a.zip!folder/b.xlsx.
func Documents(ctx context.Context, name string, data []byte, opts Options) iter.Seq[*schema.Document] {
	return func(yield func(*schema.Document) bool) {
		limits := opts.Limits.WithDefaults()
		if int64(len(data)) <= limits.FileSize && detect(name, data, limits).format == archiveFormat {
			newUnpacker(ctx, limits, opts, yield).archive(name, data, limits, 0)
			return
		}
		yield(Read(ctx, name, data, opts))
	}
}

// Read reads the bytes of one file. It always gives a document: what could not be
// understood is in its Problems. The name is used in locations; the format is told
// by the content, and by the name's ending only where the content leaves it open.
// The members of a zip archive become one document, without PDF that is not converted;
// Documents keeps them apart.
func Read(ctx context.Context, name string, data []byte, opts Options) *schema.Document {
	limits := opts.Limits.WithDefaults()
	if int64(len(data)) > limits.FileSize {
		return TooLarge(name, limits.FileSize)
	}
	switch d := detect(name, data, limits); d.format {
	case workbookFormat:
		return keep(layout.Recognise(grid.ReadXLSX(ctx, name, data, limits)), data, opts)
	case wordFormat:
		return keep(layout.Recognise(grid.ReadDOCX(ctx, name, data, limits)), data, opts)
	case pageFormat:
		return keep(layout.Recognise(grid.ReadHTML(ctx, name, data, limits)), data, opts)
	case drawingFormat:
		return keep(layout.Recognise(grid.ReadDrawing(ctx, name, data, limits)), data, opts)
	case jsonFormat:
		return keep(readJSON(name, data, limits), data, opts)
	case archiveFormat:
		all := &schema.Document{File: name}
		for doc := range Documents(ctx, name, data, Options{Limits: opts.Limits, Convert: opts.Convert}) {
			if doc.Unconverted {
				continue
			}
			all.Format = doc.Format
			all.Forms = append(all.Forms, doc.Forms...)
			all.Problems = append(all.Problems, doc.Problems...)
		}
		return all
	case foreignFormat:
		format, ok := d.convertTo()
		if !ok || opts.Convert == nil {
			doc := unreadable(name, d.message, d.help)
			doc.Unconverted = d == portable && extension(name) == ".pdf"
			return doc
		}
		return convert(ctx, name, data, format, opts, Read)
	case textFormat:
	}
	return keep(layout.Recognise(grid.ReadText(ctx, name, data, limits)), data, opts)
}

// keep leaves the bytes in the document that they were read into, if asked for.
func keep(doc *schema.Document, data []byte, opts Options) *schema.Document {
	if opts.Keep {
		doc.Data = data
	}
	return doc
}

// size writes a number of bytes in the largest unit that states it exactly.
func size(n int64) string {
	units := []string{"B", "KiB", "MiB"}
	for len(units) > 1 && n%1024 == 0 && n > 0 {
		n, units = n/1024, units[1:]
	}
	return strconv.FormatInt(n, 10) + " " + units[0]
}

// TooLarge gives the document of a file that is too large to be read.
func TooLarge(name string, limit int64) *schema.Document {
	return unreadable(name,
		lang.F("文件超过 %[1]s 的上限，没有读取", "the file exceeds the limit of %[1]s and was not read", size(limit)),
		lang.T("自评表通常不到 1 MiB：请删去图片和无关工作表，或把文件拆开提交",
			"a form is usually below 1 MiB: remove pictures and unrelated sheets, or split the file"))
}

// unreadable gives the document of a file that is not read.
func unreadable(name string, message, help lang.Text) *schema.Document {
	return &schema.Document{File: name, Problems: []schema.Problem{{
		Rule: schema.RuleUnreadableFile, At: schema.Field{At: grid.Location{File: name}},
		Message: message, Help: help,
	}}}
}

// extension gives the ending of a name in lower case, with its dot.
func extension(name string) string { return strings.ToLower(filepath.Ext(name)) }

func isOneOf(ext string, exts ...string) bool { return slices.Contains(exts, ext) }

// ConvertTo gives the format, xlsx, docx or fodg, into which an office program can turn
// a file that is not read as it is. ok is false for files that are read, and for those
// that no conversion helps.
func ConvertTo(name string, data []byte, opts Options) (format string, ok bool) {
	limits := opts.Limits.WithDefaults()
	if int64(len(data)) > limits.FileSize {
		return "", false
	}
	d := detect(name, data, limits)
	return d.convertTo()
}

// FormatOf gives the format that a file is read in as it is. For one that is not, why says
// so and what to do; the format is empty then.
func FormatOf(name string, data []byte, limits grid.Limits) (format grid.Format, why lang.Text) {
	limits = limits.WithDefaults()
	if int64(len(data)) > limits.FileSize {
		p := TooLarge(name, limits.FileSize).Problems[0]
		return "", lang.F("%[1]s；%[2]s", "%[1]s; %[2]s", p.Message, p.Help)
	}
	switch d := detect(name, data, limits); d.format {
	case workbookFormat:
		return grid.XLSX, why
	case wordFormat:
		return grid.DOCX, why
	case pageFormat:
		return grid.HTML, why
	case jsonFormat:
		return grid.JSON, why
	case drawingFormat:
		return grid.Drawing, why
	case archiveFormat:
		return "", lang.F("文件是压缩包；%s", "the file is an archive; %s", helpUnpack)
	case foreignFormat:
		return "", lang.F("%[1]s；%[2]s", "%[1]s; %[2]s", d.message, d.help)
	case textFormat:
	}
	return grid.Text, why
}

// convertTo gives the format into which a file is converted, if that helps.
func (d *detection) convertTo() (format string, ok bool) {
	switch *d {
	case oldSpreadsheet, openSheet, xmlSheet:
		return "xlsx", true
	case oldDocument, openText, richText:
		return "docx", true
	case portable:
		return "fodg", true
	}
	return "", false
}

// convert converts a file and reads what comes of it.
func convert(ctx context.Context, name string, data []byte, format string, opts Options,
	read func(context.Context, string, []byte, Options) *schema.Document,
) *schema.Document {
	converted, says := opts.Convert(ctx, name, data, format)
	doc := &schema.Document{File: name}
	if converted != nil {
		opts.Convert = nil
		doc = read(ctx, name, converted, opts)
	}
	doc.Problems = append(doc.Problems, says)
	return doc
}
