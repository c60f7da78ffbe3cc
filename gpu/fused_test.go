package gpu_test

import (
	"bytes"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/metal"
)

// plain is a backend that runs no fusions.
type plain struct{ engine.Backend }

var (
	drawnUnary = []*engine.Op{engine.OpExp, engine.OpNegative, engine.OpTanh, engine.OpSquare, engine.OpAbs, engine.OpSqrt,
		engine.OpSin, engine.OpSigmoid, engine.OpFloor, engine.OpLogicalNot, engine.OpErf, engine.OpSign, engine.OpInvert}
	drawnBinary = []*engine.Op{engine.OpAdd, engine.OpSubtract, engine.OpMultiply, engine.OpMaximum, engine.OpDivide,
		engine.OpLess, engine.OpEqual, engine.OpRemainder, engine.OpLogicalAnd, engine.OpArctan2, engine.OpPower, engine.OpRightShift}
	drawnDtypes = []engine.Dtype{engine.Float32, engine.Float32, engine.Float16, engine.BFloat16, engine.Int32, engine.Uint8,
		engine.Int8, engine.Uint16, engine.Int64, engine.Uint64, engine.Bool, engine.Complex64}
)

// drawing builds random programs of elementwise operations over arrays that lie in
// many ways. The same seed gives the same program on every engine.
type drawing struct {
	e     *engine.Engine
	b     *engine.Builder
	r     *rand.Rand
	shape []int
	nodes []*engine.Node
	held  []*engine.Array
}

func newDrawing(t *testing.T, e *engine.Engine, seed uint64) *drawing {
	d := &drawing{e: e, b: e.NewBuilder(), r: rand.New(rand.NewPCG(seed, 7))}
	d.shape = [][]int{{}, {1}, {7}, {3, 5}, {4, 1, 6}, {2, 3, 4, 5}, {70, 1000}, {3, 1, 66000}}[d.r.IntN(8)]
	for range 3 + d.r.IntN(3) {
		x := d.input()
		if err := e.Eval(background, x); err != nil {
			t.Fatal(err)
		}
		if d.r.IntN(2) == 0 { // the others die at their last use
			d.held = append(d.held, e.NewArray(x))
		}
		d.nodes = append(d.nodes, x)
	}
	for range 12 {
		n, err := d.b.Build(d.operation)
		if err != nil {
			continue // an operation that is not defined for the dtypes drawn
		}
		d.nodes = append(d.nodes, n)
		if d.r.IntN(6) == 0 {
			d.held = append(d.held, e.NewArray(n))
		}
	}
	d.held = append(d.held, e.NewArray(d.nodes[len(d.nodes)-1]))
	return d
}

// input draws an array that is dense, transposed, reversed, a part of a larger one,
// or broadcast along some axes.
func (d *drawing) input() *engine.Node {
	shape := append([]int(nil), d.shape...)
	how := d.r.IntN(5)
	for i := range shape {
		if how == 0 && d.r.IntN(2) == 0 {
			shape[i] = 1
		}
	}
	order := d.r.Perm(len(shape))
	if how == 1 {
		for i, axis := range order {
			shape[axis] = d.shape[i]
		}
		shape = permuted(d.shape, order)
	}
	x := d.b.Normal(shape, engine.Float32, nil, nil, d.b.Key(d.r.Uint64()))
	x = d.b.AsType(d.b.Mul(x, d.b.Scalar(3, engine.Float32)), drawnDtypes[d.r.IntN(len(drawnDtypes))])
	switch how {
	case 1:
		return d.b.Transpose(x, inverse(order))
	case 2:
		if len(shape) > 0 {
			return d.b.Flip(x, []int{len(shape) - 1})
		}
	}
	return x
}

func permuted(list, order []int) []int {
	out := make([]int, len(list))
	for i, at := range order {
		out[i] = list[at]
	}
	return out
}

func inverse(order []int) []int {
	out := make([]int, len(order))
	for i, at := range order {
		out[at] = i
	}
	return out
}

// pick draws an array, a late one more likely than an early one.
func (d *drawing) pick() *engine.Node {
	n := len(d.nodes)
	return d.nodes[max(d.r.IntN(n), d.r.IntN(n))]
}

func (d *drawing) operation(b *engine.Builder) *engine.Node {
	switch kind := d.r.IntN(20); {
	case kind < 6:
		return b.Unary(drawnUnary[d.r.IntN(len(drawnUnary))], d.pick())
	case kind < 13:
		return b.Binary(drawnBinary[d.r.IntN(len(drawnBinary))], d.pick(), d.pick())
	case kind < 15:
		return b.Where(d.pick(), d.pick(), d.pick())
	case kind < 17:
		return b.AsType(d.pick(), drawnDtypes[d.r.IntN(len(drawnDtypes))])
	case kind == 17:
		return b.Identity(d.pick())
	case kind == 18:
		x := d.pick()
		return b.Mul(x, b.Full(x.Shape(), complex(d.r.Float64(), 0), engine.Float32))
	}
	return b.Binary(drawnBinary[d.r.IntN(len(drawnBinary))], d.pick(), b.Operand(complex(d.r.Float64()*4-2, 0), engine.Float32))
}

// evaluate gives the bits of all that is held.
func (d *drawing) evaluate(t *testing.T) (out [][]byte) {
	t.Helper()
	d.nodes = nil
	var roots []*engine.Node
	for _, h := range d.held {
		roots = append(roots, h.Node())
	}
	if err := d.e.Eval(background, roots...); err != nil {
		t.Fatal(err)
	}
	for _, h := range d.held {
		data, err := d.e.Dense(background, h.Node())
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, bytes.Clone(data))
	}
	runtime.KeepAlive(d)
	return out
}

// TestFusedIsUnfused: random programs give the same bits fused and not, also where
// places are counted in 64 bits.
func TestFusedIsUnfused(t *testing.T) {
	b, sim := newSimulated(t, metal.Options{FuseAtOnce: true})
	p, _ := newSimulated(t, metal.Options{})
	fused, reference := newEngine(t, b), newEngine(t, plain{p})
	const seeds = 7
	saved := 0
	for seed := range uint64(seeds) {
		if seed == seeds-1 {
			b.CountPlacesNarrowly(16)
		}
		x, y := newDrawing(t, reference, seed), newDrawing(t, fused, seed)
		start := sim.Count("dispatches")
		want := x.evaluate(t)
		half := sim.Count("dispatches")
		got := y.evaluate(t)
		saved += 2*half - start - sim.Count("dispatches")
		for k := range want {
			if !bytes.Equal(got[k], want[k]) {
				n := y.held[k].Node()
				t.Errorf("seed %d: array %d of %d, %s of shape %v, differs from the unfused one", seed, k, len(want), n.Dtype(), n.Shape())
			}
		}
	}
	if saved < 5*seeds {
		t.Errorf("fusion saved %d dispatches of %d programs: it did not happen", saved, seeds)
	}
}

// sums adds n arrays in float32, and gives the sum of each of the first of them as
// well.
func sums(t *testing.T, e *engine.Engine, n int) (parts []*engine.Array) {
	t.Helper()
	b := e.NewBuilder()
	var all *engine.Node
	for i := range n {
		x := b.Arange(float64(i), float64(i+8), 1, engine.Float32)
		if err := e.Eval(background, x); err != nil {
			t.Fatal(err)
		}
		if all == nil {
			all = x
			continue
		}
		all = b.Add(all, x)
		if i%2 == 1 || i == n-1 {
			parts = append(parts, e.NewArray(all))
		}
	}
	return parts
}

func evalAll(e *engine.Engine, arrays []*engine.Array) error {
	var nodes []*engine.Node
	for _, a := range arrays {
		nodes = append(nodes, a.Node())
	}
	return e.Eval(background, nodes...)
}

// TestFusedOperandsFit: what has more operands than a kernel takes runs in parts.
func TestFusedOperandsFit(t *testing.T) {
	b, sim := newSimulated(t, metal.Options{FuseAtOnce: true})
	e := newEngine(t, b)
	parts := sums(t, e, 50)
	before := sim.Count("dispatches")
	if err := evalAll(e, parts); err != nil {
		t.Fatal(err)
	}
	if n := sim.Count("dispatches") - before; n < 2 || n > 8 {
		t.Errorf("%d dispatches, want a few", n)
	}
	for k, a := range parts {
		got, err := engine.ElementsOf[float32](background, a)
		if err != nil {
			t.Fatal(err)
		}
		last := min(2*k+1, 49)
		for i, v := range got {
			if want := float32((last+1)*i + last*(last+1)/2); v != want {
				t.Fatalf("sum %d, element %d: got %v, want %v", k, i, v, want)
			}
		}
	}
}

// TestFusedKernelsAreBounded: the least recently used kernel makes room.
func TestFusedKernelsAreBounded(t *testing.T) {
	b, sim := newSimulated(t, metal.Options{FuseAtOnce: true})
	e := newEngine(t, b)
	b.KeepFused(2)
	run := func(n int) (compiled int) {
		t.Helper()
		parts := sums(t, e, n)[(n-1)/2:]
		before := sim.Count("libraries")
		if err := evalAll(e, parts); err != nil {
			t.Fatal(err)
		}
		return sim.Count("libraries") - before
	}
	run(3) // and what else it needs
	for step, c := range []struct{ arrays, compiled int }{{3, 0}, {4, 1}, {3, 0}, {5, 1}, {3, 0}, {4, 1}} {
		if got := run(c.arrays); got != c.compiled {
			t.Errorf("step %d, %d arrays: %d kernels were compiled, want %d", step, c.arrays, got, c.compiled)
		}
	}
	if n := b.FusedKept(); n != 2 {
		t.Errorf("%d kernels are kept, want 2", n)
	}
}

// TestFusedWhenWorthwhile: a group of small arrays gets its kernel when it was met
// often, one of large arrays at once.
func TestFusedWhenWorthwhile(t *testing.T) {
	b, _ := newSimulated(t, metal.Options{})
	defer b.Close()
	met := 1
	for !b.Worthwhile(1, 4, 100) {
		met++
	}
	if met < 8 || met > 100 {
		t.Errorf("a small group was met %d times before it had its kernel", met)
	}
	if b.Worthwhile(2, 4, 100) {
		t.Error("another structure was taken for it")
	}
	if !b.Worthwhile(3, 4, 1<<20) {
		t.Error("a large group waits")
	}
}

// TestFusedFaults: a kernel that cannot be compiled is an error of what it computes,
// and of nothing else.
func TestFusedFaults(t *testing.T) {
	for _, kind := range []string{"library", "function", "pipeline"} {
		b, sim := newSimulated(t, metal.Options{FuseAtOnce: true})
		e := newEngine(t, b)
		parts := sums(t, e, 3)
		sim.Fail(kind, 1)
		err := evalAll(e, parts[len(parts)-1:])
		sim.Fail(kind, 0)
		if err == nil || !strings.Contains(err.Error(), "fused operations") {
			t.Errorf("%s: got %v", kind, err)
		}
		if err := evalAll(e, sums(t, e, 3)); err != nil {
			t.Errorf("after %s: %v", kind, err)
		}
	}
}
