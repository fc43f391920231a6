package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"

	"jixiaolint/checks"
	"jixiaolint/checks/config"
	"jixiaolint/checks/suppress"
	"jixiaolint/cmd/jixiaolint/report"
	"jixiaolint/schema/lang"
)

// ledgers are what a run keeps of findings that are known already: suppressions,
// the baseline in force, and the one that is being written. Reports are put through
// them in output order, so what they count never depends on scheduling.
type ledgers struct {
	inv      *invocation
	resolver *config.Resolver
	entries  *suppress.Ledger
	// baseline is the one in force, nil if there is none.
	baseline     *suppress.Baseline
	baselineName string
	written      *suppress.Baseline
	file         *atomicFile
	fileName     string
	// folders are the folders on the command line, with all that is in them.
	folders []string
	// configurations are the configuration files met, by name; failed are those that
	// are wrong.
	configurations map[string]*config.Configuration
	failed         map[string]bool
	// ran are the rules that ran on some file, settings those that were looked at.
	ran      map[string]bool
	settings map[*config.Settings]bool
}

// openLedgers reads the baseline in force.
func (inv *invocation) openLedgers(o *checkFlags, r *config.Resolver, args []string) (*ledgers, error) {
	l := &ledgers{
		inv: inv, resolver: r, entries: suppress.NewLedger(inv.now()), baselineName: o.baseline,
		configurations: map[string]*config.Configuration{}, failed: map[string]bool{},
		ran: map[string]bool{}, settings: map[*config.Settings]bool{},
	}
	for _, a := range args {
		if info, err := os.Stat(a); err == nil && info.IsDir() {
			l.folders = append(l.folders, key(a))
		}
	}
	if o.baseline == "" {
		return l, nil
	}
	data, err := readBaseline(o.baseline)
	if err != nil {
		return nil, usage("无法读取基线 %[1]s：%[2]v", "cannot read the baseline %[1]s: %[2]v", display(o.baseline), cause(err)).
			withHint(lang.T("基线用 --write-baseline 生成", "write a baseline with --write-baseline"))
	}
	if l.baseline, err = suppress.ReadBaseline(display(o.baseline), data); err != nil {
		return nil, usage("%[1]s 不是可用的基线：%[2]v", "%[1]s is no baseline that can be used: %[2]v", display(o.baseline), err).
			withHint(lang.T("请用 --write-baseline 重新生成", "write it anew with --write-baseline"))
	}
	return l, nil
}

func readBaseline(name string) (data []byte, err error) {
	// Opening a pipe would wait for whoever writes to it.
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return nil, errIrregular
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if data, err = readAll(io.Reader(f), 64<<10, suppress.MaxBaseline); err == nil && len(data) > suppress.MaxBaseline {
		return nil, errors.New("the file is too large")
	}
	return data, err
}

// open starts the baseline to be written, which is no other output of the run.
func (l *ledgers) open(name string, outs outputs) error {
	if name == "" {
		return nil
	}
	if outs.files()[key(name)] {
		return usage("两个报告不能写入同一个文件 %s", "two reports cannot go to one file, %s", name)
	}
	f, err := createAtomic(name, l.inv.unfinished)
	if err != nil {
		return usage("无法写入基线：%v", "cannot write the baseline: %v", err)
	}
	l.written, l.file, l.fileName = suppress.NewBaseline(), f, name
	return nil
}

// files adds the key of the baseline that is written to those of the run's outputs.
func (l *ledgers) files(outputs map[string]bool) {
	if l.file != nil {
		outputs[key(l.fileName)] = true
	}
}

// misconfigured says once what is wrong with a configuration file.
func (l *ledgers) misconfigured(faults *config.FileError) {
	if !l.failed[faults.Name] {
		l.failed[faults.Name] = true
		l.inv.sayAll(faults)
	}
}

// uses notes under which settings a file was checked.
func (l *ledgers) uses(s *config.Settings, summary *report.Summary) {
	if l.settings[s] {
		return
	}
	l.settings[s] = true
	for _, r := range s.Options.Rules() {
		l.ran[r.Name] = l.ran[r.Name] || s.Options.Runs(r)
	}
	c := s.Configuration
	if c.Name == "" || l.configurations[c.Name] != nil {
		return
	}
	l.configurations[c.Name] = c
	summary.Uses(c.Name)
	for _, v := range l.resolver.Ignored(c) {
		l.inv.say(lang.F("%[1]s：%[2]s 只能由当前文件夹的配置设定，这里不起作用",
			"%[1]s: %[2]s is taken from the configuration of the working directory only and has no effect here", v.Origin.Text(), v.Value))
	}
}

// apply takes the findings that are known out of a report.
func (l *ledgers) apply(r *checks.FileReport, s *config.Settings) {
	if s != nil {
		l.entries.Apply(r, s.Configuration.Suppressions, s.Path(r.File), s.Options)
	}
	if l.written != nil {
		l.written.Add(r, l.inv.lang)
	}
	if l.baseline != nil {
		l.baseline.Apply(r)
	}
}

// covers reports whether all files that a configuration governs are in the run.
func (l *ledgers) covers(configuration string) bool {
	c := l.configurations[configuration]
	if c == nil {
		return false
	}
	for _, folder := range l.folders {
		if rel, err := filepath.Rel(folder, c.Folder); err == nil && filepath.IsLocal(rel) {
			return true
		}
	}
	return false
}

// close completes the summary, and the baseline that is written. Of a run that was
// interrupted nothing can be said to be missing, and no baseline is written.
func (l *ledgers) close(s *report.Summary) error {
	if l.baseline != nil {
		s.Baseline = display(l.baselineName)
	}
	if s.Interrupted {
		return nil
	}
	all := l.covers
	if s.Failed > 0 {
		all = func(string) bool { return false }
	}
	s.Notices = l.entries.Notices(all)
	if l.baseline != nil {
		s.Notices = append(s.Notices, l.baseline.Fixed(func(rule string) bool { return l.ran[rule] })...)
	}
	if l.written == nil {
		return nil
	}
	var b bytes.Buffer
	err := l.written.Write(&b)
	if err == nil {
		_, err = l.file.Write(b.Bytes())
	}
	if err != nil {
		return usage("无法写入基线：%v", "cannot write the baseline: %v", err)
	}
	f := l.file
	l.file = nil
	if err := f.commit(); err != nil {
		return usage("无法写入基线：%v", "cannot write the baseline: %v", err)
	}
	s.WrittenBaseline, s.Written = display(l.fileName), l.written.Len()
	return nil
}

// discard gives up a baseline that was not completed.
func (l *ledgers) discard() {
	if l.file != nil {
		l.file.discard()
	}
}
