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
}

const (
	convDoc          = "Cross-correlation of an input (batch, sizes..., channels) with a weight (out, kernel..., channels / groups) over "
	convTransposeDoc = "Transpose of the convolution of an input (batch, sizes..., channels) with a weight (out, kernel..., channels / groups) over "
)

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
