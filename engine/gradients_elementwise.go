package engine

import "math"

// derivative gives f'(x) from the input and the output of a unary operation.
type derivative func(b *Builder, x, y *Node) *Node

// partials gives the derivatives of a binary operation by its first and second
// operand.
type partials struct {
	first, second func(b *Builder, x, y, out *Node) *Node
}

func one(b *Builder, x *Node) *Node { return b.Scalar(1, x.dtype) }

// squareMinus is c + s*x^2, the shape of most inverse functions' derivatives.
func squareMinus(b *Builder, x *Node, c, s float64) *Node {
	return b.Add(b.Mul(b.Square(x), b.Scalar(s, x.dtype)), b.Scalar(c, x.dtype))
}

var unaryDerivatives = map[*Op]derivative{
	OpNegative: func(b *Builder, x, _ *Node) *Node { return b.Scalar(-1, x.dtype) },
	OpExp:      func(_ *Builder, _, y *Node) *Node { return y },
	OpExpm1:    func(b *Builder, _, y *Node) *Node { return b.Add(y, one(b, y)) },
	OpLog:      func(b *Builder, x, _ *Node) *Node { return b.Reciprocal(x) },
	OpLog2:     func(b *Builder, x, _ *Node) *Node { return b.Div(b.Scalar(1/math.Ln2, x.dtype), x) },
	OpLog10:    func(b *Builder, x, _ *Node) *Node { return b.Div(b.Scalar(1/math.Ln10, x.dtype), x) },
	OpLog1p:    func(b *Builder, x, _ *Node) *Node { return b.Reciprocal(b.Add(x, one(b, x))) },
	OpSin:      func(b *Builder, x, _ *Node) *Node { return b.Unary(OpCos, x) },
	OpCos:      func(b *Builder, x, _ *Node) *Node { return b.Neg(b.Unary(OpSin, x)) },
	OpTan:      func(b *Builder, _, y *Node) *Node { return squareMinus(b, y, 1, 1) },
	OpArcsin:   func(b *Builder, x, _ *Node) *Node { return b.Unary(OpRsqrt, squareMinus(b, x, 1, -1)) },
	OpArccos:   func(b *Builder, x, _ *Node) *Node { return b.Neg(b.Unary(OpRsqrt, squareMinus(b, x, 1, -1))) },
	OpArctan:   func(b *Builder, x, _ *Node) *Node { return b.Reciprocal(squareMinus(b, x, 1, 1)) },
	OpSinh:     func(b *Builder, x, _ *Node) *Node { return b.Unary(OpCosh, x) },
	OpCosh:     func(b *Builder, x, _ *Node) *Node { return b.Unary(OpSinh, x) },
	OpTanh:     func(b *Builder, _, y *Node) *Node { return squareMinus(b, y, 1, -1) },
	OpArcsinh:  func(b *Builder, x, _ *Node) *Node { return b.Unary(OpRsqrt, squareMinus(b, x, 1, 1)) },
	OpArccosh:  func(b *Builder, x, _ *Node) *Node { return b.Unary(OpRsqrt, squareMinus(b, x, -1, 1)) },
	OpArctanh:  func(b *Builder, x, _ *Node) *Node { return b.Reciprocal(squareMinus(b, x, 1, -1)) },
	OpSqrt:     func(b *Builder, x, y *Node) *Node { return b.Div(b.Scalar(0.5, x.dtype), y) },
	OpRsqrt: func(b *Builder, x, y *Node) *Node {
		return b.Mul(b.Scalar(-0.5, x.dtype), b.Div(y, x))
	},
	OpSquare:  func(b *Builder, x, _ *Node) *Node { return b.Mul(b.Scalar(2, x.dtype), x) },
	OpSigmoid: func(b *Builder, _, y *Node) *Node { return b.Mul(y, b.Sub(one(b, y), y)) },
	OpErf: func(b *Builder, x, _ *Node) *Node {
		return b.Mul(b.Scalar(2/math.Sqrt(math.Pi), x.dtype), b.Exp(b.Neg(b.Square(x))))
	},
	OpErfinv: func(b *Builder, _, y *Node) *Node {
		return b.Mul(b.Scalar(math.Sqrt(math.Pi)/2, y.dtype), b.Exp(b.Square(y)))
	},
}

var binaryPartials = map[*Op]partials{
	OpAdd: {
		func(b *Builder, x, _, _ *Node) *Node { return nil },
		func(b *Builder, _, y, _ *Node) *Node { return nil },
	},
	OpSubtract: {
		func(b *Builder, x, _, _ *Node) *Node { return nil },
		func(b *Builder, _, y, _ *Node) *Node { return b.Scalar(-1, y.dtype) },
	},
	OpMultiply: {
		func(_ *Builder, _, y, _ *Node) *Node { return y },
		func(_ *Builder, x, _, _ *Node) *Node { return x },
	},
	OpDivide: {
		func(b *Builder, _, y, _ *Node) *Node { return b.Reciprocal(y) },
		func(b *Builder, x, y, _ *Node) *Node { return b.Neg(b.Div(x, b.Square(y))) },
	},
	OpRemainder: {
		func(b *Builder, x, _, _ *Node) *Node { return nil },
		func(b *Builder, x, y, _ *Node) *Node { return b.Neg(b.Binary(OpFloorDivide, x, y)) },
	},
	OpPower: {
		func(b *Builder, x, y, _ *Node) *Node {
			return b.Mul(y, b.Binary(OpPower, x, b.Sub(y, one(b, y))))
		},
		func(b *Builder, x, _, out *Node) *Node {
			// A power that is 0 stays 0, although the logarithm of its base is -inf.
			none := b.Binary(OpEqual, out, b.Scalar(0, x.dtype))
			return b.Mul(out, b.Unary(OpLog, b.Where(none, one(b, x), x)))
		},
	},
	OpMaximum: {
		func(b *Builder, x, y, _ *Node) *Node { return b.AsType(b.Binary(OpGreater, x, y), x.dtype) },
		func(b *Builder, x, y, _ *Node) *Node { return b.AsType(b.Binary(OpLessEqual, x, y), x.dtype) },
	},
	OpMinimum: {
		func(b *Builder, x, y, _ *Node) *Node { return b.AsType(b.Binary(OpLess, x, y), x.dtype) },
		func(b *Builder, x, y, _ *Node) *Node { return b.AsType(b.Binary(OpGreaterEqual, x, y), x.dtype) },
	},
	OpArctan2: {
		func(b *Builder, x, y, _ *Node) *Node { return b.Div(y, b.Add(b.Square(x), b.Square(y))) },
		func(b *Builder, x, y, _ *Node) *Node { return b.Neg(b.Div(x, b.Add(b.Square(x), b.Square(y)))) },
	},
	OpLogAddExp: {
		func(b *Builder, x, y, _ *Node) *Node { return b.logistic(b.Sub(x, y)) },
		func(b *Builder, x, y, _ *Node) *Node { return b.logistic(b.Sub(y, x)) },
	},
}

// logistic is 1 / (1 + exp(-x)) for every inexact dtype.
func (b *Builder) logistic(x *Node) *Node {
	if x.dtype.IsComplex() {
		return b.Reciprocal(b.Add(one(b, x), b.Exp(b.Neg(x))))
	}
	return b.Unary(OpSigmoid, x)
}

// chain multiplies a cotangent by a derivative, conjugated where it is complex;
// a nil derivative is 1.
func chain(b *Builder, ct, d *Node) *Node {
	if d == nil {
		return ct
	}
	return b.Mul(ct, b.conj(d))
}

func (b *Builder) conj(x *Node) *Node {
	if x.dtype.IsComplex() {
		return b.Unary(OpConjugate, x)
	}
	return x
}

// unbroadcast sums a cotangent over the axes along which its primal was
// broadcast, and gives it the primal's dtype.
func (b *Builder) unbroadcast(ct *Node, like *Node) *Node {
	if !equalInts(ct.shape, like.shape) {
		lead := len(ct.shape) - len(like.shape)
		var axes []int
		for i := range ct.shape {
			if i < lead || like.shape[i-lead] == 1 && ct.shape[i] != 1 {
				axes = append(axes, i)
			}
		}
		ct = b.Reshape(b.Reduce(OpSum, ct, axes, true), like.shape)
	}
	if ct.dtype.IsComplex() && !like.dtype.IsComplex() {
		ct = b.Unary(OpReal, ct)
	}
	return b.AsType(ct, like.dtype)
}

func unaryVJP(d derivative) VJPRule {
	return func(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		x := n.inputs[0]
		return []*Node{chain(b, ct[0], d(b, x, n))}
	}
}

func binaryVJP(p partials) VJPRule {
	return func(b *Builder, n *Node, ct []*Node, need []bool) []*Node {
		x, y := n.inputs[0], n.inputs[1]
		out := make([]*Node, 2)
		if need[0] {
			out[0] = b.unbroadcast(chain(b, ct[0], p.first(b, x, y, n)), x)
		}
		if need[1] {
			out[1] = b.unbroadcast(chain(b, ct[0], p.second(b, x, y, n)), y)
		}
		return out
	}
}

func init() {
	for op, d := range unaryDerivatives {
		op.VJP = unaryVJP(d)
	}
	for op, p := range binaryPartials {
		op.VJP = binaryVJP(p)
	}
	OpAbs.VJP = func(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		x := n.inputs[0]
		return []*Node{b.Mul(b.AsType(ct[0], x.dtype), b.Unary(OpSign, x))}
	}
	OpSign.VJP = signVJP
	OpConjugate.VJP = func(b *Builder, _ *Node, ct []*Node, _ []bool) []*Node {
		return []*Node{b.conj(ct[0])}
	}
	OpReal.VJP = func(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		return []*Node{b.AsType(ct[0], n.inputs[0].dtype)}
	}
	OpImag.VJP = func(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		x := n.inputs[0]
		if !x.dtype.IsComplex() {
			return []*Node{b.ZerosLike(x)}
		}
		return []*Node{b.Mul(b.AsType(ct[0], Complex64), b.ScalarComplex(1i))}
	}
	OpAsType.VJP = func(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
		return []*Node{b.unbroadcast(ct[0], n.inputs[0])}
	}
	OpSelect.VJP = func(b *Builder, n *Node, ct []*Node, need []bool) []*Node {
		cond, zero := n.inputs[0], b.Scalar(0, ct[0].dtype)
		out := make([]*Node, 3)
		if need[1] {
			out[1] = b.unbroadcast(b.Where(cond, ct[0], zero), n.inputs[1])
		}
		if need[2] {
			out[2] = b.unbroadcast(b.Where(cond, zero, ct[0]), n.inputs[2])
		}
		return out
	}
}

// signVJP: the sign of a complex number turns with the part of a change across
// it; that of a real one does not change.
func signVJP(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
	x := n.inputs[0]
	if !x.dtype.IsComplex() {
		return []*Node{nil}
	}
	size := b.Unary(OpAbs, x)
	none := b.Binary(OpEqual, size, b.Scalar(0, size.dtype))
	along := b.Unary(OpReal, b.Mul(b.conj(n), ct[0]))
	across := b.Sub(ct[0], b.Mul(n, along))
	return []*Node{b.Where(none, b.Scalar(0, x.dtype), b.Div(across, b.Where(none, b.Scalar(1, size.dtype), size)))}
}

// The arithmetic that rules and composites are written in.

// Add is x + y.
func (b *Builder) Add(x, y *Node) *Node { return b.Binary(OpAdd, x, y) }

// Sub is x - y.
func (b *Builder) Sub(x, y *Node) *Node { return b.Binary(OpSubtract, x, y) }

// Mul is x * y.
func (b *Builder) Mul(x, y *Node) *Node { return b.Binary(OpMultiply, x, y) }

// Div is x / y.
func (b *Builder) Div(x, y *Node) *Node { return b.Binary(OpDivide, x, y) }

// Neg is -x.
func (b *Builder) Neg(x *Node) *Node { return b.Unary(OpNegative, x) }

// Exp is e to the x.
func (b *Builder) Exp(x *Node) *Node { return b.Unary(OpExp, x) }

// Square is x * x.
func (b *Builder) Square(x *Node) *Node { return b.Unary(OpSquare, x) }

// Reciprocal is 1 / x.
func (b *Builder) Reciprocal(x *Node) *Node { return b.Div(b.Scalar(1, atLeastFloat(x.dtype)), x) }
