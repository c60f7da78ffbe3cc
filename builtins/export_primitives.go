package builtins

import (
	"slices"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/formats/mlxfn"
)

// encode writes down an operation whose inputs are, and gives its outputs.
type encode func(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array

// elementwisePrimitives are the operations that a primitive computes element by element,
// after broadcasting, with the numbers that tell it from others of the same name.
var elementwisePrimitives = []struct {
	op    *engine.Op
	name  string
	state []any
}{
	{engine.OpAbs, "Abs", nil}, {engine.OpNegative, "Negative", nil}, {engine.OpSign, "Sign", nil}, {engine.OpExp, "Exp", nil}, {engine.OpExpm1, "Expm1", nil},
	{engine.OpLog2, "Log", []any{int64(0)}}, {engine.OpLog10, "Log", []any{int64(1)}}, {engine.OpLog, "Log", []any{int64(2)}}, {engine.OpLog1p, "Log1p", nil},
	{engine.OpSin, "Sin", nil}, {engine.OpCos, "Cos", nil}, {engine.OpTan, "Tan", nil}, {engine.OpArcsin, "ArcSin", nil}, {engine.OpArccos, "ArcCos", nil},
	{engine.OpArctan, "ArcTan", nil}, {engine.OpSinh, "Sinh", nil}, {engine.OpCosh, "Cosh", nil}, {engine.OpTanh, "Tanh", nil}, {engine.OpArcsinh, "ArcSinh", nil},
	{engine.OpArccosh, "ArcCosh", nil}, {engine.OpArctanh, "ArcTanh", nil}, {engine.OpSqrt, "Sqrt", []any{false}}, {engine.OpRsqrt, "Sqrt", []any{true}},
	{engine.OpSquare, "Square", nil}, {engine.OpSigmoid, "Sigmoid", nil}, {engine.OpErf, "Erf", nil}, {engine.OpErfinv, "ErfInv", nil}, {engine.OpFloor, "Floor", nil},
	{engine.OpCeil, "Ceil", nil}, {engine.OpRint, "Round", nil}, {engine.OpLogicalNot, "LogicalNot", nil}, {engine.OpConjugate, "Conjugate", nil},
	{engine.OpReal, "Real", nil}, {engine.OpImag, "Imag", nil}, {engine.OpStopGradient, "StopGradient", nil},
	{engine.OpAdd, "Add", nil}, {engine.OpSubtract, "Subtract", nil}, {engine.OpMultiply, "Multiply", nil}, {engine.OpDivide, "Divide", nil}, {engine.OpFloorDivide, "FloorDivide", nil},
	{engine.OpRemainder, "Remainder", nil}, {engine.OpPower, "Power", nil}, {engine.OpMaximum, "Maximum", nil}, {engine.OpMinimum, "Minimum", nil},
	{engine.OpArctan2, "ArcTan2", nil}, {engine.OpLogAddExp, "LogAddExp", nil}, {engine.OpEqual, "Equal", []any{false}}, {engine.OpNotEqual, "NotEqual", nil},
	{engine.OpLess, "Less", nil}, {engine.OpLessEqual, "LessEqual", nil}, {engine.OpGreater, "Greater", nil}, {engine.OpGreaterEqual, "GreaterEqual", nil},
	{engine.OpLogicalAnd, "LogicalAnd", nil}, {engine.OpLogicalOr, "LogicalOr", nil}, {engine.OpLogicalXor, "NotEqual", nil},
	{engine.OpBitAnd, "BitwiseBinary", []any{int64(0)}}, {engine.OpBitOr, "BitwiseBinary", []any{int64(1)}}, {engine.OpBitXor, "BitwiseBinary", []any{int64(2)}},
	{engine.OpLeftShift, "BitwiseBinary", []any{int64(3)}}, {engine.OpRightShift, "BitwiseBinary", []any{int64(4)}}, {engine.OpSelect, "Select", nil},
}

// foldPrimitives are the reductions and scans, with MLX's numbers for them.
var (
	foldPrimitives = map[*engine.Op]int64{engine.OpAll: 0, engine.OpAny: 1, engine.OpSum: 2, engine.OpProd: 3, engine.OpMin: 4, engine.OpMax: 5}
	scanPrimitives = map[*engine.Op]int64{engine.OpCumMax: 0, engine.OpCumMin: 1, engine.OpCumSum: 2, engine.OpCumProd: 3, engine.OpLogCumSumExp: 4}
)

// updateNumbers are MLX's numbers for how updates meet what is there.
var updateNumbers = map[engine.UpdateMode]int64{engine.Max: 0, engine.Min: 1, engine.Sum: 2, engine.Prod: 3, engine.Replace: 4}

// quantizeNumbers are MLX's numbers for the ways of quantizing.
var quantizeNumbers = map[engine.QuantizeMode]int64{"affine": 0, "mxfp4": 1, "mxfp8": 2, "nvfp4": 3}

// encoders are how operations are written down that are not written as others.
var encoders = map[*engine.Op]encode{}

func init() {
	for _, p := range elementwisePrimitives {
		encoders[p.op] = func(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
			return []mlxfn.Array{e.emit(p.name, n.Shape(), n.Dtype(), e.spread(in, n.Shape()), p.state...)}
		}
	}
	for op, number := range foldPrimitives {
		encoders[op] = func(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
			axes := n.Attrs().(engine.ReduceAttrs).Axes
			kept := e.emit("Reduce", folded(in[0].Shape, axes), n.Dtype(), in, number, slices.Clone(axes))
			return []mlxfn.Array{e.squeeze(kept, axes, n.Shape())}
		}
	}
	for op, number := range scanPrimitives {
		encoders[op] = func(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
			at := n.Attrs().(engine.ScanAttrs)
			return []mlxfn.Array{e.emit("Scan", n.Shape(), n.Dtype(), in, number, int64(at.Axis), at.Reverse, at.Inclusive)}
		}
	}
	for op, number := range map[*engine.Op]int64{engine.OpArgMin: 0, engine.OpArgMax: 1} {
		encoders[op] = func(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
			axes := []int{n.Attrs().(engine.ArgReduceAttrs).Axis}
			kept := e.emit("ArgReduce", folded(in[0].Shape, axes), n.Dtype(), in, number, int64(axes[0]))
			return []mlxfn.Array{e.squeeze(kept, axes, n.Shape())}
		}
	}
	for op, code := range map[*engine.Op]encode{
		engine.OpIdentity: passOn, engine.OpCopy: passOn, engine.OpDepends: passOn, engine.OpCustom: passOn,
		engine.OpFull: encodeFull, engine.OpArange: encodeArange, engine.OpRandomBits: encodeBits, engine.OpNumberOfElements: encodeCount,
		engine.OpAsType:    one("AsType", func(n *engine.Node) []any { return []any{n.Dtype()} }),
		engine.OpBitcast:   one("View", func(n *engine.Node) []any { return []any{n.Dtype()} }),
		engine.OpBroadcast: one("Broadcast", func(n *engine.Node) []any { return []any{slices.Clone(n.Shape())} }),
		engine.OpReshape: func(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
			return []mlxfn.Array{e.reshape(in[0], n.Shape())}
		},
		engine.OpTranspose: one("Transpose", func(n *engine.Node) []any { return []any{n.Attrs().(engine.TransposeAttrs).Axes} }),
		engine.OpSlice:     encodeSlice,
		engine.OpAsStrided: one("AsStrided", func(n *engine.Node) []any {
			at := n.Attrs().(engine.StrideAttrs)
			return []any{slices.Clone(n.Shape()), at.Strides, int64(at.Offset)}
		}),
		engine.OpConcatenate: one("Concatenate", func(n *engine.Node) []any { return []any{int64(n.Attrs().(engine.ConcatAttrs).Axis)} }),
		engine.OpGather:      encodeGather, engine.OpScatter: encodeScatter, engine.OpSliceUpdate: encodeSliceUpdate, engine.OpMaskedScatter: encodeMasked,
		engine.OpReal: encodePart, engine.OpImag: encodePart, engine.OpConjugate: encodePart,
		engine.OpScatterAlong: encodeScatterAlong, engine.OpAbs: encodeAbs,
		engine.OpTakeAlong: one("GatherAxis", func(n *engine.Node) []any { return []any{int64(n.Attrs().(engine.AlongAttrs).Axis)} }),
		engine.OpSoftmax:   one("Softmax", func(n *engine.Node) []any { return []any{n.Attrs().(engine.SoftmaxAttrs).Precise} }),
		engine.OpSort:      one("Sort", sortState), engine.OpArgSort: one("ArgSort", sortState),
		engine.OpPartition: one("Partition", partitionState), engine.OpArgPartition: one("ArgPartition", partitionState),
		engine.OpSearchSorted: one("SearchSorted", func(n *engine.Node) []any { return []any{n.Attrs().(engine.SearchAttrs).Right} }),
		engine.OpMatMul:       one("Matmul", nil),
		engine.OpAddMM: func(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
			at := n.Attrs().(engine.AddMMAttrs)
			return []mlxfn.Array{e.emit("AddMM", n.Shape(), n.Dtype(), []mlxfn.Array{in[1], in[2], in[0]}, at.Alpha, at.Beta)}
		},
		engine.OpConv: one("Convolution", func(n *engine.Node) []any {
			at := n.Attrs().(engine.ConvAttrs)
			return []any{at.Stride, at.Low, at.High, at.KernelDilation, at.InputDilation, int64(at.Groups), at.Flip}
		}),
		engine.OpFFT: encodeFourier, engine.OpRFFT: encodeFourier, engine.OpIRFFT: encodeFourier,
		engine.OpQuantizedMatMul: encodeQuantized, engine.OpGatherMM: encodeGatherMM,
		engine.OpCholesky:  one("Cholesky", func(n *engine.Node) []any { return []any{n.Attrs().(engine.TriangleAttrs).Part == engine.Upper} }),
		engine.OpQR:        one("QRF", nil),
		engine.OpSVD:       one("SVD", func(n *engine.Node) []any { return []any{n.Attrs().(engine.SVDAttrs).Vectors} }),
		engine.OpEig:       one("Eig", func(*engine.Node) []any { return []any{true} }),
		engine.OpEigh:      one("Eigh", eighState),
		engine.OpSolve:     encodeSolve,
		engine.OpLogSumExp: encodeLogSumExp,
	} {
		encoders[op] = code
	}
}

// one is for operations that are one primitive.
func one(name string, state func(n *engine.Node) []any) encode {
	return func(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
		var values []any
		if state != nil {
			values = state(n)
		}
		var outs []mlxfn.Array
		for _, o := range n.Outputs() {
			outs = append(outs, e.number(o.Shape(), o.Dtype()))
		}
		return e.emitAll(name, outs, in, values...)
	}
}

func sortState(n *engine.Node) []any { return []any{int64(n.Attrs().(engine.SortAttrs).Axis)} }

func partitionState(n *engine.Node) []any {
	at := n.Attrs().(engine.PartitionAttrs)
	return []any{int64(at.Kth), int64(at.Axis)}
}

func eighState(n *engine.Node) []any {
	if n.Attrs().(engine.TriangleAttrs).Part == engine.Upper {
		return []any{"U", true}
	}
	return []any{"L", true}
}

// passOn is for operations whose outputs are their first inputs.
func passOn(_ *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
	return in[:len(n.Outputs())]
}

func encodeFull(e *encoder, n *engine.Node, _ []mlxfn.Array) []mlxfn.Array {
	return e.spread([]mlxfn.Array{e.scalar(n.Attrs().(*engine.FullAttrs).Element, n.Dtype())}, n.Shape())
}

// encodeLogSumExp writes the primitive where it is the last axis that is folded.
func encodeLogSumExp(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
	axes := n.Attrs().(engine.ReduceAttrs).Axes
	if len(axes) != 1 || axes[0] != len(in[0].Shape)-1 {
		return e.instead(spelledLogSumExp(e.b, n))
	}
	return []mlxfn.Array{e.squeeze(e.emit("LogSumExp", folded(in[0].Shape, axes), n.Dtype(), in), axes, n.Shape())}
}

func encodeArange(e *encoder, n *engine.Node, _ []mlxfn.Array) []mlxfn.Array {
	at := n.Attrs().(engine.ArangeAttrs)
	start, step := at.Start, at.Step
	if n.Dtype().IsInteger() {
		start, step = float64(at.IntStart), float64(at.IntStep)
	}
	return []mlxfn.Array{e.emit("Arange", n.Shape(), n.Dtype(), nil, start, start+step*float64(n.Shape()[0]), step)}
}

func encodeBits(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
	return []mlxfn.Array{e.emit("RandomBits", n.Shape(), n.Dtype(), in, slices.Clone(n.Shape()), int64(n.Attrs().(engine.RandomBitsAttrs).Width))}
}

func encodeCount(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
	at := n.Attrs().(engine.CountAttrs)
	return []mlxfn.Array{e.emit("NumberOfElements", nil, n.Dtype(), in, slices.Clone(at.Axes), at.Inverted, n.Dtype())}
}

// sliceState is where a selection starts and ends, and its steps. Ends are counted from the
// end of the axis where they lie before its start.
func sliceState(of, start, step, count []int) []any {
	stop := make([]int, len(start))
	for i := range start {
		stop[i] = start[i]
		if count[i] > 0 {
			stop[i] = start[i] + (count[i]-1)*step[i]
			if step[i] > 0 {
				stop[i]++
			} else {
				stop[i]--
			}
		}
		if stop[i] < 0 {
			stop[i] = -of[i] - 1
		}
	}
	return []any{slices.Clone(start), stop, slices.Clone(step)}
}

func encodeSlice(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
	at := n.Attrs().(engine.SliceAttrs)
	return []mlxfn.Array{e.emit("Slice", n.Shape(), n.Dtype(), in, sliceState(in[0].Shape, at.Start, at.Step, n.Shape())...)}
}

func encodeSliceUpdate(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
	at := n.Attrs().(engine.UpdateAttrs)
	state := append([]any{updateNumbers[at.Mode]}, sliceState(in[0].Shape, at.Start, at.Step, in[1].Shape)...)
	return []mlxfn.Array{e.emit("SliceUpdate", n.Shape(), n.Dtype(), in, state...)}
}

// places are index arrays in one dtype, as MLX wants them.
func (e *encoder) places(in []mlxfn.Array) []mlxfn.Array {
	out := slices.Clone(in)
	if !slices.ContainsFunc(in, func(a mlxfn.Array) bool { return a.Dtype != in[0].Dtype }) {
		return out
	}
	for i, a := range in {
		if a.Dtype != engine.Int64 {
			out[i] = e.emit("AsType", a.Shape, engine.Int64, []mlxfn.Array{a}, engine.Int64)
		}
	}
	return out
}

func encodeGather(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
	at := n.Attrs().(engine.GatherAttrs)
	in = append([]mlxfn.Array{in[0]}, e.places(in[1:])...)
	return []mlxfn.Array{e.emit("Gather", n.Shape(), n.Dtype(), in, slices.Clone(at.Axes), slices.Clone(at.Sizes))}
}

func encodeScatter(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
	at := n.Attrs().(engine.ScatterAttrs)
	in = append(append([]mlxfn.Array{in[0]}, e.places(in[2:])...), in[1])
	return []mlxfn.Array{e.emit("Scatter", n.Shape(), n.Dtype(), in, updateNumbers[at.Mode], slices.Clone(at.Axes))}
}

func encodeScatterAlong(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
	at := n.Attrs().(engine.AlongAttrs)
	number, ok := map[engine.UpdateMode]int64{engine.Sum: 0, engine.Replace: 1}[at.Mode]
	if !ok {
		e.b.Fail(object.Errorf(object.ValueError, "[export_function] Unable to serialize an update of %s along an axis by its extremes or products", n.Op().Name))
	}
	return []mlxfn.Array{e.emit("ScatterAxis", n.Shape(), n.Dtype(), []mlxfn.Array{in[0], in[2], in[1]}, number, int64(at.Axis))}
}

// encodeAbs converts the modulus of complex numbers, which the primitive gives as such.
func encodeAbs(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
	d := in[0].Dtype
	out := e.emit("Abs", n.Shape(), d, in)
	if d != n.Dtype() {
		out = e.emit("AsType", n.Shape(), n.Dtype(), []mlxfn.Array{out}, n.Dtype())
	}
	return []mlxfn.Array{out}
}

// encodePart writes a part of complex numbers; the primitives take no others.
func encodePart(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
	switch {
	case !in[0].Dtype.IsComplex() && n.Op() == engine.OpImag:
		return e.spread([]mlxfn.Array{e.scalar(engine.ElementBytes{}, n.Dtype())}, n.Shape())
	case !in[0].Dtype.IsComplex():
		return in
	}
	name := map[*engine.Op]string{engine.OpReal: "Real", engine.OpImag: "Imag", engine.OpConjugate: "Conjugate"}[n.Op()]
	return []mlxfn.Array{e.emit(name, n.Shape(), n.Dtype(), in)}
}

// encodeMasked adds the batch axis that the primitive wants.
func encodeMasked(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
	var batched []mlxfn.Array
	for _, a := range in {
		batched = append(batched, e.emit("ExpandDims", append([]int{1}, a.Shape...), a.Dtype, []mlxfn.Array{a}, []int{0}))
	}
	out := e.emit("MaskedScatter", batched[0].Shape, n.Dtype(), batched)
	return []mlxfn.Array{e.squeeze(out, []int{0}, n.Shape())}
}

// encodeFourier writes a transform, which divides by its length backward, and what its
// scale is besides.
func encodeFourier(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
	at := n.Attrs().(engine.FourierAttrs)
	last := len(n.Shape()) - 1
	inverse := at.Inverse
	if n.Op() != engine.OpFFT {
		inverse = n.Op() == engine.OpIRFFT
	}
	out := e.emit("FFT", n.Shape(), n.Dtype(), in, []int{last}, inverse, n.Op() != engine.OpFFT, false)
	scale := at.Scale
	if inverse {
		scale *= float64(at.N)
	}
	if n.Op() != engine.OpFFT && at.Inverse != inverse {
		out = e.turned(out, n)
	}
	if scale == 1 {
		return []mlxfn.Array{out}
	}
	by := e.scalar(elementOf(scale, n.Dtype()), n.Dtype())
	return []mlxfn.Array{e.emit("Multiply", n.Shape(), n.Dtype(), e.spread([]mlxfn.Array{out, by}, n.Shape()))}
}

// turned is a real transform in the other direction: its conjugate, or that of what it takes.
func (e *encoder) turned(out mlxfn.Array, n *engine.Node) mlxfn.Array {
	if n.Op() == engine.OpRFFT {
		return e.emit("Conjugate", out.Shape, out.Dtype, []mlxfn.Array{out})
	}
	// The tape's last entry transforms what is not conjugated yet.
	p := e.tape[len(e.tape)-1].Primitive
	e.tape = e.tape[:len(e.tape)-1]
	x := e.ids[n.Inputs()[0]]
	p.Inputs = []uint64{e.emit("Conjugate", x.Shape, x.Dtype, []mlxfn.Array{x}).ID}
	e.tape = append(e.tape, mlxfn.Entry{ID: out.ID, Primitive: p})
	return out
}

func encodeQuantized(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
	at := n.Attrs().(engine.QuantizedProductAttrs)
	state := []any{int64(at.GroupSize), int64(at.Bits), quantizeNumbers[at.Mode], at.Transpose}
	if at.Picked {
		return []mlxfn.Array{e.emit("GatherQMM", n.Shape(), n.Dtype(), in, append(state, false, false)...)}
	}
	return []mlxfn.Array{e.emit("QuantizedMatmul", n.Shape(), n.Dtype(), in, state...)}
}

// encodeGatherMM names the matrices of a side that is not picked, too.
func encodeGatherMM(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
	at := n.Attrs().(engine.GatherProductAttrs)
	lead := n.Shape()[:len(n.Shape())-2]
	picked := in[2:]
	places := func(is bool) mlxfn.Array {
		if is {
			first := picked[0]
			picked = picked[1:]
			return first
		}
		count := 1
		for _, d := range lead {
			count *= d
		}
		all := e.emit("Arange", []int{count}, engine.Uint32, nil, 0.0, float64(count), 1.0)
		return e.reshape(all, lead)
	}
	left := places(at.Left)
	right := places(at.Right)
	return []mlxfn.Array{e.emit("GatherMM", n.Shape(), n.Dtype(), []mlxfn.Array{in[0], in[1], left, right}, false, false)}
}

// encodeSolve multiplies by the inverse, which is all that MLX writes.
func encodeSolve(e *encoder, n *engine.Node, in []mlxfn.Array) []mlxfn.Array {
	part := n.Attrs().(engine.TriangleAttrs).Part
	inverse := e.emit("Inverse", in[0].Shape, in[0].Dtype, in[:1], part != engine.Whole, part != engine.Lower)
	return []mlxfn.Array{e.emit("Matmul", n.Shape(), n.Dtype(), []mlxfn.Array{inverse, in[1]})}
}

func elementOf(v float64, d engine.Dtype) (to engine.ElementBytes) {
	engine.PutElement(to[:d.Size()], d, complex(v, 0))
	return to
}
