package mpi

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unsafe"

	"github.com/mlxstar/mlxstar/engine"
)

// linker finds what a library defines.
type linker interface {
	Symbol(name string) (uintptr, error)
}

// handle is one of MPI's objects: an address with Open MPI, a number with MPICH.
type handle uintptr

// library is the functions that are called, by MPI's names, and the objects there are
// from the beginning.
type library struct {
	calls   map[string]uintptr
	objects objects
	version string
	call    func(fn uintptr, args ...uintptr) uintptr
	out     *results
}

// results are what calls write. They lie on the heap, where addresses stay what they are.
type results struct {
	level, length, rank, size, done int32
	made, request                   uint64 // handles, of 4 bytes or 8
	text                            [maxText]byte
}

// objects differ from one implementation to the other.
type objects struct {
	world, errorsReturn, byteType handle
	ignoreStatus, inPlace         uintptr
	sum, max, min                 handle
	types                         map[engine.Dtype]handle // whose elements MPI combines itself
	wide                          bool                    // handles take 8 bytes, not 4
}

// names are the functions that are called.
var names = []string{
	"MPI_Get_library_version", "MPI_Init_thread", "MPI_Finalize", "MPI_Comm_rank", "MPI_Comm_size", "MPI_Comm_split",
	"MPI_Comm_set_errhandler", "MPI_Error_string", "MPI_Type_contiguous", "MPI_Type_commit", "MPI_Op_create",
	"MPI_Iallreduce", "MPI_Iallgather", "MPI_Ireduce_scatter_block", "MPI_Isend", "MPI_Irecv", "MPI_Test",
}

// maxText is MPI_MAX_LIBRARY_VERSION_STRING of MPICH, the larger one.
const maxText = 8192

func newLibrary(l linker, call func(fn uintptr, args ...uintptr) uintptr) (*library, error) {
	lib := &library{calls: map[string]uintptr{}, call: call, out: new(results)}
	for _, name := range names {
		fn, err := l.Symbol(name)
		if err != nil {
			return nil, fmt.Errorf("it has no %s, want MPI 3 or later: %w", name, err)
		}
		lib.calls[name] = fn
	}
	if err := lib.do("MPI_Get_library_version", address(&lib.out.text[0]), address(&lib.out.length)); err != nil {
		return nil, err
	}
	text := lib.text()
	lib.version, _, _ = strings.Cut(text, "\n")
	switch {
	case strings.Contains(text, "Open MPI"):
		return lib, lib.openMPI(l)
	case strings.Contains(text, "MPICH"), strings.Contains(text, "Intel(R) MPI"):
		lib.mpich()
		return lib, nil
	}
	return nil, fmt.Errorf("it is %s, want Open MPI or MPICH", lib.version)
}

// openMPI: objects are structures of the library.
func (lib *library) openMPI(l linker) error {
	var missing []error
	object := func(name string) handle {
		p, err := l.Symbol(name)
		if err != nil {
			missing = append(missing, err)
		}
		return handle(p)
	}
	lib.objects = objects{
		world: object("ompi_mpi_comm_world"), errorsReturn: object("ompi_mpi_errors_return"), byteType: object("ompi_mpi_byte"),
		inPlace: 1, sum: object("ompi_mpi_op_sum"), max: object("ompi_mpi_op_max"), min: object("ompi_mpi_op_min"), wide: true,
		types: map[engine.Dtype]handle{
			engine.Int8: object("ompi_mpi_int8_t"), engine.Uint8: object("ompi_mpi_uint8_t"), engine.Int16: object("ompi_mpi_int16_t"),
			engine.Uint16: object("ompi_mpi_uint16_t"), engine.Int32: object("ompi_mpi_int32_t"), engine.Uint32: object("ompi_mpi_uint32_t"),
			engine.Int64: object("ompi_mpi_int64_t"), engine.Uint64: object("ompi_mpi_uint64_t"), engine.Float32: object("ompi_mpi_float"),
			engine.Float64: object("ompi_mpi_double"),
		},
	}
	return errors.Join(missing...)
}

// mpich: objects are numbers, which its interface fixes.
func (lib *library) mpich() {
	lib.objects = objects{
		world: 0x44000000, errorsReturn: 0x54000001, byteType: 0x4c00010d, ignoreStatus: 1, inPlace: ^uintptr(0),
		sum: 0x58000003, max: 0x58000001, min: 0x58000002,
		types: map[engine.Dtype]handle{
			engine.Int8: 0x4c000137, engine.Uint8: 0x4c00013b, engine.Int16: 0x4c000238, engine.Uint16: 0x4c00023c, engine.Int32: 0x4c000439,
			engine.Uint32: 0x4c00043d, engine.Int64: 0x4c00083a, engine.Uint64: 0x4c00083e, engine.Float32: 0x4c00040a, engine.Float64: 0x4c00080b,
		},
	}
}

// text is what a call has written.
func (lib *library) text() string {
	n := min(max(int(lib.out.length), 0), maxText)
	return string(bytes.TrimRight(lib.out.text[:n], "\x00"))
}

// address is that of a part of results, or of the world's buffer.
func address[T any](p *T) uintptr { return uintptr(unsafe.Pointer(p)) }

// made is the handle that a call has written.
func (lib *library) made() handle {
	if lib.objects.wide {
		return handle(lib.out.made)
	}
	return handle(*(*uint32)(unsafe.Pointer(&lib.out.made)))
}

// do calls a function, which gives 0 or the number of an error.
func (lib *library) do(name string, args ...uintptr) error {
	code := int32(lib.call(lib.calls[name], args...))
	if code == 0 {
		return nil
	}
	if int32(lib.call(lib.calls["MPI_Error_string"], uintptr(code), address(&lib.out.text[0]), address(&lib.out.length))) != 0 {
		return fmt.Errorf("%s gives the error %d", name, code)
	}
	return fmt.Errorf("%s: %s", name, lib.text())
}
