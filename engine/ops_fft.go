package engine

import (
	"math"
	"slices"
)

// FourierAttrs describe a transform along the last axis. The sum's terms are
// multiplied by exp(-2 pi i j k / n), by its conjugate where Inverse is set, and
// the outcome by Scale. N is the length of the transform, which the half
// spectrum of a real one does not tell.
type FourierAttrs struct {
	N       int
	Inverse bool
	Scale   float64
}

// onlyDtypes is the rule of operations that take one dtype and answer in another.
func onlyDtypes(from, to Dtype) DtypeRule {
	return func(d Dtype) (in, out Dtype) {
		if d != from {
			return 0, 0
		}
		return from, to
	}
}

// The rules of the transforms: each is there in 32-bit floats, which is what mlx.core
// asks for, and in 64-bit ones.
func spectrumDtype(d Dtype) (in, out Dtype) {
	if !d.IsComplex() {
		return 0, 0
	}
	return d, d
}

func toSpectrum(d Dtype) (in, out Dtype) {
	if d != Float32 && d != Float64 {
		return 0, 0
	}
	return d, d.Complex()
}

func fromSpectrum(d Dtype) (in, out Dtype) {
	if !d.IsComplex() {
		return 0, 0
	}
	return d, d.Real()
}

// The discrete Fourier transforms, along the last axis.
var (
	OpFFT = define(Op{Name: "fft", Class: Structured, Layout: RowsLayout, Dtypes: spectrumDtype, Gradient: Differentiable,
		Doc: "The discrete Fourier transform of complex numbers."})
	OpRFFT = define(Op{Name: "rfft", Class: Structured, Layout: RowsLayout, Dtypes: toSpectrum, Gradient: Differentiable,
		Doc: "The discrete Fourier transform of real numbers: the half of the spectrum that tells the other."})
	OpIRFFT = define(Op{Name: "irfft", Class: Structured, Layout: RowsLayout, Dtypes: fromSpectrum, Gradient: Differentiable,
		Doc: "Real numbers from half of their spectrum."})
)

// Fourier chooses a transform: of complex numbers, or with Real set between real
// numbers and half a spectrum; with Wide set in 64-bit floats.
type Fourier struct {
	Name                string
	Inverse, Real, Wide bool
}

// spectrum is the dtype of the transform's frequencies.
func (f Fourier) spectrum() Dtype {
	if f.Wide {
		return Complex128
	}
	return Complex64
}

// FourierNorm says which direction divides: "backward" the inverse one, by n,
// "forward" the other one, "ortho" both, by the root of n.
type FourierNorm string

// Transform applies a Fourier transform along axes, nil for all. Sizes, if not
// nil, are the lengths to which the axes are cut or padded with zeros before;
// that of the last axis of an inverse real transform is the length of the answer.
func (b *Builder) Transform(f Fourier, x *Node, sizes, axes []int, norm FourierNorm) *Node {
	b.fourierScale(f, 1, norm) // fails for a norm that there is none of
	switch {
	case len(x.shape) == 0 && axes == nil:
		b.failf(ValueError, f.Name, "got a 0-d array, want at least one axis")
	case sizes != nil && axes == nil:
		b.failf(ValueError, f.Name, "the sizes %v come without axes", sizes)
	case sizes != nil && len(sizes) != len(axes):
		b.failf(ValueError, f.Name, "got %d sizes for %d axes", len(sizes), len(axes))
	}
	order := b.fourierAxes(f.Name, x, axes)
	if len(order) == 0 {
		return x
	}
	lengths := make([]int, len(order))
	for i, a := range order {
		lengths[i] = x.shape[a]
		if sizes != nil {
			lengths[i] = sizes[i]
		} else if f.Real && f.Inverse && i == len(order)-1 {
			lengths[i] = 2 * (x.shape[a] - 1)
		}
		if lengths[i] <= 0 || lengths[i] > math.MaxInt32 {
			b.failf(ValueError, f.Name, "got the length %d along axis %d, want 1 to 2**31-1", lengths[i], a)
		}
	}
	last := len(order) - 1
	if f.Real && !f.Inverse {
		x = b.fourierAlong(OpRFFT, f, x, order[last], lengths[last], norm)
	}
	for i, a := range order {
		if !f.Real || i < last {
			x = b.fourierAlong(OpFFT, f, x, a, lengths[i], norm)
		}
	}
	if f.Real && f.Inverse {
		x = b.fourierAlong(OpIRFFT, f, x, order[last], lengths[last], norm)
	}
	return x
}

// fourierAxes resolves axes in the order given; nil is all of them.
func (b *Builder) fourierAxes(op string, x *Node, axes []int) []int {
	if axes == nil {
		axes = make([]int, len(x.shape))
		for i := range axes {
			axes[i] = i
		}
	}
	return b.Places(op, x, axes)
}

// fourierAlong transforms one axis.
func (b *Builder) fourierAlong(op *Op, f Fourier, x *Node, axis, n int, norm FourierNorm) *Node {
	in := f.spectrum()
	if op == OpRFFT {
		in = in.Real()
	}
	last := len(x.shape) - 1
	y := b.moveAxis(b.AsType(x, in), axis, last)
	kept := n
	if op == OpIRFFT {
		kept = n/2 + 1
	}
	y = b.fit(y, kept)
	at := FourierAttrs{N: n, Inverse: f.Inverse, Scale: b.fourierScale(f, n, norm)}
	return b.moveAxis(b.fourier(op, at, y), last, axis)
}

func (b *Builder) fourierScale(f Fourier, n int, norm FourierNorm) float64 {
	switch norm {
	case "backward", "forward":
		if (norm == "backward") == f.Inverse {
			return 1 / float64(n)
		}
		return 1
	case "ortho":
		return 1 / math.Sqrt(float64(n))
	}
	b.failf(ValueError, f.Name, "norm is '%s', want 'backward', 'ortho' or 'forward'", string(norm))
	return 0
}

// fit cuts the last axis to n elements or pads it with zeros.
func (b *Builder) fit(x *Node, n int) *Node {
	last := len(x.shape) - 1
	switch have := x.shape[last]; {
	case have > n:
		return b.Narrow(x, last, 0, n)
	case have < n:
		high := make([]int, last+1)
		high[last] = n - have
		return b.Pad(x, make([]int, last+1), high, PadConstant, b.Scalar(0, x.dtype))
	}
	return x
}

// fourier adds the operation over the last axis of x.
func (b *Builder) fourier(op *Op, at FourierAttrs, x *Node) *Node {
	_, out := op.Dtypes(x.dtype)
	shape := slices.Clone(x.shape)
	shape[len(shape)-1] = at.N
	if op == OpRFFT {
		shape[len(shape)-1] = at.N/2 + 1
	}
	return b.node(op, at, out, shape, x)
}

func init() {
	// The matrix of a transform is symmetric: its conjugate transpose is the
	// transform in the other direction, with the same scale.
	OpFFT.VJP = func(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		at := n.attrs.(FourierAttrs)
		at.Inverse = !at.Inverse
		return []*Node{b.fourier(OpFFT, at, b.AsType(ct[0], n.dtype))}
	}
	OpRFFT.VJP = func(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		at := n.attrs.(FourierAttrs)
		at.Inverse = !at.Inverse
		whole := b.fit(b.AsType(ct[0], n.dtype), at.N)
		return []*Node{b.Unary(OpReal, b.fourier(OpFFT, at, whole))}
	}
	// All frequencies but the first and, of an even length, the last stand for
	// two.
	OpIRFFT.VJP = func(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		at := n.attrs.(FourierAttrs)
		at.Inverse = !at.Inverse
		half := b.fourier(OpRFFT, at, b.AsType(ct[0], n.dtype))
		k := b.Arange(0, 1, half.shape[len(half.shape)-1], Int32)
		single := b.Binary(OpEqual, k, b.Scalar(0, Int32))
		if at.N%2 == 0 {
			single = b.Binary(OpLogicalOr, single, b.Binary(OpEqual, k, b.Scalar(float64(at.N/2), Int32)))
		}
		return []*Node{b.Mul(half, b.Where(single, b.Scalar(1, n.dtype), b.Scalar(2, n.dtype)))}
	}
	for _, op := range []*Op{OpFFT, OpRFFT, OpIRFFT} {
		op.VMap = sameRule
	}
}
