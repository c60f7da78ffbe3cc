//go:build amd64

package blastest

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"github.com/ebitengine/purego"
)

//go:embed source/blas.c
var source []byte

type linker struct{ handle uintptr }

func (l linker) Symbol(name string) (uintptr, error) { return purego.Dlsym(l.handle, name) }

func (linker) Bind(fptr any, address uintptr) { purego.RegisterFunc(fptr, address) }

// Open compiles and loads the library, once in a process.
var Open = sync.OnceValues(open)

func open() (*Library, error) {
	clang, err := exec.LookPath("clang")
	if err != nil {
		return nil, ErrUnavailable
	}
	dir, err := os.MkdirTemp("", "blastest")
	if err != nil {
		return nil, fmt.Errorf("blastest: %w", err)
	}
	defer os.RemoveAll(dir) // what is loaded stays
	text, library := filepath.Join(dir, "blas.c"), filepath.Join(dir, "blas.so")
	if err := os.WriteFile(text, source, 0o644); err != nil {
		return nil, fmt.Errorf("blastest: %w", err)
	}
	if out, err := exec.Command(clang, "-O1", "-shared", "-fPIC", "-o", library, text).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("blastest: %w\n%s", err, out)
	}
	handle, err := purego.Dlopen(library, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, fmt.Errorf("blastest: %w", err)
	}
	l := &Library{Linker: linker{handle}}
	purego.RegisterLibFunc(&l.calls, handle, "blas_calls")
	purego.RegisterLibFunc(&l.misuses, handle, "blas_misuses")
	return l, nil
}
