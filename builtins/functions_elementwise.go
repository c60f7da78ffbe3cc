package builtins

import (
	"math"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
)

// unaryOperations are the functions that apply one operation to one array.
var unaryOperations = []struct {
	name string
	op   *engine.Op
}{
	{"abs", engine.OpAbs}, {"negative", engine.OpNegative}, {"sign", engine.OpSign},
	{"exp", engine.OpExp}, {"expm1", engine.OpExpm1},
	{"log", engine.OpLog}, {"log2", engine.OpLog2}, {"log10", engine.OpLog10}, {"log1p", engine.OpLog1p},
	{"sin", engine.OpSin}, {"cos", engine.OpCos}, {"tan", engine.OpTan},
	{"arcsin", engine.OpArcsin}, {"arccos", engine.OpArccos}, {"arctan", engine.OpArctan},
	{"sinh", engine.OpSinh}, {"cosh", engine.OpCosh}, {"tanh", engine.OpTanh},
	{"arcsinh", engine.OpArcsinh}, {"arccosh", engine.OpArccosh}, {"arctanh", engine.OpArctanh},
	{"sqrt", engine.OpSqrt}, {"rsqrt", engine.OpRsqrt}, {"square", engine.OpSquare},
	{"sigmoid", engine.OpSigmoid}, {"erf", engine.OpErf}, {"erfinv", engine.OpErfinv},
	{"floor", engine.OpFloor}, {"ceil", engine.OpCeil}, {"logical_not", engine.OpLogicalNot}, {"real", engine.OpReal}, {"imag", engine.OpImag},
}

// binaryOperations are the functions that apply one operation to two operands.
var binaryOperations = []struct {
	name       string
	op         *engine.Op
	positional bool // the operands have no keyword
	bits       bool // of integers and bools alone
}{
	{"add", engine.OpAdd, false, false}, {"subtract", engine.OpSubtract, false, false},
	{"multiply", engine.OpMultiply, false, false}, {"divide", engine.OpDivide, false, false},
	{"floor_divide", engine.OpFloorDivide, false, false}, {"remainder", engine.OpRemainder, false, false},
	{"power", engine.OpPower, true, false}, {"maximum", engine.OpMaximum, true, false}, {"minimum", engine.OpMinimum, true, false},
	{"logaddexp", engine.OpLogAddExp, true, false},
	{"equal", engine.OpEqual, false, false}, {"not_equal", engine.OpNotEqual, false, false},
	{"less", engine.OpLess, false, false}, {"less_equal", engine.OpLessEqual, false, false},
	{"greater", engine.OpGreater, false, false}, {"greater_equal", engine.OpGreaterEqual, false, false},
	{"logical_and", engine.OpLogicalAnd, true, false}, {"logical_or", engine.OpLogicalOr, true, false},
	{"logical_xor", engine.OpLogicalXor, true, false},
	{"bitwise_and", engine.OpBitAnd, false, true}, {"bitwise_or", engine.OpBitOr, false, true},
	{"bitwise_xor", engine.OpBitXor, false, true},
	{"left_shift", engine.OpLeftShift, false, true}, {"right_shift", engine.OpRightShift, false, true},
}

// elementwiseFunctions are the functions of corresponding elements.
var elementwiseFunctions = append(append(unaryFunctions(), binaryFunctions()...), elementwiseOthers...)

func unaryFunctions() []function {
	rows := make([]function, 0, len(unaryOperations))
	for _, u := range unaryOperations {
		rows = append(rows, function{
			u.name + "(a: array, /, *, stream: StreamOrDevice = None) -> array", u.op.Doc,
			func(c *Call) starlark.Value { return c.out(c.b.Unary(u.op, c.operand("a"))) },
		})
	}
	return rows
}

func binaryFunctions() []function {
	rows := make([]function, 0, len(binaryOperations))
	for _, u := range binaryOperations {
		params := "(a: scalar | array, b: scalar | array, stream: StreamOrDevice = None) -> array"
		if u.positional {
			params = "(a: scalar | array, b: scalar | array, /, *, stream: StreamOrDevice = None) -> array"
		}
		rows = append(rows, function{u.name + params, u.op.Doc, func(c *Call) starlark.Value {
			x, y := c.pair("a", "b")
			if u.bits && dtype.Promote(x.Dtype(), y.Dtype()).IsInexact() {
				c.fail(object.RuntimeError, "%s: not defined for %s and %s", u.name, x.Dtype(), y.Dtype())
			}
			return c.out(c.b.Binary(u.op, x, y))
		}})
	}
	return rows
}

var elementwiseOthers = []function{
	{"bitwise_invert(a: scalar | array, stream: StreamOrDevice = None) -> array", engine.OpInvert.Doc,
		func(c *Call) starlark.Value { return c.out(c.b.Unary(engine.OpInvert, c.operand("a"))) }},
	{"conjugate(a: array, *, stream: StreamOrDevice = None) -> array", engine.OpConjugate.Doc,
		func(c *Call) starlark.Value { return c.out(c.b.Unary(engine.OpConjugate, c.operand("a"))) }},
	{"positive(a: array, /, *, stream: StreamOrDevice = None) -> array", "The array itself: unary plus.",
		func(c *Call) starlark.Value { return c.out(c.array("a")) }},
	{"trunc(a: array, /, *, stream: StreamOrDevice = None) -> array", engine.OpTrunc.Doc,
		func(c *Call) starlark.Value { return c.out(c.b.Unary(engine.OpTrunc, c.array("a"))) }},
	{"reciprocal(a: array, /, *, stream: StreamOrDevice = None) -> array", "Element-wise 1 / a; integers give float32.",
		func(c *Call) starlark.Value { return c.out(c.b.Reciprocal(c.operand("a"))) }},
	{"degrees(a: scalar | array, /, *, stream: StreamOrDevice = None) -> array", "Element-wise conversion of radians to degrees.",
		func(c *Call) starlark.Value { return c.out(c.b.Scale(c.operand("a"), 180/math.Pi)) }},
	{"radians(a: scalar | array, /, *, stream: StreamOrDevice = None) -> array", "Element-wise conversion of degrees to radians.",
		func(c *Call) starlark.Value { return c.out(c.b.Scale(c.operand("a"), math.Pi/180)) }},
	{"round(a: array, /, decimals: int = 0, stream: StreamOrDevice = None) -> array", "Element-wise rounding to a number of decimals, ties to even. A negative number rounds to tens, hundreds, ...",
		func(c *Call) starlark.Value { return c.out(c.b.Round(c.operand("a"), c.int("decimals", 0))) }},
	{"divmod(a: scalar | array, b: scalar | array, stream: StreamOrDevice = None) -> array", "Element-wise quotient, rounded down, and remainder, as a list of the two.",
		func(c *Call) starlark.Value {
			x, y := c.pair("a", "b")
			q, r := c.b.DivMod(x, y)
			return c.outs([]*engine.Node{q, r}, false)
		}},
	{"clip(a: array, /, a_min: scalar | array | None, a_max: scalar | array | None, *, stream: StreamOrDevice = None) -> array", "Elements limited to the range from a_min to a_max, either of which may be None.", clip},
	{"where(condition: scalar | array, x: scalar | array, y: scalar | array, /, *, stream: StreamOrDevice = None) -> array", engine.OpSelect.Doc,
		func(c *Call) starlark.Value {
			cond := c.operand("condition")
			x, y := c.pair("x", "y")
			return c.out(c.b.Where(cond, x, y))
		}},
	{"nan_to_num(a: scalar | array, nan: float = 0, posinf: float | None = None, neginf: float | None = None, *, stream: StreamOrDevice = None) -> array", "NaN and infinities replaced by numbers: by default 0 and the dtype's largest finite values.", nanToNum},
	{"isnan(a: array, stream: StreamOrDevice = None) -> array", "Element-wise test for NaN.",
		func(c *Call) starlark.Value { return c.out(c.b.IsNaN(c.operand("a"))) }},
	{"isinf(a: array, stream: StreamOrDevice = None) -> array", "Element-wise test for an infinity of either sign.",
		func(c *Call) starlark.Value { return c.out(c.b.IsInf(c.operand("a"))) }},
	{"isfinite(a: array, stream: StreamOrDevice = None) -> array", "Element-wise test for a number that is neither NaN nor infinite.",
		func(c *Call) starlark.Value { return c.out(c.b.IsFinite(c.operand("a"))) }},
	{"isposinf(a: array, stream: StreamOrDevice = None) -> array", "Element-wise test for positive infinity.",
		func(c *Call) starlark.Value { return c.out(c.b.IsInfinity(c.operand("a"), 1)) }},
	{"isneginf(a: array, stream: StreamOrDevice = None) -> array", "Element-wise test for negative infinity.",
		func(c *Call) starlark.Value { return c.out(c.b.IsInfinity(c.operand("a"), -1)) }},
	{"isclose(a: array, b: array, /, rtol: float = 1e-05, atol: float = 1e-08, *, equal_nan: bool = False, stream: StreamOrDevice = None) -> array", "Element-wise |a - b| <= atol + rtol * |b|. Infinities of one sign are close; NaNs are with equal_nan.",
		func(c *Call) starlark.Value { return c.out(c.close()) }},
	{"allclose(a: array, b: array, /, rtol: float = 1e-05, atol: float = 1e-08, *, equal_nan: bool = False, stream: StreamOrDevice = None) -> array", "Whether all elements are close, by the rule of isclose.",
		func(c *Call) starlark.Value { return c.out(c.b.Reduce(engine.OpAll, c.close(), nil, false)) }},
	{"array_equal(a: scalar | array, b: scalar | array, equal_nan: bool = False, stream: StreamOrDevice = None) -> array", "Whether two arrays have one shape and equal elements; NaNs are equal with equal_nan.",
		func(c *Call) starlark.Value {
			x, y := c.pair("a", "b")
			return c.out(c.b.ArrayEqual(x, y, c.bool("equal_nan", false)))
		}},
	{"arctan2(a: scalar | array, b: scalar | array, /, *, stream: StreamOrDevice = None) -> array", engine.OpArctan2.Doc,
		func(c *Call) starlark.Value {
			x, y := c.pair("a", "b")
			return c.out(c.b.Binary(engine.OpArctan2, x, y))
		}},
	{"stop_gradient(a: array, /, *, stream: StreamOrDevice = None) -> array", "The same array, which transforms take for a constant.",
		func(c *Call) starlark.Value { return c.out(c.b.StopGradient(c.array("a"))) }},
}

func clip(c *Call) starlark.Value {
	low, high := c.given("a_min"), c.given("a_max")
	if low == nil && high == nil {
		c.b.Fail(engine.Errorf(engine.ValueError, "clip", "both bounds are None, want at most one"))
	}
	x := c.array("a")
	if low != nil {
		x = c.b.Binary(engine.OpMaximum, x, c.beside(x, "a_min", low))
	}
	if high != nil {
		x = c.b.Binary(engine.OpMinimum, x, c.beside(x, "a_max", high))
	}
	return c.out(x)
}

func nanToNum(c *Call) starlark.Value {
	return c.out(c.b.NaNToNum(c.operand("a"), c.float("nan", 0), c.optFloat("posinf"), c.optFloat("neginf")))
}

func (c *Call) close() *engine.Node {
	return c.b.IsClose(c.array("a"), c.array("b"), c.float("rtol", 1e-5), c.float("atol", 1e-8), c.bool("equal_nan", false))
}
