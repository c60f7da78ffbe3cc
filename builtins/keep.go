package builtins

import (
	"maps"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// What scripts can change in place, for snapshots of a runtime.

var (
	_ object.HasState = (*Array)(nil)
	_ object.HasState = (*Module)(nil)
	_ object.HasState = (*submodule)(nil)
	_ object.HasState = (*PrintOptions)(nil)
	_ object.HasState = (*CustomFunction)(nil)
	_ object.HasState = (*FunctionExporter)(nil)

	_ object.HasReferents = (*ArrayAt)(nil)
	_ object.HasReferents = (*ArrayLike)(nil)
)

// KeepState keeps the array that the handle is of. The elements are shared: what a script
// assigns to some of them makes another array.
func (a *Array) KeepState(k *object.Keeper) {
	was := a.m.Engine.NewArray(a.Node())
	k.Undo(func() {
		a.owned = object.Shared
		a.Rebind(was.Node())
	})
}

// KeepState keeps the members, and the defaults that functions change: the device, its
// streams, the random state, how arrays are printed, and limits of memory.
func (m *Module) KeepState(k *object.Keeper) {
	e := m.Engine
	was := maps.Clone(m.attrs)
	uncompiled, printed := m.uncompiled, m.print
	device := e.DefaultDevice()
	random := e.NewArray(e.RandomState())
	var streams []*engine.Stream
	for _, s := range e.Streams() {
		if e.DefaultStream(s.Device) == s {
			streams = append(streams, s)
		}
	}
	limit := e.Account().Limit()
	caches := map[int]int64{}
	for i, p := range e.Pools() {
		caches[i] = p.CacheLimit()
	}
	k.Undo(func() {
		clear(m.attrs)
		maps.Copy(m.attrs, was)
		m.uncompiled, m.print = uncompiled, printed
		_ = e.SetDefaultDevice(device) // it was one
		for _, s := range streams {
			e.SetDefaultStream(s)
		}
		if e.RandomState() != random.Node() {
			e.SetRandomState(random.Node())
		}
		if e.Account().Limit() != limit {
			e.Account().SetLimit(limit, false)
		}
		for i, p := range e.Pools() {
			if p.CacheLimit() != caches[i] {
				p.SetCacheLimit(caches[i])
			}
		}
	})
	for name, v := range was {
		k.FollowNamed(name, v)
	}
}

// KeepState keeps the members.
func (s *submodule) KeepState(k *object.Keeper) {
	was := maps.Clone(s.attrs)
	k.Undo(func() {
		clear(s.attrs)
		maps.Copy(s.attrs, was)
	})
	for name, v := range was {
		k.FollowNamed(name, v)
	}
}

// KeepState keeps the options.
func (p *PrintOptions) KeepState(k *object.Keeper) {
	was := p.opts
	k.Undo(func() { p.opts = was })
}

// KeepState keeps the rules.
func (f *CustomFunction) KeepState(k *object.Keeper) {
	was := *f
	k.Undo(func() { *f = was })
	for name, v := range map[string]starlark.Value{"fun": f.fn, "vjp": f.vjp, "jvp": f.jvp, "vmap": f.vmap} {
		if v != nil {
			k.FollowNamed(name, v)
		}
	}
}

// KeepState refuses a file that is being written.
func (x *FunctionExporter) KeepState(k *object.Keeper) {
	if !x.isClosed {
		k.Refuse("an exporter that is open")
	}
}

// Referents yields the array.
func (at *ArrayAt) Referents(yield func(key, v starlark.Value)) {
	yield(starlark.String("array"), at.a)
	if at.key != nil {
		yield(starlark.String("key"), at.key)
	}
}

// Referents yields the value.
func (a *ArrayLike) Referents(yield func(key, v starlark.Value)) {
	yield(starlark.String("value"), a.value)
}
