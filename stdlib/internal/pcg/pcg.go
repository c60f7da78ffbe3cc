// Package pcg draws random numbers as NumPy's default generator does, to the
// bit: O'Neill's PCG XSL-RR 128/64, seeded by NumPy's SeedSequence, bounded
// integers by Lemire's method, and the normal and exponential distributions by
// Marsaglia and Tsang's ziggurat with 256 layers.
package pcg

import (
	"math"
	"math/bits"
)

// The constants of SeedSequence's hash.
const (
	initA, multA = 0x43b0d7e5, 0x931e8875
	initB, multB = 0x8b51f9dd, 0x58f38ded
	mixL, mixR   = 0xca01f9dd, 0x4973f715
	poolSize     = 4
)

// SeedSequence spreads entropy over a pool of words.
type SeedSequence struct{ pool [poolSize]uint32 }

// NewSeedSequence mixes entropy, 32-bit words with the lowest first.
func NewSeedSequence(entropy []uint32) *SeedSequence {
	s := &SeedSequence{}
	h := uint32(initA)
	hash := func(v uint32) uint32 {
		v ^= h
		h *= multA
		v *= h
		return v ^ v>>16
	}
	mix := func(x, y uint32) uint32 {
		r := mixL*x - mixR*y
		return r ^ r>>16
	}
	for i := range s.pool {
		v := uint32(0)
		if i < len(entropy) {
			v = entropy[i]
		}
		s.pool[i] = hash(v)
	}
	for src := range s.pool {
		for dst := range s.pool {
			if src != dst {
				s.pool[dst] = mix(s.pool[dst], hash(s.pool[src]))
			}
		}
	}
	for i := poolSize; i < len(entropy); i++ {
		for dst := range s.pool {
			s.pool[dst] = mix(s.pool[dst], hash(entropy[i]))
		}
	}
	return s
}

// Words gives n 64-bit words of the sequence's state.
func (s *SeedSequence) Words(n int) []uint64 {
	out := make([]uint64, n)
	h := uint32(initB)
	for i := range 2 * n {
		v := s.pool[i%poolSize] ^ h
		h *= multB
		v *= h
		v ^= v >> 16
		out[i/2] |= uint64(v) << (32 * (i % 2))
	}
	return out
}

// Generator is PCG64 with NumPy's buffer of half a word.
type Generator struct {
	high, low       uint64
	incHigh, incLow uint64
	half            uint32
	hasHalf         bool
}

const (
	multHigh = 0x2360ed051fc65da4
	multLow  = 0x4385df649fccf645
)

// New seeds a generator.
func New(s *SeedSequence) *Generator {
	w := s.Words(4)
	g := &Generator{incHigh: w[2]<<1 | w[3]>>63, incLow: w[3]<<1 | 1}
	g.step()
	var carry uint64
	g.low, carry = bits.Add64(g.low, w[1], 0)
	g.high, _ = bits.Add64(g.high, w[0], carry)
	g.step()
	return g
}

func (g *Generator) step() {
	hi, lo := bits.Mul64(g.low, multLow)
	hi += g.high*multLow + g.low*multHigh
	var carry uint64
	g.low, carry = bits.Add64(lo, g.incLow, 0)
	g.high, _ = bits.Add64(hi, g.incHigh, carry)
}

// Uint64 is the next word.
func (g *Generator) Uint64() uint64 {
	g.step()
	return bits.RotateLeft64(g.high^g.low, -int(g.high>>58))
}

// Uint32 is half a word: the low one first.
func (g *Generator) Uint32() uint32 {
	if g.hasHalf {
		g.hasHalf = false
		return g.half
	}
	w := g.Uint64()
	g.half, g.hasHalf = uint32(w>>32), true
	return uint32(w)
}

// Float64 is uniform in [0, 1).
func (g *Generator) Float64() float64 { return float64(g.Uint64()>>11) / (1 << 53) }

// Float32 is uniform in [0, 1).
func (g *Generator) Float32() float32 { return float32(g.Uint32()>>8) / (1 << 24) }

// Below is uniform in [0, most].
func (g *Generator) Below(most uint64) uint64 {
	switch {
	case most == 0:
		return 0
	case most == math.MaxUint32:
		return uint64(g.Uint32())
	case most < math.MaxUint32:
		return uint64(Below32(g.Uint32, uint32(most)))
	case most == math.MaxUint64:
		return g.Uint64()
	}
	n := most + 1
	hi, lo := bits.Mul64(g.Uint64(), n)
	if lo < n {
		for least := (math.MaxUint64 - most) % n; lo < least; {
			hi, lo = bits.Mul64(g.Uint64(), n)
		}
	}
	return hi
}

// Below32 is uniform in [0, most] by Lemire's method; most is less than 2**32-1.
func Below32(next func() uint32, most uint32) uint32 {
	n := most + 1
	m := uint64(next()) * uint64(n)
	if uint32(m) < n {
		for least := (math.MaxUint32 - most) % n; uint32(m) < least; {
			m = uint64(next()) * uint64(n)
		}
	}
	return uint32(m >> 32)
}

// BelowNarrow is uniform in [0, most] for words of 8 or 16 bits.
func BelowNarrow(next func() uint32, most uint32, width uint) uint32 {
	full := uint32(1)<<width - 1
	if most == full {
		return next()
	}
	n := most + 1
	m := next() * n
	if m&full < n {
		for least := (full - most) % n; m&full < least; {
			m = next() * n
		}
	}
	return m >> width
}
