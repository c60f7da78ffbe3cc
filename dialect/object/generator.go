package object

import (
	"errors"
	"iter"
	"runtime"
	"unsafe"

	"go.starlark.net/starlark"
)

// errAbandoned unwinds the body of a generator that nobody holds any more. No
// script code runs on the way out: it happens on the collector's goroutine.
var errAbandoned = errors.New("generator abandoned")

// maxGenerators bounds how deep generators may resume one another.
const maxGenerators = 1000

// generatorLocal is the thread-local key under which a generator's thread
// knows its generator.
const generatorLocal = "mlxstar.generator"

// checkSteps is how many steps a body runs before it looks whether the thread
// that resumed it was cancelled.
const checkSteps = 4096

// Generator is a running function that yields: Python's generator. Its body is
// a coroutine with a Starlark thread of its own, which shares the resuming
// thread's locals, output, cancellation and step limit, or runs step by step (see Stepper).
type Generator struct {
	name string
	body generatorBody
}

// generatorBody runs what a generator yields from: a coroutine, or steps.
type generatorBody interface {
	// resume runs to the next yield. Done means that the body ended.
	resume(thread *starlark.Thread, sent starlark.Value, thrown error) (v starlark.Value, done bool, err error)
	close(thread *starlark.Thread) error
	state() *progress
}

// progress is how far a body has come.
type progress struct{ started, running, finished bool }

func (p *progress) state() *progress { return p }

// began reports whether the body has begun, or ended.
func (p *progress) began() bool { return p.started || p.finished }

// suspended reports whether the body waits at a yield.
func (p *progress) suspended() bool { return p.started && !p.running && !p.finished }

// coroutine is what the body holds. It does not refer to the Generator, so that
// one dropped half-way is collected, and its goroutine ended.
type coroutine struct {
	kind    routineKind
	thread  *starlark.Thread
	resumer *starlark.Thread
	parent  *coroutine // the one whose thread the resumer is, or nil
	budget  *Budget    // of the resumer
	call    uint64     // of the budget's, that the resumer was in
	next    func() (starlark.Value, bool)
	stop    func()
	depth   int
	limit   uint64

	progress
	abandoned bool
	told      bool // that it is a coroutine that nobody awaits

	sent   starlark.Value // what the pending yield gives
	thrown error          // or raises
	result starlark.Value // the body's return value
	err    error          // or the error that ended it

	cleanup       runtime.Cleanup // of the generator
	members       *Generators     // it is one of; the links are under their lock
	before, after *coroutine
}

var (
	_ HasNext = (*Generator)(nil)
	_ HasIter = (*Generator)(nil)
	_ HasType = (*Generator)(nil)
)

// RoutineBody is what runs as a coroutine, on a thread of its own. Yield hands out a value
// and gives what send passed in, or the error that throw raised.
type RoutineBody = func(thread *starlark.Thread, yield func(starlark.Value) (starlark.Value, error)) (starlark.Value, error)

// routineKind is how messages name what runs a body.
type routineKind string

const (
	plainGenerator routineKind = "generator"
	awaitable      routineKind = "coroutine"
	asyncGenerator routineKind = "async generator"
)

// NewGenerator makes a generator that runs body at the first step.
func NewGenerator(thread *starlark.Thread, name string, body RoutineBody) *Generator {
	co := newRoutine(thread, plainGenerator, name, body)
	g := &Generator{name, co}
	watch(g, co)
	return g
}

// watch has the body end when nobody holds its owner any more. The cleanup refers to the
// body, whose thread leads to the module's variables and maybe to the owner: only what ends
// the body lets go of both.
func watch[T any](owner *T, co *coroutine) {
	co.cleanup = runtime.AddCleanup(owner, func(co *coroutine) {
		gs := co.members
		if !co.unlink() {
			return
		}
		if co.kind == awaitable && !co.started && !co.told && gs != nil {
			gs.forget(co)
		}
		co.abandon()
	}, co)
}

func newRoutine(thread *starlark.Thread, kind routineKind, name string, body RoutineBody) *coroutine {
	co := &coroutine{kind: kind, thread: &starlark.Thread{Name: name}}
	if parent, ok := thread.Local(generatorLocal).(*coroutine); ok {
		co.depth = parent.depth + 1
	}
	co.thread.OnMaxSteps = co.check
	co.next, co.stop = iter.Pull(func(out func(starlark.Value) bool) {
		yield := func(v starlark.Value) (starlark.Value, error) {
			alive := out(v)
			if !alive || co.abandoned {
				return nil, errAbandoned
			}
			sent, thrown := co.sent, co.thrown
			co.sent, co.thrown = nil, nil
			return sent, thrown
		}
		// The body may have been stopped before it began.
		if co.abandoned {
			return
		}
		co.result, co.err = body(co.thread, yield)
	})
	co.link(thread)
	return co
}

func (g *Generator) String() string {
	return "<generator object " + g.name + " at " + addressOf(g) + ">"
}
func (g *Generator) Type() string          { return "generator" }
func (g *Generator) Freeze()               {}
func (g *Generator) Truth() starlark.Bool  { return true }
func (g *Generator) Hash() (uint32, error) { return hashPointer(unsafe.Pointer(g)), nil }

// Name is the name of the generator function.
func (g *Generator) Name() string { return g.name }

// PyType is generator.
func (g *Generator) PyType() *Type { return GeneratorType }

// adopt makes the body's thread one with the thread that resumes it.
func (co *coroutine) adopt(thread *starlark.Thread, budget *Budget) {
	if co.resumer != thread || co.budget != budget || co.call != budget.calls {
		locals := threadLocals(thread)
		for k, v := range locals {
			if k != generatorLocal {
				co.thread.SetLocal(k, v)
			}
		}
		co.thread.SetLocal(generatorLocal, co)
		co.resumer = thread
		co.parent, _ = thread.Local(generatorLocal).(*coroutine)
		co.budget, co.call = budget, budget.calls
	}
	if isCancelled(co.thread) {
		co.thread.Uncancel() // the call that it was in has ended, or has met an interrupt
	}
	co.thread.Print, co.thread.Load = thread.Print, thread.Load
	co.thread.Steps = thread.Steps
	co.limit = stepLimit(thread)
	if co.parent != nil {
		co.limit = co.parent.limit
	}
	// Go code may resume a body that yields often and never run a step of the
	// resumer's own, so each resumption looks too.
	co.check(co.thread)
}

// arm lets the body run until the next look at its resumer.
func (co *coroutine) arm() {
	next := co.thread.Steps + checkSteps
	if co.limit != 0 && next > co.limit {
		next = co.limit
	}
	co.thread.SetMaxExecutionSteps(next)
}

// check is called when the body has run its share of steps.
func (co *coroutine) check(thread *starlark.Thread) {
	for c := co; c != nil && c.resumer != nil; c = c.parent {
		if reason, ok := cancelled(c.resumer); ok {
			thread.Cancel(reason)
			return
		}
	}
	if co.limit != 0 && thread.Steps >= co.limit {
		co.exceed(thread)
		return
	}
	co.arm()
}

// exceed passes the end of the step budget to the thread that has the limit.
func (co *coroutine) exceed(thread *starlark.Thread) {
	root := co.resumer
	for {
		outer, ok := root.Local(generatorLocal).(*coroutine)
		if !ok {
			break
		}
		root = outer.resumer
	}
	if root.OnMaxSteps != nil {
		root.Steps = max(root.Steps, thread.Steps)
		root.OnMaxSteps(root)
		if reason, ok := cancelled(root); ok {
			thread.Cancel(reason)
			return
		}
		co.limit = stepLimit(root)
		co.arm()
		return
	}
	thread.Cancel("too many steps")
}

// resume runs the body to its next yield. Done means that it ended.
func (co *coroutine) resume(thread *starlark.Thread, sent starlark.Value, thrown error) (v starlark.Value, done bool, err error) {
	if co.running {
		return nil, false, Errorf(ValueError, "%s already executing", co.kind)
	}
	if co.finished {
		if co.kind == awaitable {
			return nil, true, Errorf(RuntimeError, "cannot reuse already awaited coroutine")
		}
		return nil, true, thrown
	}
	if co.depth > maxGenerators {
		return nil, false, Errorf(RecursionError, "maximum recursion depth exceeded")
	}
	if !co.started && thrown != nil {
		co.finish()
		return nil, true, thrown
	}
	budget := co.budget
	if co.resumer != thread || co.parent != nil && co.parent.budget != budget { // or the parent's is another
		budget = BudgetOf(thread)
	}
	before := budget.switchTo(co.thread)
	co.adopt(thread, budget)
	co.sent, co.thrown = sent, thrown
	co.started, co.running = true, true
	depth := budget.depth
	v, ok := co.next()
	budget.depth = depth // the body may have yielded inside of native code
	budget.switchBack(thread, before)
	co.running = false
	thread.Steps = co.thread.Steps
	if ok {
		return v, false, nil
	}
	err = co.extendTraceback(thread, co.err)
	v = co.result
	co.finish()
	return v, true, co.kind.ending(err)
}

// extendTraceback puts the frames of the resuming thread before those of the
// body in the traceback of an exception that leaves it.
func (co *coroutine) extendTraceback(thread *starlark.Thread, err error) error {
	if err == nil || IsUncatchable(err) {
		return err
	}
	var e *Exception
	if !errors.As(err, &e) || len(e.Traceback) == 0 {
		e = AsException(err)
		e.outermost = co.thread
	}
	if e.outermost == co.thread {
		outer := framesOf(thread.CallStack())
		e.Traceback = append(outer[:len(outer):len(outer)], e.Traceback...)
		e.outermost = thread
	}
	return e
}

// ending turns a StopIteration that leaves the body into the RuntimeError that
// Python makes of it, and for an asynchronous generator a StopAsyncIteration, too.
func (kind routineKind) ending(err error) error {
	if err == nil || IsUncatchable(err) {
		return err
	}
	if e := AsException(err); e.IsA(StopIteration) || kind == asyncGenerator && e.IsA(StopAsyncIteration) {
		ended := StopIteration
		if !e.IsA(ended) {
			ended = StopAsyncIteration
		}
		wrapped := Errorf(RuntimeError, "%s raised %s", kind, ended.name).(*Exception)
		wrapped.Cause, wrapped.Context, wrapped.SuppressContext = e, e, true
		return wrapped
	}
	return err
}

// finish drops what the body held.
func (co *coroutine) finish() {
	co.finished = true
	co.cleanup.Stop()
	co.unlink()
	if !co.running {
		co.abandoned = !co.started
		co.stop()
		co.stop = nil // with it goes the body and what it captured
	}
	co.sent, co.thrown, co.result, co.err, co.resumer, co.parent, co.budget = nil, nil, nil, nil, nil, nil, nil
	co.next = nil
	co.thread = nil
}

// NextValue steps the generator.
func (g *Generator) NextValue(thread *starlark.Thread) (starlark.Value, bool, error) {
	v, done, err := g.resume(thread, starlark.None, nil)
	return v, !done && err == nil, err
}

// Iter gives the generator itself.
func (g *Generator) Iter(*starlark.Thread) (Iterator, error) { return &stepIter{x: g}, nil }

// Send resumes the pending yield with v. The end is a StopIteration whose value
// is what the body returned.
func (g *Generator) Send(thread *starlark.Thread, v starlark.Value) (starlark.Value, error) {
	if !g.body.state().began() && v != starlark.None {
		return nil, tooEarly(plainGenerator)
	}
	return stepResult(g.resume(thread, v, nil))
}

func tooEarly(kind routineKind) error {
	return Errorf(TypeError, "can't send non-None value to a just-started %s", kind)
}

func (co *coroutine) send(thread *starlark.Thread, v starlark.Value) (starlark.Value, error) {
	if !co.began() && v != starlark.None {
		return nil, tooEarly(co.kind)
	}
	return stepResult(co.resume(thread, v, nil))
}

// Throw raises err at the pending yield.
func (g *Generator) Throw(thread *starlark.Thread, err error) (starlark.Value, error) {
	return stepResult(g.resume(thread, nil, err))
}

func stepResult(v starlark.Value, done bool, err error) (starlark.Value, error) {
	if err != nil {
		return nil, err
	}
	if !done {
		return v, nil
	}
	if v == nil || v == starlark.None {
		return nil, NewException(StopIteration)
	}
	return nil, NewException(StopIteration, v)
}

// Close raises GeneratorExit at the pending yield.
func (g *Generator) Close(thread *starlark.Thread) error {
	defer runtime.KeepAlive(g)
	return g.body.close(thread)
}

func (co *coroutine) close(thread *starlark.Thread) error {
	if co.finished {
		return nil
	}
	if !co.started {
		co.finish()
		return nil
	}
	_, done, err := co.resume(thread, nil, NewException(GeneratorExit))
	switch {
	case err != nil && isException(err, GeneratorExit):
		return nil
	case err != nil:
		return err
	case !done:
		return Errorf(RuntimeError, "%s ignored GeneratorExit", co.kind)
	}
	return nil
}

// Delegate is `yield from x`: it yields what x yields, passes on what is sent
// and thrown, and gives the value x returned.
func Delegate(thread *starlark.Thread, x starlark.Value, yield func(starlark.Value) (starlark.Value, error)) (starlark.Value, error) {
	r, err := delegateTo(thread, x)
	if err != nil {
		return nil, err
	}
	return delegate(thread, r, yield)
}

// delegateTo is what `yield from x` resumes.
func delegateTo(thread *starlark.Thread, x starlark.Value) (resumable, error) {
	if g, ok := x.(*Generator); ok {
		return g, nil
	}
	if i, ok := x.(*Instance); ok && special(i, "__iter__") != nil {
		made, err := iterValue(thread, x)
		if err != nil {
			return nil, err
		}
		if g, ok := made.(*Generator); ok {
			return g, nil
		}
		if i, ok := made.(*Instance); ok && (i.class.lookupUser("send") != nil || i.class.lookupUser("throw") != nil) {
			return steps{i}, nil
		}
		x = made
	}
	it, err := Iterate(thread, x)
	if err != nil {
		return nil, err
	}
	return &delegatedIterator{it}, nil
}

// delegatedIterator resumes an iterator, which takes nothing.
type delegatedIterator struct{ it Iterator }

func (d *delegatedIterator) resume(thread *starlark.Thread, _ starlark.Value, thrown error) (starlark.Value, bool, error) {
	if thrown != nil {
		d.it.Close()
		return nil, false, thrown
	}
	v, ok, err := d.it.Next(thread)
	if ok && err == nil {
		return v, false, nil
	}
	d.it.Close()
	return starlark.None, err == nil, err
}

func (d *delegatedIterator) Close(*starlark.Thread) error {
	d.it.Close()
	return nil
}

// resumable is what runs as it is resumed, such as a generator.
type resumable interface {
	resume(thread *starlark.Thread, sent starlark.Value, thrown error) (v starlark.Value, done bool, err error)
	Close(thread *starlark.Thread) error
}

func (g *Generator) resume(thread *starlark.Thread, sent starlark.Value, thrown error) (starlark.Value, bool, error) {
	defer runtime.KeepAlive(g)
	return g.body.resume(thread, sent, thrown)
}

// delegate runs g to its end: what it hands out goes to who resumes the caller.
func delegate(thread *starlark.Thread, g resumable, yield func(starlark.Value) (starlark.Value, error)) (starlark.Value, error) {
	v, done, err := g.resume(thread, starlark.None, nil)
	for {
		if err != nil {
			return nil, err
		}
		if done {
			if v == nil {
				v = starlark.None
			}
			return v, nil
		}
		sent, thrown := yield(v)
		switch {
		case thrown != nil && IsUncatchable(thrown):
			return nil, thrown
		case thrown != nil && isException(thrown, GeneratorExit):
			if err := g.Close(thread); err != nil {
				return nil, err
			}
			return nil, thrown
		default:
			v, done, err = g.resume(thread, sent, thrown)
		}
	}
}

func generatorMethods() []methodSpec {
	return []methodSpec{
		{name: "__iter__", fn: func(c *call) (starlark.Value, error) { return c.self, nil }},
		{name: "__next__", fn: func(c *call) (starlark.Value, error) {
			return c.self.(*Generator).Send(c.thread, starlark.None)
		}},
		{name: "send", sig: "value, /", fn: func(c *call) (starlark.Value, error) {
			return c.self.(*Generator).Send(c.thread, c.arg(0))
		}},
		{name: "throw", sig: "type, value=None, traceback=None, /", fn: func(c *call) (starlark.Value, error) {
			e, err := MakeException(c.thread, c.arg(0), c.arg(1))
			if err != nil {
				return nil, err
			}
			return c.self.(*Generator).Throw(c.thread, e)
		}},
		{name: "close", fn: func(c *call) (starlark.Value, error) {
			return starlark.None, c.self.(*Generator).Close(c.thread)
		}},
	}
}

// MakeException is the operand of raise as an exception: an instance, or a
// type that is called, with value where it is given.
func MakeException(thread *starlark.Thread, x, value starlark.Value) (*Exception, error) {
	switch v := x.(type) {
	case *Exception:
		return v, nil
	case *Type:
		if !v.IsSubtype(BaseException) {
			break
		}
		var args starlark.Tuple
		switch a := value.(type) {
		case nil, starlark.NoneType:
		case *Exception:
			if a.IsA(v) {
				return a, nil
			}
			args = starlark.Tuple{a}
		case starlark.Tuple:
			args = a
		default:
			args = starlark.Tuple{a}
		}
		made, err := Call(thread, v, args, nil)
		if err != nil {
			return nil, err
		}
		if e, ok := made.(*Exception); ok {
			return e, nil
		}
	}
	return nil, Errorf(TypeError, "exceptions must derive from BaseException")
}
