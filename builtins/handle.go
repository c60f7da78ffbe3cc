package builtins

import "github.com/mlxstar/mlxstar/engine"

// Handle is the array as Go programs hold it. It is the same handle: an
// operation in place on either is seen by both.
func (a *Array) Handle() *engine.Array { return &a.Array }

// Wrap makes a Go program's array a value of scripts. Both refer to the same
// elements, and each keeps them alive.
func (m *Module) Wrap(a *engine.Array) *Array { return m.wrap(a.Node()) }
