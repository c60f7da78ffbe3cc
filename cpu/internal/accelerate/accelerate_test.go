package accelerate_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/cpu/internal/accelerate"
	"github.com/mlxstar/mlxstar/cpu/internal/accelerate/blastest"
)

func library(t *testing.T) (*accelerate.Library, *blastest.Library) {
	t.Helper()
	link, err := blastest.Open()
	if errors.Is(err, blastest.ErrUnavailable) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	l, err := accelerate.Open(link)
	if err != nil {
		t.Fatal(err)
	}
	return l, link
}

// TestProducts multiplies matrices that lie in every way, with room between their
// rows, over numbers and onto them. The products are compared element by element.
func TestProducts(t *testing.T) {
	l, link := library(t)
	calls := link.Calls()
	done := testProducts(t, l.Float32, 0x1p-24) + testProducts(t, l.Float64, 0x1p-53)
	if got := link.Calls() - calls; got != done {
		t.Errorf("the library was called %d times, want %d", got, done)
	}
	if n := link.Misuses(); n != 0 {
		t.Errorf("%d calls broke the rules of BLAS", n)
	}
}

func testProducts[T float32 | float64](t *testing.T, product accelerate.Product[T], unit float64) (done int) {
	t.Helper()
	r := rand.New(rand.NewPCG(41, 42))
	numbers := func(n int) []T {
		x := make([]T, n)
		for i := range x {
			x[i] = T(r.NormFloat64())
		}
		return x
	}
	// draw makes a matrix and a way to read its elements.
	draw := func(rows, cols int, transposed bool) (accelerate.Matrix[T], func(i, j int) float64) {
		lines, length := rows, cols
		if transposed {
			lines, length = cols, rows
		}
		m := accelerate.Matrix[T]{Stride: length + r.IntN(4), Transposed: transposed}
		m.Data = numbers((lines-1)*m.Stride + length)
		return m, func(i, j int) float64 {
			if transposed {
				i, j = j, i
			}
			return float64(m.Data[i*m.Stride+j])
		}
	}
	for i := range 64 {
		transA, transB, onto := i&1 != 0, i&2 != 0, i&4 != 0
		m, n, k := 1+r.IntN(9), 1+r.IntN(9), 1+r.IntN(9)
		a, atA := draw(m, k, transA)
		b, atB := draw(k, n, transB)
		stride := n + r.IntN(4)
		c := numbers((m-1)*stride + n)
		if !onto {
			c[0] = T(math.NaN()) // is not read
		}
		was := append([]T(nil), c...)
		product(m, n, k, a, b, c, stride, onto)
		done++
		for at, got := range c {
			row, col := at/stride, at%stride
			want, size := float64(was[at]), math.Abs(float64(was[at]))
			if col < n {
				if !onto {
					want, size = 0, 0
				}
				for l := range k {
					p := atA(row, l) * atB(l, col)
					want, size = want+p, size+math.Abs(p)
				}
			}
			if !(math.Abs(float64(got)-want) <= size*unit*float64(k+2)) {
				t.Fatalf("(%d,%d) @ (%d,%d), transposed %t and %t, onto %t: element (%d,%d): got %v, want %v", m, k, k, n, transA, transB, onto, row, col, got, want)
			}
		}
	}
	return done
}

// TestChecks: what the library would read or write out of bounds for is a panic.
func TestChecks(t *testing.T) {
	l, link := library(t)
	calls := link.Calls()
	short, four, nine := make([]float32, 3), make([]float32, 4), make([]float32, 9)
	for name, f := range map[string]func(){
		"a short left operand":  func() { l.Float32(2, 2, 2, square(short, 2), square(four, 2), nine, 2, false) },
		"a short right operand": func() { l.Float32(2, 2, 2, square(four, 2), square(short, 2), nine, 2, false) },
		"a short result":        func() { l.Float32(2, 2, 2, square(four, 2), square(four, 2), short[:3:3], 2, false) },
		"rows that overlap":     func() { l.Float32(2, 2, 2, square(nine, 1), square(four, 2), nine, 2, false) },
		"no rows":               func() { l.Float32(0, 2, 2, square(four, 2), square(four, 2), nine, 2, false) },
		"a large stride":        func() { l.Float32(1, 1, 1, square(four, accelerate.Most+1), square(four, 2), nine, 2, false) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: nothing stops it", name)
				}
			}()
			f()
		}()
	}
	if n := link.Calls() - calls; n != 0 {
		t.Errorf("the library was called %d times", n)
	}
}

func square(data []float32, stride int) accelerate.Matrix[float32] {
	return accelerate.Matrix[float32]{Data: data, Stride: stride}
}

// nothing has no functions.
type nothing struct{ has string }

func (n nothing) Symbol(name string) (uintptr, error) {
	if name == n.has {
		return 1, nil
	}
	return 0, fmt.Errorf("no symbol %s", name)
}

func (nothing) Bind(any, uintptr) {}

func TestOpenFails(t *testing.T) {
	for has, missing := range map[string]string{"": "cblas_sgemm", "cblas_sgemm": "cblas_dgemm"} {
		if _, err := accelerate.Open(nothing{has}); err == nil || !strings.Contains(err.Error(), missing) {
			t.Errorf("without %s: got error %v", missing, err)
		}
	}
}
