package object

import (
	"go.starlark.net/starlark"
)

// IterOf is iter(x): the iterator as a value.
func IterOf(thread *starlark.Thread, x starlark.Value) (starlark.Value, error) {
	return iterValue(thread, x)
}

func iterValue(thread *starlark.Thread, x starlark.Value) (starlark.Value, error) {
	switch v := x.(type) {
	case *Instance:
		if fn := special(v, "__iter__"); fn != nil && fn != starlark.None {
			it, err := callBound(thread, fn, v)
			if err != nil {
				return nil, err
			}
			if _, err := iteratorOf(thread, it); err != nil {
				return nil, err
			}
			return it, nil
		}
	case HasNext:
		return x, nil
	}
	it, err := Iterate(thread, x)
	if err != nil {
		return nil, err
	}
	if t, ok := it.(HasIteratorType); ok {
		return &IteratorValue{typ: t.IteratorType(), it: it}, nil
	}
	return &IteratorValue{typ: IteratorType, name: iteratorName(x), it: it}, nil
}

func iteratorName(x starlark.Value) string {
	switch unwrap(x).(type) {
	case starlark.String:
		return "str_iterator"
	case *starlark.Dict:
		return "dict_keyiterator"
	case *dictView:
		return typeName(x) + "_iterator"
	case HasType:
		return typeName(x) + "_iterator"
	}
	return typeName(unwrap(x)) + "_iterator"
}

// Next is next(x): ok is false when the iterator is exhausted.
func Next(thread *starlark.Thread, x starlark.Value) (v starlark.Value, ok bool, err error) {
	if n, ok := x.(HasNext); ok {
		return n.NextValue(thread)
	}
	fn := special(x, "__next__")
	if fn == nil {
		return nil, false, Errorf(TypeError, "'%s' object is not an iterator", typeName(x))
	}
	v, err = callBound(thread, fn, x)
	return v, err == nil, err
}

// nextOf is next(x, otherwise).
func nextOf(thread *starlark.Thread, x, otherwise starlark.Value) (starlark.Value, error) {
	if g, ok := x.(*Generator); ok && otherwise == nil {
		return g.Send(thread, starlark.None)
	}
	v, ok, err := Next(thread, x)
	switch {
	case ok && err == nil:
		return v, nil
	case err != nil && (otherwise == nil || !isException(err, StopIteration)):
		return nil, err
	case otherwise == nil:
		return nil, NewException(StopIteration)
	}
	return otherwise, nil
}

// stepper is an iterator whose parts are closed together.
type stepper struct {
	next  func(thread *starlark.Thread) (starlark.Value, bool, error)
	parts NextParts // instead of next, where the elements are tuples
	over  []Iterator
	done  bool
}

func (s *stepper) Next(thread *starlark.Thread) (v starlark.Value, ok bool, err error) {
	switch {
	case s.done:
		return nil, false, nil
	case s.parts != nil:
		v, ok, err = s.parts.Tuple(thread, max(len(s.over), 2))
	default:
		v, ok, err = s.next(thread)
	}
	if !ok && err == nil {
		s.Close()
	}
	return v, ok, err
}

// Parts gives the elements of tuples.
func (s *stepper) Parts() NextParts {
	if s.parts == nil {
		return nil
	}
	return func(thread *starlark.Thread, to []starlark.Value) ([]starlark.Value, bool, error) {
		if s.done {
			return nil, false, nil
		}
		to, ok, err := s.parts(thread, to)
		if !ok && err == nil {
			s.Close()
		}
		return to, ok, err
	}
}

func (s *stepper) Close() {
	for _, it := range s.over {
		it.Close()
	}
	s.over, s.next, s.done = nil, nil, true
}

func iterateAll(thread *starlark.Thread, name string, xs starlark.Tuple) ([]Iterator, error) {
	its := make([]Iterator, 0, len(xs))
	for i, x := range xs {
		it, err := Iterate(thread, x)
		if err != nil {
			for _, open := range its {
				open.Close()
			}
			if name == "zip" && isException(err, TypeError) {
				return nil, Errorf(TypeError, "'%s' object is not iterable", typeName(x))
			}
			_ = i
			return nil, err
		}
		its = append(its, it)
	}
	return its, nil
}

func enumerateOf(c *call) (starlark.Value, error) {
	n := starlark.MakeInt(0)
	if c.arg(1) != nil {
		var err error
		if n, err = Index(c.thread, c.arg(1)); err != nil {
			return nil, err
		}
	}
	it, err := Iterate(c.thread, c.arg(0))
	if err != nil {
		return nil, err
	}
	one := starlark.MakeInt(1)
	return &IteratorValue{typ: EnumerateType, it: &stepper{over: []Iterator{it}, parts: func(thread *starlark.Thread, to []starlark.Value) ([]starlark.Value, bool, error) {
		v, ok, err := it.Next(thread)
		if !ok || err != nil {
			return nil, false, err
		}
		to = append(to, n, v)
		n = n.Add(one)
		return to, true, nil
	}}}, nil
}

func zipOf(c *call) (starlark.Value, error) {
	strict, err := c.boolArg(1, false)
	if err != nil {
		return nil, err
	}
	its, err := iterateAll(c.thread, "zip", c.rest)
	if err != nil {
		return nil, err
	}
	var turns pace
	parts := func(thread *starlark.Thread, to []starlark.Value) ([]starlark.Value, bool, error) {
		if err := turns.step(thread); err != nil {
			return nil, false, err
		}
		if len(its) == 0 {
			return nil, false, nil
		}
		for i, it := range its {
			v, ok, err := it.Next(thread)
			if err != nil {
				return nil, false, err
			}
			if !ok {
				if strict {
					return nil, false, zipLengths(thread, its, i)
				}
				return nil, false, nil
			}
			to = append(to, v)
		}
		return to, true, nil
	}
	return &IteratorValue{typ: ZipType, it: &stepper{over: its, parts: parts}}, nil
}

// zipLengths is the error of zip(strict=True) whose argument i ended, if one
// goes on.
func zipLengths(thread *starlark.Thread, its []Iterator, i int) error {
	span := func(i int) string {
		if i == 1 {
			return "argument 1"
		}
		return "arguments 1-" + itoa(i)
	}
	if i > 0 {
		return Errorf(ValueError, "zip() argument %d is shorter than %s", i+1, span(i))
	}
	for j := 1; j < len(its); j++ {
		_, ok, err := its[j].Next(thread)
		if err != nil {
			return err
		}
		if ok {
			return Errorf(ValueError, "zip() argument %d is longer than %s", j+1, span(j))
		}
	}
	return nil
}

func mapOf(c *call) (starlark.Value, error) {
	if len(c.rest) == 0 {
		return nil, Errorf(TypeError, "map() must have at least two arguments.")
	}
	its, err := iterateAll(c.thread, "map", c.rest)
	if err != nil {
		return nil, err
	}
	fn := c.arg(0)
	next := func(thread *starlark.Thread) (starlark.Value, bool, error) {
		args := make(starlark.Tuple, len(its))
		for i, it := range its {
			v, ok, err := it.Next(thread)
			if err != nil || !ok {
				return nil, false, err
			}
			args[i] = v
		}
		v, err := Call(thread, fn, args, nil)
		return v, err == nil, err
	}
	return &IteratorValue{typ: MapType, it: &stepper{over: its, next: next}}, nil
}

func filterOf(c *call) (starlark.Value, error) {
	it, err := Iterate(c.thread, c.arg(1))
	if err != nil {
		return nil, err
	}
	fn := c.arg(0)
	next := func(thread *starlark.Thread) (starlark.Value, bool, error) {
		for {
			v, ok, err := it.Next(thread)
			if err != nil || !ok {
				return nil, false, err
			}
			verdict := v
			if fn != starlark.None {
				if verdict, err = Call(thread, fn, starlark.Tuple{v}, nil); err != nil {
					return nil, false, err
				}
			}
			keep, err := Truth(thread, verdict)
			if err != nil {
				return nil, false, err
			}
			if keep {
				return v, true, nil
			}
		}
	}
	return &IteratorValue{typ: FilterType, it: &stepper{over: []Iterator{it}, next: next}}, nil
}

// reversedValue is reversed(x).
func reversedValue(thread *starlark.Thread, x starlark.Value) (starlark.Value, error) {
	if fn := special(x, "__reversed__"); fn != nil {
		return callBound(thread, fn, x)
	}
	u := x
	if special(x, "__getitem__") == nil {
		u = unwrap(x)
	}
	switch v := u.(type) {
	case *starlark.Dict:
		return reversedOver(starlark.Tuple(v.Keys())), nil
	case *dictView:
		vals, err := collect(thread, v)
		return reversedOver(starlark.Tuple(vals)), err
	case *starlark.List:
		i := v.Len()
		return &IteratorValue{typ: ReversedType, name: "list_reverseiterator", it: &stepper{next: func(*starlark.Thread) (starlark.Value, bool, error) {
			if i--; i < 0 || i >= v.Len() {
				return nil, false, nil
			}
			return v.Index(i), true, nil
		}}}, nil
	case *starlark.Set, *FrozenSet, *IteratorValue, *Generator:
		return nil, Errorf(TypeError, "'%s' object is not reversible", typeName(x))
	}
	n, err := Len(thread, u)
	if err != nil {
		if special(u, "__getitem__") != nil {
			return nil, err
		}
		return nil, Errorf(TypeError, "'%s' object is not reversible", typeName(x))
	}
	if special(u, "__getitem__") == nil {
		if _, ok := u.(*Instance); ok {
			return nil, Errorf(TypeError, "'%s' object is not reversible", typeName(x))
		}
	}
	i := n
	var turns pace
	return &IteratorValue{typ: ReversedType, it: &stepper{next: func(thread *starlark.Thread) (starlark.Value, bool, error) {
		if i--; i < 0 {
			return nil, false, nil
		}
		if err := turns.step(thread); err != nil {
			return nil, false, err
		}
		v, err := GetItem(thread, u, starlark.MakeInt(i))
		return v, err == nil, err
	}}}, nil
}

func reversedOver(vals starlark.Tuple) *IteratorValue {
	i := len(vals)
	var turns pace
	return &IteratorValue{typ: ReversedType, it: &stepper{next: func(thread *starlark.Thread) (starlark.Value, bool, error) {
		if i--; i < 0 {
			return nil, false, nil
		}
		if err := turns.step(thread); err != nil {
			return nil, false, err
		}
		return vals[i], true, nil
	}}}
}

// callIter is iter(callable, sentinel).
func callIter(fn, sentinel starlark.Value) *IteratorValue {
	var turns pace
	return &IteratorValue{typ: IteratorType, name: "callable_iterator", it: &stepper{next: func(thread *starlark.Thread) (starlark.Value, bool, error) {
		if err := turns.step(thread); err != nil {
			return nil, false, err
		}
		v, err := Call(thread, fn, nil, nil)
		if err != nil {
			if isException(err, StopIteration) {
				return nil, false, nil
			}
			return nil, false, err
		}
		same, err := Equal(thread, v, sentinel)
		return v, !same && err == nil, err
	}}}
}
