package workload

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/mlxstar/mlxstar"
)

// session is a runtime, in this process or another.
type session interface {
	Exec(ctx context.Context, name, src string) error
	Eval(ctx context.Context, name, src string) (any, error)
	Set(name string, value any) error
	Close() error
}

var (
	_ session = (*mlxstar.Runtime)(nil)
	_ session = (*mlxstar.Process)(nil)
)

// attempt is one try of a run.
type attempt struct {
	r      *Runner
	job    *Job
	run    *Record
	source string
	name   string // of the source in messages
	inputs map[string]any
	lease  *lease
	item   func(v any) error // is told of each element of a result that is a generator; may be nil
	out    func(stream string, p []byte)

	group *mlxstar.Ranks // of a job of several ranks
	rank  int

	stdout  strings.Builder
	session session
}

var errOutputLimit = errors.New("output limit exceeded")

// hidden begins the names by which an attempt keeps values among a script's variables.
const hidden = "__mlxstar_"

// limitedWriter passes on what a script writes, up to a limit, past which it ends the run.
type limitedWriter struct {
	mu   *sync.Mutex
	left *int64
	to   func(p []byte)
	end  func(error)
}

func (w *limitedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := int(min(int64(len(p)), *w.left))
	*w.left -= int64(n)
	w.to(p[:n])
	if n < len(p) {
		w.end(errOutputLimit)
	}
	return len(p), nil
}

// do runs the script and gives its values by the names that outputs use.
func (a *attempt) do(ctx context.Context) (values map[string]any, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if t := a.job.Limits.Time; t > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, time.Duration(t))
		defer stop()
	}
	left := int64(a.job.Limits.Output)
	if left == 0 {
		left = 16 << 20
	}
	var mu sync.Mutex
	limited := func(to func(p []byte)) io.Writer { return &limitedWriter{&mu, &left, to, cancel} }
	if a.job.ranks() > 1 {
		values, err = a.together(ctx, limited)
	} else {
		out := limited(func(p []byte) {
			a.stdout.Write(p)
			a.out("stdout", p)
		})
		values, err = a.alone(ctx, out, limited(func(p []byte) { a.out("stderr", p) }))
	}
	if err != nil && errors.Is(context.Cause(ctx), errOutputLimit) {
		err = fmt.Errorf("%w: %w", errOutputLimit, err)
	}
	return values, err
}

// alone runs the script in a session.
func (a *attempt) alone(ctx context.Context, stdout, stderr io.Writer) (values map[string]any, err error) {
	closeFiles, err := a.open(stdout, stderr)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errSetup, err)
	}
	defer func() { err = errors.Join(err, a.session.Close(), closeFiles()) }()
	defer a.measure()
	return a.perform(ctx)
}

// open makes the session.
func (a *attempt) open(stdout, stderr io.Writer) (closeFiles func() error, err error) {
	j, c := a.job, a.r.config
	env := a.variables()
	for _, name := range j.Grants.Env {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	root, mounts := c.folders(j)
	argv := append([]string{a.name}, j.Argv...)
	if j.process() {
		p, err := mlxstar.NewProcess(mlxstar.ProcessOptions{
			Args: argv, Seed: j.Seed, MemoryLimit: a.share(a.lease.bytes), HardMemoryLimit: int64(j.Limits.Hard), Threads: a.threads(),
			StepLimit: j.Limits.Steps, Env: env, Stdout: stdout, Stderr: stderr, CPUTime: time.Duration(j.Limits.CPU),
			Folder: root.Path, Writable: root.Writable, Mounts: mounts, Require: a.r.o.Require, Program: a.r.o.Program,
			Ranks: a.group, Rank: a.rank,
		})
		if err != nil {
			return nil, err
		}
		a.session = p
		return func() error { return nil }, nil
	}
	files, closeFiles, err := openFolders(root, mounts)
	if err != nil {
		return nil, err
	}
	o := mlxstar.Options{
		Args: argv, Stdout: stdout, Stderr: stderr, Seed: j.Seed, MemoryLimit: a.share(a.lease.bytes), HardMemoryLimit: int64(j.Limits.Hard),
		Memory: a.r.memory, Threads: a.threads(), Device: j.Device, GPU: a.r.o.GPU, StepLimit: j.Limits.Steps,
		Files: files, Network: networkOf(j), Dir: "/", Env: env, Clock: a.r.o.ScriptClock,
		Ranks: a.group, Rank: a.rank,
	}
	if !yes(j.Grants.Clock) {
		o.Clock = stoppedClock{a.run.Start}
	}
	rt, err := mlxstar.New(o)
	if err != nil {
		return nil, errors.Join(err, closeFiles())
	}
	a.session = rt
	return closeFiles, nil
}

// stoppedClock is the time of a script that is not granted any: it stands still, and
// sleeping takes none.
type stoppedClock struct{ at time.Time }

func (c stoppedClock) Now() time.Time                                   { return c.at }
func (c stoppedClock) Sleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// perform runs the script, and its entry if it has one.
func (a *attempt) perform(ctx context.Context) (map[string]any, error) {
	j, s := a.job, a.session
	if yes(j.Profile) && a.rank == 0 {
		if _, err := s.Eval(ctx, "<mlxstar>", "__import__('mlxstar.memory', fromlist=['record']).record()"); err != nil {
			return nil, err
		}
	}
	if j.Entry == "" {
		for _, name := range sortedKeys(a.inputs) {
			if err := s.Set(name, a.inputs[name]); err != nil {
				return nil, fmt.Errorf("%w: input %s: %w", errSetup, name, err)
			}
		}
	}
	if err := s.Exec(ctx, a.name, a.source); err != nil {
		return nil, err
	}
	if j.Entry != "" {
		if err := a.call(ctx); err != nil {
			return nil, err
		}
	}
	return a.collect(ctx)
}

// call calls the entry. The result stays among the script's variables.
func (a *attempt) call(ctx context.Context) error {
	args, kwargs := []any{}, map[string]any{}
	value := func(v any) any {
		if name, ok := reference(v); ok {
			return a.inputs[name]
		}
		if s, ok := v.(string); ok && strings.HasPrefix(s, "$$") {
			return s[1:]
		}
		return v
	}
	if a.job.Args == nil && a.job.Kwargs == nil {
		for name, v := range a.inputs {
			kwargs[name] = v
		}
	}
	for _, v := range a.job.Args {
		args = append(args, value(v))
	}
	for name, v := range a.job.Kwargs {
		kwargs[name] = value(v)
	}
	s := a.session
	if err := errors.Join(s.Set(hidden+"args", args), s.Set(hidden+"kwargs", kwargs)); err != nil {
		return fmt.Errorf("%w: arguments: %w", errSetup, err)
	}
	entry := "<entry of " + a.job.Name + ">"
	return s.Exec(ctx, entry, fmt.Sprintf("%sresult = %s(*%sargs, **%skwargs)\ndel %sargs, %skwargs", hidden, a.job.Entry, hidden, hidden, hidden, hidden))
}

// rehearse tells what evaluating the result takes: 0 if that is not known. No statement of
// the script runs any more.
const rehearse = `
def __mlxstar_arrays(v, out, depth):
    import mlx.core as mx
    if isinstance(v, mx.array):
        out.append(v)
    elif depth < 100 and isinstance(v, dict):
        for x in v.values():
            __mlxstar_arrays(x, out, depth + 1)
    elif depth < 100 and isinstance(v, (list, tuple)):
        for x in v:
            __mlxstar_arrays(x, out, depth + 1)
    return out
def __mlxstar_rehearse(v):
    import mlxstar
    import mlx.core as mx
    arrays = __mlxstar_arrays(v, [], 0)
    if type(v).__name__ == "generator":
        return -1
    need = mx.get_active_memory() + (mlxstar.plan(*arrays)["peak"] if arrays else 0)
    return need
`

// slack is what a run is given above what it is known to need: collections of garbage do
// not come at the same moments twice.
func slack(peak int64) int64 { return peak + peak/8 + 1<<20 }

// collect gives the values that outputs want.
func (a *attempt) collect(ctx context.Context) (map[string]any, error) {
	values := map[string]any{}
	if a.job.Entry != "" || a.group != nil {
		if err := a.session.Exec(ctx, "<mlxstar>", rehearse); err != nil {
			return nil, err
		}
	}
	if a.job.Entry != "" {
		v, err := a.result(ctx)
		if err != nil {
			return nil, err
		}
		values["result"] = v
	}
	for _, name := range sortedKeys(a.job.Outputs) {
		o := a.job.Outputs[name]
		of := o.of()
		if _, have := values[of]; have || of == "stdout" || of == "metrics" {
			continue
		}
		if !identifier(of) {
			return nil, fmt.Errorf("%w: output %s: %q is no variable's name", errSetup, name, of)
		}
		v, err := a.value(ctx, "<output "+name+">", of)
		if err != nil {
			return nil, fmt.Errorf("output %s: %w", name, err)
		}
		values[of] = v
	}
	values["stdout"] = a.stdout.String()
	return values, nil
}

// result gives the entry's result. Where its evaluation needs less than the run has of the
// budget, the rest goes to others before it begins.
func (a *attempt) result(ctx context.Context) (any, error) {
	s := a.session
	need, err := s.Eval(ctx, "<mlxstar>", hidden+"rehearse("+hidden+"result)")
	if err != nil {
		return nil, err
	}
	if n, ok := need.(int64); ok && n < 0 {
		return a.stream(ctx)
	} else if ok && a.job.Limits.Memory == 0 && a.group == nil && slack(n) < a.lease.bytes {
		limit := slack(n)
		if _, err := s.Eval(ctx, "<mlxstar>", fmt.Sprintf("__import__('mlx.core', fromlist=['x']).set_memory_limit(%d)", limit)); err != nil {
			return nil, err
		}
		a.lease.shrink(limit)
	}
	return a.value(ctx, "<result>", hidden+"result")
}

// stream steps a result that is a generator. The result is the list of its elements, unless
// somebody takes them one by one.
func (a *attempt) stream(ctx context.Context) (any, error) {
	if err := a.session.Set(hidden+"end", hidden+"end"); err != nil {
		return nil, err
	}
	out := []any{}
	for {
		v, err := a.value(ctx, "<result>", "next("+hidden+"result, "+hidden+"end)")
		if err != nil {
			return nil, err
		}
		if last, err := a.lastOf(ctx, v); last || err != nil {
			return out, err
		}
		if a.item != nil {
			if err := a.item(v); err != nil {
				return nil, err
			}
			continue
		}
		out = append(out, v)
	}
}

// measureTime is how long asking a run that has ended what it took may take.
const measureTime = 2 * time.Second

// measure notes what the run took. Where the process is gone that is not known.
func (a *attempt) measure() {
	a.run.Peak = -1
	ctx, cancel := context.WithTimeout(context.Background(), measureTime)
	defer cancel()
	eval := func(src string) any {
		v, err := a.session.Eval(ctx, "<mlxstar>", src)
		if err != nil {
			return nil
		}
		return v
	}
	if peak, ok := eval("__import__('mlx.core', fromlist=['x']).get_peak_memory()").(int64); ok {
		a.run.Peak = peak
	}
	if a.rank > 0 {
		return // the rest is told of the first
	}
	if all, ok := eval("__import__('mlxstar').metrics()").(map[string]any); ok && len(all) > 0 {
		a.run.Metrics, a.run.all = map[string]float64{}, map[string]Metric{}
		for name, v := range all {
			var m struct {
				Last, Min, Max, Sum float64
				Count               int64
				Sample              []float64
			}
			text, err := json.Marshal(v)
			if err == nil {
				err = json.Unmarshal(text, &m)
			}
			if err == nil {
				a.run.all[name] = Metric{Last: m.Last, Min: m.Min, Max: m.Max, Sum: m.Sum, Count: m.Count, Sample: m.Sample}
				a.run.Metrics[name] = m.Last
			}
		}
	}
	if !yes(a.job.Profile) {
		return
	}
	rows, _ := eval("sorted(__import__('mlxstar.memory', fromlist=['x']).by_line(), key=lambda r: -r['peak_bytes'])[:5]").([]any)
	for _, row := range rows {
		r, _ := row.(map[string]any)
		where, _ := r["where"].(string)
		if n, _ := r["peak_bytes"].(int64); n > 0 {
			a.run.Lines = append(a.run.Lines, LineBytes{where, n})
		}
	}
}

// errSetup is behind errors that are not the script's.
var errSetup = errors.New("setup")

// failure describes an error of a run.
func failure(err error) *RunError {
	f := &RunError{Kind: "error", Message: err.Error()}
	var of *rankError
	if errors.As(err, &of) {
		f.Rank, f.Message = &of.rank, of.err.Error()
	}
	switch {
	case errors.Is(err, errOutputLimit):
		f.Kind = "output"
	case errors.Is(err, mlxstar.ErrStepLimit):
		f.Kind = "steps"
	case errors.Is(err, context.DeadlineExceeded):
		f.Kind = "time"
	case errors.Is(err, context.Canceled), errors.Is(err, mlxstar.ErrInterrupted):
		f.Kind = "interrupt"
	case errors.Is(err, mlxstar.ErrMemoryLimit):
		f.Kind = "memory"
	case errors.Is(err, mlxstar.ErrProcess):
		f.Kind = "crash"
	case errors.Is(err, ErrBusy):
		f.Kind = "busy"
	case errors.Is(err, ErrRefused):
		f.Kind = "refused"
	case errors.Is(err, errSetup):
		f.Kind, f.Message = "setup", strings.TrimPrefix(f.Message, "setup: ")
	}
	var e *mlxstar.Error
	if errors.As(err, &e) {
		f.Type, f.Message, f.Traceback = e.Type, e.Message, e.Traceback
		f.File, f.Line, f.Column, f.Function = e.File, e.Line, e.Column, e.Function
	}
	return f
}
