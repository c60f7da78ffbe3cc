package system

import (
	"fmt"
	"syscall"

	"github.com/ebitengine/purego"

	"github.com/mlxstar/mlxstar/metal/internal/objc"
)

// frameworks in the order of loading: without CoreGraphics, a program that has
// no window finds no GPU.
var frameworks = [...]string{
	"/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics",
	"/System/Library/Frameworks/Foundation.framework/Foundation",
	"/System/Library/Frameworks/Metal.framework/Metal",
}

// ResourceLimit is how many buffers the system lets a process have.
func ResourceLimit() int {
	if n, err := syscall.SysctlUint32("iogpu.rsrc_limit"); err == nil && n > 0 {
		return int(n)
	}
	return usualResourceLimit
}

type linker struct{}

// Link loads the frameworks.
func Link() (objc.Linker, error) {
	for _, path := range frameworks {
		if _, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_GLOBAL); err != nil {
			return nil, fmt.Errorf("metal: %w", err)
		}
	}
	return linker{}, nil
}

func (linker) Symbol(name string) (uintptr, error) { return purego.Dlsym(purego.RTLD_DEFAULT, name) }

func (linker) Bind(fptr any, address uintptr) { purego.RegisterFunc(fptr, address) }
