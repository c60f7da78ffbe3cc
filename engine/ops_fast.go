package engine

// The functions of mlx.core.fast as operations of one kernel, and what they are
// made of where there is none, or a transform goes through them.

// NormAttrs are those of the normalizations, whose inputs are x and, where it is
// said, a weight and a bias.
type NormAttrs struct {
	Eps          float64
	Weight, Bias bool
}

// NormGradientAttrs are those of the normalizations' cotangents, whose inputs are x, the
// cotangent of the answer and, where it is said, the weight. Params asks for those of the
// weight and the bias, which follow that of x.
type NormGradientAttrs struct {
	NormAttrs
	Params bool
}

// RopeAttrs are those of OpRope, whose inputs are x, offsets of int32 and, where it
// is said, inverse frequencies: see RotaryAttrs.
type RopeAttrs struct {
	Dims               int
	Traditional, Freqs bool
	Base, Scale        float64
}

// FlashAttrs are those of OpAttention, whose inputs are queries, keys and values
// and, where it is said, a mask and sinks: see AttentionAttrs. OpAttentionVJP has the
// answer and its cotangent between the values and the mask.
type FlashAttrs struct {
	Scale       float64
	Causal      bool
	Mask, Sinks bool
}

// with gives the options of attention whose mask and sinks, where it has any, are inputs.
func (at FlashAttrs) with(rest []*Node) AttentionAttrs {
	by := AttentionAttrs{Scale: at.Scale, Causal: at.Causal}
	if at.Mask {
		by.Mask, rest = rest[0], rest[1:]
	}
	if at.Sinks {
		by.Sinks = rest[0]
	}
	return by
}

// FlashFeatures bounds the features of queries and values that the kernel has room
// for; with more, attention is composed of products.
const FlashFeatures = 512

// FlashGradientFeatures bounds those that the kernels of the cotangents have room for.
const FlashGradientFeatures = 128

// The fused functions.
var (
	OpRMSNorm = define(Op{Name: "rms_norm", Class: Structured, Layout: RowsLayout, InPlace: true, Gradient: Differentiable,
		Doc: "The last axis divided by the root of the mean of its squares, times a weight."})
	OpLayerNorm = define(Op{Name: "layer_norm", Class: Structured, Layout: RowsLayout, InPlace: true, Gradient: Differentiable,
		Doc: "The last axis brought to mean 0 and variance 1, times a weight, plus a bias."})
	OpRMSNormVJP = define(Op{Name: "rms_norm_vjp", Class: Structured, Layout: RowsLayout, Gradient: Differentiable,
		Doc: "The cotangents of x and the weight from that of rms_norm's answer."})
	OpLayerNormVJP = define(Op{Name: "layer_norm_vjp", Class: Structured, Layout: RowsLayout, Gradient: Differentiable,
		Doc: "The cotangents of x, the weight and the bias from that of layer_norm's answer."})
	OpRope = define(Op{Name: "rope", Class: Structured, Layout: AnyLayout, Gradient: Differentiable,
		Doc: "Pairs of features turned by angles that grow with the place along the last axis but one."})
	OpAttention = define(Op{Name: attention, Class: Structured, Layout: AnyLayout, Gradient: Differentiable,
		Doc: "softmax(scale q kᵀ) v, without holding the scores of all keys."})
	OpAttentionVJP = define(Op{Name: attention + "_vjp", Class: Structured, Layout: AnyLayout, Gradient: Differentiable,
		Doc: "The cotangents of queries, keys and values from that of scaled_dot_product_attention's answer, without holding the scores of all keys."})
)

func (b *Builder) norm(op *Op, d Dtype, eps float64, x, weight, bias *Node) *Node {
	in := []*Node{b.AsType(x, d)}
	for _, p := range []*Node{weight, bias} {
		if p != nil {
			in = append(in, b.AsType(p, d))
		}
	}
	return b.node(op, NormAttrs{eps, weight != nil, bias != nil}, d, x.shape, in...)
}

func init() {
	OpRMSNorm.Expand = func(b *Builder, n *Node) []*Node { return []*Node{b.expandNorm(n, false)} }
	OpLayerNorm.Expand = func(b *Builder, n *Node) []*Node { return []*Node{b.expandNorm(n, true)} }
	OpRope.Expand = func(b *Builder, n *Node) []*Node { return []*Node{b.expandRope(n)} }
	OpRope.VMap = func(b *Builder, n *Node, in []*Node, axes []int) ([]*Node, []int) {
		if axes[0] == 0 && axes[1] < 0 && in[1].Len() == 1 && (len(in) < 3 || axes[2] < 0) {
			return []*Node{b.node(n.op, n.attrs, n.dtype, in[0].shape, in...)}, []int{0}
		}
		return b.oneByOne(n, in, axes, batchSize(in, axes)), []int{0}
	}
	OpAttention.Expand = func(b *Builder, n *Node) []*Node {
		by := n.attrs.(FlashAttrs).with(n.inputs[3:])
		return []*Node{b.attention(n.inputs[0], n.inputs[1], n.inputs[2], by)}
	}
}

// expandNorm computes in float32 at least and rounds once.
func (b *Builder) expandNorm(n *Node, center bool) *Node {
	at, rest := n.attrs.(NormAttrs), n.inputs[1:]
	y := b.wide(n.inputs[0])
	if center {
		y = b.Sub(y, b.Mean(y, []int{-1}, true))
	}
	power := b.Mean(b.Square(y), []int{-1}, true)
	y = b.Mul(y, b.Unary(OpRsqrt, b.Add(power, b.Scalar(at.Eps, y.dtype))))
	if at.Weight {
		y, rest = b.Mul(y, b.AsType(rest[0], y.dtype)), rest[1:]
	}
	if at.Bias {
		y = b.Add(y, b.AsType(rest[0], y.dtype))
	}
	return b.AsType(y, n.dtype)
}
