package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

const matrixStream = ", *, stream: StreamOrDevice = None) -> "

// decompositionFunctions are the part of mx.linalg that solves, inverts and
// takes matrices apart. Arrays with more axes are stacks of matrices.
var decompositionFunctions = []function{
	{"inv(a: array" + matrixStream + "array", "The inverse of square matrices.",
		func(c *Call) starlark.Value { return c.out(c.b.Inverse(c.array("a"), engine.Whole)) }},
	{"tri_inv(a: array, upper: bool = False" + matrixStream + "array", "The inverse of triangular matrices; the other triangle is not read.",
		func(c *Call) starlark.Value { return c.out(c.b.Inverse(c.array("a"), c.triangle())) }},
	{"cholesky(a: array, upper: bool = False" + matrixStream + "array", "The triangular factor of positive definite matrices. It is an error of the evaluation where they are not.",
		func(c *Call) starlark.Value { return c.out(c.b.Cholesky(c.array("a"), c.bool("upper", false))) }},
	{"cholesky_inv(a: array, upper: bool = False" + matrixStream + "array", "The inverse of the matrices that cholesky gave the factor of.",
		func(c *Call) starlark.Value { return c.out(c.b.CholeskyInverse(c.array("a"), c.bool("upper", false))) }},
	{"solve(a: array, b: array" + matrixStream + "array", engine.OpSolve.Doc,
		func(c *Call) starlark.Value { return c.out(c.b.Solve(c.array("a"), c.array("b"), engine.Whole)) }},
	{"solve_triangular(a: array, b: array, *, upper: bool = False, stream: StreamOrDevice = None) -> array", "The solution x of a x = b for a triangular a; the other triangle is not read.",
		func(c *Call) starlark.Value { return c.out(c.b.Solve(c.array("a"), c.array("b"), c.triangle())) }},
	{"qr(a: array" + matrixStream + "tuple[array, array]", engine.OpQR.Doc,
		func(c *Call) starlark.Value { return c.outs(c.b.QR(c.array("a")), true) }},
	{"svd(a: array, compute_uv: bool = True" + matrixStream + "tuple[array, array, array]", engine.OpSVD.Doc,
		func(c *Call) starlark.Value {
			if x := c.array("a"); !c.bool("compute_uv", true) {
				return c.out(c.b.SVD(x, false)[0])
			}
			return c.outs(c.b.SVD(c.array("a"), true), true)
		}},
	{"pinv(a: array" + matrixStream + "array", "The Moore-Penrose inverse of matrices.",
		func(c *Call) starlark.Value { return c.out(c.b.PseudoInverse(c.array("a"))) }},
	{"eigh(a: array, UPLO: str = 'L'" + matrixStream + "tuple[array, array]", engine.OpEigh.Doc,
		func(c *Call) starlark.Value { return c.outs(c.symmetric(), true) }},
	{"eigvalsh(a: mlx.core.array, UPLO: str = 'L', *, stream: mlx.core.Stream | mlx.core.ThreadLocalStream | mlx.core.Device | mlx.core.DeviceType | None = None) -> mlx.core.array", "The eigenvalues, ascending, of symmetric matrices.",
		func(c *Call) starlark.Value { return c.out(c.symmetric()[0]) }},
	{"eig(a: array" + matrixStream + "tuple[array, array]", engine.OpEig.Doc,
		func(c *Call) starlark.Value { return c.outs(c.b.Eig(c.array("a")), true) }},
	{"eigvals(a: mlx.core.array, *, stream: mlx.core.Stream | mlx.core.ThreadLocalStream | mlx.core.Device | mlx.core.DeviceType | None = None) -> mlx.core.array", "The eigenvalues of square matrices.",
		func(c *Call) starlark.Value { return c.out(c.b.Eig(c.array("a"))[0]) }},
	{"lu(a: array" + matrixStream + "tuple[array, array, array]", "The row of L that each row belongs to, and the factors L and U.",
		func(c *Call) starlark.Value { return c.outs(c.b.LU(c.array("a")), true) }},
	{"lu_factor(a: array" + matrixStream + "tuple[array, array]", "Both triangular factors in one matrix, and the row exchanged at each step.",
		func(c *Call) starlark.Value { return c.outs(c.b.LUFactor(c.array("a"))[:2], true) }},
	{"det(a: array" + matrixStream + "array", engine.OpDet.Doc,
		func(c *Call) starlark.Value { return c.out(c.b.Det(c.array("a"))) }},
	{"slogdet(a: array" + matrixStream + "tuple[array, array]", engine.OpSlogDet.Doc,
		func(c *Call) starlark.Value { return c.outs(c.b.SlogDet(c.array("a")), true) }},
}

func (c *Call) triangle() engine.Triangle {
	if c.bool("upper", false) {
		return engine.Upper
	}
	return engine.Lower
}

func (c *Call) symmetric() []*engine.Node {
	part := c.str("UPLO", "L")
	if part != "L" && part != "U" {
		c.fail(object.ValueError, "linalg.%s: UPLO is '%s', want 'L' or 'U'", c.sig.Name, part)
	}
	return c.b.Eigh(c.array("a"), part == "U")
}

// linalgFunctions are mx.linalg.
var linalgFunctions = []function{
	{"norm(a: array, /, ord: None | int | float | str = None, axis: None | int | list[int] = None, keepdims: bool = False, *, stream: StreamOrDevice = None) -> array", "A vector's or a matrix's norm: by default the root of the sum of squares, over one axis, two, or all.", norm},
	{"cross(a: array, b: array, axis: int = -1, *, stream: StreamOrDevice = None) -> array", "The cross product of vectors of 2 or 3 elements along an axis.",
		func(c *Call) starlark.Value { return c.out(c.b.Cross(c.array("a"), c.array("b"), c.int("axis", -1))) }},
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
