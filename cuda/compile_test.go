package cuda

import (
	"os"
	"runtime"
	"sync"
	"testing"

	"github.com/mlxstar/mlxstar/cuda/internal/driver"
	"github.com/mlxstar/mlxstar/gpu"
	"github.com/mlxstar/mlxstar/internal/conformance/flags"
)

// TestKernelsCompile: NVRTC takes every library that operations can ask for. It needs no
// GPU; where there is one the machine code stays in its cache. Without NVRTC it is
// skipped. One library in 20 does, or by -libraries-every 1 all, which takes minutes.
func TestKernelsCompile(t *testing.T) {
	link, err := driver.LinkCompiler(os.Getenv("MLXSTAR_CUDA_PATH"))
	if err != nil {
		t.Skip(err)
	}
	compiler, err := driver.LoadCompiler(link)
	if err != nil {
		t.Fatal(err)
	}
	compile := func(text string) error {
		_, err := compiler.Compile(text, "kernels.cu", append(optionsFor("compute_90a"), arithmetic[gpu.MathSafe]...)...)
		return err
	}
	if b, err := New(Options{}); err == nil {
		defer b.Close()
		compile = func(text string) error {
			_, err := b.card.modules.code(text, arithmetic[gpu.MathSafe])
			return err
		}
	}
	every := max(*flags.LibrariesEvery, 1)
	var wg sync.WaitGroup
	turns := make(chan struct{}, runtime.NumCPU())
	n := 0
	for name, source := range gpu.Sources() {
		if n++; n%every != 0 {
			continue
		}
		tr, err := translate(source)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			turns <- struct{}{}
			defer func() { <-turns }()
			if err := compile(tr.text); err != nil {
				t.Errorf("%s: %.1500v", name, err)
			}
		}()
	}
	wg.Wait()
	t.Logf("NVRTC %d.%d took %d libraries", compiler.Major, compiler.Minor, n/every)
}
