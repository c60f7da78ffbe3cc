package cpu

import (
	"math"

	"github.com/mlxstar/mlxstar/engine"
)

// addFunctions enters the transcendental functions and the roots.
func (t table) addFunctions() {
	real := map[*engine.Op]func(float64) float64{
		engine.OpExp: math.Exp, engine.OpExpm1: math.Expm1,
		engine.OpLog: math.Log, engine.OpLog2: math.Log2, engine.OpLog10: math.Log10, engine.OpLog1p: math.Log1p,
		engine.OpSin: math.Sin, engine.OpCos: math.Cos, engine.OpTan: math.Tan,
		engine.OpArcsin: math.Asin, engine.OpArccos: math.Acos, engine.OpArctan: math.Atan,
		engine.OpSinh: math.Sinh, engine.OpCosh: math.Cosh, engine.OpTanh: math.Tanh,
		engine.OpArcsinh: math.Asinh, engine.OpArccosh: math.Acosh, engine.OpArctanh: math.Atanh,
		engine.OpSqrt: math.Sqrt, engine.OpRsqrt: rsqrt,
		engine.OpSigmoid: sigmoid, engine.OpErf: math.Erf,
	}
	for op, f := range real {
		t.floats(op, heavy, through(f), each(f))
	}
	t.floats(engine.OpErfinv, heavy, each(erfinv32), each(math.Erfinv))
	t.floats2(engine.OpArctan2, heavy, through2(angle), each2(angle))
	t.floats2(engine.OpLogAddExp, heavy, through2(logAddExp), each2(logAddExp))
	t.addComplexFunctions()
}

func rsqrt(x float64) float64 { return 1 / math.Sqrt(x) }

// angle is Go's Atan2 with the sign of y, which Go loses where y/x is too small for a number.
func angle(y, x float64) float64 { return math.Copysign(math.Atan2(y, x), y) }

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// logAddExp stays finite where exp(a) or exp(b) is not. Equal infinities are
// their own sum.
func logAddExp(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(a, 0) && (a > 0 || a == b) {
		if math.IsNaN(b) {
			return b
		}
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}

// erfinv32 is the inverse error function in single precision: x times a
// polynomial in log(1-x^2), one for the middle and one for the tails. The
// coefficients are those that MLX draws its normal numbers with, so that a seed
// gives the same numbers. The error is at most 2.4 units in the last place.
func erfinv32(x float32) float32 {
	t := float32(math.Log(float64(fma32(x, -x, 1))))
	if t < -6.125 {
		return x * polynomial(t, erfinvTail[:])
	}
	return x * polynomial(t, erfinvMiddle[:])
}

var (
	erfinvTail = [...]float32{
		3.03697567e-10, 2.93243101e-8, 1.22150334e-6, 2.84108955e-5, 3.93552968e-4,
		3.02698812e-3, 4.83185798e-3, -2.64646143e-1, 8.40016484e-1,
	}
	erfinvMiddle = [...]float32{
		5.43877832e-9, 1.43285448e-7, 1.22774793e-6, 1.12963626e-7, -5.61530760e-5,
		-1.47697632e-4, 2.31468678e-3, 1.15392581e-2, -2.32015476e-1, 8.86226892e-1,
	}
)

func polynomial(t float32, c []float32) float32 {
	p := c[0]
	for _, k := range c[1:] {
		p = fma32(p, t, k)
	}
	return p
}

// fma32 multiplies and adds with one rounding: the product of two float32 is
// exact in float64.
func fma32(a, b, c float32) float32 { return float32(float64(a)*float64(b) + float64(c)) }
