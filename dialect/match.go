package dialect

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// The kinds of patterns, as patternSpec writes them.
const (
	matchAny      = iota // (slot[, pattern])
	matchSame            // (constant)
	matchEqual           // (value)
	matchSequence        // (place of the star or -1, its slot, patterns)
	matchMapping         // (keys, patterns, slot of the rest)
	matchClass           // (class, patterns, names, patterns)
	matchOr              // (patterns)
)

var matchHelpers = map[string]operation{
	// match(subject, slots, pattern) is false, or the values of the slots; true
	// where there are none.
	"match": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		slots, _ := starlark.AsInt32(args[1])
		m := matcher{thread: thread, out: make(starlark.Tuple, slots)}
		ok, err := m.match(args[0], args[2])
		if err != nil || !ok || slots == 0 {
			return starlark.Bool(ok), err
		}
		return m.out, nil
	},
	// bind(values, variable...) assigns, and is true.
	"bind": func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		for i, v := range args[0].(starlark.Tuple) {
			if err := args[1+i].(variable).SetField(content, v); err != nil {
				return nil, err
			}
		}
		return starlark.True, nil
	},
}

// matcher compares one subject with one case's pattern.
type matcher struct {
	thread *starlark.Thread
	out    starlark.Tuple
}

func (m *matcher) take(slot, v starlark.Value) {
	if i, _ := starlark.AsInt32(slot); i >= 0 {
		m.out[i] = v
	}
}

func (m *matcher) match(x, pattern starlark.Value) (bool, error) {
	p := pattern.(starlark.Tuple)
	kind, _ := starlark.AsInt32(p[0])
	switch kind {
	case matchAny:
		if len(p) > 2 {
			if ok, err := m.match(x, p[2]); !ok || err != nil {
				return false, err
			}
		}
		m.take(p[1], x)
		return true, nil
	case matchSame:
		return object.Is(x, p[1]), nil
	case matchEqual:
		v, err := object.Compare(m.thread, object.Eq, x, p[1])
		if err != nil {
			return false, err
		}
		return object.Truth(m.thread, v)
	case matchSequence:
		return m.sequence(x, p)
	case matchMapping:
		return m.mapping(x, p)
	case matchClass:
		return m.class(x, p)
	}
	for _, option := range p[1].(starlark.Tuple) {
		if ok, err := m.match(x, option); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

func (m *matcher) all(xs []starlark.Value, patterns starlark.Tuple) (bool, error) {
	for i, x := range xs {
		if ok, err := m.match(x, patterns[i]); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (m *matcher) sequence(x starlark.Value, p starlark.Tuple) (bool, error) {
	if !object.IsSequence(x) {
		return false, nil
	}
	star, _ := starlark.AsInt32(p[1])
	patterns := p[3].(starlark.Tuple)
	n, err := object.Len(m.thread, x)
	if err != nil || star < 0 && n != len(patterns) || n < len(patterns) {
		return false, err
	}
	elem := func(i int) (starlark.Value, error) { return object.GetItem(m.thread, x, starlark.MakeInt(i)) }
	for i, pattern := range patterns {
		at := i
		if star >= 0 && i >= star {
			at = n - len(patterns) + i
		}
		v, err := elem(at)
		if err != nil {
			return false, err
		}
		if ok, err := m.match(v, pattern); !ok || err != nil {
			return false, err
		}
	}
	if slot, _ := starlark.AsInt32(p[2]); star >= 0 && slot >= 0 {
		if err := object.GrowTimes(m.thread, n-len(patterns), 2*16); err != nil {
			return false, err
		}
		var rest []starlark.Value
		for i := star; i < n-len(patterns)+star; i++ {
			if i%object.LongStep == 0 {
				if err := object.Steps(m.thread, object.LongStep); err != nil {
					return false, err
				}
			}
			v, err := elem(i)
			if err != nil {
				return false, err
			}
			rest = append(rest, v)
		}
		m.take(p[2], starlark.NewList(rest))
	}
	return true, nil
}

func (m *matcher) mapping(x starlark.Value, p starlark.Tuple) (bool, error) {
	if !object.IsMapping(x) {
		return false, nil
	}
	keys, patterns := p[1].(starlark.Tuple), p[2].(starlark.Tuple)
	seen := new(starlark.Dict)
	values := make([]starlark.Value, len(keys))
	for i, k := range keys {
		if _, found, err := object.DictGet(m.thread, seen, k); err != nil || found {
			if err == nil {
				s, _ := object.Repr(m.thread, k)
				err = object.Errorf(object.ValueError, "mapping pattern checks duplicate key (%s)", s)
			}
			return false, err
		}
		if err := object.DictSet(m.thread, seen, k, starlark.None); err != nil {
			return false, err
		}
		v, found, err := m.lookup(x, k)
		if !found || err != nil {
			return false, err
		}
		values[i] = v
	}
	if ok, err := m.all(values, patterns); !ok || err != nil {
		return false, err
	}
	if slot, _ := starlark.AsInt32(p[3]); slot >= 0 {
		rest, err := m.rest(x, seen)
		if err != nil {
			return false, err
		}
		m.take(p[3], rest)
	}
	return true, nil
}

// lookup reads a key as the mapping's get method does, so that a mapping that makes
// what is missing makes nothing.
func (m *matcher) lookup(x, key starlark.Value) (starlark.Value, bool, error) {
	if d, ok := x.(*starlark.Dict); ok {
		return object.DictGet(m.thread, d, key)
	}
	get, err := object.GetAttr(m.thread, x, "get")
	if err != nil {
		return nil, false, err
	}
	missing := &jump{kind: "missing"}
	v, err := object.Call(m.thread, get, starlark.Tuple{key, missing}, nil)
	return v, v != starlark.Value(missing), err
}

// rest is a dict of what a mapping has beside the keys.
func (m *matcher) rest(x starlark.Value, keys *starlark.Dict) (starlark.Value, error) {
	whole, err := mapping(m.thread, x)
	if err != nil {
		return nil, err
	}
	out := new(starlark.Dict)
	for _, item := range whole.(*starlark.Dict).Items() {
		if _, found, err := object.DictGet(m.thread, keys, item[0]); err != nil {
			return nil, err
		} else if found {
			continue
		}
		if err := object.DictSet(m.thread, out, item[0], item[1]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (m *matcher) class(x starlark.Value, p starlark.Tuple) (bool, error) {
	class, ok := p[1].(*object.Type)
	if !ok {
		return false, object.Errorf(object.TypeError, "called match pattern must be a type")
	}
	is, err := object.IsInstanceOf(m.thread, x, class)
	if !is || err != nil {
		return false, err
	}
	args, names, named := p[2].(starlark.Tuple), p[3].(starlark.Tuple), p[4].(starlark.Tuple)
	var order []string
	for _, n := range names {
		order = append(order, string(n.(starlark.String)))
	}
	if len(args) > 0 {
		positional, self, err := m.matchArgs(class, len(args))
		if err != nil {
			return false, err
		}
		if self {
			if ok, err := m.match(x, args[0]); !ok || err != nil {
				return false, err
			}
			args = nil
		}
		for _, name := range positional {
			for _, other := range order {
				if name == other {
					return false, object.Errorf(object.TypeError, "%s() got multiple sub-patterns for attribute '%s'", class.Name(), name)
				}
			}
		}
		order = append(append([]string{}, positional...), order...)
	}
	patterns := append(append(starlark.Tuple{}, args...), named...)
	for i, name := range order {
		v, err := object.GetAttr(m.thread, x, name)
		if err != nil {
			if !object.IsUncatchable(err) && object.AsException(err).IsA(object.AttributeError) {
				return false, nil
			}
			return false, err
		}
		if ok, err := m.match(v, patterns[i]); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

// matchArgs gives the attributes that the first n positional patterns of a class
// mean, or says that the only one means the value itself.
func (m *matcher) matchArgs(class *object.Type, n int) (names []string, self bool, err error) {
	refuse := func(allowed int) error {
		plural := "s"
		if allowed == 1 {
			plural = ""
		}
		return object.Errorf(object.TypeError, "%s() accepts %d positional sub-pattern%s (%d given)", class.Name(), allowed, plural, n)
	}
	v, err := object.GetAttr(m.thread, class, "__match_args__")
	if err != nil {
		if object.IsUncatchable(err) || !object.AsException(err).IsA(object.AttributeError) {
			return nil, false, err
		}
		if !object.MatchesSelf(class) {
			return nil, false, refuse(0)
		}
		if n > 1 {
			return nil, false, refuse(1)
		}
		return nil, true, nil
	}
	t, ok := v.(starlark.Tuple)
	if !ok {
		return nil, false, object.Errorf(object.TypeError, "%s.__match_args__ must be a tuple (got %s)", class.Name(), object.TypeName(v))
	}
	if n > len(t) {
		return nil, false, refuse(len(t))
	}
	for _, e := range t[:n] {
		s, ok := object.AsString(e)
		if !ok {
			return nil, false, object.Errorf(object.TypeError, "__match_args__ elements must be strings (got %s)", object.TypeName(e))
		}
		names = append(names, s)
	}
	return names, false, nil
}
