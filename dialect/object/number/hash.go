package number

import (
	"math"
	"math/big"
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

// HashInt is the hash of an integer.
func HashInt(n *big.Int) int64 {
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

// HashComplex is the hash of a complex number; it reports false for one with a NaN.
func HashComplex(c complex128) (int64, bool) {
	re, ok := HashFloat(real(c))
	im, also := HashFloat(imag(c))
	return notMinusOne(int64(uint64(re) + hashImag*uint64(im))), ok && also
}

// HashFloat is the hash of a float; it reports false for a NaN, which has none of
// its own.
func HashFloat(f float64) (int64, bool) {
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
	return HashInt(whole.Lsh(whole, uint(exponent))), true
}
