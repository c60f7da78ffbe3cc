package object

import (
	"slices"

	"go.starlark.net/starlark"
)

// Namespace is an ordered map from names to values: the attributes of an
// instance, or the body of a class. The zero value is empty.
//
// A script that asks for the namespace as a dict (x.__dict__, vars(x)) gets a
// dict that stays live: from then on the dict is the storage.
type Namespace struct {
	names []string
	vals  []starlark.Value
	index map[string]int // nil while a scan is cheaper
	dict  *starlark.Dict // non-nil once a script holds the dict

	version uint64 // changes with what the names are bound to
	shared  bool   // the names are a class's model, which others have too
}

// scanLimit is the number of names up to which a linear scan beats a map.
const scanLimit = 8

// NewNamespace returns an empty namespace.
func NewNamespace() *Namespace { return new(Namespace) }

func (n *Namespace) find(name string) int {
	if n.index != nil {
		if i, ok := n.index[name]; ok {
			return i
		}
		return -1
	}
	for i, s := range n.names {
		if s == name {
			return i
		}
	}
	return -1
}

// Get returns the value of name.
func (n *Namespace) Get(name string) (starlark.Value, bool) {
	if n == nil {
		return nil, false
	}
	if n.dict != nil {
		v, ok, err := n.dict.Get(starlark.String(name))
		return v, ok && err == nil
	}
	if i := n.find(name); i >= 0 {
		return n.vals[i], true
	}
	return nil, false
}

// Reserve makes room for n more names.
func (n *Namespace) Reserve(more int) {
	size := len(n.names) + more
	if n.dict != nil || n.index != nil || size <= scanLimit {
		return
	}
	n.names, n.vals = slices.Grow(n.names, more), slices.Grow(n.vals, more)
	n.index = make(map[string]int, size)
	for i, name := range n.names {
		n.index[name] = i
	}
	n.shared = false
}

// Set binds name to v.
func (n *Namespace) Set(name string, v starlark.Value) {
	n.version++
	if n.dict != nil {
		// A string key always hashes; the dict is neither frozen nor iterated,
		// as iteration never holds Starlark's lock.
		_ = n.dict.SetKey(starlark.String(name), v)
		return
	}
	if i := n.find(name); i >= 0 {
		n.vals[i] = v
		return
	}
	n.names, n.shared = append(n.names, name), false // a list that is shared has no room, so that this is another one
	n.vals = append(n.vals, v)
	switch {
	case n.index != nil:
		n.index[name] = len(n.names) - 1
	case len(n.names) > scanLimit:
		n.reindex()
	}
}

// setOf binds a name of an instance. Instances of a class mostly get the same names in the
// same order: they share one list of them, the class's model.
func (n *Namespace) setOf(t *Type, name string, v starlark.Value) {
	at := len(n.names)
	if !t.scripted || n.dict != nil || n.index != nil || at >= scanLimit || at > 0 && !n.shared || n.find(name) >= 0 {
		n.Set(name, v)
		return
	}
	if at > 0 && (len(t.model) < at || &t.model[0] != &n.names[0]) {
		n.names, n.shared = slices.Clone(n.names), false
		n.Set(name, v)
		return
	}
	if at == len(t.model) {
		t.model = append(t.model, name)
	} else if t.model[at] != name {
		n.names, n.shared = slices.Clone(n.names), false
		n.Set(name, v)
		return
	}
	n.names, n.shared = t.model[:at+1:at+1], true
	if n.vals == nil {
		n.vals = make([]starlark.Value, 0, max(len(t.model), 2))
	}
	n.vals = append(n.vals, v)
}

// Delete removes name and reports whether it was there.
func (n *Namespace) Delete(name string) bool {
	if n == nil {
		return false
	}
	if n.dict != nil {
		_, found, err := n.dict.Delete(starlark.String(name))
		return found && err == nil
	}
	i := n.find(name)
	if i < 0 {
		return false
	}
	n.version++
	if n.shared {
		n.names, n.shared = slices.Clone(n.names), false
	}
	last := len(n.names) - 1
	copy(n.names[i:], n.names[i+1:])
	copy(n.vals[i:], n.vals[i+1:])
	n.names[last], n.vals[last] = "", nil
	n.names, n.vals = n.names[:last], n.vals[:last]
	if n.index != nil {
		n.reindex()
	}
	return true
}

func (n *Namespace) reindex() {
	n.index = make(map[string]int, 2*len(n.names))
	for i, s := range n.names {
		n.index[s] = i
	}
}

// Len is the number of names.
func (n *Namespace) Len() int {
	if n == nil {
		return 0
	}
	if n.dict != nil {
		return n.dict.Len()
	}
	return len(n.names)
}

// Names returns the names in the order in which they were bound.
func (n *Namespace) Names() []string {
	if n == nil {
		return nil
	}
	if n.dict == nil {
		return append([]string(nil), n.names...)
	}
	var names []string
	for _, k := range n.dict.Keys() {
		if s, ok := k.(starlark.String); ok {
			names = append(names, string(s))
		}
	}
	return names
}

// Dict returns the namespace as a dict that is the namespace from now on.
func (n *Namespace) Dict() *starlark.Dict {
	if n.dict == nil {
		n.dict = n.Copy()
		n.names, n.vals, n.index, n.shared = nil, nil, nil, false
	}
	return n.dict
}

// SetDict makes d the storage of the namespace (x.__dict__ = d).
func (n *Namespace) SetDict(d *starlark.Dict) {
	n.dict = d
	n.names, n.vals, n.index, n.shared = nil, nil, nil, false
}

// Copy returns a dict of the present names and values.
func (n *Namespace) Copy() *starlark.Dict {
	if n == nil {
		return starlark.NewDict(0)
	}
	d := starlark.NewDict(n.Len())
	if n.dict != nil {
		for _, item := range n.dict.Items() {
			_ = d.SetKey(item[0], item[1]) // a key of a dict hashes
		}
		return d
	}
	for i, s := range n.names {
		_ = d.SetKey(starlark.String(s), n.vals[i])
	}
	return d
}
