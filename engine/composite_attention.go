package engine

import (
	"math"
	"slices"

	"github.com/mlxstar/mlxstar/engine/shapes"
)

// The functions of mlx.core.fast, in simpler operations. Half types compute in
// float32 and round once.

// wide is x in the dtype that a fast function computes in.
func (b *Builder) wide(x *Node) *Node {
	if x.dtype == Float64 {
		return x
	}
	return b.AsType(x, Float32)
}

// normed checks the operands of a normalization over the last axis and gives the
// dtype of the answer.
func (b *Builder) normed(op string, x *Node, params map[string]*Node) Dtype {
	if len(x.shape) == 0 {
		b.failf(ValueError, op, "got a 0-d array, want at least one axis")
	}
	d := x.dtype
	for _, name := range []string{"weight", "bias"} {
		p := params[name]
		if p == nil {
			continue
		}
		if len(p.shape) != 1 || p.shape[0] != x.shape[len(x.shape)-1] {
			b.failf(ValueError, op, "the %s has the shape %s, want (%d,)", name, shapes.Format(p.shape), x.shape[len(x.shape)-1])
		}
		d = Promote(d, p.dtype)
	}
	if !d.IsFloat() {
		b.failf(ValueError, op, "got %s, want a floating dtype", d)
	}
	return d
}

// RMSNorm divides the last axis by the root of the mean of its squares and
// multiplies by a weight, which may be nil.
func (b *Builder) RMSNorm(x, weight *Node, eps float64) *Node {
	d := b.normed("rms_norm", x, map[string]*Node{"weight": weight})
	return b.norm(OpRMSNorm, d, eps, x, weight, nil)
}

// LayerNorm brings the last axis to mean 0 and variance 1, multiplies by a
// weight and adds a bias, either of which may be nil.
func (b *Builder) LayerNorm(x, weight, bias *Node, eps float64) *Node {
	d := b.normed("layer_norm", x, map[string]*Node{"weight": weight, "bias": bias})
	return b.norm(OpLayerNorm, d, eps, x, weight, bias)
}

// RotaryAttrs choose a rotary encoding of positions: of the first Dims features,
// paired with their neighbours or, unless Traditional is set, with those half of
// Dims away. Freqs, the inverse frequencies, replace Base where they are not nil.
type RotaryAttrs struct {
	Dims        int
	Traditional bool
	Base, Scale float64
	Freqs       *Node
}

// Rotary turns pairs of features by angles that grow with the position, the place
// along the last axis but one plus an offset: a scalar, or one for each example.
func (b *Builder) Rotary(x, offset *Node, at RotaryAttrs) *Node {
	b.checkRotary(x, offset, at)
	in := []*Node{x, b.AsType(offset, Int32)}
	if at.Freqs != nil {
		in = append(in, b.wide(at.Freqs))
	}
	return b.node(OpRope, RopeAttrs{at.Dims, at.Traditional, at.Freqs != nil, at.Base, at.Scale}, x.dtype, x.shape, in...)
}

func (b *Builder) expandRope(n *Node) *Node {
	at, x, offset := n.attrs.(RopeAttrs), n.inputs[0], n.inputs[1]
	rank, half := len(x.shape), at.Dims/2
	y := b.wide(x)
	place := b.Arange(0, 1, x.shape[rank-2], y.dtype)
	if len(offset.shape) == 1 && offset.shape[0] > 1 {
		offset = b.Reshape(offset, append([]int{offset.shape[0]}, slices.Repeat([]int{1}, rank-2)...))
	}
	place = b.Mul(b.Add(place, b.AsType(offset, y.dtype)), b.Scalar(at.Scale, y.dtype))
	var speed *Node
	if at.Freqs {
		speed = b.Reciprocal(b.AsType(n.inputs[2], y.dtype))
	} else {
		exponent := b.Arange(0, -1/float64(max(half, 1)), half, y.dtype)
		speed = b.Exp(b.Mul(exponent, b.Scalar(math.Log(at.Base), y.dtype)))
	}
	angle := b.Mul(b.ExpandDims(place, -1), speed)
	cos, sin := b.Unary(OpCos, angle), b.Unary(OpSin, angle)
	turned := b.turn(y, cos, sin, at)
	if at.Dims < x.shape[rank-1] {
		turned = b.Concatenate([]*Node{turned, b.Narrow(y, rank-1, at.Dims, x.shape[rank-1])}, rank-1)
	}
	return b.AsType(turned, x.dtype)
}

// turn rotates the pairs among the first Dims features.
func (b *Builder) turn(x, cos, sin *Node, at RopeAttrs) *Node {
	last, half := len(x.shape)-1, at.Dims/2
	if !at.Traditional {
		u, v := b.Narrow(x, last, 0, half), b.Narrow(x, last, half, at.Dims)
		return b.Concatenate([]*Node{b.Sub(b.Mul(u, cos), b.Mul(v, sin)), b.Add(b.Mul(u, sin), b.Mul(v, cos))}, last)
	}
	pairs := b.Unflatten(b.Narrow(x, last, 0, at.Dims), last, []int{half, 2})
	u, v := b.Squeeze(b.Narrow(pairs, last+1, 0, 1), last+1), b.Squeeze(b.Narrow(pairs, last+1, 1, 2), last+1)
	turned := b.Stack([]*Node{b.Sub(b.Mul(u, cos), b.Mul(v, sin)), b.Add(b.Mul(u, sin), b.Mul(v, cos))}, last+1)
	return b.Flatten(turned, last, last+1)
}

func (b *Builder) checkRotary(x, offset *Node, at RotaryAttrs) {
	switch rank := len(x.shape); {
	case rank < 3:
		b.failf(ValueError, "rope", "got an array with %d axes, want at least 3", rank)
	case !x.dtype.IsFloat():
		b.failf(ValueError, "rope", "got %s, want a floating dtype", x.dtype)
	case at.Dims <= 0 || at.Dims%2 != 0:
		b.failf(ValueError, "rope", "dims is %d, want a positive even number", at.Dims)
	case at.Dims > x.shape[rank-1]:
		b.failf(ValueError, "rope", "dims is %d for %d features", at.Dims, x.shape[rank-1])
	case len(offset.shape) > 1 || len(offset.shape) == 1 && offset.shape[0] != x.shape[0] && offset.shape[0] != 1:
		b.failf(ValueError, "rope", "the offset has the shape %s, want () or (%d,)", shapes.Format(offset.shape), x.shape[0])
	case offset.dtype.IsInexact():
		b.failf(ValueError, "rope", "the offset is %s, want an integer dtype", offset.dtype)
	case at.Freqs != nil && !slices.Equal(at.Freqs.shape, []int{at.Dims / 2}):
		b.failf(ValueError, "rope", "freqs has the shape %s, want (%d,)", shapes.Format(at.Freqs.shape), at.Dims/2)
	}
}

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
	d := q.dtype
	heads, groups := q.shape[1], k.shape[1]
	repeats := heads / max(groups, 1)
	queries, keys := q.shape[2], k.shape[2]
	grouped := func(x *Node) *Node {
		return b.Reshape(x, []int{q.shape[0], groups, repeats, x.shape[len(x.shape)-2], x.shape[len(x.shape)-1]})
	}
	q = b.wide(q)
	c := q.dtype
	q = grouped(b.Mul(q, b.Scalar(at.Scale, c)))
	k, v = b.ExpandDims(b.AsType(k, c), 2), b.ExpandDims(b.AsType(v, c), 2)
	scores := b.MatMul(q, b.matrixT(k))
	if at.Causal {
		scores = b.allow(scores, b.Tri(queries, keys, keys-queries, Bool))
	}
	if m := at.Mask; m != nil {
		m = grouped(m)
		if m.dtype == Bool {
			scores = b.allow(scores, m)
		} else {
			scores = b.Add(scores, b.AsType(m, c))
		}
	}
	if at.Sinks != nil {
		sinks := b.Reshape(b.AsType(at.Sinks, c), []int{1, groups, repeats, 1, 1})
		sinks = b.Broadcast(sinks, append(slices.Clone(scores.shape[:4]), 1))
		scores = b.Concatenate([]*Node{sinks, scores}, 4)
	}
	weights := b.Softmax(scores, []int{-1}, true)
	if at.Sinks != nil {
		weights = b.Narrow(weights, 4, 1, keys+1)
	}
	out := b.MatMul(weights, v)
	return b.AsType(b.Reshape(out, []int{q.shape[0], heads, queries, v.shape[4]}), d)
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
