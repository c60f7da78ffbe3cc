package driver

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
)

type compilerFunctions struct {
	Version           uintptr
	CreateProgram     uintptr
	CompileProgram    uintptr
	GetCUBINSize      uintptr
	GetCUBIN          uintptr
	GetProgramLogSize uintptr
	GetProgramLog     uintptr
	DestroyProgram    uintptr
	GetErrorString    uintptr
}

// Compiler is NVRTC, loaded.
type Compiler struct {
	f     compilerFunctions
	Major int32
	Minor int32
}

// LoadCompiler finds NVRTC's functions.
func LoadCompiler(link Linker) (*Compiler, error) {
	c := new(Compiler)
	if err := bind(link, "nvrtc", &c.f); err != nil {
		return nil, err
	}
	return c, c.check("nvrtcVersion", c.call(c.f.Version, uintptr(unsafe.Pointer(&c.Major)), uintptr(unsafe.Pointer(&c.Minor))))
}

// call keeps what its arguments point to in place until the call has returned.
//
//go:uintptrescapes
func (c *Compiler) call(f uintptr, args ...uintptr) uint32 {
	r, _, _ := purego.SyscallN(f, args...)
	return uint32(r)
}

func (c *Compiler) check(call string, r uint32) error {
	if r == 0 {
		return nil
	}
	// The text is static, and the address is C's.
	at, _, _ := purego.SyscallN(c.f.GetErrorString, uintptr(r))
	return fmt.Errorf("%s: %s", call, goString(*(**byte)(unsafe.Pointer(&at))))
}

// Compile makes machine code for an architecture of source text.
func (c *Compiler) Compile(source, name string, options ...string) (cubin []byte, err error) {
	var program uintptr
	text, file := cString(source), cString(name)
	if err := c.check("nvrtcCreateProgram", c.call(c.f.CreateProgram, uintptr(unsafe.Pointer(&program)), uintptr(unsafe.Pointer(text)), uintptr(unsafe.Pointer(file)), 0, 0, 0)); err != nil {
		return nil, err
	}
	defer c.call(c.f.DestroyProgram, uintptr(unsafe.Pointer(&program)))
	list := make([]*byte, len(options))
	var pins runtime.Pinner // the list's elements are addresses of Go's memory
	defer pins.Unpin()
	for i, o := range options {
		list[i] = cString(o)
		pins.Pin(list[i])
	}
	r := c.call(c.f.CompileProgram, program, uintptr(len(list)), uintptr(unsafe.Pointer(unsafe.SliceData(list))))
	runtime.KeepAlive(list)
	if r != 0 {
		err := c.check("nvrtcCompileProgram", r)
		if log := c.log(program); log != "" {
			err = errors.New(log)
		}
		return nil, err
	}
	var size uintptr
	if err := c.check("nvrtcGetCUBINSize", c.call(c.f.GetCUBINSize, program, uintptr(unsafe.Pointer(&size)))); err != nil {
		return nil, err
	}
	cubin = make([]byte, size)
	return cubin, c.check("nvrtcGetCUBIN", c.call(c.f.GetCUBIN, program, uintptr(unsafe.Pointer(unsafe.SliceData(cubin)))))
}

func (c *Compiler) log(program uintptr) string {
	var size uintptr
	c.call(c.f.GetProgramLogSize, program, uintptr(unsafe.Pointer(&size)))
	if size < 2 {
		return ""
	}
	buf := make([]byte, size)
	c.call(c.f.GetProgramLog, program, uintptr(unsafe.Pointer(unsafe.SliceData(buf))))
	return string(buf[:size-1])
}
