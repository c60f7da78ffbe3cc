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

// subscripts are those of a sum of products with its operands.
type subscripts struct {
	terms  []labelled
	result []rune
	sizes  map[rune]int
}

func (s *subscripts) product() *product {
	p := &product{result: lettersOf(s.result), sizes: s.sizes}
	for _, t := range s.terms {
		p.operands = append(p.operands, lettersOf(t.labels))
	}
	return p
}

// Einsum sums products by Einstein's convention, in the order of EinsumPath.
// Letters that the result lacks are summed over, and so are the leading axes, which
// broadcast, that an ellipsis stands for.
func (b *Builder) Einsum(text string, xs []*Node) *Node {
	s := b.parseSubscripts("einsum", text, xs)
	for _, l := range s.result {
		if _, ok := s.sizes[l]; !ok {
			b.failf(ValueError, "einsum", "the result of '%s' has the letter '%c', which no operand has", text, l)
		}
	}
	path := s.product().search()
	terms := s.terms
	for i := range terms {
		terms[i] = b.diagonals(terms[i])
	}
	for _, places := range path {
		var taken, rest []labelled
		for i, t := range terms {
			if slices.Contains(places, i) {
				taken = append(taken, t)
			} else {
				rest = append(rest, t)
			}
		}
		needed := slices.Clone(s.result)
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
	perm := make([]int, len(s.result))
	for i, l := range s.result {
		perm[i] = slices.Index(acc.labels, l)
	}
	return b.Transpose(acc.x, perm)
}

// ellipsisLabel is the first of the labels that an ellipsis stands for: they
// count down, and no letter is negative.
const ellipsisLabel = rune(-1)

func (b *Builder) parseSubscripts(op, text string, xs []*Node) *subscripts {
	inputs, output, explicit := strings.Cut(strings.ReplaceAll(text, " ", ""), "->")
	parts := strings.Split(inputs, ",")
	if len(xs) == 0 {
		b.failf(ValueError, op, "at least one operand is required")
	}
	if len(parts) != len(xs) {
		b.failf(ValueError, op, "'%s' is for %d operands, got %d", text, len(parts), len(xs))
	}
	s, count, wide := &subscripts{sizes: map[rune]int{}}, map[rune]int{}, 0
	for i, p := range parts {
		t := labelled{xs[i], b.labelsOf(op, p, xs[i])}
		for k, l := range t.labels {
			count[l]++
			n := t.x.shape[k]
			have, ok := s.sizes[l]
			switch {
			case !ok || have == 1:
				s.sizes[l] = n
			case have != n && n != 1:
				b.failf(ValueError, op, "a letter of '%s' has the sizes %d and %d", text, have, n)
			}
			if at := slices.Index(t.labels[:k], l); at >= 0 && t.x.shape[at] != n {
				b.failf(ValueError, op, "the repeated letter '%c' of '%s' has the sizes %d and %d", l, text, t.x.shape[at], n)
			}
			wide = max(wide, int(-l))
		}
		s.terms = append(s.terms, t)
	}
	if explicit {
		s.result = b.outputLabels(op, output, wide)
		for i, l := range s.result {
			if slices.Contains(s.result[:i], l) {
				b.failf(ValueError, op, "the result of '%s' has a letter twice", text)
			}
		}
	} else {
		s.result = implicitResult(count, wide)
	}
	for i := range s.terms {
		shape := make([]int, len(s.terms[i].labels))
		for k, l := range s.terms[i].labels {
			shape[k] = s.sizes[l]
		}
		s.terms[i].x = b.Broadcast(s.terms[i].x, shape)
	}
	return s
}

// implicitResult is what a sum of products gives that does not say: the axes of
// the ellipsis, then the letters that occur once, sorted.
func implicitResult(count map[rune]int, wide int) []rune {
	var result, once []rune
	for k := wide; k > 0; k-- {
		result = append(result, rune(-k))
	}
	for l, n := range count {
		if l > 0 && n == 1 {
			once = append(once, l)
		}
	}
	slices.Sort(once)
	return append(result, once...)
}

func (b *Builder) labelsOf(op, part string, x *Node) []rune {
	before, after, open := strings.Cut(part, "...")
	b.checkLetters(op, before+after)
	free := len(x.shape) - len(before) - len(after)
	if free < 0 || free > 0 && !open {
		b.failf(ValueError, op, "'%s' does not name the axes of shape %s", part, FormatShape(x.shape))
	}
	labels := []rune(before)
	for k := free; k > 0; k-- {
		labels = append(labels, ellipsisLabel*rune(k))
	}
	return append(labels, []rune(after)...)
}

func (b *Builder) outputLabels(op, output string, wide int) []rune {
	before, after, open := strings.Cut(output, "...")
	b.checkLetters(op, before+after)
	result := []rune(before)
	if open {
		for k := wide; k > 0; k-- {
			result = append(result, ellipsisLabel*rune(k))
		}
	}
	return append(result, []rune(after)...)
}

func (b *Builder) checkLetters(op, s string) {
	for _, l := range s {
		if (l < 'a' || l > 'z') && (l < 'A' || l > 'Z') {
			b.failf(ValueError, op, "'%c' is no letter for an axis", l)
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
