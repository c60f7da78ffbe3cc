package numpy

import (
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
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
