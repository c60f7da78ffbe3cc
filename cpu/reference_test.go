package cpu

import (
	"math"
	"math/cmplx"

	"github.com/mlxstar/mlxstar/engine"
)

// The slow, obvious meaning of the elementwise operations: one element at a
// time, integers in int64, floats in float64, complex numbers in complex128.

type reference1 struct {
	whole   func(int64) int64
	float   func(float64) float64
	complex func(complex128) complex128
	ulps    float64
}

func wholeSign(v int64) int64 {
	if v == 0 {
		return 0
	}
	return v / wholeAbs(v)
}

func wholeAbs(v int64) int64 { return max(v, -v) }

func wholeSelf(v int64) int64 { return v }

var references1 = map[*engine.Op]reference1{
	engine.OpAbs:      {wholeAbs, math.Abs, func(z complex128) complex128 { return complex(cmplx.Abs(z), 0) }, 1},
	engine.OpNegative: {func(v int64) int64 { return -v }, func(v float64) float64 { return -v }, func(z complex128) complex128 { return -z }, 0},
	engine.OpSign: {wholeSign, func(v float64) float64 {
		if v == 0 || v != v {
			return 0
		}
		return math.Copysign(1, v)
	}, func(z complex128) complex128 {
		if z == 0 {
			return 0
		}
		return z / complex(cmplx.Abs(z), 0)
	}, 1},
	engine.OpExp:     {nil, math.Exp, cmplx.Exp, 1},
	engine.OpExpm1:   {nil, math.Expm1, nil, 1},
	engine.OpLog:     {nil, math.Log, cmplx.Log, 1},
	engine.OpLog2:    {nil, math.Log2, func(z complex128) complex128 { return divided(cmplx.Log(z), math.Ln2) }, 1},
	engine.OpLog10:   {nil, math.Log10, func(z complex128) complex128 { return divided(cmplx.Log(z), math.Ln10) }, 1},
	engine.OpLog1p:   {nil, math.Log1p, func(z complex128) complex128 { return cmplx.Log(1 + z) }, 2},
	engine.OpSin:     {nil, math.Sin, cmplx.Sin, 1},
	engine.OpCos:     {nil, math.Cos, cmplx.Cos, 1},
	engine.OpTan:     {nil, math.Tan, cmplx.Tan, 1},
	engine.OpArcsin:  {nil, math.Asin, cmplx.Asin, 1},
	engine.OpArccos:  {nil, math.Acos, cmplx.Acos, 1},
	engine.OpArctan:  {nil, math.Atan, upperCut(cmplx.Atan), 1},
	engine.OpSinh:    {nil, math.Sinh, cmplx.Sinh, 1},
	engine.OpCosh:    {nil, math.Cosh, cmplx.Cosh, 1},
	engine.OpTanh:    {nil, math.Tanh, cmplx.Tanh, 1},
	engine.OpArcsinh: {nil, math.Asinh, cmplx.Asinh, 1},
	engine.OpArccosh: {nil, math.Acosh, cmplx.Acosh, 1},
	engine.OpArctanh: {nil, math.Atanh, cmplx.Atanh, 1},
	engine.OpSqrt:    {nil, math.Sqrt, cmplx.Sqrt, 1},
	engine.OpRsqrt: {nil, func(v float64) float64 { return 1 / math.Sqrt(v) },
		func(z complex128) complex128 { return 1 / cmplx.Sqrt(z) }, 1},
	engine.OpSquare:     {func(v int64) int64 { return v * v }, func(v float64) float64 { return v * v }, func(z complex128) complex128 { return z * z }, 1},
	engine.OpSigmoid:    {nil, func(v float64) float64 { return 1 / (1 + math.Exp(-v)) }, nil, 1},
	engine.OpErf:        {nil, math.Erf, nil, 1},
	engine.OpErfinv:     {nil, math.Erfinv, nil, 4},
	engine.OpFloor:      {wholeSelf, math.Floor, nil, 0},
	engine.OpCeil:       {wholeSelf, math.Ceil, nil, 0},
	engine.OpTrunc:      {wholeSelf, math.Trunc, nil, 0},
	engine.OpRint:       {wholeSelf, math.RoundToEven, func(z complex128) complex128 { return complex(math.RoundToEven(real(z)), math.RoundToEven(imag(z))) }, 0},
	engine.OpInvert:     {func(v int64) int64 { return ^v }, nil, nil, 0},
	engine.OpLogicalNot: {func(v int64) int64 { return 1 - v }, nil, nil, 0},
	engine.OpConjugate:  {wholeSelf, func(v float64) float64 { return v }, cmplx.Conj, 0},
	engine.OpReal:       {wholeSelf, func(v float64) float64 { return v }, func(z complex128) complex128 { return complex(real(z), 0) }, 0},
	engine.OpImag: {func(int64) int64 { return 0 }, func(float64) float64 { return 0 },
		func(z complex128) complex128 { return complex(imag(z), 0) }, 0},
}

func divided(z complex128, by float64) complex128 { return complex(real(z)/by, imag(z)/by) }

// upperCut takes the side of the imaginary axis that a positive zero lies on.
func upperCut(f func(complex128) complex128) func(complex128) complex128 {
	return func(z complex128) complex128 {
		if real(z) == 0 && math.Abs(imag(z)) > 1 {
			z = complex(1e-9, imag(z))
		}
		return f(z)
	}
}

type reference2 struct {
	whole   func(a, b int64) int64
	float   func(a, b float64) float64
	complex func(a, b complex128) complex128
	ulps    float64
}

func answer(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// ordering is the reference of a comparison, by the sign of a's difference from
// b; unordered pairs have none.
func ordering(holds func(sign int) bool, unordered bool) reference2 {
	floats := func(a, b float64) float64 {
		if a != a || b != b {
			return float64(answer(unordered))
		}
		return float64(answer(holds(sign(a - b))))
	}
	return reference2{
		whole: func(a, b int64) int64 { return answer(holds(sign(float64(a) - float64(b)))) },
		float: func(a, b float64) float64 {
			if a == b { // equal infinities have no difference
				return float64(answer(holds(0)))
			}
			return floats(a, b)
		},
		complex: func(a, b complex128) complex128 {
			s := sign(real(a) - real(b))
			if s == 0 {
				s = sign(imag(a) - imag(b))
			}
			return complex(float64(answer(holds(s))), 0)
		},
	}
}

func sign(v float64) int {
	switch {
	case v < 0:
		return -1
	case v > 0:
		return 1
	}
	return 0
}

func pickComplex(wantGreater bool) func(a, b complex128) complex128 {
	return func(a, b complex128) complex128 {
		greater := real(a) > real(b) || real(a) == real(b) && imag(a) > imag(b)
		if greater == wantGreater {
			return a
		}
		return b
	}
}

// extreme lets NaN win over infinities too.
func extreme(of func(a, b float64) float64) func(a, b float64) float64 {
	return func(a, b float64) float64 {
		if math.IsNaN(a) || math.IsNaN(b) {
			return math.NaN()
		}
		return of(a, b)
	}
}

func wholePower(a, n int64) int64 {
	if n < 0 {
		return 0
	}
	p := int64(1)
	for range n {
		p *= a
	}
	return p
}

var references2 = map[*engine.Op]reference2{
	engine.OpAdd: {func(a, b int64) int64 { return a + b }, func(a, b float64) float64 { return a + b },
		func(a, b complex128) complex128 { return a + b }, 1},
	engine.OpSubtract: {func(a, b int64) int64 { return a - b }, func(a, b float64) float64 { return a - b },
		func(a, b complex128) complex128 { return a - b }, 1},
	engine.OpMultiply: {func(a, b int64) int64 { return a * b }, func(a, b float64) float64 { return a * b },
		func(a, b complex128) complex128 { return a * b }, 1},
	engine.OpDivide: {nil, func(a, b float64) float64 { return a / b },
		func(a, b complex128) complex128 { return a / b }, 1},
	engine.OpFloorDivide: {func(a, b int64) int64 {
		if b == 0 {
			return 0
		}
		return (a - ((a%b)+b)%b) / b
	}, func(a, b float64) float64 { return a / b }, nil, 0},
	engine.OpRemainder: {func(a, b int64) int64 {
		if b == 0 {
			return 0
		}
		return ((a % b) + b) % b
	}, func(a, b float64) float64 {
		r := math.Mod(a, b)
		if r != 0 && math.Signbit(r) != math.Signbit(b) {
			return r + b
		}
		return r
	}, nil, 1},
	engine.OpPower:   {wholePower, math.Pow, cmplx.Pow, 2},
	engine.OpMaximum: {func(a, b int64) int64 { return max(a, b) }, extreme(math.Max), pickComplex(true), 0},
	engine.OpMinimum: {func(a, b int64) int64 { return min(a, b) }, extreme(math.Min), pickComplex(false), 0},
	engine.OpArctan2: {nil, math.Atan2, nil, 1},
	engine.OpLogAddExp: {nil, func(a, b float64) float64 {
		switch big := extreme(math.Max)(a, b); {
		case a == b && math.IsInf(a, 0), math.IsInf(big, 1), math.IsNaN(big):
			return big
		default:
			return big + math.Log1p(math.Exp(math.Min(a, b)-big))
		}
	}, func(a, b complex128) complex128 {
		top := pickComplex(true)(a, b)
		return top + cmplx.Log(1+cmplx.Exp(pickComplex(false)(a, b)-top))
	}, 4},
	engine.OpEqual:        ordering(func(s int) bool { return s == 0 }, false),
	engine.OpNotEqual:     ordering(func(s int) bool { return s != 0 }, true),
	engine.OpLess:         ordering(func(s int) bool { return s < 0 }, false),
	engine.OpLessEqual:    ordering(func(s int) bool { return s <= 0 }, false),
	engine.OpGreater:      ordering(func(s int) bool { return s > 0 }, false),
	engine.OpGreaterEqual: ordering(func(s int) bool { return s >= 0 }, false),
	engine.OpLogicalAnd:   {whole: func(a, b int64) int64 { return a & b }},
	engine.OpLogicalOr:    {whole: func(a, b int64) int64 { return a | b }},
	engine.OpLogicalXor:   {whole: func(a, b int64) int64 { return a ^ b }},
	engine.OpBitAnd:       {whole: func(a, b int64) int64 { return a & b }},
	engine.OpBitOr:        {whole: func(a, b int64) int64 { return a | b }},
	engine.OpBitXor:       {whole: func(a, b int64) int64 { return a ^ b }},
}

// shifted is the reference of the shifts, which depend on the element's size.
func shifted(op *engine.Op, d engine.Dtype, a, b int64) int64 {
	wide := uint64(32)
	if d.Size() == 8 {
		wide = 64
	}
	n := uint64(b) % wide
	if op == engine.OpLeftShift {
		return a << n
	}
	if d == engine.Uint64 {
		return int64(uint64(a) >> n)
	}
	return a >> n
}

// cutTo wraps an integer to a dtype's width.
func cutTo(d engine.Dtype, v int64) int64 {
	if d == engine.Bool {
		return answer(v != 0)
	}
	drop := 64 - 8*d.Size()
	if d.IsUnsigned() {
		return int64(uint64(v) << drop >> drop)
	}
	return v << drop >> drop
}
