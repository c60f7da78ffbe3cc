package cpu

import (
	"bytes"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
)

// TestAcross: operands and copies whose rows lie across the storage are as those that lie
// in order, in sizes that blocks divide and that they do not.
func TestAcross(t *testing.T) {
	for _, shape := range [][]int{{70, 37}, {64, 128}, {3, 33, 81}, {2, 16, 600}, {5, 130, 17}} {
		for _, d := range dtype.All() {
			turn := []int{1, 0}
			if len(shape) == 3 {
				turn = []int{0, 2, 1}
			}
			count := engine.Elements(shape)
			numbers := func(b *engine.Builder, step float64) *engine.Node {
				x := b.Binary(engine.OpRemainder, b.Mul(b.Arange(0, 1, count, engine.Int32), b.Scalar(step, engine.Int32)), b.Scalar(97, engine.Int32))
				return b.AsType(b.Reshape(x, shape), d)
			}
			got := computed(t, 3, func(b *engine.Builder) []*engine.Node {
				x, y := b.Transpose(numbers(b, 7), turn), b.Transpose(numbers(b, 11), turn)
				z := b.Contiguous(b.Transpose(numbers(b, 13), turn))
				return []*engine.Node{z, b.Binary(engine.OpMaximum, x, z), b.Binary(engine.OpMaximum, x, y), b.Where(b.Binary(engine.OpEqual, x, z), x, y)}
			})
			want := computed(t, 1, func(b *engine.Builder) []*engine.Node {
				x, y, z := numbers(b, 7), numbers(b, 11), numbers(b, 13)
				return []*engine.Node{z, b.Binary(engine.OpMaximum, x, z), b.Binary(engine.OpMaximum, x, y), b.Where(b.Binary(engine.OpEqual, x, z), x, y)}
			})
			for i := range got {
				if !bytes.Equal(got[i], turnedBytes(want[i], shape, d.Size())) {
					t.Errorf("%s of %v: array %d differs", d, shape, i)
				}
			}
		}
	}
}

// turnedBytes exchanges the last two axes of elements of so many bytes.
func turnedBytes(x []byte, shape []int, size int) []byte {
	out := make([]byte, 0, len(x))
	rows, cols := shape[len(shape)-2], shape[len(shape)-1]
	for plane := 0; plane < len(x); plane += rows * cols * size {
		for c := range cols {
			for r := range rows {
				out = append(out, x[plane+(r*cols+c)*size:][:size]...)
			}
		}
	}
	return out
}
