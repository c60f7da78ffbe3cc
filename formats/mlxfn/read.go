package mlxfn

import (
	"bufio"
	"encoding/binary"
	"io"
	"math"

	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/formats"
)

// maxRank bounds the axes of an array.
const maxRank = 64

// Read reads a file of the given size. The elements of constants stay where they are.
func Read(r io.ReaderAt, size int64) (f *File, err error) {
	in := &reader{file: r, size: size, constants: map[uint64]*Constant{}}
	in.seek(0)
	defer func() {
		if p := recover(); p != nil {
			failed, ok := p.(*formats.Error)
			if !ok {
				panic(p)
			}
			f, err = nil, failed
		}
	}()
	f = &File{Version: in.text("version")}
	count := in.int32()
	f.Shapeless = in.bool()
	f.Metadata = in.text("metadata")
	if count < 0 {
		in.malformed("the number of functions is %d", count)
	}
	for range count {
		f.Functions = append(f.Functions, in.function())
	}
	return f, nil
}

// reader reads on from a place. It stops by panicking with a *formats.Error, which Read
// returns.
type reader struct {
	file      io.ReaderAt
	size, pos int64
	buffer    *bufio.Reader
	constants map[uint64]*Constant
}

func (r *reader) seek(to int64) {
	r.pos = to
	r.buffer = bufio.NewReader(io.NewSectionReader(r.file, to, r.size-to))
}

func (r *reader) malformed(message string, args ...any) {
	panic(formats.Errorf(format, formats.Malformed, r.pos, "read function: "+message, args...))
}

func (r *reader) bytes(n int) []byte {
	if int64(n) > r.size-r.pos {
		panic(formats.Errorf(format, formats.Truncated, r.pos, "read function: got %d bytes, want %d more", r.size-r.pos, n))
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r.buffer, b); err != nil {
		panic(&formats.Error{Format: format, Kind: formats.IO, Offset: r.pos, Message: "read function", Err: err})
	}
	r.pos += int64(n)
	return b
}

func (r *reader) uint64() uint64 { return binary.LittleEndian.Uint64(r.bytes(8)) }
func (r *reader) int32() int     { return int(int32(binary.LittleEndian.Uint32(r.bytes(4)))) }
func (r *reader) float32() float64 {
	return float64(math.Float32frombits(binary.LittleEndian.Uint32(r.bytes(4))))
}

func (r *reader) bool() bool {
	b := r.bytes(1)[0]
	if b > 1 {
		r.malformed("a bool is %d", b)
	}
	return b == 1
}

// count reads the length of a list whose elements take at least each bytes.
func (r *reader) count(what string, each int) int {
	n := r.uint64()
	if n > uint64(r.size-r.pos)/uint64(each) {
		r.malformed("%s has %d elements, more than the file", what, n)
	}
	return int(n)
}

func (r *reader) text(what string) string { return string(r.bytes(r.count(what, 1))) }

func (r *reader) ids(what string) []uint64 {
	ids := make([]uint64, r.count(what, 8))
	for i := range ids {
		ids[i] = r.uint64()
	}
	return ids
}

func (r *reader) ints(what string) []int {
	v := make([]int, r.count(what, 4))
	for i := range v {
		v[i] = r.int32()
	}
	return v
}

func (r *reader) shape() []int {
	s := r.ints("shape")
	if len(s) > maxRank {
		r.malformed("a shape has %d axes, want at most %d", len(s), maxRank)
	}
	for _, d := range s {
		if d < 0 {
			r.malformed("a shape is %s", formats.ShapeString(s))
		}
	}
	return s
}

func (r *reader) dtype() dtype.Dtype {
	number := r.int32()
	size := int(r.bytes(1)[0])
	if number < 0 || number >= len(dtypes) || dtypes[number].Size() != size {
		r.malformed("there is no dtype %d of %d bytes", number, size)
	}
	return dtypes[number]
}

func (r *reader) function() Function {
	var f Function
	known := map[uint64]bool{} // what later steps may read
	f.Keywords = make([]string, r.count("keywords", 8))
	for i := range f.Keywords {
		f.Keywords[i] = r.text("keyword")
	}
	for _, id := range r.ids("inputs") {
		f.Inputs = append(f.Inputs, Array{ID: id})
		known[id] = true
	}
	if n := r.count("inputs", 13); n != len(f.Inputs) {
		r.malformed("%d inputs have numbers, and %d a form", len(f.Inputs), n)
	}
	if len(f.Keywords) > len(f.Inputs) {
		r.malformed("there are %d keywords for %d inputs", len(f.Keywords), len(f.Inputs))
	}
	for i := range f.Inputs {
		f.Inputs[i].Shape, f.Inputs[i].Dtype = r.shape(), r.dtype()
	}
	f.Outputs = r.ids("outputs")
	for range r.count("tape", 9) {
		f.Tape = append(f.Tape, r.entry(known))
	}
	for _, id := range f.Outputs {
		if !known[id] {
			r.malformed("output %d is not computed", id)
		}
	}
	return f
}

func (r *reader) entry(known map[uint64]bool) Entry {
	e := Entry{ID: r.uint64()}
	switch {
	case r.bool():
		e.Primitive = r.primitive(e.ID, known)
		for _, a := range e.Primitive.Outputs {
			known[a.ID] = true
		}
	case r.bool():
		if e.Constant = r.constants[e.ID]; e.Constant == nil {
			e.Constant = r.constant(e.ID)
			r.constants[e.ID] = e.Constant
		}
		known[e.ID] = true
	case !known[e.ID]:
		r.malformed("array %d is no input", e.ID)
	}
	return e
}

func (r *reader) constant(id uint64) *Constant {
	c := &Constant{Array: Array{ID: id, Shape: r.shape(), Dtype: r.dtype()}, Offset: r.pos}
	n, ok := formats.Spec{Dtype: c.Dtype, Shape: c.Shape}.ByteLength()
	if !ok || n > r.size-r.pos {
		panic(formats.Errorf(format, formats.Truncated, r.pos, "read constant: got %d bytes of elements, want those of %s", r.size-r.pos, formats.ShapeString(c.Shape)))
	}
	r.seek(r.pos + n)
	return c
}

func (r *reader) primitive(id uint64, known map[uint64]bool) *Primitive {
	p := &Primitive{Inputs: r.ids("inputs")}
	for _, in := range p.Inputs {
		if !known[in] {
			r.malformed("array %d is read before it is computed", in)
		}
	}
	r.int32() // the stream
	p.GPU = r.int32() == 1
	r.int32() // which device of its kind
	p.Name = r.text("name")
	kinds, ok := states[p.Name]
	if !ok {
		panic(formats.Errorf(format, formats.Unsupported, r.pos, "unable to deserialize primitive %s", formats.Quote(p.Name)))
	}
	for _, kind := range kinds {
		p.State = append(p.State, r.value(kind))
	}
	siblings := r.count("siblings", 1)
	if siblings == 0 {
		p.Outputs = []Array{{ID: id, Shape: r.shape(), Dtype: r.dtype()}}
		return p
	}
	here := false
	for _, out := range r.ids("outputs") {
		p.Outputs = append(p.Outputs, Array{ID: out})
		here = here || out == id
	}
	if n := r.count("shapes", 8); n != len(p.Outputs) || !here {
		r.malformed("%s has %d outputs and %d shapes, want as many, and array %d among them", p.Name, len(p.Outputs), n, id)
	}
	for i := range p.Outputs {
		p.Outputs[i].Shape = r.shape()
	}
	if n := r.count("dtypes", 5); n != len(p.Outputs) {
		r.malformed("%s has %d outputs and %d dtypes", p.Name, len(p.Outputs), n)
	}
	for i := range p.Outputs {
		p.Outputs[i].Dtype = r.dtype()
	}
	return p
}

func (r *reader) value(kind rune) any {
	switch kind {
	case boolKind:
		return r.bool()
	case intKind:
		return int64(r.int32())
	case sizeKind:
		return int64(r.uint64())
	case floatKind:
		return r.float32()
	case doubleKind:
		return math.Float64frombits(r.uint64())
	case textKind:
		return r.text("text")
	case intsKind, shapeKind:
		return r.ints("numbers")
	case longsKind:
		v := make([]int, r.count("numbers", 8))
		for i := range v {
			v[i] = int(r.uint64())
		}
		return v
	}
	return r.dtype()
}
