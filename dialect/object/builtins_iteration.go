package object

import (
	"go.starlark.net/starlark"
)

func iterationFunctions() []functionSpec {
	return []functionSpec{
		{"sorted", "iterable, /, *, key=None, reverse=False", "Return a new sorted list; the sort is stable.", func(c *call) (starlark.Value, error) {
			vals, err := collect(c.thread, c.arg(0))
			if err != nil {
				return nil, err
			}
			vals, err = sortValues(c.thread, vals, c.arg(1), c.arg(2))
			if err != nil {
				return nil, err
			}
			return starlark.NewList(vals), nil
		}},
		{"min", "*args, key=None, default=None", "Return the smallest of the arguments, or of an iterable.", func(c *call) (starlark.Value, error) { return extreme(c, Lt) }},
		{"max", "*args, key=None, default=None", "Return the largest of the arguments, or of an iterable.", func(c *call) (starlark.Value, error) { return extreme(c, Gt) }},
		{"sum", "iterable, /, start=0", "Return start plus the sum of the items.", sumOf},
		{"any", "iterable, /", "Return whether some item is true.", func(c *call) (starlark.Value, error) { return quantify(c, true) }},
		{"all", "iterable, /", "Return whether every item is true.", func(c *call) (starlark.Value, error) { return quantify(c, false) }},
		{"iter", "obj, sentinel=None, /", "Return an iterator over the items, or over calls of a function until it gives the sentinel.", func(c *call) (starlark.Value, error) {
			if c.arg(1) == nil {
				return iterValue(c.thread, c.arg(0))
			}
			if !isCallable(c.arg(0)) {
				return nil, Errorf(TypeError, "iter(v, w): v must be callable")
			}
			return callIter(c.arg(0), c.arg(1)), nil
		}},
		{"aiter", "async_iterable, /", "Return an asynchronous iterator over the items.", builtinAiter},
		{"anext", "async_iterator, default=None, /", "Return an awaitable of the iterator's next item, or of the default when there is none.", builtinAnext},
		{"next", "iterator, default=None, /", "Return the iterator's next item, or the default when there is none.", func(c *call) (starlark.Value, error) {
			return nextOf(c.thread, c.arg(0), c.arg(1))
		}},
	}
}

// extreme is min or max: op says what is better.
func extreme(c *call, op Op) (starlark.Value, error) {
	key, otherwise := c.arg(1), c.arg(2)
	if key == starlark.None {
		key = nil
	}
	var best, bestKey starlark.Value
	consider := func(v starlark.Value) error {
		k := v
		if key != nil {
			var err error
			if k, err = Call(c.thread, key, starlark.Tuple{v}, nil); err != nil {
				return err
			}
		}
		if best == nil {
			best, bestKey = v, k
			return nil
		}
		better, err := compareBool(c.thread, op, k, bestKey)
		if better {
			best, bestKey = v, k
		}
		return err
	}
	switch len(c.rest) {
	case 0:
		return nil, Errorf(TypeError, "%s expected at least 1 argument, got 0", c.name)
	case 1:
		if err := each(c.thread, c.rest[0], consider); err != nil {
			return nil, err
		}
	default:
		if otherwise != nil {
			return nil, Errorf(TypeError, "Cannot specify a default for %s() with multiple positional arguments", c.name)
		}
		for _, v := range c.rest {
			if err := consider(v); err != nil {
				return nil, err
			}
		}
	}
	if best != nil {
		return best, nil
	}
	if otherwise == nil {
		return nil, Errorf(ValueError, "%s() arg is an empty sequence", c.name)
	}
	return otherwise, nil
}

func sumOf(c *call) (starlark.Value, error) {
	var total starlark.Value = starlark.MakeInt(0)
	if c.arg(1) != nil {
		total = c.arg(1)
	}
	switch unwrap(total).(type) {
	case starlark.String:
		return nil, Errorf(TypeError, "sum() can't sum strings [use ''.join(seq) instead]")
	case starlark.Bytes:
		return nil, Errorf(TypeError, "sum() can't sum bytes [use b''.join(seq) instead]")
	}
	err := each(c.thread, c.arg(0), func(v starlark.Value) error {
		var err error
		total, err = Binary(c.thread, Add, total, v)
		return err
	})
	return total, err
}

// quantify is any or all: it stops at the first item whose truth is until.
func quantify(c *call, until bool) (starlark.Value, error) {
	it, err := Iterate(c.thread, c.arg(0))
	if err != nil {
		return nil, err
	}
	defer it.Close()
	for {
		v, ok, err := it.Next(c.thread)
		if err != nil {
			return nil, err
		}
		if !ok {
			return starlark.Bool(!until), nil
		}
		b, err := Truth(c.thread, v)
		if err != nil {
			return nil, err
		}
		if b == until {
			return starlark.Bool(until), nil
		}
	}
}
