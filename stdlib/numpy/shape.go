package numpy

import (
	"slices"
	"sort"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// axis resolves an axis among rank of them.
func (p *np) axis(at, rank int) int {
	i := at
	if i < 0 {
		i += rank
	}
	if i < 0 || i >= rank {
		p.fail(p.types.axisError, "axis %d is out of bounds for array of dimension %d", at, rank)
	}
	return i
}

// axisArg reads a parameter that is an axis of an array.
func (p *np) axisArg(i, absent int, a *ndarray) int {
	return p.axis(p.c.IntOr(i, absent), len(a.shape))
}

// axesOf reads an axis or several of them; None is all.
func (p *np) axesOf(v starlark.Value, rank int) []int {
	if v == nil || v == starlark.None {
		out := make([]int, rank)
		for i := range out {
			out[i] = i
		}
		return out
	}
	out := p.shapeOf(starlark.Tuple{v})
	for i, a := range out {
		out[i] = p.axis(a, rank)
	}
	for i, a := range out {
		if slices.Contains(out[:i], a) {
			p.fail(object.ValueError, "duplicate value in 'axis'")
		}
	}
	return out
}

// reshape gives the elements another shape: a view where their order in memory
// allows it, else a copy. One length may be -1.
func (p *np) reshape(a *ndarray, shape []int) *ndarray {
	shape = slices.Clone(shape)
	unknown, known := -1, 1
	for i, n := range shape {
		switch {
		case n == -1 && unknown >= 0:
			p.fail(object.ValueError, "can only specify one unknown dimension")
		case n == -1:
			unknown = i
		case n < 0:
			p.fail(object.ValueError, "negative dimensions not allowed")
		default:
			known *= n
		}
	}
	if unknown >= 0 && known > 0 && a.size()%known == 0 {
		shape[unknown] = a.size() / known
		known *= shape[unknown]
	}
	if known != a.size() || unknown >= 0 && shape[unknown] < 0 {
		p.fail(object.ValueError, "cannot reshape array of size %d into shape %s", a.size(), shapeTuple(shape))
	}
	if a.contiguous() {
		return a.view(shape, engine.RowMajor(shape), a.offset)
	}
	if strides, ok := restride(a.shape, a.strides, shape); ok {
		return a.view(shape, strides, a.offset)
	}
	c := p.copied(a)
	c.shape, c.strides = shape, engine.RowMajor(shape)
	return c
}

// restride finds the strides that give elements another shape without moving
// them, if there are such.
func restride(shape, strides, to []int) ([]int, bool) {
	var from, by []int
	for i, n := range shape {
		if n != 1 {
			from, by = append(from, n), append(by, strides[i])
		}
	}
	out := make([]int, len(to))
	i, j := 0, 0
	for i < len(from) && j < len(to) {
		oldStart, newStart := i, j
		have, want := from[i], to[j]
		for have != want {
			if have < want {
				if i++; i >= len(from) {
					return nil, false
				}
				have *= from[i]
			} else {
				if j++; j >= len(to) {
					return nil, false
				}
				want *= to[j]
			}
		}
		for k := oldStart; k < i; k++ {
			if by[k] != from[k+1]*by[k+1] {
				return nil, false
			}
		}
		stride := by[i]
		for k := j; k >= newStart; k-- {
			out[k] = stride
			stride *= to[k]
		}
		i, j = i+1, j+1
	}
	return out, true
}

// transpose is a view with the axes in another order; nil reverses them.
func (p *np) transpose(a *ndarray, axes []int) *ndarray {
	n := len(a.shape)
	if axes == nil {
		for i := range n {
			axes = append(axes, n-1-i)
		}
	}
	if len(axes) != n {
		p.fail(object.ValueError, "axes don't match array")
	}
	shape, strides := make([]int, n), make([]int, n)
	seen := make([]bool, n)
	for i, ax := range axes {
		ax = p.axis(ax, n)
		if seen[ax] {
			p.fail(object.ValueError, "repeated axis in transpose")
		}
		seen[ax] = true
		shape[i], strides[i] = a.shape[ax], a.strides[ax]
	}
	return a.view(shape, strides, a.offset)
}

// ordered is the array, with its axes reversed where parameter i asks for the
// order F.
func (p *np) ordered(a *ndarray, i int) *ndarray {
	if p.c.StrOr(i, "C") == "F" {
		return p.transpose(a, nil)
	}
	return a
}

// arraysArg reads a parameter that is a sequence of arrays.
func (p *np) arraysArg(i int) []*ndarray {
	if a, ok := p.c.Arg(i).(*ndarray); ok && a.rank() == 0 {
		p.fail(object.TypeError, "expected a sequence of arrays, got a 0-d array")
	}
	items := p.c.Items(i)
	p.check(p.c.Err)
	out := make([]*ndarray, len(items))
	for k, v := range items {
		out[k] = p.array(v, 0)
	}
	if len(out) == 0 {
		p.fail(object.ValueError, "need at least one array to concatenate")
	}
	return out
}

// concatenate joins arrays along an axis.
func (p *np) concatenate(xs []*ndarray, axis int, d engine.Dtype) *ndarray {
	if !d.Valid() {
		d = xs[0].dtype
		for _, x := range xs[1:] {
			d = promote(d, x.dtype)
		}
	}
	first := xs[0]
	if len(first.shape) == 0 {
		p.fail(object.ValueError, "zero-dimensional arrays cannot be concatenated")
	}
	axis = p.axis(axis, len(first.shape))
	shape := slices.Clone(first.shape)
	shape[axis] = 0
	for i, x := range xs {
		if len(x.shape) != len(shape) {
			p.fail(object.ValueError, "all the input array dimensions except for the concatenation axis must match exactly, but along dimension 0, the array at index 0 has %d dimension(s) and the array at index %d has %d dimension(s)", len(shape), i, len(x.shape))
		}
		for k := range shape {
			if k != axis && x.shape[k] != first.shape[k] {
				p.fail(object.ValueError, "all the input array dimensions except for the concatenation axis must match exactly, but along dimension %d, the array at index 0 has size %d and the array at index %d has size %d", k, first.shape[k], i, x.shape[k])
			}
		}
		shape[axis] += x.shape[axis]
	}
	out := p.zeros(d, shape)
	at := 0
	for _, x := range xs {
		part := slices.Clone(shape)
		part[axis] = x.shape[axis]
		p.assign(out.view(part, out.strides, at*out.strides[axis]), x)
		at += x.shape[axis]
	}
	return out
}

var shapeFunctions = []function{
	{"reshape(a, /, shape, order='C', *, copy=None)", "The elements in another shape: a view where their order in memory allows it.", func(p *np) starlark.Value {
		a := p.elementsOf(0)
		shape := p.shapeArg(1)
		if p.c.StrOr(2, "C") == "F" {
			slices.Reverse(shape)
			return p.transpose(p.reshape(p.transpose(a, nil), shape), nil)
		}
		return p.reshape(a, shape)
	}},
	{"ravel(a, order='C')", "The elements along one axis: a view where their order in memory allows it.", func(p *np) starlark.Value {
		return p.reshape(p.ordered(p.elementsOf(0), 1), []int{-1})
	}},
	{"transpose(a, axes=None)", "A view with the axes in another order, reversed by default.", func(p *np) starlark.Value {
		a := p.elementsOf(0)
		if !p.c.Given(1) {
			return p.transpose(a, nil)
		}
		return p.transpose(a, p.shapeArg(1))
	}},
	{"swapaxes(a, axis1, axis2)", "A view with two axes exchanged.", func(p *np) starlark.Value {
		a := p.elementsOf(0)
		axes := p.axesOf(nil, len(a.shape))
		i, j := p.axisArg(1, 0, a), p.axisArg(2, 0, a)
		axes[i], axes[j] = axes[j], axes[i]
		return p.transpose(a, axes)
	}},
	{"moveaxis(a, source, destination)", "A view with axes moved to other places.", func(p *np) starlark.Value {
		a := p.elementsOf(0)
		from, to := p.axesOf(p.c.Arg(1), len(a.shape)), p.axesOf(p.c.Arg(2), len(a.shape))
		if len(from) != len(to) {
			p.fail(object.ValueError, "`source` and `destination` arguments must have the same number of elements")
		}
		var order []int
		for i := range a.shape {
			if !slices.Contains(from, i) {
				order = append(order, i)
			}
		}
		pairs := make([][2]int, len(from))
		for i := range from {
			pairs[i] = [2]int{to[i], from[i]}
		}
		sort.Slice(pairs, func(i, j int) bool { return pairs[i][0] < pairs[j][0] })
		for _, q := range pairs {
			order = slices.Insert(order, q[0], q[1])
		}
		return p.transpose(a, order)
	}},
	{"squeeze(a, axis=None)", "A view without axes of length 1.", func(p *np) starlark.Value {
		a := p.elementsOf(0)
		var drop []int
		if p.c.Given(1) {
			drop = p.axesOf(p.c.Arg(1), len(a.shape))
			for _, i := range drop {
				if a.shape[i] != 1 {
					p.fail(object.ValueError, "cannot select an axis to squeeze out which has size not equal to one")
				}
			}
		} else {
			for i, n := range a.shape {
				if n == 1 {
					drop = append(drop, i)
				}
			}
		}
		var shape, strides []int
		for i := range a.shape {
			if !slices.Contains(drop, i) {
				shape, strides = append(shape, a.shape[i]), append(strides, a.strides[i])
			}
		}
		return a.view(shape, strides, a.offset)
	}},
	{"expand_dims(a, axis)", "A view with new axes of length 1.", func(p *np) starlark.Value {
		a := p.elementsOf(0)
		axes := p.shapeArg(1)
		rank := len(a.shape) + len(axes)
		for i := range axes {
			axes[i] = p.axis(axes[i], rank)
		}
		shape, strides := make([]int, 0, rank), make([]int, 0, rank)
		k := 0
		for i := range rank {
			if slices.Contains(axes, i) {
				shape, strides = append(shape, 1), append(strides, 0)
				continue
			}
			if k >= len(a.shape) {
				p.fail(object.ValueError, "repeated axis")
			}
			shape, strides = append(shape, a.shape[k]), append(strides, a.strides[k])
			k++
		}
		return a.view(shape, strides, a.offset)
	}},
	{"broadcast_to(array, shape, subok=False)", "A view of another shape whose repeated elements are one; it cannot be assigned to.", func(p *np) starlark.Value {
		a := p.elementsOf(0)
		shape := p.shapeArg(1)
		if full, ok := engine.BroadcastShapes(a.shape, shape); !ok || !slices.Equal(full, shape) {
			p.fail(object.ValueError, "operands could not be broadcast together with remapped shapes [original->remapped]: %s  and requested shape %s", shapeTuple(a.shape), shapeTuple(shape))
		}
		out := p.broadcastTo(a, shape)
		out.locked = true
		return out
	}},
	{"broadcast_arrays(*args, subok=False)", "Views of arrays, broadcast against each other.", func(p *np) starlark.Value {
		ops := make([]operand, len(p.c.Rest))
		for i, v := range p.c.Rest {
			ops[i] = operand{a: p.array(v, 0)}
		}
		shape := p.sameShapes(ops)
		out := make(starlark.Tuple, len(ops))
		for i, o := range ops {
			out[i] = p.broadcastTo(o.a, shape)
		}
		return out
	}},
	{"broadcast_shapes(*args)", "The shape that shapes broadcast to.", func(p *np) starlark.Value {
		shapes := make([][]int, len(p.c.Rest))
		for i, v := range p.c.Rest {
			shapes[i] = p.shapeOf(starlark.Tuple{v})
		}
		shape, ok := engine.BroadcastShapes(shapes...)
		if !ok {
			p.fail(object.ValueError, "shape mismatch: objects cannot be broadcast to a single shape.")
		}
		return starlarkShape(shape)
	}},
	{"concatenate(arrays, /, axis=0, out=None, *, dtype=None, casting='same_kind')", "Join arrays along an axis they have.", concatenated},
	{"concat(arrays, /, axis=0, out=None, *, dtype=None, casting='same_kind')", "concatenate.", concatenated},
	{"repeat(a, repeats, axis=None)", "Repeat each element.", func(p *np) starlark.Value {
		a := p.elementsOf(0)
		axis := 0
		if p.c.Given(2) {
			axis = p.axisArg(2, 0, a)
		} else {
			a = p.reshape(a, []int{-1})
		}
		counts := p.elementsOf(1).ints()
		n := a.shape[axis]
		if len(counts) == 0 || len(counts) != 1 && len(counts) != n {
			p.fail(object.ValueError, "operands could not be broadcast together with shape (%d,) (%d,)", n, len(counts))
		}
		var index []int
		for i := range n {
			k := counts[0]
			if len(counts) > 1 {
				k = counts[i]
			}
			if k < 0 {
				p.fail(object.ValueError, "repeats may not contain negative values.")
			}
			p.grow(len(index)+k, 24)
			index = append(index, slices.Repeat([]int{i}, k)...)
		}
		return p.taken(a, index, []int{len(index)}, axis)
	}},
	{"take(a, indices, axis=None, out=None, mode='raise')", "Elements at indices along an axis.", func(p *np) starlark.Value {
		a, index := p.elementsOf(0), p.elementsOf(1)
		if index.size() == 0 {
			index = p.astype(index, engine.Int64)
		}
		if !index.dtype.IsInteger() {
			p.fail(object.TypeError, "Cannot cast array data from dtype('%s') to dtype('int64') according to the rule 'safe'", index.dtype)
		}
		axis := 0
		if p.c.Given(2) {
			axis = p.axisArg(2, 0, a)
		} else {
			a = p.reshape(a, []int{-1})
		}
		at := index.ints()
		n := a.shape[axis]
		for i := range at {
			switch mode := p.c.StrOr(4, "raise"); {
			case mode == "wrap" && n > 0:
				at[i] = ((at[i] % n) + n) % n
			case mode == "clip":
				at[i] = max(0, min(at[i], n-1))
			default:
				at[i] = p.within(at[i], n, axis)
			}
		}
		return p.taken(a, at, index.shape, axis).result()
	}},
}

func concatenated(p *np) starlark.Value {
	xs := p.arraysArg(0)
	d, _ := p.dtypeArg(3)
	axis := 0
	if p.c.Arg(1) == starlark.None {
		for i, x := range xs {
			xs[i] = p.reshape(x, []int{-1})
		}
	} else {
		axis = p.c.IntOr(1, 0)
	}
	out := p.concatenate(xs, axis, d)
	if to, ok := p.c.Arg(2).(*ndarray); ok {
		p.assign(to, out)
		return to
	}
	return out
}

// taken copies the elements at indices, of the given shape, along an axis.
func (p *np) taken(a *ndarray, index, shape []int, axis int) *ndarray {
	inner := a.view(a.shape[axis+1:], a.strides[axis+1:], 0).places()
	above := a.view(a.shape[:axis], a.strides[:axis], a.offset).places()
	p.grow(len(above)*len(index), 8*len(inner))
	places := make([]int, 0, len(above)*len(index)*len(inner))
	for _, outer := range above {
		for _, i := range index {
			p.steps(len(inner))
			for _, rel := range inner {
				places = append(places, outer+i*a.strides[axis]+rel)
			}
		}
	}
	return p.gathered(a, places, slices.Concat(a.shape[:axis], shape, a.shape[axis+1:]))
}
