package dialect

import (
	"fmt"
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// iteration is what a lowered loop iterates over: Starlark's own loop
// instructions drive a Python iterator. They cannot be told of an error, so
// that it waits in the thread's state for the helper after the loop.
type iteration struct {
	it     object.Iterator
	thread *starlark.Thread
	spec   starlark.Value   // how to unpack each element, or nil
	parts  object.NextParts // gives the elements taken apart; nil if it does not
	apart  element
}

// element is an element that a loop takes apart at once: what it is given is handed out once,
// and then let go.
type element struct {
	vals []starlark.Value
	at   int
	room [3]starlark.Value // of elements that nobody else has
}

var (
	_ starlark.Iterable = (*element)(nil)
	_ starlark.Iterator = (*element)(nil)
)

func (s *element) String() string             { return "<element>" }
func (s *element) Type() string               { return "element" }
func (s *element) Freeze()                    {}
func (s *element) Truth() starlark.Bool       { return true }
func (s *element) Hash() (uint32, error)      { return 0, fmt.Errorf("unhashable type: 'element'") }
func (s *element) Iterate() starlark.Iterator { return s }

// Next hands out the next part.
func (s *element) Next(p *starlark.Value) bool {
	if s.at == len(s.vals) {
		return false
	}
	*p = s.vals[s.at]
	s.at++
	return true
}

// Done lets go of the parts.
func (s *element) Done() { *s = element{} }

var (
	_ starlark.Iterable = (*iteration)(nil)
	_ starlark.Iterator = (*iteration)(nil)
)

func (i *iteration) String() string        { return "<iteration>" }
func (i *iteration) Type() string          { return "iteration" }
func (i *iteration) Freeze()               {}
func (i *iteration) Truth() starlark.Bool  { return true }
func (i *iteration) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable type: 'iteration'") }

// Iterate gives the iteration itself: it is iterated once.
func (i *iteration) Iterate() starlark.Iterator { return i }

// Next gives the next element, unpacked.
func (i *iteration) Next(p *starlark.Value) bool {
	ok, err := i.next(p)
	if err != nil {
		stateOf(i.thread).pending = err
	}
	return ok && err == nil
}

func (i *iteration) next(p *starlark.Value) (ok bool, err error) {
	if i.parts != nil {
		vals, ok, err := i.parts(i.thread, i.apart.room[:0])
		if !ok || err != nil {
			return false, err
		}
		return i.take(p, vals)
	}
	v, ok, err := i.it.Next(i.thread)
	switch {
	case !ok || err != nil:
		return false, err
	case i.spec == nil:
		*p = v
		return true, nil
	}
	if v, err = unpack(i.thread, v, i.spec); err != nil {
		return false, err
	}
	if t, ok := v.(starlark.Tuple); ok {
		i.apart.vals, i.apart.at = t, 0
		v = &i.apart
	}
	*p = v
	return true, nil
}

// take gives the loop an element by its parts, if they are as many as it wants.
func (i *iteration) take(p *starlark.Value, vals []starlark.Value) (ok bool, err error) {
	if want, _ := i.spec.(starlark.Int).Int64(); int(want) != len(vals) {
		_, err := object.Unpack(i.thread, starlark.Tuple(slices.Clone(vals)), int(want), false, 0)
		return false, err
	}
	i.apart.vals, i.apart.at = vals, 0
	*p = &i.apart
	return true, nil
}

// counting is what a loop over a range iterates over.
type counting struct {
	next, by int64
	left     int
}

var (
	_ starlark.Iterable = (*counting)(nil)
	_ starlark.Iterator = (*counting)(nil)
)

func (c *counting) String() string             { return "<iteration>" }
func (c *counting) Type() string               { return "iteration" }
func (c *counting) Freeze()                    {}
func (c *counting) Truth() starlark.Bool       { return true }
func (c *counting) Hash() (uint32, error)      { return 0, fmt.Errorf("unhashable type: 'iteration'") }
func (c *counting) Iterate() starlark.Iterator { return c }
func (c *counting) Done()                      {}

// Next gives the next number. The loop's bytecode counts its steps.
func (c *counting) Next(p *starlark.Value) bool {
	if c.left == 0 {
		return false
	}
	*p = starlark.MakeInt64(c.next)
	c.next += c.by
	c.left--
	return true
}

// ints passes on the elements of what should be ints, as the function was compiled for.
type ints struct{ object.Iterator }

func (i ints) Next(thread *starlark.Thread) (starlark.Value, bool, error) {
	v, ok, err := i.Iterator.Next(thread)
	if _, isInt := v.(starlark.Int); ok && err == nil && !isInt {
		return nil, false, object.Errorf(object.TypeError, "a loop over range: an element is a '%s', as range was bound after the function was compiled; want 'int'", object.TypeName(v))
	}
	return v, ok, err
}

// iterate begins a loop over x.
func iterate(thread *starlark.Thread, x starlark.Value, spec starlark.Value) (starlark.Value, error) {
	if r, ok := x.(*object.Range); ok && spec == nil {
		if first, by, n, small := r.Small(); small {
			return &counting{first, by, n}, nil
		}
	}
	it, err := object.Iterate(thread, x)
	if err != nil {
		return nil, err
	}
	i := &iteration{it: it, thread: thread, spec: spec}
	if _, plain := spec.(starlark.Int); plain {
		i.parts = object.PartsOf(it)
	}
	return i, nil
}

// Done drops every reference to what was iterated over: Starlark does not
// clear the slot of the iterator.
func (i *iteration) Done() {
	if i.it != nil {
		i.it.Close()
		i.it = nil
	}
	i.thread, i.spec, i.parts = nil, nil, nil
}

// unpack spreads a value as a specification says: a number of elements, or
// (before, starred, after, specification of each element), or None for the
// value itself.
func unpack(thread *starlark.Thread, v, spec starlark.Value) (starlark.Value, error) {
	switch spec := spec.(type) {
	case starlark.Int:
		n, _ := spec.Int64()
		if t, ok := v.(starlark.Tuple); ok && len(t) == int(n) {
			return t, nil
		}
		return object.Unpack(thread, v, int(n), false, 0)
	case starlark.Tuple:
		before, _ := starlark.AsInt32(spec[0])
		after, _ := starlark.AsInt32(spec[2])
		parts, err := object.Unpack(thread, v, before, bool(spec[1].(starlark.Bool)), after)
		if err != nil {
			return nil, err
		}
		out := make(starlark.Tuple, len(parts))
		for i, p := range parts {
			if out[i], err = unpack(thread, p, spec[3+i]); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return v, nil
}

// iterated fails with the error that ended the last loop, if any.
func iterated(thread *starlark.Thread) error {
	st := stateOf(thread)
	err := st.pending
	st.pending = nil
	return err
}

var loopHelpers = map[string]operation{
	// iter(x[, spec]) is what a loop over x iterates over.
	"iter": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		if len(args) > 1 {
			return iterate(thread, args[0], args[1])
		}
		return iterate(thread, args[0], nil)
	},
	// count(x) is what a loop iterates over whose elements are known to be ints.
	"count": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		x, err := iterate(thread, args[0], nil)
		if i, ok := x.(*iteration); ok {
			i.it = ints{i.it}
		}
		return x, err
	},
	// ints(x, ...) is whether all are ints.
	"ints": func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		for _, x := range args {
			if _, ok := x.(starlark.Int); !ok {
				return starlark.False, nil
			}
		}
		return starlark.True, nil
	},
	// accept(x) is a parameter whose argument passes on if it was offered.
	"accept": accept,
	"iterated": func(thread *starlark.Thread, _ starlark.Tuple) (starlark.Value, error) {
		return starlark.None, iterated(thread)
	},
	"unpack": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return unpack(thread, args[0], args[1])
	},
	// finish(list) is the result of a comprehension whose loops went well.
	"finish": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return args[0], iterated(thread)
	},
	// finishtable(list, table) is that of one whose values are in a set or dict.
	"finishtable": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return args[1], iterated(thread)
	},
	"newset": func(*starlark.Thread, starlark.Tuple) (starlark.Value, error) { return new(starlark.Set), nil },
	// setput(set, x) and dictput(dict, k, v) put values into the table of a comprehension.
	// They are never true.
	"setput": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return starlark.False, object.SetInsert(thread, args[0].(*starlark.Set), args[1])
	},
	"dictput": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return starlark.False, object.DictSet(thread, args[0].(*starlark.Dict), args[1], args[2])
	},
}
