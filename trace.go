package mlxstar

import (
	"context"
	"time"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect"
)

// Tracer is told what a runtime does, as Options.Trace: of calls once they have their turn,
// of modules that are imported, and of evaluations of arrays. It is called on the goroutine
// that does the work, where it begins; the context that it gives is that of the work, and so
// what begins within it is traced with it. The function is called where the work ends; both
// results may be nil. A tracer must not call the runtime.
//
// Packages trace/logging and trace/otel have tracers for log/slog and OpenTelemetry.
type Tracer func(ctx context.Context, s Span) (context.Context, func(SpanEnd))

// SpanKind tells kinds of work apart.
type SpanKind string

// The kinds of work that a Tracer is told of.
const (
	SpanExec       SpanKind = "exec"       // Exec, ExecFile, ExecSource, ExecModule, Run, RunWith, Interact, Exit
	SpanEval       SpanKind = "eval"       // Eval
	SpanCall       SpanKind = "call"       // Call, CallWith, those of a Function, a step of Iterate
	SpanImport     SpanKind = "import"     // a module is found and run, or made
	SpanEvaluation SpanKind = "evaluation" // arrays are computed, or handed to a GPU
)

// Span is work that begins.
type Span struct {
	Kind SpanKind
	// Name is the script's, the function's or the module's. An evaluation has none.
	Name string
	// File and Line are where the script has the work done; without a script they are "" and 0.
	File string
	Line int
	// Operations are those of the graph that an evaluation begins with.
	Operations int
}

// SpanEnd is how work ended.
type SpanEnd struct {
	// Err is the error that ended it, or nil: an *Error or *ExitError for the calls of a host.
	Err error
	// Time is how long it took.
	Time time.Duration
	// Steps are the steps of bytecode, and Kernels what devices were given to run, in the
	// work and in what it contains.
	Steps, Kernels uint64
	// Active are the bytes that the runtime's arrays held at the end.
	Active int64
}

// traced begins work that a call of the host asked for. End is nil where nobody is told.
func (rt *Runtime) traced(ctx context.Context, s Span, thread *starlark.Thread) (context.Context, func(error)) {
	trace := rt.opts.Trace
	if trace == nil || s.Kind == "" {
		return ctx, nil
	}
	inner, told := trace(ctx, s)
	if inner == nil {
		inner = ctx
	}
	if told == nil {
		return inner, nil
	}
	began, steps, kernels := time.Now(), thread.Steps, rt.engine.Tasks()
	return inner, func(err error) {
		told(SpanEnd{Err: err, Time: time.Since(began), Steps: thread.Steps - steps, Kernels: rt.engine.Tasks() - kernels, Active: rt.account.Active()})
	}
}

// tracedWithin begins work that the script of the call in progress asked for.
func (rt *Runtime) tracedWithin(s Span) (end func(error)) {
	c := rt.current.Load()
	if c == nil {
		return nil
	}
	if at := dialect.Stack(c.thread, 1); len(at) > 0 {
		s.File, s.Line = at[0].File, at[0].Line
	}
	outer := c.traced
	inner, ended := rt.traced(outer, s, c.thread)
	if ended == nil {
		return nil
	}
	c.traced = inner
	return func(err error) {
		c.traced = outer
		ended(err)
	}
}

// traceWithin has the library and the engine tell of what scripts ask for.
func (rt *Runtime) traceWithin() {
	if rt.opts.Trace == nil {
		return
	}
	rt.env.Importing = func(name string) func(error) { return rt.tracedWithin(Span{Kind: SpanImport, Name: name}) }
	rt.engine.Evaluating = func(operations int) func(error) {
		return rt.tracedWithin(Span{Kind: SpanEvaluation, Operations: operations})
	}
}
