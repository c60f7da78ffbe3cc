package workload

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long files that are watched must rest before their job runs: writers often
// write in several steps.
const settle = 200 * time.Millisecond

// Serve runs the jobs that have a schedule or watch files when they are due, until the
// context ends; runs in progress then have ended. A job that is due while it still runs
// is not run a second time.
func (r *Runner) Serve(ctx context.Context) error {
	var all sync.WaitGroup
	var mu sync.Mutex
	var first error
	for _, name := range r.config.Order {
		j := r.config.Jobs[name]
		if j.Schedule != "" {
			all.Go(func() { r.scheduled(ctx, j) })
		}
		if len(j.Watch) > 0 {
			all.Go(func() {
				if err := r.watched(ctx, j); err != nil {
					mu.Lock()
					first = errors.Join(first, fmt.Errorf("watch of job %s: %w", j.Name, err))
					mu.Unlock()
				}
			})
		}
	}
	all.Wait()
	return first
}

// Waits tells whether any job has a schedule or watches files.
func (c *Config) Waits() bool {
	for _, j := range c.Jobs {
		if j.Schedule != "" || len(j.Watch) > 0 {
			return true
		}
	}
	return false
}

// Immediate lists the jobs that neither have a schedule nor watch files.
func (c *Config) Immediate() []string {
	var out []string
	for _, name := range c.Order {
		if j := c.Jobs[name]; j.Schedule == "" && len(j.Watch) == 0 {
			out = append(out, name)
		}
	}
	return out
}

// once runs a job that is due, with what it needs.
func (r *Runner) once(ctx context.Context, j *Job) {
	_, _ = r.RunAll(ctx, []string{j.Name}) // records tell what became of it; the job is known
}

func (r *Runner) scheduled(ctx context.Context, j *Job) {
	table, err := j.timetable()
	if err != nil {
		return // which check has refused
	}
	for next := table.Next(r.o.Clock.Now()); !next.IsZero(); {
		if r.o.Clock.Sleep(ctx, next.Sub(r.o.Clock.Now())) != nil {
			return
		}
		now := r.o.Clock.Now()
		if now.Before(next) { // a clock that was set back
			continue
		}
		r.once(ctx, j)
		next = table.Next(r.o.Clock.Now())
	}
}

// watched runs a job when a file changes. Folders are watched, and not the files: those may
// be replaced, or come into being.
func (r *Runner) watched(ctx context.Context, j *Job) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer w.Close()
	patterns := make([]string, len(j.Watch))
	for i, p := range j.Watch {
		patterns[i] = r.config.path(p)
		dirs := []string{filepath.Dir(patterns[i])}
		if pattern(dirs[0]) {
			if dirs, err = filepath.Glob(dirs[0]); err != nil {
				return err
			}
		}
		for _, dir := range dirs {
			if err := w.Add(dir); err != nil {
				return fmt.Errorf("%s: %w", dir, err)
			}
		}
	}
	if r.watching != nil {
		r.watching(j.Name)
	}
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-w.Errors:
			return err
		case e := <-w.Events:
			if e.Has(fsnotify.Chmod) && e.Op == fsnotify.Chmod {
				continue
			}
			for _, p := range patterns {
				if ok, _ := filepath.Match(p, e.Name); ok {
					timer.Reset(settle)
				}
			}
		case <-timer.C:
			r.once(ctx, j)
		}
	}
}
