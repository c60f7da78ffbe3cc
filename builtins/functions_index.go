package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// indexFunctions read and write parts of arrays.
var indexFunctions = []function{
	{"take(a: array, /, indices: int | array, axis: int | None = None, *, stream: StreamOrDevice = None) -> array", "Slices along an axis at the indices; without an axis the array counts as flat.", take},
	{"take_along_axis(a: array, /, indices: array, axis: int | None = -1, *, stream: StreamOrDevice = None) -> array", engine.OpTakeAlong.Doc + " Without an axis the array counts as flat.",
		func(c *Call) starlark.Value {
			x, axis := c.along(c.array("a"), "axis", -1)
			return c.out(c.b.TakeAlong(x, c.array("indices"), axis))
		}},
	{"put_along_axis(a: array, /, indices: array, values: array, axis: int | None = None, *, stream: StreamOrDevice = None) -> array", engine.OpScatterAlong.Doc + " The axis must be named; None makes the array count as flat.", putAlongAxis},
	{"slice(a: array, start_indices: array, axes: Sequence[int], slice_size: Sequence[int], *, stream: StreamOrDevice = None) -> array", "A block of slice_size elements, starting along the axes where an array says.",
		func(c *Call) starlark.Value {
			return c.out(c.b.DynamicSlice(c.array("a"), c.array("start_indices"), c.ints("axes"), c.ints("slice_size")))
		}},
	{"slice_update(a: array, update: array, start_indices: array, axes: Sequence[int], *, stream: StreamOrDevice = None) -> array", "The array with a block replaced by update, starting along the axes where an array says.",
		func(c *Call) starlark.Value {
			return c.out(c.b.DynamicSliceUpdate(c.array("a"), c.array("update"), c.array("start_indices"), c.ints("axes")))
		}},
}

func take(c *Call) starlark.Value {
	x, v := c.array("a"), c.arg("indices")
	var index *engine.Node
	if n, ok := indexOf(v); ok {
		index = c.b.FullInt([]int{}, int64(n), engine.Int32)
	} else if index = c.asArray(v); index == nil {
		c.mistyped("indices", v, "int or array")
	}
	if x.Rank() == 0 && c.given("axis") == nil {
		x = c.b.Flat(x)
	}
	x, axis := c.along(x, "axis", 0)
	if n, ok := indexOf(v); ok {
		if size := x.Shape()[place(x, axis)]; n < -size || n >= size {
			c.fail(object.ValueError, "take: index %d is out of range for an axis of length %d", n, size)
		}
	}
	return c.out(c.b.Take(x, index, axis))
}

func putAlongAxis(c *Call) starlark.Value {
	x := c.array("a")
	shape := x.Shape()
	if !c.wasGiven("axis") {
		c.fail(object.TypeError, "put_along_axis() missing 1 required argument: 'axis'")
	}
	flat, axis := c.along(x, "axis", 0)
	if x.Len() == 0 && c.array("values").Len() == 0 {
		return c.out(x) // whatever the indices are
	}
	out := c.b.ScatterAlong(flat, c.array("indices"), c.array("values"), axis, engine.Replace)
	return c.out(c.b.Reshape(out, shape))
}
