//go:build linux || darwin

package mpi

import (
	"fmt"
	"runtime"

	"github.com/ebitengine/purego"
)

type shared uintptr

func (s shared) Symbol(name string) (uintptr, error) { return purego.Dlsym(uintptr(s), name) }

func call(fn uintptr, args ...uintptr) uintptr {
	r, _, _ := purego.SyscallN(fn, args...)
	return r
}

// link loads the library of a name, or the one there is.
func link(name string) (linker, error) {
	tried := []string{name}
	if name == "" {
		tried = []string{"libmpi.so", "libmpi.so.40", "libmpi.so.12", "libmpich.so"}
		if runtime.GOOS == "darwin" {
			tried = []string{"libmpi.dylib"}
		}
	}
	var first error
	for _, n := range tried {
		h, err := purego.Dlopen(n, purego.RTLD_NOW|purego.RTLD_GLOBAL)
		if err == nil {
			return shared(h), nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, fmt.Errorf("MPI's library cannot be loaded, which MLX_MPI_LIBNAME names: %w", first)
}

// callback makes a C function of the operation on elements that MPI calls.
func callback(f func(in, inOut, length *byte)) uintptr {
	return purego.NewCallback(func(in, inOut, length, _ *byte) uintptr { f(in, inOut, length); return 0 })
}
