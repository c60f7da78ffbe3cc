package formats

import (
	"fmt"
	"io"

	"github.com/mlxstar/mlxstar/engine/dtype"
)

// firstChunk is how much ReadN allocates before it has seen a byte.
const firstChunk = 1 << 20

// ReadN reads exactly n bytes of a stream whose length is unknown. It never
// allocates more than about twice what the stream has delivered, so that a
// header's false promise costs nothing.
func ReadN(r io.Reader, n int64) ([]byte, error) {
	if n < 0 || n != int64(int(n)) {
		return nil, fmt.Errorf("read %d bytes: length out of range", n)
	}
	buf := make([]byte, min(n, firstChunk))
	for done := 0; ; {
		got, err := io.ReadFull(r, buf[done:])
		done += got
		if err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		if int64(done) == n {
			return buf, nil
		}
		grown := make([]byte, min(n, 2*int64(len(buf))))
		copy(grown, buf)
		buf = grown
	}
}

// ReadInto reads the elements of t from its file into dst, which must have
// Length bytes, and puts them into C order and little-endian.
func (t Tensor) ReadInto(format string, r io.ReaderAt, dst []byte) error {
	if int64(len(dst)) != t.Length {
		return Errorf(format, Malformed, t.Offset, "read %s: got a buffer of %d bytes, want %d", t.Label(), len(dst), t.Length)
	}
	raw := dst
	if t.transposed() {
		raw = make([]byte, len(dst))
	}
	if n, err := r.ReadAt(raw, t.Offset); n < len(raw) {
		if err == nil {
			err = io.ErrUnexpectedEOF
		}
		return ReadError(format, t.Offset+int64(n), "read "+t.Label(), err)
	}
	t.Arrange(dst, raw)
	return nil
}

// Load makes a Loaded of the bytes of t as they lie in the file, which must be
// Length many. It takes over raw.
func (t Tensor) Load(raw []byte) Loaded {
	data := raw
	if t.transposed() {
		data = make([]byte, len(raw))
	}
	t.Arrange(data, raw)
	return Loaded{Spec: t.Spec, Data: data}
}

// Arrange puts the elements of raw, as they lie in the file, into dst in C
// order, little-endian, booleans as 0 and 1. Both have Length bytes; they may
// be the same slice unless the order of the elements changes.
func (t Tensor) Arrange(dst, raw []byte) {
	size := t.Dtype.Size()
	if t.transposed() {
		transpose(dst, raw, t.Shape, size)
	} else if len(dst) > 0 && &dst[0] != &raw[0] {
		copy(dst, raw)
	}
	if t.swapped() {
		swap(dst, t.unit())
	}
	if t.Dtype == dtype.Bool {
		for i, b := range dst {
			if b > 1 {
				dst[i] = 1
			}
		}
	}
}

// swap reverses the bytes of each unit.
func swap(p []byte, unit int) {
	for ; len(p) >= unit; p = p[unit:] {
		for i, j := 0, unit-1; i < j; i, j = i+1, j-1 {
			p[i], p[j] = p[j], p[i]
		}
	}
}

// transpose copies elements from Fortran order (the first index runs fastest)
// to C order. It walks dst and keeps the source position as a counter per axis.
func transpose(dst, src []byte, shape []int, size int) {
	stride := make([]int, len(shape))
	step := size
	for i, d := range shape {
		stride[i] = step
		step *= d
	}
	index := make([]int, len(shape))
	from := 0
	for to := 0; to+size <= len(dst); to += size {
		copy(dst[to:to+size], src[from:from+size])
		for axis := len(shape) - 1; axis >= 0; axis-- {
			index[axis]++
			from += stride[axis]
			if index[axis] < shape[axis] {
				break
			}
			from -= stride[axis] * shape[axis]
			index[axis] = 0
		}
	}
}
