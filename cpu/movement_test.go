package cpu

import (
	"context"
	"errors"
	"math"
	"math/cmplx"
	"slices"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// values makes an array of the layout and gives its elements in row-major order.
func values(t *testing.T, e *engine.Engine, d engine.Dtype, l layout, shape []int, skip int) (*engine.Array, []engine.Element) {
	t.Helper()
	var x *engine.Array
	b := e.NewBuilder()
	if err := b.Try(func() { x = e.NewArray(l.make(b, sampled(b, d, skip), shape)) }); err != nil {
		t.Fatal(err)
	}
	o, err := e.Data(context.Background(), x.Node())
	if err != nil {
		t.Fatal(err)
	}
	return x, elementsOf(o)
}

// places lists the index tuples of a shape in row-major order.
func places(shape []int) [][]int {
	all := [][]int{{}}
	for _, n := range shape {
		var next [][]int
		for _, p := range all {
			for i := range n {
				next = append(next, append(slices.Clone(p), i))
			}
		}
		all = next
	}
	return all
}

// flat is the row-major number of an index tuple.
func flat(shape, at []int) int {
	n := 0
	for i := range shape {
		n = n*shape[i] + at[i]
	}
	return n
}

var axesOf = map[int][][]int{
	0: {{}}, 1: {{0}}, 2: {{0}, {1}, {0, 1}}, 3: {{0}, {1}, {2}, {0, 1}, {0, 2}, {1, 2}, {0, 1, 2}},
}

// foldReference folds the numbers that one result is made of, in order.
var foldReference = map[*engine.Op]func(d engine.Dtype, v []complex128) complex128{
	engine.OpSum: func(_ engine.Dtype, v []complex128) (s complex128) {
		for _, x := range v {
			s += x
		}
		return s
	},
	engine.OpProd: func(d engine.Dtype, v []complex128) complex128 {
		p := complex128(1)
		if !d.IsComplex() { // a complex product would make NaN of an infinity
			q := 1.0
			for _, x := range v {
				q *= real(x)
			}
			return complex(q, 0)
		}
		for _, x := range v {
			p *= x
		}
		return p
	},
	engine.OpMax: func(d engine.Dtype, v []complex128) complex128 { return extremeOf(d, v, 1) },
	engine.OpMin: func(d engine.Dtype, v []complex128) complex128 { return extremeOf(d, v, -1) },
	engine.OpAny: func(_ engine.Dtype, v []complex128) complex128 {
		return complex(float64(answer(slices.Contains(v, 1))), 0)
	},
	engine.OpAll: func(_ engine.Dtype, v []complex128) complex128 {
		return complex(float64(answer(!slices.Contains(v, 0))), 0)
	},
	engine.OpLogSumExp: func(_ engine.Dtype, v []complex128) complex128 {
		top := math.Inf(-1)
		for _, x := range v {
			top = extreme(math.Max)(top, real(x))
		}
		if math.IsInf(top, 0) {
			return complex(top, 0)
		}
		var s complex128
		for _, x := range v {
			s += cmplx.Exp(x - complex(top, 0))
		}
		return complex(top, 0) + cmplx.Log(s)
	},
}

func extremeOf(d engine.Dtype, v []complex128, sign int) complex128 {
	best := v[0]
	for _, x := range v[1:] {
		if math.IsNaN(real(x)) {
			return x
		}
		c := compareNumbers(d, x, best)
		if c*sign > 0 {
			best = x
		}
	}
	return best
}

func compareNumbers(_ engine.Dtype, a, b complex128) int {
	if c := sign(real(a) - real(b)); c != 0 {
		return c
	}
	return sign(imag(a) - imag(b))
}

func TestReductions(t *testing.T) {
	e := newEngine(t, Options{})
	for op, fold := range foldReference {
		for _, d := range dtype.All() {
			if in, _ := op.Dtypes(d); in != d {
				continue
			}
			for i, l := range layouts {
				for _, shape := range [][]int{{5, 130}, {130, 5}, {3, 4, 5}, {7}, {0, 3}} {
					x, el := values(t, e, d, l, shape, i)
					for _, axes := range axesOf[len(shape)] {
						if (op == engine.OpMax || op == engine.OpMin) && len(el) == 0 {
							continue
						}
						testReduction(t, e, op, fold, d, x, el, axes)
					}
				}
			}
		}
	}
}

func testReduction(t *testing.T, e *engine.Engine, op *engine.Op, fold func(engine.Dtype, []complex128) complex128, d engine.Dtype, x *engine.Array, el []engine.Element, axes []int) {
	t.Helper()
	n, o, err := evaluate(e, func(b *engine.Builder) *engine.Node { return b.Reduce(op, x.Node(), axes, true) })
	if err != nil {
		t.Errorf("%s %s: %v", op.Name, d, err)
		return
	}
	groups := make([][]complex128, n.Len())
	for i, p := range places(x.Shape()) {
		for _, a := range axes {
			p[a] = 0
		}
		k := flat(n.Shape(), p)
		groups[k] = append(groups[k], number(d, el[i]))
	}
	got := elementsOf(o)
	for k, g := range groups {
		if skipsReduction(op, d, g) {
			continue
		}
		v := fold(d, g)
		want := rounded(n.Dtype(), v)
		if d.IsInteger() && (op == engine.OpSum || op == engine.OpProd) {
			want = wholeFold(op, d, n.Dtype(), g)
		}
		if op == engine.OpLogSumExp {
			got[k], want = branchless(d, got[k]), branchless(d, want)
		}
		if !near(n.Dtype(), got[k], want, foldUlps(d)) {
			t.Errorf("%s %s of %s along %v: result %d is %v, want %v", op.Name, d, shapes.Format(x.Shape()), axes, k, number(n.Dtype(), got[k]), v)
			return
		}
	}
}

// branchless brings the imaginary part of a complex logarithm to one period.
func branchless(d engine.Dtype, e engine.Element) engine.Element {
	if d.IsComplex() {
		e.Complex = complex(real(e.Complex), math.Remainder(imag(e.Complex), 2*math.Pi))
	}
	return e
}

// foldUlps: what float64 folds is only as good as the order it comes in.
func foldUlps(d engine.Dtype) float64 {
	if d.Real() == engine.Float64 {
		return 512
	}
	return 4
}

// skipsReduction leaves out what rounding decides: complex products and
// logarithms of many factors, extremes of numbers that only zeros' signs or NaN
// distinguish.
func skipsReduction(op *engine.Op, d engine.Dtype, g []complex128) bool {
	switch {
	case d.IsComplex() && (op == engine.OpProd || op == engine.OpLogSumExp):
		return len(g) > 10
	case d == engine.Bool:
		return false
	}
	return len(g) == 0 && op == engine.OpLogSumExp
}

// wholeFold folds integers with wrapping.
func wholeFold(op *engine.Op, d, out engine.Dtype, g []complex128) engine.Element {
	s := answer(op == engine.OpProd)
	for _, v := range g {
		if op == engine.OpProd {
			s *= int64(real(v))
		} else {
			s += int64(real(v))
		}
	}
	return engine.Element{Int: cutTo(out, s)}
}

// TestLongReductions covers the cutting into parts, whose sums are exact here.
func TestLongReductions(t *testing.T) {
	e := newEngine(t, Options{})
	for _, shape := range [][]int{{1 << 18}, {3, 100_001}, {100_001, 3}, {70, 50, 60}} {
		x, y := mustArange(t, e, shape)
		for _, axes := range append(axesOf[len(shape)], nil) {
			for _, in := range []*engine.Array{x, y} {
				n, o, err := evaluate(e, func(b *engine.Builder) *engine.Node { return b.Sum(in.Node(), axes, true) })
				if err != nil {
					t.Fatal(err)
				}
				sums := make([]int64, n.Len())
				if axes == nil {
					axes = axesOf[len(shape)][len(axesOf[len(shape)])-1]
				}
				for i, p := range places(shape) {
					for _, a := range axes {
						p[a] = 0
					}
					sums[flat(n.Shape(), p)] += int64(i % 97)
				}
				for i, el := range elementsOf(o) {
					if got := real(number(n.Dtype(), el)); got != float64(float32(sums[i])) {
						t.Fatalf("sum of %v along %v: result %d is %v, want %v", shape, axes, i, got, sums[i])
					}
				}
			}
		}
	}
}

// mustArange makes the numbers 0 to 96 over and over, as float32 and int32.
func mustArange(t *testing.T, e *engine.Engine, shape []int) (x, y *engine.Array) {
	t.Helper()
	b := e.NewBuilder()
	if err := b.Try(func() {
		n := b.Reshape(b.Binary(engine.OpRemainder, b.Arange(0, 1, shapes.Elements(shape), engine.Int32), b.Scalar(97, engine.Int32)), shape)
		x, y = e.NewArray(b.AsType(n, engine.Float32)), e.NewArray(n)
	}); err != nil {
		t.Fatal(err)
	}
	if err := e.Eval(context.Background(), x.Node(), y.Node()); err != nil {
		t.Fatal(err)
	}
	return x, y
}

func TestArgReductions(t *testing.T) {
	e := newEngine(t, Options{})
	for op, s := range map[*engine.Op]int{engine.OpArgMax: 1, engine.OpArgMin: -1} {
		for _, d := range dtype.All() {
			for i, l := range layouts {
				for _, shape := range [][]int{{5, 130}, {130, 5}, {3, 4, 5}, {7}} {
					x, el := values(t, e, d, l, shape, i)
					for axis := range shape {
						n, o, err := evaluate(e, func(b *engine.Builder) *engine.Node { return b.ArgReduce(op, x.Node(), axis, true) })
						if err != nil {
							t.Fatal(err)
						}
						want := make([]engine.Element, n.Len())
						best := make([]complex128, n.Len())
						for k, p := range places(shape) {
							at := int64(p[axis])
							p[axis] = 0
							r := flat(n.Shape(), p)
							v := number(d, el[k])
							nan := math.IsNaN(real(v)) && !math.IsNaN(real(best[r]))
							if at == 0 || nan || !math.IsNaN(real(best[r])) && compareNumbers(d, v, best[r])*s > 0 {
								best[r], want[r].Int = v, at
							}
						}
						agree(t, engine.Uint32, elementsOf(o), want, 0, op.Name, d, l.name, shape, axis)
					}
				}
			}
		}
	}
}

func TestScans(t *testing.T) {
	e := newEngine(t, Options{})
	ops := map[*engine.Op]*engine.Op{
		engine.OpCumSum: engine.OpSum, engine.OpCumProd: engine.OpProd, engine.OpCumMax: engine.OpMax,
		engine.OpCumMin: engine.OpMin, engine.OpLogCumSumExp: engine.OpLogSumExp,
	}
	for op, whole := range ops {
		for _, d := range dtype.All() {
			if in, _ := op.Dtypes(d); in != d {
				continue
			}
			for _, shape := range [][]int{{6}, {5, 7}, {3, 4, 5}, {0}} {
				x, el := values(t, e, d, layouts[len(shape)%2], shape, 1)
				for axis := range shape {
					for flags := range 4 {
						testScan(t, e, op, whole, d, x, el, axis, flags&1 != 0, flags&2 != 0)
					}
				}
			}
		}
	}
}

func testScan(t *testing.T, e *engine.Engine, op, whole *engine.Op, d engine.Dtype, x *engine.Array, el []engine.Element, axis int, reverse, inclusive bool) {
	t.Helper()
	n, o, err := evaluate(e, func(b *engine.Builder) *engine.Node { return b.Scan(op, x.Node(), axis, reverse, inclusive) })
	if err != nil {
		t.Errorf("%s %s: %v", op.Name, d, err)
		return
	}
	got := elementsOf(o)
	for i, p := range places(x.Shape()) {
		var counted []complex128
		for k := range x.Shape()[axis] {
			if k == p[axis] && !inclusive || (k < p[axis]) == reverse && k != p[axis] {
				continue
			}
			q := slices.Clone(p)
			q[axis] = k
			counted = append(counted, number(d, el[flat(x.Shape(), q)]))
		}
		if len(counted) == 0 && whole != engine.OpSum && whole != engine.OpProd {
			continue
		}
		if reverse {
			slices.Reverse(counted)
		}
		want := rounded(n.Dtype(), foldReference[whole](d, counted))
		if !d.IsInexact() {
			switch whole {
			case engine.OpSum, engine.OpProd:
				want = wholeFold(whole, d, n.Dtype(), counted)
			}
		}
		if whole == engine.OpLogSumExp {
			got[i], want = branchless(d, got[i]), branchless(d, want)
		}
		if !near(n.Dtype(), got[i], want, 8) {
			t.Errorf("%s %s axis %d reverse %t inclusive %t: element %v is %v, want %v", op.Name, d, axis, reverse, inclusive, p,
				number(n.Dtype(), got[i]), number(n.Dtype(), want))
			return
		}
	}
}

func TestSoftmax(t *testing.T) {
	e := newEngine(t, Options{})
	for _, d := range []engine.Dtype{engine.Float16, engine.BFloat16, engine.Float32, engine.Float64, engine.Complex64, engine.Complex128} {
		finite := []complex128{0, 1, -1, 2.5, -7, 3, 60, 0.25}
		for _, shape := range [][]int{{4, 9}, {3, 700}, {8}} {
			x, o, err := evaluate(e, func(b *engine.Builder) *engine.Node {
				return b.Softmax(fillWith(b, d, finite, 0)(shape...), []int{-1}, true)
			})
			if err != nil {
				t.Fatal(err)
			}
			n := shape[len(shape)-1]
			var want []engine.Element
			for i := 0; i < x.Len(); i += n {
				sum := 0.0
				for k := range n {
					sum += math.Exp(real(finite[(i+k)%len(finite)]) - 60)
				}
				for k := range n {
					want = append(want, rounded(d, complex(math.Exp(real(finite[(i+k)%len(finite)])-60)/sum, 0)))
				}
			}
			agree(t, d, elementsOf(o), want, 4, "softmax", d, shape)
		}
	}
}

// TestIndexErrors: an index out of range is an IndexError that names it.
func TestIndexErrors(t *testing.T) {
	e := newEngine(t, Options{})
	bad := func(b *engine.Builder) *engine.Node { return fillWith(b, engine.Int32, []complex128{1, 0, -6}, 0)(3) }
	x := func(b *engine.Builder) *engine.Node { return sampled(b, engine.Float32, 0)(5) }
	for name, f := range map[string]func(b *engine.Builder) *engine.Node{
		"gather":          func(b *engine.Builder) *engine.Node { return b.Take(x(b), bad(b), 0) },
		"take_along_axis": func(b *engine.Builder) *engine.Node { return b.TakeAlong(x(b), bad(b), 0) },
		"put_along_axis": func(b *engine.Builder) *engine.Node {
			return b.ScatterAlong(x(b), bad(b), b.Scalar(1, engine.Float32), 0, engine.Sum)
		},
		"scatter": func(b *engine.Builder) *engine.Node {
			return b.Scatter(x(b), []*engine.Node{bad(b)}, b.Full([]int{3, 1}, 1, engine.Float32), []int{0}, engine.Replace)
		},
	} {
		_, _, err := evaluate(e, f)
		var ee *engine.Error
		if !errors.As(err, &ee) || ee.Kind != engine.IndexError {
			t.Errorf("%s: got %v, want an IndexError", name, err)
			continue
		}
		if want := name + ": index -6 is out of bounds for axis 0 with size 5"; err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
	}
}
