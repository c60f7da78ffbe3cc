package engine

import (
	"slices"

	"github.com/mlxstar/mlxstar/engine/shapes"
)

// AttentionAttrs choose how queries may look at keys: by an array that is added
// to the scores or, of bools, allows them; or, with Causal set, each at those up
// to its own place, the last query's being the last key. Sinks, one for each
// head, are scores without a value. Mask and Sinks may be nil.
type AttentionAttrs struct {
	Scale  float64
	Causal bool
	Mask   *Node
	Sinks  *Node
}

const attention = "scaled_dot_product_attention"

// Attention is softmax(scale q kᵀ) v over arrays of (batch, heads, places,
// features). A head of the keys and values serves several of the queries where
// they have fewer.
func (b *Builder) Attention(q, k, v *Node, at AttentionAttrs) *Node {
	d := b.checkAttention(q, k, v, at)
	q, k, v = b.AsType(q, d), b.AsType(k, d), b.AsType(v, d)
	if m := at.Mask; m != nil {
		if m.dtype != Bool {
			m = b.AsType(m, d)
		}
		at.Mask = b.Broadcast(m, []int{q.shape[0], q.shape[1], q.shape[2], k.shape[2]})
	}
	if at.Sinks != nil {
		at.Sinks = b.AsType(at.Sinks, d)
	}
	if max(q.shape[3], v.shape[3]) > FlashFeatures {
		return b.attention(q, k, v, at)
	}
	in := []*Node{q, k, v}
	for _, x := range []*Node{at.Mask, at.Sinks} {
		if x != nil {
			in = append(in, x)
		}
	}
	shape := withLast(q.shape, v.shape[3])
	return b.node(OpAttention, FlashAttrs{at.Scale, at.Causal, at.Mask != nil, at.Sinks != nil}, d, shape, in...)
}

// attention is the same in simpler operations, its operands being of one dtype.
func (b *Builder) attention(q, k, v *Node, at AttentionAttrs) *Node {
	w := b.attentionWeights(q, k, at)
	out := b.MatMul(w.weights, b.ExpandDims(b.AsType(v, w.weights.dtype), 2))
	return b.AsType(b.Reshape(out, []int{q.shape[0], q.shape[1], q.shape[2], v.shape[3]}), q.dtype)
}

// weighing is how queries look at keys: arrays of (batch, groups, repeats, queries, ...).
type weighing struct {
	q, k    *Node // wide; the queries are scaled, and the keys have one axis for all repeats
	weights *Node
	allowed *Node // bools, or nil where all is
	sinks   *Node // their weights, or nil
}

// groupHeads divides an array's heads into those that share keys.
func (b *Builder) groupHeads(x *Node, groups int) *Node {
	return b.Reshape(x, []int{x.shape[0], groups, x.shape[1] / max(groups, 1), x.shape[2], x.shape[3]})
}

func (b *Builder) attentionWeights(q, k *Node, at AttentionAttrs) (w weighing) {
	groups, repeats := k.shape[1], q.shape[1]/max(k.shape[1], 1)
	queries, keys := q.shape[2], k.shape[2]
	q = b.wide(q)
	c := q.dtype
	w.q = b.groupHeads(b.Mul(q, b.Scalar(at.Scale, c)), groups)
	w.k = b.ExpandDims(b.AsType(k, c), 2)
	scores := b.MatMul(w.q, b.matrixT(w.k))
	if at.Causal {
		w.allowed = b.Tri(queries, keys, keys-queries, Bool)
		scores = b.allow(scores, w.allowed)
	}
	if m := at.Mask; m != nil {
		m = b.groupHeads(m, groups)
		if m.dtype == Bool {
			scores = b.allow(scores, m)
			if w.allowed != nil {
				m = b.Binary(OpLogicalAnd, w.allowed, m)
			}
			w.allowed = m
		} else {
			scores = b.Add(scores, b.AsType(m, c))
		}
	}
	if at.Sinks != nil {
		sinks := b.Reshape(b.AsType(at.Sinks, c), []int{1, groups, repeats, 1, 1})
		sinks = b.Broadcast(sinks, append(slices.Clone(scores.shape[:4]), 1))
		scores = b.Concatenate([]*Node{sinks, scores}, 4)
	}
	w.weights = b.Softmax(scores, []int{-1}, true)
	if at.Sinks != nil {
		w.sinks = b.Narrow(w.weights, 4, 0, 1)
		w.weights = b.Narrow(w.weights, 4, 1, keys+1)
	}
	return w
}

// allow gives the lowest finite score to what a mask forbids, so that a query
// that may look at nothing averages all values.
func (b *Builder) allow(scores, mask *Node) *Node {
	limits, _ := scores.dtype.Limits()
	return b.Where(mask, scores, b.Scalar(-limits.Max, scores.dtype))
}

// checkAttention gives the dtype of the answer.
func (b *Builder) checkAttention(q, k, v *Node, at AttentionAttrs) Dtype {
	for _, x := range []*Node{q, k, v} {
		if len(x.shape) != 4 {
			b.failf(ValueError, attention, "got an array of shape %s, want 4 axes", shapes.Format(x.shape))
		}
		if x.shape[0] != q.shape[0] {
			b.failf(ValueError, attention, "got batches of %d and %d", q.shape[0], x.shape[0])
		}
	}
	d := Promote(q.dtype, Promote(k.dtype, v.dtype))
	switch {
	case !d.IsFloat():
		b.failf(ValueError, attention, "got %s, want a floating dtype", d)
	case q.shape[3] != k.shape[3]:
		b.failf(ValueError, attention, "queries have %d features and keys %d", q.shape[3], k.shape[3])
	case k.shape[1] != v.shape[1] || k.shape[2] != v.shape[2]:
		b.failf(ValueError, attention, "keys of shape %s do not match values of %s", shapes.Format(k.shape), shapes.Format(v.shape))
	case q.shape[1] != 0 && (k.shape[1] == 0 || q.shape[1]%k.shape[1] != 0):
		b.failf(ValueError, attention, "%d heads of queries are no multiple of %d of keys", q.shape[1], k.shape[1])
	case at.Sinks != nil && !slices.Equal(at.Sinks.shape, []int{q.shape[1]}):
		b.failf(ValueError, attention, "sinks have the shape %s, want (%d,)", shapes.Format(at.Sinks.shape), q.shape[1])
	case at.Sinks != nil && Promote(at.Sinks.dtype, d) != d:
		b.failf(ValueError, attention, "sinks are %s, which does not promote to %s", at.Sinks.dtype, d)
	}
	if m := at.Mask; m != nil {
		scores := []int{q.shape[0], q.shape[1], q.shape[2], k.shape[2]}
		if to, ok := shapes.Broadcast(m.shape, scores); !ok || !slices.Equal(to, scores) {
			b.failf(ValueError, attention, "a mask of shape %s does not broadcast to %s", shapes.Format(m.shape), shapes.Format(scores))
		}
		if m.dtype != Bool && (Promote(m.dtype, d) != d) {
			b.failf(ValueError, attention, "the mask is %s, which does not promote to %s", m.dtype, d)
		}
	}
	return d
}
