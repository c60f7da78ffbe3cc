package engine

import (
	"math"
	"slices"
)

// ConvAttrs describe a convolution over the axes between the first (the batch)
// and the last (the channels): one entry for each of them.
type ConvAttrs struct {
	Stride, Low, High             []int // padding may be negative: it then crops
	KernelDilation, InputDilation []int
	Groups                        int
	Flip                          bool // of the kernel: a true convolution
}

// Conv slides the weight, of shape (out channels, kernel..., in channels /
// groups), over x, of shape (batch, sizes..., in channels).
func (b *Builder) Conv(op string, x, w *Node, at ConvAttrs) *Node {
	d := Promote(x.dtype, w.dtype)
	b.checkConv(op, x, w, at)
	x, w = b.AsType(x, d), b.AsType(w, d)
	rank := len(x.shape) - 2
	shape := append([]int{x.shape[0]}, b.convSizes(op, x, w, at)...)
	shape = append(shape, w.shape[0])
	if rank > ConvAxes || x.Len() == 0 || w.Len() == 0 {
		return b.composedConv(x, w, at, shape)
	}
	return b.node(OpConv, at, d, shape, x, w)
}

// composedConv lines up what the kernel sees and multiplies.
func (b *Builder) composedConv(x, w *Node, at ConvAttrs, shape []int) *Node {
	rank := len(x.shape) - 2
	x = b.frame(b.spread(x, at.InputDilation), at.Low, at.High)
	patches := b.patches(x, w.shape[1:rank+1], shape[1:rank+1], at)
	return b.Reshape(b.grouped(patches, w, at.Groups), shape)
}

// composedConvWeight multiplies what the kernel saw at each place by the cotangent.
func (b *Builder) composedConvWeight(x, ct *Node, at ConvAttrs, shape []int) *Node {
	rank := len(x.shape) - 2
	x = b.frame(b.spread(x, at.InputDilation), at.Low, at.High)
	kernel := shape[1 : rank+1]
	patches := b.patches(x, kernel, ct.shape[1:rank+1], at)
	places, count := patches.shape[0], patches.shape[1]
	each, outs := shape[rank+1], shape[0]/at.Groups
	left := b.Reshape(b.Transpose(b.Reshape(patches, []int{places, count, at.Groups, each}), []int{2, 0, 1, 3}), []int{at.Groups, places, count * each})
	right := b.Transpose(b.Reshape(ct, []int{places, at.Groups, outs}), []int{1, 2, 0})
	return b.Reshape(b.MatMul(right, left), shape)
}

// convSizes gives the lengths of the axes between batch and channels.
func (b *Builder) convSizes(op string, x, w *Node, at ConvAttrs) []int {
	sizes := make([]int, len(x.shape)-2)
	for i := range sizes {
		n := max((x.shape[i+1]-1)*at.InputDilation[i]+1, 0)
		if n+min(at.Low[i], 0)+min(at.High[i], 0) < 0 {
			b.failf(ValueError, op, "a padding of %d and %d crops an axis of %d", at.Low[i], at.High[i], n)
		}
		n += at.Low[i] + at.High[i]
		reach := at.KernelDilation[i]*(w.shape[i+1]-1) + 1
		if n < reach {
			b.failf(ValueError, op, "a kernel of %d elements exceeds the padded axis of %d", reach, n)
		}
		sizes[i] = (n-reach)/at.Stride[i] + 1
	}
	return sizes
}

func (b *Builder) checkConv(op string, x, w *Node, at ConvAttrs) {
	rank := len(x.shape) - 2
	switch {
	case rank < 1 || len(w.shape) != len(x.shape):
		b.failf(ValueError, op, "got an input with %d axes and a weight with %d", len(x.shape), len(w.shape))
	case !x.dtype.IsInexact():
		b.failf(ValueError, op, "needs a floating or complex input, got %s and %s", x.dtype, w.dtype)
	case at.Groups < 1 || x.shape[rank+1]%at.Groups != 0 || w.shape[0]%at.Groups != 0:
		b.failf(ValueError, op, "%d groups do not divide %d input and %d output channels", at.Groups, x.shape[rank+1], w.shape[0])
	case w.shape[rank+1]*at.Groups != x.shape[rank+1]:
		b.failf(ValueError, op, "the weight %s wants %d input channels, the input %s has %d",
			FormatShape(w.shape), w.shape[rank+1]*at.Groups, FormatShape(x.shape), x.shape[rank+1])
	}
	b.checkWidths(op, at.Stride, at.KernelDilation, at.InputDilation, at.Low, at.High)
	for i := range rank {
		if at.Stride[i] < 1 || at.KernelDilation[i] < 1 || at.InputDilation[i] < 1 {
			b.failf(ValueError, op, "strides and dilations must be positive")
		}
		if w.shape[i+1] < 1 {
			b.failf(ValueError, op, "the weight %s has no elements", FormatShape(w.shape))
		}
	}
}

// checkWidths refuses numbers of elements that no axis can have, whose sums and products
// might not fit.
func (b *Builder) checkWidths(op string, lists ...[]int) {
	for _, list := range lists {
		for _, n := range list {
			if n > math.MaxInt32 || n < -math.MaxInt32 {
				b.failf(ValueError, op, "got a width of %d, want at most %d", n, math.MaxInt32)
			}
		}
	}
}

// spread puts dilation-1 zeros between neighbours.
func (b *Builder) spread(x *Node, dilation []int) *Node {
	shape, step := slices.Clone(x.shape), make([]int, len(x.shape))
	for i := range step {
		step[i] = 1
	}
	same := true
	for i, k := range dilation {
		step[i+1] = k
		shape[i+1] = max((x.shape[i+1]-1)*k+1, 0)
		same = same && k == 1
	}
	if same {
		return x
	}
	return b.SliceUpdate(b.Full(shape, 0, x.dtype), x, make([]int, len(shape)), step, Replace)
}

// frame pads the axes between the first and the last with zeros, or crops them. One
// side's padding may be cropped by the other's.
func (b *Builder) frame(x *Node, low, high []int) *Node {
	lo, hi := make([]int, len(x.shape)), make([]int, len(x.shape))
	var crop []int // axes whose padding is cropped
	for i := range low {
		lo[i+1], hi[i+1] = max(low[i], 0), max(high[i], 0)
		from, to := max(-low[i], 0), x.shape[i+1]+min(high[i], 0)
		switch {
		case from > x.shape[i+1] || to < 0:
			crop = append(crop, i)
		case from > 0 || high[i] < 0:
			x = b.Narrow(x, i+1, from, to)
		}
	}
	x = b.Pad(x, lo, hi, PadConstant, b.Scalar(0, x.dtype))
	for _, i := range crop {
		x = b.Narrow(x, i+1, max(-low[i], 0), x.shape[i+1]+min(high[i], 0))
	}
	return x
}

// patches lines up what the kernel sees at each place: (places, kernel
// elements, channels).
func (b *Builder) patches(x *Node, kernel, sizes []int, at ConvAttrs) *Node {
	rank, count := len(kernel), Elements(kernel)
	channels := x.shape[rank+1]
	places := x.shape[0] * Elements(sizes)
	views := make([]*Node, count)
	start, step := make([]int, rank+2), make([]int, rank+2)
	shape := append(append([]int{x.shape[0]}, sizes...), channels)
	step[0], step[rank+1] = 1, 1
	for k := range count {
		left := k
		start = slices.Clone(start)
		for i := rank - 1; i >= 0; i-- {
			where := left % kernel[i]
			left /= kernel[i]
			if at.Flip {
				where = kernel[i] - 1 - where
			}
			start[i+1], step[i+1] = where*at.KernelDilation[i], at.Stride[i]
		}
		views[k] = b.Slice(x, start, step, shape)
	}
	if count == 1 {
		return b.Reshape(views[0], []int{places, 1, channels})
	}
	return b.Reshape(b.Stack(views, rank+1), []int{places, count, channels})
}

// grouped multiplies patches by the weight, each group of channels by its own.
func (b *Builder) grouped(patches, w *Node, groups int) *Node {
	places, count, channels := patches.shape[0], patches.shape[1], patches.shape[2]
	each, outs := channels/groups, w.shape[0]/groups
	if groups == 1 {
		flat := b.Reshape(patches, []int{places, count * channels})
		return b.MatMul(flat, b.matrixT(b.Reshape(w, []int{outs, count * channels})))
	}
	split := b.Transpose(b.Reshape(patches, []int{places, count, groups, each}), []int{2, 0, 1, 3})
	left := b.Reshape(split, []int{groups, places, count * each})
	right := b.matrixT(b.Reshape(w, []int{groups, outs, count * each}))
	return b.Transpose(b.MatMul(left, right), []int{1, 0, 2})
}

// ConvTranspose is the transpose of the convolution: it spreads each element of
// x over the kernel's places.
func (b *Builder) ConvTranspose(op string, x, w *Node, stride, padding, dilation, outputPadding []int, groups int) *Node {
	rank := len(x.shape) - 2
	if rank < 1 || len(w.shape) != len(x.shape) {
		b.failf(ValueError, op, "got an input with %d axes and a weight with %d", len(x.shape), len(w.shape))
	}
	b.checkWidths(op, stride, padding, dilation, outputPadding)
	at := ConvAttrs{KernelDilation: dilation, InputDilation: stride, Groups: groups, Flip: true}
	for i := range rank {
		around := dilation[i]*(w.shape[i+1]-1) - padding[i]
		at.Stride = append(at.Stride, 1)
		at.Low = append(at.Low, around)
		at.High = append(at.High, around+outputPadding[i])
	}
	return b.Conv(op, x, w, at)
}

// Convolve is the discrete convolution of two vectors. Mode is full, same or valid.
func (b *Builder) Convolve(x, y *Node, mode string) *Node {
	for _, v := range []*Node{x, y} {
		if len(v.shape) != 1 || v.shape[0] == 0 {
			b.failf(ValueError, "convolve", "got shape %s, want a vector with elements", FormatShape(v.shape))
		}
	}
	if len(x.shape) == 1 && x.shape[0] < y.shape[0] {
		x, y = y, x
	}
	k := y.shape[0]
	var low, high int
	switch mode {
	case "full":
		low, high = k-1, k-1
	case "same":
		low, high = k/2, k-1-k/2
	case "valid":
	default:
		b.failf(ValueError, "convolve", "mode is '%s', want 'full', 'same' or 'valid'", mode)
	}
	one := []int{1}
	out := b.Conv("convolve", b.Reshape(x, []int{1, -1, 1}), b.Reshape(y, []int{1, -1, 1}), ConvAttrs{
		Stride: one, Low: []int{low}, High: []int{high}, KernelDilation: one, InputDilation: one, Groups: 1, Flip: true,
	})
	return b.Flat(out)
}
