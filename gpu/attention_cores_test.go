package gpu_test

import (
	"fmt"
	"math"
	"runtime"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/metal"
)

// TestAttentionCores runs the kernels for tensor cores by their definition, on numbers of
// 16 bits, beside those in tiles on the same numbers in float32.
func TestAttentionCores(t *testing.T) {
	backend, _ := newSimulated(t, metal.Options{})
	backend.UseCores()
	e := newEngine(t, backend)
	const batch, heads = 2, 4
	for i, c := range []struct {
		queries, keys, features, outs, groups int
		causal, sinks, split                  bool
		mask                                  string
	}{
		{queries: 9, keys: 5, features: 64, outs: 64, groups: 4},
		{queries: 64, keys: 64, features: 64, outs: 64, groups: 2, causal: true},
		{queries: 130, keys: 200, features: 64, outs: 48, groups: 1, causal: true, split: true},
		{queries: 70, keys: 33, features: 40, outs: 64, groups: 2, causal: true},
		{queries: 150, keys: 129, features: 64, outs: 64, groups: 4, sinks: true, mask: "added"},
		{queries: 65, keys: 190, features: 32, outs: 24, groups: 2, sinks: true, mask: "bool", split: true},
		{queries: 12, keys: 70, features: 64, outs: 64, groups: 4, mask: "nothing"},
		{queries: 10, keys: 0, features: 8, outs: 8, groups: 4},
	} {
		for dtype, tolerance := range map[engine.Dtype]float64{engine.Float16: 2e-3, engine.BFloat16: 1.6e-2} {
			t.Run(fmt.Sprintf("%d/%s", i, dtype), func(t *testing.T) {
				var got, want *engine.Array
				b := e.NewBuilder()
				err := b.Try(func() {
					seed := uint64(i) * 8
					operand := func(heads, places, features int) *engine.Node {
						seed++
						if !c.split {
							return b.Normal([]int{batch, heads, places, features}, dtype, nil, nil, b.Key(seed))
						}
						return b.Transpose(b.Normal([]int{batch, places, heads, features}, dtype, nil, nil, b.Key(seed)), []int{0, 2, 1, 3})
					}
					q, k, v := operand(heads, c.queries, c.features), operand(c.groups, c.keys, c.features), operand(c.groups, c.keys, c.outs)
					at := engine.AttentionAttrs{Scale: 1 / math.Sqrt(float64(c.features)), Causal: c.causal}
					switch c.mask {
					case "added":
						at.Mask = b.Normal([]int{heads, c.queries, c.keys}, dtype, nil, nil, b.Key(seed+100))
					case "bool":
						at.Mask = b.Binary(engine.OpGreater, b.Normal([]int{c.queries, c.keys}, dtype, nil, nil, b.Key(seed+100)), b.Scalar(-0.5, dtype))
					case "nothing":
						at.Mask = b.Full([]int{c.queries, c.keys}, 0, engine.Bool)
					}
					if c.sinks {
						at.Sinks = b.Normal([]int{heads}, dtype, nil, nil, b.Key(seed+101))
					}
					got = e.NewArray(b.AsType(b.Attention(q, k, v, at), engine.Float32))
					wide := func(n *engine.Node) *engine.Node {
						if n == nil || n.Dtype() == engine.Bool {
							return n
						}
						return b.AsType(n, engine.Float32)
					}
					at.Mask, at.Sinks = wide(at.Mask), wide(at.Sinks)
					want = e.NewArray(b.Attention(wide(q), wide(k), wide(v), at))
				})
				if err != nil {
					t.Fatal(err)
				}
				have, err := engine.ElementsOf[float32](background, got)
				if err != nil {
					t.Fatal(err)
				}
				expect, err := engine.ElementsOf[float32](background, want)
				if err != nil {
					t.Fatal(err)
				}
				defer runtime.KeepAlive(got)
				defer runtime.KeepAlive(want)
				if len(have) != len(expect) {
					t.Fatalf("got %d elements, want %d", len(have), len(expect))
				}
				for k, x := range have {
					if y := expect[k]; !(math.Abs(float64(x-y)) <= tolerance*(1+math.Abs(float64(y)))) {
						t.Fatalf("element %d of %d is %v, want %v", k, len(have), x, y)
					}
				}
			})
		}
	}
	if !backend.Compiled("attention_cores") {
		t.Error("other kernels ran")
	}
}
