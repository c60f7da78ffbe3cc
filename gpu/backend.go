package gpu

import (
	"errors"
	"sync"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/engine"
)

var (
	_ engine.Backend          = (*Backend)(nil)
	_ engine.WorkspacePlanner = (*Backend)(nil)
	_ engine.Chooser          = (*Backend)(nil)
	_ engine.Refuser          = (*Backend)(nil)
	_ engine.Kind             = (*Backend)(nil)
)

// Options configure a backend. The zero value is a good choice.
type Options struct {
	// Poison is shared with backends that read this one's arrays; nil is one of its own.
	Poison *engine.Poison
	// FuseAtOnce compiles a kernel for every group of elementwise operations when it is
	// first met, rather than for those that are met often or are large.
	FuseAtOnce bool
	// FuseSingles runs large elementwise operations, one by one, by the kernels of fused
	// ones too: they have more loads in flight, and cost a compilation each.
	FuseSingles bool
	// Index is the GPU's number among those of the engine.
	Index int
}

// Backend runs operations on the GPU of a driver.
type Backend struct {
	driver Driver
	poison *engine.Poison
	index  int

	mu        sync.Mutex
	libraries map[library]Library
	pipelines map[kernelName]pipeline
	fourier   map[fourierKey]uploaded
	fused     *fusedKernels
	singles   bool
	cores     bool // see kernels/cores.metal
	groups    bool // see kernels/groups.metal
	busy      uint // how many threadgroups of queries keep the GPU busy
	timed     bool // the driver times dispatches
	closed    bool
}

// New makes a backend, which owns the driver. It must be closed.
func New(d Driver, o Options) *Backend {
	b := &Backend{
		driver: d, poison: o.Poison, index: o.Index,
		libraries: map[library]Library{}, pipelines: map[kernelName]pipeline{}, fourier: map[fourierKey]uploaded{},
		fused: newFusedKernels(o.FuseAtOnce), singles: o.FuseSingles, busy: coresGroups,
	}
	if c, ok := d.(TensorCores); ok {
		b.cores = c.TensorCores()
	}
	if c, ok := d.(GroupCores); ok {
		b.groups = b.cores && c.GroupCores()
	}
	if t, ok := d.(Timer); ok {
		b.timed = t.Timed()
	}
	if b.poison == nil {
		b.poison = new(engine.Poison)
	}
	return b
}

// Device is the GPU, by its number.
func (b *Backend) Device() engine.Device { return engine.Device{Type: engine.GPU, Index: b.index} }

// Kind is the driver's name: metal or cuda.
func (b *Backend) Kind() string { return b.driver.Name() }

// Source is where arrays of this device live.
func (b *Backend) Source() alloc.Source { return b.driver.Source() }

// Info describes the GPU with MLX's keys.
func (b *Backend) Info() map[string]any { return b.driver.Info() }

// Supports reports whether there is a kernel for the operation on these dtypes.
func (b *Backend) Supports(op *engine.Op, in, out []engine.Dtype) bool {
	f := families[op]
	if _, exchanges := b.driver.(Exchanger); op.Collective && !exchanges {
		return false
	}
	return f != nil && (b.cores || !f.cores) && f.supports(op, in, out)
}

// Workspace is the rule for the scratch of an operation's kernels.
func (b *Backend) Workspace(op *engine.Op) engine.WorkspaceRule {
	f := families[op]
	switch {
	case f == nil:
		return nil
	case f.scratch != nil:
		return func(t *engine.Task) int { return f.scratch(b, t) }
	}
	return f.workspace
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

// Close lets the GPU go. The queues must have been closed; buffers may outlive it.
func (b *Backend) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil
	}
	b.closed = true
	for _, p := range b.pipelines {
		b.driver.FreePipeline(p.state)
	}
	for _, l := range b.libraries {
		b.driver.FreeLibrary(l)
	}
	for _, u := range b.fourier {
		b.driver.Release(u.block)
	}
	b.fused.release(b.driver)
	b.pipelines, b.libraries, b.fourier = nil, nil, nil
	b.driver.Close()
	return nil
}

// ErrUnavailable is wrapped by the errors of drivers where there is no GPU of theirs.
var ErrUnavailable = engine.ErrUnavailable

var errClosed = errors.New("gpu: the backend is closed")
