package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"

	"jixiaolint/checks"
	"jixiaolint/checks/profile"
	"jixiaolint/checks/suppress"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// Options say where a Resolver looks for configuration files, and what is in force
// over them.
type Options struct {
	// Dir is the working directory, an absolute path.
	Dir string
	// File, if not empty, governs all files; none is searched for. Its patterns for
	// paths start from the working directory.
	File string
	// None is set to read no configuration file at all.
	None bool
	// Flags are settings of the command line: they win over those of files. A Select
	// among them replaces the rules that files ignore, too.
	Flags Rules
}

// Resolver finds the settings of files. Each configuration file is read once. It is
// safe for concurrent use.
type Resolver struct {
	opts     Options
	mu       sync.Mutex
	folders  map[string]*source
	explicit *source
	none     *source
}

// source is a configuration file, or the absence of one, with the settings that come
// of it: one for each set of overrides that matches some file.
type source struct {
	configuration *Configuration
	err           error
	settings      map[string]*Settings
}

// NewResolver gives a resolver. The error is about the file that the options name; it is
// a *FileError.
func NewResolver(o Options) (*Resolver, error) {
	r := &Resolver{opts: o, folders: map[string]*source{}, none: newSource(&Configuration{Folder: o.Dir}, nil)}
	switch {
	case o.None:
		r.explicit = r.none
	case o.File != "":
		r.explicit = newSource(read(filepath.ToSlash(filepath.Clean(o.File)), o.Dir, r.absolute(o.File)))
	default:
		return r, nil
	}
	return r, r.explicit.err
}

func newSource(c *Configuration, err error) *source {
	return &source{configuration: c, err: err, settings: map[string]*Settings{}}
}

func (r *Resolver) absolute(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(r.opts.Dir, path)
}

// Configuration gives the configuration file that governs a folder, nil if there is
// none. The error is a *FileError.
func (r *Resolver) Configuration(folder string) (*Configuration, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.folder(r.absolute(folder))
	if s == r.none {
		return nil, nil //nolint:nilnil // no configuration is no error
	}
	return s.configuration, s.err
}

// Run gives the settings of the run, which the configuration file of the working
// directory holds. The error is a *FileError.
func (r *Resolver) Run() (Run, error) {
	c, err := r.Configuration(r.opts.Dir)
	if c == nil || err != nil {
		return Run{}, err
	}
	return c.Run, nil
}

// Ignored gives the settings of the run that a configuration file other than that of
// the working directory holds, in vain.
func (r *Resolver) Ignored(c *Configuration) []Value[string] {
	if own, err := r.Configuration(r.opts.Dir); err != nil || own == c || c == nil {
		return nil
	}
	return c.Run.given()
}

// For gives the settings of a file, by its path, which need not exist. The error, about
// the configuration file that governs it, is a *FileError.
func (r *Resolver) For(path string) (*Settings, error) {
	path = r.absolute(path)
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.settings(r.folder(filepath.Dir(path)), path)
}

// ForFolder gives the settings of the files in a folder that no override matches.
func (r *Resolver) ForFolder(path string) (*Settings, error) {
	path = r.absolute(path)
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.settings(r.folder(path), "")
}

// settings gives the settings that a configuration file makes for a path, empty for
// no path in particular.
func (r *Resolver) settings(s *source, path string) (*Settings, error) {
	if s.err != nil {
		return nil, s.err
	}
	c := s.configuration
	rel := c.relative(path)
	var matching strings.Builder
	var overrides []Override
	candidates := c.Overrides
	if path == "" {
		candidates = nil
	}
	for i, o := range candidates {
		for _, p := range o.Paths {
			if suppress.MatchPath(p, rel) {
				fmt.Fprint(&matching, i, ",")
				overrides = append(overrides, o)
				break
			}
		}
	}
	settings := s.settings[matching.String()]
	if settings == nil {
		var err error
		if settings, err = r.resolve(c, overrides); err != nil {
			return nil, err
		}
		s.settings[matching.String()] = settings
	}
	return settings, nil
}

// folder gives the configuration in or above a folder.
func (r *Resolver) folder(dir string) *source {
	if r.explicit != nil {
		return r.explicit
	}
	if s, ok := r.folders[dir]; ok {
		return s
	}
	s := r.none
	file := filepath.Join(dir, FileName)
	if _, err := os.Lstat(file); err == nil || !isAbsent(err) {
		s = newSource(readFound(r.display(file), dir, file))
	} else if wrong := filepath.Join(dir, wrongName); isFile(wrong) {
		s = newSource(nil, unreadable(r.display(wrong), lang.F("配置文件应名为 %s：请改名，否则不会读取", "a configuration is read under the name %s only: rename this file", FileName)))
	} else if parent := filepath.Dir(dir); parent != dir {
		s = r.folder(parent)
	}
	r.folders[dir] = s
	return s
}

// wrongName is what a configuration is called by mistake; it must not be passed over.
const wrongName = ".jixiaolint.yml"

func isFile(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode().IsRegular()
}

// isAbsent tells a file that is not there from one that cannot be looked at: a
// configuration must not be passed over.
func isAbsent(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) || errors.Is(err, syscall.ENOTDIR)
}

// display is a path as messages name it: relative to the working directory.
func (r *Resolver) display(path string) string {
	if rel, err := filepath.Rel(r.opts.Dir, path); err == nil {
		path = rel
	}
	return filepath.ToSlash(path)
}

// readFound reads a configuration file that was found in a folder. It may have come
// with submitted forms: a link that leads out of the folder is not followed.
func readFound(name, folder, path string) (*Configuration, error) {
	resolved, err := filepath.EvalSymlinks(path)
	if err == nil {
		folder, err := filepath.EvalSymlinks(folder)
		if rel, outside := filepath.Rel(folder, resolved); err != nil || outside != nil || !filepath.IsLocal(rel) {
			return nil, unreadable(name, lang.T("这个配置文件是指向文件夹之外的链接，不予读取；确要使用，请用 --config 指定，不用则加 --no-config",
				"this configuration file is a link that leads out of its folder, and is not read; name it with --config to use it, or give --no-config"))
		}
	}
	return read(name, folder, path)
}

// read reads a configuration file.
func read(name, folder, path string) (*Configuration, error) {
	data, err := load(path)
	var pathError *fs.PathError
	switch {
	case err == nil:
		return Decode(name, folder, data)
	case errors.Is(err, fs.ErrNotExist):
		return nil, unreadable(name, lang.T("没有这个配置文件", "there is no such configuration file"))
	case errors.As(err, &pathError):
		err = pathError.Err
	}
	return nil, unreadable(name, lang.F("无法读取配置文件：%v", "cannot read the configuration file: %v", err))
}

func load(path string) (data []byte, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, maxSize+1))
}

// relative gives a path as patterns of the configuration see it.
func (c *Configuration) relative(path string) string {
	if rel, err := filepath.Rel(c.Folder, path); err == nil {
		path = rel
	}
	return filepath.ToSlash(path)
}

// Settings are the settings in force for a file. They are shared between files and
// must not be changed.
type Settings struct {
	// Configuration is the file they come from; its Name is empty if there is none.
	Configuration *Configuration
	Rules         Rules
	// Limits are all limits, by key.
	Limits map[string]Value[int64]
	// Options are the rules as options of the engine, with the profile loaded;
	// ReaderLimits are the limits as readers take them.
	Options      checks.Options
	ReaderLimits grid.Limits

	resolver *Resolver
}

// Path gives a file's path as the patterns of the configuration see it. What stands
// after the path, such as the member of an archive, stays.
func (s *Settings) Path(file string) string {
	return s.Configuration.relative(s.resolver.absolute(filepath.FromSlash(file)))
}

// resolve puts the settings of a configuration file, of its overrides that match, and
// of the command line over the defaults.
func (r *Resolver) resolve(c *Configuration, overrides []Override) (*Settings, error) {
	rules := c.Rules.over(Rules{Profile: Value[string]{profile.Auto, Origin{Source: Default}}})
	for _, o := range overrides {
		rules = o.Rules.over(rules)
	}
	if r.opts.Flags.Select.IsSet() {
		rules.Ignore = nil
	}
	rules = r.opts.Flags.over(rules)
	s := &Settings{Configuration: c, Rules: rules, Limits: map[string]Value[int64]{}, resolver: r}
	p, err := loadProfile(rules.Profile)
	if err != nil {
		return nil, err
	}
	s.Options = checks.Options{Profile: p, Select: rules.Select.Value, Words: map[string][]checks.WordChange{}, Extra: c.Extra}
	for _, name := range rules.Ignore {
		s.Options.Ignore = append(s.Options.Ignore, name.Value)
	}
	for name, severity := range rules.Severity {
		if s.Options.Severity == nil {
			s.Options.Severity = map[string]checks.Severity{}
		}
		s.Options.Severity[name] = severity.Value
	}
	for name, changes := range rules.Words {
		for _, c := range changes {
			s.Options.Words[name] = append(s.Options.Words[name], c.Value)
		}
	}
	if s.Options, err = s.Options.Compile(); err != nil {
		return nil, rules.faultOf(err)
	}
	for _, l := range limits {
		v, ok := c.Limits[l.key]
		if !ok {
			v = Value[int64]{l.of.get(grid.DefaultLimits()), Origin{Source: Default}}
		}
		s.Limits[l.key] = v
		l.of.set(&s.ReaderLimits, v.Value)
	}
	return s, nil
}

// faultOf makes an error about the rules that the engine does not take the fault of the
// setting that brought it about. Names were checked before, so it is one of word lists.
func (r Rules) faultOf(err error) error {
	var list *checks.WordListError
	if !errors.As(err, &list) {
		return err
	}
	at := r.Words[list.List][list.Change].Origin
	if place, ok := r.entries[entry{at, list.Word}]; ok {
		at = place
	}
	return &FileError{Name: at.Name, Faults: []*Fault{{
		At: grid.Location{File: at.Name, Line: at.Line, Column: at.Column}, Message: list.Why,
	}}}
}

// loadProfile loads the profile that a setting names, nil where each form chooses.
// Paths in a configuration file are relative to it.
func loadProfile(name Value[string]) (*profile.Profile, error) {
	if name.Value == profile.Auto {
		return nil, nil
	}
	at := name.Origin
	// A configuration may come with submitted forms: it names no file elsewhere.
	load := profile.Load
	if at.Source == File {
		load = func(ref string) (*profile.Profile, error) { return profile.LoadWithin(filepath.Dir(at.Name), ref) }
	}
	p, err := load(name.Value)
	if err == nil {
		return p, nil
	}
	fault := &Fault{At: grid.Location{File: at.Name, Line: at.Line, Column: at.Column}}
	var (
		unknown *profile.UnknownError
		invalid *profile.InvalidError
		outside *profile.OutsideError
		closed  *profile.UnreadableError
	)
	switch {
	case errors.As(err, &closed):
		fault.Message = closed.Text()
	case errors.As(err, &outside):
		fault.Message = lang.F("规则集文件 %[1]s 应在配置文件所在的文件夹内", "the profile %[1]s must be in the folder of the configuration file", filepath.ToSlash(outside.Path))
	case errors.As(err, &unknown):
		names := slices.Insert(profile.Names(), 0, profile.Auto)
		fault.Message = lang.F("没有规则集 %[1]q：可用 %[2]s", "unknown profile %[1]q: use %[3]s", unknown.Name, strings.Join(names, "、"), strings.Join(names, ", "))
	case errors.As(err, &invalid):
		fault.Message = lang.F("规则集 %[1]s 无效：%[2]s", "the profile %[1]s is invalid: %[2]s", name.Value, invalid.Texts()[0])
	default:
		fault.Message = lang.F("无法读取规则集：%[1]v", "cannot read the profile: %[1]v", err)
	}
	return nil, &FileError{Name: at.Name, Faults: []*Fault{fault}}
}
