package gpu

import "github.com/mlxstar/mlxstar/alloc"

// Driver is one kind of GPU to the layer that divides the work: memory, compilation,
// submission, and its limits. Its methods may be called from several goroutines.
type Driver interface {
	// Name begins its errors.
	Name() string
	// Info describes the GPU with MLX's keys; values are strings and integers.
	Info() map[string]any
	// Source is where arrays live. The handles of its blocks are of type Buffer.
	Source() alloc.Source
	// NewShared gives memory that the processor and the kernels see, for a while.
	NewShared(size int) (alloc.Block, error)
	// NewFilled gives memory for the kernels to read, with content.
	NewFilled(data []byte) (alloc.Block, error)
	// Release frees a block of either kind.
	Release(b alloc.Block)
	// View is a buffer over memory that was handed in and begins at a page; ok is
	// false where it cannot be had, and a copy serves.
	View(b *alloc.Buffer, data []byte) (v Buffer, ok bool)

	// Compile makes a library of source text in the kernels' dialect.
	Compile(source string, mode MathMode) (Library, error)
	// NewPipeline makes a function of a library ready to run, and tells how many
	// threads its groups may have.
	NewPipeline(l Library, function string) (p Pipeline, threads int, err error)
	FreeLibrary(l Library)
	FreePipeline(p Pipeline)

	// NewLane makes an in-order line of work.
	NewLane() (Lane, error)
	// Close lets the GPU go. Lanes must have been closed; blocks may outlive it.
	Close()
}

// Neighbour is a Driver of one of several GPUs.
type Neighbour interface {
	// Awaits reports whether Await of this one's commands takes lanes of another's.
	Awaits(other Driver) bool
}

// The driver's objects. The zero value of each is none.
type (
	Buffer   uintptr
	Library  uintptr
	Pipeline uintptr
)

// Timer is a Driver that times dispatches where it is asked to, and then wants labels.
type Timer interface{ Timed() bool }

// Size is a count of threads or threadgroups along three axes.
type Size struct{ Width, Height, Depth uint }

// MathMode is how far a compiler may take floating-point arithmetic from IEEE's rules.
type MathMode uint8

// The math modes.
const (
	MathSafe MathMode = iota
	MathRelaxed
	MathFast
)

// Lane takes batches of commands, which run one after the other.
type Lane interface {
	// Begin opens a batch.
	Begin() (Commands, error)
	// Settle marks a batch as done that has failed: others may wait for it.
	Settle(number uint64)
	// Signals reports whether batches can wait for values that the processor signals:
	// where they cannot, the processor waits before it commits them.
	Signals() bool
	// Polls reports whether Over of batches tells anything.
	Polls() bool
	// Eager reports whether what is encoded begins to run at once: then every task is
	// encoded as soon as it is recorded.
	Eager() bool
	// Signal lets what waits for a value of the processor go on. Values rise.
	Signal(value uint64)
	Close()
}

// Commands is one batch that is being encoded or in flight. Batches of a lane are
// numbered from 1 on in the order in which they are committed.
type Commands interface {
	// Open begins a pass, unless one is open. What it lacks is the error of the task
	// that is to be encoded.
	Open() error
	// Encode ends the pass with what was recorded. What the GPU refuses is told by Wait.
	Encode(r *Recording)
	// Await makes what is encoded later wait for a batch of another lane of the driver,
	// which has been committed.
	Await(l Lane, number uint64)
	// AwaitSignal makes it wait for a value that the processor signals.
	AwaitSignal(value uint64)
	// Commit hands the batch over.
	Commit(number uint64)
	// Over reports whether a batch that was committed is done, without waiting.
	Over() bool
	// Wait blocks until the batch is done, and gives its failure.
	Wait() error
	Release()
}
