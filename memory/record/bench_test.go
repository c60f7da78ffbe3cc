package record_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

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

// BenchmarkStep is what listening costs a step of training: of two runtimes that take turns,
// one has nobody listening, the other is recorded, or recorded to a file. The time of an
// operation is that of a step of each; added-% compares the medians.
func BenchmarkStep(b *testing.B) {
	for _, how := range []string{"recorded", "file"} {
		b.Run(how, func(b *testing.B) {
			off, on := trained(b), trained(b)
			if how == "recorded" {
				on.RecordMemory()
			} else {
				w, err := record.Create(filepath.Join(b.TempDir(), "run.mem"), 0, on.RecordMemory())
				if err != nil {
					b.Fatal(err)
				}
				defer func() {
					if _, err := w.Finish(on.MemorySnapshot(false)); err != nil {
						b.Error(err)
					}
				}()
			}
			var times [2][]time.Duration
			for b.Loop() {
				for i, rt := range []*mlxstar.Runtime{off, on} {
					start := time.Now()
					if _, err := rt.Call(b.Context(), "step"); err != nil {
						b.Fatal(err)
					}
					times[i] = append(times[i], time.Since(start))
				}
			}
			b.ReportMetric(100*(median(times[1])/median(times[0])-1), "added-%")
		})
	}
}

// trained is a runtime that has made a step.
func trained(b *testing.B) *mlxstar.Runtime {
	rt, err := mlxstar.New(mlxstar.Options{Device: "cpu"})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { rt.Close() })
	if err := rt.Exec(b.Context(), "gpt.py", gpt); err != nil {
		b.Fatal(err)
	}
	if _, err := rt.Call(b.Context(), "step"); err != nil {
		b.Fatal(err)
	}
	return rt
}

// median is the middle of the times, in seconds.
func median(times []time.Duration) float64 {
	slices.Sort(times)
	return (times[(len(times)-1)/2] + times[len(times)/2]).Seconds() / 2
}
