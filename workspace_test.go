package mlxstar

import "testing"

// TestOrderingsCountTheirScratch holds the peak of sorts on the processor to what they
// use: keys, twice, of the rows that are ordered at the same time.
func TestOrderingsCountTheirScratch(t *testing.T) {
	got, err := runOn(Options{Device: "cpu", Threads: 2}, `
import mlx.core as mx
def peak(f, x):
    mx.eval(x)
    mx.clear_cache()
    mx.reset_peak_memory()
    before = mx.get_active_memory()
    y = f(x)
    mx.eval(y)
    return mx.get_peak_memory() - before - y.nbytes
def within(n, least):
    return least <= n <= least + 2 * 16384 + 64
n = 5000
x, rows = mx.random.normal((n,)), mx.random.normal((64, n))
print(within(peak(mx.sort, x), 8 * n), within(peak(mx.argsort, x), 16 * n),
    within(peak(mx.sort, rows), 2 * 8 * n), within(peak(mx.argsort, rows), 2 * 16 * n),
    peak(mx.sort, mx.random.randint(0, 9, (n,)).astype(mx.int64)) < 16384)
`)
	if want := "True True True True True\n"; err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}
