package numpy

import (
	"math"
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// sumDtype is the dtype in which NumPy adds and multiplies along axes.
func sumDtype(d engine.Dtype) engine.Dtype {
	switch {
	case d == engine.Bool || d.IsSigned():
		return engine.Int64
	case d.IsUnsigned():
		return engine.Uint64
	}
	return d
}

// reduceWith folds an operation over axes. Where, if given, chooses the elements
// that take part, and initial is folded in.
func (p *np) reduceWith(op *engine.Op, a *ndarray, axis, dtype, out starlark.Value, keep bool, initial, where starlark.Value) starlark.Value {
	axes := p.axesOf(axis, len(a.shape))
	d := a.dtype
	additive := op == engine.OpSum || op == engine.OpProd
	if additive {
		d = sumDtype(d)
	}
	if dtype != nil && dtype != starlark.None {
		d = p.dtype(dtype).d
	}
	if where != nil && where != starlark.True && where != starlark.None {
		mask := p.array(where, engine.Bool)
		neutral := map[*engine.Op]float64{engine.OpSum: 0, engine.OpProd: 1, engine.OpAll: 1, engine.OpAny: 0}
		fill, ok := neutral[op]
		if !ok {
			if initial == nil || initial == starlark.None {
				p.fail(object.ValueError, "reduction operation '%s' does not have an identity, so to use a where mask one has to specify 'initial'", op.Name)
			}
			fill = p.one(p.array(initial, 0))
		}
		a = p.build(func(b *engine.Builder) *engine.Node {
			return b.Where(mask.node(b), a.as(b, d), b.Full(nil, complex(fill, 0), d))
		}, a, mask)
	}
	empty := 1
	for _, x := range axes {
		empty *= a.shape[x]
	}
	var r *ndarray
	switch {
	case empty == 0 && (op == engine.OpMax || op == engine.OpMin):
		if initial == nil || initial == starlark.None {
			name := map[*engine.Op]string{engine.OpMax: "maximum", engine.OpMin: "minimum"}[op]
			p.fail(object.ValueError, "zero-size array to reduction operation %s which has no identity", name)
		}
		r = p.filled(starlark.Float(p.one(p.array(initial, d))), d, reducedBy(a.shape, axes, keep))
	default:
		r = p.build(func(b *engine.Builder) *engine.Node {
			y := b.Reduce(op, a.as(b, d), slices.Clone(axes), keep)
			if additive {
				y = b.AsType(y, d)
			}
			return y
		}, a)
		if initial != nil && initial != starlark.None {
			u := map[*engine.Op]string{engine.OpSum: "add", engine.OpProd: "multiply", engine.OpMax: "maximum", engine.OpMin: "minimum"}[op]
			r = p.apply(p.ufuncs[u], []operand{{a: r, d: r.dtype}, p.mustOperand(initial)}, 0)
		}
	}
	return p.into(r, out)
}

func reducedBy(shape, axes []int, keep bool) []int {
	var out []int
	for i, n := range shape {
		switch {
		case !slices.Contains(axes, i):
			out = append(out, n)
		case keep:
			out = append(out, 1)
		}
	}
	return out
}

// into is a result, put into an array where one is given.
func (p *np) into(r *ndarray, out starlark.Value) starlark.Value {
	if to, ok := out.(*ndarray); ok {
		p.assign(to, r)
		return to
	}
	return r.result()
}

// scanWith keeps every partial result of a fold along an axis; None flattens.
func (p *np) scanWith(op *engine.Op, a *ndarray, axis, dtype starlark.Value) starlark.Value {
	at := 0
	if axis == nil || axis == starlark.None {
		a = p.reshape(a, []int{-1})
	} else {
		n, err := object.AsIndex(p.thread, axis)
		p.check(err)
		at = p.axis(n, len(a.shape))
	}
	d := a.dtype
	if op == engine.OpCumSum || op == engine.OpCumProd {
		d = sumDtype(d)
	}
	if dtype != nil && dtype != starlark.None {
		d = p.dtype(dtype).d
	}
	if a.size() == 0 {
		return p.zeros(d, a.shape)
	}
	return p.build(func(b *engine.Builder) *engine.Node {
		return b.Scan(op, a.as(b, d), at, false, true)
	}, a)
}

// foldRow is a reduction that the engine has.
func foldRow(name, doc string, op *engine.Op) function {
	return function{name + "(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True)", doc, func(p *np) starlark.Value {
		return p.reduceWith(op, p.elementsOf(0), p.c.Arg(1), p.c.Arg(2), p.c.Arg(3), p.c.BoolOr(4, false), p.c.Arg(5), p.c.Arg(6))
	}}
}

// foldPlain is a reduction without a dtype.
func foldPlain(name, doc string, op *engine.Op) function {
	return function{name + "(a, axis=None, out=None, keepdims=False, initial=None, where=True)", doc, func(p *np) starlark.Value {
		a := p.elementsOf(0)
		if (op == engine.OpAll || op == engine.OpAny) && a.dtype != engine.Bool {
			a = p.astype(a, engine.Bool)
		}
		return p.reduceWith(op, a, p.c.Arg(1), nil, p.c.Arg(2), p.c.BoolOr(3, false), p.c.Arg(4), p.c.Arg(5))
	}}
}

// argRow is an index of an extreme.
func argRow(name string, op *engine.Op) function {
	return function{name + "(a, axis=None, out=None, *, keepdims=False)", "The index of the first extreme element along an axis, or of the flattened array.", func(p *np) starlark.Value {
		a := p.elementsOf(0)
		keep := p.c.BoolOr(3, false)
		rank := len(a.shape)
		axis := 0
		if p.c.Given(1) {
			axis = p.axisArg(1, 0, a)
		} else {
			a = p.reshape(a, []int{-1})
		}
		if a.shape[axis] == 0 {
			p.fail(object.ValueError, "attempt to get %s of an empty sequence", name)
		}
		r := p.build(func(b *engine.Builder) *engine.Node {
			return b.AsType(b.ArgReduce(op, a.node(b), axis, keep), engine.Int64)
		}, a)
		if keep && !p.c.Given(1) {
			r = p.reshape(r, slices.Repeat([]int{1}, rank))
		}
		return p.into(r, p.c.Arg(2))
	}}
}

func scanRow(name string, op *engine.Op) function {
	return function{name + "(a, axis=None, dtype=None, out=None)", "Every partial result along an axis, or of the flattened array.", func(p *np) starlark.Value {
		v := p.scanWith(op, p.elementsOf(0), p.c.Arg(1), p.c.Arg(2))
		return p.into(v.(*ndarray), p.c.Arg(3))
	}}
}

// average computes mean and var, in float64 for integers and in float32 for
// halves, as NumPy does.
func (p *np) average(f func(b *engine.Builder, x *engine.Node, axes []int) *engine.Node, a *ndarray, dtype, axis starlark.Value) *ndarray {
	axes := p.axesOf(axis, len(a.shape))
	in := toQuotient(a.dtype)
	out := in
	if dtype != nil && dtype != starlark.None {
		in = p.dtype(dtype).d
		out = in
	}
	if in == engine.Float16 {
		in = engine.Float32
	}
	return p.build(func(b *engine.Builder) *engine.Node {
		y := f(b, a.as(b, in), axes)
		if y.Dtype().IsComplex() || !out.IsComplex() {
			y = b.AsType(y, out)
		}
		return y
	}, a)
}

var reduceFunctions = []function{
	foldRow("sum", "Sum over axes.", engine.OpSum),
	foldRow("prod", "Product over axes.", engine.OpProd),
	foldPlain("max", "Maximum over axes.", engine.OpMax),
	foldPlain("amax", "Maximum over axes.", engine.OpMax),
	foldPlain("min", "Minimum over axes.", engine.OpMin),
	foldPlain("amin", "Minimum over axes.", engine.OpMin),
	foldPlain("all", "Whether all elements over axes are true.", engine.OpAll),
	foldPlain("any", "Whether any element over axes is true.", engine.OpAny),
	argRow("argmax", engine.OpArgMax),
	argRow("argmin", engine.OpArgMin),
	scanRow("cumsum", engine.OpCumSum),
	scanRow("cumprod", engine.OpCumProd),
	{"mean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=True)", "Arithmetic mean over axes.", func(p *np) starlark.Value {
		a, keep := p.elementsOf(0), p.c.BoolOr(4, false)
		if w := p.c.Arg(5); w != nil && w != starlark.True {
			mask := p.broadcastTo(p.array(w, engine.Bool), a.shape)
			total := p.array(p.reduceWith(engine.OpSum, p.astype(a, toQuotient(a.dtype)), p.c.Arg(1), nil, nil, keep, nil, mask), 0)
			count := p.array(p.reduceWith(engine.OpSum, mask, p.c.Arg(1), nil, nil, keep, nil, nil), 0)
			return p.apply(p.ufuncs["divide"], []operand{{a: total, d: total.dtype}, {a: count, d: total.dtype}}, 0).result()
		}
		return p.into(p.average(func(b *engine.Builder, x *engine.Node, axes []int) *engine.Node {
			n := 1
			for _, i := range axes {
				n *= x.Shape()[i]
			}
			return b.Div(b.Sum(x, axes, keep), b.Full(nil, complex(float64(n), 0), x.Dtype()))
		}, a, p.c.Arg(2), p.c.Arg(1)), p.c.Arg(3))
	}},
	varianceRow("var", "Variance over axes; ddof is taken off the count.", false),
	varianceRow("std", "Standard deviation over axes; ddof is taken off the count.", true),
	{"nonzero(a)", "The indices of the elements that are not zero.", func(p *np) starlark.Value {
		var out starlark.Tuple
		for _, a := range p.nonzero(p.elementsOf(0)) {
			out = append(out, a)
		}
		return out
	}},
	{"count_nonzero(a, axis=None, *, keepdims=False)", "How many elements are not zero.", func(p *np) starlark.Value {
		r := p.reduceWith(engine.OpSum, p.astype(p.elementsOf(0), engine.Bool), p.c.Arg(1), nil, nil, p.c.BoolOr(2, false), nil, nil)
		return r
	}},
	{"sort(a, axis=-1, kind=None, order=None, *, stable=None)", "A sorted copy.", func(p *np) starlark.Value {
		a := p.elementsOf(0)
		if p.c.Arg(1) == starlark.None {
			return p.sorted(p.reshape(a, []int{-1}), 0)
		}
		return p.sorted(a, p.axisArg(1, -1, a))
	}},
	{"argsort(a, axis=-1, kind=None, order=None, *, stable=None)", "The indices that sort an axis; equal elements keep their order.", func(p *np) starlark.Value {
		a := p.elementsOf(0)
		axis := -1
		if p.c.Arg(1) == starlark.None {
			a = p.reshape(a, []int{-1})
		} else {
			axis = p.c.IntOr(1, -1)
		}
		at := p.axis(axis, len(a.shape))
		if a.size() == 0 {
			return p.zeros(engine.Int64, a.shape)
		}
		return p.build(func(b *engine.Builder) *engine.Node {
			return b.AsType(b.ArgSort(a.node(b), at), engine.Int64)
		}, a)
	}},
	{"searchsorted(a, v, side='left', sorter=None)", "Where values would be inserted in a sorted array.", func(p *np) starlark.Value {
		a, v := p.elementsOf(0), p.elementsOf(1)
		if p.c.Given(3) {
			a = p.taken(a, p.elementsOf(3).ints(), []int{a.size()}, 0)
		}
		side := p.c.StrOr(2, "left")
		if side != "left" && side != "right" {
			p.fail(object.ValueError, "search side must be 'left' or 'right' (got '%s')", side)
		}
		if len(a.shape) != 1 {
			p.fail(object.ValueError, "object too deep for desired array")
		}
		d := promote(a.dtype, v.dtype)
		return p.build(func(b *engine.Builder) *engine.Node {
			return b.AsType(b.SearchSorted(a.as(b, d), v.as(b, d), side == "right"), engine.Int64)
		}, a, v).result()
	}},
	{"bincount(x, /, weights=None, minlength=0)", "How often each non-negative int occurs.", func(p *np) starlark.Value {
		x := p.elementsOf(0)
		if x.size() > 0 && !x.dtype.IsInteger() && x.dtype != engine.Bool {
			p.fail(object.TypeError, "Cannot cast array data from dtype('%s') to dtype('int64') according to the rule 'safe'", x.dtype)
		}
		if len(x.shape) != 1 {
			p.fail(object.ValueError, "object of too small depth for desired array")
		}
		n := p.c.IntOr(2, 0)
		at := p.astype(x, engine.Int64).ints()
		for _, i := range at {
			if i < 0 {
				p.fail(object.ValueError, "'list' argument must have no negative elements")
			}
			n = max(n, i+1)
		}
		if !p.c.Given(1) {
			out := p.zeros(engine.Int64, []int{n})
			p.grow(n, 8)
			counts := make([]int64, n)
			for k, i := range at {
				p.look(k)
				counts[i]++
			}
			for i, k := range counts {
				p.look(i)
				p.putInt(out.store.data[i*8:][:8], k, engine.Int64)
			}
			return out
		}
		weights := p.elementsOf(1).floats()
		if len(weights) != len(at) {
			p.fail(object.ValueError, "The weights and list don't have the same length.")
		}
		out := p.zeros(engine.Float64, []int{n})
		p.grow(n, 8)
		sums := make([]float64, n)
		for k, i := range at {
			p.look(k)
			sums[i] += weights[k]
		}
		for i, s := range sums {
			p.look(i)
			engine.PutElement(out.store.data[i*8:], engine.Float64, complex(s, 0))
		}
		return out
	}},
}

// sorted is a copy in ascending order along an axis.
func (p *np) sorted(a *ndarray, axis int) *ndarray {
	if a.size() == 0 {
		return p.copied(a)
	}
	return p.build(func(b *engine.Builder) *engine.Node { return b.Sort(a.node(b), axis) }, a)
}

func varianceRow(name, doc string, root bool) function {
	return function{name + "(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=None, correction=None)", doc, func(p *np) starlark.Value {
		if w := p.c.Arg(6); w != nil && w != starlark.True {
			p.fail(object.NotImplementedError, "numpy.%s: where is not provided here", name)
		}
		ddof, keep := p.c.FloatOr(4, 0), p.c.BoolOr(5, false)
		if p.c.Given(8) {
			ddof = p.c.Float(8)
		}
		return p.into(p.average(func(b *engine.Builder, x *engine.Node, axes []int) *engine.Node {
			n := 1
			for _, i := range axes {
				n *= x.Shape()[i]
			}
			d := x.Dtype()
			mean := b.Div(b.Sum(x, axes, true), b.Full(nil, complex(float64(n), 0), d))
			away := b.Sub(x, mean)
			squares := b.Square(away)
			if d.IsComplex() {
				squares = b.Add(b.Square(b.Unary(engine.OpReal, away)), b.Square(b.Unary(engine.OpImag, away)))
				d = d.Real()
			}
			y := b.Div(b.Sum(squares, axes, keep), b.Full(nil, complex(math.Max(float64(n)-ddof, 0), 0), d))
			if root {
				y = b.Unary(engine.OpSqrt, y)
			}
			return y
		}, p.elementsOf(0), p.c.Arg(2), p.c.Arg(1)), p.c.Arg(3))
	}}
}
