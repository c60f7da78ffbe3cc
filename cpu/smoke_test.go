package cpu

import (
	"context"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

func TestSmoke(t *testing.T) {
	be, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(engine.Options{Backends: []engine.Backend{be}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	show := func(f func(b *engine.Builder) *engine.Node) {
		n, err := e.NewBuilder().Build(f)
		if err != nil {
			t.Fatal(err)
		}
		o, err := e.Data(context.Background(), n)
		if err != nil {
			t.Fatal(err)
		}
		var out []any
		o.Each(func(at int) {
			if o.Dtype.IsFloat() {
				out = append(out, o.At(at).Float)
			} else {
				out = append(out, uint32(o.At(at).Int))
			}
		})
		t.Log(out...)
	}
	show(func(b *engine.Builder) *engine.Node {
		return b.Uniform(b.Scalar(0, engine.Float32), b.Scalar(1, engine.Float32), []int{5}, engine.Float32, b.Key(42))
	})
	show(func(b *engine.Builder) *engine.Node { return b.Normal([]int{5}, engine.Float32, nil, nil, b.Key(42)) })
	show(func(b *engine.Builder) *engine.Node { return b.Normal([]int{3}, engine.Float16, nil, nil, b.Key(42)) })
	show(func(b *engine.Builder) *engine.Node { return b.Normal([]int{3}, engine.BFloat16, nil, nil, b.Key(42)) })
	show(func(b *engine.Builder) *engine.Node { return b.Split(b.Key(7), 5) })
	show(func(b *engine.Builder) *engine.Node {
		return b.RandInt(b.Scalar(0, engine.Int32), b.Scalar(100, engine.Int32), []int{8}, engine.Int32, b.Key(9))
	})
	x := func(b *engine.Builder) *engine.Node {
		return b.Reshape(b.Arange(0, 1, 24, engine.Float32), []int{2, 3, 4})
	}
	for _, axes := range [][]int{nil, {0}, {1}, {2}, {0, 1}, {0, 2}, {1, 2}} {
		show(func(b *engine.Builder) *engine.Node { return b.Sum(x(b), axes, false) })
		show(func(b *engine.Builder) *engine.Node { return b.Reduce(engine.OpLogSumExp, x(b), axes, false) })
	}
	show(func(b *engine.Builder) *engine.Node { return b.Softmax(x(b), []int{-1}, false) })
	show(func(b *engine.Builder) *engine.Node { return b.ArgReduce(engine.OpArgMax, x(b), 1, false) })
}
