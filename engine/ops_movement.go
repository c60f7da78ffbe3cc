package engine

import "slices"

// UpdateMode says how an update meets the value that is there.
type UpdateMode uint8

// The modes. Replace with repeated indices keeps the last.
const (
	Replace UpdateMode = iota
	Sum
	Prod
	Max
	Min
)

// GatherAttrs: index array k runs over axis Axes[k] of the first input; each
// place selects a slice of Sizes, whose axes follow the indices' in the output. An
// index out of bounds is the error Beyond, or an IndexError where that is nil.
type GatherAttrs struct {
	Axes, Sizes []int
	Beyond      *Error
}

// ScatterAttrs: inputs are the array, the updates, then an index array for each
// of Axes. The updates' shape is the indices' shape followed by a slice's, of
// the array's rank.
type ScatterAttrs struct {
	Axes []int
	Mode UpdateMode
}

// AlongAttrs are of the operations that index one axis elementwise.
type AlongAttrs struct {
	Axis int
	Mode UpdateMode
}

// UpdateAttrs place the second input of OpSliceUpdate in the first.
type UpdateAttrs struct {
	Start, Step []int
	Mode        UpdateMode
}

// ConcatAttrs is the axis along which inputs follow each other.
type ConcatAttrs struct{ Axis int }

func movement(name string, layout Layout, doc string) *Op {
	return define(Op{Name: name, Class: Movement, Layout: layout, Gradient: Differentiable, Doc: doc})
}

// The movements. Index arrays may be of any integer dtype; negative indices
// count from the end. An index out of range is an error of the evaluation.
var (
	OpCopy        = movement("contiguous", AnyLayout, "The elements in row-major order in storage of their own.")
	OpConcatenate = movement("concatenate", AnyLayout, "The inputs one after the other along an axis.")
	OpGather      = movement("gather", AnyLayout, "Slices of the first input, taken at the places that index arrays name.")
	OpTakeAlong   = movement("take_along_axis", AnyLayout, "Elements along an axis at the indices of the second input.")

	OpScatter      = updating("scatter", "The first input with updates put at the places that index arrays name.")
	OpScatterAlong = updating("put_along_axis", "The first input with values put along an axis at the indices of the second input.")
	OpSliceUpdate  = updating("slice_update", "The first input with a regular selection updated by the second.")
)

func updating(name, doc string) *Op {
	return define(Op{Name: name, Class: Movement, InPlace: true, Gradient: Differentiable, Doc: doc})
}

// Contiguous copies x to row-major storage of its own.
func (b *Builder) Contiguous(x *Node) *Node { return b.node(OpCopy, nil, x.dtype, x.shape, x) }

// Concatenate joins arrays along an axis, promoted to one dtype.
func (b *Builder) Concatenate(xs []*Node, axis int) *Node {
	if len(xs) == 0 {
		b.failf(ValueError, "concatenate", "got no arrays, want at least one")
	}
	axis = b.Axis("concatenate", xs[0], axis)
	d, shape := xs[0].dtype, slices.Clone(xs[0].shape)
	for _, x := range xs[1:] {
		d = Promote(d, x.dtype)
		if len(x.shape) != len(shape) {
			b.failf(ValueError, "concatenate", "arrays have %d and %d axes", len(shape), len(x.shape))
		}
		for i := range shape {
			if i != axis && x.shape[i] != shape[i] {
				b.failf(ValueError, "concatenate", "shapes %s and %s differ off axis %d", FormatShape(xs[0].shape), FormatShape(x.shape), axis)
			}
		}
		shape[axis] += x.shape[axis]
	}
	if len(xs) == 1 {
		return xs[0]
	}
	in := make([]*Node, len(xs))
	for i, x := range xs {
		in[i] = b.AsType(x, d)
	}
	return b.node(OpConcatenate, ConcatAttrs{axis}, d, shape, in...)
}

// Stack joins arrays of one shape along a new axis.
func (b *Builder) Stack(xs []*Node, axis int) *Node {
	if len(xs) == 0 {
		b.failf(ValueError, "stack", "got no arrays, want at least one")
	}
	in := make([]*Node, len(xs))
	at, ok := normalizeAxis(axis, len(xs[0].shape)+1)
	if !ok {
		b.failf(IndexError, "stack", "axis %d is out of range for a result with %d axes", axis, len(xs[0].shape)+1)
	}
	for i, x := range xs {
		if !equalInts(x.shape, xs[0].shape) {
			b.failf(ValueError, "stack", "shapes %s and %s differ", FormatShape(xs[0].shape), FormatShape(x.shape))
		}
		in[i] = b.ExpandDims(x, at)
	}
	return b.Concatenate(in, at)
}

func (b *Builder) checkIndex(op string, index *Node) {
	if index.dtype != Bool && !index.dtype.IsInteger() || index.dtype == Bool {
		b.failf(ValueError, op, "indices are %s, want integers", index.dtype)
	}
}

// Gather takes slices of x: index array k names places along axes[k], and each
// place gives a slice of the sizes. Index arrays broadcast together.
func (b *Builder) Gather(x *Node, indices []*Node, axes, sizes []int) *Node {
	shape := b.broadcastIndices("gather", indices)
	for i, a := range axes {
		b.checkIndex("gather", indices[i])
		if x.shape[a] == 0 && Elements(shape) > 0 {
			b.failf(ValueError, "gather", "axis %d of shape %s has no elements", a, FormatShape(x.shape))
		}
	}
	in := []*Node{x}
	for _, ix := range indices {
		in = append(in, b.Broadcast(ix, shape))
	}
	out := append(slices.Clone(shape), sizes...)
	return b.node(OpGather, GatherAttrs{Axes: axes, Sizes: sizes}, x.dtype, out, in...)
}

func (b *Builder) broadcastIndices(op string, indices []*Node) []int {
	if len(indices) == 0 {
		return nil
	}
	return b.broadcast(op, indices...)
}

// Take takes whole slices of x along an axis: the axis is replaced by the
// indices' axes.
func (b *Builder) Take(x, indices *Node, axis int) *Node {
	axis = b.Axis("take", x, axis)
	sizes := slices.Clone(x.shape)
	sizes[axis] = 1
	out := b.Gather(x, []*Node{indices}, []int{axis}, sizes)
	k := len(indices.shape)
	// Drop the unit axis, then move the indices' axes to its place.
	out = b.Squeeze(out, k+axis)
	perm := make([]int, 0, len(out.shape))
	for i := range axis {
		perm = append(perm, k+i)
	}
	for i := range k {
		perm = append(perm, i)
	}
	for i := k + axis; i < len(out.shape); i++ {
		perm = append(perm, i)
	}
	return b.Transpose(out, perm)
}

// Scatter puts updates at the places that index arrays name along axes. The
// updates' shape is the indices' (broadcast) shape followed by a slice of x's rank.
func (b *Builder) Scatter(x *Node, indices []*Node, updates *Node, axes []int, mode UpdateMode) *Node {
	shape := b.broadcastIndices("scatter", indices)
	for _, ix := range indices {
		b.checkIndex("scatter", ix)
	}
	if len(updates.shape) != len(shape)+len(x.shape) {
		b.failf(ValueError, "scatter", "updates have %d axes, want %d", len(updates.shape), len(shape)+len(x.shape))
	}
	for i, size := range updates.shape[len(shape):] {
		if size > x.shape[i] {
			b.failf(ValueError, "scatter", "updates of shape %s exceed the array's %s", FormatShape(updates.shape), FormatShape(x.shape))
		}
	}
	in := []*Node{x, b.AsType(updates, x.dtype)}
	for _, ix := range indices {
		in = append(in, b.Broadcast(ix, shape))
	}
	return b.node(OpScatter, ScatterAttrs{axes, mode}, x.dtype, x.shape, in...)
}

// TakeAlong takes elements along an axis; x and the indices broadcast on the others.
func (b *Builder) TakeAlong(x, indices *Node, axis int) *Node {
	b.checkIndex("take_along_axis", indices)
	x, indices, axis = b.alignAlong("take_along_axis", x, indices, axis)
	return b.node(OpTakeAlong, AlongAttrs{Axis: axis}, x.dtype, indices.shape, x, indices)
}

func (b *Builder) alignAlong(op string, x, indices *Node, axis int) (x2, indices2 *Node, at int) {
	if len(x.shape) != len(indices.shape) {
		b.failf(ValueError, op, "the array has %d axes and the indices %d", len(x.shape), len(indices.shape))
	}
	axis = b.Axis(op, x, axis)
	xs, is := slices.Clone(x.shape), slices.Clone(indices.shape)
	xs[axis], is[axis] = 1, 1
	to, ok := BroadcastShapes(xs, is)
	if !ok {
		b.failf(ValueError, op, "shapes %s and %s do not broadcast off axis %d", FormatShape(x.shape), FormatShape(indices.shape), axis)
	}
	xs, is = slices.Clone(to), slices.Clone(to)
	xs[axis], is[axis] = x.shape[axis], indices.shape[axis]
	return b.Broadcast(x, xs), b.Broadcast(indices, is), axis
}

// ScatterAlong puts values along an axis at the indices, which have the
// values' shape after broadcasting.
func (b *Builder) ScatterAlong(x, indices, values *Node, axis int, mode UpdateMode) *Node {
	b.checkIndex("put_along_axis", indices)
	if len(x.shape) != len(indices.shape) {
		b.failf(ValueError, "put_along_axis", "the array has %d axes and the indices %d", len(x.shape), len(indices.shape))
	}
	axis = b.Axis("put_along_axis", x, axis)
	to := slices.Clone(x.shape)
	to[axis] = indices.shape[axis]
	indices = b.Broadcast(indices, to)
	values = b.Broadcast(b.AsType(values, x.dtype), to)
	return b.node(OpScatterAlong, AlongAttrs{axis, mode}, x.dtype, x.shape, x, values, indices)
}

// SliceUpdate updates the regular selection of x that starts at start and goes
// by step, of the update's shape.
func (b *Builder) SliceUpdate(x, update *Node, start, step []int, mode UpdateMode) *Node {
	update = b.AsType(update, x.dtype)
	if update.Len() == 0 {
		return x
	}
	return b.node(OpSliceUpdate, UpdateAttrs{start, step, mode}, x.dtype, x.shape, x, update)
}

func init() {
	OpCopy.VJP = func(_ *Builder, _ *Node, ct []*Node, _ []bool) []*Node { return ct }
	OpConcatenate.VJP = func(b *Builder, n *Node, ct []*Node, need []bool) []*Node {
		axis, from := n.attrs.(ConcatAttrs).Axis, 0
		out := make([]*Node, len(n.inputs))
		for i, x := range n.inputs {
			if need[i] {
				out[i] = b.Narrow(ct[0], axis, from, from+x.shape[axis])
			}
			from += x.shape[axis]
		}
		return out
	}
	OpGather.VJP = func(b *Builder, n *Node, ct []*Node, need []bool) []*Node {
		out := make([]*Node, len(n.inputs))
		x := n.inputs[0]
		if need[0] {
			zeros := b.Full(x.shape, 0, ct[0].dtype)
			out[0] = b.Scatter(zeros, n.inputs[1:], ct[0], n.attrs.(GatherAttrs).Axes, Sum)
		}
		return out
	}
	OpTakeAlong.VJP = func(b *Builder, n *Node, ct []*Node, need []bool) []*Node {
		x, indices := n.inputs[0], n.inputs[1]
		zeros := b.Full(x.shape, 0, ct[0].dtype)
		return []*Node{b.ScatterAlong(zeros, indices, ct[0], n.attrs.(AlongAttrs).Axis, Sum), nil}
	}
	OpScatter.VJP = scatterVJP
	OpScatterAlong.VJP = scatterAlongVJP
	OpSliceUpdate.VJP = sliceUpdateVJP
}

// scatterVJP covers replacing and adding updates, and the extremes, whose
// gradient goes to whichever operand the result equals.
func scatterVJP(b *Builder, n *Node, ct []*Node, need []bool) []*Node {
	at := n.attrs.(ScatterAttrs)
	x, updates, indices := n.inputs[0], n.inputs[1], n.inputs[2:]
	sizes := updates.shape[len(indices0Shape(indices)):]
	picked := func(of *Node) *Node { return b.Gather(of, indices, at.Axes, sizes) }
	out := make([]*Node, len(n.inputs))
	switch at.Mode {
	case Sum:
		out[0] = ct[0]
		if need[1] {
			out[1] = picked(ct[0])
		}
	case Replace:
		if need[0] {
			out[0] = b.Scatter(ct[0], indices, b.Full(updates.shape, 0, ct[0].dtype), at.Axes, Replace)
		}
		if need[1] {
			out[1] = picked(ct[0])
		}
	case Max, Min:
		if need[0] {
			out[0] = b.Where(b.Binary(OpEqual, n, x), ct[0], b.Scalar(0, ct[0].dtype))
		}
		if need[1] {
			out[1] = b.Where(b.Binary(OpEqual, picked(n), updates), picked(ct[0]), b.Scalar(0, ct[0].dtype))
		}
	case Prod:
		if need[0] {
			factors := b.Scatter(b.OnesLike(x), indices, updates, at.Axes, Prod)
			out[0] = b.Mul(ct[0], factors)
		}
		if need[1] {
			out[1] = b.Div(picked(b.Mul(ct[0], n)), updates)
		}
	}
	return out
}

func indices0Shape(indices []*Node) []int {
	if len(indices) == 0 {
		return nil
	}
	return indices[0].shape
}

func scatterAlongVJP(b *Builder, n *Node, ct []*Node, need []bool) []*Node {
	at := n.attrs.(AlongAttrs)
	x, values, indices := n.inputs[0], n.inputs[1], n.inputs[2]
	if at.Mode != Replace && at.Mode != Sum {
		b.failf(NotImplementedError, n.op.Name, "the gradient of this update is not defined")
	}
	out := make([]*Node, 3)
	if need[0] {
		out[0] = ct[0]
		if at.Mode == Replace {
			out[0] = b.ScatterAlong(ct[0], indices, b.Full(values.shape, 0, x.dtype), at.Axis, Replace)
		}
	}
	if need[1] {
		out[1] = b.TakeAlong(ct[0], indices, at.Axis)
	}
	return out
}

func sliceUpdateVJP(b *Builder, n *Node, ct []*Node, need []bool) []*Node {
	at := n.attrs.(UpdateAttrs)
	x, update := n.inputs[0], n.inputs[1]
	out := make([]*Node, 2)
	picked := func(of *Node) *Node { return b.Slice(of, at.Start, at.Step, update.shape) }
	zero := b.Scalar(0, ct[0].dtype)
	put := func(v *Node) *Node {
		return b.SliceUpdate(ct[0], b.Broadcast(v, update.shape), at.Start, at.Step, Replace)
	}
	switch at.Mode {
	case Replace:
		if need[0] {
			out[0] = put(zero)
		}
		out[1] = picked(ct[0])
	case Sum:
		out[0], out[1] = ct[0], picked(ct[0])
	case Prod:
		if need[0] {
			out[0] = put(b.Mul(picked(ct[0]), update))
		}
		out[1] = b.Mul(picked(ct[0]), picked(x))
	case Max, Min:
		// A tie's gradient goes to both, as in a scatter.
		if need[0] {
			out[0] = b.Where(b.Binary(OpEqual, n, x), ct[0], zero)
		}
		out[1] = b.Where(b.Binary(OpEqual, picked(n), update), picked(ct[0]), zero)
	}
	return out
}

func init() {
	OpGather.Picks, OpTakeAlong.Picks = 1, 1
	OpScatter.Picks, OpScatterAlong.Picks = 2, 2
}
