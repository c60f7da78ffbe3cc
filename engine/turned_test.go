package engine_test

import (
	"runtime"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// TestGradientOfATransposedOperandLiesInOrder: the gradient of w where x @ w.T is
// computed, and of the left operand likewise, is what the gradient by way of a copy is,
// and row-major.
func TestGradientOfATransposedOperandLiesInOrder(t *testing.T) {
	e, b := newEngine(t, 0)
	var held []*engine.Array
	hold := func(n *engine.Node) *engine.Node {
		held = append(held, e.NewArray(n))
		return n
	}
	turn := func(x *engine.Node) *engine.Node {
		perm := []int{0, 1, 2}[:x.Rank()]
		r := len(perm)
		perm[r-2], perm[r-1] = perm[r-1], perm[r-2]
		return b.Transpose(x, perm)
	}
	for _, lead := range [][]int{nil, {2}} {
		for _, dtype := range []engine.Dtype{engine.Float32, engine.Complex64} {
			random := func(seed uint64, shape ...int) *engine.Node {
				shape = append(append([]int(nil), lead...), shape...)
				x := b.AsType(b.Normal(shape, engine.Float32, nil, nil, b.Key(seed)), dtype)
				if dtype == engine.Complex64 {
					x = b.Add(x, b.Mul(b.Full(nil, 1i, dtype), b.Normal(shape, engine.Float32, nil, nil, b.Key(seed+9))))
				}
				return hold(x)
			}
			x, w, c, ct := random(1, 3, 4), random(2, 5, 4), random(3, 3, 5), random(4, 3, 5)
			tall := random(5, 4, 3)
			for name, f := range map[string]func(w, tall *engine.Node) *engine.Node{
				"matmul": func(w, _ *engine.Node) *engine.Node { return b.MatMul(x, w) },
				"addmm":  func(w, _ *engine.Node) *engine.Node { return b.AddMM(c, x, w, 1, 1) },
				"scaled": func(w, _ *engine.Node) *engine.Node { return b.AddMM(c, x, w, 0.5, 2) },
				"left":   func(w, tall *engine.Node) *engine.Node { return b.MatMul(tall, w) },
			} {
				grads := func(turned func(x *engine.Node) *engine.Node) []*engine.Node {
					trace := e.StartTrace("vjp", false)
					defer trace.End()
					tw, tt := trace.Tracer(b, w), trace.Tracer(b, tall)
					return trace.VJP(b, []*engine.Node{f(turned(tw), turned(tt))}, []*engine.Node{tw, tt}, []*engine.Node{ct})
				}
				got := grads(turn)
				want := grads(func(x *engine.Node) *engine.Node { return b.Neg(b.Neg(turn(x))) })
				for i, g := range got {
					hold(g)
					far := b.Reduce(engine.OpMax, b.Unary(engine.OpAbs, b.Sub(g, want[i])), nil, false)
					if o, err := e.Data(background, far); err != nil || o.At(0).Float > 1e-5 {
						t.Errorf("%s of %v %s, gradient %d: %v from the one by way of a copy, error %v", name, lead, dtype, i, o.At(0).Float, err)
					}
					if o, err := e.Data(background, g); err != nil || !o.IsRowMajor() {
						t.Errorf("%s of %v %s: gradient %d has strides %v, error %v; want it row-major", name, lead, dtype, i, o.Strides, err)
					}
				}
			}
		}
	}
	runtime.KeepAlive(held)
}
