package object

import (
	"runtime"
	"unsafe"

	"go.starlark.net/starlark"
)

// Coroutine is a call of an async function. Its body runs as what awaits it is resumed.
type Coroutine struct {
	name string
	co   *coroutine
}

var _ HasType = (*Coroutine)(nil)

// NewCoroutine makes a coroutine that runs body once it is awaited.
func NewCoroutine(thread *starlark.Thread, name string, body RoutineBody) *Coroutine {
	c := &Coroutine{name: name, co: newRoutine(thread, awaitable, name, body)}
	watch(c, c.co)
	return c
}

func (c *Coroutine) String() string {
	return "<coroutine object " + c.name + " at " + addressOf(c) + ">"
}
func (c *Coroutine) Type() string          { return "coroutine" }
func (c *Coroutine) Freeze()               {}
func (c *Coroutine) Truth() starlark.Bool  { return true }
func (c *Coroutine) Hash() (uint32, error) { return hashPointer(unsafe.Pointer(c)), nil }

// Name is the name of the async function.
func (c *Coroutine) Name() string { return c.name }

// PyType is coroutine.
func (c *Coroutine) PyType() *Type { return CoroutineType }

func (c *Coroutine) resume(thread *starlark.Thread, sent starlark.Value, thrown error) (starlark.Value, bool, error) {
	defer runtime.KeepAlive(c)
	return c.co.resume(thread, sent, thrown)
}

// Send resumes the body with v. The end is a StopIteration whose value is what it returned.
func (c *Coroutine) Send(thread *starlark.Thread, v starlark.Value) (starlark.Value, error) {
	defer runtime.KeepAlive(c)
	return c.co.send(thread, v)
}

// Throw raises err where the body waits.
func (c *Coroutine) Throw(thread *starlark.Thread, err error) (starlark.Value, error) {
	return stepResult(c.resume(thread, nil, err))
}

// Close raises GeneratorExit where the body waits.
func (c *Coroutine) Close(thread *starlark.Thread) error {
	defer runtime.KeepAlive(c)
	return c.co.close(thread)
}

// coroutineWrapper is what a coroutine's __await__ gives: an iterator that runs it.
type coroutineWrapper struct{ c *Coroutine }

var (
	_ HasNext = (*coroutineWrapper)(nil)
	_ HasIter = (*coroutineWrapper)(nil)
	_ HasType = (*coroutineWrapper)(nil)
)

func (w *coroutineWrapper) String() string {
	return "<coroutine_wrapper object at " + addressOf(w) + ">"
}
func (w *coroutineWrapper) Type() string          { return "coroutine_wrapper" }
func (w *coroutineWrapper) Freeze()               {}
func (w *coroutineWrapper) Truth() starlark.Bool  { return true }
func (w *coroutineWrapper) Hash() (uint32, error) { return hashPointer(unsafe.Pointer(w)), nil }
func (w *coroutineWrapper) PyType() *Type         { return CoroutineWrapperType }

// Iter gives the wrapper itself.
func (w *coroutineWrapper) Iter(*starlark.Thread) (Iterator, error) { return &stepIter{x: w}, nil }

// NextValue runs the coroutine to where it waits next.
func (w *coroutineWrapper) NextValue(thread *starlark.Thread) (starlark.Value, bool, error) {
	v, done, err := w.c.resume(thread, starlark.None, nil)
	return v, !done && err == nil, err
}

func (w *coroutineWrapper) resume(thread *starlark.Thread, sent starlark.Value, thrown error) (starlark.Value, bool, error) {
	return w.c.resume(thread, sent, thrown)
}

func (w *coroutineWrapper) Close(thread *starlark.Thread) error { return w.c.Close(thread) }

// steps resumes what a script has written: an iterator with or without send and throw.
type steps struct{ x starlark.Value }

func (s steps) resume(thread *starlark.Thread, sent starlark.Value, thrown error) (starlark.Value, bool, error) {
	method, arg := "__next__", starlark.Tuple{}
	switch {
	case thrown != nil:
		e := AsException(thrown)
		if _, err := GetAttr(thread, s.x, "throw"); err != nil {
			return nil, false, thrown
		}
		method, arg = "throw", starlark.Tuple{e}
	case sent != nil && sent != starlark.None:
		method, arg = "send", starlark.Tuple{sent}
	}
	fn, err := GetAttr(thread, s.x, method)
	if err != nil {
		return nil, false, err
	}
	v, err := Call(thread, fn, arg, nil)
	if err != nil && !IsUncatchable(err) {
		if e := AsException(err); e.IsA(StopIteration) {
			return stopValue(e), true, nil
		}
	}
	return v, false, err
}

func (s steps) Close(thread *starlark.Thread) error {
	fn, err := GetAttr(thread, s.x, "close")
	if err != nil {
		return nil // there is nothing to close
	}
	_, err = Call(thread, fn, nil, nil)
	return err
}

// stopValue is the value of a StopIteration.
func stopValue(e *Exception) starlark.Value {
	if len(e.Args) > 0 {
		return e.Args[0]
	}
	return starlark.None
}

// IsAwaitable reports whether a value can stand behind await.
func IsAwaitable(x starlark.Value) bool {
	switch x.(type) {
	case *Coroutine, *asyncStep, *anextAwaitable:
		return true
	}
	return special(x, "__await__") != nil
}

// Await waits for x: what it hands out goes to who resumes the caller, by yield. The result
// is what x returns.
func Await(thread *starlark.Thread, x starlark.Value, yield func(starlark.Value) (starlark.Value, error)) (starlark.Value, error) {
	w, err := waited(thread, x)
	if err != nil {
		return nil, err
	}
	return delegate(thread, w, yield)
}

// waited is what runs while x is waited for.
func waited(thread *starlark.Thread, x starlark.Value) (resumable, error) {
	switch x := x.(type) {
	case *Coroutine:
		if x.co.suspended() {
			return nil, Errorf(RuntimeError, "coroutine is being awaited already")
		}
		return x, nil
	case *asyncStep:
		return x, nil
	case *anextAwaitable:
		return x, nil
	}
	fn := special(x, "__await__")
	if fn == nil {
		return nil, Errorf(TypeError, "object %s can't be used in 'await' expression", typeName(x))
	}
	v, err := callBound(thread, fn, x)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case *Coroutine:
		return nil, Errorf(TypeError, "__await__() returned a coroutine")
	case resumable:
		return v, nil
	case *Instance:
		if v.class.lookupUser("__next__") != nil {
			return steps{v}, nil
		}
	case HasNext:
		return iteratorSteps{v}, nil
	}
	return nil, Errorf(TypeError, "__await__() returned non-iterator of type '%s'", typeName(v))
}

// iteratorSteps resumes an iterator that takes nothing.
type iteratorSteps struct{ x HasNext }

func (s iteratorSteps) resume(thread *starlark.Thread, _ starlark.Value, thrown error) (starlark.Value, bool, error) {
	if thrown != nil {
		return nil, false, thrown
	}
	v, ok, err := s.x.NextValue(thread)
	if err == nil && !ok {
		v = starlark.None
	}
	return v, !ok && err == nil, err
}

func (s iteratorSteps) Close(*starlark.Thread) error { return nil }

func coroutineMethods() []methodSpec {
	return append(resumableMethods[*Coroutine](), methodSpec{name: "__await__", fn: func(c *call) (starlark.Value, error) {
		return &coroutineWrapper{c.self.(*Coroutine)}, nil
	}})
}

func coroutineWrapperMethods() []methodSpec {
	return append(resumableMethods[*coroutineWrapper](), iterableSelf("__iter__"), methodSpec{name: "__next__", fn: func(c *call) (starlark.Value, error) {
		return stepResult(c.self.(*coroutineWrapper).resume(c.thread, starlark.None, nil))
	}})
}

// iterableSelf is a method that gives its own object.
func iterableSelf(name string) methodSpec {
	return methodSpec{name: name, fn: func(c *call) (starlark.Value, error) { return c.self, nil }}
}

// resumableMethods are send, throw and close of what runs as it is resumed.
func resumableMethods[T resumable]() []methodSpec {
	return []methodSpec{
		{name: "send", sig: "value, /", fn: func(c *call) (starlark.Value, error) {
			x := c.self.(T)
			if s, ok := any(x).(interface {
				Send(*starlark.Thread, starlark.Value) (starlark.Value, error)
			}); ok {
				return s.Send(c.thread, c.arg(0))
			}
			return stepResult(x.resume(c.thread, c.arg(0), nil))
		}},
		{name: "throw", sig: "type, value=None, traceback=None, /", fn: func(c *call) (starlark.Value, error) {
			e, err := MakeException(c.thread, c.arg(0), c.arg(1))
			if err != nil {
				return nil, err
			}
			return stepResult(c.self.(T).resume(c.thread, nil, e))
		}},
		{name: "close", fn: func(c *call) (starlark.Value, error) {
			return starlark.None, c.self.(T).Close(c.thread)
		}},
	}
}
