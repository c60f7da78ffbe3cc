package linear

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
)

// plain is a machine of loops.
func plain() *Machine {
	dot := func(a, b []float64) (sum float64) {
		for i, v := range a {
			sum += v * b[i]
		}
		return sum
	}
	axpy := func(y []float64, x float64, a []float64) {
		for i := range y {
			y[i] += x * a[i]
		}
	}
	return &Machine{
		Product: func(c, a, b View, minus bool) error {
			for i := range c.Rows {
				for j := range c.Cols {
					sum := 0.0
					for k := range a.Cols {
						sum += a.at(i, k) * b.at(k, j)
					}
					if minus {
						sum = -sum
					}
					c.Data[i*c.Down+j] += sum
				}
			}
			return nil
		},
		Run: func(n, grain int, f func(lo, hi int) error) error {
			for i := 0; i < n; i += grain {
				if err := f(i, min(i+grain, n)); err != nil {
					return err
				}
			}
			return nil
		},
		Few: simd.FewBy(dot, axpy), Dot: dot, Axpy: axpy,
		Scale: func(y []float64, x float64) {
			for i := range y {
				y[i] *= x
			}
		},
	}
}

func (v View) at(i, j int) float64 { return v.Data[i*v.Down+j*v.Across] }

func random(r *rand.Rand, rows, cols int) View {
	v := Whole(make([]float64, rows*cols), rows, cols)
	for i := range v.Data {
		v.Data[i] = r.NormFloat64()
	}
	return v
}

func copied(v View) View {
	v.Data = append([]float64(nil), v.Data...)
	return v
}

// times is a @ b.
func times(a, b View) View {
	c := Whole(make([]float64, a.Rows*b.Cols), a.Rows, b.Cols)
	if err := plain().Product(c, a, b, false); err != nil {
		panic(err)
	}
	return c
}

// apart is the greatest difference of two matrices.
func apart(a, b View) float64 {
	most := 0.0
	for i := range a.Rows {
		for j := range a.Cols {
			if d := math.Abs(a.at(i, j) - b.at(i, j)); !(d <= most) {
				most = d
			}
		}
	}
	return most
}

func unit(n int) View {
	v := Whole(make([]float64, n*n), n, n)
	for i := range n {
		v.Data[i*n+i] = 1
	}
	return v
}

// symmetricKinds are matrices that decompositions find hard, by name.
var symmetricKinds = map[string]func(r *rand.Rand, n int) View{
	"random": func(r *rand.Rand, n int) View {
		a := random(r, n, n)
		return times(a, a.T())
	},
	"indefinite": func(r *rand.Rand, n int) View {
		a := random(r, n, n)
		for i := range n {
			for j := range i {
				a.Data[i*n+j] = a.Data[j*n+i]
			}
		}
		return a
	},
	"zero":     func(_ *rand.Rand, n int) View { return Whole(make([]float64, n*n), n, n) },
	"identity": func(_ *rand.Rand, n int) View { return unit(n) },
	"ones": func(_ *rand.Rand, n int) View {
		a := Whole(make([]float64, n*n), n, n)
		for i := range a.Data {
			a.Data[i] = 1
		}
		return a
	},
	"graded": func(r *rand.Rand, n int) View {
		a := Whole(make([]float64, n*n), n, n)
		for i := range n {
			for j := range n {
				a.Data[i*n+j] = math.Exp(-float64(i+j)/2) * (1 + float64((i*j)%7))
			}
		}
		return a
	},
	"laplace": func(_ *rand.Rand, n int) View {
		a := Whole(make([]float64, n*n), n, n)
		for i := range n {
			a.Data[i*n+i] = 2
			if i > 0 {
				a.Data[i*n+i-1], a.Data[(i-1)*n+i] = -1, -1
			}
		}
		return a
	},
	"wilkinson": func(_ *rand.Rand, n int) View {
		a := Whole(make([]float64, n*n), n, n)
		for i := range n {
			a.Data[i*n+i] = math.Abs(float64(i - n/2))
			if i > 0 {
				a.Data[i*n+i-1], a.Data[(i-1)*n+i] = 1, 1
			}
		}
		return a
	},
	"clusters": func(r *rand.Rand, n int) View {
		a := random(r, n, n)
		for i := range n {
			for j := range n {
				a.Data[i*n+j] = math.Round(a.Data[i*n+j])
			}
		}
		for i := range n {
			for j := range i {
				a.Data[i*n+j] = a.Data[j*n+i]
			}
			a.Data[i*n+i] += 1e8 * float64(i%3)
		}
		return a
	},
	"huge": func(r *rand.Rand, n int) View {
		a := random(r, n, n)
		b := times(a, a.T())
		for i := range b.Data {
			b.Data[i] *= 1e200
		}
		return b
	},
}

// exactly is room that fails where more of it is used, and spoils what uses it without writing it.
func exactly(n int) []float64 {
	room := make([]float64, n)
	for i := range room {
		room[i] = math.NaN()
	}
	return room[:n:n]
}

func TestSymmetric(t *testing.T) {
	for name, kind := range symmetricKinds {
		for _, n := range []int{1, 2, 26, 33, 64, 100, 177} {
			r := rand.New(rand.NewPCG(1, uint64(n)))
			a := kind(r, n)
			values, vectors := make([]float64, n), Whole(make([]float64, n*n), n, n)
			ok, err := plain().Symmetric(copied(a), values, vectors, n%2 == 0, exactly(SymmetricRoom(n)))
			if !ok || err != nil {
				t.Fatalf("%s %d: %v %v", name, n, ok, err)
			}
			scale := max(largest(values), 1e-300)
			if d := apart(times(vectors, vectors.T()), unit(n)); d > 1e-13*float64(n) {
				t.Errorf("%s %d: vectors are off orthogonal by %g", name, n, d)
			}
			back := copied(vectors)
			for i := range n {
				plain().Scale(back.row(i, 0, n), values[i])
				if i > 0 && values[i] < values[i-1] {
					t.Errorf("%s %d: values do not ascend at %d", name, n, i)
				}
			}
			if d := apart(times(vectors.T(), back), a); d > 1e-14*float64(n)*scale {
				t.Errorf("%s %d: product off by %g of %g", name, n, d, scale)
			}
		}
	}
}

// TestRoots has equations whose poles and weights lie within many magnitudes of each other.
func TestRoots(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(7, seed))
		n, spread := 1+r.IntN(40), float64(r.IntN(40))
		q := &secular{rho: math.Exp(r.NormFloat64() * 3), squared: seed%2 == 1}
		pole := 0.0
		for range n {
			q.poles = append(q.poles, pole)
			pole += max(math.Exp(-spread*r.Float64()), 1e-12*(1+pole)) // deflation leaves none that are closer
			q.weights = append(q.weights, r.NormFloat64()*math.Exp(-spread*r.Float64()/2))
		}
		for j := range n {
			distance := make([]float64, n)
			origin, x := q.root(j, distance)
			v, size := 1/q.rho, 1/q.rho
			for i, w := range q.weights {
				v += w * w / distance[i]
				size += math.Abs(w*w/distance[i]) + math.Abs(x)*w*w/(distance[i]*distance[i])
			}
			if !(math.Abs(v) <= 1e-13*size) || distance[j] >= 0 || j+1 < n && distance[j+1] <= 0 {
				t.Errorf("seed %d, root %d of %d: origin %d, %g, beside it %g, equation %g of %g", seed, j, n, origin, x, distance[j], v, size)
			}
		}
	}
}

func TestBetween(t *testing.T) {
	for _, c := range [][2]float64{{0, 1}, {-1, 0}, {1e-20, 1}, {-1, -1e-20}, {1, 2}, {-2, -1}} {
		if x := between(c[0], c[1]); !(x > c[0] && x < c[1]) {
			t.Errorf("between %v: %g", c, x)
		}
	}
}

func TestQR(t *testing.T) {
	for _, shape := range [][2]int{{1, 1}, {5, 3}, {3, 5}, {64, 64}, {100, 70}, {70, 100}, {130, 33}} {
		r := rand.New(rand.NewPCG(2, uint64(shape[0])))
		a := random(r, shape[0], shape[1])
		k := min(shape[0], shape[1])
		q, rest := Whole(make([]float64, shape[0]*k), shape[0], k), copied(a)
		if err := plain().QR(rest, q, exactly(QRRoom(shape[0], shape[1]))); err != nil {
			t.Fatal(err)
		}
		upper := Whole(make([]float64, k*shape[1]), k, shape[1])
		for i := range k {
			copy(upper.row(i, i, shape[1]), rest.row(i, i, shape[1]))
		}
		if d := apart(times(q.T(), q), unit(k)); d > 1e-13 {
			t.Errorf("%v: columns are off orthogonal by %g", shape, d)
		}
		if d := apart(times(q, upper), a); d > 1e-12 {
			t.Errorf("%v: product off by %g", shape, d)
		}
	}
}

func TestFactorAndSolve(t *testing.T) {
	for _, n := range []int{1, 7, 16, 17, 48, 100, 130} {
		r := rand.New(rand.NewPCG(3, uint64(n)))
		a, b := random(r, n, n), random(r, n, 5)
		f, x, pivots := copied(a), copied(b), make([]int, n)
		ok, err := plain().Factor(f, pivots, exactly(FactorRoom(n)))
		if !ok || err != nil {
			t.Fatalf("%d: %v %v", n, ok, err)
		}
		if err := plain().Solve(f, pivots, x); err != nil {
			t.Fatal(err)
		}
		if d := apart(times(a, x), b); d > 1e-9 {
			t.Errorf("%d: solution off by %g", n, d)
		}
		y := copied(b)
		if err := plain().SolveTriangle(f, y, true); err != nil {
			t.Fatal(err)
		}
		for i := range n {
			clear(f.row(i, 0, i))
		}
		if d := apart(times(f, y), b); d > 1e-8 {
			t.Errorf("%d: solution of the upper triangle off by %g", n, d)
		}
	}
	for _, shape := range [][2]int{{40, 90}, {90, 40}, {17, 1}, {1, 17}} {
		r := rand.New(rand.NewPCG(4, uint64(shape[0])))
		a := random(r, shape[0], shape[1])
		f, k := copied(a), min(shape[0], shape[1])
		pivots := make([]int, k)
		if ok, err := plain().Factor(f, pivots, exactly(FactorRoom(shape[0]))); !ok || err != nil {
			t.Fatalf("%v: %v %v", shape, ok, err)
		}
		lower, upper := Whole(make([]float64, shape[0]*k), shape[0], k), Whole(make([]float64, k*shape[1]), k, shape[1])
		for i := range shape[0] {
			copy(lower.row(i, 0, min(i, k)), f.row(i, 0, min(i, k)))
			if i < k {
				lower.Data[i*k+i] = 1
				copy(upper.row(i, i, shape[1]), f.row(i, i, shape[1]))
			}
		}
		exchange(a, pivots)
		if d := apart(times(lower, upper), a); d > 1e-12 {
			t.Errorf("%v: product off by %g", shape, d)
		}
	}
}

func TestCholesky(t *testing.T) {
	for _, n := range []int{1, 16, 33, 100, 210} {
		r := rand.New(rand.NewPCG(5, uint64(n)))
		a := symmetricKinds["random"](r, n)
		for i := range n {
			a.Data[i*n+i]++
		}
		f := copied(a)
		ok, err := plain().Cholesky(f, exactly(CholeskyRoom(n)))
		if !ok || err != nil {
			t.Fatalf("%d: %v %v", n, ok, err)
		}
		for i := range n {
			clear(f.row(i, i+1, n))
		}
		if d := apart(times(f, f.T()), a); d > 1e-10 {
			t.Errorf("%d: product off by %g", n, d)
		}
	}
	a := unit(50)
	a.Data[40*50+40] = -1
	if ok, _ := plain().Cholesky(a, exactly(CholeskyRoom(50))); ok {
		t.Error("a matrix that is not positive definite was factored")
	}
}

func TestSingular(t *testing.T) {
	kinds := map[string]func(r *rand.Rand, rows, cols int) View{
		"random": random,
		"zero":   func(_ *rand.Rand, rows, cols int) View { return Whole(make([]float64, rows*cols), rows, cols) },
		"ones": func(_ *rand.Rand, rows, cols int) View {
			a := Whole(make([]float64, rows*cols), rows, cols)
			for i := range a.Data {
				a.Data[i] = 1
			}
			return a
		},
		"identity": func(_ *rand.Rand, rows, cols int) View {
			a := Whole(make([]float64, rows*cols), rows, cols)
			for i := range min(rows, cols) {
				a.Data[i*cols+i] = 1
			}
			return a
		},
		"rank 3": func(r *rand.Rand, rows, cols int) View { return times(random(r, rows, 3), random(r, 3, cols)) },
		"graded": func(r *rand.Rand, rows, cols int) View {
			a := random(r, rows, cols)
			for i := range a.Data {
				a.Data[i] *= math.Exp(-float64(i%cols) / 2)
			}
			return a
		},
		"tiny": func(r *rand.Rand, rows, cols int) View {
			a := random(r, rows, cols)
			for i := range a.Data {
				a.Data[i] *= 1e-250
			}
			return a
		},
	}
	for name, kind := range kinds {
		for _, shape := range [][2]int{{1, 1}, {30, 27}, {64, 64}, {90, 51}, {110, 110}, {53, 2}} {
			rows, n := shape[0], shape[1]
			r := rand.New(rand.NewPCG(6, uint64(n)))
			a := kind(r, rows, n)
			values := make([]float64, n)
			u, v := Whole(make([]float64, rows*rows), rows, rows), Whole(make([]float64, n*n), n, n)
			ok, err := plain().Singular(copied(a), values, u, v, exactly(SingularRoom(rows, n)))
			if !ok || err != nil {
				t.Fatalf("%s %v: %v %v", name, shape, ok, err)
			}
			scale := largest(values)
			for _, w := range []View{u, v} {
				if d := apart(times(w, w.T()), unit(w.Rows)); d > 1e-13*float64(rows) {
					t.Errorf("%s %v: vectors are off orthogonal by %g", name, shape, d)
				}
			}
			back := copied(v)
			for i := range n {
				plain().Scale(back.row(i, 0, n), values[i])
				if values[i] < 0 || i > 0 && values[i] > values[i-1] {
					t.Errorf("%s %v: values do not descend from above 0 at %d", name, shape, i)
				}
			}
			if d := apart(times(u.from(0, 0, n, rows).T(), back), a); d > 1e-14*float64(rows)*scale {
				t.Errorf("%s %v: product off by %g of %g", name, shape, d, scale)
			}
		}
	}
}
