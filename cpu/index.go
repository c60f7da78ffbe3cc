package cpu

import "github.com/mlxstar/mlxstar/engine"

// indices reads an array of indices of any integer dtype and layout.
type indices struct {
	walk
	operand *engine.Operand
	read    func(o *engine.Operand, at int) int
	length  int // of the axis that is indexed
	axis    int
	span    int // consecutive elements that an index stands for
}

// indexReaders read one index by dtype.
var indexReaders = map[engine.Dtype]func(o *engine.Operand, at int) int{
	engine.Uint8:  readIndex[uint8],
	engine.Uint16: readIndex[uint16],
	engine.Uint32: readIndex[uint32],
	engine.Uint64: readIndex[uint64],
	engine.Int8:   readIndex[int8],
	engine.Int16:  readIndex[int16],
	engine.Int32:  readIndex[int32],
	engine.Int64:  readIndex[int64],
}

func readIndex[T integer](o *engine.Operand, at int) int { return int(storage[T](o)[at]) }

func newIndices(o *engine.Operand, axis, length, span int) (indices, error) {
	read := indexReaders[o.Dtype]
	if read == nil {
		return indices{}, engine.Errorf(engine.ValueError, "index", "indices are %s, want integers", o.Dtype)
	}
	w := walk{shape: o.Shape, strides: o.Strides, offset: o.Offset}
	x := indices{walk: w.collapsed(), operand: o, read: read, axis: axis, length: length, span: span}
	x.linear = o.IsRowMajor()
	return x, nil
}

// get gives the i-th index in row-major order, counted from the beginning of
// its axis.
func (x *indices) get(op string, i int) (int, error) {
	at := x.offset + i
	if !x.linear {
		at = x.place(i)
	}
	return x.check(op, x.read(x.operand, at))
}

// check counts a negative index from the axis's end and refuses one outside.
func (x *indices) check(op string, v int) (int, error) {
	at := v
	if at < 0 {
		at += x.length
	}
	if at < 0 || at > x.length-x.span {
		return 0, engine.Errorf(engine.IndexError, op, "index %d is out of bounds for axis %d with size %d", v, x.axis, x.length)
	}
	return at, nil
}

// indexed is the places that several index arrays together name in an operand.
type indexed struct {
	arrays  []indices
	strides []int // of the indexed axes
	op      string
	count   int
}

func newIndexed(t *engine.Task, arrays []engine.Operand, axes []int, shape, strides, sizes []int) (*indexed, error) {
	x := &indexed{op: t.Op.Name, count: 1}
	for k := range arrays {
		a, err := newIndices(&arrays[k], axes[k], shape[axes[k]], sizes[axes[k]])
		if err != nil {
			return nil, err
		}
		x.arrays = append(x.arrays, a)
		x.strides = append(x.strides, strides[axes[k]])
		x.count = arrays[k].Len()
	}
	return x, nil
}

// offset is how far from the operand's first element the i-th place lies.
func (x *indexed) offset(i int) (int, error) {
	p := 0
	for k := range x.arrays {
		v, err := x.arrays[k].get(x.op, i)
		if err != nil {
			return 0, err
		}
		p += v * x.strides[k]
	}
	return p, nil
}
