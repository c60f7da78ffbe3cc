package metal

import (
	"errors"
	"fmt"
	"sync"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/metal/internal/mtl"
	"github.com/mlxstar/mlxstar/metal/internal/system"
)

var (
	_ engine.Backend          = (*Backend)(nil)
	_ engine.WorkspacePlanner = (*Backend)(nil)
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
	api    *mtl.API
	device mtl.Device
	source *source
	views  *views
	poison *engine.Poison

	mu        sync.Mutex
	libraries map[library]compiled
	pipelines map[kernelName]pipeline
	fourier   map[fourierKey]uploaded
	fused     *fusedKernels
	capturing bool
	closed    bool
}

// ErrUnavailable is wrapped by the error of New where there is no GPU.
var ErrUnavailable = errors.New("there is no Metal device here")

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
	b := &Backend{
		api: api, device: d, poison: o.Poison,
		libraries: map[library]compiled{}, pipelines: map[kernelName]pipeline{}, fourier: map[fourierKey]uploaded{},
		fused: newFusedKernels(o.FuseAtOnce),
	}
	if b.poison == nil {
		b.poison = new(engine.Poison)
	}
	b.source, b.views = newSource(api, d), newViews(api, d)
	return b, nil
}

// Device is gpu 0.
func (b *Backend) Device() engine.Device { return engine.Device{Type: engine.GPU} }

// Source is where arrays of this device live: shared memory, which serves the
// processor as well.
func (b *Backend) Source() alloc.Source { return b.source }

// Info describes the GPU with MLX's keys.
func (b *Backend) Info() map[string]any {
	return map[string]any{
		"device_name":                      b.api.DeviceName(b.device),
		"architecture":                     b.api.ArchitectureName(b.device),
		"max_buffer_length":                int64(b.api.MaxBufferLength(b.device)),
		"max_recommended_working_set_size": int64(b.api.RecommendedWorkingSet(b.device)),
		"memory_size":                      alloc.SystemMemory(),
		"resource_limit":                   int64(b.source.most),
	}
}

// Supports reports whether there is a kernel for the operation on these dtypes.
func (b *Backend) Supports(op *engine.Op, in, out []engine.Dtype) bool { return Supports(op, in, out) }

// Workspace is the rule for the scratch of an operation's kernels.
func (b *Backend) Workspace(op *engine.Op) engine.WorkspaceRule {
	if f := families[op]; f != nil {
		return f.workspace
	}
	return nil
}

// NewQueue makes an in-order queue of tasks.
func (b *Backend) NewQueue() (engine.Queue, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, errClosed
	}
	return newQueue(b)
}

// StartCapture begins to write a GPU trace to a file, or with no path to show it
// in Xcode.
func (b *Backend) StartCapture(path string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.api.StartCapture(b.device, path); err != nil {
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
		b.api.StopCapture()
		b.capturing = false
	}
}

// Close lets the GPU go. The queues must have been closed; buffers may outlive it.
func (b *Backend) Close() error {
	b.StopCapture()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil
	}
	b.closed = true
	for _, p := range b.pipelines {
		b.api.Release(mtl.Object(p.state))
	}
	for _, l := range b.libraries {
		b.api.Release(mtl.Object(l.lib))
	}
	for _, u := range b.fourier {
		b.source.Free(u.block)
	}
	b.fused.release(b.api)
	b.pipelines, b.libraries, b.fourier = nil, nil, nil
	b.views.close()
	b.source.resident.close()
	b.source.let()
	return nil
}

var errClosed = errors.New("metal: the backend is closed")
