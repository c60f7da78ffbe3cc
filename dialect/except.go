package dialect

import (
	"fmt"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// current is the exception being handled, or nil.
func (st *state) current() *object.Exception {
	if n := len(st.handling); n > 0 {
		return st.handling[n-1]
	}
	return nil
}

// Handling gives the exception that the script handles at the moment, or nil.
func Handling(thread *starlark.Thread) *object.Exception { return stateOf(thread).current() }

// during runs f while an exception is being handled: what f raises has it as
// its context.
func (st *state) during(thread *starlark.Thread, exc *object.Exception, f func() (starlark.Value, error)) (starlark.Value, error) {
	n := len(st.handling)
	st.handling = append(st.handling, exc)
	v, err := f()
	if err = interrupted(thread, err); err != nil && object.IsUncatchable(err) {
		return v, err
	}
	st = stateOf(thread) // f may be in a generator that goes on in another of the script's threads
	st.handling[n] = nil
	st.handling = st.handling[:n]
	if err != nil {
		e := caught(thread, err)
		if e != exc && e.Context == nil && !contains(exc, e) {
			e.Context = exc
		}
		err = e
	}
	return v, err
}

// contains tells whether e is in exc's chain of contexts.
func contains(exc, e *object.Exception) bool {
	for ; exc != nil; exc = exc.Context {
		if exc == e {
			return true
		}
	}
	return false
}

var exceptionHelpers = map[string]operation{
	"assert": func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return nil, object.NewException(object.AssertionError, args...)
	},
	"raise": raise,
	// catches(exception, type) tells whether an except clause takes it.
	"catches": func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		b, err := catches(args[0].(*object.Exception), args[1])
		return starlark.Bool(b), err
	},
	"return": func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return &jump{kind: "return", value: args[0]}, nil
	},
	// block(body, handler, names, else, finally) is a try statement, which is run by reading
	// its field. The parts are functions or None; names are the variables that except clauses
	// bind, which Python deletes when the clause ends.
	"block": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return &block{thread, args[0], args[1], args[2].(starlark.Tuple), args[3], args[4]}, nil
	},
	"with": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return with(thread, args, managers)
	},
}

// block is a try statement of one run of a function.
type block struct {
	thread          *starlark.Thread // that runs the function
	body, handler   starlark.Value
	names           starlark.Tuple
	orElse, finally starlark.Value
}

var _ starlark.HasAttrs = (*block)(nil)

func (b *block) String() string        { return "<try>" }
func (b *block) Type() string          { return "try" }
func (b *block) Freeze()               {}
func (b *block) Truth() starlark.Bool  { return true }
func (b *block) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable type: 'try'") }
func (b *block) AttrNames() []string   { return nil }

// Attr runs the statement, and gives how it was left. A field is read in a third of the
// time that a call takes.
func (b *block) Attr(string) (starlark.Value, error) { return b.run() }

// raise([x[, cause]]).
func raise(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
	st := stateOf(thread)
	if len(args) == 0 {
		e := st.current()
		if e == nil {
			return nil, object.Errorf(object.RuntimeError, "No active exception to reraise")
		}
		return nil, e
	}
	e, err := exception(thread, args[0], "exceptions must derive from BaseException")
	if err != nil {
		return nil, err
	}
	if len(args) > 1 {
		e.SuppressContext = true
		e.Cause = nil
		if args[1] != starlark.None {
			if e.Cause, err = exception(thread, args[1], "exception causes must derive from BaseException"); err != nil {
				return nil, err
			}
		}
	}
	if c := st.current(); c != nil && c != e && e.Context == nil && !contains(c, e) {
		e.Context = c
	}
	return nil, e
}

// exception gives the exception that a raise statement names: itself, or an
// instance of the type it is.
func exception(thread *starlark.Thread, x starlark.Value, refusal string) (*object.Exception, error) {
	switch x := x.(type) {
	case *object.Exception:
		return x, nil
	case *object.Type:
		if !x.IsSubtype(object.BaseException) {
			break
		}
		v, err := starlark.Call(thread, x, nil, nil)
		if err != nil {
			return nil, err
		}
		if e, ok := v.(*object.Exception); ok {
			return e, nil
		}
	}
	return nil, object.Errorf(object.TypeError, "%s", refusal)
}

func catches(e *object.Exception, x starlark.Value) (bool, error) {
	switch x := x.(type) {
	case *object.Type:
		if x.IsSubtype(object.BaseException) {
			return e.IsA(x), nil
		}
	case starlark.Tuple:
		for _, t := range x {
			if ok, err := catches(e, t); ok || err != nil {
				return ok, err
			}
		}
		return false, nil
	}
	return false, object.Errorf(object.TypeError, "catching classes that do not inherit from BaseException is not allowed")
}

func (b *block) run() (starlark.Value, error) {
	thread, handler, orElse, finally := b.thread, b.handler, b.orElse, b.finally
	v, err := starlark.Call(thread, b.body, nil, nil)
	if err == nil && v == starlark.None && orElse == starlark.None && finally == starlark.None {
		return v, nil
	}
	err = interrupted(thread, err)
	switch {
	case err != nil && object.IsUncatchable(err):
		return nil, err
	case err != nil && handler != starlark.None:
		if groups, ok := handler.(starlark.Tuple); ok {
			v, err = handleGroup(thread, groups, b.names, err)
		} else {
			v, err = handle(thread, handler, b.names, err)
		}
	case err == nil && v == starlark.None && orElse != starlark.None:
		v, err = starlark.Call(thread, orElse, nil, nil)
		err = interrupted(thread, err)
	}
	if finally == starlark.None || err != nil && object.IsUncatchable(err) {
		return v, err
	}
	var last starlark.Value
	var lastErr error
	if err != nil {
		exc := caught(thread, err)
		err = exc
		last, lastErr = stateOf(thread).during(thread, exc, func() (starlark.Value, error) {
			return starlark.Call(thread, finally, nil, nil)
		})
	} else {
		last, lastErr = starlark.Call(thread, finally, nil, nil)
	}
	if lastErr != nil || last != starlark.None {
		return last, lastErr
	}
	return v, err
}

// handle runs the except clauses on an error.
func handle(thread *starlark.Thread, handler starlark.Value, names starlark.Tuple, err error) (starlark.Value, error) {
	st := stateOf(thread)
	st.pending = nil
	exc := caught(thread, err)
	v, err := st.during(thread, exc, func() (starlark.Value, error) {
		return starlark.Call(thread, handler, starlark.Tuple{exc}, nil)
	})
	for _, n := range names {
		if n, ok := n.(variable); ok {
			n.forget(exc)
		}
	}
	if v == unhandledJump {
		return nil, exc
	}
	return v, err
}

// managing is the protocol of a with statement's managers.
type managing struct {
	enter, exit string
	name        string
	call        func(thread *starlark.Thread, method string, fn starlark.Value, args starlark.Tuple) (starlark.Value, error)
}

var (
	managers = managing{"__enter__", "__exit__", "context manager", func(thread *starlark.Thread, _ string, fn starlark.Value, args starlark.Tuple) (starlark.Value, error) {
		return starlark.Call(thread, fn, args, nil)
	}}
	asyncManagers = managing{"__aenter__", "__aexit__", "asynchronous context manager", func(thread *starlark.Thread, method string, fn starlark.Value, args starlark.Tuple) (starlark.Value, error) {
		v, err := starlark.Call(thread, fn, args, nil)
		if err != nil {
			return nil, err
		}
		if !object.IsAwaitable(v) {
			return nil, object.Errorf(object.TypeError, "'async with' received an object from %s that does not implement __await__: %s", method, object.TypeName(v))
		}
		return object.Await(thread, v, suspend(thread))
	}}
)

// with(manager, body) runs the body of a with statement.
func with(thread *starlark.Thread, args starlark.Tuple, by managing) (starlark.Value, error) {
	manager, body := args[0], args[1]
	enter, err := by.method(thread, manager, by.enter, "")
	if err != nil {
		return nil, err
	}
	exit, err := by.method(thread, manager, by.exit, " (missed "+by.exit+" method)")
	if err != nil {
		return nil, err
	}
	entered, err := by.call(thread, by.enter, enter, nil)
	if err != nil {
		return nil, err
	}
	call := starlark.Tuple{entered}
	entered = nil
	v, err := starlark.Call(thread, body, call, nil)
	err = interrupted(thread, err)
	none := starlark.Tuple{starlark.None, starlark.None, starlark.None}
	if err == nil {
		_, err = by.call(thread, by.exit, exit, none)
		return v, err
	}
	if object.IsUncatchable(err) {
		// A manager written in Go puts back what it changed; one written in the
		// script must not run any more. Its thread may not know of the end yet: a
		// context that ends tells an evaluation first.
		thread.Cancel(err.Error())
		_, _ = starlark.Call(thread, exit, none, nil)
		return nil, err
	}
	st := stateOf(thread)
	st.pending = nil
	exc := caught(thread, err)
	suppress, err := st.during(thread, exc, func() (starlark.Value, error) {
		return by.call(thread, by.exit, exit, starlark.Tuple{exc.Class, exc, starlark.None})
	})
	if err != nil {
		return nil, err
	}
	if ok, err := object.Truth(thread, suppress); err != nil || ok {
		return starlark.None, err
	}
	return nil, exc
}

func (by managing) method(thread *starlark.Thread, manager starlark.Value, name, missed string) (starlark.Value, error) {
	m, err := object.GetAttr(thread, manager, name)
	if err != nil {
		if e := object.AsException(err); object.IsUncatchable(err) || !e.IsA(object.AttributeError) {
			return nil, err
		}
		return nil, object.Errorf(object.TypeError, "'%s' object does not support the %s protocol%s", object.TypeName(manager), by.name, missed)
	}
	return m, nil
}
