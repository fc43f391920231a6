package profile

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"jixiaolint/schema"
	"jixiaolint/schema/lang"
)

// Auto stands where profiles are named for the choice by each form's printed headers.
const Auto = "auto"

// Default is the name of the profile that all others go back to, and the one in force
// where none is chosen.
const Default = "cn-2020"

//go:embed *.json
var files embed.FS

// Names lists the shipped profiles in alphabetical order.
func Names() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil // the files are part of the program
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".json"))
	}
	return names
}

// Bounds of what is read: no honest rule set comes near them.
const (
	maxFile  = 1 << 20
	maxChain = 16
)

// Load gives the shipped profile of that name, or the one in the file of that path: a
// path ends in .json or holds a separator. The error is a *UnknownError for a name
// that no profile has, an *InvalidError for a file that is no profile, or an
// *UnreadableError.
func Load(ref string) (*Profile, error) { return load(ref, "", anywhere) }

// LoadWithin is Load for what a file names that may come from others: paths start from
// the folder, and no file is read that is not in it, whatever extends names and wherever
// links lead.
func LoadWithin(folder, ref string) (*Profile, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }() // it was only read
	return load(ref, folder, within(root, folder))
}

// Files gives the paths of the files that Load reads for a profile, as far as it gets:
// the last may be missing or wrong.
func Files(ref string) []string { return opener(anywhere).files(ref, "") }

// FilesWithin is Files for LoadWithin.
func FilesWithin(folder, ref string) []string {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil
	}
	defer func() { _ = root.Close() }() // it was only read
	return within(root, folder).files(ref, folder)
}

// files gives the paths that are opened for a profile.
func (open opener) files(ref, folder string) []string {
	var paths []string
	noting := opener(func(path string) (*os.File, error) {
		f, err := open(path)
		if _, outside := errors.AsType[*OutsideError](err); !outside {
			paths = append(paths, path)
		}
		return f, err
	})
	_, _ = noting.chain(ref, folder, "", nil) // what is wrong is said when it is loaded
	return paths
}

// within opens files of a folder only.
func within(root *os.Root, folder string) opener {
	return func(path string) (*os.File, error) {
		rel, err := filepath.Rel(folder, path)
		if err != nil || !filepath.IsLocal(rel) {
			return nil, &OutsideError{path}
		}
		info, err := root.Stat(rel)
		if _, exists := os.Stat(path); err != nil && exists == nil {
			return nil, &OutsideError{path} // at the end of a link
		}
		if err != nil || !info.Mode().IsRegular() {
			return nil, notRegular(path, err)
		}
		return root.Open(rel)
	}
}

// OutsideError reports a file that is not in the folder that LoadWithin was given.
type OutsideError struct{ Path string }

// Error names the file.
func (e *OutsideError) Error() string { return "outside of the folder: " + e.Path }

// opener opens the file of a profile, which must be a plain one.
type opener func(path string) (*os.File, error)

// anywhere opens files wherever they are.
func anywhere(path string) (*os.File, error) {
	// Whatever is no plain file may have no end, or wait for a writer.
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return nil, notRegular(path, err)
	}
	return os.Open(path)
}

var errNotRegular = errors.New("no regular file")

func notRegular(path string, err error) error {
	return cmp.Or(err, error(&os.PathError{Op: "open", Path: path, Err: errNotRegular}))
}

// load loads a profile; paths start from folder.
func load(ref, folder string, open opener) (*Profile, error) {
	layers, err := open.chain(ref, folder, "", nil)
	if err != nil {
		return nil, err
	}
	return build(layers)
}

// UnknownError reports a name that no shipped profile has.
type UnknownError struct {
	Name string
	// By is the file that extends the profile, empty for the name that was asked for.
	By string
}

// Error names the profile.
func (e *UnknownError) Error() string {
	return Locate(e.By, lang.F("没有规则集 %q", "unknown profile %q", e.Name)).EN
}

// UnreadableError reports the file of a profile that is not there or cannot be read.
type UnreadableError struct {
	Path string
	// By is the file that extends the profile, empty for the path that was asked for.
	By  string
	Err error
}

// Error names the file.
func (e *UnreadableError) Error() string { return e.Text().EN }

// Unwrap gives the error of the file system.
func (e *UnreadableError) Unwrap() error { return e.Err }

// Text says what is wrong and what to do.
func (e *UnreadableError) Text() lang.Text {
	name := filepath.ToSlash(e.Path)
	switch {
	case errors.Is(e.Err, fs.ErrNotExist):
		return Locate(e.By, lang.F("找不到规则集 %s：没有这个文件，请检查路径", "cannot find the profile %s: no such file; check the path", name))
	case errors.Is(e.Err, fs.ErrPermission):
		return Locate(e.By, lang.F("无法读取规则集 %s：没有权限，请检查文件的权限", "cannot read the profile %s: permission denied; check the permissions of the file", name))
	case errors.Is(e.Err, errNotRegular):
		return Locate(e.By, lang.F("规则集 %s 不是普通文件", "the profile %s is not a regular file", name))
	}
	return Locate(e.By, lang.F("无法读取规则集 %[1]s：%[2]v", "cannot read the profile %[1]s: %[2]v", name, e.Err))
}

// Locate puts the name of a file, if there is one, before a message.
func Locate(file string, message lang.Text) lang.Text {
	if file == "" {
		return message
	}
	return lang.F("%[1]s：%[2]s", "%[1]s: %[2]s", file, message)
}

// InvalidError reports what is wrong with the file of a profile.
type InvalidError struct{ Problems []schema.Problem }

// Error gives all problems, one a line.
func (e *InvalidError) Error() string {
	var lines []string
	for _, t := range e.Texts() {
		lines = append(lines, t.EN)
	}
	return strings.Join(lines, "\n")
}

// Texts gives each problem with its place and JSON Pointer.
func (e *InvalidError) Texts() []lang.Text {
	var out []lang.Text
	for _, p := range e.Problems {
		at := p.At.At.String()
		if p.Pointer != "" {
			at += " (" + p.Pointer + ")"
		}
		out = append(out, Locate(at, p.Message))
	}
	return out
}

// layer is one profile of a chain: what it states itself.
type layer struct {
	// id is the name of a shipped profile or the path of a file.
	id      string
	doc     map[string]any
	sources map[string]Source
	// file tells where values stand; nil for shipped profiles.
	file *schema.ProfileFile
}

// IsFile reports whether a reference is the path of a file, and no name.
func IsFile(ref string) bool {
	return strings.ContainsAny(ref, `/\`) || strings.HasSuffix(strings.ToLower(ref), ".json")
}

// chain reads a profile and those it extends, nearest first. Paths start from folder; by
// is the file of the profile that extends it, if there is one.
func (open opener) chain(ref, folder, by string, below []layer) ([]layer, error) {
	var l layer
	var err error
	if IsFile(ref) {
		l, err = open.readFile(ref, folder, by)
	} else {
		l, err = readShipped(ref, by)
	}
	if err != nil {
		return nil, err
	}
	for i := range below {
		if below[i].id == l.id || len(below) == maxChain {
			last := below[len(below)-1]
			return nil, last.invalid("/extends", lang.F("规则集 %[1]q 的 extends 形成循环或过长", "the chain of extends from %[1]q is a circle or too long", below[0].id))
		}
	}
	layers := slices.Concat(below, []layer{l})
	parent, _ := l.doc["extends"].(string)
	switch {
	case parent != "":
	case l.id == Default:
		return layers, nil
	default:
		parent = Default
	}
	folder, by = "", ""
	if l.file != nil {
		folder, by = filepath.Dir(l.id), l.id
	}
	return open.chain(parent, folder, by, layers)
}

func readShipped(name, by string) (layer, error) {
	data, err := files.ReadFile(name + ".json")
	if err != nil {
		return layer{}, &UnknownError{Name: name, By: by}
	}
	l := layer{id: name}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&l.doc); err != nil {
		return layer{}, fmt.Errorf("profile %s: %w", name, err)
	}
	return l, l.readSources()
}

// readFile reads a profile from a file whose path starts from a folder; by is the file of
// the profile that extends it, if there is one.
func (open opener) readFile(path, folder, by string) (layer, error) {
	if !filepath.IsAbs(path) {
		path = filepath.Join(folder, path)
	}
	l := layer{id: filepath.Clean(path)}
	data, err := open.readBounded(l.id)
	if perr, ok := errors.AsType[*fs.PathError](err); ok {
		return l, &UnreadableError{Path: l.id, By: by, Err: perr.Err}
	}
	if err != nil {
		return l, err
	}
	var problems []schema.Problem
	l.file, problems, err = schema.ReadProfile(l.id, data)
	switch {
	case err != nil:
		return l, err
	case len(problems) > 0:
		return l, &InvalidError{problems}
	}
	l.doc = l.file.Value
	return l, l.readSources()
}

func (open opener) readBounded(path string) (data []byte, err error) {
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	data, err = io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxFile {
		l := layer{id: path}
		return nil, l.invalid("", lang.F("文件超过 %d 字节，不是规则集", "the file has more than %d bytes: it is no profile", maxFile))
	}
	return data, nil
}

// readSources takes the layer's own sources.
func (l *layer) readSources() error {
	b, err := json.Marshal(l.doc["sources"])
	if err != nil {
		return err
	}
	return json.Unmarshal(b, &l.sources)
}

// invalid makes the error of a value of the layer.
func (l *layer) invalid(pointer string, message lang.Text) error {
	p := schema.Problem{Pointer: pointer, Message: message}
	p.At.At.File = l.id
	if l.file != nil {
		p.At = l.file.Place(pointer)
	}
	return &InvalidError{[]schema.Problem{p}}
}

// ownKeys are what a profile says about itself: they are not inherited.
var ownKeys = []string{"$schema", "name", "title", "extends", "auto", "sources"}

// build merges a chain of layers, the last of which states everything.
func build(layers []layer) (*Profile, error) {
	merged := map[string]any{}
	for i, l := range slices.Backward(layers) {
		patch(merged, l.doc, i > 0)
	}
	delete(merged, "$schema")
	b, err := json.Marshal(merged)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	p := &Profile{layers: layers}
	if err := dec.Decode(p); err != nil {
		var wrong *json.UnmarshalTypeError
		if !errors.As(err, &wrong) {
			return nil, fmt.Errorf("profile %s: %w", layers[0].id, err)
		}
		// To JSON Schema 3.0 is a whole number.
		pointer := "/" + strings.ReplaceAll(wrong.Field, ".", "/")
		return nil, p.stating(pointer).invalid(pointer, lang.T("应为不带小数的整数", "must be a whole number without decimals"))
	}
	if p.Title.ZH == "" {
		p.Title.ZH = p.Name
	}
	if pointer, message := p.contradiction(); !message.IsZero() {
		at := p.stating(pointer)
		if at.file == nil {
			at = &p.layers[0] // a shipped profile agrees with itself
		}
		return nil, at.invalid(pointer, message)
	}
	return p, nil
}

// patch applies a JSON Merge Patch (RFC 7396); the patches of parents lack what these
// say about themselves.
func patch(target, change map[string]any, parent bool) {
	for key, value := range change {
		if parent && slices.Contains(ownKeys, key) {
			continue
		}
		switch v := value.(type) {
		case nil:
			delete(target, key)
		case map[string]any:
			// A copy: the layers keep what they state.
			inner := map[string]any{}
			if old, ok := target[key].(map[string]any); ok {
				inner = old
			}
			patch(inner, v, false)
			target[key] = inner
		default:
			target[key] = value
		}
	}
}

// contradiction finds values that are each allowed but do not go together.
func (p *Profile) contradiction() (pointer string, message lang.Text) {
	sum := p.Execution.Weight.Number
	for _, w := range p.Weights {
		sum = sum.Add(w.Number)
	}
	if hundred.Cmp(sum) != 0 {
		pointer = "/weights"
		if p.stating(pointer).file == nil && p.stating("/execution/weight").file != nil {
			pointer = "/execution/weight"
		}
		return pointer, lang.F("各组分值与执行率分值合计为 %[1]s，应为 100", "the points of the groups and of the execution rate sum to %[1]s, not 100", sum)
	}
	over, explain := p.OverFulfilment, p.Explain
	for _, c := range []struct {
		pointer string
		wrong   bool
		zh, en  string
	}{
		{"/over_fulfilment/warn", over.Warn.Cmp(over.Note.Number) < 0, "警告的界限低于提示的界限", "the limit of the warning is below that of the note"},
		{"/over_fulfilment/low_target", over.LowTarget.Cmp(over.Warn.Number) < 0, "目标过低的界限低于警告的界限", "the limit of a low target is below that of the warning"},
		{"/explain/execution_error_below", explain.ExecutionErrorBelow.Cmp(explain.ExecutionBelow.Number) > 0, "错误的界限高于须说明的界限", "the limit of the error is above that of the warning"},
		{"/format/serial_to", p.Format.SerialTo < p.Format.SerialFrom, "上限低于下限", "the upper limit is below the lower one"},
		{"/structure/unit_digits", p.Structure.UnitDigits <= p.Structure.DepartmentDigits, "单位代码不比部门代码长", "a unit's code is no longer than a department's"},
		{"/execution/steps", p.Execution.Mode == ModeSteps && len(p.Execution.Steps) == 0, "分档计分没有分档", "mode steps has no steps"},
		{"/execution/steps", !slices.IsSortedFunc(p.Execution.Steps, func(a, b Step) int { return b.From.Cmp(a.From.Number) }), "分档应从高到低排列", "steps must be given best first"},
		{"/grades", !slices.IsSortedFunc(p.Grades, func(a, b Grade) int { return b.From.Cmp(a.From.Number) }), "等级应从优到差排列", "grades must be given best first"},
		{"/grades", twoAlike(p.Grades), "有两个等级同名", "two grades have one name"},
		{"/bands", slices.ContainsFunc(p.Bands, func(b Band) bool { return b.From.Cmp(b.To.Number) > 0 }), "有档次的下限高于上限", "a band ends below its beginning"},
	} {
		if c.wrong {
			return c.pointer, lang.T(c.zh, c.en)
		}
	}
	return "", lang.Text{}
}

// twoAlike reports whether two grades have one name: a form's grade would say neither.
func twoAlike(grades []Grade) bool {
	for i, g := range grades {
		if slices.ContainsFunc(grades[:i], func(other Grade) bool { return other.Name == g.Name }) {
			return true
		}
	}
	return false
}

// stating gives the nearest layer that states the value at a pointer, or something
// below it.
func (p *Profile) stating(pointer string) *layer {
	for i := range p.layers {
		if p.layers[i].states(pointer) {
			return &p.layers[i]
		}
	}
	return &p.layers[0]
}

// states reports whether the layer itself states the value at a pointer. Arrays are
// stated as a whole.
func (l *layer) states(pointer string) bool {
	var at any = l.doc
	for key := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		m, ok := at.(map[string]any)
		if !ok {
			return at != nil
		}
		if at, ok = m[unescape(key)]; !ok {
			return false
		}
	}
	return true
}
