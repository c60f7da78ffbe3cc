package engine

// ConvAxes bounds the axes that the kernels of convolutions slide over.
const ConvAxes = 3

// OpConv slides the second input over the first, as ConvAttrs say: see Builder.Conv.
var OpConv = define(Op{Name: "conv", Class: Structured, Layout: RowsLayout, Gradient: Differentiable,
	Doc: "A convolution over the axes between the batch and the channels, without copies of what the kernel sees."})

// ConvWeightAttrs are those of the convolution whose weight's gradient OpConvWeight is.
type ConvWeightAttrs struct{ ConvAttrs }

// OpConvWeight takes the input and the output's cotangent of a convolution. Its own
// shape is the weight's.
var OpConvWeight = define(Op{Name: "conv_weight", Class: Structured, Layout: RowsLayout, Gradient: Differentiable,
	Doc: "The cotangent of a convolution's weight, without copies of what the kernel sees."})

func init() {
	OpConv.Expand = func(b *Builder, n *Node) []*Node {
		return []*Node{b.composedConv(n.inputs[0], n.inputs[1], n.attrs.(ConvAttrs), n.shape)}
	}
	OpConvWeight.Expand = func(b *Builder, n *Node) []*Node {
		return []*Node{b.composedConvWeight(n.inputs[0], n.inputs[1], n.attrs.(ConvWeightAttrs).ConvAttrs, n.shape)}
	}
}
