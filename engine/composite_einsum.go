package engine

import (
	"slices"
	"strings"
)

// labelled is an operand of a sum of products whose axes have letters.
type labelled struct {
	x      *Node
	labels []rune
}

// Einsum sums products by Einstein's convention. Letters that the result lacks
// are summed over; an ellipsis stands for leading axes that broadcast.
func (b *Builder) Einsum(subscripts string, xs []*Node) *Node {
	terms, result := b.parseSubscripts(subscripts, xs)
	acc := b.diagonals(terms[0])
	for i, t := range terms[1:] {
		later := slices.Clone(result)
		for _, u := range terms[i+2:] {
			later = append(later, u.labels...)
		}
		acc = b.contract(acc, b.diagonals(t), later)
	}
	acc = b.sumAway(acc, result)
	perm := make([]int, len(result))
	for i, l := range result {
		perm[i] = slices.Index(acc.labels, l)
	}
	return b.Transpose(acc.x, perm)
}

// ellipsisLabel is the first of the labels that an ellipsis stands for: they
// count down, and no letter is negative.
const ellipsisLabel = rune(-1)

func (b *Builder) parseSubscripts(subscripts string, xs []*Node) (terms []labelled, result []rune) {
	text := strings.ReplaceAll(subscripts, " ", "")
	inputs, output, explicit := strings.Cut(text, "->")
	parts := strings.Split(inputs, ",")
	if len(parts) != len(xs) {
		b.failf(ValueError, "einsum", "'%s' is for %d operands, got %d", subscripts, len(parts), len(xs))
	}
	count, sizes, wide := map[rune]int{}, map[rune]int{}, 0
	for i, p := range parts {
		t := labelled{xs[i], b.labelsOf(p, xs[i])}
		for k, l := range t.labels {
			count[l]++
			n := t.x.shape[k]
			if have, ok := sizes[l]; ok && have != n && have != 1 && n != 1 {
				b.failf(ValueError, "einsum", "a letter of '%s' has the sizes %d and %d", subscripts, have, n)
			}
			sizes[l] = max(sizes[l], n)
			if n == 0 {
				sizes[l] = 0
			}
			wide = max(wide, int(-l))
		}
		terms = append(terms, t)
	}
	if explicit {
		result = b.outputLabels(subscripts, output, wide)
		for i, l := range result {
			if count[l] == 0 || slices.Contains(result[:i], l) {
				b.failf(ValueError, "einsum", "the result of '%s' has a letter that is repeated or that no operand has", subscripts)
			}
		}
	} else {
		for k := wide; k > 0; k-- {
			result = append(result, rune(-k))
		}
		letters := []rune{}
		for l, n := range count {
			if l > 0 && n == 1 {
				letters = append(letters, l)
			}
		}
		slices.Sort(letters)
		result = append(result, letters...)
	}
	for i := range terms {
		shape := make([]int, len(terms[i].labels))
		for k, l := range terms[i].labels {
			shape[k] = sizes[l]
		}
		terms[i].x = b.Broadcast(terms[i].x, shape)
	}
	return terms, result
}

func (b *Builder) labelsOf(part string, x *Node) []rune {
	before, after, open := strings.Cut(part, "...")
	b.checkLetters(before + after)
	free := len(x.shape) - len(before) - len(after)
	if free < 0 || free > 0 && !open {
		b.failf(ValueError, "einsum", "'%s' does not name the axes of shape %s", part, FormatShape(x.shape))
	}
	labels := []rune(before)
	for k := free; k > 0; k-- {
		labels = append(labels, ellipsisLabel*rune(k))
	}
	return append(labels, []rune(after)...)
}

func (b *Builder) outputLabels(subscripts, output string, wide int) []rune {
	before, after, open := strings.Cut(output, "...")
	b.checkLetters(before + after)
	result := []rune(before)
	if open {
		for k := wide; k > 0; k-- {
			result = append(result, ellipsisLabel*rune(k))
		}
	} else if wide > 0 {
		b.failf(ValueError, "einsum", "the result of '%s' lacks the ellipsis", subscripts)
	}
	return append(result, []rune(after)...)
}

func (b *Builder) checkLetters(s string) {
	for _, l := range s {
		if (l < 'a' || l > 'z') && (l < 'A' || l > 'Z') {
			b.failf(ValueError, "einsum", "'%c' is no letter for an axis", l)
		}
	}
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
	var batch, summed, left, right []rune
	for _, l := range x.labels {
		switch {
		case !slices.Contains(y.labels, l):
			left = append(left, l)
		case slices.Contains(later, l):
			batch = append(batch, l)
		default:
			summed = append(summed, l)
		}
	}
	for _, l := range y.labels {
		if !slices.Contains(x.labels, l) {
			right = append(right, l)
		}
	}
	labels := slices.Concat(batch, left, right)
	bs, ls, ss, rs := x.sizes(batch), x.sizes(left), x.sizes(summed), y.sizes(right)
	shape := slices.Concat(bs, ls, rs)
	if len(summed) == 0 {
		ones := func(n int) []int { return slices.Repeat([]int{1}, n) }
		p := b.Reshape(x.arrange(b, batch, left), slices.Concat(bs, ls, ones(len(rs))))
		q := b.Reshape(y.arrange(b, batch, right), slices.Concat(bs, ones(len(ls)), rs))
		return labelled{b.Mul(p, q), labels}
	}
	n := Elements(ss)
	p := b.Reshape(x.arrange(b, batch, left, summed), append(slices.Clone(bs), Elements(ls), n))
	q := b.Reshape(y.arrange(b, batch, summed, right), append(slices.Clone(bs), n, Elements(rs)))
	return labelled{b.Reshape(b.MatMul(p, q), shape), labels}
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
