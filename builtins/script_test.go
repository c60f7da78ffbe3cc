package builtins_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/cpu"
	"github.com/mlxstar/mlxstar/cuda"
	"github.com/mlxstar/mlxstar/cuda/cudatest"
	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/formats"
	"github.com/mlxstar/mlxstar/formats/mmap"
	"github.com/mlxstar/mlxstar/internal/conformance/flags"
	"github.com/mlxstar/mlxstar/metal"
	"github.com/mlxstar/mlxstar/metal/metalsim"
)

// host is a runtime with mlx.core alone. Files lie below dir, or are denied
// where it is empty.
type host struct {
	mx     *builtins.Module
	engine *engine.Engine
	dir    string
	ctx    context.Context // nil is the background
	memory builtins.Files  // or nil: dir
	gpu    bool            // the default device is a GPU
}

func (h *host) Context() context.Context {
	if h.ctx == nil {
		return context.Background()
	}
	return h.ctx
}

func (h *host) Files() builtins.Files {
	if h.memory != nil {
		return h.memory
	}
	if h.dir == "" {
		return nil
	}
	return files(h.dir)
}

func (h *host) Warn(_ *starlark.Thread, message string) error {
	return object.Errorf(object.RuntimeWarning, "%s", message)
}

func (h *host) Import(_ *starlark.Thread, _ *dialect.Module, name string, _ int) (starlark.Value, error) {
	switch name {
	case "mlx":
		return starlark.None, nil // whose core is looked up by its whole name
	case "mlx.core":
		return h.mx, nil
	}
	return nil, object.Errorf(object.ModuleNotFoundError, "No module named '%s'", name)
}

func (h *host) Load(*starlark.Thread, *dialect.Module, string) (starlark.Value, error) {
	return nil, errors.New("load: not here")
}

type files string

func (f files) Open(path string) (builtins.Source, error) {
	src, err := mmap.Open(filepath.Join(string(f), path))
	if err != nil {
		return nil, err
	}
	return src, nil
}

func (f files) Write(path string, write func(w io.Writer) error) error {
	return formats.WriteFile(filepath.Join(string(f), path), write)
}

func newHost(t testing.TB, dir string) *host {
	t.Helper()
	backend, err := cpu.New(cpu.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	return newHostOn(t, dir, backend)
}

// newHostGPU is newHost with the GPU as the default device: the machine's own on a
// Mac, the simulated one elsewhere.
func newHostGPU(t testing.TB, dir string) *host {
	t.Helper()
	if *flags.Device == "real" && runtime.GOOS != "darwin" {
		return newHostCUDA(t, dir)
	}
	options := metal.Options{Poison: new(engine.Poison)}
	if runtime.GOOS != "darwin" {
		options.Link = metalsim.For(t)
	}
	gpu, err := metal.New(options)
	if err != nil {
		t.Fatal(err)
	}
	processor, err := cpu.New(cpu.Options{Threads: 1, Source: gpu.Source(), Poison: options.Poison})
	if err != nil {
		t.Fatal(err)
	}
	h := newHostOn(t, dir, gpu, processor)
	h.gpu = true
	return h
}

// newHostCUDA is newHost with an NVIDIA GPU as the default device.
func newHostCUDA(t testing.TB, dir string) *host {
	t.Helper()
	if err := cudatest.Hold(); err != nil {
		t.Fatal(err)
	}
	poison := new(engine.Poison)
	gpu, err := cuda.New(cuda.Options{Poison: poison})
	if err != nil {
		t.Fatal(err)
	}
	processor, err := cpu.New(cpu.Options{Threads: 1, Poison: poison})
	if err != nil {
		t.Fatal(err)
	}
	h := newHostOn(t, dir, gpu, processor)
	h.gpu = true
	return h
}

func newHostOn(t testing.TB, dir string, backends ...engine.Backend) *host {
	t.Helper()
	e, err := engine.New(engine.Options{Backends: backends})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	h := &host{engine: e, dir: dir}
	h.mx = builtins.New(e, h)
	return h
}

// run runs a script with mx as mlx.core.
func (h *host) run(name, src string) (*dialect.Module, error) {
	program, err := dialect.Compile(name, []byte(src), dialect.ModeFile)
	if err != nil {
		return nil, err
	}
	thread := &starlark.Thread{Name: name}
	dialect.SetHost(thread, h)
	m := dialect.NewModule("__main__", "", object.Builtins())
	m.Set("mx", h.mx)
	_, err = program.Run(thread, m)
	return m, err
}

// expected is a comment at the end of a line that must raise: ### "ValueError: .*shape".
var expected = regexp.MustCompile(`### (".*")$`)

// TestScripts runs the chunks of testdata/*.py, which lines of three dashes
// part. A chunk runs through, or raises where it says so. One that neither
// asserts nor expects an error proves nothing and fails.
func TestScripts(t *testing.T) { runScripts(t, newHost) }

func TestScriptsGPU(t *testing.T) { runScripts(t, newHostGPU) }

func runScripts(t *testing.T, open func(t testing.TB, dir string) *host) {
	paths, err := filepath.Glob("testdata/*.py")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scripts found: %v", err)
	}
	for _, path := range paths {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			h := open(t, t.TempDir())
			line := 0
			for _, chunk := range strings.Split(string(src), "---\n") {
				// Blank lines in front keep the line numbers those of the file.
				if !h.gpu || !strings.Contains(chunk, "# without a GPU") {
					runChunk(t, h, path, strings.Repeat("\n", line)+chunk)
				}
				line += strings.Count(chunk, "\n") + 1
			}
		})
	}
}

func runChunk(t *testing.T, h *host, path, chunk string) {
	t.Helper()
	want, wantLine := "", 0
	for i, line := range strings.Split(chunk, "\n") {
		if m := expected.FindStringSubmatch(line); m != nil {
			var err error
			if want, err = strconv.Unquote(m[1]); err != nil {
				t.Fatalf("%s:%d: %v", path, i+1, err)
			}
			wantLine = i + 1
		}
	}
	if want == "" && !strings.Contains(chunk, "assert ") {
		t.Errorf("%s: a chunk neither asserts nor expects an error:\n%s", path, strings.TrimSpace(chunk))
		return
	}
	_, err := h.run(path, chunk)
	switch {
	case err == nil && want == "":
	case err != nil && h.gpu && strings.Contains(err.Error(), "supported on the GPU"):
		// As in MLX: float64, and the decompositions.
	case err == nil:
		t.Errorf("%s:%d: no error, want %q", path, wantLine, want)
	case want == "":
		t.Errorf("%s: %v\n%s", path, err, dialect.Traceback(err, nil))
	default:
		checkError(t, path, wantLine, err, want)
	}
}

func checkError(t *testing.T, path string, line int, err error, want string) {
	t.Helper()
	if !regexp.MustCompile(want).MatchString(err.Error()) {
		t.Errorf("%s:%d: got error %q, want %q", path, line, err, want)
	}
	if trace := dialect.Traceback(err, nil); !strings.Contains(trace, "line "+strconv.Itoa(line)+",") {
		t.Errorf("%s:%d: the error is not at this line:\n%s", path, line, trace)
	}
}
