package engine

import (
	"context"
	"fmt"

	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// Data evaluates the array and gives its elements as an operand, with a copy of them
// where only a device sees the array's storage. The operand stays valid while the
// array is held.
func (e *Engine) Data(ctx context.Context, n *Node) (Operand, error) {
	if err := e.Eval(ctx, n); err != nil {
		return Operand{}, err
	}
	o := n.operand()
	return o, o.Fetch()
}

// Fetch copies the elements of an operand whose storage only a device sees to memory
// of Go. All work on the storage must be over.
func (o *Operand) Fetch() error {
	if o.Data != nil || o.Buffer == nil || o.Len() == 0 {
		return nil
	}
	first, last := o.Offset, o.Offset
	for i, n := range o.Shape {
		if step := (n - 1) * o.Strides[i]; step < 0 {
			first += step
		} else {
			last += step
		}
	}
	size := o.Dtype.Size()
	p := make([]byte, (last+1-first)*size)
	if err := o.Buffer.Read(p, first*size); err != nil {
		return fmt.Errorf("%s: %w", FormatShape(o.Shape), err)
	}
	o.Data, o.Offset = p, o.Offset-first
	return nil
}

// Dense evaluates the array and gives its elements as row-major bytes: the
// array's own storage where it is row-major, else a copy.
func (e *Engine) Dense(ctx context.Context, n *Node) ([]byte, error) {
	o, err := e.Data(ctx, n)
	if err != nil {
		return nil, err
	}
	size := n.dtype.Size()
	if o.IsRowMajor() {
		return o.Data[o.Offset*size:][:n.Bytes()], nil
	}
	out := make([]byte, 0, n.Bytes())
	o.Each(func(at int) { out = append(out, o.Data[at*size:][:size]...) })
	return out, nil
}

// Each calls f with the place of every element, in elements from the start of
// the storage, in row-major order.
func (o *Operand) Each(f func(at int)) {
	index := make([]int, len(o.Shape))
	at := o.Offset
	for left := o.Len(); left > 0; left-- {
		f(at)
		for i := len(index) - 1; i >= 0; i-- {
			index[i]++
			at += o.Strides[i]
			if index[i] < o.Shape[i] {
				break
			}
			at -= index[i] * o.Strides[i]
			index[i] = 0
		}
	}
}

// At reads the element at a place that Each gave.
func (o *Operand) At(at int) Element {
	size := o.Dtype.Size()
	return dtype.ReadElement(o.Data[at*size:][:size], o.Dtype)
}

// FromBytes makes an evaluated array of row-major elements, which are copied.
func (b *Builder) FromBytes(data []byte, d Dtype, shape []int) *Node {
	b.checkShape("array", shape)
	b.CheckLengths(shape)
	n := &Node{shape: shape, dtype: d, stream: b.stream()}
	b.mark(n)
	if len(data) != n.Bytes() {
		b.failf(ValueError, "array", "%d bytes for %s of shape %s", len(data), d, shapes.Format(shape))
	}
	buf, err := n.stream.pool.Get(len(data), n.site)
	if err != nil {
		b.Fail(err)
	}
	if err := buf.Write(data, 0); err != nil {
		b.Fail(err)
	}
	n.store = &storage{buffer: buf, pool: n.stream.pool, users: 1}
	b.engine.describe(n, n.store, "array")
	n.place = Placement{Strides: shapes.RowMajor(shape)}
	return n
}
