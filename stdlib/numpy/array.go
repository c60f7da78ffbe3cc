package numpy

import (
	"slices"
	"unsafe"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// store is the memory that an array and its views share: the elements of an
// evaluated array of the engine that nothing else refers to.
type store struct {
	handle engine.Array
	data   []byte
	lent   *builtins.Array // whose elements they are, where those are of mlx.core
}

// ndarray is numpy's array: a window on a store. Basic indexing, reshape of
// contiguous arrays, transpose and their like give windows on the same store, so
// that assigning to one is seen by the other; everything else copies.
type ndarray struct {
	m       *Library
	store   *store
	shape   []int
	strides []int // in elements
	offset  int   // of the first element, in elements
	dtype   engine.Dtype
	base    *ndarray // what it is a view of, or nil
	locked  bool     // elements cannot be assigned
}

var (
	_ starlark.HasAttrs    = (*ndarray)(nil)
	_ starlark.HasSetField = (*ndarray)(nil)
	_ object.HasOperator   = (*ndarray)(nil)
	_ object.HasInplace    = (*ndarray)(nil)
	_ object.HasCompare    = (*ndarray)(nil)
	_ object.HasUnary      = (*ndarray)(nil)
	_ object.HasTruth      = (*ndarray)(nil)
	_ object.HasLength     = (*ndarray)(nil)
	_ object.HasIter       = (*ndarray)(nil)
	_ object.HasContains   = (*ndarray)(nil)
	_ object.HasItems      = (*ndarray)(nil)
	_ object.HasSetItems   = (*ndarray)(nil)
	_ object.HasFormat     = (*ndarray)(nil)
	_ object.HasStr        = (*ndarray)(nil)
	_ object.HasConvert    = (*ndarray)(nil)
	_ object.HasType       = (*ndarray)(nil)
)

func (a *ndarray) String() string       { return "<numpy.ndarray of shape " + shapeText(a.shape) + ">" }
func (a *ndarray) Type() string         { return "ndarray" }
func (a *ndarray) Freeze()              {}
func (a *ndarray) Truth() starlark.Bool { return true } // conditions ask TruthValue

// Hash fails: arrays change.
func (a *ndarray) Hash() (uint32, error) {
	return 0, object.Errorf(object.TypeError, "unhashable type: 'numpy.ndarray'")
}

// PyType is numpy.ndarray.
func (a *ndarray) PyType() *object.Type { return a.m.types.ndarray }

func (a *ndarray) size() int { return engine.Elements(a.shape) }
func (a *ndarray) rank() int { return len(a.shape) }

// contiguous reports whether the elements lie in row-major order without gaps.
func (a *ndarray) contiguous() bool { return engine.IsRowMajor(a.shape, a.strides) }

// whole reports whether the array is all of its store, in order.
func (a *ndarray) whole() bool {
	return a.offset == 0 && a.contiguous() && a.size()*a.dtype.Size() == len(a.store.data)
}

// view makes a window on the same store.
func (a *ndarray) view(shape, strides []int, offset int) *ndarray {
	base := a
	if a.base != nil {
		base = a.base
	}
	return &ndarray{m: a.m, store: a.store, shape: shape, strides: strides, offset: offset, dtype: a.dtype, base: base, locked: a.locked}
}

// node is the array as an operand of the engine.
func (a *ndarray) node(b *engine.Builder) *engine.Node {
	base := a.store.handle.Node()
	switch {
	case a.store.lent != nil, base.Dtype() != a.dtype, a.size() == 0:
		return b.FromBytes(a.dense(), a.dtype, slices.Clone(a.shape))
	case a.whole() && slices.Equal(base.Shape(), a.shape):
		return base
	case a.whole():
		return b.Reshape(base, slices.Clone(a.shape))
	}
	return b.AsStrided(base, slices.Clone(a.shape), slices.Clone(a.strides), a.offset)
}

// as is node converted to a dtype.
func (a *ndarray) as(b *engine.Builder, d engine.Dtype) *engine.Node { return b.AsType(a.node(b), d) }

// longRow is how many elements may pass between two looks at the budget.
const longRow = 16 * object.LongStep

// eachRow calls f for every run of elements along the last axis, a long one in parts: the
// place of its first element, how many there are, and the stride between them.
func (m *Library) eachRow(shape, strides []int, offset int, f func(at, n, stride int)) {
	if engine.Elements(shape) == 0 {
		return
	}
	if len(shape) == 0 {
		f(offset, 1, 1)
		return
	}
	last := len(shape) - 1
	index := make([]int, last)
	since := 0
	for {
		for at, left := offset, shape[last]; left > 0; {
			n := min(left, longRow)
			f(at, n, strides[last])
			if since += n; since >= object.LongStep {
				m.steps(since)
				since = 0
			}
			at, left = at+n*strides[last], left-n
		}
		i := last - 1
		for ; i >= 0; i-- {
			index[i]++
			offset += strides[i]
			if index[i] < shape[i] {
				break
			}
			offset -= index[i] * strides[i]
			index[i] = 0
		}
		if i < 0 {
			return
		}
	}
}

// places lists where the elements lie in the store, in row-major order.
func (a *ndarray) places() []int {
	a.m.reserve(a.size(), 8)
	out := make([]int, 0, a.size())
	a.m.eachRow(a.shape, a.strides, a.offset, func(at, n, stride int) {
		for i := range n {
			out = append(out, at+i*stride)
		}
	})
	return out
}

// dense gives the elements as row-major bytes: the store's own where they lie
// so, else a copy.
func (a *ndarray) dense() []byte {
	size := a.dtype.Size()
	n := a.size() * size
	if a.contiguous() || n == 0 {
		if n == 0 {
			return nil
		}
		return a.store.data[a.offset*size:][:n]
	}
	a.m.reserve(n, 1)
	out := make([]byte, n)
	at := 0
	a.m.eachRow(a.shape, a.strides, a.offset, func(from, count, stride int) {
		copyElements(out[at:], 1, a.store.data[from*size:], stride, count, size, a.store.data, from)
		at += count * size
	})
	return out
}

// copyElements copies n elements of size bytes. To and from start at the first
// element; strides are in elements. All and at give the source's whole store,
// for strides that go backwards.
func copyElements(to []byte, toStride int, from []byte, fromStride, n, size int, all []byte, at int) {
	if toStride == 1 && fromStride == 1 {
		copy(to[:n*size], from)
		return
	}
	for i := range n {
		src := (at + i*fromStride) * size
		copy(to[i*toStride*size:][:size], all[src:src+size])
	}
}

// element reads the element at a place of the store.
func (a *ndarray) element(at int) starlark.Value {
	size := a.dtype.Size()
	return builtins.Number(engine.ReadElement(a.store.data[at*size:][:size], a.dtype), a.dtype)
}

// scalar is the element at a place as numpy's scalar.
func (a *ndarray) scalar(at int) *scalar { return &scalar{a.m, a.dtype, a.element(at)} }

// values lists the elements as Python numbers, in row-major order.
func (a *ndarray) values() []starlark.Value {
	a.m.reserve(a.size(), 24)
	out := make([]starlark.Value, 0, a.size())
	a.m.eachRow(a.shape, a.strides, a.offset, func(at, n, stride int) {
		for i := range n {
			out = append(out, a.element(at+i*stride))
		}
	})
	return out
}

// floats lists the elements as float64.
func (a *ndarray) floats() []float64 {
	a.m.reserve(a.size(), 8)
	out := make([]float64, 0, a.size())
	size := a.dtype.Size()
	a.m.eachRow(a.shape, a.strides, a.offset, func(at, n, stride int) {
		for i := range n {
			e := engine.ReadElement(a.store.data[(at+i*stride)*size:][:size], a.dtype)
			switch {
			case a.dtype.IsComplex():
				out = append(out, float64(real(e.Complex)))
			case a.dtype == engine.Uint64:
				out = append(out, float64(uint64(e.Int)))
			case a.dtype.IsFloat():
				out = append(out, e.Float)
			default:
				out = append(out, float64(e.Int))
			}
		}
	})
	return out
}

// one is the only element of an array as a float64.
func (p *np) one(a *ndarray) float64 {
	if a.size() != 1 {
		p.fail(object.TypeError, "only 0-dimensional arrays can be converted to Python scalars")
	}
	return a.floats()[0]
}

// ints lists the elements of an array of integers or bools.
func (a *ndarray) ints() []int {
	a.m.reserve(a.size(), 8)
	out := make([]int, 0, a.size())
	size := a.dtype.Size()
	a.m.eachRow(a.shape, a.strides, a.offset, func(at, n, stride int) {
		for i := range n {
			out = append(out, int(engine.ReadElement(a.store.data[(at+i*stride)*size:][:size], a.dtype).Int))
		}
	})
	return out
}

// result is what a function gives for an array: a scalar where it is 0-d.
func (a *ndarray) result() starlark.Value {
	if len(a.shape) == 0 {
		return a.scalar(a.offset)
	}
	return a
}

// copied is an array of its own with the same elements, row-major.
func (p *np) copied(a *ndarray) *ndarray { return p.fromBytes(a.dense(), a.dtype, a.shape) }

// astype converts to a dtype; the array itself where it has it.
func (p *np) astype(a *ndarray, d engine.Dtype) *ndarray {
	if a.dtype == d {
		return a
	}
	if a.size() == 0 {
		return p.zeros(d, a.shape)
	}
	return p.build(func(b *engine.Builder) *engine.Node { return a.as(b, d) }, a)
}

// broadcastTo is a window of the shape, whose repeated elements are one.
func (p *np) broadcastTo(a *ndarray, shape []int) *ndarray {
	p.count(shape)
	extra := len(shape) - len(a.shape)
	strides := make([]int, len(shape))
	ok := extra >= 0
	for i := range a.shape {
		if !ok {
			break
		}
		switch {
		case a.shape[i] == shape[extra+i]:
			strides[extra+i] = a.strides[i]
		case a.shape[i] != 1:
			ok = false
		}
	}
	if !ok {
		p.fail(object.ValueError, "could not broadcast input array from shape %s into shape %s", shapeTuple(a.shape), shapeTuple(shape))
	}
	return a.view(slices.Clone(shape), strides, a.offset)
}

// shapeTuple writes a shape as NumPy's broadcasting errors do: (2,3).
func shapeTuple(shape []int) string {
	s := engine.FormatShape(shape)
	if len(shape) == 1 {
		s = s[:len(s)-1] + ",)"
		if s[len(s)-3] == ',' {
			s = s[:len(s)-3] + ",)"
		}
	}
	return s
}

// assign puts the elements of src, converted and broadcast, into a.
func (p *np) assign(a, src *ndarray) {
	if a.locked {
		p.fail(object.ValueError, "assignment destination is read-only")
	}
	for len(src.shape) > len(a.shape) && src.shape[0] == 1 {
		src = src.view(src.shape[1:], src.strides[1:], src.offset)
	}
	src = p.astype(src, a.dtype)
	if src.store == a.store {
		src = p.copied(src)
	}
	src = p.broadcastTo(src, a.shape)
	size := a.dtype.Size()
	from := src.places()
	at := 0
	a.m.eachRow(a.shape, a.strides, a.offset, func(to, n, stride int) {
		for i := range n {
			dst := (to + i*stride) * size
			s := from[at+i] * size
			copy(a.store.data[dst:dst+size], src.store.data[s:s+size])
		}
		at += n
	})
}

// sameMemory reports whether two arrays may share elements.
func sameMemory(a, b *ndarray) bool { return unsafe.Pointer(a.store) == unsafe.Pointer(b.store) }

// EngineArray is the array that holds the elements.
func (a *ndarray) EngineArray() *engine.Array { return &a.store.handle }
