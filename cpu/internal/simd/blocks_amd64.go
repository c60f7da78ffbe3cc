package simd

import "github.com/mlxstar/mlxstar/engine"

// blocks2 makes a kernel of one that works on at least one block of elements of from
// bytes, which become elements of to bytes.
func blocks2(from, to int, f func(dst, a, b *byte, blocks int)) Block {
	return func(dst, a, b []byte) int {
		n := len(dst) / to / blockLen
		if n > 0 {
			a, b = a[:n*blockLen*from], b[:n*blockLen*from]
			f(&dst[0], &a[0], &b[0], n)
		}
		return n * blockLen
	}
}

func blocks1(from, to int, f func(dst, a *byte, blocks int)) Block {
	return func(dst, a, _ []byte) int {
		n := len(dst) / to / blockLen
		if n > 0 {
			a = a[:n*blockLen*from]
			f(&dst[0], &a[0], n)
		}
		return n * blockLen
	}
}

func swapped(f Block) Block { return func(dst, a, b []byte) int { return f(dst, b, a) } }

type (
	pointers1 = func(dst, a *byte, blocks int)
	pointers2 = func(dst, a, b *byte, blocks int)
)

// wholeKernels are those of the integers of one size; the second of a pair is of
// signed ones.
type wholeKernels struct {
	signed, unsigned engine.Dtype
	add, sub, mul    pointers2
	max, min         [2]pointers2
	equal, notEqual  pointers2
	less, lessEqual  [2]pointers2
	neg, abs, toBool pointers1
	left             pointers2 // shifts; nil where there are none
	right            [2]pointers2
}

var wholes = []wholeKernels{
	{
		signed: engine.Int8, unsigned: engine.Uint8, add: add8AVX2, sub: sub8AVX2, mul: mul8AVX2,
		max: [2]pointers2{maxUnsigned8AVX2, maxSigned8AVX2}, min: [2]pointers2{minUnsigned8AVX2, minSigned8AVX2}, equal: equal8AVX2, notEqual: notEqual8AVX2,
		less: [2]pointers2{lessUnsigned8AVX2, lessSigned8AVX2}, lessEqual: [2]pointers2{lessEqualUnsigned8AVX2, lessEqualSigned8AVX2},
		neg: neg8AVX2, abs: abs8AVX2, toBool: int8ToBoolAVX2,
	},
	{
		signed: engine.Int16, unsigned: engine.Uint16, add: add16AVX2, sub: sub16AVX2, mul: mul16AVX2,
		max: [2]pointers2{maxUnsigned16AVX2, maxSigned16AVX2}, min: [2]pointers2{minUnsigned16AVX2, minSigned16AVX2}, equal: equal16AVX2, notEqual: notEqual16AVX2,
		less: [2]pointers2{lessUnsigned16AVX2, lessSigned16AVX2}, lessEqual: [2]pointers2{lessEqualUnsigned16AVX2, lessEqualSigned16AVX2},
		neg: neg16AVX2, abs: abs16AVX2, toBool: int16ToBoolAVX2,
	},
	{
		signed: engine.Int32, unsigned: engine.Uint32, add: add32AVX2, sub: sub32AVX2, mul: mul32AVX2,
		max: [2]pointers2{maxUnsigned32AVX2, maxSigned32AVX2}, min: [2]pointers2{minUnsigned32AVX2, minSigned32AVX2}, equal: equal32AVX2, notEqual: notEqual32AVX2,
		less: [2]pointers2{lessUnsigned32AVX2, lessSigned32AVX2}, lessEqual: [2]pointers2{lessEqualUnsigned32AVX2, lessEqualSigned32AVX2},
		neg: neg32AVX2, abs: abs32AVX2, toBool: int32ToBoolAVX2,
		left: shiftLeft32AVX2, right: [2]pointers2{shiftRightUnsigned32AVX2, shiftRightSigned32AVX2},
	},
	{
		signed: engine.Int64, unsigned: engine.Uint64, add: add64AVX2, sub: sub64AVX2, mul: mul64AVX2,
		max: [2]pointers2{maxUnsigned64AVX2, maxSigned64AVX2}, min: [2]pointers2{minUnsigned64AVX2, minSigned64AVX2}, equal: equal64AVX2, notEqual: notEqual64AVX2,
		less: [2]pointers2{lessUnsigned64AVX2, lessSigned64AVX2}, lessEqual: [2]pointers2{lessEqualUnsigned64AVX2, lessEqualSigned64AVX2},
		neg: neg64AVX2, abs: abs64AVX2, toBool: int64ToBoolAVX2,
		left: shiftLeft64AVX2, right: [2]pointers2{shiftRightUnsigned64AVX2, shiftRightSigned64AVX2},
	},
}

// blockKernels are the kernels of AVX2 that work on blocks.
func blockKernels() map[Row]Block {
	all := make(map[Row]Block)
	for _, w := range wholes {
		w.enter(all, w.unsigned, 0)
		w.enter(all, w.signed, 1)
		all[Row{engine.OpAbs, w.signed, w.signed}] = blocks1(w.signed.Size(), w.signed.Size(), w.abs)
	}
	comparisons(all, engine.Float32, equalFloat32AVX2, notEqualFloat32AVX2, lessFloat32AVX2, lessEqualFloat32AVX2)
	comparisons(all, engine.Float64, equalFloat64AVX2, notEqualFloat64AVX2, lessFloat64AVX2, lessEqualFloat64AVX2)
	const b = engine.Bool
	for op, f := range map[*engine.Op]pointers2{
		engine.OpLogicalAnd: boolAndAVX2, engine.OpLogicalOr: boolOrAVX2, engine.OpLogicalXor: boolXorAVX2,
		engine.OpBitAnd: boolAndAVX2, engine.OpBitOr: boolOrAVX2, engine.OpBitXor: boolXorAVX2,
		engine.OpMultiply: boolAndAVX2, engine.OpAdd: boolOrAVX2, engine.OpNotEqual: boolXorAVX2,
		engine.OpMinimum: boolAndAVX2, engine.OpMaximum: boolOrAVX2,
	} {
		all[Row{op, b, b}] = blocks2(1, 1, f)
	}
	all[Row{engine.OpLogicalNot, b, b}] = blocks1(1, 1, boolNotAVX2)
	all[Row{engine.OpInvert, b, b}] = blocks1(1, 1, boolNotAVX2)
	for pair, f := range map[[2]engine.Dtype]pointers1{
		{engine.Uint8, engine.Int32}: uint8ToInt32AVX2, {engine.Uint8, engine.Uint32}: uint8ToInt32AVX2,
		{engine.Int8, engine.Int32}: int8ToInt32AVX2, {engine.Int8, engine.Uint32}: int8ToInt32AVX2,
		{b, engine.Int32}: boolToInt32AVX2, {b, engine.Uint32}: boolToInt32AVX2,
		{engine.Uint8, engine.Float32}: uint8ToFloat32AVX2, {engine.Int8, engine.Float32}: int8ToFloat32AVX2,
		{b, engine.Float32}: boolToFloat32AVX2, {engine.Int32, engine.Float32}: int32ToFloat32AVX2,
		{engine.Float32, engine.Int32}: float32ToInt32AVX2,
		{engine.Float32, engine.Int8}:  float32ToInt8AVX2, {engine.Float32, engine.Uint8}: float32ToInt8AVX2,
		{engine.Float32, engine.Int16}: float32ToInt16AVX2, {engine.Float32, engine.Uint16}: float32ToInt16AVX2,
		{engine.Int32, engine.Int64}: int32ToInt64AVX2, {engine.Int32, engine.Uint64}: int32ToInt64AVX2,
		{engine.Uint32, engine.Int64}: uint32ToInt64AVX2, {engine.Uint32, engine.Uint64}: uint32ToInt64AVX2,
		{engine.Int64, engine.Int32}: int64ToInt32AVX2, {engine.Uint64, engine.Int32}: int64ToInt32AVX2,
		{engine.Int64, engine.Uint32}: int64ToInt32AVX2, {engine.Uint64, engine.Uint32}: int64ToInt32AVX2,
		{engine.Float32, b}: float32ToBoolAVX2, {engine.Float64, b}: float64ToBoolAVX2,
	} {
		all[Row{engine.OpAsType, pair[0], pair[1]}] = blocks1(pair[0].Size(), pair[1].Size(), f)
	}
	return all
}

// enter enters the kernels of one of the two dtypes.
func (w *wholeKernels) enter(all map[Row]Block, d engine.Dtype, signed int) {
	size := d.Size()
	for op, f := range map[*engine.Op]pointers2{
		engine.OpAdd: w.add, engine.OpSubtract: w.sub, engine.OpMultiply: w.mul,
		engine.OpMaximum: w.max[signed], engine.OpMinimum: w.min[signed],
	} {
		all[Row{op, d, d}] = blocks2(size, size, f)
	}
	if w.left != nil {
		all[Row{engine.OpLeftShift, d, d}] = blocks2(size, size, w.left)
		all[Row{engine.OpRightShift, d, d}] = blocks2(size, size, w.right[signed])
	}
	// Bits are of no size.
	for op, f := range map[*engine.Op]pointers2{engine.OpBitAnd: bitAndAVX2, engine.OpBitOr: bitOrAVX2, engine.OpBitXor: bitXorAVX2} {
		bytes := blocks2(1, 1, f)
		all[Row{op, d, d}] = func(dst, a, b []byte) int { return bytes(dst, a, b) / size }
	}
	all[Row{engine.OpNegative, d, d}] = blocks1(size, size, w.neg)
	all[Row{engine.OpAsType, d, engine.Bool}] = blocks1(size, 1, w.toBool)
	comparisons(all, d, w.equal, w.notEqual, w.less[signed], w.lessEqual[signed])
}

func comparisons(all map[Row]Block, d engine.Dtype, equal, notEqual, less, lessEqual pointers2) {
	size := d.Size()
	for op, f := range map[*engine.Op]Block{
		engine.OpEqual: blocks2(size, 1, equal), engine.OpNotEqual: blocks2(size, 1, notEqual),
		engine.OpLess: blocks2(size, 1, less), engine.OpLessEqual: blocks2(size, 1, lessEqual),
		engine.OpGreater: swapped(blocks2(size, 1, less)), engine.OpGreaterEqual: swapped(blocks2(size, 1, lessEqual)),
	} {
		all[Row{op, d, engine.Bool}] = f
	}
}
