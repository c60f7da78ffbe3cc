package memory_test

import (
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// peakScript defines peak, which is what computing a function's answer took beside its
// argument and the answer, in bytes.
const peakScript = `
import mlx.core as mx
def peak(f, x):
    mx.eval(x)
    mx.clear_cache()
    mx.reset_peak_memory()
    before = mx.get_active_memory()
    y = f(x)
    mx.eval(y)
    return mx.get_peak_memory() - before - y.nbytes
`

// TestOrderingsCountTheirScratch holds the peak of sorts on the processor to what they
// use: keys, twice, of the rows that are ordered at the same time.
func TestOrderingsCountTheirScratch(t *testing.T) {
	got, err := suite.Output(mlxstar.Options{Device: "cpu", Threads: 2}, peakScript+`
def within(n, least):
    return least <= n <= least + 2 * 16384 + 64
n = 5000
x, rows = mx.random.normal((n,)), mx.random.normal((64, n))
print(within(peak(mx.sort, x), 8 * n), within(peak(mx.argsort, x), 16 * n),
    within(peak(mx.sort, rows), 2 * 8 * n), within(peak(mx.argsort, rows), 2 * 16 * n),
    within(peak(mx.sort, mx.random.randint(0, 9, (n,)).astype(mx.int64)), 16 * n))
`)
	if want := "True True True True True\n"; err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

// TestGPUWorkspace: what passes leave to each other counts as memory.
func TestGPUWorkspace(t *testing.T) {
	options := suite.GPU(t)
	got, err := suite.Output(options, peakScript+`
n = 5000
x = mx.random.normal((n,))
at, ones = mx.arange(n) // 2, mx.ones((n,))
m = 100_000  # more than a threadgroup sorts
rows = mx.random.normal((m,))
print(peak(mx.sort, rows) >= 2 * 4 * m, peak(mx.argsort, rows) >= 2 * 8 * m, peak(lambda v: mx.fft.rfft(v), x) >= 8 * n,
    peak(lambda v: v.at[at].add(ones), x) >= 20 * n, peak(mx.cumsum, mx.zeros((20000,))) > 0, peak(mx.sum, mx.zeros((20000,))) > 0,
    peak(mx.softmax, x))
`)
	if want := strings.Repeat("True ", 6) + "0\n"; err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}
