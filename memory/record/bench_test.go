package record_test

import (
	"path/filepath"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/memory/record"
)

// gpt makes a small transformer and a step of training it.
const gpt = `import mlx.core as mx, mlx.nn as nn, mlx.optimizers as optim

class Net(nn.Module):
    def __init__(self, vocabulary, dims, heads, layers):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, dims)
        self.body = nn.TransformerEncoder(layers, dims, heads, norm_first=True)
        self.head = nn.Linear(dims, vocabulary)

    def __call__(self, x):
        mask = nn.MultiHeadAttention.create_additive_causal_mask(x.shape[1])
        return self.head(self.body(self.embed(x), mask))

model = Net(512, 128, 4, 4)
optimizer = optim.AdamW(learning_rate=1e-4)
loss_and_grad = nn.value_and_grad(model, lambda model, x, y: nn.losses.cross_entropy(model(x), y).mean())
x = mx.random.randint(0, 512, (8, 129))
mx.eval(model.parameters(), x)

def step():
    loss, grads = loss_and_grad(model, x[:, :-1], x[:, 1:])
    optimizer.update(model, grads)
    mx.eval(model.parameters(), optimizer.state, loss)
`

// BenchmarkStep is a step of training: with nobody listening, recorded, and recorded to a
// file. They differ by what listening takes.
func BenchmarkStep(b *testing.B) {
	for _, how := range []string{"off", "recorded", "file"} {
		b.Run(how, func(b *testing.B) {
			rt, err := mlxstar.New(mlxstar.Options{Device: "cpu"})
			if err != nil {
				b.Fatal(err)
			}
			defer rt.Close()
			if err := rt.Exec(b.Context(), "gpt.py", gpt); err != nil {
				b.Fatal(err)
			}
			switch how {
			case "recorded":
				rt.RecordMemory()
			case "file":
				w, err := record.Create(filepath.Join(b.TempDir(), "run.mem"), 0, rt.RecordMemory())
				if err != nil {
					b.Fatal(err)
				}
				defer func() {
					if _, err := w.Finish(rt.MemorySnapshot(false)); err != nil {
						b.Error(err)
					}
				}()
			}
			step := func() {
				if _, err := rt.Call(b.Context(), "step"); err != nil {
					b.Fatal(err)
				}
			}
			step()
			for b.Loop() {
				step()
			}
		})
	}
}
