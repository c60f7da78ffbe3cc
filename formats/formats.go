// Package formats describes the tensors that files hold: what a reader of one
// format found, and what a writer is given.
//
// The readers (formats/safetensors, formats/npy, formats/npz, formats/gguf)
// parse headers only and say where each tensor's bytes lie, so that a caller
// can map the file and touch the bytes when they are needed. Nothing in a file
// is believed: a reader allocates no more than the bytes it has seen warrant,
// and whatever contradicts itself, or the size of the file, is an *Error.
package formats

import (
	"fmt"
	"io"
	"math"
	"math/bits"
	"strconv"
	"strings"

	"github.com/mlxstar/mlxstar/engine/dtype"
)

// Spec is what a tensor is, wherever its bytes lie. A nil or empty Shape is a scalar.
type Spec struct {
	Name  string
	Dtype dtype.Dtype
	Shape []int
}

// ByteLength returns the number of bytes of the elements, and false for an
// invalid dtype, a negative dimension, or a product that overflows.
func (s Spec) ByteLength() (int64, bool) {
	if !s.Dtype.Valid() {
		return 0, false
	}
	return Product(s.Shape, int64(s.Dtype.Size()))
}

// Label returns the name quoted for a message, cut if it is long.
func (s Spec) Label() string { return Quote(s.Name) }

// Layout returns dtype and shape for a message: "dtype float32, shape (2, 3)".
func (s Spec) Layout() string {
	return fmt.Sprintf("dtype %s, shape %s", s.Dtype, ShapeString(s.Shape))
}

// longestQuote and longestShape bound what a file can put into a message.
const (
	longestQuote = 80
	longestShape = 16
)

// Quote quotes a string of a file for a message, cut if it is long.
func Quote(s string) string {
	if len(s) > longestQuote {
		return strconv.Quote(s[:longestQuote]) + "..."
	}
	return strconv.Quote(s)
}

// ShapeString writes a shape as Python does, cut if it is long.
func ShapeString(shape []int) string {
	var b strings.Builder
	b.WriteByte('(')
	for i, d := range shape {
		if i > 0 {
			b.WriteString(", ")
		}
		if i == longestShape {
			b.WriteString("...")
			break
		}
		b.WriteString(strconv.Itoa(d))
	}
	if len(shape) == 1 {
		b.WriteByte(',')
	}
	b.WriteByte(')')
	return b.String()
}

// Product multiplies unit by the dimensions of a shape. It reports false for a
// negative dimension or a result above the largest int64. A zero dimension
// makes the product zero only if the others do not overflow without it, as no
// array could have their strides.
func Product(shape []int, unit int64) (int64, bool) {
	product, empty := uint64(unit), unit == 0
	if unit < 0 {
		return 0, false
	}
	for _, d := range shape {
		if d < 0 {
			return 0, false
		}
		if d == 0 {
			empty = true
			continue
		}
		hi, lo := bits.Mul64(product, uint64(d))
		if hi != 0 || lo > math.MaxInt64 {
			return 0, false
		}
		product = lo
	}
	if empty {
		return 0, true
	}
	return int64(product), true
}

// Tensor is one tensor of a file: its bytes are [Offset, Offset+Length) of the
// file, elements in C order and little-endian unless the flags say otherwise.
type Tensor struct {
	Spec
	Offset       int64
	Length       int64
	FortranOrder bool
	BigEndian    bool
}

// Plain reports whether the bytes in the file are the bytes in memory. They
// are not for swapped or transposed elements, nor for booleans, where a file
// may hold any byte and memory only 0 and 1.
func (t Tensor) Plain() bool {
	return !t.transposed() && !t.swapped() && t.Dtype != dtype.Bool
}

func (t Tensor) swapped() bool { return t.BigEndian && t.unit() > 1 }

// unit is the size of what a big-endian file swaps the bytes of: an element, or
// each part of a complex one.
func (t Tensor) unit() int { return t.Dtype.Real().Size() }

// transposed reports whether Fortran order differs from C order for the shape.
func (t Tensor) transposed() bool {
	if !t.FortranOrder {
		return false
	}
	long := 0
	for _, d := range t.Shape {
		if d != 1 {
			long++
		}
	}
	return long > 1
}

// Loaded is a tensor with its elements in memory, in C order, little-endian.
type Loaded struct {
	Spec
	Data []byte
}

// Array is a tensor to be written. Data writes the elements, in C order and
// little-endian; a writer fails if it writes more or fewer bytes than Spec needs.
type Array struct {
	Spec
	Data io.WriterTo
}

// Bytes are elements that are already in memory.
type Bytes []byte

var _ io.WriterTo = Bytes(nil)

// WriteTo implements io.WriterTo.
func (b Bytes) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write(b)
	return int64(n), err
}

// WriteElements writes the elements of a to w and checks their number.
func (a Array) WriteElements(format string, w io.Writer) error {
	want, ok := a.ByteLength()
	if !ok {
		return Errorf(format, Unsupported, -1, "write %s: no size for %s", a.Label(), a.Layout())
	}
	if a.Data == nil {
		return Errorf(format, Malformed, -1, "write %s: no data given", a.Label())
	}
	count := &countingWriter{w: w}
	if _, err := a.Data.WriteTo(count); err != nil {
		return &Error{Format: format, Kind: IO, Offset: -1, Message: "write " + a.Label(), Err: err}
	}
	if count.n != want {
		return Errorf(format, Malformed, -1, "write %s: got %d bytes of data, want %d for %s", a.Label(), count.n, want, a.Layout())
	}
	return nil
}

// countingWriter counts, as an io.WriterTo may misreport what it wrote.
type countingWriter struct {
	w io.Writer
	n int64
}

func (c *countingWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}
