package stdlib

import (
	"crypto/sha512"
	"encoding/binary"
	"math"
	"math/big"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// The sizes and constants of the generator MT19937.
const (
	mtWords     = 624
	mtShift     = 397
	mtUpper     = 0x80000000
	mtLower     = 0x7fffffff
	mtMatrix    = 0x9908b0df
	mtSeedBase  = 19650218
	mtInitial   = 1812433253
	mtKeyFirst  = 1664525
	mtKeySecond = 1566083941
)

// twister is the Mersenne Twister with CPython's ways of seeding it and of
// taking numbers from it, so that a seed gives the numbers it gives there.
type twister struct {
	state [mtWords]uint32
	at    int
}

var (
	_ starlark.Value = (*twister)(nil)
	_ object.HasType = (*twister)(nil)
)

var twisterType = object.NewGoType("_random", "Generator", "The Mersenne Twister.", func(*starlark.Thread, *object.Type, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
	return new(twister), nil
})

func (t *twister) String() string       { return "<_random.Generator object>" }
func (t *twister) Type() string         { return "Generator" }
func (t *twister) Freeze()              {}
func (t *twister) Truth() starlark.Bool { return true }
func (t *twister) Hash() (uint32, error) {
	return 0, object.Errorf(object.TypeError, "unhashable type: '_random.Generator'")
}
func (t *twister) PyType() *object.Type { return twisterType }

func (t *twister) seedWord(s uint32) {
	t.state[0] = s
	for i := 1; i < mtWords; i++ {
		prev := t.state[i-1]
		t.state[i] = mtInitial*(prev^prev>>30) + uint32(i)
	}
	t.at = mtWords
}

// seedKey seeds with a key of any length.
func (t *twister) seedKey(key []uint32) {
	t.seedWord(mtSeedBase)
	i, j := 1, 0
	next := func() {
		if i++; i >= mtWords {
			t.state[0] = t.state[mtWords-1]
			i = 1
		}
	}
	for range max(mtWords, len(key)) {
		prev := t.state[i-1]
		t.state[i] = (t.state[i] ^ (prev^prev>>30)*mtKeyFirst) + key[j] + uint32(j)
		next()
		j = (j + 1) % len(key)
	}
	for range mtWords - 1 {
		prev := t.state[i-1]
		t.state[i] = (t.state[i] ^ (prev^prev>>30)*mtKeySecond) - uint32(i)
		next()
	}
	t.state[0] = mtUpper
}

// seedInt seeds with the magnitude of an integer, 32 bits a word, lowest first.
func (t *twister) seedInt(n *big.Int) {
	b := new(big.Int).Abs(n).Bytes()
	for len(b)%4 != 0 || len(b) == 0 {
		b = append([]byte{0}, b...)
	}
	var key []uint32
	for i := len(b) - 4; i >= 0; i -= 4 {
		key = append(key, binary.BigEndian.Uint32(b[i:]))
	}
	t.seedKey(key)
}

func (t *twister) refill() {
	for i := range mtWords {
		y := t.state[i]&mtUpper | t.state[(i+1)%mtWords]&mtLower
		v := t.state[(i+mtShift)%mtWords] ^ y>>1
		if y&1 == 1 {
			v ^= mtMatrix
		}
		t.state[i] = v
	}
	t.at = 0
}

func (t *twister) uint32() uint32 {
	if t.at >= mtWords {
		t.refill()
	}
	y := t.state[t.at]
	t.at++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

// float is uniform in [0, 1), with 53 bits.
func (t *twister) float() float64 {
	a, b := t.uint32()>>5, t.uint32()>>6
	return (float64(a)*(1<<26) + float64(b)) / (1 << 53)
}

// bits is an integer of k random bits.
func (t *twister) bits(k int) *big.Int {
	if k <= 32 {
		return new(big.Int).SetUint64(uint64(t.uint32() >> (32 - k)))
	}
	words := make([]byte, (k+31)/32*4)
	for i := len(words) - 4; i >= 0; i -= 4 {
		w := t.uint32()
		if k < 32 {
			w >>= 32 - k
		}
		k -= 32
		binary.BigEndian.PutUint32(words[i:], w)
	}
	return new(big.Int).SetBytes(words)
}

// below is uniform in [0, n).
func (t *twister) below(n *big.Int) *big.Int {
	k := n.BitLen()
	for {
		if r := t.bits(k); r.Cmp(n) < 0 {
			return r
		}
	}
}

// maxRandomBits bounds what getrandbits makes.
const maxRandomBits = 1 << 24

func init() {
	defineMethods(twisterType, []method[*twister]{
		{"seed(a, /)", "Seed with an int, float, str or bytes.", seedTwister},
		{"random()", "A float in [0, 1).", func(t *twister, _ *call) (starlark.Value, error) { return starlark.Float(t.float()), nil }},
		{"getrandbits(k, /)", "An int of k random bits.", func(t *twister, c *call) (starlark.Value, error) {
			k := c.int(0)
			switch {
			case c.err != nil:
				return nil, c.err
			case k < 0:
				return nil, object.Errorf(object.ValueError, "number of bits must be non-negative")
			case k > maxRandomBits:
				return nil, object.Errorf(object.OverflowError, "getrandbits: %d bits are more than the most there may be, %d", k, maxRandomBits)
			case k == 0:
				return starlark.MakeInt(0), nil
			}
			return starlark.MakeBigInt(t.bits(k)), nil
		}},
		{"below(n, /)", "An int in [0, n).", func(t *twister, c *call) (starlark.Value, error) {
			n := c.bigInt(0)
			if c.err == nil && n.Sign() <= 0 {
				return nil, object.Errorf(object.ValueError, "empty range")
			}
			if c.err != nil {
				return nil, c.err
			}
			return starlark.MakeBigInt(t.below(n)), nil
		}},
		{"getstate()", "The state, as a tuple of ints.", func(t *twister, _ *call) (starlark.Value, error) {
			out := make(starlark.Tuple, 0, mtWords+1)
			for _, w := range t.state {
				out = append(out, starlark.MakeUint64(uint64(w)))
			}
			return append(out, starlark.MakeInt(t.at)), nil
		}},
		{"setstate(state, /)", "Restore a state.", func(t *twister, c *call) (starlark.Value, error) {
			words := c.items(0)
			if c.err == nil && len(words) != mtWords+1 {
				return nil, object.Errorf(object.ValueError, "state vector is the wrong size")
			}
			var s twister
			for i, v := range words {
				n := c.toBig(v)
				if !n.IsUint64() || n.Uint64() > math.MaxUint32 || i == mtWords && n.Uint64() > mtWords {
					return nil, object.Errorf(object.ValueError, "invalid state")
				}
				if i < mtWords {
					s.state[i] = uint32(n.Uint64())
				} else {
					s.at = int(n.Uint64())
				}
			}
			if c.err == nil {
				*t = s
			}
			return nil, c.err
		}},
	})
}

func seedTwister(t *twister, c *call) (starlark.Value, error) {
	switch a := object.Unwrap(c.arg(0)).(type) {
	case starlark.String:
		t.seedText([]byte(a))
	case starlark.Bytes:
		t.seedText([]byte(a))
	case starlark.Float:
		t.seedInt(new(big.Int).SetUint64(floatHash(float64(a))))
	default:
		n, err := object.Index(c.thread, c.arg(0))
		if err != nil {
			return nil, object.Errorf(object.TypeError, "The only supported seed types are: None,\nint, float, str, bytes, and bytearray.")
		}
		t.seedInt(n.BigInt())
	}
	return nil, nil
}

// seedText seeds with text and its digest.
func (t *twister) seedText(b []byte) {
	sum := sha512.Sum512(b)
	t.seedInt(new(big.Int).SetBytes(append(append([]byte(nil), b...), sum[:]...)))
}

// floatHash is the magnitude of CPython's hash of a float: its value modulo the
// prime 2**61 - 1.
func floatHash(f float64) uint64 {
	const bits, prime = 61, 1<<61 - 1
	switch {
	case math.IsInf(f, 0):
		return 314159
	case math.IsNaN(f):
		return 0
	}
	m, e := math.Frexp(math.Abs(f))
	var x uint64
	for m != 0 {
		x = x<<28&prime | x>>(bits-28)
		m *= 1 << 28
		e -= 28
		y := uint64(m)
		m -= float64(y)
		if x += y; x >= prime {
			x -= prime
		}
	}
	if e >= 0 {
		e %= bits
	} else {
		e = bits - 1 - (-1-e)%bits
	}
	return x<<e&prime | x>>(bits-e)
}

func makeRandom(m *Modules) *Module {
	mod := newModule("_random", "The generator of random.")
	mod.define([]function{{"entropy()", "An int of 256 random bits of the environment.", func(*call) (starlark.Value, error) {
		b, err := m.entropy(32)
		return starlark.MakeBigInt(new(big.Int).SetBytes(b)), err
	}}})
	mod.attrs["Generator"] = twisterType
	return mod
}
