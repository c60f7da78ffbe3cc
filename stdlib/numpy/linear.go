package numpy

import (
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// matmul is the matrix product. The engine multiplies floats; integers go
// through float64, which is exact up to 2**53.
func (p *np) matmul(a, b *ndarray) *ndarray {
	if len(a.shape) == 0 || len(b.shape) == 0 {
		p.fail(object.ValueError, "matmul: Input operand 0 does not have enough dimensions (has 0, gufunc core with signature (n?,k),(k,m?)->(n?,m?) requires 1)")
	}
	inner, other := a.shape[len(a.shape)-1], b.shape[max(len(b.shape)-2, 0)]
	if inner != other {
		p.fail(object.ValueError, "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),(k,m?)->(n?,m?) (size %d is different from %d)", other, inner)
	}
	return p.product([]*ndarray{a, b}, func(e *engine.Builder, x []*engine.Node) *engine.Node { return e.MatMul(x[0], x[1]) })
}

// product computes sums of products of arrays in the dtype in which they meet.
func (p *np) product(xs []*ndarray, f func(b *engine.Builder, x []*engine.Node) *engine.Node) *ndarray {
	d := xs[0].dtype
	for _, x := range xs[1:] {
		d = promote(d, x.dtype)
	}
	in := d
	if !d.IsInexact() {
		in = engine.Float64
	}
	return p.build(func(b *engine.Builder) *engine.Node {
		nodes := make([]*engine.Node, len(xs))
		for i, x := range xs {
			nodes[i] = x.as(b, in)
		}
		return b.AsType(f(b, nodes), d)
	}, xs...)
}

// dot is numpy.dot: the sum over the last axis of a and the second last of b.
func (p *np) dot(a, b *ndarray) *ndarray {
	switch ra, rb := len(a.shape), len(b.shape); {
	case ra == 0 || rb == 0:
		return p.apply(p.ufuncs["multiply"], []operand{{a: a, d: a.dtype}, {a: b, d: b.dtype}}, 0)
	case ra <= 2 && rb <= 2 || rb == 1:
		at := max(rb-2, 0)
		if a.shape[ra-1] != b.shape[at] {
			p.fail(object.ValueError, "shapes %s and %s not aligned: %d (dim %d) != %d (dim %d)", shapeTuple(a.shape), shapeTuple(b.shape), a.shape[ra-1], ra-1, b.shape[at], at)
		}
		return p.matmul(a, b)
	default:
		if a.shape[ra-1] != b.shape[rb-2] {
			p.fail(object.ValueError, "shapes %s and %s not aligned: %d (dim %d) != %d (dim %d)", shapeTuple(a.shape), shapeTuple(b.shape), a.shape[ra-1], ra-1, b.shape[rb-2], rb-2)
		}
		return p.product([]*ndarray{a, b}, func(e *engine.Builder, x []*engine.Node) *engine.Node {
			return e.TensorDot(x[0], x[1], []int{ra - 1}, []int{rb - 2})
		})
	}
}

var linearFunctions = []function{
	{"matmul(x1, x2, /, out=None, *, dtype=None)", "Matrix product of two arrays, computed in the dtype if there is one.", func(p *np) starlark.Value {
		a, b := p.elementsOf(0), p.elementsOf(1)
		if d, _ := p.dtypeArg(3); d.Valid() {
			a, b = p.astype(a, d), p.astype(b, d)
		}
		return p.into(p.matmul(a, b), p.c.Arg(2))
	}},
	{"dot(a, b, out=None)", "Dot product of two arrays.", func(p *np) starlark.Value {
		return p.into(p.dot(p.elementsOf(0), p.elementsOf(1)), p.c.Arg(2))
	}},
	{"einsum(subscripts, /, *operands, out=None, dtype=None, order='K', casting='safe', optimize=False)", "Sums of products, as subscripts say.", func(p *np) starlark.Value {
		s := p.c.Str(0)
		p.check(p.c.Err)
		xs := make([]*ndarray, len(p.c.Rest))
		for i, v := range p.c.Rest {
			xs[i] = p.array(v, 0)
		}
		if len(xs) == 0 {
			p.fail(object.ValueError, "must provide at least an operand")
		}
		return p.product(xs, func(b *engine.Builder, x []*engine.Node) *engine.Node { return b.Einsum(s, x) }).result()
	}},
	{"einsum_path(subscripts, /, *operands, optimize='greedy', einsum_call=False)", "The order in which einsum contracts its operands, as a list that begins with 'einsum_path', and a text that describes it.", func(p *np) starlark.Value {
		s := p.c.Str(0)
		p.check(p.c.Err)
		var xs []*ndarray
		for _, v := range p.c.Rest {
			xs = append(xs, p.array(v, 0))
		}
		if len(xs) == 0 {
			p.fail(object.ValueError, "must provide at least an operand")
		}
		return p.einsumPath(s, xs)
	}},
}

// einsumPath is einsum_path of operands. Without optimizing, all are contracted at once.
func (p *np) einsumPath(subscripts string, xs []*ndarray) starlark.Value {
	at := []starlark.Value{starlark.String("einsum_path")}
	var path [][]int
	var text string
	b := p.builder()
	p.check(builtins.PythonError(b.Try(func() {
		nodes := make([]*engine.Node, len(xs))
		for i, x := range xs {
			nodes[i] = b.Full(slices.Clone(x.shape), 0, x.dtype) // its shape alone matters
		}
		path, text = b.EinsumPath(subscripts, nodes)
	})))
	if v, ok := p.c.ValueOr(2, starlark.True).(starlark.Bool); ok && !bool(v) {
		all := make([]int, len(xs))
		for i := range all {
			all[i] = i
		}
		path = [][]int{all}
	}
	for _, step := range path {
		places := make(starlark.Tuple, len(step))
		for i, k := range step {
			places[i] = starlark.MakeInt(k)
		}
		at = append(at, places)
	}
	return starlark.Tuple{starlark.NewList(at), starlark.String(text)}
}

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
	{"inv(a)", "The inverse of square matrices.", func(p *np) starlark.Value {
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
	{"det(a)", "The determinant of square matrices.", func(p *np) starlark.Value {
		return p.decompose(p.square(p.linalgOperand(0)), func(b *engine.Builder, x *engine.Node) []*engine.Node { return []*engine.Node{b.Det(x)} })[0].result()
	}},
	{"_slogdet(a)", "The sign and the logarithm of the determinant.", func(p *np) starlark.Value {
		return tupleOf(p.decompose(p.square(p.linalgOperand(0)), func(b *engine.Builder, x *engine.Node) []*engine.Node { return b.SlogDet(x) }))
	}},
	{"cholesky(a, /, *, upper=False)", "The Cholesky factor of positive definite matrices.", func(p *np) starlark.Value {
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
	{"_eig(a)", "Eigenvalues and eigenvectors of square matrices, complex64.", func(p *np) starlark.Value {
		return tupleOf(p.decompose(p.square(p.linalgOperand(0)), func(b *engine.Builder, x *engine.Node) []*engine.Node { return b.Eig(x) }))
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

// FFT makes numpy.fft. Its results are complex64, as there is no
// complex128 here.
func (m *Library) FFT() *native.Module {
	mod := native.NewModule("numpy.fft", "Discrete Fourier transforms, in complex64.")
	var rows []function
	for _, r := range []struct {
		name          string
		real, inverse bool
	}{{"fft", false, false}, {"ifft", false, true}, {"rfft", true, false}, {"irfft", true, true}} {
		f := engine.Fourier{Name: r.name, Real: r.real, Inverse: r.inverse}
		rows = append(rows,
			function{r.name + "(a, n=None, axis=-1, norm=None, out=None)", "The transform along one axis.", func(p *np) starlark.Value {
				axis := p.c.IntOr(2, -1)
				var sizes []int
				if p.c.Given(1) {
					sizes = []int{p.c.Int(1)}
				}
				return p.fourier(f, p.elementsOf(0), sizes, []int{axis}, p.c.StrOr(3, "backward"))
			}},
			function{r.name + "2(a, s=None, axes=(-2, -1), norm=None, out=None)", "The transform along two axes.", func(p *np) starlark.Value {
				a, axes := p.elementsOf(0), []int{-2, -1}
				switch {
				case p.c.Given(2):
					axes = p.shapeArg(2)
				case p.c.Arg(2) == starlark.None:
					axes = p.axesOf(nil, len(a.shape))
				}
				return p.fourier(f, a, p.sizesArg(1), axes, p.c.StrOr(3, "backward"))
			}},
			function{r.name + "n(a, s=None, axes=None, norm=None, out=None)", "The transform along several axes.", func(p *np) starlark.Value {
				a := p.elementsOf(0)
				sizes := p.sizesArg(1)
				axes := p.axesOf(nil, len(a.shape))
				if sizes != nil {
					axes = axes[len(axes)-len(sizes):]
				}
				if p.c.Given(2) {
					axes = p.shapeArg(2)
				}
				return p.fourier(f, a, sizes, axes, p.c.StrOr(3, "backward"))
			}})
	}
	m.define(mod, rows)
	mod.Missing = m.memberOf(mod, partsOf("numpy", "_fft"))
	return mod
}

func (p *np) sizesArg(i int) []int {
	if !p.c.Given(i) {
		return nil
	}
	return p.shapeArg(i)
}

func (p *np) fourier(f engine.Fourier, a *ndarray, sizes, axes []int, norm string) starlark.Value {
	for _, x := range axes {
		p.axis(x, len(a.shape))
	}
	return p.build(func(b *engine.Builder) *engine.Node {
		y := b.Transform(f, a.node(b), sizes, axes, engine.FourierNorm(norm))
		if f.Real && f.Inverse && a.dtype != engine.Float32 && a.dtype != engine.Complex64 {
			y = b.AsType(y, engine.Float64)
		}
		return y
	}, a)
}
