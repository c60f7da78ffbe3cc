package simd

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestFew(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		testFew(t, &k.Float32, 0x1p-24)
		testFew(t, &k.Float64, 0x1p-53)
	})
}

// testFew holds the kernels against sums in float64: there is one rounding for each
// term. That what a sum gives does not depend on the rows beside it, it asks to the bit.
func testFew[T float32 | float64](t *testing.T, k *Numbers[T], unit float64) {
	r := rand.New(rand.NewPCG(27, 28))
	lines := func(rows, n int) Lines[T] {
		stride := n + r.IntN(4)
		return Lines[T]{numbers[T](r, max(rows-1, 0)*stride+n), stride}
	}
	for _, n := range lengths {
		for count := range 8 {
			rows := r.IntN(7)
			c, x, a := lines(count, rows), lines(count, n), lines(rows, n)
			clear(c.Data)
			k.Few.Dots(c, x, a, count, rows, n)
			for i := range count {
				for j := range rows {
					sum, size := 0.0, 0.0
					for at, v := range x.row(i, n) {
						p := float64(v) * float64(a.row(j, n)[at])
						sum, size = sum+p, size+math.Abs(p)
					}
					got := c.row(i, rows)[j]
					if !(math.Abs(float64(got)-sum) <= size*unit*float64(n+1)) {
						t.Fatalf("dots of %d: sum of rows %d and %d: got %v, want %v", n, i, j, got, sum)
					}
					alone := Lines[T]{make([]T, 1), 1}
					k.Few.Dots(alone, Lines[T]{x.row(i, n), n}, Lines[T]{a.row(j, n), n}, 1, 1, n)
					if alone.Data[0] != got {
						t.Fatalf("dots of %d: sum of rows %d and %d is %v among others and %v alone", n, i, j, got, alone.Data[0])
					}
				}
			}
			testRows(t, k, lines, count, r.IntN(5), n)
		}
	}
}

// testRows asks for the bits that adding row after row gives.
func testRows[T float32 | float64](t *testing.T, k *Numbers[T], lines func(rows, n int) Lines[T], count, depth, n int) {
	c, x, a := lines(count, n), lines(count, depth), lines(depth, n)
	want := Lines[T]{append([]T(nil), c.Data...), c.Stride}
	k.Few.Rows(c, x, a, count, depth, n)
	FewBy(k.Dot, k.Axpy).Rows(want, x, a, count, depth, n)
	for i, got := range c.Data {
		if !same(got, want.Data[i]) {
			t.Fatalf("%d rows of %d, %d deep: element %d: got %v, want %v", count, n, depth, i, got, want.Data[i])
		}
	}
}

// TestFewStored asks for the bits that widening the matrix first gives.
func TestFewStored(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		if k.FewHalf.Dots == nil {
			t.Skip("16-bit floats are widened first")
		}
		r := rand.New(rand.NewPCG(29, 30))
		for _, n := range lengths {
			for count := 1; count < 8; count++ {
				testStored(t, r, k, k.FewHalf, k.Half.Widen, count, n)
				testStored(t, r, k, k.FewBrain, k.Brain.Widen, count, n)
			}
		}
	})
}

func testStored(t *testing.T, r *rand.Rand, k *Kernels, f Few[float32, uint16], widen func([]float32, []uint16), count, n int) {
	rows := 1 + r.IntN(6)
	stride := n + r.IntN(4)
	a := Lines[uint16]{halves(r, (rows-1)*stride+n), stride}
	for i := range a.Data {
		a.Data[i] &^= 1 << 14 // no infinity and no NaN, nor anything large
	}
	wide := Lines[float32]{make([]float32, len(a.Data)), stride}
	widen(wide.Data, a.Data)
	x := Lines[float32]{numbers[float32](r, count*(n+rows)), n + rows}
	got, want := Lines[float32]{make([]float32, count*rows), rows}, Lines[float32]{make([]float32, count*rows), rows}
	f.Dots(got, x, a, count, rows, n)
	k.Float32.Few.Dots(want, x, wide, count, rows, n)
	if !slices.Equal(got.Data, want.Data) {
		t.Fatalf("dots of %d by %d rows of %d: got %v, want %v", count, rows, n, got.Data, want.Data)
	}
	start := numbers[float32](r, count*n)
	got, want = Lines[float32]{slices.Clone(start), n}, Lines[float32]{start, n}
	f.Rows(got, x, a, count, rows, n)
	k.Float32.Few.Rows(want, x, wide, count, rows, n)
	if !slices.Equal(got.Data, want.Data) {
		t.Fatalf("%d rows of %d, %d deep: got %v, want %v", count, n, rows, got.Data, want.Data)
	}
}
