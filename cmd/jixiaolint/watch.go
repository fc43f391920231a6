package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"jixiaolint/checks/config"
	"jixiaolint/checks/profile"
	"jixiaolint/cmd/jixiaolint/report"
	"jixiaolint/schema/lang"
)

const (
	// watchEvery is the time between two looks at the files, and so the time for which
	// a file must stay as it is before it counts as saved.
	watchEvery = 500 * time.Millisecond
	// watchShare bounds what looking costs: where a look takes long, as in a large
	// folder on a network drive, the time between two is so many times longer.
	watchShare = 10
	// watchPatience is the number of looks for which a file may be missing before that
	// is reported: editors delete a file before they put the new one in its place.
	watchPatience = 6
)

// watch checks, and checks again whenever the files have been saved, until the run is
// interrupted. It looks at the sizes and times of files instead of asking the system for
// events: these do not come for network drives and shared folders, and a look cannot
// lose a file that is replaced by another.
func (inv *invocation) watch(ctx context.Context, o *checkFlags, args []string) error {
	switch {
	case slices.Contains(args, stdinPath) || o.filesFrom == stdinPath:
		return usage("--watch 不能用于标准输入：请给出文件或文件夹", "--watch does not work with standard input: name files or folders")
	case o.writeBaseline != "":
		return usage("--watch 和 --write-baseline 不能同时使用", "--watch and --write-baseline exclude each other")
	case o.fixes.fix:
		return usage("--watch 和 --fix 不能同时使用：编辑中的文件不能改写，请用 --diff 查看可改之处", "--watch and --fix exclude each other: a file is not written while it is edited; look with --diff")
	}
	w := &watcher{inv: inv, o: o, args: args}
	last := -1  // the findings of the last check, -1 if there was none
	unread := 0 // the files that could not be read then
	for first := true; ctx.Err() == nil; first = false {
		if !first {
			w.clear()
		}
		w.settled.checked = w.look()
		err := inv.runCheck(ctx, o, args)
		switch {
		case ctx.Err() != nil:
		case err != nil && first:
			return err // the command line is wrong, and saving files will not mend it
		case err != nil:
			inv.fail(err)
			w.say(notChecked)
		case w.settled.checked.missing:
			w.say(notChecked) // fewer findings in fewer files say nothing
		case inv.summary.Unread > unread && !first:
			w.say(notChecked) // nor do those of a file that was saved in parts
		default:
			now := shown(&inv.summary)
			w.say(progressSince(last, now))
			last, unread = now, inv.summary.Unread
		}
		w.wait(ctx)
	}
	inv.status = exitInterrupted
	return nil
}

// notChecked says that there is nothing to compare with the last check.
var notChecked = lang.T("没有查完", "the check could not be carried through")

// shown counts the findings no lighter than the level shown.
func shown(s *report.Summary) int { return s.Errors + s.Warnings + s.Notes - s.Hidden.Level }

// progressSince says how many findings there are, and how many there were at the last
// check; -1 for none.
func progressSince(last, now int) lang.Text {
	total := lang.F("共 %d 个问题", "findings: %d", now)
	switch {
	case last < 0:
		return total
	case now < last:
		return lang.F("%[1]s，比上次少 %[2]d 个", "%[1]s, %[2]d fewer than last time", total, last-now)
	case now > last:
		return lang.F("%[1]s，比上次多 %[2]d 个", "%[1]s, %[2]d more than last time", total, now-last)
	}
	return lang.F("%s，与上次一样多", "%s, as many as last time", total)
}

// watcher looks at the files of a run that is repeated.
type watcher struct {
	inv     *invocation
	o       *checkFlags
	args    []string
	settled settling
	// profiles are the files of profiles that settings name, found when the files were
	// as in known.
	profiles []string
	known    map[string]stamp
}

// say prints what came of a check and how to go on.
func (w *watcher) say(result lang.Text) {
	at := w.inv.now().Format(time.TimeOnly)
	w.inv.line(lang.F("[%[1]s] %[2]s；保存文件后自动重新检查，按 Ctrl-C 结束", "[%[1]s] %[2]s; checking again when a file is saved, Ctrl-C ends", at, result))
}

// clear clears the terminal, so that nothing of the last check is taken for the present
// state; what goes elsewhere is kept.
func (w *watcher) clear() {
	if _, ok := w.inv.terminal(w.inv.Out); ok && w.inv.Env("TERM") != "dumb" {
		_, _ = fmt.Fprint(w.inv.Out, "\x1b[H\x1b[2J") // a terminal that cannot be written to shows nothing anyway
	}
}

// wait waits until the files have been saved, or the context ends.
func (w *watcher) wait(ctx context.Context) {
	pause := watchEvery
	for {
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		start := time.Now()
		seen := w.look()
		pause = max(watchEvery, watchShare*time.Since(start))
		if w.settled.due(seen) {
			return
		}
	}
}

// look is what the files of a run looked like at one time.
type look struct {
	files map[string]stamp
	// missing is set if a path leads to nothing that can be checked.
	missing bool
}

// stamp tells one saved state of a file from the others.
type stamp struct {
	size     int64
	modified int64 // nanoseconds since 1970
}

func (l look) equal(m look) bool { return l.missing == m.missing && maps.Equal(l.files, m.files) }

// settling decides from one look after the other when files have been saved: when they
// differ from what was checked and have stayed as they are for a look.
type settling struct {
	checked, last look
	// waited counts the looks for which something has been missing.
	waited int
}

func (s *settling) due(now look) bool {
	stable := now.equal(s.last)
	s.last = now
	if !now.missing || s.checked.missing {
		s.waited = 0
	}
	switch {
	case now.equal(s.checked) || !stable:
		return false
	case now.missing && !s.checked.missing:
		s.waited++
		return s.waited >= watchPatience
	}
	return true
}

// look looks at the files that a check would read: those that the paths lead to now, and
// those that settings come from.
func (w *watcher) look() look {
	seen := look{files: map[string]stamp{}}
	paths, closePaths, err := w.inv.paths(w.o, w.args)
	if err != nil {
		seen.missing = true
		return seen
	}
	defer closePaths()
	find := newFinder(w.o.stdinFilename, nil, nil)
	find.outputs, find.folders = w.outputs()
	for i := range find.items(paths) {
		switch {
		case !i.failure.IsZero():
			seen.missing = true
		case i.notice.IsZero():
			seen.add(filepath.Join(i.folder, i.path))
		}
	}
	files := slices.Collect(maps.Keys(seen.files))
	seen.add(w.settings(files)...)
	seen.add(w.profiles...)
	if !maps.Equal(seen.files, w.known) {
		w.profiles = w.profileFiles(files)
		seen.add(w.profiles...)
		w.known = maps.Clone(seen.files)
	}
	return seen
}

// add stamps files that are there.
func (l look) add(names ...string) {
	for _, name := range names {
		if info, err := os.Stat(name); err == nil {
			l.files[name] = stamp{info.Size(), info.ModTime().UnixNano()}
		}
	}
}

// outputs gives the files and folders that the reports go to, which are not watched.
func (w *watcher) outputs() (files map[string]bool, folders []string) {
	files = map[string]bool{}
	for _, spec := range w.o.formats {
		format, name, ok := strings.Cut(spec, "=")
		switch {
		case !ok:
		case report.Format(format) == report.Annotated:
			folders = append(folders, key(name))
		default:
			files[key(name)] = true
		}
	}
	return files, folders
}

// settings names the files that settings of a run over some files may come from, whether
// they are there or not.
func (w *watcher) settings(files []string) []string {
	names := []string{w.o.baseline, w.o.filesFrom}
	if w.o.config != "" || w.o.noConfig {
		return append(names, w.o.config)
	}
	folders := map[string]bool{}
	for _, path := range slices.Concat([]string{"."}, w.args, files) {
		dir, err := filepath.Abs(path)
		for err == nil && !folders[dir] {
			folders[dir] = true
			dir = filepath.Dir(dir)
		}
	}
	for folder := range folders {
		names = append(names, filepath.Join(folder, config.FileName))
	}
	return names
}

// profileFiles names the files that the profiles of a run over some files are read from:
// the one that a flag names or, without, those that configurations name, and those that
// these extend.
func (w *watcher) profileFiles(files []string) []string {
	if w.o.profile != profile.Auto {
		return profile.Files(w.o.profile)
	}
	dir, err := os.Getwd()
	if err != nil {
		return nil
	}
	r, err := config.NewResolver(config.Options{Dir: dir, File: w.o.config, None: w.o.noConfig})
	if err != nil {
		return nil // the check says so
	}
	var names []string
	seen := map[*config.Configuration]bool{}
	for _, file := range files {
		if c, err := r.Configuration(filepath.Dir(file)); err == nil && c != nil && !seen[c] {
			seen[c] = true
			names = append(names, c.ProfileFiles()...)
		}
	}
	return names
}
