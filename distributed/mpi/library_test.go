package mpi

import (
	"errors"
	"strings"
	"testing"
	"unsafe"
)

// fake is a library whose functions are numbers, the names' places from 1 on.
type fake struct {
	version string
	without string
}

func (f fake) Symbol(name string) (uintptr, error) {
	for i, n := range names {
		if n == name && n != f.without {
			return uintptr(i + 1), nil
		}
	}
	if strings.HasPrefix(name, "ompi_") && name != f.without {
		return uintptr(1000 + len(name)), nil
	}
	return 0, errors.New("undefined symbol: " + name)
}

// call writes texts, and fails where MPI_Finalize is called.
func (f fake) call(fn uintptr, args ...uintptr) uintptr {
	write := func(text string, to, length uintptr) {
		copy(unsafe.Slice(*(**byte)(unsafe.Pointer(&to)), maxText), text)
		**(**int32)(unsafe.Pointer(&length)) = int32(len(text))
	}
	switch names[fn-1] {
	case "MPI_Get_library_version":
		write(f.version, args[0], args[1])
	case "MPI_Error_string":
		write("MPI_ERR_OTHER: known error", args[1], args[2])
	case "MPI_Finalize":
		return 16
	}
	return 0
}

// TestLibrary: implementations are told apart, and what is missing is named.
func TestLibrary(t *testing.T) {
	for _, c := range []struct {
		f     fake
		wide  bool
		wrong string
	}{
		{fake{version: "Open MPI v4.1.4, package: Debian\n"}, true, ""},
		{fake{version: "MPICH Version:      4.0.2\nMPICH Release date: ..."}, false, ""},
		{fake{version: "Intel(R) MPI Library 2021.9"}, false, ""},
		{fake{version: "SGI MPT 2.0"}, false, "it is SGI MPT 2.0, want Open MPI or MPICH"},
		{fake{version: "Open MPI v1.6", without: "MPI_Iallreduce"}, false, "it has no MPI_Iallreduce, want MPI 3"},
		{fake{version: "Open MPI v6", without: "ompi_mpi_byte"}, false, "undefined symbol: ompi_mpi_byte"},
	} {
		lib, err := newLibrary(c.f, c.f.call)
		if c.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%s: got %v, want %q", c.f.version, err, c.wrong)
			}
			continue
		}
		if err != nil || lib.objects.wide != c.wide || lib.objects.world == 0 || len(lib.objects.types) != 10 {
			t.Errorf("%s: got %+v, %v", c.f.version, lib, err)
			continue
		}
		if err := lib.do("MPI_Finalize"); err == nil || err.Error() != "MPI_Finalize: MPI_ERR_OTHER: known error" {
			t.Errorf("got %v", err)
		}
		if lib.out.made = 0x1_0000_0002; lib.made() != 2 && !c.wide || lib.made() != 0x1_0000_0002 && c.wide {
			t.Errorf("%s: a handle is %x", c.f.version, lib.made())
		}
	}
}
