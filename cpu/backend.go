package cpu

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/cpu/internal/accelerate"
	"github.com/mlxstar/mlxstar/engine"
)

var (
	_ engine.Backend = (*Backend)(nil)
	_ engine.Fuser   = (*Backend)(nil)

	_ engine.WorkspacePlanner = (*Backend)(nil)
)

// Options configure a backend. The zero value is a good choice.
type Options struct {
	// Threads is how many processors a kernel may use; 0 is GOMAXPROCS.
	Threads int
	// Source is where arrays live; nil is the machine's own memory.
	Source alloc.Source
	// PureGo keeps to kernels written in Go where the processor has vector
	// instructions, or the system a library of matrix products, too. So does the
	// environment variable MLXSTAR_NOSIMD=1.
	PureGo bool
	// Rehearse runs no kernel: tasks end at once, and what they would have written is not.
	Rehearse bool
	// Poison is shared with backends that read this one's arrays; nil is one of its own.
	Poison *engine.Poison

	// system finds the library of matrix products; nil is the system's. Tests have one.
	system func() (accelerate.Linker, error)
}

// Backend runs operations on the machine's processors.
type Backend struct {
	source  alloc.Source
	workers *workers
	kernels table
	poison  *engine.Poison
	idle    bool // no kernel is run
	// workspaces are the rules for the scratch of tasks.
	workspaces map[*engine.Op]engine.WorkspaceRule
	model      func() string // the processor's name, asked for once
}

// New makes a backend. It must be closed.
func New(o Options) (*Backend, error) {
	if o.Threads < 0 {
		return nil, fmt.Errorf("cpu: got %d threads, want at least 1, or 0 for all", o.Threads)
	}
	if o.Threads == 0 {
		o.Threads = runtime.GOMAXPROCS(0)
	}
	if o.Source == nil {
		o.Source = alloc.NewSystem()
	}
	if o.Poison == nil {
		o.Poison = new(engine.Poison)
	}
	w, t := newWorkers(o.Threads), tableFor(o)
	b := &Backend{
		source:     o.Source,
		poison:     o.Poison,
		idle:       o.Rehearse,
		workers:    w,
		workspaces: w.workspaces(),
		kernels:    t.rows,
		model:      sync.OnceValue(processorModel),
	}
	for _, op := range t.scratched {
		b.workspaces[op] = b.workspace
	}
	return b, nil
}

// Device is cpu 0.
func (b *Backend) Device() engine.Device { return engine.Device{Type: engine.CPU} }

// Source is where arrays of this device live.
func (b *Backend) Source() alloc.Source { return b.source }

// Threads is how many processors a kernel may use.
func (b *Backend) Threads() int { return b.workers.threads }

// Supports reports whether there is a kernel for the operation on these dtypes.
func (b *Backend) Supports(op *engine.Op, in, out []engine.Dtype) bool {
	return b.kernels[keyOf(op, in, out)].kernel != nil
}

// Fuses reports whether the operation can be a step of a fusion.
func (b *Backend) Fuses(op *engine.Op, in []engine.Dtype, out engine.Dtype) bool {
	at := mainInput(op)
	if at >= len(in) {
		return false
	}
	r := b.kernels[key{op, in[at], out}]
	return r.step != nil || r.end != nil
}

// Workspace is the rule for the scratch of the operation's tasks, or nil.
func (b *Backend) Workspace(op *engine.Op) engine.WorkspaceRule {
	switch op.Class {
	case engine.Unary, engine.Binary, engine.Ternary, engine.View:
		return nil // most of what runs: asked for each
	}
	return b.workspaces[op]
}

// NewQueue makes an in-order queue of tasks.
func (b *Backend) NewQueue() (engine.Queue, error) {
	if b.workers.closed() {
		return nil, errClosed
	}
	return newQueue(b), nil
}

// Detached is the number of bytes of Go's heap that large decompositions hold, also those
// that go on, with a result that nobody gets, after their context ended.
func (b *Backend) Detached() int64 { return b.workers.detached.bytes.Load() }

// Close stops the workers. It does not wait for detached decompositions. A kernel that runs ends with an error.
func (b *Backend) Close() error {
	b.workers.close()
	return nil
}

// run finds and runs the task's kernel.
func (b *Backend) run(t *engine.Task) (err error) {
	if t.Ctx == nil {
		t.Ctx = context.Background()
	}
	defer recovered(&err)
	if t.Fusion != nil {
		if b.idle {
			return nil
		}
		return b.fused(t)
	}
	k := b.kernels[taskKey(t)].kernel
	switch {
	case k == nil:
		return engine.Errorf(engine.NotImplementedError, t.Op.Name, "cpu has no kernel for these dtypes")
	case b.idle:
		return nil
	}
	return k(b.workers, t)
}
