package object

import (
	"maps"
	"slices"
	"unsafe"

	"go.starlark.net/starlark"
)

// Keeper goes through all that can be reached from some values, and notes what scripts can
// change of it in place, so that it can be brought back later. The objects stay the same
// ones: what refers to them, closures and classes among it, needs no copy.
type Keeper struct {
	thread *starlark.Thread
	seen   map[any]struct{}
	queue  []kept
	at     int // that is looked at
	undo   []func()
	tables []func(thread *starlark.Thread) error // of dicts and sets, whose keys may be of any class
	lax    bool                                  // the value is of the library: what cannot be kept of it stays as it is
	err    error
}

// keptSize is about what it takes to keep one thing, in bytes.
const keptSize = 256

// kept is a value that was found, and where.
type kept struct {
	v    starlark.Value
	from int // the index of what refers to it, or less than 0
	key  starlark.Value
	lax  bool
}

// HasState is implemented by values of other packages that scripts can change in place.
type HasState interface {
	// KeepState tells the keeper how what the value has now is brought back, and which
	// values it refers to. It changes nothing that a script could see.
	KeepState(k *Keeper)
}

// NewKeeper makes a keeper, whose work counts as the thread's.
func NewKeeper(thread *starlark.Thread) *Keeper {
	return &Keeper{thread: thread, seen: map[any]struct{}{}}
}

// Lax has what is found below the next roots left as it is where it cannot be kept, instead
// of an error.
func (k *Keeper) Lax(lax bool) { k.lax = lax }

// Follow notes that a value is to be looked at. The key is where it was found: an attribute's
// name, an element's index.
func (k *Keeper) Follow(key, v starlark.Value) {
	if v == nil {
		return
	}
	switch v.(type) {
	case starlark.NoneType, starlark.Bool, starlark.Int, starlark.Float, starlark.String, starlark.Bytes, Complex:
		return
	}
	if !k.Once(identityOf(v)) {
		return
	}
	k.queue = append(k.queue, kept{v, k.at, key, k.lax})
}

// FollowNamed is Follow for what has a name.
func (k *Keeper) FollowNamed(name string, v starlark.Value) { k.Follow(starlark.String(name), v) }

// Once reports whether it is asked for the first time about a thing, which must be comparable.
func (k *Keeper) Once(thing any) bool {
	if _, ok := k.seen[thing]; ok {
		return false
	}
	k.seen[thing] = struct{}{}
	return true
}

// Grow asks for memory of n bytes for a copy; where there is none the walk ends.
func (k *Keeper) Grow(n int) bool {
	if err := Grow(k.thread, int64(n)); err != nil {
		k.Fail(err)
	}
	return k.err == nil
}

// Undo notes what brings a state back. It may be called any number of times.
func (k *Keeper) Undo(f func()) { k.undo = append(k.undo, f) }

// Fail ends the walk: the error is what Run gives.
func (k *Keeper) Fail(err error) {
	if k.err == nil {
		k.err = err
	}
}

// Refuse ends the walk, as the value that is looked at has a state that cannot be kept. Why
// says what it is: "a generator that has not ended". Of the library's values it stays as it is.
func (k *Keeper) Refuse(why string) {
	if !k.lax {
		k.Fail(Errorf(TypeError, "%s: %s cannot be kept", k.path(), why))
	}
}

// path is how the value that is looked at was found: a.b[0].
func (k *Keeper) path() string {
	var keys []starlark.Value // innermost first
	for at := k.at; at >= 0; at = k.queue[at].from {
		if key := k.queue[at].key; key != nil && key != starlark.String("") {
			keys = append(keys, k.queue[at].key)
		}
	}
	slices.Reverse(keys)
	text := ""
	for i, key := range keys {
		name, ok := AsString(key)
		switch {
		case ok && i == 0:
			text = name
		case ok:
			text += "." + name
		default:
			text += "[" + key.String() + "]"
		}
	}
	return text
}

// Root looks at a value and at all that it leads to and that was not looked at before.
func (k *Keeper) Root(name string, v starlark.Value) error {
	k.queue, k.at = k.queue[:0], -1
	k.FollowNamed(name, v)
	return k.walk()
}

// RootState is Root for what is no value of scripts.
func (k *Keeper) RootState(s HasState) error {
	k.queue, k.at = k.queue[:0], -1
	s.KeepState(k)
	return k.walk()
}

func (k *Keeper) walk() error {
	lax := k.lax
	defer func() { k.lax = lax }()
	for i := 0; i < len(k.queue) && k.err == nil; i++ {
		if i%1024 == 0 {
			if err := Steps(k.thread, 1024); err != nil {
				return err
			}
			if err := GrowTimes(k.thread, 1024, keptSize); err != nil {
				return err
			}
		}
		k.at, k.lax = i, k.queue[i].lax
		k.keep(k.queue[i].v)
	}
	return k.err
}

// Done forgets what only the walk needs.
func (k *Keeper) Done() { k.thread, k.seen, k.queue = nil, nil, nil }

// Restore brings everything back. Keys of classes may run code of the script, on the thread,
// once classes and their instances are what they were; what that raises, or the end of its
// call, leaves the rest as it is.
func (k *Keeper) Restore(thread *starlark.Thread) error {
	for _, f := range slices.Backward(k.undo) {
		f()
	}
	for _, f := range k.tables {
		if err := f(thread); err != nil {
			return err
		}
	}
	return nil
}

// identityOf is what tells a value from others: equal for one that is met again.
func identityOf(v starlark.Value) any {
	if t, ok := v.(starlark.Tuple); ok {
		if len(t) == 0 {
			return unsafe.Pointer(nil)
		}
		return unsafe.Pointer(unsafe.SliceData(t))
	}
	return identity(v)
}

// unchanged reports whether two values are the same one. Of equal numbers and texts it may
// take one for another.
func unchanged(x, y starlark.Value) bool {
	type words struct{ typ, data unsafe.Pointer }
	return *(*words)(unsafe.Pointer(&x)) == *(*words)(unsafe.Pointer(&y))
}

func sameValues(x, y []starlark.Value) bool { return slices.EqualFunc(x, y, unchanged) }

// keep looks at one value.
func (k *Keeper) keep(v starlark.Value) {
	Share(v) // what is kept refers to it, too
	switch v := v.(type) {
	case HasState:
		v.KeepState(k)
	case *starlark.List:
		k.list(v)
	case *starlark.Dict:
		k.dict(v)
	case *starlark.Set:
		k.set(v)
	case *ByteArray:
		if !k.Grow(len(v.b)) {
			return
		}
		was := slices.Clone(v.b)
		k.Undo(func() {
			if len(was) == len(v.b) {
				copy(v.b, was) // views of it stay views
				return
			}
			v.b = slices.Clone(was)
		})
	case *Instance:
		class, base := v.class, v.base
		k.Undo(func() { v.class, v.base = class, base })
		k.FollowNamed("__class__", class)
		if base != nil {
			k.Follow(nil, base)
		}
		k.namespace(&v.attrs)
	case *Type:
		k.class(v)
	case *Exception:
		k.exception(v)
	case *starlark.Function:
		k.function(v)
	case *MemoryView:
		owner, buf := v.owner, v.buf
		k.Undo(func() { v.owner, v.buf = owner, buf })
		k.FollowNamed("obj", owner)
	case *Generator:
		k.ended(plainGenerator, v.body.state().finished)
	case *Coroutine:
		k.ended(v.co.kind, v.co.finished)
	case *AsyncGenerator:
		k.ended(v.co.kind, v.co.finished)
	case *IteratorValue:
		if v.it != nil {
			k.Refuse("the place of a " + v.Type())
		}
	default:
		Referents(v, k.Follow)
	}
}

func (k *Keeper) ended(kind routineKind, ended bool) {
	if !ended {
		k.Refuse("a " + string(kind) + " that has not ended")
	}
}

func (k *Keeper) list(l *starlark.List) {
	if !k.Grow(l.Len() * valueSize) {
		return
	}
	was := slices.Clone(*elements(l))
	k.Undo(func() {
		if now := elements(l); !sameValues(*now, was) {
			*now = slices.Clone(was)
		}
		for _, v := range was {
			Share(v)
		}
	})
	for i, v := range was {
		k.Follow(starlark.MakeInt(i), v)
	}
}

func (k *Keeper) dict(d *starlark.Dict) {
	if !k.Grow(2 * d.Len() * valueSize) {
		return
	}
	was := make([]starlark.Value, 0, 2*d.Len())
	for key, v := range d.Entries() {
		was = append(was, key, v)
		k.Follow(nil, key)
		k.Follow(key, v)
	}
	k.tables = append(k.tables, func(thread *starlark.Thread) error {
		i := 0
		for key, v := range d.Entries() {
			if i+1 >= len(was) || !unchanged(key, was[i]) || !unchanged(v, was[i+1]) {
				i = -1
				break
			}
			i += 2
		}
		if i == len(was) {
			return nil
		}
		_ = d.Clear() // scripts' dicts are neither frozen nor locked
		for i := 0; i < len(was); i += 2 {
			if err := dictSet(thread, d, was[i], was[i+1]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (k *Keeper) set(s *starlark.Set) {
	if !k.Grow(s.Len() * valueSize) {
		return
	}
	was := make([]starlark.Value, 0, s.Len())
	for v := range s.Elements() {
		was = append(was, v)
		k.Follow(nil, v)
	}
	k.tables = append(k.tables, func(thread *starlark.Thread) error {
		i := 0
		for v := range s.Elements() {
			if i >= len(was) || !unchanged(v, was[i]) {
				i = -1
				break
			}
			i++
		}
		if i == len(was) {
			return nil
		}
		_ = s.Clear() // as a dict's
		for _, v := range was {
			if err := setInsert(thread, s, v); err != nil {
				return err
			}
		}
		return nil
	})
}

// namespace keeps what names are bound to.
func (k *Keeper) namespace(n *Namespace) {
	if n == nil || !k.Once(n) {
		return
	}
	if d := n.dict; d != nil {
		k.Undo(func() { n.dict = d; n.version++ })
		k.Follow(nil, d)
		return
	}
	names, vals, shared := n.names, slices.Clone(n.vals), n.shared
	if !shared { // else they never change
		names = slices.Clone(names)
	}
	k.Undo(func() {
		if n.dict == nil && slices.Equal(n.names, names) && sameValues(n.vals, vals) {
			return
		}
		n.version++
		n.dict, n.index, n.shared = nil, nil, shared
		n.names, n.vals = names, slices.Clone(vals)
		if !shared {
			n.names = slices.Clone(names)
		}
		if len(names) > scanLimit {
			n.reindex()
		}
	})
	for i, name := range names {
		k.FollowNamed(name, vals[i])
	}
}

// class keeps a class. Types that runtimes share do not change.
func (k *Keeper) class(t *Type) {
	if t.builtin || t.foreign {
		return
	}
	was := *t
	slots := maps.Clone(t.slots)
	k.Undo(func() {
		t.name, t.qualname, t.module, t.doc = was.name, was.qualname, was.module, was.doc
		t.meta, t.layout, t.slots = was.meta, was.layout, maps.Clone(slots)
		if !slices.Equal(t.bases, was.bases) || !slices.Equal(t.mro, was.mro) {
			t.bases, t.mro = was.bases, was.mro
			t.found = nil
		}
	})
	for _, b := range t.bases {
		k.Follow(nil, b)
	}
	if t.meta != nil {
		k.Follow(nil, t.meta)
	}
	k.namespace(t.attrs)
}

func (k *Keeper) exception(e *Exception) {
	was := *e
	trace := slices.Clone(e.Traceback)
	k.Undo(func() {
		*e = was
		e.Traceback = slices.Clone(trace)
	})
	k.FollowNamed("args", e.Args)
	for _, other := range append([]*Exception{e.Cause, e.Context}, e.members...) {
		if other != nil {
			k.Follow(nil, other)
		}
	}
	k.namespace(e.attrs)
}

// function keeps what a function has beside its code: attributes, defaults, the variables
// that it closes over, and its module.
func (k *Keeper) function(f *starlark.Function) {
	for i := range f.NumFreeVars() {
		binding, v := f.FreeVar(i)
		k.FollowNamed(binding.Name, v)
	}
	for i := range f.NumParams() {
		if d := f.ParamDefault(i); d != nil {
			name, _ := f.Param(i)
			k.FollowNamed(name, d)
		}
	}
	own := stateOf(f, true) // attributes that come later are to go
	annotate := own.annotate
	k.Undo(func() { own.annotate = annotate })
	k.namespace(&own.Namespace)
	if run, ok := f.Module().Predeclared()[RunName].(HasState); ok && k.Once(run) {
		run.KeepState(k)
	}
}
