package gguf

import (
	"encoding/binary"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/formats"
)

const (
	weightSuffix = ".weight"
	scalesSuffix = ".scales"
	biasesSuffix = ".biases"
	// readBlock is how many blocks are read at a time.
	readBlock = 1024
)

// Specs returns the arrays that Load makes of the tensor.
func (t Tensor) Specs() []formats.Spec {
	row := t.Type.row()
	switch {
	case row.plain.Valid():
		return []formats.Spec{{Name: t.Name, Dtype: row.plain, Shape: t.Shape}}
	case row.affine == nil:
		return []formats.Spec{{Name: t.Name, Dtype: dtype.Float16, Shape: t.Shape}}
	}
	words, groups := slices.Clone(t.Shape), slices.Clone(t.Shape)
	last := len(t.Shape) - 1
	words[last] = t.Shape[last] * row.affine.bits / 32
	groups[last] = t.Shape[last] / row.block
	base := strings.TrimSuffix(t.Name, weightSuffix)
	return []formats.Spec{
		{Name: t.Name, Dtype: dtype.Uint32, Shape: words},
		{Name: base + scalesSuffix, Dtype: dtype.Float16, Shape: groups},
		{Name: base + biasesSuffix, Dtype: dtype.Float16, Shape: groups},
	}
}

// Part is one of the arrays that a tensor becomes.
type Part struct {
	formats.Spec
	tensor Tensor
	index  int // among the tensor's Specs
}

// Parts lists the arrays that the tensor becomes, none of them read. A tensor of
// type Q4_0, Q4_1 or Q8_0 becomes three: the packed weights under the tensor's own
// name and beside it ".scales" and ".biases", in place of a ".weight" if the
// name ends so. Each group of 32 elements is scale * weight + bias.
func (t Tensor) Parts() ([]Part, error) {
	var parts []Part
	for i, spec := range t.Specs() {
		length, ok := spec.ByteLength()
		if !ok || length != int64(int(length)) {
			return nil, formats.Errorf(format, formats.Malformed, t.Offset, "read tensor %s: no size for %s", formats.Quote(t.Name), spec.Layout())
		}
		parts = append(parts, Part{spec, t, i})
	}
	return parts, nil
}

// ReadInto reads the part from its file and decodes it into dst, which must have
// the part's ByteLength.
func (p Part) ReadInto(r io.ReaderAt, dst []byte) error {
	if want, _ := p.ByteLength(); int64(len(dst)) != want {
		return formats.Errorf(format, formats.Malformed, p.tensor.Offset, "read tensor %s: got a buffer of %d bytes, want %d", p.Label(), len(dst), want)
	}
	if plain, ok := p.tensor.Plain(); ok {
		return plain.ReadInto(format, r, dst)
	}
	row := p.tensor.Type.row()
	if row.affine != nil {
		return p.tensor.decode(r, row, row.affine.part(p.index, dst))
	}
	return p.tensor.decode(r, row, halves(dst, row))
}

// decode hands one block of the tensor after another to handle.
func (t Tensor) decode(r io.ReaderAt, row typeRow, handle func(block []byte)) error {
	buf := make([]byte, min(t.Length, int64(readBlock*row.size)))
	for done := int64(0); done < t.Length; {
		part := buf[:min(int64(len(buf)), t.Length-done)]
		if n, err := r.ReadAt(part, t.Offset+done); n < len(part) {
			if err == nil {
				err = io.ErrUnexpectedEOF
			}
			return formats.ReadError(format, t.Offset+done+int64(n), "read tensor "+formats.Quote(t.Name), err)
		}
		for block := part; len(block) > 0; block = block[row.size:] {
			handle(block[:row.size])
		}
		done += int64(len(part))
	}
	return nil
}

// halves returns a function that decodes one block after another into dst.
func halves(dst []byte, row typeRow) func(block []byte) {
	numbers := make([]float32, row.block)
	return func(block []byte) {
		row.decode(numbers, block)
		for i, x := range numbers {
			binary.LittleEndian.PutUint16(dst[2*i:], dtype.Float16Bits(x))
		}
		dst = dst[2*len(numbers):]
	}
}

// narrow converts float64 to float32.
func narrow(n formats.Loaded) formats.Loaded {
	data := make([]byte, len(n.Data)/2)
	for i := 0; 8*i < len(n.Data); i++ {
		x := math.Float64frombits(binary.LittleEndian.Uint64(n.Data[8*i:]))
		binary.LittleEndian.PutUint32(data[4*i:], math.Float32bits(float32(x)))
	}
	n.Dtype, n.Data = dtype.Float32, data
	return n
}
