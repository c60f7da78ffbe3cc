package numpy

import (
	"slices"
	"unsafe"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
)

// Memory that an array here and one of mlx.core share: what is assigned to the one is
// seen by the other, as MLX has it.

// viewed is a window on the elements of an array of mlx.core, which it keeps alive. An
// array that lies in no memory of its own, as a constant may, is copied; one that the
// processor does not see is refused.
func (p *np) viewed(x *builtins.Array) *ndarray {
	if x.Dtype() == engine.BFloat16 || x.Node().Rank() == 0 {
		return p.fromMLX(x)
	}
	o, err := p.mx.Engine.Data(p.host.Context(), x.Node())
	p.check(builtins.PythonError(err))
	if o.Buffer == nil || len(o.Data) == 0 {
		return p.fromMLX(x)
	}
	if o.Buffer.Ptr() == nil {
		p.fail(object.ValueError, "array: unable to avoid copy: the elements are in a GPU's own memory; without copy=False they are copied")
	}
	return &ndarray{m: p.Library, store: &store{data: o.Data, lent: x}, shape: slices.Clone(o.Shape), strides: slices.Clone(o.Strides), offset: o.Offset, dtype: o.Dtype}
}

// borrowed is viewed for an argument that asks for no copy; nil where it is no array of mlx.core.
func (p *np) borrowed(v starlark.Value, d engine.Dtype) *ndarray {
	x, ok := v.(*builtins.Array)
	if !ok {
		return nil
	}
	a := p.viewed(x)
	if d.Valid() {
		return p.astype(a, d)
	}
	return a
}

var (
	_ builtins.Lender  = (*ndarray)(nil)
	_ object.HasBuffer = (*ndarray)(nil)
)

// MLXShared gives mlx.core an array in the same memory.
func (a *ndarray) MLXShared(b *engine.Builder) (*engine.Node, error) {
	for i, s := range a.strides {
		if s < 0 && a.shape[i] > 1 {
			return nil, object.Errorf(object.ValueError, "from_dlpack: negative strides %v are not supported", a.strides)
		}
	}
	if a.store.lent != nil {
		return a.lentNode(b)
	}
	base := a.store.handle.Node()
	switch {
	case a.size() == 0:
		return a.MLXNode(b), nil
	case base.Dtype() != a.dtype:
		return nil, object.Errorf(object.ValueError, "asarray: unable to avoid copy while creating an array as requested")
	case a.whole() && slices.Equal(base.Shape(), a.shape):
		return base, nil
	case a.whole():
		return b.Reshape(base, slices.Clone(a.shape)), nil
	}
	return b.AsStrided(base, slices.Clone(a.shape), slices.Clone(a.strides), a.offset), nil
}

// lentNode is the array that the memory was lent by, where the window is all of it.
func (a *ndarray) lentNode(b *engine.Builder) (*engine.Node, error) {
	n := a.store.lent.Node()
	if n.Dtype() != a.dtype || !slices.Equal(n.Shape(), a.shape) || a.base != nil {
		return nil, object.Errorf(object.ValueError, "asarray: unable to avoid copy while creating an array as requested")
	}
	return n, nil
}

// bufferLetters are the letters of Python's struct by which NumPy shows its elements.
var bufferLetters = map[engine.Dtype]string{
	engine.Bool: "?", engine.Int8: "b", engine.Int16: "h", engine.Int32: "i", engine.Int64: "l",
	engine.Uint8: "B", engine.Uint16: "H", engine.Uint32: "I", engine.Uint64: "L",
	engine.Float16: "e", engine.Float32: "f", engine.Float64: "d", engine.Complex64: "Zf", engine.Complex128: "Zd",
}

// Buffer shows the memory of the array.
func (a *ndarray) Buffer(*starlark.Thread) (*object.Buffer, error) {
	size := a.dtype.Size()
	b := &object.Buffer{Data: a.store.data, Format: bufferLetters[a.dtype], ItemSize: size, Shape: slices.Clone(a.shape),
		Strides: make([]int, len(a.strides)), Offset: a.offset * size, ReadOnly: a.locked, Keep: a}
	for i, s := range a.strides {
		b.Strides[i] = s * size
	}
	return b, nil
}

// interfaceOf is __array_interface__: where the elements lie, as NumPy tells it.
func (p *np) interfaceOf(a *ndarray) starlark.Value {
	text := dtypeValue{d: a.dtype}.code()
	address := starlark.Value(starlark.MakeInt(0))
	if size := a.dtype.Size(); len(a.store.data) > 0 {
		address = addressOf(a.store.data[a.offset*size:])
	}
	strides := starlark.Value(starlark.None)
	if !a.contiguous() {
		t := make(starlark.Tuple, len(a.strides))
		for i, s := range a.strides {
			t[i] = starlark.MakeInt(s * a.dtype.Size())
		}
		strides = t
	}
	d := new(starlark.Dict)
	for _, kv := range []struct {
		key string
		v   starlark.Value
	}{
		{"data", starlark.Tuple{address, starlark.Bool(a.locked)}}, {"strides", strides},
		{"descr", starlark.NewList([]starlark.Value{starlark.Tuple{starlark.String(""), starlark.String(text)}})},
		{"typestr", starlark.String(text)}, {"shape", shapeTupleOf(a.shape)}, {"version", starlark.MakeInt(3)},
	} {
		p.check(d.SetKey(starlark.String(kv.key), kv.v))
	}
	return d
}

func shapeTupleOf(shape []int) starlark.Tuple {
	t := make(starlark.Tuple, len(shape))
	for i, n := range shape {
		t[i] = starlark.MakeInt(n)
	}
	return t
}

// fromDLPack reads what an object's __dlpack__ gives: memory of mlx.core or an array here.
func fromDLPack(p *np) starlark.Value {
	v := p.c.Arg(0)
	if a, ok := v.(*ndarray); ok {
		return a.view(a.shape, a.strides, a.offset)
	}
	if a := p.borrowed(v, 0); a != nil {
		return a
	}
	fn, err := object.GetAttr(p.thread, v, "__dlpack__")
	p.check(err)
	out, err := object.Call(p.thread, fn, nil, nil)
	p.check(err)
	if x, ok := builtins.InCapsule(out); ok {
		return p.viewed(x)
	}
	p.fail(object.TypeError, "from_dlpack: __dlpack__ of '%s' gave '%s', want a capsule", object.TypeName(v), object.TypeName(out))
	return nil
}

// fromBuffer copies the elements that a memoryview shows.
func (p *np) fromBuffer(v object.HasBuffer) *ndarray {
	b, err := v.Buffer(p.thread)
	p.check(err)
	for d, letter := range bufferLetters {
		if letter == b.Format || letter == "l" && b.Format == "q" || letter == "L" && b.Format == "Q" {
			return p.fromBytes(b.Bytes(), d, b.Shape)
		}
	}
	p.fail(object.ValueError, "'%s' is not a valid PEP 3118 buffer format string", b.Format)
	return nil
}

// addressOf is where memory lies, as an int.
func addressOf(data []byte) starlark.Value {
	return starlark.MakeUint64(uint64(uintptr(unsafe.Pointer(unsafe.SliceData(data)))))
}

func sharesMemory(p *np) starlark.Value {
	a, b := p.elementsOf(0), p.elementsOf(1)
	if !sameMemory(a, b) {
		return starlark.False
	}
	in := map[int]bool{}
	for _, at := range a.places() {
		in[at] = true
	}
	for _, at := range b.places() {
		if in[at] {
			return starlark.True
		}
	}
	return starlark.False
}
