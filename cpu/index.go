package cpu

import (
	"strconv"

	"github.com/mlxstar/mlxstar/engine"
)

// indices reads an array of indices of any integer dtype and layout.
type indices struct {
	walk
	operand *engine.Operand
	read    indexReader
	length  int // of the axis that is indexed
	axis    int
	span    int // consecutive elements that an index stands for
	stride  int // of what an index counts
}

// indexReader adds to each of dst stride times the index that it finds, step elements of
// the operand after the one before, the first being at from. An index below 0 counts from
// the end of the length. It gives the number of indices that it read before one above most,
// or too far below 0, and that one.
type indexReader func(dst []int, o *engine.Operand, from, step, stride, length, most int) (read, wrong int)

// indexReaders read indices by dtype.
var indexReaders = map[engine.Dtype]indexReader{
	engine.Uint8:  readIndices[uint8],
	engine.Uint16: readIndices[uint16],
	engine.Uint32: readIndices[uint32],
	engine.Uint64: readIndices[uint64],
	engine.Int8:   readIndices[int8],
	engine.Int16:  readIndices[int16],
	engine.Int32:  readIndices[int32],
	engine.Int64:  readIndices[int64],
}

func readIndices[T integer](dst []int, o *engine.Operand, from, step, stride, length, most int) (read, wrong int) {
	data := storage[T](o)
	if step == 1 && most >= 0 {
		for i, x := range data[from:][:len(dst)] {
			v := int(x)
			at := v + v>>(strconv.IntSize-1)&length
			if uint(at) > uint(most) {
				return i, v
			}
			dst[i] += at * stride
		}
		return len(dst), 0
	}
	for i := range dst {
		v := int(data[from])
		at := v
		if at < 0 {
			at += length
		}
		if at < 0 || at > most {
			return i, v
		}
		dst[i] += at * stride
		from += step
	}
	return len(dst), 0
}

func newIndices(o *engine.Operand, axis, length, span int) (indices, error) {
	read := indexReaders[o.Dtype]
	if read == nil {
		return indices{}, engine.Errorf(engine.ValueError, "index", "indices are %s, want integers", o.Dtype)
	}
	w := walk{shape: o.Shape, strides: o.Strides, offset: o.Offset}
	x := indices{walk: w.collapsed(), operand: o, read: read, axis: axis, length: length, span: span, stride: 1}
	x.linear = o.IsRowMajor()
	return x, nil
}

// add adds to dst, for as many indices in row-major order from the i-th on, how far from
// the beginning of the axis they lead.
func (x *indices) add(op string, dst []int, i int) error {
	for len(dst) > 0 {
		from, step, n := x.offset+i, 1, len(dst)
		if !x.linear {
			from, step, n = x.place(i), 0, 1
			if k := len(x.shape) - 1; k >= 0 {
				step, n = x.strides[k], min(n, x.shape[k]-i%x.shape[k])
			}
		}
		if read, wrong := x.read(dst[:n], x.operand, from, step, x.stride, x.length, x.length-x.span); read < n {
			return engine.Errorf(engine.IndexError, op, "index %d is out of bounds for axis %d with size %d", wrong, x.axis, x.length)
		}
		dst, i = dst[n:], i+n
	}
	return nil
}

// get gives the i-th index in row-major order, counted from the beginning of its axis.
func (x *indices) get(op string, i int) (int, error) {
	at := make([]int, 1)
	err := x.add(op, at, i)
	return at[0], err
}

// indexed is the places that several index arrays together name in an operand.
type indexed struct {
	arrays []indices
	op     string
	count  int
}

func newIndexed(t *engine.Task, arrays []engine.Operand, axes []int, shape, strides, sizes []int) (*indexed, error) {
	x := &indexed{op: t.Op.Name, count: 1}
	for k := range arrays {
		a, err := newIndices(&arrays[k], axes[k], shape[axes[k]], sizes[axes[k]])
		if err != nil {
			return nil, err
		}
		a.stride = strides[axes[k]]
		x.arrays = append(x.arrays, a)
		x.count = arrays[k].Len()
	}
	return x, nil
}

// offsets gives, for as many places from the i-th on, how far they lie from the operand's
// first element.
func (x *indexed) offsets(dst []int, i int) error {
	clear(dst)
	for k := range x.arrays {
		if err := x.arrays[k].add(x.op, dst, i); err != nil {
			return err
		}
	}
	return nil
}
