package simd

import (
	"math/rand/v2"
	"testing"
)

// TestColumns asks for the very bits that folding row by row gives.
func TestColumns(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		var loops Kernels
		loops.complete()
		testColumns(t, "float32", &k.Float32.Columns, &loops.Float32.Columns)
		testColumns(t, "float64", &k.Float64.Columns, &loops.Float64.Columns)
	})
}

func testColumns[T float32 | float64](t *testing.T, name string, k, loops *Columns[T]) {
	testColumnFold(t, name+" sum", k.Sum, loops.Sum)
	testColumnFold(t, name+" product", k.Product, loops.Product)
	testColumnFold(t, name+" greatest", k.Greatest, loops.Greatest)
	testColumnFold(t, name+" least", k.Least, loops.Least)
}

func testColumnFold[A, T float32 | float64](t *testing.T, name string, kernel, loop ColumnFold[A, T]) {
	r := rand.New(rand.NewPCG(25, 26))
	for _, n := range lengths {
		for rows := range 6 {
			stride := n + r.IntN(5)
			a, start := mixed[T](r, max(rows-1, 0)*stride+n), mixed[A](r, n)
			if r.IntN(2) == 0 { // without NaN, which there is nearly always among many
				a, start = numbers[T](r, len(a)), numbers[A](r, n)
			}
			got, whole := fence[A](r, n, 77)
			want := append([]A(nil), start...)
			copy(got, start)
			kernel(got, a, rows, stride)
			loop(want, a, rows, stride)
			for i := range got {
				if !same(got[i], want[i]) {
					t.Fatalf("%s of %d rows of %d: column %d: got %v, want %v", name, rows, n, i, got[i], want[i])
				}
			}
			if !whole() {
				t.Fatalf("%s of %d rows of %d wrote outside of its accumulators", name, rows, n)
			}
		}
	}
}
