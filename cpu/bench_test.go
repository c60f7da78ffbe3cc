package cpu

import (
	"context"
	"fmt"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// benchmark runs the operation that build makes of arrays that are there.
func benchmark(b *testing.B, flops float64, make func(b *engine.Builder) []*engine.Node, build func(b *engine.Builder, in []*engine.Node) *engine.Node) {
	e := newEngine(b, Options{})
	ctx := context.Background()
	bd := e.NewBuilder()
	var in []*engine.Node
	var keep []*engine.Array
	if err := bd.Try(func() { in = make(bd) }); err != nil {
		b.Fatal(err)
	}
	bytes := 0
	for _, n := range in {
		keep = append(keep, e.NewArray(n))
		bytes += n.Bytes()
	}
	if err := e.Eval(ctx, in...); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(bytes))
	for b.Loop() {
		n, err := bd.Build(func(bd *engine.Builder) *engine.Node { return build(bd, in) })
		if err == nil {
			err = e.Eval(ctx, n)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	if flops > 0 {
		b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
	}
	_ = keep
}

func normal(shape ...int) func(b *engine.Builder) []*engine.Node {
	return func(b *engine.Builder) []*engine.Node {
		x := b.Normal(shape, engine.Float32, nil, nil, b.Key(1))
		y := b.Normal(shape, engine.Float32, nil, nil, b.Key(2))
		return []*engine.Node{x, y}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		be, err := New(Options{})
		if err != nil {
			b.Fatal(err)
		}
		be.Close()
	}
}

func BenchmarkScalarAdd(b *testing.B) {
	benchmark(b, 0, normal(), func(b *engine.Builder, in []*engine.Node) *engine.Node { return b.Add(in[0], in[1]) })
}

func BenchmarkAdd(b *testing.B) {
	benchmark(b, 0, normal(1<<20), func(b *engine.Builder, in []*engine.Node) *engine.Node { return b.Add(in[0], in[1]) })
}

func BenchmarkAddTransposed(b *testing.B) {
	benchmark(b, 0, normal(1<<10, 1<<10), func(b *engine.Builder, in []*engine.Node) *engine.Node {
		return b.Add(in[0], b.Transpose(in[1], nil))
	})
}

func BenchmarkUnary(b *testing.B) {
	for _, op := range []*engine.Op{engine.OpExp, engine.OpTanh, engine.OpLog, engine.OpSqrt, engine.OpErf} {
		b.Run(op.Name, func(b *testing.B) {
			benchmark(b, 0, normal(1<<18), func(b *engine.Builder, in []*engine.Node) *engine.Node { return b.Unary(op, in[0]) })
		})
	}
}

func BenchmarkSum(b *testing.B) {
	for _, axes := range [][]int{nil, {0}, {1}} {
		b.Run(fmt.Sprint(axes), func(b *testing.B) {
			benchmark(b, 0, normal(1<<10, 1<<10), func(b *engine.Builder, in []*engine.Node) *engine.Node { return b.Sum(in[0], axes, false) })
		})
	}
}

func BenchmarkSoftmax(b *testing.B) {
	benchmark(b, 0, normal(1<<10, 1<<8), func(b *engine.Builder, in []*engine.Node) *engine.Node { return b.Softmax(in[0], []int{-1}, false) })
}

func BenchmarkTranspose(b *testing.B) {
	benchmark(b, 0, normal(1<<10, 1<<10), func(b *engine.Builder, in []*engine.Node) *engine.Node {
		return b.Contiguous(b.Transpose(in[0], nil))
	})
}

func BenchmarkArgSort(b *testing.B) {
	benchmark(b, 0, normal(1<<16), func(b *engine.Builder, in []*engine.Node) *engine.Node { return b.ArgSort(in[0], 0) })
}

func BenchmarkNormal(b *testing.B) {
	benchmark(b, 0, normal(1), func(b *engine.Builder, _ []*engine.Node) *engine.Node {
		return b.Normal([]int{1 << 18}, engine.Float32, nil, nil, b.Key(1))
	})
}

func BenchmarkMatMul(b *testing.B) {
	for _, s := range [][3]int{{1, 1024, 1024}, {64, 64, 64}, {256, 256, 256}, {256, 784, 128}, {1024, 1024, 1024}} {
		m, k, n := s[0], s[1], s[2]
		b.Run(fmt.Sprintf("%dx%dx%d", m, k, n), func(b *testing.B) {
			benchmark(b, 2*float64(m*n*k), func(b *engine.Builder) []*engine.Node {
				return []*engine.Node{normal(m, k)(b)[0], normal(k, n)(b)[0]}
			}, func(b *engine.Builder, in []*engine.Node) *engine.Node { return b.MatMul(in[0], in[1]) })
		})
	}
}
