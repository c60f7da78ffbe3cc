package cpu

import (
	"fmt"
	"math"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// composing is a backend without the fused kernels: the engine expands their
// operations, which is what defines them.
type composing struct{ *Backend }

var fusedOps = map[*engine.Op]bool{
	engine.OpQuantizedMatMul: true, engine.OpAttention: true, engine.OpRMSNorm: true, engine.OpConv: true, engine.OpConvWeight: true, engine.OpLayerNorm: true,
}

func (c composing) Supports(op *engine.Op, in, out []engine.Dtype) bool {
	return !fusedOps[op] && c.Backend.Supports(op, in, out)
}

// fusedEngines are engines with the fused kernels, in assembly and in Go, and one
// without.
func fusedEngines(t *testing.T) (fused map[string]*engine.Engine, composed *engine.Engine) {
	be, err := New(Options{PureGo: true})
	if err != nil {
		t.Fatal(err)
	}
	composed, err = engine.New(engine.Options{Backends: []engine.Backend{composing{be}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { composed.Close() })
	return map[string]*engine.Engine{
		"assembly": newEngine(t, Options{}), "go": newEngine(t, Options{PureGo: true}), "one thread": newEngine(t, Options{Threads: 1}),
	}, composed
}

// holdFused compares an operation with its expansion: each element may be off by a
// share of the largest.
func holdFused(t *testing.T, fused map[string]*engine.Engine, composed *engine.Engine, share float64, what string, build func(b *engine.Builder) *engine.Node) {
	t.Helper()
	n, want, err := evaluate(composed, build)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	expected, size := elementsOf(want), 0.0
	for _, v := range expected {
		if !math.IsNaN(v.Float) {
			size = math.Max(size, math.Abs(v.Float))
		}
	}
	share = math.Max(share, map[engine.Dtype]float64{engine.Float16: 0x1p-9, engine.BFloat16: 0x1p-6}[n.Dtype()])
	for name, e := range fused {
		_, got, err := evaluate(e, build)
		if err != nil {
			t.Fatalf("%s, %s: %v", what, name, err)
		}
		elements := elementsOf(got)
		if len(elements) != len(expected) || got.Dtype != want.Dtype {
			t.Fatalf("%s, %s: got %d elements of %s, want %d of %s", what, name, len(elements), got.Dtype, len(expected), want.Dtype)
		}
		for i, v := range elements {
			if d := math.Abs(v.Float - expected[i].Float); !(d <= size*share) && !(v.Float != v.Float && expected[i].Float != expected[i].Float) {
				t.Fatalf("%s, %s: element %d is %v, want %v within %g", what, name, i, v.Float, expected[i].Float, size*share)
			}
		}
	}
}

func drawn(b *engine.Builder, key uint64, d engine.Dtype, shape ...int) *engine.Node {
	return b.AsType(b.Normal(shape, engine.Float32, nil, nil, b.Key(key)), d)
}

var halfAndSingle = []engine.Dtype{engine.Float32, engine.Float16, engine.BFloat16}

func TestFusedNorms(t *testing.T) {
	fused, composed := fusedEngines(t)
	for _, d := range halfAndSingle {
		for _, shape := range [][]int{{1}, {7}, {3, 64}, {2, 5, 513}, {4, 2000}, {0, 8}} {
			for params := range 4 {
				holdFused(t, fused, composed, 0x1p-20, fmt.Sprint("norms of ", d, shape, params), func(b *engine.Builder) *engine.Node {
					x := b.Add(drawn(b, 1, d, shape...), b.Scalar(2, d))
					var weight, bias *engine.Node
					if params&1 != 0 {
						weight = drawn(b, 2, d, shape[len(shape)-1])
					}
					if params&2 != 0 {
						bias = drawn(b, 3, d, shape[len(shape)-1])
					}
					return b.Concatenate([]*engine.Node{b.LayerNorm(x, weight, bias, 1e-5), b.RMSNorm(x, weight, 1e-5)}, 0)
				})
			}
		}
	}
}

func TestFusedAttention(t *testing.T) {
	fused, composed := fusedEngines(t)
	for _, c := range []struct{ batch, heads, groups, queries, keys, features, outs int }{
		{1, 1, 1, 1, 1, 1, 1}, {2, 4, 2, 5, 7, 8, 3}, {1, 2, 1, 1, 600, 64, 64}, {1, 2, 1, 130, 1030, 8, 12}, {1, 1, 1, 9, 4, 5, 6}, {1, 2, 2, 3, 0, 4, 4}, {1, 1, 1, 520, 520, 4, 4},
		{2, 4, 2, 3, 7, 8, 3}, {1, 40, 2, 1, 90, 16, 8}, {1, 2, 1, 2, 1100, 1030, 20},
	} {
		for _, d := range halfAndSingle {
			for kind := range 6 {
				if d != engine.Float32 && c.keys > 500 {
					continue
				}
				holdFused(t, fused, composed, 0x1p-18, fmt.Sprint("attention ", c, d, kind), func(b *engine.Builder) *engine.Node {
					// Heads lie behind places, as models have them.
					q := b.Transpose(drawn(b, 1, d, c.batch, c.queries, c.heads, c.features), []int{0, 2, 1, 3})
					k := b.Transpose(drawn(b, 2, d, c.batch, c.keys, c.groups, c.features), []int{0, 2, 1, 3})
					v := drawn(b, 3, d, c.batch, c.groups, c.keys, c.outs)
					at := engine.AttentionAttrs{Scale: 0.7, Causal: kind == 1}
					switch kind {
					case 2:
						at.Mask = b.Binary(engine.OpGreater, drawn(b, 4, engine.Float32, c.queries, c.keys), b.Scalar(0.5, engine.Float32))
					case 3:
						at.Mask = b.Mul(drawn(b, 4, d, c.heads, 1, c.keys), b.Scalar(3, d))
					case 4: // some keys are out of the question
						m := b.Binary(engine.OpGreater, drawn(b, 4, engine.Float32, c.batch, 1, c.queries, c.keys), b.Scalar(0, engine.Float32))
						at.Mask = b.Where(m, b.Scalar(0, d), b.Scalar(math.Inf(-1), d))
					case 5:
						at.Sinks, at.Causal = drawn(b, 4, d, c.heads), true
					}
					return b.Attention(q, k, v, at)
				})
			}
		}
	}
}

func TestFusedQuantizedProducts(t *testing.T) {
	fused, composed := fusedEngines(t)
	formats := []engine.Quantization{{Mode: "mxfp4"}, {Mode: "mxfp8"}, {Mode: "nvfp4"}}
	for _, bits := range []int{2, 3, 4, 5, 6, 8} {
		formats = append(formats, engine.Quantization{Mode: "affine", Bits: bits, GroupSize: 32 << (bits % 3)})
	}
	for _, q := range formats {
		for _, d := range halfAndSingle {
			for _, transpose := range []bool{true, false} {
				for _, rows := range []int{1, 3, 20} {
					what := fmt.Sprint("product of ", d, " ", q.Mode, q.Bits, transpose, rows)
					holdFused(t, fused, composed, 0x1p-16, what, func(b *engine.Builder) *engine.Node {
						return quantizedCase(b, q, d, transpose, rows)
					})
				}
			}
		}
	}
}

// quantizedCase multiplies by one matrix, by a stack, and by matrices that are
// picked, of 64 by 256.
func quantizedCase(b *engine.Builder, q engine.Quantization, d engine.Dtype, transpose bool, rows int) *engine.Node {
	inner := 256
	if !transpose {
		inner = 64
	}
	parts := b.Quantize(drawn(b, 1, d, 3, 64, 256), q)
	var biases *engine.Node
	if len(parts) == 3 {
		biases = parts[2]
	}
	x := drawn(b, 2, d, 2, 1, rows, inner)
	all := b.QuantizedMatMul(x, parts[0], parts[1], biases, transpose, q)
	picked := b.GatherQuantizedMatMul(b.Squeeze(x, 1), parts[0], parts[1], biases, b.FromBytes([]byte{1, 0, 1}, engine.Uint8, []int{3}),
		b.FromBytes([]byte{2, 2, 0}, engine.Uint8, []int{3}), transpose, q)
	first := func(n *engine.Node) *engine.Node {
		if n == nil {
			return nil
		}
		return b.Squeeze(b.Narrow(n, 0, 1, 2), 0)
	}
	one := b.QuantizedMatMul(x, first(parts[0]), first(parts[1]), first(biases), transpose, q)
	return b.Concatenate([]*engine.Node{b.Flat(all), b.Flat(picked), b.Flat(one)}, 0)
}

func TestFusedConvolutions(t *testing.T) {
	fused, composed := fusedEngines(t)
	for _, c := range []struct {
		x, w                   []int // the weight without its channels
		stride, low, high      []int
		kernelDilation, spread []int
		groups                 int
		flip                   bool
	}{
		{x: []int{2, 9, 3}, w: []int{5, 4}, stride: []int{1}, low: []int{0}, high: []int{0}, kernelDilation: []int{1}, spread: []int{1}, groups: 1},
		{x: []int{1, 40, 7}, w: []int{3, 3}, stride: []int{2}, low: []int{2}, high: []int{1}, kernelDilation: []int{2}, spread: []int{3}, groups: 1, flip: true},
		{x: []int{2, 13, 11, 5}, w: []int{33, 3, 3}, stride: []int{1, 1}, low: []int{1, 1}, high: []int{1, 1}, kernelDilation: []int{1, 1}, spread: []int{1, 1}, groups: 1},
		{x: []int{1, 13, 11, 40}, w: []int{6, 3, 5}, stride: []int{2, 3}, low: []int{4, 7}, high: []int{0, 6}, kernelDilation: []int{2, 1}, spread: []int{1, 1}, groups: 1},
		{x: []int{2, 8, 9, 16}, w: []int{4, 2, 3}, stride: []int{1, 2}, low: []int{-1, 1}, high: []int{1, -2}, kernelDilation: []int{1, 1}, spread: []int{2, 1}, groups: 2},
		{x: []int{1, 5, 6, 7, 2}, w: []int{3, 2, 3, 2}, stride: []int{1, 1, 2}, low: []int{1, 0, 1}, high: []int{0, 1, 1}, kernelDilation: []int{1, 2, 1}, spread: []int{1, 1, 1}, groups: 1, flip: true},
		{x: []int{2, 9, 12}, w: []int{12, 4}, stride: []int{1}, low: []int{2}, high: []int{1}, kernelDilation: []int{1}, spread: []int{1}, groups: 12},
		{x: []int{2, 7, 11, 3}, w: []int{9, 3, 2}, stride: []int{2, 3}, low: []int{1, 0}, high: []int{2, 3}, kernelDilation: []int{1, 2}, spread: []int{1, 1}, groups: 3, flip: true},
		{x: []int{1, 4, 5, 6, 5}, w: []int{5, 2, 3, 2}, stride: []int{1, 3, 2}, low: []int{1, 2, 1}, high: []int{0, 1, -1}, kernelDilation: []int{1, 1, 2}, spread: []int{2, 2, 3}, groups: 5},
		{x: []int{1, 3, 2100}, w: []int{2100, 2}, stride: []int{1}, low: []int{1}, high: []int{1}, kernelDilation: []int{1}, spread: []int{1}, groups: 2100},
		{x: []int{1, 3, 1100}, w: []int{2200, 2}, stride: []int{1}, low: []int{1}, high: []int{0}, kernelDilation: []int{1}, spread: []int{2}, groups: 1100},
		{x: []int{1, 9, 10, 4}, w: []int{6, 3, 3}, stride: []int{1, 1}, low: []int{1, 2}, high: []int{1, 0}, kernelDilation: []int{1, 1}, spread: []int{3, 2}, groups: 2},
		{x: []int{1, 4, 3, 2}, w: []int{3, 1, 1}, stride: []int{3, 4}, low: []int{0, -7}, high: []int{1, 9}, kernelDilation: []int{1, 1}, spread: []int{2, 6}, groups: 1},
		{x: []int{3, 50, 41, 3}, w: []int{7, 3, 3}, stride: []int{1, 2}, low: []int{1, 1}, high: []int{1, 1}, kernelDilation: []int{1, 1}, spread: []int{1, 1}, groups: 1},
		{x: []int{1, 30, 30, 30}, w: []int{70, 4, 4}, stride: []int{1, 1}, low: []int{0, 0}, high: []int{0, 0}, kernelDilation: []int{1, 1}, spread: []int{1, 1}, groups: 1},
	} {
		for _, d := range append(halfAndSingle, engine.Float64) {
			for _, weights := range []bool{false, true} {
				holdFused(t, fused, composed, 0x1p-18, fmt.Sprint("convolution ", c, d, weights), func(b *engine.Builder) *engine.Node {
					x := drawn(b, 1, d, c.x...)
					w := drawn(b, 2, d, append(append([]int{}, c.w...), c.x[len(c.x)-1]/c.groups)...)
					at := engine.ConvAttrs{Stride: c.stride, Low: c.low, High: c.high,
						KernelDilation: c.kernelDilation, InputDilation: c.spread, Groups: c.groups, Flip: c.flip}
					y := b.Conv("conv_general", x, w, at)
					if !weights {
						return y
					}
					return b.ConvWeight(x, drawn(b, 3, d, y.Shape()...), at, w.Shape())
				})
			}
		}
	}
}
