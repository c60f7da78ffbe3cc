package engine

import (
	"context"
	"unsafe"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// Native is a Go type that an array's elements can be. The 16-bit floats have
// none; read them through AsType.
type Native interface {
	bool | uint8 | uint16 | uint32 | uint64 | int8 | int16 | int32 | int64 | float32 | float64 | complex64
}

// DtypeOf is the dtype whose elements are T.
func DtypeOf[T Native]() Dtype {
	var zero T
	switch any(zero).(type) {
	case bool:
		return Bool
	case uint8:
		return Uint8
	case uint16:
		return Uint16
	case uint32:
		return Uint32
	case uint64:
		return Uint64
	case int8:
		return Int8
	case int16:
		return Int16
	case int32:
		return Int32
	case int64:
		return Int64
	case float32:
		return Float32
	case float64:
		return Float64
	}
	return Complex64
}

// Adopt makes an evaluated array of a Go slice without copying it, unless it is to be
// where only a device sees it. The slice
// counts as active memory and must not be changed while the array may be read;
// operations in place never write to it.
func Adopt[T Native](b *Builder, data []T, shape []int) *Node {
	b.checkShape("array", shape)
	n := &Node{shape: shape, dtype: DtypeOf[T](), stream: b.stream()}
	b.mark(n)
	if len(data) != n.Len() {
		b.failf(ValueError, "array", "%d elements for shape %s", len(data), shapes.Format(shape))
	}
	if n.stream.pool.Remote() {
		return b.FromBytes(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(data))), n.Bytes()), n.dtype, shape)
	}
	block := alloc.Block{Data: unsafe.Pointer(unsafe.SliceData(data)), Size: n.Bytes()}
	buf, err := n.stream.pool.Adopt(block, nil, n.site)
	if err != nil {
		b.Fail(err)
	}
	n.store = &storage{buffer: buf, pool: n.stream.pool, users: 1}
	b.engine.describe(n, n.store, "array")
	n.place = Placement{Strides: shapes.RowMajor(shape)}
	return n
}

// ElementsOf evaluates the array and gives its elements in row-major order. The
// slice is the array's own memory where that is row-major, else a copy: read it
// only, and only while the array is held. T must be the array's dtype.
func ElementsOf[T Native](ctx context.Context, a *Array) ([]T, error) {
	if want := DtypeOf[T](); a.Dtype() != want {
		return nil, Errorf(TypeError, "elements", "the array holds %s, not %s", a.Dtype(), want)
	}
	data, err := a.engine.Dense(ctx, a.node)
	if err != nil || len(data) == 0 {
		return nil, err
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(data))), a.node.Len()), nil
}

// Release lets go of the array's elements now rather than when the handle is
// collected. The handle must not be used afterwards. Elements that a view or a
// pending operation still needs stay for it.
func (a *Array) Release() {
	n := a.node
	a.Discard()
	a.node = &Node{shape: n.shape, dtype: n.dtype, stream: n.stream, fail: Errorf(ValueError, "array", "used after Release")}
}
