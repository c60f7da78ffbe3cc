// Package mlxstar runs MLX-style Python scripts inside Go programs: lazy arrays
// on a pure-Go engine, `import mlx.core as mx` as its users write it, and memory
// counters that are true. There is no cgo and no Python.
//
// A Runtime is one script world: its global variables, its arrays, its random
// state and its memory account. Runtimes share nothing but the code, unless they
// are given a common memory account.
//
//	rt, err := mlxstar.New(mlxstar.Options{MemoryLimit: 1 << 30})
//	if err != nil {
//		return err
//	}
//	defer rt.Close()
//	err = rt.ExecFile(ctx, "train.py")
//
// A runtime is safe for use by several goroutines; calls run one after the other, and
// a Func that a script calls may call the runtime that waits for it.
// Scripts reach nothing outside of the runtime unless Options grant it.
package mlxstar

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/number"
	"github.com/mlxstar/mlxstar/distributed"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/stdlib"
)

// Version is the version of the library and the command.
const Version = "0.1.0"

// Runtime is one script world.
type Runtime struct {
	turn     *turn
	opts     Options
	account  *alloc.Account
	engine   *engine.Engine
	mx       *builtins.Module
	main     *dialect.Module
	globals  starlark.StringDict
	env      *stdlib.Environment
	std      *stdlib.Modules
	world    *distributed.World
	seat     *distributed.Seat         // in a group of the host's, or nil
	failed   bool                      // the last call
	files    map[string]starlark.Value // that load has run
	sources  map[string]string         // the last text run under each name, for tracebacks
	stdin    *inputSwitch
	stderr   *outputSwitch
	stdout   *outputSwitch
	terminal bool
	metrics  reports

	stepLimit, stepBase uint64 // of the call in progress, and the steps that came before it
	now                 func() time.Time

	share    heapShare
	detached func() int64         // bytes of the heap that kernels hold after their call ended
	current  atomic.Pointer[call] // in progress, the innermost
	spare    *call                // what the next call runs on, if the last one left it
	asides   *object.Asides
	digits   int // see object.IntDigits

	// What each call is given: functions made once.
	print      func(thread *starlark.Thread, msg string)
	rooms      func(bytes, since int64) error
	released   func()
	profile    atomic.Pointer[CPUProfile]
	watch      watch
	generators object.Generators
	closing    context.Context // ends when Close begins
	close      context.CancelCauseFunc
	closed     bool // once Close has the turn
}

// New makes a runtime.
func New(o Options) (*Runtime, error) {
	backends, detached, err := devices(&o)
	if err != nil {
		return nil, err
	}
	limit := o.MemoryLimit
	switch {
	case limit == 0:
		limit = defaultLimit(backends[0])
	case limit < 0:
		limit = 0
	}
	ceiling := o.MemoryLimit > 0
	// An array that is much too large is refused; one that is a little too large ends the
	// script as other values do.
	if hard := o.HardMemoryLimit; hard > 0 && (limit == 0 || limit > hard+hard/16) {
		limit, ceiling = hard+hard/16, true
	}
	var parent *alloc.Account
	if o.Memory != nil {
		parent = o.Memory.account
	}
	now := time.Now
	if o.Clock != nil {
		now = o.Clock.Now
	}
	rt := &Runtime{
		opts:     o,
		account:  alloc.NewAccount("runtime", parent, limit),
		terminal: o.Terminal,

		stepLimit: o.StepLimit,
		now:       now,
		turn:      newTurn(),
		detached:  detached,
		asides:    object.NewAsides(cmp.Or(o.Threads, runtime.GOMAXPROCS(0))),
	}
	rt.stdin = newInputSwitch(o.Stdin, rt.ended)
	rt.stdout, rt.stderr = newOutputSwitch(o.Stdout, rt.ended), newOutputSwitch(o.Stderr, rt.ended)
	if ceiling {
		rt.account.SetCeiling()
	}
	rt.account.Patience(rt.patience)
	rt.print = func(_ *starlark.Thread, msg string) { fmt.Fprintln(rt.stdout, msg) }
	rt.rooms, rt.released = rt.room, rt.turn.release
	rt.closing, rt.close = context.WithCancelCause(context.Background())
	rt.engine, err = engine.New(engine.Options{Backends: backends, Account: rt.account, Seed: o.Seed})
	if err != nil {
		for _, b := range backends {
			err = errors.Join(err, b.Close())
		}
		return nil, err
	}
	rt.mx = builtins.New(rt.engine, rt)
	rt.mx.Refused = rt.refused
	if o.MemoryRefused != nil {
		rt.RecordMemory()
	}
	if rt.seat, err = o.sit(); err != nil {
		return nil, errors.Join(err, rt.engine.Close())
	}
	if err := rt.furnish(); err != nil {
		return nil, errors.Join(err, rt.engine.Close())
	}
	heap, _ := processHeap()
	rt.share.base.Store(heap)
	rt.share.collecting = make(chan struct{}, 1)
	if o.HardMemoryLimit > 0 {
		rt.share.timer = time.AfterFunc(heapInterval, rt.lookAtHeap) // finds no call, until one has it look again
	}
	openRuntimes.Add(1)
	if o.Monitor {
		if err := rt.ServeMonitor(); err != nil {
			return nil, errors.Join(err, rt.Close())
		}
	}
	return rt, nil
}

// furnish gives the runtime a world without anything of scripts in it.
func (rt *Runtime) furnish() error {
	rt.files, rt.sources = map[string]starlark.Value{}, map[string]string{}
	rt.env = rt.environment()
	rt.digits = number.DefaultDigits
	rt.declareGlobals()
	rt.std.UseArrays(rt.mx)
	rt.world = rt.newWorld()
	rt.mx.Groups = rt.world
	rt.main = dialect.NewModule("__main__", "", rt.globals)
	rt.std.Provide(rt.provide)
	rt.std.Register("__main__", rt.main)
	rt.traceWithin()
	if err := rt.registerModules(); err != nil {
		return fmt.Errorf("modules: %w", err)
	}
	return nil
}

func orDiscard(w io.Writer) io.Writer {
	if w == nil {
		return io.Discard
	}
	return w
}

// environment is what the runtime lets its scripts reach.
func (rt *Runtime) environment() *stdlib.Environment {
	o := &rt.opts
	variables := make(map[string]string, len(o.Env))
	for _, kv := range o.Env {
		name, value, _ := strings.Cut(kv, "=")
		variables[name] = value
	}
	clock := o.Clock
	if clock == nil {
		clock = stdlib.SystemClock{}
	}
	env := &stdlib.Environment{
		Clock: clock, Park: rt.turn.park, Random: o.Random,
		Args: o.Args, Stdin: parkingReader{rt.stdin, rt.turn}, Stdout: rt.stdout, Stderr: rt.stderr, Files: o.Files, Network: o.Network, Dir: o.Dir,
		Variables: variables, Context: rt.Context, Terminal: o.Terminal, Color: o.Color, Version: Version,
		Source: rt.source,
		Path:   append([]string{""}, o.Path...),
	}
	if !o.HostInfo {
		env.PID, env.CPUs, env.System = 1, o.Threads, "linux"
		if env.CPUs <= 0 {
			env.CPUs = runtime.GOMAXPROCS(0)
		}
	}
	switch o.Files.(type) {
	case *Folder, readOnly, *mounts:
		if o.Dir == "" {
			env.Dir = "/" // the process's directory is none of theirs
		}
	}
	return env
}

// Exit calls the functions that scripts have registered with atexit for the program's
// end. The error is of the first that fails.
func (rt *Runtime) Exit(ctx context.Context) error {
	before := rt.failed
	_, err := rt.runWith(ctx, Span{Kind: SpanExec, Name: "atexit"}, nil, func(thread *starlark.Thread) (starlark.Value, error) { return starlark.None, rt.std.Exit(thread) })
	if err == nil {
		rt.failed = before
	}
	return err
}

// Close ends the runtime, its generators and the call in progress, and gives all its
// memory back. Calls that come later, or wait for their turn, fail with ErrClosed.
// Arrays and functions that it gave out must not be used any more. A function that
// the runtime's script calls cannot close it.
func (rt *Runtime) Close() error {
	if rt.turn.visitor() != nil {
		return errors.New("close: the runtime waits for the function that closes it")
	}
	rt.close(ErrClosed)
	for c := rt.current.Load(); c != nil; c = c.outer() {
		c.end(ErrClosed)
	}
	_, release, err := rt.turn.take(context.Background())
	if err != nil {
		return err
	}
	defer release()
	if rt.closed {
		return nil
	}
	rt.closed = true
	openRuntimes.Add(-1)
	rt.generators.Close()
	err = errors.Join(rt.std.Close(), rt.leaveGroups())
	rt.main, rt.files, rt.sources, rt.spare = nil, nil, nil, nil
	return errors.Join(err, rt.closeMonitor(), rt.engine.Close())
}

// Context bounds the evaluations of the call in progress.
func (rt *Runtime) Context() context.Context {
	if c := rt.current.Load(); c != nil {
		rt.boundArrays(c)
		return c.Context()
	}
	return context.Background()
}

// Exec runs a script, named name in error messages. Its global variables stay
// for later calls. The error is an *Error, or an *ExitError if the script called
// sys.exit.
func (rt *Runtime) Exec(ctx context.Context, name, src string) error {
	_, err := rt.runWith(ctx, Span{Kind: SpanExec, Name: name}, nil, func(thread *starlark.Thread) (starlark.Value, error) {
		return rt.chunk(thread, name, src, dialect.ModeFile)
	})
	return err
}

// ExecFile runs the script in a file, as Exec does. __file__ is its path, and
// imports look beside it. The file is one of Options.Files; without those it is the
// machine's.
func (rt *Runtime) ExecFile(ctx context.Context, path string) error {
	src, err := rt.scriptFile(path)
	if err != nil {
		return err
	}
	return rt.ExecSource(ctx, path, string(src))
}

// ExecSource runs source text as if it were what the file holds: the script's
// imports start from the file's directory.
func (rt *Runtime) ExecSource(ctx context.Context, path, src string) error {
	abs, err := rt.scriptPath(path)
	if err != nil {
		return err
	}
	_, err = rt.runWith(ctx, Span{Kind: SpanExec, Name: path}, nil, func(thread *starlark.Thread) (starlark.Value, error) {
		rt.main.SetFile(abs)
		rt.std.SetScriptFolder(filepath.Dir(abs))
		return rt.chunk(thread, path, src, dialect.ModeFile)
	})
	return err
}

// ExecModule runs a module, which is found as import finds it, as the program: its
// __name__ is "__main__", sys.argv[0] its path, and sys.path starts with Dir. Of a
// package, its module __main__ runs.
func (rt *Runtime) ExecModule(ctx context.Context, name string) error {
	_, err := rt.runWith(ctx, Span{Kind: SpanExec, Name: name}, nil, func(thread *starlark.Thread) (starlark.Value, error) {
		return starlark.None, rt.std.RunMain(thread, rt.main, name, rt.env.Dir)
	})
	return err
}

// Eval runs source text and gives the value of its last statement, if that is an
// expression, converted as Get does; else nil.
func (rt *Runtime) Eval(ctx context.Context, name, src string) (any, error) {
	v, err := rt.evalValue(ctx, name, src)
	if err != nil {
		return nil, err
	}
	return rt.fromScript(v), nil
}

// evalValue is Eval with a script's value.
func (rt *Runtime) evalValue(ctx context.Context, name, src string) (starlark.Value, error) {
	return rt.runWith(ctx, Span{Kind: SpanEval, Name: name}, nil, func(thread *starlark.Thread) (starlark.Value, error) {
		return rt.chunk(thread, name, src, dialect.ModeInteractive)
	})
}

func (rt *Runtime) chunk(thread *starlark.Thread, name, src string, mode dialect.Mode) (starlark.Value, error) {
	rt.sources[name] = src
	prog, err := dialect.Compile(name, []byte(src), mode)
	if err != nil {
		return nil, err
	}
	return prog.Run(thread, rt.main)
}

// Call calls a global function of the script. Arguments are converted as Set
// does, the result as Get does.
func (rt *Runtime) Call(ctx context.Context, function string, args ...any) (any, error) {
	v, err := rt.callValue(ctx, function, args)
	if err != nil {
		return nil, err
	}
	return rt.fromScript(v), nil
}

// callValue is Call with a script's value.
func (rt *Runtime) callValue(ctx context.Context, function string, args []any) (starlark.Value, error) {
	return rt.runWith(ctx, Span{Kind: SpanCall, Name: function}, nil, func(thread *starlark.Thread) (starlark.Value, error) {
		fn := rt.main.Get(function)
		if fn == nil {
			return nil, object.Errorf(object.NameError, "name '%s' is not defined", function)
		}
		in, err := rt.arguments(args)
		if err != nil {
			return nil, err
		}
		return object.Call(thread, fn, in, nil)
	})
}

// arguments converts what a function is called with.
func (rt *Runtime) arguments(args []any) (starlark.Tuple, error) {
	in := make(starlark.Tuple, len(args))
	for i, a := range args {
		var err error
		if in[i], err = rt.toScript(a); err != nil {
			return nil, err
		}
	}
	return in, nil
}

// Set sets a global variable of the script, once no call is in progress. Numeric
// slices become arrays without being copied: do not change them afterwards.
func (rt *Runtime) Set(name string, value any) error {
	var bad error // is no exception of a script
	_, err := rt.run(context.Background(), func(*starlark.Thread) (starlark.Value, error) {
		var v starlark.Value
		if v, bad = rt.toScript(value); bad == nil {
			rt.main.Set(name, v)
		}
		return starlark.None, nil
	})
	if err = errors.Join(err, bad); err != nil {
		return fmt.Errorf("set %s: %w", name, err)
	}
	return nil
}

// Get gives a global variable of the script, once no call is in progress; ok is false
// where there is none, and when the runtime is closed. An array comes as *Array, not
// copied; Decode stores the value in a Go variable of another type.
func (rt *Runtime) Get(name string) (value any, ok bool) {
	_, release, err := rt.enter(context.Background())
	if err != nil {
		return nil, false
	}
	defer release()
	v := rt.main.Get(name)
	if v == nil {
		return nil, false
	}
	return rt.fromScript(v), true
}

// enter waits for the turn until the context ends or the runtime is closed.
func (rt *Runtime) enter(ctx context.Context) (above *visit, release func(), err error) {
	if rt.closing.Err() != nil {
		return nil, nil, ErrClosed
	}
	if ctx.Err() != nil {
		return nil, nil, context.Cause(ctx)
	}
	if rt.turn.tryTake() { // nothing to wait for
		if rt.closed {
			rt.turn.release()
			return nil, nil, ErrClosed
		}
		return nil, rt.released, nil
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(rt.closing, func() { cancel(ErrClosed) })()
	above, release, err = rt.turn.take(ctx)
	if err == nil && rt.closed {
		release()
		return nil, nil, ErrClosed
	}
	return above, release, err
}

// maxNested bounds how often scripts and Go functions call one another on one stack.
const maxNested = 32

// run gives a thread to f, stops it when the context ends, and turns what comes
// out into the package's errors. No tracer is told.
func (rt *Runtime) run(ctx context.Context, f func(thread *starlark.Thread) (starlark.Value, error)) (starlark.Value, error) {
	return rt.runWith(ctx, Span{}, nil, f)
}

// runWith is run with options of the call's own, which may be nil, for a tracer to be told of.
func (rt *Runtime) runWith(ctx context.Context, s Span, o *CallOptions, f func(thread *starlark.Thread) (starlark.Value, error)) (v starlark.Value, err error) {
	above, release, err := rt.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	if above != nil && rt.turn.depth() > maxNested {
		return nil, &Error{Type: "RecursionError", Message: "maximum depth of calls back into the runtime exceeded",
			Traceback: "RecursionError: maximum depth of calls back into the runtime exceeded\n"}
	}
	c, broken := rt.takeCall(above), false
	defer func() {
		if !broken {
			rt.leaveCall(c)
		}
	}()
	thread := c.thread
	if above != nil {
		thread.Steps = above.thread.Steps
		defer func() { above.thread.Steps = thread.Steps }()
	}
	if o != nil {
		defer rt.apply(o, thread)()
	}
	rt.pollEvery(c)
	if p := rt.profile.Load(); p != nil {
		defer p.watch(thread)()
	}
	ctx, ended := rt.traced(ctx, s, thread)
	outer := rt.current.Load()
	c.watch(ctx, outer, rt.opts.Interruptible)
	rt.current.Store(c)
	if above == nil && rt.opts.HardMemoryLimit > 0 {
		defer rt.watchHeap()()
	}
	if rt.closing.Err() != nil { // Close may not have seen the call
		c.end(ErrClosed)
	}
	defer func() {
		rt.current.Store(outer)
		c.finish()
		if r := recover(); r != nil {
			v, err, broken = nil, internalError(r), true
		}
		if ended != nil {
			ended(err)
		}
	}()
	v, err = f(thread)
	if err != nil {
		v, err = nil, rt.scriptError(c, err)
	}
	if above == nil {
		rt.failed = isFailure(err)
	}
	return v, err
}
