package builtins

import (
	"math"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// createFunctions make arrays from nothing but their arguments.
var createFunctions = []function{
	{"zeros(shape: int | Sequence[int], dtype: Dtype | None = float32, *, stream: StreamOrDevice = None) -> array", "An array of zeros.",
		func(c *Call) starlark.Value { return c.out(c.filled(0)) }},
	{"ones(shape: int | Sequence[int], dtype: Dtype | None = float32, *, stream: StreamOrDevice = None) -> array", "An array of ones.",
		func(c *Call) starlark.Value { return c.out(c.filled(1)) }},
	{"zeros_like(a: array, /, dtype: Dtype | None = None, *, stream: StreamOrDevice = None) -> array", "Zeros of an array's shape and, without another one, its dtype.",
		func(c *Call) starlark.Value { return c.out(c.filledLike(0)) }},
	{"ones_like(a: array, /, dtype: Dtype | None = None, *, stream: StreamOrDevice = None) -> array", "Ones of an array's shape and, without another one, its dtype.",
		func(c *Call) starlark.Value { return c.out(c.filledLike(1)) }},
	{"full(shape: int | Sequence[int], vals: scalar | array, dtype: Dtype | None = None, *, stream: StreamOrDevice = None) -> array", "An array of one value, which may be an array that broadcasts to the shape. The dtype is what a number takes on where it can; an array keeps its own.",
		func(c *Call) starlark.Value {
			shape := c.shape("shape")
			return c.out(c.b.Filled(shape, c.fillValue(c.dtype("dtype", 0))))
		}},
	{"full_like(a: array, vals: scalar | array, dtype: Dtype | None = None, *, stream: StreamOrDevice = None) -> array", "An array of one value with an array's shape and, without another one, its dtype.",
		func(c *Call) starlark.Value {
			x := c.array("a")
			d := c.dtype("dtype", x.Dtype())
			return c.out(c.b.Filled(x.Shape(), c.b.AsType(c.fillValue(d), d)))
		}},
	{"arange(start: int | float = 0, stop: None | int | float = None, step: None | int | float = None, dtype: Dtype | None = None, *, stream: StreamOrDevice = None) -> array", "Evenly spaced values from start (0) up to but without stop. Ints give int32, floats float32.", arange},
	{"linspace(start: scalar, stop: scalar, num: int | None = 50, endpoint: bool = True, dtype: Dtype | None = float32, stream: StreamOrDevice = None) -> array", "Num evenly spaced values from start to stop, which is the last one unless endpoint is False.",
		func(c *Call) starlark.Value {
			d := c.dtype("dtype", engine.Float32)
			wide := engine.Float32
			if d == engine.Float64 {
				wide = d
			}
			return c.out(c.b.Linspace(c.real("start", wide), c.real("stop", wide), c.int("num", 50), c.bool("endpoint", true), d))
		}},
	{"eye(n: int, m: int | None = None, k: int = 0, dtype: Dtype | None = float32, *, stream: StreamOrDevice = None) -> array", "A matrix with ones on the k-th diagonal.",
		func(c *Call) starlark.Value {
			n := c.int("n", 0)
			return c.out(c.b.Eye(n, c.int("m", n), c.int("k", 0), c.dtype("dtype", engine.Float32)))
		}},
	{"identity(n: int, dtype: Dtype | None = float32, *, stream: StreamOrDevice = None) -> array", "The identity matrix.",
		func(c *Call) starlark.Value {
			n := c.int("n", 0)
			return c.out(c.b.Eye(n, n, 0, c.dtype("dtype", engine.Float32)))
		}},
	{"tri(n: int, m: int | None = None, k: int = 0, dtype: Dtype | None = float32, *, stream: StreamOrDevice = None) -> array", "A matrix with ones on and below the k-th diagonal.",
		func(c *Call) starlark.Value {
			n := c.int("n", 0)
			return c.out(c.b.Tri(n, c.int("m", n), c.int("k", 0), c.dtype("dtype", engine.Float32)))
		}},
	{"tril(x: array, k: int = 0, *, stream: StreamOrDevice = None) -> array", "The array with zeros above the k-th diagonal of its last two axes.",
		func(c *Call) starlark.Value { return c.out(c.b.Triangle(c.array("x"), c.int("k", 0), false)) }},
	{"triu(x: array, k: int = 0, *, stream: StreamOrDevice = None) -> array", "The array with zeros below the k-th diagonal of its last two axes.",
		func(c *Call) starlark.Value { return c.out(c.b.Triangle(c.array("x"), c.int("k", 0), true)) }},
	{"meshgrid(*arrays: array, sparse: bool | None = False, indexing: str | None = 'xy', stream: StreamOrDevice = None) -> tuple[array, ...]", "Coordinate arrays of the grid that vectors span, as a tuple: indexed [y, x, ...] for 'xy', [x, y, ...] for 'ij'; with sparse they keep unit axes.",
		func(c *Call) starlark.Value {
			indexing := c.str("indexing", "xy")
			if indexing != "xy" && indexing != "ij" {
				c.fail(object.ValueError, "meshgrid: indexing is '%s', want 'xy' or 'ij'", indexing)
			}
			return c.outs(c.b.Meshgrid(c.restArrays(), indexing == "xy", c.bool("sparse", false)), true)
		}},
	{"bartlett(M: int, *, stream: Stream | ThreadLocalStream | Device | DeviceType | None = None) -> array", "The Bartlett window, a triangle, of M points.",
		func(c *Call) starlark.Value { return c.out(c.b.Bartlett(c.int("M", 0))) }},
	{"hanning(M: int, *, stream: Stream | ThreadLocalStream | Device | DeviceType | None = None) -> array", "The Hann window of M points.",
		func(c *Call) starlark.Value { return c.out(c.b.CosineWindow(c.int("M", 0), 0.5, 0.5, 0)) }},
	{"hamming(M: int, *, stream: StreamOrDevice = None) -> array", "The Hamming window of M points.",
		func(c *Call) starlark.Value { return c.out(c.b.CosineWindow(c.int("M", 0), 0.54, 0.46, 0)) }},
	{"blackman(M: int, *, stream: StreamOrDevice = None) -> array", "The Blackman window of M points.",
		func(c *Call) starlark.Value { return c.out(c.b.CosineWindow(c.int("M", 0), 0.42, 0.5, 0.08)) }},
	{"asarray(a: scalar | array | Sequence, dtype: Dtype | None = None, *, copy: bool | None = None) -> array",
		"An array of what mx.array takes. With copy=False it fails where the elements would have to be copied.",
		func(c *Call) starlark.Value {
			d := c.dtype("dtype", 0)
			if !c.bool("copy", true) {
				// As MLX has it: the array would have to be in memory of the GPU's.
				c.fail(object.ValueError, "asarray: unable to avoid copy while creating an array as requested")
			}
			n := c.newArray(c.arg("a"), d)
			if c.arg("copy") == starlark.True {
				n = c.b.Contiguous(n)
			}
			return c.out(n)
		}},
	{"from_dlpack(x: array, /, *, copy: bool | None = None) -> array",
		"An array of the elements that x offers by DLPack's protocol: in x's own memory where that can be, and copy does not say otherwise.", importCapsule},
}

func (c *Call) filled(v complex128) *engine.Node {
	return c.b.Full(c.shape("shape"), v, c.dtype("dtype", engine.Float32))
}

func (c *Call) filledLike(v complex128) *engine.Node {
	x := c.array("a")
	return c.b.Full(x.Shape(), v, c.dtype("dtype", x.Dtype()))
}

// fillValue takes vals; a number takes on dtype d if it is valid and of the
// number's kind or above.
func (c *Call) fillValue(d engine.Dtype) *engine.Node {
	v := c.arg("vals")
	if x := c.asArray(v); x != nil {
		return x
	}
	var like *engine.Node
	if d.Valid() {
		like = c.b.Full([]int{}, 0, d)
	}
	return c.number("vals", v, like)
}

// real takes a real number or an array of one.
func (c *Call) real(name string, d engine.Dtype) *engine.Node {
	v := c.arg(name)
	if x := c.asArray(v); x != nil {
		return x
	}
	f, ok := floatOf(v)
	if !ok {
		c.mistyped(name, v, "int, float or array")
	}
	return c.b.Scalar(f, d)
}

// restArrays takes the arguments beyond the named parameters, which must be
// arrays; MLX raises RuntimeError for others.
func (c *Call) restArrays() []*engine.Node {
	out := make([]*engine.Node, len(c.rest))
	for i, v := range c.rest {
		if out[i] = c.asArray(v); out[i] == nil {
			c.fail(object.RuntimeError, "%s(): argument %d must be array, not %s", c.sig.Name, i+1, object.TypeName(v))
		}
	}
	return out
}

func arange(c *Call) starlark.Value {
	start, stop, step := c.given("start"), c.given("stop"), c.given("step")
	if stop == nil && c.placed > 0 {
		start, stop = nil, start
	}
	if stop == nil {
		c.fail(object.TypeError, "arange() missing 1 required argument: 'stop'")
	}
	d := engine.Int32
	bounds := [3]starlark.Value{start, stop, step}
	values := [3]float64{0, 0, 1}
	ints := [3]int64{0, 0, 1}
	for i, v := range bounds {
		if v == nil {
			continue
		}
		f, ok := floatOf(v)
		if !ok {
			c.mistyped([]string{"start", "stop", "step"}[i], v, "int or float")
		}
		values[i] = f
		n, isInt := indexOf(v)
		ints[i] = int64(n)
		switch {
		case !isInt:
			d, ints[i] = engine.Float32, int64(f)
		case int64(int32(n)) != int64(n) && d == engine.Int32:
			d = engine.Int64
		}
	}
	d = c.dtype("dtype", d)
	count := (values[1] - values[0]) / values[2]
	switch whole := float64(ints[0]) == values[0] && float64(ints[1]) == values[1] && float64(ints[2]) == values[2]; {
	case d == engine.Int64 && whole && values[2] != 0:
		count = float64(ints[1]-ints[0]) / float64(ints[2]) // exact where the floats above are not
	case math.IsInf(values[0], 0) || math.IsInf(values[1], 0):
		count = math.NaN()
	case math.IsInf(values[2], 0):
		count = 0 // a step towards stop leaves the start alone
		if values[0] != values[1] && (values[1] > values[0]) == (values[2] > 0) {
			count, values[2], ints[2] = 1, 1, 1
		}
	}
	switch {
	case d == engine.Bool:
		c.fail(object.ValueError, "arange: not defined for bool")
	case values[2] == 0:
		c.fail(object.ValueError, "arange: the step is 0")
	case math.IsNaN(count) || math.Ceil(count) > math.MaxInt32:
		c.fail(object.ValueError, "arange: from %v to %v by %v is too long", values[0], values[1], values[2])
	}
	return c.out(c.b.Spaced(values[0], values[2], ints[0], ints[2], int(math.Ceil(count)), d))
}
