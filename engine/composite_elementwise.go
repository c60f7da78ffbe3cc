package engine

import (
	"math"
	"slices"
)

// Scale multiplies by a constant; integers answer in float32.
func (b *Builder) Scale(x *Node, by float64) *Node {
	d := x.dtype.AtLeastFloat()
	return b.Mul(b.AsType(x, d), b.Scalar(by, d))
}

// Round rounds to a number of decimals, ties to even. Integers only change for
// a negative number.
func (b *Builder) Round(x *Node, decimals int) *Node {
	switch {
	case decimals == 0:
		return b.Unary(OpRint, x)
	case !x.dtype.IsInexact() && decimals > 0, x.dtype == Bool:
		return x
	}
	d := x.dtype.AtLeastFloat()
	scale := math.Pow(10, math.Abs(float64(decimals)))
	up, down := b.Mul, b.Div
	if decimals < 0 {
		up, down = b.Div, b.Mul
	}
	by := b.Scalar(scale, d)
	return b.AsType(down(b.Unary(OpRint, up(b.AsType(x, d), by)), by), x.dtype)
}

// DivMod gives the quotient rounded down and the remainder that goes with it. As in MLX,
// neither has a derivative, though remainder alone has one.
func (b *Builder) DivMod(x, y *Node) (q, r *Node) {
	r = b.StopGradient(b.Binary(OpRemainder, x, y))
	return b.Binary(OpFloorDivide, x, y), r
}

func (b *Builder) never(x *Node) *Node { return b.Full(x.shape, 0, Bool) }

// IsNaN tests for NaN; of a complex number either part counts.
func (b *Builder) IsNaN(x *Node) *Node {
	if !x.dtype.IsInexact() {
		return b.never(x)
	}
	return b.Binary(OpNotEqual, x, x)
}

// IsInfinity tests for the infinity of the sign.
func (b *Builder) IsInfinity(x *Node, sign int) *Node {
	if !x.dtype.IsInexact() {
		return b.never(x)
	}
	return b.Binary(OpEqual, x, b.Scalar(math.Inf(sign), x.dtype))
}

// IsInf tests for an infinity; of a complex number either part counts.
func (b *Builder) IsInf(x *Node) *Node {
	if x.dtype.IsComplex() {
		return b.Binary(OpLogicalOr, b.IsInf(b.Unary(OpReal, x)), b.IsInf(b.Unary(OpImag, x)))
	}
	if !x.dtype.IsInexact() {
		return b.never(x)
	}
	return b.IsInfinity(b.Unary(OpAbs, x), 1)
}

// IsFinite tests for numbers that are neither NaN nor infinite.
func (b *Builder) IsFinite(x *Node) *Node {
	return b.Unary(OpLogicalNot, b.Binary(OpLogicalOr, b.IsNaN(x), b.IsInf(x)))
}

// NaNToNum replaces NaN and the infinities; a nil bound is the largest finite
// value of its sign. Integers have nothing to replace.
func (b *Builder) NaNToNum(x *Node, nan float64, posInf, negInf *float64) *Node {
	if !x.dtype.IsInexact() {
		return x
	}
	if x.dtype == Complex64 || x.dtype == Float64 {
		b.failf(ValueError, "nan_to_num", "not defined for %s", x.dtype)
	}
	limits, _ := x.dtype.Limits()
	most := limits.Max
	least := -most
	if posInf == nil {
		posInf = &most
	}
	if negInf == nil {
		negInf = &least
	}
	at := func(v float64) *Node { return b.Scalar(v, x.dtype) }
	y := b.Where(b.IsNaN(x), at(nan), x)
	y = b.Where(b.IsInfinity(x, 1), at(*posInf), y)
	return b.Where(b.IsInfinity(x, -1), at(*negInf), y)
}

// IsClose tests |x - y| <= atol + rtol*|y|. Equal infinities are close.
func (b *Builder) IsClose(x, y *Node, rtol, atol float64, equalNaN bool) *Node {
	d := Promote(x.dtype, y.dtype).AtLeastFloat()
	x, y = b.AsType(x, d), b.AsType(y, d)
	r := d.Real()
	bound := b.Add(b.Mul(b.Scalar(rtol, r), b.Unary(OpAbs, y)), b.Scalar(atol, r))
	near := b.Binary(OpLessEqual, b.Unary(OpAbs, b.Sub(x, y)), bound)
	// An infinite bound would be met by everything.
	infinite := b.Binary(OpLogicalOr, b.IsInf(x), b.IsInf(y))
	near = b.Where(infinite, b.Binary(OpEqual, x, y), near)
	if equalNaN {
		near = b.Binary(OpLogicalOr, near, b.Binary(OpLogicalAnd, b.IsNaN(x), b.IsNaN(y)))
	}
	return near
}

// ArrayEqual tests for one shape and equal elements.
func (b *Builder) ArrayEqual(x, y *Node, equalNaN bool) *Node {
	if !slices.Equal(x.shape, y.shape) {
		return b.Full(nil, 0, Bool)
	}
	same := b.Binary(OpEqual, x, y)
	if equalNaN {
		same = b.Binary(OpLogicalOr, same, b.Binary(OpLogicalAnd, b.IsNaN(x), b.IsNaN(y)))
	}
	return b.Reduce(OpAll, same, nil, false)
}
