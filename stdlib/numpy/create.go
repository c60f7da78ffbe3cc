package numpy

import (
	"math"
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// shapeArg reads a parameter that is a shape: an integer or a sequence of them.
func (p *np) shapeArg(i int) []int { return p.shapeOf(starlark.Tuple{p.c.Arg(i)}) }

// shapeOf reads integers given one by one or as one sequence.
func (p *np) shapeOf(args starlark.Tuple) []int {
	items := []starlark.Value(args)
	if len(args) == 1 {
		switch v := args[0].(type) {
		case *ndarray:
			if v.rank() == 1 {
				return v.ints()
			}
		default:
			if seq, ok := (&literal{p: p}).sequence(v); ok {
				items = seq
			}
		}
	}
	out := make([]int, len(items))
	for i, v := range items {
		n, err := object.AsIndex(p.thread, v)
		p.check(err)
		out[i] = n
	}
	return out
}

// likeRow is a function that makes an array like another.
func likeRow(name, doc string, fill func(p *np, d engine.Dtype, shape []int) *ndarray) function {
	return function{name + "(a, dtype=None, order='K', subok=True, shape=None, *, device=None)", doc, func(p *np) starlark.Value {
		a := p.elementsOf(0)
		d, ok := p.dtypeArg(1)
		if !ok {
			d = a.dtype
		}
		shape := a.shape
		if p.c.Given(4) {
			shape = p.shapeArg(4)
		}
		return fill(p, d, shape)
	}}
}

// shapedRow is a function that makes an array of a shape.
func shapedRow(name, doc string, fill func(p *np, d engine.Dtype, shape []int) *ndarray) function {
	return function{name + "(shape, dtype=None, order='C', *, device=None, like=None)", doc, func(p *np) starlark.Value {
		d, ok := p.dtypeArg(1)
		if !ok {
			d = engine.Float64
		}
		return fill(p, d, p.shapeArg(0))
	}}
}

func (p *np) ones(d engine.Dtype, shape []int) *ndarray { return p.filledLike(1, d, shape) }

func (p *np) filledLike(n int, d engine.Dtype, shape []int) *ndarray {
	out := p.zeros(d, shape)
	if n == 0 {
		return out
	}
	cell := make([]byte, d.Size())
	p.put(cell, starlark.MakeInt(n), d)
	repeatCell(out.store.data, cell)
	return out
}

var createFunctions = []function{
	{"array(object, dtype=None, *, copy=True, order='K', subok=False, ndmin=0, like=None)", "Create an array.", func(p *np) starlark.Value {
		d, _ := p.dtypeArg(1)
		v := p.c.Arg(0)
		var a *ndarray
		if copies := p.c.Arg(2); copies == starlark.False || copies == starlark.None {
			a = p.borrowed(v, d)
		}
		if a == nil {
			a = p.array(v, d)
		}
		if v == starlark.Value(a) && p.c.BoolOr(2, true) {
			a = p.copied(a)
		}
		if n := p.c.IntOr(5, 0); n > len(a.shape) {
			shape := slices.Concat(slices.Repeat([]int{1}, n-len(a.shape)), a.shape)
			a = p.reshape(a, shape)
		}
		return a
	}},
	{"asarray(a, dtype=None, order=None, *, device=None, copy=None, like=None)", "Convert the input to an array; an array of the dtype is itself.", func(p *np) starlark.Value {
		d, _ := p.dtypeArg(1)
		if p.c.Arg(4) != starlark.True {
			if a := p.borrowed(p.c.Arg(0), d); a != nil {
				return a
			}
		}
		a := p.array(p.c.Arg(0), d)
		if p.c.BoolOr(4, false) && p.c.Arg(0) == starlark.Value(a) {
			a = p.copied(a)
		}
		return a
	}},
	{"asanyarray(a, dtype=None, order=None)", "asarray.", func(p *np) starlark.Value {
		d, _ := p.dtypeArg(1)
		return p.array(p.c.Arg(0), d)
	}},
	{"from_dlpack(x, /, *, device=None, copy=None)", "A window on the memory that an object offers by DLPack's protocol.", fromDLPack},
	{"ascontiguousarray(a, dtype=None)", "An array whose elements lie in row-major order; of at least one axis.", func(p *np) starlark.Value {
		d, _ := p.dtypeArg(1)
		a := p.array(p.c.Arg(0), d)
		if len(a.shape) == 0 {
			a = p.reshape(a, []int{1})
		}
		if !a.contiguous() {
			a = p.copied(a)
		}
		return a
	}},
	{"copy(a, order='K', subok=False)", "A copy as an array.", func(p *np) starlark.Value { return p.copied(p.elementsOf(0)) }},
	shapedRow("zeros", "An array of zeros.", (*np).zeros),
	shapedRow("empty", "An array whose elements are not set: zeros here.", (*np).zeros),
	shapedRow("ones", "An array of ones.", (*np).ones),
	likeRow("zeros_like", "Zeros of an array's shape and dtype.", (*np).zeros),
	likeRow("empty_like", "An array of an array's shape and dtype whose elements are not set: zeros here.", (*np).zeros),
	likeRow("ones_like", "Ones of an array's shape and dtype.", (*np).ones),
	{"full(shape, fill_value, dtype=None, order='C', *, device=None, like=None)", "An array filled with a value.", func(p *np) starlark.Value {
		v := p.elementsOf(1)
		d, ok := p.dtypeArg(2)
		if !ok {
			d = v.dtype
		}
		out := p.zeros(d, p.shapeArg(0))
		p.assign(out, v)
		return out
	}},
	{"full_like(a, fill_value, dtype=None, order='K', subok=True, shape=None, *, device=None)", "An array like another, filled with a value.", func(p *np) starlark.Value {
		a := p.elementsOf(0)
		d, ok := p.dtypeArg(2)
		if !ok {
			d = a.dtype
		}
		shape := a.shape
		if p.c.Given(5) {
			shape = p.shapeArg(5)
		}
		out := p.zeros(d, shape)
		p.assign(out, p.elementsOf(1))
		return out
	}},
	{"arange(start, stop=None, step=None, dtype=None, *, device=None, like=None)", "Evenly spaced values within an interval.", arangeOf},
	{"eye(N, M=None, k=0, dtype=None, order='C', *, device=None, like=None)", "Ones on a diagonal.", func(p *np) starlark.Value {
		n := p.c.Int(0)
		m, k := p.c.IntOr(1, n), p.c.IntOr(2, 0)
		d, ok := p.dtypeArg(3)
		if !ok {
			d = engine.Float64
		}
		out := p.zeros(d, []int{n, m})
		cell := make([]byte, d.Size())
		p.put(cell, starlark.MakeInt(1), d)
		for i := range n {
			p.look(i)
			if j := i + k; j >= 0 && j < m {
				copy(out.store.data[(i*m+j)*len(cell):], cell)
			}
		}
		return out
	}},
	{"frombuffer(buffer, dtype=float, count=-1, offset=0, *, like=None)", "The elements that bytes spell. The array cannot be assigned to, as the bytes cannot.", func(p *np) starlark.Value {
		t := dtypeValue{p.Library, engine.Float64, false}
		if p.c.Given(1) {
			t = p.dtype(p.c.Arg(1))
		}
		data := p.c.Bytes(0)
		p.check(p.c.Err)
		count, offset := p.c.IntOr(2, -1), p.c.IntOr(3, 0)
		if offset < 0 || offset > len(data) {
			p.fail(object.ValueError, "offset must be non-negative and no greater than buffer length (%d)", len(data))
		}
		out := p.decode(data[offset:], t, count)
		_, changes := p.c.Arg(0).(starlark.Bytes)
		out.locked = changes
		return out
	}},
	{"fromiter(iter, dtype, count=-1, *, like=None)", "The elements that an iterable gives.", func(p *np) starlark.Value {
		d, _ := p.dtypeArg(1)
		items := p.c.Items(0)
		p.check(p.c.Err)
		if n := p.c.IntOr(2, -1); n >= 0 && n < len(items) {
			items = items[:n]
		}
		return p.array(starlark.NewList(items), d)
	}},
	{"fromfile(file, dtype=float, count=-1, sep='', offset=0, *, like=None)", "The elements in a binary file.", func(p *np) starlark.Value {
		t := dtypeValue{p.Library, engine.Float64, false}
		if p.c.Given(1) {
			t = p.dtype(p.c.Arg(1))
		}
		if p.c.StrOr(3, "") != "" {
			p.fail(object.NotImplementedError, "numpy.fromfile: reading text is not provided here; use numpy.loadtxt")
		}
		data := p.readFrom(p.c.Arg(0))
		offset := p.c.IntOr(4, 0)
		if offset < 0 || offset > len(data) {
			p.fail(object.ValueError, "the offset %d is beyond the file's %d bytes", offset, len(data))
		}
		data = data[offset:]
		data = data[:len(data)/t.d.Size()*t.d.Size()]
		count := p.c.IntOr(2, -1)
		if count > len(data)/t.d.Size() {
			count = -1
		}
		return p.decode(data, t, count)
	}},
	{"where(condition, x=None, y=None, /)", "Elements of x where the condition holds, of y elsewhere; the indices at which it holds where it is alone.", func(p *np) starlark.Value {
		cond := p.elementsOf(0)
		if p.c.Arg(1) == nil {
			out := make(starlark.Tuple, 0, len(cond.shape))
			for _, a := range p.nonzero(cond) {
				out = append(out, a)
			}
			return out
		}
		ops := []operand{p.mustOperand(p.c.Arg(1)), p.mustOperand(p.c.Arg(2))}
		d := p.meet(ops...)
		p.sameShapes([]operand{{a: cond}, ops[0], ops[1]})
		return p.build(func(b *engine.Builder) *engine.Node {
			return b.Where(cond.as(b, engine.Bool), p.nodeOf(b, ops[0], d), p.nodeOf(b, ops[1], d))
		}, append(arraysOf(ops), cond)...)
	}},
	{"result_type(*arrays_and_dtypes)", "The dtype in which the arguments meet.", func(p *np) starlark.Value {
		var ops []operand
		for _, v := range p.c.Rest {
			if t, ok := p.dtypeOf(v); ok && v != starlark.None {
				ops = append(ops, operand{d: t.d})
			} else {
				ops = append(ops, p.mustOperand(v))
			}
		}
		return dtypeValue{p.Library, p.meet(ops...), false}
	}},
	{"promote_types(type1, type2)", "The smallest dtype to which both may be cast.", func(p *np) starlark.Value {
		return dtypeValue{p.Library, promote(p.dtype(p.c.Arg(0)).d, p.dtype(p.c.Arg(1)).d), false}
	}},
	{"can_cast(from_, to, casting='safe')", "Whether a cast between dtypes may happen under a rule.", func(p *np) starlark.Value {
		from, to := p.dtype(p.c.Arg(0)).d, p.dtype(p.c.Arg(1)).d
		switch rule := p.c.StrOr(2, "safe"); rule {
		case "unsafe":
			return starlark.True
		case "same_kind":
			_, err := p.try(p.thread, func(q *np) starlark.Value { q.mayCast("", from, to); return nil })
			return starlark.Bool(err == nil)
		case "no", "equiv":
			return starlark.Bool(from == to)
		case "safe":
			return starlark.Bool(promote(from, to) == to)
		default:
			p.fail(object.ValueError, "casting must be one of 'no', 'equiv', 'safe', 'same_kind', or 'unsafe' (got '%s')", rule)
		}
		return nil
	}},
	{"issubdtype(arg1, arg2)", "Whether a dtype is of a kind.", func(p *np) starlark.Value {
		kind := func(i int) *object.Type {
			if t, ok := p.c.Arg(i).(*object.Type); ok && t.IsSubtype(p.types.generic) {
				return t
			}
			return p.types.scalar[p.dtype(p.c.Arg(i)).d]
		}
		return starlark.Bool(kind(0).IsSubtype(kind(1)))
	}},
	{"isscalar(element)", "Whether the value is a scalar.", func(p *np) starlark.Value {
		switch p.c.Arg(0).(type) {
		case starlark.Bool, starlark.Int, starlark.Float, object.Complex, starlark.String, starlark.Bytes, *scalar:
			return starlark.True
		}
		return starlark.False
	}},
	{"shares_memory(a, b, max_work=None)", "Whether two arrays share elements.", sharesMemory},
	{"_as_strided(x, shape, strides)", "A view of a shape and of strides in bytes.", func(p *np) starlark.Value {
		return p.strided(p.elementsOf(0), p.shapeArg(1), p.shapeArg(2))
	}},
	{"may_share_memory(a, b, max_work=None)", "Whether two arrays may share elements.", sharesMemory},
}

// strided is a view of a shape and of strides in bytes. It must stay within the
// store, which NumPy leaves to the caller.
func (p *np) strided(a *ndarray, shape, strides []int) *ndarray {
	if len(shape) != len(strides) {
		p.fail(object.ValueError, "as_strided: got %d lengths and %d strides", len(shape), len(strides))
	}
	size := a.dtype.Size()
	low, high, empty := a.offset, a.offset, false
	by := make([]int, len(strides))
	for i, n := range shape {
		if n < 0 {
			p.fail(object.ValueError, "negative dimensions are not allowed")
		}
		if strides[i]%size != 0 {
			p.fail(object.NotImplementedError, "as_strided: a stride of %d bytes splits elements of %d bytes, which is not provided here", strides[i], size)
		}
		by[i] = strides[i] / size
		if n == 0 {
			empty = true
			continue
		}
		if by[i] != 0 && n-1 > maxArrayBytes/max(by[i], -by[i]) {
			p.fail(object.ValueError, "as_strided: the view of shape %s and strides %s is larger than the array's memory", shapeText(shape), shapeText(strides))
		}
		if reach := (n - 1) * by[i]; reach < 0 {
			low += reach
		} else {
			high += reach
		}
		if low < -maxArrayBytes || high > maxArrayBytes {
			break
		}
	}
	if !empty && (low < 0 || high >= len(a.store.data)/size) {
		p.fail(object.ValueError, "as_strided: the view of shape %s and strides %s reaches beyond the array's memory of %d bytes", shapeText(shape), shapeText(strides), len(a.store.data))
	}
	return a.view(shape, by, a.offset)
}

// decode reads elements from bytes.
func (p *np) decode(data []byte, t dtypeValue, count int) *ndarray {
	size := t.d.Size()
	if count < 0 {
		if len(data)%size != 0 {
			p.fail(object.ValueError, "buffer size must be a multiple of element size")
		}
		count = len(data) / size
	}
	if count > len(data)/size {
		p.fail(object.ValueError, "buffer is smaller than requested size")
	}
	data = data[:count*size]
	if t.swapped {
		data = slices.Clone(data)
		swapBytes(data, size)
	}
	return p.fromBytes(data, t.d, []int{count})
}

func arangeOf(p *np) starlark.Value {
	start, stop, step := p.c.Arg(0), p.c.Arg(1), p.c.Arg(2)
	if stop == nil || stop == starlark.None {
		start, stop = starlark.MakeInt(0), start
	}
	if step == nil || step == starlark.None {
		step = starlark.MakeInt(1)
	}
	d, ok := p.dtypeArg(3)
	ops := []operand{p.mustOperand(start), p.mustOperand(stop), p.mustOperand(step)}
	if !ok {
		d = p.meet(ops...)
		if d == engine.Bool {
			d = engine.Int64
		}
	}
	f := make([]float64, 3)
	for i, o := range ops {
		f[i] = p.one(p.arrayOf(o))
	}
	if f[2] == 0 {
		p.fail(object.ZeroDivisionError, "division by zero")
	}
	length := math.Ceil((f[1] - f[0]) / f[2])
	if math.IsNaN(length) {
		p.fail(object.ValueError, "arange: cannot compute length")
	}
	if length > maxArrayBytes {
		p.fail(object.ValueError, "Maximum allowed size exceeded")
	}
	n := max(int(length), 0)
	out := p.zeros(d, []int{n})
	size := d.Size()
	if d.IsInteger() {
		from, by := int64(f[0]), int64(f[0]+f[2])-int64(f[0])
		for i := range n {
			p.look(i)
			p.putInt(out.store.data[i*size:][:size], from+int64(i)*by, d)
		}
		return out
	}
	by := f[0] + f[2] - f[0] // as NumPy has it: the second element less the first
	for i := range n {
		p.look(i)
		engine.PutElement(out.store.data[i*size:], d, complex(f[0]+float64(i)*by, 0))
	}
	return out
}
