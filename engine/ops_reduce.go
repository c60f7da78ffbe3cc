package engine

import (
	"math"

	"github.com/mlxstar/mlxstar/engine/shapes"
)

// ReduceAttrs are the axes, ascending and not negative, that a reduction
// folds. The output keeps them with length 1 or drops them: its shape says so.
type ReduceAttrs struct{ Axes []int }

// ArgReduceAttrs is the axis that an index is taken along.
type ArgReduceAttrs struct{ Axis int }

// ScanAttrs describe a running fold: along Axis, from the end where Reverse is
// set, each element counting itself where Inclusive is set.
type ScanAttrs struct {
	Axis               int
	Reverse, Inclusive bool
}

// widened is the dtype in which sums and products of small integers answer.
func widened(d Dtype) (in, out Dtype) {
	switch {
	case d == Bool:
		return d, Int32
	case d.IsUnsigned() && d.Size() < 4:
		return d, Uint32
	case d.IsSigned() && d.Size() < 4:
		return d, Int32
	}
	return d, d
}

func scanSum(d Dtype) (in, out Dtype) {
	if d == Bool {
		return Int32, Int32
	}
	return d, d
}

func reduction(name string, rule DtypeRule, g Gradient, doc string) *Op {
	return define(Op{Name: name, Class: Reduction, Ends: true, Dtypes: rule, Gradient: g, Doc: doc})
}

func scan(name string, rule DtypeRule, doc string) *Op {
	return define(Op{Name: name, Class: Scan, Layout: RowsLayout, Dtypes: rule, Gradient: Differentiable, Doc: doc})
}

// The reductions.
var (
	OpSum       = reduction("sum", widened, Differentiable, "Sum over axes; small integers add up as 32-bit ones.")
	OpProd      = reduction("prod", widened, Differentiable, "Product over axes; small integers multiply as 32-bit ones.")
	OpMax       = reduction("max", sameDtype, Differentiable, "Largest element over axes; NaN wins. Ties share the gradient.")
	OpMin       = reduction("min", sameDtype, Differentiable, "Smallest element over axes; NaN wins. Ties share the gradient.")
	OpAll       = reduction("all", logicDtype, NoGrad, "Whether all elements over axes are true.")
	OpAny       = reduction("any", logicDtype, NoGrad, "Whether any element over axes is true.")
	OpLogSumExp = reduction("logsumexp", floatDtype, Differentiable, "log of the sum of exp over axes, without overflow.")

	OpArgMax = define(Op{Name: "argmax", Class: ArgReduction, Gradient: NoGrad, Doc: "Index of the first largest element along an axis, as uint32; the first NaN wins."})
	OpArgMin = define(Op{Name: "argmin", Class: ArgReduction, Gradient: NoGrad, Doc: "Index of the first smallest element along an axis, as uint32; the first NaN wins."})

	OpCumSum       = scan("cumsum", scanSum, "Running sum along an axis.")
	OpCumProd      = scan("cumprod", sameDtype, "Running product along an axis.")
	OpCumMax       = scan("cummax", sameDtype, "Running maximum along an axis.")
	OpCumMin       = scan("cummin", sameDtype, "Running minimum along an axis.")
	OpLogCumSumExp = scan("logcumsumexp", floatDtype, "Running log of the sum of exp along an axis.")
)

// SoftmaxAttrs choose the accumulator of OpSoftmax.
type SoftmaxAttrs struct{ Precise bool }

// OpSoftmax normalises exp over the last axis.
var OpSoftmax = define(Op{Name: "softmax", Class: Structured, Layout: RowsLayout, InPlace: true, Gradient: Differentiable,
	Doc: "exp(x) over its sum, along the last axis. Half types accumulate in float32 where precise is set."})

// Axes resolves reduction axes: nil means all. Out of range and repeated ones fail.
func (b *Builder) Axes(op string, x *Node, axes []int) []int {
	rank := len(x.shape)
	picked := make([]bool, rank)
	for _, a := range axes {
		at, ok := shapes.Axis(a, rank)
		if !ok {
			b.failf(IndexError, op, "axis %d is out of range for an array with %d axes", a, rank)
		}
		if picked[at] {
			b.failf(ValueError, op, "axis %d appears twice", a)
		}
		picked[at] = true
	}
	out := make([]int, 0, rank)
	for i := range picked {
		if picked[i] || axes == nil {
			out = append(out, i)
		}
	}
	return out
}

// Axis resolves one axis.
func (b *Builder) Axis(op string, x *Node, axis int) int {
	at, ok := shapes.Axis(axis, len(x.shape))
	if !ok {
		b.failf(IndexError, op, "axis %d is out of range for an array with %d axes", axis, len(x.shape))
	}
	return at
}

func reducedShape(shape, axes []int, keep bool) []int {
	out, k := make([]int, 0, len(shape)), 0
	for i, d := range shape {
		switch {
		case k < len(axes) && axes[k] == i:
			k++
			if keep {
				out = append(out, 1)
			}
		default:
			out = append(out, d)
		}
	}
	return out
}

// Reduce folds axes (nil is all of them); keep leaves them with length 1.
func (b *Builder) Reduce(op *Op, x *Node, axes []int, keep bool) *Node {
	if op == OpLogSumExp {
		b.noScalarAxes(op.Name, x, axes)
	}
	axes = b.Axes(op.Name, x, axes)
	in, out := op.Dtypes(x.dtype)
	if len(axes) == 0 && (op == OpSum || op == OpProd) {
		return x // nothing is folded, so that the accumulator's dtype does not show
	}
	if op == OpMax || op == OpMin {
		for _, a := range axes {
			if x.shape[a] == 0 {
				b.failf(ValueError, op.Name, "no elements along axis %d of shape %s", a, shapes.Format(x.shape))
			}
		}
	}
	x = b.AsType(x, in)
	if len(axes) == 0 && op != OpLogSumExp {
		return b.AsType(x, out)
	}
	return b.node(op, ReduceAttrs{axes}, out, reducedShape(x.shape, axes, keep), x)
}

// noScalarAxes refuses axes of a 0-d array with MLX's type of error.
func (b *Builder) noScalarAxes(op string, x *Node, axes []int) {
	if len(x.shape) == 0 && len(axes) > 0 {
		b.failf(ValueError, op, "got axes for an array with 0 axes")
	}
}

// ArgReduce gives the index of an extreme along an axis as uint32.
func (b *Builder) ArgReduce(op *Op, x *Node, axis int, keep bool) *Node {
	if x.Len() == 0 {
		b.failf(ValueError, op.Name, "no elements in an array of shape %s", shapes.Format(x.shape))
	}
	axis = b.Axis(op.Name, x, axis)
	return b.node(op, ArgReduceAttrs{axis}, Uint32, reducedShape(x.shape, []int{axis}, keep), x)
}

// Scan folds along an axis and keeps every partial result.
func (b *Builder) Scan(op *Op, x *Node, axis int, reverse, inclusive bool) *Node {
	axis = b.Axis(op.Name, x, axis)
	in, out := op.Dtypes(x.dtype)
	return b.node(op, ScanAttrs{axis, reverse, inclusive}, out, x.shape, b.AsType(x, in))
}

// Sum adds over axes.
func (b *Builder) Sum(x *Node, axes []int, keep bool) *Node { return b.Reduce(OpSum, x, axes, keep) }

// countAlong is the number of elements folded into one.
func countAlong(shape, axes []int) int {
	n := 1
	for _, a := range axes {
		n *= shape[a]
	}
	return n
}

// Mean averages over axes; integers answer in float32.
func (b *Builder) Mean(x *Node, axes []int, keep bool) *Node {
	axes = b.Axes("mean", x, axes)
	d := x.dtype.AtLeastFloat()
	sum := b.Sum(b.AsType(x, d), axes, keep)
	return b.Mul(sum, b.reciprocalCount(x, axes, d))
}

// Var is the mean squared distance from the mean, with ddof taken off the count.
func (b *Builder) Var(x *Node, axes []int, keep bool, ddof int) *Node {
	axes = b.Axes("var", x, axes)
	x = b.AsType(x, x.dtype.AtLeastFloat())
	away := b.Sub(x, b.Mean(x, axes, true))
	if away.dtype.IsComplex() {
		away = b.Unary(OpAbs, away)
	}
	sum := b.Sum(b.Square(away), axes, keep)
	if b.Shapeless {
		n := b.Sub(b.NumberOfElements(x, axes, false, away.dtype), b.Scalar(float64(ddof), away.dtype))
		return b.Div(sum, b.Binary(OpMaximum, n, b.Scalar(0, away.dtype)))
	}
	n := max(float64(countAlong(x.shape, axes)-ddof), 0)
	return b.Mul(sum, b.Scalar(1/n, away.dtype))
}

// Softmax normalises exp over axes (nil is all).
func (b *Builder) Softmax(x *Node, axes []int, precise bool) *Node {
	b.noScalarAxes("softmax", x, axes)
	axes = b.Axes("softmax", x, axes)
	if x.Len() == 0 || len(axes) == 0 && !x.dtype.IsInexact() {
		return b.Full(x.shape, 1, x.dtype)
	}
	x = b.AsType(x, x.dtype.AtLeastFloat())
	if len(axes) == 1 && axes[0] == len(x.shape)-1 {
		return b.node(OpSoftmax, SoftmaxAttrs{precise}, x.dtype, x.shape, x)
	}
	return b.composedSoftmax(x, axes, precise)
}

// composedSoftmax is the same in simpler operations.
func (b *Builder) composedSoftmax(x *Node, axes []int, precise bool) *Node {
	d := x.dtype
	if precise && (d == Float16 || d == BFloat16) {
		x = b.AsType(x, Float32)
	}
	e := b.Exp(b.Sub(x, b.StopGradient(b.Reduce(OpMax, x, axes, true))))
	return b.AsType(b.Div(e, b.Sum(e, axes, true)), d)
}

// repeatLike broadcasts to the shape of x, which in a graph for other shapes is whatever it
// will be.
func (b *Builder) repeatLike(y, x *Node) *Node {
	if b.Shapeless {
		return b.Where(b.Full(nil, 1, Bool), y, b.AsType(b.StopGradient(x), y.dtype))
	}
	return b.Broadcast(y, x.shape)
}

// keepAxes restores the folded axes of a reduction's cotangent or output.
func (b *Builder) keepAxes(y, x *Node, axes []int) *Node {
	return b.Reshape(y, reducedShape(x.shape, axes, true))
}

func init() {
	OpSum.VJP = func(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		x, axes := n.inputs[0], n.attrs.(ReduceAttrs).Axes
		return []*Node{b.AsType(b.repeatLike(b.keepAxes(ct[0], x, axes), x), x.dtype)}
	}
	OpProd.VJP = prodVJP
	OpMax.VJP, OpMin.VJP = extremeVJP, extremeVJP
	OpLogSumExp.VJP = func(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		x, axes := n.inputs[0], n.attrs.(ReduceAttrs).Axes
		share := b.Exp(b.Sub(x, b.keepAxes(n, x, axes)))
		return []*Node{b.Mul(b.keepAxes(ct[0], x, axes), b.conj(share))}
	}
	OpSoftmax.Expand = func(b *Builder, n *Node) []*Node {
		return []*Node{b.composedSoftmax(n.inputs[0], []int{len(n.shape) - 1}, n.attrs.(SoftmaxAttrs).Precise)}
	}
	OpSoftmax.VJP = func(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		weighted := b.Mul(ct[0], b.conj(n))
		total := b.Sum(weighted, []int{-1}, true)
		return []*Node{b.Sub(weighted, b.Mul(b.conj(n), total))}
	}
	OpCumSum.VJP = func(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		at := n.attrs.(ScanAttrs)
		return []*Node{b.Scan(OpCumSum, ct[0], at.Axis, !at.Reverse, at.Inclusive)}
	}
	OpCumProd.VJP = cumProdVJP
	OpCumMax.VJP, OpCumMin.VJP = cumExtremeVJP, cumExtremeVJP
	OpLogCumSumExp.VJP = func(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		// d out_i / d x_j = exp(x_j - out_i) for every i that counts j. An exclusive
		// scan's first element is -inf and counts nothing.
		x, at := n.inputs[0], n.attrs.(ScanAttrs)
		none := b.Binary(OpEqual, n, b.Scalar(math.Inf(-1), n.dtype))
		g := b.Where(none, b.Scalar(0, ct[0].dtype), b.Mul(ct[0], b.Exp(b.Neg(n))))
		return []*Node{b.Mul(b.Exp(x), b.Scan(OpCumSum, g, at.Axis, !at.Reverse, at.Inclusive))}
	}
}

// prodVJP multiplies, for each element, all the others: an exclusive product
// from either side, which stays right where elements are 0.
func prodVJP(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
	x, axes := n.inputs[0], n.attrs.(ReduceAttrs).Axes
	x = b.AsType(x, n.dtype)
	rest := make([]int, 0, len(x.shape))
	folded := map[int]bool{}
	for _, a := range axes {
		folded[a] = true
	}
	for i := range x.shape {
		if !folded[i] {
			rest = append(rest, i)
		}
	}
	perm := append(append([]int(nil), rest...), axes...)
	inverse := make([]int, len(perm))
	for i, a := range perm {
		inverse[a] = i
	}
	lined := b.Transpose(x, perm)
	flat := b.Reshape(lined, append(append([]int(nil), lined.shape[:len(rest)]...), countAlong(x.shape, axes)))
	others := b.Mul(b.Scan(OpCumProd, flat, -1, false, false), b.Scan(OpCumProd, flat, -1, true, false))
	others = b.Transpose(b.Reshape(others, lined.shape), inverse)
	return []*Node{b.AsType(b.Mul(b.keepAxes(ct[0], x, axes), b.conj(others)), n.inputs[0].dtype)}
}

// extremeVJP gives the cotangent in equal parts to the elements that attain the extreme.
func extremeVJP(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
	x, axes := n.inputs[0], n.attrs.(ReduceAttrs).Axes
	hit := b.AsType(b.Binary(OpEqual, x, b.keepAxes(n, x, axes)), ct[0].dtype)
	share := b.Div(hit, b.Sum(hit, axes, true))
	return []*Node{b.AsType(b.Mul(b.keepAxes(ct[0], x, axes), share), x.dtype)}
}

// cumProdVJP sums ct_i * out_i / x_j over the i that count j, by way of the
// matrix of partial products so that zeros are exact: for each pair j <= i the
// product of all elements that out_i counts but x_j.
func cumProdVJP(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
	x, at := n.inputs[0], n.attrs.(ScanAttrs)
	last := len(x.shape) - 1
	x, g := b.moveAxis(x, at.Axis, last), b.moveAxis(ct[0], at.Axis, last)
	size := x.shape[last]
	eye := b.Eye(size, size, 0, Bool)
	// Row j holds x with element j replaced by 1; its running products are the
	// partial products without x_j.
	without := b.Where(eye, one(b, x), b.ExpandDims(x, last))
	partial := b.Scan(OpCumProd, without, -1, at.Reverse, at.Inclusive)
	shift := 0
	if !at.Inclusive {
		shift = -1
	}
	counts := b.Transpose(b.Tri(size, size, shift, Bool), nil) // j counts in i: j <= i
	if at.Reverse {
		counts = b.Tri(size, size, shift, Bool)
	}
	terms := b.Where(counts, b.Mul(b.ExpandDims(g, last), b.conj(partial)), b.Scalar(0, x.dtype))
	return []*Node{b.moveAxis(b.Sum(terms, []int{-1}, false), last, at.Axis)}
}

// cumExtremeVJP sends each cotangent to the last element that attains the running
// extreme.
func cumExtremeVJP(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
	at := n.attrs.(ScanAttrs)
	last := len(n.shape) - 1
	lined := func(v *Node) *Node { return b.moveAxis(v, at.Axis, last) }
	x, y, g := lined(n.inputs[0]), lined(n), lined(ct[0])
	size := x.shape[last]
	if !at.Inclusive && size > 0 {
		// What an exclusive scan answers at one place, the inclusive one answers
		// at the place before. The first answer depends on nothing.
		y = b.Scan(n.op, x, last, at.Reverse, true)
		none := b.Full(withLast(x.shape, 1), 0, g.dtype)
		if at.Reverse {
			g = b.Concatenate([]*Node{none, b.Narrow(g, last, 0, size-1)}, last)
		} else {
			g = b.Concatenate([]*Node{b.Narrow(g, last, 1, size), none}, last)
		}
	}
	// The place of the extreme is the running maximum of the places where a
	// new one is set.
	places := b.Arange(0, 1, size, Int32)
	set := b.Binary(OpEqual, x, y)
	if at.Reverse {
		places = b.Binary(OpSubtract, b.Scalar(float64(size-1), Int32), places)
	}
	before := b.Where(set, places, b.Scalar(0, Int32))
	where := b.Scan(OpCumMax, before, -1, at.Reverse, true)
	if at.Reverse {
		where = b.Binary(OpSubtract, b.Scalar(float64(size-1), Int32), where)
	}
	zeros := b.Full(x.shape, 0, g.dtype)
	return []*Node{b.moveAxis(b.ScatterAlong(zeros, b.StopGradient(where), g, last, Sum), last, at.Axis)}
}

func (b *Builder) moveAxis(x *Node, from, to int) *Node {
	if from == to {
		return x
	}
	var perm []int
	for i := range x.shape {
		if i != from {
			perm = append(perm, i)
		}
	}
	perm = append(perm[:to], append([]int{from}, perm[to:]...)...)
	return b.Transpose(x, perm)
}
