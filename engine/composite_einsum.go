package engine

import (
	"slices"

	"github.com/mlxstar/mlxstar/engine/einsum"
	"github.com/mlxstar/mlxstar/engine/shapes"
)

// labelled is an operand of a sum of products whose axes have letters.
type labelled struct {
	x      *Node
	labels []rune
}

// subscripts reads the subscripts of an operation for its operands.
func (b *Builder) subscripts(op, text string, xs []*Node) *einsum.Subscripts {
	operands := make([][]int, len(xs))
	for i, x := range xs {
		operands[i] = x.shape
	}
	s, err := einsum.Parse(text, operands)
	if err != nil {
		b.failf(ValueError, op, "%v", err)
	}
	return s
}

// EinsumPath gives the order in which Einsum contracts the operands: the places
// among those left that each contraction takes, its outcome coming last. The
// text describes it.
func (b *Builder) EinsumPath(subscripts string, xs []*Node) (path [][]int, text string) {
	s := b.subscripts("einsum_path", subscripts, xs)
	path = b.path(s)
	return path, s.Describe(path)
}

func (b *Builder) path(s *einsum.Subscripts) [][]int {
	path, err := s.Path(b.steps)
	if err != nil {
		b.Fail(err)
	}
	return path
}

// Einsum sums products by Einstein's convention, in the order of EinsumPath.
// Letters that the result lacks are summed over, and so are the leading axes, which
// broadcast, that an ellipsis stands for.
func (b *Builder) Einsum(text string, xs []*Node) *Node {
	s := b.subscripts("einsum", text, xs)
	if err := s.CheckResult(); err != nil {
		b.failf(ValueError, "einsum", "%v", err)
	}
	terms := make([]labelled, len(xs))
	for i, x := range xs {
		terms[i] = b.diagonals(labelled{b.Broadcast(x, s.Shape(i)), s.Terms[i]})
	}
	for _, places := range b.path(s) {
		if err := b.steps(len(terms)); err != nil {
			b.Fail(err)
		}
		var taken, rest []labelled
		for i, t := range terms {
			if slices.Contains(places, i) {
				taken = append(taken, t)
			} else {
				rest = append(rest, t)
			}
		}
		needed := slices.Clone(s.Result)
		for _, t := range rest {
			needed = append(needed, t.labels...)
		}
		acc := taken[0]
		for i, t := range taken[1:] {
			later := slices.Clone(needed)
			for _, u := range taken[i+2:] {
				later = append(later, u.labels...)
			}
			acc = b.contract(acc, t, later)
		}
		terms = append(rest, b.sumAway(acc, needed))
	}
	acc := terms[0]
	perm := make([]int, len(s.Result))
	for i, l := range s.Result {
		perm[i] = slices.Index(acc.labels, l)
	}
	return b.Transpose(acc.x, perm)
}

// diagonals replaces axes of one letter by their diagonal.
func (b *Builder) diagonals(t labelled) labelled {
	for i := 0; i < len(t.labels); i++ {
		k := i + 1 + slices.Index(t.labels[i+1:], t.labels[i])
		if k == i {
			continue
		}
		l := t.labels[i]
		t.x = b.Diagonal(t.x, 0, i, k)
		rest := slices.Delete(slices.Clone(t.labels), k, k+1)
		t.labels = append(slices.Delete(rest, i, i+1), l)
		i = -1
	}
	return t
}

// sumAway sums over the axes whose letter is not kept.
func (b *Builder) sumAway(t labelled, keep []rune) labelled {
	var axes []int
	var labels []rune
	for i, l := range t.labels {
		if slices.Contains(keep, l) {
			labels = append(labels, l)
		} else {
			axes = append(axes, i)
		}
	}
	if axes == nil {
		return t
	}
	return labelled{b.Sum(t.x, axes, false), labels}
}

// contract multiplies two operands and sums over the shared letters that are
// not needed later: a batched matrix product.
func (b *Builder) contract(x, y labelled, later []rune) labelled {
	x = b.sumAway(x, append(slices.Clone(later), y.labels...))
	y = b.sumAway(y, append(slices.Clone(later), x.labels...))
	p := einsum.Pair(x.labels, y.labels, later)
	labels := slices.Concat(p.Batch, p.Left, p.Right)
	bs, ls, ss, rs := x.sizes(p.Batch), x.sizes(p.Left), x.sizes(p.Summed), y.sizes(p.Right)
	shape := slices.Concat(bs, ls, rs)
	if len(p.Summed) == 0 {
		ones := func(n int) []int { return slices.Repeat([]int{1}, n) }
		u := b.Reshape(x.arrange(b, p.Batch, p.Left), slices.Concat(bs, ls, ones(len(rs))))
		v := b.Reshape(y.arrange(b, p.Batch, p.Right), slices.Concat(bs, ones(len(ls)), rs))
		return labelled{b.Mul(u, v), labels}
	}
	n := shapes.Elements(ss)
	u := b.Reshape(x.arrange(b, p.Batch, p.Left, p.Summed), append(slices.Clone(bs), shapes.Elements(ls), n))
	v := b.Reshape(y.arrange(b, p.Batch, p.Summed, p.Right), append(slices.Clone(bs), n, shapes.Elements(rs)))
	return labelled{b.Reshape(b.MatMul(u, v), shape), labels}
}

func (t labelled) sizes(labels []rune) []int {
	out := make([]int, len(labels))
	for i, l := range labels {
		out[i] = t.x.shape[slices.Index(t.labels, l)]
	}
	return out
}

// arrange orders the axes by letters.
func (t labelled) arrange(b *Builder, groups ...[]rune) *Node {
	var perm []int
	for _, l := range slices.Concat(groups...) {
		perm = append(perm, slices.Index(t.labels, l))
	}
	if perm == nil {
		return t.x
	}
	return b.Transpose(t.x, perm)
}
