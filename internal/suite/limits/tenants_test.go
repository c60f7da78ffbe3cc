package limits

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

const tenantLimit = 100 << 20

// greedy are ways to hold ever more.
var greedy = map[string]string{
	"lists":      "held = []\nwhile True: held.append([1, [2.5] * 40, len(held) * 10**20])",
	"strings":    "held = []\nwhile True: held.append('%030d' % len(held))",
	"long texts": "held = []\nwhile True: held.append('x' * 100_000 + str(len(held)))",
	"dicts":      "held = {}\nwhile True: held[len(held) + 0.5] = (len(held), str(len(held)))",
	"sets":       "held = set()\nwhile True: held.add(str(len(held)))",
	"bytes":      "held = bytearray()\nwhile True: held += b'x' * 1000",
	"instances":  "class A: pass\nheld = []\nwhile True:\n    a = A()\n    a.x = [a]\n    held.append(a)",
	"closures":   "def f(x): return lambda: x\nheld = []\nwhile True: held.append(f([len(held)]))",
	"generators": "def f(x):\n    yield 1\n    yield x\nheld = []\nwhile True:\n    g = f([0] * 1000)\n    next(g)\n    held.append(g)",
	"arrays":     "import mlx.core as mx\nheld = []\nwhile True:\n    held.append(mx.ones(10_000) + len(held))\n    mx.eval(held[-1])",
	"graphs":     "import mlx.core as mx\nheld = mx.ones(2)\nwhile True: held = held + 1",
	"numpy":      "import numpy as np\nheld = []\nwhile True: held.append(np.ones(10_000))",
	"variables":  "def f(n):\n    x = [n] * 20_000\n    f(n + 1)\n    return x\nimport sys\nsys.setrecursionlimit(10**6)\nf(0)",
	"operands":   "def g(x, y): return x\ndef f(n): return g('x' * 200_000 + str(n), f(n + 1))\nimport sys\nsys.setrecursionlimit(10**6)\nf(0)",
	"exceptions": "held = []\ndef f(x): raise ValueError(x)\nwhile True:\n    try: f('x' * 5000 + str(len(held)))\n    except ValueError as e: held.append(e)",
	"deque":      "from collections import deque\nheld = deque()\nwhile True: held.append([len(held)])",
	"StringIO":   "import io\nheld = io.StringIO()\nwhile True: held.write('x' * 1000)",
}

// modest holds some 50 MiB, more than half of the limit, and works on, making garbage.
const modest = `
import mlx.core as mx
lists = [[i, str(i)] for i in range(100_000)]
text = 'x' * (10 << 20)
array = mx.zeros((10 << 20) // 4)
mx.eval(array)
rounds = 0
while not stop():
    rounds += 1
    part = [(i, [i]) for i in range(10_000)]
    assert len(str(part) + text[:100]) > 10_000
    assert (array + rounds).sum().item() == array.size * rounds
    assert sum(len(s) for _, s in lists) == 488_890
`

// TestTenants holds two runtimes in one process to 100 MiB each: what one does that takes
// all that it can get ends that one, and never the other.
func TestTenants(t *testing.T) {
	b := suite.NewRuntime(t, mlxstar.Options{HardMemoryLimit: tenantLimit, Threads: 1})
	for name, script := range greedy {
		if !*grid && !slices.Contains([]string{"lists", "long texts", "arrays", "operands"}, name) {
			continue
		}
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			done := make(chan struct{})
			rounds := 0
			err := b.Set("stop", mlxstar.Func(func([]any, map[string]any) (any, error) {
				rounds++
				select {
				case <-done:
					return rounds > 2, nil
				case <-time.After(20 * time.Millisecond): // leaves the processors to the other
					return false, nil
				}
			}))
			if err != nil {
				t.Fatal(err)
			}
			other := make(chan error, 1)
			go func() { other <- b.Exec(t.Context(), "modest.py", modest) }()
			a := suite.NewRuntime(t, mlxstar.Options{HardMemoryLimit: tenantLimit, Threads: 1})
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			err = a.Exec(ctx, "greedy.py", script)
			var e *mlxstar.Error
			if !errors.Is(err, mlxstar.ErrMemoryLimit) || !errors.As(err, &e) || e.Type != "MemoryError" {
				t.Errorf("the one that takes all: got %v, want a MemoryError at its limit", err)
			}
			close(done)
			if err := <-other; err != nil {
				t.Errorf("the other: %v", err)
			}
			if err := a.Exec(t.Context(), "after.py", "held = None\nassert sum([1, 2]) == 3"); err != nil {
				t.Errorf("the one is not usable after it: %v", err)
			}
		})
	}
}
