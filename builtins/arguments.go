package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/dialect/object/signature"
	"github.com/mlxstar/mlxstar/engine"
)

// arguments are what a call was given, by its signature, and how a body reads them: a
// value of the wrong type abandons the call.
type arguments struct {
	construction
	sig    *signature.Signature
	bound  []starlark.Value
	rest   starlark.Tuple
	kwargs []starlark.Tuple
}

// arg is the bound argument of a parameter, or nil where the default serves or
// None was given for a parameter whose default is None.
func (c *arguments) arg(name string) starlark.Value {
	for i := range c.sig.Params {
		if c.sig.Params[i].Name == name {
			v := c.bound[i]
			if v == starlark.None && c.sig.Params[i].Default == "None" {
				return nil
			}
			return v
		}
	}
	panic("builtins: " + c.sig.Name + " has no parameter " + name)
}

// mistyped abandons the call: an argument has the wrong type.
func (c *arguments) mistyped(name string, got starlark.Value, want string) {
	c.fail(object.TypeError, "%s(): argument '%s' must be %s, not %s", c.sig.Name, name, want, object.TypeName(got))
}

// int takes an integer; bools count as 0 and 1.
func (c *arguments) int(name string, absent int) int {
	v := c.arg(name)
	if v == nil {
		return absent
	}
	return c.toInt(name, v)
}

func (c *arguments) toInt(name string, v starlark.Value) int {
	n, ok := integerOf(v)
	if !ok {
		c.mistyped(name, v, "int")
	}
	return n
}

// integerOf is indexOf that takes a 0-d array of integers, too.
func integerOf(v starlark.Value) (int, bool) {
	if a, ok := v.(*Array); ok && a.Node().Rank() == 0 && a.Dtype().IsInteger() {
		n, err := a.item()
		if err != nil {
			return 0, false
		}
		v = n
	}
	return indexOf(v)
}

// indexOf reads a Python integer that fits an int.
func indexOf(v starlark.Value) (int, bool) {
	switch v := plain(v).(type) {
	case starlark.Int:
		n, ok := v.Int64()
		return int(n), ok
	case starlark.Bool:
		if v {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

// float takes a real number.
func (c *arguments) float(name string, absent float64) float64 {
	v := c.arg(name)
	if v == nil {
		return absent
	}
	f, ok := floatOf(v)
	if !ok {
		c.mistyped(name, v, "float")
	}
	return f
}

func floatOf(v starlark.Value) (float64, bool) {
	v = plain(v)
	if f, ok := starlark.AsFloat(v); ok {
		return f, true
	}
	if b, ok := v.(starlark.Bool); ok {
		if b {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

// bool takes a bool.
func (c *arguments) bool(name string, absent bool) bool {
	v := c.arg(name)
	if v == nil {
		return absent
	}
	b, ok := v.(starlark.Bool)
	if !ok {
		c.mistyped(name, v, "bool")
	}
	return bool(b)
}

// str takes a string.
func (c *arguments) str(name, absent string) string {
	v := c.arg(name)
	if v == nil {
		return absent
	}
	s, ok := starlark.AsString(v)
	if !ok {
		c.mistyped(name, v, "str")
	}
	return s
}

// axes takes None, an integer or a sequence of them; nil stands for None.
func (c *arguments) axes(name string) []int {
	v := c.arg(name)
	if v == nil {
		return nil
	}
	if n, ok := integerOf(v); ok {
		return []int{n}
	}
	return c.toInts(name, v)
}

// variantInts takes an integer or a sequence of them where MLX takes any value
// and casts it afterwards: it raises RuntimeError for a value of another type.
func (c *arguments) variantInts(name string, v starlark.Value) []int {
	if n, ok := indexOf(v); ok {
		return []int{n}
	}
	items, ok := sequence(v)
	if !ok {
		c.fail(object.RuntimeError, "%s(): argument '%s' must be int or a sequence of int, not %s", c.sig.Name, name, object.TypeName(v))
	}
	out := make([]int, len(items))
	for i, item := range items {
		if out[i], ok = integerOf(item); !ok {
			c.fail(object.RuntimeError, "%s(): argument '%s' must be int or a sequence of int, not %s in one", c.sig.Name, name, object.TypeName(item))
		}
	}
	return out
}

// shape takes an integer or a sequence of them.
func (c *arguments) shape(name string) []int {
	v := c.arg(name)
	if v == nil {
		return []int{}
	}
	if v == starlark.None {
		c.mistyped(name, v, "int or a sequence of int")
	}
	return c.variantInts(name, v)
}

// ints takes a sequence of integers.
func (c *arguments) ints(name string) []int { return c.toInts(name, c.arg(name)) }

func (c *arguments) toInts(name string, v starlark.Value) []int {
	items, ok := sequence(v)
	if !ok {
		c.mistyped(name, v, "a sequence of int")
	}
	out := make([]int, len(items))
	for i, item := range items {
		out[i] = c.toInt(name, item)
	}
	return out
}

// sequence lists the items of a list or a tuple.
func sequence(v starlark.Value) ([]starlark.Value, bool) {
	if t, ok := object.AsTuple(v); ok {
		return t, true
	}
	if l, ok := object.AsList(v); ok {
		items := make([]starlark.Value, l.Len())
		for i := range items {
			items[i] = l.Index(i)
		}
		return items, true
	}
	return nil, false
}

// dtype takes a dtype; the absent one may be 0.
func (c *arguments) dtype(name string, absent engine.Dtype) engine.Dtype {
	v := c.arg(name)
	if v == nil || v == starlark.None {
		return absent
	}
	d, ok := v.(Dtype)
	if !ok {
		c.mistyped(name, v, "Dtype")
	}
	return d.d
}

// theDtype takes a dtype that must be given.
func (c *arguments) theDtype(name string) engine.Dtype {
	d, ok := c.arg(name).(Dtype)
	if !ok {
		c.mistyped(name, orNone(c.arg(name)), "Dtype")
	}
	return d.d
}

// flat reports whether None was given for a parameter.
func (c *arguments) flat(name string) bool {
	for i := range c.sig.Params {
		if c.sig.Params[i].Name == name {
			return c.bound[i] == starlark.None
		}
	}
	return false
}

// wasGiven reports whether an argument was passed for the parameter, None included.
func (c *arguments) wasGiven(name string) bool {
	for i := range c.sig.Params {
		if c.sig.Params[i].Name == name {
			return c.bound[i] != nil
		}
	}
	return false
}

// optFloat takes a real number, or nil where None was given.
func (c *arguments) optFloat(name string) *float64 {
	if c.given(name) == nil {
		return nil
	}
	v := c.float(name, 0)
	return &v
}

// given is the argument of a parameter, with None as nil.
func (c *arguments) given(name string) starlark.Value {
	if v := c.arg(name); v != starlark.None {
		return v
	}
	return nil
}

// perAxis takes a number for every axis or a sequence of one for each.
func (c *arguments) perAxis(name string, absent, rank int) []int {
	v := c.arg(name)
	n, ok := absent, v == nil
	if !ok {
		n, ok = indexOf(v)
	}
	if !ok && c.sig.Params[2].Type == "int" {
		c.mistyped(name, v, "int") // conv1d takes no sequences
	}
	if ok {
		out := make([]int, rank)
		for i := range out {
			out[i] = n
		}
		return out
	}
	out := c.toInts(name, v)
	if len(out) == 1 {
		for len(out) < rank {
			out = append(out, out[0])
		}
	}
	if len(out) != rank {
		c.fail(object.ValueError, "%s: %s has %d elements, want %d", c.sig.Name, name, len(out), rank)
	}
	return out
}

// items lists what a list or tuple argument holds.
func (c *arguments) items(name string) []starlark.Value {
	vs, ok := sequence(c.arg(name))
	if !ok {
		c.mistyped(name, orNone(c.arg(name)), "list")
	}
	return vs
}

// strings takes a sequence of strings.
func (c *arguments) strings(name string) []string {
	var out []string
	for _, v := range c.items(name) {
		s, ok := starlark.AsString(v)
		if !ok {
			c.mistyped(name, v, "a sequence of str")
		}
		out = append(out, s)
	}
	return out
}

// three takes a tuple of three integers.
func (c *arguments) three(name string) [3]int {
	ns := c.ints(name)
	if len(ns) != 3 {
		c.mistyped(name, c.arg(name), "tuple[int, int, int]")
	}
	return [3]int(ns)
}

// positive takes an integer above 0, or None as 0.
func (c *arguments) positive(name string) int {
	if c.given(name) == nil {
		return 0
	}
	n := c.int(name, 0)
	if n <= 0 {
		c.b.Fail(engine.Errorf(engine.ValueError, c.sig.Name, "%s is %d, want a positive number", name, n))
	}
	return n
}

// restInts reads integers given one by one or as one sequence.
func (c *arguments) restInts(name string) []int {
	if len(c.rest) == 1 {
		return c.variantInts(name, c.rest[0])
	}
	return c.variantInts(name, c.rest)
}
