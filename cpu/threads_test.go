package cpu

import (
	"bytes"
	"context"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// TestThreads: results are the same to the bit whatever the number of threads.
func TestThreads(t *testing.T) {
	rows := map[string]func(b *engine.Builder) []*engine.Node{
		"elementwise": func(b *engine.Builder) []*engine.Node {
			x := b.Normal([]int{300, 401}, engine.Float32, nil, nil, b.Key(1))
			return []*engine.Node{b.Add(b.Unary(engine.OpTanh, x), b.Narrow(x, 0, 3, 4)), b.AsType(x, engine.BFloat16)}
		},
		"reductions": func(b *engine.Builder) (out []*engine.Node) {
			x := b.Normal([]int{70, 50, 101}, engine.Float32, nil, nil, b.Key(2))
			for _, axes := range [][]int{nil, {0}, {1}, {2}, {0, 1}, {1, 2}, {0, 2}} {
				out = append(out, b.Sum(x, axes, false), b.Reduce(engine.OpLogSumExp, x, axes, false), b.Reduce(engine.OpMax, x, axes, false))
			}
			tall := b.Normal([]int{3000, 131}, engine.Float32, nil, nil, b.Key(9))
			for _, x := range []*engine.Node{tall, b.AsType(tall, engine.Float16), b.AsType(tall, engine.Float64)} {
				out = append(out, b.Sum(x, []int{0}, false), b.Reduce(engine.OpProd, x, []int{0}, false),
					b.Reduce(engine.OpLogSumExp, x, []int{0}, false), b.ArgReduce(engine.OpArgMax, x, 0, false), b.Scan(engine.OpCumSum, x, 0, false, true))
			}
			return append(out, b.Softmax(x, []int{-1}, false), b.Scan(engine.OpCumSum, x, 1, false, true), b.ArgReduce(engine.OpArgMax, x, 1, false))
		},
		"products": func(b *engine.Builder) (out []*engine.Node) {
			for _, s := range [][3]int{{300, 600, 250}, {1, 900, 2000}, {2000, 900, 1}, {3, 3, 3}, {17, 1000, 19}, {5, 2500, 700}, {700, 2500, 3}} {
				x := b.Normal([]int{s[0], s[1]}, engine.Float32, nil, nil, b.Key(3))
				y := b.Normal([]int{s[1], s[2]}, engine.Float32, nil, nil, b.Key(4))
				out = append(out, b.MatMul(x, y), b.MatMul(b.AsType(x, engine.Float64), b.AsType(y, engine.Float64)))
			}
			return out
		},
		"codes": func(b *engine.Builder) (out []*engine.Node) {
			w := b.Normal([]int{1501, 1024}, engine.Float32, nil, nil, b.Key(10))
			for _, bits := range []int{3, 4, 8} {
				q := engine.Quantization{Mode: "affine", GroupSize: 64, Bits: bits}
				c := b.Quantize(w, q)
				for _, rows := range []int{1, 5, 70} {
					x := b.Normal([]int{rows, 1024}, engine.Float32, nil, nil, b.Key(11))
					out = append(out, b.QuantizedMatMul(x, c[0], c[1], c[2], true, q))
				}
			}
			return out
		},
		"convolutions": func(b *engine.Builder) (out []*engine.Node) {
			for _, groups := range []int{1, 4, 12} {
				for _, spread := range []int{1, 2} {
					at := engine.ConvAttrs{Stride: []int{1, 1}, Low: []int{1, 1}, High: []int{1, 2}, KernelDilation: []int{1, 1}, InputDilation: []int{spread, 1}, Groups: groups}
					x := b.Normal([]int{3, 40, 33, 12}, engine.Float32, nil, nil, b.Key(7))
					w := b.Normal([]int{24, 3, 3, 12 / groups}, engine.Float32, nil, nil, b.Key(8))
					y := b.Conv("conv_general", x, w, at)
					out = append(out, y, b.ConvWeight(x, y, at, w.Shape()), b.ConvWeight(b.AsType(x, engine.BFloat16), b.AsType(y, engine.BFloat16), at, w.Shape()))
				}
			}
			return out
		},
		"movement": func(b *engine.Builder) []*engine.Node {
			x := b.Normal([]int{3000, 40}, engine.Float32, nil, nil, b.Key(5))
			at := b.Permutation(3000, b.Key(6))
			u := b.Reshape(x, []int{3000, 1, 40})
			return []*engine.Node{
				b.Take(x, at, 0), b.Contiguous(b.Transpose(x, nil)), b.Sort(x, 0), b.ArgSort(x, 1),
				b.Scatter(x, []*engine.Node{b.Binary(engine.OpFloorDivide, at, b.Scalar(100, engine.Uint32))}, u, []int{0}, engine.Sum),
			}
		},
	}
	for name, build := range rows {
		var want [][]byte
		for _, threads := range []int{1, 2, 7} {
			got := computed(t, threads, build)
			if want == nil {
				want = got
			}
			for i := range got {
				if !bytes.Equal(got[i], want[i]) {
					t.Errorf("%s: array %d differs between 1 and %d threads", name, i, threads)
				}
			}
		}
	}
}

func computed(t *testing.T, threads int, build func(b *engine.Builder) []*engine.Node) (out [][]byte) {
	t.Helper()
	e := newEngine(t, Options{Threads: threads})
	var held []*engine.Array
	b := e.NewBuilder()
	if err := b.Try(func() {
		for _, n := range build(b) {
			held = append(held, e.NewArray(n))
		}
	}); err != nil {
		t.Fatal(err)
	}
	for _, a := range held {
		p, err := e.Dense(context.Background(), a.Node())
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, bytes.Clone(p))
	}
	return out
}

// TestInPlace: a chain whose inputs die gives what it gives when they live.
func TestInPlace(t *testing.T) {
	e := newEngine(t, Options{})
	chain := func(b *engine.Builder, x *engine.Node) *engine.Node {
		y := b.Unary(engine.OpSigmoid, b.Neg(x))
		y = b.Mul(y, y)
		y = b.AsType(b.Mul(y, b.Scalar(100, engine.Float32)), engine.Int32)
		y = b.SliceUpdate(y, b.Full([]int{5}, 7, engine.Int32), []int{1}, []int{3}, engine.Sum)
		return b.Softmax(b.AsType(y, engine.Float32), []int{-1}, false)
	}
	start := func(b *engine.Builder) *engine.Node {
		return b.Normal([]int{5000}, engine.Float32, nil, nil, b.Key(1))
	}
	_, dying, err := evaluate(e, func(b *engine.Builder) *engine.Node { return chain(b, start(b)) })
	if err != nil {
		t.Fatal(err)
	}
	var held *engine.Array
	_, living, err := evaluate(e, func(b *engine.Builder) *engine.Node {
		held = e.NewArray(start(b))
		return chain(b, held.Node())
	})
	if err != nil {
		t.Fatal(err)
	}
	agree(t, engine.Float32, elementsOf(dying), elementsOf(living), 0, "a chain in place")
	if _, _, err := evaluate(e, func(*engine.Builder) *engine.Node { return held.Node() }); err != nil {
		t.Fatal(err)
	}
}

func TestInfo(t *testing.T) {
	be, err := New(Options{Threads: 3})
	if err != nil {
		t.Fatal(err)
	}
	defer be.Close()
	info := be.Info()
	if info["threads"] != int64(3) || info["memory_size"].(int64) <= 0 || info["device_name"] == "" || info["architecture"] == "" {
		t.Errorf("info is %v", info)
	}
	if _, err := New(Options{Threads: -1}); err == nil {
		t.Error("a negative number of threads is accepted")
	}
}
