package mlxstar

import (
	"context"
	"io"
	"time"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/dialect/object"
)

// CallOptions are what one call has of its own.
type CallOptions struct {
	// Args and Kwargs are the function's arguments, converted as Set does.
	Args   []any
	Kwargs map[string]any
	// Stdin, Stdout and Stderr replace those of Options during the call; nil leaves them.
	// What a script reads ahead of its standard input and does not use is lost.
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Timeout ends the call after a time, as the end of its context does; 0 is never.
	Timeout time.Duration
	// StepLimit is the most bytecode steps of the call; 0 is that of Options, which holds
	// in any case.
	StepLimit uint64
	// Usage, if not nil, is told what the call took, also if it fails. During the call the
	// script's mx.get_peak_memory() is the call's.
	Usage *Usage
}

// Usage is what a call took.
type Usage struct {
	Steps  uint64        // of bytecode
	Time   time.Duration // from the call's turn to its end
	Peak   int64         // the most bytes that the runtime's arrays held at once
	Active int64         // the bytes that they held at the end
	Output int64         // bytes written to standard output and error

	Kernels uint64 // that devices were given to run; a fused chain of operations is one
}

// CallWith calls a global function of the script, as Call does, with options of its own.
func (rt *Runtime) CallWith(ctx context.Context, function string, o CallOptions) (any, error) {
	return rt.callWith(ctx, Span{Kind: SpanCall, Name: function}, &o, func(thread *starlark.Thread) (starlark.Value, error) {
		fn := rt.main.Get(function)
		if fn == nil {
			return nil, object.Errorf(object.NameError, "name '%s' is not defined", function)
		}
		return rt.callFunction(thread, fn, &o)
	})
}

// RunWith runs a program, as Run does, with options of its own, whose arguments are not
// used.
func (rt *Runtime) RunWith(ctx context.Context, p *Program, o CallOptions) error {
	_, err := rt.callWith(ctx, Span{Kind: SpanExec, Name: p.name}, &o, func(thread *starlark.Thread) (starlark.Value, error) {
		return rt.runProgram(thread, p)
	})
	return err
}

func (rt *Runtime) callWith(ctx context.Context, s Span, o *CallOptions, f func(thread *starlark.Thread) (starlark.Value, error)) (any, error) {
	if o.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.Timeout)
		defer cancel()
	}
	v, err := rt.runWith(ctx, s, o, f)
	if err != nil {
		return nil, err
	}
	return rt.fromScript(v), nil
}

// callFunction calls a value of the script with the arguments of the options.
func (rt *Runtime) callFunction(thread *starlark.Thread, fn starlark.Value, o *CallOptions) (starlark.Value, error) {
	args, err := rt.arguments(o.Args)
	if err != nil {
		return nil, err
	}
	var kwargs []starlark.Tuple
	for name, a := range o.Kwargs {
		v, err := rt.toScript(a)
		if err != nil {
			return nil, err
		}
		kwargs = append(kwargs, starlark.Tuple{starlark.String(name), v})
	}
	return object.Call(thread, fn, args, kwargs)
}

// apply makes the options those of the call in progress until restore is called.
func (rt *Runtime) apply(o *CallOptions, thread *starlark.Thread) (restore func()) {
	var undo []func()
	if o.Stdin != nil {
		undo = append(undo, rt.stdin.use(o.Stdin))
	}
	if o.Stdout != nil {
		undo = append(undo, rt.stdout.use(o.Stdout))
	}
	if o.Stderr != nil {
		undo = append(undo, rt.stderr.use(o.Stderr))
	}
	limit, base := rt.stepLimit, rt.stepBase
	if own := thread.Steps + o.StepLimit; o.StepLimit > 0 && (limit == 0 || own < limit) {
		rt.stepLimit, rt.stepBase = own, thread.Steps
	}
	kernels := rt.engine.Tasks()
	steps, began, output := thread.Steps, time.Now(), rt.stdout.written()+rt.stderr.written()
	var peak func() int64
	if o.Usage != nil {
		rt.account.Collect(alloc.ForAnswer) // what an earlier call left is not of this one's peak
		peak = rt.account.MeasurePeak()
	}
	return func() {
		_ = rt.stdout.Flush() // who wants the output reads it after the call; a writer that fails tells itself
		_ = rt.stderr.Flush()
		for _, f := range undo {
			f()
		}
		rt.stepLimit, rt.stepBase = limit, base
		if o.Usage == nil {
			return
		}
		*o.Usage = Usage{
			Steps: thread.Steps - steps, Time: time.Since(began), Peak: peak(), Active: rt.account.Active(),
			Output:  rt.stdout.written() + rt.stderr.written() - output,
			Kernels: rt.engine.Tasks() - kernels,
		}
	}
}
