package numpy

import (
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// apply computes an operation on operands. A dtype of 0 is worked out.
func (p *np) apply(u *ufunc, ops []operand, as engine.Dtype) *ndarray {
	d := as
	if !d.Valid() {
		d = p.meet(ops...)
		if u.compare && d.IsInteger() && !p.fits(ops, d) {
			d = engine.Float64
		}
	}
	in := u.rule(d)
	if u.name == "subtract" && in == engine.Bool {
		p.fail(object.TypeError, "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, or the logical_xor function instead.")
	}
	if u.name == "negative" && !in.Valid() {
		p.fail(object.TypeError, "The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the logical_not function instead.")
	}
	if !in.Valid() && d == engine.Bool {
		p.fail(p.types.castError, "ufunc '%s' did not contain a loop with signature matching types <class 'numpy.dtypes.BoolDType'> -> None", u.name)
	}
	if !in.Valid() {
		p.fail(object.TypeError, "ufunc '%s' not supported for the input types, and the inputs could not be safely coerced to any supported types according to the casting rule ''safe''", u.name)
	}
	if u.name == "float_power" {
		in = promote(in, engine.Float64)
	}
	p.sameShapes(ops)
	if u.name == "power" && in.IsSigned() {
		p.refuseNegative(ops[1])
	}
	ins, build := arraysOf(ops), u.build
	switch {
	case u.complex != nil && in.IsComplex():
		build = u.complex
	case u.whole != nil && in.IsInteger(), build == nil:
		return p.loop(u, ops, in)
	}
	return p.build(func(b *engine.Builder) *engine.Node {
		x := make([]*engine.Node, len(ops))
		for i, o := range ops {
			x[i] = p.nodeOf(b, o, in)
		}
		return build(b, x)
	}, ins...)
}

func arraysOf(ops []operand) (ins []*ndarray) {
	for _, o := range ops {
		if o.a != nil {
			ins = append(ins, o.a)
		}
	}
	return ins
}

// fits reports whether the Python ints among operands fit a dtype.
func (p *np) fits(ops []operand, d engine.Dtype) bool {
	low, high := intRange(d)
	for _, o := range ops {
		if n, ok := o.v.(starlark.Int); ok && !o.d.Valid() {
			if b := n.BigInt(); b.Cmp(low) < 0 || b.Cmp(high) > 0 {
				return false
			}
		}
	}
	return true
}

// refuseNegative fails for integer exponents below 0.
func (p *np) refuseNegative(o operand) {
	const text = "Integers to negative integer powers are not allowed."
	if o.a == nil {
		if n, ok := o.v.(starlark.Int); ok && n.Sign() < 0 {
			p.fail(object.ValueError, text)
		}
		return
	}
	if o.a.dtype.IsSigned() {
		for _, n := range o.a.ints() {
			if n < 0 {
				p.fail(object.ValueError, text)
			}
		}
	}
}

// sameShapes fails in NumPy's words where operands do not broadcast.
func (p *np) sameShapes(ops []operand) []int {
	shapes := make([][]int, 0, len(ops))
	text := ""
	for _, o := range ops {
		if o.a != nil {
			shapes = append(shapes, o.a.shape)
			text += shapeTuple(o.a.shape) + " "
		} else {
			text += "() "
		}
	}
	shape, ok := engine.BroadcastShapes(shapes...)
	if !ok {
		p.fail(object.ValueError, "operands could not be broadcast together with shapes %s", text)
	}
	return shape
}

// loop computes an operation that the engine does not have, element by element.
func (p *np) loop(u *ufunc, ops []operand, in engine.Dtype) *ndarray {
	shape := p.sameShapes(ops)
	if u.whole != nil && u.real == nil && !in.IsInteger() {
		p.fail(p.types.castError, "ufunc '%s' did not contain a loop with signature matching types", u.name)
	}
	xs := make([]*ndarray, len(ops))
	for i, o := range ops {
		a := o.a
		if a == nil {
			at := in
			if o.d.Valid() {
				at = o.d
			}
			a = p.filled(o.v, at, nil)
		}
		xs[i] = p.broadcastTo(p.astype(a, in), shape)
	}
	out := p.zeros(in, shape)
	size := in.Size()
	if u.whole != nil && in.IsInteger() {
		x, y := xs[0].ints(), xs[len(xs)-1].ints()
		for i := range x {
			p.look(i)
			n := u.whole(int64(x[i]), int64(y[i]))
			if in == engine.Uint64 && (x[i] < 0 || y[i] < 0) {
				n = wholeUnsigned(u, uint64(x[i]), uint64(y[i]))
			}
			p.putInt(out.store.data[i*size:][:size], n, in)
		}
		return out
	}
	x, y := xs[0].floats(), xs[len(xs)-1].floats()
	for i := range x {
		p.look(i)
		engine.PutElement(out.store.data[i*size:], in, complex(u.real(x[i], y[i]), 0))
	}
	return out
}

// wholeUnsigned divides numbers beyond int64.
func wholeUnsigned(u *ufunc, x, y uint64) int64 {
	switch {
	case y == 0:
		return 0
	case u.name == "floor_divide":
		return int64(x / y)
	case u.name == "remainder" || u.name == "fmod":
		return int64(x % y)
	}
	for y != 0 {
		x, y = y, x%y
	}
	return int64(x)
}

// applyUfunc computes an operation by name on one value.
func (m *Library) applyUfunc(thread *starlark.Thread, name string, x starlark.Value) (starlark.Value, error) {
	return m.try(thread, func(p *np) starlark.Value {
		return p.apply(m.ufuncs[name], []operand{p.mustOperand(x)}, 0).result()
	})
}

func (p *np) mustOperand(v starlark.Value) operand {
	o, ok := p.operand(v)
	if !ok {
		p.fail(object.TypeError, "numpy: %s is no array, nor a number, nor a sequence of them", object.TypeName(v))
	}
	return o
}

// CallInternal computes the operation on arguments.
func (u *ufunc) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	return u.m.try(thread, func(p *np) starlark.Value {
		var out, where starlark.Value
		var as engine.Dtype
		if len(args) == u.nin+1 {
			out, args = args[u.nin], args[:u.nin]
		}
		if len(args) != u.nin {
			p.fail(object.TypeError, "%s() takes from %d to %d positional arguments but %d were given", u.name, u.nin, u.nin+1, len(args))
		}
		for _, kv := range kwargs {
			switch name := string(kv[0].(starlark.String)); name {
			case "out":
				out = kv[1]
				if t, ok := out.(starlark.Tuple); ok && len(t) == 1 {
					out = t[0]
				}
			case "where":
				if kv[1] != starlark.True {
					where = kv[1]
				}
			case "dtype":
				if kv[1] != starlark.None {
					as = p.dtype(kv[1]).d
				}
			case "casting", "order", "subok":
				// arrays here have one order, and conversions are checked where they lose
			default:
				p.fail(object.TypeError, "%s() got an unexpected keyword argument '%s'", u.name, name)
			}
		}
		ops := make([]operand, len(args))
		for i, v := range args {
			ops[i] = p.mustOperand(v)
		}
		return p.deliver(u, p.apply(u, ops, as), out, where)
	})
}

// deliver puts a result into out where that is given, only where the mask holds.
func (p *np) deliver(u *ufunc, r *ndarray, out, where starlark.Value) starlark.Value {
	if out == nil || out == starlark.None {
		if where == nil {
			return r.result()
		}
		to := p.zeros(r.dtype, r.shape)
		p.assignWhere(to, r, p.array(where, engine.Bool))
		return to.result()
	}
	to, ok := out.(*ndarray)
	if !ok {
		p.fail(object.TypeError, "return arrays must be of ArrayType")
	}
	p.mayCast(u.name, r.dtype, to.dtype)
	if where == nil {
		p.assign(to, r)
	} else {
		p.assignWhere(to, r, p.array(where, engine.Bool))
	}
	return to
}

// assignWhere assigns the elements at which a mask holds.
func (p *np) assignWhere(to, src, mask *ndarray) {
	shape, ok := engine.BroadcastShapes(to.shape, mask.shape)
	if !ok || !slices.Equal(shape, to.shape) {
		p.fail(object.ValueError, "operands could not be broadcast together with shapes %s %s", shapeTuple(to.shape), shapeTuple(mask.shape))
	}
	p.assign(to, p.build(func(b *engine.Builder) *engine.Node {
		return b.Where(mask.node(b), src.as(b, to.dtype), to.node(b))
	}, mask, src, to))
}

// mayCast fails where a result of one dtype does not go into another of the
// same kind or a higher one.
func (p *np) mayCast(name string, from, to engine.Dtype) {
	order := func(d engine.Dtype) int {
		switch {
		case d == engine.Bool:
			return 0
		case d.IsUnsigned():
			return 1
		case d.IsSigned():
			return 2
		case d.IsFloat():
			return 3
		}
		return 4
	}
	if order(from) > order(to) {
		p.fail(p.types.castError, "Cannot cast ufunc '%s' output from dtype('%s') to dtype('%s') with casting rule 'same_kind'", name, from, to)
	}
}

// operators are the ufuncs of Python's operators.
var operators = map[object.Op]string{
	object.Add: "add", object.Sub: "subtract", object.Mul: "multiply", object.Div: "divide", object.FloorDiv: "floor_divide",
	object.Mod: "remainder", object.Pow: "power", object.LShift: "left_shift", object.RShift: "right_shift",
	object.And: "bitwise_and", object.Or: "bitwise_or", object.Xor: "bitwise_xor",
	object.Eq: "equal", object.Ne: "not_equal", object.Lt: "less", object.Le: "less_equal", object.Gt: "greater", object.Ge: "greater_equal",
	object.Neg: "negative", object.Pos: "positive", object.Invert: "invert",
}

// operator is x op y, with x on the side given.
func (m *Library) operator(thread *starlark.Thread, op object.Op, x, y starlark.Value, side starlark.Side) (starlark.Value, error) {
	return m.try(thread, func(p *np) starlark.Value {
		if _, text := y.(starlark.String); text {
			return nil
		}
		b, ok := p.operand(y)
		if !ok {
			return nil
		}
		a := p.mustOperand(x)
		if side == starlark.Right {
			a, b = b, a
		}
		if op == object.MatMul {
			return p.matmul(p.arrayOf(a), p.arrayOf(b)).result()
		}
		return p.apply(m.ufuncs[operators[op]], []operand{a, b}, 0).result()
	})
}

// arrayOf is an operand as an array.
func (p *np) arrayOf(o operand) *ndarray {
	if o.a != nil {
		return o.a
	}
	return p.filled(o.v, p.meet(o), nil)
}

// compare is x op y. What is no number is unequal to every element.
func (m *Library) compare(thread *starlark.Thread, op object.Op, x, y starlark.Value) (starlark.Value, error) {
	return m.try(thread, func(p *np) starlark.Value {
		b, ok := p.operand(y)
		if !ok {
			a := p.array(x, 0)
			if op != object.Eq && op != object.Ne {
				return nil
			}
			return p.filled(starlark.Bool(op == object.Ne), engine.Bool, a.shape).result()
		}
		return p.apply(m.ufuncs[operators[op]], []operand{p.mustOperand(x), b}, 0).result()
	})
}

func (m *Library) unary(thread *starlark.Thread, op object.Op, x starlark.Value) (starlark.Value, error) {
	return m.applyUfunc(thread, operators[op], x)
}

// Operator is x op y for an array and another value.
func (a *ndarray) Operator(thread *starlark.Thread, op object.Op, other starlark.Value, side starlark.Side) (starlark.Value, error) {
	return a.m.operator(thread, op, a, other, side)
}

// RichCompare compares elementwise.
func (a *ndarray) RichCompare(thread *starlark.Thread, op object.Op, other starlark.Value, _ starlark.Side) (starlark.Value, error) {
	return a.m.compare(thread, op, a, other)
}

// UnaryOperator is -a, +a and ~a.
func (a *ndarray) UnaryOperator(thread *starlark.Thread, op object.Op) (starlark.Value, error) {
	return a.m.unary(thread, op, a)
}

// Inplace is a op= other: the elements change, the dtype stays.
func (a *ndarray) Inplace(thread *starlark.Thread, op object.Op, other starlark.Value) (starlark.Value, error) {
	return a.m.try(thread, func(p *np) starlark.Value {
		b, ok := p.operand(other)
		if !ok {
			return nil
		}
		if op == object.MatMul {
			p.assign(a, p.matmul(a, p.arrayOf(b)))
			return a
		}
		u := a.m.ufuncs[operators[op]]
		r := p.apply(u, []operand{{a: a, d: a.dtype}, b}, 0)
		p.mayCast(u.name, r.dtype, a.dtype)
		if !slices.Equal(r.shape, a.shape) {
			p.fail(object.ValueError, "non-broadcastable output operand with shape %s doesn't match the broadcast shape %s", shapeTuple(a.shape), shapeTuple(r.shape))
		}
		p.assign(a, r)
		return a
	})
}

// Attr gives reduce, accumulate, outer, at and the descriptions.
func (u *ufunc) Attr(name string) (starlark.Value, error) {
	rows := map[string]function{
		"reduce": {"reduce(array, axis=0, dtype=None, out=None, keepdims=False)", "Fold the operation over an axis.", func(p *np) starlark.Value {
			if u.fold == nil {
				steps := p.stepwise(u, p.array(p.c.Arg(0), 0), p.c.ValueOr(1, starlark.MakeInt(0)), p.c.Arg(2))
				last := steps[len(steps)-1]
				if p.c.BoolOr(4, false) {
					last = p.expand(last, p.axisOf(1, len(p.array(p.c.Arg(0), 0).shape)))
				}
				return p.into(last, p.c.Arg(3))
			}
			return p.reduceWith(u.fold, p.array(p.c.Arg(0), 0), p.c.ValueOr(1, starlark.MakeInt(0)), p.c.Arg(2), p.c.Arg(3), p.c.BoolOr(4, false), nil, nil)
		}},
		"accumulate": {"accumulate(array, axis=0, dtype=None, out=None)", "Every partial result along an axis.", func(p *np) starlark.Value {
			if u.scan == nil {
				a := p.array(p.c.Arg(0), 0)
				axis := p.axisOf(1, len(a.shape))
				steps := p.stepwise(u, a, p.c.ValueOr(1, starlark.MakeInt(0)), p.c.Arg(2))
				return p.into(p.build(func(b *engine.Builder) *engine.Node {
					nodes := make([]*engine.Node, len(steps))
					for i, s := range steps {
						nodes[i] = s.node(b)
					}
					return b.Stack(nodes, axis)
				}, steps...), p.c.Arg(3))
			}
			return p.scanWith(u.scan, p.array(p.c.Arg(0), 0), p.c.ValueOr(1, starlark.MakeInt(0)), p.c.Arg(2))
		}},
		"outer": {"outer(A, B, /)", "The operation on every pair of elements.", func(p *np) starlark.Value {
			a, b := p.array(p.c.Arg(0), 0), p.array(p.c.Arg(1), 0)
			wide := append(slices.Clone(a.shape), make([]int, len(b.shape))...)
			for i := range b.shape {
				wide[len(a.shape)+i] = 1
			}
			a = p.reshape(a, wide)
			return p.apply(u, []operand{{a: a, d: a.dtype}, {a: b, d: b.dtype}}, 0).result()
		}},
		"at": {"at(a, indices, b=None, /)", "The operation in place at indices, once for every occurrence of an index.", func(p *np) starlark.Value {
			p.applyAt(u, p.c.Arg(0), p.c.Arg(1), p.c.Arg(2))
			return nil
		}},
	}
	if row, ok := rows[name]; ok && (u.nin == 2 || name == "at") {
		return native.NewFunction("numpy.ufunc", row.sig, row.doc, u.m.bodyOf(row.body)), nil
	}
	switch name {
	case "__name__", "__qualname__":
		return starlark.String(u.name), nil
	case "__doc__":
		return starlark.String(u.doc), nil
	case "nin":
		return starlark.MakeInt(u.nin), nil
	case "nout":
		return starlark.MakeInt(1), nil
	}
	return nil, nil
}

// axisOf is an axis argument, 0 where it was not given, counted from the front.
func (p *np) axisOf(i, rank int) int {
	axis := p.c.IntOr(i, 0)
	p.axis(axis, rank)
	if axis < 0 {
		axis += rank
	}
	return axis
}

// stepwise gives every partial result along an axis of an operation that the engine
// does not fold.
func (p *np) stepwise(u *ufunc, a *ndarray, axis, dtype starlark.Value) []*ndarray {
	at := p.axisOf(1, len(a.shape))
	if dtype != nil && dtype != starlark.None {
		d, _ := p.dtypeArg(2)
		a = p.astype(a, d)
	}
	if a.shape[at] == 0 {
		p.fail(object.ValueError, "zero-size array to reduction operation %s which has no identity", u.name)
	}
	p.check(object.Steps(p.thread, a.shape[at]))
	row := func(i int) *ndarray {
		shape, strides := slices.Delete(slices.Clone(a.shape), at, at+1), slices.Delete(slices.Clone(a.strides), at, at+1)
		return a.view(shape, strides, a.offset+i*a.strides[at])
	}
	out := []*ndarray{row(0)}
	for i := 1; i < a.shape[at]; i++ {
		last, next := out[i-1], row(i)
		out = append(out, p.apply(u, []operand{{a: last, d: last.dtype}, {a: next, d: next.dtype}}, 0))
	}
	return out
}

// expand puts a unit axis back.
func (p *np) expand(a *ndarray, at int) *ndarray {
	return p.reshape(a, slices.Insert(slices.Clone(a.shape), at, 1))
}

// AttrNames lists what Attr gives.
func (u *ufunc) AttrNames() []string {
	return []string{"__doc__", "__name__", "accumulate", "at", "nin", "nout", "outer", "reduce"}
}

// applyAt is ufunc.at: one element after the other, so that repeated indices
// count each time.
func (p *np) applyAt(u *ufunc, target, indices, value starlark.Value) {
	a, ok := target.(*ndarray)
	if !ok {
		p.fail(object.TypeError, "first operand must be array")
	}
	s := p.selection(a, indices)
	places := s.places()
	var values *ndarray
	if u.nin == 2 {
		values = p.broadcastTo(p.array(value, 0), s.shape)
	}
	size := a.dtype.Size()
	var from []int
	if values != nil {
		from = values.places()
	}
	for i, at := range places {
		p.look(i)
		x := a.view(nil, nil, at)
		ops := []operand{{a: x, d: a.dtype}}
		if values != nil {
			v := values.view(nil, nil, from[i])
			ops = append(ops, operand{a: v, d: v.dtype})
		}
		r := p.apply(u, ops, 0)
		p.mayCast(u.name, r.dtype, a.dtype)
		copy(a.store.data[at*size:][:size], p.astype(r, a.dtype).dense())
	}
}

// elementsOf reads an argument as an array; mx arrays are copied.
func (p *np) elementsOf(i int) *ndarray { return p.array(p.c.Arg(i), 0) }
