// Package gguf reads and writes the GGUF format: metadata of keys and typed
// values, and tensors, of which many are quantized in blocks.
//
// Read parses the file and says where each tensor's blocks lie; Load makes of
// a tensor what MLX makes of it: plain types as they are, the quantizations
// that MLX computes with (Q4_0, Q4_1, Q8_0) as packed weights, scales and
// biases in groups of 32, and others as float16. Versions 2 and 3 are read,
// version 3 is written, both little-endian.
package gguf

import (
	"cmp"
	"errors"
	"io"
	"math"
	"slices"

	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/formats"
)

const (
	format           = "gguf"
	magic            = "GGUF"
	versionWritten   = 3
	alignmentKey     = "general.alignment"
	defaultAlignment = 32
	maxAlignment     = 1 << 20
	maxDims          = 8
)

// ErrMetadata is the cause of an error about a metadata value that is
// well-formed but has no counterpart: an array of arrays, an array of several
// dimensions, a number of 16-bit floating point.
var ErrMetadata = errors.New("metadata value not supported")

// File is a parsed file. Tensors and Metadata are in the order of the file.
type File struct {
	Tensors  []Tensor
	Metadata []Entry
}

// Entry is one key of the metadata. Value is a string, a []string, or, for
// numbers and booleans, a formats.Loaded without a name: a scalar, or a vector
// for an array.
type Entry struct {
	Key   string
	Value any
}

// Tensor is one tensor of a file. Its blocks are the bytes
// [Offset, Offset+Length) of the file; its shape, in elements, has the axis
// that runs fastest last.
type Tensor struct {
	Name   string
	Type   Type
	Shape  []int
	Offset int64
	Length int64
}

// Plain returns the tensor as its bytes lie in the file, and false if they
// must be decoded first.
func (t Tensor) Plain() (formats.Tensor, bool) {
	dtype := t.Type.row().plain
	spec := formats.Spec{Name: t.Name, Dtype: dtype, Shape: t.Shape}
	return formats.Tensor{Spec: spec, Offset: t.Offset, Length: t.Length}, dtype.Valid()
}

// Read parses everything but the tensors' blocks.
func Read(r io.ReaderAt, size int64) (*File, error) {
	c := newCursor(r, size)
	tensors, entries, err := c.start()
	if err != nil {
		return nil, err
	}
	f := &File{}
	if f.Metadata, err = c.metadata(entries); err != nil {
		return nil, err
	}
	alignment, err := alignmentOf(f.Metadata)
	if err != nil {
		return nil, err
	}
	if f.Tensors, err = c.tensors(tensors); err != nil {
		return nil, err
	}
	base := align(c.at, alignment)
	for i := range f.Tensors {
		t := &f.Tensors[i]
		if t.Offset > math.MaxInt64-base-t.Length {
			return nil, formats.Errorf(format, formats.Malformed, -1, "read tensor %s: offset %d out of range", formats.Quote(t.Name), t.Offset)
		}
		t.Offset += base
		if t.Length > 0 && t.Offset+t.Length > size {
			return nil, formats.Errorf(format, formats.Truncated, t.Offset, "read tensor %s: it needs the bytes up to %d, but the file has %d; an incomplete download or a corrupt file", formats.Quote(t.Name), t.Offset+t.Length, size)
		}
	}
	return f, checkOverlap(f.Tensors)
}

// Parts lists the arrays that MLX makes of the file's tensors, none of them read.
func (f *File) Parts() ([]Part, error) {
	var all []Part
	seen := make(map[string]bool)
	for _, t := range f.Tensors {
		parts, err := t.Parts()
		if err != nil {
			return nil, err
		}
		for _, p := range parts {
			if seen[p.Name] {
				return nil, formats.Errorf(format, formats.Malformed, t.Offset, "read tensor %s: the array %s occurs twice", formats.Quote(t.Name), p.Label())
			}
			seen[p.Name] = true
			all = append(all, p)
		}
	}
	return all, nil
}

// Narrowed gives the metadata as MLX does: numbers of 64-bit floating point as
// float32.
func (f *File) Narrowed() []Entry {
	out := slices.Clone(f.Metadata)
	for i, e := range out {
		if n, ok := e.Value.(formats.Loaded); ok && n.Dtype == dtype.Float64 {
			out[i].Value = narrow(n)
		}
	}
	return out
}

// checkOverlap refuses tensors that share bytes.
func checkOverlap(tensors []Tensor) error {
	sorted := slices.DeleteFunc(slices.Clone(tensors), func(t Tensor) bool { return t.Length == 0 })
	slices.SortFunc(sorted, func(a, b Tensor) int { return cmp.Compare(a.Offset, b.Offset) })
	for i := 1; i < len(sorted); i++ {
		if a, b := sorted[i-1], sorted[i]; b.Offset < a.Offset+a.Length {
			return formats.Errorf(format, formats.Malformed, b.Offset, "read tensors: %s and %s share bytes", formats.Quote(a.Name), formats.Quote(b.Name))
		}
	}
	return nil
}

// alignmentOf returns the alignment of the tensors that the metadata state.
func alignmentOf(entries []Entry) (int64, error) {
	for _, e := range entries {
		if e.Key != alignmentKey {
			continue
		}
		n, ok := e.Value.(formats.Loaded)
		if !ok || n.Dtype != dtype.Uint32 || len(n.Shape) != 0 || len(n.Data) != 4 {
			return 0, formats.Errorf(format, formats.Malformed, -1, "%s: want a single uint32", alignmentKey)
		}
		a := int64(n.Data[0]) | int64(n.Data[1])<<8 | int64(n.Data[2])<<16 | int64(n.Data[3])<<24
		if a < 1 || a > maxAlignment || a&(a-1) != 0 {
			return 0, formats.Errorf(format, formats.Malformed, -1, "%s: got %d, want a power of two up to %d", alignmentKey, a, maxAlignment)
		}
		return a, nil
	}
	return defaultAlignment, nil
}

// align rounds n up to a multiple of a power of two.
func align(n, to int64) int64 { return (n + to - 1) &^ (to - 1) }
