package stdlib

import (
	"encoding"
	"fmt"
	"maps"
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
)

// What scripts can change in place of the library's values, for snapshots of a runtime.

var (
	_ object.HasState = (*Modules)(nil)
	_ object.HasState = (*Deque)(nil)
	_ object.HasState = (*twister)(nil)
	_ object.HasState = (*hasher)(nil)
	_ object.HasState = (*results)(nil)
	_ object.HasState = (*Stream)(nil)
	_ object.HasState = (*lock)(nil)
	_ object.HasState = (*scan)(nil)
	_ object.HasState = (*endOfWire)(nil)
	_ object.HasState = (*moduleSpec)(nil)
	_ object.HasState = (*tokenizerValue)(nil)

	_ object.HasReferents = (*orderedBy)(nil)
	_ object.HasReferents = (*getter)(nil)
	_ object.HasReferents = (*compiledRegexp)(nil)
)

// KeepState keeps what the library itself remembers: the modules there are, sys.path and its
// like, the environment's variables, the working directory, functions of atexit.
func (m *Modules) KeepState(k *object.Keeper) {
	if len(m.Threads()) > 0 {
		k.Fail(object.Errorf(object.RuntimeError, "%d threads of the script have not ended, and cannot be kept", len(m.Threads())))
		return
	}
	dir, folder := m.env.Dir, m.folder
	exits := slices.Clone(m.exits)
	shadowed := maps.Clone(m.shadowed)
	own, hosts := maps.Clone(m.builtins), maps.Clone(m.hostBuiltins)
	wires := maps.Clone(m.wires)
	k.Undo(func() {
		m.endThreads()
		for w := range m.wires {
			if _, ok := wires[w]; !ok {
				_ = w.Close() // nobody is left who would be told
			}
		}
		_ = m.Flush() // what cannot be written has nobody to tell, either
		m.env.Dir, m.folder = dir, folder
		m.exits, m.shadowed = slices.Clone(exits), maps.Clone(shadowed)
		bringBack(m.builtins, own)
		bringBack(m.hostBuiltins, hosts)
	})
	for _, e := range exits {
		k.FollowNamed("atexit", e.fn)
		k.FollowNamed("atexit", e.args)
		for _, kv := range e.kwargs {
			k.FollowNamed("atexit", kv)
		}
	}
	k.FollowNamed("sys.modules", m.loaded)
	k.FollowNamed("os.environ", m.environ)
	k.FollowNamed("sys", m.sys)
	for name, v := range own {
		k.FollowNamed(name, v)
	}
	for name, v := range shadowed {
		k.FollowNamed(name, v)
	}
	if m.numpy != nil {
		m.numpy.KeepState(k)
	}
}

// bringBack makes a map hold what another does.
func bringBack(into, was starlark.StringDict) {
	clear(into)
	maps.Copy(into, was)
}

// Own reports whether a module is the library's or the host's rather than one of scripts.
func (m *Modules) Own(v starlark.Value) bool {
	mod, ok := v.(*dialect.Module)
	return !ok || mod.Name() != "__main__" && mod.File() == ""
}

// endThreads ends the threads of scripts. Others may be started afterwards.
func (m *Modules) endThreads() {
	if len(m.Threads()) == 0 {
		return
	}
	m.threads.end()
	m.threads.reopen()
}

// KeepState keeps the elements.
func (d *Deque) KeepState(k *object.Keeper) {
	was := *d
	was.ring = slices.Clone(d.ring)
	k.Undo(func() {
		edits := d.edits + 1
		*d = was
		d.ring, d.edits = slices.Clone(was.ring), edits
	})
	d.Referents(k.Follow)
}

// KeepState keeps where the generator stands.
func (t *twister) KeepState(k *object.Keeper) {
	was := *t
	k.Undo(func() { *t = was })
}

// KeepState keeps what was hashed so far.
func (h *hasher) KeepState(k *object.Keeper) {
	m, ok := h.h.(encoding.BinaryMarshaler)
	if _, back := h.h.(encoding.BinaryUnmarshaler); !ok || !back {
		k.Refuse("a running digest of " + h.name)
		return
	}
	state, err := m.MarshalBinary()
	if err != nil {
		k.Fail(fmt.Errorf("%s: %w", h.name, err))
		return
	}
	k.Undo(func() { _ = h.h.(encoding.BinaryUnmarshaler).UnmarshalBinary(state) }) // it is its own
}

// KeepState keeps what the function gave so far.
func (r *results) KeepState(k *object.Keeper) {
	hits, misses, table := r.hits, r.misses, r.table
	k.Undo(func() { r.hits, r.misses, r.table = hits, misses, table })
	r.Referents(k.Follow)
}

// KeepState keeps the text of a stream in memory. An open file is not kept.
func (s *Stream) KeepState(k *object.Keeper) {
	closed := s.closed
	if _, standard := s.b.f.(endpoint); standard || closed {
		k.Undo(func() { s.closed = closed })
		return
	}
	if s.memory == nil {
		k.Refuse("a file that is open")
		return
	}
	at, err := s.b.tell()
	if err == nil {
		err = s.b.flush()
	}
	if err != nil {
		k.Fail(err)
		return
	}
	if !k.Grow(len(s.memory.data)) {
		return
	}
	data := slices.Clone(s.memory.data)
	k.Undo(func() {
		_ = s.b.flush() // to memory
		s.memory.data, s.closed = slices.Clip(slices.Clone(data)), false
		_, _ = s.b.Seek(at, 0)
	})
}

// KeepState keeps whether somebody has the lock.
func (l *lock) KeepState(k *object.Keeper) {
	held := l.held
	k.Undo(func() { l.held, l.waiters = held, nil })
}

// KeepState refuses a listing that has not ended.
func (s *scan) KeepState(k *object.Keeper) {
	if len(s.entries) > 0 {
		k.Refuse("the place of a ScandirIterator")
	}
}

// KeepState refuses connections.
func (w *endOfWire) KeepState(k *object.Keeper) {
	if !w.closed {
		k.Refuse("a connection")
	}
}

// KeepState keeps the fields.
func (s *moduleSpec) KeepState(k *object.Keeper) {
	was := maps.Clone(s.fields)
	k.Undo(func() { bringBack(s.fields, was) })
	for name, v := range was {
		k.FollowNamed(name, v)
	}
}

// KeepState keeps the tokens that were added.
func (t *tokenizerValue) KeepState(k *object.Keeper) {
	added := t.t.Added()
	k.Undo(func() {
		if len(t.t.Added()) != len(added) || len(added) > 0 && &t.t.Added()[0] != &added[0] { // adding makes another list
			t.t.SetAdded(added)
		}
	})
}

// Referents yields what is compared, and by what.
func (o *orderedBy) Referents(yield func(key, v starlark.Value)) {
	yield(starlark.String("cmp"), o.cmp)
	yield(starlark.String("obj"), o.obj)
}

// Referents yields what is asked for.
func (g *getter) Referents(yield func(key, v starlark.Value)) {
	yield(starlark.String("args"), g.args)
	for _, kv := range g.kwargs {
		yield(starlark.String("kwargs"), kv)
	}
}

// Referents yields the function that makes exceptions.
func (r *compiledRegexp) Referents(yield func(key, v starlark.Value)) {
	yield(starlark.String("fail"), r.fail)
}
