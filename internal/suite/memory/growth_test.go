package memory_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
)

// warnings runs a script and gives what it wrote on the standard error, its lines
// in pairs of a warning and its source line.
func warnings(t *testing.T, src string) []string {
	t.Helper()
	var stderr bytes.Buffer
	rt, err := mlxstar.New(mlxstar.Options{Stderr: &stderr})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	if err := rt.Exec(context.Background(), "loop.py", src); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(stderr.String(), "\n"), "\n")
}

// TestForgottenEval runs loops that evaluate a part of their state: the warning
// names the line whose graph grows, once.
func TestForgottenEval(t *testing.T) {
	const head = "import mlx.core as mx\nimport mlx.nn as nn\nimport mlx.optimizers as optim\nfrom mlx.utils import tree_map\n"
	for name, c := range map[string]struct {
		src   string
		lines []string // source lines that are named
	}{
		"sum of losses": {`
total = mx.array(0.0)
w = mx.ones((8,))
for step in range(1000):
    w = w * 0.5
    total = total + w.sum()
    mx.eval(w)
`, []string{"total = total + w.sum()"}},
		"in a function, in place": {`
def train(steps):
    ema = mx.zeros((64, 64))
    w = mx.ones((64, 64))
    for step in range(steps):
        w = w - 0.01 * w
        ema *= 0.99
        ema += 0.01 * w
        mx.eval(w)
    return ema
train(1000)
`, []string{"ema *= 0.99"}},
		"the optimizer's state": {`
model = nn.Linear(2, 2)
optimizer = optim.SGD(learning_rate=0.1)
step = nn.value_and_grad(model, lambda x: model(x).sum())
x = mx.ones((1, 2))
for i in range(1000):
    loss, grads = step(x)
    optimizer.update(model, grads)
    mx.eval(model.parameters())
`, []string{"optimizer.update(model, grads)"}},
		"evaluated by item": {`
state = [mx.zeros(3)]
def advance(s):
    return s + 1
for i in range(1000):
    state[0] = advance(state[0])
    mx.array(i).item() + mx.sum(mx.ones(2)).item()
`, []string{"return s + 1"}},
		"once for one line": {`
for i in range(2):
    a = mx.zeros(3)
    for i in range(600):
        a = a + 1
        mx.eval(mx.ones(2) + 1)
`, []string{"a = a + 1"}},
		"in a generator": {`
def sums():
    s = mx.array(0.0)
    while True:
        s = s + 1
        yield s
g = sums()
for i in range(600):
    next(g)
    mx.eval(mx.ones(2) + 1)
`, []string{"s = s + 1"}},
	} {
		t.Run(name, func(t *testing.T) {
			src := head + c.src
			var want []string
			for i, line := range strings.Split(src, "\n") {
				for _, named := range c.lines {
					if strings.TrimSpace(line) == named {
						want = append(want, fmt.Sprintf("loop.py:%d: RuntimeWarning: the graph behind this array has grown through 500 evaluations", i+1), "  "+named)
					}
				}
			}
			got := warnings(t, src)
			if len(got) != len(want) {
				t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			for i := range want {
				if !strings.HasPrefix(got[i], want[i]) {
					t.Errorf("got %s, want %s", got[i], want[i])
				}
			}
		})
	}
}

// TestLongGraphsAreSilent runs programs whose graphs are long on purpose, or whose
// author has silenced the warning.
func TestLongGraphsAreSilent(t *testing.T) {
	const head = "import mlx.core as mx\nimport mlx.nn as nn\nimport mlx.optimizers as optim\nfrom mlx.utils import tree_map\n"
	for name, src := range map[string]string{
		"a chain built at once": `
a = mx.array(0.0)
for i in range(200000):
    a = a + 1
mx.eval(a)
assert a.item() == 200000
`,
		"accumulation over 64 steps": `
total = mx.zeros((16,))
for i in range(64 * 30):
    loss = mx.ones((16,)) * i
    total = total + loss
    mx.eval(loss)
    float(loss.sum())
    if i % 64 == 63:
        mx.eval(total)
        total = total * 0
`,
		"gradient accumulation": `
model = nn.Linear(4, 4)
optimizer = optim.Adam(learning_rate=0.01)
step = nn.value_and_grad(model, lambda x: model(x).square().mean())
grads = None
for i in range(1200):
    loss, g = step(mx.ones((2, 4)))
    if grads is None:
        grads = g
    else:
        grads = tree_map(lambda a, b: a + b, grads, g)
    mx.eval(loss)
    if i % 8 == 7:
        optimizer.update(model, grads)
        mx.eval(model.state, optimizer.state)
        grads = None
`,
		"a recurrent state": `
h = mx.zeros((8,))
w = mx.eye(8)
for i in range(1200):
    h = mx.tanh(w @ h + 1)
    y = h.sum()
    y.item()
`,
		"a table that nothing evaluates": `
scale = mx.arange(8) * 0.5
for i in range(1200):
    mx.eval(scale + i)
`,
		"draws": `
for i in range(1200):
    unused = mx.random.normal((4,))
    mx.eval(mx.random.uniform(shape=(4,)))
`,
		"a compiled step": `
state = [mx.zeros(4)]
@mx.compile
def step(s, x):
    return s + x, (s * x).sum()
for i in range(1200):
    state[0], loss = step(state[0], mx.ones(4))
    mx.eval(state, loss)
`,
		"silenced": `
import warnings
warnings.filterwarnings("ignore", category=RuntimeWarning)
a = mx.zeros(3)
for i in range(1000):
    a = a + 1
    mx.eval(mx.ones(2) + 1)
`,
		"made an error": `
import warnings
warnings.simplefilter("error")
a = mx.zeros(3)
try:
    for i in range(1000):
        a = a + 1
        mx.eval(mx.ones(2) + 1)
except RuntimeWarning as e:
    assert i == 499 or i == 500, i
else:
    assert False
`,
	} {
		t.Run(name, func(t *testing.T) {
			if got := warnings(t, head+src); len(got) != 1 || got[0] != "" {
				t.Errorf("warns: %s", strings.Join(got, "\n"))
			}
		})
	}
}
