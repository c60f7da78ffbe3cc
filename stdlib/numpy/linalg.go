package numpy

import (
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// linalgOperand is an argument of a decomposition, as a float.
func (p *np) linalgOperand(i int) *ndarray {
	a := p.elementsOf(i)
	if a.dtype == engine.Float16 {
		p.fail(object.TypeError, "array type float16 is unsupported in linalg")
	}
	if len(a.shape) < 2 {
		p.fail(p.linalgError(), "%d-dimensional array given. Array must be at least two-dimensional", len(a.shape))
	}
	return p.astype(a, toQuotient(a.dtype))
}

// square fails for matrices that are not square.
func (p *np) square(a *ndarray) *ndarray {
	n := len(a.shape)
	if a.shape[n-1] != a.shape[n-2] {
		p.fail(p.linalgError(), "Last 2 dimensions of the array must be square")
	}
	return a
}

func (p *np) linalgError() *object.Type {
	m, err := p.host.Import(p.thread, "numpy.linalg")
	p.check(err)
	return m.(*native.Module).Members["LinAlgError"].(*object.Type)
}

// decompose runs a decomposition and gives its parts as arrays.
func (p *np) decompose(a *ndarray, f func(b *engine.Builder, x *engine.Node) []*engine.Node, more ...*ndarray) []*ndarray {
	return p.buildAll(func(b *engine.Builder) []*engine.Node { return f(b, a.node(b)) }, append(more, a)...)
}

func tupleOf(xs []*ndarray) starlark.Tuple {
	out := make(starlark.Tuple, len(xs))
	for i, x := range xs {
		out[i] = x.result()
	}
	return out
}

// Linalg makes numpy.linalg; its further functions are in the script
// language.
func (m *Library) Linalg() *native.Module {
	mod := native.NewModule("numpy.linalg", "Linear algebra.")
	mod.Members["LinAlgError"] = native.NewClass("LinAlgError", "numpy.linalg", object.ValueError)
	m.define(mod, linalgFunctions)
	mod.Missing = m.memberOf(mod, partsOf("numpy", "_linalg"))
	return mod
}

var linalgFunctions = []function{
	{"_inv(a)", "The inverse of square matrices.", func(p *np) starlark.Value {
		a := p.square(p.linalgOperand(0))
		if p.singular(a) {
			p.fail(p.linalgError(), "Singular matrix")
		}
		return p.decompose(a, func(b *engine.Builder, x *engine.Node) []*engine.Node {
			return []*engine.Node{b.Inverse(x, engine.Whole)}
		})[0]
	}},
	{"_solve(a, b)", "The solution of linear equations; b has columns.", func(p *np) starlark.Value {
		a, y := p.square(p.linalgOperand(0)), p.elementsOf(1)
		d := promote(a.dtype, toQuotient(y.dtype))
		a, y = p.astype(a, d), p.astype(y, d)
		if p.singular(a) {
			p.fail(p.linalgError(), "Singular matrix")
		}
		return p.decompose(a, func(b *engine.Builder, x *engine.Node) []*engine.Node {
			return []*engine.Node{b.Solve(x, y.node(b), engine.Whole)}
		}, y)[0]
	}},
	{"_det(a)", "The determinant of square matrices.", func(p *np) starlark.Value {
		return p.decompose(p.square(p.linalgOperand(0)), func(b *engine.Builder, x *engine.Node) []*engine.Node { return []*engine.Node{b.Det(x)} })[0].result()
	}},
	{"_slogdet(a)", "The sign and the logarithm of the determinant.", func(p *np) starlark.Value {
		return tupleOf(p.decompose(p.square(p.linalgOperand(0)), func(b *engine.Builder, x *engine.Node) []*engine.Node { return b.SlogDet(x) }))
	}},
	{"_cholesky(a, /, *, upper=False)", "The Cholesky factor of positive definite matrices.", func(p *np) starlark.Value {
		upper := p.c.BoolOr(1, false)
		out := p.decompose(p.square(p.linalgOperand(0)), func(b *engine.Builder, x *engine.Node) []*engine.Node { return []*engine.Node{b.Cholesky(x, upper)} })[0]
		for _, f := range out.floats() {
			if f != f {
				p.fail(p.linalgError(), "Matrix is not positive definite")
			}
		}
		return out
	}},
	{"_qr(a)", "The factors Q and R, reduced.", func(p *np) starlark.Value {
		return tupleOf(p.decompose(p.linalgOperand(0), func(b *engine.Builder, x *engine.Node) []*engine.Node { return b.QR(x) }))
	}},
	{"_svd(a)", "The factors U, S and Vh, full.", func(p *np) starlark.Value {
		return tupleOf(p.decompose(p.linalgOperand(0), func(b *engine.Builder, x *engine.Node) []*engine.Node { return b.SVD(x, true) }))
	}},
	{"_svdvals(a)", "The singular values.", func(p *np) starlark.Value {
		return p.decompose(p.linalgOperand(0), func(b *engine.Builder, x *engine.Node) []*engine.Node { return b.SVD(x, false) })[0]
	}},
	{"_eig(a)", "Eigenvalues and eigenvectors of square matrices, complex.", func(p *np) starlark.Value {
		a := p.square(p.linalgOperand(0))
		return tupleOf(p.decompose(a, func(b *engine.Builder, x *engine.Node) []*engine.Node {
			out := slices.Clone(b.EigAs(b.AsType(x, promote(a.dtype, engine.Float64)), engine.Complex128))
			for i := range out {
				out[i] = b.AsType(out[i], a.dtype.Complex())
			}
			return out
		}))
	}},
	{"_eigh(a, upper=False)", "Eigenvalues and eigenvectors of symmetric matrices.", func(p *np) starlark.Value {
		upper := p.c.BoolOr(1, false)
		return tupleOf(p.decompose(p.square(p.linalgOperand(0)), func(b *engine.Builder, x *engine.Node) []*engine.Node { return b.Eigh(x, upper) }))
	}},
}

// singular reports whether a matrix has a zero pivot, which an LU factorization
// finds exactly where it occurs.
func (p *np) singular(a *ndarray) bool {
	if a.size() == 0 {
		return false
	}
	det := p.decompose(a, func(b *engine.Builder, x *engine.Node) []*engine.Node { return b.SlogDet(x) })[0]
	for _, f := range det.floats() {
		if f == 0 {
			return true
		}
	}
	return false
}
