package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"runtime/debug"
	"sync"

	"jixiaolint/checks"
	"jixiaolint/checks/config"
	"jixiaolint/cmd/jixiaolint/report"
	"jixiaolint/schema"
	"jixiaolint/schema/grid"
	"jixiaolint/schema/intake"
	"jixiaolint/schema/lang"
)

// runner checks files on several workers.
type runner struct {
	jobs  int
	stdin io.Reader
	// settings gives the settings of a file; its error is about a configuration file.
	settings func(path string) (*config.Settings, error)
	read     reader
	// keep is set if the submitted files themselves are wanted with their reports.
	keep  bool
	check func(context.Context, *schema.Document, checks.Options) checks.FileReport
	// fixing is how files are mended, nil if they are not.
	fixing  *fixing
	failure func(path string, err error) lang.Text
}

// reader reads the documents of one file: one, or those of an archive's members.
type reader func(ctx context.Context, name string, data []byte, opts intake.Options) iter.Seq[*schema.Document]

// outcome is what came of an item: reports, or a message.
type outcome struct {
	reports []checks.FileReport
	// sources are the files of the reports, if the reading kept them.
	sources []report.Source
	// settings are those under which the file was checked; nil if it was not.
	settings *config.Settings
	// misconfigured says what is wrong with the configuration that governs the file.
	misconfigured   *config.FileError
	failure, notice lang.Text
	overwrites      bool
	// unrelated names a file of a folder that has nothing to do with forms.
	unrelated string
	// unread names the PDF of a folder or archive that were not converted.
	unread []string
	// correction is what the file is to be replaced by, nil if it is not.
	correction *correction
	// stack is where jixiaolint broke down, if it did.
	stack []byte
}

// run checks the items and hands the outcomes over in the items' order, each as soon
// as it and all before it are ready. No more files than there are workers wait to be
// handed over, so memory grows with workers, not with files.
func (r *runner) run(ctx context.Context, items iter.Seq[item], emit func(outcome) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type task struct {
		item   item
		result chan<- outcome
	}
	tasks := make(chan task)
	results := make(chan (<-chan outcome), r.jobs)

	var workers sync.WaitGroup
	for range r.jobs {
		workers.Go(func() {
			for t := range tasks {
				t.result <- r.one(ctx, t.item)
			}
		})
	}
	go func() {
		defer close(results)
		defer close(tasks)
		for i := range items {
			result := make(chan outcome, 1)
			select {
			case results <- result:
			case <-ctx.Done():
				return
			}
			if !i.failure.IsZero() || !i.notice.IsZero() {
				result <- outcome{failure: i.failure, notice: i.notice, overwrites: i.overwrites}
				continue
			}
			select {
			case tasks <- task{i, result}:
			case <-ctx.Done():
				return
			}
		}
	}()
	// After an interrupt, nothing is waited for: a worker, or the list of the files, may
	// be blocked on standard input.
	for {
		result, ok := receive(ctx, results)
		if !ok {
			break
		}
		o, _ := receive(ctx, result)
		// A check that was cut short may have missed findings: it is no result.
		if ctx.Err() != nil {
			break
		}
		if err := emit(o); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	workers.Wait()
	return nil
}

// receive waits for a value; ok is false if there are no more, or the context ends.
func receive[T any](ctx context.Context, from <-chan T) (value T, ok bool) {
	select {
	case value, ok = <-from:
	case <-ctx.Done():
	}
	return value, ok
}

// one checks one file. A panic on the way is this file's misfortune only.
func (r *runner) one(ctx context.Context, i item) (o outcome) {
	defer func() {
		if p := recover(); p != nil {
			o = outcome{reports: []checks.FileReport{internalReport(i.name, p)}, stack: debug.Stack()}
		}
	}()
	settings, err := r.settings(filepath.FromSlash(i.name))
	var faults *config.FileError
	if errors.As(err, &faults) {
		return outcome{misconfigured: faults}
	}
	if err != nil {
		return outcome{failure: r.failure(i.name, err)}
	}
	data, err := i.bytes(r.stdin, settings.ReaderLimits.FileSize)
	if err != nil {
		return outcome{failure: r.failure(i.name, err)}
	}
	o.settings = settings
	for doc := range r.read(ctx, i.name, data, intake.Options{Limits: settings.ReaderLimits, Keep: r.keep || r.fixing != nil}) {
		if i.folder != "" && doc.Unrelated {
			return outcome{unrelated: i.name}
		}
		if doc.Unconverted && (i.folder != "" || doc.File != i.name) {
			o.unread = append(o.unread, doc.File)
			continue
		}
		result, found := doc, r.check(ctx, doc, settings.Options)
		if r.fixing != nil {
			result, found, o.correction = r.fixing.document(ctx, i, doc, found, settings)
		} else if found.Fixable() > 0 {
			found.Unwritable = obstacle(&i, doc)
		}
		o.reports = append(o.reports, found)
		if !r.keep {
			continue
		}
		o.sources = append(o.sources, sourceOf(&i, result))
		if o.correction != nil {
			o.correction.source = sourceOf(&i, doc)
		}
	}
	return o
}

// sourceOf gives a document as reports are given it: with its bytes where they write into
// them.
func sourceOf(i *item, doc *schema.Document) report.Source {
	source := report.Source{Name: i.below(doc.File), Format: doc.Format}
	if doc.Format == grid.XLSX || doc.Format == grid.DOCX {
		source.Data = doc.Data
	}
	return source
}

// internalReport reports that jixiaolint broke down on a file.
func internalReport(name string, p any) checks.FileReport {
	cause := fmt.Sprint(p)
	rule := checks.InternalError()
	sum := sha256.Sum256([]byte(rule.Name + "\x1f" + name))
	return checks.FileReport{
		File:     name,
		Internal: true,
		Findings: []checks.Finding{{
			Rule:     rule,
			Severity: checks.Error,
			Message:  lang.F("jixiaolint 自身出错，没有检查完这个文件：%s", "jixiaolint itself failed and did not finish checking this file: %s", cause),
			At:       schema.Field{At: grid.Location{File: name}},
			Help: lang.F("这是程序的缺陷，不是表的问题，其他文件不受影响；设置环境变量 %[1]s=1 可看到详情，请一并反馈",
				"this is a defect of the program, not of the form, and other files are not affected; set %[1]s=1 for details and please report them", envDebug),
			Fingerprint: hex.EncodeToString(sum[:16]),
		}},
	}
}
