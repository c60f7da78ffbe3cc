package gpu_test

import (
	"bytes"
	"context"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// gpuRuntime is a runtime on the simulated GPU and what it prints.
func gpuRuntime(t *testing.T, options mlxstar.Options) (*mlxstar.Runtime, *bytes.Buffer) {
	t.Helper()
	out := new(bytes.Buffer)
	options.Stdout, options.Dir = out, t.TempDir()
	rt, err := mlxstar.New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := rt.Close(); err != nil {
			t.Error(err)
		}
	})
	return rt, out
}

func execute(t *testing.T, rt *mlxstar.Runtime, src string) {
	t.Helper()
	if err := rt.Exec(context.Background(), "test.py", src); err != nil {
		t.Fatal(err)
	}
}

// TestGPUWiredLimit keeps buffers resident up to the limit, those that were there
// before and those that come later, and lets them go.
func TestGPUWiredLimit(t *testing.T) {
	options, sim := suite.Simulated(t)
	before := sim.Count("wired")
	wired := func() int { return sim.Count("wired") - before }
	rt, out := gpuRuntime(t, options)
	execute(t, rt, `
import mlx.core as mx
a = mx.ones((1 << 18,)) + 1
mx.eval(a)
`)
	if n := wired(); n != 0 {
		t.Errorf("%d bytes are wired without a limit", n)
	}
	execute(t, rt, `
print(mx.set_wired_limit(5 << 20))
b = mx.ones((1 << 18,)) + a
c = mx.ones((1 << 20,))
mx.eval(b, c, mx.add(b, 1, stream=mx.new_stream(mx.gpu)))
`)
	if n := wired(); n < 2<<20 || n > 5<<20 {
		t.Errorf("%d bytes are wired, want those of two arrays of 1 MiB, and none of 4 MiB beside them", n)
	}
	execute(t, rt, "print(mx.set_wired_limit(1 << 20))")
	if n := wired(); n > 1<<20 {
		t.Errorf("%d bytes are wired, and the limit is 1 MiB", n)
	}
	execute(t, rt, `
print(mx.set_wired_limit(0))
try:
    mx.set_wired_limit(mx.device_info()["max_recommended_working_set_size"] + 1)
except ValueError as e:
    print(e)
`)
	if n := wired(); n != 0 {
		t.Errorf("%d bytes are wired, and the limit is 0", n)
	}
	want := "0\n5242880\n1048576\nset_wired_limit: Setting a wired limit larger than the maximum working set size is not allowed\n"
	if got := out.String(); got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
	sim.Fail("residency", 1)
	defer sim.Fail("residency", 0)
	other, _ := gpuRuntime(t, options)
	if err := other.Exec(context.Background(), "test.py", "import mlx.core as mx\nmx.set_wired_limit(100)"); err == nil {
		t.Error("no residency set, and no error")
	}
}

// TestGPUOldSystem: what macOS 15 brought is not asked for where it is not.
func TestGPUOldSystem(t *testing.T) {
	options, sim := suite.Simulated(t)
	sim.Set("old", 1)
	defer sim.Set("old", 0)
	out, err := suite.Output(options, `
import mlx.core as mx
mx.set_wired_limit(1 << 20)
print(mx.set_wired_limit(0), (mx.ones(3) + 1).tolist())
`)
	if want := "1048576 [2.0, 2.0, 2.0]\n"; err != nil || out != want {
		t.Errorf("printed %q, %v, want %q", out, err, want)
	}
	if n := sim.Live("MTLResidencySet"); n != 0 {
		t.Errorf("%d residency sets", n)
	}
}

// TestGPUCapture records into a file that the script may write, or for Xcode.
func TestGPUCapture(t *testing.T) {
	options, sim := suite.Simulated(t)
	denied, _ := gpuRuntime(t, options)
	err := denied.Exec(context.Background(), "test.py", "import mlx.core as mx\nmx.metal.start_capture('a.gputrace')")
	if e, ok := err.(*mlxstar.Error); !ok || e.Type != "PermissionError" {
		t.Errorf("a capture where no files may be written: %v", err)
	}
	options.Files = mlxstar.SystemFiles()
	rt, out := gpuRuntime(t, options)
	traces, captures := sim.Count("traces"), sim.Count("captures")
	execute(t, rt, `
import mlx.core as mx
mx.metal.start_capture("a.gputrace")
try:
    mx.metal.start_capture("b.gputrace")
except RuntimeError as e:
    print(e)
mx.eval(mx.ones(3) + 1)
mx.metal.stop_capture()
mx.metal.stop_capture()
mx.metal.start_capture("")
`)
	if got, want := out.String(), "start_capture: a capture is running already\n"; got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
	if a, b := sim.Count("traces")-traces, sim.Count("captures")-captures; a != 1 || b != 1 {
		t.Errorf("%d traces and %d captures, want one of each", a, b)
	}
	if err := rt.Close(); err != nil { // which ends the capture
		t.Fatal(err)
	}
	sim.Set("nocapture", 1)
	defer sim.Set("nocapture", 0)
	if _, err := suite.Output(options, "import mlx.core as mx\nmx.metal.start_capture('a.gputrace')"); err == nil || !strings.Contains(err.Error(), "RuntimeError: start_capture: Capturing is not supported.") {
		t.Errorf("got %v", err)
	}
}

// TestGPUForeignMemory: memory that Go hands in is read in place where it begins
// at a page, however often, and let go with its array.
func TestGPUForeignMemory(t *testing.T) {
	options, sim := suite.Simulated(t)
	rt, _ := gpuRuntime(t, options)
	const n = 1 << 16
	page := os.Getpagesize()
	room := make([]byte, 4*n+2*page)
	start := (page - int(uintptr(unsafe.Pointer(unsafe.SliceData(room))))%page) % page
	for _, test := range []struct {
		name  string
		skip  int
		views int
	}{{"aligned", start, 1}, {"unaligned", start + 64, 0}} {
		views, live := sim.Count("nocopy"), sim.Live("MTLBuffer")
		data := unsafe.Slice((*float32)(unsafe.Pointer(&room[test.skip])), n)
		for i := range data {
			data[i] = float32(i % 7)
		}
		if err := rt.Set("data", data); err != nil {
			t.Fatal(err)
		}
		execute(t, rt, `
import mlx.core as mx
for k in range(3):
    assert (mx.take(data, mx.arange(14)) + k).tolist() == [i % 7 + k for i in range(14)]
    assert data[7:14].sum().item() == 21 and (data * 1)[-1].item() == (65535 % 7)
data = None
mx.clear_cache()
`)
		if got := sim.Count("nocopy") - views; got != test.views {
			t.Errorf("%s: %d views, want %d", test.name, got, test.views)
		}
		for wait := 0; sim.Live("MTLBuffer") > live+2 && wait < 1000; wait++ {
			runtime.GC()
			execute(t, rt, "mx.clear_cache()")
			time.Sleep(time.Millisecond)
		}
		if got := sim.Live("MTLBuffer"); got > live+2 {
			t.Errorf("%s: %d buffers are left of %d", test.name, got, live)
		}
		runtime.KeepAlive(room)
	}
}
