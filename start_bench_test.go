package mlxstar_test

import (
	"context"
	"testing"

	"github.com/mlxstar/mlxstar"
)

// What making runtimes takes, and calling into one: go test . -run NONE -bench "Start|FunctionCall|Restore"

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
}

// BenchmarkFunctionCall calls a function of a script from Go, with contexts and limits that
// hosts have.
func BenchmarkFunctionCall(b *testing.B) {
	cancellable, cancel := context.WithCancel(context.Background())
	defer cancel()
	for _, c := range []struct {
		name string
		ctx  context.Context
		o    mlxstar.Options
	}{
		{"plain", context.Background(), mlxstar.Options{}},
		{"cancellable", cancellable, mlxstar.Options{}},
		{"steps", context.Background(), mlxstar.Options{StepLimit: 1 << 40}},
		{"limited", cancellable, mlxstar.Options{HardMemoryLimit: 1 << 30}},
	} {
		b.Run(c.name, func(b *testing.B) {
			c.o.Device, c.o.Threads = "cpu", 1
			rt, err := mlxstar.New(c.o)
			if err != nil {
				b.Fatal(err)
			}
			defer rt.Close()
			if err := rt.Exec(c.ctx, "f.py", "def f(x): return x"); err != nil {
				b.Fatal(err)
			}
			f, err := rt.Function("f")
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := f.Call(c.ctx, 1); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
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
