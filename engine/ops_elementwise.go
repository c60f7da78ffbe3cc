package engine

import (
	"slices"

	"github.com/mlxstar/mlxstar/engine/shapes"
)

// DtypeRule says in which dtype an elementwise operation computes on operands
// that were promoted to d, and in which it answers; in is invalid where the
// operation does not take d.
type DtypeRule func(d Dtype) (in, out Dtype)

func sameDtype(d Dtype) (in, out Dtype)  { return d, d }
func floatDtype(d Dtype) (in, out Dtype) { f := d.AtLeastFloat(); return f, f }
func boolAnswer(d Dtype) (in, out Dtype) { return d, Bool }
func logicDtype(Dtype) (in, out Dtype)   { return Bool, Bool }
func partDtype(d Dtype) (in, out Dtype)  { return d, d.Real() }

func realFloat(d Dtype) (in, out Dtype) {
	if d.IsComplex() {
		return 0, 0
	}
	return floatDtype(d)
}

func realSame(d Dtype) (in, out Dtype) {
	if d.IsComplex() {
		return 0, 0
	}
	return d, d
}

func notBool(d Dtype) (in, out Dtype) {
	if d == Bool {
		return 0, 0
	}
	return d, d
}

func integral(d Dtype) (in, out Dtype) {
	if d.IsInexact() {
		return 0, 0
	}
	return d, d
}

// shiftDtype computes shifts of bools as uint8.
func shiftDtype(d Dtype) (in, out Dtype) {
	if d == Bool {
		return Uint8, Uint8
	}
	return integral(d)
}

// toBits takes floats and answers in the bits of a byte.
func toBits(d Dtype) (in, out Dtype) {
	if !d.IsFloat() {
		return 0, 0
	}
	return d, Uint8
}

func unaryOp(name string, rule DtypeRule, g Gradient, doc string) *Op {
	return define(Op{Name: name, Class: Unary, InPlace: true, Dtypes: rule, Gradient: g, Doc: doc})
}

func binaryOp(name string, rule DtypeRule, g Gradient, doc string) *Op {
	return define(Op{Name: name, Class: Binary, InPlace: true, Dtypes: rule, Gradient: g, Doc: doc})
}

// The unary operations.
var (
	OpAbs        = unaryOp("abs", partDtype, Differentiable, "Element-wise absolute value; the modulus of complex numbers.")
	OpNegative   = unaryOp("negative", notBool, Differentiable, "Element-wise negation; unsigned integers wrap.")
	OpSign       = unaryOp("sign", sameDtype, Differentiable, "Element-wise sign: -1, 0 or 1; z/|z| for complex numbers.")
	OpExp        = unaryOp("exp", floatDtype, Differentiable, "Element-wise exponential.")
	OpExpm1      = unaryOp("expm1", realFloat, Differentiable, "Element-wise exp(x) - 1, accurate near 0.")
	OpLog        = unaryOp("log", floatDtype, Differentiable, "Element-wise natural logarithm.")
	OpLog2       = unaryOp("log2", floatDtype, Differentiable, "Element-wise logarithm to base 2.")
	OpLog10      = unaryOp("log10", floatDtype, Differentiable, "Element-wise logarithm to base 10.")
	OpLog1p      = unaryOp("log1p", floatDtype, Differentiable, "Element-wise log(1 + x), accurate near 0.")
	OpSin        = unaryOp("sin", floatDtype, Differentiable, "Element-wise sine of radians.")
	OpCos        = unaryOp("cos", floatDtype, Differentiable, "Element-wise cosine of radians.")
	OpTan        = unaryOp("tan", floatDtype, Differentiable, "Element-wise tangent of radians.")
	OpArcsin     = unaryOp("arcsin", floatDtype, Differentiable, "Element-wise inverse sine, in radians.")
	OpArccos     = unaryOp("arccos", floatDtype, Differentiable, "Element-wise inverse cosine, in radians.")
	OpArctan     = unaryOp("arctan", floatDtype, Differentiable, "Element-wise inverse tangent, in radians.")
	OpSinh       = unaryOp("sinh", floatDtype, Differentiable, "Element-wise hyperbolic sine.")
	OpCosh       = unaryOp("cosh", floatDtype, Differentiable, "Element-wise hyperbolic cosine.")
	OpTanh       = unaryOp("tanh", floatDtype, Differentiable, "Element-wise hyperbolic tangent.")
	OpArcsinh    = unaryOp("arcsinh", floatDtype, Differentiable, "Element-wise inverse hyperbolic sine.")
	OpArccosh    = unaryOp("arccosh", floatDtype, Differentiable, "Element-wise inverse hyperbolic cosine.")
	OpArctanh    = unaryOp("arctanh", floatDtype, Differentiable, "Element-wise inverse hyperbolic tangent.")
	OpSqrt       = unaryOp("sqrt", floatDtype, Differentiable, "Element-wise square root.")
	OpRsqrt      = unaryOp("rsqrt", floatDtype, Differentiable, "Element-wise reciprocal of the square root.")
	OpSquare     = unaryOp("square", sameDtype, Differentiable, "Element-wise square.")
	OpSigmoid    = unaryOp("sigmoid", realFloat, Differentiable, "Element-wise logistic function 1 / (1 + exp(-x)).")
	OpErf        = unaryOp("erf", realFloat, Differentiable, "Element-wise error function.")
	OpErfinv     = unaryOp("erfinv", realFloat, Differentiable, "Element-wise inverse of the error function.")
	OpFloor      = unaryOp("floor", realSame, NoGrad, "Element-wise largest integer not above.")
	OpCeil       = unaryOp("ceil", realSame, NoGrad, "Element-wise smallest integer not below.")
	OpRint       = unaryOp("round", sameDtype, NoGrad, "Element-wise nearest integer, ties to even.")
	OpTrunc      = unaryOp("trunc", realSame, NoGrad, "Element-wise integer part, towards zero.")
	OpLogicalNot = unaryOp("logical_not", logicDtype, NoGrad, "Element-wise logical not.")
	OpInvert     = unaryOp("bitwise_invert", integral, NoGrad, "Element-wise bitwise inverse; not for bools.")
	OpConjugate  = unaryOp("conjugate", sameDtype, Differentiable, "Element-wise complex conjugate.")
	OpReal       = unaryOp("real", partDtype, Differentiable, "Element-wise real part.")
	OpImag       = unaryOp("imag", partDtype, Differentiable, "Element-wise imaginary part; 0 for real numbers.")
	OpToFP8      = unaryOp("to_fp8", toBits, NoGrad, "Element-wise conversion to the 8-bit float E4M3, as its bits: ties to even, values beyond 448 saturate.")
)

// The binary operations.
var (
	OpAdd          = binaryOp("add", sameDtype, Differentiable, "Element-wise sum with broadcasting.")
	OpSubtract     = binaryOp("subtract", sameDtype, Differentiable, "Element-wise difference with broadcasting.")
	OpMultiply     = binaryOp("multiply", sameDtype, Differentiable, "Element-wise product with broadcasting.")
	OpDivide       = binaryOp("divide", floatDtype, Differentiable, "Element-wise quotient with broadcasting; integers give float32.")
	OpFloorDivide  = binaryOp("floor_divide", realSame, NoGrad, "Element-wise quotient rounded down; an integer zero divisor gives 0, and complex numbers are not rounded.")
	OpRemainder    = binaryOp("remainder", realSame, Differentiable, "Element-wise remainder with the divisor's sign; an integer zero divisor gives 0.")
	OpPower        = binaryOp("power", sameDtype, Differentiable, "Element-wise power; an integer to a negative power is 0.")
	OpMaximum      = binaryOp("maximum", sameDtype, Differentiable, "Element-wise larger value; NaN wins. A tie's gradient goes to the second operand.")
	OpMinimum      = binaryOp("minimum", sameDtype, Differentiable, "Element-wise smaller value; NaN wins. A tie's gradient goes to the second operand.")
	OpArctan2      = binaryOp("arctan2", realFloat, Differentiable, "Element-wise angle of the point (b, a), in radians.")
	OpLogAddExp    = binaryOp("logaddexp", floatDtype, Differentiable, "Element-wise log(exp(a) + exp(b)) without overflow.")
	OpEqual        = binaryOp("equal", boolAnswer, NoGrad, "Element-wise a == b.")
	OpNotEqual     = binaryOp("not_equal", boolAnswer, NoGrad, "Element-wise a != b.")
	OpLess         = binaryOp("less", boolAnswer, NoGrad, "Element-wise a < b; complex numbers compare lexicographically.")
	OpLessEqual    = binaryOp("less_equal", boolAnswer, NoGrad, "Element-wise a <= b; complex numbers compare lexicographically.")
	OpGreater      = binaryOp("greater", boolAnswer, NoGrad, "Element-wise a > b; complex numbers compare lexicographically.")
	OpGreaterEqual = binaryOp("greater_equal", boolAnswer, NoGrad, "Element-wise a >= b; complex numbers compare lexicographically.")
	OpLogicalAnd   = binaryOp("logical_and", logicDtype, NoGrad, "Element-wise logical and.")
	OpLogicalOr    = binaryOp("logical_or", logicDtype, NoGrad, "Element-wise logical or.")
	OpLogicalXor   = binaryOp("logical_xor", logicDtype, NoGrad, "Element-wise logical exclusive or.")
	OpBitAnd       = binaryOp("bitwise_and", integral, NoGrad, "Element-wise bitwise and of integers and bools.")
	OpBitOr        = binaryOp("bitwise_or", integral, NoGrad, "Element-wise bitwise or of integers and bools.")
	OpBitXor       = binaryOp("bitwise_xor", integral, NoGrad, "Element-wise bitwise exclusive or of integers and bools.")
	OpLeftShift    = binaryOp("left_shift", shiftDtype, NoGrad, "Element-wise shift to the left.")
	OpRightShift   = binaryOp("right_shift", shiftDtype, NoGrad, "Element-wise shift to the right; signed integers keep their sign.")
)

// OpFromFP8 decodes E4M3 bits; its attribute is the Dtype of the answer.
var OpFromFP8 = define(Op{Name: "from_fp8", Class: Unary, Gradient: NoGrad,
	Doc: "Element-wise conversion from the bits of the 8-bit float E4M3; 0x7f and 0xff are NaN."})

// OpSelect picks elementwise: condition, value where true, value where false.
var OpSelect = define(Op{Name: "where", Class: Ternary, Gradient: Differentiable,
	Doc: "Elements of the second operand where the condition holds, of the third elsewhere."})

// OpAsType converts elements; its output's dtype is the target.
var OpAsType = define(Op{Name: "astype", Class: Unary, InPlace: true, Gradient: Differentiable,
	Doc: "Element-wise conversion to another dtype. Floats truncate towards zero on the way to integers; a complex number loses its imaginary part, but is true where either is not 0."})

// Unary applies a unary elementwise operation.
func (b *Builder) Unary(op *Op, x *Node) *Node {
	in, out := op.Dtypes(x.dtype)
	if !in.Valid() {
		b.failf(ValueError, op.Name, "not defined for %s", x.dtype)
	}
	x = b.AsType(x, in)
	return b.node(op, nil, out, x.shape, x)
}

// Binary applies a binary elementwise operation: operands are promoted to one
// dtype and broadcast to one shape.
func (b *Builder) Binary(op *Op, x, y *Node) *Node {
	d := Promote(x.dtype, y.dtype)
	if op == OpFloorDivide && d.IsComplex() {
		op = OpDivide // as MLX has it: what is not ordered is not rounded
	}
	in, out := op.Dtypes(d)
	if !in.Valid() {
		kind := ValueError
		if x.dtype.IsInteger() && y.dtype.IsInteger() { // they meet in a floating dtype
			kind = RuntimeError
		}
		b.failf(kind, op.Name, "not defined for %s and %s", x.dtype, y.dtype)
	}
	shape := b.broadcast(op.Name, x, y)
	return b.node(op, nil, out, shape, b.AsType(x, in), b.AsType(y, in))
}

// broadcast finds the shape that the operands broadcast to.
func (b *Builder) broadcast(op string, xs ...*Node) []int {
	first := xs[0].shape
	same := true
	for _, x := range xs {
		same = same && slices.Equal(first, x.shape)
	}
	if same {
		return first
	}
	all := make([][]int, len(xs))
	for i, x := range xs {
		all[i] = x.shape
	}
	out, ok := shapes.Broadcast(all...)
	if !ok {
		text := ""
		for i, s := range all {
			if i > 0 {
				text += " and "
			}
			text += shapes.Format(s)
		}
		b.failf(ValueError, op, "shapes %s do not broadcast", text)
	}
	return out
}

// AsType converts to a dtype; an array of that dtype is itself.
func (b *Builder) AsType(x *Node, d Dtype) *Node {
	if x.dtype == d {
		return x
	}
	return b.node(OpAsType, nil, d, x.shape, x)
}

// Where picks elements of x where cond holds and of y elsewhere.
func (b *Builder) Where(cond, x, y *Node) *Node {
	d := Promote(x.dtype, y.dtype)
	shape := b.broadcast("where", cond, x, y)
	return b.node(OpSelect, nil, d, shape, b.AsType(cond, Bool), b.AsType(x, d), b.AsType(y, d))
}

// FromFP8 decodes E4M3 bits to dtype d.
func (b *Builder) FromFP8(x *Node, d Dtype) *Node {
	if x.dtype != Uint8 {
		b.failf(ValueError, "from_fp8", "got %s, want uint8", x.dtype)
	}
	if !d.IsFloat() {
		b.failf(ValueError, "from_fp8", "cannot convert to %s, want a floating dtype", d)
	}
	return b.node(OpFromFP8, d, d, x.shape, x)
}
