package builtins

import (
	"github.com/mlxstar/mlxstar/dialect/object"
)

var (
	_ object.HasOwnership = (*Array)(nil)
	_ object.Transparent  = (*Func)(nil)
)

// Ownership is what the front end knows about who refers to the handle.
func (a *Array) Ownership() *object.Ownership { return &a.owned }

// Transparent is true of functions that take no function: they read their array
// arguments' nodes and make handles of their own for what they give.
func (f *Func) Transparent() bool { return !f.sig.TakesFunctions() }
