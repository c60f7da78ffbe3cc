package numpy

import (
	"math"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// dtypeRule says in which dtype an elementwise operation computes on operands that
// meet in d; invalid where it does not take d.
type dtypeRule func(d engine.Dtype) engine.Dtype

func same(d engine.Dtype) engine.Dtype { return d }
func toBool(engine.Dtype) engine.Dtype { return engine.Bool }

func numeric(d engine.Dtype) engine.Dtype {
	if d == engine.Bool {
		return engine.Int8
	}
	return d
}

func notBool(d engine.Dtype) engine.Dtype {
	if d == engine.Bool {
		return 0
	}
	return d
}

func integral(d engine.Dtype) engine.Dtype {
	if d.IsInexact() {
		return 0
	}
	return d
}

func shiftable(d engine.Dtype) engine.Dtype { return numeric(integral(d)) }

// ordered takes all but complex numbers, as they are.
func ordered(d engine.Dtype) engine.Dtype {
	if d.IsComplex() {
		return 0
	}
	return d
}

func toReal(d engine.Dtype) engine.Dtype {
	if d.IsComplex() {
		return 0
	}
	return numeric(d)
}

// toFloat is the float that holds integers of a dtype.
func toFloat(d engine.Dtype) engine.Dtype {
	switch {
	case d.IsInexact():
		return d
	case d.Size() == 1:
		return engine.Float16
	case d.Size() == 2:
		return engine.Float32
	}
	return engine.Float64
}

func toRealFloat(d engine.Dtype) engine.Dtype {
	if d.IsComplex() {
		return 0
	}
	return toFloat(d)
}

func toQuotient(d engine.Dtype) engine.Dtype {
	if d.IsInexact() {
		return d
	}
	return engine.Float64
}

// nodeBuilder makes the node of an operation from operands of the computing dtype.
type nodeBuilder func(b *engine.Builder, x []*engine.Node) *engine.Node

// ufunc is a function that works element by element.
type ufunc struct {
	m    *Library
	name string
	doc  string
	nin  int
	rule dtypeRule
	// One of these computes.
	build nodeBuilder
	real  func(x, y float64) float64 // y is not used by unary ones
	whole func(x, y int64) int64     // for integers, where it differs from build or real
	// complex computes with complex numbers, where it differs from build or there is real.
	complex nodeBuilder
	// folds are the operations that reduce and accumulate with it.
	fold, scan *engine.Op
	compare    bool
}

var (
	_ starlark.Callable = (*ufunc)(nil)
	_ starlark.HasAttrs = (*ufunc)(nil)
	_ object.HasType    = (*ufunc)(nil)
)

func (u *ufunc) Name() string          { return u.name }
func (u *ufunc) String() string        { return "<ufunc '" + u.name + "'>" }
func (u *ufunc) Type() string          { return "ufunc" }
func (u *ufunc) Freeze()               {}
func (u *ufunc) Truth() starlark.Bool  { return true }
func (u *ufunc) Hash() (uint32, error) { return starlark.String("ufunc " + u.name).Hash() }

// PyType is numpy.ufunc.
func (u *ufunc) PyType() *object.Type { return u.m.types.ufunc }

// Doc is the documentation.
func (u *ufunc) Doc() string { return u.doc }

func unaryBuild(op *engine.Op) nodeBuilder {
	return func(b *engine.Builder, x []*engine.Node) *engine.Node { return b.Unary(op, x[0]) }
}

func binaryBuild(op *engine.Op) nodeBuilder {
	return func(b *engine.Builder, x []*engine.Node) *engine.Node { return b.Binary(op, x[0], x[1]) }
}

func one(f func(float64) float64) func(x, y float64) float64 {
	return func(x, _ float64) float64 { return f(x) }
}

// unaryUfuncs and binaryUfuncs are the table of operations.
func unaryUfuncs() []ufunc {
	rows := []ufunc{
		{name: "negative", rule: notBool, build: unaryBuild(engine.OpNegative), doc: "Numerical negative, element-wise."},
		{name: "positive", rule: notBool, build: func(b *engine.Builder, x []*engine.Node) *engine.Node { return b.Identity(x[0]) }, doc: "Numerical positive, element-wise."},
		{name: "absolute", rule: same, build: unaryBuild(engine.OpAbs), doc: "The absolute value element-wise."},
		{name: "sign", rule: notBool, build: unaryBuild(engine.OpSign), doc: "The sign of each element."},
		{name: "square", rule: numeric, build: unaryBuild(engine.OpSquare), doc: "The element-wise square."},
		{name: "reciprocal", rule: numeric, build: func(b *engine.Builder, x []*engine.Node) *engine.Node {
			if x[0].Dtype().IsInteger() {
				return b.Binary(engine.OpFloorDivide, b.Full(nil, 1, x[0].Dtype()), x[0])
			}
			return b.Reciprocal(x[0])
		}, complex: func(b *engine.Builder, x []*engine.Node) *engine.Node { // whose parts have the signs of a quotient by the real part
			return b.Unary(engine.OpConjugate, b.Reciprocal(b.Unary(engine.OpConjugate, x[0])))
		}, doc: "The reciprocal, element-wise."},
		{name: "invert", rule: integral, build: func(b *engine.Builder, x []*engine.Node) *engine.Node {
			if x[0].Dtype() == engine.Bool {
				return b.Unary(engine.OpLogicalNot, x[0])
			}
			return b.Unary(engine.OpInvert, x[0])
		}, doc: "Bit-wise inversion, element-wise; logical not of bools."},
		{name: "logical_not", rule: toBool, build: unaryBuild(engine.OpLogicalNot), doc: "The truth value of not x, element-wise."},
		{name: "conjugate", rule: numeric, build: unaryBuild(engine.OpConjugate), doc: "The complex conjugate, element-wise."},
		{name: "isnan", rule: same, build: func(b *engine.Builder, x []*engine.Node) *engine.Node { return b.IsNaN(x[0]) }, doc: "Test element-wise for NaN."},
		{name: "isinf", rule: same, build: func(b *engine.Builder, x []*engine.Node) *engine.Node { return b.IsInf(x[0]) }, doc: "Test element-wise for infinity."},
		{name: "isfinite", rule: same, build: func(b *engine.Builder, x []*engine.Node) *engine.Node { return b.IsFinite(x[0]) }, doc: "Test element-wise for finiteness."},
		{name: "signbit", rule: toRealFloat, build: func(b *engine.Builder, x []*engine.Node) *engine.Node {
			return b.Binary(engine.OpLess, b.Binary(engine.OpArctan2, x[0], b.Full(nil, -1, x[0].Dtype())), b.Full(nil, 0, x[0].Dtype()))
		}, doc: "Whether the sign bit is set, element-wise."},
	}
	for _, r := range []struct {
		name string
		op   *engine.Op
		doc  string
	}{
		{"exp", engine.OpExp, "The exponential of all elements."}, {"expm1", engine.OpExpm1, "exp(x) - 1 of all elements."},
		{"log", engine.OpLog, "Natural logarithm, element-wise."}, {"log2", engine.OpLog2, "Base-2 logarithm, element-wise."},
		{"log10", engine.OpLog10, "Base-10 logarithm, element-wise."}, {"log1p", engine.OpLog1p, "log(1 + x), element-wise."},
		{"sqrt", engine.OpSqrt, "The non-negative square root, element-wise."},
		{"sin", engine.OpSin, "Sine, element-wise."}, {"cos", engine.OpCos, "Cosine, element-wise."}, {"tan", engine.OpTan, "Tangent, element-wise."},
		{"arcsin", engine.OpArcsin, "Inverse sine, element-wise."}, {"arccos", engine.OpArccos, "Inverse cosine, element-wise."}, {"arctan", engine.OpArctan, "Inverse tangent, element-wise."},
		{"sinh", engine.OpSinh, "Hyperbolic sine, element-wise."}, {"cosh", engine.OpCosh, "Hyperbolic cosine, element-wise."}, {"tanh", engine.OpTanh, "Hyperbolic tangent, element-wise."},
		{"arcsinh", engine.OpArcsinh, "Inverse hyperbolic sine, element-wise."}, {"arccosh", engine.OpArccosh, "Inverse hyperbolic cosine, element-wise."}, {"arctanh", engine.OpArctanh, "Inverse hyperbolic tangent, element-wise."},
	} {
		rows = append(rows, ufunc{name: r.name, rule: toFloat, build: unaryBuild(r.op), complex: complexRows[r.name], doc: r.doc})
	}
	for _, r := range []struct {
		name string
		op   *engine.Op
		doc  string
	}{
		{"floor", engine.OpFloor, "The floor, element-wise."}, {"ceil", engine.OpCeil, "The ceiling, element-wise."},
		{"trunc", engine.OpTrunc, "The truncated value, element-wise."}, {"rint", engine.OpRint, "The nearest integer, ties to even, element-wise."},
	} {
		rule := ordered
		if r.name == "rint" {
			rule = toFloat
		}
		rows = append(rows, ufunc{name: r.name, rule: rule, build: unaryBuild(r.op), doc: r.doc})
	}
	for _, r := range []struct {
		name string
		f    func(float64) float64
		doc  string
	}{
		{"cbrt", math.Cbrt, "The cube root, element-wise."}, {"exp2", math.Exp2, "2**x, element-wise."}, {"fabs", math.Abs, "The absolute values as floats, element-wise."},
		{"deg2rad", func(x float64) float64 { return x * (math.Pi / 180) }, "Degrees to radians."},
		{"rad2deg", func(x float64) float64 { return x * (180 / math.Pi) }, "Radians to degrees."},
	} {
		rule, complex := toRealFloat, complexRows[r.name]
		if complex != nil {
			rule = toFloat
		}
		rows = append(rows, ufunc{name: r.name, rule: rule, real: one(r.f), complex: complex, doc: r.doc})
	}
	return rows
}

// complexRows are what functions of real numbers are of complex ones.
var complexRows = map[string]nodeBuilder{
	"expm1": func(b *engine.Builder, x []*engine.Node) *engine.Node {
		re, im := b.Unary(engine.OpReal, x[0]), b.Unary(engine.OpImag, x[0])
		d := re.Dtype()
		half := b.Unary(engine.OpSin, b.Mul(im, b.Scalar(0.5, d)))
		less := b.Sub(b.Mul(b.Unary(engine.OpExpm1, re), b.Unary(engine.OpCos, im)), b.Mul(b.Scalar(2, d), b.Square(half)))
		turned := b.Mul(b.Unary(engine.OpExp, re), b.Unary(engine.OpSin, im))
		return b.Add(less, b.Mul(turned, b.Full(nil, 1i, x[0].Dtype())))
	},
	"exp2": func(b *engine.Builder, x []*engine.Node) *engine.Node {
		return b.Unary(engine.OpExp, b.Mul(x[0], b.Full(nil, math.Ln2, x[0].Dtype())))
	},
}

// powers are those of 64-bit parts for narrower ones, too: see cpu's widePower.
func powers(b *engine.Builder, x []*engine.Node) *engine.Node {
	y := b.Binary(engine.OpPower, b.AsType(x[0], engine.Complex128), b.AsType(x[1], engine.Complex128))
	return b.AsType(y, x[0].Dtype())
}

func binaryUfuncs() []ufunc {
	rows := []ufunc{
		{name: "add", rule: same, build: func(b *engine.Builder, x []*engine.Node) *engine.Node {
			if x[0].Dtype() == engine.Bool {
				return b.Binary(engine.OpLogicalOr, x[0], x[1])
			}
			return b.Add(x[0], x[1])
		}, fold: engine.OpSum, scan: engine.OpCumSum, doc: "Add arguments element-wise."},
		{name: "subtract", rule: same, build: binaryBuild(engine.OpSubtract), doc: "Subtract arguments element-wise."},
		{name: "multiply", rule: same, build: binaryBuild(engine.OpMultiply), fold: engine.OpProd, scan: engine.OpCumProd, doc: "Multiply arguments element-wise."},
		{name: "divide", rule: toQuotient, build: binaryBuild(engine.OpDivide), doc: "Divide arguments element-wise."},
		{name: "floor_divide", rule: toReal, real: floorDivide, whole: floorDivideInt, doc: "The largest integer not above the quotient, element-wise."},
		{name: "remainder", rule: toReal, real: floorRemainder, whole: remainderInt, doc: "The remainder of floor_divide, element-wise."},
		{name: "fmod", rule: toReal, real: math.Mod, whole: func(x, y int64) int64 {
			if y == 0 {
				return 0
			}
			return x % y
		}, doc: "The remainder with the dividend's sign, element-wise."},
		{name: "power", rule: numeric, build: binaryBuild(engine.OpPower), complex: powers, doc: "First elements raised to powers, element-wise."},
		{name: "float_power", rule: toQuotient, build: binaryBuild(engine.OpPower), doc: "power, computed in float64."},
		{name: "maximum", rule: same, build: binaryBuild(engine.OpMaximum), fold: engine.OpMax, scan: engine.OpCumMax, doc: "Element-wise maximum; NaN wins."},
		{name: "minimum", rule: same, build: binaryBuild(engine.OpMinimum), fold: engine.OpMin, scan: engine.OpCumMin, doc: "Element-wise minimum; NaN wins."},
		{name: "fmax", rule: same, build: ignoringNaN(engine.OpMaximum), doc: "Element-wise maximum; NaN loses."},
		{name: "fmin", rule: same, build: ignoringNaN(engine.OpMinimum), doc: "Element-wise minimum; NaN loses."},
		{name: "arctan2", rule: toRealFloat, build: binaryBuild(engine.OpArctan2), doc: "Element-wise arc tangent of x1/x2 in the right quadrant."},
		{name: "hypot", rule: toRealFloat, real: math.Hypot, doc: "The hypotenuse of right triangles, element-wise."},
		{name: "copysign", rule: toRealFloat, real: math.Copysign, doc: "x1 with the sign of x2, element-wise."},
		{name: "nextafter", rule: toRealFloat, real: math.Nextafter, doc: "The next float64 after x1 towards x2, element-wise."},
		{name: "logaddexp", rule: toRealFloat, build: binaryBuild(engine.OpLogAddExp), fold: engine.OpLogSumExp, scan: engine.OpLogCumSumExp, doc: "log(exp(x1) + exp(x2)), element-wise."},
		{name: "logaddexp2", rule: toRealFloat, real: func(x, y float64) float64 {
			if x == y {
				return x + 1
			}
			return max(x, y) + math.Log1p(math.Exp2(-math.Abs(x-y)))/math.Ln2
		}, doc: "log2(2**x1 + 2**x2), element-wise."},
		{name: "heaviside", rule: toRealFloat, real: func(x, y float64) float64 {
			switch {
			case math.IsNaN(x):
				return x
			case x == 0:
				return y
			case x < 0:
				return 0
			}
			return 1
		}, doc: "0 below 0, 1 above, x2 at 0."},
		{name: "gcd", rule: notBool, whole: gcdInt, doc: "Greatest common divisor, element-wise."},
		{name: "lcm", rule: notBool, whole: func(x, y int64) int64 {
			g := gcdInt(x, y)
			if g == 0 {
				return 0
			}
			return absInt(x / g * y)
		}, doc: "Least common multiple, element-wise."},
		{name: "logical_and", rule: toBool, build: binaryBuild(engine.OpLogicalAnd), fold: engine.OpAll, doc: "x1 and x2, element-wise."},
		{name: "logical_or", rule: toBool, build: binaryBuild(engine.OpLogicalOr), fold: engine.OpAny, doc: "x1 or x2, element-wise."},
		{name: "logical_xor", rule: toBool, build: binaryBuild(engine.OpLogicalXor), doc: "x1 xor x2, element-wise."},
		{name: "bitwise_and", rule: integral, build: binaryBuild(engine.OpBitAnd), doc: "Bit-wise and, element-wise."},
		{name: "bitwise_or", rule: integral, build: binaryBuild(engine.OpBitOr), doc: "Bit-wise or, element-wise."},
		{name: "bitwise_xor", rule: integral, build: binaryBuild(engine.OpBitXor), doc: "Bit-wise xor, element-wise."},
		{name: "left_shift", rule: shiftable, build: binaryBuild(engine.OpLeftShift), doc: "Shift bits to the left."},
		{name: "right_shift", rule: shiftable, build: binaryBuild(engine.OpRightShift), doc: "Shift bits to the right."},
	}
	for _, r := range []struct {
		name string
		op   *engine.Op
	}{
		{"equal", engine.OpEqual}, {"not_equal", engine.OpNotEqual}, {"less", engine.OpLess},
		{"less_equal", engine.OpLessEqual}, {"greater", engine.OpGreater}, {"greater_equal", engine.OpGreaterEqual},
	} {
		rows = append(rows, ufunc{name: r.name, rule: same, build: binaryBuild(r.op), compare: true, doc: "The truth of the comparison, element-wise."})
	}
	return rows
}

// ignoringNaN makes NaN lose.
func ignoringNaN(op *engine.Op) nodeBuilder {
	return func(b *engine.Builder, x []*engine.Node) *engine.Node {
		y := b.Binary(op, x[0], x[1])
		return b.Where(b.IsNaN(x[0]), x[1], b.Where(b.IsNaN(x[1]), x[0], y))
	}
}

func floorDivide(x, y float64) float64 {
	if y == 0 {
		return x / y
	}
	m := math.Mod(x, y)
	q := (x - m) / y
	if m != 0 && (y < 0) != (m < 0) {
		q--
	}
	if q == 0 {
		return math.Copysign(0, x/y)
	}
	f := math.Floor(q)
	if q-f > 0.5 {
		f++
	}
	return f
}

func floorRemainder(x, y float64) float64 {
	m := math.Mod(x, y)
	switch {
	case m == 0:
		return math.Copysign(0, y)
	case (y < 0) != (m < 0):
		return m + y
	}
	return m
}

func floorDivideInt(x, y int64) int64 {
	if y == 0 {
		return 0
	}
	if y == -1 {
		return -x
	}
	q := x / y
	if x%y != 0 && (x < 0) != (y < 0) {
		q--
	}
	return q
}

func remainderInt(x, y int64) int64 {
	if y == 0 || y == -1 {
		return 0
	}
	r := x % y
	if r != 0 && (r < 0) != (y < 0) {
		r += y
	}
	return r
}

func absInt(x int64) int64 {
	if x < 0 {
		return -x
	}
	return x
}

func gcdInt(x, y int64) int64 {
	x, y = absInt(x), absInt(y)
	for y != 0 {
		x, y = y, x%y
	}
	return x
}

// ufuncAliases are further names.
var ufuncAliases = map[string]string{
	"abs": "absolute", "true_divide": "divide", "mod": "remainder", "pow": "power", "conj": "conjugate", "bitwise_not": "invert",
	"bitwise_invert": "invert", "radians": "deg2rad", "degrees": "rad2deg", "bitwise_left_shift": "left_shift", "bitwise_right_shift": "right_shift",
	"acos": "arccos", "asin": "arcsin", "atan": "arctan", "acosh": "arccosh", "asinh": "arcsinh", "atanh": "arctanh", "atan2": "arctan2",
}

func (m *Library) declareUfuncs() {
	m.ufuncs = map[string]*ufunc{}
	add := func(rows []ufunc, nin int) {
		for i := range rows {
			u := &rows[i]
			u.m, u.nin = m, nin
			m.ufuncs[u.name] = u
			m.module.Members[u.name] = u
		}
	}
	add(unaryUfuncs(), 1)
	add(binaryUfuncs(), 2)
	for alias, name := range ufuncAliases {
		m.module.Members[alias] = m.ufuncs[name]
	}
}
