package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/cpu"

	"github.com/mlxstar/mlxstar"
)

const doctorUsage = `mlxstar doctor looks at what this machine gives to mlxstar, and whether what it computes and
counts is right here.

  mlxstar doctor [--json]

It tells the version, the processor's instructions, threads and memory, the GPUs that can be
used and why others cannot, and runs a short test of numbers and of memory. It exits with
1 if that fails.
`

// finding is one line of what doctor found.
type finding struct {
	About string `json:"about"`
	State string `json:"state"` // ok, note or failed
	Text  string `json:"text"`
	Next  string `json:"next,omitempty"` // what to do about it
}

const (
	stateOK     = "ok"
	stateNote   = "note"
	stateFailed = "failed"
)

// runDoctor is mlxstar doctor.
func runDoctor(args []string, stdout, stderr io.Writer) int {
	asJSON := false
	for _, a := range args {
		switch a {
		case "--json":
			asJSON = true
		case "-h", "--help":
			_, _ = io.WriteString(stdout, doctorUsage)
			return exitOK
		default:
			fmt.Fprintf(stderr, "mlxstar doctor: got %q, want --json or nothing\nTry 'mlxstar doctor --help'.\n", a)
			return exitUsage
		}
	}
	found := append(machineFindings(), deviceFinding(), cacheFinding())
	found = append(found, selfTest()...)
	code := exitOK
	for _, f := range found {
		if f.State == stateFailed {
			code = exitScript
		}
	}
	if asJSON {
		e := json.NewEncoder(stdout)
		e.SetEscapeHTML(false)
		for _, f := range found {
			_ = e.Encode(f) // standard output that fails has nobody to tell
		}
		return code
	}
	for _, f := range found {
		fmt.Fprintf(stdout, "%-6s %-12s %s\n", f.State, f.About, f.Text)
		if f.Next != "" {
			fmt.Fprintf(stdout, "%-6s %-12s %s\n", "", "", f.Next)
		}
	}
	return code
}

// machineFindings tell what the program is and what it runs on.
func machineFindings() []finding {
	found := []finding{
		{About: "version", State: stateOK, Text: versionText()},
		{About: "system", State: stateOK, Text: fmt.Sprintf("%s on %s, %d processors, %d threads", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.GOMAXPROCS(0))},
	}
	names, enough := instructions()
	f := finding{About: "processor", State: stateOK, Text: strings.Join(names, ", ")}
	switch {
	case os.Getenv("MLXSTAR_NOSIMD") != "":
		f.State, f.Next = stateNote, "MLXSTAR_NOSIMD is set: kernels in plain Go run, many times slower. Unset it."
	case !enough:
		f.State, f.Text = stateNote, "no AVX2 with FMA, and no NEON"
		f.Next = "Kernels in plain Go run, many times slower."
	}
	found = append(found, f)
	limit := mlxstar.DefaultMemoryLimit()
	if limit == 0 {
		return append(found, finding{About: "memory", State: stateNote, Text: "the system does not tell how much there is", Next: "Arrays have no limit but what --memory-limit sets."})
	}
	return append(found, finding{About: "memory", State: stateOK,
		Text: "arrays may take " + mlxstar.FormatSize(limit) + ", three quarters of the machine's or the control group's; --memory-limit sets it"})
}

// instructions are the processor's that kernels use, and whether there are some.
func instructions() (names []string, enough bool) {
	x, a := &cpu.X86, &cpu.ARM64
	for _, i := range []struct {
		name string
		has  bool
	}{
		{"AVX2", x.HasAVX2}, {"FMA", x.HasFMA}, {"AVX-512", x.HasAVX512F && x.HasAVX512BW && x.HasAVX512DQ && x.HasAVX512VL},
		{"AVX-512 VBMI", x.HasAVX512VBMI}, {"AVX-512 VNNI", x.HasAVX512VNNI}, {"AMX", x.HasAMXTile && x.HasAMXInt8}, {"NEON", a.HasASIMD},
	} {
		if i.has {
			names = append(names, i.name)
		}
	}
	return names, x.HasAVX2 && x.HasFMA || a.HasASIMD
}

// deviceFinding tells whether there is a GPU, and if not, why.
func deviceFinding() finding {
	f := finding{About: "gpu", State: stateOK}
	rt, err := mlxstar.New(mlxstar.Options{Device: "gpu", GPU: openGPU})
	if err == nil {
		defer rt.Close()
		info, err := rt.Eval(context.Background(), "<doctor>", "str(__import__('mlx.core').core.device_info(__import__('mlx.core').core.gpu))")
		if err != nil {
			return finding{About: "gpu", State: stateFailed, Text: err.Error()}
		}
		f.Text = fmt.Sprint(info)
		return f
	}
	f.State, f.Text = stateNote, "none: "+err.Error()
	driver := nvidiaDriver()
	switch {
	case runtime.GOOS == "darwin":
		f.Next = "Apple's GPUs are used through Metal where the system has it."
	case openGPU == nil && driver != "":
		f.Text = "none is used, though " + driver + " is there: this program was built without CUDA"
		f.Next = "go build -tags cuda ./cmd/mlxstar"
	case openGPU == nil:
		f.Text = "none: no NVIDIA driver, and this program was built without CUDA"
	default:
		f.Next = "NVIDIA's driver is libcuda.so.1; MLXSTAR_CUDA_PATH names the folder of its libraries."
	}
	return f
}

// nvidiaDriver is where NVIDIA's driver is, or "".
func nvidiaDriver() string {
	for _, pattern := range []string{"/dev/nvidiactl", "/usr/lib/*/libcuda.so.1", "/usr/lib64/libcuda.so.1", "/usr/lib/wsl/lib/libcuda.so.1"} {
		if found, err := filepath.Glob(pattern); err == nil && len(found) > 0 {
			return found[0]
		}
	}
	return ""
}

// cacheFinding tells where files are kept.
func cacheFinding() finding {
	f := finding{About: "files", State: stateOK}
	var kept []string
	if h := historyFile(); h != "" {
		kept = append(kept, "the prompt's history in "+h)
	}
	if dir, err := os.UserCacheDir(); err == nil {
		kept = append(kept, "compiled kernels of GPUs in "+filepath.Join(dir, "mlxstar"))
	}
	if len(kept) == 0 {
		return finding{About: "files", State: stateNote, Text: "there is no home directory: no history is kept, and kernels of GPUs are compiled anew"}
	}
	f.Text = strings.Join(kept, "; ")
	return f
}

// examinations are scripts whose value says what is wrong, "" if nothing is.
var examinations = []struct{ about, text, script string }{
	{"numbers", "products, functions, sorting, transforms and gradients agree with their definitions", `
def examine():
    import math
    import mlx.core as mx
    wrong = []
    def close(name, got, want, tolerance=1e-5):
        if not all(abs(g - w) <= tolerance * max(1, abs(w)) for g, w in zip(got, want)) or len(got) != len(want):
            wrong.append(f"{name}: got {got[:3]}, want {want[:3]}")
    n = 37
    a = [[math.sin(i * n + j) for j in range(n)] for i in range(n)]
    rows, columns = [0, 17, n - 1], range(n)
    y = (mx.array(a) @ mx.array(a)).tolist()
    for i in rows:
        close("matmul", y[i], [sum(a[i][k] * a[k][j] for k in columns) for j in columns])
    x = [i / 16 - 2 for i in range(65)]
    for name in ("exp", "tanh", "sin", "erf"):
        f = getattr(math, name)
        close(name, getattr(mx, name)(mx.array(x)).tolist(), [f(mx.array(v).item()) for v in x])
    close("sort", mx.sort(mx.array(a[1])).tolist(), sorted(mx.array(a[1]).tolist()), 0)
    close("fft", mx.abs(mx.fft.ifft(mx.fft.fft(mx.array(a[2]))) - mx.array(a[2])).tolist(), [0.0] * n)
    close("grad", mx.grad(lambda v: (v * v * v).sum())(mx.array(x)).tolist(), [3 * v * v for v in x])
    close("random", [mx.random.uniform(key=mx.random.key(7), shape=(100000,)).mean().item()], [0.5], 1e-2)
    return "; ".join(wrong)
`},
	{"counters", "what is allocated is counted, and given back", `
def examine():
    import mlx.core as mx
    n = 16 << 20
    before = mx.get_active_memory()
    mx.reset_peak_memory()
    x = mx.zeros((n // 4,)) + 1
    mx.eval(x)
    held, peak = mx.get_active_memory() - before, mx.get_peak_memory()
    if not n <= held <= n + (1 << 16):
        return f"an array of {n} bytes counts as {held}"
    if peak < before + n:
        return f"the peak is {peak}, want {before + n} at least"
    del x
    left = mx.get_active_memory() - before
    if left != 0:
        return f"{left} bytes count as held after the array died"
    mx.clear_cache()
    if mx.get_cache_memory() != 0:
        return f"{mx.get_cache_memory()} bytes are cached after clear_cache"
    return ""
`},
	{"limit", "what does not fit is refused, and the script goes on", `
def examine():
    import mlx.core as mx
    old = mx.set_memory_limit(32 << 20)
    try:
        mx.eval(mx.zeros((64 << 20,), mx.uint8) + 1)
        return "64 MiB fit into 32 MiB"
    except MemoryError:
        return ""
    finally:
        mx.set_memory_limit(old)
`},
}

// speedTest is the time of one product, in seconds.
const speedTest = `
def examine():
    import time
    import mlx.core as mx
    a = mx.random.normal((1024, 1024))
    mx.eval(a, a @ a)
    best = 1e9
    for _ in range(5):
        start = time.perf_counter()
        mx.eval(a @ a)
        best = min(best, time.perf_counter() - start)
    return best
`

// selfTest computes what is known and counts what is known.
func selfTest() (found []finding) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for _, e := range examinations {
		f := finding{About: e.about, State: stateOK, Text: e.text}
		if wrong, err := examine(ctx, e.script); err != nil {
			f.State, f.Text = stateFailed, err.Error()
		} else if text, ok := wrong.(string); !ok || text != "" {
			f.State, f.Text = stateFailed, fmt.Sprint(wrong)
		}
		found = append(found, f)
	}
	f := finding{About: "speed", State: stateOK}
	v, err := examine(ctx, speedTest)
	if seconds, ok := v.(float64); err == nil && ok && seconds > 0 {
		f.Text = fmt.Sprintf("a product of 1024 by 1024 float32 takes %s, %.0f GFLOP/s", readable(time.Duration(seconds*float64(time.Second))), 2*1024*1024*1024/seconds/1e9)
	} else {
		f.State, f.Text = stateFailed, fmt.Sprint(errors.Join(err, fmt.Errorf("got %v", v)))
	}
	return append(found, f)
}

// examine runs a script in a runtime of its own, on the processor, and gives what it says.
func examine(ctx context.Context, script string) (any, error) {
	rt, err := mlxstar.New(mlxstar.Options{Device: "cpu"})
	if err != nil {
		return nil, err
	}
	defer rt.Close()
	if err := rt.Exec(ctx, "<doctor>", script); err != nil {
		return nil, err
	}
	return rt.Call(ctx, "examine")
}
