package mlxstar

import (
	"errors"
	"fmt"
	"runtime"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/cpu"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/metal"
)

// devices makes the backends that the options ask for, the default one first.
// Where there is a GPU the processor's arrays live in its memory, which both see.
func devices(o *Options) ([]engine.Backend, error) {
	switch o.Device {
	case "", "cpu", "gpu":
	default:
		return nil, fmt.Errorf("device %q is unknown, want cpu or gpu", o.Device)
	}
	poison := new(engine.Poison)
	var gpu *metal.Backend
	if o.Device == "gpu" || o.Device == "" && (runtime.GOOS == "darwin" || o.Metal != nil) {
		var err error
		gpu, err = metal.New(metal.Options{Link: o.Metal, Poison: poison})
		if err != nil && (o.Device == "gpu" || !errors.Is(err, metal.ErrUnavailable)) {
			return nil, fmt.Errorf("device gpu: %w", err)
		}
	}
	var source alloc.Source
	if gpu != nil {
		source = gpu.Source()
	}
	processor, err := cpu.New(cpu.Options{Threads: o.Threads, Source: source, Poison: poison})
	if err != nil {
		if gpu != nil {
			err = errors.Join(err, gpu.Close())
		}
		return nil, err
	}
	if gpu == nil {
		return []engine.Backend{processor}, nil
	}
	return []engine.Backend{gpu, processor}, nil
}
