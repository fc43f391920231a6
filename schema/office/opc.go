// Package office writes into the packages of Office: it marks cells of a submitted
// workbook or document, puts comments on them, changes what they hold, and makes
// workbooks of lists.
//
// A submitted package is edited part by part, and each part by splicing: what no
// edit touches keeps its bytes, be it understood or not — formulas, pictures,
// macros, extensions of other programs. The packages are hostile; they are read
// under the limits of package grid, and whatever cannot be edited is an error, not a
// guess.
package office

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"jixiaolint/schema/grid"
)

// limits bound the parts that are edited: far more than any form has, and little
// enough to hold in memory a few times.
var limits = grid.Limits{PartSize: 32 << 20, UnzippedSize: 64 << 20}

// pack is a package being edited.
type pack struct {
	ctx     context.Context
	zip     *zip.Reader
	archive *grid.Archive
	// names gives the true name of each part by its name in lower case.
	names map[string]string
	// parts holds the parts that were changed or added, order the names of the latter.
	parts map[string][]byte
	order []string
	// dropped holds the names of the parts that were removed.
	dropped map[string]bool
	// kinds is the namespace of the types of relations, which the Strict variant of the
	// format has of its own.
	kinds string
}

// open checks the package's directory and gives access to its parts.
func open(ctx context.Context, data []byte) (*pack, error) {
	archive, problem := grid.OpenArchive("", data, limits)
	if problem != nil {
		return nil, errors.New(problem.Message.EN)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	p := &pack{ctx: ctx, zip: z, archive: archive, names: map[string]string{}, parts: map[string][]byte{}, dropped: map[string]bool{}, kinds: nsRelations}
	for _, f := range z.File {
		p.names[strings.ToLower(f.Name)] = f.Name
	}
	return p, nil
}

func (p *pack) has(name string) bool { return p.names[strings.ToLower(name)] != "" }

// read gives a part as it stands now, in UTF-8.
func (p *pack) read(name string) ([]byte, error) {
	name = cmp.Or(p.names[strings.ToLower(name)], name)
	if b, ok := p.parts[name]; ok {
		return b, nil
	}
	b, problem := p.archive.Read(p.ctx, name)
	if problem != nil {
		return nil, errors.New(problem.Message.EN)
	}
	return grid.PartInUTF8(b), nil
}

// variant gives a new part in the variant of the format that the package is in.
func (p *pack) variant(data []byte) []byte {
	if p.kinds == nsRelations {
		return data
	}
	const strictSheet = "http://purl.oclc.org/ooxml/spreadsheetml/main"
	data = bytes.ReplaceAll(data, []byte(`"`+nsRelations), []byte(`"`+p.kinds))
	return bytes.ReplaceAll(data, []byte(`"`+nsSheet+`"`), []byte(`"`+strictSheet+`"`))
}

// set changes a part, or adds it.
func (p *pack) set(name string, data []byte) {
	if known := p.names[strings.ToLower(name)]; known != "" {
		name = known
	} else {
		p.names[strings.ToLower(name)] = name
		p.order = append(p.order, name)
		data = p.variant(data)
	}
	p.parts[name] = data
}

// signed reports whether the package is signed, so that any change breaks the signature.
func (p *pack) signed() (bool, error) {
	rels, err := p.relations("")
	return err == nil && slices.ContainsFunc(rels, func(r relation) bool { return r.kind == "origin" }), err
}

// free gives a name for a new part: the first of pattern, with a number in it, that
// is not in use.
func (p *pack) free(pattern string) string {
	for n := 1; ; n++ {
		if name := fmt.Sprintf(pattern, n); !p.has(name) {
			return name
		}
	}
}

// zipped writes the package. Parts that were not changed are copied as they are
// compressed; the others keep their place, and new ones follow.
func (p *pack) zipped() ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range p.zip.File {
		if p.dropped[f.Name] {
			continue
		}
		data, changed := p.parts[f.Name]
		if !changed {
			if err := copyEntry(w, f); err != nil {
				return nil, err
			}
			continue
		}
		header := &zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: f.Modified}
		if err := writePart(w, header, data); err != nil {
			return nil, err
		}
	}
	for _, name := range p.order {
		if err := writePart(w, &zip.FileHeader{Name: name, Method: zip.Deflate}, p.parts[name]); err != nil {
			return nil, err
		}
	}
	if err := w.SetComment(p.zip.Comment); err != nil {
		return nil, err
	}
	err := w.Close()
	return out.Bytes(), err
}

// copyEntry copies an entry as it is compressed. Of a folder, which some programs store
// with an empty compressed stream, the header alone is copied: more is not written there.
func copyEntry(w *zip.Writer, f *zip.File) error {
	if !strings.HasSuffix(f.Name, "/") || f.UncompressedSize64 > 0 {
		return w.Copy(f)
	}
	const described = 0x8 // sizes follow the data
	header := f.FileHeader
	header.Method, header.CompressedSize64, header.CRC32 = zip.Store, 0, 0
	header.Flags &^= described
	_, err := w.CreateRaw(&header)
	return err
}

func writePart(w *zip.Writer, header *zip.FileHeader, data []byte) error {
	part, err := w.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = part.Write(data)
	return err
}

const contentTypes = "[Content_Types].xml"

// addType states the content type of a new part.
func (p *pack) addType(part, contentType string) error {
	return p.append(contentTypes, `<Override PartName="/`+escape(part)+`" ContentType="`+contentType+`"/>`)
}

// addDefaultType states the content type of all parts with an ending, unless the
// package has one for it.
func (p *pack) addDefaultType(ending, contentType string) error {
	src, err := p.read(contentTypes)
	if err != nil {
		return err
	}
	known := false
	err = scan(src, func(t *tag, _ []string) error {
		known = known || !t.end && t.local == "Default" && strings.EqualFold(t.attr("Extension"), ending)
		return nil
	})
	if err != nil || known {
		return err
	}
	patch := &patch{src: src}
	err = scan(src, func(t *tag, _ []string) error {
		if !t.end && t.depth == 1 && !t.empty {
			patch.insert(t.to, prefixed(`<Default Extension="`+ending+`" ContentType="`+contentType+`"/>`, t.prefix))
		}
		return nil
	})
	p.set(contentTypes, patch.bytes())
	return err
}

// drop removes a part, with its content type and the relation of another part to it.
func (p *pack) drop(name, from string) error {
	named := func(target string) bool { return strings.EqualFold(target, name) }
	if err := p.remove(contentTypes, func(t *tag) bool {
		return t.local == "Override" && named(strings.TrimPrefix(t.attr("PartName"), "/"))
	}); err != nil {
		return err
	}
	p.dropped[name] = true
	return p.remove(relsOf(from), func(t *tag) bool {
		return t.local == "Relationship" && t.attr("TargetMode") != "External" && named(p.resolve(from, t.attr("Target")))
	})
}

// remove takes those children of a part's root out that are meant.
func (p *pack) remove(part string, meant func(*tag) bool) error {
	src, err := p.read(part)
	if err != nil {
		return err
	}
	patch := &patch{src: src}
	var start *tag
	err = scan(src, func(t *tag, _ []string) error {
		switch {
		case t.depth != 2:
		case !t.end && meant(t):
			start = t
		case t.end && start != nil:
			patch.replace(start.from, max(t.to, start.to), "")
			start = nil
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%s: %w", part, err)
	}
	p.set(part, patch.bytes())
	return nil
}

// append adds an element to the end of a part's root.
func (p *pack) append(part, element string) error {
	src, err := p.read(part)
	if err != nil {
		return err
	}
	patch := &patch{src: src}
	var root *tag
	err = scan(src, func(t *tag, _ []string) error {
		switch {
		case t.depth != 1:
		case !t.end:
			root = t
		default:
			patch.into(root, t.from, prefixed(element, t.prefix))
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%s: %w", part, err)
	}
	p.set(part, patch.bytes())
	return nil
}

// relation leads from a part to another one.
type relation struct {
	id, kind string // kind is the last word of the type
	target   string // name of the part, empty for a link to the outside
}

const (
	relsHead     = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	nsRelations  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	nsStrictRels = "http://purl.oclc.org/ooxml/officeDocument/relationships"
)

func relsOf(part string) string {
	dir, base := path.Split(part)
	return dir + "_rels/" + base + ".rels"
}

// relations reads where a part leads to; the package itself has the empty name.
func (p *pack) relations(part string) ([]relation, error) {
	name := relsOf(part)
	if !p.has(name) {
		return nil, nil
	}
	src, err := p.read(name)
	if err != nil {
		return nil, err
	}
	var rels []relation
	err = scan(src, func(t *tag, _ []string) error {
		if t.end || t.local != "Relationship" {
			return nil
		}
		r := relation{id: t.attr("Id"), kind: t.attr("Type")}
		r.kind = r.kind[strings.LastIndexByte(r.kind, '/')+1:]
		if t.attr("TargetMode") != "External" {
			r.target = p.resolve(part, t.attr("Target"))
		}
		rels = append(rels, r)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return rels, nil
}

// resolve gives the name of the part that a target of another part means.
func (p *pack) resolve(part, target string) string {
	if t, err := url.PathUnescape(target); err == nil {
		target = t
	}
	if !strings.HasPrefix(target, "/") {
		target = "/" + path.Dir(part) + "/" + target
	}
	name := strings.TrimPrefix(path.Clean(target), "/")
	return cmp.Or(p.names[strings.ToLower(name)], name)
}

// partOf gives the part that a relation of the kind leads to; empty if there is none.
func partOf(rels []relation, kind string) string {
	name := ""
	for _, r := range rels {
		if r.kind == kind && r.target != "" && (name == "" || r.target < name) {
			name = r.target
		}
	}
	return name
}

// relate leads from a part to a new one and gives the relation's id.
func (p *pack) relate(part, kind, target string) (string, error) {
	rels, err := p.relations(part)
	if err != nil {
		return "", err
	}
	id := ""
	for n := len(rels) + 1; id == "" || slices.ContainsFunc(rels, func(r relation) bool { return r.id == id }); n++ {
		id = "rId" + strconv.Itoa(n)
	}
	name := relsOf(part)
	if !p.has(name) {
		p.set(name, []byte(relsHead+"</Relationships>"))
	}
	return id, p.append(name, `<Relationship Id="`+id+`" Type="`+p.kinds+"/"+kind+`" Target="/`+escape(target)+`"/>`)
}

// mainPart gives the part that the package is about.
func (p *pack) mainPart(usual string) (string, error) {
	rels, err := p.relations("")
	if err != nil {
		return "", err
	}
	if name := partOf(rels, "officeDocument"); name != "" && p.has(name) {
		return name, nil
	}
	if p.has(usual) {
		return usual, nil
	}
	return "", fmt.Errorf("%s is missing: %w", usual, io.ErrUnexpectedEOF)
}
