package mlxstar_test

import (
	"context"
	"testing"

	"github.com/mlxstar/mlxstar"
)

// What making runtimes takes, and calling into one: go test . -run NONE -bench "Start|Restore"

func startOne(b *testing.B, src string) *mlxstar.Runtime {
	rt, err := mlxstar.New(mlxstar.Options{Device: "cpu", Threads: 1})
	if err == nil && src != "" {
		err = rt.Exec(context.Background(), "start.py", src)
	}
	if err != nil {
		b.Fatal(err)
	}
	return rt
}

func BenchmarkStart(b *testing.B) {
	for _, c := range []struct {
		name, src string
		at        int // runtimes that are open at once
	}{{"New", "", 1}, {"nn", "import mlx.nn", 1}, {"New64", "", 64}, {"New1000", "", 1000}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				open := make([]*mlxstar.Runtime, c.at)
				for i := range open {
					open[i] = startOne(b, c.src)
				}
				for _, rt := range open {
					if err := rt.Close(); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*c.at), "us/runtime")
		})
	}
	b.Run("FunctionCall", func(b *testing.B) {
		rt := startOne(b, "def f(x): return x")
		defer rt.Close()
		f, err := rt.Function("f")
		if err != nil {
			b.Fatal(err)
		}
		ctx := context.Background()
		b.ReportAllocs()
		for b.Loop() {
			if _, err := f.Call(ctx, 1); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkRestore brings a runtime back that has imported what models need.
func BenchmarkRestore(b *testing.B) {
	rt, err := mlxstar.New(mlxstar.Options{Device: "cpu"})
	if err != nil {
		b.Fatal(err)
	}
	defer rt.Close()
	ctx := context.Background()
	if err := rt.Exec(ctx, "warm.py", "import mlx.core as mx, mlx.nn as nn\nmodel = nn.Linear(4, 4)\nseen = []"); err != nil {
		b.Fatal(err)
	}
	s, err := rt.Snapshot(ctx)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := rt.Restore(ctx, s); err != nil {
			b.Fatal(err)
		}
	}
}
