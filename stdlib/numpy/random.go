package numpy

import (
	"encoding/binary"
	"math"
	"math/big"
	"math/bits"
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/stdlib/internal/mt19937"
	"github.com/mlxstar/mlxstar/stdlib/internal/pcg"
)

// source is a generator of random bits with NumPy's ways of drawing from it.
type bitSource interface {
	Uint32() uint32
	uint64() uint64
	Float() float64
	// below is uniform in [0, most].
	below(most uint64) uint64
	// narrow is below for elements of 8 or 16 bits, which come from a buffer.
	narrow(next func() uint32, most uint32, width uint) uint32
	normal() float64
	exponential() float64
}

// randomState draws from a source: NumPy's RandomState over the Mersenne
// Twister, or its Generator over PCG64.
type randomState struct {
	m        *Library
	src      bitSource
	twister  *twisterSource // the source of a RandomState
	gen      *pcgSource     // the source of a Generator
	typeName string
}

var (
	_ starlark.Value = (*randomState)(nil)
	_ object.HasType = (*randomState)(nil)
)

func (r *randomState) String() string        { return r.typeName }
func (r *randomState) Type() string          { return r.PyType().Name() }
func (r *randomState) Freeze()               {}
func (r *randomState) Truth() starlark.Bool  { return true }
func (r *randomState) Hash() (uint32, error) { return starlark.String(r.typeName).Hash() }

// PyType is RandomState or Generator.
func (r *randomState) PyType() *object.Type {
	if r.gen != nil {
		return r.m.types.random
	}
	return r.m.types.randomState
}

// twisterSource is the Mersenne Twister with NumPy's polar normal draws.
type twisterSource struct {
	mt19937.Generator
	spare    float64
	hasSpare bool
}

func (t *twisterSource) uint64() uint64 {
	high := uint64(t.Uint32())
	return high<<32 | uint64(t.Uint32())
}

// masked draws words until one, cut to the bits of most, is not above it.
func masked(next func() uint64, most uint64) uint64 {
	mask := uint64(1)<<bits.Len64(most) - 1
	for {
		if v := next() & mask; v <= most {
			return v
		}
	}
}

func (t *twisterSource) below(most uint64) uint64 {
	switch {
	case most == 0:
		return 0
	case most <= math.MaxUint32:
		return masked(func() uint64 { return uint64(t.Uint32()) }, most)
	}
	return masked(t.uint64, most)
}

func (t *twisterSource) narrow(next func() uint32, most uint32, _ uint) uint32 {
	return uint32(masked(func() uint64 { return uint64(next()) }, uint64(most)))
}

func (t *twisterSource) normal() float64 {
	if t.hasSpare {
		t.hasSpare = false
		return t.spare
	}
	for {
		x, y := 2*t.Float()-1, 2*t.Float()-1
		if r := x*x + y*y; r < 1 && r != 0 {
			f := math.Sqrt(-2 * math.Log(r) / r)
			t.spare, t.hasSpare = f*x, true
			return f * y
		}
	}
}

func (t *twisterSource) exponential() float64 { return -math.Log(1 - t.Float()) }

// pcgSource is PCG64.
type pcgSource struct{ *pcg.Generator }

func (g *pcgSource) uint64() uint64           { return g.Uint64() }
func (g *pcgSource) Float() float64           { return g.Float64() }
func (g *pcgSource) below(most uint64) uint64 { return g.Below(most) }
func (g *pcgSource) normal() float64          { return g.Normal() }
func (g *pcgSource) exponential() float64     { return g.Exponential() }
func (g *pcgSource) narrow(next func() uint32, most uint32, width uint) uint32 {
	return pcg.BelowNarrow(next, most, width)
}

// newRandomState makes a RandomState seeded by the system's entropy.
func newRandomState(m *Library) *randomState {
	t := &twisterSource{}
	seed, err := m.host.Entropy(32)
	if err != nil {
		seed = make([]byte, 32)
	}
	t.SeedInt(new(big.Int).SetBytes(seed))
	return &randomState{m: m, src: t, twister: t, typeName: "RandomState(MT19937)"}
}

// reseed seeds a RandomState.
func (p *np) reseed(r *randomState, seed starlark.Value) {
	r.twister.hasSpare = false
	if seed == nil || seed == starlark.None {
		*r.twister = *newRandomState(p.Library).twister
		return
	}
	if _, list := (&literal{p: p}).sequence(seed); list {
		var key []uint32
		for _, n := range p.array(seed, 0).ints() {
			key = append(key, uint32(n))
		}
		r.twister.SeedKey(key)
		return
	}
	if a, ok := seed.(*ndarray); ok && a.rank() > 0 {
		var key []uint32
		for _, n := range a.ints() {
			key = append(key, uint32(n))
		}
		r.twister.SeedKey(key)
		return
	}
	n, err := object.Index(p.thread, seed)
	p.check(err)
	u, ok := n.Uint64()
	if !ok || u > math.MaxUint32 {
		p.fail(object.ValueError, "Seed must be between 0 and 2**32 - 1")
	}
	r.twister.SeedWord(uint32(u))
}

// newGenerator makes a Generator; a seed is an int, a sequence of ints or None.
func (p *np) newGenerator(seed starlark.Value) *randomState {
	if r, ok := seed.(*randomState); ok && r.gen != nil {
		return r
	}
	var words []uint32
	add := func(v starlark.Value) {
		n, err := object.Index(p.thread, v)
		p.check(err)
		if n.Sign() < 0 {
			p.fail(object.ValueError, "expected non-negative integer")
		}
		b := n.BigInt().Bytes()
		for len(b)%4 != 0 || len(b) == 0 {
			b = append([]byte{0}, b...)
		}
		for i := len(b) - 4; i >= 0; i -= 4 {
			words = append(words, binary.BigEndian.Uint32(b[i:]))
		}
	}
	switch {
	case seed == nil || seed == starlark.None:
		b, err := p.host.Entropy(16)
		p.check(err)
		for i := 0; i < len(b); i += 4 {
			words = append(words, binary.LittleEndian.Uint32(b[i:]))
		}
	default:
		if items, ok := (&literal{p: p}).sequence(seed); ok {
			for _, v := range items {
				add(v)
			}
		} else {
			add(seed)
		}
	}
	g := &pcgSource{pcg.New(pcg.NewSeedSequence(words))}
	return &randomState{m: p.Library, src: g, gen: g, typeName: "Generator(PCG64)"}
}

// drawn makes an array of draws; without a size it is one number. Parameters are
// broadcast against each other.
func (p *np) drawn(size starlark.Value, d engine.Dtype, params []starlark.Value, draw func(x []float64) float64) starlark.Value {
	arrays := make([]*ndarray, len(params))
	ops := make([]operand, len(params))
	for i, v := range params {
		arrays[i] = p.array(v, engine.Float64)
		ops[i] = operand{a: arrays[i]}
	}
	shape := p.sameShapes(ops)
	if size != nil && size != starlark.None {
		full := p.shapeOf(starlark.Tuple{size})
		if wide, ok := engine.BroadcastShapes(shape, full); !ok || !slices.Equal(wide, full) {
			p.fail(object.ValueError, "Output size %s is not compatible with broadcast dimensions of inputs %s.", shapeTuple(full), shapeTuple(shape))
		}
		shape = full
	} else if len(shape) == 0 {
		x := make([]float64, len(arrays))
		for i, a := range arrays {
			x[i] = a.floats()[0]
		}
		v := draw(x)
		if d == engine.Float64 {
			return starlark.Float(v)
		}
		return p.newScalar(starlark.Float(v), d)
	}
	out := p.zeros(d, shape)
	n := out.size()
	cols := make([][]float64, len(arrays))
	for i, a := range arrays {
		if len(a.shape) == 0 {
			cols[i] = a.floats()
		} else {
			cols[i] = p.broadcastTo(a, shape).floats()
		}
	}
	x := make([]float64, len(arrays))
	for i := range n {
		p.look(i)
		for k, c := range cols {
			x[k] = c[0]
			if len(c) > 1 {
				x[k] = c[i]
			}
		}
		engine.PutElement(out.store.data[i*d.Size():], d, complex(draw(x), 0))
	}
	return out
}

// integers draws from [low, high] in a dtype.
func (p *np) integers(r *randomState, low, high *big.Int, size starlark.Value, d engine.Dtype, python bool) starlark.Value {
	if d != engine.Bool {
		least, most := intRange(d)
		if low.Cmp(least) < 0 {
			p.fail(object.ValueError, "low is out of bounds for %s", d)
		}
		if high.Cmp(most) > 0 {
			p.fail(object.ValueError, "high is out of bounds for %s", d)
		}
	}
	span := new(big.Int).Sub(high, low)
	if span.Sign() < 0 {
		p.fail(object.ValueError, "low >= high")
	}
	rng := span.Uint64()
	base := low.Uint64()
	if low.Sign() < 0 {
		base = uint64(low.Int64())
	}
	width := uint(d.Size() * 8)
	if d == engine.Bool {
		width = 1
	}
	var buffer uint32
	left := 0
	next := func() uint32 { // a few bits of a word at a time
		if left == 0 {
			buffer, left = r.src.Uint32(), int(32/width)-1
		} else {
			buffer >>= width
			left--
		}
		return buffer & (1<<width - 1)
	}
	draw := func() uint64 {
		switch {
		case rng == 0:
			return base
		case width == 1:
			return uint64(next())
		case width < 32:
			return base + uint64(r.src.narrow(next, uint32(rng), width))
		}
		return base + r.src.below(rng)
	}
	if size == nil || size == starlark.None {
		v := draw()
		if python {
			if d.IsUnsigned() {
				return starlark.MakeUint64(v)
			}
			return starlark.MakeInt64(int64(v))
		}
		a := p.zeros(d, nil)
		p.putInt(a.store.data, int64(v), d)
		return a.scalar(0)
	}
	out := p.zeros(d, p.shapeOf(starlark.Tuple{size}))
	for i := range out.size() {
		p.look(i)
		p.putInt(out.store.data[i*d.Size():][:d.Size()], int64(draw()), d)
	}
	return out
}

// shuffled permutes the first axis in place: arrays by rows, lists by elements.
func (p *np) shuffle(r *randomState, x starlark.Value, axis int) {
	switch v := x.(type) {
	case *ndarray:
		if v.rank() == 0 {
			p.fail(object.TypeError, "'x' must be an array or a sequence with a length")
		}
		axis = p.axis(axis, v.rank())
		n := v.shape[axis]
		order := r.order(n)
		p.assign(v, p.taken(v, order, []int{n}, axis))
	case *starlark.List:
		for i := v.Len() - 1; i > 0; i-- {
			p.look(i)
			j := r.interval(uint64(i))
			a, b := v.Index(i), v.Index(j)
			p.check(v.SetIndex(i, b))
			p.check(v.SetIndex(j, a))
		}
	default:
		p.fail(object.TypeError, "shuffle: want an array or a list, not %s", object.TypeName(x))
	}
}

// order is a random permutation of 0 to n-1.
func (r *randomState) order(n int) []int {
	r.m.reserve(n, 8)
	out := make([]int, n)
	for i := range out {
		r.m.look(i)
		out[i] = i
	}
	for i := n - 1; i > 0; i-- {
		r.m.look(i)
		j := r.interval(uint64(i))
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// shuffleInts permutes the numbers from first on, as choice does.
func (r *randomState) shuffleInts(xs []int, first int) {
	for i := len(xs) - 1; i >= first; i-- {
		r.m.look(i)
		j := int(r.src.below(uint64(i)))
		xs[i], xs[j] = xs[j], xs[i]
	}
}

// interval is uniform in [0, most], by masking: what both generators shuffle by.
func (r *randomState) interval(most uint64) int {
	if most <= math.MaxUint32 {
		return int(masked(func() uint64 { return uint64(r.src.Uint32()) }, most))
	}
	return int(masked(r.src.uint64, most))
}

// permutation is a permuted copy, or a permutation of a range.
func (p *np) permutation(r *randomState, x starlark.Value, axis int) starlark.Value {
	if o, ok := p.operand(x); ok && o.a == nil {
		n, err := object.AsIndex(p.thread, x)
		p.check(err)
		if n < 0 {
			p.fail(object.ValueError, "negative dimensions are not allowed")
		}
		return p.fromInts(r.order(n))
	}
	a := p.array(x, 0)
	axis = p.axis(axis, a.rank())
	n := a.shape[axis]
	return p.taken(a, r.order(n), []int{n}, axis)
}

// fromInts makes an array of int64.
func (p *np) fromInts(xs []int) *ndarray {
	p.grow(len(xs), 2*8)
	data := make([]byte, 8*len(xs))
	for i, x := range xs {
		p.look(i)
		p.putInt(data[i*8:][:8], int64(x), engine.Int64)
	}
	return p.fromBytes(data, engine.Int64, []int{len(xs)})
}
