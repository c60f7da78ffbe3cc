package builtins

import (
	"errors"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/signature"
	"github.com/mlxstar/mlxstar/engine"
)

// invoke binds arguments by a signature and runs a body with them. Op is the
// name of what is called.
func (m *Module) invoke(thread *starlark.Thread, op string, sig *signature.Signature, body func(c *Call) starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (out starlark.Value, err error) {
	in := new(struct {
		Call
		space [4]starlark.Value // of most calls' arguments
	})
	bound, rest, extra, err := sig.Bind(in.space[:], args, kwargs)
	if err != nil {
		return nil, object.Raised(err)
	}
	c := &in.Call
	c.m, c.thread, c.sig, c.bound, c.rest, c.kwargs = m, thread, sig, bound, rest, extra
	c.placed = len(args)
	err = c.run(func() {
		c.onStream()
		out = body(c)
	})
	if m.recording != nil && err == nil && m.pureFunction(op) != nil {
		m.note(op, args, append(kwargs, c.drawn...), out)
	}
	return out, err
}

// Call is one call of a builtin: its bound arguments and the builder for its
// result. A body abandons the call through the builder or fail.
type Call struct {
	m      *Module
	thread *starlark.Thread
	arguments
	placed int              // arguments that were given by position
	own    engine.Builder   // what b is while run lasts
	drawn  []starlark.Tuple // the key that was taken from the global state, where it is recorded
}

// construction is a builder that a call's result is made with, and how the call is
// abandoned.
type construction struct{ b *engine.Builder }

// run executes a body with a builder that knows the script's line and turns
// what abandons it into a Python exception.
func (c *Call) run(body func()) error {
	m := c.m
	if m.visit.Load() != nil {
		m.visited()
	}
	if look := m.look.Load(); look != nil {
		(*look)(c.thread)
	}
	c.b = &c.own
	c.b.Init(m.Engine, m.site, m.grown, m.steps)
	c.b.Shapeless = m.shapeless
	before := m.at
	m.at = c.thread
	err := c.b.Try(body)
	m.at = before
	m.refused(err)
	return pythonError(err)
}

// borrow is the call that an operator makes its result with: the one that the last operator
// gave back, unless that is in use, as where an operand's method runs an operator itself.
func (m *Module) borrow(thread *starlark.Thread) *Call {
	c := m.spare
	if c == nil {
		c = new(Call)
	}
	m.spare = nil
	c.m, c.thread = m, thread
	return c
}

// giveBack keeps a borrowed call, which holds nothing from then on, for the next operator.
func (m *Module) giveBack(c *Call) {
	*c = Call{}
	m.spare = c
}

// Look has f told of the threads that are about to run an operation; nil ends that.
func (m *Module) Look(f func(thread *starlark.Thread)) {
	if f == nil {
		m.look.Store(nil)
		return
	}
	m.look.Store(&f)
}

// refused tells the host of a limit that does not allow what was asked for.
func (m *Module) refused(err error) {
	if err == nil || m.Refused == nil {
		return // before limit is made, which is for the heap
	}
	var limit *alloc.LimitError
	if errors.As(err, &limit) {
		m.Refused(limit)
	}
}

// fail abandons the call with a Python exception.
func (c construction) fail(t *object.Type, format string, args ...any) {
	c.b.Fail(object.Errorf(t, format, args...))
}

// check abandons the call if err is not nil.
func (c construction) check(err error) {
	if err != nil {
		c.b.Fail(err)
	}
}

var errorTypes = map[engine.ErrorKind]*object.Type{
	engine.ValueError:          object.ValueError,
	engine.TypeError:           object.TypeError,
	engine.IndexError:          object.IndexError,
	engine.RuntimeError:        object.RuntimeError,
	engine.MemoryError:         object.MemoryError,
	engine.NotImplementedError: object.NotImplementedError,
	engine.OSError:             object.OSError,
	engine.OverflowError:       object.OverflowError,
}

// limitError is the MemoryError of a limit. Its attributes are needed, in_use and limit, in
// bytes, and holders, the lines that hold the most: dicts of where, bytes, arrays and shapes.
func limitError(e *alloc.LimitError) error {
	holders := make([]starlark.Value, len(e.Holders))
	for i, h := range e.Holders {
		shapes := make([]starlark.Value, len(h.Shapes))
		for k, s := range h.Shapes {
			t := make(starlark.Tuple, len(s))
			for j, n := range s {
				t[j] = starlark.MakeInt(n)
			}
			shapes[k] = t
		}
		d := starlark.NewDict(4)
		for _, kv := range []starlark.Tuple{
			{starlark.String("where"), starlark.String(h.Where)}, {starlark.String("bytes"), starlark.MakeInt64(h.Bytes)},
			{starlark.String("arrays"), starlark.MakeInt(h.Count)}, {starlark.String("shapes"), starlark.NewList(shapes)},
		} {
			_ = d.SetKey(kv[0], kv[1]) // a new dict takes strings
		}
		holders[i] = d
	}
	x := object.NewException(object.MemoryError, starlark.String(e.Error()))
	return x.SetAttr("needed", starlark.MakeInt64(e.Requested)).SetAttr("in_use", starlark.MakeInt64(e.Active)).
		SetAttr("limit", starlark.MakeInt64(e.Limit)).SetAttr("holders", starlark.NewList(holders))
}

// pythonError gives an engine's error its Python type.
func pythonError(err error) error {
	if err == nil {
		return nil
	}
	var e *engine.Error
	var limit *alloc.LimitError
	var system *alloc.SystemError
	var raised *object.Exception
	switch {
	case errors.As(err, &raised):
		return err
	case errors.As(err, &limit):
		return limitError(limit)
	case errors.As(err, &system):
		return object.Errorf(object.MemoryError, "%s", err)
	case errors.As(err, &e) && errors.Is(e, engine.ErrLost):
		return object.NewException(errorTypes[e.Kind], starlark.String(err.Error())).From(engine.ErrLost)
	case errors.As(err, &e):
		return object.Errorf(errorTypes[e.Kind], "%s", err)
	}
	return err
}
