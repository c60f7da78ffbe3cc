package engine

func init() {
	OpGatherMM.Expand = func(b *Builder, n *Node) []*Node {
		at, rest := n.attrs.(GatherProductAttrs), n.inputs[2:]
		left, right := gatherSide{of: n.inputs[0]}, gatherSide{of: n.inputs[1]}
		if at.Left {
			left.index, rest = rest[0], rest[1:]
		}
		if at.Right {
			right.index = rest[0]
		}
		return []*Node{b.MatMul(b.take(left), b.take(right))}
	}
}
