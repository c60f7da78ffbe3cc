package numpy

import (
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// selection is what an index selects of an array: a window, or, where the
// index has arrays, places of the store.
type selection struct {
	m      *Library
	shape  []int
	window *ndarray // nil where there are index arrays
	spread []int    // places of the index arrays' elements
	inner  []int    // places of the kept axes' elements, relative to those
	outer  int      // how many elements of inner stand before the index arrays' axes
}

// places lists the selected elements' places in the store, in order.
func (s *selection) places() []int {
	if s.window != nil {
		return s.window.places()
	}
	after := 0
	if s.outer > 0 {
		after = len(s.inner) / s.outer
	}
	s.m.reserve(s.outer*len(s.spread), 8*after)
	out := make([]int, 0, s.outer*len(s.spread)*after)
	for o := range s.outer {
		for _, at := range s.spread {
			s.m.steps(after)
			for _, rel := range s.inner[o*after : (o+1)*after] {
				out = append(out, at+rel)
			}
		}
	}
	return out
}

// part is one part of an index, for one axis.
type indexPart struct {
	kind  uint8
	slice *object.Slice
	at    int      // of an int
	array *ndarray // of an index array, int64
}

const (
	partSlice uint8 = iota + 1
	partInt
	partArray
	partHold // an index array that covers no axis: what a 0-d mask becomes
	partNew
)

// parts reads an index: the ellipsis written out, boolean arrays as the places
// where they hold.
func (p *np) parts(a *ndarray, key starlark.Value) (parts []indexPart, advanced bool) {
	keys, ok := key.(starlark.Tuple)
	if !ok {
		keys = starlark.Tuple{key}
	}
	ellipsis, used := -1, 0
	read := make([]indexPart, 0, len(keys))
	for _, k := range keys {
		if k == object.Ellipsis {
			if ellipsis >= 0 {
				p.fail(object.IndexError, "an index can only have a single ellipsis ('...')")
			}
			ellipsis = len(read)
			continue
		}
		more, axes, fancy := p.part(k, a, used)
		read, used, advanced = append(read, more...), used+axes, advanced || fancy
	}
	if used > len(a.shape) {
		p.fail(object.IndexError, "too many indices for array: array is %d-dimensional, but %d were indexed", len(a.shape), used)
	}
	full := make([]indexPart, len(a.shape)-used)
	for i := range full {
		full[i] = indexPart{kind: partSlice, slice: object.NewSlice(nil, nil, nil)}
	}
	if ellipsis < 0 {
		ellipsis = len(read)
	}
	return slices.Concat(read[:ellipsis], full, read[ellipsis:]), advanced
}

// part reads one part of an index, and tells how many axes it covers.
func (p *np) part(k starlark.Value, a *ndarray, used int) (parts []indexPart, axes int, fancy bool) {
	switch k := k.(type) {
	case starlark.NoneType:
		return []indexPart{{kind: partNew}}, 0, false
	case *object.Slice:
		return []indexPart{{kind: partSlice, slice: k}}, 1, false
	case starlark.Int:
		n, err := object.AsIndex(p.thread, k)
		p.check(err)
		return []indexPart{{kind: partInt, at: n}}, 1, false
	case *scalar:
		if k.d.IsInteger() {
			n, err := object.AsIndex(p.thread, k.v)
			p.check(err)
			return []indexPart{{kind: partInt, at: n}}, 1, false
		}
	}
	var index *ndarray
	switch k := k.(type) {
	case *ndarray:
		index = k
	case starlark.Bool, *builtins.Array, *scalar:
		index = p.array(k, 0)
	default:
		if _, ok := (&literal{p: p}).sequence(k); !ok {
			p.fail(object.IndexError, "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices")
		}
		index = p.array(k, 0)
		if index.size() == 0 {
			index = p.astype(index, engine.Int64)
		}
	}
	switch {
	case index.dtype == engine.Bool:
		return p.mask(index, a, used)
	case index.dtype.IsInteger():
		return []indexPart{{kind: partArray, array: index}}, 1, true
	}
	p.fail(object.IndexError, "arrays used as indices must be of integer (or boolean) type")
	return nil, 0, false
}

// mask makes index arrays of a boolean one: the places where it holds.
func (p *np) mask(m, a *ndarray, used int) (parts []indexPart, axes int, fancy bool) {
	if len(m.shape) == 0 { // True keeps everything below a new axis, False nothing
		n := 0
		if m.element(m.offset) == starlark.True {
			n = 1
		}
		return []indexPart{{kind: partHold, array: p.zeros(engine.Int64, []int{n})}}, 0, true
	}
	for i, n := range m.shape {
		if used+i >= len(a.shape) {
			p.fail(object.IndexError, "too many indices for array: array is %d-dimensional, but %d were indexed", len(a.shape), used+len(m.shape))
		}
		if a.shape[used+i] != n {
			p.fail(object.IndexError, "boolean index did not match indexed array along axis %d; size of axis is %d but size of corresponding boolean axis is %d", used+i, a.shape[used+i], n)
		}
	}
	for _, places := range p.nonzero(m) {
		parts = append(parts, indexPart{kind: partArray, array: places})
	}
	return parts, len(m.shape), true
}

// nonzero lists the indices along each axis of the elements that are not zero.
func (p *np) nonzero(a *ndarray) []*ndarray {
	mask := p.astype(a, engine.Bool).dense()
	rank := max(len(a.shape), 1)
	coords := make([][]byte, rank)
	index := make([]int, len(a.shape))
	var cell [8]byte
	n := 0
	for _, hold := range mask {
		n += int(min(hold, 1))
	}
	p.grow(n, 3*8*rank)
	n = 0
	for k, hold := range mask {
		p.look(k)
		if hold != 0 {
			n++
			for i := range index {
				p.putInt(cell[:], int64(index[i]), engine.Int64)
				coords[i] = append(coords[i], cell[:]...)
			}
		}
		for i := len(index) - 1; i >= 0; i-- {
			index[i]++
			if index[i] < a.shape[i] {
				break
			}
			index[i] = 0
		}
	}
	out := make([]*ndarray, len(a.shape))
	for i := range out {
		out[i] = p.fromBytes(coords[i], engine.Int64, []int{n})
	}
	return out
}

// selection reads an index of an array.
func (p *np) selection(a *ndarray, key starlark.Value) *selection {
	parts, advanced := p.parts(a, key)
	var shape, strides []int
	offset := a.offset
	axis := 0
	type fancyAxis struct {
		index             *ndarray
		size, stride, dim int
	}
	var fancy []fancyAxis
	first, front := spreadPart(parts), 0
	for i, part := range parts {
		if i == first {
			front = len(shape)
		}
		if part.kind == partNew {
			shape, strides = append(shape, 1), append(strides, 0)
			continue
		}
		if part.kind == partHold {
			fancy = append(fancy, fancyAxis{part.array, 1, 0, axis})
			continue
		}
		size, stride := a.shape[axis], a.strides[axis]
		switch {
		case part.kind == partSlice:
			start, step, count, err := part.slice.Indices(p.thread, size)
			p.check(err)
			if count > 0 {
				offset += start * stride
			}
			shape, strides = append(shape, count), append(strides, step*stride)
		case part.kind == partInt && !advanced:
			offset += p.within(part.at, size, axis) * stride
		default:
			index := part.array
			if part.kind == partInt {
				index = p.filled(starlark.MakeInt(part.at), engine.Int64, nil)
			}
			fancy = append(fancy, fancyAxis{index, size, stride, axis})
		}
		axis++
	}
	if !advanced {
		return &selection{m: p.Library, shape: shape, window: a.view(shape, strides, offset)}
	}
	shapes := make([][]int, len(fancy))
	text := ""
	for i, f := range fancy {
		shapes[i] = f.index.shape
		text += shapeTuple(f.index.shape) + " "
	}
	wide, ok := engine.BroadcastShapes(shapes...)
	if !ok {
		p.fail(object.IndexError, "shape mismatch: indexing arrays could not be broadcast together with shapes %s", text)
	}
	p.grow(p.count(wide), 8)
	spread := make([]int, engine.Elements(wide))
	for i := range spread {
		p.look(i)
		spread[i] = offset
	}
	for _, f := range fancy {
		for i, at := range p.broadcastTo(f.index, wide).ints() {
			p.look(i)
			spread[i] += p.within(at, f.size, f.dim) * f.stride
		}
	}
	inner := a.view(shape, strides, 0).places()
	return &selection{
		shape: slices.Concat(shape[:front], wide, shape[front:]),
		m:     p.Library, spread: spread, inner: inner, outer: engine.Elements(shape[:front]),
	}
}

// spreadPart is the part before which the index arrays' axes go. An int among
// index arrays is one.
func spreadPart(parts []indexPart) int {
	kinds := make([]builtins.IndexPart, len(parts))
	for i, part := range parts {
		if part.kind == partInt || part.kind == partArray || part.kind == partHold {
			kinds[i] = builtins.PicksByArray
		}
	}
	return builtins.SpreadPart(kinds)
}

// within resolves an index along an axis.
func (p *np) within(at, size, axis int) int {
	i := at
	if i < 0 {
		i += size
	}
	if i < 0 || i >= size {
		p.fail(object.IndexError, "index %d is out of bounds for axis %d with size %d", at, axis, size)
	}
	return i
}

// get is a[key]: a window for basic indices, a scalar where nothing is left, else
// a copy.
func (p *np) get(a *ndarray, key starlark.Value) starlark.Value {
	s := p.selection(a, key)
	if s.window != nil {
		if len(s.shape) == 0 && !hasEllipsis(key) {
			return s.window.scalar(s.window.offset)
		}
		return s.window
	}
	return p.gathered(a, s.places(), s.shape).result()
}

func hasEllipsis(key starlark.Value) bool {
	if t, ok := key.(starlark.Tuple); ok {
		return slices.Contains(t, object.Ellipsis)
	}
	return key == object.Ellipsis
}

// gathered copies the elements at places.
func (p *np) gathered(a *ndarray, places []int, shape []int) *ndarray {
	size := a.dtype.Size()
	p.grow(len(places), 2*size)
	data := make([]byte, len(places)*size)
	for i, at := range places {
		p.look(i)
		copy(data[i*size:][:size], a.store.data[at*size:][:size])
	}
	return p.fromBytes(data, a.dtype, shape)
}

// set is a[key] = value.
func (p *np) set(a *ndarray, key, value starlark.Value) {
	if a.locked {
		p.fail(object.ValueError, "assignment destination is read-only")
	}
	s := p.selection(a, key)
	if n, ok := p.operand(value); ok && n.a == nil { // one number
		cell := make([]byte, a.dtype.Size())
		if n.d.Valid() {
			copy(cell, p.astype(p.filled(n.v, n.d, nil), a.dtype).dense())
		} else {
			p.put(cell, n.v, a.dtype)
		}
		for i, at := range s.places() {
			p.look(i)
			copy(a.store.data[at*len(cell):], cell)
		}
		return
	}
	src := p.array(value, 0)
	if s.window != nil {
		p.assign(s.window, src)
		return
	}
	for len(src.shape) > len(s.shape) && src.shape[0] == 1 {
		src = src.view(src.shape[1:], src.strides[1:], src.offset)
	}
	if _, ok := engine.BroadcastShapes(src.shape, s.shape); !ok || engine.Elements(src.shape) > max(engine.Elements(s.shape), 1) {
		if isMask(key) {
			p.fail(object.ValueError, "NumPy boolean array indexing assignment cannot assign %d input values to the %d output values where the mask is true", src.size(), engine.Elements(s.shape))
		}
		p.fail(object.ValueError, "shape mismatch: value array of shape %s could not be broadcast to indexing result of shape %s", shapeTuple(src.shape), shapeTuple(s.shape))
	}
	src = p.astype(src, a.dtype)
	if sameMemory(src, a) {
		src = p.copied(src)
	}
	size := a.dtype.Size()
	from := p.broadcastTo(src, s.shape).places()
	for i, at := range s.places() {
		p.look(i)
		copy(a.store.data[at*size:][:size], src.store.data[from[i]*size:][:size])
	}
}

func isMask(key starlark.Value) bool {
	a, ok := key.(*ndarray)
	return ok && a.dtype == engine.Bool
}

// GetItem is a[key].
func (a *ndarray) GetItem(thread *starlark.Thread, key starlark.Value) (starlark.Value, error) {
	return a.m.try(thread, func(p *np) starlark.Value { return p.get(a, key) })
}

// SetItem is a[key] = value.
func (a *ndarray) SetItem(thread *starlark.Thread, key, value starlark.Value) error {
	_, err := a.m.try(thread, func(p *np) starlark.Value { p.set(a, key, value); return nil })
	return err
}
