package object

import (
	"runtime"
	"sync"
	"weak"

	"go.starlark.net/starlark"
)

// Starlark's functions have no attributes, and Python's do (f.calls = 0,
// wrapper.__wrapped__ = f). They are kept beside the function, in a table that
// belongs to the run that defined it: a value in the environment of the
// function's own program, under a name that no source can spell. The table
// holds its functions weakly.
const functionAttrsName = "@attributes"

// RunName is what the environment of a function's program keeps the run under, which
// knows the module's name.
const RunName = "@run"

// functionModule is the __module__ of a function that a script defines.
func functionModule(f *starlark.Function) string {
	if run, ok := f.Module().Predeclared()[RunName].(interface{ ModuleName() string }); ok {
		return run.ModuleName()
	}
	return "__main__"
}

type functionTable struct {
	starlark.NoneType
	mu    sync.Mutex // cleanups run on the collector's goroutine
	attrs map[weak.Pointer[starlark.Function]]*functionState
}

// functionState is what a function has beside its code and variables.
type functionState struct {
	Namespace
	annotate Annotate // computes __annotations__; nil where there are none, or they are computed
}

// Annotate computes the annotations of a function.
type Annotate func(thread *starlark.Thread) (*starlark.Dict, error)

// functionAttrs is the namespace of a function, made if wanted.
func functionAttrs(f *starlark.Function, wanted bool) *Namespace {
	if s := stateOf(f, wanted); s != nil {
		return &s.Namespace
	}
	return nil
}

func stateOf(f *starlark.Function, wanted bool) *functionState {
	env := f.Module().Predeclared()
	t, ok := env[functionAttrsName].(*functionTable)
	if !ok {
		if !wanted {
			return nil
		}
		if env == nil {
			return new(functionState)
		}
		t = &functionTable{attrs: map[weak.Pointer[starlark.Function]]*functionState{}}
		env[functionAttrsName] = t
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	key := weak.Make(f)
	n := t.attrs[key]
	if n == nil && wanted {
		n = new(functionState)
		t.attrs[key] = n
		// The table leads to what functions have, and so to the functions: a cleanup that
		// held it would keep all of them.
		table := weak.Make(t)
		runtime.AddCleanup(f, func(key weak.Pointer[starlark.Function]) {
			if t := table.Value(); t != nil {
				t.forget(key)
			}
		}, key)
	}
	return n
}

func (t *functionTable) forget(key weak.Pointer[starlark.Function]) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.attrs, key)
}

// SetAnnotations gives a function annotations, which are computed when they are
// first read.
func SetAnnotations(f *starlark.Function, annotate Annotate) { stateOf(f, true).annotate = annotate }

// functionAnnotations is __annotations__ where no script has set it.
func functionAnnotations(thread *starlark.Thread, self starlark.Value) (starlark.Value, error) {
	f, ok := self.(*starlark.Function)
	if !ok {
		return nil, nil
	}
	own := stateOf(f, true)
	d := new(starlark.Dict)
	if own.annotate != nil {
		var err error
		if d, err = own.annotate(thread); err != nil {
			return nil, err
		}
		own.annotate = nil
	}
	own.Set("__annotations__", d)
	return d, nil
}
