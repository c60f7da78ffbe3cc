package numpy

import (
	"slices"
	"sort"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// forwarded are the methods of arrays that do what numpy's function of the
// name does, with the array as its first argument.
var forwarded = []string{
	"all", "any", "argmax", "argmin", "argsort", "argpartition", "clip", "compress", "cumprod", "cumsum", "diagonal", "dot", "max", "mean",
	"min", "nonzero", "partition", "prod", "ptp", "ravel", "repeat", "round", "searchsorted", "squeeze", "std", "sum", "swapaxes", "take", "trace", "var", "conj", "conjugate", "choose",
}

// declareMethods fills the type ndarray.
func (m *Library) declareMethods() {
	t := m.types.ndarray
	for _, name := range forwarded {
		t.Attrs().Set(name, object.NewMethod(name, "What numpy."+name+" gives for the array.", func(thread *starlark.Thread, self starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			fn, err := m.member(thread, name)
			if err != nil {
				return nil, err
			}
			return object.Call(thread, fn, append(starlark.Tuple{self}, args...), kwargs)
		}))
	}
	defineMethods(m, t, arrayMethods)
}

// member is a member of the module, made if need be.
func (m *Library) member(thread *starlark.Thread, name string) (starlark.Value, error) {
	if v := m.module.Members[name]; v != nil {
		return v, nil
	}
	return m.module.Missing(thread, name)
}

var arrayMethods = []method[*ndarray]{
	{"astype(dtype, order='K', casting='unsafe', subok=True, copy=True)", "A copy of the array, converted to a dtype.", func(p *np, a *ndarray) starlark.Value {
		d := p.dtype(p.c.Arg(0)).d
		if d == a.dtype {
			if !p.c.BoolOr(4, true) {
				return a
			}
			return p.copied(a)
		}
		return p.astype(a, d)
	}},
	{"copy(order='C')", "A copy of the array.", func(p *np, a *ndarray) starlark.Value { return p.copied(a) }},
	{"__copy__()", "A copy of the array.", func(p *np, a *ndarray) starlark.Value { return p.copied(a) }},
	{"__deepcopy__(memo)", "A copy of the array.", func(p *np, a *ndarray) starlark.Value { return p.copied(a) }},
	{"fill(value)", "Set every element to a number.", func(p *np, a *ndarray) starlark.Value {
		p.set(a, object.Ellipsis, p.c.Arg(0))
		return nil
	}},
	{"flatten(order='C')", "A copy of the array with one axis.", func(p *np, a *ndarray) starlark.Value {
		return p.reshape(p.copied(p.ordered(a, 0)), []int{a.size()})
	}},
	{"item(*args)", "An element as a Python number.", func(p *np, a *ndarray) starlark.Value {
		switch args := p.c.Rest; {
		case len(args) == 0 && a.size() != 1:
			p.fail(object.ValueError, "can only convert an array of size 1 to a Python scalar")
		case len(args) == 0:
			return a.element(a.places()[0])
		case len(args) == 1 && len(a.shape) != 1:
			if n, ok := args[0].(starlark.Int); ok {
				i, err := object.AsIndex(p.thread, n)
				p.check(err)
				return a.element(a.places()[p.within(i, a.size(), 0)])
			}
			return p.get(a, args[0]).(*scalar).v
		default:
			return p.get(a, p.c.Rest).(*scalar).v
		}
		return nil
	}},
	{"__iadd__(other, /)", "The array after other was added to it.", inPlace(object.Add)},
	{"__isub__(other, /)", "The array after other was taken from it.", inPlace(object.Sub)},
	{"__imul__(other, /)", "The array after it was multiplied by other.", inPlace(object.Mul)},
	{"__itruediv__(other, /)", "The array after it was divided by other.", inPlace(object.Div)},
	{"__ifloordiv__(other, /)", "The array after it was divided by other and rounded down.", inPlace(object.FloorDiv)},
	{"__imod__(other, /)", "The array after it became the remainder by other.", inPlace(object.Mod)},
	{"__ipow__(other, /)", "The array after it was raised to other.", inPlace(object.Pow)},
	{"__iand__(other, /)", "The array after bitwise and with other.", inPlace(object.And)},
	{"__ior__(other, /)", "The array after bitwise or with other.", inPlace(object.Or)},
	{"__ixor__(other, /)", "The array after bitwise exclusive or with other.", inPlace(object.Xor)},
	{"__ilshift__(other, /)", "The array after a shift to the left.", inPlace(object.LShift)},
	{"__irshift__(other, /)", "The array after a shift to the right.", inPlace(object.RShift)},
	{"__imatmul__(other, /)", "The array after it was multiplied by a matrix.", inPlace(object.MatMul)},
	{"tolist()", "The elements as nested lists of Python numbers.", func(p *np, a *ndarray) starlark.Value {
		if len(a.shape) == 0 {
			return a.element(a.offset)
		}
		p.grow(a.size(), 40)
		return builtins.Nest(a.values(), a.shape)
	}},
	{"tobytes(order='C')", "The elements as bytes.", func(p *np, a *ndarray) starlark.Value {
		p.grow(a.size(), 2*a.dtype.Size())
		return starlark.Bytes(a.dense())
	}},
	{"reshape(*shape, order='C')", "The elements in another shape: a view where their order in memory allows it.", func(p *np, a *ndarray) starlark.Value {
		if p.c.StrOr(1, "C") == "F" {
			p.fail(object.NotImplementedError, "numpy: reshape in the order F is not provided here")
		}
		return p.reshape(a, p.shapeOf(p.c.Rest))
	}},
	{"resize(*new_shape, refcheck=True)", "Refused: arrays here share their memory.", func(p *np, a *ndarray) starlark.Value {
		p.fail(object.NotImplementedError, "numpy: ndarray.resize is not provided here; use numpy.resize, which copies")
		return nil
	}},
	{"transpose(*axes)", "A view with the axes in another order, reversed where none is given.", func(p *np, a *ndarray) starlark.Value {
		rest := p.c.Rest
		if len(rest) == 0 || len(rest) == 1 && rest[0] == starlark.None {
			return p.transpose(a, nil)
		}
		return p.transpose(a, p.shapeOf(rest))
	}},
	{"view(dtype=None, type=None)", "A view of the same bytes, read as another dtype.", func(p *np, a *ndarray) starlark.Value {
		if !p.c.Given(0) || p.c.Arg(0) == p.types.ndarray {
			return a.view(a.shape, a.strides, a.offset)
		}
		return p.reinterpret(a, p.dtype(p.c.Arg(0)).d)
	}},
	{"sort(axis=-1, kind=None, order=None)", "Sort the array in place.", func(p *np, a *ndarray) starlark.Value {
		p.assign(a, p.sorted(a, p.axisArg(0, -1, a)))
		return nil
	}},
	{"put(indices, values, mode='raise')", "Set elements of the flattened array.", func(p *np, a *ndarray) starlark.Value {
		idx := p.elementsOf(0)
		flat := a.places()
		vals := p.astype(p.elementsOf(1), a.dtype)
		from, size := vals.places(), a.dtype.Size()
		for i, at := range idx.ints() {
			p.look(i)
			copy(a.store.data[flat[p.within(at, len(flat), 0)]*size:][:size], vals.store.data[from[i%len(from)]*size:][:size])
		}
		return nil
	}},
	{"tofile(fid, sep='', format='%s')", "Write the elements as bytes to a file.", func(p *np, a *ndarray) starlark.Value {
		p.writeTo(p.c.Arg(0), a.dense())
		return nil
	}},
	{"dump(file)", "Refused.", func(p *np, a *ndarray) starlark.Value {
		p.fail(object.NotImplementedError, "numpy: ndarray.dump writes pickles, which are not provided here; use numpy.save")
		return nil
	}},
	{"setflags(write=None, align=None, uic=None)", "Say whether elements may be assigned.", func(p *np, a *ndarray) starlark.Value {
		if p.c.Given(0) {
			a.locked = !p.c.BoolOr(0, true)
		}
		return nil
	}},
	{"byteswap(inplace=False)", "The elements with their bytes reversed.", func(p *np, a *ndarray) starlark.Value {
		data := slices.Clone(a.dense())
		swapBytes(data, a.dtype.Size())
		out := p.fromBytes(data, a.dtype, a.shape)
		if p.c.BoolOr(0, false) {
			p.assign(a, out)
			return a
		}
		return out
	}},
	{"__array__(dtype=None, copy=None)", "The array.", func(p *np, a *ndarray) starlark.Value { return a }},
	{"__len__()", "The length of the first axis.", func(p *np, a *ndarray) starlark.Value {
		n, err := a.Length(p.thread)
		p.check(err)
		return starlark.MakeInt(n)
	}},
	{"__getitem__(key, /)", "The elements that an index selects.", func(p *np, a *ndarray) starlark.Value { return p.get(a, p.c.Arg(0)) }},
	{"__setitem__(key, value, /)", "Puts a value at the elements that an index selects.", func(p *np, a *ndarray) starlark.Value {
		p.set(a, p.c.Arg(0), p.c.Arg(1))
		return nil
	}},
}

func swapBytes(data []byte, size int) {
	for at := 0; at+size <= len(data); at += size {
		slices.Reverse(data[at : at+size])
	}
}

// reinterpret reads the bytes of an array as another dtype.
func (p *np) reinterpret(a *ndarray, d engine.Dtype) *ndarray {
	from, to := a.dtype.Size(), d.Size()
	v := a.view(slices.Clone(a.shape), slices.Clone(a.strides), a.offset)
	v.dtype = d
	if from == to {
		return v
	}
	last := len(a.shape) - 1
	if last < 0 || !a.contiguous() {
		p.fail(object.ValueError, "To change to a dtype of a different size, the last axis must be contiguous")
	}
	if a.shape[last]*from%to != 0 || a.offset*from%to != 0 {
		p.fail(object.ValueError, "When changing to a larger dtype, its size must be a divisor of the total size in bytes of the last axis of the array.")
	}
	v.shape[last] = a.shape[last] * from / to
	v.offset = a.offset * from / to
	v.strides = engine.RowMajor(v.shape)
	return v
}

// arrayAttributes are what can be read of an array without a call.
var arrayAttributes = map[string]func(a *ndarray) starlark.Value{
	"shape":    func(a *ndarray) starlark.Value { return starlarkShape(a.shape) },
	"ndim":     func(a *ndarray) starlark.Value { return starlark.MakeInt(len(a.shape)) },
	"size":     func(a *ndarray) starlark.Value { return starlark.MakeInt(a.size()) },
	"dtype":    func(a *ndarray) starlark.Value { return dtypeValue{a.m, a.dtype, false} },
	"itemsize": func(a *ndarray) starlark.Value { return starlark.MakeInt(a.dtype.Size()) },
	"nbytes":   func(a *ndarray) starlark.Value { return starlark.MakeInt(a.size() * a.dtype.Size()) },
	"strides": func(a *ndarray) starlark.Value {
		out := make([]int, len(a.strides))
		for i, s := range a.strides {
			out[i] = s * a.dtype.Size()
		}
		return starlarkShape(out)
	},
	"base": func(a *ndarray) starlark.Value {
		if a.base == nil {
			return starlark.None
		}
		return a.base
	},
	"data": func(a *ndarray) starlark.Value {
		if !a.contiguous() {
			return starlark.None // there is no memory that has the elements in a row
		}
		return starlark.Bytes(a.dense())
	},
}

// Attr gives an attribute; methods are in the type.
func (a *ndarray) Attr(name string) (starlark.Value, error) {
	if f := arrayAttributes[name]; f != nil {
		return f(a), nil
	}
	switch name {
	case "T", "mT":
		return a.m.try(nil, func(p *np) starlark.Value {
			if name == "T" {
				return p.transpose(a, nil)
			}
			n := len(a.shape)
			if n < 2 {
				p.fail(object.ValueError, "matrix transpose with ndim < 2 is undefined")
			}
			axes := make([]int, n)
			for i := range axes {
				axes[i] = i
			}
			axes[n-1], axes[n-2] = n-2, n-1
			return p.transpose(a, axes)
		})
	case "real", "imag":
		if part := a.part(name); part != nil {
			return part, nil
		}
		return a.m.try(nil, func(p *np) starlark.Value { return p.zeros(a.dtype, a.shape).result() })
	case "flat":
		return a.m.try(nil, func(p *np) starlark.Value {
			if !a.contiguous() {
				p.fail(object.NotImplementedError, "numpy: flat of an array that is not contiguous is not provided here; use ravel()")
			}
			return p.reshape(a, []int{a.size()})
		})
	case "flags":
		return &arrayFlags{a}, nil
	case "__array_interface__":
		return a.m.try(nil, func(p *np) starlark.Value { return p.interfaceOf(a) })
	}
	return nil, nil
}

// AttrNames lists the attributes.
func (a *ndarray) AttrNames() []string {
	names := []string{"T", "__array_interface__", "flags", "flat", "imag", "mT", "real"}
	for n := range arrayAttributes {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// part is a window on the real or the imaginary parts; nil for the latter of real numbers.
func (a *ndarray) part(name string) *ndarray {
	switch {
	case a.dtype.IsComplex():
		strides, offset := make([]int, len(a.strides)), 2*a.offset
		for i, s := range a.strides {
			strides[i] = 2 * s
		}
		if name == "imag" {
			offset++
		}
		part := a.view(slices.Clone(a.shape), strides, offset)
		part.dtype = a.dtype.Real()
		return part
	case name == "real":
		return a
	}
	return nil
}

// SetField assigns shape, which reshapes the array in place, or parts of complex numbers.
func (a *ndarray) SetField(name string, v starlark.Value) error {
	if name == "real" || name == "imag" {
		_, err := a.m.try(nil, func(p *np) starlark.Value {
			part := a.part(name)
			if part == nil {
				p.fail(object.TypeError, "array does not have imaginary part to set")
			}
			p.assign(part, p.array(v, 0))
			return nil
		})
		return err
	}
	if name != "shape" {
		return object.Errorf(object.AttributeError, "attribute '%s' of 'numpy.ndarray' objects is not writable", name)
	}
	_, err := a.m.try(nil, func(p *np) starlark.Value {
		r := p.reshape(a, p.shapeOf(starlark.Tuple{v}))
		if r.store != a.store {
			p.fail(object.AttributeError, "Incompatible shape for in-place modification. Use `.reshape()` to make a copy with the desired shape.")
		}
		a.shape, a.strides, a.offset = r.shape, r.strides, r.offset
		return nil
	})
	return err
}

// arrayFlags describes an array's memory.
type arrayFlags struct{ a *ndarray }

var (
	_ starlark.HasAttrs = (*arrayFlags)(nil)
	_ object.HasItems   = (*arrayFlags)(nil)
)

func (f *arrayFlags) String() string        { return "<flags of a numpy.ndarray>" }
func (f *arrayFlags) Type() string          { return "flagsobj" }
func (f *arrayFlags) Freeze()               {}
func (f *arrayFlags) Truth() starlark.Bool  { return true }
func (f *arrayFlags) Hash() (uint32, error) { return 0, nil }
func (f *arrayFlags) AttrNames() []string   { return []string{"c_contiguous", "owndata", "writeable"} }

// Attr gives a flag.
func (f *arrayFlags) Attr(name string) (starlark.Value, error) {
	switch name {
	case "c_contiguous", "contiguous":
		return starlark.Bool(f.a.contiguous()), nil
	case "owndata":
		return starlark.Bool(f.a.base == nil && f.a.store.lent == nil), nil
	case "writeable":
		return starlark.Bool(!f.a.locked), nil
	}
	return nil, nil
}

// GetItem gives a flag by its name in capitals.
func (f *arrayFlags) GetItem(_ *starlark.Thread, key starlark.Value) (starlark.Value, error) {
	names := map[string]string{"C_CONTIGUOUS": "c_contiguous", "OWNDATA": "owndata", "WRITEABLE": "writeable"}
	s, _ := starlark.AsString(key)
	if n := names[s]; n != "" {
		return f.Attr(n)
	}
	return nil, object.Errorf(object.KeyError, "Unknown flag")
}

// TruthValue is whether the only element is not zero.
func (a *ndarray) TruthValue(thread *starlark.Thread) (bool, error) {
	switch n := a.size(); {
	case n == 0:
		return false, object.Errorf(object.ValueError, "The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an array is not empty.")
	case n > 1:
		return false, object.Errorf(object.ValueError, "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()")
	}
	return object.Truth(thread, a.element(a.places()[0]))
}

// Length is the length of the first axis.
func (a *ndarray) Length(*starlark.Thread) (int, error) {
	if len(a.shape) == 0 {
		return 0, object.Errorf(object.TypeError, "len() of unsized object")
	}
	return a.shape[0], nil
}

// rowIterator goes along the first axis.
type rowIterator struct {
	a *ndarray
	i int
}

// Next gives the next row, or scalar.
func (it *rowIterator) Next(*starlark.Thread) (starlark.Value, bool, error) {
	a := it.a
	if a == nil || it.i >= a.shape[0] {
		return nil, false, nil
	}
	at := a.offset + it.i*a.strides[0]
	it.i++
	if len(a.shape) == 1 {
		return a.scalar(at), true, nil
	}
	return a.view(a.shape[1:], a.strides[1:], at), true, nil
}

// Close lets go of the array.
func (it *rowIterator) Close() { it.a = nil }

// Iter goes along the first axis.
func (a *ndarray) Iter(*starlark.Thread) (object.Iterator, error) {
	if len(a.shape) == 0 {
		return nil, object.Errorf(object.TypeError, "iteration over a 0-d array")
	}
	return &rowIterator{a: a}, nil
}

// Contains is whether any element equals the value.
func (a *ndarray) Contains(thread *starlark.Thread, item starlark.Value) (bool, error) {
	v, err := a.m.compare(thread, object.Eq, a, item)
	if err != nil || v == nil {
		return false, err
	}
	if r, ok := v.(*ndarray); ok {
		found, err := a.m.try(thread, func(*np) starlark.Value { return starlark.Bool(slices.Contains(r.dense(), 1)) })
		return found == starlark.True, err
	}
	return object.Truth(thread, v)
}

// Convert serves int(a), float(a), complex(a), abs(a) and a as an index.
func (a *ndarray) Convert(thread *starlark.Thread, what string) (starlark.Value, error) {
	if what == "abs" {
		return a.m.applyUfunc(thread, "absolute", a)
	}
	if what == "round" {
		return nil, nil
	}
	if a.size() != 1 || what == "index" && len(a.shape) > 0 {
		if what == "index" {
			return nil, object.Errorf(object.TypeError, "only integer scalar arrays can be converted to a scalar index")
		}
		return nil, object.Errorf(object.TypeError, "only 0-dimensional arrays can be converted to Python scalars")
	}
	return a.scalar(a.places()[0]).Convert(thread, what)
}

// inPlace is an operation in place as a method.
func inPlace(op object.Op) func(p *np, a *ndarray) starlark.Value {
	return func(p *np, a *ndarray) starlark.Value {
		v, err := a.Inplace(p.thread, op, p.c.Arg(0))
		p.check(err)
		return v
	}
}
