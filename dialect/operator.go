package dialect

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// addOperators adds the helpers of operators, each with paths of its own for
// small numbers, which are most of what scripts compute outside arrays.
func addOperators(t map[string]starlark.Value) {
	binary := map[string]object.Op{
		"add": object.Add, "sub": object.Sub, "mul": object.Mul, "matmul": object.MatMul, "div": object.Div,
		"floordiv": object.FloorDiv, "mod": object.Mod, "pow": object.Pow, "lshift": object.LShift,
		"rshift": object.RShift, "and": object.And, "or": object.Or, "xor": object.Xor,
	}
	for name, op := range binary {
		for mark, result := range followings {
			t[name+mark] = &helper{name, binaryHelper(op, result)}
		}
		t["i"+name] = &helper{"i" + name, inplaceHelper(op)}
		t["i"+name+"ref"] = &helper{"i" + name, referenceHelper(op)}
	}
	t["addtuple"] = &helper{"add", addTuple}
	compare := map[string]object.Op{
		"eq": object.Eq, "ne": object.Ne, "lt": object.Lt, "le": object.Le, "gt": object.Gt, "ge": object.Ge,
	}
	for name, op := range compare {
		for mark, result := range followings {
			t[name+mark] = &helper{name, compareHelper(op, result)}
		}
		t[name+"?"] = &helper{name, conditionHelper(op)}
	}
	for name, op := range map[string]object.Op{"neg": object.Neg, "pos": object.Pos, "invert": object.Invert} {
		for mark, result := range followings {
			t[name+mark] = &helper{name, unaryHelper(op, result)}
		}
	}
}

type operation = func(*starlark.Thread, starlark.Tuple) (starlark.Value, error)

// arithmetic computes what needs no dispatch, or gives nil.
func arithmetic(op object.Op, x, y starlark.Value) starlark.Value {
	switch x := x.(type) {
	case starlark.Int:
		y, ok := y.(starlark.Int)
		if !ok {
			return nil
		}
		switch op {
		case object.Add:
			return x.Add(y)
		case object.Sub:
			return x.Sub(y)
		}
		if _, small := x.Int64(); !small {
			return nil // it may take long
		}
		switch op {
		case object.Mul:
			return x.Mul(y)
		case object.FloorDiv:
			if y.Sign() != 0 {
				return x.Div(y)
			}
		case object.Mod:
			if y.Sign() != 0 {
				return x.Mod(y)
			}
		}
	case starlark.Float:
		y, ok := y.(starlark.Float)
		if !ok {
			return nil
		}
		switch op {
		case object.Add:
			return x + y
		case object.Sub:
			return x - y
		case object.Mul:
			return x * y
		case object.Div:
			if y != 0 {
				return x / y
			}
		}
	}
	return nil
}

func binaryHelper(op object.Op, result following) operation {
	return func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		if v := arithmetic(op, args[0], args[1]); v != nil {
			return v, nil
		}
		return owning(thread, op, args[0], args[1], result)
	}
}

// addTuple is x + y for the variable that held x.
func addTuple(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
	if x, ok := args[0].(starlark.Tuple); ok {
		return object.AppendTuple(thread, x, args[1].(starlark.Tuple))
	}
	return owning(thread, object.Add, args[0], args[1], anywhere)
}

func inplaceHelper(op object.Op) operation {
	return func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		if v := arithmetic(op, args[0], args[1]); v != nil {
			return v, nil
		}
		return object.InplaceBinary(thread, op, args[0], args[1])
	}
}

// order compares what needs no dispatch.
func order(op object.Op, x, y starlark.Value) (result, ok bool) {
	switch x := x.(type) {
	case starlark.Int:
		y, isInt := y.(starlark.Int)
		if !isInt {
			return false, false
		}
		a, small := x.Int64()
		b, alsoSmall := y.Int64()
		if !small || !alsoSmall {
			return false, false
		}
		return ordered(op, a, b), true
	case starlark.Float:
		if y, ok := y.(starlark.Float); ok {
			return ordered(op, x, y), true
		}
	case starlark.String:
		if y, ok := y.(starlark.String); ok {
			return ordered(op, x, y), true
		}
	}
	return false, false
}

func ordered[T int64 | starlark.Float | starlark.String](op object.Op, x, y T) bool {
	switch op {
	case object.Eq:
		return x == y
	case object.Ne:
		return x != y
	case object.Lt:
		return x < y
	case object.Le:
		return x <= y
	case object.Gt:
		return x > y
	}
	return x >= y
}

func compareHelper(op object.Op, result following) operation {
	return func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		if b, ok := order(op, args[0], args[1]); ok {
			return starlark.Bool(b), nil
		}
		return looking(thread, object.Compare, op, args[0], args[1], result)
	}
}

func unaryHelper(op object.Op, result following) operation {
	return func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		x := args[0]
		v, err := object.Unary(thread, op, x)
		if _, followed := x.(object.HasOwnership); !followed || err != nil {
			return v, err
		}
		if v != x && result != anywhere {
			result.pass(thread, v)
		}
		spent(x, v)
		return v, nil
	}
}

// conditionHelper compares for the truth of the result.
func conditionHelper(op object.Op) operation {
	return func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		if b, ok := order(op, args[0], args[1]); ok {
			return starlark.Bool(b), nil
		}
		v, err := object.Compare(thread, op, args[0], args[1])
		if err != nil {
			return nil, err
		}
		if b, ok := v.(starlark.Bool); ok {
			return b, nil
		}
		b, err := object.Truth(thread, v)
		return starlark.Bool(b), err
	}
}

// reference is the target of an augmented assignment to an attribute or an
// item: what it belongs to, and its value before.
type reference struct {
	starlark.Value // the value before
	owner          starlark.Value
	key            starlark.Value
	attr           bool
}

func (r *reference) set(thread *starlark.Thread, v starlark.Value) error {
	if r.attr {
		name, _ := starlark.AsString(r.key)
		return object.SetAttr(thread, r.owner, name, v)
	}
	return object.SetItem(thread, r.owner, r.key, v)
}

// referenceHelper computes x op= y for a reference x.
func referenceHelper(op object.Op) operation {
	inplace := inplaceHelper(op)
	return func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		r := args[0].(*reference)
		v, err := inplace(thread, starlark.Tuple{r.Value, args[1]})
		if err != nil {
			return nil, err
		}
		return starlark.None, r.set(thread, v)
	}
}

// accessHelpers read and write attributes and items, and judge truth and identity.
var accessHelpers = map[string]operation{
	"setattr": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return starlark.None, object.SetAttr(thread, args[0], string(args[1].(starlark.String)), args[2])
	},
	"delattr": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return starlark.None, object.DelAttr(thread, args[0], string(args[1].(starlark.String)))
	},
	"attrref": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		v, err := object.GetAttr(thread, args[0], string(args[1].(starlark.String)))
		return &reference{Value: v, owner: args[0], key: args[1], attr: true}, err
	},
	"setitem": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return starlark.None, object.SetItem(thread, args[0], args[1], args[2])
	},
	// setitemof(holder, i, v) assigns an item of what a variable holds, which goes on to own
	// an array.
	"setitemof": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		h := args[0].(holder)
		x, err := h.look()
		if _, ok := x.(object.HasOwnership); !ok && err == nil {
			x, err = h.Attr(content)
		}
		if err != nil {
			return nil, err
		}
		return starlark.None, object.SetItem(thread, x, args[1], args[2])
	},
	"delitem": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return starlark.None, object.DelItem(thread, args[0], args[1])
	},
	"itemref": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		v, err := object.GetItem(thread, args[0], args[1])
		return &reference{Value: v, owner: args[0], key: args[1]}, err
	},
	"slice": func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return object.NewSlice(args[0], args[1], args[2]), nil
	},
	"truth": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		if b, ok := args[0].(starlark.Bool); ok {
			return b, nil
		}
		b, err := object.Truth(thread, args[0])
		return starlark.Bool(b), err
	},
	// choice(x) is x, or a wrapper of x whose Starlark truth is Python's.
	"choice": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		x := args[0]
		b, err := object.Truth(thread, x)
		if err != nil || bool(x.Truth()) == b {
			return x, err
		}
		return choice{x, b}, nil
	},
	// chosen(x) takes the wrapper off.
	"chosen": func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		if c, ok := args[0].(choice); ok {
			return c.Value, nil
		}
		return args[0], nil
	},
	"is": func(_ *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		return starlark.Bool(object.Is(args[0], args[1])), nil
	},
	"in": func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error) {
		b, err := object.Contains(thread, args[1], args[0])
		return starlark.Bool(b), err
	},
}
