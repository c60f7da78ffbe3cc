package cuda

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/mlxstar/mlxstar/cuda/internal/driver"
	"github.com/mlxstar/mlxstar/gpu"
)

// modules are the libraries and kernels by the numbers that the layer above knows
// them by.
type modules struct {
	card  *card
	cache string // a folder, or ""
	load  func() (*driver.Compiler, error)

	mu        sync.RWMutex
	libraries map[gpu.Library]*module
	kernels   map[gpu.Pipeline]*kernel
	last      uintptr
}

type module struct {
	handle  driver.Module
	kernels map[string]*signature
}

// kernel is a function of a module with what a launch must know of it.
type kernel struct {
	*signature
	name     string
	function driver.Function
	module   *module
}

func newModules(c *card, o Options) *modules {
	m := &modules{card: c, cache: o.Cache, libraries: map[gpu.Library]*module{}, kernels: map[gpu.Pipeline]*kernel{}}
	if m.cache == "" {
		if dir, err := os.UserCacheDir(); err == nil {
			m.cache = filepath.Join(dir, "mlxstar", "cuda")
		}
	}
	m.load = sync.OnceValues(func() (*driver.Compiler, error) {
		link := o.LinkCompiler
		if link == nil {
			found, err := driver.LinkCompiler(o.path())
			if err != nil {
				return nil, err
			}
			link = found
		}
		return driver.LoadCompiler(link)
	})
	return m
}

// arithmetic are the compiler's options for the math modes. Safe arithmetic gives
// one answer, whether operations are fused or not.
var arithmetic = map[gpu.MathMode][]string{
	gpu.MathSafe:    {"--fmad=false"},
	gpu.MathRelaxed: nil,
	gpu.MathFast:    {"--use_fast_math"},
}

// Compile makes a library of source text in the kernels' dialect.
func (c *card) Compile(source string, mode gpu.MathMode) (gpu.Library, error) {
	t, err := translate(source)
	if err != nil {
		return 0, err
	}
	code, err := c.modules.code(t.text, arithmetic[mode])
	if err != nil {
		return 0, err
	}
	defer c.enter()()
	h, err := c.api.ModuleLoad(code)
	if err != nil {
		return 0, err
	}
	m := c.modules
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last++
	l := gpu.Library(m.last)
	m.libraries[l] = &module{h, t.kernels}
	return l, nil
}

// optionsFor are the compiler's options for code of an architecture.
func optionsFor(architecture string) []string {
	return []string{"--gpu-architecture=" + architecture, "--device-as-default-execution-space", "--std=c++17", "--disable-warnings"}
}

// code compiles a text, or finds its machine code in the cache.
func (m *modules) code(text string, options []string) ([]byte, error) {
	compiler, err := m.load()
	if err != nil {
		return nil, err
	}
	options = append(optionsFor(m.card.architecture()), options...)
	h := sha256.New()
	fmt.Fprintf(h, "%d.%d %q\n%s", compiler.Major, compiler.Minor, options, text)
	path := ""
	if m.cache != "" {
		path = filepath.Join(m.cache, fmt.Sprintf("%x.cubin", h.Sum(nil)[:20]))
		if code, err := os.ReadFile(path); err == nil && len(code) > 0 {
			return code, nil
		}
	}
	code, err := compiler.Compile(text, "kernels.cu", options...)
	if err == nil && path != "" {
		keep(path, code)
	}
	return code, err
}

// keep writes a file of the cache, whole or not at all. What cannot be kept is
// compiled again.
func keep(path string, code []byte) {
	if os.MkdirAll(filepath.Dir(path), 0o755) != nil {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(path), "new-*")
	if err != nil {
		return
	}
	_, err = f.Write(code)
	if e := f.Close(); err == nil && e == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
}

// NewPipeline makes a function of a library ready to run.
func (c *card) NewPipeline(l gpu.Library, function string) (p gpu.Pipeline, threads int, err error) {
	defer c.enter()()
	m := c.modules
	m.mu.Lock()
	defer m.mu.Unlock()
	lib := m.libraries[l]
	if lib == nil || lib.kernels[function] == nil {
		return 0, 0, fmt.Errorf("pipeline: the library has no function %s", function)
	}
	f, err := c.api.ModuleFunction(lib.handle, entryName(function))
	if err != nil {
		return 0, 0, err
	}
	if len(lib.kernels[function].shared) > 0 { // a launch says how much of it there is
		if err := c.api.SetFuncAttribute(f, driver.FuncMaxDynamicSharedSize, c.mostShared); err != nil {
			return 0, 0, err
		}
	}
	m.last++
	p = gpu.Pipeline(m.last)
	m.kernels[p] = &kernel{lib.kernels[function], function, f, lib}
	return p, c.api.FuncAttribute(f, driver.FuncMaxThreads), nil
}

func (m *modules) kernel(p gpu.Pipeline) *kernel {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.kernels[p]
}

// FreeLibrary forgets a library. Its kernels keep their code.
func (c *card) FreeLibrary(l gpu.Library) {
	m := c.modules
	m.mu.Lock()
	lib := m.libraries[l]
	delete(m.libraries, l)
	m.mu.Unlock()
	m.unload(lib)
}

// FreePipeline lets a kernel go.
func (c *card) FreePipeline(p gpu.Pipeline) {
	m := c.modules
	m.mu.Lock()
	k := m.kernels[p]
	delete(m.kernels, p)
	m.mu.Unlock()
	if k != nil {
		m.unload(k.module)
	}
}

// unload gives back the code of a library that neither is known nor has kernels. The
// driver waits for what runs of it.
func (m *modules) unload(lib *module) {
	if lib == nil || m.used(lib) {
		return
	}
	defer m.card.enter()()
	m.card.api.ModuleUnload(lib.handle)
}

func (m *modules) used(lib *module) bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, l := range m.libraries {
		if l == lib {
			return true
		}
	}
	for _, k := range m.kernels {
		if k.module == lib {
			return true
		}
	}
	return false
}

// close gives back all that is left.
func (m *modules) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	left := map[*module]bool{}
	for _, l := range m.libraries {
		left[l] = true
	}
	for _, k := range m.kernels {
		left[k.module] = true
	}
	for l := range left {
		m.card.api.ModuleUnload(l.handle)
	}
	clear(m.libraries)
	clear(m.kernels)
}
