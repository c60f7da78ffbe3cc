package dialect

import (
	"fmt"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// displayHelpers build strings, lists, sets and dicts.
var displayHelpers = map[string]operation{
	"imag": func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return object.Complex(complex(0, float64(args[0].(starlark.Float)))), nil
	},
	"format": format,
	"repr": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		s, err := object.Repr(thread, args[0])
		return starlark.String(s), err
	},
	"str": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		s, err := object.Str(thread, args[0])
		return starlark.String(s), err
	},
	"ascii": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		s, err := object.Repr(thread, args[0])
		return starlark.String(ascii(s)), err
	},
	"join": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		size := 0
		for _, x := range args {
			size += len(x.(starlark.String))
		}
		if err := object.Grow(thread, int64(size)); err != nil {
			return nil, err
		}
		var b strings.Builder
		b.Grow(size)
		for _, x := range args {
			b.WriteString(string(x.(starlark.String)))
		}
		return starlark.String(b.String()), nil
	},
	"set": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return newSet(thread, args[0])
	},
	"dict":   dict,
	"kwargs": kwargs,
	// mapping(x) is a dict of x, which ** takes apart.
	"mapping": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return mapping(thread, args[0])
	},
	// star(x) is a tuple of what x iterates over, for * in a display.
	"star": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return spread(thread, args[0], "Value after * must be an iterable, not %s")
	},
	// args(x) is the same for * in a call.
	"args": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return spread(thread, args[0], "argument after * must be an iterable, not %s")
	},
	// concat(tuple, tuple, ...) is one list.
	"concat": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		n := 0
		for _, x := range args {
			n += len(x.(starlark.Tuple))
		}
		if err := object.GrowTimes(thread, n, 16); err != nil {
			return nil, err
		}
		elems := make([]starlark.Value, 0, n)
		for _, x := range args {
			elems = append(elems, x.(starlark.Tuple)...)
		}
		return starlark.NewList(elems), nil
	},
	"totuple": func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		list := args[0].(*starlark.List)
		elems := make(starlark.Tuple, list.Len())
		for i := range elems {
			elems[i] = list.Index(i)
		}
		return elems, nil
	},
}

// format(x[, spec]) is format(x, spec).
func format(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
	if len(args) == 1 {
		if s, ok := args[0].(starlark.String); ok {
			return s, nil
		}
		s, err := object.Format(thread, args[0], "")
		return starlark.String(s), err
	}
	s, err := object.Format(thread, args[0], string(args[1].(starlark.String)))
	return starlark.String(s), err
}

func spread(thread *starlark.Thread, x starlark.Value, refusal string) (starlark.Value, error) {
	if t, ok := x.(starlark.Tuple); ok {
		return t, nil
	}
	it, err := object.Iterate(thread, x)
	if err != nil {
		if e := object.AsException(err); e.IsA(object.TypeError) && !object.IsUncatchable(err) && e.Traceback == nil {
			return nil, object.Errorf(object.TypeError, refusal, object.TypeName(x))
		}
		return nil, err
	}
	defer it.Close()
	var elems starlark.Tuple
	for {
		v, ok, err := it.Next(thread)
		if err != nil {
			return nil, err
		}
		if !ok {
			return elems, nil
		}
		elems = append(elems, v)
	}
}

func newSet(thread *starlark.Thread, x starlark.Value) (starlark.Value, error) {
	it, err := object.Iterate(thread, x)
	if err != nil {
		return nil, err
	}
	defer it.Close()
	s := new(starlark.Set)
	for {
		v, ok, err := it.Next(thread)
		if err != nil || !ok {
			return s, err
		}
		if err := object.SetInsert(thread, s, v); err != nil {
			return nil, err
		}
	}
}

// dict(piece, ...) is a dict of pieces: tuples of alternating keys and values,
// and dicts.
func dict(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
	d := new(starlark.Dict)
	for _, piece := range args {
		switch piece := piece.(type) {
		case starlark.Tuple:
			for i := 0; i+1 < len(piece); i += 2 {
				if err := object.DictSet(thread, d, piece[i], piece[i+1]); err != nil {
					return nil, err
				}
			}
		case *starlark.Dict:
			for _, item := range piece.Items() {
				if err := object.DictSet(thread, d, item[0], item[1]); err != nil {
					return nil, err
				}
			}
		}
	}
	return d, nil
}

// kwargs is dict for the keywords of a call, which may not repeat.
func kwargs(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
	d := new(starlark.Dict)
	add := func(k, v starlark.Value) error {
		name, ok := k.(starlark.String)
		if !ok {
			return object.Errorf(object.TypeError, "keywords must be strings")
		}
		if _, found, _ := d.Get(k); found {
			return object.Errorf(object.TypeError, "got multiple values for keyword argument '%s'", string(name))
		}
		return d.SetKey(k, v)
	}
	for _, piece := range args {
		switch piece := piece.(type) {
		case starlark.Tuple:
			for i := 0; i+1 < len(piece); i += 2 {
				if err := add(piece[i], piece[i+1]); err != nil {
					return nil, err
				}
			}
		case *starlark.Dict:
			for _, item := range piece.Items() {
				if err := add(item[0], item[1]); err != nil {
					return nil, err
				}
			}
		}
	}
	return d, nil
}

// mapping gives a dict of a mapping: a dict, a value with items, or an object
// with keys and __getitem__.
func mapping(thread *starlark.Thread, x starlark.Value) (starlark.Value, error) {
	if d, ok := object.AsDict(x); ok {
		return d, nil
	}
	d := new(starlark.Dict)
	if m, ok := x.(starlark.IterableMapping); ok {
		for _, item := range m.Items() {
			if err := object.DictSet(thread, d, item[0], item[1]); err != nil {
				return nil, err
			}
		}
		return d, nil
	}
	keys, err := object.GetAttr(thread, x, "keys")
	if err != nil {
		return nil, object.Errorf(object.TypeError, "argument after ** must be a mapping, not %s", object.TypeName(x))
	}
	list, err := starlark.Call(thread, keys, nil, nil)
	if err != nil {
		return nil, err
	}
	it, err := object.Iterate(thread, list)
	if err != nil {
		return nil, err
	}
	defer it.Close()
	for {
		k, ok, err := it.Next(thread)
		if err != nil || !ok {
			return d, err
		}
		v, err := object.GetItem(thread, x, k)
		if err != nil {
			return nil, err
		}
		if err := object.DictSet(thread, d, k, v); err != nil {
			return nil, err
		}
	}
}

// ascii writes the characters of a repr that are not ASCII as escapes.
func ascii(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return b.String()
}
