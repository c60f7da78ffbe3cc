package numpy

import (
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// What scripts can change in place, for snapshots of a runtime.

var (
	_ object.HasState = (*Library)(nil)
	_ object.HasState = (*ndarray)(nil)
	_ object.HasState = (*randomState)(nil)

	_ object.HasReferents = (*bound)(nil)
	_ object.HasReferents = (*npzFile)(nil)
	_ object.HasReferents = (*arrayFlags)(nil)
)

// KeepState keeps how arrays are printed, and the generator of np.random's functions.
func (m *Library) KeepState(k *object.Keeper) {
	printed := m.print
	k.Undo(func() { m.print = printed })
	k.FollowNamed("numpy.random", m.legacy)
}

// KeepState keeps a copy of the elements, which are assigned in place.
func (a *ndarray) KeepState(k *object.Keeper) {
	was := *a
	was.shape, was.strides = slices.Clone(a.shape), slices.Clone(a.strides)
	k.Undo(func() {
		*a = was
		a.shape, a.strides = slices.Clone(was.shape), slices.Clone(was.strides)
	})
	if a.base != nil {
		k.FollowNamed("base", a.base)
	}
	s := a.store
	if s.lent != nil {
		k.FollowNamed("base", s.lent)
	}
	if !k.Once(s) || !k.Grow(len(s.data)) {
		return
	}
	data := slices.Clone(s.data)
	k.Undo(func() { copy(s.data, data) })
}

// KeepState keeps where the generator stands.
func (r *randomState) KeepState(k *object.Keeper) {
	if r.gen != nil {
		was := *r.gen.Generator
		k.Undo(func() { *r.gen.Generator = was })
	}
	if r.twister != nil {
		was := *r.twister
		k.Undo(func() { *r.twister = was })
	}
}

// Referents yields the array.
func (b *bound) Referents(yield func(key, v starlark.Value)) {
	yield(starlark.String("__self__"), b.self)
}

// Referents yields the arrays.
func (f *npzFile) Referents(yield func(key, v starlark.Value)) {
	yield(starlark.String("files"), f.arrays)
}

// Referents yields the array.
func (f *arrayFlags) Referents(yield func(key, v starlark.Value)) {
	yield(starlark.String("base"), f.a)
}
