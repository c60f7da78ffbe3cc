package builtins_test

import (
	"testing"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
)

// BenchmarkCall measures what a call costs before anything is computed.
func BenchmarkCall(b *testing.B) {
	for _, c := range []struct{ name, setup string }{
		{"exp", "f, args = mx.exp, (mx.ones(4),)"},
		{"sum_axis", "f, args = mx.sum, (mx.ones((4, 4)), 1)"},
		{"matmul", "f, args = mx.matmul, (mx.ones((4, 4)), mx.ones((4, 4)))"},
	} {
		b.Run(c.name, func(b *testing.B) {
			h := newHost(b, "")
			m, err := h.run("call.py", c.setup)
			if err != nil {
				b.Fatal(err)
			}
			args, _ := object.AsTuple(m.Get("args"))
			thread := &starlark.Thread{Name: "bench"}
			dialect.SetHost(thread, h)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := object.Call(thread, m.Get("f"), args, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
