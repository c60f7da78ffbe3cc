package dialect

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// handleGroup runs except* clauses on an error: handlers are a function for each, which is given the part
// of the exception that is the clause's and None at first, for the types that it takes.
func handleGroup(thread *starlark.Thread, handlers, names starlark.Tuple, err error) (starlark.Value, error) {
	st := stateOf(thread)
	st.pending = nil
	whole := caught(thread, err)
	rest := whole
	var raised []*object.Exception
	for _, h := range handlers {
		if rest == nil {
			break
		}
		clause := h.(starlark.Tuple)
		in, out, err := clausePart(thread, st, whole, rest, clause[0])
		if err != nil {
			return nil, err
		}
		rest = out
		if in == nil {
			continue
		}
		_, err = st.during(thread, in, func() (starlark.Value, error) {
			return starlark.Call(thread, clause[1], starlark.Tuple{in}, nil)
		})
		st = stateOf(thread)
		if err != nil && object.IsUncatchable(err) {
			return nil, err
		}
		if err != nil {
			raised = append(raised, caught(thread, err))
		}
		for _, n := range names {
			if n, ok := n.(variable); ok {
				n.forget(in)
			}
		}
	}
	switch {
	case len(raised) == 0 && rest == nil:
		return starlark.None, nil
	case len(raised) == 0:
		return nil, rest
	case whole.Members() == nil:
		return nil, raised[0]
	}
	if rest != nil {
		raised = append(raised, rest)
	}
	return nil, object.NewGroup("", raised)
}

// clausePart divides what is left of an exception by the types of a clause. One that is no group
// comes as a group of its own.
func clausePart(thread *starlark.Thread, st *state, whole, rest *object.Exception, typesOf starlark.Value) (in, out *object.Exception, err error) {
	v, err := st.during(thread, whole, func() (starlark.Value, error) { return starlark.Call(thread, typesOf, nil, nil) })
	if err != nil {
		return nil, nil, err
	}
	types, ok := v.(starlark.Tuple)
	if !ok {
		types = starlark.Tuple{v}
	}
	for _, x := range types {
		t, ok := x.(*object.Type)
		if !ok || !t.IsSubtype(object.BaseException) {
			return nil, nil, object.Errorf(object.TypeError, "catching classes that do not inherit from BaseException is not allowed")
		}
		if t.IsSubtype(object.BaseExceptionGroup) {
			return nil, nil, object.Errorf(object.TypeError, "catching ExceptionGroup with except* is not allowed. Use except instead.")
		}
	}
	in, out, err = object.Split(thread, rest, func(e *object.Exception) (bool, error) { return catches(e, types) })
	if in != nil && in.Members() == nil {
		alone := in
		in = object.NewGroup("", []*object.Exception{alone})
		in.Args[1] = starlark.Tuple{alone} // as Python writes it
	}
	return in, out, err
}
