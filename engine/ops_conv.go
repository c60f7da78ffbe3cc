package engine

// ConvAxes bounds the axes that the kernel of OpConv slides over.
const ConvAxes = 3

// OpConv slides the second input over the first, as ConvAttrs say: see Builder.Conv.
var OpConv = define(Op{Name: "conv", Class: Structured, Layout: RowsLayout, Gradient: Differentiable,
	Doc: "A convolution over the axes between the batch and the channels, without copies of what the kernel sees."})

func init() {
	OpConv.Expand = func(b *Builder, n *Node) []*Node {
		return []*Node{b.composedConv(n.inputs[0], n.inputs[1], n.attrs.(ConvAttrs), n.shape)}
	}
}
