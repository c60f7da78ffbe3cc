package gpu_test

import (
	"context"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/metal"
	"github.com/mlxstar/mlxstar/metal/metalsim"
)

var background = context.Background()

// newSimulated makes a backend of the options on the simulated GPU, or skips where
// that cannot be had. What breaks Metal's rules fails the test.
func newSimulated(t *testing.T, o metal.Options) (*metal.Backend, *metalsim.Simulator) {
	t.Helper()
	sim := metalsim.For(t)
	o.Link = sim
	b, err := metal.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return b, sim
}

// newEngine makes an engine on a backend, closed with the test.
func newEngine(t *testing.T, b engine.Backend) *engine.Engine {
	t.Helper()
	e, err := engine.New(engine.Options{Backends: []engine.Backend{b}})
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
