package engine

import (
	"context"
	"errors"

	"github.com/mlxstar/mlxstar/alloc"
)

// DeviceType is cpu or gpu.
type DeviceType uint8

// The device types.
const (
	CPU DeviceType = iota
	GPU
)

// String is the type's MLX name.
func (t DeviceType) String() string {
	if t == GPU {
		return "gpu"
	}
	return "cpu"
}

// Device is one device of a type.
type Device struct {
	Type  DeviceType
	Index int
}

// Backend runs operations on one device. It is small so that a GPU fits it as
// well as a CPU does: memory comes from its source, kernels are looked up by
// operation and dtypes, and queues take tasks without blocking.
type Backend interface {
	Device() Device
	// Info describes the device with MLX's keys; values are strings and integers.
	Info() map[string]any
	// Source is where arrays of this device live.
	Source() alloc.Source
	// Supports reports whether there is a kernel for the operation with inputs
	// and outputs of these dtypes. Where there is none the engine expands the
	// operation or fails, naming operation, dtypes and device.
	Supports(op *Op, in, out []Dtype) bool
	// NewQueue makes an in-order queue of tasks.
	NewQueue() (Queue, error)
	Close() error
}

// ErrUnavailable is wrapped by the errors of backends whose device the machine has not.
var ErrUnavailable = errors.New("there is no GPU of this kind here")

// Queue runs tasks one after the other.
type Queue interface {
	// Encode appends a task. With inline set the caller means to wait for it at
	// once: a queue that is idle and can do so runs it before it returns, on
	// the calling goroutine, and reports done. Otherwise the task runs later
	// and done is false. An error of a task that ran inline is returned; one of
	// a later task is the error of the event that covers it.
	Encode(t *Task, inline bool) (done bool, err error)
	// Flush starts what was encoded and gives an event that completes after it.
	Flush() Event
	// Wait makes all later tasks run after the event, which may be another queue's.
	Wait(e Event)
	Close() error
}

// Event completes when the tasks it covers have.
type Event interface {
	// Done reports completion without blocking.
	Done() bool
	// Wait blocks until completion or until the context ends, and gives the
	// error of the first task that failed.
	Wait(ctx context.Context) error
}

// Task is one operation with its storage bound. A kernel reads In, writes every
// element of Out, and allocates nothing: scratch is in Workspace, as many bytes as
// the backend's WorkspaceRule asked for, with undefined content. Like the storage of
// temporaries, a workspace is handed to later tasks of the same queue as soon as the
// task is encoded: a backend whose tasks overlap orders them by it as by outputs.
type Task struct {
	Ctx       context.Context
	Op        *Op
	Attrs     any
	Fusion    *Fusion // of a group of operations, the last of which is Op, else nil
	In        []Operand
	Out       []Operand
	Workspace Operand // uint8, with one axis; without Buffer where nothing was asked for

	encoded bool // the queue holds on to it
}

// Operand is an array as a kernel sees it. Data is the whole storage, nil where only a
// device sees it, and Buffer tells its backend where; element
// (i, j, ...) is Offset + i*Strides[0] + j*Strides[1] + ... elements into it.
// Outputs are row-major from Offset on.
type Operand struct {
	Buffer  *alloc.Buffer
	Data    []byte
	Dtype   Dtype
	Shape   []int
	Strides []int
	Offset  int
}

// Len is the number of elements.
func (o *Operand) Len() int { return Elements(o.Shape) }

// IsRowMajor reports whether the elements lie without gaps in row-major order.
func (o *Operand) IsRowMajor() bool { return IsRowMajor(o.Shape, o.Strides) }
