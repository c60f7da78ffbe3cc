package cpu

import (
	"fmt"
	"math"
	"testing"

	"github.com/mlxstar/mlxstar/cpu/internal/simd"
	"github.com/mlxstar/mlxstar/engine"
)

func TestVectorKernelsCanBeDeclined(t *testing.T) {
	if vectorKernels(Options{PureGo: true}) != nil {
		t.Error("PureGo gave kernels in assembly")
	}
	t.Setenv("MLXSTAR_NOSIMD", "1")
	if vectorKernels(Options{}) != nil {
		t.Error("MLXSTAR_NOSIMD=1 gave kernels in assembly")
	}
}

// vectorOps are the operations whose rows are in assembly, and how many units in
// the last place of the operation's dtype they may be away from the loops in Go.
var vectorOps = map[*engine.Op]float64{
	engine.OpAdd: 0, engine.OpSubtract: 0, engine.OpMultiply: 0, engine.OpDivide: 0, engine.OpMaximum: 0, engine.OpMinimum: 0,
	engine.OpNegative: 0, engine.OpAbs: 0, engine.OpSquare: 0, engine.OpSqrt: 0, engine.OpAsType: 0,
	engine.OpFloor: 0, engine.OpCeil: 0, engine.OpTrunc: 0, engine.OpRint: 0, engine.OpSelect: 0,
	// What is worked out in float64 is what the loops give, but for ties.
	engine.OpLog2: 1, engine.OpLog10: 1, engine.OpLog1p: 1, engine.OpExpm1: 1,
	engine.OpTan: 1, engine.OpArcsin: 1, engine.OpArccos: 1, engine.OpArctan: 1,
	engine.OpSinh: 1, engine.OpCosh: 1, engine.OpArcsinh: 1, engine.OpArccosh: 1, engine.OpArctanh: 1,
	engine.OpArctan2: 1, engine.OpPower: 1, engine.OpLogAddExp: 1,
	engine.OpCopy: 0, engine.OpProd: 0, engine.OpArgMax: 0, engine.OpArgMin: 0,
	engine.OpExp: 2, engine.OpLog: 2, engine.OpTanh: 2, engine.OpSigmoid: 2, engine.OpErf: 2,
	engine.OpSin: 2, engine.OpCos: 2, engine.OpRsqrt: 2,
	engine.OpErfinv: 0, // one algorithm, whose roundings are the same but for ties
	// Sums of float32 are made in float64, whose order shows in a tie at most;
	// sums of float64 add up the roundings of another order.
	engine.OpSum: 16, engine.OpMax: 0, engine.OpMin: 0, engine.OpLogSumExp: 3, engine.OpSoftmax: 5,
	// Lines of running folds take the steps that the loops take.
	engine.OpCumSum: 0, engine.OpCumProd: 0, engine.OpCumMax: 0, engine.OpCumMin: 0,
}

var scans = map[*engine.Op]bool{engine.OpCumSum: true, engine.OpCumProd: true, engine.OpCumMax: true, engine.OpCumMin: true}

// vectorCase builds an operation of the numbers x and y.
func vectorCase(b *engine.Builder, at key, x, y *engine.Node, axes []int) *engine.Node {
	switch {
	case at.op == engine.OpAsType:
		return b.AsType(x, at.out)
	case at.op == engine.OpSelect:
		return b.Where(b.Binary(engine.OpGreater, x, b.Scalar(0, x.Dtype())), x, y)
	case at.op == engine.OpCopy:
		return b.Contiguous(b.Transpose(x, nil))
	case at.op.Class == engine.ArgReduction:
		if len(axes) == 0 {
			return b.ArgReduce(at.op, b.Flat(x), 0, false)
		}
		return b.ArgReduce(at.op, x, axes[0], false)
	case at.op == engine.OpSoftmax:
		return b.Softmax(x, []int{-1}, false)
	case at.op == engine.OpSum: // of positive numbers, so that nothing cancels out
		return b.Sum(b.Unary(engine.OpAbs, x), axes, false)
	case scans[at.op]:
		return b.Scan(at.op, x, 0, len(axes) > 0, true)
	case at.op.Class == engine.Unary:
		return b.Unary(at.op, x)
	case at.op.Class == engine.Binary:
		return b.Binary(at.op, x, y)
	}
	return b.Reduce(at.op, x, axes, false)
}

// TestVectorRows holds every row in assembly against the loops in Go that define
// it.
func TestVectorRows(t *testing.T) {
	k := simd.New()
	if k == nil {
		t.Skip("this processor has no kernels in assembly")
	}
	fast, slow := newEngine(t, Options{}), newEngine(t, Options{PureGo: true})
	for at := range vectorTable(k, newTable(nil, nil)) {
		if at.op == engine.OpRandomBits {
			continue // TestVectorDraws
		}
		if k.Blocks[simd.Row{Op: at.op, In: at.in, Out: at.out}] != nil {
			continue // TestBlocks
		}
		bound, known := vectorOps[at.op]
		if !known {
			t.Errorf("%s is in assembly and has no bound here", at.op.Name)
			continue
		}
		for _, shape := range [][]int{{40_000}, {37, 131}, {700, 9}} {
			folds := [][]int{nil}
			if at.op.Class == engine.Reduction || at.op.Class == engine.ArgReduction {
				folds = [][]int{nil, {0}, {len(shape) - 1}}
			}
			if scans[at.op] {
				folds = [][]int{nil, {0}} // forwards and back
			}
			for _, axes := range folds {
				build := func(b *engine.Builder) *engine.Node {
					sample := func(key uint64) *engine.Node {
						x := b.Normal(shape, engine.Float32, nil, b.Scalar(3, engine.Float32), b.Key(key))
						return b.AsType(x, at.in)
					}
					return vectorCase(b, at, sample(1), sample(2), axes)
				}
				compareEngines(t, fast, slow, bound, fmt.Sprint(at.op.Name, " of ", at.in, " to ", at.out, shape, axes), build)
			}
		}
	}
}

// TestVectorProducts compares matrix products, whose roundings may differ.
func TestVectorProducts(t *testing.T) {
	fast, slow := newEngine(t, Options{}), newEngine(t, Options{PureGo: true})
	for d, bound := range map[engine.Dtype]float64{engine.Float16: 1, engine.BFloat16: 1, engine.Float32: 200, engine.Float64: 200} {
		for _, s := range [][3]int{{5, 7, 3}, {1, 1000, 300}, {300, 1000, 1}, {70, 300, 50}, {400, 20, 401}} {
			compareEngines(t, fast, slow, bound, fmt.Sprint("matmul of ", d, s), func(b *engine.Builder) *engine.Node {
				uniform := func(key uint64, shape ...int) *engine.Node { // positive, so that nothing cancels out
					return b.AsType(b.Unary(engine.OpAbs, b.Normal(shape, engine.Float32, nil, nil, b.Key(key))), d)
				}
				return b.MatMul(uniform(3, s[0], s[1]), uniform(4, s[1], s[2]))
			})
		}
	}
}

// TestVectorTransforms compares Fourier transforms of lengths with and without
// factors of four; both are made in float64 and rounded once.
func TestVectorTransforms(t *testing.T) {
	fast, slow := newEngine(t, Options{}), newEngine(t, Options{PureGo: true})
	for _, n := range []int{4, 8, 12, 16, 20, 36, 64, 100, 128, 240, 1000, 1024, 4096, 37 * 5} {
		for _, inverse := range []bool{false, true} {
			compareEngines(t, fast, slow, 1, fmt.Sprint("transform of ", n, inverse), func(b *engine.Builder) *engine.Node {
				part := func(key uint64) *engine.Node {
					return b.AsType(b.Normal([]int{3, n}, engine.Float32, nil, nil, b.Key(key)), engine.Complex64)
				}
				x := b.Add(part(6), b.Unary(engine.OpSqrt, part(7))) // half of the roots are imaginary
				f := engine.Fourier{Name: "fft", Inverse: inverse}
				y := b.Transform(f, x, nil, []int{1}, "backward")
				return b.Concatenate([]*engine.Node{b.Unary(engine.OpReal, y), b.Unary(engine.OpImag, y)}, 0)
			})
		}
	}
}

// TestVectorDraws asks for the very bits that are drawn one by one, whatever their
// number and size.
func TestVectorDraws(t *testing.T) {
	fast, slow := newEngine(t, Options{}), newEngine(t, Options{PureGo: true})
	for _, width := range []int{1, 2, 4} {
		for _, n := range []int{1, 15, 16, 17, 33, 1001, 20_000} {
			compareEngines(t, fast, slow, 0, fmt.Sprint(n, " draws of ", width, " bytes"), func(b *engine.Builder) *engine.Node {
				return b.Bits([]int{n}, width, b.Key(5))
			})
		}
	}
}

func compareEngines(t *testing.T, fast, slow *engine.Engine, bound float64, name string, build func(b *engine.Builder) *engine.Node) {
	t.Helper()
	_, got, err := evaluate(fast, build)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	_, want, err := evaluate(slow, build)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	a, b := elementsOf(got), elementsOf(want)
	if len(a) != len(b) || len(a) == 0 {
		t.Fatalf("%s: got %d elements, want %d", name, len(a), len(b))
	}
	for i := range a {
		if d := apart(got.Dtype, a[i].Float, b[i].Float); !(d <= bound) || a[i].Int != b[i].Int {
			t.Errorf("%s: element %d: got %v, want %v: %v units apart", name, i, a[i], b[i], d)
			return
		}
	}
}

// significands are the bits of the significands of floats.
var significands = map[engine.Dtype]int{engine.Float16: 11, engine.BFloat16: 8, engine.Float32: 24, engine.Float64: 53}

// apart is the distance of two numbers in units of the larger one's last place.
func apart(d engine.Dtype, a, b float64) float64 {
	if a == b || a != a && b != b {
		return 0
	}
	_, exp := math.Frexp(math.Max(math.Abs(a), math.Abs(b)))
	return math.Abs(a-b) / math.Ldexp(1, exp-significands[d])
}
