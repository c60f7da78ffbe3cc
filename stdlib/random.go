package stdlib

import (
	"crypto/sha512"
	"math"
	"math/big"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/mt19937"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// twister is the Mersenne Twister with CPython's ways of seeding it and of
// taking numbers from it, so that a seed gives the numbers it gives there.
type twister struct{ mt19937.Generator }

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

// maxRandomBits bounds what getrandbits makes.
const maxRandomBits = 1 << 24

func init() {
	defineBriefMethods(twisterType, []method[*twister]{
		{"seed(a, /)", "Seed with an int, float, str or bytes.", seedTwister},
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
			if i, ok := c.Arg(0).(starlark.Int); ok {
				if n, ok := i.Int64(); ok && n > 0 && n <= math.MaxUint32 {
					return starlark.MakeInt64(int64(t.Below32(uint32(n)))), nil
				}
			}
			n := c.BigInt(0)
			if c.Err == nil && n.Sign() <= 0 {
				return nil, object.Errorf(object.ValueError, "empty range")
			}
			if c.Err != nil {
				return nil, c.Err
			}
			return starlark.MakeBigInt(t.Below(n)), nil
		}},
		{"getstate()", "The state, as a tuple of ints.", func(t *twister, _ *call) (starlark.Value, error) {
			out := make(starlark.Tuple, 0, mt19937.Words+1)
			for _, w := range t.State {
				out = append(out, starlark.MakeUint64(uint64(w)))
			}
			return append(out, starlark.MakeInt(t.At)), nil
		}},
		{"setstate(state, /)", "Restore a state.", func(t *twister, c *call) (starlark.Value, error) {
			words := c.Items(0)
			if c.Err == nil && len(words) != mt19937.Words+1 {
				return nil, object.Errorf(object.ValueError, "state vector is the wrong size")
			}
			var s twister
			for i, v := range words {
				n := c.ToBig(v)
				if !n.IsUint64() || n.Uint64() > math.MaxUint32 || i == mt19937.Words && n.Uint64() > mt19937.Words {
					return nil, object.Errorf(object.ValueError, "invalid state")
				}
				if i < mt19937.Words {
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
	case starlark.String:
		return nil, t.seedLong(c, string(a))
	case starlark.Bytes:
		return nil, t.seedLong(c, string(a))
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

// seedLong seeds with text of any length.
func (t *twister) seedLong(c *call, text string) error {
	if err := object.GrowTimes(c.Thread, len(text), 4); err != nil {
		return err
	}
	made, err := object.Aside(c.Thread, func() (*twister, error) {
		made := new(twister)
		made.seedText([]byte(text))
		return made, nil
	})
	if err == nil {
		*t = *made
	}
	return err
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

func makeRandom(m *Modules) *native.Module {
	mod := native.NewModule("_random", "The generator of random.")
	define(mod, []function{{"entropy()", "An int of 256 random bits of the environment.", func(*call) (starlark.Value, error) {
		b, err := m.entropy(32)
		return starlark.MakeBigInt(new(big.Int).SetBytes(b)), err
	}}})
	mod.Members["Generator"] = twisterType
	return mod
}
