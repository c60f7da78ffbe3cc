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
	State [mtWords]uint32
	At    int
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

func (t *twister) SeedWord(s uint32) {
	t.State[0] = s
	for i := 1; i < mtWords; i++ {
		prev := t.State[i-1]
		t.State[i] = mtInitial*(prev^prev>>30) + uint32(i)
	}
	t.At = mtWords
}

// seedKey seeds with a key of any length.
func (t *twister) SeedKey(key []uint32) {
	t.SeedWord(mtSeedBase)
	i, j := 1, 0
	next := func() {
		if i++; i >= mtWords {
			t.State[0] = t.State[mtWords-1]
			i = 1
		}
	}
	for range max(mtWords, len(key)) {
		prev := t.State[i-1]
		t.State[i] = (t.State[i] ^ (prev^prev>>30)*mtKeyFirst) + key[j] + uint32(j)
		next()
		j = (j + 1) % len(key)
	}
	for range mtWords - 1 {
		prev := t.State[i-1]
		t.State[i] = (t.State[i] ^ (prev^prev>>30)*mtKeySecond) - uint32(i)
		next()
	}
	t.State[0] = mtUpper
}

// seedInt seeds with the magnitude of an integer, 32 bits a word, lowest first.
func (t *twister) SeedInt(n *big.Int) {
	b := new(big.Int).Abs(n).Bytes()
	for len(b)%4 != 0 || len(b) == 0 {
		b = append([]byte{0}, b...)
	}
	var key []uint32
	for i := len(b) - 4; i >= 0; i -= 4 {
		key = append(key, binary.BigEndian.Uint32(b[i:]))
	}
	t.SeedKey(key)
}

func (t *twister) refill() {
	for i := range mtWords {
		y := t.State[i]&mtUpper | t.State[(i+1)%mtWords]&mtLower
		v := t.State[(i+mtShift)%mtWords] ^ y>>1
		if y&1 == 1 {
			v ^= mtMatrix
		}
		t.State[i] = v
	}
	t.At = 0
}

func (t *twister) Uint32() uint32 {
	if t.At >= mtWords {
		t.refill()
	}
	y := t.State[t.At]
	t.At++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

// float is uniform in [0, 1), with 53 bits.
func (t *twister) Float() float64 {
	a, b := t.Uint32()>>5, t.Uint32()>>6
	return (float64(a)*(1<<26) + float64(b)) / (1 << 53)
}

// bits is an integer of k random bits.
func (t *twister) Bits(k int) *big.Int {
	if k <= 32 {
		return new(big.Int).SetUint64(uint64(t.Uint32() >> (32 - k)))
	}
	words := make([]byte, (k+31)/32*4)
	for i := len(words) - 4; i >= 0; i -= 4 {
		w := t.Uint32()
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
		if r := t.Bits(k); r.Cmp(n) < 0 {
			return r
		}
	}
}

// maxRandomBits bounds what getrandbits makes.
const maxRandomBits = 1 << 24

func init() {
	defineMethods(twisterType, []method[*twister]{
		{"seed(a, /)", "Seed with an int, float, str or bytes; None is the system's entropy.", seedTwister},
		{"random()", "A float in [0, 1).", func(t *twister, _ *call) (starlark.Value, error) { return starlark.Float(t.Float()), nil }},
		{"getrandbits(k, /)", "An int of k random bits.", func(t *twister, c *call) (starlark.Value, error) {
			k := c.Int(0)
			switch {
			case c.Err != nil:
				return nil, c.Err
			case k < 0:
				return nil, object.Errorf(object.ValueError, "number of bits must be non-negative")
			case k > maxRandomBits:
				return nil, object.Errorf(object.OverflowError, "getrandbits: %d bits are more than the most there may be, %d", k, maxRandomBits)
			case k == 0:
				return starlark.MakeInt(0), nil
			}
			return starlark.MakeBigInt(t.Bits(k)), nil
		}},
		{"below(n, /)", "An int in [0, n).", func(t *twister, c *call) (starlark.Value, error) {
			n := c.BigInt(0)
			if c.Err == nil && n.Sign() <= 0 {
				return nil, object.Errorf(object.ValueError, "empty range")
			}
			if c.Err != nil {
				return nil, c.Err
			}
			return starlark.MakeBigInt(t.below(n)), nil
		}},
		{"getstate()", "The state, as a tuple of ints.", func(t *twister, _ *call) (starlark.Value, error) {
			out := make(starlark.Tuple, 0, mtWords+1)
			for _, w := range t.State {
				out = append(out, starlark.MakeUint64(uint64(w)))
			}
			return append(out, starlark.MakeInt(t.At)), nil
		}},
		{"setstate(state, /)", "Restore a state.", func(t *twister, c *call) (starlark.Value, error) {
			words := c.Items(0)
			if c.Err == nil && len(words) != mtWords+1 {
				return nil, object.Errorf(object.ValueError, "state vector is the wrong size")
			}
			var s twister
			for i, v := range words {
				n := c.ToBig(v)
				if !n.IsUint64() || n.Uint64() > math.MaxUint32 || i == mtWords && n.Uint64() > mtWords {
					return nil, object.Errorf(object.ValueError, "invalid state")
				}
				if i < mtWords {
					s.State[i] = uint32(n.Uint64())
				} else {
					s.At = int(n.Uint64())
				}
			}
			if c.Err == nil {
				*t = s
			}
			return nil, c.Err
		}},
	})
}

func seedTwister(t *twister, c *call) (starlark.Value, error) {
	switch a := object.Unwrap(c.Arg(0)).(type) {
	case starlark.NoneType:
		b, err := entropy(8 * 4)
		if err != nil {
			return nil, err
		}
		t.SeedInt(new(big.Int).SetBytes(b))
	case starlark.String:
		t.seedText([]byte(a))
	case starlark.Bytes:
		t.seedText([]byte(a))
	case starlark.Float:
		t.SeedInt(new(big.Int).SetUint64(floatHash(float64(a))))
	default:
		n, err := object.Index(c.Thread, c.Arg(0))
		if err != nil {
			return nil, object.Errorf(object.TypeError, "The only supported seed types are: None,\nint, float, str, bytes, and bytearray.")
		}
		t.SeedInt(n.BigInt())
	}
	return nil, nil
}

// seedText seeds with text and its digest.
func (t *twister) seedText(b []byte) {
	sum := sha512.Sum512(b)
	t.SeedInt(new(big.Int).SetBytes(append(append([]byte(nil), b...), sum[:]...)))
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

func makeRandom(*Modules) *Module {
	mod := newModule("_random", "The generator of random.")
	mod.Members["Generator"] = twisterType
	return mod
}
