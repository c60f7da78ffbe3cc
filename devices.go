package mlxstar

import (
	"errors"
	"fmt"
	"runtime"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/cpu"
	"github.com/mlxstar/mlxstar/engine"
)

// devices makes the backends that the options ask for, the default one first.
// Where a Mac has a GPU the processor's arrays live in its memory, which both see. Detached
// is what the processor's decompositions hold of Go's heap.
func devices(o *Options) (backends []engine.Backend, detached func() int64, err error) {
	switch o.Device {
	case "", "cpu", "gpu":
	default:
		return nil, nil, fmt.Errorf("device %q is unknown, want cpu or gpu", o.Device)
	}
	if o.Rehearse && o.Device != "cpu" {
		return nil, nil, fmt.Errorf("device %q: rehearsals run on cpu", o.Device)
	}
	poison := new(engine.Poison)
	card, err := openGPU(o, poison)
	if err != nil && (o.Device == "gpu" || !errors.Is(err, engine.ErrUnavailable)) {
		return nil, nil, fmt.Errorf("device gpu: %w", err)
	}
	var source alloc.Source
	if card != nil {
		if _, remote := card.Source().(alloc.Remote); !remote {
			source = card.Source()
		}
	}
	processor, err := cpu.New(cpu.Options{Threads: o.Threads, Source: source, Rehearse: o.Rehearse, Poison: poison})
	if err != nil {
		if card != nil {
			err = errors.Join(err, card.Close())
		}
		return nil, nil, err
	}
	if card == nil {
		return []engine.Backend{processor}, processor.Detached, nil
	}
	return []engine.Backend{card, processor}, processor.Detached, nil
}

// defaultLimit is the limit of a runtime that sets none: 95 hundredths of the memory of a
// GPU that has its own, as in MLX, and what a process may have of the machine's otherwise.
func defaultLimit(first engine.Backend) int64 {
	if _, remote := first.Source().(alloc.Remote); remote {
		if total, ok := first.Info()["total_memory"].(int64); ok {
			return int64(float64(total) * 0.95)
		}
	}
	return alloc.DefaultLimit()
}

// openGPU opens the GPU that the options allow for, or gives nil where they want none.
func openGPU(o *Options, poison *engine.Poison) (engine.Backend, error) {
	switch {
	case o.Device == "cpu":
		return nil, nil
	case o.GPU != nil:
		return o.GPU(poison)
	case systemGPU != nil:
		return systemGPU(poison)
	case o.Device == "gpu" && runtime.GOOS == "linux":
		return nil, fmt.Errorf("%w; a program with CUDA is built by: go build -tags cuda ./cmd/mlxstar", engine.ErrUnavailable)
	case o.Device == "gpu":
		return nil, engine.ErrUnavailable
	}
	return nil, nil
}
