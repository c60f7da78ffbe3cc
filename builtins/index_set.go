package builtins

import (
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// SetItem is a[key] = value: the handle is pointed at the updated array.
// Arrays that were made of it keep their elements.
func (a *Array) SetItem(thread *starlark.Thread, key, v starlark.Value) error {
	c := &Call{m: a.m, thread: thread}
	return c.run(func() {
		n := c.set(a.Node(), key, v)
		a.m.noteNode("setitem", n, a, key, v)
		a.become(n)
	})
}

func (c *Call) set(x *engine.Node, key, v starlark.Value) *engine.Node {
	value := c.update(x, v)
	if mask := c.mask(key); mask != nil {
		return c.setMasked(x, mask, c.b.AsType(value, x.Dtype()))
	}
	if c.isWhole(x, key) {
		if key == starlark.None {
			return c.b.Broadcast(value, x.Shape())
		}
		return c.fit(value, x.Shape())
	}
	return c.put(x, c.selection(x, key), value, engine.Replace)
}

// isWhole reports whether the key stands for the array as it is: such an
// assignment replaces it, so that the value keeps its own dtype.
func (c *Call) isWhole(x *engine.Node, key starlark.Value) bool {
	if key == object.Ellipsis || key == starlark.None {
		return true
	}
	if x.Rank() > 0 {
		return false
	}
	c.selection(x, key) // fails for a key that a 0-d array does not have
	return true
}

// update is a value on its way into x: an array, or a number that takes on x's
// dtype where MLX lets it.
func (c *Call) update(x *engine.Node, v starlark.Value) *engine.Node {
	if n := c.asArray(v); n != nil {
		return n
	}
	n, err := c.m.scalar(c.b, v, x)
	c.check(err)
	if n == nil && v == starlark.None {
		c.fail(object.TypeError, "index: cannot assign None to elements of an array, want array or a number")
	}
	if n == nil {
		c.fail(object.ValueError, "index: cannot assign %s to elements of an array, want array or a number", object.TypeName(v))
	}
	return n
}

// put updates the selection of x with the value, which broadcasts to the
// selection's shape; leading axes of length 1 that are too many are dropped.
func (c *Call) put(x *engine.Node, s *selection, value *engine.Node, mode engine.UpdateMode) *engine.Node {
	b := c.b
	l := s.layout(false)
	value = c.fit(b.AsType(value, x.Dtype()), l.shape)
	value = b.Reshape(value, l.plain)
	if value.Len() == 0 {
		return x
	}
	starts, steps, counts := s.starts(), s.steps(), s.counts()
	if len(s.places) == 0 {
		return b.SliceUpdate(x, b.Reshape(value, counts), starts, steps, mode)
	}
	part := b.Slice(x, starts, steps, counts)
	inverse := make([]int, len(l.perm))
	for i, axis := range l.perm {
		inverse[axis] = i
	}
	axes, sizes := s.gathered(part.Shape())
	value = b.Reshape(b.Transpose(value, inverse), append(slices.Clone(s.spread), sizes...))
	updated := b.Scatter(part, s.places, value, axes, mode)
	if part == x {
		return updated
	}
	return b.SliceUpdate(x, updated, starts, steps, engine.Replace)
}

// fit broadcasts a value to the shape of what it is assigned to.
func (c *Call) fit(value *engine.Node, shape []int) *engine.Node {
	from := value.Shape()
	for len(from) > len(shape) && from[0] == 1 {
		from = from[1:]
	}
	if to, ok := shapes.Broadcast(from, shape); !ok || !slices.Equal(to, shape) {
		c.fail(object.ValueError, "index: cannot broadcast a value of shape %s to the selection's shape %s", shapes.Format(value.Shape()), shapes.Format(shape))
	}
	return c.b.Broadcast(c.b.Reshape(value, from), shape)
}

// mask is a key that is a boolean array, a list of bools or a bool; else nil.
func (c *Call) mask(key starlark.Value) *engine.Node {
	switch v := key.(type) {
	case starlark.Bool:
		return c.newArray(v, engine.Bool)
	case *starlark.List:
		if n := c.newArray(v, 0); n.Dtype() == engine.Bool {
			return n
		}
	case starlark.Int, starlark.Tuple, *object.Slice:
	default:
		if n := c.asArray(v); n != nil && n.Dtype() == engine.Bool {
			return n
		}
	}
	return nil
}

// setMasked puts values where the mask holds. The mask covers the first axes of
// x; a value with an axis more than the rest gives one row for each place, in
// order, and any other is repeated.
func (c *Call) setMasked(x, mask, value *engine.Node) *engine.Node {
	b, k := c.b, mask.Rank()
	if k > x.Rank() || !slices.Equal(mask.Shape(), x.Shape()[:k]) {
		c.fail(object.ValueError, "index: the boolean mask has shape %s, want the beginning of the array's shape %s", shapes.Format(mask.Shape()), shapes.Format(x.Shape()))
	}
	rest := x.Shape()[k:]
	over := append(slices.Clone(mask.Shape()), slices.Repeat([]int{1}, len(rest))...)
	where := b.Reshape(mask, over)
	if value.Rank() <= len(rest) {
		return b.Where(where, c.fit(value, x.Shape()), x)
	}
	if value.Rank() > len(rest)+1 {
		c.fail(object.ValueError, "index: a value of shape %s does not broadcast with the last %d axes of shape %s", shapes.Format(value.Shape()), len(rest), shapes.Format(x.Shape()))
	}
	value = c.fit(value, append([]int{value.Shape()[0]}, rest...))
	return b.MaskedScatter(x, b.Broadcast(where, x.Shape()), value)
}
