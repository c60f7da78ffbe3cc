package mpi

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"unsafe"

	"github.com/mlxstar/mlxstar/distributed"
	"github.com/mlxstar/mlxstar/engine"
)

// libraryVariable names the library.
const libraryVariable = "MLX_MPI_LIBNAME"

// entered tells that this process has entered MPI, which it can do once, as MPI says.
var entered sync.Mutex

// world is what the groups of a process share.
type world struct {
	*library
	thread *thread
	pairs  map[int]handle // types of so many bytes, which MPI does not combine itself
	fold   handle         // the operation that does so by the engine's kernels
	now    folding        // what it does now
	buffer []byte         // what MPI reads and writes
	turn   chan struct{}  // holds a token while an operation runs
}

// folding is an operation on elements that MPI does not know.
type folding struct {
	size int // bytes of an element
	fold func(dst, src []byte) error
	err  error
}

// bufferBytes is how much goes through MPI at once.
const bufferBytes = 4 << 20

// Join enters MPI, if mpirun started this process as one of several. It is a
// [distributed.Transport].
func Join(_ context.Context, o *distributed.Options) (distributed.Group, error) {
	if !entered.TryLock() {
		return nil, errors.New("another runtime of this process has entered MPI, which can be done once")
	}
	// Open MPI would handle faults of Go's own, which Go turns into panics.
	if _, set := os.LookupEnv("OMPI_MCA_opal_signal"); !set {
		if err := os.Setenv("OMPI_MCA_opal_signal", ""); err != nil {
			return nil, err
		}
	}
	name, _ := o.Variable(libraryVariable)
	w := &world{thread: newThread(), pairs: map[int]handle{}, buffer: make([]byte, bufferBytes), turn: make(chan struct{}, 1)}
	var g *group
	var err error
	w.thread.do(func() { g, err = w.enter(name) })
	if err != nil {
		w.thread.end()
		return nil, err
	}
	return g, nil
}

// threadsFunneled is the level at which one thread calls MPI.
const threadsFunneled = 1

func (w *world) enter(name string) (*group, error) {
	l, err := link(name)
	if err != nil {
		return nil, err
	}
	if w.library, err = newLibrary(l, call); err != nil {
		return nil, fmt.Errorf("MPI's library: %w", err)
	}
	if err := w.do("MPI_Init_thread", 0, 0, threadsFunneled, address(&w.out.level)); err != nil {
		return nil, err
	}
	if err := w.do("MPI_Comm_set_errhandler", uintptr(w.objects.world), uintptr(w.objects.errorsReturn)); err != nil {
		return nil, err
	}
	for _, size := range []int{1, 2, 8} { // bools; 16-bit floats; complex numbers
		if err := w.do("MPI_Type_contiguous", uintptr(size), uintptr(w.objects.byteType), address(&w.out.made)); err != nil {
			return nil, err
		}
		if err := w.do("MPI_Type_commit", address(&w.out.made)); err != nil {
			return nil, err
		}
		w.pairs[size] = w.made()
	}
	if err := w.do("MPI_Op_create", callback(w.combine), 1, address(&w.out.made)); err != nil {
		return nil, err
	}
	w.fold = w.made()
	return w.group(w.objects.world)
}

// combine is called by MPI, on its thread, to combine elements that it does not know.
func (w *world) combine(in, inOut, length *byte) {
	n := int(*(*int32)(unsafe.Pointer(length))) * w.now.size
	if err := w.now.fold(unsafe.Slice(inOut, n), unsafe.Slice(in, n)); err != nil && w.now.err == nil {
		w.now.err = err
	}
}

// group is what a communicator stands for.
func (w *world) group(comm handle) (*group, error) {
	if err := w.do("MPI_Comm_rank", uintptr(comm), address(&w.out.rank)); err != nil {
		return nil, err
	}
	if err := w.do("MPI_Comm_size", uintptr(comm), address(&w.out.size)); err != nil {
		return nil, err
	}
	return &group{world: w, comm: comm, rank: int(w.out.rank), size: int(w.out.size)}, nil
}

// typeOf gives the type of elements and the operation that combines them.
func (w *world) typeOf(x *engine.Exchange) (elements, op handle) {
	ops := map[*engine.Op]handle{engine.OpAllSum: w.objects.sum, engine.OpSumScatter: w.objects.sum, engine.OpAllMax: w.objects.max, engine.OpAllMin: w.objects.min}
	if t, ok := w.objects.types[x.Dtype]; ok {
		return t, ops[x.Kind]
	}
	return w.pairs[x.Dtype.Size()], w.fold
}
