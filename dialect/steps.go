package dialect

import (
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// stepBody is the body of a generator that runs step by step: each is a call of a function,
// which returns what is yielded, or how it goes on.
type stepBody struct {
	step   starlark.Value
	start  starlark.Value    // a function that gives the source, or that comes before; nil once it ran
	after  starlark.Value    // a function of what follows a yield, or nil
	source starlark.Iterator // of the loop's elements; nil for a loop without
	loops  bool
	flat   bool // a step takes the parts of an element

	suspended bool // at a yield
	room      [3]starlark.Value
}

var _ object.Stepper = (*stepBody)(nil)

// Step runs to the next yield.
func (b *stepBody) Step(thread *starlark.Thread) (v starlark.Value, done bool, err error) {
	if b.suspended {
		b.suspended = false
		if b.after != nil {
			if v, done, err := b.run(thread, b.after, nil); done || err != nil {
				return v, true, err
			}
		}
		if !b.loops {
			return starlark.None, true, nil
		}
	}
	if b.start != nil {
		start := b.start
		b.start = nil
		v, done, err := b.run(thread, start, nil)
		if done || err != nil {
			return v, true, err
		}
		b.source, _ = v.(starlark.Iterator)
	}
	for {
		args, ok, err := b.next(thread)
		if !ok || err != nil {
			return starlark.None, true, err
		}
		v, done, err := b.run(thread, b.step, args)
		clear(args)
		if done || err != nil {
			return v, true, err
		}
		if v != starlark.Value(continueJump) {
			b.suspended = true
			return v, false, nil
		}
		if !b.loops {
			return starlark.None, true, nil
		}
	}
}

// run calls one of the functions. Done means that it ended the generator, with a value.
func (b *stepBody) run(thread *starlark.Thread, fn starlark.Value, args starlark.Tuple) (v starlark.Value, done bool, err error) {
	v, err = starlark.Call(thread, fn, args, nil)
	if err != nil {
		return nil, true, b.Raised(thread, interrupted(thread, err))
	}
	if j, ok := v.(*jump); ok && j != continueJump {
		if j.value == nil {
			return starlark.None, true, nil // of a break
		}
		return j.value, true, nil
	}
	return v, false, nil
}

// Raised leaves to an exception the frames of its traceback that lie above the thread's.
func (b *stepBody) Raised(thread *starlark.Thread, err error) error {
	if object.IsUncatchable(err) || evalErrorOf(err) == nil {
		return err
	}
	e, trace := exceptionOf(err)
	if n := visibleDepth(thread); n <= len(trace) {
		trace = trace[n:]
	}
	e.Traceback = trace
	return e
}

// next gives what the next step takes: an element, or its parts.
func (b *stepBody) next(thread *starlark.Thread) (args starlark.Tuple, ok bool, err error) {
	if b.source == nil {
		return nil, true, nil
	}
	i, _ := b.source.(*iteration)
	if i != nil {
		i.thread = thread // whoever resumes the generator now
	}
	if !b.source.Next(&b.room[0]) {
		b.source.Done()
		return nil, false, iterated(thread)
	}
	if !b.flat {
		return b.room[:1], true, nil
	}
	args = b.room[:0]
	if e, ok := b.room[0].(*element); ok {
		args = append(args, e.vals[e.at:]...)
		e.Done()
		return args, true, nil
	}
	v := b.room[0]
	it := starlark.Iterate(v)
	defer it.Done()
	var part starlark.Value
	for it.Next(&part) {
		args = append(args, part)
	}
	return args, true, nil
}

// Stop lets go of everything.
func (b *stepBody) Stop() {
	if b.source != nil {
		b.source.Done()
	}
	*b = stepBody{}
}

// Referents yields what the body holds.
func (b *stepBody) Referents(yield func(key, v starlark.Value)) {
	for _, v := range []starlark.Value{b.step, b.start, b.after} {
		if v != nil {
			yield(starlark.String("body"), v)
		}
	}
	if i, ok := b.source.(*iteration); ok && i.it != nil {
		if r, ok := i.it.(object.HasReferents); ok {
			r.Referents(yield)
		}
	}
}

// stepHelpers make generators that run step by step.
var stepHelpers = map[string]operation{
	// steps(step, start, after, loops, flat) is a generator of what step returns.
	"steps": func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		b := &stepBody{step: args[0], loops: args[3] == starlark.True, flat: args[4] == starlark.True}
		if args[1] != starlark.None {
			b.start = args[1]
		}
		if args[2] != starlark.None {
			b.after = args[2]
		}
		name, _, _ := strings.Cut(b.step.(*starlark.Function).Name(), "@")
		return object.NewStepped(name, b), nil
	},
	// delegate(x) is what a step returns to yield what x iterates over.
	"delegate": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		f := thread.CallFrame(1) // the step's
		at := object.Frame{File: f.Pos.Filename(), Line: int(f.Pos.Line), Col: int(f.Pos.Col), Function: displayName(f.Name)}
		return object.Delegated(args[0], at), nil
	},
	// stepexpr(function, source, flat) is a generator of what the function gives for the
	// elements of a source.
	"stepexpr": func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		b := &stepBody{step: args[0], source: args[1].(starlark.Iterator), loops: true, flat: args[2] == starlark.True}
		return object.NewStepped("<genexpr>", b), nil
	},
}
