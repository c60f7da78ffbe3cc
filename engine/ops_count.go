package engine

// CountAttrs name the axes whose lengths OpNumberOfElements multiplies, and whether it
// gives one over the product.
type CountAttrs struct {
	Axes     []int
	Inverted bool
}

// OpNumberOfElements is a constant that an array's shape gives. It stands in graphs that
// are to be computed for other shapes, too, in place of the number.
var OpNumberOfElements = define(Op{Name: "number_of_elements", Class: Composite, Gradient: NoGrad,
	Doc: "The product of an array's lengths along axes, or one over it, as a scalar."})

// NumberOfElements gives the product of x's lengths along the axes, or one over it.
func (b *Builder) NumberOfElements(x *Node, axes []int, inverted bool, d Dtype) *Node {
	return b.node(OpNumberOfElements, CountAttrs{b.Axes(OpNumberOfElements.Name, x, axes), inverted}, d, nil, x)
}

// reciprocalCount is one over the number of elements that a mean is of.
func (b *Builder) reciprocalCount(x *Node, axes []int, d Dtype) *Node {
	if b.Shapeless {
		return b.NumberOfElements(x, axes, true, d)
	}
	return b.Scalar(1/float64(countAlong(x.shape, axes)), d)
}

// count is the constant that the operation's input gives it.
func (b *Builder) count(x *Node, at CountAttrs, d Dtype) *Node {
	n := float64(countAlong(x.shape, at.Axes))
	if at.Inverted {
		n = 1 / n
	}
	return b.Full(nil, complex(n, 0), d)
}

func init() {
	OpNumberOfElements.Expand = func(b *Builder, n *Node) []*Node {
		return []*Node{b.count(n.inputs[0], n.attrs.(CountAttrs), n.dtype)}
	}
	// The batch axis is none of those that are counted: every example has the same number.
	OpNumberOfElements.VMap = func(b *Builder, n *Node, in []*Node, axes []int) ([]*Node, []int) {
		at := n.attrs.(CountAttrs)
		if axes[0] == 0 {
			at.Axes = shifted(at.Axes)
		}
		return []*Node{b.node(OpNumberOfElements, at, n.dtype, nil, in[0])}, []int{-1}
	}
}
