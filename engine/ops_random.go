package engine

import (
	"math"
	"slices"

	"github.com/mlxstar/mlxstar/engine/shapes"
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
	if e.random != nil {
		e.random.watch.blind--
	}
	key.watch.blind++ // the engine holds it, as a handle would
	e.random = key
}

// NextKey splits the global state: one half is the new state, the other the key
// of a draw.
func (b *Builder) NextKey() *Node {
	state, key := b.SplitState(b.engine.random)
	b.engine.SetRandomState(state)
	return key
}

// SplitState gives the state that follows a random state, and the key of a draw.
func (b *Builder) SplitState(old *Node) (state, key *Node) {
	pair := b.Split(old, 2)
	return b.Reshape(b.Narrow(pair, 0, 0, 1), []int{2}), b.Reshape(b.Narrow(pair, 0, 1, 2), []int{2})
}

func (b *Builder) keyOr(key *Node) *Node {
	if key == nil {
		return b.NextKey()
	}
	if len(key.shape) != 1 || key.shape[0] != 2 || key.dtype != Uint32 {
		b.failf(ValueError, "random", "a key is uint32 of shape (2,), got %s of shape %s", key.dtype, shapes.Format(key.shape))
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

// KeyedBits draws bits of the shape for each of the keys, which lie along the last axis.
func (b *Builder) KeyedBits(shape []int, width int, keys *Node) *Node {
	lead := len(keys.shape) - 1
	if lead < 0 || keys.shape[lead] != 2 || keys.dtype != Uint32 {
		b.failf(ValueError, "random.bits", "keys are uint32 with a last axis of 2, got %s of shape %s", keys.dtype, shapes.Format(keys.shape))
	}
	if lead == 0 {
		return b.Bits(shape, width, keys)
	}
	d, ok := map[int]Dtype{1: Uint8, 2: Uint16, 4: Uint32}[width]
	if !ok {
		b.failf(ValueError, "random.bits", "width %d is not 1, 2 or 4 bytes", width)
	}
	whole := append(slices.Clone(keys.shape[:lead]), shape...)
	b.checkShape("random.bits", whole)
	return b.node(OpRandomBits, RandomBitsAttrs{width}, d, whole, keys)
}

// Split makes n keys of one.
func (b *Builder) Split(key *Node, n int) *Node {
	return b.Bits([]int{n, 2}, 4, b.keyOr(key))
}

// belowOne is the largest float32 below 1.
const belowOne = 1 - 1.0/(1<<24)

// unitTop is the largest value below 1 of the dtypes that a uniform draw gives.
var unitTop = map[Dtype]float64{Float32: belowOne, Float16: 1 - 1.0/(1<<11), BFloat16: 1 - 1.0/(1<<8)}

// Uniform draws from [low, high), which broadcast to the shape. The draw is made
// in float32, from 32 bits, and rounded to d at the end; there is none in float64.
func (b *Builder) Uniform(low, high *Node, shape []int, d Dtype, key *Node) *Node {
	if !d.IsFloat() {
		b.failf(ValueError, "random.uniform", "cannot draw %s, want a floating dtype", d)
	}
	if unitTop[d] == 0 {
		b.failf(RuntimeError, "random.uniform", "cannot draw %s, want a floating dtype of 32 bits or fewer", d)
	}
	for _, bound := range []*Node{low, high} {
		if to, ok := shapes.Broadcast(bound.shape, shape); !ok || !slices.Equal(to, shape) {
			b.failf(ValueError, "random.uniform", "a bound of shape %s does not broadcast to %s", shapes.Format(bound.shape), shapes.Format(shape))
		}
	}
	at := func(v float64) *Node { return b.Scalar(v, Float32) }
	low, high = b.AsType(low, Float32), b.AsType(high, Float32)
	bits := b.AsType(b.Bits(shape, 4, key), Float32)
	unit := b.Binary(OpMinimum, b.Div(bits, at(math.MaxUint32)), at(unitTop[d]))
	out := b.Add(b.Mul(b.Sub(high, low), unit), low)
	return b.AsType(out, d)
}

// symmetric draws from (-1, 1) in float32.
func (b *Builder) symmetric(shape []int, key *Node) *Node {
	return b.Uniform(b.Scalar(-belowOne, Float32), b.Scalar(1, Float32), shape, Float32, key)
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
		z = b.Mul(b.AsType(b.Unary(OpErfinv, b.symmetric(shape, key)), d), b.Scalar(math.Sqrt2, d))
	default:
		b.failf(ValueError, "random.normal", "cannot draw %s, want a floating dtype or complex64", d)
	}
	if scale != nil {
		z = b.Mul(z, b.AsType(scale, d))
	}
	if loc != nil {
		z = b.Add(z, b.AsType(loc, d))
	}
	return z
}

// RandInt draws integers from [low, high); an empty range gives low.
func (b *Builder) RandInt(low, high *Node, shape []int, d Dtype, key *Node) *Node {
	if !d.IsInteger() && d != Bool {
		b.failf(ValueError, "random.randint", "cannot draw %s, want an integer dtype", d)
	}
	if low.dtype.IsInexact() || high.dtype.IsInexact() {
		// Between floats, too, a draw is at most high - 1 and at least low; what
		// is left of a fraction is cut off.
		u := b.Unary(OpFloor, b.Uniform(low, high, shape, Float32, key))
		last := b.Sub(b.AsType(high, Float32), b.Scalar(1, Float32))
		return b.AsType(b.Binary(OpMaximum, b.Binary(OpMinimum, u, last), b.AsType(low, Float32)), d)
	}
	low, high = b.AsType(low, Int64), b.AsType(high, Int64)
	u := b.Unary(OpFloor, b.Uniform(low, high, shape, Float32, key))
	// A draw rounded up to the high end in float32 falls back to the last integer.
	last := b.Sub(high, b.FullInt([]int{}, 1, Int64))
	return b.AsType(b.Binary(OpMaximum, b.Binary(OpMinimum, b.AsType(u, Int64), last), low), d)
}

// Bernoulli draws true with probability p, which broadcasts to the shape.
func (b *Builder) Bernoulli(p *Node, shape []int, key *Node) *Node {
	if !p.dtype.IsFloat() {
		b.failf(ValueError, "random.bernoulli", "the probability is %s, want a floating dtype", p.dtype)
	}
	if to, ok := shapes.Broadcast(p.shape, shape); !ok || !slices.Equal(to, shape) {
		b.failf(ValueError, "random.bernoulli", "probabilities of shape %s do not broadcast to %s", shapes.Format(p.shape), shapes.Format(shape))
	}
	u := b.Uniform(b.Scalar(0, Float32), b.Scalar(1, Float32), shape, Float32, key)
	return b.Binary(OpLess, u, p)
}

// Gumbel draws from the standard Gumbel distribution.
func (b *Builder) Gumbel(shape []int, d Dtype, key *Node) *Node {
	u := b.Uniform(b.Scalar(0, Float32), b.Scalar(1, Float32), shape, d, key)
	return b.Neg(b.Unary(OpLog, b.Neg(b.Unary(OpLog, u))))
}

// Laplace draws from the Laplace distribution of the mean loc and the spread
// scale, either nil for the standard one.
func (b *Builder) Laplace(shape []int, d Dtype, loc, scale, key *Node) *Node {
	if !d.IsFloat() {
		b.failf(ValueError, "random.laplace", "cannot draw %s, want a floating dtype", d)
	}
	v := b.symmetric(shape, key)
	z := b.Mul(b.Unary(OpSign, v), b.Unary(OpLog1p, b.Neg(b.Unary(OpAbs, v))))
	z = b.AsType(z, d)
	if scale != nil {
		z = b.Mul(z, b.AsType(scale, d))
	}
	if loc != nil {
		z = b.Add(z, b.AsType(loc, d))
	}
	return z
}

// TruncatedNormal draws from the standard normal distribution between bounds; a
// nil shape is the one that they broadcast to.
func (b *Builder) TruncatedNormal(low, high *Node, shape []int, d Dtype, key *Node) *Node {
	if !d.IsFloat() {
		b.failf(ValueError, "random.truncated_normal", "cannot draw %s, want a floating dtype", d)
	}
	if shape == nil {
		shape = b.broadcast("random.truncated_normal", low, high)
	}
	low, high = b.AsType(low, d), b.AsType(high, d)
	root := b.Scalar(math.Sqrt2, d)
	level := func(x *Node) *Node { return b.Unary(OpErf, b.Div(x, root)) }
	u := b.Uniform(level(low), level(high), shape, d, key)
	z := b.Mul(root, b.Unary(OpErfinv, u))
	return b.Binary(OpMaximum, b.Binary(OpMinimum, z, high), low)
}

// Categorical draws indices along an axis of the logits, as uint32: one for
// each place of the shape, which the logits without the axis broadcast to. A
// nil shape is theirs.
func (b *Builder) Categorical(logits *Node, axis int, shape []int, key *Node) *Node {
	at := b.Axis("random.categorical", logits, axis)
	rest := reducedShape(logits.shape, []int{at}, false)
	if shape == nil {
		shape = rest
	}
	if to, ok := shapes.Broadcast(rest, shape); !ok || !slices.Equal(to, shape) {
		b.failf(ValueError, "random.categorical", "logits of shape %s do not broadcast to %s off axis %d", shapes.Format(logits.shape), shapes.Format(shape), axis)
	}
	if len(shape) > 0 && logits.Len() == logits.shape[at] && logits.Len() > 0 {
		return b.sampleOne(logits, shape, key)
	}
	place := len(shape) - len(rest) + at
	whole := slices.Insert(slices.Clone(shape), place, logits.shape[at])
	return b.ArgReduce(OpArgMax, b.Add(logits, b.Gumbel(whole, Float32, key)), place, false)
}

// CategoricalSamples draws n indices along an axis for each of the logits'
// other places, as a last axis.
func (b *Builder) CategoricalSamples(logits *Node, axis, n int, key *Node) *Node {
	at := b.Axis("random.categorical", logits, axis)
	if logits.Len() == logits.shape[at] && logits.Len() > 0 {
		return b.sampleOne(logits, append(reducedShape(logits.shape, []int{at}, false), n), key)
	}
	noise := b.Gumbel(append(slices.Clone(logits.shape), n), Float32, key)
	return b.ArgReduce(OpArgMax, b.Add(b.ExpandDims(logits, -1), noise), at, false)
}

// sampleOne draws from a single distribution, by inverting its cumulative sum.
func (b *Builder) sampleOne(logits *Node, shape []int, key *Node) *Node {
	sums := b.Scan(OpCumSum, b.Softmax(b.AsType(b.Flat(logits), Float32), nil, false), 0, false, true)
	u := b.Uniform(b.Scalar(0, Float32), b.Scalar(1, Float32), shape, Float32, key)
	last := b.FullInt([]int{}, int64(logits.Len()-1), Uint32)
	return b.Binary(OpMinimum, b.SearchSorted(sums, u, false), last)
}

// Permutation puts 0..n-1 in random order, as uint32.
func (b *Builder) Permutation(n int, key *Node) *Node {
	return b.ArgSort(b.Bits([]int{n}, 4, key), 0)
}

// Shuffle puts the slices along an axis in random order.
func (b *Builder) Shuffle(x *Node, axis int, key *Node) *Node {
	axis = b.Axis("random.permutation", x, axis)
	if x.shape[axis] == 0 {
		return x
	}
	return b.Take(x, b.Permutation(x.shape[axis], key), axis)
}
