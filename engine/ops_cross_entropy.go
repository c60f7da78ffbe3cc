package engine

import "github.com/mlxstar/mlxstar/engine/shapes"

// The cross entropy of rows of logits with the numbers of their classes, in float32.
var (
	// OpCrossEntropy answers with the loss of each row, and with the logarithm of its sum of exp.
	OpCrossEntropy = define(Op{Name: "cross_entropy", Class: Structured, Layout: RowsLayout, Gradient: Differentiable, Picks: 1,
		Doc: "The log of the sum of exp of each row, less the element that is named."})
	// OpCrossEntropyVJP reads logits, classes, those logarithms, and the cotangent of the losses.
	OpCrossEntropyVJP = define(Op{Name: "cross_entropy_vjp", Class: Structured, Layout: RowsLayout, InPlace: true, Gradient: Differentiable,
		Doc: "The cotangent of the logits from that of cross_entropy's answer."})
)

func init() {
	OpCrossEntropy.Expand = func(b *Builder, n *Node) []*Node {
		logits, targets := n.inputs[0], b.ExpandDims(n.inputs[1], -1)
		sums, named := b.LogSumExp(logits, []int{-1}, false), b.Squeeze(b.TakeAlong(logits, targets, -1), -1)
		return []*Node{b.AsType(b.Sub(sums, named), Float32), b.AsType(sums, Float32)}
	}
	OpCrossEntropy.VJP = crossEntropyVJP
	OpCrossEntropy.VMap, OpCrossEntropyVJP.VMap = crossEntropyVMap, crossEntropyVMap
	OpCrossEntropyVJP.Expand = func(b *Builder, n *Node) []*Node {
		logits, targets := b.AsType(n.inputs[0], Float32), b.ExpandDims(n.inputs[1], -1)
		sums, ct := b.ExpandDims(n.inputs[2], -1), b.ExpandDims(n.inputs[3], -1)
		shares := b.Mul(b.Exp(b.Sub(logits, sums)), ct)
		return []*Node{b.AsType(b.ScatterAlong(shares, targets, b.Neg(ct), -1, Sum), n.dtype)}
	}
}

// CrossEntropy is the log of the sum of exp over the last axis, less the logit of
// the target; it answers in float32. A device that has a kernel for it computes in float32
// as well, others in the dtype of the logits.
func (b *Builder) CrossEntropy(logits, targets *Node) *Node {
	const op = "fast.cross_entropy"
	rank := len(logits.shape)
	switch {
	case rank == 0:
		b.failf(ValueError, op, "the logits are 0-d, want at least one axis")
	case !logits.dtype.IsFloat():
		b.failf(ValueError, op, "the logits are %s, want a floating dtype", logits.dtype)
	case !targets.dtype.IsInteger():
		b.failf(ValueError, op, "the targets are %s, want integers", targets.dtype)
	case !equalInts(targets.shape, logits.shape[:rank-1]):
		b.failf(ValueError, op, "targets of shape %s do not match logits of shape %s without the last axis", shapes.Format(targets.shape), shapes.Format(logits.shape))
	}
	if logits.shape[rank-1] == 0 {
		b.failf(ValueError, "logsumexp", "shape %s has no elements", shapes.Format(logits.shape))
	}
	// What was cast to float32 for it need not be where a kernel reads either.
	if logits.op == OpAsType && logits.store == nil && logits.dtype == Float32 {
		from := logits.inputs[0]
		if half := from.dtype == Float16 || from.dtype == BFloat16; half && b.stream().backend.Supports(OpCrossEntropy, []Dtype{from.dtype, targets.dtype}, []Dtype{Float32, Float32}) {
			logits = from
		}
	}
	return b.nodes(OpCrossEntropy, nil, []Dtype{Float32, Float32}, [][]int{targets.shape, targets.shape}, logits, targets)[0]
}

// crossEntropyVJP: the loss and the logarithm differ by the logit of the class alone, so that
// a cotangent of the latter, which transforms of gradients ask for, is composed.
func crossEntropyVJP(b *Builder, n *Node, ct []*Node, _ []bool) []*Node {
	logits, targets, sums := n.inputs[0], n.inputs[1], n.outputs()[1]
	var out *Node
	if ct[0] != nil {
		out = b.node(OpCrossEntropyVJP, nil, logits.dtype, logits.shape, logits, targets, sums, ct[0])
	}
	if ct[1] != nil {
		shares := b.Exp(b.Sub(b.AsType(logits, Float32), b.ExpandDims(sums, -1)))
		g := b.AsType(b.Mul(shares, b.ExpandDims(ct[1], -1)), logits.dtype)
		if out == nil {
			out = g
		} else {
			out = b.Add(out, g)
		}
	}
	return []*Node{out, nil}
}

// crossEntropyVMap: batches are more rows.
func crossEntropyVMap(b *Builder, n *Node, in []*Node, axes []int) ([]*Node, []int) {
	size := batchSize(in, axes)
	in = b.spreadAll(n, in, axes, size)
	dtypes, all, at := []Dtype{}, [][]int{}, []int{}
	for _, o := range n.outputs() {
		dtypes, all, at = append(dtypes, o.dtype), append(all, prefixed(size, o.shape)), append(at, 0)
	}
	return b.nodes(n.op, n.attrs, dtypes, all, in...), at
}
