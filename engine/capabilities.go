package engine

// Capabilities are what backends can do besides running operations one by one: an
// interface each, which a backend implements or not. The engine asks once, when it
// makes a stream; others ask [Engine.Can].
type Capabilities struct {
	Planner  WorkspacePlanner
	Fuser    Fuser
	Chooser  Chooser
	Kernels  KernelWriter
	Refuser  Refuser
	Wirer    Wirer
	Capturer Capturer
	Kind     Kind
	Siblings Siblings
}

// CapabilitiesOf tells what a backend can do. The fields of what it cannot are nil.
func CapabilitiesOf(b Backend) (c Capabilities) {
	c.Planner, _ = b.(WorkspacePlanner)
	c.Fuser, _ = b.(Fuser)
	c.Chooser, _ = b.(Chooser)
	c.Kernels, _ = b.(KernelWriter)
	c.Refuser, _ = b.(Refuser)
	c.Wirer, _ = b.(Wirer)
	c.Capturer, _ = b.(Capturer)
	c.Kind, _ = b.(Kind)
	c.Siblings, _ = b.(Siblings)
	return c
}

// Can tells what the backend of a device type can do: nothing where there is none.
func (e *Engine) Can(t DeviceType) Capabilities { return CapabilitiesOf(e.Backend(t)) }

// WorkspacePlanner is a Backend with kernels that need scratch. The engine plans it
// with the rest of an evaluation's memory, charges it, and binds it to the task.
type WorkspacePlanner interface {
	// Workspace gives the rule for tasks of the operation, or nil where none wants
	// scratch. It is asked for every operation that runs, so that it must be quick.
	// For a fusion the operation is that of the last step.
	Workspace(op *Op) WorkspaceRule
}

// WorkspaceRule is the number of bytes of scratch that a task wants, by its Op, Attrs
// and Fusion, and by the dtypes, shapes and strides of its operands: these may have no
// storage. The task is not to be kept. The rule is asked first when an evaluation is
// admitted: inputs that are still to be computed then have nil Strides, unless the
// operation's layout tells, and the answer bounds what any strides would take. It is
// asked again with all strides known, just before the task is encoded.
type WorkspaceRule func(t *Task) int

// Fuser is a Backend that runs fusions. What its tasks compute is bit for bit
// what the operations give one by one.
type Fuser interface {
	// Fuses reports whether an operation on these dtypes can be a step.
	Fuses(op *Op, in []Dtype, out Dtype) bool
}

// Chooser is a Fuser that makes a kernel for each structure of a fusion, which has
// a price, and whose kernels take a limited number of operands.
type Chooser interface {
	Fuser
	// MaxOperands is the most inputs and outputs that a fusion may have, constants
	// of the graph not counted; at least 4.
	MaxOperands() int
	// Worthwhile is asked once for each group that an evaluation could run as one
	// task: how many steps on how many elements each. Groups of the same operations
	// on the same dtypes, wired the same way, share a structure. If it answers no the
	// operations run one by one.
	Worthwhile(structure uint64, steps, elements int) bool
}

// KernelWriter is a Backend that runs kernels of scripts.
type KernelWriter interface {
	// KernelSource is the whole text that a kernel on such inputs and outputs is
	// compiled from. Of the operands it looks at dtypes and shapes alone.
	KernelSource(at *KernelAttrs, in, out []Operand) string
}

// Refuser is a Backend with words of its own for what it has neither a kernel nor
// an expansion for.
type Refuser interface {
	// Refusal is the error of an operation on such dtypes, or nil where there is
	// nothing to add to the engine's.
	Refusal(op *Op, in, out []Dtype) error
}

// Wirer is a Backend that can keep memory resident.
type Wirer interface {
	// SetWiredLimit keeps buffers of up to so many bytes resident and gives the
	// former limit.
	SetWiredLimit(limit int64) (old int64, err error)
}

// Capturer is a Backend that can write a trace of what its device does.
type Capturer interface {
	// StartCapture begins to write a trace to a file, or shows it where path is "".
	StartCapture(path string) error
	StopCapture()
}

// Kind is a Backend of one of several kinds of a device's type.
type Kind interface {
	// Kind is metal or cuda.
	Kind() string
}

// Siblings is a Backend of the first of several devices of its type.
type Siblings interface {
	// Devices is how many there are.
	Devices() int
	// Open makes a backend of another, which must be closed. Each reads the others' arrays
	// where they are.
	Open(index int) (Backend, error)
}
