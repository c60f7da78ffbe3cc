package engine

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/mlxstar/mlxstar/engine/shapes"
)

// QuantizeMode names a format: "affine" has a scale and a bias for each group of
// integer codes, the others a scale of 8 bits for each group of small floats.
type QuantizeMode string

// Quantization says how an array is quantized. A zero GroupSize or Bits is the
// mode's own. GlobalScale, a scalar or nil, is for nvfp4 alone.
type Quantization struct {
	Mode        QuantizeMode
	GroupSize   int
	Bits        int
	GlobalScale *Node
}

// quantizeFormat is what a mode allows; the first of each list is the default.
type quantizeFormat struct {
	groups, bits []int
	top          float64 // the largest code's value, of the float modes
	exponents    bool    // scales are powers of two, stored as exponents
}

var quantizeFormats = map[QuantizeMode]quantizeFormat{
	"affine": {groups: []int{64, 32, 128}, bits: []int{4, 1, 2, 3, 5, 6, 8}},
	"mxfp4":  {groups: []int{32}, bits: []int{4}, top: 6, exponents: true},
	"mxfp8":  {groups: []int{32}, bits: []int{8}, top: 448, exponents: true},
	"nvfp4":  {groups: []int{16}, bits: []int{4}, top: 6},
}

// fp4Values are the numbers that the first eight codes of E2M1 stand for; the
// other eight are their negatives.
var fp4Values = [8]float64{0, 0.5, 1, 1.5, 2, 3, 4, 6}

// globalRange is the largest product of a scale and a code of nvfp4: 448 * 6.
const globalRange = 2688

// resolve fills in defaults and checks what the mode allows.
func (b *Builder) resolve(op string, q Quantization) (Quantization, quantizeFormat) {
	f, ok := quantizeFormats[q.Mode]
	if !ok {
		b.failf(ValueError, op, "the mode is '%s', want 'affine', 'mxfp4', 'mxfp8' or 'nvfp4'", string(q.Mode))
	}
	if q.GroupSize == 0 {
		q.GroupSize = f.groups[0]
	}
	if q.Bits == 0 {
		q.Bits = f.bits[0]
	}
	switch {
	case !slices.Contains(f.groups, q.GroupSize):
		b.failf(ValueError, op, "the group size is %d, want one of %v in the mode '%s'", q.GroupSize, f.groups, string(q.Mode))
	case !slices.Contains(f.bits, q.Bits):
		b.failf(ValueError, op, "got %d bits, want one of %v in the mode '%s'", q.Bits, f.bits, string(q.Mode))
	case q.GlobalScale != nil && q.Mode != "nvfp4":
		b.failf(ValueError, op, "a global scale is for the mode 'nvfp4', not '%s'", string(q.Mode))
	case q.GlobalScale != nil && q.GlobalScale.Len() != 1:
		b.failf(ValueError, op, "the global scale has the shape %s, want a scalar", shapes.Format(q.GlobalScale.shape))
	}
	if q.GlobalScale != nil {
		q.GlobalScale = b.Reshape(b.AsType(q.GlobalScale, Float32), []int{})
	}
	return q, f
}

// Quantize gives an array's codes, packed into words, the scales and, in the mode
// "affine", the biases of its groups along the last axis.
func (b *Builder) Quantize(w *Node, q Quantization) []*Node {
	q, f := b.resolve("quantize", q)
	rank := len(w.shape)
	switch {
	case !w.dtype.IsFloat():
		b.failf(ValueError, "quantize", "got %s, want a floating dtype", w.dtype)
	case rank < 2:
		b.failf(ValueError, "quantize", "got an array with %d axes, want at least 2", rank)
	case w.shape[rank-1]%q.GroupSize != 0:
		b.failf(ValueError, "quantize", "the last axis of shape %s is no multiple of the group size %d", shapes.Format(w.shape), q.GroupSize)
	}
	if w.Len() == 0 && w.shape[rank-1] == 0 {
		none := b.Full(w.shape, 0, w.dtype)
		if q.Mode != "affine" {
			return []*Node{b.Full(w.shape, 0, Uint32), b.Full(w.shape, 0, Uint8)}
		}
		return []*Node{b.Full(w.shape, 0, Uint32), none, none}
	}
	groups := b.inGroups(b.AsType(w, Float32), q.GroupSize)
	ungroup := func(codes *Node) *Node { // groups fill whole words
		return b.Reshape(b.PackBits(b.AsType(codes, Uint8), q.Bits), withLast(w.shape, w.shape[rank-1]*q.Bits/32))
	}
	if q.Mode == "affine" {
		codes, scale, bias := b.affineCodes(groups, q.Bits)
		return []*Node{ungroup(codes), b.AsType(b.Squeeze(scale, -1), w.dtype), b.AsType(b.Squeeze(bias, -1), w.dtype)}
	}
	codes, scale := b.floatCodes(groups, q, f)
	return []*Node{ungroup(codes), b.Squeeze(scale, -1)}
}

// inGroups cuts the last axis into groups.
func (b *Builder) inGroups(x *Node, size int) *Node {
	last := len(x.shape) - 1
	return b.Unflatten(x, last, []int{x.shape[last] / size, size})
}

// affineCodes places the codes so that the end of a group that is further from 0
// is met exactly and 0 has a code.
func (b *Builder) affineCodes(w *Node, bits int) (codes, scale, bias *Node) {
	at := func(v float64) *Node { return b.Scalar(v, Float32) }
	low, high := b.Reduce(OpMin, w, []int{-1}, true), b.Reduce(OpMax, w, []int{-1}, true)
	top := float64(int(1)<<bits - 1)
	scale = b.Binary(OpMaximum, b.Div(b.Sub(high, low), at(top)), at(1e-7))
	if bits == 1 { // the two codes are the ends of the group
		codes = b.Unary(OpRint, b.Div(b.Sub(w, low), scale))
		return b.Binary(OpMinimum, b.Binary(OpMaximum, codes, at(0)), at(1)), scale, low
	}
	below := b.Binary(OpGreater, b.Unary(OpAbs, low), b.Unary(OpAbs, high))
	scale = b.Where(below, scale, b.Neg(scale))
	edge := b.Where(below, low, high)
	steps := b.Unary(OpRint, b.Div(edge, scale))
	none := b.Binary(OpEqual, steps, at(0))
	scale = b.Where(none, scale, b.Div(edge, steps))
	bias = b.Where(none, at(0), edge)
	codes = b.Unary(OpRint, b.Div(b.Sub(w, bias), scale))
	return b.Binary(OpMinimum, b.Binary(OpMaximum, codes, at(0)), at(top)), scale, bias
}

// floatCodes scales each group so that its largest number is the largest code.
func (b *Builder) floatCodes(w *Node, q Quantization, f quantizeFormat) (codes, scale *Node) {
	at := func(v float64) *Node { return b.Scalar(v, Float32) }
	most := b.Reduce(OpMax, b.Unary(OpAbs, w), []int{-1}, true)
	ratio := b.Div(most, at(f.top))
	if f.exponents {
		exponent := b.Unary(OpCeil, b.Unary(OpLog2, ratio)) // up, so that the largest is not cut
		exponent = b.Where(b.Binary(OpEqual, most, at(0)), at(0), exponent)
		exponent = b.Binary(OpMinimum, b.Binary(OpMaximum, exponent, at(-127)), at(127))
		scale = b.AsType(b.Add(exponent, at(127)), Uint8)
	} else {
		if q.GlobalScale != nil {
			ratio = b.Div(b.Mul(ratio, at(globalRange)), q.GlobalScale)
		}
		scale = b.Unary(OpToFP8, ratio)
	}
	by := b.scaleValues(scale, q, f)
	zero := b.Binary(OpEqual, by, at(0))
	w = b.Where(zero, at(0), b.Div(w, b.Where(zero, at(1), by)))
	if q.Bits == 8 {
		return b.Unary(OpToFP8, w), scale
	}
	return b.fp4Codes(w), scale
}

// fp4Codes counts the midpoints between values that a modulus lies above; what
// rounds to 0 has no sign.
func (b *Builder) fp4Codes(w *Node) *Node {
	size := b.Unary(OpAbs, w)
	code := b.Full(w.shape, 0, Uint8)
	for i := range fp4Values[1:] {
		middle := (fp4Values[i] + fp4Values[i+1]) / 2
		code = b.Add(code, b.AsType(b.Binary(OpGreater, size, b.Scalar(middle, Float32)), Uint8))
	}
	negative := b.Binary(OpLogicalAnd, b.Binary(OpLess, w, b.Scalar(0, Float32)), b.Binary(OpGreater, code, b.Scalar(0, Uint8)))
	return b.Add(code, b.Mul(b.AsType(negative, Uint8), b.Scalar(8, Uint8)))
}

// scaleValues decodes the scales of the float modes, as float32.
func (b *Builder) scaleValues(scale *Node, q Quantization, f quantizeFormat) *Node {
	if f.exponents {
		// An exponent is that of a float32, but for the least, a subnormal.
		bits := b.Binary(OpLeftShift, b.AsType(scale, Uint32), b.Scalar(23, Uint32))
		bits = b.Where(b.Binary(OpEqual, scale, b.Scalar(0, Uint8)), b.Scalar(1<<22, Uint32), bits)
		return b.Bitcast(bits, Float32)
	}
	by := b.FromFP8(scale, Float32)
	if q.GlobalScale != nil {
		by = b.Mul(by, b.Div(q.GlobalScale, b.Scalar(globalRange, Float32)))
	}
	return by
}

// Dequantize gives the numbers that codes stand for, in the dtype d or, where
// that is 0, in the mode's: that of the scales and biases, bfloat16 for the float
// modes, float32 for them with a global scale.
func (b *Builder) Dequantize(w, scales, biases *Node, q Quantization, d Dtype) *Node {
	q, f := b.checkQuantized("dequantize", w, scales, biases, q)
	if d != 0 && !d.IsFloat() {
		b.failf(ValueError, "dequantize", "cannot answer in %s, want a floating dtype", d)
	}
	rounds := d == 0 // MLX rounds the product, too, where scales are halves
	if d == 0 {
		switch {
		case q.Mode == "affine":
			d = Promote(scales.dtype, biases.dtype)
		case q.GlobalScale != nil:
			d = Float32
		default:
			d = BFloat16
		}
	}
	codes := b.inGroups(b.UnpackBits(w, q.Bits), q.GroupSize)
	shape := withLast(w.shape, w.shape[len(w.shape)-1]*32/q.Bits)
	var values *Node
	if q.Mode == "affine" {
		c := Promote(scales.dtype, biases.dtype)
		if !rounds {
			c = Promote(Float32, c)
		}
		values = b.Mul(b.AsType(codes, c), b.ExpandDims(b.AsType(scales, c), -1))
		values = b.Add(values, b.ExpandDims(b.AsType(biases, c), -1))
	} else {
		values = b.Mul(b.codeValues(codes, q.Bits), b.ExpandDims(b.scaleValues(scales, q, f), -1))
	}
	return b.AsType(b.Reshape(values, shape), d)
}

// codeValues decodes the codes of the float modes, as float32.
func (b *Builder) codeValues(codes *Node, bits int) *Node {
	if bits == 8 {
		return b.FromFP8(codes, Float32)
	}
	var table []byte
	for _, sign := range []float64{1, -1} {
		for _, v := range fp4Values {
			table = binary.NativeEndian.AppendUint32(table, math.Float32bits(float32(math.Copysign(v, sign))))
		}
	}
	return b.Take(b.FromBytes(table, Float32, []int{16}), codes, 0)
}

// checkQuantized checks that words, scales and biases belong together.
func (b *Builder) checkQuantized(op string, w, scales, biases *Node, q Quantization) (Quantization, quantizeFormat) {
	q, f := b.resolve(op, q)
	affine := q.Mode == "affine"
	switch {
	case w.dtype != Uint32:
		b.failf(ValueError, op, "the codes are %s, want uint32", w.dtype)
	case len(w.shape) < 2:
		b.failf(ValueError, op, "the codes have %d axes, want at least 2", len(w.shape))
	case affine && biases == nil:
		b.failf(ValueError, op, "the mode 'affine' needs biases")
	case !affine && biases != nil:
		b.failf(ValueError, op, "the mode '%s' has no biases", string(q.Mode))
	case affine && (!scales.dtype.IsFloat() || !biases.dtype.IsFloat()):
		b.failf(ValueError, op, "scales are %s and biases %s, want a floating dtype", scales.dtype, biases.dtype)
	case !affine && scales.dtype != Uint8:
		b.failf(ValueError, op, "scales are %s, want uint8 in the mode '%s'", scales.dtype, string(q.Mode))
	}
	n := w.shape[len(w.shape)-1] * 32
	want := withLast(w.shape, n/q.Bits/q.GroupSize)
	if n%(q.Bits*q.GroupSize) != 0 || !slices.Equal(scales.shape, want) || affine && !slices.Equal(biases.shape, want) {
		b.failf(ValueError, op, "codes of shape %s do not match scales of shape %s in groups of %d by %d bits",
			shapes.Format(w.shape), shapes.Format(scales.shape), q.GroupSize, q.Bits)
	}
	return q, f
}

// quantizedDtype is that of a product with quantized matrices.
func (b *Builder) quantizedDtype(op string, x, scales, biases *Node) Dtype {
	d := x.dtype
	if biases != nil {
		d = Promote(d, Promote(scales.dtype, biases.dtype))
	}
	if !d.IsFloat() {
		b.failf(ValueError, op, "got %s, want a floating dtype", d)
	}
	return d
}

// QuantizedMatMul is the product of x and the quantized matrices, which are
// transposed where transpose is set. Stacks of matrices broadcast.
func (b *Builder) QuantizedMatMul(x, w, scales, biases *Node, transpose bool, q Quantization) *Node {
	const op = "quantized_matmul"
	q, _ = b.checkQuantized(op, w, scales, biases, q)
	d := b.quantizedDtype(op, x, scales, biases)
	at := QuantizedProductAttrs{q.Mode, q.GroupSize, q.Bits, transpose, len(w.shape) > 2}
	switch {
	case len(x.shape) == 0:
		b.failf(ValueError, op, "got a 0-d operand")
	case len(x.shape) == 1:
		return b.Squeeze(b.QuantizedMatMul(b.ExpandDims(x, 0), w, scales, biases, transpose, q), -2)
	case !at.Picked:
		return b.quantizedProduct(op, x, w, scales, biases, nil, nil, d, at)
	}
	return b.quantizedProduct(op, x, w, scales, biases, b.matrixPlaces(x), b.matrixPlaces(w), d, at)
}

// GatherQuantizedMatMul multiplies matrices that indices, nil for all, pick from
// the leading axes of x and of the quantized w. Only what is picked is decoded.
func (b *Builder) GatherQuantizedMatMul(x, w, scales, biases, xIndex, wIndex *Node, transpose bool, q Quantization) *Node {
	const op = "gather_qmm"
	q, _ = b.checkQuantized(op, w, scales, biases, q)
	d := b.quantizedDtype(op, x, scales, biases)
	switch len(x.shape) {
	case 0:
		b.failf(ValueError, op, "got a 0-d operand")
	case 1:
		return b.Squeeze(b.GatherQuantizedMatMul(b.ExpandDims(x, 0), w, scales, biases, xIndex, wIndex, transpose, q), -2)
	}
	if xIndex == nil {
		xIndex = b.matrixPlaces(x)
	}
	if wIndex == nil {
		wIndex = b.matrixPlaces(w)
	}
	b.checkIndex(op, xIndex)
	b.checkIndex(op, wIndex)
	out := b.quantizedProduct(op, x, w, scales, biases, xIndex, wIndex, d, QuantizedProductAttrs{q.Mode, q.GroupSize, q.Bits, transpose, true})
	if q.GlobalScale == nil {
		return out
	}
	by := b.Div(q.GlobalScale, b.Scalar(globalRange, Float32))
	return b.AsType(b.Mul(b.AsType(out, Float32), by), d)
}

// pickMatrices takes matrices by their place among the leading axes.
func (b *Builder) pickMatrices(x, index *Node) *Node {
	r := len(x.shape)
	return b.Take(b.Reshape(x, []int{shapes.Elements(x.shape[:r-2]), x.shape[r-2], x.shape[r-1]}), index, 0)
}

// QuantizedOperands are those of a product whose both sides are quantized: W is
// words where Scales is set, else it is quantized here, as X always is. Indices,
// of products that pick matrices, and global scales may be nil.
type QuantizedOperands struct {
	X, W, Scales               *Node
	XIndex, WIndex             *Node
	XGlobalScale, WGlobalScale *Node
}

// QuantizedBoth is x times the transpose of w, both quantized in a float mode.
func (b *Builder) QuantizedBoth(op string, in QuantizedOperands, q Quantization) *Node {
	if q.Mode == "affine" {
		b.failf(ValueError, op, "the mode is 'affine', want 'mxfp4', 'mxfp8' or 'nvfp4'")
	}
	d := b.quantizedDtype(op, in.X, nil, nil)
	qx, qw := q, q
	qx.GlobalScale, qw.GlobalScale = in.XGlobalScale, in.WGlobalScale
	x := in.X
	if len(x.shape) == 1 {
		x = b.ExpandDims(x, 0)
	}
	x = b.requantized(x, qx)
	var w *Node
	if in.Scales == nil {
		w = b.requantized(in.W, qw)
	} else {
		w = b.Dequantize(in.W, in.Scales, nil, qw, Float32)
	}
	out := b.AsType(b.GatherMM(x, b.matrixT(w), in.XIndex, in.WIndex), d)
	if len(in.X.shape) == 1 {
		out = b.Squeeze(out, -2)
	}
	return out
}

// requantized is x as its codes give it back.
func (b *Builder) requantized(x *Node, q Quantization) *Node {
	parts := b.Quantize(x, q)
	return b.Dequantize(parts[0], parts[1], nil, q, Float32)
}
