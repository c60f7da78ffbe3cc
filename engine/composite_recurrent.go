package engine

import "github.com/mlxstar/mlxstar/engine/shapes"

// Recurrence are the operands of GatedDelta: queries and keys of the shape (batch,
// places, key heads, key features), values of (batch, places, value heads, value
// features), the decay and the rate of each value head at each place, and, where they
// are not nil, the state to begin with, of (batch, value heads, value features, key
// features), and the places that count, of (batch, places).
type Recurrence struct{ Q, K, V, Decay, Rate, State, Mask *Node }

// GatedDelta runs the gated delta rule along the places: the state decays, what it
// recalls for the key is compared with the value, and the difference, times the
// rate, is stored under the key. It gives what the state recalls for each query, in
// the dtype of the queries, and the last state, in float32. A place that is masked
// recalls 0 and leaves the state.
func (b *Builder) GatedDelta(in Recurrence) (out, state *Node) {
	const op = "fast.gated_delta_update"
	for _, x := range []*Node{in.Q, in.K, in.V} {
		if len(x.shape) != 4 {
			b.failf(ValueError, op, "queries, keys and values have shapes %s, %s and %s, want four axes", shapes.Format(in.Q.shape), shapes.Format(in.K.shape), shapes.Format(in.V.shape))
		}
	}
	batch, places, keyHeads, features := in.K.shape[0], in.K.shape[1], in.K.shape[2], in.K.shape[3]
	heads := in.V.shape[2]
	rates := []int{batch, places, heads}
	switch {
	case !equalInts(in.Q.shape, in.K.shape) || in.V.shape[0] != batch || in.V.shape[1] != places:
		b.failf(ValueError, op, "queries, keys and values of shapes %s, %s and %s do not match", shapes.Format(in.Q.shape), shapes.Format(in.K.shape), shapes.Format(in.V.shape))
	case keyHeads == 0 || heads%keyHeads != 0:
		b.failf(ValueError, op, "%d heads of values are no multiple of %d of keys", heads, keyHeads)
	case places == 0:
		b.failf(ValueError, op, "shape %s has no places", shapes.Format(in.K.shape))
	case in.Mask != nil && !equalInts(in.Mask.shape, rates[:2]):
		b.failf(ValueError, op, "the mask has the shape %s, want %s", shapes.Format(in.Mask.shape), shapes.Format(rates[:2]))
	}
	d := in.Q.dtype.AtLeastFloat()
	wide := func(x *Node) *Node { return b.Repeat(b.AsType(x, Float32), heads/keyHeads, 2) }
	q, k, v := wide(in.Q), wide(in.K), b.AsType(in.V, Float32)
	decay, rate := b.Broadcast(b.AsType(in.Decay, Float32), rates), b.Broadcast(b.AsType(in.Rate, Float32), rates)
	size := []int{batch, heads, in.V.shape[3], features}
	state = b.Full(size, 0, Float32)
	if in.State != nil {
		if !equalInts(in.State.shape, size) {
			b.failf(ValueError, op, "the state has the shape %s, want %s", shapes.Format(in.State.shape), shapes.Format(size))
		}
		state = b.AsType(in.State, Float32)
	}
	at := func(x *Node, t int) *Node { return b.Squeeze(b.Narrow(x, 1, t, t+1), 1) }
	recalled := make([]*Node, places)
	for t := range places {
		key, before := b.ExpandDims(at(k, t), -2), state
		state = b.Mul(state, b.ExpandDims(at(decay, t), -1, -2))
		missing := b.Sub(at(v, t), b.Sum(b.Mul(state, key), []int{-1}, false))
		missing = b.Mul(missing, b.ExpandDims(at(rate, t), -1))
		state = b.Add(state, b.Mul(key, b.ExpandDims(missing, -1)))
		recalled[t] = b.Sum(b.Mul(state, b.ExpandDims(at(q, t), -2)), []int{-1}, false)
		if in.Mask != nil {
			counts := b.ExpandDims(b.AsType(at(in.Mask, t), Bool), 1, 2)
			recalled[t] = b.Where(counts, recalled[t], b.Scalar(0, Float32))
			state = b.Where(b.ExpandDims(counts, 3), state, before)
		}
	}
	return b.AsType(b.Stack(recalled, 1), d), state
}
