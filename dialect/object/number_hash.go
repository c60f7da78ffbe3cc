package object

import (
	"math"
	"math/big"

	"go.starlark.net/starlark"
)

// A number's hash is its value modulo the prime 2**61 - 1, so that equal numbers of
// all types have one: a fraction's is that of its numerator times the inverse of its
// denominator, which for the power of two of a float is another power of two.
const (
	hashBits  = 61
	hashPrime = 1<<hashBits - 1
	hashInf   = 314159
	hashImag  = 1000003
)

// numberHash is hash(x) for a number; a NaN has none of its own.
func numberHash(x starlark.Value) (int64, bool) {
	switch v := x.(type) {
	case starlark.Bool:
		if v {
			return 1, true
		}
		return 0, true
	case starlark.Int:
		return bigHash(v.BigInt()), true
	case starlark.Float:
		return floatHash(float64(v))
	case Complex:
		re, ok := floatHash(real(v))
		im, also := floatHash(imag(v))
		return notMinusOne(int64(uint64(re) + hashImag*uint64(im))), ok && also
	}
	return 0, false
}

func bigHash(n *big.Int) int64 {
	m := new(big.Int).Abs(n)
	h := m.Mod(m, big.NewInt(hashPrime)).Int64()
	if n.Sign() < 0 {
		h = -h
	}
	return notMinusOne(h)
}

// notMinusOne replaces -1, which Python's C code keeps for errors.
func notMinusOne(h int64) int64 {
	if h == -1 {
		return -2
	}
	return h
}

func floatHash(f float64) (int64, bool) {
	switch {
	case math.IsNaN(f):
		return 0, false
	case math.IsInf(f, 1):
		return hashInf, true
	case math.IsInf(f, -1):
		return -hashInf, true
	}
	// f = whole * 2**exponent
	fraction, exponent := math.Frexp(f)
	whole := big.NewInt(int64(math.Ldexp(fraction, 53)))
	exponent = ((exponent-53)%hashBits + hashBits) % hashBits
	return bigHash(whole.Lsh(whole, uint(exponent))), true
}
