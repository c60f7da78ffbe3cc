package gguf

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/formats"
)

// cursor reads a file's fields one after another. Every count that the file
// states is compared with the bytes that are left before anything of that size
// is allocated.
type cursor struct {
	r        *bufio.Reader
	at, size int64
}

func newCursor(r io.ReaderAt, size int64) *cursor {
	return &cursor{r: bufio.NewReader(io.NewSectionReader(r, 0, size)), size: size}
}

func (c *cursor) malformed(message string, args ...any) error {
	return formats.Errorf(format, formats.Malformed, c.at, message, args...)
}

// bytes reads n bytes that are to hold what.
func (c *cursor) bytes(n uint64, what string) ([]byte, error) {
	if left := uint64(c.size - c.at); n > left {
		return nil, formats.Errorf(format, formats.Truncated, c.at, "read %s: it needs %d bytes, but the file has only %d left; an incomplete download or a corrupt file", what, n, left)
	}
	b := make([]byte, n)
	got, err := io.ReadFull(c.r, b)
	c.at += int64(got)
	if err != nil {
		return nil, formats.ReadError(format, c.at, "read "+what, err)
	}
	return b, nil
}

func (c *cursor) uint32(what string) (uint32, error) {
	b, err := c.bytes(4, what)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(b), nil
}

func (c *cursor) uint64(what string) (uint64, error) {
	b, err := c.bytes(8, what)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint64(b), nil
}

func (c *cursor) string(what string) (string, error) {
	n, err := c.uint64("the length of " + what)
	if err != nil {
		return "", err
	}
	b, err := c.bytes(n, what)
	return string(b), err
}

// start reads the fixed fields and returns the numbers of tensors and entries.
func (c *cursor) start() (tensors, entries uint64, err error) {
	b, err := c.bytes(uint64(len(magic)), "magic string")
	if err != nil {
		return 0, 0, err
	}
	if string(b) != magic {
		return 0, 0, formats.Errorf(format, formats.Unrecognized, 0, "read magic string: got %q, want %q", b, magic)
	}
	version, err := c.uint32("version")
	if err != nil {
		return 0, 0, err
	}
	if version != 2 && version != 3 {
		return 0, 0, formats.Errorf(format, formats.Unrecognized, int64(len(magic)), "read version: got %d, want 2 or 3", version)
	}
	if tensors, err = c.uint64("number of tensors"); err != nil {
		return 0, 0, err
	}
	entries, err = c.uint64("number of metadata entries")
	return tensors, entries, err
}

func (c *cursor) metadata(n uint64) ([]Entry, error) {
	var list []Entry
	seen := make(map[string]bool)
	for ; n > 0; n-- {
		key, err := c.string("a metadata key")
		if err != nil {
			return nil, err
		}
		if seen[key] {
			return nil, c.malformed("read metadata: key %s occurs twice", formats.Quote(key))
		}
		seen[key] = true
		value, err := c.value("metadata " + formats.Quote(key))
		if err != nil {
			return nil, err
		}
		list = append(list, Entry{key, value})
	}
	return list, nil
}

// The numbers of the value types that are no numbers themselves.
const (
	stringValue = 8
	arrayValue  = 9
)

// numbers are the value types that become arrays.
var numbers = map[uint32]dtype.Dtype{
	0: dtype.Uint8, 1: dtype.Int8, 2: dtype.Uint16, 3: dtype.Int16, 4: dtype.Uint32, 5: dtype.Int32,
	6: dtype.Float32, 7: dtype.Bool, 10: dtype.Uint64, 11: dtype.Int64, 12: dtype.Float64,
}

func (c *cursor) value(what string) (any, error) {
	kind, err := c.uint32("the type of " + what)
	if err != nil {
		return nil, err
	}
	switch kind {
	case stringValue:
		return c.string(what)
	case arrayValue:
		return c.array(what)
	}
	return c.numbers(kind, []int{}, what)
}

func (c *cursor) array(what string) (any, error) {
	kind, err := c.uint32("the type of " + what)
	if err != nil {
		return nil, err
	}
	n, err := c.uint64("the length of " + what)
	if err != nil {
		return nil, err
	}
	if n > uint64(c.size) {
		return nil, formats.Errorf(format, formats.Truncated, c.at, "read %s: it has %d elements, but the file has only %d bytes left; an incomplete download or a corrupt file", what, n, c.size-c.at)
	}
	switch kind {
	case stringValue:
		list := []string{}
		for ; n > 0; n-- {
			s, err := c.string(what)
			if err != nil {
				return nil, err
			}
			list = append(list, s)
		}
		return list, nil
	case arrayValue:
		return nil, &formats.Error{Format: format, Kind: formats.Unsupported, Offset: c.at, Message: "read " + what + ": an array of arrays", Err: ErrMetadata}
	}
	return c.numbers(kind, []int{int(n)}, what)
}

// numbers reads a scalar or a vector. Any byte but zero is a true boolean.
func (c *cursor) numbers(kind uint32, shape []int, what string) (any, error) {
	dtype, ok := numbers[kind]
	if !ok {
		return nil, formats.Errorf(format, formats.Unrecognized, c.at, "read %s: unknown value type %d", what, kind)
	}
	spec := formats.Spec{Dtype: dtype, Shape: shape}
	length, ok := spec.ByteLength()
	if !ok {
		return nil, c.malformed("read %s: too many elements", what)
	}
	b, err := c.bytes(uint64(length), what)
	if err != nil {
		return nil, err
	}
	return formats.Tensor{Spec: spec, Length: length}.Load(b), nil
}

// tensors reads the tensors' descriptions. Their offsets count from the end of
// the header, which is not known yet.
func (c *cursor) tensors(n uint64) ([]Tensor, error) {
	var list []Tensor
	seen := make(map[string]bool)
	for ; n > 0; n-- {
		t, err := c.tensor()
		if err != nil {
			return nil, err
		}
		if seen[t.Name] {
			return nil, c.malformed("read tensors: name %s occurs twice", formats.Quote(t.Name))
		}
		seen[t.Name] = true
		list = append(list, t)
	}
	return list, nil
}

func (c *cursor) tensor() (Tensor, error) {
	var t Tensor
	var err error
	if t.Name, err = c.string("a tensor's name"); err != nil {
		return t, err
	}
	what := "tensor " + formats.Quote(t.Name)
	dims, err := c.uint32("the number of dimensions of " + what)
	if err != nil {
		return t, err
	}
	if dims > maxDims {
		return t, c.malformed("read %s: it has %d dimensions, want at most %d", what, dims, maxDims)
	}
	t.Shape = make([]int, dims)
	for i := range t.Shape {
		d, err := c.uint64(fmt.Sprintf("dimension %d of %s", i, what))
		if err != nil {
			return t, err
		}
		if d > math.MaxInt {
			return t, c.malformed("read %s: dimension %d is %d, want at most %d", what, i, d, math.MaxInt)
		}
		t.Shape[i] = int(d)
	}
	slices.Reverse(t.Shape) // the file has the axis that runs fastest first
	number, err := c.uint32("the type of " + what)
	if err != nil {
		return t, err
	}
	t.Type = Type(number)
	offset, err := c.uint64("the offset of " + what)
	if err != nil {
		return t, err
	}
	if offset > math.MaxInt64 {
		return t, c.malformed("read %s: offset %d out of range", what, offset)
	}
	t.Offset = int64(offset)
	if _, ok := types[t.Type]; !ok {
		return t, formats.Errorf(format, formats.Unsupported, c.at, "read %s: stored as %s, which is not supported", what, t.Type)
	}
	t.Length, err = t.Type.length(t.Name, t.Shape)
	return t, err
}
