package mlxfn

import "strings"

// The kinds of what a state holds, and how they lie in a file.
const (
	boolKind   = 'b' // one byte
	intKind    = 'i' // four bytes; numbers of enumerations, too
	sizeKind   = 'z' // eight bytes
	floatKind  = 'f' // four bytes
	doubleKind = 'd' // eight bytes
	textKind   = 's' // a length, and bytes
	intsKind   = 'v' // a length, and integers of four bytes
	shapeKind  = 'S' // the same; lengths or places along all axes
	longsKind  = 'l' // a length, and integers of eight bytes
	dtypeKind  = 't' // the number of a dtype in four bytes, and its size in one
)

// states lists the kinds of each primitive's state, in order.
var states = statesOf(`
	AddMM ff   Arange ddd   ArgPartition ii   ArgReduce ii   ArgSort i   AsType t   AsStrided Slz   BitwiseBinary i   BlockMaskedMM i
	Broadcast S   BroadcastAxes v   Concatenate i   Convolution vvvvvib   DynamicSlice vS   DynamicSliceUpdate v   Equal b   ExpandDims v
	FFT lbbb   Flatten ii   Gather vS   GatherAxis i   GatherMM bb   Hadamard f   Log i   NumberOfElements vbt   Reshape S   Pad vSS
	Partition ii   QuantizedMatmul iiib   GatherQMM iiibbb   RandomBits Si   Reduce iv   Scan iibb   Scatter iv   ScatterAxis ii
	SearchSorted b   Slice SSS   SliceUpdate iSSS   Softmax b   Sort i   Split Si   Squeeze v   Sqrt b   View t   Transpose v   Unflatten iS
	SVD b   Inverse bb   Cholesky b   Eig b   Eigh sb   Quantize iiib   RMSNorm f   RMSNormVJP f   LayerNorm f   LayerNormVJP f
	RoPE ibffb   ScaledDotProductAttention fbbbb
`, `
	Abs Add ArcCos ArcCosh ArcSin ArcSinh ArcTan ArcTan2 ArcTanh Ceil Conjugate Copy Cos Cosh Depends Divide DivMod Erf ErfInv Exp Expm1
	Floor FloorDivide Full Greater GreaterEqual Imag Less LessEqual Log1p LogicalNot LogicalAnd LogicalOr LogAddExp LogSumExp MaskedScatter Matmul Maximum
	Minimum Multiply Negative NotEqual Power Real Remainder Round Select Sigmoid Sign Sin Sinh Square StopGradient Subtract Tan Tanh QRF
`)

func statesOf(with, without string) map[string]string {
	m := map[string]string{}
	for fields := strings.Fields(with); len(fields) > 0; fields = fields[2:] {
		m[fields[0]] = fields[1]
	}
	for _, name := range strings.Fields(without) {
		m[name] = ""
	}
	return m
}

// IsShape reports whether the i-th value of a primitive's state is a shape, or places along
// all axes, which MLX shows as a tuple.
func IsShape(name string, i int) bool {
	kinds := states[name]
	return i < len(kinds) && kinds[i] == shapeKind
}

// Known reports whether files may hold the primitive.
func Known(name string) bool {
	_, ok := states[name]
	return ok
}
