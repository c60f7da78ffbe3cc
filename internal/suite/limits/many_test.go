package limits

import (
	"runtime"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar"
)

const (
	manyRuntimes  = 10_000
	fewRuntimes   = 100
	leakedPerOne  = 512 // bytes of heap that a runtime may leave, on average, with noise
	smallLeakSlop = 4 << 20
)

// TestManyRuntimes makes, uses and closes runtimes whose scripts leave a generator
// suspended: no goroutine and no memory is left of them.
func TestManyRuntimes(t *testing.T) {
	n := fewRuntimes
	if *grid {
		n = manyRuntimes
	}
	src := `
import mlx.core as mx
def numbers():
    try:
        while True: yield mx.ones(10)
    finally: print('not reached')
def annotated(x: int, y: 'numbers' = None): return numbers
annotated.kept, annotated.itself = numbers, annotated
ended = (x for x in [1])
assert list(ended) == [1]
held = numbers()
total = next(held) + next(held)
mx.eval(total)
`
	one := func() {
		rt, err := mlxstar.New(mlxstar.Options{Device: "cpu", Threads: 2, HardMemoryLimit: 1 << 30})
		if err != nil {
			t.Fatal(err)
		}
		if err := rt.Exec(t.Context(), "generator.py", src); err != nil {
			t.Error(err)
		}
		if err := rt.Close(); err != nil {
			t.Error(err)
		}
	}
	settled := func() (heap uint64, goroutines int) {
		for range 100 { // goroutines that were told to end need a moment
			runtime.GC()
			if goroutines = runtime.NumGoroutine(); goroutines <= 2 {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc, goroutines
	}
	for range 20 {
		one()
	}
	before, goroutines := settled()
	for range n {
		one()
	}
	after, left := settled()
	t.Logf("%d runtimes: %d goroutines before, %d after; heap %.2f MiB before, %.2f MiB after", n, goroutines, left, float64(before)/(1<<20), float64(after)/(1<<20))
	if left > goroutines {
		t.Errorf("%d goroutines are left, %d were there before", left, goroutines)
	}
	if after > before+uint64(n*leakedPerOne+smallLeakSlop) {
		t.Errorf("the heap has grown from %d to %d bytes", before, after)
	}
}
