package cpu

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// matrices makes a stack of matrices of small numbers in a layout of its last
// two axes.
func matrices(t *testing.T, e *engine.Engine, d engine.Dtype, l layout, shape []int, skip int) (*engine.Array, []complex128) {
	t.Helper()
	v := []complex128{0.5, -1, 2, 0.25, 3, -0.75, 1, -2, 1.5, 0, -0.5, 1}
	if d.IsComplex() {
		for i := range v {
			v[i] += complex(0, real(v[(i+5)%len(v)]))
		}
	}
	var x *engine.Array
	_, o, err := evaluate(e, func(b *engine.Builder) *engine.Node {
		x = e.NewArray(l.make(b, fillWith(b, d, v, skip), shape))
		return x.Node()
	})
	if err != nil {
		t.Fatal(err)
	}
	var out []complex128
	for _, el := range elementsOf(o) {
		out = append(out, number(d, el))
	}
	return x, out
}

// TestMatMul covers small, skinny, stacked and blocked products in all layouts.
func TestMatMul(t *testing.T) {
	sizes := [][3]int{{1, 1, 1}, {2, 3, 4}, {1, 300, 7}, {7, 300, 1}, {1, 5, 700}, {40, 60, 5}, {3, 70, 50}, {70, 3, 1}, {6, 2100, 9}, {33, 40, 50}, {130, 17, 70}, {40, 600, 30}, {5, 0, 4}, {0, 3, 4}, {200, 30, 400}}
	e := newEngine(t, Options{})
	for _, d := range []engine.Dtype{engine.Float32, engine.Float64, engine.Float16, engine.BFloat16, engine.Complex64, engine.Complex128} {
		for i, s := range sizes {
			for k, l := range layouts {
				if k > 4 && i > 6 || d.IsComplex() && s[0]*s[1]*s[2] > 100_000 {
					continue
				}
				testMatMul(t, e, d, l, layouts[(k+i)%len(layouts)], s[0], s[1], s[2])
			}
		}
	}
}

func testMatMul(t *testing.T, e *engine.Engine, d engine.Dtype, l, r layout, m, k, n int) {
	t.Helper()
	x, xe := matrices(t, e, d, l, []int{m, k}, 0)
	y, ye := matrices(t, e, d, r, []int{k, n}, 3)
	c, ce := matrices(t, e, d, r, []int{m, n}, 5)
	_, o, err := evaluate(e, func(b *engine.Builder) *engine.Node { return b.MatMul(x.Node(), y.Node()) })
	if err != nil {
		t.Fatal(err)
	}
	_, oc, err := evaluate(e, func(b *engine.Builder) *engine.Node { return b.AddMM(c.Node(), x.Node(), y.Node(), 0.5, -2) })
	if err != nil {
		t.Fatal(err)
	}
	got, gotC := elementsOf(o), elementsOf(oc)
	for i := range m {
		for j := range n {
			var sum complex128
			size := 1.0
			for p := range k {
				v := xe[i*k+p] * ye[p*n+j]
				sum += v
				size += cmplx.Abs(v)
			}
			at := i*n + j
			if !nearProduct(d, number(d, got[at]), sum, size, k) {
				t.Errorf("%s %dx%dx%d %s %s: (%d,%d) is %v, want %v", d, m, k, n, l.name, r.name, i, j, number(d, got[at]), sum)
				return
			}
			if want := 0.5*sum - 2*ce[at]; !nearProduct(d, number(d, gotC[at]), want, size+2*cmplx.Abs(ce[at]), k) {
				t.Errorf("addmm %s %dx%dx%d %s %s: (%d,%d) is %v, want %v", d, m, k, n, l.name, r.name, i, j, number(d, gotC[at]), want)
				return
			}
		}
	}
}

// nearProduct allows for one rounding of the answer and, for each addition, one
// of the numbers that it was computed in.
func nearProduct(d engine.Dtype, got, want complex128, size float64, k int) bool {
	bits := 23
	if d.Real() == engine.Float64 {
		bits = 52
	}
	allowed := size * float64(k+2) * math.Ldexp(1, -bits-1)
	if f := fractionBits[d]; f != 0 && f < 23 {
		allowed += cmplx.Abs(want) * math.Ldexp(1, -f)
	}
	return cmplx.Abs(got-want) <= allowed
}

func TestMatMulStacks(t *testing.T) {
	e := newEngine(t, Options{})
	for _, s := range [][3]int{{4, 5, 6}, {1, 40, 30}, {40, 30, 20}} {
		m, k, n := s[0], s[1], s[2]
		x, xe := matrices(t, e, engine.Float32, layouts[0], []int{3, 1, m, k}, 0)
		y, ye := matrices(t, e, engine.Float32, layouts[0], []int{2, k, n}, 3)
		_, o, err := evaluate(e, func(b *engine.Builder) *engine.Node { return b.MatMul(x.Node(), y.Node()) })
		if err != nil {
			t.Fatal(err)
		}
		got := elementsOf(o)
		for i, p := range places([]int{3, 2, m, n}) {
			var sum complex128
			size := 1.0
			for q := range k {
				v := xe[(p[0]*m+p[2])*k+q] * ye[(p[1]*k+q)*n+p[3]]
				sum += v
				size += cmplx.Abs(v)
			}
			if !nearProduct(engine.Float32, number(engine.Float32, got[i]), sum, size, k) {
				t.Fatalf("%v: element %v is %v, want %v", s, p, got[i].Float, sum)
			}
		}
	}
}

// TestTilesFit cuts products of any shape for micro-kernels of any: a tile that is
// narrowed must fit the numbers set aside for it.
func TestTilesFit(t *testing.T) {
	r := rand.New(rand.NewPCG(71, 72))
	for range 20_000 {
		shape := [][2]int{{2, 4}, {6, 16}, {8, 12}, {8, 32}}[r.IntN(4)]
		g := grid{m: 1 + r.IntN(3000), n: 1 + r.IntN(3000), k: 1 + r.IntN(300), mr: shape[0], nr: shape[1]}
		g.maxN = matArea / min(matRows, g.m)
		g.cut(1+r.IntN(3), 1+r.IntN(8))
		for i := range g.tiles() {
			if row, col, m, n := g.tile(i); m <= 0 || n <= 0 || m > matRows || m*n > matArea {
				t.Fatalf("%+v: tile %d at (%d,%d) is (%d,%d)", g, i, row, col, m, n)
			}
		}
	}
}
