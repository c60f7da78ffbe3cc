package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// randomFunctions are mx.random. A draw without a key takes one from the global
// state, at the call.
var randomFunctions = []function{
	{"seed(seed: int) -> None", "Restarts the global generator.",
		func(c *Call) starlark.Value { c.m.Engine.Seed(c.seed()); return starlark.None }},
	{"key(seed: int) -> array", "A generator key from a seed.",
		func(c *Call) starlark.Value { return c.out(c.b.Key(c.seed())) }},
	{"split(key: array, num: int = 2, stream: StreamOrDevice = None) -> array", "Keys made of one, which must not be used again itself.",
		func(c *Call) starlark.Value { return c.out(c.b.Split(c.array("key"), c.int("num", 2))) }},
	{"uniform(low: scalar | array = 0, high: scalar | array = 1, shape: Sequence[int] = [], dtype: Dtype | None = float32, key: array | None = None, stream: StreamOrDevice = None) -> array", "Numbers evenly spread over [low, high), which broadcast to the shape.",
		func(c *Call) starlark.Value {
			low, high := c.numberOr("low", 0), c.numberOr("high", 1)
			return c.out(c.b.Uniform(low, high, c.drawShape(), c.dtype("dtype", engine.Float32), c.key()))
		}},
	{"normal(shape: Sequence[int] = [], dtype: Dtype | None = float32, loc: scalar | array | None = None, scale: scalar | array | None = None, key: array | None = None, stream: StreamOrDevice = None) -> array", "Normally distributed numbers, of mean loc (0) and standard deviation scale (1).",
		func(c *Call) starlark.Value {
			return c.out(c.b.Normal(c.drawShape(), c.dtype("dtype", engine.Float32), c.optOperand("loc"), c.optOperand("scale"), c.key()))
		}},
	{"randint(low: scalar | array, high: scalar | array, shape: Sequence[int] = [], dtype: Dtype | None = int32, key: array | None = None, stream: StreamOrDevice = None) -> array", "Integers evenly spread over [low, high), which broadcast to the shape.",
		func(c *Call) starlark.Value {
			return c.out(c.b.RandInt(c.operand("low"), c.operand("high"), c.drawShape(), c.dtype("dtype", engine.Int32), c.key()))
		}},
	{"bernoulli(p: scalar | array = 0.5, shape: Sequence[int] | None = None, key: array | None = None, stream: StreamOrDevice = None) -> array", "Bools that are True with probability p; without a shape they have p's.",
		func(c *Call) starlark.Value {
			p := c.numberOr("p", 0.5)
			shape := p.Shape()
			if c.given("shape") != nil {
				shape = c.drawShape()
			}
			return c.out(c.b.Bernoulli(p, shape, c.key()))
		}},
	{"truncated_normal(lower: scalar | array, upper: scalar | array, shape: Sequence[int] | None = None, dtype: Dtype | None = float32, key: array | None = None, stream: StreamOrDevice = None) -> array", "Normally distributed numbers between bounds; without a shape they have the one that the bounds broadcast to.",
		func(c *Call) starlark.Value {
			var shape []int
			if c.given("shape") != nil {
				shape = c.drawShape()
			}
			return c.out(c.b.TruncatedNormal(c.operand("lower"), c.operand("upper"), shape, c.dtype("dtype", engine.Float32), c.key()))
		}},
	{"gumbel(shape: Sequence[int] = [], dtype: Dtype | None = float32, key: array | None = None, stream: StreamOrDevice = None) -> array", "Numbers of the standard Gumbel distribution.",
		func(c *Call) starlark.Value {
			return c.out(c.b.Gumbel(c.drawShape(), c.dtype("dtype", engine.Float32), c.key()))
		}},
	{"laplace(shape: Sequence[int] = [], dtype: Dtype | None = float32, loc: float = 0.0, scale: float = 1.0, key: array | None = None, stream: StreamOrDevice = None) -> array", "Numbers of the Laplace distribution of mean loc and spread scale.",
		func(c *Call) starlark.Value {
			return c.out(c.b.Laplace(c.drawShape(), c.dtype("dtype", engine.Float32), c.optOperand("loc"), c.optOperand("scale"), c.key()))
		}},
	{"categorical(logits: array, axis: int = -1, shape: Sequence[int] | None = None, num_samples: int | None = None, key: array | None = None, stream: StreamOrDevice = None) -> array", "Indices drawn along an axis with the probabilities softmax(logits), as uint32: of a shape that the other axes broadcast to, or num_samples for each of them as a last axis.", categorical},
	{"permutation(x: int | array, axis: int = 0, key: array | None = None, stream: StreamOrDevice = None) -> array", "0, 1, ... x-1 in random order, as uint32, or an array's slices along an axis.",
		func(c *Call) starlark.Value {
			if n, ok := indexOf(c.arg("x")); ok {
				return c.out(c.b.Permutation(n, c.key()))
			}
			return c.out(c.b.Shuffle(c.array("x"), c.int("axis", 0), c.key()))
		}},
}

// seed takes a number from 0 to 2^64 - 1.
func (c *Call) seed() uint64 {
	v := c.arg("seed")
	if b, ok := v.(starlark.Bool); ok {
		if b {
			return 1
		}
		return 0
	}
	n, ok := v.(starlark.Int)
	if ok {
		if u, ok := n.Uint64(); ok {
			return u
		}
	}
	c.fail(object.TypeError, "%s(): argument 'seed' must be an int from 0 to 2**64-1, not %s", c.sig.Name, v)
	return 0
}

// key takes a generator key, or one of the global state, which a draw that fails
// uses up as well.
func (c *Call) key() *engine.Node {
	if k := c.optArray("key"); k != nil {
		return k
	}
	old := c.m.Engine.RandomState()
	key := c.b.NextKey()
	c.noteDraw(old, key)
	return key
}

// drawShape takes a sequence of integers.
func (c *Call) drawShape() []int {
	if c.given("shape") == nil {
		return []int{}
	}
	return c.ints("shape")
}

// numberOr takes an array or a number with a default.
func (c *Call) numberOr(name string, absent float64) *engine.Node {
	if c.arg(name) == nil {
		return c.b.Scalar(absent, engine.Float32)
	}
	return c.operand(name)
}

func (c *Call) optOperand(name string) *engine.Node {
	if c.given(name) == nil {
		return nil
	}
	return c.operand(name)
}

func categorical(c *Call) starlark.Value {
	logits, axis := c.array("logits"), c.int("axis", -1)
	if c.given("num_samples") == nil {
		var shape []int
		if c.given("shape") != nil {
			shape = c.drawShape()
		}
		return c.out(c.b.Categorical(logits, axis, shape, c.key()))
	}
	if c.given("shape") != nil {
		c.fail(object.ValueError, "random.categorical: got both shape and num_samples, want at most one")
	}
	return c.out(c.b.CategoricalSamples(logits, axis, c.int("num_samples", 0), c.key()))
}

// covarianceFunctions are the draws that take a matrix apart.
var covarianceFunctions = []function{
	{"multivariate_normal(mean: array, cov: array, shape: Sequence[int] = [], dtype: Dtype | None = float32, key: array | None = None, stream: StreamOrDevice = None) -> array", "Draws from the normal distribution of a mean vector and a covariance matrix, which broadcast with the shape.",
		func(c *Call) starlark.Value {
			return c.out(c.b.MultivariateNormal(c.array("mean"), c.array("cov"), c.drawShape(), c.dtype("dtype", engine.Float32), c.key()))
		}},
}
