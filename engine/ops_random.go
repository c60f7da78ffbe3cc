package engine

import (
	"math"
	"slices"
)

// RandomBitsAttrs is the width of each draw in bytes (1, 2 or 4).
type RandomBitsAttrs struct{ Width int }

// OpRandomBits makes random bits from keys by the counter-based generator
// Threefry2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy
// as 1, 2, 3", SC 2011). The input holds keys of two uint32 along its last axis;
// the output's shape is the keys' leading axes followed by the draw's shape.
//
// For a draw of n words and h = n/2, the words i and h+(n mod 2)+i are the two
// outputs for the counter pair of those numbers; an odd n has its middle word
// from the pair (h, 0). Narrower draws cut the words' bytes, low first.
var OpRandomBits = define(Op{Name: "random_bits", Class: Generator, Layout: RowsLayout, Gradient: NoGrad,
	Doc: "Random bits from keys, by Threefry2x32."})

// Key makes a generator key from a seed: its high and its low word.
func (b *Builder) Key(seed uint64) *Node {
	high := b.FullInt([]int{1}, int64(seed>>32), Uint32)
	low := b.FullInt([]int{1}, int64(uint32(seed)), Uint32)
	return b.Concatenate([]*Node{high, low}, 0)
}

// Seed restarts the engine's global generator.
func (e *Engine) Seed(seed uint64) { e.SetRandomState(e.NewBuilder().Key(seed)) }

// RandomState is the key that the next draw without one splits.
func (e *Engine) RandomState() *Node { return e.random }

// SetRandomState replaces the global key.
func (e *Engine) SetRandomState(key *Node) {
	key.watch.blind = true // the engine holds it, as a handle would
	e.random = key
}

// NextKey splits the global state: one half is the new state, the other the key
// of a draw.
func (b *Builder) NextKey() *Node {
	pair := b.Split(b.engine.random, 2)
	b.engine.SetRandomState(b.Reshape(b.Narrow(pair, 0, 0, 1), []int{2}))
	return b.Reshape(b.Narrow(pair, 0, 1, 2), []int{2})
}

func (b *Builder) keyOr(key *Node) *Node {
	if key == nil {
		return b.NextKey()
	}
	if len(key.shape) != 1 || key.shape[0] != 2 || key.dtype != Uint32 {
		b.failf(ValueError, "random", "a key is uint32 of shape (2,), got %s of shape %s", key.dtype, FormatShape(key.shape))
	}
	return key
}

// Bits draws random bits: unsigned integers of the width in bytes.
func (b *Builder) Bits(shape []int, width int, key *Node) *Node {
	b.checkShape("random.bits", shape)
	dtypes := map[int]Dtype{1: Uint8, 2: Uint16, 4: Uint32}
	d, ok := dtypes[width]
	if !ok {
		b.failf(ValueError, "random.bits", "width %d is not 1, 2 or 4 bytes", width)
	}
	key = b.keyOr(key)
	return b.node(OpRandomBits, RandomBitsAttrs{width}, d, append(slices.Clone(key.shape[:len(key.shape)-1]), shape...), key)
}

// Split makes n keys of one.
func (b *Builder) Split(key *Node, n int) *Node {
	return b.Bits([]int{n, 2}, 4, b.keyOr(key))
}

// belowOne is the largest float32 below 1.
const belowOne = 1 - 1.0/(1<<24)

// Uniform draws from [low, high), which broadcast to the shape. The draw is made
// in float32, from 32 bits, and rounded to d at the end.
func (b *Builder) Uniform(low, high *Node, shape []int, d Dtype, key *Node) *Node {
	if !d.IsFloat() {
		b.failf(ValueError, "random.uniform", "cannot draw %s, want a floating dtype", d)
	}
	for _, bound := range []*Node{low, high} {
		if to, ok := BroadcastShapes(bound.shape, shape); !ok || !equalInts(to, shape) {
			b.failf(ValueError, "random.uniform", "a bound of shape %s does not broadcast to %s", FormatShape(bound.shape), FormatShape(shape))
		}
	}
	at := func(v float64) *Node { return b.Scalar(v, Float32) }
	low, high = b.AsType(low, Float32), b.AsType(high, Float32)
	bits := b.AsType(b.Bits(shape, 4, key), Float32)
	unit := b.Binary(OpMinimum, b.Div(bits, at(math.MaxUint32)), at(belowOne))
	out := b.Add(b.Mul(b.Sub(high, low), unit), low)
	return b.AsType(out, d)
}

// Normal draws from the normal distribution of the mean loc and the deviation
// scale, either nil for the standard one.
func (b *Builder) Normal(shape []int, d Dtype, loc, scale, key *Node) *Node {
	var z *Node
	switch {
	case d == Complex64:
		pairs := b.Normal(append(slices.Clone(shape), 2), Float32, nil, nil, key)
		z = b.Reshape(b.Bitcast(b.Mul(pairs, b.Scalar(math.Sqrt(0.5), Float32)), Complex64), shape)
	case d.IsFloat():
		u := b.Uniform(b.Scalar(-belowOne, Float32), b.Scalar(1, Float32), shape, Float32, key)
		z = b.Mul(b.AsType(b.Unary(OpErfinv, u), d), b.Scalar(math.Sqrt2, d))
	default:
		b.failf(ValueError, "random.normal", "cannot draw %s, want a floating dtype or complex64", d)
	}
	if scale != nil {
		z = b.Mul(z, b.AsType(scale, d))
	}
	if loc != nil {
		z = b.Add(z, b.AsType(loc, d))
	}
	if !equalInts(z.shape, shape) {
		b.failf(ValueError, "random.normal", "loc and scale do not broadcast to %s", FormatShape(shape))
	}
	return z
}

// RandInt draws integers from [low, high); an empty range gives low.
func (b *Builder) RandInt(low, high *Node, shape []int, d Dtype, key *Node) *Node {
	if !d.IsInteger() {
		b.failf(ValueError, "random.randint", "cannot draw %s, want an integer dtype", d)
	}
	u := b.Uniform(low, high, shape, Float32, key)
	high = b.Sub(b.AsType(high, Float32), b.Scalar(1, Float32))
	top := b.Binary(OpMaximum, high, b.AsType(low, Float32))
	return b.Binary(OpMinimum, b.AsType(u, d), b.AsType(top, d))
}

// Bernoulli draws true with probability p, which broadcasts to the shape.
func (b *Builder) Bernoulli(p *Node, shape []int, key *Node) *Node {
	if !p.dtype.IsFloat() {
		p = b.AsType(p, Float32)
	}
	u := b.Uniform(b.Scalar(0, Float32), b.Scalar(1, Float32), shape, Float32, key)
	draw := b.Binary(OpLess, u, p)
	if !equalInts(draw.shape, shape) {
		b.failf(ValueError, "random.bernoulli", "probabilities of shape %s do not broadcast to %s", FormatShape(p.shape), FormatShape(shape))
	}
	return draw
}

// Gumbel draws from the standard Gumbel distribution.
func (b *Builder) Gumbel(shape []int, d Dtype, key *Node) *Node {
	u := b.Uniform(b.Scalar(0, Float32), b.Scalar(1, Float32), shape, d, key)
	return b.Neg(b.Unary(OpLog, b.Neg(b.Unary(OpLog, u))))
}

// Permutation puts 0..n-1 in random order, as uint32.
func (b *Builder) Permutation(n int, key *Node) *Node {
	return b.ArgSort(b.Bits([]int{n}, 4, key), 0)
}
