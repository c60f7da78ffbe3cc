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
	b := e.NewBuilder()
	n, err := b.Build(func(b *engine.Builder) *engine.Node {
		x := b.Reshape(b.Arange(0, 1, 6, engine.Float32), []int{2, 3})
		y := b.Arange(0, 1, 3, engine.Int32)
		return b.AsType(b.Binary(engine.OpAdd, b.Transpose(b.Mul(x, b.Scalar(2, engine.Float32)), nil), b.Reshape(y, []int{3, 1})), engine.BFloat16)
	})
	if err != nil {
		t.Fatal(err)
	}
	o, err := e.Data(context.Background(), n)
	if err != nil {
		t.Fatal(err)
	}
	o.Each(func(at int) { t.Log(o.At(at).Float) })
	t.Log(be.Info())
}
