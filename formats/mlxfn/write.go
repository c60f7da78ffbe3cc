package mlxfn

import (
	"bufio"
	"encoding/binary"
	"io"
	"math"
	"slices"

	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/formats"
)

// Write writes a file.
func Write(to io.Writer, f *File) error {
	w := &writer{to: bufio.NewWriter(to), constants: map[*Constant]bool{}}
	w.text(f.Version)
	w.int32(len(f.Functions))
	w.bool(f.Shapeless)
	w.text(f.Metadata)
	for i := range f.Functions {
		w.function(&f.Functions[i])
	}
	if w.err != nil {
		return w.err
	}
	if err := w.to.Flush(); err != nil {
		return &formats.Error{Format: format, Kind: formats.IO, Offset: -1, Message: "write function", Err: err}
	}
	return nil
}

// writer writes on until something fails.
type writer struct {
	to        *bufio.Writer
	constants map[*Constant]bool // that are there
	err       error
}

func (w *writer) bytes(b ...byte) { _, _ = w.to.Write(b) } // Flush tells of errors

func (w *writer) uint64(v uint64) { w.bytes(binary.LittleEndian.AppendUint64(nil, v)...) }
func (w *writer) uint32(v uint32) { w.bytes(binary.LittleEndian.AppendUint32(nil, v)...) }

func (w *writer) fail(message string, args ...any) {
	if w.err == nil {
		w.err = formats.Errorf(format, formats.Unsupported, -1, "write function: "+message, args...)
	}
}

func (w *writer) int32(v int) {
	if v != int(int32(v)) {
		w.fail("%d does not fit in 32 bits", v)
	}
	w.uint32(uint32(v))
}

func (w *writer) bool(v bool) {
	if v {
		w.bytes(1)
	} else {
		w.bytes(0)
	}
}

func (w *writer) text(s string) {
	w.uint64(uint64(len(s)))
	_, _ = w.to.WriteString(s)
}

func (w *writer) ids(v []uint64) {
	w.uint64(uint64(len(v)))
	for _, id := range v {
		w.uint64(id)
	}
}

func (w *writer) ints(v []int) {
	w.uint64(uint64(len(v)))
	for _, k := range v {
		w.int32(k)
	}
}

func (w *writer) dtype(d dtype.Dtype) {
	number := slices.Index(dtypes, d)
	if number < 0 {
		w.fail("there is no number for dtype %s", d)
	}
	w.int32(number)
	w.bytes(byte(d.Size()))
}

func (w *writer) function(f *Function) {
	w.uint64(uint64(len(f.Keywords)))
	for _, k := range f.Keywords {
		w.text(k)
	}
	w.ids(numbers(f.Inputs))
	w.uint64(uint64(len(f.Inputs)))
	for _, a := range f.Inputs {
		w.ints(a.Shape)
		w.dtype(a.Dtype)
	}
	w.ids(f.Outputs)
	w.uint64(uint64(len(f.Tape)))
	for _, e := range f.Tape {
		w.uint64(e.ID)
		w.bool(e.Primitive != nil)
		if e.Primitive != nil {
			w.primitive(e.Primitive)
			continue
		}
		w.bool(e.Constant != nil)
		if c := e.Constant; c != nil && !w.constants[c] {
			w.constants[c] = true
			w.constant(c)
		}
	}
}

func numbers(arrays []Array) []uint64 {
	ids := make([]uint64, len(arrays))
	for i, a := range arrays {
		ids[i] = a.ID
	}
	return ids
}

func (w *writer) constant(c *Constant) {
	w.ints(c.Shape)
	w.dtype(c.Dtype)
	a := formats.Array{Spec: formats.Spec{Name: "constant", Dtype: c.Dtype, Shape: c.Shape}, Data: c.Data}
	if err := a.WriteElements(format, w.to); err != nil && w.err == nil {
		w.err = err
	}
}

func (w *writer) primitive(p *Primitive) {
	w.ids(p.Inputs)
	device := 0
	if p.GPU {
		device = 1
	}
	w.int32(0) // the stream
	w.int32(device)
	w.int32(0) // which device of its kind
	w.text(p.Name)
	kinds, ok := states[p.Name]
	if !ok || len(kinds) != len(p.State) {
		w.fail("primitive %s has %d values, want %d", p.Name, len(p.State), len(kinds))
		return
	}
	for i, kind := range kinds {
		if !w.value(kind, p.State[i]) {
			w.fail("value %d of primitive %s is a %T", i, p.Name, p.State[i])
		}
	}
	if len(p.Outputs) == 1 {
		w.uint64(0)
		w.ints(p.Outputs[0].Shape)
		w.dtype(p.Outputs[0].Dtype)
		return
	}
	w.uint64(uint64(len(p.Outputs) - 1))
	w.ids(numbers(p.Outputs))
	w.uint64(uint64(len(p.Outputs)))
	for _, a := range p.Outputs {
		w.ints(a.Shape)
	}
	w.uint64(uint64(len(p.Outputs)))
	for _, a := range p.Outputs {
		w.dtype(a.Dtype)
	}
}

// value writes a value and reports whether it is of its kind.
func (w *writer) value(kind rune, v any) bool {
	switch v := v.(type) {
	case bool:
		w.bool(v)
		return kind == boolKind
	case int64:
		if kind == sizeKind {
			w.uint64(uint64(v))
			return true
		}
		w.int32(int(v))
		return kind == intKind
	case float64:
		if kind == doubleKind {
			w.uint64(math.Float64bits(v))
			return true
		}
		w.uint32(math.Float32bits(float32(v)))
		return kind == floatKind
	case string:
		w.text(v)
		return kind == textKind
	case []int:
		if kind == longsKind {
			w.uint64(uint64(len(v)))
			for _, k := range v {
				w.uint64(uint64(k))
			}
			return true
		}
		w.ints(v)
		return kind == intsKind || kind == shapeKind
	case dtype.Dtype:
		w.dtype(v)
		return kind == dtypeKind
	}
	return false
}
