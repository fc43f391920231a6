package compare

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/gob"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"jixiaolint/checks"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/quantity"
)

// A version is taken in form by form. Of each only what comparing needs is kept, its
// texts compressed: a batch of thousands of forms, read twice, fits into memory.

// Side is one version of some files.
type Side struct {
	forms []filing
	store *packer
	// rest are the findings about whole files.
	rest []*checks.Finding
}

// filing is a form of one version.
type filing struct {
	Single
	// keys are the keys that forms are paired by, in the order of the steps.
	keys [steps]string
	// form is the form itself, see pack.
	form []byte
}

// Add takes in what was found out about one file, whose report is not needed afterwards.
func (s *Side) Add(r checks.FileReport) {
	if s.store == nil {
		s.store = newPacker()
	}
	at := map[*schema.Form]int{}
	for i := range r.Forms {
		f := r.Forms[i].Form
		at[f] = len(s.forms)
		s.forms = append(s.forms, filing{Single{Version: versionOf(r.File, f)}, pairingKeys(r.File, f), s.store.pack(f)})
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Form == nil {
			s.rest = append(s.rest, detached(f))
		} else {
			own := &s.forms[at[f.Form]].Findings
			*own = append(*own, detached(f))
		}
	}
}

// Findings gives the findings about whole files.
func (s *Side) Findings() []*checks.Finding { return s.rest }

func versionOf(file string, f *schema.Form) Version {
	return Version{File: file, Name: strings.Clone(strings.TrimSpace(f.Name())), Year: f.Year, At: lasting(f.Start.At)}
}

// detached gives a finding without the form and the rows that it points to.
func detached(f *checks.Finding) *checks.Finding {
	d := *f
	d.Form = nil
	d.At = schema.Field{At: lasting(f.At.At)}
	d.Found, d.Expected = strings.Clone(f.Found), strings.Clone(f.Expected)
	d.Related = slices.Clone(f.Related)
	for i := range d.Related {
		d.Related[i].At = schema.Field{At: lasting(d.Related[i].At.At)}
	}
	if f.Fix != nil {
		d.Fix = &checks.Fix{Safety: f.Fix.Safety, Edits: slices.Clone(f.Fix.Edits)}
		for i, e := range d.Fix.Edits {
			d.Fix.Edits[i] = checks.Edit{At: lasting(e.At), From: strings.Clone(e.From), To: strings.Clone(e.To)}
		}
	}
	return &d
}

// lasting gives a place whose texts are no parts of a whole file's.
func lasting(at grid.Location) grid.Location {
	at.Sheet, at.Cell, at.Path = strings.Clone(at.Sheet), strings.Clone(at.Cell), strings.Clone(at.Path)
	return at
}

// steps is the number of steps in which forms are paired.
const steps = 6

// pairingKeys gives the keys of a form for pairForms, as digests; empty where the form
// has nothing that the key is made of.
func pairingKeys(file string, f *schema.Form) [steps]string {
	project := quantity.Fold(f.Name())
	filing := joined(project, quantity.Fold(f.DepartmentName), quantity.Fold(f.DepartmentCode), quantity.Fold(f.Unit.Text), strconv.Itoa(f.Year))
	var names []string
	for i := range f.Indicators {
		names = append(names, quantity.Fold(f.Indicators[i].Name.Text))
	}
	keys := [steps]string{
		content(f),
		joined(filing, checks.BaseName(file)),
		filing,
		joined(project, strconv.Itoa(f.Year)),
		project,
		joined(names...),
	}
	for i, key := range keys {
		if key != "" {
			sum := sha256.Sum256([]byte(key))
			keys[i] = string(sum[:])
		}
	}
	return keys
}

// packer stores the forms of a version. All are messages of one stream, whose types are
// sent once, so that each can be read without those before it.
type packer struct {
	written, packed, read bytes.Buffer
	encoder               *gob.Encoder
	decoder               *gob.Decoder
	compressor            *flate.Writer
}

func newPacker() *packer {
	p := &packer{}
	p.encoder, p.decoder = gob.NewEncoder(&p.written), gob.NewDecoder(&p.read)
	p.compressor, _ = flate.NewWriter(&p.packed, flate.BestSpeed) // fails for unknown levels only
	must(p.encoder.Encode(&schema.Form{}))
	_, err := p.written.WriteTo(&p.read)
	must(err)
	must(p.decoder.Decode(&schema.Form{}))
	return p
}

// must ends what cannot go wrong: plain data is written to memory and read back.
func must(err error) {
	if err != nil {
		panic(fmt.Sprintf("compare: cannot store forms: %v", err))
	}
}

// pack stores what compareForms looks at of a form.
func (p *packer) pack(f *schema.Form) []byte {
	c := *f
	c.Funds.Rows, c.Groups, c.Indicators = slices.Clone(f.Funds.Rows), slices.Clone(f.Groups), slices.Clone(f.Indicators)
	c.Remarks, c.Placeholders = slices.Clone(f.Remarks), slices.Clone(f.Placeholders)
	c.Start, c.TableHead, c.Shifted, c.Lacks = schema.Field{}, schema.Field{}, nil, nil
	for i := range c.Indicators {
		c.Indicators[i].Parts = nil
	}
	for _, field := range c.Fields() {
		field.Row = nil
	}
	must(p.encoder.Encode(&c))
	p.packed.Reset()
	p.compressor.Reset(&p.packed)
	_, err := p.written.WriteTo(p.compressor)
	must(err)
	must(p.compressor.Close())
	return bytes.Clone(p.packed.Bytes())
}

// unpack gives the form that pack stored.
func (p *packer) unpack(data []byte) *schema.Form {
	_, err := p.read.ReadFrom(flate.NewReader(bytes.NewReader(data)))
	must(err)
	var f schema.Form
	must(p.decoder.Decode(&f))
	return &f
}
