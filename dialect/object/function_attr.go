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

type functionTable struct {
	starlark.NoneType
	mu    sync.Mutex // cleanups run on the collector's goroutine
	attrs map[weak.Pointer[starlark.Function]]*Namespace
}

// functionAttrs is the namespace of a function, made if wanted.
func functionAttrs(f *starlark.Function, wanted bool) *Namespace {
	env := f.Module().Predeclared()
	t, ok := env[functionAttrsName].(*functionTable)
	if !ok {
		if !wanted || env == nil {
			return orEmpty(wanted)
		}
		t = &functionTable{attrs: map[weak.Pointer[starlark.Function]]*Namespace{}}
		env[functionAttrsName] = t
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	key := weak.Make(f)
	n := t.attrs[key]
	if n == nil && wanted {
		n = NewNamespace()
		t.attrs[key] = n
		runtime.AddCleanup(f, t.forget, key)
	}
	return n
}

func orEmpty(wanted bool) *Namespace {
	if wanted {
		return NewNamespace()
	}
	return nil
}

func (t *functionTable) forget(key weak.Pointer[starlark.Function]) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.attrs, key)
}
