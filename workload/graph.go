package workload

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Summary is what came of a whole configuration.
type Summary struct {
	Records []Record
	// Thresholds lists those that were not met, by job.
	Thresholds map[string][]string
}

// Exit codes of a summary. Those of errors are the command's.
const (
	ExitOK         = 0
	ExitFailed     = 1
	ExitMemory     = 3
	ExitTime       = 4
	ExitThresholds = 5
	ExitConfig     = 6
	ExitInterrupt  = 130
)

// Code is the exit code that the summary stands for: of the first run that failed, else
// whether thresholds were met.
func (s *Summary) Code() int {
	for _, r := range s.Records {
		if r.Error == nil || r.Status == "skipped" {
			continue
		}
		switch r.Error.Kind {
		case "memory":
			return ExitMemory
		case "time":
			return ExitTime
		case "interrupt":
			return ExitInterrupt
		}
		return ExitFailed
	}
	if len(s.Thresholds) > 0 {
		return ExitThresholds
	}
	return ExitOK
}

// node of the graph: a job and what became of it.
type graphJob struct {
	job    *Job
	done   chan struct{}
	ok     bool
	result any
}

// RunAll runs jobs once, each after those that it needs: those of names, with what they
// need, or all if there are none. A job whose needs failed is skipped.
func (r *Runner) RunAll(ctx context.Context, only []string) (*Summary, error) {
	order, err := r.selected(only)
	if err != nil {
		return nil, err
	}
	jobs := map[string]*graphJob{}
	for _, name := range order {
		jobs[name] = &graphJob{job: r.config.Jobs[name], done: make(chan struct{})}
	}
	keep := map[string]bool{}
	for _, name := range order {
		for _, in := range r.config.Jobs[name].Inputs {
			if in.From != "" {
				keep[in.From] = true
			}
		}
	}
	s := &Summary{Thresholds: map[string][]string{}}
	var mu sync.Mutex
	add := func(records ...Record) {
		mu.Lock()
		defer mu.Unlock()
		s.Records = append(s.Records, records...)
	}
	var all sync.WaitGroup
	for _, name := range order {
		g := jobs[name]
		all.Go(func() {
			defer close(g.done)
			parents := map[string]any{}
			for _, p := range g.job.parents() {
				<-jobs[p].done
				if !jobs[p].ok {
					run := Record{Job: name, ID: newID(), Status: "skipped", Start: r.o.Clock.Now(), Peak: -1,
						Error: &RunError{Kind: "setup", Message: fmt.Sprintf("the job %s, which it needs, failed", p)}}
					r.o.Notify(run)
					add(run)
					return
				}
				parents[p] = jobs[p].result
			}
			g.result, g.ok = r.runJob(ctx, g.job, parents, keep[name], add)
			if failed := r.Failed(name); len(failed) > 0 {
				mu.Lock()
				s.Thresholds[name] = failed
				mu.Unlock()
				g.ok = false
			}
		})
	}
	all.Wait()
	return s, nil
}

// runJob runs a job: once, or for each file. The result is then a list.
func (r *Runner) runJob(ctx context.Context, j *Job, parents map[string]any, keep bool, add func(...Record)) (any, bool) {
	each := j.each()
	if each == "" {
		result, run := r.Run(ctx, Request{Job: j.Name, parents: parents, keep: keep})
		add(run)
		return result, run.Status == "ok" || run.Status == "done"
	}
	in := j.Inputs[each]
	_, path := in.file()
	files, err := r.config.files(path)
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("no file fits %s", path)
	}
	if err != nil {
		run := Record{Job: j.Name, ID: newID(), Status: "failed", Start: r.o.Clock.Now(), Peak: -1,
			Error: &RunError{Kind: "setup", Message: fmt.Sprintf("input %s: %s", each, err)}}
		r.o.Notify(run)
		add(run)
		return nil, false
	}
	results, records := make([]any, len(files)), make([]Record, len(files))
	var all sync.WaitGroup
	// More would only wait for the budget, with their inputs in memory.
	places := make(chan struct{}, 2*r.budget.places)
	for i, f := range files {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			results[i], records[i] = r.Run(ctx, Request{Job: j.Name, File: f, Index: i, parents: parents, keep: keep})
		})
	}
	all.Wait()
	add(records...)
	ok := true
	for _, run := range records {
		ok = ok && (run.Status == "ok" || run.Status == "done")
	}
	return results, ok
}

// selected lists the jobs to run, with what they need, in an order in which needs come
// first.
func (r *Runner) selected(only []string) ([]string, error) {
	if len(only) == 0 {
		only = r.config.Order
	}
	var out []string
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		for _, p := range r.config.Jobs[name].parents() {
			visit(p)
		}
		out = append(out, name)
	}
	for _, name := range only {
		if r.config.Jobs[name] == nil {
			return nil, errors.New("no job " + quoted(name) + didYouMean(name, r.config.Order))
		}
		visit(name)
	}
	return out, nil
}

func quoted(s string) string { return `"` + s + `"` }

// Step is a job of a plan.
type Step struct {
	Job   string   `json:"job"`
	Needs []string `json:"needs,omitempty"`
	Files []string `json:"files,omitempty"` // one run for each
	// Memory is what a run is admitted by: its limit, or what it is known to need from
	// earlier runs with these inputs; 0 is not known, and the whole budget.
	Memory  int64    `json:"memory"`
	Outputs []string `json:"outputs,omitempty"`
	Problem string   `json:"problem,omitempty"` // why it would fail before it ran
}

// Plan says what RunAll would do, without doing it: inputs are read, outputs are not
// written.
func (r *Runner) Plan(only []string) ([]Step, error) {
	order, err := r.selected(only)
	if err != nil {
		return nil, err
	}
	var out []Step
	for _, name := range order {
		j := r.config.Jobs[name]
		s := Step{Job: name, Needs: j.parents(), Memory: j.forAll(int64(j.Limits.Memory))}
		run := Record{Job: name, ID: "RUN"}
		if each := j.each(); each != "" {
			in := j.Inputs[each]
			_, path := in.file()
			if s.Files, err = r.config.files(path); err != nil || len(s.Files) == 0 {
				s.Problem = fmt.Sprintf("input %s: no file fits %s", each, path)
			} else {
				run.File = s.Files[0]
			}
		}
		if s.Problem == "" && len(s.Needs) == 0 {
			p, err := r.prepare(j, &Request{Job: name, File: run.File}, &run)
			if err != nil {
				s.Problem = err.Error()
			} else if s.Memory == 0 {
				s.Memory = j.forAll(r.journal.need(p.need))
			}
		}
		for _, o := range sortedKeys(j.Outputs) {
			out := j.Outputs[o]
			if file := out.file(); file != "" {
				s.Outputs = append(s.Outputs, r.place(file, &run))
			}
		}
		out = append(out, s)
	}
	return out, nil
}
