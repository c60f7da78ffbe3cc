package builtins

import (
	"slices"

	"github.com/mlxstar/mlxstar/engine"
)

// Where conv_general pads an axis of its input more behind than in front, MLX's
// gradient of the input goes on into the additional padding: it is longer than
// the input by the difference. An input that is itself an argument of the
// function to be differentiated gets that gradient here, too; everywhere else
// the gradient is the input's.

// tail stands for the padding behind an argument: zeros of the argument's shape
// with the padding, whose gradient is taken.
type tail struct{ of, zeros *engine.Node }

// reverse are the transforms that give gradients of arguments.
var reverse = map[string]bool{"grad": true, "value_and_grad": true, "vjp": true}

// withTail adds the padding that MLX's gradient shows to an argument of the
// running transform. What it adds is taken off the attributes.
func (c *Call) withTail(x, w *engine.Node, at *engine.ConvAttrs) *engine.Node {
	t := c.m.tracing
	if t == nil || !reverse[t.trace.Name()] || !slices.Contains(t.tracers, x) || w.Rank() != x.Rank() {
		return x
	}
	longer, shape := false, slices.Clone(x.Shape())
	start, step, high := make([]int, len(shape)), slices.Repeat([]int{1}, len(shape)), slices.Clone(at.High)
	for i, low := range at.Low {
		reach := at.KernelDilation[i] * (w.Shape()[i+1] - 1)
		if more := high[i] - low; more > 0 && low >= 0 && low <= reach && at.InputDilation[i] == 1 {
			longer = true
			shape[i+1] += more
			high[i] = low
		}
	}
	if !longer {
		return x
	}
	at.High = high
	zeros := t.trace.Tracer(c.b, c.b.Full(shape, 0, x.Dtype()))
	t.tails = append(t.tails, tail{x, zeros})
	return c.b.SliceUpdate(zeros, x, start, step, engine.Replace)
}

// tailed gives the gradients of the tracers, with what lies in their tails.
func (t *tracing) tailed(b *engine.Builder, grads []*engine.Node) []*engine.Node {
	out := slices.Clone(grads[:len(t.tracers)])
	for i, tail := range t.tails {
		k, g := slices.Index(t.tracers, tail.of), grads[len(t.tracers)+i]
		if slices.Equal(out[k].Shape(), tail.of.Shape()) {
			rank := g.Rank()
			out[k] = b.SliceUpdate(g, out[k], make([]int, rank), slices.Repeat([]int{1}, rank), engine.Replace)
		}
	}
	return out
}
