package object

import (
	"runtime"
	"unsafe"

	"go.starlark.net/starlark"
)

// AsyncGenerator is a call of an async function that yields. Its body hands out two kinds of
// values: what it waits for, to who resumes it, and what it yields, as yielded values, which
// the awaitables of its methods end with.
type AsyncGenerator struct {
	name    string
	co      *coroutine
	running bool // one of its awaitables is waited for
	closed  bool
}

var _ HasType = (*AsyncGenerator)(nil)

// NewAsyncGenerator makes an asynchronous generator that runs body. What body yields is told
// from what it waits for by Yielded.
func NewAsyncGenerator(thread *starlark.Thread, name string, body RoutineBody) *AsyncGenerator {
	g := &AsyncGenerator{name: name, co: newRoutine(thread, asyncGenerator, name, body)}
	watch(g, g.co)
	return g
}

func (g *AsyncGenerator) String() string {
	return "<async_generator object " + g.name + " at " + addressOf(g) + ">"
}
func (g *AsyncGenerator) Type() string          { return "async_generator" }
func (g *AsyncGenerator) Freeze()               {}
func (g *AsyncGenerator) Truth() starlark.Bool  { return true }
func (g *AsyncGenerator) Hash() (uint32, error) { return hashPointer(unsafe.Pointer(g)), nil }

// Name is the name of the async function.
func (g *AsyncGenerator) Name() string { return g.name }

// PyType is async_generator.
func (g *AsyncGenerator) PyType() *Type { return AsyncGeneratorType }

// yielded is a value that an asynchronous generator yields.
type yielded struct {
	starlark.NoneType
	value starlark.Value
}

// Yielded marks a value that an asynchronous generator yields.
func Yielded(v starlark.Value) starlark.Value { return &yielded{value: v} }

// asyncStep is an awaitable that runs an asynchronous generator to its next value, or ends it.
type asyncStep struct {
	g      *AsyncGenerator
	method string // __anext__, asend, athrow or aclose
	sent   starlark.Value
	thrown error
	state  stepState
}

type stepState uint8

const (
	stepNew stepState = iota
	stepWaits
	stepDone
)

var (
	_ HasNext   = (*asyncStep)(nil)
	_ HasIter   = (*asyncStep)(nil)
	_ HasType   = (*asyncStep)(nil)
	_ resumable = (*asyncStep)(nil)
)

func (s *asyncStep) String() string {
	return "<" + s.PyType().name + " object at " + addressOf(s) + ">"
}
func (s *asyncStep) Type() string          { return s.PyType().name }
func (s *asyncStep) Freeze()               {}
func (s *asyncStep) Truth() starlark.Bool  { return true }
func (s *asyncStep) Hash() (uint32, error) { return hashPointer(unsafe.Pointer(s)), nil }

// PyType is async_generator_asend or async_generator_athrow.
func (s *asyncStep) PyType() *Type {
	if s.method == "__anext__" || s.method == "asend" {
		return AsyncSendType
	}
	return AsyncThrowType
}

// Iter gives the awaitable itself.
func (s *asyncStep) Iter(*starlark.Thread) (Iterator, error) { return &stepIter{x: s}, nil }

// NextValue runs the generator to where it waits next.
func (s *asyncStep) NextValue(thread *starlark.Thread) (starlark.Value, bool, error) {
	v, done, err := s.resume(thread, starlark.None, nil)
	if err == nil && done {
		_, err = stepResult(v, true, nil)
	}
	return v, !done && err == nil, err
}

// again is how a message names the awaitables that cannot be waited for twice.
func (s *asyncStep) again() string {
	if s.PyType() == AsyncSendType {
		return "__anext__()/asend()"
	}
	return "aclose()/athrow()"
}

// begin readies the generator for the first resumption. Done tells that there is nothing to run.
func (s *asyncStep) begin() (done bool, err error) {
	g := s.g
	name := s.method
	if name == "__anext__" {
		name = "anext"
	}
	if g.running {
		s.state = stepDone
		return false, Errorf(RuntimeError, "%s(): asynchronous generator is already running", name)
	}
	if g.closed || g.co.finished {
		s.state = stepDone
		if s.method == "aclose" {
			return true, nil
		}
		return false, NewException(StopAsyncIteration)
	}
	if !g.co.started && s.sent != nil && s.sent != starlark.None {
		s.state = stepDone
		return false, Errorf(TypeError, "can't send non-None value to a just-started async generator")
	}
	g.running, s.state = true, stepWaits
	if s.method == "aclose" {
		g.closed = true
	}
	return false, nil
}

func (s *asyncStep) resume(thread *starlark.Thread, sent starlark.Value, thrown error) (starlark.Value, bool, error) {
	switch s.state {
	case stepDone:
		return nil, false, Errorf(RuntimeError, "cannot reuse already awaited %s", s.again())
	case stepNew:
		if done, err := s.begin(); done || err != nil {
			return starlark.None, done, err
		}
		if thrown == nil {
			thrown = s.thrown
		}
		if sent == nil || sent == starlark.None {
			sent = s.sent
		}
	}
	g := s.g
	defer runtime.KeepAlive(g)
	v, done, err := g.co.resume(thread, sent, thrown)
	y, isValue := v.(*yielded)
	if err == nil && !done && !isValue {
		return v, false, nil
	}
	g.running, s.state = false, stepDone
	switch {
	case s.method == "aclose" && err == nil && isValue:
		return nil, false, Errorf(RuntimeError, "async generator ignored GeneratorExit")
	case s.method == "aclose" && err == nil, s.method == "aclose" && !IsUncatchable(err) && isException(err, GeneratorExit):
		return starlark.None, true, nil
	case err != nil:
		return nil, false, err
	case isValue:
		return y.value, true, nil
	}
	g.closed = true
	return nil, false, NewException(StopAsyncIteration)
}

// Close ends the awaitable. The generator is told where it waits for something.
func (s *asyncStep) Close(thread *starlark.Thread) error {
	waits := s.state == stepWaits
	if !waits {
		s.state = stepDone
		return nil
	}
	_, done, err := s.resume(thread, nil, NewException(GeneratorExit))
	switch {
	case err != nil && !IsUncatchable(err) && (isException(err, GeneratorExit) || isException(err, StopAsyncIteration)):
		return nil
	case err != nil:
		return err
	case !done:
		return Errorf(RuntimeError, "async generator ignored GeneratorExit")
	}
	return nil
}

// anextAwaitable is anext(x, default): the next value, or the default where there is none.
type anextAwaitable struct {
	wait     resumable
	fallback starlark.Value
}

var (
	_ HasNext   = (*anextAwaitable)(nil)
	_ HasIter   = (*anextAwaitable)(nil)
	_ HasType   = (*anextAwaitable)(nil)
	_ resumable = (*anextAwaitable)(nil)
)

func (a *anextAwaitable) String() string        { return "<anext_awaitable object at " + addressOf(a) + ">" }
func (a *anextAwaitable) Type() string          { return "anext_awaitable" }
func (a *anextAwaitable) Freeze()               {}
func (a *anextAwaitable) Truth() starlark.Bool  { return true }
func (a *anextAwaitable) Hash() (uint32, error) { return hashPointer(unsafe.Pointer(a)), nil }
func (a *anextAwaitable) PyType() *Type         { return AnextAwaitableType }

// Iter gives the awaitable itself.
func (a *anextAwaitable) Iter(*starlark.Thread) (Iterator, error) { return &stepIter{x: a}, nil }

// NextValue runs to where it waits next.
func (a *anextAwaitable) NextValue(thread *starlark.Thread) (starlark.Value, bool, error) {
	v, done, err := a.resume(thread, starlark.None, nil)
	if err == nil && done {
		_, err = stepResult(v, true, nil)
	}
	return v, !done && err == nil, err
}

func (a *anextAwaitable) resume(thread *starlark.Thread, sent starlark.Value, thrown error) (starlark.Value, bool, error) {
	v, done, err := a.wait.resume(thread, sent, thrown)
	if err != nil && !IsUncatchable(err) && isException(err, StopAsyncIteration) {
		return a.fallback, true, nil
	}
	return v, done, err
}

func (a *anextAwaitable) Close(thread *starlark.Thread) error { return a.wait.Close(thread) }

// AsyncIterator is what aiter(x) gives. The refusal stands before the name of x's type.
func AsyncIterator(thread *starlark.Thread, x starlark.Value, refusal string) (starlark.Value, error) {
	if g, ok := x.(*AsyncGenerator); ok {
		return g, nil
	}
	fn := special(x, "__aiter__")
	if fn == nil {
		return nil, Errorf(TypeError, "%s%s", refusal, typeName(x))
	}
	v, err := callBound(thread, fn, x)
	if err != nil {
		return nil, err
	}
	if _, ok := v.(*AsyncGenerator); !ok && special(v, "__anext__") == nil {
		return nil, Errorf(TypeError, "'async for' received an object from __aiter__ that does not implement __anext__: %s", typeName(v))
	}
	return v, nil
}

// asyncNext is the awaitable of an asynchronous iterator's next value.
func asyncNext(thread *starlark.Thread, x starlark.Value) (starlark.Value, error) {
	if g, ok := x.(*AsyncGenerator); ok {
		return &asyncStep{g: g, method: "__anext__"}, nil
	}
	return callBound(thread, special(x, "__anext__"), x)
}

// IterateAsync starts the iteration of an async loop over x, which waits for each element.
func IterateAsync(thread *starlark.Thread, x starlark.Value, yield func(starlark.Value) (starlark.Value, error)) (Iterator, error) {
	it, err := AsyncIterator(thread, x, "'async for' requires an object with __aiter__ method, got ")
	if err != nil {
		return nil, err
	}
	return &asyncIter{x: it, yield: yield}, nil
}

type asyncIter struct {
	x     starlark.Value
	yield func(starlark.Value) (starlark.Value, error)
}

// Next waits for the next element.
func (it *asyncIter) Next(thread *starlark.Thread) (starlark.Value, bool, error) {
	if it.x == nil {
		return nil, false, nil
	}
	next, err := asyncNext(thread, it.x)
	if err == nil {
		if !IsAwaitable(next) {
			return nil, false, Errorf(TypeError, "'async for' received an invalid object from __anext__: %s", typeName(next))
		}
		var v starlark.Value
		if v, err = Await(thread, next, it.yield); err == nil {
			return v, true, nil
		}
	}
	if !IsUncatchable(err) && isException(err, StopAsyncIteration) {
		return nil, false, nil
	}
	return nil, false, err
}

// Close lets go of what is iterated over.
func (it *asyncIter) Close() { it.x, it.yield = nil, nil }

func asyncGeneratorMethods() []methodSpec {
	step := func(c *call, method string, sent starlark.Value, thrown error) (starlark.Value, error) {
		return &asyncStep{g: c.self.(*AsyncGenerator), method: method, sent: sent, thrown: thrown}, nil
	}
	return []methodSpec{
		iterableSelf("__aiter__"),
		{name: "__anext__", fn: func(c *call) (starlark.Value, error) { return step(c, "__anext__", nil, nil) }},
		{name: "asend", sig: "value, /", fn: func(c *call) (starlark.Value, error) { return step(c, "asend", c.arg(0), nil) }},
		{name: "athrow", sig: "type, value=None, traceback=None, /", fn: func(c *call) (starlark.Value, error) {
			e, err := MakeException(c.thread, c.arg(0), c.arg(1))
			if err != nil {
				return nil, err
			}
			return step(c, "athrow", nil, e)
		}},
		{name: "aclose", fn: func(c *call) (starlark.Value, error) { return step(c, "aclose", nil, NewException(GeneratorExit)) }},
	}
}

// asyncStepMethods are those of the awaitables of asynchronous iteration.
func asyncStepMethods() []methodSpec {
	return append(resumableMethods[resumable](), iterableSelf("__await__"), iterableSelf("__iter__"), methodSpec{name: "__next__", fn: func(c *call) (starlark.Value, error) {
		return stepResult(c.self.(resumable).resume(c.thread, starlark.None, nil))
	}})
}

// builtinAiter is aiter(x).
func builtinAiter(c *call) (starlark.Value, error) {
	x := c.arg(0)
	if _, ok := x.(*AsyncGenerator); !ok && special(x, "__aiter__") == nil {
		return nil, Errorf(TypeError, "'%s' object is not an async iterable", typeName(x))
	}
	return AsyncIterator(c.thread, x, "")
}

// builtinAnext is anext(x[, default]).
func builtinAnext(c *call) (starlark.Value, error) {
	x := c.arg(0)
	if _, ok := x.(*AsyncGenerator); !ok && special(x, "__anext__") == nil {
		return nil, Errorf(TypeError, "'%s' object is not an async iterator", typeName(x))
	}
	next, err := asyncNext(c.thread, x)
	if err != nil || c.bound[1] == nil {
		return next, err
	}
	wait, err := waited(c.thread, next)
	if err != nil {
		return nil, err
	}
	return &anextAwaitable{wait: wait, fallback: c.arg(1)}, nil
}

// installAsyncAttrs gives what async functions make its attributes.
func installAsyncAttrs(short getter) {
	running := func(co *coroutine) starlark.Value { return starlark.Bool(co.running) }
	CoroutineType.getset = map[string]getter{
		"__name__":     short,
		"__qualname__": attr(func(c *Coroutine) starlark.Value { return starlark.String(c.name) }),
		"cr_running":   attr(func(c *Coroutine) starlark.Value { return running(c.co) }),
		"cr_suspended": attr(func(c *Coroutine) starlark.Value { return starlark.Bool(c.co.suspended()) }),
	}
	AsyncGeneratorType.getset = map[string]getter{
		"__name__":     short,
		"__qualname__": attr(func(g *AsyncGenerator) starlark.Value { return starlark.String(g.name) }),
		"ag_running":   attr(func(g *AsyncGenerator) starlark.Value { return starlark.Bool(g.running) }),
		"ag_suspended": attr(func(g *AsyncGenerator) starlark.Value { return starlark.Bool(g.co.suspended()) }),
	}
}
