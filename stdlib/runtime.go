package stdlib

import (
	"maps"
	"runtime"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// makeBuiltins is the builtin names as a module.
func makeBuiltins(m *Modules) *native.Module {
	mod := native.NewModule("builtins", "Built-in functions, exceptions, and other objects.")
	mod.Fill = func() { mod.Members = maps.Clone(m.builtins) }
	mod.Changed = m.rebind
	return mod
}

// rebind makes another value of a builtin visible to what is loaded and to what will be.
func (m *Modules) rebind(name string, v starlark.Value) {
	if name[0] == '_' && name != "__import__" {
		return
	}
	m.builtins[name], m.hostBuiltins[name] = v, v
	for _, item := range m.loaded.Items() {
		if mod, ok := item[1].(*dialect.Module); ok {
			mod.Rebind(name, v)
		}
	}
}

// makeGC is Python's interface to its collector. Memory is Go's to collect:
// collect runs Go's collector, and the thresholds are only remembered.
func makeGC(*Modules) *native.Module {
	mod := native.NewModule("gc", "This module provides access to the garbage collector.")
	enabled := true
	define(mod, []function{
		{"collect(generation=2)", "Run the garbage collector. It does not count what it frees: the result is 0.", func(c *call) (starlark.Value, error) {
			return object.Aside(c.Thread, func() (starlark.Value, error) {
				runtime.GC()
				return starlark.MakeInt(0), nil
			})
		}},
		{"enable()", "Say that collection is on; it always is.", func(*call) (starlark.Value, error) { enabled = true; return nil, nil }},
		{"disable()", "Say that collection is off; the collector runs nevertheless.", func(*call) (starlark.Value, error) { enabled = false; return nil, nil }},
		{"isenabled()", "Return what enable and disable said last.", func(*call) (starlark.Value, error) { return starlark.Bool(enabled), nil }},
		{"freeze()", "Do nothing: there are no generations.", func(*call) (starlark.Value, error) { return nil, nil }},
	})
	return mod
}
