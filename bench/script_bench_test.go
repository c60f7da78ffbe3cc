package main

import (
	"fmt"
	"testing"

	"github.com/mlxstar/mlxstar"
)

// BenchmarkArrayScripts is what scripts pay for building a graph: none of it is
// evaluated.
func BenchmarkArrayScripts(b *testing.B) {
	const head = "import mlx.core as mx\nimport mlx.nn as nn\ndef run(n):\n    a = mx.ones((4,)); b = mx.ones((4,)); w = mx.ones((4, 4)); l = nn.Linear(4, 4); mx.eval(a, b, w, l.parameters())\n    for i in range(n): "
	for name, body := range map[string]string{
		"add": "a + b", "add constant": "a + 1", "matmul": "a @ w", "function": "mx.exp(a)", "keywords": "mx.sum(w, axis=0, keepdims=True)",
		"method": "a.sum()", "index": "w[1]", "slice": "w[:, 1:3]", "shape": "w.shape", "layer": "l(a)",
	} {
		b.Run(name, func(b *testing.B) {
			rt, err := mlxstar.New(mlxstar.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer rt.Close()
			if err := rt.Exec(b.Context(), "bench.py", head+body+"\n"); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			b.ResetTimer()
			if err := rt.Exec(b.Context(), "run.py", fmt.Sprintf("run(%d)", b.N)); err != nil {
				b.Fatal(err)
			}
		})
	}
}
