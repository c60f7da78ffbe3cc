package builtins

import (
	"fmt"

	"unsafe"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// A tree is a value made of lists, tuples and dicts, their subclasses included;
// what is none of them is a leaf.

// treeDepth bounds the nesting of trees, so that one that contains itself ends
// in an exception.
const treeDepth = 1000

func tooDeep() error {
	return object.Errorf(object.RecursionError, "maximum recursion depth exceeded in a tree")
}

func tooLarge() error {
	return object.Errorf(object.RecursionError, "a tree of more than %d lists, tuples and dicts", treeSize)
}

// mapTree gives a tree of new containers, plain but for subclasses of tuple, whose leaves are f
// of the old ones.
func mapTree(v starlark.Value, f func(leaf starlark.Value) (starlark.Value, error)) (starlark.Value, error) {
	return (&treeMap{f: f}).at(v, 0)
}

// treeSize bounds the containers of a tree, one that is in it twice counting twice: a
// few lists that share each other are more than any memory holds.
const treeSize = 1 << 20

// treeMap is one run of mapTree.
type treeMap struct {
	f    func(leaf starlark.Value) (starlark.Value, error)
	seen int // containers
}

func (m *treeMap) at(v starlark.Value, depth int) (starlark.Value, error) {
	if depth > treeDepth {
		return nil, tooDeep()
	}
	if items, ok := sequence(v); ok {
		if m.seen++; m.seen > treeSize {
			return nil, tooLarge()
		}
		out := make([]starlark.Value, len(items))
		for i, item := range items {
			var err error
			if out[i], err = m.at(item, depth+1); err != nil {
				return nil, err
			}
		}
		if _, ok := object.AsTuple(v); ok {
			return object.TupleLike(v, out), nil
		}
		return starlark.NewList(out), nil
	}
	if d, ok := object.AsDict(v); ok {
		if m.seen++; m.seen > treeSize {
			return nil, tooLarge()
		}
		out := starlark.NewDict(d.Len())
		for _, kv := range d.Items() {
			item, err := m.at(kv[1], depth+1)
			if err != nil {
				return nil, err
			}
			if err := out.SetKey(kv[0], item); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return m.f(v)
}

// arraysOf lists the arrays of a tree in order; other leaves are given to
// other, which may refuse them.
func arraysOf(v starlark.Value, other func(leaf starlark.Value) error) ([]*Array, error) {
	var out []*Array
	_, err := mapTree(v, func(leaf starlark.Value) (starlark.Value, error) {
		if a, ok := leaf.(*Array); ok {
			out = append(out, a)
			return leaf, nil
		}
		return leaf, other(leaf)
	})
	return out, err
}

func anyLeaf(starlark.Value) error { return nil }

func nodesOf(as []*Array) []*engine.Node {
	ns := make([]*engine.Node, len(as))
	for i, a := range as {
		ns[i] = a.Node()
	}
	return ns
}

// refill gives a copy of the tree with its arrays replaced, in order, by
// handles of the nodes.
func (m *Module) refill(v starlark.Value, nodes []*engine.Node) (starlark.Value, error) {
	return mapTree(v, func(leaf starlark.Value) (starlark.Value, error) {
		if _, ok := leaf.(*Array); !ok {
			return leaf, nil
		}
		n := nodes[0]
		nodes = nodes[1:]
		return m.wrap(n), nil
	})
}

// substitution puts other arrays in the place of a tree's own, within its very
// lists and dicts: a function that is traced sees the tracers, whichever way it
// reaches the containers.
type substitution struct {
	replace func(a *Array) *Array
	undo    []func()
}

// put gives the tree to use: v itself, or another tuple.
func (s *substitution) put(v starlark.Value, depth int) (starlark.Value, error) {
	if depth > treeDepth {
		return nil, tooDeep()
	}
	if a, ok := v.(*Array); ok {
		return s.replace(a), nil
	}
	if l, ok := object.AsList(v); ok {
		return v, s.putList(l, depth)
	}
	if d, ok := object.AsDict(v); ok {
		return v, s.putDict(d, depth)
	}
	if t, ok := object.AsTuple(v); ok {
		out := make(starlark.Tuple, len(t))
		changed := false
		for i, item := range t {
			var err error
			if out[i], err = s.put(item, depth+1); err != nil {
				return nil, err
			}
			changed = changed || !same(out[i], item)
		}
		if changed {
			return object.TupleLike(v, out), nil
		}
	}
	return v, nil
}

func (s *substitution) putList(l *starlark.List, depth int) error {
	for i := range l.Len() {
		old := l.Index(i)
		v, err := s.put(old, depth+1)
		if err != nil {
			return err
		}
		if same(v, old) {
			continue
		}
		node := nodeOf(v)
		if err := l.SetIndex(i, v); err != nil {
			return err
		}
		s.undo = append(s.undo, func() {
			if i < l.Len() && same(l.Index(i), v) && nodeOf(v) == node {
				_ = l.SetIndex(i, old) // it was assigned before; a refusal leaves the tracer, an equal value
			}
		})
	}
	return nil
}

func (s *substitution) putDict(d *starlark.Dict, depth int) error {
	for _, kv := range d.Items() {
		key, old := kv[0], kv[1]
		v, err := s.put(old, depth+1)
		if err != nil {
			return err
		}
		if same(v, old) {
			continue
		}
		node := nodeOf(v)
		if err := d.SetKey(key, v); err != nil {
			return err
		}
		s.undo = append(s.undo, func() {
			if now, found, err := d.Get(key); err == nil && found && same(now, v) && nodeOf(v) == node {
				_ = d.SetKey(key, old) // it was assigned before; a refusal leaves the tracer, an equal value
			}
		})
	}
	return nil
}

// slot is a place of a list or a dict that holds an array.
type slot struct {
	array *Array
	set   func(v starlark.Value) error
}

// slotsOf lists the places of a tree's arrays, in order.
func slotsOf(v starlark.Value) ([]slot, error) { return appendSlots(nil, v, 0, new(int)) }

func appendSlots(slots []slot, v starlark.Value, depth int, seen *int) ([]slot, error) {
	if depth > treeDepth {
		return nil, tooDeep()
	}
	if *seen++; *seen > treeSize {
		return nil, tooLarge()
	}
	add := func(item starlark.Value, set func(v starlark.Value) error) (err error) {
		if a, ok := item.(*Array); ok {
			slots = append(slots, slot{a, set})
		} else {
			slots, err = appendSlots(slots, item, depth+1, seen)
		}
		return err
	}
	if l, ok := object.AsList(v); ok {
		for i := range l.Len() {
			if err := add(l.Index(i), func(v starlark.Value) error { return l.SetIndex(i, v) }); err != nil {
				return nil, err
			}
		}
	} else if d, ok := object.AsDict(v); ok {
		for _, kv := range d.Items() {
			if err := add(kv[1], func(v starlark.Value) error { return d.SetKey(kv[0], v) }); err != nil {
				return nil, err
			}
		}
	} else if t, ok := object.AsTuple(v); ok {
		for _, item := range t {
			rebind := func(v starlark.Value) error {
				item.(*Array).Rebind(v.(*Array).Node()) // a tuple keeps its items: the array itself changes
				return nil
			}
			if err := add(item, rebind); err != nil {
				return nil, err
			}
		}
	}
	return slots, nil
}

// restore puts the tree's own arrays back where the function left the others.
func (s *substitution) restore() {
	for i := len(s.undo) - 1; i >= 0; i-- {
		s.undo[i]()
	}
}

// nodeOf is the node of an array, which an operation in place exchanges, or nil.
func nodeOf(v starlark.Value) *engine.Node {
	if a, ok := v.(*Array); ok {
		return a.Node()
	}
	return nil
}

// same reports whether two values are one object.
func same(x, y starlark.Value) bool {
	tx, ok := x.(starlark.Tuple)
	if !ok {
		_, other := y.(starlark.Tuple)
		return !other && x == y
	}
	ty, ok := y.(starlark.Tuple)
	return ok && len(tx) == len(ty) && (len(tx) == 0 || unsafe.SliceData(tx) == unsafe.SliceData(ty))
}

// Nodes lists the arrays of a tree, whose other leaves are an error.
func Nodes(tree starlark.Value) ([]*engine.Node, error) {
	arrays, err := arraysOf(tree, func(leaf starlark.Value) error {
		return fmt.Errorf("got %s, want arrays", object.TypeName(leaf))
	})
	return nodesOf(arrays), err
}
