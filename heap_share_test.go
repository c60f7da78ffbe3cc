package mlxstar

import (
	"runtime"
	"testing"
)

// TestHeapOverhead holds what a count finds to what Go's heap grew by, for values of
// each kind.
func TestHeapOverhead(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector, which runs short tests, makes values larger")
	}
	for name, script := range map[string]string{
		"lists":      "held = [[i, i] for i in range(100_000)]",
		"tuples":     "held = [(i, i, i) for i in range(100_000)]",
		"floats":     "held = [i + 0.5 for i in range(400_000)]",
		"integers":   "held = [i * 10**20 for i in range(100_000)]",
		"strings":    "held = ['%030d' % i for i in range(200_000)]",
		"long":       "held = ['%05000d' % i for i in range(4000)]",
		"bytes":      "held = [b'x' * (i % 300) for i in range(60_000)]",
		"dicts":      "held = [{'a': i, 'b': [i]} for i in range(30_000)]",
		"large dict": "held = {i + 0.5: str(i) for i in range(100_000)}",
		"sets":       "held = {str(i) for i in range(100_000)}",
		"instances":  "class A:\n    def __init__(self, x): self.x, self.y = x, [x]\nheld = [A(i) for i in range(60_000)]",
		"closures":   "def f(x): return lambda: x\nheld = [f([i]) for i in range(60_000)]",
		"appended":   "held = []\nfor i in range(300_000): held.append(i)\nheld2 = []\nfor i in range(100_000): held2.append(str(i))",
		"graph":      "import mlx.core as mx\nheld = mx.ones(2)\nfor _ in range(30_000): held = held + 1",
		"numpy":      "import numpy as np\nheld = [np.ones(3) for _ in range(30_000)]",
	} {
		t.Run(name, func(t *testing.T) {
			rt, err := New(Options{HardMemoryLimit: 1 << 30, Threads: 1})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = rt.Close() }()
			if err := rt.Exec(t.Context(), "warm.py", "import mlx.core as mx\nimport numpy as np\nnp.ones(2); mx.eval(mx.ones(2) + 1)"); err != nil {
				t.Fatal(err)
			}
			measure := func() (heap, counted int64) {
				runtime.GC()
				runtime.GC()
				heap, _ = processHeap()
				if !rt.count() {
					t.Fatal("the count was given up")
				}
				return heap, int64(float64(rt.share.heldNow())/heapOverhead) + rt.account.Active()
			}
			heap, counted := measure()
			if err := rt.Exec(t.Context(), "hold.py", script); err != nil {
				t.Fatal(err)
			}
			after, countedAfter := measure()
			grown, found := after-heap, countedAfter-counted
			ratio := float64(grown) / float64(found)
			t.Logf("%-10s heap %6.2f MiB, counted %6.2f MiB, ratio %.3f", name, float64(grown)/(1<<20), float64(found)/(1<<20), ratio)
			if ratio < 0.7 || ratio > 1.3 {
				t.Errorf("the heap grew by %d bytes, the count by %d", grown, found)
			}
		})
	}
}
