package builtins

import (
	"math"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// linearFunctions sum products.
var linearFunctions = []function{
	{"matmul(a: array, b: array, /, *, stream: StreamOrDevice = None) -> array", engine.OpMatMul.Doc,
		func(c *Call) starlark.Value { return c.out(c.b.MatMul(c.array("a"), c.array("b"))) }},
	{"addmm(c: array, a: array, b: array, /, alpha: float = 1.0, beta: float = 1.0, *, stream: StreamOrDevice = None) -> array", engine.OpAddMM.Doc,
		func(c *Call) starlark.Value {
			return c.out(c.b.AddMM(c.array("c"), c.array("a"), c.array("b"), c.float("alpha", 1), c.float("beta", 1)))
		}},
	{"inner(a: array, b: array, /, *, stream: StreamOrDevice = None) -> array", "Sums of products over the last axes.",
		func(c *Call) starlark.Value { return c.out(c.b.Inner(c.array("a"), c.array("b"))) }},
	{"outer(a: array, b: array, /, *, stream: StreamOrDevice = None) -> array", "Products of every element of a with every one of b, which count as flat.",
		func(c *Call) starlark.Value { return c.out(c.b.Outer(c.array("a"), c.array("b"))) }},
	{"vecdot(a: array, b: array, /, *, axis: int = -1, stream: StreamOrDevice = None) -> array", "Sums of products along an axis, a conjugated.",
		func(c *Call) starlark.Value { return c.out(c.b.VecDot(c.array("a"), c.array("b"), c.int("axis", -1))) }},
	{"kron(a: array, b: array, *, stream: StreamOrDevice = None) -> array", "The Kronecker product.",
		func(c *Call) starlark.Value { return c.out(c.b.Kron(c.array("a"), c.array("b"))) }},
	{"tensordot(a: array, b: array, /, axes: int | list[Sequence[int]] = 2, *, stream: StreamOrDevice = None) -> array", "Sums of products over pairs of axes: the last ones of a with the first ones of b, or two lists of axes.", tensordot},
	{"einsum(subscripts: str, *operands, stream: StreamOrDevice = None) -> array", "Sums of products by Einstein's convention: 'ij,jk->ik' is the matrix product.",
		func(c *Call) starlark.Value { return c.out(c.b.Einsum(c.str("subscripts", ""), c.restArrays())) }},
	{"einsum_path(subscripts: str, *operands)", "The order in which einsum contracts the operands, as a list of tuples of places among those left, each outcome coming last, and a text that describes it.", einsumPath},
	{"hadamard_transform(a: array, scale: float | None = None, stream: StreamOrDevice = None) -> array", "The last axis multiplied by the Hadamard matrix of its size, times scale, by default 1 over the square root of the size.", hadamard},
	{"gather_mm(a: array, b: array, /, lhs_indices: array | None = None, rhs_indices: array | None = None, *, sorted_indices: bool = False, stream: StreamOrDevice = None) -> array", "Products of matrices that index arrays pick from the leading axes of a and b.",
		func(c *Call) starlark.Value {
			return c.out(c.b.GatherMM(c.array("a"), c.array("b"), c.optArray("lhs_indices"), c.optArray("rhs_indices")))
		}},
	{"segmented_mm(a: array, b: array, /, segments: array, *, stream: StreamOrDevice = None) -> array", "Products of matrices over parts of the inner axis: one for each pair of a start and an end in segments.",
		func(c *Call) starlark.Value {
			return c.out(c.b.SegmentedMM(c.array("a"), c.array("b"), c.array("segments")))
		}},
	{"block_masked_mm(a: array, b: array, /, block_size: int = 64, mask_out: array | None = None, mask_lhs: array | None = None, mask_rhs: array | None = None, *, stream: StreamOrDevice = None) -> array", "The matrix product with blocks of the operands and of the result scaled or dropped by masks.",
		func(c *Call) starlark.Value {
			return c.out(c.b.BlockMaskedMM(c.array("a"), c.array("b"), c.int("block_size", 64),
				c.optArray("mask_out"), c.optArray("mask_lhs"), c.optArray("mask_rhs")))
		}},
	{"convolve(a: array, v: array, /, mode: str = \"full\", *, stream: StreamOrDevice = None) -> array", "The discrete convolution of two vectors, of mode 'full', 'same' or 'valid'.",
		func(c *Call) starlark.Value {
			return c.out(c.b.Convolve(c.array("a"), c.array("v"), c.str("mode", "full")))
		}},
	{"conv1d(input: array, weight: array, /, stride: int = 1, padding: int = 0, dilation: int = 1, groups: int = 1, *, stream: StreamOrDevice = None) -> array", convDoc + "1 axis.", func(c *Call) starlark.Value { return c.conv(1) }},
	{"conv2d(input: array, weight: array, /, stride: int | tuple[int, int] = 1, padding: int | tuple[int, int] = 0, dilation: int | tuple[int, int] = 1, groups: int = 1, *, stream: StreamOrDevice = None) -> array", convDoc + "2 axes.", func(c *Call) starlark.Value { return c.conv(2) }},
	{"conv3d(input: array, weight: array, /, stride: int | tuple[int, int, int] = 1, padding: int | tuple[int, int, int] = 0, dilation: int | tuple[int, int, int] = 1, groups: int = 1, *, stream: StreamOrDevice = None) -> array", convDoc + "3 axes.", func(c *Call) starlark.Value { return c.conv(3) }},
	{"conv_transpose1d(input: array, weight: array, /, stride: int = 1, padding: int = 0, dilation: int = 1, output_padding: int = 0, groups: int = 1, *, stream: StreamOrDevice = None) -> array", convTransposeDoc + "1 axis.", func(c *Call) starlark.Value { return c.convTranspose(1) }},
	{"conv_transpose2d(input: array, weight: array, /, stride: int | tuple[int, int] = 1, padding: int | tuple[int, int] = 0, dilation: int | tuple[int, int] = 1, output_padding: int | tuple[int, int] = 0, groups: int = 1, *, stream: StreamOrDevice = None) -> array", convTransposeDoc + "2 axes.", func(c *Call) starlark.Value { return c.convTranspose(2) }},
	{"conv_transpose3d(input: array, weight: array, /, stride: int | tuple[int, int, int] = 1, padding: int | tuple[int, int, int] = 0, dilation: int | tuple[int, int, int] = 1, output_padding: int | tuple[int, int, int] = 0, groups: int = 1, *, stream: StreamOrDevice = None) -> array", convTransposeDoc + "3 axes.", func(c *Call) starlark.Value { return c.convTranspose(3) }},
	{"conv_general(input: array, weight: array, /, stride: int | Sequence[int] = 1, padding: int | Sequence[int] | tuple[Sequence[int], Sequence[int]] = 0, kernel_dilation: int | Sequence[int] = 1, input_dilation: int | Sequence[int] = 1, groups: int = 1, flip: bool = False, *, stream: StreamOrDevice = None) -> array", "Cross-correlation, or convolution with flip, of an input (batch, sizes..., channels) with a weight (out, kernel..., channels / groups) over any number of axes. Padding is a number, one an axis, or a pair of lists: before and after.", convGeneral},
}

const (
	convDoc          = "Cross-correlation of an input (batch, sizes..., channels) with a weight (out, kernel..., channels / groups) over "
	convTransposeDoc = "Transpose of the convolution of an input (batch, sizes..., channels) with a weight (out, kernel..., channels / groups) over "
)

// linalgFunctions are mx.linalg.
var linalgFunctions = []function{
	{"norm(a: array, /, ord: None | int | float | str = None, axis: None | int | list[int] = None, keepdims: bool = False, *, stream: StreamOrDevice = None) -> array", "A vector's or a matrix's norm: by default the root of the sum of squares, over one axis, two, or all.", norm},
	{"cross(a: array, b: array, axis: int = -1, *, stream: StreamOrDevice = None) -> array", "The cross product of vectors of 2 or 3 elements along an axis.",
		func(c *Call) starlark.Value { return c.out(c.b.Cross(c.array("a"), c.array("b"), c.int("axis", -1))) }},
}

func einsumPath(c *Call) starlark.Value {
	path, text := c.b.EinsumPath(c.str("subscripts", ""), c.restArrays())
	steps := make([]starlark.Value, len(path))
	for i, places := range path {
		steps[i] = intTuple(places)
	}
	return starlark.Tuple{starlark.NewList(steps), starlark.String(text)}
}

func tensordot(c *Call) starlark.Value {
	x, y, v := c.array("a"), c.array("b"), c.arg("axes")
	n, isInt := indexOf(v)
	if v == nil {
		n, isInt = 2, true
	}
	if isInt {
		if n < 0 || n > min(x.Rank(), y.Rank()) {
			c.fail(object.ValueError, "tensordot: %d axes of arrays with %d and %d", n, x.Rank(), y.Rank())
		}
		var last, first []int
		for i := range n {
			last, first = append(last, x.Rank()-n+i), append(first, i)
		}
		return c.out(c.b.TensorDot(x, y, last, first))
	}
	lists, ok := sequence(v)
	if !ok {
		c.mistyped("axes", v, "int or two sequences of int")
	}
	if len(lists) != 2 {
		c.fail(object.ValueError, "tensordot: got %d lists of axes, want 2", len(lists))
	}
	return c.out(c.b.TensorDot(x, y, c.toInts("axes", lists[0]), c.toInts("axes", lists[1])))
}

func hadamard(c *Call) starlark.Value {
	x := c.array("a")
	if x.Rank() == 0 {
		d := x.Dtype().AtLeastFloat()
		return c.out(c.b.Mul(c.b.AsType(x, d), c.b.Scalar(c.float("scale", 1), d)))
	}
	n := x.Shape()[x.Rank()-1]
	return c.out(c.b.Hadamard(x, c.float("scale", 1/math.Sqrt(float64(n)))))
}

// convOperands gives the number of axes between batch and channels, too: the functions
// whose parameters are single numbers take up to three, as in MLX.
func (c *Call) convOperands(rank int) (x, w *engine.Node, axes int) {
	x, w = c.array("input"), c.array("weight")
	axes = x.Rank() - 2
	if axes != rank && (rank > 1 || axes < 1 || axes > 3) {
		c.fail(object.ValueError, "%s: the input has %d axes, want %d", c.sig.Name, x.Rank(), rank+2)
	}
	return x, w, axes
}

func (c *Call) conv(rank int) starlark.Value {
	x, w, rank := c.convOperands(rank)
	padding := c.perAxis("padding", 0, rank)
	ones := make([]int, rank)
	for i := range ones {
		ones[i] = 1
	}
	return c.out(c.b.Conv(c.sig.Name, x, w, engine.ConvAttrs{
		Stride: c.perAxis("stride", 1, rank), Low: padding, High: padding,
		KernelDilation: c.perAxis("dilation", 1, rank), InputDilation: ones, Groups: c.int("groups", 1),
	}))
}

func (c *Call) convTranspose(rank int) starlark.Value {
	x, w, rank := c.convOperands(rank)
	return c.out(c.b.ConvTranspose(c.sig.Name, x, w, c.perAxis("stride", 1, rank), c.perAxis("padding", 0, rank),
		c.perAxis("dilation", 1, rank), c.perAxis("output_padding", 0, rank), c.int("groups", 1)))
}

func convGeneral(c *Call) starlark.Value {
	x, w := c.array("input"), c.array("weight")
	rank := max(x.Rank()-2, 0)
	at := engine.ConvAttrs{
		Stride: c.perAxis("stride", 1, rank), KernelDilation: c.perAxis("kernel_dilation", 1, rank),
		InputDilation: c.perAxis("input_dilation", 1, rank), Groups: c.int("groups", 1), Flip: c.bool("flip", false),
	}
	if sides, ok := sequence(orNone(c.arg("padding"))); ok && len(sides) == 2 {
		if _, nested := sequence(sides[0]); nested {
			at.Low, at.High = c.toInts("padding", sides[0]), c.toInts("padding", sides[1])
			if len(at.Low) != rank || len(at.High) != rank {
				c.fail(object.ValueError, "conv_general: padding has %d and %d elements, want %d", len(at.Low), len(at.High), rank)
			}
			return c.out(c.b.Conv("conv_general", x, w, at))
		}
	}
	at.Low = c.perAxis("padding", 0, rank)
	at.High = at.Low
	return c.out(c.b.Conv("conv_general", x, w, at))
}

func orNone(v starlark.Value) starlark.Value {
	if v == nil {
		return starlark.None
	}
	return v
}

func norm(c *Call) starlark.Value {
	x, keep := c.array("a"), c.bool("keepdims", false)
	axes := c.axes("axis")
	v := c.given("ord")
	if v == nil {
		return c.out(c.b.Norm(x, axes, keep))
	}
	if axes == nil && x.Rank() > 2 {
		c.fail(object.ValueError, "linalg.norm: an array with %d axes needs an axis for the order", x.Rank())
	}
	matrix := len(axes) == 2 || axes == nil && x.Rank() == 2
	if len(axes) > 2 {
		c.fail(object.ValueError, "linalg.norm: got %d axes, want 1 or 2", len(axes))
	}
	if name, ok := starlark.AsString(v); ok {
		if name != "f" && name != "fro" && name != "nuc" || !matrix {
			c.fail(object.ValueError, "linalg.norm: the order '%s' is not one of a norm over these axes", name)
		}
		if name == "nuc" {
			if axes == nil {
				axes = []int{-2, -1}
			}
			return c.out(c.b.NuclearNorm(x, axes, keep))
		}
		return c.out(c.b.Norm(x, axes, keep))
	}
	ord := c.float("ord", 2)
	if matrix {
		if axes == nil {
			axes = []int{-2, -1}
		}
		return c.out(c.b.MatrixNorm(x, ord, axes, keep))
	}
	return c.out(c.b.VectorNorm(x, ord, axes, keep))
}
