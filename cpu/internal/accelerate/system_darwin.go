package accelerate

import (
	"fmt"

	"github.com/ebitengine/purego"
)

const framework = "/System/Library/Frameworks/Accelerate.framework/Accelerate"

type linker struct{ handle uintptr }

// System loads the framework.
func System() (Linker, error) {
	handle, err := purego.Dlopen(framework, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return nil, fmt.Errorf("accelerate: %w", err)
	}
	return linker{handle}, nil
}

func (l linker) Symbol(name string) (uintptr, error) { return purego.Dlsym(l.handle, name) }

func (linker) Bind(fptr any, address uintptr) { purego.RegisterFunc(fptr, address) }
