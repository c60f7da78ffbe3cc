package engine

// TransposeAttrs is the order of axes: output axis i is input axis Axes[i].
type TransposeAttrs struct{ Axes []int }

// SliceAttrs select Start, Start+Step, ... along each axis; the output's shape
// says how many. Steps may be negative.
type SliceAttrs struct{ Start, Step []int }

// StrideAttrs place the output of OpAsStrided in a row-major input, counting elements.
type StrideAttrs struct {
	Strides []int
	Offset  int
}

func view(name string, g Gradient, doc string, alias func(n *Node, in Placement) (Placement, bool)) *Op {
	return define(Op{Name: name, Class: View, Gradient: g, Doc: doc, Alias: alias})
}

func samePlace(_ *Node, in Placement) (Placement, bool) { return in, true }

// The views.
var (
	OpIdentity     = view("identity_view", Differentiable, "The same array.", samePlace)
	OpStopGradient = view("stop_gradient", NoGrad, "The same array, as a constant to transforms.", samePlace)

	OpBroadcast = view("broadcast_to", Differentiable, "The array repeated along new and unit axes, without copying.",
		func(n *Node, in Placement) (Placement, bool) {
			return Placement{in.Offset, broadcastStrides(n.inputs[0].shape, in.Strides, n.shape)}, true
		})

	OpReshape = view("reshape", Differentiable, "The elements in row-major order under another shape.",
		func(n *Node, in Placement) (Placement, bool) {
			s, ok := reshapeStrides(n.inputs[0].shape, in.Strides, n.shape)
			return Placement{in.Offset, s}, ok
		})

	OpTranspose = view("transpose", Differentiable, "The array with its axes reordered.",
		func(n *Node, in Placement) (Placement, bool) {
			axes := n.attrs.(TransposeAttrs).Axes
			s := make([]int, len(axes))
			for i, a := range axes {
				s[i] = in.Strides[a]
			}
			return Placement{in.Offset, s}, true
		})

	OpSlice = view("slice", Differentiable, "A regular selection along each axis.",
		func(n *Node, in Placement) (Placement, bool) {
			at := n.attrs.(SliceAttrs)
			p := Placement{in.Offset, make([]int, len(at.Step))}
			for i, step := range at.Step {
				p.Strides[i] = in.Strides[i] * step
				if n.Len() > 0 {
					p.Offset += in.Strides[i] * at.Start[i]
				}
			}
			return p, true
		})

	OpAsStrided = view("as_strided", Differentiable, "The row-major elements read with the given strides and offset.",
		func(n *Node, in Placement) (Placement, bool) {
			if !IsRowMajor(n.inputs[0].shape, in.Strides) {
				return Placement{}, false
			}
			at := n.attrs.(StrideAttrs)
			return Placement{in.Offset + at.Offset, at.Strides}, true
		})

	OpBitcast = view("view", Differentiable, "The same bytes read as another dtype; the last axis scales with the element size.",
		func(n *Node, in Placement) (Placement, bool) {
			x := n.inputs[0]
			from, to := x.dtype.Size(), n.dtype.Size()
			if from == to {
				return in, true
			}
			if !IsRowMajor(x.shape, in.Strides) || in.Offset*from%to != 0 {
				return Placement{}, false
			}
			return Placement{in.Offset * from / to, RowMajor(n.shape)}, true
		})
)

// Identity is x as a node of its own.
func (b *Builder) Identity(x *Node) *Node { return b.node(OpIdentity, nil, x.dtype, x.shape, x) }

// StopGradient is x as a constant to transforms.
func (b *Builder) StopGradient(x *Node) *Node {
	return b.node(OpStopGradient, nil, x.dtype, x.shape, x)
}

// Broadcast repeats x to the shape.
func (b *Builder) Broadcast(x *Node, shape []int) *Node {
	b.checkShape("broadcast_to", shape)
	if equalInts(x.shape, shape) {
		return x
	}
	if to, ok := BroadcastShapes(x.shape, shape); !ok || !equalInts(to, shape) {
		b.failf(ValueError, "broadcast_to", "shape %s does not broadcast to %s", FormatShape(x.shape), FormatShape(shape))
	}
	return b.node(OpBroadcast, nil, x.dtype, shape, x)
}

// Reshape gives x another shape; one axis may be -1 and is worked out.
func (b *Builder) Reshape(x *Node, shape []int) *Node {
	b.CheckLengths(shape)
	shape = b.inferShape("reshape", x, shape)
	if equalInts(x.shape, shape) {
		return x
	}
	return b.node(OpReshape, nil, x.dtype, shape, x)
}

func (b *Builder) inferShape(op string, x *Node, shape []int) []int {
	known, free := 1, -1
	for i, d := range shape {
		switch {
		case d == -1 && free < 0:
			free = i
		case d < 0:
			b.failf(ValueError, op, "shape %s has more than one unknown axis", FormatShape(shape))
		default:
			known *= d
		}
	}
	out := append([]int(nil), shape...)
	size := x.Len()
	if free >= 0 {
		if known == 0 || size%known != 0 {
			b.failf(ValueError, op, "cannot give %d elements the shape %s", size, FormatShape(shape))
		}
		out[free] = size / known
		known *= out[free]
	}
	if known != size {
		b.failf(ValueError, op, "cannot give %d elements the shape %s", size, FormatShape(shape))
	}
	return out
}

// Transpose reorders the axes; nil reverses them.
func (b *Builder) Transpose(x *Node, axes []int) *Node {
	rank := len(x.shape)
	perm := make([]int, rank)
	if axes == nil {
		for i := range perm {
			perm[i] = rank - 1 - i
		}
	} else {
		if len(axes) != rank {
			b.failf(ValueError, "transpose", "got %d axes for an array with %d", len(axes), rank)
		}
		seen := make([]bool, rank)
		for i, a := range axes {
			at, ok := normalizeAxis(a, rank)
			if !ok {
				b.failf(IndexError, "transpose", "axis %d is out of range for an array with %d axes", a, rank)
			}
			if seen[at] {
				b.failf(ValueError, "transpose", "axis %d appears twice", a)
			}
			seen[at], perm[i] = true, at
		}
	}
	shape, still := make([]int, rank), true
	for i, a := range perm {
		shape[i] = x.shape[a]
		still = still && a == i
	}
	if still {
		return x
	}
	return b.node(OpTranspose, TransposeAttrs{perm}, x.dtype, shape, x)
}

// Slice selects count elements along each axis, from start by step.
func (b *Builder) Slice(x *Node, start, step, count []int) *Node {
	whole := true
	for i := range start {
		whole = whole && start[i] == 0 && step[i] == 1 && count[i] == x.shape[i]
	}
	if whole {
		return x
	}
	return b.node(OpSlice, SliceAttrs{start, step}, x.dtype, count, x)
}

// Narrow selects [from, to) along one axis.
func (b *Builder) Narrow(x *Node, axis, from, to int) *Node {
	start, step, count := make([]int, len(x.shape)), make([]int, len(x.shape)), append([]int(nil), x.shape...)
	for i := range step {
		step[i] = 1
	}
	start[axis], count[axis] = from, to-from
	return b.Slice(x, start, step, count)
}

// AsStrided reads x's row-major elements with the given strides and offset. It
// fails where an element would lie outside of x.
func (b *Builder) AsStrided(x *Node, shape, strides []int, offset int) *Node {
	b.checkShape("as_strided", shape)
	if len(shape) != len(strides) {
		b.failf(ValueError, "as_strided", "got %d axes and %d strides", len(shape), len(strides))
	}
	low, high := offset, offset
	for i, d := range shape {
		if d == 0 {
			return b.Full(shape, 0, x.dtype)
		}
		if span := (d - 1) * strides[i]; span < 0 {
			low += span
		} else {
			high += span
		}
	}
	if low < 0 || high >= x.Len() {
		b.failf(ValueError, "as_strided", "elements %d to %d lie outside of the array's %d", low, high, x.Len())
	}
	return b.node(OpAsStrided, StrideAttrs{strides, offset}, x.dtype, shape, x)
}

// Bitcast reads x's bytes as dtype d.
func (b *Builder) Bitcast(x *Node, d Dtype) *Node {
	if x.dtype == d {
		return x
	}
	shape := append([]int(nil), x.shape...)
	if from, to := x.dtype.Size(), d.Size(); from != to {
		if len(shape) == 0 {
			b.failf(ValueError, "view", "cannot read a 0-d array of %s as %s", x.dtype, d)
		}
		last := len(shape) - 1
		if shape[last]*from%to != 0 {
			b.failf(ValueError, "view", "a last axis of %d %s elements is no whole number of %s", shape[last], x.dtype, d)
		}
		shape[last] = shape[last] * from / to
	}
	return b.node(OpBitcast, nil, d, shape, x)
}

// ExpandDims inserts unit axes at the places given in terms of the result.
func (b *Builder) ExpandDims(x *Node, axes ...int) *Node {
	rank := len(x.shape) + len(axes)
	unit := make([]bool, rank)
	for _, a := range axes {
		at, ok := normalizeAxis(a, rank)
		if !ok {
			b.failf(IndexError, "expand_dims", "axis %d is out of range for a result with %d axes", a, rank)
		}
		if unit[at] {
			b.failf(ValueError, "expand_dims", "axis %d appears twice", a)
		}
		unit[at] = true
	}
	shape, from := make([]int, rank), 0
	for i := range shape {
		shape[i] = 1
		if !unit[i] {
			shape[i] = x.shape[from]
			from++
		}
	}
	return b.Reshape(x, shape)
}

// Squeeze drops unit axes; with none named, all of them.
func (b *Builder) Squeeze(x *Node, axes ...int) *Node {
	drop := make([]bool, len(x.shape))
	for _, a := range axes {
		at, ok := normalizeAxis(a, len(x.shape))
		if !ok {
			b.failf(IndexError, "squeeze", "axis %d is out of range for an array with %d axes", a, len(x.shape))
		}
		if drop[at] {
			b.failf(ValueError, "squeeze", "axis %d appears twice", a)
		}
		if x.shape[at] != 1 {
			b.failf(ValueError, "squeeze", "axis %d has length %d, not 1", a, x.shape[at])
		}
		drop[at] = true
	}
	shape := []int{}
	for i, d := range x.shape {
		if !drop[i] && (d != 1 || len(axes) > 0) {
			shape = append(shape, d)
		}
	}
	return b.Reshape(x, shape)
}

func init() {
	OpIdentity.VJP = func(_ *Builder, _ *Node, ct []*Node, _ []bool) []*Node { return ct }
	OpBroadcast.VJP = func(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		return []*Node{b.unbroadcast(ct[0], n.inputs[0])}
	}
	OpReshape.VJP = func(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		return []*Node{b.Reshape(ct[0], n.inputs[0].shape)}
	}
	OpTranspose.VJP = func(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		axes := n.attrs.(TransposeAttrs).Axes
		inverse := make([]int, len(axes))
		for i, a := range axes {
			inverse[a] = i
		}
		return []*Node{b.Transpose(ct[0], inverse)}
	}
	OpSlice.VJP = func(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		at := n.attrs.(SliceAttrs)
		zeros := b.Full(n.inputs[0].shape, 0, ct[0].dtype)
		return []*Node{b.SliceUpdate(zeros, ct[0], at.Start, at.Step, Replace)}
	}
	OpBitcast.VJP = bitcastVJP
	OpAsStrided.VJP = stridedVJP
}

// bitcastVJP: complex numbers are pairs of real ones. Bits read as other numbers
// have no derivative, and integers ask for none.
func bitcastVJP(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
	x := n.inputs[0]
	switch {
	case !x.dtype.IsInexact():
		return []*Node{nil}
	case x.dtype == Float32 && n.dtype == Complex64, x.dtype == Complex64 && n.dtype == Float32:
		return []*Node{b.Bitcast(ct[0], x.dtype)}
	}
	b.failf(ValueError, n.op.Name, "the gradient of %s read as %s is not defined", x.dtype, n.dtype)
	return nil
}
