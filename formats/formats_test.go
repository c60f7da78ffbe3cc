package formats

import (
	"bytes"
	"errors"
	"io"
	"math"
	"testing"

	"github.com/mlxstar/mlxstar/engine/dtype"
)

func TestProduct(t *testing.T) {
	for _, c := range []struct {
		shape []int
		unit  int64
		want  int64
		ok    bool
	}{
		{nil, 4, 4, true},
		{[]int{2, 3}, 4, 24, true},
		{[]int{0, 3}, 4, 0, true},
		{[]int{-1}, 4, 0, false},
		{[]int{0, -1}, 4, 0, false},
		{[]int{math.MaxInt}, 1, math.MaxInt, true},
		{[]int{math.MaxInt, math.MaxInt}, 2, 0, false},
		{[]int{1 << 30, 1 << 30, 1 << 30}, 1, 0, false},
		{[]int{0, 1 << 30, 1 << 30, 1 << 30}, 1, 0, false},
	} {
		if got, ok := Product(c.shape, c.unit); got != c.want || ok != c.ok {
			t.Errorf("Product(%v, %d): got %d, %v, want %d, %v", c.shape, c.unit, got, ok, c.want, c.ok)
		}
	}
}

// TestArrange compares the fast paths with an index computed per element.
func TestArrange(t *testing.T) {
	shapes := [][]int{{}, {1}, {5}, {2, 3}, {3, 1, 2}, {2, 3, 4}, {0, 2}, {1, 7, 1}}
	for _, d := range dtype.All() {
		for _, shape := range shapes {
			for flags := range 4 {
				x := Tensor{Spec: Spec{Dtype: d, Shape: shape}, FortranOrder: flags&1 != 0, BigEndian: flags&2 != 0}
				x.Length, _ = x.ByteLength()
				raw := make([]byte, x.Length)
				for i := range raw {
					raw[i] = byte(i)
				}
				want := definition(x, raw)
				dst := make([]byte, len(raw))
				if err := x.ReadInto("test", bytes.NewReader(raw), dst); err != nil || !bytes.Equal(dst, want) {
					t.Errorf("%s, flags %d: got %x, %v, want %x", x.Layout(), flags, dst, err, want)
				}
				if x.Plain() && !bytes.Equal(dst, raw) {
					t.Errorf("%s, flags %d: plain, but the bytes change", x.Layout(), flags)
				}
				if got := x.Load(bytes.Clone(raw)).Data; !bytes.Equal(got, want) {
					t.Errorf("%s, flags %d: loaded %x, want %x", x.Layout(), flags, got, want)
				}
			}
		}
	}
}

func definition(t Tensor, raw []byte) []byte {
	size, unit := t.Dtype.Size(), t.unit()
	out := make([]byte, len(raw))
	for i := 0; i*size < len(raw); i++ {
		from := i
		if t.FortranOrder {
			from = 0
			rest, stride := i, len(raw)/size
			for axis := len(t.Shape) - 1; axis >= 0; axis-- {
				stride /= t.Shape[axis]
				from += rest % t.Shape[axis] * stride
				rest /= t.Shape[axis]
			}
		}
		for b := range size {
			at := b
			if t.BigEndian {
				at = b/unit*unit + unit - 1 - b%unit
			}
			out[i*size+b] = raw[from*size+at]
			if t.Dtype == dtype.Bool && out[i*size+b] != 0 {
				out[i*size+b] = 1
			}
		}
	}
	return out
}

func TestReadIntoErrors(t *testing.T) {
	x := Tensor{Spec: Spec{Name: "a", Dtype: dtype.Uint8, Shape: []int{4}}, Offset: 2, Length: 4}
	var typed *Error
	if err := x.ReadInto("test", bytes.NewReader([]byte("abcd")), make([]byte, 4)); !errors.As(err, &typed) || typed.Kind != Truncated {
		t.Errorf("file too short: got %v", err)
	}
	if err := x.ReadInto("test", bytes.NewReader([]byte("abcdef")), make([]byte, 3)); !errors.As(err, &typed) || typed.Kind != Malformed {
		t.Errorf("buffer too small: got %v", err)
	}
}

func TestReadN(t *testing.T) {
	want := bytes.Repeat([]byte("abc"), firstChunk)
	got, err := ReadN(bytes.NewReader(want), int64(len(want)))
	if err != nil || !bytes.Equal(got, want) || cap(got) != len(want) {
		t.Errorf("got %d bytes (capacity %d), %v, want %d", len(got), cap(got), err, len(want))
	}
	if _, err := ReadN(bytes.NewReader(want), int64(len(want))+1); err != io.ErrUnexpectedEOF {
		t.Errorf("one byte more: got %v", err)
	}
	if _, err := ReadN(bytes.NewReader(nil), -1); err == nil {
		t.Error("a negative length is accepted")
	}
	if got, err := ReadN(bytes.NewReader(nil), 0); err != nil || len(got) != 0 {
		t.Errorf("nothing: got %v, %v", got, err)
	}
}
