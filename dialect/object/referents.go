package object

import (
	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"
)

// HasReferents is implemented by values of other packages that refer to values of
// scripts, so that what keeps an array alive can be told.
type HasReferents interface {
	// Referents yields the values, each with the name or key it is found under.
	Referents(yield func(key, v starlark.Value))
}

// Referents yields the values that v refers to, each with the name or key that it is
// found under: the elements of containers, the attributes of instances and classes, what
// a bound method is bound to.
func Referents(v starlark.Value, yield func(key, v starlark.Value)) {
	named := func(name string, v starlark.Value) {
		if v != nil {
			yield(starlark.String(name), v)
		}
	}
	switch v := v.(type) {
	case HasReferents:
		v.Referents(yield)
	case *starlark.List:
		for i := range v.Len() {
			yield(starlark.MakeInt(i), v.Index(i))
		}
	case starlark.Tuple:
		for i, x := range v {
			yield(starlark.MakeInt(i), x)
		}
	case *starlark.Dict:
		for _, kv := range v.Items() {
			yield(kv[0], kv[1])
		}
	case *Instance:
		if v.base != nil {
			Referents(v.base, yield)
		}
		namespaceReferents(&v.attrs, named)
	case *Type:
		namespaceReferents(v.attrs, named)
	case *BoundMethod:
		named("__self__", v.Self)
		named("__func__", v.Func)
	case *Exception:
		named("args", v.Args)
	case *Property:
		named("fget", v.Get)
		named("fset", v.Set)
		named("fdel", v.Del)
	case *wrapper:
		named("__func__", v.fn)
	case *superValue:
		named("__self__", v.self)
	case *dictView:
		named("mapping", v.dict)
	case *FrozenSet:
		for x := range v.set.Elements() {
			yield(x, x)
		}
	case *genericAlias:
		named("__args__", v.args)
	case *starlarkstruct.Struct:
		for _, name := range v.AttrNames() {
			if x, err := v.Attr(name); err == nil {
				named(name, x)
			}
		}
	case *starlark.Builtin:
		named("__self__", v.Receiver())
	case *IteratorValue:
		if it, ok := v.it.(HasReferents); ok {
			it.Referents(yield)
		}
	}
}

func namespaceReferents(n *Namespace, named func(name string, v starlark.Value)) {
	for _, name := range n.Names() {
		if v, ok := n.Get(name); ok {
			named(name, v)
		}
	}
}

// Referents yields what a list's iterator is about.
func (it *listIter) Referents(yield func(key, v starlark.Value)) {
	if it.list != nil {
		Referents(it.list, yield)
	}
}

// Referents yields what a tuple's iterator is about.
func (it *tupleIter) Referents(yield func(key, v starlark.Value)) {
	Referents(it.elems, yield)
}

// Referents yields what the body of a generator holds that runs step by step.
func (g *Generator) Referents(yield func(key, v starlark.Value)) {
	s, ok := g.body.(*stepped)
	if !ok || s.finished {
		return
	}
	s.body.Referents(yield)
	if v, ok := s.inner.(starlark.Value); ok {
		yield(starlark.String("yield from"), v)
	}
}

// GeneratorThread is the thread that a generator's body runs on, nil where it has none of its own, or has ended.
func GeneratorThread(v starlark.Value) *starlark.Thread {
	if g, ok := v.(*Generator); ok {
		if co, ok := g.body.(*coroutine); ok && !co.finished {
			return co.thread
		}
	}
	return nil
}
