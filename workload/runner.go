package workload

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/formats"
)

// Options are what a Runner has besides its configuration. Programs whose jobs run in
// processes must call mlxstar.Child first in main.
type Options struct {
	// Stdin is what inputs of that kind read; Results is where outputs to standard output
	// go; Output is where scripts' own output goes. Nil is empty, and nowhere.
	Stdin           io.Reader
	Results, Output io.Writer
	// Notify is told of each record: when a run begins, with an empty status, and when it
	// ends. It may be called by several goroutines at once.
	Notify func(Record)
	// Resume goes on where an earlier Runner of the same state folder was stopped: what has
	// succeeded since is not run again, if neither its configuration nor its script and
	// inputs have changed.
	Resume bool
	// Clock is what schedules and retries wait by, ScriptClock what scripts see; nil is the
	// system's.
	Clock, ScriptClock mlxstar.Clock
	// Require, Program and GPU are as in mlxstar.ProcessOptions and mlxstar.Options.
	Require []string
	Program string
	GPU     func(poison *engine.Poison) (engine.Backend, error)
	// Queue is how many runs may wait for the budget; 0 is no bound.
	Queue int
}

// Runner runs the jobs of a configuration. It is safe for use by several goroutines.
type Runner struct {
	config  *Config
	o       Options
	budget  *budget
	memory  *mlxstar.MemoryAccount // of runs in this process
	journal *journal
	before  map[string]entry // by runKey, of runs that succeeded before
	results io.Writer
	slots   map[string]chan struct{} // of jobs with a concurrency of their own

	input     sync.Once
	inputData []byte
	inputErr  error

	mu      sync.Mutex
	metrics map[string]map[string]*series // of jobs
	stored  map[string]string             // the files of the latest results that were stored, by runKey
	output  sync.Mutex

	watching func(job string) // is told once a job watches its files; for tests
}

// NewRunner opens the state folder. The Runner must be closed.
func NewRunner(c *Config, o Options) (*Runner, error) {
	memory := int64(c.Memory)
	if memory == 0 {
		memory = mlxstar.DefaultMemoryLimit()
	}
	places := c.Concurrency
	if places == 0 {
		places = runtime.GOMAXPROCS(0)
	}
	if o.Clock == nil {
		o.Clock = systemClock{}
	}
	if o.Notify == nil {
		o.Notify = func(Record) {}
	}
	r := &Runner{
		config: c, o: o, budget: newBudget(memory, places), memory: mlxstar.NewMemoryAccount(memory), before: map[string]entry{},
		results: orDiscard(o.Results), slots: map[string]chan struct{}{}, metrics: map[string]map[string]*series{}, stored: map[string]string{},
	}
	r.budget.most = o.Queue
	for name, j := range c.Jobs {
		if j.Concurrency > 0 {
			r.slots[name] = make(chan struct{}, j.Concurrency)
		}
	}
	state := c.State
	if state == "" {
		state = ".mlxstar"
	}
	var before []entry
	var err error
	if r.journal, before, err = openJournal(c.path(state), o.Resume); err != nil {
		return nil, fmt.Errorf("state folder: %w", err)
	}
	for _, e := range before {
		if e.Status == "ok" || e.Status == "done" {
			r.before[runKey(e.Job, e.File)] = e
		}
	}
	return r, nil
}

func orDiscard(w io.Writer) io.Writer {
	if w == nil {
		return io.Discard
	}
	return w
}

// Close writes what was learned of needs.
func (r *Runner) Close() error { return r.journal.close() }

// State tells what runs have of the budget in bytes, the most they had at once, how many
// run, and how many wait.
func (r *Runner) State() (used, peak int64, running, waiting int) { return r.budget.state() }

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *Runner) stdin() ([]byte, error) {
	r.input.Do(func() {
		if r.o.Stdin != nil {
			r.inputData, r.inputErr = io.ReadAll(r.o.Stdin)
		}
	})
	return r.inputData, r.inputErr
}

func runKey(job, file string) string { return job + "\x00" + file }

// Request asks for one run of a job.
type Request struct {
	Job string
	// Inputs stand above those of the configuration.
	Inputs map[string]any
	// File is the one of many that the run is for, and Index its number.
	File  string
	Index int
	// Tenant is who the run is for; "" is the job's.
	Tenant string
	// Item is told of each element of a result that is a generator; nil makes a list.
	Item func(v any) error
	// Output is told of what the script writes to its stream "stdout" or "stderr".
	Output func(stream string, p []byte)

	parents map[string]any // results of jobs that this one needs
	keep    bool           // the result is needed by other jobs
}

// Run runs a job once, with the retries that it is allowed, when the budget has room. The
// result is nil unless the record's status is ok.
func (r *Runner) Run(ctx context.Context, q Request) (result any, record Record) {
	j := r.config.Jobs[q.Job]
	run := Record{Job: q.Job, ID: newID(), File: q.File, Index: q.Index, Tenant: q.Tenant, Start: r.o.Clock.Now(), Peak: -1}
	if j == nil {
		run.Status, run.Error = "failed", &RunError{Kind: "setup", Message: fmt.Sprintf("no job %q", q.Job)}
		return nil, run
	}
	if run.Tenant == "" {
		run.Tenant = j.Tenant
	}
	run.Seed, run.Isolation = j.Seed, "process"
	if !j.process() {
		run.Isolation = "none"
	}
	p, err := r.prepare(j, &q, &run)
	if err != nil {
		return nil, r.finish(j, run, p, nil, fmt.Errorf("%w: %w", errSetup, err))
	}
	if e, ok := r.before[runKey(q.Job, q.File)]; ok && r.o.Resume && e.Key == p.key {
		if result, ok := r.restore(e, q.keep); ok {
			run.Status, run.Outputs, run.Peak, run.Metrics, run.Seconds = "done", e.Outputs, e.Peak, e.Metrics, e.Seconds
			run.all = map[string]Metric{}
			for name, v := range e.Metrics {
				run.all[name] = Metric{Last: v, Min: v, Max: v, Sum: v, Count: 1, Sample: []float64{v}}
			}
			r.observe(j, &run)
			r.o.Notify(run)
			return result, run
		}
	}
	result, err = r.tries(ctx, j, &q, p, &run)
	return result, r.finish(j, run, p, result, err)
}

// prepared is what a run works on.
type prepared struct {
	source, name string
	inputs       map[string]any
	key          string // of all that decides what the run does
	need         string // of what its memory goes by
	keep         bool
}

// prepare reads the script and the inputs.
func (r *Runner) prepare(j *Job, q *Request, run *Record) (*prepared, error) {
	p := &prepared{inputs: map[string]any{}, keep: q.keep}
	switch {
	case j.Script != "":
		src, err := os.ReadFile(r.config.path(j.Script))
		if err != nil {
			return p, err
		}
		p.source, p.name = string(src), j.Script
	case j.Module != "":
		p.source, p.name = fmt.Sprintf("from %s import %s\n", j.Module, j.Entry), "<module "+j.Module+">"
		if j.Entry == "" {
			p.source = fmt.Sprintf("import %s\n", j.Module)
		}
	default:
		p.source, p.name = j.Code, r.config.Path+" jobs."+j.Name+".code"
	}
	for _, name := range sortedKeys(j.Inputs) {
		in := j.Inputs[name]
		v, given := q.Inputs[name]
		switch {
		case given:
		case in.From != "":
			var ran bool
			if v, ran = q.parents[in.From]; !ran {
				return p, fmt.Errorf("input %s: is the result of the job %s, which did not run; want it given", name, in.From)
			}
		case in.Each && q.File == "":
			return p, fmt.Errorf("input %s: the job runs for each of many files, want it given", name)
		default:
			file := ""
			if in.Each {
				file = q.File
			}
			var err error
			if v, err = r.read(&in, file); err != nil {
				return p, fmt.Errorf("input %s: %w", name, err)
			}
		}
		p.inputs[name] = v
	}
	for name, v := range q.Inputs {
		if _, known := j.Inputs[name]; !known && !identifier(name) {
			return p, fmt.Errorf("input %s: an input's name is a variable's, of letters, digits and _", name)
		}
		p.inputs[name] = v
	}
	text, err := json.Marshal(p.inputs) // tensors with their bytes
	if err != nil {
		text = fmt.Append(nil, p.inputs)
	}
	config, err := json.Marshal(j)
	if err != nil {
		return p, err
	}
	run.Script, run.Inputs = hash([]byte(p.source)), hash(text)
	p.key = hash(config, []byte(run.Script), []byte(run.Inputs))
	p.need = hash([]byte(j.Name), []byte(run.Script), []byte(outline(p.inputs)), fmt.Append(nil, j.Args, j.Kwargs, j.Argv))
	return p, nil
}

// tries runs the script until it succeeds or may not be tried again.
func (r *Runner) tries(ctx context.Context, j *Job, q *Request, p *prepared, run *Record) (any, error) {
	if slot := r.slots[j.Name]; slot != nil {
		select {
		case slot <- struct{}{}:
			defer func() { <-slot }()
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	grown := false
	for run.Attempt = 1; ; run.Attempt++ {
		result, learned, err := r.try(ctx, j, q, p, run, grown)
		if err == nil {
			return result, nil
		}
		// What was learned of an earlier run does not bind this one: it gets all there is.
		if learned && !grown && errors.Is(err, mlxstar.ErrMemoryLimit) {
			grown = true
			run.Attempt--
			continue
		}
		if !j.Retries.again(run.Attempt, failure(err).Kind) || ctx.Err() != nil {
			return nil, err
		}
		if err := r.o.Clock.Sleep(ctx, j.Retries.wait(run.Attempt)); err != nil {
			return nil, err
		}
	}
}

// again tells whether to try once more after a failure.
func (t *Retries) again(attempts int, kind string) bool {
	if attempts >= t.Attempts {
		return false
	}
	switch kind {
	case "steps", "output":
		kind = "error"
	case "interrupt", "setup", "refused", "busy":
		return false
	}
	for _, on := range t.On {
		if on == kind {
			return true
		}
	}
	return len(t.On) == 0
}

// wait is how long to wait after a number of tries.
func (t *Retries) wait(attempts int) time.Duration {
	wait, most := time.Duration(t.Backoff), time.Duration(t.MaxBackoff)
	if wait == 0 {
		wait = time.Second
	}
	if most == 0 {
		most = time.Minute
	}
	for range attempts - 1 {
		if wait *= 2; wait >= most {
			break
		}
	}
	return min(wait, most)
}

// try runs the script once. Learned tells that it was admitted by what earlier runs took.
func (r *Runner) try(ctx context.Context, j *Job, q *Request, p *prepared, run *Record, whole bool) (result any, learned bool, err error) {
	need := j.forAll(int64(j.Limits.Memory))
	if need == 0 {
		need = r.budget.memory
		if peak := r.journal.need(p.need); peak > 0 && !whole {
			need, learned = min(j.forAll(slack(peak)), need), true
		}
	}
	asked := r.o.Clock.Now()
	l, err := r.budget.acquire(ctx, need, run.Tenant, j.Priority)
	if err != nil {
		return nil, learned, err
	}
	defer l.release()
	run.Start = r.o.Clock.Now()
	run.Waited += run.Start.Sub(asked).Seconds()
	run.Reserved = need
	began := *run
	r.o.Notify(began)
	run.Lines, run.Metrics, run.all, run.Outputs, run.Ranks, run.Rehearsed = nil, nil, nil, nil, nil, 0
	a := &attempt{r: r, job: j, run: run, source: p.source, name: p.name, inputs: p.inputs, lease: l, item: q.Item, out: q.Output}
	if a.out == nil {
		a.out = r.write
	}
	values, err := a.do(ctx)
	if l.bytes < need {
		run.Rehearsed = l.bytes
	}
	run.Seconds = r.o.Clock.Now().Sub(run.Start).Seconds()
	var exit *mlxstar.ExitError
	if j.Entry == "" && errors.As(err, &exit) && exit.Code == 0 {
		err = nil
	}
	if err != nil {
		return nil, learned, err
	}
	if run.Peak > 0 {
		r.journal.learn(p.need, run.most())
	}
	if values == nil {
		values = map[string]any{"stdout": a.stdout.String()}
	}
	metrics := map[string]any{"peak": run.Peak, "seconds": run.Seconds}
	for name, v := range run.Metrics {
		metrics[name] = v
	}
	values["metrics"] = metrics
	if err := r.deliver(j, run, values); err != nil {
		return nil, false, fmt.Errorf("%w: %w", errSetup, err)
	}
	return values["result"], learned, nil
}

// write passes on what scripts write.
func (r *Runner) write(_ string, p []byte) {
	r.output.Lock()
	defer r.output.Unlock()
	_, _ = orDiscard(r.o.Output).Write(p) // who reads it no more stops no run
}

// finish makes the record complete and writes it.
func (r *Runner) finish(j *Job, run Record, p *prepared, result any, err error) Record {
	e := entry{Key: p.key}
	run.Status = "ok"
	if err == nil && p.keep {
		e.Result, err = r.store(&run, result)
	}
	if err != nil {
		run.Status, run.Error = "failed", failure(err)
		switch {
		case errors.Is(err, ErrRefused):
			run.Status = "refused"
		case run.Error.Kind == "interrupt":
			run.Status = "canceled"
		}
	}
	r.observe(j, &run)
	e.Record = run
	if err := r.journal.write(e); err != nil && run.Error == nil {
		run.Status, run.Error = "failed", &RunError{Kind: "setup", Message: "record: " + err.Error()}
	}
	r.o.Notify(run)
	return run
}

// observe adds a run to its job's metrics.
func (r *Runner) observe(j *Job, run *Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := r.metrics[j.Name]
	if m == nil {
		m = map[string]*series{}
		r.metrics[j.Name] = m
	}
	of := func(name string) *series {
		if m[name] == nil {
			m[name] = &series{}
		}
		return m[name]
	}
	failed := 0.0
	if run.Status != "ok" && run.Status != "done" {
		failed = 1
	}
	of("failed").add(failed)
	of("seconds").add(run.Seconds)
	of("waited").add(run.Waited)
	if run.Peak >= 0 {
		of("peak").add(float64(run.Peak))
	}
	for name, x := range run.all {
		of(name).merge(x)
	}
}

// Failed lists the thresholds of a job that its runs do not meet, with what was measured.
func (r *Runner) Failed(job string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	j := r.config.Jobs[job]
	var out []string
	for _, t := range j.Thresholds {
		v, ok := r.metrics[job][t.Metric].aggregate(t.Aggregate)
		switch {
		case !ok:
			out = append(out, fmt.Sprintf("%s: no run has reported %s", t.Text, t.Metric))
		case !t.holds(v):
			out = append(out, fmt.Sprintf("%s: got %g", t.Text, v))
		}
	}
	return out
}

// store keeps a result in the state folder, for jobs that need it after a restart. What an
// earlier run of the kind left is removed.
func (r *Runner) store(run *Record, result any) (string, error) {
	var all []formats.Array
	tree, err := json.Marshal(unpack(result, &all))
	if err != nil {
		return "", fmt.Errorf("%w: a result that other jobs need: %w", errSetup, err)
	}
	name := filepath.Join("results", run.ID)
	path := filepath.Join(r.journal.dir, name)
	if err := formats.WriteFile(path+".safetensors", func(w io.Writer) error { return writeTensors(w, all) }); err != nil {
		return "", err
	}
	if err := replaceFile(path+".json", tree); err != nil {
		return "", err
	}
	r.mu.Lock()
	key := runKey(run.Job, run.File)
	last := r.stored[key]
	r.stored[key] = path
	r.mu.Unlock()
	if last != "" { // a job that runs time and again leaves one result
		_ = errors.Join(os.Remove(last+".json"), os.Remove(last+".safetensors")) // what stays is not read again
	}
	return name, nil
}

// restore gives the result of a run that succeeded before; ok is false where it, or an
// output, is gone.
func (r *Runner) restore(e entry, keep bool) (any, bool) {
	for _, path := range e.Outputs {
		if _, err := os.Stat(path); err != nil {
			return nil, false
		}
	}
	if !keep {
		return nil, true
	}
	if e.Result == "" {
		return nil, false
	}
	v, err := readStored(filepath.Join(r.journal.dir, e.Result))
	return v, err == nil
}

func newID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
