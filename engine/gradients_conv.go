package engine

// Convolutions are linear in the input and in the weight, and their two gradients are
// convolutions again: by the weight turned around, and of the input by the cotangent,
// summed over the batch. Each of the three is the gradient of the others.

func init() {
	OpConv.VJP = func(b *Builder, n *Node, ct []*Node, need []bool) []*Node {
		at, out := n.attrs.(ConvAttrs), make([]*Node, 2)
		x, w := n.inputs[0], n.inputs[1]
		if need[0] {
			out[0] = b.convInput(ct[0], w, at, x.shape)
		}
		if need[1] {
			out[1] = b.convWeight(x, ct[0], at, w.shape)
		}
		return out
	}
	OpConvWeight.VJP = func(b *Builder, n *Node, ct []*Node, need []bool) []*Node {
		at, out := n.attrs.(ConvWeightAttrs).ConvAttrs, make([]*Node, 2)
		x, g := n.inputs[0], n.inputs[1]
		if need[0] {
			out[0] = b.convInput(g, ct[0], at, x.shape)
		}
		if need[1] {
			out[1] = b.node(OpConv, at, g.dtype, g.shape, x, ct[0])
		}
		return out
	}
	OpConv.VMap, OpConvWeight.VMap = convVMap, convWeightVMap
}

// ConvWeight gives the cotangent of a convolution's weight, of the shape, from the input
// and the output's cotangent. The weight's channels, groups and the axes that it slides
// over must fit.
func (b *Builder) ConvWeight(x, ct *Node, at ConvAttrs, shape []int) *Node {
	const op = "conv_weight"
	if len(shape) != len(x.shape) || len(ct.shape) != len(x.shape) || x.dtype != ct.dtype || !x.dtype.IsInexact() {
		b.failf(ValueError, op, "got %s %s and %s %s for a weight of shape %s", x.dtype, FormatShape(x.shape), ct.dtype, FormatShape(ct.shape), FormatShape(shape))
	}
	w := b.Full(shape, 0, x.dtype)
	b.checkConv(op, x, w, at)
	want := append(append([]int{x.shape[0]}, b.convSizes(op, x, w, at)...), shape[0])
	if !equalInts(ct.shape, want) {
		b.failf(ValueError, op, "the cotangent has the shape %s, want %s", FormatShape(ct.shape), FormatShape(want))
	}
	return b.convWeight(x, ct, at, shape)
}

// convWeight is ConvWeight of operands that fit. Where the input is spread out the
// cotangent, which is not, takes its part and the weight's channels change places.
func (b *Builder) convWeight(x, ct *Node, at ConvAttrs, shape []int) *Node {
	spread, strided := false, false
	for i := range at.Stride {
		spread, strided = spread || at.InputDilation[i] > 1, strided || at.Stride[i] > 1
	}
	if !spread || strided {
		return b.node(OpConvWeight, ConvWeightAttrs{at}, x.dtype, shape, x, ct)
	}
	rank := len(shape)
	turned := append([]int{x.shape[rank-1]}, shape[1:rank-1]...)
	turned = append(turned, shape[0]/at.Groups)
	back := b.turnedConv(at, shape[1:rank-1], ct.shape, x.shape)
	return b.turnedWeight(b.node(OpConvWeight, ConvWeightAttrs{back}, x.dtype, turned, ct, x), at.Groups)
}

// convInput gives the cotangent of a convolution's input, of the shape, from that of
// the output. Elements of the input that no place of the kernel reached get zeros.
func (b *Builder) convInput(ct, w *Node, at ConvAttrs, shape []int) *Node {
	back := b.turnedConv(at, w.shape[1:len(shape)-1], ct.shape, shape)
	return b.node(OpConv, back, ct.dtype, shape, ct, b.turnedWeight(w, at.Groups))
}

// turnedConv leads from a convolution's output, of the shape from, to its input.
func (b *Builder) turnedConv(at ConvAttrs, kernel, from, to []int) ConvAttrs {
	back := ConvAttrs{Stride: at.InputDilation, InputDilation: at.Stride, KernelDilation: at.KernelDilation, Groups: at.Groups, Flip: !at.Flip}
	for i, n := range kernel {
		reach := at.KernelDilation[i]*(n-1) + 1
		low := reach - 1 - at.Low[i]
		length := (from[i+1]-1)*at.Stride[i] + 1
		back.Low = append(back.Low, low)
		back.High = append(back.High, (to[i+1]-1)*at.InputDilation[i]+reach-length-low)
	}
	return back
}

// turnedWeight exchanges the input and the output channels within each group.
func (b *Builder) turnedWeight(w *Node, groups int) *Node {
	rank := len(w.shape)
	outs, each := w.shape[0]/groups, w.shape[rank-1]
	split := b.Reshape(w, append([]int{groups, outs}, w.shape[1:]...))
	perm := []int{0, rank}
	shape := []int{groups * each}
	for i := 2; i < rank; i++ {
		perm = append(perm, i)
		shape = append(shape, w.shape[i-1])
	}
	return b.Reshape(b.Transpose(split, append(perm, 1)), append(shape, outs))
}

// convVMap: a batch of inputs is a larger batch. Where weights are a batch, too, the
// examples are groups of channels.
func convVMap(b *Builder, n *Node, in []*Node, axes []int) ([]*Node, []int) {
	at, size := n.attrs.(ConvAttrs), batchSize(in, axes)
	if axes[1] < 0 {
		x := b.joined(in[0])
		out := b.node(n.op, at, n.dtype, append([]int{x.shape[0]}, n.shape[1:]...), x, in[1])
		return []*Node{b.Reshape(out, prefixed(size, n.shape))}, []int{0}
	}
	in = b.spreadAll(n, in, axes, size)
	at.Groups *= size
	last := len(n.shape) - 1
	out := b.node(n.op, at, n.dtype, withLast(n.shape, size*n.shape[last]), b.asChannels(in[0]), b.joined(in[1]))
	return []*Node{b.Unflatten(out, last, []int{size, n.shape[last]})}, []int{last}
}

func convWeightVMap(b *Builder, n *Node, in []*Node, axes []int) ([]*Node, []int) {
	at, size := n.attrs.(ConvWeightAttrs), batchSize(in, axes)
	in = b.spreadAll(n, in, axes, size)
	at.Groups *= size
	shape := append([]int{size * n.shape[0]}, n.shape[1:]...)
	out := b.node(n.op, at, n.dtype, shape, b.asChannels(in[0]), b.asChannels(in[1]))
	return []*Node{b.Reshape(out, prefixed(size, n.shape))}, []int{0}
}

// joined makes the first two axes one.
func (b *Builder) joined(x *Node) *Node {
	return b.Reshape(x, append([]int{x.shape[0] * x.shape[1]}, x.shape[2:]...))
}

// asChannels puts the first axis before the last and makes the two one.
func (b *Builder) asChannels(x *Node) *Node {
	last := len(x.shape) - 1
	x = b.moveAxis(x, 0, last-1)
	return b.Reshape(x, append(append([]int(nil), x.shape[:last-1]...), x.shape[last-1]*x.shape[last]))
}
