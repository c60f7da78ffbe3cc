package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// nodeSize is about the bytes of an array that holds no elements of its own.
const nodeSize = 512

// shapeFunctions rearrange elements without computing with them.
var shapeFunctions = []function{
	{"reshape(a: array, /, shape: Sequence[int], *, stream: StreamOrDevice = None) -> array", "The elements in row-major order under another shape; one axis may be -1 and is worked out.",
		func(c *Call) starlark.Value { return c.out(c.b.Reshape(c.array("a"), c.ints("shape"))) }},
	{"flatten(a: array, /, start_axis: int = 0, end_axis: int = -1, *, stream: StreamOrDevice = None) -> array", "The axes from start_axis to end_axis as one.",
		func(c *Call) starlark.Value {
			return c.out(c.b.Flatten(c.array("a"), c.int("start_axis", 0), c.int("end_axis", -1)))
		}},
	{"unflatten(a: array, /, axis: int, shape: Sequence[int], *, stream: StreamOrDevice = None) -> array", "One axis as several of the given shape.",
		func(c *Call) starlark.Value {
			return c.out(c.b.Unflatten(c.array("a"), c.int("axis", 0), c.ints("shape")))
		}},
	{"squeeze(a: array, /, axis: None | int | Sequence[int] = None, *, stream: StreamOrDevice = None) -> array", "The array without unit axes: those named, or all.",
		func(c *Call) starlark.Value {
			x, axes := c.array("a"), c.axes("axis")
			if axes != nil && len(axes) == 0 {
				return c.out(x)
			}
			return c.out(c.b.Squeeze(x, axes...))
		}},
	{"expand_dims(a: array, /, axis: int | Sequence[int], *, stream: StreamOrDevice = None) -> array", "The array with unit axes inserted at the places, counted in the result.",
		func(c *Call) starlark.Value { return c.out(c.b.ExpandDims(c.array("a"), c.axes("axis")...)) }},
	{"transpose(a: array, /, axes: Sequence[int] | None = None, *, stream: StreamOrDevice = None) -> array", "The axes in the given order, by default reversed.",
		func(c *Call) starlark.Value {
			var axes []int
			if c.given("axes") != nil {
				axes = c.ints("axes")
			}
			return c.out(c.b.Transpose(c.array("a"), axes))
		}},
	{"matrix_transpose(a: array, /, *, stream: StreamOrDevice = None) -> array", "The array with its last two axes exchanged.",
		func(c *Call) starlark.Value { return c.out(c.matrixTransposed(c.array("a"))) }},
	{"swapaxes(a: array, /, axis1 : int, axis2: int, *, stream: StreamOrDevice = None) -> array", "The array with two axes exchanged.",
		func(c *Call) starlark.Value {
			x := c.array("a")
			return c.out(c.b.SwapAxes(x, c.int("axis1", 0), c.int("axis2", 0)))
		}},
	{"moveaxis(a: array, /, source: int, destination: int, *, stream: StreamOrDevice = None) -> array", "The array with one axis moved to another place.",
		func(c *Call) starlark.Value {
			x := c.array("a")
			return c.out(c.b.MoveAxis(x, c.int("source", 0), c.int("destination", 0)))
		}},
	{"broadcast_to(a: scalar | array, /, shape: Sequence[int], *, stream: StreamOrDevice = None) -> array", "The array repeated along new and unit axes, without copying.",
		func(c *Call) starlark.Value { return c.out(c.b.Broadcast(c.operand("a"), c.ints("shape"))) }},
	{"broadcast_arrays(*arrays: array, stream: StreamOrDevice = None) -> tuple[array, ...]", "The arrays broadcast against each other, as a list.",
		func(c *Call) starlark.Value { return c.outs(c.b.BroadcastAll(c.restArrays()), false) }},
	{"broadcast_shapes(*shapes: Sequence[int]) -> tuple[int]", "The shape to which arrays of the shapes broadcast.", broadcastShapes},
	{"atleast_1d(*arys: array, stream: StreamOrDevice = None) -> array | list[array]", "The arrays with at least one axis; of several, a list.",
		func(c *Call) starlark.Value { return c.atLeast(1) }},
	{"atleast_2d(*arys: array, stream: StreamOrDevice = None) -> array | list[array]", "The arrays with at least two axes; of several, a list.",
		func(c *Call) starlark.Value { return c.atLeast(2) }},
	{"atleast_3d(*arys: array, stream: StreamOrDevice = None) -> array | list[array]", "The arrays with at least three axes; of several, a list.",
		func(c *Call) starlark.Value { return c.atLeast(3) }},
	{"concatenate(arrays: list[array], axis: int | None = 0, *, stream: StreamOrDevice = None) -> array", "The arrays one after the other along an axis; without an axis they count as flat.",
		func(c *Call) starlark.Value {
			xs := c.arrayList("arrays")
			if c.flat("axis") {
				for i, x := range xs {
					xs[i] = c.b.Flat(x)
				}
				return c.out(c.b.Concatenate(xs, 0))
			}
			return c.out(c.b.Concatenate(xs, c.int("axis", 0)))
		}},
	{"stack(arrays: list[array], axis: int | None = 0, *, stream: StreamOrDevice = None) -> array", "Arrays of one shape along a new axis.",
		func(c *Call) starlark.Value {
			if c.flat("axis") {
				return c.out(c.b.Stack(c.arrayList("arrays"), 0))
			}
			return c.out(c.b.Stack(c.arrayList("arrays"), c.int("axis", 0)))
		}},
	{"split(a: array, /, indices_or_sections: int | Sequence[int], axis: int = 0, *, stream: StreamOrDevice = None) -> array", "The array cut along an axis, into a number of equal parts or at indices, as a list.",
		func(c *Call) starlark.Value {
			x, axis := c.array("a"), c.int("axis", 0)
			if n, ok := indexOf(c.arg("indices_or_sections")); ok {
				c.check(object.GrowTimes(c.thread, max(n, 0), nodeSize))
				return c.outs(c.b.SplitEqual(x, n, axis), false)
			}
			return c.outs(c.b.SplitAt(x, c.ints("indices_or_sections"), axis), false)
		}},
	{"unstack(x: array, /, *, axis: int = 0, stream: StreamOrDevice = None) -> tuple[array, ...]", "The slices along an axis, as a tuple.",
		func(c *Call) starlark.Value { return c.outs(c.b.Unstack(c.array("x"), c.int("axis", 0)), true) }},
	{"tile(a: array, reps: int | Sequence[int], /, *, stream: StreamOrDevice = None) -> array", "The array repeated a number of times along each axis.",
		func(c *Call) starlark.Value { return c.out(c.b.Tile(c.array("a"), c.axes("reps"))) }},
	{"repeat(array: array, repeats: int, axis: int | None = None, *, stream: StreamOrDevice = None) -> array", "Each element repeated along an axis; without an axis the array counts as flat.",
		func(c *Call) starlark.Value {
			x, axis := c.along(c.array("array"), "axis", 0)
			return c.out(c.b.Repeat(x, c.int("repeats", 0), axis))
		}},
	{"roll(a: array, /, shift: int | tuple[int], axis: None | int | tuple[int] = None, *, stream: StreamOrDevice = None) -> array", "Elements shifted along axes, round the end; without an axis the array counts as flat.", roll},
	{"flip(a: array, /, axis: None | int | Sequence[int] = None, *, stream: StreamOrDevice = None) -> array", "The order of elements reversed along axes, by default all.",
		func(c *Call) starlark.Value { return c.out(c.b.Flip(c.array("a"), c.axes("axis"))) }},
	{"pad(a: array, pad_width: int | tuple[int] | tuple[int, int] | list[tuple[int, int]], mode: Literal['constant', 'edge', 'reflect', 'symmetric'] = 'constant', constant_values: scalar | array = 0, *, stream: StreamOrDevice = None) -> array", "The array with elements added around: a constant, the edge's, or the array mirrored.", pad},
	{"as_strided(a: array, /, shape: Sequence[int] | None = None, strides: Sequence[int] | None = None, offset: int = 0, *, stream: StreamOrDevice = None) -> array", "The row-major elements read with the given strides and offset.", asStrided},
	{"contiguous(a: array, /, allow_col_major: bool = False, *, stream: StreamOrDevice = None) -> array", "The elements in storage of their own, row-major or, where that is allowed, column-major.",
		func(c *Call) starlark.Value { return c.out(c.contiguous()) }},
	{"diag(a: array, /, k: int = 0, *, stream: StreamOrDevice = None) -> array", "A matrix with the vector on its k-th diagonal, or the k-th diagonal of a matrix.",
		func(c *Call) starlark.Value { return c.out(c.b.Diag(c.array("a"), c.int("k", 0))) }},
	{"diagonal(a: array, offset: int = 0, axis1: int = 0, axis2: int = 1, stream: StreamOrDevice = None) -> array", "The offset-th diagonal of two axes, as a new last axis.",
		func(c *Call) starlark.Value {
			return c.out(c.b.Diagonal(c.array("a"), c.int("offset", 0), c.int("axis1", 0), c.int("axis2", 1)))
		}},
	{"depends(inputs: array | Sequence[array], dependencies: array | Sequence[array])",
		"The inputs, which are not computed before the dependencies are.", depends},
}

func (c *Call) matrixTransposed(x *engine.Node) *engine.Node {
	if x.Rank() < 2 {
		c.fail(object.ValueError, "matrix_transpose: got an array with %d axes, want at least 2", x.Rank())
	}
	return c.b.SwapAxes(x, -1, -2)
}

// arrayList takes a sequence of arrays, or an array for the list of its slices.
func (c *Call) arrayList(name string) []*engine.Node {
	v := c.arg(name)
	if x := c.asArray(v); x != nil {
		return c.b.Unstack(x, 0)
	}
	items, ok := sequence(v)
	if !ok {
		c.mistyped(name, v, "a list of arrays")
	}
	out := make([]*engine.Node, len(items))
	for i, item := range items {
		if out[i] = c.asArray(item); out[i] == nil {
			c.mistyped(name, item, "a list of arrays")
		}
	}
	return out
}

func broadcastShapes(c *Call) starlark.Value {
	if len(c.rest) == 0 {
		c.fail(object.ValueError, "broadcast_shapes: got no all, want at least one")
	}
	all := make([][]int, len(c.rest))
	for i, v := range c.rest {
		if _, ok := sequence(v); !ok {
			kind := object.ValueError
			if i == 0 {
				kind = object.RuntimeError // as MLX has it
			}
			c.fail(kind, "broadcast_shapes: shape %d is %s, want a sequence of ints", i+1, object.TypeName(v))
		}
		all[i] = c.toInts("all", v)
	}
	out, ok := shapes.Broadcast(all...)
	if !ok {
		text := ""
		for i, s := range all {
			if i > 0 {
				text += " and "
			}
			text += shapes.Format(s)
		}
		c.fail(object.ValueError, "broadcast_shapes: all %s do not broadcast", text)
	}
	return intTuple(out)
}

func (c *Call) atLeast(rank int) starlark.Value {
	xs := c.restArrays()
	for i, x := range xs {
		xs[i] = c.b.AtLeast(x, rank)
	}
	if len(xs) == 1 {
		return c.out(xs[0])
	}
	return c.outs(xs, false)
}

func roll(c *Call) starlark.Value {
	x, shifts := c.array("a"), c.axes("shift")
	if c.given("axis") == nil {
		total := 0
		for _, s := range shifts {
			total += s
		}
		return c.out(c.b.Reshape(c.b.Roll(c.b.Flat(x), total, 0), x.Shape()))
	}
	axes := c.axes("axis")
	_, oneShift := indexOf(c.arg("shift"))
	switch {
	case len(axes) == 0:
		return c.out(x)
	case len(axes) == 1:
		total := 0
		for _, s := range shifts {
			total += s
		}
		shifts = []int{total}
	case oneShift:
		for len(shifts) < len(axes) {
			shifts = append(shifts, shifts[0])
		}
	case len(shifts) != len(axes):
		c.fail(object.ValueError, "roll: got %d shifts and %d axes", len(shifts), len(axes))
	}
	for i, axis := range axes {
		x = c.b.Roll(x, shifts[i], axis)
	}
	return c.out(x)
}

func pad(c *Call) starlark.Value {
	x := c.array("a")
	mode, ok := engine.PadModeByName(c.str("mode", "constant"))
	if !ok {
		c.fail(object.ValueError, "pad: mode is '%s', want 'constant', 'edge', 'reflect' or 'symmetric'", c.str("mode", ""))
	}
	var value *engine.Node
	if c.given("constant_values") != nil {
		if value = c.asArray(c.arg("constant_values")); value == nil && x.Dtype() == engine.Float64 {
			value = c.number("constant_values", c.arg("constant_values"), x) // float32 would round it
		} else if value == nil {
			value = c.operand("constant_values")
		}
	} else {
		value = c.b.Scalar(0, x.Dtype())
	}
	if value.Batched() {
		c.fail(object.ValueError, "pad: vmap does not go over constant_values")
	}
	low, high := c.padWidths(x.Rank())
	return c.out(c.b.Pad(x, low, high, mode, value))
}

// padWidths reads pad_width: a number, a pair for every axis, or a pair for each.
func (c *Call) padWidths(rank int) (low, high []int) {
	v := c.arg("pad_width")
	low, high = make([]int, rank), make([]int, rank)
	fill := func(lo, hi int) ([]int, []int) {
		for i := range low {
			low[i], high[i] = lo, hi
		}
		return low, high
	}
	if n, ok := indexOf(v); ok {
		return fill(n, n)
	}
	items, ok := sequence(v)
	if !ok {
		c.mistyped("pad_width", v, "int or a sequence of them or of pairs")
	}
	pairs := make([][]int, len(items))
	nested := false
	for i, item := range items {
		if n, ok := indexOf(item); ok {
			pairs[i] = []int{n}
			continue
		}
		nested = true
		pairs[i] = c.toInts("pad_width", item)
	}
	one := func(p []int) (lo, hi int) {
		if len(p) != 1 && len(p) != 2 {
			c.fail(object.ValueError, "pad: an axis has %d widths, want 2", len(p))
		}
		return p[0], p[len(p)-1]
	}
	switch {
	case len(items) == 0 && rank == 0:
		return low, high
	case !nested && (len(items) == 1 || len(items) == 2):
		return fill(pairs[0][0], pairs[len(pairs)-1][0])
	case nested && len(items) == 1:
		return fill(one(pairs[0]))
	case !nested:
		c.fail(object.TypeError, "pad: got %d widths, want 1, 2 or a pair for each axis", len(items))
	case len(items) != rank:
		c.fail(object.ValueError, "pad: got widths for %d axes, want %d", len(items), rank)
	}
	for i, p := range pairs {
		low[i], high[i] = one(p)
	}
	return low, high
}

func asStrided(c *Call) starlark.Value {
	x := c.array("a")
	shape, offset := x.Shape(), c.int("offset", 0)
	if c.given("shape") != nil {
		shape = c.ints("shape")
	}
	strides := shapes.RowMajor(shape)
	if c.given("strides") != nil {
		strides = c.ints("strides")
	}
	return c.out(c.b.AsStrided(x, shape, strides, offset))
}

// contiguous copies to storage without gaps. A column-major array is one whose
// transpose is row-major.
func (c *Call) contiguous() *engine.Node {
	x := c.array("a")
	if c.bool("allow_col_major", false) && x.Op() == engine.OpTranspose && x.Rank() == 2 {
		return c.b.Transpose(c.b.Contiguous(c.b.Transpose(x, nil)), nil)
	}
	return c.b.Contiguous(x)
}

func depends(c *Call) starlark.Value {
	take := func(name string) (xs []*engine.Node, single bool) {
		if x := c.asArray(c.arg(name)); x != nil {
			return []*engine.Node{x}, true
		}
		return c.arrayList(name), false
	}
	inputs, single := take("inputs")
	dependencies, _ := take("dependencies")
	out := c.b.Depends(inputs, dependencies)
	if single {
		return c.out(out[0])
	}
	return c.outs(out, false)
}
