package dialect

import (
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// DefaultRecursionLimit is the number of script frames at which a call raises
// RecursionError, unless SetRecursionLimit says otherwise. Python's is the same.
const DefaultRecursionLimit = 1000

const recursionKey = "dialect.recursion"

// SetRecursionLimit sets the number of script frames at which a call on the
// thread raises RecursionError.
func SetRecursionLimit(thread *starlark.Thread, n int) { thread.SetLocal(recursionKey, n) }

// RecursionLimit is the number of script frames at which a call on the thread
// raises RecursionError.
func RecursionLimit(thread *starlark.Thread) int {
	if n, ok := thread.Local(recursionKey).(int); ok {
		return n
	}
	return DefaultRecursionLimit
}

// enter fails if the calls are nested too deeply. Frames of helpers and
// builtins do not count, but a stack with many of them is bounded too.
func enter(thread *starlark.Thread, _ starlark.Tuple) (starlark.Value, error) {
	depth := thread.CallStackDepth()
	if depth < shallow {
		if _, limited := thread.Local(recursionKey).(int); !limited && stateOf(thread).base == 0 {
			return starlark.None, nil
		}
	}
	limit := min(RecursionLimit(thread), maxFrames)
	base := stateOf(thread).base
	if depth+base <= limit {
		return starlark.None, nil
	}
	frames := base
	for i := range depth {
		if fn, ok := thread.DebugFrame(i).Callable().(*starlark.Function); ok && !strings.Contains(fn.Name(), bodySuffix) {
			frames++
		}
	}
	if frames > limit {
		return nil, object.Errorf(object.RecursionError, "maximum recursion depth exceeded")
	}
	return starlark.None, nil
}

// maxFrames bounds what SetRecursionLimit allows: a frame may take 6 KiB of stack.
const maxFrames = 10_000

// shallow is a depth at which the default limit cannot be near.
const shallow = 200

var callHelpers = map[string]operation{
	"enter":     enter,
	"generator": generator,
	"genexpr": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		// The first iterable is refused where the expression stands.
		it, err := object.Iterate(thread, args[1])
		if err != nil {
			return nil, err
		}
		source := object.NewIterator("", it)
		return newGenerator(thread, "<genexpr>", args[0], starlark.Tuple{source})
	},
	"yield": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return yield(thread, args[0])
	},
	// emit yields from a generator expression; it is never true.
	"emit": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		_, err := yield(thread, args[0])
		return starlark.False, err
	},
	"yieldfrom": yieldFrom,
	"class":     class,
}

// asyncHelpers are those of async functions, statements and comprehensions.
var asyncHelpers = map[string]operation{
	"coroutine":      coroutine,
	"asyncgenerator": asyncGenerator,
	"await": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return object.Await(thread, args[0], suspend(thread))
	},
	// aiter(x[, spec]) is what an async loop over x iterates over: each element is awaited.
	"aiter": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		it, err := object.IterateAsync(thread, args[0], suspend(thread))
		if err != nil {
			return nil, err
		}
		i := &iteration{it: it, thread: thread}
		if len(args) > 1 {
			i.spec = args[1]
		}
		return i, nil
	},
	// getaiter(x) and getiter(x) refuse the first iterable of an expression where it stands.
	"getaiter": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return object.AsyncIterator(thread, args[0], "'async for' requires an object with __aiter__ method, got ")
	},
	"getiter": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		it, err := object.Iterate(thread, args[0])
		if err != nil {
			return nil, err
		}
		return object.NewIterator("", it), nil
	},
	"asyncgenexpr": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return object.NewAsyncGenerator(thread, "<genexpr>", routineBody(thread, args[0], args[1:])), nil
	},
	// asyncyield(x) yields from an asynchronous generator.
	"asyncyield": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return yield(thread, object.Yielded(args[0]))
	},
	// asyncemit(x) does from a generator expression; it is never true.
	"asyncemit": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		_, err := yield(thread, object.Yielded(args[0]))
		return starlark.False, err
	},
	"asyncwith": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return with(thread, args, asyncManagers)
	},
}

// coroutine(body, arg...) is a coroutine that runs body(arg...).
func coroutine(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
	return object.NewCoroutine(thread, bodyOf(args[0]), routineBody(thread, args[0], args[1:])), nil
}

// asyncGenerator(body, arg...) is an asynchronous generator that runs body(arg...).
func asyncGenerator(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
	return object.NewAsyncGenerator(thread, bodyOf(args[0]), routineBody(thread, args[0], args[1:])), nil
}

// bodyOf is the name of the function that a body is of.
func bodyOf(body starlark.Value) string {
	name, _, _ := strings.Cut(body.(*starlark.Function).Name(), "@")
	return name
}

// suspend is how what runs on the thread hands values to who resumes it.
func suspend(thread *starlark.Thread) func(starlark.Value) (starlark.Value, error) {
	return func(v starlark.Value) (starlark.Value, error) { return yield(thread, v) }
}

// generator(body, arg...) is a generator that runs body(arg...).
func generator(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
	return newGenerator(thread, bodyOf(args[0]), args[0], args[1:])
}

func newGenerator(thread *starlark.Thread, name string, body starlark.Value, args starlark.Tuple) (starlark.Value, error) {
	return object.NewGenerator(thread, name, routineBody(thread, body, args)), nil
}

// routineBody runs a function as a coroutine that thread makes.
func routineBody(thread *starlark.Thread, body starlark.Value, args starlark.Tuple) object.RoutineBody {
	base := stateOf(thread).base + thread.CallStackDepth()
	return func(thread *starlark.Thread, suspend func(starlark.Value) (starlark.Value, error)) (starlark.Value, error) {
		st := stateOf(thread)
		outer := st.routine
		st.routine = routine{base: base}
		st.yield = func(v starlark.Value) (starlark.Value, error) {
			mine := st.routine
			st.routine = outer
			sent, err := suspend(v)
			if err != nil && object.IsUncatchable(err) {
				// Nobody holds the generator any more, or the script ends: the state
				// may be in use elsewhere.
				return sent, err
			}
			st = stateOf(thread) // whoever resumes it now may be another call
			outer = st.routine
			st.routine = mine
			return sent, err
		}
		call := args
		args = nil // the body's own variables hold them now
		v, err := starlark.Call(thread, body, call, nil)
		if err = interrupted(thread, err); err != nil && object.IsUncatchable(err) {
			return nil, err
		}
		st.routine = outer
		if err != nil {
			// The frames of the thread that resumes the generator come before its own.
			return nil, caught(thread, err)
		}
		return v, nil
	}
}

func yield(thread *starlark.Thread, v starlark.Value) (starlark.Value, error) {
	st := stateOf(thread)
	if st.yield == nil {
		return nil, object.Errorf(object.RuntimeError, "yield outside of a running generator")
	}
	sent, err := st.yield(v)
	if sent == nil {
		sent = starlark.None
	}
	return sent, err
}

// class(name, qualname, module, body, bases, keywords) makes a class.
func class(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
	name, _ := starlark.AsString(args[0])
	qualname, _ := starlark.AsString(args[1])
	module, _ := starlark.AsString(args[2])
	bases := args[4].(starlark.Tuple)
	kwds := args[5].(*starlark.Dict).Items()
	names, err := object.Prepare(thread, name, bases, kwds)
	if err != nil {
		return nil, err
	}
	names.Set("__module__", starlark.String(module))
	cell, err := starlark.Call(thread, args[3], starlark.Tuple{&classNames{names}}, nil)
	if err != nil {
		return nil, err
	}
	t, err := object.NewClass(thread, name, qualname, module, bases, names, kwds)
	if err != nil {
		return nil, err
	}
	if b, ok := cell.(*box); ok {
		b.value = t
	}
	return t, nil
}

// yieldFrom(x) yields what x iterates over, passes on what is sent, and is the
// value that a generator x returns.
func yieldFrom(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
	return object.Delegate(thread, args[0], suspend(thread))
}
