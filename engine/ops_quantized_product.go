package engine

import "slices"

// QuantizedProductAttrs say how the matrices of OpQuantizedMatMul are quantized.
// Of the inputs, x and the codes, scales, and biases in the mode "affine", come
// first. Picked products have two more, lists of matrices of x and of the quantized
// ones, counted over all leading axes; without, there is one quantized matrix.
type QuantizedProductAttrs struct {
	Mode            QuantizeMode
	GroupSize, Bits int
	Transpose       bool
	Picked          bool
}

// OpQuantizedMatMul decodes codes while it multiplies.
var OpQuantizedMatMul = define(Op{Name: "quantized_matmul", Class: Structured, Layout: RowsLayout, Gradient: Differentiable,
	Doc: "The product of x and a quantized matrix, or of matrices that indices pick."})

// quantizedProduct builds the operation, its operands being checked. Indices are nil
// where w is one matrix.
func (b *Builder) quantizedProduct(op string, x, w, scales, biases, xIndex, wIndex *Node, d Dtype, at QuantizedProductAttrs) *Node {
	rx, rw := len(x.shape), len(w.shape)
	inner, outer := w.shape[rw-1]*32/at.Bits, w.shape[rw-2]
	if !at.Transpose {
		inner, outer = outer, inner
	}
	if x.shape[rx-1] != inner {
		matrix := withLast(w.shape, w.shape[rw-1]*32/at.Bits)
		if at.Transpose {
			matrix[rw-1], matrix[rw-2] = matrix[rw-2], matrix[rw-1]
		}
		b.failf(ValueError, op, "inner dimensions differ: %s @ %s", FormatShape(x.shape), FormatShape(matrix))
	}
	in := []*Node{b.AsType(x, d), w, scales}
	if biases != nil {
		in[2], in = b.AsType(scales, d), append(in, b.AsType(biases, d))
	}
	shape := withLast(x.shape, outer)
	if at.Picked {
		lead := b.broadcastIndices(op, []*Node{xIndex, wIndex})
		in = append(in, b.Broadcast(xIndex, lead), b.Broadcast(wIndex, lead))
		shape = append(slices.Clone(lead), x.shape[rx-2], outer)
	}
	return b.node(OpQuantizedMatMul, at, d, shape, in...)
}

// matrixPlaces numbers the matrices of a stack, as an array of its leading axes.
func (b *Builder) matrixPlaces(x *Node) *Node {
	lead := x.shape[:len(x.shape)-2]
	return b.Reshape(b.Arange(0, 1, Elements(lead), Int64), slices.Clone(lead))
}

func init() {
	OpQuantizedMatMul.Expand = func(b *Builder, n *Node) []*Node {
		at := n.attrs.(QuantizedProductAttrs)
		q := Quantization{Mode: at.Mode, GroupSize: at.GroupSize, Bits: at.Bits}
		x, w, scales, rest := n.inputs[0], n.inputs[1], n.inputs[2], n.inputs[3:]
		var biases *Node
		if at.Mode == "affine" {
			biases, rest = rest[0], rest[1:]
		}
		if at.Picked {
			x = b.pickMatrices(x, rest[0])
			w, scales = b.pickMatrices(w, rest[1]), b.pickMatrices(scales, rest[1])
			if biases != nil {
				biases = b.pickMatrices(biases, rest[1])
			}
		}
		m := b.Dequantize(w, scales, biases, q, n.dtype)
		if at.Transpose {
			m = b.matrixT(m)
		}
		return []*Node{b.MatMul(x, m)}
	}
}
