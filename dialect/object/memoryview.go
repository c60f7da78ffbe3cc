package object

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"math"
	"slices"
	"strings"
	"unsafe"

	"go.starlark.net/starlark"
)

// Buffer describes elements in memory: what a memoryview shows. Strides and
// Offset count bytes.
type Buffer struct {
	Data     []byte
	Format   string // of an element, in the letters of Python's struct
	ItemSize int
	Shape    []int
	Strides  []int
	Offset   int
	ReadOnly bool
	Keep     any // what keeps the data valid besides the value it is of
}

// HasBuffer is a value whose elements memoryview(x) and bytes(x) read. The data
// must stay valid for as long as the value is reachable.
type HasBuffer interface {
	starlark.Value
	Buffer(thread *starlark.Thread) (*Buffer, error)
}

// bufferOf is the buffer of a bytes-like value, or nil.
func bufferOf(thread *starlark.Thread, v starlark.Value) (*Buffer, error) {
	flat := func(data []byte, readOnly bool) *Buffer {
		return &Buffer{Data: data, Format: "B", ItemSize: 1, Shape: []int{len(data)}, Strides: []int{1}, ReadOnly: readOnly}
	}
	switch u := unwrap(v).(type) {
	case starlark.Bytes:
		return flat([]byte(u), true), nil
	case *ByteArray:
		return flat(u.b, false), nil
	case HasBuffer:
		return u.Buffer(thread)
	}
	return nil, nil
}

// MemoryView is Python's memoryview: the elements of another value, without a
// copy where it can be helped.
type MemoryView struct {
	owner starlark.Value // keeps the data; nil once released
	buf   Buffer
}

var (
	_ HasType     = (*MemoryView)(nil)
	_ HasItems    = (*MemoryView)(nil)
	_ HasSetItems = (*MemoryView)(nil)
	_ HasLength   = (*MemoryView)(nil)
	_ HasIter     = (*MemoryView)(nil)
	_ HasCompare  = (*MemoryView)(nil)
	_ HasBuffer   = (*MemoryView)(nil)
)

func (m *MemoryView) String() string        { return "<memory at " + addressOf(m) + ">" }
func (m *MemoryView) Type() string          { return "memoryview" }
func (m *MemoryView) Freeze()               {}
func (m *MemoryView) Truth() starlark.Bool  { return len(m.buf.Shape) == 0 || m.buf.Shape[0] > 0 }
func (m *MemoryView) Hash() (uint32, error) { return hashPointer(unsafe.Pointer(m)), nil }

// PyType is memoryview.
func (m *MemoryView) PyType() *Type { return MemoryViewType }

// Buffer is the view's own part of the memory.
func (m *MemoryView) Buffer(*starlark.Thread) (*Buffer, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	b := m.buf
	return &b, nil
}

func (m *MemoryView) check() error {
	if m.owner == nil {
		return Errorf(ValueError, "operation forbidden on released memoryview object")
	}
	return nil
}

func constructMemoryView(c *call) (starlark.Value, error) {
	b, err := bufferOf(c.thread, c.arg(0))
	if err != nil {
		return nil, err
	}
	if b == nil {
		return nil, Errorf(TypeError, "memoryview: a bytes-like object is required, not '%s'", typeName(c.arg(0)))
	}
	return &MemoryView{c.arg(0), *b}, nil
}

// Len is the number of elements.
func (b *Buffer) Len() int {
	n := 1
	for _, d := range b.Shape {
		n *= d
	}
	return n
}

// each calls f with the place of every element in row-major order.
func (b *Buffer) each(f func(at int)) {
	var walk func(axis, at int)
	walk = func(axis, at int) {
		if axis == len(b.Shape) {
			f(at)
			return
		}
		for i := range b.Shape[axis] {
			walk(axis+1, at+i*b.Strides[axis])
		}
	}
	walk(0, b.Offset)
}

// Bytes are the elements in row-major order, copied.
func (b *Buffer) Bytes() []byte {
	if n := b.Len() * b.ItemSize; b.contiguous(false) && b.Offset+n <= len(b.Data) {
		return bytes.Clone(b.Data[b.Offset:][:n:n])
	}
	out := make([]byte, 0, b.Len()*b.ItemSize)
	b.each(func(at int) { out = append(out, b.Data[at:at+b.ItemSize]...) })
	return out
}

// contiguous reports whether the elements lie in row-major order, or, with
// columns, in column-major order, without gaps.
func (b *Buffer) contiguous(columns bool) bool {
	want := b.ItemSize
	for i := range b.Shape {
		axis := len(b.Shape) - 1 - i
		if columns {
			axis = i
		}
		if b.Shape[axis] > 1 && b.Strides[axis] != want {
			return b.Len() == 0
		}
		want *= b.Shape[axis]
	}
	return true
}

// elementFormats reads and writes the elements that Python's memoryview can.
var elementFormats = map[string]struct {
	size int
	get  func(p []byte) starlark.Value
}{
	"?": {1, func(p []byte) starlark.Value { return starlark.Bool(p[0] != 0) }},
	"b": {1, func(p []byte) starlark.Value { return starlark.MakeInt(int(int8(p[0]))) }},
	"B": {1, func(p []byte) starlark.Value { return starlark.MakeInt(int(p[0])) }},
	"c": {1, func(p []byte) starlark.Value { return starlark.Bytes(p[:1]) }},
	"h": {2, func(p []byte) starlark.Value { return starlark.MakeInt(int(int16(binary.NativeEndian.Uint16(p)))) }},
	"H": {2, func(p []byte) starlark.Value { return starlark.MakeInt(int(binary.NativeEndian.Uint16(p))) }},
	"i": {4, func(p []byte) starlark.Value { return starlark.MakeInt(int(int32(binary.NativeEndian.Uint32(p)))) }},
	"I": {4, func(p []byte) starlark.Value { return starlark.MakeUint64(uint64(binary.NativeEndian.Uint32(p))) }},
	"l": {8, func(p []byte) starlark.Value { return starlark.MakeInt64(int64(binary.NativeEndian.Uint64(p))) }},
	"L": {8, func(p []byte) starlark.Value { return starlark.MakeUint64(binary.NativeEndian.Uint64(p)) }},
	"q": {8, func(p []byte) starlark.Value { return starlark.MakeInt64(int64(binary.NativeEndian.Uint64(p))) }},
	"Q": {8, func(p []byte) starlark.Value { return starlark.MakeUint64(binary.NativeEndian.Uint64(p)) }},
	"f": {4, func(p []byte) starlark.Value {
		return starlark.Float(math.Float32frombits(binary.NativeEndian.Uint32(p)))
	}},
	"d": {8, func(p []byte) starlark.Value {
		return starlark.Float(math.Float64frombits(binary.NativeEndian.Uint64(p)))
	}},
}

func (m *MemoryView) element(at int) (starlark.Value, error) {
	f, ok := elementFormats[m.buf.Format]
	if !ok {
		return nil, Errorf(NotImplementedError, "memoryview: format %s not supported", m.buf.Format)
	}
	return f.get(m.buf.Data[at : at+f.size]), nil
}

// place is the offset of the element that a key of integers names.
func (m *MemoryView) place(thread *starlark.Thread, key starlark.Value) (int, error) {
	keys, ok := key.(starlark.Tuple)
	if !ok {
		keys = starlark.Tuple{key}
	}
	if len(keys) > len(m.buf.Shape) {
		return 0, Errorf(TypeError, "cannot index %d-dimension view with %d-element tuple", len(m.buf.Shape), len(keys))
	}
	if len(keys) < len(m.buf.Shape) {
		return 0, Errorf(NotImplementedError, "multi-dimensional sub-views are not implemented")
	}
	at := m.buf.Offset
	for axis, k := range keys {
		if _, isSlice := k.(*Slice); isSlice {
			return 0, Errorf(NotImplementedError, "multi-dimensional slicing is not implemented")
		}
		i, err := AsIndex(thread, k)
		if err != nil {
			return 0, Errorf(TypeError, "memoryview: invalid slice key")
		}
		if i < 0 {
			i += m.buf.Shape[axis]
		}
		if i < 0 || i >= m.buf.Shape[axis] {
			return 0, Errorf(IndexError, "index out of bounds on dimension %d", axis+1)
		}
		at += i * m.buf.Strides[axis]
	}
	return at, nil
}

// sliced is the view along the first axis that a slice selects.
func (m *MemoryView) sliced(thread *starlark.Thread, s *Slice) (*MemoryView, error) {
	if len(m.buf.Shape) == 0 {
		return nil, Errorf(TypeError, "invalid indexing of 0-dim memory")
	}
	start, step, n, err := s.Indices(thread, m.buf.Shape[0])
	if err != nil {
		return nil, err
	}
	out := &MemoryView{m.owner, m.buf}
	out.buf.Shape, out.buf.Strides = slices.Clone(m.buf.Shape), slices.Clone(m.buf.Strides)
	out.buf.Offset += start * m.buf.Strides[0]
	out.buf.Shape[0], out.buf.Strides[0] = n, m.buf.Strides[0]*step
	return out, nil
}

// GetItem is an element for integers, a view for a slice.
func (m *MemoryView) GetItem(thread *starlark.Thread, key starlark.Value) (starlark.Value, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	if s, ok := key.(*Slice); ok {
		return m.sliced(thread, s)
	}
	at, err := m.place(thread, key)
	if err != nil {
		return nil, err
	}
	return m.element(at)
}

// SetItem writes an element, or bytes-like elements of the same format and
// number over a slice, where the memory is not read-only.
func (m *MemoryView) SetItem(thread *starlark.Thread, key, v starlark.Value) error {
	if err := m.check(); err != nil {
		return err
	}
	if m.buf.ReadOnly {
		return Errorf(TypeError, "cannot modify read-only memory")
	}
	if s, ok := key.(*Slice); ok {
		part, err := m.sliced(thread, s)
		if err != nil {
			return err
		}
		from, err := bufferOf(thread, v)
		switch {
		case err != nil:
			return err
		case from == nil:
			return Errorf(TypeError, "a bytes-like object is required, not '%s'", typeName(v))
		case from.Format != m.buf.Format || !slices.Equal(from.Shape, part.buf.Shape):
			return Errorf(ValueError, "memoryview assignment: lvalue and rvalue have different structures")
		}
		data := from.Bytes()
		part.buf.each(func(at int) { data = data[copy(m.buf.Data[at:at+m.buf.ItemSize], data):] })
		return nil
	}
	at, err := m.place(thread, key)
	if err != nil {
		return err
	}
	if m.buf.Format != "B" {
		return Errorf(NotImplementedError, "memoryview: format %s cannot be assigned", m.buf.Format)
	}
	b, err := AsIndex(thread, v)
	if err != nil {
		return Errorf(TypeError, "memoryview: invalid type for format 'B'")
	}
	if b < 0 || b > 255 {
		return Errorf(ValueError, "memoryview: invalid value for format 'B'")
	}
	m.buf.Data[at] = byte(b)
	return nil
}

// Length is the length of the first axis.
func (m *MemoryView) Length(*starlark.Thread) (int, error) {
	if err := m.check(); err != nil {
		return 0, err
	}
	if len(m.buf.Shape) == 0 {
		return 0, Errorf(TypeError, "0-dim memory has no length")
	}
	return m.buf.Shape[0], nil
}

// Iter iterates over the elements of a view with one axis.
func (m *MemoryView) Iter(*starlark.Thread) (Iterator, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	switch len(m.buf.Shape) {
	case 0:
		return nil, Errorf(TypeError, "invalid indexing of 0-dim memory")
	case 1:
	default:
		return nil, Errorf(NotImplementedError, "multi-dimensional sub-views are not implemented")
	}
	i := 0
	return &stepper{next: func(thread *starlark.Thread) (starlark.Value, bool, error) {
		if i >= m.buf.Shape[0] {
			return nil, false, nil
		}
		v, err := m.GetItem(thread, starlark.MakeInt(i))
		i++
		return v, err == nil, err
	}}, nil
}

// RichCompare compares shape and elements with those of a bytes-like value.
func (m *MemoryView) RichCompare(thread *starlark.Thread, op Op, other starlark.Value, _ starlark.Side) (starlark.Value, error) {
	if op != Eq && op != Ne {
		return nil, nil
	}
	b, err := bufferOf(thread, other)
	if err != nil || b == nil || m.owner == nil {
		return nil, err
	}
	same := slices.Equal(b.Shape, m.buf.Shape)
	if same && b.Format == m.buf.Format {
		same = string(b.Bytes()) == string(m.buf.Bytes())
	} else if same {
		x, err := m.list(thread)
		if err != nil {
			return nil, err
		}
		y, err := (&MemoryView{other, *b}).list(thread)
		if err != nil {
			return nil, err
		}
		if same, err = Equal(thread, x, y); err != nil {
			return nil, err
		}
	}
	return starlark.Bool(same == (op == Eq)), nil
}

// list is the elements as nested lists.
func (m *MemoryView) list(thread *starlark.Thread) (starlark.Value, error) {
	var turns pace
	var walk func(axis, at int) (starlark.Value, error)
	walk = func(axis, at int) (starlark.Value, error) {
		if axis == len(m.buf.Shape) {
			return m.element(at)
		}
		if err := GrowTimes(thread, m.buf.Shape[axis], 2*valueSize); err != nil {
			return nil, err
		}
		out := make([]starlark.Value, m.buf.Shape[axis])
		for i := range out {
			if err := turns.step(thread); err != nil {
				return nil, err
			}
			var err error
			if out[i], err = walk(axis+1, at+i*m.buf.Strides[axis]); err != nil {
				return nil, err
			}
		}
		return starlark.NewList(out), nil
	}
	return walk(0, m.buf.Offset)
}

// cast reads the bytes of a row-major view in another format: one of the two
// formats is of bytes.
func (m *MemoryView) cast(c *call) (starlark.Value, error) {
	format, err := c.strArg(0)
	if err != nil {
		return nil, err
	}
	format = strings.TrimPrefix(format, "@")
	to, ok := elementFormats[format]
	isByte := func(f string) bool { return f == "B" || f == "b" || f == "c" }
	switch {
	case !ok:
		return nil, Errorf(ValueError, "memoryview: destination format must be a native single character format prefixed with an optional '@'")
	case !m.buf.contiguous(false):
		return nil, Errorf(TypeError, "memoryview: casts are restricted to C-contiguous views")
	case !isByte(format) && !isByte(m.buf.Format):
		return nil, Errorf(TypeError, "memoryview: cannot cast between two non-byte formats")
	}
	bytes := m.buf.Len() * m.buf.ItemSize
	if bytes%to.size != 0 {
		return nil, Errorf(TypeError, "memoryview: length is not a multiple of itemsize")
	}
	shape := []int{bytes / to.size}
	if c.given(1) {
		shape = nil
		if err := each(c.thread, c.arg(1), func(v starlark.Value) error {
			n, err := AsIndex(c.thread, v)
			if err == nil && n <= 0 {
				err = Errorf(ValueError, "memoryview.cast(): elements of shape must be integers > 0")
			}
			shape = append(shape, n)
			return err
		}); err != nil {
			return nil, err
		}
	}
	out := &MemoryView{m.owner, Buffer{Data: m.buf.Data, Format: format, ItemSize: to.size, Shape: shape,
		Strides: make([]int, len(shape)), Offset: m.buf.Offset, ReadOnly: m.buf.ReadOnly, Keep: m.buf.Keep}}
	stride := to.size
	for i := len(shape) - 1; i >= 0; i-- {
		if shape[i] > bytes/stride && bytes > 0 {
			return nil, Errorf(TypeError, "memoryview: product(shape) * itemsize != buffer size")
		}
		out.buf.Strides[i], stride = stride, stride*shape[i]
	}
	if stride != bytes {
		return nil, Errorf(TypeError, "memoryview: product(shape) * itemsize != buffer size")
	}
	return out, nil
}

func viewMethod(f func(m *MemoryView, c *call) (starlark.Value, error)) func(c *call) (starlark.Value, error) {
	return func(c *call) (starlark.Value, error) {
		m, ok := c.self.(*MemoryView)
		if !ok {
			return nil, Errorf(TypeError, "descriptor '%s' requires a 'memoryview' object but received a '%s'", c.name, typeName(c.self))
		}
		if err := m.check(); err != nil && c.name != "release" && c.name != "__exit__" {
			return nil, err
		}
		return f(m, c)
	}
}

func memoryViewMethods() []methodSpec {
	release := viewMethod(func(m *MemoryView, _ *call) (starlark.Value, error) {
		m.owner, m.buf.Data, m.buf.Keep = nil, nil, nil
		return starlark.None, nil
	})
	return []methodSpec{
		{name: "cast", sig: "format, shape=None", fn: viewMethod((*MemoryView).cast)},
		{name: "tolist", fn: viewMethod(func(m *MemoryView, c *call) (starlark.Value, error) { return m.list(c.thread) })},
		{name: "tobytes", sig: "order='C'", fn: viewMethod(func(m *MemoryView, _ *call) (starlark.Value, error) {
			return starlark.Bytes(m.buf.Bytes()), nil
		})},
		{name: "hex", fn: viewMethod(func(m *MemoryView, _ *call) (starlark.Value, error) {
			return newString(hex.EncodeToString(m.buf.Bytes()))
		})},
		{name: "toreadonly", fn: viewMethod(func(m *MemoryView, _ *call) (starlark.Value, error) {
			out := &MemoryView{m.owner, m.buf}
			out.buf.ReadOnly = true
			return out, nil
		})},
		{name: "release", fn: release},
		{name: "__enter__", fn: viewMethod(func(m *MemoryView, _ *call) (starlark.Value, error) { return m, nil })},
		{name: "__exit__", sig: "*args", fn: release},
	}
}

// memoryViewAttrs are the attributes of a memoryview.
func memoryViewAttrs() map[string]getter {
	get := func(f func(m *MemoryView) starlark.Value) getter {
		return func(_ *starlark.Thread, self starlark.Value) (starlark.Value, error) {
			m, ok := self.(*MemoryView)
			if !ok {
				return nil, nil
			}
			if err := m.check(); err != nil {
				return nil, err
			}
			return f(m), nil
		}
	}
	ints := func(ns []int) starlark.Value {
		t := make(starlark.Tuple, len(ns))
		for i, n := range ns {
			t[i] = starlark.MakeInt(n)
		}
		return t
	}
	return map[string]getter{
		"format":       get(func(m *MemoryView) starlark.Value { return starlark.String(m.buf.Format) }),
		"itemsize":     get(func(m *MemoryView) starlark.Value { return starlark.MakeInt(m.buf.ItemSize) }),
		"nbytes":       get(func(m *MemoryView) starlark.Value { return starlark.MakeInt(m.buf.Len() * m.buf.ItemSize) }),
		"ndim":         get(func(m *MemoryView) starlark.Value { return starlark.MakeInt(len(m.buf.Shape)) }),
		"shape":        get(func(m *MemoryView) starlark.Value { return ints(m.buf.Shape) }),
		"strides":      get(func(m *MemoryView) starlark.Value { return ints(m.buf.Strides) }),
		"suboffsets":   get(func(*MemoryView) starlark.Value { return starlark.Tuple{} }),
		"readonly":     get(func(m *MemoryView) starlark.Value { return starlark.Bool(m.buf.ReadOnly) }),
		"obj":          get(func(m *MemoryView) starlark.Value { return m.owner }),
		"c_contiguous": get(func(m *MemoryView) starlark.Value { return starlark.Bool(m.buf.contiguous(false)) }),
		"f_contiguous": get(func(m *MemoryView) starlark.Value { return starlark.Bool(m.buf.contiguous(true)) }),
		"contiguous": get(func(m *MemoryView) starlark.Value {
			return starlark.Bool(m.buf.contiguous(false) || m.buf.contiguous(true))
		}),
	}
}
