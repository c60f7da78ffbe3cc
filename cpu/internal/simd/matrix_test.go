package simd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// onEach runs a test on the kernels of each set of instructions.
func onEach(t *testing.T, f func(t *testing.T, k *Kernels)) {
	sets := sets()
	if len(sets) == 0 {
		t.Skip("this processor has no kernels in assembly")
	}
	for _, s := range sets {
		t.Run(s.name, func(t *testing.T) { f(t, s.kernels) })
	}
}

// native gives the processor's best kernels.
func native(t testing.TB) *Kernels {
	k := New()
	if k == nil {
		t.Skip("this processor has no kernels in assembly")
	}
	return k
}

func numbers[T float32 | float64](r *rand.Rand, n int) []T {
	x := make([]T, n)
	for i := range x {
		x[i] = T(r.NormFloat64())
	}
	return x
}

func TestTile(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		t.Run("float32", func(t *testing.T) { testTile(t, k.Float32.Matrix, 0x1p-24) })
		t.Run("float64", func(t *testing.T) { testTile(t, k.Float64.Matrix, 0x1p-53) })
	})
}

// testTile holds a micro-kernel against sums in order. Each of the roundings may
// differ: fused or not, they are at most one for a term and one for a sum.
func testTile[T float32 | float64](t *testing.T, m Matrix[T], unit float64) {
	r := rand.New(rand.NewPCG(1, 2))
	for depth := range 40 {
		for _, first := range []bool{true, false} {
			stride := m.Cols + r.IntN(5)
			a, b := numbers[T](r, m.Rows*depth), numbers[T](r, m.Cols*depth)
			c := numbers[T](r, (m.Rows-1)*stride+m.Cols)
			want := append([]T(nil), c...)
			bound := make([]float64, len(c))
			for i := range m.Rows {
				for j := range m.Cols {
					var sum, size float64
					if at := i*stride + j; !first {
						sum, size = float64(c[at]), math.Abs(float64(c[at]))
					}
					for k := range depth {
						p := float64(a[k*m.Rows+i]) * float64(b[k*m.Cols+j])
						sum, size = sum+p, size+math.Abs(p)
					}
					want[i*stride+j], bound[i*stride+j] = T(sum), size*unit*float64(2*depth+2)
				}
			}
			m.Tile(depth, a, b, c, stride, first)
			for i := range c {
				if d := math.Abs(float64(c[i]) - float64(want[i])); !(d <= bound[i]) {
					t.Fatalf("depth %d, first %t: element %d: got %v, want %v within %g", depth, first, i, c[i], want[i], bound[i])
				}
			}
		}
	}
}

func TestPacking(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		t.Run("float32", func(t *testing.T) { testPacking(t, k.Float32.Matrix) })
		t.Run("float64", func(t *testing.T) { testPacking(t, k.Float64.Matrix) })
	})
}

func testPacking[T float32 | float64](t *testing.T, m Matrix[T]) {
	r := rand.New(rand.NewPCG(3, 4))
	for depth := range 40 {
		stride := m.Cols + r.IntN(5)
		src := numbers[T](r, max(depth-1, 0)*stride+m.Cols)
		dst := make([]T, m.Cols*depth+1)
		m.PackRows(dst, src, depth, stride)
		for k := range depth {
			for j := range m.Cols {
				if got, want := dst[k*m.Cols+j], src[k*stride+j]; got != want {
					t.Fatalf("rows of depth %d: element %d of row %d: got %v, want %v", depth, j, k, got, want)
				}
			}
		}
		if dst[m.Cols*depth] != 0 {
			t.Fatalf("rows of depth %d: written past the panel", depth)
		}
		for _, width := range []int{m.Rows, m.Cols} {
			testInterleave(t, m, r, depth, width)
		}
	}
}

func testInterleave[T float32 | float64](t *testing.T, m Matrix[T], r *rand.Rand, depth, width int) {
	stride := depth + r.IntN(5)
	src := numbers[T](r, (width-1)*stride+depth)
	dst := make([]T, width*depth+1)
	m.Interleave(dst, src, depth, stride, width)
	for k := range depth {
		for i := range width {
			if got, want := dst[k*width+i], src[i*stride+k]; got != want {
				t.Fatalf("width %d, depth %d: element %d of row %d: got %v, want %v", width, depth, k, i, got, want)
			}
		}
	}
	if dst[width*depth] != 0 {
		t.Fatalf("width %d, depth %d: written past the panel", width, depth)
	}
}

func TestTranspose(t *testing.T) {
	onEach(t, func(t *testing.T, k *Kernels) {
		r := rand.New(rand.NewPCG(9, 10))
		for _, deep := range []int{0, 8, 16, 40} {
			step, apart := deep+r.IntN(9), 8+r.IntN(9)
			src, dst := make([]uint32, 7*step+deep), make([]uint32, max(deep-1, 0)*apart+8)
			for i := range src {
				src[i] = r.Uint32()
			}
			k.Transpose(dst, src, deep, step, apart)
			for d := range deep {
				for i := range 8 {
					if got, want := dst[d*apart+i], src[i*step+d]; got != want {
						t.Fatalf("depth %d: element %d of row %d: got %#x, want %#x", deep, d, i, got, want)
					}
				}
			}
		}
	})
}

// The floor of a tile is two multiplications of 32 bytes a cycle: 64 operations on
// float32, 118 GFLOP/s at 3.7 GHz. Reached on one core of an AMD EPYC 9004, best of
// eight runs: 115.5 in float32 and 58.3 in float64. A whole product of 1024x1024
// matrices reaches 96 on that core; OpenBLAS, measured between, 88 to 102.
//
// On AVX-512 it is twice that: 269 GFLOP/s at 4.2 GHz. Reached on one core of an AMD
// EPYC of the fifth generation, best of several runs: 263 in float32, by eight rows
// of two registers; 12 rows give 261, and 14, whose sums leave no register to load
// ahead into, 212. Whole products of 512x512 matrices reach 229 to 250 on that core in
// float32 and 110 in float64; OpenBLAS, measured between, 229 to 246 and 104.
func BenchmarkTile(b *testing.B) {
	k := native(b)
	b.Run("float32", func(b *testing.B) { benchmarkTile(b, k.Float32.Matrix) })
	b.Run("float64", func(b *testing.B) { benchmarkTile(b, k.Float64.Matrix) })
}

func benchmarkTile[T float32 | float64](b *testing.B, m Matrix[T]) {
	const depth = 256
	r := rand.New(rand.NewPCG(5, 6))
	x, y := numbers[T](r, m.Rows*depth), numbers[T](r, m.Cols*depth)
	c := make([]T, m.Rows*m.Cols)
	for b.Loop() {
		m.Tile(depth, x, y, c, m.Cols, true)
	}
	b.ReportMetric(2*float64(m.Rows*m.Cols*depth)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

func BenchmarkPacking(b *testing.B) {
	k := native(b)
	const depth = 256
	r := rand.New(rand.NewPCG(7, 8))
	src, dst := numbers[float32](r, 1024*depth), make([]float32, 32*depth)
	b.Run("rows", func(b *testing.B) {
		b.SetBytes(16 * depth * 4)
		for b.Loop() {
			k.Float32.Matrix.PackRows(dst, src, depth, 1024)
		}
	})
	for _, width := range []int{6, 16} {
		b.Run(fmt.Sprintf("interleave %d", width), func(b *testing.B) {
			b.SetBytes(int64(width) * depth * 4)
			for b.Loop() {
				k.Float32.Matrix.Interleave(dst, src, depth, 1024, width)
			}
		})
	}
}
