package object

import (
	"sync/atomic"

	"go.starlark.net/starlark"
)

// What a class finds along its method resolution order is remembered, until one of the
// namespaces of the order changes. Types that runtimes share are looked at each time.

const remembered = 32 // names of a class, by a hash

// finding is what a class found for a name. It never changes.
type finding struct {
	name  string
	stamp uint64 // the order's, when it was found
	value starlark.Value
	owner *Type
	user  starlark.Value // leaving out the builtin types; see lookupUser
}

type findings [remembered]atomic.Pointer[finding]

// stamp changes when one of the namespaces of the order does. A script that holds one as a
// dict changes it without a word.
func (t *Type) stamp() (sum uint64, ok bool) {
	for _, m := range t.mro {
		if m.attrs.dict != nil {
			return 0, false
		}
		sum += m.attrs.version
	}
	return sum, true
}

// find gives what the class finds for a name, or nil where the class does not remember.
func (t *Type) find(name string) *finding {
	if !t.scripted || len(name) == 0 {
		return nil
	}
	stamp, ok := t.stamp()
	if !ok {
		return nil
	}
	if t.found == nil {
		t.found = new(findings)
	}
	slot := &t.found[(len(name)*7+int(name[len(name)-1])*3+int(name[0]))%remembered]
	if f := slot.Load(); f != nil && f.stamp == stamp && f.name == name {
		return f
	}
	f := &finding{name: name, stamp: stamp}
	f.value, f.owner = t.search(name)
	f.user = t.searchUser(name)
	slot.Store(f)
	return f
}

// lookup finds name along the method resolution order, and the type that has it.
func (t *Type) lookup(name string) (starlark.Value, *Type) {
	if f := t.find(name); f != nil {
		return f.value, f.owner
	}
	return t.search(name)
}

func (t *Type) search(name string) (starlark.Value, *Type) {
	for _, m := range t.mro {
		if v, ok := m.attrs.Get(name); ok {
			return v, m
		}
	}
	return nil, nil
}

// lookupUser finds name among the classes of the method resolution order,
// leaving out the builtin types, whose behaviour the operations know.
func (t *Type) lookupUser(name string) starlark.Value {
	if f := t.find(name); f != nil {
		return f.user
	}
	return t.searchUser(name)
}

func (t *Type) searchUser(name string) starlark.Value {
	for _, m := range t.mro {
		if m.builtin {
			continue
		}
		if v, ok := m.attrs.Get(name); ok {
			return v
		}
	}
	return nil
}
