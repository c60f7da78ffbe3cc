package gpu_test

import (
	"fmt"
	"math"
	"runtime"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/metal"
)

// attentionCase is one that the kernels for tensor cores are tried on.
type attentionCase struct {
	queries, keys, features, outs, groups int
	causal, sinks, split                  bool
	mask                                  string
}

var attentionCases = []attentionCase{
	{queries: 9, keys: 5, features: 64, outs: 64, groups: 2},
	{queries: 64, keys: 64, features: 64, outs: 64, groups: 1, causal: true},
	{queries: 70, keys: 100, features: 64, outs: 48, groups: 1, causal: true, split: true},
	{queries: 70, keys: 33, features: 40, outs: 64, groups: 2, causal: true},
	{queries: 20, keys: 70, features: 64, outs: 64, groups: 2, sinks: true, mask: "added"},
	{queries: 65, keys: 40, features: 33, outs: 27, groups: 1, sinks: true, mask: "bool", split: true},
	{queries: 12, keys: 70, features: 16, outs: 16, groups: 2, mask: "nothing"},
	{queries: 10, keys: 0, features: 8, outs: 8, groups: 2},
	{queries: 40, keys: 290, features: 72, outs: 66, groups: 2, causal: true},
}

const attentionBatch, attentionHeads = 1, 2

// operands draws queries, keys, values, the cotangent of the answer, and the options.
func (c attentionCase) operands(b *engine.Builder, seed uint64, dtype engine.Dtype) (in [4]*engine.Node, at engine.AttentionAttrs) {
	for i, shape := range [][3]int{{attentionHeads, c.queries, c.features}, {c.groups, c.keys, c.features}, {c.groups, c.keys, c.outs}, {attentionHeads, c.queries, c.outs}} {
		heads, places, features := shape[0], shape[1], shape[2]
		if c.split { // as models split heads off
			x := b.Normal([]int{attentionBatch, places, heads, features}, dtype, nil, nil, b.Key(seed+uint64(i)))
			in[i] = b.Transpose(x, []int{0, 2, 1, 3})
		} else {
			in[i] = b.Normal([]int{attentionBatch, heads, places, features}, dtype, nil, nil, b.Key(seed+uint64(i)))
		}
	}
	at = engine.AttentionAttrs{Scale: 1 / math.Sqrt(float64(c.features)), Causal: c.causal}
	switch c.mask {
	case "added":
		at.Mask = b.Normal([]int{attentionHeads, c.queries, c.keys}, dtype, nil, nil, b.Key(seed+5))
	case "bool":
		at.Mask = b.Binary(engine.OpGreater, b.Normal([]int{c.queries, c.keys}, dtype, nil, nil, b.Key(seed+5)), b.Scalar(-0.5, dtype))
	case "nothing":
		at.Mask = b.Full([]int{c.queries, c.keys}, 0, engine.Bool)
	}
	if c.sinks {
		at.Sinks = b.Normal([]int{attentionHeads}, dtype, nil, nil, b.Key(seed+6))
	}
	return in, at
}

// answer is attention and the cotangents of queries, keys and values, in float32.
func attentionAnswer(e *engine.Engine, b *engine.Builder, in [4]*engine.Node, at engine.AttentionAttrs) (all []*engine.Array) {
	t := e.StartTrace("vjp", false)
	defer t.End()
	var tracers []*engine.Node
	for _, x := range in[:3] {
		tracers = append(tracers, t.Tracer(b, x))
	}
	out := b.Attention(tracers[0], tracers[1], tracers[2], at)
	for _, n := range append(t.VJP(b, []*engine.Node{out}, tracers, in[3:]), out) {
		all = append(all, e.NewArray(b.AsType(n, engine.Float32)))
	}
	return all
}

// TestAttentionCores runs the kernels for tensor cores by their definition, on numbers of
// 16 bits, beside those in tiles, and composed gradients, on the same numbers in float32.
func TestAttentionCores(t *testing.T) {
	for _, kind := range []struct {
		name, family string
		cases        int // the gradient's kernels are the same for both
		use          func(*metal.Backend)
	}{
		{"simdgroups", "attention_cores", 6, func(b *metal.Backend) { b.UseCores() }},
		{"groups", "attention_groups", len(attentionCases), func(b *metal.Backend) { b.UseGroups() }},
	} {
		t.Run(kind.name, func(t *testing.T) {
			backend, sim := newSimulated(t, metal.Options{})
			sim.Set("memory", 224<<10)
			t.Cleanup(func() { sim.Set("memory", 0) })
			kind.use(backend)
			e := newEngine(t, backend)
			for i, c := range attentionCases[:kind.cases] {
				dtype, tolerance := engine.Float16, 3e-3
				if i%2 != 0 {
					dtype, tolerance = engine.BFloat16, 2.4e-2
				}
				t.Run(fmt.Sprintf("%d/%s", i, dtype), func(t *testing.T) { c.try(t, e, uint64(i)*8, dtype, tolerance) })
			}
			for _, family := range []string{kind.family, "attention_gradient"} {
				if !backend.Compiled(family) {
					t.Errorf("no kernel of %s ran", family)
				}
			}
		})
	}
}

func (c attentionCase) try(t *testing.T, e *engine.Engine, seed uint64, dtype engine.Dtype, tolerance float64) {
	var got, want []*engine.Array
	b := e.NewBuilder()
	err := b.Try(func() {
		in, at := c.operands(b, seed, dtype)
		got = attentionAnswer(e, b, in, at)
		wide := func(n *engine.Node) *engine.Node {
			if n == nil || n.Dtype() == engine.Bool {
				return n
			}
			return b.AsType(n, engine.Float32)
		}
		for i, x := range in {
			in[i] = wide(x)
		}
		at.Mask, at.Sinks = wide(at.Mask), wide(at.Sinks)
		want = attentionAnswer(e, b, in, at)
	})
	if err != nil {
		t.Fatal(err)
	}
	for k, what := range []string{"dq", "dk", "dv", "y"} {
		holdClose(t, what, got[k], want[k], tolerance)
	}
}

// holdClose compares elements, relative to the greatest.
func holdClose(t *testing.T, what string, got, want *engine.Array, tolerance float64) {
	t.Helper()
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
		t.Fatalf("%s: got %d elements, want %d", what, len(have), len(expect))
	}
	greatest := 1.0
	for _, y := range expect {
		greatest = max(greatest, math.Abs(float64(y)))
	}
	for k, x := range have {
		if y := expect[k]; !(math.Abs(float64(x-y)) <= tolerance*greatest) {
			t.Fatalf("%s: element %d of %d is %v, want %v", what, k, len(have), x, y)
		}
	}
}
