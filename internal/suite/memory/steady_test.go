package memory_test

import (
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// TestLocalsHoldOneStep: what a function's variables owned is let go of where they are
// bound again and where the function returns, without any collection.
func TestLocalsHoldOneStep(t *testing.T) {
	for name, c := range map[string]struct {
		src    string
		arrays int64 // at the peak, beyond what is live
	}{
		"returned": {"def work():\n    y = w * 2 + 1\n    mx.eval(y)\n    z = mx.tanh(y)\n    mx.eval(z)\n    return mx.sum(z)\n" +
			"for i in range(100):\n    s = work()\n    mx.eval(s)\n", 2},
		"ends": {"def work():\n    y = mx.tanh(w)\n    mx.eval(y)\n" +
			"for i in range(100):\n    work()\n", 1},
		"returned early": {"def work(n):\n    for i in range(n):\n        try:\n            y = mx.tanh(w)\n            mx.eval(y)\n            return 1\n        finally:\n            pass\n" +
			"for i in range(100):\n    work(3)\n", 1},
		"operators in a loop": {"def work():\n    x = w\n    for i in range(100):\n        x = x * 0.5\n        mx.eval(x)\nwork()\n", 2},
		"calls in a loop":     {"def work():\n    x = w\n    for i in range(100):\n        x = mx.tanh(x)\n        mx.eval(x)\nwork()\n", 2},
		"variables in a loop": {"def work():\n    for i in range(100):\n        y = mx.tanh(w)\n        mx.eval(y)\nwork()\n", 2},
		"list": {"def work():\n    parts = [w * i for i in range(2)]\n    mx.eval(parts)\n    return mx.sum(parts[0] + parts[1])\n" +
			"for i in range(100):\n    s = work()\n    mx.eval(s)\n", 2},
		"list bound again": {"for i in range(100):\n    parts = [mx.tanh(w), w * 2]\n    mx.eval(parts)\n", 4},
		"parts": {"def work():\n    y = mx.tanh(w)\n    mx.eval(y)\n    n = y.shape[0]\n    s = y.sum() * y[0] + y.T.max() * n\n    mx.eval(s)\n    return s.item()\n" +
			"for i in range(100):\n    work()\n", 1},
		"part of a cache": {"c = {'k': mx.zeros((8, 1 << 17))}\nmx.eval(c['k'])\ndef work(i):\n    c['k'][:, i:i + 1] = 1\n    k = c['k'][:, :i + 1]\n    return k.sum()\n" +
			"for i in range(100):\n    s = work(i)\n    mx.eval(s)\n", 1},
		"a global": {"g = w * 1\nmx.eval(g)\ndef work():\n    global g\n    for i in range(100):\n        g = g * 0.5\n        mx.eval(g)\nwork()\n", 2},
	} {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			s := suite.NewScript(t, mlxstar.Options{})
			s.Run("import mlx.core as mx\nw = mx.random.normal((1 << 20,))\nmx.eval(w)\nlive = mx.get_active_memory()\nmx.reset_peak_memory()\n" + c.src + "peak = mx.get_peak_memory()\n")
			if got, most := s.Int("peak - live"), c.arrays*4<<20+64<<10; got > most {
				t.Errorf("the peak is %d above what is live, want at most %d: %d arrays", got, most, c.arrays)
			}
		})
	}
}

func TestVariableLengthsDoNotHoard(t *testing.T) {
	src := suite.Read(t, "scripts/variable_lengths.star")
	var out strings.Builder
	rt, err := mlxstar.New(mlxstar.Options{Args: []string{"variable_lengths.star", "--steps", "40", "--longest", "1024"}, Stdout: &out})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	if err := rt.Exec(t.Context(), "variable_lengths.star", src); err != nil {
		t.Fatal(err)
	}
	m := rt.Memory()
	if !strings.Contains(out.String(), "wanted: held") || m.Active+m.Cache > m.Peak*13/10+64<<20 {
		t.Errorf("hoarded, %+v:\n%s", m, out.String())
	}
}

// compiledStep is a compiled gradient whose graph has constants of the size of
// its argument: the zeros that a pooling's gradient is scattered into.
const compiledStep = `
import mlx.core as mx
import mlx.nn as nn
x = mx.random.normal((4, 64, 64, 8))
mx.eval(x)
pool = nn.MaxPool2d(2)
gradient = mx.compile(mx.grad(lambda x: mx.square(pool(nn.gelu(x))).sum()))
before = mx.get_active_memory()
for i in range(3):
    g = gradient(x)
    mx.eval(g)
g = None
kept = mx.get_active_memory() - before
`

func TestCompiledTemplateHoldsNoActivation(t *testing.T) {
	s := suite.NewScript(t, mlxstar.Options{})
	s.Run(compiledStep)
	if got := s.Int("kept"); got > 4096 {
		t.Errorf("%d bytes stayed active after a compiled step, want less than one small array", got)
	}
}

func TestCompileIgnoresFunctionsInState(t *testing.T) {
	s := suite.NewScript(t, mlxstar.Options{})
	s.Run("import mlx.core as mx\n" +
		"state = {'scale': mx.array(2.0), 'layers': [abs, mx.array(1.0)]}\n" +
		"f = mx.compile(lambda x: state['scale'] * state['layers'][0](x), inputs=state)\n" +
		"a = int(f(mx.array(-3.0)).item())\n" +
		"state['scale'] = mx.array(5.0)\n" +
		"b = int(f(mx.array(-3.0)).item())\n")
	if a, b := s.Int("a"), s.Int("b"); a != 6 || b != 15 {
		t.Errorf("got %d and %d, want 6 and 15", a, b)
	}
}

// TestGradientsOfPartsAddUpInOneBuffer: what a function does with parts of an array
// leaves to the gradient one array, whatever the parts' number.
func TestGradientsOfPartsAddUpInOneBuffer(t *testing.T) {
	for name, c := range map[string]struct {
		f      string
		arrays int64 // at the peak, beyond what is live
	}{
		"rows":          {"lambda x: sum((x[i] * x[i]).sum() for i in range(64))", 1},
		"steps":         {"lambda x: sum((x[:, i::64] * (i + 1)).sum() for i in range(64))", 1},
		"split":         {"lambda x: mx.concatenate([p * p for p in mx.split(x, 16)]).sum()", 1},
		"gather":        {"lambda x: sum((x[mx.array([i, 5, i])] * (i + 1)).sum() for i in range(64))", 1},
		"along":         {"lambda x: sum(mx.take_along_axis(x, mx.full((64, 1), i), 1).sum() for i in range(64))", 1},
		"and the whole": {"lambda x: sum((x[i] * x[i]).sum() for i in range(64)) + (x * x).sum()", 1},
	} {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			s := suite.NewScript(t, mlxstar.Options{})
			s.Run("import mlx.core as mx\nx = mx.random.normal((64, 1 << 14))\nmx.eval(x)\nlive = mx.get_active_memory()\nmx.reset_peak_memory()\n" +
				"g = mx.grad(" + c.f + ")(x)\nmx.eval(g)\npeak = mx.get_peak_memory()\n")
			if got, most := s.Int("peak - live"), c.arrays*4<<20+1<<20; got > most {
				t.Errorf("the peak is %d above what is live, want at most %d: %d arrays", got, most, c.arrays)
			}
		})
	}
}
