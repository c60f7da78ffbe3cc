package cpu

import (
	"context"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
)

// newEngine makes an engine on a backend of the options, closed with the test.
func newEngine(t testing.TB, o Options) *engine.Engine {
	t.Helper()
	be, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(engine.Options{Backends: []engine.Backend{be}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// evaluate computes what f builds.
func evaluate(e *engine.Engine, f func(b *engine.Builder) *engine.Node) (*engine.Node, engine.Operand, error) {
	n, err := e.NewBuilder().Build(f)
	if err != nil {
		return nil, engine.Operand{}, err
	}
	o, err := e.Data(context.Background(), n)
	return n, o, err
}
