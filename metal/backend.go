package metal

import (
	"errors"
	"fmt"
	"sync"

	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/gpu"
	"github.com/mlxstar/mlxstar/metal/internal/mtl"
	"github.com/mlxstar/mlxstar/metal/internal/system"
)

var (
	_ engine.Backend  = (*Backend)(nil)
	_ engine.Wirer    = (*Backend)(nil)
	_ engine.Capturer = (*Backend)(nil)

	_ engine.KernelWriter = (*Backend)(nil)
)

// Linker finds C functions and makes them callable from Go.
type Linker interface {
	Symbol(name string) (uintptr, error)
	Bind(fptr any, address uintptr)
}

// Options configure a backend. The zero value is a good choice.
type Options struct {
	// Link is where Metal is found; nil is the system's frameworks.
	Link Linker
	// Poison is shared with backends that read this one's arrays; nil is one of its own.
	Poison *engine.Poison
	// FuseAtOnce compiles a kernel for every group of elementwise operations when it is
	// first met, rather than for those that are met often or are large.
	FuseAtOnce bool
}

// Backend runs operations on the system's default GPU.
type Backend struct {
	*gpu.Backend
	driver *driver

	mu        sync.Mutex
	capturing bool
}

// ErrUnavailable is wrapped by the error of New where there is no GPU.
var ErrUnavailable = fmt.Errorf("there is no Metal device here: %w", gpu.ErrUnavailable)

// Open makes a backend of the default device, which shares failures with others by poison.
func Open(poison *engine.Poison) (engine.Backend, error) { return open(Options{Poison: poison}) }

// Linked is Open for Metal that is found by link.
func Linked(link Linker) func(poison *engine.Poison) (engine.Backend, error) {
	return func(poison *engine.Poison) (engine.Backend, error) { return open(Options{Link: link, Poison: poison}) }
}

func open(o Options) (engine.Backend, error) {
	b, err := New(o)
	if err != nil {
		return nil, err // and no backend that is nil
	}
	return b, nil
}

// New loads Metal and makes a backend of its default device. It must be closed.
func New(o Options) (*Backend, error) {
	link := o.Link
	if link == nil {
		found, err := system.Link()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
		link = found
	}
	api, err := mtl.Load(link)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	d := api.DefaultDevice()
	if d == 0 {
		return nil, ErrUnavailable
	}
	own := &driver{api: api, device: d, source: newSource(api, d), views: newViews(api, d)}
	return &Backend{Backend: gpu.New(own, gpu.Options{Poison: o.Poison, FuseAtOnce: o.FuseAtOnce}), driver: own}, nil
}

// StartCapture begins to write a GPU trace to a file, or with no path to show it
// in Xcode.
func (b *Backend) StartCapture(path string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.driver.api.StartCapture(b.driver.device, path); err != nil {
		return err
	}
	b.capturing = true
	return nil
}

// StopCapture ends the trace.
func (b *Backend) StopCapture() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.capturing {
		b.driver.api.StopCapture()
		b.capturing = false
	}
}

// SetWiredLimit keeps buffers of up to so many bytes resident and gives the former
// limit. Systems before macOS 15 only remember it.
func (b *Backend) SetWiredLimit(limit int64) (old int64, err error) {
	if uint64(limit) > b.driver.api.RecommendedWorkingSet(b.driver.device) {
		return 0, ErrWiredLimit
	}
	return b.driver.source.resident.setLimit(limit)
}

// ErrWiredLimit is the error of a wired limit beyond what the GPU can work with.
var ErrWiredLimit = errors.New("set_wired_limit: Setting a wired limit larger than the maximum working set size is not allowed")

// KernelSource is what a script's kernel is compiled from.
func (b *Backend) KernelSource(at *engine.KernelAttrs, in, out []engine.Operand) string {
	return gpu.KernelSource(at, in, out)
}

// Close lets the GPU go. The queues must have been closed; buffers may outlive it.
func (b *Backend) Close() error {
	b.StopCapture()
	return b.Backend.Close()
}
