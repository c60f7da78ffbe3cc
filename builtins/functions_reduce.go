package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// reduceFunctions fold axes, along them or away.
var reduceFunctions = append(append(foldFunctions(), scanFunctions()...), reduceOthers...)

// foldFunctions are the reductions of one operation over any axes.
func foldFunctions() []function {
	var rows []function
	for _, op := range []*engine.Op{
		engine.OpSum, engine.OpProd, engine.OpMax, engine.OpMin, engine.OpAll, engine.OpAny,
	} {
		rows = append(rows, function{
			op.Name + "(a: array, /, axis: None | int | Sequence[int] = None, keepdims: bool = False, *, stream: StreamOrDevice = None) -> array", op.Doc,
			func(c *Call) starlark.Value {
				return c.out(c.b.Reduce(op, c.array("a"), c.axes("axis"), c.bool("keepdims", false)))
			},
		})
	}
	return rows
}

// scanFunctions are the running folds.
func scanFunctions() []function {
	var rows []function
	for _, op := range []*engine.Op{
		engine.OpCumSum, engine.OpCumProd, engine.OpCumMax, engine.OpCumMin, engine.OpLogCumSumExp,
	} {
		typed := op == engine.OpCumSum || op == engine.OpCumProd
		dtype := ""
		if typed {
			dtype = "dtype: Dtype | None = None, "
		}
		rows = append(rows, function{
			op.Name + "(a: array, /, axis: int | None = None, *, reverse: bool = False, inclusive: bool = True, " + dtype + "stream: StreamOrDevice = None) -> array",
			op.Doc + " Without an axis the array counts as flat. In reverse it runs from the end; exclusive leaves out each element itself.",
			func(c *Call) starlark.Value {
				x := c.array("a")
				if typed {
					x = c.b.AsType(x, c.dtype("dtype", x.Dtype()))
				}
				x, axis := c.along(x, "axis", 0)
				return c.out(c.b.Scan(op, x, axis, c.bool("reverse", false), c.bool("inclusive", true)))
			},
		})
	}
	return rows
}

var reduceOthers = []function{
	{"mean(a: array, /, axis: None | int | Sequence[int] = None, keepdims: bool = False, *, stream: StreamOrDevice = None) -> array", "Average over axes; integers give float32.",
		func(c *Call) starlark.Value {
			return c.out(c.b.Mean(c.array("a"), c.axes("axis"), c.bool("keepdims", false)))
		}},
	{"var(a: array, /, axis: None | int | Sequence[int] = None, keepdims: bool = False, ddof: int = 0, *, correction: int | None = None, stream: StreamOrDevice = None) -> array", "Variance over axes: the mean squared distance from the mean, with ddof taken off the count; correction is another name of ddof.",
		func(c *Call) starlark.Value {
			return c.out(c.variance())
		}},
	{"std(a: array, /, axis: None | int | Sequence[int] = None, keepdims: bool = False, ddof: int = 0, *, correction: int | None = None, stream: StreamOrDevice = None) -> array", "Standard deviation over axes: the square root of var.",
		func(c *Call) starlark.Value {
			return c.out(c.b.Unary(engine.OpSqrt, c.variance()))
		}},
	{"minmax(a: array, /, axis: None | int | Sequence[int] = None, keepdims: bool = False, *, stream: StreamOrDevice = None) -> tuple[array, array]", "The smallest and the largest element over axes.",
		func(c *Call) starlark.Value {
			x, axes, keep := c.array("a"), c.axes("axis"), c.bool("keepdims", false)
			return c.outs([]*engine.Node{c.b.Reduce(engine.OpMin, x, axes, keep), c.b.Reduce(engine.OpMax, x, axes, keep)}, true)
		}},
	{"median(a: array, /, axis: None | int | Sequence[int] = None, keepdims: bool = False, *, stream: StreamOrDevice = None) -> array", "The middle element over axes, or the mean of the two middle ones; integers give float32.",
		func(c *Call) starlark.Value {
			return c.out(c.b.Median(c.array("a"), c.axes("axis"), c.bool("keepdims", false)))
		}},
	{"logsumexp(a: array, /, axis: None | int | Sequence[int] = None, keepdims: bool = False, *, stream: StreamOrDevice = None) -> array", engine.OpLogSumExp.Doc,
		func(c *Call) starlark.Value {
			return c.out(c.b.LogSumExp(c.array("a"), c.axes("axis"), c.bool("keepdims", false)))
		}},
	{"count_nonzero(a: array, /, *, axis: None | int | Sequence[int] = None, keepdims: bool = False, stream: StreamOrDevice = None) -> array", "The number of elements over axes that are not zero, as int32.",
		func(c *Call) starlark.Value {
			x := c.array("a")
			hit := c.b.Binary(engine.OpNotEqual, x, c.b.Scalar(0, x.Dtype()))
			return c.out(c.b.Sum(c.b.AsType(hit, engine.Int32), c.axes("axis"), c.bool("keepdims", false)))
		}},
	{"argmax(a: array, /, axis: None | int = None, keepdims: bool = False, *, stream: StreamOrDevice = None) -> array", engine.OpArgMax.Doc + " Without an axis the array counts as flat.",
		func(c *Call) starlark.Value { return c.argReduce(engine.OpArgMax) }},
	{"argmin(a: array, /, axis: None | int = None, keepdims: bool = False, *, stream: StreamOrDevice = None) -> array", engine.OpArgMin.Doc + " Without an axis the array counts as flat.",
		func(c *Call) starlark.Value { return c.argReduce(engine.OpArgMin) }},
	{"trace(a: array, /, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Dtype | None = None, *, stream: StreamOrDevice = None) -> array", "The sum of a diagonal of the two axes.",
		func(c *Call) starlark.Value {
			x := c.array("a")
			d := c.dtype("dtype", x.Dtype())
			line := c.b.Diagonal(x, c.int("offset", 0), c.int("axis1", 0), c.int("axis2", 1))
			return c.out(c.b.Sum(c.b.AsType(line, d), []int{-1}, false))
		}},
	{"softmax(a: array, /, axis: None | int | Sequence[int] = None, *, precise: bool = False, stream: StreamOrDevice = None) -> array", "exp(a) over its sum along axes, without overflow. With precise half types compute in float32.",
		func(c *Call) starlark.Value {
			return c.out(c.b.Softmax(c.array("a"), c.axes("axis"), c.bool("precise", false)))
		}},
	{"diff(a: array, /, n: int = 1, axis: int = -1, *, stream: StreamOrDevice = None) -> array", "The n-th difference of neighbours along an axis; bools give bool.",
		func(c *Call) starlark.Value {
			return c.out(c.b.Diff(c.array("a"), c.int("n", 1), c.int("axis", -1)))
		}},
}

// variance is that of var and std; correction, where it is given, stands for ddof.
func (c *Call) variance() *engine.Node {
	off := c.int("ddof", 0)
	if c.given("correction") != nil {
		off = c.int("correction", 0)
	}
	return c.b.Var(c.array("a"), c.axes("axis"), c.bool("keepdims", false), off)
}

func (c *Call) argReduce(op *engine.Op) starlark.Value {
	x, keep := c.array("a"), c.bool("keepdims", false)
	if c.given("axis") != nil {
		return c.out(c.b.ArgReduce(op, x, c.int("axis", 0), keep))
	}
	best := c.b.ArgReduce(op, c.b.Flat(x), 0, false)
	if keep {
		best = c.b.ExpandAll(best, x.Rank())
	}
	return c.out(best)
}

// along resolves an axis parameter: where it is None, the array is made flat
// and the axis is its only one.
func (c *Call) along(x *engine.Node, name string, absent int) (y *engine.Node, axis int) {
	for i := range c.sig.Params {
		p := &c.sig.Params[i]
		if p.Name != name {
			continue
		}
		if v := c.bound[i]; v == starlark.None || v == nil && p.Default == "None" {
			return c.b.Flat(x), 0
		}
	}
	axis = c.int(name, absent)
	if at := axis; at < -x.Rank() || at >= x.Rank() {
		c.fail(object.IndexError, "%s: axis %d is out of range for an array with %d axes", c.sig.Name, axis, x.Rank())
	}
	return x, axis
}

// place counts an axis from the front.
func place(x *engine.Node, axis int) int {
	if axis < 0 {
		axis += x.Rank()
	}
	return axis
}
